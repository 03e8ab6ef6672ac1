#![doc = include_str!("gradient_descent_strongly_convex.md")]

use theoria_algorithms::{GradientDescent, Trajectory};
use theoria_elementary::{ln, powf};
use theoria_instances::Problem;
use theoria_instances::families::{
    flat_modes, misstated, parabolas, smooth_convex_functions, smooth_strongly_convex,
    strongly_convex_functions, two_modes,
};
use theoria_instances::hypotheses::{
    quadratic, smooth, step_size, step_size_with, strongly_convex,
};
use theoria_models::Property;
use theoria_models::point::DIVERGENCE_THRESHOLD;
use theoria_verification::{Claim, Figure, Reading, Theorem};

const STEPS: usize = 200;
/// Condition numbers of the flat mode, on which the safe step is slowest.
const FLAT: [f64; 3] = [2.0, 10.0, 25.0];

/// h = 1/L.
const SAFE: fn(&Problem) -> f64 = |p| 1.0 / p.smoothness();
/// h = 2/(L + mu).
const BEST: fn(&Problem) -> f64 = |p| 2.0 / (p.smoothness() + p.strong_convexity());
/// h = 1.9/L.
const LONG: fn(&Problem) -> f64 = |p| 1.9 / p.smoothness();

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let best_distance = distance("distance_with_the_best_step", BEST).attained_on(two_modes());
    let best_gap = gap("gap_with_the_best_step", BEST).attained_on(two_modes());
    let safe = distance("distance_with_the_safe_step", SAFE).attained_on(flat_modes(FLAT));
    let long = gap("gap_with_a_long_step", LONG).attained_on(parabolas());
    let growth = growth("growth_past_the_edge", 2.2);
    let divergence = divergence("divergence_at_the_predicted_step", 2.5, 1e-3);
    let controls = [
        faster_distance("distance_two_percent_faster", &best_distance, BEST),
        faster_gap("gap_two_percent_faster", &best_gap, BEST),
        faster_distance("safe_step_two_percent_faster", &safe, SAFE),
        faster_gap("long_step_two_percent_faster", &long, LONG),
        growth
            .restated("growth_two_percent_slower", "|x_N − x*| = (0.98 |1 − hL|)ᴺ |x₀ − x*|")
            .predicting(|_, n| (0.98f64 * 1.2).powi(n as i32)),
        divergence
            .restated(
                "divergence_one_step_later",
                "diverges at step ⌈log(M/|x₀ − x*|) / log|1 − hL|⌉ + 1",
            )
            .predicting(|p, multiple| divergence_step(p, multiple) + 1.0),
        bounded("gap_never_grows_just_past_the_edge", 2.02).on(parabolas()).violating("step size"),
        distance("distance_with_too_small_a_constant", SAFE)
            .on(misstated(
                strongly_convex_functions(10.0..=100.0),
                Property::Smoothness,
                0.11..=0.9,
            )
            .hunted(1000))
            .violating("smooth"),
        distance("distance_without_strong_convexity", SAFE)
            .on(misstated(smooth_convex_functions(), Property::StrongConvexity, 0.01..=0.9)
                .hunted(1000))
            .violating("strongly convex"),
        bounded_beyond_quadratics().on(strongly_convex_functions(2.0..=100.0).hunted(1000)),
    ];
    let theorem = Theorem::new(
        "convergence/gradient_descent_strongly_convex",
        include_str!("gradient_descent_strongly_convex.md"),
    )
    .uses(
        "convergence/gradient_descent_convex",
        "steps do not increase distances, which is applied to what is left of the function \
         without its parabola",
    )
    .claim(
        best_distance
            .on_all(smooth_strongly_convex())
            .on(strongly_convex_functions(2.0..=100.0).hunted(1000))
            .tight_to(0.999),
    )
    .claim(
        best_gap
            .on_all(smooth_strongly_convex())
            .on(strongly_convex_functions(2.0..=100.0).hunted(1000))
            .tight_to(0.999),
    )
    .claim(
        safe.on_all(smooth_strongly_convex())
            .on(strongly_convex_functions(2.0..=100.0).hunted(1000))
            .tight_to(0.999),
    )
    .claim(
        long.on_all(smooth_strongly_convex())
            .on(strongly_convex_functions(2.0..=100.0).hunted(1000))
            .tight_to(0.999),
    )
    .claim(self::growth("no_decrease_at_the_edge", 2.0))
    .claim(growth)
    .claim(divergence)
    .claim(self::divergence("divergence_just_past_the_edge", 2.02, 4e-5));
    controls
        .into_iter()
        .fold(theorem, Theorem::control)
    .figure(
        Figure::semilog("gap", "step N", "f(x_N) − f*").of("gap_with_the_best_step").caption(
            "Every gap stays below its straight line; two modes of equal weight lie on it.",
        ),
    )
    .figure(
        Figure::semilog("edge", "step N", "|x_N − x*|")
            .of("no_decrease_at_the_edge")
            .of("growth_past_the_edge")
            .caption(
                "At h = 2/L nothing is gained; at h = 2.2/L the distance grows by exactly 1.2 a \
                 step.",
            ),
    )
}

fn distance(name: &str, step: fn(&Problem) -> f64) -> Claim<Problem> {
    Claim::bound(name, "|x_N − x*| ≤ ρᴺ |x₀ − x*|")
        .assuming([smooth(), strongly_convex(), step_size_with(step, 2.0)])
        .measuring(1..=STEPS, move |p: &Problem, steps| {
            let run = p.run(GradientDescent::new(step(p)), STEPS);
            steps.read(|n| p.distance(run.at(n)))
        })
        .predicting(move |p, n| powf(factor(p, step), n) * p.distance_at_start())
}

fn gap(name: &str, step: fn(&Problem) -> f64) -> Claim<Problem> {
    Claim::bound(name, "f(x_N) − f* ≤ ρ²ᴺ (f(x₀) − f*)")
        .assuming([smooth(), strongly_convex(), step_size_with(step, 2.0)])
        .measuring(1..=STEPS, move |p: &Problem, steps| {
            let run = p.run(GradientDescent::new(step(p)), STEPS);
            steps.read(|n| p.gap(run.at(n)))
        })
        .predicting_from(
            move |p| (factor(p, step), p.gap_at_start()),
            |(rho, at_start), n| powf(*rho, 2.0 * n) * at_start,
        )
}

fn faster_distance(
    name: &str,
    claim: &Claim<Problem>,
    step: fn(&Problem) -> f64,
) -> Claim<Problem> {
    claim
        .restated(name, "|x_N − x*| ≤ ρ^(1.02 N) |x₀ − x*|")
        .predicting(move |p, n| powf(factor(p, step), 1.02 * n) * p.distance_at_start())
}

fn faster_gap(name: &str, claim: &Claim<Problem>, step: fn(&Problem) -> f64) -> Claim<Problem> {
    claim.restated(name, "f(x_N) − f* ≤ ρ^(2.04 N) (f(x₀) − f*)").predicting_from(
        move |p| (factor(p, step), p.gap_at_start()),
        |(rho, at_start), n| powf(*rho, 2.04 * n) * at_start,
    )
}

/// Only that the gap does not grow. (The bound with the factor ρ holds past 2/L too, where ρ > 1.)
fn bounded(name: &str, multiple: f64) -> Claim<Problem> {
    Claim::bound(name, "f(x_N) − f* ≤ f(x₀) − f*")
        .assuming([smooth(), strongly_convex(), step_size(multiple, 2.0)])
        .measuring(1..=STEPS, move |p: &Problem, steps| {
            let run = p.run(GradientDescent::new(multiple / p.smoothness()), STEPS);
            steps.read(|n| p.gap(run.at(n)))
        })
        .predicting_from(Problem::gap_at_start, |at_start, _| *at_start)
}

/// Past the edge the curvature L repels, but where f is no quadratic it is smaller elsewhere: it is claimed that the run comes back.
/// No member of the family is a quadratic.
fn bounded_beyond_quadratics() -> Claim<Problem> {
    let formula = "with h = 2.02/L, where f″ takes both μ and L: f(x_N) − f* ≤ f(x₀) − f*";
    Claim::bound("long_steps_converge_beyond_quadratics", formula)
        .assuming([smooth(), strongly_convex()])
        .measuring(1..=STEPS, |p: &Problem, steps| {
            let run = p.run(GradientDescent::new(2.02 / p.smoothness()), STEPS);
            steps.read(|n| p.gap(run.at(n)))
        })
        .predicting_from(Problem::gap_at_start, |at_start, _| *at_start)
}

/// On the mode of curvature L alone, from a distance of 1.
fn growth(name: &str, multiple: f64) -> Claim<Problem> {
    Claim::identity(name, "|x_N − x*| = |1 − hL|ᴺ |x₀ − x*|", 1e-10)
        .assuming([smooth(), strongly_convex(), quadratic()])
        .on(parabolas())
        .measuring(1..=100, move |p, steps| {
            let run = p.run(GradientDescent::new(multiple / p.smoothness()), 100);
            steps.read(|n: usize| p.distance(run.at(n)))
        })
        .predicting(move |_, n| (multiple - 1.0).powi(n as i32))
}

/// `tolerance` is less than one step.
fn divergence(name: &str, multiple: f64, tolerance: f64) -> Claim<Problem> {
    Claim::identity(name, "diverges at step ⌈log(M/|x₀ − x*|) / log|1 − hL|⌉", tolerance)
        .assuming([smooth(), strongly_convex(), quadratic()])
        .on(parabolas())
        .measuring([multiple], |p, multiples| {
            multiples.read(|multiple: f64| {
                let method = GradientDescent::new(multiple / p.smoothness());
                let run = Trajectory::keeping(method, p.objective(), p.start(), 20_000, |_| false);
                Reading::new(run.diverged().map_or(f64::NAN, |step| step as f64), 0.0)
            })
        })
        .predicting(divergence_step)
}

/// ⌈log(M/|x_0 - x*|) / log|1 - hL|⌉ for h = `multiple` / L, at least 2/L.
fn divergence_step(p: &Problem, multiple: f64) -> f64 {
    let growth = DIVERGENCE_THRESHOLD / p.distance_at_start();
    (ln(growth) / ln(multiple - 1.0)).ceil()
}

/// ρ = max{|1 - hL|, |1 - h mu|}
fn factor(p: &Problem, step: fn(&Problem) -> f64) -> f64 {
    let h = step(p);
    let (at_l, at_mu) = (1.0 - h * p.smoothness(), 1.0 - h * p.strong_convexity());
    at_l.abs().max(at_mu.abs())
}
