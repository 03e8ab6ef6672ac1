//! The site as files.

use std::path::{Path, PathBuf};

use theoria_verification::evidence::TheoremEvidence;
use theoria_verification::evidence::store::write_atomically;

use crate::about::About;
use crate::entry::Entry;
use crate::error::ReportError;
use crate::page;
use crate::runs::different_runs;
use crate::verdicts::verdict_table;

/// Where the site was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The first page.
    pub index: PathBuf,
    /// The table of verdicts in Markdown.
    pub verdicts: PathBuf,
}

/// Writes the site for this evidence into the folder `out`: `index.html`, `glossary.html`,
/// `CHAPTER/NAME.html`, `figures/*.svg` and `verdicts.md`. Everything is drawn before the first file is written, and
/// each file is written whole or not at all; other files in the folder are left alone.
///
/// # Errors
/// If there is no evidence, two pieces speak of one id, an id is not of the form `chapter/name`, a figure cannot be drawn, or
/// the folder cannot be written.
pub fn write(
    evidence: &[TheoremEvidence],
    about: &About,
    out: &Path,
) -> Result<Written, ReportError> {
    if evidence.is_empty() {
        return Err(ReportError::Nothing);
    }
    for (position, theorem) in evidence.iter().enumerate() {
        if evidence[..position].iter().any(|other| other.id == theorem.id) {
            return Err(ReportError::SameId { id: theorem.id.clone() });
        }
    }
    let entries: Vec<Entry<'_>> = evidence.iter().map(Entry::of).collect::<Result<_, _>>()?;
    for (position, entry) in entries.iter().enumerate() {
        for figure in &entry.figures {
            write_atomically(&out.join(entry.figure_path(figure)), figure.svg.as_bytes())?;
        }
        let around = page::Around {
            previous: position.checked_sub(1).map(|before| &entries[before]),
            next: entries.get(position + 1),
        };
        let page = page::theorem(entry, &around, about).into_string();
        write_atomically(&out.join(entry.page_path()), page.as_bytes())?;
    }
    let written = Written { index: out.join("index.html"), verdicts: out.join("verdicts.md") };
    write_atomically(&written.verdicts, verdict_table(evidence).as_bytes())?;
    write_atomically(&out.join("glossary.html"), page::glossary().into_string().as_bytes())?;
    let index = page::index(&entries, about, &different_runs(evidence)).into_string();
    write_atomically(&written.index, index.as_bytes())?;
    Ok(written)
}
