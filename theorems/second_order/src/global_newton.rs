#![doc = include_str!("global_newton.md")]

use theoria_elementary::powf;
use theoria_verification::{Case, Claim, Family, Figure, Hypothesis, Reading, Readings, Theorem};

use crate::support::cubic_limits::{Approach, approaches, root_lipschitz, root_steps};
use crate::support::cubic_splines::{CubicSpline, cubic_splines};
use crate::support::cubic_steps::{
    Made, Regularised, convex, convex_splines, downhill, global_minimiser, rates,
};
use crate::support::double_well_walks::{ARRIVED, arrivals, minima_reached, models, steps_needed};
use crate::support::space_steps::{SpaceStep, at_rest, depths, maxima, saddles, uphill, waves};

const DECREASE: &str = "f(x) − f(x₊) ≥ M|s|³/12";
const REMAINDER: &str = "|∇f(x₊) + (M/2)|s|s| ≤ (M/2)|s|²";
const SLOPE: &str = "|∇f(x₊)| ≤ M|s|²";
const BEND: &str = "−λ_min(x₊) ≤ (3/2) M|s|";
const PASSES: &str = "|s| ≤ |x − x*|";
const FIRST: &str = "f(x₁) − f(x*) ≤ (10 + √2)/147 M R³";
const RATE: &str = "f(x_N) − f* ≤ (4/27) M R³/N²";
/// Starts on √(1 + x²), with the steps of cubic regularisation and of gradient descent.
const STARTS: [(f64, usize, usize); 4] =
    [(2.0, 5, 5), (10.0, 10, 13), (100.0, 69, 103), (1000.0, 659, 1003)];

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let leaves = leaves("leaves_every_saddle");
    let shorter = leaves
        .restated("leaves_by_a_shorter_step", "|s| = 0.98 · 2|λ_min|/M")
        .predicting(|it, _| 0.98 * 2.0 * it.descent() / it.made().lipschitz);
    let ramp = ramp("rate_has_the_right_power");
    let steeper = ramp
        .restated("power_is_2_05", "f(x_N) − f* = (2/27) M R³/(N + 1/3)^2.05")
        .predicting(|_, n| 2.0 / 27.0 / powf(n + 1.0 / 3.0, 2.05));
    let limit = limit("digits_double");
    let as_newton = limit
        .restated("as_fast_as_newton", "e_{n+1}/e_n² → |f‴|/(2f″), Newton's constant")
        .predicting(|it, _| it.newtons_limit());
    let larger = limit
        .restated("constant_is_larger", "e_{n+1}/e_n² → 1.02 (M ± f‴)/(2f″)")
        .predicting(|it, _| 1.02 * it.limit());
    let counts = counts("steps_on_the_root");
    let fewer = counts
        .restated("a_step_fewer_on_the_root", "a step fewer each")
        .predicting(|case, what| predicted_steps(case, what) - 1.0);
    Theorem::new("second_order/global_newton", include_str!("global_newton.md"))
        .uses(
            "second_order/newton_quadratic",
            "the constant of the Hessian, and the function on which Newton's method is slowest",
        )
        .uses(
            "second_order/newton_finds_any_critical_point",
            "where Newton's own steps lead from the same starts",
        )
        .claim(
            decrease("decrease", DECREASE, 1.0)
                .attained_on(from_the_maximum())
                .on(cubic_splines(3.0).hunted(1000))
                .tight_to(0.99),
        )
        .claim(
            decrease("decrease_in_space", DECREASE, 1.0)
                .attained_on(maxima())
                .on(saddles())
                .on(waves().with_draws(24))
                .tight_to(0.99),
        )
        .claim(
            remainder("gradient_after", REMAINDER, 1.0)
                .attained_on(Family::listed("slopes of f″ of ±M", [-1.0, 0.5, 2.0], |share| {
                    CubicSpline::worst(1.5, 2.0, *share)
                }))
                .on(cubic_splines(3.0).hunted(300))
                .tight_to(0.99),
        )
        .claim(
            remainder("gradient_after_in_space", REMAINDER, 1.0)
                .attained_on(maxima())
                .on(waves().with_draws(24))
                .tight_to(0.99),
        )
        .claim(
            slope("slope_after_in_space", SLOPE, 1.0)
                .attained_on(depths())
                .on(saddles())
                .on(waves().with_draws(24))
                .tight_to(0.99),
        )
        .claim(
            bend("curvature_after_in_space", BEND, 1.0)
                .attained_on(depths())
                .on(saddles())
                .on(waves().with_draws(24))
                .tight_to(0.99),
        )
        .claim(slope("slope_after", SLOPE, 1.0).attained_on(outwards()).on(cubic_splines(3.0).hunted(1000)).tight_to(0.99))
        .claim(bend("curvature_after", BEND, 1.0).attained_on(outwards()).on(cubic_splines(3.0).hunted(1000)).tight_to(0.99))
        .claim(leaves)
        .claim(
            passes("passes_no_critical_point", PASSES, 1.0)
                .attained_on(Family::listed("μx²/2 − M|x|³/6", [0.5, 1.0, 2.5], |share| {
                    CubicSpline::worst(1.5, 2.0, *share)
                }))
                .on(cubic_splines(3.0).hunted(600))
                .tight_to(0.99),
        )
        .claim(
            first("first_step", FIRST, 1.0)
                .attained_on(Family::listed("the slowest beginning", [1.0, -3.0], |start| {
                    CubicSpline::slowest_to_begin(2.0, *start)
                }))
                .on(cubic_splines(3.0).hunted(3000))
                .tight_to(0.97),
        )
        .claim(rate("convex_rate", RATE, 4.0 / 27.0).on(convex_splines(10.0).hunted(1000)).on(Family::listed("slowest ramps", [1usize, 3, 10, 100], |n| CubicSpline::slowest_ramp(2.0, 3.0, *n))).on(twice()).tight_to(0.588))
        .claim(ramp)
        .claim(limit)
        .claim(counts)
        .claim(far("far_away_it_is_slow", "N ≥ R √(M/2)", 1.0).tight_to(0.99))
        .claim(ends("starts_that_reach_a_minimum", "401 of 401 starts, 312 by Newton's method", &[true, false], |cubic| if cubic { 401.0 } else { 312.0 }))
        .claim(well_steps("steps_in_the_well", "at a minimum after 8 steps", 8.0))
        .control(decrease("larger_decrease", "f(x) − f(x₊) ≥ 1.05 M|s|³/12", 1.05).on(cubic_splines(3.0).hunted(1000)))
        .control(
            decrease("decrease_with_a_steeper_hessian", DECREASE, 1.0)
                .on(cubic_splines(3.0).map(|f| f.understating(0.8)).hunted(1000))
                .violating("Lipschitz Hessian"),
        )
        .control(
            decrease("decrease_of_another_minimiser", DECREASE, 1.0)
                .on(uphill())
                .violating("global minimiser of the model"),
        )
        .control(remainder("smaller_remainder", "|∇f(x₊) + (M/2)|s|s| ≤ 0.95 (M/2)|s|²", 0.95).on(cubic_splines(3.0).hunted(300)))
        .control(slope("smaller_slope_after", "|∇f(x₊)| ≤ 0.95 M|s|²", 0.95).on(cubic_splines(3.0).hunted(1000)))
        .control(bend("smaller_curvature_after", "−λ_min(x₊) ≤ 0.95 (3/2) M|s|", 0.95).on(cubic_splines(3.0).hunted(1000)))
        .control(shorter)
        .control(passes("stops_well_before", "|s| ≤ 0.95 |x − x*|", 0.95).on(cubic_splines(3.0).hunted(600)))
        .control(
            passes("passes_what_lies_uphill", PASSES, 1.0)
                .on(Family::listed("from near a maximum", [0.1, 0.5], |share| CubicSpline::worst(-1.5, 2.0, *share)))
                .violating("x* lies downhill"),
        )
        .control(first("first_step_leaves_less", "f(x₁) − f(x*) ≤ 0.95 (10 + √2)/147 M R³", 0.95).on(Family::listed("the slowest beginning", [1.0, -3.0], |start| {
            CubicSpline::slowest_to_begin(2.0, *start)
        })))
        .control(rate("rate_with_a_smaller_constant", "f(x_N) − f* ≤ 0.58 (4/27) M R³/N²", 0.58 * 4.0 / 27.0).on(twice()))
        .control(rate("rate_without_convexity", RATE, 4.0 / 27.0).on(Family::single("a shelf", CubicSpline::shelf)).violating("convex"))
        .control(steeper)
        .control(larger)
        .control(as_newton)
        .control(fewer)
        .control(far("faster_far_away", "N ≥ 1.02 R √(M/2)", 1.02))
        .control(ends("newton_reaches_a_minimum_as_often", "401 of 401 starts, by Newton's method", &[false], |_| 401.0))
        .control(well_steps("seven_steps_in_the_well", "at a minimum after 7 steps", 7.0))
        .figure(
            Figure::linear("models", "x", "y")
                .caption(
                    "Newton's model of a double well at x = 0.4 bends down there, and its critical point lies towards the maximum. With the cubic term the model lies above f, \
                     and its minimiser lies towards the minimum.",
                )
                .showing(models),
        )
        .figure(
            Figure::linear("ends", "start", "end")
                .caption(
                    "Where 401 starts on the double well end. With the cubic term each start, the maximum among them, ends in a minimum; Newton's method \
                     ends at the maximum from the middle, and near its edges at the other side's minimum.",
                )
                .showing(arrivals),
        )
        .figure(
            Figure::log_log("rates", "N", "(f(x_N) − f*)/(M R³)")
                .caption(
                    "What N steps leave on convex functions of one variable: the proved bound, and half of it on functions made for each N. On a single such function, here \
                     that for N = 30, the way is long before that, and short after it.",
                )
                .showing(rates),
        )
}

fn one_step<I: Regularised>(
    claim: Claim<I>,
    measured: fn(&Made) -> Reading,
    predicted: impl Fn(&Made) -> f64 + Send + Sync + 'static,
) -> Claim<I> {
    claim
        .assuming([I::lipschitz_hessian(), global_minimiser()])
        .measuring_each(move |it: &I| Readings::at(1, measured(&it.made())))
        .predicting_from(I::made, move |made, _| predicted(made))
}

fn decrease<I: Regularised>(name: &str, formula: &str, share: f64) -> Claim<I> {
    one_step(
        Claim::lower_bound(name, formula),
        |made| made.decrease,
        move |made| share * made.lipschitz * made.length.powi(3) / 12.0,
    )
}

fn remainder<I: Regularised>(name: &str, formula: &str, share: f64) -> Claim<I> {
    one_step(
        Claim::bound(name, formula),
        |made| made.remainder,
        move |made| share * made.lipschitz * made.length.powi(2) / 2.0,
    )
}

fn slope<I: Regularised>(name: &str, formula: &str, share: f64) -> Claim<I> {
    one_step(
        Claim::bound(name, formula),
        |made| made.slope,
        move |made| share * made.lipschitz * made.length.powi(2),
    )
}

fn bend<I: Regularised>(name: &str, formula: &str, share: f64) -> Claim<I> {
    one_step(
        Claim::bound(name, formula),
        |made| made.bend,
        move |made| share * 1.5 * made.lipschitz * made.length,
    )
}

/// From the maximum of μx²/2 − M|x|³/6 to the minimum: f'' rises all the way.
fn from_the_maximum() -> Family<CubicSpline> {
    shares("from the maximum on the left", &[-3.0])
}

/// From that on the right outwards: f'' falls all the way.
fn outwards() -> Family<CubicSpline> {
    shares("from the maximum on the right", &[3.0])
}

/// μx²/2 − M|x|³/6 from these multiples of 2μ/(3M).
fn shares(name: &str, multiples: &[f64]) -> Family<CubicSpline> {
    Family::listed(name, multiples.to_vec(), |share| CubicSpline::worst(1.5, 2.0, *share))
}

fn leaves(name: &str) -> Claim<SpaceStep> {
    Claim::identity(name, "|s| = 2|λ_min|/M where ∇f(x) = 0", 1e-12)
        .assuming([SpaceStep::lipschitz_hessian(), global_minimiser(), at_rest()])
        .on(maxima())
        .on(saddles())
        .measuring_each(|it: &SpaceStep| Readings::at(1, it.made().length))
        .predicting(|it, _| 2.0 * it.descent() / it.made().lipschitz)
}

fn passes(name: &str, formula: &str, share: f64) -> Claim<CubicSpline> {
    Claim::bound(name, formula)
        .assuming([CubicSpline::lipschitz_hessian(), global_minimiser(), downhill()])
        .measuring_each(|it: &CubicSpline| Readings::at(1, it.made().length))
        .predicting(move |it, _| share * it.start.abs())
}

/// (f(x_N) − f(0))/(M R³)
fn left(it: &CubicSpline, steps: &[usize]) -> Readings {
    let places = it.regularised(steps.iter().copied().max().unwrap_or(0));
    Readings::over(steps.iter().copied(), |n| it.share_left(&places[n]))
}

fn first(name: &str, formula: &str, share: f64) -> Claim<CubicSpline> {
    Claim::bound(name, formula)
        .assuming([CubicSpline::lipschitz_hessian(), downhill()])
        .measuring_each(|it: &CubicSpline| left(it, &[1]))
        .predicting(move |_, _| share * (10.0 + 2f64.sqrt()) / 147.0)
}

fn rate(name: &str, formula: &str, constant: f64) -> Claim<CubicSpline> {
    Claim::bound(name, formula)
        .assuming([CubicSpline::lipschitz_hessian(), convex()])
        .measuring_each(|it: &CubicSpline| left(it, &[1, 2, 3, 4, 6, 8, 12, 16]))
        .predicting(move |_, n| constant / (n * n))
}

fn twice() -> Family<CubicSpline> {
    Family::single("two slow steps", || CubicSpline::slow_twice(2.0, 3.0))
}

fn ramp(name: &str) -> Claim<Case<usize>> {
    Claim::identity(name, "f(x_N) − f* = (2/27) M R³/(N + 1/3)²", 1e-9)
        .assuming([Hypothesis::by_construction("convex", "f″ = 0 and then rises with the slope M")])
        .on(Family::cases("numbers of steps", [1, 2, 5, 20, 100], |n| format!("N = {n}")))
        .measuring_each(|n: &Case<usize>| left(&CubicSpline::slowest_ramp(1.0, 1.0, **n), &[**n]))
        .predicting(|_, n| 2.0 / 27.0 / (n + 1.0 / 3.0).powi(2))
}

fn limit(name: &str) -> Claim<Approach> {
    Claim::identity(name, "e_{n+1}/e_n² → (M ± f‴)/(2f″)", 1e-9)
        .assuming([Hypothesis::by_construction("start near by", "M bounds |f‴| on the way")])
        .on(approaches())
        .measuring_each(|it: &Approach| Readings::from_iter([it.last_ratio()]))
        .predicting(|it, _| it.limit())
}

fn root() -> Hypothesis<Case<f64>> {
    Hypothesis::by_construction("√(1 + x²)", "M = 48/(25√5)")
}

fn counts(name: &str) -> Claim<Case<f64>> {
    Claim::identity(name, "steps 5, 10, 69, 659; of gradient descent 5, 13, 103, 1003", 1e-9)
        .assuming([root()])
        .on(starts("starts", &STARTS.map(|(start, ..)| start)))
        .measuring_each(|start: &Case<f64>| {
            let steps = root_steps(**start);
            Readings::over([0usize, 1], |which| steps[which] as f64)
        })
        .predicting(predicted_steps)
}

fn predicted_steps(start: &Case<f64>, which: f64) -> f64 {
    let row = STARTS.iter().find(|(x, ..)| *x == **start);
    row.map_or(f64::NAN, |&(_, cubic, descent)| (if which == 0.0 { cubic } else { descent }) as f64)
}

fn starts(name: &str, values: &[f64]) -> Family<Case<f64>> {
    Family::cases(name, values.to_vec(), |x| format!("x₀ = {x}"))
}

fn far(name: &str, formula: &str, share: f64) -> Claim<Case<f64>> {
    Claim::lower_bound(name, formula)
        .assuming([root()])
        .on(starts("far away", &[1e3, 1e4]))
        .measuring_each(|start: &Case<f64>| Readings::at(1, root_steps(**start)[0] as f64))
        .predicting(move |start, _| share * **start * (root_lipschitz() / 2.0).sqrt())
}

fn double_well() -> Hypothesis<Case<bool>> {
    Hypothesis::by_construction("double well", "|f‴| = 6|x| ≤ M = 12 in [−2, 2]")
}

/// Of 401, by cubic regularisation or by Newton's method.
fn ends(
    name: &str,
    formula: &str,
    methods: &[bool],
    predicted: fn(bool) -> f64,
) -> Claim<Case<bool>> {
    Claim::identity(name, formula, 1e-9)
        .assuming([double_well()])
        .on(Family::cases("methods", methods.to_vec(), |cubic| {
            (if *cubic { "cubic regularisation" } else { "Newton's method" }).into()
        }))
        .measuring_each(|cubic: &Case<bool>| Readings::at(ARRIVED, minima_reached(**cubic) as f64))
        .predicting(move |cubic, _| predicted(**cubic))
}

/// The most steps that any of the starts takes.
fn well_steps(name: &str, formula: &str, most: f64) -> Claim<Case<bool>> {
    Claim::identity(name, formula, 1e-9)
        .assuming([double_well()])
        .on(Family::single("cubic regularisation", || Case::new("401 starts in [−2, 2]", true)))
        .measuring_each(|_: &Case<bool>| Readings::at(1, steps_needed() as f64))
        .predicting(move |_, _| most)
}
