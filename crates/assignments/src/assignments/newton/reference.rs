//! A right solution.

use crate::theoria::{Fields, Solution};

/// x ← x − t p with the first t = 1, b, b², … for which f falls by c t p f′.
#[derive(Default)]
pub(super) struct Backtracking {
    decrease: f64,
    shrink: f64,
    /// The candidate that is asked about.
    point: f64,
    /// The iterate, with what is known there; none before the first answer.
    accepted: Option<Accepted>,
}

#[derive(Clone, Copy)]
struct Accepted {
    iterate: f64,
    value: f64,
    slope: f64,
    step: f64,
    share: f64,
}

impl Solution for Backtracking {
    fn begin(&mut self, instance: &Fields) -> Fields {
        self.decrease = instance.number("decrease");
        self.shrink = instance.number("shrink");
        self.point = instance.number("start");
        self.accepted = None;
        Fields::new().with("point", self.point)
    }

    fn tell(&mut self, told: &Fields) -> Fields {
        let (value, slope) = (told.number("value"), told.number("slope"));
        let curvature = told.number("curvature");
        let rejected = self.accepted.filter(|last| {
            value > last.value - self.decrease * last.share * last.step * last.slope
        });
        let now = match rejected {
            Some(last) => Accepted { share: last.share * self.shrink, ..last },
            None => Accepted {
                iterate: self.point,
                value,
                slope,
                step: if curvature > 0.0 { slope / curvature } else { slope },
                share: 1.0,
            },
        };
        self.accepted = Some(now);
        self.point = now.iterate - now.share * now.step;
        Fields::new().with("iterate", now.iterate).with("point", self.point)
    }
}
