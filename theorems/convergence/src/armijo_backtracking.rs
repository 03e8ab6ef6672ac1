#![doc = include_str!("armijo_backtracking.md")]

use std::ops::ControlFlow;

use theoria_algorithms::{Armijo, Method};
use theoria_instances::Problem;
use theoria_instances::families::{
    cancer_nonconvex_logistic, quadratic_plus_sine, quadratics, smooth_strongly_convex,
    trigonometric_sums,
};
use theoria_instances::hypotheses::{smooth, strongly_convex};
use theoria_models::{Objective, Vector};
use theoria_verification::{Check, Claim, Curve, Figure, Hypothesis, Readings, Theorem};

const STEPS: usize = 60;
/// The cut b.
const SHRINK: f64 = 0.5;
/// The share c.
const SHARE: f64 = 0.3;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    Theorem::new("convergence/armijo_backtracking", include_str!("armijo_backtracking.md"))
        .claim(everywhere(step_sizes("step_size_from_below", SHARE)))
        .claim(everywhere(decrease(
            "sufficient_decrease",
            "f(x_k) − f(x_{k+1}) ≥ c h_k |∇f(x_k)|²",
            SHARE,
        )))
        .claim(contraction().on_all(smooth_strongly_convex()))
        .control(
            step_sizes("ends_when_all_of_the_slope_is_asked_for", 1.0)
                .on(quadratics())
                .violating("share below 1"),
        )
        .control(
            decrease("twice_the_decrease", "f(x_k) − f(x_{k+1}) ≥ h_k |∇f(x_k)|²", 1.0)
                .on(quadratics()),
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
}

fn share_below_one(share: f64) -> Hypothesis<Problem> {
    Hypothesis::new("share below 1", move |_, _| {
        Check::that(0.0 < share && share < 1.0, format!("c = {share}"))
    })
}

/// With the share c.
fn step_sizes(name: &str, share: f64) -> Claim<Problem> {
    Claim::lower_bound(name, "h_k ≥ min{h₀, 2b(1 − c)/L}")
        .assuming([smooth(), share_below_one(share)])
        .measuring_each(move |p| {
            let (_, sizes) = run(p, share);
            Readings::over(0..sizes.len(), |k| sizes[k])
        })
        // With c = 1 the bound is 0, and what rounding accepts in the end is a step of no size: so it
        // is claimed then that the step has some size at all.
        .predicting(move |p, _| least_step(p, share).max(1e-6 / p.smoothness()))
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

fn contraction() -> Claim<Problem> {
    let formula = "f(x_N) − f* ≤ (1 − 2μc min{h₀, 2b(1 − c)/L})ᴺ (f(x₀) − f*)";
    Claim::bound("contraction", formula)
        .assuming([smooth(), strongly_convex(), share_below_one(SHARE)])
        .measuring_each(|p| {
            let (points, _) = run(p, SHARE);
            Readings::over(1..points.len(), |n| p.gap(&points[n]))
        })
        .predicting_from(
            |p| {
                let factor = 1.0 - 2.0 * p.strong_convexity() * SHARE * least_step(p, SHARE);
                (factor, p.gap_at_start())
            },
            |(factor, at_start), n| factor.powi(n as i32) * at_start,
        )
}

/// First step size, deliberately far too long.
fn first(p: &Problem) -> f64 {
    37.0 / p.smoothness()
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

fn least_step(p: &Problem, share: f64) -> f64 {
    first(p).min(2.0 * SHRINK * (1.0 - share) / p.smoothness())
}
