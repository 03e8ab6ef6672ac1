//! Objectives of a matrix, over the matrices of low rank.

use std::sync::Arc;

use crate::oracle::{Oracle, Projection};
use crate::{Matrix, Objective, Svd, Vector};

/// A smooth function of the entries of a matrix, column by column, over the matrices of rank at most k. As an oracle it answers with the
/// gradient of the function and with the nearest matrix of that rank (Eckart, Young 1936), by which projected gradient descent becomes singular
/// value projection (Jain, Meka, Dhillon 2010).
///
/// The set is not convex, so what is proved for projections onto convex sets does not hold for it.
///
/// ```
/// use theoria_models::{Vector, objectives::{RankConstrained, SquaredNorm}, oracle::Projection};
/// let over = RankConstrained::new(SquaredNorm::new(4), (2, 2), 1);
/// let mut x = Vector::from_vec(vec![3.0, 0.0, 0.0, -1.0]);
/// over.project(&mut x);
/// assert!((x - Vector::from_vec(vec![3.0, 0.0, 0.0, 0.0])).amax() < 1e-14);
/// ```
#[derive(Clone)]
pub struct RankConstrained {
    smooth: Arc<dyn Objective>,
    shape: (usize, usize),
    rank: usize,
}

impl RankConstrained {
    /// This function of matrices of this shape, over those of at most this rank.
    ///
    /// # Panics
    /// If the function has another number of variables than the matrix has entries.
    pub fn new(smooth: impl Objective + 'static, shape: (usize, usize), rank: usize) -> Self {
        assert_eq!(
            smooth.dimension(),
            shape.0 * shape.1,
            "a function of the entries of the matrix"
        );
        RankConstrained { smooth: Arc::new(smooth), shape, rank }
    }
}

impl Oracle<Vector> for RankConstrained {
    fn gradient(&self, at: &Vector, into: &mut Vector) {
        self.smooth.gradient_into(at, into);
    }
}

impl Projection<Vector> for RankConstrained {
    fn project(&self, at: &mut Vector) {
        let matrix = Matrix::from_column_slice(self.shape.0, self.shape.1, at.as_slice());
        at.copy_from_slice(Svd::of(&matrix).of_rank(self.rank).as_slice());
    }
}
