#![doc = include_str!("sgd_pl_decreasing.md")]

use theoria_algorithms::{GradientDescent, Quantity, decreasing_step, karimi_step};
use theoria_instances::StochasticProblem;
use theoria_instances::families::{
    equal_parabolas, gaussian, noisy_parabola, noisy_quadratic_plus_sine, noisy_quadratics,
};
use theoria_instances::hypotheses::{lojasiewicz, noise, smooth, unbiased};
use theoria_models::Vector;
use theoria_models::objectives::{Quadratic, QuadraticPlusSine};
use theoria_models::stochastic::{NoiseModel, Perturbed, Shape};
use theoria_verification::{
    Block, Check, Claim, Constant, Family, Figure, Hypothesis, Instance, Sample, Theorem,
    TrialClaim,
};

/// Evenly in octaves: noise that a few of them share does not pass for a curvature.
const OCTAVES: [usize; 6] = [64, 128, 256, 512, 1024, 2048];

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let short = exponent("exponent_of_a_short_step", -0.5, short_step);
    let one_over_n = short
        .restated("one_over_n_with_a_short_step", "E f(x_n) − f* ~ n^-1")
        .predicting(|_, n| n.powf(-1.0));
    let without_convexity = exponent_without_convexity("exponent_without_convexity");
    let one_over_root = without_convexity
        .restated("one_over_the_root_of_n", "E f(x_n) − f* ~ (n + n₀)^-0.5")
        .predicting(|_, n| n.powf(-0.5));
    Theorem::new("stochastic/sgd_pl_decreasing", include_str!("sgd_pl_decreasing.md"))
        .claim(
            decay("one_over_n", 1.0)
                .on(noisy_quadratics(30.0, 2.0, Perturbed::additive))
                .on(noisy_quadratic_plus_sine())
                .on(equal_parabolas()),
        )
        .claim(karimi("one_over_n_with_a_bounded_second_moment", 1.0).on(bounded_paths()))
        .claim(exponent("exponent_on_a_quadratic", -1.0, theorems_step))
        .claim(without_convexity)
        .claim(short)
        .control(decay("a_quarter_of_the_constant", 0.25).on(noise_alone()))
        .control(
            karimi("a_quarter_of_the_constant_of_karimi", 0.25).on(Family::single("x²/2", || {
                bounded_path(&[1.0], Vector::from_element(1, 1.0), 1.0)
            })),
        )
        .control(one_over_n)
        .control(one_over_root)
        .figure(Figure::log_log("decay", "step n", "E f(x_n) − f*").of("one_over_n").caption(
            "With steps that decrease like 1/n the noise \
                     averages out: the gap falls like 1/n.",
        ))
        .figure(
            Figure::log_log("exponents", "step n", "E f(x_n) − f*")
                .of("exponent_on_a_quadratic")
                .of("exponent_of_a_short_step")
                .of("one_over_n_with_a_short_step")
                .caption("Steps that are too short by a factor 8 halve the exponent."),
        )
}

/// n_0 = 2κ
fn offset(p: &StochasticProblem) -> f64 {
    2.0 * p.problem().smoothness() / p.problem().lojasiewicz()
}

/// `times` makes the constant smaller.
fn decay(name: &str, times: f64) -> TrialClaim<StochasticProblem> {
    Claim::expected_bound(name, "E f(x_n) − f* ≤ max(2Lσ²/μ², n₀(f(x₀) − f*))/(n + n₀), n₀ = 2κ")
        .within(0.1)
        .trials(8192)
        .assuming([smooth(), lojasiewicz(), unbiased(), noise(NoiseModel::Additive)])
        .sampling(|p: &StochasticProblem, block| {
            let schedule = decreasing_step(2.0 / p.problem().lojasiewicz(), offset(p));
            p.gaps(GradientDescent::with_schedule(schedule), block, &[1, 4, 16, 64])
        })
        .predicting(move |p, n| {
            let (l, mu) = (p.problem().smoothness(), p.problem().lojasiewicz());
            let noise = 2.0 * l * p.sigma_squared(NoiseModel::Additive) / (mu * mu);
            let start = offset(p) * p.problem().gap_at_start();
            p.bound(times * noise.max(start) / (n + offset(p)))
        })
}

/// From the minimiser, so that the noise decides.
fn noise_alone() -> Family<StochasticProblem> {
    Family::single("x²/2 from its minimum", || {
        noisy_parabola(1.0, 0.0, |f| Perturbed::additive(f, 1.0))
    })
}

/// A path on which the second moment of the gradient is bounded.
struct BoundedPath {
    p: StochasticProblem,
    second_moment: f64,
}

impl Instance for BoundedPath {
    fn description(&self) -> String {
        self.p.description()
    }

    fn constants(&self) -> Vec<Constant> {
        let mut constants = self.p.constants();
        constants.push(Constant::certified("C²", self.second_moment));
        constants
    }
}

/// Quadratics of κ ≤ 2 along the axes with noise of either sign. As h_k λ ≤ 1, each coordinate moves to a mean of
/// itself and of ±s/λ, s its noise, so it never leaves the larger of the two.
fn bounded_paths() -> Family<BoundedPath> {
    Family::drawn("quadratics with bounded noise", |draw| {
        let dimension = draw.size(1..=4);
        let least = draw.log_uniform(0.2, 5.0);
        let spectrum: Vec<f64> = (0..dimension)
            .map(|i| if i == 0 { least } else { least * draw.uniform(1.0, 2.0) })
            .collect();
        let (start, sigma) = (gaussian(dimension, draw), draw.log_uniform(0.3, 3.0));
        bounded_path(&spectrum, start, sigma)
    })
}

fn bounded_path(spectrum: &[f64], start: Vector, sigma: f64) -> BoundedPath {
    let each = sigma / (spectrum.len() as f64).sqrt();
    let slopes = spectrum.iter().zip(start.iter());
    let steepest = slopes.map(|(curvature, x)| (curvature * x).abs().max(each).powi(2));
    let second_moment = steepest.sum::<f64>() + sigma * sigma;
    let p = StochasticProblem::new(Quadratic::diagonal(spectrum), start, |f| {
        Perturbed::additive(f, sigma).shaped(Shape::Signs)
    });
    BoundedPath { p, second_moment }
}

fn karimi(name: &str, times: f64) -> TrialClaim<BoundedPath> {
    Claim::expected_bound(name, "E f(x_n) − f* ≤ L C²/(2nμ²)")
        .within(0.1)
        .assuming([Hypothesis::new("second moment", |instance: &BoundedPath, draw| {
            let p = &instance.p;
            let f = p.problem().objective();
            let method = GradientDescent::with_schedule(karimi_step(p.problem().lojasiewicz()));
            let slopes = Quantity::gradient_norm_squared(f);
            let slopes = p.measure(method, &mut Block::drawn(64, draw), &[0, 1, 4, 16], slopes);
            let steepest = slopes.rows().iter().flatten().copied().fold(0.0, f64::max);
            let seen = steepest + p.sigma_squared(NoiseModel::Additive);
            Check::at_most(seen, instance.second_moment, "largest E|g|² seen on 64 paths, C²")
        })])
        .sampling(|instance: &BoundedPath, block| {
            let schedule = karimi_step(instance.p.problem().lojasiewicz());
            instance.p.gaps(GradientDescent::with_schedule(schedule), block, &[1, 4, 16, 64])
        })
        .predicting(move |instance, n| {
            let (l, mu) = (instance.p.problem().smoothness(), instance.p.problem().lojasiewicz());
            times * l * instance.second_moment / (2.0 * n * mu * mu)
        })
}

/// 2/(μ(k + n₀)), the step size of the theorem, on x²/2.
fn theorems_step(step: usize) -> f64 {
    decreasing_step(2.0, 2.0)(step)
}

/// 1/(4μ(k + 1))
fn short_step(step: usize) -> f64 {
    decreasing_step(0.25, 1.0)(step)
}

fn exponent(
    name: &str,
    exponent: f64,
    schedule: fn(usize) -> f64,
) -> TrialClaim<StochasticProblem> {
    Claim::expected_exponent(name, &format!("E f(x_n) − f* ~ n^{exponent}"))
        .within(0.1)
        .trials(16_384)
        .on(Family::single("x²/2", || {
            noisy_parabola(1.0, 1.0, |f| Perturbed::additive(f, 0.5).shaped(Shape::Signs))
        }))
        .sampling(move |p, block| p.gaps(GradientDescent::with_schedule(schedule), block, &OCTAVES))
        .predicting(move |_, n| n.powf(exponent))
}

/// On x² + 3 sin² x, where 1/(n + n₀) shows when n is well above n₀ = 91. By then a run has forgotten where it was
/// a thirty-second of the way back, so each checkpoint is reached from the minimum at that time.
fn exponent_without_convexity(name: &str) -> TrialClaim<StochasticProblem> {
    let times = OCTAVES.map(|n| 16 * n);
    Claim::expected_exponent(name, "E f(x_n) − f* ~ (n + n₀)^-1")
        .within(0.15)
        .trials(16_384)
        .on(Family::single("x² + 3 sin² x", || {
            StochasticProblem::new(QuadraticPlusSine, Vector::zeros(1), |f| {
                Perturbed::additive(f, 1.0).shaped(Shape::Signs)
            })
        }))
        .sampling(move |p: &StochasticProblem, block| {
            let rows = times.iter().map(|&time| {
                let steps = time / 32;
                let schedule =
                    decreasing_step(2.0 / p.problem().lojasiewicz(), (time - steps) as f64);
                let gaps = p.gaps(GradientDescent::with_schedule(schedule), block, &[steps]);
                gaps.rows()[0].clone()
            });
            Sample::new(times, rows)
        })
        .predicting(|_, n| n.powf(-1.0))
}
