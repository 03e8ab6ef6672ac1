//! Hypotheses on the objective.

use rand_distr::{Distribution, StandardNormal};
use theoria_models::Vector;
use theoria_verification::{Check, Draw, Hypothesis};

use crate::Problem;

/// Number of random points or pairs that a check looks at.
pub(super) const LOOKS: usize = 60;

/// What three hypotheses look at.
const CURVATURE: &str = "curvature";

/// |∇f(x) - ∇f(y)| <= L |x - y|: by the eigenvalues of the Hessian, where there is one, and by the slopes of the
/// gradient along lines.
pub fn smooth<I: AsRef<Problem>>() -> Hypothesis<I> {
    Hypothesis::new("smooth", |instance: &I, draw| {
        let problem = instance.as_ref();
        let seen = problem.curvatures(draw).largest;
        Check::at_most(seen, problem.smoothness(), "largest curvature seen, L")
    })
    .looking_at(CURVATURE)
}

/// (∇f(x) - ∇f(y))·(x - y) >= 0, looked at as for [`smooth`].
pub fn convex<I: AsRef<Problem>>() -> Hypothesis<I> {
    Hypothesis::new("convex", |instance: &I, draw| {
        let problem = instance.as_ref();
        let seen = problem.curvatures(draw);
        let rounding = 1e-12 * seen.largest;
        Check::at_least(seen.smallest + rounding, 0.0, "smallest curvature seen (+ rounding)")
    })
    .looking_at(CURVATURE)
}

/// (∇f(x) - ∇f(y))·(x - y) >= mu |x - y|², looked at as for [`smooth`].
pub fn strongly_convex<I: AsRef<Problem>>() -> Hypothesis<I> {
    Hypothesis::new("strongly convex", |instance: &I, draw| {
        let problem = instance.as_ref();
        let Some(mu) = problem.objective().strong_convexity() else {
            return Check::that(false, "the objective has no strong convexity");
        };
        let seen = problem.curvatures(draw);
        let rounding = 1e-12 * seen.largest;
        Check::at_least(seen.smallest + rounding, mu.value, "smallest curvature seen, μ")
    })
    .looking_at(CURVATURE)
}

/// |∇f(x)|² >= 2 mu (f(x) - f*): at random points, along the eigenvectors of the Hessian at the minimiser, and all
/// along the line through start and minimiser.
pub fn lojasiewicz<I: AsRef<Problem>>() -> Hypothesis<I> {
    Hypothesis::new("Polyak–Łojasiewicz", |instance: &I, draw| {
        let problem = instance.as_ref();
        let Some(mu) = problem.objective().lojasiewicz() else {
            return Check::that(false, "the objective has no Polyak–Łojasiewicz constant");
        };
        let ratio = |x: &Vector| {
            let gap = problem.gap(x);
            let ratio = problem.gradient_squared(x).value / (2.0 * gap.value);
            if gap.value > 1e6 * gap.floor { ratio } else { f64::INFINITY }
        };
        let points = (0..LOOKS).map(|_| nearby(problem, draw)).collect::<Vec<_>>();
        let seen = points
            .iter()
            .chain(&principal_points(problem))
            .map(ratio)
            .fold(least_on_line(problem, ratio), f64::min);
        // What rounding leaves of a gap that is a million times its floor.
        Check::at_least(seen * (1.0 + 1e-6), mu.value, "smallest |∇f|²/(2(f − f*)) seen, μ")
    })
}

/// f(x) >= f*, for the number that the objective states: at random points, and where descent from them leads.
pub fn bounded_below<I: AsRef<Problem>>() -> Hypothesis<I> {
    Hypothesis::new("bounded below", |instance: &I, draw| {
        let problem = instance.as_ref();
        let f = problem.objective();
        let Some(below) = f.bounded_below() else {
            return Check::that(false, "the objective states no lower bound");
        };
        let mut seen = f64::INFINITY;
        for look in 0..LOOKS {
            let mut x = nearby(problem, draw);
            // Halved steps down the gradient, from a few of them.
            let mut step = f.smoothness().map_or(1.0, |l| 1.0 / l.value.max(f64::MIN_POSITIVE));
            for _ in 0..if look % 10 == 0 { DESCENT } else { 0 } {
                let ahead = &x - f.gradient_at(&x) * step;
                if f.value(&ahead) < f.value(&x) { x = ahead } else { step /= 2.0 }
            }
            let reading = problem.value(&x);
            seen = seen.min(reading.value + reading.floor);
        }
        let reading = problem.value(&least_place(problem, |x| f.value(x)));
        Check::at_least(seen.min(reading.value + reading.floor), below, "smallest value seen, f*")
    })
}

/// |g(x)| <= G for the subgradients that the objective gives: at random points, and up the slopes from them.
pub fn lipschitz<I: AsRef<Problem>>() -> Hypothesis<I> {
    Hypothesis::new("Lipschitz", |instance: &I, draw| {
        let problem = instance.as_ref();
        let f = problem.objective();
        let Some(constant) = f.lipschitz() else {
            return Check::that(false, "the objective has no Lipschitz constant");
        };
        let (centre, reach) = ball(problem);
        let mut seen: f64 = 0.0;
        for _ in 0..LOOKS {
            let mut x = nearby(problem, draw);
            // Slopes of a convex function do not fall on the way up, which ends at the ball's edge.
            for _ in 0..UPHILL {
                let slope = f.gradient_at(&x);
                seen = seen.max(slope.norm());
                let Some(way) = slope.try_normalize(0.0) else { break };
                x += way * (reach / 4.0);
                let offset = &x - &centre;
                if offset.norm() > reach {
                    x = &centre + offset.normalize() * reach;
                }
            }
        }
        let steepest = least_place(problem, |x| -f.gradient_at(x).norm());
        seen = seen.max(f.gradient_at(&steepest).norm());
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

/// Steps of a descent to where values are small, and of a walk up to where slopes are large.
const DESCENT: usize = 60;
const UPHILL: usize = 8;
/// Points on the line through start and minimiser; three around the best are searched on.
const ON_LINE: usize = 1000;
const SECTIONS: usize = 40;
/// Cells of a piece between knots.
const ON_PIECE: usize = 8;

/// The least value of `what` on that line within the ball.
fn least_on_line(problem: &Problem, what: impl Fn(&Vector) -> f64) -> f64 {
    let place = least_place(problem, &what);
    what(&place)
}

/// Where on that line is looked, from -1 to 1: evenly; or, where there is but this line and its knots are known, at these, between
/// them and at the ends.
fn on_line(problem: &Problem, centre: f64, half: f64) -> Vec<f64> {
    match problem.objective().knots().as_deref() {
        Some([knots]) => {
            let inside = knots.iter().map(|knot| (knot - centre) / half).filter(|t| t.abs() < 1.0);
            let mut ends: Vec<f64> = [-1.0, 1.0].into_iter().chain(inside).collect();
            ends.sort_by(f64::total_cmp);
            let middle = ends.windows(2).flat_map(|pair| {
                (1..ON_PIECE).map(|i| {
                    let share = i as f64 / ON_PIECE as f64;
                    pair[0] * (1.0 - share) + pair[1] * share
                })
            });
            let mut points: Vec<f64> = middle.chain(ends.iter().copied()).collect();
            points.sort_by(f64::total_cmp);
            points
        }
        _ => (0..=ON_LINE).map(|i| 2.0 * i as f64 / ON_LINE as f64 - 1.0).collect(),
    }
}

/// The place on the line through start and minimiser (within the ball) at which `what` is least: the best of many
/// points, and from there by golden sections.
fn least_place(problem: &Problem, what: impl Fn(&Vector) -> f64) -> Vector {
    let (centre, reach) = ball(problem);
    let way = (problem.start() - &centre).try_normalize(0.0);
    let axis = Vector::from_fn(centre.len(), |i, _| f64::from(u8::from(i == 0)));
    let half = way.unwrap_or(axis) * reach;
    let place = |t: f64| &centre + &half * t;
    let points = on_line(problem, centre[0], half[0]);
    let last = points.len() - 1;
    let at = |i: usize| points[i];
    let values: Vec<f64> = (0..=last).map(|i| what(&place(at(i)))).collect();
    let best = (0..=last).min_by(|i, j| values[*i].total_cmp(&values[*j])).unwrap_or(0);
    let (mut low, mut high) = (at(best.max(1) - 1), at((best + 1).min(last)));
    let golden = (5f64.sqrt() - 1.0) / 2.0;
    let (mut found, mut least) = (at(best), values[best]);
    for _ in 0..SECTIONS {
        let (left, right) = (high - golden * (high - low), low + golden * (high - low));
        let (at_left, at_right) = (what(&place(left)), what(&place(right)));
        for (t, value) in [(left, at_left), (right, at_right)] {
            if value < least {
                (found, least) = (t, value);
            }
        }
        if at_left <= at_right { high = right } else { low = left }
    }
    place(found)
}

/// Points at the distance of the start from the minimiser, along the eigenvectors of the Hessian there.
fn principal_points(problem: &Problem) -> Vec<Vector> {
    let Some(centre) = problem.known_minimiser().filter(|x| x.len() <= MOST_AXES) else {
        return Vec::new();
    };
    let Some(hessian) = problem.objective().hessian(centre) else { return Vec::new() };
    if !hessian.norm().is_finite() {
        return Vec::new();
    }
    let size = radius(problem) / 1.5;
    let axes = hessian.symmetric_eigen().eigenvectors;
    axes.column_iter().map(|axis| centre + axis * size).collect()
}

/// Up to this dimension all eigenvectors are looked along.
const MOST_AXES: usize = 64;

/// The ball at which checks look, centre and radius: about the minimiser (else the start) with 1.5 times the distance
/// of the start; or that in which the objective states its constants, where it is smaller.
pub(super) fn ball(problem: &Problem) -> (Vector, f64) {
    let centre = problem.known_minimiser().unwrap_or(problem.start());
    let distance =
        problem.known_minimiser().map_or(problem.start().norm(), |x| (x - problem.start()).norm());
    let radius = if distance > 0.0 { 1.5 * distance } else { 1.0 };
    match problem.objective().stated_within() {
        Some((middle, within)) if within < radius => (middle, within),
        _ => (centre.clone(), radius),
    }
}

/// A random point in that ball.
pub(super) fn nearby(problem: &Problem, draw: &mut Draw) -> Vector {
    let (centre, radius) = ball(problem);
    let radius = draw.uniform(0.0, radius);
    let direction = direction(centre.len(), draw);
    centre + direction * radius
}

pub(super) fn radius(problem: &Problem) -> f64 {
    ball(problem).1
}

/// Uniform on the unit sphere.
pub(super) fn direction(dimension: usize, draw: &mut Draw) -> Vector {
    let gaussian = Vector::from_fn(dimension, |_, _| StandardNormal.sample(draw.generator()));
    gaussian.normalize()
}
