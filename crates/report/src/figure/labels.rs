//! Direct labels that do not cover each other.

/// Moves heights (in pixels, any order) as little as needed so that neighbours of these sizes do not
/// overlap and all lie in `low..=high` as far as there is room. The order of the result is that of
/// the input.
pub(crate) fn spread(heights: &[f64], sizes: &[f64], low: f64, high: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..heights.len()).collect();
    order.sort_by(|&a, &b| heights[a].total_cmp(&heights[b]));
    let mut result: Vec<f64> = heights.iter().map(|h| h.clamp(low, high)).collect();
    let apart = |a: usize, b: usize| f64::midpoint(sizes[a], sizes[b]);
    // Down from the top edge, then back up from the bottom one.
    for pair in order.windows(2) {
        let least = result[pair[0]] + apart(pair[0], pair[1]);
        result[pair[1]] = result[pair[1]].max(least);
    }
    let mut most = high;
    for (position, &i) in order.iter().enumerate().rev() {
        result[i] = result[i].min(most);
        if let Some(&above) = position.checked_sub(1).and_then(|before| order.get(before)) {
            most = result[i] - apart(above, i);
        }
    }
    result
}

/// The label, cut off if it is far too long to be read.
pub(crate) fn shortened(label: &str) -> String {
    const MOST: usize = 80;
    match label.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &label[..end]),
        None => label.to_owned(),
    }
}

/// The label in lines of at most `width` letters, two at most; cut off if it is longer.
pub(crate) fn wrapped(label: &str, width: usize) -> Vec<String> {
    let options = textwrap::Options::new(width).break_words(true);
    let mut lines: Vec<String> = textwrap::wrap(&shortened(label), options)
        .into_iter()
        .map(std::borrow::Cow::into_owned)
        .collect();
    if lines.len() > 2 {
        lines.truncate(2);
        let cut: String = lines[1].chars().take(width - 1).collect();
        lines[1] = format!("{}…", cut.trim_end());
    }
    lines
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
                prop_assert!((-1e-9..=500.0 + 1e-9).contains(&placed[i]));
                for j in 0..i {
                    prop_assert!((placed[i] - placed[j]).abs() >= (sizes[i] + sizes[j]) / 2.0 - 1e-9);
                    let same_order = (heights[i] - heights[j]) * (placed[i] - placed[j]) >= 0.0;
                    prop_assert!(same_order);
                }
            }
        }
    }

    #[test]
    fn long_labels_take_two_lines() {
        assert_eq!(wrapped("short", 10), ["short"]);
        assert_eq!(wrapped("two lines of words", 10), ["two lines", "of words"]);
        assert_eq!(wrapped("more words than go into them", 10), ["more words", "than go…"]);
    }
}
