//! Functions that do not have the constant that is said of them.

use std::sync::Arc;

use crate::numerics::written;
use crate::{Constant, Minimum, Objective, PreciseObjective, Property, Vector};

/// An objective of which one constant is said to be another than it is: on what a theorem says of it one sees whether the theorem
/// needs the constant to be right.
///
/// ```
/// use std::sync::Arc;
/// use theoria_models::{Objective, Property, objectives::{Misstated, Quadratic}};
/// let f = Misstated::new(Arc::new(Quadratic::diagonal(&[3.0])), Property::Smoothness, 1.0);
/// assert_eq!(f.smoothness().unwrap().value, 1.0);
/// assert_eq!(f.describe(), "quadratic with eigenvalues 3, L said to be 1");
/// ```
#[derive(Clone)]
pub struct Misstated {
    objective: Arc<dyn Objective>,
    property: Property,
    value: f64,
}

impl Misstated {
    /// This objective, of which this property is said to have this constant.
    pub fn new(objective: Arc<dyn Objective>, property: Property, value: f64) -> Self {
        Misstated { objective, property, value }
    }

    fn said(&self, property: Property) -> Option<Constant> {
        if property == self.property {
            return Some(Constant::exact(self.value));
        }
        self.objective.constant(property)
    }
}

impl Objective for Misstated {
    fn describe(&self) -> String {
        let (symbol, value) = (self.property.symbol(), written(self.value));
        format!("{}, {symbol} said to be {value}", self.objective.describe())
    }

    fn dimension(&self) -> usize {
        self.objective.dimension()
    }

    fn value(&self, x: &Vector) -> f64 {
        self.objective.value(x)
    }

    fn gradient_into(&self, x: &Vector, into: &mut Vector) {
        self.objective.gradient_into(x, into);
    }

    fn hessian_vector(&self, x: &Vector, direction: &Vector) -> Option<Vector> {
        self.objective.hessian_vector(x, direction)
    }

    fn rounding(&self, x: &Vector) -> f64 {
        self.objective.rounding(x)
    }

    fn gradient_rounding(&self, x: &Vector) -> f64 {
        self.objective.gradient_rounding(x)
    }

    fn knots(&self) -> Option<Vec<Vec<f64>>> {
        self.objective.knots()
    }

    fn smoothness(&self) -> Option<Constant> {
        self.said(Property::Smoothness)
    }

    fn strong_convexity(&self) -> Option<Constant> {
        self.said(Property::StrongConvexity)
    }

    fn lojasiewicz(&self) -> Option<Constant> {
        self.said(Property::Lojasiewicz)
    }

    fn lipschitz(&self) -> Option<Constant> {
        self.said(Property::Lipschitz)
    }

    fn stated_within(&self) -> Option<(Vector, f64)> {
        self.objective.stated_within()
    }

    fn minimum(&self) -> Option<Minimum> {
        self.objective.minimum()
    }

    fn bounded_below(&self) -> Option<f64> {
        self.objective.bounded_below()
    }

    fn nearest_minimiser(&self, x: &Vector) -> Option<Vector> {
        self.objective.nearest_minimiser(x)
    }

    fn in_higher_precision(&self) -> Option<Box<dyn PreciseObjective + '_>> {
        self.objective.in_higher_precision()
    }
}
