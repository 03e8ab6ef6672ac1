//! Many trials as one block.

use crate::Vector;

/// Trials that are gathered at a time: so many numbers of a coordinate lie in one line of the cache.
const TOGETHER: usize = 8;

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
        let mut points = self.places();
        for first in (0..self.trials).step_by(TOGETHER) {
            self.gather(first, &mut points);
            points.iter_mut().take(self.trials - first).for_each(&mut change);
            self.scatter(first, &points);
        }
    }

    /// Shows each trial with its number.
    ///
    /// ```
    /// use theoria_models::{Ensemble, Vector};
    /// let block = Ensemble::from_trials(&[Vector::from_vec(vec![1.0, 2.0]), Vector::from_vec(vec![3.0, 4.0])]);
    /// block.visit(|trial, point| assert_eq!(*point, block.trial(trial)));
    /// ```
    pub fn visit(&self, mut show: impl FnMut(usize, &Vector)) {
        let mut points = self.places();
        for first in (0..self.trials).step_by(TOGETHER) {
            self.gather(first, &mut points);
            for (trial, point) in (first..self.trials).zip(&points) {
                show(trial, point);
            }
        }
    }

    /// Writes to each trial of `into`, an ensemble of the same sizes, what `write` makes of that trial of this one.
    pub fn map_into(&self, into: &mut Ensemble, mut write: impl FnMut(&Vector, &mut Vector)) {
        let (mut points, mut images) = (self.places(), into.places());
        for first in (0..self.trials).step_by(TOGETHER) {
            self.gather(first, &mut points);
            for (point, image) in points.iter().zip(&mut images).take(self.trials - first) {
                write(point, image);
            }
            into.scatter(first, &images);
        }
    }

    /// Places for the trials that are gathered at a time.
    fn places(&self) -> Vec<Vector> {
        vec![Vector::zeros(self.dimension()); TOGETHER.min(self.trials)]
    }

    /// Copies the trials from `first` on, as many as there are places.
    fn gather(&self, first: usize, points: &mut [Vector]) {
        for coordinate in 0..self.dimension() {
            let numbers = &self.coordinate(coordinate)[first..];
            for (point, number) in points.iter_mut().zip(numbers) {
                point[coordinate] = *number;
            }
        }
    }

    /// Replaces the trials from `first` on.
    fn scatter(&mut self, first: usize, points: &[Vector]) {
        for coordinate in 0..self.dimension() {
            let numbers = &mut self.coordinate_mut(coordinate)[first..];
            for (number, point) in numbers.iter_mut().zip(points) {
                *number = point[coordinate];
            }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trials_are_gathered_and_scattered_in_their_order() {
        for trials in [0, 1, 7, 8, 9, 24, 29] {
            let point = |trial: usize| Vector::from_fn(3, |k, _| (10 * trial + k) as f64);
            let block = Ensemble::from_trials(&(0..trials).map(point).collect::<Vec<_>>());
            let mut seen = Vec::new();
            block.visit(|trial, shown| {
                assert_eq!(*shown, point(trial));
                seen.push(trial);
            });
            assert_eq!(seen, (0..trials).collect::<Vec<_>>());
            let (mut image, mut changed) = (block.clone(), block.clone());
            block.map_into(&mut image, |point, image| image.copy_from(&(point * 2.0)));
            changed.for_each_trial(|point| *point *= 2.0);
            assert_eq!(image, changed);
            assert!((0..trials).all(|trial| image.trial(trial) == point(trial) * 2.0));
        }
    }
}
