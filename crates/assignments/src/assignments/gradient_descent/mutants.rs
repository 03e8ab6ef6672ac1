//! Wrong solutions, each wrong in one place.

use crate::assignment::Mutant;
use crate::theoria::{Fields, Solution};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "wrong_sign",
        fails: &["gap", "distance"],
        because: "it climbs: the gap grows from the first step on",
        make: || Flawed::boxed(Flaw::Ascends),
    },
    Mutant {
        name: "step_twice_as_long",
        fails: &["gap", "distance"],
        because: "on the mode of curvature L a step of 2/L gains nothing, and one of 4/(L + μ) loses",
        make: || Flawed::boxed(Flaw::Times(2.0)),
    },
    Mutant {
        name: "step_half_as_long",
        fails: &["gap_elsewhere", "distance"],
        because: "Huber's function and the flat mode are left as slowly as the theorem allows with the full step",
        make: || Flawed::boxed(Flaw::Times(0.5)),
    },
    Mutant {
        name: "step_two_percent_short",
        fails: &["exact_factor", "distance_elsewhere"],
        because: "the factor is that of another step, and the flat mode shows it",
        make: || Flawed::boxed(Flaw::Times(0.98)),
    },
    Mutant {
        name: "strong_convexity_ignored",
        fails: &["distance", "exact_factor"],
        because: "with 1/L the flat mode shrinks by 1 − μ/L a step, which is more than ρ",
        make: || Flawed::boxed(Flaw::IgnoresStrongConvexity),
    },
    Mutant {
        name: "harmonic_step_everywhere",
        fails: &["exact_factor"],
        because: "1/(L + μ) is half the step that the theorem asks for",
        make: || Flawed::boxed(Flaw::ForgetsTheTwo),
    },
    Mutant {
        name: "stale_gradient",
        fails: &["gap_elsewhere", "distance"],
        because: "the first step is not made, and later ones go where the last gradient pointed",
        make: || Flawed::boxed(Flaw::StaleGradient),
    },
    Mutant {
        name: "last_coordinate_forgotten",
        fails: &["distance", "exact_factor"],
        because: "one coordinate stays where it began",
        make: || Flawed::boxed(Flaw::ForgetsTheLast),
    },
    Mutant {
        name: "unit_steps",
        fails: &["distance"],
        because: "steps of a fixed length do not settle down",
        make: || Flawed::boxed(Flaw::Normalises),
    },
    Mutant {
        name: "one_step_late",
        fails: &["gap_elsewhere", "exact_factor"],
        because: "after N gradients it has made N − 1 steps",
        make: || Flawed::boxed(Flaw::OneStepLate),
    },
];

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    Ascends,
    Times(f64),
    IgnoresStrongConvexity,
    ForgetsTheTwo,
    StaleGradient,
    ForgetsTheLast,
    Normalises,
    OneStepLate,
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
        let smoothness = instance.number("smoothness");
        let mu = instance.get("strong_convexity").map(|_| instance.number("strong_convexity"));
        self.step = match (self.flaw, mu) {
            (Flaw::IgnoresStrongConvexity, _) | (_, None) => 1.0 / smoothness,
            (Flaw::ForgetsTheTwo, Some(mu)) => 1.0 / (smoothness + mu),
            (_, Some(mu)) => 2.0 / (smoothness + mu),
        };
        match self.flaw {
            Flaw::Ascends => self.step = -self.step,
            Flaw::Times(factor) => self.step *= factor,
            _ => {}
        }
        Fields::new().with("point", &self.point)
    }

    fn tell(&mut self, told: &Fields) -> Fields {
        let gradient = told.vector("gradient");
        let mut used = gradient.clone();
        match self.flaw {
            Flaw::StaleGradient => {
                used = self.last.replace(gradient).unwrap_or_else(|| vec![0.0; used.len()]);
            }
            Flaw::OneStepLate if self.last.is_none() => {
                self.last = Some(gradient);
                used.fill(0.0);
            }
            Flaw::Normalises => {
                let norm = used.iter().map(|slope| slope * slope).sum::<f64>().sqrt();
                used.iter_mut().for_each(|slope| *slope /= norm.max(f64::MIN_POSITIVE));
            }
            Flaw::ForgetsTheLast => {
                let last = used.len() - 1;
                used[last] = 0.0;
            }
            _ => {}
        }
        for (x, slope) in self.point.iter_mut().zip(used) {
            *x -= self.step * slope;
        }
        Fields::new().with("point", &self.point)
    }
}
