#![doc = include_str!("dynamical_stability.md")]

use theoria_algorithms::Quantity;
use theoria_elementary::{ln, powf};
use theoria_instances::sequences::{geometric, powers_of_two};
use theoria_models::Vector;
use theoria_models::flatness::SampleCurvatures;
use theoria_models::numerics::bisect;
use theoria_models::stochastic::{FiniteSum, Sampling, every_batch};
use theoria_verification::judgement::Exponent;
use theoria_verification::statistics::hill;
use theoria_verification::{
    Block, Case, Check, Claim, Content, Draw, Effort, Family, Figure, Hypothesis, Line, Reading,
    Readings, Sample, Theorem, TrialClaim,
};

use crate::support::descent_on_parabolas::{Run, parabolas, runs};
use crate::support::matrix_stability;
use crate::support::noisy_chains::{
    BURN_IN, between_the_thresholds, chains, cosine_deficits, positions, tail_index,
};

/// Steps of a chain over which it is observed.
const OBSERVED: usize = 4000;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let (enumerated, second_moment, growth) = (enumerated(), second_moment(), growth());
    let (tail, hill_estimate) = (tail(), hill_estimate());
    let near_zero = near_zero("characteristic_function_has_the_power_at_0");
    let other_power = near_zero
        .restated(
            "characteristic_function_has_another_power_at_0",
            "1 − E cos(uX) ~ u^(1.05 α), u → 0, E|1 − η a|^α = 1",
        )
        .predicting(|at, u| powf(u, 1.05 * tail_index(at)));
    let in_space = matrix_stability::growth("growth_is_the_spectral_radius");
    let a_hundredth_more = in_space
        .restated("growth_is_a_hundredth_more", "E |x_{k+1}|²/E |x_k|² → 1.01 ρ(E[A ⊗ A])")
        .predicting(|at, _| 1.01 * at.spectral_radius());
    let moments = matrix_stability::second_moments("second_moments_in_space");
    let of_descent = moments
        .restated("second_moments_are_those_of_descent", "E |x_k|² = |(E A)ᵏ x₀|²")
        .predicting(matrix_stability::of_the_mean);
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
        .predicting(|run, k| powf((1.0 - run.step * run.curvatures.mean()).powi(2), k));
    let mean_square_growth = growth
        .restated("growth_is_that_of_the_mean_square", "E log|x_k|/k = log(E (1 − η a_i)²)/2")
        .predicting(|run, _| ln(run.factor()) / 2.0);
    let finite_variance = tail
        .restated("variance_is_finite_beyond_the_threshold", "P(|X| > t) ~ t⁻²")
        .predicting(|_, t| t.powi(-2));
    let index_two = hill_estimate
        .restated("tail_index_is_two", "E of Hill's estimate of 1/α = 1/2")
        .predicting(|_, _| 0.5);
    let growing = growth
        .restated("growth_is_slower_by_a_tenth", "E log|x_k|/k = 0.9 E log|1 − η a_i|")
        .predicting(|run, _| 0.9 * run.curvatures.factors(run.step).lyapunov_exponent());
    Theorem::new("implicit_bias/dynamical_stability", include_str!("dynamical_stability.md"))
        .uses(
            "implicit_bias/two_minima",
            "products of random factors are decided by their mean logarithm, not by their second \
             moment",
        )
        .uses("stochastic/minibatch_variance", "the variance of a batch drawn without replacement")
        .claim(enumerated)
        .claim(second_moment)
        .claim(
            below_the_threshold("stable_below_the_mean_square_threshold")
                .on(runs("at 0.9 of the threshold", 0.9))
                .on(runs("at 0.99 of the threshold", 0.99)),
        )
        .claim(
            beyond_the_threshold("unstable_beyond_the_mean_square_threshold")
                .on(runs("at 1.01 of the threshold", 1.01))
                .on(runs("at 1.1 of the threshold", 1.1)),
        )
        .claim(growth)
        .claim(moments)
        .claim(in_space)
        .claim(tail)
        .claim(near_zero)
        .claim(hill_estimate)
        .control(spread_over_b)
        .control(sharpness_alone)
        .control(mean_square_growth)
        .control(of_descent)
        .control(a_hundredth_more)
        .control(finite_variance)
        .control(other_power)
        .control(index_two)
        .control(growing)
        .control(
            below_the_threshold("stable_beyond_the_mean_square_threshold")
                .violating(BELOW)
                .on(runs("at 1.1 of the threshold", 1.1)),
        )
        .control(
            beyond_the_threshold("unstable_below_the_mean_square_threshold")
                .violating(BEYOND)
                .on(runs("at 0.9 of the threshold", 0.9)),
        )
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

impl AsRef<SampleCurvatures> for Enumerated {
    fn as_ref(&self) -> &SampleCurvatures {
        &self.curvatures
    }
}

/// The mean of (1 − η a_B)² over all batches of this many samples.
fn mean_square(curvatures: &SampleCurvatures, batch: usize, step: f64) -> f64 {
    let (f, one) = (parabolas(curvatures), Vector::from_element(1, 1.0));
    let batches = every_batch(f.samples(), batch, Sampling::WithoutReplacement);
    let slopes = batches.iter().map(|chosen| f.batch_gradient(chosen, &one)[0]);
    slopes.map(|slope| (1.0 - step * slope).powi(2)).sum::<f64>() / batches.len() as f64
}

fn several_samples<T: AsRef<SampleCurvatures> + 'static>() -> Hypothesis<Case<T>> {
    Hypothesis::new("two samples or more, positive mean curvature", |at: &Case<T>, _| {
        let curvatures = at.value.as_ref();
        let (n, mean) = (curvatures.as_slice().len(), curvatures.mean());
        Check::that(n >= 2 && mean > 0.0, format!("{n} samples, mean curvature {mean:.4}"))
    })
}

fn independent_batches() -> Hypothesis<Case<Run>> {
    let why = "every step draws a batch of its own without replacement";
    Hypothesis::by_construction("independent batches", why)
}

/// Names of hypotheses that controls break.
const BELOW: &str = "η at most the mean-square threshold";
const BEYOND: &str = "η at least the mean-square threshold";

fn below() -> Hypothesis<Case<Run>> {
    Hypothesis::new(BELOW, |run: &Case<Run>, _| {
        Check::at_most(run.step, run.curvatures.mean_square_threshold(run.batch), "η, threshold")
    })
}

fn beyond() -> Hypothesis<Case<Run>> {
    Hypothesis::new(BEYOND, |run: &Case<Run>, _| {
        Check::at_least(run.step, run.curvatures.mean_square_threshold(run.batch), "η, threshold")
    })
}

/// All batches without replacement are visited.
fn enumerated() -> Claim<Case<Enumerated>> {
    let formula = "E (1 − η a_B)² = (1 − η a)² + η² s² (n − B)/(B(n − 1))";
    Claim::identity("second_moment_factor", formula, 1e-9)
        .assuming([several_samples()])
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
        .assuming([several_samples(), independent_batches()])
        .on(runs("at 0.9 of the threshold", 0.9))
        .on(runs("at 1.1 of the threshold", 1.1))
        .sampling(squares_of_two_steps)
        .bounded_by(|run, k| powf(run.largest_factor(), 2.0 * k))
        .predicting(|run, k| powf(run.factor(), k))
}

fn below_the_threshold(name: &str) -> TrialClaim<Case<Run>> {
    Claim::expected_bound(name, "E x_k² ≤ x₀²")
        .tight_to(0.95)
        .trials(1 << 17)
        .assuming([several_samples(), independent_batches(), below()])
        .sampling(squares_of_two_steps)
        .bounded_by(|run, k| powf(run.largest_factor(), 2.0 * k))
        .predicting(|_, _| 1.0)
}

fn beyond_the_threshold(name: &str) -> TrialClaim<Case<Run>> {
    Claim::expected_lower_bound(name, "E x_k² ≥ x₀²")
        .tight_to(0.95)
        .trials(1 << 17)
        .assuming([several_samples(), independent_batches(), beyond()])
        .sampling(squares_of_two_steps)
        .bounded_by(|run, k| powf(run.largest_factor(), 2.0 * k))
        .predicting(|_, _| 1.0)
}

/// Single samples at step sizes on both sides of the Lyapunov threshold.
fn growth() -> TrialClaim<Case<Run>> {
    let formula = "E log|x_k|/k = E log|1 − η a_i|";
    Claim::expected_value("growth_is_the_lyapunov_exponent", formula, 0.05)
        .trials(4096)
        .assuming([several_samples(), independent_batches()])
        .on(Family::listed("single samples", [0.6, 1.2, 1.5], |multiple| {
            Run::case(&[0.2, 3.8], 1, |all| multiple * all.lyapunov_threshold())
        }))
        .sampling(|run, block| run.sample(&[100], block).mapped(|k, x| ln(x.abs()) / k))
        .ranging(|run, _| (ln(run.least_factor()), ln(run.largest_factor())))
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
        .trials(1 << 16)
        .assuming([heavy_tailed()])
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
        .predicting(|curvatures, t| powf(t, -tail_index(curvatures)))
}

/// Without chains.
fn near_zero(name: &str) -> Claim<Case<SampleCurvatures>> {
    let formula = "1 − E cos(uX) ~ u^α, u → 0, E|1 − η a|^α = 1";
    Claim::new(name, formula, Exponent::default().towards_zero().within(0.02))
        .assuming([heavy_tailed()])
        .on(Family::single("between the thresholds", between_the_thresholds))
        .measuring_each(|curvatures: &Case<SampleCurvatures>| {
            let octaves: Vec<i32> = (-14..=-7).collect();
            let deficits = cosine_deficits(curvatures, &octaves);
            let places = octaves.into_iter().map(|k| 2f64.powi(k));
            places.zip(deficits).map(|(u, h)| (u, Reading::new(h, 1e-5 * h))).collect()
        })
        .predicting(|curvatures, u| powf(u, tail_index(curvatures)))
}

/// Log|F| has a mean below 0 and takes values that are no multiples of one number, up to rounding.
fn heavy_tailed() -> Hypothesis<Case<SampleCurvatures>> {
    Hypothesis::new(
        "E log|F| < 0 < log E F², log|F| on no lattice",
        |at: &Case<SampleCurvatures>, _| {
            let law = at.factors(1.0);
            let (lyapunov, square) = (law.lyapunov_exponent(), law.moment(2.0));
            let logarithms: Vec<f64> = at.as_slice().iter().map(|a| ln((1.0 - a).abs())).collect();
            let ratio = logarithms[0] / logarithms[1];
            let lattice = (1..20)
                .any(|q| (f64::from(q) * ratio - (f64::from(q) * ratio).round()).abs() < 1e-6);
            Check::that(
                lyapunov < 0.0 && square > 1.0 && !lattice,
                format!("E log|F| = {lyapunov:.4}, E F² = {square:.4}"),
            )
        },
    )
}

/// A trial is Hill's estimate of 1/α, from the largest fiftieth of some positions.
fn hill_estimate() -> TrialClaim<Case<SampleCurvatures>> {
    let formula = "E of Hill's estimate of 1/α = 1/α, E|1 − η a|^α = 1";
    Claim::expected_value("hill_estimates_the_root", formula, 0.1)
        .trials(256)
        .assuming([heavy_tailed()])
        .on(Family::single("between the thresholds", between_the_thresholds))
        .sampling(|curvatures, block| {
            block.each_value(1.0, |random| {
                let seen = positions(curvatures, random);
                hill(&seen, seen.len() / 50).map_or(f64::NAN, |found| found.alpha.recip())
            })
        })
        .ranging(|_, _| (0.0, f64::INFINITY))
        .predicting(|curvatures, _| tail_index(curvatures).recip())
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
