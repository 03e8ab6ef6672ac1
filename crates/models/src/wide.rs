//! Vectors of higher precision.

use std::marker::PhantomData;

use crate::Vector;
use crate::numerics::DoubleDouble;
use crate::point::{DIVERGENCE_THRESHOLD, InnerProduct, PerTrial, Point, Scalar};

/// A vector of double-double numbers, some thirty digits each. It is scaled by numbers `S` of the same precision, or by doubles: for
/// methods whose step sizes are computed in these.
///
/// ```
/// use theoria_models::{Vector, Wide, numerics::DoubleDouble, point::Point};
/// let mut x = Wide::<DoubleDouble>::from(&Vector::from_vec(vec![1.0]));
/// x.axpy((1e-20).into(), &x.clone());
/// x.axpy((-1.0).into(), &Vector::from_vec(vec![1.0]).as_slice().into());
/// assert_eq!(x.nearest()[0], 1e-20);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Wide<S = DoubleDouble> {
    coordinates: Vec<DoubleDouble>,
    scalars: PhantomData<fn() -> S>,
}

impl<S> Wide<S> {
    /// With these coordinates.
    pub fn new(coordinates: Vec<DoubleDouble>) -> Self {
        Wide { coordinates, scalars: PhantomData }
    }

    /// The coordinates.
    pub fn coordinates(&self) -> &[DoubleDouble] {
        &self.coordinates
    }

    /// The coordinates, to be changed.
    pub fn coordinates_mut(&mut self) -> &mut [DoubleDouble] {
        &mut self.coordinates
    }

    /// The vector of the nearest doubles.
    pub fn nearest(&self) -> Vector {
        Vector::from_iterator(self.coordinates.len(), self.coordinates.iter().map(|v| v.nearest()))
    }

    /// The same vector, scaled by other numbers.
    #[must_use]
    pub fn scaled_by<T>(self) -> Wide<T> {
        Wide::new(self.coordinates)
    }

    fn add(&mut self, a: DoubleDouble, other: &Self) {
        for (own, its) in self.coordinates.iter_mut().zip(&other.coordinates) {
            *own = *own + a * *its;
        }
    }

    fn product(&self, other: &Self) -> DoubleDouble {
        let pairs = self.coordinates.iter().zip(&other.coordinates);
        pairs.fold(DoubleDouble::default(), |sum, (own, its)| sum + *own * *its)
    }
}

impl<S> From<&Vector> for Wide<S> {
    fn from(vector: &Vector) -> Self {
        vector.as_slice().into()
    }
}

impl<S> From<&[f64]> for Wide<S> {
    fn from(numbers: &[f64]) -> Self {
        Wide::new(numbers.iter().map(|&number| number.into()).collect())
    }
}

impl<S: Scalar + Into<DoubleDouble>> Point for Wide<S> {
    type Scalar = S;

    const ROUNDOFF: f64 = DoubleDouble::ROUNDOFF;

    fn axpy(&mut self, a: S, other: &Self) {
        self.add(a.into(), other);
    }

    fn scale(&mut self, a: S) {
        let a = a.into();
        for own in &mut self.coordinates {
            *own = *own * a;
        }
    }

    fn zero_like(&self) -> Self {
        Wide::new(vec![DoubleDouble::default(); self.coordinates.len()])
    }

    fn diverged(&self) -> bool {
        // False for NaN.
        let within = |v: &DoubleDouble| v.nearest().abs() <= DIVERGENCE_THRESHOLD;
        !self.coordinates.iter().all(within)
    }

    fn size(&self) -> f64 {
        self.nearest().norm()
    }
}

impl<S: Scalar + Into<DoubleDouble>> InnerProduct for Wide<S> {
    type Product = DoubleDouble;

    fn inner_product(&self, other: &Self) -> DoubleDouble {
        self.product(other)
    }
}

impl PerTrial for Wide<f64> {
    fn trials(&self) -> usize {
        1
    }

    fn inner(&self, other: &Self, into: &mut [f64]) {
        into[0] = self.product(other).nearest();
    }

    fn axpy_each(&mut self, a: &[f64], other: &Self) {
        self.add(a[0].into(), other);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_a_vector_with_more_digits() {
        let (a, b) = (Vector::from_vec(vec![1.0, -2.0]), Vector::from_vec(vec![0.25, 3.0]));
        let (mut x, y) = (Wide::<f64>::from(&a), Wide::<f64>::from(&b));
        assert_eq!(x.inner_product(&y).nearest(), a.dot(&b));
        assert_eq!(x.size(), a.norm());
        let mut inner = [0.0];
        x.inner(&y, &mut inner);
        assert_eq!(inner, [a.dot(&b)]);
        x.axpy(0.5, &y);
        x.axpy_each(&[1e-25], &y);
        x.scale(2.0);
        assert_eq!(x.nearest(), (&a + &b * 0.5) * 2.0);
        x.axpy(-1.0, &Wide::from(&((&a + &b * 0.5) * 2.0)));
        assert!((x.nearest() - &b * 2e-25).norm() < 1e-30);
        assert_eq!(x.zero_like().nearest(), Vector::zeros(2));
    }

    #[test]
    fn it_diverges_as_vectors_do() {
        for number in [f64::NAN, f64::INFINITY, -2.0 * DIVERGENCE_THRESHOLD] {
            assert!(Wide::<DoubleDouble>::from([0.0, number].as_slice()).diverged());
        }
        let mut x = Wide::<DoubleDouble>::from([1e200].as_slice());
        x.scale(1e200.into());
        assert!(x.diverged());
        assert!(!Wide::<DoubleDouble>::from([1.0, -1e100].as_slice()).diverged());
    }
}
