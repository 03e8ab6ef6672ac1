//! The map as a picture.

use maud::{Markup, html};
use theoria_verification::Standing;

use super::layout::{INSIDE, LINE, Layout, Node, TYPE};
use crate::figure::LINES;
use crate::site::Site;

/// The picture, which those who do not see it pass over: the list says the same.
pub(super) fn drawing(site: &Site<'_>) -> Markup {
    let layout = Layout::of(site);
    let size = format!("0 0 {:.0} {:.0}", layout.width.max(1.0), layout.height.max(1.0));
    html! {
        div .scroll .map-drawing tabindex="0" role="region" aria-label="Drawing of the map; the list below says the same" {
            svg viewBox=(size) aria-hidden="true" font-size=(TYPE) {
                @for (number, (chapter, lane)) in site.chapters.iter().zip(&layout.lanes).enumerate() {
                    g .(ink(number)) {
                        @if number % 2 == 0 {
                            rect .lane x="0" y=(places(lane.top)) width=(places(layout.width)) height=(places(lane.height)) {}
                        }
                        a href=(chapter.page_path()) tabindex="-1" {
                            text .chapter x="6" y=(places(lane.top + 19.0)) { (chapter.name()) }
                        }
                    }
                }
                @for (used, user) in &layout.lines { (line(&layout, *used, *user)) }
                @for (number, node) in layout.nodes.iter().enumerate() { (boxed(number, node)) }
            }
        }
    }
}

fn ink(lane: usize) -> String {
    format!("ink{}", lane % LINES.len())
}

/// One digit after the point is finer than a screen.
fn places(number: f64) -> String {
    let text = format!("{number:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

/// From the right of what is used to the left of what uses it, in the colour of the former.
fn line(layout: &Layout<'_>, used: usize, user: usize) -> Markup {
    let (from, to) = (&layout.nodes[used], &layout.nodes[user]);
    let (x1, y1) = (from.left + from.width, from.middle());
    let (x2, y2) = (to.left, to.middle());
    let bend = ((x2 - x1) / 2.0).max(12.0);
    let path = format!(
        "M{} {}C{} {} {} {} {} {}",
        places(x1),
        places(y1),
        places(x1 + bend),
        places(y1),
        places(x2 - bend),
        places(y2),
        places(x2),
        places(y2)
    );
    let class = if from.lane == to.lane { "" } else { " across" };
    html! { path class={ "line " (ink(from.lane)) (class) } d=(path) data-from=(used) data-to=(user) {} }
}

fn boxed(number: usize, node: &Node<'_>) -> Markup {
    let holds = node.entry.evidence.standing == Standing::Holds;
    html! {
        a .(ink(node.lane)) .open[!holds] href=(node.entry.page_path()) tabindex="-1" data-node=(number) {
            title { (node.entry.statement.title()) ": " (node.entry.evidence.standing) }
            rect x=(places(node.left)) y=(places(node.top)) width=(places(node.width)) height=(places(node.height)) rx="4" {}
            @for (row, words) in node.words.iter().enumerate() {
                text x=(places(node.left + INSIDE)) y=(places(node.top + INSIDE + LINE * (row as f64 + 0.78))) { (words) }
            }
        }
    }
}
