//! Findings on curves that come from a file, held against themselves and what the file keeps of the curve.

use super::bound::{RESOLVED, SLACK};
use super::sound::{leaves_the_numbers, unsound};
use super::{Bound, Direction, Exponent, Judgement, LinearRate};
use crate::curve::Point;
use crate::{Curve, ErrorRates, Finding, Level, Severity, Verdict};
use theoria_elementary::ln;

/// A kind of claim, as evidence names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A bound.
    Bound(Direction),
    /// An equality.
    Identity,
    /// A power of the abscissa.
    Exponent,
    /// A geometric rate.
    LinearRate,
    /// Something about trials, judged again from their records.
    Trials,
    /// A judgement of its author's own.
    Own,
}

/// Before the name of a kind that is not one of ours.
pub(crate) const OWN: &str = "own: ";

/// The names of the kinds that are judged on curves.
const ON_CURVES: [(&str, Kind); 5] = [
    ("bound", Kind::Bound(Direction::AtMost)),
    ("lower bound", Kind::Bound(Direction::AtLeast)),
    ("identity", Kind::Identity),
    ("exponent", Kind::Exponent),
    ("linear rate", Kind::LinearRate),
];
/// The names of those that are judged on trials.
const ON_TRIALS: [&str; 6] = [
    "expected bound",
    "expected lower bound",
    "expected value",
    "expected exponent",
    "law",
    "probability",
];

/// The name that evidence keeps of a kind.
pub(crate) fn recorded_kind(name: &str) -> String {
    if Kind::named(name).is_some() { name.into() } else { format!("{OWN}{name}") }
}

/// Numbers went through text, and machines differ in the last bits of a logarithm.
const ROUNDING: f64 = 1e-6;
/// A bound that is supported is not exceeded by more than rounding that leaves a ratio.
const MOST: f64 = (1.0 + SLACK) / (1.0 - RESOLVED);
/// A prediction near zero is compared with its neighbours, of which not all are kept: far more than the tolerance of the
/// largest one is a deviation in any case.
const FAR: f64 = 10.0;

impl Kind {
    /// The kind of this name; none if there is no such kind.
    pub(crate) fn named(name: &str) -> Option<Kind> {
        let on_curves = ON_CURVES.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind);
        let on_trials = || ON_TRIALS.contains(&name).then_some(Kind::Trials);
        let own = || name.strip_prefix(OWN).filter(|rest| !rest.is_empty()).map(|_| Kind::Own);
        on_curves.or_else(on_trials).or_else(own)
    }

    /// Whether findings of this kind follow from a curve.
    pub(crate) fn is_on_curves(self) -> bool {
        !matches!(self, Kind::Trials | Kind::Own)
    }

    /// Holds a finding against itself and, where they are kept, against points of its curve.
    ///
    /// # Errors
    /// What contradicts what.
    pub(crate) fn examine(
        self,
        finding: &Finding,
        attained: Option<f64>,
        kept: Option<&Curve>,
    ) -> Result<(), String> {
        if !self.is_on_curves() {
            return Ok(());
        }
        let Finding { verdict, level, .. } = *finding;
        ensure(finding.errors == ErrorRates::NONE, || {
            "no chance enters it, and yet it has error rates".into()
        })?;
        let firmest = match self {
            Kind::Exponent | Kind::LinearRate => Level::Measured,
            _ => Level::Exact,
        };
        ensure(level == firmest || verdict == Verdict::Inconclusive, || {
            format!("its level is recorded as {level}, but its kind is {firmest}")
        })?;
        if let Some(curve) = kept
            && let Some(why) = unsound(curve, |p| self.may_be_infinite(p))
        {
            return ensure(verdict == Verdict::Inconclusive, || {
                format!(
                    "its verdict is recorded as {verdict}, but {}",
                    why.note.unwrap_or_else(|| "its curve says nothing".into())
                )
            });
        }
        match self {
            Kind::Bound(direction) => bound(direction, finding, attained, kept),
            Kind::Identity => identity(finding, kept),
            Kind::Exponent | Kind::LinearRate => self.slope(finding, kept),
            Kind::Trials | Kind::Own => Ok(()),
        }
    }

    /// Where an infinite prediction has a meaning, or may have one that the file does not tell.
    fn may_be_infinite(self, p: &Point) -> bool {
        match self {
            Kind::Bound(direction) => Bound::new(direction).claims_nothing(p),
            Kind::Identity => p.predicted == p.measured.value,
            Kind::Exponent => p.x <= 0.0,
            _ => false,
        }
    }

    /// A power need not have a value at 0, nor must its measurement.
    fn is_meant(self, p: &Point) -> bool {
        self != Kind::Exponent || p.x > 0.0
    }

    fn slope(self, finding: &Finding, kept: Option<&Curve>) -> Result<(), String> {
        let verdict = finding.verdict;
        if let Some(lost) = kept.and_then(|curve| leaves_the_numbers(curve, |p| self.is_meant(p))) {
            ensure(verdict == Verdict::Refuted, || {
                format!(
                    "its verdict is recorded as {verdict}, but its curve is {} at {}",
                    lost.measured, lost.at
                )
            })?;
        }
        let Severity::Resolution(resolution) = finding.severity else {
            return ensure(verdict != Verdict::Supported, || {
                "it is supported by a check without a resolution".into()
            });
        };
        if verdict != Verdict::Supported {
            return Ok(());
        }
        let apart = match self {
            Kind::LinearRate => ln(finding.measured) / ln(finding.predicted) - 1.0,
            _ => finding.measured - finding.predicted,
        };
        ensure(finding.closeness <= 1.0 && apart.abs() <= resolution * (1.0 + ROUNDING), || {
            format!(
                "it is supported, but {} lies farther from {} than the check sees",
                finding.measured, finding.predicted
            )
        })?;
        // Judged more generously than it was, since the margin is no larger than what is seen.
        let judged =
            kept.filter(|_| resolution > 0.0 && resolution < 1.0).map(|curve| match self {
                Kind::LinearRate => LinearRate::default().within(resolution).judge(curve, None),
                _ => {
                    let exponent = Exponent::default().within(resolution);
                    let least = curve.points().iter().map(|p| p.x).find(|x| *x > 0.0);
                    let towards_zero = least == Some(finding.at);
                    let exponent = if towards_zero { exponent.towards_zero() } else { exponent };
                    exponent.judge(curve, None)
                }
            });
        ensure(judged.is_none_or(|judged| judged.verdict != Verdict::Refuted), || {
            "it is supported, but what is kept of its curve has another slope".into()
        })
    }
}

fn bound(
    direction: Direction,
    finding: &Finding,
    attained: Option<f64>,
    kept: Option<&Curve>,
) -> Result<(), String> {
    let bound = Bound::new(direction);
    let verdict = finding.verdict;
    // A file does not tell a run that diverged from what never comes.
    let may_never_come =
        |p: &Point| direction == Direction::AtLeast && p.measured.value == f64::INFINITY;
    let violation = kept.and_then(|curve| {
        curve
            .points()
            .iter()
            .find(|p| !bound.claims_nothing(p) && bound.is_violated(p) && !may_never_come(p))
    });
    if let Some(p) = violation {
        ensure(verdict == Verdict::Refuted, || {
            format!(
                "its verdict is recorded as {verdict}, but its curve violates the bound at {}: {} against {}",
                p.x, p.measured.value, p.predicted
            )
        })?;
    }
    let tightness = match finding.severity {
        Severity::Tightness { value, .. } => Some(value),
        Severity::None => None,
        _ => return Err("its severity is not that of a bound".into()),
    };
    let shown = (finding.at, finding.measured, finding.predicted);
    match verdict {
        Verdict::Inconclusive => Ok(()),
        Verdict::Refuted => {
            let Some(first) = finding.first_violation else {
                return Err("it is refuted without a point that violates the bound".into());
            };
            let point = Point {
                x: first.at,
                measured: crate::Reading::new(first.measured, 0.0),
                predicted: first.predicted,
            };
            ensure(bound.is_violated(&point), || {
                format!(
                    "it is refuted at {}, but {} does not violate {}",
                    first.at, first.measured, first.predicted
                )
            })?;
            is_kept(kept, (first.at, first.measured, first.predicted))?;
            is_kept(kept, shown)?;
            reads(direction, shown, tightness.filter(|value| value.is_finite()))
        }
        Verdict::Supported => {
            let most = tightness.into_iter().chain([finding.closeness]).fold(0.0, f64::max);
            ensure(most <= MOST, || {
                format!("it is supported, but exceeds the bound by a factor of {most}")
            })?;
            ensure(attained.is_none_or(|needed| finding.closeness >= needed), || {
                format!("it is supported, but only {} of the bound is reached", finding.closeness)
            })?;
            let point = is_kept(kept, shown)?;
            let seen = point.map(|p| bound.ratio(p).unwrap_or(0.0));
            ensure(seen.zip(tightness).is_none_or(|(seen, told)| close(seen, told)), || {
                format!(
                    "its tightness is recorded as {}, but its curve says {} at {}",
                    tightness.unwrap_or(0.0),
                    seen.unwrap_or(0.0),
                    finding.at
                )
            })?;
            reads(direction, shown, tightness.filter(|value| *value > 0.0))
        }
    }
}

/// Whether a tightness is what these numbers say.
fn reads(
    direction: Direction,
    (at, measured, predicted): (f64, f64, f64),
    tightness: Option<f64>,
) -> Result<(), String> {
    let point = Point { x: at, measured: crate::Reading::new(measured, 0.0), predicted };
    let Some(told) = tightness else { return Ok(()) };
    let seen = Bound::new(direction).ratio(&point);
    ensure(seen.is_some_and(|seen| close(seen, told)), || {
        format!(
            "its tightness is recorded as {told}, but {measured} was measured against {predicted}"
        )
    })
}

fn identity(finding: &Finding, kept: Option<&Curve>) -> Result<(), String> {
    let Finding { verdict, closeness, measured, predicted, .. } = *finding;
    let Severity::Resolution(tolerance) = finding.severity else {
        return ensure(verdict == Verdict::Inconclusive, || {
            "its severity is not that of an identity".into()
        });
    };
    let points = kept.map_or(&[][..], Curve::points);
    let sizes = points.iter().map(|p| p.predicted.abs()).filter(|size| size.is_finite());
    let largest = sizes.fold(0.0, f64::max);
    let largest = if largest == 0.0 { 1.0 } else { largest };
    let deviates = points.iter().find(|p| {
        let deviation = (p.measured.value - p.predicted).abs();
        p.measured.value != p.predicted
            && p.measured.floor >= 0.0
            && (deviation.is_nan() || deviation - p.measured.floor > FAR * tolerance * largest)
    });
    if let Some(p) = deviates {
        ensure(verdict == Verdict::Refuted, || {
            format!(
                "its verdict is recorded as {verdict}, but its curve is {} at {} and not {}",
                p.measured.value, p.x, p.predicted
            )
        })?;
    }
    if verdict == Verdict::Inconclusive {
        return Ok(());
    }
    is_kept(kept, (finding.at, measured, predicted))?;
    let refuted = verdict == Verdict::Refuted;
    ensure(refuted == finding.first_violation.is_some() && refuted == (closeness > 1.0), || {
        format!(
            "its verdict is recorded as {verdict}, but it deviates by {closeness} of the tolerance"
        )
    })?;
    let deviation = (measured - predicted).abs();
    let relative = deviation / (tolerance * predicted.abs());
    ensure(
        closeness <= relative * (1.0 + ROUNDING) || predicted == 0.0 || !relative.is_finite(),
        || {
            format!(
                "it deviates by {closeness} of the tolerance, but {measured} was measured and {predicted} predicted"
            )
        },
    )
}

/// The point of the curve with these numbers, if the curve is kept.
fn is_kept(
    kept: Option<&Curve>,
    (at, measured, predicted): (f64, f64, f64),
) -> Result<Option<&Point>, String> {
    let Some(curve) = kept else { return Ok(None) };
    let same = |p: &&Point| {
        close(p.x, at) && close(p.measured.value, measured) && close(p.predicted, predicted)
    };
    let point = curve.points().iter().find(same);
    point.map(Some).ok_or_else(|| {
        format!("its curve has no point at {at} with {measured} measured and {predicted} predicted")
    })
}

fn close(a: f64, b: f64) -> bool {
    a == b || (a.is_nan() && b.is_nan()) || (a - b).abs() <= ROUNDING * a.abs().max(b.abs())
}

fn ensure(holds: bool, why_not: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(why_not()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judgement::{Identity, TrialJudgement};
    use crate::{Reading, Side};
    use proptest::prelude::*;

    #[test]
    fn every_kind_of_ours_has_its_name() {
        let judgements: [(&dyn Judgement, Kind); 5] = [
            (&Bound::new(Direction::AtMost), Kind::Bound(Direction::AtMost)),
            (&Bound::new(Direction::AtLeast), Kind::Bound(Direction::AtLeast)),
            (&Identity::new(1e-6), Kind::Identity),
            (&Exponent::default(), Kind::Exponent),
            (&LinearRate::default(), Kind::LinearRate),
        ];
        for (judgement, kind) in judgements {
            assert_eq!(Kind::named(judgement.kind()), Some(kind));
        }
        let margin = 0.1;
        for judgement in [
            TrialJudgement::ExpectedBound { direction: Direction::AtMost, margin },
            TrialJudgement::ExpectedBound { direction: Direction::AtLeast, margin },
            TrialJudgement::ExpectedValue { margin },
            TrialJudgement::ExpectedExponent { margin },
            TrialJudgement::Law { distance: margin },
            TrialJudgement::Probability { side: Side::AtMost },
        ] {
            assert_eq!(Kind::named(judgement.kind()), Some(Kind::Trials));
        }
        assert_eq!(Kind::named("proof"), None);
        assert_eq!(Kind::named(&recorded_kind("proof")), Some(Kind::Own));
        assert_eq!(recorded_kind("bound"), "bound");
    }

    fn judgement(number: usize) -> (Box<dyn Judgement>, Kind) {
        match number % 5 {
            0 => (Box::new(Bound::new(Direction::AtMost)), Kind::Bound(Direction::AtMost)),
            1 => (Box::new(Bound::new(Direction::AtLeast)), Kind::Bound(Direction::AtLeast)),
            2 => (Box::new(Identity::new(1e-3)), Kind::Identity),
            3 => (Box::new(Exponent::default()), Kind::Exponent),
            _ => (Box::new(LinearRate::default()), Kind::LinearRate),
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn what_was_judged_is_believed(
            number in 0..5usize, length in 1..2000usize, slope in -2.0..2.0f64, rate in 0.9..1.05f64,
            wave in prop::sample::select(vec![0.0, 1e-4, 0.3, 3.0]), above in -3.0..3.0f64, noise in 0u64..9,
            floor in prop::sample::select(vec![0.0, 1e-12, 1e-3]), lost in 0..40usize,
        ) {
            let value = |n: usize| (n as f64).powf(slope) * rate.powi(n as i32);
            let measured = |n: usize| {
                let phase = (n as f64 * (1.0 + noise as f64)).sin();
                let factor = 1.0 + wave * phase + if number == 2 { 1e-3 * above } else { above };
                let value = if lost == n + 20 { f64::INFINITY } else { value(n) * factor };
                Reading::new(value, floor)
            };
            let curve = Curve::over(1..=length, measured, value);
            let (judgement, kind) = judgement(number);
            let finding = judgement.judge(&curve, None);
            let kept = curve.thinned(&finding).kept();
            prop_assert_eq!(kind.examine(&finding, None, Some(&kept)), Ok(()));
            prop_assert_eq!(kind.examine(&finding, None, None), Ok(()));
        }
    }

    #[test]
    fn what_a_curve_contradicts_is_not_believed() {
        let supported = |curve: &Curve| Finding {
            verdict: Verdict::Supported,
            severity: Severity::Tightness { value: 1.0, rate: None },
            closeness: 1.0,
            at: curve.points()[0].x,
            measured: curve.points()[0].measured.value,
            predicted: curve.points()[0].predicted,
            ..Finding::without_chance(Level::Exact)
        };
        let below = Curve::over(1..=9, |n: i32| f64::from(n), |_| 1.0);
        let told = Kind::Bound(Direction::AtMost).examine(&supported(&below), None, Some(&below));
        assert!(told.unwrap_err().contains("violates the bound at 2"));
        // A bound may be exceeded by no more than the judge allows.
        let slack = Curve::over(1..=9, |_: i32| Reading::new(1.0 + 5e-10, 0.0), |_| 1.0);
        let kind = Kind::Bound(Direction::AtMost);
        assert_eq!(kind.examine(&supported(&slack), None, Some(&slack)), Ok(()));
        let far = Finding { measured: 1e-9, predicted: 0.0126, ..supported(&slack) };
        let kind = Kind::Bound(Direction::AtLeast);
        assert!(kind.examine(&far, None, None).unwrap_err().contains("tightness"));
        let slopes = Curve::over(1..=64, |n: i32| f64::from(n).powi(2), f64::from);
        let flat = Finding {
            level: Level::Measured,
            severity: Severity::Resolution(0.1),
            measured: 1.0,
            predicted: 1.0,
            at: 64.0,
            ..supported(&slopes)
        };
        let told = Kind::Exponent.examine(&flat, None, Some(&slopes));
        assert!(told.unwrap_err().contains("another slope"));
        let equal = Finding { severity: Severity::Resolution(1e-6), ..supported(&slopes) };
        assert!(Kind::Identity.examine(&equal, None, Some(&slopes)).is_err());
    }
}
