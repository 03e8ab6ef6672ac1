//! Labels in lines, and direct labels that do not cover each other.

use super::sheet::width;

/// What ends a label that was cut off.
pub(super) const CUT: char = '⋯';

/// Moves middles of boxes (in pixels, any order) as little as needed so that neighbours of these sizes do not
/// overlap and all lie in `low..=high` as far as there is room. The order of the result is that of
/// the input.
pub(crate) fn spread(heights: &[f64], sizes: &[f64], low: f64, high: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..heights.len()).collect();
    order.sort_by(|&a, &b| heights[a].total_cmp(&heights[b]));
    let mut result: Vec<f64> = heights.to_vec();
    // Down from the top edge, then back up from the bottom one.
    let mut least = low;
    for &i in &order {
        result[i] = result[i].max(least + sizes[i] / 2.0);
        least = result[i] + sizes[i] / 2.0;
    }
    let mut most = high;
    for &i in order.iter().rev() {
        result[i] = result[i].min(most - sizes[i] / 2.0);
        most = result[i] - sizes[i] / 2.0;
    }
    result
}

/// No label has more lines.
const LINES: usize = 6;

/// The label in lines at most so wide, in pixels of type of this size. Only what no figure of ours comes near is cut off.
pub(crate) fn wrapped(label: &str, size: i32, most: f64) -> Vec<String> {
    let fits = |line: &str| f64::from(size) * width(line) <= most;
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in label.split_whitespace() {
        let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if fits(&longer) {
            line = longer;
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        line = word.to_owned();
        // A word that is wider than a line is broken where the line ends.
        while !fits(&line) && lines.len() <= LINES {
            let end =
                line.char_indices().map(|(at, _)| at).skip(1).take_while(|at| fits(&line[..*at]));
            let end = end.last().unwrap_or_else(|| line.chars().next().map_or(0, char::len_utf8));
            let rest = line.split_off(end);
            lines.push(std::mem::replace(&mut line, rest));
        }
        if lines.len() > LINES {
            break;
        }
    }
    lines.push(line);
    lines.retain(|line| !line.is_empty());
    if lines.len() > LINES {
        lines.truncate(LINES);
        let last = &mut lines[LINES - 1];
        while !last.is_empty() && !fits(&format!("{last}{CUT}")) {
            last.pop();
        }
        last.push(CUT);
    }
    lines
}

/// Width of the widest of these lines.
pub(super) fn widest<'a>(lines: impl IntoIterator<Item = &'a String>, size: i32) -> f64 {
    lines.into_iter().map(|line| f64::from(size) * width(line)).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn labels_keep_their_distance_and_their_order(
            labels in prop::collection::vec((0.0..500.0f64, prop::sample::select(vec![30.0, 60.0])), 1..8),
        ) {
            let (heights, sizes): (Vec<f64>, Vec<f64>) = labels.into_iter().unzip();
            let placed = spread(&heights, &sizes, 0.0, 500.0);
            for i in 0..heights.len() {
                prop_assert!(placed[i] - sizes[i] / 2.0 >= -1e-9);
                prop_assert!(placed[i] + sizes[i] / 2.0 <= 500.0 + 1e-9);
                for j in 0..i {
                    prop_assert!((placed[i] - placed[j]).abs() >= (sizes[i] + sizes[j]) / 2.0 - 1e-9);
                    let same_order = (heights[i] - heights[j]) * (placed[i] - placed[j]) >= 0.0;
                    prop_assert!(same_order);
                }
            }
        }

        #[test]
        fn no_line_is_wider_than_it_may_be(label in "\\PC{0,200}", most in 40.0..600.0f64) {
            let lines = wrapped(&label, 27, most);
            prop_assert!(lines.len() <= LINES);
            prop_assert!(widest(&lines, 27) <= most, "{lines:?}");
        }
    }

    #[test]
    fn labels_are_wrapped_between_words() {
        assert_eq!(wrapped("short", 27, 300.0), ["short"]);
        assert_eq!(wrapped("two lines of words", 27, 160.0), ["two lines of", "words"]);
        let cut = wrapped(&"words ".repeat(100), 27, 160.0);
        assert!(cut.len() == LINES && cut[LINES - 1].ends_with(CUT));
    }
}
