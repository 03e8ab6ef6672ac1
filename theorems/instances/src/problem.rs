//! Unconstrained instances: an objective with a start.

use std::sync::{Arc, OnceLock};

use theoria_algorithms::{Iterate, Method, Trajectory, VectorMethod};
use theoria_models::numerics::written;
use theoria_models::objectives::Misstated;
use theoria_models::oracle::TwiceDifferentiable;
use theoria_models::{Minimum, Objective, Property, Vector};
use theoria_verification::{Constant, Draw, Instance, Reading, Trace};

use crate::hypotheses::Curvatures;
use crate::precision::{Digits, Precision, distance};
use crate::reached::Drift;
use crate::{Reached, flow};

/// Up to this dimension a start is described by its coordinates.
pub(crate) const SHOWN: usize = 6;

/// An objective, a start, and what is known of the minimum. The constants are asked for by name;
/// asking for one that the objective does not have panics, which ends that instance with a message.
#[derive(Clone)]
pub struct Problem {
    objective: Arc<dyn Objective>,
    start: Vector,
    minimum: Option<Minimum>,
    minimiser: Option<Vector>,
    /// Rounding of the gradient at the minimiser: nearer than this over mu no method can come.
    gradient_floor: f64,
    /// What was seen of the curvature, once somebody has looked.
    curvatures: OnceLock<Curvatures>,
    /// Who wants to know where methods go.
    trace: Option<Trace>,
    /// How methods are run.
    precision: Precision,
}

impl Problem {
    /// An instance that starts at `start`.
    ///
    /// # Panics
    /// If the start does not have the objective's dimension.
    pub fn new(objective: impl Objective + 'static, start: Vector) -> Self {
        Self::shared(Arc::new(objective), start)
    }

    /// The same of an objective that others hold too.
    ///
    /// # Panics
    /// If the start does not have the objective's dimension.
    pub fn shared(objective: Arc<dyn Objective>, start: Vector) -> Self {
        assert_eq!(objective.dimension(), start.len(), "the start has the objective's dimension");
        let minimiser = objective.nearest_minimiser(&start);
        Problem {
            minimum: objective.minimum(),
            gradient_floor: minimiser.as_ref().map_or(0.0, |x| objective.gradient_rounding(x)),
            minimiser,
            objective,
            start,
            curvatures: OnceLock::new(),
            trace: None,
            precision: Precision::default(),
        }
    }

    /// The same problem, of whose objective this constant is said.
    #[must_use]
    pub fn stating(self, property: Property, value: f64) -> Self {
        Problem::new(Misstated::new(self.objective, property, value), self.start)
    }

    /// The objective.
    pub fn objective(&self) -> &(dyn Objective + 'static) {
        &*self.objective
    }

    /// The start x_0.
    pub fn start(&self) -> &Vector {
        &self.start
    }

    /// What is seen of the curvature. Looks are expensive, and what the first one has seen is kept.
    pub(crate) fn curvatures(&self, draw: &mut Draw) -> Curvatures {
        *self.curvatures.get_or_init(|| Curvatures::seen(self, draw))
    }

    /// Runs a method from the start and keeps every iterate, each rounded to doubles where the instance is [in higher
    /// precision](Instance::in_higher_precision) and the method has such a form.
    pub fn run(&self, method: impl VectorMethod, steps: usize) -> Trajectory {
        let precise = self.precision.run(
            || Method::<Vector, dyn Objective>::in_higher_precision(&method),
            || self.objective.in_higher_precision(),
            &self.start,
            steps,
        );
        let run =
            precise.unwrap_or_else(|| Trajectory::of(method, self.objective(), &self.start, steps));
        if let Some(trace) = &self.trace {
            let visits = run.points().iter().map(|x| (x[0], self.objective.value(x)));
            trace.run(visits, self.minimiser.as_ref().map(|least| least[0]));
        }
        run
    }

    /// The objective for methods that ask for its Hessian.
    pub fn twice_differentiable(&self) -> TwiceDifferentiable<'_> {
        match TwiceDifferentiable::new(self.objective(), &self.start) {
            Ok(objective) => objective,
            Err(error) => panic!("{error}"),
        }
    }

    /// Gradient flow from the start at these times, positive and increasing: see [`flow`].
    pub fn flow(&self, times: &[f64]) -> Vec<Vector> {
        flow(self.objective(), &self.start, times)
    }

    /// Smoothness L.
    pub fn smoothness(&self) -> f64 {
        self.objective.required(Property::Smoothness)
    }

    /// Strong convexity mu.
    pub fn strong_convexity(&self) -> f64 {
        self.objective.required(Property::StrongConvexity)
    }

    /// Polyak–Lojasiewicz constant mu.
    pub fn lojasiewicz(&self) -> f64 {
        self.objective.required(Property::Lojasiewicz)
    }

    /// Bound G of the subgradients.
    pub fn lipschitz(&self) -> f64 {
        self.objective.required(Property::Lipschitz)
    }

    /// kappa = L / mu for strongly convex objectives.
    pub fn condition_number(&self) -> f64 {
        self.smoothness() / self.strong_convexity()
    }

    /// The minimal value f*.
    pub fn minimum(&self) -> Minimum {
        let Some(minimum) = self.minimum else {
            panic!("the minimal value of {} is not known", self.objective.describe());
        };
        minimum
    }

    /// The minimiser nearest to the start, x*.
    pub fn minimiser(&self) -> &Vector {
        let Some(minimiser) = &self.minimiser else {
            panic!("no minimiser of {} is known", self.objective.describe());
        };
        minimiser
    }

    /// The minimiser nearest to the start, if one is known.
    pub fn known_minimiser(&self) -> Option<&Vector> {
        self.minimiser.as_ref()
    }

    /// f(x), with its rounding floor. A run that has diverged ([`None`]) reads infinite.
    pub fn value<'a>(&self, x: impl Reached<'a>) -> Reading {
        let Some(x) = x.reached() else {
            return Reading::DIVERGED;
        };
        Reading::new(self.value_above(0.0, &x), self.objective.rounding(&x))
    }

    /// f(x) less this number, from all digits of x where there are more.
    fn value_above(&self, level: f64, x: &Iterate<'_>) -> f64 {
        match Digits::of(self.objective(), x) {
            Some(digits) => digits.value_above(level),
            None => self.objective.value(x) - level,
        }
    }

    /// A bound on f(x_0) - f*, from a number that f is never below.
    pub fn gap_at_most(&self) -> f64 {
        let Some(below) = self.objective.bounded_below() else {
            panic!("{} is not known to be bounded below", self.objective.describe());
        };
        self.objective.value(&self.start) - below
    }

    /// f(x) - f*, with its rounding floor: that of values at x, that of the gradients by which a method finds
    /// x, and of an iterate what rounding has gathered on the way. A run that has diverged ([`None`]) reads
    /// infinite.
    pub fn gap<'a>(&self, x: impl Reached<'a>) -> Reading {
        let Some(x) = x.reached() else {
            return Reading::DIVERGED;
        };
        let minimum = self.minimum();
        let gap = self.value_above(minimum.value, &x);
        let gradients = x.roundoff() / f64::EPSILON;
        let floor = self.objective.rounding(&x)
            + 2.0 * f64::EPSILON * minimum.value.abs()
            + gradients * self.gradient_floor * (2.0 * self.off(&x) + gradients * self.stall())
            + self.drift_of_value(&x);
        Reading::new(gap, floor + minimum.error)
    }

    /// How far rounding may have carried an iterate.
    fn drift(&self, x: &Iterate<'_>) -> Drift {
        Drift::of(x, self.minimiser.as_ref().map_or(0.0, Vector::norm))
    }

    /// What that does to the value.
    fn drift_of_value(&self, x: &Iterate<'_>) -> f64 {
        if x.step() == 0 {
            return 0.0;
        }
        let smoothness = self.objective.smoothness().map_or(0.0, |l| l.value);
        self.drift(x).of_value(self.objective.gradient_at(x).norm(), smoothness)
    }

    /// |x - x*|, or 0 if x* is not known. An iterate of a quadratic is off by H⁻¹ times the rounding of
    /// gradients, which changes the gap by the inner product of x - x* with that rounding.
    fn off(&self, x: &Vector) -> f64 {
        self.minimiser.as_ref().map_or(0.0, |own| (x - own).norm())
    }

    /// How near to the minimiser rounding lets a method come: the gradient's rounding over mu.
    fn stall(&self) -> f64 {
        let mu = self.objective.lojasiewicz();
        mu.map_or(0.0, |mu| 2.0 * self.gradient_floor / mu.value)
    }

    /// Delta = f(x_0) - f*.
    pub fn gap_at_start(&self) -> f64 {
        self.gap(&self.start).value
    }

    /// f(x) - f(y), with its rounding floor. A run that has diverged by y reads minus infinity.
    pub fn decrease<'a>(&self, x: impl Reached<'a>, y: impl Reached<'a>) -> Reading {
        let (x, y) = (x.reached(), y.reached());
        let digits = |x: &Option<Iterate<'a>>| Digits::of(self.objective(), x.as_ref()?);
        let precise = digits(&x).zip(digits(&y)).map(|(x, y)| x.decrease(&y));
        let (before, after) = (self.value(x), self.value(y));
        let seen = precise.unwrap_or(before.value - after.value);
        Reading::new(seen, before.floor + after.floor)
    }

    /// |x - x*| for the minimiser nearest to the start. A run that has diverged reads infinite.
    pub fn distance<'a>(&self, x: impl Reached<'a>) -> Reading {
        let Some(x) = x.reached() else {
            return Reading::DIVERGED;
        };
        let size = x.norm() + self.minimiser().norm() + self.start.norm();
        let stall = x.roundoff() / f64::EPSILON * self.stall();
        let floor = 8.0 * f64::EPSILON * size + stall + self.drift(&x).carried;
        let distance = match x.precise() {
            Some(precise) => distance(precise, self.minimiser()),
            None => (x.point() - self.minimiser()).norm(),
        };
        Reading::new(distance, floor)
    }

    /// R = |x_0 - x*|.
    pub fn distance_at_start(&self) -> f64 {
        self.distance(&self.start).value
    }

    /// |∇f(x)|². A run that has diverged reads infinite.
    pub fn gradient_squared<'a>(&self, x: impl Reached<'a>) -> Reading {
        let Some(x) = x.reached() else {
            return Reading::DIVERGED;
        };
        let norm = match Digits::of(self.objective(), &x) {
            Some(digits) => digits.slope(),
            None => self.objective.gradient_at(&x).norm(),
        };
        let smoothness = self.objective.smoothness().map_or(0.0, |l| l.value);
        let drift = self.drift(&x);
        let (error, moved) = (self.objective.gradient_rounding(&x), smoothness * drift.once);
        let carried = smoothness * drift.carried;
        let floor = 2.0 * norm * (error + moved) + (error + carried).powi(2);
        Reading::new(norm * norm, floor)
    }
}

impl AsRef<Problem> for Problem {
    fn as_ref(&self) -> &Problem {
        self
    }
}

impl Instance for Problem {
    fn description(&self) -> String {
        let mut text = self.objective.describe();
        if self.start.len() <= SHOWN {
            text += &format!(", from ({})", join(&self.start));
        }
        text
    }

    fn constants(&self) -> Vec<Constant> {
        // Where it is strongly convex, that is the μ that is shown.
        let growth = match self.objective.strong_convexity() {
            Some(_) => Property::StrongConvexity,
            None => Property::Lojasiewicz,
        };
        let properties = [Property::Smoothness, growth, Property::Lipschitz];
        let minimum = self.minimum.map(minimum_record);
        stated(&*self.objective, &properties).chain(minimum).collect()
    }

    fn traced(&self, trace: &Trace) -> Option<Self> {
        let traced = || Problem { trace: Some(trace.clone()), ..self.clone() };
        (self.start.len() == 1).then(traced)
    }

    fn height(&self, place: f64) -> Option<f64> {
        (self.start.len() == 1).then(|| self.objective.value(&Vector::from_element(1, place)))
    }

    fn in_higher_precision(&self) -> Option<Self> {
        self.objective.in_higher_precision()?;
        Some(Problem { precision: Precision::higher(), ..self.clone() })
    }

    fn computed_in_higher_precision(&self) -> bool {
        self.precision.attained()
    }

    fn needs() -> String {
        "an objective with its gradient and the constants that the claims name (L, μ, f*, …), and a start x₀".into()
    }
}

/// The coordinates as one writes them.
pub(crate) fn join(x: &Vector) -> String {
    x.iter().map(|v| written(*v)).collect::<Vec<_>>().join(", ")
}

/// A minimal value as evidence records it.
pub(crate) fn minimum_record(minimum: Minimum) -> Constant {
    let Minimum { value, error, .. } = minimum;
    if error == 0.0 { Constant::exact("f*", value) } else { Constant::certified("f*", value) }
}

/// The constants of these properties that the objective states, as evidence records them.
pub(crate) fn stated(
    objective: &dyn Objective,
    properties: &[Property],
) -> impl Iterator<Item = Constant> {
    properties.iter().filter_map(|p| Some(record(p.symbol(), objective.constant(*p)?)))
}

/// A model's constant as evidence records it.
pub fn record(name: &str, constant: theoria_models::Constant) -> Constant {
    let theoria_models::Constant { value, provenance, .. } = constant;
    match provenance {
        theoria_models::Provenance::Exact => Constant::exact(name, value),
        theoria_models::Provenance::Certified => Constant::certified(name, value),
        theoria_models::Provenance::Estimated => Constant::estimated(name, value),
    }
}
