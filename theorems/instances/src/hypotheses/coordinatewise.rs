//! Hypotheses on curvature and noise along each coordinate.

use theoria_models::Vector;
use theoria_models::numerics::maximum;
use theoria_verification::{Check, Draw, Hypothesis};

use crate::CoordinatewiseProblem;
use crate::families::gaussian;

/// Number of random points that a check looks at.
const LOOKS: usize = 20;

/// f(y) ≤ f(x) + ∇f(x)·(y - x) + Σ L_i (y_i - x_i)²/2.
pub fn smooth_in_coordinates() -> Hypothesis<CoordinatewiseProblem> {
    Hypothesis::new("smooth in coordinates", |i: &CoordinatewiseProblem, draw| {
        let single = i.batch(1);
        let f = single.objective();
        let seen = (0..LOOKS)
            .map(|_| {
                let (x, apart) = (nearby(i, draw), gaussian(i.start().len(), draw));
                let above = f.value(&(&x + &apart)) - f.value(&x) - f.gradient_at(&x).dot(&apart);
                2.0 * above / apart.component_mul(&apart).dot(i.curvatures())
            })
            .fold(f64::NEG_INFINITY, maximum);
        Check::at_most(seen, 1.0, "largest curvature seen, in units of the L_i")
    })
}

/// The standard deviations of the slopes are at most the σ_i.
pub fn noise_in_coordinates() -> Hypothesis<CoordinatewiseProblem> {
    Hypothesis::new("noise in coordinates", |i: &CoordinatewiseProblem, draw| {
        let single = i.batch(1);
        let seen = (0..LOOKS)
            .map(|_| {
                let covariance = single.covariance(&nearby(i, draw));
                let deviations = covariance.diagonal().map(f64::sqrt);
                deviations.component_div(i.deviations()).max()
            })
            .fold(0.0, maximum);
        Check::at_most(seen, 1.0, "largest standard deviation seen, in units of the σ_i")
    })
}

fn nearby(i: &CoordinatewiseProblem, draw: &mut Draw) -> Vector {
    i.start() + gaussian(i.start().len(), draw)
}
