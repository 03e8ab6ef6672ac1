//! Two classes that keep clear of the boundary, with labels that may be flipped, and gradient descent on the logistic loss.

use rand::RngExt;
use rand_distr::{Distribution, StandardNormal};
use theoria_algorithms::{GradientDescent, Trajectory};
use theoria_models::networks::normal_distribution;
use theoria_models::objectives::{LogisticRegression, Regularisation};
use theoria_models::{Matrix, Objective, Property, Vector};
use theoria_verification::{Check, Family, Generator, Hypothesis, Instance};

use super::training_lengths::Training;

/// The first coordinate of a sample is its class, 1 or −1; all others are normal and say nothing. A label is the class,
/// or with some probability the other one.
#[derive(Debug, Clone)]
pub(crate) struct Classes {
    /// n
    pub(crate) samples: usize,
    /// d
    pub(crate) features: usize,
    /// The deviation of the other coordinates.
    pub(crate) spread: f64,
    /// The probability that a label is flipped.
    pub(crate) flipped: f64,
    /// The numbers t of steps of which four times as many are claimed to be better, or worse.
    pub(crate) lengths: &'static [usize],
}

impl Classes {
    /// The probability that w is wrong on a fresh sample: of x·w = w_1 + s Z |(w_2, ..., w_d)| < 0.
    fn test_error(&self, w: &Vector) -> f64 {
        let rest = w.rows(1, w.len() - 1).norm();
        normal_distribution(-w[0] / (self.spread * rest))
    }
}

impl Training for Classes {
    fn lengths(&self) -> &[usize] {
        self.lengths
    }

    /// After steps of size 1/L from 0.
    fn test_errors(&self, steps: &[usize], random: &mut Generator) -> Vec<f64> {
        let mut labels = Vector::zeros(self.samples);
        let mut features = Matrix::zeros(self.samples, self.features);
        for i in 0..self.samples {
            let class = if random.random::<bool>() { 1.0 } else { -1.0 };
            let flips = random.random::<f64>() < self.flipped;
            labels[i] = if flips { -class } else { class };
            features[(i, 0)] = class;
            for j in 1..self.features {
                let normal: f64 = StandardNormal.sample(random);
                features[(i, j)] = self.spread * normal;
            }
        }
        let f = LogisticRegression::new(&features, &labels, Regularisation::None);
        let method = GradientDescent::new(1.0 / f.required(Property::Smoothness));
        let start = Vector::zeros(self.features);
        let most = steps.iter().copied().max().unwrap_or(0);
        let run = Trajectory::keeping(method, &f, &start, most, |k| steps.contains(&k));
        let error = |k: &usize| run.at(*k).map_or(f64::NAN, |w| self.test_error(&w));
        steps.iter().map(error).collect()
    }
}

impl Instance for Classes {
    fn description(&self) -> String {
        format!(
            "{} samples of {} features, spread {}, {}% of the labels flipped",
            self.samples,
            self.features,
            self.spread,
            100.0 * self.flipped
        )
    }
}

/// The names of the hypotheses.
pub(crate) const CLEAN_LABELS: &str = "labels are the classes";
pub(crate) const FLIPPED: &str = "one label in five is flipped";

pub(crate) fn clear_classes() -> Family<Classes> {
    let all = [(16, 8, 2.0, &[1, 4, 16][..]), (24, 12, 2.0, &[1, 4, 16]), (20, 10, 1.0, &[1])];
    Family::listed("clear classes", all, |&(samples, features, spread, lengths)| Classes {
        samples,
        features,
        spread,
        flipped: 0.0,
        lengths,
    })
}

pub(crate) fn flipped_classes() -> Family<Classes> {
    let all = [(16, 4), (20, 6), (24, 6)];
    Family::listed("flipped labels", all, |&(samples, features)| Classes {
        samples,
        features,
        spread: 1.0,
        flipped: 0.2,
        lengths: &[4, 16],
    })
}

pub(crate) fn clean_labels() -> Hypothesis<Classes> {
    Hypothesis::new(CLEAN_LABELS, |at: &Classes, _| {
        Check::at_most(at.flipped, 0.0, "probability of a flip")
    })
}

pub(crate) fn flipped_labels() -> Hypothesis<Classes> {
    Hypothesis::new(FLIPPED, |at: &Classes, _| {
        Check::at_least(at.flipped, 0.2, "probability of a flip")
    })
}
