//! A right solution.

use crate::theoria::{Fields, Solution};

/// The theorem's bounds, and five percent less.
pub(super) struct Bounds;

/// What is known of a run.
pub(super) struct Known {
    pub(super) smoothness: f64,
    pub(super) strong_convexity: Option<f64>,
    pub(super) step: f64,
    pub(super) gap: f64,
    pub(super) distance: f64,
    pub(super) gradient: f64,
}

impl Known {
    pub(super) fn of(instance: &Fields) -> Self {
        let mu = instance.get("strong_convexity").map(|_| instance.number("strong_convexity"));
        Known {
            smoothness: instance.number("smoothness"),
            strong_convexity: mu,
            step: instance.number("step"),
            gap: instance.number("gap"),
            distance: instance.number("distance"),
            gradient: instance.number("gradient"),
        }
    }

    /// Bounds of gap, distance and gradient after n steps.
    pub(super) fn bounds(&self, n: f64) -> [f64; 3] {
        let (l, r) = (self.smoothness, self.distance);
        match self.strong_convexity {
            Some(mu) => {
                let factor = f64::max((1.0 - self.step * mu).abs(), (1.0 - self.step * l).abs());
                let power = factor.powf(n);
                [power * power * self.gap, power * r, power * self.gradient]
            }
            None => [l * r * r / (4.0 * n + 2.0), r, l * r / (n + 1.0)],
        }
    }
}

impl Solution for Bounds {
    fn begin(&mut self, instance: &Fields) -> Fields {
        let known = Known::of(instance);
        let claims = instance.vector("steps").into_iter().map(|n| known.bounds(n));
        answer(&claims.map(|claims| (claims, claims.map(|claim| 0.95 * claim))).collect::<Vec<_>>())
    }
}

/// Claims and controls for each number of steps.
pub(super) fn answer(stated: &[([f64; 3], [f64; 3])]) -> Fields {
    let names = ["gap", "distance", "gradient"].into_iter().enumerate();
    names.fold(Fields::new(), |answer, (place, name)| {
        let claims: Vec<f64> = stated.iter().map(|(claims, _)| claims[place]).collect();
        let controls: Vec<f64> = stated.iter().map(|(_, controls)| controls[place]).collect();
        answer.with(name, claims).with(&format!("control_{name}"), controls)
    })
}
