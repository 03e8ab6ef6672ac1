//! Many trials as one block.

use crate::Vector;

/// T points of R^d, moved together. The T values of one coordinate lie side by side in memory, so
/// that a loop over trials vectorises whatever the dimension.
///
/// ```
/// use theoria_models::{Ensemble, Vector};
/// let block = Ensemble::repeat(&Vector::from_vec(vec![1.0, 2.0]), 3);
/// assert_eq!((block.dimension(), block.trials()), (2, 3));
/// assert_eq!(block.coordinate(1), [2.0, 2.0, 2.0]);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Ensemble {
    trials: usize,
    numbers: Vec<f64>,
}

impl Ensemble {
    /// `trials` copies of one point.
    pub fn repeat(point: &Vector, trials: usize) -> Self {
        Ensemble {
            trials,
            numbers: point.iter().flat_map(|&number| std::iter::repeat_n(number, trials)).collect(),
        }
    }

    /// One trial for each of these points, which must have one dimension.
    pub fn from_trials(points: &[Vector]) -> Self {
        let dimension = points.first().map_or(0, Vector::len);
        Ensemble {
            trials: points.len(),
            numbers: (0..dimension)
                .flat_map(|coordinate| points.iter().map(move |point| point[coordinate]))
                .collect(),
        }
    }

    /// Number of coordinates.
    pub fn dimension(&self) -> usize {
        self.numbers.len() / self.trials.max(1)
    }

    /// Number of trials.
    pub fn trials(&self) -> usize {
        self.trials
    }

    /// One coordinate of all trials.
    pub fn coordinate(&self, coordinate: usize) -> &[f64] {
        &self.numbers[coordinate * self.trials..][..self.trials]
    }

    /// One coordinate of all trials, to be changed.
    pub fn coordinate_mut(&mut self, coordinate: usize) -> &mut [f64] {
        &mut self.numbers[coordinate * self.trials..][..self.trials]
    }

    /// A copy of one trial.
    pub fn trial(&self, trial: usize) -> Vector {
        Vector::from_fn(self.dimension(), |coordinate, _| self.coordinate(coordinate)[trial])
    }

    /// Replaces one trial by a point of the same dimension.
    pub fn set_trial(&mut self, trial: usize, point: &Vector) {
        for (coordinate, &number) in point.iter().enumerate() {
            self.coordinate_mut(coordinate)[trial] = number;
        }
    }

    /// Changes each trial on its own.
    pub fn for_each_trial(&mut self, mut change: impl FnMut(&mut Vector)) {
        for trial in 0..self.trials {
            let mut point = self.trial(trial);
            change(&mut point);
            self.set_trial(trial, &point);
        }
    }

    /// All numbers, coordinate by coordinate.
    pub fn numbers(&self) -> &[f64] {
        &self.numbers
    }

    /// All numbers, coordinate by coordinate, to be changed.
    pub fn numbers_mut(&mut self) -> &mut [f64] {
        &mut self.numbers
    }
}
