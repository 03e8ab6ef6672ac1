//! SGD on sums of squares of linear functions: second moments as matrices.

use rand_distr::{Distribution, StandardNormal};
use theoria_models::numerics::maximum;
use theoria_models::{Matrix, Vector};
use theoria_verification::{Claim, Family, Hypothesis, Instance, Reading, Readings};

/// f(x) = Σ (a_i·x)²/(2n), a step size, and a start.
pub(crate) struct Rows {
    rows: Vec<Vector>,
    step: f64,
    start: Vector,
}

impl Rows {
    /// I − η a_i a_iᵀ for each sample.
    fn steps(&self) -> Vec<Matrix> {
        let d = self.start.len();
        let step = |a: &Vector| Matrix::identity(d, d) - a * a.transpose() * self.step;
        self.rows.iter().map(step).collect()
    }

    /// E[A ⊗ A]; it is symmetric, as each A is.
    fn squared(&self) -> Matrix {
        let steps = self.steps();
        let d = self.start.len();
        let sum = Matrix::zeros(d * d, d * d);
        steps.iter().fold(sum, |sum, a| sum + a.kronecker(a)) / steps.len() as f64
    }

    /// E |x_k|² by enumerating the samples of all steps.
    fn enumerated(&self, steps: usize) -> f64 {
        let maps = self.steps();
        let mut points = vec![self.start.clone()];
        for _ in 0..steps {
            points = points.iter().flat_map(|x| maps.iter().map(move |a| a * x)).collect();
        }
        points.iter().map(Vector::norm_squared).sum::<f64>() / points.len() as f64
    }

    /// E |x_k|² for k = 0, 1, ... by P ← E A P A from P = x₀ x₀ᵀ, over that of the step before.
    fn growth(&self, steps: usize) -> f64 {
        let maps = self.steps();
        let mut moments = &self.start * self.start.transpose();
        let mut growth = f64::NAN;
        for _ in 0..steps {
            let sum = maps.iter().map(|a| a * &moments * a).sum::<Matrix>();
            growth = sum.trace() / maps.len() as f64 / moments.trace();
            // Only the direction matters.
            moments = &sum / sum.trace();
        }
        growth
    }

    pub(crate) fn spectral_radius(&self) -> f64 {
        self.squared().symmetric_eigenvalues().amax()
    }
}

impl Instance for Rows {
    fn description(&self) -> String {
        format!("{} rows in dimension {}, η = {:.4}", self.rows.len(), self.start.len(), self.step)
    }
}

/// Gaussian rows in the plane or in space, with step sizes on both sides of the threshold.
pub(crate) fn rows() -> Family<Rows> {
    Family::drawn("Gaussian rows", |draw| {
        let (d, n) = (draw.size(2..=3), draw.size(3..=4));
        let multiple = draw.uniform(0.5, 1.5);
        let mut gaussian = |_| Vector::from_fn(d, |_, _| StandardNormal.sample(draw.generator()));
        let rows: Vec<Vector> = (0..n).map(&mut gaussian).collect();
        let start = gaussian(n);
        let longest = rows.iter().map(Vector::norm_squared).fold(0.0, maximum);
        Rows { rows, step: multiple / longest, start }
    })
}

fn independent_samples() -> Hypothesis<Rows> {
    Hypothesis::by_construction("independent samples", "all choices of samples are enumerated")
}

/// Over all choices of the samples of six steps.
pub(crate) fn second_moments(name: &str) -> Claim<Rows> {
    Claim::identity(name, "E |x_k|² = tr Tᵏ(x₀x₀ᵀ), T(P) = E A P A", 1e-9)
        .assuming([independent_samples()])
        .on(rows())
        .measuring([1usize, 3, 6], |at, steps| steps.read(|k| at.enumerated(k)))
        .predicting(|at, k| {
            let d = at.start.len();
            let squared = at.squared();
            let start = Vector::from_column_slice((&at.start * at.start.transpose()).as_slice());
            let moments = (0..k as usize).fold(start, |moments, _| &squared * moments);
            Matrix::from_column_slice(d, d, moments.as_slice()).trace()
        })
}

/// That of gradient descent.
pub(crate) fn of_the_mean(at: &Rows, k: f64) -> f64 {
    let mean = at.steps().iter().sum::<Matrix>() / at.rows.len() as f64;
    (0..k as usize).fold(at.start.clone(), |x, _| &mean * x).norm_squared()
}

/// Up to what other eigenvalues leave.
pub(crate) fn growth(name: &str) -> Claim<Rows> {
    const STEPS: usize = 2000;
    Claim::identity(name, "E |x_{k+1}|²/E |x_k|² → ρ(E[A ⊗ A])", 1e-6)
        .assuming([independent_samples()])
        .on(rows())
        .measuring_each(|at: &Rows| Readings::at(STEPS, Reading::new(at.growth(STEPS), 1e-12)))
        .predicting(|at, _| at.spectral_radius())
}
