//! A right solution.

use crate::theoria::{Fields, Solution};

pub(super) type Rows = Vec<Vec<f64>>;

/// U ← U − h R Vᵀ, V ← V − h Uᵀ R with R = w (UV − A); and Σ w (D_U V + U D_V)² + 2 Σ R (D_U D_V).
#[derive(Default)]
pub(super) struct Factors;

impl Solution for Factors {
    fn begin(&mut self, instance: &Fields) -> Fields {
        let (matrix, weights) = (instance.matrix("matrix"), weights(instance));
        let (mut left, mut right) = (instance.matrix("left"), instance.matrix("right"));
        if instance.text("question") == "curvature" {
            let [along_left, along_right] =
                ["left_direction", "right_direction"].map(|name| instance.matrix(name));
            let mut change = product(&along_left, &right);
            add(&mut change, 1.0, &product(&left, &along_right));
            let residual = residual(&matrix, &weights, &left, &right);
            let bent = inner(&weights, &times(&change, &change))
                + 2.0 * inner(&residual, &product(&along_left, &along_right));
            return Fields::new().with("curvature", bent);
        }
        let step = instance.number("step");
        for _ in 0..instance.number("steps") as usize {
            let residual = residual(&matrix, &weights, &left, &right);
            let slope = product(&residual, &transposed(&right));
            add(&mut right, -step, &product(&transposed(&left), &residual));
            add(&mut left, -step, &slope);
        }
        Fields::new().with("left", left).with("right", right)
    }
}

/// All 1 where none are told.
pub(super) fn weights(instance: &Fields) -> Rows {
    match instance.get("weights") {
        Some(_) => instance.matrix("weights"),
        None => instance.matrix("matrix").iter().map(|row| vec![1.0; row.len()]).collect(),
    }
}

/// w (UV − A), entry by entry.
pub(super) fn residual(matrix: &Rows, weights: &Rows, left: &Rows, right: &Rows) -> Rows {
    let mut difference = product(left, right);
    add(&mut difference, -1.0, matrix);
    times(weights, &difference)
}

pub(super) fn product(left: &Rows, right: &Rows) -> Rows {
    let columns = right.first().map_or(0, Vec::len);
    let entry = |row: &Vec<f64>, j: usize| row.iter().zip(right).map(|(a, b)| a * b[j]).sum();
    left.iter().map(|row| (0..columns).map(|j| entry(row, j)).collect()).collect()
}

pub(super) fn transposed(matrix: &Rows) -> Rows {
    let columns = matrix.first().map_or(0, Vec::len);
    (0..columns).map(|j| matrix.iter().map(|row| row[j]).collect()).collect()
}

pub(super) fn add(to: &mut Rows, share: f64, what: &Rows) {
    for (row, other) in to.iter_mut().zip(what) {
        row.iter_mut().zip(other).for_each(|(entry, other)| *entry += share * other);
    }
}

/// Entry by entry.
pub(super) fn times(one: &Rows, other: &Rows) -> Rows {
    let row = |(a, b): (&Vec<f64>, &Vec<f64>)| a.iter().zip(b).map(|(a, b)| a * b).collect();
    one.iter().zip(other).map(row).collect()
}

/// The sum over all entries of one times the other.
pub(super) fn inner(one: &Rows, other: &Rows) -> f64 {
    times(one, other).iter().flatten().sum()
}
