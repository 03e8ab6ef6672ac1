//! AdaGrad with a step size for each coordinate.

use theoria_models::Vector;
use theoria_models::oracle::Oracle;
use theoria_models::point::Coordinatewise;

use crate::range::positive;
use crate::{Method, Scratch};

/// b² ← b² + g², x ← x - η g/b with g = ∇f(x), coordinate by coordinate, from b = 0 (Duchi, Hazan, Singer
/// 2011, the diagonal version). A coordinate whose slopes were all 0 stays.
///
/// It needs no smoothness constant; η is to be of the size of the way to the minimum, coordinate by
/// coordinate.
///
/// ```
/// use theoria_algorithms::{AdaGrad, Method};
/// use theoria_models::{Vector, objectives::Quadratic};
///
/// // At first every coordinate moves by η, whatever its slope.
/// let mut x = Vector::from_vec(vec![1.0, 1.0, 0.0]);
/// AdaGrad::new(0.25).step(&Quadratic::diagonal(&[1.0, 100.0, 1.0]), &mut x);
/// assert_eq!(x.as_slice(), [0.75, 0.75, 0.0]);
/// ```
#[derive(Debug, Clone)]
pub struct AdaGrad<P = Vector> {
    eta: f64,
    squares: Option<P>,
    gradient: Scratch<P>,
}

impl<P: Coordinatewise> AdaGrad<P> {
    /// With numerator η > 0.
    ///
    /// # Panics
    /// If η is not positive and finite.
    pub fn new(eta: f64) -> Self {
        AdaGrad {
            eta: positive(eta, "the numerator η"),
            squares: None,
            gradient: Scratch::default(),
        }
    }
}

impl<P: Coordinatewise, O: Oracle<P> + ?Sized> Method<P, O> for AdaGrad<P> {
    fn step(&mut self, oracle: &O, x: &mut P) {
        let gradient = self.gradient.like(x);
        oracle.gradient(x, gradient);
        let squares = self.squares.get_or_insert_with(|| x.zero_like());
        squares.zip_apply(gradient, |sum, slope| sum + slope * slope);
        gradient.zip_apply(squares, |slope, sum| {
            // NaN must stay NaN.
            if slope == 0.0 { 0.0 } else { slope / sum.sqrt() }
        });
        x.axpy(-self.eta, gradient);
    }
}
