#![doc = include_str!("sign_descent.md")]

use theoria_algorithms::SignDescent;
use theoria_instances::Problem;
use theoria_instances::families::{gaussian, quadratic};
use theoria_instances::sequences::running_minimum;
use theoria_models::Vector;
use theoria_models::objectives::Quadratic;
use theoria_verification::{
    Claim, Constant, Curve, Draw, Family, Figure, Instance, Reading, Theorem,
};

const STEPS: usize = 200;
const NUMBERS_OF_STEPS: [usize; 6] = [1, 3, 10, 30, 100, 300];

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    Theorem::new("convergence/sign_descent", include_str!("sign_descent.md"))
        .claim(
            decrease("decrease", "f(x_k) − f(x_{k+1}) ≥ h |∇f(x_k)|₁ − h² L∞ / 2", maximum_norm)
                .on(rotated())
                .on(diagonal())
                .attained_on(one()),
        )
        .claim(steps_fitted_to_n())
        .claim(attained_in_one_step())
        .claim(fixed_steps())
        .control(
            decrease(
                "with_the_euclidean_constant",
                "f(x_k) − f(x_{k+1}) ≥ h |∇f(x_k)|₁ − h² L / 2",
                euclidean,
            )
            .on(dense()),
        )
        .control(fixed_steps_converge())
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
    Claim::lower_bound(name, formula).experiment(move |instance: &Signed| {
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

fn steps_fitted_to_n() -> Claim<Signed> {
    Claim::bound("steps_fitted_to_n", "min_{k<N} |∇f(x_k)|₁ ≤ √(2 L∞ (f(x₀) − f*) / N)")
        .on(rotated())
        .on(diagonal())
        .on(one())
        .measuring(NUMBERS_OF_STEPS, |instance, numbers| {
            numbers.read(|n| least_gradient(instance, n))
        })
        .predicting(bound)
}

fn attained_in_one_step() -> Claim<Signed> {
    Claim::bound("attained_in_one_step", "|∇f(x₀)|₁ ≤ √(2 L∞ (f(x₀) − f*)), with N = 1")
        .attained_on(one())
        .measuring([1], |instance, numbers| numbers.read(|n: usize| least_gradient(instance, n)))
        .predicting(bound)
}

fn fixed_steps() -> Claim<Signed> {
    let h = 0.03;
    Claim::bound("fixed_steps", "min_{k<N} |∇f(x_k)|₁ ≤ (f(x₀) − f*)/(hN) + h L∞ / 2")
        .on(rotated())
        .on(diagonal())
        .measuring(1..=STEPS, move |Signed { problem: p, .. }, steps| {
            let run = p.run(SignDescent::new(h), STEPS);
            let least = running_minimum(run.points().iter().map(|x| gradient(p, x).value));
            steps.read(|n| least[n - 1])
        })
        .predicting(move |instance, n| {
            instance.problem.gap_at_start() / (h * n) + h * instance.sum_of_entries / 2.0
        })
}

fn fixed_steps_converge() -> Claim<Signed> {
    let formula = "f(x_N) − f* ≤ (f(x₀) − f*) / N² with fixed steps";
    Claim::bound("fixed_steps_converge", formula)
        .on(rotated())
        .measuring(1000..=2000usize, |Signed { problem: p, .. }, steps| {
            let run = p.run(SignDescent::new(0.1), 2000);
            steps.read(|n| p.gap(run.at(n)))
        })
        .predicting(|instance, n| instance.problem.gap_at_start() / (n * n))
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

fn maximum_norm(instance: &Signed) -> f64 {
    instance.sum_of_entries
}

fn euclidean(instance: &Signed) -> f64 {
    instance.problem.smoothness()
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
