//! Momentum sequences of accelerated methods.

/// The factor β_k of the extrapolation y_{k+1} = x_{k+1} + β_k (x_{k+1} - x_k), k = 0, 1, 2 ...
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Momentum {
    /// β_k = (t_k - 1)/t_{k+1} with t_0 = 1, t_{k+1} = (1 + √(1 + 4 t_k²))/2 (Nesterov 1983).
    Sequence,
    /// β_k = k/(k + 3), the simplified sequence.
    Simplified,
    /// The same factor in every step.
    Constant(f64),
}

/// A momentum sequence and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Running {
    momentum: Momentum,
    step: usize,
    t: f64,
}

impl Running {
    pub(crate) fn new(momentum: Momentum) -> Self {
        Running { momentum, step: 0, t: 1.0 }
    }

    /// β_k, and on to the next.
    pub(crate) fn next(&mut self) -> f64 {
        let k = self.step as f64;
        self.step += 1;
        match self.momentum {
            Momentum::Sequence => {
                let t = self.t;
                self.t = (1.0 + (1.0 + 4.0 * t * t).sqrt()) / 2.0;
                (t - 1.0) / self.t
            }
            Momentum::Simplified => k / (k + 3.0),
            Momentum::Constant(factor) => factor,
        }
    }
}
