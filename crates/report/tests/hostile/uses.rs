//! What theorems say of each other: whatever they name, pages hold no circle, and no text of it becomes markup.

use theoria_report::{About, File, files};
use theoria_verification::Prerequisite;
use theoria_verification::evidence::TheoremEvidence;

use crate::evidence;
use crate::markup::{self, markup_of};
use crate::mutation;

const NAMES: [&str; 3] = ["decay", "growth", "rest"];

/// Three theorems, of which each uses the one before, and the first the last where they form a circle.
pub(super) fn three(what: &str, circle: bool) -> Vec<TheoremEvidence> {
    let id = |number: usize| format!("examples/{}", NAMES[number % 3]);
    let sound = evidence::sound();
    (0..3)
        .map(|number| {
            let used = |other| Prerequisite { theorem: id(other), what: what.into() };
            let uses = if number > 0 || circle { vec![used(number + 2)] } else { Vec::new() };
            TheoremEvidence { id: id(number), uses, ..sound.clone() }
        })
        .collect()
}

fn page(files: &[File], path: &str) -> String {
    let page = files.iter().find(|file| file.path == path);
    page.unwrap_or_else(|| panic!("no {path}")).content.clone()
}

#[test]
fn uses_are_links_on_both_pages_and_on_the_map() {
    let files = files(&three("the first step", false), &About::default()).expect("it is drawn");
    let growth = page(&files, "examples/growth.html");
    let (uses, used_by) = growth.split_once("<dt>Used by</dt>").expect("both lines");
    assert!(uses.contains("<dt>Uses</dt>") && uses.contains("href=\"../examples/decay.html\""));
    assert!(uses.contains("the first step") && used_by.contains("href=\"../examples/rest.html\""));
    let (before, _) = growth.split_once("rel=\"next\"").expect("it has a next one");
    assert!(before.contains("rel=\"prev\"") && before.ends_with("href=\"../examples/rest.html\" "));
    let map = page(&files, "map.html");
    assert_eq!(map.matches("class=\"line ").count(), 2);
    assert!(NAMES.iter().all(|name| map.contains(&format!("id=\"examples-{name}\""))), "{map}");
    assert!(page(&files, "index.html").contains("href=\"map.html\""));
}

#[test]
fn a_circle_is_opened_and_what_is_not_there_left_out() {
    let mut evidence = three("all of it", true);
    evidence[1].uses.push(Prerequisite { theorem: "examples/nowhere".into(), what: "x".into() });
    let files = files(&evidence, &About::default()).expect("it is drawn");
    assert_eq!(page(&files, "map.html").matches("class=\"line ").count(), 2);
    let all: String = files.iter().map(|file| file.content.as_str()).collect();
    assert!(!all.contains("nowhere.html"));
}

#[test]
fn no_text_of_a_use_becomes_markup() {
    let drawn = |what: &str| files(&three(what, true), &About::default()).expect("it is drawn");
    let mut ours = markup::of_prose();
    for file in drawn("all of it").iter().filter(|file| super::is_markup(&file.path)) {
        ours.add(markup_of(&file.content).expect("markup"));
    }
    for text in mutation::TEXTS {
        for file in drawn(text).iter().filter(|file| super::is_markup(&file.path)) {
            let found = markup_of(&file.content);
            let found = found.unwrap_or_else(|fault| panic!("{text:?}: {}: {fault}", file.path));
            let foreign: Vec<_> = found.names.difference(&ours.names).collect();
            let foreign_script = found.scripts > 2 || file.content.contains("<script>");
            assert!(foreign.is_empty() && !foreign_script, "{text:?}: {foreign:?}");
        }
    }
}
