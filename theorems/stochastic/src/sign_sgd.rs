#![doc = include_str!("sign_sgd.md")]

use rand::Rng;
use theoria_algorithms::{EnsembleRun, GradientDescent, Quantity, SignDescent};
use theoria_instances::families::{
    cancer_in_coordinates, drowned_slope, misleading, misleading_slope, rotated_quadratics,
    skewed_sine, smooth_functions,
};
use theoria_instances::hypotheses::{
    bounded_below, independent_noise, noise_in_coordinates, smooth, smooth_in_coordinates, unbiased,
};
use theoria_instances::{CoordinatewiseProblem, StochasticProblem};
use theoria_models::objectives::Huber;
use theoria_models::oracle::Oracle;
use theoria_models::stochastic::{Noisy, Perturbed, Shape};
use theoria_models::{Ensemble, Vector};
use theoria_verification::{
    Block, Claim, Content, Draw, Effort, Family, Figure, Hypothesis, Line, Reading, Sample,
    Theorem, TrialClaim,
};

use crate::support::{
    BOUNDED_SIGNS, Faulty, SignsOnALine, UNBIASED_SIGNS, exact_mean, hidden_slopes, noise_of_signs,
    signs_on_a_line,
};

const NUMBERS_OF_STEPS: [usize; 4] = [8, 32, 128, 512];
const BATCHES: [usize; 4] = [1, 2, 6, 20];

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let attained = long_run("noise_term_is_attained").on(drowned_slope());
    let less_noise = attained
        .restated("less_of_the_noise_term", "mean E|∇f(x_k)|₁ ≤ Δ/(hN) + 0.93 Σσ_i + h ΣL_i/2")
        .predicting(|i, n| bound(i, 0.93, n as usize, 1));
    Theorem::new("stochastic/sign_sgd", include_str!("sign_sgd.md"))
        .uses("convergence/sign_descent", "what a step of signs gains without noise")
        .uses("stochastic/minibatch_variance", "a batch of b samples divides the variance by b")
        .claim(
            along_the_run("gradient_at_every_step")
                .on(rotated_quadratics())
                .on(skewed_sine())
                .on(misleading_slope())
                .tight_to(0.55),
        )
        .claim(
            over_batches("gradient_against_batch")
                .on(rotated_quadratics())
                .on(cancer_in_coordinates())
                .tight_to(0.55),
        )
        .claim(attained.tight_to(0.95))
        .claim(climb("skewed_noise_climbs", Step::Sign, 1.0))
        .claim(on_a_line("gradient_on_a_line", 1.0).on(two_atoms(Faulty::Nothing)).tight_to(0.8))
        .control(
            on_a_line("nine_tenths_of_the_bound_on_a_line", 0.9).on(two_atoms(Faulty::Nothing)),
        )
        .control(
            on_a_line("gradient_with_biased_noise", 1.0)
                .on(hidden_slopes().hunted(200))
                .violating(UNBIASED_SIGNS),
        )
        .control(
            on_a_line("gradient_with_more_noise", 1.0)
                .on(two_atoms(Faulty::Larger))
                .violating(BOUNDED_SIGNS),
        )
        .control(less_noise)
        .control(climb("skewed_noise_climbs_two_percent_more", Step::Sign, 1.02))
        .control(climb("the_gradient_climbs_too", Step::Gradient, 1.0))
        .figure(
            Figure::log_log("batch", "batch b", "mean |∇f(x_k)|₁")
                .of("gradient_against_batch")
                .caption(
                    "On quadratics the gradient falls with larger batches, as its bound does; on \
                     the real data twenty steps are too few for the noise to matter.",
                ),
        )
        .figure(
            Figure::linear("climbing", "step", "x")
                .caption(
                    "On a slope of 1/4 with a stochastic gradient of 4 or −1 signs climb by h/2 a \
                 step; a mean of 16 gradients points downhill.",
                )
                .showing(climbing),
        )
}

/// Δ/(hN) + `times` Σσ_i/√b + h ΣL_i/2.
fn bound(i: &CoordinatewiseProblem, times: f64, steps: usize, batch: usize) -> f64 {
    i.gap_at_most() / (i.step_size() * steps as f64)
        + times * i.deviations().sum() / (batch as f64).sqrt()
        + i.step_size() * i.curvatures().sum() / 2.0
}

/// The means of |∇f(x_k)|_1 over the first N steps, for each trial of a block.
fn gradients(
    i: &CoordinatewiseProblem,
    batch: usize,
    steps: &[usize],
    block: &mut Block,
) -> Vec<Vec<f64>> {
    let oracle = i.batch(batch);
    let start = Ensemble::repeat(i.start(), block.trials());
    let noisy = Noisy::new(&*oracle, block.generator());
    let gradient = Quantity::gradient_sum_norm(oracle.objective()).mean_so_far();
    let method = SignDescent::new(i.step_size());
    EnsembleRun::of(method, &noisy, start, steps, &[gradient]).table(0).to_vec()
}

fn assumed() -> [Hypothesis<CoordinatewiseProblem>; 3] {
    [
        smooth_in_coordinates(),
        noise_in_coordinates(),
        Hypothesis::by_construction(
            "independent, unbiased noise",
            "an oracle has no state, and draws fresh noise of mean 0 from the block's generator in every step",
        ),
    ]
}

/// What theory proves of the mean square of the mean over k < N of |∇f(x_k)|_1. A step is worse than h |∇f|_1 by 2h times the slopes
/// that are seen with the wrong sign; their sum has the mean Σσ_i/2 at most, and the mean square (Σσ_i)², since a slope s has the
/// wrong sign with probability at most σ²/(σ² + s²). What deviates from the mean adds up like the root of N.
fn square(i: &CoordinatewiseProblem, steps: usize, batch: usize) -> f64 {
    bound(i, 1.0 + 2.0 / (steps as f64).sqrt(), steps, batch).powi(2)
}

/// By exact expectations, in one variable. `share` is 1 in the theorem.
fn on_a_line(name: &str, share: f64) -> Claim<SignsOnALine> {
    let times = if share == 1.0 { String::new() } else { format!("{share} times ") };
    let formula = format!("mean E|f′(x_k)| ≤ {times}(Δ/(hN) + σ + hL/2), by all paths");
    Claim::bound(name, &formula)
        .assuming([smooth(), bounded_below()])
        .assuming(noise_of_signs())
        .measuring_each(SignsOnALine::mean_slopes)
        .predicting(move |i, n| share * i.bound(1.0, n))
}

fn two_atoms(faulty: Faulty) -> Family<SignsOnALine> {
    signs_on_a_line(smooth_functions(), 1, faulty).hunted(1000)
}

/// With batches of 1, after each of several numbers of steps.
fn along_the_run(name: &str) -> TrialClaim<CoordinatewiseProblem> {
    Claim::expected_bound(name, "mean E|∇f(x_k)|₁ ≤ Δ/(hN) + Σσ_i + h ΣL_i/2")
        .assuming(assumed())
        .trials(4096)
        .second_moment_at_most(|i, n| square(i, n as usize, 1))
        .sampling(|i: &CoordinatewiseProblem, block| {
            let rows = gradients(i, 1, &NUMBERS_OF_STEPS, block);
            Sample::new(NUMBERS_OF_STEPS, rows)
        })
        .predicting(|i, n| bound(i, 1.0, n as usize, 1))
}

/// After 20 steps with batches of several sizes.
fn over_batches(name: &str) -> TrialClaim<CoordinatewiseProblem> {
    const STEPS: usize = 20;
    Claim::expected_bound(name, "mean E|∇f(x_k)|₁ ≤ Δ/(hN) + Σσ_i/√b + h ΣL_i/2")
        .assuming(assumed())
        .trials(4096)
        .second_moment_at_most(|i, b| square(i, STEPS, b as usize))
        .sampling(|i: &CoordinatewiseProblem, block| {
            let rows = BATCHES.iter().flat_map(|&batch| gradients(i, batch, &[STEPS], block));
            Sample::new(BATCHES, rows)
        })
        .predicting(|i, b| bound(i, 1.0, STEPS, b as usize))
}

/// Enough steps for all but the noise term to fade.
fn long_run(name: &str) -> TrialClaim<CoordinatewiseProblem> {
    const LONG: usize = 16384;
    Claim::expected_bound(name, "mean E|∇f(x_k)|₁ ≤ Δ/(hN) + Σσ_i + h ΣL_i/2, N = 16384")
        .assuming(assumed())
        .trials(2048)
        .second_moment_at_most(|i, n| square(i, n as usize, 1))
        .sampling(|i: &CoordinatewiseProblem, block| {
            Sample::new([LONG], gradients(i, 1, &[LONG], block))
        })
        .predicting(|i, n| bound(i, 1.0, n as usize, 1))
}

/// What is subtracted, times h.
#[derive(Clone, Copy)]
enum Step {
    Sign,
    Gradient,
}

/// Where the first coordinate is after these numbers of steps.
fn positions(
    i: &CoordinatewiseProblem,
    (step, batch): (Step, usize),
    steps: &[usize],
    trials: usize,
    generator: &mut impl Rng,
) -> Vec<Vec<f64>> {
    let oracle = i.batch(batch);
    let noisy = Noisy::new(&*oracle, generator);
    let noisy: &dyn Oracle<Ensemble> = &noisy;
    let start = Ensemble::repeat(i.start(), trials);
    let first = [Quantity::coordinate(0)];
    let run = match step {
        Step::Sign => EnsembleRun::of(SignDescent::new(i.step_size()), noisy, start, steps, &first),
        Step::Gradient => {
            EnsembleRun::of(GradientDescent::new(i.step_size()), noisy, start, steps, &first)
        }
    };
    run.table(0).to_vec()
}

/// The movement over the number of steps and h, by all paths; `share` is 1 in the theorem.
fn climb(name: &str, step: Step, share: f64) -> Claim<StochasticProblem> {
    const STEP_SIZE: f64 = 0.01;
    let times = if share == 1.0 { String::new() } else { format!("{share} times ") };
    let by = match step {
        Step::Sign => "",
        Step::Gradient => " with the gradient itself",
    };
    Claim::identity(name, &format!("E(x_N − x₀)/(hN) = {times}1/2{by}, by all paths"), 1e-12)
        .assuming([unbiased(), independent_noise()])
        .on(Family::single("slope 1/4, gradient 4 or −1", skewed_slope))
        .measuring([1, 2, 4, 8], move |p: &StochasticProblem, steps| {
            let start = p.problem().start()[0];
            steps.read(|n| {
                let moved = |x: &Vector| x[0] - start;
                let mean = match step {
                    Step::Sign => exact_mean(p, || SignDescent::new(STEP_SIZE), n, moved),
                    Step::Gradient => exact_mean(p, || GradientDescent::new(STEP_SIZE), n, moved),
                };
                // Differences of places.
                Reading::new(mean / (n as f64 * STEP_SIZE), 1e-13)
            })
        })
        .predicting(move |_, _| 0.5 * share)
}

/// The law of [`misleading`], of which paths can be walked.
fn skewed_slope() -> StochasticProblem {
    StochasticProblem::new(Huber::new(2.5, 0.1), Vector::from_element(1, 0.6), |f| {
        Perturbed::additive(f, 1.25 * 3f64.sqrt()).shaped(Shape::Skewed)
    })
}

fn climbing(draw: &mut Draw, _: Effort) -> Content {
    const STEPS: usize = 200;
    let i = misleading();
    let runs = [
        ("signs", Step::Sign, 1),
        ("signs of a mean of 16", Step::Sign, 16),
        ("SGD", Step::Gradient, 1),
    ];
    let mut lines: Vec<Line> = runs
        .into_iter()
        .map(|(label, step, batch)| {
            let every: Vec<usize> = (0..=STEPS).collect();
            let path = positions(&i, (step, batch), &every, 1, draw.generator());
            let points = every.iter().zip(path).map(|(n, x)| (*n as f64, x[0]));
            Line::measured(label, points)
        })
        .collect();
    let up = [0, STEPS].map(|n| (n as f64, i.start()[0] + n as f64 * i.step_size() / 2.0));
    lines.push(Line::predicted("up by h/2 a step", up));
    Content::Lines { lines }
}
