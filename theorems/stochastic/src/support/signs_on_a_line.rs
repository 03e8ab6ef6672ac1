//! Sign descent on functions of one variable: all iterates lie on a grid, so that probabilities of places can be carried along, and
//! expectations are exact.

use theoria_instances::Problem;
use theoria_models::Vector;
use theoria_models::numerics::written;
use theoria_models::objectives::PiecewiseQuadratic;
use theoria_verification::{
    Check, Constant, Draw, Family, Hypothesis, Instance, Reading, Readings,
};

use super::workers::vote_is_wrong;

/// So many steps at most.
const STEPS: usize = 40;

/// What is wrong with the noise, for controls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Faulty {
    /// Nothing.
    Nothing,
    /// E ξ² > σ².
    Larger,
}

/// The law of the noise.
#[derive(Debug, Clone, PartialEq)]
enum Law {
    /// Values with their probabilities.
    Atoms(Vec<(f64, f64)>),
    /// 0, or with a probability uniform on [-a, a]: symmetric and unimodal.
    UniformOrNothing { reach: f64, share: f64 },
}

impl Law {
    /// The probability that a slope s is seen with the sign of -s, and half of that that it is seen as 0.
    fn is_wrong(&self, slope: f64) -> f64 {
        match self {
            Law::Atoms(atoms) => {
                let of = |(size, probability): &(f64, f64)| {
                    let seen = (slope + size) * slope.signum();
                    if seen < 0.0 {
                        *probability
                    } else if seen == 0.0 {
                        probability / 2.0
                    } else {
                        0.0
                    }
                };
                atoms.iter().map(of).sum()
            }
            Law::UniformOrNothing { reach, share } => {
                share * ((reach - slope.abs()) / (2.0 * reach)).max(0.0)
            }
        }
    }

    fn moment(&self, power: i32) -> f64 {
        match self {
            Law::Atoms(atoms) => atoms.iter().map(|(size, share)| share * size.powi(power)).sum(),
            Law::UniformOrNothing { reach, share } if power == 2 => share * reach * reach / 3.0,
            Law::UniformOrNothing { .. } => 0.0,
        }
    }
}

/// Signs of f′(x) + ξ, or the majority of those that an odd number of workers sees.
pub(crate) struct SignsOnALine {
    problem: Problem,
    law: Law,
    /// The σ that is stated.
    deviation: f64,
    workers: usize,
    step: f64,
    steps: usize,
}

impl SignsOnALine {
    /// Means over k < N of E|f′(x_k)|, for N = 1, …
    pub(crate) fn mean_slopes(&self) -> Readings {
        let f = self.problem.objective();
        let (start, l) = (self.problem.start()[0], self.problem.smoothness());
        // Place start + (j - N) h has the number j.
        let middle = self.steps;
        let mut probabilities = vec![0.0; 2 * self.steps + 1];
        probabilities[middle] = 1.0;
        let (mut sum, mut floor) = (0.0, 0.0);
        Readings::over(1..=self.steps, |n| {
            let mut after = vec![0.0; probabilities.len()];
            for (j, &probability) in probabilities.iter().enumerate() {
                if probability == 0.0 {
                    continue;
                }
                let moved = (j as f64 - middle as f64) * self.step;
                let x = Vector::from_element(1, start + moved);
                let slope = f.gradient_at(&x)[0];
                sum += probability * slope.abs();
                let drift = 4.0 * f64::EPSILON * (start.abs() + moved.abs());
                floor += probability * (f.gradient_rounding(&x) + l * drift);
                let wrong = vote_is_wrong(self.workers as u64, self.law.is_wrong(slope));
                let (down, up) =
                    if slope >= 0.0 { (1.0 - wrong, wrong) } else { (wrong, 1.0 - wrong) };
                // A slope of 0 is seen as it comes, either sign being as good.
                if j > 0 {
                    after[j - 1] += probability * down;
                }
                if j + 1 < after.len() {
                    after[j + 1] += probability * up;
                }
            }
            probabilities = after;
            Reading::new(sum / n as f64, floor / n as f64)
        })
    }

    /// Δ/(hN) + `times` σ/√M + hL/2
    pub(crate) fn bound(&self, times: f64, steps: f64) -> f64 {
        self.problem.gap_at_most() / (self.step * steps)
            + times * self.deviation / (self.workers as f64).sqrt()
            + self.step * self.problem.smoothness() / 2.0
    }
}

impl AsRef<Problem> for SignsOnALine {
    fn as_ref(&self) -> &Problem {
        &self.problem
    }
}

impl Instance for SignsOnALine {
    fn description(&self) -> String {
        let law = match &self.law {
            Law::Atoms(atoms) => {
                let of = |(size, share): &(f64, f64)| {
                    format!("{} with probability {}", written(*size), written(*share))
                };
                atoms.iter().map(of).collect::<Vec<_>>().join(" or ")
            }
            Law::UniformOrNothing { reach, share } => {
                format!(
                    "uniform on ±{} with probability {}, else 0",
                    written(*reach),
                    written(*share)
                )
            }
        };
        let stated = if self.law.moment(2) > self.deviation.powi(2) * (1.0 + 1e-9) {
            format!(", σ said to be {}", written(self.deviation))
        } else {
            String::new()
        };
        let workers =
            if self.workers == 1 { String::new() } else { format!(", M = {}", self.workers) };
        let (problem, step) = (self.problem.description(), written(self.step));
        format!("{problem}, noise {law}{stated}{workers}, h = {step}, N = {}", self.steps)
    }

    fn constants(&self) -> Vec<Constant> {
        let mut constants = self.problem.constants();
        constants.push(Constant::exact("σ", self.deviation));
        constants
    }
}

/// These functions with noise of two atoms for one worker, or symmetric and unimodal noise for an odd number of them.
pub(crate) fn signs_on_a_line(
    functions: Family<Problem>,
    most_workers: usize,
    faulty: Faulty,
) -> Family<SignsOnALine> {
    let noise = match faulty {
        Faulty::Nothing => "noise",
        Faulty::Larger => "more noise than stated",
    };
    Family::drawn(&format!("{}, {noise}, signs", functions.name()), move |draw| {
        let problem = functions.instance(draw, 0);
        let l = problem.smoothness();
        let slope = problem.objective().gradient_at(problem.start()).norm();
        let unit = slope.max(0.01 * l) * draw.log_uniform(0.3, 3.0);
        let (law, workers) = if most_workers == 1 {
            (two_atoms(unit, draw), 1)
        } else {
            (uniform_or_nothing(unit, draw), 2 * draw.size(0..=most_workers / 2) + 1)
        };
        let share = if faulty == Faulty::Larger { draw.uniform(0.1, 0.5) } else { 1.0 };
        let deviation = share * law.moment(2).sqrt();
        // About the step for which the first and the last term of the bound are equal.
        let steps = draw.size(1..=STEPS);
        let best = (2.0 * problem.gap_at_most() / (l * steps as f64)).sqrt();
        let step = best.max(1e-6) * draw.log_uniform(0.1, 10.0);
        SignsOnALine { problem, law, deviation, workers, step, steps }
    })
}

fn two_atoms(unit: f64, draw: &mut Draw) -> Law {
    let share = 0.5 - draw.including_ends(0.0, 0.45);
    let sign = if draw.coin() { -1.0 } else { 1.0 };
    let (high, low) = (((1.0 - share) / share).sqrt(), (share / (1.0 - share)).sqrt());
    Law::Atoms(vec![(unit * sign * high, share), (-unit * sign * low, 1.0 - share)])
}

/// Of this deviation.
fn uniform_or_nothing(unit: f64, draw: &mut Draw) -> Law {
    let share = draw.including_ends(0.1, 1.0);
    Law::UniformOrNothing { reach: unit * (3.0 / share).sqrt(), share }
}

/// Huber functions from their slope, with noise that is 0 or hides it: biased, with E ξ² = σ². What it does shows in long runs.
pub(crate) fn hidden_slopes() -> Family<SignsOnALine> {
    const STEPS: usize = 128;
    Family::drawn("Huber functions, biased noise, signs", |draw| {
        let width = draw.log_uniform(0.1, 1.0);
        let start = width * draw.uniform(1.0, 3.0);
        let f =
            PiecewiseQuadratic::with_curvatures(&[-width, 0.0, width], &[0.0, 1.0, 1.0, 0.0], 0.0);
        let problem = Problem::new(f, Vector::from_element(1, start));
        let (size, share) = (-width * draw.uniform(1.01, 1.2), draw.uniform(0.4, 0.8));
        let law = Law::Atoms(vec![(size, share), (0.0, 1.0 - share)]);
        let best = (2.0 * problem.gap_at_most() / STEPS as f64).sqrt();
        let step = best * draw.log_uniform(0.5, 2.0);
        let deviation = law.moment(2).sqrt();
        SignsOnALine { problem, law, deviation, workers: 1, step, steps: STEPS }
    })
}

/// The names of two hypotheses.
pub(crate) const UNBIASED_SIGNS: &str = "unbiased";
pub(crate) const BOUNDED_SIGNS: &str = "bounded noise";

/// That the noise is unbiased and bounded by σ².
pub(crate) fn noise_of_signs() -> [Hypothesis<SignsOnALine>; 2] {
    [
        Hypothesis::new(UNBIASED_SIGNS, |i: &SignsOnALine, _| {
            Check::at_most(i.law.moment(1).abs(), 1e-12 * i.law.moment(2).sqrt(), "|E ξ|, rounding")
        }),
        Hypothesis::new(BOUNDED_SIGNS, |i: &SignsOnALine, _| {
            let stated = i.deviation.powi(2) * (1.0 + 1e-12);
            Check::at_most(i.law.moment(2), stated, "E ξ², σ² (+ rounding)")
        }),
    ]
}
