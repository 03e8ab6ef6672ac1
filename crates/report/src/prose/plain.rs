//! Texts of evidence that hold formulas as they are typed, `f(x_{k+1}) ≤ |e_N|_A`: variables in italics, what stands below the
//! line lowered, and as MathML what stands above it.

use maud::{Markup, html};

use crate::figure::{Level, Run, runs};

/// No formula, and no description of an instance, is nearly as long: what is, is shown as it is.
const LONGEST: usize = 4000;

/// The text with its formulas set.
pub(crate) fn plain(text: &str) -> Markup {
    if text.len() > LONGEST {
        return html! { (text) };
    }
    let runs = runs(text);
    let mut rest = &runs[..];
    let mut written = Vec::new();
    while let Some((first, after)) = rest.split_first() {
        let is_script = |run: &&Run| first.level == Level::Line && run.level != Level::Line;
        let (scripts, after) = after.split_at(after.iter().take_while(is_script).count());
        let bare = if scripts.is_empty() { first.text.len() } else { place_of_base(&first.text) };
        let (before, base) = first.text.split_at(bare);
        written.push(html! {
            (line(before, first.italic))
            @if !scripts.is_empty() { (scripted(base, first.italic, scripts)) }
        });
        rest = after;
    }
    html! { @for part in written { (part) } }
}

/// The text with its indices and exponents in braces, `x_{N}`, for the script that sets what a search finds.
pub(crate) fn in_braces(text: &str) -> String {
    let runs = runs(text);
    let alike = runs.chunk_by(|a, b| a.level == b.level);
    let part = |part: &[Run]| {
        let text: String = part.iter().map(|run| run.text.as_str()).collect();
        let within = || text.replace(['{', '}'], "");
        match part[0].level {
            Level::Line => text,
            Level::Index => format!("_{{{}}}", within()),
            Level::Exponent => format!("^{{{}}}", within()),
        }
    };
    alike.map(part).collect()
}

fn line(text: &str, italic: bool) -> Markup {
    html! { @if italic && !text.is_empty() { i { (text) } } @else { (text) } }
}

/// Where the letter, the word or the sign begins that scripts at the end of this text belong to.
fn place_of_base(text: &str) -> usize {
    let letters = text.chars().rev().take_while(|c| c.is_alphabetic()).map(char::len_utf8);
    let word: usize = letters.sum();
    let last = text.chars().next_back().map_or(0, char::len_utf8);
    text.len() - word.max(last)
}

fn scripted(base: &str, italic: bool, scripts: &[Run]) -> Markup {
    let of = |level: Level| scripts.iter().filter(move |run| run.level == level);
    let has = |level: Level| of(level).next().is_some();
    // In the typeface of the text MathML hardly lowers an index.
    if !has(Level::Exponent) {
        return html! { (line(base, italic)) sub { @for run in scripts { (line(&run.text, run.italic)) } } };
    }
    let base = html! { @if italic { mi { (base) } } @else { mtext { (base) } } };
    let row = |level: Level| html! { mrow { @for run in of(level) { (signs(run)) } } };
    html! {
        math .plain {
            @if has(Level::Index) { msubsup { (base) (row(Level::Index)) (row(Level::Exponent)) } }
            @else { msup { (base) (row(Level::Exponent)) } }
        }
    }
}

/// Letters, words, numbers and signs of a script.
fn signs(run: &Run) -> Markup {
    let kind = |c: &char| match c {
        c if c.is_alphabetic() => 'a',
        c if c.is_ascii_digit() || *c == '.' => '0',
        c if c.is_whitespace() => ' ',
        _ => '+',
    };
    let letters: Vec<char> = run.text.chars().collect();
    html! {
        @for alike in letters.chunk_by(|a, b| kind(a) == kind(b)) {
            @let text: String = alike.iter().collect();
            @match kind(&alike[0]) {
                'a' if run.italic => mi { (text) },
                'a' => mtext { (text) },
                '0' => mn { (text) },
                ' ' => {},
                _ => mo { (text) },
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn set(text: &str) -> String {
        let markup = plain(text).into_string();
        markup.replace("<math class=\"plain\">", "").replace("</math>", "")
    }

    #[test]
    fn what_is_below_and_above_the_line_is_set_there() {
        for (text, expected) in [
            ("a ridge of 0.5", "a ridge of 0.5"),
            ("as <bb> & c", "as &lt;bb&gt; &amp; <i>c</i>"),
            ("x_{k+1} < y", "<i>x</i><sub><i>k</i>+1</sub> &lt; <i>y</i>"),
            ("|β_∞ − b|", "|<i>β</i><sub>∞</sub> − <i>b</i>|"),
            ("min_{k≤N} f", "min<sub><i>k</i>≤<i>N</i></sub> <i>f</i>"),
            ("ρ^{n+1}", "<msup><mi>ρ</mi><mrow><mi>n</mi><mo>+</mo><mn>1</mn></mrow></msup>"),
            (
                "e_n^φ",
                "<msubsup><mi>e</mi><mrow><mi>n</mi></mrow><mrow><mi>φ</mi></mrow></msubsup>",
            ),
            ("|e|_A", "|<i>e</i>|<sub><i>A</i></sub>"),
            ("of sgd_noise at 1e-6", "of sgd_noise at 1e-6"),
        ] {
            assert_eq!(set(text), expected, "{text}");
        }
    }

    #[test]
    fn scripts_stand_in_braces() {
        assert_eq!(in_braces("x_{k+1} ∈ {1, 2} f(x_N)"), "x_{k+1} ∈ {1, 2} f(x_{N})");
        assert_eq!(in_braces("e_n^φ of sgd_noise"), "e_{n}^{φ} of sgd_noise");
    }

    proptest! {
        #[test]
        fn no_text_is_lost_and_none_becomes_markup(text in "[a-zα-ω0-9 _^{}()<&|+≤²₁]{0,40}") {
            let markup = plain(&text).into_string();
            let mut shown = String::new();
            let mut within = false;
            for c in markup.chars() {
                match c {
                    '<' => within = true,
                    '>' => within = false,
                    _ if !within => shown.push(c),
                    _ => {}
                }
            }
            let shown = shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
            // An index comes before an exponent, whichever was typed first.
            let bare = |text: &str| {
                let mut letters: Vec<char> =
                    text.chars().filter(|c| !"_^{}() ".contains(*c)).collect();
                letters.sort_unstable();
                letters
            };
            prop_assert_eq!(bare(&shown), bare(&text));
        }
    }
}
