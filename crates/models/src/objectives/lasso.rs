//! The LASSO: its dual, its certified solution, its minimisation along one coordinate.

use super::{Composite, L1Norm, LeastSquares};
use crate::numerics::not_negative;
use crate::oracle::{CoordinateMinimisation, SafeScreening};
use crate::products::{add_combination, inner_products};
use crate::{Matrix, Minimum, Objective, Vector};

/// Sweeps of coordinate descent before the support is taken to be found.
const SWEEPS: usize = 20_000;
/// How often it is tried whether the support has been found.
const TRIED_EVERY: usize = 20;
/// A gap that is rounding, as a share of the value at 0.
const ROUNDING: f64 = 8.0 * f64::EPSILON;

/// F(a) = |X a - y|² + weight |a|_1 (Tibshirani 1996), or with the mean of the halved squares in place of their sum.
///
/// With φ the factor of the squares (1, or 1/(2n)) the dual problem is to maximise D(t) = t·y - |t|²/(4φ) over
/// |Xᵀt|_∞ <= weight; D is 1/(2φ)-strongly concave. From any a the residual, scaled to be feasible, is a dual point, and
/// F(a) - D(t) >= F(a) - F*.
///
/// ```
/// use theoria_models::{Matrix, Vector, objectives::Lasso};
/// let lasso = Lasso::new(Matrix::identity(1, 1), Vector::from_vec(vec![3.0]), 2.0);
/// // At 0 the gap is F(0) - F* = 9 - 5.
/// assert_eq!(lasso.gap(&Vector::zeros(1)), 4.0);
/// assert_eq!(lasso.solve().0[0], 2.0);
/// ```
#[derive(Debug, Clone)]
pub struct Lasso {
    features: Matrix,
    targets: Vector,
    weight: f64,
    /// The factor φ of |X a - y|².
    factor: f64,
    /// |X_j|²
    squares: Vec<f64>,
}

impl Lasso {
    /// F(a) = |X a - y|² + weight |a|_1.
    ///
    /// # Panics
    /// If there are not as many targets as rows, or the weight is negative or not finite.
    pub fn new(features: Matrix, targets: Vector, weight: f64) -> Self {
        assert_eq!(features.nrows(), targets.len(), "as many targets as samples");
        not_negative(weight, "the weight");
        let squares = features.column_iter().map(|column| column.norm_squared()).collect();
        Lasso { features, targets, weight, factor: 1.0, squares }
    }

    /// F(a) = |X a - y|²/(2n) + weight |a|_1.
    ///
    /// # Panics
    /// If there are not as many targets as rows, or none, or the weight is negative or not finite.
    pub fn averaged(features: Matrix, targets: Vector, weight: f64) -> Self {
        assert!(!targets.is_empty(), "at least one sample");
        let factor = 0.5 / targets.len() as f64;
        Lasso { factor, ..Self::new(features, targets, weight) }
    }

    /// The same data with another weight.
    ///
    /// # Panics
    /// If it is negative or not finite.
    #[must_use]
    pub fn weighing(&self, weight: f64) -> Self {
        not_negative(weight, "the weight");
        Lasso { weight, ..self.clone() }
    }

    /// X, n x d.
    pub fn features(&self) -> &Matrix {
        &self.features
    }

    /// y, of length n.
    pub fn targets(&self) -> &Vector {
        &self.targets
    }

    /// The weight of |a|_1.
    pub fn weight(&self) -> f64 {
        self.weight
    }

    /// y - X a
    pub fn residual(&self, a: &Vector) -> Vector {
        let mut residual = self.targets.clone();
        add_combination(&mut residual, &self.features, &-a);
        residual
    }

    /// F(a).
    pub fn value(&self, a: &Vector) -> f64 {
        self.factor * self.residual(a).norm_squared() + self.weight * a.lp_norm(1)
    }

    /// The least weight for which 0 is a minimiser: 2φ|Xᵀy|_∞.
    pub fn threshold(&self) -> f64 {
        2.0 * self.factor * self.features.tr_mul(&self.targets).amax()
    }

    /// The residual at a times 2φ, shrunken until |Xᵀt|_∞ <= weight.
    pub fn dual_point(&self, a: &Vector) -> Vector {
        let t = self.residual(a) * (2.0 * self.factor);
        let mut correlations = Vector::zeros(self.squares.len());
        inner_products(correlations.as_mut_slice(), &self.features, &t);
        t * self.shrinking(correlations.amax())
    }

    /// What makes a dual point feasible whose largest |X_j·t| is this.
    fn shrinking(&self, correlation: f64) -> f64 {
        if correlation > self.weight { self.weight / correlation } else { 1.0 }
    }

    /// How much of a gap may be rounding.
    fn rounding(&self) -> f64 {
        16.0 * f64::EPSILON * self.factor * self.targets.norm_squared()
    }

    /// D(t) = t·y - |t|²/(4φ); at most F* for a feasible t.
    pub fn dual_value(&self, t: &Vector) -> f64 {
        t.dot(&self.targets) - t.norm_squared() / (4.0 * self.factor)
    }

    /// F(a) - D(t) for the [dual point](Lasso::dual_point) of a: at least F(a) - F*, and 0 at a minimiser. Up to
    /// rounding, 1e-15 of F(0).
    pub fn gap(&self, a: &Vector) -> f64 {
        self.value(a) - self.dual_value(&self.dual_point(a))
    }

    /// A minimiser, and by how much its value may exceed the minimum: found by coordinate descent, solved on the support
    /// that this finds, certified by the gap.
    pub fn solve(&self) -> (Vector, Minimum) {
        let enough = ROUNDING * self.value(&Vector::zeros(self.squares.len()));
        let mut a = Vector::zeros(self.squares.len());
        let mut residual = self.targets.clone();
        for sweep in 1..=SWEEPS {
            let mut moved: f64 = 0.0;
            for j in 0..a.len() {
                let old = a[j];
                self.minimise_coordinate(j, &mut a, &mut residual);
                moved = moved.max((a[j] - old).abs());
            }
            let still = moved <= 1e-15 * a.amax();
            if sweep % TRIED_EVERY == 0 || still {
                if let Some(polished) = self.on_support(&a)
                    && (still || self.gap(&polished) <= enough)
                {
                    a = polished;
                    break;
                }
                residual = self.residual(&a);
            }
            if still {
                break;
            }
        }
        let error = self.gap(&a).max(0.0) + self.rounding();
        (a.clone(), Minimum { value: self.value(&a), error })
    }

    /// As a sum of a smooth objective and a regulariser, with its [solution](Lasso::solve).
    pub fn composite(&self) -> Composite {
        // Least squares take the mean of the halved squares.
        let scale = (2.0 * self.factor * self.targets.len() as f64).sqrt();
        let smooth = LeastSquares::new(&self.features * scale, &self.targets * scale);
        let (minimiser, found) = self.solve();
        let error = found.error + smooth.rounding(&minimiser);
        let problem = Composite::new(smooth, L1Norm::new(self.weight));
        let minimum = Minimum { value: problem.value(&minimiser), error };
        problem.minimal_at(minimiser, minimum)
    }

    /// The minimiser among the points with the support and the signs of `a`, if it has them too.
    fn on_support(&self, a: &Vector) -> Option<Vector> {
        let support: Vec<usize> = (0..a.len()).filter(|&j| a[j] != 0.0).collect();
        if support.len() > self.features.nrows() {
            return None;
        }
        let active = self.features.select_columns(&support);
        let signs = Vector::from_fn(support.len(), |i, _| a[support[i]].signum());
        let right = active.tr_mul(&self.targets) - signs * (self.weight / (2.0 * self.factor));
        let factors = active.tr_mul(&active).cholesky()?;
        let mut solved = factors.solve(&right);
        // The products are rounded; what is left of the equations, computed from X itself, takes that back.
        let left = active.tr_mul(&(&self.targets - &active * &solved));
        let signs = Vector::from_fn(support.len(), |i, _| a[support[i]].signum());
        solved += factors.solve(&(left - signs * (self.weight / (2.0 * self.factor))));
        let mut polished = Vector::zeros(a.len());
        for (value, &j) in solved.iter().zip(&support) {
            if value.signum() != a[j].signum() {
                return None;
            }
            polished[j] = *value;
        }
        Some(polished)
    }
}

impl CoordinateMinimisation<Vector> for Lasso {
    /// The residual.
    type Kept = Vector;

    fn coordinates(&self) -> usize {
        self.squares.len()
    }

    fn keep(&self, at: &Vector) -> Vector {
        self.residual(at)
    }

    /// Soft threshold of what the residual asks of this coordinate.
    fn minimise_coordinate(&self, j: usize, at: &mut Vector, residual: &mut Vector) {
        let (old, square) = (at[j], self.squares[j]);
        if square == 0.0 {
            at[j] = 0.0;
            return;
        }
        let column = self.features.column(j);
        let pull = column.dot(residual) + square * old;
        let level = self.weight / (2.0 * self.factor);
        let new = pull.signum() * (pull.abs() - level).max(0.0) / square;
        if new != old {
            residual.axpy(old - new, &column, 1.0);
            at[j] = new;
        }
    }
}

/// With t, the residual at a times 2φ and shrunken until |X_j·t| <= weight for all j that are active, and the gap g of F without the others:
/// the dual solution is not farther than √(4φg) from t, since D is 1/(2φ)-strongly concave, and where |X_j·t*| < weight, a_j is 0 at every
/// minimiser (Fercoq, Gramfort, Salmon 2015).
impl SafeScreening<Vector> for Lasso {
    fn screen(&self, at: &mut Vector, residual: &mut Vector, active: &mut Vec<usize>) -> f64 {
        loop {
            residual.copy_from(&self.residual(at));
            let scale = 2.0 * self.factor;
            let correlation = |j: &usize| scale * self.features.column(*j).dot(residual).abs();
            let correlations: Vec<f64> = active.iter().map(correlation).collect();
            let shrinking = self.shrinking(correlations.iter().copied().fold(0.0, f64::max));
            let square = residual.norm_squared();
            let shrunken = scale * shrinking;
            let dual = shrunken * residual.dot(&self.targets)
                - shrunken * shrunken * square / (4.0 * self.factor);
            let value = self.factor * square + self.weight * at.lp_norm(1);
            let gap = (value - dual).max(0.0) + self.rounding();
            let radius = (4.0 * self.factor * gap).sqrt();
            let (mut seen, mut moved) = (correlations.iter(), false);
            active.retain(|&j| {
                let side = seen.next().map_or(f64::INFINITY, |seen| shrinking * seen);
                // Where it is NaN, nothing is proved.
                let proved = side + radius * self.squares[j].sqrt() < self.weight;
                if proved && at[j] != 0.0 {
                    (at[j], moved) = (0.0, true);
                }
                !proved
            });
            if !moved {
                return gap;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn drawn() -> impl Strategy<Value = (Lasso, Vector)> {
        let numbers = |count| prop::collection::vec(-2.0..2.0f64, count);
        (numbers(12), numbers(4), numbers(3), 0.01..1.5f64).prop_map(|(x, y, a, share)| {
            let lasso = Lasso::new(Matrix::from_row_slice(4, 3, &x), Vector::from_vec(y), 1.0);
            let weight = share * lasso.threshold();
            (lasso.weighing(weight), Vector::from_vec(a))
        })
    }

    proptest! {
        #[test]
        fn the_solution_is_certified_and_no_point_lies_below((lasso, a) in drawn()) {
            let (_, minimum) = lasso.solve();
            let size = lasso.value(&Vector::zeros(3)) + lasso.value(&a);
            prop_assert!(minimum.error <= 1e-13 * size);
            prop_assert!(lasso.value(&a) - lasso.gap(&a) <= minimum.value + 1e-13 * size);
            prop_assert!(lasso.value(&a) >= minimum.value - minimum.error);
        }

        #[test]
        fn what_is_screened_is_zero_at_the_solution((lasso, a) in drawn(), averaged: bool) {
            let lasso = if averaged {
                Lasso::averaged(lasso.features().clone(), lasso.targets().clone(), lasso.weight() / 8.0)
            } else {
                lasso
            };
            let (solution, minimum) = lasso.solve();
            for point in [a, Vector::zeros(3), solution.clone() * 0.999] {
                let (mut at, mut residual, mut active) = (point, Vector::zeros(4), vec![0, 1, 2]);
                let gap = lasso.screen(&mut at, &mut residual, &mut active);
                let size = lasso.value(&Vector::zeros(3)) + lasso.value(&at);
                prop_assert!(lasso.value(&at) - gap <= minimum.value + 1e-13 * size);
                prop_assert_eq!(residual, lasso.residual(&at));
                for j in (0..3).filter(|j| !active.contains(j)) {
                    prop_assert_eq!((at[j], solution[j]), (0.0, 0.0));
                }
            }
        }

        #[test]
        fn the_two_scalings_are_one_problem((lasso, _) in drawn()) {
            let n = 4.0;
            let averaged = Lasso::averaged(
                lasso.features().clone(), lasso.targets().clone(), lasso.weight() / (2.0 * n));
            let size = 1.0 + lasso.solve().0.amax();
            prop_assert!((lasso.solve().0 - averaged.solve().0).amax() <= 1e-6 * size);
            prop_assert!((averaged.threshold() - lasso.threshold() / (2.0 * n)).abs() <= 1e-13 * size);
            let sum = lasso.composite();
            let a = Vector::from_element(3, 0.5);
            prop_assert!((sum.value(&a) - lasso.value(&a)).abs() <= 1e-12 * lasso.value(&a));
        }
    }
}
