//! The marks of all: as CSV, and as a page with the distribution of each check.

use std::path::Path;

use maud::{DOCTYPE, Markup, html};
use theoria_verification::evidence::store::write_atomically;

use super::{GradeError, Graded, Graduation, Test, at};
use crate::assignment::{Assignment, Check};
use crate::judge::Mark;

/// Writes `grades.csv` and `index.html`.
pub(super) fn write(
    out: &Path,
    graduation: &Graduation,
    assignment: &Assignment,
    seed: u64,
) -> Result<(), GradeError> {
    let page = page(graduation, assignment, seed).into_string();
    for (name, text) in [("grades.csv", csv(graduation, assignment)), ("index.html", page)] {
        let path = out.join(name);
        let written = write_atomically(&path, text.as_bytes());
        written.map_err(|error| at(&path)(std::io::Error::other(error.to_string())))?;
    }
    Ok(())
}

const NOT_GRADED: &str = "not graded";

fn shown(score: Option<u32>) -> String {
    score.map_or_else(|| NOT_GRADED.into(), |score| score.to_string())
}

fn csv(graduation: &Graduation, assignment: &Assignment) -> String {
    let checks = assignment.checks().map(|check| check.name.to_owned());
    let head = ["submission", "score", "of"].map(str::to_owned).into_iter().chain(checks);
    let row = |graded: &Graded| {
        let own = [graded.name.clone(), shown(graded.score()), assignment.points().to_string()];
        let tests = graded.tests.iter().map(|test| shown(test.score()));
        own.into_iter().chain(tests).collect::<Vec<_>>()
    };
    let rows = std::iter::once(head.collect()).chain(graduation.graded.iter().map(row));
    rows.map(|row| row.iter().map(|text| cell(text)).collect::<Vec<_>>().join(",") + "\r\n")
        .collect()
}

/// A cell that no program of tables takes for a formula, in quotes where it must be.
fn cell(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if is_formula { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r', '\'']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

fn page(graduation: &Graduation, assignment: &Assignment, seed: u64) -> Markup {
    let tier = graduation.tier;
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (assignment.title) ": marks" }
                style { (STYLE) }
            }
            body {
                h1 { (assignment.title) }
                p {
                    (graduation.graded.len()) " submissions of the assignment " code { (assignment.name) } ", " (graduation.unfinished())
                    " of them not graded to the end; seed " (seed) ". For the teacher alone."
                }
                p { "Isolation: " strong { (tier) } ". Missing: " (tier.lacks()) "." }
                h2 { "Checks" }
                table {
                    thead { tr { th { "check" } th { "points" } th { "holds" } th { "fails" } th { "not graded" } th { "" } } }
                    tbody { @for check in assignment.checks() { (of_check(check, graduation)) } }
                }
                h2 { "Submissions" }
                table {
                    thead { tr { th { "submission" } th { "score" } @for check in assignment.checks() { th { code { (check.name) } } } } }
                    tbody { @for graded in &graduation.graded {
                        tr {
                            td { (graded.name) }
                            td { (shown(graded.score())) }
                            @for test in &graded.tests { td title=(test.explanation) { (shown(test.score())) } }
                        }
                    } }
                }
            }
        }
    }
}

fn of_check(check: &Check, graduation: &Graduation) -> Markup {
    let tests: Vec<&Test> = graduation
        .graded
        .iter()
        .flat_map(|graded| &graded.tests)
        .filter(|test| test.check.name == check.name)
        .collect();
    let holds = tests.iter().filter(|test| test.mark == Mark::Passed).count();
    let open = tests.iter().filter(|test| test.score().is_none()).count();
    let share = 100 * holds / tests.len().max(1);
    html! {
        tr {
            td { code { (check.name) } br; (check.title) }
            td { (check.points) }
            td { (holds) }
            td { (tests.len() - holds - open) }
            td { (open) }
            td { div.bar { div style={ "width: " (share) "%" } {} } }
        }
    }
}

const STYLE: &str = "\
body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; color: #222 } \
table { border-collapse: collapse; width: 100% } td, th { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #ddd; \
vertical-align: top } .bar { width: 10rem; height: .8rem; background: #ddd; margin-top: .4rem } .bar div { height: 100%; background: \
#2a7 }";

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn no_cell_is_a_formula() {
        for formula in ["=1+1", "+1", "-1", "@sum", "\tx"] {
            assert!(cell(formula).starts_with("\"'"), "{}", cell(formula));
        }
        assert_eq!(cell("plain name"), "plain name");
        assert_eq!(cell("a,\"b\""), "\"a,\"\"b\"\"\"");
    }
}
