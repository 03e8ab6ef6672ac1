//! Equalities.

use crate::curve::Point;
use crate::judgement::scales::{Scale, of_nothing, scales};
use crate::judgement::sound::{not_a_floor, positive, unsound, violation};
use crate::tie::{NO_NEARER, Rounded, largest};
use crate::{Curve, Finding, Judgement, Level, Severity, Verdict};

/// Measured = predicted at every point, within a relative tolerance (absolute where the prediction is 0 at all points).
///
/// It is refuted where even the rounding floor cannot explain the deviation, and supported by points at which the floor
/// is below the tolerance; others are left aside only where the prediction has become small, so that their floor is
/// still below the tolerance of the largest prediction.
///
/// Where the predicted curve passes through zero, or touches it, so that rounding leaves 1e-17 of it, deviations are
/// relative to its neighbours; and beside a change of sign what lies within the tolerance of the neighbours does not
/// refute. On grids so coarse that this is not seen, at the end of one above all, such a prediction is left open while the
/// deviation lies within the tolerance of the neighbour; and so are deviations of 1e-14 where no prediction is larger.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Identity {
    tolerance: f64,
}

impl Identity {
    /// An identity within this tolerance.
    ///
    /// # Panics
    /// If it is not positive and finite.
    #[track_caller]
    pub fn new(tolerance: f64) -> Self {
        Identity { tolerance: positive("the tolerance of an identity", tolerance) }
    }

    /// By how much rounding may have moved the closeness at a point.
    fn rounding(&self, p: &Point, scale: Scale) -> f64 {
        let share = p.measured.floor / (self.tolerance * scale.refutes);
        if share.is_finite() { share } else { 0.0 }
    }

    /// At a point, where deviations up to `nothing` do not refute.
    fn compare(&self, p: &Point, scale: Scale, largest: f64, nothing: f64) -> Comparison {
        if p.measured.has_diverged() {
            return Comparison::Refutes(f64::INFINITY);
        }
        if let Some(text) = not_a_floor(p) {
            return Comparison::SaysNothing(text);
        }
        let floor = p.measured.floor;
        let [supports, refutes] =
            [scale.supports, scale.refutes].map(|scale| self.tolerance * scale);
        let refutes = refutes.max(nothing);
        // Infinities are equal here, and differ by NaN.
        let deviation = if p.measured.value == p.predicted {
            0.0
        } else {
            (p.measured.value - p.predicted).abs()
        };
        let closeness = if deviation == 0.0 { 0.0 } else { deviation / refutes };
        if deviation - floor > refutes {
            Comparison::Refutes(closeness)
        } else if floor <= supports {
            Comparison::Tells { closeness, within: deviation + floor <= supports }
        } else if floor <= self.tolerance * largest {
            Comparison::Hidden
        } else {
            let text = format!("the rounding floor at N = {} exceeds the tolerance", p.x);
            Comparison::SaysNothing(text)
        }
    }
}

/// A point that tells something.
struct Compared<'a> {
    point: &'a Point,
    closeness: f64,
    /// By how much rounding may have moved the closeness.
    rounding: f64,
    refutes: bool,
}

impl Compared<'_> {
    /// The one that comes closest to refutation, or refutes most clearly: of those that are equal but for rounding, or but
    /// for a share of the tolerance that says nothing, the first.
    fn worst(mut all: Vec<Self>) -> Option<Self> {
        if all.iter().any(|one| one.refutes) {
            all.retain(|one| one.refutes);
        }
        let worst = largest(all, |one| Rounded::new(one.closeness, one.rounding + NO_NEARER));
        worst.into_iter().next()
    }
}

enum Comparison {
    Refutes(f64),
    Tells {
        closeness: f64,
        within: bool,
    },
    /// The prediction is small there, and so is the floor.
    Hidden,
    SaysNothing(String),
}

impl Judgement for Identity {
    fn kind(&self) -> &'static str {
        "identity"
    }

    fn judge(&self, curve: &Curve, _attained: Option<f64>) -> Finding {
        // Only what never comes is equal to an infinity.
        let never = |p: &Point| p.measured.value == p.predicted && !p.measured.has_diverged();
        if let Some(finding) = unsound(curve, never) {
            return finding;
        }
        let points = curve.points();
        let sizes = points.iter().map(|p| p.predicted.abs()).filter(|size| size.is_finite());
        let largest = match sizes.fold(0.0, f64::max) {
            0.0 => 1.0,
            largest => largest,
        };
        let mut compared: Vec<Compared<'_>> = Vec::new();
        let (mut first_violation, mut unseen, mut open) = (None, None, None);
        let nothing = of_nothing(points);
        for (p, scale) in points.iter().zip(scales(points)) {
            let (closeness, refutes) = match self.compare(p, scale, largest, nothing) {
                Comparison::Refutes(closeness) => {
                    first_violation = first_violation.or(Some(violation(p)));
                    (closeness, true)
                }
                Comparison::Tells { closeness, within } => {
                    if !within {
                        open = open.or_else(|| Some(left_open(p)));
                    }
                    (closeness, false)
                }
                Comparison::Hidden => continue,
                Comparison::SaysNothing(text) => {
                    unseen = unseen.or(Some(text));
                    continue;
                }
            };
            let rounding = self.rounding(p, scale);
            compared.push(Compared { point: p, closeness, rounding, refutes });
        }
        let Some(Compared { point: shown, closeness, .. }) = Compared::worst(compared) else {
            return Finding::inconclusive(unseen.unwrap_or_else(|| {
                "nothing was checked: the rounding floor exceeds the tolerance at every point"
                    .into()
            }));
        };
        Finding {
            verdict: match (first_violation, &unseen) {
                (Some(_), _) => Verdict::Refuted,
                (None, None) if open.is_none() => Verdict::Supported,
                (None, _) => Verdict::Inconclusive,
            },
            at: shown.x,
            measured: shown.measured.value,
            predicted: shown.predicted,
            severity: Severity::Resolution(self.tolerance),
            closeness,
            first_violation,
            note: unseen.or(open).filter(|_| first_violation.is_none()),
            ..Finding::without_chance(Level::Exact)
        }
    }
}

/// Why a point neither supports nor refutes.
fn left_open(p: &Point) -> String {
    format!(
        "at N = {} the deviation {:.1e} is beyond the tolerance of the prediction {:.1e}, but not of its neighbours or of rounding",
        p.x,
        (p.measured.value - p.predicted).abs(),
        p.predicted
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Reading;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn deviations_within_the_tolerance_are_supported_and_beyond_it_refuted(
            value in 0.1..10.0f64, excess in -3.0..3.0f64,
        ) {
            prop_assume!((excess.abs() - 1.0).abs() > 1e-3);
            let curve = Curve::at(1.0, value * (1.0 + 1e-6 * excess), value);
            let finding = Identity::new(1e-6).judge(&curve, None);
            let expected = if excess.abs() < 1.0 { Verdict::Supported } else { Verdict::Refuted };
            prop_assert_eq!(finding.verdict, expected);
        }
    }

    #[test]
    fn what_rounding_hides_is_inconclusive() {
        let curve = Curve::at(1.0, Reading::new(1.0, 1e-3), 1.0);
        assert_eq!(Identity::new(1e-6).judge(&curve, None).verdict, Verdict::Inconclusive);
    }

    #[test]
    fn an_infinity_that_is_meant_agrees_and_a_diverged_run_does_not() {
        let judge = |measured: Reading, predicted: f64| {
            Identity::new(1e-6).judge(&Curve::at(1.0, measured, predicted), None).verdict
        };
        assert_eq!(judge(Reading::NEVER, f64::INFINITY), Verdict::Supported);
        assert_eq!(judge(Reading::NEVER, 1.0), Verdict::Refuted);
        assert_eq!(judge(Reading::DIVERGED, 1.0), Verdict::Refuted);
        assert_eq!(judge(f64::NAN.into(), 1.0), Verdict::Refuted);
        assert_eq!(judge(Reading::new(f64::NAN, f64::NAN), 1.0), Verdict::Refuted);
        // The author's numbers.
        for predicted in [f64::INFINITY, f64::NEG_INFINITY, f64::NAN] {
            assert_eq!(judge(Reading::DIVERGED, predicted), Verdict::Inconclusive);
            assert_eq!(judge(1.0.into(), predicted), Verdict::Inconclusive);
        }
    }

    #[test]
    fn the_slope_of_the_sine_is_the_cosine_at_a_quarter_of_the_period_too() {
        let steps = |range: std::ops::RangeInclusive<i32>, shift: f64, amplitude: f64| {
            let x = move |k: i32| f64::from(k) * std::f64::consts::TAU / 64.0 + shift;
            let h = 1e-5;
            let measured =
                move |k: i32| amplitude * ((x(k) + h).sin() - (x(k) - h).sin()) / (2.0 * h);
            let curve = Curve::over(range, measured, |k| amplitude * x(k).cos());
            Identity::new(1e-6).judge(&curve, None).verdict
        };
        assert_eq!(steps(0..=64, 0.0, 1.0), Verdict::Supported);
        assert_eq!(steps(0..=64, 0.0, 1e6), Verdict::Supported);
        assert_eq!(steps(0..=64, 0.0, 1e-9), Verdict::Supported);
        assert_eq!(steps(0..=16, 0.0, 1.0), Verdict::Supported, "it ends there");
        assert_eq!(steps(16..=32, 0.0, 1.0), Verdict::Supported, "it begins there");
        for shift in [1e-7, 1e-9, -1e-11] {
            assert_ne!(steps(0..=64, shift, 1.0), Verdict::Refuted, "beside the zero");
        }
    }

    #[test]
    fn a_true_identity_through_zero_is_never_refuted_however_coarse_the_grid() {
        use std::f64::consts::{PI, TAU};
        let judge = |curve: Curve| Identity::new(1e-6).judge(&curve, None).verdict;
        for steps in 1..=100 {
            for periods in [0.5, 1.0, 1.5, 2.0, 5.0] {
                for start in [0.0, TAU / 4.0, PI] {
                    let t = move |k: i32| start + f64::from(k) * periods * TAU / f64::from(steps);
                    let h = 1e-5;
                    let curves = [
                        Curve::over(0..=steps, |k| (t(k) + TAU).sin(), |k| t(k).sin()),
                        Curve::over(
                            0..=steps,
                            |k| ((t(k) + h).sin() - (t(k) - h).sin()) / (2.0 * h),
                            |k| t(k).cos(),
                        ),
                        Curve::over(
                            0..=steps,
                            |k| 1.0 - t(k).cos(),
                            |k| 2.0 * (t(k) / 2.0).sin().powi(2),
                        ),
                        Curve::over(
                            0..=steps,
                            |k| t(k).sin() * t(k).cos(),
                            |k| (2.0 * t(k)).sin() / 2.0,
                        ),
                    ];
                    for (number, curve) in curves.into_iter().enumerate() {
                        assert_ne!(
                            judge(curve),
                            Verdict::Refuted,
                            "{number}: {steps} steps of {periods} periods from {start}"
                        );
                    }
                }
            }
        }
        // What is wrong by more than that is.
        for wrong in [3e-6, -0.5] {
            let curve = Curve::over(
                0..=4,
                |k: i32| (PI * f64::from(k) / 2.0 + wrong).sin(),
                |k| (PI * f64::from(k) / 2.0).sin(),
            );
            assert_eq!(judge(curve), Verdict::Refuted);
        }
    }

    #[test]
    fn near_a_zero_what_deviates_is_still_refuted() {
        let predicted = [0.2, 0.1, 6e-17, -0.1, -0.2];
        let with = |i: usize, value: f64| {
            let curve = Curve::over(
                0..5usize,
                |k| if k == i { value } else { predicted[k] },
                |k| predicted[k],
            );
            Identity::new(1e-6).judge(&curve, None).verdict
        };
        assert_eq!(with(2, 5e-12), Verdict::Supported);
        assert_eq!(with(2, 2e-7), Verdict::Refuted);
        assert_eq!(with(1, 0.1 + 3e-7), Verdict::Refuted);
        let list = Curve::over(0..2usize, |k| [1.5e-8, -1.0][k], |k| [1e-8, -1.0][k]);
        assert_eq!(Identity::new(1e-6).judge(&list, None).verdict, Verdict::Refuted);
    }

    #[test]
    fn a_floor_that_says_nothing_supports_nothing() {
        for floor in [f64::INFINITY, f64::NAN, -1.0, 0.1] {
            let curve: Curve =
                [(1.0, Reading::new(1.0, 0.0), 1.0), (2.0, Reading::new(1.0, floor), 1.0)]
                    .into_iter()
                    .collect();
            let finding = Identity::new(1e-6).judge(&curve, None);
            assert_eq!(finding.verdict, Verdict::Inconclusive);
            assert!(finding.note.unwrap().contains("at N = 2"));
        }
        // Rounding that a curve has fallen below.
        let falling =
            Curve::over(0..99, |n: i32| Reading::new(0.5f64.powi(n), 1e-16), |n| 0.5f64.powi(n));
        assert_eq!(Identity::new(1e-6).judge(&falling, None).verdict, Verdict::Supported);
    }

    #[test]
    fn a_tolerance_that_admits_everything_is_refused() {
        for tolerance in [0.0, -1.0, f64::INFINITY, f64::NAN] {
            let error = std::panic::catch_unwind(|| Identity::new(tolerance)).unwrap_err();
            assert!(
                error.downcast_ref::<String>().unwrap().contains("the tolerance of an identity")
            );
        }
    }
}
