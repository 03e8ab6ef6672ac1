//! A claim that is false, how it is refuted, and its page.
//!
//! `cargo run --example false_claim -- check --draw` prints the first violation and a small counterexample, ends with the
//! exit code 1, and writes the page.

use std::process::ExitCode;

use theoria::algorithms::HeavyBall;
use theoria::instances::{Problem, families, hypotheses};
use theoria::verification::{Claim, Curve, Figure, Theorem};

const STATEMENT: &str = "# Does heavy ball never increase the objective?

With the step size $1/L$ gradient descent never does. Is that true of heavy ball with momentum $1/2$?

## Hypotheses

- $f$ is $L$-smooth and $\\mu$-strongly convex.

## Statement

$f(x_{N+1}) \\le f(x_N)$ for every $N$.

## Source

Conjectured here, and refuted here.";

/// The theorem with its claims and controls.
pub(crate) fn theorem() -> Theorem {
    const STEPS: usize = 100;
    let monotone = Claim::bound("never_increases", "f(x_N) − f* ≤ f(x_{N−1}) − f*")
        .assuming([hypotheses::smooth(), hypotheses::strongly_convex()])
        .on(families::quadratics())
        // What is predicted is measured too: one experiment returns both.
        .experiment(|p: &Problem| {
            let run = p.run(HeavyBall::new(1.0 / p.smoothness(), 0.5), STEPS);
            Curve::over(1..=STEPS, |n| p.gap(run.at(n)), |n| p.gap(run.at(n - 1)).value)
        });
    Theorem::new("mine/heavy_ball_is_monotone", STATEMENT).claim(monotone).figure(
        Figure::semilog("gap", "step N", "f(x_N) − f*")
            .of("never_increases")
            .caption("Measured over predicted: where the gap lies above that of the step before, the claim fails."),
    )
}

fn main() -> ExitCode {
    theoria::command::run(vec![theorem()])
}
