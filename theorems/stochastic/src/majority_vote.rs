#![doc = include_str!("majority_vote.md")]

use rand::RngExt;
use theoria_algorithms::{EnsembleRun, MajorityVote, Method, Quantity};
use theoria_instances::CoordinatewiseProblem;
use theoria_instances::families::{rotated_quadratics, smooth_functions};
use theoria_instances::hypotheses::{
    bounded_below, noise_in_coordinates, smooth, smooth_in_coordinates,
};
use theoria_models::numerics::{maximum, written};
use theoria_models::objectives::Linear;
use theoria_models::stochastic::{Noisy, Perturbed, Shape, Signs, StochasticOracle};
use theoria_models::{Ensemble, Vector};
use theoria_verification::{
    Case, Claim, Constant, Content, Draw, Effort, Family, Figure, Group, Hypothesis, Line, Reading,
    Sample, Side, Theorem, TrialClaim,
};

use crate::support::{
    Faulty, SYMMETRIC, SignsOnALine, Workers, most_often_wrong, noise_of_signs, signs_on_a_line,
    symmetric, vote_is_wrong,
};

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let third = worst_vote("a_third_of_the_bound_suffices").on(ratios("worst ratio", [0.87]));
    let less = third
        .restated(
            "three_tenths_of_the_bound_suffice",
            "P(Bin(M, p) > M/2) ≤ 0.3/(√M S) for the largest p",
        )
        .predicting(|ratio, m| 0.3 / (m.sqrt() * **ratio));
    let largest = worst_noise("largest_probability_of_a_wrong_sign");
    let less_often = largest
        .restated(
            "wrong_two_percent_less_often",
            "max P(wrong) = 0.98 · 2/(9S²) if S > 2/√3, else 0.98 (1/2 − S/(2√3))",
        )
        .predicting(|ratio, _| 0.98 * most_often_wrong(**ratio));
    let extremal = extremal_noise("rarity_is_attained");
    let rarer = extremal
        .restated("rarer_than_attained", "P(wrong) = 1/(5S²) if S > 2/√3, else 1/2 − S/3")
        .predicting(|_, ratio| {
            if ratio > 2.0 / 3f64.sqrt() { 0.2 / (ratio * ratio) } else { 0.5 - ratio / 3.0 }
        });
    let binomial = binomial("votes_are_binomial").on(normal()).on(uniform()).on(skewed());
    let no_change = binomial
        .restated("more_workers_change_nothing", "P(vote wrong) = p")
        .predicting(|i, _| i.wrong);
    let up = bits("bits_sent_up", "bits sent up", MajorityVote::bits_up, |workers| workers);
    let one_message = up
        .restated("one_message_is_sent_up", "bits sent up = bits of one gradient / 64")
        .predicting(|dimension, _| bits_of_gradients(dimension, 1));
    Theorem::new("stochastic/majority_vote", include_str!("majority_vote.md"))
        .uses("stochastic/sign_sgd", "what a step gains if a sign is wrong with some probability")
        .claim(one_worker("one_worker_is_rarely_wrong"))
        .claim(largest)
        .claim(extremal)
        .claim(binomial)
        .claim(
            vote("votes_of_many_are_rarely_wrong", &[1, 3, 10, 30], |i, m| {
                1.0 / (m.sqrt() * i.ratio)
            })
            .on(normal())
            .on(uniform()),
        )
        .claim(
            third
                .on(ratios("ratios", [0.63, 0.05, 0.2, 1.0, 1.2, 2.0, 5.0]))
                .on(any_ratio())
                .tight_to(0.9),
        )
        .claim(
            workers_as_a_batch("workers_act_as_a_batch")
                .on(rotated_quadratics().with_draws(12))
                .tight_to(0.2),
        )
        .claim(
            votes_on_a_line("workers_act_as_a_batch_on_a_line", 1.0)
                .on(votes_of_any_number())
                .tight_to(0.4),
        )
        .claim(up)
        .claim(bits("bits_sent_down", "bits sent down", MajorityVote::bits_down, |_| 1))
        .control(
            vote("votes_on_skewed_noise_are_rarely_wrong", &[1, 10, 100, 300], |i, m| {
                1.0 / (m.sqrt() * i.ratio)
            })
            .violating(SYMMETRIC)
            .on(skewed()),
        )
        .control(less)
        .control(worst_vote_of("three_tenths_suffice_for_any_ratio", 0.3).on(any_ratio()))
        .control(
            votes_on_a_line("nine_tenths_of_the_bound_on_a_line", 0.9).on(votes_of_any_number()),
        )
        .control(less_often)
        .control(rarer)
        .control(no_change)
        .control(one_message)
        .figure(
            Figure::log_log("worst", "workers M", "probability of a wrong vote")
                .of("a_third_of_the_bound_suffices")
                .caption("The worst symmetric unimodal noise leaves the vote below 1/(3√M S)."),
        )
        .figure(
            Figure::log_log("votes", "workers M", "share of wrong votes")
                .caption(
                    "Under normal noise the vote improves with every worker as the binomial tail \
                 says; under skewed noise it grows worse.",
                )
                .showing(votes_against_workers),
        )
}

fn normal() -> Family<Workers> {
    Family::listed("normal noise", [0.2, 1.0], |&s| Workers::normal(s))
}

fn uniform() -> Family<Workers> {
    Family::single("uniform noise", || Workers::new(0.5, Shape::Uniform, most_often_wrong(0.5)))
}

fn skewed() -> Family<Workers> {
    Family::single("gradient 4 or −1", Workers::skewed)
}

/// Slopes with noise of deviation 1, from barely to clearly visible ones.
const RATIOS: [f64; 6] = [0.25, 0.5, 1.0, 1.5, 2.0, 3.0];

/// All slopes side by side, as the coordinates of a linear function.
fn slopes() -> Family<Case<()>> {
    Family::single("slopes", || Case::new(format!("slopes {RATIOS:?}, deviation 1"), ()))
}

fn one_worker(name: &str) -> TrialClaim<Case<()>> {
    let formula = "P(wrong) ≤ 2/(9S²) if S > 2/√3, else 1/2 − S/(2√3)";
    Claim::probability(name, formula, Side::AtMost)
        .assuming([independent_workers(), largest_probability()])
        .on(slopes())
        .trials(1 << 16)
        .sampling(|_, block| {
            let slope = Linear::new(Vector::from_row_slice(&RATIOS));
            let oracle = Perturbed::additive(slope, (RATIOS.len() as f64).sqrt());
            let at = Ensemble::repeat(&Vector::zeros(RATIOS.len()), block.trials());
            let mut drawn = at.clone();
            oracle.sample(&at, block.generator(), &mut drawn);
            let rows = (0..RATIOS.len()).map(|j| wrong_signs(drawn.coordinate(j)));
            Sample::new(RATIOS, rows)
        })
        .predicting(|_, ratio| most_often_wrong(ratio))
}

/// 1 where the message says that a positive slope is negative.
fn wrong_signs(slopes: &[f64]) -> Vec<f64> {
    let message = Signs::of(slopes);
    (0..message.bits()).map(|place| (1.0 - message.sign(place)) / 2.0).collect()
}

/// Noise that is 0, or uniform on [-a, a] with probability 3/a²: of deviation 1 and, with the best a, wrong
/// as often as any.
fn extremal_noise(name: &str) -> TrialClaim<Case<()>> {
    let formula = "P(wrong) = 2/(9S²) if S > 2/√3, else 1/2 − S/(2√3)";
    Claim::probability(name, formula, Side::Within(0.01))
        .assuming([independent_workers(), largest_probability()])
        .on(slopes())
        .trials(1 << 20)
        .sampling(|_, block| {
            let trials = block.trials();
            let rows = RATIOS.map(|ratio| {
                let reach = (1.5 * ratio).max(3f64.sqrt());
                let drawn = (0..trials).map(|_| {
                    let random = block.generator();
                    let moves = random.random::<f64>() < 3.0 / (reach * reach);
                    let uniform = reach * (2.0 * random.random::<f64>() - 1.0);
                    ratio + if moves { uniform } else { 0.0 }
                });
                wrong_signs(&drawn.collect::<Vec<_>>())
            });
            Sample::new(RATIOS, rows)
        })
        .predicting(|_, ratio| most_often_wrong(ratio))
}

fn binomial(name: &str) -> TrialClaim<Workers> {
    const WORKERS: [usize; 5] = [1, 2, 3, 5, 9];
    let formula = "P(vote wrong) = P(Bin(M, p) > M/2) + P(Bin(M, p) = M/2)/2";
    votes(Claim::probability(name, formula, Side::Within(0.02)), &WORKERS)
        .assuming([independent_workers()])
        .trials(1 << 18)
        .predicting(|i, m| vote_is_wrong(m as u64, i.wrong))
}

fn vote(
    name: &str,
    workers: &'static [usize],
    most: impl Fn(&Workers, f64) -> f64 + Send + Sync + 'static,
) -> TrialClaim<Workers> {
    let claim = Claim::probability(name, "P(vote wrong) ≤ bound(M, S)", Side::AtMost);
    // A bound beyond 1 says nothing.
    votes(claim, workers).assuming([symmetric()]).predicting(move |i, m| most(i, m).min(1.0))
}

fn votes(claim: TrialClaim<Workers>, workers: &'static [usize]) -> TrialClaim<Workers> {
    claim.sampling(move |i, block| {
        let trials = block.trials();
        let rows = workers.iter().map(|&workers| i.votes(workers, trials, block.generator()));
        Sample::new(workers.iter(), rows)
    })
}

/// Signal against noise, S.
fn ratios<const N: usize>(name: &str, ratios: [f64; N]) -> Family<Case<f64>> {
    Family::listed(name, ratios, |&ratio| {
        Case::new(format!("S = {ratio}"), ratio).with(Constant::exact("S", ratio))
    })
}

/// Noise of deviation 1 that is uniform on [-r, r] with probability 3/r², and else 0, hides the sign of S with probability
/// 3/r² · (r − S)/(2r); the largest over r.
fn worst_noise(name: &str) -> Claim<Case<f64>> {
    let formula =
        "max P(wrong) over noise that is uniform or 0 = 2/(9S²) if S > 2/√3, else 1/2 − S/(2√3)";
    Claim::identity(name, formula, 1e-6)
        .assuming([Hypothesis::by_construction(
            "symmetric, unimodal noise",
            "zero or else uniform about 0",
        )])
        .on(ratios("ratios", [0.05, 0.5, 1.0, 1.2, 2.0, 5.0]))
        .measuring([20_000], |ratio: &Case<f64>, grid| {
            grid.read(|n: usize| {
                let reaches = (0..=n).map(|i| 3f64.sqrt() * (1.0 + 5.0 * i as f64 / n as f64));
                let wrong = reaches.map(|r| 3.0 / (r * r) * (r - ratio.value) / (2.0 * r));
                wrong.fold(0.0, maximum)
            })
        })
        .predicting(|ratio, _| most_often_wrong(**ratio))
}

/// The exact tail where each worker is wrong as often as symmetric unimodal noise allows.
fn worst_vote(name: &str) -> Claim<Case<f64>> {
    worst_vote_of(name, 1.0 / 3.0)
}

/// With this constant in place of a third.
fn worst_vote_of(name: &str, constant: f64) -> Claim<Case<f64>> {
    const ROUNDING: f64 = 1e-13;
    let formula = if constant == 1.0 / 3.0 {
        "P(Bin(M, p) > M/2) ≤ 1/(3√M S) for the largest p".into()
    } else {
        format!("P(Bin(M, p) > M/2) ≤ {constant}/(√M S) for the largest p")
    };
    Claim::bound(name, &formula)
        .assuming([independent_workers(), largest_probability()])
        .measuring(1..=100usize, |ratio: &Case<f64>, workers| {
            let wrong = most_often_wrong(**ratio);
            workers.read(|m| Reading::new(vote_is_wrong(m as u64, wrong), ROUNDING))
        })
        .predicting(move |ratio, m| constant / (m.sqrt() * **ratio))
}

/// S between 1/50 and 20.
fn any_ratio() -> Family<Case<f64>> {
    Family::drawn("any ratio", |draw| {
        let ratio = draw.log_uniform(0.02, 20.0);
        Case::new(format!("S = {}", written(ratio)), ratio).with(Constant::exact("S", ratio))
    })
    .hunted(300)
}

/// By exact expectations, in one variable. `share` is 1 in the theorem.
fn votes_on_a_line(name: &str, share: f64) -> Claim<SignsOnALine> {
    let times = if share == 1.0 { String::new() } else { format!("{share} times ") };
    let formula = format!("mean E|f′(x_k)| ≤ {times}(Δ/(hN) + 2σ/√M + hL/2), by all paths");
    Claim::bound(name, &formula)
        .assuming([smooth(), bounded_below()])
        .assuming(noise_of_signs())
        .measuring_each(SignsOnALine::mean_slopes)
        .predicting(move |i, n| share * i.bound(2.0, n))
}

/// One to fifteen workers, an odd number.
fn votes_of_any_number() -> Family<SignsOnALine> {
    signs_on_a_line(smooth_functions(), 15, Faulty::Nothing).hunted(500)
}

fn independent_workers<I>() -> Hypothesis<I> {
    Hypothesis::by_construction(
        "independent workers",
        "each worker draws its own noise from the block's generator; a tail is that of a binomial law",
    )
}

/// Gauss's bound is attained by noise that is 0 or uniform, which is symmetric and unimodal.
fn largest_probability<I>() -> Hypothesis<I> {
    Hypothesis::by_construction(
        SYMMETRIC,
        "normal noise, or 0 or else uniform: symmetric and unimodal",
    )
}

/// Descent by vote, 32 steps.
fn workers_as_a_batch(name: &str) -> TrialClaim<CoordinatewiseProblem> {
    const STEPS: usize = 32;
    const WORKERS: [usize; 3] = [1, 4, 16];
    let formula = "mean E|∇f(x_k)|₁ ≤ Δ/(hN) + 2 Σσ_i/√M + h ΣL_i/2";
    Claim::expected_bound(name, formula)
        .assuming([smooth_in_coordinates(), noise_in_coordinates()])
        .assuming([independent_workers(), largest_probability()])
        .trials(4096)
        .second_moment_at_most(|i, m| {
            // Slopes that the vote sees with the wrong sign have the mean square (Σσ_i)² at most, since the vote is wrong no more
            // often than one worker; what deviates from their mean adds up like the root of the number of steps.
            let spread = 2.0 * i.deviations().sum() / (STEPS as f64).sqrt();
            (batch_bound(i, STEPS, m) + spread).powi(2)
        })
        .sampling(|i: &CoordinatewiseProblem, block| {
            let oracle = i.batch(1);
            let start = Ensemble::repeat(i.start(), block.trials());
            let rows = WORKERS.iter().flat_map(|&workers| {
                let noisy = Noisy::new(&*oracle, block.generator());
                let gradient = Quantity::gradient_sum_norm(oracle.objective()).mean_so_far();
                let method = MajorityVote::new(i.step_size(), workers);
                let run = EnsembleRun::of(method, &noisy, start.clone(), &[STEPS], &[gradient]);
                run.table(0).to_vec()
            });
            Sample::new(WORKERS, rows)
        })
        .predicting(|i, m| batch_bound(i, STEPS, m))
}

/// Δ/(hN) + 2 Σσ_i/√M + h ΣL_i/2
fn batch_bound(i: &CoordinatewiseProblem, steps: usize, workers: f64) -> f64 {
    i.gap_at_most() / (i.step_size() * steps as f64)
        + 2.0 * i.deviations().sum() / workers.sqrt()
        + i.step_size() * i.curvatures().sum() / 2.0
}

/// Steps over which bits are counted.
const COUNTED_STEPS: usize = 3;

/// Bits counted over some steps, in units of what the gradients themselves would take.
fn bits(
    name: &str,
    what: &str,
    counted: fn(&MajorityVote) -> usize,
    messages: fn(usize) -> usize,
) -> Claim<Case<usize>> {
    Claim::identity(name, &format!("{what} = bits of the gradients / 64"), 1e-12)
        .assuming([Hypothesis::by_construction(
            "one bit for each worker and coordinate",
            "messages are signs, packed into words",
        )])
        .on(Family::cases("dimensions", [100, 1, 64], |d| format!("dimension {d}")))
        .measuring([2, 3, 5, 20usize], move |dimension: &Case<usize>, numbers| {
            numbers.read(|workers| {
                let slope = Linear::new(Vector::from_element(**dimension, 1.0));
                let mut x = Ensemble::repeat(&Vector::zeros(**dimension), 1);
                let mut method = MajorityVote::new(0.1, workers);
                for _ in 0..COUNTED_STEPS {
                    method.step(&slope, &mut x);
                }
                counted(&method) as f64
            })
        })
        .predicting(move |dimension, workers| {
            bits_of_gradients(dimension, messages(workers as usize))
        })
}

/// A sixty-fourth of what so many gradients take.
fn bits_of_gradients(dimension: &Case<usize>, messages: usize) -> f64 {
    (8 * size_of::<f64>() * **dimension * messages * COUNTED_STEPS) as f64 / 64.0
}

fn votes_against_workers(draw: &mut Draw, effort: Effort) -> Content {
    const WORKERS: [usize; 8] = [1, 2, 3, 5, 9, 15, 25, 41];
    let trials = 10_000 * effort.trials_factor();
    let kinds = [
        ("normal, S = 0.2", Workers::normal(0.2)),
        ("normal, S = 0.5", Workers::normal(0.5)),
        ("normal, S = 1", Workers::normal(1.0)),
        ("skewed, 4 or −1", Workers::skewed()),
    ];
    let (groups, lines) = kinds
        .into_iter()
        .map(|(label, workers)| {
            let shares = WORKERS.map(|m| {
                let wrong = workers.votes(m, trials, draw.generator());
                (m as f64, wrong.iter().sum::<f64>() / trials as f64)
            });
            // A share of 0 has no place on the axis.
            let seen = shares.into_iter().filter(|(_, share)| *share > 0.0);
            let exact = (1..=41u32).map(|m| (f64::from(m), vote_is_wrong(m.into(), workers.wrong)));
            let exact = exact.filter(|(_, p)| *p > 0.1 / trials as f64);
            (Group::new(label, seen), Line::predicted(label, exact))
        })
        .unzip();
    Content::Points { groups, lines }
}
