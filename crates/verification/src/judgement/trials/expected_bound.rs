//! Inequalities for expectations.

use super::{Seen, finite_part, largest_of};
use crate::judgement::Direction;
use crate::statistics::{
    LAMBDAS, SampleMoments, bounded_upper, log_wealth, mixture, normal_quantile, peaks_upper,
    student_interval, tail_of,
};
use crate::trials::PointRecord;
use crate::{Finding, Severity, Verdict, Violation};

/// In units of the bound. Where the bound is 0, every positive trial exceeds it infinitely.
pub(super) fn record(values: &[f64], bound: f64, kept: usize) -> PointRecord {
    let units: Vec<f64> = values
        .iter()
        .map(|&z| {
            if z.is_nan() {
                f64::INFINITY
            } else if bound > 0.0 {
                z / bound
            } else if z <= bound {
                0.0
            } else {
                f64::INFINITY
            }
        })
        .collect();
    let mut wealth = [0.0; LAMBDAS.len()];
    // A negative trial (rounding below 0) must not earn the gamblers a loss beyond their stake.
    let bets: Vec<f64> = units.iter().map(|z| z.max(0.0)).collect();
    log_wealth(&bets, &mut wealth);
    PointRecord {
        wealth: wealth.to_vec(),
        largest: largest_of(&units, kept),
        ..finite_part(&units)
    }
}

pub(super) fn judge(seen: &Seen<'_>, direction: Direction, margin: f64) -> Finding {
    let checked: Vec<usize> =
        (0..seen.points()).filter(|&j| seen.evidence.predicted[j].is_finite()).collect();
    if checked.is_empty() {
        return Finding::inconclusive("nothing was checked: the bound is infinite everywhere");
    }
    let points: Vec<(usize, PointRecord)> = checked.iter().map(|&j| (j, seen.point(j))).collect();
    match direction {
        Direction::AtMost => at_most(seen, &points, margin),
        Direction::AtLeast => at_least(seen, &points, margin),
    }
}

fn at_most(seen: &Seen<'_>, points: &[(usize, PointRecord)], margin: f64) -> Finding {
    if let Some((j, point)) = points.iter().find(|(_, point)| point.non_finite > 0) {
        return seen.diverged(*j, point.non_finite);
    }
    let (worst, worst_point) = points
        .iter()
        .max_by(|a, b| a.1.moments.mean().total_cmp(&b.1.moments.mean()))
        .unwrap_or(&points[0]);
    let tightness = worst_point.moments.mean();
    let bound = |j: usize| seen.evidence.predicted[j] + seen.evidence.floor[j];
    let mut finding = seen.finding(
        *worst,
        Verdict::Inconclusive,
        tightness * bound(*worst),
        seen.evidence.predicted[*worst],
    );
    // E-processes are valid at every stopping time, so their share is not split over the looks; but the
    // caller has split it, which only makes them more careful.
    let wealth = largest_wealth(seen, points);
    let needed = (1.0 / seen.alpha).ln();
    finding.closeness = wealth / needed;
    finding.severity = Severity::Expected { tightness, resolution: resolution(points, needed) };
    if wealth >= needed {
        finding.verdict = Verdict::Refuted;
        finding.first_violation = first_violation(seen, points, needed);
        finding.note = Some(format!(
            "{} trials: betting against the bound multiplies the stake by 10^{:.1}",
            seen.trials(),
            wealth / std::f64::consts::LN_10
        ));
        return finding;
    }
    match highest(seen, points, 1.0 + margin) {
        Ok((limit, assumed)) => {
            finding.note = Some(format!(
                "{} trials: the mean is at most {limit:.4} times the bound ({assumed})",
                seen.trials(),
            ));
            if limit <= 1.0 + margin {
                finding.verdict = Verdict::Supported;
            }
        }
        Err(why) => {
            finding.note =
                Some(format!("{} trials; no upper limit of the mean: {why}", seen.trials()));
        }
    }
    finding
}

/// What an upper limit of the mean rests on, from the least to the most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Assumed {
    Bounded,
    ThirdMoment,
    Power,
}

impl std::fmt::Display for Assumed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Assumed::Bounded => "trials are bounded",
            Assumed::ThirdMoment => "assumed: a finite third moment",
            Assumed::Power => {
                "assumed: beyond the largest trials the tail goes on as the power seen there"
            }
        })
    }
}

/// The highest of the upper confidence limits of the mean, in units of the bound, and what it rests on.
fn highest(
    seen: &Seen<'_>,
    points: &[(usize, PointRecord)],
    needed: f64,
) -> Result<(f64, Assumed), &'static str> {
    points.iter().try_fold((0.0, Assumed::Bounded), |(limit, assumed), (j, point)| {
        let (more, rests_on) = upper(seen, *j, point, needed)?;
        Ok((f64::max(limit, more), assumed.max(rests_on)))
    })
}

/// An upper confidence limit of the mean, in units of the bound: of those that can be had the one that assumes least and
/// is at most what is `needed`, else that of the skewed Student's interval. Where the tail is heavy, but the mean
/// exists, that of the peaks; it is wide, but the bound may be far away.
fn upper(
    seen: &Seen<'_>,
    j: usize,
    point: &PointRecord,
    needed: f64,
) -> Result<(f64, Assumed), &'static str> {
    // Each of the three has its share of the error.
    let seen = &Seen { alpha: seen.alpha / 3.0, ..*seen };
    let bounded = seen.evidence.most.get(j).map(|most| {
        let scale = seen.evidence.predicted[j] + seen.evidence.floor[j];
        bounded_upper(&point.moments, most / scale, seen.alpha)
    });
    if let Some(limit) = bounded.filter(|limit| *limit <= needed) {
        return Ok((limit, Assumed::Bounded));
    }
    trusted_interval(seen, j, point).map(|interval| (interval.high, Assumed::ThirdMoment)).or_else(
        |why| {
            peaks_upper(&seen.largest(j), &point.moments, seen.alpha)
                .map(|limit| (limit, Assumed::Power))
                .or(bounded.map(|limit| (limit, Assumed::Bounded)))
                .ok_or(why)
        },
    )
}

/// Why no interval is given.
pub(super) const HEAVY: &str =
    "the tail is heavy (index at most 2, or one trial makes a tenth of the sum)";

/// The interval of the mean where the tail allows one.
pub(super) fn trusted_interval(
    seen: &Seen<'_>,
    j: usize,
    point: &PointRecord,
) -> Result<crate::statistics::MeanInterval, &'static str> {
    let m = &point.moments;
    // Trials that hardly differ, or of which none can ever make a tenth of the sum, have no tail to speak of.
    let (predicted, floor) = (seen.evidence.predicted[j], seen.evidence.floor[j]);
    let (shift, scale) = seen.evidence.judgement.units(predicted, floor);
    let most = seen.evidence.most.get(j);
    let close = most.is_some_and(|most| (most - shift) / scale <= 0.1 * point.size);
    let has_tail = !close && m.variance().sqrt() > 1e-3 * m.mean().abs();
    if has_tail && !tail_of(&seen.largest(j), m.n, point.size).is_light() {
        return Err(HEAVY);
    }
    student_interval(m, seen.alpha).ok_or("too few trials for their skewness")
}

/// The largest log-wealth at the end of any block; all checkpoints and stakes together.
fn largest_wealth(seen: &Seen<'_>, points: &[(usize, PointRecord)]) -> f64 {
    let mut running = vec![0.0; points.len() * LAMBDAS.len()];
    let mut largest = f64::NEG_INFINITY;
    for block in seen.blocks {
        for (place, (j, _)) in running.chunks_mut(LAMBDAS.len()).zip(points) {
            for (sum, more) in place.iter_mut().zip(&block.points[*j].wealth) {
                *sum += more;
            }
        }
        largest = largest.max(mixture(&running));
    }
    largest
}

/// The first checkpoint whose own gamblers alone refute, else the one with the largest mean.
fn first_violation(
    seen: &Seen<'_>,
    points: &[(usize, PointRecord)],
    needed: f64,
) -> Option<Violation> {
    let alone =
        points.iter().find(|point| largest_wealth(seen, std::slice::from_ref(point)) >= needed);
    let largest = points.iter().max_by(|a, b| a.1.moments.mean().total_cmp(&b.1.moments.mean()));
    alone.or(largest).map(|(j, point)| Violation {
        at: seen.evidence.x[*j],
        measured: point.moments.mean() * (seen.evidence.predicted[*j] + seen.evidence.floor[*j]),
        predicted: seen.evidence.predicted[*j],
    })
}

/// The smallest r such that trials of the same shape with mean (1 + r) B would have been refuted with
/// probability 0.99. With w the trials scaled to mean 1 + r, log(1 + λ(w - 1)) has mean at least
/// λ r - λ²(v + r²)/2 up to third order, v the variance of w; the tail makes it larger, so the resolution is
/// rather better than printed.
fn resolution(points: &[(usize, PointRecord)], needed: f64) -> f64 {
    let quantile = normal_quantile(0.01);
    let needed = needed + ((points.len() * LAMBDAS.len()) as f64).ln();
    let detects = |m: &SampleMoments, r: f64| {
        let n = m.n as f64;
        let relative = m.variance() / (m.mean() * m.mean()).max(f64::MIN_POSITIVE);
        let variance = relative * (1.0 + r) * (1.0 + r);
        LAMBDAS.iter().any(|lambda| {
            let growth = lambda * r - lambda * lambda * (variance + r * r) / 2.0;
            n * growth - quantile * lambda * (n * variance).sqrt() >= needed
        })
    };
    let tightest = points.iter().max_by(|a, b| a.1.moments.mean().total_cmp(&b.1.moments.mean()));
    let Some((_, point)) = tightest else {
        return f64::INFINITY;
    };
    (1..=200)
        .map(|k| 1e-3 * 1.05f64.powi(k))
        .find(|&r| detects(&point.moments, r))
        .unwrap_or(f64::INFINITY)
}

fn at_least(seen: &Seen<'_>, points: &[(usize, PointRecord)], margin: f64) -> Finding {
    let (mut verdict, mut note, mut widest) = (Verdict::Supported, None, 0f64);
    let mut nearest: Option<(usize, f64)> = None;
    let mut first_violation = None;
    for (j, point) in points {
        let bound = seen.evidence.predicted[*j] + seen.evidence.floor[*j];
        // Infinite trials lie on the right side.
        let ratio = if point.non_finite > 0 { f64::INFINITY } else { point.moments.mean() };
        if nearest.is_none_or(|(_, least)| ratio < least) {
            nearest = Some((*j, ratio));
        }
        if point.non_finite > 0 {
            continue;
        }
        match trusted_interval(seen, *j, point) {
            Ok(interval) => {
                widest = widest.max(interval.high - interval.low);
                if interval.high < 1.0 {
                    verdict = Verdict::Refuted;
                    first_violation = first_violation.or(Some(Violation {
                        at: seen.evidence.x[*j],
                        measured: ratio * bound,
                        predicted: seen.evidence.predicted[*j],
                    }));
                } else if interval.low < 1.0 - margin && verdict == Verdict::Supported {
                    verdict = Verdict::Inconclusive;
                }
            }
            Err(why) => {
                note = Some(why.to_owned());
                if verdict == Verdict::Supported {
                    verdict = Verdict::Inconclusive;
                }
            }
        }
    }
    let (j, ratio) = nearest.unwrap_or((0, f64::NAN));
    let bound = seen.evidence.predicted[j] + seen.evidence.floor[j];
    let mut finding = seen.finding(j, verdict, ratio * bound, seen.evidence.predicted[j]);
    finding.severity = Severity::Expected { tightness: 1.0 / ratio, resolution: margin + widest };
    finding.closeness = 1.0 / ratio;
    finding.first_violation = first_violation;
    finding.note = note.or(Some(format!(
        "{} trials: the mean is at least {:.4} times the bound where it comes closest (assumed: a finite \
         third moment)",
        seen.trials(),
        ratio
    )));
    finding
}
