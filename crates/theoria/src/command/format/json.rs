//! JSON: what the table of verdicts shows, and why what failed did.

use serde::Serialize;
use theoria_verification::evidence::{ClaimEvidence, Run, SuiteErrors, TheoremEvidence};
use theoria_verification::{ErrorRates, Finding, Level, Role, Severity, Standing, Verdict};

use super::Ended;
use crate::command::catalogue::Catalogue;

/// The number of the form of this object: what is added does not change it, what means something else does.
const SCHEMA: u32 = 1;

#[derive(Serialize)]
struct Summary<'a> {
    schema: u32,
    program: &'a str,
    version: &'static str,
    /// In quotes, since many readers round whole numbers beyond 2^53.
    seed: String,
    effort: String,
    /// The folder of the evidence.
    evidence: String,
    /// Whether every theorem holds: then the exit code is 0.
    holds: bool,
    errors: Errors,
    theorems: Vec<Theorem<'a>>,
}

/// Bounds on the probabilities of any wrong verdict in this run.
#[derive(Serialize)]
struct Errors {
    proved: ErrorRates,
    nominal: ErrorRates,
}

#[derive(Serialize)]
struct Theorem<'a> {
    id: &'a str,
    standing: Standing,
    seconds: Option<f64>,
    reproduces: String,
    claims: Vec<Claim<'a>>,
}

#[derive(Serialize)]
struct Claim<'a> {
    name: &'a str,
    role: Role,
    kind: &'a str,
    formula: String,
    verdict: Verdict,
    as_expected: bool,
    level: Level,
    severity: Severity,
    /// How many of the instances that count say what the verdict says.
    agreeing: usize,
    counted: usize,
    left_out: usize,
    /// On the instance that decided.
    finding: Option<&'a Finding>,
    /// Of a claim or control that came out otherwise than the theorem needs.
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<String>,
}

pub(super) fn text(catalogue: &Catalogue, ended: &Ended<'_>) -> Result<String, serde_json::Error> {
    let SuiteErrors { proved, nominal } = SuiteErrors::of(ended.evidence);
    serde_json::to_string_pretty(&Summary {
        schema: SCHEMA,
        program: catalogue.name(),
        version: env!("CARGO_PKG_VERSION"),
        seed: ended.settings.seed.to_string(),
        effort: ended.settings.effort.to_string(),
        evidence: ended.folder.display().to_string(),
        holds: ended.evidence.iter().all(|it| it.standing == Standing::Holds),
        errors: Errors { proved, nominal },
        theorems: ended.evidence.iter().map(|it| theorem(it, ended)).collect(),
    })
}

fn theorem<'a>(evidence: &'a TheoremEvidence, ended: &Ended<'_>) -> Theorem<'a> {
    let run = evidence.runs.first().cloned().unwrap_or_else(|| Run::with(ended.settings));
    let reproduces = evidence.reproduction(&run);
    Theorem {
        id: &evidence.id,
        standing: evidence.standing,
        seconds: ended.seconds.get(&evidence.id).copied(),
        claims: evidence.claims.iter().map(|it| claim(it, &reproduces)).collect(),
        reproduces,
    }
}

fn claim<'a>(evidence: &'a ClaimEvidence, reproduces: &str) -> Claim<'a> {
    let agreement = evidence.agreement();
    Claim {
        name: &evidence.name,
        role: evidence.role,
        kind: &evidence.kind,
        formula: evidence.stated(),
        verdict: evidence.verdict,
        as_expected: evidence.as_expected(),
        level: evidence.level,
        severity: evidence.severity,
        agreeing: agreement.on,
        counted: agreement.counted,
        left_out: agreement.left_out,
        finding: evidence.decisive_instance().and_then(|instance| instance.finding.as_ref()),
        explanation: (!evidence.as_expected()).then(|| evidence.explain(reproduces)),
    }
}
