//! Linear programmes from nothing: a vertex first, then the best one.

use std::collections::BTreeSet;

use nalgebra::{DMatrix, DVector};
use theoria_models::point::Scalar;
use theoria_models::{LinearProgram, elimination};

use crate::{Method, PivotRule, Simplex, SimplexState};

/// What became of a linear programme, with what proves it.
#[derive(Debug, Clone, PartialEq)]
pub enum LinearSolution<S> {
    /// It has a solution: the point and the prices are feasible, and their values agree.
    Optimal {
        /// A vertex of least value.
        point: DVector<S>,
        /// y, a solution of the dual.
        prices: DVector<S>,
        /// Changes of the basis in both phases together.
        pivots: usize,
    },
    /// No point is feasible.
    Infeasible {
        /// y with Aᵀy >= 0 and b·y < 0.
        ray: DVector<S>,
    },
    /// The value falls without end.
    Unbounded {
        /// A vertex.
        point: DVector<S>,
        /// d >= 0 with A d = 0 and c·d < 0.
        ray: DVector<S>,
    },
    /// A basis came back, so that the method would go on for ever: never with [Bland's rule](PivotRule::Bland).
    Cycling,
}

/// Solves a linear programme by the simplex method in two phases. In the first a sum of artificial variables, one for each row, is minimised: it is 0 where
/// a vertex is found, and else its prices prove that there is none. Rows that follow from others are left out of the second, and their prices are 0.
///
/// ```
/// use nalgebra::{DMatrix, DVector};
/// use theoria_algorithms::{LinearSolution, PivotRule, two_phases};
/// use theoria_models::{LinearProgram, numerics::Fraction};
///
/// // x + y = -1 and x, y >= 0 exclude each other.
/// let row = DMatrix::from_element(1, 2, Fraction::from(1));
/// let program = LinearProgram::new(row, DVector::from_element(1, Fraction::from(-1)), DVector::from_element(2, Fraction::from(0)));
/// let LinearSolution::Infeasible { ray } = two_phases(&program, PivotRule::Bland) else { panic!("it is infeasible") };
/// assert!(program.proves_infeasible(&ray));
/// ```
pub fn two_phases<S: Scalar>(program: &LinearProgram<S>, rule: PivotRule) -> LinearSolution<S> {
    let zero = S::from(0.0);
    let (rows, variables) = program.shape();
    let first = with_artificial_variables(program);
    let Some(mut found) = run(&first, (variables..variables + rows).collect(), rule) else {
        return LinearSolution::Cycling;
    };
    if first.value(&found.point) > zero {
        let SimplexState::Optimal { prices } = found.simplex.state() else {
            unreachable!("a sum of numbers that are not negative is bounded")
        };
        let ray = DVector::from_fn(rows, |i, _| -flipped(program, i, prices[i].clone()));
        return LinearSolution::Infeasible { ray };
    }
    let redundant = drive_out(&first, &mut found.basis, variables);
    let kept: Vec<usize> = (0..rows).filter(|i| !redundant.contains(i)).collect();
    let basis: Vec<usize> = found.basis.iter().copied().filter(|j| *j < variables).collect();
    let second = LinearProgram::new(
        DMatrix::from_fn(kept.len(), variables, |i, j| program.matrix()[(kept[i], j)].clone()),
        DVector::from_fn(kept.len(), |i, _| program.right()[kept[i]].clone()),
        program.cost().clone(),
    );
    let pivots = found.pivots;
    let Some(found) = run(&second, basis, rule) else { return LinearSolution::Cycling };
    let point = found.point;
    match found.simplex.state() {
        SimplexState::Unbounded { ray } => LinearSolution::Unbounded { point, ray: ray.clone() },
        SimplexState::Optimal { prices: of_kept } => {
            let mut prices = DVector::from_element(rows, zero);
            for (&i, price) in kept.iter().zip(of_kept.iter()) {
                prices[i] = price.clone();
            }
            LinearSolution::Optimal { point, prices, pivots: pivots + found.pivots }
        }
        SimplexState::Underway => unreachable!("a run that does not cycle ends"),
    }
}

/// Where a run of the method ended.
struct Run<S> {
    simplex: Simplex<S>,
    basis: Vec<usize>,
    point: DVector<S>,
    pivots: usize,
}

/// From this basis to an end; none where a basis comes back. Both rules see no more of a basis than the set of its variables.
fn run<S: Scalar>(
    program: &LinearProgram<S>,
    basis: Vec<usize>,
    rule: PivotRule,
) -> Option<Run<S>> {
    let mut simplex = Simplex::at(program, basis, rule)
        .unwrap_or_else(|| unreachable!("both phases begin at a vertex"));
    let mut point = simplex.vertex(program);
    let mut met = BTreeSet::new();
    for pivots in 0.. {
        let mut basis = simplex.basis().to_vec();
        basis.sort_unstable();
        if !met.insert(basis) {
            return None;
        }
        simplex.step(program, &mut point);
        if *simplex.state() != SimplexState::Underway {
            let basis = simplex.basis().to_vec();
            return Some(Run { simplex, basis, point, pivots });
        }
    }
    None
}

/// A number of this row, with the sign that makes the right-hand side not negative.
fn flipped<S: Scalar>(program: &LinearProgram<S>, row: usize, number: S) -> S {
    if program.right()[row] < S::from(0.0) { -number } else { number }
}

/// Minimise the sum of one more variable for each row, with rows whose right-hand sides are not negative.
fn with_artificial_variables<S: Scalar>(program: &LinearProgram<S>) -> LinearProgram<S> {
    let (rows, variables) = program.shape();
    let unit = |one: bool| S::from(if one { 1.0 } else { 0.0 });
    let matrix = DMatrix::from_fn(rows, variables + rows, |i, j| {
        if j < variables {
            flipped(program, i, program.matrix()[(i, j)].clone())
        } else {
            unit(i == j - variables)
        }
    });
    let right = DVector::from_fn(rows, |i, _| flipped(program, i, program.right()[i].clone()));
    let cost = DVector::from_fn(variables + rows, |j, _| unit(j >= variables));
    LinearProgram::new(matrix, right, cost)
}

/// Exchanges artificial variables of the basis, which are 0, for others. Where there is no other the row of the variable follows from the rest;
/// returns these rows.
fn drive_out<S: Scalar>(
    first: &LinearProgram<S>,
    basis: &mut [usize],
    variables: usize,
) -> BTreeSet<usize> {
    let (rows, mut redundant) = (basis.len(), BTreeSet::new());
    let zero = S::from(0.0);
    for place in 0..rows {
        if basis[place] < variables {
            continue;
        }
        let transposed = DMatrix::from_fn(rows, rows, |i, j| first.matrix()[(j, basis[i])].clone());
        let axis = DVector::from_fn(rows, |i, _| S::from(if i == place { 1.0 } else { 0.0 }));
        let combination = elimination::solve(&transposed, &axis)
            .unwrap_or_else(|| unreachable!("pivots keep the basis invertible"));
        let entry = |j: usize| {
            let terms = (0..rows).map(|i| combination[i].clone() * first.matrix()[(i, j)].clone());
            terms.fold(zero.clone(), |sum, term| sum + term)
        };
        match (0..variables).find(|j| !basis.contains(j) && entry(*j) != zero) {
            Some(other) => basis[place] = other,
            None => {
                redundant.insert(basis[place] - variables);
            }
        }
    }
    redundant
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use theoria_models::numerics::Fraction;

    use super::*;

    fn matrix(rows: usize, columns: usize, entries: &[i64]) -> DMatrix<Fraction> {
        DMatrix::from_fn(rows, columns, |i, j| Fraction::from(entries[columns * i + j]))
    }

    fn numbers(entries: &[i64]) -> DVector<Fraction> {
        DVector::from_fn(entries.len(), |i, _| Fraction::from(entries[i]))
    }

    fn whole(count: usize) -> impl Strategy<Value = Vec<i64>> {
        proptest::collection::vec(-3..=3i64, count)
    }

    proptest! {
        #[test]
        fn every_answer_is_proved(entries in whole(15), right in whole(3), cost in whole(5)) {
            // Small numbers: degenerate, redundant, infeasible and unbounded programmes are all among them.
            let program = LinearProgram::new(matrix(3, 5, &entries), numbers(&right), numbers(&cost));
            match two_phases(&program, PivotRule::Bland) {
                LinearSolution::Optimal { point, prices, .. } => {
                    prop_assert!(program.is_feasible(&point) && program.is_dual_feasible(&prices));
                    prop_assert_eq!(program.value(&point), program.dual_value(&prices));
                }
                LinearSolution::Infeasible { ray } => prop_assert!(program.proves_infeasible(&ray)),
                LinearSolution::Unbounded { point, ray } => {
                    prop_assert!(program.is_feasible(&point) && program.falls_along(&ray));
                }
                LinearSolution::Cycling => prop_assert!(false, "Bland's rule does not cycle"),
            }
        }

        #[test]
        fn a_row_that_is_said_twice_changes_nothing(entries in whole(10), x in proptest::collection::vec(0..=3i64, 5), cost in proptest::collection::vec(0..=3i64, 5)) {
            let once = matrix(2, 5, &entries);
            let right = &once * numbers(&x);
            let twice = DMatrix::from_fn(4, 5, |i, j| once[(i % 2, j)].clone() * Fraction::from(if i < 2 { 1 } else { -2 }));
            let of_twice = &twice * numbers(&x);
            let value = |program: &LinearProgram<Fraction>| match two_phases(program, PivotRule::Bland) {
                LinearSolution::Optimal { point, .. } => Some(program.value(&point)),
                _ => None,
            };
            let once = value(&LinearProgram::new(once, right, numbers(&cost)));
            prop_assert!(once.is_some());
            prop_assert_eq!(once, value(&LinearProgram::new(twice, of_twice, numbers(&cost))));
        }
    }
}
