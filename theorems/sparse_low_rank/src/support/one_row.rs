//! Matrices of rank 1 of which all is seen but part of a row, and their nuclear norm.

use theoria_elementary::{atan2, cos, sin};
use theoria_models::{Matrix, Svd, Vector};
use theoria_references::complete_by_nuclear_norm;
use theoria_verification::{Family, Instance};

/// M = s u vᵀ with unit vectors; the first row is seen at its first `kept` entries, the others whole.
#[derive(Clone)]
pub(crate) struct OneRow {
    size: f64,
    left: Vector,
    right: Vector,
    kept: usize,
}

impl Instance for OneRow {
    fn description(&self) -> String {
        let (n, m) = (self.left.len(), self.right.len());
        let (alpha, beta) = self.angles();
        let kept = self.kept;
        format!("{n} x {m}, {kept} of the first row seen, α = {alpha:.4}, β = {beta:.4}")
    }

    fn needs() -> String {
        "a matrix of rank 1, and how much of its first row is seen".into()
    }
}

impl OneRow {
    /// A square of two rows.
    pub(crate) fn of_angles(alpha: f64, beta: f64) -> Self {
        let left = Vector::from_vec(vec![sin(alpha), cos(alpha)]);
        let right = Vector::from_vec(vec![cos(beta), sin(beta)]);
        OneRow { size: 1.0, left, right, kept: 1 }
    }

    /// α with sin α = |u_1|, β with sin β = |v| off the entries that are seen.
    pub(crate) fn angles(&self) -> (f64, f64) {
        let hidden = self.right.rows(self.kept, self.right.len() - self.kept).norm();
        let seen = self.right.rows(0, self.kept).norm();
        let rest = self.left.rows(1, self.left.len() - 1).norm();
        (atan2(self.left[0].abs(), rest), atan2(hidden, seen))
    }

    pub(crate) fn truth(&self) -> Matrix {
        &self.left * self.right.transpose() * self.size
    }

    /// |M|_*
    pub(crate) fn norm(&self) -> f64 {
        self.size
    }

    /// What the minimum of |Z|_* over the matrices with these entries is at least, by a dual point.
    pub(crate) fn at_least(&self) -> f64 {
        let truth = self.truth();
        let mut mask = Matrix::from_element(truth.nrows(), truth.ncols(), 1.0);
        mask.row_mut(0).columns_mut(self.kept, truth.ncols() - self.kept).fill(0.0);
        let weight = WEIGHT * self.size;
        complete_by_nuclear_norm(&truth, &mask, weight).map_or(f64::NAN, |found| {
            // The residual over its largest singular value is a dual point.
            let residual = (&truth - &found.matrix).component_mul(&mask);
            residual.dot(&truth) / Svd::of(&residual).values().max()
        })
    }

    /// |Z|_* of the best matrix with these entries whose hidden part is a multiple of that of M.
    pub(crate) fn at_most(&self) -> f64 {
        let norm = |multiple: f64| {
            let mut z = self.truth();
            let hidden = z.ncols() - self.kept;
            z.row_mut(0).columns_mut(self.kept, hidden).scale_mut(multiple);
            Svd::of(&z).values().sum()
        };
        // It is convex in the multiple.
        let (mut low, mut high) = (0.0, 2.0);
        for _ in 0..60 {
            let third = (high - low) / 3.0;
            if norm(low + third) < norm(high - third) {
                high -= third;
            } else {
                low += third;
            }
        }
        norm((low + high) / 2.0)
    }
}

/// Weight of the nuclear norm beside the squares, relative to the size: it counts to first order.
const WEIGHT: f64 = 1e-3;

/// With α + β on either side of a right angle.
pub(crate) fn one_row(name: &str, beyond: Option<bool>) -> Family<OneRow> {
    Family::drawn(name, move |draw| {
        let (n, m) = (draw.size(2..=4), draw.size(2..=5));
        let kept = draw.size(1..=m - 1);
        let beyond = beyond.unwrap_or_else(|| draw.coin());
        let total = if beyond { draw.uniform(1.7, 2.6) } else { draw.uniform(0.6, 1.5) };
        let right_angle = std::f64::consts::FRAC_PI_2;
        let (least, most) =
            ((total - right_angle + 0.05).max(0.05), (right_angle - 0.05).min(total - 0.05));
        let alpha = draw.uniform(least, most);
        let beta = total - alpha;
        draw.label(if beyond { "found wrongly" } else { "found" });
        let mut unit = |size: usize| {
            let entry = |_, _| draw.uniform(0.5, 1.5) * if draw.coin() { 1.0 } else { -1.0 };
            Vector::from_fn(size, entry).normalize()
        };
        let mut left = Vector::zeros(n);
        left[0] = sin(alpha);
        left.rows_mut(1, n - 1).copy_from(&(unit(n - 1) * cos(alpha)));
        let mut right = Vector::zeros(m);
        right.rows_mut(0, kept).copy_from(&(unit(kept) * cos(beta)));
        right.rows_mut(kept, m - kept).copy_from(&(unit(m - kept) * sin(beta)));
        OneRow { size: draw.log_uniform(0.1, 10.0), left, right, kept }
    })
}
