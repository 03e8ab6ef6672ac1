//! Theoria checks the theory of optimization for deep learning by experiment.
//!
//! This library is the door for claims of your own: it gathers the crates of the workspace under
//! one name. Without the default features it is what a claim needs and no more: models, algorithms,
//! instances and verification. The features `report` (figures and pages), `references` (solutions by
//! a conic solver) and `theorems` (those of all chapters) add the rest; `command` is all of them and
//! the command.
//!
//! ```
//! use theoria::algorithms::{GradientDescent, Trajectory};
//! use theoria::instances::{families, hypotheses};
//! use theoria::verification::{Claim, Curve, Settings, Standing, Theorem};
//!
//! let statement = "# Gradient norms shrink\n\nOn convex quadratics.";
//! let shrinks = |name, factor: f64| {
//!     Claim::bound(name, "|∇f(x_N)|² ≤ factor · |∇f(x_0)|²")
//!         .assuming([hypotheses::smooth(), hypotheses::strongly_convex()])
//!         .on(families::quadratics())
//!         .experiment(move |p| {
//!             let method = GradientDescent::new(1.0 / p.smoothness());
//!             let run = Trajectory::of(method, p.objective(), p.start(), 20);
//!             let at_start = p.gradient_squared(p.start()).value;
//!             Curve::over(1..=20, |n: usize| p.gradient_squared(run.at(n)), |_| factor * at_start)
//!         })
//! };
//! let theorem = Theorem::new("examples/gradient_norm", statement)
//!     .claim(shrinks("never_grows", 1.0))
//!     .control(shrinks("a_hundredth_at_once", 0.01));
//! assert_eq!(theorem.check(&Settings::default()).standing, Standing::Holds);
//! ```

pub use theoria_algorithms as algorithms;
pub use theoria_instances as instances;
pub use theoria_models as models;
#[cfg(feature = "references")]
pub use theoria_references as references;
#[cfg(feature = "report")]
pub use theoria_report as report;
#[cfg(feature = "theorems")]
pub use theoria_theorems as theorems;
pub use theoria_verification as verification;

#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
