//! Least squares, plain and ridge.

mod samples;

use crate::point::{PerTrial, Point};
use crate::products::add_combination;
use crate::{Constant, Ensemble, Matrix, Minimum, Objective, Svd, Vector};

/// f(a) = |X a - y|² / (2n) + ridge |a|² / 2 for n samples (rows of X) of d features.
///
/// The Hessian is XᵀX/n + ridge. L is its largest eigenvalue; f is strongly convex with the
/// smallest one if that is not 0, and satisfies PL with the smallest non-zero one in any case. A
/// singular value counts as zero below `max(n, d) * eps` times the largest.
///
/// ```
/// use theoria_models::{Matrix, Objective, Vector, objectives::LeastSquares};
/// // Two equal features: rank 1, so not strongly convex, but PL.
/// let f = LeastSquares::new(Matrix::from_row_slice(1, 2, &[1.0, 1.0]), Vector::from_vec(vec![2.0]));
/// assert!(f.strong_convexity().is_none());
/// assert!((f.lojasiewicz().unwrap().value - 2.0).abs() < 1e-12);
/// ```
#[derive(Debug, Clone)]
pub struct LeastSquares {
    features: Matrix,
    /// Xᵀ: the features of one sample side by side.
    rows: Matrix,
    targets: Vector,
    ridge: f64,
    /// Orthonormal basis (columns) of the row space of X.
    row_space: Matrix,
    /// Eigenvalues of XᵀX/n on the row space.
    spectrum: Vec<f64>,
    /// The minimiser of least norm.
    minimiser: Vector,
    name: String,
}

impl LeastSquares {
    /// Plain least squares.
    ///
    /// # Panics
    /// If the number of rows of `features` is not the length of `targets`, or is 0.
    pub fn new(features: Matrix, targets: Vector) -> Self {
        Self::with_ridge(features, targets, 0.0)
    }

    /// Ridge regression; `ridge` is not negative.
    ///
    /// # Panics
    /// If the number of rows of `features` is not the length of `targets`, or is 0.
    pub fn with_ridge(features: Matrix, targets: Vector, ridge: f64) -> Self {
        let (samples, dimension) = features.shape();
        assert_eq!(samples, targets.len(), "as many targets as samples");
        assert!(samples > 0, "at least one sample");
        let svd = Svd::of(&features);
        let rank = svd.rank();
        let n = samples as f64;
        let row_space = svd.row_space();
        let mut minimiser = Vector::zeros(dimension);
        for i in 0..rank {
            let singular = svd.values()[i];
            let weight =
                singular * svd.left().column(i).dot(&targets) / (singular * singular + n * ridge);
            minimiser.axpy(weight, &row_space.column(i), 1.0);
        }
        LeastSquares {
            spectrum: svd.values().iter().take(rank).map(|s| s * s / n).collect(),
            name: format!(
                "{}, {samples} samples of {dimension} features, rank {}",
                if ridge > 0.0 { "ridge regression" } else { "least squares" },
                rank
            ),
            rows: features.transpose(),
            features,
            targets,
            ridge,
            row_space,
            minimiser,
        }
    }

    /// The same problem under a name that says where the data come from.
    #[must_use]
    pub fn named(mut self, data: &str) -> Self {
        self.name = format!("{data}: {}", self.name);
        self
    }

    /// The matrix X, n x d.
    pub fn features(&self) -> &Matrix {
        &self.features
    }

    /// The targets y.
    pub fn targets(&self) -> &Vector {
        &self.targets
    }

    /// Rank of X.
    pub fn rank(&self) -> usize {
        self.spectrum.len()
    }

    fn samples(&self) -> f64 {
        self.targets.len() as f64
    }

    fn residuals(&self, a: &Vector) -> Vector {
        if self.is_large() {
            let mut residuals = -&self.targets;
            add_combination(&mut residuals, &self.features, a);
            return residuals;
        }
        &self.features * a - &self.targets
    }

    /// Whether combinations of rows and columns are long enough for a kernel of their own.
    fn is_large(&self) -> bool {
        self.features.nrows().min(self.features.ncols()) >= 64
    }

    /// x_i·a - y_i, i = `sample`, for all trials.
    fn residual_block(&self, sample: usize, at: &Ensemble, into: &mut [f64]) {
        into.fill(-self.targets[sample]);
        for coordinate in 0..at.dimension() {
            let feature = self.features[(sample, coordinate)];
            for (residual, number) in into.iter_mut().zip(at.coordinate(coordinate)) {
                *residual += feature * number;
            }
        }
    }

    fn least_positive(&self) -> Option<f64> {
        self.spectrum.iter().copied().reduce(f64::min)
    }
}

impl Objective for LeastSquares {
    fn describe(&self) -> String {
        self.name.clone()
    }

    fn dimension(&self) -> usize {
        self.features.ncols()
    }

    fn value(&self, a: &Vector) -> f64 {
        self.residuals(a).norm_squared() / (2.0 * self.samples())
            + self.ridge * a.norm_squared() / 2.0
    }

    fn gradient_into(&self, a: &Vector, into: &mut Vector) {
        let mut residuals = self.residuals(a);
        if self.is_large() {
            residuals /= self.samples();
            into.copy_from(a);
            *into *= self.ridge;
            add_combination(into, &self.rows, &residuals);
            return;
        }
        into.gemv_tr(1.0 / self.samples(), &self.features, &residuals, 0.0);
        into.axpy(self.ridge, a, 1.0);
    }

    /// Sample by sample, all trials side by side.
    fn gradient_block(&self, at: &Ensemble, into: &mut Ensemble) {
        into.numbers_mut().fill(0.0);
        let mut residuals = vec![0.0; at.trials()];
        for sample in 0..self.targets.len() {
            self.residual_block(sample, at, &mut residuals);
            for coordinate in 0..at.dimension() {
                let weight = self.features[(sample, coordinate)] / self.samples();
                let slopes = into.coordinate_mut(coordinate).iter_mut();
                for (slope, residual) in slopes.zip(&residuals) {
                    *slope += weight * residual;
                }
            }
        }
        into.axpy(self.ridge, at);
    }

    fn value_block(&self, at: &Ensemble, into: &mut [f64]) {
        at.inner(at, into);
        into.iter_mut().for_each(|value| *value *= self.ridge / 2.0);
        let mut residuals = vec![0.0; at.trials()];
        for sample in 0..self.targets.len() {
            self.residual_block(sample, at, &mut residuals);
            for (value, residual) in into.iter_mut().zip(&residuals) {
                *value += residual * residual / (2.0 * self.samples());
            }
        }
    }

    fn hessian_vector(&self, _a: &Vector, direction: &Vector) -> Option<Vector> {
        let image = &self.features * direction;
        Some(self.features.tr_mul(&image) / self.samples() + direction * self.ridge)
    }

    fn hessian(&self, _a: &Vector) -> Option<Matrix> {
        let mut hessian = self.features.tr_mul(&self.features) / self.samples();
        for i in 0..self.dimension() {
            hessian[(i, i)] += self.ridge;
        }
        Some(hessian)
    }

    fn rounding(&self, a: &Vector) -> f64 {
        let residuals = self.residuals(a);
        let size = self.features.norm() * a.norm() + self.targets.norm();
        let each = f64::EPSILON * (self.dimension() as f64).sqrt() * size;
        (residuals.norm() * each + each * each) / self.samples()
            + 16.0 * f64::EPSILON * self.value(a)
    }

    fn gradient_rounding(&self, a: &Vector) -> f64 {
        let norm = self.features.norm();
        let products = norm * (norm * a.norm() + self.targets.norm()) / self.samples();
        4.0 * f64::EPSILON * (products + self.ridge * a.norm())
    }

    fn smoothness(&self) -> Option<Constant> {
        let largest = self.spectrum.iter().copied().fold(0.0, f64::max);
        Some(Constant::exact(largest + self.ridge))
    }

    fn strong_convexity(&self) -> Option<Constant> {
        let least = match self.least_positive() {
            Some(least) if self.rank() == self.dimension() => least,
            _ => 0.0,
        };
        Some(least + self.ridge).filter(|&mu| mu > 0.0).map(Constant::exact)
    }

    fn lojasiewicz(&self) -> Option<Constant> {
        match self.strong_convexity() {
            Some(mu) => Some(mu),
            None => self.least_positive().map(Constant::exact),
        }
    }

    fn minimum(&self) -> Option<Minimum> {
        let value = self.value(&self.minimiser);
        Some(Minimum { value, error: self.rounding(&self.minimiser) })
    }

    fn nearest_minimiser(&self, x: &Vector) -> Option<Vector> {
        if self.ridge > 0.0 {
            return Some(self.minimiser.clone());
        }
        // The part of x outside the row space does not matter to f.
        let inside = &self.row_space * self.row_space.tr_mul(x);
        Some(x - inside + &self.minimiser)
    }
}
