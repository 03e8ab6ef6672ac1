//! Instances and the families that they are drawn from.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{Content, Draw, Trace, number};

/// How a constant was obtained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Provenance {
    /// By a formula.
    Exact,
    /// By a bound that is proved.
    Certified,
    /// By sampling or searching; it may be wrong.
    Estimated,
}

impl std::fmt::Display for Provenance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Provenance::Exact => "exact",
            Provenance::Certified => "certified",
            Provenance::Estimated => "estimated",
        })
    }
}

/// A named constant of an instance, as evidence records it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Constant {
    /// Standard name or symbol: `L`, `μ`, `R`.
    pub name: String,
    /// Value.
    #[serde(with = "number")]
    pub value: f64,
    /// How it was obtained.
    pub provenance: Provenance,
}

impl Constant {
    /// By a formula.
    pub fn exact(name: &str, value: f64) -> Self {
        Self::new(name, value, Provenance::Exact)
    }

    /// By a bound that is proved.
    pub fn certified(name: &str, value: f64) -> Self {
        Self::new(name, value, Provenance::Certified)
    }

    /// By sampling or searching; it may be wrong.
    pub fn estimated(name: &str, value: f64) -> Self {
        Self::new(name, value, Provenance::Estimated)
    }

    /// However it was obtained.
    pub fn new(name: &str, value: f64, provenance: Provenance) -> Self {
        Constant { name: name.into(), value, provenance }
    }
}

/// What a claim is examined on. Where that is a value with a name, a [`Case`](crate::Case) serves.
///
/// ```
/// use theoria_verification::{Constant, Instance};
/// struct Disc { radius: f64 }
/// impl Instance for Disc {
///     fn description(&self) -> String {
///         format!("disc of radius {}", self.radius)
///     }
///     fn constants(&self) -> Vec<Constant> {
///         vec![Constant::exact("R", self.radius)]
///     }
/// }
/// assert_eq!(Disc { radius: 2.0 }.description(), "disc of radius 2");
/// ```
pub trait Instance: Send + Sync {
    /// What it is, in words: kind, dimension, data.
    fn description(&self) -> String;

    /// The constants that the theorem speaks of.
    fn constants(&self) -> Vec<Constant> {
        Vec::new()
    }

    /// The same instance, whose experiments compute in higher precision, where there is one: what a search has found near
    /// its bound is computed again on it, lest rounding be taken for a counterexample.
    fn in_higher_precision(&self) -> Option<Self>
    where
        Self: Sized,
    {
        None
    }

    /// The same instance, which records where methods go on it, for a picture, if it has one variable.
    fn traced(&self, _trace: &Trace) -> Option<Self>
    where
        Self: Sized,
    {
        None
    }

    /// The value of its function of one variable, for the same picture.
    fn height(&self, _place: f64) -> Option<f64> {
        None
    }

    /// Of an instance in higher precision on which an experiment has run: whether all of that was in higher precision. A method
    /// may have no such form.
    fn computed_in_higher_precision(&self) -> bool {
        true
    }

    /// What an instance of one's own must provide, as a noun with its parts ("an objective with its gradient, and a
    /// start"): pages of theorems and `theoria show` print it. Empty where a type serves a single theorem, which
    /// alone makes its instances.
    fn needs() -> String
    where
        Self: Sized,
    {
        String::new()
    }
}

type DrawOne<I> = dyn Fn(&mut Draw, usize) -> I + Send + Sync;
type Show<I> = dyn Fn(&I, &mut Draw) -> Content + Send + Sync;

/// A named set of instances: random, or a list.
///
/// ```
/// use theoria_verification::{Family, Instance};
/// struct Side(f64);
/// impl Instance for Side {
///     fn description(&self) -> String {
///         format!("side {}", self.0)
///     }
/// }
/// let drawn = Family::drawn("random sides", |draw| Side(draw.uniform(1.0, 2.0)));
/// let listed = Family::listed("worked examples", [1.0, 2.0], |&side| Side(side));
/// assert!(drawn.is_random() && !listed.is_random());
/// ```
pub struct Family<I> {
    name: String,
    length: Option<usize>,
    draws: Option<usize>,
    hunted: Option<usize>,
    /// Of a family along a slider, where its instances stand.
    positions: Option<Arc<[f64]>>,
    /// What is shown of each of them, in place of the curves of claims.
    show: Option<Arc<Show<I>>>,
    draw: Arc<DrawOne<I>>,
}

impl<I> Clone for Family<I> {
    fn clone(&self) -> Self {
        Family {
            name: self.name.clone(),
            length: self.length,
            draws: self.draws,
            hunted: self.hunted,
            positions: self.positions.clone(),
            show: self.show.clone(),
            draw: Arc::clone(&self.draw),
        }
    }
}

impl<I: 'static> Family<I> {
    /// Instances drawn at random; how many is a matter of effort, unless [said](Family::with_draws).
    pub fn drawn(name: &str, draw: impl Fn(&mut Draw) -> I + Send + Sync + 'static) -> Self {
        Family {
            name: name.into(),
            length: None,
            draws: None,
            hunted: None,
            positions: None,
            show: None,
            draw: Arc::new(move |from, _| draw(from)),
        }
    }

    /// Of a random family, this many instances at standard effort (6 unless said), a third of them for a first look,
    /// four times as many for a long night: where the worst instances are rare and a check of one is cheap.
    ///
    /// # Panics
    /// If it is a list, or the number is 0.
    #[must_use]
    pub fn with_draws(mut self, at_standard_effort: usize) -> Self {
        assert!(self.length.is_none(), "{}: it is a list, of which nothing is drawn", self.name);
        assert!(at_standard_effort > 0, "{}: no instance says nothing", self.name);
        self.draws = Some(at_standard_effort);
        self
    }

    /// Of a random family, that the worst of its instances is searched for as well, among this many at standard effort: for
    /// claims that are bounds. A control on such a family draws nothing: it is refuted by a counterexample that the search finds.
    ///
    /// # Panics
    /// If it is a list, or the number is 0.
    #[must_use]
    pub fn hunted(mut self, evaluations: usize) -> Self {
        assert!(
            self.length.is_none(),
            "{}: it is a list, which has no choices to search among",
            self.name
        );
        assert!(evaluations > 0, "{}: a search that looks at nothing finds nothing", self.name);
        self.hunted = Some(evaluations);
        self
    }

    /// One instance for each of these parameters.
    pub fn listed<P: Send + Sync + 'static>(
        name: &str,
        parameters: impl IntoIterator<Item = P>,
        make: impl Fn(&P) -> I + Send + Sync + 'static,
    ) -> Self {
        let parameters: Vec<P> = parameters.into_iter().collect();
        Family {
            name: name.into(),
            length: Some(parameters.len()),
            draws: None,
            hunted: None,
            positions: None,
            show: None,
            draw: Arc::new(move |_, index| make(&parameters[index])),
        }
    }

    /// A single instance: real data, or a worked example.
    pub fn single(name: &str, make: impl Fn() -> I + Send + Sync + 'static) -> Self {
        Self::listed(name, [()], move |()| make())
    }

    /// One instance at each of these positions of a slider, which a figure [along](crate::Figure::along) this family
    /// moves over. The hypotheses are checked at each of them like on any instance; where one fails the claim is not
    /// judged, and its curve is drawn nevertheless.
    ///
    /// ```
    /// use theoria_verification::{Case, Family};
    /// let factors = Family::along("factors", [0.5, 0.9, 1.1], |factor| {
    ///     Case::new(format!("powers of {factor}"), factor)
    /// });
    /// assert_eq!(factors.positions(), Some(&[0.5, 0.9, 1.1][..]));
    /// ```
    ///
    /// # Panics
    /// If the positions are not finite and increasing.
    pub fn along(
        name: &str,
        positions: impl IntoIterator<Item = f64>,
        make: impl Fn(f64) -> I + Send + Sync + 'static,
    ) -> Self {
        let positions: Arc<[f64]> = positions.into_iter().collect();
        assert!(
            positions.iter().all(|at| at.is_finite()) && positions.is_sorted_by(|a, b| a < b),
            "{name}: the positions of a slider are finite numbers in increasing order, and not {positions:?}"
        );
        let listed = Self::listed(name, positions.to_vec(), move |&at| make(at));
        Family { positions: Some(positions), ..listed }
    }

    /// Of a family [along](Family::along) a slider, what is shown of the instance at each position, in place of the curves
    /// of claims: paths, cells, coefficients. What it draws at random it draws from what it is handed.
    ///
    /// # Panics
    /// If it is not along a slider.
    #[must_use]
    pub fn showing(
        mut self,
        show: impl Fn(&I, &mut Draw) -> Content + Send + Sync + 'static,
    ) -> Self {
        assert!(self.positions.is_some(), "{}: it is not along a slider", self.name);
        self.show = Some(Arc::new(show));
        self
    }

    /// The family of what `change` makes of this family's instances; what it shows of them is to be said anew.
    pub fn map<J: 'static>(self, change: impl Fn(I) -> J + Send + Sync + 'static) -> Family<J> {
        let draw = self.draw;
        Family {
            name: self.name,
            length: self.length,
            draws: self.draws,
            hunted: self.hunted,
            positions: self.positions,
            show: None,
            draw: Arc::new(move |from, index| change(draw(from, index))),
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether its instances depend on the seed.
    pub fn is_random(&self) -> bool {
        self.length.is_none()
    }

    /// How many instances there are, if it is a list.
    pub fn length(&self) -> Option<usize> {
        self.length
    }

    /// Where its instances stand, if it is along a slider.
    pub fn positions(&self) -> Option<&[f64]> {
        self.positions.as_deref()
    }

    /// Whether it says what is shown of its instances.
    pub(crate) fn shows(&self) -> bool {
        self.show.is_some()
    }

    /// What is shown of an instance of it.
    pub(crate) fn shown(&self, instance: &I, draw: &mut Draw) -> Option<Content> {
        self.show.as_ref().map(|show| show(instance, draw))
    }

    /// How many instances are drawn at standard effort, if it says so.
    pub(crate) fn draws_at_standard_effort(&self) -> Option<usize> {
        self.draws
    }

    /// How many instances a search for the worst looks at, at standard effort.
    pub(crate) fn evaluations_at_standard_effort(&self) -> Option<usize> {
        self.hunted
    }

    /// The instance with this number, from 0: of a list that at this place, else whatever is drawn.
    ///
    /// # Panics
    /// If it is a list without this number.
    pub fn instance(&self, draw: &mut Draw, index: usize) -> I {
        (self.draw)(draw, index)
    }

    /// The same for clones, and for no other family.
    pub(crate) fn identity(&self) -> usize {
        Arc::as_ptr(&self.draw).addr()
    }
}
