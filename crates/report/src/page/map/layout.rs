//! Where boxes and lines of the map stand.

use crate::entry::Entry;
use crate::figure::label_width;
use crate::site::Site;

/// From one column to the next.
const COLUMN: f64 = 168.0;
/// Of a box.
const WIDTH: f64 = 141.0;
/// Of type, and from line to line.
pub(super) const TYPE: f64 = 11.5;
pub(super) const LINE: f64 = 14.0;
/// Around the words in a box.
pub(super) const INSIDE: f64 = 6.0;
/// Between boxes one below the other.
const BETWEEN: f64 = 9.0;
/// For the name of a chapter, and below the chapter.
const HEAD: f64 = 30.0;
const FOOT: f64 = 16.0;
/// Lines of words in a box.
const MOST_LINES: usize = 4;
/// Sweeps over all columns that bring boxes nearer to those that they are joined with.
const SWEEPS: usize = 8;

/// A theorem on the map.
pub(super) struct Node<'a> {
    pub(super) entry: &'a Entry<'a>,
    pub(super) lane: usize,
    pub(super) words: Vec<String>,
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// A chapter on the map.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lane {
    pub(super) top: f64,
    pub(super) height: f64,
}

/// The whole map.
pub(super) struct Layout<'a> {
    pub(super) nodes: Vec<Node<'a>>,
    /// From what is used to what uses it.
    pub(super) lines: Vec<(usize, usize)>,
    /// As many as the site has chapters.
    pub(super) lanes: Vec<Lane>,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Node<'_> {
    pub(super) fn middle(&self) -> f64 {
        self.top + self.height / 2.0
    }
}

impl<'a> Layout<'a> {
    pub(super) fn of(site: &'a Site<'a>) -> Self {
        let mut nodes = Vec::new();
        for (lane, chapter) in site.chapters.iter().enumerate() {
            for entry in &chapter.entries {
                let words = wrapped(shortened(entry.statement.title()));
                let height = 2.0 * INSIDE + LINE * words.len() as f64;
                let left = 1.0 + COLUMN * site.map.depth(entry) as f64;
                nodes.push(Node { entry, lane, words, left, top: 0.0, width: WIDTH, height });
            }
        }
        let place: std::collections::HashMap<&str, usize> =
            nodes.iter().enumerate().map(|(at, node)| (&*node.entry.evidence.id, at)).collect();
        let mut lines = Vec::new();
        for (user, node) in nodes.iter().enumerate() {
            let uses = site.map.uses(node.entry);
            lines.extend(
                uses.iter().filter_map(|used| Some((*place.get(&*used.entry.evidence.id)?, user))),
            );
        }
        let width = nodes.iter().map(|node| node.left + node.width).fold(0.0, f64::max) + 1.0;
        let lanes = vec![Lane { top: 0.0, height: 0.0 }; site.chapters.len()];
        let mut layout = Layout { nodes, lines, lanes, width, height: 0.0 };
        layout.stand();
        layout
    }

    /// Boxes of a chapter and a column stand one below the other, in an order in which lines are short.
    fn stand(&mut self) {
        let mut stacks: std::collections::BTreeMap<(usize, usize), Vec<usize>> =
            std::collections::BTreeMap::new();
        for (place, node) in self.nodes.iter().enumerate() {
            let column = (node.left / COLUMN) as usize;
            stacks.entry((node.lane, column)).or_default().push(place);
        }
        self.stack(stacks.iter());
        let mut joined = [vec![Vec::new(); self.nodes.len()], vec![Vec::new(); self.nodes.len()]];
        for &(used, user) in &self.lines {
            joined[0][user].push(used);
            joined[1][used].push(user);
        }
        for sweep in 0..SWEEPS {
            for stack in stacks.values_mut() {
                let wanted = |place: usize| {
                    let others = &joined[sweep % 2][place];
                    let sum: f64 = others.iter().map(|other| self.nodes[*other].middle()).sum();
                    if others.is_empty() {
                        self.nodes[place].middle()
                    } else {
                        sum / others.len() as f64
                    }
                };
                let mut keyed: Vec<(f64, usize)> =
                    stack.iter().map(|place| (wanted(*place), *place)).collect();
                keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
                *stack = keyed.into_iter().map(|(_, place)| place).collect();
            }
            self.stack(stacks.iter());
        }
    }

    fn stack<'s>(&mut self, stacks: impl Iterator<Item = (&'s (usize, usize), &'s Vec<usize>)>) {
        // Of a lane first the height from its own top, for all lanes above decide where that is.
        let mut heights = vec![0.0f64; self.lanes.len()];
        for ((lane, _), stack) in stacks {
            let mut from_top = HEAD;
            for &place in stack {
                self.nodes[place].top = from_top;
                from_top += self.nodes[place].height + BETWEEN;
            }
            heights[*lane] = heights[*lane].max(from_top - BETWEEN + FOOT);
        }
        let mut top = 0.0;
        for (lane, height) in self.lanes.iter_mut().zip(heights) {
            *lane = Lane { top, height };
            top += height;
        }
        self.height = top;
        for node in &mut self.nodes {
            node.top += self.lanes[node.lane].top;
        }
    }
}

/// What stands before a colon says which theorem it is.
fn shortened(title: &str) -> &str {
    let before = title.split_once(": ").map(|(before, _)| before);
    before.filter(|before| before.chars().count() >= 3).unwrap_or(title)
}

/// The words in lines that a box holds; what does not fit is left out behind three dots.
fn wrapped(title: &str) -> Vec<String> {
    let fits = |line: &str| TYPE * label_width(line) <= WIDTH - 2.0 * INSIDE;
    let mut lines: Vec<String> = Vec::new();
    for word in title.split_whitespace() {
        let joined = lines.last().map(|line| format!("{line} {word}")).filter(|line| fits(line));
        let full = lines.len() == MOST_LINES;
        match (joined, lines.last_mut()) {
            (Some(joined), Some(last)) => *last = joined,
            (None, Some(last)) if full => {
                *last = cut(&format!("{last} …"), fits);
                break;
            }
            _ => lines.push(if fits(word) { word.to_owned() } else { cut(word, fits) }),
        }
    }
    lines
}

/// As many letters of a line as fit, with three dots behind them.
fn cut(line: &str, fits: impl Fn(&str) -> bool) -> String {
    const LONGEST: usize = 60;
    let mut letters: Vec<char> = line.trim_end_matches(['…', ' ']).chars().take(LONGEST).collect();
    loop {
        let shown = letters.iter().collect::<String>() + "…";
        if letters.is_empty() || fits(&shown) {
            return shown;
        }
        letters.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_fit_into_boxes() {
        assert_eq!(shortened("Heavy ball: optimal on quadratics"), "Heavy ball");
        assert_eq!(shortened("A: b"), "A: b");
        let long = "Bounds of expectations are judged within the error budget, where the range of a trial is known";
        let lines = wrapped(long);
        assert!(lines.len() == MOST_LINES && lines[MOST_LINES - 1].ends_with('…'), "{lines:?}");
        for title in [long, "", "x", &"endless".repeat(50_000), &"word ".repeat(50_000)] {
            let lines = wrapped(title);
            assert!(lines.len() <= MOST_LINES);
            for line in lines {
                assert!(TYPE * label_width(&line) <= WIDTH - 2.0 * INSIDE, "{line}");
            }
        }
    }
}
