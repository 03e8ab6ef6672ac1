//! Batches of no model in particular: to a step only their numbers matter.

use theoria_verification::{Constant, Draw, Family, Instance};

use crate::theoria::Fields;

/// What a solution is told about a batch.
pub(super) struct Batch {
    outputs: Vec<f64>,
    targets: Vec<f64>,
    noise: Vec<f64>,
    jacobian: Vec<Vec<f64>>,
}

/// Batches, one for each step.
pub(super) struct Rounds {
    pub(super) step: f64,
    pub(super) deviation: f64,
    pub(super) start: Vec<f64>,
    pub(super) batches: Vec<Batch>,
}

impl Instance for Rounds {
    fn description(&self) -> String {
        match self.batches.as_slice() {
            [Batch { outputs, targets, noise, jacobian }] if self.start.len() <= 2 => format!(
                "one batch with F = {outputs:.3?}, y = {targets:.3?}, ξ = {noise:.3?}, ∇F = {jacobian:.3?}"
            ),
            batches => {
                let sizes: Vec<usize> = batches.iter().map(|batch| batch.noise.len()).collect();
                format!("dimension {}, batches of the sizes {sizes:?}", self.start.len())
            }
        }
    }

    fn constants(&self) -> Vec<Constant> {
        vec![Constant::exact("η", self.step), Constant::exact("σ", self.deviation)]
    }
}

impl Batch {
    pub(super) fn told(&self) -> Fields {
        Fields::new()
            .with("outputs", &self.outputs)
            .with("targets", &self.targets)
            .with("noise", &self.noise)
            .with("jacobian", self.jacobian.clone())
    }

    /// (1/B) Σ (F − y − σ ξ) ∇F.
    fn gradient(&self, deviation: f64) -> Vec<f64> {
        let size = self.noise.len() as f64;
        let residuals = self.outputs.iter().zip(&self.targets).zip(&self.noise);
        let residuals: Vec<f64> = residuals
            .map(|((output, target), noise)| output - target - deviation * noise)
            .collect();
        let coordinate = |j: usize| {
            let slopes = self.jacobian.iter().map(|gradient| gradient[j]);
            slopes.zip(&residuals).map(|(slope, residual)| slope * residual).sum::<f64>() / size
        };
        (0..self.jacobian[0].len()).map(coordinate).collect()
    }
}

impl Rounds {
    pub(super) fn known(&self) -> Fields {
        Fields::new()
            .with("dimension", self.start.len() as f64)
            .with("start", &self.start)
            .with("step", self.step)
            .with("deviation", self.deviation)
    }

    /// The points after each step.
    pub(super) fn expected(&self) -> Vec<Vec<f64>> {
        let mut point = self.start.clone();
        let after = |batch: &Batch| {
            let gradient = batch.gradient(self.deviation);
            point.iter_mut().zip(gradient).for_each(|(x, slope)| *x -= self.step * slope);
            point.clone()
        };
        self.batches.iter().map(after).collect()
    }
}

/// Any numbers, and batches whose size changes.
pub(super) fn any() -> Family<Rounds> {
    Family::drawn("any models", |draw| {
        let (dimension, steps) = (draw.size(1..=4), draw.size(1..=4));
        let (step, deviation) = (draw.log_uniform(0.05, 0.5), draw.uniform(1.5, 3.0));
        let numbers = |count: usize, draw: &mut Draw| (0..count).map(|_| draw.normal()).collect();
        let start = numbers(dimension, draw);
        let batch = |_| {
            let size = draw.size(2..=4);
            Batch {
                outputs: numbers(size, draw),
                targets: numbers(size, draw),
                noise: numbers(size, draw),
                jacobian: (0..size).map(|_| numbers(dimension, draw)).collect(),
            }
        };
        Rounds { step, deviation, start, batches: (0..steps).map(batch).collect() }
    })
    .with_draws(12)
}
