//! How far momentum carries.

use theoria_algorithms::{Momentum, Nesterov};
use theoria_instances::Problem;
use theoria_models::Vector;
use theoria_models::objectives::Huber;

/// S_N: how far N steps of size 1 go down a slope of 1, by running the method far out on the slope of a
/// Huber function.
pub(crate) fn reach(momentum: Momentum, steps: usize) -> f64 {
    let far = Vector::from_element(1, (steps as f64 + 10.0).powi(2));
    let slope = Problem::new(Huber::new(1.0, 1.0), far.clone());
    far[0] - slope.run(Nesterov::new(1.0, momentum), steps).last()[0]
}
