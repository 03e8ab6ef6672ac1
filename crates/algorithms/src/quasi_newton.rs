//! Quasi-Newton methods with a dense matrix.

use nalgebra::{DMatrix, DVector};
use theoria_models::oracle::Oracle;
use theoria_models::point::{InnerProduct, Point, Scalar};

use crate::range::is_finite;
use crate::{Method, Ray, Scratch, StepLength};

/// How a quasi-Newton method changes its matrix H, which stands for the inverse of the Hessian, after a step s along which the gradient changed by
/// y. Each takes H to a matrix with H y = s, the *secant equation*.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Update {
    /// H ← (I - s yᵀ/ρ) H (I - y sᵀ/ρ) + s sᵀ/ρ with ρ = y·s (Broyden, Fletcher, Goldfarb, Shanno 1970): of all symmetric matrices with H y = s
    /// the nearest, in the norm of any W with W s = y. It stays positive definite if and only if y·s > 0.
    Bfgs,
    /// H ← H - H y yᵀH/(y·H y) + s sᵀ/(y·s) (Davidon 1959; Fletcher, Powell 1963): BFGS with the roles of H and its inverse, s and y, exchanged.
    Dfp,
    /// H ← H + r rᵀ/(r·y) with r = s - H y: the only symmetric change of rank one. It need not stay positive definite.
    SymmetricRankOne,
    /// H ← H + (s - H y) sᵀH/(s·H y): Broyden's good method (1965), whose inverse changes least; for equations, whose Jacobians have no symmetry.
    Broyden,
}

impl Update {
    /// Changes H by this rule. Whether it did: not where a denominator vanishes, or is not finite.
    pub fn apply<S: Scalar>(
        self,
        inverse: &mut DMatrix<S>,
        step: &DVector<S>,
        change: &DVector<S>,
    ) -> bool {
        let image = times(inverse, change);
        let missing = |i: usize| step[i].clone() - image[i].clone();
        let secant = product(step, change);
        match self {
            Update::Bfgs => {
                usable(&secant) && {
                    let image_change = product(&image, change);
                    let both = S::from(1.0) + image_change / secant.clone();
                    add(inverse, |i, j| {
                        let square = both.clone() * (step[i].clone() * step[j].clone());
                        let mixed =
                            step[i].clone() * image[j].clone() + image[i].clone() * step[j].clone();
                        (square - mixed) / secant.clone()
                    })
                }
            }
            Update::Dfp => {
                let length = product(&image, change);
                usable(&secant) && usable(&length) && {
                    add(inverse, |i, j| {
                        step[i].clone() * step[j].clone() / secant.clone()
                            - image[i].clone() * image[j].clone() / length.clone()
                    })
                }
            }
            Update::SymmetricRankOne => {
                let denominator = sum((0..step.len()).map(|i| missing(i) * change[i].clone()));
                usable(&denominator)
                    && add(inverse, |i, j| missing(i) * missing(j) / denominator.clone())
            }
            Update::Broyden => {
                let rows = transposed_times(inverse, step);
                let denominator = product(step, &image);
                usable(&denominator)
                    && add(inverse, |i, j| missing(i) * rows[j].clone() / denominator.clone())
            }
        }
    }
}

/// x ← x - h H ∇f(x), where H is [updated](Update) after each step, and h is chosen by a [rule](StepLength).
///
/// Superlinear near a minimiser whose Hessian is invertible (Dennis, Moré 1974), with one gradient a step and no Hessian; d² numbers and of the
/// order of d² operations. In any numbers: in fractions, with the exact step, it ends at the minimiser of a quadratic after d steps. The
/// gradient at x is kept from the step before, so x must not be moved in between.
///
/// ```
/// use nalgebra::DMatrix;
/// use theoria_algorithms::{QuasiNewton, StrongWolfe, Trajectory, Update};
/// use theoria_models::{Objective, Vector, objectives::CurvedValley};
///
/// let (f, start) = (CurvedValley::new(100.0), Vector::from_vec(vec![-1.2, 1.0]));
/// let mut bfgs = QuasiNewton::new(Update::Bfgs, DMatrix::identity(2, 2), StrongWolfe::default());
/// let run = Trajectory::of(&mut bfgs, &f, &start, 40);
/// assert!(f.gradient_at(&run.last()).norm() < 1e-9);
/// ```
#[derive(Debug, Clone)]
pub struct QuasiNewton<S, L> {
    update: Update,
    length: L,
    inverse: DMatrix<S>,
    gradient: Option<DVector<S>>,
    value: Option<f64>,
    direction: Scratch<DVector<S>>,
    to: Scratch<DVector<S>>,
    gradient_there: Scratch<DVector<S>>,
    pair: Option<(DVector<S>, DVector<S>)>,
    step_length: Option<S>,
    updated: bool,
}

impl<S: Scalar, L> QuasiNewton<S, L> {
    /// With this update, H before the first step, and this rule for step lengths.
    ///
    /// # Panics
    /// If the matrix is not square.
    pub fn new(update: Update, inverse: DMatrix<S>, length: L) -> Self {
        assert!(inverse.is_square(), "H is square, not {} by {}", inverse.nrows(), inverse.ncols());
        QuasiNewton {
            update,
            length,
            inverse,
            gradient: None,
            value: None,
            direction: Scratch::default(),
            to: Scratch::default(),
            gradient_there: Scratch::default(),
            pair: None,
            step_length: None,
            updated: false,
        }
    }

    /// H
    pub fn inverse(&self) -> &DMatrix<S> {
        &self.inverse
    }

    /// s and y of the last step that was made.
    pub fn pair(&self) -> Option<(&DVector<S>, &DVector<S>)> {
        self.pair.as_ref().map(|(step, change)| (step, change))
    }

    /// h of the last step; none where no step was made, because no length was found.
    pub fn step_length(&self) -> Option<&S> {
        self.step_length.as_ref()
    }

    /// Whether H was changed after the last step.
    pub fn updated(&self) -> bool {
        self.updated
    }

    /// The rule for step lengths, which may know how much it has computed.
    pub fn length(&self) -> &L {
        &self.length
    }
}

impl<S, L, O> Method<DVector<S>, O> for QuasiNewton<S, L>
where
    S: Scalar,
    DVector<S>: InnerProduct<Scalar = S, Product = S>,
    L: StepLength<DVector<S>, O>,
    O: Oracle<DVector<S>> + ?Sized,
{
    fn step(&mut self, oracle: &O, x: &mut DVector<S>) {
        let gradient = self.gradient.get_or_insert_with(|| {
            let mut gradient = x.zero_like();
            oracle.gradient(x, &mut gradient);
            gradient
        });
        let direction = self.direction.like(x);
        for i in 0..x.len() {
            direction[i] = -row_times(&self.inverse, i, gradient);
        }
        let (to, there) = (self.to.like(x), self.gradient_there.like(x));
        let ray = Ray { at: x, gradient, direction, value: self.value };
        let found = self.length.search(oracle, &ray, to, there);
        self.updated = found.is_some();
        self.step_length = None;
        if let Some(found) = found {
            (self.step_length, self.value) = (Some(found.step), found.value);
            let (step, change) = self.pair.get_or_insert_with(|| (x.zero_like(), x.zero_like()));
            step.assign(to);
            step.axpy((-1.0).into(), x);
            change.assign(there);
            change.axpy((-1.0).into(), gradient);
            std::mem::swap(x, to);
            std::mem::swap(gradient, there);
            self.updated = self.update.apply(&mut self.inverse, step, change);
        }
    }
}

fn sum<S: Scalar>(terms: impl Iterator<Item = S>) -> S {
    terms.fold(S::from(0.0), |sum, term| sum + term)
}

fn product<S: Scalar>(one: &DVector<S>, other: &DVector<S>) -> S {
    sum(one.iter().zip(other.iter()).map(|(a, b)| a.clone() * b.clone()))
}

fn row_times<S: Scalar>(matrix: &DMatrix<S>, i: usize, vector: &DVector<S>) -> S {
    sum((0..vector.len()).map(|j| matrix[(i, j)].clone() * vector[j].clone()))
}

fn times<S: Scalar>(matrix: &DMatrix<S>, vector: &DVector<S>) -> DVector<S> {
    DVector::from_fn(matrix.nrows(), |i, _| row_times(matrix, i, vector))
}

fn transposed_times<S: Scalar>(matrix: &DMatrix<S>, vector: &DVector<S>) -> DVector<S> {
    DVector::from_fn(matrix.ncols(), |j, _| {
        sum((0..vector.len()).map(|i| matrix[(i, j)].clone() * vector[i].clone()))
    })
}

/// Adds to each entry.
fn add<S: Scalar>(matrix: &mut DMatrix<S>, entry: impl Fn(usize, usize) -> S) -> bool {
    for j in 0..matrix.ncols() {
        for i in 0..matrix.nrows() {
            matrix[(i, j)] = matrix[(i, j)].clone() + entry(i, j);
        }
    }
    true
}

/// Whether one can divide by it.
fn usable<S: Scalar>(denominator: &S) -> bool {
    is_finite(denominator) && *denominator != S::from(0.0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use theoria_models::numerics::Fraction;

    use super::*;

    const UPDATES: [Update; 4] =
        [Update::Bfgs, Update::Dfp, Update::SymmetricRankOne, Update::Broyden];

    fn whole(count: usize) -> impl Strategy<Value = DVector<Fraction>> {
        proptest::collection::vec(-9..=9i64, count).prop_map(|entries| {
            DVector::from_vec(entries.into_iter().map(Fraction::from).collect())
        })
    }

    fn symmetric(entries: &DVector<Fraction>) -> DMatrix<Fraction> {
        DMatrix::from_fn(3, 3, |i, j| entries[i.max(j) * (i.max(j) + 1) / 2 + i.min(j)].clone())
    }

    proptest! {
        #[test]
        fn the_secant_equation_holds_exactly(entries in whole(6), step in whole(3), change in whole(3)) {
            for update in UPDATES {
                let mut inverse = symmetric(&entries);
                if update.apply(&mut inverse, &step, &change) {
                    prop_assert_eq!(&inverse * &change, step.clone());
                    prop_assert!(update == Update::Broyden || inverse == inverse.transpose());
                } else {
                    prop_assert_eq!(inverse, symmetric(&entries));
                }
            }
        }

        #[test]
        fn bfgs_is_its_product_form(entries in whole(6), step in whole(3), change in whole(3)) {
            let (before, mut after) = (symmetric(&entries), symmetric(&entries));
            if Update::Bfgs.apply(&mut after, &step, &change) {
                let outer = |a: &DVector<Fraction>, b: &DVector<Fraction>| {
                    let secant = product(&step, &change);
                    DMatrix::from_fn(3, 3, |i, j| a[i].clone() * b[j].clone() / secant.clone())
                };
                let left = DMatrix::identity(3, 3) - outer(&step, &change);
                prop_assert_eq!(after, &left * before * left.transpose() + outer(&step, &step));
            }
        }
    }
}
