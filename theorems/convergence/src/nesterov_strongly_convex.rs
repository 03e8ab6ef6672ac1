#![doc = include_str!("nesterov_strongly_convex.md")]

use theoria_algorithms::{GradientDescent, Nesterov, Trajectory};
use theoria_instances::Problem;
use theoria_instances::families::{cycling_quadratic, smooth_strongly_convex, two_modes};
use theoria_instances::hypotheses::{smooth, strongly_convex};
use theoria_verification::{Claim, Figure, Theorem};

const STEPS: usize = 200;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let root_of_kappa = contraction(
        "contraction_with_the_root_of_kappa",
        "f(x_N) − f* ≤ (1 − 1/√κ)ᴺ (f(x₀) − f* + μR²/2)",
        accelerated,
    )
    .on_all(smooth_strongly_convex())
    .on(two_modes())
    .on(cycling_quadratic());
    let faster = root_of_kappa
        .restated(
            "faster_than_two_modes_allow",
            "f(x_N) − f* ≤ (1 − 1/√κ)^(2.1 N) (f(x₀) − f* + μR²/2)",
        )
        .predicting_from(factor_and_start, |(factor, at_start), n| factor.powf(2.1 * n) * at_start);
    Theorem::new(
        "convergence/nesterov_strongly_convex",
        include_str!("nesterov_strongly_convex.md"),
    )
    .claim(root_of_kappa)
    .control(
        contraction(
            "gradient_descent_does_it_too",
            "of gradient descent: f(x_N) − f* ≤ (1 − 1/√κ)ᴺ (f(x₀) − f* + μR²/2)",
            plain,
        )
        .on(two_modes()),
    )
    .control(faster)
    .figure(
        Figure::semilog("gap", "step N", "f(x_N) − f*")
            .of("contraction_with_the_root_of_kappa")
            .of("gradient_descent_does_it_too")
            .caption("Accelerated runs stay below (1 − 1/√κ)ᴺ; gradient descent does not."),
    )
}

fn contraction(name: &str, formula: &str, run: fn(&Problem) -> Trajectory) -> Claim<Problem> {
    Claim::bound(name, formula)
        .assuming([smooth(), strongly_convex()])
        .measuring(1..=STEPS, move |p, steps| {
            let run = run(p);
            steps.read(|n| p.gap(run.at(n)))
        })
        .predicting_from(factor_and_start, |(factor, at_start), n| factor.powf(n) * at_start)
}

fn accelerated(p: &Problem) -> Trajectory {
    p.run(Nesterov::strongly_convex(p.smoothness(), p.strong_convexity()), STEPS)
}

fn plain(p: &Problem) -> Trajectory {
    p.run(GradientDescent::new(1.0 / p.smoothness()), STEPS)
}

/// 1 - 1/√κ and f(x_0) - f* + μR²/2.
fn factor_and_start(p: &Problem) -> (f64, f64) {
    let distance = p.strong_convexity() * p.distance_at_start().powi(2) / 2.0;
    (1.0 - 1.0 / p.condition_number().sqrt(), p.gap_at_start() + distance)
}
