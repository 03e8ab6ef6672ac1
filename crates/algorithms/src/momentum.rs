//! Momentum sequences of accelerated methods.

use theoria_models::numerics::DoubleDouble;
use theoria_models::point::{Scalar, SquareRoot};

use crate::precise::precisely;
use crate::range::below_one;

/// The factor β_k of the extrapolation y_{k+1} = x_{k+1} + β_k (x_{k+1} - x_k), k = 0, 1, 2 ...
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Momentum<S = f64> {
    /// β_k = (t_k - 1)/t_{k+1} with t_0 = 1, t_{k+1} = (1 + √(1 + 4 t_k²))/2 (Nesterov 1983).
    Sequence,
    /// β_k = k/(k + 3), the simplified sequence.
    Simplified,
    /// The same factor in every step, at least 0 and below 1.
    Constant(S),
}

/// A momentum sequence and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Running<S> {
    momentum: Momentum<S>,
    step: usize,
    t: S,
}

impl<S: Scalar> Running<S> {
    /// Panics if a constant factor is out of range.
    pub(crate) fn new(momentum: Momentum<S>) -> Self {
        if let Momentum::Constant(factor) = &momentum {
            below_one(factor.clone(), "the constant momentum β");
        }
        Running { momentum, step: 0, t: S::from(1.0) }
    }
}

impl<S: Scalar> Running<S> {
    /// The same momentum in higher precision, from the first step on, where its numbers are doubles.
    pub(crate) fn precise(&self) -> Option<Momentum<DoubleDouble>> {
        // The numbers of `t` are doubles, too, where those of the momentum are.
        precisely(&self.t)?;
        Some(match &self.momentum {
            Momentum::Sequence => Momentum::Sequence,
            Momentum::Simplified => Momentum::Simplified,
            Momentum::Constant(factor) => Momentum::Constant(precisely(factor)?),
        })
    }
}

impl<S: SquareRoot> Running<S> {
    /// β_k, and on to the next.
    pub(crate) fn next(&mut self) -> S {
        let k = self.step as f64;
        self.step += 1;
        match &self.momentum {
            Momentum::Sequence => {
                let next = next_t(4.0, &self.t);
                let t = std::mem::replace(&mut self.t, next.clone());
                (t - S::from(1.0)) / next
            }
            Momentum::Simplified => S::from(k) / S::from(k + 3.0),
            Momentum::Constant(factor) => factor.clone(),
        }
    }
}

/// (1 + √(1 + factor t²))/2.
pub(crate) fn next_t<S: SquareRoot>(factor: f64, t: &S) -> S {
    let one = S::from(1.0);
    (one.clone() + (one + S::from(factor) * t.clone() * t.clone()).sqrt()) / S::from(2.0)
}
