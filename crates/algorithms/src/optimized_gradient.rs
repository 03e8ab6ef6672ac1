//! The optimized gradient method.

use theoria_models::oracle::Oracle;
use theoria_models::point::{Point, SquareRoot};
use theoria_models::{Vector, Wide};

use crate::momentum::next_t;
use crate::precise::precisely;
use crate::range::positive;
use crate::{Method, PreciseMethod, Scratch};

/// y_{k+1} = x_k - ∇f(x_k)/L,
/// x_{k+1} = y_{k+1} + (θ_k - 1)/θ_{k+1} (y_{k+1} - y_k) + θ_k/θ_{k+1} (y_{k+1} - x_k),
/// with θ_0 = 1, θ_{k+1} = (1 + √(1 + 4 θ_k²))/2, but 8 in place of 4 in the last step: so the number
/// of steps is a parameter (Kim, Fessler 2016). The point that is moved is x.
///
/// ```
/// use theoria_algorithms::{OptimizedGradient, Trajectory};
/// use theoria_models::{Vector, objectives::Quadratic};
///
/// // On L x²/2 one step leaves exactly the worst case, L R²/8.
/// let f = Quadratic::diagonal(&[3.0]);
/// let run = Trajectory::of(OptimizedGradient::new(3.0, 1), &f, &Vector::from_vec(vec![1.0]), 1);
/// assert_eq!(run.last()[0], -0.5);
/// ```
#[derive(Debug, Clone)]
pub struct OptimizedGradient<P: Point = Vector> {
    smoothness: P::Scalar,
    steps: usize,
    step: usize,
    theta: P::Scalar,
    y: Option<P>,
    gradient: Scratch<P>,
}

impl<P: Point<Scalar: SquareRoot>> OptimizedGradient<P> {
    /// For an L-smooth convex function and this number of steps.
    ///
    /// # Panics
    /// If L is not positive and finite.
    pub fn new(smoothness: P::Scalar, steps: usize) -> Self {
        OptimizedGradient {
            smoothness: positive(smoothness, "L"),
            steps,
            step: 0,
            theta: P::Scalar::from(1.0),
            y: None,
            gradient: Scratch::default(),
        }
    }

    /// θ_N, on which the bound L R²/(2 θ_N²) depends; 1 for N = 0.
    pub fn theta(steps: usize) -> P::Scalar {
        (1..=steps).fold(P::Scalar::from(1.0), |theta, k| next_theta(&theta, k == steps))
    }
}

impl<P: Point<Scalar: SquareRoot>, O: Oracle<P> + ?Sized> Method<P, O> for OptimizedGradient<P> {
    fn step(&mut self, oracle: &O, x: &mut P) {
        self.step += 1;
        let one = P::Scalar::from(1.0);
        let next = next_theta(&self.theta, self.step == self.steps);
        let theta = std::mem::replace(&mut self.theta, next.clone());
        let along = (theta.clone() - one.clone()) / next.clone();
        let beyond = theta / next;
        let y = self.y.get_or_insert_with(|| x.clone());
        let gradient = self.gradient.like(x);
        oracle.gradient(x, gradient);
        // x - y_{k+1} = ∇f/L, so the last term is -beyond ∇f/L.
        y.scale(-along.clone());
        x.axpy(-one.clone() / self.smoothness.clone(), gradient);
        y.axpy(one + along, x);
        y.axpy(-beyond / self.smoothness.clone(), gradient);
        // x holds y_{k+1} and y holds x_{k+1}.
        std::mem::swap(x, y);
    }

    fn in_higher_precision(&self) -> Option<Box<dyn PreciseMethod>> {
        let smoothness = precisely(&self.smoothness).filter(|_| self.step == 0)?;
        Some(Box::new(OptimizedGradient::<Wide>::new(smoothness, self.steps)))
    }
}

fn next_theta<S: SquareRoot>(theta: &S, last: bool) -> S {
    next_t(if last { 8.0 } else { 4.0 }, theta)
}
