#![doc = include_str!("frank_wolfe.md")]

use theoria_algorithms::{FrankWolfe, ProjectedGradient, Trajectory};
use theoria_elementary::powf;
use theoria_instances::ConstrainedProblem;
use theoria_instances::families::{
    AfterSteps, after_any_steps, constrained_quadratics, functions_on_intervals,
    half_lines_after_steps, misstated, norm_over_the_simplex, smooth_functions_on_intervals,
};
use theoria_instances::hypotheses::{convex, minimiser_over_the_set, smooth, starts_inside};
use theoria_instances::sequences::dyadic;
use theoria_models::objectives::{Constrained, Quadratic};
use theoria_models::sets::BoxSet;
use theoria_models::{Minimum, Property, Vector};
use theoria_verification::{Claim, Curve, Family, Figure, Hypothesis, Theorem};

const RATE: &str = "f(x_N) − f* ≤ 2 L D² / (N + 2)";
const ORDER: &str = "f(x_N) − f* ≥ 1/(N + 1) − 1/d";

const STEPS: usize = 300;
const LONG: usize = 512;
/// Steps over which the exponent is measured, in so many coordinates that 1/d is negligible against
/// 1/N, else it bends the exponent.
const OCTAVES: usize = 256;
const DIMENSION: usize = 50_000;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let rate = rate("one_over_n", RATE, FrankWolfe::new).on(interval());
    let smaller = rate
        .restated("constant_below_what_one_step_leaves", "f(x_N) − f* ≤ 0.74 · 2 L D² / (N + 2)")
        .predicting(|p, n| 0.74 * bound(p, n));
    let order = sparse("no_faster_on_the_simplex", ORDER, frank_wolfe);
    let value = value_on_the_simplex();
    let other_value = value
        .restated(
            "value_on_the_simplex_two_percent_smaller",
            "f(x_N) − f* = 0.98 · 2 (2N + 1)/(3N(N + 1)) − 1/d",
        )
        .predicting(|p, n| 0.98 * square_after(n) - share(p));
    let shorter = shorter_steps();
    let shorter_faster = shorter
        .restated(
            "shorter_steps_are_two_percent_faster",
            "with h = 1/(k + 2): f(x_N) − f* = 0.98/(N + 1) − 1/d",
        )
        .predicting(|p, n| 0.98 / (n + 1.0) - share(p));
    let exponent = exponent();
    let larger = exponent
        .restated(
            "exponent_on_the_simplex_is_larger",
            "f(x_N) − f* ~ N^-1.2 while N is far below d",
        )
        .predicting(|_, n| powf(n, -1.2));
    Theorem::new("convergence/frank_wolfe", include_str!("frank_wolfe.md"))
        .uses(
            "convergence/gradient_descent_nonconvex",
            "smoothness bounds how far a function bends along a step",
        )
        // Random sets are far from the worst; what is lost on the simplex is claimed below, exactly.
        .claim(
            rate.on_all(constrained_quadratics())
                .on(functions_on_intervals(None).hunted(1000))
                .tight_to(0.12),
        )
        .claim(
            after_steps()
                .on(after_any_steps(functions_on_intervals(None), 50).hunted(4000))
                .tight_to(0.6),
        )
        .claim(
            certificate("gap_is_a_certificate", "f(x_N) − f* ≤ g(x_N)", 1.0)
                .attained_on(slopes())
                .on_all(constrained_quadratics())
                .on(functions_on_intervals(None).hunted(500))
                .tight_to(0.999),
        )
        .claim(order.tight_to(0.73))
        .claim(value)
        .claim(shorter)
        .claim(exponent)
        .control(
            self::rate("from_outside_of_the_set", RATE, FrankWolfe::new)
                .on(outside())
                .on(anywhere_outside().hunted(1000))
                .violating("start in the set"),
        )
        .control(smaller)
        .control(
            self::rate("one_over_n_without_convexity", RATE, FrankWolfe::new)
                .on(smooth_functions_on_intervals().hunted(1000))
                .violating("convex"),
        )
        .control(
            self::rate("one_over_n_with_too_small_a_constant", RATE, FrankWolfe::new)
                .on(misstated(functions_on_intervals(None), Property::Smoothness, 0.01..=0.5)
                    .hunted(1000))
                .violating("smooth"),
        )
        .control(
            certificate("gap_is_a_certificate_without_convexity", "f(x_N) − f* ≤ g(x_N)", 1.0)
                .on(smooth_functions_on_intervals().hunted(1000))
                .violating("convex"),
        )
        .control(
            certificate(
                "a_little_less_of_the_gap_is_a_certificate",
                "f(x_N) − f* ≤ 0.98 g(x_N)",
                0.98,
            )
            .on(slopes()),
        )
        .control(other_value)
        .control(shorter_faster)
        .control(sparse(
            "projected_gradient_obeys_it_too",
            "of projected gradient: f(x_N) − f* ≥ 1/(N + 1) − 1/d",
            |p| p.run(ProjectedGradient::new(0.9 / p.smoothness()), LONG),
        ))
        .control(larger)
        .control(
            self::rate(
                "with_steps_that_do_not_shrink",
                "with h = 1/2 always: f(x_N) − f* ≤ 2 L D² / (N + 2)",
                || FrankWolfe::with_schedule(|_| 0.5),
            )
            .on(simplex(4 * LONG)),
        )
        .figure(
            Figure::log_log("gap", "step N", "f(x_N) − f*").of("one_over_n").caption(
                "Over balls, boxes, simplices and l1 balls the gap stays below 2LD²/(N + 2).",
            ),
        )
        .figure(
            Figure::log_log("simplex", "step N", "f(x_N) − f*")
                .of("no_faster_on_the_simplex")
                .of("projected_gradient_obeys_it_too")
                .caption(
                    "On the simplex each step adds one coordinate, and the gap cannot fall below \
                     1/(N + 1) − 1/d.",
                ),
        )
}

fn rate(name: &str, formula: &str, method: fn() -> FrankWolfe) -> Claim<ConstrainedProblem> {
    Claim::bound(name, formula)
        .assuming([smooth(), convex()])
        .assuming([minimiser_over_the_set(), starts_inside()])
        .measuring(1..=STEPS, move |p: &ConstrainedProblem, steps| {
            let run = p.run(method(), STEPS);
            steps.read(|n| p.gap(run.at(n)))
        })
        .predicting(bound)
}

/// After a number of steps that belongs to the instance.
fn after_steps() -> Claim<AfterSteps<ConstrainedProblem>> {
    Claim::bound("one_over_n_after_n_steps", "f(x_N) − f* ≤ 2 L D² / (N + 2), each N")
        .assuming([
            smooth(),
            convex(),
            Hypothesis::by_construction(
                "start in the set",
                "drawn between the ends of the interval",
            ),
        ])
        .measuring_each(|i: &AfterSteps<ConstrainedProblem>| {
            i.read(|p, n| p.gap(p.run(FrankWolfe::new(), n).at(n)))
        })
        .predicting(|i, n| bound(&i.problem, n))
}

fn bound(p: &ConstrainedProblem, n: f64) -> f64 {
    2.0 * p.smoothness() * p.diameter().powi(2) / (n + 2.0)
}

/// `share` of the Frank–Wolfe gap.
fn certificate(name: &str, formula: &str, share: f64) -> Claim<ConstrainedProblem> {
    Claim::bound(name, formula)
        .assuming([smooth(), convex()])
        .assuming([minimiser_over_the_set(), starts_inside()])
        .experiment(move |p: &ConstrainedProblem| {
            let run = p.run(FrankWolfe::new(), STEPS);
            // Up to where it has arrived: there both are rounding.
            let arrived = |x: &Vector| p.gap(x).value <= p.gap(x).floor;
            let last = run.points().iter().position(arrived).unwrap_or(STEPS + 1);
            Curve::over(
                1..=last.max(1),
                |seen| p.gap(run.at(seen - 1)),
                |seen| share * p.objective().frank_wolfe_gap(&run.points()[seen - 1]),
            )
        })
}

fn sparse(
    name: &str,
    formula: &str,
    run: fn(&ConstrainedProblem) -> Trajectory,
) -> Claim<ConstrainedProblem> {
    Claim::lower_bound(name, formula)
        .assuming([smooth(), convex()])
        .assuming([minimiser_over_the_set(), starts_inside()])
        .on(simplex(4 * LONG))
        .measuring(2..=LONG, move |p, steps| {
            let run = run(p);
            steps.read(|n| p.gap(run.at(n)))
        })
        .predicting(|p, n| 1.0 / (n + 1.0) - share(p))
}

/// Where h_k = 2/(k + 2) each vertex k = 1 ... N weighs 2k/(N(N + 1)).
fn value_on_the_simplex() -> Claim<ConstrainedProblem> {
    let formula = "f(x_N) − f* = 2 (2N + 1)/(3N(N + 1)) − 1/d";
    Claim::identity("value_on_the_simplex", formula, 1e-9)
        .assuming([smooth(), convex()])
        .assuming([minimiser_over_the_set(), starts_inside()])
        .on(simplex(4 * LONG))
        .measuring(2..=LONG, |p, steps| {
            let run = frank_wolfe(p);
            steps.read(|n| p.gap(run.at(n)))
        })
        .predicting(|p, n| square_after(n) - share(p))
}

/// With h_k = 1/(k + 2) all N + 1 vertices weigh the same, which is the best that N steps can do.
fn shorter_steps() -> Claim<ConstrainedProblem> {
    let formula = "with h = 1/(k + 2): f(x_N) − f* = 1/(N + 1) − 1/d";
    Claim::identity("shorter_steps_attain_the_order", formula, 1e-9)
        .assuming([smooth(), convex()])
        .assuming([minimiser_over_the_set(), starts_inside()])
        .on(simplex(4 * LONG))
        .measuring(2..=LONG, |p, steps| {
            let run = p.run(FrankWolfe::with_schedule(|k| 1.0 / (k as f64 + 2.0)), LONG);
            steps.read(|n| p.gap(run.at(n)))
        })
        .predicting(|p, n| 1.0 / (n + 1.0) - share(p))
}

/// 2(2N + 1)/(3N(N + 1))
fn square_after(n: f64) -> f64 {
    2.0 * (2.0 * n + 1.0) / (3.0 * n * (n + 1.0))
}

/// 1/d
fn share(p: &ConstrainedProblem) -> f64 {
    1.0 / p.start().len() as f64
}

/// (x - e)²/2 over [0, 1] from 0 with a small e: the first step goes to the far end.
fn interval() -> Family<ConstrainedProblem> {
    Family::listed("(x − e)²/2 over [0, 1] from 0", [1e-3, 1e-4], |&e| on_the_interval(e, 0.0))
}

/// (x - m)²/2 over [0, 1] from m + 1, outside: the first step goes to the wrong end.
fn outside() -> Family<ConstrainedProblem> {
    Family::listed("(x − m)²/2 over [0, 1] from m + 1", [10.0, 100.0], |&m| {
        on_the_interval(m, m + 1.0)
    })
}

/// From beyond an end of the interval.
fn anywhere_outside() -> Family<ConstrainedProblem> {
    let inside = functions_on_intervals(None);
    Family::drawn("smooth convex functions on an interval, from outside", move |draw| {
        let problem = inside.instance(draw, 0);
        let side = if draw.coin() { 1.0 } else { -1.0 };
        let set = problem.objective().set();
        let end = set.linear_minimiser(&Vector::from_element(1, -side));
        let beyond = problem.diameter() * draw.log_uniform(0.01, 100.0);
        ConstrainedProblem::new(problem.objective().clone(), end.map(|v| v + side * beyond))
    })
}

fn on_the_interval(centre: f64, start: f64) -> ConstrainedProblem {
    let objective = Quadratic::diagonal(&[1.0]).centred_at(Vector::from_element(1, centre));
    let nearest = centre.min(1.0);
    let minimum = Minimum::exact((centre - nearest).powi(2) / 2.0);
    let problem = Constrained::new(objective, BoxSet::new(0.0, 1.0))
        .minimal_at(Vector::from_element(1, nearest), minimum);
    ConstrainedProblem::new(problem, Vector::from_element(1, start))
}

/// Linear on the way, where the gap is its own certificate.
fn slopes() -> Family<ConstrainedProblem> {
    half_lines_after_steps().map(|i| i.problem)
}

fn exponent() -> Claim<ConstrainedProblem> {
    Claim::exponent("exponent_on_the_simplex", "f(x_N) − f* ~ N^-1 while N is far below d")
        .assuming([Hypothesis::by_construction(
            "the simplex in a high dimension",
            "|x|² over it from a vertex, on which claims in a lower dimension check all hypotheses",
        )])
        .on(simplex(DIMENSION))
        .measuring(dyadic(OCTAVES), |p, steps| {
            let method = FrankWolfe::new();
            let run = Trajectory::keeping(method, p.objective(), p.start(), OCTAVES, |n| {
                n.is_power_of_two()
            });
            steps.read(|n| p.gap(run.at(n)))
        })
        .predicting(|_, n| powf(n, -1.0))
}

fn simplex(dimension: usize) -> Family<ConstrainedProblem> {
    Family::single("|x|² over the simplex", move || norm_over_the_simplex(dimension))
}

fn frank_wolfe(p: &ConstrainedProblem) -> Trajectory {
    p.run(FrankWolfe::new(), LONG)
}
