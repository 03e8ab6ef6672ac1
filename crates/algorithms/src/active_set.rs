//! The active-set method for quadratic programmes.

use nalgebra::{DMatrix, DVector};
use theoria_models::point::Scalar;
use theoria_models::{QuadraticProgram, elimination};

use crate::Method;

/// How far the method has come.
#[derive(Debug, Clone, PartialEq)]
pub enum ActiveSetState<S> {
    /// It has not made a step.
    Started,
    /// The point moved to the minimiser of the working set, or up to a constraint that then joined it.
    Moved {
        /// The constraint that joined the working set.
        blocked_by: Option<usize>,
    },
    /// The point was the minimiser of the working set, and this constraint, whose multiplier was the most negative one, left it.
    Released {
        /// The constraint.
        constraint: usize,
    },
    /// The point is the solution.
    Solved {
        /// λ, 0 outside of the working set.
        multipliers: DVector<S>,
    },
}

/// The primal active-set method for min xᵀG x/2 + c·x, A x >= b: on the working set W, a part of the constraints that hold with equality, the minimiser x + p
/// solves G p − A_Wᵀλ = −(G x + c), A_W p = 0. If p is not 0, x moves along it up to the minimiser or to the first constraint that blocks it, which joins W; if p is 0,
/// the constraint with the most negative multiplier leaves W, and where there is none x is the solution (Nocedal, Wright 2006, algorithm 16.3).
///
/// It decides by signs and by zeros, so it is meant for numbers without rounding, [fractions](theoria_models::numerics::Fraction). The working set stays
/// independent; as long as steps are not 0 the value falls, and no working set is minimised over twice. A step at the solution moves nothing.
///
/// ```
/// use nalgebra::{DMatrix, DVector};
/// use theoria_algorithms::{ActiveSet, ActiveSetState, Method};
/// use theoria_models::{QuadraticProgram, numerics::Fraction};
///
/// // (x - 3)²/2 with x <= 1, from 0: blocked at 1, where the multiplier is 2.
/// let number = |n: i64| DVector::from_element(1, Fraction::from(n));
/// let matrix = |n: i64| DMatrix::from_element(1, 1, Fraction::from(n));
/// let program = QuadraticProgram::new(matrix(1), number(-3), matrix(-1), number(-1));
/// let mut x = number(0);
/// let mut method = ActiveSet::at(&program, &x, Vec::new()).expect("0 is feasible");
/// method.step(&program, &mut x);
/// assert_eq!((&x, method.working_set()), (&number(1), [0].as_slice()));
/// method.step(&program, &mut x);
/// assert_eq!(method.state(), &ActiveSetState::Solved { multipliers: number(2) });
/// ```
#[derive(Debug, Clone)]
pub struct ActiveSet<S> {
    working: Vec<usize>,
    state: ActiveSetState<S>,
}

impl<S: Scalar> ActiveSet<S> {
    /// From a feasible point, with a working set of independent constraints that hold with equality there; none where one of these is not so, or G is
    /// not positive definite.
    ///
    /// # Panics
    /// If there is no such constraint.
    pub fn at(program: &QuadraticProgram<S>, x: &DVector<S>, working: Vec<usize>) -> Option<Self> {
        let (slack, zero) = (program.slack(x), S::from(0.0));
        let active = working.iter().all(|i| slack[*i] == zero);
        let independent = elimination::rank(&chosen(program, &working)) == working.len();
        (slack.iter().all(|s| *s >= zero) && active && independent && program.is_strictly_convex())
            .then_some(ActiveSet { working, state: ActiveSetState::Started })
    }

    /// The working set, in the order in which constraints joined it.
    pub fn working_set(&self) -> &[usize] {
        &self.working
    }

    /// How far it has come.
    pub fn state(&self) -> &ActiveSetState<S> {
        &self.state
    }

    /// p and λ of the minimiser over the working set.
    fn subproblem(
        &self,
        program: &QuadraticProgram<S>,
        x: &DVector<S>,
    ) -> (DVector<S>, DVector<S>) {
        let (d, active) = (x.len(), self.working.len());
        let row = |i: usize, j: usize| program.rows()[(self.working[i], j)].clone();
        let system = DMatrix::from_fn(d + active, d + active, |i, j| match (i < d, j < d) {
            (true, true) => program.curvature()[(i, j)].clone(),
            (true, false) => -row(j - d, i),
            (false, true) => row(i - d, j),
            (false, false) => S::from(0.0),
        });
        let gradient = program.gradient(x);
        let right =
            DVector::from_fn(
                d + active,
                |i, _| {
                    if i < d { -gradient[i].clone() } else { S::from(0.0) }
                },
            );
        let solved = elimination::solve(&system, &right).unwrap_or_else(|| {
            unreachable!(
                "G is positive definite, and what blocks a step is independent of the working set"
            )
        });
        (solved.rows(0, d).into_owned(), solved.rows(d, active).into_owned())
    }

    /// How far along p the first constraint outside of the working set is met, and which one; 1 and none where that is beyond the minimiser.
    fn length(
        &self,
        program: &QuadraticProgram<S>,
        x: &DVector<S>,
        p: &DVector<S>,
    ) -> (S, Option<usize>) {
        let (slack, zero) = (program.slack(x), S::from(0.0));
        let outside = (0..slack.len()).filter(|i| !self.working.contains(i));
        outside.fold((S::from(1.0), None), |(length, blocking), i| {
            let terms = (0..p.len()).map(|j| program.rows()[(i, j)].clone() * p[j].clone());
            let falls = terms.fold(zero.clone(), |sum, term| sum + term);
            if falls >= zero {
                return (length, blocking);
            }
            let reach = slack[i].clone() / -falls;
            if reach < length { (reach, Some(i)) } else { (length, blocking) }
        })
    }
}

impl<S: Scalar> Method<DVector<S>, QuadraticProgram<S>> for ActiveSet<S> {
    fn step(&mut self, program: &QuadraticProgram<S>, x: &mut DVector<S>) {
        let zero = S::from(0.0);
        let (p, of_working) = self.subproblem(program, x);
        if p.iter().any(|entry| *entry != zero) {
            let (length, blocked_by) = self.length(program, x, &p);
            for (x, p) in x.iter_mut().zip(p.iter()) {
                *x = x.clone() + length.clone() * p.clone();
            }
            self.working.extend(blocked_by);
            self.state = ActiveSetState::Moved { blocked_by };
            return;
        }
        let negative = (0..self.working.len()).filter(|i| of_working[*i] < zero);
        let least =
            negative.reduce(|best, i| if of_working[i] < of_working[best] { i } else { best });
        self.state = match least {
            Some(place) => ActiveSetState::Released { constraint: self.working.remove(place) },
            None => {
                let mut multipliers = DVector::from_element(program.right().len(), zero);
                for (&i, multiplier) in self.working.iter().zip(of_working.iter()) {
                    multipliers[i] = multiplier.clone();
                }
                ActiveSetState::Solved { multipliers }
            }
        };
    }
}

/// The rows of these constraints.
fn chosen<S: Scalar>(program: &QuadraticProgram<S>, working: &[usize]) -> DMatrix<S> {
    DMatrix::from_fn(working.len(), program.slope().len(), |i, j| {
        program.rows()[(working[i], j)].clone()
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use theoria_models::numerics::Fraction;

    use super::*;

    fn numbers(entries: &[i64]) -> DVector<Fraction> {
        DVector::from_fn(entries.len(), |i, _| Fraction::from(entries[i]))
    }

    fn matrix(rows: usize, columns: usize, entries: &[i64]) -> DMatrix<Fraction> {
        DMatrix::from_fn(rows, columns, |i, j| Fraction::from(entries[columns * i + j]))
    }

    proptest! {
        #[test]
        fn it_ends_at_the_solution_and_never_rises(
            root in proptest::collection::vec(-4..=4i64, 9), slope in proptest::collection::vec(-20..=20i64, 3),
            entries in proptest::collection::vec(-5..=5i64, 18), slack in proptest::collection::vec(1..=9i64, 6),
        ) {
            let root = matrix(3, 3, &root);
            let curvature = root.transpose() * &root + DMatrix::from_diagonal_element(3, 3, Fraction::from(1));
            let right = slack.iter().map(|s| -s).collect::<Vec<_>>();
            let program = QuadraticProgram::new(curvature, numbers(&slope), matrix(6, 3, &entries), numbers(&right));
            let mut x = numbers(&[0, 0, 0]);
            let mut method = ActiveSet::at(&program, &x, Vec::new()).unwrap();
            for _ in 0..200 {
                let before = program.value(&x);
                method.step(&program, &mut x);
                prop_assert!(program.is_feasible(&x) && program.value(&x) <= before);
                let slack = program.slack(&x);
                prop_assert!(method.working_set().iter().all(|i| slack[*i] == Fraction::from(0)));
                if let ActiveSetState::Solved { multipliers } = method.state() {
                    prop_assert!(program.is_solution(&x, multipliers));
                    return Ok(());
                }
            }
            prop_assert!(false, "no solution after 200 steps");
        }
    }

    #[test]
    fn what_is_no_start_is_refused() {
        let program = QuadraticProgram::new(
            matrix(1, 1, &[1]),
            numbers(&[0]),
            matrix(2, 1, &[1, 2]),
            numbers(&[0, 0]),
        );
        assert!(ActiveSet::at(&program, &numbers(&[-1]), Vec::new()).is_none());
        assert!(ActiveSet::at(&program, &numbers(&[1]), vec![0]).is_none());
        assert!(ActiveSet::at(&program, &numbers(&[0]), vec![0, 1]).is_none());
        assert!(ActiveSet::at(&program, &numbers(&[0]), vec![1]).is_some());
    }
}
