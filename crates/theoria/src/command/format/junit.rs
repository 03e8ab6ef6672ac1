//! JUnit's XML.

use std::time::Duration;

use quick_junit::{NonSuccessKind, Report, SerializeError, TestCase, TestCaseStatus, TestSuite};
use theoria_verification::evidence::{ClaimEvidence, InstanceEvidence, Run, TheoremEvidence};
use theoria_verification::{Role, Standing, Verdict};

use super::Ended;
use crate::command::catalogue::Catalogue;

/// A suite a theorem, a case a claim or control. What came out otherwise than the theorem needs is a failure, whose type is the
/// verdict; an experiment that panicked is an error.
pub(super) fn text(catalogue: &Catalogue, ended: &Ended<'_>) -> Result<String, SerializeError> {
    let mut report = Report::new(catalogue.name());
    for theorem in ended.evidence {
        report.add_test_suite(suite(theorem, ended));
    }
    report.to_string()
}

fn suite(theorem: &TheoremEvidence, ended: &Ended<'_>) -> TestSuite {
    let mut suite = TestSuite::new(theorem.id.as_str());
    if let Some(seconds) = ended.seconds.get(&theorem.id) {
        suite.set_time(Duration::try_from_secs_f64(*seconds).unwrap_or_default());
    }
    let run = theorem.runs.first().cloned().unwrap_or_else(|| Run::with(ended.settings));
    suite.add_property(("seed", run.seed.to_string().as_str()));
    suite.add_property(("effort", run.effort.to_string().as_str()));
    let reproduces = theorem.reproduction(&run);
    for claim in &theorem.claims {
        let mut case = TestCase::new(name(claim), status(claim, &reproduces));
        case.set_classname(theorem.id.replace('/', "."));
        case.set_assertions(claim.counted().count());
        suite.add_test_case(case);
    }
    // What has no claim that fails, and does not hold: it claims nothing.
    if theorem.standing != Standing::Holds && theorem.claims.iter().all(ClaimEvidence::as_expected)
    {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        status.set_type(theorem.standing.to_string());
        suite.add_test_case(TestCase::new("the theorem as a whole", status));
    }
    suite
}

fn name(claim: &ClaimEvidence) -> String {
    match claim.role {
        Role::Claim => claim.name.clone(),
        Role::Control => format!("{} (false on purpose)", claim.name),
    }
}

fn status(claim: &ClaimEvidence, reproduces: &str) -> TestCaseStatus {
    if claim.as_expected() {
        return TestCaseStatus::success();
    }
    let panicked = claim.instances.iter().find_map(InstanceEvidence::panicked);
    let kind = if panicked.is_some() { NonSuccessKind::Error } else { NonSuccessKind::Failure };
    let mut status = TestCaseStatus::non_success(kind);
    let needed = match claim.role {
        Role::Claim => Verdict::Supported,
        Role::Control => Verdict::Refuted,
    };
    status.set_type(claim.verdict.to_string());
    status.set_message(format!("{} instead of {needed}: {}", claim.verdict, claim.stated()));
    status.set_description(claim.explain(reproduces));
    status
}
