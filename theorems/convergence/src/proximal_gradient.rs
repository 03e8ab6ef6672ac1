#![doc = include_str!("proximal_gradient.md")]

use theoria_algorithms::{GradientDescent, ProximalGradient, Trajectory};
use theoria_instances::CompositeProblem;
use theoria_instances::families::{
    AfterSteps, diabetes_lasso, kink_under_a_slope, kinks_after_steps, sparse_quadratics,
};
use theoria_instances::sequences::dyadic;
use theoria_models::Vector;
use theoria_verification::{Case, Claim, Figure, Theorem};

use crate::support::for_each_n;

const STEPS: usize = 300;
/// Long enough for the slow directions of the diabetes data.
const LONG: usize = 4000;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let attained = attained_on_a_kink();
    let constant = attained
        .restated("constant_larger_than_four", "F(x_N) − F* ≤ L R² / (4.4 N)")
        .predicting(|i, n| scale(&i.problem) / (4.4 * n));
    let local_rate = local_rate();
    let twice = local_rate
        .restated(
            "twice_the_rate_on_the_support",
            "|x_N − x*| falls by 1 − 2μ_S/L a step in the end",
        )
        .predicting_from(
            |p| 1.0 - 2.0 * least_on_support(p) / p.smoothness(),
            |factor, n| factor.powi(n as i32),
        );
    let worst_case = worst_case_exponent();
    let minus_two = worst_case
        .restated("worst_case_exponent_minus_two", "the worst F(x_N) − F* ~ N^-2")
        .predicting(|_, n| n.powf(-2.0));
    Theorem::new("convergence/proximal_gradient", include_str!("proximal_gradient.md"))
        .claim(everywhere(one_over_n()))
        .claim(attained)
        .claim(everywhere(contraction()))
        .claim(everywhere(support(
            "support_is_found",
            "number of coordinates off the support of x* = 0",
            proximal,
        )))
        .claim(local_rate)
        .claim(worst_case)
        .control(constant)
        .control(minus_two)
        .control(everywhere(support(
            "subgradients_find_the_support",
            "of subgradient steps: number of coordinates off the support of x* = 0",
            subgradients,
        )))
        .control(twice)
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

fn one_over_n() -> Claim<CompositeProblem> {
    Claim::bound("one_over_n", "F(x_N) − F* ≤ L R² / (4N)")
        .measuring(1..=STEPS, |p: &CompositeProblem, steps| {
            let run = proximal(p, STEPS);
            steps.read(|n| p.gap(run.at(n)))
        })
        .predicting(|p, n| scale(p) / 4.0 / n)
}

/// w|x| from the slope that N steps of size w/L walk half down.
fn attained_on_a_kink() -> Claim<AfterSteps<CompositeProblem>> {
    Claim::bound("attained_on_a_kink", "F(x_N) − F* ≤ L R² / (4 N)")
        .attained_on(kinks_after_steps(|n| n as f64))
        .measuring_each(|i| i.read(|p, n| p.gap(proximal(p, n).last())))
        .predicting(|i, n| scale(&i.problem) / (4.0 * n))
}

fn contraction() -> Claim<CompositeProblem> {
    Claim::bound("contraction", "|x_N − x*| ≤ (1 − μ/L)ᴺ |x₀ − x*|")
        .measuring(1..=STEPS, |p: &CompositeProblem, steps| {
            let run = proximal(p, STEPS);
            steps.read(|n| p.distance(run.at(n)))
        })
        .predicting(|p, n| {
            (1.0 - p.strong_convexity() / p.smoothness()).powi(n as i32) * p.distance_at_start()
        })
}

/// Coordinates that are zero in one of the two and not in the other, over the second half of the run.
fn support(
    name: &str,
    formula: &str,
    run: fn(&CompositeProblem, usize) -> Trajectory,
) -> Claim<CompositeProblem> {
    Claim::identity(name, formula, 0.5)
        .measuring((LONG / 2..=LONG).step_by(50), move |p: &CompositeProblem, steps| {
            let run = run(p, LONG);
            let wrong = |x: &Vector| {
                let pairs = x.iter().zip(p.minimiser());
                pairs.filter(|(own, its)| (**own == 0.0) != (**its == 0.0)).count()
            };
            steps.read(|n| run.at(n).map_or(f64::INFINITY, |x| wrong(&x) as f64))
        })
        .predicting(|_, _| 0.0)
}

fn local_rate() -> Claim<CompositeProblem> {
    let formula = "|x_N − x*| falls by 1 − μ_S/L a step in the end";
    Claim::linear_rate("linear_rate_on_the_support", formula)
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
        .on(for_each_n("w|x|, fitted to each N", "for each N the kink fitted to it"))
        .measuring(dyadic(512), |_, steps| {
            steps.read(|n| {
                let p = kink_under_a_slope(1.0 / (2.0 * n as f64));
                p.gap(proximal(&p, n).last())
            })
        })
        .predicting(|_, n| n.powf(-1.0))
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
