//! Where noise spends its time along the bottom of a valley.

use std::f64::consts::TAU;

use theoria_elementary::{cos, exp, exp_m1, ln, ln_1p, sin, sin_cos};

/// Points of the trapezoidal rule, which for smooth periodic functions is exact to rounding.
const POINTS: usize = 512;

/// Modes of the Fourier series of a density.
const MODES: usize = 128;

/// The power of the loss is not integrable across the valley: the noise collapses onto the bottom.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("f^(-{exponent}) is not integrable across a valley of codimension {codimension}")]
pub struct NotIntegrable {
    /// Exponent 1 + 2/θ.
    pub exponent: f64,
    /// Codimension k, at most twice the exponent.
    pub codimension: usize,
}

/// A density on the circle [0, 2π), predicted for the coordinate along a valley.
///
/// ```
/// use theoria_models::stochastic::Occupation;
/// // h(x) = exp(cos x): the density is von Mises, with mean cosine −I_1(1/2)/I_0(1/2).
/// let flat = Occupation::additive_noise(|x| vec![x.cos().exp()]);
/// assert!((flat.mean_cosine() + 0.257_894_305_390_896 / 1.063_483_370_741_324).abs() < 1e-13);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Occupation {
    /// Coefficients of cos(kx)/π and sin(kx)/π, k from 0; the first stands for half itself.
    modes: Vec<(f64, f64)>,
}

impl Occupation {
    /// The density proportional to a smooth positive weight of period 2π.
    ///
    /// # Panics
    /// If the weight is not positive and finite.
    pub fn proportional_to(weight: impl Fn(f64) -> f64) -> Self {
        let at = |i: usize| TAU * i as f64 / POINTS as f64;
        let weights: Vec<f64> = (0..POINTS).map(|i| weight(at(i))).collect();
        let sound = weights.iter().all(|w| *w > 0.0 && w.is_finite());
        assert!(sound, "a weight is positive and finite");
        let total: f64 = weights.iter().sum();
        let mode = |k: usize| {
            let sum = |wave: fn(f64) -> f64| -> f64 {
                // The angle i k is reduced exactly, before it is rounded.
                let terms = weights.iter().enumerate();
                terms.map(|(i, w)| w / total * wave(at(i * k % POINTS))).sum()
            };
            (sum(cos), sum(sin))
        };
        Occupation { modes: (0..MODES).map(mode).collect() }
    }

    /// For dX = −∇f dt + (2ε)^(1/2) dB in f = y·H(x)y/2, given the eigenvalues of H(x): the law is
    /// exp(−f/ε), and its marginal det H(x)^(-1/2) for *every* ε (Hwang 1980 for ε → 0 in general).
    ///
    /// # Panics
    /// If an eigenvalue is not positive.
    pub fn additive_noise(normal: impl Fn(f64) -> Vec<f64>) -> Self {
        Self::proportional_to(|x| normal(x).iter().map(|h| h.sqrt().recip()).product())
    }

    /// For dX = −∇f dt + (θf)^(1/2) dB in f = y·H(x)y/2 on a ball |y| <= R that reflects, given the k
    /// eigenvalues of H(x): the zero-flux density f^(−p), p = 1 + 2/θ, has the marginal
    /// ∫ (ω·H(x)ω)^(−p) dω over unit vectors ω (after Wojtowytsch 2024, part II). Where all eigenvalues are
    /// h it is h^(−p).
    ///
    /// # Errors
    /// If k <= 2p = 2 + 4/θ: then the density is not integrable, and the noise collapses onto the bottom.
    ///
    /// # Panics
    /// If θ or an eigenvalue is not positive.
    pub fn vanishing_noise(
        normal: impl Fn(f64) -> Vec<f64>,
        theta: f64,
    ) -> Result<Self, NotIntegrable> {
        assert!(theta > 0.0, "θ is positive");
        let exponent = 1.0 + 2.0 / theta;
        let codimension = normal(0.0).len();
        if codimension as f64 <= 2.0 * exponent {
            return Err(NotIntegrable { exponent, codimension });
        }
        let weight = |x| inverse_power_on_sphere(&normal(x), exponent);
        Ok(Self::proportional_to(weight))
    }

    /// The density at x, in units of 1/radian.
    pub fn density(&self, x: f64) -> f64 {
        let waves = self.modes.iter().enumerate().skip(1).map(|(k, (a, b))| {
            let (sin, cos) = sin_cos(k as f64 * x);
            a * cos + b * sin
        });
        (1.0 + 2.0 * waves.sum::<f64>()) / TAU
    }

    /// The probability of [0, x], x in [0, 2π].
    pub fn distribution(&self, x: f64) -> f64 {
        let waves = self.modes.iter().enumerate().skip(1).map(|(k, (a, b))| {
            let (sin, cos) = sin_cos(k as f64 * x);
            (a * sin + b * (1.0 - cos)) / k as f64
        });
        (x + 2.0 * waves.sum::<f64>()) / TAU
    }

    /// E cos X.
    pub fn mean_cosine(&self) -> f64 {
        self.modes[1].0
    }

    /// E sin X.
    pub fn mean_sine(&self) -> f64 {
        self.modes[1].1
    }
}

/// ∫ (ω·Hω)^(−p) dω over the unit sphere of R^k, k > 2p > 0, up to a constant that depends on k and p
/// alone, from the eigenvalues h_i > 0 of H: ∫_0^∞ t^(p−1) Π (1 + 2 t h_i)^(-1/2) dt. (A Gaussian vector
/// has E Q^(−p) = that/Γ(p) for its form Q, and |g|^(−2p) splits off.) Grows like det(H)^(-1/2)/(k/2 − p) as
/// p → k/2.
///
/// # Panics
/// If p is not in (0, k/2) or an eigenvalue not positive.
///
/// ```
/// use theoria_models::stochastic::inverse_power_on_sphere;
/// let round = |h: f64| inverse_power_on_sphere(&[h; 6], 2.0);
/// assert!((round(3.0) / round(1.0) - 1.0 / 9.0).abs() < 1e-12);
/// ```
pub fn inverse_power_on_sphere(eigenvalues: &[f64], power: f64) -> f64 {
    let excess = eigenvalues.len() as f64 / 2.0 - power;
    assert!(power > 0.0 && excess > 0.0, "a power in (0, k/2)");
    assert!(eigenvalues.iter().all(|h| *h > 0.0), "H is positive definite");
    // With t = e^s the trapezoidal rule converges geometrically in 1/step. Beyond the window every
    // factor is 1 or its power of t to rounding, and what is left of the sum is geometric.
    let largest = eigenvalues.iter().copied().fold(0.0, f64::max);
    let smallest = eigenvalues.iter().copied().fold(f64::INFINITY, f64::min);
    let (negligible, step) = (40.0, 0.1);
    let first = ((-ln(largest) - negligible) / step).floor() as i64;
    let last = ((-ln(smallest) + negligible) / step).ceil() as i64;
    let integrand = |i: i64| {
        let s = step * i as f64;
        // log(1 + 2 t h) without overflow.
        let logarithm = |h: &f64| {
            let z = s + ln(2.0 * h);
            z.max(0.0) + ln_1p(exp(-z.abs()))
        };
        let logarithms: f64 = eigenvalues.iter().map(logarithm).sum();
        exp(power * s - logarithms / 2.0)
    };
    let beyond = |end: i64, rate: f64| integrand(end) / exp_m1(rate * step);
    let within: f64 = (first..=last).map(integrand).sum();
    step * (within + beyond(first, power) + beyond(last, excess))
}
