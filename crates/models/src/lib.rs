//! What is minimised.
//!
//! An [`Objective`] is a function with its oracles and with the [`Constant`]s that theorems speak
//! of, one for each [`Property`], each of which knows how it was obtained. Methods see objectives
//! through the small traits in [`oracle`], so that they can move any [`Point`](point::Point): a
//! vector, an [`Ensemble`] of trials, or a symbol.
//!
//! [`objectives`] has the functions of textbooks, [`networks`] has networks with their losses,
//! [`stochastic`] what is drawn in place of a gradient, [`sets`] what is projected onto, [`data`] what is
//! fitted, and [`flatness`] measures of minima.
//!
//! ```
//! use theoria_models::{Matrix, Objective, Property, Vector, objectives::LeastSquares};
//!
//! let f = LeastSquares::new(Matrix::from_row_slice(2, 1, &[1.0, 2.0]), Vector::from_vec(vec![1.0, 2.0]));
//! assert_eq!(f.value(&Vector::from_vec(vec![1.0])), 0.0);
//! assert!((f.required(Property::Smoothness) - 2.5).abs() < 1e-12);
//! ```

#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

mod bent_equation;
mod constant;
pub mod cubic_model;
pub mod data;
pub mod elimination;
mod ensemble;
mod equation;
mod exact_rank;
mod exponential_fit;
mod exponential_loss;
pub mod flatness;
mod linear_program;
mod log_barrier;
pub mod networks;
pub mod numerics;
mod objective;
pub mod objectives;
mod one_variable;
pub mod oracle;
pub mod point;
mod precise;
pub mod products;
mod quadratic_program;
mod range_finder;
mod residuals;
mod rounding;
mod scalar;
pub mod sets;
pub mod stochastic;
mod sum_of_powers;
mod svd;
mod trigonometry;
mod twice_differentiable;
mod wide;
pub mod woodbury;

pub use bent_equation::BentEquation;
pub use constant::{Constant, Property, Provenance};
pub use ensemble::Ensemble;
pub use equation::Equation;
pub use exact_rank::exact_rank;
pub use exponential_fit::ExponentialFit;
pub use exponential_loss::ExponentialLoss;
pub use linear_program::LinearProgram;
pub use log_barrier::LogBarrier;
pub use objective::{Minimum, Objective};
pub use one_variable::OneVariable;
pub use precise::PreciseObjective;
pub use quadratic_program::QuadraticProgram;
pub use range_finder::RangeFinder;
pub use residuals::{BentResiduals, InCoordinates, Residuals, SumOfSquares};
pub use sum_of_powers::SumOfPowers;
pub use svd::Svd;
pub use wide::Wide;

/// A point of R^d, and a gradient there.
pub type Vector = nalgebra::DVector<f64>;

/// A dense matrix.
pub type Matrix = nalgebra::DMatrix<f64>;
