#![doc = include_str!("subgradient_method.md")]

use theoria_algorithms::{GradientDescent, Trajectory};
use theoria_instances::Problem;
use theoria_instances::families::{
    AfterSteps, absolute_value, diabetes_least_absolute, huber, l1_norm, lasso_with_bounded_slopes,
    least_absolute_deviations, maxima_of_affine, resisting_maximum_after_steps,
    resisting_maximum_in, separable_hinge,
};
use theoria_instances::hypotheses::{convex, lipschitz};
use theoria_instances::sequences::{dyadic, running_minimum};
use theoria_models::Vector;
use theoria_verification::{Case, Claim, Curve, Figure, Reading, Theorem};

use crate::support::for_each_n;

const NUMBERS_OF_STEPS: [usize; 6] = [1, 3, 10, 30, 100, 300];
const STEPS: usize = 1000;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let attained = attained();
    let smaller = attained
        .restated("constant_smaller_by_a_twentieth", "min_{k≤N} f(x_k) − f* ≤ 0.95 G R / √(N + 1)")
        .predicting(|i, n| 0.95 * bound(&i.problem, n));
    Theorem::new("convergence/subgradient_method", include_str!("subgradient_method.md"))
        .claim(everywhere(fitted_steps("best_value", best)))
        .claim(everywhere(fitted_steps("value_at_the_mean", at_the_mean)))
        .claim(attained)
        .claim(everywhere(decreasing_steps()))
        .claim(everywhere(constant_steps()))
        .claim(cycle())
        .claim(exponent("worst_case_exponent", "the worst gap after N steps ~ N^−1/2", |n| {
            let p = resisting_maximum_in(n + 1);
            let run = fit_and_run(&p, n);
            best(&p, &run).scaled(1.0 / (p.lipschitz() * p.distance_at_start()))
        }))
        .control(smaller)
        .control(last_iterate())
        .control(exponent(
            "smooth_functions_are_as_slow",
            "the worst gap of gradient descent on smooth functions ~ N^−1/2",
            |n| {
                let p = huber(1.0 / (2.0 * n as f64 + 1.0));
                p.gap(p.run(GradientDescent::new(1.0 / p.smoothness()), n).last())
            },
        ))
        .figure(
            Figure::log_log("best", "number of steps N", "min f(x_k) − f*")
                .of("best_value")
                .caption("With steps fitted to N the best value stays below G R/√(N + 1)."),
        )
        .figure(
            Figure::log_log("exponent", "number of steps N", "worst gap")
                .of("worst_case_exponent")
                .of("smooth_functions_are_as_slow")
                .caption(
                    "The worst non-smooth function decays like N^−1/2; the worst smooth one like \
                     1/N.",
                ),
        )
}

fn everywhere(claim: Claim<Problem>) -> Claim<Problem> {
    claim
        .assuming([convex(), lipschitz()])
        .on(least_absolute_deviations())
        .on(separable_hinge())
        .on(l1_norm())
        .on(maxima_of_affine())
        .on(lasso_with_bounded_slopes())
        .on(diabetes_least_absolute())
}

fn fitted_steps(name: &str, measured: fn(&Problem, &Trajectory) -> Reading) -> Claim<Problem> {
    Claim::bound(name, "gap ≤ G R / √(N + 1)")
        .measuring(NUMBERS_OF_STEPS, move |p, numbers| {
            numbers.read(|n| measured(p, &fit_and_run(p, n)))
        })
        .predicting(bound)
}

fn attained() -> Claim<AfterSteps> {
    Claim::bound("attained", "min_{k≤N} f(x_k) − f* ≤ G R / √(N + 1)")
        .attained_on(resisting_maximum_after_steps())
        .measuring_each(|i| i.read(|p, n| best(p, &fit_and_run(p, n))))
        .predicting(|i, n| bound(&i.problem, n))
}

fn decreasing_steps() -> Claim<Problem> {
    let formula = "min f(x_k) − f* ≤ (R² + G²c²(1 + log(N+1))) / (4c(√(N+2) − 1))";
    Claim::bound("decreasing_steps", formula)
        .measuring(1..=STEPS, |p: &Problem, steps| {
            let c = p.distance_at_start() / p.lipschitz();
            let method = GradientDescent::with_schedule(move |k| c / (k as f64 + 1.0).sqrt());
            let run = p.run(method, STEPS);
            steps.read(best_so_far(p, &run))
        })
        .predicting(|p, n| {
            let (g, radius) = (p.lipschitz(), p.distance_at_start());
            let c = radius / g;
            (radius * radius + g * g * c * c * (1.0 + (n + 1.0).ln()))
                / (4.0 * c * ((n + 2.0).sqrt() - 1.0))
        })
}

/// With h = R/(10 G).
fn constant_steps() -> Claim<Problem> {
    let step = |p: &Problem| 0.1 * p.distance_at_start() / p.lipschitz();
    Claim::bound("constant_steps", "min f(x_k) − f* ≤ R²/(2h(N+1)) + G²h/2")
        .measuring(1..=STEPS, move |p: &Problem, steps| {
            let run = p.run(GradientDescent::new(step(p)), STEPS);
            steps.read(best_so_far(p, &run))
        })
        .predicting(move |p, n| {
            let (g, radius, h) = (p.lipschitz(), p.distance_at_start(), step(p));
            radius * radius / (2.0 * h * (n + 1.0)) + g * g * h / 2.0
        })
}

fn cycle() -> Claim<Problem> {
    Claim::identity(
        "cycle_of_two_points",
        "x_{N+2} = x_N ≠ x_{N+1} with constant steps on |x|",
        1e-9,
    )
    .on(absolute_value())
    .experiment(|p| {
        let run = p.run(GradientDescent::new(0.4), 60);
        let points = run.points();
        Curve::over(
            20..=58usize,
            |n| {
                // A fixed point would satisfy the equation too.
                let moves = points[n][0] != points[n + 1][0];
                if moves { points[n + 2][0] } else { f64::NAN }
            },
            |n| points[n][0],
        )
    })
}

/// With a constant step that does not depend on N.
fn last_iterate() -> Claim<Problem> {
    let formula = "f(x_N) − f* ≤ G R / √(N + 1) for the last iterate, constant step";
    Claim::bound("last_iterate_converges", formula)
        .on(absolute_value())
        .measuring(1..=STEPS, |p, steps| {
            let run = p.run(GradientDescent::new(0.4), STEPS);
            steps.read(|n| p.gap(run.at(n)))
        })
        .predicting(bound)
}

fn exponent(name: &str, formula: &str, worst: fn(usize) -> Reading) -> Claim<Case<()>> {
    Claim::exponent(name, formula)
        .on(for_each_n("fitted to each N", "for each N the function fitted to it"))
        .measuring(dyadic(256), move |_, steps| steps.read(worst))
        .predicting(|_, n| n.powf(-0.5))
}

/// G R/√(N + 1)
fn bound(p: &Problem, n: f64) -> f64 {
    p.lipschitz() * p.distance_at_start() / (n + 1.0).sqrt()
}

/// N steps of size R/(G √(N + 1)).
fn fit_and_run(p: &Problem, steps: usize) -> Trajectory {
    let h = p.distance_at_start() / (p.lipschitz() * (steps as f64 + 1.0).sqrt());
    p.run(GradientDescent::new(h), steps)
}

/// The best value so far, after the last step.
fn best(p: &Problem, run: &Trajectory) -> Reading {
    let gaps = run.points().iter().map(|x| p.gap(x));
    gaps.reduce(|least, gap| if gap.value < least.value { gap } else { least })
        .unwrap_or(Reading::DIVERGED)
}

fn at_the_mean(p: &Problem, run: &Trajectory) -> Reading {
    let sum = run.points().iter().fold(Vector::zeros(p.start().len()), |sum, x| sum + x);
    p.gap(&(sum / run.points().len() as f64))
}

/// The best values along one run.
fn best_so_far(p: &Problem, run: &Trajectory) -> impl Fn(usize) -> Reading + use<> {
    let floor = p.gap(p.minimiser()).floor;
    let least = running_minimum(run.points().iter().map(|x| p.gap(x).value));
    move |n| Reading::new(least[n], floor)
}
