//! What is handed out: stubs run as they are, in Python and in Rust, tasks and checks agree, and nothing hidden is among it.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use theoria_assignments::handout::{Language, files, hand_out};
use theoria_assignments::play::{Player, Program, Student};
use theoria_assignments::protocol::{begin, tell};
use theoria_assignments::theoria::Fields;
use theoria_assignments::{Mark, assignments, judge, settings, submission};

fn has_python() -> bool {
    Command::new("python3").arg("--version").output().is_ok()
}

#[test]
fn tasks_checks_and_theorems_agree() {
    for assignment in assignments::all() {
        let name = assignment.name;
        for check in assignment.checks() {
            let row = format!("| `{}` | {} |", check.name, check.points);
            assert!(assignment.task.contains(&row), "{name}: the task has no row {row:?}");
        }
        let rows = assignment.task.lines().filter(|line| line.starts_with("| `")).count();
        assert_eq!(rows, assignment.checks().count(), "{name}: a row for each check");
        let nobody = Student::in_process(assignment.stub);
        for part in [&assignment.public, &assignment.hidden] {
            let theorem = (part.claims)(&nobody);
            let claims: Vec<&str> = theorem.claims().map(|(_, name)| name).collect();
            let checks: Vec<&str> = part.checks.iter().map(|check| check.name).collect();
            assert_eq!(claims, checks, "{name}: one claim for each check, in this order");
        }
        let asked = assignment.asked();
        let one_sentence = asked.ends_with('.') && (15..200).contains(&asked.len());
        assert!(one_sentence, "{name}: what is asked reads {asked:?}");
        assert!(assignment.mutants.len() >= 6, "{name}: six mutants at least");
        assert!(assignment.hints.len() >= 3 && !assignment.success.is_empty(), "{name}");
        let draws = (assignment.public.claims)(&nobody).has_figure();
        assert!(draws, "{name}: a figure of what the student sees");
    }
}

#[test]
fn nothing_that_only_the_grader_knows_is_handed_out() {
    for assignment in assignments::all() {
        for language in [Language::Python, Language::Rust] {
            for (path, text) in files(&assignment, language) {
                let own = ["mutant", "reference.rs", "Flaw"].iter().any(|word| text.contains(word));
                assert!(!own, "{}: {path}", assignment.name);
            }
        }
    }
}

/// The marks of the public checks for what was handed out.
fn marks_of_the_stub(name: &str, language: Language, folder: &Path) -> Vec<Mark> {
    let assignment = assignments::named(name).expect("it is one of them");
    hand_out(&assignment, language, folder).expect("the folder can be written");
    let launch = submission::launch(folder, None).unwrap_or_else(|error| panic!("{error}"));
    let name = assignment.name;
    let student = Student::started_by(move || Ok(Box::new(Program::start(&launch, name)?)));
    let judged = judge(&assignment.public, &student, &settings(7, false), |_| true);
    judged.into_iter().map(|judged| judged.mark).collect()
}

#[test]
fn stubs_in_python_run_as_they_are_and_earn_nothing() {
    if !has_python() {
        return;
    }
    for assignment in assignments::all() {
        let folder = tempfile::tempdir().unwrap();
        let marks = marks_of_the_stub(assignment.name, Language::Python, folder.path());
        let refuted = marks.iter().all(|mark| *mark == Mark::Refuted);
        assert!(refuted, "{}: {marks:?}", assignment.name);
    }
}

#[test]
fn a_stub_in_rust_builds_alone_and_earns_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let marks = marks_of_the_stub("gradient_descent", Language::Rust, folder.path());
    assert!(marks.iter().all(|mark| *mark == Mark::Refuted), "{marks:?}");
}

#[test]
fn twenty_runs_of_two_hundred_steps_in_python_take_less_than_two_seconds() {
    if !has_python() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let assignment = assignments::named("gradient_descent").unwrap();
    hand_out(&assignment, Language::Python, folder.path()).unwrap();
    let launch = submission::launch(folder.path(), None).unwrap();
    let began = Instant::now();
    let mut program = Program::start(&launch, assignment.name).unwrap();
    let start = vec![0.5; 10];
    for _ in 0..20 {
        let instance = Fields::new().with("start", &start).with("smoothness", 1.0);
        program.answer(&begin(&instance)).unwrap();
        for _ in 0..200 {
            program.answer(&tell(&Fields::new().with("gradient", &start))).unwrap();
        }
    }
    // Twice the time that is promised: other tests run beside this one.
    assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());
}

#[test]
fn what_python_prints_or_diverges_to_is_no_fault() {
    if !has_python() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let assignment = assignments::named("gradient_descent").unwrap();
    hand_out(&assignment, Language::Python, folder.path()).unwrap();
    let solution = "\
from theoria import serve

class Solution:
    def begin(self, instance):
        print('begins', instance)
        return {'point': (float('inf'), float('-inf'), float('nan'))}

serve(Solution())
";
    std::fs::write(folder.path().join("solution.py"), solution).unwrap();
    let launch = submission::launch(folder.path(), None).unwrap();
    let mut program = Program::start(&launch, assignment.name).unwrap();
    let answer = program.answer(&begin(&Fields::new().with("start", 1.0))).unwrap();
    let point = answer.vector("point", 3).unwrap();
    assert!(point[0] == f64::INFINITY && point[1] == f64::NEG_INFINITY && point[2].is_nan());
    // It has no `tell`.
    let fault = program.answer(&tell(&Fields::new())).unwrap_err().to_string();
    assert!(fault.contains("exit code 1") && fault.contains("AttributeError"), "{fault}");
}
