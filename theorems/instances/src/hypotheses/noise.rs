//! Hypotheses on the noise of stochastic gradients.

use theoria_models::stochastic::NoiseModel;
use theoria_models::{Ensemble, Vector};
use theoria_verification::{Check, Draw, Hypothesis};

use crate::StochasticProblem;
use crate::families::gaussian;

/// Number of points at which a hypothesis on the noise is checked.
const LOOKS: usize = 20;
/// Number of gradients drawn to see that they are unbiased.
const DRAWS: usize = 256;

/// E|g - ∇f|² ≤ σ² times what the model says, at random points; the left side is computed without
/// sampling.
pub fn noise<I: AsRef<StochasticProblem>>(model: NoiseModel) -> Hypothesis<I> {
    let name = match model {
        NoiseModel::Additive => "additive noise",
        NoiseModel::Multiplicative => "multiplicative noise",
        NoiseModel::Vanishing => "noise that vanishes with f − f*",
    };
    Hypothesis::new(name, move |instance: &I, draw| {
        let p = instance.as_ref();
        let Some(stated) = p.oracle().noise(model) else {
            return Check::that(false, "the noise is not of this kind for any σ²");
        };
        let objective = p.problem().objective();
        let seen = (0..LOOKS)
            .map(|_| nearby(p, draw))
            .filter_map(|x| Some(p.oracle().variance(&x) / model.scale(objective, &x)?))
            .fold(0.0, f64::max);
        Check::at_most(seen, stated.value, "largest variance of the gradient seen, in its unit, σ²")
    })
}

/// E g = ∇f at the start: the mean of many draws deviates by no more than chance allows.
pub fn unbiased<I: AsRef<StochasticProblem>>() -> Hypothesis<I> {
    Hypothesis::new("unbiased", |instance: &I, draw| {
        let p = instance.as_ref();
        let start = p.problem().start();
        let at = Ensemble::repeat(start, DRAWS);
        let mut drawn = at.clone();
        p.oracle().sample(&at, draw.generator(), &mut drawn);
        let exact = p.problem().objective().gradient_at(start);
        let mean = Vector::from_fn(start.len(), |coordinate, _| {
            drawn.coordinate(coordinate).iter().sum::<f64>() / DRAWS as f64
        });
        let largest = drawn.numbers().iter().fold(0f64, |largest, slope| largest.max(slope.abs()));
        let rounding = 1e-12 * (exact.norm_squared() + largest.powi(2));
        let expected = p.oracle().variance(start) / DRAWS as f64;
        // Beyond 40 times its expectation with probability 1e-9 for a normal number, less in higher dimension.
        let seen = (mean - exact).norm_squared();
        Check::at_most(
            seen,
            40.0 * expected + rounding,
            "deviation of the mean of 256 gradients, squared",
        )
    })
}

/// A random point about the minimiser (else the start) within twice the distance of the start.
fn nearby(p: &StochasticProblem, draw: &mut Draw) -> Vector {
    let start = p.problem().start();
    let centre = p.problem().known_minimiser().unwrap_or(start);
    let radius = 2.0 * (start - centre).norm().max(0.5);
    let direction = gaussian(start.len(), draw).normalize();
    centre + direction * draw.uniform(0.0, radius)
}
