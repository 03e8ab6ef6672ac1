//! Matrices of fractions that are changed in a few directions.

use nalgebra::DMatrix;
use theoria_models::elimination;
use theoria_models::numerics::Fraction;
use theoria_verification::{Check, Draw, Family, Hypothesis, Instance};

pub(crate) type Exact = DMatrix<Fraction>;

/// A + U C V
#[derive(Debug, Clone)]
pub(crate) struct Changed {
    pub(crate) matrix: Exact,
    pub(crate) left: Exact,
    pub(crate) core: Exact,
    pub(crate) right: Exact,
}

impl Instance for Changed {
    fn description(&self) -> String {
        let told = |matrix: &Exact| {
            let rows = matrix
                .row_iter()
                .map(|row| row.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "));
            rows.collect::<Vec<_>>().join("; ")
        };
        format!(
            "A = ({}), U = ({}), C = ({}), V = ({})",
            told(&self.matrix),
            told(&self.left),
            told(&self.core),
            told(&self.right)
        )
    }
}

impl Changed {
    /// A + U C V
    pub(crate) fn sum(&self) -> Exact {
        &self.matrix + &self.left * &self.core * &self.right
    }

    /// A⁻¹; what is asked of it fails where there is none.
    pub(crate) fn inverse(&self) -> Option<Exact> {
        elimination::inverse(&self.matrix)
    }
}

/// How far a product is from the identity: the sum of the sizes of all entries of the difference, which is 0 or not.
pub(crate) fn from_identity(product: &Exact) -> f64 {
    let size = product.nrows();
    (product - Exact::identity(size, size)).iter().map(|entry| entry.clone().abs().nearest()).sum()
}

/// A whole number of 1 to 3, of either sign.
fn entry(draw: &mut Draw) -> Fraction {
    let size = draw.size(1..=3) as i64;
    Fraction::from(if draw.coin() { size } else { -size })
}

fn entries(rows: usize, columns: usize, heavy: i64, draw: &mut Draw) -> Exact {
    let mut matrix = Exact::from_element(rows, columns, Fraction::from(0));
    for i in 0..rows {
        for j in 0..columns {
            let shift = if i == j { Fraction::from(heavy) } else { Fraction::from(0) };
            matrix[(i, j)] = entry(draw) + shift;
        }
    }
    matrix
}

/// Diagonally dominant A and C, full U and V; the rank of the change is in this range, and less than d.
pub(crate) fn changed(name: &str, ranks: std::ops::RangeInclusive<usize>) -> Family<Changed> {
    Family::drawn(name, move |draw| {
        let rank = draw.size(ranks.clone());
        let size = rank + draw.size(1..=3);
        let core = entries(rank, rank, 3 + 3 * rank as i64, draw);
        draw.label(&format!("rank {rank}"));
        Changed {
            matrix: entries(size, size, 3 + 3 * size as i64, draw),
            left: entries(size, rank, 0, draw),
            core: if rank == 1 { core.map(|entry| entry / Fraction::from(2)) } else { core },
            right: entries(rank, size, 0, draw),
        }
    })
}

/// The same with C = 1.
pub(crate) fn changed_by_one_column() -> Family<Changed> {
    changed("matrices changed by one column and one row", 1..=1)
        .map(|it| Changed { core: Exact::identity(1, 1), ..it })
}

/// C I - C (1/n) J has 1 in its kernel, for the matrix of ones J; and two blocks of the kind.
pub(crate) fn singular() -> Family<Changed> {
    Family::listed("sums that are singular", [(2, 1), (3, 1), (4, 2), (6, 2)], |&(size, rank)| {
        let block = size / rank;
        let ones = Exact::from_fn(size, rank, |i, j| Fraction::from(i64::from(i / block == j)));
        Changed {
            matrix: Exact::identity(size, size) * Fraction::from(2),
            right: ones.transpose(),
            left: ones,
            core: Exact::identity(rank, rank) * Fraction::ratio(-2, block as i64),
        }
    })
}

/// det A ≠ 0
pub(crate) fn invertible() -> Hypothesis<Changed> {
    Hypothesis::new("A invertible", |it: &Changed, _| {
        let determinant = elimination::determinant(&it.matrix);
        Check::that(determinant != Fraction::from(0), format!("det A = {determinant}"))
    })
}

/// det C ≠ 0
pub(crate) fn invertible_core() -> Hypothesis<Changed> {
    Hypothesis::new("C invertible", |it: &Changed, _| {
        let determinant = elimination::determinant(&it.core);
        Check::that(determinant != Fraction::from(0), format!("det C = {determinant}"))
    })
}

/// det(A + U C V) ≠ 0
pub(crate) fn invertible_sum() -> Hypothesis<Changed> {
    Hypothesis::new("A + UCV invertible", |it: &Changed, _| {
        let determinant = elimination::determinant(&it.sum());
        Check::that(determinant != Fraction::from(0), format!("det(A + UCV) = {determinant}"))
    })
}
