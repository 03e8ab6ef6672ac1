#![doc = include_str!("adversary.md")]

use theoria_verification::{
    Claim, Content, Draw, Effort, Family, Figure, Generator, Line, Side, Theorem, TrialClaim,
    Verdict,
};

use crate::support::law::{Law, Scaled};
use crate::support::search::worst_law;
use crate::support::simulation::{how_often, on_trials_of, verdict};

/// What each simulated verdict may spend.
const ALPHA: f64 = 5e-2;
/// Trials of each simulated check.
const TRIALS: usize = 256;
/// Checks by which the search scores a law.
const CHECKS: usize = 48;
/// The margin of the simulated claims.
const MARGIN: f64 = 0.1;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    Theorem::new("trust/adversary", include_str!("adversary.md"))
        .uses(
            "trust/expected_bounds",
            "the rate of wrong verdicts that is promised where the largest trial is told",
        )
        .uses(
            "trust/unseen_trials",
            "laws whose mean no sample shows, which the search finds without a bound",
        )
        .claim(
            wrong(
                "false_bounds_are_not_supported",
                "P(supported) ≤ α, α = 0.05, of the worst law found",
                Verdict::Supported,
                told,
            )
            .on(searched("mean at the margin", 1.0 + MARGIN, Verdict::Supported, told)),
        )
        .claim(
            wrong(
                "true_bounds_are_not_refuted",
                "P(refuted) ≤ α, α = 0.05, of the worst law found",
                Verdict::Refuted,
                told,
            )
            .on(searched("mean at the bound", 1.0, Verdict::Refuted, told)),
        )
        .claim(
            wrong(
                "false_lower_bounds_are_not_supported",
                "P(supported) ≤ α, α = 0.05, of the worst law found for lower bounds",
                Verdict::Supported,
                lower,
            )
            .on(searched("mean at the margin", 1.0 - MARGIN, Verdict::Supported, lower)),
        )
        .control(
            wrong(
                "no_bound_is_needed",
                "P(supported) ≤ α, α = 0.05, of the worst law found where no bound is told",
                Verdict::Supported,
                untold,
            )
            .on(worst_of_three("mean twice the bound", 2.0, Verdict::Supported, untold)),
        )
        .figure(
            Figure::linear("search", "laws tried", "largest share of false bounds supported")
                .caption(
                    "Without a bound the search soon finds laws of which almost every false bound is supported; with it there are \
                     none.",
                )
                .showing(courses),
        )
}

/// E Z ≤ 1, and nothing told of a trial.
fn untold(scaled: &Scaled) -> TrialClaim<Scaled> {
    let claim = Claim::expected_bound("simulated", "E Z ≤ 1").within(MARGIN).trials(TRIALS);
    on_trials_of(claim.predicting(|_, _| 1.0), scaled)
}

/// E Z ≤ 1, and the largest trial told.
fn told(scaled: &Scaled) -> TrialClaim<Scaled> {
    let most = scaled.law.most() * scaled.mean;
    untold(scaled).bounded_by(move |_, _| most)
}

/// E Z ≥ 1.
fn lower(scaled: &Scaled) -> TrialClaim<Scaled> {
    let claim = Claim::expected_lower_bound("simulated", "E Z ≥ 1").within(MARGIN).trials(TRIALS);
    on_trials_of(claim.predicting(|_, _| 1.0), scaled)
}

type Check = fn(&Scaled) -> TrialClaim<Scaled>;

fn wrong(name: &str, formula: &str, counted: Verdict, check: Check) -> TrialClaim<Scaled> {
    how_often(name, formula, Side::AtMost, counted, ALPHA, check).predicting(|_, _| ALPHA)
}

/// How often checks of trials of this law come out as counted.
fn score(law: &Law, mean: f64, counted: Verdict, check: Check, random: &mut Generator) -> f64 {
    let scaled = Scaled { law: law.clone(), mean };
    let came_out = (0..CHECKS).filter(|_| verdict(check(&scaled), ALPHA, random) == counted);
    came_out.count() as f64 / CHECKS as f64
}

/// The worst laws of independent searches.
fn searched(name: &str, mean: f64, counted: Verdict, check: Check) -> Family<Scaled> {
    Family::drawn(name, move |draw| {
        let (law, _) = worst_law(draw, |law, random| score(law, mean, counted, check, random));
        Scaled { law, mean }
    })
    .with_draws(3)
}

/// The worst law of three searches: of a search that has found nothing to climb nobody learns anything.
fn worst_of_three(name: &str, mean: f64, counted: Verdict, check: Check) -> Family<Scaled> {
    Family::drawn(name, move |draw| {
        let mut search = || {
            let (law, course) =
                worst_law(draw, |law, random| score(law, mean, counted, check, random));
            (law, course.last().copied().unwrap_or(0.0))
        };
        let (first, second, third) = (search(), search(), search());
        let worse = |one: (Law, f64), other: (Law, f64)| if other.1 > one.1 { other } else { one };
        let (law, _) = worse(worse(first, second), third);
        Scaled { law, mean }
    })
    .with_draws(1)
}

fn courses(draw: &mut Draw, _: Effort) -> Content {
    let mut line = |name: &str, mean: f64, check: Check| {
        let (law, course) =
            worst_law(draw, |law, random| score(law, mean, Verdict::Supported, check, random));
        let points = course.into_iter().enumerate().map(|(k, share)| ((k + 1) as f64, share));
        Line::measured(&format!("{name}; the worst: {}", law.name()), points.collect::<Vec<_>>())
    };
    let lines = vec![line("bound told", 1.0 + MARGIN, told), line("no bound told", 2.0, untold)];
    Content::Lines { lines }
}
