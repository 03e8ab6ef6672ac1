//! Convex quadratic programmes in any numbers.

use nalgebra::{DMatrix, DVector};

use crate::elimination;
use crate::point::Scalar;

/// Minimise xᵀG x/2 + c·x subject to A x >= b, with a symmetric positive definite G.
///
/// A feasible point x with multipliers λ >= 0 such that G x + c = Aᵀλ and λ_i (A x − b)_i = 0 is the solution (Karush 1939; Kuhn, Tucker 1951); in
/// [fractions](crate::numerics::Fraction) that is decided without rounding.
///
/// ```
/// use nalgebra::{DMatrix, DVector};
/// use theoria_models::QuadraticProgram;
///
/// // The point of x >= 1 that is nearest to 0.
/// let ones = DMatrix::from_element(1, 1, 1.0);
/// let one = DVector::from_element(1, 1.0);
/// let program = QuadraticProgram::new(ones.clone(), DVector::from_element(1, 0.0), ones, one.clone());
/// assert!(program.is_solution(&one, &one));
/// assert_eq!(program.value(&one), 0.5);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct QuadraticProgram<S> {
    curvature: DMatrix<S>,
    slope: DVector<S>,
    rows: DMatrix<S>,
    right: DVector<S>,
}

impl<S: Scalar> QuadraticProgram<S> {
    /// Minimise xᵀ`curvature` x/2 + `slope`·x subject to `rows` x >= `right`.
    ///
    /// # Panics
    /// If sizes do not fit, or the curvature is not symmetric.
    pub fn new(
        curvature: DMatrix<S>,
        slope: DVector<S>,
        rows: DMatrix<S>,
        right: DVector<S>,
    ) -> Self {
        assert_eq!(curvature.shape(), (slope.len(), slope.len()), "the curvature is square");
        assert_eq!(rows.shape(), (right.len(), slope.len()), "each row has a right-hand side");
        assert_eq!(curvature, curvature.transpose(), "the curvature is symmetric");
        QuadraticProgram { curvature, slope, rows, right }
    }

    /// G
    pub fn curvature(&self) -> &DMatrix<S> {
        &self.curvature
    }

    /// c
    pub fn slope(&self) -> &DVector<S> {
        &self.slope
    }

    /// A, one row a constraint.
    pub fn rows(&self) -> &DMatrix<S> {
        &self.rows
    }

    /// b
    pub fn right(&self) -> &DVector<S> {
        &self.right
    }

    /// The same with another linear part.
    ///
    /// # Panics
    /// If its length is another one.
    #[must_use]
    pub fn with_slope(&self, slope: DVector<S>) -> Self {
        Self::new(self.curvature.clone(), slope, self.rows.clone(), self.right.clone())
    }

    /// Whether G is positive definite: all its leading minors are positive.
    pub fn is_strictly_convex(&self) -> bool {
        let zero = S::from(0.0);
        (1..=self.slope.len()).all(|k| {
            let minor = DMatrix::from_fn(k, k, |i, j| self.curvature[(i, j)].clone());
            elimination::determinant(&minor) > zero
        })
    }

    /// xᵀG x/2 + c·x
    pub fn value(&self, x: &DVector<S>) -> S {
        let bent = times(&self.curvature, x);
        inner(&bent, x) / S::from(2.0) + inner(&self.slope, x)
    }

    /// G x + c
    pub fn gradient(&self, x: &DVector<S>) -> DVector<S> {
        let bent = times(&self.curvature, x);
        DVector::from_fn(x.len(), |i, _| bent[i].clone() + self.slope[i].clone())
    }

    /// A x − b
    pub fn slack(&self, x: &DVector<S>) -> DVector<S> {
        let image = times(&self.rows, x);
        DVector::from_fn(image.len(), |i, _| image[i].clone() - self.right[i].clone())
    }

    /// A x >= b
    pub fn is_feasible(&self, x: &DVector<S>) -> bool {
        not_negative(&self.slack(x))
    }

    /// A x >= b, λ >= 0, G x + c = Aᵀλ, and λ_i (A x − b)_i = 0 for each i.
    pub fn is_solution(&self, x: &DVector<S>, multipliers: &DVector<S>) -> bool {
        let (slack, zero) = (self.slack(x), S::from(0.0));
        not_negative(&slack)
            && not_negative(multipliers)
            && self.gradient(x) == times(&self.rows.transpose(), multipliers)
            && slack.iter().zip(multipliers.iter()).all(|(s, m)| s.clone() * m.clone() == zero)
    }

    /// The value of the dual, b·λ − (Aᵀλ − c)ᵀG⁻¹(Aᵀλ − c)/2: for λ >= 0 no feasible point has a smaller value. None where G is singular.
    pub fn dual_value(&self, multipliers: &DVector<S>) -> Option<S> {
        let pushed = times(&self.rows.transpose(), multipliers);
        let rest = DVector::from_fn(pushed.len(), |i, _| pushed[i].clone() - self.slope[i].clone());
        let solved = elimination::solve(&self.curvature, &rest)?;
        Some(inner(&self.right, multipliers) - inner(&rest, &solved) / S::from(2.0))
    }
}

fn times<S: Scalar>(matrix: &DMatrix<S>, x: &DVector<S>) -> DVector<S> {
    DVector::from_fn(matrix.nrows(), |i, _| {
        let terms = (0..x.len()).map(|j| matrix[(i, j)].clone() * x[j].clone());
        terms.fold(S::from(0.0), |sum, term| sum + term)
    })
}

fn inner<S: Scalar>(a: &DVector<S>, b: &DVector<S>) -> S {
    a.iter().zip(b.iter()).fold(S::from(0.0), |sum, (a, b)| sum + a.clone() * b.clone())
}

fn not_negative<S: Scalar>(x: &DVector<S>) -> bool {
    let zero = S::from(0.0);
    x.iter().all(|entry| *entry >= zero)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numerics::Fraction;
    use proptest::prelude::*;

    fn matrix(rows: usize, columns: usize, entries: &[i64]) -> DMatrix<Fraction> {
        DMatrix::from_fn(rows, columns, |i, j| Fraction::from(entries[columns * i + j]))
    }

    fn numbers(entries: &[i64]) -> DVector<Fraction> {
        DVector::from_fn(entries.len(), |i, _| Fraction::from(entries[i]))
    }

    fn whole(
        count: usize,
        range: std::ops::RangeInclusive<i64>,
    ) -> impl Strategy<Value = Vec<i64>> {
        proptest::collection::vec(range, count)
    }

    proptest! {
        #[test]
        fn a_solution_by_construction_is_one_and_has_the_value_of_the_dual(
            root in whole(9, -4..=4), entries in whole(12, -5..=5), x in whole(3, -5..=5),
            multipliers in whole(4, 0..=5), slack in whole(4, 0..=5), other in whole(3, -5..=5),
        ) {
            let root = matrix(3, 3, &root);
            let curvature = root.transpose() * &root + DMatrix::from_diagonal_element(3, 3, Fraction::from(1));
            let (rows, x, multipliers) = (matrix(4, 3, &entries), numbers(&x), numbers(&multipliers));
            // Each constraint holds with equality or has no multiplier.
            let slack = DVector::from_fn(4, |i, _| {
                Fraction::from(if multipliers[i].is_positive() { 0 } else { slack[i] })
            });
            let slope = rows.transpose() * &multipliers - &curvature * &x;
            let program = QuadraticProgram::new(curvature, slope, rows.clone(), &rows * &x - slack.clone());
            prop_assert!(program.is_strictly_convex() && program.is_solution(&x, &multipliers));
            prop_assert_eq!(program.slack(&x), slack);
            prop_assert_eq!(Some(program.value(&x)), program.dual_value(&multipliers));
            let other = numbers(&other);
            if program.is_feasible(&other) {
                prop_assert!(program.value(&other) >= program.value(&x));
                prop_assert!(other == x || !program.is_solution(&other, &multipliers));
            }
        }
    }

    #[test]
    fn a_saddle_is_not_strictly_convex() {
        let saddle = matrix(2, 2, &[1, 2, 2, 1]);
        let free = matrix(0, 2, &[]);
        let program = QuadraticProgram::new(saddle, numbers(&[0, 0]), free, numbers(&[]));
        assert!(!program.is_strictly_convex() && program.is_feasible(&numbers(&[7, 7])));
    }
}
