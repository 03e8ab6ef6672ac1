//! Linear regression, parametrised by squares.

use crate::stochastic::FiniteSum;
use crate::{Matrix, Minimum, Objective, Vector, exact_rank};

/// f(u, v) = |X β − y|²/(2n) with β = u∘u − v∘v: a two-layer linear network with diagonal weights
/// (Woodworth et al. 2020). Points are (u, v) in R^(2d).
///
/// A gradient step multiplies: u ← u∘(1 − 2ηg), v ← v∘(1 + 2ηg), g = Xᵀ(Xβ − y)/n. So u∘v shrinks by
/// the factor 1 − 4η²g² exactly, coordinate by coordinate, also for stochastic g (the discrete form of
/// Pesme, Pillaud-Vivien, Flammarion 2021), and under gradient flow from u = v = α stays α², so that
/// arcsinh(β/(2α²)) stays in the row space of X.
///
/// ```
/// use theoria_models::{Matrix, Objective, Vector, networks::DiagonalLinearNetwork};
/// let f = DiagonalLinearNetwork::new(Matrix::identity(1, 1), Vector::from_element(1, 3.0));
/// let mut point = f.start(&Vector::from_element(1, 1.0));
/// let slope = f.slope(&f.predictor(&point));
/// f.multiply(&mut point, &slope, 0.01);
/// assert_eq!(point, Vector::from_vec(vec![1.06, 0.94]));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct DiagonalLinearNetwork {
    features: Matrix,
    targets: Vector,
    interpolates: bool,
}

impl DiagonalLinearNetwork {
    /// With features X, n x d, and targets y.
    ///
    /// # Panics
    /// If there are not as many targets as rows, or none.
    pub fn new(features: Matrix, targets: Vector) -> Self {
        assert_eq!(features.nrows(), targets.len(), "as many targets as samples");
        assert!(!features.is_empty(), "at least one sample and one feature");
        DiagonalLinearNetwork {
            interpolates: exact_rank(&features) == Some(features.nrows()),
            features,
            targets,
        }
    }

    /// The matrix X, n x d.
    pub fn features(&self) -> &Matrix {
        &self.features
    }

    /// The targets y, n.
    pub fn targets(&self) -> &Vector {
        &self.targets
    }

    /// The point u = v = α, d, at which β = 0.
    ///
    /// # Panics
    /// If α has not the length d.
    pub fn start(&self, alpha: &Vector) -> Vector {
        let d = self.features.ncols();
        assert_eq!(alpha.len(), d, "one scale a feature");
        Vector::from_fn(2 * d, |k, _| alpha[k % d])
    }

    /// β = u∘u − v∘v, d.
    pub fn predictor(&self, point: &Vector) -> Vector {
        let d = self.features.ncols();
        Vector::from_fn(d, |j, _| point[j] * point[j] - point[d + j] * point[d + j])
    }

    /// (|u_j v_j|)^(1/2), d: the scales α that the entropy of the limit has from here on.
    pub fn scales(&self, point: &Vector) -> Vector {
        let d = self.features.ncols();
        Vector::from_fn(d, |j, _| (point[j] * point[d + j]).abs().sqrt())
    }

    /// g = Xᵀ(Xβ − y)/n, d: the gradient in β.
    pub fn slope(&self, predictor: &Vector) -> Vector {
        let mut residuals = -&self.targets;
        residuals.gemv(1.0, &self.features, predictor, 1.0);
        self.features.tr_mul(&residuals) / self.targets.len() as f64
    }

    /// x_i (x_i·β − y_i), d: the gradient in β of one sample, with fresh label noise if `label` is
    /// not y_i.
    pub fn sample_slope(&self, sample: usize, label: f64, predictor: &Vector) -> Vector {
        let row = self.features.row(sample);
        let residual = row.tr_dot(predictor) - label;
        row.transpose() * residual
    }

    /// Makes the step u ← u∘(1 − 2ηg), v ← v∘(1 + 2ηg) for a gradient g in β.
    pub fn multiply(&self, point: &mut Vector, slope: &Vector, step: f64) {
        let d = slope.len();
        for (j, g) in slope.iter().enumerate() {
            point[j] *= 1.0 - 2.0 * step * g;
            point[d + j] *= 1.0 + 2.0 * step * g;
        }
    }
}

impl FiniteSum for DiagonalLinearNetwork {
    fn samples(&self) -> usize {
        self.targets.len()
    }

    /// (x_i·β − y_i)²/2.
    fn sample_value(&self, sample: usize, point: &Vector) -> f64 {
        let output = self.features.row(sample).tr_dot(&self.predictor(point));
        (output - self.targets[sample]).powi(2) / 2.0
    }

    fn sample_gradient_into(&self, sample: usize, point: &Vector, into: &mut Vector) {
        let slope = self.sample_slope(sample, self.targets[sample], &self.predictor(point));
        pull_back(point, &slope, into);
    }
}

/// The gradient in (u, v) from that in β.
fn pull_back(point: &Vector, slope: &Vector, into: &mut Vector) {
    let d = slope.len();
    for (j, g) in slope.iter().enumerate() {
        into[j] = 2.0 * point[j] * g;
        into[d + j] = -2.0 * point[d + j] * g;
    }
}

impl Objective for DiagonalLinearNetwork {
    fn describe(&self) -> String {
        let (n, d) = self.features.shape();
        format!("diagonal linear network, {n} samples of {d} features")
    }

    fn dimension(&self) -> usize {
        2 * self.features.ncols()
    }

    fn value(&self, point: &Vector) -> f64 {
        let residuals = &self.features * self.predictor(point) - &self.targets;
        residuals.norm_squared() / (2.0 * self.targets.len() as f64)
    }

    fn gradient_into(&self, point: &Vector, into: &mut Vector) {
        pull_back(point, &self.slope(&self.predictor(point)), into);
    }

    fn hessian_vector(&self, point: &Vector, direction: &Vector) -> Option<Vector> {
        let d = self.features.ncols();
        let slope = self.slope(&self.predictor(point));
        let moved = Vector::from_fn(d, |j, _| {
            2.0 * (point[j] * direction[j] - point[d + j] * direction[d + j])
        });
        let turned = self.features.tr_mul(&(&self.features * moved)) / self.targets.len() as f64;
        let mut image = Vector::zeros(2 * d);
        pull_back(point, &turned, &mut image);
        for j in 0..d {
            image[j] += 2.0 * slope[j] * direction[j];
            image[d + j] -= 2.0 * slope[j] * direction[d + j];
        }
        Some(image)
    }

    fn rounding(&self, point: &Vector) -> f64 {
        let size = self.features.norm() * point.norm_squared() + self.targets.norm();
        let each = f64::EPSILON * (self.features.ncols() as f64).sqrt() * size;
        let residuals = &self.features * self.predictor(point) - &self.targets;
        each * (residuals.norm() + each) / self.targets.len() as f64
            + 16.0 * f64::EPSILON * self.value(point)
    }

    /// 0 where X has full row rank.
    fn minimum(&self) -> Option<Minimum> {
        self.interpolates.then(|| Minimum::exact(0.0))
    }

    fn bounded_below(&self) -> Option<f64> {
        Some(0.0)
    }
}
