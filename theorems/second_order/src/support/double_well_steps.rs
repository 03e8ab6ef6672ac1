//! Implicit steps on a double well, where the equation of a step may have three roots.

use theoria_algorithms::{Method, Newton};
use theoria_models::numerics::minimum;
use theoria_models::{Equation, Vector};
use theoria_verification::{Check, Constant, Family, Hypothesis, Instance, Reading};

/// Newton's steps after which a root is found, or none.
const STEPS: usize = 200;

/// One step on (x² − 1)²/4 from x, to the root that has the least of h f(y) + (y − x)²/2, or to the one that Newton's method finds from x.
#[derive(Debug, Clone)]
pub(crate) struct WellStep {
    from: f64,
    step: f64,
    to: f64,
}

impl Instance for WellStep {
    fn description(&self) -> String {
        format!("(x² − 1)²/4 from {} to {}, h = {}", self.from, self.to, self.step)
    }

    fn constants(&self) -> Vec<Constant> {
        vec![Constant::exact("h", self.step)]
    }
}

/// f(x)
fn well(x: f64) -> f64 {
    ((x - 1.0) * (x + 1.0)).powi(2) / 4.0
}

/// All y with y + h (y³ − y) = x, by bisection between the extremes of the left side.
fn roots(x: f64, h: f64) -> Vec<f64> {
    let left = |y: f64| y + h * (y * y * y - y) - x;
    let end = 2.0 + x.abs();
    let turn = ((1.0 - 1.0 / h).max(0.0) / 3.0).sqrt();
    [-end, -turn, turn, end]
        .windows(2)
        .filter(|ends| left(ends[0]) * left(ends[1]) <= 0.0 && ends[0] < ends[1])
        .map(|ends| {
            let (mut low, mut high) = (ends[0], ends[1]);
            for _ in 0..200 {
                let middle = f64::midpoint(low, high);
                if left(low) * left(middle) <= 0.0 { high = middle } else { low = middle }
            }
            f64::midpoint(low, high)
        })
        .collect()
}

impl WellStep {
    /// To the best of all roots.
    pub(crate) fn best(from: f64, step: f64) -> Self {
        let energy = |y: &f64| step * well(*y) + (y - from).powi(2) / 2.0;
        let best = roots(from, step).into_iter().min_by(|a, b| energy(a).total_cmp(&energy(b)));
        WellStep { from, step, to: best.unwrap_or(f64::NAN) }
    }

    /// To the root that Newton's method finds from x.
    pub(crate) fn by_newton(from: f64, step: f64) -> Self {
        let equation = Equation::new(
            move |y: &f64| y + step * (y * y * y - y) - from,
            move |y| 1.0 + step * (3.0 * y * y - 1.0),
        );
        let (mut newton, mut y) = (Newton::default(), Vector::from_element(1, from));
        (0..STEPS).for_each(|_| newton.step(&equation, &mut y));
        WellStep { from, step, to: y[0] }
    }

    /// f(x) − f(x_+), factorised so that nothing cancels.
    pub(crate) fn decrease(&self) -> Reading {
        let (x, y) = (self.from, self.to);
        let value = (x - y) * (x + y) * (x * x + y * y - 2.0) / 4.0;
        // A root is good to a few units of |x| + |y| over the slope of the equation, which is near 0 where roots meet.
        let slope = (1.0 + self.step * (3.0 * y * y - 1.0)).abs().max(1e-6);
        let error = 16.0 * f64::EPSILON * (x.abs() + y.abs()) * (1.0 + self.step) / slope;
        Reading::new(value, error * (x - y).abs() * (1.0 + 1.0 / self.step) + error * error)
    }

    /// |x_+ − x|²/(2h)
    pub(crate) fn least(&self) -> f64 {
        (self.to - self.from).powi(2) / (2.0 * self.step)
    }

    fn excess(&self) -> f64 {
        let energy = |y: f64| self.step * well(y) + (y - self.from).powi(2) / 2.0;
        let least =
            roots(self.from, self.step).into_iter().map(energy).fold(f64::INFINITY, minimum);
        energy(self.to) - least
    }
}

/// Starts in [−1.5, 1.5] and steps of 0.2 to 20.
pub(crate) fn well_steps(name: &str, make: fn(f64, f64) -> WellStep) -> Family<WellStep> {
    Family::drawn(name, move |draw| {
        let from = draw.uniform(-1.5, 1.5);
        make(from, draw.log_uniform(0.2, 20.0))
    })
}

/// x_+ is a root, and none has less energy.
pub(crate) fn global_minimiser() -> Hypothesis<WellStep> {
    Hypothesis::new("global minimiser", |s: &WellStep, _| {
        Check::that(
            s.excess() <= 1e-12 * (1.0 + s.step),
            format!("energy above the least: {:.3e}", s.excess()),
        )
    })
}
