//! Two groups at one step.

use statrs::distribution::{ContinuousCDF, StudentsT};
use theoria_verification::statistics::{SampleMoments, student_quantile};
use theoria_verification::{ErrorRates, Finding, Level, Severity, Verdict};

use super::answer::{blank, open};
use super::claim::{Comparison, Terms};
use super::digits::short;
use super::ranks;
use super::sentences::{BETWEEN, named};
use crate::Run;

/// A run's step may be off by this share of the one that is asked for, unless said otherwise.
const NEAR: f64 = 0.01;

/// Whether the first group is lower than the second: by Welch's test of the logarithms, or of the values where some are not positive, and by the
/// order of the runs, since Welch's test alone is wrong more often than it says where laws are skewed and groups of different sizes. Of
/// groups so small that no order says enough the best one is asked for. A run that has diverged counts as higher than all others.
pub(super) fn judge(lower: &[&Run], higher: &[&Run], claim: &Comparison, terms: Terms) -> Finding {
    let within = claim.within.unwrap_or(NEAR * claim.at.abs());
    let read = |runs: &[&Run]| -> Result<Vec<f64>, String> {
        runs.iter().map(|run| value_near(run, claim.at, within)).collect()
    };
    let (a, b) = match (read(lower), read(higher)) {
        (Ok(a), Ok(b)) => (a, b),
        (Err(reason), _) | (_, Err(reason)) => return open(reason),
    };
    let pairs = || a.iter().flat_map(|x| b.iter().map(move |y| (x, y)));
    let all = a.len() * b.len();
    let won = pairs().filter(|(x, y)| x < y).count();
    let lost = pairs().filter(|(x, y)| x > y).count();
    let share = (won as f64 + 0.5 * (all - won - lost) as f64) / all as f64;
    let name = named(&claim.lower);
    let seen = format!("in {:.0}% of the pairs of runs {name} is lower", 100.0 * share);
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
    let order = Order::of((a.len(), b.len()), won.max(lost), terms.error);
    let by_means = match difference {
        d if d > half => Verdict::Supported,
        d if d < -half => Verdict::Refuted,
        _ => Verdict::Inconclusive,
    };
    let agrees = (by_means == Verdict::Supported) == (won > lost) && order.says_it;
    let verdict = if agrees { by_means } else { Verdict::Inconclusive };
    let kind = if logarithms { "geometric means" } else { "means" };
    let mut notes = vec![
        format!(
            "{} against {}, {kind} over {} and {} runs",
            short(mean(&a)),
            short(mean(&b)),
            a.len(),
            b.len()
        ),
        seen,
        format!("the opposite shows such a difference with probability {opposite:.1e}"),
    ];
    notes.extend(order.told);
    match (by_means, verdict) {
        (Verdict::Inconclusive, _) => notes.push("more runs would tell".into()),
        (_, Verdict::Inconclusive) => {
            notes.push(
                "the order of the runs leaves open what their means say: more would tell".into(),
            );
        }
        _ => {}
    }
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
        note: Some(notes.join(BETWEEN)),
        ..blank()
    }
}

/// What the order of the runs says, whatever the law of both groups.
struct Order {
    says_it: bool,
    told: Vec<String>,
}

impl Order {
    /// Of groups of these sizes, with so many pairs of runs in the order that prevails.
    fn of((n, m): (usize, usize), pairs: usize, error: f64) -> Order {
        let (chance, least) = (ranks::probability(n, m, pairs), ranks::apart(n, m));
        let mut told =
            vec![format!("runs of one law have such an order with probability {chance:.1e}")];
        if pairs == n * m {
            let few = n.min(m) as i32;
            told.push(format!(
                "groups of any laws, none lower than the other, are so apart with probability {:.1e} at most",
                0.5f64.powi(few)
            ));
        }
        if least > error {
            let enough = ranks::enough(error);
            told.push(format!(
                "so few runs rest on the normal law: {enough} and {enough} could do without for an error of {error}"
            ));
        }
        Order { says_it: chance <= least.max(error) * (1.0 + 1e-9), told }
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
            named(&run.name),
            (n - at).abs()
        )),
        None => Err(format!("{} has no value", named(&run.name))),
    }
}
