//! Activation functions.

use std::f64::consts::PI;

use super::gaussian_mean::{gaussian_mean, step_for_pole};
use super::own_activation::OwnActivation;
use crate::Constant;
use theoria_elementary::{asin, erf, exp};
use theoria_elementary::{tanh, tanh_of_each};

/// An activation φ: R -> R, those that are listed with φ(0) = 0.
///
/// At a kink the derivative is that from the left, so that φ'(0) = 0 for ReLU.
///
/// ```
/// use theoria_models::networks::Activation;
///
/// assert_eq!(Activation::Relu.value(-1.0), 0.0);
/// assert_eq!(Activation::Relu.critical_variance().value, 2.0);
/// assert!((Activation::ShiftedSigmoid.critical_variance().value - 16.0).abs() < 1e-12);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Activation {
    /// x.
    Linear,
    /// max(x, 0).
    Relu,
    /// x for x > 0, a x else, with this slope a.
    LeakyRelu(f64),
    /// tanh x.
    Tanh,
    /// erf x = 2/√π ∫_0^x exp(-t²) dt.
    Erf,
    /// σ(x) - 1/2 with the sigmoid σ(x) = 1/(1 + exp(-x)); odd, unlike σ.
    ShiftedSigmoid,
    /// x σ(x).
    Swish,
    /// One that somebody brings along: see [`own`](Activation::own).
    Own(&'static OwnActivation),
}

impl Activation {
    /// An activation of one's own, from φ and φ' (at a kink from the left). Kinks may be at 0 alone. It lives as
    /// long as the program, so make it once.
    ///
    /// ```
    /// use theoria_models::networks::Activation;
    /// let (scale, alpha) = (1.0507009873554805, 1.6732632423543772);
    /// let selu = Activation::own(
    ///     "SELU",
    ///     move |x| if x > 0.0 { scale * x } else { scale * alpha * x.exp_m1() },
    ///     move |x| if x > 0.0 { scale } else { scale * alpha * x.exp() },
    /// );
    /// // Made so that standard normal signals keep their second moment (Klambauer et al. 2017).
    /// assert!((selu.second_moment(1.0) - 1.0).abs() < 1e-9);
    /// ```
    pub fn own(
        name: &str,
        value: impl Fn(f64) -> f64 + Send + Sync + 'static,
        derivative: impl Fn(f64) -> f64 + Send + Sync + 'static,
    ) -> Self {
        Activation::Own(Box::leak(Box::new(OwnActivation::new(name, value, derivative))))
    }

    /// Its name: "ReLU".
    pub fn describe(self) -> String {
        match self {
            Activation::Linear => "linear".into(),
            Activation::Relu => "ReLU".into(),
            Activation::LeakyRelu(slope) => format!("leaky ReLU of slope {slope}"),
            Activation::Tanh => "tanh".into(),
            Activation::Erf => "erf".into(),
            Activation::ShiftedSigmoid => "shifted sigmoid".into(),
            Activation::Swish => "swish".into(),
            Activation::Own(own) => own.name().into(),
        }
    }

    /// φ(x).
    #[inline]
    pub fn value(self, x: f64) -> f64 {
        match self {
            Activation::Linear => x,
            Activation::Relu => x.max(0.0),
            Activation::LeakyRelu(slope) => kinked(x, slope) * x,
            Activation::Tanh => tanh(x),
            Activation::Erf => erf(x),
            // Without the cancellation of σ(x) - 1/2.
            Activation::ShiftedSigmoid => tanh(x / 2.0) / 2.0,
            Activation::Swish => x * sigmoid(x),
            Activation::Own(own) => own.value(x),
        }
    }

    /// φ'(x); at a kink the derivative from the left.
    #[inline]
    pub fn derivative(self, x: f64) -> f64 {
        match self {
            Activation::Linear => 1.0,
            Activation::Relu => kinked(x, 0.0),
            Activation::LeakyRelu(slope) => kinked(x, slope),
            Activation::Tanh => 1.0 - tanh(x).powi(2),
            Activation::Erf => 2.0 / PI.sqrt() * exp(-x * x),
            Activation::ShiftedSigmoid => sigmoid(x) * sigmoid(-x),
            Activation::Swish => sigmoid(x) * (1.0 + x * sigmoid(-x)),
            Activation::Own(own) => own.derivative(x),
        }
    }

    /// φ''(x), or `None` at a kink. Of an own activation by differences of φ', to about ten digits.
    #[inline]
    pub fn second_derivative(self, x: f64) -> Option<f64> {
        match self {
            Activation::Linear => Some(0.0),
            Activation::Relu => (x != 0.0).then_some(0.0),
            Activation::LeakyRelu(slope) => (x != 0.0 || slope == 1.0).then_some(0.0),
            Activation::Tanh => Some(-2.0 * tanh(x) * (1.0 - tanh(x).powi(2))),
            Activation::Erf => Some(-4.0 * x / PI.sqrt() * exp(-x * x)),
            Activation::ShiftedSigmoid => Some(-sigmoid(x) * sigmoid(-x) * tanh(x / 2.0)),
            Activation::Swish => {
                let slope = sigmoid(x) * sigmoid(-x);
                Some(slope * (2.0 - x * tanh(x / 2.0)))
            }
            Activation::Own(own) => own.second_derivative(x),
        }
    }

    /// φ(x), φ'(x) and φ''(x); at a kink the derivative from the left, and 0 for the second.
    #[inline]
    pub fn jet(self, x: f64) -> [f64; 3] {
        if self == Activation::Tanh {
            let value = tanh(x);
            let slope = 1.0 - value * value;
            return [value, slope, -2.0 * value * slope];
        }
        [self.value(x), self.derivative(x), self.second_derivative(x).unwrap_or(0.0)]
    }

    /// Replaces each number x by φ(x).
    pub(super) fn apply(self, numbers: &mut [f64]) {
        match self {
            Activation::Tanh => tanh_of_each(numbers),
            _ => numbers.iter_mut().for_each(|x| *x = self.value(*x)),
        }
    }

    /// Replaces each number x by φ(x), and writes φ'(x) of the first of them into `slopes`, as many as there are places;
    /// at a kink the derivative from the left.
    pub(super) fn apply_with_slopes(self, numbers: &mut [f64], slopes: &mut [f64]) {
        if self == Activation::Tanh {
            tanh_of_each(numbers);
            for (slope, value) in slopes.iter_mut().zip(numbers) {
                *slope = 1.0 - *value * *value;
            }
            return;
        }
        for (slope, x) in slopes.iter_mut().zip(numbers.iter()) {
            *slope = self.derivative(*x);
        }
        self.apply(numbers);
    }

    /// φ'(x), where φ(x) is known; at a kink the derivative from the left.
    #[inline]
    pub(super) fn slope(self, x: f64, value: f64) -> f64 {
        match self {
            Activation::Tanh => 1.0 - value * value,
            _ => self.derivative(x),
        }
    }

    /// A bound on |φ'|.
    pub(super) fn steepest(self) -> f64 {
        match self {
            Activation::LeakyRelu(slope) => slope.abs().max(1.13),
            Activation::Own(own) => own.steepest(),
            // 2/√π for erf, 1.1 for swish, at most 1 for the others.
            _ => 1.13,
        }
    }

    /// Whether φ(s x) = s φ(x) for all s >= 0.
    pub fn is_homogeneous(self) -> bool {
        matches!(self, Activation::Linear | Activation::Relu | Activation::LeakyRelu(_))
    }

    /// E φ(√q z)² for a standard normal z: by a formula for the homogeneous activations and erf
    /// (Williams 1997), by quadrature to about 1e-14 for the others, to about 1e-10 for own ones. `q` is not negative.
    pub fn second_moment(self, q: f64) -> f64 {
        match self {
            Activation::Linear => q,
            Activation::Relu => q / 2.0,
            Activation::LeakyRelu(slope) => (1.0 + slope * slope) * q / 2.0,
            Activation::Erf => 2.0 / PI * asin(2.0 * q / (1.0 + 2.0 * q)),
            Activation::Own(own) => own.mean(q, |x| own.value(x).powi(2)),
            _ => self.mean_by_quadrature(q, |x| self.value(x).powi(2)),
        }
    }

    /// E φ'(√q z)² for a standard normal z, obtained like the [`second_moment`](Self::second_moment).
    pub fn second_moment_of_derivative(self, q: f64) -> f64 {
        match self {
            Activation::Linear => 1.0,
            Activation::Relu => 0.5,
            Activation::LeakyRelu(slope) => (1.0 + slope * slope) / 2.0,
            Activation::Erf => 4.0 / PI / (1.0 + 4.0 * q).sqrt(),
            Activation::Own(own) => own.mean(q, |x| own.derivative(x).powi(2)),
            _ => self.mean_by_quadrature(q, |x| self.derivative(x).powi(2)),
        }
    }

    fn mean_by_quadrature(self, q: f64, integrand: impl Fn(f64) -> f64) -> f64 {
        // The nearest pole of tanh, at iπ/2, decides how fine the grid must be; σ's is at iπ.
        gaussian_mean(|z| integrand(q.sqrt() * z), step_for_pole(PI / 2.0 / q.sqrt()))
    }

    /// The variance factor c with which neither small signals nor gradients grow or fade in a wide
    /// network with weights N(0, c/n_{l-1}).
    ///
    /// For the piecewise linear activations the c with c E φ(z)² = 1 (He et al. 2015):
    /// 2/(1 + a²) for slope a, hence 2 for ReLU and 1 for linear. For the smooth ones c φ'(0)² = 1,
    /// since φ(0) = 0 makes small signals pass linearly (Schoenholz et al. 2017). Exact. For own ones with
    /// φ(0) = 0 the c of small signals, c (φ'(0-)² + φ'(0+)²)/2 = 1, which is both.
    ///
    /// # Panics
    /// If an own activation is not 0 at 0: no signal is small then.
    pub fn critical_variance(self) -> Constant {
        if let Activation::Own(own) = self {
            assert!(
                own.value(0.0) == 0.0,
                "{} is not 0 at 0, so small signals do not stay small",
                own.name()
            );
            return Constant::exact(1.0 / own.mean_square_slope_at_zero());
        }
        Constant::exact(match self {
            Activation::Linear | Activation::Relu | Activation::LeakyRelu(_) => {
                1.0 / self.second_moment(1.0)
            }
            _ => 1.0 / self.derivative(0.0).powi(2),
        })
    }
}

#[inline]
fn kinked(x: f64, slope: f64) -> f64 {
    if x > 0.0 { 1.0 } else { slope }
}

#[inline]
fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + exp(-x))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ALL: [Activation; 7] = [
        Activation::Linear,
        Activation::Relu,
        Activation::LeakyRelu(0.3),
        Activation::Tanh,
        Activation::Erf,
        Activation::ShiftedSigmoid,
        Activation::Swish,
    ];

    proptest! {
        #[test]
        fn derivatives_are_slopes(x in -5.0..5.0f64) {
            prop_assume!(x.abs() > 1e-3);
            let h = 1e-5;
            for phi in ALL {
                let slope = (phi.value(x + h) - phi.value(x - h)) / (2.0 * h);
                prop_assert!((phi.derivative(x) - slope).abs() < 1e-8, "{phi:?}");
                let bend = (phi.derivative(x + h) - phi.derivative(x - h)) / (2.0 * h);
                prop_assert!((phi.second_derivative(x).unwrap() - bend).abs() < 1e-8, "{phi:?}");
                let [value, derivative, second] = phi.jet(x);
                prop_assert_eq!(value, phi.value(x));
                prop_assert_eq!(derivative, phi.derivative(x));
                prop_assert_eq!(derivative, phi.slope(x, value));
                prop_assert_eq!(Some(second), phi.second_derivative(x));
                prop_assert!(derivative.abs() <= phi.steepest());
                let (mut values, mut slopes) = ([x, -x], [0.0]);
                phi.apply_with_slopes(&mut values, &mut slopes);
                prop_assert_eq!(values, [x, -x].map(|x| phi.value(x)));
                prop_assert_eq!(slopes, [derivative]);
            }
        }

        #[test]
        fn formulas_of_moments_agree_with_quadrature(q in 0.01..20.0f64) {
            for phi in [Activation::Linear, Activation::Erf] {
                let step = step_for_pole(f64::INFINITY) / (1.0 + 4.0 * q).sqrt();
                let value = gaussian_mean(|z| phi.value(q.sqrt() * z).powi(2), step);
                let slope = gaussian_mean(|z| phi.derivative(q.sqrt() * z).powi(2), step);
                prop_assert!((phi.second_moment(q) - value).abs() < 1e-12 * (1.0 + q), "{phi:?}");
                prop_assert!((phi.second_moment_of_derivative(q) - slope).abs() < 1e-12, "{phi:?}");
            }
        }
    }

    #[test]
    fn all_vanish_at_0() {
        for phi in ALL {
            assert_eq!(phi.value(0.0), 0.0, "{phi:?}");
        }
    }

    #[test]
    fn critical_variances_are_those_of_the_literature() {
        let expected = [1.0, 2.0, 2.0 / 1.09, 1.0, PI / 4.0, 16.0, 4.0];
        for (phi, expected) in ALL.into_iter().zip(expected) {
            let found = phi.critical_variance().value;
            assert!((found - expected).abs() < 1e-14 * expected, "{phi:?}: {found}");
        }
    }

    #[test]
    fn moments_of_tanh_and_of_swish_are_those_of_adaptive_quadrature() {
        // 30 digits by mpmath.quad.
        for (phi, q, value, slope) in REFERENCE {
            assert!((phi.second_moment(q) - value).abs() < 1e-14 * (1.0 + value), "{phi:?} {q}");
            let found = phi.second_moment_of_derivative(q);
            assert!((found - slope).abs() < 1e-14, "{phi:?} {q} {found}");
        }
    }

    const REFERENCE: [(Activation, f64, f64, f64); 9] = [
        (Activation::Tanh, 0.1, 0.084_213_928_421_107_24, 0.849_207_068_406_472),
        (Activation::Tanh, 1.0, 0.394_294_490_397_841_15, 0.464_402_902_448_268_26),
        (Activation::Tanh, 9.0, 0.745_166_707_993_423, 0.174_229_325_410_189_1),
        (Activation::ShiftedSigmoid, 0.1, 0.005_957_816_345_326_397, 0.059_621_386_097_093_255),
        (Activation::ShiftedSigmoid, 1.0, 0.043_379_035_858_092_96, 0.044_836_241_350_194_37),
        (Activation::ShiftedSigmoid, 9.0, 0.135_162_095_226_089_46, 0.020_750_661_352_740_37),
        (Activation::Swish, 0.1, 0.026_732_642_963_811_5, 0.272_757_329_905_323_25),
        (Activation::Swish, 1.0, 0.355_775_519_817_352_17, 0.379_482_351_632_829_3),
        (Activation::Swish, 9.0, 4.2494099877798695, 0.494_865_484_119_268_3),
    ];
}
