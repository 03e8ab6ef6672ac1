//! The valley of xy = 1, and how noise carries iterates along it.

use rand::Rng;
use theoria_algorithms::{EnsembleRun, GradientDescent, Quantity};
use theoria_elementary::{asinh, cosh, exp, ln, sinh, tanh};
use theoria_models::networks::ScalarChain;
use theoria_models::numerics::bisect;
use theoria_models::stochastic::{LabelLaw, LabelNoise, Noisy, Perturbed};
use theoria_models::{Ensemble, Objective, Vector};
use theoria_verification::{Check, Constant, Family, Hypothesis, Instance};

/// f = (xy − 1)²/2 with fresh label noise.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Valley {
    pub(crate) eta: f64,
    pub(crate) sigma: f64,
    /// s at the start, a minimiser.
    pub(crate) start: f64,
    pub(crate) law: LabelLaw,
}

impl Valley {
    pub(crate) fn new(eta: f64, sigma: f64) -> Self {
        Valley { eta, sigma, start: 1.0, law: LabelLaw::Signs }
    }

    /// Steps in which e^(−time) is the share left of x² − y².
    pub(crate) fn steps(&self, time: f64) -> usize {
        (time / (self.eta * self.sigma).powi(2)).round() as usize
    }

    pub(crate) fn minimiser(&self) -> Vector {
        Vector::from_vec(vec![exp(self.start), exp(-self.start)])
    }

    /// Between which s stays. With labels 1 ± σ, σ ≤ 1 and η ≤ 0.04 the residual xy − 1 stays within ±3: beyond 2 it falls by
    /// ηh(|xy − 1| − σ), h = x² + y² ≥ 2|xy|, and rises by η²g²|xy| at most, which is less. So |g| ≤ 4, each step multiplies x² − y²
    /// by 1 − η²g² in (0, 1), and s stays between 0 and its start.
    pub(crate) fn range(&self) -> (f64, f64) {
        match self.law {
            LabelLaw::Signs if self.sigma <= 1.0 && self.eta <= 0.04 => (0.0, self.start),
            _ => (f64::NEG_INFINITY, f64::INFINITY),
        }
    }

    /// Runs from the minimiser, driven by this.
    pub(crate) fn run(
        &self,
        drive: Drive,
        trials: usize,
        checkpoints: &[usize],
        quantities: &[Quantity<'_>],
        random: &mut impl Rng,
    ) -> EnsembleRun {
        let (chain, method) = (ScalarChain::new(2), GradientDescent::new(self.eta));
        let start = Ensemble::repeat(&self.minimiser(), trials);
        match drive {
            Drive::Labels => {
                let labels = LabelNoise::new(chain, 1, self.sigma, self.law);
                let noisy = Noisy::new(&labels, random);
                EnsembleRun::of(method, &noisy, start, checkpoints, quantities)
            }
            Drive::Isotropic => {
                let isotropic = Perturbed::additive(chain, self.sigma * 2f64.sqrt());
                let noisy = Noisy::new(&isotropic, random);
                EnsembleRun::of(method, &noisy, start, checkpoints, quantities)
            }
            Drive::Nothing => EnsembleRun::of(method, &chain, start, checkpoints, quantities),
        }
    }
}

impl Instance for Valley {
    fn description(&self) -> String {
        let labels = match self.law {
            LabelLaw::Signs => "labels 1 ± σ",
            LabelLaw::Gaussian => "normal labels",
        };
        format!("(xy − 1)²/2 from the minimiser s = {}, {labels}", self.start)
    }

    fn constants(&self) -> Vec<Constant> {
        vec![Constant::exact("η", self.eta), Constant::exact("σ", self.sigma)]
    }
}

/// What drives the iterates.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Drive {
    /// Noise of the label.
    Labels,
    /// Independent normal noise of each coordinate of the gradient.
    Isotropic,
    /// The gradient alone.
    Nothing,
}

pub(crate) fn starts_at_a_minimiser() -> Hypothesis<Valley> {
    Hypothesis::new("start at a minimiser", |valley: &Valley, _| {
        Check::at_most(ScalarChain::new(2).value(&valley.minimiser()), 1e-30, "loss at the start")
    })
}

pub(crate) fn stable() -> Hypothesis<Valley> {
    Hypothesis::new("stable step size", |valley: &Valley, _| {
        let sharpness = ScalarChain::new(2).sharpness(&valley.minimiser());
        Check::at_most(valley.eta * sharpness, 2.0, "η λ_max")
    })
}

pub(crate) fn fresh_labels() -> Hypothesis<Valley> {
    let why = "every step draws the label anew; a test of the models checks its moments";
    Hypothesis::by_construction("independent label noise of mean 0", why)
}

pub(crate) fn valleys() -> Family<Valley> {
    let fine = Valley::new(0.02, 0.5);
    let normal = Valley { law: LabelLaw::Gaussian, ..Valley::new(0.04, 0.5) };
    let all = [fine, Valley::new(0.04, 0.5), Valley::new(0.04, 1.0), normal];
    Family::listed("hyperbola", all, |valley| *valley)
}

pub(crate) fn coarse_valley() -> Family<Valley> {
    Family::single("hyperbola", || Valley::new(0.04, 1.0))
}

/// Where an iterate is along the hyperbola.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Coordinate {
    /// s = arsinh((x² − y²)/2)/2, which is s at the minimiser (e^s, e^−s).
    Height,
    /// log(x/y)/2, which is s there as well.
    Ratio,
}

impl Coordinate {
    fn of(self, x: f64, y: f64) -> f64 {
        match self {
            Coordinate::Height => asinh((x * x - y * y) / 2.0) / 2.0,
            Coordinate::Ratio => ln(x / y) / 2.0,
        }
    }

    pub(crate) fn quantity(self) -> Quantity<'static> {
        Quantity::new(move |w, into| {
            let pairs = w.coordinate(0).iter().zip(w.coordinate(1));
            into.iter_mut().zip(pairs).for_each(|(seen, (x, y))| *seen = self.of(*x, *y));
        })
    }
}

/// s after n steps by ds/dn = −(η²σ²/2) tanh 2s.
pub(crate) fn leading(valley: &Valley, n: f64) -> f64 {
    let left = exp(-n * (valley.eta * valley.sigma).powi(2));
    asinh(sinh(2.0 * valley.start) * left) / 2.0
}

/// s after n steps by ds/dn = −(η²σ²/2) tanh 2s/(1 − η cosh 2s), whose n(s) is known.
pub(crate) fn corrected(valley: &Valley, n: f64) -> f64 {
    let Valley { eta, sigma, start, .. } = *valley;
    let clock = |s: f64| ln(sinh(2.0 * s)) - eta * (ln(tanh(s)) + cosh(2.0 * s));
    let end = clock(start) - n * (eta * sigma).powi(2);
    bisect(0.0, start, 0.0, |s| clock(s) < end).1
}
