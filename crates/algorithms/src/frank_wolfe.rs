//! Frank–Wolfe.

use theoria_models::Vector;
use theoria_models::oracle::{LinearMinimisationOracle, Oracle};
use theoria_models::point::Point;

use crate::range::share;
use crate::step_size::StepSize;
use crate::{Method, Scratch};

/// x ← x + γ_k (s - x), where s minimises the inner product with ∇f(x) over a bounded convex set
/// (Frank, Wolfe 1956; Jaggi 2013). The standard step is γ_k = 2/(k + 2). The oracle answers for the
/// objective and for the set.
///
/// For convex and L-smooth f over a set of diameter D the value after N standard steps is at most
/// 2LD²/(N + 2) above the minimum.
///
/// ```
/// use theoria_algorithms::{FrankWolfe, Trajectory};
/// use theoria_models::{Vector, objectives::{Constrained, SquaredNorm}, sets::Simplex};
///
/// let problem = Constrained::new(SquaredNorm::new(2), Simplex::new(1.0));
/// let start = Vector::from_vec(vec![1.0, 0.0]);
/// let run = Trajectory::of(FrankWolfe::new(), &problem, &start, 1000);
/// assert!((run.last().point() - Vector::from_vec(vec![0.5, 0.5])).norm() < 1e-2);
/// ```
#[derive(Debug, Clone)]
pub struct FrankWolfe<P: Point = Vector> {
    shares: StepSize<P::Scalar>,
    step: usize,
    gradient: Scratch<P>,
    vertex: Scratch<P>,
}

impl<P: Point> FrankWolfe<P> {
    /// With the standard step 2/(k + 2).
    pub fn new() -> Self {
        Self::with_schedule(|k| P::Scalar::from(2.0) / P::Scalar::from(k as f64 + 2.0))
    }

    /// With step γ_k = `schedule(k)` in [0, 1], k = 0, 1, 2 ...
    ///
    /// # Panics
    /// A step panics if its γ_k is not in [0, 1].
    pub fn with_schedule(schedule: impl Fn(usize) -> P::Scalar + Send + Sync + 'static) -> Self {
        FrankWolfe {
            shares: StepSize::schedule(schedule),
            step: 0,
            gradient: Scratch::default(),
            vertex: Scratch::default(),
        }
    }
}

impl<P: Point> Default for FrankWolfe<P> {
    fn default() -> Self {
        Self::new()
    }
}

impl<P: Point, O: Oracle<P> + LinearMinimisationOracle<P> + ?Sized> Method<P, O> for FrankWolfe<P> {
    fn step(&mut self, oracle: &O, x: &mut P) {
        let (gradient, vertex) = (self.gradient.like(x), self.vertex.like(x));
        oracle.gradient(x, gradient);
        oracle.linear_minimiser(gradient, vertex);
        let share = share(self.shares.given(self.step), "the share γ_k");
        x.scale(P::Scalar::from(1.0) - share.clone());
        x.axpy(share, vertex);
        self.step += 1;
    }
}
