#![doc = include_str!("newton_finds_any_critical_point.md")]

use nalgebra::DVector;
use rand::RngExt;
use theoria_algorithms::{AdaGradNorm, GradientDescent, Method, Newton, Trajectory};
use theoria_models::numerics;
use theoria_models::objectives::{DoubleWells, Negative, TensorQuartic};
use theoria_models::oracle::TwiceDifferentiable;
use theoria_models::point::SquareRoot;
use theoria_models::{Equation, Objective, Vector};
use theoria_verification::{
    Axis, Case, Check, Claim, Content, Draw, Effort, Family, Figure, Generator, Group, Hypothesis,
    Line, Reading, Readings, Scale, Side, Theorem, TrialClaim,
};

use crate::support::critical_points::{
    descent_end, newton_end, other_side, sum_of_signs, well_after, well_shares,
};
use crate::support::random_quartics::{Started, cubics, quadratics, quartics, random};
use crate::support::unknowns::{Long, Unknown};

/// Steps after which a run on the double well has arrived.
const ARRIVED: usize = 100;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let shares = shares("shares_of_the_line");
    let wider = shares
        .restated("basin_of_the_maximum_is_wider", "shares 1/(2√4.8) and 1.02 · 0.0572")
        .predicting(|case, what| 1.02 * predicted_share(case, what));
    let rare = minima_are_rare("minima_are_rare");
    let rarer = rare
        .restated("minima_are_rarer", "P(minimum) = (1 − 1/√5)^d")
        .predicting(|d, _| (1.0 - 0.2f64.sqrt()).powi(**d as i32));
    let constant = cubic_constant("constant_at_the_maximum");
    let larger = constant
        .restated("constant_at_the_maximum_is_larger", "e_{n+1}/e_n³ → 2.05")
        .predicting(|_, _| 2.05);
    let saddles =
        saddles("saddles_are_found", "P(saddle) ≥ 0.12, without the quartic part 0.6", 1.0);
    let more = saddles
        .restated("saddles_are_found_more_often", "P(saddle) ≥ 0.18, without the quartic part 0.9")
        .predicting(|q, _| 1.5 * least(**q));
    Theorem::new("second_order/newton_finds_any_critical_point", include_str!("newton_finds_any_critical_point.md"))
        .uses(
            "second_order/newton_quadratic",
            "every critical point with an invertible Hessian attracts from near by",
        )
        .uses(
            "convergence/armijo_backtracking",
            "gradient descent with backtracking, which goes down at every step",
        )
        .claim(same("same_on_the_negative", "x_n(−f) = x_n(f), to the bit", newton_run))
        .claim(one_step("quadratic_in_one_step", "∇f(x₁) = 0").on(quadratics("quadratics", 0.0)))
        .claim(maximum("comes_to_the_maximum", "x_n → 0").on(times("within 1/√5", &[0.1, 0.5, 0.9, 0.999, -0.999])))
        .claim(constant)
        .claim(cycle("cycles_at_the_edge", "x_n = ±1/√5", 1.0))
        .claim(minima())
        .claim(shares)
        .claim(apart("coordinates_go_their_own_way", "(x_n)_i as on the line, to the bit", newton_run))
        .claim(rare)
        .claim(saddles)
        .claim(descent("gradient_descent_ends_at_minima", "P(minimum) ≥ 0.98"))
        .claim(all_are_found("all_are_found").on(quartics("coercive quartics", 1.0)))
        .control(same("gradient_descent_is_the_same_on_the_negative", "x_n(−f) = x_n(f) of gradient descent", descent_run))
        .control(one_step("one_step_beyond_quadratics", "∇f(x₁) = 0").on(quadratics("with a quartic part", 0.1)).violating("quadratic"))
        .control(maximum("comes_to_the_maximum_from_beyond", "x_n → 0").on(times("within 1/√4.8", &[1.001, 1.01, 1.02])).violating("|x₀| < 1/√5"))
        .control(larger)
        .control(cycle("cycles_a_little_beyond", "x_n = ±1/√4.99", (5.0f64 / 4.99).sqrt()))
        .control(wider)
        .control(apart("coordinates_go_their_own_way_with_one_step_size", "(x_n)_i as on the line, of AdaGrad with one step size", coupled_run))
        .control(rarer)
        .control(more)
        .control(newton_minima())
        .control(all_are_found("all_are_found_whatever_f").on(cubics()).violating("coercive"))
        .figure(
            Figure::linear("basins", "x₀", "x after 100 steps")
                .caption("Where Newton's method ends on the double well: from |x₀| < 1/√5 (dashed) at the maximum 0, and from just beyond, in turn, at the minima of both sides.")
                .showing(basins),
        )
        .figure(
            Figure::linear("odds", "x₁", "x₂")
                .caption("Directions downwards at the critical point that Newton's method finds on two double wells: a minimum from the corners alone, a share of (1 − 1/(2√5))² of the square.")
                .showing(odds),
        )
}

type Run = fn(&dyn Objective, &Vector) -> Vec<Vector>;

fn newton_run(f: &dyn Objective, start: &Vector) -> Vec<Vector> {
    TwiceDifferentiable::new(f, start)
        .map(|oracle| Trajectory::of(Newton::default(), &oracle, start, 8).points().to_vec())
        .unwrap_or_default()
}

fn descent_run(f: &dyn Objective, start: &Vector) -> Vec<Vector> {
    Trajectory::of(GradientDescent::new(0.01), f, start, 8).points().to_vec()
}

/// The largest distance between the runs on f and on −f.
fn same(name: &str, formula: &str, run: Run) -> Claim<Case<Started>> {
    Claim::identity(name, formula, 1e-300)
        .assuming([Hypothesis::by_construction("twice differentiable", "random quartics")])
        .on(Family::drawn("random quartics", |draw| {
            let dimension = draw.size(1..=5);
            let (f, x) = random(draw, 1.0, dimension);
            Case::new(format!("{} from {:.3?}", f.describe(), x.as_slice()), (f, x))
        }))
        .measuring_each(move |case: &Case<Started>| {
            let (f, start) = &case.value;
            let (one, other) = (run(f, start), run(&Negative::new(f), start));
            let distances = one.iter().zip(&other).map(|(a, b)| (a - b).norm());
            let complete = one.len() == 9 && other.len() == 9;
            let worst = if complete { distances.fold(0.0, numerics::maximum) } else { f64::NAN };
            Readings::at(8, Reading::new(worst, 0.0))
        })
        .predicting(|_, _| 0.0)
}

fn one_step(name: &str, formula: &str) -> Claim<Case<Started>> {
    Claim::identity(name, formula, 1e-9)
        .assuming([Hypothesis::new("quadratic", |case: &Case<Started>, _| {
            let (f, x) = &case.value;
            let change = f.hessian(x).zip(f.hessian(&(x * 2.0))).map(|(a, b)| (a - b).norm());
            Check::that(change == Some(0.0), format!("H(2x) − H(x) = {change:?}"))
        })])
        .measuring_each(|case: &Case<Started>| {
            let (f, start) = &case.value;
            let run = newton_run(f, start);
            let left = run.get(1).map_or(f64::NAN, |x| f.gradient_at(x).norm());
            // Elimination leaves a few units of the terms.
            let terms = f.gradient_at(start).norm() + run.get(1).map_or(0.0, Vector::norm);
            Readings::at(1, Reading::new(left / terms, 64.0 * f64::EPSILON))
        })
        .predicting(|_, _| 0.0)
}

/// x⁴/4 − x²/2 from so many times 1/√5.
fn well(times: f64) -> Unknown {
    Unknown::new(
        "x⁴/4 − x²/2",
        |x| x.clone() * (x.clone() * x.clone() - Long::from(1.0)),
        |x| Long::from(3.0) * x.clone() * x.clone() - Long::from(1.0),
        times * 0.2f64.sqrt(),
        2.0,
    )
}

fn times(name: &str, values: &[f64]) -> Family<Unknown> {
    Family::listed(name, values.to_vec(), |times| well(*times))
}

fn within() -> Hypothesis<Unknown> {
    Hypothesis::new("|x₀| < 1/√5", |u: &Unknown, _| {
        let start = u.start.nearest().abs();
        Check::that(start < 0.2f64.sqrt(), format!("|x₀| = {start}"))
    })
}

fn maximum(name: &str, formula: &str) -> Claim<Unknown> {
    Claim::identity(name, formula, 1e-12)
        .assuming([within()])
        .measuring_each(|u: &Unknown| {
            let end = u.iterates(ARRIVED).last().map_or(f64::NAN, |x| x.nearest().abs());
            Readings::at(ARRIVED, end)
        })
        .predicting(|_, _| 0.0)
}

fn cubic_constant(name: &str) -> Claim<Unknown> {
    Claim::identity(name, "e_{n+1}/e_n³ → 2", 1e-9)
        .assuming([within()])
        .on(times("within 1/√5", &[0.1, 0.5, 0.9, 0.999]))
        .measuring_each(|u: &Unknown| {
            u.ratios(3.0, ARRIVED).into_iter().last().into_iter().collect()
        })
        .predicting(|u, _| u.constant)
}

/// From so many times 1/√5, in 2048 binary digits.
fn cycle(name: &str, formula: &str, times: f64) -> Claim<Case<f64>> {
    Claim::identity(name, formula, 1e-12)
        .assuming([Hypothesis::by_construction("twice differentiable", "x⁴/4 − x²/2")])
        .on(Family::cases("start", [times], |times| format!("from {times} times 1/√5")))
        .measuring_each(|times: &Case<f64>| {
            let equation = Equation::new(
                |x: &Long| x.clone() * (x.clone() * x.clone() - Long::from(1.0)),
                |x| Long::from(3.0) * x.clone() * x.clone() - Long::from(1.0),
            );
            let edge = (Long::from(1.0) / Long::from(5.0)).sqrt();
            let start = edge * Long::from(**times);
            let (mut newton, mut x) = (Newton::default(), DVector::from_element(1, start.clone()));
            Readings::over(1..=20, |_| {
                newton.step(&equation, &mut x);
                (x[0].clone() / start.clone()).nearest()
            })
        })
        .predicting(|_, n| if n % 2.0 == 0.0 { 1.0 } else { -1.0 })
}

fn minima() -> Claim<Case<f64>> {
    Claim::identity("comes_to_a_minimum_from_beyond", "|x_100| = 1 from |x₀| > 1/√5", 1e-12)
        .assuming([Hypothesis::new("|x₀| > 1/√5", |times: &Case<f64>, _| {
            Check::that(times.abs() > 1.0, format!("{} times 1/√5", **times))
        })])
        .on(Family::cases("beyond", [1.001, 1.05, -1.2, 1.3, 2.0, -50.0], |times| {
            format!("{times} times 1/√5")
        }))
        .measuring_each(|times: &Case<f64>| {
            Readings::at(ARRIVED, well_after(**times * 0.2f64.sqrt(), ARRIVED).abs())
        })
        .predicting(|_, _| 1.0)
}

/// At 1 that of the maximum, at 2 that of the other side's minimum, on a grid that leaves less than a thousandth open.
fn shares(name: &str) -> Claim<Case<u32>> {
    Claim::identity(
        name,
        "shares 1/(2√5) = 0.2236 at the maximum, 0.0572 at the other minimum",
        2e-3,
    )
    .assuming([Hypothesis::by_construction("uniform start", "a grid on [−2, 2]")])
    .on(Family::cases("grids", [50_000, 70_001], |n| format!("{n} starts")))
    .measuring_each(|n: &Case<u32>| {
        let (maximum, other) = well_shares(**n);
        Readings::over(1..=2, |what: i32| if what == 1 { maximum } else { other })
    })
    .predicting(predicted_share)
}

fn predicted_share(_: &Case<u32>, what: f64) -> f64 {
    if what == 1.0 { 0.5 * 0.2f64.sqrt() } else { other_side() }
}

/// The largest distance of a coordinate from a run with that coordinate alone.
fn apart(name: &str, formula: &str, run: Run) -> Claim<Case<Vector>> {
    Claim::identity(name, formula, 1e-300)
        .assuming([Hypothesis::by_construction("twice differentiable", "sums of double wells")])
        .on(Family::drawn("starts", |draw| {
            let d = draw.size(2..=6);
            let start = Vector::from_fn(d, |_, _| draw.uniform(-2.0, 2.0));
            Case::new(format!("from {:.3?}", start.as_slice()), start)
        }))
        .measuring_each(move |start: &Case<Vector>| {
            let together = run(&DoubleWells::new(start.len()), start);
            let distance = |i: usize| {
                let alone = run(&DoubleWells::new(1), &Vector::from_element(1, start[i]));
                let pairs = together.iter().zip(&alone);
                let worst = pairs.map(|(x, y)| (x[i] - y[0]).abs()).fold(0.0, numerics::maximum);
                if alone.len() == 9 && together.len() == 9 { worst } else { f64::NAN }
            };
            Readings::at(8, Reading::new((0..start.len()).map(distance).sum(), 0.0))
        })
        .predicting(|_, _| 0.0)
}

/// AdaGrad with one step size for all coordinates, by which they do see one another.
fn coupled_run(f: &dyn Objective, start: &Vector) -> Vec<Vector> {
    Trajectory::of(AdaGradNorm::new(0.1, 0.1), f, start, 8).points().to_vec()
}

fn uniform(d: usize, random: &mut Generator) -> Vector {
    Vector::from_fn(d, |_, _| random.random_range(-2.0..2.0))
}

fn minima_are_rare(name: &str) -> TrialClaim<Case<usize>> {
    Claim::probability(name, "P(minimum) = (1 − 1/(2√5))^d", Side::Within(0.04))
        .assuming([Hypothesis::by_construction("uniform start", "on [−2, 2]ᵈ")])
        .on(Family::cases("dimensions", [1, 2, 5, 10], |d| format!("d = {d}")))
        .trials(16_384)
        .sampling(|d: &Case<usize>, block| {
            let f = DoubleWells::new(**d);
            block.each_event(**d, |random| {
                newton_end(&f, &uniform(**d, random)).is_some_and(|(_, index)| index == 0)
            })
        })
        .predicting(|d, _| (1.0 - 0.5 * 0.2f64.sqrt()).powi(**d as i32))
}

fn weights(values: &[f64]) -> Family<Case<f64>> {
    Family::cases("random quartics in the plane", values.to_vec(), |q| format!("q = {q}"))
}

fn random_quartics() -> Hypothesis<Case<f64>> {
    Hypothesis::by_construction("random quartics", "Gaussian G, T and b, drawn anew in each trial")
}

/// What is claimed of saddles.
fn least(weight: f64) -> f64 {
    if weight == 0.0 { 0.6 } else { 0.12 }
}

fn saddles(name: &str, formula: &str, factor: f64) -> TrialClaim<Case<f64>> {
    Claim::probability(name, formula, Side::AtLeast)
        .assuming([random_quartics()])
        .on(weights(&[1.0, 0.0]))
        .trials(20_000)
        .sampling(|q: &Case<f64>, block| {
            block.each_event(1.0, |random| {
                let f = TensorQuartic::gaussian(**q, 2, random);
                newton_end(&f, &uniform(2, random)).is_some_and(|(_, index)| index == 1)
            })
        })
        .predicting(move |q, _| factor * least(**q))
}

fn descent(name: &str, formula: &str) -> TrialClaim<Case<f64>> {
    minimum_by(name, formula, |f, start| descent_end(f, start))
}

fn newton_minima() -> TrialClaim<Case<f64>> {
    minimum_by("newton_ends_at_minima", "P(minimum) ≥ 0.98 with Newton's method", |f, start| {
        newton_end(f, start).map(|(_, index)| index)
    })
}

fn minimum_by(
    name: &str,
    formula: &str,
    end: fn(&dyn Objective, &Vector) -> Option<usize>,
) -> TrialClaim<Case<f64>> {
    Claim::probability(name, formula, Side::AtLeast)
        .assuming([random_quartics()])
        .on(weights(&[1.0]))
        .trials(4096)
        .sampling(move |q: &Case<f64>, block| {
            block.each_event(1.0, |random| {
                let f = TensorQuartic::gaussian(**q, 2, random);
                end(&f, &uniform(2, random)) == Some(0)
            })
        })
        .predicting(|_, _| 0.98)
}

fn all_are_found(name: &str) -> Claim<Case<Started>> {
    Claim::identity(name, "Σ sign det H = 1 over the critical points that are found", 1e-12)
        .assuming([Hypothesis::new("coercive", |case: &Case<Started>, _| {
            // Along any direction the quartic part decides.
            let f = &case.value.0;
            let far = [1.0, -1.0].map(|x| f.value(&Vector::from_vec(vec![1e6 * x, 1e6])));
            Check::that(far.iter().all(|v| *v > 1e20), format!("f far away: {far:?}"))
        })])
        .measuring_each(|case: &Case<Started>| {
            Readings::at(1, Reading::new(f64::from(sum_of_signs(&case.value.0, 96, 6.0)), 0.0))
        })
        .predicting(|_, _| 1.0)
}

fn basins(_: &mut Draw, _: Effort) -> Content {
    let ends = (0..=1200)
        .map(|i| -1.2 + f64::from(i) / 500.0)
        .map(|x| (x, well_after(x, ARRIVED)))
        .filter(|(_, end)| end.is_finite());
    let edge = 0.2f64.sqrt();
    let at = |x: f64| Line::predicted(&format!("{x:.3}"), [(x, -1.2), (x, 1.2)]);
    Content::Points { groups: vec![Group::new("ends", ends)], lines: vec![at(-edge), at(edge)] }
}

fn odds(_: &mut Draw, _: Effort) -> Content {
    let places: Vec<f64> = (0..120).map(|i| -2.0 + (f64::from(i) + 0.5) / 30.0).collect();
    let f = DoubleWells::new(2);
    let starts = places.iter().flat_map(|y| places.iter().map(|x| Vector::from_vec(vec![*x, *y])));
    let values =
        starts.map(|x| newton_end(&f, &x).map_or(f64::NAN, |(_, index)| index as f64)).collect();
    // One line through all four edges, by way of the border.
    let e = 0.2f64.sqrt();
    let down_and_up = [(-e, -2.0), (-e, 2.0), (e, 2.0), (e, -2.0), (2.0, -2.0)];
    let across = [(2.0, -e), (-2.0, -e), (-2.0, e), (2.0, e)];
    let lines = vec![Line::predicted("±1/√5", down_and_up.into_iter().chain(across))];
    Content::HeatMap {
        x: places.clone(),
        y: places,
        values,
        colour: Axis::new("directions downwards", Scale::Linear),
        middle: None,
        lines,
    }
}
