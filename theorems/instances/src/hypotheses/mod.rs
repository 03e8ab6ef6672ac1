//! Hypotheses, each checked against what can be seen of the instance.
//!
//! They hold of every instance in which they can find what they speak of: those on the objective of
//! anything that can be seen as a [`Problem`](crate::Problem) (`AsRef<Problem>`), those on the noise of
//! anything that can be seen as a [`StochasticProblem`](crate::StochasticProblem).
//!
//! A check looks at a ball that holds start and minimiser with room to spare: at the eigenvalues of Hessians where
//! there are any, along lines, at random points. Of noise with finitely many atoms it takes all of them, else it
//! draws. What it sees of a constant must not exceed what the instance states. What holds by how instances are made
//! is named so, and tested once.

mod construction;
mod coordinatewise;
mod curvature;
mod minimiser;
mod noise;
mod objective;
mod quadratic;
mod split;

pub use construction::{full_row_rank, independent_noise, starts_inside};
pub use coordinatewise::{noise_in_coordinates, smooth_in_coordinates};
pub(crate) use curvature::Curvatures;
pub use minimiser::{known_minimum, minimiser};
pub use noise::{noise, unbiased};
pub use objective::{
    bounded_below, convex, lipschitz, lojasiewicz, smooth, step_size, step_size_with,
    strongly_convex,
};
pub use quadratic::quadratic;
pub use split::{convex_set, minimiser_of_the_sum, minimiser_over_the_set, nondegenerate};
