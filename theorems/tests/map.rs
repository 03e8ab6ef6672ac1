//! What theorems say that they use: it is there, can be read in some order, and leaves no theorem beside the others.

use std::collections::{BTreeMap, BTreeSet};

use theoria_verification::Theorem;

fn theorems() -> BTreeMap<String, Theorem> {
    theoria_theorems::all().into_iter().map(|theorem| (theorem.id().to_string(), theorem)).collect()
}

#[test]
fn what_is_used_is_a_theorem() {
    let theorems = theorems();
    for (id, theorem) in &theorems {
        for used in theorem.prerequisites() {
            assert!(theorems.contains_key(&used.theorem), "{id} uses {}", used.theorem);
        }
    }
}

#[test]
fn no_theorem_rests_on_itself() {
    let theorems = theorems();
    let mut read: BTreeSet<&str> = BTreeSet::new();
    loop {
        let before = read.len();
        for (id, theorem) in &theorems {
            let uses = theorem.prerequisites().iter();
            if uses.into_iter().all(|used| read.contains(&*used.theorem)) {
                read.insert(id);
            }
        }
        if read.len() == before {
            break;
        }
    }
    let circular: Vec<&String> = theorems.keys().filter(|id| !read.contains(&***id)).collect();
    assert!(circular.is_empty(), "in a circle, or upon one: {circular:?}");
}

#[test]
fn every_theorem_is_connected_or_says_why_it_is_not() {
    let theorems = theorems();
    let used: BTreeSet<&str> = theorems
        .values()
        .flat_map(|theorem| theorem.prerequisites().iter().map(|used| &*used.theorem))
        .collect();
    for (id, theorem) in &theorems {
        let connected = !theorem.prerequisites().is_empty() || used.contains(&**id);
        assert!(
            connected != theorem.alone().is_some(),
            "{id}: it uses others or is used, or else says that it stands alone, and on what"
        );
    }
}

#[test]
fn what_is_used_is_told_in_a_few_words() {
    for (id, theorem) in theorems() {
        let told = theorem.prerequisites().iter().map(|used| &*used.what).chain(theorem.alone());
        for what in told {
            let words = what.split_whitespace().count();
            assert!((2..=24).contains(&words), "{id}: {words} words: {what}");
            assert!(!what.ends_with('.') && !what.contains('$'), "{id}: {what}");
        }
    }
}
