//! Sparse and low-rank models, constraints and duality: optimization in other areas.

mod support;

theoria_verification::chapter! {
    lasso_duality_gap,
    lasso_sparse_ridge_dense,
    penalised_equals_constrained,
    subgradient_or_proximal,
    sparse_recovery,
    sign_recovery,
    matrix_factorisation_landscape,
}
