//! Wrong solutions, each wrong in one place.

use super::reference::{Pair, add, product};
use crate::assignment::Mutant;
use crate::theoria::{Fields, Solution};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "wrong_sign",
        fails: &["two_loops", "conjugate_gradients", "downhill"],
        because: "H∇f leads uphill",
        make: || Flawed::boxed(Flaw::Ascends),
    },
    Mutant {
        name: "first_loop_from_the_oldest",
        fails: &["two_loops", "memory"],
        because: "the factors V do not commute: the newest pair comes first in the first loop",
        make: || Flawed::boxed(Flaw::FirstLoopReversed),
    },
    Mutant {
        name: "second_loop_from_the_newest",
        fails: &["two_loops", "memory"],
        because: "the second loop goes the other way round than the first, and the oldest pair comes first",
        make: || Flawed::boxed(Flaw::SecondLoopReversed),
    },
    Mutant {
        name: "no_second_loop",
        fails: &["two_loops", "conjugate_gradients"],
        because: "without it H is not symmetric and H y is not s",
        make: || Flawed::boxed(Flaw::OneLoop),
    },
    Mutant {
        name: "forgotten_correction",
        fails: &["two_loops", "conjugate_gradients"],
        because: "α s without β s adds up what the first loop has taken away",
        make: || Flawed::boxed(Flaw::WithoutBeta),
    },
    Mutant {
        name: "no_scale",
        fails: &["two_loops"],
        because: "γ = 1 has no idea of the curvature; on quadratics with exact line search it does not matter",
        make: || Flawed::boxed(Flaw::NoScale),
    },
    Mutant {
        name: "scale_of_the_oldest_pair",
        fails: &["two_loops", "memory"],
        because: "γ is that of the newest pair",
        make: || Flawed::boxed(Flaw::OldestScale),
    },
    Mutant {
        name: "the_longer_scale",
        fails: &["two_loops"],
        because: "|s|²/(y·s) is the other quotient, and the longer one",
        make: || Flawed::boxed(Flaw::LongerScale),
    },
    Mutant {
        name: "never_forgets",
        fails: &["memory"],
        because: "more than m pairs are used",
        make: || Flawed::boxed(Flaw::NeverForgets),
    },
    Mutant {
        name: "one_pair_too_few",
        fails: &["two_loops", "memory"],
        because: "the oldest of m pairs is dropped",
        make: || Flawed::boxed(Flaw::OneTooFew),
    },
    Mutant {
        name: "forgets_the_newest",
        fails: &["two_loops", "conjugate_gradients"],
        because: "the pair is kept after the direction is made, one step late",
        make: || Flawed::boxed(Flaw::Late),
    },
    Mutant {
        name: "keeps_every_pair",
        fails: &["skips", "downhill"],
        because: "a pair with y·s < 0 makes H indefinite",
        make: || Flawed::boxed(Flaw::KeepsAll),
    },
    Mutant {
        name: "keeps_what_hardly_bends",
        fails: &["skips"],
        because: "y·s > 0 is not enough: a nearly flat pair is to be skipped too",
        make: || Flawed::boxed(Flaw::IgnoresTolerance),
    },
    Mutant {
        name: "starts_afresh_where_it_skips",
        fails: &["skips"],
        because: "the older pairs are kept when one is skipped",
        make: || Flawed::boxed(Flaw::Clears),
    },
    Mutant {
        name: "skips_and_stays_behind",
        fails: &["skips"],
        because: "after a skipped pair the next one begins where this one ended, not where it began",
        make: || Flawed::boxed(Flaw::StaysBehind),
    },
    Mutant {
        name: "remembers_the_last_instance",
        fails: &["two_loops"],
        because: "pairs of another function are no pairs of this one",
        make: || Flawed::boxed(Flaw::NeverReset),
    },
];

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    Ascends,
    FirstLoopReversed,
    SecondLoopReversed,
    OneLoop,
    WithoutBeta,
    NoScale,
    OldestScale,
    LongerScale,
    NeverForgets,
    OneTooFew,
    Late,
    KeepsAll,
    IgnoresTolerance,
    Clears,
    StaysBehind,
    NeverReset,
}

struct Flawed {
    flaw: Flaw,
    memory: usize,
    tolerance: f64,
    pairs: Vec<Pair>,
    point: Vec<f64>,
    gradient: Vec<f64>,
}

impl Flawed {
    fn boxed(flaw: Flaw) -> Box<dyn Solution + Send> {
        Box::new(Flawed {
            flaw,
            memory: 0,
            tolerance: 0.0,
            pairs: Vec::new(),
            point: Vec::new(),
            gradient: Vec::new(),
        })
    }

    fn scale(&self) -> f64 {
        match self.flaw {
            Flaw::NoScale => 1.0,
            Flaw::OldestScale => self.pairs.first().map_or(1.0, Pair::scale),
            Flaw::LongerScale => {
                self.pairs.last().map_or(1.0, |pair| product(&pair.step, &pair.step) / pair.secant)
            }
            _ => self.pairs.last().map_or(1.0, Pair::scale),
        }
    }

    fn direction(&self, gradient: &[f64]) -> Fields {
        let mut turned = gradient.to_vec();
        let mut shares = vec![0.0; self.pairs.len()];
        let newest_first = |i: usize| self.pairs.len() - 1 - i;
        for i in 0..self.pairs.len() {
            let i = if self.flaw == Flaw::FirstLoopReversed { i } else { newest_first(i) };
            let pair = &self.pairs[i];
            shares[i] = product(&pair.step, &turned) / pair.secant;
            add(&mut turned, -shares[i], &pair.change);
        }
        let scale = self.scale();
        turned.iter_mut().for_each(|entry| *entry *= scale);
        let second = if self.flaw == Flaw::OneLoop { 0 } else { self.pairs.len() };
        for i in 0..second {
            let i = if self.flaw == Flaw::SecondLoopReversed { newest_first(i) } else { i };
            let pair = &self.pairs[i];
            let other = match self.flaw {
                Flaw::WithoutBeta => 0.0,
                _ => product(&pair.change, &turned) / pair.secant,
            };
            add(&mut turned, shares[i] - other, &pair.step);
        }
        let sign = if self.flaw == Flaw::Ascends { 1.0 } else { -1.0 };
        let direction: Vec<f64> = turned.iter().map(|entry| sign * entry).collect();
        Fields::new().with("direction", direction)
    }

    fn takes(&self, pair: &Pair) -> bool {
        match self.flaw {
            Flaw::KeepsAll => pair.secant != 0.0,
            Flaw::IgnoresTolerance => pair.secant > 0.0,
            _ => pair.secant > self.tolerance * pair.sizes(),
        }
    }

    fn keep(&mut self, pair: Pair) {
        if self.takes(&pair) {
            self.pairs.push(pair);
        } else if self.flaw == Flaw::Clears {
            self.pairs.clear();
        }
        let room = match self.flaw {
            Flaw::NeverForgets => usize::MAX,
            Flaw::OneTooFew => self.memory - 1,
            _ => self.memory,
        };
        if self.pairs.len() > room {
            self.pairs.remove(0);
        }
    }
}

impl Solution for Flawed {
    fn begin(&mut self, instance: &Fields) -> Fields {
        self.memory = instance.number("memory") as usize;
        self.tolerance = instance.number("tolerance");
        self.point = instance.vector("point");
        self.gradient = instance.vector("gradient");
        if self.flaw == Flaw::NeverReset {
            // Those of another dimension would show at once.
            self.pairs.retain(|pair| pair.step.len() == self.point.len());
        } else {
            self.pairs.clear();
        }
        self.direction(&self.gradient)
    }

    fn tell(&mut self, told: &Fields) -> Fields {
        let (point, gradient) = (told.vector("point"), told.vector("gradient"));
        let pair = Pair::between((&self.point, &self.gradient), (&point, &gradient));
        let early = (self.flaw == Flaw::Late).then(|| self.direction(&gradient));
        let stays = self.flaw == Flaw::StaysBehind && !self.takes(&pair);
        self.keep(pair);
        let answer = early.unwrap_or_else(|| self.direction(&gradient));
        if !stays {
            (self.point, self.gradient) = (point, gradient);
        }
        answer
    }
}
