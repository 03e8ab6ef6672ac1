//! What a run is granted: a function, the constants that are told of it, and the step size.

use theoria_algorithms::{GradientDescent, Trajectory};
use theoria_instances::{Problem, Reached};
use theoria_models::Vector;
use theoria_models::objectives::{Huber, Quadratic};
use theoria_verification::{Constant, Draw, Instance, Reading};

use crate::theoria::Fields;

/// What bounds speak of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quantity {
    Gap,
    Distance,
    Gradient,
}

impl Quantity {
    pub(super) const ALL: [Quantity; 3] = [Quantity::Gap, Quantity::Distance, Quantity::Gradient];

    /// As messages name it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Quantity::Gap => "gap",
            Quantity::Distance => "distance",
            Quantity::Gradient => "gradient",
        }
    }

    /// As formulas write it, after N steps.
    pub(super) fn symbol(self) -> &'static str {
        match self {
            Quantity::Gap => "f(x_N) − f*",
            Quantity::Distance => "|x_N − x*|",
            Quantity::Gradient => "|∇f(x_N)|",
        }
    }

    pub(super) fn read<'a>(self, problem: &Problem, x: impl Reached<'a>) -> Reading {
        match self {
            Quantity::Gap => problem.gap(x),
            Quantity::Distance => problem.distance(x),
            Quantity::Gradient => {
                let squared = problem.gradient_squared(x);
                let norm = squared.value.sqrt();
                let floor = squared.floor.sqrt().min(squared.floor / norm);
                Reading::new(norm, floor)
            }
        }
    }
}

/// A function from a start, with what is told of it: that may be wrong, where a theorem is put to the test without its hypotheses.
#[derive(Clone)]
pub(super) struct Setting {
    pub(super) problem: Problem,
    pub(super) smoothness: f64,
    /// Where it is told.
    pub(super) strong_convexity: Option<f64>,
    pub(super) step: f64,
}

impl AsRef<Problem> for Setting {
    fn as_ref(&self) -> &Problem {
        &self.problem
    }
}

impl Instance for Setting {
    fn description(&self) -> String {
        self.problem.description()
    }

    fn constants(&self) -> Vec<Constant> {
        let mut constants = vec![Constant::exact("L", self.smoothness)];
        constants.extend(self.strong_convexity.map(|mu| Constant::exact("μ", mu)));
        constants.push(Constant::exact("h", self.step));
        constants.push(Constant::exact("R", self.problem.distance_at_start()));
        constants
    }

    fn in_higher_precision(&self) -> Option<Self> {
        Some(Setting { problem: self.problem.in_higher_precision()?, ..self.clone() })
    }

    fn computed_in_higher_precision(&self) -> bool {
        self.problem.computed_in_higher_precision()
    }
}

impl Setting {
    /// A convex function, with h = 1/L.
    pub(super) fn convex(problem: Problem) -> Self {
        let smoothness = problem.smoothness();
        Setting { problem, smoothness, strong_convexity: None, step: 1.0 / smoothness }
    }

    /// A strongly convex one, with a step that is this multiple of 1/L.
    pub(super) fn strongly_convex(problem: Problem, multiple: f64) -> Self {
        let (smoothness, mu) = (problem.smoothness(), problem.strong_convexity());
        let step = multiple / smoothness;
        Setting { problem, smoothness, strong_convexity: Some(mu), step }
    }

    /// What a solution is told: the constants, where the run starts, and after how many steps it is asked.
    pub(super) fn known(&self, steps: &[usize]) -> Fields {
        let at_start =
            |quantity: Quantity| quantity.read(&self.problem, self.problem.start()).value;
        let steps: Vec<f64> = steps.iter().map(|&n| n as f64).collect();
        let mut known = Fields::new().with("smoothness", self.smoothness);
        if let Some(mu) = self.strong_convexity {
            known = known.with("strong_convexity", mu);
        }
        known = known.with("step", self.step);
        for quantity in Quantity::ALL {
            known = known.with(quantity.name(), at_start(quantity));
        }
        known.with("steps", steps)
    }

    /// Gradient descent as the theorem has it.
    pub(super) fn descent(&self, steps: usize) -> Trajectory {
        self.problem.run(GradientDescent::new(self.step), steps)
    }
}

/// On which side of 1 L and R lie: whoever mistakes a power of one of them is seen whatever the seed.
pub(super) const SIDES: [&str; 4] = ["L and R small", "L large", "R large", "L and R large"];

/// L and R on one of the [`SIDES`], counted round.
pub(super) fn scale(side: usize, draw: &mut Draw) -> (f64, f64) {
    let mut size = |is_large: bool| match is_large {
        true => draw.log_uniform(1.5, 10.0),
        false => draw.log_uniform(0.1, 0.7),
    };
    (size(side % 2 == 1), size(side / 2 % 2 == 1))
}

/// The Huber function of this width, in units of R.
pub(super) fn huber((smoothness, distance): (f64, f64), width: f64) -> Problem {
    Problem::new(Huber::new(smoothness, width * distance), Vector::from_element(1, distance))
}

/// Curvatures in units of L, and a start in units of R.
pub(super) fn modes<const D: usize>(
    (smoothness, distance): (f64, f64),
    curvatures: [f64; D],
    start: [f64; D],
) -> Problem {
    let spectrum = curvatures.map(|curvature| curvature * smoothness);
    Problem::new(Quadratic::diagonal(&spectrum), Vector::from_row_slice(&start) * distance)
}
