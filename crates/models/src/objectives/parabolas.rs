//! Sums on the line whose summands are parabolas, or minima of parabolas.

use crate::flatness::SampleCurvatures;
use crate::stochastic::{FiniteSum, NoiseModel};
use crate::{Constant, Ensemble, Minimum, Objective, Vector};

/// x ↦ curvature (x - centre)²/2.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Parabola {
    /// Its second derivative, not negative.
    pub curvature: f64,
    /// Where it is 0.
    pub centre: f64,
}

impl Parabola {
    fn value(self, x: f64) -> f64 {
        self.curvature * (x - self.centre).powi(2) / 2.0
    }
}

/// f = (f_1 + ... + f_n)/n on R, each f_i the smaller of one or two [`Parabola`]s.
///
/// With one parabola each it is quadratic, and its constants are exact. Where two meet f_i has a kink,
/// at which the first one gives the slope; L is then unknown.
///
/// ```
/// use theoria_models::{Objective, Vector, objectives::ParabolaSum};
/// // Gradient descent cannot tell the two minima apart, SGD can.
/// let f = ParabolaSum::two_minima(&[(1.0, 0.1), (1.0, 1.9)]);
/// assert_eq!(f.value(&Vector::zeros(1)) + f.value(&Vector::from_vec(vec![1.0])), 0.0);
/// let (even, uneven) = (f.curvatures_at(0.0), f.curvatures_at(1.0));
/// assert_eq!((even.mean(), uneven.mean()), (2.0, 2.0));
/// assert!(even.variance() == 0.0 && (uneven.variance() - 3.24).abs() < 1e-12);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct ParabolaSum {
    /// Of one parabola twice the same.
    samples: Vec<(Parabola, Parabola)>,
}

impl ParabolaSum {
    /// f_i = a_i (x - c_i)²/2.
    ///
    /// # Panics
    /// If there is no parabola.
    pub fn new(parabolas: &[Parabola]) -> Self {
        assert!(!parabolas.is_empty(), "at least one sample");
        ParabolaSum { samples: parabolas.iter().map(|parabola| (*parabola, *parabola)).collect() }
    }

    /// f_i = a_i x²/2: all have their minimum at 0.
    pub fn centred(curvatures: &[f64]) -> Self {
        let parabolas: Vec<Parabola> =
            curvatures.iter().map(|&curvature| Parabola { curvature, centre: 0.0 }).collect();
        Self::new(&parabolas)
    }

    /// f_i = min{p_i x², q_i (x − 1)²} for pairs (p_i, q_i): all vanish at 0 and at 1, where f has the
    /// curvatures 2 mean(p) and 2 mean(q), while those of the samples may differ (Wu, Ma, E 2018; E, Ma,
    /// Wojtowytsch, Wu 2020, section 5.5).
    ///
    /// # Panics
    /// If there is no pair, or a number is not positive.
    pub fn two_minima(pairs: &[(f64, f64)]) -> Self {
        assert!(!pairs.is_empty(), "at least one sample");
        assert!(pairs.iter().all(|&(p, q)| p > 0.0 && q > 0.0), "curvatures are positive");
        let sample = |&(p, q): &(f64, f64)| {
            let zero = Parabola { curvature: 2.0 * p, centre: 0.0 };
            (zero, Parabola { curvature: 2.0 * q, centre: 1.0 })
        };
        ParabolaSum { samples: pairs.iter().map(sample).collect() }
    }

    /// The curvatures f_i'' of the samples at `x` (at a kink: of the first parabola).
    ///
    /// # Panics
    /// If their mean is not positive.
    pub fn curvatures_at(&self, x: f64) -> SampleCurvatures {
        let samples = 0..self.samples.len();
        SampleCurvatures::new(samples.map(|sample| self.active(sample, x).curvature).collect())
    }

    /// The parabola that is f_i at `x`. Which one it is cannot be foreseen in an ensemble, so both are evaluated.
    fn active(&self, sample: usize, x: f64) -> Parabola {
        let (first, second) = self.samples[sample];
        let lower = second.value(x) < first.value(x);
        let either = |first: f64, second: f64| if lower { second } else { first };
        Parabola {
            curvature: either(first.curvature, second.curvature),
            centre: either(first.centre, second.centre),
        }
    }

    fn mean(&self, part: impl Fn(Parabola) -> f64, x: f64) -> f64 {
        let parts = (0..self.samples.len()).map(|sample| part(self.active(sample, x)));
        parts.sum::<f64>() / self.samples.len() as f64
    }

    fn slope(&self, x: f64) -> f64 {
        self.mean(|parabola| parabola.curvature * (x - parabola.centre), x)
    }

    /// Mean curvature where every f_i is one parabola.
    fn curvature(&self) -> Option<f64> {
        let smooth = self.samples.iter().all(|(first, second)| first == second);
        smooth.then(|| self.mean(|parabola| parabola.curvature, 0.0))
    }

    /// Variance of a part of the first parabolas over the samples.
    fn spread(&self, part: impl Fn(Parabola) -> f64) -> f64 {
        let parts: Vec<f64> = self.samples.iter().map(|(first, _)| part(*first)).collect();
        // Around the first one, so that equal parts have no spread to the bit.
        let shifted = parts.iter().map(|own| own - parts[0]);
        let mean = shifted.clone().sum::<f64>() / parts.len() as f64;
        shifted.map(|own| (own - mean).powi(2)).sum::<f64>() / parts.len() as f64
    }

    /// The points at which every f_i is 0.
    fn common_centres(&self) -> Vec<f64> {
        let (first, second) = self.samples[0];
        let second = (second != first).then_some(second.centre);
        let candidates = [Some(first.centre), second];
        let common = |x: &f64| (0..self.samples.len()).all(|i| self.active(i, *x).value(*x) == 0.0);
        candidates.into_iter().flatten().filter(common).collect()
    }
}

impl Objective for ParabolaSum {
    fn describe(&self) -> String {
        let minima = if self.curvature().is_some() { "" } else { "minima of " };
        format!("mean of {} {minima}parabolas", self.samples.len())
    }

    fn dimension(&self) -> usize {
        1
    }

    fn value(&self, x: &Vector) -> f64 {
        self.mean(|parabola| parabola.value(x[0]), x[0])
    }

    fn gradient_into(&self, x: &Vector, into: &mut Vector) {
        into[0] = self.slope(x[0]);
    }

    fn gradient_block(&self, at: &Ensemble, into: &mut Ensemble) {
        for (slope, &x) in into.coordinate_mut(0).iter_mut().zip(at.coordinate(0)) {
            *slope = self.slope(x);
        }
    }

    fn hessian_vector(&self, x: &Vector, direction: &Vector) -> Option<Vector> {
        Some(direction * self.mean(|parabola| parabola.curvature, x[0]))
    }

    fn rounding(&self, x: &Vector) -> f64 {
        (16.0 + self.samples.len() as f64) * f64::EPSILON * self.value(x)
    }

    fn smoothness(&self) -> Option<Constant> {
        self.curvature().map(Constant::exact)
    }

    fn strong_convexity(&self) -> Option<Constant> {
        let curvature = self.curvature().filter(|&curvature| curvature > 0.0);
        curvature.map(Constant::exact)
    }

    fn minimum(&self) -> Option<Minimum> {
        if !self.common_centres().is_empty() {
            return Some(Minimum::exact(0.0));
        }
        let minimiser = self.nearest_minimiser(&Vector::zeros(1))?;
        Some(Minimum { value: self.value(&minimiser), error: self.rounding(&minimiser) })
    }

    fn nearest_minimiser(&self, x: &Vector) -> Option<Vector> {
        let centres = self.common_centres();
        let nearest =
            centres.into_iter().min_by(|a, b| (a - x[0]).abs().total_cmp(&(b - x[0]).abs()));
        let minimiser = nearest.or_else(|| {
            let curvature = self.strong_convexity()?.value;
            Some(self.mean(|parabola| parabola.curvature * parabola.centre, 0.0) / curvature)
        });
        minimiser.map(|minimiser| Vector::from_element(1, minimiser))
    }
}

impl FiniteSum for ParabolaSum {
    fn samples(&self) -> usize {
        self.samples.len()
    }

    fn sample_value(&self, sample: usize, x: &Vector) -> f64 {
        self.active(sample, x[0]).value(x[0])
    }

    fn sample_gradient_into(&self, sample: usize, x: &Vector, into: &mut Vector) {
        let parabola = self.active(sample, x[0]);
        into[0] = parabola.curvature * (x[0] - parabola.centre);
    }

    fn add_sample_gradients(
        &self,
        samples: &[u32],
        weight: f64,
        at: &Ensemble,
        into: &mut Ensemble,
    ) {
        let pairs = samples.iter().zip(at.coordinate(0));
        for (slope, (&sample, &x)) in into.coordinate_mut(0).iter_mut().zip(pairs) {
            let parabola = self.active(sample as usize, x);
            *slope += weight * parabola.curvature * (x - parabola.centre);
        }
    }

    /// Exact where every f_i is one parabola and either all centres agree (the deviation is that of the
    /// curvatures, times x) or all curvatures do (it does not depend on x).
    fn noise_of_one(&self, model: NoiseModel) -> Option<Constant> {
        let curvature = self.strong_convexity()?.value;
        let curvatures = |parabola: Parabola| parabola.curvature;
        let centres = |parabola: Parabola| parabola.centre;
        let value = match model {
            NoiseModel::Additive if self.spread(curvatures) == 0.0 => {
                curvature * curvature * self.spread(centres)
            }
            NoiseModel::Multiplicative if self.spread(centres) == 0.0 => {
                self.spread(curvatures) / (curvature * curvature)
            }
            NoiseModel::Vanishing if self.spread(centres) == 0.0 => {
                2.0 * self.spread(curvatures) / curvature
            }
            _ => return None,
        };
        Some(Constant::exact(value))
    }
}
