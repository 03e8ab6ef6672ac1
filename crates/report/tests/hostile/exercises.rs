//! Exercises stand on the pages of their theorems alone, and are text like all else.

use theoria_report::{About, Exercise, File, files};
use theoria_verification::evidence::TheoremEvidence;

use crate::evidence;
use crate::markup::{self, markup_of};
use crate::mutation;

const OTHER: &str = "examples/growth";

fn exercise(theorem: &str, text: &str) -> Exercise {
    Exercise {
        theorem: theorem.into(),
        title: text.into(),
        points: 16,
        asked: text.into(),
        checks: vec![text.into()],
        command: text.into(),
    }
}

fn drawn(exercises: Vec<Exercise>) -> Vec<File> {
    let sound = evidence::sound();
    let other = TheoremEvidence { id: OTHER.into(), ..sound.clone() };
    let about = About { exercises, ..About::default() };
    files(&[sound, other], &about).expect("it can be drawn")
}

#[test]
fn an_exercise_stands_on_the_page_of_its_theorem_and_on_no_other() {
    let task = Exercise {
        theorem: OTHER.into(),
        title: "Watch it grow".into(),
        points: 16,
        asked: "Write the step $\\rho^n$.".into(),
        checks: vec!["x_{n+1} is larger".into()],
        command: "mine assignment new growth my-solution".into(),
    };
    let unknown = exercise("examples/nowhere", "Of a theorem without a page");
    let without = drawn(Vec::new());
    let with = drawn(vec![task, unknown]);
    let changed: Vec<&File> = with.iter().filter(|file| !without.contains(file)).collect();
    let paths: Vec<&str> = changed.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(paths, ["examples/growth.html", "index.html"]);
    assert!(changed[1].content.contains("href=\"examples/growth.html#exercise-1\""));
    let told =
        ["Watch it grow", "16 points", "Write the step <math", "assignment new growth my-solution"];
    for told in told {
        assert_eq!(changed[0].content.matches(told).count(), 1, "{told}");
    }
}

#[test]
fn no_text_of_an_exercise_becomes_markup() {
    let mut ours = markup::of_prose();
    for file in drawn(vec![exercise(evidence::ID, "A task")]) {
        if super::is_markup(&file.path) {
            ours.add(markup_of(&file.content).expect("markup"));
        }
    }
    for text in mutation::TEXTS {
        let texts = format!("It grows. {text}");
        for file in drawn(vec![exercise(evidence::ID, &texts)]) {
            if file.path != format!("{}.html", evidence::ID) {
                continue;
            }
            assert!(file.content.contains("Exercise: It grows."), "{text:?}");
            let found =
                markup_of(&file.content).unwrap_or_else(|fault| panic!("{text:?}: {fault}"));
            let foreign: Vec<_> = found.names.difference(&ours.names).collect();
            let foreign_script = found.scripts > 2 || file.content.contains("<script>");
            assert!(foreign.is_empty() && !foreign_script, "{text:?}: {foreign:?}");
            let harmful = found
                .addresses
                .iter()
                .find(|it| it.contains("script:") || it.contains("data:text"));
            assert_eq!(harmful, None, "{text:?}");
        }
    }
}
