//! Runs that are wrong, each in one place, on functions that show it; and what catches them.

use theoria_algorithms::Trajectory;
use theoria_instances::Problem;
use theoria_models::Vector;
use theoria_models::objectives::RippledParabola;
use theoria_verification::{Family, Instance};

use super::runs::Wrong;
use super::setting::{Quantity, Setting, huber, modes, scale};
use super::stated::{Stated, share};
use crate::play::Student;

/// After how many steps runs are looked at. The right run is asked for after the same numbers, so that no solution can tell them apart.
pub(super) const STEPS: [usize; 7] = [1, 2, 3, 4, 6, 8, 10];
const LAST: usize = 10;
/// By how much a claim must be broken, which rounding does not.
pub(super) const CLEAR: f64 = 1.01;
/// What rounding makes of a claim that is just kept.
const ROUNDING: f64 = 1e-6;

/// A wrong run with what is told of its function.
struct Case {
    name: &'static str,
    wrong: Wrong,
    make: fn((f64, f64)) -> Setting,
    /// Where the right run must keep a claim for its catch to count, if that is elsewhere.
    right: Option<fn((f64, f64)) -> Setting>,
}

/// Wrong runs that a few claims of the right size catch.
const PLAIN: [Case; 6] = [
    Case {
        name: "a run with the step 2.1/L",
        wrong: Wrong::Step(2.1),
        make: |scale| Setting::convex(modes(scale, [1.0], [1.0])),
        right: None,
    },
    Case {
        name: "a run that goes uphill",
        wrong: Wrong::Climbs,
        make: |scale| Setting::convex(modes(scale, [0.2, 1.0], [0.8, 0.6])),
        right: None,
    },
    Case {
        name: "a run that stops after three steps",
        wrong: Wrong::StopsAfter(3),
        make: |scale| Setting::convex(huber(scale, fitted(LAST))),
        right: None,
    },
    Case {
        name: "a run that stops as soon as the gap is what the theorem promises for ten steps",
        wrong: Wrong::StopsWhenPromised,
        make: |scale| Setting::convex(modes(scale, [0.5, 1.0], [1.0, 0.0])),
        right: None,
    },
    Case {
        name: "a run that goes uphill in the flattest coordinate",
        wrong: Wrong::ClimbsWhereItIsFlat,
        make: |scale| Setting::convex(modes(scale, [1.0, 0.005], [0.0, 1.0])),
        right: None,
    },
    Case {
        name: "a run that takes 0.8 of the step, μ being told",
        wrong: Wrong::Step(0.8),
        make: |scale| Setting::strongly_convex(modes(scale, [0.1, 1.0], [1.0, 0.0]), 1.5),
        right: None,
    },
];

/// Wrong runs that are nearly right.
const SUBTLE: [Case; 8] = [
    Case {
        name: "a run with a step that is five percent short",
        wrong: Wrong::Step(0.95),
        make: |scale| Setting::convex(huber(scale, fitted(LAST))),
        right: None,
    },
    Case {
        name: "a run with the gradient of the step before",
        wrong: Wrong::OldGradient,
        make: |scale| Setting::convex(huber(scale, fitted(4))),
        right: None,
    },
    Case {
        name: "a run with momentum, half of the last move",
        wrong: Wrong::HeavyBall(0.5),
        make: |scale| Setting::convex(modes(scale, [1.0], [1.0])),
        right: None,
    },
    Case {
        name: "a run whose steps become shorter and shorter",
        wrong: Wrong::Decreasing,
        make: |scale| Setting::convex(huber(scale, fitted(LAST))),
        right: None,
    },
    Case {
        name: "a run of which the mean of the iterates is taken",
        wrong: Wrong::Averaged,
        make: |scale| Setting::convex(huber(scale, fitted(6))),
        right: None,
    },
    Case {
        name: "a run with a long step that is three percent longer still, μ being told",
        wrong: Wrong::Step(1.03),
        make: |scale| Setting::strongly_convex(modes(scale, [0.2, 1.0], [0.0, 1.0]), 1.75),
        right: None,
    },
    Case {
        name: "a run with a step that is three percent short, μ being told",
        wrong: Wrong::Step(0.97),
        make: |scale| Setting::strongly_convex(modes(scale, [0.1, 1.0], [1.0, 0.0]), 1.2),
        right: None,
    },
    Case {
        name: "a run in which one coordinate stays where it began",
        wrong: Wrong::ForgetsTheLast,
        make: |scale| Setting::strongly_convex(modes(scale, [0.1, 1.0, 0.2], [0.6, 0.0, 0.8]), 1.0),
        right: None,
    },
];

/// Right runs where a hypothesis does not hold.
const WITHOUT: [Case; 3] = [
    Case {
        name: "a function whose L is a fifth more than told",
        wrong: Wrong::Nothing,
        make: |(told, distance)| {
            let problem = huber((1.2 * told, distance), 1.0 / 3.4);
            Setting { smoothness: told, step: 1.0 / told, ..Setting::convex(problem) }
        },
        right: Some(|scale| Setting::convex(huber(scale, fitted(1)))),
    },
    Case {
        name: "a function whose μ is a tenth less than told",
        wrong: Wrong::Nothing,
        make: |scale| {
            let flat = Setting::strongly_convex(modes(scale, [0.09, 1.0], [1.0, 0.0]), 1.0);
            Setting { strong_convexity: Some(0.1 * scale.0), ..flat }
        },
        right: Some(|scale| Setting::strongly_convex(modes(scale, [0.1, 1.0], [1.0, 0.0]), 1.0)),
    },
    Case {
        name: "a function that is not convex",
        wrong: Wrong::Nothing,
        make: |_| Setting::convex(Problem::new(RippledParabola, Vector::from_element(1, 5.5))),
        right: Some(|scale| Setting::convex(huber(scale, fitted(LAST)))),
    },
];

/// The width on which the gap is as large as may be after so many steps.
fn fitted(steps: usize) -> f64 {
    1.0 / (2.0 * steps as f64 + 1.0)
}

/// A wrong run, and how far it goes beyond the claims.
pub(super) struct Tried {
    description: String,
    /// Where, and as which share of a claim, of those that the right run keeps.
    pub(super) worst: (usize, f64),
}

impl Instance for Tried {
    fn description(&self) -> String {
        self.description.clone()
    }
}

pub(super) fn plain(student: &Student) -> Vec<Family<Tried>> {
    families(&PLAIN, student)
}

pub(super) fn subtle(student: &Student) -> Vec<Family<Tried>> {
    families(&SUBTLE, student)
}

pub(super) fn without_a_hypothesis(student: &Student) -> Vec<Family<Tried>> {
    families(&WITHOUT, student)
}

/// The solution is asked when an instance is drawn, so that the instance says what caught it.
fn families(cases: &'static [Case], student: &Student) -> Vec<Family<Tried>> {
    let family = |(side, case): (usize, &'static Case)| {
        let student = student.clone();
        Family::drawn(case.name, move |draw| case.tried(scale(side, draw), &student)).with_draws(1)
    };
    cases.iter().enumerate().map(family).collect()
}

impl Case {
    fn tried(&self, scale: (f64, f64), student: &Student) -> Tried {
        let setting = (self.make)(scale);
        let counterpart = self.right.unwrap_or(self.make)(scale);
        let stated = Stated::by(student, &setting, &STEPS);
        let stated_of_the_right = Stated::by(student, &counterpart, &STEPS);
        let (wrong, right) = (self.wrong.run(&setting, LAST), counterpart.descent(LAST));
        let mut told = Vec::new();
        let mut worst = (LAST, 0.0);
        for quantity in Quantity::ALL {
            let name = quantity.name();
            let kept = shares(quantity, &right, &counterpart, stated_of_the_right.as_ref());
            if largest(&kept).1 > 1.0 + ROUNDING {
                told.push(format!("{name} is broken by the right run too"));
                continue;
            }
            let shares = shares(quantity, &wrong, &setting, stated.as_ref());
            let (steps, share) = largest(&shares);
            if share > worst.1 {
                worst = (steps, share);
            }
            told.push(match shares.iter().find(|(_, share)| *share >= CLEAR) {
                Some((first, _)) => format!("caught by {name} from step {first} on"),
                None => format!("{name} comes to {share:.2} of its claim"),
            });
        }
        Tried { description: format!("{}: {}", self.name, told.join("; ")), worst }
    }
}

/// At each step which share of a claim a run comes to; beyond all numbers is the largest number.
fn shares(
    quantity: Quantity,
    run: &Trajectory,
    setting: &Setting,
    stated: Option<&Stated>,
) -> [(usize, f64); STEPS.len()] {
    STEPS.map(|n| {
        let bound = stated.map_or(f64::NAN, |own| own.claim(quantity, n));
        (n, share(quantity.read(&setting.problem, run.at(n)), bound).value.min(f64::MAX))
    })
}

fn largest(shares: &[(usize, f64)]) -> (usize, f64) {
    let larger =
        |most: (usize, f64), next: &(usize, f64)| if next.1 > most.1 { *next } else { most };
    shares.iter().fold((LAST, 0.0), larger)
}
