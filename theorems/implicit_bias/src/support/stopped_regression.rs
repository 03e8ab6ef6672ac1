//! Least squares whose labels carry noise, and gradient descent on it from 0, stopped after any number of steps.

use std::sync::OnceLock;

use rand::Rng;
use rand_distr::{Distribution, StandardNormal};
use theoria_algorithms::{GradientDescent, Trajectory};
use theoria_elementary::{ln_1p, powf};
use theoria_models::numerics::{maximum, minimum};
use theoria_models::objectives::LeastSquares;
use theoria_models::{Matrix, Svd, Vector};
use theoria_verification::{Constant, Draw, Instance};

/// Share of the slowest mode that is left when a run ends, as a power of e.
const DECAYED: f64 = 8.0;

/// On which inputs the test error is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Inputs {
    /// Those of the training samples, with fresh labels: |X(w − w*)|²/n.
    Same,
    /// Fresh ones with covariance I: |w − w*|².
    Fresh,
}

/// How the noises of the labels, all of size σ, go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Noise {
    /// Independent signs.
    Independent,
    /// One sign for all labels.
    Shared,
}

/// An eigenvector of XᵀX/n with a positive eigenvalue.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Direction {
    /// s
    pub(crate) eigenvalue: f64,
    /// The squared coefficient of w* along it.
    signal: f64,
    /// What a squared error along it costs: s on the same inputs, 1 on fresh ones.
    cost: f64,
}

/// What is planted, and how large the noise is.
pub(crate) struct Plan<'a> {
    /// Eigenvalues s of XᵀX/n that are not 0, in (0, 1].
    pub(crate) eigenvalues: &'a [f64],
    /// Coefficients of w* along their eigenvectors.
    pub(crate) along: &'a [f64],
    /// The coefficient of w* along a direction that no sample sees; 0 leaves none where there are as many eigenvalues as
    /// features.
    pub(crate) across: f64,
    /// n
    pub(crate) samples: usize,
    /// d
    pub(crate) features: usize,
    /// σ
    pub(crate) sigma: f64,
    /// η
    pub(crate) step: f64,
    /// Where the test error is taken.
    pub(crate) inputs: Inputs,
}

/// Least squares with planted coefficients and noise in the labels.
pub(crate) struct Stopped {
    features: Matrix,
    planted: Vector,
    start: Vector,
    noise: Noise,
    inputs: Inputs,
    pub(crate) sigma: f64,
    pub(crate) step: f64,
    pub(crate) directions: Vec<Direction>,
    /// The part of the test error that no training takes off.
    pub(crate) missed: f64,
    risks: OnceLock<Vec<f64>>,
}

impl Stopped {
    /// Random features with these eigenvalues.
    pub(crate) fn new(plan: &Plan<'_>, random: &mut impl Rng) -> Self {
        let (n, d, r) = (plan.samples, plan.features, plan.eigenvalues.len());
        let mut basis = |rows: usize, columns: usize| {
            Matrix::from_fn(rows, columns, |_, _| StandardNormal.sample(random)).qr().q()
        };
        let (left, right) = (basis(n, r), basis(d, (r + 1).min(d)));
        let rows = right.columns(0, r).into_owned();
        let sizes = plan.eigenvalues.iter().map(|s| (n as f64 * s).sqrt());
        let features =
            left * Matrix::from_diagonal(&Vector::from_iterator(r, sizes)) * rows.transpose();
        let mut planted = rows * Vector::from_row_slice(plan.along);
        if r < d {
            planted.axpy(plan.across, &right.column(r), 1.0);
        }
        let directions = plan.eigenvalues.iter().zip(plan.along).map(|(s, along)| Direction {
            eigenvalue: *s,
            signal: along * along,
            cost: if plan.inputs == Inputs::Same { *s } else { 1.0 },
        });
        Stopped {
            features,
            planted,
            start: Vector::zeros(d),
            noise: Noise::Independent,
            inputs: plan.inputs,
            sigma: plan.sigma,
            step: plan.step,
            directions: directions.collect(),
            missed: if plan.inputs == Inputs::Same { 0.0 } else { plan.across * plan.across },
            risks: OnceLock::new(),
        }
    }

    /// Three directions of three features and six samples, or four of seven features and four samples, which are
    /// interpolated; steps between 0.01 and `longest`, times 1/L.
    pub(crate) fn drawn(
        (inputs, interpolating): (Inputs, bool),
        sigma: f64,
        longest: f64,
        draw: &mut Draw,
    ) -> Self {
        let (samples, features, r) = if interpolating { (4, 7, 4) } else { (6, 3, 3) };
        let eigenvalues: Vec<f64> = (0..r).map(|_| draw.log_uniform(0.1, 1.0)).collect();
        let along: Vec<f64> = (0..r).map(|_| draw.uniform(0.5, 1.5)).collect();
        let (across, sigma) = (draw.uniform(0.5, 1.5), sigma * draw.uniform(0.5, 2.0));
        let across = if interpolating { across } else { 0.0 };
        let largest = eigenvalues.iter().copied().fold(0.0, maximum);
        let step = draw.log_uniform(0.01, longest) / largest;
        let (eigenvalues, along) = (&eigenvalues[..], &along[..]);
        let plan = Plan { eigenvalues, along, across, samples, features, sigma, step, inputs };
        Stopped::new(&plan, draw.generator())
    }

    /// Directions that are all alike, so that all are best after the same number of steps.
    pub(crate) fn alike(sigma: f64, draw: &mut Draw) -> Self {
        let (eigenvalues, along) = (&[1.0; 3][..], &[1.0, -1.0, 1.0][..]);
        let (samples, features, step, across) = (6, 3, 0.01, 0.0);
        let inputs = Inputs::Fresh;
        let plan = Plan { eigenvalues, along, across, samples, features, sigma, step, inputs };
        Stopped::new(&plan, draw.generator())
    }

    /// Four directions of different size, tested on fresh inputs.
    pub(crate) fn pictured(sigma: f64, random: &mut impl Rng) -> Self {
        let (eigenvalues, along) = (&[1.0, 0.3, 0.1, 0.03][..], &[1.0; 4][..]);
        let (samples, features, step, across) = (6, 4, 0.2, 0.0);
        let inputs = Inputs::Fresh;
        let plan = Plan { eigenvalues, along, across, samples, features, sigma, step, inputs };
        Stopped::new(&plan, random)
    }

    /// With steps of so many times 1/L.
    pub(crate) fn with_steps(self, times: f64) -> Self {
        Stopped { step: times / self.fastest(), ..self }
    }

    /// Started half-way to w*.
    pub(crate) fn started_elsewhere(self) -> Self {
        Stopped { start: &self.planted * 0.5, ..self }
    }

    /// With one sign for all labels.
    pub(crate) fn with_shared_noise(self) -> Self {
        Stopped { noise: Noise::Shared, ..self }
    }

    /// n
    fn samples(&self) -> f64 {
        self.features.nrows() as f64
    }

    /// The test error of w, without the noise of the fresh labels.
    fn risk(&self, w: &Vector) -> f64 {
        let error = w - &self.planted;
        match self.inputs {
            Inputs::Same => (&self.features * error).norm_squared() / self.samples(),
            Inputs::Fresh => error.norm_squared(),
        }
    }

    /// The labels under every pattern of noise: all of them are equally likely.
    fn labels(&self) -> Vec<Vector> {
        let n = self.features.nrows();
        let clean = &self.features * &self.planted;
        let noisy = |signs: usize| {
            let sign = |i: usize| if signs >> i & 1 == 1 { self.sigma } else { -self.sigma };
            &clean + Vector::from_fn(n, |i, _| sign(i))
        };
        match self.noise {
            _ if self.sigma == 0.0 => vec![clean],
            Noise::Independent => (0..1 << n).map(noisy).collect(),
            Noise::Shared => vec![noisy(0), noisy((1 << n) - 1)],
        }
    }

    /// Steps until the slowest mode has decayed.
    pub(crate) fn steps(&self) -> usize {
        (DECAYED / (self.step * self.slowest())).ceil() as usize
    }

    /// E test error after 0, 1, 2 ... [`steps`](Stopped::steps) steps: the mean over all patterns of noise.
    pub(crate) fn risks(&self) -> &[f64] {
        self.risks.get_or_init(|| {
            let labels = self.labels();
            let mut risks = vec![0.0; self.steps() + 1];
            for targets in &labels {
                let f = LeastSquares::new(self.features.clone(), targets.clone());
                let run =
                    Trajectory::of(GradientDescent::new(self.step), &f, &self.start, self.steps());
                for (k, risk) in risks.iter_mut().enumerate() {
                    let error = run.at(k).map_or(f64::INFINITY, |w| self.risk(&w));
                    *risk += error / labels.len() as f64;
                }
            }
            risks
        })
    }

    /// E test error of the shortest minimiser, to which descent tends.
    pub(crate) fn risk_in_the_end(&self) -> f64 {
        let inverse = Svd::of(&self.features).with_values(|s| if s > 0.0 { 1.0 / s } else { 0.0 });
        let labels = self.labels();
        let all = labels.iter().map(|targets| self.risk(&inverse.tr_mul(targets)));
        all.sum::<f64>() / labels.len() as f64
    }

    /// The least E test error over all numbers of steps, and after how many it is reached first.
    pub(crate) fn best(&self) -> (usize, f64) {
        let risks = self.risks().iter().copied().enumerate();
        let least = |a: (usize, f64), b: (usize, f64)| if b.1 < a.1 { b } else { a };
        risks.fold((0, f64::INFINITY), least)
    }

    /// Σ c (a² q^2k + v (1 − q^k)²/(ns)) and what is missed, with the variance v of the noise.
    pub(crate) fn predicted(&self, steps: f64, variance: f64) -> f64 {
        let part = |at: &Direction| {
            let left = powf(1.0 - self.step * at.eigenvalue, steps);
            let noise = variance / (self.samples() * at.eigenvalue);
            at.cost * (at.signal * left * left + noise * (1.0 - left) * (1.0 - left))
        };
        self.directions.iter().map(part).sum::<f64>() + self.missed
    }

    /// ρ = n s a²/σ²
    pub(crate) fn ratio(&self, at: &Direction) -> f64 {
        self.samples() * at.eigenvalue * at.signal / (self.sigma * self.sigma)
    }

    /// After how many steps each direction is best: log(1 + ρ)/(−log(1 − ηs)).
    pub(crate) fn best_steps(&self) -> impl Iterator<Item = f64> {
        self.directions.iter().map(|at| ln_1p(self.ratio(at)) / -ln_1p(-self.step * at.eigenvalue))
    }

    /// The first and the last of these.
    pub(crate) fn first_and_last_best(&self) -> (f64, f64) {
        (self.best_steps().fold(f64::INFINITY, minimum), self.best_steps().fold(0.0, maximum))
    }

    /// Σ c/s over Σ (c/s) ρ/(1 + ρ).
    pub(crate) fn most_saved(&self) -> f64 {
        let each = |at: &Direction| {
            let ratio = self.ratio(at);
            (at.cost / at.eigenvalue, ratio / (1.0 + ratio))
        };
        let (all, best) = self
            .directions
            .iter()
            .map(each)
            .fold((0.0, 0.0), |(all, best), (w, b)| (all + w, best + w * b));
        all / best
    }

    pub(crate) fn slowest(&self) -> f64 {
        self.directions.iter().map(|at| at.eigenvalue).fold(f64::INFINITY, minimum)
    }

    pub(crate) fn fastest(&self) -> f64 {
        self.directions.iter().map(|at| at.eigenvalue).fold(0.0, maximum)
    }

    /// How far from 0 descent starts.
    pub(crate) fn start_norm(&self) -> f64 {
        self.start.norm()
    }

    pub(crate) fn noise(&self) -> Noise {
        self.noise
    }
}

impl Instance for Stopped {
    fn description(&self) -> String {
        let ((n, d), r) = (self.features.shape(), self.directions.len());
        let inputs = if self.inputs == Inputs::Same { "the same" } else { "fresh" };
        format!(
            "{n} samples of {d} features, rank {r}, σ = {:.3}, tested on {inputs} inputs",
            self.sigma
        )
    }

    fn constants(&self) -> Vec<Constant> {
        vec![
            Constant::exact("L", self.fastest()),
            Constant::exact("μ", self.slowest()),
            Constant::exact("σ", self.sigma),
        ]
    }
}
