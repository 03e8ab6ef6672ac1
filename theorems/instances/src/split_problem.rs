//! Instances with a set, or with a regulariser.

use std::sync::Arc;

use theoria_algorithms::{Iterate, Method, Trajectory};
use theoria_models::objectives::{Composite, Constrained};
use theoria_models::{Minimum, Objective, PreciseObjective, Property, Vector};
use theoria_verification::{Constant, Instance, Reading, Trace};

use crate::precision::Precision;
use crate::problem::{SHOWN, join, minimum_record, stated};
use crate::reached::Drift;
use crate::{Problem, Reached};

/// A smooth part, and another that methods see through a projection or a proximal map.
pub trait SplitObjective: Send + Sync {
    /// Both parts, in a few words.
    fn describe(&self) -> String;

    /// The smooth part f.
    fn smooth(&self) -> &Arc<dyn Objective>;

    /// What is minimised, at a point that the other part allows.
    fn value(&self, x: &Vector) -> f64;

    /// Bound on the rounding error of the value at an iterate.
    fn rounding(&self, x: &Vector) -> f64;

    /// A minimiser and the minimal value, if they are known.
    fn solution(&self) -> Option<(&Vector, Minimum)>;

    /// Both parts in higher precision, where they know how.
    fn in_higher_precision(&self) -> Option<Box<dyn PreciseObjective + '_>> {
        None
    }
}

/// A smooth objective with a set or a regulariser, with a start and a known minimiser.
///
/// ```
/// use theoria_algorithms::ProximalGradient;
/// use theoria_instances::CompositeProblem;
/// use theoria_models::objectives::{Composite, L1Norm, Quadratic};
/// use theoria_models::{Minimum, Vector};
///
/// // x² + |x| from 3: the steps reach the minimum at 0 and stay there.
/// let objective = Composite::new(Quadratic::diagonal(&[2.0]), L1Norm::new(1.0))
///     .minimal_at(Vector::zeros(1), Minimum::exact(0.0));
/// let problem = CompositeProblem::new(objective, Vector::from_element(1, 3.0));
/// let run = problem.run(ProximalGradient::new(0.4), 10);
/// assert_eq!(problem.gap(run.last()).value, 0.0);
/// ```
#[derive(Clone)]
pub struct SplitProblem<S> {
    objective: S,
    /// The smooth part alone, on which hypotheses are checked.
    smooth: Problem,
    start: Vector,
    minimiser: Vector,
    minimum: Minimum,
    /// Who wants to know where methods go.
    trace: Option<Trace>,
    /// How methods are run.
    precision: Precision,
}

/// A smooth objective over a simple convex set.
pub type ConstrainedProblem = SplitProblem<Constrained>;

/// A smooth objective plus a regulariser.
pub type CompositeProblem = SplitProblem<Composite>;

impl<S: SplitObjective> SplitProblem<S> {
    /// An instance that starts at `start`.
    ///
    /// # Panics
    /// If the objective does not know its minimiser.
    pub fn new(objective: S, start: Vector) -> Self {
        let Some((minimiser, minimum)) = objective.solution() else {
            panic!("no minimiser of {} is known", objective.describe());
        };
        let smooth = Problem::shared(Arc::clone(objective.smooth()), start.clone());
        SplitProblem {
            minimiser: minimiser.clone(),
            minimum,
            smooth,
            objective,
            start,
            trace: None,
            precision: Precision::default(),
        }
    }

    /// What is minimised.
    pub fn objective(&self) -> &S {
        &self.objective
    }

    /// The start x_0.
    pub fn start(&self) -> &Vector {
        &self.start
    }

    /// The minimiser x*.
    pub fn minimiser(&self) -> &Vector {
        &self.minimiser
    }

    /// Runs a method from the start and keeps every iterate, each rounded to doubles where the instance is [in higher
    /// precision](Instance::in_higher_precision) and the method has such a form.
    pub fn run(&self, method: impl Method<Vector, S>, steps: usize) -> Trajectory {
        let precise = self.precision.run(
            || method.in_higher_precision(),
            || self.objective.in_higher_precision(),
            &self.start,
            steps,
        );
        let run =
            precise.unwrap_or_else(|| Trajectory::of(method, &self.objective, &self.start, steps));
        if let Some(trace) = &self.trace {
            let visits = run.points().iter().map(|x| (x[0], self.objective.value(x)));
            trace.run(visits, Some(self.minimiser[0]));
        }
        run
    }

    /// Smoothness L of the smooth part.
    ///
    /// # Panics
    /// If it states none.
    pub fn smoothness(&self) -> f64 {
        self.objective.smooth().required(Property::Smoothness)
    }

    /// Strong convexity mu of the smooth part.
    ///
    /// # Panics
    /// If it states none.
    pub fn strong_convexity(&self) -> f64 {
        self.objective.smooth().required(Property::StrongConvexity)
    }

    /// The gap to the minimal value, with its rounding floor. A run that has diverged ([`None`]) reads
    /// infinite.
    pub fn gap<'a>(&self, x: impl Reached<'a>) -> Reading {
        let Some(x) = x.reached() else {
            return Reading::DIVERGED;
        };
        let floor = self.objective.rounding(&x)
            + 4.0 * f64::EPSILON * self.minimum.value.abs()
            + self.drift_of_value(&x);
        Reading::new(self.objective.value(&x) - self.minimum.value, floor + self.minimum.error)
    }

    /// |x - x*|. A run that has diverged reads infinite.
    pub fn distance<'a>(&self, x: impl Reached<'a>) -> Reading {
        let Some(x) = x.reached() else {
            return Reading::DIVERGED;
        };
        let size = x.norm() + self.minimiser.norm() + self.start.norm();
        let floor = 16.0 * f64::EPSILON * size + self.drift(&x).carried;
        Reading::new((x.point() - &self.minimiser).norm(), floor)
    }

    /// How far rounding may have carried an iterate.
    fn drift(&self, x: &Iterate<'_>) -> Drift {
        Drift::of(x, self.minimiser.norm())
    }

    /// What that does to the value. Where the other part is steep it holds the point, as a wall does.
    fn drift_of_value(&self, x: &Iterate<'_>) -> f64 {
        if x.step() == 0 {
            return 0.0;
        }
        let smooth = self.objective.smooth();
        let smoothness = smooth.smoothness().map_or(0.0, |l| l.value);
        self.drift(x).of_value(smooth.gradient_at(x).norm(), smoothness)
    }

    /// R = |x_0 - x*|.
    pub fn distance_at_start(&self) -> f64 {
        self.distance(&self.start).value
    }
}

impl ConstrainedProblem {
    /// Largest distance D within the set.
    pub fn diameter(&self) -> f64 {
        self.objective.set().diameter(self.start.len())
    }
}

impl CompositeProblem {
    /// f + r as one objective with subgradients, for methods that ignore the proximal map.
    pub fn whole(&self) -> impl Objective + use<> {
        self.objective.whole()
    }
}

/// The smooth part alone, with the same start: what hypotheses on f are checked on.
impl<S> AsRef<Problem> for SplitProblem<S> {
    fn as_ref(&self) -> &Problem {
        &self.smooth
    }
}

impl<S: SplitObjective + Clone> Instance for SplitProblem<S> {
    fn description(&self) -> String {
        let mut text = self.objective.describe();
        if self.start.len() <= SHOWN {
            text += &format!(", from ({})", join(&self.start));
        }
        text
    }

    fn constants(&self) -> Vec<Constant> {
        let properties = [Property::Smoothness, Property::StrongConvexity];
        let minimum = [minimum_record(self.minimum)];
        stated(&**self.objective.smooth(), &properties).chain(minimum).collect()
    }

    fn traced(&self, trace: &Trace) -> Option<Self> {
        let traced = || SplitProblem { trace: Some(trace.clone()), ..self.clone() };
        (self.start.len() == 1).then(traced)
    }

    fn height(&self, place: f64) -> Option<f64> {
        (self.start.len() == 1).then(|| self.objective.value(&Vector::from_element(1, place)))
    }

    fn in_higher_precision(&self) -> Option<Self> {
        self.objective.in_higher_precision()?;
        Some(SplitProblem { precision: Precision::higher(), ..self.clone() })
    }

    fn computed_in_higher_precision(&self) -> bool {
        self.precision.attained()
    }

    fn needs() -> String {
        "a smooth objective with L, a simple convex set or a regulariser with its projection or proximal map, a minimiser \
         with its value f*, and a start x₀"
            .into()
    }
}

impl SplitObjective for Constrained {
    fn describe(&self) -> String {
        Constrained::describe(self)
    }

    fn smooth(&self) -> &Arc<dyn Objective> {
        Constrained::smooth(self)
    }

    fn value(&self, x: &Vector) -> f64 {
        self.smooth().value(x)
    }

    fn rounding(&self, x: &Vector) -> f64 {
        // The iterate itself is feasible to rounding only.
        let slope = self.smooth().gradient_at(x).norm();
        self.smooth().rounding(x) + 16.0 * f64::EPSILON * slope * (1.0 + x.norm())
    }

    fn solution(&self) -> Option<(&Vector, Minimum)> {
        self.minimiser().zip(self.minimum())
    }

    fn in_higher_precision(&self) -> Option<Box<dyn PreciseObjective + '_>> {
        Constrained::in_higher_precision(self)
    }
}

impl SplitObjective for Composite {
    fn describe(&self) -> String {
        Composite::describe(self)
    }

    fn smooth(&self) -> &Arc<dyn Objective> {
        Composite::smooth(self)
    }

    fn value(&self, x: &Vector) -> f64 {
        Composite::value(self, x)
    }

    fn rounding(&self, x: &Vector) -> f64 {
        Composite::rounding(self, x)
    }

    fn solution(&self) -> Option<(&Vector, Minimum)> {
        self.minimiser().zip(self.minimum())
    }

    fn in_higher_precision(&self) -> Option<Box<dyn PreciseObjective + '_>> {
        Composite::in_higher_precision(self)
    }
}
