//! Wrong solutions, each wrong in one place.

use crate::assignment::Mutant;
use crate::theoria::{Fields, Solution};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "wrong_sign",
        fails: &["floor", "one_over_n"],
        because: "it climbs",
        make: || Flawed::boxed(Flaw::Ascends),
    },
    Mutant {
        name: "goal_ignored",
        fails: &["floor", "constant_exactly"],
        because: "1/L is as long as a step may be, and its floor as high",
        make: || Flawed::boxed(Flaw::IgnoresGoal),
    },
    Mutant {
        name: "longer_than_one_over_l",
        fails: &["floor", "constant_exactly"],
        because: "a generous goal allows steps of more than 2/L, which diverge",
        make: || Flawed::boxed(Flaw::NoCap),
    },
    Mutant {
        name: "deviation_for_variance",
        fails: &["constant_exactly"],
        because: "the floor grows with σ², not with σ",
        make: || Flawed::boxed(Flaw::Deviation),
    },
    Mutant {
        name: "floor_without_the_condition",
        fails: &["constant_exactly"],
        because: "h σ²/2 is the floor where κ = 1 alone",
        make: || Flawed::boxed(Flaw::NoCondition),
    },
    Mutant {
        name: "half_the_step",
        fails: &["floor", "constant_exactly", "decreasing_exactly"],
        because: "a lower floor than was asked for costs twice the steps",
        make: || Flawed::boxed(Flaw::HalfStep),
    },
    Mutant {
        name: "never_decreases",
        fails: &["one_over_n", "decreasing_exactly"],
        because: "with h₀ for ever it ends at the floor of h₀",
        make: || Flawed::boxed(Flaw::Constant),
    },
    Mutant {
        name: "no_offset",
        fails: &["one_over_n", "decreasing_exactly"],
        because: "2/(μ(n + 1)) is longer than 2/L at first, and the steep directions blow up",
        make: || Flawed::boxed(Flaw::NoOffset),
    },
    Mutant {
        name: "half_the_offset",
        fails: &["decreasing_exactly"],
        because: "n₀ = κ begins with 2/L, where the steep directions do not shrink",
        make: || Flawed::boxed(Flaw::HalfOffset),
    },
    Mutant {
        name: "counts_from_one",
        fails: &["decreasing_exactly"],
        because: "the first step is h₀, with n = 0",
        make: || Flawed::boxed(Flaw::CountsFromOne),
    },
    Mutant {
        name: "counter_is_never_set_back",
        fails: &["decreasing_exactly"],
        because: "the second instance begins with the short steps of the first one's end",
        make: || Flawed::boxed(Flaw::KeepsCounting),
    },
    Mutant {
        name: "decreases_like_a_root",
        fails: &["one_over_n", "decreasing_exactly"],
        because: "with 1/√n the floor falls like 1/√n",
        make: || Flawed::boxed(Flaw::Root),
    },
    Mutant {
        name: "stale_gradient",
        fails: &["constant_exactly", "decreasing_exactly"],
        because: "it goes by the gradient of the step before",
        make: || Flawed::boxed(Flaw::Stale),
    },
];

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    Ascends,
    IgnoresGoal,
    NoCap,
    Deviation,
    NoCondition,
    HalfStep,
    Constant,
    NoOffset,
    HalfOffset,
    CountsFromOne,
    KeepsCounting,
    Root,
    Stale,
}

struct Flawed {
    flaw: Flaw,
    point: Vec<f64>,
    smoothness: f64,
    strong_convexity: f64,
    /// Of the constant schedule.
    step: Option<f64>,
    steps: f64,
    last: Vec<f64>,
}

impl Flawed {
    fn boxed(flaw: Flaw) -> Box<dyn Solution + Send> {
        Box::new(Flawed {
            flaw,
            point: Vec::new(),
            smoothness: 0.0,
            strong_convexity: 0.0,
            step: None,
            steps: 0.0,
            last: Vec::new(),
        })
    }

    fn constant(&self, goal: f64, variance: f64) -> f64 {
        let condition = self.smoothness / self.strong_convexity;
        let longest = match self.flaw {
            Flaw::Deviation => 2.0 * goal / (condition * variance.sqrt()),
            Flaw::NoCondition => 2.0 * goal / variance,
            Flaw::IgnoresGoal => f64::INFINITY,
            _ => 2.0 * goal / (condition * variance),
        };
        match self.flaw {
            Flaw::NoCap => longest,
            _ => longest.min(1.0 / self.smoothness),
        }
    }

    fn decreasing(&self) -> f64 {
        let offset = 2.0 * self.smoothness / self.strong_convexity;
        let (count, offset) = match self.flaw {
            Flaw::Constant => (0.0, offset),
            Flaw::NoOffset => (self.steps, 1.0),
            Flaw::HalfOffset => (self.steps, offset / 2.0),
            Flaw::CountsFromOne => (self.steps + 1.0, offset),
            // The same first step.
            Flaw::Root => return 1.0 / (self.smoothness * (self.steps + 1.0).sqrt()),
            _ => (self.steps, offset),
        };
        2.0 / (self.strong_convexity * (count + offset))
    }
}

impl Solution for Flawed {
    fn begin(&mut self, instance: &Fields) -> Fields {
        self.point = instance.vector("start");
        self.smoothness = instance.number("smoothness");
        self.strong_convexity = instance.number("strong_convexity");
        let is_constant = instance.text("schedule") == "constant";
        self.step = is_constant
            .then(|| self.constant(instance.number("goal"), instance.number("variance")));
        if self.flaw != Flaw::KeepsCounting {
            self.steps = 0.0;
        }
        self.last = vec![0.0; self.point.len()];
        Fields::new().with("point", &self.point)
    }

    fn tell(&mut self, told: &Fields) -> Fields {
        let gradient = told.vector("gradient");
        let used = match self.flaw {
            Flaw::Stale => std::mem::replace(&mut self.last, gradient),
            _ => gradient,
        };
        let step = match self.flaw {
            Flaw::Ascends => -1.0,
            Flaw::HalfStep => 0.5,
            _ => 1.0,
        } * self.step.unwrap_or_else(|| self.decreasing());
        for (x, slope) in self.point.iter_mut().zip(used) {
            *x -= step * slope;
        }
        self.steps += 1.0;
        Fields::new().with("point", &self.point)
    }
}
