#![doc = include_str!("two_minima.md")]

use rand::Rng;
use theoria_algorithms::{EnsembleRun, GradientDescent, Quantity, Trajectory};
use theoria_elementary::powf;
use theoria_models::numerics::maximum;
use theoria_models::objectives::ParabolaSum;
use theoria_models::stochastic::draws::normals;
use theoria_models::stochastic::{MiniBatch, Noisy, Sampling};
use theoria_models::{Ensemble, Vector};
use theoria_verification::{
    Check, Claim, Constant, Content, Curve, Draw, Effort, Family, Figure, Hypothesis, Instance,
    Line, Reading, Readings, Sample, Side, Stream, Theorem, TrialClaim,
};

/// Runs start this far from the minimum, times a standard normal number.
const NOISE: f64 = 1e-3;
/// Steps of a run of SGD.
const STEPS: usize = 2500;
/// Step sizes between which the one at which a run leaves is looked for.
const CELLS: usize = 16;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let threshold = threshold("threshold_is_that_of_the_lyapunov_exponent");
    let mean_square = threshold
        .restated("threshold_is_that_of_the_mean_square", "SGD leaves at 2a/(a² + s²)")
        .predicting(|losses, _| losses.mean_square());
    let two_over_sharpness = threshold
        .restated("threshold_is_two_over_sharpness", "SGD leaves at 2/sharpness")
        .predicting(|losses, _| losses.two_over_sharpness());
    let all_steps = || steps("below 2/sharpness", [0.3, 0.54, 0.57, 0.7, 0.9]);
    let stays = gradient_descent("gradient_descent_stays_at_one").on(all_steps());
    let contracts_faster = stays
        .restated("gradient_descent_contracts_otherwise", "|x_k − 1| = |1 − 2.01η|ᵏ |x₀ − 1|")
        .predicting(|at, k| contracted(2.01 * at.step, k));
    let reach = reach(
        "a_run_reaches_out_with_a_power_of_the_distance",
        "P(|x_k − 1| ≥ r for some k) ≤ (δ/r)^α, E|1 − η a_i|^α = 1",
        Side::AtMost,
    )
    .on(steps("below the Lyapunov threshold", [0.556, 0.557]))
    .predicting(|at, share| powf(share, tail_index(at)));
    // Nearer to the threshold runs are still on their way after so many steps.
    let reach_as_often = self::reach(
        "a_run_reaches_out_as_often_up_to_its_last_step",
        "P(|x_k − 1| ≥ r for some k) ≥ (δ/(r max|1 − η a_i|))^α",
        Side::AtLeast,
    )
    .on(steps("between the thresholds", [0.555, 0.556]))
    .predicting(|at, share| powf(share / largest_factor(at), tail_index(at)));
    let second_power = reach
        .restated("a_run_reaches_out_with_the_second_power", "P(|x_k − 1| ≥ r for some k) ≤ (δ/r)²")
        .predicting(|_, share| share.powi(2));
    let without_last_step = reach_as_often
        .restated("a_run_reaches_out_as_often", "P(|x_k − 1| ≥ r for some k) ≥ (δ/r)^α")
        .predicting(|at, share| powf(share, tail_index(at)));
    Theorem::new("implicit_bias/two_minima", include_str!("two_minima.md"))
        .uses(
            "convergence/gradient_descent_strongly_convex",
            "on a parabola a step multiplies the distance, and steps beyond 2/L lead away",
        )
        .claim(stays)
        .claim(sgd_at_zero("sgd_stays_at_the_even_minimum").on(all_steps()))
        .claim(
            escape("sgd_stays_at_the_uneven_minimum", Side::AtMost, 0.02)
                .on(steps("below the Lyapunov threshold", [0.3, 0.5, 0.54, 0.555])),
        )
        .claim(
            escape("sgd_leaves_the_uneven_minimum", Side::AtLeast, 0.98)
                .on(steps("beyond the Lyapunov threshold", [0.57, 0.7, 0.9])),
        )
        .claim(threshold)
        .claim(reach)
        .claim(reach_as_often)
        .control(contracts_faster)
        .control(second_power)
        .control(without_last_step)
        .control(mean_square)
        .control(two_over_sharpness)
        .control(
            escape("sgd_leaves_beyond_the_mean_square_threshold", Side::AtLeast, 0.98)
                .violating("η on that side of the Lyapunov threshold")
                .on(steps("between the thresholds", [0.555])),
        )
        .control(
            gradient_descent_leaves("gradient_descent_leaves_where_sgd_does")
                .on(steps("beyond the Lyapunov threshold", [0.57])),
        )
        .figure(
            Figure::linear("escape", "step size η", "share of runs that leave x = 1")
                .caption(
                    "SGD gives up the uneven minimum at the step size where the Lyapunov exponent \
                 changes sign, later than the second moment and long before gradient descent.",
                )
                .showing(escape_shares),
        )
}

/// Two minima of equal sharpness; the samples disagree on the one at 1.
struct Losses {
    losses: ParabolaSum,
}

impl Losses {
    /// Curvatures 2(1 − spread) and 2(1 + spread) at 1, and 2 at 0.
    fn spread(spread: f64) -> Self {
        Losses { losses: ParabolaSum::two_minima(&[(1.0, 1.0 - spread), (1.0, 1.0 + spread)]) }
    }

    fn lyapunov(&self) -> f64 {
        self.losses.curvatures_at(1.0).lyapunov_threshold()
    }

    fn mean_square(&self) -> f64 {
        self.losses.curvatures_at(1.0).mean_square_threshold(1)
    }

    fn two_over_sharpness(&self) -> f64 {
        2.0 / self.losses.curvatures_at(1.0).mean()
    }

    /// The ends of `trials` runs of SGD with single samples from near the minimum `from`.
    fn ends(&self, from: f64, step: f64, trials: usize, mut generator: impl Rng) -> Vec<f64> {
        let mut start = Ensemble::repeat(&Vector::zeros(1), trials);
        normals(&mut generator, start.coordinate_mut(0));
        for x in start.coordinate_mut(0) {
            *x = from + NOISE * *x;
        }
        let batch = MiniBatch::new(self.losses.clone(), 1, Sampling::WithReplacement);
        let noisy = Noisy::new(&batch, generator);
        let method = GradientDescent::new(step);
        let run = EnsembleRun::of(method, &noisy, start, &[STEPS], &[Quantity::coordinate(0)]);
        run.at(0, 0).to_vec()
    }
}

impl Instance for Losses {
    fn description(&self) -> String {
        let curvatures = self.losses.curvatures_at(1.0);
        format!("curvatures {:.2?} at 1", curvatures.as_slice())
    }

    fn constants(&self) -> Vec<Constant> {
        vec![
            Constant::exact("η of the mean square", self.mean_square()),
            Constant::exact("η of the Lyapunov exponent", self.lyapunov()),
            Constant::exact("2/sharpness", self.two_over_sharpness()),
        ]
    }
}

/// Two minima and a step size.
struct Step {
    losses: Losses,
    step: f64,
}

impl Instance for Step {
    fn description(&self) -> String {
        format!("{}, step size {}", self.losses.description(), self.step)
    }

    fn constants(&self) -> Vec<Constant> {
        self.losses.constants()
    }
}

/// The example of the source, with these step sizes.
fn steps<const N: usize>(name: &str, steps: [f64; N]) -> Family<Step> {
    Family::listed(name, steps, |&step| Step { losses: Losses::spread(0.9), step })
}

/// Whether a run that started at 1 is nearer to 0.
fn left(x: f64) -> bool {
    (x - 1.0).abs() > x.abs()
}

/// Gradient descent from close to 1.
fn descend(at: &Step) -> Trajectory {
    let start = Vector::from_element(1, 1.0 + NOISE);
    Trajectory::of(GradientDescent::new(at.step), &at.losses.losses, &start, 60)
}

fn gradient_descent(name: &str) -> Claim<Step> {
    Claim::identity(name, "|x_k − 1| = |1 − 2η|ᵏ |x₀ − 1|", 1e-9)
        .assuming([within_reach(), below_two_over_sharpness()])
        .measuring(1..=60usize, |at: &Step, steps| {
            let run = descend(at);
            let distance = |x: &Vector| Reading::new((x[0] - 1.0).abs(), 1e-15);
            steps.read(|k| run.at(k).as_deref().map_or(Reading::DIVERGED, distance))
        })
        .predicting(|at, k| contracted(2.0 * at.step, k))
}

/// |1 − ηa|ᵏ |x₀|; both minima have the curvature a = 2.
fn contracted(product: f64, k: f64) -> f64 {
    NOISE * powf((1.0 - product).abs(), k)
}

fn gradient_descent_leaves(name: &str) -> Claim<Step> {
    let claim = Claim::bound(name, "gradient descent from near 1: |x_N| ≤ |x_N − 1|");
    claim.assuming([within_reach()]).experiment(|at: &Step| {
        let end = descend(at).last()[0];
        Curve::at(60.0, end.abs(), (end - 1.0).abs())
    })
}

/// At 0 all samples have one curvature: SGD is gradient descent there.
fn sgd_at_zero(name: &str) -> Claim<Step> {
    Claim::identity(name, "|x_k| = |1 − 2η|ᵏ |x₀| for every choice of samples", 1e-9)
        .assuming([within_reach(), below_two_over_sharpness()])
        .measuring_by_drawing(|at: &Step, draw| {
            let batch = MiniBatch::new(at.losses.losses.clone(), 1, Sampling::WithReplacement);
            let noisy = Noisy::new(&batch, draw.generator());
            let start = Vector::from_element(1, NOISE);
            let run = Trajectory::of(GradientDescent::new(at.step), &noisy, &start, 60);
            let distance = |x: &Vector| Reading::from(x[0].abs());
            Readings::over(1..=60usize, |k| {
                run.at(k).as_deref().map_or(Reading::DIVERGED, distance)
            })
        })
        .predicting(|at, k| contracted(2.0 * at.step, k))
}

fn within_reach() -> Hypothesis<Step> {
    Hypothesis::new("starts where each sample is one parabola", |at: &Step, _| {
        let losses = &at.losses.losses;
        let same = |minimum: f64| {
            let ends = [-5.0, 5.0].map(|k| minimum + k * NOISE);
            ends.iter().all(|x| losses.curvatures_at(*x) == losses.curvatures_at(minimum))
        };
        Check::that(
            same(0.0) && same(1.0),
            "the curvatures within 5/1000 of the minima are those there",
        )
    })
}

fn below_two_over_sharpness() -> Hypothesis<Step> {
    Hypothesis::new("η < 2/f''", |at: &Step, _| {
        Check::at_most(at.step, at.losses.two_over_sharpness(), "η, 2/f''")
    })
}

fn on_the_side(side: Side) -> Hypothesis<Step> {
    Hypothesis::new("η on that side of the Lyapunov threshold", move |at: &Step, _| {
        let threshold = at.losses.lyapunov();
        match side {
            Side::AtMost => Check::at_most(at.step, threshold, "η, the threshold"),
            _ => Check::at_least(at.step, threshold, "η, the threshold"),
        }
    })
}

fn escape(name: &str, side: Side, share: f64) -> TrialClaim<Step> {
    let relation = if side == Side::AtMost { '≤' } else { '≥' };
    let formula = format!("P(SGD from 1 ends at 0) {relation} {share}");
    Claim::probability(name, &formula, side)
        .trials(2048)
        .assuming([within_reach(), below_two_over_sharpness(), on_the_side(side)])
        .sampling(|at: &Step, block| {
            let ends = at.losses.ends(1.0, at.step, block.trials(), block.generator());
            Sample::at(at.step, ends).events(|_, x| left(x))
        })
        .predicting(move |_, _| share)
}

/// α with E|1 − η a_i|^α = 1.
fn tail_index(at: &Step) -> f64 {
    let factors = at.losses.losses.curvatures_at(1.0).factors(at.step);
    factors.tail_index().unwrap_or_else(|error| panic!("{error}"))
}

/// max|1 − η a_i| at 1.
fn largest_factor(at: &Step) -> f64 {
    let curvatures = at.losses.losses.curvatures_at(1.0);
    curvatures.as_slice().iter().map(|a| (1.0 - at.step * a).abs()).fold(0.0, maximum)
}

/// A trial starts at the distance δ; it counts for an abscissa δ/r if it ever is at the distance r, up to which each sample
/// is one parabola.
fn reach(name: &str, formula: &str, side: Side) -> TrialClaim<Step> {
    const DISTANCE: f64 = 0.0375;
    const SHARES: [f64; 3] = [0.125, 0.25, 0.5];
    Claim::probability(name, formula, side)
        .trials(1 << 18)
        .assuming([below_two_over_sharpness(), on_the_side(Side::AtMost)])
        .sampling(|at: &Step, block| {
            let batch = MiniBatch::new(at.losses.losses.clone(), 1, Sampling::WithReplacement);
            let start = Ensemble::repeat(&Vector::from_element(1, 1.0 + DISTANCE), block.trials());
            let nearness = Quantity::new(|x, into| {
                let distances = x.coordinate(0).iter().map(|x| -(x - 1.0).abs());
                into.iter_mut().zip(distances).for_each(|(seen, distance)| *seen = distance);
            });
            let noisy = Noisy::new(&batch, block.generator());
            let method = GradientDescent::new(at.step);
            let run = EnsembleRun::of(method, &noisy, start, &[STEPS], &[nearness.least_so_far()]);
            let farthest = run.at(0, 0);
            block.read(SHARES, |trial, share| {
                f64::from(u8::from(-farthest[trial] >= DISTANCE / share))
            })
        })
}

/// Of each trial the same choices of samples are run with step sizes across the thresholds; measured is
/// the step size at which it starts to leave: the least one, plus the width of a cell for each that stays.
fn threshold(name: &str) -> TrialClaim<Losses> {
    Claim::expected_value(name, "SGD leaves at η*, E log|1 − η* a_i| = 0", 0.003)
        .trials(4096)
        .assuming([apart()])
        .on(Family::listed("spread", [0.9, 0.85], |&spread| Losses::spread(spread)))
        .sampling(|losses: &Losses, block| {
            let seed = block.generator().next_u64();
            let (low, cell) = cells(losses);
            let mut thresholds = vec![low; block.trials()];
            for number in 0..CELLS {
                let step = low + cell * (number as f64 + 0.5);
                let same = Stream::new(seed).trial(0);
                let ends = losses.ends(1.0, step, block.trials(), same);
                for (threshold, x) in thresholds.iter_mut().zip(ends) {
                    *threshold += if left(x) { 0.0 } else { cell };
                }
            }
            Sample::at(1.0, thresholds)
        })
        .ranging(|losses, _| {
            let (low, cell) = cells(losses);
            (low, low + cell * CELLS as f64)
        })
        .predicting(|losses, _| losses.lyapunov())
}

fn apart() -> Hypothesis<Losses> {
    Hypothesis::new("the thresholds differ", |losses: &Losses, _| {
        let (low, high) = (losses.mean_square(), losses.lyapunov());
        Check::at_least((high - low) / high, 0.01, "distance of the thresholds, relative")
    })
}

/// The least step size looked at and the width of a cell: from one distance of the two thresholds below
/// the lower one to one distance above the upper one.
fn cells(losses: &Losses) -> (f64, f64) {
    let (low, high) = (losses.mean_square(), losses.lyapunov());
    let low_end = 2.0 * low - high;
    (low_end, 3.0 * (high - low) / CELLS as f64)
}

fn escape_shares(draw: &mut Draw, effort: Effort) -> Content {
    let losses = Losses::spread(0.9);
    let trials = 128 * effort.trials_factor();
    let steps = (0..=30).map(|k| 0.535 + 0.0015 * f64::from(k));
    let shares: Vec<(f64, f64)> = steps
        .map(|step| {
            let ends = losses.ends(1.0, step, trials, draw.generator());
            let gone = ends.iter().filter(|x| left(**x)).count();
            (step, gone as f64 / trials as f64)
        })
        .collect();
    let descent = shares.iter().map(|(step, _)| {
        let start = Vector::from_element(1, 1.0 + NOISE);
        let run =
            Trajectory::keeping(GradientDescent::new(*step), &losses.losses, &start, STEPS, |_| {
                false
            });
        (*step, f64::from(u8::from(left(run.last()[0]))))
    });
    let descent: Vec<(f64, f64)> = descent.collect();
    let upright = |label: &str, x: f64| Line::predicted(label, [(x, 0.0), (x, 1.0)]);
    Content::Lines {
        lines: vec![
            Line::measured("SGD", shares),
            Line::measured("gradient descent", descent),
            upright("mean-square threshold", losses.mean_square()),
            upright("Lyapunov threshold", losses.lyapunov()),
        ],
    }
}
