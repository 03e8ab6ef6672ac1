//! What is read: a point, or a point that a run came to.

use theoria_algorithms::Iterate;
use theoria_models::Vector;

/// A point by itself, or one that a run came to, or none, where the run had diverged by then.
///
/// What is read of a point that a run came to has a larger floor: rounding gathers from step to step.
pub trait Reached<'a> {
    /// The point with the way to it; none if the run had diverged.
    fn reached(self) -> Option<Iterate<'a>>;
}

impl<'a> Reached<'a> for Iterate<'a> {
    fn reached(self) -> Option<Iterate<'a>> {
        Some(self)
    }
}

impl<'a> Reached<'a> for Option<Iterate<'a>> {
    fn reached(self) -> Option<Iterate<'a>> {
        self
    }
}

impl<'a> Reached<'a> for &'a Vector {
    fn reached(self) -> Option<Iterate<'a>> {
        Some(Iterate::given(self))
    }
}

impl<'a> Reached<'a> for Option<&'a Vector> {
    fn reached(self) -> Option<Iterate<'a>> {
        self.map(Iterate::given)
    }
}

/// How far rounding may have carried a point that a run came to, as a length: of each step it is a share of the
/// point, and what a step leaves stays (`once`), or goes on with the momentum (`carried`), where it adds up like
/// the ways of a falling body: N² in N steps, if it is the same in every step, as for a run that rests.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Drift {
    pub(crate) once: f64,
    pub(crate) carried: f64,
}

impl Drift {
    /// What was run in higher precision is rounded once: at the end where it is read as doubles, and in any case where its step size
    /// was made, which leaves as much of the first point where exact steps would have arrived.
    ///
    /// `size` is a length that numbers on the way have besides the points: that of the minimiser, say.
    pub(crate) fn of(x: &Iterate<'_>, size: f64) -> Self {
        let steps = x.step() as f64;
        let length = x.reach() + size;
        let on_the_way = steps * x.roundoff() * length;
        let at_the_end = if x.roundoff() < f64::EPSILON { f64::EPSILON * length } else { 0.0 };
        Drift { once: on_the_way + at_the_end, carried: steps * on_the_way + at_the_end }
    }

    /// What it does to a value at most, where the slope is `slope` and changes by L a unit. The slope acts on
    /// what is not carried alone: what is carried is brought back by it.
    pub(crate) fn of_value(self, slope: f64, smoothness: f64) -> f64 {
        slope * self.once + smoothness * self.carried.powi(2) / 2.0
    }
}
