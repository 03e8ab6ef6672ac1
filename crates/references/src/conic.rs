//! The conic solver, seen through dense matrices.

use clarabel::algebra::CscMatrix;
use clarabel::solver::{DefaultSettings, DefaultSolver, IPSolver, SolverStatus, SupportedConeT};
use theoria_models::{Matrix, Vector};

/// Why there is no reference solution.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ReferenceError {
    /// Sizes that do not fit, or a number that is not finite.
    #[error("{0}")]
    Input(&'static str),
    /// No point satisfies the constraints A x = b, G x <= h: (y, z) with Aᵀy + Gᵀz = 0, z >= 0 and
    /// b·y + h·z < 0 proves it (Farkas).
    #[error("no point satisfies the constraints")]
    Infeasible {
        /// Multipliers y of the equalities, then z of the inequalities.
        certificate: Vector,
    },
    /// The objective falls without end along this ray.
    #[error("the objective is not bounded below")]
    Unbounded {
        /// Direction of recession.
        ray: Vector,
    },
    /// The classes cannot be separated by a hyperplane through the origin.
    #[error("the classes cannot be separated by a hyperplane through the origin")]
    NotSeparable,
    /// The solver stopped before it had an answer.
    #[error("the solver gave up: {0}")]
    NotSolved(String),
}

/// Minimise xᵀPx/2 + q·x where b − A x lies in a product of cones.
pub(super) struct Conic<'a> {
    /// P, of which the upper triangle is read.
    pub(super) quadratic: &'a Matrix,
    pub(super) cost: &'a Vector,
    /// A.
    pub(super) rows: &'a Matrix,
    /// b.
    pub(super) right: &'a Vector,
    pub(super) cones: &'a [SupportedConeT<f64>],
}

/// A solution of a conic programme and the multipliers of its rows.
pub(super) struct Solved {
    pub(super) point: Vector,
    pub(super) multipliers: Vector,
}

/// The longest step towards the boundary of the cones, in two attempts: the solver's own setting
/// stalls now and then on exponential cones, where a shorter step gets through.
const STEP_FRACTIONS: [f64; 2] = [0.99, 0.9];

impl Conic<'_> {
    pub(super) fn solve(&self) -> Result<Solved, ReferenceError> {
        let [usual, shorter] = STEP_FRACTIONS;
        match self.attempt(usual) {
            Err(ReferenceError::NotSolved(_)) => self.attempt(shorter),
            answer => answer,
        }
    }

    fn attempt(&self, max_step_fraction: f64) -> Result<Solved, ReferenceError> {
        let settings = DefaultSettings {
            verbose: false,
            max_step_fraction,
            tol_gap_abs: 1e-11,
            tol_gap_rel: 1e-11,
            tol_feas: 1e-11,
            reduced_tol_gap_abs: 1e-7,
            reduced_tol_gap_rel: 1e-7,
            reduced_tol_feas: 1e-7,
            ..DefaultSettings::default()
        };
        let mut solver = DefaultSolver::new(
            &sparse(&self.quadratic.upper_triangle()),
            self.cost.as_slice(),
            &sparse(self.rows),
            self.right.as_slice(),
            self.cones,
            settings,
        )
        .map_err(|error| ReferenceError::NotSolved(error.to_string()))?;
        solver.solve();
        let solution = &solver.solution;
        let point = Vector::from_column_slice(&solution.x);
        let multipliers = Vector::from_column_slice(&solution.z);
        match solution.status {
            SolverStatus::Solved | SolverStatus::AlmostSolved => Ok(Solved { point, multipliers }),
            SolverStatus::PrimalInfeasible => {
                Err(ReferenceError::Infeasible { certificate: multipliers })
            }
            SolverStatus::DualInfeasible => Err(ReferenceError::Unbounded { ray: point }),
            status => Err(ReferenceError::NotSolved(format!("{status:?}"))),
        }
    }
}

fn sparse(dense: &Matrix) -> CscMatrix<f64> {
    let (mut starts, mut rows, mut numbers) = (vec![0], Vec::new(), Vec::new());
    for column in dense.column_iter() {
        for (row, &number) in column.iter().enumerate().filter(|(_, n)| **n != 0.0) {
            rows.push(row);
            numbers.push(number);
        }
        starts.push(rows.len());
    }
    CscMatrix::new(dense.nrows(), dense.ncols(), starts, rows, numbers)
}
