//! A function of one variable in so many numbers that it can be drawn again on paper.

use super::PiecewiseQuadratic;
use crate::numerics::written;

impl PiecewiseQuadratic {
    /// f″ on each piece, or f′ where there are kinks, and where f is least.
    pub(super) fn in_numbers(&self) -> String {
        let jumps: Vec<f64> = self.jumps().collect();
        let kinks = jumps.iter().any(|jump| *jump != 0.0);
        let parts = self.pieces.iter().map(|piece| match (kinks, piece.curvature == 0.0) {
            (false, _) => written(piece.curvature),
            (true, true) => written(piece.slope),
            (true, false) => {
                let (slope, curvature) = (written(piece.slope), written(piece.curvature));
                format!("{slope} + {curvature} (x - {})", written(piece.anchor))
            }
        });
        let mut told: Vec<(String, f64)> = Vec::new();
        for (part, piece) in parts.zip(&self.pieces) {
            match told.last_mut() {
                // A knot at which nothing changes.
                Some(last) if last.0 == part => last.1 = piece.to,
                _ => told.push((part, piece.to)),
            }
        }
        let last = told.len() - 1;
        let ranges = told.iter().enumerate().map(|(i, (part, to))| match i == last {
            true if last == 0 => part.clone(),
            true => format!("{part} beyond"),
            false => format!("{part} up to {}", written(*to)),
        });
        let ranges = ranges.collect::<Vec<_>>().join(", ");
        let least = self.minimisers.iter().map(|&(low, high)| {
            let end = |side: &str, at: f64| if at.is_finite() { written(at) } else { side.into() };
            if low == high {
                written(low)
            } else {
                format!("[{}, {}]", end("-∞", low), end("∞", high))
            }
        });
        let least = least.collect::<Vec<_>>().join(" and ");
        format!("{} = {ranges}, least at {least}", if kinks { "f′" } else { "f″" })
    }
}
