//! A step of Newton's method whose system is solved by conjugate gradients, up to a residual.

use nalgebra::{DMatrix, DVector};
use theoria_algorithms::{ConstantStep, Forcing, Method, NewtonCg};
use theoria_models::elimination;
use theoria_models::numerics::LongFloat;
use theoria_models::oracle::Oracle;
use theoria_models::point::SquareRoot;
use theoria_verification::{Check, Draw, Family, Hypothesis, Instance};

use super::quadratic_forms::Linear;

/// A hundred and fifty decimal digits.
type Digits = LongFloat<512>;

/// A quadratic with a diagonal Hessian (conjugate gradients know no axes), the gradient at the start, and the forcing.
#[derive(Debug, Clone)]
pub(crate) struct Forced {
    curvatures: Vec<f64>,
    gradient: Vec<f64>,
    forcing: Forcing,
}

impl Instance for Forced {
    fn description(&self) -> String {
        format!(
            "curvatures {:?}, gradient {:?}, {:?}",
            self.curvatures, self.gradient, self.forcing
        )
    }
}

impl Forced {
    /// η
    pub(crate) fn eta(&self) -> f64 {
        let size = self.gradient.iter().map(|g| g * g).sum::<f64>().sqrt();
        match self.forcing {
            Forcing::Constant(eta) => eta,
            Forcing::SquareRoot => size.sqrt().min(0.5),
            Forcing::Linear => size.min(0.5),
        }
    }

    /// η|g|
    pub(crate) fn allowed(&self) -> f64 {
        self.eta() * self.gradient.iter().map(|g| g * g).sum::<f64>().sqrt()
    }

    /// κ
    pub(crate) fn condition_number(&self) -> f64 {
        let ends = self
            .curvatures
            .iter()
            .fold((f64::INFINITY, 0f64), |(low, high), c| (low.min(*c), high.max(*c)));
        ends.1 / ends.0
    }

    /// How many curvatures differ from each other, of those along which the gradient has a part.
    pub(crate) fn curvatures_seen(&self) -> usize {
        let pairs = self.curvatures.iter().zip(&self.gradient).filter(|(_, g)| **g != 0.0);
        let mut seen: Vec<f64> = pairs.map(|(c, _)| *c).collect();
        seen.sort_by(f64::total_cmp);
        seen.dedup();
        seen.len()
    }

    fn dimension(&self) -> usize {
        self.curvatures.len()
    }

    /// One step of Newton-CG: |g + Hp|, |p − p*|/|p*| with the full step p*, and the number of products.
    pub(crate) fn step(&self) -> Option<(f64, f64, usize)> {
        let curvatures = DVector::from_iterator(
            self.dimension(),
            self.curvatures.iter().map(|c| Digits::from(*c)),
        );
        let gradient = DVector::from_iterator(
            self.dimension(),
            self.gradient.iter().map(|g| Digits::from(*g)),
        );
        let zero = gradient.map(|_| Digits::from(0.0));
        let matrix = DMatrix::from_fn(self.dimension(), self.dimension(), |i, j| {
            if i == j { curvatures[i].clone() } else { Digits::from(0.0) }
        });
        let full = elimination::solve(&matrix, &gradient.map(|g| -g))?;
        let oracle = Linear { matrix, right: gradient.map(|g| -g) };
        let mut x = zero;
        let mut method = NewtonCg::new(self.forcing, ConstantStep::unit());
        method.step(&oracle, &mut x);
        let mut residual = x.clone();
        oracle.gradient(&x, &mut residual);
        let away = norm(&(&x - &full)) / norm(&full);
        Some((norm(&residual).nearest(), away.nearest(), method.products()))
    }

    fn drawn(draw: &mut Draw) -> Self {
        let size = draw.size(2..=4);
        let curvatures = (0..size).map(|_| draw.log_uniform(1.0, 100.0)).collect();
        // Parts of the gradient of very different sizes leave most.
        let part = |draw: &mut Draw| draw.log_uniform(1e-6, 1.0);
        let gradient = (0..size).map(|_| part(draw)).collect();
        let forcing = match draw.size(0..=2) {
            0 => Forcing::Constant(draw.log_uniform(1e-6, 0.9)),
            1 => Forcing::SquareRoot,
            _ => Forcing::Linear,
        };
        Forced { curvatures, gradient, forcing }
    }
}

pub(super) fn norm<const BITS: usize>(vector: &DVector<LongFloat<BITS>>) -> LongFloat<BITS> {
    vector.iter().map(|entry| entry.clone() * entry.clone()).sum::<LongFloat<BITS>>().sqrt()
}

/// Quadratics in two to four dimensions, and all three forcings.
pub(crate) fn forced() -> Family<Forced> {
    Family::drawn("quadratics", Forced::drawn)
}

/// Curvatures 1 and κ, a gradient nearly along the second; the first product leaves just what is allowed, all of it along the first.
pub(crate) fn worst_forced() -> Family<Forced> {
    Family::listed("nearly along the steepest axis", [4.0, 10.0, 50.0], |&steep: &f64| {
        let tilt = 1e-4;
        // The residual after one product over the gradient.
        let left = tilt * (steep - 1.0) / (steep + tilt * tilt);
        Forced {
            curvatures: vec![1.0, steep],
            gradient: vec![tilt, 1.0],
            forcing: Forcing::Constant(left * (1.0 + 1e-6)),
        }
    })
}

/// So many axes with so many different curvatures, of which the gradient sees these; solved to fifty digits.
pub(crate) fn solved_to_the_end() -> Family<Forced> {
    let sizes = [
        (1usize, 1usize, 1usize),
        (2, 2, 2),
        (4, 3, 3),
        (7, 3, 3),
        (7, 7, 7),
        (7, 7, 4),
        (6, 3, 2),
    ];
    Family::listed("to fifty digits", sizes, |&(size, different, seen)| Forced {
        curvatures: (0..size).map(|i| 1.0 + (i % different) as f64).collect(),
        gradient: (0..size)
            .map(|i| if i % different < seen { 1.0 / (1.0 + i as f64) } else { 0.0 })
            .collect(),
        forcing: Forcing::Constant(1e-50),
    })
}

/// The last curvature is negative, and the gradient has a part along it.
pub(crate) fn indefinite() -> Family<Forced> {
    Family::listed("one negative curvature", [-0.5, -1.0, -4.0], |&down| Forced {
        curvatures: vec![2.0, 1.0, down],
        gradient: vec![0.3, 0.5, 1.0],
        forcing: Forcing::Constant(0.1),
    })
}

/// Positive curvatures.
pub(crate) fn definite() -> Hypothesis<Forced> {
    Hypothesis::new("positive definite Hessian", |it: &Forced, _| {
        let least = it.curvatures.iter().fold(f64::INFINITY, |least, c| least.min(*c));
        Check::that(least > 0.0, format!("the smallest curvature is {least}"))
    })
}
