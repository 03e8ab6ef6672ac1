//! The loss of a tanh network on one sample, in numbers of any kind.

use nalgebra::DVector;

use crate::oracle::{Curvature, Oracle};
use crate::point::Scalar;

/// |F(x) − y|²/2 of one sample (x, y) as a function of all weights and biases of a fully connected network F whose hidden units are
/// tanh. Parameters lie as those of [`FullyConnected`](super::FullyConnected): for each layer the columns of its weights, then its biases.
///
/// Gradients come by one pass through the layers and back. A product with the Hessian is the derivative of both passes along a direction
/// (Pearlmutter 1994): it is exact, and no entry of the Hessian is ever written down. In numbers that count, what both cost is a whole number.
///
/// ```
/// use nalgebra::DVector;
/// use theoria_models::{networks::TanhSample, oracle::{Curvature, Oracle}};
///
/// // f(w, b) = (w + b − 3)²/2: a network without hidden units.
/// let vector = |numbers: &[f64]| DVector::from_row_slice(numbers);
/// let f = TanhSample::new(vec![1, 1], vector(&[1.0]), vector(&[3.0]), f64::tanh);
/// let (at, mut into) = (vector(&[4.0, 1.0]), vector(&[0.0; 2]));
/// f.gradient(&at, &mut into);
/// assert_eq!(into, vector(&[2.0, 2.0]));
/// f.hessian_times(&at, &vector(&[1.0, 0.0]), &mut into);
/// assert_eq!(into, vector(&[1.0, 1.0]));
/// ```
#[derive(Debug, Clone)]
pub struct TanhSample<S> {
    widths: Vec<usize>,
    input: DVector<S>,
    target: DVector<S>,
    tanh: fn(S) -> S,
}

/// The parameters of one layer, or a direction of them.
struct Layer<'a, S> {
    weights: &'a [S],
    biases: &'a [S],
}

impl<S: Scalar> TanhSample<S> {
    /// For these widths of the layers, input and output included, and the hyperbolic tangent of such numbers.
    ///
    /// # Panics
    /// If there are fewer than two widths, or the first and the last are not those of the input and of the target.
    pub fn new(
        widths: Vec<usize>,
        input: DVector<S>,
        target: DVector<S>,
        tanh: fn(S) -> S,
    ) -> Self {
        assert!(widths.len() >= 2, "at least an input and an output");
        assert_eq!(widths.first(), Some(&input.len()), "the first width is that of the input");
        assert_eq!(widths.last(), Some(&target.len()), "the last width is that of the target");
        TanhSample { widths, input, target, tanh }
    }

    /// The number of weights and biases.
    pub fn parameters(&self) -> usize {
        self.widths.windows(2).map(|pair| (pair[0] + 1) * pair[1]).sum()
    }

    fn layers<'a>(&self, parameters: &'a DVector<S>) -> Vec<Layer<'a, S>> {
        let mut rest = parameters.as_slice();
        let pairs = self.widths.windows(2);
        pairs
            .map(|pair| {
                let (weights, after) = rest.split_at(pair[0] * pair[1]);
                let (biases, after) = after.split_at(pair[1]);
                rest = after;
                Layer { weights, biases }
            })
            .collect()
    }

    /// The inputs of all layers, and the output.
    fn signals(&self, layers: &[Layer<S>]) -> Vec<Vec<S>> {
        let mut signals = vec![self.input.as_slice().to_vec()];
        for (depth, layer) in layers.iter().enumerate() {
            let mut sums = layer.biases.to_vec();
            add_image(layer.weights, &signals[depth], &mut sums);
            if depth + 1 < layers.len() {
                sums = sums.into_iter().map(self.tanh).collect();
            }
            signals.push(sums);
        }
        signals
    }

    /// F(x) − y
    fn residual(&self, signals: &[Vec<S>]) -> Vec<S> {
        let output = signals[signals.len() - 1].iter().cloned();
        output.zip(self.target.iter().cloned()).map(|(output, target)| output - target).collect()
    }
}

impl<S: Scalar> Oracle<DVector<S>> for TanhSample<S> {
    fn gradient(&self, at: &DVector<S>, into: &mut DVector<S>) {
        let layers = self.layers(at);
        let signals = self.signals(&layers);
        let mut error = self.residual(&signals);
        let mut rest = into.as_mut_slice();
        for (depth, layer) in layers.iter().enumerate().rev() {
            let input = &signals[depth];
            let (before, _) = write_last_layer(&error, input, rest);
            rest = before;
            if depth > 0 {
                let back = transposed_image(layer.weights, &error, input.len());
                error = product(&slopes(input), &back);
            }
        }
    }
}

impl<S: Scalar> Curvature<DVector<S>> for TanhSample<S> {
    fn hessian_times(&self, at: &DVector<S>, direction: &DVector<S>, into: &mut DVector<S>) {
        let (layers, moved) = (self.layers(at), self.layers(direction));
        let signals = self.signals(&layers);
        // How each of them changes along the direction, and the slopes of tanh; the input does not change.
        let (mut changes, mut slopes_at) = (vec![Vec::new()], vec![Vec::new()]);
        for (depth, layer) in layers.iter().enumerate() {
            let mut change = moved[depth].biases.to_vec();
            add_image(moved[depth].weights, &signals[depth], &mut change);
            if depth > 0 {
                add_image(layer.weights, &changes[depth], &mut change);
            }
            if depth + 1 < layers.len() {
                let slopes = slopes(&signals[depth + 1]);
                change = product(&slopes, &change);
                slopes_at.push(slopes);
            }
            changes.push(change);
        }
        let mut error = self.residual(&signals);
        let mut change = changes.pop().unwrap_or_default();
        let mut rest = into.as_mut_slice();
        for (depth, layer) in layers.iter().enumerate().rev() {
            let input = &signals[depth];
            let (before, weights) = write_last_layer(&change, input, rest);
            rest = before;
            if depth > 0 {
                add_outer(&error, &changes[depth], weights);
                let back = transposed_image(layer.weights, &error, input.len());
                let mut back_change = transposed_image(layer.weights, &change, input.len());
                let by_weights = transposed_image(moved[depth].weights, &error, input.len());
                add(&by_weights, &mut back_change);
                // The slope 1 − t² changes by −2t times what t does.
                let twice: Vec<S> = input.iter().map(|t| -(t.clone() + t.clone())).collect();
                let slopes_change = product(&twice, &changes[depth]);
                let slopes = &slopes_at[depth];
                change = product(slopes, &back_change);
                add(&product(&slopes_change, &back), &mut change);
                error = product(slopes, &back);
            }
        }
    }
}

/// 1 − t²
fn slopes<S: Scalar>(signals: &[S]) -> Vec<S> {
    signals.iter().map(|t| S::from(1.0) - t.clone() * t.clone()).collect()
}

fn product<S: Scalar>(one: &[S], other: &[S]) -> Vec<S> {
    one.iter().zip(other).map(|(one, other)| one.clone() * other.clone()).collect()
}

fn add<S: Scalar>(numbers: &[S], to: &mut [S]) {
    for (sum, number) in to.iter_mut().zip(numbers) {
        *sum = sum.clone() + number.clone();
    }
}

/// Adds W x, with the columns of W one after the other.
fn add_image<S: Scalar>(weights: &[S], signal: &[S], sums: &mut [S]) {
    for (column, signal) in weights.chunks_exact(sums.len()).zip(signal) {
        for (sum, weight) in sums.iter_mut().zip(column) {
            *sum = sum.clone() + weight.clone() * signal.clone();
        }
    }
}

/// Wᵀ e
fn transposed_image<S: Scalar>(weights: &[S], error: &[S], columns: usize) -> Vec<S> {
    let column = |j: usize| {
        let weights = &weights[j * error.len()..(j + 1) * error.len()];
        let products = weights.iter().zip(error);
        products.fold(S::from(0.0), |sum, (weight, error)| sum + weight.clone() * error.clone())
    };
    (0..columns).map(column).collect()
}

/// Writes e xᵀ and e to the places of the weights and biases of the last layer among these parameters. Those of the layers before it, and e xᵀ.
fn write_last_layer<'a, S: Scalar>(
    error: &[S],
    input: &[S],
    into: &'a mut [S],
) -> (&'a mut [S], &'a mut [S]) {
    let entries = error.len() * input.len();
    let (before, layer) = into.split_at_mut(into.len() - entries - error.len());
    let (weights, biases) = layer.split_at_mut(entries);
    biases.clone_from_slice(error);
    weights.fill(S::from(0.0));
    add_outer(error, input, weights);
    (before, weights)
}

/// Adds e xᵀ.
fn add_outer<S: Scalar>(error: &[S], signal: &[S], to: &mut [S]) {
    for (column, signal) in to.chunks_exact_mut(error.len()).zip(signal) {
        for (entry, error) in column.iter_mut().zip(error) {
            *entry = entry.clone() + error.clone() * signal.clone();
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::networks::{Activation, FullyConnected};
    use crate::{Matrix, Vector};

    fn numbers(count: usize, seed: f64) -> Vector {
        Vector::from_fn(count, |i, _| (seed + 1.7 * i as f64).sin())
    }

    proptest! {
        #[test]
        fn gradients_are_those_of_the_network(widths in prop::collection::vec(1..5usize, 2..5), seed in 0.0..6.0f64) {
            let (input, target) = (numbers(widths[0], seed), numbers(widths[widths.len() - 1], 2.0 * seed));
            let f = TanhSample::new(widths.clone(), input.clone(), target.clone(), f64::tanh);
            let network = FullyConnected::new(&widths, Activation::Tanh).with_biases();
            prop_assert_eq!(network.parameters(), f.parameters());
            let at = numbers(f.parameters(), 3.0 * seed);
            let mut gradient = at.clone();
            f.gradient(&at, &mut gradient);
            let pass = network.pass(&at, &Matrix::from_columns(&[input]));
            let error = pass.output() - Matrix::from_columns(&[target]);
            let (expected, _) = pass.pull_back(&error);
            prop_assert!((gradient - expected).norm() < 1e-12);
        }

        #[test]
        fn products_are_slopes_of_gradients(widths in prop::collection::vec(1..5usize, 2..5), seed in 0.0..6.0f64) {
            let (input, target) = (numbers(widths[0], seed), numbers(widths[widths.len() - 1], 2.0 * seed));
            let f = TanhSample::new(widths, input, target, f64::tanh);
            let (at, along) = (numbers(f.parameters(), 3.0 * seed), numbers(f.parameters(), 5.0 * seed));
            let (mut image, mut high, mut low) = (at.clone(), at.clone(), at.clone());
            f.hessian_times(&at, &along, &mut image);
            let width = 1e-5;
            f.gradient(&(&at + &along * width), &mut high);
            f.gradient(&(&at - &along * width), &mut low);
            prop_assert!((image - (high - low) / (2.0 * width)).norm() < 1e-6);
        }
    }
}
