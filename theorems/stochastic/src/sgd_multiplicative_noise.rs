#![doc = include_str!("sgd_multiplicative_noise.md")]

use theoria_algorithms::{GradientDescent, Method};
use theoria_elementary::{exp, ln, powf};
use theoria_instances::families::{
    gaussian, lojasiewicz_functions, low_rank_matrix, noisy_parabola, noisy_quadratics,
    smooth_convex_functions, smooth_functions,
};
use theoria_instances::hypotheses::{
    convex, independent_noise, lojasiewicz, noise, smooth, unbiased,
};
use theoria_instances::{Problem, StochasticProblem};
use theoria_models::numerics::maximum;
use theoria_models::objectives::{Huber, LeastSquares, ParabolaSum, Quadratic, QuadraticPlusSine};
use theoria_models::stochastic::{
    MiniBatch, NoiseModel, Perturbed, Sampling, Shape, expectation_over_paths,
};
use theoria_models::{Objective, Property, Vector};
use theoria_verification::{Check, Claim, Family, Figure, Hypothesis, Sample, Theorem, TrialClaim};

use crate::support::{
    Enumerated, Flaw, GapMoments, NoiseLaw, enumerated, exact_mean, noise_of_atoms,
    without_constants, without_hypotheses,
};

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let attained = attained("attained_on_parabolas");
    let less = attained
        .restated("less_than_what_is_attained", "E f(x_n) = (0.99 σ²/(1 + σ²))ⁿ f(x₀) on λx²/2")
        .predicting(|p, n| powf(0.99, n) * mean_on_parabolas(p, n));
    let distance = distance("distance_pays_for_the_gaps").on(steepest());
    let pays_more = distance
        .restated(
            "distance_pays_more",
            "E|x_N − x*|² + 2h Σ_{k<N} E(f(x_k) − f*) ≤ 0.99 |x₀ − x*|²",
        )
        .predicting(|p, _| 0.99 * p.distance_squared());
    let typical = typical("typical_path_on_parabolas").on(parabolas());
    let as_the_mean = typical
        .restated("typical_path_is_as_the_mean", "E log(f(x_n)/f(x₀)) = n log(σ²/(1 + σ²))")
        .predicting(|p, n| ln(mean_on_parabolas(p, n) / p.problem().gap_at_start()));
    let theorem = Theorem::new(
        "stochastic/sgd_multiplicative_noise",
        include_str!("sgd_multiplicative_noise.md"),
    )
    .uses("convergence/gradient_descent_pl", "the linear rate without noise")
    .uses(
        "convergence/gradient_descent_convex",
        "smooth convex functions lie above their tangents by the squared gradient; the worst \
         function without noise",
    )
    .claim(
        contraction("linear_convergence", 1.0, &[1, 2, 4])
            .second_moment_at_most(|p, n| {
                let steps = std::iter::repeat_n(step(p), n as usize);
                GapMoments::along_sgd(p, (NoiseModel::Multiplicative, NoiseLaw::NORMAL), steps)
                    .square_of_computed_gaps(p)
            })
            .on(noisy_quadratics(30.0, 1.0, in_all_directions))
            .on(quadratic_plus_sine())
            .tight_to(0.95),
    )
    .claim(
        contraction("linear_convergence_on_parabolas", 1.0, &[1, 2, 4])
            .bounded_by(|p, n| {
                let largest = logarithms(p).map(exp).into_iter().fold(0.0, maximum);
                powf(largest, n) * p.problem().gap_at_start()
            })
            .attained_on(parabolas())
            .tight_to(0.95),
    )
    .claim(
        exact_contraction("linear_convergence_with_single_samples")
            .on(concentric_parabolas())
            .tight_to(0.999),
    )
    .claim(with_all_paths("linear_convergence_with_all_paths").on(atoms(Flaw::None)).tight_to(0.95))
    .claim(attained)
    .claim(typical)
    .claim(distance.on(rank_deficient()).on(flat_directions()).tight_to(0.999))
    .claim(
        sublinear("sublinear_convergence")
            .on(flat_directions())
            .on(rank_deficient())
            .on(long_slope())
            .tight_to(0.51),
    )
    .claim(
        sublinear_with_all_paths("sublinear_convergence_with_all_paths", 1.0)
            .on(convex_atoms())
            .tight_to(0.9),
    )
    .control(sublinear_with_all_paths("nine_tenths_of_the_bound", 0.9).on(convex_atoms()))
    .control(
        sublinear_with_all_paths("sublinear_convergence_without_convexity", 1.0)
            .on(enumerated(smooth_functions(), NoiseModel::Multiplicative, (1.0, 1.0), Flaw::None)
                .hunted(1000))
            .violating("convex"),
    )
    .control(
        contraction("convergence_past_twice_the_step", 2.2, &[1, 2, 4, 8])
            .on(parabolas())
            .violating("step size"),
    )
    .control(
        contraction("one_draw_for_all_steps", 1.0, &[1, 2, 4])
            .on(Family::single("x²/2, σ = 1, one draw", || {
                noisy_parabola(1.0, 1.0, |f| in_all_directions(f, 1.0)).with_one_draw()
            }))
            .violating("independent noise"),
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
    .control(less)
    .control(as_the_mean)
    .control(pays_more)
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
            .caption("Without strong convexity the gap stays below the bound that falls like 1/N."),
    );
    let dropped = [
        (Property::Smoothness, lojasiewicz_functions()),
        (Property::Lojasiewicz, lojasiewicz_functions()),
    ];
    let noise = (NoiseModel::Multiplicative, (1.0, 1.0));
    let theorem = without_constants(theorem, with_all_paths, noise, dropped);
    without_hypotheses(theorem, with_all_paths, atoms)
}

/// Bounded, so that the mean of a few products shows.
fn in_all_directions<F: Objective>(f: F, sigma: f64) -> Perturbed<F> {
    Perturbed::multiplicative(f, sigma).shaped(Shape::Signs)
}

/// 1/(L(1 + σ²))
fn step(p: &StochasticProblem) -> f64 {
    step_of(p.problem(), p.sigma_squared(NoiseModel::Multiplicative))
}

fn step_of(f: &Problem, variance: f64) -> f64 {
    1.0 / (f.smoothness() * (1.0 + variance))
}

/// 1 - μ/(L(1 + σ²)) = (L − μ + Lσ²)/(L(1 + σ²)), which does not cancel where μ = L and σ² is small.
fn factor(p: &StochasticProblem) -> f64 {
    factor_of(p.problem(), p.sigma_squared(NoiseModel::Multiplicative))
}

fn factor_of(f: &Problem, variance: f64) -> f64 {
    let (l, mu) = (f.smoothness(), f.lojasiewicz());
    (l - mu + l * variance) * step_of(f, variance)
}

/// By exact expectations.
fn with_all_paths(name: &str) -> Claim<Enumerated> {
    let formula = "E f(x_n) − f* ≤ (1 − μ/(L(1 + σ²)))ⁿ (f(x₀) − f*), by all paths";
    Claim::bound(name, formula)
        .assuming([smooth(), lojasiewicz()])
        .assuming(noise_of_atoms())
        .measuring_each(|p: &Enumerated| p.gaps(|_| step_of(p.problem(), p.variance())))
        .predicting(|p, n| {
            powf(factor_of(p.problem(), p.variance()), n) * p.problem().gap_at_start()
        })
}

fn atoms(flaw: Flaw) -> Family<Enumerated> {
    enumerated(lojasiewicz_functions(), NoiseModel::Multiplicative, (1.0, 1.0), flaw).hunted(1000)
}

/// The bound without μ by exact expectations.
/// `share` is 1 in the theorem.
fn sublinear_with_all_paths(name: &str, share: f64) -> Claim<Enumerated> {
    let times = if share == 1.0 { String::new() } else { format!("{share} ") };
    let formula = format!("E f(x_N) − f* ≤ {times}L(1 + σ²) R²/(2(N + 1 + σ²)), by all paths");
    Claim::bound(name, &formula)
        .assuming([smooth(), convex()])
        .assuming(noise_of_atoms())
        .measuring_each(|p: &Enumerated| p.gaps(|_| step_of(p.problem(), p.variance())))
        .predicting(move |p, n| {
            let squared = p.problem().distance_at_start().powi(2);
            let later = n + 1.0 + p.variance();
            share * squared / (2.0 * step_of(p.problem(), p.variance()) * later)
        })
}

fn convex_atoms() -> Family<Enumerated> {
    let functions = smooth_convex_functions();
    enumerated(functions, NoiseModel::Multiplicative, (1.0, 1.0), Flaw::None).hunted(1000)
}

fn assumed(multiple: f64) -> [Hypothesis<StochasticProblem>; 5] {
    [
        smooth(),
        unbiased(),
        independent_noise(),
        noise(NoiseModel::Multiplicative),
        Hypothesis::new("step size", move |_, _| Check::at_most(multiple, 1.0, "h L(1 + σ²)")),
    ]
}

/// With step size `multiple`/(L(1 + σ²)).
fn contraction(
    name: &str,
    multiple: f64,
    checkpoints: &'static [usize],
) -> TrialClaim<StochasticProblem> {
    Claim::expected_bound(name, "E f(x_n) − f* ≤ (1 − μ/(L(1 + σ²)))ⁿ (f(x₀) − f*)")
        .within(0.1)
        .trials(1 << 16)
        .assuming(assumed(multiple))
        .assuming([lojasiewicz()])
        .sampling(move |p: &StochasticProblem, block| {
            p.gaps(GradientDescent::new(multiple * step(p)), block, checkpoints)
        })
        .predicting(move |p, n| p.bound(powf(factor(p), n) * p.problem().gap_at_start()))
}

/// By all paths of noise that has few atoms.
fn exact_contraction(name: &str) -> Claim<StochasticProblem> {
    Claim::bound(name, "E f(x_n) − f* ≤ (1 − μ/(L(1 + σ²)))ⁿ (f(x₀) − f*), by all paths")
        .assuming(assumed(1.0))
        .assuming([lojasiewicz()])
        .measuring([1, 2, 3], |p: &StochasticProblem, steps| {
            let method = || GradientDescent::new(step(p));
            steps.read(|n| exact_mean(p, method, n, |x| p.problem().gap(x).value))
        })
        .predicting(|p, n| powf(factor(p), n) * p.problem().gap_at_start())
}

/// L(1 + σ²)R²/(2(N + 1 + σ²))
fn sublinear_bound(p: &StochasticProblem, steps: f64) -> f64 {
    let later = steps + 1.0 + p.sigma_squared(NoiseModel::Multiplicative);
    p.distance_squared() / (2.0 * step(p) * later)
}

fn sublinear(name: &str) -> TrialClaim<StochasticProblem> {
    Claim::expected_bound(name, "E f(x_N) − f* ≤ L(1 + σ²) R²/(2(N + 1 + σ²))")
        .trials(1 << 14)
        .assuming(assumed(1.0))
        .assuming([convex()])
        .sampling(|p: &StochasticProblem, block| {
            p.gaps(GradientDescent::new(step(p)), block, &[1, 2, 4, 8, 16])
        })
        .second_moment_at_most(|p, n| {
            let steps = std::iter::repeat_n(step(p), n as usize);
            GapMoments::along_sgd(p, (NoiseModel::Multiplicative, NoiseLaw::NORMAL), steps)
                .square_of_computed_gaps(p)
        })
        .predicting(|p, n| p.bound(sublinear_bound(p, n)))
}

/// The squared distance and what the gaps took from it, by all paths of noise of either sign.
fn distance(name: &str) -> Claim<StochasticProblem> {
    Claim::bound(name, "E|x_N − x*|² + 2h Σ_{k<N} E(f(x_k) − f*) ≤ |x₀ − x*|²")
        .assuming(assumed(1.0))
        .assuming([convex()])
        .measuring([1, 2], |p: &StochasticProblem, steps| {
            let (h, minimiser) = (step(p), p.problem().minimiser());
            steps.read(|n| {
                expectation_over_paths(p.oracle(), |path| {
                    let (mut method, mut x) =
                        (GradientDescent::new(h), p.problem().start().clone());
                    let mut paid = 0.0;
                    for _ in 0..n {
                        paid += 2.0 * h * p.problem().gap(&x).value;
                        method.step(path, &mut x);
                    }
                    (x - minimiser).norm_squared() + paid
                })
            })
        })
        .predicting(|p, _| p.distance_squared())
}

/// With L = μ the bound is an equality; by all paths.
fn attained(name: &str) -> Claim<StochasticProblem> {
    Claim::identity(name, "E f(x_n) = (σ²/(1 + σ²))ⁿ f(x₀) on λx²/2", 1e-12)
        .assuming(assumed(1.0))
        .on(parabolas())
        .measuring([1, 2, 4, 8], |p: &StochasticProblem, steps| {
            let method = || GradientDescent::new(step(p));
            steps.read(|n| exact_mean(p, method, n, |x| p.problem().gap(x).value))
        })
        .predicting(mean_on_parabolas)
}

/// The logarithm of f falls by independent amounts, one of two in each step.
fn typical(name: &str) -> TrialClaim<StochasticProblem> {
    let formula = "E log(f(x_n)/f(x₀)) = n E log (1 − hλ(1 + σξ))², ξ = ±1";
    Claim::expected_value(name, formula, 0.05)
        .trials(1 << 16)
        .assuming(assumed(1.0))
        .sampling(|p: &StochasticProblem, block| {
            let gaps = p.gaps(GradientDescent::new(step(p)), block, &[4, 16, 64]);
            let logarithms = gaps.rows().iter().map(|row| {
                row.iter().map(|gap| ln(gap / p.problem().gap_at_start())).collect::<Vec<_>>()
            });
            Sample::new(gaps.checkpoints(), logarithms)
        })
        .ranging(|p, n| {
            let [one, other] = logarithms(p);
            (n * one.min(other), n * one.max(other))
        })
        .predicting(|p, n| n * logarithms(p).iter().sum::<f64>() / 2.0)
}

/// log (1 − (1 ± σ)/(1 + σ²))², of L = λ.
fn logarithms(p: &StochasticProblem) -> [f64; 2] {
    let sigma = p.relative_noise();
    [sigma, -sigma].map(|noise| ln((1.0 - (1.0 + noise) / (1.0 + sigma * sigma)).powi(2)))
}

/// (σ²/(1 + σ²))ⁿ f(x₀)
fn mean_on_parabolas(p: &StochasticProblem, n: f64) -> f64 {
    let sigma_squared = p.sigma_squared(NoiseModel::Multiplicative);
    powf(sigma_squared / (1.0 + sigma_squared), n) * p.problem().gap_at_start()
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

/// The Huber function whose slope ends after twice as many steps as are made, for 16 of them: the worst for gradient descent.
fn long_slope() -> Family<StochasticProblem> {
    Family::single("Huber function, σ = 0", || {
        let f = Huber::new(1.0, 1.0 / 33.0);
        StochasticProblem::new(f, Vector::from_element(1, 1.0), |f| in_all_directions(f, 0.0))
    })
}

/// One mode, on which nothing is lost.
fn steepest() -> Family<StochasticProblem> {
    Family::single("x²/2, σ = 1", || noisy_parabola(1.0, 1.0, |f| in_all_directions(f, 1.0)))
}
