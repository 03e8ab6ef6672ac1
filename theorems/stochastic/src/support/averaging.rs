//! SGD with decreasing steps on quadratics, and the mean of its iterates.

use rand::{Rng, RngExt};
use theoria_algorithms::{Averaged, EnsembleRun, GradientDescent, Quantity, power_step};
use theoria_models::objectives::Quadratic;
use theoria_models::stochastic::{Noisy, Perturbed, StochasticOracle};
use theoria_models::{Ensemble, Matrix, Vector};
use theoria_verification::{Constant, Instance};

/// The point whose law is looked at.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Measured {
    /// The mean of x_0, ..., x_{n-1}.
    Mean,
    /// x_n.
    Last,
}

/// SGD on a quadratic with steps c k^-a.
pub(crate) struct Averaging {
    pub(crate) oracle: Perturbed<Quadratic>,
    /// The eigenvalues of H.
    pub(crate) spectrum: Vec<f64>,
    pub(crate) start: Vector,
    /// c and a.
    pub(crate) steps: (f64, f64),
    pub(crate) length: usize,
    /// Whether the noise is ±k with probability 1/(2k²) each in step k, and else 0: of the same variance 1, but rarer and rarer.
    pub(crate) rarer: bool,
    /// H⁻¹ S H⁻¹.
    pub(crate) limit: Matrix,
}

impl Averaging {
    pub(crate) fn new(
        objective: Quadratic,
        perturb: impl Fn(Quadratic) -> Perturbed<Quadratic>,
        steps: (f64, f64),
        length: usize,
    ) -> Self {
        let spectrum = objective.spectrum().to_vec();
        let dimension = spectrum.len();
        let Some(inverse) = objective.matrix().clone().try_inverse() else {
            panic!("the quadratic is strongly convex");
        };
        let oracle = perturb(objective);
        let covariance = oracle.covariance(&Vector::zeros(dimension));
        Averaging {
            limit: &inverse * covariance * &inverse,
            // The minimum is at 0.
            start: Vector::from_element(dimension, 0.3),
            oracle,
            spectrum,
            steps,
            length,
            rarer: false,
        }
    }

    pub(crate) fn run(
        &self,
        measured: Measured,
        steps: &[usize],
        quantities: &[Quantity<'_>],
        (trials, generator): (usize, &mut impl Rng),
    ) -> EnsembleRun {
        let start = Ensemble::repeat(&self.start, trials);
        let noisy = Noisy::new(&self.oracle, generator);
        let descent = GradientDescent::with_schedule(power_step(self.steps.0, self.steps.1));
        match measured {
            Measured::Mean => {
                EnsembleRun::of(Averaged::new(descent), &noisy, start, steps, quantities)
            }
            Measured::Last => EnsembleRun::of(descent, &noisy, start, steps, quantities),
        }
    }

    /// The means of the iterates on x²/2 with noise that is rarer and rarer.
    fn rarer_means(&self, trials: usize, generator: &mut impl Rng) -> Ensemble {
        let schedule = power_step(self.steps.0, self.steps.1);
        let mut means = Ensemble::repeat(&self.start, trials);
        for mean in means.coordinate_mut(0) {
            let (mut x, mut sum) = (*mean, 0.0);
            for k in 0..self.length {
                sum += x;
                let size = k as f64 + 1.0;
                let u = generator.random::<f64>() * size * size;
                let noise = if u < 0.5 {
                    size
                } else if u < 1.0 {
                    -size
                } else {
                    0.0
                };
                let h: f64 = schedule(k);
                x -= h * (x + noise);
            }
            *mean = sum / self.length as f64;
        }
        means
    }

    /// √n times each coordinate, over its limiting deviation, and the square of the whole in the metric of
    /// the limit: one row each.
    pub(crate) fn scores(
        &self,
        measured: Measured,
        trials: usize,
        generator: &mut impl Rng,
    ) -> Vec<Vec<f64>> {
        let dimension = self.start.len();
        let Some(metric) = self.limit.clone().try_inverse() else {
            panic!("the limit has a density");
        };
        let points = if self.rarer {
            self.rarer_means(trials, generator)
        } else {
            self.run(measured, &[self.length], &[], (trials, generator)).last().clone()
        };
        let mut norms = vec![0.0; trials];
        for (trial, norm) in norms.iter_mut().enumerate() {
            let x = points.trial(trial);
            *norm = self.length as f64 * x.dot(&(&metric * &x));
        }
        let mut rows: Vec<Vec<f64>> = (0..dimension)
            .map(|j| {
                let scale = (self.length as f64 / self.limit[(j, j)]).sqrt();
                let coordinate = points.coordinate(j).iter();
                coordinate.map(|x| x * scale).collect()
            })
            .collect();
        rows.push(norms);
        rows
    }
}

impl Instance for Averaging {
    fn description(&self) -> String {
        let ((c, a), n) = (self.steps, self.length);
        format!("{}; h_k = {c} k^−{a}, {n} steps", self.oracle.describe())
    }

    fn constants(&self) -> Vec<Constant> {
        vec![Constant::exact("tr H⁻¹SH⁻¹", self.limit.trace())]
    }
}

/// Var Σ x_k over the first n iterates with unit noise on a mode: with C the covariance of x_k and the sum before it, and V the variance
/// of x_k, the sum's variance grows by V + 2C.
pub(crate) fn variance_of_sum(curvature: f64, (c, a): (f64, f64), steps: usize) -> f64 {
    let schedule = power_step(c, a);
    let (mut sum, mut covariance, mut variance) = (0.0, 0.0, 0.0);
    for k in 0..steps {
        sum += variance + 2.0 * covariance;
        let h: f64 = schedule(k);
        let kept = 1.0 - h * curvature;
        covariance = kept * (covariance + variance);
        variance = kept * kept * variance + h * h;
    }
    sum
}

/// Var x_n with unit noise on a mode.
pub(crate) fn variance_of_last(curvature: f64, (c, a): (f64, f64), steps: usize) -> f64 {
    let schedule = power_step(c, a);
    (0..steps).fold(0.0, |variance, k| {
        let h: f64 = schedule(k);
        (1.0 - h * curvature).powi(2) * variance + h * h
    })
}
