//! √(1 + x²) + c x²/2 in hundreds of digits, with Newton's method on it, pure and with backtracking.

use nalgebra::DVector;
use theoria_algorithms::{DampedNewton, Method, Newton};
use theoria_models::OneVariable;
use theoria_models::point::SquareRoot;
use theoria_verification::{Constant, Instance};

use super::unknowns::Long;

/// The function with its weight c, and a start.
#[derive(Debug, Clone)]
pub(crate) struct Softened {
    pub(crate) weight: Long,
    pub(crate) start: Long,
}

impl Instance for Softened {
    fn description(&self) -> String {
        let (c, x) = (self.weight.nearest(), self.start.nearest());
        format!("√(1 + x²) + {c} x²/2 from {x}")
    }

    fn constants(&self) -> Vec<Constant> {
        vec![Constant::exact("c", self.weight.nearest())]
    }
}

/// √(1 + x²)
fn root(x: &Long) -> Long {
    (Long::from(1.0) + x.clone() * x.clone()).sqrt()
}

impl Softened {
    pub(crate) fn new(weight: f64, start: f64) -> Self {
        Softened { weight: weight.into(), start: start.into() }
    }

    /// With c = (s² − 2)/s³ times a factor, from √(s² − 1), where Newton's method cycles if the factor is 1.
    pub(crate) fn cycling(square: f64, factor: f64) -> Self {
        let square = Long::from(square);
        let s = square.clone().sqrt();
        let weight = (square.clone() - Long::from(2.0)) / (square.clone() * s);
        Softened { weight: weight * Long::from(factor), start: (square - Long::from(1.0)).sqrt() }
    }

    /// f − 1, without cancellation, and its derivatives.
    pub(crate) fn function(&self) -> OneVariable<Long> {
        let [a, b, c] = [self.weight.clone(), self.weight.clone(), self.weight.clone()];
        OneVariable::new(
            move |x: &Long| {
                let square = x.clone() * x.clone();
                square.clone() / (Long::from(1.0) + root(x)) + a.clone() * square / Long::from(2.0)
            },
            move |x| x.clone() / root(x) + b.clone() * x.clone(),
            move |x| {
                let s = root(x);
                Long::from(1.0) / (s.clone() * s.clone() * s) + c.clone()
            },
        )
    }

    /// x_0 ... x_n of Newton's method.
    pub(crate) fn iterates(&self, steps: usize) -> Vec<Long> {
        let (f, mut newton) = (self.function(), Newton::default());
        let mut x = DVector::from_element(1, self.start.clone());
        let mut iterates = vec![self.start.clone()];
        for _ in 0..steps {
            newton.step(&f, &mut x);
            iterates.push(x[0].clone());
        }
        iterates
    }

    /// Steps with backtracking (c = 10⁻⁴, b = 1/2) until |x| ≤ 10⁻¹⁰, and all their halvings; none if that takes more than 400.
    pub(crate) fn damped(&self) -> Option<(usize, usize)> {
        let (f, mut damped) = (self.function(), DampedNewton::new(1e-4, 0.5));
        let (mut x, mut halvings) = (DVector::from_element(1, self.start.clone()), 0);
        for steps in 0..400 {
            if x[0].log10_of_size() <= -10.0 {
                return Some((steps, halvings));
            }
            damped.step(&f, &mut x);
            if damped.stalled() {
                return None;
            }
            halvings += damped.cuts();
        }
        None
    }
}
