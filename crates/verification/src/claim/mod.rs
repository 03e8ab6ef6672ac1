//! Claims: what is measured on which instances, and how it is judged.

mod examine;
mod sampled;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::judgement::{Bound, Direction, Exponent, Identity, LinearRate};
use crate::trials;
use crate::{Curve, Draw, Family, Hypothesis, Instance, Judgement};

pub(crate) use examine::Examine;

/// Whether a claim is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Meant: it must be supported.
    Claim,
    /// False on purpose: it must come out refuted, which shows that the check has power.
    Control,
}

type Experiment<I> = dyn Fn(&I, &mut Draw) -> Curve + Send + Sync;

/// One measurable conclusion of a theorem about instances of type `I`.
///
/// The constructors fix the kind; [`on`](Claim::on) and [`assuming`](Claim::assuming) say for
/// which instances it is claimed, [`experiment`](Claim::experiment) how it is measured. The same
/// type states controls: [`Theorem::control`](crate::Theorem::control) decides the role.
///
/// ```
/// use theoria_verification::{Claim, Curve, Family, Settings, Theorem, Verdict};
/// # use theoria_verification::Instance;
/// # struct Half(f64);
/// # impl Instance for Half {
/// #     fn description(&self) -> String {
/// #         format!("from {}", self.0)
/// #     }
/// # }
/// let claim = |name, factor: f64| {
///     Claim::bound(name, "x_N ≤ factorᴺ x_0")
///         .on(Family::drawn("random starts", |draw| Half(draw.uniform(1.0, 2.0))))
///         .attained_on(Family::single("from 1", || Half(1.0)))
///         .experiment(move |start| {
///             Curve::over(1..=9, |n: i32| start.0 * 0.5f64.powi(n), |n| start.0 * factor.powi(n))
///         })
/// };
/// let theorem = Theorem::new("examples/halving", "# Halving")
///     .claim(claim("halves", 0.5))
///     .control(claim("thirds", 1.0 / 3.0));
/// let evidence = theorem.check(&Settings::default());
/// assert_eq!(evidence.claims[0].verdict, Verdict::Supported);
/// assert_eq!(evidence.claims[1].verdict, Verdict::Refuted);
/// ```
pub struct Claim<I> {
    name: String,
    formula: String,
    families: Vec<(Family<I>, Option<f64>)>,
    hypotheses: Vec<Hypothesis<I>>,
    violates: Option<String>,
    measurement: Measurement<I>,
}

/// How a claim is measured and judged.
enum Measurement<I> {
    /// One run: a curve.
    Curve { judgement: Arc<dyn Judgement>, experiment: Arc<Experiment<I>> },
    /// Many trials.
    Trials(trials::Experiment<I>),
}

impl<I: Instance + 'static> Claim<I> {
    /// A claim of any kind. `name` is lower case with underscores, since it is the name of a test;
    /// `formula` is the conclusion in one line of plain text.
    pub fn new(name: &str, formula: &str, judgement: impl Judgement + 'static) -> Self {
        Self::measured_by(
            name,
            formula,
            Measurement::Curve {
                judgement: Arc::new(judgement),
                experiment: Arc::new(|_, _| Curve::default()),
            },
        )
    }

    fn measured_by(name: &str, formula: &str, measurement: Measurement<I>) -> Self {
        Claim {
            name: name.into(),
            formula: formula.into(),
            families: Vec::new(),
            hypotheses: Vec::new(),
            violates: None,
            measurement,
        }
    }

    /// Measured ≤ predicted at every point.
    pub fn bound(name: &str, formula: &str) -> Self {
        Self::new(name, formula, Bound::new(Direction::AtMost))
    }

    /// Measured ≥ predicted at every point: lower bounds and impossibilities.
    pub fn lower_bound(name: &str, formula: &str) -> Self {
        Self::new(name, formula, Bound::new(Direction::AtLeast))
    }

    /// Measured = predicted at every point, within this relative tolerance.
    pub fn identity(name: &str, formula: &str, tolerance: f64) -> Self {
        Self::new(name, formula, Identity::new(tolerance))
    }

    /// Measured follows the same power of the abscissa as predicted, in the long run.
    pub fn exponent(name: &str, formula: &str) -> Self {
        Self::new(name, formula, Exponent::default())
    }

    /// Measured decays (or grows) by the same factor per unit of the abscissa as predicted.
    pub fn linear_rate(name: &str, formula: &str) -> Self {
        Self::new(name, formula, LinearRate::default())
    }

    /// Claimed for the instances of this family too.
    #[must_use]
    pub fn on(mut self, family: Family<I>) -> Self {
        self.families.push((family, None));
        self
    }

    /// Claimed for the instances of all these families too.
    #[must_use]
    pub fn on_all(self, families: impl IntoIterator<Item = Family<I>>) -> Self {
        families.into_iter().fold(self, Self::on)
    }

    /// Claimed for the instances of this family too, and attained on each of them: somewhere along
    /// the curve the tightness must reach 0.99, else the claim is not supported.
    #[must_use]
    pub fn attained_on(self, family: Family<I>) -> Self {
        self.attained_to(0.99, family)
    }

    /// Like [`attained_on`](Claim::attained_on) with another ratio between 0 and 1.
    #[must_use]
    pub fn attained_to(mut self, ratio: f64, family: Family<I>) -> Self {
        self.families.push((family, Some(ratio)));
        self
    }

    /// Claimed only where these hypotheses hold; each is checked on every instance.
    #[must_use]
    pub fn assuming(mut self, hypotheses: impl IntoIterator<Item = Hypothesis<I>>) -> Self {
        self.hypotheses.extend(hypotheses);
        self
    }

    /// For controls: the instances violate this one of the [assumed](Claim::assuming) hypotheses
    /// on purpose. Only instances that do violate it, and satisfy the others, count.
    #[must_use]
    pub fn violating(mut self, hypothesis: &str) -> Self {
        self.violates = Some(hypothesis.into());
        self
    }

    /// How it is measured and what is predicted.
    ///
    /// # Panics
    /// If the claim is about trials, which are [sampled](Claim::sampling).
    #[must_use]
    pub fn experiment(self, measure: impl Fn(&I) -> Curve + Send + Sync + 'static) -> Self {
        self.drawing_experiment(move |instance, _| measure(instance))
    }

    /// Like [`experiment`](Claim::experiment), for a measurement that draws (test points,
    /// directions).
    ///
    /// # Panics
    /// If the claim is about trials, which are [sampled](Claim::sampling).
    #[must_use]
    pub fn drawing_experiment(
        mut self,
        measure: impl Fn(&I, &mut Draw) -> Curve + Send + Sync + 'static,
    ) -> Self {
        match &mut self.measurement {
            Measurement::Curve { experiment, .. } => *experiment = Arc::new(measure),
            Measurement::Trials(_) => panic!("{}: trials are sampled, see `sampling`", self.name),
        }
        self
    }
}
