//! Gradient descent on a deep linear network, in place.

use std::ops::Range;

use rayon::prelude::*;
use theoria_models::Matrix;
use theoria_models::networks::DeepLinear;
use theoria_models::products::{Factor, add_product, set_product};

use crate::Method;
use crate::range::positive;

/// Steps with fewer multiplications than this are not worth sharing.
const SHARED_FROM: usize = 1 << 20;

/// Columns of the input that one thread takes at once.
const COLUMNS: usize = 32;

/// Gradient descent on |W_N ⋯ W_1 - Φ|_F² / 2 with a constant step size, without allocation in a
/// step: W_j ← W_j - h (W_N ⋯ W_{j+1})ᵀ (W - Φ) (W_{j-1} ⋯ W_1)ᵀ for all j at once.
///
/// It moves networks, and the function is given by its target Φ, n_N x n_0. It takes the steps that [`GradientDescent`](crate::GradientDescent) takes on a
/// [`DeepLinearLoss`](theoria_models::networks::DeepLinearLoss), several times faster. Large steps are
/// shared by the threads of the pool that they are taken in; how they are cut depends on the widths
/// alone, and so does the result.
///
/// ```
/// use theoria_algorithms::{DeepLinearDescent, Trajectory};
/// use theoria_models::{Matrix, networks::DeepLinear};
///
/// let target = Matrix::from_element(1, 1, 1.0);
/// let start = DeepLinear::balanced(&Matrix::from_element(1, 1, 0.25), 2);
/// let mut descent = DeepLinearDescent::new(0.1);
/// let run = Trajectory::of(&mut descent, &target, &start, 1);
/// // Both factors are 1/2, and the derivative by each is (1/4 - 1)/2.
/// assert!((run.last().factors()[1][(0, 0)] - 0.5375).abs() < 1e-15);
/// assert!((descent.loss().unwrap() - 0.28125).abs() < 1e-15);
/// ```
#[derive(Debug, Clone)]
pub struct DeepLinearDescent {
    step_size: f64,
    /// The columns of the input, cut into parts that know nothing of each other until the factors
    /// move. The first step fills it.
    parts: Option<Vec<Part>>,
}

/// What some columns of the input become on their way through the network, and back.
#[derive(Debug, Clone)]
struct Part {
    columns: Range<usize>,
    /// Columns of -Φ.
    minus_target: Matrix,
    /// W_j ⋯ W_1 for j = 2, ..., N - 1.
    signals: Vec<Matrix>,
    /// (W_N ⋯ W_{j+1})ᵀ (W - Φ) for j = 1, ..., N.
    slopes: Vec<Matrix>,
}

impl DeepLinearDescent {
    /// With step size h.
    ///
    /// # Panics
    /// If h is not positive and finite.
    pub fn new(step_size: f64) -> Self {
        DeepLinearDescent { step_size: positive(step_size, "the step size h"), parts: None }
    }

    /// The loss at the network before the last step; none before the first.
    pub fn loss(&self) -> Option<f64> {
        Some(self.parts.as_ref()?.iter().map(Part::loss).sum())
    }
}

impl Part {
    /// For networks of the shape of this one.
    ///
    /// # Panics
    /// If the target has not the shape of the end-to-end map.
    fn all(network: &DeepLinear, target: &Matrix) -> Vec<Part> {
        let widths = network.widths();
        let (n_in, depth) = (widths[0], network.depth());
        assert_eq!(target.shape(), (widths[depth], n_in), "the target fits");
        let multiplications: usize = widths[1..].windows(2).map(|w| 3 * n_in * w[0] * w[1]).sum();
        let parts = if multiplications < SHARED_FROM { 1 } else { (n_in / COLUMNS).max(1) };
        let part = |i: usize| {
            let columns = n_in * i / parts..n_in * (i + 1) / parts;
            let places = |widths: &[usize]| {
                widths.iter().map(|n| Matrix::zeros(*n, columns.len())).collect()
            };
            Part {
                minus_target: -target.columns_range(columns.clone()),
                signals: places(widths.get(2..depth).unwrap_or_default()),
                slopes: places(&widths[1..]),
                columns: columns.clone(),
            }
        };
        (0..parts).map(part).collect()
    }
}

/// # Panics
/// If the target has not the shape of the end-to-end map, or the network another shape than at the first step.
impl Method<DeepLinear, Matrix> for DeepLinearDescent {
    fn step(&mut self, target: &Matrix, network: &mut DeepLinear) {
        let parts = self.parts.get_or_insert_with(|| Part::all(network, target));
        let shared = parts.len() > 1;
        let factors = network.factors_mut();
        if shared {
            parts.par_iter_mut().for_each(|part| part.derive(factors));
        } else {
            parts.iter_mut().for_each(|part| part.derive(factors));
        }
        let Some((first, others)) = factors.split_first_mut() else { return };
        let first_factor = &*first;
        let descend = |(j, factor): (usize, &mut Matrix)| {
            for part in &*parts {
                let below =
                    part.signals[..j].last().map_or(part.entering(first_factor), Factor::of);
                let slopes = Factor::of(&part.slopes[j + 1]);
                add_product(factor, -self.step_size, slopes, below.transpose());
            }
        };
        if shared {
            others.par_iter_mut().enumerate().for_each(descend);
        } else {
            others.iter_mut().enumerate().for_each(descend);
        }
        for part in &*parts {
            let mut columns = first.columns_range_mut(part.columns.clone());
            columns.zip_apply(&part.slopes[0], |w, slope| *w -= self.step_size * slope);
        }
    }
}

impl Part {
    /// These columns of the first factor.
    fn entering<'a>(&self, first: &'a Matrix) -> Factor<'a> {
        let rows = first.nrows();
        let numbers = &first.as_slice()[rows * self.columns.start..rows * self.columns.end];
        Factor::laid(numbers, rows, self.columns.len())
    }

    /// Forward, and back.
    fn derive(&mut self, factors: &[Matrix]) {
        let entering = self.entering(&factors[0]);
        let last = factors.len() - 1;
        for (done, factor) in factors[..last].iter().skip(1).enumerate() {
            let (below, above) = self.signals.split_at_mut(done);
            let below = below.last().map_or(entering, Factor::of);
            set_product(&mut above[0], Factor::of(factor), below);
        }
        let residual = &mut self.slopes[last];
        residual.copy_from(&self.minus_target);
        if last == 0 {
            *residual += factors[0].columns_range(self.columns.clone());
        } else {
            let below = self.signals.last().map_or(entering, Factor::of);
            add_product(residual, 1.0, Factor::of(&factors[last]), below);
        }
        for j in (1..=last).rev() {
            let (below, above) = self.slopes.split_at_mut(j);
            let factor = Factor::of(&factors[j]).transpose();
            set_product(&mut below[j - 1], factor, Factor::of(&above[0]));
        }
    }

    fn loss(&self) -> f64 {
        self.slopes.last().map_or(0.0, |residual| residual.norm_squared() / 2.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;
    use theoria_models::Objective;
    use theoria_models::networks::{DeepLinearLoss, Initialization};

    use super::*;

    /// The largest deviation from gradient descent on the objective, relative, in five steps.
    fn deviation(widths: &[usize], seed: u64) -> f64 {
        let rng = &mut ChaCha8Rng::seed_from_u64(seed);
        let mut network = DeepLinear::draw(widths, Initialization::Glorot, rng);
        let target = Initialization::He.draw(widths[widths.len() - 1], widths[0], rng);
        let f = DeepLinearLoss::new(widths, target.clone());
        let mut descent = DeepLinearDescent::new(0.05);
        let mut x = network.flatten();
        let mut largest: f64 = 0.0;
        for _ in 0..5 {
            let value = f.value(&x);
            descent.step(&target, &mut network);
            let loss = descent.loss().expect("a step was taken");
            x -= f.gradient_at(&x) * 0.05;
            let moved = (network.flatten() - &x).amax() / (1.0 + x.amax());
            largest = largest.max((loss - value).abs() / (1.0 + value)).max(moved);
        }
        largest
    }

    proptest! {
        #[test]
        fn steps_are_those_of_gradient_descent_on_the_objective(
            widths in prop::collection::vec(1..8usize, 2..6), seed: u64,
        ) {
            prop_assert!(deviation(&widths, seed) <= 1e-12);
        }
    }

    #[test]
    fn steps_that_are_shared_are_the_same() {
        let widths = [70, 80, 75, 65];
        assert!(deviation(&widths, 1) <= 1e-12);
        let network =
            DeepLinear::draw(&widths, Initialization::He, &mut ChaCha8Rng::seed_from_u64(2));
        let descend = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
            pool.expect("a pool of few threads").install(|| {
                let mut network = network.clone();
                let (target, mut descent) = (Matrix::zeros(65, 70), DeepLinearDescent::new(0.01));
                (0..3).for_each(|_| descent.step(&target, &mut network));
                assert!(descent.parts.is_some_and(|parts| parts.len() > 1));
                network
            })
        };
        assert_eq!(descend(1), descend(4));
    }
}
