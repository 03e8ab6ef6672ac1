//! An optimiser of one's own, and the rate that is claimed for it.
//!
//! `cargo run --example own_optimizer -- check` checks it; `-- show mine/alternating_steps` prints the statement, and what an
//! instance of another kind must provide; without a verb it also writes the report.

use std::process::ExitCode;

use theoria::algorithms::{Method, Scratch};
use theoria::instances::{Problem, families, hypotheses};
use theoria::models::objectives::Quadratic;
use theoria::models::{Vector, oracle::Oracle, point::Point};
use theoria::verification::{Claim, Family, Figure, Hypothesis, Theorem};

/// x ← x - h_k ∇f(x), where the step sizes h_k alternate between two values.
struct AlternatingSteps<P> {
    sizes: [f64; 2],
    steps: usize,
    gradient: Scratch<P>,
}

impl<P> AlternatingSteps<P> {
    /// The inverse roots of the Chebyshev polynomial of degree 2 on [μ, L].
    fn chebyshev(smoothness: f64, strong_convexity: f64) -> Self {
        let (middle, half) =
            ((smoothness + strong_convexity) / 2.0, (smoothness - strong_convexity) / 2.0);
        let root = half / 2f64.sqrt();
        let sizes = [1.0 / (middle + root), 1.0 / (middle - root)];
        AlternatingSteps { sizes, steps: 0, gradient: Scratch::default() }
    }
}

impl<P: Point<Scalar = f64>, O: Oracle<P> + ?Sized> Method<P, O> for AlternatingSteps<P> {
    fn step(&mut self, oracle: &O, x: &mut P) {
        let gradient = self.gradient.like(x);
        oracle.gradient(x, gradient);
        x.axpy(-self.sizes[self.steps % 2], gradient);
        self.steps += 1;
    }
}

const STATEMENT: &str = "# Two step sizes in turn beat one

On a quadratic one step size suits the steep directions or the flat ones. Two that alternate suit both better.

## Hypotheses

- $f$ is a quadratic whose eigenvalues lie in $[\\mu, L]$, with $0 < \\mu < L$.

## Statement

Gradient descent whose step sizes alternate between the inverse roots of the Chebyshev polynomial of degree 2 on $[\\mu, L]$
satisfies after $N = 2k$ steps, with $\\sigma = (L + \\mu)/(L - \\mu)$,

$$\\lVert x_N - x^* \\rVert \\le (2\\sigma^2 - 1)^{-N/2} \\lVert x_0 - x^* \\rVert.$$

## Source

G. Golub, R. Varga, *Chebyshev semi-iterative methods*, 1961.";

/// 2σ² − 1
fn contraction(p: &Problem) -> f64 {
    let (l, mu) = (p.smoothness(), p.strong_convexity());
    2.0 * ((l + mu) / (l - mu)).powi(2) - 1.0
}

/// The theorem with its claims and controls.
pub(crate) fn theorem() -> Theorem {
    const STEPS: usize = 40;
    // The steepest direction alone is as slow as the bound.
    let steepest = Family::single("the steepest direction alone", || {
        Problem::new(Quadratic::diagonal(&[1.0, 10.0]), Vector::from_vec(vec![0.0, 1.0]))
    });
    let stated = Claim::bound("contraction", "‖x_N − x*‖ ≤ (2σ² − 1)^(−N/2) ‖x₀ − x*‖")
        .assuming([
            hypotheses::smooth(),
            hypotheses::strongly_convex(),
            Hypothesis::by_construction("quadratic", "the families consist of quadratics"),
        ])
        .attained_on(steepest)
        .tight_to(0.99)
        .measuring((2..=STEPS).step_by(2), |p: &Problem, steps| {
            let method = AlternatingSteps::chebyshev(p.smoothness(), p.strong_convexity());
            let run = p.run(method, STEPS);
            steps.read(|n: usize| p.distance(run.at(n)))
        })
        .predicting(|p, n| contraction(p).powf(-n / 2.0) * p.distance_at_start());
    // False on purpose, and on the same runs: the check must see a factor that is 2% too small.
    let faster = stated
        .restated("two_percent_faster", "‖x_N − x*‖ ≤ (1.02 (2σ² − 1))^(−N/2) ‖x₀ − x*‖")
        .predicting(|p, n| (1.02 * contraction(p)).powf(-n / 2.0) * p.distance_at_start());
    Theorem::new("mine/alternating_steps", STATEMENT)
        .claim(stated.on(families::quadratics()))
        .control(faster)
        .figure(Figure::semilog("distance", "step N", "‖x_N − x*‖").of("contraction").caption(
            "Two step sizes in turn: no quadratic is slower than the steepest direction alone.",
        ))
}

fn main() -> ExitCode {
    theoria::command::run(vec![theorem()])
}
