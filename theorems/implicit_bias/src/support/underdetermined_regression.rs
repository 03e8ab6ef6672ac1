//! Under-determined least squares, and the methods that interpolate them from a start.

use rand_distr::{Distribution, StandardNormal};
use theoria_algorithms::{
    AdaGrad, AdaGradNorm, GradientDescent, HeavyBall, Method, Nesterov, SignDescent, Trajectory,
};
use theoria_models::data::{digits, underdetermined};
use theoria_models::numerics::{maximum, written};
use theoria_models::objectives::LeastSquares;
use theoria_models::stochastic::{MiniBatch, Noisy, Sampling};
use theoria_models::{Matrix, Objective, Property, Svd, Vector};
use theoria_references::ConvexProgramme;
use theoria_verification::{Check, Constant, Draw, Family, Hypothesis, Instance};

/// Steps of a run.
pub(crate) const STEPS: usize = 4000;
/// A limit is reached when this share of the distance at the start is left, and the data are fitted when this share of
/// the residuals at the start is left.
pub(crate) const REACHED: f64 = 1e-5;

/// How the iterates are made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Rule {
    Descent,
    /// SGD with batches of this size.
    Sgd(usize, Sampling),
    HeavyBall,
    Nesterov,
    AdaGradNorm,
    AdaGrad,
    Signs,
}

/// Combinations of gradients.
pub(crate) const SPANNING: [Rule; 6] = [
    Rule::Descent,
    Rule::Sgd(1, Sampling::WithReplacement),
    Rule::Sgd(2, Sampling::WithoutReplacement),
    Rule::HeavyBall,
    Rule::Nesterov,
    Rule::AdaGradNorm,
];

/// Those that get to the limit within the steps that are made.
pub(crate) const SOLVING: [Rule; 5] = [
    Rule::Descent,
    Rule::Sgd(1, Sampling::WithReplacement),
    Rule::Sgd(2, Sampling::WithoutReplacement),
    Rule::HeavyBall,
    Rule::Nesterov,
];

/// Under-determined least squares, a start and a method.
pub(crate) struct Interpolation {
    pub(crate) f: LeastSquares,
    features: Matrix,
    targets: Vector,
    pub(crate) start: Vector,
    rule: Rule,
}

impl Interpolation {
    fn new(features: Matrix, targets: Vector, start: Vector, rule: Rule) -> Self {
        Interpolation {
            f: LeastSquares::new(features.clone(), targets.clone()),
            features,
            targets,
            start,
            rule,
        }
    }

    pub(crate) fn smoothness(&self) -> f64 {
        self.f.required(Property::Smoothness)
    }

    pub(crate) fn lojasiewicz(&self) -> f64 {
        self.f.required(Property::Lojasiewicz)
    }

    /// How many it takes to come near the limit: with single samples or pairs, whose step size is that of the longest one, four times as many.
    pub(crate) fn steps(&self) -> usize {
        match self.rule {
            Rule::Sgd(..) => 4 * STEPS,
            _ => STEPS,
        }
    }

    /// Iterates at about 40 steps a decade.
    pub(crate) fn run(&self, steps: usize, draw: &mut Draw) -> Trajectory {
        let (l, mu) = (self.smoothness(), self.lojasiewicz());
        match self.rule {
            Rule::Descent => self.keep(GradientDescent::new(1.0 / l), &self.f, steps),
            Rule::Sgd(batch, sampling) => {
                let largest = self.features.row_iter().map(|row| row.norm_squared());
                let step = 1.0 / largest.fold(0.0, maximum);
                let batches = MiniBatch::new(self.f.clone(), batch, sampling);
                let noisy = Noisy::new(&batches, draw.generator());
                self.keep(GradientDescent::new(step), &noisy, steps)
            }
            Rule::HeavyBall => self.keep(HeavyBall::optimal(l, mu), &self.f, steps),
            Rule::Nesterov => self.keep(Nesterov::strongly_convex(l, mu), &self.f, steps),
            Rule::AdaGradNorm => self.keep(AdaGradNorm::new(1.0, 0.1), &self.f, steps),
            Rule::AdaGrad => self.keep(AdaGrad::new(0.5), &self.f, steps),
            Rule::Signs => self.keep(SignDescent::new(1e-3), &self.f, steps),
        }
    }

    fn keep<O: ?Sized>(
        &self,
        method: impl Method<Vector, O>,
        oracle: &O,
        steps: usize,
    ) -> Trajectory {
        let spread = |step: usize| step < 40 || step.is_multiple_of(step / 40);
        Trajectory::keeping(method, oracle, &self.start, steps, spread)
    }

    /// The solution nearest to the start.
    pub(crate) fn projection(&self) -> Vector {
        self.nearest_solution(&self.start)
    }

    fn nearest_solution(&self, x: &Vector) -> Vector {
        self.f.nearest_minimiser(x).unwrap_or_else(|| panic!("least squares knows its minimisers"))
    }

    /// The solution of least norm, by a quadratic programme.
    pub(crate) fn shortest(&self) -> Vector {
        let d = self.features.ncols();
        ConvexProgramme::quadratic(Matrix::identity(d, d), Vector::zeros(d))
            .equal(&self.features, &self.targets)
            .solve()
            .unwrap_or_else(|error| panic!("{error}"))
            .point
    }

    /// The part of x − x_0 outside the row space, over |x − x_0|; 0 where x has not moved. Solutions nearest
    /// to two points differ by what their difference has outside.
    pub(crate) fn outside(&self, x: &Vector) -> f64 {
        let moved = (x - &self.start).norm();
        if moved == 0.0 {
            return 0.0;
        }
        (self.nearest_solution(x) - self.projection()).norm() / moved
    }
}

impl Instance for Interpolation {
    fn description(&self) -> String {
        format!("{}, {:?}", self.f.describe(), self.rule)
    }

    fn constants(&self) -> Vec<Constant> {
        [("L", self.smoothness()), ("μ", self.lojasiewicz())]
            .map(|(name, value)| Constant::exact(name, value))
            .into()
    }
}

/// The name of that hypothesis.
pub(crate) const ALONG_GRADIENTS: &str = "steps along gradients";

pub(crate) fn full_row_rank() -> Hypothesis<Interpolation> {
    Hypothesis::new("full row rank, n < d", |at: &Interpolation, _| {
        let ((n, d), rank) = (at.features.shape(), at.f.rank());
        Check::that(rank == n && n < d, format!("n = {n}, d = {d}, rank {rank}"))
    })
}

/// X x_k → y, as far as a run of this length shows.
pub(crate) fn fits() -> Hypothesis<Interpolation> {
    Hypothesis::new("the run fits the data", |at: &Interpolation, draw| {
        let residuals = |x: &Vector| (&at.features * x - &at.targets).norm();
        let run = at.run(at.steps(), draw);
        let left = run.diverged().map_or(residuals(&run.last()), |_| f64::INFINITY);
        Check::at_most(left / residuals(&at.start), REACHED, "|Xx_N − y|/|Xx₀ − y|")
    })
}

pub(crate) fn along_gradients() -> Hypothesis<Interpolation> {
    Hypothesis::new(ALONG_GRADIENTS, |at: &Interpolation, _| {
        Check::that(SPANNING.contains(&at.rule), format!("{:?}", at.rule))
    })
}

pub(crate) fn from_zero() -> Hypothesis<Interpolation> {
    Hypothesis::new("start at 0", |at: &Interpolation, _| {
        Check::at_most(at.start.norm(), 0.0, "|x₀|")
    })
}

/// Gaussian data, from a Gaussian start.
pub(crate) fn gaussian(rule: Rule) -> Family<Interpolation> {
    Family::drawn(&format!("Gaussian data, {rule:?}"), move |draw| {
        let n = draw.size(2..=5);
        let d = n + draw.size(6..=10);
        let data = underdetermined(n, d, draw.generator());
        let start = Vector::from_fn(d, |_, _| StandardNormal.sample(draw.generator()));
        Interpolation::new(data.features, data.targets, start, rule)
    })
}

/// The step 1/L from a start that differs from its projection by an eigenvector of μ: every step leaves the share
/// 1 − μ/L of it.
pub(crate) fn slowest() -> Family<Interpolation> {
    Family::drawn("start along the slowest direction", |draw| {
        let n = draw.size(2..=5);
        let d = n + draw.size(6..=10);
        let data = underdetermined(n, d, draw.generator());
        let svd = Svd::of(&data.features);
        let mut at =
            Interpolation::new(data.features, data.targets, Vector::zeros(d), Rule::Descent);
        at.start = at.projection() + svd.right().column(n - 1);
        at
    })
}

/// Two or three samples of one feature each, which no other sample has, and a feature that none has: modes of their own.
pub(crate) fn modes() -> Family<Interpolation> {
    Family::drawn("samples of one feature each", |draw| {
        let n = draw.size(2..=3);
        let sizes: Vec<f64> = (0..n).map(|_| draw.log_uniform(0.1, 10.0)).collect();
        let start = Vector::from_fn(n + 1, |_, _| draw.including_ends(-1.0, 1.0));
        let list = |all: &[f64]| all.iter().map(|x| written(*x)).collect::<Vec<_>>().join(", ");
        let name = format!("features ({}) and 0, from ({})", list(&sizes), list(start.as_slice()));
        let features = Matrix::from_fn(n, n + 1, |i, j| if i == j { sizes[i] } else { 0.0 });
        let mut at = Interpolation::new(features, Vector::zeros(n), start, Rule::Descent);
        at.f = at.f.named(&name);
        at
    })
}

/// The first ten images, 0 to 9, from 0; the target is the digit.
pub(crate) fn digit_pixels(rule: Rule) -> Family<Interpolation> {
    Family::single(&format!("ten digits, {rule:?}"), move || ten_digits(rule))
}

pub(crate) fn ten_digits(rule: Rule) -> Interpolation {
    let data = digits();
    let features = data.features.rows(0, 10).into_owned();
    let targets = data.targets.rows(0, 10).into_owned();
    Interpolation::new(features, targets, Vector::zeros(64), rule)
}
