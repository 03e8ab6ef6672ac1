//! Box flatness after Hochreiter and Schmidhuber.

use crate::{Matrix, Vector};
use theoria_elementary::{exp, ln};

/// Newton steps before the box is given up; a dozen suffice in practice.
const STEPS: usize = 200;

/// Why there is no largest box.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum BoxError {
    /// The matrix is not square, empty or not finite.
    #[error("a Hessian is a square matrix of finite numbers, at least 1 x 1")]
    NotAHessian,
    /// The tolerance is not a positive number.
    #[error("the tolerance {0} is not positive")]
    Tolerance(f64),
    /// The loss is exactly flat along an axis: boxes of any volume fit.
    #[error("the Hessian is zero at ({axis}, {axis}): the box is not bounded along this axis")]
    FlatAxis {
        /// The axis.
        axis: usize,
    },
    /// The scaling did not converge.
    #[error("the largest box was not found: relative KKT residual {residual:e}")]
    NotFound {
        /// The largest violation of the KKT conditions.
        residual: f64,
    },
}

/// The largest box [θ − δ, θ + δ] with loss at most L(θ) + ε in the quadratic model, whatever the
/// signs of the entries of the Hessian H.
///
/// The volume Π 2δ_i is maximised subject to δᵀ|H|δ/2 <= ε with |H| taken entry by entry: no corner
/// s∘δ of the box, s a vector of signs, has a larger loss (s∘δ)ᵀH(s∘δ)/2. Convex in log δ; the
/// maximiser is the one point with δ_i (|H|δ)_i = 2ε/d for all i, found by Newton's method on
/// x ↦ xᵀ|H|x/2 − Σ log x_i, which scales |H| to a doubly stochastic matrix (Marshall, Olkin 1968).
/// For a diagonal H: δ_i = (2ε/(d H_ii))^(1/2). Where the signs of H can be undone by flipping axes
/// this is the largest box of the quadratic model itself; else a larger one may fit.
///
/// A rescaling θ = D θ' turns H into DHD and δ into D⁻¹δ: the log volume changes by −Σ log D_ii. Box
/// flatness: Hochreiter, Schmidhuber 1997, *Flat minima*; they approximate δ_i with the diagonal and
/// first-order terms of the outputs, here the quadratic problem itself is solved.
///
/// ```
/// use theoria_models::{Matrix, Vector, flatness::FlatBox};
///
/// let flat = FlatBox::new(&Matrix::from_diagonal(&Vector::from_vec(vec![1.0, 4.0])), 0.25).unwrap();
/// assert!((flat.half_widths() - Vector::from_vec(vec![0.5, 0.25])).norm() < 1e-12);
/// assert!((flat.description_length() - 1.0).abs() < 1e-12); // volume 1 x 1/2: one bit
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct FlatBox {
    half_widths: Vector,
    residual: f64,
}

impl FlatBox {
    /// For a symmetric Hessian, d x d, with non-zero diagonal, and a tolerance ε > 0 of the loss.
    ///
    /// # Errors
    /// See [`BoxError`].
    pub fn new(hessian: &Matrix, tolerance: f64) -> Result<Self, BoxError> {
        let dimension = hessian.nrows();
        let finite = hessian.iter().all(|entry| entry.is_finite());
        if !hessian.is_square() || dimension == 0 || !finite {
            return Err(BoxError::NotAHessian);
        }
        if !(tolerance > 0.0 && tolerance.is_finite()) {
            return Err(BoxError::Tolerance(tolerance));
        }
        if let Some(axis) = (0..dimension).find(|&i| hessian[(i, i)] == 0.0) {
            return Err(BoxError::FlatAxis { axis });
        }
        // In units of the diagonal box every scale is harmless.
        let unit = hessian.diagonal().map(|entry| entry.abs().sqrt().recip());
        let sizes =
            Matrix::from_fn(dimension, dimension, |i, j| unit[i] * hessian[(i, j)].abs() * unit[j]);
        let (scaling, residual) = doubly_stochastic(&sizes);
        if residual > 1e-9 {
            return Err(BoxError::NotFound { residual });
        }
        let common = (2.0 * tolerance / dimension as f64).sqrt();
        Ok(FlatBox { half_widths: scaling.component_mul(&unit) * common, residual })
    }

    /// Half-widths δ, d.
    pub fn half_widths(&self) -> &Vector {
        &self.half_widths
    }

    /// The largest |d δ_i (|H|δ)_i/(2ε) − 1|: 0 at the optimum.
    pub fn residual(&self) -> f64 {
        self.residual
    }

    /// Natural logarithm of the volume Π 2δ_i.
    pub fn log_volume(&self) -> f64 {
        self.half_widths.iter().map(|half| ln(2.0 * half)).sum()
    }

    /// −log₂ of the volume: the bits that it takes to name a box of this size in a unit volume.
    pub fn description_length(&self) -> f64 {
        -self.log_volume() / std::f64::consts::LN_2
    }

    /// The largest loss over all corners, max over signs s of (s∘δ)ᵀH(s∘δ)/2, by visiting them all
    /// with one sign changed at a time. For a diagonal that is nowhere negative this is the largest
    /// loss in the box.
    ///
    /// # Panics
    /// If H has not the size of the box, or the box has more than 24 axes.
    pub fn largest_corner(&self, hessian: &Matrix) -> f64 {
        let dimension = self.half_widths.len();
        assert_eq!(hessian.shape(), (dimension, dimension), "a Hessian of this box");
        assert!(dimension <= 24, "2^{dimension} corners are too many to visit");
        let mut corner = self.half_widths.clone();
        let mut slopes = hessian * &corner;
        let mut loss = corner.dot(&slopes) / 2.0;
        let mut largest = loss;
        // The Gray code changes one sign at a time; s and −s have one loss, so one sign stays.
        for step in 1u32..1 << (dimension - 1) {
            let axis = step.trailing_zeros() as usize;
            let change = -2.0 * corner[axis];
            loss += change * slopes[axis] + change * change * hessian[(axis, axis)] / 2.0;
            slopes.axpy(change, &hessian.column(axis), 1.0);
            corner[axis] = -corner[axis];
            largest = largest.max(loss);
        }
        largest
    }
}

/// The x > 0 with x_i (A x)_i = 1 for a symmetric A >= 0 with unit diagonal, and the largest
/// |x_i (A x)_i − 1|.
fn doubly_stochastic(sizes: &Matrix) -> (Vector, f64) {
    let dimension = sizes.nrows();
    let potential = |x: &Vector| x.dot(&(sizes * x)) / 2.0 - x.iter().map(|x| ln(*x)).sum::<f64>();
    // One step of Sinkhorn from ones puts every row near its sum.
    let mut x = (sizes * Vector::from_element(dimension, 1.0)).map(|sum| sum.sqrt().recip());
    let mut best = (x.clone(), f64::INFINITY);
    for _ in 0..STEPS {
        let rows = x.component_mul(&(sizes * &x));
        let slope = rows.add_scalar(-1.0);
        let residual = slope.amax();
        if residual < best.1 {
            best = (x.clone(), residual);
        } else if residual < 1e-12 {
            break;
        }
        // In log x the Hessian is diag(x) A diag(x) + diag(rows), positive definite.
        let mut bend = Matrix::from_fn(dimension, dimension, |i, j| x[i] * sizes[(i, j)] * x[j]);
        for i in 0..dimension {
            bend[(i, i)] += rows[i];
        }
        let Some(factor) = bend.cholesky() else { break };
        let step = -factor.solve(&slope);
        let before = potential(&x);
        let mut share = 1.0;
        let mut ahead;
        loop {
            ahead = x.zip_map(&step, |x, s| x * exp(share * s));
            let descent = 1e-4 * share * slope.dot(&step);
            let rounding = 1e-13 * before.abs().max(1.0);
            if potential(&ahead) <= before + descent + rounding || share < 1e-10 {
                break;
            }
            share /= 2.0;
        }
        x = ahead;
    }
    best
}
