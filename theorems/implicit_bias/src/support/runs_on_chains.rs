//! Gradient descent on chains of factors from one positive start, beside the flow from there.

use std::ops::{ControlFlow, RangeInclusive};

use theoria_algorithms::{GradientDescent, Trajectory, iterate};
use theoria_elementary::powf;
use theoria_models::networks::ScalarChain;
use theoria_models::numerics::written;
use theoria_models::{Objective, Vector};
use theoria_verification::{Check, Draw, Family, Hypothesis, Instance};

/// A start of depth 4 that is not balanced: the flow from it ends at sharpness 7.217.
pub(crate) const UNBALANCED: [f64; 4] = [0.1, 0.2, 1.5, 2.0];

/// Most steps of a run that is to come to rest.
pub(crate) const LONG: usize = 300_000;

/// A run whose product is this close to 1 has converged.
const CONVERGED: f64 = 1e-9;

/// Whether the product of the factors has come to 1.
pub(crate) fn converged(w: &Vector) -> bool {
    (w.product() - 1.0).abs() <= CONVERGED
}

/// A run of gradient descent on a chain from a positive start.
pub(crate) struct Run {
    pub(crate) start: Vector,
    pub(crate) step: f64,
}

impl Run {
    pub(crate) fn edge(&self) -> f64 {
        2.0 / self.step
    }

    pub(crate) fn chain(&self) -> ScalarChain {
        ScalarChain::new(self.start.len())
    }

    pub(crate) fn flow_sharpness(&self) -> f64 {
        self.chain().flow_sharpness(&self.start)
    }

    /// Where a long run ends.
    pub(crate) fn end(&self) -> Vector {
        let mut w = self.start.clone();
        iterate(GradientDescent::new(self.step), &self.chain(), &mut w, LONG, |_, w: &Vector| {
            if converged(w) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        w
    }

    pub(crate) fn descend(&self, steps: usize) -> Trajectory {
        Trajectory::of(GradientDescent::new(self.step), &self.chain(), &self.start, steps)
    }
}

impl Instance for Run {
    fn description(&self) -> String {
        let start: Vec<String> = self.start.iter().map(|w| written(*w)).collect();
        format!("from ({}), η = {}", start.join(", "), written(self.step))
    }
}

pub(crate) fn unbalanced<const N: usize>(name: &str, steps: [f64; N]) -> Family<Run> {
    Family::listed(name, steps, |&step| Run { start: Vector::from_row_slice(&UNBALANCED), step })
}

/// Two to five factors with a product below 1.
fn positive_factors(draw: &mut Draw) -> Vector {
    let depth = draw.size(2..=5);
    let mut start = Vector::from_fn(depth, |_, _| draw.log_uniform(0.1, 2.0));
    let product = start.product();
    if product > 1.0 {
        let wanted = draw.uniform(0.1, 1.0);
        start *= powf(wanted / product, 1.0 / depth as f64);
    }
    start
}

/// η between 1/2 and 1.1 times 2/(sharpness of the flow).
pub(crate) fn positive_start(draw: &mut Draw) -> Run {
    let start = positive_factors(draw);
    let sharpness = ScalarChain::new(start.len()).flow_sharpness(&start);
    Run { start, step: draw.uniform(0.5, 1.1) * 2.0 / sharpness }
}

/// The flow would end at a minimum half as sharp again as the flattest at least, and 1.1 to 1.35 times as sharp as 2/η;
/// 2/η is above the least sharpness.
pub(crate) fn unbalanced_starts() -> Family<Run> {
    Family::drawn("unbalanced factors", |draw| {
        let (start, sharpness) = loop {
            let start = positive_factors(draw);
            let sharpness = ScalarChain::new(start.len()).flow_sharpness(&start);
            if sharpness >= 1.5 * start.len() as f64 {
                break (start, sharpness);
            }
        };
        let step = draw.uniform(1.1, 1.35) * 2.0 / sharpness;
        Run { start, step }
    })
    .with_draws(12)
}

/// Small factors from which the first step multiplies x² − y² by 1 − η²r² < −1.
pub(crate) fn long_step(draw: &mut Draw) -> Run {
    // Unequal ones: equal factors stay equal.
    let (small, ratio) = (draw.uniform(0.1, 0.3), draw.uniform(1.2, 2.0));
    let start = Vector::from_row_slice(&[small, small * ratio]);
    Run { start, step: draw.uniform(1.9, 2.4) }
}

/// So many factors whose product is between 1/100 and 1, with η between so many times 2/(sharpness of the flow).
pub(crate) fn small_chains(
    depths: RangeInclusive<usize>,
    shortest: f64,
    longest: f64,
) -> Family<Run> {
    let name = match (depths.start(), depths.end()) {
        (2, 2) => "two positive factors".into(),
        (least, most) => format!("{least} to {most} positive factors"),
    };
    Family::drawn(&name, move |draw| {
        let depth = draw.size(depths.clone());
        let mut start = Vector::from_fn(depth, |_, _| draw.log_uniform(0.01, 1.0));
        // The last factor makes the product.
        start[depth - 1] = 1.0;
        start[depth - 1] = draw.log_uniform(0.01, 1.0) / start.product();
        let sharpness = ScalarChain::new(depth).flow_sharpness(&start);
        Run { start, step: draw.including_ends(shortest, longest) * 2.0 / sharpness }
    })
}

pub(crate) fn positive() -> Hypothesis<Run> {
    Hypothesis::new("positive factors, product at most 1", |run: &Run, _| {
        let start = &run.start;
        Check::that(
            start.min() > 0.0 && start.product() <= 1.0 + 1e-12,
            format!("least factor {:.4}, product {:.4}", start.min(), start.product()),
        )
    })
}

/// The name of that hypothesis.
pub(crate) const WITHIN_THE_EDGE: &str = "sharpness of the flow at most 2√2/η";

pub(crate) fn within_the_edge() -> Hypothesis<Run> {
    Hypothesis::new(WITHIN_THE_EDGE, |run: &Run, _| {
        let edge = std::f64::consts::SQRT_2 * run.edge();
        Check::at_most(
            run.flow_sharpness(),
            edge * (1.0 + 1e-12),
            "sharpness of the flow's minimum",
        )
    })
}

pub(crate) fn flow_beyond_the_edge() -> Hypothesis<Run> {
    Hypothesis::new("sharpness of the flow beyond 2/η", |run: &Run, _| {
        Check::at_least(run.flow_sharpness(), run.edge(), "sharpness of the flow's minimum")
    })
}

/// By how much the flow must end beyond 2/η for the sharpness to pass it on the way.
pub(crate) const CLEARLY: f64 = 1.15;

/// The names of two hypotheses.
pub(crate) const CLEARLY_BEYOND: &str = "sharpness of the flow at least 1.15 times 2/η";
pub(crate) const TWO_FACTORS: &str = "two factors";

pub(crate) fn clearly_beyond_the_edge() -> [Hypothesis<Run>; 2] {
    [
        Hypothesis::new(CLEARLY_BEYOND, |run: &Run, _| {
            let least = CLEARLY * run.edge() * (1.0 - 1e-12);
            Check::at_least(run.flow_sharpness(), least, "sharpness of the flow's minimum")
        }),
        Hypothesis::new(TWO_FACTORS, |run: &Run, _| {
            Check::that(run.start.len() == 2, format!("{} factors", run.start.len()))
        }),
    ]
}

/// A run comes to rest after up to some hundred thousand steps.
pub(crate) fn at_rest() -> Hypothesis<Run> {
    Hypothesis::new("the run converges", |run: &Run, _| {
        let residual = (run.end().product() - 1.0).abs();
        Check::at_most(residual, 1e-6, "|w_1 ⋯ w_L − 1| at the end")
    })
}

/// λ_max of the Hessian of a chain.
pub(crate) fn largest_eigenvalue(w: &Vector) -> f64 {
    let hessian = ScalarChain::new(w.len()).hessian(w);
    hessian.map_or(f64::NAN, |hessian| hessian.symmetric_eigenvalues().max())
}
