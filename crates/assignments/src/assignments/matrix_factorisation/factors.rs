//! A matrix, its weights and two factors, as a solution is told them.

use theoria_algorithms::{GradientDescent, Trajectory};
use theoria_models::Matrix;
use theoria_models::objectives::Completion;

use crate::play::Student;
use crate::protocol::Answer;
use crate::theoria::Fields;

/// A matrix to be factorised, with weights where not all are 1.
pub(super) struct Loss {
    pub(super) matrix: Matrix,
    pub(super) weights: Option<Matrix>,
}

/// U and V, or a direction of both.
#[derive(Clone)]
pub(super) struct Factors {
    pub(super) left: Matrix,
    pub(super) right: Matrix,
}

impl Factors {
    /// Further by so many times a direction.
    pub(super) fn moved(&self, times: f64, along: &Factors) -> Factors {
        Factors {
            left: &self.left + &along.left * times,
            right: &self.right + &along.right * times,
        }
    }

    /// |(U, V)|
    pub(super) fn norm(&self) -> f64 {
        self.left.norm().hypot(self.right.norm())
    }

    /// How far from others.
    pub(super) fn distance(&self, other: &Factors) -> f64 {
        self.moved(-1.0, other).norm()
    }

    fn answered(&self, student: &Student, answer: &Answer) -> Option<Factors> {
        let read = |name: &str, like: &Matrix| {
            let rows = student.take(answer.matrix(name, like.nrows(), like.ncols()))?;
            Some(Matrix::from_fn(like.nrows(), like.ncols(), |i, j| rows[i][j]))
        };
        Some(Factors { left: read("left", &self.left)?, right: read("right", &self.right)? })
    }
}

fn rows(matrix: &Matrix) -> Vec<Vec<f64>> {
    matrix.row_iter().map(|row| row.iter().copied().collect()).collect()
}

impl Loss {
    fn known(&self, at: &Factors, question: &str) -> Fields {
        let known = Fields::new()
            .with("matrix", rows(&self.matrix))
            .with("left", rows(&at.left))
            .with("right", rows(&at.right))
            .with("question", question);
        match &self.weights {
            Some(weights) => known.with("weights", rows(weights)),
            None => known,
        }
    }

    /// Where so many steps of the solution lead; none where it fails.
    pub(super) fn descended(
        &self,
        student: &Student,
        from: &Factors,
        step: f64,
        steps: usize,
    ) -> Option<Factors> {
        let known = self.known(from, "descent").with("step", step).with("steps", steps as f64);
        from.answered(student, &student.begin(&known)?)
    }

    /// How far factors are from where so many steps of the project's own descent lead, without weights.
    pub(super) fn distance_from_descent(
        &self,
        from: &Factors,
        step: f64,
        steps: usize,
        end: &Factors,
    ) -> f64 {
        let f = Completion::whole(&self.matrix, from.left.ncols());
        let flat = |factors: &Factors| f.flatten(&factors.left, &factors.right);
        let run = Trajectory::of(GradientDescent::new(step), &f, &flat(from), steps);
        (flat(end) - &*run.last()).norm()
    }

    /// The curvature that the solution sees; no number where it fails.
    pub(super) fn curvature_by(&self, student: &Student, at: &Factors, along: &Factors) -> f64 {
        let known = self
            .known(at, "curvature")
            .with("left_direction", rows(&along.left))
            .with("right_direction", rows(&along.right));
        let answer = student.begin(&known);
        let curvature = answer.and_then(|answer| student.take(answer.number("curvature")));
        curvature.unwrap_or(f64::NAN)
    }

    /// ½ Σ w (A − UV)²
    pub(super) fn value(&self, at: &Factors) -> f64 {
        let squares = (&at.left * &at.right - &self.matrix).map(|entry| entry * entry / 2.0);
        self.weights.as_ref().map_or(squares.sum(), |weights| weights.dot(&squares))
    }

    /// By five values: along a line the loss is a polynomial of degree 4, for which that is exact.
    pub(super) fn curvature(&self, at: &Factors, along: &Factors) -> f64 {
        let value = |t: f64| self.value(&at.moved(t, along));
        let (near, far) = (value(1.0) + value(-1.0), value(2.0) + value(-2.0));
        (16.0 * near - far - 30.0 * value(0.0)) / 12.0
    }
}
