//! The verdict on a claim.

use super::{ErrorRates, Finding, Level, Role, Severity, Verdict};
use crate::tie::{NO_NEARER, Rounded, largest, smallest};

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
        let decisive = decisive(role, &counted);
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

    /// How severe it is by its verdict alone: what refutes is worst.
    fn rank(&self, role: Role) -> u8 {
        match self.believed(role) {
            Verdict::Refuted => 2,
            Verdict::Inconclusive => 1,
            Verdict::Supported => 0,
        }
    }

    /// How close it came to refutation.
    fn known_closeness(&self) -> Rounded {
        let says_nothing = match self.severity {
            Severity::Resolution(_) => NO_NEARER,
            _ => 0.0,
        };
        Rounded::new(self.closeness, says_nothing)
    }
}

/// Findings with the numbers of their instances.
type Numbered<'a> = Vec<(usize, &'a Finding)>;

/// The most severe finding, of a control the least: by its verdict, then of bounds that hold by its tightness, of all else by
/// how close it came. Of those that are equal but for rounding the first.
fn decisive<'a>(role: Role, counted: &[(usize, &'a Finding)]) -> Option<(usize, &'a Finding)> {
    type Severest<'a> = fn(Numbered<'a>, &dyn Fn(&Finding) -> Rounded) -> Numbered<'a>;
    let severest: Severest<'a> = match role {
        Role::Claim => |all, number| largest(all, |(_, finding)| number(finding)),
        Role::Control => |all, number| smallest(all, |(_, finding)| number(finding)),
    };
    let ranks = counted.iter().map(|(_, finding)| finding.rank(role));
    let rank = match role {
        Role::Claim => ranks.max(),
        Role::Control => ranks.min(),
    }?;
    let of_this_rank = |(_, finding): &(usize, &Finding)| finding.rank(role) == rank;
    let mut left: Numbered<'a> = counted.iter().copied().filter(of_this_rank).collect();
    let has_a_tightness = |(_, finding): &(usize, &Finding)| finding.severity.tightness().is_some();
    // A bound that holds is as severe as it is tight; how close it comes elsewhere may be rounding.
    let tightness =
        |finding: &Finding| Rounded::new(finding.severity.tightness().unwrap_or(f64::NAN), 0.0);
    left = if rank == 0 && left.iter().all(has_a_tightness) {
        severest(left, &tightness)
    } else {
        severest(left, &Finding::known_closeness)
    };
    left.first().copied()
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn bound(tightness: f64) -> Finding {
        Finding {
            verdict: if tightness > 1.001 { Verdict::Refuted } else { Verdict::Supported },
            severity: Severity::Tightness { value: tightness, rate: None },
            closeness: tightness,
            ..Finding::without_chance(Level::Exact)
        }
    }

    fn identity(closeness: f64) -> Finding {
        Finding {
            verdict: if closeness > 1.0 { Verdict::Refuted } else { Verdict::Supported },
            severity: Severity::Resolution(1e-9),
            closeness,
            ..Finding::without_chance(Level::Exact)
        }
    }

    fn shown(role: Role, findings: &[Finding]) -> Option<usize> {
        Conclusion::of(role, None, findings.iter().map(Some)).decisive
    }

    #[test]
    fn of_those_that_are_equal_but_for_rounding_the_first_is_shown() {
        let tightnesses = [0.7, 1.0 - 1e-12, 1.0, 0.99];
        assert_eq!(shown(Role::Claim, &tightnesses.map(bound)), Some(1));
        assert_eq!(shown(Role::Control, &[1.05, 1.02 + 1e-9, 1.02].map(bound)), Some(1));
        // What refutes comes before what is nearly as tight.
        assert_eq!(shown(Role::Claim, &[1.0, 1.0011, 1.3, 1.3 + 1e-9].map(bound)), Some(2));
        // What rounding leaves of a residual, and what does deviate.
        assert_eq!(shown(Role::Claim, &[1e-5, 2e-4, 3e-2].map(identity)), Some(0));
        assert_eq!(shown(Role::Claim, &[1e-5, 0.4, 0.45].map(identity)), Some(1));
        assert_eq!(shown(Role::Control, &[2e7, 2e7 - 1e-3, 3e7].map(identity)), Some(0));
        assert_eq!(shown(Role::Claim, &[]), None);
        assert_eq!(shown(Role::Claim, &[f64::NAN, f64::NAN].map(identity)), Some(0));
    }

    proptest! {
        #[test]
        fn last_bits_show_no_other_instance(
            ties in prop::collection::vec(0..5u8, 1..12),
            moved in prop::collection::vec(-1..=1i32, 12),
            is_bound: bool,
            is_claim: bool,
        ) {
            let role = if is_claim { Role::Claim } else { Role::Control };
            let finding = |number: f64| if is_bound { bound(number) } else { identity(number) };
            let exact: Vec<f64> = ties.iter().map(|tie| 0.3 + 0.25 * f64::from(*tie)).collect();
            let rounded = exact.iter().zip(&moved);
            let rounded = rounded.map(|(x, ulp)| x * (1.0 + f64::from(*ulp) * f64::EPSILON));
            let of = |numbers: &[f64]| {
                let findings: Vec<Finding> = numbers.iter().copied().map(finding).collect();
                shown(role, &findings)
            };
            prop_assert_eq!(of(&rounded.collect::<Vec<_>>()), of(&exact));
        }
    }
}
