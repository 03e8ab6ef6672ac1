//! A theorem as the site shows it.

use theoria_verification::Statement;
use theoria_verification::evidence::TheoremEvidence;

use crate::error::ReportError;
use crate::figure::{self, Drawn};

/// A theorem with what its page needs.
pub(crate) struct Entry<'a> {
    pub(crate) evidence: &'a TheoremEvidence,
    pub(crate) statement: Statement<'a>,
    pub(crate) chapter: &'a str,
    pub(crate) name: &'a str,
    pub(crate) figures: Vec<Drawn>,
}

impl<'a> Entry<'a> {
    /// Draws its figures.
    pub(crate) fn of(evidence: &'a TheoremEvidence) -> Result<Self, ReportError> {
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
        let of_claims =
            evidence.figures.iter().map(|f| named(&f.name, figure::draw_claims(f, evidence)));
        let computed =
            evidence.computed_figures.iter().map(|f| named(&f.name, figure::draw_computed(f)));
        let figures = of_claims.chain(computed).collect::<Result<_, _>>()?;
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
    (1..=120).contains(&text.len())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}
