//! Pictures of the coefficients of LASSO and ridge regression on the diabetes data, for all weights.

use theoria_models::Vector;
use theoria_models::objectives::Change;
use theoria_verification::{Content, Draw, Effort, Group, Line};

use super::penalised::DIABETES;
use super::ridge_path::logarithmic;
use super::ridge_zeros::all_sign_changes;
use super::samples::diabetes_samples;

/// In an order in which coefficients that have to share a colour are far apart, with the same colours in both pictures.
pub(crate) const ORDER: [usize; 10] = [8, 2, 5, 3, 7, 9, 6, 0, 1, 4];

fn lines_of(solutions: &[Vector]) -> Vec<Line> {
    let line =
        |j: usize| Line::measured(DIABETES[j], solutions.iter().map(|a| (a.lp_norm(1), a[j])));
    ORDER.into_iter().map(line).collect()
}

/// Both against the l1 norm, from 0 to that of least squares.
pub(crate) fn lasso_path(_: &mut Draw, _: Effort) -> Content {
    let path = diabetes_samples().path();
    let mut weights = logarithmic(1e-3, 1900.0, 100);
    weights.extend(path.knots().iter().map(|knot| knot.weight));
    weights.sort_by(|a, b| b.total_cmp(a));
    let solutions: Vec<Vector> = weights.iter().map(|&weight| path.at(weight)).collect();
    let changing = path.knots().iter().map(|knot| {
        let (Change::Enters(j) | Change::Leaves(j)) = knot.change;
        (knot.coefficients.lp_norm(1), knot.coefficients[j])
    });
    Content::Points {
        groups: vec![Group::new("enters or leaves", changing)],
        lines: lines_of(&solutions),
    }
}

pub(crate) fn ridge_path(_: &mut Draw, _: Effort) -> Content {
    let ridge = diabetes_samples().ridge();
    let solutions: Vec<Vector> =
        logarithmic(1e4, 1e-6, 240).into_iter().map(|weight| ridge.at(weight)).collect();
    let lines = lines_of(&solutions);
    let zeros = all_sign_changes(&ridge).into_iter();
    let zeros = zeros.map(|(_, weight)| (ridge.at(weight).lp_norm(1), 0.0));
    Content::Points { groups: vec![Group::new("changes its sign", zeros)], lines }
}
