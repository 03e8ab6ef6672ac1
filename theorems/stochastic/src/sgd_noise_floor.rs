#![doc = include_str!("sgd_noise_floor.md")]

use theoria_algorithms::GradientDescent;
use theoria_elementary::powf;
use theoria_instances::StochasticProblem;
use theoria_instances::families::{
    equal_parabolas, lojasiewicz_functions, noisy_parabola, noisy_quadratic_plus_sine,
    noisy_quadratics,
};
use theoria_instances::hypotheses::{independent_noise, lojasiewicz, noise, smooth, unbiased};
use theoria_models::objectives::{Parabola, ParabolaSum, Quadratic};
use theoria_models::stochastic::{
    MiniBatch, NoiseModel, Perturbed, Repeated, Sampling, Shape, StochasticOracle,
};
use theoria_models::{Property, Vector};
use theoria_verification::{
    Block, Check, Claim, Content, Draw, Effort, Family, Figure, Group, Hypothesis, Instance, Line,
    Sample, Theorem, TrialClaim,
};

use crate::support::{
    Enumerated, FIRST_BATCH, FIRST_STEP, Flaw, GapMoments, NoiseLaw, STEP, allowed_step,
    at_one_over_l, batches, enumerated, exact_mean, floor_bound, long_steps, noise_of_atoms, steps,
    turned, without_constants, without_hypotheses,
};

const CHECKPOINTS: [usize; 6] = [1, 2, 4, 8, 24, 72];

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let attained = attained("attained_on_round_quadratics_at_one_over_l");
    let less = attained
        .restated(
            "less_than_the_floor",
            "E f(x_n) − f* = 0.99 σ²/(2L) for all n ≥ 1, when L = μ = 1/h",
        )
        .predicting(|p, _| 0.99 * floor_at_one_over_l(p));
    let variance = mode_variance("variance_of_a_mode");
    let first_order = variance
        .restated(
            "variance_without_the_second_order",
            "Var x_n = h s²/(2λ) (1 − (1 − hλ)²ⁿ), the limit of small steps",
        )
        .predicting(|mode, n| mode.variance(n) * (1.0 - mode.step * mode.curvature / 2.0));
    let against_step = stationary("floor_is_proportional_to_the_step", Knob::Step);
    let faster = against_step
        .restated("floor_falls_faster_than_the_step", "E f(x_n) − f* = h^(1/4) times that")
        .predicting(|_, h| powf(h, 0.25) * Knob::Step.floor(h));
    let against_batch = stationary("floor_is_inverse_to_the_batch", Knob::Batch);
    let slower = against_batch
        .restated(
            "floor_falls_more_slowly_than_the_batch_grows",
            "E f(x_n) − f* = b^(1/4) times that",
        )
        .predicting(|_, b| powf(b, 0.25) * Knob::Batch.floor(b));
    let theorem = Theorem::new("stochastic/sgd_noise_floor", include_str!("sgd_noise_floor.md"))
        .uses("convergence/gradient_descent_pl", "the linear rate without noise")
        .uses("stochastic/minibatch_variance", "a batch of b samples divides the variance by b")
        .claim(
            proved(decay_and_floor("geometric_decay_then_a_floor", 1.0), 1.0, NoiseLaw::NORMAL)
                .on(noisy_quadratics(30.0, 2.0, Perturbed::additive))
                .on(noisy_quadratic_plus_sine())
                .on(round(Shape::Signs))
                .tight_to(0.98),
        )
        .claim(
            proved(decay_and_floor("half_the_step", 0.5), 0.5, NoiseLaw::samples(12))
                .on(equal_parabolas())
                .tight_to(0.65),
        )
        .claim(
            with_all_paths("geometric_decay_then_a_floor_with_all_paths")
                .on(atoms(Flaw::None))
                .tight_to(0.95),
        )
        .claim(turned("every_step_and_batch", "E f(x_n) − f* ≤ (1 − μh)ⁿ (f(x₀) − f*) + h L σ²/(2μb)", 1.0).on(steps()).on(batches()).tight_to(0.9))
        .claim(attained)
        .claim(variance)
        .claim(against_step)
        .claim(against_batch)
        .control(
            decay_and_floor("no_floor_past_two_over_l", 2.2)
                .on(noisy_quadratics(30.0, 2.0, Perturbed::additive))
                .violating("step size"),
        )
        .control(
            decay_and_floor("one_coin_for_all_steps", 0.1)
                .on(Family::single("x²/2 from its minimum", || {
                    noisy_parabola(1.0, 0.0, signs).with_one_draw()
                }))
                .violating("independent noise"),
        )
        .control(
            turned("every_batch_lowers_the_floor_by_more", "E f(x_n) − f* ≤ (1 − μh)ⁿ (f(x₀) − f*) + 0.8 h L σ²/(2μb)", 0.8)
                .on(at_one_over_l()),
        )
        .control(
            turned("every_step_however_long", "E f(x_n) − f* ≤ (1 − μh)ⁿ (f(x₀) − f*) + h L σ²/(2μb)", 1.0)
                .violating(STEP)
                .on(long_steps()),
        )
        .control(less)
        .control(first_order)
        .control(faster)
        .control(slower)
        .figure(
            Figure::log_log("decay", "step n", "E f(x_n) − f*")
                .of("geometric_decay_then_a_floor")
                .caption(
                    "The gap falls geometrically until the noise \
                     holds it up; the bound has both parts.",
                ),
        )
        .figure(
            Figure::log_log("step_of_sgd", "step n", "E f(x_n) − f*")
                .of("every_step_and_batch")
                .along("step size h L, with batches of 4", "step sizes along the slider", FIRST_STEP)
                .caption(
                    "SGD on a parabola: a short step is slow (at 0.02 it is not yet at its floor) and has a low floor, a long one is fast and has a high one; beyond 1/L nothing is claimed, \
                     and beyond 2/L the run diverges.",
                ),
        )
        .figure(
            Figure::log_log("batch_of_sgd", "step n", "E f(x_n) − f*")
                .of("every_step_and_batch")
                .along("batch size b, with h L = 1/4", "batches along the slider", FIRST_BATCH)
                .caption("The batch leaves the decay as it is and lowers the floor in proportion."),
        )
        .figure(
            Figure::log_log("floor", "step size h", "floor of E f − f*")
                .of("floor_is_proportional_to_the_step")
                .of("floor_falls_faster_than_the_step")
                .caption("Half the step size, half the floor."),
        )
        .figure(
            Figure::log_log("temperature", "step size / batch size", "floor of E f − f*")
                .caption(
                    "Whatever the batch, the floor depends on the \
                     quotient of step and batch size alone.",
                )
                .showing(temperature),
        );
    let dropped = [
        (Property::Smoothness, lojasiewicz_functions()),
        (Property::Lojasiewicz, lojasiewicz_functions()),
    ];
    let noise = (NoiseModel::Additive, (0.1, 1.0));
    let theorem = without_constants(theorem, with_all_paths, noise, dropped);
    without_hypotheses(theorem, with_all_paths, atoms)
}

fn signs(f: Quadratic) -> Perturbed<Quadratic> {
    Perturbed::additive(f, 1.0).shaped(Shape::Signs)
}

/// With step size `multiple`/L.
fn decay_and_floor(name: &str, multiple: f64) -> TrialClaim<StochasticProblem> {
    let step = move |p: &StochasticProblem| multiple / p.problem().smoothness();
    Claim::expected_bound(name, "E f(x_n) − f* ≤ (1 − μh)ⁿ (f(x₀) − f*) + h L σ²/(2μ)")
        .within(0.1)
        .trials(1 << 15)
        .assuming([
            smooth(),
            lojasiewicz(),
            unbiased(),
            noise(NoiseModel::Additive),
            independent_noise(),
            step_size(multiple),
        ])
        .sampling(move |p: &StochasticProblem, block| {
            p.gaps(GradientDescent::new(step(p)), block, &CHECKPOINTS)
        })
        .predicting(move |p, n| {
            p.bound(floor_bound(p.problem(), step(p), p.sigma_squared(NoiseModel::Additive), n))
        })
}

/// By exact expectations, with any h up to 1/L.
fn with_all_paths(name: &str) -> Claim<Enumerated> {
    let step = |p: &Enumerated| p.multiple() / p.problem().smoothness();
    let formula = "E f(x_n) − f* ≤ (1 − μh)ⁿ (f(x₀) − f*) + h L σ²/(2μ), by all paths";
    Claim::bound(name, formula)
        .assuming([smooth(), lojasiewicz()])
        .assuming(noise_of_atoms())
        .assuming([allowed_step()])
        .measuring_each(move |p: &Enumerated| p.gaps(|_| step(p)))
        .predicting(move |p, n| floor_bound(p.problem(), step(p), p.variance(), n))
}

fn atoms(flaw: Flaw) -> Family<Enumerated> {
    enumerated(lojasiewicz_functions(), NoiseModel::Additive, (0.1, 1.0), flaw).hunted(1000)
}

/// With the second moment that smoothness alone gives.
fn proved(
    claim: TrialClaim<StochasticProblem>,
    multiple: f64,
    law: NoiseLaw,
) -> TrialClaim<StochasticProblem> {
    claim.second_moment_at_most(move |p, n| {
        let steps = std::iter::repeat_n(multiple / p.problem().smoothness(), n as usize);
        GapMoments::along_sgd(p, (NoiseModel::Additive, law), steps).square
    })
}

fn step_size(multiple: f64) -> Hypothesis<StochasticProblem> {
    Hypothesis::new("step size", move |_, _| Check::at_most(multiple, 1.0, "h L"))
}

/// L = μ: with h = 1/L the first step forgets the start, and the bound is attained from then on.
fn round(shape: Shape) -> Family<StochasticProblem> {
    Family::listed("λ|x|²/2", [(1, 3.0), (4, 0.5)], move |&(dimension, curvature)| {
        let round = Quadratic::diagonal(&vec![curvature; dimension]);
        let start = Vector::from_element(dimension, 2.0);
        StochasticProblem::new(round, start, |f| Perturbed::additive(f, 1.5).shaped(shape.clone()))
    })
}

/// By all paths of noise of either sign.
fn attained(name: &str) -> Claim<StochasticProblem> {
    Claim::identity(name, "E f(x_n) − f* = σ²/(2L) for all n ≥ 1, when L = μ = 1/h", 1e-12)
        .assuming([smooth(), lojasiewicz(), unbiased(), noise(NoiseModel::Additive)])
        .assuming([independent_noise(), step_size(1.0)])
        .on(round(Shape::Signs))
        .measuring([1, 2, 3], |p: &StochasticProblem, steps| {
            let method = || GradientDescent::new(1.0 / p.problem().smoothness());
            steps.read(|n| exact_mean(p, method, n, |x| p.problem().objective().value(x)))
        })
        .predicting(|p, _| floor_at_one_over_l(p))
}

/// σ²/(2L)
fn floor_at_one_over_l(p: &StochasticProblem) -> f64 {
    p.sigma_squared(NoiseModel::Additive) / (2.0 * p.problem().smoothness())
}

/// SGD of step size h on λx²/2 from 0 with noise of standard deviation s.
#[derive(Debug, Clone, Copy)]
struct Mode {
    step: f64,
    curvature: f64,
    deviation: f64,
}

impl Mode {
    /// h s²/(λ(2 - hλ)) (1 - (1 - hλ)^(2n))
    fn variance(&self, n: f64) -> f64 {
        let contraction = (1.0 - self.step * self.curvature).powi(2);
        let stationary = self.step * self.deviation.powi(2)
            / (self.curvature * (2.0 - self.step * self.curvature));
        stationary * (1.0 - powf(contraction, n))
    }
}

impl Instance for Mode {
    fn description(&self) -> String {
        let Mode { step, curvature, deviation } = self;
        format!("h = {step}, λ = {curvature}, s = {deviation}")
    }
}

/// By all paths of noise of either sign.
fn mode_variance(name: &str) -> Claim<Mode> {
    Claim::identity(name, "Var x_n = h s²/(λ(2 − hλ)) (1 − (1 − hλ)²ⁿ)", 1e-12)
        .assuming([
            Hypothesis::by_construction(
                "independent, unbiased noise",
                "all paths of signs that are independent from step to step",
            ),
            Hypothesis::new("stable step", |mode: &Mode, _| {
                Check::at_most(mode.step * mode.curvature, 2.0, "hλ")
            }),
        ])
        .on(Family::listed(
            "modes",
            [(0.1, 2.0, 1.5), (0.5, 1.0, 1.0), (1.5, 1.0, 0.3)],
            |&(step, curvature, deviation)| Mode { step, curvature, deviation },
        ))
        .measuring([1, 2, 4, 8], |mode: &Mode, steps| {
            let p = noisy_parabola(mode.curvature, 0.0, |f| {
                Perturbed::additive(f, mode.deviation).shaped(Shape::Signs)
            });
            let method = || GradientDescent::new(mode.step);
            steps.read(|n| exact_mean(&p, method, n, Vector::norm_squared))
        })
        .predicting(Mode::variance)
}

/// What the floor is measured against.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Knob {
    Step,
    Batch,
}

/// x²/2 with noise of either sign and σ = 1, which has forgotten the start when it is measured.
struct OneMode;

impl OneMode {
    fn noisy() -> Perturbed<Quadratic> {
        Perturbed::additive(Quadratic::diagonal(&[1.0]), 1.0).shaped(Shape::Signs)
    }

    /// f after three relaxation times, from the minimiser, for each trial of the block.
    fn floor(source: impl StochasticOracle + 'static, step: f64, block: &mut Block) -> Vec<f64> {
        let p = noisy_parabola(1.0, 0.0, |_| source);
        let steps = relaxation(step);
        p.gaps(GradientDescent::new(step), block, &[steps]).rows()[0].clone()
    }
}

impl Instance for OneMode {
    fn description(&self) -> String {
        "x²/2 with noise of E|g − ∇f|² = 1".into()
    }
}

/// Three relaxation times of a mode of curvature 1.
fn relaxation(step: f64) -> usize {
    (3.0 / step).ceil() as usize
}

impl Knob {
    /// The step size and the batch size at a value.
    fn turned_to(self, x: f64) -> (f64, usize) {
        match self {
            Knob::Step => (x, 1),
            Knob::Batch => (0.125, x as usize),
        }
    }

    /// E f after three relaxation times of x²/2, from 0: h/(2b(2 − h)) (1 − (1 − h)²ⁿ).
    fn floor(self, x: f64) -> f64 {
        let (h, batch) = self.turned_to(x);
        let forgotten = 1.0 - (1.0 - h).powi(2 * relaxation(h) as i32);
        h / (2.0 * batch as f64 * (2.0 - h)) * forgotten
    }
}

fn stationary(name: &str, knob: Knob) -> TrialClaim<OneMode> {
    let xs: Vec<f64> = match knob {
        Knob::Step => [9.0, 8.0, 7.0, 6.0, 5.0, 4.0].map(|octaves| powf(0.5, octaves)).to_vec(),
        Knob::Batch => vec![1.0, 2.0, 4.0, 8.0, 16.0, 32.0],
    };
    let formula = "E f(x_n) − f* = hσ²/(2b(2 − hλ)) (1 − (1 − hλ)²ⁿ), n = 3/(hλ)";
    Claim::expected_value(name, formula, 0.08)
        .trials(1 << 16)
        .assuming([Hypothesis::by_construction(
            "independent, unbiased, additive noise",
            "each step draws signs anew; hλ ≤ 1/8",
        )])
        .on(Family::single("one mode", || OneMode))
        .sampling(move |_, block| {
            let rows = xs.iter().map(|&x| {
                let (step, batch) = knob.turned_to(x);
                match batch {
                    1 => OneMode::floor(OneMode::noisy(), step, block),
                    _ => OneMode::floor(Repeated::new(OneMode::noisy(), batch), step, block),
                }
            });
            Sample::new(xs.clone(), rows)
        })
        // A sum of independent signs has E x⁴ ≤ 3 (E x²)².
        .second_moment_at_most(move |_, x| 3.0 * knob.floor(x).powi(2))
        .predicting(move |_, x| knob.floor(x))
}

fn temperature(draw: &mut Draw, _effort: Effort) -> Content {
    let parabolas = [-3.0, -1.0, 0.5, 1.5, 2.0].map(|centre| Parabola { curvature: 1.0, centre });
    let sum = ParabolaSum::new(&parabolas);
    let noise =
        MiniBatch::new(sum.clone(), 1, Sampling::WithReplacement).variance(&Vector::zeros(1));
    let trials = 512;
    let groups = [1usize, 4, 16].map(|batch| {
        let points = (2..=6).map(|k| {
            let step = 0.5f64.powi(k);
            let source = MiniBatch::new(sum.clone(), batch, Sampling::WithReplacement);
            let p = StochasticProblem::new(sum.clone(), Vector::zeros(1), |_| source);
            let gaps = p.gaps(
                GradientDescent::new(step),
                &mut Block::drawn(trials, draw),
                &[(4.0 / step) as usize],
            );
            (step / batch as f64, gaps.rows()[0].iter().sum::<f64>() / trials as f64)
        });
        Group::new(&format!("batches of {batch}"), points.collect::<Vec<_>>())
    });
    let line = [0.5f64.powi(10), 0.5].map(|quotient| (quotient, quotient * noise / 4.0));
    Content::Points { groups: groups.into(), lines: vec![Line::predicted("σ²/4 · h/b", line)] }
}
