//! Hypotheses on the kind of the objective.

use theoria_models::numerics::maximum;
use theoria_verification::{Check, Hypothesis};

use super::objective::{LOOKS, direction, nearby, radius};
use crate::Problem;

/// The gradient is affine: ∇f(x + u) + ∇f(x - u) = 2 ∇f(x).
pub fn quadratic<I: AsRef<Problem>>() -> Hypothesis<I> {
    Hypothesis::new("quadratic", |instance: &I, draw| {
        let problem = instance.as_ref();
        let f = problem.objective();
        let seen = (0..LOOKS)
            .map(|_| {
                let x = nearby(problem, draw);
                let u = direction(x.len(), draw) * radius(problem);
                let (here, before, after) =
                    (f.gradient_at(&x), f.gradient_at(&(&x - &u)), f.gradient_at(&(&x + &u)));
                let rounding = f.gradient_rounding(&(&x + &u)) + f.gradient_rounding(&(&x - &u));
                let bend = (&before + &after - &here * 2.0).norm() - 4.0 * rounding;
                bend / (after - before).norm().max(f64::MIN_POSITIVE)
            })
            .fold(0.0, maximum);
        Check::at_most(seen, 1e-9, "largest bend of the gradient seen, rounding")
    })
}
