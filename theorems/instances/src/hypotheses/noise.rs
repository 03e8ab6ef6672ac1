//! Hypotheses on the noise of stochastic gradients.

use theoria_models::stochastic::{Atom, NoiseModel, StochasticOracle};
use theoria_models::{Ensemble, Vector};
use theoria_verification::{Check, Draw, Hypothesis};

use crate::StochasticProblem;
use crate::families::gaussian;

/// Number of points at which the stated moments of the noise are checked.
const LOOKS: usize = 20;
/// Number of points at which what is drawn is checked: all atoms, or so many draws.
const DRAWN: usize = 4;
const DRAWS: usize = 2048;
/// Beyond so many standard errors no mean lies by chance: for a normal one with probability 1e-9.
const ERRORS: f64 = 6.0;

/// E|g - ∇f|² ≤ σ² times what the model says, at random points. What the oracle states of its variance is compared
/// with σ²; and so is what it draws, by all atoms where there are finitely many, else by the mean of draws, which
/// may be above by chance alone.
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
        let mut seen: f64 = 0.0;
        for look in 0..LOOKS {
            let x = nearby(p, draw);
            let Some(scale) = model.scale(objective, &x).filter(|scale| *scale > 0.0) else {
                continue;
            };
            seen = seen.max(p.oracle().variance(&x) / scale);
            if look < DRAWN {
                let moments = Moments::at(p.oracle(), &x, draw);
                seen = seen.max((moments.variance - ERRORS * moments.variance_error) / scale);
            }
        }
        Check::at_most(seen, stated.value, "largest variance of the gradient seen, in its unit, σ²")
    })
}

/// E g = ∇f at the start and at random points: exactly, where the noise has finitely many atoms; else the mean of
/// many draws deviates by no more than chance allows, by their own spread.
pub fn unbiased<I: AsRef<StochasticProblem>>() -> Hypothesis<I> {
    Hypothesis::new("unbiased", |instance: &I, draw| {
        let p = instance.as_ref();
        let mut worst = (0.0, 0.0);
        for look in 0..DRAWN {
            let x = if look == 0 { p.problem().start().clone() } else { nearby(p, draw) };
            let moments = Moments::at(p.oracle(), &x, draw);
            let allowed = ERRORS * moments.mean_error + moments.rounding;
            if moments.bias * worst.1 >= worst.0 * allowed {
                worst = (moments.bias, allowed);
            }
        }
        Check::at_most(worst.0, worst.1, "|E g − ∇f| seen, allowed")
    })
}

/// What the law of a gradient at a point is seen to be.
struct Moments {
    /// |E g - ∇f| and E|g - ∇f|², with the standard errors of both: 0 where all atoms are known.
    bias: f64,
    mean_error: f64,
    variance: f64,
    variance_error: f64,
    rounding: f64,
}

impl Moments {
    fn at(oracle: &dyn StochasticOracle, x: &Vector, draw: &mut Draw) -> Self {
        let exact = oracle.objective().gradient_at(x);
        let (atoms, sampled) = match oracle.atoms(x) {
            Some(atoms) => (atoms, false),
            None => (sampled(oracle, x, draw), true),
        };
        let mean = |part: &dyn Fn(&Vector) -> f64| -> f64 {
            atoms.iter().map(|atom| atom.probability * part(&atom.gradient)).sum()
        };
        let mut middle = Vector::zeros(x.len());
        for atom in &atoms {
            middle.axpy(atom.probability, &atom.gradient, 1.0);
        }
        let square = |g: &Vector| (g - &exact).norm_squared();
        let variance = mean(&square);
        let spread = mean(&|g| (square(g) - variance).powi(2)).sqrt();
        let size = mean(&|g| g.norm());
        let error = |deviation: f64| {
            if sampled { deviation / (atoms.len() as f64).sqrt() } else { 0.0 }
        };
        Moments {
            bias: (middle - &exact).norm(),
            mean_error: error(variance.sqrt()),
            variance,
            variance_error: error(spread),
            rounding: 1e-12 * (size + exact.norm()) + 4.0 * oracle.objective().gradient_rounding(x),
        }
    }
}

/// Draws, each with the same weight.
fn sampled(oracle: &dyn StochasticOracle, x: &Vector, draw: &mut Draw) -> Vec<Atom> {
    let at = Ensemble::repeat(x, DRAWS);
    let mut drawn = at.clone();
    oracle.sample(&at, draw.generator(), &mut drawn);
    let probability = 1.0 / DRAWS as f64;
    (0..DRAWS).map(|trial| Atom { probability, gradient: drawn.trial(trial) }).collect()
}

/// A random point about the minimiser (else the start) within twice the distance of the start.
fn nearby(p: &StochasticProblem, draw: &mut Draw) -> Vector {
    let start = p.problem().start();
    let centre = p.problem().known_minimiser().unwrap_or(start);
    let radius = 2.0 * (start - centre).norm().max(0.5);
    let direction = gaussian(start.len(), draw).normalize();
    centre + direction * draw.uniform(0.0, radius)
}
