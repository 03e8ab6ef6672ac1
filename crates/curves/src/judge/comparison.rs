//! Two groups at one step.

use statrs::distribution::{ContinuousCDF, StudentsT};
use theoria_verification::statistics::{SampleMoments, student_quantile};
use theoria_verification::{ErrorRates, Finding, Level, Severity, Verdict};

use super::answer::{blank, open};
use super::claim::{Comparison, Terms};
use super::digits::short;
use crate::Run;

/// A run's step may be off by this share of the one that is asked for, unless said otherwise.
const NEAR: f64 = 0.01;

/// Whether the first group is lower than the second: by Welch's test of the logarithms, or of the values where some are not positive.
/// A run that has diverged counts as higher than all others.
pub(super) fn judge(lower: &[&Run], higher: &[&Run], claim: &Comparison, terms: Terms) -> Finding {
    let within = claim.within.unwrap_or(NEAR * claim.at.abs());
    let read = |runs: &[&Run]| -> Result<Vec<f64>, String> {
        runs.iter().map(|run| value_near(run, claim.at, within)).collect()
    };
    let (a, b) = match (read(lower), read(higher)) {
        (Ok(a), Ok(b)) => (a, b),
        (Err(reason), _) | (_, Err(reason)) => return open(reason),
    };
    let pairs = a.iter().flat_map(|x| b.iter().map(move |y| (x, y)));
    let wins: f64 = pairs
        .map(|(x, y)| {
            if x < y {
                1.0
            } else if x == y {
                0.5
            } else {
                0.0
            }
        })
        .sum();
    let share = wins / (a.len() * b.len()) as f64;
    let seen = format!("in {:.0}% of the pairs of runs {} is lower", 100.0 * share, claim.lower);
    // As they are tested: of logarithms where there are any.
    let logarithms = a.iter().chain(&b).all(|v| *v > 0.0 && v.is_finite());
    let mean = |values: &[f64]| {
        let n = values.len() as f64;
        if logarithms {
            (values.iter().map(|v| v.ln()).sum::<f64>() / n).exp()
        } else {
            values.iter().sum::<f64>() / n
        }
    };
    let undecided = |note: String| Finding {
        at: claim.at,
        measured: mean(&a),
        predicted: mean(&b),
        level: Level::Nominal,
        ..open(note)
    };
    if a.len() < 2 || b.len() < 2 {
        return undecided(format!(
            "{seen}; one run of a group does not say how runs of it vary: two at least are needed, three are better"
        ));
    }
    if a.iter().chain(&b).any(|v| !v.is_finite()) {
        return undecided(format!("{seen}; runs that diverged have no mean"));
    }
    let scaled = |values: &[f64]| -> SampleMoments {
        let all: Vec<f64> = values.iter().map(|v| if logarithms { v.ln() } else { *v }).collect();
        SampleMoments::of(&all)
    };
    let (of_a, of_b) = (scaled(&a), scaled(&b));
    let [va, vb] =
        [(&of_a, a.len()), (&of_b, b.len())].map(|(moments, n)| moments.variance() / n as f64);
    let difference = of_b.mean() - of_a.mean();
    let error = (va + vb).sqrt();
    if error == 0.0 {
        return undecided(format!(
            "{seen}; runs of a group do not vary, which says nothing of others: are they copies?"
        ));
    }
    // Welch 1947; degrees of freedom by Satterthwaite.
    let degrees =
        (va + vb).powi(2) / (va * va / (a.len() as f64 - 1.0) + vb * vb / (b.len() as f64 - 1.0));
    let half = error * student_quantile(degrees, terms.error);
    let opposite =
        StudentsT::new(0.0, 1.0, degrees).map_or(1.0, |law| law.sf(difference.abs() / error));
    let verdict = match difference {
        d if d > half => Verdict::Supported,
        d if d < -half => Verdict::Refuted,
        _ => Verdict::Inconclusive,
    };
    let kind = if logarithms { "geometric means" } else { "means" };
    let open = if verdict == Verdict::Inconclusive { "; more runs would tell" } else { "" };
    Finding {
        verdict,
        level: Level::Nominal,
        at: claim.at,
        measured: mean(&a),
        predicted: mean(&b),
        severity: Severity::Resolution(half),
        closeness: (1.0 - difference / half).max(0.0),
        errors: ErrorRates::both(terms.error),
        rests_on: Some(
            if logarithms {
                "runs that are independent, with logarithms that vary like normal numbers"
            } else {
                "runs that are independent and vary like normal numbers"
            }
            .into(),
        ),
        note: Some(format!(
            "{} against {}, {kind} over {} and {} runs; {seen}; the opposite shows such a difference with probability {opposite:.1e}{open}",
            short(mean(&a)),
            short(mean(&b)),
            a.len(),
            b.len()
        )),
        ..blank()
    }
}

/// The value at the step nearest to this one, infinite where the run has diverged by then.
fn value_near(run: &Run, at: f64, within: f64) -> Result<f64, String> {
    if run.diverged.is_some_and(|step| step <= at) {
        return Ok(f64::INFINITY);
    }
    let nearest = run
        .steps
        .iter()
        .zip(&run.values)
        .min_by(|(m, _), (n, _)| (*m - at).abs().total_cmp(&(*n - at).abs()));
    match nearest {
        Some((n, value)) if (n - at).abs() <= within => Ok(*value),
        Some((n, _)) => Err(format!(
            "{} has no value at n = {at}: its nearest step is {n}; --within {} allows that",
            run.name,
            (n - at).abs()
        )),
        None => Err(format!("{} has no value", run.name)),
    }
}
