//! Sharpness by power iteration.

use super::Eigenvalue;
use crate::Vector;

/// The eigenvalue of largest absolute value of a symmetric operator: `products` steps of
/// v ← H v/|H v| from `start`. Stops early at a null vector.
///
/// The error of the value falls like (λ_2/λ_1)^(2k). [`Krylov`](super::Krylov) needs fewer products;
/// this one keeps two vectors only, and finds the largest *absolute* value where Lanczos finds both
/// ends.
///
/// ```
/// use theoria_models::{Vector, flatness::power_iteration};
///
/// let hessian = |v: &Vector| Vector::from_vec(vec![v[0], -3.0 * v[1]]);
/// let found = power_iteration(hessian, &Vector::from_vec(vec![1.0, 1.0]), 40);
/// assert!(found.holds(-3.0) && found.residual < 1e-10);
/// ```
///
/// # Panics
/// If `start` is zero or not finite.
pub fn power_iteration(
    operator: impl Fn(&Vector) -> Vector,
    start: &Vector,
    products: usize,
) -> Eigenvalue {
    let length = start.norm();
    assert!(length > 0.0 && length.is_finite(), "a start with a direction");
    let mut direction = start / length;
    for _ in 0..products {
        let image = operator(&direction);
        let size = image.norm();
        if size == 0.0 {
            break;
        }
        direction = image / size;
    }
    Eigenvalue::measured(operator, &direction)
}
