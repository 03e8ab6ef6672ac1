//! Least squares, plain and ridge.

mod samples;

use crate::numerics::not_negative;
use crate::point::{PerTrial, Point};
use crate::products::add_combination;
use crate::{Constant, Ensemble, Matrix, Minimum, Objective, Svd, Vector};

/// f(a) = |X a - y|² / (2n) + ridge |a|² / 2 for n samples (rows of X) of d features.
///
/// The Hessian is XᵀX/n + ridge. L is its largest eigenvalue; f is strongly convex with the
/// smallest one if that is not 0, and satisfies PL with the smallest non-zero one in any case.
///
/// Whether an eigenvalue is 0 is decided without rounding ([`Svd::decided_rank`]). Where one is not 0 but too
/// small to be known (polynomials of high degree, products that were rounded), the minimum without a ridge
/// depends on digits that are lost, and nothing is said of it: no minimiser, no f*, no mu. What is said of f*
/// comes with a bound on its error that holds for these features and targets as they are: with the residual r,
/// f(a) - f* is |P r|²/(2n) for the projection P onto the range of X, and P is known up to an angle.
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
    /// What the square roots of the eigenvalues may be off by, relative to the smallest one.
    tilt: f64,
    /// Whether the rank is beyond doubt.
    decided: bool,
    /// The minimiser of least norm, with the minimum, if they are known.
    solution: Option<(Vector, Minimum)>,
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
    /// If the number of rows of `features` is not the length of `targets`, or is 0, or the ridge is negative or
    /// not finite.
    pub fn with_ridge(features: Matrix, targets: Vector, ridge: f64) -> Self {
        let (samples, dimension) = features.shape();
        assert_eq!(samples, targets.len(), "as many targets as samples");
        assert!(samples > 0, "at least one sample");
        not_negative(ridge, "the ridge");
        let svd = Svd::of(&features);
        let decided = svd.decided_rank(&features);
        let rank = decided.unwrap_or_else(|| svd.rank());
        let n = samples as f64;
        let known = if decided.is_some() { format!("rank {rank}") } else { "rank in doubt".into() };
        let kind = if ridge > 0.0 { "ridge regression" } else { "least squares" };
        let mut problem = LeastSquares {
            spectrum: svd.values().iter().take(rank).map(|s| s * s / n).collect(),
            tilt: svd.tilt(rank),
            decided: decided.is_some(),
            name: format!("{kind}, {samples} samples of {dimension} features, {known}"),
            rows: features.transpose(),
            row_space: svd.right().columns(0, rank).into_owned(),
            features,
            targets,
            ridge,
            solution: None,
        };
        problem.solution = problem.solve(&svd);
        problem
    }

    /// The minimiser of least norm, and how far above f* its value is at most.
    ///
    /// A ridge is √(n ridge) times the identity, put below X as further samples with targets 0: its singular
    /// values are √(σ² + n ridge), and none of them is in doubt if that of the ridge is not.
    fn solve(&self, svd: &Svd) -> Option<(Vector, Minimum)> {
        let n = self.samples();
        let added = n * self.ridge;
        let known = self.decided || svd.rounding() < 1e-3 * added.sqrt();
        let count = if added > 0.0 { svd.values().len() } else { self.rank() };
        let mut minimiser = Vector::zeros(self.dimension());
        for i in 0..count {
            let (singular, left) = (svd.values()[i], svd.left().column(i));
            let square = singular * singular + added;
            if square > 0.0 {
                let weight = singular * left.dot(&self.targets) / square;
                minimiser.axpy(weight, &svd.right().column(i), 1.0);
            }
        }
        let residuals = self.residuals(&minimiser);
        // |P r|² for the residuals r and the projection P onto the range, as computed.
        let part = |i: usize| {
            let (singular, left) = (svd.values()[i], svd.left().column(i));
            let along = added * svd.right().column(i).dot(&minimiser);
            (singular * left.dot(&residuals) + along) / (singular * singular + added).sqrt()
        };
        let in_range = (0..count).map(part).filter(|p| p.is_finite()).map(|p| p * p).sum::<f64>();
        let least = if count == 0 { 0.0 } else { svd.values()[count - 1] };
        let least = if added > 0.0 && count < self.dimension() { 0.0 } else { least };
        let smallest = (least * least + added).sqrt();
        let tilt = if smallest > 0.0 { svd.rounding() / smallest } else { 0.0 };
        let misfit = (residuals.norm_squared() + added * minimiser.norm_squared()).sqrt();
        let projected = in_range.sqrt() + tilt * misfit + self.residual_rounding(&minimiser);
        let error = projected * projected / (2.0 * n) + self.rounding(&minimiser);
        let value = self.value(&minimiser);
        known.then_some((minimiser, Minimum { value, error }))
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

    /// Rank of X; where it is [in doubt](Svd::decided_rank), the numerical rank.
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

    /// The smallest eigenvalue that is not 0, less what it may be off by where that is seen.
    fn least_positive(&self) -> Option<Constant> {
        let least = self.spectrum.iter().copied().reduce(f64::min).filter(|_| self.decided)?;
        let relative = 2.0 * self.tilt;
        Some(if relative <= 1e-10 {
            Constant::exact(least)
        } else {
            Constant::certified(least * (1.0 - relative))
        })
    }

    /// Bound on the norm of the rounding error of the residuals.
    fn residual_rounding(&self, a: &Vector) -> f64 {
        let size = self.features.norm() * a.norm() + self.targets.norm();
        f64::EPSILON * (self.dimension() as f64).sqrt() * size
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
        let each = self.residual_rounding(a);
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
        let full = self.decided && self.rank() == self.dimension();
        let ridge = (self.ridge > 0.0).then(|| Constant::exact(self.ridge));
        match self.least_positive().filter(|_| full) {
            Some(least) => Some(Constant { value: least.value + self.ridge, ..least }),
            None => ridge,
        }
    }

    fn lojasiewicz(&self) -> Option<Constant> {
        self.strong_convexity().or_else(|| self.least_positive())
    }

    fn minimum(&self) -> Option<Minimum> {
        self.solution.as_ref().map(|(_, minimum)| *minimum)
    }

    /// A sum of squares is not negative, whatever is known of the minimum.
    fn bounded_below(&self) -> Option<f64> {
        Some(self.minimum().map_or(0.0, |minimum| minimum.value - minimum.error))
    }

    fn nearest_minimiser(&self, x: &Vector) -> Option<Vector> {
        let (minimiser, _) = self.solution.as_ref()?;
        if self.ridge > 0.0 {
            return Some(minimiser.clone());
        }
        // The part of x outside the row space does not matter to f.
        let inside = &self.row_space * self.row_space.tr_mul(x);
        Some(x - inside + minimiser)
    }
}
