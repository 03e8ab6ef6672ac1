//! Families of functions that do not have the constant that is said of them: for controls that show that a hypothesis is needed.

use std::ops::RangeInclusive;

use theoria_models::{Objective, Property};
use theoria_verification::Family;

use crate::{CompositeProblem, ConstrainedProblem, Problem};

/// A problem of which another constant can be said.
pub trait Stating: Sized + 'static {
    /// The smooth part, or all of it.
    fn stated(&self) -> &dyn Objective;

    /// The same problem with this constant said.
    #[must_use]
    fn saying(self, property: Property, value: f64) -> Self;
}

impl Stating for Problem {
    fn stated(&self) -> &dyn Objective {
        self.objective()
    }

    fn saying(self, property: Property, value: f64) -> Self {
        self.stating(property, value)
    }
}

impl Stating for CompositeProblem {
    fn stated(&self) -> &dyn Objective {
        &**self.objective().smooth()
    }

    fn saying(self, property: Property, value: f64) -> Self {
        Self::new(self.objective().clone().stating(property, value), self.start().clone())
    }
}

impl Stating for ConstrainedProblem {
    fn stated(&self) -> &dyn Objective {
        &**self.objective().smooth()
    }

    fn saying(self, property: Property, value: f64) -> Self {
        Self::new(self.objective().clone().stating(property, value), self.start().clone())
    }
}

/// Of each member of this random family L (or G) is said to be this part of what it is, or μ, of strong convexity or of the
/// Polyak–Łojasiewicz inequality, this part of L, whatever it is.
pub fn misstated<P: Stating>(
    family: Family<P>,
    property: Property,
    parts: RangeInclusive<f64>,
) -> Family<P> {
    let (least, most) = parts.into_inner();
    let name = format!("{}, {} misstated", family.name(), property.symbol());
    Family::drawn(&name, move |draw| {
        let problem = family.instance(draw, 0);
        let of = match property {
            Property::Lipschitz => Property::Lipschitz,
            _ => Property::Smoothness,
        };
        let value = draw.log_uniform(least, most) * problem.stated().required(of);
        problem.saying(property, value)
    })
}
