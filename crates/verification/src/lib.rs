//! How a claim is judged.
//!
//! This crate knows numbers, and neither objectives nor methods. A [`Theorem`] is a statement with
//! [`Claim`]s and controls. A claim is examined on *instances*, drawn from [`Family`]s; on each
//! instance its [`Hypothesis`]es are checked first, then what is measured on it makes a [`Curve`]
//! (measured against predicted), which a [`Judgement`] turns into a [`Finding`] with a
//! [`Verdict`]. All that was measured ends in [`evidence`], a file that stands on its own.
//!
//! ```
//! use theoria_verification::{Claim, Curve, Family, Instance, Settings, Theorem, Verdict};
//!
//! struct Sum { terms: u32 }
//! impl Instance for Sum {
//!     fn description(&self) -> String { format!("{} terms", self.terms) }
//! }
//!
//! let statement = "# Gauss\n\nA sum of integers.\n\n## Statement\n\n$\\sum k = n(n+1)/2$.";
//! let theorem = Theorem::new("examples/gauss", statement).claim(
//!     Claim::identity("sum_of_integers", "1 + … + n = n(n+1)/2", 1e-12)
//!         .on(Family::listed("ten terms", [10], |&terms| Sum { terms }))
//!         .experiment(|sum| Curve::over(
//!             1..=sum.terms,
//!             |n| (1..=n).map(f64::from).sum::<f64>(),
//!             |n| f64::from(n) * f64::from(n + 1) / 2.0,
//!         )),
//! );
//! let evidence = theorem.check(&Settings::default());
//! assert_eq!(evidence.claims[0].verdict, Verdict::Supported);
//! ```

#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

mod axis;
mod budget;
mod case;
mod chapter;
mod claim;
mod content;
mod curve;
mod draw;
pub mod evidence;
mod family;
mod figure;
pub mod harness;
mod hypothesis;
mod journal;
pub mod judgement;
mod memory;
mod needs;
mod number;
mod printable;
mod raster;
mod readings;
mod search;
mod settings;
mod statement;
pub mod statistics;
mod stream;
mod theorem;
mod thinned_curve;
mod tie;
mod trace;
mod trials;
mod verdict;

pub use axis::{Axis, Scale};
pub use budget::Budget;
pub use case::Case;
pub use claim::{Claim, Curves, Experiment, JudgeError, TrialClaim, Trials};
pub use content::{Content, Group, Line};
pub use curve::{Curve, Point};
pub use draw::{Choices, Draw, NoChoices, Recorder};
pub use family::{Constant, Family, Instance, Provenance};
pub use figure::Figure;
pub use hypothesis::{Check, Hypothesis};
pub use journal::Journal;
pub use judgement::{Judgement, Side, TrialEvidence};
pub use memory::{Memory, MemoryError, Remembered};
pub use needs::{NeededHypothesis, Needs};
pub use printable::printable;
pub use raster::Raster;
pub use readings::{Abscissa, Abscissae, Reading, Readings};
pub use settings::{Effort, Settings, Shard};
pub use statement::Statement;
pub use stream::{Generator, Stream};
pub use theorem::{Declared, DeepenError, Hunted, Place, Prerequisite, Theorem, TheoremId};
pub use thinned_curve::ThinnedCurve;
pub use trace::Trace;
pub use trials::{Block, BlockRecord, Contradiction, Plan, PointRecord, Sample};
pub use verdict::{ErrorRates, Finding, Level, Role, Severity, Standing, Verdict, Violation};
