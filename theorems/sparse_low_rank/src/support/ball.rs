//! Least squares over l1 balls, with starts at vertices, for Frank–Wolfe.

use theoria_algorithms::{Method, Trajectory};
use theoria_instances::families::{gaussian, gaussian_matrix};
use theoria_models::objectives::LassoPath;
use theoria_models::{Matrix, Vector};
use theoria_verification::{Family, Instance, Reading};

use super::l1_constraint::{L1Constrained, Rule};
use super::penalised::{Penalised, diabetes, numbers};

/// Least squares over a ball with its minimiser and minimal value.
pub(crate) struct Ball {
    pub(crate) problem: L1Constrained,
    pub(crate) minimiser: Vector,
    pub(crate) minimum: f64,
    pub(crate) steps: usize,
}

impl Instance for Ball {
    fn description(&self) -> String {
        let p = &self.problem;
        let rows: Vec<String> = p.gram.row_iter().map(|row| numbers(row.iter())).collect();
        if p.gram.nrows() > 2 {
            return format!("{}, t = {:.6}", p.name, p.radius);
        }
        let products = numbers(p.products.iter());
        format!(
            "XᵀX = {}, Xᵀy = {products}, t = {:.6}, from {}, {} steps",
            rows.join(" "),
            p.radius,
            numbers(p.start.iter()),
            self.steps
        )
    }
}

impl Ball {
    pub(crate) fn new(
        features: &Matrix,
        targets: &Vector,
        radius: f64,
        start: Vector,
        name: &str,
    ) -> Self {
        let problem = L1Constrained {
            name: name.into(),
            gram: features.tr_mul(features),
            products: features.tr_mul(targets),
            square: targets.norm_squared(),
            radius,
            rule: Rule::Projection,
            step: 1.0,
            start,
        };
        let minimiser = LassoPath::of(features, targets).of_norm(radius);
        let minimum = problem.value(&minimiser);
        Ball { problem, minimiser, minimum, steps: 100 }
    }

    /// With this minimiser.
    fn minimal_at(mut self, minimiser: Vector) -> Self {
        self.minimum = self.problem.value(&minimiser);
        self.minimiser = minimiser;
        self
    }

    /// The multiplier of the constraint: |∇f|_∞ at the minimiser.
    pub(crate) fn weight(&self) -> f64 {
        self.problem.slope(&self.minimiser).amax()
    }

    pub(crate) fn floor(&self) -> f64 {
        // aᵀGa for all points of the ball.
        let most = self.problem.gram.amax() * self.problem.radius.powi(2) + self.problem.square;
        64.0 * f64::EPSILON * most
    }

    pub(crate) fn run(
        &self,
        method: impl Method<Vector, L1Constrained>,
        steps: usize,
        kept: fn(usize) -> bool,
    ) -> Trajectory {
        Trajectory::keeping(method, &self.problem, &self.problem.start, steps, kept)
    }

    pub(crate) fn gap(&self, a: &Vector) -> Reading {
        Reading::new(self.problem.value(a) - self.minimum, self.floor())
    }
}

pub(crate) fn vertex(d: usize, radius: f64) -> Vector {
    Vector::from_fn(d, |j, _| if j == 0 { radius } else { 0.0 })
}

/// With the ball that the LASSO at these shares ends on.
pub(crate) fn on_diabetes() -> Family<Ball> {
    diabetes([0.3, 0.1, 0.03]).map(|p| on_the_ball(&p))
}

pub(crate) fn on_the_ball(p: &Penalised) -> Ball {
    let radius = p.solution.lp_norm(1);
    let (x, y) = (p.lasso.features(), p.lasso.targets());
    Ball::new(x, y, radius, vertex(10, radius), &p.description()).minimal_at(p.solution.clone())
}

/// Two features in numbers, from a vertex. What y asks for lies on the axis of that vertex, beyond it, at it or on the other side, and a
/// little beside.
pub(crate) fn in_the_plane() -> Family<Ball> {
    Family::drawn("two features in numbers", |draw| {
        let x = Matrix::from_fn(2, 2, |_, _| draw.normal());
        let radius = draw.log_uniform(0.1, 3.0);
        let start = vertex(2, if draw.coin() { radius } else { -radius });
        let along = draw.including_ends(-1.0, 1.0) * draw.log_uniform(0.5, 2.0);
        let beside = draw.log_uniform(1e-3, 3.0);
        let y = &x * &start * along + Vector::from_fn(2, |_, _| beside * draw.normal());
        Ball { steps: draw.size(1..=30), ..Ball::new(&x, &y, radius, start, "drawn") }
    })
}

/// (a + t - e)² over [-t, t] from -t with a small e: the first step goes to the far end.
pub(crate) fn one_step() -> Family<Ball> {
    Family::listed("(a + 1 − e)² over [−1, 1] from −1", [1e-3, 1e-4], |&e| {
        let (x, y) = (Matrix::identity(1, 1), Vector::from_element(1, e - 1.0));
        Ball { steps: 1, ..Ball::new(&x, &y, 1.0, Vector::from_element(1, -1.0), "one feature") }
    })
}

/// (a - 10)² over [-1, 1] from 11: the first step goes to the end that is farther away.
pub(crate) fn from_outside() -> Family<Ball> {
    Family::single("(a − 10)² over [−1, 1] from 11", || {
        let (x, y) = (Matrix::identity(1, 1), Vector::from_element(1, 10.0));
        let start = Vector::from_element(1, 11.0);
        Ball { steps: 3, ..Ball::new(&x, &y, 1.0, start, "one feature") }
            .minimal_at(Vector::from_element(1, 1.0))
    })
}

/// (10⁻⁴ a - 1)² over [-1, 1] from -1.
pub(crate) fn nearly_linear() -> Family<Ball> {
    Family::single("(10⁻⁴ a − 1)² over [−1, 1] from −1", || {
        let (x, y) = (Matrix::from_element(1, 1, 1e-4), Vector::from_element(1, 1.0));
        let start = Vector::from_element(1, -1.0);
        Ball { steps: 1, ..Ball::new(&x, &y, 1.0, start, "one feature") }
            .minimal_at(Vector::from_element(1, 1.0))
    })
}

/// X = diag(1, e) with a small e: L = 2, and along the second axis nearly a slope of LR/(2N), R = 2t, from the lower end up: steps of 1/L
/// have come half way after N of them.
pub(crate) fn slope_over_the_ball() -> Family<Ball> {
    Family::listed("a slope over the ball", [(1usize, 0.5), (5, 1.5), (20, 0.5)], |&(steps, t)| {
        const WEAK: f64 = 1e-3;
        let slope = 2.0 * t / steps as f64;
        let x = Matrix::from_row_slice(2, 2, &[1.0, 0.0, 0.0, WEAK]);
        let y = Vector::from_vec(vec![0.0, slope / (2.0 * WEAK)]);
        let start = Vector::from_vec(vec![0.0, -t]);
        Ball { steps, ..Ball::new(&x, &y, t, start, "a slope") }
            .minimal_at(Vector::from_vec(vec![0.0, t]))
    })
}

/// From a vertex that no step chooses.
pub(crate) fn many_features() -> Family<Ball> {
    Family::drawn("60 features of 30 samples", |draw| {
        let (x, y) = (gaussian_matrix(30, 60, draw), gaussian(30, draw) * 30.0);
        let idle = x.tr_mul(&y).abs().imin();
        let start = Vector::from_fn(60, |j, _| if j == idle { 2.0 } else { 0.0 });
        Ball { steps: 40, ..Ball::new(&x, &y, 2.0, start, "60 features of 30 samples") }
    })
}
