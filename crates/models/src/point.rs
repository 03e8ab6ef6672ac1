//! What a method moves.
//!
//! First-order methods need little of a point: linear combinations ([`Point`]). Some need more,
//! and say so: numbers for each trial ([`PerTrial`]), or each coordinate ([`Coordinatewise`]).

use crate::{Ensemble, Vector};

/// A point whose linear combinations can be formed: a vector, an ensemble of trials, a vector of
/// higher precision, a symbolic point. Step sizes are plain numbers shared by all trials.
pub trait Point: Clone {
    /// `self += a * other`.
    fn axpy(&mut self, a: f64, other: &Self);

    /// `self *= a`.
    fn scale(&mut self, a: f64);
}

/// A point that consists of one or more trials, each with norms and a scale of its own. All lists
/// of numbers have the length [`trials`](PerTrial::trials).
pub trait PerTrial: Point {
    /// Number of trials, 1 for a vector.
    fn trials(&self) -> usize;

    /// Inner product with `other` for each trial.
    fn inner(&self, other: &Self, into: &mut [f64]);

    /// `self += a[t] * other` for each trial t.
    fn axpy_each(&mut self, a: &[f64], other: &Self);

    /// The largest absolute coordinate over all trials; NaN if any coordinate is NaN.
    fn magnitude(&self) -> f64;
}

/// A point with coordinates.
pub trait Coordinatewise: Point {
    /// Sets each coordinate to `change(own, other's)`.
    fn zip_apply(&mut self, other: &Self, change: impl Fn(f64, f64) -> f64);
}

impl Point for Vector {
    fn axpy(&mut self, a: f64, other: &Self) {
        nalgebra::Vector::axpy(self, a, other, 1.0);
    }

    fn scale(&mut self, a: f64) {
        self.scale_mut(a);
    }
}

impl PerTrial for Vector {
    fn trials(&self) -> usize {
        1
    }

    fn inner(&self, other: &Self, into: &mut [f64]) {
        into[0] = self.dot(other);
    }

    fn axpy_each(&mut self, a: &[f64], other: &Self) {
        Point::axpy(self, a[0], other);
    }

    fn magnitude(&self) -> f64 {
        magnitude(self.as_slice())
    }
}

impl Coordinatewise for Vector {
    fn zip_apply(&mut self, other: &Self, change: impl Fn(f64, f64) -> f64) {
        nalgebra::Matrix::zip_apply(self, other, |own, its| *own = change(*own, its));
    }
}

impl Point for Ensemble {
    fn axpy(&mut self, a: f64, other: &Self) {
        for (own, its) in self.numbers_mut().iter_mut().zip(other.numbers()) {
            *own += a * its;
        }
    }

    fn scale(&mut self, a: f64) {
        for own in self.numbers_mut() {
            *own *= a;
        }
    }
}

impl PerTrial for Ensemble {
    fn trials(&self) -> usize {
        Ensemble::trials(self)
    }

    fn inner(&self, other: &Self, into: &mut [f64]) {
        into.fill(0.0);
        for coordinate in 0..self.dimension() {
            let pairs = self.coordinate(coordinate).iter().zip(other.coordinate(coordinate));
            for (sum, (own, its)) in into.iter_mut().zip(pairs) {
                *sum += own * its;
            }
        }
    }

    fn axpy_each(&mut self, a: &[f64], other: &Self) {
        for coordinate in 0..self.dimension() {
            let pairs = a.iter().zip(other.coordinate(coordinate));
            for (own, (a, its)) in self.coordinate_mut(coordinate).iter_mut().zip(pairs) {
                *own += a * its;
            }
        }
    }

    fn magnitude(&self) -> f64 {
        magnitude(self.numbers())
    }
}

impl Coordinatewise for Ensemble {
    fn zip_apply(&mut self, other: &Self, change: impl Fn(f64, f64) -> f64) {
        for (own, its) in self.numbers_mut().iter_mut().zip(other.numbers()) {
            *own = change(*own, *its);
        }
    }
}

/// `f64::max` would drop a NaN, which is the one thing that must be seen.
fn magnitude(numbers: &[f64]) -> f64 {
    let mut largest = 0.0;
    for number in numbers {
        let size = number.abs();
        if size > largest || size.is_nan() {
            largest = size;
        }
        if largest.is_nan() {
            return largest;
        }
    }
    largest
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn columns(dimension: usize, trials: usize) -> impl Strategy<Value = Vec<Vector>> {
        let vector = prop::collection::vec(-10.0..10.0f64, dimension).prop_map(Vector::from_vec);
        prop::collection::vec(vector, trials)
    }

    proptest! {
        #[test]
        fn an_ensemble_is_its_trials_side_by_side(
            own in columns(3, 4), other in columns(3, 4), a in -2.0..2.0f64,
            each in prop::collection::vec(-2.0..2.0f64, 4),
        ) {
            let mut block = Ensemble::from_trials(&own);
            let others = Ensemble::from_trials(&other);
            let mut inner = [0.0; 4];
            block.inner(&others, &mut inner);
            block.axpy(a, &others);
            block.axpy_each(&each, &others);
            block.zip_apply(&others, f64::max);
            for t in 0..4 {
                let mut alone = own[t].clone();
                let mut number = [0.0];
                alone.inner(&other[t], &mut number);
                prop_assert!((number[0] - inner[t]).abs() <= 1e-12);
                Point::axpy(&mut alone, a, &other[t]);
                alone.axpy_each(&each[t..=t], &other[t]);
                Coordinatewise::zip_apply(&mut alone, &other[t], f64::max);
                prop_assert!((block.trial(t) - alone).amax() <= 1e-12);
            }
        }
    }

    #[test]
    fn magnitude_sees_nan_wherever_it_stands() {
        for position in 0..3 {
            let mut x = Vector::from_vec(vec![1.0, f64::INFINITY, 2.0]);
            x[position] = f64::NAN;
            assert!(x.magnitude().is_nan());
        }
    }
}
