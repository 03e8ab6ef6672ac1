#![doc = include_str!("gradient_norm.md")]

use theoria_algorithms::GradientDescent;
use theoria_instances::Problem;
use theoria_instances::families::{
    huber, misstated, smooth_convex, smooth_convex_functions, smooth_functions,
};
use theoria_instances::hypotheses::{convex, minimiser, smooth, step_size};
use theoria_models::Property;
use theoria_verification::{Claim, Family, Figure, Theorem};

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let fitted =
        Family::listed("Huber, fitted to N", [1, 5, 20], |n| huber(1.0 / f64::from(n + 1)));
    let last_gradient = last("last_gradient", 1.0).attained_on(fitted);
    let a_slightly_smaller_gradient = last_gradient
        .restated("a_slightly_smaller_gradient", "‖∇f(x_N)‖² ≤ (0.98 LR/(N + 1))²")
        .predicting(|p, n| (0.98 * p.smoothness() * p.distance_at_start() / (n + 1.0)).powi(2));
    Theorem::new("convergence/gradient_norm", include_str!("gradient_norm.md"))
        .uses(
            "convergence/gradient_descent_convex",
            "gradients never increase, and Huber functions attain the bound",
        )
        .claim(
            last_gradient
                .on_all(smooth_convex())
                .on(smooth_convex_functions().hunted(1000))
                .tight_to(0.999),
        )
        .control(a_slightly_smaller_gradient)
        .control(
            last("last_gradient_without_convexity", 1.0)
                .on(smooth_functions().hunted(1000))
                .violating("convex"),
        )
        .control(
            last("last_gradient_with_too_small_a_constant", 1.0)
                .on(misstated(smooth_convex_functions(), Property::Smoothness, 0.1..=0.9)
                    .hunted(1000))
                .violating("smooth"),
        )
        .control(
            last("last_gradient_with_a_longer_step", 1.9)
                .on(smooth_convex_functions().hunted(1000))
                .violating("step size"),
        )
        .figure(Figure::log_log("gradient", "step N", "‖∇f(x_N)‖²").of("last_gradient").caption(
            "The squared gradient stays below (LR/(N + 1))²; Huber's function touches it once.",
        ))
}

/// With h = `multiple` / L; 1 in the theorem.
fn last(name: &str, multiple: f64) -> Claim<Problem> {
    Claim::bound(name, "‖∇f(x_N)‖² ≤ (LR/(N + 1))²")
        .assuming([convex(), smooth(), minimiser(), step_size(multiple, 1.0)])
        .measuring(1..=100, move |p: &Problem, steps| {
            let run = p.run(GradientDescent::new(multiple / p.smoothness()), 100);
            steps.read(|n: usize| p.gradient_squared(run.at(n)))
        })
        .predicting(|p, n| (p.smoothness() * p.distance_at_start() / (n + 1.0)).powi(2))
}
