//! Inequalities for expectations.

use super::SLACK;
use super::mean::{PROVED, Question, Shown, largest_wealth, resolution, shown};
use super::seen::Seen;
use crate::judgement::{Direction, Side};
use crate::statistics::LAMBDAS;
use crate::trials::PointRecord;
use crate::{ErrorRates, Finding, Level, Severity, Verdict, Violation};
use theoria_elementary::ln;

/// What is taken for rounding where 0 is predicted and no floor is told; absolute.
const ROUNDING: f64 = 1e-12;

/// The bound with the rounding of what is measured on its generous side.
fn generous(direction: Direction, predicted: f64, floor: f64) -> f64 {
    match direction {
        Direction::AtMost => predicted + floor,
        Direction::AtLeast => predicted - floor,
    }
}

/// The bound with the rounding of what is measured on its strict side. A bound of 0 has no other.
fn strict(direction: Direction, predicted: f64, floor: f64) -> f64 {
    if predicted == 0.0 {
        return generous(direction, predicted, floor);
    }
    generous(direction, predicted, -floor)
}

/// What one unit of the records is: the size of the bound.
pub(super) fn scale(direction: Direction, predicted: f64, floor: f64) -> f64 {
    let bound = generous(direction, predicted, floor).abs();
    if bound > 0.0 && bound.is_finite() { bound } else { 1.0 }
}

/// What is asked at a checkpoint.
pub(super) fn question(
    direction: Direction,
    margin: f64,
    (predicted, floor): (f64, f64),
    (least, most): (f64, f64),
) -> Question {
    let scale = scale(direction, predicted, floor);
    let bound = generous(direction, predicted, floor) / scale;
    let question = Question {
        shift: 0.0,
        scale,
        range: (least / scale, most / scale),
        square: None,
        at_most: None,
        at_least: None,
        below: None,
        above: None,
    };
    let strict = strict(direction, predicted, floor) / scale;
    let margin = margin * predicted.abs() / scale;
    match direction {
        Direction::AtMost => {
            Question { at_most: Some(bound), below: Some(strict + margin), ..question }
        }
        Direction::AtLeast => {
            Question { at_least: Some(bound), above: Some(strict - margin), ..question }
        }
    }
}

pub(super) fn judge(seen: &Seen<'_>, direction: Direction, margin: f64) -> Finding {
    let says_something = |j: &usize| seen.evidence.predicted[*j].is_finite();
    let checked: Vec<usize> = (0..seen.points()).filter(says_something).collect();
    let Some(&first) = checked.first() else {
        return Finding::inconclusive("nothing was checked: the bound is infinite everywhere");
    };
    let points: Vec<(usize, Question, PointRecord)> =
        checked.into_iter().map(|j| (j, seen.question(j), seen.point(j))).collect();
    if let (Direction::AtLeast, Some((j, _, point))) =
        (direction, points.iter().find(|(_, _, point)| point.non_finite > 0))
    {
        return seen.stands_on_no_side(*j, point.non_finite, "not finite");
    }
    // How far beyond the bound a mean is, in units of the bound.
    let beyond = |question: &Question, point: &PointRecord| match direction {
        Direction::AtMost => point.mean() - question.at_most.unwrap_or(0.0),
        Direction::AtLeast => question.at_least.unwrap_or(0.0) - point.mean(),
    };
    let nearest = points
        .iter()
        .max_by(|a, b| beyond(&a.1, &a.2).total_cmp(&beyond(&b.1, &b.2)))
        .unwrap_or(&points[0]);
    let (worst, question, point) = nearest;
    let needed = ln(1.0 / seen.evidence.alpha);
    let bets: Vec<usize> = points.iter().map(|(j, ..)| *j).collect();
    let wealth =
        largest_wealth(seen, |points| bets.iter().map(|j| points[*j].wealth.as_slice()).collect());
    let tightness = match direction {
        Direction::AtMost => point.mean() * question.scale / seen.evidence.predicted[*worst],
        Direction::AtLeast => seen.evidence.predicted[*worst] / (point.mean() * question.scale),
    };
    let opponents = question.opponents();
    let gamblers = points.len() * LAMBDAS.len();
    let mut finding = seen.finding(
        *worst,
        Verdict::Inconclusive,
        point.mean() * question.scale,
        seen.evidence.predicted[*worst],
    );
    finding.closeness =
        if opponents.is_empty() { 1.0 + beyond(question, point) } else { wealth / needed };
    finding.severity = Severity::Expected {
        tightness,
        resolution: opponents.first().map_or(f64::INFINITY, |opponent| {
            resolution(*opponent, &point.moments, gamblers, seen.evidence.alpha)
        }),
    };
    finding.errors = ErrorRates {
        wrong_refutation: if opponents.is_empty() { 0.0 } else { seen.evidence.alpha },
        wrong_support: seen.evidence.spent(),
    };
    let rounding_alone = seen.evidence.predicted[*worst] == 0.0
        && seen.evidence.floor[*worst] == 0.0
        && (0.0..=ROUNDING).contains(&beyond(question, point));
    if rounding_alone && point.mean() != 0.0 {
        finding.note = Some(format!(
            "{} trials: the prediction is 0 and the mean {:e}, which may be rounding: say what rounding adds (a `Reading` \
             with a floor)",
            seen.trials(),
            point.mean()
        ));
        return finding;
    }
    if !opponents.is_empty() && wealth >= needed {
        finding.verdict = Verdict::Refuted;
        finding.level = Level::Proved;
        finding.rests_on = Some(PROVED.into());
        finding.first_violation = Some(first_violation(seen, &points, needed, first));
        finding.note = Some(refuted(seen, &points, wealth));
        return finding;
    }
    let side = match direction {
        Direction::AtMost => Side::AtMost,
        Direction::AtLeast => Side::AtLeast,
    };
    let all: Result<Vec<Shown>, String> = points
        .iter()
        .map(|(j, question, point)| {
            // Whatever the margin: trials whose own mean breaks the bound are no support.
            if !seen.evidence.attained && beyond(question, point) > SLACK {
                return Err(format!(
                    "the mean of the trials lies beyond the bound at {}, by less than the margin; a bound that is attained says so \
                     (`attained_on`)",
                    seen.evidence.x[*j]
                ));
            }
            shown(seen, *j, question, point, side)
        })
        .collect();
    let all = all.and_then(|all| {
        Ok(all.into_iter().chain(reached(seen, &points, side)?).collect::<Vec<_>>())
    });
    match all {
        Ok(all) => {
            finding.verdict = Verdict::Supported;
            let ratio = point.mean() * question.scale / seen.evidence.predicted[*worst];
            let said = format!(
                "{} trials: the mean is {ratio:.4} times the bound where it comes closest",
                seen.trials()
            );
            seen.supported(&mut finding, &all, &said, margin);
        }
        Err(why) => finding.note = Some(format!("{} trials: {why}", seen.trials())),
    }
    finding
}

/// Where the bound is claimed to be attained, that the mean comes within the margin of it at the checkpoint where it comes
/// closest.
fn reached(
    seen: &Seen<'_>,
    points: &[(usize, Question, PointRecord)],
    side: Side,
) -> Result<Option<Shown>, String> {
    if !seen.evidence.attained {
        return Ok(None);
    }
    let (other, towards) = match side {
        Side::AtMost => (Side::AtLeast, 1.0),
        _ => (Side::AtMost, -1.0),
    };
    let closest = points.iter().max_by(|a, b| {
        let height = |(_, question, point): &(usize, Question, PointRecord)| {
            let bound = question.at_most.or(question.at_least).unwrap_or(0.0);
            towards * (point.mean() - bound)
        };
        height(a).total_cmp(&height(b))
    });
    let Some((j, question, point)) = closest else { return Ok(None) };
    match shown(seen, *j, question, point, other) {
        Ok(shown) => Ok(Some(shown)),
        Err(why) => Err(format!("that the bound is attained is not shown: {why}")),
    }
}

fn refuted(seen: &Seen<'_>, points: &[(usize, Question, PointRecord)], wealth: f64) -> String {
    let infinite = points.iter().map(|(_, _, point)| point.non_finite).max().unwrap_or(0);
    if infinite > 0 {
        return format!("{infinite} of {} trials are infinite: they diverged", seen.trials());
    }
    format!(
        "{} trials: betting against the bound multiplies the stake by 10^{:.1}",
        seen.trials(),
        wealth / std::f64::consts::LN_10
    )
}

/// The first checkpoint whose own gamblers alone refute, else the one that is farthest beyond the bound.
fn first_violation(
    seen: &Seen<'_>,
    points: &[(usize, Question, PointRecord)],
    needed: f64,
    first: usize,
) -> Violation {
    let alone = points.iter().find(|(j, ..)| {
        largest_wealth(seen, |points| vec![points[*j].wealth.as_slice()]) >= needed
    });
    let farthest = points.iter().max_by(|a, b| {
        let ratio = |(j, question, point): &(usize, Question, PointRecord)| {
            (point.mean() * question.scale - seen.evidence.predicted[*j]).abs() / question.scale
        };
        ratio(a).total_cmp(&ratio(b))
    });
    let (j, measured) = alone
        .or(farthest)
        .map_or((first, f64::NAN), |(j, question, point)| (*j, point.mean() * question.scale));
    Violation { at: seen.evidence.x[j], measured, predicted: seen.evidence.predicted[j] }
}
