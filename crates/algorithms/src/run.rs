//! Running a method: iterates, and divergence as an outcome.

use std::ops::{ControlFlow, Deref};

use theoria_models::point::Point;
use theoria_models::{PreciseObjective, Vector, Wide};

use crate::{Method, PreciseMethod};

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// All steps were made.
    Finished,
    /// The observer had seen enough after this many steps.
    Stopped {
        /// Number of steps made.
        step: usize,
    },
    /// The point [diverged](Point::diverged): a coordinate became too large, or not finite.
    Diverged {
        /// The first step after which that was so.
        step: usize,
    },
}

/// Makes `steps` steps from `x`, and shows `observe` the number of steps made and the point: first
/// the start, then the point after each step, until it breaks, the steps are made, or the run
/// diverges. A point that has diverged is not shown.
///
/// ```
/// use std::ops::ControlFlow;
/// use theoria_algorithms::{GradientDescent, Outcome, iterate};
/// use theoria_models::{Objective, Vector, objectives::Quadratic};
///
/// let f = Quadratic::diagonal(&[1.0]);
/// let mut x = Vector::from_vec(vec![1.0]);
/// let outcome = iterate(GradientDescent::new(0.5), &f, &mut x, 100, |_, x: &Vector| {
///     if f.value(x) < 0.01 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
/// });
/// assert_eq!(outcome, Outcome::Stopped { step: 3 });
/// ```
pub fn iterate<P: Point, O: ?Sized>(
    mut method: impl Method<P, O>,
    oracle: &O,
    x: &mut P,
    steps: usize,
    mut observe: impl FnMut(usize, &P) -> ControlFlow<()>,
) -> Outcome {
    for step in 0..=steps {
        if step > 0 {
            method.step(oracle, x);
        }
        if x.diverged() {
            return Outcome::Diverged { step };
        }
        if observe(step, x).is_break() {
            return Outcome::Stopped { step };
        }
    }
    Outcome::Finished
}

/// The iterates of a run: all of them, or those after certain steps.
///
/// ```
/// use theoria_algorithms::{GradientDescent, Trajectory};
/// use theoria_models::{Vector, objectives::Quadratic};
///
/// let f = Quadratic::diagonal(&[1.0]);
/// let start = Vector::from_vec(vec![1.0]);
/// let run = Trajectory::of(GradientDescent::new(0.5), &f, &start, 3);
/// assert_eq!(run.at(2).map(|x| x[0]), Some(0.25));
/// // Steps past 2/L: a run that diverges says when, and has no iterates from then on.
/// let run = Trajectory::of(GradientDescent::new(4.0), &f, &start, 1000);
/// let step = run.diverged().expect("the distance trebles at every step");
/// assert!(run.at(step).is_none() && run.at(step - 1).is_some());
/// ```
#[derive(Debug, Clone)]
pub struct Trajectory<P = Vector> {
    steps: Vec<usize>,
    points: Vec<P>,
    /// The largest size of a point up to each that was kept.
    reaches: Vec<f64>,
    outcome: Outcome,
    /// What a step loses to rounding, as a share of the size.
    roundoff: f64,
    /// The points with all their digits, where the run was in higher precision; else none.
    precise: Vec<Wide>,
}

/// A point that a run came to, with what rounding on the way to it depends on: the number of steps, and how
/// large points have been. It can be used as the point itself, and its clone is one.
///
/// ```
/// use theoria_algorithms::{GradientDescent, Trajectory};
/// use theoria_models::{Objective, Vector, objectives::Quadratic};
///
/// let f = Quadratic::diagonal(&[1.0]);
/// let run = Trajectory::of(GradientDescent::new(1.5), &f, &Vector::from_vec(vec![8.0]), 3);
/// let last = run.last();
/// assert_eq!((last.step(), last.reach(), last[0]), (3, 8.0, -1.0));
/// assert_eq!(f.value(&last), 0.5);
/// ```
#[derive(Debug)]
pub struct Iterate<'a, P = Vector> {
    point: &'a P,
    step: usize,
    reach: f64,
    roundoff: f64,
    precise: Option<&'a Wide>,
}

impl<'a, P: Point> Iterate<'a, P> {
    /// A point that no run came to: nothing was rounded on the way.
    pub fn given(point: &'a P) -> Self {
        Iterate { point, step: 0, reach: point.size(), roundoff: P::ROUNDOFF, precise: None }
    }
}

impl<'a, P> Iterate<'a, P> {
    /// The point.
    pub fn point(&self) -> &'a P {
        self.point
    }

    /// The number of steps made to come to it.
    pub fn step(&self) -> usize {
        self.step
    }

    /// The largest [size](Point::size) of a point up to this one, those included that were not kept.
    pub fn reach(&self) -> f64 {
        self.reach
    }

    /// What each step lost to rounding, as a share of the size: less than that of the point's own numbers where the run was in higher
    /// precision and the point was rounded afterwards.
    pub fn roundoff(&self) -> f64 {
        self.roundoff
    }

    /// The point with all its digits, where the run was in higher precision.
    pub fn precise(&self) -> Option<&'a Wide> {
        self.precise
    }
}

impl<P> Deref for Iterate<'_, P> {
    type Target = P;

    fn deref(&self) -> &P {
        self.point
    }
}

impl<P: Point> Trajectory<P> {
    /// Makes `steps` steps from `start` and keeps every iterate.
    ///
    /// # Panics
    /// If the start itself has diverged.
    pub fn of<O: ?Sized>(method: impl Method<P, O>, oracle: &O, start: &P, steps: usize) -> Self {
        Self::keeping(method, oracle, start, steps, |_| true)
    }

    /// Makes `steps` steps from `start` and keeps the iterates after those steps for which `keep`
    /// says so, besides start and end.
    ///
    /// # Panics
    /// If the start itself has diverged.
    pub fn keeping<O: ?Sized>(
        method: impl Method<P, O>,
        oracle: &O,
        start: &P,
        steps: usize,
        keep: impl Fn(usize) -> bool,
    ) -> Self {
        let (mut kept, mut points, mut reaches) = (Vec::new(), Vec::new(), Vec::new());
        let mut reach: f64 = 0.0;
        let outcome = iterate(method, oracle, &mut start.clone(), steps, |step, x| {
            reach = reach.max(x.size());
            if step == 0 || step == steps || keep(step) {
                kept.push(step);
                points.push(x.clone());
                reaches.push(reach);
            }
            ControlFlow::Continue(())
        });
        assert!(!points.is_empty(), "a run starts at a finite point");
        Trajectory {
            steps: kept,
            points,
            reaches,
            outcome,
            roundoff: P::ROUNDOFF,
            precise: Vec::new(),
        }
    }

    /// The iterate after `step` steps; none if the run had diverged by then, or if it was not kept.
    pub fn at(&self, step: usize) -> Option<Iterate<'_, P>> {
        self.steps.binary_search(&step).ok().map(|position| self.iterate(position))
    }

    /// The kept iterates up to divergence, the start first, with their steps.
    pub fn iterates(&self) -> impl ExactSizeIterator<Item = Iterate<'_, P>> + Clone {
        (0..self.points.len()).map(|position| self.iterate(position))
    }

    fn iterate(&self, position: usize) -> Iterate<'_, P> {
        Iterate {
            point: &self.points[position],
            step: self.steps[position],
            reach: self.reaches[position],
            roundoff: self.roundoff,
            precise: self.precise.get(position),
        }
    }

    /// The kept iterates up to divergence, the start first.
    pub fn points(&self) -> &[P] {
        &self.points
    }

    /// The last finite iterate that was kept.
    pub fn last(&self) -> Iterate<'_, P> {
        self.iterate(self.points.len() - 1)
    }

    /// The step at which the run diverged, if it did.
    pub fn diverged(&self) -> Option<usize> {
        match self.outcome {
            Outcome::Diverged { step } => Some(step),
            Outcome::Finished | Outcome::Stopped { .. } => None,
        }
    }
}
impl Trajectory {
    /// The iterates of a run in higher precision, each rounded once to the nearest doubles.
    ///
    /// ```
    /// use theoria_algorithms::{GradientDescent, Method, Trajectory};
    /// use theoria_models::{Objective, Vector, objectives::Huber};
    ///
    /// let (f, start) = (Huber::new(1.0, 1.0), Vector::from_vec(vec![3.0]));
    /// let (f, method): (&dyn Objective, _) = (&f, GradientDescent::new(0.1));
    /// let precise = Method::<Vector, dyn Objective>::in_higher_precision(&method)
    ///     .zip(f.in_higher_precision())
    ///     .map(|(method, f)| Trajectory::in_higher_precision(method, &*f, &start, 3));
    /// let run = precise.expect("both are known in higher precision");
    /// assert_eq!(run.last()[0], 2.7);
    /// ```
    ///
    /// # Panics
    /// If the start itself has diverged.
    pub fn in_higher_precision(
        method: Box<dyn PreciseMethod>,
        objective: &dyn PreciseObjective,
        start: &Vector,
        steps: usize,
    ) -> Self {
        let run: Trajectory<Wide> = Trajectory::of(method, objective, &start.into(), steps);
        Trajectory {
            points: run.points.iter().map(Wide::nearest).collect(),
            steps: run.steps,
            reaches: run.reaches,
            outcome: run.outcome,
            roundoff: run.roundoff,
            precise: run.points,
        }
    }
}
