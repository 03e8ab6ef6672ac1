//! The optimized gradient method.

use theoria_models::Vector;
use theoria_models::oracle::Oracle;
use theoria_models::point::Point;

use crate::{Method, Scratch};

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
pub struct OptimizedGradient<P = Vector> {
    smoothness: f64,
    steps: usize,
    step: usize,
    theta: f64,
    y: Scratch<P>,
    gradient: Scratch<P>,
}

impl<P: Point> OptimizedGradient<P> {
    /// For an L-smooth convex function and this number of steps.
    pub fn new(smoothness: f64, steps: usize) -> Self {
        OptimizedGradient {
            smoothness,
            steps,
            step: 0,
            theta: 1.0,
            y: Scratch::default(),
            gradient: Scratch::default(),
        }
    }

    /// θ_N, on which the bound L R²/(2 θ_N²) depends; 1 for N = 0.
    pub fn theta(steps: usize) -> f64 {
        (1..=steps).fold(1.0, |theta, k| next_theta(theta, k == steps))
    }
}

fn next_theta(theta: f64, last: bool) -> f64 {
    let factor = if last { 8.0 } else { 4.0 };
    (1.0 + (1.0 + factor * theta * theta).sqrt()) / 2.0
}

impl<P: Point, O: Oracle<P> + ?Sized> Method<P, O> for OptimizedGradient<P> {
    fn step(&mut self, oracle: &O, x: &mut P) {
        self.step += 1;
        let theta = self.theta;
        self.theta = next_theta(theta, self.step == self.steps);
        let along = (theta - 1.0) / self.theta;
        let beyond = theta / self.theta;
        let y = self.y.like(x);
        let gradient = self.gradient.like(x);
        oracle.gradient(x, gradient);
        // x - y_{k+1} = ∇f/L, so the last term is -beyond ∇f/L.
        y.scale(-along);
        x.axpy(-1.0 / self.smoothness, gradient);
        y.axpy(1.0 + along, x);
        y.axpy(-beyond / self.smoothness, gradient);
        // x holds y_{k+1} and y holds x_{k+1}.
        std::mem::swap(x, y);
    }
}
