//! Running many trials, and what is measured on each.

use theoria_models::point::{DIVERGENCE_THRESHOLD, PerTrial};
use theoria_models::{Ensemble, Objective, Vector};

use crate::Method;

/// Writes a number for each trial of a block.
type Measure<'a> = dyn Fn(&Ensemble, &mut [f64]) + 'a;

/// A number for each trial, measured along a run.
pub struct Quantity<'a> {
    measure: Box<Measure<'a>>,
    history: History,
}

/// How a quantity depends on the iterates before a checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum History {
    Now,
    Mean,
    Least,
}

impl<'a> Quantity<'a> {
    /// What `measure` writes, one place a trial, for the point at a checkpoint.
    pub fn new(measure: impl Fn(&Ensemble, &mut [f64]) + 'a) -> Self {
        Quantity { measure: Box::new(measure), history: History::Now }
    }

    /// f(x).
    pub fn value(objective: &'a dyn Objective) -> Self {
        Self::new(|x, into| objective.value_block(x, into))
    }

    /// f(x) - `minimum`.
    pub fn gap(objective: &'a dyn Objective, minimum: f64) -> Self {
        Self::new(move |x, into| {
            objective.value_block(x, into);
            into.iter_mut().for_each(|value| *value -= minimum);
        })
    }

    /// |∇f(x)|².
    pub fn gradient_norm_squared(objective: &'a dyn Objective) -> Self {
        Self::of_gradient(objective, |slope| slope * slope)
    }

    /// |∇f(x)|_1, the sum of absolute slopes.
    pub fn gradient_sum_norm(objective: &'a dyn Objective) -> Self {
        Self::of_gradient(objective, f64::abs)
    }

    fn of_gradient(objective: &'a dyn Objective, part: impl Fn(f64) -> f64 + 'a) -> Self {
        Self::new(move |x, into| {
            let mut gradient = x.clone();
            objective.gradient_block(x, &mut gradient);
            into.fill(0.0);
            for coordinate in 0..x.dimension() {
                for (sum, slope) in into.iter_mut().zip(gradient.coordinate(coordinate)) {
                    *sum += part(*slope);
                }
            }
        })
    }

    /// |x - `to`|².
    pub fn distance_squared(to: Vector) -> Self {
        Self::new(move |x, into| {
            into.fill(0.0);
            for (coordinate, centre) in to.iter().enumerate() {
                for (sum, number) in into.iter_mut().zip(x.coordinate(coordinate)) {
                    *sum += (number - centre).powi(2);
                }
            }
        })
    }

    /// One coordinate of x.
    pub fn coordinate(coordinate: usize) -> Self {
        Self::new(move |x, into| into.copy_from_slice(x.coordinate(coordinate)))
    }

    /// Its mean over x_0, ..., x_{N-1} at a checkpoint after N steps; at the start its value there.
    #[must_use]
    pub fn mean_so_far(mut self) -> Self {
        self.history = History::Mean;
        self
    }

    /// Its least value over x_0, ..., x_{N-1} at a checkpoint after N steps; at the start its value
    /// there.
    #[must_use]
    pub fn least_so_far(mut self) -> Self {
        self.history = History::Least;
        self
    }
}

/// What was measured on each trial of an ensemble at certain numbers of steps.
///
/// A trial whose norm is not finite, or larger than [`DIVERGENCE_THRESHOLD`], has diverged: from then on
/// each of its numbers reads as infinity, while the other trials go on. A number that is measured as NaN
/// reads as infinity too.
///
/// ```
/// use theoria_algorithms::{EnsembleRun, GradientDescent, Quantity};
/// use theoria_models::{Ensemble, Vector, objectives::Quartic};
///
/// // From 1 gradient descent converges on x⁴, from 100 it diverges.
/// let f = Quartic::new(1.0);
/// let start = Ensemble::from_trials(&[Vector::from_vec(vec![1.0]), Vector::from_vec(vec![100.0])]);
/// let run = EnsembleRun::of(GradientDescent::new(0.1), &f, start, &[0, 10, 1000], &[Quantity::value(&f)]);
/// assert_eq!(run.at(0, 0), [1.0, 1e8]);
/// assert!(run.at(0, 2)[0] < 1e-4);
/// assert_eq!(run.at(0, 2)[1], f64::INFINITY);
/// assert_eq!(run.diverged(), [None, Some(5)]);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct EnsembleRun {
    checkpoints: Vec<usize>,
    /// By quantity, checkpoint and trial.
    numbers: Vec<Vec<Vec<f64>>>,
    diverged: Vec<Option<usize>>,
    last: Ensemble,
}

impl EnsembleRun {
    /// Runs a method from `start` up to the last of the `checkpoints`, numbers of steps in increasing
    /// order, and measures all quantities at each.
    ///
    /// # Panics
    /// If the checkpoints do not increase.
    pub fn of<O: ?Sized>(
        mut method: impl Method<Ensemble, O>,
        oracle: &O,
        start: Ensemble,
        checkpoints: &[usize],
        quantities: &[Quantity<'_>],
    ) -> Self {
        assert!(checkpoints.is_sorted_by(|a, b| a < b), "checkpoints increase");
        let mut x = start;
        let mut diverged = vec![None; x.trials()];
        let mut recorders: Vec<Recorder<'_, '_>> =
            quantities.iter().map(|quantity| Recorder::new(quantity, x.trials())).collect();
        let mut seen = vec![0.0; x.trials()];
        let mut step = 0;
        note_divergence(&x, step, &mut seen, &mut diverged);
        for &checkpoint in checkpoints {
            while step < checkpoint && diverged.iter().any(Option::is_none) {
                recorders.iter_mut().for_each(|recorder| recorder.pass(&x));
                method.step(oracle, &mut x);
                step += 1;
                note_divergence(&x, step, &mut seen, &mut diverged);
            }
            for recorder in &mut recorders {
                recorder.record(&x, &diverged);
            }
        }
        EnsembleRun {
            checkpoints: checkpoints.to_vec(),
            numbers: recorders.into_iter().map(|recorder| recorder.recorded).collect(),
            diverged,
            last: x,
        }
    }

    /// The numbers of steps at which was measured.
    pub fn checkpoints(&self) -> &[usize] {
        &self.checkpoints
    }

    /// The measurements of one quantity (in the order in which they were given) at one checkpoint, one
    /// a trial.
    pub fn at(&self, quantity: usize, checkpoint: usize) -> &[f64] {
        &self.numbers[quantity][checkpoint]
    }

    /// The measurements of one quantity: a list for each checkpoint, with one number a trial.
    pub fn table(&self, quantity: usize) -> &[Vec<f64>] {
        &self.numbers[quantity]
    }

    /// For each trial the step after which it had diverged, if it had.
    pub fn diverged(&self) -> &[Option<usize>] {
        &self.diverged
    }

    /// The points after the last step.
    pub fn last(&self) -> &Ensemble {
        &self.last
    }
}

/// A quantity and what it has gathered.
struct Recorder<'a, 'b> {
    quantity: &'a Quantity<'b>,
    /// Sum or least value over the points passed, one place a trial.
    gathered: Vec<f64>,
    passed: usize,
    fresh: Vec<f64>,
    recorded: Vec<Vec<f64>>,
}

impl<'a, 'b> Recorder<'a, 'b> {
    fn new(quantity: &'a Quantity<'b>, trials: usize) -> Self {
        Recorder {
            quantity,
            gathered: vec![0.0; trials],
            passed: 0,
            fresh: vec![0.0; trials],
            recorded: Vec::new(),
        }
    }

    /// Gathers a point that a step is about to leave.
    fn pass(&mut self, x: &Ensemble) {
        if self.quantity.history == History::Now {
            return;
        }
        (self.quantity.measure)(x, &mut self.fresh);
        for (gathered, fresh) in self.gathered.iter_mut().zip(&self.fresh) {
            *gathered = match self.quantity.history {
                _ if self.passed == 0 => *fresh,
                History::Least => gathered.min(*fresh),
                _ => *gathered + fresh,
            };
        }
        self.passed += 1;
    }

    fn record(&mut self, x: &Ensemble, diverged: &[Option<usize>]) {
        let mut numbers = if self.passed == 0 {
            (self.quantity.measure)(x, &mut self.fresh);
            self.fresh.clone()
        } else {
            self.gathered.clone()
        };
        for (number, diverged) in numbers.iter_mut().zip(diverged) {
            if self.quantity.history == History::Mean {
                *number /= self.passed.max(1) as f64;
            }
            if diverged.is_some() || number.is_nan() {
                *number = f64::INFINITY;
            }
        }
        self.recorded.push(numbers);
    }
}

/// Notes the step for those trials that have just diverged; `seen` has a place for each.
fn note_divergence(x: &Ensemble, step: usize, seen: &mut [f64], diverged: &mut [Option<usize>]) {
    x.inner(x, seen);
    // The comparison is false for NaN.
    let within = |square: f64| square <= DIVERGENCE_THRESHOLD * DIVERGENCE_THRESHOLD;
    if !seen.iter().fold(true, |all, square| all & within(*square)) {
        for (first, square) in diverged.iter_mut().zip(seen) {
            if !within(*square) && first.is_none() {
                *first = Some(step);
            }
        }
    }
}
