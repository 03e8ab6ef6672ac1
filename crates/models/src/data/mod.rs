//! Data: tables from CSV, the data sets that ship with the crate, and data that are drawn.

mod synthetic;
mod table;

pub use synthetic::{four_points, separable, sparse_regression, underdetermined};
pub use table::{DataError, Table};

use crate::{Matrix, Vector};

/// Samples with their targets.
#[derive(Debug, Clone, PartialEq)]
pub struct DataSet {
    /// Name, for people.
    pub name: String,
    /// Features, n x d.
    pub features: Matrix,
    /// Targets, n.
    pub targets: Vector,
}

/// The diabetes study of Efron, Hastie, Johnstone and Tibshirani (2004): 442 patients, 10 features
/// standardised to mean 0 and mean square 1; the target, a measure of progression, with its mean
/// taken off.
///
/// ```
/// let data = theoria_models::data::diabetes();
/// assert_eq!((data.features.nrows(), data.features.ncols()), (442, 10));
/// ```
pub fn diabetes() -> DataSet {
    let table = shipped(include_str!("../../data/diabetes.csv"), "diabetes");
    let mut data = standardised(&table, "progression", "diabetes");
    let mean = data.targets.mean();
    data.targets.add_scalar_mut(-mean);
    data
}

/// The breast cancer data of Wolberg, Street and Mangasarian: 569 tumours, 30 features standardised
/// to mean 0 and mean square 1; the label is 1 for benign and -1 for malignant.
pub fn breast_cancer() -> DataSet {
    let table = shipped(include_str!("../../data/breast_cancer.csv"), "breast cancer");
    let mut data = standardised(&table, "benign", "breast cancer");
    data.targets.apply(|label| *label = 2.0 * *label - 1.0);
    data
}

/// The handwritten digits of Alpaydin and Kaynak: 1797 images of 8 x 8 pixels, row by row, with
/// brightness scaled to [0, 1]; the target is the digit, 0 to 9. Not standardised, since some pixels
/// at the rim are always dark.
pub fn digits() -> DataSet {
    let table = shipped(include_str!("../../data/digits.csv"), "digits");
    let column = |name: &str| {
        let column = table.column(name);
        column.unwrap_or_else(|error| panic!("shipped data are sound: {error}"))
    };
    let pixels: Vec<&[f64]> = (0..64).map(|i| column(&format!("p{i}"))).collect();
    DataSet {
        name: "digits".into(),
        features: Matrix::from_fn(pixels[0].len(), 64, |i, j| pixels[j][i] / 16.0),
        targets: Vector::from_row_slice(column("digit")),
    }
}

/// The "Filip" data of the Statistical Reference Datasets (National Institute of Standards and Technology): 82 points and
/// the powers 0 to 10 of x as features, not centred, with a condition number of 1.8e15. The certified sum of squares is
/// 7.95851382172941e-4.
///
/// ```
/// let data = theoria_models::data::degree_ten();
/// assert_eq!((data.features.nrows(), data.features.ncols()), (82, 11));
/// ```
pub fn degree_ten() -> DataSet {
    let table = shipped(include_str!("../../data/degree_ten.csv"), "degree ten");
    let column = |name: &str| {
        let column = table.column(name);
        column.unwrap_or_else(|error| panic!("shipped data are sound: {error}"))
    };
    let places = column("x");
    DataSet {
        name: "degree ten".into(),
        features: Matrix::from_fn(places.len(), 11, |i, j| places[i].powi(j as i32)),
        targets: Vector::from_row_slice(column("y")),
    }
}

fn shipped(text: &str, name: &str) -> Table {
    Table::parse(text, name).unwrap_or_else(|error| panic!("shipped data are sound: {error}"))
}

fn standardised(table: &Table, target: &str, name: &str) -> DataSet {
    let data = table.standardised(target);
    let mut data = data.unwrap_or_else(|error| panic!("shipped data are sound: {error}"));
    name.clone_into(&mut data.name);
    data
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shipped_data_have_the_sizes_of_their_sources() {
        let data = diabetes();
        assert_eq!(data.features.shape(), (442, 10));
        assert!(data.targets.mean().abs() < 1e-10);
        let data = digits();
        assert_eq!(data.features.shape(), (1797, 64));
        assert_eq!((data.features.min(), data.features.max()), (0.0, 1.0));
        // The class sizes that the source states for this part of the data.
        for (digit, count) in
            [178, 182, 177, 183, 181, 182, 181, 179, 174, 180].into_iter().enumerate()
        {
            let of_digit = data.targets.iter().filter(|t| **t == digit as f64);
            assert_eq!(of_digit.count(), count);
        }
        let data = breast_cancer();
        assert_eq!(data.features.shape(), (569, 30));
        // 357 benign and 212 malignant.
        assert_eq!(data.targets.iter().filter(|&&label| label == 1.0).count(), 357);
        assert_eq!(data.targets.iter().filter(|&&label| label == -1.0).count(), 212);
    }
}
