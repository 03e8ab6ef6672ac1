#![doc = include_str!("agnes.md")]

use theoria_algorithms::{Agnes, AgnesEstimate, GradientDescent, Method, Momentum, Nesterov};
use theoria_elementary::powf;
use theoria_instances::families::{
    noisy_parabola, smooth_convex_functions, smooth_functions, strongly_convex_functions,
};
use theoria_instances::hypotheses::{
    convex, independent_noise, noise, smooth, strongly_convex, unbiased,
};
use theoria_instances::sequences::geometric;
use theoria_instances::{Problem, StochasticGradients, StochasticProblem};
use theoria_models::objectives::{PiecewiseQuadratic, Quadratic};
use theoria_models::point::Point;
use theoria_models::stochastic::{NoiseModel, Perturbed, Shape};
use theoria_models::{Ensemble, Matrix, Property, Vector};
use theoria_verification::{
    Block, Claim, Content, Draw, Effort, Family, Figure, Hypothesis, Line, Readings, Sample,
    Theorem, TrialClaim,
};

use crate::support::{
    Enumerated, Flaw, FourthMap, FourthMoments, enumerated, exact_mean, noise_of_atoms,
    without_constants, without_hypotheses,
};

const CHECKPOINTS: [usize; 6] = [1, 4, 16, 64, 192, 512];

const BOUND: &str = "E f(x_N) − f* ≤ 2 L (1 + σ²)² R²/(N + 1)²";
const LINEAR: &str = "E f(x_N) − f* ≤ (1 − q)ᴺ (f(x₀) − f* + μR²/2), 1/q = (1 + σ²)√κ";

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let slow = on_slow_modes("acceleration_on_slow_modes").on(slow_modes([(4.0, 0.0027)]));
    let fewer_factors = slow
        .restated(
            "one_and_a_half_factors_of_noise_suffice",
            "E f(x_N) − f* ≤ 2 L (1 + σ²)^1.5 R²/(N + 1)²",
        )
        .predicting(|p, n| p.bound(accelerated_bound(p, 1.5, n)));
    let by_all_paths = linear_by_all_paths("linear_rate_by_all_paths").on(round_modes([0.2]));
    let faster = by_all_paths
        .restated(
            "faster_by_two_percent",
            "E f(x_N) − f* ≤ (1 − 1.02 q)ᴺ (f(x₀) − f* + μR²/2), 1/q = (1 + σ²)√κ",
        )
        .predicting(|p, n| linear_bound(p, 1.02, n));
    let theorem = Theorem::new("stochastic/agnes", include_str!("agnes.md"))
        .uses(
            "stochastic/sgd_multiplicative_noise",
            "the noise, and the step of the gradient that it allows",
        )
        .uses("convergence/nesterov_strongly_convex", "both accelerated rates without noise")
        .claim(
            accelerated("acceleration_in_spite_of_noise", BOUND, AgnesEstimate::convex)
                .on(graded(1e-3, [0.0, 0.5, 1.0, 2.0, 4.0]))
                .tight_to(0.1),
        )
        .claim(
            slow.on(slow_modes([(0.0, 0.001), (0.5, 0.001), (1.0, 0.001), (2.0, 0.002)]))
                .tight_to(0.3),
        )
        .claim(
            accelerated("velocity_form", BOUND, Agnes::new)
                .on(graded(1e-3, [0.0, 0.5, 1.0, 2.0, 4.0]))
                .tight_to(0.09),
        )
        .claim(
            linear("linear_rate_with_strong_convexity")
                .on(graded(0.01, [0.0, 1.0, 2.0, 4.0]))
                .tight_to(0.35),
        )
        .claim(by_all_paths.on(round_modes([1.0, 2.0, 4.0])).tight_to(0.49))
        .claim(
            convex_with_all_paths("acceleration_with_all_paths", 1.0)
                .on(convex_atoms(smooth_convex_functions()))
                .on(convex_atoms(hubers()))
                .tight_to(0.3),
        )
        .claim(
            velocity_with_all_paths("velocity_form_with_all_paths", 1.0)
                .on(convex_atoms(smooth_convex_functions()))
                .on(convex_atoms(hubers()))
                .tight_to(0.3),
        )
        .claim(
            with_all_paths("linear_rate_with_all_paths").on(atoms(Flaw::None)).tight_to(0.5),
        )
        .control(
            convex_with_all_paths("three_tenths_of_the_bound_with_all_paths", 0.3)
                .on(convex_atoms(hubers())),
        )
        .control(
            convex_with_all_paths("acceleration_without_convexity", 1.0)
                .on(convex_atoms(smooth_functions()))
                .violating("convex"),
        )
        .control(
            nesterov_by_all_paths(
                "nesterov_with_the_step_without_noise",
                "E f(x_N) − f* ≤ 2 L (1 + σ²)² R²/(N + 1)² with Nesterov's method, h = 1/L",
                |l, _| nesterov(l, 0.0),
            )
            .on(round_modes([1.0, 2.0])),
        )
        .control(
            nesterov_by_all_paths(
                "nesterov_with_a_step_for_the_noise",
                "E f(x_N) − f* ≤ 2 L (1 + σ²)² R²/(N + 1)² with Nesterov's method, h = 1/(L(1 + σ²))",
                nesterov,
            )
            .on(round_modes([1.5, 2.0])),
        )
        .control(
            accelerated(
                "gradient_descent_is_as_fast",
                "E f(x_N) − f* ≤ 2 L (1 + σ²)² R²/(N + 1)² with gradient descent, h = 1/L",
                |l, _| GradientDescent::new(1.0 / l),
            )
            .on(graded(1e-3, [0.0])),
        )
        .control(fewer_factors)
        .control(faster)
        .figure(
            Figure::log_log("bound", "step N", "E f(x_N) − f*")
                .of("acceleration_in_spite_of_noise")
                .of("acceleration_on_slow_modes")
                .caption("AGNES stays below its bound whatever the noise."),
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
        );
    let dropped = [
        // A tenth of L is no less than μ.
        (Property::Smoothness, strongly_convex_functions(10.0..=100.0)),
        (Property::StrongConvexity, strongly_convex_functions(1.0..=100.0)),
    ];
    let noise = (NoiseModel::Multiplicative, (1.0, 1.0));
    let theorem = without_constants(theorem, with_all_paths, noise, dropped);
    without_hypotheses(theorem, with_all_paths, atoms)
}

/// With step size 1/(L(1 + σ²)).
fn nesterov<P: Point<Scalar = f64>>(smoothness: f64, sigma: f64) -> Nesterov<P> {
    Nesterov::new(1.0 / (smoothness * (1.0 + sigma * sigma)), Momentum::Simplified)
}

/// 1 + σ²
fn noisiness(p: &StochasticProblem) -> f64 {
    1.0 + p.sigma_squared(NoiseModel::Multiplicative)
}

/// With the method made from L and σ.
fn accelerated<M>(
    name: &str,
    formula: &str,
    method: fn(f64, f64) -> M,
) -> TrialClaim<StochasticProblem>
where
    M: for<'a> Method<Ensemble, StochasticGradients<'a>> + 'static,
{
    Claim::expected_bound(name, formula)
        .within(0.1)
        .trials(4096)
        .assuming(assumed())
        .sampling(move |p: &StochasticProblem, block| {
            let method = method(p.problem().smoothness(), p.relative_noise());
            p.gaps(method, block, &CHECKPOINTS)
        })
        .predicting(|p, n| p.bound(accelerated_bound(p, 2.0, n)))
}

fn assumed() -> [Hypothesis<StochasticProblem>; 5] {
    [smooth(), convex(), unbiased(), noise(NoiseModel::Multiplicative), independent_noise()]
}

/// 2 L (1 + σ²)^factors R²/(N + 1)²
fn accelerated_bound(p: &StochasticProblem, factors: f64, steps: f64) -> f64 {
    let constant = 2.0 * p.problem().smoothness() * powf(noisiness(p), factors);
    constant * p.distance_squared() / (steps + 1.0).powi(2)
}

/// Along the slow axis, where the fourth moments of x and z are known.
fn on_slow_modes(name: &str) -> TrialClaim<StochasticProblem> {
    accelerated(name, BOUND, AgnesEstimate::convex).trials(1 << 14).second_moment_at_most(|p, n| {
        let (l, curvature) = (p.problem().smoothness(), p.problem().strong_convexity());
        let eta = 1.0 / (l * noisiness(p));
        let c = eta / noisiness(p);
        let (mut weight, mut moments) = (0.0, FourthMoments::at(&Vector::from_element(2, 1.0)));
        for _ in 0..n as usize {
            // a² = (A + a) c
            let a = (c + (c * c + 4.0 * weight * c).sqrt()) / 2.0;
            let (x, z) = (weight / (weight + a), a / (weight + a));
            let maps = LIKE_NORMAL.map(|xi| {
                let slope = curvature * (1.0 + p.relative_noise() * xi);
                let (eta, a) = (1.0 - eta * slope, a * slope);
                Matrix::from_row_slice(2, 2, &[x * eta, z * eta, -a * x, 1.0 - a * z])
            });
            moments = moments.after(&FourthMap::mean_of(&maps));
            weight += a;
        }
        (curvature / 2.0 * p.distance_squared()).powi(2) * moments.square_of_norm(1)
    })
}

/// Six equally likely numbers with the moments of a normal one up to the fifth.
const LIKE_NORMAL: [f64; 6] = [0.0, 0.0, 0.0, 0.0, ROOT_OF_THREE, -ROOT_OF_THREE];
const ROOT_OF_THREE: f64 = 1.732_050_807_568_877_2;

/// 1/((1 + σ²) √κ)
fn rate(p: &StochasticProblem) -> f64 {
    1.0 / (noisiness(p) * p.problem().condition_number().sqrt())
}

/// (1 - `multiple` q)^N (f(x_0) - f* + μR²/2).
fn linear_bound(p: &StochasticProblem, multiple: f64, steps: f64) -> f64 {
    let distance = p.problem().strong_convexity() * p.distance_squared() / 2.0;
    powf(1.0 - multiple * rate(p), steps) * (p.problem().gap_at_start() + distance)
}

/// By all paths of noise of either sign.
fn linear_by_all_paths(name: &str) -> Claim<StochasticProblem> {
    Claim::bound(name, LINEAR)
        .assuming(strong())
        .measuring([1, 2, 4, 8, 12], |p: &StochasticProblem, steps| {
            let (l, mu) = (p.problem().smoothness(), p.problem().strong_convexity());
            let method = || AgnesEstimate::strongly_convex(l, mu, p.relative_noise());
            steps.read(|n| exact_mean(p, method, n, |x| p.problem().gap(x).value))
        })
        .predicting(|p, n| linear_bound(p, 1.0, n))
}

/// The first bound on complete families, by all paths of noise of two or three atoms. `share` is 1 in the theorem.
fn convex_with_all_paths(name: &str, share: f64) -> Claim<Enumerated> {
    let run = |p: &Enumerated| {
        let (l, sigma) = (p.problem().smoothness(), p.variance().sqrt());
        p.gaps_of(|| AgnesEstimate::convex(l, sigma))
    };
    accelerated_with_all_paths(name, share, run)
}

/// The same with a velocity.
fn velocity_with_all_paths(name: &str, share: f64) -> Claim<Enumerated> {
    let run = |p: &Enumerated| {
        let (l, sigma) = (p.problem().smoothness(), p.variance().sqrt());
        p.gaps_of(|| Agnes::new(l, sigma))
    };
    accelerated_with_all_paths(name, share, run)
}

fn accelerated_with_all_paths(
    name: &str,
    share: f64,
    run: fn(&Enumerated) -> Readings,
) -> Claim<Enumerated> {
    let times = if share == 1.0 { String::new() } else { format!("{share} · ") };
    let formula = format!("E f(x_N) − f* ≤ {times}2 L (1 + σ²)² R²/(N + 1)², by all paths");
    Claim::bound(name, &formula)
        .assuming([smooth(), convex()])
        .assuming(noise_of_atoms())
        .measuring_each(run)
        .predicting(move |p, n| {
            let constant = 2.0 * p.problem().smoothness() * (1.0 + p.variance()).powi(2);
            share * constant * p.problem().distance_at_start().powi(2) / (n + 1.0).powi(2)
        })
}

/// Huber functions from 1.
fn hubers() -> Family<Problem> {
    Family::drawn("Huber functions", |draw| {
        let width = draw.log_uniform(0.01, 1.0);
        let f =
            PiecewiseQuadratic::with_curvatures(&[-width, 0.0, width], &[0.0, 1.0, 1.0, 0.0], 0.0);
        Problem::new(f, Vector::from_element(1, 1.0))
    })
}

fn convex_atoms(functions: Family<Problem>) -> Family<Enumerated> {
    enumerated(functions, NoiseModel::Multiplicative, (1.0, 1.0), Flaw::None).hunted(500)
}

/// The second bound on a complete family, by all paths of noise of two or three atoms.
fn with_all_paths(name: &str) -> Claim<Enumerated> {
    Claim::bound(name, &format!("{LINEAR}, by all paths"))
        .assuming([smooth(), strongly_convex()])
        .assuming(noise_of_atoms())
        .measuring_each(|p: &Enumerated| {
            let (l, mu) = (p.problem().smoothness(), p.problem().strong_convexity());
            let sigma = p.variance().sqrt();
            p.gaps_of(|| AgnesEstimate::strongly_convex(l, mu, sigma))
        })
        .predicting(|p, n| {
            let f = p.problem();
            let rate = 1.0 / ((1.0 + p.variance()) * f.condition_number().sqrt());
            let distance = f.strong_convexity() * f.distance_at_start().powi(2) / 2.0;
            powf(1.0 - rate, n) * (f.gap_at_start() + distance)
        })
}

fn atoms(flaw: Flaw) -> Family<Enumerated> {
    let functions = strongly_convex_functions(1.0..=100.0);
    enumerated(functions, NoiseModel::Multiplicative, (1.0, 1.0), flaw).hunted(500)
}

/// By all paths of noise of either sign, with another method.
fn nesterov_by_all_paths(
    name: &str,
    formula: &str,
    method: fn(f64, f64) -> Nesterov,
) -> Claim<StochasticProblem> {
    Claim::bound(name, formula)
        .assuming(assumed())
        .measuring([1, 2, 4, 8, 16], move |p: &StochasticProblem, steps| {
            let method = || method(p.problem().smoothness(), p.relative_noise());
            steps.read(|n| exact_mean(p, method, n, |x| p.problem().gap(x).value))
        })
        .predicting(|p, n| accelerated_bound(p, 2.0, n))
}

/// After these multiples of the method's time scale 1/q.
fn run_with_strong_convexity(p: &StochasticProblem, block: &mut Block, scales: &[f64]) -> Sample {
    let (l, mu) = (p.problem().smoothness(), p.problem().strong_convexity());
    let method = AgnesEstimate::strongly_convex(l, mu, p.relative_noise());
    let steps = scales.iter().map(|times| (times / rate(p)).ceil() as usize);
    let mut checkpoints: Vec<usize> = steps.collect();
    checkpoints.dedup();
    p.gaps(method, block, &checkpoints)
}

fn strong() -> [Hypothesis<StochasticProblem>; 5] {
    [
        smooth(),
        strongly_convex(),
        unbiased(),
        noise(NoiseModel::Multiplicative),
        independent_noise(),
    ]
}

fn linear(name: &str) -> TrialClaim<StochasticProblem> {
    Claim::expected_bound(name, LINEAR)
        .within(0.1)
        .trials(4096)
        .assuming(strong())
        .sampling(|p, block| run_with_strong_convexity(p, block, &[0.1, 0.3, 1.0]))
        .predicting(|p, n| p.bound(linear_bound(p, 1.0, n)))
}

/// σ and λ of a quadratic with curvatures 1 and λ, started along the second, with noise along the gradient. Modes that the method
/// needs long for come closest to its bound.
fn slow_modes<const N: usize>(modes: [(f64, f64); N]) -> Family<StochasticProblem> {
    Family::listed("slow mode", modes, |&(sigma, curvature)| {
        let f = Quadratic::diagonal(&[1.0, curvature]);
        StochasticProblem::new(f, Vector::from_vec(vec![0.0, 1.0]), |f| {
            Perturbed::multiplicative(f, sigma).shaped(Shape::AlongGradient)
        })
    })
}

/// x²/2, of condition number 1, with noise along the gradient.
fn round_modes<const N: usize>(sigmas: [f64; N]) -> Family<StochasticProblem> {
    Family::listed("x²/2", sigmas, |&sigma| {
        noisy_parabola(1.0, 1.0, |f| Perturbed::multiplicative(f, sigma).shaped(Shape::Signs))
    })
}

/// Twenty curvatures in geometric progression from 1 to `least`, noise of either sign in all directions.
fn graded<const N: usize>(least: f64, sigmas: [f64; N]) -> Family<StochasticProblem> {
    Family::listed("graded quadratic", sigmas, move |&sigma| graded_quadratic(least, sigma))
}

fn graded_quadratic(least: f64, sigma: f64) -> StochasticProblem {
    let spectrum = geometric(1.0, least, 20);
    let start = Vector::from_element(20, 1.0);
    StochasticProblem::new(Quadratic::diagonal(&spectrum), start, |f| {
        Perturbed::multiplicative(f, sigma).shaped(Shape::Signs)
    })
}

fn against_nesterov(draw: &mut Draw, _effort: Effort) -> Content {
    let p = graded_quadratic(1e-3, 2.0);
    let (l, sigma) = (p.problem().smoothness(), p.relative_noise());
    let mut checkpoints: Vec<usize> =
        (0..=20).map(|k| powf(2.0, f64::from(k) / 2.0).round() as usize).collect();
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
            line("Nesterov, h = 1/L", p.gaps(nesterov(l, 0.0), &mut block(), &checkpoints)),
            line(
                "Nesterov, h = 1/(L(1 + σ²))",
                p.gaps(nesterov(l, sigma), &mut block(), &checkpoints),
            ),
        ],
    }
}
