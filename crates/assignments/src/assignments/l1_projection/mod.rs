#![doc = include_str!("task.md")]

mod mutants;
mod reference;
#[expect(unreachable_pub, reason = "it is handed out as it is")]
mod stub;

use theoria_models::Vector;
use theoria_models::sets::{ConvexSet, L1Ball};
use theoria_verification::{
    Check as Seen, Claim, Constant, Curve, Draw, Family, Figure, Hypothesis, Instance, Reading,
    Readings, Theorem,
};

use super::points;
use crate::assignment::{Assignment, Check, Part, Stubs};
use crate::play::Student;
use crate::theoria::Fields;

const TASK: &str = include_str!("task.md");

/// The assignment.
pub fn assignment() -> Assignment {
    Assignment {
        name: "l1_projection",
        title: "Projection onto the l1 ball",
        theorem: "convergence/projection_onto_l1_ball",
        task: TASK,
        stubs: Stubs { rust: include_str!("stub.rs"), python: include_str!("stub.py") },
        public: Part {
            checks: &[
                Check {
                    name: "example",
                    title: "(2, 1) is projected as the theorem says",
                    points: 2,
                    at: "dimension",
                },
                Check {
                    name: "inside",
                    title: "points of the ball stay where they are",
                    points: 2,
                    at: "dimension",
                },
                Check {
                    name: "sphere",
                    title: "points outside arrive on the sphere",
                    points: 2,
                    at: "dimension",
                },
            ],
            claims: public,
        },
        hidden: Part {
            checks: &[
                Check {
                    name: "nearest",
                    title: "no point of the ball is nearer, for points that you do not see",
                    points: 6,
                    at: "dimension",
                },
                Check {
                    name: "threshold",
                    title: "every coordinate is that of the theorem, for points that you do not see",
                    points: 4,
                    at: "dimension",
                },
            ],
            claims: hidden,
        },
        hints: &[
            "Draw the ball in the plane and the point (2, 1). Which point of the diamond is nearest? It is a corner.",
            "Rescaling, v t/|v|₁, never makes a zero. The projection takes the same θ off every coordinate, as far as there is something \
             to take off.",
            "If you knew which coordinates stay, θ would be the mean of what they have too much: (the sum of their sizes − t) over their \
             number. The ones that stay are the largest.",
            "Sort the sizes, largest first. θ belongs to the largest count k for which the k-th size is above (sum of the first k − t)/k.",
        ],
        success: "The same θ off every coordinate is what makes zeros, and why the l1 ball is used at all. With rescaling in its place \
                  projected gradient descent stalls at points that are no minimum.",
        told_case_by_case: &[],
        reference: || Box::new(reference::Projection),
        stub: || Box::new(stub::Mine),
        mutants: mutants::MUTANTS,
    }
}

fn public(student: &Student) -> Theorem {
    Theorem::new("assignments/l1_projection", TASK)
        .claim(off_the_projection("example", "P(2, 1) = (1, 0) for t = 1", student).on(example()))
        .claim(
            off_the_projection("inside", "P(v) = v for |v|₁ ≤ t", student)
                .assuming([inside()])
                .on(within()),
        )
        .claim(on_the_sphere(student))
        .figure(
            Figure::linear("sphere", "dimension", "|p|₁ / t")
                .of("sphere")
                .caption("The norm of your projections: the theorem has 1."),
        )
}

fn hidden(student: &Student) -> Theorem {
    Theorem::new("assignments/l1_projection_hidden", TASK).claim(nearest(student)).claim(
        off_the_projection("threshold", "p_i = sign(v_i) max{|v_i| − θ, 0}", student)
            .assuming([outside()])
            .on(beyond("random points outside", 2..=30).with_draws(20))
            .on(ties()),
    )
}

/// A point to be projected, and the radius.
struct Point {
    v: Vector,
    radius: f64,
}

impl Instance for Point {
    fn description(&self) -> String {
        let coordinates: Vec<String> = self.v.iter().map(|v| format!("{v:.4}")).collect();
        match self.v.len() {
            ..=5 => format!("v = ({})", coordinates.join(", ")),
            dimension => format!("a vector of dimension {dimension}"),
        }
    }

    fn constants(&self) -> Vec<Constant> {
        vec![Constant::exact("t", self.radius), Constant::exact("|v|₁", self.v.lp_norm(1))]
    }
}

impl Point {
    /// What the solution answers; no numbers where it failed.
    fn projected_by(&self, student: &Student) -> Vector {
        let dimension = self.v.len();
        let told = Fields::new()
            .with("dimension", dimension as f64)
            .with("vector", self.v.as_slice())
            .with("radius", self.radius);
        let answer = student.begin(&told);
        let answered =
            answer.and_then(|answer| student.take(answer.vector("projection", dimension)));
        answered.map_or_else(|| Vector::from_element(dimension, f64::NAN), Vector::from_vec)
    }

    /// The rounding of sums of its coordinates.
    fn rounding(&self) -> f64 {
        1e-14 * self.v.lp_norm(1)
    }
}

fn outside() -> Hypothesis<Point> {
    Hypothesis::new("outside", |point: &Point, _| {
        let norm = point.v.lp_norm(1);
        Seen::that(0.0 < point.radius && point.radius < norm, format!("|v|₁ = {norm:.6}"))
    })
}

fn inside() -> Hypothesis<Point> {
    Hypothesis::new("inside", |point: &Point, _| {
        Seen::at_most(point.v.lp_norm(1), point.radius, "|v|₁, t")
    })
}

/// The largest deviation of a coordinate from the projection, in units of t; that one is another implementation's.
fn off_the_projection(name: &str, formula: &str, student: &Student) -> Claim<Point> {
    let student = student.clone();
    Claim::identity(name, &format!("{formula} (the largest deviation over t is 0)"), 1e-9)
        .measuring_each(move |point: &Point| {
            let mut expected = point.v.clone();
            L1Ball::new(point.radius).project(&mut expected);
            let off = (point.projected_by(&student) - expected).amax() / point.radius;
            Readings::at(point.v.len(), Reading::new(off, 10.0 * point.rounding() / point.radius))
        })
        .predicting(|_, _| 0.0)
}

fn on_the_sphere(student: &Student) -> Claim<Point> {
    let student = student.clone();
    Claim::identity("sphere", "|P(v)|₁ / t = 1 for |v|₁ > t", 1e-9)
        .assuming([outside()])
        .on(beyond("points outside", 2..=10))
        .measuring_each(move |point: &Point| {
            let norm = point.projected_by(&student).lp_norm(1);
            let floor = point.rounding() / point.radius;
            Readings::at(point.v.len(), Reading::new(norm / point.radius, floor))
        })
        .predicting(|_, _| 1.0)
}

/// (v − p)·q ≤ (v − p)·p for the q that makes the left side largest, which is a vertex; a p outside of the ball is taken for a
/// run that has diverged.
fn nearest(student: &Student) -> Claim<Point> {
    let student = student.clone();
    Claim::bound("nearest", "max over q in the ball of (v − p)·q ≤ (v − p)·p")
        .assuming([outside()])
        .on(beyond("random points outside", 2..=30).with_draws(20))
        .on(ties())
        .experiment(move |point: &Point| {
            let p = point.projected_by(&student);
            let normal = &point.v - &p;
            let feasible = p.lp_norm(1) <= point.radius * (1.0 + 1e-9);
            let q = L1Ball::new(point.radius).linear_minimiser(&-&normal);
            let floor = point.rounding() * (point.v.norm() + point.radius);
            let measured =
                if feasible { Reading::new(normal.dot(&q), floor) } else { Reading::DIVERGED };
            // Of a p that is no vector of numbers nothing is predicted.
            let predicted = if feasible { normal.dot(&p) } else { 0.0 };
            Curve::at(point.radius, measured, predicted)
        })
}

fn example() -> Family<Point> {
    Family::single("the worked example", || Point {
        v: Vector::from_vec(vec![2.0, 1.0]),
        radius: 1.0,
    })
}

fn beyond(name: &str, dimensions: std::ops::RangeInclusive<usize>) -> Family<Point> {
    Family::drawn(name, move |draw| {
        let v = vector(draw.size(dimensions.clone()), draw);
        let radius = v.lp_norm(1) * draw.uniform(0.05, 0.9);
        Point { v, radius }
    })
}

fn within() -> Family<Point> {
    Family::drawn("points inside", |draw| {
        let v = vector(draw.size(2..=10), draw);
        let radius = v.lp_norm(1) * draw.uniform(1.1, 3.0);
        Point { v, radius }
    })
}

/// With both signs, the second coordinate negative.
fn vector(dimension: usize, draw: &mut Draw) -> Vector {
    let mut v = points::in_a_cube(dimension, draw) * 2.0;
    v[1] = -v[1].abs() - 0.1;
    v
}

/// Equal sizes, zeros, one coordinate, a point just outside.
fn ties() -> Family<Point> {
    let points: [(&[f64], f64); 6] = [
        (&[1.0, -1.0, 1.0, -1.0], 2.0),
        (&[3.0, -3.0, 0.0, 0.0, 1.0], 1.0),
        (&[-2.5], 0.5),
        (&[0.0, 0.0, -7.0], 0.25),
        (&[0.5, -0.5, 1e-6], 1.0),
        (&[-4.0, -3.0, -2.0, -1.0], 3.0),
    ];
    let points: Vec<(Vec<f64>, f64)> = points.map(|(v, radius)| (v.to_vec(), radius)).to_vec();
    Family::listed("points with ties", points, |(v, radius)| Point {
        v: Vector::from_vec(v.clone()),
        radius: *radius,
    })
}
