//! Diagonal linear networks trained on one regression from starts of every scale.

use theoria_instances::SparseRegression;
use theoria_models::{Svd, Vector};
use theoria_verification::{
    Check, Claim, Constant, Content, Curve, Draw, Family, Group, Hypothesis, Instance, Line,
    Reading, Stream,
};

use super::interpolators::{least_entropy_at, least_sum};

/// α along the slider; the one of this number is shown first.
const SCALES: [f64; 15] =
    [0.05, 0.07, 0.1, 0.14, 0.2, 0.28, 0.4, 0.55, 0.75, 1.0, 1.4, 2.0, 2.8, 4.0, 5.5];
pub(crate) const FIRST: usize = 6;

/// β along the flow from u = v = α.
pub(crate) fn flow(problem: &SparseRegression, alpha: f64, times: &[f64]) -> Vec<Vector> {
    let network = problem.network();
    let start = network.start(&problem.uniform(alpha));
    let points = theoria_instances::flow(&network, &start, times);
    points.iter().map(|point| network.predictor(point)).collect()
}

/// β after a time in which also the slowest residuals have decayed.
pub(crate) fn limit_of_the_flow(problem: &SparseRegression, alpha: f64) -> Vector {
    flow(problem, alpha, &[100.0 / (alpha * alpha)]).remove(0)
}

pub(crate) fn full_row_rank_of<I>(
    of: impl Fn(&I) -> &SparseRegression + Send + Sync + 'static,
) -> Hypothesis<I> {
    Hypothesis::new("full row rank, n < d", move |instance: &I, _| {
        let problem = of(instance);
        let ((n, d), rank) = (problem.features().shape(), Svd::of(problem.features()).rank());
        Check::that(rank == n && n < d, format!("n = {n}, d = {d}, rank {rank}"))
    })
}

/// A regression with the scale that its network starts from.
pub(crate) struct Trained {
    problem: SparseRegression,
    alpha: f64,
}

impl Instance for Trained {
    fn description(&self) -> String {
        format!("{}, α = {}", self.problem.description(), self.alpha)
    }

    fn constants(&self) -> Vec<Constant> {
        vec![Constant::exact("α", self.alpha)]
    }
}

impl Trained {
    /// On the same samples whatever the scale.
    fn at(alpha: f64) -> Self {
        let draw = &mut Draw::new(Stream::new(1).child("scales along the slider").trial(0));
        Trained { problem: SparseRegression::drawn(6, 12, 2, draw), alpha }
    }

    fn picture(&self) -> Content {
        let numbered = |b: &Vector| -> Vec<(f64, f64)> {
            b.iter().enumerate().map(|(j, b)| (j as f64 + 1.0, *b)).collect()
        };
        let predicted = |label, b: &Vector| Line::predicted(label, numbered(b));
        Content::Points {
            groups: vec![Group::new(
                "gradient flow",
                numbered(&limit_of_the_flow(&self.problem, self.alpha)),
            )],
            lines: vec![
                predicted("least hyperbolic entropy", &least_entropy_at(&self.problem, self.alpha)),
                predicted("least l1 norm", &least_sum(&self.problem)),
                predicted("least Euclidean norm", &self.problem.least_norm()),
            ],
        }
    }
}

pub(crate) fn along() -> Family<Trained> {
    Family::along("scales along the slider", SCALES, Trained::at).showing(|at, _| at.picture())
}

pub(crate) fn scales() -> Family<Trained> {
    Family::listed("some scales", [0.1, 0.4, 1.0], |alpha| Trained::at(*alpha))
}

/// Between the end of the flow and the interpolator of least hyperbolic entropy at `times` the scale; 1 in the theorem.
pub(crate) fn at_scale(name: &str, formula: &str, times: f64) -> Claim<Trained> {
    let why = "every flow starts there";
    Claim::identity(name, formula, 1e-5)
        .assuming([
            full_row_rank_of(|at: &Trained| &at.problem),
            Hypothesis::by_construction("u = v = α at the start", why),
        ])
        .experiment(move |at: &Trained| {
            let limit = limit_of_the_flow(&at.problem, at.alpha);
            let b = least_entropy_at(&at.problem, times * at.alpha);
            let apart = Reading::new((limit - &b).norm() / b.norm(), 1e-9);
            Curve::over([at.alpha], |_| apart, |_| 0.0)
        })
}
