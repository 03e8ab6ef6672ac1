//! A network on images of digits, trained by L-BFGS and by stochastic gradient descent, in passes over the images.

use std::sync::OnceLock;

use rand::seq::SliceRandom;
use theoria_algorithms::{GradientDescent, LBfgs, Method, StrongWolfe};
use theoria_models::data::digits;
use theoria_models::networks::{Activation, FullyConnected, Initialization, NetworkLoss};
use theoria_models::stochastic::InTurn;
use theoria_models::{Matrix, Vector};
use theoria_verification::Generator;

/// Images, the first of the data: every digit is among them 12 times at least.
pub(crate) const IMAGES: usize = 128;
/// Hidden neurons.
const HIDDEN: usize = 32;
/// Images in a batch.
const BATCH: usize = 32;
/// Pairs that L-BFGS keeps.
const MEMORY: usize = 10;
/// A loss beyond this is divergence: it is that of outputs that are all off by more than 1.
const DIVERGED: f64 = 10.0;
/// Step sizes of stochastic gradient descent. The best for either aim are neither the shortest nor the longest, which diverges.
pub(crate) const STEP_SIZES: [f64; 5] = [0.05, 0.1, 0.15, 0.2, 0.3];

/// Where a run stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    /// Evaluations of the gradient on all images, those of batches summed.
    pub(crate) passes: usize,
    pub(crate) loss: f64,
    /// Share of the images whose digit has the largest output.
    pub(crate) right: f64,
}

/// The images, and the network of widths 64, 32 and 10.
pub(crate) struct Training {
    inputs: Matrix,
    targets: Matrix,
    network: FullyConnected,
    loss: NetworkLoss,
}

impl Training {
    /// Read once.
    pub(crate) fn read() -> &'static Self {
        static TRAINING: OnceLock<Training> = OnceLock::new();
        TRAINING.get_or_init(Training::new)
    }

    fn new() -> Self {
        let data = digits();
        let inputs = data.features.rows(0, IMAGES).transpose();
        let targets =
            Matrix::from_fn(10, IMAGES, |k, i| f64::from(u8::from(data.targets[i] == k as f64)));
        let network =
            FullyConnected::new(&[inputs.nrows(), HIDDEN, 10], Activation::Tanh).with_biases();
        let loss = NetworkLoss::new(network.clone(), inputs.clone(), targets.clone());
        Training { inputs, targets, network, loss }
    }

    pub(crate) fn start(&self, random: &mut Generator) -> Vector {
        self.network.draw(Initialization::Gaussian { variance: 1.0 }, random)
    }

    fn place(&self, passes: usize, parameters: &Vector) -> Place {
        let outputs = self.network.output(parameters, &self.inputs);
        let right = (0..IMAGES).filter(|i| {
            let highest = outputs.column(*i).argmax().0;
            self.targets[(highest, *i)] == 1.0
        });
        let loss = (&outputs - &self.targets).norm_squared() / (2 * IMAGES) as f64;
        Place { passes, loss, right: right.count() as f64 / IMAGES as f64 }
    }

    /// Places after each step of L-BFGS, up to one with this loss, or as many passes.
    pub(crate) fn l_bfgs(&self, start: &Vector, least: f64, most: usize) -> Vec<Place> {
        let mut x = start.clone();
        let mut method = LBfgs::new(MEMORY, StrongWolfe::default());
        let mut places = vec![self.place(0, &x)];
        loop {
            method.step(&self.loss, &mut x);
            // The gradient at the start, and one with each trial of the line search.
            let passes = 1 + method.length().evaluations();
            if method.stalled() || passes > most {
                return places;
            }
            let place = self.place(passes, &x);
            places.push(place);
            if place.loss <= least {
                return places;
            }
        }
    }

    /// Places after each pass of stochastic gradient descent, up to one with this loss, or as many passes; batches in a new order each pass.
    pub(crate) fn descent(
        &self,
        start: &Vector,
        step_size: f64,
        least: f64,
        most: usize,
        random: &mut Generator,
    ) -> Vec<Place> {
        let (mut x, mut method) = (start.clone(), GradientDescent::new(step_size));
        let mut places = vec![self.place(0, &x)];
        let mut order: Vec<usize> = (0..IMAGES).collect();
        for pass in 1..=most {
            order.shuffle(random);
            let batches = InTurn::new(order.chunks(BATCH).map(|chosen| {
                let of = |all: &Matrix| all.select_columns(chosen);
                NetworkLoss::new(self.network.clone(), of(&self.inputs), of(&self.targets))
            }));
            for _ in 0..IMAGES.div_ceil(BATCH) {
                method.step(&batches, &mut x);
            }
            let place = self.place(pass, &x);
            if place.loss.is_nan() || place.loss > DIVERGED {
                return places;
            }
            places.push(place);
            if place.loss <= least {
                return places;
            }
        }
        places
    }
}

/// Passes to the first place where this holds.
pub(crate) fn passes(places: &[Place], holds: impl Fn(&Place) -> bool) -> Option<usize> {
    places.iter().find(|place| holds(place)).map(|place| place.passes)
}
