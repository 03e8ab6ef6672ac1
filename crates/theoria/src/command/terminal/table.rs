//! The table of verdicts, as wide as the terminal.

use std::fmt::Write;

use theoria_verification::evidence::{ClaimEvidence, TheoremEvidence};
use theoria_verification::{Role, Severity, Verdict};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::{BAD, BOLD, DIM, GOOD, UNSURE, style_of, width};

/// Widths of the columns after the name.
const NUMBER: usize = 11;
const SEVERITY: usize = 15;
const LEVEL: usize = 8;
const INSTANCES: usize = 5;
const VERDICT: usize = 12;
/// All of them, with what stands between them.
const COLUMNS: usize =
    2 * (NUMBER + 1) + (SEVERITY + 1) + (LEVEL + 1) + (INSTANCES + 1) + (VERDICT + 1);
/// Names are not made shorter than this: they get a line of their own.
const SHORTEST: usize = 24;

/// Theorems with their claims and controls: measured, predicted, tightness or resolution, verdict.
pub(crate) fn verdicts(evidence: &[TheoremEvidence]) -> String {
    table(evidence, width())
}

/// A line for each theorem: how many claims and controls it has, and what they amount to.
pub(crate) fn standings(evidence: &[TheoremEvidence]) -> String {
    lines(evidence, width())
}

fn lines(evidence: &[TheoremEvidence], width: usize) -> String {
    let mut text = String::new();
    for theorem in evidence {
        let count = |role| theorem.claims.iter().filter(|claim| claim.role == role).count();
        let counts =
            format!("{:>3} claims, {:>3} controls", count(Role::Claim), count(Role::Control));
        let style = style_of(theorem.standing);
        let _ = writeln!(
            text,
            "{} {DIM}{counts}{DIM:#}  {style}{}{style:#}",
            fit(&theorem.id, width - counts.len() - VERDICT - 3),
            theorem.standing
        );
    }
    text
}

fn table(evidence: &[TheoremEvidence], width: usize) -> String {
    let mut text = format!(
        "{BOLD}{} {:>NUMBER$} {:>NUMBER$} {:<SEVERITY$} {:<LEVEL$} {:>INSTANCES$} {:<VERDICT$}{BOLD:#}\n",
        before_columns("theorem, claim", width),
        "measured",
        "predicted",
        "severity",
        "level",
        "k/n",
        "verdict"
    );
    for theorem in evidence {
        let style = style_of(theorem.standing);
        let _ = writeln!(
            text,
            "{BOLD}{}{BOLD:#} {style}{}{style:#}",
            fit(&theorem.id, width - VERDICT - 1),
            theorem.standing
        );
        for claim in &theorem.claims {
            row(&mut text, claim, width);
        }
    }
    text
}

/// A name with its columns behind it, or, where there is no room, below it.
fn before_columns(name: &str, width: usize) -> String {
    match width.saturating_sub(COLUMNS) {
        room if room >= SHORTEST => fit(name, room),
        room => format!("{}\n{}", fit(name, width).trim_end(), " ".repeat(room)),
    }
}

fn row(text: &mut String, claim: &ClaimEvidence, width: usize) {
    let name = match claim.role {
        Role::Claim => format!("  {}", claim.name),
        Role::Control => match &claim.violates {
            Some(hypothesis) => format!("  (false) {}, without {hypothesis}", claim.name),
            None => format!("  (false) {}", claim.name),
        },
    };
    let finding = claim.decisive_instance().and_then(|i| i.finding.as_ref());
    let value = |of: fn(&theoria_verification::Finding) -> f64| {
        finding.map_or_else(|| "–".into(), |finding| number(of(finding)))
    };
    let agreement = claim.agreement();
    let at_least = if claim.is_lower_bound() { "≥ " } else { "" };
    let style = match (claim.as_expected(), claim.verdict) {
        (true, _) => GOOD,
        (false, Verdict::Inconclusive) => UNSURE,
        (false, _) => BAD,
    };
    let _ = writeln!(
        text,
        "{} {:>NUMBER$} {:>NUMBER$} {DIM}{} {:<LEVEL$} {:>INSTANCES$}{DIM:#} {style}{}{style:#}",
        before_columns(&name, width),
        value(|finding| finding.measured),
        format!("{at_least}{}", value(|finding| finding.predicted)),
        fit(&severity(claim), SEVERITY),
        claim.level,
        format!("{}/{}", agreement.on, agreement.counted),
        claim.verdict
    );
}

fn severity(claim: &ClaimEvidence) -> String {
    match claim.severity {
        Severity::Tightness { value, .. } if claim.is_exceeded() => exceeds(value),
        Severity::Tightness { value, .. } => format!("tight to {}", number(value)),
        Severity::Expected { tightness, .. } if claim.is_exceeded() => exceeds(tightness),
        Severity::Resolution(smallest) if !smallest.is_finite() => "–".into(),
        Severity::Resolution(smallest) => format!("sees {}", number(smallest)),
        // The column has no room for more: the resolution stands in `show` and in the report.
        Severity::Expected { tightness, .. } => format!("tight to {}", number(tightness)),
        Severity::None => "–".into(),
    }
}

/// By which factor a bound is exceeded; where its sign is another, by no factor.
fn exceeds(ratio: f64) -> String {
    if ratio > 0.0 { format!("exceeds {}", number(ratio)) } else { "exceeds".into() }
}

/// Four significant digits.
fn number(value: f64) -> String {
    let size = value.abs();
    if value.is_nan() {
        "–".into()
    } else if value.is_infinite() {
        if value > 0.0 { "∞" } else { "−∞" }.into()
    } else if size != 0.0 && !(1e-3..1e5).contains(&size) {
        format!("{value:.3e}")
    } else {
        let decimals = if size < 1.0 { 4 } else { 3 };
        format!("{value:.decimals$}")
    }
}

/// Padded to this width, or cut with an ellipsis.
fn fit(text: &str, width: usize) -> String {
    let have = text.width();
    if have <= width {
        return format!("{text}{}", " ".repeat(width - have));
    }
    let mut used = 0;
    let kept: String = text
        .chars()
        .take_while(|c| {
            used += c.width().unwrap_or(0);
            used < width
        })
        .collect();
    let padding = " ".repeat(width - 1 - kept.width());
    format!("{kept}…{padding}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cell_is_as_wide_as_its_column() {
        for text in ["", "short", "α/β", "a name that is much too long for its column"] {
            assert_eq!(fit(text, 12).width(), 12, "{text}");
        }
    }

    fn checked() -> TheoremEvidence {
        use theoria_verification::{Claim, Curve, Family, Instance, Settings, Theorem};
        struct One;
        impl Instance for One {
            fn description(&self) -> String {
                "one".into()
            }
        }
        let lower = |name: &str, allowed: f64| {
            Claim::lower_bound(name, &format!("N ≥ {allowed} N"))
                .on(Family::single("one", || One))
                .experiment(move |_| Curve::over(1..=9, f64::from, move |n| allowed * f64::from(n)))
        };
        Theorem::new("examples/a_theorem_with_quite_a_long_name_that_goes_on_and_on", "# A")
            .claim(lower("a_claim_with_a_name_that_is_longer_than_the_column_of_names", 1.0))
            .control(lower("too_large", 2.0))
            .check(&Settings::default())
    }

    #[test]
    fn lines_are_as_wide_as_the_terminal_at_most() {
        let evidence = [checked()];
        for width in [70, 80, 92, 100] {
            let text = anstream::adapter::strip_str(&table(&evidence, width)).to_string();
            assert!(text.lines().all(|line| line.width() <= width), "{width}: {text}");
            assert!(text.contains("a_claim_with_a_name") && text.contains("supported"), "{text}");
            assert!(text.contains("≥ ") && text.contains("exceeds 2.000"), "{text}");
        }
    }

    #[test]
    fn a_theorem_is_a_line_as_wide_as_the_terminal_at_most() {
        let evidence = [checked(), checked()];
        for width in [70, 80, 92, 100] {
            let text = anstream::adapter::strip_str(&lines(&evidence, width)).to_string();
            assert_eq!(text.lines().count(), 2, "{text}");
            assert!(text.lines().all(|line| line.width() <= width), "{width}: {text}");
            assert!(
                text.contains("1 claims,   1 controls") && text.contains("holds here"),
                "{text}"
            );
        }
    }

    #[test]
    fn numbers_fit_their_column_and_show_divergence() {
        for value in [0.0, -1.5e-300, 123.456, 1e-3, 99999.0, f64::NAN, -f64::INFINITY] {
            assert!(number(value).width() <= NUMBER, "{}", number(value));
        }
        assert_eq!(number(f64::INFINITY), "∞");
    }
}
