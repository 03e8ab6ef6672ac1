//! The descent cone of the nuclear norm at a matrix of low rank, and how large it is.

use std::f64::consts::PI;

use theoria_elementary::exp;
use theoria_models::numerics::minimum;
use theoria_models::{Matrix, Svd, Vector};
use theoria_verification::{Constant, Generator, Instance};

use super::descent_cone::normal;

/// Rank r in n x m, n <= m.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LowRank {
    pub(crate) rows: usize,
    pub(crate) columns: usize,
    pub(crate) rank: usize,
}

/// Statistical dimensions δ that are told, simulated with standard errors below 0.01.
pub(crate) const TOLD: [(LowRank, f64); 4] = [
    (LowRank::new(3, 5, 1), 9.82),
    (LowRank::new(5, 5, 1), 13.96),
    (LowRank::new(6, 6, 2), 27.15),
    (LowRank::new(10, 10, 1), 35.17),
];

impl Instance for LowRank {
    fn description(&self) -> String {
        format!("{} x {}, rank {}", self.rows, self.columns, self.rank)
    }

    fn constants(&self) -> Vec<Constant> {
        let constant = |name: &str, value: usize| Constant::exact(name, value as f64);
        vec![constant("nm", self.entries()), constant("r(n + m − r)", self.freedom())]
    }
}

/// A normal matrix in coordinates in which X is diagonal, with the nearest point τ S of the polar cone, S a subgradient of the nuclear norm at X.
pub(crate) struct Nearest {
    /// G
    pub(crate) matrix: Matrix,
    /// τ S
    pub(crate) polar: Matrix,
}

impl LowRank {
    pub(crate) const fn new(rows: usize, columns: usize, rank: usize) -> Self {
        LowRank { rows, columns, rank }
    }

    /// nm
    pub(crate) fn entries(&self) -> usize {
        self.rows * self.columns
    }

    /// r(n + m - r)
    pub(crate) fn freedom(&self) -> usize {
        self.rank * (self.rows + self.columns - self.rank)
    }

    /// δ, which is 3m/2 for rank 1 in 2 x m; not a number where it is not told.
    pub(crate) fn dimension(&self) -> f64 {
        if self.rows == 2 && self.rank == 1 {
            return 1.5 * self.columns as f64;
        }
        TOLD.iter().find(|(shape, _)| shape == self).map_or(f64::NAN, |(_, dimension)| *dimension)
    }

    /// Of a normal matrix.
    pub(crate) fn nearest(&self, random: &mut Generator) -> Nearest {
        let matrix = Matrix::from_fn(self.rows, self.columns, |_, _| normal(random));
        let block = self.block(&matrix);
        let svd = Svd::of(&block);
        let trace = (0..self.rank).map(|i| matrix[(i, i)]).sum();
        let tau = self.scale(trace, svd.values());
        let clipped = svd.with_values(|s| s.min(tau));
        let r = self.rank;
        let polar = Matrix::from_fn(self.rows, self.columns, |i, j| match (i < r, j < r) {
            (true, true) if i == j => tau,
            (false, false) => clipped[(i - r, j - r)],
            _ => 0.0,
        });
        Nearest { matrix, polar }
    }

    /// nm times |Π G|²/|G|²: between 0 and nm, and of the same mean as |Π G|², since the direction of G does not depend on its length.
    pub(crate) fn squared_length(&self, random: &mut Generator) -> f64 {
        let nearest = self.nearest(random);
        let whole = nearest.matrix.norm_squared();
        self.entries() as f64 * (nearest.matrix - nearest.polar).norm_squared() / whole
    }

    /// What lies beside the rows and the columns of X, of a matrix in coordinates in which X is diagonal.
    pub(super) fn block(&self, matrix: &Matrix) -> Matrix {
        let r = self.rank;
        matrix.view((r, r), (self.rows - r, self.columns - r)).into_owned()
    }

    /// The τ >= 0 that minimises Σ (G_ii - τ)² over i <= r plus Σ (s_i - τ)_+²: the mean of what it pulls at.
    fn scale(&self, trace: f64, values: &Vector) -> f64 {
        let (mut sum, mut count) = (trace, self.rank as f64);
        for s in values.iter() {
            if s * count <= sum {
                break;
            }
            sum += s;
            count += 1.0;
        }
        (sum / count).max(0.0)
    }
}

/// The intrinsic volumes v_0, ..., v_2m of the cone at rank 1 in 2 x m. It is a space of dimension m times the cone {t >= |w|} in R^m,
/// whose volumes are known (Amelunxen, Lotz, McCoy, Tropp 2014, D.1).
pub(crate) fn volumes_of_two_rows(columns: usize) -> Vec<f64> {
    let n = columns;
    // Γ(i/2)/Γ((i - 1)/2)
    let ratio = (2..n).fold(PI.sqrt().recip(), |ratio, i| (i as f64 - 1.0) / (2.0 * ratio));
    let scale = 0.5f64.sqrt().powi(n as i32 - 2) / 2.0;
    let mut volumes = vec![0.0; 2 * n + 1];
    for k in 1..n {
        volumes[n + k] = match k {
            1 => scale,
            2 => scale * 2.0 * ratio / PI.sqrt(),
            _ => volumes[n + k - 2] * (n + 1 - k) as f64 / (k - 1) as f64,
        };
    }
    // It is its own dual but for a reflection.
    let rest = (1.0 - volumes.iter().sum::<f64>()) / 2.0;
    volumes[n] = rest;
    volumes[2 * n] = rest;
    volumes
}

/// Σ (j - δ)² v_j
pub(crate) fn variance_of_two_rows(columns: usize) -> f64 {
    let mean = LowRank::new(2, columns, 1).dimension();
    let volumes = volumes_of_two_rows(columns);
    volumes.iter().enumerate().map(|(j, v)| (j as f64 - mean).powi(2) * v).sum()
}

/// 1 - 2(v_{p+1} + v_{p+3} + ...)
pub(crate) fn success_of_two_rows(columns: usize, measurements: usize) -> f64 {
    let volumes = volumes_of_two_rows(columns);
    1.0 - 2.0 * volumes.iter().skip(measurements + 1).step_by(2).sum::<f64>()
}

/// min over τ of m + 1 + τ² + E (χ_{m-1} - τ)_+², for rank 1 in 2 x m, m > 2.
pub(crate) fn bound_of_two_rows(columns: usize) -> f64 {
    const WIDTH: f64 = 1e-3;
    let freedom = columns as f64 - 1.0;
    let end = freedom.sqrt() + 9.0;
    let places = (end / WIDTH) as usize;
    // The density but for its constant, which the largest term keeps from overflow.
    let peak = (freedom - 1.0).sqrt();
    let density = |s: f64| {
        let power = (s / peak).powi(columns as i32 - 2);
        power * exp((peak * peak - s * s) / 2.0)
    };
    let shares: Vec<f64> = (0..=places).map(|i| density(i as f64 * WIDTH)).collect();
    let all: f64 = shares.iter().sum();
    let value = |tau: f64| {
        let first = (tau / WIDTH) as usize;
        let over = |i: usize| (i as f64 * WIDTH - tau).max(0.0).powi(2);
        let rest: f64 = (first..=places).map(|i| shares[i] * over(i)).sum();
        columns as f64 + 1.0 + tau * tau + rest / all
    };
    // Flat at its minimum: a grid of a hundredth misses it by less than 10⁻⁴.
    (0..=(100.0 * end) as usize).map(|i| value(i as f64 / 100.0)).fold(f64::INFINITY, minimum)
}
