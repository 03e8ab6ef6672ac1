#![doc = include_str!("nesterov_strongly_convex.md")]

use theoria_algorithms::{GradientDescent, Nesterov, Trajectory};
use theoria_instances::Problem;
use theoria_instances::families::{cycling_quadratic, smooth_strongly_convex, two_modes};
use theoria_instances::hypotheses::{smooth, strongly_convex};
use theoria_verification::{Claim, Curve, Figure, Theorem};

const STEPS: usize = 200;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    Theorem::new(
        "convergence/nesterov_strongly_convex",
        include_str!("nesterov_strongly_convex.md"),
    )
    .claim(
        contraction("contraction_with_the_root_of_kappa", 1.0, accelerated)
            .on_all(smooth_strongly_convex())
            .on(two_modes())
            .on(cycling_quadratic()),
    )
    .control(contraction("gradient_descent_does_it_too", 1.0, plain).on(two_modes()))
    .control(contraction("faster_than_two_modes_allow", 2.1, accelerated).on(two_modes()))
    .figure(
        Figure::semilog("gap", "step N", "f(x_N) − f*")
            .of("contraction_with_the_root_of_kappa")
            .of("gradient_descent_does_it_too")
            .caption("Accelerated runs stay below (1 − 1/√κ)ᴺ; gradient descent does not."),
    )
}

fn accelerated(p: &Problem) -> Trajectory {
    p.run(Nesterov::strongly_convex(p.smoothness(), p.strong_convexity()), STEPS)
}

fn plain(p: &Problem) -> Trajectory {
    p.run(GradientDescent::new(1.0 / p.smoothness()), STEPS)
}

/// `faster` multiplies the exponent.
fn contraction(name: &str, faster: f64, run: fn(&Problem) -> Trajectory) -> Claim<Problem> {
    Claim::bound(name, "f(x_N) − f* ≤ (1 − 1/√κ)ᴺ (f(x₀) − f* + μR²/2)")
        .assuming([smooth(), strongly_convex()])
        .experiment(move |p| {
            let run = run(p);
            let factor = 1.0 - 1.0 / p.condition_number().sqrt();
            let distance = p.strong_convexity() * p.distance_at_start().powi(2) / 2.0;
            let at_start = p.gap_at_start() + distance;
            Curve::over(
                1..=STEPS,
                |n| p.gap(run.at(n)),
                |n| factor.powf(faster * n as f64) * at_start,
            )
        })
}
