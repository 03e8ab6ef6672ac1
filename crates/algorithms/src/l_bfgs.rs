//! BFGS with limited memory.

use theoria_models::oracle::Oracle;
use theoria_models::point::{InnerProduct, Point};

use crate::range::is_finite;
use crate::{Method, Ray, Scratch, StepLength};

/// x ← x - h H ∇f(x), where H is what BFGS makes of a multiple of the identity by the last m pairs: s, a step, and y, by which the gradient
/// changed along it (Nocedal 1980).
///
/// H is never formed: two loops over the pairs apply it, with 4md + d + 2m + 1 multiplications and divisions; 2md + 2m numbers are kept. Before
/// the pairs stands γ I with γ = y·s/|y|² of the newest one, and with γ = 1 before there is one, unless a multiple is [given](LBfgs::scaled).
/// A pair with y·s <= ε|y||s| is skipped, so that H stays positive definite. After m steps nothing is allocated any more. Gradient and value at x are
/// kept from the step before, so x must not be moved in between; where no step length is found, x stays and the memory is emptied, and
/// [`stalled`](LBfgs::stalled) says so.
///
/// ```
/// use theoria_algorithms::{LBfgs, StrongWolfe, Trajectory};
/// use theoria_models::{Objective, Vector, objectives::CurvedValley};
///
/// let (f, start) = (CurvedValley::new(100.0), Vector::from_vec(vec![-1.2, 1.0]));
/// let run = Trajectory::of(LBfgs::new(5, StrongWolfe::default()), &f, &start, 50);
/// assert!(f.gradient_at(&run.last()).norm() < 1e-9);
/// ```
#[derive(Debug, Clone)]
pub struct LBfgs<P: Point, L> {
    memory: usize,
    length: L,
    scale: Option<P::Scalar>,
    /// The pairs, the oldest at `oldest` if there are as many as the memory holds, else at 0.
    pairs: Vec<Pair<P>>,
    oldest: usize,
    spare: Option<Pair<P>>,
    gradient: Option<P>,
    value: Option<f64>,
    direction: Scratch<P>,
    to: Scratch<P>,
    gradient_there: Scratch<P>,
    coefficients: Vec<P::Scalar>,
    skipped: usize,
    stalled: bool,
}

impl<P, L> LBfgs<P, L>
where
    P: InnerProduct<Product = <P as Point>::Scalar>,
{
    /// With a memory of m >= 1 pairs, and this rule for step lengths.
    ///
    /// # Panics
    /// If the memory holds nothing.
    pub fn new(memory: usize, length: L) -> Self {
        assert!(memory > 0, "the memory m is at least 1, not {memory}");
        LBfgs {
            memory,
            length,
            scale: None,
            pairs: Vec::with_capacity(memory),
            oldest: 0,
            spare: None,
            gradient: None,
            value: None,
            direction: Scratch::default(),
            to: Scratch::default(),
            gradient_there: Scratch::default(),
            coefficients: Vec::with_capacity(memory),
            skipped: 0,
            stalled: false,
        }
    }

    /// With the same γ before the loops at every step.
    #[must_use]
    pub fn scaled(mut self, scale: P::Scalar) -> Self {
        self.scale = Some(scale);
        self
    }

    /// The pairs s and y that are kept, the oldest first.
    pub fn pairs(&self) -> impl DoubleEndedIterator<Item = (&P, &P)> {
        self.in_order().map(|pair| (&pair.step, &pair.change))
    }

    /// How many pairs were skipped, because y·s was not positive or too small.
    pub fn skipped(&self) -> usize {
        self.skipped
    }

    /// Whether no step length was found at the last step, which then was none.
    pub fn stalled(&self) -> bool {
        self.stalled
    }

    /// The rule for step lengths, which may know how much it has computed.
    pub fn length(&self) -> &L {
        &self.length
    }

    /// γ, which stands before the loops.
    pub fn scale(&self) -> P::Scalar {
        let newest = || self.in_order().next_back();
        self.scale.clone().unwrap_or_else(|| {
            newest().map_or(1.0.into(), |pair| pair.secant.clone() / pair.square.clone())
        })
    }

    /// Replaces a point by H times it, in two loops over the pairs.
    pub fn inverse_times(&mut self, point: &mut P) {
        let mut coefficients = std::mem::take(&mut self.coefficients);
        coefficients.clear();
        for pair in self.in_order().rev() {
            let coefficient = pair.step.inner_product(point) / pair.secant.clone();
            point.axpy(-coefficient.clone(), &pair.change);
            coefficients.push(coefficient);
        }
        point.scale(self.scale());
        for (pair, coefficient) in self.in_order().zip(coefficients.iter().rev()) {
            let other = pair.change.inner_product(point) / pair.secant.clone();
            point.axpy(coefficient.clone() - other, &pair.step);
        }
        self.coefficients = coefficients;
    }

    fn in_order(&self) -> impl DoubleEndedIterator<Item = &Pair<P>> {
        let (newer, older) = self.pairs.split_at(self.oldest);
        older.iter().chain(newer)
    }

    /// Keeps the pair in `spare`, in the place of the oldest where the memory is full, unless it is skipped.
    fn keep(&mut self) {
        let Some(mut pair) = self.spare.take() else { return };
        pair.secant = pair.step.inner_product(&pair.change);
        pair.square = pair.change.inner_product(&pair.change);
        let roundoff = P::Scalar::from(P::ROUNDOFF * P::ROUNDOFF);
        let sizes = pair.square.clone() * pair.step.inner_product(&pair.step);
        // False for NaN.
        let bends_up = pair.secant > 0.0.into()
            && pair.secant.clone() * pair.secant.clone() > roundoff * sizes
            && is_finite(&pair.square);
        if !bends_up {
            self.skipped += 1;
            self.spare = Some(pair);
        } else if self.pairs.len() < self.memory {
            self.pairs.push(pair);
        } else {
            self.spare = Some(std::mem::replace(&mut self.pairs[self.oldest], pair));
            self.oldest = (self.oldest + 1) % self.memory;
        }
    }
}

impl<P, L, O> Method<P, O> for LBfgs<P, L>
where
    P: InnerProduct<Product = <P as Point>::Scalar>,
    L: StepLength<P, O>,
    O: Oracle<P> + ?Sized,
{
    fn step(&mut self, oracle: &O, x: &mut P) {
        let mut gradient = self.gradient.take().unwrap_or_else(|| {
            let mut gradient = x.zero_like();
            oracle.gradient(x, &mut gradient);
            gradient
        });
        let mut direction = std::mem::take(&mut self.direction);
        let along = direction.like(x);
        along.assign(&gradient);
        self.inverse_times(along);
        along.scale((-1.0).into());
        let (to, there) = (self.to.like(x), self.gradient_there.like(x));
        let ray = Ray { at: x, gradient: &gradient, direction: along, value: self.value };
        let found = self.length.search(oracle, &ray, to, there);
        self.stalled = found.is_none();
        if let Some(found) = found {
            self.value = found.value;
            let pair = self.spare.get_or_insert_with(|| Pair {
                step: x.zero_like(),
                change: x.zero_like(),
                secant: 0.0.into(),
                square: 0.0.into(),
            });
            pair.step.assign(to);
            pair.step.axpy((-1.0).into(), x);
            pair.change.assign(there);
            pair.change.axpy((-1.0).into(), &gradient);
            std::mem::swap(x, to);
            std::mem::swap(&mut gradient, there);
            self.keep();
        } else {
            self.pairs.clear();
            self.oldest = 0;
        }
        self.gradient = Some(gradient);
        self.direction = direction;
    }
}

/// s and y with y·s and |y|².
#[derive(Debug, Clone)]
struct Pair<P: Point> {
    step: P,
    change: P,
    secant: P::Scalar,
    square: P::Scalar,
}

#[cfg(test)]
mod tests {
    use nalgebra::{DMatrix, DVector};
    use proptest::prelude::*;
    use theoria_models::Vector;
    use theoria_models::numerics::Fraction;
    use theoria_models::objectives::Quadratic;

    use super::*;
    use crate::{ConstantStep, StrongWolfe, Update};

    type Exact = DVector<Fraction>;

    /// ∇f(x) = x + x², coordinate by coordinate, each with its factor.
    struct Cubic;

    impl Oracle<Exact> for Cubic {
        fn gradient(&self, at: &Exact, into: &mut Exact) {
            for i in 0..at.len() {
                let (x, factor) = (at[i].clone(), Fraction::from(i as i64 + 1));
                into[i] = factor * (x.clone() + x.clone() * x);
            }
        }
    }

    proptest! {
        #[test]
        fn two_loops_are_bfgs_from_a_multiple_of_the_identity(start in proptest::collection::vec(-8..=8i64, 3), v in proptest::collection::vec(-8..=8i64, 3)) {
            let whole = |entries: Vec<i64>| DVector::from_vec(entries.into_iter().map(|n| Fraction::ratio(n, 4)).collect::<Vec<_>>());
            let (mut x, v) = (whole(start), whole(v));
            let mut method = LBfgs::new(2, ConstantStep::new(Fraction::ratio(1, 8)));
            for _ in 0..3 {
                method.step(&Cubic, &mut x);
            }
            let mut dense = DMatrix::<Fraction>::identity(3, 3) * method.scale();
            for (step, change) in method.pairs() {
                prop_assert!(Update::Bfgs.apply(&mut dense, step, change));
            }
            let mut by_loops = v.clone();
            method.inverse_times(&mut by_loops);
            prop_assert_eq!(by_loops, dense * v);
        }
    }

    #[test]
    fn the_oldest_pair_gives_way() {
        let f = Quadratic::diagonal(&[1.0, 3.0, 10.0]);
        let mut x = Vector::from_element(3, 1.0);
        let mut method = LBfgs::new(2, StrongWolfe::default());
        let mut steps = Vec::new();
        for _ in 0..5 {
            let before = x.clone();
            method.step(&f, &mut x);
            steps.push(&x - before);
            let kept: Vec<&Vector> = method.pairs().map(|(step, _)| step).collect();
            let expected: Vec<&Vector> = steps.iter().rev().take(2).rev().collect();
            assert_eq!(kept, expected);
        }
    }

    #[test]
    fn where_it_bends_down_a_pair_is_skipped() {
        let mut x = DVector::from_element(1, Fraction::ratio(-3, 4));
        let mut method = LBfgs::new(2, ConstantStep::new(Fraction::ratio(1, 8)));
        method.step(&Cubic, &mut x);
        assert_eq!((method.skipped(), method.pairs().count()), (1, 0));
    }

    #[test]
    fn at_a_minimiser_it_rests() {
        let f = Quadratic::diagonal(&[1.0]);
        let mut x = Vector::from_vec(vec![0.0]);
        let mut method = LBfgs::new(2, StrongWolfe::default());
        method.step(&f, &mut x);
        assert!(method.stalled() && x[0] == 0.0);
    }
}
