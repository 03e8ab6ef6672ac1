//! What minimises.
//!
//! A [`Method`] is a small struct with its parameters and state, and one function
//! [`step`](Method::step) that reads like the textbook. It is generic in the point that it moves
//! (see `theoria_models::point`). Whatever records, stops or plots lives outside it: [`iterate`]
//! runs a method and notices divergence, a [`Trajectory`] keeps the iterates.
//!
//! ```
//! use theoria_algorithms::{GradientDescent, Trajectory};
//! use theoria_models::{Objective, Vector, objectives::Quadratic};
//!
//! let f = Quadratic::diagonal(&[1.0, 10.0]);
//! let start = Vector::from_vec(vec![1.0, 1.0]);
//! let run = Trajectory::of(GradientDescent::new(0.1), &f, &start, 100);
//! assert!(f.value(run.last()) < 1e-9);
//!
//! let diverging = Trajectory::of(GradientDescent::new(0.3), &f, &start, 10_000);
//! assert!(diverging.divergence().is_some());
//! ```

mod gradient_descent;
mod method;
mod run;

pub use gradient_descent::GradientDescent;
pub use method::{Method, Scratch};
pub use run::{Outcome, RUNAWAY, Trajectory, iterate};
