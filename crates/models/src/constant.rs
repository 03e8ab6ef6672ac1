//! Constants, what they say, and how they were obtained.

use std::fmt;

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

/// What a constant says of an objective.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Property {
    /// L with |∇f(x) − ∇f(y)| <= L |x − y|.
    Smoothness,
    /// mu > 0 with f − mu|x|²/2 convex.
    StrongConvexity,
    /// mu > 0 with |∇f(x)|² >= 2 mu (f(x) − f*).
    Lojasiewicz,
    /// G with |g| <= G for every subgradient g.
    Lipschitz,
}

impl Property {
    /// All of them.
    pub const ALL: [Property; 4] = [
        Property::Smoothness,
        Property::StrongConvexity,
        Property::Lojasiewicz,
        Property::Lipschitz,
    ];

    /// The letter that its constant has in formulas.
    pub fn symbol(self) -> &'static str {
        match self {
            Property::Smoothness => "L",
            Property::StrongConvexity | Property::Lojasiewicz => "μ",
            Property::Lipschitz => "G",
        }
    }
}

/// As in "a smoothness constant".
impl fmt::Display for Property {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Property::Smoothness => "smoothness",
            Property::StrongConvexity => "strong convexity",
            Property::Lojasiewicz => "Polyak–Łojasiewicz",
            Property::Lipschitz => "Lipschitz",
        })
    }
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
