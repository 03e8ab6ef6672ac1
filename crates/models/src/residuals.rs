//! Sums of squares of residuals that are not linear, in numbers of any kind.

use nalgebra::{DMatrix, DVector};

use crate::elimination;
use crate::oracle::{NewtonSystem, Oracle, Preconditioner};
use crate::point::Scalar;

/// r: R^d → R^n with its derivatives.
pub trait Residuals<S: Scalar> {
    /// r(x), n.
    fn values(&self, at: &DVector<S>) -> DVector<S>;

    /// J(x), n x d.
    fn jacobian(&self, at: &DVector<S>) -> DMatrix<S>;

    /// Σ_i weights_i ∇²r_i(x) for n weights, d x d.
    fn curvature(&self, at: &DVector<S>, weights: &DVector<S>) -> DMatrix<S>;
}

/// f(x) = |r(x)|²/2, whose gradient is Jᵀr and whose Hessian is JᵀJ + Σ_i r_i ∇²r_i. Newton's method solves systems with the Hessian; the
/// preconditioner is the Gauss–Newton matrix JᵀJ, which knows no second derivative.
///
/// ```
/// use nalgebra::{DMatrix, DVector};
/// use theoria_models::{BentResiduals, SumOfSquares, numerics::Fraction, oracle::{NewtonSystem, Oracle, Preconditioner}};
///
/// // r = x² - 2
/// let vector = |entry| DVector::from_element(1, Fraction::from(entry));
/// let matrix = |entry| DMatrix::from_element(1, 1, Fraction::from(entry));
/// let f = SumOfSquares(BentResiduals::new(vector(-2), matrix(0), vec![matrix(2)]));
/// let (at, mut into) = (vector(1), vector(0));
/// f.gradient(&at, &mut into);
/// assert_eq!(into, vector(-2));
/// assert!(f.precondition(&at, &mut into));
/// assert_eq!(into[0], Fraction::ratio(-1, 2));
/// // The Hessian is 4 - 2.
/// assert!(f.solve(&at, &mut into));
/// assert_eq!(into[0], Fraction::ratio(-1, 4));
/// ```
#[derive(Debug, Clone)]
pub struct SumOfSquares<R>(pub R);

impl<R> SumOfSquares<R> {
    /// JᵀJ
    pub fn gauss_newton_matrix<S: Scalar>(&self, at: &DVector<S>) -> DMatrix<S>
    where
        R: Residuals<S>,
    {
        let jacobian = self.0.jacobian(at);
        let d = jacobian.ncols();
        DMatrix::from_fn(d, d, |i, j| inner(&jacobian.column(i).into(), &jacobian.column(j).into()))
    }

    /// JᵀJ + Σ_i r_i ∇²r_i
    pub fn hessian<S: Scalar>(&self, at: &DVector<S>) -> DMatrix<S>
    where
        R: Residuals<S>,
    {
        let (squares, curvature) =
            (self.gauss_newton_matrix(at), self.0.curvature(at, &self.0.values(at)));
        squares.zip_map(&curvature, |square, curvature| square + curvature)
    }
}

impl<S: Scalar, R: Residuals<S>> Oracle<DVector<S>> for SumOfSquares<R> {
    fn gradient(&self, at: &DVector<S>, into: &mut DVector<S>) {
        let (jacobian, values) = (self.0.jacobian(at), self.0.values(at));
        for j in 0..into.len() {
            into[j] = inner(&jacobian.column(j).into(), &values);
        }
    }
}

impl<S: Scalar, R: Residuals<S>> Preconditioner<DVector<S>> for SumOfSquares<R> {
    fn precondition(&self, at: &DVector<S>, gradient: &mut DVector<S>) -> bool {
        replace(&self.gauss_newton_matrix(at), gradient)
    }
}

impl<S: Scalar, R: Residuals<S>> NewtonSystem<DVector<S>> for SumOfSquares<R> {
    fn solve(&self, at: &DVector<S>, right: &mut DVector<S>) -> bool {
        replace(&self.hessian(at), right)
    }
}

/// Replaces the right-hand side by the solution, if there is one.
fn replace<S: Scalar>(matrix: &DMatrix<S>, right: &mut DVector<S>) -> bool {
    match elimination::solve(matrix, right) {
        Some(solution) => {
            *right = solution;
            true
        }
        None => false,
    }
}

fn inner<S: Scalar>(one: &DVector<S>, other: &DVector<S>) -> S {
    one.iter().zip(other.iter()).fold(S::from(0.0), |sum, (a, b)| sum + a.clone() * b.clone())
}

/// r_i(x) = c_i + a_i·x + x·B_i x/2 with symmetric B_i: what any residuals are up to their second derivatives. As many residuals as variables are
/// a change of coordinates as well.
///
/// ```
/// use theoria_models::{BentResiduals, Matrix, Residuals, Vector};
///
/// let (one, three) = (Matrix::from_element(1, 1, 1.0), Matrix::from_element(1, 1, 3.0));
/// let r = BentResiduals::new(Vector::from_element(1, 5.0), one, vec![three]);
/// let at = Vector::from_element(1, 2.0);
/// assert_eq!(r.values(&at)[0], 13.0);
/// assert_eq!(r.jacobian(&at)[0], 7.0);
/// assert_eq!(r.curvature(&at, &at)[0], 6.0);
/// ```
#[derive(Debug, Clone)]
pub struct BentResiduals<S> {
    constants: DVector<S>,
    slopes: DMatrix<S>,
    bends: Vec<DMatrix<S>>,
}

impl<S: Scalar> BentResiduals<S> {
    /// With these c, n, these a_i for rows, n x d, and these B_i.
    ///
    /// # Panics
    /// If they are not as many, or a B_i is not d x d.
    pub fn new(constants: DVector<S>, slopes: DMatrix<S>, bends: Vec<DMatrix<S>>) -> Self {
        let (n, d) = slopes.shape();
        assert!(constants.len() == n && bends.len() == n, "one of each for each residual");
        assert!(bends.iter().all(|bend| bend.shape() == (d, d)), "bends are d x d");
        BentResiduals { constants, slopes, bends }
    }

    /// The same with other constants.
    ///
    /// # Panics
    /// If they are not as many.
    #[must_use]
    pub fn with_constants(&self, constants: DVector<S>) -> Self {
        BentResiduals::new(constants, self.slopes.clone(), self.bends.clone())
    }

    /// B_i x
    fn bent(&self, i: usize, at: &DVector<S>) -> DVector<S> {
        let bend = &self.bends[i];
        DVector::from_fn(at.len(), |j, _| inner(&bend.row(j).transpose(), at))
    }
}

impl<S: Scalar> Residuals<S> for BentResiduals<S> {
    fn values(&self, at: &DVector<S>) -> DVector<S> {
        DVector::from_fn(self.constants.len(), |i, _| {
            let slope = inner(&self.slopes.row(i).transpose(), at);
            let bend = inner(&self.bent(i, at), at) / S::from(2.0);
            self.constants[i].clone() + slope + bend
        })
    }

    fn jacobian(&self, at: &DVector<S>) -> DMatrix<S> {
        let bent: Vec<DVector<S>> = (0..self.constants.len()).map(|i| self.bent(i, at)).collect();
        DMatrix::from_fn(bent.len(), at.len(), |i, j| {
            self.slopes[(i, j)].clone() + bent[i][j].clone()
        })
    }

    fn curvature(&self, at: &DVector<S>, weights: &DVector<S>) -> DMatrix<S> {
        DMatrix::from_fn(at.len(), at.len(), |j, k| {
            let entries = DVector::from_iterator(
                self.bends.len(),
                self.bends.iter().map(|bend| bend[(j, k)].clone()),
            );
            inner(&entries, weights)
        })
    }
}

/// r(φ(u)) as residuals of u, for residuals r and a change of coordinates φ.
///
/// ```
/// use theoria_models::{BentResiduals, InCoordinates, Matrix, Residuals, Vector};
///
/// let map = |constant: f64, slope: f64, bend: f64| {
///     let matrix = |entry| Matrix::from_element(1, 1, entry);
///     BentResiduals::new(Vector::from_element(1, constant), matrix(slope), vec![matrix(bend)])
/// };
/// // r = 3x and x = 1 + 2u + u²
/// let r = InCoordinates { residuals: map(0.0, 3.0, 0.0), map: map(1.0, 2.0, 2.0) };
/// let u = Vector::from_element(1, 1.0);
/// assert_eq!((r.values(&u)[0], r.jacobian(&u)[0]), (12.0, 12.0));
/// assert_eq!(r.curvature(&u, &u)[0], 6.0);
/// ```
#[derive(Debug, Clone)]
pub struct InCoordinates<R, M> {
    /// r
    pub residuals: R,
    /// φ
    pub map: M,
}

impl<S: Scalar, R: Residuals<S>, M: Residuals<S>> Residuals<S> for InCoordinates<R, M> {
    fn values(&self, at: &DVector<S>) -> DVector<S> {
        self.residuals.values(&self.map.values(at))
    }

    fn jacobian(&self, at: &DVector<S>) -> DMatrix<S> {
        product(&self.residuals.jacobian(&self.map.values(at)), &self.map.jacobian(at))
    }

    fn curvature(&self, at: &DVector<S>, weights: &DVector<S>) -> DMatrix<S> {
        let (place, derivative) = (self.map.values(at), self.map.jacobian(at));
        let outer = self.residuals.curvature(&place, weights);
        let outer = product(&derivative.transpose(), &product(&outer, &derivative));
        let jacobian = self.residuals.jacobian(&place);
        let pulled_back =
            DVector::from_fn(place.len(), |k, _| inner(&jacobian.column(k).into(), weights));
        let own = self.map.curvature(at, &pulled_back);
        outer.zip_map(&own, |outer, own| outer + own)
    }
}

fn product<S: Scalar>(left: &DMatrix<S>, right: &DMatrix<S>) -> DMatrix<S> {
    DMatrix::from_fn(left.nrows(), right.ncols(), |i, j| {
        inner(&left.row(i).transpose(), &right.column(j).into())
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Matrix, Vector};

    fn numbers(rows: usize, columns: usize, seed: f64) -> Matrix {
        Matrix::from_fn(rows, columns, |i, j| (seed + 1.7 * i as f64 + 2.9 * j as f64).sin())
    }

    fn bent(n: usize, d: usize, seed: f64) -> BentResiduals<f64> {
        let bend = |i: usize| {
            let half = numbers(d, d, seed + i as f64);
            &half + half.transpose()
        };
        let constants = numbers(n, 1, seed + 0.5).column(0).into();
        BentResiduals::new(constants, numbers(n, d, seed + 0.9), (0..n).map(bend).collect())
    }

    proptest! {
        #[test]
        fn derivatives_are_those_of_the_values(n in 1..4usize, d in 1..4usize, seed in 0.0..6.0f64) {
            let r = InCoordinates { residuals: bent(n, d, seed), map: bent(d, d, seed + 1.0) };
            let f = SumOfSquares(r);
            let (at, along): (Vector, Vector) = (numbers(d, 1, seed).column(0).into(), numbers(d, 1, 2.0 * seed).column(0).into());
            let gradient = |x: &Vector| {
                let mut into = x.clone();
                f.gradient(x, &mut into);
                into
            };
            let width = 1e-4;
            let (high, low) = (&at + &along * width, &at - &along * width);
            let value = |x: &Vector| f.0.values(x).norm_squared() / 2.0;
            let size = 1.0 + value(&at);
            prop_assert!((gradient(&at).dot(&along) - (value(&high) - value(&low)) / (2.0 * width)).abs() < 1e-4 * size);
            let image = f.hessian(&at) * &along;
            prop_assert!((image - (gradient(&high) - gradient(&low)) / (2.0 * width)).norm() < 1e-4 * size);
        }
    }
}
