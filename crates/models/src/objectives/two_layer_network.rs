//! A small two-layer network.

use crate::{Constant, Matrix, Minimum, Objective, Vector};

/// f(θ) = Σ_i (Σ_j a_j tanh(w_j·x_i) - y_i)²/(2n), with θ = (w_1, ..., w_m, a_1, ..., a_m) for m neurons
/// and inputs in R^p: dimension m(p + 1).
///
/// With m(p + 1) > n it can fit any targets, so that near a solution the Polyak–Lojasiewicz inequality
/// holds with the smallest eigenvalue of the tangent kernel JJᵀ/n. Smoothness and PL constants are
/// estimated, on a ball about a point that is said; elsewhere they say nothing.
#[derive(Debug, Clone)]
pub struct TwoLayerNetwork {
    inputs: Matrix,
    targets: Vector,
    neurons: usize,
    smoothness: Option<f64>,
    lojasiewicz: Option<f64>,
}

impl TwoLayerNetwork {
    /// For inputs, n x p, and targets, n, with this number of neurons.
    ///
    /// # Panics
    /// If there are not as many targets as rows.
    pub fn new(inputs: Matrix, targets: Vector, neurons: usize) -> Self {
        assert_eq!(inputs.nrows(), targets.len(), "as many targets as samples");
        TwoLayerNetwork { inputs, targets, neurons, smoothness: None, lojasiewicz: None }
    }

    /// The same network with L and mu estimated from these parameters: L is 1.5 times the largest
    /// curvature, mu half the smallest eigenvalue of the tangent kernel, over all of them.
    #[must_use]
    pub fn estimated_at(mut self, parameters: &[Vector]) -> Self {
        let curvature = parameters.iter().map(|p| self.largest_curvature(p)).fold(0.0, f64::max);
        let kernel = parameters
            .iter()
            .map(|p| self.least_kernel_eigenvalue(p))
            .fold(f64::INFINITY, f64::min);
        self.smoothness = Some(1.5 * curvature);
        self.lojasiewicz = Some(kernel / 2.0).filter(|mu| *mu > 0.0);
        self
    }

    /// The same network with the targets that these parameters produce.
    #[must_use]
    pub fn fitted_by(mut self, parameters: &Vector) -> Self {
        let misfit = self.residuals(parameters);
        self.targets += misfit;
        self
    }

    fn weight(&self, parameters: &Vector, neuron: usize) -> Vector {
        let p = self.inputs.ncols();
        parameters.rows(neuron * p, p).into_owned()
    }

    fn outer(&self, parameters: &Vector, neuron: usize) -> f64 {
        parameters[self.neurons * self.inputs.ncols() + neuron]
    }

    fn residuals(&self, parameters: &Vector) -> Vector {
        let mut output = -&self.targets;
        for j in 0..self.neurons {
            let hidden = (&self.inputs * self.weight(parameters, j)).map(f64::tanh);
            output.axpy(self.outer(parameters, j), &hidden, 1.0);
        }
        output
    }

    /// Derivatives of the outputs, n x dimension.
    fn jacobian(&self, parameters: &Vector) -> Matrix {
        let (n, p) = self.inputs.shape();
        let mut jacobian = Matrix::zeros(n, self.dimension());
        for j in 0..self.neurons {
            let hidden = (&self.inputs * self.weight(parameters, j)).map(f64::tanh);
            let outer = self.outer(parameters, j);
            for i in 0..n {
                for k in 0..p {
                    jacobian[(i, j * p + k)] =
                        outer * (1.0 - hidden[i] * hidden[i]) * self.inputs[(i, k)];
                }
                jacobian[(i, self.neurons * p + j)] = hidden[i];
            }
        }
        jacobian
    }

    fn least_kernel_eigenvalue(&self, parameters: &Vector) -> f64 {
        let jacobian = self.jacobian(parameters);
        let kernel = &jacobian * jacobian.transpose() / self.targets.len() as f64;
        kernel.symmetric_eigenvalues().min()
    }

    /// By power iteration on differences of gradients.
    fn largest_curvature(&self, parameters: &Vector) -> f64 {
        let mut direction = Vector::from_element(self.dimension(), 1.0).normalize();
        let mut size = 0.0;
        for _ in 0..100 {
            let h = 1e-5;
            let ahead = self.gradient_at(&(parameters + &direction * h));
            let behind = self.gradient_at(&(parameters - &direction * h));
            let image = (ahead - behind) / (2.0 * h);
            size = image.norm();
            direction = image / size.max(f64::MIN_POSITIVE);
        }
        size
    }
}

impl Objective for TwoLayerNetwork {
    fn describe(&self) -> String {
        let (n, p) = self.inputs.shape();
        format!("two-layer tanh network, {} neurons, {n} samples in dimension {p}", self.neurons)
    }

    fn dimension(&self) -> usize {
        self.neurons * (self.inputs.ncols() + 1)
    }

    fn value(&self, parameters: &Vector) -> f64 {
        self.residuals(parameters).norm_squared() / (2.0 * self.targets.len() as f64)
    }

    fn gradient_into(&self, parameters: &Vector, into: &mut Vector) {
        let residuals = self.residuals(parameters) / self.targets.len() as f64;
        into.gemv_tr(1.0, &self.jacobian(parameters), &residuals, 0.0);
    }

    fn rounding(&self, parameters: &Vector) -> f64 {
        let residuals = self.residuals(parameters).norm();
        let each = 16.0 * f64::EPSILON * (self.targets.norm() + parameters.norm());
        each * (residuals + each) / self.targets.len() as f64
    }

    fn smoothness(&self) -> Option<Constant> {
        self.smoothness.map(Constant::estimated)
    }

    fn lojasiewicz(&self) -> Option<Constant> {
        self.lojasiewicz.map(Constant::estimated)
    }

    /// 0 where the network can fit its targets, that is where a PL constant was found.
    fn minimum(&self) -> Option<Minimum> {
        self.lojasiewicz.map(|_| Minimum::exact(0.0))
    }

    fn bounded_below(&self) -> Option<f64> {
        Some(0.0)
    }
}
