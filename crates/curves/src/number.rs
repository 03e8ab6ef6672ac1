//! What a cell says: a number to the last bit, nothing, a divergence, or what is refused.

use crate::Decimal;

/// A value larger than this in size is taken for a divergence: no loss is so large, and its square would be infinite.
pub(crate) const LARGEST: f64 = 1e150;

/// What a cell of numbers says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Cell {
    /// Nothing was logged.
    Empty,
    Finite(f64),
    /// Infinite, not a number, or absurd.
    NotFinite,
    /// `None`, `null`, `NA`: nothing was logged, or what was is no number.
    Missing,
}

/// Reads a cell without surrounding blanks; the error is a sentence on what is wrong.
pub(crate) fn cell(text: &str, decimal: Decimal) -> Result<Cell, String> {
    if text.is_empty() {
        return Ok(Cell::Empty);
    }
    if let Some(number) = plain(text, decimal) {
        return Ok(if number.abs() <= LARGEST { Cell::Finite(number) } else { Cell::NotFinite });
    }
    match text.to_ascii_lowercase().trim_start_matches(['+', '-']) {
        "nan" | "inf" | "infinity" | "nan(ind)" | "1.#inf" | "1.#ind" | "1.#qnan" | "1.#snan"
        | "∞" => Ok(Cell::NotFinite),
        "none" | "null" | "na" | "n/a" | "<na>" => Ok(Cell::Missing),
        _ => Err(reason(text, decimal)),
    }
}

/// A number written in digits, sign, point or comma, and exponent; no other spelling is a number.
pub(crate) fn plain(text: &str, decimal: Decimal) -> Option<f64> {
    let sign = if decimal == Decimal::Comma { b',' } else { b'.' };
    let mut bytes = text.bytes();
    if !bytes.all(|byte| byte.is_ascii_digit() || byte == sign || b"+-eE".contains(&byte)) {
        return None;
    }
    let number: f64 = match decimal {
        Decimal::Point => text.parse().ok()?,
        Decimal::Comma => text.replace(',', ".").parse().ok()?,
    };
    (number != 0.0 || is_zero(text)).then_some(number)
}

/// Whether a number is written as 0, not as one so small that it is rounded to 0.
fn is_zero(text: &str) -> bool {
    let digits = text.split(['e', 'E']).next().unwrap_or_default();
    !digits.bytes().any(|byte| (b'1'..=b'9').contains(&byte))
}

/// Whether a cell says something of a number, with either decimal sign.
pub(crate) fn looks_numeric(text: &str) -> bool {
    cell(text, Decimal::Point).is_ok() || cell(text, Decimal::Comma).is_ok()
}

fn reason(text: &str, decimal: Decimal) -> String {
    let shown = crate::fault::shown(text);
    let digits = |extra: &[u8]| {
        text.bytes()
            .all(|byte| byte.is_ascii_digit() || b"+-eE".contains(&byte) || extra.contains(&byte))
    };
    if digits(b",.") && text.contains(',') && text.contains('.') {
        return format!(
            "{shown} has both a point and a comma: write numbers without a sign between thousands"
        );
    }
    if digits(b",") && text.contains(',') && decimal == Decimal::Point {
        return format!(
            "{shown} has a comma. If that is the decimal sign, type `--decimal comma`; a sign between thousands is not read"
        );
    }
    if digits(b".") && text.contains('.') && decimal == Decimal::Comma {
        return format!(
            "{shown} has a point where the decimal sign is a comma. If it is the decimal sign, type `--decimal point`"
        );
    }
    if digits(b":") && text.contains(':') {
        return format!("{shown} is a time, not a number");
    }
    if text.replace(',', ".").parse::<f64>().is_ok_and(|number| number == 0.0) {
        return format!(
            "{shown} is smaller than any number of double precision, and would be read as 0"
        );
    }
    format!("{shown} is not a number")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_exact_or_refused() {
        let point = |text| cell(text, Decimal::Point);
        assert_eq!(point("3.2e-1"), Ok(Cell::Finite(0.32)));
        assert_eq!(point("1e22"), Ok(Cell::Finite(1e22)));
        assert_eq!(point("+.5"), Ok(Cell::Finite(0.5)));
        assert_eq!(point("-0.00e5"), Ok(Cell::Finite(-0.0)));
        assert_eq!(point("5e-324"), Ok(Cell::Finite(5e-324)));
        assert_eq!(point("1e400"), Ok(Cell::NotFinite));
        assert_eq!(point("-Infinity"), Ok(Cell::NotFinite));
        assert_eq!(point("null"), Ok(Cell::Missing));
        for refused in [
            "1,234.5",
            "1,234",
            "12:05",
            "0x1p3",
            "1_000",
            "12%",
            "1 000",
            "−1",
            "tensor(0.5)",
            "e5",
            "1e",
            "--1",
            ".",
        ] {
            assert!(point(refused).is_err(), "{refused}");
        }
        assert_eq!(cell("1,5e3", Decimal::Comma), Ok(Cell::Finite(1500.0)));
        for refused in ["1.5", "1.234,5", "1,2,3"] {
            assert!(cell(refused, Decimal::Comma).is_err(), "{refused}");
        }
    }
}
