#![doc = include_str!("gradient_norm.md")]

use theoria_algorithms::GradientDescent;
use theoria_instances::Problem;
use theoria_instances::families::{huber, smooth_convex};
use theoria_instances::hypotheses::{convex, smooth};
use theoria_verification::{Claim, Curve, Family, Figure, Theorem};

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let fitted =
        Family::listed("Huber, fitted to N", [1, 5, 20], |n| huber(1.0 / f64::from(n + 1)));
    Theorem::new("convergence/gradient_norm", include_str!("gradient_norm.md"))
        .claim(
            last_gradient("last_gradient", 1.0).on_all(smooth_convex()).attained_on(fitted.clone()),
        )
        .control(last_gradient("a_slightly_smaller_gradient", 0.98).on(fitted))
        .figure(Figure::log_log("gradient", "step N", "‖∇f(x_N)‖²").of("last_gradient").caption(
            "The squared gradient stays below (LR/(N + 1))²; Huber's function touches it once.",
        ))
}

fn last_gradient(name: &str, factor: f64) -> Claim<Problem> {
    Claim::bound(name, "‖∇f(x_N)‖² ≤ (LR/(N + 1))²").assuming([convex(), smooth()]).experiment(
        move |p: &Problem| {
            let run = p.run(GradientDescent::new(1.0 / p.smoothness()), 100);
            let at_start = factor * p.smoothness() * p.distance_at_start();
            Curve::over(
                1..=100,
                |n: i32| p.gradient_squared(run.at(n as usize)),
                |n| (at_start / f64::from(n + 1)).powi(2),
            )
        },
    )
}
