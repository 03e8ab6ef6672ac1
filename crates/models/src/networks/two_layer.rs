//! Two-layer networks with all derivatives.

use super::Prediction;
use crate::{Matrix, Vector};

/// What a hidden neuron does to its input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Neuron {
    /// max(z, 0), with derivative 0 at 0: positively homogeneous.
    Relu,
    /// tanh z: smooth.
    Tanh,
}

impl Neuron {
    /// Value and first two derivatives (of the ReLU: almost everywhere).
    fn jet(self, z: f64) -> [f64; 3] {
        match self {
            Neuron::Relu if z > 0.0 => [z, 1.0, 0.0],
            Neuron::Relu => [0.0; 3],
            Neuron::Tanh => {
                let value = z.tanh();
                let slope = 1.0 - value * value;
                [value, slope, -2.0 * value * slope]
            }
        }
    }
}

/// F_i(θ) = scale Σ_j a_j σ(w_j·x_i), with θ = (w_1, ..., w_m, a_1, ..., a_m) for m neurons and inputs in R^p:
/// m(p + 1) parameters.
///
/// With ReLU neurons (w_j, a_j) and (w_j/c, a_j c), c > 0, say the same; the Hessian of any loss of F
/// becomes D H D with c for the w and 1/c for the a (Dinh, Pascanu, Bengio, Bengio 2017).
///
/// ```
/// use theoria_models::{Matrix, Vector, networks::{Neuron, Prediction, TwoLayer}};
/// let net = TwoLayer::new(Matrix::from_element(1, 1, 2.0), 1, Neuron::Relu);
/// let parameters = Vector::from_vec(vec![1.0, 3.0]);
/// assert_eq!(net.outputs(&parameters)[0], 6.0);
/// assert_eq!(net.outputs(&net.rescaled(&parameters, 0, 4.0))[0], 6.0);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct TwoLayer {
    inputs: Matrix,
    neurons: usize,
    neuron: Neuron,
    scale: f64,
}

impl TwoLayer {
    /// For inputs, n x p, with this number m of neurons, at scale 1.
    pub fn new(inputs: Matrix, neurons: usize, neuron: Neuron) -> Self {
        TwoLayer { inputs, neurons, neuron, scale: 1.0 }
    }

    /// The same network with its output multiplied by `scale`, as 1/√m or 1/m.
    #[must_use]
    pub fn scaled(self, scale: f64) -> Self {
        TwoLayer { scale, ..self }
    }

    /// The same network on other inputs of the same dimension.
    ///
    /// # Panics
    /// If the dimension differs.
    #[must_use]
    pub fn on(&self, inputs: Matrix) -> Self {
        assert_eq!(inputs.ncols(), self.inputs.ncols(), "inputs of one dimension");
        TwoLayer { inputs, ..self.clone() }
    }

    /// The parameters with (w_j/c, a_j c) for the neuron j, c > 0.
    pub fn rescaled(&self, parameters: &Vector, neuron: usize, c: f64) -> Vector {
        let p = self.inputs.ncols();
        let mut rescaled = parameters.clone();
        rescaled.rows_mut(neuron * p, p).unscale_mut(c);
        rescaled[self.neurons * p + neuron] *= c;
        rescaled
    }

    fn hidden(&self, parameters: &Vector, neuron: usize) -> Vec<[f64; 3]> {
        let p = self.inputs.ncols();
        let sums = &self.inputs * parameters.rows(neuron * p, p);
        sums.iter().map(|z| self.neuron.jet(*z)).collect()
    }

    fn outer(&self, parameters: &Vector, neuron: usize) -> f64 {
        parameters[self.neurons * self.inputs.ncols() + neuron]
    }
}

impl Prediction for TwoLayer {
    fn describe(&self) -> String {
        let kind = match self.neuron {
            Neuron::Relu => "ReLU",
            Neuron::Tanh => "tanh",
        };
        let (n, p) = self.inputs.shape();
        format!("two-layer {kind} network, {} neurons, {n} samples in dimension {p}", self.neurons)
    }

    fn parameters(&self) -> usize {
        self.neurons * (self.inputs.ncols() + 1)
    }

    fn samples(&self) -> usize {
        self.inputs.nrows()
    }

    fn outputs(&self, parameters: &Vector) -> Vector {
        let mut outputs = Vector::zeros(self.samples());
        for j in 0..self.neurons {
            let weight = self.scale * self.outer(parameters, j);
            for (output, [value, ..]) in outputs.iter_mut().zip(self.hidden(parameters, j)) {
                *output += weight * value;
            }
        }
        outputs
    }

    fn jacobian(&self, parameters: &Vector) -> Matrix {
        let p = self.inputs.ncols();
        let mut jacobian = Matrix::zeros(self.samples(), self.parameters());
        for j in 0..self.neurons {
            let outer = self.scale * self.outer(parameters, j);
            for (i, [value, slope, _]) in self.hidden(parameters, j).into_iter().enumerate() {
                for k in 0..p {
                    jacobian[(i, j * p + k)] = outer * slope * self.inputs[(i, k)];
                }
                jacobian[(i, self.neurons * p + j)] = self.scale * value;
            }
        }
        jacobian
    }

    fn curvature(&self, parameters: &Vector, weights: &Vector, direction: &Vector) -> Vector {
        let p = self.inputs.ncols();
        let mut image = Vector::zeros(self.parameters());
        for j in 0..self.neurons {
            let outer = self.outer(parameters, j);
            let moved = &self.inputs * direction.rows(j * p, p);
            let outer_moved = self.outer(direction, j);
            for (i, [_, slope, bend]) in self.hidden(parameters, j).into_iter().enumerate() {
                let weight = self.scale * weights[i];
                let along = weight * (outer * bend * moved[i] + outer_moved * slope);
                for k in 0..p {
                    image[j * p + k] += along * self.inputs[(i, k)];
                }
                image[self.neurons * p + j] += weight * slope * moved[i];
            }
        }
        image
    }
}
