//! Equalities for expectations.

use super::{Seen, expected_bound::trusted_interval, finite_part, largest_of};
use crate::trials::PointRecord;
use crate::{Finding, Severity, Verdict, Violation};

/// What deviations are relative to.
pub(super) fn scale(predicted: f64) -> f64 {
    if predicted == 0.0 { 1.0 } else { predicted.abs() }
}

/// Deviations from the prediction, relative to it.
pub(super) fn record(values: &[f64], predicted: f64, kept: usize) -> PointRecord {
    let deviations: Vec<f64> = values.iter().map(|z| (z - predicted) / scale(predicted)).collect();
    PointRecord { largest: largest_of(&deviations, kept), ..finite_part(&deviations) }
}

pub(super) fn judge(seen: &Seen<'_>, margin: f64) -> Finding {
    let mut worst: Option<(f64, usize, f64)> = None;
    let (mut verdict, mut first_violation, mut trouble, mut widest) =
        (Verdict::Supported, None, None, 0f64);
    for j in 0..seen.points() {
        let point = seen.point(j);
        if point.non_finite > 0 {
            return seen.diverged(j, point.non_finite);
        }
        let (predicted, floor) = (seen.evidence.predicted[j], seen.evidence.floor[j]);
        let rounding = floor / scale(predicted);
        let mean = point.moments.mean();
        let interval = match trusted_interval(seen, j, &point) {
            Ok(interval) => interval,
            Err(why) => {
                trouble = Some(why);
                verdict = verdict_of_two(verdict, Verdict::Inconclusive);
                continue;
            }
        };
        widest = widest.max(interval.high - interval.low + 2.0 * rounding);
        let (low, high) = (interval.low - rounding, interval.high + rounding);
        let here = if low > margin || high < -margin {
            first_violation = first_violation.or(Some(Violation {
                at: seen.evidence.x[j],
                measured: predicted + mean * scale(predicted),
                predicted,
            }));
            Verdict::Refuted
        } else if low >= -margin && high <= margin {
            Verdict::Supported
        } else {
            Verdict::Inconclusive
        };
        verdict = verdict_of_two(verdict, here);
        let closeness = high.max(-low) / margin;
        if worst.is_none_or(|(most, ..)| closeness > most) {
            worst = Some((closeness, j, mean));
        }
    }
    let Some((closeness, j, mean)) = worst else {
        return Finding::inconclusive(trouble.unwrap_or("nothing was measured"));
    };
    let predicted = seen.evidence.predicted[j];
    let mut finding = seen.finding(j, verdict, predicted + mean * scale(predicted), predicted);
    finding.closeness = closeness;
    finding.severity = Severity::Resolution(margin + widest);
    finding.first_violation = first_violation;
    finding.note = Some(match trouble {
        Some(why) => format!("{} trials; no interval of the mean: {why}", seen.trials()),
        None => format!(
            "{} trials: the intervals reach {:.2} of the margin {margin} (assumed: a finite third moment)",
            seen.trials(),
            closeness
        ),
    });
    finding
}

fn verdict_of_two(a: Verdict, b: Verdict) -> Verdict {
    Verdict::for_all([a, b])
}
