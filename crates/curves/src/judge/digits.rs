//! Numbers as they are told.

/// With four digits that mean something.
pub(super) fn short(number: f64) -> String {
    told(number, number.abs() / 10.0)
}

/// With the digits that the width of its interval leaves a meaning.
pub(super) fn told(number: f64, width: f64) -> String {
    let size = number.abs();
    if size != 0.0 && !(1e-3..1e7).contains(&size) {
        return format!("{number:.3e}");
    }
    let decimals = if width > 0.0 { (2.0 - width.log10()).ceil().clamp(0.0, 12.0) } else { 5.0 };
    format!("{number:.*}", decimals as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_end_where_they_mean_nothing() {
        assert_eq!(told(0.980_100_123, 2e-6), "0.98010012");
        assert_eq!(told(-1.523, 3.5), "-1.52");
        assert_eq!((short(2.25), short(-970.478)), ("2.250".into(), "-970.5".into()));
        assert_eq!((short(1e-9), short(0.0)), ("1.000e-9".into(), "0.00000".into()));
    }
}
