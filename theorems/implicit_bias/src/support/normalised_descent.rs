//! Gradient descent on the logarithm of a logistic or exponential loss.

use theoria_algorithms::Method;
use theoria_elementary::{exp, ln_1p};
use theoria_models::Vector;
use theoria_models::data::DataSet;
use theoria_models::objectives::LogisticRegression;

/// w ← w − η ∇f/f: gradient descent on log f for the logistic loss f of samples, without regulariser, or for the
/// exponential one, the mean of e^(−m_i).
/// Losses and weights of the samples are taken relative to those of the least margin, since f itself
/// falls below the least number within a thousand steps.
pub(crate) struct NormalisedDescent<'a> {
    step: f64,
    data: &'a DataSet,
    exponential: bool,
}

impl<'a> NormalisedDescent<'a> {
    /// Beyond, log(1 + e^(−m)) is e^(−m) to rounding.
    const LARGE: f64 = 37.0;

    /// With this step size η, on these samples with labels ±1.
    pub(crate) fn new(step: f64, data: &'a DataSet) -> Self {
        NormalisedDescent { step, data, exponential: false }
    }

    /// The same for the exponential loss, of which f = e^(−m) for each sample: ∇f/f is a mean of −y_i x_i.
    pub(crate) fn exponential(step: f64, data: &'a DataSet) -> Self {
        NormalisedDescent { step, data, exponential: true }
    }
}

impl Method<Vector, LogisticRegression> for NormalisedDescent<'_> {
    fn step(&mut self, _: &LogisticRegression, w: &mut Vector) {
        let DataSet { features, targets, .. } = self.data;
        let margins = (features * &*w).component_mul(targets);
        let least = margins.min();
        let loss = |m: f64| {
            if self.exponential || m > Self::LARGE {
                exp(least - m)
            } else {
                ln_1p(exp(-m)) * exp(least)
            }
        };
        let losses: f64 = margins.iter().map(|m| loss(*m)).sum();
        let share = |m: f64| if self.exponential { 1.0 } else { 1.0 / (1.0 + exp(-m)) };
        let pulls = margins.map(|m| exp(least - m) * share(m));
        let along = pulls.component_mul(targets);
        w.gemv_tr(self.step / losses, features, &along, 1.0);
    }
}
