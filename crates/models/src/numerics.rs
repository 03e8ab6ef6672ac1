//! Numbers beyond doubles, and small numerics of one variable.

mod counted;
mod double_double;
mod field_operations;
mod fraction;
mod long_float;
mod threshold;
mod written;

pub use counted::Counted;
pub use double_double::DoubleDouble;
pub use fraction::Fraction;
pub use long_float::LongFloat;
pub use threshold::threshold;
pub use written::written;

/// The larger of two numbers; NaN if one of them is NaN, where [`f64::max`] takes the other: a deviation that is no number must not
/// vanish among others that are.
///
/// ```
/// use theoria_models::numerics::maximum;
/// assert_eq!([1.0, 3.0, 2.0].into_iter().fold(0.0, maximum), 3.0);
/// assert!([1.0, f64::NAN, 2.0].into_iter().fold(0.0, maximum).is_nan());
/// ```
pub fn maximum(one: f64, other: f64) -> f64 {
    if one.is_nan() || other.is_nan() { f64::NAN } else { one.max(other) }
}

/// The smaller of two numbers; NaN if one of them is NaN, where [`f64::min`] takes the other.
///
/// ```
/// use theoria_models::numerics::minimum;
/// assert!([f64::NAN, 2.0].into_iter().fold(f64::INFINITY, minimum).is_nan());
/// ```
pub fn minimum(one: f64, other: f64) -> f64 {
    -maximum(-one, -other)
}

/// Halves the interval from `low` to `high` until it is at most `width` wide, or holds no number between its
/// ends: `below` must be true at `low` and false at `high`, and may switch back and forth in between. Returns both ends.
///
/// ```
/// use theoria_models::numerics::bisect;
/// let (low, high) = bisect(1.0, 2.0, 0.0, |x| x * x < 2.0);
/// assert!(low < 2f64.sqrt() && 2f64.sqrt() <= high && high - low < 1e-15);
/// ```
pub fn bisect(mut low: f64, mut high: f64, width: f64, below: impl Fn(f64) -> bool) -> (f64, f64) {
    while high - low > width {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            break;
        }
        if below(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    (low, high)
}

/// The integral of `f` from `from` to `to` by Simpson's rule on so many cells of equal width, each with its
/// middle. The error falls like the fourth power of the width.
///
/// ```
/// use theoria_models::numerics::simpson;
/// assert!((simpson(0.0, 2.0, 1, |x| x.powi(3)) - 4.0).abs() < 1e-15);
/// ```
///
/// # Panics
/// If there are no cells.
pub fn simpson(from: f64, to: f64, cells: u32, f: impl Fn(f64) -> f64) -> f64 {
    assert!(cells > 0, "at least one cell");
    let width = (to - from) / f64::from(cells);
    let cell = |i: u32| {
        let x = from + f64::from(i) * width;
        (f(x) + 4.0 * f(x + width / 2.0) + f(x + width)) * width / 6.0
    };
    (0..cells).map(cell).sum()
}

/// Panics with the name of an argument that is not positive and finite.
#[track_caller]
pub(crate) fn positive(value: f64, name: &str) {
    assert!(value > 0.0 && value.is_finite(), "{name} is positive and finite, not {value}");
}

/// Panics with the name of an argument that is negative or not finite.
#[track_caller]
pub(crate) fn not_negative(value: f64, name: &str) {
    assert!(value >= 0.0 && value.is_finite(), "{name} is finite and not negative, not {value}");
}
