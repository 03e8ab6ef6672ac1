#![doc = include_str!("methods_on_real_data.md")]

use std::ops::ControlFlow;

use nalgebra::DMatrix;
use rand::RngExt;
use theoria_algorithms::{
    GradientDescent, LBfgs, Method, Nesterov, Newton, QuasiNewton, StrongWolfe, Update, iterate,
};
use theoria_elementary::{exp, ln, powf};
use theoria_instances::sequences::geometric;
use theoria_models::oracle::TwiceDifferentiable;
use theoria_models::{Objective, Vector};
use theoria_verification::{
    Case, Claim, Content, Draw, Effort, Family, Figure, Hypothesis, Line, Reading, Readings, Side,
    Theorem, TrialClaim,
};

use crate::support::last_gradient::LastGradient;
use crate::support::ridge_classifier::{RidgeClassifier, ridge};

/// A gradient of this size ends a run.
const TOLERANCE: f64 = 1e-10;
/// Where a run counts as near the minimiser: a millionth of its start, about.
const NEAR: f64 = 1e-6;
/// Steps after which a run that has not ended is given up: more than any of these needs.
const MOST: usize = 200_000;
/// Pairs that L-BFGS keeps.
const MEMORY: usize = 10;
/// Steps of Newton's method that suffice.
const NEWTON: f64 = 12.0;
/// How many times as many L-BFGS needs at least.
const MORE_THAN_NEWTON: f64 = 3.0;
/// The same on a half of the data, where they may be easier.
const MORE_THAN_NEWTON_ON_HALVES: f64 = 2.5;
/// Its share of Nesterov's steps at most.
const SHARE_OF_NESTEROV: f64 = 0.25;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let by_descent =
        linear("descent_is_linear_at_last", "|∇f(w_{m+n})| = |(I − H/L)ⁿ ∇f(w_m)|", descent)
            .predicting_from(|p| modes(p, descent, descent_mode, 1.0), |norms, n| at(norms, n));
    let descent_elsewhere = by_descent
        .restated("descent_is_faster_at_last", "|∇f(w_{m+n})| = |(I − 1.02 H/L)ⁿ ∇f(w_m)|")
        .predicting_from(|p| modes(p, descent, descent_mode, 1.02), |norms, n| at(norms, n));
    let momentum =
        linear("nesterov_is_linear_at_last", "z_{k+1} = q ((1 + β) z_k − β z_{k−1})", nesterov)
            .predicting_from(|p| modes(p, nesterov, nesterov_mode, 1.0), |norms, n| at(norms, n));
    let momentum_elsewhere = momentum
        .restated("nesterov_is_faster_at_last", "the same with q = 1 − 1.02 λ/L")
        .predicting_from(|p| modes(p, nesterov, nesterov_mode, 1.02), |norms, n| at(norms, n));
    let descents = multiples_of_kappa("gradient_descent_needs_multiples_of_kappa");
    let descents_fewer = descents
        .restated("gradient_descent_needs_the_root", "35 √κ ≤ N of gradient descent ≤ 45 √κ")
        .predicting(|p, _| 40.0 * p.condition_number().sqrt());
    let descents_more = descents
        .restated("gradient_descent_needs_more", "18 κ ≤ N of gradient descent ≤ 23.1 κ")
        .predicting(|p, _| 18.0 * 8.0 / 7.0 * p.condition_number());
    let nesterovs = hundredth("nesterov_grows_like_the_root", "N at μ/100 = 10 N at μ");
    let nesterovs_slower = nesterovs
        .restated("nesterov_grows_like_a_smaller_power", "N at μ/100 = 100^0.4 N at μ")
        .predicting(|_, _| powf(100.0, 0.4));
    let few = newton_steps("newton_needs_few_steps", "N of Newton's method ≤ 12");
    let fewer = few
        .restated("newton_needs_fewer_steps", "N of Newton's method ≤ 10 at μ = 10⁻⁴")
        .on(cancer("breast cancer, the smallest ridge", &[1e-4]))
        .predicting(|_, _| 10.0);
    let above =
        above_newton("l_bfgs_needs_more_than_newton", "N of L-BFGS ≥ 3 N of Newton's method");
    let as_few = below_newton("l_bfgs_needs_as_few_as_newton");
    let below =
        below_nesterov("l_bfgs_needs_less_than_nesterov", "N of L-BFGS ≤ ¼ N of Nesterov's");
    let far_below = below
        .restated("l_bfgs_needs_a_thirtieth", "N of L-BFGS ≤ 1/30 N of Nesterov's")
        .on(ten_ridges())
        .predicting(|p, _| steps(p, nesterov) / 30.0);
    let on_halves = on_halves("l_bfgs_lies_between_on_halves");
    let fewer_halves = on_halves
        .restated("l_bfgs_lies_between_on_fewer_halves", "P(the same) ≤ 2/3")
        .predicting(|_, _| 1.0 / 3.0);
    Theorem::new("second_order/methods_on_real_data", include_str!("methods_on_real_data.md"))
        .uses(
            "convergence/nesterov_strongly_convex",
            "modes under gradient descent and under constant momentum",
        )
        .uses("second_order/newton_quadratic", "how the digits double near the minimiser")
        .uses("second_order/lbfgs", "the method with ten pairs")
        .claim(by_descent)
        .claim(momentum)
        .claim(descents)
        .claim(nesterovs)
        .claim(few.on(all_ridges()).tight_to(0.9))
        .claim(above.on(ten_ridges()).tight_to(0.8))
        .claim(below.on(ten_ridges()).tight_to(0.75))
        .claim(on_halves)
        .control(descent_elsewhere)
        .control(momentum_elsewhere)
        .control(descents_fewer)
        .control(descents_more)
        .control(nesterovs_slower)
        .control(fewer)
        .control(as_few)
        .control(far_below)
        .control(fewer_halves)
        .figure(
            Figure::log_log("steps", "step N", "|∇f(w_N)|")
                .caption(
                    "Breast cancer, μ = 0.01, both axes logarithmic: from left to right ten digits by \
                     Newton's method, L-BFGS, BFGS, Nesterov's method and gradient descent.",
                )
                .showing(|draw, effort| gradients(draw, effort, |step, _| step)),
        )
        .figure(
            Figure::log_log("work", "multiplications, in those of one gradient", "|∇f(w_N)|")
                .caption(
                    "The same runs against what they compute: in 31 unknowns a step of Newton's \
                     method costs as much as 9 gradients, and L-BFGS is ahead.",
                )
                .showing(|draw, effort| gradients(draw, effort, |step, cost| step * cost)),
        )
}

/// Shown each iterate with the gradient there.
type Seen<'a> = &'a mut dyn FnMut(usize, &Vector, &Vector) -> ControlFlow<()>;

type Run = fn(&RidgeClassifier, Seen);

fn descent(p: &RidgeClassifier, seen: Seen) {
    run(p, GradientDescent::new(1.0 / p.smoothness()), seen);
}

fn nesterov(p: &RidgeClassifier, seen: Seen) {
    run(p, Nesterov::strongly_convex(p.smoothness(), p.ridge()), seen);
}

fn l_bfgs(p: &RidgeClassifier, seen: Seen) {
    run(p, LBfgs::new(MEMORY, StrongWolfe::default()), seen);
}

fn bfgs(p: &RidgeClassifier, seen: Seen) {
    let identity = DMatrix::identity(p.start().len(), p.start().len());
    run(p, QuasiNewton::new(Update::Bfgs, identity, StrongWolfe::default()), seen);
}

fn newton(p: &RidgeClassifier, seen: Seen) {
    let Ok(oracle) = TwiceDifferentiable::new(p.objective(), &p.start()) else { return };
    let mut gradient = p.start();
    iterate(Newton::default(), &oracle, &mut p.start(), MOST, &mut |n: usize, w: &Vector| {
        p.objective().gradient_into(w, &mut gradient);
        seen(n, w, &gradient)
    });
}

fn run(p: &RidgeClassifier, method: impl for<'f> Method<Vector, dyn Objective + 'f>, seen: Seen) {
    let objective = LastGradient::of(p.objective());
    let mut gradient = p.start();
    iterate(
        method,
        &objective as &dyn Objective,
        &mut p.start(),
        MOST,
        &mut |n: usize, w: &Vector| {
            objective.gradient_into(w, &mut gradient);
            seen(n, w, &gradient)
        },
    );
}

/// |∇f| at each step, up to the first that is small enough.
fn course(p: &RidgeClassifier, run: Run) -> Vec<Reading> {
    let mut slopes = Vec::new();
    run(p, &mut |_, w, gradient| {
        let slope = Reading::new(gradient.norm(), p.objective().gradient_rounding(w));
        slopes.push(slope);
        if slope.value <= TOLERANCE { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    slopes
}

/// N, or infinity for a run that never arrives.
fn steps(p: &RidgeClassifier, run: Run) -> f64 {
    let mut arrived = f64::INFINITY;
    run(p, &mut |n, _, gradient| {
        if gradient.norm() > TOLERANCE {
            return ControlFlow::Continue(());
        }
        arrived = n as f64;
        ControlFlow::Break(())
    });
    arrived
}

fn all_ridges() -> Family<RidgeClassifier> {
    cancer("breast cancer", &[0.1, 0.01, 0.001, 0.0001])
}

fn cancer(name: &str, ridges: &[f64]) -> Family<RidgeClassifier> {
    Family::listed(name, ridges.to_vec(), |weight| RidgeClassifier::cancer(*weight))
}

/// From 10⁻⁴ to 10⁻¹, three in each decade.
fn ten_ridges() -> Family<RidgeClassifier> {
    let ridges: Vec<f64> = (0..10).map(|k| powf(10.0, -f64::from(k) / 3.0 - 1.0)).collect();
    cancer("breast cancer, ten ridges", &ridges)
}

/// Within a third of 1.
fn on_halves(name: &str) -> TrialClaim<Case<[f64; 2]>> {
    let formula = "P(5/2 N of Newton's ≤ N of L-BFGS ≤ ¼ N of Nesterov's) ≥ 2/3, on halves";
    Claim::probability(name, formula, Side::Within(1.0 / 3.0))
        .assuming([Hypothesis::by_construction("ridge", "log-uniform, μ > 0")])
        .on(Family::cases("random halves of the tumours", [[0.01, 0.1]], |[low, high]| {
            format!("μ log-uniform between {low} and {high}")
        }))
        .trials(128)
        .sampling(|ends: &Case<[f64; 2]>, block| {
            let [low, high] = ends.value.map(ln);
            block.each_event(1, |random| {
                let weight = exp(random.random_range(low..high));
                let p = RidgeClassifier::half_of_cancer(weight, random);
                let [few, some, many] = [newton, l_bfgs, nesterov].map(|run: Run| steps(&p, run));
                many.is_finite()
                    && MORE_THAN_NEWTON_ON_HALVES * few <= some
                    && some <= SHARE_OF_NESTEROV * many
            })
        })
        .predicting(|_, _| 1.0)
}

/// The next of a mode's amplitudes from the last two, with q = 1 − λ/L and the momentum β.
type Mode = fn([f64; 2], f64, f64) -> f64;

fn descent_mode([_, last]: [f64; 2], q: f64, _: f64) -> f64 {
    q * last
}

fn nesterov_mode([before, last]: [f64; 2], q: f64, beta: f64) -> f64 {
    q * ((1.0 + beta) * last - beta * before)
}

/// |∇f| after 0, 1, 2, … further steps of a quadratic with the Hessian of the minimiser, from where a run has come near it; `times` is 1 in the
/// theorem.
fn modes(p: &RidgeClassifier, run: Run, mode: Mode, times: f64) -> Vec<f64> {
    let mut last = [Vector::zeros(0), Vector::zeros(0)];
    run(p, &mut |_, _, gradient| {
        last = [std::mem::take(&mut last[1]), gradient.clone()];
        if last[1].norm() <= NEAR { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    let Some(hessian) = p.hessian_at_the_minimiser() else { return Vec::new() };
    let [mut before, mut at] = last.map(|gradient| hessian.eigenvectors.tr_mul(&gradient));
    let root = (p.smoothness() / p.ridge()).sqrt();
    let beta = (root - 1.0) / (root + 1.0);
    let mut norms = vec![at.norm()];
    while norms.len() < MOST && norms[norms.len() - 1] > TOLERANCE / 10.0 {
        let next = Vector::from_fn(at.len(), |i, _| {
            let q = 1.0 - times * hessian.eigenvalues[i] / p.smoothness();
            mode([before[i], at[i]], q, beta)
        });
        (before, at) = (at, next);
        norms.push(at.norm());
    }
    norms
}

fn at(norms: &[f64], n: f64) -> f64 {
    norms.get(n as usize).copied().unwrap_or(0.0)
}

/// From where a run has come near the minimiser.
fn linear(name: &str, formula: &str, run: Run) -> Claim<RidgeClassifier> {
    Claim::identity(name, formula, 1e-2)
        .assuming([ridge()])
        .on(cancer("breast cancer, well conditioned", &[0.1, 0.02]))
        .on(Family::drawn("random halves of the tumours, well conditioned", |draw| {
            let weight = draw.log_uniform(0.02, 0.1);
            RidgeClassifier::half_of_cancer(weight, draw.generator())
        }))
        .measuring_each(move |p: &RidgeClassifier| {
            let slopes = course(p, run);
            let near = slopes.iter().position(|slope| slope.value <= NEAR).unwrap_or(0);
            Readings::over(0..slopes.len() - near, |n| slopes[near + n])
        })
}

/// 16 κ is off by an eighth of it at either end.
fn multiples_of_kappa(name: &str) -> Claim<RidgeClassifier> {
    Claim::identity(name, "14 κ ≤ N of gradient descent ≤ 18 κ", 1.0 / 8.0)
        .assuming([ridge()])
        .on(cancer("breast cancer, ridges for gradient descent", &[0.1, 0.03, 0.01, 0.003]))
        .measuring_each(|p: &RidgeClassifier| Readings::at(1, steps(p, descent)))
        .predicting(|p, _| 16.0 * p.condition_number())
}

/// Of Nesterov's method, with the ridge and with a hundredth of it.
fn hundredth(name: &str, formula: &str) -> Claim<RidgeClassifier> {
    Claim::identity(name, formula, 0.1)
        .assuming([ridge()])
        .on(cancer("breast cancer, two ridges", &[0.1, 0.05, 0.02, 0.01]))
        .measuring_each(|p: &RidgeClassifier| {
            let smaller = p.with_ridge(p.ridge() / 100.0);
            Readings::at(1, steps(&smaller, nesterov) / steps(p, nesterov))
        })
        .predicting(|_, _| 10.0)
}

fn newton_steps(name: &str, formula: &str) -> Claim<RidgeClassifier> {
    Claim::bound(name, formula)
        .assuming([ridge()])
        .measuring_each(|p: &RidgeClassifier| Readings::at(1, steps(p, newton)))
        .predicting(|_, _| NEWTON)
}

fn above_newton(name: &str, formula: &str) -> Claim<RidgeClassifier> {
    Claim::lower_bound(name, formula)
        .assuming([ridge()])
        .measuring_each(|p: &RidgeClassifier| Readings::at(1, steps(p, l_bfgs)))
        .predicting(|p, _| MORE_THAN_NEWTON * steps(p, newton))
}

fn below_newton(name: &str) -> Claim<RidgeClassifier> {
    Claim::bound(name, "N of L-BFGS ≤ N of Newton's method")
        .assuming([ridge()])
        .on(ten_ridges())
        .measuring_each(|p: &RidgeClassifier| Readings::at(1, steps(p, l_bfgs)))
        .predicting(|p, _| steps(p, newton))
}

fn below_nesterov(name: &str, formula: &str) -> Claim<RidgeClassifier> {
    Claim::bound(name, formula)
        .assuming([ridge()])
        .measuring_each(|p: &RidgeClassifier| Readings::at(1, steps(p, l_bfgs)))
        .predicting(|p, _| SHARE_OF_NESTEROV * steps(p, nesterov))
}

/// The courses of five methods at μ = 0.01; `place` puts a step that costs so many gradients on the axis.
fn gradients(_: &mut Draw, _: Effort, place: fn(f64, f64) -> f64) -> Content {
    let p = RidgeClassifier::cancer(0.01);
    let (samples, dimension) = (p.samples() as f64, p.start().len() as f64);
    let gradient = 2.0 * samples * dimension;
    let newton_step = samples * dimension * dimension / 2.0 + dimension.powi(3) / 6.0;
    let pairs = 4.0 * MEMORY as f64 * dimension + dimension;
    let line = |label: &str, run: Run, cost: f64| {
        let slopes = course(&p, run);
        // Enough points for a line.
        let last = slopes.len().saturating_sub(1);
        let inside = geometric(1.0, last as f64, 120).into_iter().map(|n| n as usize);
        let points = inside.filter(|n| *n < last).chain([last]);
        Line::measured(label, points.map(|n| (place(n as f64, cost), slopes[n].value)))
    };
    Content::Lines {
        lines: vec![
            line("Newton", newton, 1.0 + newton_step / gradient),
            line("L-BFGS, ten pairs", l_bfgs, 1.0 + pairs / gradient),
            line("BFGS", bfgs, 1.0 + 2.0 * dimension * dimension / gradient),
            line("Nesterov", nesterov, 1.0),
            line("gradient descent", descent, 1.0),
        ],
    }
}
