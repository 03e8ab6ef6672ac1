//! Everything that was measured and how: a file that stands on its own.
//!
//! Evidence holds no time, date, path or machine: the same seed gives the same bytes whatever the
//! number of threads. Files are JSON with a schema number; see [`store`] for how they
//! are written and read, and [`merge`](fn@merge) for how shards and runs are put together.

mod agreement;
mod explain;
mod figures;
mod json;
mod merge;
mod origin;
mod program;
mod read;
mod run;
mod seed;
mod severities;
mod share;
mod sound;
pub mod store;
mod suite;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::judgement::{OWN, TrialEvidence};
use crate::verdict::Conclusion;
use crate::{
    Constant, Content, ErrorRates, Finding, Level, Needs, Prerequisite, Role, Severity, Standing,
    ThinnedCurve, Verdict, number,
};

pub use agreement::Agreement;
pub use figures::{ComputedFigure, FigureOfClaims, Slider};
pub use merge::{Accepted, MergeError, Piece, merge};
pub use origin::{Again, Origin, Reached, Searched};
pub use program::Program;
pub use run::Run;
pub use severities::Severities;
pub use share::{Share, ShareOfClaim};
pub use suite::SuiteErrors;

/// The schema that this version writes and reads.
pub const SCHEMA: u32 = 3;

/// Evidence for one theorem.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TheoremEvidence {
    /// Schema number of the file, [`SCHEMA`].
    pub schema: u32,
    /// Version of the program that measured.
    pub version: String,
    /// The program that makes it again; none where a library was called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub program: Option<Program>,
    /// `chapter/name`.
    pub id: String,
    /// What the theorem [declared](crate::Theorem::fingerprint) when it was checked, as a hash.
    pub fingerprint: String,
    /// The statement: Markdown with LaTeX formulas between dollars.
    pub statement: String,
    /// The runs that this evidence rests on, in increasing order of seed.
    pub runs: Vec<Run>,
    /// What it is a share of, if it is that of a shard, or of some of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<Share>,
    /// The theorems that it uses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub uses: Vec<Prerequisite>,
    /// What it rests on, if it uses no other theorem and none uses it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alone: Option<String>,
    /// What an instance of one's own must provide.
    pub needs: Vec<Needs>,
    /// What claims and controls amount to together.
    pub standing: Standing,
    /// Why the worst instances that are known could not be read, if they could not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forgotten: Option<String>,
    /// Claims and controls, in the order in which the theorem declares them.
    pub claims: Vec<ClaimEvidence>,
    /// Figures of the curves of claims.
    pub figures: Vec<FigureOfClaims>,
    /// Figures of something else, computed in the run with the least seed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub computed_figures: Vec<ComputedFigure>,
}

impl TheoremEvidence {
    /// Derives the standing from the verdicts.
    pub(crate) fn conclude(&mut self) {
        self.standing = self.concluded();
    }

    /// What the verdicts amount to. A part of the evidence can refute, and nothing else.
    pub(crate) fn concluded(&self) -> Standing {
        match Standing::of(self.claims.iter().map(|claim| (claim.role, claim.verdict))) {
            Standing::Refuted => Standing::Refuted,
            _ if self.share.is_some() => Standing::Inconclusive,
            standing => standing,
        }
    }

    /// Whether it is that of some shards of a run, and others are missing.
    pub fn is_incomplete(&self) -> bool {
        self.share.is_some()
    }

    /// How often any of its claims and controls goes wrong.
    pub fn errors(&self) -> ErrorRates {
        self.claims.iter().fold(ErrorRates::NONE, |sum, claim| sum.plus(claim.errors))
    }
}

/// Evidence for one claim or control.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClaimEvidence {
    /// Name: lower case with underscores; with the theorem's id, the name of the test.
    pub name: String,
    /// Claim, or control (false on purpose).
    pub role: Role,
    /// Kind of claim: `bound`, `identity`, `exponent`, `linear rate` ...
    pub kind: String,
    /// The formula, in plain text.
    pub formula: String,
    /// For a control: the hypothesis that is broken on purpose, if it breaks one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub violates: Option<String>,
    /// The share of the suite's false-alarm budget that this claim may spend.
    #[serde(with = "number")]
    pub error_budget: f64,
    /// The verdict over all instances that count.
    pub verdict: Verdict,
    /// What the check could have seen: a tightness is that of the decisive instance, a resolution that over all
    /// instances that count.
    pub severity: Severity,
    /// For a bound: the tightness that some instance must reach, lest the claim be inconclusive.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "number::optional")]
    pub least: Option<f64>,
    /// How much the verdict may be believed: the weakest level of all instances that count.
    pub level: Level,
    /// How often the check goes wrong, on any of the instances that count.
    pub errors: ErrorRates,
    /// The instance (index into `instances`) that decided: of a claim the worst that refutes, else the one
    /// that came closest to it (a bound: the tightest); of a control the one that came least close.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decisive: Option<usize>,
    /// What was lost of the worst instances that are known, a sentence each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub forgotten: Vec<String>,
    /// Which of its instances these are, in the evidence of a shard; all if none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<ShareOfClaim>,
    /// Every instance that was drawn, also those that do not count.
    pub instances: Vec<InstanceEvidence>,
    /// For a refuted claim: a small instance that refutes it too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counterexample: Option<Box<InstanceEvidence>>,
}

impl ClaimEvidence {
    /// Derives verdict, severity and decisive instance from the findings.
    pub(crate) fn conclude(&mut self) {
        let Conclusion { verdict, severity, level, errors, decisive } = self.conclusion();
        (self.verdict, self.severity, self.decisive) = (verdict, severity, decisive);
        (self.level, self.errors) = (level, errors);
    }

    /// Of the curves those of the first of each family, of the instance that decided, and of those that stand along a
    /// slider, unless it shows something else.
    pub(crate) fn keep_curves_that_are_shown(&mut self) {
        let decisive = self.decisive;
        for (i, instance) in self.instances.iter_mut().enumerate() {
            let is_first = instance.index == 0 && instance.origin.choices().is_none();
            let is_along = instance.position.is_some() && instance.shown.is_none();
            if !is_first && !is_along && decisive != Some(i) {
                instance.curve = None;
            }
        }
    }

    /// What the findings amount to.
    fn conclusion(&self) -> Conclusion {
        let findings = self.instances.iter().map(InstanceEvidence::counted_finding);
        let mut conclusion = Conclusion::of(self.role, self.least, findings);
        // A bound a little stronger than what was found would go unnoticed by another search.
        if conclusion.verdict == Verdict::Supported && self.unconfirmed().is_some() {
            conclusion.verdict = Verdict::Inconclusive;
        }
        // What other shards have seen may say otherwise, but of a claim that is refuted.
        let refuted = self.role == Role::Claim && conclusion.verdict == Verdict::Refuted;
        if !refuted && self.share.as_ref().is_some_and(ShareOfClaim::is_part) {
            conclusion.verdict = Verdict::Inconclusive;
        }
        conclusion
    }

    /// The formula as it is to be printed: a control that breaks a hypothesis keeps the formula of the claim, and says
    /// what it does without.
    pub fn stated(&self) -> String {
        match &self.violates {
            Some(hypothesis) => format!("without {hypothesis}: {}", self.formula),
            None => self.formula.clone(),
        }
    }

    /// Why a claim that no instance contradicts is not supported: because too little could have been seen.
    pub fn unseen(&self) -> Option<String> {
        if self.role != Role::Claim || self.verdict != Verdict::Inconclusive {
            return None;
        }
        if let Some(part) = self.share.as_ref().filter(|share| share.is_part()) {
            return Some(format!("{part}: there is no verdict before all shards are merged"));
        }
        let blind =
            self.counted().filter_map(|instance| instance.finding.as_ref()).filter(|finding| {
                finding.verdict == Verdict::Supported && finding.severity == Severity::None
            });
        let contradicted = self.counted().filter_map(|instance| instance.finding.as_ref());
        let contradicted =
            contradicted.filter(|finding| finding.verdict == Verdict::Refuted).count();
        if contradicted > 0 {
            return Some(format!(
                "on {contradicted} instances the trials contradict it, but only nominally: rare trials that none of these \
                 shows may carry the mean, so that a claim is left open where a control would be refuted; tell the \
                 range or the second moment of a trial"
            ));
        }
        if let Some(instance) = self.unconfirmed() {
            return Some(format!(
                "a search of “{}” comes to {:.4} of the bound, and another one not to 95% of that: a bound that is 5% stronger \
                 would not surely be refuted",
                instance.family,
                instance.nearness().unwrap_or(0.0)
            ));
        }
        let tightness = self
            .counted()
            .filter_map(|instance| instance.finding.as_ref()?.severity.tightness())
            .reduce(f64::max);
        match (self.least, tightness, blind.count()) {
            (_, _, blind) if blind > 0 => Some(format!(
                "on {blind} instances nothing could have been seen: the check is below its rounding floor"
            )),
            (Some(least), tightness, _) if tightness.is_none_or(|seen| seen < least) => {
                Some(format!(
                    "the bound is seen to {:.4} and not to {least}: its constant could be smaller by that factor",
                    tightness.unwrap_or(0.0)
                ))
            }
            _ => None,
        }
    }

    /// On how many instances the verdict is what the verdict on the claim says.
    pub fn agreement(&self) -> Agreement {
        let said = match (self.verdict, self.role) {
            (Verdict::Inconclusive, Role::Claim) => Verdict::Supported,
            (Verdict::Inconclusive, Role::Control) => Verdict::Refuted,
            (verdict, _) => verdict,
        };
        let findings = || self.instances.iter().filter_map(InstanceEvidence::counted_finding);
        let counted = findings().count();
        Agreement {
            said,
            on: findings().filter(|finding| finding.verdict == said).count(),
            counted,
            left_out: self.instances.len() - counted,
        }
    }

    /// Whether the verdict is the one that the theorem needs: support for a claim, refutation for
    /// a control.
    pub fn as_expected(&self) -> bool {
        match self.role {
            Role::Claim => self.verdict == Verdict::Supported,
            Role::Control => self.verdict == Verdict::Refuted,
        }
    }

    /// The instance that decided.
    pub fn decisive_instance(&self) -> Option<&InstanceEvidence> {
        self.instances.get(self.decisive?)
    }

    /// The instances that count: those that satisfy the hypotheses.
    pub fn counted(&self) -> impl Iterator<Item = &InstanceEvidence> {
        self.instances.iter().filter(|instance| instance.counts)
    }

    /// Whether the numbers that are shown contradict it: also where they do so only nominally, and leave a claim open.
    pub fn is_exceeded(&self) -> bool {
        let finding = self.decisive_instance().and_then(|instance| instance.finding.as_ref());
        finding.is_some_and(|finding| finding.verdict == Verdict::Refuted)
    }

    /// Whether its predictions are the least that may be measured.
    pub fn is_lower_bound(&self) -> bool {
        matches!(self.kind.as_str(), "lower bound" | "expected lower bound")
    }

    /// Whether its predictions are the most that may be measured.
    pub fn is_upper_bound(&self) -> bool {
        matches!(self.kind.as_str(), "bound" | "expected bound")
    }

    /// What was shown of a claim on trials that is supported, with its margin: `E Z ≤ 1.1 × predicted`.
    pub fn shown(&self) -> Option<String> {
        let trials = self.decisive_instance()?.trials.as_ref()?;
        (self.verdict == Verdict::Supported).then(|| trials.judgement.shown())
    }

    /// Whether it was judged by a rule of its author's own, which whoever reads the evidence cannot apply again.
    pub fn is_judged_by_a_rule_of_its_own(&self) -> bool {
        self.kind.starts_with(OWN)
    }

    /// Whether a constant that was only estimated entered an instance that counts.
    pub fn relies_on_estimates(&self) -> bool {
        self.counted()
            .flat_map(|instance| &instance.constants)
            .any(|constant| constant.provenance == crate::Provenance::Estimated)
    }
}

/// What was seen on one instance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InstanceEvidence {
    /// The family it was drawn from.
    pub family: String,
    /// Its number in the family, from 0.
    pub index: usize,
    /// The seed it was drawn with.
    #[serde(with = "seed")]
    pub seed: u64,
    /// How it was come by.
    #[serde(default, skip_serializing_if = "Origin::is_drawn")]
    pub origin: Origin,
    /// What kind it is, as its draw says.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
    /// What it is, in words.
    pub description: String,
    /// Its constants.
    pub constants: Vec<Constant>,
    /// Its hypotheses and how each came out.
    pub hypotheses: Vec<HypothesisEvidence>,
    /// Whether it satisfies all of them (a control: all but the one it violates on purpose).
    pub counts: bool,
    /// Whether the bound is claimed to be attained on it, and to what ratio.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attained: Option<f64>,
    /// Whether what was measured was computed in higher precision, since a search had found it near its bound.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub in_higher_precision: bool,
    /// Where it stands along a slider, if its family is along one.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "number::optional")]
    pub position: Option<f64>,
    /// What the slider shows there, where that is not the curve.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown: Option<Content>,
    /// A picture of what was run on it, if a search has found it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<ComputedFigure>,
    /// The verdict; none where a hypothesis fails, since then nothing is judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finding: Option<Finding>,
    /// The trials of a stochastic experiment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trials: Option<TrialEvidence>,
    /// The curve, thinned; kept for the first of each family, for the decisive instance, and along sliders.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub curve: Option<ThinnedCurve>,
}

/// How the note of a finding begins whose experiment panicked.
pub(crate) const PANICKED: &str = "the experiment panicked: ";

impl InstanceEvidence {
    /// What its experiment said when it panicked, if it did: then nothing was found out, for which what was measured cannot be blamed.
    pub fn panicked(&self) -> Option<&str> {
        self.finding.as_ref()?.note.as_deref()?.strip_prefix(PANICKED)
    }

    /// The finding, if the instance counts.
    fn counted_finding(&self) -> Option<&Finding> {
        self.finding.as_ref().filter(|_| self.counts)
    }
}

/// How a hypothesis came out on an instance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HypothesisEvidence {
    /// Name of the hypothesis.
    pub name: String,
    /// Whether the instance satisfies it.
    pub satisfied: bool,
    /// How it was checked and what was seen; why it holds, if it does by construction.
    pub detail: String,
    /// Whether it holds by construction, so that nothing was looked at.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_construction: bool,
}
