//! Hypotheses on the objective.

use rand_distr::{Distribution, StandardNormal};
use theoria_models::Vector;
use theoria_verification::{Check, Draw, Hypothesis};

use crate::Problem;

/// Number of random points or pairs that a check looks at.
pub(super) const LOOKS: usize = 60;

/// |∇f(x) - ∇f(y)| <= L |x - y|.
pub fn smooth<I: AsRef<Problem>>() -> Hypothesis<I> {
    Hypothesis::new("smooth", |instance: &I, draw| {
        let problem = instance.as_ref();
        let f = problem.objective();
        let seen = pairs(problem, draw)
            .map(|(x, y)| (f.gradient_at(&x) - f.gradient_at(&y)).norm() / (x - y).norm())
            .fold(0.0, f64::max);
        Check::at_most(seen, problem.smoothness(), "largest curvature seen between pairs, L")
    })
}

/// (∇f(x) - ∇f(y))·(x - y) >= 0.
pub fn convex<I: AsRef<Problem>>() -> Hypothesis<I> {
    Hypothesis::new("convex", |instance: &I, draw| {
        let problem = instance.as_ref();
        let seen = least_monotonicity(problem, draw);
        let rounding = 1e-9 * problem.objective().smoothness().map_or(1.0, |l| l.value);
        Check::at_least(seen + rounding, 0.0, "smallest curvature seen between pairs (+ rounding)")
    })
}

/// (∇f(x) - ∇f(y))·(x - y) >= mu |x - y|².
pub fn strongly_convex<I: AsRef<Problem>>() -> Hypothesis<I> {
    Hypothesis::new("strongly convex", |instance: &I, draw| {
        let problem = instance.as_ref();
        let Some(mu) = problem.objective().strong_convexity() else {
            return Check::that(false, "the objective has no strong convexity");
        };
        let rounding = 1e-12 * problem.smoothness();
        let seen = least_monotonicity(problem, draw) + rounding;
        Check::at_least(seen, mu.value, "smallest curvature seen between pairs, μ")
    })
}

/// |∇f(x)|² >= 2 mu (f(x) - f*).
pub fn lojasiewicz<I: AsRef<Problem>>() -> Hypothesis<I> {
    Hypothesis::new("Polyak–Łojasiewicz", |instance: &I, draw| {
        let problem = instance.as_ref();
        let Some(mu) = problem.objective().lojasiewicz() else {
            return Check::that(false, "the objective has no Polyak–Łojasiewicz constant");
        };
        let seen = (0..LOOKS)
            .map(|_| nearby(problem, draw))
            .filter_map(|x| {
                let gap = problem.gap(&x);
                (gap.value > 1e6 * gap.floor)
                    .then(|| problem.gradient_squared(&x).value / (2.0 * gap.value))
            })
            .fold(f64::INFINITY, f64::min);
        // What rounding leaves of a gap that is a million times its floor.
        Check::at_least(seen * (1.0 + 1e-6), mu.value, "smallest |∇f|²/(2(f − f*)) seen, μ")
    })
}

/// f(x) >= f*, for the number that the objective states.
pub fn bounded_below<I: AsRef<Problem>>() -> Hypothesis<I> {
    Hypothesis::new("bounded below", |instance: &I, draw| {
        let problem = instance.as_ref();
        let Some(below) = problem.objective().bounded_below() else {
            return Check::that(false, "the objective states no lower bound");
        };
        let seen = (0..LOOKS)
            .map(|_| problem.value(&nearby(problem, draw)))
            .map(|reading| reading.value + reading.floor)
            .fold(f64::INFINITY, f64::min);
        Check::at_least(seen, below, "smallest value seen, f*")
    })
}

/// |g(x)| <= G for the subgradients that the objective gives.
pub fn lipschitz<I: AsRef<Problem>>() -> Hypothesis<I> {
    Hypothesis::new("Lipschitz", |instance: &I, draw| {
        let problem = instance.as_ref();
        let Some(constant) = problem.objective().lipschitz() else {
            return Check::that(false, "the objective has no Lipschitz constant");
        };
        let seen = (0..LOOKS)
            .map(|_| problem.objective().gradient_at(&nearby(problem, draw)).norm())
            .fold(0.0, f64::max);
        Check::at_most(seen, constant.value, "largest subgradient seen, G")
    })
}

/// h L <= `limit`, for a step size h of `multiple` / L.
pub fn step_size<I>(multiple: f64, limit: f64) -> Hypothesis<I> {
    Hypothesis::new("step size", move |_, _| Check::at_most(multiple, limit, "h L"))
}

/// h L <= `limit` for a step size that depends on the instance.
pub fn step_size_with<I: AsRef<Problem>>(step: fn(&Problem) -> f64, limit: f64) -> Hypothesis<I> {
    Hypothesis::new("step size", move |instance: &I, _| {
        let problem = instance.as_ref();
        Check::at_most(step(problem) * problem.smoothness(), limit, "h L")
    })
}

fn least_monotonicity(problem: &Problem, draw: &mut Draw) -> f64 {
    let f = problem.objective();
    pairs(problem, draw)
        .map(|(x, y)| {
            let apart = &x - &y;
            (f.gradient_at(&x) - f.gradient_at(&y)).dot(&apart) / apart.norm_squared()
        })
        .fold(f64::INFINITY, f64::min)
}

/// Random pairs, far apart and close together in turn.
fn pairs(problem: &Problem, draw: &mut Draw) -> impl Iterator<Item = (Vector, Vector)> {
    (0..LOOKS).map(move |look| {
        let x = nearby(problem, draw);
        let scale = [1.0, 1e-1, 1e-2][look % 3] * radius(problem);
        let y = &x + direction(x.len(), draw) * scale;
        (x, y)
    })
}

/// A random point in the ball about the minimiser (else the start) with 1.5 times the distance of
/// the start.
pub(super) fn nearby(problem: &Problem, draw: &mut Draw) -> Vector {
    let centre = problem.known_minimiser().unwrap_or(problem.start());
    let radius = draw.uniform(0.0, radius(problem));
    centre + direction(centre.len(), draw) * radius
}

pub(super) fn radius(problem: &Problem) -> f64 {
    let distance =
        problem.known_minimiser().map_or(problem.start().norm(), |x| (x - problem.start()).norm());
    if distance > 0.0 { 1.5 * distance } else { 1.0 }
}

/// Uniform on the unit sphere.
pub(super) fn direction(dimension: usize, draw: &mut Draw) -> Vector {
    let gaussian = Vector::from_fn(dimension, |_, _| StandardNormal.sample(draw.generator()));
    gaussian.normalize()
}
