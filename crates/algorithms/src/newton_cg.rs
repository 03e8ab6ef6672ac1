//! Newton's method whose systems are solved by conjugate gradients.

use theoria_models::oracle::{Curvature, Oracle};
use theoria_models::point::{InnerProduct, Point, SquareRoot};

use crate::range::{below_one, positive};
use crate::{Method, Ray, Scratch, StepLength};

/// The share η of |∇f(x)| that the residual of a system may leave.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Forcing {
    /// Always the same η < 1: the error falls by this factor about.
    Constant(f64),
    /// η = min(½, |∇f(x)|^½): order 3/2.
    SquareRoot,
    /// η = min(½, |∇f(x)|): order 2.
    Linear,
}

/// x ← x + h p, where p solves H(x) p = -∇f(x) up to a residual of η|∇f(x)|, found by conjugate gradients from 0 (Dembo, Eisenstat, Steihaug
/// 1982). The Hessian H is asked for nothing but products.
///
/// How fast it converges η decides, the [forcing](Forcing). Where conjugate gradients meet a direction with p·H p <= 0 they end, with
/// what they have, or with -∇f(x) if that is nothing (Nocedal, Wright 2006, algorithm 7.1). Where no step length is found, x stays and
/// [`stalled`](NewtonCg::stalled) says so.
///
/// ```
/// use theoria_algorithms::{ConstantStep, Forcing, NewtonCg, Trajectory};
/// use theoria_models::{Vector, objectives::Quadratic, oracle::TwiceDifferentiable};
///
/// let (f, start) = (Quadratic::diagonal(&[1.0, 7.0]), Vector::from_vec(vec![1.0, 1.0]));
/// let oracle = TwiceDifferentiable::new(&f, &start)?;
/// let mut method = NewtonCg::new(Forcing::Constant(1e-8), ConstantStep::unit());
/// let run = Trajectory::of(&mut method, &oracle, &start, 1);
/// assert!(run.last().norm() < 1e-15);
/// assert_eq!(method.products(), 2);
/// # Ok::<(), theoria_models::oracle::NoHessian>(())
/// ```
#[derive(Debug, Clone)]
pub struct NewtonCg<P, L> {
    forcing: Forcing,
    length: L,
    gradient: Option<P>,
    value: Option<f64>,
    direction: Scratch<P>,
    residual: Scratch<P>,
    search: Scratch<P>,
    image: Scratch<P>,
    to: Scratch<P>,
    gradient_there: Scratch<P>,
    products: usize,
    stalled: bool,
}

impl<P: Point, L> NewtonCg<P, L> {
    /// Conjugate gradients that need more products in one step will not end.
    pub const MOST_PRODUCTS: usize = 10_000;

    /// With this forcing, and this rule for step lengths.
    ///
    /// # Panics
    /// If a constant η is not between 0 and 1.
    pub fn new(forcing: Forcing, length: L) -> Self {
        if let Forcing::Constant(eta) = forcing {
            below_one(positive(eta, "η"), "η");
        }
        NewtonCg {
            forcing,
            length,
            gradient: None,
            value: None,
            direction: Scratch::default(),
            residual: Scratch::default(),
            search: Scratch::default(),
            image: Scratch::default(),
            to: Scratch::default(),
            gradient_there: Scratch::default(),
            products: 0,
            stalled: false,
        }
    }

    /// How many products with Hessians were computed so far.
    pub fn products(&self) -> usize {
        self.products
    }

    /// Whether no step length was found at the last step, which then was none.
    pub fn stalled(&self) -> bool {
        self.stalled
    }
}

impl<P, L, O> Method<P, O> for NewtonCg<P, L>
where
    P: InnerProduct<Product = <P as Point>::Scalar>,
    P::Scalar: SquareRoot,
    L: StepLength<P, O>,
    O: Oracle<P> + Curvature<P> + ?Sized,
{
    fn step(&mut self, oracle: &O, x: &mut P) {
        let zero = P::Scalar::from(0.0);
        let gradient = self.gradient.get_or_insert_with(|| {
            let mut gradient = x.zero_like();
            oracle.gradient(x, &mut gradient);
            gradient
        });
        let (direction, residual) = (self.direction.like(x), self.residual.like(x));
        let (search, image) = (self.search.like(x), self.image.like(x));
        residual.assign(gradient);
        residual.scale((-1.0).into());
        search.assign(residual);
        let mut square = residual.inner_product(residual);
        let enough = self.forcing.square(square.clone()) * square.clone();
        let mut begun = false;
        for _ in 0..Self::MOST_PRODUCTS {
            // False for NaN.
            let goes_on = square > enough;
            if !goes_on {
                break;
            }
            oracle.hessian_times(x, search, image);
            self.products += 1;
            let curvature = search.inner_product(image);
            // False for NaN.
            let bends_up = curvature > zero;
            if !bends_up {
                break;
            }
            let alpha = square.clone() / curvature;
            if begun {
                direction.axpy(alpha.clone(), search);
            } else {
                direction.assign(search);
                direction.scale(alpha.clone());
                begun = true;
            }
            residual.axpy(-alpha, image);
            let next = residual.inner_product(residual);
            let beta = next.clone() / square;
            search.scale(beta);
            search.axpy(1.0.into(), residual);
            square = next;
        }
        if !begun {
            direction.assign(gradient);
            direction.scale((-1.0).into());
        }
        let (to, there) = (self.to.like(x), self.gradient_there.like(x));
        let ray = Ray { at: x, gradient, direction, value: self.value };
        let found = self.length.search(oracle, &ray, to, there);
        self.stalled = found.is_none();
        if let Some(found) = found {
            self.value = found.value;
            std::mem::swap(x, to);
            std::mem::swap(gradient, there);
        }
    }
}

impl Forcing {
    /// η² for a gradient of this square.
    fn square<S: SquareRoot>(self, gradient: S) -> S {
        let capped = |square: S| {
            let most = S::from(0.25);
            if square < most { square } else { most }
        };
        match self {
            Forcing::Constant(eta) => S::from(eta) * S::from(eta),
            Forcing::SquareRoot => capped(gradient.sqrt()),
            Forcing::Linear => capped(gradient),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use theoria_models::objectives::{CurvedValley, Quadratic};
    use theoria_models::oracle::TwiceDifferentiable;
    use theoria_models::{Objective, Vector};

    use super::*;
    use crate::{ConstantStep, StrongWolfe};

    proptest! {
        #[test]
        fn a_step_leaves_no_more_than_the_forcing_allows(spectrum in proptest::collection::vec(0.1..100.0f64, 2..8), eta in 1e-6..0.9f64) {
            let f = Quadratic::diagonal(&spectrum);
            let mut x = Vector::from_element(spectrum.len(), 1.0);
            let oracle = TwiceDifferentiable::new(&f, &x).unwrap();
            let (before, mut after) = (x.component_mul(&Vector::from_vec(spectrum.clone())), x.clone());
            NewtonCg::new(Forcing::Constant(eta), ConstantStep::unit()).step(&oracle, &mut x);
            // On a quadratic the new gradient is the residual.
            oracle.gradient(&x, &mut after);
            prop_assert!(after.norm() <= eta * before.norm() * (1.0 + 1e-9));
        }
    }

    /// (y² - x²)/2
    struct Saddle;

    impl Objective for Saddle {
        fn describe(&self) -> String {
            "saddle".into()
        }

        fn dimension(&self) -> usize {
            2
        }

        fn value(&self, x: &Vector) -> f64 {
            (x[1] * x[1] - x[0] * x[0]) / 2.0
        }

        fn gradient_into(&self, x: &Vector, into: &mut Vector) {
            (into[0], into[1]) = (-x[0], x[1]);
        }

        fn hessian_vector(&self, _: &Vector, direction: &Vector) -> Option<Vector> {
            Some(self.gradient_at(direction))
        }
    }

    #[test]
    fn where_it_bends_down_it_goes_along_the_gradient() {
        let mut x = Vector::from_vec(vec![1.0, 0.5]);
        let oracle = TwiceDifferentiable::new(&Saddle, &x).unwrap();
        NewtonCg::new(Forcing::SquareRoot, ConstantStep::new(0.5)).step(&oracle, &mut x);
        assert_eq!(x.as_slice(), [1.5, 0.25]);
    }

    #[test]
    fn with_a_line_search_it_comes_down_a_valley() {
        let (f, mut x) = (CurvedValley::new(100.0), Vector::from_vec(vec![-1.2, 1.0]));
        let oracle = TwiceDifferentiable::new(&f, &x).unwrap();
        let mut method = NewtonCg::new(Forcing::Linear, StrongWolfe::default());
        (0..30).for_each(|_| method.step(&oracle, &mut x));
        assert!(x.norm() < 1e-12);
    }
}
