//! Laws of a trial whose mean is known.

use std::sync::{Arc, LazyLock};

use rand::{Rng, RngExt, SeedableRng};
use rand_distr::{Binomial, ChiSquared, Distribution, Exp1, StandardNormal};
use theoria_elementary::{exp, log2, powf};
use theoria_verification::{Family, Generator, Instance, Stream};

/// A law with mean 1, unless it says otherwise.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Law {
    Exponential,
    /// The square of a standard normal variable: chi-square with one degree of freedom.
    Square,
    /// exp(s Z - s²/2) for a standard normal Z.
    LogNormal(f64),
    /// P(Z > z) ~ z^(−a): no variance for a ≤ 2.
    Pareto(f64),
    /// A few values, each with its probability and the relative width over which it is smeared.
    Atoms(Atoms),
    /// |J u|² in a random ReLU network of this width and depth: a product of as many factors (2/n) χ²_K, K ~ B(n, 1/2).
    Network(u32, u32),
    /// 2^k with probability 2^−k: its mean is infinite.
    PowersOfTwo,
    /// 1/2, but not a number with this probability.
    Lost(f64),
}

/// A law on a few values.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Atoms {
    name: String,
    /// Values and their probabilities.
    pub(crate) values: Vec<(f64, f64)>,
    /// Each value is multiplied by 1 + jitter (U - 1/2), U uniform.
    pub(crate) jitter: f64,
    /// How many independent ones are multiplied.
    pub(crate) factors: u32,
}

impl Atoms {
    /// These values with these probabilities, scaled so that the mean is 1.
    pub(crate) fn new(name: &str, values: &[(f64, f64)], jitter: f64, factors: u32) -> Self {
        let mass: f64 = values.iter().map(|(_, p)| p).sum();
        let mean: f64 = values.iter().map(|(z, p)| z * p / mass).sum();
        let values = values.iter().map(|(z, p)| (z / mean, p / mass)).collect();
        Atoms { name: name.into(), values, jitter, factors }
    }

    /// No trial is larger.
    pub(crate) fn most(&self) -> f64 {
        let largest = self.values.iter().map(|(z, _)| *z).fold(0.0, f64::max);
        (largest * (1.0 + self.jitter / 2.0)).powi(self.factors as i32)
    }

    fn draw(&self, random: &mut impl Rng) -> f64 {
        (0..self.factors)
            .map(|_| {
                let mut left: f64 = random.random();
                let chosen = self.values.iter().find(|(_, p)| {
                    left -= p;
                    left < 0.0
                });
                let (value, _) = chosen.or(self.values.last()).copied().unwrap_or((1.0, 1.0));
                if self.jitter > 0.0 {
                    value * (1.0 + self.jitter * (random.random::<f64>() - 0.5))
                } else {
                    value
                }
            })
            .product()
    }
}

impl Law {
    /// 0 or 2, each with probability 1/2.
    pub(crate) fn coin() -> Law {
        Law::two("0 or 2", 0.5, 2.0, 0.0)
    }

    /// 1/p with probability p, else 0.
    pub(crate) fn rare(p: f64) -> Law {
        Law::two(&format!("{} with probability {p}, else 0", 1.0 / p), p, 1.0 / p, 0.0)
    }

    /// The same, each value smeared by a tenth, and no value 0.
    pub(crate) fn rare_and_smeared(p: f64) -> Law {
        let name = format!("about {} with probability {p}, else about 0.001", 1.0 / p);
        Law::Atoms(Atoms::new(&name, &[(0.999 / p, p), (1e-3, 1.0 - p)], 0.1, 1))
    }

    /// One step of a descent with rare steps: 999 with probability 1/1000, else 1/1000.
    pub(crate) fn one_step() -> Law {
        Law::two("999 with probability 0.001, else 0.001", 1e-3, 499.5, 5e-4)
    }

    /// Two steps that multiply by 18.1 with probability 1/20, else by 0.1.
    pub(crate) fn two_steps() -> Law {
        let name = "a product of two factors, 18.1 with probability 0.05, else 0.1";
        Law::Atoms(Atoms::new(name, &[(18.1, 0.05), (0.1, 0.95)], 0.0, 2))
    }

    fn two(name: &str, p: f64, large: f64, small: f64) -> Law {
        Law::Atoms(Atoms::new(name, &[(large, p), (small, 1.0 - p)], 0.0, 1))
    }

    /// Laws whose trials have a bound, from light to rare.
    pub(crate) fn bounded() -> Vec<Law> {
        let rare = [1e-2, 1e-3, 1e-4].map(Law::rare);
        let mut laws = vec![Law::coin(), Law::two_steps(), Law::one_step()];
        laws.extend(rare);
        laws.push(Law::rare_and_smeared(1e-3));
        laws
    }

    /// Laws without a bound, from light to heavy tails; all have a mean.
    pub(crate) fn unbounded() -> Vec<Law> {
        let mut laws = vec![Law::Exponential, Law::Square];
        laws.extend([1.0, 2.0, 4.0, 8.0, 10.0].map(Law::LogNormal));
        laws.extend([1.1, 1.5, 2.0, 2.5, 3.0].map(Law::Pareto));
        laws.extend(Law::networks());
        laws
    }

    /// Narrow deep networks.
    pub(crate) fn networks() -> Vec<Law> {
        [(4, 50), (4, 100), (8, 100), (16, 200)].map(|(n, l)| Law::Network(n, l)).into()
    }

    /// The largest trial, where there is one.
    pub(crate) fn most(&self) -> f64 {
        match self {
            Law::Atoms(atoms) => atoms.most(),
            _ => f64::INFINITY,
        }
    }

    /// E Z² of the laws without a bound that have one of a size worth telling.
    pub(crate) fn square(&self) -> Option<f64> {
        match self {
            Law::Exponential => Some(2.0),
            Law::Square => Some(3.0),
            Law::LogNormal(sd) if *sd <= 1.0 => Some(exp(sd * sd)),
            _ => None,
        }
    }

    /// A draw.
    pub(crate) fn draw(&self, random: &mut Generator) -> f64 {
        let normal = |random: &mut _| -> f64 { StandardNormal.sample(random) };
        match self {
            Law::Exponential => Exp1.sample(random),
            Law::Square => normal(random).powi(2),
            Law::LogNormal(sd) => exp(sd * normal(random) - sd * sd / 2.0),
            Law::Pareto(a) => {
                let e: f64 = Exp1.sample(random);
                (a - 1.0) / a * exp(e / a)
            }
            Law::Atoms(atoms) => atoms.draw(random),
            Law::Network(width, depth) => {
                let factors = factors_of(*width);
                let parts = depth / LAYERS;
                (0..parts).map(|_| factors[random.next_u32() as usize % factors.len()]).product()
            }
            Law::PowersOfTwo => {
                let uniform: f64 = 1.0 - random.random::<f64>();
                powf(2.0, 1.0 - log2(uniform).ceil())
            }
            Law::Lost(p) => {
                if random.random::<f64>() < *p {
                    f64::NAN
                } else {
                    0.5
                }
            }
        }
    }

    /// Its name.
    pub(crate) fn name(&self) -> String {
        match self {
            Law::Exponential => "exponential".into(),
            Law::Square => "chi-square".into(),
            Law::LogNormal(sd) => format!("log-normal, sd {sd}"),
            Law::Pareto(a) => format!("Pareto, index {a}"),
            Law::Atoms(atoms) => atoms.name.clone(),
            Law::Network(width, depth) => format!("network of width {width} and depth {depth}"),
            Law::PowersOfTwo => "2^k with probability 2^−k".into(),
            Law::Lost(p) => format!("no number with probability {p}, else 1/2"),
        }
    }
}

/// How many draws stand for the law of a factor ...
const FACTORS: usize = 1 << 14;
/// ... of so many layers.
const LAYERS: u32 = 10;
type Pool = LazyLock<Arc<[f64]>>;

/// The factors of ten layers: as many draws of the law, scaled so that their mean is 1. The product of draws from them is
/// what is simulated, and its mean is 1 exactly.
fn factors_of(width: u32) -> &'static [f64] {
    static POOLS: [Pool; 3] =
        [LazyLock::new(|| factors(4)), LazyLock::new(|| factors(8)), LazyLock::new(|| factors(16))];
    match width {
        4 => &POOLS[0],
        8 => &POOLS[1],
        _ => &POOLS[2],
    }
}

fn factors(width: u32) -> Arc<[f64]> {
    let random = &mut Generator::seed_from_u64(Stream::new(u64::from(width)).trial(0).next_u64());
    let Ok(active) = Binomial::new(u64::from(width), 0.5) else { return [1.0].into() };
    let layer = |random: &mut Generator| {
        let k = active.sample(random) as f64;
        let square = ChiSquared::new(k).map_or(0.0, |law| law.sample(random));
        2.0 * square / f64::from(width)
    };
    let draws: Vec<f64> =
        (0..FACTORS).map(|_| (0..LAYERS).map(|_| layer(random)).product()).collect();
    let mean = draws.iter().sum::<f64>() / draws.len() as f64;
    draws.into_iter().map(|factor| factor / mean).collect()
}

/// Trials of a law times a factor, so that its mean is the factor.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Scaled {
    pub(crate) law: Law,
    pub(crate) mean: f64,
}

impl Scaled {
    pub(crate) fn draw(&self, random: &mut Generator) -> f64 {
        self.mean * self.law.draw(random)
    }
}

impl Instance for Scaled {
    fn description(&self) -> String {
        format!("{} (scaled to mean {})", self.law.name(), self.mean)
    }
}

/// One instance for each law, with this mean.
pub(crate) fn laws(
    name: &str,
    laws: impl IntoIterator<Item = Law, IntoIter: Clone + Send + Sync + 'static>,
    mean: f64,
) -> Family<Scaled> {
    let all: Vec<Law> = laws.into_iter().collect();
    Family::listed(name, all, move |law| Scaled { law: law.clone(), mean })
}
