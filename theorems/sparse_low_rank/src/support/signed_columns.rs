//! Columns with signs: of how many of them a point is no combination with weights that are not negative.

use nalgebra::DMatrix;
use theoria_algorithms::{LinearSolution, PivotRule, two_phases};
use theoria_models::numerics::Fraction;
use theoria_models::{LinearProgram, elimination};
use theoria_verification::{Check, Constant, Family, Hypothesis, Instance};

use super::programs::{Point, matrix, numbers, rows};

/// A and b of A x = b, x ≥ 0, where each column of A may change its sign.
pub(crate) struct SignedColumns {
    matrix: DMatrix<Fraction>,
    right: Point,
}

impl Instance for SignedColumns {
    fn description(&self) -> String {
        let (m, n) = self.matrix.shape();
        format!("{n} columns in dimension {m}, whole numbers")
    }

    fn constants(&self) -> Vec<Constant> {
        let (m, n) = self.matrix.shape();
        vec![Constant::exact("m", m as f64), Constant::exact("n", n as f64)]
    }
}

impl SignedColumns {
    /// Number of columns.
    pub(crate) fn columns(&self) -> usize {
        self.matrix.ncols()
    }

    /// Of the 2ⁿ choices of signs, how many leave A x = b without a solution x ≥ 0; none where a proof is missing.
    pub(crate) fn infeasible(&self) -> Option<usize> {
        let (m, n) = self.matrix.shape();
        let mut count = 0;
        for signs in 0..1usize << n {
            let signed = DMatrix::from_fn(m, n, |i, j| {
                let entry = self.matrix[(i, j)].clone();
                if signs >> j & 1 == 1 { -entry } else { entry }
            });
            let program = LinearProgram::new(signed, self.right.clone(), numbers(&vec![0; n]));
            match two_phases(&program, PivotRule::Bland) {
                LinearSolution::Infeasible { ray } if program.proves_infeasible(&ray) => count += 1,
                LinearSolution::Optimal { point, .. } if program.is_feasible(&point) => {}
                _ => return None,
            }
        }
        Some(count)
    }

    /// Σ_{i < terms} C(of, i)
    pub(crate) fn binomials(of: usize, terms: usize) -> f64 {
        let coefficient = |i: usize| (0..i).fold(1.0, |c, k| c * (of - k) as f64 / (k + 1) as f64);
        (0..terms.min(of + 1)).map(coefficient).sum()
    }

    /// Number of rows.
    pub(crate) fn dimension(&self) -> usize {
        self.matrix.nrows()
    }
}

/// The sizes m and n.
const SIZES: [(usize, usize); 4] = [(3, 5), (4, 8), (5, 8), (2, 6)];

/// Whole numbers up to 99, of each size.
pub(crate) fn drawn() -> Vec<Family<SignedColumns>> {
    let family = |(m, n): (usize, usize)| {
        Family::drawn(&format!("{n} columns in dimension {m}"), move |draw| SignedColumns {
            matrix: matrix(draw, m, n, 99),
            right: matrix(draw, m, 1, 99).column(0).into_owned(),
        })
        .with_draws(2)
    };
    SIZES.into_iter().map(family).collect()
}

/// Two columns in one direction, and b in the direction of a column.
pub(crate) fn special() -> Family<SignedColumns> {
    let cases = [(rows(&[[1, 1, 0], [0, 0, 1]]), [1, 1]), (rows(&[[1, 0, 1], [0, 1, 2]]), [2, 4])];
    Family::listed("in special position", cases, |(matrix, right)| SignedColumns {
        matrix: matrix.clone(),
        right: numbers(right),
    })
}

/// Any m of the columns of A and b are independent.
pub(crate) fn general_position() -> Hypothesis<SignedColumns> {
    Hypothesis::new("general position", |at: &SignedColumns, _| {
        let (m, n) = at.matrix.shape();
        let all = DMatrix::from_fn(m, n + 1, |i, j| {
            if j < n { at.matrix[(i, j)].clone() } else { at.right[i].clone() }
        });
        let chosen = (0..1usize << (n + 1)).filter(|set| set.count_ones() as usize == m);
        let dependent = chosen.filter(|set| {
            let columns: Vec<usize> = (0..=n).filter(|j| set >> j & 1 == 1).collect();
            let square = DMatrix::from_fn(m, m, |i, j| all[(i, columns[j])].clone());
            elimination::determinant(&square) == Fraction::from(0)
        });
        let dependent = dependent.count();
        Check::that(
            dependent == 0,
            format!("{dependent} dependent choices of {m} of {} columns", n + 1),
        )
    })
}
