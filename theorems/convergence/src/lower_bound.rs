#![doc = include_str!("lower_bound.md")]

use theoria_algorithms::{
    ConjugateGradients, GradientDescent, HeavyBall, Momentum, Nesterov, OptimizedGradient,
    Trajectory,
};
use theoria_instances::Problem;
use theoria_instances::families::{AfterSteps, nesterov_worst_after_steps};
use theoria_models::{Matrix, Vector};
use theoria_verification::{Claim, Curve, Figure, Theorem};

/// What a method makes of the problem in N steps.
type Solve = fn(&Problem, usize) -> Vector;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    Theorem::new("convergence/lower_bound", include_str!("lower_bound.md"))
        .claim(below_none("best_of_the_span", 1.0, best))
        .claim(exact("best_gap"))
        .claim(below_none("gradient_descent", 1.0, |p, n| {
            p.run(GradientDescent::new(1.0 / p.smoothness()), n).last().clone()
        }))
        .claim(below_none("nesterov", 1.0, |p, n| {
            let method = Nesterov::new(1.0 / p.smoothness(), Momentum::Sequence);
            p.run(method, n).last().clone()
        }))
        .claim(below_none("heavy_ball", 1.0, |p, n| {
            let method = HeavyBall::optimal(p.smoothness(), p.strong_convexity());
            p.run(method, n).last().clone()
        }))
        .claim(below_none("optimized_gradient", 1.0, |p, n| {
            p.run(OptimizedGradient::new(p.smoothness(), n), n).last().clone()
        }))
        .control(below_none("bound_larger_by_a_tenth", 1.1, best))
        .control(below_none("newton_obeys_it_too", 1.0, newton))
        .figure(
            Figure::log_log("gap", "number of steps N", "gap / lower bound")
                .of("best_of_the_span")
                .of("nesterov")
                .of("optimized_gradient")
                .of("gradient_descent")
                .caption(
                    "Every method lies above the bound; the best point of the span approaches it.",
                ),
        )
}

fn best(p: &Problem, n: usize) -> Vector {
    let f = p.twice_differentiable();
    Trajectory::of(ConjugateGradients::default(), &f, p.start(), n).last().clone()
}

/// One step with the whole Hessian: not in the span of the gradients.
fn newton(p: &Problem, _n: usize) -> Vector {
    let factors = p.objective().hessian(p.start()).and_then(Matrix::cholesky);
    let step = factors.map(|factors| factors.solve(&p.objective().gradient_at(p.start())));
    match step {
        Some(step) => p.start() - step,
        None => panic!("the Hessian is positive definite"),
    }
}

/// One curve over all N: gathered from the instances fitted to each.
fn below_none(name: &str, times: f64, solve: Solve) -> Claim<AfterSteps> {
    Claim::lower_bound(name, "f(x_N) − f* ≥ 3LR² / (32 (N + 1)²)")
        .on(nesterov_worst_after_steps())
        .experiment(move |instance| {
            let (p, n) = (&instance.problem, instance.steps);
            let radius = p.distance_at_start();
            let bound = 3.0 * p.smoothness() * radius * radius / (32.0 * (n as f64 + 1.0).powi(2));
            Curve::at(n as f64, p.gap(&solve(p, n)), times * bound)
        })
}

fn exact(name: &str) -> Claim<AfterSteps> {
    Claim::identity(name, "the best gap of the span = L / (16 (N + 1))", 1e-9)
        .on(nesterov_worst_after_steps())
        .experiment(|instance| {
            let (p, n) = (&instance.problem, instance.steps);
            let predicted = p.smoothness() / (16.0 * (n as f64 + 1.0));
            Curve::at(n as f64, p.gap(&best(p, n)), predicted)
        })
}
