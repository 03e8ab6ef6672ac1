//! Wrong solutions, each wrong in one place.

use crate::assignment::Mutant;
use crate::theoria::{Fields, Solution};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "wrong_sign",
        fails: &["steps", "any_numerator", "cautious"],
        because: "it climbs",
        make: || Flawed::boxed(Flaw::Ascends),
    },
    Mutant {
        name: "divides_before_it_adds",
        fails: &["steps", "steps_elsewhere", "any_numerator"],
        because: "the first step is as long as with the bare b₀, however large the gradient is",
        make: || Flawed::boxed(Flaw::Stale),
    },
    Mutant {
        name: "each_coordinate_for_itself",
        fails: &["steps", "steps_elsewhere"],
        because: "one b for each coordinate is AdaGrad, another method",
        make: || Flawed::boxed(Flaw::Coordinatewise),
    },
    Mutant {
        name: "forgets_the_initial_b",
        fails: &["steps", "cautious"],
        because: "without b₀ the first step is η long, also where η L is small",
        make: || Flawed::boxed(Flaw::FromZero),
    },
    Mutant {
        name: "initial_b_not_squared",
        fails: &["steps", "cautious"],
        because: "the sum begins with b₀², not with b₀",
        make: || Flawed::boxed(Flaw::NotSquared),
    },
    Mutant {
        name: "no_root",
        fails: &["steps", "steps_elsewhere"],
        because: "it divides by b²",
        make: || Flawed::boxed(Flaw::NoRoot),
    },
    Mutant {
        name: "adds_norms",
        fails: &["steps", "steps_elsewhere"],
        because: "b grows by |g| itself, linearly and not like a root",
        make: || Flawed::boxed(Flaw::AddsNorms),
    },
    Mutant {
        name: "last_gradient_alone",
        fails: &["steps", "any_numerator"],
        because: "steps of length η never become shorter: it swings to and fro around the minimum",
        make: || Flawed::boxed(Flaw::Normalised),
    },
    Mutant {
        name: "moving_mean",
        fails: &["steps", "steps_elsewhere"],
        because: "a mean forgets the large gradients of the beginning; that is RMSProp",
        make: || Flawed::boxed(Flaw::MovingMean),
    },
    Mutant {
        name: "constant_step",
        fails: &["steps", "any_numerator"],
        because: "η/b₀ for ever is gradient descent, which diverges where that is beyond 2/L",
        make: || Flawed::boxed(Flaw::Constant),
    },
    Mutant {
        name: "b_is_never_set_back",
        fails: &["steps"],
        because: "the second instance begins with the sum of the first",
        make: || Flawed::boxed(Flaw::NeverReset),
    },
    Mutant {
        name: "step_half_as_long",
        fails: &["steps", "cautious"],
        because: "it stops half way where one step would arrive",
        make: || Flawed::boxed(Flaw::HalfStep),
    },
];

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    Ascends,
    Stale,
    Coordinatewise,
    FromZero,
    NotSquared,
    NoRoot,
    AddsNorms,
    Normalised,
    MovingMean,
    Constant,
    NeverReset,
    HalfStep,
}

struct Flawed {
    flaw: Flaw,
    point: Vec<f64>,
    numerator: f64,
    /// b², for each coordinate.
    squares: Vec<f64>,
}

impl Flawed {
    fn boxed(flaw: Flaw) -> Box<dyn Solution + Send> {
        Box::new(Flawed { flaw, point: Vec::new(), numerator: 0.0, squares: Vec::new() })
    }

    /// b² of a coordinate after a gradient.
    fn grown(&self, i: usize, gradient: &[f64]) -> f64 {
        let square: f64 = gradient.iter().map(|slope| slope * slope).sum();
        let before = self.squares[i];
        match self.flaw {
            Flaw::Coordinatewise => before + gradient[i] * gradient[i],
            Flaw::AddsNorms => (before.sqrt() + square.sqrt()).powi(2),
            Flaw::MovingMean => 0.9 * before + 0.1 * square,
            Flaw::Constant | Flaw::Normalised => before,
            _ => before + square,
        }
    }

    fn divisor(&self, before: f64, after: f64, gradient: &[f64]) -> f64 {
        match self.flaw {
            Flaw::Stale => before.sqrt(),
            Flaw::NoRoot => after,
            Flaw::Normalised => {
                (before + gradient.iter().map(|slope| slope * slope).sum::<f64>()).sqrt()
            }
            Flaw::Ascends => -after.sqrt(),
            Flaw::HalfStep => 2.0 * after.sqrt(),
            _ => after.sqrt(),
        }
    }
}

impl Solution for Flawed {
    fn begin(&mut self, instance: &Fields) -> Fields {
        self.point = instance.vector("start");
        self.numerator = instance.number("numerator");
        let initial = instance.number("initial");
        let square = match self.flaw {
            Flaw::FromZero => 0.0,
            Flaw::NotSquared => initial,
            Flaw::NeverReset => self.squares.first().copied().unwrap_or(initial * initial),
            _ => initial * initial,
        };
        self.squares = vec![square; self.point.len()];
        Fields::new().with("point", &self.point)
    }

    fn tell(&mut self, told: &Fields) -> Fields {
        let gradient = told.vector("gradient");
        for (i, slope) in gradient.iter().enumerate() {
            let (before, after) = (self.squares[i], self.grown(i, &gradient));
            // 0/0 is no step.
            if *slope != 0.0 {
                self.point[i] -= self.numerator / self.divisor(before, after, &gradient) * slope;
            }
            self.squares[i] = after;
        }
        Fields::new().with("point", &self.point)
    }
}
