//! What the errors of all claims come to together.

use crate::evidence::{ClaimEvidence, TheoremEvidence};
use crate::{ErrorRates, Level};

/// How often any verdict of a whole suite goes wrong: what is proved, and what is nominal.
///
/// ```
/// use theoria_verification::evidence::SuiteErrors;
/// let nothing = SuiteErrors::of(&[]);
/// assert_eq!(nothing.proved.wrong_refutation, 0.0);
/// assert_eq!(nothing.to_string(), "No chance enters these verdicts.");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct SuiteErrors {
    /// Of the findings whose error rates are proved.
    pub proved: ErrorRates,
    /// Of the findings whose error rates rest on an assumption.
    pub nominal: ErrorRates,
}

/// Over so many runs of the suite a false alarm should remain improbable.
const LIFETIME: f64 = 1e4;

impl SuiteErrors {
    /// The sum over all instances of all claims and controls (the union bound, whatever the dependence).
    pub fn of<'a>(evidence: impl IntoIterator<Item = &'a TheoremEvidence>) -> Self {
        let claims = evidence.into_iter().flat_map(|theorem| &theorem.claims);
        let findings = claims
            .flat_map(ClaimEvidence::counted)
            .filter_map(|instance| instance.finding.as_ref());
        findings.fold(SuiteErrors::default(), |sum, finding| match finding.level {
            Level::Proved => SuiteErrors { proved: sum.proved.plus(finding.errors), ..sum },
            Level::Nominal => SuiteErrors { nominal: sum.nominal.plus(finding.errors), ..sum },
            Level::Exact | Level::Measured => sum,
        })
    }
}

impl std::fmt::Display for SuiteErrors {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let all = self.proved.plus(self.nominal);
        if all == ErrorRates::NONE {
            return f.write_str("No chance enters these verdicts.");
        }
        let sum = |proved: f64, nominal: f64| {
            let part = |rate: f64| if rate == 0.0 { "0".into() } else { format!("{rate:.1e}") };
            format!("{:.1e} (proved {}, nominal {})", proved + nominal, part(proved), part(nominal))
        };
        write!(
            f,
            "In one run any true claim is refuted with probability at most {}, any that is false by more than its margin supported with \
             at most {}; \
             over ten thousand runs with at most {:.1e} and {:.1e}.",
            sum(self.proved.wrong_refutation, self.nominal.wrong_refutation),
            sum(self.proved.wrong_support, self.nominal.wrong_support),
            (LIFETIME * all.wrong_refutation).min(1.0),
            (LIFETIME * all.wrong_support).min(1.0),
        )
    }
}
