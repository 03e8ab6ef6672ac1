//! What is asked of a stochastic gradient.

use rand::Rng;

use crate::{Constant, Ensemble, Matrix, Objective, Vector};

/// What the variance E|g - ∇f(x)|² of a stochastic gradient is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NoiseModel {
    /// E|g - ∇f|² <= σ².
    Additive,
    /// E|g - ∇f|² <= σ² |∇f|².
    Multiplicative,
    /// E|g - ∇f|² <= σ² (f - f*): noise that vanishes with the objective, that of over-parametrised
    /// learning (Wojtowytsch 2023).
    Vanishing,
}

/// A source of unbiased estimates g of the gradient of an objective, which knows their moments.
///
/// It has no state: the randomness comes from the generator, so that it serves many blocks of trials
/// at once. A single vector is an ensemble of one trial.
pub trait StochasticOracle: Send + Sync {
    /// Objective and noise, in a few words.
    fn describe(&self) -> String;

    /// The function whose gradient is estimated.
    fn objective(&self) -> &dyn Objective;

    /// Writes an independent estimate for each trial of `at` into `into`, whatever was there before.
    fn sample(&self, at: &Ensemble, generator: &mut dyn Rng, into: &mut Ensemble);

    /// The covariance matrix of g at `x`, d x d, without sampling error.
    fn covariance(&self, x: &Vector) -> Matrix;

    /// E|g - ∇f(x)|², without sampling error.
    fn variance(&self, x: &Vector) -> f64 {
        self.covariance(x).trace()
    }

    /// E|g|² at `x`, without sampling error.
    fn second_moment(&self, x: &Vector) -> f64 {
        self.variance(x) + self.objective().gradient_at(x).norm_squared()
    }

    /// The law of g at `x`, where it has finitely many atoms, no more than [`MOST_ATOMS`].
    fn atoms(&self, x: &Vector) -> Option<Vec<Atom>> {
        let _ = x;
        None
    }

    /// The smallest σ² known for which the noise is of this model, wherever x is.
    fn noise(&self, model: NoiseModel) -> Option<Constant> {
        let _ = model;
        None
    }
}

/// A value that a stochastic gradient takes, and how likely.
#[derive(Debug, Clone, PartialEq)]
pub struct Atom {
    /// Its probability; those of all atoms have the sum 1. Values may be listed more than once.
    pub probability: f64,
    /// The gradient.
    pub gradient: Vector,
}

/// A law with more atoms is not enumerated.
pub const MOST_ATOMS: usize = 4096;

impl NoiseModel {
    /// What σ² multiplies at `x`: 1, |∇f(x)|² or f(x) - f*. None if that needs an unknown minimum.
    pub fn scale(self, objective: &dyn Objective, x: &Vector) -> Option<f64> {
        match self {
            NoiseModel::Additive => Some(1.0),
            NoiseModel::Multiplicative => Some(objective.gradient_at(x).norm_squared()),
            NoiseModel::Vanishing => {
                objective.minimum().map(|minimum| (objective.value(x) - minimum.value).max(0.0))
            }
        }
    }
}

/// The smallest σ² with which the noise is of this model at these points, as an estimated constant;
/// points where rounding hides what σ² multiplies are passed over. None if no point is left.
///
/// ```
/// use theoria_models::objectives::Quadratic;
/// use theoria_models::stochastic::{NoiseModel, Perturbed, estimated_noise};
/// use theoria_models::Vector;
///
/// let oracle = Perturbed::additive(Quadratic::diagonal(&[1.0, 2.0]), 3.0);
/// let points = [Vector::zeros(2), Vector::from_vec(vec![2.0, 0.0])];
/// let largest = estimated_noise(&oracle, NoiseModel::Vanishing, &points).unwrap();
/// assert!((largest.value - 4.5).abs() < 1e-12);
/// ```
pub fn estimated_noise(
    oracle: &dyn StochasticOracle,
    model: NoiseModel,
    points: &[Vector],
) -> Option<Constant> {
    let objective = oracle.objective();
    let ratios = points.iter().filter_map(|x| {
        let hidden = match model {
            NoiseModel::Additive => 0.0,
            NoiseModel::Multiplicative => objective.gradient_rounding(x).powi(2),
            NoiseModel::Vanishing => {
                objective.rounding(x) + objective.minimum().map_or(0.0, |m| m.error)
            }
        };
        let scale = model.scale(objective, x).filter(|scale| *scale > hidden)?;
        Some(oracle.variance(x) / scale)
    });
    ratios.reduce(f64::max).map(Constant::estimated)
}
