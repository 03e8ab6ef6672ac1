//! Least squares over l1 balls, with starts at vertices, for Frank–Wolfe.

use theoria_algorithms::{Method, Trajectory};
use theoria_models::objectives::LassoPath;
use theoria_models::{Matrix, Vector};
use theoria_verification::{Family, Instance, Reading};

use super::l1_constraint::{L1Constrained, Rule};
use super::penalised::{Penalised, diabetes, numbers};

/// Least squares over a ball with its minimal value.
pub(crate) struct Ball {
    pub(crate) problem: L1Constrained,
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
            "XᵀX = {}, Xᵀy = {products}, t = {:.6}, from {}",
            rows.join(" "),
            p.radius,
            numbers(p.start.iter())
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
        let minimum = problem.value(&LassoPath::of(features, targets).of_norm(radius));
        Ball { problem, minimum, steps: 100 }
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
    let mut ball = Ball::new(x, y, radius, vertex(10, radius), &p.description());
    ball.minimum = ball.problem.value(&p.solution);
    ball
}

/// Two features in numbers; the ball reaches to the least-squares solution at most.
pub(crate) fn in_the_plane() -> Family<Ball> {
    Family::drawn("two features in numbers", |draw| {
        let x = Matrix::from_fn(2, 2, |_, _| draw.normal());
        let y = Vector::from_fn(2, |_, _| draw.normal());
        let radius = draw.log_uniform(0.1, 3.0);
        let side = if draw.coin() { 1.0 } else { -1.0 };
        let mut ball = Ball::new(&x, &y, radius, vertex(2, side * radius), "drawn");
        ball.steps = 30;
        ball
    })
}

/// (a + t - e)² over [-t, t] from -t with a small e: the first step goes to the far end.
pub(crate) fn one_step() -> Family<Ball> {
    Family::listed("(a + 1 − e)² over [−1, 1] from −1", [1e-3, 1e-4], |&e| {
        let (x, y) = (Matrix::identity(1, 1), Vector::from_element(1, e - 1.0));
        Ball { steps: 1, ..Ball::new(&x, &y, 1.0, Vector::from_element(1, -1.0), "one feature") }
    })
}

/// (10⁻⁴ a - 1)² over [-1, 1] from -1.
pub(crate) fn nearly_linear() -> Family<Ball> {
    Family::single("(10⁻⁴ a − 1)² over [−1, 1] from −1", || {
        let (x, y) = (Matrix::from_element(1, 1, 1e-4), Vector::from_element(1, 1.0));
        let mut ball = Ball::new(&x, &y, 1.0, Vector::from_element(1, -1.0), "one feature");
        // At the end that is nearest.
        ball.minimum = ball.problem.value(&Vector::from_element(1, 1.0));
        ball.steps = 1;
        ball
    })
}
