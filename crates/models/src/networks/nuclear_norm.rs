//! The nuclear norm, the convex counterpart of low rank.

use crate::objectives::Regulariser;
use crate::{Matrix, Svd, Vector};

/// r(W) = weight Σ_i σ_i(W) for a matrix W whose columns follow each other in the vector; its proximal
/// map takes step · weight off each singular value (Cai, Candès, Shen 2010).
///
/// ```
/// use theoria_models::{Vector, networks::NuclearNorm, objectives::Regulariser};
///
/// let mut w = Vector::from_vec(vec![3.0, 0.0, 0.0, -0.5]);
/// assert!((NuclearNorm::new(2, 2, 2.0).value(&w) - 7.0).abs() < 1e-14);
/// NuclearNorm::new(2, 2, 2.0).proximal(0.5, &mut w);
/// assert!((w - Vector::from_vec(vec![2.0, 0.0, 0.0, 0.0])).amax() < 1e-14);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NuclearNorm {
    rows: usize,
    columns: usize,
    weight: f64,
}

impl NuclearNorm {
    /// For matrices of this shape; the weight is not negative.
    pub fn new(rows: usize, columns: usize, weight: f64) -> Self {
        NuclearNorm { rows, columns, weight }
    }

    fn matrix(&self, x: &Vector) -> Matrix {
        Matrix::from_column_slice(self.rows, self.columns, x.as_slice())
    }

    /// U f(S) Vᵀ for the decomposition U S Vᵀ of x.
    fn on_singular_values(&self, x: &Vector, f: impl Fn(f64) -> f64) -> Matrix {
        Svd::of(&self.matrix(x)).with_values(f)
    }
}

impl Regulariser for NuclearNorm {
    fn describe(&self) -> String {
        format!("{:.4} |W|_*", self.weight)
    }

    fn value(&self, x: &Vector) -> f64 {
        self.weight * Svd::of(&self.matrix(x)).values().sum()
    }

    fn subgradient(&self, x: &Vector, into: &mut Vector) {
        let negligible = f64::EPSILON * x.norm();
        let sign = |s: f64| if s > negligible { self.weight } else { 0.0 };
        into.copy_from_slice(self.on_singular_values(x, sign).as_slice());
    }

    fn proximal(&self, step: f64, x: &mut Vector) {
        let level = step * self.weight;
        let image = self.on_singular_values(x, |s| (s - level).max(0.0));
        x.copy_from_slice(image.as_slice());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::networks::Initialization;
    use proptest::prelude::*;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    proptest! {
        /// z is the proximal point of x exactly if (x - z)/step is a subgradient at z: r(y) >= r(z) +
        /// ⟨x - z, y - z⟩/step for all y.
        #[test]
        fn proximal_points_satisfy_the_inequality_of_subgradients(
            rows in 1..5usize, columns in 1..5usize, step in 0.01..2.0f64, seed: u64,
        ) {
            let rng = &mut ChaCha8Rng::seed_from_u64(seed);
            let norm = NuclearNorm::new(rows, columns, 0.7);
            let mut draw = || Vector::from_column_slice(Initialization::He.draw(rows, columns, rng).as_slice());
            let (x, y) = (draw(), draw());
            let mut z = x.clone();
            norm.proximal(step, &mut z);
            let slope = (&x - &z) / step;
            prop_assert!(norm.value(&y) >= norm.value(&z) + slope.dot(&(&y - &z)) - 1e-12 / step);
            let mut own = z.clone();
            norm.subgradient(&x, &mut own);
            prop_assert!(norm.value(&y) >= norm.value(&x) + own.dot(&(&y - &x)) - 1e-12);
        }
    }
}
