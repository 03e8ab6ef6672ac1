//! Numbers for paper.

/// The number with so many significant digits that is nearest; what is no number, or 0, stays.
pub(super) fn rounded(value: f64, digits: u32) -> f64 {
    // The library that prints numbers rounds them correctly, which products with powers of ten do not.
    let digits = digits.saturating_sub(1) as usize;
    format!("{value:.digits$e}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::rounded;

    #[test]
    fn it_is_the_nearest_number_of_so_many_digits() {
        for (value, digits, expected) in [
            (0.123456, 2, 0.12),
            (-98.76, 1, -100.0),
            (98.76, 3, 98.8),
            (0.0, 1, 0.0),
            (1e-300, 1, 1e-300),
            (f64::MAX, 17, f64::MAX),
            (f64::INFINITY, 2, f64::INFINITY),
        ] {
            assert_eq!(rounded(value, digits), expected, "{value} to {digits}");
        }
        assert!(rounded(f64::NAN, 1).is_nan());
    }
}
