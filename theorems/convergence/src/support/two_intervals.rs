//! A set that is not convex, for showing what convexity of a set is needed for.

use theoria_instances::ConstrainedProblem;
use theoria_instances::families::functions_on_intervals;
use theoria_models::sets::ConvexSet;
use theoria_models::{Minimum, Vector};
use theoria_verification::Family;

/// An interval about 0 without the open interval between `near` and `far`, which lie on the same side of 0. It is handed over as a convex set,
/// which it is not: the hypothesis finds that.
#[derive(Debug, Clone, Copy)]
struct TwoIntervals {
    low: f64,
    high: f64,
    near: f64,
    far: f64,
}

impl TwoIntervals {
    fn in_the_hole(&self, x: f64, margin: f64) -> bool {
        let side = self.far.signum();
        let (near, far) = (side * self.near + margin, side * self.far - margin);
        side * x > near && side * x < far
    }
}

impl ConvexSet for TwoIntervals {
    fn describe(&self) -> String {
        let TwoIntervals { low, high, near, far } = self;
        format!("interval [{low}, {high}] without what lies between {near} and {far}")
    }

    fn contains(&self, x: &Vector, tolerance: f64) -> bool {
        x.iter().all(|&v| {
            (self.low - tolerance..=self.high + tolerance).contains(&v)
                && !self.in_the_hole(v, tolerance)
        })
    }

    fn project(&self, x: &mut Vector) {
        x.apply(|v| {
            *v = v.clamp(self.low, self.high);
            if self.in_the_hole(*v, 0.0) {
                let nearer = (*v - self.near).abs() < (*v - self.far).abs();
                *v = if nearer { self.near } else { self.far };
            }
        });
    }

    fn linear_minimiser(&self, direction: &Vector) -> Vector {
        direction.map(|slope| if slope > 0.0 { self.low } else { self.high })
    }

    fn diameter(&self, dimension: usize) -> f64 {
        (self.high - self.low) * (dimension as f64).sqrt()
    }
}

/// Smooth convex functions on an interval with a hole, at the far end of which the method starts, and the minimiser before the hole.
pub(crate) fn functions_on_two_intervals() -> Family<ConstrainedProblem> {
    let whole = functions_on_intervals(None);
    Family::drawn("smooth convex functions on two intervals", move |draw| {
        let problem = whole.instance(draw, 0);
        let start = problem.start()[0];
        let end = |slope: f64| {
            problem.objective().set().linear_minimiser(&Vector::from_element(1, slope))[0]
        };
        let set = TwoIntervals {
            low: end(1.0),
            high: end(-1.0),
            near: start * draw.including_ends(0.0, 0.99),
            far: start,
        };
        let objective = problem.objective().over(set);
        ConstrainedProblem::new(
            objective.minimal_at(Vector::zeros(1), Minimum::exact(0.0)),
            problem.start().clone(),
        )
    })
}
