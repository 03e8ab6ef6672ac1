//! The smallest network with two valleys.

use theoria_instances::sequences::evenly;
use theoria_verification::Instance;

/// a relu(w x) on the samples (1, 1) and (−1, 2), on a grid of pairs (w, a).
pub(crate) struct OneUnit;

impl Instance for OneUnit {
    fn description(&self) -> String {
        "one ReLU unit, samples (1, 1) and (−1, 2)".into()
    }
}

impl OneUnit {
    /// Of an odd number of places along each axis, so that 0 is among them.
    const GRID: usize = 61;
    pub(crate) const EDGE: f64 = 3.0;

    pub(crate) fn axis() -> Vec<f64> {
        evenly(-Self::EDGE, Self::EDGE, Self::GRID)
    }

    pub(crate) fn loss(w: f64, a: f64) -> f64 {
        let output = |x: f64| a * (w * x).max(0.0);
        ((output(1.0) - 1.0).powi(2) + (output(-1.0) - 2.0).powi(2)) / 2.0
    }

    /// The least height over which a path on the grid leads from (1, 1) to a loss below that of the start: places
    /// are flooded in the order of their losses.
    pub(crate) fn lowest_pass() -> f64 {
        let axis = Self::axis();
        let loss = |place: usize| Self::loss(axis[place % Self::GRID], axis[place / Self::GRID]);
        let nearest = |value: f64| ((value + Self::EDGE) / (axis[1] - axis[0])).round() as usize;
        let start = nearest(1.0) * Self::GRID + nearest(1.0);
        let mut height = vec![f64::INFINITY; Self::GRID * Self::GRID];
        height[start] = loss(start);
        let mut front = vec![start];
        while let Some(next) =
            (0..front.len()).min_by(|i, j| height[front[*i]].total_cmp(&height[front[*j]]))
        {
            let place = front.swap_remove(next);
            if loss(place) < loss(start) - 0.5 {
                return height[place];
            }
            let (column, row) = (place % Self::GRID, place / Self::GRID);
            for (dx, dy) in [(0, 1), (1, 0), (1, 2), (2, 1)] {
                let (x, y) = (column + dx, row + dy);
                if !(1..=Self::GRID).contains(&x) || !(1..=Self::GRID).contains(&y) {
                    continue;
                }
                let neighbour = (y - 1) * Self::GRID + x - 1;
                if height[neighbour].is_infinite() {
                    height[neighbour] = loss(neighbour).max(height[place]);
                    front.push(neighbour);
                }
            }
        }
        f64::INFINITY
    }
}
