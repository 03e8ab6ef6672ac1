//! Wrong solutions, each wrong in one place.

use super::reference::critical_factor;
use crate::assignment::Mutant;
use crate::theoria::{Fields, Solution};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "without_the_factor_two",
        fails: &["signals", "gradients"],
        because: "variance 1/n is right for linear layers: each ReLU layer halves the signal",
        make: || Box::new(Flawed(Flaw::WithoutTwo)),
    },
    Mutant {
        name: "number_of_neurons",
        fails: &["signals", "gradients"],
        because: "the variance is over the number of inputs of a neuron, not over that of neurons",
        make: || Box::new(Flawed(Flaw::FanOut)),
    },
    Mutant {
        name: "variance_as_deviation",
        fails: &["signals", "law"],
        because: "2/n is the variance; the normal numbers are multiplied by its root",
        make: || Box::new(Flawed(Flaw::NoRoot)),
    },
    Mutant {
        name: "last_layer_doubled",
        fails: &["signals", "gradients"],
        because: "the last layer is linear and loses nothing that must be made good",
        make: || Box::new(Flawed(Flaw::LastDoubled)),
    },
    Mutant {
        name: "factor_one_layer_late",
        fails: &["signals"],
        because: "the first layer is taken for the linear one: the output has the right size, and no layer before it",
        make: || Box::new(Flawed(Flaw::OneLate)),
    },
    Mutant {
        name: "inputs_of_the_network",
        fails: &["signals", "other_slopes"],
        because: "every layer has its own number of inputs",
        make: || Box::new(Flawed(Flaw::FirstWidth)),
    },
    Mutant {
        name: "weights_of_one_sign",
        fails: &["signals", "law"],
        because: "positive weights on positive signals add up, and lose nothing in ReLU",
        make: || Box::new(Flawed(Flaw::Positive)),
    },
    Mutant {
        name: "cut_without_correction",
        fails: &["signals", "law"],
        because: "normal numbers that are cut at 1.5 have the variance 0.78",
        make: || Box::new(Flawed(Flaw::Cut)),
    },
    Mutant {
        name: "slope_forgotten",
        fails: &["other_slopes"],
        because: "a leaky layer lets through more than one half",
        make: || Box::new(Flawed(Flaw::NoSlope)),
    },
    Mutant {
        name: "slope_not_squared",
        fails: &["other_slopes"],
        because: "squares are halved: 1 + a² stands in the factor and not 1 + a",
        make: || Box::new(Flawed(Flaw::SlopeItself)),
    },
    Mutant {
        name: "counts_a_bias",
        fails: &["law"],
        because: "there are n inputs, and no bias among them: n + 1 in the denominator is too many",
        make: || Box::new(Flawed(Flaw::CountsABias)),
    },
    Mutant {
        name: "layers_of_exact_variance",
        fails: &["law"],
        because: "weights that are divided by their own deviation are not independent: their squares add up to the same number always",
        make: || Box::new(Flawed(Flaw::Rescaled)),
    },
    Mutant {
        name: "neurons_alike",
        fails: &["law"],
        because: "all neurons of a layer have the same weights, so that the sum of all varies too much",
        make: || Box::new(Flawed(Flaw::Copies)),
    },
    Mutant {
        name: "signs_alone",
        fails: &["law"],
        because: "weights of one size have the right variance, and are not normal",
        make: || Box::new(Flawed(Flaw::Signs)),
    },
];

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    WithoutTwo,
    FanOut,
    NoRoot,
    LastDoubled,
    OneLate,
    FirstWidth,
    Positive,
    Cut,
    NoSlope,
    SlopeItself,
    CountsABias,
    Rescaled,
    Copies,
    Signs,
}

struct Flawed(Flaw);

impl Solution for Flawed {
    fn begin(&mut self, instance: &Fields) -> Fields {
        let (widths, slope) = (instance.vector("widths"), instance.number("slope"));
        let mut weights = instance.matrix("normals");
        let layers = weights.len();
        for (layer, entries) in weights.iter_mut().enumerate() {
            let inputs = widths[layer] as usize;
            let deviation = self.deviation(layer, layers, &widths, slope);
            for i in 0..entries.len() {
                let normal = if self.0 == Flaw::Copies { entries[i % inputs] } else { entries[i] };
                entries[i] = self.changed(normal);
            }
            if self.0 == Flaw::Rescaled {
                let square = entries.iter().map(|entry| entry * entry).sum::<f64>();
                let own = (square / entries.len() as f64).sqrt();
                entries.iter_mut().for_each(|entry| *entry /= own);
            }
            entries.iter_mut().for_each(|entry| *entry *= deviation);
        }
        Fields::new().with("weights", weights)
    }
}

impl Flawed {
    /// A normal number, or what the flaw makes of it.
    fn changed(&self, normal: f64) -> f64 {
        match self.0 {
            Flaw::Positive => normal.abs(),
            Flaw::Cut => normal.clamp(-1.5, 1.5),
            Flaw::Signs => normal.signum(),
            _ => normal,
        }
    }

    fn deviation(&self, layer: usize, layers: usize, widths: &[f64], slope: f64) -> f64 {
        let linear = match self.0 {
            Flaw::LastDoubled => false,
            Flaw::OneLate => layer == 0,
            _ => layer + 1 == layers,
        };
        let factor = match self.0 {
            _ if linear => 1.0,
            Flaw::WithoutTwo => 1.0,
            Flaw::NoSlope => 2.0,
            Flaw::SlopeItself => 2.0 / (1.0 + slope),
            _ => critical_factor(slope),
        };
        let over = match self.0 {
            Flaw::FanOut => widths[layer + 1],
            Flaw::FirstWidth => widths[0],
            Flaw::CountsABias => widths[layer] + 1.0,
            _ => widths[layer],
        };
        let variance = factor / over;
        if self.0 == Flaw::NoRoot { variance } else { variance.sqrt() }
    }
}
