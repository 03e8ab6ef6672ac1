//! Runs that are killed, and go on from what they wrote down.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use rand::RngExt;
use theoria_verification::evidence::TheoremEvidence;
use theoria_verification::{
    Case, Check, Claim, Content, Curve, Family, Figure, Hypothesis, Journal, Line, Settings, Side,
    Theorem,
};

/// A journal in memory, of which a killed run leaves a part.
#[derive(Default)]
struct Notes(Mutex<BTreeMap<String, String>>);

impl Journal for Notes {
    fn recall(&self, key: &str) -> Option<String> {
        self.0.lock().expect("nobody panicked").get(key).cloned()
    }

    fn keep(&self, key: &str, value: &str) {
        self.0.lock().expect("nobody panicked").insert(key.into(), value.into());
    }
}

/// What ran: blocks of trials, curves, figures.
#[derive(Default)]
struct Ran([AtomicUsize; 3]);

impl Ran {
    fn one(&self, kind: usize) {
        self.0[kind].fetch_add(1, Ordering::Relaxed);
    }

    fn counts(&self) -> [usize; 3] {
        [0, 1, 2].map(|kind| self.0[kind].load(Ordering::Relaxed))
    }
}

fn theorem(ran: &Arc<Ran>) -> Theorem {
    let [trials, curves, figures] = [0, 1, 2].map(|_| Arc::clone(ran));
    let cases = || Family::cases("usual", [0.5, 0.25], |it| format!("around {it}"));
    let half = Claim::probability("half", "P = 1/2", Side::Within(0.01))
        .on(Family::cases("usual", [0.5], |it| format!("around {it}")))
        .sampling(move |case: &Case<f64>, block| {
            trials.one(0);
            block.each_event(1, |random| random.random::<f64>() < case.value)
        })
        .predicting(|_, _| 0.5);
    let falls = Claim::bound("falls", "ρⁿ ≤ 1").on(cases()).experiment(move |case: &Case<f64>| {
        curves.one(1);
        Curve::over(1..=5, |n: i32| case.value.powi(n), |_| 1.0)
    });
    let shown = Family::along("along a slider", [0.5, 2.0], |it| Case::new("a factor", it));
    let shown = shown.showing(|case, draw| {
        let points = [(0.0, case.value), (1.0, draw.uniform(0.0, 1.0))];
        Content::Lines { lines: vec![Line::measured("y", points)] }
    });
    let slides = Claim::bound("slides", "ρⁿ ≤ 1")
        .assuming([Hypothesis::new("ρ ≤ 1", |case: &Case<f64>, _| {
            Check::at_most(case.value, 1.0, "ρ")
        })])
        .on(shown)
        .experiment(|case: &Case<f64>| Curve::over(1..=5, |n: i32| case.value.powi(n), |_| 1.0));
    let theorem = Theorem::new("examples/journal", "# Journal").claim(half).claim(falls);
    theorem.claim(slides).figure(Figure::linear("line", "x", "y").caption("A line.").showing(
        move |draw, _| {
            figures.one(2);
            let points = (0..3).map(|x| (f64::from(x), draw.uniform(0.0, 1.0)));
            Content::Lines { lines: vec![Line::measured("y", points)] }
        },
    ))
}

/// The evidence of a run that finds these notes, and what it ran.
fn run(notes: &Arc<Notes>) -> (TheoremEvidence, [usize; 3]) {
    let ran = Arc::new(Ran::default());
    let journal: Arc<dyn Journal> = Arc::<Notes>::clone(notes);
    let evidence = theorem(&ran).check_with_journal(&Settings::default(), journal);
    (evidence, ran.counts())
}

fn text(evidence: &TheoremEvidence) -> String {
    serde_json::to_string(evidence).expect("JSON")
}

#[test]
fn what_was_written_down_is_not_run_again_and_the_bytes_are_the_same() {
    let whole = theorem(&Arc::default()).check(&Settings::default());
    let notes = Arc::new(Notes::default());
    let (evidence, ran) = run(&notes);
    assert_eq!((text(&evidence), ran), (text(&whole), [16, 2, 1]));
    let (evidence, ran) = run(&notes);
    assert_eq!((text(&evidence), ran), (text(&whole), [0, 0, 0]), "all of it was finished");
}

#[test]
fn a_run_that_is_killed_loses_the_block_that_it_was_at() {
    let whole = theorem(&Arc::default()).check(&Settings::default());
    let notes = Arc::new(Notes::default());
    run(&notes);
    // The instance was not finished, nor was this block of it.
    let (instance, block) = ("/claims/0/0", "/claims/0/0/0/5");
    for key in [instance, block] {
        assert!(notes.0.lock().expect("nobody panicked").remove(key).is_some(), "{key}");
    }
    let (evidence, ran) = run(&notes);
    assert_eq!((text(&evidence), ran), (text(&whole), [1, 0, 0]));
}

#[test]
fn notes_that_make_no_sense_are_not_believed() {
    let whole = theorem(&Arc::default()).check(&Settings::default());
    let notes = Arc::new(Notes::default());
    run(&notes);
    for value in notes.0.lock().expect("nobody panicked").values_mut() {
        *value = "{\"x\": [], \"record\": {\"block\": 3, \"points\": []}}".into();
    }
    let (evidence, ran) = run(&notes);
    assert_eq!((text(&evidence), ran), (text(&whole), [16, 2, 1]));
}
