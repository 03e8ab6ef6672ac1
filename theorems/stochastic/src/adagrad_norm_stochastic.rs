#![doc = include_str!("adagrad_norm_stochastic.md")]

use theoria_algorithms::{AdaGradNorm, GradientDescent, Method, Quantity, Trajectory};
use theoria_elementary::{ln, powf};
use theoria_instances::families::{gaussian, noisy_parabola};
use theoria_instances::hypotheses::{bounded_below, independent_noise, noise, smooth, unbiased};
use theoria_instances::sequences::dyadic;
use theoria_instances::{Problem, StochasticGradients, StochasticProblem};
use theoria_models::numerics::maximum;
use theoria_models::objectives::{Huber, Quadratic};
use theoria_models::stochastic::{NoiseModel, Perturbed, Shape};
use theoria_models::{Ensemble, Vector};
use theoria_verification::{
    Block, Check, Claim, Constant, Content, Draw, Effort, Family, Figure, Hypothesis, Instance,
    Line, Sample, Theorem, TrialClaim,
};

/// The share of runs that may miss the bound.
const DELTA: f64 = 0.1;
/// Numerators η and first denominators b_0 over two and six powers of ten.
const TUNINGS: [(f64, f64); 6] =
    [(0.1, 1e-3), (0.1, 1.0), (1.0, 1e-3), (1.0, 1e3), (10.0, 1.0), (10.0, 1e3)];
/// Those for which the bound is least, of short runs and of long ones.
const CLOSEST: [(f64, f64); 2] = [(0.1, 1.0), (1.0, 1e3)];

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let with_noise = exponent("exponent_with_noise", "mean", "", adagrad).on(round(1));
    let faster = with_noise
        .restated("exponent_is_larger", "mean of |∇f(x_k)|² over k < N ~ N^-0.65")
        .predicting(|_, n| powf(n, -0.65));
    let without_noise = without_noise("exponent_without_noise");
    let slower = without_noise
        .restated(
            "exponent_without_noise_is_smaller",
            "mean of |∇f(x_k)|² over k < N ~ N^-0.9 without noise",
        )
        .predicting(|_, n| powf(n, -0.9));
    let empty = empty("bound_says_nothing_of_short_runs").on(huber(CLOSEST));
    let emptier = empty
        .restated(
            "bound_is_larger_by_two_percent",
            "bound ≥ 263 γ² for N ≤ 256, and 1.33 γ² for N = 10⁶",
        )
        .predicting(|_, n| 1.02 * times_the_largest(n));
    Theorem::new("stochastic/adagrad_norm_stochastic", include_str!("adagrad_norm_stochastic.md"))
        .uses(
            "convergence/adagrad_norm_deterministic",
            "the sum of squared gradients stays bounded without noise",
        )
        .uses("stochastic/sgd_nonconvex", "the rate with noise that the step comes to by itself")
        .claim(empty.on(huber(TUNINGS)).tight_to(0.99))
        .claim(with_noise)
        .claim(without_noise)
        .control(emptier)
        .control(faster)
        .control(slower)
        .control(exponent("exponent_of_the_least_gradient", "least", "", adagrad).on(round(4)))
        .control(
            exponent("sgd_with_a_constant_step", "mean", " with SGD, h = 1/2", || {
                GradientDescent::new(0.5)
            })
            .on(round(1)),
        )
        .figure(
            Figure::log_log("exponent", "steps N", "|∇f(x_k)|² over k < N, mean or least")
                .of("exponent_with_noise")
                .of("exponent_of_the_least_gradient")
                .caption(
                    "The mean of the squared gradients falls like 1/√N, the least of them faster.",
                ),
        )
        .figure(
            Figure::log_log("without_noise", "steps N", "mean of |∇f(x_k)|² over k < N")
                .of("exponent_without_noise")
                .caption(
                    "Without noise the same method, untouched, is \
                     as fast as gradient descent: 1/N.",
                ),
        )
        .figure(
            Figure::log_log(
                "robustness",
                "h L for SGD, η for AdaGrad-norm",
                "mean of |∇f(x_k)|² over k < N",
            )
            .caption(
                "SGD is good in a window and diverges to its right; \
                     AdaGrad-norm diverges for no η and no b₀.",
            )
            .showing(robustness),
        )
}

/// A problem with bounded gradients, and how the method is tuned.
struct Tuned {
    p: StochasticProblem,
    /// γ ≥ |∇f|
    steepest: f64,
    eta: f64,
    first: f64,
}

impl Tuned {
    /// The bound of the theorem for the least squared gradient, with probability 1 - δ.
    fn bound(&self, steps: f64) -> f64 {
        let (b, gamma, l) = (self.first, self.steepest, self.p.problem().smoothness());
        let variance = self.p.sigma_squared(NoiseModel::Additive);
        let sigma = variance.sqrt();
        let log = ln(20.0 * steps * (gamma * gamma + variance) / (b * b) + 10.0);
        let q =
            self.p.problem().gap_at_most() / self.eta + (4.0 * sigma + self.eta * l) / 2.0 * log;
        let power = powf(DELTA, 1.5);
        let first = (2.0 * b / steps + 8f64.sqrt() * (gamma + sigma) / steps.sqrt()) * q / power;
        let second = (8.0 * q / DELTA + 2.0 * b) * 4.0 * q / (steps * DELTA)
            + 8.0 * q * sigma / (power * steps.sqrt());
        first.min(second)
    }
}

impl AsRef<Problem> for Tuned {
    fn as_ref(&self) -> &Problem {
        self.p.problem()
    }
}

impl AsRef<StochasticProblem> for Tuned {
    fn as_ref(&self) -> &StochasticProblem {
        &self.p
    }
}

impl Instance for Tuned {
    fn description(&self) -> String {
        format!("{}; η = {}, b₀ = {}", self.p.description(), self.eta, self.first)
    }

    fn constants(&self) -> Vec<Constant> {
        let mut constants = self.p.constants();
        constants.push(Constant::certified("γ", self.steepest));
        constants
    }
}

/// The bound in units of γ², which no squared gradient exceeds by hypothesis.
fn empty(name: &str) -> Claim<Tuned> {
    Claim::lower_bound(name, "bound ≥ 258 γ² for N ≤ 256, and 1.3 γ² for N = 10⁶")
        .assuming([
            smooth(),
            bounded_below(),
            unbiased(),
            noise(NoiseModel::Additive),
            independent_noise(),
            Hypothesis::new("bounded gradient", |tuned: &Tuned, draw| {
                let problem = tuned.p.problem();
                let seen = (0..20)
                    .map(|_| gaussian(problem.start().len(), draw) * 3.0)
                    .map(|x| problem.gradient_squared(&x).value.sqrt())
                    .fold(0.0, maximum);
                Check::at_most(seen, tuned.steepest, "largest gradient seen, γ")
            }),
        ])
        .measuring([8, 64, 256, 1_000_000], |tuned: &Tuned, numbers| {
            numbers.read(|n: usize| tuned.bound(n as f64) / tuned.steepest.powi(2))
        })
        .predicting(|_, n| times_the_largest(n))
}

/// What the bound is at least, in units of γ².
fn times_the_largest(steps: f64) -> f64 {
    if steps <= 256.0 { 258.0 } else { 1.3 }
}

fn huber<const N: usize>(tunings: [(f64, f64); N]) -> Family<Tuned> {
    Family::listed("Huber function", tunings, |&(eta, first)| {
        let f = Huber::new(1.0, 2.0);
        let p = StochasticProblem::new(f, Vector::from_element(1, 3.0), |f| {
            Perturbed::additive(f, 1.0)
        });
        Tuned { p, steepest: 2.0, eta, first }
    })
}

/// What is taken of the squared gradients of a run.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Summary {
    Mean,
    Least,
}

fn summary(p: &StochasticProblem, summary: Summary) -> Quantity<'_> {
    let squares = Quantity::gradient_norm_squared(p.problem().objective());
    match summary {
        Summary::Mean => squares.mean_so_far(),
        Summary::Least => squares.least_so_far(),
    }
}

fn adagrad() -> AdaGradNorm<Ensemble> {
    AdaGradNorm::new(1.0, 1.0)
}

/// Of the `mean` or the `least` squared gradient, `by` a method.
fn exponent<M>(
    name: &str,
    what: &'static str,
    by: &str,
    method: fn() -> M,
) -> TrialClaim<StochasticProblem>
where
    M: for<'a> Method<Ensemble, StochasticGradients<'a>> + 'static,
{
    let of = if what == "mean" { Summary::Mean } else { Summary::Least };
    Claim::expected_exponent(name, &format!("{what} of |∇f(x_k)|² over k < N ~ N^-0.5{by}"))
        .within(0.1)
        .trials(4096)
        .assuming([smooth(), bounded_below(), unbiased(), noise(NoiseModel::Additive)])
        .assuming([independent_noise()])
        .sampling(move |p: &StochasticProblem, block| {
            p.measure(method(), block, &[128, 256, 512, 1024, 2048, 4096], summary(p, of))
        })
        .predicting(|_, n| powf(n, -0.5))
}

/// |x|²/2 with noise of σ = 1.
fn round(dimension: usize) -> Family<StochasticProblem> {
    Family::single("|x|²/2", move || {
        let f = Quadratic::diagonal(&vec![1.0; dimension]);
        let start = Vector::from_element(dimension, 1.0);
        StochasticProblem::new(f, start, |f| Perturbed::additive(f, 1.0).shaped(Shape::Signs))
    })
}

fn without_noise(name: &str) -> Claim<StochasticProblem> {
    Claim::exponent(name, "mean of |∇f(x_k)|² over k < N ~ N⁻¹ without noise")
        .assuming([smooth(), bounded_below()])
        .on(Family::single("quadratic with curvatures 0.1 and 1", || {
            let f = Quadratic::diagonal(&[0.1, 1.0]);
            StochasticProblem::new(f, Vector::from_element(2, 1.0), |f| Perturbed::additive(f, 0.0))
        }))
        .measuring(dyadic(4096), |p, numbers| {
            let run: Trajectory = p.problem().run(AdaGradNorm::new(1.0, 1.0), 4096);
            let squares: Vec<f64> = run
                .points()
                .iter()
                .map(|x| p.problem().objective().gradient_at(x).norm_squared())
                .collect();
            numbers.read(|n| squares[..n].iter().sum::<f64>() / n as f64)
        })
        .predicting(|_, n| powf(n, -1.0))
}

fn robustness(draw: &mut Draw, _effort: Effort) -> Content {
    const STEPS: usize = 1000;
    let p = noisy_parabola(1.0, 1.0, |f| Perturbed::additive(f, 0.3));
    let sizes: Vec<f64> = (-12..=8).map(|k| powf(10.0, f64::from(k) / 4.0)).collect();
    let mean = |sample: Sample| {
        let row = &sample.rows()[0];
        row.iter().sum::<f64>() / row.len() as f64
    };
    let squares = || summary(&p, Summary::Mean);
    let mut trials = || -> Block { Block::drawn(32, draw) };
    let sgd = sizes.iter().map(|&size| {
        (size, mean(p.measure(GradientDescent::new(size), &mut trials(), &[STEPS], squares())))
    });
    let sgd = Line::measured("SGD", sgd.filter(|(_, mean)| *mean < 1e4).collect::<Vec<_>>());
    let adaptive = [1e-3, 1.0, 10.0].map(|first| {
        let points = sizes.iter().map(|&size| {
            let method = AdaGradNorm::new(size, first);
            (size, mean(p.measure(method, &mut trials(), &[STEPS], squares())))
        });
        Line::measured(&format!("AdaGrad-norm, b₀ = {first}"), points.collect::<Vec<_>>())
    });
    Content::Lines { lines: std::iter::once(sgd).chain(adaptive).collect() }
}
