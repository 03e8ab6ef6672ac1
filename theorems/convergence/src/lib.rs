//! Convergence of deterministic first-order methods.

#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

mod support;

theoria_verification::chapter! {
    gradient_descent_nonconvex ["gradient_descent_nonconvex.worst.json"],
    gradient_descent_convex ["gradient_descent_convex.worst.json"],
    gradient_descent_strongly_convex ["gradient_descent_strongly_convex.worst.json"],
    gradient_descent_pl ["gradient_descent_pl.worst.json"],
    exact_line_search ["exact_line_search.worst.json"],
    armijo_backtracking ["armijo_backtracking.worst.json"],
    polyak_step ["polyak_step.worst.json"],
    gradient_flow ["gradient_flow.worst.json"],
    gradient_norm ["gradient_norm.worst.json"],
    subgradient_method ["subgradient_method.worst.json"],
    nesterov_convex ["nesterov_convex.worst.json"],
    nesterov_strongly_convex ["nesterov_strongly_convex.worst.json"],
    heavy_ball ["heavy_ball.worst.json"],
    lower_bound,
    conjugate_gradient ["conjugate_gradient.worst.json"],
    optimized_gradient ["optimized_gradient.worst.json"],
    silver_steps ["silver_steps.worst.json"],
    adagrad_norm_deterministic ["adagrad_norm_deterministic.worst.json"],
    sign_descent ["sign_descent.worst.json"],
    projection_onto_l1_ball,
    projected_gradient ["projected_gradient.worst.json"],
    frank_wolfe ["frank_wolfe.worst.json"],
    proximal_gradient ["proximal_gradient.worst.json"],
    fista ["fista.worst.json"],
}
