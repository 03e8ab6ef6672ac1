//! What several theorems of this chapter compute with, and parts of one that stand on their own.

pub(crate) mod alternation;
pub(crate) mod alternatives;
pub(crate) mod approximation;
pub(crate) mod ball;
pub(crate) mod descent_cone;
pub(crate) mod exact_ranks;
pub(crate) mod factorisation;
pub(crate) mod l1_constraint;
pub(crate) mod lasso_runs;
pub(crate) mod nonnegative;
pub(crate) mod penalised;
pub(crate) mod planted;
pub(crate) mod positive_part;
pub(crate) mod priced;
pub(crate) mod programs;
pub(crate) mod quadratic_programs;
pub(crate) mod range_finding;
pub(crate) mod ridge_path;
pub(crate) mod samples;
pub(crate) mod signed_columns;
pub(crate) mod tensors;
pub(crate) mod tiles;
pub(crate) mod walks;
pub(crate) mod weighted_square;
