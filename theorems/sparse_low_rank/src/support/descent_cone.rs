//! The descent cone of the l1 norm at a sparse point, and what decides about sparse recovery: its intrinsic volumes.

use std::collections::BTreeMap;
use std::f64::consts::FRAC_1_SQRT_2;
use std::sync::{Arc, Mutex, PoisonError};

use rand_distr::{Distribution, StandardNormal};
use statrs::distribution::{Continuous, Normal};
use theoria_elementary::{erf, erfc, exp, ln};
use theoria_models::numerics::minimum;
use theoria_verification::{Generator, Instance};

/// Distance of the places at which functions are tabulated: the rule below errs by 10⁻¹² then.
const WIDTH: f64 = 0.04;
/// Where the normal density is nothing.
const FAR: f64 = 9.0;
/// Of Gregory's rule: what the differences at the end of a range add to the sum of all values.
const GREGORY: [f64; 8] = [
    -1.0 / 2.0,
    1.0 / 12.0,
    -1.0 / 24.0,
    19.0 / 720.0,
    -3.0 / 160.0,
    863.0 / 60_480.0,
    -275.0 / 24_192.0,
    33_953.0 / 3_628_800.0,
];

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

/// Computed once in a process.
static COMPUTED: Mutex<BTreeMap<Sparsity, Arc<DescentCone>>> = Mutex::new(BTreeMap::new());

impl DescentCone {
    pub(crate) fn of(dimension: usize, nonzeros: usize) -> Arc<Self> {
        let sparsity = Sparsity { dimension, nonzeros };
        let mut computed = COMPUTED.lock().unwrap_or_else(PoisonError::into_inner);
        let cone = computed.entry(sparsity).or_insert_with(|| Arc::new(Self::computed(sparsity)));
        Arc::clone(cone)
    }

    /// v_{k-1+m} is the product of an outer and an inner angle, summed over the faces that look alike:
    /// C(d-k, m) (k + m)/√(2πk) ∫ exp(-(k + m)τ²/2) (2Φ(τ) - 1)^(d-k-m) dτ over τ > 0, times E exp(-S²/(2k)), S the sum of m absolute
    /// values of normal numbers. And v_d is the probability that a normal vector lies in the cone: E Q(S/√k) with m = d - k.
    fn computed(sparsity: Sparsity) -> Self {
        let (d, k) = (sparsity.dimension, sparsity.nonzeros);
        let (others, root) = (d - k, (k as f64).sqrt());
        let inner = means_of_sums(others, FAR * root, |s| exp(-s * s / (2.0 * k as f64)));
        let inside = means_of_sums(others, FAR * root, |s| upper_tail(s / root));
        let mut volumes = vec![0.0; d + 1];
        let mut choices: f64 = 0.0;
        for m in 0..=others {
            if m > 0 {
                choices += ln((others + 1 - m) as f64 / m as f64);
            }
            let sum = (k + m) as f64;
            let outer = |tau: f64| {
                let rest = (others - m) as f64 * ln(erf(tau * FRAC_1_SQRT_2).max(1e-300));
                exp(choices + rest - sum * tau * tau / 2.0)
            };
            let angle = over_positive(outer) * sum / (std::f64::consts::TAU.sqrt() * root);
            volumes[k - 1 + m] += angle * inner[m];
        }
        volumes[d] += inside[others];
        DescentCone { sparsity, volumes }
    }

    /// The probability that a face has dimension j at most.
    pub(crate) fn up_to(&self, j: f64) -> f64 {
        self.volumes.iter().enumerate().filter(|(i, _)| *i as f64 <= j).map(|(_, v)| v).sum()
    }

    /// v_0 + v_1 + ...
    pub(crate) fn all(&self) -> f64 {
        self.volumes.iter().sum()
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
    pub(crate) fn face(&self, random: &mut Generator) -> usize {
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
            let tail = (1.0 + t * t) * upper_tail(t) - t * law.pdf(t);
            k * (1.0 + t * t) + 2.0 * rest * tail
        };
        // Flat at its minimum: a grid of 10⁻⁴ misses it by less than 10⁻⁶.
        (0..=40_000).map(|i| value(f64::from(i) * 1e-4)).fold(f64::INFINITY, minimum)
    }

    /// 2k log(d/k) + 7k/5
    pub(crate) fn sufficient(&self) -> f64 {
        let (d, k) = (self.dimension as f64, self.nonzeros as f64);
        2.0 * k * ln(d / k) + 1.4 * k
    }
}

impl Instance for Sparsity {
    fn description(&self) -> String {
        format!("{} nonzeros of {}", self.nonzeros, self.dimension)
    }
}

/// E f(S_m) for m = 0, 1, ..., `most`, S_m the sum of m absolute values of normal numbers: f_m(s) = E f_{m-1}(s + |g|) is tabulated from
/// 0 to where it is nothing. All terms are positive, so that nothing cancels.
fn means_of_sums(most: usize, end: f64, f: impl Fn(f64) -> f64) -> Vec<f64> {
    let law = Normal::standard();
    let density: Vec<f64> = weights((FAR / WIDTH) as usize)
        .into_iter()
        .enumerate()
        .map(|(j, weight)| weight * 2.0 * law.pdf(j as f64 * WIDTH))
        .collect();
    let mut table: Vec<f64> = (0..=(end / WIDTH) as usize).map(|i| f(i as f64 * WIDTH)).collect();
    let mut means = vec![table[0]];
    for _ in 0..most {
        table = (0..table.len())
            .map(|i| density.iter().zip(&table[i..]).map(|(weight, value)| weight * value).sum())
            .collect();
        means.push(table[0]);
    }
    means
}

/// ∫ f over positive numbers, where f is nothing far out.
fn over_positive(f: impl Fn(f64) -> f64) -> f64 {
    let weights = weights((FAR / WIDTH) as usize);
    weights.into_iter().enumerate().map(|(j, weight)| weight * f(j as f64 * WIDTH)).sum()
}

/// Of Gregory's rule from 0 on, at so many places.
fn weights(count: usize) -> Vec<f64> {
    let mut weights = vec![WIDTH; count];
    for (order, share) in GREGORY.iter().enumerate() {
        // The difference of this order at 0, with binomial coefficients.
        let mut binomial = 1.0;
        for (j, weight) in weights.iter_mut().enumerate().take(order + 1) {
            let sign = if (order - j) % 2 == 0 { 1.0 } else { -1.0 };
            *weight += WIDTH * share * sign * binomial;
            binomial *= (order - j) as f64 / (j + 1) as f64;
        }
    }
    weights
}

/// The probability that a normal number exceeds t, to the last digits: the angles of d-dimensional cones raise its error to the power d.
fn upper_tail(t: f64) -> f64 {
    erfc(t * FRAC_1_SQRT_2) / 2.0
}

pub(crate) fn normal(random: &mut Generator) -> f64 {
    StandardNormal.sample(random)
}
