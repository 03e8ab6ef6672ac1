//! The work of one run dealt out among machines, and put together again.

#![expect(
    clippy::unwrap_used,
    reason = "all of it is a test, though clippy knows the tests themselves alone"
)]

use rand::RngExt;
use rand::seq::SliceRandom;
use theoria_verification::evidence::{Accepted, MergeError, Piece, TheoremEvidence, merge, store};
use theoria_verification::{
    Block, Case, Check, Claim, Content, Curve, Effort, Family, Figure, Hypothesis, Line, Memory,
    Remembered, Sample, Settings, Shard, Side, Standing, Stream, Theorem, Verdict,
};

type Factor = Case<f64>;

fn drawn() -> Family<Factor> {
    Family::drawn("factors", |draw| {
        let factor = draw.uniform(0.1, 1.1);
        Case::new(format!("powers of {factor}"), factor)
    })
}

fn decreasing() -> Hypothesis<Factor> {
    Hypothesis::new("decreasing", |factor: &Factor, _| Check::at_most(factor.value, 1.0, "ρ"))
}

fn powers(name: &str, allowed: f64) -> Claim<Factor> {
    Claim::bound(name, &format!("ρ^n ≤ {allowed}"))
        .assuming([decreasing()])
        .on(drawn())
        .on(Family::cases("worked examples", [0.25, 0.5, 1.0], |it| format!("powers of {it}")))
        .measuring(1..=9, |factor, powers| powers.read(|n: i32| factor.powi(n)))
        .predicting(move |_, _| allowed)
}

fn searched(name: &str, allowed: f64) -> Claim<Factor> {
    Claim::bound(name, &format!("4ρ(1 − ρ) ≤ {allowed}"))
        .on(Family::drawn("maps", |draw| {
            let factor = draw.uniform(0.0, 1.0);
            Case::new(format!("at {factor}"), factor)
        })
        .hunted(200))
        .experiment(move |factor| {
            Curve::at(1.0, 4.0 * factor.value * (1.0 - factor.value), allowed)
        })
}

fn uniform(factor: &Factor, block: &mut Block) -> Sample {
    block.each(&[1.0, 2.0], |random| {
        let trial = factor.value * random.random::<f64>();
        vec![trial, trial * trial]
    })
}

fn mean(name: &str, share: f64) -> theoria_verification::TrialClaim<Factor> {
    Claim::expected_value(name, &format!("E Z is {share} of it"), 0.2)
        .on(drawn())
        .on(Family::cases("usual", [1.0], |it| format!("uniform on [0, {it}]")))
        .sampling(uniform)
        .predicting(move |factor, x| share * factor.value.powf(x) / (x + 1.0))
}

/// Positions of which the hypothesis holds and of which it fails.
fn along(name: &str) -> Family<Factor> {
    Family::along(name, [0.2, 0.5, 0.9, 1.0, 1.2], |it| Case::new(format!("at {it}"), it))
}

/// The same, each with a picture that draws.
fn shown() -> Family<Factor> {
    along("pictures along a slider").showing(|factor, draw| {
        let points = (0..3).map(|x| (f64::from(x), factor.value + draw.uniform(0.0, 1.0)));
        Content::Lines { lines: vec![Line::measured("y", points)] }
    })
}

/// Claims of every kind: curves, trials, searches, one that is refuted and shrunk, controls of all three, hypotheses that
/// fail, sliders, figures, a worst instance that is remembered and one that is not what it was.
fn theorem() -> Theorem {
    let figure = |name: &str| {
        Figure::linear(name, "x", "y").caption("Drawn.").showing(|draw, _| Content::Lines {
            lines: vec![Line::measured(
                "y",
                (0..5).map(|x| (f64::from(x), draw.uniform(0.0, 1.0))),
            )],
        })
    };
    Theorem::new("examples/everything", "# Everything\n\nOf every kind.")
        .claim(powers("stays_below_one", 1.0).on(along("factors along a slider")).on(shown()))
        .control(powers("is_small_at_once", 1e-3))
        .control(powers("without_the_hypothesis", 1.0).violating("decreasing").on(growing()))
        .claim(searched("is_at_most_one", 1.0))
        .control(searched("is_at_most_nine_tenths", 0.9))
        .claim(
            Claim::bound("is_refuted", "ρ^n ≤ 1/2")
                .assuming([decreasing()])
                .on(drawn())
                .measuring(1..=9, |factor: &Factor, powers| powers.read(|n: i32| factor.powi(n)))
                .predicting(|_, _| 0.5),
        )
        .claim(mean("mean", 1.0).on(along("means along a slider")))
        .control(mean("half_the_mean", 0.5))
        .claim(
            Claim::law("law", "Z is uniform", 0.2)
                .on(Family::cases("usual", [1.0], |it| format!("uniform on [0, {it}]")))
                .sampling(|factor: &Factor, block| {
                    block.each_value(1, |random| factor.value * random.random::<f64>())
                })
                .distributed_as(|factor, _, z| (z / factor.value).clamp(0.0, 1.0)),
        )
        .claim(
            Claim::probability("halves", "P(Z < 1/2) = 1/2", Side::Within(0.1))
                .on(Family::cases("usual", [1.0], |it| format!("uniform on [0, {it}]")))
                .sampling(|_, block| block.each_event(1, |random| random.random::<f64>() < 0.5))
                .predicting(|_, _| 0.5),
        )
        .figure(Figure::linear("powers", "n", "ρⁿ").of("stays_below_one").caption("Below."))
        .figure(
            Figure::linear("slider", "n", "ρⁿ")
                .of("stays_below_one")
                .along("ρ", "factors along a slider", 0)
                .caption("One after the other."),
        )
        .figure(figure("first"))
        .figure(figure("second"))
        .figure(figure("third"))
}

/// They break the hypothesis, lest no instance of a control counts that means to.
fn growing() -> Family<Factor> {
    Family::cases("growing", [1.05, 1.09], |it| format!("powers of {it}"))
}

fn with_memory(theorem: Theorem) -> Theorem {
    let whole = theorem.check(&Settings::default());
    let mut memory = Memory::new("examples/everything");
    let claim = whole.claims.iter().find(|claim| claim.name == "is_at_most_one").unwrap();
    let worst = claim.instances.iter().find(|it| it.origin.choices().is_some()).unwrap();
    memory.take(Remembered::of("is_at_most_one", worst).unwrap());
    theorem.remembering(&memory.to_json())
}

fn shards(theorem: &Theorem, settings: Settings, of: usize) -> Vec<Piece> {
    let piece = |index: usize| Piece {
        file: format!("shard-{}-of-{of}/everything.json", index + 1),
        evidence: theorem.check(&Settings { shard: Some(Shard { index, of }), ..settings }),
    };
    (0..of).map(piece).collect()
}

/// As it is on disk, and read again.
fn bytes(evidence: &TheoremEvidence) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::read(store::write(folder.path(), evidence).unwrap()).unwrap()
}

fn through_files(pieces: Vec<Piece>) -> Vec<Piece> {
    let folder = tempfile::tempdir().unwrap();
    let write = |(number, piece): (usize, Piece)| {
        let folder = folder.path().join(number.to_string());
        let path = store::write(&folder, &piece.evidence).unwrap();
        Piece { evidence: store::read(&path).unwrap(), ..piece }
    };
    pieces.into_iter().enumerate().map(write).collect()
}

#[test]
fn all_shards_in_any_order_are_the_bytes_of_one_run() {
    let theorem = with_memory(theorem());
    let settings = Settings { effort: Effort::Quick, attempts: 200, ..Settings::default() };
    let whole = theorem.check(&settings);
    assert!(whole.claims.iter().any(|claim| claim.counterexample.is_some()), "one is shrunk");
    assert_eq!(whole.computed_figures.len(), 3);
    let expected = bytes(&whole);
    let mut order = Stream::new(1).trial(0);
    for of in [1, 2, 3, 5, 16] {
        let mut pieces = through_files(shards(&theorem, settings, of));
        for _ in 0..3 {
            pieces.shuffle(&mut order);
            let merged = merge(pieces.clone(), Accepted::default()).unwrap();
            assert!(bytes(&merged) == expected, "{of} shards");
        }
    }
}

#[test]
fn a_worst_instance_that_is_none_any_more_is_dropped_by_shards_as_by_one_run() {
    let remembering = with_memory(theorem());
    let memory = remembering.remembered()[0].clone();
    let mut other = Memory::new("examples/everything");
    other.take(memory.clone());
    // Another family under the same name draws something else from the same choices.
    let text = other.to_json();
    let changed = Theorem::new("examples/everything", "# Everything").claim(
        Claim::bound("is_at_most_one", "ρ ≤ 1")
            .on(Family::drawn("maps", |draw| {
                let factor = draw.uniform(0.0, 0.5);
                Case::new(format!("half of it, {factor}"), factor)
            })
            .hunted(100))
            .experiment(|factor| Curve::at(1.0, 2.0 * factor.value, 1.0)),
    );
    let changed = changed.remembering(&text);
    let whole = changed.check(&Settings::default());
    assert_eq!(whole.claims[0].forgotten.len(), 1, "{:?}", whole.claims[0].forgotten);
    for of in [2, 3] {
        let pieces = through_files(shards(&changed, Settings::default(), of));
        let merged = merge(pieces, Accepted::default()).unwrap();
        assert!(bytes(&merged) == bytes(&whole), "{of} shards");
    }
}

#[test]
fn every_instance_and_figure_is_examined_by_one_shard_alone() {
    let all = shards(&theorem(), Settings::default(), 3);
    let whole = theorem().check(&Settings::default());
    for (number, claim) in whole.claims.iter().enumerate() {
        let instances = all.iter().map(|piece| piece.evidence.claims[number].instances.len());
        assert_eq!(instances.sum::<usize>(), claim.instances.len(), "{}", claim.name);
    }
    let figures = all.iter().map(|piece| piece.evidence.computed_figures.len());
    assert_eq!(figures.collect::<Vec<usize>>(), [1, 1, 1]);
}

#[test]
fn a_shard_alone_supports_nothing_and_may_refute() {
    for piece in shards(&theorem(), Settings::default(), 3) {
        for claim in &piece.evidence.claims {
            let is_part =
                claim.share.as_ref().unwrap().examined().len() < claim.share.as_ref().unwrap().of;
            assert!(!is_part || claim.verdict != Verdict::Supported, "{}", claim.name);
        }
        assert_ne!(piece.evidence.standing, Standing::Holds);
    }
}

fn told(pieces: &[&Piece]) -> MergeError {
    let pieces = pieces.iter().map(|piece| (*piece).clone()).collect();
    merge(pieces, Accepted::default()).unwrap_err()
}

#[test]
fn what_is_missing_doubled_or_foreign_is_named_with_its_files() {
    let settings = Settings::default();
    let all = shards(&theorem(), settings, 3);
    let [a, b, c] = &all[..] else { panic!("three") };

    let error = told(&[a, c]);
    assert!(matches!(error, MergeError::MissingShards { .. }), "{error}");
    let text = error.to_string();
    for part in ["shard 2 of 3", "shard-1-of-3", "shard-3-of-3", "examples/everything"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let error = told(&[a, b, c, b]);
    assert!(matches!(error, MergeError::DoubledShard { .. }), "{error}");
    assert!(error.to_string().contains("shard 2 of 3"), "{error}");

    let seven = shards(&theorem(), settings.with_seed(7), 3);
    assert!(matches!(told(&[a, &seven[1], c]), MergeError::MixedSeeds { .. }));
    let four = shards(&theorem(), settings, 4);
    assert!(matches!(told(&[a, &four[1], c]), MergeError::ForeignShard { .. }));
    let whole = Piece { file: "whole.json".into(), evidence: theorem().check(&settings) };
    assert!(matches!(told(&[&whole, a, b, c]), MergeError::ForeignShard { .. }));
    let quick = shards(&theorem(), Settings { effort: Effort::Quick, ..settings }, 3);
    assert!(matches!(told(&[a, &quick[1], c]), MergeError::MixedEfforts { .. }));

    let changed = |change: fn(&mut TheoremEvidence)| {
        let mut piece = b.clone();
        change(&mut piece.evidence);
        told(&[a, &piece, c])
    };
    let error = changed(|it| it.version = "9.9.9".into());
    assert!(matches!(error, MergeError::DifferentVersions { .. }), "{error}");
    let error = changed(|it| it.share.as_mut().unwrap().build = Some("another".into()));
    assert!(matches!(error, MergeError::DifferentBuilds { .. }), "{error}");
    let error = changed(|it| it.share.as_mut().unwrap().figures.truncate(1));
    assert!(matches!(error, MergeError::Unfitting { .. }), "{error}");
    let error = changed(|it| it.computed_figures.clear());
    assert!(matches!(error, MergeError::Unfitting { .. }), "{error}");
    let error = changed(|it| {
        for claim in &mut it.claims {
            claim.instances.clear();
            claim.share.as_mut().unwrap().places.clear();
        }
    });
    assert!(matches!(error, MergeError::Unfitting { .. }), "{error}");
}

#[test]
fn incomplete_shards_can_be_looked_at_and_finished_later() {
    let settings = Settings::default();
    let all = shards(&theorem(), settings, 3);
    let look = Accepted { incomplete: true, ..Accepted::default() };
    let some = merge(all[..2].to_vec(), look).unwrap();
    assert!(some.is_incomplete() && some.standing != Standing::Holds);
    assert_eq!(some.runs.len(), 2);
    let rest = Piece { file: "some.json".into(), evidence: some };
    let whole = merge(vec![all[2].clone(), rest], Accepted::default()).unwrap();
    assert!(bytes(&whole) == bytes(&theorem().check(&settings)));
}

#[test]
fn complete_shards_of_several_seeds_are_several_runs() {
    let settings = Settings::default();
    let mut all = shards(&theorem(), settings, 2);
    all.extend(shards(&theorem(), settings.with_seed(7), 2));
    let several = Accepted { several_seeds: true, ..Accepted::default() };
    let merged = merge(all.clone(), several).unwrap();
    assert_eq!((merged.budgets(), merged.runs.len()), (2, 2));
    let error = merge(all[..3].to_vec(), several).unwrap_err();
    assert!(matches!(error, MergeError::MissingShards { .. }), "{error}");
}
