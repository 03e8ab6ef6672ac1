//! Linear estimators of random coefficients: gradient flow that is stopped, and ridge regression.

use theoria_elementary::{cos, exp, ln, powf};
use theoria_models::numerics::written;
use theoria_models::{Matrix, Vector};
use theoria_verification::{Constant, Draw, Instance};

/// Times at which flow is looked at, before the best of them is refined.
const TIMES: usize = 48;
/// Steps of a golden section, each of which leaves 0.618 of an interval of logarithms.
const REFINEMENTS: usize = 24;
/// The correlation of test inputs along any two eigenvectors, whatever these are.
const TOGETHER: f64 = 0.5;

/// Of how much of the risk of a perfect estimate of one direction, with the ratio ρ of signal to noise, flow at the time
/// c/λ* exceeds that of ridge: ((1 + ρ) e^(−cρ) − 1)²/ρ.
pub(crate) fn excess_of_one_direction(ratio: f64, multiple: f64) -> f64 {
    ((1.0 + ratio) * exp(-multiple * ratio) - 1.0).powi(2) / ratio
}

/// Entries of a matrix whose columns are far from those of the identity.
fn turn(row: usize, column: usize) -> f64 {
    cos(1.0 + 2.0 * row as f64 + 5.0 * (row * column) as f64) + column as f64
}

/// Least squares y = Xw* + noise with random coefficients w*, tested by a quadratic form.
pub(crate) struct Prior {
    /// X, n x d
    features: Matrix,
    /// Covariance of w*, d x d.
    covariance: Matrix,
    /// Whether that is a multiple of the identity.
    isotropic: bool,
    /// σ
    sigma: f64,
    /// λ* = σ²/(n τ²) for the mean variance τ² of a coefficient.
    ridge: f64,
    /// Covariance of the test inputs, d x d.
    inputs: Matrix,
    /// The ratios ρ = s/λ* of the directions.
    ratios: Vec<f64>,
    /// The variances of the test inputs along them.
    weights: Vec<f64>,
    /// The variances of w* along them, over τ².
    variances: Vec<f64>,
}

impl Prior {
    /// With directions of these ratios ρ, variances of the test inputs and variances of w*, which are 1 in the mean; turned
    /// away from the coordinates, with two samples more than directions.
    fn new(ratios: Vec<f64>, weights: Vec<f64>, variances: Vec<f64>, sigma: f64) -> Self {
        let d = ratios.len();
        let n = d + 2;
        let basis = |rows: usize| Matrix::from_fn(rows, d, turn).qr().q();
        let (left, right) = (basis(n), basis(d));
        let ridge = sigma * sigma / n as f64;
        let turned = |values: &[f64], together: f64| {
            let along = Matrix::from_fn(d, d, |i, j| {
                let correlation = if i == j { 1.0 } else { together };
                correlation * (values[i] * values[j]).sqrt()
            });
            &right * along * right.transpose()
        };
        let sizes = ratios.iter().map(|ratio| (n as f64 * ratio * ridge).sqrt());
        let sizes = Matrix::from_diagonal(&Vector::from_iterator(d, sizes));
        Prior {
            features: left * sizes * right.transpose(),
            covariance: turned(&variances, 0.0),
            isotropic: variances.iter().all(|variance| *variance == 1.0),
            sigma,
            ridge,
            inputs: turned(&weights, TOGETHER),
            ratios,
            weights,
            variances,
        }
    }

    /// One to three directions with ratios from a twentieth to fifty.
    pub(crate) fn drawn(draw: &mut Draw) -> Self {
        let d = draw.size(1..=3);
        let ratios = (0..d).map(|_| draw.log_uniform(0.05, 50.0)).collect();
        let weights = (0..d).map(|_| draw.log_uniform(0.05, 20.0)).collect();
        let sigma = draw.log_uniform(0.5, 2.0);
        Prior::new(ratios, weights, vec![1.0; d], sigma)
    }

    /// As those, with one more direction that no sample sees.
    pub(crate) fn partly_seen(draw: &mut Draw) -> Self {
        let mut prior = Prior::drawn(draw);
        prior.ratios.push(0.0);
        prior.weights.push(draw.log_uniform(0.05, 20.0));
        Prior::new(prior.ratios, prior.weights, vec![1.0; prior.variances.len() + 1], prior.sigma)
    }

    /// Two directions, of which the prior thinks differently.
    pub(crate) fn uneven(draw: &mut Draw) -> Self {
        let ratios = vec![draw.log_uniform(0.05, 50.0), draw.log_uniform(0.05, 50.0)];
        let weights = vec![1.0, draw.log_uniform(0.05, 20.0)];
        let first = draw.uniform(0.02, 1.98);
        Prior::new(ratios, weights, vec![first, 2.0 - first], 1.0)
    }

    /// Directions of one ratio ρ.
    pub(crate) fn of_one_ratio(ratio: f64) -> Self {
        Prior::new(vec![ratio; 2], vec![1.0, 3.0], vec![1.0; 2], 1.0)
    }

    /// Two ratios, of which the first makes this share of the risk of ridge.
    pub(crate) fn of_two_ratios([low, high]: [f64; 2], share: f64) -> Self {
        let weight = |ratio: f64, share: f64| share * (1.0 + ratio);
        let weights = vec![weight(low, share), weight(high, 1.0 - share)];
        Prior::new(vec![low, high], weights, vec![1.0; 2], 1.0)
    }

    /// XᵀX/n
    fn gram(&self) -> Matrix {
        self.features.tr_mul(&self.features) / self.features.nrows() as f64
    }

    /// E (ŵ − w*)ᵀ Σ (ŵ − w*) of the estimator ŵ = M Xᵀy/n, over coefficients and noise.
    fn risk(&self, estimator: &Matrix) -> f64 {
        let gram = self.gram();
        let missed = Matrix::identity(gram.nrows(), gram.nrows()) - estimator * &gram;
        let bias = &missed * &self.covariance * missed.transpose();
        let noise = self.sigma * self.sigma / self.features.nrows() as f64;
        let variance = estimator * &gram * estimator.transpose() * noise;
        (&self.inputs * (bias + variance)).trace()
    }

    /// That of gradient flow from 0 at the time c/λ*: M = ∫ e^(−uS) du, S = XᵀX/n, over the times u up to then, the upper right
    /// block of an exponential.
    fn risk_of_flow(&self, multiple: f64) -> f64 {
        let (time, d) = (multiple / self.ridge, self.features.ncols());
        let mut generator = Matrix::zeros(2 * d, 2 * d);
        generator.view_mut((0, 0), (d, d)).copy_from(&(self.gram() * -time));
        generator.view_mut((0, d), (d, d)).copy_from(&(Matrix::identity(d, d) * time));
        let estimator = generator.exp().view((0, d), (d, d)).into_owned();
        self.risk(&estimator)
    }

    /// That of ridge regression with so many times λ*: M = (S + λI)⁻¹.
    fn risk_of_ridge(&self, multiple: f64) -> f64 {
        let d = self.features.ncols();
        let matrix = self.gram() + Matrix::identity(d, d) * (multiple * self.ridge);
        match matrix.cholesky() {
            Some(factor) => self.risk(&factor.inverse()),
            None => f64::NAN,
        }
    }

    /// The least risk of ridge regression, with λ* where the prior is isotropic.
    fn risk_of_best_ridge(&self) -> f64 {
        least(1e-3, 1e3, |multiple| self.risk_of_ridge(multiple))
    }

    /// By how much flow at the time c/λ* exceeds ridge with λ*, of the risk of ridge.
    pub(crate) fn excess(&self, multiple: f64) -> f64 {
        self.risk_of_flow(multiple) / self.risk_of_ridge(1.0) - 1.0
    }

    /// By how much flow at its best time exceeds the best ridge, of the risk of ridge.
    pub(crate) fn least_excess(&self) -> f64 {
        least(1e-2, 30.0, |multiple| self.risk_of_flow(multiple)) / self.risk_of_best_ridge() - 1.0
    }

    /// How far the covariance of w* is from the identity, in its largest entry.
    pub(crate) fn anisotropy(&self) -> f64 {
        let d = self.covariance.nrows();
        (&self.covariance - Matrix::identity(d, d)).amax()
    }
}

/// The least value of a function between two positive numbers: on a grid, then by a golden section.
fn least(low: f64, high: f64, f: impl Fn(f64) -> f64) -> f64 {
    let ratio = powf(high / low, 1.0 / (TIMES - 1) as f64);
    let place = |i: usize| low * powf(ratio, i as f64);
    let values: Vec<f64> = (0..TIMES).map(|i| f(place(i))).collect();
    let best = (0..TIMES).fold(0, |best, i| if values[i] < values[best] { i } else { best });
    let golden = (5f64.sqrt() - 1.0) / 2.0;
    let (mut left, mut right) = (ln(place(best) / ratio), ln(place(best) * ratio));
    for _ in 0..REFINEMENTS {
        let width = golden * (right - left);
        if f(exp(right - width)) < f(exp(left + width)) {
            right = left + width;
        } else {
            left = right - width;
        }
    }
    f(exp((left + right) / 2.0))
}

impl Instance for Prior {
    fn description(&self) -> String {
        let list = |all: &[f64]| all.iter().map(|x| written(*x)).collect::<Vec<_>>().join(", ");
        let prior = if self.isotropic {
            String::new()
        } else {
            format!(", variances of w* {}", list(&self.variances))
        };
        format!("ρ = {}, tested with weights {}{prior}", list(&self.ratios), list(&self.weights))
    }

    fn constants(&self) -> Vec<Constant> {
        vec![Constant::exact("λ*", self.ridge), Constant::exact("σ", self.sigma)]
    }
}
