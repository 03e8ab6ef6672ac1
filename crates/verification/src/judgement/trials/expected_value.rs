//! Equalities for expectations.

use super::mean::{
    PROVED, Question, Shown, TOLD, largest_wealth, nominal_limit, resolution, shown, unseen,
};
use super::seen::Seen;
use crate::judgement::Side;
use crate::statistics::LAMBDAS;
use crate::trials::PointRecord;
use crate::{ErrorRates, Finding, Level, Severity, Verdict, Violation};
use theoria_elementary::ln;

/// What has the probability that may be unseen would have to be this many times as far out as the farthest trial that
/// was seen, lest the mean is left open.
const IMPLAUSIBLE: f64 = 3.0;

/// What deviations are relative to.
pub(super) fn scale(predicted: f64) -> f64 {
    if predicted == 0.0 { 1.0 } else { predicted.abs() }
}

/// What is asked at a checkpoint: of deviations from the prediction, relative to it.
pub(super) fn question(
    margin: f64,
    (predicted, floor): (f64, f64),
    (least, most): (f64, f64),
) -> Question {
    let scale = scale(predicted);
    let rounding = floor / scale;
    Question {
        shift: predicted,
        scale,
        range: ((least - predicted) / scale, (most - predicted) / scale),
        square: None,
        at_most: Some(margin + rounding),
        at_least: Some(-margin - rounding),
        below: Some(margin - rounding),
        above: Some(-margin + rounding),
    }
}

pub(super) fn judge(seen: &Seen<'_>, margin: f64) -> Finding {
    let points: Vec<(usize, Question, PointRecord)> =
        (0..seen.points()).map(|j| (j, seen.question(j), seen.point(j))).collect();
    if let Some((j, _, point)) = points.iter().find(|(_, _, point)| point.non_finite > 0) {
        return seen.diverged(*j, point.non_finite);
    }
    let worst = points
        .iter()
        .max_by(|a, b| a.2.mean().abs().total_cmp(&b.2.mean().abs()))
        .unwrap_or(&points[0]);
    let (j, question, point) = worst;
    let predicted = seen.evidence.predicted[*j];
    let measured = predicted + question.scale * point.mean();
    let mut finding = seen.finding(*j, Verdict::Inconclusive, measured, predicted);
    finding.closeness = point.mean().abs() / margin;
    finding.severity = Severity::Resolution(margin + resolves(seen, &points));
    finding.errors = ErrorRates::both(seen.evidence.spent());
    if let Some((j, level, why)) = refuted(seen, &points) {
        let (_, question, point) = &points[j];
        let predicted = seen.evidence.predicted[j];
        let measured = predicted + question.scale * point.mean();
        finding.verdict = Verdict::Refuted;
        finding.level = level;
        finding.rests_on = Some(why.clone());
        finding.closeness = finding.closeness.max(1.0);
        finding.first_violation = Some(Violation { at: seen.evidence.x[j], measured, predicted });
        finding.note = Some(format!(
            "{} trials: the mean deviates by {:.4} of the prediction, more than the margin {margin}",
            seen.trials(),
            point.mean()
        ));
        return finding;
    }
    let all: Result<Vec<Shown>, String> = points
        .iter()
        .flat_map(|(j, question, point)| {
            [Side::AtMost, Side::AtLeast].map(|side| shown(seen, *j, question, point, side))
        })
        .collect();
    match all {
        Ok(all) => {
            finding.verdict = Verdict::Supported;
            let said = format!(
                "{} trials: the mean deviates by {:.4} of the prediction at most",
                seen.trials(),
                point.mean().abs()
            );
            seen.supported(&mut finding, &all, &said, margin);
        }
        Err(why) => {
            let beyond = point.mean().abs() > margin;
            let told = if point.mean() > 0.0 { question.range.0 } else { question.range.1 };
            let hint = if beyond && told.is_infinite() {
                "; rare trials that none of these shows may make up for it, unless the range of a trial is told \
                 (`ranging`)"
            } else {
                ""
            };
            finding.note = Some(format!("{} trials: {why}{hint}", seen.trials()));
        }
    }
    finding
}

/// The checkpoint at which the mean is seen beyond the margin, and what that rests on. Half of the budget is for proofs by
/// betting, half for what is nominal.
fn refuted(
    seen: &Seen<'_>,
    points: &[(usize, Question, PointRecord)],
) -> Option<(usize, Level, String)> {
    let needed = ln(2.0 / seen.evidence.alpha);
    let wealth =
        largest_wealth(seen, |points| points.iter().map(|p| p.wealth.as_slice()).collect());
    if wealth >= needed {
        let alone = points.iter().find(|(j, ..)| {
            largest_wealth(seen, |points| vec![points[*j].wealth.as_slice()]) >= needed
        });
        let farthest = points.iter().max_by(|a, b| a.2.mean().abs().total_cmp(&b.2.mean().abs()));
        let told = if seen.evidence.square.is_empty() { PROVED } else { TOLD };
        return alone.or(farthest).map(|(j, ..)| (*j, Level::Proved, told.into()));
    }
    let alpha = seen.alpha / 4.0 / points.len() as f64;
    points.iter().find_map(|(j, question, point)| {
        let side = if point.mean() > 0.0 { -1.0 } else { 1.0 };
        nominally_beyond(seen, *j, question, point, side, alpha)
            .map(|assumed| (*j, Level::Nominal, assumed))
    })
}

/// Whether the mean lies beyond the margin on the other side of what this limit bounds, and what that assumes. Nothing
/// refutes nominally where all trials lie on one side of 0: a rare large one may always carry their mean.
fn nominally_beyond(
    seen: &Seen<'_>,
    j: usize,
    question: &Question,
    point: &PointRecord,
    side: f64,
    alpha: f64,
) -> Option<String> {
    let (edge, known) = if side > 0.0 {
        (question.at_least?, question.range.1)
    } else {
        (question.at_most?, question.range.0)
    };
    if known.is_finite() || (side > 0.0 && question.square.is_some()) {
        return None;
    }
    let limit = nominal_limit(seen, j, question, point, side, alpha).ok()?;
    let gap = side * (edge - limit.limit);
    let rescue = gap / unseen(seen, point);
    (!limit.one_sided && gap > 0.0 && rescue >= IMPLAUSIBLE * limit.farthest)
        .then(|| limit.assumed.to_owned())
}

/// The smallest deviation beyond the margin that would have been seen.
fn resolves(seen: &Seen<'_>, points: &[(usize, Question, PointRecord)]) -> f64 {
    let gamblers = 2 * points.len() * LAMBDAS.len();
    let of_point = |(j, question, point): &(usize, Question, PointRecord)| {
        let opponents = question.opponents();
        let proved = opponents
            .iter()
            .map(|opponent| {
                resolution(*opponent, &point.moments, gamblers, seen.evidence.alpha / 2.0)
            })
            .fold(0.0, f64::max);
        let sides = [(1.0, question.range.1), (-1.0, question.range.0)];
        let unknown = |(side, end): &&(f64, f64)| {
            end.is_infinite() && !(*side > 0.0 && question.square.is_some())
        };
        let nominal = sides.iter().filter(unknown).map(|(side, _)| {
            nominal_limit(seen, *j, question, point, *side, seen.alpha)
                .map_or(f64::INFINITY, |limit| 2.0 * (limit.limit - point.mean()).abs())
        });
        nominal.fold(proved, f64::max)
    };
    points.iter().map(of_point).fold(0.0, f64::max)
}
