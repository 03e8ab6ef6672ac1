//! AdaGrad with one step size for all coordinates.

use theoria_elementary::hypot;
use theoria_models::oracle::Oracle;
use theoria_models::point::PerTrial;
use theoria_models::{Vector, Wide};

use crate::precise::stepped_in_doubles;
use crate::range::positive;
use crate::{Method, PreciseMethod, Scratch};

/// b_{k+1}² = b_k² + |∇f(x_k)|², x_{k+1} = x_k - (η/b_{k+1}) ∇f(x_k), each trial with its own b (Ward,
/// Wu, Bottou 2019). It needs no smoothness constant.
///
/// ```
/// use theoria_algorithms::{AdaGradNorm, Method};
/// use theoria_models::{Vector, objectives::Quadratic};
///
/// let f = Quadratic::diagonal(&[4.0]);
/// let mut x = Vector::from_vec(vec![1.0]);
/// let mut method = AdaGradNorm::new(1.0, 3.0);
/// method.step(&f, &mut x);
/// assert_eq!(method.accumulated(), [5.0]);
/// assert!((x[0] - 0.2).abs() < 1e-15);
/// ```
#[derive(Debug, Clone)]
pub struct AdaGradNorm<P = Vector> {
    eta: f64,
    first: f64,
    accumulated: Vec<f64>,
    gradient: Scratch<P>,
}

impl<P: PerTrial> AdaGradNorm<P> {
    /// With numerator η > 0 and b_0 > 0.
    ///
    /// # Panics
    /// If one of them is not positive and finite: from b_0 = 0 a start at the minimiser would divide 0 by 0.
    pub fn new(eta: f64, first: f64) -> Self {
        let (eta, first) = (positive(eta, "the numerator η"), positive(first, "b_0"));
        AdaGradNorm { eta, first, accumulated: Vec::new(), gradient: Scratch::default() }
    }

    /// b, one a trial; empty before the first step.
    pub fn accumulated(&self) -> &[f64] {
        &self.accumulated
    }
}

impl<P: PerTrial, O: Oracle<P> + ?Sized> Method<P, O> for AdaGradNorm<P> {
    fn step(&mut self, oracle: &O, x: &mut P) {
        let mut steps = vec![0.0; x.trials()];
        self.accumulated.resize(x.trials(), self.first);
        let gradient = self.gradient.like(x);
        oracle.gradient(x, gradient);
        gradient.inner(gradient, &mut steps);
        for (step, b) in steps.iter_mut().zip(&mut self.accumulated) {
            *b = hypot(*b, step.sqrt());
            *step = -self.eta / *b;
        }
        x.axpy_each(&steps, gradient);
    }

    fn in_higher_precision(&self) -> Option<Box<dyn PreciseMethod>> {
        let fresh = AdaGradNorm::<Wide<f64>>::new(self.eta, self.first);
        self.accumulated.is_empty().then(|| stepped_in_doubles(fresh))?
    }
}
