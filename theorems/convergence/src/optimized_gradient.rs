#![doc = include_str!("optimized_gradient.md")]

use theoria_algorithms::{Momentum, Nesterov, OptimizedGradient, Trajectory};
use theoria_instances::Problem;
use theoria_instances::families::{
    AfterSteps, huber_after_steps, parabolas_after_steps, smooth_convex,
};
use theoria_instances::hypotheses::{convex, smooth};
use theoria_verification::{Claim, Curve, Family, Figure, Theorem};

/// Numbers of steps for which the method is made and run on each problem.
const NUMBERS_OF_STEPS: [usize; 6] = [1, 3, 10, 30, 100, 300];

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    Theorem::new("convergence/optimized_gradient", include_str!("optimized_gradient.md"))
        .claim(rate("convex_problems", 2.0).on_all(smooth_convex()))
        .claim(
            after("attained", 2.0, optimized)
                .attained_on(parabolas_after_steps())
                .attained_on(fitted()),
        )
        .control(after("constant_smaller_by_a_tenth", 2.2, optimized).on(fitted()))
        .control(after("nesterov_does_it_too", 2.0, nesterov).on(nesterov_fitted()))
        .figure(
            Figure::log_log("gap", "number of steps N", "f(x_N) − f*")
                .of("convex_problems")
                .caption("Run for each N anew, the gap stays below L R²/(2θ_N²)."),
        )
}

fn optimized(p: &Problem, n: usize) -> Trajectory {
    p.run(OptimizedGradient::new(p.smoothness(), n), n)
}

fn nesterov(p: &Problem, n: usize) -> Trajectory {
    p.run(Nesterov::new(1.0 / p.smoothness(), Momentum::Sequence), n)
}

fn theta(n: usize) -> f64 {
    OptimizedGradient::<theoria_models::Vector>::theta(n)
}

fn fitted() -> Family<AfterSteps> {
    huber_after_steps(|n| theta(n).powi(-2))
}

/// Nesterov's worst Huber function is wider.
fn nesterov_fitted() -> Family<AfterSteps> {
    huber_after_steps(|n| 2.0 / theta(n).powi(2))
}

fn rate(name: &str, constant: f64) -> Claim<Problem> {
    Claim::bound(name, "f(x_N) − f* ≤ L R² / (2 θ_N²)").assuming([smooth(), convex()]).experiment(
        move |p: &Problem| {
            let scale = p.smoothness() * p.distance_at_start().powi(2);
            Curve::over(
                NUMBERS_OF_STEPS,
                |n| p.gap(optimized(p, n).last()),
                |n| scale / (constant * theta(n).powi(2)),
            )
        },
    )
}

fn after(name: &str, constant: f64, run: fn(&Problem, usize) -> Trajectory) -> Claim<AfterSteps> {
    Claim::bound(name, &format!("f(x_N) − f* ≤ L R² / ({constant} θ_N²)")).experiment(
        move |instance: &AfterSteps| {
            let (p, n) = (&instance.problem, instance.steps);
            let scale = p.smoothness() * p.distance_at_start().powi(2);
            let bound = scale / (constant * theta(n).powi(2));
            Curve::at(n as f64, p.gap(run(p, n).last()), bound)
        },
    )
}
