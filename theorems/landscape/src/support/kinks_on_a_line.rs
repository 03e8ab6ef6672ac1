//! ReLU units on samples of a line, and when they have full rank.

use std::f64::consts::PI;

use rand::Rng;
use rand_distr::{Distribution, StandardNormal};
use theoria_elementary::{atan, ln, powf};
use theoria_models::Vector;
use theoria_models::numerics::minimum;
use theoria_verification::{Check, Family, Hypothesis, Instance};

/// ReLU units with standard normal weights and biases on samples of a line, or without biases on a sample and its
/// opposite.
pub(crate) struct Line {
    pub(crate) samples: Vec<f64>,
    biases: bool,
}

impl Instance for Line {
    fn description(&self) -> String {
        let biases = if self.biases { "with" } else { "without" };
        format!("samples {:.3?}, {biases} biases", self.samples)
    }
}

impl Line {
    /// The numbers of units at which the rank is looked at: n, 2n, 4n, ...
    pub(crate) fn widths(&self) -> Vec<f64> {
        let n = self.samples.len();
        (0..6).map(|k| (n << k) as f64).collect()
    }

    /// A lower bound of the probability of full rank: the chance that an increasing unit has its kink in each gap. The
    /// kink -b/w is Cauchy, whatever the sign of w.
    pub(crate) fn kinks(&self, m: f64) -> f64 {
        1.0 - self.shares().map(|share| powf(1.0 - share, m)).sum::<f64>()
    }

    /// The chance of an increasing unit with its kink in the gap before each sample.
    pub(crate) fn shares(&self) -> impl Iterator<Item = f64> {
        let cauchy = |x: f64| 0.5 + atan(x) / PI;
        let ends = self.samples.iter().map(move |x| cauchy(*x));
        ends.scan(0.0, |before, here| {
            let share = (here - *before) / 2.0;
            *before = here;
            Some(share)
        })
    }

    /// log(n/δ)/min p_k.
    pub(crate) fn enough_units(&self, delta: f64) -> usize {
        let least = self.shares().fold(f64::INFINITY, minimum);
        (ln(self.samples.len() as f64 / delta) / least).ceil() as usize
    }

    /// The number of units, drawn one after the other, with which the features first have full rank; none if not
    /// within `most`.
    pub(crate) fn first_full<R: Rng>(&self, most: usize, random: &mut R) -> Option<usize> {
        let n = self.samples.len();
        let mut basis: Vec<Vector> = Vec::with_capacity(n);
        for count in 1..=most {
            let w: f64 = StandardNormal.sample(random);
            let b: f64 = if self.biases { StandardNormal.sample(random) } else { 0.0 };
            let column =
                Vector::from_iterator(n, self.samples.iter().map(|x| (w * x + b).max(0.0)));
            let mut rest = column.clone();
            for _ in 0..2 {
                for direction in &basis {
                    rest.axpy(-direction.dot(&rest), direction, 1.0);
                }
            }
            if rest.norm() > 1e-10 * column.norm() {
                basis.push(rest.normalize());
                if basis.len() == n {
                    return Some(count);
                }
            }
        }
        None
    }
}

/// A sample and its opposite.
pub(crate) fn pairs() -> Family<Line> {
    Family::single("a sample and its opposite", || Line { samples: vec![-1.0, 1.0], biases: false })
}

pub(crate) fn lines() -> Family<Line> {
    Family::listed("samples on a line", [3, 4, 8], |&n: &usize| Line {
        samples: (0..n).map(|k| k as f64 - (n - 1) as f64 / 2.0).collect(),
        biases: true,
    })
}

pub(crate) fn on_lines() -> [Hypothesis<Line>; 2] {
    [
        Hypothesis::new("distinct samples", |line: &Line, _| {
            let gaps = line.samples.windows(2).map(|pair| pair[1] - pair[0]);
            let least = gaps.fold(f64::INFINITY, minimum);
            Check::at_least(least, 0.1, "least distance of neighbours, in increasing order")
        }),
        Hypothesis::by_construction(
            "weights with a positive density",
            "weights and biases are independent standard normal numbers",
        ),
    ]
}
