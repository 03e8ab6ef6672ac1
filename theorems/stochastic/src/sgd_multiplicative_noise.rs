#![doc = include_str!("sgd_multiplicative_noise.md")]

use theoria_algorithms::{GradientDescent, Quantity};
use theoria_instances::StochasticProblem;
use theoria_instances::families::{gaussian, low_rank_matrix, noisy_parabola, noisy_quadratics};
use theoria_instances::hypotheses::{convex, lojasiewicz, noise, smooth, unbiased};
use theoria_models::objectives::{LeastSquares, ParabolaSum, Quadratic, QuadraticPlusSine};
use theoria_models::stochastic::{MiniBatch, NoiseModel, Perturbed, Sampling, Shape};
use theoria_models::{Objective, Vector};
use theoria_verification::{Check, Claim, Family, Figure, Hypothesis, Sample, Theorem, TrialClaim};

use crate::support::by_markov;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let attained = attained("attained_on_parabolas");
    let half = attained
        .restated("half_of_what_is_attained", "E f(x_n) = (σ²/(1 + σ²))ⁿ f(x₀)/2 on λx²/2")
        .predicting(|p, n| 0.5 * mean_on_parabolas(p, n));
    Theorem::new("stochastic/sgd_multiplicative_noise", include_str!("sgd_multiplicative_noise.md"))
        .claim(
            contraction("linear_convergence", 1.0, 1.0, &[1, 2, 4])
                .on(noisy_quadratics(30.0, 1.0, in_all_directions))
                .on(quadratic_plus_sine()),
        )
        .claim(
            contraction("linear_convergence_with_single_samples", 1.0, 1.0, &[1, 2])
                .trials(262_144)
                .on(concentric_parabolas()),
        )
        .claim(
            by_markov(
                "linear_convergence_of_long_runs",
                "qᴺ (f(x₀) − f*)",
                |p, block| p.gaps(GradientDescent::new(step(p)), block, &[16, 64]),
                |p, n| factor(p).powf(n) * p.problem().gap_at_start(),
            )
            .trials(4096)
            .assuming(assumed(1.0))
            .assuming([lojasiewicz()])
            .on(noisy_quadratics(30.0, 3.0, along_the_gradient))
            .on(concentric_parabolas()),
        )
        .claim(attained)
        .claim(
            distance("distance_pays_for_the_gaps", 1.0).on(rank_deficient()).on(flat_directions()),
        )
        .claim(sublinear("sublinear_convergence").on(flat_directions()))
        .claim(
            by_markov(
                "sublinear_convergence_of_long_runs",
                "L(1 + σ²) R²/(2(N + 1))",
                |p, block| p.gaps(GradientDescent::new(step(p)), block, &[4, 16, 64]),
                sublinear_bound,
            )
            .assuming(assumed(1.0))
            .assuming([convex()])
            .on(rank_deficient()),
        )
        .control(
            contraction("convergence_past_twice_the_step", 2.2, 1.0, &[1, 2, 4, 8])
                .on(parabolas())
                .violating("step size"),
        )
        .control(
            Claim::expected_bound("the_step_without_noise", "E f(x_n) ≤ f(x₀) for h = 1/L")
                .on(Family::single("x²/2, σ = 2", || {
                    noisy_parabola(1.0, 1.0, |f| Perturbed::multiplicative(f, 2.0))
                }))
                .sampling(|p: &StochasticProblem, block| {
                    let step = 1.0 / p.problem().smoothness();
                    p.gaps(GradientDescent::new(step), block, &[1, 2, 4])
                })
                .predicting(|p, _| p.problem().gap_at_start()),
        )
        .control(contraction("faster_than_attained", 1.0, 1.5, &[1, 2, 4]).on(parabolas()))
        .control(distance("distance_pays_twice", 2.0).on(steepest()))
        .control(half)
        .figure(
            Figure::semilog("contraction", "step n", "E f(x_n) − f*")
                .of("linear_convergence")
                .of("convergence_past_twice_the_step")
                .caption(
                    "The step size that allows for the noise converges geometrically; 2.2 \
                     times as much grows.",
                ),
        )
        .figure(
            Figure::log_log("sublinear", "step N", "E f(x_N) − f*")
                .of("sublinear_convergence")
                .caption(
                    "Without strong convexity the gap stays below the bound that falls like 1/N.",
                ),
        )
}

/// Bounded, so that the mean of a few products shows.
fn in_all_directions<F: Objective>(f: F, sigma: f64) -> Perturbed<F> {
    Perturbed::multiplicative(f, sigma).shaped(Shape::Signs)
}

fn along_the_gradient(f: Quadratic, sigma: f64) -> Perturbed<Quadratic> {
    Perturbed::multiplicative(f, sigma).shaped(Shape::AlongGradient)
}

/// 1/(L(1 + σ²))
fn step(p: &StochasticProblem) -> f64 {
    1.0 / (p.problem().smoothness() * (1.0 + p.sigma_squared(NoiseModel::Multiplicative)))
}

/// 1 - μ/(L(1 + σ²))
fn factor(p: &StochasticProblem) -> f64 {
    1.0 - p.problem().lojasiewicz() * step(p)
}

fn assumed(multiple: f64) -> [Hypothesis<StochasticProblem>; 4] {
    [
        smooth(),
        unbiased(),
        noise(NoiseModel::Multiplicative),
        Hypothesis::new("step size", move |_, _| Check::at_most(multiple, 1.0, "h L(1 + σ²)")),
    ]
}

/// With step size `multiple`/(L(1 + σ²)); `power` makes the factor smaller.
fn contraction(
    name: &str,
    multiple: f64,
    power: f64,
    checkpoints: &'static [usize],
) -> TrialClaim<StochasticProblem> {
    Claim::expected_bound(name, "E f(x_n) − f* ≤ (1 − μ/(L(1 + σ²)))ⁿ (f(x₀) − f*)")
        .within(0.1)
        .trials(8192)
        .assuming(assumed(multiple))
        .assuming([lojasiewicz()])
        .sampling(move |p: &StochasticProblem, block| {
            p.gaps(GradientDescent::new(multiple * step(p)), block, checkpoints)
        })
        .predicting(move |p, n| p.bound(factor(p).powf(power * n) * p.problem().gap_at_start()))
}

/// L(1 + σ²)R²/(2(N + 1))
fn sublinear_bound(p: &StochasticProblem, steps: f64) -> f64 {
    p.distance_squared() / (2.0 * step(p) * (steps + 1.0))
}

fn sublinear(name: &str) -> TrialClaim<StochasticProblem> {
    Claim::expected_bound(name, "E f(x_N) − f* ≤ L(1 + σ²) R²/(2(N + 1))")
        .assuming(assumed(1.0))
        .assuming([convex()])
        .sampling(|p: &StochasticProblem, block| {
            p.gaps(GradientDescent::new(step(p)), block, &[1, 2, 4, 8])
        })
        .predicting(|p, n| p.bound(sublinear_bound(p, n)))
}

/// The squared distance and `times` what the gaps took from it.
fn distance(name: &str, times: f64) -> TrialClaim<StochasticProblem> {
    let checkpoints = [1, 2, 4];
    Claim::expected_bound(name, "E|x_N − x*|² + 2h Σ_{k<N} E(f(x_k) − f*) ≤ |x₀ − x*|²")
        .within(0.1)
        .trials(8192)
        .assuming(assumed(1.0))
        .assuming([convex()])
        .sampling(move |p: &StochasticProblem, block| {
            let f = p.problem().objective();
            let quantities = [
                Quantity::distance_squared(p.problem().minimiser().clone()),
                Quantity::gap(f, p.problem().minimum().value).mean_so_far(),
            ];
            let run = p.run(GradientDescent::new(step(p)), block, &checkpoints, &quantities);
            let rows = checkpoints.iter().enumerate().map(|(place, &n)| {
                let paid = times * 2.0 * step(p) * n as f64;
                let pairs = run.at(0, place).iter().zip(run.at(1, place));
                pairs.map(|(distance, mean)| distance + paid * mean).collect()
            });
            Sample::new(checkpoints, rows)
        })
        .predicting(|p, _| p.distance_squared())
}

/// With L = μ the bound is an equality.
fn attained(name: &str) -> TrialClaim<StochasticProblem> {
    Claim::expected_value(name, "E f(x_n) = (σ²/(1 + σ²))ⁿ f(x₀) on λx²/2", 0.1)
        .trials(131_072)
        .on(parabolas())
        .sampling(|p: &StochasticProblem, block| {
            p.gaps(GradientDescent::new(step(p)), block, &[1, 2, 3])
        })
        .predicting(mean_on_parabolas)
}

/// (σ²/(1 + σ²))ⁿ f(x₀)
fn mean_on_parabolas(p: &StochasticProblem, n: f64) -> f64 {
    let sigma_squared = p.sigma_squared(NoiseModel::Multiplicative);
    (sigma_squared / (1.0 + sigma_squared)).powf(n) * p.problem().gap_at_start()
}

/// Noise of either sign, so that few trials show the mean.
fn parabolas() -> Family<StochasticProblem> {
    Family::listed("λx²/2", [(1.0, 0.5), (3.0, 2.0)], |&(curvature, sigma)| {
        noisy_parabola(curvature, 1.0, |f| Perturbed::multiplicative(f, sigma).shaped(Shape::Signs))
    })
}

fn quadratic_plus_sine() -> Family<StochasticProblem> {
    Family::listed("x² + 3 sin² x", [(-4.0, 0.5), (2.5, 0.5)], |&(start, sigma)| {
        let start = Vector::from_element(1, start);
        StochasticProblem::new(QuadraticPlusSine, start, |f| in_all_directions(f, sigma))
    })
}

/// Parabolas of several curvatures with one centre, one at a time.
fn concentric_parabolas() -> Family<StochasticProblem> {
    Family::drawn("parabolas with one centre", |draw| {
        let curvatures: Vec<f64> =
            (0..draw.size(2..=8)).map(|_| draw.log_uniform(0.5, 2.0)).collect();
        let start = gaussian(1, draw);
        StochasticProblem::new(ParabolaSum::centred(&curvatures), start, |f| {
            MiniBatch::new(f, 1, Sampling::WithReplacement)
        })
    })
}

/// Least squares with linearly dependent features.
fn rank_deficient() -> Family<StochasticProblem> {
    Family::drawn("rank-deficient least squares", |draw| {
        let (rank, dimension) = (draw.size(1..=3), draw.size(4..=6));
        let features = low_rank_matrix(8, rank, dimension, draw);
        let f = LeastSquares::new(features, gaussian(8, draw));
        let (start, sigma) = (gaussian(dimension, draw), draw.log_uniform(0.3, 1.0));
        StochasticProblem::new(f, start, |f| in_all_directions(f, sigma))
    })
}

/// Quadratics whose curvatures reach over four powers of ten.
fn flat_directions() -> Family<StochasticProblem> {
    Family::listed("curvatures from 1e-4 to 1", [0.5, 1.0], |&sigma| {
        let f = Quadratic::diagonal(&[1e-4, 1e-3, 1e-2, 0.1, 1.0]);
        StochasticProblem::new(f, Vector::from_element(5, 1.0), |f| in_all_directions(f, sigma))
    })
}

/// One mode, on which nothing is lost.
fn steepest() -> Family<StochasticProblem> {
    Family::single("x²/2, σ = 1", || noisy_parabola(1.0, 1.0, |f| in_all_directions(f, 1.0)))
}
