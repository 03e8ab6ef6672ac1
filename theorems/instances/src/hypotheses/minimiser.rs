//! Hypotheses on the minimum.

use theoria_models::numerics::minimum;
use theoria_verification::{Check, Hypothesis};

use super::objective::{LOOKS, nearby};
use crate::Problem;

/// There is a minimiser x*: it has the value f*, and no value seen is smaller.
pub fn minimiser<I: AsRef<Problem>>() -> Hypothesis<I> {
    Hypothesis::new("minimiser", |instance: &I, draw| {
        let problem = instance.as_ref();
        let (Some(own), Some(_)) = (problem.known_minimiser(), problem.objective().minimum())
        else {
            return Check::that(false, "no minimiser is known");
        };
        let own = problem.gap(own);
        if own.value.abs() > own.floor.max(f64::MIN_POSITIVE) {
            return Check::that(false, format!("f(x*) − f* = {:.3e}, beyond rounding", own.value));
        }
        let seen = (0..LOOKS)
            .map(|_| problem.gap(&nearby(problem, draw)))
            .map(|gap| gap.value + gap.floor)
            .fold(f64::INFINITY, minimum);
        Check::at_least(seen, 0.0, "smallest f(x) − f* seen (+ rounding)")
    })
}

/// The method is told the minimal value: f* less this share of the gap at the start.
pub fn known_minimum<I: AsRef<Problem>>(too_low: f64) -> Hypothesis<I> {
    Hypothesis::new("known minimum", move |instance: &I, _| {
        let problem = instance.as_ref();
        let off = too_low * problem.gap_at_start();
        Check::at_most(off.abs(), problem.minimum().error, "|told − f*|, error of f*")
    })
}
