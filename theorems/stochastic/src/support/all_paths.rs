//! What else the paths of a few steps tell: moments of the stochastic gradient, and methods that remember.

use theoria_algorithms::Method;
use theoria_models::Vector;
use theoria_verification::{Reading, Readings};

use super::enumerated::{Enumerated, WithAtom};

/// What rounding leaves of a method's point, relative to where it has been, in each step.
const ROUNDING: f64 = 1e-13;

impl Enumerated {
    /// The largest E g_k² over k < N, for N = 1, …, with step size `step(k)` in step k.
    pub(crate) fn second_moments(&self, step: impl Fn(usize) -> f64) -> Vec<f64> {
        let (mean, square) = (self.moment(1), self.moment(2));
        let moments = self.expectations(step, |place| {
            let slope = self.problem().objective().gradient_at(&place.x)[0];
            // Of additive noise.
            Reading::from(slope * slope + 2.0 * mean * slope + square)
        });
        let mut largest = 0.0;
        let seen = moments.iter().take(self.steps()).map(|moment| {
            largest = moment.value.max(largest);
            largest
        });
        seen.collect()
    }

    /// E f(x_n) - f* for n = 1, …, N, of a method that `method` makes.
    pub(crate) fn gaps_of<M>(&self, method: impl Fn() -> M) -> Readings
    where
        M: for<'a> Method<Vector, WithAtom<'a>> + Clone,
    {
        let start = self.problem().start().clone();
        let mut paths = vec![(method(), start, 1.0, None)];
        Readings::over(1..=self.steps(), |n| {
            let after = paths.iter().flat_map(|(method, x, probability, last)| {
                // The one draw, if there is one for all steps.
                let kept = last.filter(|_| self.one_draw);
                let atoms = self.atoms.iter().enumerate();
                atoms.filter(move |(i, _)| kept.is_none_or(|kept: usize| kept == *i)).map(
                    move |(i, &(atom, share))| {
                        let (mut method, mut x) = (method.clone(), x.clone());
                        method.step(&WithAtom { instance: self, atom }, &mut x);
                        let share = if kept.is_some() { 1.0 } else { share };
                        (method, x, probability * share, Some(i))
                    },
                )
            });
            paths = after.collect();
            let (f, minimum) = (self.problem().objective(), self.problem().minimum());
            let (mut value, mut floor) = (0.0, minimum.error);
            for (_, x, probability, _) in &paths {
                let drift = n as f64 * ROUNDING * (x.norm() + self.problem().start().norm());
                let slope = f.gradient_at(x).norm() + self.problem().smoothness() * drift;
                value += probability * (f.value(x) - minimum.value);
                floor += probability * (f.rounding(x) + slope * drift);
            }
            Reading::new(value, floor)
        })
    }
}
