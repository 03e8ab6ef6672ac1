//! Pairs with F = xy, in one vector, and how a solution moves them.

use rand::RngExt;
use rand_distr::{Distribution, StandardNormal};
use theoria_models::numerics::bisect;
use theoria_verification::{Constant, Generator, Instance};

use crate::play::Student;
use crate::theoria::Fields;

/// The law of ξ.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Noise {
    Signs,
    Normal,
}

/// From minimisers (e^s, e^−s).
#[derive(Debug, Clone, Copy)]
pub(super) struct Pairs {
    /// How many pairs there are.
    pub(super) count: usize,
    /// How many samples of a batch each has.
    pub(super) samples: usize,
    /// η for each pair on its own.
    pub(super) step: f64,
    pub(super) deviation: f64,
    /// s at the start.
    pub(super) start: f64,
    pub(super) noise: Noise,
}

impl Instance for Pairs {
    fn description(&self) -> String {
        let noise = match self.noise {
            Noise::Signs => "noise ±σ",
            Noise::Normal => "normal noise",
        };
        let Pairs { count, samples, start, .. } = self;
        format!("{count} pairs from (e^{start}, e^−{start}), samples of each: {samples}, {noise}")
    }

    fn constants(&self) -> Vec<Constant> {
        let step = Constant::exact("η/m", self.step);
        vec![step, Constant::exact("σ", self.deviation)]
    }
}

/// What a solution answered, and what it had been told.
pub(super) struct Step {
    /// x and y of each pair before the step.
    pub(super) from: Vec<(f64, f64)>,
    /// xy − 1 − σ ξ of each pair, with the mean of the noises of its samples.
    pub(super) residuals: Vec<f64>,
    /// x and y of each pair after it; no numbers if the solution has failed.
    pub(super) to: Vec<(f64, f64)>,
    /// What it says of the trace.
    pub(super) trace: f64,
}

impl Pairs {
    /// So many steps in which, to leading order, the share e^(−time) of x² − y² is left.
    pub(super) fn steps(&self, time: f64) -> usize {
        (time * self.samples as f64 / (self.step * self.deviation).powi(2)).round() as usize
    }

    /// s after n steps, by the equation in the mean, whose solution is known.
    pub(super) fn position(&self, n: f64) -> f64 {
        let (eta, start) = (self.step, self.start);
        let clock = |s: f64| (2.0 * s).sinh().ln() - eta * (s.tanh().ln() + (2.0 * s).cosh());
        let end = clock(start) - n * (eta * self.deviation).powi(2) / self.samples as f64;
        bisect(0.0, start, 0.0, |s| clock(s) < end).1
    }

    /// The steps of the solution, as long as it answers.
    pub(super) fn run(
        &self,
        student: &Student,
        steps: usize,
        random: &mut Generator,
        mut seen: impl FnMut(&Step),
    ) {
        let start = vec![[self.start.exp(), (-self.start).exp()]; self.count].concat();
        let known = Fields::new()
            .with("dimension", start.len() as f64)
            .with("start", &start)
            .with("step", self.step * self.count as f64)
            .with("deviation", self.deviation);
        let begun = student.begin(&known);
        let mut point = begun.and_then(|answer| student.take(answer.vector("point", start.len())));
        for _ in 0..steps {
            let Some(here) = point else { return };
            let noise: Vec<f64> =
                (0..self.count * self.samples).map(|_| self.draw(random)).collect();
            let answer = student.tell(&self.batch(&here, &noise));
            let trace = answer.as_ref().and_then(|answer| student.take(answer.number("trace")));
            point = answer.and_then(|answer| student.take(answer.vector("point", start.len())));
            let lost = vec![f64::NAN; start.len()];
            seen(&Step {
                residuals: self.residuals(&here, &noise),
                from: pairs_of(&here),
                to: pairs_of(point.as_ref().unwrap_or(&lost)),
                trace: trace.unwrap_or(f64::NAN),
            });
        }
    }

    fn draw(&self, random: &mut Generator) -> f64 {
        match self.noise {
            Noise::Normal => StandardNormal.sample(random),
            Noise::Signs if random.random::<bool>() => 1.0,
            Noise::Signs => -1.0,
        }
    }

    /// What the solution is told: the samples of the first pair come first.
    fn batch(&self, point: &[f64], noise: &[f64]) -> Fields {
        let pairs = pairs_of(point);
        let each = || pairs.iter().enumerate().flat_map(|pair| vec![pair; self.samples]);
        let outputs: Vec<f64> = each().map(|(_, (x, y))| x * y).collect();
        let gradient = |(i, (x, y)): (usize, &(f64, f64))| {
            let mut gradient = vec![0.0; point.len()];
            (gradient[2 * i], gradient[2 * i + 1]) = (*y, *x);
            gradient
        };
        Fields::new()
            .with("targets", vec![1.0; outputs.len()])
            .with("outputs", outputs)
            .with("jacobian", each().map(gradient).collect::<Vec<_>>())
            .with("noise", noise)
    }

    fn residuals(&self, point: &[f64], noise: &[f64]) -> Vec<f64> {
        let means =
            noise.chunks(self.samples).map(|own| own.iter().sum::<f64>() / own.len() as f64);
        let pairs = pairs_of(point).into_iter().zip(means);
        pairs.map(|((x, y), noise)| x * y - 1.0 - self.deviation * noise).collect()
    }
}

fn pairs_of(point: &[f64]) -> Vec<(f64, f64)> {
    point.chunks(2).map(|pair| (pair[0], pair[1])).collect()
}
