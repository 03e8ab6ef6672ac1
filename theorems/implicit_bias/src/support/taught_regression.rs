//! Diagonal networks, the teachers that label their samples, and interpolators of both.

use rand::Rng;
use rand_distr::{Distribution, StandardNormal};
use theoria_models::data::sparse_regression;
use theoria_models::networks::DiagonalLinearNetwork;
use theoria_models::{Objective, Svd, Vector};
use theoria_references::basis_pursuit;
use theoria_verification::Instance;

/// What labels the samples of a diagonal network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Teacher {
    Sparse,
    Dense,
}

impl Instance for Teacher {
    fn description(&self) -> String {
        let kind = match self {
            Teacher::Sparse => "sparse",
            Teacher::Dense => "dense",
        };
        let (n, d) = (Regression::SAMPLES, Regression::FEATURES);
        format!("{kind} teacher, {n} samples of {d} features")
    }
}

/// A diagonal network and its teacher.
pub(crate) struct Regression {
    pub(crate) network: DiagonalLinearNetwork,
    teacher: Vector,
}

impl Regression {
    /// The number n of samples.
    pub(crate) const SAMPLES: usize = 16;
    /// The number of features.
    pub(crate) const FEATURES: usize = 48;

    /// Gaussian features, labelled by a random teacher of this kind.
    pub(crate) fn drawn(teacher: Teacher, random: &mut impl Rng) -> Self {
        let (data, sparse) = sparse_regression(Self::SAMPLES, Self::FEATURES, 2, random);
        let teacher = match teacher {
            Teacher::Sparse => sparse,
            Teacher::Dense => Vector::from_fn(Self::FEATURES, |_, _| StandardNormal.sample(random)),
        };
        let targets = &data.features * &teacher;
        Regression { network: DiagonalLinearNetwork::new(data.features, targets), teacher }
    }

    /// |X_j|², d.
    fn weights(&self) -> Vector {
        let columns = self.network.features().column_iter();
        Vector::from_iterator(Self::FEATURES, columns.map(|column| column.norm_squared()))
    }

    /// The β with the least Σ_j |X_j|² |β_j| among the interpolators.
    pub(crate) fn flattest(&self) -> Vector {
        self.programme().0
    }

    /// The flattest β, and what its dual solution proves the least Σ_j |X_j|² |β_j| to be at least.
    pub(crate) fn programme(&self) -> (Vector, f64) {
        let weights = self.weights();
        let mut features = self.network.features().clone();
        for (mut column, weight) in features.column_iter_mut().zip(weights.iter()) {
            column /= *weight;
        }
        let found = basis_pursuit(&features, self.network.targets())
            .unwrap_or_else(|error| panic!("Gaussian features have interpolators: {error}"));
        let certified = self.network.targets().dot(&found.dual);
        (found.minimiser.component_div(&weights), certified)
    }

    /// The interpolator of least Euclidean norm.
    pub(crate) fn shortest(&self) -> Vector {
        Svd::of(self.network.features())
            .with_values(|s| if s > 0.0 { 1.0 / s } else { 0.0 })
            .tr_mul(self.network.targets())
    }

    /// (u, v) with u∘u − v∘v = β and min(u_j², v_j²) = `spare_j`.
    pub(crate) fn point(beta: &Vector, spare: &Vector) -> Vector {
        Vector::from_fn(2 * Self::FEATURES, |k, _| {
            let (j, sign) = if k < Self::FEATURES { (k, 1.0) } else { (k - Self::FEATURES, -1.0) };
            ((sign * beta[j]).max(0.0) + spare[j]).sqrt()
        })
    }

    /// The trace of the Hessian at a point.
    pub(crate) fn trace(&self, point: &Vector) -> f64 {
        self.network.hessian(point).map_or(f64::NAN, |hessian| hessian.trace())
    }

    /// That of the flattest (u, v) with this β.
    pub(crate) fn flat_trace(&self, beta: &Vector) -> f64 {
        self.trace(&Self::point(beta, &Vector::zeros(Self::FEATURES)))
    }

    /// |β − teacher|²/|teacher|².
    pub(crate) fn error(&self, beta: &Vector) -> f64 {
        (beta - &self.teacher).norm_squared() / self.teacher.norm_squared()
    }
}
