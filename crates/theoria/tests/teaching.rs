//! The page for teachers speaks of all assignments, and of theorems that there are; and no document is forgotten.

use std::collections::BTreeSet;
use std::path::Path;

use theoria::assignments::{Assignment, assignments};
use theoria::theorems;

const PAGE: &str = include_str!("../../../docs/teaching.md");

fn ids() -> Vec<String> {
    theorems::all().iter().map(|theorem| theorem.id().to_string()).collect()
}

/// The page from this heading to the next of its rank.
fn section(heading: &str) -> &'static str {
    let (_, after) = PAGE.split_once(&format!("\n## {heading}\n")).expect("the section is there");
    after.split("\n## ").next().unwrap_or(after)
}

/// What stands between backticks in a text, without its blocks of code.
fn quoted(text: &str) -> Vec<&str> {
    let prose = text.split("```").step_by(2);
    prose.flat_map(|prose| prose.split('`').skip(1).step_by(2)).collect()
}

/// The weeks of the course.
fn weeks() -> Vec<&'static str> {
    section("A course of twelve weeks").split("\n### Week ").skip(1).collect()
}

#[test]
fn assignments_are_about_theorems_that_there_are() {
    let known = ids();
    for assignment in assignments::all() {
        let theorem = assignment.theorem.to_owned();
        assert!(known.contains(&theorem), "{}: there is no theorem {theorem}", assignment.name);
    }
}

#[test]
fn the_table_has_all_assignments_in_their_order() {
    let row = |it: &Assignment| format!("| `{}` | {} | `{}` | ", it.name, it.points(), it.theorem);
    let expected: Vec<String> = assignments::all().iter().map(row).collect();
    let rows = section("The assignments").lines().filter(|line| line.starts_with("| `"));
    let rows: Vec<&str> = rows.collect();
    for (at, expected) in expected.iter().enumerate() {
        let found = rows.get(at).copied().unwrap_or("nothing");
        let tells = found.strip_prefix(expected.as_str()).is_some_and(|rest| rest.len() > 10);
        assert!(
            tells,
            "docs/teaching.md, The assignments: where {found:?} stands, a row must begin with\n\
             {expected}\nand say what it teaches"
        );
    }
    assert_eq!(rows.len(), expected.len(), "docs/teaching.md has rows of no assignment: {rows:?}");
}

#[test]
fn the_course_has_twelve_weeks_and_hands_out_every_assignment_once() {
    let weeks = weeks();
    assert_eq!(weeks.len(), 12);
    let mut handed_out: Vec<&str> = Vec::new();
    for (number, week) in (1..).zip(&weeks) {
        assert!(week.starts_with(&format!("{number}: ")), "week {number}: {week}");
        let assigned = week.split("\nAssignment: ").nth(1).and_then(|it| it.split('.').next());
        let names = quoted(assigned.expect("each week has an assignment"));
        assert!(!names.is_empty(), "week {number}");
        handed_out.extend(names);
    }
    for assignment in assignments::all() {
        let times = handed_out.iter().filter(|name| **name == assignment.name).count();
        assert_eq!(times, 1, "docs/teaching.md: weeks that hand out `{}`", assignment.name);
    }
    assert_eq!(handed_out.len(), assignments::all().len(), "{handed_out:?}");
}

#[test]
fn the_course_names_theorems_that_there_are_and_those_of_its_assignments() {
    let known = ids();
    for week in weeks() {
        let (theorems, rest) = week.split_once("\nAssignment: ").expect("its assignment");
        let theorems = quoted(theorems);
        for id in &theorems {
            assert!(known.iter().any(|it| it == id), "docs/teaching.md: no theorem {id}\n{week}");
        }
        for assignment in assignments::all().iter().filter(|it| quoted(rest).contains(&it.name)) {
            let theorem = assignment.theorem;
            assert!(theorems.contains(&theorem), "docs/teaching.md lacks {theorem}\n{week}");
        }
    }
}

#[test]
fn what_is_run_in_class_finds_its_theorems() {
    let known = ids();
    for week in weeks() {
        let code = week.split("```sh\n").nth(1).and_then(|it| it.split("```").next());
        let code = code.unwrap_or_else(|| panic!("nothing is run in week {week}"));
        let of_the_week = quoted(week);
        for line in code.lines() {
            let words: Vec<&str> = line.split_whitespace().collect();
            let (verb, filters) = match words[..] {
                ["theoria", "show", id] => ("show", vec![id]),
                ["theoria", "check", ref filters @ .., "--draw"] => ("check", filters.to_vec()),
                _ => panic!("docs/teaching.md: what does {line:?} do?"),
            };
            for filter in filters {
                let named = |id: &&String| id.ends_with(&format!("/{filter}"));
                let by_name = known.iter().find(named).filter(|_| verb == "show");
                let found: Vec<&String> = match by_name {
                    Some(id) => vec![id],
                    None => known.iter().filter(|id| id.contains(filter)).collect(),
                };
                assert!(!found.is_empty(), "{line}: nothing is called {filter}");
                assert!(verb == "check" || found.len() == 1, "{line}: {found:?}");
                let taught = found.iter().any(|id| of_the_week.contains(&id.as_str()));
                assert!(taught, "{line}: the week does not name {found:?}");
            }
        }
    }
}

#[test]
fn every_document_stands_in_the_table_of_documents() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    let table = std::fs::read_to_string(folder.join("README.md")).expect("the table");
    let names = std::fs::read_dir(&folder).expect("the folder").flatten();
    let names: BTreeSet<String> =
        names.filter_map(|file| file.file_name().into_string().ok()).collect();
    for name in names.iter().filter(|name| name.ends_with(".md") && *name != "README.md") {
        let row = format!("| [{name}]({name}) | ");
        assert!(table.contains(&row), "docs/README.md has no row that begins with {row}");
    }
}
