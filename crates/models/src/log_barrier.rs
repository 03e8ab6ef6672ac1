//! The logarithmic barrier of half-spaces about their analytic centre.

use crate::oracle::{NewtonSystem, Oracle};
use crate::{Matrix, Vector};
use theoria_elementary::ln_1p;

/// f(x) = Σ_i (a_i·x - log(1 + a_i·x)), where all 1 + a_i·x > 0: the barrier of these half-spaces with what makes its gradient vanish at 0, where it
/// is 0. It is self-concordant, |f'''| <= 2 f''^{3/2} along every line, and not finite elsewhere; so it is an oracle, no
/// [`Objective`](crate::Objective) on the whole space.
///
/// ```
/// use theoria_models::{LogBarrier, Matrix, Vector, oracle::Oracle};
///
/// // x - log(1 + x)
/// let f = LogBarrier::new(Matrix::from_element(1, 1, 1.0));
/// let (at, mut gradient) = (Vector::from_element(1, 3.0), Vector::zeros(1));
/// f.gradient(&at, &mut gradient);
/// assert_eq!(gradient[0], 0.75);
/// assert!((f.value(&at) - (3.0 - 4f64.ln())).abs() < 1e-15);
/// ```
#[derive(Debug, Clone)]
pub struct LogBarrier {
    rows: Matrix,
}

impl LogBarrier {
    /// With these a_i for rows.
    pub fn new(rows: Matrix) -> Self {
        LogBarrier { rows }
    }

    /// The a_i for rows.
    pub fn rows(&self) -> &Matrix {
        &self.rows
    }

    /// f(x); infinite outside.
    pub fn value(&self, at: &Vector) -> f64 {
        let products = &self.rows * at;
        if products.iter().all(|product| *product > -1.0) {
            products.iter().map(|product| product - ln_1p(*product)).sum()
        } else {
            f64::INFINITY
        }
    }

    /// Σ_i a_i a_iᵀ/(1 + a_i·x)²
    pub fn hessian(&self, at: &Vector) -> Matrix {
        let products = &self.rows * at;
        let mut scaled = self.rows.clone();
        for (mut row, product) in scaled.row_iter_mut().zip(&products) {
            row /= 1.0 + product;
        }
        scaled.tr_mul(&scaled)
    }
}

impl Oracle<Vector> for LogBarrier {
    fn gradient(&self, at: &Vector, into: &mut Vector) {
        let weights = (&self.rows * at).map(|product| product / (1.0 + product));
        into.gemv_tr(1.0, &self.rows, &weights, 0.0);
    }
}

impl NewtonSystem<Vector> for LogBarrier {
    fn solve(&self, at: &Vector, right: &mut Vector) -> bool {
        match self.hessian(at).cholesky() {
            Some(factor) => {
                factor.solve_mut(right);
                true
            }
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn derivatives_are_those_of_the_values(seed in 0.0..6.0f64, d in 1..4usize) {
            let f = LogBarrier::new(Matrix::from_fn(d + 2, d, |i, j| (seed + 1.7 * i as f64 + 2.9 * j as f64).sin()));
            let (at, along) = (Vector::from_element(d, 0.2), Vector::from_fn(d, |i, _| (seed + i as f64).cos()));
            let width = 1e-5;
            let (high, low) = (&at + &along * width, &at - &along * width);
            let gradient = |x: &Vector| {
                let mut into = x.clone();
                f.gradient(x, &mut into);
                into
            };
            let slope = (f.value(&high) - f.value(&low)) / (2.0 * width);
            prop_assert!((gradient(&at).dot(&along) - slope).abs() < 1e-6 * (1.0 + slope.abs()));
            let change = (gradient(&high) - gradient(&low)) / (2.0 * width);
            prop_assert!((f.hessian(&at) * &along - &change).norm() < 1e-6 * (1.0 + change.norm()));
        }
    }
}
