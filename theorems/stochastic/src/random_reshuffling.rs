#![doc = include_str!("random_reshuffling.md")]

use theoria_algorithms::{EnsembleRun, GradientDescent, Quantity};
use theoria_instances::families::{gaussian, gaussian_matrix};
use theoria_instances::sequences::powers_of_two;
use theoria_models::objectives::LeastSquares;
use theoria_models::stochastic::{
    FiniteSum, MiniBatch, MomentMap, Noisy, Reshuffling, Sampling, SecondMoments,
};
use theoria_models::{Ensemble, Matrix, Objective, Vector};
use theoria_verification::{
    Block, Check, Claim, Content, Draw, Effort, Family, Figure, Generator, Hypothesis, Line,
    Reading, Readings, Sample, Stream, Theorem, TrialClaim,
};

use crate::support::{Floors, FourthMap, FourthMoments};

/// The smallest step size is 2^-this over the largest curvature of a sample.
const FINEST: i32 = 26;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let reshuffled =
        floor("floor_of_reshuffling", "reshuffled", Floors::reshuffled, 2).on(samples());
    let linear = reshuffled
        .restated("reshuffling_is_like_replacement", "E|x − x*|² in the long run, reshuffled ~ h^1")
        .predicting(|_, inverse| inverse.powi(-1));
    let cubic = reshuffled
        .restated("reshuffling_is_always_cubic", "E|x − x*|² in the long run, reshuffled ~ h^3")
        .predicting(|_, inverse| inverse.powi(-3));
    let shuffled = epochs("epochs_of_reshuffling", Order::Shuffled, Floors::one_epoch)
        .on(from_the_minimiser());
    let any_order = shuffled
        .restated(
            "epochs_do_not_depend_on_the_order",
            "E|x − x*|² after n epochs = exact moment with replacement",
        )
        .predicting(|i, n| moment(i, Floors::one_epoch_with_replacement, n));
    let noise =
        limit("limit_with_replacement", "h tr(H⁻¹S)/2", Floors::with_replacement, Floors::noise)
            .on(samples());
    let bias = limit(
        "limit_of_reshuffling",
        "h² |H⁻¹ mean(H_i ∇f_i(x*))|²/4",
        Floors::reshuffled,
        Floors::bias,
    )
    .on(samples());
    let more_noise = noise
        .restated("limit_with_more_noise", "E|x − x*|² = 1.05 h tr(H⁻¹S)/2 in the limit of small h")
        .predicting(|_, _| 1.05);
    let more_bias = bias
        .restated(
            "limit_with_more_bias",
            "E|x − x*|² = 1.05 h² |H⁻¹ mean(H_i ∇f_i(x*))|²/4 in the limit of small h",
        )
        .predicting(|_, _| 1.05);
    Theorem::new("stochastic/random_reshuffling", include_str!("random_reshuffling.md"))
        .uses("stochastic/sgd_noise_floor", "the variance at which independent samples settle")
        .claim(
            floor("floor_with_replacement", "with replacement", Floors::with_replacement, 1)
                .on(samples()),
        )
        .claim(reshuffled)
        .claim(
            floor("floor_of_equally_long_samples", "reshuffled, |x_i| = 1", Floors::reshuffled, 3)
                .on(equally_long()),
        )
        .claim(noise)
        .claim(bias)
        .claim(
            epochs(
                "epochs_with_replacement",
                Order::Independent,
                Floors::one_epoch_with_replacement,
            )
            .on(samples()),
        )
        .claim(shuffled.on(samples()))
        .control(linear)
        .control(cubic)
        .control(any_order)
        .control(more_noise)
        .control(more_bias)
        .figure(
            Figure::log_log("exact", "1/(h max |x_i|²)", "E|x − x*|²")
                .of("floor_with_replacement")
                .of("floor_of_reshuffling")
                .of("floor_of_equally_long_samples")
                .caption(
                    "With replacement the floor falls like h, with reshuffling like h², and like \
                 h³ where all samples are equally long.",
                ),
        )
        .figure(
            Figure::log_log("floors", "step size h", "E|x − x*|² at the end of an epoch")
                .caption(
                    "16 samples in dimension 5: measured floors approach the predicted lines, \
                 reshuffling from above.",
                )
                .showing(floors),
        )
}

fn assumed() -> [Hypothesis<Floors>; 3] {
    [
        Hypothesis::new("strongly convex", |i: &Floors, _| {
            let least = i.sum.strong_convexity().map_or(0.0, |mu| mu.value);
            Check::that(least > 0.0, format!("smallest curvature {least:.3e} > 0"))
        }),
        Hypothesis::new("no common minimiser", |i: &Floors, _| {
            let noise = i.sum.moments(&i.minimiser).variance;
            Check::that(noise > 0.0, format!("tr S = {noise:.3e} > 0"))
        }),
        Hypothesis::by_construction(
            "independent, uniform order",
            "all orders, or fresh numbers from the block's generator for each epoch",
        ),
    ]
}

fn samples() -> Family<Floors> {
    Family::drawn("5 samples in the plane", |draw| {
        let features = gaussian_matrix(5, 2, draw);
        Floors::new(LeastSquares::new(features, gaussian(5, draw)))
    })
}

/// Where what is left is the noise alone, which depends on the order from the first epoch on.
fn from_the_minimiser() -> Family<Floors> {
    Family::drawn("5 samples in the plane, from x*", |draw| {
        let features = gaussian_matrix(5, 2, draw);
        let i = Floors::new(LeastSquares::new(features, gaussian(5, draw)));
        Floors { offset: Vector::zeros(2), ..i }
    })
}

fn equally_long() -> Family<Floors> {
    Family::drawn("5 equally long samples in the plane", |draw| {
        let mut features = gaussian_matrix(5, 2, draw);
        for mut sample in features.row_iter_mut() {
            sample /= sample.norm();
        }
        Floors::new(LeastSquares::new(features, gaussian(5, draw)))
    })
}

/// The exact floor against 1/h, in units of the largest curvature.
fn floor(name: &str, how: &str, measured: fn(&Floors, f64) -> f64, power: i32) -> Claim<Floors> {
    let formula = format!("E|x − x*|² in the long run, {how} ~ h^{power}");
    Claim::exponent(name, &formula)
        .assuming(assumed())
        .measuring(powers_of_two(6..=FINEST), move |i: &Floors, inverses| {
            inverses.read(|inverse| {
                let h = 1.0 / (inverse * i.curvature());
                let value = measured(i, h);
                Reading::new(value, i.rounding_of(value, h))
            })
        })
        .predicting(move |_, inverse| inverse.powi(-power))
}

/// The ratio of floor and prediction at the smallest step size.
fn limit(
    name: &str,
    what: &str,
    measured: fn(&Floors, f64) -> f64,
    predicted: fn(&Floors, f64) -> f64,
) -> Claim<Floors> {
    Claim::identity(name, &format!("E|x − x*|² = {what} in the limit of small h"), 1e-2)
        .assuming(assumed())
        .measuring_each(move |i: &Floors| {
            let h = 1.0 / (2f64.powi(FINEST) * i.curvature());
            Readings::at(h, Reading::new(measured(i, h) / predicted(i, h), 1e-5))
        })
        .predicting(|_, _| 1.0)
}

/// How the samples of an epoch follow each other.
#[derive(Debug, Clone, Copy)]
enum Order {
    Independent,
    Shuffled,
}

/// |x - x*|² after these numbers of epochs from `start`.
fn run(
    (sum, minimiser): (&LeastSquares, &Vector),
    (order, h): (Order, f64),
    start: &Vector,
    epochs: &[usize],
    (trials, generator): (usize, &mut Generator),
) -> Vec<Vec<f64>> {
    let steps: Vec<usize> = epochs.iter().map(|n| n * FiniteSum::samples(sum)).collect();
    let start = Ensemble::repeat(start, trials);
    let distance = [Quantity::distance_squared(minimiser.clone())];
    let method = GradientDescent::new(h);
    let run = match order {
        Order::Independent => {
            let single = MiniBatch::new(sum.clone(), 1, Sampling::WithReplacement);
            EnsembleRun::of(method, &Noisy::new(&single, generator), start, &steps, &distance)
        }
        Order::Shuffled => {
            let epochs = Reshuffling::new(sum, 1, generator);
            EnsembleRun::of(method, &epochs, start, &steps, &distance)
        }
    };
    run.table(0).to_vec()
}

/// The step size of the trials.
fn step_size(i: &Floors) -> f64 {
    0.2 / i.curvature()
}

/// E|x − x*|² after n of these epochs.
fn moment(i: &Floors, one: fn(&Floors, f64) -> MomentMap, n: f64) -> f64 {
    let epochs = one(i, step_size(i)).times(n as usize);
    epochs.after(&SecondMoments::at(&i.offset)).distance_squared()
}

/// Trials against the exact moments, epoch by epoch.
fn epochs(name: &str, order: Order, one: fn(&Floors, f64) -> MomentMap) -> TrialClaim<Floors> {
    const EPOCHS: [usize; 3] = [1, 3, 10];
    let (how, maps): (_, fn(&Floors, f64) -> Vec<Matrix>) = match order {
        Order::Independent => ("with replacement", Floors::steps),
        Order::Shuffled => ("reshuffled", Floors::epochs),
    };
    Claim::expected_value(name, &format!("E|x − x*|² after n epochs, {how} = exact moment"), 0.1)
        .trials(1 << 16)
        .assuming(assumed())
        .second_moment_at_most(move |i, n| {
            let map = FourthMap::mean_of(&maps(i, step_size(i)));
            let steps = match order {
                Order::Independent => n as usize * i.maps.len(),
                Order::Shuffled => n as usize,
            };
            let start = FourthMoments::at(&i.offset.push(1.0));
            let end = (0..steps).fold(start, |moments, _| moments.after(&map));
            end.square_of_norm(2)
        })
        .sampling(move |i: &Floors, block: &mut Block| {
            let trials = block.trials();
            let rows = run(
                (&i.sum, &i.minimiser),
                (order, step_size(i)),
                &(&i.minimiser + &i.offset),
                &EPOCHS,
                (trials, block.generator()),
            );
            Sample::new(EPOCHS, rows)
        })
        .predicting(move |i, n| moment(i, one, n))
}

fn floors(draw: &mut Draw, effort: Effort) -> Content {
    let trials = 64 * effort.trials_factor();
    let i = Floors::new(LeastSquares::new(gaussian_matrix(16, 5, draw), gaussian(16, draw)));
    let step_sizes = [0.02, 0.01, 0.005, 0.0025];
    let mut lines = Vec::new();
    for (label, order) in
        [("with replacement", Order::Independent), ("reshuffled", Order::Shuffled)]
    {
        let points = step_sizes.map(|h| {
            // Four epochs far enough apart, after the start is forgotten.
            let longest = (1.5 / h) as usize;
            let epochs = [1, 2, 3, 4].map(|k| longest / 4 * k);
            let sum = (&i.sum, &i.minimiser);
            let mut random = Stream::drawn(draw.generator()).trial(0);
            let rows = run(sum, (order, h), &i.minimiser, &epochs, (trials, &mut random));
            let late = rows[1..].concat();
            (h, late.iter().sum::<f64>() / late.len() as f64)
        });
        lines.push(Line::measured(label, points));
    }
    lines.push(Line::predicted("h tr(H⁻¹S)/2", step_sizes.map(|h| (h, i.noise(h)))));
    let bias = step_sizes.map(|h| (h, i.bias(h)));
    lines.push(Line::predicted("h² |H⁻¹ mean(H_i ∇f_i)|²/4", bias));
    Content::Lines { lines }
}
