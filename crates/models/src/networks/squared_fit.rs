//! Fitting a model by squared loss, plain or in the lazy scaling.

use super::Model;
use crate::flatness::power_iteration;
use crate::stochastic::FiniteSum;
use crate::{Constant, Ensemble, Matrix, Minimum, Objective, Vector};
use theoria_elementary::hypot;

/// f(θ) = |α(F(θ) − F(θ_0)) − y|²/(2nα²) for a model F on n inputs; plainly |F(θ) − y|²/(2n).
///
/// For large α training moves θ by the order 1/α and follows the linearised model: *lazy* training
/// (Chizat, Oyallon, Bach 2019); its limit is
/// [`tangent_kernel_regression`](super::tangent_kernel_regression).
///
/// With more parameters than samples it can fit any targets, so that near a solution the
/// Polyak–Łojasiewicz inequality holds with the smallest eigenvalue of the tangent kernel JJᵀ/n. L and
/// mu are [estimated](Self::estimated_at), about points that are said; elsewhere they say nothing.
///
/// ```
/// use theoria_models::{Matrix, Objective, Vector, networks::{Activation, SquaredFit, TwoLayer}};
/// let net = TwoLayer::new(Matrix::from_element(1, 1, 2.0), 1, Activation::Relu);
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
    smoothness: Option<f64>,
    lojasiewicz: Option<f64>,
    /// The ball of the points at which they were estimated.
    within: Option<(Vector, f64)>,
}

impl<M: Model> SquaredFit<M> {
    /// Plainly, with targets y, n.
    ///
    /// # Panics
    /// If there are not as many targets as samples, or none.
    pub fn new(model: M, targets: Vector) -> Self {
        assert_eq!(model.samples(), targets.len(), "as many targets as samples");
        assert!(!targets.is_empty(), "at least one sample");
        SquaredFit {
            model,
            targets,
            scale: 1.0,
            offset: None,
            smoothness: None,
            lojasiewicz: None,
            within: None,
        }
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

    /// The same loss with L and mu estimated from these parameters: L is 1.5 times the largest curvature
    /// that 100 steps of power iteration find, mu half the smallest eigenvalue of the tangent kernel,
    /// over all of them. They are stated in the ball about the first that holds the others.
    #[must_use]
    pub fn estimated_at(mut self, parameters: &[Vector]) -> Self {
        let curvatures = parameters.iter().map(|p| self.largest_curvature(p));
        let curvature = curvatures.fold(0.0, f64::max);
        let kernels = parameters.iter().map(|p| self.least_kernel_eigenvalue(p));
        let kernel = kernels.fold(f64::INFINITY, f64::min);
        self.smoothness = Some(1.5 * curvature);
        self.lojasiewicz = Some(kernel / 2.0).filter(|mu| *mu > 0.0);
        self.within = parameters.first().map(|centre| {
            let reach = parameters.iter().map(|p| (p - centre).norm()).fold(0.0, f64::max);
            (centre.clone(), reach)
        });
        self
    }

    /// |H v| for the unit vector v to which power iteration has come: not below the Rayleigh quotient.
    fn largest_curvature(&self, parameters: &Vector) -> f64 {
        let (jacobian, weights) = (self.model.jacobian(parameters), self.weights(parameters));
        let product = |v: &Vector| self.hessian_times(parameters, &jacobian, &weights, v);
        let ones = Vector::from_element(self.dimension(), 1.0);
        let found = power_iteration(product, &ones, 99);
        hypot(found.value, found.residual)
    }

    fn least_kernel_eigenvalue(&self, parameters: &Vector) -> f64 {
        let jacobian = self.model.jacobian(parameters);
        let kernel = &jacobian * jacobian.transpose() / self.targets.len() as f64;
        kernel.symmetric_eigenvalues().min()
    }

    /// The model F.
    pub fn model(&self) -> &M {
        &self.model
    }

    /// The targets y, n.
    pub fn targets(&self) -> &Vector {
        &self.targets
    }

    /// r = α(F(θ) − F(θ_0)) − y, n.
    pub fn residuals(&self, parameters: &Vector) -> Vector {
        let mut outputs = self.model.outputs(parameters);
        if let Some(offset) = &self.offset {
            outputs -= offset;
        }
        outputs * self.scale - &self.targets
    }

    /// Writes the gradients that f had if its targets were y + `noise`, for each trial: J^T (r − noise)/(nα). The noise
    /// lies sample by sample, one number a trial.
    ///
    /// # Panics
    /// If there is not one number for each sample and trial.
    pub fn gradients_with_noise_into(&self, at: &Ensemble, noise: &[f64], into: &mut Ensemble) {
        let samples = self.targets.len();
        assert_eq!(noise.len(), samples * at.trials(), "one number for each sample and trial");
        let size = self.scale * samples as f64;
        let mut weigh = |outputs: &mut [f64]| {
            self.replace_by_weights(outputs);
            for (weight, noise) in outputs.iter_mut().zip(noise) {
                *weight -= noise / size;
            }
        };
        self.model.pull_back_block(at, &mut weigh, into);
    }

    /// Replaces outputs, sample by sample with one number a trial, by r/(nα).
    fn replace_by_weights(&self, outputs: &mut [f64]) {
        let samples = self.targets.len();
        let size = self.scale * samples as f64;
        let trials = (outputs.len() / samples).max(1);
        for (i, of_sample) in outputs.chunks_exact_mut(trials).enumerate() {
            let offset = self.offset.as_ref().map_or(0.0, |offset| offset[i]);
            for output in of_sample {
                *output = ((*output - offset) * self.scale - self.targets[i]) / size;
            }
        }
    }

    /// r/(nα): the derivatives of f in the outputs.
    fn weights(&self, parameters: &Vector) -> Vector {
        self.residuals(parameters) / (self.scale * self.targets.len() as f64)
    }

    fn hessian_times(
        &self,
        parameters: &Vector,
        jacobian: &Matrix,
        weights: &Vector,
        direction: &Vector,
    ) -> Vector {
        let moved = jacobian * direction / self.targets.len() as f64;
        jacobian.tr_mul(&moved) + self.model.curvature(parameters, weights, direction)
    }

    /// Bound on the norm of the rounding error of r/α.
    fn residual_rounding(&self, parameters: &Vector) -> f64 {
        let offset = self.offset.as_ref().map_or(0.0, nalgebra::Matrix::norm);
        let added = offset + self.targets.norm() / self.scale;
        // F(θ_0) was rounded as F is.
        let outputs = self.model.rounding(parameters) * if offset > 0.0 { 2.0 } else { 1.0 };
        outputs + 4.0 * f64::EPSILON * (added + self.residuals(parameters).norm() / self.scale)
    }
}

impl<M: Model> FiniteSum for SquaredFit<M> {
    fn samples(&self) -> usize {
        self.targets.len()
    }

    /// r_i²/(2α²).
    fn sample_value(&self, sample: usize, parameters: &Vector) -> f64 {
        let residual = self.residuals(parameters)[sample] / self.scale;
        residual * residual / 2.0
    }

    /// r_i ∇F_i/α.
    fn sample_gradient_into(&self, sample: usize, parameters: &Vector, into: &mut Vector) {
        let residual = self.residuals(parameters)[sample] / self.scale;
        into.tr_copy_from(&self.model.jacobian(parameters).row(sample));
        into.scale_mut(residual);
    }
}

impl<M: Model> Objective for SquaredFit<M> {
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
        self.model.pull_back(parameters, &mut |outputs| self.replace_by_weights(outputs), into);
    }

    fn gradient_block(&self, at: &Ensemble, into: &mut Ensemble) {
        self.model.pull_back_block(at, &mut |outputs| self.replace_by_weights(outputs), into);
    }

    fn hessian_vector(&self, parameters: &Vector, direction: &Vector) -> Option<Vector> {
        let (jacobian, weights) = (self.model.jacobian(parameters), self.weights(parameters));
        Some(self.hessian_times(parameters, &jacobian, &weights, direction))
    }

    fn hessian(&self, parameters: &Vector) -> Option<Matrix> {
        let d = self.dimension();
        let weights = self.weights(parameters);
        let jacobian = self.model.jacobian(parameters);
        let mut hessian = jacobian.tr_mul(&jacobian) / self.targets.len() as f64;
        let mut axis = Vector::zeros(d);
        for k in 0..d {
            axis[k] = 1.0;
            let mut column = hessian.column_mut(k);
            column += self.model.curvature(parameters, &weights, &axis);
            axis[k] = 0.0;
        }
        Some(hessian)
    }

    fn rounding(&self, parameters: &Vector) -> f64 {
        let residuals = self.residuals(parameters).norm() / self.scale;
        let each = self.residual_rounding(parameters);
        each * (residuals + each) / self.targets.len() as f64
            + 16.0 * f64::EPSILON * self.value(parameters)
    }

    fn gradient_rounding(&self, parameters: &Vector) -> f64 {
        let jacobian = self.model.jacobian(parameters).norm();
        let residuals = self.residuals(parameters).norm() / self.scale;
        let terms = (self.dimension() + self.targets.len()) as f64;
        let each = self.residual_rounding(parameters) + terms * f64::EPSILON * residuals;
        each * jacobian / self.targets.len() as f64
    }

    fn stated_within(&self) -> Option<(Vector, f64)> {
        self.within.clone()
    }

    fn smoothness(&self) -> Option<Constant> {
        self.smoothness.map(Constant::estimated)
    }

    fn lojasiewicz(&self) -> Option<Constant> {
        self.lojasiewicz.map(Constant::estimated)
    }

    /// 0 where the model can fit its targets, that is where a PL constant was found.
    fn minimum(&self) -> Option<Minimum> {
        self.lojasiewicz.map(|_| Minimum::exact(0.0))
    }

    fn bounded_below(&self) -> Option<f64> {
        Some(0.0)
    }
}
