//! Two-layer networks that are trained with noise in their labels.

use rand::Rng;
use theoria_models::implicit::{Neuron, Prediction, TwoLayer};
use theoria_models::stochastic::draws::{normals, signs};
use theoria_models::{Matrix, Vector};

/// A network with the samples that it is to fit by the loss |F(θ) − y|²/(2n).
pub(super) struct NoisyNetwork {
    network: TwoLayer,
    /// The same network on one sample each.
    each: Vec<TwoLayer>,
    targets: Vector,
}

impl NoisyNetwork {
    /// A tanh network with these numbers of neurons and scale, on inputs n x p.
    pub(super) fn new(inputs: &Matrix, targets: Vector, neurons: usize, scale: f64) -> Self {
        let network = TwoLayer::new(inputs.clone(), neurons, Neuron::Tanh).scaled(scale);
        let each = inputs
            .row_iter()
            .map(|row| network.on(Matrix::from_rows(&[row])))
            .collect();
        NoisyNetwork {
            network,
            each,
            targets,
        }
    }

    /// The network F.
    pub(super) fn network(&self) -> &TwoLayer {
        &self.network
    }

    /// The number n of samples.
    pub(super) fn samples(&self) -> usize {
        self.targets.len()
    }

    /// Standard normal parameters.
    pub(super) fn draw(&self, generator: &mut impl Rng) -> Vector {
        let mut start = Vector::zeros(self.network.parameters());
        normals(generator, start.as_mut_slice());
        start
    }

    /// |J|²/n: the trace of the Hessian where the loss is 0.
    pub(super) fn trace(&self, parameters: &Vector) -> f64 {
        self.network.jacobian(parameters).norm_squared() / self.samples() as f64
    }

    /// A step of gradient descent with labels y + noise; y if there is none.
    pub(super) fn step(&self, parameters: &mut Vector, eta: f64, noise: Option<&Vector>) {
        let mut residuals = self.network.outputs(parameters) - &self.targets;
        if let Some(noise) = noise {
            residuals -= noise;
        }
        let rate = -eta / self.samples() as f64;
        parameters.gemv_tr(rate, &self.network.jacobian(parameters), &residuals, 1.0);
    }

    /// Steps with all samples, whose labels are off by ±σ, drawn anew at each step.
    pub(super) fn walk(
        &self,
        parameters: &mut Vector,
        eta: f64,
        sigma: f64,
        steps: usize,
        generator: &mut impl Rng,
    ) {
        let mut noise = Vector::zeros(self.samples());
        for _ in 0..steps {
            signs(generator, noise.as_mut_slice());
            noise *= sigma;
            self.step(parameters, eta, Some(&noise));
        }
    }

    /// Gradient descent without noise: to the minimiser that its flow leads to, nearly.
    pub(super) fn settle(&self, parameters: &mut Vector, eta: f64, steps: usize) {
        for _ in 0..steps {
            self.step(parameters, eta, None);
        }
    }

    /// A step down the gradient of −(1/(2η)) tr log(I − ηH/2), H = JᵀJ/n, times `weight`: that is
    /// (1/n) Σ_i ∇²F_i Σ_j M_ij ∇F_j with M = (2 − ηK)⁻¹, K = JJᵀ/n.
    pub(super) fn flatten(&self, parameters: &mut Vector, eta: f64, weight: f64) {
        let n = self.samples();
        let jacobian = self.network.jacobian(parameters);
        let kernel = &jacobian * jacobian.transpose() / n as f64;
        let Some(inverse) = (Matrix::identity(n, n) * 2.0 - kernel * eta).try_inverse() else {
            panic!("the step is stable: ηH < 2");
        };
        let directions = inverse * jacobian;
        let one = Vector::from_element(1, 1.0);
        let mut slope = Vector::zeros(parameters.len());
        for (network, direction) in self.each.iter().zip(directions.row_iter()) {
            slope += network.curvature(parameters, &one, &direction.transpose());
        }
        parameters.axpy(-weight / n as f64, &slope, 1.0);
    }
}
