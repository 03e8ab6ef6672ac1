//! Sparse vectors to be recovered from random measurements by the least l1 norm.

use std::sync::Arc;

use theoria_models::numerics::threshold;
use theoria_models::objectives::LassoPath;
use theoria_models::{Matrix, Vector};
use theoria_references::basis_pursuit;
use theoria_verification::{Family, Generator, Instance};

use super::descent_cone::{DescentCone, normal};

/// What is to be recovered, and from which features.
#[derive(Clone)]
pub(crate) struct Recovery {
    truth: Vector,
    /// Deviation of a part that all entries of a row share.
    pub(crate) common: f64,
    name: String,
}

impl Instance for Recovery {
    fn description(&self) -> String {
        self.name.clone()
    }
}

impl Recovery {
    pub(crate) fn cone(&self) -> Arc<DescentCone> {
        let nonzeros = self.truth.iter().filter(|a| **a != 0.0).count();
        DescentCone::of(self.truth.len(), nonzeros)
    }

    /// One row for each of so many measurements.
    fn features(&self, n: usize, random: &mut Generator) -> Matrix {
        let features = Matrix::from_fn(n, self.truth.len(), |_, _| normal(random));
        let shift = Vector::from_fn(n, |_, _| self.common * normal(random));
        Matrix::from_fn(n, self.truth.len(), |i, j| features[(i, j)] + shift[i])
    }

    /// Whether n measurements recover the coefficients; not a number where the solution is not certified.
    pub(crate) fn trial(&self, n: usize, random: &mut Generator) -> f64 {
        self.recovers(&self.features(n, random))
    }

    /// How many measurements, one after the other, it takes to recover them. More measurements never lose what was recovered.
    pub(crate) fn needed(&self, random: &mut Generator) -> f64 {
        let d = self.truth.len();
        let all = self.features(d, random);
        let recovers = |n: usize| match self.recovers(&all.rows(0, n).into_owned()) {
            1.0 => Some(true),
            0.0 => Some(false),
            _ => None,
        };
        // Fewer than twice the nonzeros hardly ever do.
        let nonzeros = self.truth.iter().filter(|a| **a != 0.0).count();
        threshold(d, 2 * nonzeros, recovers).map_or(f64::NAN, |n| n as f64)
    }

    fn recovers(&self, features: &Matrix) -> f64 {
        let targets = features * &self.truth;
        let path = LassoPath::of(features, &targets);
        if let Some(success) = self.certified(features, &targets, &path.at(0.0), path.dual()) {
            return success;
        }
        // Two knots of the path were too near to each other: by an interior-point method.
        let solved = basis_pursuit(features, &targets).ok();
        let certified =
            solved.and_then(|s| self.certified(features, &targets, &s.minimiser, &s.dual));
        certified.unwrap_or(f64::NAN)
    }

    /// Whether this solution is what was to be found, if the dual point proves that it is one.
    fn certified(&self, x: &Matrix, y: &Vector, found: &Vector, dual: &Vector) -> Option<f64> {
        let proved = x.tr_mul(dual).amax() <= 1.0 + 1e-8
            && (found.lp_norm(1) - y.dot(dual)).abs() <= 1e-8 * self.truth.lp_norm(1)
            && (x * found - y).amax() <= 1e-8 * y.amax();
        let right = (found - &self.truth).amax() <= 1e-6 * self.truth.amax();
        proved.then_some(f64::from(u8::from(right)))
    }
}

pub(crate) fn recovery(d: usize, coefficients: &[f64], name: &str) -> Recovery {
    let truth = Vector::from_fn(d, |j, _| coefficients.get(j).copied().unwrap_or(0.0));
    Recovery { truth, common: 0.0, name: format!("{} nonzeros of {d}, {name}", coefficients.len()) }
}

/// Equal ones, and such of all sizes and both signs.
pub(crate) fn coefficients() -> Family<Recovery> {
    Family::listed(
        "3 nonzeros of 32",
        [([1.0, 1.0, 1.0], "ones"), ([5.0, -0.3, 1.0], "5, −0.3, 1")],
        |(a, name)| recovery(32, a, name),
    )
}

pub(crate) fn larger() -> Family<Recovery> {
    Family::single("4 nonzeros of 64", || recovery(64, &[1.0, -1.0, 2.0, 0.5], "1, −1, 2, 0.5"))
}

pub(crate) fn common_part() -> Family<Recovery> {
    Family::single("3 nonzeros of 32, a common part", || Recovery {
        common: 3.0,
        ..recovery(32, &[1.0, 1.0, 1.0], "ones, entries with a common part")
    })
}
