//! Two runs side by side: of two versions, two machines, two seeds.

mod changes;
mod curves;
mod page;

use std::path::{Path, PathBuf};

use theoria_verification::evidence::TheoremEvidence;
use theoria_verification::evidence::store::write_atomically;

use crate::error::ReportError;

pub use changes::{Change, Weight};

/// What changed from one run to another.
///
/// ```
/// use theoria_report::Comparison;
/// use theoria_verification::{Settings, Theorem};
/// let evidence = [Theorem::new("examples/nothing", "# Nothing").check(&Settings::default())];
/// let comparison = Comparison::of(["old", "new"], [&evidence, &evidence], 0.1);
/// assert!(comparison.changes().is_empty() && !comparison.is_worse());
/// ```
#[derive(Debug, Clone)]
pub struct Comparison<'a> {
    names: [String; 2],
    sides: [&'a [TheoremEvidence]; 2],
    changes: Vec<Change>,
    compared: usize,
    alike: usize,
}

/// Findings that differ by less, relatively, differ by rounding alone.
const ROUNDING: f64 = 1e-9;

impl<'a> Comparison<'a> {
    /// From the first of these pieces of evidence to the second, with their names. A tightness that falls, or a smallest deviation seen that
    /// grows, by more than `tolerance`, relatively, is a loss of severity.
    pub fn of(
        names: [&str; 2],
        sides: [&'a [TheoremEvidence]; 2],
        tolerance: f64,
    ) -> Comparison<'a> {
        let changes = changes::between(sides[0], sides[1], tolerance);
        let pairs: Vec<_> = changes::pairs_of_claims(sides[0], sides[1]).collect();
        let alike = pairs.iter().filter(|(one, other)| changes::agree(one, other, ROUNDING));
        Comparison {
            names: names.map(Into::into),
            sides,
            alike: alike.count(),
            compared: pairs.len(),
            changes,
        }
    }

    /// What changed, theorem by theorem.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// Whether anything got worse.
    pub fn is_worse(&self) -> bool {
        self.count(Weight::Worse) > 0
    }

    /// How many changes are of this weight.
    pub fn count(&self, weight: Weight) -> usize {
        self.changes.iter().filter(|change| change.weight == weight).count()
    }

    /// What was compared, and what it came to, in a sentence.
    pub fn summary(&self) -> String {
        format!(
            "{} claims and controls on both sides, {} with the same numbers but for rounding: {} worse, {} better, {} otherwise changed",
            self.compared,
            self.alike,
            self.count(Weight::Worse),
            self.count(Weight::Better),
            self.count(Weight::Neither)
        )
    }

    /// Writes a page of the changes, with the curves of both runs over each other, and returns its path.
    ///
    /// # Errors
    /// If a figure cannot be drawn, or the folder not be written.
    pub fn write(&self, out: &Path) -> Result<PathBuf, ReportError> {
        let figures = curves::draw(self.sides)?;
        let page = page::page(self, &figures);
        for figure in &figures {
            let path = out.join(figure.path());
            write_atomically(&path, figure.drawn.svg.as_bytes())?;
        }
        let index = out.join("index.html");
        write_atomically(&index, page.into_string().as_bytes())?;
        Ok(index)
    }
}
