//! Ridge regression for all weights.

use theoria_elementary::powf;
use theoria_models::{Matrix, Vector};

/// The minimisers of |X a - y|² + l|a|² by the eigenvalues of XᵀX: entry j is Σ_i V_ji (Vᵀ Xᵀy)_i/(s_i² + l).
pub(crate) struct RidgePath {
    /// s_i²
    squares: Vector,
    /// V_ji (Vᵀ Xᵀy)_i
    terms: Matrix,
}

impl RidgePath {
    pub(crate) fn of(features: &Matrix, targets: &Vector) -> Self {
        Self::of_products(features.tr_mul(features), &features.tr_mul(targets))
    }

    /// From XᵀX and Xᵀy.
    pub(crate) fn of_products(gram: Matrix, products: &Vector) -> Self {
        let eigen = gram.symmetric_eigen();
        let along = eigen.eigenvectors.tr_mul(products);
        let mut terms = eigen.eigenvectors;
        for (i, mut column) in terms.column_iter_mut().enumerate() {
            column *= along[i];
        }
        RidgePath { squares: eigen.eigenvalues.map(|square| square.max(0.0)), terms }
    }

    pub(crate) fn at(&self, weight: f64) -> Vector {
        &self.terms * self.squares.map(|square| 1.0 / (square + weight))
    }

    /// The derivative of the l1 norm by l: -s·(XᵀX + l)⁻¹a with the signs s.
    pub(crate) fn slope_of_the_norm(&self, weight: f64) -> f64 {
        let slopes = &self.terms * self.squares.map(|square| -(square + weight).powi(-2));
        self.at(weight).iter().zip(&slopes).map(|(a, slope)| a.signum() * slope).sum()
    }

    /// The weights at which the l1 norm of the solution is `norm`, on a grid of 400 between these.
    pub(crate) fn of_norm(&self, norm: f64, from: f64, to: f64) -> Vec<f64> {
        let above = |weight: f64| self.at(weight).lp_norm(1) - norm;
        let weights = logarithmic(from, to, 400);
        let crossings = weights.windows(2).filter(|pair| above(pair[0]) * above(pair[1]) < 0.0);
        crossings.map(|pair| root(above, pair[0], pair[1])).collect()
    }

    /// The weights at which this entry changes its sign, on a grid of `count` weights whose logarithms are evenly spaced.
    pub(crate) fn sign_changes(&self, entry: usize, from: f64, to: f64, count: usize) -> Vec<f64> {
        let value = |weight: f64| {
            let terms = self.terms.row(entry);
            terms.iter().zip(&self.squares).map(|(t, s)| t / (s + weight)).sum::<f64>()
        };
        let weights = logarithmic(from, to, count);
        let changes = weights.windows(2).filter(|pair| value(pair[0]) * value(pair[1]) < 0.0);
        changes.map(|pair| root(value, pair[0], pair[1])).collect()
    }
}

/// Numbers whose logarithms are evenly spaced.
pub(crate) fn logarithmic(from: f64, to: f64, count: usize) -> Vec<f64> {
    let place = |i: usize| i as f64 / (count - 1) as f64;
    (0..count).map(|i| from * powf(to / from, place(i))).collect()
}

/// Where a function changes its sign between these, by bisection.
pub(crate) fn root(value: impl Fn(f64) -> f64, mut low: f64, mut high: f64) -> f64 {
    let sign = value(low).signum();
    for _ in 0..200 {
        let middle = f64::midpoint(low, high);
        if value(middle).signum() == sign { low = middle } else { high = middle }
    }
    f64::midpoint(low, high)
}
