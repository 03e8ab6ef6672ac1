//! The smallest factorisation with weights that has a local minimum which is not global.

use theoria_models::networks::MatrixSensing;
use theoria_models::{Matrix, Objective, Vector};
use theoria_verification::{
    Check, Claim, Content, Draw, Effort, Family, Group, Hypothesis, Instance, Line, Reading,
    Readings,
};

use super::factorisation::{FLAT, gaussian};

/// Σ w_ij (A − UV)_ij² for A = [[1, e], [e, 1]], one column, and weight w off the diagonal.
pub(crate) struct WeightedSquare {
    off: f64,
    weight: f64,
}

impl Instance for WeightedSquare {
    fn description(&self) -> String {
        format!("e = {}, w = {}", self.off, self.weight)
    }
}

/// The measurements of a square of two.
const ENTRIES: f64 = 4.0;

impl WeightedSquare {
    /// The loss over 8, as measurements of a matrix of rank 1.
    fn sensing(&self) -> MatrixSensing {
        let truth = Matrix::from_row_slice(2, 2, &[1.0, self.off, self.off, 1.0]);
        let weight = |i: usize, j: usize| if i == j { 1.0 } else { self.weight.sqrt() };
        let entries = [(0, 0), (0, 1), (1, 0), (1, 1)];
        let matrices = entries.map(|(i, j)| {
            let mut matrix = Matrix::zeros(2, 2);
            matrix[(i, j)] = weight(i, j);
            matrix
        });
        MatrixSensing::new(&[2, 1, 2], &truth, matrices.to_vec())
    }

    fn loss(&self, x: &Vector) -> f64 {
        2.0 * ENTRIES * self.sensing().value(x)
    }

    fn gradient(&self, x: &Vector) -> Vector {
        2.0 * ENTRIES * self.sensing().gradient_at(x)
    }

    /// p = (1 − we)/(1 + w)
    pub(crate) fn size(&self) -> f64 {
        (1.0 - self.weight * self.off) / (1.0 + self.weight)
    }

    /// The factors of p [[1, −1], [−1, 1]].
    fn local(&self) -> Vector {
        let root = self.size().sqrt();
        Vector::from_vec(vec![root, -root, root, -root])
    }

    /// Those of the best matrix of rank 1, p' [[1, 1], [1, 1]] with p' = (1 + we)/(1 + w).
    fn global(&self) -> Vector {
        let root = ((1.0 + self.weight * self.off) / (1.0 + self.weight)).sqrt();
        Vector::from_element(4, root)
    }

    fn minimum(&self) -> f64 {
        2.0 * self.weight * (1.0 - self.off).powi(2) / (1.0 + self.weight)
    }

    /// The smallest curvature at a point, but for that along u ↦ c u, v ↦ v/c, which is 0.
    fn smallest_curvature(&self, x: &Vector) -> f64 {
        // The first factor stands last.
        let scaling = Vector::from_vec(vec![-x[0], -x[1], x[2], x[3]]).normalize();
        let Some(hessian) = self.sensing().hessian(x) else { return f64::NAN };
        let hessian = 2.0 * ENTRIES * hessian;
        let lifted = &hessian + hessian.norm() * (&scaling * scaling.transpose());
        lifted.symmetric_eigenvalues().min()
    }
}

/// With weights so many times the threshold 1/(1 + 2e).
pub(crate) fn at_shares(name: &str, shares: &[f64]) -> Family<WeightedSquare> {
    let offs = [0.125, 0.25, 0.5, 0.75];
    let pairs: Vec<(f64, f64)> =
        shares.iter().flat_map(|share| offs.map(|off| (off, share / (1.0 + 2.0 * off)))).collect();
    Family::listed(name, pairs, |&(off, weight)| WeightedSquare { off, weight })
}

/// All weights 1.
pub(crate) fn unweighted() -> Family<WeightedSquare> {
    Family::listed("equal weights", [0.125, 0.25, 0.5, 0.75], |&off| WeightedSquare {
        off,
        weight: 1.0,
    })
}

/// For paper: e = 1/4, w = 1/3.
fn worked_weights() -> Family<WeightedSquare> {
    Family::single("worked example", || WeightedSquare { off: 0.25, weight: 1.0 / 3.0 })
}

fn equal_weights() -> Hypothesis<WeightedSquare> {
    Hypothesis::new("equal weights", |square: &WeightedSquare, _| {
        Check::that(square.weight == 1.0, format!("1 on and {} off the diagonal", square.weight))
    })
}

fn between_0_and_1() -> Hypothesis<WeightedSquare> {
    Hypothesis::new("0 < e < 1", |square: &WeightedSquare, _| {
        Check::that(square.off > 0.0 && square.off < 1.0, format!("e = {}", square.off))
    })
}

pub(crate) fn critical_with_weights() -> Claim<WeightedSquare> {
    Claim::identity(
        "gradient_vanishes_with_weights",
        "∇f = 0 at ±p [[1, −1], [−1, 1]] and p' [[1, 1], [1, 1]]",
        1e-12,
    )
    .assuming([between_0_and_1()])
    .on(worked_weights())
    .on(at_shares("weights around the threshold", &[0.3, 0.6, 0.97, 1.03, 1.5]))
    .measuring_each(|square: &WeightedSquare| {
        let points = [square.local(), square.global()].into_iter().enumerate();
        points.map(|(k, x)| (k, square.gradient(&x).norm())).collect()
    })
    .predicting(|_, _| 0.0)
}

impl WeightedSquare {
    /// 4 min{2p − 1, w (2p + e)}; with another number than 1 what a control says.
    pub(crate) fn predicted_curvature(&self, one: f64) -> f64 {
        let (p, off) = (self.size(), self.off * (1.0 + 5.0 / 3.0 * (1.0 - one)));
        4.0 * (2.0 * p - one).min(self.weight * (2.0 * p + off))
    }

    /// 2w (1 + e)²/(1 + w) and 2w (1 − e)²/(1 + w)
    pub(crate) fn predicted_loss(&self, k: f64) -> f64 {
        let sign = if k == 0.0 { 1.0 } else { -1.0 };
        2.0 * self.weight * (1.0 + sign * self.off).powi(2) / (1.0 + self.weight)
    }
}

pub(crate) fn weighted_losses(name: &str) -> Claim<WeightedSquare> {
    Claim::identity(name, "f = 2w (1 ± e)²/(1 + w)", 1e-10)
        .assuming([between_0_and_1()])
        .on(worked_weights())
        .on(at_shares("weights around the threshold", &[0.3, 0.6, 0.97, 1.03, 1.5]))
        .measuring_each(|square: &WeightedSquare| {
            let points = [square.local(), square.global()].into_iter().enumerate();
            points.map(|(k, x)| (k, square.loss(&x))).collect()
        })
        .predicting(WeightedSquare::predicted_loss)
}

pub(crate) fn weighted_curvature(name: &str) -> Claim<WeightedSquare> {
    Claim::identity(name, "smallest curvature = 4 min{2p − 1, w (2p + e)}", 1e-8)
        .assuming([between_0_and_1()])
        .on(worked_weights())
        .on(at_shares("weights around the threshold", &[0.3, 0.6, 0.97, 1.03, 1.5]))
        .measuring_each(|square: &WeightedSquare| {
            let curvature = square.smallest_curvature(&square.local());
            Readings::at(0, Reading::new(curvature, 1e-13))
        })
        .predicting(|square, _| square.predicted_curvature(1.0))
}

pub(crate) fn second_order_of_the_square(name: &str) -> Claim<WeightedSquare> {
    Claim::identity(name, "f − min f = 0 where ∇f = 0 and λ_min(∇²f) ≥ 0", 1e-10)
        .assuming([between_0_and_1(), equal_weights()])
        .measuring_each(|square: &WeightedSquare| {
            let points = [square.local(), square.global()].into_iter();
            let kept = points.filter(|x| square.smallest_curvature(x) >= -FLAT);
            kept.enumerate().map(|(k, x)| (k, square.loss(&x) - square.minimum())).collect()
        })
        .predicting(|_, _| 0.0)
}

pub(crate) fn basins(draw: &mut Draw, _: Effort) -> Content {
    const STARTS: usize = 100;
    let shares = (1..=14).map(|i| 0.1 * f64::from(i));
    let ends = shares.map(|share| {
        let square = WeightedSquare { off: 0.25, weight: share / 1.5 };
        let stuck = (0..STARTS).filter(|_| {
            let mut x = gaussian(4, 1.0, draw);
            for _ in 0..600 {
                x -= square.gradient(&x) * 0.1;
            }
            square.loss(&x) > square.minimum() * 1.01 + 1e-9
        });
        (share, stuck.count() as f64 / STARTS as f64)
    });
    let ends: Vec<(f64, f64)> = ends.collect();
    Content::Points {
        groups: vec![Group::new("starts that end there", ends)],
        lines: vec![Line::predicted("threshold", [(1.0, 0.0), (1.0, 1.0)])],
    }
}
