//! What `docs/chapters.md` says of theorems leads to theorems.

use std::collections::BTreeSet;

use theoria_verification::{Statement, Theorem};

const TEXT: &str = include_str!("../../docs/chapters.md");

fn ids() -> Vec<String> {
    theoria_theorems::all().iter().map(|theorem| theorem.id().to_string()).collect()
}

#[test]
fn every_link_leads_to_a_theorem() {
    let ids = ids();
    let mut linked = BTreeSet::new();
    for address in TEXT.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
        let id = address
            .strip_prefix("../theorems/")
            .and_then(|rest| rest.strip_suffix(".md"))
            .map(|rest| rest.replace("/src/", "/"));
        assert!(id.as_ref().is_some_and(|id| ids.contains(id)), "{address}");
        linked.extend(id);
    }
    assert!(linked.len() > 50, "{} theorems are linked", linked.len());
}

#[test]
fn every_chapter_has_a_text_in_the_order_of_the_book() {
    let texts = Statement::parse(TEXT);
    let names = texts.sections().iter().map(|(name, _)| name.to_lowercase().replace(' ', "_"));
    let mut chapters: Vec<String> =
        theoria_theorems::all().iter().map(|theorem| theorem.id().chapter().to_owned()).collect();
    chapters.dedup();
    assert_eq!(names.collect::<Vec<_>>(), chapters);
}

#[test]
fn every_picture_is_a_figure_of_its_theorem() {
    let theorems = theoria_theorems::all();
    let lines = TEXT
        .lines()
        .filter(|line| line.starts_with("Picture: ") || line.starts_with("Shown first: "));
    let mut count = 0;
    for line in lines {
        let names: Vec<&str> = line.split('`').skip(1).step_by(2).collect();
        let of = |theorem: &&Theorem| theorem.id().to_string() == names[0];
        let theorem = theorems.iter().find(of).unwrap_or_else(|| panic!("{line}"));
        assert!(theorem.figure_names().any(|name| name == names[1]), "{line}");
        count += 1;
    }
    assert_eq!(count, 9);
}
