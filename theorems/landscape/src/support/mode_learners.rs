//! Deep linear networks that learn the modes of a target from samples, each mode on its own.

use theoria_elementary::powf;
use theoria_instances::flow;
use theoria_instances::sequences::evenly;
use theoria_models::Matrix;
use theoria_models::networks::{DeepLinear, DeepLinearLoss, Modes, haar_orthogonal};
use theoria_models::numerics::{maximum, minimum};
use theoria_verification::{Check, Content, Draw, Family, Hypothesis, Instance, Line, Stream};

use super::mode_growth::{sigmoid, time_to};

/// Samples of each instance.
const SAMPLES: usize = 12;
const TIMES: usize = 25;

/// A network on samples of a linear target.
pub(crate) struct Learner {
    pub(crate) modes: Modes,
    inputs: Matrix,
    pub(crate) at_start: f64,
    pub(crate) start: DeepLinear,
}

impl Instance for Learner {
    fn description(&self) -> String {
        format!(
            "{} layers, strengths {:.3?}, u₀ = {:.2e}",
            self.start.depth(),
            self.modes.strengths(),
            self.at_start
        )
    }
}

impl Learner {
    fn draw(depth: usize, inputs: Matrix, draw: &mut Draw) -> Self {
        let strengths: Vec<f64> = (0..inputs.nrows()).map(|_| draw.uniform(0.5, 3.0)).collect();
        let modes = Modes::draw(&strengths, draw.generator());
        // Deep networks hardly leave a small start: their factors, not the modes, begin equally small.
        let at_start = powf(draw.uniform(0.03, 0.1).powi(2), if depth == 2 { 1.0 } else { 0.5 });
        let map = modes.with(&vec![at_start; strengths.len()]);
        Learner {
            start: DeepLinear::balanced_rotated(&map, depth, draw.generator()),
            modes,
            inputs,
            at_start,
        }
    }

    fn loss(&self) -> DeepLinearLoss {
        let targets = self.modes.map() * &self.inputs;
        DeepLinearLoss::with_samples(&self.start.widths(), self.inputs.clone(), targets)
    }

    /// By when the weakest mode has been learned.
    fn end(&self) -> f64 {
        let weakest = self.modes.strengths().iter().copied().fold(f64::INFINITY, minimum);
        time_to(weakest / 2.0, weakest, self.at_start, self.start.depth()) + 2.0 / weakest
    }

    /// Until then.
    pub(crate) fn times(&self) -> Vec<f64> {
        evenly(self.end() / TIMES as f64, self.end(), TIMES)
    }

    /// The modes, each grown along its sigmoid until t.
    pub(crate) fn along_sigmoids(&self, speed: f64, t: f64) -> Matrix {
        let grown = self.modes.strengths().iter().map(|&s| sigmoid(speed, s, self.at_start, t));
        self.modes.with(&grown.collect::<Vec<_>>())
    }

    /// The strength of each mode along gradient flow, and by the equation of its depth.
    fn curves(&self) -> Vec<Line> {
        let times = self.times();
        let maps = self.maps(&times);
        let modes = || self.modes.strengths().iter().enumerate();
        let seen = modes().map(|(k, s)| {
            let strength = |map| self.modes.strength_in(map, k);
            let points = times.iter().zip(&maps).map(|(t, map)| (*t, strength(map)));
            Line::measured(&format!("gradient flow, s = {s}"), points)
        });
        let exact = modes().map(|(_, &s)| {
            let strengths = evenly(self.at_start, 0.995 * s, 120);
            let points = strengths
                .into_iter()
                .map(|u| (time_to(u, s, self.at_start, self.start.depth()), u));
            let points = points.filter(|(t, _)| *t <= self.end());
            Line::predicted(&format!("equation, s = {s}"), points)
        });
        seen.chain(exact).collect()
    }

    /// W(t) along gradient flow.
    pub(crate) fn maps(&self, times: &[f64]) -> Vec<Matrix> {
        let loss = self.loss();
        flow(&loss, &self.start.flatten(), times)
            .iter()
            .map(|x| loss.network(x).end_to_end())
            .collect()
    }
}

/// n x N inputs with X Xᵀ/N = I.
fn whitened(n: usize, draw: &mut Draw) -> Matrix {
    haar_orthogonal(n, SAMPLES, draw.generator()) * (SAMPLES as f64).sqrt()
}

pub(crate) fn aligned(depths: std::ops::RangeInclusive<usize>) -> Family<Learner> {
    let name = format!("aligned, {} to {} layers", depths.start(), depths.end());
    Family::drawn(&name, move |draw| {
        let n = draw.size(1..=4);
        let inputs = whitened(n, draw);
        let depth = draw.size(depths.clone()).max(*depths.start());
        Learner::draw(depth, inputs, draw)
    })
}

/// Inputs whose covariance has eigenvalues between 1/4 and 4.
pub(crate) fn correlated() -> Family<Learner> {
    Family::drawn("aligned, correlated inputs", |draw| {
        let n = draw.size(2..=4).max(2);
        let scales = evenly(0.5, 2.0, n);
        let inputs = Modes::draw(&scales, draw.generator()).map() * whitened(n, draw);
        Learner::draw(2, inputs, draw)
    })
}

/// The depths along the slider; the one of this number is shown first.
const DEPTHS: std::ops::RangeInclusive<u32> = 2..=13;
pub(crate) const FIRST: usize = 1;

/// The same two modes learned by networks of every depth, with their curves.
pub(crate) fn depths() -> Family<Learner> {
    let family = Family::along("depths along the slider", DEPTHS.map(f64::from), |depth| {
        let draw = &mut Draw::new(Stream::new(1).child("depths along the slider").trial(0));
        let (inputs, modes) = (whitened(2, draw), Modes::draw(&[2.0, 1.0], draw.generator()));
        let at_start = 0.05;
        let map = modes.with(&[at_start; 2]);
        let start = DeepLinear::balanced_rotated(&map, depth as usize, draw.generator());
        Learner { modes, inputs, at_start, start }
    });
    family.showing(|l, _| Content::Lines { lines: l.curves() })
}

/// Strengths 1, 2, 3, 4 from the same start.
pub(crate) fn from_one_to_four() -> Family<Learner> {
    Family::drawn("strengths from 1 to 4", |draw| {
        let modes = Modes::draw(&evenly(1.0, 4.0, 4), draw.generator());
        let at_start = draw.log_uniform(1e-4, 1e-2);
        let map = modes.with(&[at_start; 4]);
        Learner {
            start: DeepLinear::balanced_rotated(&map, 2, draw.generator()),
            inputs: whitened(4, draw),
            modes,
            at_start,
        }
    })
}

pub(crate) fn hypotheses() -> [Hypothesis<Learner>; 3] {
    [
        Hypothesis::new("whitened", |l: &Learner, _| {
            let n = l.inputs.nrows();
            let covariance = &l.inputs * l.inputs.transpose() / l.inputs.ncols() as f64;
            Check::at_most((covariance - Matrix::identity(n, n)).amax(), 1e-12, "|XXᵀ/N − I|")
        }),
        Hypothesis::new("balanced", |l: &Learner, _| {
            let imbalance = l.start.imbalances().iter().map(Matrix::amax).fold(0.0, maximum);
            Check::at_most(imbalance, 1e-14, "largest imbalance")
        }),
        Hypothesis::new("aligned", |l: &Learner, _| {
            let expected = l.modes.with(&vec![l.at_start; l.modes.strengths().len()]);
            let deviation = (l.start.end_to_end() - expected).amax();
            Check::at_most(deviation, 1e-14, "|W(0) − u₀ Σ u_i v_iᵀ|")
        }),
    ]
}
