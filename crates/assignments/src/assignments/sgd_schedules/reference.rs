//! A right solution.

use crate::theoria::{Fields, Solution};

/// x ← x − h_n g with either schedule.
#[derive(Default)]
pub(super) struct Scheduled {
    point: Vec<f64>,
    schedule: Schedule,
    steps: f64,
}

enum Schedule {
    Constant(f64),
    Decreasing { factor: f64, offset: f64 },
}

impl Default for Schedule {
    fn default() -> Self {
        Schedule::Constant(0.0)
    }
}

impl Solution for Scheduled {
    fn begin(&mut self, instance: &Fields) -> Fields {
        self.point = instance.vector("start");
        self.steps = 0.0;
        let (smoothness, mu) = (instance.number("smoothness"), instance.number("strong_convexity"));
        self.schedule = match instance.text("schedule") {
            "constant" => {
                let goal = instance.number("goal");
                let longest = 2.0 * mu * goal / (smoothness * instance.number("variance"));
                Schedule::Constant(longest.min(1.0 / smoothness))
            }
            _ => Schedule::Decreasing { factor: 2.0 / mu, offset: 2.0 * smoothness / mu },
        };
        Fields::new().with("point", &self.point)
    }

    fn tell(&mut self, told: &Fields) -> Fields {
        let step = match self.schedule {
            Schedule::Constant(step) => step,
            Schedule::Decreasing { factor, offset } => factor / (self.steps + offset),
        };
        for (x, slope) in self.point.iter_mut().zip(told.vector("gradient")) {
            *x -= step * slope;
        }
        self.steps += 1.0;
        Fields::new().with("point", &self.point)
    }
}
