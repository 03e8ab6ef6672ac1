//! Theoria checks the theory of optimization for deep learning by experiment.
//!
//! This library is the door for claims of your own: it gathers the crates of the workspace under
//! one name. Without the default features it is what a claim needs and no more: models, algorithms,
//! instances and verification. The features `report` (figures and pages), `references` (solutions by
//! a conic solver), `theorems` (those of all chapters), `command` (the verbs `check`, `seed`, `list`, `show`, `report`,
//! `calibrate` and `hunt`, for theorems of your own as for ours: [`command::run`]) and `assignments` (tasks for students, with the
//! verb `assignment`) and `curves` (training curves that others logged, with the verb `judge`) add the rest.
//!
//! ```
//! use theoria::algorithms::GradientDescent;
//! use theoria::instances::{families, hypotheses};
//! use theoria::verification::{Claim, Settings, Standing, Theorem};
//!
//! let statement = "# Gradient norms shrink\n\nOn convex quadratics.";
//! let never_grows = Claim::bound("never_grows", "|∇f(x_N)|² ≤ |∇f(x_0)|²")
//!     .assuming([hypotheses::smooth(), hypotheses::strongly_convex()])
//!     .on(families::quadratics())
//!     .measuring(1..=20, |p, steps| {
//!         let run = p.run(GradientDescent::new(1.0 / p.smoothness()), 20);
//!         steps.read(|n: usize| p.gradient_squared(run.at(n)))
//!     })
//!     .predicting(|p, _| p.gradient_squared(p.start()).value);
//! let at_once = never_grows
//!     .restated("a_millionth_at_once", "|∇f(x_N)|² ≤ 10⁻⁶ |∇f(x_0)|²")
//!     .predicting(|p, _| 1e-6 * p.gradient_squared(p.start()).value);
//! let theorem =
//!     Theorem::new("examples/gradient_norm", statement).claim(never_grows).control(at_once);
//! assert_eq!(theorem.check(&Settings::default()).standing, Standing::Holds);
//! ```

#[cfg(feature = "command")]
pub mod command;

pub use theoria_algorithms as algorithms;
#[cfg(feature = "assignments")]
pub use theoria_assignments as assignments;
#[cfg(feature = "curves")]
pub use theoria_curves as curves;
pub use theoria_instances as instances;
pub use theoria_models as models;
#[cfg(feature = "references")]
pub use theoria_references as references;
#[cfg(feature = "report")]
pub use theoria_report as report;
#[cfg(feature = "theorems")]
pub use theoria_theorems as theorems;
pub use theoria_verification as verification;

#[doc = include_str!("../../../docs/glossary.md")]
pub mod glossary {}

#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
