//! Points anywhere, with weights; and the square of two rows with a local minimum.

use theoria_models::Matrix;
use theoria_verification::{Check, Constant, Draw, Family, Hypothesis, Instance};

use super::factors::{Factors, Loss};
use crate::play::Student;

/// A loss, a point and a direction.
pub(super) struct Place {
    loss: Loss,
    at: Factors,
    along: Factors,
}

impl Instance for Place {
    fn description(&self) -> String {
        let (n, m) = self.loss.matrix.shape();
        let weights = if self.loss.weights.is_some() { "with" } else { "without" };
        format!("a {n} × {m} matrix, k = {}, {weights} weights", self.at.left.ncols())
    }
}

impl Place {
    /// By how much the curvature is another one than the loss has, which may be 0 by chance.
    pub(super) fn deviation(&self, student: &Student) -> f64 {
        let seen = self.loss.curvature_by(student, &self.at, &self.along);
        (seen - self.loss.curvature(&self.at, &self.along)).abs()
    }
}

/// Any matrices, with weights from 0 to 2 in every second case.
pub(super) fn anywhere() -> Family<Place> {
    Family::drawn("points anywhere", |draw| {
        let [rows, rank, columns] = [1..=4, 1..=3, 1..=4].map(|sizes| draw.size(sizes));
        let weights = draw.coin();
        place((rows, rank, columns), weights, draw)
    })
    .with_draws(16)
}

/// With weights always.
pub(super) fn weighted() -> Family<Place> {
    Family::drawn("points anywhere, with weights", |draw| place((2, 1, 3), true, draw))
}

fn place((rows, rank, columns): (usize, usize, usize), weights: bool, draw: &mut Draw) -> Place {
    let matrix = |rows: usize, columns: usize, (low, high): (f64, f64), draw: &mut Draw| {
        Matrix::from_fn(rows, columns, |_, _| draw.uniform(low, high))
    };
    let wide = (-2.0, 2.0);
    let pair = |draw: &mut Draw| Factors {
        left: matrix(rows, rank, wide, draw),
        right: matrix(rank, columns, wide, draw),
    };
    Place {
        loss: Loss {
            matrix: matrix(rows, columns, wide, draw),
            weights: weights.then(|| matrix(rows, columns, (0.0, 2.0), draw)),
        },
        at: pair(draw),
        along: pair(draw),
    }
}

/// ((1, e), (e, 1)) with weight w off the diagonal.
pub(super) struct Square {
    off: f64,
    weight: f64,
}

impl Instance for Square {
    fn description(&self) -> String {
        format!(
            "the square with e = {} and w = {:.4}, from near the wrong signs",
            self.off, self.weight
        )
    }

    fn constants(&self) -> Vec<Constant> {
        vec![Constant::exact("1/(1 + 2e)", self.threshold())]
    }
}

impl Square {
    /// Below it the wrong signs are a local minimum.
    fn threshold(&self) -> f64 {
        1.0 / (1.0 + 2.0 * self.off)
    }

    fn loss(&self) -> Loss {
        let square = |off: f64| Matrix::from_row_slice(2, 2, &[1.0, off, off, 1.0]);
        Loss { matrix: square(self.off), weights: Some(square(self.weight)) }
    }

    /// The loss where the solution ends that begins near the critical point with the wrong signs; no number where it fails.
    pub(super) fn end_by(&self, student: &Student, steps: usize) -> f64 {
        let root = ((1.0 - self.weight * self.off) / (1.0 + self.weight)).sqrt();
        let near = Factors {
            left: Matrix::from_column_slice(2, 1, &[root + 0.01, -root + 0.02]),
            right: Matrix::from_row_slice(1, 2, &[root + 0.03, -root - 0.01]),
        };
        let loss = self.loss();
        let end = loss.descended(student, &near, 0.2, steps);
        end.map_or(f64::NAN, |end| loss.value(&end))
    }

    /// w (1 ± e)²/(1 + w)
    pub(super) fn predicted(&self) -> f64 {
        let sign = if self.weight < self.threshold() { 1.0 } else { -1.0 };
        self.weight * (1.0 + sign * self.off).powi(2) / (1.0 + self.weight)
    }
}

/// With weights that are half of the threshold, and half as much again.
pub(super) fn squares() -> Family<Square> {
    let pairs = [0.25, 0.5, 0.75].into_iter().flat_map(|off| [(off, 0.5), (off, 1.5)]);
    Family::listed("squares", pairs.collect::<Vec<_>>(), |&(off, share)| Square {
        off,
        weight: share / (1.0 + 2.0 * off),
    })
}

/// Neither at the threshold nor where the wrong signs are no critical point.
pub(super) fn clear() -> Hypothesis<Square> {
    Hypothesis::new("0 < e < 1, w e < 1, and w is not near 1/(1 + 2e)", |square: &Square, _| {
        let share = square.weight / square.threshold();
        let exists = 0.0 < square.off && square.off < 1.0 && square.weight * square.off < 1.0;
        Check::that(exists && (share - 1.0).abs() > 0.2, format!("w (1 + 2e) = {share:.3}"))
    })
}
