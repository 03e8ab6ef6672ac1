//! Constants that know how they were obtained.

/// How a constant was obtained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Provenance {
    /// By a formula, up to rounding.
    Exact,
    /// By a bound that is proved: a theorem that holds with the true constant holds with this one.
    Certified,
    /// By sampling or searching; it may be wrong.
    Estimated,
}

/// A constant of an objective.
///
/// ```
/// use theoria_models::{Constant, Provenance};
/// let smoothness = Constant::exact(4.0);
/// assert_eq!((smoothness.value, smoothness.provenance), (4.0, Provenance::Exact));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Constant {
    /// Its value.
    pub value: f64,
    /// How it was obtained.
    pub provenance: Provenance,
}

impl Constant {
    /// By a formula.
    pub fn exact(value: f64) -> Self {
        Constant { value, provenance: Provenance::Exact }
    }

    /// By a bound that is proved.
    pub fn certified(value: f64) -> Self {
        Constant { value, provenance: Provenance::Certified }
    }

    /// By sampling or searching.
    pub fn estimated(value: f64) -> Self {
        Constant { value, provenance: Provenance::Estimated }
    }
}
