//! Ten logs as people have them, with the right answer for each.

use std::path::Path;

use theoria_curves::judge::{Claim, Comparison, Target, Terms, answers};
use theoria_curves::{Column, Keep, Selection, read};
use theoria_verification::{Finding, Verdict};

fn judged(file: &str, selection: &Selection, claims: &[Claim], terms: Terms) -> Vec<Finding> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/logs").join(file);
    let log = read(&[path], selection, &mut |_| ()).unwrap_or_else(|fault| panic!("{fault}"));
    let all = answers(&log, claims, terms).unwrap_or_else(|misuse| panic!("{misuse}"));
    all.into_iter().map(|answer| answer.finding).collect()
}

fn one(file: &str, selection: &Selection, claim: Claim) -> Finding {
    judged(file, selection, &[claim], Terms::default()).remove(0)
}

fn value(name: &str) -> Selection {
    Selection { value: Some(Column::Name(name.into())), ..Selection::default() }
}

fn target(value: f64, margin: f64) -> Target {
    Target { value, margin: Some(margin) }
}

fn exponent(value: f64, margin: f64) -> Claim {
    Claim::Exponent(target(value, margin))
}

/// The estimate is right, and a single noisy run may leave the claim open.
fn near(finding: &Finding, value: f64, margin: f64) {
    assert!((finding.measured - value).abs() <= margin, "{finding:?}");
    assert_ne!(finding.verdict, Verdict::Refuted, "{finding:?}");
}

fn note(finding: &Finding) -> &str {
    finding.note.as_deref().unwrap_or_default()
}

#[test]
fn epochs_from_zero() {
    let file = "epochs_from_zero.csv";
    let shifted = Selection { shift_steps: 1.0, ..value("loss") };
    near(&one(file, &shifted, exponent(-0.5, 0.05)), -0.5, 0.05);
    let as_they_are = one(file, &value("loss"), exponent(-0.5, 0.02));
    assert_ne!(as_they_are.verdict, Verdict::Supported);
    assert!(note(&as_they_are).contains("--shift-steps"), "{as_they_are:?}");
}

#[test]
fn sparse_columns() {
    let file = "sparse_columns.csv";
    for shift_steps in [0.0, 1.0] {
        let shifted = Selection { shift_steps, ..value("train_loss") };
        near(&one(file, &shifted, exponent(-0.5, 0.05)), -0.5, 0.05);
    }
    let limit = one(file, &value("val_loss"), Claim::Limit(target(0.2, 0.01)));
    assert_eq!(limit.verdict, Verdict::Supported, "{limit:?}");
    let power = one(file, &value("val_loss"), exponent(-1.0, 0.05));
    assert_eq!(power.verdict, Verdict::Refuted, "{power:?}");
}

#[test]
fn wide_runs() {
    let (file, all) = ("wide_runs.csv", Selection::default());
    let each = judged(file, &all, &[exponent(-0.75, 0.05), exponent(-0.5, 0.05)], Terms::default());
    // Adam, SGD of each claim.
    near(&each[0], -0.75, 0.05);
    assert_eq!(each[1].verdict, Verdict::Refuted, "{:?}", each[1]);
    assert_eq!(each[2].verdict, Verdict::Refuted, "{:?}", each[2]);
    near(&each[3], -0.5, 0.05);
    let compare = |lower: &str, higher: &str| {
        let (lower, higher) = (lower.into(), higher.into());
        one(file, &all, Claim::Lower(Comparison { lower, higher, at: 1000.0, within: Some(5.0) }))
    };
    let lower = compare("adam", "sgd");
    assert_eq!(lower.verdict, Verdict::Supported, "{lower:?}");
    assert!((lower.measured - 0.022).abs() < 1e-3 && (lower.predicted - 0.095).abs() < 1e-3);
    assert_eq!(compare("sgd", "adam").verdict, Verdict::Refuted);
}

#[test]
fn resumed_overlap() {
    let resumed = Selection { keep: Some(Keep::Last), ..Selection::default() };
    let rate = one("resumed_overlap.csv", &resumed, Claim::Rate(target(0.995, 5e-4)));
    assert_eq!(rate.verdict, Verdict::Supported, "{rate:?}");
}

#[test]
fn log_history() {
    let finding = one("log_history.json", &Selection::default(), exponent(-0.25, 0.02));
    near(&finding, -0.25, 0.02);
}

#[test]
fn padded_header() {
    let (file, column) = ("padded_header.csv", value("train/box_loss"));
    let limit = one(file, &column, Claim::Limit(target(0.9, 0.02)));
    assert_eq!(limit.verdict, Verdict::Supported, "{limit:?}");
    let approach = one(file, &column, Claim::Approach(target(-1.0, 0.05)));
    assert_eq!(approach.verdict, Verdict::Supported, "{approach:?}");
    assert_ne!(one(file, &column, exponent(-0.5, 0.05)).verdict, Verdict::Supported);
}

#[test]
fn decimal_comma() {
    let columns = Selection {
        run: Some(Column::Name("Lauf".into())),
        step: Some(Column::Name("Schritt".into())),
        ..value("Verlust")
    };
    near(&one("decimal_comma.csv", &columns, exponent(-1.0, 0.05)), -1.0, 0.05);
}

#[test]
fn diverged_runs() {
    let (file, all) = ("diverged_runs.csv", Selection::default());
    let told = one(file, &all, exponent(-0.5, 0.05));
    assert_eq!(told.verdict, Verdict::Inconclusive, "two of eight have no long run");
    let finite = Terms { finite_runs: true, ..Terms::default() };
    let of_finite = judged(file, &all, &[exponent(-0.5, 0.05)], finite).remove(0);
    assert_eq!(of_finite.verdict, Verdict::Supported, "{of_finite:?}");
    let below = Claim::Below("4 / sqrt(n)".parse().expect("a formula"));
    let broken = one(file, &all, below);
    assert_eq!(broken.verdict, Verdict::Refuted);
    assert!(note(&broken).contains("by r3 at n = 60"), "{broken:?}");
    let finite = one(file, &all, Claim::Finite {});
    assert_eq!((finite.verdict, finite.measured), (Verdict::Refuted, 2.0));
    for finding in [told, of_finite, finite] {
        assert!(note(&finding).contains("2 of 8 runs diverged: r3 by step 100, r6 by step 200"));
    }
}

#[test]
fn header_again() {
    let rate = one("header_again.csv", &value("train_loss"), Claim::Rate(target(0.95, 0.003)));
    near(&rate, 0.95, 0.003);
}

#[test]
fn cut_off() {
    let power = one("cut_off.csv", &Selection::default(), exponent(-0.5, 0.05));
    assert_eq!(power.verdict, Verdict::Supported, "{power:?}");
}
