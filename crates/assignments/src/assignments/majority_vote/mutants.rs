//! Wrong solutions, each wrong in one place.

use super::reference::sign;
use crate::assignment::Mutant;
use crate::theoria::{Fields, Solution};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "sign_of_the_mean",
        fails: &["vote", "descent", "wrong_votes"],
        because: "the loudest worker decides",
        make: || Flawed::boxed(Flaw::SignOfMean),
    },
    Mutant {
        name: "first_worker_alone",
        fails: &["vote", "wrong_votes"],
        because: "the others are not heard",
        make: || Flawed::boxed(Flaw::FirstAlone),
    },
    Mutant {
        name: "last_worker_forgotten",
        fails: &["close_votes", "wrong_votes"],
        because: "where one vote decides it is missing",
        make: || Flawed::boxed(Flaw::ForgetsLast),
    },
    Mutant {
        name: "wrong_sign",
        fails: &["vote", "descent"],
        because: "it climbs",
        make: || Flawed::boxed(Flaw::Ascends),
    },
    Mutant {
        name: "votes_are_averaged",
        fails: &["vote", "close_votes"],
        because: "the mean of the signs is not one of ±1: a narrow majority moves less than a broad one",
        make: || Flawed::boxed(Flaw::MeanOfSigns),
    },
    Mutant {
        name: "sign_of_zero_is_one",
        fails: &["close_votes"],
        because: "who has no slope abstains, and equal votes leave the coordinate where it is",
        make: || Flawed::boxed(Flaw::ZeroCounts),
    },
    Mutant {
        name: "step_twice_as_long",
        fails: &["vote", "close_votes"],
        because: "coordinates move by 2h",
        make: || Flawed::boxed(Flaw::TwiceAsFar),
    },
    Mutant {
        name: "stale_votes",
        fails: &["vote", "close_votes"],
        because: "the votes of the step before decide",
        make: || Flawed::boxed(Flaw::Stale),
    },
    Mutant {
        name: "unanimity",
        fails: &["vote", "wrong_votes"],
        because: "a coordinate moves only where all agree",
        make: || Flawed::boxed(Flaw::Unanimity),
    },
];

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    SignOfMean,
    FirstAlone,
    ForgetsLast,
    Ascends,
    MeanOfSigns,
    ZeroCounts,
    TwiceAsFar,
    Stale,
    Unanimity,
}

struct Flawed {
    flaw: Flaw,
    point: Vec<f64>,
    step: f64,
    last: Option<Vec<Vec<f64>>>,
}

impl Flawed {
    fn boxed(flaw: Flaw) -> Box<dyn Solution + Send> {
        Box::new(Flawed { flaw, point: Vec::new(), step: 0.0, last: None })
    }

    /// Where a coordinate goes, in units of −h, for what the workers see of it.
    fn direction(&self, seen: &[f64]) -> f64 {
        let signs: Vec<f64> = seen.iter().map(|g| sign(*g)).collect();
        let votes: f64 = signs.iter().sum();
        match self.flaw {
            Flaw::SignOfMean => sign(seen.iter().sum()),
            Flaw::FirstAlone => signs[0],
            Flaw::ForgetsLast => sign(signs[..signs.len() - 1].iter().sum()),
            Flaw::Ascends => -sign(votes),
            Flaw::MeanOfSigns => votes / signs.len() as f64,
            Flaw::ZeroCounts => seen.iter().map(|g| g.signum()).sum::<f64>().signum(),
            Flaw::TwiceAsFar => 2.0 * sign(votes),
            Flaw::Unanimity if votes.abs() < signs.len() as f64 => 0.0,
            Flaw::Unanimity | Flaw::Stale => sign(votes),
        }
    }
}

impl Solution for Flawed {
    fn begin(&mut self, instance: &Fields) -> Fields {
        self.point = instance.vector("start");
        self.step = instance.number("step");
        self.last = None;
        Fields::new().with("point", &self.point)
    }

    fn tell(&mut self, told: &Fields) -> Fields {
        let mut gradients = told.matrix("gradients");
        if self.flaw == Flaw::Stale {
            let stale = self.last.replace(gradients.clone());
            gradients = stale.unwrap_or_else(|| vec![vec![0.0; self.point.len()]]);
        }
        let moved = self.point.iter().enumerate().map(|(i, x)| {
            let seen: Vec<f64> = gradients.iter().map(|gradient| gradient[i]).collect();
            x - self.step * self.direction(&seen)
        });
        self.point = moved.collect();
        Fields::new().with("point", &self.point)
    }
}
