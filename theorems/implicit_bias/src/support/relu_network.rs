//! ReLU networks at a minimum, and the other parameters of the same function.

use rand::Rng;
use rand_distr::{Distribution, StandardNormal};
use theoria_elementary::ln;
use theoria_models::flatness::{Krylov, NormalSpace, log_determinant};
use theoria_models::networks::{Activation, Model, SquaredFit, TwoLayer};
use theoria_models::{Matrix, Objective, Vector};
use theoria_verification::{Instance, Reading};

/// A two-layer ReLU network at a minimum of loss 0.
pub(crate) struct ReluNetwork {
    pub(crate) fit: SquaredFit<TwoLayer>,
    pub(crate) minimiser: Vector,
    inputs: usize,
    neurons: usize,
}

impl ReluNetwork {
    /// Eigenvalues above this share of the largest belong to the normal space.
    const NORMAL: f64 = 1e-9;

    /// With standard normal inputs, samples x inputs, and standard normal parameters, whose outputs are
    /// the labels.
    pub(crate) fn drawn(
        samples: usize,
        inputs: usize,
        neurons: usize,
        random: &mut impl Rng,
    ) -> Self {
        let data = Matrix::from_fn(samples, inputs, |_, _| StandardNormal.sample(random));
        let net = TwoLayer::new(data, neurons, Activation::Relu);
        let parameters = Vector::from_fn(net.parameters(), |_, _| StandardNormal.sample(random));
        Self::at(parameters, net, inputs, neurons)
    }

    /// With outer weights `change(a)`, and the labels that belong to them.
    pub(crate) fn with_outer(self, mut change: impl FnMut(f64) -> f64) -> Self {
        let ReluNetwork { fit, mut minimiser, inputs, neurons } = self;
        for outer in minimiser.rows_mut(neurons * inputs, neurons).iter_mut() {
            *outer = change(*outer);
        }
        Self::at(minimiser, fit.model().clone(), inputs, neurons)
    }

    fn at(minimiser: Vector, net: TwoLayer, inputs: usize, neurons: usize) -> Self {
        let targets = net.outputs(&minimiser);
        ReluNetwork { fit: SquaredFit::new(net, targets), minimiser, inputs, neurons }
    }

    /// The dimension of its inputs.
    pub(crate) fn inputs(&self) -> usize {
        self.inputs
    }

    /// What it puts out with (w/c, a c) for the first neuron.
    pub(crate) fn outputs(&self, c: f64) -> Vector {
        self.fit.model().outputs(&self.rescaled(c))
    }

    /// The minimiser with (w/c, a c) for the first neuron.
    pub(crate) fn rescaled(&self, c: f64) -> Vector {
        self.fit.model().rescaled(&self.minimiser, 0, c)
    }

    /// The Hessian there.
    pub(crate) fn hessian(&self, c: f64) -> Matrix {
        let hessian = self.fit.hessian(&self.rescaled(c));
        hessian.unwrap_or_else(|| panic!("the Hessian exists"))
    }

    /// Its trace.
    pub(crate) fn trace(&self, c: f64) -> f64 {
        self.hessian(c).trace()
    }

    /// The diagonal of D, where the minimiser is D times the rescaled one.
    pub(crate) fn scaling(&self, c: f64) -> Vector {
        let outer = self.neurons * self.inputs;
        Vector::from_fn(self.minimiser.len(), |i, _| match i {
            i if i < self.inputs => c,
            i if i == outer => 1.0 / c,
            _ => 1.0,
        })
    }

    fn codimension(&self) -> usize {
        let found = log_determinant(&self.hessian(1.0), NormalSpace::AboveShare(Self::NORMAL));
        found.unwrap_or_else(|error| panic!("{error}")).codimension
    }

    /// The logarithm of the determinant of the Hessian on its normal space.
    pub(crate) fn log_determinant(&self, c: f64) -> f64 {
        let normal = NormalSpace::Codimension(self.codimension());
        let found = log_determinant(&self.hessian(c), normal);
        found.unwrap_or_else(|error| panic!("{error}")).value
    }

    /// 2 log det D + log det(Vᵀ D⁻² V) for an orthonormal basis V of the null space.
    pub(crate) fn determinant_shift(&self, c: f64) -> f64 {
        let eigen = self.hessian(1.0).symmetric_eigen();
        let mut order: Vec<usize> = (0..self.minimiser.len()).collect();
        order.sort_by(|&i, &j| eigen.eigenvalues[i].total_cmp(&eigen.eigenvalues[j]));
        let null = &order[..order.len() - self.codimension()];
        let scaling = self.scaling(c);
        let mut moved = eigen.eigenvectors.select_columns(null);
        for (mut row, factor) in moved.row_iter_mut().zip(scaling.iter()) {
            row /= *factor;
        }
        let stretch = ln(moved.tr_mul(&moved).determinant());
        2.0 * scaling.iter().map(|factor| ln(*factor)).sum::<f64>() + stretch
    }

    /// λ_max from Hessian-vector products alone.
    pub(crate) fn sharpness(&self, c: f64, start: &Vector) -> Reading {
        let at = self.rescaled(c);
        let product = |v: &Vector| {
            let image = self.fit.hessian_vector(&at, v);
            image.unwrap_or_else(|| panic!("the Hessian exists"))
        };
        let found = Krylov::new(product, start, start.len()).largest();
        Reading::new(found.value, found.residual)
    }
}

impl Instance for ReluNetwork {
    fn description(&self) -> String {
        self.fit.describe()
    }
}
