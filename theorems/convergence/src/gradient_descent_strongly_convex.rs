#![doc = include_str!("gradient_descent_strongly_convex.md")]

use theoria_algorithms::{GradientDescent, Trajectory};
use theoria_instances::Problem;
use theoria_instances::families::{parabolas, smooth_strongly_convex, two_modes};
use theoria_instances::hypotheses::{smooth, step_size, step_size_with, strongly_convex};
use theoria_models::point::DIVERGENCE_THRESHOLD;
use theoria_verification::{Claim, Curve, Figure, Reading, Theorem};

const STEPS: usize = 200;

/// h = 1/L.
const SAFE: fn(&Problem) -> f64 = |p| 1.0 / p.smoothness();
/// h = 2/(L + mu).
const BEST: fn(&Problem) -> f64 = |p| 2.0 / (p.smoothness() + p.strong_convexity());
/// h = 1.9/L.
const LONG: fn(&Problem) -> f64 = |p| 1.9 / p.smoothness();

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    Theorem::new(
        "convergence/gradient_descent_strongly_convex",
        include_str!("gradient_descent_strongly_convex.md"),
    )
    .claim(everywhere(distance("distance_with_the_best_step", BEST, 1.0)).attained_on(two_modes()))
    .claim(everywhere(gap("gap_with_the_best_step", BEST, 1.0)).attained_on(two_modes()))
    .claim(everywhere(distance("distance_with_the_safe_step", SAFE, 1.0)))
    .claim(everywhere(gap("gap_with_a_long_step", LONG, 1.0)))
    .claim(growth("no_decrease_at_the_edge", 2.0))
    .claim(growth("growth_past_the_edge", 2.2))
    .claim(divergence("divergence_at_the_predicted_step", 2.5, 1e-3))
    .claim(divergence("divergence_just_past_the_edge", 2.02, 4e-5))
    .control(distance("distance_five_percent_faster", BEST, 1.05).on(two_modes()))
    .control(gap("gap_five_percent_faster", BEST, 1.05).on(two_modes()))
    .control(
        everywhere(bounded("gap_never_grows_past_the_edge", 2.02))
            .on(parabolas())
            .violating("step size"),
    )
    .figure(
        Figure::semilog("gap", "step N", "f(x_N) − f*")
            .of("gap_with_the_best_step")
            .caption("Every gap stays below its straight line; two modes of equal weight lie on it."),
    )
    .figure(
        Figure::semilog("edge", "step N", "|x_N − x*|")
            .of("no_decrease_at_the_edge")
            .of("growth_past_the_edge")
            .caption("At h = 2/L nothing is gained; at h = 2.2/L the distance grows by exactly 1.2 a step."),
    )
}

fn everywhere(claim: Claim<Problem>) -> Claim<Problem> {
    claim.on_all(smooth_strongly_convex())
}

/// max{|1 - hL|, |1 - h mu|}
fn factor(p: &Problem, h: f64) -> f64 {
    let (at_l, at_mu) = (1.0 - h * p.smoothness(), 1.0 - h * p.strong_convexity());
    at_l.abs().max(at_mu.abs())
}

/// `faster` multiplies the exponent.
fn distance(name: &str, step: fn(&Problem) -> f64, faster: f64) -> Claim<Problem> {
    Claim::bound(name, "|x_N − x*| ≤ ρᴺ |x₀ − x*|")
        .assuming([smooth(), strongly_convex(), step_size_with(step, 2.0)])
        .experiment(move |p: &Problem| {
            let run = p.run(GradientDescent::new(step(p)), STEPS);
            let (rho, at_start) = (factor(p, step(p)), p.distance_at_start());
            Curve::over(
                1..=STEPS,
                |n| p.distance(run.at(n)),
                |n| rho.powf(faster * n as f64) * at_start,
            )
        })
}

fn gap(name: &str, step: fn(&Problem) -> f64, faster: f64) -> Claim<Problem> {
    Claim::bound(name, "f(x_N) − f* ≤ ρ²ᴺ (f(x₀) − f*)")
        .assuming([smooth(), strongly_convex(), step_size_with(step, 2.0)])
        .experiment(move |p: &Problem| {
            let run = p.run(GradientDescent::new(step(p)), STEPS);
            let (rho, at_start) = (factor(p, step(p)), p.gap_at_start());
            Curve::over(
                1..=STEPS,
                |n| p.gap(run.at(n)),
                |n| rho.powf(2.0 * faster * n as f64) * at_start,
            )
        })
}

/// Only that the gap does not grow. (The bound with the factor ρ holds past 2/L too, where ρ > 1.)
fn bounded(name: &str, multiple: f64) -> Claim<Problem> {
    Claim::bound(name, "f(x_N) − f* ≤ f(x₀) − f*")
        .assuming([smooth(), strongly_convex(), step_size(multiple, 2.0)])
        .experiment(move |p: &Problem| {
            let run = p.run(GradientDescent::new(multiple / p.smoothness()), STEPS);
            Curve::over(1..=STEPS, |n| p.gap(run.at(n)), |_| p.gap_at_start())
        })
}

/// On the mode of curvature L alone.
fn growth(name: &str, multiple: f64) -> Claim<Problem> {
    Claim::identity(name, "|x_N − x*| = |1 − hL|ᴺ |x₀ − x*|", 1e-10).on(parabolas()).experiment(
        move |p| {
            let run = p.run(GradientDescent::new(multiple / p.smoothness()), 100);
            let factor: f64 = multiple - 1.0;
            Curve::over(1..=100i32, |n| p.distance(run.at(n as usize)), |n| factor.powi(n))
        },
    )
}

/// `tolerance` is less than one step.
fn divergence(name: &str, multiple: f64, tolerance: f64) -> Claim<Problem> {
    Claim::identity(name, "diverges at step ⌈log(M/|x₀ − x*|) / log|1 − hL|⌉", tolerance)
        .on(parabolas())
        .experiment(move |p| {
            let method = GradientDescent::new(multiple / p.smoothness());
            let run = Trajectory::keeping(method, p.objective(), p.start(), 20_000, |_| false);
            let measured = run.diverged().map_or(f64::NAN, |step| step as f64);
            let predicted =
                (DIVERGENCE_THRESHOLD / p.distance_at_start()).ln() / (multiple - 1.0).ln();
            Curve::at(multiple, Reading::new(measured, 0.0), predicted.ceil())
        })
}
