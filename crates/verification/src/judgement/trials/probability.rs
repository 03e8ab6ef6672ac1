//! Probabilities: how often something is chosen, found, lost.

use super::seen::Seen;
use super::{Side, finite_part};
use crate::statistics::clopper_pearson;
use crate::trials::{Contradiction, PointRecord};
use crate::{ErrorRates, Finding, Level, Severity, Verdict, Violation};

/// What is kept of a block: how often it was 1, and a value that is neither 0 nor 1.
pub(super) fn record(values: &[f64]) -> PointRecord {
    let odd = values.iter().copied().find(|z| *z != 0.0 && *z != 1.0);
    PointRecord { contradiction: odd.map(Contradiction::NoEvent), ..finite_part(values) }
}

pub(super) fn judge(seen: &Seen<'_>, side: Side) -> Finding {
    let checkpoints = seen.points() as f64;
    let (mut verdicts, mut first_violation) = (Vec::new(), None);
    let mut worst: Option<(f64, usize, f64)> = None;
    let mut widest = 0f64;
    for j in 0..seen.points() {
        let point = seen.point(j);
        let (n, predicted) = (point.moments.n, seen.evidence.predicted[j]);
        let successes = (point.moments.sums[0].round() as u64).min(n);
        let (low, high) = clopper_pearson(successes, n, seen.alpha / checkpoints / 2.0);
        widest = widest.max(high - low);
        let share = successes as f64 / n.max(1) as f64;
        let (supported, refuted, beyond) = match side {
            Side::AtMost => (high <= predicted, low > predicted, share - predicted),
            Side::AtLeast => (low >= predicted, high < predicted, predicted - share),
            Side::Within(margin) => (
                low >= predicted - margin && high <= predicted + margin,
                low > predicted + margin || high < predicted - margin,
                (share - predicted).abs() - margin,
            ),
        };
        verdicts.push(match (supported, refuted) {
            (_, true) => Verdict::Refuted,
            (true, _) => Verdict::Supported,
            _ => Verdict::Inconclusive,
        });
        if refuted && first_violation.is_none() {
            first_violation =
                Some(Violation { at: seen.evidence.x[j], measured: share, predicted });
        }
        if worst.is_none_or(|(most, ..)| beyond > most) {
            worst = Some((beyond, j, share));
        }
    }
    let Some((beyond, j, share)) = worst else {
        return Finding::inconclusive("nothing was measured");
    };
    let mut finding =
        seen.finding(j, Verdict::for_all(verdicts), share, seen.evidence.predicted[j]);
    let margin = match side {
        Side::Within(margin) => margin,
        Side::AtMost | Side::AtLeast => 0.0,
    };
    finding.level = Level::Proved;
    finding.errors = ErrorRates::both(seen.evidence.spent());
    finding.rests_on = Some("exact binomial intervals".into());
    finding.severity = Severity::Resolution(margin + widest);
    finding.closeness = 1.0 + beyond;
    finding.first_violation = first_violation;
    finding.note =
        Some(format!("{} trials, exact intervals of width up to {widest:.4}", seen.trials()));
    finding
}
