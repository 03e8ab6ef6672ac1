//! Instances on real data.

use theoria_models::data::{breast_cancer, diabetes};
use theoria_models::objectives::{
    Lasso, LeastAbsoluteDeviations, LeastSquares, LogisticRegression, Regularisation,
};
use theoria_models::{Matrix, Vector};
use theoria_verification::Family;

use crate::{CompositeProblem, Problem};

/// Least squares on the diabetes data, from 0.
pub fn diabetes_least_squares() -> Family<Problem> {
    Family::single("diabetes, least squares", || {
        let data = diabetes();
        let objective = LeastSquares::new(data.features, data.targets).named("diabetes");
        Problem::new(objective, Vector::zeros(10))
    })
}

/// Least squares on the diabetes data with every feature twice, so that the minimisers form a
/// 10-dimensional space, from 0.
pub fn diabetes_with_doubled_features() -> Family<Problem> {
    Family::single("diabetes, doubled features", || {
        let data = diabetes();
        let mut doubled = Matrix::zeros(data.features.nrows(), 20);
        for j in 0..20 {
            doubled.set_column(j, &data.features.column(j / 2));
        }
        let objective = LeastSquares::new(doubled, data.targets).named("diabetes, doubled");
        Problem::new(objective, Vector::zeros(20))
    })
}

/// Logistic regression with a ridge of 0.01 on the breast cancer data, from (0.5, ..., 0.5).
pub fn cancer_logistic() -> Family<Problem> {
    cancer("breast cancer, logistic", Regularisation::Ridge(0.01))
}

/// Logistic regression with a regularisation that is not convex on the breast cancer data, from
/// (0.5, ..., 0.5).
pub fn cancer_nonconvex_logistic() -> Family<Problem> {
    cancer("breast cancer, non-convex logistic", Regularisation::NonConvex(0.1))
}

fn cancer(name: &str, regularisation: Regularisation) -> Family<Problem> {
    Family::single(name, move || {
        let data = breast_cancer();
        let objective = LogisticRegression::new(&data.features, &data.targets, regularisation);
        // Off 0, where the non-convex regularisation is flat.
        let start = Vector::from_element(30, 0.5);
        Problem::new(objective.named("breast cancer"), start)
    })
}

/// Least absolute deviations on the diabetes data, from 0.
pub fn diabetes_least_absolute() -> Family<Problem> {
    Family::single("diabetes, least absolute deviations", || {
        let data = diabetes();
        let objective = LeastAbsoluteDeviations::new(data.features, data.targets);
        Problem::new(objective.named("diabetes"), Vector::zeros(10))
    })
}

/// The LASSO with weight 5 on the diabetes data, from 0.
pub fn diabetes_lasso() -> Family<CompositeProblem> {
    Family::single("diabetes, LASSO", || {
        let data = diabetes();
        CompositeProblem::new(
            Lasso::averaged(data.features, data.targets, 5.0).composite(),
            Vector::zeros(10),
        )
    })
}
