//! Points that counterexamples make simpler, coordinate by coordinate, and how they are told.

use theoria_models::numerics::written;
use theoria_models::{Matrix, Vector};
use theoria_verification::Draw;

/// With coordinates uniform between −2 and 2.
pub(super) fn in_a_cube(dimension: usize, draw: &mut Draw) -> Vector {
    Vector::from_fn(dimension, |_, _| draw.uniform(-2.0, 2.0))
}

/// The coordinates as one writes them.
pub(super) fn told(point: &Vector) -> String {
    let coordinates: Vec<String> = point.iter().map(|x| written(*x)).collect();
    format!("({})", coordinates.join(", "))
}

/// The rows as one writes them.
pub(super) fn rows_told(matrix: &Matrix) -> String {
    let rows: Vec<String> = matrix.row_iter().map(|row| told(&row.transpose())).collect();
    format!("({})", rows.join(", "))
}
