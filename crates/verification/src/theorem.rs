//! Theorems: a statement with its claims and controls.

mod checked;
mod declared;
mod deepened;
mod figures;
mod fingerprint;
mod hunt;
mod place;
mod prerequisites;
mod repeated_id;

use std::any::TypeId;
use std::panic::Location;
use std::sync::Arc;

use crate::claim::{Examine, Experiment, Header};
use crate::{
    Claim, Figure, Finding, Instance, JudgeError, Needs, Readings, Remembered, Role, Settings,
    Statement, Stream,
};

pub use declared::Declared;
pub use deepened::DeepenError;
pub use hunt::Hunted;
pub use place::Place;
pub(crate) use prerequisites::MOST_PREREQUISITES;
pub use prerequisites::Prerequisite;

/// `chapter/name`, both lower case with underscores, 120 characters at most: figures of a theorem are files with its id
/// and their own name in theirs.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TheoremId {
    chapter: String,
    name: String,
}

impl TheoremId {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (chapter, name) = text.split_once('/')?;
        (text.len() <= LONGEST_NAME && is_identifier(chapter) && is_identifier(name))
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

/// The longest id of a theorem, and name of a claim or a figure.
const LONGEST_NAME: usize = 120;

pub(crate) fn is_identifier(text: &str) -> bool {
    text.len() <= LONGEST_NAME
        && text.starts_with(|c: char| c.is_ascii_lowercase())
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
///     Claim::identity(name, &format!("x_N = {factor}ᴺ x_0"), 1e-12)
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
    remembered: Vec<Remembered>,
    /// Why nothing is remembered, where something should be.
    forgotten: Option<String>,
    declared_at: &'static Location<'static>,
    repository: Option<&'static str>,
    prerequisites: Vec<Prerequisite>,
    /// What it rests on, where it uses no other theorem and none uses it.
    alone: Option<String>,
}

impl Theorem {
    /// A theorem with its statement in Markdown (see [`Statement`]). Where this is called is remembered as its [place](Self::place).
    ///
    /// # Panics
    /// If the id is not `chapter/name` in lower case with underscores, or longer than 120 characters.
    #[track_caller]
    pub fn new(id: &str, statement: &str) -> Self {
        let Some(id) = TheoremId::parse(id) else {
            panic!(
                "the theorem id {id:?} is not of the form chapter/name, in lower case and of {LONGEST_NAME} characters at \
                 most"
            );
        };
        // Line ends of the machine that compiled it are no part of it.
        let statement = statement.replace("\r\n", "\n");
        Theorem {
            id,
            statement,
            claims: Vec::new(),
            figures: Vec::new(),
            remembered: Vec::new(),
            forgotten: None,
            declared_at: Location::caller(),
            repository: None,
            prerequisites: Vec::new(),
            alone: None,
        }
    }

    /// Says in which repository its source lies, as the manifest of its crate does; [`chapter!`](crate::chapter) does it.
    #[must_use]
    pub fn in_repository(mut self, address: &'static str) -> Self {
        self.repository = Some(address).filter(|address| !address.is_empty());
        self
    }

    /// Where its source lies.
    pub fn place(&self) -> Place {
        Place {
            file: self.declared_at.file(),
            line: self.declared_at.line(),
            repository: self.repository,
        }
    }

    /// Adds a claim.
    ///
    /// # Panics
    /// If the name is taken, or is not lower case with underscores; if the claim does not say what is
    /// measured and what is predicted, or is made on no family; if a control states the formula of a claim.
    #[must_use]
    pub fn claim<I, E>(self, claim: Claim<I, E>) -> Self
    where
        I: Instance + 'static,
        E: Experiment<I>,
    {
        self.with(Role::Claim, Arc::new(claim))
    }

    /// Adds a claim that is false on purpose and must be refuted.
    ///
    /// # Panics
    /// As [`claim`](Theorem::claim) does.
    #[must_use]
    pub fn control<I, E>(self, control: Claim<I, E>) -> Self
    where
        I: Instance + 'static,
        E: Experiment<I>,
    {
        self.with(Role::Control, Arc::new(control))
    }

    fn with(mut self, role: Role, claim: Arc<dyn Examine>) -> Self {
        let Header { name, missing, .. } = claim.header();
        assert!(
            is_identifier(name),
            "{}: the name {name:?} is not lower case with underscores, or longer than {LONGEST_NAME} characters",
            self.id
        );
        assert!(
            self.claims.iter().all(|(_, other)| other.header().name != name),
            "{}: the name {name} is taken",
            self.id
        );
        if let Some(missing) = missing {
            panic!("{}: the claim {name} {missing}", self.id);
        }
        let hunted = claim.families().into_iter().find(|family| family.hunted.is_some());
        if let Some(family) = hunted.filter(|_| !claim.has_direction()) {
            panic!(
                "{}: the claim {name} says neither at most nor at least, so “{}” has no worst instance to search for (`hunted`)",
                self.id, family.name
            );
        }
        assert!(
            !claim.families().is_empty(),
            "{}: the claim {name} is made on no family of instances (`on`)",
            self.id
        );
        self.assert_false_statement(role, &*claim);
        self.claims.push((role, claim));
        self
    }

    /// A control is the false statement itself. Only one that breaks a hypothesis keeps the formula of a claim.
    fn assert_false_statement(&self, role: Role, claim: &dyn Examine) {
        let header = claim.header();
        let clash = self.claims.iter().find(|(other_role, other)| {
            let other = other.header();
            let control = if role == Role::Control { &header } else { &other };
            *other_role != role && control.violates.is_none() && other.formula == header.formula
        });
        if let Some((_, other)) = clash {
            panic!(
                "{}: {} and {} state the same formula, {:?}, though one of them is a control: state what is \
                 false (`restated`), or name the hypothesis that is broken (`violating`)",
                self.id,
                other.header().name,
                header.name,
                header.formula
            );
        }
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

    /// The names of its figures, in order.
    pub fn figure_names(&self) -> impl Iterator<Item = &str> {
        self.figures.iter().map(Figure::name)
    }

    /// Whether it has something to draw.
    pub fn has_figure(&self) -> bool {
        !self.figures.is_empty()
    }

    /// Roles and names of its claims and controls, in order.
    pub fn claims(&self) -> impl Iterator<Item = (Role, &str)> {
        self.claims.iter().map(|(role, claim)| (*role, claim.header().name))
    }

    /// The formulas of its claims and controls, in order.
    pub fn formulas(&self) -> impl Iterator<Item = &str> {
        self.declared().map(|claim| claim.formula)
    }

    /// What its claims and controls declare, in order.
    pub fn declared(&self) -> impl Iterator<Item = Declared<'_>> {
        self.claims.iter().map(|(role, claim)| {
            let header = claim.header();
            Declared {
                role: *role,
                name: header.name,
                formula: header.formula,
                kind: header.kind,
                violates: header.violates,
                is_bound: header.can_be_attained,
                least: header.least,
                hypotheses: claim.hypothesis_names(),
            }
        })
    }

    /// What an instance of one's own must provide, for each type of instance that claims are made on.
    ///
    /// ```
    /// use theoria_verification::{Check, Claim, Curve, Family, Hypothesis, Instance, Theorem};
    /// struct Start(f64);
    /// impl Instance for Start {
    ///     fn description(&self) -> String { format!("from {}", self.0) }
    ///     fn needs() -> String { "a positive number to start from".into() }
    /// }
    /// let theorem = Theorem::new("examples/halving", "# Halving").claim(
    ///     Claim::bound("halves", "x_N ≤ 2⁻ᴺ x₀")
    ///         .assuming([Hypothesis::new("positive", |x: &Start, _| Check::that(x.0 > 0.0, "x₀"))])
    ///         .on(Family::single("from 1", || Start(1.0)))
    ///         .experiment(|start| Curve::at(1.0, start.0 / 2.0, start.0 / 2.0)),
    /// );
    /// let needs = &theorem.needs()[0];
    /// assert_eq!((&needs.instance_type[..], &needs.claims[0][..]), ("Start", "halves"));
    /// assert_eq!(needs.provides, "a positive number to start from");
    /// assert_eq!(needs.hypotheses[0].name, "positive");
    /// ```
    pub fn needs(&self) -> Vec<Needs> {
        let mut all: Vec<(TypeId, Needs)> = Vec::new();
        for (_, claim) in self.claims.iter().filter(|(role, _)| *role == Role::Claim) {
            let instance = claim.instance_type();
            let at = all.iter().position(|(id, _)| *id == instance.id).unwrap_or_else(|| {
                all.push((instance.id, Needs::of(instance.name, instance.needs)));
                all.len() - 1
            });
            let families: Vec<&str> = claim.families().iter().map(|family| family.name).collect();
            all[at].1.take(claim.header().name, &families, &claim.hypothesis_names());
        }
        all.into_iter().map(|(_, needs)| needs.finished()).collect()
    }

    /// Judges readings that came from elsewhere against the claim (or control) of this name: see
    /// [`Claim::judge`].
    ///
    /// ```
    /// use theoria_verification::{Claim, Family, JudgeError, Readings, Theorem, Verdict};
    /// # use theoria_verification::Instance;
    /// # struct Start(f64);
    /// # impl Instance for Start {
    /// #     fn description(&self) -> String { "a start".into() }
    /// # }
    /// let theorem = Theorem::new("examples/halving", "# Halving").claim(
    ///     Claim::bound("halves", "x_N ≤ 2⁻ᴺ x₀")
    ///         .on(Family::single("from 1", || Start(1.0)))
    ///         .measuring(1..=9, |start: &Start, steps| steps.read(|n| start.0 * 0.5f64.powi(n)))
    ///         .predicting(|start, n| start.0 * 0.5f64.powf(n)),
    /// );
    /// let logged: Readings = [(1.0, 0.4), (2.0, 0.1)].into_iter().collect();
    /// let finding = theorem.judge("halves", &Start(1.0), &logged)?;
    /// assert_eq!(finding.verdict, Verdict::Supported);
    /// let unknown = theorem.judge("thirds", &Start(1.0), &logged);
    /// assert!(matches!(unknown, Err(JudgeError::UnknownClaim { .. })));
    /// # Ok::<(), JudgeError>(())
    /// ```
    ///
    /// # Errors
    /// As [`Claim::judge`]; also if there is no claim of this name, or it is about instances of another type.
    pub fn judge<I: Instance + 'static>(
        &self,
        claim: &str,
        instance: &I,
        readings: &Readings,
    ) -> Result<Finding, JudgeError> {
        let found = self.claims.iter().find(|(_, other)| other.header().name == claim);
        let Some((_, found)) = found else {
            return Err(JudgeError::UnknownClaim {
                theorem: self.id.to_string(),
                claim: claim.into(),
                known: self.claims().map(|(_, name)| name.into()).collect(),
            });
        };
        found.judge(instance, readings)
    }

    fn stream(&self, settings: &Settings) -> Stream {
        Stream::new(settings.seed).child(&self.id)
    }
}
