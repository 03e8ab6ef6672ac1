#![doc = include_str!("sgd_nonconvex.md")]

use theoria_algorithms::{GradientDescent, Quantity};
use theoria_instances::StochasticProblem;
use theoria_instances::families::{gaussian, gaussian_matrix, noisy_quadratic_plus_sine};
use theoria_instances::hypotheses::{bounded_below, noise, smooth, unbiased};
use theoria_models::Vector;
use theoria_models::objectives::{
    LogisticRegression, Quadratic, Regularisation, RippledParabola, Trigonometric,
};
use theoria_models::stochastic::{MiniBatch, NoiseModel, Perturbed, Sampling};
use theoria_verification::{
    Block, Check, Claim, Family, Figure, Hypothesis, Sample, Theorem, TrialClaim,
};

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    Theorem::new("stochastic/sgd_nonconvex", include_str!("sgd_nonconvex.md"))
        .claim(
            constant_step("mean_of_the_squared_gradients", 1.0, &[4, 16, 64])
                .on(random_waves())
                .on(noisy_quadratic_plus_sine())
                .on(logistic()),
        )
        .claim(
            fitted_step("step_fitted_to_the_number_of_steps")
                .on(random_waves())
                .on(noisy_quadratic_plus_sine()),
        )
        .claim(exponent("exponent_with_the_fitted_step", best_step))
        .control(
            constant_step("without_the_floor", 0.0, &[4, 16, 64, 256])
                .on(noisy_quadratic_plus_sine()),
        )
        .control(exponent("exponent_with_one_step_for_all_n", |_, _| 0.1))
        .figure(
            Figure::log_log("constant", "steps N", "mean of |∇f(x_k)|² over k < N")
                .of("mean_of_the_squared_gradients")
                .caption(
                    "With a constant step size the gradients shrink until the noise stops them.",
                ),
        )
        .figure(
            Figure::log_log("exponent", "steps N", "mean of |∇f(x_k)|² over k < N")
                .of("exponent_with_the_fitted_step")
                .of("exponent_with_one_step_for_all_n")
                .caption(
                    "Fitted to N, the step size makes the mean squared gradient fall like \
                     1/√N; a fixed one does not.",
                ),
        )
}

fn assumed() -> [Hypothesis<StochasticProblem>; 4] {
    [smooth(), bounded_below(), unbiased(), noise(NoiseModel::Additive)]
}

/// E|∇f(x_k)|², averaged over the steps of a run.
fn squared_gradients(
    p: &StochasticProblem,
    step: f64,
    block: &mut Block,
    checkpoints: &[usize],
) -> Sample {
    let quantity = Quantity::gradient_norm_squared(p.problem().objective()).mean_so_far();
    p.measure(GradientDescent::new(step), block, checkpoints, quantity)
}

/// With h = 1/(2L); `floor` of the noise term is kept.
fn constant_step(
    name: &str,
    floor: f64,
    checkpoints: &'static [usize],
) -> TrialClaim<StochasticProblem> {
    let step = |p: &StochasticProblem| 0.5 / p.problem().smoothness();
    Claim::expected_bound(name, "mean over k < N of E|∇f(x_k)|² ≤ 2(f(x₀) − f*)/(hN) + hLσ²")
        .within(0.1)
        .trials(4096)
        .assuming(assumed())
        .sampling(move |p: &StochasticProblem, block| {
            squared_gradients(p, step(p), block, checkpoints)
        })
        .predicting(move |p, n| {
            let (h, l) = (step(p), p.problem().smoothness());
            let noise = h * l * p.sigma_squared(NoiseModel::Additive);
            2.0 * p.problem().gap_at_most() / (h * n) + floor * noise
        })
}

/// √(2Δ/(LNσ²))
fn best_step(p: &StochasticProblem, steps: f64) -> f64 {
    let noise = p.sigma_squared(NoiseModel::Additive);
    (2.0 * p.problem().gap_at_most() / (p.problem().smoothness() * steps * noise)).sqrt()
}

/// From the number of steps on for which the best step size is at most 1/L.
fn numbers(p: &StochasticProblem) -> Vec<usize> {
    let ratio = p.problem().gap_at_most() * p.problem().smoothness();
    let least = 2.0 * ratio / p.sigma_squared(NoiseModel::Additive);
    let least = least.ceil().max(4.0) as usize;
    vec![least, 3 * least, 9 * least]
}

fn fitted_step(name: &str) -> TrialClaim<StochasticProblem> {
    Claim::expected_bound(name, "mean over k < N of E|∇f(x_k)|² ≤ 2σ √(2L(f(x₀) − f*)/N)")
        .within(0.1)
        .trials(4096)
        .assuming(assumed())
        .assuming([Hypothesis::new("step size", |p: &StochasticProblem, _| {
            let largest = best_step(p, numbers(p)[0] as f64);
            Check::at_most(largest * p.problem().smoothness(), 1.0, "largest h L")
        })])
        .sampling(|p: &StochasticProblem, block| {
            let numbers = numbers(p);
            let rows = numbers.iter().map(|&steps| {
                let means = squared_gradients(p, best_step(p, steps as f64), block, &[steps]);
                means.rows()[0].clone()
            });
            Sample::new(&numbers, rows)
        })
        .predicting(|p, n| {
            let noise = p.sigma_squared(NoiseModel::Additive);
            2.0 * (2.0 * noise * p.problem().smoothness() * p.problem().gap_at_most() / n).sqrt()
        })
}

/// Over numbers of steps, each with a run of its own.
fn exponent(name: &str, step: fn(&StochasticProblem, f64) -> f64) -> TrialClaim<StochasticProblem> {
    let numbers = [128, 256, 512, 1024, 2048, 4096];
    Claim::expected_exponent(name, "mean over k < N of E|∇f(x_k)|² ~ N^(−1/2)")
        .within(0.1)
        .trials(2048)
        .on(Family::single("x²/2", || {
            StochasticProblem::new(Quadratic::diagonal(&[1.0]), Vector::from_element(1, 1.0), |f| {
                Perturbed::additive(f, 2.0)
            })
        }))
        .on(Family::single("1 − cos x + x²/40", || {
            StochasticProblem::new(RippledParabola, Vector::from_element(1, 4.0), |f| {
                Perturbed::additive(f, 1.0)
            })
        }))
        .sampling(move |p: &StochasticProblem, block| {
            let rows = numbers.iter().map(|&steps| {
                let means = squared_gradients(p, step(p, steps as f64), block, &[steps]);
                means.rows()[0].clone()
            });
            Sample::new(numbers, rows)
        })
        .predicting(|_, n| 1.0 / n.sqrt())
}

/// Random waves on a quadratic: not convex.
fn random_waves() -> Family<StochasticProblem> {
    Family::drawn("random waves", |draw| {
        let dimension = draw.size(1..=4);
        let mut f = Trigonometric::new(draw.log_uniform(0.01, 0.3), dimension);
        for _ in 0..draw.size(1..=4) {
            let direction = gaussian(dimension, draw);
            f = f.with_wave(draw.uniform(0.2, 1.0), direction, draw.uniform(0.0, 6.3));
        }
        let (start, sigma) = (gaussian(dimension, draw) * 2.0, draw.log_uniform(1.0, 5.0));
        StochasticProblem::new(f, start, |f| Perturbed::additive(f, sigma))
    })
}

/// Logistic regression with a regularisation that is not convex on random data, in batches of 2.
fn logistic() -> Family<StochasticProblem> {
    Family::drawn("non-convex logistic regression", |draw| {
        let (samples, dimension) = (draw.size(5..=12), draw.size(2..=4));
        let labels = gaussian(samples, draw).map(f64::signum);
        let regularisation = Regularisation::NonConvex(0.1);
        let features = gaussian_matrix(samples, dimension, draw);
        let f = LogisticRegression::new(&features, &labels, regularisation);
        StochasticProblem::new(f, gaussian(dimension, draw), |f| {
            MiniBatch::new(f, 2, Sampling::WithReplacement)
        })
    })
}
