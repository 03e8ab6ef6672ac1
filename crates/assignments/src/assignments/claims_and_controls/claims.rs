//! What is claimed of a solution's claims and controls.

use theoria_verification::{Claim, Family, Hypothesis, Reading, Readings};

use super::functions::{Extreme, elsewhere, extremes, granted, hunted, seen};
use super::setting::{Quantity, Setting};
use super::stated::{Stated, share};
use super::wrong::{CLEAR, STEPS, Tried};
use crate::play::Student;

/// Other numbers of steps than a student sees.
const OTHER_STEPS: [usize; 5] = [1, 4, 6, 9, 12];
/// Which part of its claim a control is at least.
const LEAST: f64 = 0.9;
/// How many functions the adversary looks at.
const HUNTED: usize = 300;

/// The right run keeps a claim.
pub(super) fn kept(quantity: Quantity, student: &Student) -> Claim<Setting> {
    let student = student.clone();
    Claim::bound(quantity.name(), &format!("{} ≤ what you claim", quantity.symbol()))
        .assuming(granted())
        .on_all(seen(quantity, &STEPS))
        .measuring(STEPS, move |setting: &Setting, steps| {
            let run = setting.descent(most(&STEPS));
            steps.read(|n| quantity.read(&setting.problem, run.at(n)))
        })
        .predicting_from(
            move |setting| Stated::by(&student, setting, &STEPS),
            move |stated, n| {
                match stated.as_ref().map(|stated| stated.claim(quantity, n as usize)) {
                    // True, and of no use: that is for the controls to say.
                    Some(f64::INFINITY) => f64::MAX,
                    Some(claim) if claim.is_nan() => f64::NEG_INFINITY,
                    Some(claim) => claim,
                    None => f64::NAN,
                }
            },
        )
}

/// The right run keeps all claims, and nobody finds a function on which it does not.
pub(super) fn adversary(student: &Student) -> Claim<Setting> {
    let student = student.clone();
    Claim::bound("adversary", "the largest of measured / claimed ≤ 1, for all three quantities")
        .assuming(granted())
        .on_all(elsewhere(&OTHER_STEPS))
        .on_all(hunted(HUNTED))
        .measuring(OTHER_STEPS, move |setting: &Setting, steps| {
            let run = setting.descent(most(&OTHER_STEPS));
            let stated = Stated::by(&student, setting, &OTHER_STEPS);
            steps.read(|n| {
                let shares = Quantity::ALL.map(|quantity| {
                    let bound = stated.as_ref().map_or(f64::NAN, |own| own.claim(quantity, n));
                    share(quantity.read(&setting.problem, run.at(n)), bound)
                });
                shares.into_iter().fold(Reading::new(0.0, 0.0), |most, next| {
                    if next.has_diverged() || next.value > most.value { next } else { most }
                })
            })
        })
        .predicting(|_, _| 1.0)
}

/// Controls are near their claims.
pub(super) fn near(student: &Student) -> Claim<Extreme> {
    let student = student.clone();
    about_extremes(Claim::lower_bound("near", "your control / your claim ≥ 0.9"))
        .measuring(STEPS, move |extreme: &Extreme, steps| {
            let stated = Stated::by(&student, &extreme.after(1), &STEPS);
            steps.read(|n| {
                let share = stated.as_ref().map_or(f64::NAN, |stated| {
                    stated.control(extreme.quantity, n) / stated.claim(extreme.quantity, n)
                });
                // Of nothing, or of infinity, it is no part.
                if share.is_finite() { share } else { 0.0 }
            })
        })
        .predicting(|_, _| LEAST)
}

/// The right run breaks controls, on the worst function for each number of steps.
fn broken(name: &str, student: &Student, steps: &'static [usize]) -> Claim<Extreme> {
    let student = student.clone();
    about_extremes(Claim::lower_bound(name, "what the right run comes to / your control ≥ 1.01"))
        .measuring(steps.iter().copied(), move |extreme: &Extreme, at| {
            at.read(|n| {
                let setting = extreme.after(n);
                let stated = Stated::by(&student, &setting, steps);
                let control = stated.map_or(f64::NAN, |own| own.control(extreme.quantity, n));
                // Nobody doubts that a quantity is more than nothing.
                match control > 0.0 {
                    true => share(extreme.reading(&setting, n), control),
                    false => Reading::new(0.0, 0.0),
                }
            })
        })
        .predicting(|_, _| CLEAR)
}

pub(super) fn broken_where_seen(student: &Student) -> Claim<Extreme> {
    broken("controls", student, &STEPS)
}

pub(super) fn broken_elsewhere(student: &Student) -> Claim<Extreme> {
    broken("controls_elsewhere", student, &OTHER_STEPS)
}

fn about_extremes(claim: Claim<Extreme>) -> Claim<Extreme> {
    let reason = "Huber functions and modes of quadratics, whose constants are known";
    claim.assuming([Hypothesis::by_construction("smooth and convex", reason)]).on_all(extremes())
}

/// Each of these runs breaks a claim that the right run keeps.
pub(super) fn caught(name: &str, families: Vec<Family<Tried>>) -> Claim<Tried> {
    Claim::lower_bound(
        name,
        "the largest of measured / claimed ≥ 1.01 for the wrong run, of claims that the right run keeps",
    )
    .assuming([Hypothesis::by_construction("wrong", "each run is wrong in one place")])
    .on_all(families)
    .measuring_each(|tried: &Tried| {
        let (steps, share) = tried.worst;
        Readings::at(steps, share)
    })
    .predicting(|_, _| CLEAR)
}

fn most(steps: &[usize]) -> usize {
    steps.iter().copied().max().unwrap_or(0)
}
