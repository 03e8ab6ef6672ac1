//! Copies of a quadratic whose noise makes the mean over them the expectation.

use theoria_models::Vector;
use theoria_models::numerics::written;
use theoria_verification::{Constant, Draw, Family, Instance, Reading};

use crate::assignments::points;
use crate::play::Student;
use crate::theoria::Fields;

/// So many copies, ...
const COPIES: usize = 64;
/// ... of which the noise of so many steps is uncorrelated.
pub(super) const STEPS: usize = COPIES - 1;

/// ½ Σ λ_i x_i², 64 times, with noise of ±s in each coordinate, and a schedule.
#[derive(Clone)]
pub(super) struct Copies {
    curvatures: Vec<f64>,
    start: Vector,
    deviation: f64,
    /// The goal of a constant step; none where steps decrease.
    goal: Option<f64>,
}

impl Instance for Copies {
    fn description(&self) -> String {
        let modes = self.curvatures.iter().map(|l| written(*l)).collect::<Vec<_>>();
        let schedule = match self.goal {
            Some(goal) => format!("constant steps with the goal {}", written(goal)),
            None => "decreasing steps".into(),
        };
        format!(
            "{COPIES} copies of the quadratic with curvatures {} from {}, noise of ±{} in each coordinate, {schedule}",
            modes.join(", "),
            points::told(&self.start),
            written(self.deviation)
        )
    }

    fn constants(&self) -> Vec<Constant> {
        vec![
            Constant::exact("L", self.smoothness()),
            Constant::exact("μ", self.strong_convexity()),
            Constant::exact("σ²", self.variance()),
            Constant::exact("Δ", self.gap_at_start()),
        ]
    }
}

impl Copies {
    fn smoothness(&self) -> f64 {
        self.curvatures.iter().copied().fold(f64::NEG_INFINITY, f64::max)
    }

    fn strong_convexity(&self) -> f64 {
        self.curvatures.iter().copied().fold(f64::INFINITY, f64::min)
    }

    fn dimension(&self) -> usize {
        COPIES * self.curvatures.len()
    }

    /// σ², of all coordinates together.
    fn variance(&self) -> f64 {
        self.dimension() as f64 * self.deviation * self.deviation
    }

    fn gap_at_start(&self) -> f64 {
        self.gap(&self.all_starts())
    }

    /// The start in all copies, copy by copy.
    fn all_starts(&self) -> Vec<f64> {
        (0..COPIES).flat_map(|_| self.start.iter().copied()).collect()
    }

    fn gap(&self, point: &[f64]) -> f64 {
        let curvatures = self.curvatures.iter().cycle();
        point.iter().zip(curvatures).map(|(x, curvature)| curvature * x * x / 2.0).sum()
    }

    /// The signs of two different steps agree in as many copies as they differ in (they are rows of Hadamard's matrix, of which the first,
    /// without a change of sign, is left out): to the mean over the copies of whatever is quadratic they are as good as independent.
    fn noise(&self, step: usize, copy: usize) -> f64 {
        let is_even = ((step + 1) & copy).count_ones().is_multiple_of(2);
        if is_even { self.deviation } else { -self.deviation }
    }

    fn noisy_gradient(&self, step: usize, point: &[f64]) -> Vec<f64> {
        let modes = self.curvatures.len();
        let slope = |(place, x): (usize, &f64)| {
            self.curvatures[place % modes] * x + self.noise(step, place / modes)
        };
        point.iter().enumerate().map(slope).collect()
    }

    /// The gap after each step of the solution, of all copies together; no number from where it fails.
    pub(super) fn gaps_by(&self, student: &Student) -> Vec<Reading> {
        let start = self.all_starts();
        let mut known = Fields::new()
            .with("dimension", start.len() as f64)
            .with("start", &start)
            .with("smoothness", self.smoothness())
            .with("strong_convexity", self.strong_convexity())
            .with("variance", self.variance());
        known = match self.goal {
            Some(goal) => known.with("schedule", "constant").with("goal", goal),
            None => known.with("schedule", "decreasing"),
        };
        let point = |answer: Option<crate::protocol::Answer>| {
            student.take(answer?.vector("point", start.len()))
        };
        let floor = 1e-13 * (self.gap_at_start() + self.variance() / self.strong_convexity());
        let mut at = point(student.begin(&known));
        let gap = |step: usize| {
            at = at.take().and_then(|x| {
                let told = Fields::new().with("gradient", self.noisy_gradient(step, &x));
                point(student.tell(&told))
            });
            Reading::new(at.as_ref().map_or(f64::NAN, |x| self.gap(x)), floor)
        };
        (0..STEPS).map(gap).collect()
    }

    /// h_n
    fn step(&self, n: usize) -> f64 {
        let (smoothness, mu) = (self.smoothness(), self.strong_convexity());
        match self.goal {
            Some(goal) => (2.0 * mu * goal / (smoothness * self.variance())).min(1.0 / smoothness),
            None => 2.0 / (mu * (n as f64 + 2.0 * smoothness / mu)),
        }
    }

    /// The gaps by mean and variance of each mode, from the start on.
    pub(super) fn expected(&self) -> Vec<f64> {
        let mut modes: Vec<(f64, f64, f64)> = self
            .curvatures
            .iter()
            .zip(&self.start)
            .map(|(curvature, start)| (*curvature, *start, 0.0))
            .collect();
        let gap = |modes: &[(f64, f64, f64)]| {
            let of = |(curvature, mean, variance): &(f64, f64, f64)| {
                curvature / 2.0 * (mean * mean + variance)
            };
            COPIES as f64 * modes.iter().map(of).sum::<f64>()
        };
        let mut gaps = vec![gap(&modes)];
        for n in 0..STEPS {
            let step = self.step(n);
            for (curvature, mean, variance) in &mut modes {
                let kept = 1.0 - step * *curvature;
                *mean *= kept;
                *variance = kept * kept * *variance + (step * self.deviation).powi(2);
            }
            gaps.push(gap(&modes));
        }
        gaps
    }

    /// (1 − μh)ⁿ Δ + h L σ²/(2μ)
    pub(super) fn bound_of_a_constant_step(&self, n: f64) -> f64 {
        let (step, mu) = (self.step(0), self.strong_convexity());
        let floor = step * self.smoothness() * self.variance() / (2.0 * mu);
        (1.0 - mu * step).powf(n) * self.gap_at_start() + floor
    }

    /// ν/(n + n₀)
    pub(super) fn bound_of_decreasing_steps(&self, n: f64) -> f64 {
        let (smoothness, mu) = (self.smoothness(), self.strong_convexity());
        let offset = 2.0 * smoothness / mu;
        let noise = 2.0 * smoothness * self.variance() / (mu * mu);
        noise.max(offset * self.gap_at_start()) / (n + offset)
    }

    /// With a constant step whose floor is this multiple of that of 1/L.
    fn with_goal(self, multiple: f64) -> Self {
        let floor = self.variance() / (2.0 * self.strong_convexity());
        Copies { goal: Some(multiple * floor), ..self }
    }
}

fn copies(curvatures: &[f64], start: &[f64], deviation: f64) -> Copies {
    Copies {
        curvatures: curvatures.to_vec(),
        start: Vector::from_row_slice(start),
        deviation,
        goal: None,
    }
}

/// From the minimum and from afar; round, and of condition 4.
fn few() -> [Copies; 4] {
    [
        copies(&[1.0], &[0.0], 1.0),
        copies(&[2.0], &[3.0], 0.5),
        copies(&[1.0, 4.0], &[0.0, 0.0], 1.0),
        copies(&[1.0, 4.0], &[5.0, 5.0], 0.1),
    ]
}

/// With goals that are a tenth of the floor of 1/L, and five times it.
pub(super) fn few_with_goals() -> Family<Copies> {
    let each = few().into_iter().flat_map(|it| [it.clone().with_goal(0.1), it.with_goal(5.0)]);
    Family::listed("a few quadratics", each.collect::<Vec<_>>(), Clone::clone)
}

pub(super) fn few_without() -> Family<Copies> {
    Family::listed("a few quadratics", few(), Clone::clone)
}

/// With one to three modes, and condition numbers up to 10.
pub(super) fn drawn() -> Family<Copies> {
    Family::drawn("quadratics", any).with_draws(8)
}

/// With goals that need shorter steps than 1/L.
pub(super) fn with_ambitious_goals() -> Family<Copies> {
    Family::drawn("quadratics with ambitious goals", |draw| {
        let multiple = draw.log_uniform(0.02, 0.7);
        any(draw).with_goal(multiple)
    })
    .with_draws(8)
}

/// With goals that 1/L attains.
pub(super) fn with_generous_goals() -> Family<Copies> {
    Family::drawn("quadratics with generous goals", |draw| {
        let multiple = draw.log_uniform(2.5, 20.0);
        any(draw).with_goal(multiple)
    })
    .with_draws(4)
}

fn any(draw: &mut Draw) -> Copies {
    let (modes, least) = (draw.size(1..=3), draw.log_uniform(0.1, 10.0));
    let curvature = |_| least * draw.uniform(1.0, 10.0);
    let curvatures: Vec<f64> = (0..modes).map(curvature).collect();
    let start = points::in_a_cube(modes, draw);
    Copies { curvatures, start, deviation: draw.log_uniform(0.1, 3.0), goal: None }
}
