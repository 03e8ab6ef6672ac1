//! What comes before the stretch on which a long-run statement is read off.

use crate::judgement::envelope::Height;
use crate::judgement::slopes::SlopeInterval;

/// Which side of the line that the long run follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Above,
    Below,
}

impl Side {
    /// In words, that the line is left there.
    pub(super) fn left_at(self, x: f64) -> String {
        let side = match self {
            Side::Above => "above",
            Side::Below => "below",
        };
        format!(
            "at N = {x} it lies far {side} what it follows in the long run, and it may return there"
        )
    }
}

/// What a long-run statement is read off.
pub(super) struct LongRun<'a> {
    /// Logarithms of measured over predicted.
    pub(super) heights: &'a [Height],
    pub(super) interval: &'a SlopeInterval,
    /// The logarithm of two, to the same base.
    pub(super) doubling: f64,
}

impl LongRun<'_> {
    /// The first of the earlier heights that leaves the line again, up or down by more than a factor of two, although
    /// the octave before it had come nearer. A start that dies out comes nearer from octave to octave; what returns ever
    /// more seldom (at 2, 4, 16, 256, …) may do so beyond all that is seen.
    ///
    /// The line is the hull of the heights, continued backwards with the slopes that it may have.
    pub(super) fn departure(
        &self,
        earlier: &[Height],
        octave: impl Fn(&Height) -> f64,
        side: Side,
    ) -> Option<usize> {
        let (sign, steepest) = match side {
            Side::Above => (1.0, -self.interval.low),
            Side::Below => (-1.0, self.interval.high),
        };
        let first = self.heights.first()?.at;
        let edge = self.heights.iter().map(|h| sign * h.height).fold(f64::NEG_INFINITY, f64::max);
        let excess =
            |h: &Height| sign * h.height - h.error - edge - steepest.max(0.0) * (first - h.at);
        let (mut before, mut start) = (f64::INFINITY, 0);
        for group in earlier.chunk_by(|a, b| octave(a).floor() == octave(b).floor()) {
            let excesses = group.iter().map(excess).enumerate();
            let most = excesses.reduce(|most, next| if next.1 > most.1 { next } else { most });
            let (at, most) = most.unwrap_or((0, f64::NEG_INFINITY));
            if most > before.max(0.0) + self.doubling {
                return Some(start + at);
            }
            (before, start) = (most, start + group.len());
        }
        None
    }
}
