//! Functions with parameters that know nothing of them.

use theoria_instances::Problem;
use theoria_instances::families::{smooth_functions, spectrum};
use theoria_models::Vector;
use theoria_models::numerics::written;
use theoria_models::objectives::{Huber, Quadratic, Trigonometric};
use theoria_verification::{Check, Constant, Draw, Family, Hypothesis, Instance, Reading};

use super::{STEPS, known};
use crate::assignments::points;
use crate::play::Student;

/// A function with a start, η and b₀.
pub(super) struct Adaptive {
    problem: Problem,
    numerator: f64,
    initial: f64,
}

impl AsRef<Problem> for Adaptive {
    fn as_ref(&self) -> &Problem {
        &self.problem
    }
}

impl Instance for Adaptive {
    fn description(&self) -> String {
        let [numerator, initial] = [self.numerator, self.initial].map(written);
        format!("{}, η = {numerator}, b₀ = {initial}", self.problem.description())
    }

    fn constants(&self) -> Vec<Constant> {
        self.problem.constants()
    }
}

impl Adaptive {
    /// Σ_{k<N} |∇f(x_k)|² for N from 1.
    pub(super) fn sums_by(&self, student: &Student) -> Vec<Reading> {
        let p = &self.problem;
        let known = known(p.start(), self.numerator, self.initial);
        let run = p.run(student.descent(known), STEPS);
        let (mut sum, mut floor) = (0.0, 0.0);
        let mut add = |square: Reading| {
            sum += square.value;
            floor += square.floor;
            Reading::new(sum, floor)
        };
        (0..STEPS).map(|k| add(p.gradient_squared(run.at(k)))).collect()
    }

    /// B² − b₀². The difference of the sides is convex in B, so that Newton's method from the right descends onto the largest root.
    pub(super) fn most(&self) -> f64 {
        let spread = self.numerator * self.problem.smoothness();
        let base = self.initial + self.problem.gap_at_most() / self.numerator;
        let excess = |b: f64| b - base - spread * (b / self.initial).ln();
        let mut b = base + spread;
        while excess(b) <= 0.0 {
            b *= 2.0;
        }
        for _ in 0..100 {
            b -= excess(b) / (1.0 - spread / b);
        }
        b * b - self.initial * self.initial
    }

    /// Δ²/η² + 2b₀Δ/η
    pub(super) fn most_with_caution(&self) -> f64 {
        let gap = self.problem.gap_at_most() / self.numerator;
        gap * gap + 2.0 * self.initial * gap
    }
}

/// b₀ ≥ ηL
pub(super) fn caution() -> Hypothesis<Adaptive> {
    Hypothesis::new("b₀ ≥ ηL", |it: &Adaptive, _| {
        Check::at_least(it.initial, it.numerator * it.problem.smoothness(), "b₀, ηL")
    })
}

fn of_any_scale(problem: Problem, draw: &mut Draw) -> Adaptive {
    Adaptive {
        problem,
        numerator: draw.log_uniform(0.1, 10.0),
        initial: draw.log_uniform(1e-3, 1e3),
    }
}

fn cautious(problem: Problem, draw: &mut Draw) -> Adaptive {
    let numerator = draw.log_uniform(0.1, 10.0);
    let initial = numerator * problem.smoothness() * draw.log_uniform(1.0, 10.0);
    Adaptive { problem, numerator, initial }
}

/// Smoothness over six orders of magnitude.
fn quadratic(draw: &mut Draw) -> Problem {
    let dimension = draw.size(1..=6);
    let scale = draw.log_uniform(1e-3, 1e3);
    let spectrum: Vec<f64> = spectrum(dimension, 100.0, draw).iter().map(|v| scale * v).collect();
    let quadratic = Quadratic::rotated(&spectrum, draw.generator());
    Problem::new(quadratic, points::in_a_cube(dimension, draw))
}

pub(super) fn quadratics() -> Family<Adaptive> {
    Family::drawn("quadratics of any scale", |draw| of_any_scale(quadratic(draw), draw))
}

pub(super) fn cautious_quadratics() -> Family<Adaptive> {
    Family::drawn("quadratics, b₀ ≥ ηL", |draw| cautious(quadratic(draw), draw))
}

/// Functions of one variable, convex or not.
pub(super) fn bent() -> Family<Adaptive> {
    let family = smooth_functions();
    let drawn = move |draw: &mut Draw| of_any_scale(family.instance(draw, 0), draw);
    Family::drawn("smooth functions of one variable", drawn).with_draws(8)
}

pub(super) fn cautious_bent() -> Family<Adaptive> {
    let family = smooth_functions();
    let drawn = move |draw: &mut Draw| cautious(family.instance(draw, 0), draw);
    Family::drawn("smooth functions of one variable, b₀ ≥ ηL", drawn)
}

pub(super) fn waves() -> Family<Adaptive> {
    Family::drawn("waves of any scale", |draw| {
        let dimension = draw.size(1..=4);
        let scale = draw.log_uniform(1e-3, 1e3);
        let mut waves = Trigonometric::new(0.1 * scale, dimension);
        for _ in 0..4 {
            let direction = points::in_a_cube(dimension, draw);
            let height = scale * draw.uniform(0.2, 1.0);
            waves = waves.with_wave(height, direction, draw.uniform(0.0, 6.0));
        }
        of_any_scale(Problem::new(waves, points::in_a_cube(dimension, draw) * 2.0), draw)
    })
}

/// A slope that takes all steps to walk down.
pub(super) fn slope() -> Family<Adaptive> {
    Family::single("a long slope", || {
        let start = Vector::from_element(1, 2.0 * (STEPS as f64).sqrt());
        let problem = Problem::new(Huber::new(1.0, 1.0), start);
        Adaptive { problem, numerator: 1.0, initial: 0.1 }
    })
}

/// L x²/2 from 0.01, with η = 1 and so large a b₀ in units of L.
fn parabolas(name: &str, initial: f64) -> Family<Adaptive> {
    Family::listed(name, [0.1, 1.0, 30.0], move |&smoothness| {
        let parabola = Quadratic::diagonal(&[smoothness]);
        let problem = Problem::new(parabola, Vector::from_element(1, 0.01));
        Adaptive { problem, numerator: 1.0, initial: initial * smoothness }
    })
}

/// The first step is η long and overshoots, although there is little to be gained.
pub(super) fn overshot() -> Family<Adaptive> {
    parabolas("L x²/2 from 0.01, b₀ = ηL/1000", 1e-3)
}

/// So near to the minimum that b hardly grows, and the first step arrives.
pub(super) fn last_step() -> Family<Adaptive> {
    parabolas("L x²/2 from 0.01, b₀ = ηL", 1.0)
}
