#![doc = include_str!("sgd_vanishing_noise.md")]

use theoria_algorithms::GradientDescent;
use theoria_elementary::{exp, ln, powf};
use theoria_instances::families::{
    gaussian, gaussian_matrix, lojasiewicz_functions, noisy_parabola, noisy_quadratics,
};
use theoria_instances::hypotheses::{independent_noise, lojasiewicz, noise, smooth, unbiased};
use theoria_instances::{Problem, StochasticProblem};
use theoria_models::objectives::{LeastSquares, QuadraticPlusSine};
use theoria_models::stochastic::{MiniBatch, NoiseModel, Perturbed, Sampling, Shape};
use theoria_models::{Matrix, Property, Vector};
use theoria_verification::{
    Block, Check, Claim, Content, Draw, Effort, Family, Figure, Hypothesis, Instance, Line, Sample,
    Side, Theorem, TrialClaim,
};

use crate::support::{
    Enumerated, Flaw, GapMoments, NoiseLaw, allowed_step, enumerated, exact_mean, noise_of_atoms,
    without_constants, without_hypotheses,
};

/// What is left of the gap where it is said to be gone.
const GONE: f64 = 1e-20;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let exact = exact("exact_on_a_parabola");
    let less_noise = exact
        .restated("less_noise_than_there_is", "E f(x_n) = ((1 − hλ)² + 0.49 h²λσ²)ⁿ f(x₀)")
        .predicting(|instance, n| powf(instance.factor(0.49), n) * instance.curvature / 2.0);
    let as_without_noise = exact
        .restated("as_fast_as_without_noise", "E f(x_n) = (1 − hλ)²ⁿ f(x₀)")
        .predicting(|instance, n| powf(instance.factor(0.0), n) * instance.curvature / 2.0);
    let typical = typical("typical_path_on_a_parabola");
    let as_the_mean = typical
        .restated("typical_path_is_as_the_mean", "E log (f(x_0)/f(x_n)) = −n log E f(x_1)/f(x_0)")
        .predicting(|instance, n| -n * ln(instance.factor(0.5)));
    let on_a_parabola = contraction("contraction_on_a_parabola", 1.0, &[1, 2])
        .attained_on(Family::single("x²/2", parabola_with_signs));
    let on_a_parabola = proved(on_a_parabola, 1.0, NoiseLaw::NORMAL);
    let faster = on_a_parabola
        .restated("faster_on_a_parabola", "E f(x_n) − f* ≤ (0.95 q)ⁿ (f(x₀) − f*)")
        .predicting(|p, n| {
            let q = 0.95 * factor(p.problem(), vanishing(p), best_step(p.problem(), vanishing(p)));
            p.bound(powf(q, n) * p.problem().gap_at_start())
        });
    let few = NoiseLaw::samples(4);
    let theorem =
        Theorem::new("stochastic/sgd_vanishing_noise", include_str!("sgd_vanishing_noise.md"))
            .uses(
                "stochastic/sgd_noise_floor",
                "what one step does to the mean gap, here with a variance that falls with it",
            )
            .claim(
                proved(contraction("contraction_in_expectation", 0.25, &[1, 2, 4, 8]), 0.25, few)
                    .on(noisy_quadratics(10.0, 2.0, Perturbed::vanishing))
                    .on(functions_of_one_minimum())
                    .on(interpolation())
                    .tight_to(0.98),
            )
            .claim(
                proved(contraction("contraction_at_the_best_step", 1.0, &[1, 2]), 1.0, few)
                    .on(noisy_quadratics(10.0, 2.0, Perturbed::vanishing))
                    .on(functions_of_one_minimum())
                    .on(interpolation())
                    .tight_to(0.98),
            )
            .claim(
                with_all_paths("contraction_with_all_paths").on(atoms(Flaw::None)).tight_to(0.95),
            )
            .claim(on_a_parabola.tight_to(0.95))
            .claim(exact)
            .claim(typical)
            .claim(without_floor("no_noise_floor", at_the_best_step).on(interpolation()))
            .control(
                contraction("contraction_past_the_largest_step", 2.2, &[1, 2, 4, 8, 16])
                    .on(Family::single("x²/2", parabola_with_signs))
                    .violating("step size"),
            )
            .control(
                contraction("one_draw_for_all_steps", 0.25, &[1, 4, 16, 64])
                    .on(Family::single("x²/2, one draw", || parabola_with_signs().with_one_draw()))
                    .violating("independent noise"),
            )
            .control(faster)
            .control(less_noise)
            .control(as_without_noise)
            .control(as_the_mean)
            .control(
                without_floor("no_noise_floor_with_contradicting_labels", |p| {
                    (0.1 / p.problem().smoothness(), 500)
                })
                .on(contradicting_labels())
                .violating("noise that vanishes with f − f*"),
            )
            .figure(
                Figure::semilog("contraction", "step n", "E f(x_n) − f*")
                    .of("contraction_in_expectation")
                    .caption(
                        "The mean gap falls geometrically, with a \
                     constant step size and without a floor.",
                    ),
            )
            .figure(
                Figure::linear(
                    "step_sizes",
                    "step size h / best step size",
                    "factor of f in a step",
                )
                .caption(
                    "On x²/2 the mean of f begins to grow at twice the best step size, while \
                     the typical path still falls.",
                )
                .showing(step_sizes),
            );
    let dropped = [
        (Property::Smoothness, lojasiewicz_functions()),
        (Property::Lojasiewicz, lojasiewicz_functions()),
    ];
    let noise = (NoiseModel::Vanishing, (0.05, 1.0));
    let theorem = without_constants(theorem, with_all_paths, noise, dropped);
    without_hypotheses(theorem, with_all_paths, atoms)
}

fn vanishing(p: &StochasticProblem) -> f64 {
    p.sigma_squared(NoiseModel::Vanishing)
}

/// 2μ/(L(2μ + σ²))
fn best_step(f: &Problem, variance: f64) -> f64 {
    let (l, mu) = (f.smoothness(), f.lojasiewicz());
    2.0 * mu / (l * (2.0 * mu + variance))
}

/// 1 - 2μh(1 - hL/2) + h²Lσ²/2
fn factor(f: &Problem, variance: f64, h: f64) -> f64 {
    let (l, mu) = (f.smoothness(), f.lojasiewicz());
    1.0 - 2.0 * mu * h * (1.0 - h * l / 2.0) + h * h * l * variance / 2.0
}

/// By exact expectations, with any h up to twice the best step, where q = 1.
fn with_all_paths(name: &str) -> Claim<Enumerated> {
    let step = |p: &Enumerated| 2.0 * p.multiple() * best_step(p.problem(), p.variance());
    let formula =
        "E f(x_n) − f* ≤ qⁿ (f(x₀) − f*), q = 1 − 2μh(1 − hL/2) + h²Lσ²/2 ≤ 1, by all paths";
    Claim::bound(name, formula)
        .assuming([smooth(), lojasiewicz()])
        .assuming(noise_of_atoms())
        .assuming([allowed_step()])
        .measuring_each(move |p: &Enumerated| p.gaps(|_| step(p)))
        .predicting(move |p, n| {
            let q = factor(p.problem(), p.variance(), step(p)).max(0.0);
            powf(q, n) * p.problem().gap_at_start()
        })
}

fn atoms(flaw: Flaw) -> Family<Enumerated> {
    enumerated(lojasiewicz_functions(), NoiseModel::Vanishing, (0.05, 1.0), flaw).hunted(1000)
}

/// With step size `multiple` times the best one; past twice that one nothing is left but not to grow.
fn contraction(
    name: &str,
    multiple: f64,
    checkpoints: &'static [usize],
) -> TrialClaim<StochasticProblem> {
    let step = move |p: &StochasticProblem| multiple * best_step(p.problem(), vanishing(p));
    Claim::expected_bound(
        name,
        "E f(x_n) − f* ≤ qⁿ (f(x₀) − f*), q = 1 − 2μh(1 − hL/2) + h²Lσ²/2 < 1",
    )
    .within(0.1)
    .trials(1 << 17)
    .assuming([
        smooth(),
        lojasiewicz(),
        unbiased(),
        noise(NoiseModel::Vanishing),
        independent_noise(),
        Hypothesis::new("step size", move |_, _| {
            Check::at_most(multiple, 2.0, "h L(2μ + σ²)/(2μ)")
        }),
    ])
    .sampling(move |p: &StochasticProblem, block| {
        p.gaps(GradientDescent::new(step(p)), block, checkpoints)
    })
    .predicting(move |p, n| {
        p.bound(
            powf(factor(p.problem(), vanishing(p), step(p)).min(1.0), n)
                * p.problem().gap_at_start(),
        )
    })
}

/// With the second moment that smoothness gives.
fn proved(
    claim: TrialClaim<StochasticProblem>,
    multiple: f64,
    law: NoiseLaw,
) -> TrialClaim<StochasticProblem> {
    claim.second_moment_at_most(move |p, n| {
        let steps =
            std::iter::repeat_n(multiple * best_step(p.problem(), vanishing(p)), n as usize);
        GapMoments::along_sgd(p, (NoiseModel::Vanishing, law), steps).square_of_computed_gaps(p)
    })
}

/// x²/2 with noise of either sign and σ = 1, on which the factor is attained for every step size.
fn parabola_with_signs() -> StochasticProblem {
    noisy_parabola(1.0, 1.0, |f| Perturbed::vanishing(f, 1.0).shaped(Shape::Signs))
}

/// The best step, and how many of them leave [`GONE`] of the gap in 99 of 100 runs, by Markov's inequality.
fn at_the_best_step(p: &StochasticProblem) -> (f64, usize) {
    let h = best_step(p.problem(), vanishing(p));
    let steps = ln(GONE * 0.01) / ln(factor(p.problem(), vanishing(p), h));
    (h, steps.ceil() as usize)
}

/// `schedule` gives the step size and the number of steps.
fn without_floor(
    name: &str,
    schedule: fn(&StochasticProblem) -> (f64, usize),
) -> TrialClaim<StochasticProblem> {
    Claim::probability(name, "P(f(x_N) − f* ≤ 1e−20 (f(x₀) − f*)) ≥ 0.99", Side::AtLeast)
        .trials(3072)
        .assuming([smooth(), lojasiewicz(), unbiased(), noise(NoiseModel::Vanishing)])
        .assuming([independent_noise()])
        .sampling(move |p: &StochasticProblem, block| {
            let (h, steps) = schedule(p);
            let gaps = p.gaps(GradientDescent::new(h), block, &[steps]);
            let gone = GONE * p.problem().gap_at_start();
            Sample::at(1.0, gaps.rows()[0].iter().copied()).events(|_, gap| gap <= gone)
        })
        .predicting(|_, _| 0.99)
}

/// x² + 3 sin² x as the mean of 2x² and 6 sin² x, one of the two at a time.
fn functions_of_one_minimum() -> Family<StochasticProblem> {
    Family::listed("2x² or 6 sin² x", [-4.0, 2.5], |&start| {
        let start = Vector::from_element(1, start);
        StochasticProblem::new(QuadraticPlusSine, start, |f| {
            MiniBatch::new(f, 1, Sampling::WithReplacement)
        })
    })
}

/// Least squares with more parameters than samples, one sample at a time.
fn interpolation() -> Family<StochasticProblem> {
    Family::drawn("least squares with fewer samples than features", |draw| {
        let samples = draw.size(2..=4);
        let features = gaussian_matrix(samples, 6 * samples, draw);
        single_samples(features, gaussian(samples, draw))
    })
}

/// The same with every sample twice, with labels that differ by 2.
fn contradicting_labels() -> Family<StochasticProblem> {
    Family::drawn("least squares with contradicting labels", |draw| {
        let samples = draw.size(2..=4);
        let features = gaussian_matrix(samples, 6 * samples, draw);
        let labels = gaussian(samples, draw);
        let twice = Matrix::from_fn(2 * samples, features.ncols(), |i, j| features[(i / 2, j)]);
        let labels = Vector::from_fn(2 * samples, |i, _| labels[i / 2] + [1.0, -1.0][i % 2]);
        single_samples(twice, labels)
    })
}

fn single_samples(features: Matrix, labels: Vector) -> StochasticProblem {
    let start = Vector::zeros(features.ncols());
    StochasticProblem::new(LeastSquares::new(features, labels), start, |f| {
        MiniBatch::new(f, 1, Sampling::WithReplacement)
    })
}

/// SGD on λx²/2 from 1 with noise of either sign and variance σ² f.
#[derive(Debug, Clone, Copy)]
struct Parabola {
    step: f64,
    curvature: f64,
    sigma: f64,
}

impl Parabola {
    fn problem(&self) -> StochasticProblem {
        noisy_parabola(self.curvature, 1.0, |f| {
            Perturbed::vanishing(f, self.sigma).shaped(Shape::Signs)
        })
    }

    /// (1 - hλ)² + `half` h²λσ²
    fn factor(&self, half: f64) -> f64 {
        let Parabola { step: h, curvature, sigma } = *self;
        (1.0 - h * curvature).powi(2) + half * h * h * curvature * sigma * sigma
    }
}

impl Instance for Parabola {
    fn description(&self) -> String {
        let Parabola { step, curvature, sigma } = self;
        format!("h = {step}, λ = {curvature}, σ = {sigma}")
    }
}

fn independent_signs() -> Hypothesis<Parabola> {
    Hypothesis::by_construction(
        "independent, unbiased noise of variance σ² f",
        "all paths of signs that are independent from step to step",
    )
}

/// E f(x_n) by all paths.
fn exact(name: &str) -> Claim<Parabola> {
    Claim::identity(name, "E f(x_n) = ((1 − hλ)² + h²λσ²/2)ⁿ f(x₀)", 1e-12)
        .assuming([independent_signs()])
        .on(Family::listed(
            "λx²/2",
            [(0.2, 1.0, 2.0), (0.2, 1.0, 0.5), (0.1, 2.0, 1.5)],
            |&(step, curvature, sigma)| Parabola { step, curvature, sigma },
        ))
        .measuring([1, 2, 4, 8], |instance: &Parabola, steps| {
            let p = instance.problem();
            let method = || GradientDescent::new(instance.step);
            steps.read(|n| exact_mean(&p, method, n, |x| p.problem().objective().value(x)))
        })
        .predicting(|instance, n| powf(instance.factor(0.5), n) * instance.curvature / 2.0)
}

/// E log f(x_n) by all paths, once past the largest step, where the mean grows.
fn typical(name: &str) -> Claim<Parabola> {
    let formula = "E log (f(x_0)/f(x_n)) = −n E log (1 − hλ ± hσ√(λ/2))²";
    Claim::identity(name, formula, 1e-12)
        .assuming([independent_signs()])
        .on(Family::listed(
            "λx²/2",
            [(0.2, 1.0, 2.0), (0.1, 2.0, 1.5), (1.4, 1.0, 1.0)],
            |&(step, curvature, sigma)| Parabola { step, curvature, sigma },
        ))
        .measuring([1, 2, 4, 8], |instance: &Parabola, steps| {
            let p = instance.problem();
            let method = || GradientDescent::new(instance.step);
            let at_start = p.problem().gap_at_start();
            steps.read(|n| {
                exact_mean(&p, method, n, |x| ln(at_start / p.problem().objective().value(x)))
            })
        })
        .predicting(|instance, n| {
            let kept = 1.0 - instance.step * instance.curvature;
            let noise = instance.step * instance.sigma * (instance.curvature / 2.0).sqrt();
            -n * ln((kept + noise).abs() * (kept - noise).abs())
        })
}

/// One step of x²/2 from 1 with Gaussian noise of σ = 1.
fn step_sizes(draw: &mut Draw, _effort: Effort) -> Content {
    let p = noisy_parabola(1.0, 1.0, |f| Perturbed::vanishing(f, 1.0));
    let best = best_step(p.problem(), vanishing(&p));
    let multiples: Vec<f64> = (1..=26).map(|k| 0.1 * f64::from(k)).collect();
    let (mut mean, mut typical) = (Vec::new(), Vec::new());
    for &multiple in &multiples {
        let gaps =
            p.gaps(GradientDescent::new(multiple * best), &mut Block::drawn(4096, draw), &[1]);
        let factors: Vec<f64> =
            gaps.rows()[0].iter().map(|gap| gap / p.problem().gap_at_start()).collect();
        let n = factors.len() as f64;
        mean.push((multiple, factors.iter().sum::<f64>() / n));
        typical.push((multiple, exp(factors.iter().map(|q| ln(*q)).sum::<f64>() / n)));
    }
    let predicted = multiples
        .iter()
        .map(|&multiple| (multiple, factor(p.problem(), vanishing(&p), multiple * best)));
    Content::Lines {
        lines: vec![
            Line::measured("mean", mean),
            Line::measured("typical: exp of the mean logarithm", typical),
            Line::predicted("q", predicted),
        ],
    }
}
