//! Theorems: a statement with its claims and controls.

use std::sync::Arc;

use rayon::prelude::*;

use crate::claim::Examine;
use crate::evidence::{ClaimEvidence, Run, SCHEMA, TheoremEvidence};
use crate::{Claim, Draw, Figure, Instance, Picture, Role, Settings, Standing, Statement, Stream};

/// `chapter/name`, both lower case with underscores.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TheoremId {
    chapter: String,
    name: String,
}

impl TheoremId {
    fn parse(text: &str) -> Option<Self> {
        let (chapter, name) = text.split_once('/')?;
        (is_identifier(chapter) && is_identifier(name))
            .then(|| TheoremId { chapter: chapter.into(), name: name.into() })
    }

    /// The chapter.
    pub fn chapter(&self) -> &str {
        &self.chapter
    }

    /// The name within the chapter.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl std::fmt::Display for TheoremId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&format!("{}/{}", self.chapter, self.name))
    }
}

fn is_identifier(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// A statement, the claims that make it measurable, and the controls that show that the checks
/// have power.
///
/// ```
/// use theoria_verification::{Claim, Curve, Family, Figure, Settings, Standing, Theorem};
/// # use theoria_verification::Instance;
/// # struct Half(f64);
/// # impl Instance for Half {
/// #     fn description(&self) -> String {
/// #         format!("from {}", self.0)
/// #     }
/// # }
/// let exactly = |name, factor: f64| {
///     Claim::identity(name, "x_N = factorᴺ x_0", 1e-12)
///         .on(Family::listed("starts", [1.0, 3.0], |&start| Half(start)))
///         .experiment(move |start| {
///             Curve::over(1..=9, |n: i32| start.0 * 0.5f64.powi(n), |n| start.0 * factor.powi(n))
///         })
/// };
/// let theorem = Theorem::new("examples/halving", "# Halving\n\nWhat it says.")
///     .claim(exactly("halves", 0.5))
///     .control(exactly("almost_halves", 0.51))
///     .figure(Figure::semilog("run", "step N", "x_N").of("halves").caption("A straight line."));
/// assert_eq!(theorem.check(&Settings::default()).standing, Standing::Holds);
/// ```
#[derive(Clone)]
pub struct Theorem {
    id: TheoremId,
    statement: String,
    claims: Vec<(Role, Arc<dyn Examine>)>,
    figures: Vec<Figure>,
    pictures: Vec<Picture>,
}

impl Theorem {
    /// A theorem with its statement in Markdown (see [`Statement`]).
    ///
    /// # Panics
    /// If the id is not `chapter/name` in lower case with underscores.
    pub fn new(id: &str, statement: &str) -> Self {
        let Some(id) = TheoremId::parse(id) else {
            panic!("the theorem id {id:?} is not of the form chapter/name, in lower case");
        };
        Theorem {
            id,
            statement: statement.into(),
            claims: Vec::new(),
            figures: Vec::new(),
            pictures: Vec::new(),
        }
    }

    /// Adds a claim.
    ///
    /// # Panics
    /// If the name is taken, or is not lower case with underscores.
    #[must_use]
    pub fn claim<I: Instance + 'static>(self, claim: Claim<I>) -> Self {
        self.with(Role::Claim, claim)
    }

    /// Adds a claim that is false on purpose and must be refuted.
    ///
    /// # Panics
    /// If the name is taken, or is not lower case with underscores.
    #[must_use]
    pub fn control<I: Instance + 'static>(self, control: Claim<I>) -> Self {
        self.with(Role::Control, control)
    }

    fn with<I: Instance + 'static>(mut self, role: Role, claim: Claim<I>) -> Self {
        let name = claim.name();
        assert!(
            is_identifier(name),
            "{}: the name {name:?} is not lower case with underscores",
            self.id
        );
        assert!(
            self.claims.iter().all(|(_, other)| other.name() != name),
            "{}: the name {name} is taken",
            self.id
        );
        self.claims.push((role, Arc::new(claim)));
        self
    }

    /// Adds a figure of claims declared before.
    ///
    /// # Panics
    /// If it shows a claim that the theorem does not have.
    #[must_use]
    pub fn figure(mut self, figure: Figure) -> Self {
        for shown in &figure.claims {
            assert!(
                self.claims.iter().any(|(_, claim)| claim.name() == shown),
                "{}: the figure {} shows {shown}, which is not declared before it",
                self.id,
                figure.name
            );
        }
        self.figures.push(figure);
        self
    }

    /// Adds a picture of something else than measured against predicted.
    ///
    /// # Panics
    /// If its name is that of another picture or figure, or is not lower case with underscores.
    #[must_use]
    pub fn picture(mut self, picture: Picture) -> Self {
        let name = picture.name();
        let mut taken = self
            .figures
            .iter()
            .map(|figure| figure.name.as_str())
            .chain(self.pictures.iter().map(Picture::name));
        assert!(
            is_identifier(name) && !taken.any(|other| other == name),
            "{}: the name {name:?} of a picture is taken, or not lower case with underscores",
            self.id
        );
        self.pictures.push(picture);
        self
    }

    /// Its id.
    pub fn id(&self) -> &TheoremId {
        &self.id
    }

    /// Its statement, as it was written.
    pub fn text(&self) -> &str {
        &self.statement
    }

    /// Its statement, taken apart.
    pub fn statement(&self) -> Statement<'_> {
        Statement::parse(&self.statement)
    }

    /// Whether it has something to draw.
    pub fn has_figure(&self) -> bool {
        !self.figures.is_empty() || !self.pictures.is_empty()
    }

    /// Roles and names of its claims and controls, in order.
    pub fn claims(&self) -> impl Iterator<Item = (Role, &str)> {
        self.claims.iter().map(|(role, claim)| (*role, claim.name()))
    }

    /// Checks every claim and control.
    pub fn check(&self, settings: &Settings) -> TheoremEvidence {
        let stream = self.stream(settings);
        let claims: Vec<ClaimEvidence> = self
            .claims
            .par_iter()
            .map(|(role, claim)| claim.examine(*role, &stream, settings))
            .collect();
        TheoremEvidence {
            schema: SCHEMA,
            version: env!("CARGO_PKG_VERSION").into(),
            id: self.id.to_string(),
            statement: self.statement.clone(),
            runs: vec![Run::with(settings)],
            standing: Standing::of(&claims),
            claims,
            figures: self.figures.clone(),
            pictures: self
                .pictures
                .par_iter()
                .map(|picture| {
                    let stream = stream.child("picture").child(picture.name());
                    picture.draw(&mut Draw::new(stream.trial(0), None), settings.effort)
                })
                .collect(),
        }
    }

    /// Checks one claim or control: the same evidence as within [`check`](Theorem::check).
    /// None if the theorem has no claim of this name.
    pub fn check_claim(&self, name: &str, settings: &Settings) -> Option<ClaimEvidence> {
        let (role, claim) = self.claims.iter().find(|(_, c)| c.name() == name)?;
        Some(claim.examine(*role, &self.stream(settings), settings))
    }

    fn stream(&self, settings: &Settings) -> Stream {
        Stream::new(settings.seed).child(&self.id)
    }
}
