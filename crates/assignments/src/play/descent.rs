//! A solution as a method: the oracle's answers go to the solution, its answers move the point.

use theoria_algorithms::Method;
use theoria_models::objectives::Composite;
use theoria_models::{Objective, Vector};

use super::Student;
use crate::protocol::Answer;
use crate::theoria::Fields;

/// A method whose steps a solution makes. The solution answers a `point`, where the gradient is taken next; after each gradient
/// it answers the next one. That is the iterate too, unless the solution is [asked](Descent::with_iterates) for an
/// `iterate` beside it. Where the solution fails the run diverges; why, the student knows.
pub struct Descent {
    student: Student,
    instance: Fields,
    /// Where the gradient is taken next.
    point: Option<Vector>,
    has_iterates: bool,
}

impl Descent {
    pub(super) fn new(student: Student, instance: Fields) -> Self {
        Descent { student, instance, point: None, has_iterates: false }
    }

    /// Of a method that looks at other points than it answers in the end.
    #[must_use]
    pub fn with_iterates(self) -> Self {
        Descent { has_iterates: true, ..self }
    }

    /// From x to the next iterate, with the gradient at the point that the solution asked for.
    fn advance(&mut self, x: &mut Vector, gradient: impl FnOnce(&Vector, &mut Vector)) {
        let next = self.next(x, gradient);
        let diverged = || Vector::from_element(x.len(), f64::NAN);
        let (point, iterate) = next.unwrap_or_else(|| (diverged(), diverged()));
        (self.point, *x) = (Some(point), iterate);
    }

    fn next(
        &mut self,
        x: &Vector,
        gradient: impl FnOnce(&Vector, &mut Vector),
    ) -> Option<(Vector, Vector)> {
        let point = match self.point.take() {
            Some(point) => point,
            None => {
                let answer = self.student.begin(&self.instance)?;
                self.vector(&answer, "point", x.len())?
            }
        };
        let mut slope = Vector::zeros(x.len());
        gradient(&point, &mut slope);
        let told = Fields::new().with("gradient", slope.as_slice());
        let answer = self.student.tell(&told)?;
        let point = self.vector(&answer, "point", x.len())?;
        let iterate = match self.has_iterates {
            true => self.vector(&answer, "iterate", x.len())?,
            false => point.clone(),
        };
        Some((point, iterate))
    }

    fn vector(&self, answer: &Answer, name: &str, dimension: usize) -> Option<Vector> {
        self.student.take(answer.vector(name, dimension)).map(Vector::from_vec)
    }
}

impl<'f> Method<Vector, dyn Objective + 'f> for Descent {
    fn step(&mut self, oracle: &(dyn Objective + 'f), x: &mut Vector) {
        self.advance(x, |point, slope| oracle.gradient_into(point, slope));
    }
}

/// The gradient is that of the smooth part; the other part is the solution's affair.
impl Method<Vector, Composite> for Descent {
    fn step(&mut self, oracle: &Composite, x: &mut Vector) {
        self.advance(x, |point, slope| oracle.smooth().gradient_into(point, slope));
    }
}
