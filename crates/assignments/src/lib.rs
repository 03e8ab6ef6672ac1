//! What a teacher hands out and grades.
//!
//! An [`Assignment`] is a task with its theorem, stubs in several languages, and checks with points. What a student writes is a
//! program in any language that [talks](protocol) with the grader; a check is a claim of this project, measured on what the
//! program answers and judged by `verification`. A reference solution and mutants of it are compiled in, and run through the
//! same interface, so that [`verify()`] can show that the reference earns all points, the stub none, and that each mutant fails
//! what its author says.

pub mod assignments;
pub mod grade;
pub mod isolation;
pub mod play;
pub mod protocol;

mod assignment;
pub mod handout;
mod judge;
mod progress;
pub mod submission;
mod verify;
mod words;

/// The helper file that solutions in Rust are handed, which references and mutants use as well.
#[path = "../helpers/theoria.rs"]
pub mod theoria;

pub use assignment::{Assignment, Check, Make, Mutant, Part, Stubs};
pub use judge::{ERROR_PROBABILITY, Judged, Mark, judge, settings};
pub use progress::Progress;
pub use verify::{Surprise, verify};
pub use words::{apart, explain};
