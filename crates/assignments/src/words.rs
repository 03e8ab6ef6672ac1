//! What a check came to, in words for a student.

use theoria_verification::evidence::{ClaimEvidence, InstanceEvidence};

use crate::assignment::Assignment;
use crate::judge::{Judged, Mark};

/// Numbers are written with so many digits, and with more where that would make different ones look equal.
const DIGITS: usize = 4;
/// No number has more.
const ALL_DIGITS: usize = 17;
/// What is written for what is none: of a run that has diverged nobody says which of the two it is.
const NO_NUMBER: &str = "infinite (or no number)";

/// Why a check failed, with the numbers, and what came of its cases where the assignment tells them one by one; for checks that the
/// student may see. Empty where a check holds and its cases have nothing to tell.
pub fn explain(assignment: &Assignment, judged: &Judged) -> String {
    let reason = reason(judged);
    let tells = assignment.told_case_by_case.contains(&judged.check.name);
    let was_seen = matches!(judged.mark, Mark::Passed | Mark::Refuted | Mark::NotShown);
    let cases = judged.evidence.iter().filter(|_| tells && was_seen).flat_map(cases);
    let lines: Vec<String> =
        Some(reason).filter(|text| !text.is_empty()).into_iter().chain(cases).collect();
    lines.join("\n")
}

/// A line for each case.
fn cases(evidence: &ClaimEvidence) -> impl Iterator<Item = String> {
    evidence.counted().map(|instance| format!("- {}", instance.description))
}

fn reason(judged: &Judged) -> String {
    match &judged.mark {
        Mark::Passed => String::new(),
        Mark::Fault(fault) => fault.to_string(),
        Mark::NotGraded(reason) => format!("the grader failed, not your program: {reason}"),
        Mark::Refuted | Mark::NotShown => judged
            .evidence
            .as_ref()
            .map_or_else(String::new, |seen| contradiction(seen, judged.check.at)),
    }
}

fn contradiction(evidence: &ClaimEvidence, at: &str) -> String {
    let mut lines = vec![format!("what must hold: {}", evidence.formula)];
    let found = evidence.counterexample.as_deref().or_else(|| evidence.decisive_instance());
    lines.extend(found.map(|instance| seen(evidence, instance, at)));
    let counted = evidence.counted().count();
    let against = evidence.agreement();
    match judged_open(evidence) {
        // What is no number is near to no edge.
        true if found.and_then(numbers).is_some_and(|numbers| !numbers.are_finite()) => {}
        true => lines.push(
            "what your program does lies too near to the edge to be told from what is wrong".into(),
        ),
        false => {
            lines.push(format!("it fails on {} of {counted} cases that were tried", against.on));
        }
    }
    lines.join("\n")
}

fn judged_open(evidence: &ClaimEvidence) -> bool {
    evidence.verdict == theoria_verification::Verdict::Inconclusive
}

/// What was measured first that speaks against it, and where.
struct Numbers {
    at: f64,
    measured: f64,
    predicted: f64,
}

impl Numbers {
    fn are_finite(&self) -> bool {
        self.measured.is_finite() && self.predicted.is_finite()
    }
}

fn numbers(instance: &InstanceEvidence) -> Option<Numbers> {
    let finding = instance.finding.as_ref()?;
    let (at, measured, predicted) = match finding.first_violation {
        Some(first) => (first.at, first.measured, first.predicted),
        None => (finding.at, finding.measured, finding.predicted),
    };
    Some(Numbers { at, measured, predicted })
}

/// On what, where first, and the two numbers.
fn seen(evidence: &ClaimEvidence, instance: &InstanceEvidence, counts: &str) -> String {
    let constants: Vec<String> =
        instance.constants.iter().map(|c| format!("{} = {}", c.name, short(c.value))).collect();
    let on = match constants.is_empty() {
        true => format!("on {}", instance.description),
        false => format!("on {} ({})", instance.description, constants.join(", ")),
    };
    let Some(numbers) = numbers(instance) else {
        return on;
    };
    let Numbers { at, measured, predicted } = numbers;
    let is_a_law = evidence.kind == "law";
    let demand = match evidence.kind.as_str() {
        "bound" | "expected bound" => "at most",
        "lower bound" | "expected lower bound" => "at least",
        "expected value" | "probability" => "near",
        _ => "exactly",
    };
    if !numbers.are_finite() {
        let measured = if is_a_law { NO_NUMBER.into() } else { told(measured) };
        let should = match is_a_law {
            true => String::new(),
            false => format!(", and should be {demand} {}", told(predicted)),
        };
        return format!("{on}:\nat {counts} {at} it is {measured}{should}");
    }
    let (measured, predicted) = apart(measured, predicted);
    if is_a_law {
        return format!(
            "{on}:\nat {counts} {at} the distribution functions differ by {measured}, and should by at most {predicted}"
        );
    }
    format!("{on}:\nat {counts} {at} it is {measured}, and should be {demand} {predicted}")
}

/// A number, or that it is none.
fn told(value: f64) -> String {
    if value.is_finite() { short(value) } else { NO_NUMBER.into() }
}

/// A number in a few digits.
fn short(value: f64) -> String {
    written(value, DIGITS)
}

/// A number rounded to so many digits behind the first, without an exponent where it is neither large nor small.
fn written(value: f64, digits: usize) -> String {
    let rounded = format!("{value:.digits$e}");
    match rounded.parse::<f64>() {
        Ok(plain) if plain == 0.0 || (1e-3..1e5).contains(&plain.abs()) => plain.to_string(),
        _ => rounded,
    }
}

/// Two numbers with as many digits as tell them apart.
pub fn apart(one: f64, other: f64) -> (String, String) {
    let both = |digits: usize| (written(one, digits), written(other, digits));
    let differing = (DIGITS..ALL_DIGITS).map(both).find(|(one, other)| one != other);
    differing.unwrap_or_else(|| both(ALL_DIGITS))
}

#[cfg(test)]
mod tests {
    use super::apart;

    #[test]
    fn different_numbers_never_look_equal() {
        assert_eq!(apart(0.5, 0.25), ("0.5".into(), "0.25".into()));
        let near = f64::from_bits(1.0f64.to_bits() + 1);
        let (one, other) = apart(1.0, near);
        assert_ne!(one, other);
        let (one, other) = apart(1.000_000_1, 1.0);
        assert!(one != other && one.len() < 16, "{one} {other}");
    }
}
