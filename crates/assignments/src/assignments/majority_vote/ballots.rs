//! What workers see, one round after the other.

use theoria_verification::{Constant, Draw, Family, Instance};

use crate::theoria::Fields;

/// The gradients of all workers in some rounds; where the point is does not matter to them.
pub(super) struct Ballots {
    pub(super) workers: usize,
    pub(super) step: f64,
    pub(super) start: Vec<f64>,
    /// Round, worker, coordinate.
    pub(super) rounds: Vec<Vec<Vec<f64>>>,
}

impl Instance for Ballots {
    fn description(&self) -> String {
        let (workers, dimension) = (self.workers, self.start.len());
        let size = format!("{workers} workers, {dimension} coordinates");
        let first = self.rounds.first().filter(|round| round.len() * dimension <= 9);
        first.map_or(size.clone(), |round| format!("{size}, who see first {round:.3?}"))
    }

    fn constants(&self) -> Vec<Constant> {
        vec![Constant::exact("M", self.workers as f64), Constant::exact("h", self.step)]
    }
}

impl Ballots {
    /// What the solution is told.
    pub(super) fn known(&self) -> Fields {
        known(&self.start, self.step, self.workers)
    }

    /// Where the votes lead after each round.
    pub(super) fn expected(&self) -> Vec<Vec<f64>> {
        let mut point = self.start.clone();
        let after = |round: &Vec<Vec<f64>>| {
            for (i, x) in point.iter_mut().enumerate() {
                let up = round.iter().filter(|gradient| gradient[i] > 0.0).count();
                let down = round.iter().filter(|gradient| gradient[i] < 0.0).count();
                *x -= match up.cmp(&down) {
                    std::cmp::Ordering::Greater => self.step,
                    std::cmp::Ordering::Less => -self.step,
                    std::cmp::Ordering::Equal => 0.0,
                };
            }
            point.clone()
        };
        self.rounds.iter().map(after).collect()
    }
}

/// Start, step size and number of workers.
pub(super) fn known(start: &[f64], step: f64, workers: usize) -> Fields {
    Fields::new()
        .with("dimension", start.len() as f64)
        .with("start", start)
        .with("step", step)
        .with("workers", workers as f64)
}

/// An odd number of workers, one of whom is a thousand times as loud as the others.
pub(super) fn loud() -> Family<Ballots> {
    Family::drawn("workers of whom one is loud", |draw| {
        let workers = 2 * draw.size(1..=5) + 1;
        ballots(workers, draw, |draw, worker| {
            draw.normal() * if worker == 0 { 1000.0 } else { 1.0 }
        })
    })
}

/// Few workers, odd or even, whose slopes are −1, 0 or 1: many votes are equal, or decided by one.
pub(super) fn close() -> Family<Ballots> {
    Family::drawn("close votes", |draw| {
        let workers = draw.size(2..=4);
        ballots(workers, draw, |draw, _| draw.size(0..=2) as f64 - 1.0)
    })
    .with_draws(12)
}

fn ballots(
    workers: usize,
    draw: &mut Draw,
    mut slope: impl FnMut(&mut Draw, usize) -> f64,
) -> Ballots {
    let (dimension, rounds) = (draw.size(3..=8), draw.size(4..=8));
    let step = draw.log_uniform(0.01, 1.0);
    let start = (0..dimension).map(|_| draw.normal()).collect();
    let rounds = (0..rounds)
        .map(|_| {
            let gradient =
                |draw: &mut Draw, worker: usize, slope: &mut dyn FnMut(&mut Draw, usize) -> f64| {
                    (0..dimension).map(|_| slope(draw, worker)).collect::<Vec<f64>>()
                };
            (0..workers).map(|worker| gradient(draw, worker, &mut slope)).collect()
        })
        .collect();
    Ballots { workers, step, start, rounds }
}
