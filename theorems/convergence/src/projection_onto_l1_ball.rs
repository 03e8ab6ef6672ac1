#![doc = include_str!("projection_onto_l1_ball.md")]

use theoria_elementary::{cos, sin};
use theoria_instances::families::gaussian;
use theoria_models::Vector;
use theoria_models::sets::{Ball, ConvexSet, L1Ball};
use theoria_verification::{
    Case, Check, Claim, Content, Curve, Draw, Family, Figure, Hypothesis, Instance, Line, Reading,
    Readings, Theorem,
};

/// Pairs of points that non-expansiveness is checked on, for each instance.
const PAIRS: usize = 300;

/// What is taken for a projection onto a ball of this radius.
type Rule = fn(f64, &Vector) -> Vector;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let radial_limit = limit("limit_with_the_radial_rule", "|a_k − (2, 1)|² → 20/9", radial)
        .predicting(|_, _| 20.0 / 9.0);
    let finds_the_minimum = radial_limit
        .restated("rescaling_finds_the_minimum", "with the radial rule: |a_k − (2, 1)|² → 2")
        .predicting(|_, _| 2.0);
    Theorem::new(
        "convergence/projection_onto_l1_ball",
        include_str!("projection_onto_l1_ball.md"),
    )
    .claim(nearest("no_point_is_nearer", "|v − p| ≤ |v − q| for q in the ball", soft_threshold).tight_to(0.99))
    .claim(
        optimal(
            "variational_inequality",
            "max over q in the ball of (v − p)·q ≤ (v − p)·p",
            soft_threshold,
            l1_ball,
        )
        .on(points())
        .on(worked_example())
        .tight_to(0.999),
    )
    .claim(on_the_sphere("lies_on_the_sphere", "|P(v)|₁ = t", soft_threshold))
    .claim(threshold("soft_threshold", "p_i = sign(v_i) max{|v_i| − θ, 0}", soft_threshold))
    .claim(contracts("does_not_expand", "|P(v) − P(w)| ≤ |v − w|", soft_threshold).tight_to(0.999))
    .claim(worst_expansion())
    .claim(largest_expansion("rescaling_expands_at_most_by_the_root_of_d", "|v' − w'| ≤ √d |v − w| for rescaled points", 1.0).tight_to(0.99))
    .claim(
        limit("limit_of_projected_gradient", "|a_k − (2, 1)|² → 2", soft_threshold)
            .predicting(|_, _| 2.0),
    )
    .claim(radial_limit)
    .claim(
        optimal(
            "rescaling_projects_onto_the_euclidean_ball",
            "max over q in the Euclidean ball of (v − r)·q ≤ (v − r)·r",
            rescale,
            euclidean_ball,
        )
        .on(outside_of_the_euclidean_ball())
        .on(worked_example())
        .tight_to(0.999),
    )
    .control(nearest("rescaling_is_nearest", "|v − r| ≤ |v − q| for the rescaled r and q in the ball", radial))
    .control(
        optimal(
            "rescaling_satisfies_the_inequality",
            "max over q in the ball of (v − r)·q ≤ (v − r)·r for the rescaled r",
            radial,
            l1_ball,
        )
        .on(points())
        .on(worked_example()),
    )
    .control(on_the_sphere("halfway_lies_on_the_sphere", "|(v + P(v))/2|₁ = t", halfway))
    .control(threshold("rescaling_is_a_soft_threshold", "r_i = sign(v_i) max{|v_i| − θ, 0} for the rescaled r", radial))
    .control(contracts("rescaling_does_not_expand", "|v' − w'| ≤ |v − w| for the rescaled v', w'", radial))
    .control(largest_expansion("rescaling_expands_by_less", "|v' − w'| ≤ 0.98 √d |v − w| for rescaled points", 0.98))
    .control(finds_the_minimum)
    .figure(
        Figure::linear("limit", "step k", "|a − (2, 1)|²")
            .of("limit_of_projected_gradient")
            .of("rescaling_finds_the_minimum")
            .caption(
                "With the true projection the minimum 2 is found; with radial rescaling the run \
                 stalls at 20/9.",
            ),
    )
    .figure(
        Figure::linear("geometry", "first coordinate", "second coordinate")
            .caption(
                "The nearest point of the l1 ball to (2, 1) is a vertex, where the circle about (2, 1) touches the ball; \
                 rescaling ends outside of that circle, farther away.",
            )
            .showing(|_, _| geometry()),
    )
}

fn geometry() -> Content {
    let v = Vector::from_vec(vec![2.0, 1.0]);
    let (nearest, rescaled) = (soft_threshold(1.0, &v), radial(1.0, &v));
    let place = |x: &Vector| (x[0], x[1]);
    let reach = (&v - &nearest).norm();
    let circle = (0..=200).map(|i| f64::from(i) * std::f64::consts::TAU / 200.0);
    let circle = circle.map(|angle| (v[0] + reach * cos(angle), v[1] + reach * sin(angle)));
    let corners = [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0), (1.0, 0.0)];
    Content::Lines {
        lines: vec![
            Line::measured("the l1 ball", corners),
            Line::predicted("as far from v as P(v)", circle),
            Line::measured("from v = (2, 1) to P(v)", [place(&v), place(&nearest)]),
            Line::measured("to the rescaled point", [place(&v), place(&rescaled)]),
        ],
    }
}

/// A point to be projected, and the radius.
struct Point {
    v: Vector,
    radius: f64,
}

impl Instance for Point {
    fn description(&self) -> String {
        let short = self.v.len() <= 4;
        let shown = if short {
            format!("{:.4?}", self.v.as_slice())
        } else {
            format!("dimension {}", self.v.len())
        };
        format!("{shown}, radius {:.4}", self.radius)
    }
}

/// |v|_1 > t > 0.
fn outside() -> Hypothesis<Point> {
    Hypothesis::new("outside", |point: &Point, _| {
        let norm = point.v.lp_norm(1);
        Check::that(0.0 < point.radius && point.radius < norm, format!("|v|₁ = {norm:.6}"))
    })
}

/// 0 < h < 1: the objective has L = 2.
fn short_step() -> Hypothesis<Case<f64>> {
    Hypothesis::new("step size", |h: &Case<f64>, _| {
        Check::that(0.0 < **h && **h < 1.0, "0 < h < 2/L")
    })
}

/// Against vertices, points of the ball near to p and far away, and the other rule.
fn nearest(name: &str, formula: &str, rule: Rule) -> Claim<Point> {
    Claim::bound(name, formula)
        .assuming([outside()])
        .on(points())
        .on(worked_example())
        .drawing_experiment(move |point, draw| {
            let ball = L1Ball::new(point.radius);
            let mut rivals = vec![radial(point.radius, &point.v)];
            if rule(point.radius, &point.v) == rivals[0] {
                rivals = vec![soft_threshold(point.radius, &point.v)];
            }
            rivals.push(ball.linear_minimiser(&-&point.v));
            for _ in 0..50 {
                let apart = gaussian(point.v.len(), draw) * draw.log_uniform(1e-3, 1.0);
                rivals.push(soft_threshold(point.radius, &(&point.v + apart)));
            }
            let own = (&point.v - rule(point.radius, &point.v)).norm();
            Curve::over(0..rivals.len(), |_| own, |i| (&point.v - &rivals[i]).norm())
        })
}

/// (v - p)·q <= (v - p)·p for the q that makes the left side largest, which is a vertex.
fn optimal(
    name: &str,
    formula: &str,
    rule: Rule,
    set: fn(f64) -> Box<dyn ConvexSet>,
) -> Claim<Point> {
    Claim::bound(name, formula).assuming([outside()]).experiment(move |point: &Point| {
        let p = rule(point.radius, &point.v);
        let normal = &point.v - &p;
        let q = set(point.radius).linear_minimiser(&-&normal);
        Curve::at(point.radius, normal.dot(&q), normal.dot(&p))
    })
}

fn on_the_sphere(name: &str, formula: &str, rule: Rule) -> Claim<Point> {
    Claim::identity(name, formula, 1e-9)
        .assuming([outside()])
        .on(points())
        .on(worked_example())
        .measuring_each(move |point| {
            let p = rule(point.radius, &point.v);
            Readings::at(p.len(), Reading::new(p.lp_norm(1), 1e-14 * point.v.lp_norm(1)))
        })
        .predicting(|point, _| point.radius)
}

/// The largest deviation from the threshold, θ by bisection, in units of t.
fn threshold(name: &str, formula: &str, rule: Rule) -> Claim<Point> {
    Claim::identity(name, formula, 1e-9)
        .assuming([outside()])
        .on(points())
        .on(worked_example())
        .measuring_each(move |Point { v, radius }| {
            let norm = |theta: f64| v.iter().map(|x| (x.abs() - theta).max(0.0)).sum::<f64>();
            let (mut low, mut high) = (0.0, v.amax());
            for _ in 0..100 {
                let middle = (low + high) / 2.0;
                if norm(middle) > *radius { low = middle } else { high = middle }
            }
            let expected = v.map(|x| x.signum() * (x.abs() - low).max(0.0));
            let off = (rule(*radius, v) - expected).amax() / radius;
            Readings::at(v.len(), Reading::new(off, 1e-13 * v.amax() / radius))
        })
        .predicting(|_, _| 0.0)
}

/// On random pairs, and on pairs close to a vertex, where rescaling is at its worst.
fn pairs(point: &Point, draw: &mut Draw) -> Vec<(Vector, Vector)> {
    let mut pairs: Vec<(Vector, Vector)> = (0..PAIRS)
        .map(|_| {
            let v = &point.v + gaussian(point.v.len(), draw);
            let w = &v + gaussian(point.v.len(), draw) * draw.log_uniform(1e-3, 1.0);
            (v, w)
        })
        .collect();
    pairs.push(near_a_vertex(point, 1e-5));
    pairs
}

fn contracts(name: &str, formula: &str, rule: Rule) -> Claim<Point> {
    expands_at_most(name, formula, rule, |_| 1.0)
}

/// By `share` √d at most.
fn largest_expansion(name: &str, formula: &str, share: f64) -> Claim<Point> {
    expands_at_most(name, formula, radial, move |d| share * d.sqrt())
}

fn expands_at_most(
    name: &str,
    formula: &str,
    rule: Rule,
    factor: impl Fn(f64) -> f64 + Send + Sync + 'static,
) -> Claim<Point> {
    Claim::bound(name, formula)
        .assuming([outside()])
        .on(points())
        .on(worked_example())
        .drawing_experiment(move |point, draw: &mut Draw| {
            let pairs = pairs(point, draw);
            let factor = factor(point.v.len() as f64);
            // Points of size t, of which the rule makes others of size t.
            let floor = 1e-15 * point.radius * (point.v.len() as f64).sqrt();
            let both: Vec<(f64, f64)> =
                pairs.iter().map(|pair| expansion(point.radius, rule, pair)).collect();
            Curve::over(0..both.len(), |i| Reading::new(both[i].0, floor), |i| factor * both[i].1)
        })
}

fn worst_expansion() -> Claim<Point> {
    let formula = "|v' − w'| / |v − w| → √d for rescaled points near a vertex";
    Claim::identity("rescaling_expands_by_the_root_of_d", formula, 1e-4)
        .assuming([outside()])
        .on(points())
        .on(worked_example())
        .measuring_each(|point| {
            let (after, before) = expansion(point.radius, radial, &near_a_vertex(point, 1e-7));
            let d = point.v.len();
            // The two differ in the eighth digit.
            Readings::at(d, Reading::new(after / before, 1e-7 * (d as f64).sqrt()))
        })
        .predicting(|_, d| d.sqrt())
}

/// What projected gradient descent with this rule comes to; the limit is said where it is claimed.
fn limit(name: &str, formula: &str, rule: Rule) -> Claim<Case<f64>> {
    Claim::identity(name, formula, 1e-9)
        .assuming([short_step()])
        .on(Family::cases("step sizes", [0.1, 0.3, 0.5, 0.9], |h| {
            format!("|a − (2, 1)|² over the l1 ball of radius 1, step size {h}")
        }))
        .measuring(100..200usize, move |h, steps| {
            let target = Vector::from_vec(vec![2.0, 1.0]);
            let mut a = Vector::zeros(2);
            let values: Vec<f64> = (0..200)
                .map(|_| {
                    let gradient = (&a - &target) * 2.0;
                    a = rule(1.0, &(&a - gradient * **h));
                    (&a - &target).norm_squared()
                })
                .collect();
            steps.read(|k| values[k])
        })
}

fn points() -> Family<Point> {
    Family::drawn("random points outside", |draw| {
        let dimension = draw.size(2..=20);
        let v = gaussian(dimension, draw) * 2.0;
        let radius = v.lp_norm(1) * draw.uniform(0.05, 0.9);
        Point { v, radius }
    })
}

fn outside_of_the_euclidean_ball() -> Family<Point> {
    Family::drawn("random points outside of the Euclidean ball", |draw| {
        let dimension = draw.size(2..=20);
        let v = gaussian(dimension, draw) * 2.0;
        let radius = v.norm() * draw.uniform(0.05, 0.9);
        Point { v, radius }
    })
}

/// The point and radius of the remarks.
fn worked_example() -> Family<Point> {
    Family::single("(2, 1), radius 1", || Point {
        v: Vector::from_vec(vec![2.0, 1.0]),
        radius: 1.0,
    })
}

/// The projection.
fn soft_threshold(radius: f64, v: &Vector) -> Vector {
    let mut p = v.clone();
    L1Ball::new(radius).project(&mut p);
    p
}

/// Not feasible, but monotone and non-expansive like the projection.
fn halfway(radius: f64, v: &Vector) -> Vector {
    (v + soft_threshold(radius, v)) / 2.0
}

/// The rule in circulation: t a/|a|_1 outside the l1 ball.
fn radial(radius: f64, v: &Vector) -> Vector {
    let norm = v.lp_norm(1);
    if norm <= radius { v.clone() } else { v * (radius / norm) }
}

/// The same rule with the Euclidean norm.
fn rescale(radius: f64, v: &Vector) -> Vector {
    let norm = v.norm();
    if norm <= radius { v.clone() } else { v * (radius / norm) }
}

fn l1_ball(radius: f64) -> Box<dyn ConvexSet> {
    Box::new(L1Ball::new(radius))
}

fn euclidean_ball(radius: f64) -> Box<dyn ConvexSet> {
    Box::new(Ball::new(radius))
}

/// The vertex t e_1, and the point that lies `off` times t beside it in every other coordinate.
fn near_a_vertex(point: &Point, off: f64) -> (Vector, Vector) {
    let mut v = Vector::zeros(point.v.len());
    v[0] = point.radius;
    let mut w = Vector::from_element(point.v.len(), off * point.radius);
    w[0] = point.radius;
    (v, w)
}

/// Distance of two points after the rule, and before.
fn expansion(radius: f64, rule: Rule, (v, w): &(Vector, Vector)) -> (f64, f64) {
    ((rule(radius, v) - rule(radius, w)).norm(), (v - w).norm())
}
