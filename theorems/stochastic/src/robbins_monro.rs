#![doc = include_str!("robbins_monro.md")]

use std::f64::consts::PI;

use theoria_algorithms::{EnsembleRun, GradientDescent, Quantity, power_step};
use theoria_elementary::{exp, powf, sin};
use theoria_instances::families::noisy_parabola;
use theoria_instances::sequences::dyadic;
use theoria_models::objectives::Quadratic;
use theoria_models::stochastic::{Noisy, Perturbed, Shape, StochasticOracle};
use theoria_models::{Ensemble, Vector};
use theoria_verification::{
    Block, Check, Claim, Constant, Family, Figure, Hypothesis, Instance, Sample, Theorem,
    TrialClaim,
};

use crate::support::exact_mean;

/// Steps that are run.
const STEPS: usize = 512;
/// Steps of the exact recursion, in octaves.
const OCTAVES: u32 = 18;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let second = second_moment("second_moment")
        .on(steps(1.0, 0.4))
        .on(steps(1.0, 0.6))
        .on(steps(1.0, 0.8))
        .on(steps(1.0, 1.0));
    let mean_alone = second
        .restated("error_of_the_mean_alone", "E|x_n − x*|² = (E x_n − x*)²")
        .predicting(|i, n| i.moments(n as usize).0.powi(2));
    let less_noise = second
        .restated(
            "error_with_less_noise",
            "E|x_n − x*|² = (E x_n − x*)² + 0.8 V_n, V_{k+1} = (1 − h_k λ)² V_k + h_k² σ²",
        )
        .predicting(|i, n| {
            let (mean, variance) = i.moments(n as usize);
            mean * mean + 0.8 * variance
        });
    let stop_short = lost_start("summable_steps_stop_short").on(summable());
    let reach = stop_short
        .restated("summable_steps_reach_the_minimum", "E x_n → x* = 0")
        .predicting(|_, _| 0.0);
    let sine = product("product_is_a_sine");
    let exponential = sine
        .restated("product_is_an_exponential", "Π (1 − cλ/k²) = exp(−cλπ²/6)")
        .predicting(|i, _| exp(-i.constant * PI * PI / 6.0));
    let exact = exact_moment("mean_square_by_all_paths", 2);
    let two_percent = exact
        .restated(
            "two_percent_more_noise",
            "E(x_n − x*)² = m_n² + V_n, m_k = (1 − h_k λ) m_{k−1}, V_k = (1 − h_k λ)² V_{k−1} + 1.02 h_k² σ²",
        )
        .predicting(|mode, n| mode.moment(2, n as usize, 1.02));
    let follows = follows_the_steps("error_follows_the_steps")
        .on(listed("a in (1/2, 1)", [(1.0, 0.6), (2.0, 0.6), (1.0, 0.75), (1.0, 0.9)]))
        .on(listed("a = 1", [(1.0, 1.0), (4.0, 1.0)]));
    let faster = follows
        .restated(
            "error_falls_faster_than_the_steps",
            "E|x_n − x*|² by the exact recursion ~ n^(−1.2 a)",
        )
        .predicting(|i, n| powf(i.step_size(n as usize), 1.2));
    Theorem::new("stochastic/robbins_monro", include_str!("robbins_monro.md"))
        .uses("stochastic/sgd_noise_floor", "mean and variance of a mode under a constant step")
        .claim(second.on(steps(0.5, 1.5)))
        .claim(follows)
        .claim(
            follows_the_steps("square_summable_steps_are_not_needed")
                .on(listed("a ≤ 1/2", [(1.0, 0.3), (1.0, 0.5)])),
        )
        .claim(exact_moment("mean_by_all_paths", 1))
        .claim(exact)
        .claim(stop_short)
        .claim(sine)
        .control(
            follows_the_steps("summable_steps_converge")
                .violating(DIVERGENT)
                .on(listed("a > 1", [(0.5, 1.5), (1.0, 2.0)])),
        )
        .control(
            follows_the_steps("steps_one_over_k_need_no_constant")
                .violating(LONG_ENOUGH)
                .on(listed("a = 1, small constant", [(0.2, 1.0), (0.1, 1.0)])),
        )
        .control(reach)
        .control(mean_alone)
        .control(less_noise)
        .control(two_percent)
        .control(exponential)
        .control(faster)
        .figure(Figure::log_log("errors", "step n", "E|x_n − x*|²").of("second_moment").caption(
            "Errors follow the exact recursion; they fall like the steps for a ≤ 1, and not at all \
                     for a = 1.5.",
        ))
}

/// SGD on λx²/2 with λ = 1, noise ±1 and steps c k^-a, from 2.
#[derive(Debug, Clone, Copy)]
struct Sequence {
    constant: f64,
    power: f64,
}

const START: f64 = 2.0;

impl Sequence {
    fn oracle(self) -> Perturbed<Quadratic> {
        Perturbed::additive(Quadratic::diagonal(&[1.0]), 1.0).shaped(Shape::Signs)
    }

    fn step_size(self, k: usize) -> f64 {
        power_step(self.constant, self.power)(k)
    }

    /// Mean and variance of x_0, x_1, x_2 ...
    fn recursion(self) -> impl Iterator<Item = (f64, f64)> {
        let schedule = power_step(self.constant, self.power);
        (0..).scan((START, 0.0), move |(mean, variance), k| {
            let before = (*mean, *variance);
            let h: f64 = schedule(k);
            *mean *= 1.0 - h;
            *variance = (1.0 - h).powi(2) * *variance + h * h;
            Some(before)
        })
    }

    /// Mean and variance of x_n.
    fn moments(&self, n: usize) -> (f64, f64) {
        self.recursion().nth(n).unwrap_or((f64::NAN, f64::NAN))
    }

    /// x_0 Π (1 - h_k) over all k, for a > 1: the factors beyond the last octave make exp(-Σ h_k).
    fn limit_of_the_mean(&self) -> f64 {
        let last = 1 << OCTAVES;
        let rest = self.constant * powf(f64::from(last), 1.0 - self.power) / (self.power - 1.0);
        self.moments(last as usize).0 * exp(-rest)
    }

    /// The positions of the trials of a block at these steps.
    fn positions(self, steps: &[usize], block: &mut Block) -> Vec<Vec<f64>> {
        let oracle = self.oracle();
        let start = Ensemble::repeat(&Vector::from_element(1, START), block.trials());
        let noisy = Noisy::new(&oracle, block.generator());
        let method = GradientDescent::with_schedule(power_step(self.constant, self.power));
        let run = EnsembleRun::of(method, &noisy, start, steps, &[Quantity::coordinate(0)]);
        run.table(0).to_vec()
    }
}

impl Instance for Sequence {
    fn description(&self) -> String {
        let Sequence { constant, power } = self;
        format!("{}; h_k = {constant} k^−{power}", self.oracle().describe())
    }

    fn constants(&self) -> Vec<Constant> {
        vec![Constant::exact("λ", 1.0)]
    }
}

fn listed<const N: usize>(name: &str, sequences: [(f64, f64); N]) -> Family<Sequence> {
    Family::listed(name, sequences, |&(constant, power)| Sequence { constant, power })
}

fn steps(constant: f64, power: f64) -> Family<Sequence> {
    listed(&format!("a = {power}"), [(constant, power)])
}

fn summable() -> Family<Sequence> {
    listed("a > 1", [(0.5, 1.5), (0.5, 2.0)])
}

const DIVERGENT: &str = "steps lead everywhere";
const LONG_ENOUGH: &str = "steps 1/k are long enough";

/// Σ h_k diverges.
fn divergent() -> Hypothesis<Sequence> {
    Hypothesis::new(DIVERGENT, |i: &Sequence, _| Check::at_most(i.power, 1.0, "a"))
}

/// Where a = 1: 2 λ c > 1.
fn long_enough() -> Hypothesis<Sequence> {
    Hypothesis::new(LONG_ENOUGH, |i: &Sequence, _| {
        let detail = format!("a = {} ≠ 1, or 2λc = {} > 1", i.power, 2.0 * i.constant);
        Check::that(i.power != 1.0 || 2.0 * i.constant > 1.0, detail)
    })
}

/// The noise of each step is a fresh sign.
fn independent() -> Hypothesis<Sequence> {
    Hypothesis::by_construction(
        "independent, unbiased noise",
        "an oracle has no state, and draws fresh signs from the block's generator in every step",
    )
}

/// x_0 Π (1 - h_k) over x_0, for a = 2.
fn product(name: &str) -> Claim<Sequence> {
    Claim::identity(name, "Π (1 − cλ/k²) = sin(π √(cλ))/(π √(cλ))", 1e-6)
        .assuming([Hypothesis::new("steps c/k²", |i: &Sequence, _| {
            Check::that(i.power == 2.0, format!("a = {}", i.power))
        })])
        .on(listed("a = 2", [(0.5, 2.0), (0.25, 2.0), (2.0, 2.0)]))
        .measuring([1], |i: &Sequence, once| once.read(|_: usize| i.limit_of_the_mean() / START))
        .predicting(|i, _| {
            let angle = PI * i.constant.sqrt();
            sin(angle) / angle
        })
}

fn second_moment(name: &str) -> TrialClaim<Sequence> {
    let formula = "E|x_n − x*|² = (E x_n − x*)² + V_n, V_{k+1} = (1 − h_k λ)² V_k + h_k² σ²";
    Claim::expected_value(name, formula, 0.1)
        .trials(1 << 15)
        .assuming([independent()])
        // That of a normal number: for sums of independent signs it is less.
        .second_moment_at_most(|i, n| {
            let (mean, variance) = i.moments(n as usize);
            mean.powi(4) + 6.0 * mean * mean * variance + 3.0 * variance * variance
        })
        .sampling(|i: &Sequence, block| {
            let checkpoints = dyadic(STEPS);
            let mut rows = i.positions(&checkpoints, block);
            rows.iter_mut().flatten().for_each(|x| *x *= *x);
            Sample::new(checkpoints.iter(), rows)
        })
        .predicting(|i, n| {
            let (mean, variance) = i.moments(n as usize);
            mean * mean + variance
        })
}

/// SGD on λx²/2 with noise ±σ and steps c k^-a, from 2.
#[derive(Debug, Clone, Copy)]
struct Mode {
    steps: Sequence,
    curvature: f64,
    deviation: f64,
}

impl Mode {
    /// The mean or the mean square of x_n by its recursion, with `times` the variance of the noise.
    fn moment(&self, power: i32, n: usize, times: f64) -> f64 {
        let (mut mean, mut variance) = (START, 0.0);
        for h in (0..n).map(|k| self.steps.step_size(k)) {
            let kept = 1.0 - h * self.curvature;
            mean *= kept;
            variance = kept * kept * variance + times * (h * self.deviation).powi(2);
        }
        if power == 1 { mean } else { mean * mean + variance }
    }
}

impl Instance for Mode {
    fn description(&self) -> String {
        let Mode { steps, curvature, deviation } = self;
        format!("{}; λ = {curvature}, σ = {deviation}", steps.description())
    }
}

fn exact_moment(name: &str, power: i32) -> Claim<Mode> {
    let formula = match power {
        1 => "E x_n − x* = m_n, m_k = (1 − h_k λ) m_{k−1}, by all paths",
        _ => {
            "E(x_n − x*)² = m_n² + V_n, m_k = (1 − h_k λ) m_{k−1}, V_k = (1 − h_k λ)² V_{k−1} + h_k² σ², by all paths"
        }
    };
    Claim::identity(name, formula, 1e-12)
        .assuming([Hypothesis::by_construction(
            "independent, unbiased noise",
            "all paths of signs that are independent from step to step",
        )])
        .on(Family::listed(
            "λx²/2, noise ±σ",
            [(1.0, 0.4, 0.7, 0.5), (0.6, 1.0, 2.0, 1.5), (0.5, 2.0, 1.2, 0.8)],
            |&(constant, power, curvature, deviation)| Mode {
                steps: Sequence { constant, power },
                curvature,
                deviation,
            },
        ))
        .measuring([1, 2, 4, 8], move |mode: &Mode, steps| {
            let p = noisy_parabola(mode.curvature, START, |f| {
                Perturbed::additive(f, mode.deviation).shaped(Shape::Signs)
            });
            let Sequence { constant, power: decay } = mode.steps;
            let method = || GradientDescent::with_schedule(power_step(constant, decay));
            steps.read(|n| exact_mean(&p, method, n, |x| x[0].powi(power)))
        })
        .predicting(move |mode, n| mode.moment(power, n as usize, 1.0))
}

fn follows_the_steps(name: &str) -> Claim<Sequence> {
    Claim::exponent(name, "E|x_n − x*|² by the exact recursion ~ n^−a")
        .assuming([divergent(), long_enough()])
        .measuring(dyadic(1 << OCTAVES), |i: &Sequence, checkpoints| {
            let mut run = i.recursion();
            let mut reached = 0;
            checkpoints.read(|n| {
                let skipped = n - reached;
                reached = n + 1;
                run.nth(skipped).map_or(f64::NAN, |(mean, variance)| mean * mean + variance)
            })
        })
        .predicting(|i, n| i.step_size(n as usize))
}

fn lost_start(name: &str) -> TrialClaim<Sequence> {
    const STEPS: usize = 2048;
    Claim::expected_value(name, "E x_n → x₀ Π (1 − h_k λ)", 0.1)
        .trials(1 << 15)
        .assuming([independent()])
        .ranging(|i, n| {
            let farthest =
                (0..n as usize).map(|k| i.step_size(k)).fold(START, |r, h| (1.0 - h).abs() * r + h);
            (-farthest, farthest)
        })
        .sampling(|i: &Sequence, block| Sample::new([STEPS], i.positions(&[STEPS], block)))
        .predicting(|i, _| i.limit_of_the_mean())
}
