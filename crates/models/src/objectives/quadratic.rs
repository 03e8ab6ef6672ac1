//! Quadratics with a prescribed spectrum.

use rand::Rng;
use rand_distr::{Distribution, StandardNormal};

use crate::numerics::{DoubleDouble, not_negative, written};
use crate::oracle::Proximal;
use crate::{Constant, Ensemble, Matrix, Minimum, Objective, PreciseObjective, Vector};

/// f(x) = (x - x*)ᵀ H (x - x*) / 2 with H = Q diag(spectrum) Qᵀ positive semidefinite.
///
/// L and mu are the largest and the smallest eigenvalue; the PL constant is the smallest one that
/// is not 0, since f does not change along the kernel.
///
/// ```
/// use theoria_models::{Objective, Vector, objectives::Quadratic};
/// let f = Quadratic::diagonal(&[1.0, 10.0]);
/// assert_eq!(f.value(&Vector::from_vec(vec![2.0, 1.0])), 7.0);
/// assert_eq!(f.smoothness().unwrap().value, 10.0);
/// ```
#[derive(Debug, Clone)]
pub struct Quadratic {
    spectrum: Vec<f64>,
    matrix: Matrix,
    /// Columns span the range of the Hessian; none if that is everything.
    range: Option<Matrix>,
    minimiser: Vector,
}

impl Quadratic {
    /// With these eigenvalues (not negative) along the coordinate axes, and its minimum at 0.
    ///
    /// # Panics
    /// If an eigenvalue is negative or not finite.
    pub fn diagonal(spectrum: &[f64]) -> Self {
        let identity = Matrix::identity(spectrum.len(), spectrum.len());
        Self::with_axes(spectrum, &identity)
    }

    /// With these eigenvalues (not negative) along the axes of a random rotation, and its minimum
    /// at 0.
    ///
    /// # Panics
    /// If an eigenvalue is negative or not finite.
    pub fn rotated(spectrum: &[f64], generator: &mut impl Rng) -> Self {
        Self::with_axes(spectrum, &rotation(spectrum.len(), generator))
    }

    /// With eigenvalues `spectrum` and eigenvectors the columns of the orthogonal matrix `axes`.
    fn with_axes(spectrum: &[f64], axes: &Matrix) -> Self {
        spectrum.iter().for_each(|eigenvalue| not_negative(*eigenvalue, "an eigenvalue"));
        let scaled = Matrix::from_diagonal(&Vector::from_row_slice(spectrum));
        let hessian = axes * scaled * axes.transpose();
        let curved: Vec<usize> = (0..spectrum.len()).filter(|&i| spectrum[i] > 0.0).collect();
        Quadratic {
            spectrum: spectrum.to_vec(),
            // Symmetric to the bit, whatever the order of the sums.
            matrix: (&hessian + hessian.transpose()) / 2.0,
            range: (curved.len() < spectrum.len()).then(|| axes.select_columns(&curved)),
            minimiser: Vector::zeros(spectrum.len()),
        }
    }

    /// The same quadratic with its minimum at `minimiser`.
    #[must_use]
    pub fn centred_at(mut self, minimiser: Vector) -> Self {
        self.minimiser = minimiser;
        self
    }

    /// The matrix H, d x d: the Hessian everywhere.
    pub fn matrix(&self) -> &Matrix {
        &self.matrix
    }

    /// The eigenvalues, in the order in which they were given.
    pub fn spectrum(&self) -> &[f64] {
        &self.spectrum
    }

    fn extreme(&self, better: fn(f64, f64) -> f64) -> Option<f64> {
        self.spectrum.iter().copied().reduce(better)
    }
}

/// A rotation or reflection distributed by Haar's measure: QR of a Gaussian matrix, with the signs
/// of R's diagonal moved into Q (Mezzadri 2007).
fn rotation(dimension: usize, generator: &mut impl Rng) -> Matrix {
    let gaussian = Matrix::from_fn(dimension, dimension, |_, _| StandardNormal.sample(generator));
    let (mut q, r) = gaussian.qr().unpack();
    for (i, mut column) in q.column_iter_mut().enumerate() {
        if r[(i, i)] < 0.0 {
            column.neg_mut();
        }
    }
    q
}

/// Exact: (I + step H) z = x + step H x*.
impl Proximal<Vector> for Quadratic {
    fn proximal(&self, step: f64, at: &mut Vector) {
        let size = self.dimension();
        let offset = &*at - &self.minimiser;
        let system = Matrix::identity(size, size) + &self.matrix * step;
        // Positive definite with eigenvalues from 1 on, so the factorisation exists for finite H.
        if let Some(factors) = system.cholesky() {
            at.copy_from(&(factors.solve(&offset) + &self.minimiser));
        }
    }
}

impl Objective for Quadratic {
    fn describe(&self) -> String {
        if self.dimension() <= 6 {
            let told: Vec<String> = self.spectrum.iter().map(|v| written(*v)).collect();
            return format!("quadratic with eigenvalues {}", told.join(", "));
        }
        format!("quadratic in dimension {}", self.dimension())
    }

    fn dimension(&self) -> usize {
        self.spectrum.len()
    }

    fn value(&self, x: &Vector) -> f64 {
        let offset = x - &self.minimiser;
        offset.dot(&(&self.matrix * &offset)) / 2.0
    }

    fn gradient_into(&self, x: &Vector, into: &mut Vector) {
        let offset = x - &self.minimiser;
        into.gemv(1.0, &self.matrix, &offset, 0.0);
    }

    /// Entry by entry of the Hessian, all trials side by side.
    fn gradient_block(&self, at: &Ensemble, into: &mut Ensemble) {
        into.numbers_mut().fill(0.0);
        for row in 0..self.dimension() {
            let slopes = into.coordinate_mut(row);
            for column in 0..self.dimension() {
                let (entry, centre) = (self.matrix[(row, column)], self.minimiser[column]);
                if entry != 0.0 {
                    for (slope, number) in slopes.iter_mut().zip(at.coordinate(column)) {
                        *slope += entry * (number - centre);
                    }
                }
            }
        }
    }

    fn value_block(&self, at: &Ensemble, into: &mut [f64]) {
        let mut slopes = at.clone();
        self.gradient_block(at, &mut slopes);
        into.fill(0.0);
        for (coordinate, centre) in self.minimiser.iter().enumerate() {
            let pairs = at.coordinate(coordinate).iter().zip(slopes.coordinate(coordinate));
            for (value, (number, slope)) in into.iter_mut().zip(pairs) {
                *value += (number - centre) * slope / 2.0;
            }
        }
    }

    fn hessian_vector(&self, _x: &Vector, direction: &Vector) -> Option<Vector> {
        Some(&self.matrix * direction)
    }

    fn hessian(&self, _x: &Vector) -> Option<Matrix> {
        Some(self.matrix.clone())
    }

    fn rounding(&self, x: &Vector) -> f64 {
        let offset = (x - &self.minimiser).norm();
        let smoothness = self.extreme(f64::max).unwrap_or(0.0);
        let cancelled = f64::EPSILON * (x.norm() + self.minimiser.norm());
        let dimension = self.dimension() as f64;
        smoothness * (offset * cancelled + cancelled * cancelled)
            + dimension.sqrt() * 16.0 * f64::EPSILON * smoothness * offset * offset
    }

    fn gradient_rounding(&self, x: &Vector) -> f64 {
        let smoothness = self.extreme(f64::max).unwrap_or(0.0);
        let size = x.norm() + self.minimiser.norm();
        4.0 * f64::EPSILON * (self.dimension() as f64).sqrt() * smoothness * size
    }

    fn smoothness(&self) -> Option<Constant> {
        self.extreme(f64::max).map(Constant::exact)
    }

    fn strong_convexity(&self) -> Option<Constant> {
        self.extreme(f64::min).filter(|&least| least > 0.0).map(Constant::exact)
    }

    fn lojasiewicz(&self) -> Option<Constant> {
        let positive = self.spectrum.iter().copied().filter(|&value| value > 0.0);
        positive.reduce(f64::min).map(Constant::exact)
    }

    fn minimum(&self) -> Option<Minimum> {
        Some(Minimum::exact(0.0))
    }

    fn nearest_minimiser(&self, x: &Vector) -> Option<Vector> {
        Some(match &self.range {
            None => self.minimiser.clone(),
            Some(range) => {
                let offset = x - &self.minimiser;
                x - range * (range.tr_mul(&offset))
            }
        })
    }

    /// Where it is diagonal: the eigenvalues of other matrices are what they are but for rounding.
    fn in_higher_precision(&self) -> Option<Box<dyn PreciseObjective + '_>> {
        let size = self.dimension();
        let off =
            |(row, column): (usize, usize)| row == column || self.matrix[(row, column)] == 0.0;
        let diagonal =
            (0..size).flat_map(|row| (0..size).map(move |column| (row, column))).all(off);
        diagonal.then(|| Box::new(Diagonal(self)) as Box<dyn PreciseObjective + '_>)
    }
}

/// A diagonal quadratic in higher precision.
struct Diagonal<'a>(&'a Quadratic);

impl Diagonal<'_> {
    /// Curvature and offset of each coordinate.
    fn parts(&self, x: &[DoubleDouble]) -> impl Iterator<Item = (DoubleDouble, DoubleDouble)> {
        x.iter().enumerate().map(|(i, &x)| {
            (self.0.matrix[(i, i)].into(), x - DoubleDouble::from(self.0.minimiser[i]))
        })
    }
}

impl PreciseObjective for Diagonal<'_> {
    fn value(&self, x: &[DoubleDouble]) -> DoubleDouble {
        let half = DoubleDouble::from(0.5);
        let parts = self.parts(x);
        parts.fold(DoubleDouble::default(), |sum, (l, offset)| sum + half * l * offset * offset)
    }

    fn gradient_into(&self, x: &[DoubleDouble], into: &mut [DoubleDouble]) {
        for (slope, (curvature, offset)) in into.iter_mut().zip(self.parts(x)) {
            *slope = curvature * offset;
        }
    }
}
