#![doc = include_str!("adagrad_norm_stochastic.md")]

use theoria_algorithms::{AdaGradNorm, GradientDescent, Method, Quantity, Trajectory};
use theoria_instances::families::{gaussian, noisy_parabola};
use theoria_instances::hypotheses::{bounded_below, noise, smooth, unbiased};
use theoria_instances::sequences::dyadic;
use theoria_instances::{Problem, StochasticGradients, StochasticProblem};
use theoria_models::objectives::{Huber, Quadratic, Trigonometric};
use theoria_models::stochastic::{NoiseModel, Perturbed, Shape};
use theoria_models::{Ensemble, Vector};
use theoria_verification::{
    Block, Check, Claim, Constant, Content, Draw, Effort, Family, Figure, Hypothesis, Instance,
    Line, Sample, Side, Theorem, TrialClaim,
};

/// The share of runs that may miss the bound.
const DELTA: f64 = 0.1;
/// Numerators η and first denominators b_0 over two and six powers of ten.
const TUNINGS: [(f64, f64); 6] =
    [(0.1, 1e-3), (0.1, 1.0), (1.0, 1e-3), (1.0, 1e3), (10.0, 1.0), (10.0, 1e3)];

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let with_noise = exponent("exponent_with_noise", adagrad, Summary::Mean).on(round(1));
    let as_without_noise = with_noise
        .restated("exponent_as_without_noise", "mean of |∇f(x_k)|² over k < N ~ N^-1")
        .predicting(|_, n| n.powf(-1.0));
    Theorem::new("stochastic/adagrad_norm_stochastic", include_str!("adagrad_norm_stochastic.md"))
        .claim(bound("bound_with_high_probability", 1.0).on(random_waves()).on(huber()))
        .claim(
            bound("bound_is_loose_by_a_factor_of_a_hundred", 0.01).on(random_waves()).on(huber()),
        )
        .claim(with_noise)
        .claim(without_noise("exponent_without_noise"))
        .control(as_without_noise)
        .control(exponent("exponent_of_the_least_gradient", adagrad, Summary::Least).on(round(4)))
        .control(
            exponent("sgd_with_a_constant_step", || GradientDescent::new(0.5), Summary::Mean)
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
        let log = (20.0 * steps * (gamma * gamma + variance) / (b * b) + 10.0).ln();
        let q =
            self.p.problem().gap_at_most() / self.eta + (4.0 * sigma + self.eta * l) / 2.0 * log;
        let power = DELTA.powf(1.5);
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

/// min over k < N of |∇f(x_k)|² against `times` the bound.
fn bound(name: &str, times: f64) -> TrialClaim<Tuned> {
    Claim::probability(name, &format!("P(min |∇f(x_k)|² ≤ {times} bound) ≥ 0.9"), Side::AtLeast)
        .trials(512)
        .assuming([
            smooth(),
            bounded_below(),
            unbiased(),
            noise(NoiseModel::Additive),
            Hypothesis::new("bounded gradient", |tuned: &Tuned, draw| {
                let problem = tuned.p.problem();
                let seen = (0..20)
                    .map(|_| gaussian(problem.start().len(), draw) * 3.0)
                    .map(|x| problem.gradient_squared(&x).value.sqrt())
                    .fold(0.0, f64::max);
                Check::at_most(seen, tuned.steepest, "largest gradient seen, γ")
            }),
        ])
        .sampling(move |tuned: &Tuned, block| {
            let quantity =
                Quantity::gradient_norm_squared(tuned.p.problem().objective()).least_so_far();
            let method = AdaGradNorm::new(tuned.eta, tuned.first);
            let least = tuned.p.measure(method, block, &[8, 64, 256], quantity);
            least.at_most(|n| times * tuned.bound(n))
        })
        .predicting(|_, _| 1.0 - DELTA)
}

/// Random waves without a quadratic: γ = Σ |a_k| |w_k|.
fn random_waves() -> Family<Tuned> {
    Family::drawn("random waves", |draw| {
        let dimension = draw.size(1..=3);
        let mut f = Trigonometric::new(0.0, dimension);
        let mut steepest = 0.0;
        for _ in 0..draw.size(1..=3) {
            let (amplitude, direction) = (draw.uniform(0.2, 1.0), gaussian(dimension, draw));
            steepest += amplitude * direction.norm();
            f = f.with_wave(amplitude, direction, draw.uniform(0.0, 6.3));
        }
        let start = gaussian(dimension, draw) * 2.0;
        let (eta, first) = TUNINGS[draw.size(1..=TUNINGS.len()) - 1];
        let sigma = draw.log_uniform(0.1, 3.0);
        let p = StochasticProblem::new(f, start, |f| Perturbed::additive(f, sigma));
        Tuned { p, steepest, eta, first }
    })
}

fn huber() -> Family<Tuned> {
    Family::listed("Huber function", TUNINGS, |&(eta, first)| {
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

fn exponent<M>(name: &str, method: fn() -> M, of: Summary) -> TrialClaim<StochasticProblem>
where
    M: for<'a> Method<Ensemble, StochasticGradients<'a>> + 'static,
{
    let what = match of {
        Summary::Mean => "mean",
        Summary::Least => "least",
    };
    Claim::expected_exponent(name, &format!("{what} of |∇f(x_k)|² over k < N ~ N^-0.5"))
        .within(0.1)
        .trials(1024)
        .sampling(move |p: &StochasticProblem, block| {
            p.measure(method(), block, &[128, 256, 512, 1024, 2048, 4096], summary(p, of))
        })
        .predicting(|_, n| n.powf(-0.5))
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
        .predicting(|_, n| n.powf(-1.0))
}

fn robustness(draw: &mut Draw, _effort: Effort) -> Content {
    const STEPS: usize = 1000;
    let p = noisy_parabola(1.0, 1.0, |f| Perturbed::additive(f, 0.3));
    let sizes: Vec<f64> = (-12..=8).map(|k| 10f64.powf(f64::from(k) / 4.0)).collect();
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
