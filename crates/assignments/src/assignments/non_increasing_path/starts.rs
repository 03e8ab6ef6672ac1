//! Networks on few samples, and where paths begin.

use rand_distr::{Distribution, StandardNormal};
use theoria_models::networks::{Activation, Particle, SquaredFit, TwoLayer};
use theoria_models::{Matrix, Vector};
use theoria_verification::{Draw, Family, Generator, Instance, Stream};

use super::span::{Span, independent, norm};
use crate::play::Student;
use crate::theoria::Fields;

/// What an independent column has that others have not, at least, as a part of it: what is independent is so clearly.
const CLEAR: f64 = 0.1;
/// How far samples are apart, at least.
const APART: f64 = 0.4;

/// Samples and parameters.
pub(super) struct Start {
    kind: &'static str,
    activation: Activation,
    inputs: Vec<Vec<f64>>,
    targets: Vec<f64>,
    /// Weights and bias of each neuron.
    inner: Vec<Vec<f64>>,
    outer: Vec<f64>,
}

impl Instance for Start {
    fn description(&self) -> String {
        let neurons = format!("{} {} neurons, {}", self.outer.len(), self.name(), self.kind);
        if self.targets.len() > 2 || self.outer.len() > 2 || self.inputs[0].len() > 1 {
            return format!("{neurons}, {} samples", self.targets.len());
        }
        let Start { inputs, targets, inner, outer, .. } = self;
        format!(
            "{neurons}, x = {inputs:.3?}, y = {targets:.3?}, (w, b) = {inner:.3?}, a = {outer:.3?}"
        )
    }
}

impl Start {
    fn name(&self) -> &'static str {
        if self.activation == Activation::Relu { "relu" } else { "tanh" }
    }

    /// All parameters in one list.
    fn parameters(&self) -> Vec<f64> {
        self.inner.iter().flatten().chain(&self.outer).copied().collect()
    }

    /// The corners with the start before them; none where the solution fails.
    pub(super) fn path_by(&self, student: &Student) -> Option<Vec<Vec<f64>>> {
        let told = Fields::new()
            .with("activation", self.name())
            .with("inputs", self.inputs.clone())
            .with("targets", &self.targets)
            .with("inner", self.inner.clone())
            .with("outer", &self.outer);
        let start = self.parameters();
        let answer = student.begin(&told)?;
        let corners = student.take(answer.rows("path", start.len()))?;
        Some([vec![start], corners].concat())
    }

    /// The loss as a function of all parameters.
    pub(super) fn loss(&self) -> impl Fn(&[f64]) -> f64 {
        let (samples, neurons) = (self.targets.len(), self.outer.len());
        let width = self.inputs[0].len() + 1;
        let with_ones =
            Matrix::from_fn(samples, width, |k, i| self.inputs[k].get(i).copied().unwrap_or(1.0));
        let model = TwoLayer::new(with_ones, neurons, self.activation);
        let fit = SquaredFit::new(model, Vector::from_column_slice(&self.targets));
        move |parameters| {
            let (inner, outer) = parameters.split_at(neurons * width);
            let neuron = |(inner, &outer): (&[f64], &f64)| Particle {
                inner: Vector::from_column_slice(inner),
                outer,
            };
            let neurons: Vec<Particle> = inner.chunks(width).zip(outer).map(neuron).collect();
            fit.residuals(&fit.model().parameters_of(&neurons)).norm_squared() / 2.0
        }
    }

    /// The features of each neuron at the start.
    fn features(&self) -> Vec<Vec<f64>> {
        let of = |inner: &Vec<f64>, input: &Vec<f64>| {
            let sum: f64 = inner.iter().zip(input.iter().chain(&[1.0])).map(|(w, x)| w * x).sum();
            self.activation.value(sum)
        };
        self.inner
            .iter()
            .map(|inner| self.inputs.iter().map(|input| of(inner, input)).collect())
            .collect()
    }

    /// n − r_0.
    pub(super) fn missing(&self) -> usize {
        self.targets.len() - independent(&self.features()).len()
    }

    /// Whether the different ones among the columns of the features are clearly independent, and samples clearly distinct.
    fn is_clear(&self, different: usize) -> bool {
        let features = self.features();
        let mut span = Span::default();
        let columns_are = features[..different].iter().all(|column| {
            let clear = norm(&span.rest(column)) > CLEAR * norm(column).max(1.0);
            span.add(column);
            clear
        });
        let apart = |i: usize, j: usize| {
            let pairs = self.inputs[i].iter().zip(&self.inputs[j]);
            pairs.map(|(x, y)| (x - y).powi(2)).sum::<f64>().sqrt() > APART
        };
        columns_are && (0..self.inputs.len()).all(|i| (0..i).all(|j| apart(i, j)))
    }
}

/// The two samples (1, 1) and (−1, 2), and two equal units that share the work: both say nothing of the second sample.
pub(super) fn two_samples() -> Family<Start> {
    Family::listed("in the valley of two samples", [0.2, 0.5, 0.8], |&share: &f64| Start {
        kind: "in a valley",
        activation: Activation::Relu,
        inputs: vec![vec![1.0], vec![-1.0]],
        targets: vec![1.0, 2.0],
        inner: vec![vec![1.0, 0.0]; 2],
        outer: vec![share, 1.0 - share],
    })
}

/// How many neurons are different, for n samples and m neurons; the others are copies of these.
type Different = fn(&mut Draw, usize) -> usize;

pub(super) fn independent_neurons() -> Family<Start> {
    drawn("independent neurons", "independent", |_, samples| samples)
}

pub(super) fn equal_neurons() -> Family<Start> {
    drawn("equal neurons", "all equal", |_, _| 1)
}

pub(super) fn few_different() -> Family<Start> {
    drawn("few different neurons", "some equal", |draw, samples| draw.size(1..=samples - 1))
}

fn drawn(name: &str, kind: &'static str, different: Different) -> Family<Start> {
    Family::drawn(name, move |draw| {
        let (samples, dimension) = (draw.size(2..=4), draw.size(1..=2));
        let (neurons, different) = (samples + draw.size(0..=2), different(draw, samples));
        let activation = if draw.coin() { Activation::Relu } else { Activation::Tanh };
        let mut random = generator(draw);
        loop {
            let kinds = vectors(different, dimension + 1, &mut random);
            let start = Start {
                kind,
                activation,
                inputs: vectors(samples, dimension, &mut random),
                targets: numbers(samples, &mut random),
                inner: (0..neurons).map(|j| kinds[j % different].clone()).collect(),
                outer: numbers(neurons, &mut random),
            };
            if start.is_clear(different) {
                return start;
            }
        }
    })
    .with_draws(10)
}

/// ReLU units that no sample activates.
pub(super) fn dead_neurons() -> Family<Start> {
    Family::drawn("dead neurons", |draw| {
        let (samples, dimension) = (draw.size(2..=4), draw.size(1..=2));
        let neurons = samples + draw.size(0..=2);
        let mut random = generator(draw);
        loop {
            let inputs = vectors(samples, dimension, &mut random);
            let inner = vectors(neurons, dimension, &mut random).into_iter().map(|weights| {
                let sum = |input: &Vec<f64>| input.iter().zip(&weights).map(|(x, w)| x * w).sum();
                let most = inputs.iter().map(sum).fold(0.0, f64::max);
                [weights.clone(), vec![-most - 0.1]].concat()
            });
            let start = Start {
                kind: "dead",
                activation: Activation::Relu,
                inner: inner.collect(),
                inputs: inputs.clone(),
                targets: numbers(samples, &mut random),
                outer: numbers(neurons, &mut random),
            };
            if start.is_clear(0) {
                return start;
            }
        }
    })
    .with_draws(10)
}

/// From a seed, which is one choice: of a counterexample fewer samples and neurons are wanted, and not simpler numbers.
fn generator(draw: &mut Draw) -> Generator {
    Stream::new(draw.size(0..=999_999) as u64).trial(0)
}

fn numbers(count: usize, random: &mut Generator) -> Vec<f64> {
    (0..count).map(|_| StandardNormal.sample(random)).collect()
}

fn vectors(count: usize, dimension: usize, random: &mut Generator) -> Vec<Vec<f64>> {
    (0..count).map(|_| numbers(dimension, random)).collect()
}
