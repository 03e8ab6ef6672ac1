#![doc = include_str!("projected_gradient.md")]

use theoria_algorithms::{GradientDescent, ProjectedGradient, Trajectory};
use theoria_instances::ConstrainedProblem;
use theoria_instances::families::{
    STEPS as FITTED, constrained_quadratics, slope_over_a_half_line,
};
use theoria_models::Vector;
use theoria_verification::{Claim, Curve, Family, Figure, Reading, Theorem};

const STEPS: usize = 200;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    Theorem::new("convergence/projected_gradient", include_str!("projected_gradient.md"))
        .claim(rate("one_over_n").on_all(constrained_quadratics()))
        .claim(after("attained_on_a_half_line", 4.0).attained_on(half_lines()))
        .claim(distance("contraction", |p| run(p, STEPS)).on_all(constrained_quadratics()))
        .claim(fixed_point("minimisers_are_fixed_points", |p| p.minimiser().clone()))
        .control(after("constant_larger_than_four", 4.4).on(half_lines()))
        .control(
            distance("contraction_without_projection", |p| {
                p.run(GradientDescent::new(1.0 / p.smoothness()), STEPS)
            })
            .on_all(constrained_quadratics()),
        )
        .control(fixed_point("the_start_is_a_fixed_point", |p| p.start().clone()))
        .figure(
            Figure::log_log("gap", "step N", "f(x_N) − f*").of("one_over_n").caption(
                "Over balls, boxes, simplices and l1 balls the gap stays below L R²/(4N).",
            ),
        )
}

/// A slope of L R/(2N) down to the end of a half-line, for each number of steps N.
fn half_lines() -> Family<Fitted> {
    Family::listed("a slope over a half-line", FITTED, |&steps| Fitted {
        problem: slope_over_a_half_line(steps),
        steps,
    })
}

/// An instance that is tight after a certain number of steps.
struct Fitted {
    problem: ConstrainedProblem,
    steps: usize,
}

impl theoria_verification::Instance for Fitted {
    fn description(&self) -> String {
        format!("{}, N = {}", self.problem.description(), self.steps)
    }
}

fn run(p: &ConstrainedProblem, steps: usize) -> Trajectory {
    p.run(ProjectedGradient::new(1.0 / p.smoothness()), steps)
}

fn bound(p: &ConstrainedProblem, n: usize, four: f64) -> f64 {
    p.smoothness() * p.distance_at_start().powi(2) / (four * n as f64)
}

fn rate(name: &str) -> Claim<ConstrainedProblem> {
    Claim::bound(name, "f(x_N) − f* ≤ L R² / (4N)").experiment(|p: &ConstrainedProblem| {
        let run = run(p, STEPS);
        Curve::over(1..=STEPS, |n| p.gap(run.at(n)), |n| bound(p, n, 4.0))
    })
}

fn after(name: &str, four: f64) -> Claim<Fitted> {
    Claim::bound(name, &format!("f(x_N) − f* ≤ L R² / ({four} N)")).experiment(
        move |instance: &Fitted| {
            let (p, n) = (&instance.problem, instance.steps);
            Curve::at(n as f64, p.gap(run(p, n).last()), bound(p, n, four))
        },
    )
}

fn distance(name: &str, run: fn(&ConstrainedProblem) -> Trajectory) -> Claim<ConstrainedProblem> {
    Claim::bound(name, "|x_N − x*| ≤ (1 − μ/L)ᴺ |x₀ − x*|").experiment(
        move |p: &ConstrainedProblem| {
            let run = run(p);
            let factor = 1.0 - p.strong_convexity() / p.smoothness();
            Curve::over(
                1..=STEPS,
                |n| p.distance(run.at(n)),
                |n| factor.powi(n as i32) * p.distance_at_start(),
            )
        },
    )
}

/// How far a step with any step size moves the point, relative to the step.
fn fixed_point(name: &str, point: fn(&ConstrainedProblem) -> Vector) -> Claim<ConstrainedProblem> {
    Claim::identity(name, "|x − P(x − h∇f(x))| / h = 0 for every h > 0", 1e-8)
        .on_all(constrained_quadratics())
        .experiment(move |p| {
            let x = point(p);
            let gradient = p.objective().smooth().gradient_at(&x);
            Curve::over(
                (-3..=3).map(|j| 10f64.powi(j)),
                |h| {
                    let mut moved = &x - &gradient * h;
                    p.objective().set().project(&mut moved);
                    let rounding = 1e-13 * (1.0 + h * gradient.norm());
                    Reading::new((moved - &x).norm() / h, rounding / h)
                },
                |_| 0.0,
            )
        })
}
