//! Wrong solutions, each wrong in one place.

use crate::assignment::Mutant;
use crate::theoria::{Fields, Solution};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "no_noise",
        fails: &["hyperbola", "drift"],
        because: "without noise the gradient of a minimiser is 0 and nothing moves",
        make: || Flawed::boxed(Flaw::NoNoise),
    },
    Mutant {
        name: "noise_drawn_once",
        fails: &["hyperbola", "drift"],
        because: "labels that are wrong once and for all are fitted, and then nothing moves",
        make: || Flawed::boxed(Flaw::DrawnOnce),
    },
    Mutant {
        name: "variance_as_deviation",
        fails: &["hyperbola", "drift_elsewhere"],
        because: "the noise is σ² ξ: the drift is of order 2 in σ, and becomes one of order 4",
        make: || Flawed::boxed(Flaw::VarianceAsDeviation),
    },
    Mutant {
        name: "noise_on_the_gradient",
        fails: &["hyperbola", "any_model"],
        because: "noise that does not go through ∇F moves x² − y² in first order",
        make: || Flawed::boxed(Flaw::OnTheGradient),
    },
    Mutant {
        name: "noise_off_the_label",
        fails: &["any_model"],
        because: "F − y + σ ξ is the label y − σ ξ",
        make: || Flawed::boxed(Flaw::OtherSign),
    },
    Mutant {
        name: "one_noise_for_all_labels",
        fails: &["any_model"],
        because: "every label of the batch has its own noise",
        make: || Flawed::boxed(Flaw::OneForAll),
    },
    Mutant {
        name: "noise_averaged_twice",
        fails: &["any_model", "drift"],
        because: "the noise of a label is divided by the size of the batch before the mean is taken",
        make: || Flawed::boxed(Flaw::AveragedTwice),
    },
    Mutant {
        name: "sum_over_the_batch",
        fails: &["hyperbola", "trace", "any_model"],
        because: "a step, and a trace, that grow with the batch",
        make: || Flawed::boxed(Flaw::Sums),
    },
    Mutant {
        name: "wrong_sign",
        fails: &["any_model"],
        because: "it climbs",
        make: || Flawed::boxed(Flaw::Ascends),
    },
    Mutant {
        name: "gradient_of_the_square",
        fails: &["hyperbola", "drift"],
        because: "the loss has a half: with 2 (F − y) ∇F the step is twice as long, and the drift four times as fast",
        make: || Flawed::boxed(Flaw::WithoutTheHalf),
    },
    Mutant {
        name: "stale_gradients",
        fails: &["hyperbola", "any_model"],
        because: "the gradients of the step before go with the outputs of this one",
        make: || Flawed::boxed(Flaw::Stale),
    },
    Mutant {
        name: "trace_with_residuals",
        fails: &["trace"],
        because: "the squares of the gradients of the loss vanish where it is 0, however sharp it is there",
        make: || Flawed::boxed(Flaw::TraceOfTheLoss),
    },
];

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    NoNoise,
    DrawnOnce,
    VarianceAsDeviation,
    OnTheGradient,
    OtherSign,
    OneForAll,
    AveragedTwice,
    Sums,
    Ascends,
    WithoutTheHalf,
    Stale,
    TraceOfTheLoss,
}

struct Flawed {
    flaw: Flaw,
    point: Vec<f64>,
    step: f64,
    deviation: f64,
    /// The noise of the first batch.
    first: Vec<f64>,
    /// The gradients of the last batch.
    last: Vec<Vec<f64>>,
}

impl Flawed {
    fn boxed(flaw: Flaw) -> Box<dyn Solution + Send> {
        Box::new(Flawed {
            flaw,
            point: Vec::new(),
            step: 0.0,
            deviation: 0.0,
            first: Vec::new(),
            last: Vec::new(),
        })
    }

    /// What is added to label i, or is meant to be.
    fn noise(&self, noise: &[f64], i: usize) -> f64 {
        match self.flaw {
            Flaw::NoNoise | Flaw::OnTheGradient => 0.0,
            Flaw::DrawnOnce => self.deviation * self.first.get(i).copied().unwrap_or_default(),
            Flaw::VarianceAsDeviation => self.deviation.powi(2) * noise[i],
            Flaw::OtherSign => -self.deviation * noise[i],
            Flaw::OneForAll => self.deviation * noise[0],
            Flaw::AveragedTwice => self.deviation * noise[i] / noise.len() as f64,
            _ => self.deviation * noise[i],
        }
    }
}

impl Solution for Flawed {
    fn begin(&mut self, instance: &Fields) -> Fields {
        let flaw = self.flaw;
        *self = Flawed {
            flaw,
            point: instance.vector("start"),
            step: instance.number("step"),
            deviation: instance.number("deviation"),
            first: Vec::new(),
            last: Vec::new(),
        };
        Fields::new().with("point", &self.point)
    }

    fn tell(&mut self, told: &Fields) -> Fields {
        let (outputs, targets) = (told.vector("outputs"), told.vector("targets"));
        let (noise, jacobian) = (told.vector("noise"), told.matrix("jacobian"));
        if self.first.is_empty() {
            self.first.clone_from(&noise);
        }
        let batch = if self.flaw == Flaw::Sums { 1.0 } else { jacobian.len() as f64 };
        let factor = match self.flaw {
            Flaw::Ascends => -1.0,
            Flaw::WithoutTheHalf => 2.0,
            _ => 1.0,
        };
        let mut trace = 0.0;
        for (i, own) in jacobian.iter().enumerate() {
            let residual = outputs[i] - targets[i] - self.noise(&noise, i);
            let stale = self.flaw == Flaw::Stale;
            let gradient = if stale { self.last.get(i).unwrap_or(own) } else { own };
            for (x, slope) in self.point.iter_mut().zip(gradient) {
                *x -= factor * self.step / batch * residual * slope;
            }
            let squares = own.iter().map(|slope| slope * slope).sum::<f64>();
            let of_the_loss =
                if self.flaw == Flaw::TraceOfTheLoss { residual.powi(2) } else { 1.0 };
            trace += of_the_loss * squares / batch;
        }
        if self.flaw == Flaw::OnTheGradient {
            let deviation = self.step * self.deviation / batch;
            self.point.iter_mut().for_each(|x| *x += deviation * noise[0]);
        }
        self.last = jacobian;
        Fields::new().with("point", &self.point).with("trace", trace)
    }
}
