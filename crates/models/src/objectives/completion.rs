//! A matrix of low rank from some of its entries.

use crate::oracle::{BlockMinimisation, Preconditioner};
use crate::products::{Factor, add_product};
use crate::{Matrix, Minimum, Objective, Svd, Vector};

/// f(U, V) = Σ ((UV)_ij - m_ij)²/2 over the entries that are seen + ridge (|U|² + |V|²)/2, for U of n rows and V of m columns, as a function of the
/// rows of U, one after the other, and then of the columns of V.
///
/// For fixed V it is a problem of least squares for each row of U, and the other way round: [`BlockMinimisation`] solves them,
/// the rows of U as the first block. Where there are many solutions (fewer entries than columns of U) it takes the smallest one.
///
/// ```
/// use theoria_models::{Matrix, Objective, objectives::Completion};
/// let matrix = Matrix::from_row_slice(2, 2, &[1.0, 2.0, 2.0, 4.0]);
/// let f = Completion::of(&matrix, 1, &[(0, 0), (0, 1), (1, 0)]);
/// let x = f.flatten(&Matrix::from_row_slice(2, 1, &[1.0, 2.0]), &Matrix::from_row_slice(1, 2, &[1.0, 2.0]));
/// assert_eq!(f.value(&x), 0.0);
/// assert_eq!(f.matrix(&x), matrix);
/// ```
#[derive(Debug, Clone)]
pub struct Completion {
    rows: usize,
    columns: usize,
    width: usize,
    /// (i, j, m_ij)
    seen: Vec<(usize, usize, f64)>,
    /// Of each row of U the columns of V that it meets and what is to come of it, and of each column of V the rows of U.
    partners: [Vec<Vec<(usize, f64)>>; 2],
    ridge: f64,
}

/// The square root of how singular the equations of a row may be before they are solved by singular values.
const SINGULAR: f64 = 1e-3;
/// Columns of U from which on a product is faster by a kernel than entry by entry.
const MANY: usize = 8;

impl Completion {
    /// Of this matrix these entries (row, column), with so many columns of U.
    ///
    /// # Panics
    /// If an entry lies outside, or U has no column.
    pub fn of(matrix: &Matrix, width: usize, entries: &[(usize, usize)]) -> Self {
        assert!(width > 0, "at least one column");
        let (rows, columns) = matrix.shape();
        assert!(entries.iter().all(|(i, j)| *i < rows && *j < columns), "entries of the matrix");
        let seen: Vec<_> = entries.iter().map(|&(i, j)| (i, j, matrix[(i, j)])).collect();
        let mut partners = [vec![Vec::new(); rows], vec![Vec::new(); columns]];
        for &(i, j, entry) in &seen {
            partners[0][i].push((j, entry));
            partners[1][j].push((i, entry));
        }
        Completion { rows, columns, width, seen, partners, ridge: 0.0 }
    }

    /// Of a matrix that is seen whole.
    ///
    /// # Panics
    /// If U has no column.
    pub fn whole(matrix: &Matrix, width: usize) -> Self {
        let (rows, columns) = matrix.shape();
        let entries: Vec<_> = (0..rows).flat_map(|i| (0..columns).map(move |j| (i, j))).collect();
        Self::of(matrix, width, &entries)
    }

    /// With a ridge on both factors.
    ///
    /// # Panics
    /// If it is negative or not finite.
    #[must_use]
    pub fn with_ridge(self, ridge: f64) -> Self {
        assert!(ridge >= 0.0 && ridge.is_finite(), "a ridge is not negative");
        Completion { ridge, ..self }
    }

    /// The point of these factors.
    ///
    /// # Panics
    /// If they have other sizes.
    pub fn flatten(&self, first: &Matrix, second: &Matrix) -> Vector {
        assert_eq!(first.shape(), (self.rows, self.width), "the shape of U");
        assert_eq!(second.shape(), (self.width, self.columns), "the shape of V");
        let rows = first.transpose();
        Vector::from_iterator(self.dimension(), rows.iter().chain(second.iter()).copied())
    }

    /// U and V of a point.
    pub fn factors(&self, x: &Vector) -> (Matrix, Matrix) {
        let (first, second) = x.as_slice().split_at(self.rows * self.width);
        let rows = Matrix::from_column_slice(self.width, self.rows, first);
        (rows.transpose(), Matrix::from_column_slice(self.width, self.columns, second))
    }

    /// UV, all of it.
    pub fn matrix(&self, x: &Vector) -> Matrix {
        let (first, second) = self.factors(x);
        first * second
    }

    /// (row, column) and value of the entries that are seen.
    pub fn seen(&self) -> &[(usize, usize, f64)] {
        &self.seen
    }

    /// The derivative of the entries that are seen by the point: a row an entry.
    pub fn jacobian(&self, x: &Vector) -> Matrix {
        let k = self.width;
        let mut jacobian = Matrix::zeros(self.seen.len(), x.len());
        for (entry, &(i, j, _)) in self.seen.iter().enumerate() {
            let (row, column) = (i * k, (self.rows + j) * k);
            for unit in 0..k {
                jacobian[(entry, row + unit)] = x[column + unit];
                jacobian[(entry, column + unit)] = x[row + unit];
            }
        }
        jacobian
    }

    /// Where the numbers of an entry's row and column begin.
    fn places(&self, i: usize, j: usize) -> (usize, usize) {
        (i * self.width, (self.rows + j) * self.width)
    }

    fn product(&self, x: &Vector, i: usize, j: usize) -> f64 {
        let (row, column) = self.places(i, j);
        let x = x.as_slice();
        let (row, column) = (&x[row..row + self.width], &x[column..column + self.width]);
        row.iter().zip(column).map(|(u, v)| u * v).sum()
    }

    /// The numbers that, with these partners, come nearest to what they are to come to.
    fn fitted(&self, partners: &[(usize, f64)], others: &[f64]) -> Vector {
        let k = self.width;
        let partner = |j: usize| &others[j * k..(j + 1) * k];
        let mut right = Vector::zeros(k);
        for &(j, entry) in partners {
            right.iter_mut().zip(partner(j)).for_each(|(sum, v)| *sum += entry * v);
        }
        let mut gram = Matrix::identity(k, k) * self.ridge;
        if k < MANY {
            for v in partners.iter().map(|(j, _)| partner(*j)) {
                for (b, column) in gram.as_mut_slice().chunks_exact_mut(k).enumerate() {
                    column[b..].iter_mut().zip(&v[b..]).for_each(|(sum, a)| *sum += a * v[b]);
                }
            }
        } else {
            let mut columns = Vec::with_capacity(k * partners.len());
            partners.iter().for_each(|(j, _)| columns.extend_from_slice(partner(*j)));
            let columns = Factor::laid(&columns, k, partners.len());
            add_product(&mut gram, 1.0, columns, columns.transpose());
        }
        // Only the lower triangle is looked at.
        if let Some(cholesky) = gram.cholesky() {
            let pivots = cholesky.l_dirty().diagonal();
            if pivots.min() > SINGULAR * pivots.max() {
                return cholesky.solve(&right);
            }
        }
        let own = self.ridge.sqrt();
        let system = Matrix::from_fn(partners.len() + k, k, |i, a| {
            let ridge = || if i - partners.len() == a { own } else { 0.0 };
            partners.get(i).map_or_else(ridge, |(j, _)| partner(*j)[a])
        });
        let svd = Svd::of(&system);
        let negligible = svd.rounding();
        let target =
            Vector::from_fn(partners.len() + k, |i, _| partners.get(i).map_or(0.0, |p| p.1));
        let mut along = svd.left().tr_mul(&target);
        along.zip_apply(svd.values(), |a, s| *a = if s > negligible { *a / s } else { 0.0 });
        svd.right() * along
    }
}

impl BlockMinimisation<Vector> for Completion {
    fn blocks(&self) -> usize {
        2
    }

    fn minimise_block(&self, block: usize, at: &mut Vector) {
        let (first, second) = at.as_mut_slice().split_at_mut(self.rows * self.width);
        let (own, others) = if block == 0 { (first, second) } else { (second, first) };
        for (row, partners) in own.chunks_mut(self.width).zip(&self.partners[block]) {
            row.copy_from_slice(self.fitted(partners, others).as_slice());
        }
    }
}

/// (VVᵀ)⁻¹ for each row of U, (UᵀU)⁻¹ for each column of V.
impl Preconditioner<Vector> for Completion {
    fn precondition(&self, at: &Vector, gradient: &mut Vector) -> bool {
        let k = self.width;
        let (first, second) = at.as_slice().split_at(self.rows * k);
        let gram = |columns: &[f64]| {
            let columns = Matrix::from_column_slice(k, columns.len() / k, columns);
            (&columns * columns.transpose()).cholesky()
        };
        let (Some(of_rows), Some(of_columns)) = (gram(second), gram(first)) else { return false };
        let (rows, columns) = gradient.as_mut_slice().split_at_mut(self.rows * k);
        for (part, gram) in [(rows, of_rows), (columns, of_columns)] {
            let scaled = gram.solve(&Matrix::from_column_slice(k, part.len() / k, part));
            part.copy_from_slice(scaled.as_slice());
        }
        true
    }
}

impl Objective for Completion {
    fn describe(&self) -> String {
        let (n, m, p) = (self.rows, self.columns, self.seen.len());
        format!("{n} x {m} matrix of rank {} from {p} entries", self.width)
    }

    fn dimension(&self) -> usize {
        self.width * (self.rows + self.columns)
    }

    fn value(&self, x: &Vector) -> f64 {
        let squares = self.seen.iter().map(|&(i, j, m)| (self.product(x, i, j) - m).powi(2));
        (squares.sum::<f64>() + self.ridge * x.norm_squared()) / 2.0
    }

    fn gradient_into(&self, x: &Vector, into: &mut Vector) {
        into.copy_from(x);
        *into *= self.ridge;
        let (k, end) = (self.width, self.rows * self.width);
        let (rows, columns) = x.as_slice().split_at(end);
        let (of_rows, of_columns) = into.as_mut_slice().split_at_mut(end);
        for &(i, j, m) in &self.seen {
            let (u, v) = (&rows[i * k..(i + 1) * k], &columns[j * k..(j + 1) * k]);
            let residual = u.iter().zip(v).map(|(u, v)| u * v).sum::<f64>() - m;
            let of_u = of_rows[i * k..(i + 1) * k].iter_mut().zip(v);
            of_u.for_each(|(slope, v)| *slope += residual * v);
            let of_v = of_columns[j * k..(j + 1) * k].iter_mut().zip(u);
            of_v.for_each(|(slope, u)| *slope += residual * u);
        }
    }

    fn hessian_vector(&self, x: &Vector, direction: &Vector) -> Option<Vector> {
        let mut product = direction * self.ridge;
        for &(i, j, m) in &self.seen {
            let residual = self.product(x, i, j) - m;
            let (row, column) = self.places(i, j);
            let moved: f64 = (0..self.width)
                .map(|u| direction[row + u] * x[column + u] + x[row + u] * direction[column + u])
                .sum();
            for unit in 0..self.width {
                product[row + unit] +=
                    residual * direction[column + unit] + moved * x[column + unit];
                product[column + unit] += residual * direction[row + unit] + moved * x[row + unit];
            }
        }
        Some(product)
    }

    fn rounding(&self, x: &Vector) -> f64 {
        let terms = (self.width + 2) as f64;
        let (first, second) = self.factors(x);
        let size = first.norm() * second.norm();
        let entries = self.seen.iter().map(|(_, _, m)| m * m).sum::<f64>().sqrt();
        let error = f64::EPSILON * (terms * size + entries);
        let value = self.value(x);
        let count = self.seen.len() as f64;
        error * ((2.0 * value).sqrt() + error) + (count + 16.0) * f64::EPSILON * value
    }

    fn gradient_rounding(&self, x: &Vector) -> f64 {
        let (first, second) = self.factors(x);
        let terms = (self.width + self.rows.max(self.columns)) as f64;
        let size = first.norm() * second.norm() + (2.0 * self.value(x)).sqrt();
        terms * f64::EPSILON * (size + self.ridge) * x.norm()
    }

    fn bounded_below(&self) -> Option<f64> {
        Some(0.0)
    }

    /// 0 where there is no ridge and U has as many columns as any matrix needs.
    fn minimum(&self) -> Option<Minimum> {
        let any = self.ridge == 0.0 && self.width >= self.rows.min(self.columns);
        let once = self
            .seen
            .iter()
            .enumerate()
            .all(|(at, (i, j, _))| self.seen[..at].iter().all(|(a, b, _)| (a, b) != (i, j)));
        (any && once).then(|| Minimum::exact(0.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;
    use rand_distr::{Distribution, StandardNormal};

    proptest! {
        #[test]
        fn a_block_is_minimal_given_the_other(
            rows in 1..7usize, columns in 1..7usize, width in 1..4usize, hidden in 0..20usize,
            ridge in prop_oneof![Just(0.0), 0.01..1.0f64], block in 0..2usize, seed: u64,
        ) {
            let rng = &mut ChaCha8Rng::seed_from_u64(seed);
            let mut draw = |n, m| Matrix::from_fn(n, m, |_, _| StandardNormal.sample(rng));
            let matrix: Matrix = draw(rows, columns);
            let all = (0..rows * columns).map(|at| (at / columns, at % columns));
            let entries: Vec<_> = all.filter(|(i, j)| (3 * i + 5 * j) % 7 >= hidden % 5).collect();
            let f = Completion::of(&matrix, width, &entries).with_ridge(ridge);
            let mut x = f.flatten(&draw(rows, width), &draw(width, columns));
            let before = f.value(&x);
            f.minimise_block(block, &mut x);
            prop_assert!(f.value(&x) <= before * (1.0 + 1e-12));
            let gradient = f.gradient_at(&x);
            let cut = rows * width;
            let own = if block == 0 { gradient.rows(0, cut) } else { gradient.rows(cut, width * columns) };
            prop_assert!(own.norm() <= 1e-8 * (1.0 + x.norm()).powi(3), "{}", own.norm());
        }
    }

    #[test]
    fn a_row_with_too_few_entries_takes_the_smallest_solution() {
        let matrix = Matrix::from_row_slice(1, 2, &[3.0, 0.0]);
        let f = Completion::of(&matrix, 2, &[(0, 0)]);
        let second = Matrix::from_row_slice(2, 2, &[1.0, 0.0, 1.0, 1.0]);
        let mut x = f.flatten(&Matrix::zeros(1, 2), &second);
        f.minimise_block(0, &mut x);
        assert!((f.factors(&x).0 - Matrix::from_row_slice(1, 2, &[1.5, 1.5])).amax() < 1e-14);
    }

    #[test]
    fn a_row_of_graded_columns_is_fitted_to_rounding() {
        for small in [1e-2, 1e-4, 1e-5, 1e-7] {
            // Columns that are nearly dependent, and entries that they come to.
            let second =
                Matrix::from_row_slice(2, 3, &[1.0, 1.0, 1.0, 1.0, 1.0 + small, 1.0 - small]);
            let matrix = Matrix::from_row_slice(1, 2, &[3.0, -2.0]) * &second;
            let f = Completion::of(&matrix, 2, &[(0, 0), (0, 1), (0, 2)]);
            let mut x = f.flatten(&Matrix::zeros(1, 2), &second);
            f.minimise_block(0, &mut x);
            let residual = (2.0 * f.value(&x)).sqrt();
            assert!(residual <= 1e-13, "{small:e}: {residual:e}");
        }
    }
}
