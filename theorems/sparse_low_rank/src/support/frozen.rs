//! A network with two layers of which the inner one is frozen.

use std::ops::Range;

use theoria_algorithms::{GradientDescent, Trajectory};
use theoria_instances::families::{gaussian, gaussian_matrix};
use theoria_models::networks::{Activation, Model, SquaredFit, TwoLayer};
use theoria_models::oracle::Oracle;
use theoria_models::{Matrix, Objective, Vector};
use theoria_verification::{Check, Claim, Draw, Family, Hypothesis, Instance, Reading, Readings};

use super::solvers::Solver;

/// Steps of descent: by the hypothesis the error falls below e⁻²⁵ of what it was.
const STEPS: usize = 10_000;
/// The smallest singular value of the features over the largest.
const CONDITIONED: f64 = 0.05;

/// |F(θ) - y|²/(2n) of a network F, with gradients for the outer weights alone.
pub(crate) struct Frozen {
    fit: SquaredFit<TwoLayer>,
    start: Vector,
    /// Whether the inner weights learn after all.
    thawed: bool,
}

impl Oracle<Vector> for Frozen {
    fn gradient(&self, at: &Vector, into: &mut Vector) {
        into.copy_from(&self.fit.gradient_at(at));
        if !self.thawed {
            into.rows_range_mut(0..self.outer().start).fill(0.0);
        }
    }
}

impl Instance for Frozen {
    fn description(&self) -> String {
        let network = self.fit.model();
        format!("{} samples, {} neurons", network.samples(), network.neurons())
    }
}

impl Frozen {
    fn drawn(draw: &mut Draw, thawed: bool) -> Self {
        let neurons = draw.size(2..=4);
        let network = TwoLayer::new(gaussian_matrix(30, 3, draw), neurons, Activation::Relu);
        let start = gaussian(network.parameters(), draw);
        Frozen { fit: SquaredFit::new(network, gaussian(30, draw)), start, thawed }
    }

    fn outer(&self) -> Range<usize> {
        self.fit.model().outer()
    }

    /// The features, n x m.
    fn features(&self) -> Matrix {
        self.fit.model().features(&self.start)
    }

    /// Of the features, the smallest singular value over the largest.
    fn condition(&self) -> f64 {
        let values = self.features().singular_values();
        values.min() / values.max()
    }
}

/// Networks whose features are conditioned, or the next is drawn.
pub(crate) fn networks(name: &str, thawed: bool) -> Family<Frozen> {
    Family::drawn(name, move |draw| {
        loop {
            let drawn = Frozen::drawn(draw, thawed);
            if drawn.condition() >= CONDITIONED {
                return drawn;
            }
        }
    })
}

/// Where descent on the network ends against the solution for its features.
pub(crate) fn outer_layer(name: &str) -> Claim<Frozen> {
    let conditioned = Hypothesis::new("conditioned features", |at: &Frozen, _| {
        Check::at_least(at.condition(), CONDITIONED, "smallest singular value over the largest")
    });
    let frozen = Hypothesis::new("frozen features", |at: &Frozen, _| {
        Check::that(!at.thawed, "the gradient for the inner weights is 0")
    });
    Claim::identity(name, "of the outer weights after 10⁴ steps of 1/L: |a − a*|/|a*| = 0", 1e-8)
        .assuming([conditioned, frozen])
        .measuring_each(|at: &Frozen| {
            let features = at.features();
            // |F - y|²/(2n) has the Hessian XᵀX/n.
            let smoothness = features.singular_values().max().powi(2) / features.nrows() as f64;
            let method = GradientDescent::new(1.0 / smoothness);
            let run = Trajectory::keeping(method, at, &at.start, STEPS, |k| k == STEPS);
            let found = run.last().point().rows_range(at.outer()).into_owned();
            let solution = Solver::Qr.solution(&features, at.fit.targets());
            let off = solution.map_or(f64::NAN, |a| (found - &a).norm() / a.norm());
            Readings::at(STEPS, Reading::new(off, 1e-12))
        })
        .predicting(|_, _| 0.0)
}
