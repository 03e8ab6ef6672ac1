#![doc = include_str!("lower_bound.md")]

use theoria_algorithms::{
    ConjugateGradients, GradientDescent, HeavyBall, Momentum, Nesterov, OptimizedGradient,
    Trajectory,
};
use theoria_instances::Problem;
use theoria_instances::families::{AfterSteps, nesterov_worst_after_steps};
use theoria_models::{Matrix, Vector};
use theoria_verification::{Claim, Figure, Theorem};

/// What a method makes of the problem in N steps.
type Solve = fn(&Problem, usize) -> Vector;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let best_of_the_span = above("best_of_the_span", best);
    let larger = best_of_the_span
        .restated("bound_larger_by_a_tenth", "f(x_N) − f* ≥ 3.3LR² / (32 (N + 1)²)")
        .predicting(|i, n| 1.1 * bound(&i.problem, n));
    Theorem::new("convergence/lower_bound", include_str!("lower_bound.md"))
        .claim(best_of_the_span)
        .claim(best_gap())
        .claim(above("gradient_descent", |p, n| {
            p.run(GradientDescent::new(1.0 / p.smoothness()), n).last().clone()
        }))
        .claim(above("nesterov", |p, n| {
            let method = Nesterov::new(1.0 / p.smoothness(), Momentum::Sequence);
            p.run(method, n).last().clone()
        }))
        .claim(above("heavy_ball", |p, n| {
            let method = HeavyBall::optimal(p.smoothness(), p.strong_convexity());
            p.run(method, n).last().clone()
        }))
        .claim(above("optimized_gradient", |p, n| {
            p.run(OptimizedGradient::new(p.smoothness(), n), n).last().clone()
        }))
        .control(larger)
        .control(above_as(
            "newton_obeys_it_too",
            "of Newton's method: f(x_N) − f* ≥ 3LR² / (32 (N + 1)²)",
            newton,
        ))
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

/// One curve over all N: gathered from the instances fitted to each.
fn above(name: &str, solve: Solve) -> Claim<AfterSteps> {
    above_as(name, "f(x_N) − f* ≥ 3LR² / (32 (N + 1)²)", solve)
}

fn above_as(name: &str, formula: &str, solve: Solve) -> Claim<AfterSteps> {
    Claim::lower_bound(name, formula)
        .on(nesterov_worst_after_steps())
        .measuring_each(move |i| i.read(|p, n| p.gap(&solve(p, n))))
        .predicting(|i, n| bound(&i.problem, n))
}

fn best_gap() -> Claim<AfterSteps> {
    Claim::identity("best_gap", "the best gap of the span = L / (16 (N + 1))", 1e-9)
        .on(nesterov_worst_after_steps())
        .measuring_each(|i| i.read(|p, n| p.gap(&best(p, n))))
        .predicting(|i, n| i.problem.smoothness() / (16.0 * (n + 1.0)))
}

fn bound(p: &Problem, n: f64) -> f64 {
    let radius = p.distance_at_start();
    3.0 * p.smoothness() * radius * radius / (32.0 * (n + 1.0).powi(2))
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
