//! A right solution.

use crate::theoria::{Fields, Solution};

/// The newest pairs, the oldest first, and where the last one ended.
#[derive(Default)]
pub(super) struct TwoLoops {
    memory: usize,
    tolerance: f64,
    pairs: Vec<Pair>,
    point: Vec<f64>,
    gradient: Vec<f64>,
}

/// A step, the change of the gradient along it, and their product.
pub(super) struct Pair {
    pub(super) step: Vec<f64>,
    pub(super) change: Vec<f64>,
    pub(super) secant: f64,
}

impl Pair {
    /// From one point to another, with the gradients there.
    pub(super) fn between(from: (&[f64], &[f64]), to: (&[f64], &[f64])) -> Self {
        let (step, change) = (difference(to.0, from.0), difference(to.1, from.1));
        let secant = product(&step, &change);
        Pair { step, change, secant }
    }

    /// |s| |y|
    pub(super) fn sizes(&self) -> f64 {
        product(&self.step, &self.step).sqrt() * product(&self.change, &self.change).sqrt()
    }

    /// y·s/|y|²
    pub(super) fn scale(&self) -> f64 {
        self.secant / product(&self.change, &self.change)
    }
}

impl TwoLoops {
    fn direction(&self) -> Fields {
        let mut turned = self.gradient.clone();
        let mut shares = Vec::new();
        for pair in self.pairs.iter().rev() {
            let share = product(&pair.step, &turned) / pair.secant;
            add(&mut turned, -share, &pair.change);
            shares.push(share);
        }
        let scale = self.pairs.last().map_or(1.0, Pair::scale);
        turned.iter_mut().for_each(|entry| *entry *= scale);
        for (pair, share) in self.pairs.iter().zip(shares.iter().rev()) {
            let other = product(&pair.change, &turned) / pair.secant;
            add(&mut turned, share - other, &pair.step);
        }
        let direction: Vec<f64> = turned.iter().map(|entry| -entry).collect();
        Fields::new().with("direction", direction)
    }
}

impl Solution for TwoLoops {
    fn begin(&mut self, instance: &Fields) -> Fields {
        *self = TwoLoops {
            memory: instance.number("memory") as usize,
            tolerance: instance.number("tolerance"),
            pairs: Vec::new(),
            point: instance.vector("point"),
            gradient: instance.vector("gradient"),
        };
        self.direction()
    }

    fn tell(&mut self, told: &Fields) -> Fields {
        let (point, gradient) = (told.vector("point"), told.vector("gradient"));
        let pair = Pair::between((&self.point, &self.gradient), (&point, &gradient));
        if pair.secant > self.tolerance * pair.sizes() {
            self.pairs.push(pair);
        }
        if self.pairs.len() > self.memory {
            self.pairs.remove(0);
        }
        (self.point, self.gradient) = (point, gradient);
        self.direction()
    }
}

pub(super) fn product(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(a, b)| a * b).sum()
}

pub(super) fn add(to: &mut [f64], times: f64, what: &[f64]) {
    to.iter_mut().zip(what).for_each(|(entry, other)| *entry += times * other);
}

fn difference(one: &[f64], other: &[f64]) -> Vec<f64> {
    one.iter().zip(other).map(|(a, b)| a - b).collect()
}
