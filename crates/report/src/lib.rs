//! What a person reads.
//!
//! [`write()`] draws a static site from evidence alone: an index with the verdicts of every theorem, a
//! page for each with its statement, claims, controls and figures, the figures as SVG, PNG and CSV files, and the
//! table of verdicts as Markdown. It needs no network and no script to be read, and it draws
//! any evidence, also from another machine or of theorems that this version does not know. A [`Comparison`] sets two runs side by
//! side.

mod about;
mod comparison;
mod entry;
mod error;
mod figure;
mod number;
mod page;
mod prose;
mod runs;
mod site;
mod verdicts;
mod words;

pub use about::{About, Exercise};
pub use comparison::{Change, Comparison, Weight};
pub use error::ReportError;
pub use runs::different_runs;
pub use site::{File, Written, files, write};
pub use verdicts::verdict_table;
