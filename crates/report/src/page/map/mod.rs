//! The map of theorems: which uses which, drawn and as a list.

mod drawing;
mod layout;

use maud::{Markup, html};

use super::layout::{colophon, id, page, standing_mark};
use crate::entry::Entry;
use crate::map::Used;
use crate::prose::plain;
use crate::site::{Chapter, Site};
use crate::words::counted;

/// Path from the root of the site.
pub(crate) const MAP_FILE: &str = "map.html";

/// The page of the map.
pub(crate) fn map(site: &Site<'_>) -> Markup {
    let all: Vec<&Entry<'_>> = site.entries.iter().collect();
    let uses: usize = all.iter().map(|entry| site.map.uses(entry).len()).sum();
    page(
        "Map of theorems – Theoria",
        "",
        "map",
        &html! {
            header {
                h1 { "Map of theorems" }
                p .lead {
                    "A theorem uses another one where its statement or its proof rests on it: so it is to be read after that one. Here are "
                    (counted(all.len(), "theorem")) " and what they use of each other, " (counted(uses, "time")) " in all."
                }
                p .faint .on-screen {
                    "From left to right: what uses nothing here, then each theorem one column beyond the last of those that it uses. A row "
                    "and a colour for each chapter; a dashed frame is around what does not hold here. Each box leads to its theorem, and "
                    "the " a href="#list" { "list" } " below says the same in words."
                }
            }
            (drawing::drawing(site))
            h2 #list { "The map as a list" }
            p .faint { "Within a chapter each theorem stands after those of the chapter that it uses. The links “previous” and “next” of pages follow this order." }
            @for chapter in &site.chapters { (list(chapter, site)) }
        },
        &colophon(&all, site.about),
    )
}

/// Where a theorem stands in the list.
fn place(entry: &Entry<'_>) -> String {
    format!("{}-{}", entry.chapter, entry.name)
}

fn list(chapter: &Chapter<'_>, site: &Site<'_>) -> Markup {
    html! {
        section .map-list {
            h3 { a href=(chapter.page_path()) { (chapter.name()) } }
            ul {
                @for entry in &chapter.entries {
                    li #(place(entry)) {
                        (standing_mark(entry.evidence.standing)) " "
                        a href=(entry.page_path()) { (entry.statement.title()) }
                        (below(entry, site))
                    }
                }
            }
        }
    }
}

/// What lies below a theorem.
fn below(entry: &Entry<'_>, site: &Site<'_>) -> Markup {
    let uses = site.map.uses(entry);
    html! {
        @if let Some(rests_on) = &entry.evidence.alone { " " span .faint { "stands alone: " (rests_on) } }
        @if !uses.is_empty() {
            ul {
                @for used in uses {
                    li {
                        "uses " a href={ "#" (place(used.entry)) } { (used.entry.statement.title()) } ": "
                        span .faint { (plain(used.what)) }
                    }
                }
            }
        }
    }
}

/// On the page of a theorem: what it uses, and what uses it.
pub(super) fn uses(entry: &Entry<'_>, site: &Site<'_>) -> Markup {
    let (uses, used_by) = (site.map.uses(entry), site.map.used_by(entry));
    let alone = entry.evidence.alone.as_ref();
    html! {
        @if !uses.is_empty() || !used_by.is_empty() || alone.is_some() {
            dl .uses {
                @if let Some(rests_on) = alone { dt { "Rests on" } dd { (rests_on) } }
                @if !uses.is_empty() {
                    dt { "Uses" }
                    @for Used { entry, what } in uses { dd { (link(entry)) ": " span .faint { (plain(what)) } } }
                }
                @if !used_by.is_empty() {
                    dt { "Used by" }
                    dd { @for (number, entry) in used_by.iter().enumerate() { @if number > 0 { " · " } (link(entry)) } }
                }
                dt .on-screen { span .unseen { "Place" } }
                dd .on-screen { a .faint href={ "../" (MAP_FILE) "#" (place(entry)) } { "its place on the map" } }
            }
        }
    }
}

fn link(entry: &Entry<'_>) -> Markup {
    html! { (standing_mark(entry.evidence.standing)) "\u{a0}" a href={ "../" (entry.page_path()) } { (entry.statement.title()) } }
}

/// In the printed document: the theorems that one uses, by their names.
pub(super) fn printed(entry: &Entry<'_>, site: &Site<'_>) -> Markup {
    let uses = site.map.uses(entry);
    html! {
        @if !uses.is_empty() {
            p .faint {
                "Uses " @for (number, used) in uses.iter().enumerate() { @if number > 0 { ", " } (id(&used.entry.evidence.id)) } "."
            }
        }
    }
}
