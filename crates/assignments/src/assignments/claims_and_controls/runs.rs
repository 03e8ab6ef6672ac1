//! Gradient descent that is wrong in one place.

use theoria_algorithms::{GradientDescent, Method, Trajectory};
use theoria_models::{Objective, Vector};

use super::setting::Setting;

/// What is wrong with a run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Wrong {
    /// The step is this multiple of what is told.
    Step(f64),
    Climbs,
    /// Along the flattest coordinate alone, which is the last one.
    ClimbsWhereItIsFlat,
    StopsAfter(usize),
    /// Once the gap is what the theorem promises for the last step.
    StopsWhenPromised,
    OldGradient,
    HeavyBall(f64),
    /// Steps h/√k.
    Decreasing,
    /// The mean of all iterates is answered.
    Averaged,
    ForgetsTheLast,
    /// Nothing in the run; a hypothesis does not hold.
    Nothing,
}

impl Wrong {
    /// So many steps of it.
    pub(super) fn run(self, setting: &Setting, steps: usize) -> Trajectory {
        let problem = &setting.problem;
        let scale = setting.smoothness * problem.distance_at_start().powi(2);
        let flawed = || Flawed {
            wrong: self,
            step: setting.step,
            made: 0,
            last: None,
            promised: scale / (4 * steps + 2) as f64,
            least: problem.minimum().value,
        };
        match self {
            Wrong::Nothing => setting.descent(steps),
            Wrong::Step(multiple) => {
                problem.run(GradientDescent::new(multiple * setting.step), steps)
            }
            _ => problem.run(flawed(), steps),
        }
    }
}

/// Such a run on its way.
struct Flawed {
    wrong: Wrong,
    step: f64,
    made: usize,
    last: Option<Vector>,
    /// The gap at which a run stops.
    promised: f64,
    least: f64,
}

impl<'f> Method<Vector, dyn Objective + 'f> for Flawed {
    fn step(&mut self, oracle: &(dyn Objective + 'f), x: &mut Vector) {
        let mut move_by = -self.step * oracle.gradient_at(x);
        self.made += 1;
        let flattest = x.len() - 1;
        match self.wrong {
            Wrong::Climbs => move_by = -move_by,
            Wrong::ClimbsWhereItIsFlat => move_by[flattest] = -move_by[flattest],
            Wrong::ForgetsTheLast => move_by[flattest] = 0.0,
            Wrong::StopsAfter(steps) if self.made > steps => move_by.fill(0.0),
            Wrong::StopsWhenPromised if oracle.value(x) - self.least <= self.promised => {
                move_by.fill(0.0);
            }
            Wrong::OldGradient => {
                let still = Vector::zeros(x.len());
                move_by = self.last.replace(move_by).unwrap_or(still);
            }
            Wrong::HeavyBall(share) => {
                if let Some(last) = &self.last {
                    move_by += last * share;
                }
                self.last = Some(move_by.clone());
            }
            Wrong::Decreasing => move_by /= (self.made as f64).sqrt(),
            Wrong::Averaged => {
                // The run itself goes on where nobody looks.
                let own = self.last.take().unwrap_or_else(|| x.clone());
                let next = &own - self.step * oracle.gradient_at(&own);
                let made = self.made as f64;
                move_by = (&next - &*x) / (made + 1.0);
                self.last = Some(next);
            }
            _ => {}
        }
        *x += move_by;
    }
}
