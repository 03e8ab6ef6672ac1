//! What a person reads.
//!
//! [`write()`] draws a static site from evidence alone: a first page, a page for each chapter and for each theorem with its
//! statement, claims, controls and figures, the figures as SVG, PNG and CSV files, all of it as one document to be printed, and the
//! table of verdicts as Markdown. It needs no network and no script to be read, and it draws
//! any evidence, also from another machine or of theorems that this version does not know. What chapters ask is told by
//! `docs/chapters.md`, what symbols mean by `docs/glossary.md`. A [`Comparison`] sets two runs side by
//! side.

mod about;
mod chapters;
mod comparison;
mod difference;
mod entry;
mod error;
mod figure;
mod map;
mod number;
mod page;
mod prose;
mod runs;
mod site;
mod sketch;
mod sources;
pub mod symbols;
mod verdicts;
mod words;

pub use about::{About, Exercise, Place};
pub use comparison::{Change, Comparison, Weight};
pub use error::ReportError;
pub use runs::different_runs;
pub use site::{File, Written, files, write};
pub use verdicts::verdict_table;
