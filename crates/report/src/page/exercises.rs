//! What a reader may try for themselves.

use maud::{Markup, html};

use crate::about::Exercise;
use crate::entry::Entry;
use crate::prose::{plain, prose};
use crate::site::Site;
use crate::words::counted;

fn of<'a>(entry: &Entry<'_>, site: &'a Site<'_>) -> impl Iterator<Item = (usize, &'a Exercise)> {
    let id = entry.evidence.id.clone();
    site.about.exercises.iter().filter(move |it| it.theorem == id).enumerate()
}

fn anchor(number: usize) -> String {
    format!("exercise-{}", number + 1)
}

/// The exercises of a theorem, on its page.
pub(super) fn boxes(entry: &Entry<'_>, site: &Site<'_>) -> Markup {
    html! { @for (number, exercise) in of(entry, site) { (boxed(number, exercise)) } }
}

fn boxed(number: usize, exercise: &Exercise) -> Markup {
    html! {
        section .exercise #(anchor(number)) {
            h2 { "Exercise: " (exercise.title) }
            (prose(&exercise.asked))
            @if !exercise.checks.is_empty() {
                p { "It is checked that" }
                ul { @for check in &exercise.checks { li { (plain(check)) } } }
            }
            p .faint { (counted(exercise.points as usize, "point")) ". It begins with" }
            pre tabindex="0" { code { (exercise.command) } }
        }
    }
}

/// All exercises of the report, in the order of its chapters; nothing if there are none.
pub(super) fn list(site: &Site<'_>) -> Markup {
    let entries = || site.chapters.iter().flat_map(|chapter| &chapter.entries);
    let all: Vec<_> = entries()
        .flat_map(|entry| of(entry, site).map(move |(number, exercise)| (entry, number, exercise)))
        .collect();
    html! {
        @if !all.is_empty() {
            section {
                h2 { "Exercises" }
                p { "To be solved in any language; the checks are claims like all others." }
                ul .exercises {
                    @for (entry, number, exercise) in all {
                        li {
                            a href={ (entry.page_path()) "#" (anchor(number)) } { (exercise.title) } " "
                            span .faint { (counted(exercise.points as usize, "point")) ", " (entry.statement.title()) }
                        }
                    }
                }
            }
        }
    }
}
