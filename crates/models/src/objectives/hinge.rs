//! The hinge loss.

use crate::{Constant, Matrix, Minimum, Objective, Vector};

/// f(w) = Σ max(0, 1 - y_i x_i·w)/n with labels y_i = ±1: convex; subgradients are at most the mean of
/// the |x_i|.
///
/// ```
/// use theoria_models::{Matrix, Objective, Vector, objectives::Hinge};
/// let f = Hinge::new(&Matrix::from_row_slice(1, 1, &[2.0]), &Vector::from_vec(vec![-1.0]));
/// assert_eq!(f.value(&Vector::from_vec(vec![1.0])), 3.0);
/// ```
#[derive(Debug, Clone)]
pub struct Hinge {
    signed: Matrix,
    separator: Option<Vector>,
}

impl Hinge {
    /// With features X, n x d, and labels ±1.
    ///
    /// # Panics
    /// If there are not as many labels as rows.
    pub fn new(features: &Matrix, labels: &Vector) -> Self {
        assert_eq!(features.nrows(), labels.len(), "as many labels as samples");
        let mut signed = features.clone();
        for (mut row, label) in signed.row_iter_mut().zip(labels.iter()) {
            row *= *label;
        }
        Hinge { signed, separator: None }
    }

    /// The same problem with a known minimiser: a point of loss 0.
    ///
    /// # Panics
    /// If the loss there is not 0.
    #[must_use]
    pub fn separated_by(mut self, separator: Vector) -> Self {
        assert!(self.value(&separator) == 0.0, "every margin is at least 1");
        self.separator = Some(separator);
        self
    }
}

impl Objective for Hinge {
    fn describe(&self) -> String {
        let (samples, dimension) = self.signed.shape();
        format!("hinge loss, {samples} samples of {dimension} features")
    }

    fn dimension(&self) -> usize {
        self.signed.ncols()
    }

    fn value(&self, w: &Vector) -> f64 {
        let margins = &self.signed * w;
        margins.iter().map(|m| (1.0 - m).max(0.0)).sum::<f64>() / margins.len() as f64
    }

    fn gradient_into(&self, w: &Vector, into: &mut Vector) {
        let mut margins = &self.signed * w;
        let share = -1.0 / margins.len() as f64;
        margins.apply(|m| *m = if *m < 1.0 { share } else { 0.0 });
        into.gemv_tr(1.0, &self.signed, &margins, 0.0);
    }

    fn rounding(&self, w: &Vector) -> f64 {
        16.0 * f64::EPSILON * (1.0 + self.signed.norm() * w.norm())
    }

    fn lipschitz(&self) -> Option<Constant> {
        let norms = self.signed.row_iter().map(|row| row.norm()).sum::<f64>();
        Some(Constant::certified(norms / self.signed.nrows() as f64))
    }

    fn minimum(&self) -> Option<Minimum> {
        self.separator.as_ref().map(|_| Minimum::exact(0.0))
    }

    /// A minimiser, not always the nearest: the separator.
    fn nearest_minimiser(&self, _x: &Vector) -> Option<Vector> {
        self.separator.clone()
    }
}
