//! Convergence of deterministic first-order methods.

mod support;

theoria_verification::chapter! {
    gradient_descent_nonconvex,
    gradient_descent_convex,
    gradient_descent_strongly_convex,
    gradient_descent_pl,
    exact_line_search,
    armijo_backtracking,
    polyak_step,
    gradient_flow,
    gradient_norm,
    subgradient_method,
    nesterov_convex,
    nesterov_strongly_convex,
    heavy_ball,
    lower_bound,
    conjugate_gradient,
    optimized_gradient,
    silver_steps,
    adagrad_norm_deterministic,
    sign_descent,
    projection_onto_l1_ball,
    projected_gradient,
    frank_wolfe,
    proximal_gradient,
    fista,
}
