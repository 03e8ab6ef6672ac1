#![doc = include_str!("sgd_pl_decreasing.md")]

use theoria_algorithms::{GradientDescent, Quantity, decreasing_step, karimi_step};
use theoria_elementary::powf;
use theoria_instances::families::{
    equal_parabolas, gaussian, lojasiewicz_functions, noisy_parabola, noisy_quadratic_plus_sine,
    noisy_quadratics, strongly_convex_functions,
};
use theoria_instances::hypotheses::{independent_noise, lojasiewicz, noise, smooth, unbiased};
use theoria_instances::{Problem, StochasticProblem};
use theoria_models::numerics::maximum;
use theoria_models::objectives::Quadratic;
use theoria_models::stochastic::{NoiseModel, Perturbed, Shape};
use theoria_models::{Property, Vector};
use theoria_verification::{
    Block, Check, Claim, Constant, Family, Figure, Hypothesis, Instance, Theorem, TrialClaim,
};

use crate::support::{
    Enumerated, Flaw, GapMoments, NoiseLaw, UNBIASED, enumerated, noise_of_atoms,
    without_constants, without_hypotheses,
};

/// Evenly in octaves: noise that a few of them share does not pass for a curvature.
const OCTAVES: [usize; 6] = [64, 128, 256, 512, 1024, 2048];

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let short = exponent("exponent_of_a_short_step", -0.5, short_step);
    let faster = short
        .restated("faster_with_a_short_step", "E f(x_n) − f* ~ n^-0.7")
        .predicting(|_, n| powf(n, -0.7));
    let from_the_minimum =
        decay("one_over_n_from_the_minimum").on(noise_alone()).second_moment_at_most(square);
    let less = from_the_minimum
        .restated("less_of_the_constant", "E f(x_n) − f* ≤ 0.73 ν/(n + n₀), ν and n₀ as stated")
        .predicting(|p, n| {
            p.bound(decay_bound(p.problem(), p.sigma_squared(NoiseModel::Additive), n) * 0.73)
        });
    let karimi = karimi("one_over_n_with_a_bounded_second_moment").on(single_mode());
    let less_of_karimi = karimi
        .restated("four_tenths_of_the_constant", "E f(x_n) − f* ≤ 0.4 L C²/(2nμ²)")
        .predicting(|instance, n| 0.4 * karimi_bound(instance, n));
    let theorem =
        Theorem::new("stochastic/sgd_pl_decreasing", include_str!("sgd_pl_decreasing.md"))
            .uses("stochastic/sgd_noise_floor", "what one step does to the mean gap")
            .claim(
                decay("one_over_n")
                    .second_moment_at_most(square)
                    .on(noisy_quadratics(30.0, 2.0, Perturbed::additive))
                    .on(noisy_quadratic_plus_sine())
                    .on(equal_parabolas())
                    .on(noise_alone())
                    .tight_to(0.74),
            )
            .claim(with_all_paths("one_over_n_with_all_paths").on(atoms(Flaw::None)).tight_to(0.95))
            .claim(from_the_minimum.tight_to(0.74))
            .claim(karimi.on(bounded_paths()).tight_to(0.48))
            .claim(
                karimi_with_all_paths("bounded_second_moment_with_all_paths", 1.0)
                    .on(atoms(Flaw::None))
                    .on(round())
                    .tight_to(0.4),
            )
            .claim(exponent("exponent_on_a_quadratic", -1.0, theorems_step))
            .claim(short)
            .control(less)
            .control(less_of_karimi)
            .control(karimi_with_all_paths("half_the_constant_with_all_paths", 0.5).on(round()))
            .control(
                karimi_with_all_paths("bounded_second_moment_of_biased_noise", 1.0)
                    .on(atoms(Flaw::Biased))
                    .violating(UNBIASED),
            )
            .control(
                decay("one_coin_for_all_steps")
                    .on(Family::single("x²/2 from its minimum", || {
                        noise_from_the_minimum().with_one_draw()
                    }))
                    .violating("independent noise"),
            )
            .control(faster)
            .figure(Figure::log_log("decay", "step n", "E f(x_n) − f*").of("one_over_n").caption(
                "With steps that decrease like 1/n the noise \
                     averages out: the gap falls like 1/n.",
            ))
            .figure(
                Figure::log_log("exponents", "step n", "E f(x_n) − f*")
                    .of("exponent_on_a_quadratic")
                    .of("exponent_of_a_short_step")
                    .of("faster_with_a_short_step")
                    .caption("Steps that are too short by a factor 8 halve the exponent."),
            );
    let dropped = [
        (Property::Smoothness, lojasiewicz_functions()),
        (Property::Lojasiewicz, lojasiewicz_functions()),
    ];
    let noise = (NoiseModel::Additive, (1.0, 1.0));
    let theorem = without_constants(theorem, with_all_paths, noise, dropped);
    without_hypotheses(theorem, with_all_paths, atoms)
}

/// n_0 = 2κ
fn offset(p: &Problem) -> f64 {
    2.0 * p.smoothness() / p.lojasiewicz()
}

fn decay(name: &str) -> TrialClaim<StochasticProblem> {
    Claim::expected_bound(name, "E f(x_n) − f* ≤ max(2Lσ²/μ², n₀(f(x₀) − f*))/(n + n₀), n₀ = 2κ")
        .within(0.1)
        .trials(1 << 15)
        .assuming(assumed())
        .sampling(|p: &StochasticProblem, block| {
            p.gaps(GradientDescent::with_schedule(schedule(p.problem())), block, &[1, 4, 16, 64])
        })
        .predicting(|p, n| {
            p.bound(decay_bound(p.problem(), p.sigma_squared(NoiseModel::Additive), n))
        })
}

fn assumed() -> [Hypothesis<StochasticProblem>; 5] {
    [smooth(), lojasiewicz(), unbiased(), noise(NoiseModel::Additive), independent_noise()]
}

/// h_n = 2/(μ(n + n₀))
fn schedule(p: &Problem) -> impl Fn(usize) -> f64 + Send + Sync + 'static {
    decreasing_step(2.0 / p.lojasiewicz(), offset(p))
}

/// ν/(n + n₀)
fn decay_bound(f: &Problem, variance: f64, n: f64) -> f64 {
    let (l, mu) = (f.smoothness(), f.lojasiewicz());
    let noise = 2.0 * l * variance / (mu * mu);
    noise.max(offset(f) * f.gap_at_start()) / (n + offset(f))
}

/// The first bound by exact expectations.
fn with_all_paths(name: &str) -> Claim<Enumerated> {
    let formula = "E f(x_n) − f* ≤ max(2Lσ²/μ², n₀(f(x₀) − f*))/(n + n₀), n₀ = 2κ, by all paths";
    Claim::bound(name, formula)
        .assuming([smooth(), lojasiewicz()])
        .assuming(noise_of_atoms())
        .measuring_each(|p: &Enumerated| p.gaps(schedule(p.problem())))
        .predicting(|p, n| decay_bound(p.problem(), p.variance(), n))
}

fn atoms(flaw: Flaw) -> Family<Enumerated> {
    enumerated(lojasiewicz_functions(), NoiseModel::Additive, (1.0, 1.0), flaw).hunted(1000)
}

/// With κ up to 2: the second bound, with its κ², says less where κ is large.
fn round() -> Family<Enumerated> {
    let functions = strongly_convex_functions(1.0..=2.0);
    enumerated(functions, NoiseModel::Additive, (1.0, 1.0), Flaw::None).hunted(1000)
}

/// What smoothness proves of the mean square of a gap, for normal noise and batches of up to 12 samples.
fn square(p: &StochasticProblem, n: f64) -> f64 {
    let steps = (0..n as usize).map(schedule(p.problem()));
    GapMoments::along_sgd(p, (NoiseModel::Additive, NoiseLaw::samples(12)), steps).square
}

/// From the minimiser, so that the noise decides.
fn noise_alone() -> Family<StochasticProblem> {
    Family::single("x²/2 from its minimum", noise_from_the_minimum)
}

fn noise_from_the_minimum() -> StochasticProblem {
    noisy_parabola(1.0, 0.0, |f| Perturbed::additive(f, 1.0).shaped(Shape::Signs))
}

/// A path on which the second moment of the gradient is bounded.
struct BoundedPath {
    p: StochasticProblem,
    second_moment: f64,
    /// f − f* is at most this on the path.
    largest_gap: f64,
}

impl AsRef<StochasticProblem> for BoundedPath {
    fn as_ref(&self) -> &StochasticProblem {
        &self.p
    }
}

impl AsRef<Problem> for BoundedPath {
    fn as_ref(&self) -> &Problem {
        self.p.problem()
    }
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
    let steepest: Vec<f64> = steepest.collect();
    let second_moment = steepest.iter().sum::<f64>() + sigma * sigma;
    let gaps = steepest.iter().zip(spectrum).map(|(square, curvature)| square / (2.0 * curvature));
    let largest_gap = gaps.sum();
    let p = StochasticProblem::new(Quadratic::diagonal(spectrum), start, |f| {
        Perturbed::additive(f, sigma).shaped(Shape::Signs)
    });
    BoundedPath { p, second_moment, largest_gap }
}

/// On which half of the constant is reached in the long run.
fn single_mode() -> Family<BoundedPath> {
    Family::single("x²/2", || bounded_path(&[1.0], Vector::from_element(1, 1.0), 1.0))
}

fn karimi(name: &str) -> TrialClaim<BoundedPath> {
    Claim::expected_bound(name, "E f(x_n) − f* ≤ L C²/(2nμ²)")
        .within(0.1)
        .trials(1 << 15)
        .bounded_by(|instance: &BoundedPath, _| instance.largest_gap)
        .assuming([smooth(), lojasiewicz(), unbiased(), independent_noise()])
        .assuming([Hypothesis::new("second moment", |instance: &BoundedPath, draw| {
            let p = &instance.p;
            let f = p.problem().objective();
            let method = GradientDescent::with_schedule(karimi_step(p.problem().lojasiewicz()));
            let slopes = Quantity::gradient_norm_squared(f);
            let slopes = p.measure(method, &mut Block::drawn(64, draw), &[0, 1, 4, 16], slopes);
            let steepest = slopes.rows().iter().flatten().copied().fold(0.0, maximum);
            let seen = steepest + p.sigma_squared(NoiseModel::Additive);
            Check::at_most(seen, instance.second_moment, "largest E|g|² seen on 64 paths, C²")
        })])
        .sampling(|instance: &BoundedPath, block| {
            let schedule = karimi_step(instance.p.problem().lojasiewicz());
            let checkpoints = [1, 4, 16, 64, 256];
            instance.p.gaps(GradientDescent::with_schedule(schedule), block, &checkpoints)
        })
        .predicting(karimi_bound)
}

/// The second bound by exact expectations, with the largest E g² along the path for C². `share` is 1 in the theorem.
fn karimi_with_all_paths(name: &str, share: f64) -> Claim<Enumerated> {
    let times = if share == 1.0 { String::new() } else { format!("{share} ") };
    Claim::bound(name, &format!("E f(x_n) − f* ≤ {times}L C²/(2nμ²), by all paths"))
        .assuming([smooth(), lojasiewicz()])
        .assuming(noise_of_atoms())
        .measuring_each(|p: &Enumerated| p.gaps(karimi_step(p.problem().lojasiewicz())))
        .predicting_from(
            |p| {
                let (l, mu) = (p.problem().smoothness(), p.problem().lojasiewicz());
                let moments = p.second_moments(karimi_step(mu));
                moments.into_iter().map(|c| l * c / (2.0 * mu * mu)).collect::<Vec<_>>()
            },
            move |bounds, n| share * bounds[n as usize - 1] / n,
        )
}

/// L C²/(2nμ²)
fn karimi_bound(instance: &BoundedPath, n: f64) -> f64 {
    let (l, mu) = (instance.p.problem().smoothness(), instance.p.problem().lojasiewicz());
    l * instance.second_moment / (2.0 * n * mu * mu)
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
        .trials(1 << 17)
        .assuming(assumed())
        .on(Family::single("x²/2", || {
            noisy_parabola(1.0, 1.0, |f| Perturbed::additive(f, 0.5).shaped(Shape::Signs))
        }))
        .sampling(move |p, block| p.gaps(GradientDescent::with_schedule(schedule), block, &OCTAVES))
        .predicting(move |_, n| powf(n, exponent))
}
