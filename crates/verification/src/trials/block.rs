//! What a stochastic experiment is given, and what it returns.

use rand::Rng;

use crate::{Abscissa, Draw, Generator, Stream};

/// A block of trials to be run: how many, and their common random stream.
///
/// ```
/// use theoria_verification::{Block, Stream};
/// use rand::RngExt;
///
/// let mut block = Block::new(100, Stream::new(1).trial(0));
/// let sample = block.each(&[1.0, 2.0], |random| {
///     let uniform: f64 = random.random();
///     vec![uniform, uniform * uniform]
/// });
/// assert_eq!(sample.rows().len(), 2);
/// assert_eq!(sample.rows()[0].len(), 100);
/// ```
#[derive(Debug)]
pub struct Block {
    trials: usize,
    generator: Generator,
}

impl Block {
    /// A block of this many trials with this generator.
    pub fn new(trials: usize, generator: Generator) -> Self {
        Block { trials, generator }
    }

    /// A block of trials outside of a claim, for a picture: its stream is keyed by what `draw` gives.
    pub fn drawn(trials: usize, draw: &mut Draw) -> Self {
        Block::new(trials, Stream::new(draw.generator().next_u64()).trial(0))
    }

    /// Number of trials to be run.
    pub fn trials(&self) -> usize {
        self.trials
    }

    /// The random stream of the block.
    pub fn generator(&mut self) -> &mut Generator {
        &mut self.generator
    }

    /// Runs the trials one after the other: `trial` returns one value for each of `checkpoints`.
    ///
    /// # Panics
    /// If a trial does not return one value for each checkpoint.
    pub fn each(
        &mut self,
        checkpoints: &[f64],
        mut trial: impl FnMut(&mut Generator) -> Vec<f64>,
    ) -> Sample {
        let mut rows = vec![Vec::with_capacity(self.trials); checkpoints.len()];
        for _ in 0..self.trials {
            let values = trial(&mut self.generator);
            assert_eq!(values.len(), rows.len(), "one value for each checkpoint");
            for (row, value) in rows.iter_mut().zip(values) {
                row.push(value);
            }
        }
        Sample::new(checkpoints.iter().copied(), rows)
    }

    /// Runs the trials one after the other, each of which returns one value, at this checkpoint.
    pub fn each_value(
        &mut self,
        checkpoint: impl Abscissa,
        mut trial: impl FnMut(&mut Generator) -> f64,
    ) -> Sample {
        Sample::at(checkpoint, (0..self.trials).map(|_| trial(&mut self.generator)))
    }

    /// Runs the trials one after the other, each of which says whether something happened, at this
    /// checkpoint: 1 where it did, 0 where not.
    pub fn each_event(
        &mut self,
        checkpoint: impl Abscissa,
        mut trial: impl FnMut(&mut Generator) -> bool,
    ) -> Sample {
        self.each_value(checkpoint, |random| indicator(trial(random)))
    }

    /// Runs fresh trials at each of `xs`: all at the first, one after the other, then all at the next.
    pub fn each_over<X: Copy + Abscissa>(
        &mut self,
        xs: impl IntoIterator<Item = X>,
        mut trial: impl FnMut(&mut Generator, X) -> f64,
    ) -> Sample {
        let row = |x: X| (x, (0..self.trials).map(|_| trial(&mut self.generator, x)).collect());
        let (checkpoints, rows): (Vec<X>, Vec<Vec<f64>>) = xs.into_iter().map(row).unzip();
        Sample::new(checkpoints, rows)
    }

    /// What each trial measured at each of `xs`, where the trials have been run together: `measured(trial, x)`.
    pub fn read<X: Copy + Abscissa>(
        &self,
        xs: impl IntoIterator<Item = X>,
        measured: impl Fn(usize, X) -> f64,
    ) -> Sample {
        let row = |x: X| (x, (0..self.trials).map(|trial| measured(trial, x)).collect());
        let (checkpoints, rows): (Vec<X>, Vec<Vec<f64>>) = xs.into_iter().map(row).unzip();
        Sample::new(checkpoints, rows)
    }
}

/// 1 where it happened, else 0.
fn indicator(happened: bool) -> f64 {
    f64::from(u8::from(happened))
}

/// What the trials of a block measured: for each checkpoint (a step, a step size, a dimension) one value
/// a trial. A trial that has diverged is infinite or NaN from there on; it is counted, never
/// dropped.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    checkpoints: Vec<f64>,
    rows: Vec<Vec<f64>>,
}

impl Sample {
    /// With one row a checkpoint.
    ///
    /// # Panics
    /// If there are not as many rows as checkpoints, or rows differ in length.
    pub fn new<X: Abscissa>(
        checkpoints: impl IntoIterator<Item = X>,
        rows: impl IntoIterator<Item = Vec<f64>>,
    ) -> Self {
        let checkpoints: Vec<f64> = checkpoints.into_iter().map(Abscissa::position).collect();
        let rows: Vec<Vec<f64>> = rows.into_iter().collect();
        assert_eq!(checkpoints.len(), rows.len(), "one row for each checkpoint");
        assert!(
            rows.windows(2).all(|pair| pair[0].len() == pair[1].len()),
            "one value for each trial in every row"
        );
        Sample { checkpoints, rows }
    }

    /// With a single checkpoint.
    pub fn at(checkpoint: impl Abscissa, values: impl IntoIterator<Item = f64>) -> Self {
        Sample::new([checkpoint], [values.into_iter().collect()])
    }

    /// The checkpoints.
    pub fn checkpoints(&self) -> &[f64] {
        &self.checkpoints
    }

    /// One row a checkpoint, one value a trial.
    pub fn rows(&self) -> &[Vec<f64>] {
        &self.rows
    }

    /// Each value replaced by that of `change(checkpoint, value)`.
    #[must_use]
    pub fn mapped(&self, change: impl Fn(f64, f64) -> f64) -> Self {
        let rows = self.checkpoints.iter().zip(&self.rows);
        let rows = rows.map(|(x, row)| row.iter().map(|value| change(*x, *value)).collect());
        Sample { checkpoints: self.checkpoints.clone(), rows: rows.collect() }
    }

    /// 1 where `happened(checkpoint, value)`, 0 where not: for claims on probabilities. Of a value that is no number
    /// nothing has happened, nor not: it stays what it is.
    ///
    /// ```
    /// use theoria_verification::Sample;
    /// let below = Sample::at(3, [0.2, 0.7, f64::INFINITY]).events(|_, value| value < 0.5);
    /// assert_eq!(below.rows()[0], [1.0, 0.0, 0.0]);
    /// ```
    #[must_use]
    pub fn events(&self, happened: impl Fn(f64, f64) -> bool) -> Self {
        self.mapped(|x, value| if value.is_nan() { value } else { indicator(happened(x, value)) })
    }

    /// 1 where the value is at most `bound(checkpoint)`, 0 where not, and no number where it is none.
    #[must_use]
    pub fn at_most(&self, bound: impl Fn(f64) -> f64) -> Self {
        let rows = self.checkpoints.iter().zip(&self.rows).map(|(&x, row)| {
            let bound = bound(x);
            let event =
                |value: &f64| if value.is_nan() { *value } else { indicator(*value <= bound) };
            row.iter().map(event).collect()
        });
        Sample { checkpoints: self.checkpoints.clone(), rows: rows.collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::RngExt;

    fn block() -> Block {
        Block::new(50, Stream::new(3).trial(0))
    }

    #[test]
    fn the_ways_to_run_trials_agree() {
        let draw = |random: &mut Generator| random.random::<f64>();
        let each = block().each(&[2.0], |random| vec![draw(random)]);
        let values = block().each_value(2, draw);
        assert_eq!(each, values);
        assert_eq!(block().each_over([2], |random, _| draw(random)), values);
        let row = &values.rows()[0];
        assert_eq!(block().read([2], |trial, _| row[trial]), values);
        let events = block().each_event(2, |random| draw(random) <= 0.4);
        assert_eq!(events, values.events(|_, value| value <= 0.4));
        assert_eq!(events, values.at_most(|x| 0.2 * x));
    }

    #[test]
    fn fresh_trials_are_run_at_each_abscissa() {
        let sample = block().each_over([1, 10], |random, x| f64::from(x) + random.random::<f64>());
        assert_eq!(sample.checkpoints(), [1.0, 10.0]);
        assert_ne!(sample.mapped(|x, value| value - x).rows()[0], sample.rows()[1]);
        assert!(sample.rows()[1].iter().all(|value| (10.0..11.0).contains(value)));
    }
}
