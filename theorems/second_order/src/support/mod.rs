//! What several theorems of this chapter compute with.

pub(crate) mod bent_functions;
pub(crate) mod changed;
pub(crate) mod critical_points;
pub(crate) mod cubes;
pub(crate) mod cubic_splines;
pub(crate) mod curvature_profiles;
pub(crate) mod double_well_steps;
pub(crate) mod equations;
pub(crate) mod fractal_boundary;
pub(crate) mod inner_newton;
pub(crate) mod iterated_equations;
pub(crate) mod iterations;
pub(crate) mod memories;
pub(crate) mod plane_steps;
pub(crate) mod quadratic_forms;
pub(crate) mod random_quartics;
pub(crate) mod ridge_classifier;
pub(crate) mod rootless;
pub(crate) mod roots_of_unity;
pub(crate) mod shoulders;
pub(crate) mod softened_root;
pub(crate) mod trapping_quartic;
pub(crate) mod unknowns;
pub(crate) mod updates;
pub(crate) mod waves;
