//! Iterations for an equation in one unknown with its root at 0, in hundreds of digits: how their errors fall, and what they evaluate.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use nalgebra::DVector;
use theoria_algorithms::{Chebyshev, GradientDescent, Halley, Method, Newton, Secant, Steffensen};
use theoria_elementary::powf;
use theoria_models::{BentEquation, Equation};
use theoria_verification::{Constant, Instance};

use super::unknowns::Long;

/// (1 + √5)/2
pub(crate) const GOLDEN: f64 = 1.618_033_988_749_895;
/// A step of order p leaves e^p of e, so that it needs p − 1 times as many digits as the error has, of 616: up to order 4 this many decimal
/// digits leave over a hundred, ...
const LAST: f64 = -150.0;
/// ... and these for the secant method, up to order 2. Its order settles by a number of steps that grows like the logarithm of the digits.
const LAST_OF_SECANT: f64 = -500.0;
/// Where an iteration of order 1 is stopped.
const LAST_OF_DESCENT: f64 = -40.0;
/// Steps at most, which only iterations without an order above 1 make.
const MOST: usize = 400;

type Function = Arc<dyn Fn(&Long) -> Long + Send + Sync>;

/// How an iteration goes on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Scheme {
    /// With this step size.
    Descent(f64),
    Secant,
    Steffensen,
    Newton,
    Halley,
    Chebyshev,
}

/// Those of order above 1.
pub(crate) const SUPERLINEAR: [Scheme; 5] =
    [Scheme::Secant, Scheme::Steffensen, Scheme::Newton, Scheme::Halley, Scheme::Chebyshev];

impl Scheme {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Scheme::Descent(_) => "gradient descent",
            Scheme::Secant => "secant",
            Scheme::Steffensen => "Steffensen",
            Scheme::Newton => "Newton",
            Scheme::Halley => "Halley",
            Scheme::Chebyshev => "Chebyshev",
        }
    }

    /// p
    pub(crate) fn order(self) -> f64 {
        match self {
            Scheme::Descent(_) => 1.0,
            Scheme::Secant => GOLDEN,
            Scheme::Steffensen | Scheme::Newton => 2.0,
            Scheme::Halley | Scheme::Chebyshev => 3.0,
        }
    }

    fn method(self, before: &Long) -> Box<dyn Method<DVector<Long>, BentEquation<Long>>> {
        match self {
            Scheme::Descent(step) => Box::new(GradientDescent::new(Long::from(step))),
            Scheme::Secant => Box::new(Secant::after(before.clone())),
            Scheme::Steffensen => Box::new(Steffensen),
            Scheme::Newton => Box::new(Newton::default()),
            Scheme::Halley => Box::new(Halley),
            Scheme::Chebyshev => Box::new(Chebyshev::default()),
        }
    }
}

/// g(0) = 0, with g', g'', and g'''(0).
#[derive(Clone)]
pub(crate) struct Smooth {
    name: String,
    functions: [Function; 3],
    third: f64,
}

impl Smooth {
    pub(crate) fn new(
        name: impl Into<String>,
        value: impl Fn(&Long) -> Long + Send + Sync + 'static,
        first: impl Fn(&Long) -> Long + Send + Sync + 'static,
        second: impl Fn(&Long) -> Long + Send + Sync + 'static,
        third: f64,
    ) -> Self {
        let functions: [Function; 3] = [Arc::new(value), Arc::new(first), Arc::new(second)];
        Smooth { name: name.into(), functions, third }
    }

    /// With the derivative of this order, 1 or 2, multiplied by a factor.
    pub(crate) fn mistaken(&self, derivative: usize, factor: f64) -> Self {
        let (mut functions, right) =
            (self.functions.clone(), Arc::clone(&self.functions[derivative]));
        functions[derivative] = Arc::new(move |x| Long::from(factor) * right(x));
        let name = format!("{}, derivative {derivative} times {factor}", self.name);
        Smooth { name, functions, third: self.third }
    }

    /// g, g' or g'' at this place.
    pub(crate) fn derivative(&self, number: usize, x: &Long) -> Long {
        (self.functions[number])(x)
    }

    fn at_the_root(&self, number: usize) -> f64 {
        self.derivative(number, &Long::from(0.0)).nearest()
    }

    pub(crate) fn slope(&self) -> f64 {
        self.at_the_root(1)
    }

    /// A = g''/(2g') at the root.
    pub(crate) fn bend(&self) -> f64 {
        self.at_the_root(2) / (2.0 * self.slope())
    }

    /// B = g'''/(6g') at the root.
    pub(crate) fn twist(&self) -> f64 {
        self.third / (6.0 * self.slope())
    }
}

/// An iteration on an equation from a start.
#[derive(Clone)]
pub(crate) struct Approach {
    pub(crate) equation: Smooth,
    pub(crate) scheme: Scheme,
    start: Long,
    run: OnceLock<Vec<(Long, usize)>>,
}

impl Instance for Approach {
    fn description(&self) -> String {
        let start = self.start.nearest();
        let from = match self.scheme {
            Scheme::Secant => format!("from {} and {start}", self.before().nearest()),
            Scheme::Descent(step) => format!("with steps of {step} from {start}"),
            _ => format!("from {start}"),
        };
        format!("{}: {} {from}", self.equation.name, self.scheme.name())
    }

    fn constants(&self) -> Vec<Constant> {
        let order = Constant::exact("order p", self.scheme.order());
        // At a multiple root there is none.
        let limit = Some(self.limit()).filter(|limit| limit.is_finite());
        std::iter::once(order).chain(limit.map(|limit| Constant::exact("limit C", limit))).collect()
    }
}

impl Approach {
    pub(crate) fn new(equation: Smooth, scheme: Scheme, start: f64) -> Self {
        Approach { equation, scheme, start: start.into(), run: OnceLock::new() }
    }

    pub(crate) fn start(&self) -> &Long {
        &self.start
    }

    /// The iterate before the start, twice as far from the root.
    fn before(&self) -> Long {
        Long::from(2.0) * self.start.clone()
    }

    /// The limit of e_{n+1}/e_n^p.
    pub(crate) fn limit(&self) -> f64 {
        let g = &self.equation;
        let (a, b) = (g.bend(), g.twist());
        match self.scheme {
            Scheme::Descent(step) => (1.0 - step * g.slope()).abs(),
            Scheme::Secant => powf(a.abs(), GOLDEN - 1.0),
            Scheme::Steffensen => (a * (1.0 + g.slope())).abs(),
            Scheme::Newton => a.abs(),
            Scheme::Halley => (a * a - b).abs(),
            Scheme::Chebyshev => (2.0 * a * a - b).abs(),
        }
    }

    /// Iterates while their successors have digits, each with what the step to it evaluated: g, g' and g'', anew at each place.
    pub(crate) fn run(&self) -> &[(Long, usize)] {
        self.run.get_or_init(|| self.iterate())
    }

    fn iterate(&self) -> Vec<(Long, usize)> {
        let count = Arc::new(AtomicUsize::new(0));
        let [value, first, second] =
            [0, 1, 2].map(|i| counted(&self.equation.functions[i], &count));
        let oracle = BentEquation::new(Equation::new(value, first), second);
        let mut method = self.scheme.method(&self.before());
        let last = match self.scheme {
            Scheme::Descent(_) => LAST_OF_DESCENT,
            Scheme::Secant => LAST_OF_SECANT,
            _ => LAST,
        };
        let mut x = DVector::from_element(1, self.start.clone());
        let mut iterates = vec![(self.start.clone(), 0)];
        while iterates.len() <= MOST && x[0].log10_of_size() > last {
            method.step(&oracle, &mut x);
            iterates.push((x[0].clone(), count.swap(0, Ordering::Relaxed)));
        }
        iterates
    }

    /// log e_n for each iterate, and for the secant method that before the start too.
    pub(crate) fn logarithms(&self) -> Vec<f64> {
        let before = Some(self.before()).filter(|_| self.scheme == Scheme::Secant);
        let run = self.run();
        before.iter().chain(run.iter().map(|(x, _)| x)).map(Long::ln_of_size).collect()
    }

    /// log(e_{n+1}/e_n)/log(e_n/e_{n-1}) of the last three.
    pub(crate) fn last_order(&self) -> f64 {
        match *self.logarithms() {
            [.., a, b, c] => (c - b) / (b - a),
            _ => f64::NAN,
        }
    }

    /// What the last step evaluated.
    pub(crate) fn last_cost(&self) -> usize {
        self.run().last().map_or(0, |(_, evaluations)| *evaluations)
    }

    /// log(e_{n+1}/e_n^p) for each step.
    pub(crate) fn log_ratios(&self) -> Vec<f64> {
        let logarithms = self.logarithms();
        logarithms.windows(2).map(|pair| pair[1] - self.scheme.order() * pair[0]).collect()
    }
}

/// The function, which counts where it is evaluated: a place at which it was asked last costs nothing.
fn counted(
    function: &Function,
    count: &Arc<AtomicUsize>,
) -> impl Fn(&Long) -> Long + Send + Sync + use<> {
    let (function, count) = (Arc::clone(function), Arc::clone(count));
    let last: Mutex<Option<(Long, Long)>> = Mutex::new(None);
    move |x| {
        // A thread that panicked here has left a whole pair or none.
        let mut last = last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some((_, value)) = last.as_ref().filter(|(at, _)| at == x) {
            return value.clone();
        }
        count.fetch_add(1, Ordering::Relaxed);
        let value = function(x);
        *last = Some((x.clone(), value.clone()));
        value
    }
}
