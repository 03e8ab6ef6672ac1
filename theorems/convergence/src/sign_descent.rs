#![doc = include_str!("sign_descent.md")]

use std::ops::RangeInclusive;

use theoria_algorithms::SignDescent;
use theoria_instances::Problem;
use theoria_instances::families::{gaussian, quadratic, smooth_functions};
use theoria_instances::hypotheses::bounded_below;
use theoria_instances::sequences::running_minimum;
use theoria_models::Vector;
use theoria_models::numerics::maximum;
use theoria_models::objectives::{Huber, Quadratic};
use theoria_verification::{
    Check, Claim, Constant, Curve, Draw, Family, Figure, Hypothesis, Instance, Reading, Theorem,
};

const STEPS: usize = 200;
const NUMBERS_OF_STEPS: [usize; 8] = [2, 3, 5, 10, 30, 50, 100, 300];
/// The step size that does not shrink.
const FIXED: f64 = 0.03;

const DECREASE: &str = "f(x_k) − f(x_{k+1}) ≥ h |∇f(x_k)|₁ − h² L∞ / 2";

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let decrease_there = decrease("decrease", DECREASE, |i| i.sum_of_entries).attained_on(one());
    let fitted = steps_fitted_to_n("steps_fitted_to_n").on(walked_down());
    let half = fitted
        .restated(
            "steps_fitted_to_n_half_as_much",
            "min_{k<N} |∇f(x_k)|₁ ≤ 0.49 √(2 L∞ (f(x₀) − f*) / N)",
        )
        .predicting(|i, n| 0.49 * bound(i, n));
    let one_step = attained_in_one_step();
    let less = one_step
        .restated(
            "one_step_with_two_percent_less",
            "|∇f(x₀)|₁ ≤ 0.98 √(2 L∞ (f(x₀) − f*)), with N = 1",
        )
        .assuming([smooth_in_the_maximum_norm(), bounded_below()])
        .predicting(|i, n| 0.98 * bound(i, n));
    let fixed = fixed_steps().attained_on(half_a_step());
    let smaller = fixed
        .restated(
            "fixed_steps_two_percent_nearer",
            "min_{k<N} |∇f(x_k)|₁ ≤ 0.98 ((f(x₀) − f*)/(hN) + h L∞ / 2)",
        )
        .predicting(|i, n| 0.98 * fixed_bound(i, n));
    Theorem::new("convergence/sign_descent", include_str!("sign_descent.md"))
        .uses(
            "convergence/gradient_descent_nonconvex",
            "the descent lemma, with each norm exchanged for its counterpart",
        )
        .claim(
            decrease_there
                .on(rotated())
                .on(diagonal())
                .on(functions(1.0..=1.0).hunted(500))
                .tight_to(0.999),
        )
        // Half of the bound is the most that is known to be reached after many steps.
        .claim(
            fitted
                .on(rotated())
                .on(diagonal())
                .on(one())
                .on(functions(1.0..=1.0).hunted(500))
                .tight_to(0.5),
        )
        .claim(one_step.on(functions(1.0..=1.0).hunted(500)).tight_to(0.999))
        .claim(
            fixed.on(rotated()).on(diagonal()).on(functions(1.0..=1.0).hunted(4000)).tight_to(0.99),
        )
        .control(
            decrease(
                "decrease_with_a_smaller_loss",
                "f(x_k) − f(x_{k+1}) ≥ h |∇f(x_k)|₁ − 0.98 h² L∞ / 2",
                |i| 0.98 * i.sum_of_entries,
            )
            .on(one()),
        )
        .control(
            decrease(
                "with_the_euclidean_constant",
                "f(x_k) − f(x_{k+1}) ≥ h |∇f(x_k)|₁ − h² L / 2",
                |i| i.problem.smoothness(),
            )
            .on(dense()),
        )
        .control(half)
        .control(less)
        .control(smaller)
        .control(fixed_steps_converge())
        .control(every_step_decreases().on(functions(1.0..=1.0).hunted(500)))
        .control(
            steps_fitted_to_n("fitted_steps_with_too_small_a_constant")
                .on(functions(0.1..=0.9).hunted(500))
                .violating("smooth in the maximum norm"),
        )
        .control(
            decrease("decrease_with_too_small_a_constant", DECREASE, |i| i.sum_of_entries)
                .on(functions(0.1..=0.9).hunted(500))
                .violating("smooth in the maximum norm"),
        )
        .figure(
            Figure::log_log("gradient", "number of steps N", "min |∇f(x_k)|₁")
                .of("steps_fitted_to_n")
                .caption("With steps fitted to N the smallest gradient stays below √(2 L∞ Δ / N)."),
        )
}

/// A quadratic with both smoothness constants.
struct Signed {
    problem: Problem,
    sum_of_entries: f64,
}

impl Signed {
    fn new(quadratic: Quadratic, start: Vector) -> Self {
        Signed {
            sum_of_entries: quadratic.matrix().abs().sum(),
            problem: Problem::new(quadratic, start),
        }
    }
}

impl AsRef<Problem> for Signed {
    fn as_ref(&self) -> &Problem {
        &self.problem
    }
}

/// |∇f(x) - ∇f(y)|_1 <= L∞ |x - y|_∞, for steps to random corners of cubes.
fn smooth_in_the_maximum_norm() -> Hypothesis<Signed> {
    Hypothesis::new("smooth in the maximum norm", |i: &Signed, draw: &mut Draw| {
        let (f, x) = (i.problem.objective(), i.problem.start());
        let here = f.gradient_at(x);
        let seen = (0..60)
            .map(|_| {
                let size = draw.log_uniform(0.01, 2.0);
                let corner = gaussian(x.len(), draw).map(f64::signum) * size;
                (f.gradient_at(&(x + corner)) - &here).lp_norm(1) / size
            })
            .fold(0.0, maximum);
        Check::at_most(seen, i.sum_of_entries, "largest |∇f(x) − ∇f(y)|₁/|x − y|_∞ seen, L∞")
    })
}

impl Instance for Signed {
    fn description(&self) -> String {
        self.problem.description()
    }

    fn constants(&self) -> Vec<Constant> {
        let mut constants = self.problem.constants();
        constants.push(Constant::certified("L∞", self.sum_of_entries));
        constants
    }
}

fn decrease(name: &str, formula: &str, constant: fn(&Signed) -> f64) -> Claim<Signed> {
    Claim::lower_bound(name, formula)
        .assuming([smooth_in_the_maximum_norm(), bounded_below()])
        .experiment(move |instance: &Signed| {
            let p = &instance.problem;
            let h = 0.01;
            let run = p.run(SignDescent::new(h), STEPS);
            let bend = h * h * constant(instance) / 2.0;
            Curve::over(
                0..STEPS,
                |k| p.decrease(run.at(k), run.at(k + 1)),
                |k| h * gradient(p, &run.points()[k]).value - bend,
            )
        })
}

fn steps_fitted_to_n(name: &str) -> Claim<Signed> {
    Claim::bound(name, "min_{k<N} |∇f(x_k)|₁ ≤ √(2 L∞ (f(x₀) − f*) / N)")
        .assuming([smooth_in_the_maximum_norm(), bounded_below()])
        .measuring(NUMBERS_OF_STEPS, |instance, numbers| {
            numbers.read(|n| least_gradient(instance, n))
        })
        .predicting(bound)
}

fn attained_in_one_step() -> Claim<Signed> {
    Claim::bound("attained_in_one_step", "|∇f(x₀)|₁ ≤ √(2 L∞ (f(x₀) − f*)), with N = 1")
        .assuming([smooth_in_the_maximum_norm(), bounded_below()])
        .attained_on(one())
        .measuring([1], |instance, numbers| numbers.read(|n: usize| least_gradient(instance, n)))
        .predicting(bound)
}

fn fixed_steps() -> Claim<Signed> {
    Claim::bound("fixed_steps", "min_{k<N} |∇f(x_k)|₁ ≤ (f(x₀) − f*)/(hN) + h L∞ / 2")
        .assuming([smooth_in_the_maximum_norm(), bounded_below()])
        .measuring(1..=STEPS, |Signed { problem: p, .. }, steps| {
            let run = p.run(SignDescent::new(FIXED), STEPS);
            let least = running_minimum(run.points().iter().map(|x| gradient(p, x).value));
            steps.read(|n| least[n - 1])
        })
        .predicting(fixed_bound)
}

fn fixed_bound(i: &Signed, n: f64) -> f64 {
    i.problem.gap_at_start() / (FIXED * n) + FIXED * i.sum_of_entries / 2.0
}

fn fixed_steps_converge() -> Claim<Signed> {
    let formula = "f(x_N) − f* ≤ (f(x₀) − f*) / N² with fixed steps";
    Claim::bound("fixed_steps_converge", formula)
        .assuming([smooth_in_the_maximum_norm(), bounded_below()])
        .on(rotated())
        .measuring(1000..=2000usize, |Signed { problem: p, .. }, steps| {
            let run = p.run(SignDescent::new(0.1), 2000);
            steps.read(|n| p.gap(run.at(n)))
        })
        .predicting(|instance, n| instance.problem.gap_at_start() / (n * n))
}

/// From half a fixed step away, whence every step crosses to the other side.
fn half_a_step() -> Family<Signed> {
    Family::listed("L x²/2 from h/2", [0.1, 1.0, 30.0], |&smoothness| {
        Signed::new(Quadratic::diagonal(&[smoothness]), Vector::from_element(1, FIXED / 2.0))
    })
}

/// Huber's function of width 1 from where N - 1 steps, fitted to N, walk down its slope. With h the step,
/// N h² = 2Δ/L = 1 + 2(N - 1)h, and the gradient that is left is 1/h of the bound.
fn walked_down() -> Family<Signed> {
    Family::listed("Huber, fitted to N", [2.0, 3.0, 5.0, 10.0], |&n: &f64| {
        let step = (n - 1.0 + ((n - 1.0).powi(2) + n).sqrt()) / n;
        let start = Vector::from_element(1, 1.0 + (n - 1.0) * step);
        Signed { problem: Problem::new(Huber::new(1.0, 1.0), start), sum_of_entries: 1.0 }
    })
}

/// That a step of a fixed size never goes uphill.
fn every_step_decreases() -> Claim<Signed> {
    Claim::bound("every_step_decreases", "f(x_{k+1}) ≤ f(x_k) with fixed steps")
        .assuming([smooth_in_the_maximum_norm(), bounded_below()])
        .experiment(|Signed { problem: p, .. }| {
            let run = p.run(SignDescent::new(FIXED), STEPS);
            Curve::over(1..=STEPS, |n| p.gap(run.at(n)), |n| p.gap(run.at(n - 1)).value)
        })
}

/// Functions of one variable, where both constants are the same; L∞ is said to be this part of it.
fn functions(parts: RangeInclusive<f64>) -> Family<Signed> {
    let (least, most) = parts.into_inner();
    let family = smooth_functions();
    Family::drawn("smooth functions of one variable", move |draw| {
        let problem = family.instance(draw, 0);
        let sum_of_entries = draw.log_uniform(least, most) * problem.smoothness();
        Signed { problem, sum_of_entries }
    })
}

fn rotated() -> Family<Signed> {
    Family::drawn("random quadratics", |draw| {
        let dimension = draw.size(1..=20);
        let quadratic = quadratic(dimension, 100.0, draw);
        Signed::new(quadratic, gaussian(dimension, draw))
    })
}

fn diagonal() -> Family<Signed> {
    Family::drawn("diagonal quadratics", |draw| {
        let dimension = draw.size(1..=20);
        let spectrum: Vec<f64> = (0..dimension).map(|_| draw.log_uniform(0.1, 10.0)).collect();
        Signed::new(Quadratic::diagonal(&spectrum), gaussian(dimension, draw))
    })
}

fn one() -> Family<Signed> {
    Family::listed("L x²/2", [0.1, 1.0, 30.0], |&smoothness| {
        Signed::new(Quadratic::diagonal(&[smoothness]), Vector::from_element(1, 1.0))
    })
}

/// Dense in dimension 100, where the two constants differ most.
fn dense() -> Family<Signed> {
    Family::drawn("dense quadratics, dimension 100", |draw: &mut Draw| {
        let quadratic = quadratic(100, 10.0, draw);
        Signed::new(quadratic, gaussian(100, draw))
    })
}

/// √(2 L∞ (f(x_0) - f*) / N)
fn bound(instance: &Signed, n: f64) -> f64 {
    (2.0 * instance.sum_of_entries * instance.problem.gap_at_start() / n).sqrt()
}

fn least_gradient(instance: &Signed, steps: usize) -> Reading {
    let p = &instance.problem;
    let h = (2.0 * p.gap_at_start() / (instance.sum_of_entries * steps as f64)).sqrt();
    let run = p.run(SignDescent::new(h), steps - 1);
    let readings = run.points().iter().map(|x| gradient(p, x));
    readings
        .reduce(|least, reading| if reading.value < least.value { reading } else { least })
        .unwrap_or(Reading::DIVERGED)
}

/// The sum of absolute slopes, with the rounding of each.
fn gradient(p: &Problem, x: &Vector) -> Reading {
    let norm = p.objective().gradient_at(x).lp_norm(1);
    Reading::new(norm, (x.len() as f64).sqrt() * p.objective().gradient_rounding(x))
}
