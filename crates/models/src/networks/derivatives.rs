//! Derivatives of fully connected networks: forward, backward, and second order.

use super::Pass;
use crate::products::{Factor, add_product, add_product_to, product};
use crate::{Matrix, Vector};

impl Pass<'_> {
    /// The Jacobian-vector product: how the outputs, n_L x N, move when the parameters and the
    /// inputs, n_0 x N, move like this.
    ///
    /// # Panics
    /// If the sizes do not fit.
    pub fn push_forward(&self, parameters: &Vector, inputs: &Matrix) -> Matrix {
        let mut moved = self.motions(parameters.as_slice(), inputs);
        moved.swap_remove(self.network.depth())
    }

    /// The vector-Jacobian product for weights of the outputs, n_L x N: the derivative of the
    /// weighted sum by the parameters, and by the inputs, n_0 x N.
    ///
    /// # Panics
    /// If the sizes do not fit.
    pub fn pull_back(&self, outputs: &Matrix) -> (Vector, Matrix) {
        let mut gradient = Vector::zeros(self.network.parameters());
        let mut upstream = outputs.clone();
        for layer in (1..=self.network.depth()).rev() {
            upstream.component_mul_assign(&self.slopes(layer));
            self.collect(layer, &upstream, &self.after[layer - 1], &mut gradient);
            let weights = self.network.weights_in(self.parameters, layer);
            upstream = product(weights.transpose(), Factor::of(&upstream));
        }
        (gradient, upstream)
    }

    /// The derivative of the parameters' [`pull_back`](Self::pull_back) when the parameters move
    /// like `direction` and the weights of the outputs, themselves functions of the outputs, are
    /// `outputs` and move like `outputs_moved(motion of the outputs)` (Pearlmutter 1994). At a kink
    /// of the activation the second derivative counts as 0.
    ///
    /// # Panics
    /// If the sizes do not fit.
    pub fn pull_back_moved(
        &self,
        direction: &Vector,
        outputs: &Matrix,
        outputs_moved: impl FnOnce(&Matrix) -> Matrix,
    ) -> Vector {
        let direction = direction.as_slice();
        let inputs = Matrix::zeros(self.after[0].nrows(), self.after[0].ncols());
        let moved = self.motions(direction, &inputs);
        let mut image = Vector::zeros(self.network.parameters());
        let mut upstream = outputs.clone();
        let mut upstream_moved = outputs_moved(&moved[self.network.depth()]);
        for layer in (1..=self.network.depth()).rev() {
            let activation = self.network.activation(layer);
            let slopes = self.slopes(layer);
            // What h does, before the activation.
            let mut bent = self.motion_before(direction, layer, &moved[layer - 1]);
            bent.component_mul_assign(&upstream);
            bent.zip_apply(&self.before[layer - 1], |own, h| {
                *own *= activation.second_derivative(h).unwrap_or(0.0);
            });
            upstream.component_mul_assign(&slopes);
            upstream_moved.component_mul_assign(&slopes);
            upstream_moved += bent;
            self.collect(layer, &upstream_moved, &self.after[layer - 1], &mut image);
            self.collect_weights(layer, &upstream, &moved[layer - 1], &mut image);
            let back = self.network.weights_in(self.parameters, layer).transpose();
            let back_moved = self.network.weights_in(direction, layer).transpose();
            upstream_moved = product(back, Factor::of(&upstream_moved));
            add_product(&mut upstream_moved, 1.0, back_moved, Factor::of(&upstream));
            upstream = product(back, Factor::of(&upstream));
        }
        image
    }

    /// How xˡ moves, for l = 0, ..., L.
    fn motions(&self, parameters: &[f64], inputs: &Matrix) -> Vec<Matrix> {
        let mut moved = vec![inputs.clone()];
        for layer in 1..=self.network.depth() {
            let mut next = self.motion_before(parameters, layer, &moved[layer - 1]);
            next.component_mul_assign(&self.slopes(layer));
            moved.push(next);
        }
        moved
    }

    /// How hˡ moves.
    fn motion_before(&self, parameters: &[f64], layer: usize, moved: &Matrix) -> Matrix {
        let weights = self.network.weights_in(self.parameters, layer);
        let changed = self.network.weights_in(parameters, layer);
        let mut h = product(weights, Factor::of(moved));
        add_product(&mut h, 1.0, changed, Factor::of(&self.after[layer - 1]));
        self.network.add_biases(parameters, layer, &mut h);
        h
    }

    /// Adds what a layer's weights and biases get.
    fn collect(&self, layer: usize, upstream: &Matrix, signals: &Matrix, into: &mut Vector) {
        self.collect_weights(layer, upstream, signals, into);
        let biases = &mut into.as_mut_slice()[self.network.biases_of(layer)];
        for (bias, row) in biases.iter_mut().zip(upstream.row_iter()) {
            *bias += row.sum();
        }
    }

    fn collect_weights(&self, layer: usize, left: &Matrix, right: &Matrix, into: &mut Vector) {
        let numbers = &mut into.as_mut_slice()[self.network.weights_of(layer)];
        add_product_to(numbers, 1.0, Factor::of(left), Factor::of(right).transpose());
    }
}
