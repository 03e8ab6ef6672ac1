//! Fitting a model by squared loss, plain or in the lazy scaling.

use super::Prediction;
use crate::stochastic::FiniteSum;
use crate::{Matrix, Objective, Vector};

/// f(θ) = |α(F(θ) − F(θ_0)) − y|²/(2nα²) for a model F on n inputs; plainly |F(θ) − y|²/(2n).
///
/// For large α training moves θ by the order 1/α and follows the linearised model: *lazy* training
/// (Chizat, Oyallon, Bach 2019); its limit is
/// [`tangent_kernel_regression`](super::tangent_kernel_regression).
///
/// ```
/// use theoria_models::{Matrix, Objective, Vector, networks::{Neuron, SquaredFit, TwoLayer}};
/// let net = TwoLayer::new(Matrix::from_element(1, 1, 2.0), 1, Neuron::Relu);
/// let start = Vector::from_vec(vec![1.0, 3.0]);
/// let plain = SquaredFit::new(net, Vector::from_element(1, 5.0));
/// assert_eq!(plain.value(&start), 0.5);
/// assert_eq!(plain.lazy(10.0, &start).value(&start), 0.125);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct SquaredFit<M> {
    model: M,
    targets: Vector,
    scale: f64,
    offset: Option<Vector>,
}

impl<M: Prediction> SquaredFit<M> {
    /// Plainly, with targets y, n.
    ///
    /// # Panics
    /// If there are not as many targets as samples, or none.
    pub fn new(model: M, targets: Vector) -> Self {
        assert_eq!(model.samples(), targets.len(), "as many targets as samples");
        assert!(!targets.is_empty(), "at least one sample");
        SquaredFit { model, targets, scale: 1.0, offset: None }
    }

    /// In the lazy scaling with this α > 0 about the start θ_0.
    ///
    /// # Panics
    /// If α is not positive.
    #[must_use]
    pub fn lazy(self, scale: f64, start: &Vector) -> Self {
        assert!(scale > 0.0, "α is positive");
        SquaredFit { offset: Some(self.model.outputs(start)), scale, ..self }
    }

    /// The model F.
    pub fn model(&self) -> &M {
        &self.model
    }

    /// r = α(F(θ) − F(θ_0)) − y, n.
    pub fn residuals(&self, parameters: &Vector) -> Vector {
        let mut outputs = self.model.outputs(parameters);
        if let Some(offset) = &self.offset {
            outputs -= offset;
        }
        outputs * self.scale - &self.targets
    }

    /// r/(nα): the derivatives of f in the outputs.
    fn weights(&self, parameters: &Vector) -> Vector {
        self.residuals(parameters) / (self.scale * self.targets.len() as f64)
    }

    /// The number n of samples.
    pub fn samples(&self) -> usize {
        self.targets.len()
    }

    /// r_i²/(2α²).
    pub fn sample_value(&self, sample: usize, parameters: &Vector) -> f64 {
        let residual = self.residuals(parameters)[sample] / self.scale;
        residual * residual / 2.0
    }

    /// Writes r_i ∇F_i/α.
    pub fn sample_gradient_into(&self, sample: usize, parameters: &Vector, into: &mut Vector) {
        let residual = self.residuals(parameters)[sample] / self.scale;
        into.tr_copy_from(&self.model.jacobian(parameters).row(sample));
        into.scale_mut(residual);
    }
}

impl<M: Prediction> FiniteSum for SquaredFit<M> {
    fn samples(&self) -> usize {
        SquaredFit::samples(self)
    }

    fn sample_value(&self, sample: usize, parameters: &Vector) -> f64 {
        SquaredFit::sample_value(self, sample, parameters)
    }

    fn sample_gradient_into(&self, sample: usize, parameters: &Vector, into: &mut Vector) {
        SquaredFit::sample_gradient_into(self, sample, parameters, into);
    }
}

impl<M: Prediction> Objective for SquaredFit<M> {
    fn describe(&self) -> String {
        match self.offset {
            None => self.model.describe(),
            Some(_) => format!("{}, lazy by {}", self.model.describe(), self.scale),
        }
    }

    fn dimension(&self) -> usize {
        self.model.parameters()
    }

    fn value(&self, parameters: &Vector) -> f64 {
        let squares = self.residuals(parameters).norm_squared();
        squares / (2.0 * self.scale * self.scale * self.targets.len() as f64)
    }

    fn gradient_into(&self, parameters: &Vector, into: &mut Vector) {
        let weights = self.weights(parameters);
        into.gemv_tr(1.0, &self.model.jacobian(parameters), &weights, 0.0);
    }

    fn hessian_vector(&self, parameters: &Vector, direction: &Vector) -> Option<Vector> {
        let jacobian = self.model.jacobian(parameters);
        let moved = &jacobian * direction / self.targets.len() as f64;
        let weights = self.weights(parameters);
        let bent = self.model.curvature(parameters, &weights, direction);
        Some(jacobian.tr_mul(&moved) + bent)
    }

    fn hessian(&self, parameters: &Vector) -> Option<Matrix> {
        let d = self.dimension();
        let residuals = self.weights(parameters);
        let jacobian = self.model.jacobian(parameters);
        let mut hessian = jacobian.tr_mul(&jacobian) / self.targets.len() as f64;
        let mut axis = Vector::zeros(d);
        for k in 0..d {
            axis[k] = 1.0;
            let mut column = hessian.column_mut(k);
            column += self.model.curvature(parameters, &residuals, &axis);
            axis[k] = 0.0;
        }
        Some(hessian)
    }

    fn rounding(&self, parameters: &Vector) -> f64 {
        let residuals = self.residuals(parameters).norm() / self.scale;
        let outputs = self.model.outputs(parameters).norm() + self.targets.norm() / self.scale;
        let each = 16.0 * f64::EPSILON * outputs * (1.0 + parameters.norm());
        each * (residuals + each) / self.targets.len() as f64
    }

    fn bounded_below(&self) -> Option<f64> {
        Some(0.0)
    }
}
