#![doc = include_str!("armijo_backtracking.md")]

use std::ops::ControlFlow;

use theoria_algorithms::{Armijo, Method};
use theoria_instances::Problem;
use theoria_instances::families::{
    cancer_nonconvex_logistic, misstated, parabolas, quadratic_plus_sine, quadratics,
    smooth_convex_functions, smooth_functions, smooth_strongly_convex, strongly_convex_functions,
    trigonometric_sums,
};
use theoria_instances::hypotheses::{smooth, strongly_convex};
use theoria_models::objectives::Quadratic;
use theoria_models::{Objective, Property, Vector};
use theoria_verification::{Check, Claim, Curve, Family, Figure, Hypothesis, Readings, Theorem};

const STEPS: usize = 60;
/// The cut b.
const SHRINK: f64 = 0.5;
/// The share c.
const SHARE: f64 = 0.3;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let steps = step_sizes("step_size_from_below").attained_on(parabolas());
    let larger_steps = steps
        .restated("step_size_larger_by_two_percent", "h_k ≥ min{h₀, 2.04 b(1 − c)/L}")
        .predicting(|p, _| 1.02 * least_step(p));
    let contraction = contraction("contraction").attained_on(almost_stiff());
    let faster = contraction
        .restated("contraction_five_percent_faster", "f(x_N) − f* ≤ (1 − 2.1 δμ/L)ᴺ (f(x₀) − f*)")
        .predicting_from(|p| (factor(p, 1.05), p.gap_at_start()), at_rate);
    Theorem::new("convergence/armijo_backtracking", include_str!("armijo_backtracking.md"))
        .uses(
            "convergence/gradient_descent_nonconvex",
            "the descent lemma says which steps are accepted",
        )
        .uses(
            "convergence/gradient_descent_pl",
            "a decrease by the squared gradient makes the gap fall geometrically",
        )
        .claim(everywhere(steps).tight_to(0.999))
        .claim(
            everywhere(decrease(
                "sufficient_decrease",
                "f(x_k) − f(x_{k+1}) ≥ c h_k |∇f(x_k)|²",
                SHARE,
            ))
            .attained_on(almost_stiff())
            .tight_to(0.999),
        )
        .claim(
            contraction
                .on_all(smooth_strongly_convex())
                .on(strongly_convex_functions(2.0..=100.0).hunted(1000))
                .tight_to(0.999),
        )
        .control(
            ends()
                .on(quadratics())
                .on(strongly_convex_functions(2.0..=100.0).hunted(300))
                .violating("share below 1"),
        )
        .control(larger_steps)
        .control(
            decrease(
                "decrease_larger_by_two_percent",
                "f(x_k) − f(x_{k+1}) ≥ 1.02 c h_k |∇f(x_k)|²",
                1.02 * SHARE,
            )
            .on(almost_stiff()),
        )
        .control(faster)
        .control(
            step_sizes("step_size_with_too_small_a_constant")
                .on(misstated(smooth_functions(), Property::Smoothness, 0.1..=0.9).hunted(1000))
                .violating("smooth"),
        )
        .control(
            self::contraction("contraction_without_strong_convexity")
                .on(misstated(smooth_convex_functions(), Property::StrongConvexity, 0.1..=0.9)
                    .hunted(1000))
                .violating("strongly convex"),
        )
        .figure(
            Figure::linear("step_sizes", "step k", "h_k")
                .of("step_size_from_below")
                .as_ratio()
                .caption("The step size that is found never lies below 2b(1 − c)/L (or h₀)."),
        )
}

fn everywhere(claim: Claim<Problem>) -> Claim<Problem> {
    claim
        .on(quadratics())
        .on(trigonometric_sums())
        .on(quadratic_plus_sine())
        .on(cancer_nonconvex_logistic())
        .on(smooth_functions().hunted(1000))
}

fn share_below_one(share: f64) -> Hypothesis<Problem> {
    Hypothesis::new("share below 1", move |_, _| {
        Check::that(0.0 < share && share < 1.0, format!("c = {share}"))
    })
}

fn step_sizes(name: &str) -> Claim<Problem> {
    Claim::lower_bound(name, "h_k ≥ min{h₀, 2b(1 − c)/L}")
        .assuming([smooth(), share_below_one(SHARE)])
        .measuring_each(|p| {
            let (_, sizes) = run(p, SHARE);
            Readings::over(0..sizes.len(), |k| sizes[k])
        })
        .predicting(|p, _| least_step(p))
}

/// With c = 1 all of the slope is asked for, and what rounding accepts in the end is a step of no size: so it is
/// claimed that the step has some size at all.
fn ends() -> Claim<Problem> {
    Claim::lower_bound("ends_when_all_of_the_slope_is_asked_for", "the search ends, h_k ≥ 10⁻⁶/L")
        .assuming([smooth(), strongly_convex(), share_below_one(1.0)])
        .measuring_each(|p| {
            let (_, sizes) = run(p, 1.0);
            Readings::over(0..sizes.len(), |k| sizes[k])
        })
        .predicting(|p, _| 1e-6 / p.smoothness())
}

/// `claimed` is the share of the slope that is claimed; the method asks for c.
fn decrease(name: &str, formula: &str, claimed: f64) -> Claim<Problem> {
    Claim::lower_bound(name, formula).assuming([smooth(), share_below_one(SHARE)]).experiment(
        move |p| {
            let (points, sizes) = run(p, SHARE);
            Curve::over(
                0..sizes.len(),
                |k| p.decrease(&points[k], &points[k + 1]),
                |k| claimed * sizes[k] * p.gradient_squared(&points[k]).value,
            )
        },
    )
}

fn contraction(name: &str) -> Claim<Problem> {
    Claim::bound(name, "f(x_N) − f* ≤ (1 − 2δμ/L)ᴺ (f(x₀) − f*)")
        .assuming([smooth(), strongly_convex(), share_below_one(SHARE)])
        .measuring_each(|p| {
            let (points, _) = run(p, SHARE);
            Readings::over(1..points.len(), |n| p.gap(&points[n]))
        })
        .predicting_from(|p| (factor(p, 1.0), p.gap_at_start()), at_rate)
}

/// 1 - 2 `times` δ mu/L with δ = min{2c(1 - c), 2b(1 - c)(1 - b(1 - c))}.
fn factor(p: &Problem, times: f64) -> f64 {
    let shortest = SHRINK * (1.0 - SHARE);
    let least = (2.0 * SHARE * (1.0 - SHARE)).min(2.0 * shortest * (1.0 - shortest));
    1.0 - 2.0 * times * least / p.condition_number()
}

fn at_rate((factor, at_start): &(f64, f64), n: f64) -> f64 {
    factor.powi(n as i32) * at_start
}

/// First step size, deliberately far too long: five cuts of it miss the longest step that curvature L accepts,
/// 2(1 - c)/L, by little.
fn first(p: &Problem) -> f64 {
    1.00001 * 2.0 * (1.0 - SHARE) * SHRINK.powi(-5) / p.smoothness()
}

/// On the mode of curvature just below L, which accepts the step that L misses.
fn almost_stiff() -> Family<Problem> {
    Family::listed("almost the stiff mode", [0.1, 1.0, 30.0], |&smoothness| {
        let spectrum = [smoothness, 0.99998 * smoothness];
        Problem::new(Quadratic::diagonal(&spectrum), Vector::from_vec(vec![0.0, 1.0]))
    })
}

/// Points, and the step size from each to the next.
fn run(p: &Problem, share: f64) -> (Vec<Vector>, Vec<f64>) {
    let mut method = Armijo::new(first(p), share, SHRINK);
    let mut x = p.start().clone();
    let (mut points, mut sizes) = (vec![x.clone()], Vec::new());
    let _: ControlFlow<()> = (0..STEPS).try_for_each(|_| {
        // Below the rounding of the value no search can see a decrease.
        let slope = p.gradient_squared(&x).value;
        let visible = SHRINK * slope / p.smoothness() > 1e3 * p.value(&x).floor;
        if !visible {
            return ControlFlow::Break(());
        }
        let objective: &dyn Objective = p.objective();
        method.step(objective, &mut x);
        points.push(x.clone());
        sizes.push(method.step_sizes()[0]);
        ControlFlow::Continue(())
    });
    (points, sizes)
}

fn least_step(p: &Problem) -> f64 {
    first(p).min(2.0 * SHRINK * (1.0 - SHARE) / p.smoothness())
}
