//! Problems with stochastic gradients.

use theoria_models::Vector;
use theoria_models::objectives::{Parabola, ParabolaSum, Quadratic, QuadraticPlusSine};
use theoria_models::stochastic::{MiniBatch, Perturbed, Sampling, StochasticOracle};
use theoria_verification::Family;

use super::{gaussian, quadratic};
use crate::StochasticProblem;

/// Strongly convex quadratics in random rotation, with a condition number from 2 to `condition` and noise of
/// σ from 0.3 to `most`.
pub fn noisy_quadratics<S: StochasticOracle + 'static>(
    condition: f64,
    most: f64,
    noise: fn(Quadratic, f64) -> S,
) -> Family<StochasticProblem> {
    Family::drawn("quadratics", move |draw| {
        let dimension = draw.size(2..=6);
        let objective = quadratic(dimension, condition, draw);
        let start = gaussian(dimension, draw) * 2.0;
        let sigma = draw.log_uniform(0.3, most);
        StochasticProblem::new(objective, start, |f| noise(f, sigma))
    })
}

/// λx²/2 with noise of this size from this start.
pub fn noisy_parabola<S: StochasticOracle + 'static>(
    curvature: f64,
    start: f64,
    noise: impl FnOnce(Quadratic) -> S,
) -> StochasticProblem {
    let start = Vector::from_element(1, start);
    StochasticProblem::new(Quadratic::diagonal(&[curvature]), start, noise)
}

/// x² + 3 sin² x with additive Gaussian noise, from several starts.
pub fn noisy_quadratic_plus_sine() -> Family<StochasticProblem> {
    Family::listed("x² + 3 sin² x", [(-4.0, 1.0), (2.5, 3.0)], |&(start, sigma)| {
        let start = Vector::from_element(1, start);
        StochasticProblem::new(QuadraticPlusSine, start, |f| Perturbed::additive(f, sigma))
    })
}

/// Parabolas of one curvature about random centres, in batches of one or four: the noise is additive.
pub fn equal_parabolas() -> Family<StochasticProblem> {
    Family::drawn("mini-batches of parabolas", |draw| {
        let curvature = draw.log_uniform(0.2, 5.0);
        let centres = gaussian(draw.size(2..=12), draw);
        let parabolas: Vec<Parabola> =
            centres.iter().map(|&centre| Parabola { curvature, centre }).collect();
        let batch = [1, 4][draw.size(1..=2) - 1];
        let start = gaussian(1, draw) * 3.0;
        StochasticProblem::new(ParabolaSum::new(&parabolas), start, |f| {
            MiniBatch::new(f, batch, Sampling::WithReplacement)
        })
    })
}
