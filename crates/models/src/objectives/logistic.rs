//! Logistic regression.

mod samples;

use std::sync::OnceLock;

use crate::numerics::not_negative;
use crate::products::{add_weighed, inner_products};
use crate::{Constant, Matrix, Minimum, Objective, Vector};
use theoria_elementary::{exp, ln_1p};

/// What is added to the logistic loss.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Regularisation {
    /// Nothing: convex; on separable data the infimum 0 is not attained.
    None,
    /// weight |w|²/2: weight-strongly convex.
    Ridge(f64),
    /// weight Σ w_i²/(1 + w_i²): not convex.
    NonConvex(f64),
}

/// f(w) = Σ log(1 + exp(-y_i x_i·w))/n + regularisation, with labels y_i = ±1.
///
/// L is the largest eigenvalue of XᵀX/(4n) plus what the regularisation adds: the ridge's weight, or
/// twice the weight of the non-convex one (the second derivative of w²/(1+w²) lies in [-1/2, 2]).
/// With a ridge, the minimum is found by Newton's method and certified by f - f* <= |∇f|²/(2 mu).
///
/// ```
/// use theoria_models::{Objective, data::breast_cancer};
/// use theoria_models::objectives::{LogisticRegression, Regularisation};
///
/// let data = breast_cancer();
/// let f = LogisticRegression::new(&data.features, &data.targets, Regularisation::Ridge(0.01));
/// assert_eq!(f.strong_convexity().unwrap().value, 0.01);
/// assert!(f.minimum().unwrap().error < 1e-12);
/// ```
#[derive(Debug, Clone)]
pub struct LogisticRegression {
    /// Rows are y_i x_i.
    signed: Matrix,
    /// The same transposed: the features of one sample side by side.
    rows: Matrix,
    regularisation: Regularisation,
    largest: f64,
    name: String,
    minimiser: OnceLock<Option<Vector>>,
}

impl LogisticRegression {
    /// With features X, n x d, and labels ±1.
    ///
    /// # Panics
    /// If there are not as many labels as rows, a label is neither 1 nor -1, or a weight is negative or not
    /// finite.
    pub fn new(features: &Matrix, labels: &Vector, regularisation: Regularisation) -> Self {
        let (samples, dimension) = features.shape();
        assert_eq!(samples, labels.len(), "as many labels as samples");
        assert!(labels.iter().all(|y| y.abs() == 1.0), "labels are 1 or -1");
        if let Regularisation::Ridge(weight) | Regularisation::NonConvex(weight) = regularisation {
            not_negative(weight, "the weight of the regularisation");
        }
        let mut signed = features.clone();
        for (mut row, label) in signed.row_iter_mut().zip(labels.iter()) {
            row *= *label;
        }
        let gram = signed.tr_mul(&signed) / (4.0 * samples as f64);
        LogisticRegression {
            largest: gram.symmetric_eigenvalues().max(),
            name: format!("logistic regression, {samples} samples of {dimension} features"),
            rows: signed.transpose(),
            signed,
            regularisation,
            minimiser: OnceLock::new(),
        }
    }

    /// The same problem under a name that says where the data come from.
    #[must_use]
    pub fn named(mut self, data: &str) -> Self {
        self.name = format!("{data}: {}", self.name);
        self
    }

    fn samples(&self) -> f64 {
        self.signed.nrows() as f64
    }

    /// y_i x_i·w for all i.
    fn margins(&self, w: &Vector) -> Vector {
        let mut margins = Vector::zeros(self.signed.nrows());
        inner_products(margins.as_mut_slice(), &self.rows, w);
        margins
    }

    /// Newton's method, damped until the value decreases.
    fn minimise(&self) -> Option<Vector> {
        let mu = self.strong_convexity()?.value;
        let mut w = Vector::zeros(self.dimension());
        for _ in 0..100 {
            let gradient = self.gradient_at(&w);
            let certified = gradient.norm_squared() / (2.0 * mu);
            let step = self.hessian(&w, mu).cholesky()?.solve(&gradient);
            let before = self.value(&w);
            let mut share = 1.0;
            while share > 1e-10 && self.value(&(&w - &step * share)) > before {
                share /= 2.0;
            }
            if certified <= f64::EPSILON * f64::EPSILON || share <= 1e-10 {
                break;
            }
            w.axpy(-share, &step, 1.0);
        }
        Some(w)
    }

    fn hessian(&self, w: &Vector, ridge: f64) -> Matrix {
        let margins = self.margins(w);
        let mut weighted = self.signed.clone();
        for (mut row, margin) in weighted.row_iter_mut().zip(margins.iter()) {
            row *= sigmoid(*margin) * sigmoid(-margin) / self.samples();
        }
        let mut hessian = self.signed.tr_mul(&weighted);
        for i in 0..self.dimension() {
            hessian[(i, i)] += ridge;
        }
        hessian
    }

    /// Adds `weight` times the gradient of the regularisation at `w`.
    fn add_regularisation_gradient(&self, weight: f64, w: &Vector, into: &mut Vector) {
        match self.regularisation {
            Regularisation::None => {}
            Regularisation::Ridge(ridge) => into.axpy(weight * ridge, w, 1.0),
            Regularisation::NonConvex(strength) => {
                into.zip_apply(w, |slope, w| *slope += weight * non_convex_slope(strength, w));
            }
        }
    }

    fn penalty(&self, w: &Vector) -> f64 {
        match self.regularisation {
            Regularisation::None => 0.0,
            Regularisation::Ridge(weight) => weight * w.norm_squared() / 2.0,
            Regularisation::NonConvex(weight) => {
                weight * w.iter().map(|w| w * w / (1.0 + w * w)).sum::<f64>()
            }
        }
    }

    fn minimiser(&self) -> Option<&Vector> {
        self.minimiser.get_or_init(|| self.minimise()).as_ref()
    }
}

/// log(1 + exp(-m)) without overflow.
fn loss(margin: f64) -> f64 {
    (-margin).max(0.0) + ln_1p(exp(-margin.abs()))
}

/// The derivative of strength w²/(1 + w²).
fn non_convex_slope(strength: f64, w: f64) -> f64 {
    strength * 2.0 * w / (1.0 + w * w).powi(2)
}

fn sigmoid(margin: f64) -> f64 {
    1.0 / (1.0 + exp(-margin))
}

impl Objective for LogisticRegression {
    fn describe(&self) -> String {
        match self.regularisation {
            Regularisation::None => self.name.clone(),
            Regularisation::Ridge(weight) => format!("{}, ridge {weight}", self.name),
            Regularisation::NonConvex(weight) => {
                format!("{}, non-convex regularisation {weight}", self.name)
            }
        }
    }

    fn dimension(&self) -> usize {
        self.signed.ncols()
    }

    fn value(&self, w: &Vector) -> f64 {
        self.margins(w).iter().map(|m| loss(*m)).sum::<f64>() / self.samples() + self.penalty(w)
    }

    fn gradient_into(&self, w: &Vector, into: &mut Vector) {
        into.fill(0.0);
        add_weighed(into, &self.rows, w, |_, margin| -sigmoid(-margin) / self.samples());
        self.add_regularisation_gradient(1.0, w, into);
    }

    fn value_and_gradient_into(&self, w: &Vector, into: &mut Vector) -> f64 {
        let mut losses = 0.0;
        into.fill(0.0);
        add_weighed(into, &self.rows, w, |_, margin| {
            losses += loss(margin);
            -sigmoid(-margin) / self.samples()
        });
        self.add_regularisation_gradient(1.0, w, into);
        losses / self.samples() + self.penalty(w)
    }

    fn hessian_vector(&self, w: &Vector, direction: &Vector) -> Option<Vector> {
        let margins = self.margins(w);
        let mut product = Vector::zeros(w.len());
        add_weighed(&mut product, &self.rows, direction, |sample, image| {
            let margin = margins[sample];
            image * sigmoid(margin) * sigmoid(-margin) / self.samples()
        });
        match self.regularisation {
            Regularisation::None => {}
            Regularisation::Ridge(weight) => product.axpy(weight, direction, 1.0),
            Regularisation::NonConvex(weight) => {
                for i in 0..w.len() {
                    let square = w[i] * w[i];
                    let bend = 2.0 * (1.0 - 3.0 * square) / (1.0 + square).powi(3);
                    product[i] += weight * bend * direction[i];
                }
            }
        }
        Some(product)
    }

    fn rounding(&self, w: &Vector) -> f64 {
        let margins = self.signed.norm() * w.norm() / self.samples().sqrt();
        16.0 * f64::EPSILON * (self.value(w) + margins)
    }

    fn smoothness(&self) -> Option<Constant> {
        let added = match self.regularisation {
            Regularisation::None => 0.0,
            Regularisation::Ridge(weight) => weight,
            Regularisation::NonConvex(weight) => 2.0 * weight,
        };
        Some(Constant::certified(self.largest + added))
    }

    fn strong_convexity(&self) -> Option<Constant> {
        match self.regularisation {
            Regularisation::Ridge(weight) if weight > 0.0 => Some(Constant::certified(weight)),
            _ => None,
        }
    }

    fn minimum(&self) -> Option<Minimum> {
        let mu = self.strong_convexity()?.value;
        let w = self.minimiser()?;
        Some(Minimum {
            value: self.value(w),
            error: self.gradient_at(w).norm_squared() / (2.0 * mu) + self.rounding(w),
        })
    }

    fn bounded_below(&self) -> Option<f64> {
        Some(self.minimum().map_or(0.0, |m| m.value - m.error))
    }

    fn nearest_minimiser(&self, _x: &Vector) -> Option<Vector> {
        self.minimiser().cloned()
    }
}
