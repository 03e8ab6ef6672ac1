//! Sparse and low-rank models, constraints and duality: optimization in other areas.

#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

mod support;

theoria_verification::chapter! {
    lasso_duality_gap ["lasso_duality_gap.worst.json"],
    lasso_sparse_ridge_dense ["lasso_sparse_ridge_dense.worst.json"],
    sparse_recovery,
    sign_recovery,
    penalised_equals_constrained,
    projected_and_conditional_gradient ["projected_and_conditional_gradient.worst.json"],
    subgradient_or_proximal ["subgradient_or_proximal.worst.json"],
    eckart_young ["eckart_young.worst.json"],
    rank_semicontinuity,
    alternating_least_squares,
    nonnegative_factorisation,
    matrix_completion,
    low_rank_recovery,
    factored_nuclear_norm ["factored_nuclear_norm.worst.json"],
    matrix_factorisation_landscape,
    least_squares_is_linear_algebra ["least_squares_is_linear_algebra.worst.json"],
    linear_programs ["linear_programs.worst.json"],
    active_set,
}
