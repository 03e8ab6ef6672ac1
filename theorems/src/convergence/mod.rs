//! Convergence of deterministic first-order methods.

chapter! {
    gradient_descent_pl,
}
