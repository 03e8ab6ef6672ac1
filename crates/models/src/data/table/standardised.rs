//! Columns of mean 0 and mean square 1.

use theoria_elementary::log2;

/// How many roundings of the largest value the mean of a column may be off by, and its values as they were read.
const ROUNDINGS: f64 = 4.0;

/// The column with its mean taken off, divided by its root mean square; none if its values are equal but for rounding.
/// Neither large nor small numbers overflow on the way.
pub(super) fn standardised(column: &[f64]) -> Option<Vec<f64>> {
    let largest = column.iter().fold(0.0, |most: f64, value| most.max(value.abs()));
    if largest == 0.0 {
        return None;
    }
    // A power of two changes no digit. Half as large, lest differences overflow; in two steps, since a power for the
    // smallest numbers is beyond the largest one.
    let exponent = -(log2(largest).floor() as i32) - 2;
    let (half, rest) = (2f64.powi(exponent / 2), 2f64.powi(exponent - exponent / 2));
    let scaled: Vec<f64> = column.iter().map(|value| value * half * rest).collect();
    let n = column.len() as f64;
    // Around the first value, so that what is alike cancels exactly; then around what that mean is off by.
    let about = |centre: f64| scaled.iter().map(move |value| value - centre).sum::<f64>() / n;
    let first = scaled[0] + about(scaled[0]);
    let mean = first + about(first);
    let centred: Vec<f64> = scaled.iter().map(|value| value - mean).collect();
    let spread = centred.iter().fold(0.0, |most: f64, value| most.max(value.abs()));
    let size = scaled.iter().fold(0.0, |most: f64, value| most.max(value.abs()));
    if spread <= ROUNDINGS * f64::EPSILON * size {
        return None;
    }
    // Relative to the spread, whose square may be beyond the least number.
    let units: Vec<f64> = centred.iter().map(|value| value / spread).collect();
    let square = units.iter().map(|value| value * value).sum::<f64>() / n;
    Some(units.iter().map(|value| value / square.sqrt()).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn moments(values: &[f64]) -> (f64, f64) {
        let n = values.len() as f64;
        (values.iter().sum::<f64>() / n, values.iter().map(|v| v * v).sum::<f64>() / n)
    }

    #[test]
    fn no_number_is_too_large_or_too_small() {
        let third = 1.5f64.sqrt();
        for unit in [1e200, 1e-170, 1.7e308 / 2.0, 1.0, 1e-300, 5e-324 * 1e8] {
            let values = standardised(&[0.0, unit, 2.0 * unit]).unwrap();
            for (value, expected) in values.iter().zip([-third, 0.0, third]) {
                assert!((value - expected).abs() < 1e-6, "{unit}: {values:?}");
            }
        }
        let (most, least) = (f64::MAX, f64::from_bits(1));
        for column in
            [vec![most, -most], vec![least, 0.0], vec![most, least], vec![-most, 1.0, most]]
        {
            let (mean, square) = moments(&standardised(&column).unwrap());
            assert!(mean.abs() < 1e-9 && (square - 1.0).abs() < 1e-9, "{column:?}");
        }
    }

    #[test]
    fn what_differs_by_rounding_alone_is_constant() {
        let ulp = f64::EPSILON;
        for column in [
            vec![0.3, 0.30000000000000004, 0.3],
            vec![7.0; 5],
            vec![0.0; 3],
            vec![1e200, 1e200 * (1.0 + ulp), 1e200 * (1.0 - ulp)],
            vec![1e-320; 4],
            vec![0.1 + 0.2, 0.3, 0.6 / 2.0, 0.9 / 3.0],
            vec![5.0],
        ] {
            assert_eq!(standardised(&column), None, "{column:?}");
        }
        assert!(standardised(&[0.3, 0.3 + 1e-12, 0.3]).is_some());
    }

    proptest! {
        #[test]
        fn standardised_features_have_mean_0_and_mean_square_1(
            column in prop::collection::vec(-1e6..1e6f64, 2..50), exponent in -300i32..300,
        ) {
            prop_assume!(column.iter().any(|v| (v - column[0]).abs() > 1e-3));
            let column: Vec<f64> = column.iter().map(|v| v * 10f64.powi(exponent)).collect();
            let (mean, square) = moments(&standardised(&column).unwrap());
            prop_assert!(mean.abs() < 1e-6);
            prop_assert!((square - 1.0).abs() < 1e-6);
        }
    }
}
