#![doc = include_str!("early_stopping.md")]

use theoria_instances::sequences::geometric;
use theoria_verification::{
    Check, Claim, Content, Draw, Family, Figure, Group, Hypothesis, Line, Reading, Readings,
    Theorem,
};

use crate::support::bayes_regression::{Prior, excess_of_one_direction};

/// The multiple c of 1/λ* at which flow is never far from ridge, and by how much it exceeds ridge at most.
const KNOWN: (f64, f64) = (0.45711, 0.07859);
/// The ratios at which it does.
const WORST_OF_ONE: [f64; 2] = [0.680_284, 9.788_925];
/// Two multiples of 1/λ*, the share of the first, and by how much their mean exceeds ridge at most.
const TWO_TIMES: ([f64; 2], f64, f64) = ([0.346_06, 0.634_87], 0.418_966, 0.074_86);
/// The ratios at which it does, and the share of the first of them in the risk of ridge with which no time does better.
const WORST_OF_TWO: ([f64; 2], f64) = ([0.863_671, 8.595_532], 0.321_144);

/// What rounding does to an excess.
const ROUNDING: f64 = 1e-9;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let known = known("stopped_at_a_known_time", "0.45711/λ*", KNOWN.0, KNOWN.1)
        .on(searched())
        .attained_on(one_ratio(&WORST_OF_ONE));
    let smaller = known
        .restated(
            "stopped_at_a_known_time_within_a_twentieth_less",
            "risk of flow at 0.45711/λ* ≤ (1 + 0.95 · 0.07859) risk of ridge",
        )
        .predicting(|_, _| 0.95 * KNOWN.1);
    let best =
        best("stopped_at_the_best_time", TWO_TIMES.2).on(searched()).attained_on(two_ratios());
    let less = best
        .restated(
            "stopped_at_the_best_time_within_a_twentieth_less",
            "min_t risk of flow ≤ (1 + 0.95 · 0.07486) risk of ridge",
        )
        .predicting(|_, _| 0.95 * TWO_TIMES.2);
    let mean = mean_of_two("mean_of_two_times_proves_it", TWO_TIMES.2)
        .on(searched())
        .attained_on(one_ratio(&WORST_OF_TWO.0));
    Theorem::new("implicit_bias/early_stopping", include_str!("early_stopping.md"))
        .uses(
            "implicit_bias/longer_training",
            "bias and variance along each eigenvector, and the moment that is best for it",
        )
        .claim(beats("no_stop_is_better_than_ridge", 1.0).on(searched()).on(partly_seen()).attained_on(one_ratio(&WORST_OF_ONE)))
        .claim(known.on(partly_seen()))
        .claim(best.on(partly_seen()))
        .claim(mean)
        .control(beats("ridge_is_better_by_a_fiftieth", 1.02).on(one_ratio(&WORST_OF_ONE)))
        .control(beats("no_stop_is_better_with_an_uneven_prior", 1.0).violating(ISOTROPIC).on(uneven()))
        .control(smaller)
        .control(self::known("stopped_a_tenth_later", "0.5028/λ*", 1.1 * KNOWN.0, KNOWN.1).on(searched()))
        .control(self::known("stopped_a_tenth_earlier", "0.4114/λ*", 0.9 * KNOWN.0, KNOWN.1).on(searched()))
        .control(less)
        .control(self::best("stopped_at_the_best_time_with_an_uneven_prior", TWO_TIMES.2).violating(ISOTROPIC).on(uneven()))
        .control(
            mean_of_two("mean_of_two_times_proves_a_twentieth_less", 0.95 * TWO_TIMES.2).on(one_ratio(&WORST_OF_TWO.0)),
        )
        .figure(
            Figure::semilog_x("excess", "ratio ρ of signal to noise", "excess over ridge")
                .caption(
                    "One direction: what flow at a time fixed beforehand loses against ridge. At 1/λ* it is a fifth at worst, at \
                     0.457/λ* never more than 7.9%.",
                )
                .showing(|draw, _| excess(draw)),
        )
        .figure(
            Figure::semilog_x("worst", "time, in units of 1/λ*", "excess over ridge")
                .caption(
                    "The two directions with which no time does better than 7.5% above ridge: what suits the one is too \
                     early for the other.",
                )
                .showing(|draw, _| worst(draw)),
        )
}

const ISOTROPIC: &str = "isotropic prior";

fn isotropic() -> Hypothesis<Prior> {
    Hypothesis::new(ISOTROPIC, |at: &Prior, _| {
        Check::at_most(at.anisotropy(), 1e-12, "covariance of w*, off τ²I by")
    })
}

fn uncorrelated_noise() -> Hypothesis<Prior> {
    let why = "risks are computed with the covariance σ²I of the labels' noise";
    Hypothesis::by_construction("uncorrelated noise of variance σ²", why)
}

/// One to three directions.
fn searched() -> Family<Prior> {
    Family::drawn("one to three directions", Prior::drawn).hunted(600)
}

fn partly_seen() -> Family<Prior> {
    Family::drawn("one direction is not seen", Prior::partly_seen)
}

fn uneven() -> Family<Prior> {
    Family::drawn("two directions, uneven prior", Prior::uneven).hunted(600)
}

fn one_ratio(ratios: &[f64]) -> Family<Prior> {
    Family::listed("one ratio", ratios.to_vec(), |ratio| Prior::of_one_ratio(*ratio))
}

fn two_ratios() -> Family<Prior> {
    let (ratios, share) = WORST_OF_TWO;
    Family::single("two ratios", move || Prior::of_two_ratios(ratios, share))
}

/// Flow at its best time against ridge.
fn beats(name: &str, times: f64) -> Claim<Prior> {
    let factor = if times == 1.0 { String::new() } else { format!("{times} ") };
    Claim::lower_bound(name, &format!("min_t risk of flow at t ≥ {factor}min_λ risk of ridge"))
        .assuming([isotropic(), uncorrelated_noise()])
        .tight_to(0.999)
        .measuring_each(|at: &Prior| Readings::at(1usize, 1.0 + at.least_excess()))
        .predicting(move |_, _| times)
}

fn known(name: &str, time: &str, multiple: f64, most: f64) -> Claim<Prior> {
    Claim::bound(name, &format!("risk of flow at {time} ≤ (1 + {most}) risk of ridge, λ*"))
        .assuming([isotropic(), uncorrelated_noise()])
        .tight_to(0.999)
        .measuring_each(move |at: &Prior| {
            Readings::at(multiple, Reading::new(at.excess(multiple), ROUNDING))
        })
        .predicting(move |_, _| most)
}

fn best(name: &str, most: f64) -> Claim<Prior> {
    Claim::bound(name, &format!("min_t risk of flow at t ≤ (1 + {most}) min_λ risk of ridge"))
        .assuming([isotropic(), uncorrelated_noise()])
        .tight_to(0.999)
        .measuring_each(|at: &Prior| {
            Readings::at(1usize, Reading::new(at.least_excess(), ROUNDING))
        })
        .predicting(move |_, _| most)
}

/// What a mean of two risks is at most, the smaller of them is at most.
fn mean_of_two(name: &str, most: f64) -> Claim<Prior> {
    let ([early, late], share, _) = TWO_TIMES;
    let formula = format!(
        "{share} risk of flow at {early}/λ* + {:.6} risk at {late}/λ* ≤ (1 + {most}) risk of ridge",
        1.0 - share
    );
    Claim::bound(name, &formula)
        .assuming([isotropic(), uncorrelated_noise()])
        .tight_to(0.999)
        .measuring_each(move |at: &Prior| {
            let mean = share * at.excess(early) + (1.0 - share) * at.excess(late);
            Readings::at(1usize, Reading::new(mean, ROUNDING))
        })
        .predicting(move |_, _| most)
}

fn excess(_: &mut Draw) -> Content {
    let ratios = geometric(0.02, 200.0, 121);
    let line = |label: &str, multiple: f64| {
        Line::predicted(
            label,
            ratios.iter().map(|ratio| (*ratio, excess_of_one_direction(*ratio, multiple))),
        )
    };
    let measured = |label: &str, multiple: f64| {
        let places = geometric(0.05, 50.0, 16);
        Group::new(
            label,
            places.iter().map(|ratio| (*ratio, Prior::of_one_ratio(*ratio).excess(multiple))),
        )
    };
    Content::Points {
        groups: vec![measured("flow at 1/λ*", 1.0), measured("flow at 0.457/λ*", KNOWN.0)],
        lines: vec![
            line("predicted, flow at 1/λ*", 1.0),
            line("predicted, flow at 0.457/λ*", KNOWN.0),
        ],
    }
}

fn worst(_: &mut Draw) -> Content {
    let (ratios, share) = WORST_OF_TWO;
    let times = geometric(0.15, 2.0, 161);
    // Beyond this all that is to be seen would lie on the axis.
    let line = |label: &str, at: &Prior| {
        let excess = times.iter().map(|multiple| (*multiple, at.excess(*multiple)));
        Line::measured(label, excess.filter(|(_, excess)| *excess <= 0.2))
    };
    let [low, high] = ratios.map(Prior::of_one_ratio);
    let level = [(times[0], TWO_TIMES.2), (times[times.len() - 1], TWO_TIMES.2)];
    Content::Lines {
        lines: vec![
            line("both", &Prior::of_two_ratios(ratios, share)),
            line("ρ = 0.86 alone", &low),
            line("ρ = 8.6 alone", &high),
            Line::predicted("7.5%", level),
        ],
    }
}
