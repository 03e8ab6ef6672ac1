//! Equations in one unknown with a root at a known place, in hundreds of digits, and how Newton's method comes to it.

use std::sync::Arc;

use nalgebra::DVector;
use theoria_algorithms::{Method, Newton};
use theoria_elementary::exp;
use theoria_models::Equation;
use theoria_models::numerics::LongFloat;
use theoria_verification::{Constant, Instance};

/// Six hundred decimal digits: errors over ten squarings.
pub(crate) type Long = LongFloat<2048>;

/// Errors below this have no digits left for their successors.
const LAST: f64 = -290.0;

type Function = Arc<dyn Fn(&Long) -> Long + Send + Sync>;

/// f'(x) = 0 at x = 0, with f'' there, and a start.
#[derive(Clone)]
pub(crate) struct Unknown {
    pub(crate) name: String,
    first: Function,
    second: Function,
    pub(crate) start: Long,
    /// What a theorem says of it: a limit, a factor.
    pub(crate) constant: f64,
}

impl Instance for Unknown {
    fn description(&self) -> String {
        format!("{} from {}", self.name, self.start.nearest())
    }

    fn constants(&self) -> Vec<Constant> {
        vec![Constant::exact("predicted constant", self.constant)]
    }
}

impl Unknown {
    pub(crate) fn new(
        name: impl Into<String>,
        first: impl Fn(&Long) -> Long + Send + Sync + 'static,
        second: impl Fn(&Long) -> Long + Send + Sync + 'static,
        start: f64,
        constant: f64,
    ) -> Self {
        Unknown {
            name: name.into(),
            first: Arc::new(first),
            second: Arc::new(second),
            start: start.into(),
            constant,
        }
    }

    /// With the second derivative changed.
    pub(crate) fn with_second(
        &self,
        second: impl Fn(&Long) -> Long + Send + Sync + 'static,
        constant: f64,
        name: &str,
    ) -> Self {
        Unknown {
            name: format!("{}, {name}", self.name),
            second: Arc::new(second),
            constant,
            ..self.clone()
        }
    }

    /// f''(x)
    pub(crate) fn second(&self, x: &Long) -> Long {
        (self.second)(x)
    }

    /// How far f'' is from a difference of f' at this place, relatively.
    pub(crate) fn error_of_the_second(&self, x: &Long) -> f64 {
        let width = x.clone() * Long::from(1e-20);
        let rise =
            (self.first)(&(x.clone() + width.clone())) - (self.first)(&(x.clone() - width.clone()));
        let difference = rise / (width * Long::from(2.0));
        ((self.second(x) - difference.clone()) / difference).nearest().abs()
    }

    fn equation(&self) -> Equation<Long> {
        let (first, second) = (Arc::clone(&self.first), Arc::clone(&self.second));
        Equation::new(move |x| first(x), move |x| second(x))
    }

    /// The iterates of Newton's method, at most so many steps, while their successors still have digits.
    pub(crate) fn iterates(&self, most: usize) -> Vec<Long> {
        let (equation, mut newton) = (self.equation(), Newton::default());
        let mut x = DVector::from_element(1, self.start.clone());
        let mut iterates = vec![self.start.clone()];
        while iterates.len() <= most && x[0].log10_of_size() > LAST {
            newton.step(&equation, &mut x);
            iterates.push(x[0].clone());
            if newton.stalled() {
                break;
            }
        }
        iterates
    }

    /// |x_{n+1}| / |x_n|^p for each step, with its number.
    pub(crate) fn ratios(&self, order: f64, most: usize) -> Vec<(usize, f64)> {
        let logarithms: Vec<f64> = self.iterates(most).iter().map(Long::ln_of_size).collect();
        let pairs = logarithms.windows(2).enumerate();
        pairs.map(|(n, pair)| (n, exp(pair[1] - order * pair[0]))).collect()
    }

    /// The order between three iterates, log(e_{n+1}/e_n) / log(e_n/e_{n-1}).
    pub(crate) fn orders(&self, most: usize) -> Vec<(usize, f64)> {
        let logarithms: Vec<f64> = self.iterates(most).iter().map(Long::ln_of_size).collect();
        let triples = logarithms.windows(3).enumerate();
        triples.map(|(n, e)| (n + 1, (e[2] - e[1]) / (e[1] - e[0]))).collect()
    }
}
