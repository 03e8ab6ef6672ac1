//! Test errors after four times as many steps, trial by trial.

use theoria_verification::{Block, Claim, Generator, Instance, TrialClaim};

/// Training on fresh data, of any length.
pub(crate) trait Training: Instance {
    /// The numbers of steps of which four times as many are looked at as well; each the fourfold of the one before.
    fn lengths(&self) -> &[usize];

    /// The test errors, from 0 to 1, of one run after these numbers of steps.
    fn test_errors(&self, steps: &[usize], random: &mut Generator) -> Vec<f64>;

    /// The lengths with the fourfold of the last.
    fn all_lengths(&self) -> Vec<usize> {
        let lengths = self.lengths();
        lengths.iter().copied().chain(lengths.last().map(|last| 4 * last)).collect()
    }

    /// E test error after each of all lengths, from a block of trials.
    fn mean_test_errors(&self, steps: &[usize], block: &mut Block) -> Vec<(f64, f64)> {
        let positions: Vec<f64> = steps.iter().map(|t| *t as f64).collect();
        let sample = block.each(&positions, |random| self.test_errors(steps, random));
        let means = sample.rows().iter().map(|row| row.iter().sum::<f64>() / row.len() as f64);
        positions.iter().copied().zip(means).collect()
    }
}

/// Which of two lengths of training has the smaller test error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Better {
    /// Four times as many steps.
    Longer,
    /// The smaller number of steps.
    Shorter,
}

/// By how much the mean test error falls from t to 4t steps, or rises, for each of the lengths t.
pub(crate) fn quadrupled<I: Training + 'static>(
    name: &str,
    formula: &str,
    better: Better,
    least: f64,
) -> TrialClaim<I> {
    let sign = if better == Better::Longer { 1.0 } else { -1.0 };
    Claim::expected_lower_bound(name, formula)
        .sampling(move |at: &I, block| {
            let (all, positions) = (at.all_lengths(), at.lengths().iter().map(|t| *t as f64));
            block.each(&positions.collect::<Vec<_>>(), |random| {
                let errors = at.test_errors(&all, random);
                errors.windows(2).map(|pair| sign * (pair[0] - pair[1])).collect()
            })
        })
        .ranging(|_, _| (-1.0, 1.0))
        .predicting(move |_, _| least)
}
