//! Noise added to exact gradients.

use rand::Rng;

use super::draws::{normals, quarters, signs, uniforms};
use super::{Atom, MOST_ATOMS, NoiseModel, StochasticOracle};
use crate::numerics::not_negative;
use crate::point::PerTrial;
use crate::{Constant, Ensemble, Matrix, Objective, Vector};

/// The law of the noise ξ, scaled to E|ξ|² = 1: independent coordinates of variance 1/d unless said
/// otherwise.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// Normal coordinates.
    Gaussian,
    /// Coordinates of either sign with one absolute value (Rademacher): bounded.
    Signs,
    /// Uniform coordinates: bounded, symmetric, unimodal.
    Uniform,
    /// Coordinates proportional to 3 with probability 1/4, to -1 with probability 3/4: the sign of the
    /// noise is mostly the wrong one (after Karimireddy, Rebjock, Stich, Jaggi 2019).
    Skewed,
    /// Coordinates proportional to √((1-p)/p) with this probability p, between 0 and 1, and to -√(p/(1-p)) else: of
    /// all laws of mean 0 and variance 1 those with two atoms, whose rare one hides from samples where p is
    /// small. [`Skewed`](Shape::Skewed) has p = 1/4.
    TwoAtoms(f64),
    /// ξ = factor z with z standard normal in R^d: a normal vector of covariance factor factorᵀ, scaled
    /// to trace 1.
    Correlated(Matrix),
    /// The unit vector along the gradient times a standard normal number; 0 where the gradient is 0.
    AlongGradient,
}

/// g = ∇f(x) + σ s(x) ξ, with s(x)² = 1, |∇f(x)|² or f(x) - f*: noise that is exactly of one
/// [`NoiseModel`], E|g - ∇f|² = σ² s(x)².
///
/// ```
/// use theoria_models::objectives::Quadratic;
/// use theoria_models::stochastic::{NoiseModel, Perturbed, Shape, StochasticOracle};
/// use theoria_models::Vector;
///
/// let f = Quadratic::diagonal(&[1.0, 4.0]);
/// let x = Vector::from_vec(vec![3.0, 1.0]);
/// let multiplicative = Perturbed::multiplicative(f.clone(), 2.0).shaped(Shape::AlongGradient);
/// assert!((multiplicative.variance(&x) - 4.0 * 25.0).abs() < 1e-12);
/// let vanishing = Perturbed::vanishing(f, 2.0);
/// assert!((vanishing.variance(&x) - 4.0 * 6.5).abs() < 1e-12);
/// assert_eq!(vanishing.noise(NoiseModel::Vanishing).unwrap().value, 4.0);
/// ```
#[derive(Debug, Clone)]
pub struct Perturbed<F> {
    objective: F,
    model: NoiseModel,
    sigma: f64,
    shape: Shape,
}

impl<F: Objective> Perturbed<F> {
    /// Gaussian noise of E|g - ∇f|² = σ².
    ///
    /// # Panics
    /// If σ is negative or not finite.
    pub fn additive(objective: F, sigma: f64) -> Self {
        Self::new(objective, NoiseModel::Additive, sigma)
    }

    /// Isotropic Gaussian noise of E|g - ∇f|² = σ² |∇f|². Shaped along the gradient it is
    /// g = (1 + σ ξ) ∇f.
    ///
    /// # Panics
    /// If σ is negative or not finite.
    pub fn multiplicative(objective: F, sigma: f64) -> Self {
        Self::new(objective, NoiseModel::Multiplicative, sigma)
    }

    /// Isotropic Gaussian noise of E|g - ∇f|² = σ² (f - f*).
    ///
    /// # Panics
    /// If σ is negative or not finite, or the objective doesn't know its minimum.
    pub fn vanishing(objective: F, sigma: f64) -> Self {
        assert!(objective.minimum().is_some(), "vanishing noise needs the minimal value");
        Self::new(objective, NoiseModel::Vanishing, sigma)
    }

    /// Additive Gaussian noise with this covariance matrix, d x d; σ² is its trace. None if it is not
    /// positive definite.
    pub fn with_covariance(objective: F, covariance: Matrix) -> Option<Self> {
        let sigma = covariance.trace().sqrt();
        let factor = covariance.cholesky()?.unpack();
        Some(Self::additive(objective, sigma).shaped(Shape::Correlated(factor)))
    }

    fn new(objective: F, model: NoiseModel, sigma: f64) -> Self {
        not_negative(sigma, "σ");
        Perturbed { objective, model, sigma, shape: Shape::Gaussian }
    }

    /// The same size of noise with another law.
    ///
    /// # Panics
    /// If a factor is not d x d, or the probability of an atom not between 0 and 1.
    #[must_use]
    pub fn shaped(mut self, shape: Shape) -> Self {
        let dimension = self.objective.dimension();
        self.shape = match shape {
            Shape::Correlated(factor) => {
                assert_eq!(factor.shape(), (dimension, dimension), "a factor is d x d");
                let size = factor.norm();
                Shape::Correlated(factor / size)
            }
            Shape::TwoAtoms(p) => {
                assert!(
                    0.0 < p && p < 1.0,
                    "the probability of an atom is between 0 and 1, not {p}"
                );
                Shape::TwoAtoms(p)
            }
            other => other,
        };
        self
    }

    /// σ s(x) for each trial; `gradient` is that at `at`.
    fn sizes(&self, at: &Ensemble, gradient: &Ensemble) -> Vec<f64> {
        let mut sizes = vec![1.0; at.trials()];
        match self.model {
            NoiseModel::Additive => {}
            NoiseModel::Multiplicative => gradient.inner(gradient, &mut sizes),
            NoiseModel::Vanishing => {
                let least = self.objective.minimum().map_or(0.0, |minimum| minimum.value);
                self.objective.value_block(at, &mut sizes);
                // `max` would turn NaN into 0.
                sizes.iter_mut().for_each(|gap| {
                    *gap -= least;
                    if *gap < 0.0 {
                        *gap = 0.0;
                    }
                });
            }
        }
        sizes.iter_mut().for_each(|s| *s = self.sigma * s.sqrt());
        sizes
    }
}

/// Fills with independent numbers of mean 0 and variance 1.
fn standard(shape: &Shape, generator: &mut dyn Rng, into: &mut [f64]) {
    let root = 3f64.sqrt();
    match shape {
        Shape::Gaussian | Shape::Correlated(_) | Shape::AlongGradient => normals(generator, into),
        Shape::Signs => signs(generator, into),
        Shape::Uniform => {
            uniforms(generator, into);
            into.iter_mut().for_each(|number| *number *= root);
        }
        Shape::Skewed => quarters(root, -1.0 / root, generator, into),
        Shape::TwoAtoms(p) => {
            let [rare, common] = two_atoms(*p);
            uniforms(generator, into);
            // Uniform on [-1, 1).
            into.iter_mut().for_each(|u| *u = if *u < 2.0 * p - 1.0 { rare } else { common });
        }
    }
}

/// The atoms of the law of mean 0 and variance 1 of which the first has probability p.
fn two_atoms(p: f64) -> [f64; 2] {
    [((1.0 - p) / p).sqrt(), -(p / (1.0 - p)).sqrt()]
}

/// The law of one coordinate, where it has two atoms: probability of the first, and both.
fn pair(shape: &Shape) -> Option<(f64, [f64; 2])> {
    match shape {
        Shape::Signs => Some((0.5, [1.0, -1.0])),
        Shape::Skewed => Some((0.25, two_atoms(0.25))),
        Shape::TwoAtoms(p) => Some((*p, two_atoms(*p))),
        _ => None,
    }
}

impl<F: Objective> StochasticOracle for Perturbed<F> {
    fn describe(&self) -> String {
        let noise = match self.model {
            NoiseModel::Additive => "additive",
            NoiseModel::Multiplicative => "multiplicative",
            NoiseModel::Vanishing => "vanishing",
        };
        let (objective, sigma) = (self.objective.describe(), self.sigma);
        format!("{objective}; {noise} noise, σ = {sigma}")
    }

    fn objective(&self) -> &dyn Objective {
        &self.objective
    }

    fn sample(&self, at: &Ensemble, generator: &mut dyn Rng, into: &mut Ensemble) {
        self.objective.gradient_block(at, into);
        if self.sigma == 0.0 {
            return;
        }
        let mut sizes = self.sizes(at, into);
        let mut noise = vec![0.0; at.trials()];
        match &self.shape {
            Shape::Correlated(factor) => {
                for source in 0..at.dimension() {
                    standard(&self.shape, generator, &mut noise);
                    for coordinate in 0..at.dimension() {
                        let weight = factor[(coordinate, source)];
                        add_scaled(weight, &sizes, &noise, into.coordinate_mut(coordinate));
                    }
                }
            }
            Shape::AlongGradient => {
                let mut lengths = vec![0.0; at.trials()];
                into.inner(into, &mut lengths);
                standard(&self.shape, generator, &mut noise);
                for ((size, xi), square) in sizes.iter_mut().zip(&noise).zip(&lengths) {
                    *size = if *square == 0.0 { 0.0 } else { *size * xi / square.sqrt() };
                }
                let gradient = into.clone();
                into.axpy_each(&sizes, &gradient);
            }
            independent => {
                let weight = 1.0 / (at.dimension() as f64).sqrt();
                for coordinate in 0..at.dimension() {
                    standard(independent, generator, &mut noise);
                    add_scaled(weight, &sizes, &noise, into.coordinate_mut(coordinate));
                }
            }
        }
    }

    fn covariance(&self, x: &Vector) -> Matrix {
        let dimension = x.len();
        let shape = match &self.shape {
            Shape::Correlated(factor) => factor * factor.transpose(),
            Shape::AlongGradient => {
                let gradient = self.objective.gradient_at(x);
                let square = gradient.norm_squared();
                let scale = if square == 0.0 { 0.0 } else { 1.0 / square };
                &gradient * gradient.transpose() * scale
            }
            _ => Matrix::identity(dimension, dimension) / dimension as f64,
        };
        let scale = self.model.scale(&self.objective, x).unwrap_or(f64::NAN);
        shape * (self.sigma * self.sigma * scale)
    }

    /// Where each coordinate has two: one for each choice of them.
    fn atoms(&self, x: &Vector) -> Option<Vec<Atom>> {
        let (p, atoms) = pair(&self.shape)?;
        let dimension = x.len();
        let choices = 1usize.checked_shl(u32::try_from(dimension).ok()?)?;
        (choices <= MOST_ATOMS).then(|| {
            let gradient = self.objective.gradient_at(x);
            let (at, slopes) = (Ensemble::repeat(x, 1), Ensemble::repeat(&gradient, 1));
            let size = self.sizes(&at, &slopes)[0] / (dimension as f64).sqrt();
            let choice = |choice: usize| {
                let other = |i: usize| (choice >> i) & 1;
                let odds = (0..dimension).map(|i| if other(i) == 0 { p } else { 1.0 - p });
                let noise = Vector::from_fn(dimension, |i, _| atoms[other(i)]);
                Atom { probability: odds.product(), gradient: &gradient + noise * size }
            };
            (0..choices).map(choice).collect()
        })
    }

    fn noise(&self, model: NoiseModel) -> Option<Constant> {
        (model == self.model).then(|| Constant::exact(self.sigma * self.sigma))
    }
}

/// Adds `weight` `sizes` `noise` trial by trial.
fn add_scaled(weight: f64, sizes: &[f64], noise: &[f64], into: &mut [f64]) {
    for (own, (size, xi)) in into.iter_mut().zip(sizes.iter().zip(noise)) {
        *own += weight * size * xi;
    }
}
