//! Wrong solutions, each wrong in one place.

use crate::assignment::Mutant;
use crate::theoria::{Fields, Solution};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "wrong_sign",
        fails: &["contraction", "exact_step"],
        because: "it climbs",
        make: || Flawed::boxed(Flaw::Ascends),
    },
    Mutant {
        name: "step_twice_as_long",
        fails: &["contraction"],
        because: "on the mode of curvature L a step of 2/L gains nothing",
        make: || Flawed::boxed(Flaw::Times(2.0)),
    },
    Mutant {
        name: "step_half_as_long",
        fails: &["exact_step", "contraction_elsewhere"],
        because: "(1 − μ/(2L))² is larger than 1 − μ/L, which the flat mode shows",
        make: || Flawed::boxed(Flaw::Times(0.5)),
    },
    Mutant {
        name: "step_from_the_wrong_constant",
        fails: &["contraction"],
        because: "1/μ is far beyond 2/L wherever L is more than twice μ",
        make: || Flawed::boxed(Flaw::StepFromMu),
    },
    Mutant {
        name: "stale_gradient",
        fails: &["contraction", "exact_step"],
        because: "the first step is not made, and later ones go where the last gradient pointed",
        make: || Flawed::boxed(Flaw::StaleGradient),
    },
    Mutant {
        name: "one_step_short",
        fails: &["steps"],
        because: "rounded down, the promise is not yet kept",
        make: || Flawed::boxed(Flaw::RoundsDown),
    },
    Mutant {
        name: "one_step_more",
        fails: &["steps", "steps_elsewhere"],
        because: "one step fewer keeps the promise too",
        make: || Flawed::boxed(Flaw::OneMore),
    },
    Mutant {
        name: "logarithm_of_two",
        fails: &["steps", "steps_elsewhere"],
        because: "the two logarithms are of different bases",
        make: || Flawed::boxed(Flaw::OtherBase),
    },
    Mutant {
        name: "condition_number_times_logarithm",
        fails: &["steps", "steps_elsewhere"],
        because: "(L/μ) log(1/ε) is enough, and more than the smallest number",
        make: || Flawed::boxed(Flaw::Estimates),
    },
    Mutant {
        name: "distance_for_the_gap",
        fails: &["steps"],
        because: "with ε² it waits until the distance is small, twice as long as is asked",
        make: || Flawed::boxed(Flaw::Squares),
    },
];

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    Ascends,
    Times(f64),
    StepFromMu,
    StaleGradient,
    RoundsDown,
    OneMore,
    OtherBase,
    Estimates,
    Squares,
}

struct Flawed {
    flaw: Flaw,
    point: Vec<f64>,
    step: f64,
    last: Option<Vec<f64>>,
}

impl Flawed {
    fn boxed(flaw: Flaw) -> Box<dyn Solution + Send> {
        Box::new(Flawed { flaw, point: Vec::new(), step: 0.0, last: None })
    }
}

impl Solution for Flawed {
    fn begin(&mut self, instance: &Fields) -> Fields {
        self.point = instance.vector("start");
        self.last = None;
        let (l, mu) = (instance.number("smoothness"), instance.number("lojasiewicz"));
        self.step = match self.flaw {
            Flaw::Ascends => -1.0 / l,
            Flaw::Times(factor) => factor / l,
            Flaw::StepFromMu => 1.0 / mu,
            _ => 1.0 / l,
        };
        let (accuracy, factor) = (instance.number("accuracy"), 1.0 - mu / l);
        let ratio = accuracy.ln() / factor.ln();
        let steps = match self.flaw {
            Flaw::RoundsDown => ratio.floor(),
            Flaw::OneMore => ratio.ceil() + 1.0,
            Flaw::OtherBase => (accuracy.log2() / factor.ln()).ceil(),
            Flaw::Estimates => (l / mu * (1.0 / accuracy).ln()).ceil(),
            Flaw::Squares => (2.0 * ratio).ceil(),
            _ => ratio.ceil(),
        };
        Fields::new().with("point", &self.point).with("steps", steps.max(1.0))
    }

    fn tell(&mut self, told: &Fields) -> Fields {
        let mut used = told.vector("gradient");
        if self.flaw == Flaw::StaleGradient {
            let stale = self.last.replace(used.clone());
            used = stale.unwrap_or_else(|| vec![0.0; used.len()]);
        }
        for (x, slope) in self.point.iter_mut().zip(used) {
            *x -= self.step * slope;
        }
        Fields::new().with("point", &self.point)
    }
}
