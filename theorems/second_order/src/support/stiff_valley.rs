//! The valley x²/2 + S (y − x²)²/2 with a stiffness S of a million: implicit steps down it, and the flow.

use theoria_algorithms::{ImplicitEuler, Method};
use theoria_elementary::ln;
use theoria_models::Vector;
use theoria_models::objectives::CurvedValley;
use theoria_models::oracle::TwiceDifferentiable;

/// S
pub(crate) const STIFFNESS: f64 = 1e6;

/// Implicit steps of this size down the valley from (1, 1) to time 2; with every place on the way.
pub(crate) fn descend(h: f64, end: f64) -> Vec<Vector> {
    let f = CurvedValley::new(STIFFNESS);
    let mut x = Vector::from_element(2, 1.0);
    let mut places = vec![x.clone()];
    if let Ok(oracle) = TwiceDifferentiable::new(&f, &x) {
        // Rounding of the gradient leaves ε S h of the equation.
        let mut euler = ImplicitEuler::new(h, 1e-9 * h.max(0.1));
        for _ in 0..(end / h).round() as usize {
            euler.step(&oracle, &mut x);
            places.push(x.clone());
        }
    }
    places
}

/// The x > 0 with ln x + 2x² = 2 − t: the flow in a valley that is infinitely stiff.
pub(crate) fn flow(t: f64) -> f64 {
    let (mut low, mut high) = (1e-9f64, 1.0f64);
    for _ in 0..100 {
        let x = f64::midpoint(low, high);
        if ln(x) + 2.0 * x * x > 2.0 - t { high = x } else { low = x }
    }
    f64::midpoint(low, high)
}

/// The limit of (x_N − x(2))/h: each step misses ln x + 2x² by (h/(1 + 4x²))²/2.
pub(crate) fn valley_constant() -> f64 {
    let x = flow(2.0);
    let integral = |x: f64| ln(x) - ln(1.0 + 4.0 * x * x) / 2.0;
    (integral(1.0) - integral(x)) / 2.0 * x / (1.0 + 4.0 * x * x)
}
