use super::*;
use crate::Reading;
use proptest::prelude::*;

fn judge(direction: Direction, measured: &[f64], predicted: &[f64]) -> Finding {
    let curve = Curve::over(1..=measured.len(), |n| measured[n - 1], |n| predicted[n - 1]);
    Bound::new(direction).judge(&curve, None)
}

#[test]
fn a_diverged_run_refutes_a_bound_in_either_direction() {
    for direction in [Direction::AtMost, Direction::AtLeast] {
        for value in [f64::INFINITY, f64::NEG_INFINITY, f64::NAN] {
            let finding = judge(direction, &[1.0, value], &[1.0, 1.0]);
            assert_eq!(finding.verdict, Verdict::Refuted);
            assert_eq!(finding.first_violation.unwrap().at, 2.0);
        }
    }
}

#[test]
fn what_never_comes_is_above_every_bound() {
    let judge = |direction| Bound::new(direction).judge(&Curve::at(1.0, Reading::NEVER, 3.0), None);
    assert_eq!(judge(Direction::AtLeast).verdict, Verdict::Supported);
    assert_eq!(judge(Direction::AtLeast).severity, Severity::Tightness { value: 0.0, rate: None });
    assert_eq!(judge(Direction::AtMost).verdict, Verdict::Refuted);
}

#[test]
fn a_prediction_that_is_no_number_is_not_blamed_on_the_measurement() {
    for (direction, nothing) in
        [(Direction::AtMost, f64::INFINITY), (Direction::AtLeast, f64::NEG_INFINITY)]
    {
        for none in [f64::NAN, -nothing] {
            // Not even beside a violation.
            let finding = judge(direction, &[1.0, f64::NAN], &[none, 1.0]);
            assert_eq!(finding.verdict, Verdict::Inconclusive);
            assert!(finding.note.unwrap().starts_with("the prediction at N = 1 is "));
        }
        assert_eq!(judge(direction, &[5.0, 1.0], &[nothing, 1.0]).verdict, Verdict::Supported);
        assert_eq!(judge(direction, &[5.0], &[nothing]).verdict, Verdict::Inconclusive);
    }
}

#[test]
fn a_floor_that_says_nothing_supports_nothing() {
    for direction in [Direction::AtMost, Direction::AtLeast] {
        for floor in [f64::INFINITY, f64::NAN, -1.0, 2.0] {
            let curve: Curve =
                [(1.0, Reading::new(1.0, 0.0), 1.0), (2.0, Reading::new(1.0, floor), 1.0)]
                    .into_iter()
                    .collect();
            let finding = Bound::new(direction).judge(&curve, None);
            assert_eq!(finding.verdict, Verdict::Inconclusive);
            assert!(finding.note.unwrap().contains("at N = 2"));
        }
    }
    // Rounding that the bound has fallen below, and a large floor that leaves nothing open.
    let falling =
        Curve::over(0..99, |n: i32| Reading::new(0.4f64.powi(n), 1e-16), |n| 0.5f64.powi(n));
    assert_eq!(Bound::new(Direction::AtMost).judge(&falling, None).verdict, Verdict::Supported);
    let clear = Curve::at(1.0, Reading::new(1.0, 0.5), 2.0);
    assert_eq!(Bound::new(Direction::AtMost).judge(&clear, None).verdict, Verdict::Supported);
}

#[test]
fn a_bound_that_decays_is_tight_where_it_has_fallen_and_has_a_rate() {
    let powers =
        |base: f64, from: i32| -> Vec<f64> { (from..from + 9).map(|n| base.powi(n)).collect() };
    let finding = judge(Direction::AtMost, &powers(0.25, 0), &powers(0.5, 0));
    assert_eq!(finding.severity, Severity::Tightness { value: 0.5, rate: Some(0.5) });
    assert_eq!(
        finding.note.as_deref(),
        Some(
            "at N = 2 the measurement is 0.50 of what is allowed; its rate is 0.50 of the measured one"
        )
    );
    let finding = judge(Direction::AtLeast, &powers(0.5, 0), &powers(0.25, 0));
    assert_eq!(finding.severity, Severity::Tightness { value: 0.5, rate: Some(0.5) });
    // Attained at the first step if that is what is claimed, but not before it.
    let attained = |from: i32| {
        let measured = |n: i32| 0.25f64.powi(n - from);
        let curve = Curve::over(from..9, measured, |n| 0.5f64.powi(n - from));
        Bound::new(Direction::AtMost).judge(&curve, Some(0.99)).verdict
    };
    assert_eq!((attained(0), attained(1)), (Verdict::Inconclusive, Verdict::Supported));
    // A bound that stays has no rate.
    let finding = judge(Direction::AtMost, &[0.8, 0.4], &[1.0, 1.0]);
    assert_eq!(finding.severity, Severity::Tightness { value: 0.8, rate: None });
}

#[test]
fn a_bound_that_falls_to_zero_at_once_is_seen_beside_its_start() {
    let judge = |from: i32, after: f64| {
        let measured = |n| Reading::new(if n == 0 { 1.0 } else { after }, 1e-16);
        let curve = Curve::over(from..=9, measured, |n| 0f64.powi(n));
        Bound::new(Direction::AtMost).judge(&curve, None)
    };
    let finding = judge(0, -1e-17);
    assert_eq!(finding.verdict, Verdict::Supported);
    assert_eq!(finding.severity, Severity::Tightness { value: 0.0, rate: None });
    assert_eq!(judge(0, 1e-3).verdict, Verdict::Refuted);
    // Without it nobody knows what is small.
    assert_eq!(judge(1, -1e-17).verdict, Verdict::Inconclusive);
}

#[test]
fn a_huge_prediction_excuses_no_floor() {
    let after = |direction, first: Reading, predicted: f64, then: Reading, bound: f64| {
        let curve: Curve = std::iter::once((1.0, first, predicted))
            .chain((2..=20).map(|n| (f64::from(n), then, bound)))
            .collect();
        Bound::new(direction).judge(&curve, None)
    };
    for huge in [1e8f64, 1e12, 1e16, 1e200] {
        for start in [1.0, 0.5 * huge.min(1e14)] {
            for bound in [1.0, 0.0] {
                let (first, then) = (Reading::from(start), Reading::new(1e3, 1.1e3));
                let finding = after(Direction::AtMost, first, huge, then, bound);
                assert_eq!(finding.verdict, Verdict::Inconclusive, "{huge} {start} {bound}");
            }
        }
        let then = Reading::new(1.0, 1.1e3);
        let finding = after(Direction::AtLeast, Reading::from(2e12), huge.min(1e12), then, 1e3);
        assert_eq!(finding.verdict, Verdict::Inconclusive, "{huge}");
    }
}

#[test]
fn a_bound_may_decay_below_the_floor_and_says_how_much_it_hides() {
    for (base, floor) in [(0.5f64, 1e-9), (0.1, 1e-6), (0.9, 1e-5), (0.5, 1e-16)] {
        let measured = |n: i32| Reading::new(0.9 * base.powi(n), floor);
        let curve = Curve::over(0..200, measured, |n| base.powi(n));
        let finding = Bound::new(Direction::AtMost).judge(&curve, None);
        assert_eq!(finding.verdict, Verdict::Supported);
        assert!(finding.note.as_deref().unwrap().contains("rounding hides 1"), "{finding:?}");
        // It comes back, and is hidden there.
        let back = Curve::over(0..200, measured, |n| base.powi(if n == 199 { 9 } else { n }));
        let hidden = |n: i32| if n == 199 { Reading::new(1.0, 1.0) } else { measured(n) };
        let curve = Curve::over(0..200, hidden, |n| back.points()[n as usize].predicted);
        assert_eq!(
            Bound::new(Direction::AtMost).judge(&curve, None).verdict,
            Verdict::Inconclusive
        );
        // The same towards small abscissae.
        let curve = Curve::over(0..200, |n| measured(199 - n), |n| base.powi(199 - n));
        assert_eq!(Bound::new(Direction::AtMost).judge(&curve, None).verdict, Verdict::Supported);
    }
}

#[test]
fn negative_numbers_have_a_tightness_too() {
    let tightness = |direction, measured, predicted| {
        judge(direction, &[measured], &[predicted]).severity.tightness()
    };
    assert_eq!(tightness(Direction::AtMost, -2.0, -1.0), Some(0.5));
    assert_eq!(tightness(Direction::AtMost, -2.0, 0.0), Some(0.0));
    assert_eq!(tightness(Direction::AtLeast, -1.0, -2.0), Some(0.5));
    assert_eq!(tightness(Direction::AtLeast, 1.0, -2.0), Some(0.0));
    assert_eq!(tightness(Direction::AtMost, 0.0, 0.0), None);
}

#[test]
fn below_the_rounding_floor_nothing_is_violated_and_no_tightness_is_seen() {
    let curve = Curve::at(3.0, Reading::new(2e-16, 1e-15), 1e-16);
    let finding = Bound::new(Direction::AtMost).judge(&curve, None);
    assert_ne!(finding.verdict, Verdict::Refuted);
    assert_eq!(finding.severity, Severity::None);
}

#[test]
fn a_bound_that_is_not_attained_as_claimed_is_not_supported() {
    let curve = Curve::at(1.0, 0.8, 1.0);
    let bound = Bound::new(Direction::AtMost);
    assert_eq!(bound.judge(&curve, None).verdict, Verdict::Supported);
    assert_eq!(bound.judge(&curve, Some(0.99)).verdict, Verdict::Inconclusive);
}

proptest! {
    #[test]
    fn verdict_and_tightness_agree(pairs in prop::collection::vec((0.1..10.0f64, 0.1..10.0f64), 1..20)) {
        let (measured, predicted): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
        let finding = judge(Direction::AtMost, &measured, &predicted);
        let worst = measured.iter().zip(&predicted).map(|(m, p)| m / p).fold(0.0, f64::max);
        prop_assert_eq!(finding.closeness, worst);
        prop_assert!(finding.severity.tightness().is_some_and(|tightness| tightness <= worst));
        prop_assert_eq!(finding.verdict == Verdict::Refuted, worst > 1.0 + 2e-9);
        // A lower bound is the same with the sides exchanged.
        let mirrored = judge(Direction::AtLeast, &predicted, &measured);
        prop_assert_eq!(mirrored.verdict, finding.verdict);
    }
}
