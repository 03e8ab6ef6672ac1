//! The squared loss of a fully connected network.

use super::{FullyConnected, Pass};
use crate::{Matrix, Objective, Vector};

/// f(θ) = Σ_i |F(x_i; θ) - y_i|² / (2N) for a [`FullyConnected`] network F and N samples.
///
/// The Hessian-vector product is exact (Pearlmutter 1994); where a pre-activation lies on a kink,
/// its second derivative counts as 0.
///
/// ```
/// use theoria_models::{Matrix, Objective, Vector};
/// use theoria_models::networks::{Activation, FullyConnected, NetworkLoss};
///
/// let network = FullyConnected::new(&[1, 1, 1], Activation::Relu);
/// let f = NetworkLoss::new(network, Matrix::from_element(1, 1, 1.0), Matrix::from_element(1, 1, 1.0));
/// assert_eq!(f.value(&Vector::from_vec(vec![1.0, 3.0])), 2.0);
/// assert_eq!(f.gradient_at(&Vector::from_vec(vec![1.0, 3.0])).as_slice(), [6.0, 2.0]);
/// ```
#[derive(Debug, Clone)]
pub struct NetworkLoss {
    network: FullyConnected,
    inputs: Matrix,
    targets: Matrix,
    /// What the squared residuals are divided by, over 2.
    divisor: f64,
}

impl NetworkLoss {
    /// For inputs, n_0 x N, and targets, n_L x N: one sample a column.
    ///
    /// # Panics
    /// If the sizes do not fit, or there is no sample.
    pub fn new(network: FullyConnected, inputs: Matrix, targets: Matrix) -> Self {
        let widths = network.widths();
        assert!(inputs.ncols() > 0, "at least one sample");
        assert_eq!(inputs.ncols(), targets.ncols(), "as many targets as samples");
        assert_eq!(inputs.nrows(), widths[0], "the inputs fit");
        assert_eq!(targets.nrows(), widths[network.depth()], "the targets fit");
        NetworkLoss { network, divisor: inputs.ncols() as f64, inputs, targets }
    }

    /// |F(I) - Φ|_F² / 2, where F(I) are the outputs for the unit vectors: for a linear network the
    /// loss with whitened data.
    pub(super) fn of_map(network: FullyConnected, target: Matrix) -> Self {
        let n = network.widths()[0];
        let whitened = Self::new(network, Matrix::identity(n, n), target);
        NetworkLoss { divisor: 1.0, ..whitened }
    }

    fn hessian_times(&self, parameters: &Vector, direction: &Vector) -> Vector {
        let pass = self.network.pass(parameters, &self.inputs);
        let cotangent = self.cotangent(&pass);
        pass.pull_back_moved(direction, &cotangent, |moved| moved / self.divisor)
    }

    /// The network.
    pub fn network(&self) -> &FullyConnected {
        &self.network
    }

    /// The derivative of the loss by the outputs.
    fn cotangent(&self, pass: &Pass) -> Matrix {
        (pass.output() - &self.targets) / self.divisor
    }

    /// Bounds on the rounding error of all outputs, and on the norm of their Jacobian by the
    /// parameters, from the norms of weights and signals.
    fn sensitivity(&self, pass: &Pass, parameters: &Vector) -> (f64, f64) {
        let steepest = self.network.activation(1).steepest();
        let (mut error, mut jacobian) = (0.0, 0.0);
        for layer in 1..=self.network.depth() {
            let weights = self.network.weights(parameters, layer).norm();
            let signals = pass.signals(layer - 1).norm();
            let terms = self.network.widths()[layer - 1] as f64 + 4.0;
            error = steepest * weights * (error + terms * f64::EPSILON * signals)
                + 4.0 * f64::EPSILON * pass.signals(layer).norm();
            jacobian =
                steepest * (weights * jacobian + signals + (self.inputs.ncols() as f64).sqrt());
        }
        (error, jacobian)
    }
}

impl Objective for NetworkLoss {
    fn describe(&self) -> String {
        format!(
            "squared loss of a {} network of widths {:?}, {} samples",
            self.network.activation(1).describe(),
            self.network.widths(),
            self.inputs.ncols()
        )
    }

    fn dimension(&self) -> usize {
        self.network.parameters()
    }

    fn value(&self, parameters: &Vector) -> f64 {
        let output = self.network.output(parameters, &self.inputs);
        (output - &self.targets).norm_squared() / (2.0 * self.divisor)
    }

    fn gradient_into(&self, parameters: &Vector, into: &mut Vector) {
        let pass = self.network.pass(parameters, &self.inputs);
        into.copy_from(&pass.pull_back(&self.cotangent(&pass)).0);
    }

    fn hessian_vector(&self, parameters: &Vector, direction: &Vector) -> Option<Vector> {
        Some(self.hessian_times(parameters, direction))
    }

    fn rounding(&self, parameters: &Vector) -> f64 {
        let pass = self.network.pass(parameters, &self.inputs);
        let residuals = (pass.output() - &self.targets).norm();
        let (error, _) = self.sensitivity(&pass, parameters);
        let error = error + f64::EPSILON * self.targets.norm();
        error * (residuals + error) / self.divisor + 16.0 * f64::EPSILON * self.value(parameters)
    }

    fn gradient_rounding(&self, parameters: &Vector) -> f64 {
        let pass = self.network.pass(parameters, &self.inputs);
        let residuals = (pass.output() - &self.targets).norm();
        let (error, jacobian) = self.sensitivity(&pass, parameters);
        let terms = (self.dimension() + self.inputs.ncols()) as f64;
        (error + terms * f64::EPSILON * residuals) * jacobian / self.divisor
    }

    fn bounded_below(&self) -> Option<f64> {
        Some(0.0)
    }
}
