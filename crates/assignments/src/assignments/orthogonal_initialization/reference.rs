//! A right solution.

use super::reflections::{factored, row_by_row};
use crate::theoria::{Fields, Solution};

/// Q of the normal numbers, with a column's sign turned where the diagonal of R is negative.
#[derive(Default)]
pub(super) struct Haar;

impl Solution for Haar {
    fn begin(&mut self, instance: &Fields) -> Fields {
        let (dimension, gain) = (instance.number("dimension") as usize, instance.number("gain"));
        let mut weights = instance.matrix("normals");
        for entries in &mut weights {
            let mut factors = factored(dimension, entries);
            for (column, r) in factors.columns.iter_mut().zip(&factors.diagonal) {
                column.iter_mut().for_each(|q| *q *= r.signum());
            }
            *entries = row_by_row(&factors.columns, gain);
        }
        Fields::new().with("weights", weights)
    }
}
