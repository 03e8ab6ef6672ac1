//! Wrong solutions, each wrong in one place.

use super::reference::{Rows, add, inner, product, residual, times, transposed, weights};
use crate::assignment::Mutant;
use crate::theoria::{Fields, Solution};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "wrong_sign",
        fails: &["escape", "best", "weights"],
        because: "it climbs",
        make: || Box::new(Flawed(Flaw::Ascends)),
    },
    Mutant {
        name: "one_factor_after_the_other",
        fails: &["escape", "best"],
        because: "the right factor sees the left one of the step after, which is another method, and faster near saddles",
        make: || Box::new(Flawed(Flaw::Sequential)),
    },
    Mutant {
        name: "step_twice_as_long",
        fails: &["escape"],
        because: "the gradient of |A − UV|² is twice that of its half",
        make: || Box::new(Flawed(Flaw::TwiceAsFar)),
    },
    Mutant {
        name: "loop_ends_one_early",
        fails: &["escape"],
        because: "a factor 1 + h|λ| is missing",
        make: || Box::new(Flawed(Flaw::OneEarly)),
    },
    Mutant {
        name: "left_factor_alone",
        fails: &["escape", "best"],
        because: "with the right factor fixed it is a least squares problem, which ends elsewhere",
        make: || Box::new(Flawed(Flaw::LeftAlone)),
    },
    Mutant {
        name: "weight_decay",
        fails: &["escape", "best"],
        because: "a penalty pulls the factors towards 0",
        make: || Box::new(Flawed(Flaw::Decays)),
    },
    Mutant {
        name: "factors_balanced",
        fails: &["best"],
        because: "the product is that of descent, and the factors, made equally long afterwards, are not",
        make: || Box::new(Flawed(Flaw::Balanced)),
    },
    Mutant {
        name: "weights_forgotten",
        fails: &["weights", "curvature_elsewhere"],
        because: "without weights there is no local minimum to end at, and the best matrix is another",
        make: || Box::new(Flawed(Flaw::NoWeights)),
    },
    Mutant {
        name: "weights_squared",
        fails: &["weights", "curvature_elsewhere"],
        because: "the weight multiplies the square, and is not squared itself",
        make: || Box::new(Flawed(Flaw::WeightsSquared)),
    },
    Mutant {
        name: "curvature_without_the_residual",
        fails: &["curvature", "curvature_elsewhere"],
        because: "what Gauss and Newton leave out is the only negative part: without it there is no saddle",
        make: || Box::new(Flawed(Flaw::GaussNewton)),
    },
    Mutant {
        name: "residual_counted_once",
        fails: &["curvature", "curvature_elsewhere"],
        because: "the second derivative of t² is 2",
        make: || Box::new(Flawed(Flaw::Once)),
    },
    Mutant {
        name: "factors_bent_apart",
        fails: &["curvature", "curvature_elsewhere"],
        because: "the product of the two changes, D_U V and U D_V, is missing in the square of their sum",
        make: || Box::new(Flawed(Flaw::Apart)),
    },
    Mutant {
        name: "curvature_of_a_unit_direction",
        fails: &["curvature", "curvature_elsewhere"],
        because: "the curvature grows with the square of the direction's length",
        make: || Box::new(Flawed(Flaw::Normalised)),
    },
];

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    Ascends,
    Sequential,
    TwiceAsFar,
    OneEarly,
    LeftAlone,
    Decays,
    Balanced,
    NoWeights,
    WeightsSquared,
    GaussNewton,
    Once,
    Apart,
    Normalised,
}

struct Flawed(Flaw);

impl Flawed {
    fn weights(&self, instance: &Fields) -> Rows {
        let weights = weights(instance);
        match self.0 {
            Flaw::NoWeights => weights.iter().map(|row| vec![1.0; row.len()]).collect(),
            Flaw::WeightsSquared => times(&weights, &weights),
            _ => weights,
        }
    }

    fn curvature(&self, instance: &Fields, residual: &Rows, left: &Rows, right: &Rows) -> f64 {
        let [along_left, along_right] =
            ["left_direction", "right_direction"].map(|name| instance.matrix(name));
        let (one, other) = (product(&along_left, right), product(left, &along_right));
        let weights = self.weights(instance);
        let square = |change: &Rows| inner(&weights, &times(change, change));
        let mut both = one.clone();
        add(&mut both, 1.0, &other);
        let first = match self.0 {
            Flaw::Apart => square(&one) + square(&other),
            _ => square(&both),
        };
        let factor = match self.0 {
            Flaw::GaussNewton => 0.0,
            Flaw::Once => 1.0,
            _ => 2.0,
        };
        let curvature = first + factor * inner(residual, &product(&along_left, &along_right));
        match self.0 {
            Flaw::Normalised => {
                curvature / (inner(&along_left, &along_left) + inner(&along_right, &along_right))
            }
            _ => curvature,
        }
    }
}

impl Solution for Flawed {
    fn begin(&mut self, instance: &Fields) -> Fields {
        let (matrix, weights) = (instance.matrix("matrix"), self.weights(instance));
        let (mut left, mut right) = (instance.matrix("left"), instance.matrix("right"));
        if instance.text("question") == "curvature" {
            let residual = residual(&matrix, &weights, &left, &right);
            let curvature = self.curvature(instance, &residual, &left, &right);
            return Fields::new().with("curvature", curvature);
        }
        let step = instance.number("step")
            * match self.0 {
                Flaw::Ascends => -1.0,
                Flaw::TwiceAsFar => 2.0,
                _ => 1.0,
            };
        let steps = instance.number("steps") as usize;
        for _ in usize::from(self.0 == Flaw::OneEarly)..steps {
            let difference = residual(&matrix, &weights, &left, &right);
            let (before_left, before_right) = (left.clone(), right.clone());
            add(&mut left, -step, &product(&difference, &transposed(&before_right)));
            let (seen, difference) = match self.0 {
                Flaw::Sequential => (&left, residual(&matrix, &weights, &left, &right)),
                _ => (&before_left, difference),
            };
            if self.0 != Flaw::LeftAlone {
                let slope = product(&transposed(seen), &difference);
                add(&mut right, -step, &slope);
            }
            if self.0 == Flaw::Decays {
                add(&mut left, -0.05 * step, &before_left);
                add(&mut right, -0.05 * step, &before_right);
            }
        }
        if self.0 == Flaw::Balanced {
            // Of two that are 0 there is no quotient.
            let share = (inner(&right, &right) / inner(&left, &left)).powf(0.25);
            let share = if share.is_normal() { share } else { 1.0 };
            left.iter_mut().flatten().for_each(|entry| *entry *= share);
            right.iter_mut().flatten().for_each(|entry| *entry /= share);
        }
        Fields::new().with("left", left).with("right", right)
    }
}
