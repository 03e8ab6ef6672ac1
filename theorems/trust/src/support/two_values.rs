//! Error probabilities of betting, computed and not simulated: of trials with two values only their numbers matter.

use theoria_elementary::ln;
use theoria_verification::Instance;
use theoria_verification::statistics::{LAMBDAS, Opponent, mixture};

/// Blocks of a simulated experiment, after each of which bets are looked at.
const BLOCKS: usize = 16;

/// Trials that are `large` with probability `p`, else `small`, and what is bet against.
#[derive(Debug, Clone)]
pub(crate) struct TwoValues {
    pub(crate) name: &'static str,
    pub(crate) large: f64,
    pub(crate) small: f64,
    pub(crate) p: f64,
    pub(crate) opponent: Opponent,
    /// Trials in a block.
    pub(crate) block: usize,
}

impl Instance for TwoValues {
    fn description(&self) -> String {
        format!(
            "{} with probability {}, else {}; {}, {} trials",
            self.large,
            self.p,
            self.small,
            self.name,
            BLOCKS * self.block
        )
    }
}

impl TwoValues {
    /// Trials whose mean is 1, with a bet against a mean of 1, so that the opponent is right by a hair.
    pub(crate) fn fair(p: f64, small: f64, against: Against, block: usize) -> Self {
        let large = (1.0 - (1.0 - p) * small) / p;
        let (name, opponent) = match against {
            Against::Less => ("a bet against E Z ≤ 1", Opponent::AtMost { edge: 1.0, least: 0.0 }),
            Against::More => {
                ("a bet against E Z ≥ 1", Opponent::AtLeast { edge: 1.0, most: large })
            }
            Against::MoreBySquare => {
                let square = p * large * large + (1.0 - p) * small * small;
                let opponent = Opponent::AtLeastBySquare { edge: 1.0, least: 0.0, square };
                ("a bet against E Z ≥ 1 by its square", opponent)
            }
        };
        TwoValues { name, large, small, p, opponent, block }
    }

    /// The probability that the mean of the gamblers' wealth is ever at least 1/α at the end of a block.
    pub(crate) fn ever_exceeds(&self, alpha: f64) -> f64 {
        let gains = |value: f64| {
            let mut wealth = [0.0; LAMBDAS.len()];
            self.opponent.bet(&[value], &mut wealth);
            wealth
        };
        let (large, small) = (gains(self.large), gains(self.small));
        let step = binomial(self.block, self.p);
        // Probability that so many were large so far, and that it has not been exceeded yet.
        let (mut alive, mut exceeded) = (vec![1.0], 0.0);
        for block in 1..=BLOCKS {
            let mut next = vec![0.0; block * self.block + 1];
            for (before, probability) in alive.iter().enumerate() {
                for (more, share) in step.iter().enumerate() {
                    next[before + more] += probability * share;
                }
            }
            for (count, probability) in next.iter_mut().enumerate() {
                let others = block * self.block - count;
                let wealth: [f64; LAMBDAS.len()] =
                    std::array::from_fn(|k| count as f64 * large[k] + others as f64 * small[k]);
                if mixture(&wealth) >= ln(1.0 / alpha) {
                    exceeded += *probability;
                    *probability = 0.0;
                }
            }
            alive = next;
        }
        exceeded
    }
}

/// What is bet against.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Against {
    Less,
    More,
    MoreBySquare,
}

/// Probabilities of 0, 1, ... of n.
fn binomial(n: usize, p: f64) -> Vec<f64> {
    let mut all = vec![1.0];
    for _ in 0..n {
        let mut next = vec![0.0; all.len() + 1];
        for (k, share) in all.iter().enumerate() {
            next[k] += (1.0 - p) * share;
            next[k + 1] += p * share;
        }
        all = next;
    }
    all
}
