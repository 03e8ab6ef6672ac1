//! Fully connected networks.

use std::ops::Range;

use nalgebra::DMatrixView;
use rand::Rng;

use super::{Activation, Initialization};
use crate::products::{Factor, product};
use crate::{Matrix, Vector};

/// A fully connected network: hˡ = Wˡ xˡ⁻¹ (+ bˡ), xˡ = φ(hˡ); the last layer is linear, unless
/// [`with_activated_output`](Self::with_activated_output).
///
/// All parameters form one vector: for each layer the columns of Wˡ, n_l x n_{l-1}, then bˡ. A set
/// of samples is a matrix with one sample a *column*. Derivatives come from a [`Pass`].
///
/// ```
/// use theoria_models::{Matrix, Vector, networks::{Activation, FullyConnected}};
///
/// // f(x) = 2 relu(3 x).
/// let network = FullyConnected::new(&[1, 1, 1], Activation::Relu);
/// let parameters = Vector::from_vec(vec![3.0, 2.0]);
/// let pass = network.pass(&parameters, &Matrix::from_row_slice(1, 2, &[1.0, -1.0]));
/// assert_eq!(pass.output().as_slice(), [6.0, 0.0]);
/// // The gradient of the sum of outputs by (w, a).
/// let (gradient, _) = pass.pull_back(&Matrix::from_element(1, 2, 1.0));
/// assert_eq!(gradient.as_slice(), [2.0, 3.0]);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct FullyConnected {
    widths: Vec<usize>,
    activation: Activation,
    biases: bool,
    activated_output: bool,
}

/// One evaluation of a network on a set of samples, from which all derivatives there follow.
#[derive(Debug, Clone)]
pub struct Pass<'a> {
    pub(super) network: &'a FullyConnected,
    pub(super) parameters: &'a [f64],
    /// hˡ for l = 1, ..., L.
    pub(super) before: Vec<Matrix>,
    /// xˡ for l = 0, ..., L.
    pub(super) after: Vec<Matrix>,
}

impl FullyConnected {
    /// A network of these widths n_0, ..., n_L, without biases.
    ///
    /// # Panics
    /// If there are fewer than two widths, or one is 0.
    pub fn new(widths: &[usize], activation: Activation) -> Self {
        assert!(widths.len() >= 2, "at least an input and an output");
        assert!(widths.iter().all(|width| *width > 0), "widths are positive");
        FullyConnected {
            widths: widths.to_vec(),
            activation,
            biases: false,
            activated_output: false,
        }
    }

    /// The same network with a bias in each layer.
    #[must_use]
    pub fn with_biases(mut self) -> Self {
        self.biases = true;
        self
    }

    /// The same network with the activation in the last layer too.
    #[must_use]
    pub fn with_activated_output(mut self) -> Self {
        self.activated_output = true;
        self
    }

    /// Number of layers L.
    pub fn depth(&self) -> usize {
        self.widths.len() - 1
    }

    /// The widths n_0, ..., n_L.
    pub fn widths(&self) -> &[usize] {
        &self.widths
    }

    /// The activation of layer `layer`, counted from 1.
    pub fn activation(&self, layer: usize) -> Activation {
        if layer == self.depth() && !self.activated_output {
            Activation::Linear
        } else {
            self.activation
        }
    }

    /// Number of parameters.
    pub fn parameters(&self) -> usize {
        self.biases_of(self.depth()).end
    }

    /// Where the columns of Wˡ lie among the parameters, for l = 1, ..., L.
    pub fn weights_of(&self, layer: usize) -> Range<usize> {
        let each = self.widths.windows(2).take(layer - 1);
        let start: usize = each.map(|w| w[1] * (w[0] + usize::from(self.biases))).sum();
        start..start + self.widths[layer - 1] * self.widths[layer]
    }

    /// Where bˡ lies among the parameters, for l = 1, ..., L; empty without biases.
    pub fn biases_of(&self, layer: usize) -> Range<usize> {
        let start = self.weights_of(layer).end;
        let count = if self.biases { self.widths[layer] } else { 0 };
        start..start + count
    }

    /// Wˡ, n_l x n_{l-1}, for l = 1, ..., L.
    ///
    /// # Panics
    /// If there is no such layer, or there are too few parameters.
    pub fn weights<'a>(&self, parameters: &'a Vector, layer: usize) -> DMatrixView<'a, f64> {
        let numbers = &parameters.as_slice()[self.weights_of(layer)];
        DMatrixView::from_slice(numbers, self.widths[layer], self.widths[layer - 1])
    }

    pub(super) fn weights_in<'a>(&self, numbers: &'a [f64], layer: usize) -> Factor<'a> {
        let numbers = &numbers[self.weights_of(layer)];
        Factor::laid(numbers, self.widths[layer], self.widths[layer - 1])
    }

    /// Parameters drawn by this law; biases are 0.
    pub fn draw<R: Rng + ?Sized>(&self, law: Initialization, rng: &mut R) -> Vector {
        let mut parameters = Vector::zeros(self.parameters());
        for layer in 1..=self.depth() {
            let weights = law.draw(self.widths[layer], self.widths[layer - 1], rng);
            parameters.as_mut_slice()[self.weights_of(layer)].copy_from_slice(weights.as_slice());
        }
        parameters
    }

    /// The outputs, n_L x N, for inputs, n_0 x N.
    ///
    /// # Panics
    /// If the sizes do not fit.
    pub fn output(&self, parameters: &Vector, inputs: &Matrix) -> Matrix {
        self.pass(parameters, inputs).after.swap_remove(self.depth())
    }

    /// The Jacobian of the output by the input, n_L x n_0, at one input.
    ///
    /// # Panics
    /// If the sizes do not fit.
    pub fn input_jacobian(&self, parameters: &Vector, input: &Vector) -> Matrix {
        let n = input.len();
        let copies = Matrix::from_fn(n, n, |i, _| input[i]);
        let still = Vector::zeros(parameters.len());
        self.pass(parameters, &copies).push_forward(&still, &Matrix::identity(n, n))
    }

    /// Evaluates the network on inputs, n_0 x N.
    ///
    /// # Panics
    /// If the sizes do not fit.
    pub fn pass<'a>(&'a self, parameters: &'a Vector, inputs: &Matrix) -> Pass<'a> {
        assert_eq!(parameters.len(), self.parameters(), "the parameters fit");
        assert_eq!(inputs.nrows(), self.widths[0], "the inputs fit");
        let parameters = parameters.as_slice();
        let (mut before, mut after) = (Vec::new(), vec![inputs.clone()]);
        for layer in 1..=self.depth() {
            let mut h = product(self.weights_in(parameters, layer), Factor::of(&after[layer - 1]));
            self.add_biases(parameters, layer, &mut h);
            let mut x = h.clone();
            self.activation(layer).apply(x.as_mut_slice());
            after.push(x);
            before.push(h);
        }
        Pass { network: self, parameters, before, after }
    }

    pub(super) fn add_biases(&self, numbers: &[f64], layer: usize, to: &mut Matrix) {
        let biases = &numbers[self.biases_of(layer)];
        if !biases.is_empty() {
            for mut column in to.column_iter_mut() {
                for (h, b) in column.iter_mut().zip(biases) {
                    *h += b;
                }
            }
        }
    }
}

impl Pass<'_> {
    /// The outputs, n_L x N.
    pub fn output(&self) -> &Matrix {
        &self.after[self.network.depth()]
    }

    /// xˡ, n_l x N, for l = 0, ..., L.
    pub fn signals(&self, layer: usize) -> &Matrix {
        &self.after[layer]
    }

    /// φ'(hˡ), n_l x N.
    pub(super) fn slopes(&self, layer: usize) -> Matrix {
        let activation = self.network.activation(layer);
        self.before[layer - 1].zip_map(&self.after[layer], |h, x| activation.slope(h, x))
    }
}
