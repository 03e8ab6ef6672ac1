//! Steps of cubic regularisation in several variables.

use std::sync::Arc;

use theoria_algorithms::{CubicNewton, Method};
use theoria_models::numerics::maximum;
use theoria_models::objectives::{DistanceCubed, DoubleWells, TensorQuartic, Trigonometric};
use theoria_models::oracle::TwiceDifferentiable;
use theoria_models::{Matrix, Objective, Vector};
use theoria_verification::{Check, Constant, Family, Hypothesis, Instance, Reading};

use super::cubic_steps::{Made, Regularised};

/// A function with a constant M, a point, and where a step leads.
#[derive(Clone)]
pub(crate) struct SpaceStep {
    function: Arc<dyn Objective>,
    lipschitz: f64,
    from: Vector,
    to: Vector,
}

impl Instance for SpaceStep {
    fn description(&self) -> String {
        format!("{} from {:?}", self.function.describe(), self.from.as_slice())
    }

    fn constants(&self) -> Vec<Constant> {
        vec![Constant::exact("M", self.lipschitz)]
    }
}

impl Regularised for SpaceStep {
    fn made(&self) -> Made {
        let (f, step) = (&self.function, &self.to - &self.from);
        let (before, after) = (f.gradient_at(&self.from), f.gradient_at(&self.to));
        let (hessian, next) = (self.hessian(&self.from), self.hessian(&self.to));
        let length = step.norm();
        let pull = &step * (self.lipschitz * length / 2.0);
        let size = hessian.norm() + next.norm() + self.lipschitz * length;
        // A few units of every term; the place x + s is rounded too.
        let place = f64::EPSILON * (self.from.norm() + length);
        let error = 32.0 * (f64::EPSILON * (before.norm() + size * length) + size * place);
        let values = f.rounding(&self.from) + f.rounding(&self.to);
        let equation = &before + &hessian * &step + &pull;
        let least = hessian.symmetric_eigenvalues().min();
        Made {
            lipschitz: self.lipschitz,
            length,
            decrease: Reading::new(
                f.value(&self.from) - f.value(&self.to),
                values + error * (length + place),
            ),
            remainder: Reading::new((&after + &pull).norm(), error),
            slope: Reading::new(after.norm(), error),
            bend: Reading::new(
                -next.symmetric_eigenvalues().min(),
                32.0 * (f64::EPSILON * size + self.lipschitz * place),
            ),
            unsolved: equation.norm() / (before.norm() + size * length),
            shifted: (least + self.lipschitz * length / 2.0) / size,
        }
    }

    /// Seen along the step, at eight places.
    fn lipschitz_hessian() -> Hypothesis<Self> {
        Hypothesis::new("Lipschitz Hessian", |it: &SpaceStep, _| {
            let (start, step) = (it.hessian(&it.from), &it.to - &it.from);
            let steepest = (1..=8).map(|k| {
                let part = &step * (f64::from(k) / 8.0);
                let change = it.hessian(&(&it.from + &part)) - &start;
                change.symmetric_eigenvalues().amax() / part.norm()
            });
            let steepest = steepest.fold(0.0, maximum);
            // Hessians are rounded, and the change is a small part of them where a step is short.
            let size = start.norm() + it.lipschitz * step.norm();
            let rounding = 64.0 * f64::EPSILON * size / (step.norm() / 8.0);
            Check::at_most(steepest, it.lipschitz + rounding, "change of the Hessian over the way")
        })
    }
}

impl SpaceStep {
    fn new(function: impl Objective + 'static, lipschitz: f64, from: Vector) -> Self {
        let mut to = from.clone();
        // Without a Hessian there is no step, and no claim holds of it.
        match TwiceDifferentiable::new(&function, &from) {
            Ok(oracle) => CubicNewton::new(lipschitz).step(&oracle, &mut to),
            Err(_) => to.fill(f64::NAN),
        }
        SpaceStep { function: Arc::new(function), lipschitz, from, to }
    }

    /// From the maximum of −c|x|²/2 + M|x|³/6.
    pub(crate) fn from_a_maximum(curvature: f64, lipschitz: f64, dimension: usize) -> Self {
        let origin = Vector::zeros(dimension);
        let f = DistanceCubed::new(-curvature, lipschitz, origin.clone());
        SpaceStep::new(f, lipschitz, origin)
    }

    /// From 0 on −c|x|²/2 − M x_1³/6 − b x_1 with a small b, by which the step goes along x_1.
    fn into_the_depth(curvature: f64, lipschitz: f64, dimension: usize) -> Self {
        let (d, entry) = (dimension, |i: usize, j: usize| f64::from(i == 0 && j == 0));
        let mut tensor = vec![Matrix::zeros(d, d); d];
        tensor[0] = Matrix::from_fn(d, d, |i, j| -lipschitz * entry(i, j));
        let slope = Vector::from_fn(d, |i, _| -1e-6 * entry(i, 0));
        let f = TensorQuartic::new(0.0, &tensor, &(Matrix::identity(d, d) * -curvature), slope);
        SpaceStep::new(f, lipschitz, Vector::zeros(d))
    }

    /// From 0 on −x²/2 + |x|³/6 − b x to the minimiser of the model that lies uphill, b < 1/2.
    fn uphill(slope: f64) -> Self {
        let f = DistanceCubed::new(-1.0, 1.0, Vector::from_element(1, slope));
        let mut step = SpaceStep::new(f, 1.0, Vector::zeros(1));
        step.to[0] = -1.0 - (1.0 - 2.0 * slope).sqrt();
        step
    }

    fn hessian(&self, at: &Vector) -> Matrix {
        let d = at.len();
        let none = || Matrix::from_element(d, d, f64::NAN);
        self.function.hessian(at).unwrap_or_else(none)
    }

    /// −λ_min where the step begins.
    pub(crate) fn descent(&self) -> f64 {
        -self.hessian(&self.from).symmetric_eigenvalues().min()
    }
}

/// One to three waves in two or three variables; M = Σ |a| |w|³ by the triangle inequality.
pub(crate) fn waves() -> Family<SpaceStep> {
    Family::drawn("waves in two and three variables", |draw| {
        let d = draw.size(2..=3);
        let mut f = Trigonometric::new(0.0, d);
        let mut lipschitz = 0.0;
        for _ in 0..draw.size(1..=3) {
            let direction = Vector::from_fn(d, |_, _| draw.uniform(-1.0, 1.0));
            let amplitude = draw.log_uniform(0.1, 10.0);
            lipschitz += amplitude * direction.norm().powi(3);
            f = f.with_wave(amplitude, direction, draw.uniform(0.0, 6.3));
        }
        let from = Vector::from_fn(d, |_, _| draw.uniform(-3.0, 3.0));
        SpaceStep::new(f, lipschitz.max(1e-3), from)
    })
}

/// From maxima, in one to five variables.
pub(crate) fn maxima() -> Family<SpaceStep> {
    Family::listed(
        "maxima of −c|x|²/2 + M|x|³/6",
        [(1.0, 1.0, 1), (3.0, 2.0, 2), (0.5, 7.0, 5)],
        |at| SpaceStep::from_a_maximum(at.0, at.1, at.2),
    )
}

/// Where the Hessian falls all along the step, in one to five variables.
pub(crate) fn depths() -> Family<SpaceStep> {
    Family::listed(
        "−c|x|²/2 − M x₁³/6 from 0",
        [(1.0, 1.0, 1), (3.0, 2.0, 2), (0.5, 7.0, 5)],
        |at| SpaceStep::into_the_depth(at.0, at.1, at.2),
    )
}

/// From saddles and the maximum of double wells, of whose third derivative 12 is a bound up to the distance 2.
pub(crate) fn saddles() -> Family<SpaceStep> {
    Family::listed(
        "critical points of double wells",
        [vec![0.0], vec![0.0, 1.0], vec![-1.0, 0.0, 1.0], vec![0.0, 0.0]],
        |from| SpaceStep::new(DoubleWells::new(from.len()), 12.0, Vector::from_row_slice(from)),
    )
}

/// To the other minimiser of the model.
pub(crate) fn uphill() -> Family<SpaceStep> {
    Family::listed("uphill", [0.1, 0.3, 0.45], |slope| SpaceStep::uphill(*slope))
}

/// ∇f(x) = 0
pub(crate) fn at_rest() -> Hypothesis<SpaceStep> {
    Hypothesis::new("∇f(x) = 0", |it: &SpaceStep, _| {
        Check::at_most(it.function.gradient_at(&it.from).norm(), 0.0, "|∇f(x)|")
    })
}
