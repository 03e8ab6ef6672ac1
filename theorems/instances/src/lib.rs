//! What claims are made on: problems with their starts and constants, families of them, and the
//! hypotheses that are checked on each.
//!
//! | what | where |
//! |---|---|
//! | an objective with a start | [`Problem`] |
//! | with a set or a regulariser | [`SplitProblem`]: [`ConstrainedProblem`], [`CompositeProblem`] |
//! | with stochastic gradients | [`StochasticProblem`] |
//! | with curvature and noise along each coordinate | [`CoordinatewiseProblem`] |
//! | networks with fresh random weights | [`random_networks`] |
//! | more coefficients than samples | [`SparseRegression`] |
//! | named sets of these, random or listed | [`families`] |
//! | conditions of theorems, checked on every instance | [`hypotheses`] |
//! | numbers of steps at which one looks | [`sequences`] |
//!
//! An instance type of your own gets the hypotheses by `AsRef<Problem>` or `AsRef<StochasticProblem>`.
//!
//! A claim on stochastic gradients: after N steps of size h = 1/(2L) the mean gap of SGD on a strongly convex
//! quadratic is at most (1 − μh)^N (f(x_0) − f*) + hLσ²/(2μ).
//!
//! ```
//! use theoria_algorithms::GradientDescent;
//! use theoria_instances::{StochasticProblem, families, hypotheses};
//! use theoria_models::stochastic::{NoiseModel, Perturbed};
//! use theoria_verification::{Claim, Settings, Theorem, Verdict};
//!
//! let step = |p: &StochasticProblem| 0.5 / p.problem().smoothness();
//! let claim = Claim::expected_bound("gap", "E f(x_N) − f* ≤ (1 − μh)ᴺ (f(x₀) − f*) + hLσ²/(2μ)")
//!     .trials(1024)
//!     .assuming([hypotheses::smooth(), hypotheses::strongly_convex()])
//!     .assuming([hypotheses::unbiased(), hypotheses::noise(NoiseModel::Additive)])
//!     .on(families::noisy_quadratics(10.0, 1.0, Perturbed::additive))
//!     .sampling(move |p, block| p.gaps(GradientDescent::new(step(p)), block, &[1, 10, 100]))
//!     .predicting(move |p, n| {
//!         let (f, h, variance) = (p.problem(), step(p), p.sigma_squared(NoiseModel::Additive));
//!         let floor = h * f.smoothness() * variance / (2.0 * f.strong_convexity());
//!         p.bound((1.0 - f.strong_convexity() * h).powf(n) * f.gap_at_start() + floor)
//!     });
//! let evidence = Theorem::new("mine/sgd", "# SGD").claim(claim).check(&Settings::default());
//! assert_eq!(evidence.claims[0].verdict, Verdict::Supported);
//! ```

#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

mod coordinatewise_problem;
pub mod families;
mod flow;
pub mod hypotheses;
mod precision;
mod problem;
pub mod random_networks;
mod reached;
pub mod sequences;
mod sparse_regression;
mod split_problem;
mod stochastic_problem;

pub use coordinatewise_problem::CoordinatewiseProblem;
pub use flow::{FLOW_TOLERANCE, flow};
pub use problem::{Problem, record};
pub use reached::Reached;
pub use sparse_regression::SparseRegression;
pub use split_problem::{CompositeProblem, ConstrainedProblem, SplitObjective, SplitProblem};
pub use stochastic_problem::{StochasticGradients, StochasticProblem};
