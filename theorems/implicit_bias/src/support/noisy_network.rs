//! Two-layer networks that are trained with noise in their labels.

use rand::Rng;
use theoria_models::networks::{Activation, Model, TwoLayer};
use theoria_models::stochastic::draws::{normals, signs};
use theoria_models::{Matrix, Vector};
use theoria_verification::Instance;

/// A network with the samples that it is to fit by the loss |F(θ) − y|²/(2n).
pub(crate) struct NoisyNetwork {
    network: TwoLayer,
    /// The same network on one sample each.
    each: Vec<TwoLayer>,
    targets: Vector,
}

impl NoisyNetwork {
    /// A tanh network with these numbers of neurons and scale, on inputs n x p.
    pub(crate) fn new(inputs: &Matrix, targets: Vector, neurons: usize, scale: f64) -> Self {
        let network = TwoLayer::new(inputs.clone(), neurons, Activation::Tanh).scaled(scale);
        let each = inputs.row_iter().map(|row| network.on(Matrix::from_rows(&[row]))).collect();
        NoisyNetwork { network, each, targets }
    }

    /// The network F.
    pub(crate) fn network(&self) -> &TwoLayer {
        &self.network
    }

    /// The number n of samples.
    pub(crate) fn samples(&self) -> usize {
        self.targets.len()
    }

    /// Standard normal parameters.
    pub(crate) fn draw(&self, generator: &mut impl Rng) -> Vector {
        let mut start = Vector::zeros(self.network.parameters());
        normals(generator, start.as_mut_slice());
        start
    }

    /// |J|²/n: the trace of the Hessian where the loss is 0.
    pub(crate) fn trace(&self, parameters: &Vector) -> f64 {
        self.network.jacobian(parameters).norm_squared() / self.samples() as f64
    }

    /// |F − y|²/(2n).
    pub(crate) fn loss(&self, parameters: &Vector) -> f64 {
        let residuals = self.network.outputs(parameters) - &self.targets;
        residuals.norm_squared() / (2.0 * self.samples() as f64)
    }

    /// The largest eigenvalue of the Hessian where the loss is 0.
    pub(crate) fn sharpness(&self, parameters: &Vector) -> f64 {
        self.kernel(&self.network.jacobian(parameters)).symmetric_eigenvalues().max()
    }

    /// K = JJᵀ/n.
    fn kernel(&self, jacobian: &Matrix) -> Matrix {
        jacobian * jacobian.transpose() / self.samples() as f64
    }

    /// A step of gradient descent with labels y + noise; y if there is none.
    pub(crate) fn step(&self, parameters: &mut Vector, eta: f64, noise: Option<&Vector>) {
        let mut residuals = self.network.outputs(parameters) - &self.targets;
        if let Some(noise) = noise {
            residuals -= noise;
        }
        let rate = -eta / self.samples() as f64;
        parameters.gemv_tr(rate, &self.network.jacobian(parameters), &residuals, 1.0);
    }

    /// Steps with all samples, whose labels are off by ±σ, drawn anew at each step.
    pub(crate) fn walk(
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
    pub(crate) fn settle(&self, parameters: &mut Vector, eta: f64, steps: usize) {
        for _ in 0..steps {
            self.step(parameters, eta, None);
        }
    }

    /// A step down the gradient of −(1/(2η)) tr log(I − ηH/2), H = JᵀJ/n, times `weight`: that is
    /// (1/n) Σ_i ∇²F_i Σ_j M_ij ∇F_j with M = (2 − ηK)⁻¹, K = JJᵀ/n.
    pub(crate) fn flatten(&self, parameters: &mut Vector, eta: f64, weight: f64) {
        let n = self.samples();
        let jacobian = self.network.jacobian(parameters);
        let kernel = self.kernel(&jacobian);
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

/// A tanh network at a minimiser: it fits four points of a sine.
pub(crate) struct SineFit {
    pub(crate) network: NoisyNetwork,
    pub(crate) start: Vector,
}

impl SineFit {
    pub(crate) const ETA: f64 = 0.1;
    pub(crate) const SIGMA: f64 = 0.25;
    pub(crate) const STEPS: usize = 2400;
    /// Steps of gradient descent down to the minimiser.
    const SETTLING: usize = 200;

    /// Eight neurons of large random weights.
    pub(crate) fn drawn(random: &mut impl Rng) -> Self {
        let places: Vec<f64> = (0..4).map(|i| 2.0 * f64::from(i) / 3.0 - 1.0).collect();
        let targets = Vector::from_iterator(4, places.iter().map(|x| sine(*x)));
        let network = NoisyNetwork::new(&inputs(&places), targets, 8, 0.5);
        let mut start = network.draw(random) * 3.0;
        network.settle(&mut start, Self::ETA, 4000);
        SineFit { network, start }
    }

    /// Steps with `noise` times the label noise.
    pub(crate) fn walk(
        &self,
        parameters: &mut Vector,
        noise: f64,
        steps: usize,
        random: &mut impl Rng,
    ) {
        let sigma = noise * Self::SIGMA;
        self.network.walk(parameters, Self::ETA, sigma, steps, random);
    }

    /// The minimiser below.
    pub(crate) fn settled(&self, parameters: &Vector) -> Vector {
        let mut below = parameters.clone();
        self.network.settle(&mut below, Self::ETA, Self::SETTLING);
        below
    }

    /// The mean square error on a grid.
    pub(crate) fn test_error(&self, parameters: &Vector) -> f64 {
        let places: Vec<f64> = (0..41).map(|i| f64::from(i) / 20.0 - 1.0).collect();
        let network = self.network.network().on(inputs(&places));
        let truth = Vector::from_iterator(places.len(), places.iter().map(|x| sine(*x)));
        (network.outputs(parameters) - truth).norm_squared() / places.len() as f64
    }
}

impl Instance for SineFit {
    fn description(&self) -> String {
        let network = self.network.network().describe();
        format!("{network}, η = {}, σ = {}", Self::ETA, Self::SIGMA)
    }
}

fn sine(x: f64) -> f64 {
    (2.5 * x).sin()
}

/// Rows (x, 1).
fn inputs(places: &[f64]) -> Matrix {
    Matrix::from_fn(places.len(), 2, |i, k| if k == 0 { places[i] } else { 1.0 })
}
