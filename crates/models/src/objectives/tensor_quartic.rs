//! Quartics with a general cubic part.

use rand::Rng;
use rand_distr::{Distribution, StandardNormal};

use crate::{Matrix, Objective, Vector};

/// f(x) = q |x|⁴/4 + T[x, x, x]/6 + x·Sx/2 + b·x with a symmetric tensor T and a symmetric matrix S: with q > 0 it is coercive, and has
/// minima, saddles and maxima.
///
/// ```
/// use theoria_models::{Matrix, Objective, Vector, objectives::TensorQuartic};
/// let one = |number| Matrix::from_element(1, 1, number);
/// let f = TensorQuartic::new(4.0, &[one(6.0)], &one(2.0), Vector::from_element(1, 1.0));
/// assert_eq!(f.value(&Vector::from_element(1, 2.0)), 16.0 + 8.0 + 4.0 + 2.0);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct TensorQuartic {
    weight: f64,
    tensor: Vec<Matrix>,
    symmetric: Matrix,
    linear: Vector,
}

impl TensorQuartic {
    /// With the weight q, the tensor as a matrix for each first index, S and b; tensor and matrix are made symmetric by taking the mean over
    /// all orders of their indices.
    ///
    /// # Panics
    /// If sizes do not match.
    pub fn new(weight: f64, tensor: &[Matrix], symmetric: &Matrix, linear: Vector) -> Self {
        let d = linear.len();
        let square = |matrix: &Matrix| matrix.shape() == (d, d);
        assert!(
            tensor.len() == d && tensor.iter().all(square) && square(symmetric),
            "tensor, matrix and vector are of one dimension, {d}"
        );
        let entry = |i: usize, j: usize, k: usize| {
            let orders = [(i, j, k), (i, k, j), (j, i, k), (j, k, i), (k, i, j), (k, j, i)];
            orders.iter().map(|&(i, j, k)| tensor[i][(j, k)]).sum::<f64>() / 6.0
        };
        let tensor = (0..d).map(|i| Matrix::from_fn(d, d, |j, k| entry(i, j, k))).collect();
        let symmetric = (symmetric + symmetric.transpose()) / 2.0;
        TensorQuartic { weight, tensor, symmetric, linear }
    }

    /// With a tensor, and a matrix G of S = G + Gᵀ, of standard normal numbers, and b of normal numbers of deviation 1/2.
    pub fn gaussian(weight: f64, dimension: usize, rng: &mut impl Rng) -> Self {
        let mut normal = || -> f64 { StandardNormal.sample(rng) };
        let d = dimension;
        let tensor: Vec<Matrix> = (0..d).map(|_| Matrix::from_fn(d, d, |_, _| normal())).collect();
        let half = Matrix::from_fn(d, d, |_, _| normal());
        let linear = Vector::from_fn(d, |_, _| normal() / 2.0);
        Self::new(weight, &tensor, &(half * 2.0), linear)
    }

    /// T[x, ·, ·]
    fn contracted(&self, x: &Vector) -> Matrix {
        let zero = Matrix::zeros(x.len(), x.len());
        self.tensor.iter().zip(x.iter()).fold(zero, |sum, (slice, x)| sum + slice * *x)
    }
}

impl Objective for TensorQuartic {
    fn describe(&self) -> String {
        format!("quartic with a tensor in dimension {}, q = {}", self.dimension(), self.weight)
    }

    fn dimension(&self) -> usize {
        self.linear.len()
    }

    fn value(&self, x: &Vector) -> f64 {
        let quadratic = self.contracted(x) / 6.0 + &self.symmetric / 2.0;
        self.weight * x.norm_squared().powi(2) / 4.0 + x.dot(&(quadratic * x)) + self.linear.dot(x)
    }

    fn gradient_into(&self, x: &Vector, into: &mut Vector) {
        let matrix = self.contracted(x) / 2.0 + &self.symmetric;
        into.copy_from(&(matrix * x + &self.linear));
        into.axpy(self.weight * x.norm_squared(), x, 1.0);
    }

    fn hessian_vector(&self, x: &Vector, direction: &Vector) -> Option<Vector> {
        self.hessian(x).map(|hessian| hessian * direction)
    }

    fn hessian(&self, x: &Vector) -> Option<Matrix> {
        let round = Matrix::identity(x.len(), x.len()) * x.norm_squared() + x * x.transpose() * 2.0;
        Some(round * self.weight + self.contracted(x) + &self.symmetric)
    }
}
