//! Products of scalars: the smallest deep networks.

use crate::{Ensemble, Minimum, Objective, Vector};

/// f(w) = (w_1 ⋯ w_L − 1)²/2: the minimisers are the hypersurface where the product is 1, and the
/// sharpness there is |∇(w_1 ⋯ w_L)|² = Σ 1/w_i², at least L and without upper bound. For L = 2 it is
/// x² + y².
///
/// The gradient flow conserves every w_i² − w_j². A label l in place of 1 moves the target.
///
/// ```
/// use theoria_models::{Vector, networks::ScalarChain};
/// let sharpness = ScalarChain::new(2).sharpness(&Vector::from_vec(vec![2.0, 0.5]));
/// assert_eq!(sharpness, 4.25);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScalarChain {
    depth: usize,
}

impl ScalarChain {
    /// With this depth L.
    ///
    /// # Panics
    /// If the depth is below 2.
    pub fn new(depth: usize) -> Self {
        assert!(depth >= 2, "a product of at least two factors");
        ScalarChain { depth }
    }

    /// The sharpness Σ 1/w_i² at a minimiser.
    pub fn sharpness(&self, minimiser: &Vector) -> f64 {
        minimiser.iter().map(|w| 1.0 / (w * w)).sum()
    }

    /// Writes the gradient of (w_1 ⋯ w_L − label)²/2.
    pub fn labelled_gradient_into(&self, w: &Vector, label: f64, into: &mut Vector) {
        self.products_into(w, into);
        let residual = w[0] * into[0] - label;
        into.scale_mut(residual);
    }

    /// Writes the products of all factors but one, which are the gradient of the product.
    fn products_into(&self, w: &Vector, into: &mut Vector) {
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
}

impl Objective for ScalarChain {
    fn describe(&self) -> String {
        format!("product of {} scalars, to be 1", self.depth)
    }

    fn dimension(&self) -> usize {
        self.depth
    }

    fn value(&self, w: &Vector) -> f64 {
        (w.product() - 1.0).powi(2) / 2.0
    }

    fn gradient_into(&self, w: &Vector, into: &mut Vector) {
        self.labelled_gradient_into(w, 1.0, into);
    }

    /// Factor by factor, all trials side by side.
    fn gradient_block(&self, at: &Ensemble, into: &mut Ensemble) {
        let mut product = vec![1.0; at.trials()];
        for factor in 0..self.depth {
            into.coordinate_mut(factor).copy_from_slice(&product);
            for (product, w) in product.iter_mut().zip(at.coordinate(factor)) {
                *product *= w;
            }
        }
        // The residual, times the factors behind.
        let mut weight = product;
        weight.iter_mut().for_each(|product| *product -= 1.0);
        for factor in (0..self.depth).rev() {
            let slopes = into.coordinate_mut(factor).iter_mut();
            for ((slope, weight), w) in slopes.zip(&mut weight).zip(at.coordinate(factor)) {
                *slope *= *weight;
                *weight *= w;
            }
        }
    }

    fn hessian_vector(&self, w: &Vector, direction: &Vector) -> Option<Vector> {
        let mut slopes = Vector::zeros(self.depth);
        self.products_into(w, &mut slopes);
        let residual = w.product() - 1.0;
        let mut image = &slopes * slopes.dot(direction);
        for i in 0..self.depth {
            for j in (0..self.depth).filter(|&j| j != i) {
                image[i] += residual * Self::without(w, i, j) * direction[j];
            }
        }
        Some(image)
    }

    fn rounding(&self, w: &Vector) -> f64 {
        let each = self.depth as f64 * f64::EPSILON * (1.0 + w.product().abs());
        each * ((w.product() - 1.0).abs() + each)
    }

    fn gradient_rounding(&self, w: &Vector) -> f64 {
        let mut slopes = Vector::zeros(self.depth);
        self.products_into(w, &mut slopes);
        let size = 1.0 + w.product().abs();
        4.0 * self.depth as f64 * f64::EPSILON * size * slopes.norm()
    }

    fn minimum(&self) -> Option<Minimum> {
        Some(Minimum::exact(0.0))
    }
}
