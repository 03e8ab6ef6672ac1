//! Activations that somebody brings along.

use std::fmt;

use crate::numerics::simpson;
use theoria_elementary::exp;

/// An activation given as functions: see [`Activation::own`](super::Activation::own).
pub struct OwnActivation {
    name: String,
    value: Box<dyn Fn(f64) -> f64 + Send + Sync>,
    derivative: Box<dyn Fn(f64) -> f64 + Send + Sync>,
    /// A bound on |φ'| where signals are.
    steepest: f64,
}

/// exp(-z²/2) is below 1e-20 of its maximum beyond.
const REACH: f64 = 9.6;
/// Cells of the quadrature on each side of 0: for functions that are smooth there its error is below 1e-10.
const CELLS: u32 = 2000;

impl OwnActivation {
    pub(super) fn new(
        name: &str,
        value: impl Fn(f64) -> f64 + Send + Sync + 'static,
        derivative: impl Fn(f64) -> f64 + Send + Sync + 'static,
    ) -> Self {
        let slopes = (-400..=400).map(|i| derivative(f64::from(i) / 20.0).abs());
        OwnActivation {
            name: name.into(),
            steepest: 1.25 * slopes.fold(0.0, f64::max),
            value: Box::new(value),
            derivative: Box::new(derivative),
        }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn value(&self, x: f64) -> f64 {
        (self.value)(x)
    }

    pub(super) fn derivative(&self, x: f64) -> f64 {
        (self.derivative)(x)
    }

    /// From the difference of slopes; unknown at a kink.
    pub(super) fn second_derivative(&self, x: f64) -> Option<f64> {
        let h = 1e-5 * (1.0 + x.abs());
        let sides = [x - h, x, x + h].map(|x| self.derivative(x));
        let (left, right) = (sides[1] - sides[0], sides[2] - sides[1]);
        // At a kink one side changes and the other does not.
        let smooth = (left - right).abs() <= 1e-3 * self.steepest.max(f64::MIN_POSITIVE);
        smooth.then(|| (sides[2] - sides[0]) / (2.0 * h))
    }

    pub(super) fn steepest(&self) -> f64 {
        self.steepest
    }

    /// E g(√q z) for a standard normal z and a g that is smooth but for 0, where it is taken from each side.
    pub(super) fn mean(&self, q: f64, g: impl Fn(f64) -> f64) -> f64 {
        let density = |z: f64| exp(-z * z / 2.0) / (2.0 * std::f64::consts::PI).sqrt();
        let integrand = |z: f64| density(z) * g(q.sqrt() * z);
        // The least positive number stands for 0 from the right.
        simpson(-REACH, 0.0, CELLS, integrand)
            + simpson(0.0, REACH, CELLS, |z| integrand(z.max(1e-300)))
    }

    /// (φ'(0-)² + φ'(0+)²)/2, with which small signals pass.
    pub(super) fn mean_square_slope_at_zero(&self) -> f64 {
        let (left, right) = (self.derivative(0.0), self.derivative(1e-300));
        f64::midpoint(left * left, right * right)
    }
}

impl fmt::Debug for OwnActivation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.name)
    }
}

/// Two that were made apart are different, whatever they compute.
impl PartialEq for OwnActivation {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Activation;
    use theoria_elementary::erf;

    fn gelu() -> Activation {
        let below = |x: f64| (1.0 + erf(x / 2f64.sqrt())) / 2.0;
        let density = |x: f64| (-x * x / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
        Activation::own("GELU", move |x| x * below(x), move |x| below(x) + x * density(x))
    }

    #[test]
    fn means_of_gelu_are_those_of_adaptive_quadrature() {
        // mpmath.quad, 30 digits: E φ(z)², E φ'(z)².
        let gelu = gelu();
        assert!((gelu.second_moment(1.0) - 0.425_221_482_570_298_7).abs() < 1e-10);
        assert!((gelu.second_moment_of_derivative(1.0) - 0.455_850_865_649_287_1).abs() < 1e-10);
        assert!((gelu.critical_variance().value - 4.0).abs() < 1e-14);
        assert!(
            (gelu.second_derivative(0.0).unwrap() - 2.0 / (2.0 * std::f64::consts::PI).sqrt())
                .abs()
                < 1e-8
        );
    }

    #[test]
    fn an_own_activation_with_a_kink_is_one_of_ours() {
        let relu = Activation::own("own ReLU", |x| x.max(0.0), |x| if x > 0.0 { 1.0 } else { 0.0 });
        for q in [0.3, 1.0, 7.0] {
            assert!((relu.second_moment(q) - q / 2.0).abs() < 1e-10);
            assert!((relu.second_moment_of_derivative(q) - 0.5).abs() < 1e-10);
        }
        assert_eq!(relu.critical_variance().value, 2.0);
        assert!(relu.second_derivative(0.0).is_none());
    }
}
