#![doc = include_str!("optimized_gradient.md")]

use theoria_algorithms::{
    GradientDescent, Momentum, Nesterov, OptimizedGradient, Trajectory, silver_step,
};
use theoria_instances::Problem;
use theoria_instances::families::{
    AfterSteps, after_any_steps, huber, huber_after_steps, misstated, parabolas,
    parabolas_after_steps, smooth_convex, smooth_convex_functions, smooth_functions,
};
use theoria_instances::hypotheses::{convex, minimiser, smooth};
use theoria_models::{Property, Vector};
use theoria_verification::{Claim, Content, Family, Figure, Line, Theorem};

use crate::support::reach;

const BOUND: &str = "f(x_N) − f* ≤ L R² / (2 θ_N²)";
/// Numbers of steps for which the method is made and run on each problem.
const NUMBERS_OF_STEPS: [usize; 6] = [1, 3, 10, 30, 100, 300];

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let attained = after("attained", BOUND, optimized)
        .attained_on(parabolas_after_steps())
        .attained_on(huber_after_steps(|n| theta(n).powi(-2)));
    let smaller = attained
        .restated("constant_smaller_by_two_percent", "f(x_N) − f* ≤ L R² / (2.04 θ_N²)")
        .predicting(|i, n| scale(&i.problem) / (2.04 * theta(n as usize).powi(2)));
    let rate = rate("convex_problems");
    let simple = rate
        .restated("simple_bound", "f(x_N) − f* ≤ L R² / (N + 1)²")
        .on(parabolas())
        .predicting(|p, n| scale(p) / (n + 1.0).powi(2));
    Theorem::new("convergence/optimized_gradient", include_str!("optimized_gradient.md"))
        .uses(
            "convergence/nesterov_convex",
            "the sequence of momentum, changed in its last step, and the worst case that is halved",
        )
        .claim(
            rate.attained_on(parabolas())
                .on_all(smooth_convex())
                .on(smooth_convex_functions().hunted(1000))
                .tight_to(0.999),
        )
        .claim(simple.tight_to(0.95))
        .claim(
            attained
                .on(after_any_steps(smooth_convex_functions(), 50).hunted(1000))
                .tight_to(0.999),
        )
        .control(smaller)
        .control(
            self::rate("convex_problems_without_convexity")
                .on(smooth_functions().hunted(300))
                .violating("convex"),
        )
        .control(
            self::rate("convex_problems_with_too_small_a_constant")
                .on(misstated(smooth_convex_functions(), Property::Smoothness, 0.1..=0.9)
                    .hunted(300))
                .violating("smooth"),
        )
        .control(stopped_early().on(smooth_convex_functions().hunted(300)))
        .control(
            // Nesterov's worst Huber function is wider.
            after(
                "nesterov_does_it_too",
                "of Nesterov's method: f(x_N) − f* ≤ L R² / (2 θ_N²)",
                nesterov,
            )
            .on(wider()),
        )
        .figure(
            Figure::log_log("gap", "number of steps N", "f(x_N) − f*")
                .of("convex_problems")
                .caption("Run for each N anew, the gap stays below L R²/(2θ_N²)."),
        )
        .figure(
            Figure::log_log("worst_cases", "number of steps N", "(f(x_N) − f*)/(L R²)")
                .caption(
                    "What methods leave on the Huber function that is worst for each of them and each N: gradient descent with \
                     equal and with silver steps, Nesterov's method, and the optimized one, twice as good as that.",
                )
                .showing(|_, _| worst_cases()),
        )
}

/// Each method on the Huber functions that are fitted to its own number of steps.
fn worst_cases() -> Content {
    let left = |width: f64, run: &dyn Fn(&Problem) -> Trajectory| {
        let p = huber(width);
        p.gap(run(&p).last()).value / scale(&p)
    };
    let silver_ratio = 1.0 + 2f64.sqrt();
    let silver = (1..=8i32).map(|m| {
        let steps = (1 << m) - 1;
        let width = 1.0 / (2.0 * silver_ratio.powi(m) - 1.0);
        let run = |p: &Problem| {
            let l = p.smoothness();
            p.run(GradientDescent::with_schedule(move |k| silver_step(k) / l), steps)
        };
        (steps as f64, left(width, &run))
    });
    let at = [1, 2, 4, 8, 16, 32, 64, 128, 256];
    let equal = at.map(|steps| {
        let run = |p: &Problem| p.run(GradientDescent::new(1.0 / p.smoothness()), steps);
        (steps as f64, left(1.0 / (2.0 * steps as f64 + 1.0), &run))
    });
    let accelerated = at.map(|steps| {
        let width = 1.0 / (2.0 * reach(Momentum::Sequence, steps) + 1.0);
        (steps as f64, left(width, &|p| nesterov(p, steps)))
    });
    let best =
        at.map(|steps| (steps as f64, left(theta(steps).powi(-2), &|p| optimized(p, steps))));
    Content::Lines {
        lines: vec![
            Line::measured("gradient descent", equal),
            Line::measured("silver steps", silver),
            Line::measured("Nesterov", accelerated),
            Line::measured("optimized gradient", best),
        ],
    }
}

fn rate(name: &str) -> Claim<Problem> {
    Claim::bound(name, BOUND)
        .assuming([smooth(), convex(), minimiser()])
        .measuring(NUMBERS_OF_STEPS, |p: &Problem, numbers| {
            numbers.read(|n| p.gap(optimized(p, n).last()))
        })
        .predicting(|p, n| scale(p) / (2.0 * theta(n as usize).powi(2)))
}

/// The method that is made for 10 steps, looked at before.
fn stopped_early() -> Claim<Problem> {
    let formula = "made for 10 steps, after N ≤ 9 of them: f(x_N) − f* ≤ L R² / (2 θ_N²)";
    Claim::bound("stopped_early", formula)
        .assuming([smooth(), convex(), minimiser()])
        .measuring(1..=9, |p: &Problem, steps| {
            let run = p.run(OptimizedGradient::new(p.smoothness(), 10), 10);
            steps.read(|n: usize| p.gap(run.at(n)))
        })
        .predicting(|p, n| scale(p) / (2.0 * theta(n as usize).powi(2)))
}

fn after(name: &str, formula: &str, run: fn(&Problem, usize) -> Trajectory) -> Claim<AfterSteps> {
    Claim::bound(name, formula)
        .assuming([smooth(), convex(), minimiser()])
        .measuring_each(move |i: &AfterSteps| i.read(|p, n| p.gap(run(p, n).last())))
        .predicting(|i, n| scale(&i.problem) / (2.0 * theta(n as usize).powi(2)))
}

/// Huber functions twice as wide. One step is the same for both methods.
fn wider() -> Family<AfterSteps> {
    Family::listed("Huber, twice as wide", [2, 4, 7, 10, 20, 50], |&steps| AfterSteps {
        problem: huber(2.0 / theta(steps).powi(2)),
        steps,
    })
}

fn optimized(p: &Problem, n: usize) -> Trajectory {
    p.run(OptimizedGradient::new(p.smoothness(), n), n)
}

fn nesterov(p: &Problem, n: usize) -> Trajectory {
    p.run(Nesterov::new(1.0 / p.smoothness(), Momentum::Sequence), n)
}

fn theta(n: usize) -> f64 {
    OptimizedGradient::<Vector>::theta(n)
}

/// L R²
fn scale(p: &Problem) -> f64 {
    p.smoothness() * p.distance_at_start().powi(2)
}
