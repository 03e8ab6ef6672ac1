//! The descent cone of the l1 norm at a sparse point, and what decides about sparse recovery: its intrinsic volumes.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use rand_distr::{Distribution, StandardNormal};
use statrs::distribution::{Continuous, ContinuousCDF, Normal};
use theoria_verification::{Generator, Instance, Stream};

/// Normal vectors that the volumes are measured with: they err by 0.002.
const DRAWS: usize = 100_000;

/// k nonzeros in dimension d.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Sparsity {
    pub(crate) dimension: usize,
    pub(crate) nonzeros: usize,
}

/// The intrinsic volumes v_0, ..., v_d of the descent cone of the l1 norm at a point of this sparsity.
pub(crate) struct DescentCone {
    pub(crate) sparsity: Sparsity,
    volumes: Vec<f64>,
}

/// Measured once in a process, from a stream of their own: the same whoever asks first.
static MEASURED: Mutex<BTreeMap<Sparsity, Arc<DescentCone>>> = Mutex::new(BTreeMap::new());

impl DescentCone {
    pub(crate) fn of(dimension: usize, nonzeros: usize) -> Arc<Self> {
        let sparsity = Sparsity { dimension, nonzeros };
        let mut measured = MEASURED.lock().unwrap_or_else(PoisonError::into_inner);
        let cone = measured.entry(sparsity).or_insert_with(|| Arc::new(Self::measured(sparsity)));
        Arc::clone(cone)
    }

    fn measured(sparsity: Sparsity) -> Self {
        let mut random = Stream::new(20_140_327).trial(sparsity.dimension as u64);
        let mut counts = vec![0usize; sparsity.dimension + 1];
        for _ in 0..DRAWS {
            counts[sparsity.face(&mut random)] += 1;
        }
        let volumes = counts.into_iter().map(|count| count as f64 / DRAWS as f64).collect();
        DescentCone { sparsity, volumes }
    }

    /// The probability that a random subspace of codimension n misses the cone: 1 - 2(v_{n+1} + v_{n+3} + ...).
    pub(crate) fn success(&self, n: usize) -> f64 {
        1.0 - 2.0 * self.volumes.iter().skip(n + 1).step_by(2).sum::<f64>()
    }

    /// The number of measurements at which that is 1/2, linear between whole numbers.
    pub(crate) fn half_point(&self) -> f64 {
        let above = (0..=self.sparsity.dimension).find(|&n| self.success(n) >= 0.5);
        let above = above.unwrap_or(self.sparsity.dimension).max(1);
        let (low, high) = (self.success(above - 1), self.success(above));
        above as f64 - 1.0 + (0.5 - low) / (high - low)
    }

    /// v_0 + v_2 + ...
    pub(crate) fn even(&self) -> f64 {
        self.volumes.iter().step_by(2).sum()
    }

    /// Σ j v_j
    pub(crate) fn mean_dimension(&self) -> f64 {
        self.volumes.iter().enumerate().map(|(j, v)| j as f64 * v).sum()
    }
}

impl Sparsity {
    /// The dimension of the face that the projection of a normal vector lies in. Its polar cone is {τ z: z a subgradient, τ >= 0};
    /// τ is such that Σ_{j <= k} (g_j - τ) + Σ_{j > k} (|g_j| - τ)_+ = 0.
    fn face(&self, random: &mut Generator) -> usize {
        let (d, k) = (self.dimension, self.nonzeros);
        let mut sum: f64 = (0..k).map(|_| normal(random)).sum();
        let mut others: Vec<f64> = (k..d).map(|_| normal(random).abs()).collect();
        others.sort_by(|a, b| b.total_cmp(a));
        let mut larger = 0;
        while larger < others.len() && others[larger] * (k + larger) as f64 > sum {
            sum += others[larger];
            larger += 1;
        }
        if sum <= 0.0 { d } else { k - 1 + larger }
    }

    /// min over τ of k(1 + τ²) + 2(d - k)((1 + τ²) Q(τ) - τ φ(τ)), Q the tail of the normal law: at least the statistical
    /// dimension (Chandrasekaran, Recht, Parrilo, Willsky 2012).
    pub(crate) fn statistical_dimension(&self) -> f64 {
        let (k, rest) = (self.nonzeros as f64, (self.dimension - self.nonzeros) as f64);
        let law = Normal::standard();
        let value = |t: f64| {
            let tail = (1.0 + t * t) * law.sf(t) - t * law.pdf(t);
            k * (1.0 + t * t) + 2.0 * rest * tail
        };
        (0..=4000).map(|i| value(f64::from(i) * 1e-3)).fold(f64::INFINITY, f64::min)
    }

    /// 2k log(d/k) + 7k/5
    pub(crate) fn sufficient(&self) -> f64 {
        let (d, k) = (self.dimension as f64, self.nonzeros as f64);
        2.0 * k * (d / k).ln() + 1.4 * k
    }
}

impl Instance for Sparsity {
    fn description(&self) -> String {
        format!("{} nonzeros of {}", self.nonzeros, self.dimension)
    }
}

pub(crate) fn normal(random: &mut Generator) -> f64 {
    StandardNormal.sample(random)
}
