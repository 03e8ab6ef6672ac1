//! Wrong solutions, each wrong in one place.

use super::reflections::{columns_of, dot, factored, length, row_by_row};
use crate::assignment::Mutant;
use crate::theoria::{Fields, Solution};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "signs_forgotten",
        fails: &["entries", "law", "determinant"],
        because: "reflections leave a first entry that is never positive, and one sign of the determinant",
        make: || Box::new(Flawed(Flaw::NoSigns)),
    },
    Mutant {
        name: "signs_of_the_wrong_diagonal",
        fails: &["entries", "law"],
        because: "the diagonal of R is to be positive; that of Q must have both signs",
        make: || Box::new(Flawed(Flaw::DiagonalOfQ)),
    },
    Mutant {
        name: "first_row_positive",
        fails: &["entries", "law"],
        because: "a sign that is chosen by an entry is no longer free",
        make: || Box::new(Flawed(Flaw::FirstRow)),
    },
    Mutant {
        name: "rotations_alone",
        fails: &["determinant"],
        because: "every entry is as it should be, and reflections never come",
        make: || Box::new(Flawed(Flaw::Rotations)),
    },
    Mutant {
        name: "columns_of_length_one",
        fails: &["isometry"],
        because: "columns of length 1 need not be orthogonal to each other",
        make: || Box::new(Flawed(Flaw::Normalised)),
    },
    Mutant {
        name: "last_column_left_out",
        fails: &["isometry"],
        because: "the loop ends a column early",
        make: || Box::new(Flawed(Flaw::LastLeftOut)),
    },
    Mutant {
        name: "orthogonalised_once",
        fails: &["nearly_parallel"],
        because: "what is left of a nearly parallel column is rounding, which points anywhere",
        make: || Box::new(Flawed(Flaw::Once)),
    },
    Mutant {
        name: "gain_forgotten",
        fails: &["isometry", "nearly_parallel"],
        because: "lengths stay, and should grow by g a layer",
        make: || Box::new(Flawed(Flaw::NoGain)),
    },
    Mutant {
        name: "gain_under_the_root",
        fails: &["isometry"],
        because: "g multiplies lengths, and not their squares",
        make: || Box::new(Flawed(Flaw::RootOfGain)),
    },
    Mutant {
        name: "one_matrix_for_all_layers",
        fails: &["entries", "law"],
        because: "layers are not independent: the matrix is drawn once",
        make: || Box::new(Flawed(Flaw::FirstForAll)),
    },
    Mutant {
        name: "each_layer_twice",
        fails: &["law"],
        because: "two neighbours share their normal numbers: the square of Q has not the law of Q",
        make: || Box::new(Flawed(Flaw::Twice)),
    },
    Mutant {
        name: "permutations",
        fails: &["entries", "law"],
        because: "the entries of a permutation are orthogonal and far from uniform",
        make: || Box::new(Flawed(Flaw::Permutations)),
    },
];

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    NoSigns,
    DiagonalOfQ,
    FirstRow,
    Rotations,
    Normalised,
    LastLeftOut,
    Once,
    NoGain,
    RootOfGain,
    FirstForAll,
    Twice,
    Permutations,
}

struct Flawed(Flaw);

impl Solution for Flawed {
    fn begin(&mut self, instance: &Fields) -> Fields {
        let (dimension, gain) = (instance.number("dimension") as usize, instance.number("gain"));
        let gain = match self.0 {
            Flaw::NoGain => 1.0,
            Flaw::RootOfGain => gain.sqrt(),
            _ => gain,
        };
        let normals = instance.matrix("normals");
        let layers = (0..normals.len()).map(|layer| match self.0 {
            Flaw::FirstForAll => 0,
            Flaw::Twice => layer - layer % 2,
            _ => layer,
        });
        let weights =
            layers.map(|layer| row_by_row(&self.columns(dimension, &normals[layer]), gain));
        Fields::new().with("weights", weights.collect::<Vec<_>>())
    }
}

impl Flawed {
    /// Of what should be a Haar matrix.
    fn columns(&self, dimension: usize, entries: &[f64]) -> Vec<Vec<f64>> {
        let mut columns = columns_of(dimension, entries);
        match self.0 {
            Flaw::Normalised => columns.iter_mut().for_each(|column| normalise(column)),
            Flaw::LastLeftOut => {
                orthogonalise(&mut columns[..dimension - 1]);
                normalise(&mut columns[dimension - 1]);
            }
            Flaw::Once => orthogonalise(&mut columns),
            Flaw::Permutations => permute(&mut columns),
            _ => {
                let factors = factored(dimension, entries);
                columns = factors.columns;
                self.turn(&mut columns, &factors.diagonal);
            }
        }
        columns
    }

    /// Signs of the columns of Q, for the diagonal of R.
    fn turn(&self, columns: &mut [Vec<f64>], diagonal: &[f64]) {
        let reflections = columns.len() % 2;
        let negative = diagonal.iter().filter(|r| **r < 0.0).count();
        for (j, column) in columns.iter_mut().enumerate() {
            let sign = match self.0 {
                Flaw::NoSigns => 1.0,
                Flaw::DiagonalOfQ => column[j].signum(),
                Flaw::FirstRow => column[0].signum(),
                // Each reflection and each column that is turned change the sign of the determinant.
                Flaw::Rotations if j == 0 && (reflections + negative) % 2 == 1 => {
                    -diagonal[j].signum()
                }
                _ => diagonal[j].signum(),
            };
            column.iter_mut().for_each(|q| *q *= sign);
        }
    }
}

fn normalise(column: &mut [f64]) {
    let length = length(column);
    column.iter_mut().for_each(|x| *x /= length);
}

/// Gram and Schmidt's, once.
fn orthogonalise(columns: &mut [Vec<f64>]) {
    for j in 0..columns.len() {
        let (before, rest) = columns.split_at_mut(j);
        let column = &mut rest[0];
        for earlier in before {
            let along = dot(earlier, column);
            column.iter_mut().zip(earlier).for_each(|(x, e)| *x -= along * *e);
        }
        normalise(column);
    }
}

/// Signed unit vectors, in the order of the entries of the first column.
fn permute(columns: &mut [Vec<f64>]) {
    let first = columns[0].clone();
    for (j, column) in columns.iter_mut().enumerate() {
        let place = first.iter().filter(|x| **x < first[j]).count();
        let sign = column[0].signum();
        column.fill(0.0);
        column[place] = sign;
    }
}
