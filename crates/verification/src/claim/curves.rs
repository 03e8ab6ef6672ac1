//! Claims on curves: bounds, identities, exponents, rates.

use std::sync::Arc;

use super::Claim;
use super::experiment::{Experiment, Occasion, Outcome, Seen};
use crate::judgement::{Bound, Direction, Exponent, Identity, LinearRate};
use crate::readings::{Abscissa, Abscissae};
use crate::{Curve, Draw, Family, Finding, Instance, Judgement, Readings, Verdict};

type Measure<I> = dyn Fn(&I, &mut Draw) -> Readings + Send + Sync;
type Predict<I> = dyn Fn(&I, &mut dyn Iterator<Item = f64>) -> Vec<f64> + Send + Sync;
type MeasureBoth<I> = dyn Fn(&I, &mut Draw) -> Curve + Send + Sync;

/// How a claim on curves is measured, what it predicts, and how the two are held against each other.
pub struct Curves<I> {
    judgement: Arc<dyn Judgement>,
    measured: Option<Measured<I>>,
    predicted: Option<Arc<Predict<I>>>,
}

enum Measured<I> {
    /// With a prediction beside it.
    Alone(Arc<Measure<I>>),
    /// Against what was measured as well.
    AgainstMeasured(Arc<MeasureBoth<I>>),
}

impl<I> Clone for Measured<I> {
    fn clone(&self) -> Self {
        match self {
            Measured::Alone(measure) => Measured::Alone(Arc::clone(measure)),
            Measured::AgainstMeasured(measure) => Measured::AgainstMeasured(Arc::clone(measure)),
        }
    }
}

impl<I> Clone for Curves<I> {
    fn clone(&self) -> Self {
        Curves {
            judgement: Arc::clone(&self.judgement),
            measured: self.measured.clone(),
            predicted: self.predicted.clone(),
        }
    }
}

impl<I: Instance + 'static> Claim<I> {
    /// A claim of any kind. `name` is lower case with underscores, since it is the name of a test;
    /// `formula` is the conclusion in one line of plain text.
    pub fn new(name: &str, formula: &str, judgement: impl Judgement + 'static) -> Self {
        let judgement = Arc::new(judgement);
        Self::stated(name, formula, Curves { judgement, measured: None, predicted: None })
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
    ///
    /// # Panics
    /// If the tolerance is not positive and finite.
    #[track_caller]
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

    /// Claimed for the instances of this family too, and attained on each of them: somewhere along
    /// the curve the tightness must reach 0.99, else the claim is not supported.
    ///
    /// # Panics
    /// If the claim is not a bound: nothing else is attained.
    #[must_use]
    pub fn attained_on(self, family: Family<I>) -> Self {
        self.attained_to(0.99, family)
    }

    /// Like [`attained_on`](Claim::attained_on) with another ratio.
    ///
    /// # Panics
    /// If the claim is not a bound: nothing else is attained. If the ratio is not in (0, 1].
    #[must_use]
    #[track_caller]
    pub fn attained_to(mut self, ratio: f64, family: Family<I>) -> Self {
        assert!(
            ratio > 0.0 && ratio <= 1.0,
            "{}: the ratio to which a bound is attained lies in (0, 1], and {ratio} does not",
            self.name
        );
        assert!(
            self.experiment.judgement.can_be_attained(),
            "{}: only a bound is attained, and this is a claim of the kind {}",
            self.name,
            self.experiment.judgement.kind()
        );
        self.families.push((family, Some(ratio)));
        self
    }

    /// How it is measured on an instance, at the same abscissae on each: run the method once, then
    /// read off at each of them.
    ///
    /// ```
    /// # use theoria_verification::{Claim, Instance};
    /// # struct Start(f64);
    /// # impl Instance for Start {
    /// #     fn description(&self) -> String { "a start".into() }
    /// # }
    /// # fn run(start: &Start, steps: usize) -> Vec<f64> { vec![start.0; steps + 1] }
    /// const STEPS: usize = 200;
    /// let claim = Claim::bound("stays", "x_N ≤ x₀")
    ///     .measuring(1..=STEPS, |start: &Start, steps| {
    ///         let run = run(start, STEPS);
    ///         steps.read(|n| run[n])
    ///     })
    ///     .predicting(|start, _| start.0);
    /// ```
    #[must_use]
    pub fn measuring<X: Abscissa + Copy + Send + Sync + 'static>(
        self,
        xs: impl IntoIterator<Item = X>,
        measure: impl Fn(&I, Abscissae<'_, X>) -> Readings + Send + Sync + 'static,
    ) -> Self {
        let xs: Vec<X> = xs.into_iter().collect();
        self.measuring_by_drawing(move |instance, _| measure(instance, Abscissae::new(&xs)))
    }

    /// Like [`measuring`](Claim::measuring), at abscissae that each instance has of its own, or that show
    /// only on the way.
    #[must_use]
    pub fn measuring_each(self, measure: impl Fn(&I) -> Readings + Send + Sync + 'static) -> Self {
        self.measuring_by_drawing(move |instance, _| measure(instance))
    }

    /// Like [`measuring_each`](Claim::measuring_each), for a measurement that draws (test points,
    /// directions).
    #[must_use]
    pub fn measuring_by_drawing(
        mut self,
        measure: impl Fn(&I, &mut Draw) -> Readings + Send + Sync + 'static,
    ) -> Self {
        self.experiment.measured = Some(Measured::Alone(Arc::new(measure)));
        self
    }

    /// What is predicted for an instance at an abscissa.
    #[must_use]
    pub fn predicting(
        mut self,
        predicted: impl Fn(&I, f64) -> f64 + Send + Sync + 'static,
    ) -> Self {
        self.experiment.predicted =
            Some(Arc::new(move |instance, xs| xs.map(|x| predicted(instance, x)).collect()));
        self
    }

    /// Like [`predicting`](Claim::predicting), where the prediction takes something that is computed once
    /// for an instance.
    ///
    /// ```
    /// # use theoria_verification::{Claim, Instance};
    /// # struct Matrix;
    /// # impl Instance for Matrix {
    /// #     fn description(&self) -> String { "a matrix".into() }
    /// # }
    /// # impl Matrix {
    /// #     fn largest_eigenvalue(&self) -> f64 { 1.0 }
    /// #     fn power(&self, n: usize) -> f64 { 1.0 }
    /// # }
    /// let claim = Claim::bound("powers", "|Aⁿ| ≤ λⁿ")
    ///     .measuring(1..=100, |matrix: &Matrix, powers| powers.read(|n| matrix.power(n)))
    ///     .predicting_from(Matrix::largest_eigenvalue, |largest, n| largest.powf(n));
    /// ```
    #[must_use]
    pub fn predicting_from<P>(
        mut self,
        prepare: impl Fn(&I) -> P + Send + Sync + 'static,
        predicted: impl Fn(&P, f64) -> f64 + Send + Sync + 'static,
    ) -> Self {
        self.experiment.predicted = Some(Arc::new(move |instance, xs| {
            let prepared = prepare(instance);
            xs.map(|x| predicted(&prepared, x)).collect()
        }));
        self
    }

    /// How it is measured where what is predicted is measured too: a whole curve.
    #[must_use]
    pub fn experiment(self, measure: impl Fn(&I) -> Curve + Send + Sync + 'static) -> Self {
        self.drawing_experiment(move |instance, _| measure(instance))
    }

    /// Like [`experiment`](Claim::experiment), for a measurement that draws (test points,
    /// directions).
    #[must_use]
    pub fn drawing_experiment(
        mut self,
        measure: impl Fn(&I, &mut Draw) -> Curve + Send + Sync + 'static,
    ) -> Self {
        self.experiment.measured = Some(Measured::AgainstMeasured(Arc::new(measure)));
        self
    }
}

impl<I> Curves<I> {
    fn curve(&self, instance: &I, on: &Occasion<'_>, seen: &mut Seen) -> Curve {
        let draw = || Draw::new(on.stream.trial(0));
        let curve = match &self.measured {
            None => None,
            Some(Measured::Alone(measure)) => {
                let readings = seen.readings.get_or_insert_with(|| measure(instance, &mut draw()));
                self.against_prediction(instance, readings)
            }
            Some(Measured::AgainstMeasured(measure)) => {
                Some(seen.curve.get_or_insert_with(|| measure(instance, &mut draw())).clone())
            }
        };
        curve.unwrap_or_default()
    }

    fn against_prediction(&self, instance: &I, readings: &Readings) -> Option<Curve> {
        let predicted = self.predicted.as_ref()?;
        let mut xs = readings.points().iter().map(|(x, _)| *x);
        Some(Curve::of(readings, &predicted(instance, &mut xs)))
    }
}

impl<I: 'static> Experiment<I> for Curves<I> {
    fn kind(&self) -> &'static str {
        self.judgement.kind()
    }

    fn can_be_attained(&self) -> bool {
        self.judgement.can_be_attained()
    }

    fn missing(&self) -> Option<&'static str> {
        match (&self.measured, &self.predicted) {
            (None, None) => Some(
                "says neither what is measured (`measuring`) nor what is predicted (`predicting`)",
            ),
            (None, Some(_)) => {
                Some("says what is predicted, but not what is measured (`measuring`)")
            }
            (Some(Measured::Alone(_)), None) => {
                Some("says what is measured, but not what is predicted (`predicting`)")
            }
            (Some(Measured::AgainstMeasured(_)), Some(_)) => Some(
                "has an `experiment`, which measures what it predicts, so that `predicting` has no say",
            ),
            (Some(Measured::Alone(_)), Some(_)) | (Some(Measured::AgainstMeasured(_)), None) => {
                None
            }
        }
    }

    fn measurement(&self) -> usize {
        match &self.measured {
            None => 0,
            Some(Measured::Alone(measure)) => Arc::as_ptr(measure).addr(),
            Some(Measured::AgainstMeasured(measure)) => Arc::as_ptr(measure).addr(),
        }
    }

    fn run(&self, instance: &I, on: &Occasion<'_>, seen: &mut Seen) -> Outcome {
        let curve = self.curve(instance, on, seen);
        let finding = self.judgement.judge(&curve, on.attained);
        let thinned = (!curve.is_empty()).then(|| curve.thinned(&finding));
        Outcome { finding, trials: None, curve: thinned }
    }

    fn nearness(&self, instance: &I, on: &Occasion<'_>) -> Option<f64> {
        let curve = self.curve(instance, on, &mut Seen::default());
        let finding = self.judgement.judge(&curve, None);
        match finding.verdict {
            Verdict::Refuted => Some(finding.closeness.max(1.0 + f64::EPSILON)),
            Verdict::Supported => {
                let tightness = finding.severity.tightness().unwrap_or(finding.closeness);
                Some(tightness.min(1.0))
            }
            // What rounding hides shows nothing.
            Verdict::Inconclusive => None,
        }
    }

    fn has_direction(&self) -> bool {
        true
    }

    fn is_about_trials(&self) -> bool {
        false
    }

    fn judge(&self, instance: &I, readings: &Readings) -> Result<Finding, &'static str> {
        match self.against_prediction(instance, readings) {
            Some(curve) => Ok(self.judgement.judge(&curve, None)),
            None => Err("it predicts nothing from the instance and the abscissa alone"),
        }
    }
}
