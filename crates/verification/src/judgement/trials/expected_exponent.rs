//! Powers that expectations follow.

use statrs::distribution::{ContinuousCDF, StudentsT};

use super::mean::{NOMINAL_TRIALS, unseen};
use super::seen::Seen;
use super::{finite_part, largest_of};
use crate::statistics::{Tail, fit_slope};
use crate::trials::PointRecord;
use crate::{ErrorRates, Finding, Level, Severity, Verdict};
use theoria_elementary::{ln, log2};

/// In units of the prediction, so that only the deviation of the exponent is fitted.
pub(super) fn record(values: &[f64], predicted: f64, kept: usize) -> PointRecord {
    let units: Vec<f64> = values.iter().map(|z| z / predicted).collect();
    let sizes: Vec<f64> = units.iter().map(|w| w.abs()).collect();
    PointRecord {
        undefined: units.iter().filter(|w| w.is_nan()).count() as u64,
        largest: largest_of(&sizes, kept),
        ..finite_part(&units)
    }
}

/// Five octaves, or a checkpoint each side of them.
const LEAST_OCTAVES: f64 = 5.0 - 1e-9;
/// A drift of the slope is continued by so much of what is seen of it: that of a logarithm over the octaves from the fifth
/// to the tenth has four thirds of it still to go.
const CONTINUED: f64 = 4.0 / 3.0;
/// A drift that is not seen may be this many of its standard errors.
const UNSEEN: f64 = 2.0;

pub(super) fn judge(seen: &Seen<'_>, margin: f64) -> Finding {
    let evidence = seen.evidence;
    let Some((first, last)) = evidence.x.first().zip(evidence.x.last()) else {
        return Finding::inconclusive("nothing was measured");
    };
    let octaves = log2(last / first).abs();
    if evidence.x.len() < 4 || octaves.is_nan() || octaves < LEAST_OCTAVES {
        return Finding::inconclusive(format!(
            "an exponent needs four checkpoints over 5 octaves; there are {} over {octaves:.1}",
            evidence.x.len()
        ));
    }
    for j in 0..seen.points() {
        let point = seen.point(j);
        if point.non_finite > 0 {
            return seen.diverged(j, point.non_finite);
        }
        let m = &point.moments;
        if let Err(why) = Tail::light(&seen.ends(j, 1.0), m.n, point.size, m.sums[1]) {
            return Finding::inconclusive(why.to_string());
        }
    }
    if !seen.whole && seen.trials() < NOMINAL_TRIALS {
        return Finding::inconclusive("too few trials so far for an exponent");
    }
    let u: Vec<f64> = evidence.x.iter().map(|x| ln(*x)).collect();
    let blocks: Vec<Vec<f64>> = seen
        .blocks
        .iter()
        .map(|block| block.points.iter().map(|point| point.moments.mean()).collect())
        .collect();
    let Some(fit) = fit_slope(&u, &blocks) else {
        return Finding::inconclusive("too few blocks of trials, or means that are not positive");
    };
    let degrees = (blocks.len() - 1) as f64;
    let quantile = StudentsT::new(0.0, 1.0, degrees)
        .map_or(f64::INFINITY, |t| -t.inverse_cdf(seen.alpha / 2.0));
    // Where the slope drifts, as with a logarithm, or may drift unseen, that is part of what is not known of its limit.
    let half = quantile * fit.error + CONTINUED * fit.drift.abs() + UNSEEN * fit.drift_error;
    let (low, high) = (fit.slope - half, fit.slope + half);
    let verdict = if low >= -margin && high <= margin {
        Verdict::Supported
    } else if low > margin || high < -margin {
        Verdict::Refuted
    } else {
        Verdict::Inconclusive
    };
    let predicted = exponent_of_the_prediction(&u, &evidence.predicted);
    let mut finding = seen.finding(seen.points() - 1, verdict, predicted + fit.slope, predicted);
    finding.level = Level::Nominal;
    finding.errors = ErrorRates::both(evidence.spent());
    finding.rests_on = Some("assumed: no unseen rare trials carry a mean; the line goes on".into());
    finding.severity = Severity::Resolution(margin + 2.0 * half);
    finding.closeness = high.abs().max(low.abs()) / margin;
    finding.note = Some(format!(
        "{} trials: the exponent lies in [{:.4}, {:.4}], its slope drifts by {:.4} ± {:.4} from end to end; trials of \
         probability {:.1e} may have stayed unseen",
        seen.trials(),
        predicted + low,
        predicted + high,
        fit.drift,
        fit.drift_error,
        unseen(seen, &seen.point(0))
    ));
    finding
}

fn exponent_of_the_prediction(u: &[f64], predicted: &[f64]) -> f64 {
    let mean = u.iter().sum::<f64>() / u.len() as f64;
    let squares: f64 = u.iter().map(|u| (u - mean).powi(2)).sum();
    let products: f64 = u.iter().zip(predicted).map(|(u, p)| (u - mean) * ln(*p)).sum();
    products / squares
}
