#![doc = include_str!("gradient_descent_pl.md")]

use theoria_algorithms::{GradientDescent, Trajectory};
use theoria_verification::{Claim, Curve, Figure, Theorem};

use crate::Problem;
use crate::families::{quadratic_plus_sine, rank_deficient_least_squares};
use crate::hypotheses::{lojasiewicz, smooth, step_size};

const STEPS: usize = 200;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    Theorem::new(
        "convergence/gradient_descent_pl",
        include_str!("gradient_descent_pl.md"),
    )
    .claim(contraction("contraction_at_every_step", 1.0))
    .control(contraction("no_convergence_past_two_over_l", 2.2).violating("step size"))
    .figure(
        Figure::semilog("gap", "step N", "f(x_N) − f*")
            .of("contraction_at_every_step")
            .caption("The gap falls at least as fast as the predicted straight line."),
    )
}

fn contraction(name: &str, multiple: f64) -> Claim<Problem> {
    Claim::bound(name, "f(x_N) − f* ≤ (1 − μ/L)^N (f(x_0) − f*)")
        .assuming([smooth(), lojasiewicz(), step_size(multiple, 1.0)])
        .on(rank_deficient_least_squares())
        .on(quadratic_plus_sine())
        .experiment(move |p| {
            let method = GradientDescent::new(multiple / p.smoothness());
            let run = Trajectory::of(method, p.objective(), p.start(), STEPS);
            let factor = 1.0 - p.lojasiewicz() / p.smoothness();
            Curve::over(
                1..=STEPS,
                |n| p.gap(run.at(n)),
                |n| factor.powi(n as i32) * p.gap_at_start(),
            )
        })
}
