//! A strongly convex function with a shoulder, on which Newton's method cycles, in fractions.

use nalgebra::DVector;
use theoria_algorithms::{Method, Newton};
use theoria_models::Equation;
use theoria_models::numerics::Fraction;
use theoria_verification::{Case, Check, Family, Hypothesis};

/// f'' = κ on |x| ≤ 1, on a line down to 1 at |x| = 1 + w, and 1 beyond; both numbers as fractions.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape {
    condition: (i64, i64),
    width: (i64, i64),
}

impl Shape {
    /// κ
    pub(crate) fn condition(self) -> f64 {
        self.condition.0 as f64 / self.condition.1 as f64
    }

    /// w
    pub(crate) fn width(self) -> f64 {
        self.width.0 as f64 / self.width.1 as f64
    }

    fn equation(self) -> Equation<Fraction> {
        let (one, half) = (|| Fraction::from(1), || Fraction::ratio(1, 2));
        let kappa = Fraction::ratio(self.condition.0, self.condition.1);
        let width = Fraction::ratio(self.width.0, self.width.1);
        // How far x lies on the line, between 0 and w.
        let w = width.clone();
        let on_the_line = move |x: &Fraction| {
            let beyond = x.clone().abs() - one();
            if beyond.is_negative() { Fraction::from(0) } else { beyond.min(w.clone()) }
        };
        let (fall, k, line) = ((kappa.clone() - one()) / width, kappa.clone(), on_the_line.clone());
        let slope = fall.clone();
        Equation::new(
            move |x: &Fraction| {
                let (size, part) = (x.clone().abs(), line(x));
                // What κ would give, less what the line and the part beyond it take away.
                let beyond = size.clone() - one();
                let beyond = if beyond.is_negative() { Fraction::from(0) } else { beyond };
                let taken = slope.clone() * part.clone() * (beyond - part * half());
                let value = k.clone() * size - taken;
                if x.is_negative() { -value } else { value }
            },
            move |x| kappa.clone() - fall.clone() * on_the_line(x),
        )
    }
}

/// κ = p/q and w = r/s.
pub(crate) fn shapes<const N: usize>(
    name: &str,
    shapes: [(i64, i64, i64, i64); N],
) -> Family<Case<Shape>> {
    let shapes = shapes.map(|(p, q, r, s)| Shape { condition: (p, q), width: (r, s) });
    Family::cases(name, shapes, |shape| {
        let ((p, q), (r, s)) = (shape.condition, shape.width);
        format!("κ = {p}/{q}, a = 1, w = {r}/{s}, from 5")
    })
}

/// So steep that the method cycles.
pub(crate) fn steep_enough() -> Hypothesis<Case<Shape>> {
    Hypothesis::new("κ > 2 + w/(2a + w)", |shape: &Case<Shape>, _| {
        let (kappa, w) = (shape.condition(), shape.width());
        let least = 2.0 + w / (2.0 + w);
        Check::that(kappa > least, format!("κ = {kappa}, 2 + w/(2a + w) = {least}"))
    })
}

/// x_0 = 5, x_1, x_2 ...
pub(crate) fn walk(shape: Shape, steps: usize) -> Vec<Fraction> {
    let (equation, mut newton) = (shape.equation(), Newton::default());
    let mut x = DVector::from_element(1, Fraction::from(5));
    let mut places = vec![x[0].clone()];
    for _ in 0..steps {
        newton.step(&equation, &mut x);
        places.push(x[0].clone());
    }
    places
}
