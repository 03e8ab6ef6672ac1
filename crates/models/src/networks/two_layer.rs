//! Two-layer networks with all derivatives.

use std::ops::Range;

use super::{Activation, Model, Particle};
use crate::{Ensemble, Matrix, Vector};

/// F_i(θ) = scale Σ_j a_j φ(w_j·x_i), with θ = (w_1, ..., w_m, a_1, ..., a_m) for m neurons and inputs in
/// R^p: m(p + 1) parameters. A bias is one more coordinate of the inputs that is 1. The derivatives are
/// those of [`Activation`]; at a kink the second one counts as 0.
///
/// With the scale 1/m, the *mean-field* scaling (Chizat, Bach 2018), gradient descent with step size m h
/// moves neurons with velocities that do not vanish with m, by h each. With homogeneous activations,
/// (w_j, a_j) and (w_j/c, a_j c), c > 0, say the same; the Hessian of any loss of F becomes D H D with c for
/// the w and 1/c for the a (Dinh, Pascanu, Bengio, Bengio 2017).
///
/// ```
/// use theoria_models::{Matrix, Vector, networks::{Activation, Model, TwoLayer}};
/// let net = TwoLayer::new(Matrix::from_element(1, 1, 2.0), 1, Activation::Relu);
/// let parameters = Vector::from_vec(vec![1.0, 3.0]);
/// assert_eq!(net.outputs(&parameters)[0], 6.0);
/// assert_eq!(net.outputs(&net.rescaled(&parameters, 0, 4.0))[0], 6.0);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct TwoLayer {
    inputs: Matrix,
    neurons: usize,
    activation: Activation,
    scale: f64,
}

impl TwoLayer {
    /// For inputs, n x p, with this number m of neurons, at scale 1.
    pub fn new(inputs: Matrix, neurons: usize, activation: Activation) -> Self {
        TwoLayer { inputs, neurons, activation, scale: 1.0 }
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

    /// The inputs, n x p.
    pub fn inputs(&self) -> &Matrix {
        &self.inputs
    }

    /// What each neuron does to its input.
    pub fn activation(&self) -> Activation {
        self.activation
    }

    /// The number m of neurons.
    pub fn neurons(&self) -> usize {
        self.neurons
    }

    /// Where w_j lies among the parameters.
    pub fn inner_of(&self, neuron: usize) -> Range<usize> {
        let p = self.inputs.ncols();
        neuron * p..(neuron + 1) * p
    }

    /// Where a_1, ..., a_m lie among the parameters.
    pub fn outer(&self) -> Range<usize> {
        self.neurons * self.inputs.ncols()..self.parameters()
    }

    /// The parameters of these neurons.
    ///
    /// # Panics
    /// If there are not m, or their inner weights have not the dimension p.
    pub fn parameters_of(&self, neurons: &[Particle]) -> Vector {
        assert_eq!(neurons.len(), self.neurons, "m neurons");
        let inner = neurons.iter().flat_map(|neuron| neuron.inner.iter().copied());
        let outer = neurons.iter().map(|neuron| neuron.outer);
        let numbers: Vec<f64> = inner.chain(outer).collect();
        assert_eq!(numbers.len(), self.parameters(), "inner weights of dimension p");
        Vector::from_vec(numbers)
    }

    /// The neurons of these parameters; of a gradient, its parts.
    ///
    /// # Panics
    /// If there are not as many numbers as parameters.
    pub fn particles(&self, parameters: &Vector) -> Vec<Particle> {
        assert_eq!(parameters.len(), self.parameters(), "the parameters fit");
        let neuron = |j| Particle {
            outer: self.outer_weight(parameters, j),
            inner: self.inner(parameters, j).into_owned(),
        };
        (0..self.neurons).map(neuron).collect()
    }

    /// The features φ(w_j·x_i), n x m.
    ///
    /// ```
    /// use theoria_models::{Matrix, networks::{Activation, Particle, TwoLayer, numerical_rank}};
    ///
    /// // Three samples on a line with a bias, three neurons with kinks in between.
    /// let inputs = Matrix::from_columns(&[vec![1.0, 2.0, 3.0].into(), vec![1.0; 3].into()]);
    /// let net = TwoLayer::new(inputs, 3, Activation::Relu);
    /// let neuron = |bias| Particle { inner: vec![1.0, bias].into(), outer: 0.0 };
    /// let features = |biases: [f64; 3]| net.features(&net.parameters_of(&biases.map(neuron)));
    /// assert_eq!(numerical_rank(&features([0.0, -1.5, -2.5]), 1e-12), 3);
    /// // Without the kinks all neurons are one.
    /// assert_eq!(numerical_rank(&features([0.0; 3]), 1e-12), 1);
    /// ```
    pub fn features(&self, parameters: &Vector) -> Matrix {
        let mut features = Matrix::zeros(self.samples(), self.neurons);
        for (j, mut column) in features.column_iter_mut().enumerate() {
            column.gemv(1.0, &self.inputs, &self.inner(parameters, j), 0.0);
            column.apply(|z| *z = self.activation.value(*z));
        }
        features
    }

    /// The parameters with (w_j/c, a_j c) for the neuron j, c > 0.
    pub fn rescaled(&self, parameters: &Vector, neuron: usize, c: f64) -> Vector {
        let mut rescaled = parameters.clone();
        rescaled.rows_range_mut(self.inner_of(neuron)).unscale_mut(c);
        rescaled[self.outer().start + neuron] *= c;
        rescaled
    }

    /// Values and first two derivatives of a neuron at the n inputs.
    fn hidden(&self, parameters: &Vector, neuron: usize) -> Vec<[f64; 3]> {
        let sums = &self.inputs * self.inner(parameters, neuron);
        sums.iter().map(|z| self.activation.jet(*z)).collect()
    }

    /// Outputs and what weights pull back, each activation evaluated once. Parameters lie coordinate by coordinate,
    /// outputs and weights sample by sample, with one number a trial.
    fn pull(
        &self,
        parameters: &[f64],
        trials: usize,
        weigh: &mut dyn FnMut(&mut [f64]),
        into: &mut [f64],
    ) {
        if trials == 0 {
            return;
        }
        let (n, p) = self.inputs.shape();
        let (inner, outer) = parameters.split_at(self.neurons * p * trials);
        let mut features = vec![0.0; self.neurons * n * trials];
        let mut slopes = features.clone();
        let mut outputs = vec![0.0; n * trials];
        for (features, inner) in
            features.chunks_exact_mut(n * trials).zip(inner.chunks_exact(p * trials))
        {
            for (k, weights) in inner.chunks_exact(trials).enumerate() {
                for (i, sums) in features.chunks_exact_mut(trials).enumerate() {
                    add_product(sums, self.inputs[(i, k)], weights);
                }
            }
        }
        self.activation.apply_with_slopes(&mut features, &mut slopes);
        let neurons = || features.chunks_exact(n * trials).zip(outer.chunks_exact(trials));
        for (features, outer) in neurons() {
            for (outputs, features) in
                outputs.chunks_exact_mut(trials).zip(features.chunks_exact(trials))
            {
                for (output, (feature, outer)) in outputs.iter_mut().zip(features.iter().zip(outer))
                {
                    *output += self.scale * outer * feature;
                }
            }
        }
        weigh(&mut outputs);
        into.fill(0.0);
        let (into_inner, into_outer) = into.split_at_mut(self.neurons * p * trials);
        let into = into_inner.chunks_exact_mut(p * trials).zip(into_outer.chunks_exact_mut(trials));
        let slopes = slopes.chunks_exact_mut(n * trials);
        for (((features, outer), slopes), (into_inner, into_outer)) in
            neurons().zip(slopes).zip(into)
        {
            for i in 0..n {
                let sample = i * trials..(i + 1) * trials;
                let (weights, features) = (&outputs[sample.clone()], &features[sample.clone()]);
                let slopes = &mut slopes[sample];
                for t in 0..trials {
                    let weight = self.scale * weights[t];
                    into_outer[t] += weight * features[t];
                    slopes[t] *= weight * outer[t];
                }
                for (k, into) in into_inner.chunks_exact_mut(trials).enumerate() {
                    add_product(into, self.inputs[(i, k)], slopes);
                }
            }
        }
    }

    /// Σ_i weights_i ∇²F_i(θ) d_i, for n weights and a direction d_i for each sample: the rows of `directions`,
    /// n x parameters.
    pub fn curvature_along_each(
        &self,
        parameters: &Vector,
        weights: &Vector,
        directions: &Matrix,
    ) -> Vector {
        self.bend(parameters, weights, |i, coordinate| directions[(i, coordinate)])
    }

    /// The same, with a function from sample and coordinate to the direction.
    fn bend(
        &self,
        parameters: &Vector,
        weights: &Vector,
        direction: impl Fn(usize, usize) -> f64,
    ) -> Vector {
        let p = self.inputs.ncols();
        let mut image = Vector::zeros(self.parameters());
        for j in 0..self.neurons {
            let outer = self.outer_weight(parameters, j);
            for (i, [_, slope, bend]) in self.hidden(parameters, j).into_iter().enumerate() {
                let weight = self.scale * weights[i];
                let moved: f64 =
                    (0..p).map(|k| self.inputs[(i, k)] * direction(i, j * p + k)).sum();
                let outer_moved = direction(i, self.neurons * p + j);
                let along = weight * (outer * bend * moved + outer_moved * slope);
                for k in 0..p {
                    image[j * p + k] += along * self.inputs[(i, k)];
                }
                image[self.neurons * p + j] += weight * slope * moved;
            }
        }
        image
    }

    fn inner<'a>(&self, parameters: &'a Vector, neuron: usize) -> nalgebra::DVectorView<'a, f64> {
        parameters.rows_range(self.inner_of(neuron))
    }

    fn outer_weight(&self, parameters: &Vector, neuron: usize) -> f64 {
        parameters[self.outer().start + neuron]
    }
}

impl Model for TwoLayer {
    fn describe(&self) -> String {
        let kind = self.activation.describe();
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
            let weight = self.scale * self.outer_weight(parameters, j);
            let sums = &self.inputs * self.inner(parameters, j);
            for (output, z) in outputs.iter_mut().zip(&sums) {
                *output += weight * self.activation.value(*z);
            }
        }
        outputs
    }

    fn jacobian(&self, parameters: &Vector) -> Matrix {
        let p = self.inputs.ncols();
        let mut jacobian = Matrix::zeros(self.samples(), self.parameters());
        for j in 0..self.neurons {
            let outer = self.scale * self.outer_weight(parameters, j);
            for (i, [value, slope, _]) in self.hidden(parameters, j).into_iter().enumerate() {
                for k in 0..p {
                    jacobian[(i, j * p + k)] = outer * slope * self.inputs[(i, k)];
                }
                jacobian[(i, self.neurons * p + j)] = self.scale * value;
            }
        }
        jacobian
    }

    fn pull_back(&self, parameters: &Vector, weigh: &mut dyn FnMut(&mut [f64]), into: &mut Vector) {
        self.pull(parameters.as_slice(), 1, weigh, into.as_mut_slice());
    }

    fn pull_back_block(
        &self,
        at: &Ensemble,
        weigh: &mut dyn FnMut(&mut [f64]),
        into: &mut Ensemble,
    ) {
        self.pull(at.numbers(), at.trials(), weigh, into.numbers_mut());
    }

    fn curvature(&self, parameters: &Vector, weights: &Vector, direction: &Vector) -> Vector {
        self.bend(parameters, weights, |_, coordinate| direction[coordinate])
    }

    fn rounding(&self, parameters: &Vector) -> f64 {
        let (m, p) = (self.neurons as f64, self.inputs.ncols() as f64);
        let features = self.features(parameters);
        let sizes = self.inputs.abs();
        let mut errors = Vector::zeros(self.samples());
        for j in 0..self.neurons {
            // What the sum over coordinates adds to a feature, and what is added after it.
            let sums = &sizes * self.inner(parameters, j).abs();
            let outer = (self.scale * self.outer_weight(parameters, j)).abs();
            for i in 0..self.samples() {
                let inner = p * self.activation.steepest() * sums[i];
                errors[i] += outer * (inner + (m + 8.0) * features[(i, j)].abs());
            }
        }
        f64::EPSILON * errors.norm()
    }
}

#[inline]
fn add_product(sums: &mut [f64], factor: f64, numbers: &[f64]) {
    for (sum, number) in sums.iter_mut().zip(numbers) {
        *sum += factor * number;
    }
}
