//! Averages of iterates.

use theoria_models::point::Point;
use theoria_models::{Vector, Wide};

use crate::{Method, PreciseMethod};

/// A method whose point is the mean of the iterates of another: after N steps x is the mean of
/// z_0, ..., z_{N-1}, where z_0 is the start and z_k the iterates of the method within (Ruppert 1988;
/// Polyak, Juditsky 1992).
///
/// ```
/// use theoria_algorithms::{Averaged, GradientDescent, Trajectory};
/// use theoria_models::{Vector, objectives::Quadratic};
///
/// let f = Quadratic::diagonal(&[1.0]);
/// // The iterates are 8, 4, 2 ...
/// let mean = Averaged::new(GradientDescent::new(0.5));
/// let run = Trajectory::of(mean, &f, &Vector::from_vec(vec![8.0]), 3);
/// let seen: Vec<f64> = run.points().iter().map(|x| x[0]).collect();
/// assert_eq!(&seen[..3], [8.0, 8.0, 6.0]);
/// assert!((seen[3] - 14.0 / 3.0).abs() < 1e-15);
/// ```
#[derive(Debug, Clone)]
pub struct Averaged<M, P = Vector> {
    method: M,
    steps: usize,
    iterate: Option<P>,
}

impl<M, P: Point> Averaged<M, P> {
    /// The mean of the iterates of this method.
    pub fn new(method: M) -> Self {
        Averaged { method, steps: 0, iterate: None }
    }
}

impl<M: Method<P, O>, P: Point, O: ?Sized> Method<P, O> for Averaged<M, P> {
    fn step(&mut self, oracle: &O, x: &mut P) {
        let z = self.iterate.get_or_insert_with(|| x.clone());
        let one = P::Scalar::from(1.0);
        let share = one.clone() / P::Scalar::from((self.steps + 1) as f64);
        x.scale(one - share.clone());
        x.axpy(share, z);
        self.method.step(oracle, z);
        self.steps += 1;
    }

    fn in_higher_precision(&self) -> Option<Box<dyn PreciseMethod>> {
        let method = self.method.in_higher_precision().filter(|_| self.steps == 0)?;
        Some(Box::new(Averaged::<_, Wide>::new(method)))
    }
}
