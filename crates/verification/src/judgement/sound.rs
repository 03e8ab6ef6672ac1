//! What stands before every comparison: numbers that are none.

use crate::curve::Point;
use crate::{Curve, Finding, Level, Verdict, Violation};

/// Why a curve cannot be judged for reasons that lie with what is claimed, not with what was measured: a prediction that
/// is no number. `may_be_infinite` says where an infinite one has a meaning.
pub(super) fn unsound(curve: &Curve, may_be_infinite: impl Fn(&Point) -> bool) -> Option<Finding> {
    let points = curve.points();
    if points.is_empty() {
        return Some(Finding::inconclusive("nothing was measured"));
    }
    if let Some(number) = points.iter().position(|p| p.x.is_nan()) {
        let text =
            format!("the abscissa of point {} of {} is not a number", number + 1, points.len());
        return Some(Finding::inconclusive(text));
    }
    let bad = points
        .iter()
        .find(|p| p.predicted.is_nan() || (p.predicted.is_infinite() && !may_be_infinite(p)))?;
    let what = if bad.predicted.is_nan() { "not a number" } else { "infinite" };
    Some(Finding {
        at: bad.x,
        measured: bad.measured.value,
        predicted: bad.predicted,
        ..Finding::inconclusive(format!("the prediction at N = {} is {what}", bad.x))
    })
}

/// A run that leaves the numbers follows no rate, nor power, of decay. `is_meant` says at which points the claim speaks.
pub(super) fn leaves_the_numbers(
    curve: &Curve,
    is_meant: impl Fn(&Point) -> bool,
) -> Option<Finding> {
    let p = curve.points().iter().find(|p| is_meant(p) && !p.measured.value.is_finite())?;
    let note = if p.measured.has_diverged() { "the run diverged" } else { "it never comes" };
    Some(Finding {
        verdict: Verdict::Refuted,
        at: p.x,
        measured: p.measured.value,
        predicted: p.predicted,
        closeness: f64::INFINITY,
        first_violation: Some(violation(p)),
        note: Some(note.into()),
        ..Finding::without_chance(Level::Measured)
    })
}

/// This point, as one that contradicts the claim.
pub(super) fn violation(p: &Point) -> Violation {
    Violation { at: p.x, measured: p.measured.value, predicted: p.predicted }
}

/// What is wrong with the rounding floor of a point, as the end of a sentence.
pub(super) fn not_a_floor(p: &Point) -> Option<String> {
    let what = match p.measured.floor {
        floor if floor.is_nan() => "not a number",
        floor if floor < 0.0 => "negative",
        f64::INFINITY => "infinite",
        _ => return None,
    };
    Some(format!("the rounding floor at N = {} is {what}", p.x))
}

/// A number of the author's that must be positive and finite.
///
/// # Panics
/// If it is not.
#[track_caller]
pub(super) fn positive(what: &str, value: f64) -> f64 {
    assert!(value > 0.0 && value.is_finite(), "{what} is positive and finite, and {value} is not");
    value
}
