//! Piecewise quadratics in higher precision.

use super::PiecewiseQuadratic;
use crate::PreciseObjective;
use crate::numerics::DoubleDouble;

/// The same pieces, each with its slope and value at its anchor. Knots, curvatures, kinks and the minimiser are as given; slopes are
/// their sums, so that where none jumps none does by rounding either.
#[derive(Debug, Clone)]
pub(in crate::objectives) struct PrecisePieces(Vec<PrecisePiece>);

#[derive(Debug, Clone, Copy)]
struct PrecisePiece {
    to: DoubleDouble,
    anchor: DoubleDouble,
    value: DoubleDouble,
    slope: DoubleDouble,
    curvature: DoubleDouble,
}

impl PrecisePiece {
    fn value(&self, x: DoubleDouble) -> DoubleDouble {
        let h = x - self.anchor;
        self.value + h * (self.slope + self.curvature * h * 0.5.into())
    }

    fn slope(&self, x: DoubleDouble) -> DoubleDouble {
        self.slope + self.curvature * (x - self.anchor)
    }
}

impl PrecisePieces {
    pub(in crate::objectives) fn of(f: &PiecewiseQuadratic) -> Self {
        let given = f.pieces.iter().map(|piece| PrecisePiece {
            to: piece.to.into(),
            anchor: piece.anchor.into(),
            value: piece.value.into(),
            slope: piece.slope.into(),
            curvature: piece.curvature.into(),
        });
        let mut pieces: Vec<PrecisePiece> = given.collect();
        let jumps: Vec<bool> = f.jumps().map(|jump| jump != 0.0).collect();
        // Each from its neighbour on the side of the minimum; it is anchored at the knot between them.
        for i in f.lowest + 1..pieces.len() {
            Self::join(&mut pieces, i, i - 1, jumps[i - 1]);
        }
        for i in (0..f.lowest).rev() {
            Self::join(&mut pieces, i, i + 1, jumps[i]);
        }
        PrecisePieces(pieces)
    }

    fn join(pieces: &mut [PrecisePiece], own: usize, neighbour: usize, jumps: bool) {
        let (knot, neighbour) = (pieces[own].anchor, pieces[neighbour]);
        pieces[own].value = neighbour.value(knot);
        if !jumps {
            pieces[own].slope = neighbour.slope(knot);
        }
    }

    fn piece(&self, x: DoubleDouble) -> &PrecisePiece {
        let index = self.0.partition_point(|piece| piece.to <= x);
        &self.0[index.min(self.0.len() - 1)]
    }

    pub(in crate::objectives) fn value_at(&self, x: DoubleDouble) -> DoubleDouble {
        self.piece(x).value(x)
    }

    pub(in crate::objectives) fn slope_at(&self, x: DoubleDouble) -> DoubleDouble {
        self.piece(x).slope(x)
    }
}

impl PreciseObjective for PrecisePieces {
    fn value(&self, x: &[DoubleDouble]) -> DoubleDouble {
        self.value_at(x[0])
    }

    fn gradient_into(&self, x: &[DoubleDouble], into: &mut [DoubleDouble]) {
        into[0] = self.slope_at(x[0]);
    }
}
