//! From a solution to marks.

use theoria_verification::evidence::ClaimEvidence;
use theoria_verification::{Budget, Effort, Settings, Verdict};

use crate::assignment::{Check, Part};
use crate::play::Student;
use crate::protocol::Fault;

/// How improbable it must be that chance decides a check.
pub const ERROR_PROBABILITY: f64 = 1e-9;

/// What a check came to.
#[derive(Debug, Clone)]
pub struct Judged {
    /// The check.
    pub check: &'static Check,
    /// Its mark.
    pub mark: Mark,
    /// What was seen; none where nothing could be.
    pub evidence: Option<ClaimEvidence>,
}

/// All points, none, or a failure that is not the student's.
#[derive(Debug, Clone, PartialEq)]
pub enum Mark {
    /// The claim is supported.
    Passed,
    /// The claim is refuted.
    Refuted,
    /// The claim is neither supported nor refuted, however many trials were made: what was measured lies too near to the edge,
    /// or is no number.
    NotShown,
    /// The solution could not be asked to the end.
    Fault(Fault),
    /// The grader failed, and why; this is no mark of the student's.
    NotGraded(String),
}

impl Judged {
    /// Whether it earns its points.
    pub fn passed(&self) -> bool {
        self.mark == Mark::Passed
    }
}

/// Settings under which chance decides nothing; `counterexamples` says whether the smallest counterexample is searched for.
pub fn settings(seed: u64, counterexamples: bool) -> Settings {
    let defaults = Settings::default();
    Settings {
        seed,
        budget: Budget::each(ERROR_PROBABILITY),
        // A student's program is asked for a whole run in each attempt.
        attempts: if counterexamples { 60 } else { 0 },
        ..defaults
    }
}

/// Judges each check of a part for which `wanted` says so, one after the other: a solution sees the same messages in the same
/// order whatever the machine. A check whose verdict is open takes four times the trials.
pub fn judge(
    part: &Part,
    student: &Student,
    settings: &Settings,
    wanted: impl Fn(&Check) -> bool + Sync,
) -> Vec<Judged> {
    one_by_one(|| {
        let theorem = (part.claims)(student);
        let examine = |check: &Check, settings: &Settings| {
            student.begins_anew();
            theorem.check_claim(check.name, settings)
        };
        let wanted = part.checks.iter().filter(|check| wanted(check));
        wanted
            .map(|check| {
                let evidence = match examine(check, settings) {
                    Some(seen) if is_open(&seen) && student.fault().is_none() => {
                        examine(check, &Settings { effort: Effort::Thorough, ..*settings })
                    }
                    other => other,
                };
                Judged { check, mark: mark(student, evidence.as_ref()), evidence }
            })
            .collect()
    })
}

/// Whether more trials might decide.
fn is_open(seen: &ClaimEvidence) -> bool {
    seen.verdict == Verdict::Inconclusive
        && seen.instances.iter().any(|instance| instance.trials.is_some())
}

/// In one thread, so that a solution is asked in the same order everywhere. Where there is no other thread to be had, in this one.
pub(crate) fn one_by_one<T: Send>(run: impl FnOnce() -> T + Send) -> T {
    match rayon::ThreadPoolBuilder::new().num_threads(1).build() {
        Ok(pool) => pool.install(run),
        Err(_) => run(),
    }
}

fn mark(student: &Student, evidence: Option<&ClaimEvidence>) -> Mark {
    let Some(evidence) = evidence else {
        return Mark::NotGraded("the assignment declares no claim of this name".into());
    };
    let failed = evidence.instances.iter().find_map(|instance| instance.panicked());
    if let Some(reason) = failed {
        return Mark::NotGraded(reason.into());
    }
    match student.fault() {
        Some(Fault::Isolation { reason }) => return Mark::NotGraded(reason),
        Some(fault) => return Mark::Fault(fault),
        None => {}
    }
    if evidence.counted().next().is_none() {
        return Mark::NotGraded("no instance satisfies the hypotheses".into());
    }
    match evidence.verdict {
        Verdict::Supported => Mark::Passed,
        Verdict::Refuted => Mark::Refuted,
        Verdict::Inconclusive => Mark::NotShown,
    }
}
