#![doc = include_str!("dynamical_stability.md")]

use rand::Rng;
use theoria_algorithms::{EnsembleRun, GradientDescent, Method, Quantity};
use theoria_instances::sequences::{geometric, powers_of_two};
use theoria_models::flatness::SampleCurvatures;
use theoria_models::numerics::bisect;
use theoria_models::objectives::ParabolaSum;
use theoria_models::stochastic::draws::normals;
use theoria_models::stochastic::{FiniteSum, MiniBatch, Noisy, Sampling, every_batch};
use theoria_models::{Ensemble, Vector};
use theoria_verification::statistics::hill;
use theoria_verification::{
    Block, Claim, Constant, Content, Curve, Draw, Effort, Family, Figure, Instance, Line, Sample,
    Stream, Theorem, TrialClaim,
};

/// Steps of a chain before it is taken to be stationary.
const BURN_IN: usize = 100;
/// Steps of a chain over which it is observed.
const OBSERVED: usize = 4000;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    Theorem::new(
        "implicit_bias/dynamical_stability",
        include_str!("dynamical_stability.md"),
    )
    .claim(
        enumerated("second_moment_factor", SampleCurvatures::mean_square_factor)
            .on(drawn_curvatures()),
    )
    .claim(second_moment("second_moment_follows_the_factor", Run::mean_square).on_all(both_sides()))
    .claim(bounded("stable_below_the_mean_square_threshold").on(runs("at 0.9 of the threshold", 0.9)))
    .claim(
        growing("unstable_beyond_the_mean_square_threshold")
            .on(runs("at 1.1 of the threshold", 1.1)),
    )
    .claim(
        lyapunov("growth_is_the_lyapunov_exponent", Run::lyapunov)
            .on(single_samples()),
    )
    .claim(tail("tail_is_a_power", |chain| -chain.tail_index()))
    .claim(hill_estimate("hill_estimates_the_root", HeavyTail::tail_index))
    .control(
        enumerated("batches_without_replacement_vary_by_one_over_b", |f, step, batch| {
            let spread = f.variance() / batch as f64;
            (1.0 - step * f.mean()).powi(2) + step * step * spread
        })
        .on(drawn_curvatures()),
    )
    .control(
        second_moment("sharpness_alone_decides", Run::sharpness_alone)
            .on(runs("at 0.9 of the threshold", 0.9)),
    )
    .control(
        lyapunov("growth_is_that_of_the_mean_square", |run| run.mean_square().ln() / 2.0)
            .on(single_samples()),
    )
    .control(tail("variance_is_finite_beyond_the_threshold", |_| -2.0))
    .control(hill_estimate("tail_index_is_two", |_| 2.0))
    .figure(
        Figure::log_log("tail", "t", "P(|X| > t)")
            .of("tail_is_a_power")
            .of("variance_is_finite_beyond_the_threshold")
            .caption(
                "Between the two thresholds the stationary law has a power tail with the exponent that solves \
                 E|1 − η a|^α = 1, too heavy for a variance.",
            ),
    )
    .figure(
        Figure::linear("stability", "batch size B", "largest stable step size, units of 2/sharpness")
        .caption(
            "The second moment allows less than sharpness does, the less the smaller the batch; whole batches are \
             gradient descent.",
        )
        .showing(stability),
    )
    .figure(
        Figure::semilog_x("hill", "share of the sample in the tail", "Hill's estimate of α")
        .caption("Hill's estimate settles at the root of E|1 − η a|^α = 1 when the tail is short enough.")
        .showing(hill_plot),
    )
}

/// Curvatures with a step size.
struct Enumerated {
    curvatures: SampleCurvatures,
    step: f64,
}

/// The finite sum of these curvatures.
fn parabolas(curvatures: &SampleCurvatures) -> ParabolaSum {
    ParabolaSum::centred(curvatures.as_slice())
}

impl Instance for Enumerated {
    fn description(&self) -> String {
        format!("{} curvatures, η = {:.4}", self.curvatures.as_slice().len(), self.step)
    }
}

fn drawn_curvatures() -> Family<Enumerated> {
    Family::drawn("drawn curvatures", |draw| {
        let n = draw.size(3..=8);
        let numbers = (0..n).map(|_| draw.log_uniform(0.2, 4.0)).collect();
        let curvatures = SampleCurvatures::new(numbers);
        let step = draw.uniform(0.2, 2.0) / curvatures.mean();
        Enumerated { curvatures, step }
    })
}

/// All batches without replacement are visited.
fn enumerated(
    name: &str,
    predicted: fn(&SampleCurvatures, f64, usize) -> f64,
) -> Claim<Enumerated> {
    let formula = "E (1 − η a_B)² = (1 − η a)² + η² s² (n − B)/(B(n − 1))";
    Claim::identity(name, formula, 1e-9).experiment(move |at: &Enumerated| {
        let one = Vector::from_element(1, 1.0);
        let f = parabolas(&at.curvatures);
        let n = f.samples();
        Curve::over(
            1..=n,
            |batch| {
                let batches = every_batch(n, batch, Sampling::WithoutReplacement);
                let squares = batches.iter().map(|chosen| {
                    let slope = f.batch_gradient(chosen, &one)[0];
                    (1.0 - at.step * slope).powi(2)
                });
                squares.sum::<f64>() / batches.len() as f64
            },
            |batch| predicted(&at.curvatures, at.step, batch),
        )
    })
}

/// SGD with batches drawn without replacement.
struct Run {
    curvatures: SampleCurvatures,
    batch: usize,
    step: f64,
}

impl Run {
    fn mean_square(&self) -> f64 {
        self.curvatures.mean_square_factor(self.step, self.batch)
    }

    fn sharpness_alone(&self) -> f64 {
        (1.0 - self.step * self.curvatures.mean()).powi(2)
    }

    fn lyapunov(&self) -> f64 {
        self.curvatures.factors(self.step).lyapunov_exponent()
    }

    /// What `change` makes of |x| after each number of steps, from x = 1.
    fn sample(&self, steps: &[usize], block: &mut Block, change: fn(f64, f64) -> f64) -> Sample {
        let start = Ensemble::repeat(&Vector::from_element(1, 1.0), block.trials());
        let sampling = Sampling::WithoutReplacement;
        let batches = MiniBatch::new(parabolas(&self.curvatures), self.batch, sampling);
        let noisy = Noisy::new(&batches, block.generator());
        let method = GradientDescent::new(self.step);
        let run = EnsembleRun::of(method, &noisy, start, steps, &[Quantity::coordinate(0)]);
        let checkpoints: Vec<f64> = steps.iter().map(|k| *k as f64).collect();
        let rows = run
            .table(0)
            .iter()
            .zip(&checkpoints)
            .map(|(row, &k)| row.iter().map(|x| change(x.abs(), k)).collect());
        Sample::new(checkpoints.clone(), rows)
    }
}

impl Instance for Run {
    fn description(&self) -> String {
        let (curvatures, batch) = (self.curvatures.as_slice(), self.batch);
        format!("curvatures {curvatures:?}, batches of {batch}, η = {:.4}", self.step)
    }

    fn constants(&self) -> Vec<Constant> {
        vec![
            Constant::exact("sharpness", self.curvatures.mean()),
            Constant::exact("s²", self.curvatures.variance()),
            Constant::exact(
                "η of the mean square",
                self.curvatures.mean_square_threshold(self.batch),
            ),
        ]
    }
}

/// Curvatures shared unevenly, and batch sizes.
fn uneven() -> Vec<(Vec<f64>, usize)> {
    let five = vec![0.5, 1.0, 1.5, 3.0, 6.0];
    vec![(vec![0.2, 3.8], 1), (five.clone(), 1), (five.clone(), 2), (five, 4)]
}

/// With step sizes of this multiple of the mean-square threshold.
fn runs(name: &str, multiple: f64) -> Family<Run> {
    Family::listed(name, uneven(), move |(numbers, batch)| {
        let curvatures = SampleCurvatures::new(numbers.clone());
        let step = multiple * curvatures.mean_square_threshold(*batch);
        Run { curvatures, batch: *batch, step }
    })
}

fn both_sides() -> [Family<Run>; 2] {
    [runs("at 0.9 of the threshold", 0.9), runs("at 1.1 of the threshold", 1.1)]
}

/// Single samples at step sizes on both sides of the Lyapunov threshold.
fn single_samples() -> Family<Run> {
    Family::listed("single samples", [0.6, 1.2, 1.5], |multiple| {
        let curvatures = SampleCurvatures::new(vec![0.2, 3.8]);
        let step = multiple * curvatures.lyapunov_threshold();
        Run { curvatures, batch: 1, step }
    })
}

fn second_moment(name: &str, factor: fn(&Run) -> f64) -> TrialClaim<Run> {
    Claim::expected_value(name, "E x_k² = (E (1 − η a_B)²)ᵏ x₀²", 0.06)
        .trials(1 << 19)
        .sampling(|run: &Run, block| run.sample(&[1, 2], block, |x, _| x * x))
        .predicting(move |run, k| factor(run).powf(k))
}

fn bounded(name: &str) -> TrialClaim<Run> {
    Claim::expected_bound(name, "E x_k² ≤ x₀²")
        .trials(1 << 15)
        .sampling(|run: &Run, block| run.sample(&[1, 2], block, |x, _| x * x))
        .predicting(|_, _| 1.0)
}

fn growing(name: &str) -> TrialClaim<Run> {
    Claim::expected_lower_bound(name, "E x_k² ≥ x₀²")
        .trials(1 << 15)
        .sampling(|run: &Run, block| run.sample(&[1, 2], block, |x, _| x * x))
        .predicting(|_, _| 1.0)
}

fn lyapunov(name: &str, rate: fn(&Run) -> f64) -> TrialClaim<Run> {
    Claim::expected_value(name, "E log|x_k|/k = E log|1 − η a_i|", 0.05)
        .trials(4096)
        .sampling(|run: &Run, block| run.sample(&[100], block, |x, k| x.ln() / k))
        .predicting(move |run, _| rate(run))
}

/// x ← (1 − η a_i) x + ξ with standard normal ξ and η = 1.
struct HeavyTail {
    curvatures: SampleCurvatures,
}

impl HeavyTail {
    fn tail_index(&self) -> f64 {
        self.curvatures.factors(1.0).tail_index().unwrap_or_else(|error| panic!("{error}"))
    }

    /// Shows `observe` the positions of many chains after each step, once they are stationary.
    fn observe(
        &self,
        chains: usize,
        steps: usize,
        random: &mut impl Rng,
        mut observe: impl FnMut(usize, &[f64]),
    ) {
        let stream = Stream::new(random.next_u64());
        let batches = MiniBatch::new(parabolas(&self.curvatures), 1, Sampling::WithReplacement);
        let (noisy, mut additive) = (Noisy::new(&batches, stream.trial(0)), stream.trial(1));
        let mut method = GradientDescent::new(1.0);
        let mut x = Ensemble::repeat(&Vector::zeros(1), chains);
        let mut kick = vec![0.0; chains];
        for step in 0..BURN_IN + steps {
            method.step(&noisy, &mut x);
            normals(&mut additive, &mut kick);
            for (x, kick) in x.coordinate_mut(0).iter_mut().zip(&kick) {
                *x += kick;
            }
            if step >= BURN_IN {
                observe(step - BURN_IN, x.coordinate(0));
            }
        }
    }

    /// Absolute positions of 256 chains at every tenth of 1000 steps.
    fn positions(&self, random: &mut impl Rng) -> Vec<f64> {
        let mut seen = Vec::with_capacity(25_600);
        self.observe(256, 1000, random, |step, x| {
            if step % 10 == 0 {
                seen.extend(x.iter().map(|x| x.abs()));
            }
        });
        seen
    }
}

impl Instance for HeavyTail {
    fn description(&self) -> String {
        let factors: Vec<f64> = self.curvatures.as_slice().iter().map(|a| 1.0 - a).collect();
        format!("factors {factors:.2?}")
    }

    fn constants(&self) -> Vec<Constant> {
        let law = self.curvatures.factors(1.0);
        vec![
            Constant::exact("E log|F|", law.lyapunov_exponent()),
            Constant::exact("E F²", law.moment(2.0)),
            Constant::exact("α", self.tail_index()),
        ]
    }
}

/// Stable almost surely, unstable in mean square.
fn between_the_thresholds() -> Family<HeavyTail> {
    Family::single("between the thresholds", || HeavyTail {
        curvatures: SampleCurvatures::new(vec![0.5, 0.8, 2.4, 2.6]),
    })
}

/// A trial is one chain: the share of its time beyond t.
fn tail(name: &str, exponent: fn(&HeavyTail) -> f64) -> TrialClaim<HeavyTail> {
    Claim::expected_exponent(name, "P(|X| > t) ~ t^(−α), E|1 − η a|^α = 1")
        .within(0.15)
        .trials(16_384)
        .on(between_the_thresholds())
        .sampling(|chain, block| {
            let levels: Vec<f64> = powers_of_two(4..=9);
            let mut counts = vec![vec![0u32; block.trials()]; levels.len()];
            chain.observe(block.trials(), OBSERVED, block.generator(), |_, x| {
                for (counts, level) in counts.iter_mut().zip(&levels) {
                    for (count, x) in counts.iter_mut().zip(x) {
                        *count += u32::from(x.abs() > *level);
                    }
                }
            });
            let share = |count: u32| f64::from(count) / OBSERVED as f64;
            let rows = counts.into_iter().map(|row| row.into_iter().map(share).collect());
            Sample::new(levels, rows)
        })
        .predicting(move |chain, t| t.powf(exponent(chain)))
}

/// A trial is Hill's estimate from the largest fiftieth of some positions.
fn hill_estimate(name: &str, index: fn(&HeavyTail) -> f64) -> TrialClaim<HeavyTail> {
    Claim::expected_value(name, "Hill's estimate = α, E|1 − η a|^α = 1", 0.1)
        .trials(256)
        .on(between_the_thresholds())
        .sampling(|chain, block| {
            block.each_value(1.0, |random| {
                let seen = chain.positions(random);
                hill(&seen, seen.len() / 50).map_or(f64::NAN, |found| found.alpha)
            })
        })
        .predicting(move |chain, _| index(chain))
}

fn stability(_: &mut Draw, _: Effort) -> Content {
    let curvatures = SampleCurvatures::new(vec![0.5, 1.0, 1.5, 3.0, 6.0]);
    let (f, unit) = (parabolas(&curvatures), 2.0 / curvatures.mean());
    let batches = || 1..=f.samples();
    // By bisection on the second moment over all batches.
    let enumerated = |batch: usize| {
        let chosen = every_batch(f.samples(), batch, Sampling::WithoutReplacement);
        let one = Vector::from_element(1, 1.0);
        let slopes: Vec<f64> = chosen.iter().map(|b| f.batch_gradient(b, &one)[0]).collect();
        let moment = |step: f64| {
            let squares = slopes.iter().map(|slope| (1.0 - step * slope).powi(2));
            squares.sum::<f64>() / slopes.len() as f64
        };
        bisect(1e-6, 2.0 * unit, 0.0, |step| moment(step) < 1.0).0
    };
    let measured = batches().map(|b| (b as f64, enumerated(b) / unit));
    let predicted = batches().map(|b| (b as f64, curvatures.mean_square_threshold(b) / unit));
    let sharpness = batches().map(|b| (b as f64, 1.0));
    Content::Lines {
        lines: vec![
            Line::measured("second moment, all batches", measured),
            Line::predicted("mean-square threshold", predicted),
            Line::predicted("2/sharpness", sharpness),
        ],
    }
}

fn hill_plot(draw: &mut Draw, _: Effort) -> Content {
    let chain = HeavyTail { curvatures: SampleCurvatures::new(vec![0.5, 0.8, 2.4, 2.6]) };
    let seen: Vec<f64> = (0..8).flat_map(|_| chain.positions(draw.generator())).collect();
    let shares = geometric(1e-3, 0.1f64.sqrt(), 21).into_iter();
    let estimates = shares.filter_map(|share| {
        let tail = (share * seen.len() as f64) as usize;
        Some((share, hill(&seen, tail).ok()?.alpha))
    });
    let alpha = chain.tail_index();
    let level = |label: &str, y: f64| Line::predicted(label, [(1e-3, y), (0.3, y)]);
    Content::Lines {
        lines: vec![
            Line::measured("Hill", estimates),
            level("root α", alpha),
            level("finite variance needs more than 2", 2.0),
        ],
    }
}
