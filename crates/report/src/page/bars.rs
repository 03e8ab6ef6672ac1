//! How near to its bound a claim was seen, and how fine a deviation, as bars.

use maud::{Markup, html};
use theoria_verification::Severity;
use theoria_verification::evidence::{ClaimEvidence, Severities};

use crate::number::number;
use crate::verdicts::severity;

/// A deviation as small as this fills the bar; one as large as the thing itself leaves it empty.
const FINEST: f64 = 1e-16;

const WIDE: f64 = 120.0;
const EDGE: f64 = 4.0;

/// A bar with its words beside it; none where nothing could have been seen.
pub(super) fn bar(claim: &ClaimEvidence) -> Option<Markup> {
    let told = severity(claim);
    let picture = match claim.severity {
        _ if claim.is_exceeded() => return None,
        Severity::Tightness { value, .. } => near(value, &claim.severities()),
        Severity::Expected { tightness, .. } => near(tightness, &claim.severities()),
        Severity::Resolution(smallest) if smallest.is_finite() => fine(smallest),
        Severity::Resolution(_) | Severity::None => return None,
    };
    Some(html! { span .severity { (picture) span { (told) } } })
}

/// What the marks mean, once on a page.
pub(super) fn legend() -> Markup {
    let seen = Severities { drawn: Some(0.45), searched: Some(0.8), ..Severities::default() };
    html! {
        p .bars-legend .faint {
            span .severity { (near(0.8, &seen)) }
            " How much of a bound was seen; the right end is a bound that is attained. "
            svg .key viewBox="0 0 12 12" aria-hidden="true" { circle .drawn cx="6" cy="6" r="4" {} }
            " on instances drawn at random, "
            svg .key viewBox="0 0 12 12" aria-hidden="true" { path .found d="M6 1L11 6L6 11L1 6Z" {} }
            " on the worst that was searched for. "
            span .severity { (fine(1e-9)) }
            " The smallest deviation that would have been refuted: the longer, the finer."
        }
    }
}

fn along(share: f64) -> f64 {
    EDGE + share.clamp(0.0, 1.0) * (WIDE - 2.0 * EDGE)
}

fn near(value: f64, severities: &Severities) -> Markup {
    let whole = [severities.listed, severities.remembered, severities.drawn, severities.searched];
    let most = whole.into_iter().flatten().fold(value, f64::max);
    let kinds = [("drawn", severities.drawn), ("searched", severities.searched)];
    let told: Vec<String> = kinds
        .iter()
        .filter_map(|(name, seen)| Some(format!(", {name} {}", number((*seen)?))))
        .collect();
    html! {
        svg .level viewBox=(format!("0 0 {WIDE} 14")) role="img" aria-label=(format!("Seen to {} of the bound{}", number(most), told.concat())) {
            rect .track x=(EDGE) y="4" width=(WIDE - 2.0 * EDGE) height="6" rx="3" {}
            rect .seen x=(EDGE) y="4" width=(format!("{:.1}", along(most) - EDGE)) height="6" rx="3" {}
            path .end d=(format!("M{} 1V13", WIDE - EDGE)) {}
            @if let Some(drawn) = severities.drawn { circle .drawn cx=(format!("{:.1}", along(drawn))) cy="7" r="4" {} }
            @if let Some(found) = severities.searched {
                path .found d=(format!("M{:.1} 2L{:.1} 7L{:.1} 12L{:.1} 7Z", along(found), along(found) + 5.0, along(found), along(found) - 5.0)) {}
            }
        }
    }
}

fn fine(smallest: f64) -> Markup {
    let share = smallest.max(FINEST).log10() / FINEST.log10();
    html! {
        svg .level .fine viewBox=(format!("0 0 {WIDE} 14")) role="img" aria-label=(format!("Sees deviations of {}", number(smallest))) {
            rect .track x=(EDGE) y="4" width=(WIDE - 2.0 * EDGE) height="6" rx="3" {}
            rect .seen x=(EDGE) y="4" width=(format!("{:.1}", along(share) - EDGE)) height="6" rx="3" {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_drawn_and_what_is_searched_are_told_apart() {
        let severities =
            Severities { drawn: Some(0.4), searched: Some(0.9), ..Severities::default() };
        let picture = near(0.5, &severities).into_string();
        assert!(
            picture.contains("Seen to 0.900 of the bound, drawn 0.400, searched 0.900"),
            "{picture}"
        );
        assert!(picture.contains("class=\"drawn\"") && picture.contains("class=\"found\""));
    }

    #[test]
    fn a_finer_check_has_a_longer_bar() {
        let length = |smallest| {
            let picture = fine(smallest).into_string();
            let (_, rest) = picture.split_once("class=\"seen\"").unwrap();
            let (_, width) = rest.split_once("width=\"").unwrap();
            width.split('"').next().unwrap().parse::<f64>().unwrap()
        };
        assert!(length(1e-12) > length(1e-6) && length(1e-6) > length(0.1) && length(2.0) == 0.0);
    }
}
