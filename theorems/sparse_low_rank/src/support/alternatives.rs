//! Either a point or a proof that there is none, each looked for without the other.

use nalgebra::{DMatrix, DVector};
use theoria_algorithms::PivotRule;
use theoria_models::LinearProgram;
use theoria_models::numerics::Fraction;

use super::programs::{Extreme, Program, infimum, numbers, solution};

/// Whether some x ≥ 0 has A x = b; none where the proof is wrong.
fn has_point(program: &Program) -> Option<bool> {
    let (_, n) = program.shape();
    let free =
        LinearProgram::new(program.matrix().clone(), program.right().clone(), numbers(&vec![0; n]));
    infimum(&free, PivotRule::Bland).map(|extreme| extreme != Extreme::PlusInfinity)
}

/// Points, and rays y that are found without the points: the least b·y with Aᵀy ≥ 0, −1 ≤ y ≤ 1 is negative.
pub(crate) fn points_and_proofs(program: &Program) -> Option<usize> {
    count_with_rays(program, 0)
}

/// The same with Aᵀy = 0.
pub(crate) fn points_and_kernels(program: &Program) -> Option<usize> {
    count_with_rays(program, 1)
}

/// In z = y + 1 from 0 to 2: −Aᵀz ≤ −Aᵀ1, and so many times Aᵀz ≤ Aᵀ1 as well.
fn count_with_rays(program: &Program, also: usize) -> Option<usize> {
    let (m, n) = program.shape();
    let sum = |j: usize| -> Fraction { program.matrix().column(j).iter().cloned().sum() };
    let signed = |row: usize, entry: Fraction| if row < n { -entry } else { entry };
    let bounds = (1 + also) * n;
    let rows = DMatrix::from_fn(bounds + m, m, |row, i| match row.checked_sub(bounds) {
        None => signed(row, program.matrix()[(i, row % n)].clone()),
        Some(k) => Fraction::from(i64::from(k == i)),
    });
    let right = DVector::from_fn(bounds + m, |row, _| {
        if row < bounds { signed(row, sum(row % n)) } else { Fraction::from(2) }
    });
    let boxed = LinearProgram::at_most(&rows, right, program.right());
    let (z, _) = solution(&boxed, PivotRule::LargestCoefficient)?;
    let y = DVector::from_fn(m, |i, _| z[i].clone() - Fraction::from(1));
    let ray = program.dual_value(&y).is_negative();
    if ray && !program.proves_infeasible(&y) {
        return None;
    }
    Some(usize::from(has_point(program)?) + usize::from(ray))
}

/// Prices, and rays that are found without them: the least c·d with A d = 0 and Σd ≤ 1 is negative.
pub(crate) fn prices_and_rays(program: &Program) -> Option<usize> {
    let (m, n) = program.shape();
    let rows = DMatrix::from_fn(m + 1, n + 1, |i, j| match (i < m, j < n) {
        (true, true) => program.matrix()[(i, j)].clone(),
        (true, false) => Fraction::from(0),
        (false, _) => Fraction::from(1),
    });
    let right = DVector::from_fn(m + 1, |i, _| Fraction::from(i64::from(i == m)));
    let cost = program.cost().clone().push(Fraction::from(0));
    let (d, _) = solution(&LinearProgram::new(rows, right, cost), PivotRule::LargestCoefficient)?;
    let d = d.rows(0, n).into_owned();
    let ray = program.value(&d).is_negative();
    if ray && !program.falls_along(&d) {
        return None;
    }
    Some(usize::from(has_point(&program.dual())?) + usize::from(ray))
}
