//! Instances on which a bound is attained, or on which a hypothesis fails.

use theoria_models::Vector;
use theoria_models::objectives::{
    CyclingQuadratic, Huber, NesterovWorst, Quadratic, Quartic, ResistingMaximum, RippledParabola,
    Zigzag,
};
use theoria_verification::{Constant, Family, Instance, Reading, Readings, Trace};

use crate::Problem;

/// Numbers of steps for which tight instances are made.
pub const STEPS: [usize; 7] = [1, 2, 4, 7, 10, 20, 50];

/// f = L x²/2 from 1, for several L.
pub fn parabolas() -> Family<Problem> {
    Family::listed("L x²/2", [0.1, 1.0, 30.0], |&smoothness| {
        Problem::new(Quadratic::diagonal(&[smoothness]), Vector::from_element(1, 1.0))
    })
}

/// Two modes of curvature mu = 1 and L, from the point where both weigh the same, for several L.
pub fn two_modes() -> Family<Problem> {
    Family::listed("two modes", [2.0, 10.0, 100.0], |&smoothness| {
        Problem::new(Quadratic::diagonal(&[1.0, smoothness]), Vector::from_element(2, 1.0))
    })
}

/// An instance that is tight after a certain number of steps.
#[derive(Clone)]
pub struct AfterSteps<P = Problem> {
    /// The instance.
    pub problem: P,
    /// The number of steps N.
    pub steps: usize,
}

impl<P> AfterSteps<P> {
    /// The one point of a curve: what is measured on the instance after N steps.
    pub fn read(&self, measured: impl FnOnce(&P, usize) -> Reading) -> Readings {
        Readings::at(self.steps, measured(&self.problem, self.steps))
    }
}

impl<P: AsRef<Problem>> AsRef<Problem> for AfterSteps<P> {
    fn as_ref(&self) -> &Problem {
        self.problem.as_ref()
    }
}

impl<P: Instance> Instance for AfterSteps<P> {
    fn description(&self) -> String {
        format!("{}, N = {}", self.problem.description(), self.steps)
    }

    fn constants(&self) -> Vec<Constant> {
        self.problem.constants()
    }

    fn traced(&self, trace: &Trace) -> Option<Self> {
        Some(AfterSteps { problem: self.problem.traced(trace)?, steps: self.steps })
    }

    fn height(&self, place: f64) -> Option<f64> {
        self.problem.height(place)
    }

    fn in_higher_precision(&self) -> Option<Self> {
        Some(AfterSteps { problem: self.problem.in_higher_precision()?, steps: self.steps })
    }

    fn computed_in_higher_precision(&self) -> bool {
        self.problem.computed_in_higher_precision()
    }

    fn needs() -> String {
        format!("{}; and the number of steps N after which it is measured", P::needs())
    }
}

/// The Huber function with L = 3 of this width, from R = 1.
pub fn huber(width: f64) -> Problem {
    Problem::new(Huber::new(3.0, width), Vector::from_element(1, 1.0))
}

/// For each of [`STEPS`] a Huber function with L = 3 from R = 1, its width from the number of steps.
pub fn huber_after_steps(
    width: impl Fn(usize) -> f64 + Send + Sync + 'static,
) -> Family<AfterSteps> {
    Family::listed("Huber, fitted to N", STEPS, move |&steps| AfterSteps {
        problem: huber(width(steps)),
        steps,
    })
}

/// For each of [`STEPS`] the parabola L x²/2 with L = 2 from R = 1.
pub fn parabolas_after_steps() -> Family<AfterSteps> {
    Family::listed("L x²/2 after N steps", STEPS, |&steps| AfterSteps {
        problem: Problem::new(Quadratic::diagonal(&[2.0]), Vector::from_element(1, 1.0)),
        steps,
    })
}

/// For each of [`STEPS`] the function whose curvature alternates, L = 2, slope 1.5.
pub fn zigzag_after_steps() -> Family<AfterSteps> {
    Family::listed("alternating curvature, fitted to N", STEPS, |&steps| AfterSteps {
        problem: Problem::new(Zigzag::new(2.0, 1.5, steps), Vector::zeros(1)),
        steps,
    })
}

/// The largest coordinate in this dimension, with G = 2 and R = 1.5, from 0.
pub fn resisting_maximum_in(dimension: usize) -> Problem {
    let objective = ResistingMaximum::new(2.0, 1.5, dimension);
    Problem::new(objective, Vector::zeros(dimension))
}

/// For each of [`STEPS`] the largest coordinate in dimension N + 1.
pub fn resisting_maximum_after_steps() -> Family<AfterSteps> {
    Family::listed("largest coordinate, fitted to N", STEPS, |&steps| AfterSteps {
        problem: resisting_maximum_in(steps + 1),
        steps,
    })
}

/// For each of [`STEPS`] Nesterov's lower-bound function with L = 1 in dimension 2N + 1, from 0.
pub fn nesterov_worst_after_steps() -> Family<AfterSteps> {
    Family::listed("Nesterov's function, fitted to N", STEPS, |&steps| AfterSteps {
        problem: nesterov_worst_in(2 * steps + 1),
        steps,
    })
}

/// Nesterov's lower-bound function with L = 1 in this dimension, from 0.
pub fn nesterov_worst_in(dimension: usize) -> Problem {
    Problem::new(NesterovWorst::new(1.0, dimension), Vector::zeros(dimension))
}

/// x⁴ on [−3, 3] from 1: the Polyak–Lojasiewicz inequality fails at the minimum.
pub fn quartic() -> Family<Problem> {
    Family::single("x⁴", || Problem::new(Quartic::new(3.0), Vector::from_element(1, 1.0)))
}

/// Two modes of curvature 1 and L, from a point on the stiff one, for several L.
pub fn stiff_modes() -> Family<Problem> {
    Family::listed("the stiff mode", [4.0, 25.0, 400.0], |&smoothness| {
        let start = Vector::from_vec(vec![0.0, 1.0]);
        Problem::new(Quadratic::diagonal(&[1.0, smoothness]), start)
    })
}

/// Two modes of curvature 1 and L = κ, from a point on the flat one, for these κ.
pub fn flat_modes(conditions: impl IntoIterator<Item = f64>) -> Family<Problem> {
    Family::listed("the flat mode", conditions, |&condition| {
        let start = Vector::from_vec(vec![1.0, 0.0]);
        Problem::new(Quadratic::diagonal(&[1.0, condition]), start)
    })
}

/// 1 - cos x + x²/40 from near a local minimum that is not global.
pub fn rippled_parabola() -> Family<Problem> {
    Family::listed("1 − cos x + x²/40", [5.5, 6.5, 12.0], |&start| {
        Problem::new(RippledParabola, Vector::from_element(1, start))
    })
}

/// The piecewise quadratic on which heavy ball cycles, from 3.3.
pub fn cycling_quadratic() -> Family<Problem> {
    Family::single("piecewise quadratic", || {
        Problem::new(CyclingQuadratic, Vector::from_element(1, 3.3))
    })
}
