//! Systems of linear equations in any numbers, by elimination.
//!
//! For fractions the results are exact, for long floats they have the digits that the conditioning leaves. For `f64` nalgebra's
//! decompositions are faster.
//!
//! ```
//! use nalgebra::{DMatrix, DVector};
//! use theoria_models::{elimination, numerics::Fraction};
//!
//! // The inverse of a Hilbert matrix is made of whole numbers.
//! let hilbert = DMatrix::from_fn(3, 3, |i, j| Fraction::ratio(1, (i + j + 1) as i64));
//! let inverse = elimination::inverse(&hilbert).unwrap();
//! assert_eq!(inverse[(2, 2)], Fraction::from(180.0));
//! assert_eq!(elimination::determinant(&hilbert), Fraction::ratio(1, 2160));
//! ```

use nalgebra::{DMatrix, DVector};

use crate::point::Scalar;

/// The solution of A x = b; None where A is singular.
///
/// # Panics
/// If A is not square, or b has another number of rows.
pub fn solve<S: Scalar>(matrix: &DMatrix<S>, right: &DVector<S>) -> Option<DVector<S>> {
    let right = DMatrix::from_fn(right.len(), 1, |i, _| right[i].clone());
    solve_all(matrix, &right)
        .map(|solution| DVector::from_fn(solution.nrows(), |i, _| solution[(i, 0)].clone()))
}

/// The solution of A X = B; None where A is singular.
///
/// # Panics
/// If A is not square, or B has another number of rows.
pub fn solve_all<S: Scalar>(matrix: &DMatrix<S>, right: &DMatrix<S>) -> Option<DMatrix<S>> {
    assert_eq!(matrix.nrows(), matrix.ncols(), "a system with one solution is square");
    assert_eq!(matrix.nrows(), right.nrows(), "each equation has a right-hand side");
    let size = matrix.nrows();
    let mut rows = DMatrix::from_fn(size, size + right.ncols(), |i, j| {
        if j < size { matrix[(i, j)].clone() } else { right[(i, j - size)].clone() }
    });
    if eliminate(&mut rows, size).len() < size {
        return None;
    }
    let mut solution = DMatrix::from_element(size, right.ncols(), S::from(0.0));
    for column in 0..right.ncols() {
        for i in (0..size).rev() {
            let mut left = rows[(i, size + column)].clone();
            for j in i + 1..size {
                left = left - rows[(i, j)].clone() * solution[(j, column)].clone();
            }
            solution[(i, column)] = left / rows[(i, i)].clone();
        }
    }
    Some(solution)
}

/// The solution of A x = b for a symmetric positive definite matrix, as A = L D Lᵀ; None where it is not positive definite.
///
/// No rows are exchanged, so it comes to the same digits, shifted, where rows and columns are multiplied by powers of two.
///
/// # Panics
/// If A is not square, or b has another number of rows.
pub fn solve_definite<S: Scalar>(matrix: &DMatrix<S>, right: &DVector<S>) -> Option<DVector<S>> {
    assert_eq!(matrix.nrows(), matrix.ncols(), "a system with one solution is square");
    assert_eq!(matrix.nrows(), right.len(), "each equation has a right-hand side");
    let (size, zero) = (matrix.nrows(), S::from(0.0));
    // L below the diagonal and D on it, from the lower half of the matrix.
    let mut factors = matrix.clone();
    for j in 0..size {
        let is_positive = factors[(j, j)] > zero;
        if !is_positive {
            return None;
        }
        for i in j + 1..size {
            let factor = factors[(i, j)].clone() / factors[(j, j)].clone();
            for k in j + 1..=i {
                factors[(i, k)] =
                    factors[(i, k)].clone() - factor.clone() * factors[(k, j)].clone();
            }
        }
        for i in j + 1..size {
            factors[(i, j)] = factors[(i, j)].clone() / factors[(j, j)].clone();
        }
    }
    let mut solution = right.clone();
    for i in 0..size {
        for j in 0..i {
            solution[i] = solution[i].clone() - factors[(i, j)].clone() * solution[j].clone();
        }
    }
    for i in (0..size).rev() {
        solution[i] = solution[i].clone() / factors[(i, i)].clone();
        for j in i + 1..size {
            solution[i] = solution[i].clone() - factors[(j, i)].clone() * solution[j].clone();
        }
    }
    Some(solution)
}

/// The inverse; None where the matrix is singular.
///
/// # Panics
/// If it is not square.
pub fn inverse<S: Scalar>(matrix: &DMatrix<S>) -> Option<DMatrix<S>> {
    let size = matrix.nrows();
    let identity = DMatrix::from_fn(size, size, |i, j| S::from(if i == j { 1.0 } else { 0.0 }));
    solve_all(matrix, &identity)
}

/// The determinant.
///
/// # Panics
/// If the matrix is not square.
pub fn determinant<S: Scalar>(matrix: &DMatrix<S>) -> S {
    assert_eq!(matrix.nrows(), matrix.ncols(), "a square matrix has a determinant");
    let mut rows = matrix.clone();
    let pivots = eliminate(&mut rows, matrix.ncols());
    if pivots.len() < matrix.nrows() {
        return S::from(0.0);
    }
    pivots.iter().enumerate().fold(S::from(1.0), |product, (i, pivot)| {
        let product = product * rows[(i, i)].clone();
        if pivot.swapped { -product } else { product }
    })
}

/// The rank: exact for fractions. Numbers that are rounded have the rank that rounding gives them, mostly the full one; see
/// [`exact_rank`](crate::exact_rank) for matrices of `f64`.
pub fn rank<S: Scalar>(matrix: &DMatrix<S>) -> usize {
    let mut rows = matrix.clone();
    eliminate(&mut rows, matrix.ncols()).len()
}

/// A row that was brought up to where it eliminates.
struct Pivot {
    swapped: bool,
}

/// Brings the first so many columns into echelon form, with the largest pivot of each column. Returns the pivots, of which there are
/// as many as the rank.
fn eliminate<S: Scalar>(rows: &mut DMatrix<S>, columns: usize) -> Vec<Pivot> {
    let zero = S::from(0.0);
    let mut pivots: Vec<Pivot> = Vec::new();
    for column in 0..columns {
        let top = pivots.len();
        if top == rows.nrows() {
            break;
        }
        let size = |i: usize| {
            let entry = rows[(i, column)].clone();
            if entry < zero { -entry } else { entry }
        };
        let largest = (top + 1..rows.nrows())
            .fold(top, |best, i| if size(i) > size(best) { i } else { best });
        if rows[(largest, column)] == zero {
            continue;
        }
        rows.swap_rows(top, largest);
        pivots.push(Pivot { swapped: largest != top });
        for i in top + 1..rows.nrows() {
            if rows[(i, column)] == zero {
                continue;
            }
            let factor = rows[(i, column)].clone() / rows[(top, column)].clone();
            rows[(i, column)] = zero.clone();
            for j in column + 1..rows.ncols() {
                rows[(i, j)] = rows[(i, j)].clone() - factor.clone() * rows[(top, j)].clone();
            }
        }
    }
    pivots
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Matrix, Vector, exact_rank, numerics::Fraction};
    use proptest::prelude::*;

    fn whole(rows: usize, columns: usize) -> impl Strategy<Value = DMatrix<Fraction>> {
        proptest::collection::vec(-9..=9i64, rows * columns).prop_map(move |entries| {
            DMatrix::from_fn(rows, columns, |i, j| Fraction::from(entries[i * columns + j]))
        })
    }

    proptest! {
        #[test]
        fn solutions_solve_exactly(matrix in whole(5, 5), right in whole(5, 2)) {
            match solve_all(&matrix, &right) {
                Some(solution) => prop_assert_eq!(&matrix * solution, right),
                None => prop_assert_eq!(determinant(&matrix), Fraction::from(0.0)),
            }
        }

        #[test]
        fn definite_systems_are_solved_without_exchanges(factor in whole(4, 4), right in whole(4, 1)) {
            let (matrix, right) = (&factor * factor.transpose(), right.column(0).into_owned());
            match solve_definite(&matrix, &right) {
                Some(solution) => prop_assert_eq!(&matrix * solution, right.clone()),
                None => prop_assert_eq!(determinant(&factor), Fraction::from(0.0)),
            }
            prop_assert_eq!(solve_definite(&-matrix, &right), None);
        }

        #[test]
        fn powers_of_two_change_no_digit_of_a_definite_solution(
            factor in proptest::collection::vec(-1.0..1.0f64, 9),
            right in proptest::collection::vec(-1.0..1.0f64, 3),
            powers in proptest::collection::vec(-30..30i32, 3),
        ) {
            let factor = Matrix::from_vec(3, 3, factor);
            let matrix = &factor * factor.transpose();
            let scaled = Matrix::from_fn(3, 3, |i, j| matrix[(i, j)] * 2f64.powi(powers[i] + powers[j]));
            let right = Vector::from_vec(right);
            let other = Vector::from_fn(3, |i, _| right[i] * 2f64.powi(powers[i]));
            let solution = solve_definite(&scaled, &other);
            let back = solution.map(|x| Vector::from_fn(3, |i, _| x[i] * 2f64.powi(powers[i])));
            prop_assert_eq!(back, solve_definite(&matrix, &right));
        }

        #[test]
        fn determinants_of_products_are_products(a in whole(4, 4), b in whole(4, 4)) {
            prop_assert_eq!(determinant(&(&a * &b)), determinant(&a) * determinant(&b));
        }

        #[test]
        fn the_rank_is_that_of_another_algorithm(left in whole(6, 3), right in whole(3, 5)) {
            let product = left * right;
            let rounded = Matrix::from_fn(6, 5, |i, j| product[(i, j)].nearest());
            prop_assert_eq!(Some(rank(&product)), exact_rank(&rounded));
        }
    }

    #[test]
    fn doubles_are_solved_as_a_library_solves_them() {
        let matrix = Matrix::from_row_slice(3, 3, &[0.0, 2.0, 1.0, 1.0, 1.0, 0.0, 3.0, -1.0, 2.0]);
        let right = Vector::from_vec(vec![1.0, 2.0, 3.0]);
        let solution = solve(&matrix, &right).unwrap();
        assert!((solution - matrix.clone().lu().solve(&right).unwrap()).norm() < 1e-14);
        assert!((determinant(&matrix) - matrix.determinant()).abs() < 1e-14);
    }
}
