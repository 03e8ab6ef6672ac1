//! Objectives, one a file.

mod least_squares;
mod quadratic;
mod quadratic_plus_sine;

pub use least_squares::LeastSquares;
pub use quadratic::Quadratic;
pub use quadratic_plus_sine::QuadraticPlusSine;
