#![doc = include_str!("silver_steps.md")]

use theoria_algorithms::{GradientDescent, Trajectory, silver_step};
use theoria_elementary::powf;
use theoria_instances::Problem;
use theoria_instances::families::{
    AfterSteps, huber, misstated, parabolas, smooth_convex, smooth_convex_functions,
    smooth_functions,
};
use theoria_instances::hypotheses::{convex, minimiser, smooth};
use theoria_models::Property;
use theoria_verification::{Case, Claim, Curve, Family, Figure, Hypothesis, Theorem};

use crate::support::{for_each_n, known_worst_cases};

/// Schedules of 2^m - 1 steps for m = 1 ... this.
const LONGEST: u32 = 9;
/// Worst cases by semidefinite programming, in units of L R².
const FOUND: [(usize, f64); 3] = [(1, 0.130602), (3, 0.0469182), (7, 0.0184215)];

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let by_huber =
        worst("attained_by_huber", "f(x_N) − f* ≤ L R² / (4ρᵐ − 2)", silver).attained_on(fitted());
    let smaller = by_huber
        .restated("constant_smaller_by_two_percent", "f(x_N) − f* ≤ L R² / (4.08ρᵐ − 2)")
        .predicting(|i, n| scale(&i.problem) / (4.08 * power(n) - 2.0));
    let exponent = exponent();
    let larger = exponent
        .restated("exponent_minus_one_point_two", "the worst f(x_N) − f* ~ N^-1.2")
        .predicting(|_, end| powf(end, -1.2));
    let minus_one = exponent
        .restated("exponent_minus_one", "the worst f(x_N) − f* ~ N^-1")
        .predicting(|_, end| 1.0 / end);
    let known = known_worst_cases(
        "f(x_N) − f* on the Huber function fitted to N = the worst case",
        FOUND,
        |steps| {
            let p = huber_after(steps);
            p.gap(silver(&p, steps).last()).scaled(1.0 / scale(&p))
        },
    );
    let smaller_known = known
        .restated(
            "worst_cases_two_percent_smaller",
            "f(x_N) − f* on the Huber function fitted to N = 0.98 of the worst case",
        )
        .predicting(|case, _| 0.98 * case.value.1);
    Theorem::new("convergence/silver_steps", include_str!("silver_steps.md"))
        .uses(
            "convergence/gradient_descent_convex",
            "plain steps, and the slope of Huber functions as worst case",
        )
        .claim(
            convex_problems("convex_problems")
                .attained_on(fitted().map(|i| i.problem))
                .on_all(smooth_convex())
                .on(smooth_convex_functions().hunted(500))
                .tight_to(0.999),
        )
        .claim(by_huber.tight_to(0.999))
        .claim(known)
        .claim(exponent)
        .control(smaller)
        .control(smaller_known)
        .control(
            worst(
                "constant_steps_do_it_too",
                "with constant steps 1/L: f(x_N) − f* ≤ L R² / (4ρᵐ − 2)",
                constant,
            )
            .on(fitted()),
        )
        .control(larger)
        .control(minus_one)
        .control(monotone())
        .control(
            convex_problems("convex_problems_without_convexity")
                .on(smooth_functions().hunted(300))
                .violating("convex"),
        )
        .control(
            convex_problems("convex_problems_with_too_small_a_constant")
                .on(misstated(smooth_convex_functions(), Property::Smoothness, 0.1..=0.9)
                    .hunted(300))
                .violating("smooth"),
        )
        .figure(
            Figure::log_log("worst_case", "number of steps N", "f(x_N) − f*")
                .of("exponent_log_of_the_silver_ratio")
                .of("exponent_minus_one")
                .caption(
                    "On the worst function for each N silver steps decay like N^−1.27, not like \
                     1/N.",
                ),
        )
}

fn convex_problems(name: &str) -> Claim<Problem> {
    Claim::bound(name, "f(x_N) − f* ≤ L R² / (4ρᵐ − 2), N = 2ᵐ − 1")
        .assuming([smooth(), convex(), minimiser()])
        .measuring((1..=LONGEST).map(steps), |p: &Problem, numbers| {
            let run = silver(p, steps(LONGEST));
            numbers.read(|n| p.gap(run.at(n)))
        })
        .predicting(|p, n| scale(p) / (4.0 * power(n) - 2.0))
}

fn worst(name: &str, formula: &str, run: fn(&Problem, usize) -> Trajectory) -> Claim<AfterSteps> {
    Claim::bound(name, formula)
        .assuming([smooth(), convex(), minimiser()])
        .measuring_each(move |i: &AfterSteps| i.read(|p, n| p.gap(run(p, n).last())))
        .predicting(|i, n| scale(&i.problem) / (4.0 * power(n) - 2.0))
}

/// Drawn over N + 1 = 2^m, which doubles.
fn exponent() -> Claim<Case<()>> {
    let description = "for each N = 2^m − 1 the Huber function fitted to it";
    let formula = "the worst f(x_N) − f* ~ N^-1.2716";
    Claim::exponent("exponent_log_of_the_silver_ratio", formula)
        .assuming([Hypothesis::by_construction(
            "smooth and convex",
            "the Huber function is, which the claims on its instances check",
        )])
        .on(for_each_n("Huber, fitted to each N", description))
        .measuring((1..=LONGEST + 3).map(|m| steps(m) + 1), |_, ends| {
            ends.read(|end| {
                let p = huber_after(end - 1);
                p.gap(silver(&p, end - 1).last())
            })
        })
        .predicting(|_, end| powf(power(end - 1.0), -1.0))
}

fn monotone() -> Claim<Problem> {
    Claim::bound("every_step_decreases", "f(x_{k+1}) ≤ f(x_k)")
        .assuming([smooth(), convex(), minimiser()])
        .on(parabolas())
        .experiment(|p| {
            let run = silver(p, steps(LONGEST));
            Curve::over(1..=steps(LONGEST), |n| p.gap(run.at(n)), |n| p.gap(run.at(n - 1)).value)
        })
}

fn fitted() -> Family<AfterSteps> {
    Family::listed("Huber, fitted to N", (1..=LONGEST).map(steps), |&steps| AfterSteps {
        problem: huber_after(steps),
        steps,
    })
}

/// The Huber function fitted to N silver steps.
fn huber_after(steps: usize) -> Problem {
    huber(1.0 / (2.0 * power(steps as f64) - 1.0))
}

fn silver(p: &Problem, steps: usize) -> Trajectory {
    let smoothness = p.smoothness();
    p.run(GradientDescent::with_schedule(move |k| silver_step(k) / smoothness), steps)
}

fn constant(p: &Problem, steps: usize) -> Trajectory {
    p.run(GradientDescent::new(1.0 / p.smoothness()), steps)
}

/// N = 2^m - 1
fn steps(m: u32) -> usize {
    (1 << m) - 1
}

/// ρ^m for N = 2^m - 1.
fn power(n: f64) -> f64 {
    let m = (n as u64 + 1).ilog2();
    (1.0 + 2f64.sqrt()).powi(m as i32)
}

/// L R²
fn scale(p: &Problem) -> f64 {
    p.smoothness() * p.distance_at_start().powi(2)
}
