#![doc = include_str!("self_concordant.md")]

use theoria_elementary::{exp, ln_1p, powf};
use theoria_models::numerics::bisect;
use theoria_verification::{
    Case, Claim, Content, Draw, Effort, Family, Figure, Group, Hypothesis, Line, Readings, Theorem,
};

use crate::support::concordance::{
    Concordant, Facts, barriers, barriers_from_afar, closed, cut_off, full_step, near, profiles,
    self_concordant, sloped, turned, turning,
};

/// How many instances a search looks at.
const LOOKS: usize = 1500;
/// What is seen of an identity in doubles whose numbers are near 1.
const SEEN: f64 = 1e-9;
/// Decrements at which bounds are attained.
const DECREMENTS: [f64; 4] = [0.1, 0.4, 0.7, 0.9];
/// Numbers as they are printed.
const PRINTED: f64 = 1e-4;
const RADIUS: f64 = 0.3820;
const RADIUS_IN_ONE_VARIABLE: f64 = 0.7282;
const LOGISTIC: f64 = 1.7627;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    // From afar there is no bound from above.
    let far = |claim: Claim<Concordant>| {
        claim
            .attained_on(falls())
            .attained_on(sloped("w falls, from afar", -1.0, &[1.0, 3.0, 10.0]))
            .on(profiles().hunted(LOOKS))
            .on(barriers_from_afar().hunted(LOOKS))
            .tight_to(0.9)
    };
    let others = |claim: Claim<Concordant>| claim.violating("self-concordant");
    let logarithm = logarithm("full_steps_on_a_logarithm");
    let other_logarithm = logarithm
        .restated("full_steps_on_a_logarithm_leave_more", "x − log x: x₊ − 1 = −1.02 (x − 1)²")
        .predicting(|offset, _| -1.02 * offset.powi(2));
    Theorem::new("second_order/self_concordant", include_str!("self_concordant.md"))
        .uses("second_order/newton_quadratic", "the radius that a Lipschitz constant gives")
        .uses(
            "second_order/affine_invariance",
            "the decrement is the same number in all affine coordinates",
        )
        .claim(far(lower("value_from_below", 1.0)))
        .claim(
            upper("value_from_above", 1.0)
                .attained_on(rises())
                .on(profiles().hunted(LOOKS))
                .on(barriers().hunted(LOOKS))
                .tight_to(0.9),
        )
        .claim(
            far(gain("gain_of_a_damped_step", 1.0))
                .on(sloped("w rises, no minimiser", 1.0, &[1.0, 1.5, 3.0])),
        )
        .claim(
            full("decrement_after_a_full_step", "λ₊ ≤ (λ/(1 − λ))²", general, 1.0)
                .on(profiles().hunted(LOOKS))
                .on(barriers().hunted(LOOKS))
                .tight_to(0.85),
        )
        .claim(
            sharp("decrement_in_one_variable", 1.0)
                .attained_on(turns())
                .on(profiles().hunted(LOOKS))
                .tight_to(0.9),
        )
        .claim(radius("radius", "λ₊ < λ by the general bound for λ < 0.3820", general, RADIUS))
        .claim(radius(
            "radius_in_one_variable",
            "the worst λ₊ < λ for λ < 0.7282",
            worst,
            RADIUS_IN_ONE_VARIABLE,
        ))
        .claim(radius(
            "radius_as_a_root",
            "λ³ + 2λ² + 9λ < 8 for λ < 0.7282",
            |x| x + x.powi(3) + 2.0 * x * x + 9.0 * x - 8.0,
            RADIUS_IN_ONE_VARIABLE,
        ))
        .claim(logarithm)
        .claim(leaves("leaving_the_domain", "x₊ ≤ 0 exactly for λ ≥ 1, from 1 + λ", 1.0))
        .claim(logistic("logistic_loss", "|f‴| ≤ 2 f″^{3/2} for |t| ≤ 1.7627", LOGISTIC))
        .control(lower("value_from_below_is_more", 1.05).on(falls()))
        .control(others(lower("value_from_below_of_others", 1.0).on(too_steep(-1.05))))
        .control(upper("value_from_above_is_less", 0.95).on(rises()))
        .control(others(upper("value_from_above_of_others", 1.0).on(too_steep(1.05))))
        .control(gain("gain_of_a_damped_step_is_more", 1.05).on(falls()))
        .control(
            gain("gain_of_a_damped_step_out_of_the_domain", 1.0)
                .on(cut_off())
                .violating("closed"),
        )
        .control(others(gain("gain_of_a_damped_step_of_others", 1.0).on(too_steep(-1.05))))
        .control(sharp("decrement_in_one_variable_is_less", 0.98).on(turns()))
        .control(others(sharp("decrement_of_others", 1.0).on(turns_too_fast())))
        .control(
            full("decrement_after_a_full_step_is_less", "λ₊ ≤ 0.95 (λ/(1 − λ))²", general, 0.95)
                .on(turning("w falls and rises, near the minimum", 1.0, &[0.005, 0.01, 0.02])),
        )
        .control(
            full("decrement_from_afar", "λ₊ ≤ (λ/(1 − λ))²", general, 1.0)
                .on(sloped("w falls, λ > 1", -1.0, &[1.05, 1.5]))
                .violating("λ < 1"),
        )
        .control(
            full("decrement_is_squared", "λ₊ ≤ λ²", |decrement| decrement.powi(2), 1.0)
                .on(turns()),
        )
        .control(radius(
            "radius_is_larger",
            "λ₊ < λ by the general bound for λ < 0.3896",
            general,
            1.02 * RADIUS,
        ))
        .control(radius(
            "radius_in_one_variable_is_larger",
            "the worst λ₊ < λ for λ < 0.7428",
            worst,
            1.02 * RADIUS_IN_ONE_VARIABLE,
        ))
        .control(other_logarithm)
        .control(
            leaves("leaving_the_domain_later", "x₊ ≤ 0 exactly for λ ≥ 1.05, from 1 + λ", 1.05),
        )
        .control(logistic(
            "logistic_loss_farther",
            "|f‴| ≤ 2 f″^{3/2} for |t| ≤ 1.7980",
            1.02 * LOGISTIC,
        ))
        .figure(
            Figure::linear("decrement", "λ before", "λ after a full step")
                .caption(
                    "Random self-concordant functions of one variable stay below the curve that their worst ones attain; so do barriers in several \
                     dimensions, of which the theorem allows more. Where the curve crosses the diagonal, full steps need not come nearer.",
                )
                .showing(decrements),
        )
        .figure(
            Figure::linear("value", "λ", "f(x) − f*")
                .caption("The decrement tells how far a value is from the minimum: within two lines that are attained.")
                .showing(gaps),
        )
}

fn falls() -> Family<Concordant> {
    sloped("w falls", -1.0, &DECREMENTS)
}

fn rises() -> Family<Concordant> {
    sloped("w rises", 1.0, &DECREMENTS)
}

fn turns() -> Family<Concordant> {
    turning("w falls and rises", 1.0, &DECREMENTS)
}

fn too_steep(slope: f64) -> Family<Concordant> {
    sloped("w falls or rises too steeply", slope, &DECREMENTS)
}

fn turns_too_fast() -> Family<Concordant> {
    turning("w falls and rises too steeply", 1.05, &DECREMENTS)
}

/// λ − log(1 + λ)
fn rising(decrement: f64) -> f64 {
    decrement - ln_1p(decrement)
}

/// −λ − log(1 − λ)
fn falling(decrement: f64) -> f64 {
    -decrement - ln_1p(-decrement)
}

fn general(decrement: f64) -> f64 {
    (decrement / (1.0 - decrement)).powi(2)
}

fn in_one_variable(decrement: f64) -> f64 {
    let square = decrement * decrement;
    4.0 - square - 4.0 * (1.0 - square).sqrt()
}

/// What is seen at λ, against so many times what is told of it.
fn over(
    claim: Claim<Concordant>,
    seen: fn(&Facts) -> f64,
    told: fn(f64) -> f64,
    times: f64,
) -> Claim<Concordant> {
    claim
        .assuming([self_concordant(), closed()])
        .measuring_each(move |it: &Concordant| {
            let facts = it.facts();
            Readings::at(facts.decrement, seen(&facts))
        })
        .predicting(move |_, decrement| times * told(decrement))
}

fn factor(times: f64) -> String {
    if times == 1.0 { String::new() } else { format!("{times} ") }
}

fn lower(name: &str, times: f64) -> Claim<Concordant> {
    let formula = format!("f − f* ≥ {}(λ − log(1 + λ))", factor(times));
    over(Claim::lower_bound(name, &formula), |it| it.gap, rising, times)
}

fn upper(name: &str, times: f64) -> Claim<Concordant> {
    let formula = format!("f − f* ≤ {}(−λ − log(1 − λ))", factor(times));
    over(Claim::bound(name, &formula), |it| it.gap, falling, times).assuming([near()])
}

fn gain(name: &str, times: f64) -> Claim<Concordant> {
    let formula = format!("damped step: f − f₊ ≥ {}(λ − log(1 + λ))", factor(times));
    over(Claim::lower_bound(name, &formula), |it| it.gained, rising, times)
}

fn sharp(name: &str, times: f64) -> Claim<Concordant> {
    let formula = format!("λ₊ ≤ {}(4 − λ² − 4 (1 − λ²)^{{1/2}})", factor(times));
    full(name, &formula, in_one_variable, times)
}

fn full(name: &str, formula: &str, told: fn(f64) -> f64, times: f64) -> Claim<Concordant> {
    over(Claim::bound(name, formula), |it| it.after, told, times).assuming([near()])
}

/// λ after a full step on the function that is worst for it.
fn worst(decrement: f64) -> f64 {
    turned(decrement, 1.0).facts().after
}

/// Where λ₊ = λ.
fn radius(name: &str, formula: &str, after: fn(f64) -> f64, told: f64) -> Claim<Case<()>> {
    Claim::identity(name, formula, PRINTED)
        .assuming([Hypothesis::by_construction(
            "λ₊ − λ changes its sign once",
            "from 0.01 to 0.99",
        )])
        .on(Family::cases("λ₊ = λ", [()], |()| "bisected".into()))
        .measuring_each(move |_: &Case<()>| {
            let falls = |decrement: f64| after(decrement) < decrement;
            Readings::at(1, bisect(0.01, 0.99, 0.0, falls).0)
        })
        .predicting(move |_, _| told)
}

fn offsets(name: &str, offsets: &[f64]) -> Family<Case<f64>> {
    Family::cases(name, offsets.to_vec(), |offset| format!("x = 1 + {offset}"))
}

fn on_x_minus_log_x() -> Hypothesis<Case<f64>> {
    Hypothesis::by_construction("f = x − log x", "λ = |x − 1|")
}

fn logarithm(name: &str) -> Claim<Case<f64>> {
    Claim::identity(name, "x − log x: x₊ − 1 = −(x − 1)²", SEEN)
        .assuming([on_x_minus_log_x()])
        .on(offsets("on both sides", &[-0.9, -0.5, -0.1, 0.2, 0.6, 1.05]))
        .measuring_each(|offset: &Case<f64>| Readings::at(1, full_step(**offset) - 1.0))
        .predicting(|offset, _| -offset.powi(2))
}

fn leaves(name: &str, formula: &str, least: f64) -> Claim<Case<f64>> {
    let family = if least > 1.0 {
        offsets("beyond 1", &[1.01, 1.04])
    } else {
        offsets("about 1", &[0.5, 0.97, 1.0, 1.03, 2.0])
    };
    Claim::identity(name, formula, SEEN)
        .assuming([on_x_minus_log_x()])
        .on(family)
        .measuring_each(|offset: &Case<f64>| {
            Readings::at(1, f64::from(u8::from(full_step(**offset) <= 0.0)))
        })
        .predicting(move |offset, _| f64::from(u8::from(**offset >= least)))
}

/// With f″ = p(1 − p) and f‴ = p(1 − p)(1 − 2p) for p = 1/(1 + e^{−t}).
fn logistic(name: &str, formula: &str, told: f64) -> Claim<Case<()>> {
    Claim::identity(name, formula, PRINTED)
        .assuming([Hypothesis::by_construction(
            "f = log(1 + eᵗ)",
            "its derivatives in closed form",
        )])
        .on(Family::cases("where equality holds", [()], |()| "bisected".into()))
        .measuring_each(|_: &Case<()>| {
            let holds = |t: f64| {
                let p = 1.0 / (1.0 + exp(-t));
                let second = p * (1.0 - p);
                (second * (1.0 - 2.0 * p)).abs() <= 2.0 * powf(second, 1.5)
            };
            Readings::at(1, bisect(0.0, 10.0, 0.0, holds).0)
        })
        .predicting(move |_, _| told)
}

fn cloud(
    label: &str,
    family: &Family<Concordant>,
    draw: &mut Draw,
    seen: fn(&Facts) -> f64,
) -> Group {
    let facts = (0..150).map(|i| family.instance(draw, i).facts());
    Group::new(label, facts.map(|facts| (facts.decrement, seen(&facts))))
}

fn curve(label: &str, height: fn(f64) -> f64, most: f64) -> Line {
    let places = (1..=95).map(|i| f64::from(i) / 100.0).map(|x| (x, height(x)));
    Line::predicted(label, places.take_while(|(_, y)| *y <= most))
}

fn decrements(draw: &mut Draw, _: Effort) -> Content {
    Content::Points {
        groups: vec![
            cloud("one variable", &profiles(), draw, |it| it.after),
            cloud("barriers", &barriers(), draw, |it| it.after),
            Group::new("worst", (1..=18).map(|i| 0.05 * f64::from(i)).map(|x| (x, worst(x)))),
        ],
        lines: vec![
            curve("(λ/(1 − λ))²", general, 1.6),
            curve("4 − λ² − 4 √(1 − λ²)", in_one_variable, 3.0),
            curve("λ", |x| x, 1.0),
        ],
    }
}

fn gaps(draw: &mut Draw, _: Effort) -> Content {
    Content::Points {
        groups: vec![
            cloud("one variable", &profiles(), draw, |it| it.gap),
            cloud("barriers", &barriers(), draw, |it| it.gap),
        ],
        lines: vec![curve("−λ − log(1 − λ)", falling, 2.0), curve("λ − log(1 + λ)", rising, 2.0)],
    }
}
