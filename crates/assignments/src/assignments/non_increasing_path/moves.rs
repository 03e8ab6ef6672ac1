//! The three moves of the theorem.

use super::span::{Span, coefficients, independent, norm};
use crate::theoria::Fields;

/// How steep new neurons are, in units of the distance of neighbours: tanh has both of its ends within it.
const STEEPNESS: f64 = 4.0;

/// A network on its samples.
#[derive(Clone)]
pub(super) struct Network {
    activation: fn(f64) -> f64,
    inputs: Vec<Vec<f64>>,
    targets: Vec<f64>,
    pub(super) inner: Vec<Vec<f64>>,
    pub(super) outer: Vec<f64>,
}

fn relu(z: f64) -> f64 {
    z.max(0.0)
}

impl Network {
    pub(super) fn told(instance: &Fields) -> Self {
        Network {
            activation: if instance.text("activation") == "relu" { relu } else { f64::tanh },
            inputs: instance.matrix("inputs"),
            targets: instance.vector("targets"),
            inner: instance.matrix("inner"),
            outer: instance.vector("outer"),
        }
    }

    /// All parameters in one list.
    pub(super) fn corner(&self) -> Vec<f64> {
        self.inner.iter().flatten().chain(&self.outer).copied().collect()
    }

    /// What a neuron with these inner weights says of the samples.
    fn features_of(&self, inner: &[f64]) -> Vec<f64> {
        let of_sample = |input: &Vec<f64>| {
            let (bias, weights) = inner.split_last().unwrap_or((&0.0, &[]));
            let sum: f64 = weights.iter().zip(input).map(|(w, x)| w * x).sum();
            (self.activation)(sum + bias)
        };
        self.inputs.iter().map(of_sample).collect()
    }

    /// Of each neuron.
    pub(super) fn features(&self) -> Vec<Vec<f64>> {
        self.inner.iter().map(|inner| self.features_of(inner)).collect()
    }

    /// Whether outer weights alone reach loss 0.
    pub(super) fn has_full_rank(&self) -> bool {
        independent(&self.features()).len() == self.targets.len()
    }

    /// All work goes to neurons that are independent of each other. The others are idle then; these are returned.
    pub(super) fn hand_over(&mut self) -> Vec<usize> {
        let features = self.features();
        let kept = independent(&features);
        let idle: Vec<usize> = (0..features.len()).filter(|j| !kept.contains(j)).collect();
        let columns: Vec<&Vec<f64>> = kept.iter().map(|&j| &features[j]).collect();
        for &j in &idle {
            let shares = coefficients(&columns, &features[j]);
            let work = std::mem::take(&mut self.outer[j]);
            kept.iter().zip(shares).for_each(|(&k, share)| self.outer[k] += work * share);
        }
        idle
    }

    /// Idle neurons get new features, until the rank is full.
    pub(super) fn renew(&mut self, idle: &[usize]) {
        let features = self.features();
        let at_work = (0..features.len()).filter(|j| !idle.contains(j));
        let mut span = Span::of(at_work.map(|j| &features[j]));
        let mut candidates = self.thresholds();
        for &j in idle.iter().take(self.targets.len() - span.dimension()) {
            let new = |inner: &Vec<f64>| {
                let features = self.features_of(inner);
                norm(&span.rest(&features)) / norm(&features)
            };
            let best = (0..candidates.len())
                .max_by(|&i, &k| new(&candidates[i]).total_cmp(&new(&candidates[k])));
            if let Some(best) = best {
                self.inner[j] = candidates.swap_remove(best);
                span.add(&self.features_of(&self.inner[j]));
            }
        }
    }

    /// Outer weights for loss 0, as near to it as the features allow.
    pub(super) fn interpolate(&mut self) {
        let features = self.features();
        let kept = independent(&features);
        let columns: Vec<&Vec<f64>> = kept.iter().map(|&j| &features[j]).collect();
        let solution = coefficients(&columns, &self.targets);
        self.outer.fill(0.0);
        kept.iter().zip(solution).for_each(|(&j, a)| self.outer[j] = a);
    }

    /// One neuron for each sample, which tells it and those behind it from those before it, along a direction in which all differ.
    /// Their features are independent.
    fn thresholds(&self) -> Vec<Vec<f64>> {
        let direction = self.telling_direction();
        let mut places = self.places(&direction);
        places.sort_by(f64::total_cmp);
        let gap = least_gap(&places);
        let steepness = STEEPNESS / gap;
        let threshold = |place: &f64| {
            let weights = direction.iter().map(|d| steepness * d);
            weights.chain([steepness * (gap / 2.0 - place)]).collect()
        };
        places.iter().map(threshold).collect()
    }

    fn places(&self, direction: &[f64]) -> Vec<f64> {
        let place = |input: &Vec<f64>| input.iter().zip(direction).map(|(x, d)| x * d).sum::<f64>();
        self.inputs.iter().map(place).collect()
    }

    /// Of some directions the one along which neighbours are farthest apart.
    fn telling_direction(&self) -> Vec<f64> {
        let dimension = self.inputs.first().map_or(0, Vec::len);
        let directions = (1..=32).map(|k| {
            let raw = (0..dimension).map(|i| f64::from(k * (i as i32 + 1)).sin());
            let raw: Vec<f64> = raw.collect();
            let length = norm(&raw);
            raw.into_iter().map(|x| x / length).collect::<Vec<f64>>()
        });
        let apart = |direction: &Vec<f64>| {
            let mut places = self.places(direction);
            places.sort_by(f64::total_cmp);
            least_gap(&places)
        };
        directions.max_by(|a, b| apart(a).total_cmp(&apart(b))).unwrap_or_default()
    }
}

/// Of sorted places; 1 where there is only one.
fn least_gap(places: &[f64]) -> f64 {
    let gaps = places.windows(2).map(|pair| pair[1] - pair[0]);
    gaps.reduce(f64::min).unwrap_or(1.0)
}
