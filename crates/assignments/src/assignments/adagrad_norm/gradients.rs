//! Gradients that are told one after the other, whatever function or noise they may be of.

use theoria_models::Vector;
use theoria_verification::{Constant, Draw, Family, Instance, Reading, Readings};

use super::known;
use crate::assignments::points;
use crate::play::Student;
use crate::theoria::Fields;

/// A start with parameters, and what is told after it.
pub(super) struct Gradients {
    start: Vector,
    numerator: f64,
    initial: f64,
    told: Vec<Vector>,
}

impl Instance for Gradients {
    fn description(&self) -> String {
        let listed: Vec<String> = self.told.iter().take(3).map(points::told).collect();
        match self.start.len() {
            ..=3 => {
                format!("the gradients {} …, from {}", listed.join(", "), points::told(&self.start))
            }
            dimension => format!("{} gradients in dimension {dimension}", self.told.len()),
        }
    }

    fn constants(&self) -> Vec<Constant> {
        vec![Constant::exact("η", self.numerator), Constant::exact("b₀", self.initial)]
    }
}

impl Gradients {
    /// Where the theorem goes after each of them.
    fn expected(&self) -> Vec<Vector> {
        let mut point = self.start.clone();
        let mut square = self.initial * self.initial;
        let after = |slope: &Vector| {
            square += slope.norm_squared();
            point.axpy(-self.numerator / square.sqrt(), slope, 1.0);
            point.clone()
        };
        self.told.iter().map(after).collect()
    }

    /// By how much the solution is elsewhere after each of them, in units of η.
    pub(super) fn deviations(&self, student: &Student) -> Readings {
        let dimension = self.start.len();
        let begun = student.begin(&known(&self.start, self.numerator, self.initial));
        let begins = begun.and_then(|answer| student.take(answer.vector("point", dimension)));
        let pairs = self.told.iter().zip(self.expected()).enumerate();
        pairs
            .map(|(k, (slope, expected))| {
                let told = Fields::new().with("gradient", slope.as_slice());
                let answer = begins.as_ref().and_then(|_| student.tell(&told));
                let point =
                    answer.and_then(|answer| student.take(answer.vector("point", dimension)));
                let off = point.map_or(f64::NAN, |point| {
                    (Vector::from_vec(point) - &expected).norm() / self.numerator
                });
                let floor =
                    1e-14 * (k + 1) as f64 * (self.start.norm() / self.numerator + k as f64);
                (k + 1, Reading::new(off, floor))
            })
            .collect()
    }
}

/// The two steps of the task; and others like them, so that what is kept from the first shows.
pub(super) fn on_paper() -> Family<Gradients> {
    let lists = [(12.0, [[3.0, 4.0], [84.0, 0.0]]), (4.0, [[0.0, 3.0], [-12.0, 0.0]])];
    Family::listed("gradients for paper", lists, |(initial, told)| Gradients {
        start: Vector::zeros(2),
        numerator: 1.0,
        initial: *initial,
        told: told.iter().map(|slope| Vector::from_row_slice(slope)).collect(),
    })
}

/// Noise around a slope.
pub(super) fn noisy() -> Family<Gradients> {
    Family::drawn("noisy gradients", |draw| {
        let (dimension, count) = (draw.size(2..=4), draw.size(3..=8));
        gradients(dimension, count, draw)
    })
}

/// More of them, of which some are zero, or zero in some coordinates, or a thousand times as large.
pub(super) fn sparse() -> Family<Gradients> {
    Family::drawn("sparse gradients", |draw| {
        let (dimension, count) = (draw.size(1..=8), draw.size(5..=20));
        let mut all = gradients(dimension, count, draw);
        for slope in &mut all.told {
            let size = draw.log_uniform(1e-3, 1e3);
            for entry in slope.iter_mut() {
                *entry *= if draw.coin() { size } else { 0.0 };
            }
        }
        all
    })
    .with_draws(16)
}

fn gradients(dimension: usize, count: usize, draw: &mut Draw) -> Gradients {
    let slope = points::in_a_cube(dimension, draw);
    Gradients {
        start: points::in_a_cube(dimension, draw),
        numerator: draw.log_uniform(0.1, 10.0),
        initial: draw.log_uniform(0.1, 10.0),
        told: (0..count).map(|_| &slope + points::in_a_cube(dimension, draw)).collect(),
    }
}
