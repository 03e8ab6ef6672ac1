//! Dashed lines: what draws knows only whole ones.

/// A polyline cut into dashes after a pattern of lengths in pixels: of a dash, a gap, and so on.
pub(super) fn dashes(path: &[(i32, i32)], pattern: &[f64]) -> Vec<Vec<(i32, i32)>> {
    let mut pieces = Vec::new();
    let mut current: Vec<(i32, i32)> = Vec::new();
    let (mut place, mut left) = (0, pattern.first().copied().unwrap_or(f64::INFINITY));
    for pair in path.windows(2) {
        let (start, end) = (pair[0], pair[1]);
        let (dx, dy) = (f64::from(end.0 - start.0), f64::from(end.1 - start.1));
        let length = dx.hypot(dy);
        let mut done = 0.0;
        while done < length {
            let step = left.min(length - done);
            let at = |s: f64| {
                let share = s / length;
                let x = f64::from(start.0) + dx * share;
                let y = f64::from(start.1) + dy * share;
                (x.round() as i32, y.round() as i32)
            };
            if place % 2 == 0 {
                if current.is_empty() {
                    current.push(at(done));
                }
                current.push(at(done + step));
            } else if !current.is_empty() {
                pieces.push(std::mem::take(&mut current));
            }
            done += step;
            left -= step;
            // So that rounding cannot stop the walk.
            if left < 1e-3 {
                place += 1;
                left = pattern[place % pattern.len()].max(1e-2);
                if place % 2 == 1 && !current.is_empty() {
                    pieces.push(std::mem::take(&mut current));
                }
            }
        }
    }
    if !current.is_empty() {
        pieces.push(current);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn dashes_cover_their_share_of_the_path(
            path in prop::collection::vec((0..1000i32, 0..1000i32), 2..20),
        ) {
            let length = |path: &[(i32, i32)]| -> f64 {
                path.windows(2)
                    .map(|p| f64::from(p[1].0 - p[0].0).hypot(f64::from(p[1].1 - p[0].1)))
                    .sum()
            };
            let whole = length(&path);
            prop_assume!(whole > 300.0);
            for (pattern, share) in [(&[16.0, 12.0][..], 16.0 / 28.0), (&[20.0, 8.0, 4.0, 8.0], 0.6)] {
                let drawn: f64 = dashes(&path, pattern).iter().map(|dash| length(dash)).sum();
                prop_assert!((drawn / whole - share).abs() < 0.15, "{drawn} of {whole}");
            }
        }
    }
}
