//! Inverses after a change of low rank.
//!
//! With U of few columns and V of few rows, B = A + U C V is solved through the small matrix K = C⁻¹ + V A⁻¹ U (Sherman, Morrison 1950; Woodbury
//! 1950): cheap where A is easy. In doubles it loses digits where A is nearly singular and B is not.
//!
//! ```
//! use nalgebra::{DMatrix, DVector};
//! use theoria_models::{numerics::Fraction, woodbury};
//!
//! // The identity and a matrix of ones: the inverse takes a quarter off.
//! let (identity, one) = (DMatrix::identity(3, 3), DMatrix::identity(1, 1));
//! let column = DMatrix::from_element(3, 1, Fraction::from(1));
//! let inverse = woodbury::inverse(&identity, &column, &one, &column.transpose()).unwrap();
//! assert_eq!((inverse[(0, 0)].to_string(), inverse[(0, 1)].to_string()), ("3/4".into(), "-1/4".into()));
//! ```

use nalgebra::{DMatrix, DVector};

use crate::elimination;
use crate::point::Scalar;

/// The inverse of A + U C V from that of A: A⁻¹ - A⁻¹ U K⁻¹ V A⁻¹. None where C or K is singular.
///
/// # Panics
/// If the sizes do not fit.
pub fn inverse<S: Scalar>(
    inverse: &DMatrix<S>,
    left: &DMatrix<S>,
    core: &DMatrix<S>,
    right: &DMatrix<S>,
) -> Option<DMatrix<S>> {
    let (image, rows) = (product(inverse, left), product(right, inverse));
    let small = sum(&elimination::inverse(core)?, &product(right, &image));
    let change = product(&image, &elimination::solve_all(&small, &rows)?);
    Some(DMatrix::from_fn(inverse.nrows(), inverse.ncols(), |i, j| {
        inverse[(i, j)].clone() - change[(i, j)].clone()
    }))
}

/// K = C⁻¹ + V A⁻¹ U; None where C is singular.
///
/// # Panics
/// If the sizes do not fit.
pub fn capacitance<S: Scalar>(
    inverse: &DMatrix<S>,
    left: &DMatrix<S>,
    core: &DMatrix<S>,
    right: &DMatrix<S>,
) -> Option<DMatrix<S>> {
    Some(sum(&elimination::inverse(core)?, &product(right, &product(inverse, left))))
}

/// The solution of (D + U V) x = b for a diagonal D, with d k² + 3 d k + d + k³/3 + k² - k/3 multiplications and divisions for U of d rows and k
/// columns. None where K = I + V D⁻¹ U is singular.
///
/// # Panics
/// If the sizes do not fit.
pub fn solve_diagonal<S: Scalar>(
    diagonal: &DVector<S>,
    left: &DMatrix<S>,
    right: &DMatrix<S>,
    target: &DVector<S>,
) -> Option<DVector<S>> {
    let (size, rank) = left.shape();
    assert_eq!(diagonal.len(), size, "D and U have as many rows");
    let divided = DMatrix::from_fn(size, rank, |i, j| left[(i, j)].clone() / diagonal[i].clone());
    let first = DMatrix::from_fn(size, 1, |i, _| target[i].clone() / diagonal[i].clone());
    let mut small = product(right, &divided);
    for i in 0..rank {
        small[(i, i)] = S::from(1.0) + small[(i, i)].clone();
    }
    let weights = elimination::solve_all(&small, &product(right, &first))?;
    let change = product(&divided, &weights);
    Some(DVector::from_fn(size, |i, _| first[(i, 0)].clone() - change[(i, 0)].clone()))
}

fn product<S: Scalar>(one: &DMatrix<S>, other: &DMatrix<S>) -> DMatrix<S> {
    assert_eq!(one.ncols(), other.nrows(), "the sizes of a product fit");
    DMatrix::from_fn(one.nrows(), other.ncols(), |i, j| {
        (0..one.ncols())
            .fold(S::from(0.0), |sum, k| sum + one[(i, k)].clone() * other[(k, j)].clone())
    })
}

fn sum<S: Scalar>(one: &DMatrix<S>, other: &DMatrix<S>) -> DMatrix<S> {
    DMatrix::from_fn(one.nrows(), one.ncols(), |i, j| one[(i, j)].clone() + other[(i, j)].clone())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::numerics::{Counted, Fraction};

    fn whole(rows: usize, columns: usize) -> impl Strategy<Value = DMatrix<Fraction>> {
        proptest::collection::vec(-5..=5i64, rows * columns).prop_map(move |entries| {
            DMatrix::from_fn(rows, columns, |i, j| Fraction::from(entries[i * columns + j]))
        })
    }

    proptest! {
        #[test]
        fn it_inverts_exactly(a in whole(4, 4), u in whole(4, 2), c in whole(2, 2), v in whole(2, 4)) {
            if let Some(known) = elimination::inverse(&a)
                && let Some(small) = capacitance(&known, &u, &c, &v)
            {
                let changed = &a + &u * &c * &v;
                match inverse(&known, &u, &c, &v) {
                    Some(found) => prop_assert_eq!(changed * found, DMatrix::identity(4, 4)),
                    None => prop_assert_eq!(elimination::determinant(&changed), Fraction::from(0.0)),
                }
                let ratio = elimination::determinant(&small) * elimination::determinant(&c);
                prop_assert_eq!(elimination::determinant(&(&a + &u * &c * &v)), elimination::determinant(&a) * ratio);
            }
        }

        #[test]
        fn it_solves_exactly_what_is_diagonal_but_for_a_low_rank(d in whole(4, 1), u in whole(4, 2), v in whole(2, 4), b in whole(4, 1)) {
            let (diagonal, target) = (d.map(|entry| entry + Fraction::from(6)).column(0).into_owned(), b.column(0).into_owned());
            let changed = DMatrix::from_diagonal(&diagonal) + &u * &v;
            match solve_diagonal(&diagonal, &u, &v, &target) {
                Some(solution) => prop_assert_eq!(changed * solution, target),
                None => prop_assert_eq!(elimination::determinant(&changed), Fraction::from(0.0)),
            }
        }

        #[test]
        fn it_costs_what_is_said(d in 1..20usize, k in 1..8usize) {
            let entry = |i: usize, j: usize| Counted::from(if i == j { 30.0 } else { 1.0 / (1 + i + j) as f64 });
            let diagonal = DVector::from_element(d, Counted::from(2.0));
            let (left, right) = (DMatrix::from_fn(d, k, entry), DMatrix::from_fn(k, d, entry));
            let (_, count) = Counted::products_of(|| solve_diagonal(&diagonal, &left, &right, &diagonal));
            prop_assert_eq!(count as usize, d * k * k + 3 * d * k + d + (k * k * k + 3 * k * k - k) / 3);
        }
    }
}
