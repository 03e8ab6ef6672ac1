//! How far two measurements rank in the same order.

use theoria_elementary::{atanh, tanh};
use theoria_models::Vector;

/// Spearman's rank correlation between the ends of its interval of 95% (Fisher's transformation, with
/// the variance of Bonett, Wright 2000).
pub(crate) fn rank_correlation(points: &[(f64, f64)]) -> [f64; 3] {
    let ranks = |of: fn(&(f64, f64)) -> f64| {
        let mut order: Vec<usize> = (0..points.len()).collect();
        order.sort_by(|&i, &j| of(&points[i]).total_cmp(&of(&points[j])));
        let mut ranks = Vector::zeros(points.len());
        for (rank, &i) in order.iter().enumerate() {
            ranks[i] = rank as f64;
        }
        let mean = ranks.mean();
        ranks.add_scalar(-mean)
    };
    let (x, y) = (ranks(|p| p.0), ranks(|p| p.1));
    let r = x.dot(&y) / (x.norm() * y.norm());
    let width = 1.96 * ((1.0 + r * r / 2.0) / (points.len() as f64 - 3.0)).sqrt();
    [-1.0, 0.0, 1.0].map(|side| tanh(atanh(r) + side * width))
}
