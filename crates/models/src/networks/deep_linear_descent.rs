//! Gradient descent on a deep linear network, in place.

use super::DeepLinear;
use crate::Matrix;
use crate::products::{Factor, add_product, set_product};

/// Gradient descent on |W_N ⋯ W_1 - Φ|_F² / 2 with a constant step size, without allocation in a
/// step: W_j ← W_j - h (W_N ⋯ W_{j+1})ᵀ (W - Φ) (W_{j-1} ⋯ W_1)ᵀ for all j at once.
///
/// It takes the steps that the generic method takes on a [`DeepLinearLoss`](super::DeepLinearLoss),
/// several times faster.
///
/// ```
/// use theoria_models::{Matrix, networks::{DeepLinear, DeepLinearDescent}};
///
/// let target = Matrix::from_element(1, 1, 1.0);
/// let mut network = DeepLinear::balanced(&Matrix::from_element(1, 1, 0.25), 2);
/// let mut descent = DeepLinearDescent::new(&network, target, 0.1);
/// // Both factors are 1/2, and the derivative by each is (1/4 - 1)/2.
/// let loss_before = descent.step(&mut network);
/// assert!((loss_before - 0.28125).abs() < 1e-15);
/// assert!((network.factors()[1][(0, 0)] - 0.5375).abs() < 1e-15);
/// ```
#[derive(Debug, Clone)]
pub struct DeepLinearDescent {
    target: Matrix,
    step_size: f64,
    /// W_j ⋯ W_1 for j = 1, ..., N - 1.
    signals: Vec<Matrix>,
    /// W_N ⋯ W_1 - Φ.
    residual: Matrix,
    /// (W_N ⋯ W_{j+1})ᵀ (W - Φ), n_j x n_0, for j = N - 1, ..., 1.
    pulled: Vec<Matrix>,
}

impl DeepLinearDescent {
    /// For networks of the shape of this one.
    ///
    /// # Panics
    /// If the target has not the shape of the end-to-end map.
    pub fn new(network: &DeepLinear, target: Matrix, step_size: f64) -> Self {
        let widths = network.widths();
        let (n_in, depth) = (widths[0], network.depth());
        assert_eq!(target.shape(), (widths[depth], n_in), "the target fits");
        let places = || widths[1..depth].iter().map(|n| Matrix::zeros(*n, n_in));
        DeepLinearDescent {
            residual: Matrix::zeros(target.nrows(), target.ncols()),
            target,
            step_size,
            signals: places().collect(),
            pulled: places().collect(),
        }
    }

    /// Takes one step, and returns the loss before it.
    ///
    /// # Panics
    /// If the network has another shape than that at construction.
    pub fn step(&mut self, network: &mut DeepLinear) -> f64 {
        let depth = network.depth();
        let factors = network.factors_mut();
        for j in 0..depth {
            let (below, above) = self.signals.split_at_mut(j);
            let into = above.first_mut().unwrap_or(&mut self.residual);
            match below.last() {
                None => into.copy_from(&factors[0]),
                Some(below) => set_product(into, Factor::of(&factors[j]), Factor::of(below)),
            }
        }
        self.residual -= &self.target;
        let loss = self.residual.norm_squared() / 2.0;
        for j in (0..depth).rev() {
            let (lower, upper) = self.pulled.split_at_mut(j);
            let slope = upper.first().unwrap_or(&self.residual);
            if j == 0 {
                factors[0].zip_apply(slope, |w, s| *w -= self.step_size * s);
                break;
            }
            let factor = &mut factors[j];
            let pulled = &mut lower[j - 1];
            set_product(pulled, Factor::of(factor).transpose(), Factor::of(slope));
            let signals = Factor::of(&self.signals[j - 1]).transpose();
            add_product(factor, -self.step_size, Factor::of(slope), signals);
        }
        loss
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Objective;
    use crate::networks::{DeepLinearLoss, Initialization};
    use proptest::prelude::*;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    proptest! {
        #[test]
        fn steps_are_those_of_gradient_descent_on_the_objective(
            widths in prop::collection::vec(1..8usize, 2..6), seed: u64,
        ) {
            let rng = &mut ChaCha8Rng::seed_from_u64(seed);
            let mut network = DeepLinear::draw(&widths, Initialization::Glorot, rng);
            let target = Initialization::He.draw(widths[widths.len() - 1], widths[0], rng);
            let f = DeepLinearLoss::new(&widths, target.clone());
            let mut descent = DeepLinearDescent::new(&network, target, 0.05);
            let mut x = network.flatten();
            for _ in 0..5 {
                let value = f.value(&x);
                let loss = descent.step(&mut network);
                prop_assert!((loss - value).abs() <= 1e-12 * (1.0 + value), "{loss} {value}");
                x -= f.gradient_at(&x) * 0.05;
                prop_assert!((network.flatten() - &x).amax() <= 1e-12 * (1.0 + x.amax()));
            }
        }
    }
}
