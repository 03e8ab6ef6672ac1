//! Features with targets, from which regressions of all weights are made.

use theoria_instances::families::{gaussian, gaussian_matrix};
use theoria_models::numerics::minimum;
use theoria_models::objectives::{Knot, Lasso, LassoPath};
use theoria_models::{Matrix, Vector};
use theoria_verification::{Check, Family, Hypothesis, Instance};

use super::penalised::{diabetes_data, numbers};
use super::ridge_path::RidgePath;

/// X and y.
#[derive(Clone)]
pub(crate) struct Samples {
    name: String,
    pub(crate) features: Matrix,
    pub(crate) targets: Vector,
}

impl Samples {
    pub(crate) fn new(name: &str, features: Matrix, targets: Vector) -> Self {
        Samples { name: name.into(), features, targets }
    }

    /// |X a - y|² + weight |a|₁
    pub(crate) fn lasso(&self, weight: f64) -> Lasso {
        Lasso::new(self.features.clone(), self.targets.clone(), weight)
    }

    /// 2|Xᵀy|_∞
    pub(crate) fn threshold(&self) -> f64 {
        self.lasso(0.0).threshold()
    }

    pub(crate) fn path(&self) -> LassoPath {
        LassoPath::of(&self.features, &self.targets)
    }

    pub(crate) fn ridge(&self) -> RidgePath {
        RidgePath::of(&self.features, &self.targets)
    }

    pub(crate) fn dimension(&self) -> usize {
        self.features.ncols()
    }
}

impl Instance for Samples {
    fn description(&self) -> String {
        let (n, d) = self.features.shape();
        if n * d > 12 {
            return format!("{}: {n} samples of {d} features", self.name);
        }
        let rows: Vec<String> = self.features.row_iter().map(|row| numbers(row.iter())).collect();
        format!("{}: rows of X {}, y = {}", self.name, rows.join(" "), numbers(&self.targets))
    }

    fn needs() -> String {
        "features and targets".into()
    }
}

impl AsRef<Samples> for Samples {
    fn as_ref(&self) -> &Samples {
        self
    }
}

/// The diabetes data, columns of norm 1.
pub(crate) fn diabetes_samples() -> Samples {
    let (features, targets) = diabetes_data();
    Samples::new("diabetes", features, targets)
}

pub(crate) fn diabetes() -> Family<Samples> {
    Family::single("diabetes", diabetes_samples)
}

/// Standard normal features and targets.
pub(crate) fn gaussian_samples(n: usize, d: usize) -> Family<Samples> {
    Family::drawn(&format!("Gaussian, {n} samples of {d} features"), move |draw| {
        Samples::new("Gaussian", gaussian_matrix(n, d, draw), gaussian(n, draw))
    })
}

/// Orthonormal columns.
pub(crate) fn orthonormal() -> Family<Samples> {
    Family::drawn("orthonormal columns", |draw| {
        let d = draw.size(2..=8);
        let n = d + draw.size(1..=5);
        let features = gaussian_matrix(n, d, draw).qr().q();
        Samples::new("orthonormal", features, gaussian(n, draw) * 3.0)
    })
}

pub(crate) fn general_position<I: AsRef<Samples>>() -> Hypothesis<I> {
    Hypothesis::new("general position", |at: &I, _| {
        let path = at.as_ref().path();
        let knots = path.knots();
        let apart = |pair: &[Knot]| 1.0 - pair[1].weight / pair[0].weight;
        let nearest = knots.windows(2).map(apart).fold(1.0, minimum);
        Check::at_least(nearest, 1e-8, "relative distance of two knots")
    })
}

/// Columns that are all independent.
pub(crate) fn full_column_rank() -> Hypothesis<Samples> {
    Hypothesis::new("independent columns", |at: &Samples, _| {
        if at.features.ncols() > at.features.nrows() {
            return Check::that(false, "more columns than samples");
        }
        let values = at.features.singular_values();
        Check::at_least(
            values.min() / values.max(),
            1e-7,
            "smallest singular value over the largest",
        )
    })
}
