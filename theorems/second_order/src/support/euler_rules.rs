//! Explicit, implicit and mixed steps along x' = −λ x.

use nalgebra::DVector;
use theoria_algorithms::{Method, Newton};
use theoria_elementary::exp;
use theoria_models::Equation;
use theoria_models::numerics::Fraction;

pub(crate) const RULES: [Rule; 3] = [Rule::Explicit, Rule::Implicit, Rule::CrankNicolson];

/// One of three ways to step along x' = −λ x.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Rule {
    Explicit,
    Implicit,
    CrankNicolson,
}

impl Rule {
    /// As a figure names it.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Rule::Explicit => "explicit",
            Rule::Implicit => "implicit",
            Rule::CrankNicolson => "Crank–Nicolson",
        }
    }

    /// What the formula says.
    pub(crate) fn factor(self, z: f64) -> f64 {
        match self {
            Rule::Explicit => 1.0 - z,
            Rule::Implicit => 1.0 / (1.0 + z),
            Rule::CrankNicolson => (1.0 - z / 2.0) / (1.0 + z / 2.0),
        }
    }

    /// x_+, where the slope of f is λ x: the explicit part by its gradient, the implicit one by Newton's method.
    pub(crate) fn step(self, h: &Fraction, lambda: &Fraction, x: &Fraction) -> Fraction {
        let share = match self {
            Rule::Explicit => Fraction::from(0),
            Rule::Implicit => Fraction::from(1),
            Rule::CrankNicolson => Fraction::ratio(1, 2),
        };
        let implicit = h.clone() * share.clone();
        let known = x.clone() - (h.clone() - implicit.clone()) * lambda.clone() * x.clone();
        let rate = Fraction::from(1) + implicit * lambda.clone();
        let slope = rate.clone();
        let equation = Equation::new(
            move |y: &Fraction| rate.clone() * y.clone() - known.clone(),
            move |_| slope.clone(),
        );
        let mut y = DVector::from_element(1, x.clone());
        Newton::default().step(&equation, &mut y);
        y[0].clone()
    }
}

/// A rule with h and λ as numerators and denominators, or h alone.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mode {
    pub(crate) rule: Rule,
    pub(crate) h: (i64, i64),
    pub(crate) lambda: i64,
}

impl Mode {
    pub(crate) fn z(self) -> f64 {
        self.h.0 as f64 / self.h.1 as f64 * self.lambda as f64
    }

    /// The limit of the error of x' = −x at time 1 over h, or h².
    pub(crate) fn constant(self) -> f64 {
        match self.rule {
            Rule::Explicit => -0.5 * exp(-1.0f64),
            Rule::Implicit => 0.5 * exp(-1.0f64),
            Rule::CrankNicolson => -exp(-1.0f64) / 12.0,
        }
    }
}
