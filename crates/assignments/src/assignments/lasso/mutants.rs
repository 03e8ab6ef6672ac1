//! Wrong solutions, each wrong in one place.

use crate::assignment::Mutant;
use crate::theoria::{Fields, Solution};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "threshold_without_the_step",
        fails: &["zeros", "gap_elsewhere"],
        because: "the threshold w in place of w/L is that of another weight",
        make: || Flawed::boxed(Flaw::WholeWeight),
    },
    Mutant {
        name: "no_threshold",
        fails: &["zeros", "gap"],
        because: "it minimises f alone",
        make: || Flawed::boxed(Flaw::NoThreshold),
    },
    Mutant {
        name: "subgradient_of_the_norm",
        fails: &["zeros"],
        because: "steps along w sign(x) jump over zero and never stay there",
        make: || Flawed::boxed(Flaw::Subgradient),
    },
    Mutant {
        name: "hard_threshold",
        fails: &["gap", "distance_elsewhere"],
        because: "what is not zero is not made smaller, so that the minimiser is that of f on the support",
        make: || Flawed::boxed(Flaw::Hard),
    },
    Mutant {
        name: "positive_side_only",
        fails: &["zeros", "gap_elsewhere"],
        because: "negative coordinates are cut off",
        make: || Flawed::boxed(Flaw::PositiveSide),
    },
    Mutant {
        name: "threshold_before_the_step",
        fails: &["zeros", "distance_elsewhere"],
        because: "the last thing done to a coordinate is the gradient step, which leaves no zero",
        make: || Flawed::boxed(Flaw::ThresholdFirst),
    },
    Mutant {
        name: "wrong_sign",
        fails: &["gap", "zeros"],
        because: "it climbs",
        make: || Flawed::boxed(Flaw::Ascends),
    },
    Mutant {
        name: "step_half_as_long",
        fails: &["gap_elsewhere", "distance_elsewhere"],
        because: "it goes half as far along a slope",
        make: || Flawed::boxed(Flaw::HalfStep),
    },
    Mutant {
        name: "ridge_in_place_of_lasso",
        fails: &["zeros", "gap"],
        because: "shrinking by a factor is the proximal map of a square, and leaves no zero",
        make: || Flawed::boxed(Flaw::Shrinks),
    },
];

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    WholeWeight,
    NoThreshold,
    Subgradient,
    Hard,
    PositiveSide,
    ThresholdFirst,
    Ascends,
    HalfStep,
    Shrinks,
}

struct Flawed {
    flaw: Flaw,
    point: Vec<f64>,
    step: f64,
    threshold: f64,
}

impl Flawed {
    fn boxed(flaw: Flaw) -> Box<dyn Solution + Send> {
        Box::new(Flawed { flaw, point: Vec::new(), step: 0.0, threshold: 0.0 })
    }

    fn moved(&self, x: f64, slope: f64) -> f64 {
        let s = self.threshold;
        let soft = |z: f64| z.signum() * (z.abs() - s).max(0.0);
        let z = x - self.step * slope;
        match self.flaw {
            Flaw::NoThreshold => z,
            Flaw::Subgradient => z - s * if x == 0.0 { 0.0 } else { x.signum() },
            Flaw::Hard => {
                if z.abs() > s {
                    z
                } else {
                    0.0
                }
            }
            Flaw::PositiveSide => (z - s).max(0.0),
            Flaw::ThresholdFirst => soft(x) - self.step * slope,
            Flaw::Shrinks => z / (1.0 + s),
            _ => soft(z),
        }
    }
}

impl Solution for Flawed {
    fn begin(&mut self, instance: &Fields) -> Fields {
        self.point = instance.vector("start");
        let full = 1.0 / instance.number("smoothness");
        self.step = match self.flaw {
            Flaw::Ascends => -full,
            Flaw::HalfStep => full / 2.0,
            _ => full,
        };
        let factor = if self.flaw == Flaw::WholeWeight { 1.0 } else { self.step.abs() };
        self.threshold = factor * instance.number("weight");
        Fields::new().with("point", &self.point)
    }

    fn tell(&mut self, told: &Fields) -> Fields {
        let slopes = told.vector("gradient");
        let moved = self.point.iter().zip(slopes).map(|(x, slope)| self.moved(*x, slope));
        self.point = moved.collect();
        Fields::new().with("point", &self.point)
    }
}
