#![doc = include_str!("sgd_nonconvex.md")]

use theoria_algorithms::{GradientDescent, Quantity};
use theoria_elementary::powf;
use theoria_instances::families::{
    gaussian, gaussian_matrix, noisy_parabola, noisy_quadratic_plus_sine, smooth_functions,
};
use theoria_instances::hypotheses::{bounded_below, independent_noise, noise, smooth, unbiased};
use theoria_instances::{Problem, StochasticProblem};
use theoria_models::objectives::{
    LogisticRegression, Quadratic, Regularisation, RippledParabola, Trigonometric,
};
use theoria_models::stochastic::{MiniBatch, NoiseModel, Perturbed, Sampling, Shape};
use theoria_models::{Property, Vector};
use theoria_verification::{
    Block, Check, Claim, Family, Figure, Hypothesis, Reading, Readings, Sample, Theorem, TrialClaim,
};

use crate::support::{
    Enumerated, Flaw, NoiseLaw, allowed_step, enumerated, noise_of_atoms, without_constants,
    without_hypotheses,
};

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let formula = |start: &str, floor: &str| {
        format!("mean over k < N of E|∇f(x_k)|² ≤ {start}2(f(x₀) − f*)/(hN) + {floor}hLσ², h = 1/L")
    };
    let longest = |name| proved(constant_step(name, 1.0), 1.0);
    let (noisy, calm) =
        (longest("longest_step_on_a_noisy_mode"), longest("longest_step_on_a_calm_mode"));
    let noisy = noisy.on(one_mode(2.0, 1.0));
    let calm = calm.on(one_mode(2.0, 0.1));
    let less_floor = noisy
        .restated("less_of_the_floor", &formula("", "0.95 "))
        .predicting(|p, n| constant_step_bound(p, 1.0, (1.0, 0.95), n));
    let less_start = calm
        .restated("less_of_the_start", &formula("0.95 · ", ""))
        .predicting(|p, n| constant_step_bound(p, 1.0, (0.95, 1.0), n));
    let fitted = fitted_step("step_fitted_to_the_number_of_steps");
    let attained = fitted_step("fitted_step_on_a_mode").on(one_mode(8.0, 1.0));
    let less_fitted = attained
        .restated(
            "less_with_the_fitted_step",
            "mean over k < N of E|∇f(x_k)|² ≤ 1.9 σ √(2L(f(x₀) − f*)/N), N = 2L(f(x₀) − f*)/σ²",
        )
        .predicting(|p, n| {
            // Where the best step is 1/L; beyond, the bound is not attained.
            if n > numbers(p)[0] as f64 { f64::INFINITY } else { 0.95 * fitted_step_bound(p, n) }
        });
    let with_fitted_steps = exponent(
        "exponent_with_the_fitted_step",
        "mean over k < N of E|∇f(x_k)|² ~ N^(−1/2)",
        best_step,
    );
    let faster = with_fitted_steps
        .restated("faster_with_the_fitted_step", "mean over k < N of E|∇f(x_k)|² ~ N^(−0.7)")
        .predicting(|_, n| powf(n, -0.7));
    let theorem = Theorem::new("stochastic/sgd_nonconvex", include_str!("sgd_nonconvex.md"))
        .uses(
            "convergence/gradient_descent_nonconvex",
            "the descent lemma, here in the mean, and its sum over all steps",
        )
        .claim(
            proved(constant_step("mean_of_the_squared_gradients", 0.5), 0.5)
                .on(random_waves())
                .on(noisy_quadratic_plus_sine())
                .on(logistic())
                .tight_to(0.55),
        )
        .claim(noisy.tight_to(0.98))
        .claim(calm.tight_to(0.98))
        .claim(
            with_all_paths("mean_of_the_squared_gradients_with_all_paths")
                .on(atoms(Flaw::None))
                .tight_to(0.9),
        )
        .claim(fitted.on(random_waves()).on(noisy_quadratic_plus_sine()).tight_to(0.75))
        .claim(attained.tight_to(0.98))
        .claim(with_fitted_steps.on(ripples()))
        .claim(
            fitted_with_all_paths("fitted_step_with_all_paths", 1.0)
                .on(atoms(Flaw::None))
                .tight_to(0.7),
        )
        .control(
            fitted_with_all_paths("seven_tenths_with_the_fitted_step", 0.7).on(atoms(Flaw::None)),
        )
        .control(less_floor)
        .control(less_start)
        .control(less_fitted)
        .control(faster)
        .control(exponent(
            "exponent_with_one_step_for_all_n",
            "mean over k < N of E|∇f(x_k)|² ~ N^(−1/2) with h = 1/10 for every N",
            |_, _| 0.1,
        ))
        .control(
            constant_step("one_coin_for_all_steps", 0.1)
                .on(Family::single("x²/2, one draw", || mode(0.0, 1.0).with_one_draw()))
                .violating("independent noise"),
        )
        .control(with_all_paths("biased_noise").on(atoms(Flaw::Biased)).violating("unbiased"))
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
        );
    let dropped = [(Property::Smoothness, smooth_functions())];
    let noise = (NoiseModel::Additive, (0.1, 1.0));
    let theorem = without_constants(theorem, with_all_paths, noise, dropped);
    without_hypotheses(theorem, with_all_paths, atoms)
}

fn assumed() -> [Hypothesis<StochasticProblem>; 5] {
    [smooth(), bounded_below(), unbiased(), noise(NoiseModel::Additive), independent_noise()]
}

/// What theory proves of the mean square of the mean over k < N of |∇f(x_k)|². Smoothness gives, summed over the steps,
/// h (1 − hL/2) N S ≤ Δ + h |1 − hL| |Σ ∇f(x_k)·ξ_k| + L h²/2 Σ |ξ_k|²; the first sum has the mean square N σ² E S at most, the
/// second N (N − 1 + fourth) σ⁴. So the root s of E S² has s ≤ a + b √s.
fn square(p: &StochasticProblem, h: f64, steps: f64) -> f64 {
    let (l, fourth) = (p.problem().smoothness(), NoiseLaw::samples(12).fourth);
    let variance = p.sigma_squared(NoiseModel::Additive);
    let share = h * (1.0 - h * l / 2.0) * steps;
    let noise = variance * (steps * (steps - 1.0 + fourth)).sqrt();
    let a = (p.problem().gap_at_most() + l * h * h / 2.0 * noise) / share;
    let b = h * (1.0 - h * l).abs() * (steps * variance).sqrt() / share;
    ((b + (b * b + 4.0 * a).sqrt()) / 2.0).powi(4)
}

/// The same where short steps keep the run near its start, for noise that is independent of the point. With u_k the fourth root of
/// E|∇f(x_k)|⁴, smoothness gives u_k ≤ u_0 + hL (Σ_{j<k} u_j + m_k), where m_k⁴ = E|Σ_{j<k} ξ_j|⁴ ≤ k (fourth + 3(k − 1)) σ⁴, and
/// u_0² ≤ 2LΔ; the root of E S² is at most the mean of u_k² (Minkowski).
fn square_near_the_start(p: &StochasticProblem, h: f64, steps: f64) -> f64 {
    let (l, fourth) = (p.problem().smoothness(), NoiseLaw::samples(12).fourth);
    let sigma = p.sigma_squared(NoiseModel::Additive).sqrt();
    let start = (2.0 * l * p.problem().gap_at_most()).sqrt();
    let (mut sum, mut squares) = (0.0, 0.0);
    for k in 0..steps as usize {
        let k = k as f64;
        let noise = sigma * powf(k * (fourth + 3.0 * (k - 1.0)).max(0.0), 0.25);
        let norm = start + h * l * (sum + noise);
        sum += norm;
        squares += norm * norm;
    }
    (squares / steps).powi(2)
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

/// With h = `multiple`/L.
fn constant_step(name: &str, multiple: f64) -> TrialClaim<StochasticProblem> {
    let step = move |p: &StochasticProblem| multiple / p.problem().smoothness();
    Claim::expected_bound(name, "mean over k < N of E|∇f(x_k)|² ≤ 2(f(x₀) − f*)/(hN) + hLσ²")
        .within(0.1)
        .trials(1 << 15)
        .assuming(assumed())
        .assuming([Hypothesis::new("step size", move |_, _| Check::at_most(multiple, 1.0, "h L"))])
        .sampling(move |p: &StochasticProblem, block| {
            squared_gradients(p, step(p), block, &[4, 16, 64])
        })
        .predicting(move |p, n| constant_step_bound(p, multiple, (1.0, 1.0), n))
}

/// With the second moment that smoothness gives.
fn proved(claim: TrialClaim<StochasticProblem>, multiple: f64) -> TrialClaim<StochasticProblem> {
    claim.second_moment_at_most(move |p, n| square(p, multiple / p.problem().smoothness(), n))
}

/// With these shares of its two terms.
fn constant_step_bound(
    p: &StochasticProblem,
    multiple: f64,
    (start, floor): (f64, f64),
    steps: f64,
) -> f64 {
    let noise = p.sigma_squared(NoiseModel::Additive);
    constant_bound(p.problem(), (multiple, noise), (start, floor), steps)
}

/// The same of a function, with h = `multiple`/L.
fn constant_bound(
    f: &Problem,
    (multiple, variance): (f64, f64),
    (start, floor): (f64, f64),
    steps: f64,
) -> f64 {
    let h = multiple / f.smoothness();
    start * 2.0 * f.gap_at_most() / (h * steps) + floor * multiple * variance
}

/// The first bound by exact expectations, with any h up to 1/L.
fn with_all_paths(name: &str) -> Claim<Enumerated> {
    Claim::bound(name, "mean over k < N of E|∇f(x_k)|² ≤ 2(f(x₀) − f*)/(hN) + hLσ², by all paths")
        .assuming([smooth(), bounded_below()])
        .assuming(noise_of_atoms())
        .assuming([allowed_step()])
        .measuring_each(|p: &Enumerated| {
            let h = p.multiple() / p.problem().smoothness();
            let squares = p.squared_slopes(|_| h);
            let mut sum = Reading::new(0.0, 0.0);
            Readings::over(1..=p.steps(), |n| {
                let next = squares[n - 1];
                sum = Reading::new(sum.value + next.value, sum.floor + next.floor);
                sum.scaled(1.0 / n as f64)
            })
        })
        .predicting(|p, n| constant_bound(p.problem(), (p.multiple(), p.variance()), (1.0, 1.0), n))
}

/// The second bound by exact expectations, after all N steps, with h = √(2Δ/(LNσ²)). `share` is 1 in the theorem.
fn fitted_with_all_paths(name: &str, share: f64) -> Claim<Enumerated> {
    let times = if share == 1.0 { String::new() } else { format!("{share} ") };
    let formula =
        format!("mean over k < N of E|∇f(x_k)|² ≤ {times}2σ √(2L(f(x₀) − f*)/N), by all paths");
    let step = |p: &Enumerated| {
        let noise = p.steps() as f64 * p.variance();
        (2.0 * p.problem().gap_at_most() / (p.problem().smoothness() * noise)).sqrt()
    };
    Claim::bound(name, &formula)
        .assuming([smooth(), bounded_below()])
        .assuming(noise_of_atoms())
        .assuming([Hypothesis::new("step size", move |p: &Enumerated, _| {
            Check::at_most(step(p) * p.problem().smoothness(), 1.0, "h L")
        })])
        .measuring_each(move |p: &Enumerated| {
            let squares = p.squared_slopes(|_| step(p));
            let sum = squares[..p.steps()].iter().fold(Reading::new(0.0, 0.0), |sum, next| {
                Reading::new(sum.value + next.value, sum.floor + next.floor)
            });
            Readings::at(p.steps(), sum.scaled(1.0 / p.steps() as f64))
        })
        .predicting(move |p, n| {
            let (l, gap) = (p.problem().smoothness(), p.problem().gap_at_most());
            2.0 * share * (2.0 * p.variance() * l * gap / n).sqrt()
        })
}

/// Smooth functions, convex or not, with h between 1/(10 L) and 1/L.
fn atoms(flaw: Flaw) -> Family<Enumerated> {
    enumerated(smooth_functions(), NoiseModel::Additive, (0.1, 1.0), flaw).hunted(1000)
}

/// x²/2 with noise of either sign. With h = 1 the gradient is σ in size after each step.
fn one_mode(start: f64, sigma: f64) -> Family<StochasticProblem> {
    Family::single("x²/2", move || mode(start, sigma))
}

fn mode(start: f64, sigma: f64) -> StochasticProblem {
    noisy_parabola(1.0, start, |f| Perturbed::additive(f, sigma).shaped(Shape::Signs))
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
        .trials(1 << 15)
        .second_moment_at_most(|p, n| {
            let h = best_step(p, n);
            square(p, h, n).min(square_near_the_start(p, h, n))
        })
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
        .predicting(fitted_step_bound)
}

/// 2σ √(2LΔ/N)
fn fitted_step_bound(p: &StochasticProblem, steps: f64) -> f64 {
    let noise = p.sigma_squared(NoiseModel::Additive);
    2.0 * (2.0 * noise * p.problem().smoothness() * p.problem().gap_at_most() / steps).sqrt()
}

/// Over numbers of steps, each with a run of its own.
fn exponent(
    name: &str,
    formula: &str,
    step: fn(&StochasticProblem, f64) -> f64,
) -> TrialClaim<StochasticProblem> {
    let numbers = [128, 256, 512, 1024, 2048, 4096];
    Claim::expected_exponent(name, formula)
        .within(0.1)
        .trials(8192)
        .assuming(assumed())
        .on(Family::single("x²/2", || {
            StochasticProblem::new(Quadratic::diagonal(&[1.0]), Vector::from_element(1, 1.0), |f| {
                Perturbed::additive(f, 2.0)
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

/// Not convex, with a minimum beside the one at the start.
fn ripples() -> Family<StochasticProblem> {
    Family::single("1 − cos x + x²/40", || {
        StochasticProblem::new(RippledParabola, Vector::from_element(1, 4.0), |f| {
            Perturbed::additive(f, 1.0)
        })
    })
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
