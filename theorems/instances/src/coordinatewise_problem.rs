//! Objectives and noise measured coordinate by coordinate, for methods that see signs alone.

use theoria_models::stochastic::{Perturbed, Repeated, Shape, StochasticOracle};
use theoria_models::{Objective, Vector};
use theoria_verification::{Constant, Instance};

/// The mean of this many stochastic gradients as an oracle.
type Batches = dyn Fn(usize) -> Box<dyn StochasticOracle> + Send + Sync;

/// An objective with its start and step size, and what is known of curvature and noise along each coordinate.
pub struct CoordinatewiseProblem {
    batches: Box<Batches>,
    curvatures: Vector,
    deviations: Vector,
    start: Vector,
    step_size: f64,
}

impl CoordinatewiseProblem {
    /// `batches` gives the mean of so many stochastic gradients as an oracle; with L_i and σ_i, the start x_0 and
    /// the step size h.
    ///
    /// # Panics
    /// If start, curvatures and deviations differ in length.
    pub fn new<O: StochasticOracle + 'static>(
        batches: impl Fn(usize) -> O + Send + Sync + 'static,
        (curvatures, deviations): (Vector, Vector),
        start: Vector,
        step_size: f64,
    ) -> Self {
        let dimensions = (curvatures.len(), deviations.len());
        assert_eq!(dimensions, (start.len(), start.len()), "one number for each coordinate");
        let batches: Box<Batches> = Box::new(move |size| Box::new(batches(size)));
        CoordinatewiseProblem { batches, curvatures, deviations, start, step_size }
    }

    /// With noise of this shape and with the same standard deviation σ in every coordinate.
    pub fn perturbed(
        objective: impl Objective + Clone + 'static,
        (sigma, shape): (f64, Shape),
        curvatures: Vector,
        start: Vector,
        step_size: f64,
    ) -> Self {
        let dimension = start.len();
        let single =
            Perturbed::additive(objective, sigma * (dimension as f64).sqrt()).shaped(shape);
        let deviations = Vector::from_element(dimension, sigma);
        let batches = move |size| Repeated::new(single.clone(), size);
        CoordinatewiseProblem::new(batches, (curvatures, deviations), start, step_size)
    }

    /// The mean of `size` stochastic gradients.
    pub fn batch(&self, size: usize) -> Box<dyn StochasticOracle> {
        (self.batches)(size)
    }

    /// L_i with f(y) ≤ f(x) + ∇f(x)·(y - x) + Σ L_i (y_i - x_i)²/2.
    pub fn curvatures(&self) -> &Vector {
        &self.curvatures
    }

    /// σ_i: the standard deviation of coordinate i of one stochastic gradient is at most this.
    pub fn deviations(&self) -> &Vector {
        &self.deviations
    }

    /// The start x_0.
    pub fn start(&self) -> &Vector {
        &self.start
    }

    /// The step size h.
    pub fn step_size(&self) -> f64 {
        self.step_size
    }

    /// A bound on f(x_0) - f*, from a number that f is never below.
    ///
    /// # Panics
    /// If the objective states none.
    pub fn gap_at_most(&self) -> f64 {
        let single = self.batch(1);
        let objective = single.objective();
        let Some(below) = objective.bounded_below() else {
            panic!("{} is not known to be bounded below", objective.describe());
        };
        objective.value(&self.start) - below
    }
}

impl Instance for CoordinatewiseProblem {
    fn description(&self) -> String {
        self.batch(1).describe()
    }

    fn constants(&self) -> Vec<Constant> {
        vec![
            Constant::certified("Σ L_i", self.curvatures.sum()),
            Constant::certified("Σ σ_i", self.deviations.sum()),
            Constant::exact("h", self.step_size),
        ]
    }

    fn needs() -> String {
        "an objective with stochastic gradients for every batch size, a curvature L_i and a deviation σ_i for each coordinate, \
         a start x₀ and a step size h"
            .into()
    }
}
