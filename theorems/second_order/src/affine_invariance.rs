#![doc = include_str!("affine_invariance.md")]

use nalgebra::DVector;
use theoria_algorithms::{Method, Newton, Update};
use theoria_elementary::{cos, exp, powf, sin};
use theoria_models::numerics::Fraction;
use theoria_models::{Equation, Vector};
use theoria_verification::{
    Case, Claim, Content, Draw, Effort, Family, Figure, Group, Hypothesis, Line, Readings, Theorem,
};

use crate::support::affine_changes::{
    AffineChange, Way, bent_downwards, changes, convex_changes, definite_hessians, invertible_map,
    one_matrix, orthogonal, rotations, transformed_matrix, two_scales, whitened_changes,
    worked_changes,
};
use crate::support::changed::Exact;
use crate::support::concordance::logarithm as logarithmic;
use crate::support::rounded_changes::{
    Rounded, RoundedChange, diagonal_changes, no_shift, of_condition, powers_of_two,
    shifted_changes,
};
use crate::support::unknowns::Long;
use crate::support::updates::{Column, EXACT};

/// Steps in fractions, whose digits grow by a factor with each.
const STEPS: usize = 3;
/// Steps in doubles.
const ROUNDED_STEPS: usize = 8;
const SAME: &str = "A y_n + v = x_n";
const UPDATES: [Update; 3] = [Update::Bfgs, Update::Dfp, Update::SymmetricRankOne];
const WAYS: [Rounded; 5] = [
    Rounded::Newton,
    Rounded::Damped,
    Rounded::Quasi(Update::Bfgs),
    Rounded::Quasi(Update::Dfp),
    Rounded::Quasi(Update::SymmetricRankOne),
];

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let numbers = numbers("step_of_gradient_descent", 1.0);
    let smaller = self::numbers("step_of_gradient_descent_is_smaller", 0.98);
    let cuts = cuts("as_many_cuts");
    let more = cuts
        .restated("a_cut_more", "as many cuts and one more")
        .predicting_from(|it| it.run(Way::Damped, STEPS).cuts, |cuts, n| 1.0 + number(cuts, n));
    let decrement = decrement("decrement");
    let larger = decrement
        .restated("decrement_is_larger", "g′·H′⁻¹g′ = 1.02 g·H⁻¹g")
        .predicting(|it, _| 1.02 * nearest(&it.decrements()[0]));
    let squares = squares("squares_of_the_distance");
    let slower = squares
        .restated("powers_of_1_98", "1 − x_n = |1 − x₀|^(1.98ⁿ)")
        .predicting(|x, n| powf((1.0 - **x).abs(), powf(1.98, n)));
    let logarithm = logarithm("step_in_the_logarithm");
    let longer = logarithm
        .restated("step_in_the_logarithm_is_longer", "e^{y₊} = 1.02 x e^{1/x − 1}")
        .predicting(|x, _| 1.02 * logarithm_step(**x));
    let corresponds_too = logarithm
        .restated("the_logarithm_corresponds", "e^{y₊} = x₊ = 2x − x²")
        .predicting(|x, _| 2.0 * **x - **x * **x);
    Theorem::new("second_order/affine_invariance", include_str!("affine_invariance.md"))
        .uses("second_order/newton_needs_a_good_start", "Newton's method with backtracking")
        .uses("second_order/bfgs", "the updates, and with which matrices they begin")
        .claim(same("newton_corresponds", SAME, Way::Newton).on(changes()))
        .claim(damped("damped_newton_corresponds").on(convex_changes()))
        .claim(cuts)
        .claim(quasi("bfgs_corresponds", Update::Bfgs).on(changes()))
        .claim(quasi("dfp_corresponds", Update::Dfp).on(changes()))
        .claim(quasi("rank_one_corresponds", Update::SymmetricRankOne).on(changes()))
        .claim(matrices("matrices_correspond", "A B′_n Aᵀ = B_n", (1, 1)))
        .claim(decrement)
        .claim(descent("descent_in_other_coordinates", "A y_n + v = x_n with A Aᵀ before the gradient"))
        .claim(turned("descent_corresponds_when_turned").on(rotations()))
        .claim(numbers)
        .claim(as_descent("newton_is_descent_where_h_is_i", (1, 1)))
        .claim(bits("same_bits", "A y_n = x_n, to the last bit").on(diagonal_changes("powers of two", 2.0)))
        .claim(squares)
        .claim(logarithm)
        .claim(arrives("converges_in_the_logarithm", "e^{y_60} = 1", |x| exponential(x, 60)).on(starts("starts beyond 2 and near 0", &[0.05, 3.0, 1000.0])))
        .control(damped("damped_newton_where_h_is_not_definite").on(bent_downwards()).violating("H positive definite"))
        .control(more)
        .control(quasi("bfgs_with_one_matrix", Update::Bfgs).on(one_matrix()).violating("B₀ transformed"))
        .control(matrices("matrices_are_larger", "A B′_n Aᵀ = 1.02 B_n", (51, 50)))
        .control(larger)
        .control(turned("descent_corresponds").on(worked_changes()).violating("A Aᵀ = I"))
        .control(same("l_bfgs_corresponds", SAME, Way::Limited).assuming([transformed_matrix()]).on(one_matrix()).violating("B₀ transformed"))
        .control(smaller)
        .control(as_descent("newton_is_descent_with_another_step", (51, 50)))
        .control(bits("same_bits_with_powers_of_three", "A y_n = x_n, to the last bit").on(diagonal_changes("powers of three", 3.0)).violating("powers of two"))
        .control(bits("same_bits_with_a_shift", "A y_n + v = x_n, to the last bit").on(shifted_changes()).violating("v = 0"))
        .control(arrives("converges_without_the_logarithm", "x_60 = 1", plain).on(starts("starts from 2 on", &[2.0, 3.0, 1000.0])))
        .control(slower)
        .control(longer)
        .control(corresponds_too)
        .figure(
            Figure::linear("paths", "x₁", "x₂")
                .caption(
                    "Ten steps of gradient descent from (1, 1) on (x₁² + 2x₂²)/2, in coordinates in which x₂ is measured in another unit: 1, 1/10, or 7/10, which makes the level sets of f \
                     almost round. Newton's method makes one step, the same in all.",
                )
                .showing(paths),
        )
        .figure(
            Figure::log_log("rounding", "condition number of A", "largest |A yₙ − xₙ|/(ε|x₀|)")
                .caption(
                    "In doubles the correspondence loses digits: random coordinates in the plane, where the Hessian AᵀHA is rounded. The deviation grows like the square of the \
                     condition number of A, the dashed line, and is larger where the line search of BFGS decides otherwise.",
                )
                .showing(rounding),
        )
}

/// Coordinates of the iterates one after the other.
fn coordinates(iterates: &[Column]) -> Vec<f64> {
    iterates.iter().skip(1).flat_map(|x| x.iter().map(Fraction::nearest)).collect()
}

/// The number with this index.
fn number(numbers: &[f64], index: f64) -> f64 {
    numbers.get(index as usize).copied().unwrap_or(f64::NAN)
}

fn all(numbers: Vec<f64>) -> Readings {
    numbers.into_iter().enumerate().collect()
}

fn same(name: &str, formula: &str, way: Way) -> Claim<AffineChange> {
    Claim::identity(name, formula, EXACT)
        .assuming([invertible_map()])
        .measuring_each(move |it: &AffineChange| {
            let there = it.run_there(way, STEPS).iterates;
            all(coordinates(&there.iter().map(|y| it.here(y)).collect::<Vec<_>>()))
        })
        .predicting_from(
            move |it| coordinates(&it.run(way, STEPS).iterates),
            |numbers, i| number(numbers, i),
        )
}

fn damped(name: &str) -> Claim<AffineChange> {
    same(name, SAME, Way::Damped).assuming([definite_hessians(STEPS)])
}

fn cuts(name: &str) -> Claim<AffineChange> {
    Claim::identity(name, "as many cuts", EXACT)
        .assuming([invertible_map(), definite_hessians(STEPS)])
        .on(convex_changes())
        .on(worked_changes())
        .measuring_each(|it: &AffineChange| all(it.run_there(Way::Damped, STEPS).cuts))
        .predicting_from(|it| it.run(Way::Damped, STEPS).cuts, |cuts, n| number(cuts, n))
}

fn quasi(name: &str, update: Update) -> Claim<AffineChange> {
    same(name, SAME, Way::Quasi(update)).assuming([transformed_matrix()])
}

/// The entries of all matrices of all three updates, times a factor.
fn matrices(name: &str, formula: &str, (p, q): (i64, i64)) -> Claim<AffineChange> {
    let entries = |inverses: Vec<Exact>, factor: &Fraction| -> Vec<f64> {
        let all = inverses.iter().flat_map(|inverse| inverse.iter());
        all.map(|entry| (entry.clone() * factor.clone()).nearest()).collect()
    };
    Claim::identity(name, formula, EXACT)
        .assuming([invertible_map(), transformed_matrix()])
        .on(changes())
        .measuring_each(move |it: &AffineChange| {
            let there = UPDATES.iter().flat_map(|u| it.run_there(Way::Quasi(*u), STEPS).inverses);
            let back = there.map(|inverse| &it.map * inverse * it.map.transpose());
            all(entries(back.collect(), &Fraction::from(1)))
        })
        .predicting_from(
            move |it| {
                let here = UPDATES.iter().flat_map(|u| it.run(Way::Quasi(*u), STEPS).inverses);
                entries(here.collect(), &Fraction::ratio(p, q))
            },
            |numbers, i| number(numbers, i),
        )
}

fn nearest(value: &Option<Fraction>) -> f64 {
    value.as_ref().map_or(f64::NAN, Fraction::nearest)
}

fn decrement(name: &str) -> Claim<AffineChange> {
    Claim::identity(name, "g′·H′⁻¹g′ = g·H⁻¹g", EXACT)
        .assuming([invertible_map()])
        .on(convex_changes())
        .measuring_each(|it: &AffineChange| Readings::at(1, nearest(&it.decrements()[1])))
        .predicting(|it, _| nearest(&it.decrements()[0]))
}

fn descent(name: &str, formula: &str) -> Claim<AffineChange> {
    Claim::identity(name, formula, EXACT)
        .assuming([invertible_map()])
        .on(changes())
        .measuring_each(|it: &AffineChange| {
            let there = it.run_there(Way::Descent(1, 8), STEPS).iterates;
            all(coordinates(&there.iter().map(|y| it.here(y)).collect::<Vec<_>>()))
        })
        .predicting_from(
            |it| coordinates(&it.preconditioned(&Fraction::ratio(1, 8), STEPS)),
            |numbers, i| number(numbers, i),
        )
}

fn turned(name: &str) -> Claim<AffineChange> {
    same(name, SAME, Way::Descent(1, 8)).assuming([orthogonal()])
}

/// A step of gradient descent with h = p/q in coordinates in which H = I.
fn as_descent(name: &str, (p, q): (i64, i64)) -> Claim<AffineChange> {
    let formula = if p == q {
        "A (y − ∇f) + v = x − H⁻¹∇f if A Aᵀ = H⁻¹"
    } else {
        "A (y − 1.02 ∇f) + v = x − H⁻¹∇f if A Aᵀ = H⁻¹"
    };
    Claim::identity(name, formula, EXACT)
        .assuming([Hypothesis::by_construction("A Aᵀ = H⁻¹", "at the start, by the choice of S")])
        .on(whitened_changes())
        .measuring_each(move |it: &AffineChange| {
            let there = it.run_there(Way::Descent(p, q), 1).iterates;
            all(coordinates(&there.iter().map(|y| it.here(y)).collect::<Vec<_>>()))
        })
        .predicting_from(
            |it| coordinates(&it.run(Way::Newton, 1).iterates),
            |numbers, i| number(numbers, i),
        )
}

/// A step with h = 1/2 from (1, 1) with x_2 in two units.
fn numbers(name: &str, share: f64) -> Claim<Case<(i64, i64)>> {
    let formula = if share == 1.0 { "(0.5, 0) and (0.5, 0.99)" } else { "0.98 of these" };
    Claim::identity(name, formula, EXACT)
        .assuming([Hypothesis::by_construction("quadratic", "(x₁² + 2x₂²)/2 from (1, 1), h = 1/2")])
        .on(Family::cases("units of x₂", [(1, 1), (1, 10)], |(p, q)| {
            format!("A = diag(1, {p}/{q})")
        }))
        .measuring_each(|unit: &Case<(i64, i64)>| {
            let it = two_scales(unit.0, unit.1);
            let there = it.run_there(Way::Descent(1, 2), 1).iterates;
            all(coordinates(&there.iter().map(|y| it.here(y)).collect::<Vec<_>>()))
        })
        .predicting(move |unit, i| share * [0.5, if unit.1 == 1 { 0.0 } else { 0.99 }][i as usize])
}

fn bits(name: &str, formula: &str) -> Claim<RoundedChange> {
    Claim::identity(name, formula, EXACT)
        .assuming([powers_of_two(), no_shift()])
        .measuring_each(|it: &RoundedChange| {
            // How many points differ is a matter of rounding, which machines do differently.
            let some = |i: usize| it.different(WAYS[i], ROUNDED_STEPS) > 0;
            Readings::over(0..WAYS.len(), |i| f64::from(u8::from(some(i))))
        })
        .predicting(|_, _| 0.0)
}

fn starts(name: &str, values: &[f64]) -> Family<Case<f64>> {
    Family::cases(name, values.to_vec(), |x| format!("x₀ = {x}"))
}

fn barrier() -> Hypothesis<Case<f64>> {
    Hypothesis::by_construction("x − ln x", "f′ = 1 − 1/x in x, eʸ − 1 in y = ln x")
}

/// Newton's method on x − ln x, in fractions.
fn squares(name: &str) -> Claim<Case<f64>> {
    Claim::identity(name, "1 − x_n = |1 − x₀|^(2ⁿ)", 1e-12)
        .assuming([barrier()])
        .on(starts("starts in x", &[0.125, 0.5, 1.75, 3.0]))
        .measuring_each(|start: &Case<f64>| {
            let one = || Fraction::from(1);
            let equation = Equation::new(
                move |x: &Fraction| one() - one() / x.clone(),
                move |x| one() / (x.clone() * x.clone()),
            );
            let (mut newton, mut x) =
                (Newton::default(), DVector::from_element(1, Fraction::from(**start)));
            Readings::over(1..=4usize, |_| {
                newton.step(&equation, &mut x);
                (one() - x[0].clone()).nearest()
            })
        })
        .predicting(|x, n| powf((1.0 - **x).abs(), powf(2.0, n)))
}

/// e^{y_n} after so many steps of Newton's method on eʸ − y.
fn exponential(start: f64, steps: usize) -> f64 {
    let equation = Equation::new(|y: &Long| y.clone().exp_m1(), |y| y.clone().exp());
    let (mut newton, mut y) = (Newton::default(), DVector::from_element(1, Long::from(start).ln()));
    (0..steps).for_each(|_| newton.step(&equation, &mut y));
    y[0].clone().exp().nearest()
}

/// x_60 of Newton's method on x − ln x, or infinity once it has left the domain.
fn plain(start: f64) -> f64 {
    let f = logarithmic();
    let (mut newton, mut x) = (Newton::default(), Vector::from_element(1, start));
    for _ in 0..60 {
        newton.step(&f, &mut x);
        if x[0].is_nan() || x[0] <= 0.0 {
            return f64::INFINITY;
        }
    }
    x[0]
}

fn logarithm_step(x: f64) -> f64 {
    x * exp(1.0 / x - 1.0)
}

fn logarithm(name: &str) -> Claim<Case<f64>> {
    Claim::identity(name, "e^{y₊} = x e^{1/x − 1}", 1e-12)
        .assuming([barrier()])
        .on(starts("starts in y = ln x", &[0.125, 0.5, 1.75, 3.0]))
        .measuring_each(|start: &Case<f64>| Readings::at(1, exponential(**start, 1)))
        .predicting(|x, _| logarithm_step(**x))
}

/// Where 60 steps lead.
fn arrives(name: &str, formula: &str, run: fn(f64) -> f64) -> Claim<Case<f64>> {
    Claim::identity(name, formula, 1e-12)
        .assuming([barrier()])
        .measuring_each(move |start: &Case<f64>| Readings::at(60, run(**start)))
        .predicting(|_, _| 1.0)
}

fn paths(_: &mut Draw, _: Effort) -> Content {
    let plane = |x: &Column| (x[0].nearest(), x[1].nearest());
    let descent = |(p, q): (i64, i64), label: &str| {
        let it = two_scales(p, q);
        let there = it.run_there(Way::Descent(1, 2), 10).iterates;
        Group::new(label, there.iter().map(|y| plane(&it.here(y))))
    };
    let it = two_scales(1, 10);
    let newton = it.run_there(Way::Newton, 1).iterates;
    let level = |height: f64| {
        let turn = (0..=90).map(|i| f64::from(i) / 90.0 * std::f64::consts::TAU);
        let places = turn.map(|a| ((2.0 * height).sqrt() * cos(a), height.sqrt() * sin(a)));
        Line::predicted(&format!("f = {height}"), places.collect::<Vec<_>>())
    };
    Content::Points {
        groups: vec![
            descent((1, 1), "unit 1"),
            descent((1, 10), "unit 1/10"),
            descent((7, 10), "unit 7/10"),
            Group::new("Newton", newton.iter().map(|y| plane(&it.here(y)))),
        ],
        lines: [0.1, 0.5, 1.5].map(level).into(),
    }
}

fn rounding(draw: &mut Draw, _: Effort) -> Content {
    let conditions: Vec<f64> = (0..=14).map(|k| powf(10.0, f64::from(k) / 2.0)).collect();
    let mut groups = Vec::new();
    for (way, label) in [(Rounded::Newton, "Newton"), (Rounded::Quasi(Update::Bfgs), "BFGS")] {
        let mut points = Vec::new();
        for &condition in &conditions {
            let deviations =
                (0..8).map(|_| of_condition(condition, draw).deviation(way, ROUNDED_STEPS));
            points.extend(deviations.filter(|d| *d > 0.0).map(|d| (condition, d)));
        }
        groups.push(Group::new(label, points));
    }
    let square = Line::predicted("square", conditions.iter().map(|c| (*c, c * c)));
    Content::Points { groups, lines: vec![square] }
}
