#![doc = include_str!("agnes.md")]

use theoria_algorithms::{Agnes, AgnesEstimate, GradientDescent, Method, Momentum, Nesterov};
use theoria_instances::families::{gaussian, low_rank_matrix, noisy_quadratics};
use theoria_instances::hypotheses::{convex, noise, smooth, strongly_convex, unbiased};
use theoria_instances::sequences::geometric;
use theoria_instances::{StochasticGradients, StochasticProblem};
use theoria_models::objectives::{LeastSquares, Quadratic};
use theoria_models::stochastic::{NoiseModel, Perturbed, Shape};
use theoria_models::{Ensemble, Vector};
use theoria_verification::{
    Block, Claim, Content, Draw, Effort, Family, Figure, Hypothesis, Line, Sample, Theorem,
    TrialClaim,
};

use crate::support::by_markov;

const CHECKPOINTS: [usize; 6] = [1, 4, 16, 64, 192, 512];

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let convex = accelerated("acceleration_in_spite_of_noise", AgnesEstimate::convex).on(graded(
        1e-3,
        [0.0, 0.5, 1.0, 2.0, 4.0],
        Shape::Signs,
    ));
    let one_factor = convex
        .restated("one_factor_of_noise_suffices", "E f(x_N) − f* ≤ 2 L (1 + σ²) R²/(N + 1)²")
        .predicting(|p, n| p.bound(accelerated_bound(p, 1, n)));
    let strongly_convex = linear("linear_rate_with_strong_convexity").on(graded(
        0.01,
        [0.0, 1.0, 2.0, 4.0],
        Shape::Signs,
    ));
    let no_factor = strongly_convex
        .restated(
            "linear_rate_without_the_factor_of_noise",
            "E f(x_N) − f* ≤ (1 − q)ᴺ (f(x₀) − f* + μR²/2), 1/q = √κ",
        )
        .predicting(|p, n| p.bound(linear_bound(p, 0, n)));
    Theorem::new("stochastic/agnes", include_str!("agnes.md"))
        .claim(convex)
        .claim(accelerated("velocity_form", Agnes::new).on(graded(
            1e-3,
            [0.0, 0.5, 1.0, 2.0, 4.0],
            Shape::Signs,
        )))
        .claim(strongly_convex)
        .claim(
            by_markov(
                "acceleration_in_nine_runs_of_ten",
                "B, B the bound of the expectation",
                |p, block| {
                    let method =
                        AgnesEstimate::convex(p.problem().smoothness(), p.relative_noise());
                    p.gaps(method, block, &CHECKPOINTS)
                },
                |p, n| accelerated_bound(p, 2, n),
            )
            .assuming(assumed())
            .on(graded(1e-3, [0.5, 1.0, 2.0, 4.0], Shape::AlongGradient))
            .on(flat_least_squares()),
        )
        .claim(
            by_markov(
                "linear_rate_in_nine_runs_of_ten",
                "B, B the bound of the expectation",
                |p, block| run_with_strong_convexity(p, block, &[1.0, 3.0, 6.0]),
                |p, n| linear_bound(p, 1, n),
            )
            .assuming(strong())
            .on(graded(0.01, [1.0, 2.0, 4.0], Shape::AlongGradient))
            .on(noisy_quadratics(100.0, 2.0, Perturbed::multiplicative)),
        )
        .control(accelerated("nesterov_with_the_step_without_noise", nesterov).on(graded(
            1e-3,
            [1.0, 2.0, 4.0],
            Shape::Signs,
        )))
        .control(accelerated("nesterov_with_a_step_for_the_noise", careful_nesterov).on(graded(
            1e-3,
            [2.0, 4.0],
            Shape::Signs,
        )))
        .control(
            accelerated("gradient_descent_is_as_fast", |l, _| GradientDescent::new(1.0 / l))
                .on(graded(1e-3, [0.0], Shape::Signs)),
        )
        .control(one_factor)
        .control(no_factor)
        .figure(
            Figure::log_log("bound", "step N", "E f(x_N) − f*")
                .of("acceleration_in_spite_of_noise")
                .of("nesterov_with_the_step_without_noise")
                .caption(
                    "AGNES stays below its bound whatever the noise; Nesterov's method leaves it.",
                ),
        )
        .figure(
            Figure::semilog("strongly_convex", "step N", "E f(x_N) − f*")
                .of("linear_rate_with_strong_convexity")
                .caption(
                    "With strong convexity the mean gap falls geometrically, below its bound.",
                ),
        )
        .figure(
            Figure::log_log("against_nesterov", "step N", "mean of f(x_N) − f*")
                .caption(
                    "With gradients wrong by twice their size (σ = 2), AGNES overtakes SGD; \
                     Nesterov's method explodes, with the smaller step only later.",
                )
                .showing(against_nesterov),
        )
}

fn nesterov(smoothness: f64, _sigma: f64) -> Nesterov<Ensemble> {
    Nesterov::new(1.0 / smoothness, Momentum::Simplified)
}

fn careful_nesterov(smoothness: f64, sigma: f64) -> Nesterov<Ensemble> {
    Nesterov::new(1.0 / (smoothness * (1.0 + sigma * sigma)), Momentum::Simplified)
}

/// 1 + σ²
fn noisiness(p: &StochasticProblem) -> f64 {
    1.0 + p.sigma_squared(NoiseModel::Multiplicative)
}

/// With the method made from L and σ.
fn accelerated<M>(name: &str, method: fn(f64, f64) -> M) -> TrialClaim<StochasticProblem>
where
    M: for<'a> Method<Ensemble, StochasticGradients<'a>> + 'static,
{
    Claim::expected_bound(name, "E f(x_N) − f* ≤ 2 L (1 + σ²)^2 R²/(N + 1)²")
        .within(0.1)
        .trials(1024)
        .assuming(assumed())
        .sampling(move |p: &StochasticProblem, block| {
            let method = method(p.problem().smoothness(), p.relative_noise());
            p.gaps(method, block, &CHECKPOINTS)
        })
        .predicting(|p, n| p.bound(accelerated_bound(p, 2, n)))
}

fn assumed() -> [Hypothesis<StochasticProblem>; 4] {
    [smooth(), convex(), unbiased(), noise(NoiseModel::Multiplicative)]
}

/// 2 L (1 + σ²)^factors R²/(N + 1)²
fn accelerated_bound(p: &StochasticProblem, factors: i32, steps: f64) -> f64 {
    let constant = 2.0 * p.problem().smoothness() * noisiness(p).powi(factors);
    constant * p.distance_squared() / (steps + 1.0).powi(2)
}

/// 1/((1 + σ²)^factors √κ)
fn rate(p: &StochasticProblem, factors: i32) -> f64 {
    noisiness(p).powi(-factors) / p.problem().condition_number().sqrt()
}

/// (1 - q)^N (f(x_0) - f* + μR²/2), with this many factors of 1 + σ² in 1/q.
fn linear_bound(p: &StochasticProblem, factors: i32, steps: f64) -> f64 {
    let distance = p.problem().strong_convexity() * p.distance_squared() / 2.0;
    (1.0 - rate(p, factors)).powf(steps) * (p.problem().gap_at_start() + distance)
}

/// After these multiples of the method's time scale 1/q.
fn run_with_strong_convexity(p: &StochasticProblem, block: &mut Block, scales: &[f64]) -> Sample {
    let (l, mu) = (p.problem().smoothness(), p.problem().strong_convexity());
    let method = AgnesEstimate::strongly_convex(l, mu, p.relative_noise());
    let steps = scales.iter().map(|times| (times / rate(p, 1)).ceil() as usize);
    let mut checkpoints: Vec<usize> = steps.collect();
    checkpoints.dedup();
    p.gaps(method, block, &checkpoints)
}

fn strong() -> [Hypothesis<StochasticProblem>; 4] {
    [smooth(), strongly_convex(), unbiased(), noise(NoiseModel::Multiplicative)]
}

fn linear(name: &str) -> TrialClaim<StochasticProblem> {
    let formula = "E f(x_N) − f* ≤ (1 − q)ᴺ (f(x₀) − f* + μR²/2), 1/q = (1 + σ²)^1 √κ";
    Claim::expected_bound(name, formula)
        .within(0.1)
        .trials(4096)
        .assuming(strong())
        .sampling(|p, block| run_with_strong_convexity(p, block, &[0.1, 0.3, 1.0]))
        .predicting(|p, n| p.bound(linear_bound(p, 1, n)))
}

/// Twenty curvatures in geometric progression from 1 to `least`.
fn graded<const N: usize>(least: f64, sigmas: [f64; N], shape: Shape) -> Family<StochasticProblem> {
    Family::listed("graded quadratic", sigmas, move |&sigma| {
        graded_quadratic(least, sigma, shape.clone())
    })
}

fn graded_quadratic(least: f64, sigma: f64, shape: Shape) -> StochasticProblem {
    let spectrum = geometric(1.0, least, 20);
    let start = Vector::from_element(20, 1.0);
    StochasticProblem::new(Quadratic::diagonal(&spectrum), start, |f| {
        Perturbed::multiplicative(f, sigma).shaped(shape)
    })
}

/// Least squares with linearly dependent features, noise in all directions.
fn flat_least_squares() -> Family<StochasticProblem> {
    Family::drawn("rank-deficient least squares", |draw| {
        let (rank, dimension) = (draw.size(1..=3), draw.size(4..=5));
        let features = low_rank_matrix(6, rank, dimension, draw);
        let f = LeastSquares::new(features, gaussian(6, draw));
        let (start, sigma) = (gaussian(dimension, draw), draw.log_uniform(0.3, 3.0));
        StochasticProblem::new(f, start, |f| {
            Perturbed::multiplicative(f, sigma).shaped(Shape::Signs)
        })
    })
}

fn against_nesterov(draw: &mut Draw, _effort: Effort) -> Content {
    let p = graded_quadratic(1e-3, 2.0, Shape::Signs);
    let (l, sigma) = (p.problem().smoothness(), p.relative_noise());
    let mut checkpoints: Vec<usize> =
        (0..=20).map(|k| 2f64.powf(f64::from(k) / 2.0).round() as usize).collect();
    checkpoints.dedup();
    let mut block = || Block::drawn(128, draw);
    let line = |label: &str, sample: Sample| {
        let means = sample.rows().iter().map(|row| row.iter().sum::<f64>() / row.len() as f64);
        let points = sample.checkpoints().iter().copied().zip(means);
        Line::measured(label, points.take_while(|(_, mean)| *mean < 1e4))
    };
    let descent = GradientDescent::new(1.0 / (l * noisiness(&p)));
    Content::Lines {
        lines: vec![
            line("AGNES", p.gaps(Agnes::new(l, sigma), &mut block(), &checkpoints)),
            line("SGD, h = 1/(L(1 + σ²))", p.gaps(descent, &mut block(), &checkpoints)),
            line("Nesterov, h = 1/L", p.gaps(nesterov(l, sigma), &mut block(), &checkpoints)),
            line(
                "Nesterov, h = 1/(L(1 + σ²))",
                p.gaps(careful_nesterov(l, sigma), &mut block(), &checkpoints),
            ),
        ],
    }
}
