//! Dashed lines: the backend knows only whole ones.

/// A polyline cut into dashes of length `on`, with gaps of length `off`, in pixels.
pub(super) fn dashes(path: &[(i32, i32)], on: f64, off: f64) -> Vec<Vec<(i32, i32)>> {
    let mut pieces = Vec::new();
    let mut current: Vec<(i32, i32)> = Vec::new();
    let mut travelled = 0.0;
    for pair in path.windows(2) {
        let (start, end) = (pair[0], pair[1]);
        let (dx, dy) = (f64::from(end.0 - start.0), f64::from(end.1 - start.1));
        let length = dx.hypot(dy);
        let mut done = 0.0;
        while done < length {
            let phase = travelled % (on + off);
            let inside = phase < on;
            let left = if inside { on - phase } else { on + off - phase };
            // Never less than a bit of a pixel, so that rounding cannot stop the walk.
            let step = left.max(1e-3).min(length - done).max(1e-6);
            let at = |s: f64| {
                let share = s / length;
                let x = f64::from(start.0) + dx * share;
                let y = f64::from(start.1) + dy * share;
                (x.round() as i32, y.round() as i32)
            };
            if inside {
                if current.is_empty() {
                    current.push(at(done));
                }
                current.push(at(done + step));
            } else if !current.is_empty() {
                pieces.push(std::mem::take(&mut current));
            }
            done += step;
            travelled += step;
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
            let drawn: f64 = dashes(&path, 16.0, 12.0).iter().map(|dash| length(dash)).sum();
            prop_assert!((drawn / whole - 16.0 / 28.0).abs() < 0.15, "{drawn} of {whole}");
        }
    }
}
