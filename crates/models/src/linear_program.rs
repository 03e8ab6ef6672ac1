//! Linear programmes in any numbers.

use nalgebra::{DMatrix, DVector};

use crate::point::Scalar;

/// Minimise c·x subject to A x = b and x >= 0. Its dual: maximise b·y subject to Aᵀy <= c.
///
/// In [fractions](crate::numerics::Fraction) what is asked of points, prices and rays is decided without rounding. For points that are feasible b·y <= c·x,
/// so that two which agree prove each other optimal; a ray y with Aᵀy >= 0 and b·y < 0 proves that no point is feasible (Farkas 1902), and a ray d >= 0
/// with A d = 0 and c·d < 0 that from a feasible point the value falls without end.
///
/// ```
/// use nalgebra::{DMatrix, DVector};
/// use theoria_models::{LinearProgram, numerics::Fraction};
///
/// // The largest 3x + 2y with 2x + y <= 4, x + 3y <= 6, x, y >= 0, as a minimum.
/// let number = |entries: &[i64]| DVector::from_iterator(entries.len(), entries.iter().map(|e| Fraction::from(*e)));
/// let rows = DMatrix::from_row_iterator(2, 2, [2, 1, 1, 3].map(Fraction::from));
/// let program = LinearProgram::at_most(&rows, number(&[4, 6]), &number(&[-3, -2]));
/// let point = DVector::from_vec(vec![Fraction::ratio(6, 5), Fraction::ratio(8, 5), 0i64.into(), 0i64.into()]);
/// let prices = DVector::from_vec(vec![Fraction::ratio(-7, 5), Fraction::ratio(-1, 5)]);
/// assert!(program.is_feasible(&point) && program.is_dual_feasible(&prices));
/// assert_eq!(program.value(&point), program.dual_value(&prices));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct LinearProgram<S> {
    matrix: DMatrix<S>,
    right: DVector<S>,
    cost: DVector<S>,
}

impl<S: Scalar> LinearProgram<S> {
    /// Minimise `cost`·x subject to `matrix` x = `right` and x >= 0.
    ///
    /// # Panics
    /// If sizes do not fit.
    pub fn new(matrix: DMatrix<S>, right: DVector<S>, cost: DVector<S>) -> Self {
        assert_eq!(matrix.nrows(), right.len(), "each row has a right-hand side");
        assert_eq!(matrix.ncols(), cost.len(), "each column has a cost");
        LinearProgram { matrix, right, cost }
    }

    /// Minimise `cost`·x subject to `rows` x <= `right` and x >= 0: the slacks are further variables, behind those of x.
    ///
    /// # Panics
    /// If sizes do not fit.
    pub fn at_most(rows: &DMatrix<S>, right: DVector<S>, cost: &DVector<S>) -> Self {
        let (count, variables) = rows.shape();
        assert_eq!(variables, cost.len(), "each column has a cost");
        let matrix = DMatrix::from_fn(count, variables + count, |i, j| {
            if j < variables { rows[(i, j)].clone() } else { unit(i == j - variables) }
        });
        let cost = DVector::from_fn(variables + count, |j, _| {
            if j < variables { cost[j].clone() } else { unit(false) }
        });
        Self::new(matrix, right, cost)
    }

    /// A, one row a constraint.
    pub fn matrix(&self) -> &DMatrix<S> {
        &self.matrix
    }

    /// b
    pub fn right(&self) -> &DVector<S> {
        &self.right
    }

    /// c
    pub fn cost(&self) -> &DVector<S> {
        &self.cost
    }

    /// Number of constraints and of variables.
    pub fn shape(&self) -> (usize, usize) {
        self.matrix.shape()
    }

    /// The same with another right-hand side.
    ///
    /// # Panics
    /// If its length is another one.
    #[must_use]
    pub fn with_right(&self, right: DVector<S>) -> Self {
        Self::new(self.matrix.clone(), right, self.cost.clone())
    }

    /// c·x
    pub fn value(&self, x: &DVector<S>) -> S {
        inner(&self.cost, x)
    }

    /// b·y
    pub fn dual_value(&self, y: &DVector<S>) -> S {
        inner(&self.right, y)
    }

    /// A x
    pub fn image(&self, x: &DVector<S>) -> DVector<S> {
        DVector::from_fn(self.matrix.nrows(), |i, _| {
            let terms = (0..x.len()).map(|j| self.matrix[(i, j)].clone() * x[j].clone());
            terms.fold(unit(false), |sum, term| sum + term)
        })
    }

    /// c − Aᵀy: what each variable costs beyond what it is worth at these prices.
    pub fn reduced_costs(&self, y: &DVector<S>) -> DVector<S> {
        DVector::from_fn(self.matrix.ncols(), |j, _| self.cost[j].clone() - self.worth(j, y))
    }

    /// The j-th entry of Aᵀy.
    fn worth(&self, j: usize, y: &DVector<S>) -> S {
        let terms = (0..y.len()).map(|i| self.matrix[(i, j)].clone() * y[i].clone());
        terms.fold(unit(false), |sum, term| sum + term)
    }

    /// A x = b and x >= 0.
    pub fn is_feasible(&self, x: &DVector<S>) -> bool {
        x.len() == self.cost.len() && not_negative(x) && self.image(x) == self.right
    }

    /// Aᵀy <= c
    pub fn is_dual_feasible(&self, y: &DVector<S>) -> bool {
        y.len() == self.right.len() && not_negative(&self.reduced_costs(y))
    }

    /// Aᵀy >= 0 and b·y < 0: then no point is feasible, for x >= 0 and A x = b make b·y = x·Aᵀy >= 0.
    pub fn proves_infeasible(&self, y: &DVector<S>) -> bool {
        let zero: S = unit(false);
        y.len() == self.right.len()
            && (0..self.cost.len()).all(|j| self.worth(j, y) >= zero)
            && self.dual_value(y) < zero
    }

    /// d >= 0, A d = 0 and c·d < 0: then no prices are feasible, and from a feasible point the value falls without end along d.
    pub fn falls_along(&self, d: &DVector<S>) -> bool {
        let zero: S = unit(false);
        d.len() == self.cost.len()
            && not_negative(d)
            && self.image(d).iter().all(|entry| *entry == zero)
            && self.value(d) < zero
    }

    /// The dual as a programme of its own: minimise −b·(u − v) subject to Aᵀ(u − v) + s = c, and u, v, s >= 0. Its points are (u, v, s), and y = u − v;
    /// see [`prices_of`](LinearProgram::prices_of).
    #[must_use]
    pub fn dual(&self) -> Self {
        let (m, n) = self.matrix.shape();
        let matrix = DMatrix::from_fn(n, 2 * m + n, |j, k| match k {
            k if k < m => self.matrix[(k, j)].clone(),
            k if k < 2 * m => -self.matrix[(k - m, j)].clone(),
            k => unit(k - 2 * m == j),
        });
        let cost = DVector::from_fn(2 * m + n, |k, _| match k {
            k if k < m => -self.right[k].clone(),
            k if k < 2 * m => self.right[k - m].clone(),
            _ => unit(false),
        });
        Self::new(matrix, self.cost.clone(), cost)
    }

    /// y = u − v of a point or a ray (u, v, s) of the [dual](LinearProgram::dual).
    ///
    /// # Panics
    /// If the point is too short.
    pub fn prices_of(&self, of_dual: &DVector<S>) -> DVector<S> {
        let m = self.right.len();
        DVector::from_fn(m, |i, _| of_dual[i].clone() - of_dual[m + i].clone())
    }
}

/// 1 or 0.
fn unit<S: Scalar>(one: bool) -> S {
    S::from(if one { 1.0 } else { 0.0 })
}

fn inner<S: Scalar>(a: &DVector<S>, b: &DVector<S>) -> S {
    a.iter().zip(b.iter()).fold(unit(false), |sum, (a, b)| sum + a.clone() * b.clone())
}

fn not_negative<S: Scalar>(x: &DVector<S>) -> bool {
    let zero: S = unit(false);
    x.iter().all(|entry| *entry >= zero)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numerics::Fraction;
    use proptest::prelude::*;

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
        fn no_price_is_worth_more_than_a_point_costs(
            entries in whole(12, -9..=9), x in whole(4, 0..=9), y in whole(3, -9..=9), slack in whole(4, 0..=9),
        ) {
            // Feasible by construction: b = A x, c = Aᵀy + s.
            let matrix = DMatrix::from_fn(3, 4, |i, j| Fraction::from(entries[4 * i + j]));
            let (x, y, s) = (numbers(&x), numbers(&y), numbers(&slack));
            let cost = matrix.transpose() * &y + &s;
            let program = LinearProgram::new(matrix.clone(), &matrix * &x, cost);
            prop_assert!(program.is_feasible(&x) && program.is_dual_feasible(&y));
            prop_assert_eq!(program.value(&x) - program.dual_value(&y), inner(&s, &x));
            prop_assert!(!program.proves_infeasible(&y) && !program.falls_along(&x));
            prop_assert_eq!(program.reduced_costs(&y), s);
        }

        #[test]
        fn points_of_the_dual_are_prices(entries in whole(6, -9..=9), cost in whole(3, -9..=9), y in whole(2, -9..=9)) {
            let matrix = DMatrix::from_fn(2, 3, |i, j| Fraction::from(entries[3 * i + j]));
            let program = LinearProgram::new(matrix, numbers(&[1, 2]), numbers(&cost));
            let prices = numbers(&y);
            let slack = program.reduced_costs(&prices);
            let part = |keep: fn(&Fraction) -> bool, sign: i64| {
                prices.map(|p| if keep(&p) { p * Fraction::from(sign) } else { Fraction::from(0) })
            };
            let halves = [part(Fraction::is_positive, 1), part(Fraction::is_negative, -1), slack];
            let point = DVector::from_vec(halves.iter().flat_map(|half| half.iter().cloned()).collect());
            prop_assert_eq!(program.prices_of(&point), prices.clone());
            prop_assert_eq!(program.dual().is_feasible(&point), program.is_dual_feasible(&prices));
            prop_assert_eq!(program.dual().value(&point), -program.dual_value(&prices));
        }
    }

    #[test]
    fn rays_are_what_they_say() {
        // x + y = -1 has no solution in x, y >= 0.
        let ones = DMatrix::from_element(1, 2, Fraction::from(1));
        let none = LinearProgram::new(ones, numbers(&[-1]), numbers(&[0, 0]));
        assert!(none.proves_infeasible(&numbers(&[1])) && !none.proves_infeasible(&numbers(&[-1])));
        assert!(
            !none.proves_infeasible(&numbers(&[0])) && !none.proves_infeasible(&numbers(&[1, 1]))
        );
        // The least -x with x = y has no end.
        let difference = DMatrix::from_row_iterator(1, 2, [1, -1].map(Fraction::from));
        let endless = LinearProgram::new(difference, numbers(&[0]), numbers(&[-1, 0]));
        assert!(endless.falls_along(&numbers(&[1, 1])));
        assert!(
            !endless.falls_along(&numbers(&[1, 0])) && !endless.falls_along(&numbers(&[-1, -1]))
        );
    }

    #[test]
    #[should_panic(expected = "each column has a cost")]
    fn sizes_are_checked() {
        let ones = DMatrix::from_element(1, 2, 1.0);
        LinearProgram::new(ones, DVector::from_element(1, 1.0), DVector::from_element(3, 1.0));
    }
}
