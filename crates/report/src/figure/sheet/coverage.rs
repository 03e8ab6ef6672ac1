//! How much of each pixel outlines cover.

/// Outlines over pixels: each edge adds to the pixels that it passes what is covered to its right, so that the sum from
/// the left is the coverage (as in Levien's `font-rs`).
pub(super) struct Coverage {
    width: usize,
    height: usize,
    edges: Vec<f32>,
    /// Of each row the first and the last place that an edge has passed.
    touched: Vec<(usize, usize)>,
}

const UNTOUCHED: (usize, usize) = (usize::MAX, 0);

impl Coverage {
    pub(super) fn new(width: usize, height: usize) -> Self {
        let edges = vec![0.0; (width + 2) * height];
        Coverage { width, height, edges, touched: vec![UNTOUCHED; height] }
    }

    /// Adds a closed outline, always counted as if it went round clockwise.
    pub(super) fn add(&mut self, outline: &[(f32, f32)]) {
        let next = || outline.iter().cycle().skip(1);
        let area: f32 = outline.iter().zip(next()).map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum();
        for (&from, &to) in outline.iter().zip(next()) {
            if area < 0.0 { self.add_edge(to, from) } else { self.add_edge(from, to) }
        }
    }

    /// Adds one edge of an outline.
    pub(super) fn add_edge(&mut self, from: (f32, f32), to: (f32, f32)) {
        let (width, height) = (self.width as f32, self.height as f32);
        let (direction, from, to) = if from.1 < to.1 { (1.0, from, to) } else { (-1.0, to, from) };
        if to.1 - from.1 <= 1e-6 {
            return;
        }
        let slope = (to.0 - from.0) / (to.1 - from.1);
        let (top, bottom) = (from.1.max(0.0), to.1.min(height));
        let mut y = top;
        while y < bottom {
            let row = y as usize;
            let next = ((row + 1) as f32).min(bottom);
            let at = |y: f32| (from.0 + slope * (y - from.1)).clamp(0.0, width);
            self.add_within_row(row, direction * (next - y), at(y), at(next));
            y = next;
        }
    }

    /// An edge of this height between two places of a row.
    fn add_within_row(&mut self, row: usize, height: f32, a: f32, b: f32) {
        let (left, right) = if a < b { (a, b) } else { (b, a) };
        let (first, last) = (left as usize, (right.ceil() as usize).max(left as usize + 1));
        let cells = &mut self.edges[row * (self.width + 2)..];
        if last == first + 1 {
            let within = 0.5 * (left + right) - first as f32;
            cells[first] += height * (1.0 - within);
            cells[first + 1] += height * within;
        } else {
            let steep = height / (right - left);
            for cell in first..last {
                let from = left.max(cell as f32) - cell as f32;
                let to = right.min((cell + 1) as f32) - cell as f32;
                let part = steep * (to - from);
                let within = 0.5 * (from + to);
                cells[cell] += part * (1.0 - within);
                cells[cell + 1] += part * within;
            }
        }
        let (least, most) = &mut self.touched[row];
        *least = (*least).min(first);
        *most = (*most).max(last.min(self.width + 1));
    }

    /// Tells what is covered of each pixel that is, from 0 to 1, and begins anew.
    pub(super) fn take(&mut self, mut pixel: impl FnMut(usize, usize, f32)) {
        for (y, touched) in self.touched.iter_mut().enumerate() {
            let (first, last) = *touched;
            if first > last {
                continue;
            }
            let row = &mut self.edges[y * (self.width + 2)..(y + 1) * (self.width + 2)];
            let mut sum = 0.0;
            for (x, edge) in row.iter_mut().enumerate().take(last + 1).skip(first) {
                sum += *edge;
                *edge = 0.0;
                if x < self.width && sum.abs() > 1e-3 {
                    pixel(x, y, sum.abs().min(1.0));
                }
            }
            *touched = UNTOUCHED;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn covered(outline: &[(f32, f32)]) -> (f32, Vec<(usize, usize, f32)>) {
        let mut coverage = Coverage::new(40, 30);
        coverage.add(outline);
        let mut pixels = Vec::new();
        coverage.take(|x, y, share| pixels.push((x, y, share)));
        (pixels.iter().map(|pixel| pixel.2).sum(), pixels)
    }

    #[test]
    fn whole_pixels_are_covered_whole() {
        let (_, pixels) = covered(&[(2.0, 3.0), (4.0, 3.0), (4.0, 5.0), (2.0, 5.0)]);
        assert_eq!(pixels, [(2, 3, 1.0), (3, 3, 1.0), (2, 4, 1.0), (3, 4, 1.0)]);
    }

    #[test]
    fn what_lies_beyond_the_edges_is_cut() {
        let (area, _) = covered(&[(-50.0, -50.0), (90.0, -50.0), (90.0, 90.0), (-50.0, 90.0)]);
        assert!((area - 1200.0).abs() < 1e-2, "{area}");
    }

    proptest! {
        #[test]
        fn a_triangle_covers_its_area(
            corners in prop::collection::vec((1.0..39.0f32, 1.0..29.0f32), 3),
        ) {
            let [a, b, c] = corners[..] else { unreachable!() };
            let area = ((b.0 - a.0) * (c.1 - a.1) - (c.0 - a.0) * (b.1 - a.1)).abs() / 2.0;
            let (covered, pixels) = covered(&corners);
            prop_assert!((covered - area).abs() < 0.02 + 0.01 * area, "{covered} of {area}");
            prop_assert!(pixels.iter().all(|pixel| pixel.2 <= 1.0));
        }
    }
}
