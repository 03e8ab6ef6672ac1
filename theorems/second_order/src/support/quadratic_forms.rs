//! Quadratics, and systems of linear equations, in any numbers.

use nalgebra::{DMatrix, DVector};
use theoria_algorithms::{ConstantStep, Method, QuadraticStep, QuasiNewton, StepLength, Update};
use theoria_models::elimination;
use theoria_models::numerics::Fraction;
use theoria_models::oracle::{Curvature, Oracle};
use theoria_models::point::{InnerProduct, Scalar};
use theoria_verification::{Check, Draw, Family, Hypothesis, Instance};

use super::changed::Exact;
use super::updates::{Column, positive, shown, whole};

/// x ↦ A x − b, the gradient of a quadratic where A is symmetric.
#[derive(Debug, Clone)]
pub(crate) struct Linear<S> {
    pub(crate) matrix: DMatrix<S>,
    pub(crate) right: DVector<S>,
}

impl<S: Scalar> Linear<S> {
    fn times(&self, vector: &DVector<S>, i: usize) -> S {
        (0..vector.len())
            .fold(S::from(0.0), |sum, j| sum + self.matrix[(i, j)].clone() * vector[j].clone())
    }
}

impl<S: Scalar> Oracle<DVector<S>> for Linear<S> {
    fn gradient(&self, at: &DVector<S>, into: &mut DVector<S>) {
        for i in 0..at.len() {
            into[i] = self.times(at, i) - self.right[i].clone();
        }
    }
}

impl<S: Scalar> Curvature<DVector<S>> for Linear<S> {
    fn hessian_times(&self, _: &DVector<S>, direction: &DVector<S>, into: &mut DVector<S>) {
        for i in 0..direction.len() {
            into[i] = self.times(direction, i);
        }
    }
}

/// How long steps are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Length {
    /// To the minimum along the direction.
    Exact,
    /// 1
    Unit,
}

/// A system in fractions with H before the first step, and a start.
#[derive(Debug, Clone)]
pub(crate) struct System {
    pub(crate) oracle: Linear<Fraction>,
    pub(crate) inverse: Exact,
    pub(crate) start: Column,
    length: Length,
}

/// What a run came to.
#[derive(Debug, Clone)]
pub(crate) struct Ran<S> {
    /// The start first.
    pub(crate) iterates: Vec<DVector<S>>,
    /// H after the last step.
    pub(crate) inverse: DMatrix<S>,
    /// Whether H was changed after each step from where the gradient was not 0.
    pub(crate) always_updated: bool,
}

/// So many steps from here.
pub(crate) fn run<S, L>(
    oracle: &Linear<S>,
    mut method: QuasiNewton<S, L>,
    start: &DVector<S>,
    steps: usize,
) -> Ran<S>
where
    S: Scalar,
    DVector<S>: InnerProduct<Scalar = S, Product = S>,
    L: StepLength<DVector<S>, Linear<S>>,
{
    let (mut x, mut always_updated) = (start.clone(), true);
    let mut gradient = start.clone();
    let mut iterates = vec![x.clone()];
    for _ in 0..steps {
        oracle.gradient(&x, &mut gradient);
        let ended = gradient.iter().all(|slope| *slope == S::from(0.0));
        method.step(oracle, &mut x);
        always_updated &= method.updated() || ended;
        iterates.push(x.clone());
    }
    Ran { iterates, inverse: method.inverse().clone(), always_updated }
}

impl Instance for System {
    fn description(&self) -> String {
        format!(
            "A = ({}), b = ({}), H₀ = ({}), x₀ = ({})",
            shown(&self.oracle.matrix),
            shown(&self.oracle.right),
            shown(&self.inverse),
            shown(&self.start)
        )
    }
}

impl System {
    pub(crate) fn dimension(&self) -> usize {
        self.start.len()
    }

    pub(crate) fn run(&self, update: Update, steps: usize) -> Ran<Fraction> {
        let inverse = self.inverse.clone();
        match self.length {
            Length::Exact => {
                let method = QuasiNewton::new(update, inverse, QuadraticStep::default());
                run(&self.oracle, method, &self.start, steps)
            }
            Length::Unit => {
                let method = QuasiNewton::new(update, inverse, ConstantStep::unit());
                run(&self.oracle, method, &self.start, steps)
            }
        }
    }

    /// A⁻¹ b
    pub(crate) fn solution(&self) -> Option<Column> {
        elimination::solve(&self.oracle.matrix, &self.oracle.right)
    }

    /// The columns (H₀ A)^j H₀ g₀ for j < n.
    fn krylov(&self, columns: usize) -> Exact {
        let mut column = &self.inverse * (&self.oracle.matrix * &self.start - &self.oracle.right);
        let mut basis = Exact::from_element(self.dimension(), columns, Fraction::from(0));
        for j in 0..columns {
            basis.set_column(j, &column);
            column = &self.inverse * (&self.oracle.matrix * column);
        }
        basis
    }

    /// The dimension of the space of all these columns.
    pub(crate) fn krylov_rank(&self) -> usize {
        elimination::rank(&self.krylov(self.dimension()))
    }

    /// Where the quadratic is least on the start plus the space of n of these columns: what conjugate gradients compute.
    pub(crate) fn least(&self, steps: usize) -> Option<Column> {
        let basis = self.krylov(steps);
        let gradient = &self.oracle.matrix * &self.start - &self.oracle.right;
        let small = basis.transpose() * &self.oracle.matrix * &basis;
        let weights = elimination::solve(&small, &(basis.transpose() * gradient))?;
        Some(&self.start - basis * weights)
    }
}

/// Positive definite A and H₀ in up to so many dimensions.
pub(crate) fn quadratics(most: usize, length: Length) -> Family<System> {
    let name = match length {
        Length::Exact => "quadratics, exact line search",
        Length::Unit => "quadratics, unit steps",
    };
    Family::drawn(name, move |draw| quadratic(2, most, length, draw))
}

/// One of them, in dimensions from `least` to `most`.
pub(crate) fn quadratic(least: usize, most: usize, length: Length, draw: &mut Draw) -> System {
    let size = draw.size(least..=most);
    let matrix = positive(size, draw);
    let inverse = positive(size, draw);
    system(matrix, inverse, length, draw)
}

/// One in two and one in three dimensions, on which no step is lucky.
pub(crate) fn worked_quadratics(length: Length) -> Family<System> {
    let make = move |size: usize| {
        let matrix = Exact::from_fn(size, size, |i, j| {
            Fraction::from(if i == j { 2 + i as i64 } else { 1 })
        });
        worked(matrix, length)
    };
    Family::listed("worked quadratics", [2, 3], move |size| make(*size))
}

/// The same without symmetry.
pub(crate) fn worked_systems() -> Family<System> {
    Family::listed("worked systems", [2, 3], |&size| {
        let matrix = Exact::from_fn(size, size, |i, j| {
            Fraction::from(if i == j { 4 + i as i64 } else { 3 + 2 * i as i64 - j as i64 })
        });
        worked(matrix, Length::Unit)
    })
}

fn worked(matrix: Exact, length: Length) -> System {
    let size = matrix.nrows();
    let right = Column::from_fn(size, |i, _| Fraction::from(1 + (i * i) as i64));
    let start = Column::from_fn(size, |i, _| Fraction::from(2 - 3 * i as i64));
    let inverse = Exact::identity(size, size) / Fraction::from(4);
    System { oracle: Linear { matrix, right }, inverse, start, length }
}

/// A without symmetry, in two or three dimensions.
pub(crate) fn systems() -> Family<System> {
    Family::drawn("systems of linear equations", |draw| {
        let size = draw.size(2..=3);
        let matrix = Exact::from_fn(size, size, |i, j| {
            whole(draw) + Fraction::from(if i == j { 4 } else { 0 })
        });
        let inverse = Exact::identity(size, size) / Fraction::from(4);
        system(matrix, inverse, Length::Unit, draw)
    })
}

fn system(matrix: Exact, inverse: Exact, length: Length, draw: &mut Draw) -> System {
    let size = matrix.nrows();
    let right = Column::from_fn(size, |_, _| whole(draw));
    let start = Column::from_fn(size, |_, _| whole(draw));
    System { oracle: Linear { matrix, right }, inverse, start, length }
}

/// The columns (H₀ A)^j H₀ g₀ are independent: fewer than d steps do not end there.
pub(crate) fn takes_all_steps() -> Hypothesis<System> {
    Hypothesis::new("no lucky start", |it: &System, _| {
        let rank = it.krylov_rank();
        Check::that(rank == it.dimension(), format!("Krylov space of dimension {rank}"))
    })
}

/// A x = b has one solution.
pub(crate) fn solvable() -> Hypothesis<System> {
    Hypothesis::new("A invertible", |it: &System, _| {
        let determinant = elimination::determinant(&it.oracle.matrix);
        Check::that(determinant != Fraction::from(0), format!("det A = {determinant}"))
    })
}

/// The gradient after each step is orthogonal to the step.
pub(crate) fn exact_line_search(update: Update) -> Hypothesis<System> {
    Hypothesis::new("exact line search", move |it: &System, _| {
        let ran = it.run(update, it.dimension());
        let exact = ran.iterates.windows(2).filter(|pair| {
            let gradient = &it.oracle.matrix * &pair[1] - &it.oracle.right;
            gradient.dot(&(&pair[1] - &pair[0])) == Fraction::from(0)
        });
        let count = exact.count();
        Check::that(
            count == it.dimension(),
            format!("no slope is left after {count} of {} steps", it.dimension()),
        )
    })
}

/// No update was left out before the end.
pub(crate) fn always_updated(update: Update, steps: fn(usize) -> usize) -> Hypothesis<System> {
    Hypothesis::new("denominators", move |it: &System, _| {
        let ran = it.run(update, steps(it.dimension()));
        Check::that(ran.always_updated, "no denominator vanishes")
    })
}
