//! Instances with a set, or with a regulariser.

use theoria_algorithms::{Method, Trajectory};
use theoria_models::objectives::{Composite, Constrained};
use theoria_models::{Minimum, Objective, Property, Vector};
use theoria_verification::{Constant, Instance, Reading};

use crate::problem::{minimum_record, record};

/// A smooth objective over a simple convex set, with a start and a known minimiser.
#[derive(Clone)]
pub struct ConstrainedProblem {
    problem: Constrained,
    start: Vector,
    minimiser: Vector,
    minimum: Minimum,
}

/// A smooth objective plus a regulariser, with a start and a known minimiser.
#[derive(Clone)]
pub struct CompositeProblem {
    problem: Composite,
    start: Vector,
    minimiser: Vector,
    minimum: Minimum,
}

/// What the two have in common.
macro_rules! split_problem {
    ($name:ident, $problem:ty) => {
        impl $name {
            /// An instance that starts at `start`.
            ///
            /// # Panics
            /// If the problem does not know its minimiser.
            pub fn new(problem: $problem, start: Vector) -> Self {
                let known = problem.minimiser().cloned().zip(problem.minimum());
                let Some((minimiser, minimum)) = known else {
                    panic!("no minimiser of {} is known", problem.describe());
                };
                $name { problem, start, minimiser, minimum }
            }

            /// The problem.
            pub fn problem(&self) -> &$problem {
                &self.problem
            }

            /// The start x_0.
            pub fn start(&self) -> &Vector {
                &self.start
            }

            /// The minimiser x*.
            pub fn minimiser(&self) -> &Vector {
                &self.minimiser
            }

            /// Runs a method from the start and keeps every iterate.
            pub fn run(&self, method: impl Method<Vector, $problem>, steps: usize) -> Trajectory {
                Trajectory::of(method, &self.problem, &self.start, steps)
            }

            /// Smoothness L of the smooth part.
            pub fn smoothness(&self) -> f64 {
                self.problem.smooth().required(Property::Smoothness)
            }

            /// Strong convexity mu of the smooth part.
            pub fn strong_convexity(&self) -> f64 {
                self.problem.smooth().required(Property::StrongConvexity)
            }

            /// The gap to the minimal value, with its rounding floor. A run that has diverged
            /// ([`None`]) reads infinite.
            pub fn gap<'a>(&self, x: impl Into<Option<&'a Vector>>) -> Reading {
                let Some(x) = x.into() else {
                    return Reading::DIVERGED;
                };
                let floor = self.rounding(x) + 4.0 * f64::EPSILON * self.minimum.value.abs();
                Reading::new(self.value(x) - self.minimum.value, floor + self.minimum.error)
            }

            /// |x - x*|. A run that has diverged reads infinite.
            pub fn distance<'a>(&self, x: impl Into<Option<&'a Vector>>) -> Reading {
                let Some(x) = x.into() else {
                    return Reading::DIVERGED;
                };
                let size = x.norm() + self.minimiser.norm() + self.start.norm();
                Reading::new((x - &self.minimiser).norm(), 16.0 * f64::EPSILON * size)
            }

            /// R = |x_0 - x*|.
            pub fn distance_at_start(&self) -> f64 {
                self.distance(&self.start).value
            }
        }

        impl Instance for $name {
            fn description(&self) -> String {
                self.problem.describe()
            }

            fn constants(&self) -> Vec<Constant> {
                let smooth = self.problem.smooth();
                [("L", smooth.smoothness()), ("μ", smooth.strong_convexity())]
                    .into_iter()
                    .filter_map(|(name, constant)| Some(record(name, constant?)))
                    .chain([minimum_record(self.minimum)])
                    .collect()
            }
        }
    };
}

split_problem!(ConstrainedProblem, Constrained);
split_problem!(CompositeProblem, Composite);

impl ConstrainedProblem {
    fn value(&self, x: &Vector) -> f64 {
        self.problem.smooth().value(x)
    }

    fn rounding(&self, x: &Vector) -> f64 {
        // The iterate itself is feasible to rounding only.
        let slope = self.problem.smooth().gradient_at(x).norm();
        self.problem.smooth().rounding(x) + 16.0 * f64::EPSILON * slope * (1.0 + x.norm())
    }

    /// Largest distance D within the set.
    pub fn diameter(&self) -> f64 {
        self.problem.set().diameter(self.start.len())
    }
}

impl CompositeProblem {
    /// f + r as one objective with subgradients, for methods that ignore the proximal map.
    pub fn whole(&self) -> impl Objective + use<> {
        self.problem.whole()
    }

    fn value(&self, x: &Vector) -> f64 {
        self.problem.value(x)
    }

    fn rounding(&self, x: &Vector) -> f64 {
        self.problem.rounding(x)
    }
}
