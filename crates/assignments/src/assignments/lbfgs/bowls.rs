//! Runs along the directions of the solution: on quadratics with exact line search, and through waves.

use theoria_algorithms::{ConjugateGradients, Trajectory};
use theoria_models::objectives::Quadratic;
use theoria_models::oracle::TwiceDifferentiable;
use theoria_models::{Objective, Vector};
use theoria_verification::{Check, Constant, Family, Hypothesis, Instance};

use super::paths::{direction, known, told};
use crate::assignments::points;
use crate::play::Student;

const TOLERANCE: f64 = 1e-8;

/// ½ Σ λ_i x_i² from a start, with a memory.
pub(super) struct Bowl {
    curvatures: Vec<f64>,
    start: Vector,
    memory: usize,
}

impl Instance for Bowl {
    fn description(&self) -> String {
        let curvatures: Vec<String> = self.curvatures.iter().map(|l| format!("{l:.3}")).collect();
        format!("the quadratic with curvatures {}", curvatures.join(", "))
    }

    fn constants(&self) -> Vec<Constant> {
        vec![Constant::exact("m", self.memory as f64)]
    }
}

impl Bowl {
    pub(super) fn dimension(&self) -> usize {
        self.curvatures.len()
    }

    pub(super) fn radius(&self) -> f64 {
        self.start.norm()
    }

    /// Distances from the minimiser at the start and after each of d steps; no numbers where the solution fails. Where its direction leads uphill it stays.
    pub(super) fn distances_by(&self, student: &Student) -> Vec<f64> {
        let f = Quadratic::diagonal(&self.curvatures);
        let (mut x, mut gradient) = (self.start.clone(), f.gradient_at(&self.start));
        let begun = student.begin(&known(self.memory, TOLERANCE, &x, &gradient));
        let mut along = direction(student, begun, x.len());
        let mut distances = vec![x.norm()];
        for _ in 0..self.dimension() {
            let Some(p) = along else {
                distances.push(f64::NAN);
                continue;
            };
            let curvature = f.gradient_at(&p).dot(&p);
            let downhill = -gradient.dot(&p);
            if downhill > 0.0 && curvature > 0.0 {
                x.axpy(downhill / curvature, &p, 1.0);
            }
            f.gradient_into(&x, &mut gradient);
            distances.push(if p.iter().all(|entry| entry.is_finite()) {
                x.norm()
            } else {
                f64::NAN
            });
            along = direction(student, student.tell(&told(&x, &gradient)), x.len());
        }
        distances
    }

    /// The same of conjugate gradients.
    pub(super) fn distance_of_conjugate_gradients(&self, steps: usize) -> f64 {
        let f = Quadratic::diagonal(&self.curvatures);
        TwiceDifferentiable::new(&f, &self.start).map_or(f64::NAN, |oracle| {
            let method = ConjugateGradients::default();
            Trajectory::of(method, &oracle, &self.start, steps).last().norm()
        })
    }
}

/// In three to six dimensions, with memories of one to three pairs.
pub(super) fn bowls() -> Family<Bowl> {
    Family::drawn("quadratics", |draw| {
        let dimension = draw.size(3..=6);
        Bowl {
            // Two that are nearly the same would leave it to rounding when the run arrives.
            curvatures: (0..dimension as i32)
                .map(|i| 2f64.powi(i) * draw.uniform(1.0, 1.5))
                .collect(),
            start: points::in_a_cube(dimension, draw).map(|x| x + x.signum()),
            memory: draw.size(1..=3),
        }
    })
}

/// The sum of all coordinates' (1 − cos 2x)/2: as often bent down as up.
pub(super) struct Waves {
    start: Vector,
    memory: usize,
    step: f64,
}

impl Instance for Waves {
    fn description(&self) -> String {
        format!("waves in dimension {}, steps of length {:.3}", self.start.len(), self.step)
    }

    fn constants(&self) -> Vec<Constant> {
        vec![Constant::exact("m", self.memory as f64)]
    }
}

/// How many steps are made through waves.
pub(super) const STEPS_THROUGH_WAVES: usize = 20;

impl Waves {
    /// The cosines between the answered directions and the steepest one.
    pub(super) fn cosines_by(&self, student: &Student) -> Vec<f64> {
        let slope = |x: &Vector| x.map(|x| (2.0 * x).sin());
        let (mut x, mut gradient) = (self.start.clone(), slope(&self.start));
        let begun = student.begin(&known(self.memory, TOLERANCE, &x, &gradient));
        let mut along = direction(student, begun, x.len());
        let mut cosines = Vec::with_capacity(STEPS_THROUGH_WAVES);
        for _ in 0..STEPS_THROUGH_WAVES {
            let cosine = along
                .as_ref()
                .map_or(f64::NAN, |p| -gradient.dot(p) / (gradient.norm() * p.norm()));
            cosines.push(cosine);
            along = along.and_then(|p| {
                // Of this length whatever the direction, up the other side of the valley too.
                x.axpy(self.step / p.norm(), &p, 1.0);
                gradient = slope(&x);
                direction(student, student.tell(&told(&x, &gradient)), x.len())
            });
        }
        cosines
    }

    /// The least curvature at the start.
    fn bent(&self) -> f64 {
        self.start.map(|x| 2.0 * (2.0 * x).cos()).min()
    }
}

/// From near the tops.
pub(super) fn waves() -> Family<Waves> {
    Family::drawn("waves", |draw| {
        let dimension = draw.size(2..=4);
        let start = Vector::from_fn(dimension, |_, _| {
            let side = if draw.coin() { 1.0 } else { -1.0 };
            side * (std::f64::consts::FRAC_PI_2 - draw.uniform(0.05, 0.2))
        });
        Waves { start, memory: draw.size(1..=3), step: draw.uniform(0.2, 0.4) }
    })
}

/// It begins where the function bends down.
pub(super) fn bends_down() -> Hypothesis<Waves> {
    Hypothesis::new("bends down at the start", |waves: &Waves, _| {
        Check::at_most(waves.bent(), -0.5, "the least curvature")
    })
}
