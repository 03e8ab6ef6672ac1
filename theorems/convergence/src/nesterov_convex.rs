#![doc = include_str!("nesterov_convex.md")]

use theoria_algorithms::{GradientDescent, Momentum, Nesterov, Trajectory};
use theoria_elementary::powf;
use theoria_instances::Problem;
use theoria_instances::families::{
    AfterSteps, flat_modes, huber, huber_after_steps, misstated, nesterov_worst_in, parabolas,
    smooth_convex, smooth_convex_envelopes, smooth_convex_functions, smooth_functions,
};
use theoria_instances::hypotheses::{convex, minimiser, smooth, step_size};
use theoria_instances::sequences::dyadic;
use theoria_models::Property;
use theoria_verification::{Case, Claim, Curve, Family, Figure, Hypothesis, Theorem, judgement};

use crate::support::{for_each_n, known_worst_cases, reach};

const STEPS: usize = 300;
/// Worst cases of the sequence t_k by semidefinite programming, in units of L R².
const FOUND: [(usize, f64); 5] =
    [(1, 0.166667), (2, 0.1), (5, 0.0348938), (8, 0.0175576), (12, 0.00914552)];

/// In units of L R².
#[derive(Clone, Copy)]
struct Bound {
    formula: &'static str,
    of: fn(f64) -> f64,
}

const TEXTBOOK: Bound = Bound { formula: "f(x_N) − f* ≤ 2 L R² / (N + 1)²", of: textbook };
const SIMPLIFIED: Bound =
    Bound { formula: "f(x_N) − f* ≤ 2 L R² / (N² + 5N + 6)", of: simplified };
const SHARP: Bound = Bound { formula: "f(x_N) − f* ≤ L R² / (4 S_N + 2)", of: sharp };

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let simplified = rate("simplified_momentum", Momentum::Simplified, SIMPLIFIED)
        .attained_on(fitted(Momentum::Simplified).map(|i| i.problem));
    let smaller_simplified = simplified
        .restated(
            "simplified_momentum_two_percent_better",
            "f(x_N) − f* ≤ 1.96 L R² / (N² + 5N + 6)",
        )
        .predicting(|p, n| 0.98 * self::simplified(n) * scale(p));
    let sharp = rate("sharper_constant", Momentum::Sequence, SHARP)
        .attained_on(fitted(Momentum::Sequence).map(|i| i.problem));
    let smaller_sharp = sharp
        .restated("sharper_constant_two_percent_better", "f(x_N) − f* ≤ 0.98 L R² / (4 S_N + 2)")
        .predicting(|p, n| 0.98 * self::sharp(n) * scale(p));
    let known = known_worst_cases(
        "f(x_N) − f* on the Huber function fitted to N = the worst case",
        FOUND,
        |steps| {
            let p = huber(1.0 / (2.0 * reach(Momentum::Sequence, steps) + 1.0));
            p.gap(accelerated(&p, steps).last()).scaled(1.0 / scale(&p))
        },
    );
    let smaller_known = known
        .restated(
            "worst_cases_two_percent_smaller",
            "f(x_N) − f* on the Huber function fitted to N = 0.98 of the worst case",
        )
        .predicting(|case, _| 0.98 * case.value.1);
    let exponent = exponent("exponent_minus_two", "(f(x_N) − f*) / (L R²) ~ N⁻²", accelerated);
    let larger = exponent
        .restated("exponent_minus_two_point_two", "(f(x_N) − f*) / (L R²) ~ N^-2.2")
        .predicting(|_, n| powf(n, -2.2));
    Theorem::new("convergence/nesterov_convex", include_str!("nesterov_convex.md"))
        .uses(
            "convergence/gradient_descent_convex",
            "what a gradient step gains on a convex function, and the slope of Huber functions as \
             worst case",
        )
        .claim(
            rate("one_over_n_squared", Momentum::Sequence, TEXTBOOK)
                .on(fitted(Momentum::Sequence).map(|i| i.problem))
                .on_all(smooth_convex())
                .on(smooth_convex_functions().hunted(1000))
                .on(smooth_convex_envelopes().hunted(300))
                .tight_to(0.9),
        )
        .claim(
            simplified
                .on_all(smooth_convex())
                .on(smooth_convex_functions().hunted(1000))
                .tight_to(0.999),
        )
        .claim(
            sharp
                .on_all(smooth_convex())
                .on(smooth_convex_functions().hunted(1000))
                .on(smooth_convex_envelopes().hunted(300))
                .tight_to(0.999),
        )
        .claim(known)
        .claim(exponent)
        .control(smaller_simplified)
        .control(smaller_sharp)
        .control(smaller_known)
        .control(larger)
        .control(self::exponent(
            "gradient_descent_has_it_too",
            "of gradient descent: (f(x_N) − f*) / (L R²) ~ N⁻²",
            plain,
        ))
        .control(monotone().on(smooth_convex_functions().hunted(1000)))
        .control(
            rate("simplified_momentum_without_convexity", Momentum::Simplified, SIMPLIFIED)
                .on(smooth_functions().hunted(1000))
                .violating("convex"),
        )
        .control(
            rate("simplified_momentum_with_too_small_a_constant", Momentum::Simplified, SIMPLIFIED)
                .on(misstated(smooth_convex_functions(), Property::Smoothness, 0.1..=0.9)
                    .hunted(1000))
                .violating("smooth"),
        )
        .control(long_step())
        .figure(
            Figure::log_log("gap", "step N", "f(x_N) − f*")
                .of("one_over_n_squared")
                .caption("The gap oscillates, and stays below 2LR²/(N + 1)²."),
        )
        .figure(
            Figure::log_log("exponent", "number of steps N", "(f(x_N) − f*) / (L R²)")
                .of("exponent_minus_two")
                .of("gradient_descent_has_it_too")
                .caption(
                    "On Nesterov's function fitted to N acceleration decays like N⁻², gradient \
                     descent does not.",
                ),
        )
}

fn rate(name: &str, momentum: Momentum, bound: Bound) -> Claim<Problem> {
    Claim::bound(name, bound.formula)
        .assuming([smooth(), convex(), minimiser(), step_size(1.0, 1.0)])
        .measuring(1..=STEPS, move |p: &Problem, steps| {
            let run = p.run(Nesterov::new(1.0 / p.smoothness(), momentum), STEPS);
            steps.read(|n| p.gap(run.at(n)))
        })
        .predicting(move |p, n| (bound.of)(n) * scale(p))
}

/// Huber functions on which all iterates stay on the slope as long as possible.
fn fitted(momentum: Momentum) -> Family<AfterSteps> {
    huber_after_steps(move |n| 1.0 / (2.0 * reach(momentum, n) + 1.0))
}

fn exponent(name: &str, formula: &str, run: fn(&Problem, usize) -> Trajectory) -> Claim<Case<()>> {
    let judgement = judgement::Exponent::default().within(0.1);
    Claim::new(name, formula, judgement)
        .assuming([Hypothesis::by_construction(
            "smooth and convex",
            "Nesterov's function is a convex quadratic with the L that it states, as its tests check",
        )])
        .on(for_each_n(
            "Nesterov's function, fitted to each N",
            "Nesterov's function in dimension 2N + 1 for each N",
        ))
        .measuring(dyadic(2048), move |_, steps| {
            steps.read(|n| {
                let p = nesterov_worst_in(2 * n + 1);
                p.gap(run(&p, n).last()).scaled(1.0 / scale(&p))
            })
        })
        .predicting(|_, n| n.powi(-2))
}

fn monotone() -> Claim<Problem> {
    Claim::bound("value_never_increases", "f(x_{k+1}) ≤ f(x_k)")
        .assuming([smooth(), convex(), minimiser(), step_size(1.0, 1.0)])
        .on(flat_modes([4.0, 25.0, 400.0]))
        .experiment(|p| {
            let run = accelerated(p, STEPS);
            Curve::over(1..=STEPS, |n| p.gap(run.at(n)), |n| p.gap(run.at(n - 1)).value)
        })
}

/// The edge of stability of the largest mode is 4/(3L) as the momentum tends to 1.
fn long_step() -> Claim<Problem> {
    let multiple = 1.1 * 4.0 / 3.0;
    let formula = "f(x_N) − f* ≤ 2 L R² / (N + 1)² with h = 1.1 · 4/(3L)";
    Claim::bound("convergence_with_a_long_step", formula)
        .assuming([smooth(), convex(), minimiser(), step_size(multiple, 1.0)])
        .violating("step size")
        .on(parabolas())
        .measuring(1..=STEPS, move |p, steps| {
            let run = p.run(Nesterov::new(multiple / p.smoothness(), Momentum::Sequence), STEPS);
            steps.read(|n| p.gap(run.at(n)))
        })
        .predicting(|p, n| textbook(n) * scale(p))
}

fn accelerated(p: &Problem, steps: usize) -> Trajectory {
    p.run(Nesterov::new(1.0 / p.smoothness(), Momentum::Sequence), steps)
}

fn plain(p: &Problem, steps: usize) -> Trajectory {
    p.run(GradientDescent::new(1.0 / p.smoothness()), steps)
}

/// L R²
fn scale(p: &Problem) -> f64 {
    p.smoothness() * p.distance_at_start().powi(2)
}

/// 2/(N + 1)²
fn textbook(n: f64) -> f64 {
    2.0 / (n + 1.0).powi(2)
}

/// 2/(N² + 5N + 6)
fn simplified(n: f64) -> f64 {
    2.0 / (n * n + 5.0 * n + 6.0)
}

/// 1/(4 S_N + 2)
fn sharp(n: f64) -> f64 {
    1.0 / (4.0 * reach(Momentum::Sequence, n as usize) + 2.0)
}
