//! Curves from elsewhere, held against a claim.

use super::{Claim, Experiment, caught};
use crate::{Draw, Finding, Instance, Readings, Stream};

/// Why readings from elsewhere cannot be judged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JudgeError {
    /// The theorem has no claim of this name.
    #[error("{theorem} has no claim {claim}; it has {}", .known.join(", "))]
    UnknownClaim {
        /// Id of the theorem.
        theorem: String,
        /// The name that was asked for.
        claim: String,
        /// The names that there are.
        known: Vec<String>,
    },
    /// The claim is about instances of another type.
    #[error("the claim {claim} is about instances of the type {expected}")]
    OtherInstance {
        /// Name of the claim.
        claim: String,
        /// The type that it is about.
        expected: &'static str,
    },
    /// The claim has no prediction that a curve could be held against.
    #[error("a curve cannot be held against the claim {claim}: {reason}")]
    NothingPredicted {
        /// Name of the claim.
        claim: String,
        /// Why not.
        reason: &'static str,
    },
    /// The instance, or what is measured on it, panicked: a model that was asked for a constant that it does not
    /// state, say.
    #[error("the claim {claim} cannot be judged on this instance: {reason}")]
    Panicked {
        /// Name of the claim.
        claim: String,
        /// What the panic said.
        reason: String,
    },
    /// The instance is none that the claim speaks of.
    #[error("the claim {claim} does not speak of this instance: {hypothesis} {outcome} ({detail})")]
    Hypothesis {
        /// Name of the claim.
        claim: String,
        /// Name of the hypothesis.
        hypothesis: String,
        /// Whether it `holds` (where the claim wants it broken) or `fails`.
        outcome: &'static str,
        /// What was seen.
        detail: String,
    },
}

impl<I: Instance + 'static, E: Experiment<I>> Claim<I, E> {
    /// Judges readings that came from elsewhere (another program's log, a student's method) as if the claim
    /// had measured them on this instance: they are held against its prediction at their own abscissae.
    ///
    /// ```
    /// use theoria_verification::{Claim, Instance, Readings, Verdict};
    /// # struct Start(f64);
    /// # impl Instance for Start {
    /// #     fn description(&self) -> String { "a start".into() }
    /// # }
    /// let halves = Claim::bound("halves", "x_N ≤ 2⁻ᴺ x₀")
    ///     .measuring(1..=9, |start: &Start, steps| steps.read(|n| start.0 * 0.5f64.powi(n)))
    ///     .predicting(|start, n| start.0 * 0.5f64.powf(n));
    ///
    /// // Step and value, as they stand in a CSV file.
    /// let file = "1,0.5\n2,0.25\n3,0.2\n";
    /// let logged: Readings = file
    ///     .lines()
    ///     .filter_map(|line| line.split_once(','))
    ///     .map(|(n, x)| Ok((n.parse::<f64>()?, x.parse::<f64>()?)))
    ///     .collect::<Result<Vec<_>, std::num::ParseFloatError>>()?
    ///     .into_iter()
    ///     .collect();
    /// let finding = halves.judge(&Start(1.0), &logged)?;
    /// assert_eq!(finding.verdict, Verdict::Refuted);
    /// assert_eq!(finding.first_violation.map(|first| first.at), Some(3.0));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If the instance does not satisfy the hypotheses (or, for a control, satisfies that which it
    /// [violates](Claim::violating)) or panics, and if the claim has no prediction from instance and abscissa alone:
    /// measured against measured, or about trials.
    pub fn judge(&self, instance: &I, readings: &Readings) -> Result<Finding, JudgeError> {
        caught(|| self.judged(instance, readings))
            .unwrap_or_else(|reason| Err(JudgeError::Panicked { claim: self.name.clone(), reason }))
    }

    fn judged(&self, instance: &I, readings: &Readings) -> Result<Finding, JudgeError> {
        for hypothesis in &self.hypotheses {
            let stream = Stream::new(0).child(&self.name).child(hypothesis.name());
            let check = hypothesis.check(instance, &mut Draw::new(stream.trial(0)));
            if check.satisfied == (self.violates.as_deref() == Some(hypothesis.name())) {
                return Err(JudgeError::Hypothesis {
                    claim: self.name.clone(),
                    hypothesis: hypothesis.name().into(),
                    outcome: if check.satisfied { "holds" } else { "fails" },
                    detail: check.detail,
                });
            }
        }
        self.experiment
            .judge(instance, readings)
            .map_err(|reason| JudgeError::NothingPredicted { claim: self.name.clone(), reason })
    }
}
