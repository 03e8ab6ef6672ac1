//! Convergence of deterministic first-order methods.

chapter! {
    gradient_descent_nonconvex,
    gradient_descent_convex,
    gradient_descent_strongly_convex,
    gradient_descent_pl,
    gradient_flow,
    nesterov_convex,
    nesterov_strongly_convex,
    heavy_ball,
    lower_bound,
    conjugate_gradient,
    optimized_gradient,
    silver_steps,
}
