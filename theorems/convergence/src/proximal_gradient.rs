#![doc = include_str!("proximal_gradient.md")]

use theoria_algorithms::{GradientDescent, ProximalGradient, Trajectory};
use theoria_elementary::powf;
use theoria_instances::CompositeProblem;
use theoria_instances::families::{
    diabetes_lasso, kink_under_a_slope, kinked_functions, kinked_smooth_functions,
    kinks_after_steps, misstated, modes_without_weight, sparse_quadratics,
};
use theoria_instances::hypotheses::{
    convex, minimiser_of_the_sum, nondegenerate, smooth, step_size, strongly_convex,
};
use theoria_instances::sequences::dyadic;
use theoria_models::objectives::{Composite, L1Norm, Quadratic};
use theoria_models::{Minimum, Property, Vector};
use theoria_verification::{Case, Claim, Family, Figure, Hypothesis, Theorem};

use crate::support::for_each_n;

const STEPS: usize = 300;
/// Condition numbers of the flat mode, on which the contraction is attained.
const FLAT: [f64; 3] = [2.0, 10.0, 25.0];

/// Where the support is looked at.
const LATE: [usize; 5] = [LONG / 2, LONG / 2 + 1, 3000, LONG - 1, LONG];
/// Before 1/2 + 2⁻ᵏ is rounded to 1/2.
const BEFORE_ROUNDING: [usize; 5] = [10, 20, 30, 40, 45];

const SUPPORT: &str = "number of coordinates off the support of x* = 0";
/// Long enough for the slow directions of the diabetes data.
const LONG: usize = 4000;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let attained =
        one_over_n("one_over_n").attained_on(kinks_after_steps(|n| n as f64).map(|i| i.problem));
    let constant = attained
        .restated("constant_larger_than_four", "F(x_N) − F* ≤ L R² / (4.08 N)")
        .predicting(|p, n| scale(p) / (4.08 * n));
    let contraction = contraction("contraction").attained_on(modes_without_weight(
        "the flat mode, r = 0",
        FLAT,
        true,
    ));
    let faster = contraction
        .restated("contraction_two_percent_faster", "|x_N − x*| ≤ (1 − μ/L)^(1.02 N) |x₀ − x*|")
        .predicting(|p, n| powf(factor(p), 1.02 * n) * p.distance_at_start());
    let local_rate = local_rate();
    let other = local_rate
        .restated("local_rate_a_fifth_faster", "|x_N − x*| falls by 1 − 1.2μ_S/L a step in the end")
        .predicting_from(
            |p| 1.0 - 1.2 * least_on_support(p) / p.smoothness(),
            |factor, n| factor.powi(n as i32),
        );
    let worst_case = worst_case_exponent();
    let larger = worst_case
        .restated("worst_case_exponent_minus_one_point_one", "the worst F(x_N) − F* ~ N^-1.1")
        .predicting(|_, n| powf(n, -1.1));
    Theorem::new("convergence/proximal_gradient", include_str!("proximal_gradient.md"))
        .uses(
            "convergence/gradient_descent_strongly_convex",
            "the contraction by gradient steps, which a proximal map leaves as it is",
        )
        .uses(
            "convergence/subgradient_method",
            "the rate that a kink would leave without the proximal map",
        )
        .claim(everywhere(attained).on(kinked_functions(None).hunted(1000)).tight_to(0.999))
        .claim(
            everywhere(contraction)
                .on(kinked_functions(Some(2.0..=100.0)).hunted(1000))
                .tight_to(0.999),
        )
        .claim(everywhere(support("support_is_found", SUPPORT, LATE, proximal)))
        .claim(local_rate)
        .claim(worst_case)
        .control(constant)
        .control(faster)
        .control(
            support("support_is_found_where_it_is_degenerate", SUPPORT, BEFORE_ROUNDING, proximal)
                .on(degenerate())
                .violating("nondegenerate"),
        )
        .control(everywhere(support(
            "subgradients_find_the_support",
            "of subgradient steps: number of coordinates off the support of x* = 0",
            LATE,
            subgradients,
        )))
        .control(other)
        .control(larger)
        .control(
            one_over_n("one_over_n_without_convexity")
                .on(kinked_smooth_functions().hunted(1000))
                .violating("convex"),
        )
        .control(
            one_over_n("one_over_n_with_too_small_a_constant")
                .on(misstated(kinked_functions(None), Property::Smoothness, 0.1..=0.9).hunted(1000))
                .violating("smooth"),
        )
        .control(
            self::contraction("contraction_without_strong_convexity")
                .on(misstated(kinked_functions(None), Property::StrongConvexity, 0.01..=0.9)
                    .hunted(1000))
                .violating("strongly convex"),
        )
        .control(found_in_time().on(kinked_functions(Some(2.0..=100.0)).hunted(1000)))
        .figure(
            Figure::semilog("distance", "step N", "|x_N − x*|")
                .of("linear_rate_on_the_support")
                .caption(
                    "Once the support is found, the distance falls by the factor 1 − μ_S/L a step.",
                ),
        )
        .figure(
            Figure::log_log("gap", "step N", "F(x_N) − F*")
                .of("one_over_n")
                .caption("The gap stays below L R²/(4N)."),
        )
}

fn everywhere(claim: Claim<CompositeProblem>) -> Claim<CompositeProblem> {
    claim.on(sparse_quadratics()).on(diabetes_lasso())
}

fn one_over_n(name: &str) -> Claim<CompositeProblem> {
    Claim::bound(name, "F(x_N) − F* ≤ L R² / (4N)")
        .assuming([smooth(), convex(), step_size(1.0, 1.0)])
        .assuming([minimiser_of_the_sum()])
        .measuring(1..=STEPS, |p: &CompositeProblem, steps| {
            let run = proximal(p, STEPS);
            steps.read(|n| p.gap(run.at(n)))
        })
        .predicting(|p, n| scale(p) / 4.0 / n)
}

fn contraction(name: &str) -> Claim<CompositeProblem> {
    Claim::bound(name, "|x_N − x*| ≤ (1 − μ/L)ᴺ |x₀ − x*|")
        .assuming([smooth(), strongly_convex(), step_size(1.0, 1.0)])
        .assuming([minimiser_of_the_sum()])
        .measuring(1..=STEPS, |p: &CompositeProblem, steps| {
            let run = proximal(p, STEPS);
            steps.read(|n| p.distance(run.at(n)))
        })
        .predicting(|p, n| powf(factor(p), n) * p.distance_at_start())
}

/// 1 - mu/L
fn factor(p: &CompositeProblem) -> f64 {
    1.0 - p.strong_convexity() / p.smoothness()
}

/// (x - 1)²/2 + y² + |x| + |y| with L = 2: x* = 0 holds by no more than the kink allows, and x_k = 2⁻ᵏ x_0 is never 0.
fn degenerate() -> Family<CompositeProblem> {
    Family::listed("(x − 1)²/2 + |x|", [1.0, 3.0], |&start| {
        let target = Vector::from_vec(vec![1.0, 0.0]);
        let smooth = Quadratic::diagonal(&[1.0, 2.0]).centred_at(target);
        let problem = Composite::new(smooth, L1Norm::new(1.0))
            .minimal_at(Vector::zeros(2), Minimum::exact(0.5));
        CompositeProblem::new(problem, Vector::from_vec(vec![start, 0.0]))
    })
}

/// Coordinates that are zero in one of the two and not in the other, at these steps.
fn support(
    name: &str,
    formula: &str,
    looks: [usize; 5],
    run: fn(&CompositeProblem, usize) -> Trajectory,
) -> Claim<CompositeProblem> {
    Claim::identity(name, formula, 0.5)
        .assuming([smooth(), convex()])
        .assuming([minimiser_of_the_sum(), nondegenerate()])
        .measuring(looks, move |p: &CompositeProblem, steps| {
            let run = run(p, LONG);
            let wrong = |x: &Vector| {
                let pairs = x.iter().zip(p.minimiser());
                pairs.filter(|(own, its)| (**own == 0.0) != (**its == 0.0)).count()
            };
            steps.read(|n| run.at(n).map_or(f64::INFINITY, |x| wrong(&x) as f64))
        })
        .predicting(|_, _| 0.0)
}

/// For every minimiser, degenerate or not; only coordinates of x* that are 0 are counted.
fn found_in_time() -> Claim<CompositeProblem> {
    let formula = "number of coordinates off the zeros of x* ≤ 1/2 from N = 100 on";
    Claim::bound("support_is_found_within_a_hundred_steps", formula)
        .assuming([smooth(), strongly_convex()])
        .assuming([minimiser_of_the_sum()])
        .measuring(100..=STEPS, |p: &CompositeProblem, steps| {
            let run = proximal(p, STEPS);
            let wrong = |x: &Vector| {
                let pairs = x.iter().zip(p.minimiser());
                pairs.filter(|(own, its)| **its == 0.0 && **own != 0.0).count()
            };
            steps.read(|n| run.at(n).map_or(f64::INFINITY, |x| wrong(&x) as f64))
        })
        .predicting(|_, _| 0.5)
}

fn local_rate() -> Claim<CompositeProblem> {
    let formula = "|x_N − x*| falls by 1 − μ_S/L a step in the end";
    Claim::linear_rate("linear_rate_on_the_support", formula)
        .assuming([smooth(), convex()])
        .assuming([minimiser_of_the_sum(), nondegenerate()])
        .on(diabetes_lasso())
        .measuring((0..=LONG).step_by(10), |p, steps| {
            let run = proximal(p, LONG);
            steps.read(|n| p.distance(run.at(n)))
        })
        .predicting_from(
            |p| 1.0 - least_on_support(p) / p.smoothness(),
            |factor, n| factor.powi(n as i32),
        )
}

fn worst_case_exponent() -> Claim<Case<()>> {
    Claim::exponent("worst_case_exponent", "the worst F(x_N) − F* ~ N^-1")
        .assuming([Hypothesis::by_construction(
            "smooth and convex",
            "the kinks are, which the claims on their instances check",
        )])
        .on(for_each_n("w|x|, fitted to each N", "for each N the kink fitted to it"))
        .measuring(dyadic(512), |_, steps| {
            steps.read(|n| {
                let p = kink_under_a_slope(1.0 / (2.0 * n as f64));
                p.gap(proximal(&p, n).last())
            })
        })
        .predicting(|_, n| powf(n, -1.0))
}

fn proximal(p: &CompositeProblem, steps: usize) -> Trajectory {
    p.run(ProximalGradient::new(1.0 / p.smoothness()), steps)
}

/// Subgradient steps in place of proximal ones.
fn subgradients(p: &CompositeProblem, steps: usize) -> Trajectory {
    let h = 1.0 / p.smoothness();
    let whole = p.whole();
    Trajectory::of(GradientDescent::new(h), &whole, p.start(), steps)
}

/// L R²
fn scale(p: &CompositeProblem) -> f64 {
    p.smoothness() * p.distance_at_start().powi(2)
}

/// mu_S: the smallest eigenvalue of the Hessian restricted to the support of the minimiser.
fn least_on_support(p: &CompositeProblem) -> f64 {
    let d = p.start().len();
    let support: Vec<usize> = (0..d).filter(|&i| p.minimiser()[i] != 0.0).collect();
    let Some(hessian) = p.objective().smooth().hessian(p.minimiser()) else {
        panic!("the smooth part is quadratic");
    };
    hessian.select_rows(&support).select_columns(&support).symmetric_eigenvalues().min()
}
