//! What follows from something else in evidence is derived again, and must be what was recorded.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::evidence::{ClaimEvidence, InstanceEvidence, Origin, Run, TheoremEvidence};
use crate::judgement::Kind;
use crate::theorem::{MOST_PREREQUISITES, TheoremId, is_identifier};
use crate::verdict::Conclusion;
use crate::{Finding, ThinnedCurve, Verdict};

/// How far two machines may differ in what they compute from the same records, relatively.
const ROUNDING: f64 = 1e-6;

/// Constants that are sizes: no negative number is one.
const SIZES: [&str; 10] = ["L", "L∞", "max L_i", "σ", "σ²", "G", "G²", "R", "n", "d"];

/// A search keeps no more records.
const MOST_KEPT: usize = 64;
/// So many instances of a family fit into no file.
const MOST_INSTANCES: usize = 1 << 30;

impl TheoremEvidence {
    /// Derives findings on trials from their records, what counts from the hypotheses, verdicts from findings, the
    /// standing from verdicts; holds findings on curves against what is kept of the curves. An error says what was recorded otherwise, or cannot be.
    pub(super) fn derive_again(&mut self) -> Result<(), String> {
        ensure(TheoremId::parse(&self.id).is_some(), || {
            format!("{:?} is no id of a theorem (chapter/name in lower case)", self.id)
        })?;
        if let Some(program) = &self.program {
            ensure(program.is_sound(), || "the name of its program is none".into())?;
        }
        ensure(!self.runs.is_empty(), || "it names no run".into())?;
        self.fault_of_share().map_or(Ok(()), Err)?;
        self.fault_of_uses().map_or(Ok(()), Err)?;
        let seeds: BTreeSet<u64> = self.runs.iter().map(|run| run.seed).collect();
        for number in 0..self.claims.len() {
            let (before, rest) = self.claims.split_at_mut(number);
            let claim = &mut rest[0];
            ensure(is_identifier(&claim.name), || {
                format!("{:?} is no name of a claim (lower case with underscores)", claim.name)
            })?;
            ensure(before.iter().all(|other| other.name != claim.name), || {
                format!("two claims are called {}", claim.name)
            })?;
            claim.derive_again(&seeds).map_err(|why| format!("claim {}: {why}", claim.name))?;
        }
        let standing = self.concluded();
        ensure(standing == self.standing, || {
            format!(
                "its standing is recorded as {}, but its verdicts say {standing}",
                self.standing
            )
        })
    }

    /// Theorems that it cannot use.
    fn fault_of_uses(&self) -> Option<String> {
        if self.uses.len() > MOST_PREREQUISITES {
            return Some(format!("it uses {} theorems, more than one can", self.uses.len()));
        }
        if self.alone.is_some() && !self.uses.is_empty() {
            return Some("it says to stand alone, and uses other theorems".into());
        }
        let mut known = BTreeSet::from([&self.id]);
        let fault =
            |id: &str| format!("it uses {id:?}: no id of a theorem, itself, or there twice");
        let mut uses = self.uses.iter().map(|used| &used.theorem);
        uses.find(|id| TheoremId::parse(id).is_none() || !known.insert(id)).map(|id| fault(id))
    }

    /// Shards that cannot be, or shares of none.
    fn fault_of_share(&self) -> Option<String> {
        let shards = || self.runs.iter().filter_map(|run| run.shard);
        if let Some(shard) = shards().find(|shard| !shard.is_sound()) {
            return Some(format!("shard {} of {} (from 0) is none", shard.index, shard.of));
        }
        let is_share = self.share.is_some();
        if self.runs.iter().any(|run| run.shard.is_some() != is_share) {
            return Some(
                "it names shards, and says of no share what it is of, or the other way round"
                    .into(),
            );
        }
        let kind = |run: &Run| (run.seed, run.effort, run.shard.map(|shard| shard.of));
        if is_share && self.runs.iter().any(|run| kind(run) != kind(&self.runs[0])) {
            return Some("its shards are of different runs".into());
        }
        if !self.runs.is_sorted_by(|a, b| a < b) {
            return Some("its runs are not in order, or one is there twice".into());
        }
        self.claims.iter().find_map(|claim| match &claim.share {
            Some(share) => share.fault(claim).map(|why| format!("claim {}: {why}", claim.name)),
            None => is_share.then(|| format!("claim {}: its share is missing", claim.name)),
        })
    }
}

impl ClaimEvidence {
    fn derive_again(&mut self, seeds: &BTreeSet<u64>) -> Result<(), String> {
        let kind = Kind::named(&self.kind)
            .ok_or_else(|| format!("its kind, {:?}, is none that is judged", self.kind))?;
        ensure(self.error_budget > 0.0 && self.error_budget < 1.0, || {
            format!("an error budget of {} is none", self.error_budget)
        })?;
        let Conclusion { verdict, severity, level, errors, decisive } = self.conclusion();
        ensure(verdict == self.verdict, || {
            format!("its verdict is recorded as {}, but its findings say {verdict}", self.verdict)
        })?;
        let recorded = (self.severity, self.level, self.errors);
        ensure(same(&(severity, level, errors), &recorded), || {
            "its severity, level or error rates are not those of its findings".into()
        })?;
        ensure(decisive == self.decisive, || {
            "another instance decided than the one that is recorded".into()
        })?;
        let mut known = BTreeSet::new();
        for instance in &self.instances {
            ensure(
                known.insert((
                    &instance.family,
                    instance.origin.rank(),
                    instance.index,
                    instance.seed,
                )),
                || {
                    format!(
                        "{} {} of seed {} is there more than once",
                        instance.family,
                        instance.index.saturating_add(1),
                        instance.seed
                    )
                },
            )?;
        }
        let (name, violates, budget) = (&self.kind, self.violates.as_deref(), self.error_budget);
        for instance in self.instances.iter_mut().chain(self.counterexample.as_deref_mut()) {
            let told =
                |why| format!("{} {}: {why}", instance.family, instance.index.saturating_add(1));
            ensure(seeds.contains(&instance.seed), || "no run has its seed".into())
                .map_err(told)?;
            instance.derive_again((kind, name), violates, budget).map_err(|why| {
                format!("{} {}: {why}", instance.family, instance.index.saturating_add(1))
            })?;
        }
        let refutes = |instance: &InstanceEvidence| {
            instance.finding.as_ref().is_some_and(|finding| finding.verdict == Verdict::Refuted)
        };
        ensure(self.counterexample.as_deref().is_none_or(refutes), || {
            "its counterexample refutes nothing".into()
        })?;
        let unseen = self.decisive_instance().filter(|instance| {
            let said = |f: &Finding| f.verdict != Verdict::Inconclusive;
            instance.curve.is_none() && instance.finding.as_ref().is_some_and(said)
        });
        ensure(unseen.is_none() || !kind.is_on_curves(), || {
            "the curve of the instance that decided is missing".into()
        })?;
        self.conclude();
        Ok(())
    }
}

impl InstanceEvidence {
    fn derive_again(
        &mut self,
        (kind, name): (Kind, &str),
        violates: Option<&str>,
        budget: f64,
    ) -> Result<(), String> {
        ensure(self.index < MOST_INSTANCES, || "no family has so many instances".into())?;
        let broken_as_meant = |name: &str, satisfied: bool| satisfied != (violates == Some(name));
        let counts =
            self.hypotheses.iter().all(|check| broken_as_meant(&check.name, check.satisfied));
        ensure(counts == self.counts, || {
            let counted = |counts| if counts { "counts" } else { "does not count" };
            format!(
                "it is recorded that it {}, but by its hypotheses it {}",
                counted(self.counts),
                counted(counts)
            )
        })?;
        ensure(self.finding.is_some() == counts, || {
            "it has a finding if and only if it counts".into()
        })?;
        if let Origin::Searched(searched) = &self.origin {
            ensure(
                searched.drawn.len() <= MOST_KEPT && searched.course.len() <= MOST_KEPT,
                || "its search keeps more than a search does".into(),
            )?;
        }
        for constant in &self.constants {
            let is_size = SIZES.contains(&&*constant.name);
            let is_none = constant.value.is_nan() || (is_size && constant.value < 0.0);
            ensure(!is_none, || format!("its constant {} is {}", constant.name, constant.value))?;
        }
        ensure(
            self.position.is_none_or(|at| at.is_finite() && self.origin == Origin::Listed),
            || "it stands along a slider, but is none of a list, or stands nowhere".into(),
        )?;
        ensure(self.shown.is_none() || self.position.is_some(), || {
            "something is shown of it, but it stands along no slider".into()
        })?;
        if let Some(curve) = &self.curve {
            curve.derive_again()?;
        }
        if let Some(finding) = &self.finding {
            let kept = self.curve.as_ref().map(ThinnedCurve::kept);
            kind.examine(finding, self.attained, kept.as_ref())?;
            let said_without_trials = kind == Kind::Trials
                && self.trials.is_none()
                && finding.verdict != Verdict::Inconclusive;
            ensure(!said_without_trials, || {
                format!("it is {}, but its trials are missing", finding.verdict)
            })?;
            let contradicted =
                finding.verdict == Verdict::Supported && finding.first_violation.is_some();
            ensure(!contradicted, || "it is supported, and yet has a violation".into())?;
        }
        let Some(trials) = &self.trials else {
            return Ok(());
        };
        let Some(recorded) = &self.finding else {
            return Err("it has trials, but does not count".into());
        };
        trials.fault().map_or(Ok(()), Err)?;
        ensure(trials.judgement.kind() == name, || {
            format!(
                "its trials are judged as {}, the claim is of the kind {name}",
                trials.judgement.kind()
            )
        })?;
        ensure(trials.alpha <= budget * (1.0 + ROUNDING), || {
            format!("it spends {} of an error budget of {budget}", trials.alpha)
        })?;
        let derived = trials.judge();
        ensure(derived.verdict == recorded.verdict, || {
            format!(
                "its verdict is recorded as {}, but its trials say {}",
                recorded.verdict, derived.verdict
            )
        })?;
        ensure(numbers(&derived).zip(numbers(recorded)).all(|(a, b)| close(a, b)), || {
            "its finding has other numbers than its trials".into()
        })?;
        self.finding = Some(derived);
        if self.curve.is_some() {
            self.curve = Some(trials.curve());
        }
        Ok(())
    }
}

impl ThinnedCurve {
    fn derive_again(&self) -> Result<(), String> {
        let lengths = [&self.measured, &self.uncertainty, &self.predicted].map(Vec::len);
        ensure(lengths.iter().all(|length| *length == self.x.len()), || {
            format!("its curve has {} abscissae and {lengths:?} values", self.x.len())
        })
    }
}

fn numbers(finding: &Finding) -> impl Iterator<Item = f64> {
    [finding.at, finding.measured, finding.predicted].into_iter()
}

fn close(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits()
        || (a.is_nan() && b.is_nan())
        || (a - b).abs() <= ROUNDING * a.abs().max(b.abs())
}

/// NaN is the same as itself here.
fn same<T: Serialize>(a: &T, b: &T) -> bool {
    matches!((serde_json::to_string(a), serde_json::to_string(b)), (Ok(a), Ok(b)) if a == b)
}

fn ensure(holds: bool, why_not: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(why_not()) }
}
