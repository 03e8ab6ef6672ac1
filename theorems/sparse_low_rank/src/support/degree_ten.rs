//! The certified polynomial of degree 10 (Filip): solved in fractions, by both ways in double precision, and without its smallest
//! singular value.

use nalgebra::{DMatrix, DVector};
use rand::seq::SliceRandom;
use theoria_models::numerics::Fraction;
use theoria_models::{Matrix, Svd, Vector, data};
use theoria_verification::{
    Case, Check, Claim, Content, Draw, Effort, Family, Group, Hypothesis, Line, Reading, Readings,
};

use super::solvers::{Solver, normal_equations};

/// The first of the certified coefficients, and the certified sum of squares.
pub(crate) const FIRST: f64 = -1_467.489_614_229_8;
pub(crate) const CERTIFIED: f64 = 7.958_513_821_729_41e-4;

/// Orders of the rows that are tried.
const ORDERS: usize = 400;

/// The decimals of the table are fractions.
fn points() -> Family<Case<(Matrix, Vector)>> {
    Family::single("82 points, degree 10", || {
        let data = data::degree_ten();
        Case::new("82 points, powers up to 10, not centred", (data.features, data.targets))
    })
}

fn columns() -> Hypothesis<Case<(Matrix, Vector)>> {
    Hypothesis::new("independent columns", |at: &Case<(Matrix, Vector)>, _| {
        let distinct = at.0.column(1).into_iter().map(|x| (x * 1e9).round() as i64);
        let count = distinct.collect::<std::collections::BTreeSet<i64>>().len();
        Check::at_least(count as f64, 11.0, "distinct points, more than the degree")
    })
}

/// Coefficients and sum of squares, without rounding.
fn in_fractions(at: &(Matrix, Vector)) -> Option<(Vec<f64>, f64)> {
    let scale = 1_000_000_000i64;
    let decimal = |number: f64| Fraction::ratio((number * scale as f64).round() as i64, scale);
    let x: Vec<Fraction> = at.0.column(1).iter().map(|x| decimal(*x)).collect();
    let y = DVector::from_iterator(x.len(), at.1.iter().map(|y| decimal(*y)));
    let power = |x: &Fraction, j: usize| (0..j).fold(Fraction::from(1.0), |p, _| p * x.clone());
    let features = DMatrix::from_fn(x.len(), 11, |i, j| power(&x[i], j));
    let a = normal_equations(&features, &y)?;
    let mut sum = Fraction::from(0.0);
    for i in 0..x.len() {
        let fitted =
            (0..11).fold(Fraction::from(0.0), |s, j| s + features[(i, j)].clone() * a[j].clone());
        let residual = y[i].clone() - fitted;
        sum += residual.clone() * residual;
    }
    Some((a.iter().map(Fraction::nearest).collect(), sum.nearest()))
}

pub(crate) fn exact(
    name: &str,
    formula: &str,
    seen: fn(&(Vec<f64>, f64)) -> f64,
    certified: f64,
) -> Claim<Case<(Matrix, Vector)>> {
    Claim::identity(name, formula, 1e-14)
        .assuming([columns()])
        .on(points())
        .measuring_each(move |at: &Case<(Matrix, Vector)>| {
            let solved = in_fractions(&at.value);
            let value = solved.as_ref().map_or(f64::INFINITY, seen);
            Readings::at(10usize, Reading::new(value, f64::EPSILON * value.abs()))
        })
        .predicting(move |_, _| certified)
}

/// The relative error of the first coefficient.
pub(crate) fn first_coefficient(
    claim: Claim<Case<(Matrix, Vector)>>,
    solver: Solver,
    told: f64,
) -> Claim<Case<(Matrix, Vector)>> {
    claim
        .assuming([columns()])
        .on(points())
        .measuring_each(move |at: &Case<(Matrix, Vector)>| {
            let own = solver.solution(&at.0, &at.1);
            let off = own.map_or(Reading::NEVER, |a| Reading::new((a[0] / FIRST - 1.0).abs(), 0.0));
            Readings::at(10usize, off)
        })
        .predicting(move |_, _| told)
}

/// The share of orders of the rows in which the normal equations have no answer, or one whose first coefficient is off by so much at least.
pub(crate) fn lost(
    name: &str,
    formula: &str,
    off: f64,
    share: f64,
) -> Claim<Case<(Matrix, Vector)>> {
    Claim::lower_bound(name, formula)
        .assuming([columns()])
        .on(points())
        .measuring_by_drawing(move |at: &Case<(Matrix, Vector)>, draw| {
            let mut order: Vec<usize> = (0..at.1.len()).collect();
            let is_lost = |order: &[usize]| {
                let (features, targets) = (at.0.select_rows(order), at.1.select_rows(order));
                let found = Solver::Normal.solution(&features, &targets);
                found.is_none_or(|a| (a[0] / FIRST - 1.0).abs() >= off)
            };
            let lost = (0..ORDERS).filter(|_| {
                order.shuffle(draw.generator());
                is_lost(&order)
            });
            Readings::at(ORDERS, lost.count() as f64 / ORDERS as f64)
        })
        .predicting(move |_, _| share)
}

/// The solution among the combinations of all right singular vectors but the last.
fn without_the_last(at: &(Matrix, Vector)) -> Vector {
    let svd = Svd::of(&at.0);
    let least = svd.values()[10];
    svd.with_values(|s| if s > least { 1.0 / s } else { 0.0 }).tr_mul(&at.1)
}

pub(crate) fn truncated(name: &str, formula: &str, sum: f64) -> Claim<Case<(Matrix, Vector)>> {
    Claim::identity(name, formula, 1e-4)
        .assuming([columns()])
        .on(points())
        .measuring_each(|at: &Case<(Matrix, Vector)>| {
            let a = without_the_last(&at.value);
            let value = (&at.1 - &at.0 * a).norm_squared();
            Readings::at(10usize, Reading::new(value, 1e-5 * value))
        })
        .predicting(move |_, _| sum)
}

pub(crate) fn polynomials(_: &mut Draw, _: Effort) -> Content {
    let data = data::degree_ten();
    let at = (data.features, data.targets);
    let exact = in_fractions(&at).map_or(vec![], |(a, _)| a);
    let truncated = without_the_last(&at);
    let value = |a: &[f64], x: f64| a.iter().rev().fold(0.0, |sum, a| sum * x + a);
    let places: Vec<f64> = (0..=120).map(|i| -8.8 + 5.7 * f64::from(i) / 120.0).collect();
    let line = |a: &[f64]| places.iter().map(|&x| (x, value(a, x))).collect::<Vec<_>>();
    let seen = at.0.column(1).into_iter().copied().zip(at.1.iter().copied());
    Content::Points {
        groups: vec![Group::new("certified data", seen)],
        lines: vec![
            Line::predicted("exact solution", line(&exact)),
            Line::measured("without the smallest value", line(truncated.as_slice())),
        ],
    }
}
