//! What a stochastic experiment is given, and what it returns.

use rand::Rng;

use crate::{Draw, Generator, Stream};

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
        Sample::new(checkpoints.to_vec(), rows)
    }
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
    pub fn new(checkpoints: Vec<f64>, rows: Vec<Vec<f64>>) -> Self {
        assert_eq!(checkpoints.len(), rows.len(), "one row for each checkpoint");
        assert!(
            rows.windows(2).all(|pair| pair[0].len() == pair[1].len()),
            "one value for each trial in every row"
        );
        Sample { checkpoints, rows }
    }

    /// With a single checkpoint.
    pub fn at(checkpoint: f64, values: Vec<f64>) -> Self {
        Sample::new(vec![checkpoint], vec![values])
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
    pub(crate) fn mapped(&self, change: impl Fn(f64, f64) -> f64) -> Self {
        let rows = self.checkpoints.iter().zip(&self.rows);
        let rows = rows.map(|(x, row)| row.iter().map(|value| change(*x, *value)).collect());
        Sample { checkpoints: self.checkpoints.clone(), rows: rows.collect() }
    }
}
