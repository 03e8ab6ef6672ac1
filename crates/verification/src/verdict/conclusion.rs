//! The verdict on a claim.

use super::{Finding, Severity, Verdict};

/// What the findings on all instances of a claim amount to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Conclusion {
    /// The verdict over all instances that count.
    pub(crate) verdict: Verdict,
    /// What the check could have seen, over all instances that count.
    pub(crate) severity: Severity,
    /// The instance that decided: the worst that refutes, else the one that came closest to it.
    pub(crate) decisive: Option<usize>,
}

impl Conclusion {
    /// From one finding an instance; none where the instance does not count.
    pub(crate) fn of<'a>(findings: impl IntoIterator<Item = Option<&'a Finding>>) -> Self {
        let counted: Vec<(usize, &Finding)> = findings
            .into_iter()
            .enumerate()
            .filter_map(|(i, finding)| finding.map(|finding| (i, finding)))
            .collect();
        let verdict = Verdict::for_all(counted.iter().map(|(_, finding)| finding.verdict));
        let severities = counted.iter().map(|(_, finding)| finding.severity);
        let severity = severities.fold(Severity::None, Severity::worse_or_tighter);
        let rank = |finding: &Finding| match finding.verdict {
            Verdict::Refuted => 2,
            Verdict::Inconclusive => 1,
            Verdict::Supported => 0,
        };
        let worse = |a: &Finding, b: &Finding| {
            rank(a).cmp(&rank(b)).then(a.closeness.total_cmp(&b.closeness)).is_gt()
        };
        // Of equals the first.
        let decisive = counted
            .iter()
            .copied()
            .reduce(|worst, next| if worse(next.1, worst.1) { next } else { worst });
        Conclusion {
            // Support that could not have failed is none.
            verdict: match (verdict, severity) {
                (Verdict::Supported, Severity::None) => Verdict::Inconclusive,
                (verdict, _) => verdict,
            },
            severity,
            decisive: decisive.map(|(i, _)| i),
        }
    }
}

impl Severity {
    /// Over several instances: a bound is as tight as on the tightest, a check as sharp as on the
    /// bluntest.
    fn worse_or_tighter(self, other: Severity) -> Severity {
        match (self, other) {
            (Severity::None, any) | (any, Severity::None) => any,
            (Severity::Tightness(a), Severity::Tightness(b)) => Severity::Tightness(a.max(b)),
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
