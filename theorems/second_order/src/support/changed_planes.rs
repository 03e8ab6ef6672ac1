//! Well-conditioned systems in the plane that are an ill-conditioned one changed by one column, and what rounding does to their solutions.

use theoria_elementary::exp2;
use theoria_models::numerics::Fraction;
use theoria_models::{Matrix, Vector, elimination, woodbury};
use theoria_verification::{Constant, Family, Instance};

/// diag(a, 1) with 1 added to its first entry, and b = (b_1, 1).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plane {
    pub(crate) entry: f64,
    pub(crate) target: f64,
}

impl Instance for Plane {
    fn description(&self) -> String {
        format!("a = {:?}, b₁ = {:?}", self.entry, self.target)
    }

    fn constants(&self) -> Vec<Constant> {
        vec![Constant::exact("a", self.entry)]
    }
}

impl Plane {
    pub(crate) fn listed(name: &str, pairs: &[(f64, f64)]) -> Family<Self> {
        Family::listed(name, pairs.to_vec(), |&(entry, target)| Plane { entry, target })
    }

    fn vector(first: f64) -> Vector {
        Vector::from_vec(vec![first, 1.0])
    }

    /// |found - x_1|/|x_1| for x_1 = b_1/(1 + a), computed in fractions.
    pub(crate) fn relative_error(&self, found: Option<Vector>) -> f64 {
        let exact = Fraction::from(self.target) / (Fraction::from(1) + Fraction::from(self.entry));
        found.map_or(f64::NAN, |found| {
            ((Fraction::from(found[0]) - exact.clone()) / exact).abs().nearest()
        })
    }
}

pub(crate) fn by_formula(it: &Plane) -> Option<Vector> {
    let column = Matrix::from_column_slice(2, 1, &[1.0, 0.0]);
    let target = Plane::vector(it.target);
    woodbury::solve_diagonal(&Plane::vector(it.entry), &column, &column.transpose(), &target)
}

pub(crate) fn by_elimination(it: &Plane) -> Option<Vector> {
    let matrix = Matrix::from_diagonal(&Plane::vector(1.0 + it.entry));
    elimination::solve(&matrix, &Plane::vector(it.target))
}

/// What the formula may be off by.
pub(crate) fn magnified(it: &Plane) -> f64 {
    1.5 * (1.0 + 1.0 / it.entry) * f64::EPSILON
}

/// 1/a is near a power of two, or anywhere. Powers are not the system's, for what rounding does to a system shows in its last bits.
pub(crate) fn planes() -> Family<Plane> {
    Family::drawn("a and b₁, near powers of two or not", |draw| {
        let power = draw.uniform(0.0, 26.0);
        let (near, of_target) = (draw.uniform(0.0, 1.0), draw.uniform(0.0, 1.0));
        if draw.coin() {
            draw.label("near a power of two");
            let power = power.floor().max(1.0);
            let entry = 1.0 / (exp2(power) - near);
            Plane { entry, target: (1.0 + exp2(-of_target * power)) * entry }
        } else {
            Plane { entry: exp2(-power), target: 1.0 + of_target }
        }
    })
}
