//! Whether two machines saw the same on one instance of one seed.

use crate::evidence::InstanceEvidence;
use crate::number::close;
use crate::{Finding, Severity, TrialEvidence};

/// Whether the two are the same up to rounding; else what differs, with both numbers.
pub(super) fn are_same(one: &InstanceEvidence, other: &InstanceEvidence) -> Result<(), String> {
    if one.counts != other.counts {
        return Err("it satisfies the hypotheses by one of them and not by the other".into());
    }
    if let (Some(own), Some(others)) = (&one.trials, &other.trials) {
        return are_same_trials(own, others);
    }
    if one.trials.is_some() != other.trials.is_some() {
        return Err("one of them ran trials and the other did not".into());
    }
    match (&one.finding, &other.finding) {
        (Some(own), Some(others)) => are_same_findings(own, others),
        (None, None) => Ok(()),
        _ => Err("one of them has a finding and the other has none".into()),
    }
}

/// Where several points are as near to failing as each other, rounding decides which of them is told.
fn are_same_findings(one: &Finding, other: &Finding) -> Result<(), String> {
    let ratio = |finding: &Finding| finding.measured / finding.predicted;
    let size = one.predicted.abs().max(other.predicted.abs());
    let numbers = close(one.at, other.at, 0.0)
        && close(one.measured, other.measured, size)
        && close(one.predicted, other.predicted, 0.0);
    let ratios = close(ratio(one), ratio(other), 0.0);
    let severities = are_same_severities(one.severity, other.severity);
    if one.verdict == other.verdict && (numbers || ratios || severities) {
        return Ok(());
    }
    let told = |finding: &Finding| {
        let Finding { verdict, measured, predicted, at, .. } = finding;
        format!("{verdict} ({measured:?} against {predicted:?} at {at})")
    };
    Err(format!("the first says {}, the second {}", told(one), told(other)))
}

fn are_same_severities(one: Severity, other: Severity) -> bool {
    match (one.tightness(), other.tightness()) {
        (Some(own), Some(others)) => close(own, others, 0.0),
        _ => match (one, other) {
            (Severity::Resolution(own), Severity::Resolution(others)) => close(own, others, 0.0),
            _ => false,
        },
    }
}

fn are_same_trials(one: &TrialEvidence, other: &TrialEvidence) -> Result<(), String> {
    one.unlike(other).map_or(Ok(()), Err)
}

/// Of two records of one instance, whether the first is to be kept: the one with its curve, with more trials; and of
/// those that differ by rounding alone always the same one.
pub(super) fn is_better(one: &InstanceEvidence, other: &InstanceEvidence) -> bool {
    let rank = |it: &InstanceEvidence| {
        let blocks = it.trials.as_ref().map_or(0, |trials| trials.blocks.len());
        (it.curve.is_some(), blocks)
    };
    let text = |it: &InstanceEvidence| serde_json::to_string(it).unwrap_or_default();
    match rank(one).cmp(&rank(other)) {
        std::cmp::Ordering::Equal => text(one) < text(other),
        order => order.is_gt(),
    }
}
