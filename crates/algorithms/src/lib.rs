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
//! assert!(f.value(&run.last()) < 1e-9);
//!
//! let diverging = Trajectory::of(GradientDescent::new(0.3), &f, &start, 10_000);
//! assert!(diverging.diverged().is_some());
//! ```
//!
//! What a method asks of a function beyond gradients is part of its type. FISTA asks for a proximal
//! map; on an objective that has none it does not compile, and the compiler says so in a sentence:
//!
//! ```
//! use theoria_algorithms::{Fista, Momentum, Trajectory};
//! use theoria_models::{Vector, objectives::{Composite, Huber, L1Norm}};
//!
//! let (huber, start) = (Huber::new(1.0, 1.0), Vector::from_vec(vec![3.0]));
//! let composite = Composite::new(huber, L1Norm::new(0.5));
//! Trajectory::of(Fista::new(1.0, Momentum::Sequence), &composite, &start, 10);
//! ```
//!
//! ```compile_fail,E0277
//! use theoria_algorithms::{Fista, Momentum, Trajectory};
//! use theoria_models::{Vector, objectives::Huber};
//!
//! let (huber, start) = (Huber::new(1.0, 1.0), Vector::from_vec(vec![3.0]));
//! // error[E0277]: `Huber` has no proximal map
//! Trajectory::of(Fista::new(1.0, Momentum::Sequence), &huber, &start, 10);
//! ```

#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

mod active_set;
mod adagrad;
mod adagrad_norm;
mod agnes;
mod agnes_estimate;
mod alternating_least_squares;
mod armijo;
mod averaging;
mod chebyshev;
mod conjugate_gradients;
mod coordinate_descent;
mod cubic_newton;
mod damped_newton;
mod decrement_newton;
mod deep_linear_descent;
mod ensemble_run;
mod euler_maruyama;
mod exact_line_search;
mod fista;
mod frank_wolfe;
mod frank_wolfe_line_search;
mod gradient_descent;
mod gradient_flow;
mod halley;
mod heavy_ball;
mod implicit_euler;
mod l_bfgs;
mod line_search;
mod majority_vote;
mod method;
mod momentum;
mod multiplicative_updates;
mod nesterov;
mod newton;
mod newton_cg;
mod optimized_gradient;
mod polyak_step;
mod precise;
mod projected_gradient;
mod proximal_gradient;
mod proximal_point;
mod quasi_newton;
mod range;
mod run;
mod scaled_gradient_descent;
mod screened_coordinate_descent;
mod secant;
mod sign_descent;
mod silver_steps;
mod simplex;
mod steffensen;
mod step_length;
mod step_size;
mod strong_wolfe;
mod two_phases;

pub use active_set::{ActiveSet, ActiveSetState};
pub use adagrad::AdaGrad;
pub use adagrad_norm::AdaGradNorm;
pub use agnes::Agnes;
pub use agnes_estimate::AgnesEstimate;
pub use alternating_least_squares::AlternatingLeastSquares;
pub use armijo::Armijo;
pub use averaging::Averaged;
pub use chebyshev::Chebyshev;
pub use conjugate_gradients::ConjugateGradients;
pub use coordinate_descent::CoordinateDescent;
pub use cubic_newton::CubicNewton;
pub use damped_newton::DampedNewton;
pub use decrement_newton::DecrementNewton;
pub use deep_linear_descent::DeepLinearDescent;
pub use ensemble_run::{EnsembleRun, Quantity};
pub use euler_maruyama::EulerMaruyama;
pub use exact_line_search::ExactLineSearch;
pub use fista::Fista;
pub use frank_wolfe::FrankWolfe;
pub use frank_wolfe_line_search::FrankWolfeLineSearch;
pub use gradient_descent::GradientDescent;
pub use gradient_flow::{FlowError, gradient_flow};
pub use halley::Halley;
pub use heavy_ball::HeavyBall;
pub use implicit_euler::ImplicitEuler;
pub use l_bfgs::LBfgs;
pub use line_search::LineSearch;
pub use majority_vote::MajorityVote;
pub use method::{Method, Scratch, VectorMethod};
pub use momentum::Momentum;
pub use multiplicative_updates::MultiplicativeUpdates;
pub use nesterov::Nesterov;
pub use newton::Newton;
pub use newton_cg::{Forcing, NewtonCg};
pub use optimized_gradient::OptimizedGradient;
pub use polyak_step::PolyakStep;
pub use precise::PreciseMethod;
pub use projected_gradient::ProjectedGradient;
pub use proximal_gradient::ProximalGradient;
pub use proximal_point::ProximalPoint;
pub use quasi_newton::{QuasiNewton, Update};
pub use run::{Iterate, Outcome, Trajectory, iterate};
pub use scaled_gradient_descent::ScaledGradientDescent;
pub use screened_coordinate_descent::ScreenedCoordinateDescent;
pub use secant::Secant;
pub use sign_descent::SignDescent;
pub use silver_steps::silver_step;
pub use simplex::{PivotRule, Simplex, SimplexState};
pub use steffensen::Steffensen;
pub use step_length::{Backtracking, ConstantStep, Found, QuadraticStep, Ray, StepLength};
pub use step_size::{decreasing_step, karimi_step, power_step};
pub use strong_wolfe::StrongWolfe;
pub use two_phases::{LinearSolution, two_phases};
