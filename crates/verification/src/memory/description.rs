//! What machines differ by in a description.

/// Relatively: descriptions round to six digits, or to none.
const DIGITS: f64 = 1e-5;
/// Against the largest number of a description: what is left where it should have cancelled.
const LEFT: f64 = 1e-12;

/// Whether two descriptions are of one instance: the same words, and numbers that differ no more than machines do.
pub(super) fn is_the_same(one: &str, other: &str) -> bool {
    if one == other {
        return true;
    }
    let ((words, numbers), (other_words, others)) = (apart(one), apart(other));
    let largest = numbers.iter().chain(&others).fold(0.0, |most: f64, x| most.max(x.abs()));
    let is_close = |(a, b): (&f64, &f64)| {
        let size = a.abs().max(b.abs());
        a == b || (a - b).abs() <= (DIGITS * size).max(LEFT * largest)
    };
    words == other_words
        && numbers.len() == others.len()
        && numbers.iter().zip(&others).all(is_close)
}

/// The words, with a sign where there is a number, and the numbers.
fn apart(text: &str) -> (String, Vec<f64>) {
    let (mut words, mut numbers) = (String::new(), Vec::new());
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, from) = rest.split_at(at);
        let (before, sign) = match before.strip_suffix('-') {
            Some(before) => (before, -1.0),
            None => (before, 1.0),
        };
        let (number, length) = number_at_the_start(from);
        words.push_str(before);
        words.push('\u{1}');
        numbers.push(sign * number);
        rest = &from[length..];
    }
    words.push_str(rest);
    (words, numbers)
}

/// The number that the text, whose first letter is a digit, begins with, and its length.
fn number_at_the_start(text: &str) -> (f64, usize) {
    let end = |from: usize| {
        let digits = text[from..].find(|c: char| !c.is_ascii_digit());
        digits.map_or(text.len(), |length| from + length)
    };
    let mut length = end(0);
    if text[length..].starts_with('.') {
        length = end(length + 1);
    }
    let exponent = ["e-", "e"].into_iter().find_map(|e| {
        let from = length + text[length..].strip_prefix(e).map(|_| e.len())?;
        (end(from) > from).then(|| end(from))
    });
    length = exponent.unwrap_or(length);
    // Digits, a point and an exponent are always a number.
    (text[..length].parse().unwrap_or(f64::NAN), length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn it_tells_words_from_numbers() {
        let (words, numbers) = apart("f″ = 0.57 up to -9.5e-17, L2 of 3. and 4e; −1");
        assert_eq!(numbers, [0.57, -9.5e-17, 2.0, 3.0, 4.0, 1.0]);
        assert!(words.starts_with("f″ = \u{1} up to \u{1}, L\u{1} of \u{1} and \u{1}e; −"));
    }

    #[test]
    fn machines_differ_in_last_digits_and_not_in_sizes() {
        let scales = "256 blocks, c = 0.010000001458538698";
        assert!(is_the_same(scales, "256 blocks, c = 0.010000001458538707"));
        assert!(!is_the_same(scales, "257 blocks, c = 0.010000001458538698"));
        assert!(!is_the_same(scales, "256 blocks, c = 0.0100002"));
        assert!(!is_the_same(scales, "256 blocks, d = 0.010000001458538698"));
        assert!(!is_the_same("from 1, 2", "from 1"));
        assert!(is_the_same(
            "0.570973 up to -9.59772, -3.53908e-17",
            "0.570973 up to -9.59773, 1.01117e-17"
        ));
        assert!(!is_the_same("-3.53908e-17", "1.01117e-17"));
    }

    proptest! {
        #[test]
        fn no_text_is_too_odd(text in "[-0-9.e αµ]{0,20}", x in -1e9..1e9f64) {
            prop_assert!(is_the_same(&text, &text));
            apart(&text);
            let (one, other) = (format!("{text} {x}"), format!("{text} {}", x * (1.0 + 4.0 * f64::EPSILON)));
            prop_assert!(is_the_same(&one, &other));
        }
    }
}
