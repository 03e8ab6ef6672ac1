#![doc = include_str!("expected_bounds.md")]

use rand::RngExt;
use theoria_elementary::{ln, powf};
use theoria_verification::statistics::{BettingTest, LAMBDAS, Opponent, StatisticalTest, mixture};
use theoria_verification::{
    Claim, Content, Draw, Effort, ErrorRates, Family, Figure, Generator, Line, Severity, Side,
    Theorem, TrialClaim, Verdict,
};

use crate::support::broken::{that_knows_no_skewness, that_peeks, that_peeks_at_counts};
use crate::support::law::{Law, Scaled, laws};
use crate::support::simulation::{
    examined, how_often, independent, on_trials_of, share_of, verdict,
};
use crate::support::two_values::{Against, TwoValues};

/// Trials of each simulated check, where it is to find out ...
const TRIALS: usize = 2048;
/// ... and where its wrong verdicts are counted.
const FEW: usize = 512;
/// What each simulated verdict may spend where wrong verdicts are counted ...
const GENEROUS: f64 = 5e-2;
/// ... and where it is to be as careful as in a run of the suite.
const CAREFUL: f64 = 1e-9;
/// The margin of the simulated claims.
const MARGIN: f64 = 0.1;
/// -log10 of the budgets of which error probabilities are computed.
const BUDGETS: [f64; 3] = [1.3, 3.0, 9.0];

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let exact = exactly();
    let hundredth = exact
        .restated("a_hundredth_of_the_budget_suffices", "P(1/α is ever exceeded) ≤ α/100")
        .predicting(|_, x| 0.01 * powf(10.0, -x));
    Theorem::new("trust/expected_bounds", include_str!("expected_bounds.md"))
        .claim(
            wrong("true_bounds_are_not_refuted", Verdict::Refuted, upper)
                .on(laws("bounded, mean at the bound", Law::bounded(), 1.0))
                .on(laws("unbounded, mean at the bound", Law::unbounded(), 1.0)),
        )
        .claim(of_any_two_values("error_probabilities_of_any_two_values", 1.0).tight_to(0.07))
        .claim(
            wrong("means_beyond_the_margin_are_not_supported", Verdict::Supported, told)
                .on(laws("bounded, mean at the margin", Law::bounded(), 1.0 + MARGIN))
                .on(laws("known square, mean at the margin", with_square(), 1.0 + MARGIN)),
        )
        .claim(
            wrong("means_below_the_margin_are_not_supported", Verdict::Supported, lower)
                .on(laws("bounded, mean at the margin", Law::bounded(), 1.0 - MARGIN))
                .on(laws("unbounded, mean at the margin", Law::unbounded(), 1.0 - MARGIN)),
        )
        .claim(
            wrong("true_lower_bounds_are_not_refuted", Verdict::Refuted, lower)
                .on(laws("bounded, mean at the bound", Law::bounded(), 1.0))
                .on(laws("known square, mean at the bound", with_square(), 1.0)),
        )
        .claim(
            wrong("true_bounds_at_several_checkpoints_are_not_refuted", Verdict::Refuted, several)
                .on(laws("bounded, mean at the bound", Law::bounded(), 1.0)),
        )
        .claim(
            wrong("one_false_checkpoint_is_not_supported", Verdict::Supported, several)
                .on(laws("bounded, mean at the margin", Law::bounded(), 1.0 + MARGIN)),
        )
        .claim(exact)
        .claim(rarely("a_billionth_is_one", 1.0))
        .claim(
            found_out("doubled_means_are_refuted", 0.9)
                .on(laws("mean twice the bound", [Law::coin(), Law::Exponential, Law::Square, Law::LogNormal(2.0)], 2.0)),
        )
        .claim(enough_trials("as_many_trials_as_are_needed_suffice", 1.0))
        .claim(resolution("printed_resolution_is_reached", 1.0))
        .control(of_any_two_values("a_fifteenth_of_the_budget_for_any_two_values", 0.066))
        .control(peeking())
        .control(peeking_at_counts())
        .control(no_skewness())
        .control(hundredth)
        .control(rarely("a_billionth_is_a_thousandth_of_that", 1e-3))
        .control(
            found_out("means_two_percent_larger_are_refuted", 0.5)
                .on(laws("mean 1.02 times the bound", [Law::coin(), Law::Exponential, Law::Square], 1.02)),
        )
        .control(enough_trials("a_third_of_the_trials_suffices", 1.0 / 3.0))
        .control(resolution("a_fifth_of_the_resolution_is_reached", 0.2))
        .figure(
            Figure::linear("detection", "true mean / claimed bound", "share of checks that refute")
            .caption(
                "A true bound is never refuted in the picture's checks, a false one the sooner the lighter the tail is.",
            )
            .showing(detection),
        )
}

fn with_square() -> Vec<Law> {
    Law::unbounded().into_iter().filter(|law| law.square().is_some()).collect()
}

/// E Z ≤ 1, as far as no range is told.
fn upper(scaled: &Scaled) -> TrialClaim<Scaled> {
    bounded(scaled, FEW)
}

fn bounded(scaled: &Scaled, trials: usize) -> TrialClaim<Scaled> {
    let claim = Claim::expected_bound("simulated", "E Z ≤ 1").within(MARGIN).trials(trials);
    on_trials_of(claim.predicting(|_, _| 1.0), scaled)
}

/// What is known of a trial is said.
fn telling(claim: TrialClaim<Scaled>, scaled: &Scaled) -> TrialClaim<Scaled> {
    match scaled.law.square() {
        Some(square) => {
            let square = square * scaled.mean * scaled.mean;
            claim.second_moment_at_most(move |_, _| square)
        }
        None if scaled.law.most().is_finite() => {
            let most = scaled.law.most() * scaled.mean;
            claim.bounded_by(move |_, _| most)
        }
        None => claim,
    }
}

/// E Z ≤ 1, with what is known of a trial.
fn told(scaled: &Scaled) -> TrialClaim<Scaled> {
    telling(bounded(scaled, FEW), scaled)
}

/// E Z ≥ 1, with what is known of a trial.
fn lower(scaled: &Scaled) -> TrialClaim<Scaled> {
    let claim = Claim::expected_lower_bound("simulated", "E Z ≥ 1").within(MARGIN).trials(FEW);
    telling(on_trials_of(claim.predicting(|_, _| 1.0), scaled), scaled)
}

/// E Z ≤ 1 at four checkpoints, at the first three of which half a trial is measured.
fn several(scaled: &Scaled) -> TrialClaim<Scaled> {
    told(scaled).sampling(|scaled, block| {
        block.each(&[1.0, 2.0, 3.0, 4.0], |random| {
            let half = |z: f64| 0.5 * z;
            vec![
                half(scaled.draw(random)),
                half(scaled.draw(random)),
                half(scaled.draw(random)),
                scaled.draw(random),
            ]
        })
    })
}

/// At most the budget.
fn wrong(
    name: &str,
    counted: Verdict,
    check: fn(&Scaled) -> TrialClaim<Scaled>,
) -> TrialClaim<Scaled> {
    let formula = format!("P({counted}) ≤ α, α = {GENEROUS}");
    how_often(name, &formula, Side::AtMost, counted, GENEROUS, check).predicting(|_, _| GENEROUS)
}

/// Error probabilities of betting that are computed.
fn exactly() -> Claim<TwoValues> {
    let fair = [
        (0.5, 0.0, Against::Less),
        (0.5, 0.0, Against::More),
        (0.5, 0.0, Against::MoreBySquare),
        (0.1, 0.0, Against::Less),
        (0.1, 0.5, Against::More),
        (1e-2, 0.0, Against::Less),
        (1e-3, 0.0, Against::Less),
    ];
    let family = Family::listed("two values", fair, |&(p, small, against)| {
        TwoValues::fair(p, small, against, 64)
    });
    Claim::bound("error_probabilities_are_within_the_budget", "P(1/α is ever exceeded) ≤ α")
        .assuming([independent()])
        .on(family)
        .tight_to(0.05)
        .measuring(BUDGETS, |law, budgets| budgets.read(|x: f64| law.ever_exceeds(powf(10.0, -x))))
        .predicting(|_, x| powf(10.0, -x))
}

/// The same of laws that a search chooses. `share` is 1 in the theorem.
fn of_any_two_values(name: &str, share: f64) -> Claim<TwoValues> {
    let times = if share == 1.0 { String::new() } else { format!("{share} ") };
    Claim::bound(name, &format!("P(1/α is ever exceeded) ≤ {times}α, trials of any two values"))
        .assuming([independent()])
        .on(any_two_values())
        .measuring(FEW_BUDGETS, |law, budgets| {
            budgets.read(|x: f64| law.ever_exceeds(powf(10.0, -x)))
        })
        .predicting(move |_, x| share * powf(10.0, -x))
}

/// -log10 of the budgets for which a search pays.
const FEW_BUDGETS: [f64; 2] = [1.3, 3.0];

/// Two values of mean 1, in blocks of 16.
fn any_two_values() -> Family<TwoValues> {
    Family::drawn("any two values", |draw| {
        let (p, small) = (draw.log_uniform(1e-3, 0.9), draw.including_ends(0.0, 0.95));
        let all = [Against::Less, Against::More, Against::MoreBySquare];
        TwoValues::fair(p, small, all[draw.size(0..=2)], 16)
    })
    .hunted(300)
}

/// P(1/α is ever exceeded)/α. Trials are drawn from the law that one gambler, chosen by lot, believes in, whose density is
/// 1 + λ(z - 1) times as large; each counts as much as it is more probable without that.
fn rarely(name: &str, share: f64) -> TrialClaim<Scaled> {
    Claim::expected_bound(name, &format!("P(1/α is ever exceeded) ≤ {share} α, α = {CAREFUL}"))
        .assuming([independent()])
        .on(laws("mean at the bound", [Law::Exponential, Law::Square], 1.0))
        .tight_to(0.02)
        .sampling(|scaled, block| {
            block.each_value(1.0, |random| {
                let opponent = Opponent::AtMost { edge: 1.0, least: 0.0 };
                let believed = LAMBDAS[random.random_range(0..LAMBDAS.len())];
                let (mut wealth, mut likelihood) = ([0.0; LAMBDAS.len()], [1.0; LAMBDAS.len()]);
                for _ in 0..16 {
                    let values: Vec<f64> = (0..64)
                        .map(|_| {
                            let larger = random.random::<f64>() < believed;
                            if larger { biased(&scaled.law, random) } else { scaled.draw(random) }
                        })
                        .collect();
                    for (likelihood, lambda) in likelihood.iter_mut().zip(LAMBDAS) {
                        *likelihood *=
                            values.iter().map(|z| 1.0 - lambda + lambda * z).product::<f64>();
                    }
                    opponent.bet(&values, &mut wealth);
                    if mixture(&wealth) >= ln(1.0 / CAREFUL) {
                        let mean = likelihood.iter().sum::<f64>() / LAMBDAS.len() as f64;
                        return 1.0 / mean / CAREFUL;
                    }
                }
                0.0
            })
        })
        .predicting(move |_, _| share)
}

/// A draw of the law whose density is that of this law times z: of an exponential law the sum of two, of a square of a
/// normal variable the sum of three.
fn biased(law: &Law, random: &mut Generator) -> f64 {
    let parts = if *law == Law::Square { 3 } else { 2 };
    (0..parts).map(|_| law.draw(random)).sum()
}

fn found_out(name: &str, at_least: f64) -> TrialClaim<Scaled> {
    let formula = format!("P(refuted with α = {CAREFUL} in {TRIALS} trials) ≥ {at_least}");
    let check = |scaled: &Scaled| bounded(scaled, TRIALS);
    how_often(name, &formula, Side::AtLeast, Verdict::Refuted, CAREFUL, check)
        .trials(1024)
        .predicting(move |_, _| at_least)
}

/// A mean of 4/5 is shown to be below the edge with the trials that are said to be needed for that, or a share of them.
fn enough_trials(name: &str, share: f64) -> TrialClaim<Scaled> {
    const GAP: f64 = 0.3;
    let rates = ErrorRates { wrong_refutation: CAREFUL, wrong_support: 0.02 };
    let needed = move |scaled: &Scaled| {
        let most = scaled.law.most() * scaled.mean;
        let opponent = Opponent::AtLeast { edge: scaled.mean + GAP, most };
        let deviation = (scaled.mean * (most - scaled.mean)).sqrt();
        let n = BettingTest { opponent, deviation }.trials_needed(GAP, rates);
        (share * n as f64) as usize
    };
    let formula = format!("P(supported with {share:.2} of the trials that are needed) ≥ 0.9");
    how_often(name, &formula, Side::AtLeast, Verdict::Supported, CAREFUL, move |scaled: &Scaled| {
        telling(bounded(scaled, needed(scaled)), scaled)
    })
    .trials(1536)
    .on(laws("mean below the bound", [Law::coin(), Law::rare(0.1)], 1.0 + MARGIN - GAP))
    .predicting(|_, _| 0.9)
}

/// The resolution is read off a check of a true bound, and then a bound false by `share` of it is checked.
fn resolution(name: &str, share: f64) -> TrialClaim<Scaled> {
    let light = [Law::coin(), Law::Exponential, Law::Square];
    Claim::probability(
        name,
        &format!("P(refuted | mean = (1 + {share} r) B) ≥ 0.97 for the printed r"),
        Side::AtLeast,
    )
    .assuming([independent()])
    .trials(8192)
    .on(laws("mean at the bound", light, 1.0))
    .sampling(move |scaled: &Scaled, block| {
        share_of(Verdict::Refuted, block, |random| {
            let whole = examined(bounded(scaled, TRIALS).all_at_once(), CAREFUL, random);
            let Some(Severity::Expected { resolution, .. }) = whole.finding.map(|f| f.severity)
            else {
                return Verdict::Inconclusive;
            };
            let worse = Scaled { mean: 1.0 + share * resolution, ..scaled.clone() };
            verdict(bounded(&worse, TRIALS), CAREFUL, random)
        })
    })
    .predicting(|_, _| 0.97)
}

fn peeking() -> TrialClaim<Scaled> {
    let formula = "P(refuted) ≤ α, if Student's limit is looked at after every block, α = 0.05";
    Claim::probability("peeking_costs_nothing", formula, Side::AtMost)
        .assuming([independent()])
        .on(laws("mean at the bound", [Law::coin(), Law::Exponential], 1.0))
        .sampling(|scaled: &Scaled, block| {
            share_of(Verdict::Refuted, block, |random| that_peeks(scaled, GENEROUS, random))
        })
        .predicting(|_, _| GENEROUS)
}

fn peeking_at_counts() -> TrialClaim<Scaled> {
    let formula = "P(refuted) ≤ α, if the exact interval is looked at after every block, α = 0.05";
    Claim::probability("peeking_at_exact_intervals_costs_nothing", formula, Side::AtMost)
        .assuming([independent()])
        .on(laws("mean at the bound", [Law::coin()], 1.0))
        .sampling(|scaled: &Scaled, block| {
            share_of(Verdict::Refuted, block, |random| {
                that_peeks_at_counts(scaled, scaled.law.most(), GENEROUS, random)
            })
        })
        .predicting(|_, _| GENEROUS)
}

fn no_skewness() -> TrialClaim<Scaled> {
    const NOMINAL: f64 = 1e-3;
    let formula = "P(supported) ≤ 0.001 by the normal limit of level 0.001";
    Claim::probability("the_normal_limit_is_safe_for_skewed_trials", formula, Side::AtMost)
        .assuming([independent()])
        .trials(8192)
        .on(laws("skewed", [Law::LogNormal(1.0), Law::LogNormal(2.0)], 1.0))
        .sampling(|scaled: &Scaled, block| {
            share_of(Verdict::Supported, block, |random| {
                that_knows_no_skewness(scaled, 256, NOMINAL, random)
            })
        })
        .predicting(|_, _| NOMINAL)
}

fn detection(draw: &mut Draw, effort: Effort) -> Content {
    let checks = 40 * effort.trials_factor();
    let multiples: Vec<f64> = (0..=10).map(|k| 1.0 + 0.1 * f64::from(k)).collect();
    let lines =
        [Law::coin(), Law::Exponential, Law::Square, Law::LogNormal(1.0), Law::LogNormal(2.0)]
            .into_iter()
            .map(|law| {
                let points = multiples.iter().map(|&mean| {
                    let scaled = Scaled { law: law.clone(), mean };
                    let refutes = |random: &mut _| {
                        verdict(bounded(&scaled, TRIALS), CAREFUL, random) == Verdict::Refuted
                    };
                    let refuted = (0..checks).filter(|_| refutes(draw.generator())).count();
                    (mean, refuted as f64 / checks as f64)
                });
                Line::measured(&law.name(), points.collect::<Vec<_>>())
            })
            .collect();
    Content::Lines { lines }
}
