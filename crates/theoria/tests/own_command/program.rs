//! A program of one's own: a theorem, and one line that gives it its verbs.

use std::process::ExitCode;

use theoria::algorithms::{GradientDescent, HeavyBall, Trajectory};
use theoria::instances::{families, hypotheses};
use theoria::verification::{Claim, Curve, Theorem};

const STATEMENT: &str = "\
# Is heavy ball monotone?

It accelerates; does it ever go uphill?

## Hypotheses

- $f$ is smooth with constant $L$ and strongly convex.

## Statement

Gradient descent with step $1/L$ never increases the objective.

## Source

Derived here.
";

/// The whole of the program: in a crate of one's own, `main`.
pub(super) fn program() -> ExitCode {
    let descends = Claim::bound("gradient_descent_descends", "f(x_N) ≤ f(x_{N-1})")
        .assuming([hypotheses::smooth(), hypotheses::strongly_convex()])
        .on(families::quadratics())
        .experiment(|p| {
            let method = GradientDescent::new(1.0 / p.smoothness());
            let run = Trajectory::of(method, p.objective(), p.start(), 50);
            Curve::over(1..=50, |n: usize| p.gap(run.at(n)), |n| p.gap(run.at(n - 1)).value)
        });
    // False: momentum carries the iterate beyond the minimiser.
    let momentum = Claim::bound("heavy_ball_descends", "heavy ball: f(x_N) ≤ f(x_{N-1})")
        .assuming([hypotheses::smooth(), hypotheses::strongly_convex()])
        .on(families::quadratics())
        .experiment(|p| {
            let method = HeavyBall::new(1.0 / p.smoothness(), 0.9);
            let run = Trajectory::of(method, p.objective(), p.start(), 200);
            Curve::over(1..=200, |n: usize| p.gap(run.at(n)), |n| p.gap(run.at(n - 1)).value)
        });
    let theorem = Theorem::new("mine/heavy_ball", STATEMENT).claim(descends).control(momentum);
    theoria::command::run(vec![theorem])
}
