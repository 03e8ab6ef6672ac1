//! Numbers as one writes them.

/// The number with at most six significant digits, without zeros at the end.
///
/// ```
/// use theoria_models::numerics::written;
/// assert_eq!([0.1 + 0.2, 100.0, -1.0 / 3.0, 2e-7].map(written), ["0.3", "100", "-0.333333", "2e-7"]);
/// ```
pub fn written(value: f64) -> String {
    let rounded = format!("{value:.5e}").parse().unwrap_or(value);
    match value.abs() {
        // An infinite or very large number, or a small one, would be written with many zeros.
        size if size != 0.0 && !(1e-4..1e6).contains(&size) => format!("{rounded:e}"),
        _ => format!("{rounded}"),
    }
}
