#![doc = include_str!("longer_training.md")]

use rand::Rng;
use theoria_instances::sequences::{geometric, octaves};
use theoria_verification::{
    Block, Check, Claim, Content, Curve, Draw, Effort, Family, Figure, Group, Hypothesis, Line,
    Reading, Readings, Stream, Theorem, TrialClaim,
};

use crate::support::clear_classes::{
    CLEAN_LABELS, Classes, FLIPPED, clean_labels, clear_classes, flipped_classes, flipped_labels,
};
use crate::support::noisy_walk::{
    DENSE, LABEL_NOISE, SPARSE, Truth, Walk, label_noise, teacher, walks,
};
use crate::support::stopped_regression::{Inputs, Noise, Stopped};
use crate::support::training_lengths::{Better, Training, quadrupled};

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let risk = risk("risk_is_bias_and_variance").on_all(regressions(1.0));
    let less_noise = risk
        .restated(
            "variance_is_smaller_by_a_twentieth",
            "E risk after k steps = Σ_i c_i (a_i² q_i²ᵏ + 0.95 σ² (1 − q_iᵏ)²/(n s_i)) + m",
        )
        .predicting(|at, k| at.predicted(k, 0.95 * at.sigma * at.sigma));
    let falls = falls("without_noise_every_step_helps", 1.0)
        .on_all(regressions(0.0))
        .attained_to(0.999, alike(Labels::Clean));
    let saved = saved("the_end_is_worse_by_no_more", 1.0)
        .on_all(regressions(1.0))
        .attained_on(alike(Labels::Noisy));
    Theorem::new("implicit_bias/longer_training", include_str!("longer_training.md"))
        .uses("implicit_bias/minimum_norm", "the solution that descent from 0 ends at")
        .uses(
            "implicit_bias/max_margin",
            "the direction that descent turns to where classes are separable",
        )
        .uses(
            "implicit_bias/path_dependent_regulariser",
            "label noise shrinks the scales of a diagonal network",
        )
        .claim(risk)
        .claim(falls)
        .claim(
            last("best_stop_comes_no_later_than_the_last_direction", 1.0)
                .on_all(regressions_with_steps(0.05, 1.0))
                .attained_to(0.98, alike(Labels::Noisy)),
        )
        .claim(
            first("best_stop_comes_no_earlier_than_the_first_direction", 1.0)
                .on_all(regressions_with_steps(0.05, 1.0))
                .attained_to(0.98, alike(Labels::Noisy)),
        )
        .claim(saved)
        .claim(classes_better("clear_classes_longer_is_better").on(clear_classes()))
        .claim(classes_worse("flipped_labels_longer_is_worse").on(flipped_classes()))
        .claim(walks_better("sparse_truth_longer_is_better").on(walks(Truth::Sparse, 1.0)))
        .claim(walks_worse("dense_truth_longer_is_worse").on(walks(Truth::Dense, 1.0)))
        .control(less_noise)
        .control(
            self::risk("noise_that_all_labels_share")
                .violating(INDEPENDENT)
                .on_all(regressions(1.0).map(|family| family.map(Stopped::with_shared_noise))),
        )
        .control(
            self::risk("risk_from_a_start_elsewhere")
                .violating(FROM_ZERO)
                .on_all(regressions(1.0).map(|family| family.map(Stopped::started_elsewhere))),
        )
        .control(
            self::falls("without_noise_every_step_helps_a_little_more", 1.02).on(alike(Labels::Clean)),
        )
        .control(self::falls("with_noise_every_step_helps", 1.0).violating(NO_NOISE).on_all(regressions(1.0)))
        .control(
            self::falls("long_steps_help_as_much", 1.0)
                .violating(SHORT_STEPS)
                .on_all(regressions(0.0).map(|family| family.map(|at| at.with_steps(1.9)))),
        )
        .control(the_end_is_best("with_noise_the_end_is_best").on_all(regressions(1.0)).on(alike(Labels::Noisy)))
        .control(last("best_stop_comes_earlier_by_a_twentieth", 0.95).on(alike(Labels::Noisy)))
        .control(first("best_stop_comes_later_by_a_twentieth", 1.05).on(alike(Labels::Noisy)))
        .control(self::saved("the_end_is_worse_by_a_fiftieth_less", 0.98).on(alike(Labels::Noisy)))
        .control(
            classes_better("flipped_labels_longer_is_better")
                .violating(CLEAN_LABELS)
                .on(flipped_classes()),
        )
        .control(classes_worse("clear_classes_longer_is_worse").violating(FLIPPED).on(clear_classes()))
        .control(
            walks_better("dense_truth_longer_is_better")
                .violating(SPARSE)
                .on(walks(Truth::Dense, 1.0)),
        )
        .control(
            walks_worse("sparse_truth_longer_is_worse")
                .violating(DENSE)
                .on(walks(Truth::Sparse, 1.0)),
        )
        .control(
            walks_better("without_label_noise_longer_is_better")
                .violating(LABEL_NOISE)
                .on(walks(Truth::Sparse, 0.0)),
        )
        .figure(
            Figure::log_log("risk", "step k", "E risk")
                .caption(
                    "The same regression with labels of more and more noise: without noise longer is better for \
                     ever, with noise the risk turns, the sooner the more noise there is.",
                )
                .showing(|draw, _| risks(draw)),
        )
        .figure(
            Figure::log_log("classes", "step", "E test error")
                .caption(
                    "Twenty samples of ten features: the test error of two clear classes falls with every step; \
                     with one label in ten flipped it turns.",
                )
                .showing(classes),
        )
        .figure(
            Figure::semilog_x("walks", "noisy steps", "E test error")
                .caption(
                    "The same training for as long: with a sparse truth the test error falls, with a dense one it \
                     rises, and without label noise little happens.",
                )
                .showing(walked),
        )
}

const FROM_ZERO: &str = "start at 0";
const INDEPENDENT: &str = "independent noise";
const NO_NOISE: &str = "σ = 0";
const SHORT_STEPS: &str = "η < 1/L";

/// Whether the labels of a regression carry noise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Labels {
    Clean,
    Noisy,
}

fn from_zero() -> Hypothesis<Stopped> {
    Hypothesis::new(FROM_ZERO, |at: &Stopped, _| {
        Check::at_most(at.start_norm(), 0.0, "norm of the start")
    })
}

fn independent() -> Hypothesis<Stopped> {
    Hypothesis::new(INDEPENDENT, |at: &Stopped, _| {
        let independent = at.noise() == Noise::Independent;
        Check::that(
            independent,
            format!("{:?} signs of the labels' noise, all patterns run", at.noise()),
        )
    })
}

fn noisy() -> Hypothesis<Stopped> {
    Hypothesis::new("σ > 0", |at: &Stopped, _| {
        Check::that(at.sigma > 0.0, format!("σ = {}", at.sigma))
    })
}

fn noiseless() -> Hypothesis<Stopped> {
    Hypothesis::new(NO_NOISE, |at: &Stopped, _| Check::at_most(at.sigma, 0.0, "σ"))
}

fn short_steps() -> Hypothesis<Stopped> {
    Hypothesis::new(SHORT_STEPS, |at: &Stopped, _| {
        let step = at.step * at.fastest();
        Check::that(step < 1.0, format!("ηL = {step}"))
    })
}

/// With features that determine w and with more features than samples, tested on the same inputs and on fresh ones.
/// The noise is drawn around this size.
fn regressions(sigma: f64) -> [Family<Stopped>; 3] {
    regressions_with_steps(0.9, sigma)
}

/// Steps up to so many times 1/L; with short ones the best number of steps is no small one.
fn regressions_with_steps(longest: f64, sigma: f64) -> [Family<Stopped>; 3] {
    let family = |name: &str, inputs, interpolating| {
        Family::drawn(name, move |draw| {
            Stopped::drawn((inputs, interpolating), sigma, longest, draw)
        })
        .with_draws(2)
    };
    [
        family("fewer features than samples, same inputs", Inputs::Same, false),
        family("fewer features than samples, fresh inputs", Inputs::Fresh, false),
        family("more features than samples, fresh inputs", Inputs::Fresh, true),
    ]
}

fn alike(labels: Labels) -> Family<Stopped> {
    let name = match labels {
        Labels::Clean => "directions that are all alike, clean labels",
        Labels::Noisy => "directions that are all alike",
    };
    Family::drawn(name, move |draw| {
        let sigma = if labels == Labels::Clean { 0.0 } else { draw.log_uniform(0.3, 2.0) };
        Stopped::alike(sigma, draw)
    })
    .with_draws(2)
}

/// E risk after 1, 2, 4 ... steps.
fn risk(name: &str) -> Claim<Stopped> {
    let formula = "E risk after k steps = Σ_i c_i (a_i² q_i²ᵏ + σ² (1 − q_iᵏ)²/(n s_i)) + m";
    Claim::identity(name, formula, 1e-9)
        .assuming([from_zero(), independent()])
        .measuring_each(|at: &Stopped| {
            let risks = at.risks();
            let steps = (1..risks.len()).filter(|k| k.is_power_of_two());
            Readings::over(steps, |k| Reading::new(risks[k], 1e-12 * risks[0]))
        })
        .predicting(|at, k| at.predicted(k, at.sigma * at.sigma))
}

/// As formulas are typed, where it is not the theorem's 1.
fn factor(times: f64) -> String {
    if times == 1.0 { String::new() } else { format!("{times} ") }
}

/// Where more is left than a millionth, which rounding does not touch.
fn excess_by_steps(at: &Stopped, times: f64) -> Curve {
    let excess: Vec<f64> = at.risks().iter().map(|risk| risk - at.missed).collect();
    let floor = 1e-13 * at.risks()[0];
    let factor = (1.0 - times * at.step * at.slowest()).powi(2);
    let seen = (0..excess.len() - 1).filter(|k| excess[*k] > 1e-6 * excess[0]);
    Curve::over(seen, |k| Reading::new(excess[k + 1], floor), |k| factor * excess[k])
}

/// `times` is 1 in the theorem.
fn falls(name: &str, times: f64) -> Claim<Stopped> {
    let factor = factor(times);
    let formula =
        format!("risk after k + 1 steps − m ≤ (1 − {factor}η min s)² (risk after k steps − m)");
    Claim::bound(name, &formula)
        .assuming([from_zero(), noiseless(), short_steps()])
        .tight_to(0.999)
        .experiment(move |at: &Stopped| excess_by_steps(at, times))
}

fn best_stop(name: &str, formula: &str, most: bool) -> Claim<Stopped> {
    let claim = if most { Claim::bound(name, formula) } else { Claim::lower_bound(name, formula) };
    claim
        .assuming([from_zero(), independent(), noisy(), short_steps()])
        .tight_to(0.98)
        .measuring_each(|at: &Stopped| Readings::at(at.sigma, at.best().0 as f64))
}

/// `times` is 1 in the theorem.
fn last(name: &str, times: f64) -> Claim<Stopped> {
    let factor = factor(times);
    let formula = format!("best number of steps ≤ {factor}⌈max_i log(1 + ρ_i)/(−log(1 − ηs_i))⌉");
    best_stop(name, &formula, true)
        .predicting(move |at, _| times * at.first_and_last_best().1.ceil())
}

/// `times` is 1 in the theorem.
fn first(name: &str, times: f64) -> Claim<Stopped> {
    let factor = factor(times);
    let formula = format!("best number of steps ≥ {factor}⌊min_i log(1 + ρ_i)/(−log(1 − ηs_i))⌋");
    best_stop(name, &formula, false)
        .predicting(move |at, _| times * at.first_and_last_best().0.floor())
}

/// By how much more than the best stop.
fn end(name: &str, formula: &str) -> Claim<Stopped> {
    Claim::bound(name, formula)
        .assuming([from_zero(), independent(), noisy(), short_steps()])
        .tight_to(0.99)
        .measuring_each(|at: &Stopped| Readings::at(at.sigma, at.risk_in_the_end() / at.best().1))
}

/// `times` is 1 in the theorem.
fn saved(name: &str, times: f64) -> Claim<Stopped> {
    let factor = factor(times);
    let formula =
        format!("E risk in the end ≤ {factor}Σ (c/s)/Σ (c/s) ρ/(1 + ρ) · the least E risk");
    end(name, &formula).predicting(move |at, _| times * at.most_saved())
}

fn the_end_is_best(name: &str) -> Claim<Stopped> {
    end(name, "E risk in the end ≤ the least E risk").predicting(|_, _| 1.0)
}

fn classes_better(name: &str) -> TrialClaim<Classes> {
    let formula = "E test error after t steps − E test error after 4t steps ≥ 0.03";
    quadrupled(name, formula, Better::Longer, 0.03)
        .trials(8192)
        .assuming([clean_labels()])
        .tight_to(0.5)
}

fn classes_worse(name: &str) -> TrialClaim<Classes> {
    let formula = "E test error after 4t steps − E test error after t steps ≥ 0.01";
    quadrupled(name, formula, Better::Shorter, 0.01)
        .trials(8192)
        .assuming([flipped_labels()])
        .tight_to(0.4)
}

fn walks_better(name: &str) -> TrialClaim<Walk> {
    let formula = "E test error after t noisy steps − E test error after 4t ≥ 0.12";
    quadrupled(name, formula, Better::Longer, 0.12)
        .trials(2048)
        .assuming([label_noise(), teacher(SPARSE, Truth::Sparse)])
        .tight_to(0.5)
}

fn walks_worse(name: &str) -> TrialClaim<Walk> {
    let formula = "E test error after 4t noisy steps − E test error after t ≥ 0.04";
    quadrupled(name, formula, Better::Shorter, 0.04)
        .trials(2048)
        .assuming([label_noise(), teacher(DENSE, Truth::Dense)])
        .tight_to(0.4)
}

/// One regression with labels of different noise.
fn risks(draw: &mut Draw) -> Content {
    let seed = draw.generator().next_u64();
    let (mut groups, mut lines, mut best) = (Vec::new(), Vec::new(), Vec::new());
    for sigma in [0.0, 0.25, 0.5, 1.0, 2.0] {
        let at = Stopped::pictured(sigma, &mut Stream::new(seed).trial(0));
        let shown = (0..at.risks().len()).filter(|k| k.is_power_of_two() && *k >= 4);
        let label = format!("σ = {sigma}");
        groups.push(Group::new(&label, shown.map(|k| (k as f64, at.risks()[k]))));
        let variance = sigma * sigma;
        let places = geometric(4.0, at.steps() as f64, 81);
        let name = format!("predicted, {label}");
        lines.push(Line::predicted(&name, places.iter().map(|k| (*k, at.predicted(*k, variance)))));
        if sigma > 0.0 {
            let (k, risk) = at.best();
            best.push((k as f64, risk));
        }
    }
    groups.push(Group::new("best stop", best));
    Content::Points { groups, lines }
}

fn classes(draw: &mut Draw, effort: Effort) -> Content {
    let lengths = octaves(0..=9);
    let lines = [0.0, 0.1, 0.2].map(|flipped| {
        let at = Classes { samples: 20, features: 10, spread: 1.0, flipped, lengths: &[] };
        let mut block = Block::drawn(200 * effort.trials_factor(), draw);
        let label = format!("{}% of the labels flipped", 100.0 * flipped);
        Line::measured(&label, at.mean_test_errors(&lengths, &mut block))
    });
    Content::Lines { lines: lines.into() }
}

fn walked(draw: &mut Draw, effort: Effort) -> Content {
    let lengths = [32, 128, 512, 2048, 8192];
    let all = [
        ("sparse truth", Truth::Sparse, 1.0),
        ("dense truth", Truth::Dense, 1.0),
        ("sparse truth, no label noise", Truth::Sparse, 0.0),
    ];
    let lines = all.map(|(label, truth, sigma)| {
        let at = Walk { samples: 10, features: 24, truth, scale: 0.4, sigma };
        let mut block = Block::drawn(100 * effort.trials_factor(), draw);
        Line::measured(label, at.mean_test_errors(&lengths, &mut block))
    });
    Content::Lines { lines: lines.into() }
}
