//! What a method moves.
//!
//! First-order methods need little of a point: linear combinations ([`Point`]). Some need more,
//! and say so: numbers for each trial ([`PerTrial`]), or each coordinate ([`Coordinatewise`]). A point
//! need not have coordinates: it may be a symbol, a linear combination of gradients that are only named,
//! whose inner products ([`InnerProduct`]) are no numbers.

use crate::{Ensemble, Vector};

pub use crate::scalar::{Scalar, SquareRoot};

/// A coordinate beyond this has diverged: squares of it overflow, and nothing comes back.
pub const DIVERGENCE_THRESHOLD: f64 = 1e150;

/// A point whose linear combinations can be formed: a vector, an ensemble of trials, a vector of
/// higher precision, a symbolic point.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no point that a method can move",
    label = "linear combinations of points of this type cannot be formed",
    note = "vectors and ensembles of trials are points; implement `theoria_models::point::Point` for \
            others"
)]
pub trait Point: Clone {
    /// The numbers that scale it, step sizes for example; all trials share them.
    type Scalar: Scalar;

    /// What one linear combination loses to rounding, as a share of its size.
    const ROUNDOFF: f64 = f64::EPSILON;

    /// `self += a * other`.
    fn axpy(&mut self, a: Self::Scalar, other: &Self);

    /// `self *= a`.
    fn scale(&mut self, a: Self::Scalar);

    /// Becomes `other`, of the same space: without allocating, where the point knows how.
    fn assign(&mut self, other: &Self) {
        self.clone_from(other);
    }

    /// The zero of the space in which it lies.
    #[must_use]
    fn zero_like(&self) -> Self;

    /// Whether it has diverged: a coordinate is not finite, or larger than [`DIVERGENCE_THRESHOLD`] in
    /// absolute value. A point without coordinates never has.
    fn diverged(&self) -> bool {
        false
    }

    /// Its length, of which rounding of the next step is a share; 0 for a point without coordinates.
    fn size(&self) -> f64 {
        0.0
    }
}

/// A point with inner products: numbers, or for a symbolic point linear forms of Gram entries.
pub trait InnerProduct: Point {
    /// What an inner product is.
    type Product;

    /// The inner product with `other`.
    fn inner_product(&self, other: &Self) -> Self::Product;
}

/// A point that consists of one or more trials, each with norms and a scale of its own. All lists
/// of numbers have the length [`trials`](PerTrial::trials).
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no numbers for each trial",
    label = "the method takes norms or values as numbers, one for each trial",
    note = "it moves vectors and ensembles; gradient descent and other methods whose step sizes are \
            given in advance move every `Point`"
)]
pub trait PerTrial: Point<Scalar = f64> {
    /// Number of trials, 1 for a vector.
    fn trials(&self) -> usize;

    /// Inner product with `other` for each trial.
    fn inner(&self, other: &Self, into: &mut [f64]);

    /// `self += a[t] * other` for each trial t.
    fn axpy_each(&mut self, a: &[f64], other: &Self);
}

/// A point with coordinates.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no coordinates",
    label = "the method changes each coordinate by itself",
    note = "it moves vectors and ensembles"
)]
pub trait Coordinatewise: Point<Scalar = f64> {
    /// Sets each coordinate to `change(own, other's)`.
    fn zip_apply(&mut self, other: &Self, change: impl Fn(f64, f64) -> f64);
}

impl Point for Vector {
    type Scalar = f64;

    fn axpy(&mut self, a: f64, other: &Self) {
        nalgebra::Vector::axpy(self, a, other, 1.0);
    }

    fn scale(&mut self, a: f64) {
        self.scale_mut(a);
    }

    fn assign(&mut self, other: &Self) {
        self.copy_from(other);
    }

    fn zero_like(&self) -> Self {
        Vector::zeros(self.len())
    }

    fn diverged(&self) -> bool {
        diverged(self.as_slice())
    }

    fn size(&self) -> f64 {
        self.norm()
    }
}

impl InnerProduct for Vector {
    type Product = f64;

    fn inner_product(&self, other: &Self) -> f64 {
        self.dot(other)
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
}

impl Coordinatewise for Vector {
    fn zip_apply(&mut self, other: &Self, change: impl Fn(f64, f64) -> f64) {
        nalgebra::Matrix::zip_apply(self, other, |own, its| *own = change(*own, its));
    }
}

impl Point for Ensemble {
    type Scalar = f64;

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

    fn zero_like(&self) -> Self {
        let mut zero = self.clone();
        zero.numbers_mut().fill(0.0);
        zero
    }

    fn diverged(&self) -> bool {
        diverged(self.numbers())
    }
}

/// One a trial.
impl InnerProduct for Ensemble {
    type Product = Vec<f64>;

    fn inner_product(&self, other: &Self) -> Vec<f64> {
        let mut products = vec![0.0; self.trials()];
        self.inner(other, &mut products);
        products
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
}

impl Coordinatewise for Ensemble {
    fn zip_apply(&mut self, other: &Self, change: impl Fn(f64, f64) -> f64) {
        for (own, its) in self.numbers_mut().iter_mut().zip(other.numbers()) {
            *own = change(*own, *its);
        }
    }
}

/// The comparison is false for NaN.
fn diverged(numbers: &[f64]) -> bool {
    !numbers.iter().fold(true, |within, number| within & (number.abs() <= DIVERGENCE_THRESHOLD))
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
            prop_assert_eq!(block.inner_product(&others), inner);
            block.axpy(a, &others);
            block.axpy_each(&each, &others);
            block.zip_apply(&others, f64::max);
            for t in 0..4 {
                let mut alone = own[t].clone();
                let mut number = [0.0];
                alone.inner(&other[t], &mut number);
                prop_assert!((number[0] - inner[t]).abs() <= 1e-12);
                prop_assert_eq!(alone.inner_product(&other[t]), number[0]);
                Point::axpy(&mut alone, a, &other[t]);
                alone.axpy_each(&each[t..=t], &other[t]);
                Coordinatewise::zip_apply(&mut alone, &other[t], f64::max);
                prop_assert!((block.trial(t) - alone).amax() <= 1e-12);
            }
        }
    }

    #[test]
    fn a_point_with_one_coordinate_out_of_bounds_has_diverged_wherever_it_stands() {
        for position in 0..3 {
            for number in [f64::NAN, f64::INFINITY, -2.0 * DIVERGENCE_THRESHOLD] {
                let mut x = Vector::from_vec(vec![1.0, -DIVERGENCE_THRESHOLD, 2.0]);
                assert!(!x.diverged());
                x[position] = number;
                assert!(x.diverged() && Ensemble::from_trials(&[x]).diverged());
            }
        }
    }

    #[test]
    fn zero_is_zero_like_points_that_are_no_numbers_too() {
        let x = Vector::from_vec(vec![f64::NAN, -1.0]);
        assert_eq!(x.zero_like(), Vector::zeros(2));
        let block = Ensemble::repeat(&x, 2);
        assert_eq!(block.zero_like(), Ensemble::repeat(&Vector::zeros(2), 2));
    }
}
