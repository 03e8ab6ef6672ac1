//! How many products it takes to solve a system that was changed in a few directions, counted.

use nalgebra::{DMatrix, DVector};
use theoria_models::numerics::Counted;
use theoria_models::{elimination, woodbury};

/// d and k.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    pub(crate) dimension: usize,
    pub(crate) rank: usize,
}

impl Size {
    /// Full matrices without a zero, on which nothing is left out.
    fn entry(i: usize, j: usize) -> Counted {
        Counted::from(if i == j { 2.0 } else { 1.0 / (3 + 2 * i + j) as f64 })
    }

    pub(crate) fn by_formula(self) -> f64 {
        let target = DVector::from_fn(self.dimension, |i, _| Self::entry(i, i + 1));
        let diagonal = target.map(|entry| entry + 1.0.into());
        let left = DMatrix::from_fn(self.dimension, self.rank, Self::entry);
        let right = left.transpose();
        let (found, count) =
            Counted::products_of(|| woodbury::solve_diagonal(&diagonal, &left, &right, &target));
        found.map_or(f64::NAN, |_| count as f64)
    }

    pub(crate) fn by_elimination(self) -> f64 {
        let matrix = DMatrix::from_fn(self.dimension, self.dimension, Self::entry);
        let target = DVector::from_fn(self.dimension, |i, _| Self::entry(i, i + 1));
        let (found, count) = Counted::products_of(|| elimination::solve(&matrix, &target));
        found.map_or(f64::NAN, |_| count as f64)
    }

    pub(crate) fn predicted(self) -> f64 {
        let (d, k) = (self.dimension as f64, self.rank as f64);
        d * k * k + 3.0 * d * k + d + k * k * k / 3.0 + k * k - k / 3.0
    }

    pub(crate) fn direct(self) -> f64 {
        let d = self.dimension as f64;
        d * d * d / 3.0 + d * d - d / 3.0
    }

    /// The largest rank at which the formula takes fewer products than elimination.
    pub(crate) fn crossover(self) -> usize {
        let direct = self.by_elimination();
        let fewer = |rank: usize| Size { rank, ..self }.by_formula() < direct;
        let (mut low, mut high) = (1, self.dimension);
        while high - low > 1 {
            let middle = usize::midpoint(low, high);
            if fewer(middle) { low = middle } else { high = middle }
        }
        low
    }
}
