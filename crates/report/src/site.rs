//! The site as files.

use std::path::{Path, PathBuf};

use rayon::prelude::*;
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

/// A file of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its path from the root of the site, which it never leaves.
    pub path: String,
    /// What it holds.
    pub content: String,
}

const INDEX: &str = "index.html";
const VERDICTS: &str = "verdicts.md";

/// Writes the [files] of the site for this evidence into the folder `out`. Everything is drawn before the first file is
/// written, and each file is written whole or not at all; other files in the folder are left alone.
///
/// # Errors
/// As [`files`]; also if the folder cannot be written.
pub fn write(
    evidence: &[TheoremEvidence],
    about: &About,
    out: &Path,
) -> Result<Written, ReportError> {
    let entries = entries(evidence)?;
    for file in texts(&entries, evidence, about) {
        write_atomically(&out.join(file.path), file.content.as_bytes())?;
    }
    entries.par_iter().try_for_each(|entry| {
        entry.drawn().try_for_each(|figure| {
            write_atomically(&out.join(entry.figure_file(figure, "png")), &figure.png())
        })
    })?;
    Ok(Written { index: out.join(INDEX), verdicts: out.join(VERDICTS) })
}

/// The texts of the site for this evidence: `CHAPTER/NAME.html`, `figures/*.svg` and their data as `figures/*.csv`,
/// `verdicts.md`, `glossary.html`, and last `index.html`. No text in the evidence becomes markup. ([`write()`] adds
/// `figures/*.png`.)
///
/// # Errors
/// If there is no evidence, two pieces speak of one id, an id is not of the form `chapter/name`, or a figure cannot be
/// drawn.
pub fn files(evidence: &[TheoremEvidence], about: &About) -> Result<Vec<File>, ReportError> {
    Ok(texts(&entries(evidence)?, evidence, about))
}

fn entries(evidence: &[TheoremEvidence]) -> Result<Vec<Entry<'_>>, ReportError> {
    if evidence.is_empty() {
        return Err(ReportError::Nothing);
    }
    for (position, theorem) in evidence.iter().enumerate() {
        if evidence[..position].iter().any(|other| other.id == theorem.id) {
            return Err(ReportError::SameId { id: theorem.id.clone() });
        }
    }
    evidence.par_iter().map(Entry::of).collect()
}

fn texts(entries: &[Entry<'_>], evidence: &[TheoremEvidence], about: &About) -> Vec<File> {
    let mut files = Vec::new();
    let mut add = |path: &str, content: String| files.push(File { path: path.into(), content });
    for (position, entry) in entries.iter().enumerate() {
        for figure in entry.drawn() {
            add(&entry.figure_path(figure), figure.svg.clone());
            add(&entry.figure_file(figure, "csv"), figure.csv.clone());
        }
        let around = page::Around {
            previous: position.checked_sub(1).map(|before| &entries[before]),
            next: entries.get(position + 1),
        };
        add(&entry.page_path(), page::theorem(entry, &around, about).into_string());
    }
    add(VERDICTS, verdict_table(evidence));
    add("glossary.html", page::glossary().into());
    add(INDEX, page::index(entries, about, &different_runs(evidence)).into_string());
    files
}
