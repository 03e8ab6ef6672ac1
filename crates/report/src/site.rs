//! The site as files.

use std::path::{Path, PathBuf};

use theoria_verification::Statement;
use theoria_verification::evidence::TheoremEvidence;
use theoria_verification::evidence::store::{StoreError, write_atomically};

use crate::figure::{self, Drawn};
use crate::page;
use crate::verdicts::verdict_table;

/// What is worth telling of a run and is not evidence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    /// When, in words.
    pub date: Option<String>,
    /// Where, in words.
    pub machine: Option<String>,
    /// How long, in words.
    pub duration: Option<String>,
}

/// Where the site was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The first page.
    pub index: PathBuf,
    /// The table of verdicts in Markdown.
    pub verdicts: PathBuf,
}

/// Why a report could not be written; each message names cause and cure.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// A file could not be written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A theorem's id would lead out of the folder.
    #[error(
        "evidence for {id:?} cannot be drawn: an id is chapter/name in lower case letters, digits \
         and underscores"
    )]
    Id {
        /// The id.
        id: String,
    },
    /// A figure could not be drawn.
    #[error("the figure {name} of {id} cannot be drawn: {reason}")]
    Figure {
        /// Id of the theorem.
        id: String,
        /// Name of the figure.
        name: String,
        /// Why.
        reason: String,
    },
    /// There is nothing to draw.
    #[error("there is no evidence to draw; run `theoria check` first")]
    Nothing,
}

/// A theorem with what its page needs.
pub(crate) struct Entry<'a> {
    pub(crate) evidence: &'a TheoremEvidence,
    pub(crate) statement: Statement<'a>,
    pub(crate) chapter: &'a str,
    pub(crate) name: &'a str,
    pub(crate) figures: Vec<Drawn>,
}

impl<'a> Entry<'a> {
    fn of(evidence: &'a TheoremEvidence) -> Result<Self, ReportError> {
        let id = || ReportError::Id { id: evidence.id.clone() };
        let (chapter, name) = evidence.id.split_once('/').ok_or_else(id)?;
        if !is_file_name(chapter) || !is_file_name(name) {
            return Err(id());
        }
        let named = |name: &str, drawn: Result<Drawn, String>| {
            let drawn = if is_file_name(name) {
                drawn
            } else {
                Err("its name is not lower case with underscores".into())
            };
            drawn.map_err(|reason| ReportError::Figure {
                id: evidence.id.clone(),
                name: name.into(),
                reason,
            })
        };
        let figures = evidence.figures.iter().map(|f| named(&f.name, figure::draw(f, evidence)));
        let pictures = evidence.pictures.iter().map(|p| named(&p.name, figure::draw_picture(p)));
        let figures = figures.chain(pictures).collect::<Result<_, _>>()?;
        Ok(Entry {
            statement: Statement::parse(&evidence.statement),
            evidence,
            chapter,
            name,
            figures,
        })
    }

    /// Path of a figure's file, from the root of the site.
    pub(crate) fn figure_path(&self, figure: &Drawn) -> String {
        format!("figures/{}-{}-{}.svg", self.chapter, self.name, figure.name)
    }

    /// Path of its page, from the root of the site.
    pub(crate) fn page_path(&self) -> String {
        format!("{}/{}.html", self.chapter, self.name)
    }
}

fn is_file_name(text: &str) -> bool {
    !text.is_empty()
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// Writes the site for this evidence into the folder `out`: `index.html`, `CHAPTER/NAME.html`,
/// `figures/*.svg` and `verdicts.md`. Everything is drawn before the first file is written, and
/// each file is written whole or not at all; other files in the folder are left alone.
///
/// # Errors
/// If there is no evidence, an id is not of the form `chapter/name`, a figure cannot be drawn, or
/// the folder cannot be written.
pub fn write(
    evidence: &[TheoremEvidence],
    about: &About,
    out: &Path,
) -> Result<Written, ReportError> {
    if evidence.is_empty() {
        return Err(ReportError::Nothing);
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
    let index = page::index(&entries, about).into_string();
    write_atomically(&written.index, index.as_bytes())?;
    Ok(written)
}
