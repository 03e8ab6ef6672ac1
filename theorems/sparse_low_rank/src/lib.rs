//! Sparse and low-rank models, constraints and duality: optimization in other areas.

mod support;

theoria_verification::chapter! {
    lasso_duality_gap,
    lasso_sparse_ridge_dense,
    sparse_recovery,
    sign_recovery,
    penalised_equals_constrained,
    projected_and_conditional_gradient,
    subgradient_or_proximal,
    eckart_young ["eckart_young.worst.json"],
    rank_semicontinuity,
    alternating_least_squares,
    nonnegative_factorisation,
    matrix_factorisation_landscape,
    least_squares_is_linear_algebra,
    linear_programs,
    active_set,
}
