//! Hypotheses on problems with a set or a regulariser.

use theoria_models::Vector;
use theoria_models::oracle::{Oracle, Proximal};
use theoria_verification::{Check, Hypothesis};

use crate::{CompositeProblem, ConstrainedProblem};

/// How many pairs of points of a set are looked at.
const PAIRS: usize = 24;

/// x* minimises f over the set: it lies in it, and no linear function that f lies above is smaller elsewhere in it.
pub fn minimiser_over_the_set() -> Hypothesis<ConstrainedProblem> {
    Hypothesis::new("minimiser over the set", |problem: &ConstrainedProblem, _| {
        let (objective, x) = (problem.objective(), problem.minimiser());
        let size = 1.0 + x.norm();
        if !objective.set().contains(x, 1e-12 * size) {
            return Check::that(false, "x* does not lie in the set");
        }
        let slope = objective.smooth().gradient_at(x).norm();
        let rounding = 1e-12 * (slope * problem.diameter() + slope * size);
        Check::at_most(objective.frank_wolfe_gap(x), rounding, "max ∇f(x*)·(x* − s), rounding")
    })
}

/// The set is convex: what lies halfway between points of it lies in it.
pub fn convex_set() -> Hypothesis<ConstrainedProblem> {
    Hypothesis::new("convex set", |problem: &ConstrainedProblem, draw| {
        let (set, start, end) = (problem.objective().set(), problem.start(), problem.minimiser());
        let size = start.norm() + end.norm() + (start - end).norm();
        let mut projected = |centre: &Vector| {
            let mut x = centre.map(|v| v + size * draw.uniform(-1.0, 1.0));
            set.project(&mut x);
            x
        };
        let ends = projected(start);
        let pairs: Vec<(Vector, Vector)> = (0..PAIRS)
            .map(|_| (projected(start), projected(end)))
            .chain([(ends, end.clone())])
            .collect();
        let outside = pairs
            .iter()
            .filter(|(one, other)| !set.contains(&((one + other) / 2.0), 1e-12 * (1.0 + size)));
        let outside = outside.count();
        Check::that(
            outside == 0,
            format!("of {} midpoints of pairs in it {outside} lie outside", pairs.len()),
        )
    })
}

/// x* minimises f + r: a step of proximal gradient descent of size 1/L does not move it.
pub fn minimiser_of_the_sum() -> Hypothesis<CompositeProblem> {
    Hypothesis::new("minimiser of the sum", |problem: &CompositeProblem, _| {
        let x = problem.minimiser();
        let step = 1.0 / problem.smoothness();
        let (mut moved, slope) = forward(problem, x);
        problem.objective().proximal(step, &mut moved);
        let rounding = 1e-9 * (x.norm() + step * slope);
        Check::at_most((moved - x).norm(), rounding, "step from x*, rounding")
    })
}

/// -∇f(x*) lies in the relative interior of the subdifferential of r: coordinates of x* that are 0 stay so if the step
/// from them is a little longer.
pub fn nondegenerate() -> Hypothesis<CompositeProblem> {
    Hypothesis::new("nondegenerate", |problem: &CompositeProblem, _| {
        let x = problem.minimiser();
        let (moved, _) = forward(problem, x);
        let mut longer = moved * (1.0 + 1e-6);
        problem.objective().proximal(1.0 / problem.smoothness(), &mut longer);
        let lost = longer.iter().zip(x).filter(|(moved, own)| **own == 0.0 && **moved != 0.0);
        Check::that(lost.count() == 0, "zeros of x* that a step longer by 1e-6 leaves")
    })
}

/// A gradient step of size 1/L on f alone, and the norm of its gradient.
fn forward(problem: &CompositeProblem, x: &Vector) -> (Vector, f64) {
    let mut gradient = Vector::zeros(x.len());
    problem.objective().gradient(x, &mut gradient);
    (x - &gradient / problem.smoothness(), gradient.norm())
}
