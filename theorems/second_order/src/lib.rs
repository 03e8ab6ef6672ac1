//! Second-order methods: Newton, quasi-Newton, implicit steps.

#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

mod support;

theoria_verification::chapter! {
    newton_quadratic ["newton_quadratic.worst.json"],
    newton_needs_a_good_start ["newton_needs_a_good_start.worst.json"],
    newton_finds_any_critical_point,
    global_newton ["global_newton.worst.json"],
    newton_fractal,
    newton_on_separable_data ["newton_on_separable_data.worst.json"],
    implicit_euler ["implicit_euler.worst.json"],
    woodbury ["woodbury.worst.json"],
    bfgs ["bfgs.worst.json"],
    quasi_newton_order ["quasi_newton_order.worst.json"],
    lbfgs,
    hessian_cost ["hessian_cost.worst.json"],
    affine_invariance,
    gauss_newton,
    self_concordant ["self_concordant.worst.json"],
    orders_of_iterations,
    chaos_without_a_root,
    methods_on_real_data,
    l_bfgs_on_a_network,
}
