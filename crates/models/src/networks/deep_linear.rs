//! Deep linear networks: products of matrices.

use rand::Rng;

use super::{Initialization, haar_orthogonal};
use crate::point::{DIVERGENCE_THRESHOLD, Point};
use crate::products::{Factor, add_product, product};
use crate::{Matrix, Svd, Vector};
use theoria_elementary::powf;

/// Factors W_1, ..., W_N, to be multiplied as W_N ⋯ W_1.
///
/// ```
/// use theoria_models::{Matrix, networks::DeepLinear};
///
/// let map = Matrix::from_row_slice(2, 2, &[2.0, 1.0, 0.0, 3.0]);
/// let network = DeepLinear::balanced(&map, 3);
/// assert!((network.end_to_end() - map).amax() < 1e-14);
/// assert!(network.imbalances().iter().all(|d| d.amax() < 1e-14));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct DeepLinear {
    factors: Vec<Matrix>,
}

impl DeepLinear {
    /// The network of these factors, the first one applied first.
    ///
    /// # Panics
    /// If there is none, or a factor has not as many columns as the one before has rows.
    pub fn new(factors: Vec<Matrix>) -> Self {
        assert!(!factors.is_empty(), "at least one factor");
        assert!(
            factors.windows(2).all(|f| f[1].ncols() == f[0].nrows()),
            "each factor fits the one before"
        );
        DeepLinear { factors }
    }

    /// Factors of widths n_0, ..., n_N, each drawn by this law.
    ///
    /// # Panics
    /// If there are fewer than two widths.
    pub fn draw<R: Rng + ?Sized>(widths: &[usize], law: Initialization, rng: &mut R) -> Self {
        let pairs = widths.windows(2);
        Self::new(pairs.map(|w| law.draw(w[1], w[0], rng)).collect())
    }

    /// Balanced factors of a map: with the singular value decomposition W = U S Vᵀ, the factors
    /// S^(1/N) Vᵀ, S^(1/N), ..., U S^(1/N), whose inner widths are the smaller side of W (Arora,
    /// Cohen, Golowich, Hu 2019).
    ///
    /// # Panics
    /// If the depth is 0.
    pub fn balanced(map: &Matrix, depth: usize) -> Self {
        Self::from_decomposition(map, depth, |_, inner| inner)
    }

    /// Balanced factors of a map, between which an orthogonal matrix and its inverse are inserted,
    /// drawn by the Haar law: what stays balanced without being aligned with the axes.
    ///
    /// # Panics
    /// If the depth is 0.
    pub fn balanced_rotated<R: Rng + ?Sized>(map: &Matrix, depth: usize, rng: &mut R) -> Self {
        let inner = map.nrows().min(map.ncols());
        let rotations: Vec<Matrix> =
            (1..depth).map(|_| haar_orthogonal(inner, inner, rng)).collect();
        Self::from_decomposition(map, depth, |j, mut factor| {
            // Factor j, counted from 0, lies between rotation j - 1 and rotation j.
            if j > 0 {
                factor *= rotations[j - 1].transpose();
            }
            match rotations.get(j) {
                Some(rotation) => rotation * factor,
                None => factor,
            }
        })
    }

    fn from_decomposition(
        map: &Matrix,
        depth: usize,
        turn: impl Fn(usize, Matrix) -> Matrix,
    ) -> Self {
        assert!(depth > 0, "at least one factor");
        let svd = Svd::of(map);
        let root = Matrix::from_diagonal(&svd.values().map(|s| powf(s, 1.0 / depth as f64)));
        let factors = (0..depth).map(|j| {
            let mut factor = root.clone();
            if j == 0 {
                factor *= svd.right().transpose();
            }
            if j + 1 == depth {
                factor = svd.left() * factor;
            }
            turn(j, factor)
        });
        Self::new(factors.collect())
    }

    /// The factors W_1, ..., W_N.
    pub fn factors(&self) -> &[Matrix] {
        &self.factors
    }

    /// The same to be changed, but for their shapes, without which the network is none.
    pub fn factors_mut(&mut self) -> &mut [Matrix] {
        &mut self.factors
    }

    /// Number of factors N.
    pub fn depth(&self) -> usize {
        self.factors.len()
    }

    /// The widths n_0, ..., n_N.
    pub fn widths(&self) -> Vec<usize> {
        let first = self.factors[0].ncols();
        std::iter::once(first).chain(self.factors.iter().map(Matrix::nrows)).collect()
    }

    /// W_N ⋯ W_1.
    pub fn end_to_end(&self) -> Matrix {
        let (first, rest) = (&self.factors[0], &self.factors[1..]);
        rest.iter().fold(first.clone(), |map, factor| product(Factor::of(factor), Factor::of(&map)))
    }

    /// W_{j+1}ᵀ W_{j+1} - W_j W_jᵀ for j = 1, ..., N - 1: constant under gradient flow of any
    /// function of the end-to-end map, and 0 for a balanced network.
    pub fn imbalances(&self) -> Vec<Matrix> {
        let pairs = self.factors.windows(2);
        pairs
            .map(|f| {
                let (below, above) = (Factor::of(&f[0]), Factor::of(&f[1]));
                let mut difference = product(above.transpose(), above);
                add_product(&mut difference, -1.0, below, below.transpose());
                difference
            })
            .collect()
    }

    /// The derivatives by each factor of a function whose derivative by the end-to-end map is
    /// `slope`, n_N x n_0: (W_N ⋯ W_{j+1})ᵀ slope (W_{j-1} ⋯ W_1)ᵀ.
    ///
    /// # Panics
    /// If the slope has not the shape of the end-to-end map.
    pub fn gradients(&self, slope: &Matrix) -> Vec<Matrix> {
        let parameters = self.flatten();
        let network = super::FullyConnected::new(&self.widths(), super::Activation::Linear);
        let inputs = Matrix::identity(self.factors[0].ncols(), self.factors[0].ncols());
        let (gradient, _) = network.pass(&parameters, &inputs).pull_back(slope);
        Self::unflatten(&self.widths(), &gradient).factors
    }

    /// All entries as one vector: the columns of W_1, then those of W_2 and so on, the order of
    /// [`FullyConnected`](super::FullyConnected).
    pub fn flatten(&self) -> Vector {
        let all: Vec<f64> = self.factors.iter().flat_map(|f| f.iter().copied()).collect();
        Vector::from_vec(all)
    }

    /// The network of widths n_0, ..., n_N whose entries are these.
    ///
    /// # Panics
    /// If the number of entries does not fit, or there are fewer than two widths.
    pub fn unflatten(widths: &[usize], parameters: &Vector) -> Self {
        let mut rest = parameters.as_slice();
        let factors = widths.windows(2).map(|w| {
            let (own, others) = rest.split_at(w[0] * w[1]);
            rest = others;
            Matrix::from_column_slice(w[1], w[0], own)
        });
        let network = Self::new(factors.collect());
        assert!(rest.is_empty(), "as many entries as the factors have");
        network
    }
}

/// The space of all factors of these shapes.
impl Point for DeepLinear {
    type Scalar = f64;

    fn axpy(&mut self, a: f64, other: &Self) {
        for (own, others) in self.factors.iter_mut().zip(&other.factors) {
            own.zip_apply(others, |x, y| *x += a * y);
        }
    }

    fn scale(&mut self, a: f64) {
        self.factors.iter_mut().for_each(|factor| *factor *= a);
    }

    fn zero_like(&self) -> Self {
        let zeros = self.factors.iter().map(|factor| Matrix::zeros(factor.nrows(), factor.ncols()));
        DeepLinear { factors: zeros.collect() }
    }

    fn diverged(&self) -> bool {
        // Negated, so that what is not a number has diverged.
        !self
            .factors
            .iter()
            .flat_map(|factor| factor.iter())
            .all(|w| w.abs() <= DIVERGENCE_THRESHOLD)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    proptest! {
        #[test]
        fn balanced_networks_are_balanced_and_have_their_map(
            rows in 1..6usize, columns in 1..6usize, depth in 1..5usize, seed: u64,
        ) {
            let rng = &mut ChaCha8Rng::seed_from_u64(seed);
            let map = Initialization::He.draw(rows, columns, rng);
            for network in [DeepLinear::balanced(&map, depth), DeepLinear::balanced_rotated(&map, depth, rng)] {
                prop_assert!((network.end_to_end() - &map).amax() < 1e-12 * (1.0 + map.amax()));
                prop_assert!(network.imbalances().iter().all(|d| d.amax() < 1e-12 * (1.0 + map.amax())));
                prop_assert_eq!(&DeepLinear::unflatten(&network.widths(), &network.flatten()), &network);
            }
        }

        #[test]
        fn gradients_are_products_of_the_other_factors(seed: u64) {
            let rng = &mut ChaCha8Rng::seed_from_u64(seed);
            let network = DeepLinear::draw(&[2, 7, 3, 4], Initialization::He, rng);
            let slope = Initialization::He.draw(4, 2, rng);
            let [w1, w2, w3] = [0, 1, 2].map(|j| &network.factors()[j]);
            let expected = [
                (w3 * w2).transpose() * &slope,
                w3.transpose() * &slope * w1.transpose(),
                &slope * (w2 * w1).transpose(),
            ];
            for (gradient, expected) in network.gradients(&slope).iter().zip(expected) {
                prop_assert!((gradient - expected).amax() < 1e-13);
            }
        }
    }
}
