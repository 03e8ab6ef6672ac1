//! The site as files.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;
use theoria_verification::evidence::TheoremEvidence;
use theoria_verification::evidence::store::{StoreError, write_atomically};

use crate::about::{About, Place};
use crate::chapters::{Text, texts as chapter_texts, theorem_at};
use crate::entry::Entry;
use crate::error::ReportError;
use crate::map::Map;
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

impl File {
    fn of(path: impl Into<String>, content: String) -> Self {
        File { path: path.into(), content }
    }
}

const INDEX: &str = "index.html";
const VERDICTS: &str = "verdicts.md";

/// What pages know of the site.
pub(crate) struct Site<'a> {
    pub(crate) entries: &'a [Entry<'a>],
    pub(crate) about: &'a About,
    /// In the order of the book, those that it does not have last.
    pub(crate) chapters: Vec<Chapter<'a>>,
    pub(crate) map: Map<'a>,
    pub(crate) runs: Vec<String>,
}

/// A chapter with its theorems, in an order in which they can be read.
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
        let map = Map::of(entries);
        for chapter in &mut chapters {
            chapter.entries = map.in_reading_order(&chapter.entries);
        }
        Site { entries, about, chapters, map, runs }
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
    let mut files: Vec<(PathBuf, Vec<u8>)> = texts(&entries, evidence, about)
        .into_iter()
        .map(|file| (out.join(file.path), file.content.into_bytes()))
        .collect();
    // The first page leads to all others, and comes when they are there.
    let index = files.split_off(files.len().saturating_sub(1));
    let pictures = entries.par_iter().flat_map_iter(|entry| {
        entry.drawn().map(|figure| (out.join(entry.figure_file(figure, "png")), figure.png()))
    });
    files.par_extend(pictures);
    put(&files)?;
    put(&index)?;
    Ok(Written { index: out.join(INDEX), verdicts: out.join(VERDICTS) })
}

/// Who writes a file waits for the disk, not for the processor: so many are written at once.
const AT_ONCE: usize = 16;

fn put(files: &[(PathBuf, Vec<u8>)]) -> Result<(), StoreError> {
    let next = AtomicUsize::new(0);
    let write = || -> Result<(), StoreError> {
        while let Some((path, bytes)) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
            write_atomically(path, bytes)?;
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let writers: Vec<_> = (0..AT_ONCE.min(files.len())).map(|_| scope.spawn(write)).collect();
        writers.into_iter().try_for_each(|writer| {
            writer.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    })
}

/// The texts of the site for this evidence: `CHAPTER/NAME.html`, `figures/*.svg` and their data as `figures/*.csv`, `chapter-NAME.html`,
/// `map.html`, `hypotheses.html`, `glossary.html`, `print.html` with all theorems in one document, `verdicts.md`, the style, the script and the words of the search, and last
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
    let of_theorems = site.entries.par_iter().flat_map_iter(|entry| of_theorem(entry, &site));
    let of_chapters = site
        .chapters
        .par_iter()
        .map(|chapter| File::of(chapter.page_path(), page::chapter(chapter, &site).into_string()));
    let of_all: [(&str, &(dyn Fn() -> String + Sync)); 10] = [
        (VERDICTS, &|| verdict_table(evidence)),
        (page::MAP_FILE, &|| page::map(&site).into_string()),
        (page::HYPOTHESES_FILE, &|| page::hypotheses(&site).into_string()),
        ("glossary.html", &|| page::glossary().into()),
        ("print.html", &|| page::document(&site).into_string()),
        (page::STYLE_FILE, &page::style),
        (page::SCRIPT_FILE, &|| page::SCRIPT.into()),
        (page::EXPLORABLE_FILE, &|| page::EXPLORABLE.into()),
        (page::SEARCH_FILE, &|| page::search_index(&site)),
        (INDEX, &|| page::index(&site).into_string()),
    ];
    let (mut files, of_all) = rayon::join(
        || of_theorems.chain(of_chapters).collect::<Vec<File>>(),
        || of_all.par_iter().map(|(path, text)| File::of(*path, text())).collect::<Vec<File>>(),
    );
    files.extend(of_all);
    files
}

/// The page of a theorem, its figures, and their data.
fn of_theorem(entry: &Entry<'_>, site: &Site<'_>) -> Vec<File> {
    let figures = entry.drawn().flat_map(|figure| {
        [
            File::of(entry.figure_path(figure), figure.svg.clone()),
            File::of(entry.figure_file(figure, "csv"), figure.csv.clone()),
        ]
    });
    let page = File::of(entry.page_path(), page::theorem(entry, site).into_string());
    figures.chain([page]).collect()
}
