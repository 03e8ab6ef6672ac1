//! Where two formulas differ.

use maud::{Markup, html};

use crate::prose::plain;

/// Formulas longer than this are not compared: nobody could follow the marks.
const LONGEST: usize = 400;

/// Least share of a formula that it has in common with another, lest the comparison say nothing.
const LEAST: f64 = 0.5;

/// A formula as parts, each of which is marked if the other formula does not have it there.
pub(crate) type Marked<'a> = Vec<(&'a str, bool)>;

/// Two formulas side by side, and how much they have in common, from 0 to 1.
pub(crate) struct Difference<'a> {
    pub(crate) former: Marked<'a>,
    pub(crate) latter: Marked<'a>,
    pub(crate) common: f64,
}

/// Compares them token by token; none where they are too long, or so different that marks say nothing.
pub(crate) fn difference<'a>(former: &'a str, latter: &'a str) -> Option<Difference<'a>> {
    if former.len().max(latter.len()) > LONGEST {
        return None;
    }
    let (a, b) = (tokens(former), tokens(latter));
    // Length of the longest common subsequence of the ends from i and from j on.
    let mut common = vec![vec![0u32; b.len() + 1]; a.len() + 1];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            common[i][j] = if a[i] == b[j] {
                common[i + 1][j + 1] + weight(a[i])
            } else {
                common[i + 1][j].max(common[i][j + 1])
            };
        }
    }
    let total: u32 = a.iter().chain(&b).map(|token| weight(token)).sum();
    let share = 2.0 * f64::from(common[0][0]) / f64::from(total.max(1));
    let (mut i, mut j) = (0, 0);
    let (mut in_a, mut in_b) = (vec![true; a.len()], vec![true; b.len()]);
    while i < a.len() && j < b.len() {
        if a[i] == b[j] {
            (in_a[i], in_b[j]) = (false, false);
            (i, j) = (i + 1, j + 1);
        } else if common[i + 1][j] >= common[i][j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    (share >= LEAST).then(|| Difference {
        former: joined(former, &a, &in_a),
        latter: joined(latter, &b, &in_b),
        common: share,
    })
}

/// The parts, those that differ marked.
pub(crate) fn marked(parts: &Marked<'_>) -> Markup {
    html! { @for (part, differs) in parts { @if *differs { mark { (plain(part)) } } @else { (plain(part)) } } }
}

/// Blanks say little, but they say what stands together.
fn weight(token: &str) -> u32 {
    if token.trim().is_empty() { 1 } else { 4 }
}

/// Numbers, words with their indices, blanks, and single signs.
fn tokens(formula: &str) -> Vec<&str> {
    #[derive(PartialEq, Clone, Copy)]
    enum Kind {
        Number,
        Word,
        Blank,
        Sign,
    }
    let kind = |c: char| match c {
        _ if c.is_ascii_digit() || c == '.' => Kind::Number,
        _ if c.is_alphabetic() => Kind::Word,
        _ if c.is_whitespace() => Kind::Blank,
        _ => Kind::Sign,
    };
    let mut found = Vec::new();
    let mut start = 0;
    let mut before = None;
    // A letter and what braces put below or above the line of it stay together, since they are set together.
    let mut in_script = false;
    for (place, c) in formula.char_indices() {
        let now = kind(c);
        let begins_script = matches!(c, '_' | '^') && formula[place + 1..].starts_with('{');
        let goes_on = (before == Some(now) && now != Kind::Sign) || begins_script || in_script;
        in_script = (in_script || begins_script) && c != '}';
        if place > start && !goes_on {
            found.push(&formula[start..place]);
            start = place;
        }
        before = Some(now);
    }
    if start < formula.len() {
        found.push(&formula[start..]);
    }
    found
}

/// Neighbours that are both marked, or both not, in one part; a blank between two marked ones is marked as well.
fn joined<'a>(formula: &'a str, tokens: &[&'a str], differs: &[bool]) -> Marked<'a> {
    let mut differs = differs.to_vec();
    for i in 1..differs.len().saturating_sub(1) {
        if tokens[i].trim().is_empty() {
            differs[i] = differs[i - 1] && differs[i + 1];
        }
    }
    if let [first @ .., last] = differs.as_mut_slice() {
        // No mark on the blanks at the ends.
        let blank = |token: &str| token.trim().is_empty();
        *last &= !blank(tokens[first.len()]);
        if let Some(first) = first.first_mut() {
            *first &= !blank(tokens[0]);
        }
    }
    let mut parts: Marked<'a> = Vec::new();
    let (mut start, mut end) = (0, 0);
    for (i, token) in tokens.iter().enumerate() {
        if i > 0 && differs[i] != differs[i - 1] {
            parts.push((&formula[start..end], differs[i - 1]));
            start = end;
        }
        end += token.len();
    }
    if let Some(last) = differs.last() {
        parts.push((&formula[start..end], *last));
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(parts: &Marked<'_>) -> String {
        parts
            .iter()
            .map(|(part, differs)| if *differs { format!("[{part}]") } else { (*part).into() })
            .collect()
    }

    #[test]
    fn what_differs_is_marked_and_nothing_else() {
        for (true_one, false_one, former, latter) in [
            (
                "f ≤ (1 − μ/L)^N R",
                "f ≤ (1 − μ/L)^(2.02 N) R",
                "f ≤ (1 − μ/L)^N R",
                "f ≤ (1 − μ/L)^[(2.02] N[)] R",
            ),
            (
                "x ≤ L R²/(4N + 2)",
                "x ≤ 0.98 L R²/(4N + 2)",
                "x ≤ L R²/(4N + 2)",
                "x ≤ [0.98] L R²/(4N + 2)",
            ),
            ("2 e_{n+1} ≤ 1", "e_{n+2} ≤ 1", "[2 e_{n+1}] ≤ 1", "[e_{n+2}] ≤ 1"),
            ("on x⁴: f ~ N^-2", "on x⁴: f ~ N^-2.2", "on x⁴: f ~ N^-[2]", "on x⁴: f ~ N^-[2.2]"),
        ] {
            let found = difference(true_one, false_one).unwrap();
            assert_eq!(
                (shown(&found.former), shown(&found.latter)),
                (former.into(), latter.into())
            );
        }
        assert!(difference("f(x) ≤ 1", "E|W|² = tr(A) log 2").is_none());
    }

    proptest! {
        #[test]
        fn parts_are_the_whole(former in "[a-c0-9 ≤()]{0,30}", latter in "[a-c0-9 ≤()]{0,30}") {
            if let Some(found) = difference(&former, &latter) {
                for (parts, whole) in [(found.former, &former), (found.latter, &latter)] {
                    let joined: String = parts.iter().map(|(part, _)| *part).collect();
                    prop_assert_eq!(&joined, whole);
                }
            }
        }
    }
}
