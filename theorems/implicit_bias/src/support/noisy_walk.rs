//! Diagonal networks that walk under label noise, and are then settled.

use rand::RngExt;
use rand_distr::{Distribution, StandardNormal};
use theoria_models::Vector;
use theoria_models::data::sparse_regression;
use theoria_models::networks::DiagonalLinearNetwork;
use theoria_verification::{Check, Family, Generator, Hypothesis, Instance};

use super::training_lengths::Training;

/// The step size η of single samples.
const STEP: f64 = 0.02;
/// Numbers of noisy steps of which four times as many are looked at.
const LENGTHS: [usize; 2] = [256, 1024];
/// Steps of all samples, without noise and twice as long, after the walk.
const SETTLING: usize = 200;

/// How many coordinates of the teacher matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Truth {
    /// One.
    Sparse,
    /// All.
    Dense,
}

/// A diagonal network, trained by single samples with fresh noise ±σ in every label.
#[derive(Debug, Clone)]
pub(crate) struct Walk {
    /// n
    pub(crate) samples: usize,
    /// d
    pub(crate) features: usize,
    /// What labels the samples.
    pub(crate) truth: Truth,
    /// α
    pub(crate) scale: f64,
    /// σ
    pub(crate) sigma: f64,
}

impl Walk {
    /// Multiplies u by 1 − 2ηg and v by 1 + 2ηg, in place, for the gradient g = r x of one sample in β.
    fn step(&self, network: &DiagonalLinearNetwork, point: &mut Vector, random: &mut Generator) {
        let sample = random.random_range(0..self.samples as u32) as usize;
        let sign = if random.random::<bool>() { self.sigma } else { -self.sigma };
        let (d, row) = (self.features, network.features().row(sample));
        let output: f64 =
            (0..d).map(|j| row[j] * (point[j] * point[j] - point[d + j] * point[d + j])).sum();
        let residual = output - network.targets()[sample] - sign;
        for j in 0..d {
            let change = 2.0 * STEP * residual * row[j];
            point[j] *= 1.0 - change;
            point[d + j] *= 1.0 + change;
        }
    }
}

impl Training for Walk {
    fn lengths(&self) -> &[usize] {
        &LENGTHS
    }

    /// |β − β*|²/|β*|² at the settled network after so many noisy steps, at most 1: that of the network at 0.
    fn test_errors(&self, steps: &[usize], random: &mut Generator) -> Vec<f64> {
        let (data, sparse) = sparse_regression(self.samples, self.features, 1, random);
        let teacher = match self.truth {
            Truth::Sparse => sparse,
            Truth::Dense => {
                Vector::from_fn(self.features, |_, _| StandardNormal.sample(random)).normalize()
            }
        };
        let targets = &data.features * &teacher;
        let network = DiagonalLinearNetwork::new(data.features, targets);
        let mut point = network.start(&Vector::from_element(self.features, self.scale));
        let mut made = 0;
        let mut errors = Vec::with_capacity(steps.len());
        for length in steps {
            for _ in made..*length {
                self.step(&network, &mut point, random);
            }
            made = *length;
            let mut settled = point.clone();
            for _ in 0..SETTLING {
                let slope = network.slope(&network.predictor(&settled));
                network.multiply(&mut settled, &slope, 2.0 * STEP);
            }
            let error = network.predictor(&settled) - &teacher;
            errors.push((error.norm_squared() / teacher.norm_squared()).min(1.0));
        }
        errors
    }
}

impl Instance for Walk {
    fn description(&self) -> String {
        let truth = match self.truth {
            Truth::Sparse => "sparse",
            Truth::Dense => "dense",
        };
        let (n, d) = (self.samples, self.features);
        format!(
            "{truth} teacher, {n} samples of {d} features, α = {}, σ = {}",
            self.scale, self.sigma
        )
    }
}

/// The names of the hypotheses.
pub(crate) const LABEL_NOISE: &str = "σ > 0 in every step";
pub(crate) const SPARSE: &str = "sparse teacher";
pub(crate) const DENSE: &str = "dense teacher";

pub(crate) fn walks(truth: Truth, sigma: f64) -> Family<Walk> {
    let name = match (truth, sigma > 0.0) {
        (Truth::Sparse, true) => "sparse teacher, label noise",
        (Truth::Dense, true) => "dense teacher, label noise",
        (Truth::Sparse, false) => "sparse teacher, no label noise",
        (Truth::Dense, false) => "dense teacher, no label noise",
    };
    Family::listed(name, [(8, 16, 0.5), (10, 24, 0.4)], move |&(samples, features, scale)| Walk {
        samples,
        features,
        truth,
        scale,
        sigma,
    })
}

pub(crate) fn label_noise() -> Hypothesis<Walk> {
    Hypothesis::new(LABEL_NOISE, |at: &Walk, _| {
        Check::that(at.sigma > 0.0, format!("σ = {}", at.sigma))
    })
}

pub(crate) fn teacher(name: &str, truth: Truth) -> Hypothesis<Walk> {
    Hypothesis::new(name, move |at: &Walk, _| {
        Check::that(at.truth == truth, format!("{:?} teacher", at.truth))
    })
}
