#![doc = include_str!("lower_bound.md")]

use theoria_algorithms::{
    ConjugateGradients, GradientDescent, HeavyBall, Momentum, Nesterov, OptimizedGradient,
    Trajectory,
};
use theoria_instances::Problem;
use theoria_instances::families::{AfterSteps, nesterov_worst_after_steps, nesterov_worst_in};
use theoria_instances::hypotheses::{convex, minimiser, smooth};
use theoria_models::{Matrix, Vector};
use theoria_verification::{Check, Claim, Family, Figure, Hypothesis, Theorem};

const BOUND: &str = "f(x_N) − f* ≥ 3LR² / (32 (N + 1)²)";

/// What a method makes of the problem in N steps.
type Solve = fn(&Problem, usize) -> Vector;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let best_of_the_span = above("best_of_the_span", BOUND, best).on(long());
    let larger = best_of_the_span
        .restated("bound_larger_by_two_percent", "f(x_N) − f* ≥ 3.06 LR² / (32 (N + 1)²)")
        .predicting(|i, n| 1.02 * bound(&i.problem, n));
    let best_gap = best_gap();
    let other_gap = best_gap
        .restated(
            "best_gap_two_percent_smaller",
            "the best gap of the span = 0.98 L / (16 (N + 1))",
        )
        .predicting(|i, n| 0.98 * i.problem.smoothness() / (16.0 * (n + 1.0)));
    let fitted = nesterov_worst_after_steps;
    Theorem::new("convergence/lower_bound", include_str!("lower_bound.md"))
        .uses(
            "convergence/conjugate_gradient",
            "conjugate gradients find the best point of the span of gradients",
        )
        .uses("convergence/nesterov_convex", "its rate has the order that no method can beat")
        .claim(best_of_the_span.on(fitted()).tight_to(0.985))
        .claim(best_gap)
        .claim(above("gradient_descent", BOUND, gradient_descent).on(fitted()).tight_to(0.43))
        .claim(above("nesterov", BOUND, nesterov).on(fitted()).tight_to(0.43))
        .claim(above("heavy_ball", BOUND, heavy_ball).on(fitted()).tight_to(0.73))
        .claim(above("optimized_gradient", BOUND, optimized_gradient).on(fitted()).tight_to(0.6))
        .control(larger)
        .control(other_gap)
        .control(above("newton_obeys_it_too", BOUND, newton).on(fitted()).violating("in the span"))
        .figure(
            Figure::log_log("gap", "number of steps N", "(f(x_N) − f*)")
                .as_ratio()
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
fn above(name: &str, formula: &str, solve: Solve) -> Claim<AfterSteps> {
    Claim::lower_bound(name, formula)
        .assuming([smooth(), convex(), minimiser(), in_the_span(solve)])
        .measuring_each(move |i: &AfterSteps| i.read(|p, n| p.gap(&solve(p, n))))
        .predicting(|i, n| bound(&i.problem, n))
}

/// N gradients from 0 span the first N coordinates.
fn in_the_span(solve: Solve) -> Hypothesis<AfterSteps> {
    Hypothesis::new("in the span", move |i: &AfterSteps, _| {
        let x = solve(&i.problem, i.steps);
        let beyond = x.rows(i.steps, x.len() - i.steps).amax();
        Check::at_most(beyond, 0.0, "largest coordinate of x_N after the first N")
    })
}

/// Long runs, where the bound is nearly attained.
fn long() -> Family<AfterSteps> {
    Family::listed("Nesterov's function, large N", [60, 100], |&steps| AfterSteps {
        problem: nesterov_worst_in(2 * steps + 1),
        steps,
    })
}

fn gradient_descent(p: &Problem, n: usize) -> Vector {
    p.run(GradientDescent::new(1.0 / p.smoothness()), n).last().clone()
}

fn nesterov(p: &Problem, n: usize) -> Vector {
    p.run(Nesterov::new(1.0 / p.smoothness(), Momentum::Sequence), n).last().clone()
}

fn heavy_ball(p: &Problem, n: usize) -> Vector {
    p.run(HeavyBall::optimal(p.smoothness(), p.strong_convexity()), n).last().clone()
}

fn optimized_gradient(p: &Problem, n: usize) -> Vector {
    p.run(OptimizedGradient::new(p.smoothness(), n), n).last().clone()
}

fn best_gap() -> Claim<AfterSteps> {
    Claim::identity("best_gap", "the best gap of the span = L / (16 (N + 1))", 1e-9)
        .assuming([smooth(), convex(), minimiser(), in_the_span(best)])
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
