//! The simplex method.

use nalgebra::{DMatrix, DVector};
use theoria_models::point::Scalar;
use theoria_models::{LinearProgram, elimination};

use crate::Method;

/// Which variable enters the basis. Of the variables that may leave it the first one does, with either rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PivotRule {
    /// The first whose reduced cost is negative: no basis is met twice (Bland 1977).
    Bland,
    /// The one whose reduced cost is the least (Dantzig 1951): it may cycle (Beale 1955).
    LargestCoefficient,
}

impl PivotRule {
    /// The variable that enters at these reduced costs; none where no cost is negative.
    fn entering<S: Scalar>(self, reduced: &DVector<S>) -> Option<usize> {
        let zero = S::from(0.0);
        let mut negative = (0..reduced.len()).filter(|j| reduced[*j] < zero);
        match self {
            PivotRule::Bland => negative.next(),
            PivotRule::LargestCoefficient => {
                let first = negative.next()?;
                Some(
                    negative
                        .fold(first, |best, j| if reduced[j] < reduced[best] { j } else { best }),
                )
            }
        }
    }
}

/// How far the method has come.
#[derive(Debug, Clone, PartialEq)]
pub enum SimplexState<S> {
    /// The last step, if there was one, changed the basis.
    Underway,
    /// The vertex is optimal: these prices are feasible for the dual and have its value.
    Optimal {
        /// y with Bᵀy = c_B.
        prices: DVector<S>,
    },
    /// The value falls without end along this ray.
    Unbounded {
        /// d >= 0 with A d = 0 and c·d < 0.
        ray: DVector<S>,
    },
}

/// From vertex to vertex of a linear programme, along edges on which the value does not rise: with the basis B, the prices y = B⁻ᵀc_B and the reduced
/// costs c − Aᵀy, a variable of negative reduced cost enters, and x moves along its edge until the first variable of the basis is 0, which leaves
/// (Dantzig 1951).
///
/// It decides by signs, so it is meant for numbers without rounding, [fractions](theoria_models::numerics::Fraction). A step at the optimum, or on a ray
/// without end, moves nothing. From a programme alone, without a vertex: [`two_phases`](crate::two_phases).
///
/// ```
/// use nalgebra::{DMatrix, DVector};
/// use theoria_algorithms::{Method, PivotRule, Simplex, SimplexState};
/// use theoria_models::{LinearProgram, numerics::Fraction};
///
/// // The least -x with x <= 4: from the slack to x.
/// let number = |n: i64| DVector::from_element(1, Fraction::from(n));
/// let program = LinearProgram::at_most(&DMatrix::from_element(1, 1, Fraction::from(2)), number(8), &number(-1));
/// let mut simplex = Simplex::at(&program, vec![1], PivotRule::Bland).expect("the slack is a basis");
/// let mut x = simplex.vertex(&program);
/// simplex.step(&program, &mut x);
/// assert_eq!((simplex.basis(), x[0].clone()), ([0].as_slice(), Fraction::from(4)));
/// simplex.step(&program, &mut x);
/// let prices = DVector::from_element(1, Fraction::ratio(-1, 2));
/// assert_eq!(simplex.state(), &SimplexState::Optimal { prices });
/// ```
#[derive(Debug, Clone)]
pub struct Simplex<S> {
    rule: PivotRule,
    basis: Vec<usize>,
    state: SimplexState<S>,
}

impl<S: Scalar> Simplex<S> {
    /// At the vertex whose variables outside this basis are 0; none where the columns of the basis are dependent, or the vertex has a
    /// negative coordinate.
    ///
    /// # Panics
    /// If there are not as many variables in the basis as rows in the programme, or there is no such variable.
    pub fn at(program: &LinearProgram<S>, basis: Vec<usize>, rule: PivotRule) -> Option<Self> {
        assert_eq!(basis.len(), program.shape().0, "a basis has a variable for each row");
        let basic = elimination::solve(&columns(program, &basis), program.right())?;
        let zero = S::from(0.0);
        basic.iter().all(|x| *x >= zero).then_some(Simplex {
            rule,
            basis,
            state: SimplexState::Underway,
        })
    }

    /// The variables of the basis, in the order of the rows.
    pub fn basis(&self) -> &[usize] {
        &self.basis
    }

    /// How far it has come.
    pub fn state(&self) -> &SimplexState<S> {
        &self.state
    }

    /// The point with B x_B = b and zeros elsewhere.
    ///
    /// # Panics
    /// If the basis is none of this programme.
    pub fn vertex(&self, program: &LinearProgram<S>) -> DVector<S> {
        let basic = self.solved(&columns(program, &self.basis), program.right());
        self.spread(program, &basic)
    }

    /// The solution of a system with the basis, which is invertible: it was at the start, and pivots are not 0.
    fn solved(&self, matrix: &DMatrix<S>, right: &DVector<S>) -> DVector<S> {
        elimination::solve(matrix, right)
            .unwrap_or_else(|| panic!("{:?} is no basis of this programme", self.basis))
    }

    /// Numbers of the basis in their places, zeros elsewhere.
    fn spread(&self, program: &LinearProgram<S>, basic: &DVector<S>) -> DVector<S> {
        let mut all = DVector::from_element(program.shape().1, S::from(0.0));
        for (&j, value) in self.basis.iter().zip(basic.iter()) {
            all[j] = value.clone();
        }
        all
    }

    /// Where the variable that leaves stands in the basis: among those that fall along the edge the one that is 0 first, and of several the first variable.
    fn leaving(&self, x: &DVector<S>, slope: &DVector<S>) -> Option<usize> {
        let zero = S::from(0.0);
        let falling = (0..self.basis.len()).filter(|i| slope[*i] > zero);
        let reach = |i: usize| x[self.basis[i]].clone() / slope[i].clone();
        falling.reduce(|best, i| {
            let (least, here) = (reach(best), reach(i));
            let first = here == least && self.basis[i] < self.basis[best];
            if here < least || first { i } else { best }
        })
    }
}

impl<S: Scalar> Method<DVector<S>, LinearProgram<S>> for Simplex<S> {
    /// `x` is the vertex of the basis, as [`vertex`](Simplex::vertex) returns it and steps leave it.
    fn step(&mut self, program: &LinearProgram<S>, x: &mut DVector<S>) {
        let basis = columns(program, &self.basis);
        let costs =
            DVector::from_fn(self.basis.len(), |i, _| program.cost()[self.basis[i]].clone());
        let prices = self.solved(&basis.transpose(), &costs);
        let Some(entering) = self.rule.entering(&program.reduced_costs(&prices)) else {
            self.state = SimplexState::Optimal { prices };
            return;
        };
        let slope = self.solved(&basis, &program.matrix().column(entering).into_owned());
        let mut edge = self.spread(program, &slope.map(|s| -s));
        edge[entering] = S::from(1.0);
        let Some(leaving) = self.leaving(x, &slope) else {
            self.state = SimplexState::Unbounded { ray: edge };
            return;
        };
        let length = x[self.basis[leaving]].clone() / slope[leaving].clone();
        for (x, edge) in x.iter_mut().zip(edge.iter()) {
            *x = x.clone() + length.clone() * edge.clone();
        }
        self.basis[leaving] = entering;
    }
}

/// The columns of these variables.
fn columns<S: Scalar>(program: &LinearProgram<S>, basis: &[usize]) -> DMatrix<S> {
    DMatrix::from_fn(program.shape().0, basis.len(), |i, j| program.matrix()[(i, basis[j])].clone())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use theoria_models::numerics::Fraction;

    use super::*;

    fn numbers(entries: &[i64]) -> DVector<Fraction> {
        DVector::from_fn(entries.len(), |i, _| Fraction::from(entries[i]))
    }

    proptest! {
        #[test]
        fn a_step_leads_to_a_vertex_whose_value_is_not_larger(
            entries in proptest::collection::vec(-5..=5i64, 12), right in proptest::collection::vec(0..=9i64, 3),
            cost in proptest::collection::vec(-5..=5i64, 4), bland: bool,
        ) {
            let rows = DMatrix::from_fn(3, 4, |i, j| Fraction::from(entries[4 * i + j]));
            let program = LinearProgram::at_most(&rows, numbers(&right), &numbers(&cost));
            let rule = if bland { PivotRule::Bland } else { PivotRule::LargestCoefficient };
            let mut simplex = Simplex::at(&program, vec![4, 5, 6], rule).unwrap();
            let mut x = simplex.vertex(&program);
            for _ in 0..6 {
                let before = program.value(&x);
                simplex.step(&program, &mut x);
                prop_assert!(program.is_feasible(&x) && program.value(&x) <= before);
                prop_assert_eq!(&simplex.vertex(&program), &x);
                match simplex.state() {
                    SimplexState::Underway => {}
                    SimplexState::Optimal { prices } => {
                        prop_assert!(program.is_dual_feasible(prices));
                        prop_assert_eq!(program.dual_value(prices), before);
                    }
                    SimplexState::Unbounded { ray } => prop_assert!(program.falls_along(ray)),
                }
            }
        }
    }

    #[test]
    fn what_is_no_vertex_is_refused() {
        let rows = DMatrix::from_element(1, 1, Fraction::from(1));
        let program = LinearProgram::at_most(&rows, numbers(&[-1]), &numbers(&[1]));
        assert!(Simplex::at(&program, vec![1], PivotRule::Bland).is_none());
        let dependent = DMatrix::from_element(2, 2, Fraction::from(1));
        let program = LinearProgram::new(dependent, numbers(&[1, 1]), numbers(&[0, 0]));
        assert!(Simplex::at(&program, vec![0, 1], PivotRule::Bland).is_none());
    }
}
