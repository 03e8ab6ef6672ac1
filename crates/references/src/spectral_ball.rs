//! Whether an affine space of matrices meets the open unit ball of the spectral norm, with a proof of either answer.

use nalgebra::Cholesky;
use theoria_models::numerics::maximum;
use theoria_models::{Matrix, Svd, Vector};

/// By how much a certificate must be seen to be strict.
const STRICT: f64 = 1e-12;
/// Newton steps after which a decision is given up: most bring the radius nearer to the least one.
const MOST: usize = 400;
/// A centre is near enough to one for a smaller radius when its squared Newton decrement is below this.
const CENTRED: f64 = 0.1;
/// Share of the way from the radius to the norm of the centre that is left.
const LEFT: f64 = 0.1;

/// An affine space of matrices, each told by its columns, one below the other.
pub struct AffineMatrices<'a> {
    /// Of each matrix.
    pub rows: usize,
    /// Of each matrix.
    pub columns: usize,
    /// The matrix of the space nearest to 0: orthogonal to all directions.
    pub nearest: &'a Vector,
    /// An orthonormal basis of the directions of the space, one a column, which may be none.
    pub directions: &'a Matrix,
}

/// What proves the answer.
pub enum Meeting {
    /// A point of the space with a spectral norm below 1.
    Inside(Vector),
    /// A matrix orthogonal to the directions, with a larger product with the points of the space than its nuclear norm.
    Apart(Vector),
}

impl AffineMatrices<'_> {
    /// Whether the space has a point of spectral norm below 1, by the path of centres (Nesterov, Nemirovskii 1994): `ln det(t² − S Sᵀ)` is largest at the centre of radius t, where its gradient is orthogonal to all
    /// directions; t falls to the least spectral norm of the space, and both certificates close in on it. `None` where that is
    /// 1 to within rounding, so that a step cannot be solved for or 400 steps prove neither.
    pub fn meets_the_unit_ball(&self) -> Option<Meeting> {
        let mut coordinates = Vector::zeros(self.directions.ncols());
        let mut radius = f64::INFINITY;
        for _ in 0..MOST {
            let point = self.nearest + self.directions * &coordinates;
            let norm = self.spectral_norm(&point);
            if norm < 1.0 - STRICT {
                return Some(Meeting::Inside(point));
            }
            // The first radius: any beyond the norm.
            radius = radius.min(2.0 * norm);
            let barrier = Barrier::at(&self.matrix(&point), radius)?;
            let gradient = barrier.gradient();
            let along = self.directions.tr_mul(&gradient);
            let step = if along.is_empty() {
                along.clone()
            } else {
                Cholesky::new(self.curvature(&barrier))?.solve(&along)
            };
            // What the gradient will be to first order, and without the rounding of it.
            let moved = barrier.curvature(&self.matrix(&(self.directions * &step)));
            let ahead = &gradient - Vector::from_column_slice(moved.as_slice());
            let apart = &ahead - self.directions * self.directions.tr_mul(&ahead);
            if self.separates(&apart) {
                return Some(Meeting::Apart(apart));
            }
            let decrement = along.dot(&step);
            if decrement < CENTRED {
                radius = norm + LEFT * (radius - norm);
            }
            coordinates -= step / (1.0 + decrement.max(0.0).sqrt());
        }
        None
    }

    fn separates(&self, apart: &Vector) -> bool {
        let nuclear: f64 = Svd::of(&self.matrix(apart)).values().sum();
        self.nearest.dot(apart) > nuclear * (1.0 + STRICT)
    }

    fn matrix(&self, entries: &Vector) -> Matrix {
        Matrix::from_column_slice(self.rows, self.columns, entries.as_slice())
    }

    fn spectral_norm(&self, point: &Vector) -> f64 {
        Svd::of(&self.matrix(point)).values().iter().copied().fold(0.0, maximum)
    }

    /// The Hessian of the barrier along the directions.
    fn curvature(&self, barrier: &Barrier) -> Matrix {
        let mut turned = Matrix::zeros(self.directions.nrows(), self.directions.ncols());
        for (direction, mut column) in self.directions.column_iter().zip(turned.column_iter_mut()) {
            let moved = barrier.curvature(&self.matrix(&direction.into_owned()));
            column.copy_from_slice(moved.as_slice());
        }
        self.directions.tr_mul(&turned)
    }
}

/// `−ln det Z` of Z = (t, S; Sᵀ, t), by the blocks of the inverse of Z.
struct Barrier {
    upper: Matrix,
    lower: Matrix,
    beside: Matrix,
}

impl Barrier {
    /// `None` if the point is not within the radius.
    fn at(point: &Matrix, radius: f64) -> Option<Self> {
        let (rows, columns) = point.shape();
        let mut z = Matrix::identity(rows + columns, rows + columns) * radius;
        z.view_mut((0, rows), (rows, columns)).copy_from(point);
        z.view_mut((rows, 0), (columns, rows)).tr_copy_from(point);
        let inverse = Cholesky::new(z)?.inverse();
        Some(Barrier {
            upper: inverse.view((0, 0), (rows, rows)).into_owned(),
            lower: inverse.view((rows, rows), (columns, columns)).into_owned(),
            beside: inverse.view((0, rows), (rows, columns)).into_owned(),
        })
    }

    fn gradient(&self) -> Vector {
        Vector::from_column_slice((&self.beside * -2.0).as_slice())
    }

    /// The Hessian times a direction.
    fn curvature(&self, direction: &Matrix) -> Matrix {
        let across = &self.beside * direction.transpose() * &self.beside;
        (&self.upper * direction * &self.lower + across) * 2.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decided(
        (rows, columns): (usize, usize),
        nearest: &Vector,
        directions: &Matrix,
    ) -> Option<Meeting> {
        AffineMatrices { rows, columns, nearest, directions }.meets_the_unit_ball()
    }

    proptest! {
        /// Either answer is proved, whatever the space, and is the one of its point of least norm where the space is a point.
        #[test]
        fn answers_are_proved(
            entries in prop::collection::vec(-2.0f64..2.0, 20 * 4), shape in (1usize..=4, 1usize..=5), count in 0usize..4,
        ) {
            let all = shape.0 * shape.1;
            let count = count.min(all - 1);
            let drawn = Matrix::from_column_slice(all, 4, &entries[..4 * all]);
            let directions = if count == 0 {
                Matrix::zeros(all, 0)
            } else {
                drawn.columns(0, count).into_owned().qr().q()
            };
            let last = drawn.column(3).into_owned();
            let nearest = &last - &directions * directions.tr_mul(&last);
            let matrix = |entries: &Vector| Matrix::from_column_slice(shape.0, shape.1, entries.as_slice());
            let values = |entries: &Vector| Svd::of(&matrix(entries)).values().clone();
            match decided(shape, &nearest, &directions) {
                Some(Meeting::Inside(point)) => {
                    prop_assert!(values(&point).max() < 1.0);
                    let moved = &point - &nearest;
                    prop_assert!((&moved - &directions * directions.tr_mul(&moved)).norm() < 1e-9);
                }
                Some(Meeting::Apart(apart)) => {
                    prop_assert!(nearest.dot(&apart) > values(&apart).sum());
                    prop_assert!(directions.tr_mul(&apart).amax() < 1e-9 * apart.norm());
                    prop_assert!(count > 0 || values(&nearest).max() > 1.0 - 1e-9);
                }
                None => prop_assert!(false, "undecided"),
            }
        }
    }

    /// The least spectral norm of (a, y; 0, 0, ...) over y is |a|.
    #[test]
    fn the_border_is_where_the_least_norm_is_one() {
        let mut directions = Matrix::zeros(6, 1);
        directions[(2, 0)] = 1.0;
        let with = |a: f64| {
            let mut nearest = Vector::zeros(6);
            nearest[0] = a;
            matches!(decided((2, 3), &nearest, &directions), Some(Meeting::Inside(_)))
        };
        assert!(with(1.0 - 1e-9));
        assert!(!with(1.0 + 1e-9));
    }
}
