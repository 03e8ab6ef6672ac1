//! Residuals of an exponential with two parameters.

use nalgebra::{DMatrix, DVector};

use crate::Residuals;
use crate::point::Scalar;

/// r_i(a, b) = a e^{b t_i} - y_i at times t_i, in numbers of any kind that know their exponential.
///
/// ```
/// use theoria_models::{ExponentialFit, Residuals, Vector};
///
/// let times = Vector::from_vec(vec![0.0, 1.0]);
/// let fit = ExponentialFit::new(times, Vector::from_vec(vec![3.0, 1.0]), f64::exp);
/// let r = fit.values(&Vector::from_vec(vec![3.0, 0.0]));
/// assert_eq!(r.as_slice(), [0.0, 2.0]);
/// ```
#[derive(Debug, Clone)]
pub struct ExponentialFit<S> {
    times: DVector<S>,
    targets: DVector<S>,
    exp: fn(S) -> S,
}

impl<S: Scalar> ExponentialFit<S> {
    /// To these targets y at these times t, with the exponential function of such numbers.
    ///
    /// # Panics
    /// If there are not as many of each.
    pub fn new(times: DVector<S>, targets: DVector<S>, exp: fn(S) -> S) -> Self {
        assert_eq!(times.len(), targets.len(), "a target for each time");
        ExponentialFit { times, targets, exp }
    }

    /// e^{b t_i}
    fn powers(&self, at: &DVector<S>) -> DVector<S> {
        self.times.map(|time| (self.exp)(at[1].clone() * time))
    }
}

impl<S: Scalar> Residuals<S> for ExponentialFit<S> {
    fn values(&self, at: &DVector<S>) -> DVector<S> {
        self.powers(at).zip_map(&self.targets, |power, target| at[0].clone() * power - target)
    }

    fn jacobian(&self, at: &DVector<S>) -> DMatrix<S> {
        let powers = self.powers(at);
        DMatrix::from_fn(powers.len(), 2, |i, j| {
            let power = powers[i].clone();
            if j == 0 { power } else { at[0].clone() * self.times[i].clone() * power }
        })
    }

    fn curvature(&self, at: &DVector<S>, weights: &DVector<S>) -> DMatrix<S> {
        let powers = self.powers(at);
        let weighed = powers.zip_map(weights, |power, weight| power * weight);
        let sum = |count: usize| {
            let times = self
                .times
                .iter()
                .map(|time| (0..count).fold(S::from(1.0), |product, _| product * time.clone()));
            weighed.iter().zip(times).fold(S::from(0.0), |sum, (w, time)| sum + w.clone() * time)
        };
        let (mixed, twice) = (sum(1), at[0].clone() * sum(2));
        DMatrix::from_fn(2, 2, |i, j| match i + j {
            0 => S::from(0.0),
            1 => mixed.clone(),
            _ => twice.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Vector;

    proptest! {
        #[test]
        fn derivatives_are_those_of_the_values(a in -2.0..2.0f64, b in -1.0..1.0f64, towards in -1.0..1.0f64) {
            let times = Vector::from_vec(vec![0.0, 0.7, 1.5]);
            let fit = ExponentialFit::new(times, Vector::from_vec(vec![1.0, -0.3, 0.4]), f64::exp);
            let at = Vector::from_vec(vec![a, b]);
            let along = Vector::from_vec(vec![1.0, towards]);
            let (width, weights) = (1e-5, Vector::from_vec(vec![0.3, -1.1, 0.8]));
            let (high, low) = (&at + &along * width, &at - &along * width);
            let slope = (fit.values(&high) - fit.values(&low)) / (2.0 * width);
            prop_assert!((fit.jacobian(&at) * &along - slope).norm() < 1e-6);
            let change = (fit.jacobian(&high) - fit.jacobian(&low)).tr_mul(&weights) / (2.0 * width);
            prop_assert!((fit.curvature(&at, &weights) * &along - change).norm() < 1e-6);
        }
    }
}
