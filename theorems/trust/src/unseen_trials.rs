#![doc = include_str!("unseen_trials.md")]

use theoria_elementary::powf;
use theoria_verification::{
    Claim, Content, Draw, Effort, Figure, Line, Side, Theorem, TrialClaim, Verdict,
};

use crate::support::broken::that_diagnoses_nothing;
use crate::support::law::{Law, Scaled, laws};
use crate::support::simulation::{how_often, independent, on_trials_of, share_of, verdict};

/// Trials of each simulated check: as many as an experiment takes unless told otherwise.
const TRIALS: usize = 4096;
/// What each simulated verdict may spend.
const ALPHA: f64 = 5e-2;
/// The margin of the simulated claims.
const MARGIN: f64 = 0.1;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let rare = || {
        [1e-2, 1e-3, 1e-4]
            .into_iter()
            .flat_map(|p| [Law::rare(p), Law::rare_and_smeared(p)])
            .chain([Law::one_step(), Law::two_steps()])
            .collect::<Vec<_>>()
    };
    let heavy = || {
        let heavy = [2.0, 4.0, 8.0, 10.0].map(Law::LogNormal).into_iter();
        heavy.chain([1.1, 1.5, 2.0].map(Law::Pareto)).chain(Law::networks()).collect::<Vec<_>>()
    };
    let unseen = supports(
        "rare_values_deceive_as_often_as_they_stay_unseen",
        "P(supported) ≤ (1 − p)^n + α, α = 0.05",
    )
    .on(laws("mean twice the bound", rare(), 2.0))
    .on(laws("no number now and then", [Law::Lost(1e-3)], 1.0))
    .trials(16_384)
    .predicting(|scaled, _| unseen(&scaled.law) + ALPHA);
    Theorem::new("trust/unseen_trials", include_str!("unseen_trials.md"))
        .uses("trust/expected_bounds", "refutations by betting stay proved without a bound")
        .claim(
            supports("light_tails_are_judged_as_promised", "P(supported) ≤ 2 α, α = 0.05")
                .on(laws("mean at the margin", light(), 1.0 + MARGIN))
                .predicting(|_, _| 2.0 * ALPHA),
        )
        .claim(unseen)
        .claim(
            supports("heavy_tails_are_left_open", "P(supported | mean twice the bound) ≤ α, α = 0.05")
                .on(laws("mean twice the bound", heavy(), 2.0))
                .on(laws("no mean at all", [Law::PowersOfTwo], 0.05))
                .predicting(|_, _| ALPHA),
        )
        .claim(
            how_often(
                "true_values_are_not_refuted",
                "P(refuted) ≤ α, α = 0.05",
                Side::AtMost,
                Verdict::Refuted,
                ALPHA,
                value,
            )
            .on(laws("bounded, as claimed", Law::bounded(), 1.0))
            .on(laws("unbounded, as claimed", Law::unbounded(), 1.0))
            .predicting(|_, _| ALPHA),
        )
        .control(
            supports("the_budget_holds_of_what_is_not_seen", "P(supported) ≤ α, α = 0.05, without a bound")
                .on(laws("mean twice the bound", [Law::rare(1e-4), Law::rare_and_smeared(1e-4)], 2.0))
                .predicting(|_, _| ALPHA),
        )
        .control(no_diagnosis())
        .figure(
            Figure::semilog_x("unseen", "probability of the value that carries the mean", "share of false bounds that are supported")
            .caption(
                "With 4096 trials values of probability 0.01 deceived in none of the checks, those of 0.0001 in two of three checks; a bound \
                 that is told leaves none.",
            )
            .showing(deceived),
        )
}

fn light() -> [Law; 3] {
    [Law::Exponential, Law::Square, Law::coin()]
}

/// The probability that the rarest value of a law stays unseen.
fn unseen(law: &Law) -> f64 {
    let rarest = match law {
        Law::Atoms(atoms) => {
            // A product is large if one of its factors is.
            let least = atoms.values.iter().map(|(_, p)| *p).fold(1.0, f64::min);
            1.0 - (1.0 - least).powi(atoms.factors as i32)
        }
        Law::Lost(p) => *p,
        _ => 1.0,
    };
    (1.0 - rarest).powi(TRIALS as i32)
}

fn bound(scaled: &Scaled) -> TrialClaim<Scaled> {
    let claim = Claim::expected_bound("simulated", "E Z ≤ 1").within(MARGIN).trials(TRIALS);
    on_trials_of(claim.predicting(|_, _| 1.0), scaled)
}

fn value(scaled: &Scaled) -> TrialClaim<Scaled> {
    let claim = Claim::expected_value("simulated", "E Z = 1", MARGIN).trials(TRIALS / 4);
    on_trials_of(claim.predicting(|_, _| 1.0), scaled)
}

/// How often the bound 1 is supported.
fn supports(name: &str, formula: &str) -> TrialClaim<Scaled> {
    how_often(name, formula, Side::AtMost, Verdict::Supported, ALPHA, bound)
}

fn no_diagnosis() -> TrialClaim<Scaled> {
    let formula = "P(supported) ≤ α, α = 0.05, of 512 trials whose tail nobody looks at";
    Claim::probability("no_diagnosis_is_needed", formula, Side::AtMost)
        .assuming([independent()])
        .on(laws("mean twice the bound", [Law::rare(1e-3), Law::one_step()], 2.0))
        .sampling(|scaled: &Scaled, block| {
            share_of(Verdict::Supported, block, |random| {
                that_diagnoses_nothing(scaled, 512, ALPHA, random)
            })
        })
        .predicting(|_, _| ALPHA)
}

fn deceived(draw: &mut Draw, effort: Effort) -> Content {
    let checks = 40 * effort.trials_factor();
    let masses: Vec<f64> = (0..=8).map(|k| powf(10.0, -2.0 - 0.25 * f64::from(k))).collect();
    let mut line = |name: &str, told: bool| {
        let points = masses.iter().map(|&p| {
            let scaled = Scaled { law: Law::rare(p), mean: 2.0 };
            let claim = || {
                if told { bound(&scaled).bounded_by(move |_, _| 2.0 / p) } else { bound(&scaled) }
            };
            let supports = |random: &mut _| verdict(claim(), ALPHA, random) == Verdict::Supported;
            let count = (0..checks).filter(|_| supports(draw.generator())).count();
            (p, count as f64 / checks as f64)
        });
        Line::measured(name, points.collect::<Vec<_>>())
    };
    let lines = vec![line("no bound is told", false), line("the bound is told", true)];
    Content::Lines { lines }
}
