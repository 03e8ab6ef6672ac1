//! The trace of an operator from random probes.

use rand::{Rng, RngExt};
use rand_distr::{Distribution, StandardNormal};

use crate::{Matrix, Vector};

/// The law of a probe z with E z zᵀ = I.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Probe {
    /// Independent signs (Hutchinson 1990).
    Signs,
    /// Standard normal coordinates (Girard 1989).
    Gaussians,
}

impl Probe {
    /// The exact variance of zᵀHz for a symmetric H: 2(|H|_F² − Σ H_ii²) for signs, 2|H|_F² for
    /// Gaussians. Signs are never worse, and exact for a diagonal H.
    pub fn variance(self, hessian: &Matrix) -> f64 {
        let square = hessian.norm_squared();
        match self {
            Probe::Signs => 2.0 * (square - hessian.diagonal().norm_squared()),
            Probe::Gaussians => 2.0 * square,
        }
    }

    fn draw(self, dimension: usize, rng: &mut impl Rng) -> Vector {
        Vector::from_fn(dimension, |_, _| match self {
            Probe::Signs if rng.random::<bool>() => 1.0,
            Probe::Signs => -1.0,
            Probe::Gaussians => StandardNormal.sample(rng),
        })
    }
}

/// A trace with its uncertainty.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TraceEstimate {
    /// Mean of zᵀHz over the probes: unbiased.
    pub value: f64,
    /// Sample variance of zᵀHz, about [`Probe::variance`].
    pub variance: f64,
    /// Number of probes.
    pub probes: usize,
}

impl TraceEstimate {
    /// Standard error of the value.
    pub fn standard_error(&self) -> f64 {
        (self.variance / self.probes as f64).sqrt()
    }
}

/// The trace of a symmetric operator on R^dimension as the mean of zᵀHz over random z: one product
/// a probe.
///
/// ```
/// use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
/// use theoria_models::{Vector, flatness::{Probe, hutchinson}};
///
/// let hessian = |v: &Vector| Vector::from_vec(vec![v[0], 5.0 * v[1]]);
/// let trace = hutchinson(hessian, 2, 10, Probe::Signs, &mut ChaCha8Rng::seed_from_u64(1));
/// assert_eq!((trace.value, trace.variance), (6.0, 0.0)); // exact for a diagonal operator
/// ```
///
/// # Panics
/// If there are fewer than 2 probes.
pub fn hutchinson(
    operator: impl Fn(&Vector) -> Vector,
    dimension: usize,
    probes: usize,
    law: Probe,
    rng: &mut impl Rng,
) -> TraceEstimate {
    assert!(probes >= 2, "a variance needs two probes");
    let (mut mean, mut spread) = (0.0, 0.0);
    for number in 1..=probes {
        let probe = law.draw(dimension, rng);
        let seen = probe.dot(&operator(&probe));
        let off = seen - mean;
        mean += off / number as f64;
        spread += off * (seen - mean);
    }
    TraceEstimate { value: mean, variance: spread / (probes - 1) as f64, probes }
}
