//! Checks as trials: a claim of known truth, checked with a seed of its own.

use rand::Rng;
use rand_distr::{Distribution, Exp1, StandardNormal};
use theoria_verification::evidence::InstanceEvidence;
use theoria_verification::{
    Block, Budget, Family, Generator, Instance, Sample, Settings, Theorem, TrialClaim, Verdict,
};

/// A law with mean 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Law {
    Exponential,
    /// The square of a standard normal variable: chi-square with one degree of freedom.
    Square,
    /// exp(s Z - s²/2) for a standard normal Z.
    LogNormal(f64),
    /// 0 or 2, each with probability 1/2.
    Coin,
    /// P(Z > z) ~ z^(−a): no variance for a ≤ 2.
    Pareto(f64),
}

impl Law {
    /// Those with a variance, from light to heavy tails.
    pub(crate) const ALL: [Law; 5] =
        [Law::Coin, Law::Exponential, Law::Square, Law::LogNormal(1.0), Law::LogNormal(2.0)];

    /// A draw.
    pub(crate) fn draw(self, random: &mut impl Rng) -> f64 {
        let normal = |random: &mut _| -> f64 { StandardNormal.sample(random) };
        match self {
            Law::Exponential => Exp1.sample(random),
            Law::Square => normal(random).powi(2),
            Law::LogNormal(sd) => (sd * normal(random) - sd * sd / 2.0).exp(),
            Law::Coin => 2.0 * f64::from(u8::from(random.next_u32() >> 31 == 0)),
            Law::Pareto(a) => {
                let e: f64 = Exp1.sample(random);
                (a - 1.0) / a * (e / a).exp()
            }
        }
    }

    /// Its name.
    pub(crate) fn name(self) -> String {
        match self {
            Law::Exponential => "exponential".into(),
            Law::Square => "chi-square".into(),
            Law::LogNormal(sd) => format!("log-normal, sd {sd}"),
            Law::Coin => "0 or 2".into(),
            Law::Pareto(a) => format!("Pareto, index {a}"),
        }
    }
}

/// Trials of a law times a factor, so that its mean is the factor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Scaled {
    pub(crate) law: Law,
    pub(crate) mean: f64,
}

impl Instance for Scaled {
    fn description(&self) -> String {
        format!("{} law with mean {}", self.law.name(), self.mean)
    }
}

/// One instance for each law, with this mean.
pub(crate) fn laws(name: &str, laws: impl IntoIterator<Item = Law>, mean: f64) -> Family<Scaled> {
    Family::listed(name, laws, move |&law| Scaled { law, mean })
}

/// Trials of one number.
pub(crate) fn numbers(scaled: Scaled, block: &mut Block) -> Sample {
    block.each_value(1.0, |random| scaled.mean * scaled.law.draw(random))
}

/// Checks `claim` on one instance with a fresh seed; each verdict may be wrong with probability `alpha`.
pub(crate) fn examined<I: Instance + 'static>(
    claim: TrialClaim<I>,
    alpha: f64,
    random: &mut impl Rng,
) -> InstanceEvidence {
    let settings = Settings {
        budget: Budget::each(alpha),
        ..Settings::default().with_seed(random.next_u64())
    };
    let evidence = Theorem::new("trust/simulated", "# Simulated").claim(claim).check(&settings);
    let mut instances = evidence.claims.into_iter().flat_map(|claim| claim.instances);
    let Some(instance) = instances.next() else {
        panic!("the simulated claim has an instance");
    };
    instance
}

/// The verdict of [`examined`].
pub(crate) fn verdict<I: Instance + 'static>(
    claim: TrialClaim<I>,
    alpha: f64,
    random: &mut impl Rng,
) -> Verdict {
    examined(claim, alpha, random).finding.map_or(Verdict::Inconclusive, |finding| finding.verdict)
}

/// A block of simulated checks: 1 where the check came out as `counted`.
pub(crate) fn share_of(
    counted: Verdict,
    block: &mut Block,
    mut check: impl FnMut(&mut Generator) -> Verdict,
) -> Sample {
    block.each_event(1.0, |random| check(random) == counted)
}
