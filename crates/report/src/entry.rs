//! A theorem as the site shows it.

use maud::Markup;
use theoria_verification::Statement;
use theoria_verification::evidence::{ComputedFigure, InstanceEvidence, TheoremEvidence};

use crate::error::ReportError;
use crate::figure::{self, Drawn};
use crate::sketch;

/// A theorem with what its page needs.
pub(crate) struct Entry<'a> {
    pub(crate) evidence: &'a TheoremEvidence,
    pub(crate) statement: Statement<'a>,
    pub(crate) chapter: &'a str,
    pub(crate) name: &'a str,
    pub(crate) figures: Vec<Drawn>,
    /// Of worst instances that a search has found, with the names of the claims.
    pub(crate) pictures: Vec<(&'a str, Drawn)>,
}

impl<'a> Entry<'a> {
    /// Draws its figures.
    pub(crate) fn of(evidence: &'a TheoremEvidence) -> Result<Self, ReportError> {
        let (chapter, name) = parts(&evidence.id)?;
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
        let pictures = evidence.claims.iter().filter_map(|claim| {
            // One picture of each claim: that of the worst.
            let with_picture = claim.searched().filter(|instance| instance.picture.is_some());
            let worst = with_picture.max_by(|a, b| {
                let nearness = |it: &InstanceEvidence| it.nearness().unwrap_or(0.0);
                nearness(a).total_cmp(&nearness(b))
            })?;
            let picture =
                ComputedFigure { name: format!("worst_{}", claim.name), ..worst.picture.clone()? };
            let drawn = named(&picture.name, figure::draw_computed(&picture));
            Some(drawn.map(|drawn| (claim.name.as_str(), drawn)))
        });
        let pictures = pictures.collect::<Result<_, _>>()?;
        let figures = of_claims.chain(computed).collect::<Result<_, _>>()?;
        Ok(Entry {
            statement: Statement::parse(&evidence.statement),
            evidence,
            chapter,
            name,
            figures,
            pictures,
        })
    }

    /// All that is drawn of it.
    pub(crate) fn drawn(&self) -> impl Iterator<Item = &Drawn> {
        self.figures.iter().chain(self.pictures.iter().map(|(_, drawn)| drawn))
    }

    /// The picture of a claim's worst instance.
    pub(crate) fn picture(&self, claim: &str) -> Option<&Drawn> {
        self.pictures.iter().find(|(name, _)| *name == claim).map(|(_, drawn)| drawn)
    }

    /// Path of a figure's file, from the root of the site.
    pub(crate) fn figure_path(&self, figure: &Drawn) -> String {
        self.figure_file(figure, "svg")
    }

    /// Path of a file of a figure of this kind (svg, png, csv), from the root of the site.
    pub(crate) fn figure_file(&self, figure: &Drawn, kind: &str) -> String {
        format!("figures/{}-{}-{}.{kind}", self.chapter, self.name, figure.name)
    }

    /// A figure as a small picture: the one of this name, else the first that can be drawn small.
    pub(crate) fn sketch(&self, wanted: Option<&str>) -> Option<(Markup, &Drawn)> {
        let named = wanted.and_then(|name| self.figures.iter().find(|figure| figure.name == name));
        named
            .into_iter()
            .chain(&self.figures)
            .find_map(|figure| Some((sketch::of_figure(self.evidence, &figure.name)?, figure)))
    }

    /// Path of its page, from the root of the site.
    pub(crate) fn page_path(&self) -> String {
        format!("{}/{}.html", self.chapter, self.name)
    }
}

/// Chapter and name of an id whose files stay in the folder.
pub(crate) fn parts(id: &str) -> Result<(&str, &str), ReportError> {
    id.split_once('/')
        .filter(|(chapter, name)| is_file_name(chapter) && is_file_name(name))
        .ok_or_else(|| ReportError::Id { id: id.into() })
}

pub(crate) fn is_file_name(text: &str) -> bool {
    (1..=130).contains(&text.len())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}
