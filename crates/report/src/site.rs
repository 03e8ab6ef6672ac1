//! The site as files.

use std::path::{Path, PathBuf};

use rayon::prelude::*;
use theoria_verification::evidence::TheoremEvidence;
use theoria_verification::evidence::store::write_atomically;

use crate::about::{About, Place};
use crate::chapters::{Text, texts as chapter_texts, theorem_at};
use crate::entry::Entry;
use crate::error::ReportError;
use crate::page;
use crate::runs::different_runs;
use crate::verdicts::verdict_table;
use crate::words::{capitalised, words};

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

/// What pages know of the site.
pub(crate) struct Site<'a> {
    pub(crate) entries: &'a [Entry<'a>],
    pub(crate) about: &'a About,
    /// In the order of the book, those that it does not have last.
    pub(crate) chapters: Vec<Chapter<'a>>,
    pub(crate) runs: Vec<String>,
}

/// A chapter with its theorems.
pub(crate) struct Chapter<'a> {
    pub(crate) id: &'a str,
    pub(crate) text: Option<&'static Text>,
    pub(crate) entries: Vec<&'a Entry<'a>>,
}

impl<'a> Site<'a> {
    fn of(entries: &'a [Entry<'a>], about: &'a About, runs: Vec<String>) -> Self {
        let mut chapters: Vec<Chapter<'a>> = Vec::new();
        for entry in entries {
            match chapters.iter_mut().find(|chapter| chapter.id == entry.chapter) {
                Some(chapter) => chapter.entries.push(entry),
                None => chapters.push(Chapter {
                    id: entry.chapter,
                    text: chapter_texts().of(entry.chapter),
                    entries: vec![entry],
                }),
            }
        }
        let place = |chapter: &Chapter<'_>| {
            chapter_texts()
                .chapters
                .iter()
                .position(|text| text.id == chapter.id)
                .unwrap_or(usize::MAX)
        };
        chapters.sort_by_key(place);
        Site { entries, about, chapters, runs }
    }

    /// The theorem of this id, if it is in this report.
    pub(crate) fn entry(&self, id: &str) -> Option<&'a Entry<'a>> {
        self.entries.iter().find(|entry| entry.evidence.id == id)
    }

    /// The page that a relative link of the project's documents leads to, from a page whose root is this.
    pub(crate) fn page(&self, root: &str, address: &str) -> Option<String> {
        let entry = self.entry(&theorem_at(address)?)?;
        Some(format!("{root}{}", entry.page_path()))
    }

    /// The chapters before and after one.
    pub(crate) fn around(&self, id: &str) -> [Option<&Chapter<'a>>; 2] {
        let place = self.chapters.iter().position(|chapter| chapter.id == id).unwrap_or(0);
        [
            place.checked_sub(1).and_then(|before| self.chapters.get(before)),
            self.chapters.get(place + 1),
        ]
    }

    /// The theorems before and after one, in the order of the chapters.
    pub(crate) fn neighbours(&self, id: &str) -> [Option<&'a Entry<'a>>; 2] {
        let all: Vec<&'a Entry<'a>> =
            self.chapters.iter().flat_map(|chapter| chapter.entries.iter().copied()).collect();
        let place = all.iter().position(|entry| entry.evidence.id == id).unwrap_or(0);
        [
            place.checked_sub(1).and_then(|before| all.get(before).copied()),
            all.get(place + 1).copied(),
        ]
    }

    pub(crate) fn place(&self, id: &str) -> Option<&'a Place> {
        self.about.places.iter().find(|place| place.theorem == id)
    }
}

impl Chapter<'_> {
    pub(crate) fn name(&self) -> String {
        self.text.map_or_else(|| capitalised(&words(self.id)), |text| text.name.to_owned())
    }

    /// Path of its page, from the root of the site.
    pub(crate) fn page_path(&self) -> String {
        format!("chapter-{}.html", self.id)
    }
}

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

/// The texts of the site for this evidence: `CHAPTER/NAME.html`, `figures/*.svg` and their data as `figures/*.csv`, `chapter-NAME.html`,
/// `glossary.html`, `print.html` with all theorems in one document, `verdicts.md`, the script and the words of the search, and last
/// `index.html`. No text in the evidence becomes markup. ([`write()`] adds `figures/*.png`.)
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
    let site = Site::of(entries, about, different_runs(evidence));
    let mut files = Vec::new();
    let mut add = |path: &str, content: String| files.push(File { path: path.into(), content });
    for entry in entries {
        for figure in entry.drawn() {
            add(&entry.figure_path(figure), figure.svg.clone());
            add(&entry.figure_file(figure, "csv"), figure.csv.clone());
        }
        add(&entry.page_path(), page::theorem(entry, &site).into_string());
    }
    for chapter in &site.chapters {
        add(&chapter.page_path(), page::chapter(chapter, &site).into_string());
    }
    add(VERDICTS, verdict_table(evidence));
    add("glossary.html", page::glossary().into());
    add("print.html", page::document(&site).into_string());
    add(page::SCRIPT_FILE, page::SCRIPT.into());
    add(page::SEARCH_FILE, page::search_index(&site));
    add(INDEX, page::index(&site).into_string());
    files
}
