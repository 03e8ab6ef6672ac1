#![doc = include_str!("dynamical_stability.md")]

use theoria_algorithms::Quantity;
use theoria_instances::sequences::{geometric, powers_of_two};
use theoria_models::Vector;
use theoria_models::flatness::SampleCurvatures;
use theoria_models::numerics::bisect;
use theoria_models::stochastic::{FiniteSum, Sampling, every_batch};
use theoria_verification::statistics::hill;
use theoria_verification::{
    Block, Case, Claim, Content, Draw, Effort, Family, Figure, Line, Readings, Sample, Theorem,
    TrialClaim,
};

use crate::support::descent_on_parabolas::{Run, parabolas, runs};
use crate::support::noisy_chains::{
    BURN_IN, between_the_thresholds, chains, positions, tail_index,
};

/// Steps of a chain over which it is observed.
const OBSERVED: usize = 4000;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let (enumerated, second_moment, growth) = (enumerated(), second_moment(), growth());
    let (tail, hill_estimate) = (tail(), hill_estimate());
    let spread_over_b = enumerated
        .restated(
            "batches_without_replacement_vary_by_one_over_b",
            "E (1 − η a_B)² = (1 − η a)² + η² s²/B",
        )
        .predicting(|at, batch| {
            let spread = at.curvatures.variance() / batch;
            (1.0 - at.step * at.curvatures.mean()).powi(2) + at.step * at.step * spread
        });
    let sharpness_alone = second_moment
        .restated("sharpness_alone_decides", "E x_k² = (1 − η a)²ᵏ x₀²")
        .predicting(|run, k| (1.0 - run.step * run.curvatures.mean()).powi(2).powf(k));
    let mean_square_growth = growth
        .restated("growth_is_that_of_the_mean_square", "E log|x_k|/k = log(E (1 − η a_i)²)/2")
        .predicting(|run, _| run.factor().ln() / 2.0);
    let finite_variance = tail
        .restated("variance_is_finite_beyond_the_threshold", "P(|X| > t) ~ t⁻²")
        .predicting(|_, t| t.powi(-2));
    let index_two =
        hill_estimate.restated("tail_index_is_two", "Hill's estimate = 2").predicting(|_, _| 2.0);
    Theorem::new("implicit_bias/dynamical_stability", include_str!("dynamical_stability.md"))
        .claim(enumerated)
        .claim(second_moment)
        .claim(below_the_threshold("stable_below_the_mean_square_threshold"))
        .claim(beyond_the_threshold("unstable_beyond_the_mean_square_threshold"))
        .claim(growth)
        .claim(tail)
        .claim(hill_estimate)
        .control(spread_over_b)
        .control(sharpness_alone)
        .control(mean_square_growth)
        .control(finite_variance)
        .control(index_two)
        .figure(
            Figure::log_log("tail", "t", "P(|X| > t)")
                .of("tail_is_a_power")
                .of("variance_is_finite_beyond_the_threshold")
                .caption(
                    "Between the two thresholds the stationary law has a power tail with \
                 the exponent that solves E|1 − η a|^α = 1, too heavy for a variance.",
                ),
        )
        .figure(
            Figure::linear(
                "stability",
                "batch size B",
                "largest stable step size, units of 2/sharpness",
            )
            .caption(
                "The second moment allows less than sharpness does, the less the smaller \
             the batch; whole batches are gradient descent.",
            )
            .showing(stability),
        )
        .figure(
            Figure::semilog_x("hill", "share of the sample in the tail", "Hill's estimate of α")
                .caption(
                    "Hill's estimate settles at the root of E|1 − η a|^α = 1 when the tail is \
             short enough.",
                )
                .showing(hill_plot),
        )
}

/// Curvatures and a step size.
struct Enumerated {
    curvatures: SampleCurvatures,
    step: f64,
}

/// The mean of (1 − η a_B)² over all batches of this many samples.
fn mean_square(curvatures: &SampleCurvatures, batch: usize, step: f64) -> f64 {
    let (f, one) = (parabolas(curvatures), Vector::from_element(1, 1.0));
    let batches = every_batch(f.samples(), batch, Sampling::WithoutReplacement);
    let slopes = batches.iter().map(|chosen| f.batch_gradient(chosen, &one)[0]);
    slopes.map(|slope| (1.0 - step * slope).powi(2)).sum::<f64>() / batches.len() as f64
}

/// All batches without replacement are visited.
fn enumerated() -> Claim<Case<Enumerated>> {
    let formula = "E (1 − η a_B)² = (1 − η a)² + η² s² (n − B)/(B(n − 1))";
    Claim::identity("second_moment_factor", formula, 1e-9)
        .on(Family::drawn("drawn curvatures", |draw| {
            let n = draw.size(3..=8);
            let numbers = (0..n).map(|_| draw.log_uniform(0.2, 4.0)).collect();
            let curvatures = SampleCurvatures::new(numbers);
            let step = draw.uniform(0.2, 2.0) / curvatures.mean();
            Case::new(format!("{n} curvatures, η = {step:.4}"), Enumerated { curvatures, step })
        }))
        .measuring_each(|at| {
            let batches = 1..=at.curvatures.as_slice().len();
            Readings::over(batches, |batch| mean_square(&at.curvatures, batch, at.step))
        })
        .predicting(|at, batch| at.curvatures.mean_square_factor(at.step, batch as usize))
}

fn squares_of_two_steps(run: &Case<Run>, block: &mut Block) -> Sample {
    run.sample(&[1, 2], block).mapped(|_, x| x * x)
}

fn second_moment() -> TrialClaim<Case<Run>> {
    let formula = "E x_k² = (E (1 − η a_B)²)ᵏ x₀²";
    Claim::expected_value("second_moment_follows_the_factor", formula, 0.06)
        .trials(1 << 19)
        .on(runs("at 0.9 of the threshold", 0.9))
        .on(runs("at 1.1 of the threshold", 1.1))
        .sampling(squares_of_two_steps)
        .predicting(|run, k| run.factor().powf(k))
}

fn below_the_threshold(name: &str) -> TrialClaim<Case<Run>> {
    Claim::expected_bound(name, "E x_k² ≤ x₀²")
        .trials(1 << 15)
        .on(runs("at 0.9 of the threshold", 0.9))
        .sampling(squares_of_two_steps)
        .predicting(|_, _| 1.0)
}

fn beyond_the_threshold(name: &str) -> TrialClaim<Case<Run>> {
    Claim::expected_lower_bound(name, "E x_k² ≥ x₀²")
        .trials(1 << 15)
        .on(runs("at 1.1 of the threshold", 1.1))
        .sampling(squares_of_two_steps)
        .predicting(|_, _| 1.0)
}

/// Single samples at step sizes on both sides of the Lyapunov threshold.
fn growth() -> TrialClaim<Case<Run>> {
    let formula = "E log|x_k|/k = E log|1 − η a_i|";
    Claim::expected_value("growth_is_the_lyapunov_exponent", formula, 0.05)
        .trials(4096)
        .on(Family::listed("single samples", [0.6, 1.2, 1.5], |multiple| {
            Run::case(&[0.2, 3.8], 1, |all| multiple * all.lyapunov_threshold())
        }))
        .sampling(|run, block| run.sample(&[100], block).mapped(|k, x| x.abs().ln() / k))
        .predicting(|run, _| run.curvatures.factors(run.step).lyapunov_exponent())
}

/// The share of the steps so far that began with |x| > t.
fn share_beyond(t: f64) -> Quantity<'static> {
    let beyond = Quantity::new(move |x, into| {
        for (beyond, x) in into.iter_mut().zip(x.coordinate(0)) {
            *beyond = f64::from(u8::from(x.abs() > t));
        }
    });
    beyond.mean_so_far()
}

/// A trial is one chain: the share of its time beyond t.
fn tail() -> TrialClaim<Case<SampleCurvatures>> {
    Claim::expected_exponent("tail_is_a_power", "P(|X| > t) ~ t^(−α), E|1 − η a|^α = 1")
        .within(0.15)
        .trials(16_384)
        .on(Family::single("between the thresholds", between_the_thresholds))
        .sampling(|curvatures, block| {
            let levels: Vec<f64> = powers_of_two(4..=9);
            let shares: Vec<Quantity<'_>> = levels.iter().map(|t| share_beyond(*t)).collect();
            let ends = [BURN_IN, BURN_IN + OBSERVED];
            let run = chains(curvatures, block.trials(), block.generator(), &ends, &shares);
            let [first, all] = ends.map(|steps| steps as f64);
            let rows = (0..levels.len()).map(|level| {
                let pairs = run.at(level, 0).iter().zip(run.at(level, 1));
                pairs.map(|(early, late)| (all * late - first * early) / (all - first)).collect()
            });
            Sample::new(&levels, rows)
        })
        .predicting(|curvatures, t| t.powf(-tail_index(curvatures)))
}

/// A trial is Hill's estimate from the largest fiftieth of some positions.
fn hill_estimate() -> TrialClaim<Case<SampleCurvatures>> {
    let formula = "Hill's estimate = α, E|1 − η a|^α = 1";
    Claim::expected_value("hill_estimates_the_root", formula, 0.1)
        .trials(256)
        .on(Family::single("between the thresholds", between_the_thresholds))
        .sampling(|curvatures, block| {
            block.each_value(1.0, |random| {
                let seen = positions(curvatures, random);
                hill(&seen, seen.len() / 50).map_or(f64::NAN, |found| found.alpha)
            })
        })
        .predicting(|curvatures, _| tail_index(curvatures))
}

fn stability(_: &mut Draw, _: Effort) -> Content {
    let curvatures = SampleCurvatures::new(vec![0.5, 1.0, 1.5, 3.0, 6.0]);
    let unit = 2.0 / curvatures.mean();
    let over = |largest: &dyn Fn(usize) -> f64| -> Vec<(f64, f64)> {
        (1..=5).map(|batch| (batch as f64, largest(batch) / unit)).collect()
    };
    // By bisection on the second moment over all batches.
    let stable = |batch, step| mean_square(&curvatures, batch, step) < 1.0;
    let measured = over(&|batch| bisect(1e-6, 2.0 * unit, 0.0, |step| stable(batch, step)).0);
    let threshold = over(&|batch| curvatures.mean_square_threshold(batch));
    Content::Lines {
        lines: vec![
            Line::measured("second moment, all batches", measured),
            Line::predicted("mean-square threshold", threshold),
            Line::predicted("2/sharpness", over(&|_| unit)),
        ],
    }
}

fn hill_plot(draw: &mut Draw, _: Effort) -> Content {
    let curvatures = between_the_thresholds();
    let seen: Vec<f64> = (0..8).flat_map(|_| positions(&curvatures, draw.generator())).collect();
    let shares = geometric(1e-3, 0.1f64.sqrt(), 21).into_iter();
    let estimates = shares.filter_map(|share| {
        let tail = (share * seen.len() as f64) as usize;
        Some((share, hill(&seen, tail).ok()?.alpha))
    });
    let level = |label: &str, y: f64| Line::predicted(label, [(1e-3, y), (0.3, y)]);
    Content::Lines {
        lines: vec![
            Line::measured("Hill", estimates),
            level("root α", tail_index(&curvatures)),
            level("finite variance needs more than 2", 2.0),
        ],
    }
}
