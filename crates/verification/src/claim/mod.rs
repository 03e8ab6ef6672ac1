//! Claims: what is measured on which instances, and how it is judged.

mod concluded;
mod conduct;
mod curves;
mod dealer;
mod deepened;
mod drawn;
mod examine;
mod experiment;
mod judge;
mod searched;
mod together;
mod trials;

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::{Family, Hypothesis, Instance};

pub use curves::Curves;
pub(crate) use dealer::{Dealer, Work};
pub(crate) use deepened::deepened;
pub(crate) use drawn::Member;
pub(crate) use examine::{Examine, Header};
pub use experiment::Experiment;
pub use judge::JudgeError;
pub(crate) use searched::SEEN;
pub(crate) use together::{Together, hunt, replay};
pub use trials::Trials;

/// One measurable conclusion of a theorem about instances of type `I`.
///
/// # Four questions, in this order
///
/// 1. **What is claimed?** The constructor fixes the kind: [`bound`](Claim::bound),
///    [`lower_bound`](Claim::lower_bound), [`identity`](Claim::identity),
///    [`exponent`](Claim::exponent), [`linear_rate`](Claim::linear_rate); about many trials
///    [`expected_bound`](TrialClaim::expected_bound) and its neighbours, which make a [`TrialClaim`].
/// 2. **For which instances?** [`assuming`](Claim::assuming) names the hypotheses, which are checked on
///    every instance; [`on`](Claim::on) and [`attained_on`](Claim::attained_on) the families.
/// 3. **What is measured?** [`measuring`](Claim::measuring) at fixed abscissae,
///    [`measuring_each`](Claim::measuring_each) where each instance has its own (times in units of 1/L),
///    [`measuring_by_drawing`](Claim::measuring_by_drawing) where the measurement draws (test points,
///    directions). The method runs once on an instance.
/// 4. **What is predicted?** [`predicting`](Claim::predicting) from the instance and the abscissa alone, as
///    the theorem has it; [`predicting_from`](Claim::predicting_from) where that takes something that is
///    computed once for the instance (an eigenvalue, a recursion).
///
/// ```
/// use theoria_verification::{Claim, Family, Settings, Theorem, Verdict};
/// # use theoria_verification::Instance;
/// # struct Half(f64);
/// # impl Instance for Half {
/// #     fn description(&self) -> String {
/// #         format!("from {}", self.0)
/// #     }
/// # }
/// # impl Half {
/// #     fn run(&self, steps: usize) -> Vec<f64> {
/// #         (0..=steps).map(|n| self.0 * 0.5f64.powi(n as i32)).collect()
/// #     }
/// # }
/// let halves = Claim::bound("halves", "x_N ≤ 2⁻ᴺ x₀")
///     .on(Family::drawn("random starts", |draw| Half(draw.uniform(1.0, 2.0))))
///     .attained_on(Family::single("from 1", || Half(1.0)))
///     .measuring(1..=9, |start, steps| {
///         let run = start.run(9);
///         steps.read(|n: usize| run[n])
///     })
///     .predicting(|start, n| start.0 * 0.5f64.powf(n));
/// let thirds = halves.restated("thirds", "x_N ≤ 3⁻ᴺ x₀").predicting(|start, n| start.0 / 3f64.powf(n));
/// let theorem = Theorem::new("examples/halving", "# Halving").claim(halves).control(thirds);
/// let evidence = theorem.check(&Settings::default());
/// assert_eq!(evidence.claims[0].verdict, Verdict::Supported);
/// assert_eq!(evidence.claims[1].verdict, Verdict::Refuted);
/// ```
///
/// # Measured against measured
///
/// Where what is predicted comes out of the run as well (a value that never increases, a gap against the
/// distance of the same iterate), [`experiment`](Claim::experiment) returns a whole
/// [`Curve`](crate::Curve), and [`drawing_experiment`](Claim::drawing_experiment) one that draws. Such a
/// claim cannot judge a curve from elsewhere.
///
/// # Controls
///
/// A control is a claim that is false on purpose; [`Theorem::control`](crate::Theorem::control) makes it
/// one.
///
/// - Where the *prediction* is false (a constant, an exponent), it is the claim
///   [`restated`](Claim::restated) with its own, false formula: it has the same instances, and the same runs,
///   which are made once.
/// - Where a *hypothesis* is broken, it is a claim on other families, and [`violating`](Claim::violating)
///   says which; it keeps the formula.
/// - Where the *method* is another, it is measured anew, and the formula says so.
///
/// A control is false of every instance that it names, so every one of them must refute it.
///
/// # Curves from elsewhere
///
/// [`judge`](Claim::judge) holds readings that another program made against the prediction.
pub struct Claim<I, E = Curves<I>> {
    name: String,
    formula: String,
    /// The name under which instances are drawn: its own, or that of the claim that it restates.
    origin: String,
    families: Vec<(Family<I>, Option<f64>)>,
    hypotheses: Vec<Hypothesis<I>>,
    violates: Option<String>,
    least: Option<f64>,
    experiment: E,
}

/// A [`Claim`] about the trials of a stochastic experiment: expectations, laws, probabilities.
pub type TrialClaim<I> = Claim<I, Trials<I>>;

/// What comes out, or what the panic on the way said: what an author wrote is no reason to end a run.
fn caught<T>(run: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(run)).map_err(|panic| {
        let said = panic.downcast_ref::<String>().map(String::as_str);
        said.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message").into()
    })
}

impl<I, E: Clone> Clone for Claim<I, E> {
    fn clone(&self) -> Self {
        Claim {
            name: self.name.clone(),
            formula: self.formula.clone(),
            origin: self.origin.clone(),
            families: self.families.clone(),
            hypotheses: self.hypotheses.clone(),
            violates: self.violates.clone(),
            least: self.least,
            experiment: self.experiment.clone(),
        }
    }
}

impl<I: Instance + 'static, E: Experiment<I>> Claim<I, E> {
    fn stated(name: &str, formula: &str, experiment: E) -> Self {
        Claim {
            name: name.into(),
            formula: formula.into(),
            origin: name.into(),
            families: Vec::new(),
            hypotheses: Vec::new(),
            violates: None,
            least: None,
            experiment,
        }
    }

    /// The same claim under another name and formula: the way to a control that only predicts something
    /// else. Its instances are those of this claim, drawn from the same streams, and within one
    /// [`Theorem::check`](crate::Theorem::check) what was measured (or sampled) on each of them is not
    /// measured again. Alone it comes out the same.
    ///
    /// Instances are shared only with the families that this claim has by now, so restate it last.
    ///
    /// ```
    /// use theoria_verification::{Claim, Family, Settings, Theorem, Verdict};
    /// # use theoria_verification::Instance;
    /// # struct Side(f64);
    /// # impl Instance for Side {
    /// #     fn description(&self) -> String {
    /// #         format!("side {}", self.0)
    /// #     }
    /// # }
    /// let area = Claim::identity("area", "the area of a square is a²", 1e-12)
    ///     .on(Family::drawn("squares", |draw| Side(draw.uniform(1.0, 2.0))))
    ///     .measuring([1.0], |side, once| once.read(|_| side.0 * side.0))
    ///     .predicting(|side, _| side.0.powi(2));
    /// let wrong = area.restated("wrong_area", "it is a³").predicting(|side, _| side.0.powi(3));
    /// let theorem = Theorem::new("examples/squares", "# Squares").claim(area).control(wrong);
    /// let evidence = theorem.check(&Settings::default());
    /// let drawn = |claim: usize| &evidence.claims[claim].instances[0].description;
    /// assert_eq!(drawn(0), drawn(1));
    /// assert_eq!(evidence.claims[1].verdict, Verdict::Refuted);
    /// ```
    #[must_use]
    pub fn restated(&self, name: &str, formula: &str) -> Self {
        Claim { name: name.into(), formula: formula.into(), ..self.clone() }
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

    /// Claimed only where these hypotheses hold; each is checked on every instance.
    #[must_use]
    pub fn assuming(mut self, hypotheses: impl IntoIterator<Item = Hypothesis<I>>) -> Self {
        self.hypotheses.extend(hypotheses);
        self
    }

    /// For controls: the instances violate this one of the [assumed](Claim::assuming) hypotheses
    /// on purpose. Only instances that do violate it, and satisfy the others, count. The control keeps the
    /// formula of the claim; pages and tables print "without ...:" before it.
    ///
    /// # Panics
    /// If the claim does not assume a hypothesis of this name.
    #[must_use]
    pub fn violating(mut self, hypothesis: &str) -> Self {
        let names: Vec<&str> = self.hypotheses.iter().map(Hypothesis::name).collect();
        assert!(
            names.contains(&hypothesis),
            "{}: it does not assume {hypothesis:?}, which it is to violate; it assumes {names:?}",
            self.name
        );
        self.violates = Some(hypothesis.into());
        self
    }

    /// Supported only if on some instance the bound is reached up to this tightness, the largest measured /
    /// predicted (a lower bound: predicted / measured; an expected bound: mean / bound). A bound that is never
    /// seen near says little: its constant could be smaller by that factor, and no check would miss the rest.
    ///
    /// # Panics
    /// If the claim is not a bound, or the tightness not in (0, 1].
    #[must_use]
    pub fn tight_to(mut self, least: f64) -> Self {
        assert!(
            least > 0.0 && least <= 1.0,
            "{}: a tightness lies in (0, 1], and {least} does not",
            self.name
        );
        assert!(
            self.experiment.can_be_attained(),
            "{}: only a bound is tight, and this is a claim of the kind {}",
            self.name,
            self.experiment.kind()
        );
        self.least = Some(least);
        self
    }
}
