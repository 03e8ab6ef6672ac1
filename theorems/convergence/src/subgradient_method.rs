#![doc = include_str!("subgradient_method.md")]

use theoria_algorithms::{GradientDescent, Trajectory};
use theoria_elementary::powf;
use theoria_instances::Problem;
use theoria_instances::families::{
    AfterSteps, absolute_value, after_any_steps, diabetes_least_absolute, huber, l1_norm,
    lasso_with_bounded_slopes, least_absolute_deviations, lipschitz_convex_functions,
    lipschitz_functions, maxima_of_affine, misstated, resisting_maximum_after_steps,
    resisting_maximum_in, separable_hinge,
};
use theoria_instances::hypotheses::{convex, lipschitz, minimiser};
use theoria_instances::sequences::{dyadic, running_minimum};
use theoria_models::objectives::LeastAbsoluteDeviations;
use theoria_models::{Matrix, Property, Vector};
use theoria_verification::{
    Case, Check, Claim, Curve, Family, Figure, Hypothesis, Reading, Theorem,
};

use crate::support::for_each_n;

const NUMBERS_OF_STEPS: [usize; 6] = [1, 3, 10, 30, 100, 300];
const STEPS: usize = 1000;
/// In units of R/G: a tenth, which is fitted to 99 steps.
const SHORT: f64 = 0.1;
/// On |x|; a multiple of a power of two, so that multiples of it are walked down without rounding.
const STEP: f64 = 0.375;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let best = fitted_steps("best_value", "min_{k≤N} f(x_k) − f* ≤ G R / √(N + 1)", best)
        .attained_on(largest_coordinates());
    let smaller = best
        .restated(
            "best_value_smaller_by_two_percent",
            "min_{k≤N} f(x_k) − f* ≤ 0.98 G R / √(N + 1)",
        )
        .predicting(|p, n| 0.98 * bound(p, n));
    let mean = fitted_steps(
        "value_at_the_mean",
        "f(mean of x₀, …, x_N) − f* ≤ G R / √(N + 1)",
        at_the_mean,
    )
    .attained_on(largest_coordinates());
    let smaller_mean = mean
        .restated(
            "value_at_the_mean_smaller_by_two_percent",
            "f(mean of x₀, …, x_N) − f* ≤ 0.98 G R / √(N + 1)",
        )
        .predicting(|p, n| 0.98 * bound(p, n));
    let decreasing = decreasing_steps().on(two_coordinates());
    let smaller_decreasing = decreasing
        .restated(
            "decreasing_steps_five_percent_better",
            "min f(x_k) − f* ≤ 0.95 (R² + G²c² Σ 1/(k+1)) / (2c Σ 1/√(k+1))",
        )
        .predicting(|p, n| 0.95 * decreasing_bound(p, n));
    let constant = constant_steps("constant_steps", SHORT).attained_on(hundred_coordinates());
    let first_term = constant
        .restated(
            "constant_steps_smaller_first_term",
            "min f(x_k) − f* ≤ 0.96 R²/(2h(N+1)) + G²h/2",
        )
        .predicting(|p, n| constant_bound(p, n, SHORT, 0.96, 1.0));
    let second_term = constant
        .restated(
            "constant_steps_smaller_second_term",
            "min f(x_k) − f* ≤ R²/(2h(N+1)) + 0.96 G²h/2",
        )
        .predicting(|p, n| constant_bound(p, n, SHORT, 1.0, 0.96));
    let exponent = exponent("worst_case_exponent", "the worst gap after N steps ~ N^−1/2", |n| {
        let p = resisting_maximum_in(n + 1);
        let run = fit_and_run(&p, n);
        self::best(&p, &run).scaled(1.0 / (p.lipschitz() * p.distance_at_start()))
    });
    let larger = exponent
        .restated("worst_case_exponent_is_larger", "the worst gap after N steps ~ N^−0.6")
        .predicting(|_, n| powf(n, -0.6));
    Theorem::new("convergence/subgradient_method", include_str!("subgradient_method.md"))
        .claim(everywhere(best).tight_to(0.999))
        .claim(everywhere(mean).tight_to(0.999))
        // 0.95 of it is reached after one step, which says little; what is reached for each N is claimed next.
        .claim(everywhere(decreasing).tight_to(0.22))
        .claim(
            after_n_steps(
                "decreasing_steps_after_n_steps",
                "min f(x_k) − f* ≤ (R² + G²c² Σ 1/(k+1)) / (2c Σ 1/√(k+1)), each N",
                |p, n| self::best(p, &decreasing_run(p, n)),
            )
            .predicting(|i, n| decreasing_bound(&i.problem, n))
            .on(resisting_maximum_after_steps())
            .tight_to(0.7),
        )
        .claim(
            after_n_steps(
                "best_value_after_n_steps",
                "min_{k≤N} f(x_k) − f* ≤ G R / √(N + 1), each N",
                |p, n| self::best(p, &fit_and_run(p, n)),
            )
            .predicting(|i, n| bound(&i.problem, n))
            .attained_on(resisting_maximum_after_steps())
            .tight_to(0.999),
        )
        .claim(everywhere(constant).tight_to(0.999))
        .claim(
            constant_steps("long_constant_steps", 2.0)
                .on(absolute_value())
                .on(lipschitz_convex_functions().hunted(300))
                .tight_to(0.999),
        )
        .claim(moves("never_settles", absolute_value()))
        .claim(cycle())
        .claim(exponent)
        .control(smaller)
        .control(smaller_mean)
        .control(smaller_decreasing)
        .control(first_term)
        .control(second_term)
        .control(last_iterate())
        .control(
            fitted_steps(
                "best_value_without_convexity",
                "min_{k≤N} f(x_k) − f* ≤ G R / √(N + 1)",
                self::best,
            )
            .on(lipschitz_functions().hunted(300))
            .violating("convex"),
        )
        .control(
            fitted_steps(
                "best_value_with_too_small_a_constant",
                "min_{k≤N} f(x_k) − f* ≤ G R / √(N + 1)",
                self::best,
            )
            .on(misstated(lipschitz_convex_functions(), Property::Lipschitz, 0.1..=0.9).hunted(300))
            .violating("Lipschitz"),
        )
        .control(
            moves("never_settles_from_a_multiple_of_the_step", multiples())
                .violating("start off the grid of steps"),
        )
        .control(larger)
        .control(self::exponent(
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
        .on(least_absolute_deviations())
        .on(separable_hinge())
        .on(l1_norm())
        .on(maxima_of_affine())
        .on(lasso_with_bounded_slopes())
        .on(diabetes_least_absolute())
        .on(lipschitz_convex_functions().hunted(300))
}

fn fitted_steps(
    name: &str,
    formula: &str,
    measured: fn(&Problem, &Trajectory) -> Reading,
) -> Claim<Problem> {
    Claim::bound(name, formula)
        .assuming([convex(), lipschitz(), minimiser()])
        .measuring(NUMBERS_OF_STEPS, move |p, numbers| {
            numbers.read(|n| measured(p, &fit_and_run(p, n)))
        })
        .predicting(bound)
}

/// With c = 0.8 R/G.
fn decreasing_steps() -> Claim<Problem> {
    let formula = "min f(x_k) − f* ≤ (R² + G²c² Σ 1/(k+1)) / (2c Σ 1/√(k+1))";
    Claim::bound("decreasing_steps", formula)
        .assuming([convex(), lipschitz(), minimiser()])
        .measuring(1..=STEPS, |p: &Problem, steps| {
            let run = decreasing_run(p, STEPS);
            steps.read(best_so_far(p, &run))
        })
        .predicting(decreasing_bound)
}

fn decreasing_run(p: &Problem, steps: usize) -> Trajectory {
    let c = first_step(p);
    p.run(GradientDescent::with_schedule(move |k| c / (k as f64 + 1.0).sqrt()), steps)
}

/// After a number of steps that belongs to the instance.
fn after_n_steps(
    name: &str,
    formula: &str,
    measured: fn(&Problem, usize) -> Reading,
) -> Claim<AfterSteps> {
    Claim::bound(name, formula)
        .assuming([convex(), lipschitz(), minimiser()])
        .on(after_any_steps(lipschitz_convex_functions(), 50).hunted(1000))
        .measuring_each(move |i: &AfterSteps| i.read(measured))
}

fn first_step(p: &Problem) -> f64 {
    0.8 * p.distance_at_start() / p.lipschitz()
}

fn decreasing_bound(p: &Problem, n: f64) -> f64 {
    let (g, radius, c) = (p.lipschitz(), p.distance_at_start(), first_step(p));
    let (mut harmonic, mut roots) = (0.0, 0.0);
    for k in 1..=n as usize + 1 {
        harmonic += 1.0 / k as f64;
        roots += 1.0 / (k as f64).sqrt();
    }
    (radius * radius + g * g * c * c * harmonic) / (2.0 * c * roots)
}

/// With h = `multiple` R/G.
fn constant_steps(name: &str, multiple: f64) -> Claim<Problem> {
    Claim::bound(name, "min f(x_k) − f* ≤ R²/(2h(N+1)) + G²h/2")
        .assuming([convex(), lipschitz(), minimiser()])
        .measuring(1..=STEPS, move |p: &Problem, steps| {
            let h = multiple * p.distance_at_start() / p.lipschitz();
            let run = p.run(GradientDescent::new(h), STEPS);
            steps.read(best_so_far(p, &run))
        })
        .predicting(move |p, n| constant_bound(p, n, multiple, 1.0, 1.0))
}

fn constant_bound(p: &Problem, n: f64, multiple: f64, first: f64, second: f64) -> f64 {
    let scale = p.lipschitz() * p.distance_at_start();
    scale * (first / (2.0 * multiple * (n + 1.0)) + second * multiple / 2.0)
}

/// For each number of steps the largest coordinate in one dimension more.
fn largest_coordinates() -> Family<Problem> {
    Family::listed("largest coordinate, fitted to N", NUMBERS_OF_STEPS, |&steps| {
        resisting_maximum_in(steps + 1)
    })
}

/// The largest of two coordinates, on which one step gains nothing.
fn two_coordinates() -> Family<Problem> {
    Family::single("largest of two coordinates", || resisting_maximum_in(2))
}

/// The largest of 100 coordinates, to which h = R/(10 G) is fitted with N = 99.
fn hundred_coordinates() -> Family<Problem> {
    Family::single("largest of 100 coordinates", || resisting_maximum_in(100))
}

/// From |x| = a multiple of the step, whence the run arrives at the minimum.
fn multiples() -> Family<Problem> {
    Family::listed("|x| from a multiple of h", [0.75, -1.125], |&start| {
        let objective = LeastAbsoluteDeviations::new(Matrix::identity(1, 1), Vector::zeros(1));
        Problem::new(objective, Vector::from_element(1, start))
    })
}

/// |x_0|/h is no whole number.
fn off_the_grid() -> Hypothesis<Problem> {
    Hypothesis::new("start off the grid of steps", |p: &Problem, _| {
        let steps = p.distance_at_start() / STEP;
        let off = (steps - steps.round()).abs();
        Check::that(off > 1e-9, format!("|x₀|/h = {steps:.6}"))
    })
}

fn moves(name: &str, starts: Family<Problem>) -> Claim<Problem> {
    Claim::identity(name, "|x_{N+1} − x_N| = h with constant steps on |x|", 1e-9)
        .assuming([convex(), lipschitz(), off_the_grid()])
        .on(starts)
        .measuring(20..=58usize, |p, steps| {
            let run = p.run(GradientDescent::new(STEP), 60);
            steps.read(|n| (run.points()[n + 1][0] - run.points()[n][0]).abs())
        })
        .predicting(|_, _| STEP)
}

fn cycle() -> Claim<Problem> {
    Claim::identity("cycle_of_two_points", "x_{N+2} = x_N with constant steps on |x|", 1e-9)
        .assuming([convex(), lipschitz(), off_the_grid()])
        .on(absolute_value())
        .experiment(|p| {
            let run = p.run(GradientDescent::new(STEP), 60);
            Curve::over(20..=58usize, |n| run.points()[n + 2][0], |n| run.points()[n][0])
        })
}

/// With a constant step that does not depend on N.
fn last_iterate() -> Claim<Problem> {
    let formula = "f(x_N) − f* ≤ G R / √(N + 1) for the last iterate, constant step";
    Claim::bound("last_iterate_converges", formula)
        .assuming([convex(), lipschitz(), minimiser(), off_the_grid()])
        .on(absolute_value())
        .measuring(1..=STEPS, |p, steps| {
            let run = p.run(GradientDescent::new(STEP), STEPS);
            steps.read(|n| p.gap(run.at(n)))
        })
        .predicting(bound)
}

fn exponent(name: &str, formula: &str, worst: fn(usize) -> Reading) -> Claim<Case<()>> {
    Claim::exponent(name, formula)
        .assuming([Hypothesis::by_construction(
            "convex",
            "both functions are, which claims on their instances check",
        )])
        .on(for_each_n("fitted to each N", "for each N the function fitted to it"))
        .measuring(dyadic(256), move |_, steps| steps.read(worst))
        .predicting(|_, n| powf(n, -0.5))
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
