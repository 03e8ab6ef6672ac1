//! Direct labels that do not cover each other.

/// Moves heights (in pixels, any order) as little as needed so that neighbours are at least `gap`
/// apart and all lie in `low..=high` as far as there is room. The order of the result is that of
/// the input.
pub(crate) fn spread(heights: &[f64], gap: f64, low: f64, high: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..heights.len()).collect();
    order.sort_by(|&a, &b| heights[a].total_cmp(&heights[b]));
    let mut placed: Vec<f64> = order.iter().map(|&i| heights[i].clamp(low, high)).collect();
    // Down from the top edge, then back up from the bottom one.
    let mut least = low;
    for height in &mut placed {
        *height = height.max(least);
        least = *height + gap;
    }
    let mut most = high;
    for height in placed.iter_mut().rev() {
        *height = height.min(most);
        most = *height - gap;
    }
    let mut result = vec![0.0; heights.len()];
    for (position, &i) in order.iter().enumerate() {
        result[i] = placed[position];
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn labels_keep_their_distance_and_their_order(
            heights in prop::collection::vec(0.0..500.0f64, 1..8),
        ) {
            let placed = spread(&heights, 30.0, 0.0, 500.0);
            for i in 0..heights.len() {
                prop_assert!((-1e-9..=500.0 + 1e-9).contains(&placed[i]));
                for j in 0..i {
                    prop_assert!((placed[i] - placed[j]).abs() >= 30.0 - 1e-9);
                    let same_order = (heights[i] - heights[j]) * (placed[i] - placed[j]) >= 0.0;
                    prop_assert!(same_order);
                }
            }
        }
    }
}
