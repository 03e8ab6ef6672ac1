//! Matrices from few measurements, in factored form.

use rand::Rng;

use super::{Activation, DeepLinear, FullyConnected, Initialization, Pass};
use crate::{Constant, Matrix, Minimum, Objective, Vector};

/// f = Σ_k (⟨A_k, W_N ⋯ W_1⟩ - b_k)²/(2n) as a function of the entries of all factors, in the order of
/// [`DeepLinear::flatten`]. With N = 1 it is convex; with N > 1 and a small start gradient descent
/// prefers low rank (Gunasekar et al. 2017; Arora, Cohen, Hu, Luo 2019).
///
/// ```
/// use theoria_models::{Matrix, Objective, networks::{DeepLinear, MatrixSensing}};
///
/// let truth = Matrix::from_row_slice(2, 2, &[1.0, 2.0, 2.0, 4.0]);
/// let f = MatrixSensing::completion(&[2, 2, 2], &truth, &[(0, 0), (0, 1), (1, 0)]);
/// let solution = DeepLinear::balanced(&truth, 2).flatten();
/// assert!(f.value(&solution) < 1e-28);
/// ```
#[derive(Debug, Clone)]
pub struct MatrixSensing {
    network: FullyConnected,
    identity: Matrix,
    measurements: Measurements,
    values: Vec<f64>,
}

#[derive(Debug, Clone)]
enum Measurements {
    /// Entries at (row, column).
    Entries(Vec<(usize, usize)>),
    /// Inner products with these matrices.
    Matrices(Vec<Matrix>),
}

impl MatrixSensing {
    /// Measures `truth` by its inner products with these matrices.
    ///
    /// # Panics
    /// If there is none, or shapes do not fit the widths n_0, ..., n_N.
    pub fn new(widths: &[usize], truth: &Matrix, matrices: Vec<Matrix>) -> Self {
        assert!(matrices.iter().all(|a| a.shape() == truth.shape()), "shapes of measurements");
        Self::with(widths, truth, Measurements::Matrices(matrices))
    }

    /// Measures `truth` by its inner products with this many matrices of independent standard
    /// normal entries.
    ///
    /// # Panics
    /// If there is none, or the truth does not fit the widths n_0, ..., n_N.
    pub fn gaussian<R: Rng + ?Sized>(
        widths: &[usize],
        truth: &Matrix,
        measurements: usize,
        rng: &mut R,
    ) -> Self {
        let (rows, columns) = truth.shape();
        let standard = Initialization::Gaussian { variance: columns as f64 };
        let matrices = (0..measurements).map(|_| standard.draw(rows, columns, rng));
        Self::new(widths, truth, matrices.collect())
    }

    /// Measures `truth` at these (row, column) positions: matrix completion.
    ///
    /// # Panics
    /// If there is none, one lies outside, or the truth does not fit the widths n_0, ..., n_N.
    pub fn completion(widths: &[usize], truth: &Matrix, entries: &[(usize, usize)]) -> Self {
        Self::with(widths, truth, Measurements::Entries(entries.to_vec()))
    }

    fn with(widths: &[usize], truth: &Matrix, measurements: Measurements) -> Self {
        let network = FullyConnected::new(widths, Activation::Linear);
        let shape = (widths[network.depth()], widths[0]);
        assert_eq!(truth.shape(), shape, "the truth fits the widths");
        let values = measurements.of(truth);
        assert!(!values.is_empty(), "at least one measurement");
        MatrixSensing {
            network,
            identity: Matrix::identity(widths[0], widths[0]),
            measurements,
            values,
        }
    }

    /// The matrix of these entries.
    ///
    /// # Panics
    /// If there are not as many as the dimension.
    pub fn matrix(&self, parameters: &Vector) -> Matrix {
        DeepLinear::unflatten(self.network.widths(), parameters).end_to_end()
    }

    /// Number of measurements n.
    pub fn measurements(&self) -> usize {
        self.values.len()
    }

    fn residuals(&self, matrix: &Matrix) -> Vec<f64> {
        let seen = self.measurements.of(matrix);
        seen.iter().zip(&self.values).map(|(s, b)| s - b).collect()
    }

    /// The derivative of f by the matrix.
    fn slope(&self, pass: &Pass) -> Matrix {
        let residuals = self.residuals(pass.output());
        self.measurements.adjoint(&residuals, pass.output().shape()) / self.values.len() as f64
    }
}

impl Measurements {
    /// ⟨A_k, matrix⟩ for all k.
    fn of(&self, matrix: &Matrix) -> Vec<f64> {
        match self {
            Measurements::Entries(entries) => entries.iter().map(|at| matrix[*at]).collect(),
            Measurements::Matrices(matrices) => matrices.iter().map(|a| a.dot(matrix)).collect(),
        }
    }

    /// Σ_k weights_k A_k.
    fn adjoint(&self, weights: &[f64], (rows, columns): (usize, usize)) -> Matrix {
        let mut sum = Matrix::zeros(rows, columns);
        match self {
            Measurements::Entries(entries) => {
                for (at, weight) in entries.iter().zip(weights) {
                    sum[*at] += weight;
                }
            }
            Measurements::Matrices(matrices) => {
                for (matrix, weight) in matrices.iter().zip(weights) {
                    sum.zip_apply(matrix, |own, a| *own += weight * a);
                }
            }
        }
        sum
    }

    /// Of Σ_k vec(A_k) vec(A_k)ᵀ.
    fn largest_eigenvalue(&self) -> f64 {
        match self {
            Measurements::Entries(entries) => {
                let times = |at| entries.iter().filter(|other| *other == at).count();
                entries.iter().map(times).max().unwrap_or(0) as f64
            }
            Measurements::Matrices(matrices) => {
                let gram = Matrix::from_fn(matrices.len(), matrices.len(), |i, j| {
                    matrices[i].dot(&matrices[j])
                });
                gram.symmetric_eigenvalues().max()
            }
        }
    }

    /// (Σ_k |A_k|_F²)^(1/2).
    fn norm(&self) -> f64 {
        match self {
            Measurements::Entries(entries) => (entries.len() as f64).sqrt(),
            Measurements::Matrices(matrices) => {
                matrices.iter().map(Matrix::norm_squared).sum::<f64>().sqrt()
            }
        }
    }
}

impl Objective for MatrixSensing {
    fn describe(&self) -> String {
        let kind = match self.measurements {
            Measurements::Entries(_) => "completion",
            Measurements::Matrices(_) => "sensing",
        };
        let (widths, n) = (self.network.widths(), self.values.len());
        format!("matrix {kind}, factors of widths {widths:?}, {n} measurements")
    }

    fn dimension(&self) -> usize {
        self.network.parameters()
    }

    fn value(&self, parameters: &Vector) -> f64 {
        let residuals = self.residuals(&self.matrix(parameters));
        residuals.iter().map(|r| r * r).sum::<f64>() / (2.0 * self.values.len() as f64)
    }

    fn gradient_into(&self, parameters: &Vector, into: &mut Vector) {
        let pass = self.network.pass(parameters, &self.identity);
        into.copy_from(&pass.pull_back(&self.slope(&pass)).0);
    }

    fn hessian_vector(&self, parameters: &Vector, direction: &Vector) -> Option<Vector> {
        let pass = self.network.pass(parameters, &self.identity);
        let slope = self.slope(&pass);
        Some(pass.pull_back_moved(direction, &slope, |moved| {
            let seen = self.measurements.of(moved);
            self.measurements.adjoint(&seen, moved.shape()) / self.values.len() as f64
        }))
    }

    fn rounding(&self, parameters: &Vector) -> f64 {
        let network = DeepLinear::unflatten(self.network.widths(), parameters);
        let size: f64 = network.factors().iter().map(Matrix::norm).product();
        let widths: usize = self.network.widths().iter().sum();
        let terms = (widths + self.identity.len()) as f64;
        let values = self.values.iter().map(|b| b * b).sum::<f64>().sqrt();
        let error = f64::EPSILON * (terms * size * self.measurements.norm() + values);
        let n = self.values.len() as f64;
        let value = self.value(parameters);
        error * ((2.0 * n * value).sqrt() + error) / n + 16.0 * f64::EPSILON * value
    }

    fn gradient_rounding(&self, parameters: &Vector) -> f64 {
        let network = DeepLinear::unflatten(self.network.widths(), parameters);
        let norms: Vec<f64> = network.factors().iter().map(Matrix::norm).collect();
        // The Jacobian of the product, factor by factor.
        let others = (0..norms.len()).map(|j| {
            let rest = norms.iter().enumerate().filter(|(i, _)| *i != j);
            rest.map(|(_, norm)| norm).product::<f64>()
        });
        let measured = self.measurements.norm();
        let n = self.values.len() as f64;
        let terms = (self.dimension() + self.values.len()) as f64;
        let size =
            norms.iter().product::<f64>() * measured + (2.0 * n * self.value(parameters)).sqrt();
        terms * f64::EPSILON * size * measured * others.sum::<f64>() / n
    }

    fn bounded_below(&self) -> Option<f64> {
        Some(0.0)
    }

    /// For one factor: the largest eigenvalue of Σ_k vec(A_k) vec(A_k)ᵀ/n. The loss of several factors
    /// is not smooth on the whole space.
    fn smoothness(&self) -> Option<Constant> {
        let n = self.values.len() as f64;
        (self.network.depth() == 1)
            .then(|| Constant::exact(self.measurements.largest_eigenvalue() / n))
    }

    /// 0 where the factors are wide enough for any matrix, the truth among them.
    fn minimum(&self) -> Option<Minimum> {
        let widths = self.network.widths();
        let narrowest = widths.iter().min();
        let wide = narrowest == widths[0..1].iter().chain(widths.last()).min();
        wide.then(|| Minimum::exact(0.0))
    }
}
