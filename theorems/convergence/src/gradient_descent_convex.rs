#![doc = include_str!("gradient_descent_convex.md")]

use theoria_algorithms::{GradientDescent, Trajectory};
use theoria_elementary::powf;
use theoria_instances::Problem;
use theoria_instances::families::{
    AfterSteps, after_any_steps, huber, huber_after_steps, misstated, parabolas_after_steps,
    rippled_parabola, smooth_convex, smooth_convex_functions, smooth_functions,
};
use theoria_instances::hypotheses::{convex, minimiser, smooth, step_size};
use theoria_instances::sequences::dyadic;
use theoria_models::{Property, Vector};
use theoria_verification::{Case, Claim, Curve, Family, Figure, Hypothesis, Reading, Theorem};

use crate::support::for_each_n;

const STEPS: usize = 300;

const DISTANCE: fn(&Problem, &Vector) -> Reading = |p, x| p.distance(x);
const GRADIENT: fn(&Problem, &Vector) -> Reading = |p, x| p.gradient_squared(x);

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let rate = rate("one_over_n", 1.0).attained_on(hubers(1.0));
    let four_point_one = rate
        .restated("constant_larger_than_four", "f(x_N) − f* ≤ L R² / (4.1 N h L + 2)")
        .predicting(|p, n| scale(p) / (4.1 * n + 2.0));
    let two_point_one = rate
        .restated("constant_larger_than_two", "f(x_N) − f* ≤ L R² / (4 N h L + 2.1)")
        .predicting(|p, n| scale(p) / (4.0 * n + 2.1));
    let by_huber = long_steps("long_steps_by_huber", 1.4).attained_on(fitted(1.4));
    let slope = by_huber
        .restated(
            "long_steps_with_a_constant_larger_than_four",
            "f(x_N) − f* ≤ max{ L R² / (4.1 N h L + 2), (L R²/2) (1 − hL)^(2N) }",
        )
        .predicting(|i, n| largest(scale(&i.problem), n, 1.4, 4.1, 2.0));
    let by_a_parabola =
        long_steps("longest_steps_by_a_parabola", 1.99).attained_on(parabolas_after_steps());
    let parabola = by_a_parabola
        .restated(
            "longest_steps_five_percent_faster",
            "f(x_N) − f* ≤ max{ L R² / (4 N h L + 2), (L R²/2) (1 − hL)^(2.1 N) }",
        )
        .predicting(|i, n| largest(scale(&i.problem), n, 1.99, 4.0, 2.1));
    let worst_case = worst_case_exponent();
    let faster = worst_case
        .restated("worst_case_is_faster", "the worst f(x_N) − f* decays like N^-1.1")
        .predicting(|_, n| powf(n, -1.1));
    Theorem::new(
        "convergence/gradient_descent_convex",
        include_str!("gradient_descent_convex.md"),
    )
    .uses(
        "convergence/gradient_descent_nonconvex",
        "the descent lemma says what a step of at most 2/L gains",
    )
    .claim(rate.on_all(smooth_convex()).on(smooth_convex_functions().hunted(1000)).tight_to(0.999))
    .claim(
        self::rate("one_over_n_with_short_steps", 0.6)
            .attained_on(hubers(0.6))
            .on_all(smooth_convex())
            .on(smooth_convex_functions().hunted(1000))
            .tight_to(0.999),
    )
    .claim(by_huber.on(any_after_steps()).tight_to(0.999))
    .claim(by_a_parabola.on(any_after_steps()).tight_to(0.999))
    .claim(
        never_increases("distance_never_increases", "|x_{k+1} − x*| ≤ |x_k − x*|", DISTANCE, 1.0)
            .on_all(smooth_convex())
            .on(smooth_convex_functions().hunted(1000))
            .on(narrow_hubers())
            .tight_to(0.998),
    )
    .claim(
        never_increases(
            "gradient_never_increases",
            "|∇f(x_{k+1})|² ≤ |∇f(x_k)|²",
            GRADIENT,
            1.0,
        )
        .on_all(smooth_convex())
        .on(smooth_convex_functions().hunted(1000))
        .attained_on(narrow_hubers())
        .tight_to(0.999),
    )
    .claim(worst_case)
    .control(four_point_one)
    .control(two_point_one)
    .control(slope)
    .control(parabola)
    .control(faster)
    .control(
        self::rate("one_over_n_without_convexity", 1.0)
.on(rippled_parabola())
.on(smooth_functions().hunted(1000)).violating("convex"),
    )
    .control(self::rate("one_over_n_with_too_small_a_constant", 1.0).on(misstated(smooth_convex_functions(), Property::Smoothness, 0.1..=0.9).hunted(1000)).violating("smooth"))
    .control(self::rate("one_over_n_with_a_longer_step", 1.9).on(smooth_convex_functions().hunted(1000)).violating("step size"))

    .control(
        never_increases(
            "distance_falls_by_two_percent",
            "|x_{k+1} − x*| ≤ 0.98 |x_k − x*|",
            DISTANCE,
            0.98,
        )
        .on(narrow_hubers()),
    )
    .control(
        never_increases(
            "gradient_falls_by_two_percent",
            "|∇f(x_{k+1})|² ≤ 0.98 |∇f(x_k)|²",
            GRADIENT,
            0.98,
        )
        .on(narrow_hubers()),
    )
    .figure(
        Figure::log_log("gap", "step N", "f(x_N) − f*")
            .of("one_over_n")
            .caption("Convex problems of every kind stay below L R²/(4N + 2), most of them far."),
    )
    .figure(
        Figure::log_log("worst_case", "number of steps N", "f(x_N) − f*")
            .of("worst_case_is_one_over_n")
            .of("worst_case_is_faster")
            .caption(
                "The Huber function fitted to each N decays like 1/N exactly, and not like N^−1.2.",
            ),
    )
}

/// With h = `multiple` / L.
fn rate(name: &str, multiple: f64) -> Claim<Problem> {
    Claim::bound(name, "f(x_N) − f* ≤ L R² / (4 N h L + 2)")
        .assuming([smooth(), convex(), minimiser(), step_size(multiple, 1.0)])
        .measuring(1..=STEPS, move |p: &Problem, steps| {
            let run = descend(p, multiple, STEPS);
            steps.read(|n| p.gap(run.at(n)))
        })
        .predicting(move |p, n| scale(p) / (4.0 * n * multiple + 2.0))
}

fn long_steps(name: &str, multiple: f64) -> Claim<AfterSteps> {
    let formula = "f(x_N) − f* ≤ max{ L R² / (4 N h L + 2), (L R²/2) (1 − hL)^(2N) }";
    Claim::bound(name, formula)
        .assuming([smooth(), convex(), minimiser(), step_size(multiple, 2.0)])
        .measuring_each(move |i: &AfterSteps| i.read(|p, n| p.gap(descend(p, multiple, n).last())))
        .predicting(move |i, n| largest(scale(&i.problem), n, multiple, 4.0, 2.0))
}

/// max{ L R² / (slope N h L + 2), (L R²/2) |1 − hL|^(power N) } for h = `multiple` / L.
fn largest(scale: f64, n: f64, multiple: f64, slope: f64, power: f64) -> f64 {
    let parabola = scale / 2.0 * powf((1.0 - multiple).abs(), power * n);
    (scale / (slope * n * multiple + 2.0)).max(parabola)
}

/// `share` is 1 in the theorem.
fn never_increases(
    name: &str,
    formula: &str,
    of: fn(&Problem, &Vector) -> Reading,
    share: f64,
) -> Claim<Problem> {
    Claim::bound(name, formula)
        .assuming([smooth(), convex(), minimiser(), step_size(1.0, 1.0)])
        .experiment(move |p| {
            let run = descend(p, 1.0, STEPS);
            let values: Vec<_> = run.points().iter().map(|x| of(p, x)).collect();
            // Up to where it has arrived: there rounding alone moves it.
            let arrived = |seen: &Reading| seen.value <= 1e3 * seen.floor;
            let last = values.iter().position(arrived).unwrap_or(values.len() - 1);
            Curve::over(1..=last.max(1), |k| values[k], |k| share * values[k - 1].value)
        })
}

/// The gap after N steps on the Huber function fitted to N, for many N.
fn worst_case_exponent() -> Claim<Case<()>> {
    let description = "for each N the Huber function with L = 3 fitted to it, from R = 1";
    Claim::exponent("worst_case_is_one_over_n", "the worst f(x_N) − f* decays like N^-1")
        .assuming([Hypothesis::by_construction(
            "smooth and convex",
            "the Huber function is, which the claims on its instances check",
        )])
        .on(for_each_n("Huber, fitted to each N", description))
        .measuring(dyadic(1024), |_, steps| {
            steps.read(|n| {
                let p = huber(1.0 / (2.0 * n as f64 + 1.0));
                p.gap(descend(&p, 1.0, n).last())
            })
        })
        .predicting(|_, n| powf(n, -1.0))
}

/// Huber functions on which the bound with h = `multiple` / L is attained at step N.
fn fitted(multiple: f64) -> Family<AfterSteps> {
    huber_after_steps(move |steps| 1.0 / (2.0 * steps as f64 * multiple + 1.0))
}

/// Functions of one variable after so many steps that the search takes.
fn any_after_steps() -> Family<AfterSteps> {
    after_any_steps(smooth_convex_functions(), 50).hunted(1000)
}

/// The same to be run for any number of steps.
fn hubers(multiple: f64) -> Family<Problem> {
    fitted(multiple).map(|i| i.problem)
}

/// Huber functions so narrow that the first steps go down their slope, where they gain least.
fn narrow_hubers() -> Family<Problem> {
    Family::listed("narrow Huber functions", [0.01, 0.001], |&width| huber(width))
}

fn descend(p: &Problem, multiple: f64, steps: usize) -> Trajectory {
    p.run(GradientDescent::new(multiple / p.smoothness()), steps)
}

/// L R²
fn scale(p: &Problem) -> f64 {
    p.smoothness() * p.distance_at_start().powi(2)
}
