//! Polyak's step size.

use theoria_models::oracle::Valued;
use theoria_models::point::PerTrial;
use theoria_models::{Vector, Wide};

use crate::precise::stepped_in_doubles;
use crate::{Method, PreciseMethod, Scratch};

/// x ← x - (f(x) - f*)/|∇f(x)|² ∇f(x), for convex f with known minimal value (Polyak 1969).
///
/// The distance to every minimiser does not increase. Where the gradient vanishes the point stays.
///
/// ```
/// use theoria_algorithms::{Method, PolyakStep};
/// use theoria_models::{Vector, objectives::Quadratic};
///
/// let f = Quadratic::diagonal(&[4.0]);
/// let mut x = Vector::from_vec(vec![1.0]);
/// PolyakStep::new(0.0).step(&f, &mut x);
/// assert_eq!(x[0], 0.5);
/// ```
#[derive(Debug, Clone)]
pub struct PolyakStep<P = Vector> {
    minimum: f64,
    gradient: Scratch<P>,
}

impl<P: PerTrial> PolyakStep<P> {
    /// For a function with minimal value f*.
    ///
    /// # Panics
    /// If f* is not finite.
    pub fn new(minimum: f64) -> Self {
        assert!(minimum.is_finite(), "the minimal value f* is finite, not {minimum}");
        PolyakStep { minimum, gradient: Scratch::default() }
    }
}

impl<P: PerTrial, O: Valued<P> + ?Sized> Method<P, O> for PolyakStep<P> {
    fn step(&mut self, oracle: &O, x: &mut P) {
        let mut values = vec![0.0; x.trials()];
        let mut steepness = vec![0.0; x.trials()];
        let gradient = self.gradient.like(x);
        oracle.gradient(x, gradient);
        oracle.values(x, &mut values);
        gradient.inner(gradient, &mut steepness);
        for (value, steepness) in values.iter_mut().zip(&steepness) {
            let moves = *steepness > 0.0;
            *value = if moves { (self.minimum - *value) / steepness } else { 0.0 };
        }
        x.axpy_each(&values, gradient);
    }

    fn in_higher_precision(&self) -> Option<Box<dyn PreciseMethod>> {
        stepped_in_doubles(PolyakStep::<Wide<f64>>::new(self.minimum))
    }
}
