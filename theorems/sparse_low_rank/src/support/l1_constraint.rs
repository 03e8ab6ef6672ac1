//! Least squares over an l1 ball, by gradient steps and what is taken for the projection.

use theoria_algorithms::{ProjectedGradient, Trajectory};
use theoria_models::oracle::{LinearMinimisationOracle, Oracle, Projection};
use theoria_models::sets::{ConvexSet, L1Ball};
use theoria_models::{Matrix, Vector};
use theoria_verification::{Constant, Instance};

use super::penalised::numbers;
use super::ridge_path::RidgePath;

/// What brings a point back into the ball.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rule {
    /// The nearest point.
    Projection,
    /// a ← t a/|a|₁, as it circulates.
    Radial,
}

/// f(a) = aᵀGa - 2b·a + c over |a|₁ <= t, with G = XᵀX, b = Xᵀy, c = |y|².
#[derive(Clone)]
pub(crate) struct L1Constrained {
    pub(crate) name: String,
    pub(crate) gram: Matrix,
    pub(crate) products: Vector,
    pub(crate) square: f64,
    pub(crate) radius: f64,
    pub(crate) rule: Rule,
    /// Step size over 1/L.
    pub(crate) step: f64,
    pub(crate) start: Vector,
}

impl L1Constrained {
    /// L = 2|G|
    pub(crate) fn smoothness(&self) -> f64 {
        2.0 * self.gram.symmetric_eigenvalues().max()
    }

    pub(crate) fn value(&self, a: &Vector) -> f64 {
        a.dot(&(&self.gram * a)) - 2.0 * self.products.dot(a) + self.square
    }

    pub(crate) fn slope(&self, a: &Vector) -> Vector {
        (&self.gram * a - &self.products) * 2.0
    }

    /// The solution without the constraint.
    pub(crate) fn least_squares(&self) -> Vector {
        let Some(factors) = self.gram.clone().cholesky() else {
            panic!("the columns are independent");
        };
        factors.solve(&self.products)
    }

    pub(crate) fn ridge(&self) -> RidgePath {
        RidgePath::of_products(self.gram.clone(), &self.products)
    }

    pub(crate) fn run(&self, steps: usize) -> Trajectory {
        let method = ProjectedGradient::new(self.step / self.smoothness());
        Trajectory::keeping(method, self, &self.start, steps, |k| k <= 100 || k == steps)
    }

    /// Where the steps end.
    pub(crate) fn limit(&self, steps: usize) -> Vector {
        self.run(steps).last().point().clone()
    }

    pub(crate) fn by(&self, rule: Rule) -> Self {
        L1Constrained { rule, ..self.clone() }
    }
}

impl Oracle<Vector> for L1Constrained {
    fn gradient(&self, at: &Vector, into: &mut Vector) {
        into.copy_from(&self.products);
        into.gemv(2.0, &self.gram, at, -2.0);
    }
}

impl Projection<Vector> for L1Constrained {
    fn project(&self, at: &mut Vector) {
        match self.rule {
            Rule::Projection => L1Ball::new(self.radius).project(at),
            Rule::Radial => {
                let norm = at.lp_norm(1);
                if norm > self.radius {
                    *at *= self.radius / norm;
                }
            }
        }
    }
}

impl LinearMinimisationOracle<Vector> for L1Constrained {
    fn linear_minimiser(&self, direction: &Vector, into: &mut Vector) {
        into.copy_from(&L1Ball::new(self.radius).linear_minimiser(direction));
    }
}

impl Instance for L1Constrained {
    fn description(&self) -> String {
        let start = if self.start.len() <= 3 {
            numbers(self.start.iter())
        } else if self.start.amax() == 0.0 {
            "0".into()
        } else {
            "a random point".into()
        };
        format!("{}, t = {:.6}, steps of {}/L from {start}", self.name, self.radius, self.step)
    }

    fn constants(&self) -> Vec<Constant> {
        vec![Constant::exact("t", self.radius), Constant::exact("L", self.smoothness())]
    }

    fn needs() -> String {
        "XᵀX, Xᵀy and a radius".into()
    }
}
