//! Fourth moments of random linear recursions.

use theoria_models::stochastic::mean_matrix;
use theoria_models::{Matrix, Vector};

/// E z⊗z⊗z⊗z of a vector that is multiplied by random matrices, independent from step to step: exact, and of moderate size for
/// up to four coordinates.
#[derive(Debug, Clone)]
pub(crate) struct FourthMoments {
    dimension: usize,
    moments: Vector,
}

/// What a step makes of [`FourthMoments`].
pub(crate) struct FourthMap(Matrix);

impl FourthMap {
    /// A step with one of these matrices, all equally likely.
    pub(crate) fn mean_of(maps: &[Matrix]) -> Self {
        let fourth = |map: &Matrix| {
            let square = map.kronecker(map);
            square.kronecker(&square)
        };
        let sum = maps.iter().map(fourth).reduce(|a, b| a + b);
        FourthMap(sum.unwrap_or_default() / maps.len() as f64)
    }
}

impl FourthMap {
    /// SGD with step size h and batches of b samples with replacement: a step with the mean of b independent matrices I − h A, each one
    /// of `maps`. In deviations D from the mean M of one matrix, the fourth power of M + D̄ has terms with no, two, three and four D̄,
    /// whose moments are those of D over 1, b, b² and b³, and of the last those of two pairs, (b − 1)/b³ times, beside.
    pub(crate) fn of_batches(maps: &[Matrix], step_size: f64, batch: usize) -> Self {
        let (size, b) = (maps[0].nrows(), batch as f64);
        let count = maps.len() as f64;
        let mean = Matrix::identity(size, size) - mean_matrix(maps) * step_size;
        let deviations: Vec<Matrix> =
            maps.iter().map(|map| Matrix::identity(size, size) - map * step_size - &mean).collect();
        // The product over four places, of which some hold a deviation.
        let product = |factors: [&Matrix; 4]| {
            let [one, two, three, four] = factors;
            one.kronecker(two).kronecker(&three.kronecker(four))
        };
        let mut sum = product([&mean; 4]);
        for places in 0u32..16 {
            let weight = match places.count_ones() {
                2 => 1.0 / b,
                3 => 1.0 / (b * b),
                4 => 1.0 / (b * b * b),
                _ => continue,
            };
            for deviation in &deviations {
                let at = |place: u32| if places >> place & 1 == 1 { deviation } else { &mean };
                sum += product([at(0), at(1), at(2), at(3)]) * (weight / count);
            }
        }
        let pairs = (b - 1.0) / (b * b * b) / (count * count);
        for one in &deviations {
            for other in &deviations {
                for [p, q, r, s] in [[0, 0, 1, 1], [0, 1, 0, 1], [0, 1, 1, 0]] {
                    let at = |place: usize| if place == 0 { one } else { other };
                    sum += product([at(p), at(q), at(r), at(s)]) * pairs;
                }
            }
        }
        FourthMap(sum)
    }
}

impl FourthMoments {
    /// Of a certain vector.
    pub(crate) fn at(z: &Vector) -> Self {
        let square = z.kronecker(z);
        FourthMoments { dimension: z.len(), moments: square.kronecker(&square) }
    }

    /// After a step.
    pub(crate) fn after(&self, map: &FourthMap) -> Self {
        FourthMoments { dimension: self.dimension, moments: &map.0 * &self.moments }
    }

    /// E (Σ z_i²)² over the first coordinates, so many.
    pub(crate) fn square_of_norm(&self, first: usize) -> f64 {
        let n = self.dimension;
        let pairs = (0..first).flat_map(|i| (0..first).map(move |j| (i, j)));
        pairs.map(|(i, j)| self.moments[((i * n + i) * n + j) * n + j]).sum()
    }
}
