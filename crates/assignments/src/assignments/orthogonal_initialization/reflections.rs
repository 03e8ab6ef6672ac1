//! The QR factorisation by reflections, as libraries do it.

/// The columns of Q, and the diagonal of R, whose signs are opposite to those of the entries that the reflections met.
pub(super) struct Factors {
    pub(super) columns: Vec<Vec<f64>>,
    pub(super) diagonal: Vec<f64>,
}

/// Of a square matrix, row by row. Reflection j takes what is left of column j to a multiple of the unit vector j.
pub(super) fn factored(dimension: usize, entries: &[f64]) -> Factors {
    let mut columns: Vec<Vec<f64>> = columns_of(dimension, entries);
    let (mut mirrors, mut diagonal) = (Vec::new(), Vec::new());
    for j in 0..dimension {
        let mut mirror = vec![0.0; dimension];
        mirror[j..].copy_from_slice(&columns[j][j..]);
        // Away from the entry, so that nothing cancels.
        let r = -length(&mirror).copysign(mirror[j]);
        mirror[j] -= r;
        columns.iter_mut().for_each(|column| reflect(column, &mirror));
        diagonal.push(r);
        mirrors.push(mirror);
    }
    let unit = |j: usize| (0..dimension).map(|i| if i == j { 1.0 } else { 0.0 }).collect();
    let column = |j: usize| {
        let mut column: Vec<f64> = unit(j);
        mirrors.iter().rev().for_each(|mirror| reflect(&mut column, mirror));
        column
    };
    Factors { columns: (0..dimension).map(column).collect(), diagonal }
}

/// The columns of a matrix that is given row by row.
pub(super) fn columns_of(dimension: usize, entries: &[f64]) -> Vec<Vec<f64>> {
    let column = |j: usize| entries.iter().skip(j).step_by(dimension).copied().collect();
    (0..dimension).map(column).collect()
}

/// The matrix with these columns, row by row, times the gain.
pub(super) fn row_by_row(columns: &[Vec<f64>], gain: f64) -> Vec<f64> {
    let row = |i: usize| columns.iter().map(move |column| gain * column[i]);
    (0..columns.len()).flat_map(row).collect()
}

pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

pub(super) fn length(v: &[f64]) -> f64 {
    dot(v, v).sqrt()
}

/// x − 2 m (m·x)/(m·m), which leaves x where it is for m = 0.
fn reflect(x: &mut [f64], mirror: &[f64]) {
    let square = dot(mirror, mirror);
    if square > 0.0 {
        let along = 2.0 * dot(mirror, x) / square;
        x.iter_mut().zip(mirror).for_each(|(x, m)| *x -= along * m);
    }
}
