//! Frank–Wolfe with an exact line search.

use theoria_models::Vector;
use theoria_models::oracle::{LinearMinimisationOracle, Oracle};
use theoria_models::point::{InnerProduct, Point};

use crate::line_search::root;
use crate::{Method, Scratch};

/// x ← x + γ (s - x) with the γ in [0, 1] at which f is least, where s minimises the inner product with ∇f(x) over a
/// bounded convex set (Frank, Wolfe 1956).
///
/// For convex and L-smooth f over a set of diameter D the value after N steps is at most 2LD²/(N + 2) above the minimum. It
/// need not be lower than with the steps 2/(k + 2), which are longer in the end: see [`FrankWolfe`](crate::FrankWolfe).
///
/// ```
/// use theoria_algorithms::{FrankWolfeLineSearch, Trajectory};
/// use theoria_models::{Vector, objectives::{Constrained, SquaredNorm}, sets::Simplex};
///
/// // Over the simplex a line search in dimension 2 ends after one step.
/// let problem = Constrained::new(SquaredNorm::new(2), Simplex::new(1.0));
/// let start = Vector::from_vec(vec![1.0, 0.0]);
/// let run = Trajectory::of(FrankWolfeLineSearch::new(), &problem, &start, 1);
/// assert_eq!(run.last().as_slice(), [0.5, 0.5]);
/// ```
#[derive(Debug, Clone)]
pub struct FrankWolfeLineSearch<P: Point = Vector> {
    gradient: Scratch<P>,
    direction: Scratch<P>,
    trial: Scratch<P>,
}

impl<P: Point> FrankWolfeLineSearch<P> {
    /// There is nothing to choose.
    pub fn new() -> Self {
        FrankWolfeLineSearch {
            gradient: Scratch::default(),
            direction: Scratch::default(),
            trial: Scratch::default(),
        }
    }
}

impl<P: Point> Default for FrankWolfeLineSearch<P> {
    fn default() -> Self {
        Self::new()
    }
}

impl<P, O> Method<P, O> for FrankWolfeLineSearch<P>
where
    P: InnerProduct<Product = <P as Point>::Scalar>,
    O: Oracle<P> + LinearMinimisationOracle<P> + ?Sized,
{
    fn step(&mut self, oracle: &O, x: &mut P) {
        let (gradient, direction) = (self.gradient.like(x), self.direction.like(x));
        let trial = self.trial.like(x);
        oracle.gradient(x, gradient);
        oracle.linear_minimiser(gradient, direction);
        direction.axpy(P::Scalar::from(-1.0), x);
        let (zero, one) = (P::Scalar::from(0.0), P::Scalar::from(1.0));
        let at_zero = gradient.inner_product(direction);
        // At the minimiser no vertex lies downhill.
        if at_zero >= zero {
            return;
        }
        let resolved = P::Scalar::from(-4.0 * P::ROUNDOFF) * at_zero.clone();
        let mut slope = |share: P::Scalar| {
            trial.clone_from(x);
            trial.axpy(share, direction);
            oracle.gradient(trial, gradient);
            gradient.inner_product(direction)
        };
        let at_one = slope(one.clone());
        let share = if at_one > zero { root(&mut slope, at_zero, one, &resolved) } else { one };
        x.axpy(share, direction);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use theoria_models::Objective;
    use theoria_models::objectives::{Constrained, Quadratic};
    use theoria_models::sets::L1Ball;

    use super::*;

    proptest! {
        #[test]
        fn no_point_of_the_segment_lies_below(
            spectrum in prop::collection::vec(0.1..3.0f64, 3), centre in prop::collection::vec(-2.0..2.0f64, 3),
            place in 0.0..1.0f64,
        ) {
            let f = Quadratic::diagonal(&spectrum).centred_at(Vector::from_vec(centre));
            let problem = Constrained::new(f.clone(), L1Ball::new(1.0));
            let start = Vector::from_vec(vec![0.3, -0.2, 0.1]);
            let mut x = start.clone();
            FrankWolfeLineSearch::new().step(&problem, &mut x);
            let mut vertex = x.clone();
            problem.linear_minimiser(&f.gradient_at(&start), &mut vertex);
            let other = &start + (vertex - &start) * place;
            prop_assert!(f.value(&x) <= f.value(&other) + 1e-12);
        }
    }
}
