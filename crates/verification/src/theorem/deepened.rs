//! More trials for evidence that there is.

use std::sync::Arc;

use rayon::prelude::*;

use super::Theorem;
use crate::claim::{Member, deepened};
use crate::evidence::{ClaimEvidence, InstanceEvidence, TheoremEvidence};
use crate::journal::Page;
use crate::memory::Remembered;
use crate::{Journal, Settings};

/// Why trials cannot be added to evidence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DeepenError {
    /// It was made for something else.
    #[error(
        "it is evidence for another theorem, or for {id} as it was declared before: check the theorem again"
    )]
    AnotherTheorem {
        /// Id of the theorem.
        id: String,
    },
    /// Several runs are merged in it.
    #[error("{runs} runs of {id} are merged in it: deepen the evidence of one run")]
    SeveralRuns {
        /// Id of the theorem.
        id: String,
        /// How many.
        runs: usize,
    },
    /// The experiment has changed since.
    #[error("{id}: {what}: check the theorem again with this build")]
    AnotherExperiment {
        /// Id of the theorem.
        id: String,
        /// Which claim and instance, and what is different.
        what: String,
    },
}

impl TheoremEvidence {
    /// Whether more trials may decide what those that there are do not.
    pub fn is_open(&self) -> bool {
        self.claims.iter().flat_map(ClaimEvidence::counted).any(InstanceEvidence::is_open)
    }
}

impl Theorem {
    /// The same evidence with as many trials again on each instance whose trials have not decided, from the same streams:
    /// nothing begins anew. Proofs by betting go on as they are, for they hold at any time and spend no more than they
    /// did. All else looks once after each deepening: the first may spend a half of what was planned for the instance,
    /// the second a quarter, and so on, so that all of them together spend it once more and no more. The error budget
    /// and the error rates that are recorded say so.
    ///
    /// The settings are those of the run, of which only budget and attempts are not in the evidence.
    ///
    /// # Errors
    /// If it is evidence for another theorem, of several runs, or of experiments that are others by now.
    ///
    /// ```
    /// use rand::RngExt;
    /// use theoria_verification::{Case, Claim, Family, Settings, Side, Theorem, Verdict};
    /// let close = Claim::probability("half", "P(U < 0.5) = 0.5", Side::Within(0.03))
    ///     .on(Family::cases("uniform", [0.5], |edge| format!("below {edge}")))
    ///     .sampling(|case, block| block.each_event(1, |random| random.random::<f64>() < case.value))
    ///     .trials(4096)
    ///     .predicting(|_, _| 0.5);
    /// let theorem = Theorem::new("examples/half", "# Half").claim(close);
    /// let settings = Settings::default();
    /// let mut evidence = theorem.check(&settings);
    /// assert_eq!(evidence.claims[0].verdict, Verdict::Inconclusive);
    /// while evidence.is_open() {
    ///     evidence = theorem.deepened(&evidence, &settings, None)?;
    /// }
    /// assert_eq!(evidence.claims[0].verdict, Verdict::Supported);
    /// # Ok::<(), theoria_verification::DeepenError>(())
    /// ```
    pub fn deepened(
        &self,
        evidence: &TheoremEvidence,
        settings: &Settings,
        journal: Option<Arc<dyn Journal>>,
    ) -> Result<TheoremEvidence, DeepenError> {
        let id = || self.id.to_string();
        if evidence.id != id()
            || evidence.fingerprint != self.fingerprint()
            || evidence.claims.len() != self.claims.len()
        {
            return Err(DeepenError::AnotherTheorem { id: id() });
        }
        let [run] = &evidence.runs[..] else {
            return Err(DeepenError::SeveralRuns { id: id(), runs: evidence.runs.len() });
        };
        let settings =
            Settings { seed: run.seed, effort: run.effort, shard: run.shard, ..*settings };
        let stream = self.stream(&settings);
        let page = journal.map_or_else(Page::default, Page::of);
        let claims = self.claims.par_iter().zip(&evidence.claims).enumerate();
        let claims = claims.map(|(number, ((role, claim), found))| {
            let remembered: Vec<Remembered> = self.remembered_of(claim.header().name);
            let member = Member { role: *role, claim: &**claim, remembered: &remembered };
            let page = page.part("deepened").part(number);
            let deepened = deepened(member, found, &stream, &settings, &page);
            deepened.map_err(|what| DeepenError::AnotherExperiment { id: id(), what })
        });
        let claims: Vec<Option<ClaimEvidence>> = claims.collect::<Result<_, _>>()?;
        let mut union = evidence.clone();
        if claims.iter().any(Option::is_some) {
            union.runs[0].deepened = run.deepened.saturating_add(1);
        }
        for (known, more) in union.claims.iter_mut().zip(claims) {
            if let Some(more) = more {
                *known = more;
            }
        }
        union.conclude();
        Ok(union)
    }
}
