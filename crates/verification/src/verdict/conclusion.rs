//! The verdict on a claim.

use std::cmp::Ordering;

use super::{ErrorRates, Finding, Level, Role, Severity, Verdict};

/// What the findings on all instances of a claim amount to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Conclusion {
    /// The verdict over all instances that count.
    pub(crate) verdict: Verdict,
    /// What the check could have seen: of a bound on the instance that decided, else over all that count.
    pub(crate) severity: Severity,
    /// The weakest level of all instances that count.
    pub(crate) level: Level,
    /// How often the check goes wrong on any of them.
    pub(crate) errors: ErrorRates,
    /// The instance that decided: of a claim the worst that refutes, else the one that came closest to it (of a bound the
    /// tightest); of a control the one that came least close.
    pub(crate) decisive: Option<usize>,
}

impl Conclusion {
    /// From one finding an instance; none where the instance does not count. A claim that is a bound is
    /// supported only if some instance reaches it up to the `least` tightness.
    pub(crate) fn of<'a>(
        role: Role,
        least: Option<f64>,
        findings: impl IntoIterator<Item = Option<&'a Finding>>,
    ) -> Self {
        let counted: Vec<(usize, &Finding)> = findings
            .into_iter()
            .enumerate()
            .filter_map(|(i, finding)| finding.map(|finding| (i, finding)))
            .collect();
        let verdicts = counted.iter().map(|(_, finding)| finding.believed(role));
        let severities = counted.iter().map(|(_, finding)| finding.severity);
        let overall = severities.fold(Severity::None, Severity::worse_or_tighter);
        let seen = match (least, overall.tightness()) {
            (Some(least), Some(tightness)) => tightness >= least,
            (Some(_), None) => false,
            (None, _) => true,
        };
        let verdict = match (role, Verdict::for_all(verdicts.clone())) {
            (Role::Claim, Verdict::Supported) if !seen => Verdict::Inconclusive,
            (Role::Claim, verdict) => verdict,
            (Role::Control, _) => Verdict::on_every_one(verdicts),
        };
        // Of equals the first.
        let decisive = counted.iter().copied().reduce(|one, next| {
            let later = match role {
                Role::Claim => next.1.is_worse_than(one.1, role),
                Role::Control => one.1.is_worse_than(next.1, role),
            };
            if later { next } else { one }
        });
        Conclusion {
            verdict,
            severity: decisive
                .map_or(overall, |(_, finding)| overall.with_the_tightness_of(finding.severity)),
            level: counted.iter().map(|(_, finding)| finding.level).max().unwrap_or(Level::Exact),
            errors: counted
                .iter()
                .fold(ErrorRates::NONE, |sum, (_, finding)| sum.plus(finding.errors)),
            decisive: decisive.map(|(i, _)| i),
        }
    }
}

impl Finding {
    /// Its verdict, but that support which could not have failed is none, and that a claim is not refuted by trials that
    /// others, which none of them showed, may make up for.
    pub(crate) fn believed(&self, role: Role) -> Verdict {
        match (self.verdict, self.severity) {
            (Verdict::Supported, Severity::None) => Verdict::Inconclusive,
            (Verdict::Refuted, _) if role == Role::Claim && self.level == Level::Nominal => {
                Verdict::Inconclusive
            }
            (verdict, _) => verdict,
        }
    }

    fn is_worse_than(&self, other: &Finding, role: Role) -> bool {
        let rank = |finding: &Finding| match finding.believed(role) {
            Verdict::Refuted => 2,
            Verdict::Inconclusive => 1,
            Verdict::Supported => 0,
        };
        let tighter = || match (self.severity.tightness(), other.severity.tightness()) {
            (Some(own), Some(others)) if rank(self) == 0 => own.total_cmp(&others),
            _ => Ordering::Equal,
        };
        let closer = || self.closeness.total_cmp(&other.closeness);
        rank(self).cmp(&rank(other)).then_with(tighter).then_with(closer).is_gt()
    }
}

impl Severity {
    /// With the tightness that was read on one instance, so that it is that of the numbers shown beside it.
    fn with_the_tightness_of(self, read: Severity) -> Severity {
        match (self, read) {
            (Severity::Tightness { .. }, Severity::Tightness { .. } | Severity::None) => read,
            (Severity::Expected { resolution, .. }, Severity::Expected { tightness, .. }) => {
                Severity::Expected { tightness, resolution }
            }
            (overall, _) => overall,
        }
    }

    /// Over several instances: a bound is as tight as on the tightest, a check as sharp as on the
    /// bluntest.
    fn worse_or_tighter(self, other: Severity) -> Severity {
        match (self, other) {
            (Severity::None, any) | (any, Severity::None) => any,
            (
                Severity::Tightness { value, rate },
                Severity::Tightness { value: other_value, rate: other_rate },
            ) => Severity::Tightness {
                value: value.max(other_value),
                rate: rate.into_iter().chain(other_rate).reduce(f64::max),
            },
            (Severity::Resolution(a), Severity::Resolution(b)) => Severity::Resolution(a.max(b)),
            (
                Severity::Expected { tightness, resolution },
                Severity::Expected { tightness: other_tightness, resolution: other_resolution },
            ) => Severity::Expected {
                tightness: tightness.max(other_tightness),
                resolution: resolution.max(other_resolution),
            },
            (mixed, _) => mixed,
        }
    }
}
