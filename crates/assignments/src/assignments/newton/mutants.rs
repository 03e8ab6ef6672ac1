//! Wrong solutions, each wrong in one place.

use crate::assignment::Mutant;
use crate::theoria::{Fields, Solution};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "no_backtracking",
        fails: &["arrives", "bent"],
        because: "whole steps run away from beyond 1, and cycle on the quartic",
        make: || Flawed::boxed(Flaw::Pure),
    },
    Mutant {
        name: "wrong_sign",
        fails: &["cubes", "arrives"],
        because: "every candidate lies uphill",
        make: || Flawed::boxed(Flaw::Ascends),
    },
    Mutant {
        name: "gradient_step",
        fails: &["cubes", "cuts"],
        because: "without the curvature it is gradient descent",
        make: || Flawed::boxed(Flaw::Gradient),
    },
    Mutant {
        name: "newton_where_it_bends_down",
        fails: &["bent"],
        because: "where the curvature is negative Newton's step leads uphill, and no cut of it is accepted",
        make: || Flawed::boxed(Flaw::Uphill),
    },
    Mutant {
        name: "size_of_the_curvature",
        fails: &["cuts"],
        because: "where the curvature is negative the step is the slope, not the slope over the size of the curvature",
        make: || Flawed::boxed(Flaw::SizeOfCurvature),
    },
    Mutant {
        name: "any_decrease",
        fails: &["cuts"],
        because: "with c = 0 it accepts candidates that are not low enough",
        make: || Flawed::boxed(Flaw::AnyDecrease),
    },
    Mutant {
        name: "always_halves",
        fails: &["cuts"],
        because: "the cut is b, and that is not always one half",
        make: || Flawed::boxed(Flaw::Halves),
    },
    Mutant {
        name: "share_is_never_restored",
        fails: &["cuts"],
        because: "after a cut every later step is cut too",
        make: || Flawed::boxed(Flaw::KeepsShare),
    },
    Mutant {
        name: "stale_curvature",
        fails: &["cubes", "cuts"],
        because: "it divides by the curvature at the point before",
        make: || Flawed::boxed(Flaw::Stale),
    },
    Mutant {
        name: "decrease_without_the_share",
        fails: &["cuts"],
        because: "it asks as much of a short step as of a whole one",
        make: || Flawed::boxed(Flaw::WholeDecrease),
    },
];

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    Pure,
    Ascends,
    Gradient,
    Uphill,
    SizeOfCurvature,
    AnyDecrease,
    Halves,
    KeepsShare,
    Stale,
    WholeDecrease,
}

struct Flawed {
    flaw: Flaw,
    decrease: f64,
    shrink: f64,
    point: f64,
    begun: bool,
    iterate: f64,
    value: f64,
    slope: f64,
    step: f64,
    share: f64,
    curvature: f64,
}

impl Flawed {
    fn boxed(flaw: Flaw) -> Box<dyn Solution + Send> {
        Box::new(Flawed {
            flaw,
            decrease: 0.0,
            shrink: 0.0,
            point: 0.0,
            begun: false,
            iterate: 0.0,
            value: 0.0,
            slope: 0.0,
            step: 0.0,
            share: 1.0,
            curvature: 1.0,
        })
    }

    fn step(&self, slope: f64, curvature: f64) -> f64 {
        let newton = slope / curvature;
        match self.flaw {
            Flaw::Ascends => -newton,
            Flaw::Gradient => slope,
            Flaw::Uphill | Flaw::Pure => newton,
            Flaw::SizeOfCurvature => slope / curvature.abs(),
            Flaw::Stale => slope / self.curvature.abs(),
            _ if curvature > 0.0 => newton,
            _ => slope,
        }
    }

    fn accepts(&self, value: f64) -> bool {
        let share = if self.flaw == Flaw::WholeDecrease { 1.0 } else { self.share };
        let asked = match self.flaw {
            Flaw::AnyDecrease => 0.0,
            _ => self.decrease * share * self.step * self.slope,
        };
        !self.begun || self.flaw == Flaw::Pure || value <= self.value - asked
    }
}

impl Solution for Flawed {
    fn begin(&mut self, instance: &Fields) -> Fields {
        self.decrease = instance.number("decrease");
        self.shrink = match self.flaw {
            Flaw::Halves => 0.5,
            _ => instance.number("shrink"),
        };
        self.point = instance.number("start");
        (self.begun, self.share, self.curvature) = (false, 1.0, 1.0);
        Fields::new().with("point", self.point)
    }

    fn tell(&mut self, told: &Fields) -> Fields {
        let (value, slope) = (told.number("value"), told.number("slope"));
        let curvature = told.number("curvature");
        if self.accepts(value) {
            self.step = self.step(slope, curvature);
            (self.iterate, self.value, self.slope) = (self.point, value, slope);
            if self.flaw != Flaw::KeepsShare {
                self.share = 1.0;
            }
            (self.begun, self.curvature) = (true, curvature);
        } else {
            self.share *= self.shrink;
        }
        self.point = self.iterate - self.share * self.step;
        Fields::new().with("iterate", self.iterate).with("point", self.point)
    }
}
