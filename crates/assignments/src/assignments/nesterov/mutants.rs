//! Wrong solutions, each wrong in one place.

use crate::assignment::Mutant;
use crate::theoria::{Fields, Solution};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "no_momentum",
        fails: &["gap", "momentum"],
        because: "it is gradient descent, which on a slope goes N steps and not N²/8",
        make: || Flawed::boxed(Flaw::NoMomentum),
    },
    Mutant {
        name: "momentum_one_step_early",
        fails: &["momentum", "exact_gap"],
        because: "(k + 1)/(k + 4) carries on from the first step",
        make: || Flawed::boxed(Flaw::Shifted(1.0)),
    },
    Mutant {
        name: "momentum_one_step_late",
        fails: &["momentum", "exact_gap"],
        because: "(k − 1)/(k + 2) loses a step's momentum for good",
        make: || Flawed::boxed(Flaw::Shifted(-1.0)),
    },
    Mutant {
        name: "constant_momentum",
        fails: &["momentum", "gap_elsewhere"],
        because: "0.9 is too much in the beginning and too little in the end",
        make: || Flawed::boxed(Flaw::Constant),
    },
    Mutant {
        name: "momentum_backwards",
        fails: &["gap", "momentum"],
        because: "it brakes",
        make: || Flawed::boxed(Flaw::Backwards),
    },
    Mutant {
        name: "gradient_where_it_is",
        fails: &["gap_elsewhere"],
        because: "with the gradient at x and not at y it is the heavy ball with momentum up to 1, which does not settle down",
        make: || Flawed::boxed(Flaw::GradientAtIterate),
    },
    Mutant {
        name: "step_half_as_long",
        fails: &["momentum", "exact_gap"],
        because: "on a slope it comes half as far",
        make: || Flawed::boxed(Flaw::HalfStep),
    },
    Mutant {
        name: "wrong_iterate",
        fails: &["momentum", "exact_gap"],
        because: "y runs ahead of x by the momentum",
        make: || Flawed::boxed(Flaw::AnswersPoint),
    },
    Mutant {
        name: "counter_is_never_set_back",
        fails: &["momentum", "exact_gap"],
        because: "the second instance begins with the momentum of a long run",
        make: || Flawed::boxed(Flaw::KeepsCounting),
    },
];

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    NoMomentum,
    Shifted(f64),
    Constant,
    Backwards,
    GradientAtIterate,
    HalfStep,
    AnswersPoint,
    KeepsCounting,
}

struct Flawed {
    flaw: Flaw,
    iterate: Vec<f64>,
    point: Vec<f64>,
    step: f64,
    steps: f64,
}

impl Flawed {
    fn boxed(flaw: Flaw) -> Box<dyn Solution + Send> {
        Box::new(Flawed { flaw, iterate: Vec::new(), point: Vec::new(), step: 0.0, steps: 0.0 })
    }

    fn momentum(&self) -> f64 {
        match self.flaw {
            Flaw::NoMomentum => 0.0,
            Flaw::Shifted(by) => ((self.steps + by) / (self.steps + by + 3.0)).max(0.0),
            Flaw::Constant => 0.9,
            Flaw::Backwards => -self.steps / (self.steps + 3.0),
            _ => self.steps / (self.steps + 3.0),
        }
    }
}

impl Solution for Flawed {
    fn begin(&mut self, instance: &Fields) -> Fields {
        self.iterate = instance.vector("start");
        self.point = instance.vector("start");
        self.step = 1.0 / instance.number("smoothness");
        if self.flaw == Flaw::HalfStep {
            self.step /= 2.0;
        }
        if self.flaw != Flaw::KeepsCounting {
            self.steps = 0.0;
        }
        Fields::new().with("point", &self.point)
    }

    fn tell(&mut self, told: &Fields) -> Fields {
        let momentum = self.momentum();
        for (i, slope) in told.vector("gradient").into_iter().enumerate() {
            let next = self.point[i] - self.step * slope;
            self.point[i] = next + momentum * (next - self.iterate[i]);
            self.iterate[i] = next;
        }
        self.steps += 1.0;
        let (iterate, point) = match self.flaw {
            Flaw::GradientAtIterate => (&self.iterate, &self.iterate),
            Flaw::AnswersPoint => (&self.point, &self.point),
            _ => (&self.iterate, &self.point),
        };
        Fields::new().with("iterate", iterate).with("point", point)
    }
}
