//! Tests of exponents.

use super::*;
use crate::Reading;
use crate::Verdict::{Inconclusive, Refuted, Supported};
use proptest::prelude::*;

fn judge_at(
    xs: impl IntoIterator<Item = f64>,
    measured: impl Fn(f64) -> f64,
    predicted: f64,
) -> Finding {
    let reading = |x| Reading::new(measured(x), 1e-16);
    let curve = Curve::over(xs, reading, |x| x.powf(predicted));
    Exponent::default().judge(&curve, None)
}

fn dyadic(octaves: std::ops::RangeInclusive<i32>) -> impl Iterator<Item = f64> {
    octaves.map(|k| 2f64.powi(k))
}

fn all(until: u32) -> impl Iterator<Item = f64> {
    (1..=until).map(f64::from)
}

fn judge(measured: impl Fn(f64) -> f64, predicted: f64) -> Verdict {
    judge_at(all(4096), measured, predicted).verdict
}

#[test]
fn rounding_of_logarithms_is_no_drift() {
    let power = |n: f64| 91.836_934_692_360_42 * n.powf(-0.412_352_754_816_931_5);
    assert_eq!(judge(power, -0.155_326_622_988_499_75), Refuted);
}

proptest! {
    #[test]
    fn a_power_supports_its_exponent_and_refutes_others(
        exponent in -3.0..-0.2f64, constant in 0.1..100.0f64, off in 0.12..1.0f64,
    ) {
        let power = |n: f64| constant * n.powf(exponent);
        prop_assert_eq!(judge(power, exponent), Supported);
        prop_assert_eq!(judge(power, exponent - off), Refuted);
        prop_assert_eq!(judge(power, exponent + off), Refuted);
    }

    #[test]
    fn a_logarithm_never_passes_as_a_power(
        power in 0.5..3.0f64, scale in 1.0..64.0f64, first in 3..9i32, length in 5..9i32, claimed in -1.2..-0.4f64,
    ) {
        let measured = |n: f64| (scale * n).ln().powf(power) / n;
        let verdict = judge_at(dyadic(first..=first + length), measured, claimed).verdict;
        // True is -1.
        if (claimed + 1.0).abs() > 0.051 { prop_assert_ne!(verdict, Supported); }
        if (claimed + 1.0).abs() < 0.049 { prop_assert_ne!(verdict, Refuted); }
    }

    #[test]
    fn what_oscillates_by_a_factor_is_never_turned_round(
        wobble in 0.0..0.9f64, frequency in 0.3..3.0f64, off in 0.2..1.0f64,
    ) {
        let measured = |n: f64| (1.0 + wobble * (frequency * n).sin()) / n;
        prop_assert_ne!(judge(measured, -1.0), Refuted);
        prop_assert_ne!(judge(measured, -1.0 - off), Supported);
        prop_assert_ne!(judge(measured, -1.0 + off), Supported);
    }

    #[test]
    fn rounding_of_single_points_is_allowed_for(
        signs in prop::collection::vec(prop::bool::ANY, 6), error in 1e-5..1e-3f64, off in -0.2..0.2f64,
    ) {
        let points = (6..12).zip(signs).map(|(k, up)| {
            let n = 2f64.powi(k);
            let value = (1.0 + if up { error } else { -error }) / n;
            (n, Reading::new(value, error * value), n.powf(-1.0 + off))
        });
        let verdict = Exponent::default().judge(&points.collect(), None).verdict;
        if off.abs() > 0.051 { prop_assert_ne!(verdict, Supported); }
        if off.abs() < 0.049 { prop_assert_ne!(verdict, Refuted); }
    }

    #[test]
    fn a_spike_anywhere_in_the_last_octaves_is_seen(at in 140..4096u32, height in 30.0..1e6f64) {
        let measured = |n: f64| if n == f64::from(at) { height / n } else { 1.0 / n };
        prop_assert_ne!(judge(measured, -1.0), Supported);
    }
}

#[test]
fn a_power_need_not_have_a_value_at_0() {
    let inverse = |x: f64| 1.0 / x;
    let curve = Curve::over((0..=4096).map(f64::from), inverse, inverse);
    assert_eq!(Exponent::default().judge(&curve, None).verdict, Supported);
    let xs = (0..=12).map(|k| if k == 12 { 0.0 } else { 0.5f64.powi(k) });
    let curve = Curve::over(xs, inverse, inverse);
    assert_eq!(Exponent::default().towards_zero().judge(&curve, None).verdict, Supported);
}

#[test]
fn what_returns_ever_more_seldom_is_no_power() {
    for seldom in [[2.0, 4.0, 16.0, 256.0], [3.0, 9.0, 81.0, 200.0], [5.0, 5.0, 5.0, 700.0]] {
        for other in [0.0, -0.5, -2.0] {
            let measured = |n: f64| if seldom.contains(&n) { n.powf(other) } else { 1.0 / n };
            let finding = judge_at(all(32768), measured, -1.0);
            assert_eq!(finding.verdict, Inconclusive, "{seldom:?} {other}");
        }
    }
    // A start that dies out is none of that.
    for start in [
        |n: f64| 1.0 + 1e3 / n.powi(2),
        |n: f64| 1.0 - (-n / 9.0).exp(),
        |n: f64| 1.0 + 9.0 * (-n / 9.0).exp(),
    ] {
        assert_eq!(judge_at(all(32768), |n| start(n) / n, -1.0).verdict, Supported);
    }
}

#[test]
fn slow_drifts_are_no_powers() {
    for weight in [0.3, 0.5, 0.7, 0.9] {
        let slow = |n: f64| (weight * n.ln().sqrt()).exp() / n;
        for wobble in [0.0, 1e-3, 1e-2] {
            let wobbling = |n: f64| slow(n) * (1.0 + wobble * (n.log2() as i32 % 2) as f64);
            for claimed in (80..=94).map(|percent| -f64::from(percent) / 100.0) {
                let all = judge_at(all(32768), slow, claimed).verdict;
                let few = judge_at(dyadic(5..=15), wobbling, claimed).verdict;
                assert!(all != Supported && few != Supported, "{weight} {wobble} {claimed}");
            }
            assert_ne!(judge_at(dyadic(5..=15), wobbling, -1.0).verdict, Refuted);
        }
    }
}

#[test]
fn the_logarithms_that_once_passed_do_not() {
    let over_n = |n: f64| n.ln() / n;
    assert_eq!(judge_at(dyadic(9..=14), over_n, -0.895).verdict, Inconclusive);
    let root = |n: f64| n.ln().sqrt() / n;
    assert_eq!(judge_at(dyadic(5..=10), root, -0.913).verdict, Inconclusive);
    for last in 11..=15 {
        assert_ne!(judge_at(dyadic(last - 6..=last), over_n, -1.0).verdict, Refuted);
    }
}

/// The worst gap of gradient descent with silver steps, as it is for its best and for its worst N.
#[test]
fn what_is_another_power_at_powers_of_two_is_none() {
    let exponent = -(1.0 + 2f64.sqrt()).log2();
    let gap = |n: f64| if (n as u32).is_power_of_two() { 0.0858 } else { 0.249 * n.powf(exponent) };
    for (until, claimed) in [(1023, exponent), (1024, 0.0), (1023, 0.0), (1024, exponent)] {
        assert_eq!(judge_at(all(until), gap, claimed).verdict, Inconclusive, "{until} {claimed}");
    }
    let sub: Vec<f64> = (3..=10).map(|m| 2f64.powi(m) - 1.0).collect();
    let finding = judge_at(sub, |n| 0.249 * n.powf(exponent), exponent);
    assert_eq!(finding.verdict, Supported, "{finding:?}");
}

#[test]
fn lower_order_terms_die_out() {
    assert_eq!(judge(|n| 1.0 / n + 3.0 / (n * n), -1.0), Supported);
}

#[test]
fn sparse_points_count_the_octaves_that_they_span() {
    let decades = |last: i32| (1..=last).map(|k| 10f64.powi(k));
    assert_eq!(judge_at(decades(5), |n| 1.0 / n, -1.0).verdict, Supported);
    assert_eq!(judge_at(decades(7), |n| 1.0 / n, -1.0).verdict, Supported);
    assert_eq!(judge_at(decades(5), |n| 1.0 / n, -1.1).verdict, Refuted);
    assert_eq!(judge_at(decades(5), |n| n.ln() / n, -0.9).verdict, Inconclusive);
    let note = judge_at(decades(4), |n| 1.0 / n, -1.0).note.unwrap();
    assert!(note.contains("needs 5 points") && note.contains("there are 4"), "{note}");
}

#[test]
fn too_few_octaves_say_nothing_and_what_is_missing() {
    let finding = judge_at(all(8), |n| 1.0 / n, -1.0);
    assert_eq!(finding.verdict, Inconclusive);
    assert!(
        finding
            .note
            .unwrap()
            .contains("needs 5 octaves above the rounding floor; the points there span 3.0")
    );
}

#[test]
fn the_order_of_the_points_does_not_matter() {
    let down = judge_at(all(4096).collect::<Vec<_>>().into_iter().rev(), |n| 1.0 / n, -1.0);
    assert_eq!(down, judge_at(all(4096), |n| 1.0 / n, -1.0));
}

#[test]
fn towards_zero_the_small_abscissae_decide() {
    let judge = |exponent: Exponent, predicted: f64| {
        let xs = (0..=12).map(|k| 0.5f64.powi(k));
        let curve = Curve::over(xs, |x: f64| x * x + x.powi(3), |x| x.powf(predicted));
        exponent.judge(&curve, None)
    };
    let default = Exponent::default();
    assert_eq!(judge(default, 2.0).verdict, Inconclusive);
    let finding = judge(default.towards_zero(), 2.0);
    assert_eq!((finding.verdict, finding.at), (Supported, 0.5f64.powi(12)));
    assert!((finding.measured - 2.0).abs() < 0.01);
    assert_eq!(judge(default.towards_zero(), 2.2).verdict, Refuted);
    assert_eq!(judge(default.towards_zero(), 1.8).verdict, Refuted);
}

#[test]
fn nothing_is_fitted_below_the_floor() {
    let saturated = |n: u32| Reading::new((1.0 / f64::from(n).powi(4)).max(1e-10), 1e-11);
    let curve = Curve::over(1..=1 << 16, saturated, |n| f64::from(n).powi(-4));
    assert_eq!(Exponent::default().judge(&curve, None).verdict, Supported);
}

#[test]
fn what_comes_back_from_below_the_floor_counts() {
    let with_floors = |reading: &dyn Fn(u32) -> Reading| {
        let curve = Curve::over(1..=4096, |n: u32| reading(n), |n| f64::from(n).powi(-4));
        Exponent::default().judge(&curve, None)
    };
    let quartic = |n: u32| f64::from(n).powi(-4);
    let spike = with_floors(&|n| Reading::new(if n == 3000 { 1e-3 } else { quartic(n) }, 1e-12));
    assert_ne!(spike.verdict, Supported, "{spike:?}");
    let gap = with_floors(&|n| Reading::new(quartic(n), if n == 2000 { 1.0 } else { 1e-20 }));
    assert_eq!(gap.verdict, Inconclusive);
    assert!(gap.note.unwrap().contains("at N = 2000"));
    for floor in [f64::INFINITY, f64::NAN, -1.0, 1.0] {
        let blind = with_floors(&|n| Reading::new(quartic(n), if n > 200 { floor } else { 1e-20 }));
        assert_eq!(blind.verdict, Inconclusive);
    }
    // Zero all at once, where a power would still be seen.
    let vanishes = with_floors(&|n| Reading::from(if n > 200 { 0.0 } else { quartic(n) }));
    assert_eq!(vanishes.verdict, Inconclusive);
}

#[test]
fn a_prediction_that_is_no_number_is_not_blamed_on_the_measurement() {
    let zero_over_zero = |n: f64| n.ln() / n.ln() / n;
    let curve = Curve::over((1..=512).map(f64::from), |n| 1.0 / n, zero_over_zero);
    let finding = Exponent::default().judge(&curve, None);
    assert_eq!(finding.verdict, Inconclusive);
    assert_eq!(finding.note.as_deref(), Some("the prediction at N = 1 is not a number"));
}

#[test]
fn a_diverged_run_follows_no_power() {
    for reading in [Reading::DIVERGED, Reading::NEVER, f64::NAN.into()] {
        let measured = |n: u32| if n == 1 { reading } else { Reading::from(1.0 / f64::from(n)) };
        let curve = Curve::over(1..=4096u32, measured, |n| 1.0 / f64::from(n));
        assert_eq!(Exponent::default().judge(&curve, None).verdict, Refuted);
    }
}

#[test]
fn a_margin_that_admits_everything_is_refused() {
    for margin in [0.0, -0.1, f64::INFINITY, f64::NAN] {
        let error = std::panic::catch_unwind(|| Exponent::default().within(margin)).unwrap_err();
        assert!(error.downcast_ref::<String>().unwrap().contains("the margin of an exponent"));
    }
    assert!(std::panic::catch_unwind(|| Exponent::default().over_octaves(0)).is_err());
}
