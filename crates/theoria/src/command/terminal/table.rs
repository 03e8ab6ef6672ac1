//! The table of verdicts, at most [`WIDTH`] columns wide.

use std::fmt::Write;

use theoria_verification::evidence::{ClaimEvidence, TheoremEvidence};
use theoria_verification::{Role, Severity, Verdict};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::{BAD, BOLD, DIM, GOOD, UNSURE, WIDTH, style_of};

/// Widths of the columns after the name.
const NUMBER: usize = 11;
const SEVERITY: usize = 15;
const LEVEL: usize = 8;
const INSTANCES: usize = 5;
const VERDICT: usize = 12;
const NAME: usize =
    WIDTH - 2 * (NUMBER + 1) - (SEVERITY + 1) - (LEVEL + 1) - (INSTANCES + 1) - (VERDICT + 1);

/// Theorems with their claims and controls: measured, predicted, tightness or resolution, verdict.
pub(crate) fn verdicts(evidence: &[TheoremEvidence]) -> String {
    let mut text = format!(
        "{BOLD}{} {:>NUMBER$} {:>NUMBER$} {:<SEVERITY$} {:<LEVEL$} {:>INSTANCES$} {:<VERDICT$}{BOLD:#}\n",
        fit("theorem, claim", NAME),
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
            fit(&theorem.id, WIDTH - VERDICT - 1),
            theorem.standing
        );
        for claim in &theorem.claims {
            row(&mut text, claim);
        }
    }
    text
}

fn row(text: &mut String, claim: &ClaimEvidence) {
    let name = match claim.role {
        Role::Claim => format!("  {}", claim.name),
        Role::Control => match &claim.violates {
            Some(hypothesis) => format!("  (false, without {hypothesis}) {}", claim.name),
            None => format!("  (false) {}", claim.name),
        },
    };
    let finding = claim.decisive_instance().and_then(|i| i.finding.as_ref());
    let value = |of: fn(&theoria_verification::Finding) -> f64| {
        finding.map_or_else(|| "–".into(), |finding| number(of(finding)))
    };
    let (expected, counted) = claim.as_expected_on();
    let style = match (claim.as_expected(), claim.verdict) {
        (true, _) => GOOD,
        (false, Verdict::Inconclusive) => UNSURE,
        (false, _) => BAD,
    };
    let _ = writeln!(
        text,
        "{} {:>NUMBER$} {:>NUMBER$} {DIM}{} {:<LEVEL$} {:>INSTANCES$}{DIM:#} {style}{}{style:#}",
        fit(&name, NAME),
        value(|finding| finding.measured),
        value(|finding| finding.predicted),
        fit(&severity(claim), SEVERITY),
        claim.level,
        format!("{expected}/{counted}"),
        claim.verdict
    );
}

fn severity(claim: &ClaimEvidence) -> String {
    match claim.severity {
        Severity::Tightness { value, .. } if claim.verdict == Verdict::Refuted => {
            format!("exceeds {}", number(value))
        }
        Severity::Tightness { value, .. } => format!("tight to {}", number(value)),
        Severity::Resolution(smallest) => format!("sees {}", number(smallest)),
        // The column has no room for more: the resolution stands in `show` and in the report.
        Severity::Expected { tightness, .. } => format!("tight to {}", number(tightness)),
        Severity::None => "–".into(),
    }
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

    #[test]
    fn numbers_fit_their_column_and_show_divergence() {
        for value in [0.0, -1.5e-300, 123.456, 1e-3, 99999.0, f64::NAN, -f64::INFINITY] {
            assert!(number(value).width() <= NUMBER, "{}", number(value));
        }
        assert_eq!(number(f64::INFINITY), "∞");
    }
}
