//! What several theorems of this chapter compute with, and parts of one that stand on their own.

pub(crate) mod featureless_starts;
pub(crate) mod kept_determinant;
pub(crate) mod kinks_on_a_line;
pub(crate) mod learning_stages;
pub(crate) mod mode_growth;
pub(crate) mod mode_landscape;
pub(crate) mod mode_learners;
pub(crate) mod one_unit;
pub(crate) mod paths;
pub(crate) mod silent_alignment;
pub(crate) mod singular_speeds;
pub(crate) mod two_feature_regression;
