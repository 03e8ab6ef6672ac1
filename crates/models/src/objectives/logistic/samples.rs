//! Logistic regression sample by sample.

use super::{LogisticRegression, Regularisation, loss, non_convex_slope, sigmoid};
use crate::point::{Coordinatewise, Point};
use crate::stochastic::{FiniteSum, NoiseModel, add_linear_gradients};
use crate::{Constant, Ensemble, Vector};

/// f_i(w) = log(1 + exp(-y_i x_i·w)) + regularisation.
///
/// The slope of the loss is at most 1 in absolute value, so E|g - ∇f|² <= Σ |x_i|²/n everywhere (the
/// regularisation, common to all samples, is no noise).
impl FiniteSum for LogisticRegression {
    fn samples(&self) -> usize {
        self.signed.nrows()
    }

    fn sample_value(&self, sample: usize, w: &Vector) -> f64 {
        loss(self.rows.column(sample).dot(w)) + self.penalty(w)
    }

    fn sample_gradient_into(&self, sample: usize, w: &Vector, into: &mut Vector) {
        into.copy_from(&self.rows.column(sample));
        into.scale_mut(-sigmoid(-into.dot(w)));
        self.add_regularisation_gradient(1.0, w, into);
    }

    fn add_sample_gradients(
        &self,
        samples: &[u32],
        weight: f64,
        at: &Ensemble,
        into: &mut Ensemble,
    ) {
        add_linear_gradients(&self.rows, samples, at, into, |_, _, margin| {
            -weight * sigmoid(-margin)
        });
        match self.regularisation {
            Regularisation::None => {}
            Regularisation::Ridge(ridge) => into.axpy(weight * ridge, at),
            Regularisation::NonConvex(strength) => {
                into.zip_apply(at, |slope, w| slope + weight * non_convex_slope(strength, w));
            }
        }
    }

    fn noise_of_one(&self, model: NoiseModel) -> Option<Constant> {
        let bound = self.signed.norm_squared() / self.samples();
        (model == NoiseModel::Additive).then(|| Constant::certified(bound))
    }

    fn second_moment_within(&self, radius: f64) -> Option<Constant> {
        let added = match self.regularisation {
            Regularisation::None => 0.0,
            Regularisation::Ridge(weight) => weight * radius,
            Regularisation::NonConvex(weight) => 2.0 * weight * radius,
        };
        let bounds = self.signed.row_iter().map(|x| (x.norm() + added).powi(2));
        let bound = bounds.sum::<f64>() / self.samples();
        bound.is_finite().then(|| Constant::certified(bound))
    }
}
