//! Linear programmes and convex quadratic programmes.

use clarabel::solver::SupportedConeT::{NonnegativeConeT, ZeroConeT};
use theoria_models::{Matrix, Vector};

use super::ReferenceError;
use super::conic::Conic;

/// Minimise xᵀPx/2 + q·x subject to A x = b and G x <= h, with P symmetric positive semidefinite; a
/// linear programme where P = 0.
///
/// ```
/// use theoria_models::{Matrix, Vector};
/// use theoria_references::ConvexProgramme;
///
/// // The largest x + 2y in the triangle x, y >= 0, x + y <= 1 is 2.
/// let triangle = Matrix::from_row_slice(3, 2, &[1.0, 1.0, -1.0, 0.0, 0.0, -1.0]);
/// let solution = ConvexProgramme::linear(Vector::from_vec(vec![-1.0, -2.0]))
///     .at_most(&triangle, &Vector::from_vec(vec![1.0, 0.0, 0.0]))
///     .solve()
///     .unwrap();
/// assert!((solution.value + 2.0).abs() < 1e-9 && solution.gap.abs() < 1e-9);
/// ```
#[derive(Debug, Clone)]
pub struct ConvexProgramme {
    quadratic: Matrix,
    cost: Vector,
    equal: (Matrix, Vector),
    at_most: (Matrix, Vector),
    fits: bool,
}

/// A solution with its multipliers: P x + q + Aᵀy + Gᵀz = 0, z >= 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Solution {
    /// The minimiser x.
    pub point: Vector,
    /// Multipliers y of the equalities, in the order in which they were given.
    pub equality_multipliers: Vector,
    /// Multipliers z of the inequalities, in the order in which they were given.
    pub inequality_multipliers: Vector,
    /// The value xᵀPx/2 + q·x.
    pub value: f64,
    /// The value minus that of the dual, −xᵀPx/2 − b·y − h·z.
    pub gap: f64,
    /// The largest violation of a constraint, of z >= 0 or of stationarity, in absolute numbers.
    pub residual: f64,
}

impl ConvexProgramme {
    /// Minimise `cost`·x.
    pub fn linear(cost: Vector) -> Self {
        Self::quadratic(Matrix::zeros(cost.len(), cost.len()), cost)
    }

    /// Minimise xᵀPx/2 + `cost`·x for P = `quadratic`, symmetric positive semidefinite.
    pub fn quadratic(quadratic: Matrix, cost: Vector) -> Self {
        let none = || (Matrix::zeros(0, cost.len()), Vector::zeros(0));
        ConvexProgramme {
            fits: quadratic.shape() == (cost.len(), cost.len()),
            quadratic,
            equal: none(),
            at_most: none(),
            cost,
        }
    }

    /// Adds the constraints `rows` x = `right`.
    #[must_use]
    pub fn equal(mut self, rows: &Matrix, right: &Vector) -> Self {
        self.fits &= append(&mut self.equal, rows, right);
        self
    }

    /// Adds the constraints `rows` x <= `right`.
    #[must_use]
    pub fn at_most(mut self, rows: &Matrix, right: &Vector) -> Self {
        self.fits &= append(&mut self.at_most, rows, right);
        self
    }

    /// The solution.
    ///
    /// # Errors
    /// If sizes do not fit or numbers are not finite, if no point is feasible, if the objective is not
    /// bounded below, or if the solver gives up.
    pub fn solve(&self) -> Result<Solution, ReferenceError> {
        let (a, b) = &self.equal;
        let (g, h) = &self.at_most;
        if !self.fits {
            return Err(ReferenceError::Input("sizes of the programme do not fit"));
        }
        let matrices = [&self.quadratic, a, g];
        let finite = |numbers: &[f64]| numbers.iter().all(|number| number.is_finite());
        if !matrices.iter().all(|m| finite(m.as_slice()))
            || ![&self.cost, b, h].iter().all(|v| finite(v.as_slice()))
        {
            return Err(ReferenceError::Input("a number of the programme is not finite"));
        }
        let mut rows = (a.clone(), b.clone());
        append(&mut rows, g, h);
        let solved = Conic {
            quadratic: &self.quadratic,
            cost: &self.cost,
            rows: &rows.0,
            right: &rows.1,
            cones: &[ZeroConeT(b.len()), NonnegativeConeT(h.len())],
        }
        .solve()?;
        let x = solved.point;
        let y = solved.multipliers.rows(0, b.len()).into_owned();
        let z = solved.multipliers.rows(b.len(), h.len()).into_owned();
        let bent = &self.quadratic * &x;
        let energy = x.dot(&bent) / 2.0;
        let value = energy + self.cost.dot(&x);
        let stationarity = bent + &self.cost + a.tr_mul(&y) + g.tr_mul(&z);
        let excess = |values: Vector| values.iter().fold(0.0, |most: f64, v| most.max(*v));
        let violations =
            [stationarity.amax(), (a * &x - b).amax(), excess(g * &x - h), excess(-&z)];
        Ok(Solution {
            gap: value + energy + b.dot(&y) + h.dot(&z),
            residual: violations.into_iter().fold(0.0, f64::max),
            point: x,
            equality_multipliers: y,
            inequality_multipliers: z,
            value,
        })
    }
}

/// Appends rows, or says that they do not fit.
fn append(to: &mut (Matrix, Vector), rows: &Matrix, right: &Vector) -> bool {
    if rows.ncols() != to.0.ncols() || rows.nrows() != right.len() {
        return false;
    }
    let (before, more) = (to.0.nrows(), rows.nrows());
    let mut all = to.0.clone().resize_vertically(before + more, 0.0);
    all.rows_mut(before, more).copy_from(rows);
    let mut sides = to.1.clone().resize_vertically(before + more, 0.0);
    sides.rows_mut(before, more).copy_from(right);
    *to = (all, sides);
    true
}
