//! Logistic regression with a ridge on the breast cancer data, or on a part of them.

use std::sync::OnceLock;

use nalgebra::{Dyn, SymmetricEigen};
use rand::Rng;
use rand::seq::SliceRandom;
use theoria_models::data::breast_cancer;
use theoria_models::objectives::{LogisticRegression, Regularisation};
use theoria_models::{Matrix, Objective, Property, Vector};
use theoria_verification::{Check, Constant, Hypothesis, Instance};

/// Mean logistic loss of a linear classifier with a constant feature, and μ|w|²/2.
pub(crate) struct RidgeClassifier {
    features: Matrix,
    labels: Vector,
    ridge: f64,
    objective: LogisticRegression,
    spectrum: OnceLock<Option<SymmetricEigen<f64, Dyn>>>,
}

/// Features with a constant one, and labels, read once.
fn tumours() -> &'static (Matrix, Vector) {
    static TUMOURS: OnceLock<(Matrix, Vector)> = OnceLock::new();
    TUMOURS.get_or_init(|| {
        let data = breast_cancer();
        let columns = data.features.ncols();
        (data.features.insert_column(columns, 1.0), data.targets)
    })
}

impl Instance for RidgeClassifier {
    fn description(&self) -> String {
        format!("{} tumours, μ = {}", self.samples(), self.ridge)
    }

    fn constants(&self) -> Vec<Constant> {
        vec![Constant::exact("μ", self.ridge), Constant::exact("L", self.smoothness())]
    }
}

impl RidgeClassifier {
    fn new(features: Matrix, labels: Vector, ridge: f64) -> Self {
        let regularisation = Regularisation::Ridge(ridge);
        let objective = LogisticRegression::new(&features, &labels, regularisation);
        RidgeClassifier { features, labels, ridge, objective, spectrum: OnceLock::new() }
    }

    /// All 569 tumours.
    pub(crate) fn cancer(ridge: f64) -> Self {
        let (features, labels) = tumours();
        RidgeClassifier::new(features.clone(), labels.clone(), ridge)
    }

    /// A random half of them.
    pub(crate) fn half_of_cancer<R: Rng + ?Sized>(ridge: f64, random: &mut R) -> Self {
        let (features, labels) = tumours();
        let mut rows: Vec<usize> = (0..labels.len()).collect();
        rows.shuffle(random);
        rows.truncate(labels.len() / 2);
        RidgeClassifier::new(features.select_rows(&rows), labels.select_rows(&rows), ridge)
    }

    /// The same data with another μ.
    pub(crate) fn with_ridge(&self, ridge: f64) -> Self {
        RidgeClassifier::new(self.features.clone(), self.labels.clone(), ridge)
    }

    pub(crate) fn objective(&self) -> &(dyn Objective + 'static) {
        &self.objective
    }

    pub(crate) fn samples(&self) -> usize {
        self.features.nrows()
    }

    /// μ
    pub(crate) fn ridge(&self) -> f64 {
        self.ridge
    }

    /// L = λ_max(ZᵀZ)/(4n) + μ
    pub(crate) fn smoothness(&self) -> f64 {
        self.objective.required(Property::Smoothness)
    }

    /// κ = L/μ
    pub(crate) fn condition_number(&self) -> f64 {
        self.smoothness() / self.ridge
    }

    /// 0
    pub(crate) fn start(&self) -> Vector {
        Vector::zeros(self.features.ncols())
    }

    /// The spectrum of the Hessian at the minimiser.
    pub(crate) fn hessian_at_the_minimiser(&self) -> Option<&SymmetricEigen<f64, Dyn>> {
        let spectrum = || {
            let minimiser = self.objective.nearest_minimiser(&self.start())?;
            Some(self.objective.hessian(&minimiser)?.symmetric_eigen())
        };
        self.spectrum.get_or_init(spectrum).as_ref()
    }
}

/// μ > 0, without which separable data have no minimiser.
pub(crate) fn ridge() -> Hypothesis<RidgeClassifier> {
    Hypothesis::new("ridge", |p: &RidgeClassifier, _| {
        Check::that(p.ridge > 0.0, format!("μ = {}", p.ridge))
    })
}
