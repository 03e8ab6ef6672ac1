//! All assignments, easy to hard.

pub mod adagrad_norm;
pub mod claims_and_controls;
pub mod gradient_descent;
pub mod l1_projection;
pub mod label_noise;
pub mod lasso;
pub mod lbfgs;
pub mod majority_vote;
pub mod matrix_factorisation;
pub mod nesterov;
pub mod newton;
pub mod non_increasing_path;
pub mod orthogonal_initialization;
pub mod polyak_lojasiewicz;
pub mod relu_initialization;
pub mod sgd_schedules;

mod granted;
mod points;

use crate::assignment::Assignment;

/// All of them, in the order of a course.
pub fn all() -> Vec<Assignment> {
    vec![
        gradient_descent::assignment(),
        polyak_lojasiewicz::assignment(),
        nesterov::assignment(),
        l1_projection::assignment(),
        lasso::assignment(),
        adagrad_norm::assignment(),
        sgd_schedules::assignment(),
        majority_vote::assignment(),
        newton::assignment(),
        lbfgs::assignment(),
        matrix_factorisation::assignment(),
        relu_initialization::assignment(),
        orthogonal_initialization::assignment(),
        label_noise::assignment(),
        non_increasing_path::assignment(),
        claims_and_controls::assignment(),
    ]
}

/// The one of this name.
pub fn named(name: &str) -> Option<Assignment> {
    all().into_iter().find(|assignment| assignment.name == name)
}
