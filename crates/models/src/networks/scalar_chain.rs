//! Products of scalars: the smallest deep networks.

use crate::numerics::bisect;
use crate::stochastic::{FiniteSum, SquaredLoss};
use crate::{Ensemble, Matrix, Minimum, Objective, Vector};
use theoria_elementary::powf;

/// f(w) = (w_1 ⋯ w_L − t)²/2 for a target t, 1 unless another is set: one sample, fitted on the
/// hypersurface where the product is t. The sharpness there is |∇(w_1 ⋯ w_L)|² = t² Σ 1/w_i², for
/// t = 1 at least L and without upper bound; for L = 2 it is x² + y².
///
/// The gradient flow conserves every w_i² − w_j². For L = 2 a step of size η along any stochastic
/// gradient g (y, x), g a number, multiplies x² − y² by 1 − η² g² exactly, so that noise leads to the
/// flattest minimiser.
///
/// ```
/// use theoria_models::{Objective, Vector, networks::ScalarChain};
/// let chain = ScalarChain::new(2);
/// assert_eq!(chain.sharpness(&Vector::from_vec(vec![2.0, 0.5])), 4.25);
/// assert_eq!(chain.with_target(3.0).value(&Vector::from_vec(vec![2.0, 0.5])), 2.0);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScalarChain {
    depth: usize,
    target: f64,
}

impl ScalarChain {
    /// With this depth L and target 1.
    ///
    /// # Panics
    /// If the depth is below 2.
    pub fn new(depth: usize) -> Self {
        assert!(depth >= 2, "a product of at least two factors");
        ScalarChain { depth, target: 1.0 }
    }

    /// The same product, to be `target`.
    #[must_use]
    pub fn with_target(self, target: f64) -> Self {
        ScalarChain { target, ..self }
    }

    /// The sharpness t² Σ 1/w_i² at a minimiser, for a target that is not 0.
    pub fn sharpness(&self, minimiser: &Vector) -> f64 {
        minimiser.iter().map(|w| self.target * self.target / (w * w)).sum()
    }

    /// The sharpness of the minimiser that the gradient flow ends at, from positive factors and for a
    /// positive target: it conserves w_i² − w_j², so that w_i² = c_i + s there, with the one s for which
    /// the product is the target.
    ///
    /// ```
    /// use theoria_models::{Vector, networks::ScalarChain};
    /// // x² − y² = 15/4, and xy = 1, at (2, 1/2).
    /// let start = Vector::from_vec(vec![3.75f64.sqrt(), 1e-12]);
    /// assert!((ScalarChain::new(2).flow_sharpness(&start) - 4.25).abs() < 1e-9);
    /// ```
    pub fn flow_sharpness(&self, start: &Vector) -> f64 {
        let (squares, wanted) = (start.map(|w| w * w), self.target * self.target);
        let offsets = squares.add_scalar(-squares.min());
        // With all c_i at least 0 the product has reached the target at its L-th root.
        let high = powf(wanted, 1.0 / self.depth as f64);
        let (_, s) = bisect(0.0, high, 0.0, |s| offsets.add_scalar(s).product() < wanted);
        offsets.iter().map(|offset| wanted / (offset + s)).sum()
    }

    /// Writes the products of all factors but one, which are the gradient of the product.
    fn products_into(w: &Vector, into: &mut Vector) {
        let mut before = 1.0;
        for (product, factor) in into.iter_mut().zip(w.iter()) {
            *product = before;
            before *= factor;
        }
        let mut after = 1.0;
        for (product, factor) in into.iter_mut().zip(w.iter()).rev() {
            *product *= after;
            after *= factor;
        }
    }

    /// The product of all factors but two.
    fn without(w: &Vector, i: usize, j: usize) -> f64 {
        let others = w.iter().enumerate().filter(|&(k, _)| k != i && k != j);
        others.map(|(_, factor)| factor).product()
    }

    /// w_1 ⋯ w_L − t for each trial.
    fn residuals(&self, at: &Ensemble) -> Vec<f64> {
        let mut residuals = vec![1.0; at.trials()];
        for factor in 0..self.depth {
            for (product, w) in residuals.iter_mut().zip(at.coordinate(factor)) {
                *product *= w;
            }
        }
        residuals.iter_mut().for_each(|product| *product -= self.target);
        residuals
    }
}

impl Objective for ScalarChain {
    fn describe(&self) -> String {
        format!("product of {} scalars, to be {}", self.depth, self.target)
    }

    fn dimension(&self) -> usize {
        self.depth
    }

    fn value(&self, w: &Vector) -> f64 {
        (w.product() - self.target).powi(2) / 2.0
    }

    fn gradient_into(&self, w: &Vector, into: &mut Vector) {
        Self::products_into(w, into);
        let residual = w[0] * into[0] - self.target;
        into.scale_mut(residual);
    }

    fn gradient_block(&self, at: &Ensemble, into: &mut Ensemble) {
        into.numbers_mut().fill(0.0);
        self.add_residual_gradients(&vec![0; at.trials()], &self.residuals(at), at, into);
    }

    fn hessian_vector(&self, w: &Vector, direction: &Vector) -> Option<Vector> {
        let mut slopes = Vector::zeros(self.depth);
        Self::products_into(w, &mut slopes);
        let residual = w.product() - self.target;
        let mut image = &slopes * slopes.dot(direction);
        for i in 0..self.depth {
            for j in (0..self.depth).filter(|&j| j != i) {
                image[i] += residual * Self::without(w, i, j) * direction[j];
            }
        }
        Some(image)
    }

    fn hessian(&self, w: &Vector) -> Option<Matrix> {
        let mut slopes = Vector::zeros(self.depth);
        Self::products_into(w, &mut slopes);
        let residual = w.product() - self.target;
        Some(Matrix::from_fn(self.depth, self.depth, |i, j| {
            let bend = if i == j { 0.0 } else { residual * Self::without(w, i, j) };
            slopes[i] * slopes[j] + bend
        }))
    }

    fn rounding(&self, w: &Vector) -> f64 {
        let size = self.target.abs() + w.product().abs();
        let each = self.depth as f64 * f64::EPSILON * size;
        each * ((w.product() - self.target).abs() + each)
    }

    fn gradient_rounding(&self, w: &Vector) -> f64 {
        let mut slopes = Vector::zeros(self.depth);
        Self::products_into(w, &mut slopes);
        let size = self.target.abs() + w.product().abs();
        4.0 * self.depth as f64 * f64::EPSILON * size * slopes.norm()
    }

    fn minimum(&self) -> Option<Minimum> {
        Some(Minimum::exact(0.0))
    }
}

/// Of one sample.
impl FiniteSum for ScalarChain {
    fn samples(&self) -> usize {
        1
    }

    fn sample_value(&self, _sample: usize, w: &Vector) -> f64 {
        self.value(w)
    }

    fn sample_gradient_into(&self, _sample: usize, w: &Vector, into: &mut Vector) {
        self.gradient_into(w, into);
    }

    fn add_sample_gradients(
        &self,
        samples: &[u32],
        weight: f64,
        at: &Ensemble,
        into: &mut Ensemble,
    ) {
        let mut weights = self.residuals(at);
        weights.iter_mut().for_each(|residual| *residual *= weight);
        self.add_residual_gradients(samples, &weights, at, into);
    }
}

impl SquaredLoss for ScalarChain {
    /// In one pass, since both are along the gradient of the product.
    fn add_noisy_gradients(
        &self,
        samples: &[u32],
        weight: f64,
        noise: &[f64],
        at: &Ensemble,
        into: &mut Ensemble,
    ) {
        let mut weights = self.residuals(at);
        for (residual, noise) in weights.iter_mut().zip(noise) {
            *residual = *residual * weight + noise;
        }
        self.add_residual_gradients(samples, &weights, at, into);
    }

    /// Factor by factor, all trials side by side.
    fn add_residual_gradients(
        &self,
        _samples: &[u32],
        weights: &[f64],
        at: &Ensemble,
        into: &mut Ensemble,
    ) {
        // So many trials at a time that what is multiplied stays at hand.
        const TOGETHER: usize = 64;
        let mut products = [0.0; TOGETHER];
        for factor in 0..self.depth {
            let slopes = into.coordinate_mut(factor).chunks_mut(TOGETHER);
            for (part, (slopes, weights)) in slopes.zip(weights.chunks(TOGETHER)).enumerate() {
                // The weight times all factors but this one. Chains are short.
                let products = &mut products[..weights.len()];
                products.copy_from_slice(weights);
                for other in (0..self.depth).filter(|other| *other != factor) {
                    let others = &at.coordinate(other)[part * TOGETHER..];
                    products.iter_mut().zip(others).for_each(|(product, w)| *product *= w);
                }
                slopes.iter_mut().zip(products).for_each(|(slope, product)| *slope += *product);
            }
        }
    }
}
