//! Numbers for people.

/// Three significant digits: enough to compare, too few for the last bits of a machine's `exp` to
/// show. Powers of ten in words of Unicode: `1.23·10⁻⁵`.
pub(crate) fn number(value: f64) -> String {
    let size = value.abs();
    if value.is_nan() {
        return "–".into();
    }
    if value.is_infinite() {
        return if value > 0.0 { "∞" } else { "−∞" }.into();
    }
    if size == 0.0 {
        return "0".into();
    }
    let scientific = format!("{size:.2e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let sign = if value < 0.0 { "−" } else { "" };
    if (-3..=4).contains(&exponent) {
        let decimals = usize::try_from(2 - exponent).unwrap_or(0);
        // Rounded to three digits first, so that 12345 does not pretend to five.
        let rounded: f64 = scientific.parse().unwrap_or(size);
        let text = format!("{rounded:.decimals$}");
        return format!("{sign}{text}");
    }
    format!("{sign}{digits}·{}", power_of_ten(exponent))
}

/// Where something was seen: a whole number, which is mostly a count, as it is.
pub(crate) fn place(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e6 {
        return format!("{:.0}", value + 0.0).replace('-', "−");
    }
    number(value)
}

/// `10⁻⁵`.
pub(crate) fn power_of_ten(exponent: i32) -> String {
    let raised: String = exponent
        .to_string()
        .chars()
        .map(|c| match c {
            '-' => '⁻',
            '1' => '¹',
            '2' => '²',
            '3' => '³',
            '4' => '⁴',
            '5' => '⁵',
            '6' => '⁶',
            '7' => '⁷',
            '8' => '⁸',
            '9' => '⁹',
            _ => '⁰',
        })
        .collect();
    format!("10{raised}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_read_as_a_person_would_write_them() {
        for (value, text) in [
            (0.0, "0"),
            (1.0, "1.00"),
            (0.9994, "0.999"),
            (0.99951, "1.00"),
            (12345.6, "12300"),
            (-0.001234, "−0.00123"),
            (1.5e-300, "1.50·10⁻³⁰⁰"),
            (9.999e9, "1.00·10¹⁰"),
            (f64::INFINITY, "∞"),
            (f64::NAN, "–"),
        ] {
            assert_eq!(number(value), text);
        }
    }

    #[test]
    fn counts_are_whole_numbers() {
        let told = [1.0, 58.0, -3.0, 0.0, -0.0, 0.25, 1e9, f64::NAN].map(place);
        assert_eq!(told, ["1", "58", "−3", "0", "0", "0.250", "1.00·10⁹", "–"]);
    }

    proptest! {
        #[test]
        fn the_last_bits_do_not_show(value in -1e12..1e12f64) {
            // Away from the edge between two roundings.
            let scaled = value.abs() / 10f64.powf(value.abs().log10().floor()) * 100.0;
            prop_assume!((scaled.fract() - 0.5).abs() > 1e-9);
            prop_assert_eq!(number(value), number(value * (1.0 + 4.0 * f64::EPSILON)));
        }
    }
}
