//! Conjugate gradients.

use theoria_models::Vector;
use theoria_models::oracle::{Curvature, Oracle};
use theoria_models::point::PerTrial;

use crate::{Method, Scratch};

/// Conjugate gradients for quadratics (Hestenes, Stiefel 1952): from r = -∇f(x) and p = r,
/// x ← x + α p with α = |r|²/(p·Hp), r ← r - α H p, p ← r + (|r_new|²/|r|²) p; each trial with its own
/// numbers.
///
/// x is the best point of the Krylov span, in the norm of H. A trial whose residual is 0, or so small
/// that its square underflows, stays.
///
/// ```
/// use theoria_algorithms::{ConjugateGradients, Trajectory};
/// use theoria_models::{Vector, objectives::Quadratic, oracle::TwiceDifferentiable};
///
/// let f = Quadratic::diagonal(&[1.0, 7.0]);
/// let start = Vector::from_vec(vec![1.0, 1.0]);
/// let f = TwiceDifferentiable::new(&f, &start)?;
/// let run = Trajectory::of(ConjugateGradients::default(), &f, &start, 2);
/// assert!(run.last().norm() < 1e-15);
/// # Ok::<(), theoria_models::oracle::NoHessian>(())
/// ```
#[derive(Debug, Clone)]
pub struct ConjugateGradients<P = Vector> {
    residual: Option<P>,
    direction: Option<P>,
    squares: Vec<f64>,
    image: Scratch<P>,
}

impl<P> Default for ConjugateGradients<P> {
    fn default() -> Self {
        ConjugateGradients {
            residual: None,
            direction: None,
            squares: Vec::new(),
            image: Scratch::default(),
        }
    }
}

impl<P: PerTrial, O: Oracle<P> + Curvature<P> + ?Sized> Method<P, O> for ConjugateGradients<P> {
    fn step(&mut self, oracle: &O, x: &mut P) {
        let trials = x.trials();
        let residual = self.residual.get_or_insert_with(|| {
            let mut residual = x.zero_like();
            oracle.gradient(x, &mut residual);
            residual.scale(-1.0);
            self.squares.resize(trials, 0.0);
            residual.inner(&residual, &mut self.squares);
            residual
        });
        let direction = self.direction.get_or_insert_with(|| residual.clone());
        let image = self.image.like(x);
        oracle.hessian_times(x, direction, image);
        let mut alpha = vec![0.0; trials];
        direction.inner(image, &mut alpha);
        for (alpha, square) in alpha.iter_mut().zip(&self.squares) {
            let resolved = *square > UNDERFLOW && *alpha > UNDERFLOW;
            *alpha = if resolved { square / *alpha } else { 0.0 };
        }
        x.axpy_each(&alpha, direction);
        for alpha in &mut alpha {
            *alpha = -*alpha;
        }
        residual.axpy_each(&alpha, image);
        let mut squares = vec![0.0; trials];
        residual.inner(residual, &mut squares);
        let beta: Vec<f64> = squares
            .iter()
            .zip(&self.squares)
            .map(|(new, old)| if *old > UNDERFLOW { new / old } else { 0.0 })
            .collect();
        // p ← r + β p, with r + β p formed in the place that the image no longer needs.
        image.clone_from(residual);
        image.axpy_each(&beta, direction);
        std::mem::swap(direction, image);
        self.squares = squares;
    }
}

/// Squares below this have lost digits to underflow: quotients of them are noise.
const UNDERFLOW: f64 = f64::MIN_POSITIVE / f64::EPSILON;
