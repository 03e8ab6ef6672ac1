//! Checks as trials: a claim of known truth, checked with a seed of its own.

use rand::Rng;
use theoria_verification::evidence::InstanceEvidence;
use theoria_verification::{
    Block, Budget, Claim, Family, Generator, Hypothesis, Instance, Sample, Settings, Side, Theorem,
    TrialClaim, Verdict,
};

use super::law::Scaled;

/// The hypothesis of all theorems of this chapter.
pub(crate) fn independent<I>() -> Hypothesis<I> {
    Hypothesis::by_construction(
        "independent trials",
        "every trial of a simulated check is drawn anew from one law",
    )
}

/// Trials of one number.
pub(crate) fn numbers(scaled: &Scaled, block: &mut Block) -> Sample {
    block.each_value(1.0, |random| scaled.draw(random))
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

/// That simulated checks come out as `counted` at most (or at least) as often as predicted.
pub(crate) fn how_often<I: Instance + Clone + 'static>(
    name: &str,
    formula: &str,
    side: Side,
    counted: Verdict,
    alpha: f64,
    check: impl Fn(&I) -> TrialClaim<I> + Send + Sync + 'static,
) -> TrialClaim<I> {
    Claim::probability(name, formula, side).assuming([independent()]).sampling(
        move |truth: &I, block| {
            share_of(counted, block, |random| verdict(check(truth), alpha, random))
        },
    )
}

/// A claim on trials of this law.
pub(crate) fn on_trials_of(claim: TrialClaim<Scaled>, scaled: &Scaled) -> TrialClaim<Scaled> {
    let scaled = scaled.clone();
    claim.on(Family::single("simulated", move || scaled.clone())).sampling(numbers)
}
