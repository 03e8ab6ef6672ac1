//! Signals and tangents on their way through one network.

use rand::rngs::Xoshiro256PlusPlus;

use super::images::{Drawing, Images, Law, normal};
use crate::networks::Activation;
use theoria_elementary::ln;

/// The vectors on their way through one network: inputs, then tangents, one after the other.
pub(super) struct Signals {
    pub(super) inputs: usize,
    width: usize,
    numbers: Vec<f64>,
    /// Vector k is `numbers` times e to the power of this: powers of two only.
    pub(super) log_scale: Vec<f64>,
    images: Images,
    skip: Vec<f64>,
    slopes: Vec<f64>,
}

impl Signals {
    pub(super) fn new(inputs: usize) -> Self {
        Signals {
            inputs,
            width: 0,
            numbers: Vec::new(),
            log_scale: Vec::new(),
            images: Images::default(),
            skip: Vec::new(),
            slopes: Vec::new(),
        }
    }

    pub(super) fn start(&mut self, vectors: &[f64], width: usize) {
        self.width = width;
        self.numbers.clear();
        self.numbers.extend_from_slice(vectors);
        self.log_scale.clear();
        self.log_scale.resize(vectors.len() / width, 0.0);
    }

    pub(super) fn vector(&self, k: usize) -> &[f64] {
        &self.numbers[k * self.width..][..self.width]
    }

    pub(super) fn vectors(&self) -> usize {
        self.log_scale.len()
    }

    pub(super) fn multiply(
        &mut self,
        law: &Law,
        drawing: Drawing,
        width: usize,
        rng: &mut Xoshiro256PlusPlus,
    ) {
        let images = self.images.draw(law, drawing, &self.numbers, [width, self.width], rng);
        std::mem::swap(&mut self.numbers, images);
        self.width = width;
    }

    pub(super) fn add_bias(&mut self, variance: f64, rng: &mut Xoshiro256PlusPlus) {
        if variance == 0.0 {
            return;
        }
        for i in 0..self.width {
            let bias = variance.sqrt() * normal(rng);
            for k in 0..self.inputs {
                self.numbers[k * self.width + i] += bias;
            }
        }
    }

    pub(super) fn activate(&mut self, activation: Activation) {
        let (inputs, tangents) = self.numbers.split_at_mut(self.inputs * self.width);
        if tangents.is_empty() {
            activation.apply(inputs);
            return;
        }
        self.slopes.resize(self.width, 0.0);
        activation.apply_with_slopes(inputs, &mut self.slopes);
        for tangent in tangents.chunks_exact_mut(self.width) {
            for (u, slope) in tangent.iter_mut().zip(&self.slopes) {
                *u *= slope;
            }
        }
    }

    pub(super) fn keep_for_skip(&mut self) {
        self.skip.clone_from(&self.numbers);
    }

    pub(super) fn add_skip(&mut self, scale: f64) {
        for (branch, skip) in self.numbers.iter_mut().zip(&self.skip) {
            *branch = skip + scale * *branch;
        }
    }

    pub(super) fn rescale_inputs(&mut self) {
        for k in 0..self.inputs {
            self.rescale(k);
        }
    }

    pub(super) fn rescale_tangents(&mut self) {
        for k in self.inputs..self.vectors() {
            self.rescale(k);
        }
    }

    /// Keeps vector k away from overflow and underflow, without rounding.
    fn rescale(&mut self, k: usize) {
        const LARGE: f64 = (1u128 << 100) as f64;
        let size = self.vector(k).iter().fold(0.0, |m: f64, v| m.max(v.abs()));
        let factor = match size {
            size if size > LARGE && size.is_finite() => 1.0 / LARGE,
            size if size < 1.0 / LARGE && size > 0.0 => LARGE,
            _ => return,
        };
        for v in &mut self.numbers[k * self.width..][..self.width] {
            *v *= factor;
        }
        self.log_scale[k] -= ln(factor);
    }
}
