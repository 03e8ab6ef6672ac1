//! Formulas in labels: `|e_N|_A` with its indices below the line, and variables in italics.

use super::typeface;

/// Part of a label in one style.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) text: String,
    pub(crate) italic: bool,
    pub(crate) level: Level,
}

/// On, below or above the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Level {
    Line,
    Index,
    Exponent,
}

impl Level {
    /// Size, and how far up, both over the size of the type.
    pub(super) fn geometry(self) -> (f64, f64) {
        match self {
            Level::Line => (1.0, 0.0),
            Level::Index => (0.72, -0.2),
            Level::Exponent => (0.72, 0.36),
        }
    }
}

/// How far type reaches above and below the line it stands on, over its size.
pub(super) const REACH: (f64, f64) = (0.78, 0.24);
/// How far italics lean, over their height.
pub(super) const LEAN: f64 = 0.2;

/// Width of a label of size 1.
pub(crate) fn width(label: &str) -> f64 {
    runs(label).iter().map(run_width).sum()
}

pub(super) fn run_width(run: &Run) -> f64 {
    run.level.geometry().0 * run.text.chars().map(typeface::advance).sum::<f64>()
}

/// The label in runs.
pub(crate) fn runs(label: &str) -> Vec<Run> {
    let letters: Vec<char> =
        label.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    let mut levels: Vec<(String, Level)> = vec![(String::new(), Level::Line)];
    let mut at = 0;
    while at < letters.len() {
        if let Some((script, level, end)) = script(&letters, at) {
            levels.push((script, level));
            levels.push((String::new(), Level::Line));
            at = end;
        } else {
            if let Some((text, _)) = levels.last_mut() {
                text.push(letters[at]);
            }
            at += 1;
        }
    }
    levels.retain(|(text, _)| !text.is_empty());
    levels.into_iter().flat_map(|(text, level)| slanted(&text, level)).collect()
}

/// What `_` or `^` at this place puts below or above the line, and where that ends.
fn script(letters: &[char], at: usize) -> Option<(String, Level, usize)> {
    let level = match letters[at] {
        '_' => Level::Index,
        '^' => Level::Exponent,
        _ => return None,
    };
    // An underscore within a name is none of a formula's.
    let before = letters[..at].iter().rev().skip_while(|c| is_small(**c));
    let before = before.take_while(|c| c.is_alphabetic()).count();
    let last = *at.checked_sub(1).and_then(|before| letters.get(before))?;
    let of_number = level == Level::Exponent && last.is_ascii_digit();
    let rest = &letters[at + 1..];
    // Braces say that they are one, whatever stands before: `min_{k ≤ N}`, `f″^{3/2}`.
    let braced = rest.first() == Some(&'{') && !last.is_whitespace();
    if !braced && (before > 1 || !(before == 1 || of_number || ")|‖]⟩}′'*".contains(last))) {
        return None;
    }
    let (open, close) = if rest.first() == Some(&'(') { ('(', ')') } else { ('{', '}') };
    if rest.first() == Some(&open) && (open == '{' || level == Level::Exponent) {
        let length = rest.iter().position(|c| *c == close)?;
        let inside: String = rest[1..length].iter().filter(|c| **c != open).collect();
        return (!inside.is_empty()).then_some((inside, level, at + length + 2));
    }
    let sign = usize::from(matches!(rest.first(), Some('−' | '-' | '+')));
    let length = match rest.get(sign)? {
        '*' | '∞' => sign + 1,
        _ => sign + rest[sign..].iter().take_while(|c| c.is_alphanumeric()).count(),
    };
    (length > sign).then(|| (rest[..length].iter().collect(), level, at + 1 + length))
}

/// Whether it is below or above the line by itself: `ₙ`, `²`, `ˡ`.
fn is_small(c: char) -> bool {
    matches!(c, '\u{2070}'..='\u{209c}' | '\u{2b0}'..='\u{2ff}' | '\u{1d2c}'..='\u{1dbf}' | '²' | '³' | '¹')
}

/// Letters that stand alone are variables.
fn slanted(text: &str, level: Level) -> Vec<Run> {
    let letters: Vec<char> = text.chars().collect();
    let mut runs: Vec<Run> = Vec::new();
    for at in 0..letters.len() {
        let italic = is_variable(&letters, at);
        match runs.last_mut() {
            Some(run) if run.italic == italic => run.text.push(letters[at]),
            _ => runs.push(Run { text: letters[at].into(), italic, level }),
        }
    }
    runs
}

fn is_variable(letters: &[char], at: usize) -> bool {
    let is_letter = |c: char| c.is_ascii_alphabetic() || ('α'..='ω').contains(&c) || c == 'ϕ';
    let letter = letters[at];
    let before = at.checked_sub(1).map(|before| letters[before]);
    let (after, second) = (letters.get(at + 1).copied(), letters.get(at + 2).copied());
    let joined = |c: Option<char>| c.is_some_and(|c| c.is_alphabetic() && is_letter(c));
    if !is_letter(letter) || joined(before) || joined(after) {
        return false;
    }
    let of_word = matches!(before, Some('\'' | '’' | '-' | '.'))
        || matches!(after, Some('-' | '.' | ':'))
            && second.is_none_or(|c| c.is_alphabetic() || c == ' ');
    // The exponent of a number, an expectation or a probability, and an article.
    let of_number = letter == 'e' && before.is_some_and(|c| c.is_ascii_digit());
    let of_chance = matches!(letter, 'E' | 'P') && matches!(after, Some(' ' | '|' | '('));
    let article = matches!(letter, 'a' | 'A' | 'I')
        && after == Some(' ')
        && before.is_none_or(|c| c == ' ')
        && second.is_some_and(char::is_alphabetic);
    !(of_word || of_number || of_chance || article)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// With italics between slashes, indices and exponents in brackets.
    fn told(label: &str) -> String {
        let told = |run: &Run| {
            let text = if run.italic { format!("/{}/", run.text) } else { run.text.clone() };
            match run.level {
                Level::Line => text,
                Level::Index => format!("[{text}]"),
                Level::Exponent => format!("^[{text}]"),
            }
        };
        runs(label).iter().map(told).collect()
    }

    #[test]
    fn formulas_are_set_as_formulas() {
        for (label, set) in [
            ("f(x_N) − f*", "/f/(/x/[/N/]) − /f/*"),
            ("|e_N|_A", "|/e/[/N/]|[/A/]"),
            ("e_{n+1}/e_n^φ", "/e/[/n/][+1]//e/[/n/]^[/φ/]"),
            ("step N", "step /N/"),
            ("tangent |T_it|", "tangent |/T/[it]|"),
            ("λ_max, x_14", "/λ/[max], /x/[14]"),
            ("E f(x_n) − f*", "E /f/(/x/[/n/]) − /f/*"),
            ("a curve of sgd_noise at 1e-6", "a curve of sgd_noise at 1e-6"),
            ("|a|₁ over a", "|/a/|₁ over /a/"),
            ("Newton's and L-BFGS", "Newton's and L-BFGS"),
            ("A: SGD", "A: SGD"),
            ("x₁^{n+1}, (x_N)²", "/x/₁^[/n/]^[+1], (/x/[/N/])²"),
            ("2F_{n+1} − 1 at 10^6", "2/F/[/n/][+1] − 1 at 10^[6]"),
            ("min_{k≤N} f″^{3/2}, χ²_{n−1}", "min[/k/][≤][/N/] /f/″^[3/2], /χ/²[/n/][−1]"),
            ("h^(−1/2)", "/h/^[−1/2]"),
            ("_ ^ x_ x^", "_ ^ /x/_ /x/^"),
        ] {
            assert_eq!(told(label), set, "{label}");
        }
    }

    proptest! {
        #[test]
        fn every_label_is_set_and_has_a_width(label in "\\PC*", twice in "[a-z_^{}N ]*") {
            for label in [label, twice] {
                let letters: usize = runs(&label).iter().map(|run| run.text.chars().count()).sum();
                prop_assert!(letters <= label.chars().count());
                prop_assert!(width(&label) >= 0.0);
            }
        }
    }
}
