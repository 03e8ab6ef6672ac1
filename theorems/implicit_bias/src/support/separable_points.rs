//! Points of two classes that a hyperplane through the origin separates.

use rand::Rng;
use theoria_models::Vector;
use theoria_models::data::{DataSet, digits, separable};
use theoria_references::{Margin, MarginNorm, largest_margin};

/// The largest margin of separable points in a norm.
pub(crate) fn margin_of(data: &DataSet, norm: MarginNorm) -> Margin {
    largest_margin(&data.features, &data.targets, norm).unwrap_or_else(|error| panic!("{error}"))
}

/// Random points, without those that are nearly support vectors, which make everything slow.
pub(crate) fn clearly_separable(n: usize, d: usize, random: &mut impl Rng) -> DataSet {
    let all = separable(n, d, 1.0, random);
    let Margin { direction, margin, multipliers, .. } = margin_of(&all, MarginNorm::Euclidean);
    let margins = (&all.features * direction).component_mul(&all.targets);
    let clear = |i: &usize| multipliers[*i] > 0.0 || margins[*i] >= 1.5 * margin;
    let rows: Vec<usize> = (0..n).filter(clear).collect();
    DataSet {
        features: all.features.select_rows(&rows),
        targets: all.targets.select_rows(&rows),
        ..all
    }
}

/// 30 images of zeros and 30 of ones.
pub(crate) fn zeros_and_ones() -> DataSet {
    let all = digits();
    let of = |digit: f64| {
        let targets = all.targets.iter().enumerate();
        let found = targets.filter(move |(_, target)| **target == digit);
        found.map(|(row, _)| row).take(30)
    };
    let rows: Vec<usize> = of(0.0).chain(of(1.0)).collect();
    DataSet {
        name: "digits, zeros and ones".into(),
        features: all.features.select_rows(&rows),
        targets: Vector::from_fn(60, |i, _| if i < 30 { 1.0 } else { -1.0 }),
    }
}
