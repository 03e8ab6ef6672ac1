//! Text from elsewhere, as it may be shown.

/// The text without what a terminal or a page would act on instead of showing it: control characters (escape
/// sequences begin with one) and those that reverse or hide text. Line breaks and tabs become blanks.
///
/// ```
/// use theoria_verification::printable;
/// assert_eq!(printable("\u{1b}[31mred\u{1b}[0m"), "[31mred[0m");
/// assert_eq!(printable("two\nlines, \u{202e}reversed"), "two lines, reversed");
/// assert_eq!(printable("Łojasiewicz ≤ ∇f"), "Łojasiewicz ≤ ∇f");
/// ```
pub fn printable(text: &str) -> String {
    text.chars()
        .filter_map(|c| match c {
            '\n' | '\t' | '\r' | '\u{2028}' | '\u{2029}' => Some(' '),
            c if c.is_control() || acts_on_others(c) => None,
            c => Some(c),
        })
        .collect()
}

/// Marks of direction and of byte order, blanks without width, language tags.
fn acts_on_others(c: char) -> bool {
    matches!(c,
        '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}
