//! LaTeX formulas as text.

/// Commands of size and spacing, which text does not have.
const SIZES: [&str; 16] = [
    "\\Biggl", "\\Biggr", "\\biggl", "\\biggr", "\\Bigl", "\\Bigr", "\\bigl", "\\bigr", "\\left",
    "\\right", "\\bigg", "\\Big", "\\big", "\\!", "\\,", "\\;",
];

fn without_sizes(formula: &str) -> String {
    SIZES.iter().fold(formula.trim().to_owned(), |text, size| {
        // `\left` is also the beginning of `\leftarrow`.
        if size.ends_with(char::is_alphabetic) {
            remove_command(&text, size)
        } else {
            text.replace(size, " ")
        }
    })
}

fn remove_command(text: &str, command: &str) -> String {
    let mut rest = text;
    let mut kept = String::with_capacity(text.len());
    while let Some(at) = rest.find(command) {
        let after = &rest[at + command.len()..];
        kept.push_str(&rest[..at]);
        if after.starts_with(char::is_alphabetic) {
            kept.push_str(command);
        }
        rest = after;
    }
    kept + rest
}

/// A formula in its own lines, two-dimensional.
pub(super) fn display(formula: &str) -> String {
    // An asterisk would be set as a product.
    term_maths::render(&without_sizes(formula).replace('*', "∗"))
        .to_string()
        .lines()
        .map(str::trim_end)
        .collect::<Vec<_>>()
        .join("\n")
}

/// A formula within a line.
pub(super) fn inline(formula: &str) -> String {
    let plain = ["\\operatorname", "\\mathrm", "\\text"]
        .iter()
        .fold(without_sizes(formula), |text, command| remove_command(&text, command))
        .replace("\\lvert", "|")
        .replace("\\rvert", "|");
    let plain = unicodeit::replace(&fractions_in_line(&means_in_line(&plain)));
    plain.replace(['\\', '{', '}'], "")
}

/// `\overline{x^2}` as `⟨x^2⟩`: a line over more than a letter is beyond text, and `unicodeit` panics at it.
fn means_in_line(text: &str) -> String {
    let Some((before, after)) = text.split_once("\\overline") else {
        return text.into();
    };
    let Some((argument, rest)) = argument(after) else {
        return text.into();
    };
    format!("{before}⟨{argument}⟩{}", means_in_line(rest))
}

/// `\frac{a}{b}` as `a/b`, with parentheses where a part is not a single name.
fn fractions_in_line(text: &str) -> String {
    let Some(at) = text.find("\\frac") else {
        return text.into();
    };
    let Some((above, rest)) = argument(&text[at + "\\frac".len()..]) else {
        return text.into();
    };
    let Some((below, rest)) = argument(rest) else {
        return text.into();
    };
    let wrapped = |part: &str| {
        let part = fractions_in_line(part);
        let simple = part.chars().all(|c| c.is_alphanumeric() || c == '\\');
        if simple { part } else { format!("({part})") }
    };
    let (above, below) = (wrapped(above), wrapped(below));
    format!("{}{above}/{below}{}", &text[..at], fractions_in_line(rest))
}

/// The first argument of a command, in braces or a single character, and what follows it.
fn argument(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    if !text.starts_with('{') {
        let end = text.chars().next()?.len_utf8();
        return Some(text.split_at(end));
    }
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some((&text[1..at], &text[at + 1..]));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_formulas_become_one_line_of_text() {
        assert_eq!(inline(r"h \in (0, \frac{2}{L})"), "h ∈ (0, 2/L)");
        assert_eq!(inline(r"\frac{2L - 2\mu}{2L + \mu}"), "(2L − 2μ)/(2L + μ)");
        assert_eq!(inline(r"\bigl(f(x) - f^*\bigr)"), "(f(x) − f*)");
        assert_eq!(inline(r"\operatorname{argmin} f"), "argmin f");
        assert_eq!(inline(r"x \leftarrow y"), "x ← y");
        assert_eq!(inline(r"\overline{x^2} \sum"), "⟨x²⟩ ∑");
    }

    #[test]
    fn display_formulas_are_two_dimensional() {
        let text = display(r"\Bigl(1 - \frac{\mu}{L}\Bigr)^N");
        assert_eq!(text.lines().count(), 3, "{text}");
        assert!(text.contains('μ') && !text.contains('\\'), "{text}");
    }

    #[test]
    fn broken_formulas_come_out_as_something() {
        for broken in [r"\frac{a", r"\frac", "}{", "", r"\unknown{x}"] {
            let _ = inline(broken);
            let _ = display(broken);
        }
    }
}
