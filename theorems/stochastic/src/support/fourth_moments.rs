//! Fourth moments of random linear recursions.

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
