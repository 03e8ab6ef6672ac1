//! The volume element of a minimum: log det of the Hessian across the set of minimisers.

use crate::Matrix;
use theoria_elementary::ln;

/// How the normal space of the set of minimisers is told from its tangent space.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum NormalSpace {
    /// It is spanned by the eigenvectors of this many largest eigenvalues.
    Codimension(usize),
    /// It is spanned by the eigenvectors of eigenvalues above this share of the largest.
    AboveShare(f64),
}

/// Why a Hessian has no determinant on the normal space.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum NotNormal {
    /// The matrix is not square, or not finite.
    #[error("a Hessian is a square matrix of finite numbers")]
    NotAHessian,
    /// More normal directions are asked for than there are directions.
    #[error("codimension {codimension} in dimension {dimension}")]
    TooManyDirections {
        /// What is asked for.
        codimension: usize,
        /// What there is.
        dimension: usize,
    },
    /// An eigenvalue on the normal space is not positive.
    #[error("the eigenvalue {eigenvalue} on the normal space is not positive")]
    NotPositive {
        /// The eigenvalue.
        eigenvalue: f64,
    },
}

/// log det of a Hessian on the normal space.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogDeterminant {
    /// Sum of the logarithms of the eigenvalues, natural.
    pub value: f64,
    /// Number of eigenvalues that count.
    pub codimension: usize,
    /// Largest absolute eigenvalue that does not count, over the smallest that does: 0 where the
    /// split is clean; the value means little where this is near 1.
    pub overlap: f64,
}

/// log det of a symmetric H on the normal space of the set of minimisers, from all its eigenvalues.
/// The empty sum, 0, where the codimension is 0. Only the lower triangle is read.
///
/// # Errors
/// If H is not a square matrix of finite numbers, has too few directions, or is not positive on those
/// that count.
///
/// ```
/// use theoria_models::{Matrix, Vector, flatness::{NormalSpace, log_determinant}};
///
/// let hessian = Matrix::from_diagonal(&Vector::from_vec(vec![2.0, 0.0, 8.0]));
/// let found = log_determinant(&hessian, NormalSpace::AboveShare(1e-9)).unwrap();
/// assert!((found.value - 16.0f64.ln()).abs() < 1e-12 && found.codimension == 2);
/// ```
pub fn log_determinant(hessian: &Matrix, normal: NormalSpace) -> Result<LogDeterminant, NotNormal> {
    if !hessian.is_square() || hessian.iter().any(|entry| !entry.is_finite()) {
        return Err(NotNormal::NotAHessian);
    }
    let mut spectrum = hessian.symmetric_eigenvalues().as_slice().to_vec();
    spectrum.sort_by(|a, b| b.total_cmp(a));
    let codimension = match normal {
        NormalSpace::Codimension(codimension) => codimension,
        NormalSpace::AboveShare(share) => {
            let least = share * spectrum.first().copied().unwrap_or(0.0).max(0.0);
            spectrum.iter().take_while(|&&value| value > least).count()
        }
    };
    if codimension > spectrum.len() {
        return Err(NotNormal::TooManyDirections { codimension, dimension: spectrum.len() });
    }
    let (counting, rest) = spectrum.split_at(codimension);
    if let Some(&eigenvalue) = counting.iter().find(|&&value| value <= 0.0) {
        return Err(NotNormal::NotPositive { eigenvalue });
    }
    let left_over = rest.iter().fold(0.0, |most: f64, value| most.max(value.abs()));
    Ok(LogDeterminant {
        value: counting.iter().map(|value| ln(*value)).sum(),
        codimension,
        overlap: counting.last().map_or(0.0, |least| left_over / least),
    })
}
