//! Wrong solutions, each wrong in one place.

use super::moves::Network;
use crate::assignment::Mutant;
use crate::theoria::{Fields, Solution};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "straight_to_the_end",
        fails: &["two_samples", "equal_neurons"],
        because: "the end is right, and the straight line to it climbs",
        make: || Box::new(Flawed(Flaw::Straight)),
    },
    Mutant {
        name: "outer_weights_alone",
        fails: &["two_samples", "dead_neurons", "segments"],
        because: "features that lack rank do not reach loss 0, whatever the outer weights are",
        make: || Box::new(Flawed(Flaw::OuterAlone)),
    },
    Mutant {
        name: "moves_neurons_at_work",
        fails: &["two_samples", "equal_neurons"],
        because: "a neuron that moves before it is idle changes the output",
        make: || Box::new(Flawed(Flaw::AtWork)),
    },
    Mutant {
        name: "nobody_takes_over",
        fails: &["two_samples", "few_different"],
        because: "the outer weight goes to 0 and what the neuron did is missing",
        make: || Box::new(Flawed(Flaw::NobodyTakesOver)),
    },
    Mutant {
        name: "hands_over_while_it_moves",
        fails: &["two_samples", "equal_neurons"],
        because: "on the way the neuron is no longer what the others take over",
        make: || Box::new(Flawed(Flaw::Together)),
    },
    Mutant {
        name: "all_outer_weights_to_zero",
        fails: &["independent"],
        because: "the zero network may be worse than the start",
        make: || Box::new(Flawed(Flaw::ThroughZero)),
    },
    Mutant {
        name: "the_last_step_half_way",
        fails: &["independent", "two_samples"],
        because: "a quarter of the loss is left",
        make: || Box::new(Flawed(Flaw::HalfWay)),
    },
    Mutant {
        name: "a_solution_on_top",
        fails: &["independent", "two_samples"],
        because: "the solution is added to the outer weights, though they do something already",
        make: || Box::new(Flawed(Flaw::OnTop)),
    },
    Mutant {
        name: "one_new_neuron",
        fails: &["dead_neurons", "segments"],
        because: "the rank grows by 1, and more is missing",
        make: || Box::new(Flawed(Flaw::OneNew)),
    },
    Mutant {
        name: "idle_neurons_alike",
        fails: &["dead_neurons"],
        because: "all idle neurons go to the same place, and have the same features there",
        make: || Box::new(Flawed(Flaw::Alike)),
    },
    Mutant {
        name: "a_corner_too_many",
        fails: &["segments"],
        because: "the path rests between its moves",
        make: || Box::new(Flawed(Flaw::Rests)),
    },
    Mutant {
        name: "outer_weights_first",
        fails: &["independent", "two_samples"],
        because: "a corner lists the inner weights and then the outer ones",
        make: || Box::new(Flawed(Flaw::OuterFirst)),
    },
];

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    Straight,
    OuterAlone,
    AtWork,
    NobodyTakesOver,
    Together,
    ThroughZero,
    HalfWay,
    OnTop,
    OneNew,
    Alike,
    Rests,
    OuterFirst,
}

struct Flawed(Flaw);

impl Solution for Flawed {
    fn begin(&mut self, instance: &Fields) -> Fields {
        let mut network = Network::told(instance);
        let mut path = Vec::new();
        if self.0 == Flaw::ThroughZero {
            network.outer.fill(0.0);
            path.push(network.corner());
        }
        if !network.has_full_rank() && self.0 != Flaw::OuterAlone {
            self.make_rank(&mut network, &mut path);
        }
        self.fall(&mut network, &mut path);
        if self.0 == Flaw::Straight {
            path.drain(..path.len() - 1);
        }
        if self.0 == Flaw::OuterFirst {
            let outer = network.outer.len();
            path.iter_mut().for_each(|corner| corner.rotate_right(outer));
        }
        Fields::new().with("path", path)
    }
}

impl Flawed {
    fn make_rank(&self, network: &mut Network, path: &mut Vec<Vec<f64>>) {
        let start = network.outer.clone();
        let mut idle = network.hand_over();
        match self.0 {
            Flaw::AtWork => network.outer.clone_from(&start),
            Flaw::NobodyTakesOver => {
                network.outer.clone_from(&start);
                idle.iter().for_each(|&j| network.outer[j] = 0.0);
            }
            Flaw::OneNew => idle.truncate(1),
            _ => {}
        }
        if self.0 != Flaw::Together {
            path.push(network.corner());
        }
        network.renew(&idle);
        if self.0 == Flaw::Alike {
            let first = network.inner[idle[0]].clone();
            idle.iter().for_each(|&j| network.inner[j].clone_from(&first));
        }
        path.push(network.corner());
    }

    /// The last segment.
    fn fall(&self, network: &mut Network, path: &mut Vec<Vec<f64>>) {
        let before = network.outer.clone();
        if self.0 == Flaw::Rests {
            path.extend([network.corner(), network.corner()]);
        }
        network.interpolate();
        for (a, before) in network.outer.iter_mut().zip(before) {
            match self.0 {
                Flaw::HalfWay => *a = (*a + before) / 2.0,
                Flaw::OnTop => *a += before,
                _ => {}
            }
        }
        path.push(network.corner());
    }
}
