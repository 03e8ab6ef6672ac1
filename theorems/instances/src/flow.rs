//! Gradient flow from a start.

use theoria_algorithms::gradient_flow;
use theoria_models::{Objective, Vector};

/// Local error of each coordinate of [`flow`], relative to the size of the start and of the point.
pub const FLOW_TOLERANCE: f64 = 1e-13;

/// The gradient flow of an objective at these times, positive and increasing.
///
/// # Panics
/// If the flow leaves the numbers or is too stiff; that ends the instance with a message.
pub fn flow(objective: &(impl Objective + ?Sized), start: &Vector, times: &[f64]) -> Vec<Vector> {
    gradient_flow(objective, start, times, FLOW_TOLERANCE).unwrap_or_else(|error| panic!("{error}"))
}
