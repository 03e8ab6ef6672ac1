//! The smallest matrices on which products with their transposes lose everything, and the smallest problem that is as sensitive itself.

use nalgebra::{DMatrix, DVector};
use theoria_models::elimination::{rank, solve};
use theoria_models::numerics::Fraction;
use theoria_models::{Matrix, Vector};
use theoria_verification::{Case, Check, Claim, Family, Hypothesis, Reading, Readings};

use super::solvers::{Solver, normal_equations};

/// e of X = [[1, 1], [e, 0], [0, e]] with y = (0, e, -e) and the solution (1, -1) (Läuchli 1961).
type Nearly = Case<f64>;

fn features(e: f64) -> Matrix {
    Matrix::from_row_slice(3, 2, &[1.0, 1.0, e, 0.0, 0.0, e])
}

fn targets(e: f64) -> Vector {
    Vector::from_vec(vec![0.0, e, -e])
}

/// XᵀX as computed, in fractions.
fn rounded(e: f64) -> DMatrix<Fraction> {
    let x = features(e);
    x.tr_mul(&x).map(Fraction::from)
}

/// What is left of e² in 1 + e² as computed.
fn delta(e: f64) -> f64 {
    (1.0 + e * e) - 1.0
}

fn nearly(name: &str, numbers: impl IntoIterator<Item = f64>) -> Family<Nearly> {
    Family::listed(name, numbers.into_iter().collect::<Vec<f64>>(), |&e| {
        Case::new(format!("e = {e:.6e}, e²/ε = {:.6}", e * e / f64::EPSILON), e)
    })
}

/// e²/ε half-way between whole numbers.
pub(crate) fn halfway() -> Family<Nearly> {
    let between = [1.0, 2.0, 10.0, 1000.0, 1e6];
    nearly("half-way", between.map(|m: f64| ((m + 0.5) * f64::EPSILON).sqrt()))
}

pub(crate) fn any_e() -> Family<Nearly> {
    Family::drawn("e at random", |draw| {
        let e = draw.log_uniform(1.1e-8, 1e-3);
        Case::new(format!("e = {e:.6e}, e²/ε = {:.6}", e * e / f64::EPSILON), e)
    })
}

/// On either side of e² = ε/2.
pub(crate) fn around_the_end() -> Family<Nearly> {
    nearly("around √(ε/2)", [1e-9, 1e-8, 1.0536e-8, 1.0537e-8, 2e-8, 1e-4])
}

pub(crate) fn beyond_the_end() -> Family<Nearly> {
    nearly("below √(ε/2)", [1e-10, 1e-9, 1e-8])
}

fn seen() -> Hypothesis<Nearly> {
    Hypothesis::new("e² above ε/2", |e: &Nearly, _| {
        Check::at_least(**e * **e / f64::EPSILON, 0.5, "e²/ε")
    })
}

fn at_most_one() -> Hypothesis<Nearly> {
    Hypothesis::new("0 < e < 1", |e: &Nearly, _| {
        Check::that(**e > 0.0 && **e < 1.0, format!("e = {:e}", **e))
    })
}

/// The rounded equations solved in fractions.
pub(crate) fn rounded_equations(name: &str, formula: &str, share: f64) -> Claim<Nearly> {
    Claim::bound(name, formula)
        .assuming([at_most_one(), seen()])
        .measuring_each(|e: &Nearly| {
            let x = features(**e);
            let right = x.tr_mul(&targets(**e)).map(Fraction::from);
            let off = solve(&rounded(**e), &right).map_or(f64::INFINITY, |a| {
                (a[0].nearest() - 1.0).abs().max((a[1].nearest() + 1.0).abs())
            });
            // e² itself is rounded too.
            Readings::at(**e, Reading::new(off, f64::EPSILON))
        })
        .predicting(move |e, _| share * f64::EPSILON / 4.0 * (2.0 + delta(**e)) / delta(**e))
}

pub(crate) fn rank_of_the_rounded(name: &str, formula: &str, least: f64) -> Claim<Nearly> {
    Claim::identity(name, formula, 1e-9)
        .assuming([at_most_one()])
        .measuring_each(|e: &Nearly| Readings::at(**e, rank(&rounded(**e)) as f64))
        .predicting(move |e, _| if **e * **e <= least * f64::EPSILON { 1.0 } else { 2.0 })
}

/// By reflections.
pub(crate) fn by_reflections() -> Claim<Nearly> {
    Claim::bound("qr_solves_what_is_rounded_away", "|a − a*|/|a*| ≤ 4ε by orthogonal factors")
        .assuming([at_most_one()])
        .measuring_each(|e: &Nearly| {
            let exact = Vector::from_vec(vec![1.0, -1.0]);
            let own = Solver::Qr.solution(&features(**e), &targets(**e));
            let off = own.map_or(f64::INFINITY, |a| (a - &exact).norm() / exact.norm());
            Readings::at(**e, Reading::new(off, 0.0))
        })
        .predicting(|_, _| 4.0 * f64::EPSILON)
}

/// X = [[1, 0], [0, 1/κ], [0, 0]] with y = (1, 1/κ, ρ) and the solution (1, 1); τ is put into the place of the last 0.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Changed {
    condition: f64,
    residual: f64,
    change: f64,
}

/// In powers of two, so that all is exact.
pub(crate) fn changed() -> Family<Case<Changed>> {
    let cases = [(10, 1.0, -52), (20, 1.0, -52), (20, 0.25, -50), (25, 2.0, -52)];
    let cases = cases.map(|(power, residual, change)| Changed {
        condition: 2f64.powi(power),
        residual,
        change: 2f64.powi(change),
    });
    Family::cases("one entry changed", cases, |at| {
        format!("κ = {:e}, ρ = {}, τ = {:e}", at.condition, at.residual, at.change)
    })
}

/// How far the second coefficient moves.
pub(crate) fn moves(name: &str, formula: &str, power: i32) -> Claim<Case<Changed>> {
    let large = Hypothesis::new("κ ≥ 1", |at: &Case<Changed>, _| {
        Check::at_least(at.condition, 1.0, "κ, 1")
    });
    Claim::identity(name, formula, 1e-12)
        .assuming([large])
        .measuring_each(|at: &Case<Changed>| {
            let number = Fraction::from;
            let least = 1.0 / at.condition;
            let entries = [1.0, 0.0, 0.0, least, 0.0, at.change].map(number);
            let features = DMatrix::from_row_slice(3, 2, &entries);
            let targets = DVector::from_vec([1.0, least, at.residual].map(number).to_vec());
            let moved = normal_equations(&features, &targets)
                .map_or(f64::NAN, |a| (a[1].clone() - number(1.0)).nearest());
            Readings::at(at.condition, moved)
        })
        .predicting(move |at, _| {
            let sensitive = at.change * at.condition.powi(power);
            sensitive * (at.residual - at.change) / (1.0 + sensitive * at.change)
        })
}
