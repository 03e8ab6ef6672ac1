//! Extreme eigenvalues by the Lanczos method.

use nalgebra::SymmetricEigen;

use crate::{Matrix, Vector};

/// An approximate eigenvalue with an interval that holds a true one.
#[derive(Debug, Clone, PartialEq)]
pub struct Eigenvalue {
    /// The Rayleigh quotient of `vector`: at most λ_max and at least λ_min.
    pub value: f64,
    /// |H v − value v| for the unit vector v, with the rounding of this computation: there is an
    /// eigenvalue within this distance of `value` (a symmetric H assumed).
    pub residual: f64,
    /// Unit vector.
    pub vector: Vector,
}

impl Eigenvalue {
    /// The Rayleigh quotient of `direction` and its residual, measured with one product. The
    /// rounding that the operator itself commits is taken to be `dimension * eps` of the product.
    pub(super) fn measured(operator: impl Fn(&Vector) -> Vector, direction: &Vector) -> Self {
        let vector = direction.normalize();
        let image = operator(&vector);
        let value = vector.dot(&image);
        let rounding = f64::EPSILON * vector.len() as f64 * (image.norm() + value.abs());
        Eigenvalue { residual: (image - &vector * value).norm() + rounding, value, vector }
    }

    /// Whether the interval [value − residual, value + residual] holds `number`.
    pub fn holds(&self, number: f64) -> bool {
        (number - self.value).abs() <= self.residual
    }
}

/// The Krylov space span{v, H v, H² v, ...} of a symmetric operator H, by the Lanczos recurrence with
/// full reorthogonalisation (Golub, Van Loan, *Matrix computations*, 10.1 and 10.3).
///
/// After k products H is a tridiagonal k x k matrix on it, whose extreme eigenvalues approach those
/// of H: from inside, and faster than power iteration from the same start by the square root of the
/// gap in the exponent. A component of the start in the direction of an extreme eigenvector is
/// needed: draw it. For the residual bound see Parlett, *The symmetric eigenvalue problem*, 4.5.
///
/// ```
/// use theoria_models::{Vector, flatness::Krylov};
///
/// let hessian = |v: &Vector| Vector::from_vec(vec![1.0 * v[0], 2.0 * v[1], 7.0 * v[2]]);
/// let krylov = Krylov::new(hessian, &Vector::from_vec(vec![1.0, 1.0, 1.0]), 3);
/// let sharpness = krylov.largest();
/// assert!(sharpness.holds(7.0) && sharpness.residual < 1e-12);
/// ```
#[derive(Debug, Clone)]
pub struct Krylov<F> {
    operator: F,
    /// Orthonormal columns, d x k.
    basis: Matrix,
    /// Eigenvalues and eigenvectors of the tridiagonal matrix.
    projected: SymmetricEigen<f64, nalgebra::Dyn>,
}

impl<F: Fn(&Vector) -> Vector> Krylov<F> {
    /// From `start`, with at most `products` products; fewer where the space is exhausted.
    ///
    /// # Panics
    /// If `start` is zero or not finite, or `products` is 0.
    pub fn new(operator: F, start: &Vector, products: usize) -> Self {
        let length = start.norm();
        assert!(length > 0.0 && length.is_finite(), "a start with a direction");
        assert!(products > 0, "at least one product");
        let mut basis = vec![start / length];
        let mut diagonal = Vec::new();
        let mut beside: Vec<f64> = Vec::new();
        let mut scale: f64 = 0.0;
        loop {
            let last = &basis[basis.len() - 1];
            let mut next = operator(last);
            scale = scale.max(next.norm());
            diagonal.push(last.dot(&next));
            // Twice is enough (Kahan; Parlett 6.9): the basis is then orthonormal to rounding.
            for _ in 0..2 {
                for v in &basis {
                    next.axpy(-v.dot(&next), v, 1.0);
                }
            }
            let size = next.norm();
            let exhausted = size <= f64::EPSILON * last.len() as f64 * scale;
            if exhausted || basis.len() == products.min(start.len()) {
                break;
            }
            beside.push(size);
            basis.push(next / size);
        }
        let tridiagonal =
            Matrix::from_fn(diagonal.len(), diagonal.len(), |i, j| match i.abs_diff(j) {
                0 => diagonal[i],
                1 => beside[i.min(j)],
                _ => 0.0,
            });
        Krylov {
            operator,
            basis: Matrix::from_columns(&basis),
            projected: tridiagonal.symmetric_eigen(),
        }
    }

    /// Its dimension: the number of products made.
    pub fn dimension(&self) -> usize {
        self.basis.ncols()
    }

    /// The largest eigenvalue on the space: a lower bound on λ_max with an interval that holds an
    /// eigenvalue. Costs one more product.
    pub fn largest(&self) -> Eigenvalue {
        self.ritz(self.projected.eigenvalues.imax())
    }

    /// The smallest eigenvalue on the space: an upper bound on λ_min with an interval that holds an
    /// eigenvalue. Costs one more product.
    pub fn smallest(&self) -> Eigenvalue {
        self.ritz(self.projected.eigenvalues.imin())
    }

    fn ritz(&self, index: usize) -> Eigenvalue {
        let vector = &self.basis * self.projected.eigenvectors.column(index);
        Eigenvalue::measured(&self.operator, &vector)
    }
}
