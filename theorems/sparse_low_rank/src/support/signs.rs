//! Whether the LASSO finds the signs: the condition on the features, its law for normal ones, and the LASSO itself.

use statrs::distribution::{ChiSquared, Continuous, ContinuousCDF, Normal};
use theoria_elementary::{ln, powf};
use theoria_instances::families::{gaussian, gaussian_matrix};
use theoria_models::objectives::Lasso;
use theoria_models::{Matrix, Vector};
use theoria_verification::{Draw, Generator, Instance};

use super::descent_cone::{Sparsity, normal};

/// Normal features, and normal noise of this deviation.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Design {
    pub(crate) sparsity: Sparsity,
    pub(crate) noise: f64,
    /// λ over Wainwright's.
    share: f64,
}

impl Instance for Design {
    fn description(&self) -> String {
        let sparsity = self.sparsity.description();
        match (self.noise, self.share) {
            (0.0, _) => sparsity,
            (noise, 1.0) => format!("{sparsity}, σ = {noise}"),
            (noise, share) => format!("{sparsity}, σ = {noise}, {share} of the weight"),
        }
    }
}

impl Design {
    pub(crate) const fn new(dimension: usize, nonzeros: usize, noise: f64) -> Self {
        Design { sparsity: Sparsity { dimension, nonzeros }, noise, share: 1.0 }
    }

    /// With this share of Wainwright's λ.
    pub(crate) const fn with_share(self, share: f64) -> Self {
        Design { share, ..self }
    }

    /// λ = 2σ √(2n log k log(d - k)) (Wainwright 2009), or a share of it. Without noise no λ decides anything, and this is 1.
    pub(crate) fn weight(&self, n: f64) -> f64 {
        let (k, d) = (self.sparsity.nonzeros as f64, self.sparsity.dimension as f64);
        if self.noise == 0.0 {
            return 1.0;
        }
        self.share * 2.0 * self.noise * (2.0 * n * ln(k) * ln(d - k)).sqrt()
    }

    /// 2X_j·r/λ off the support, for n samples, where the signs on the support are right.
    pub(crate) fn correlations(&self, n: usize, random: &mut Generator) -> Vector {
        let (d, k) = (self.sparsity.dimension, self.sparsity.nonzeros);
        let features = Matrix::from_fn(n, d, |_, _| normal(random));
        let noise = Vector::from_fn(if self.noise > 0.0 { n } else { 0 }, |_, _| normal(random));
        let noise = if noise.is_empty() { Vector::zeros(n) } else { noise * self.noise };
        correlations(&features, k, &noise, self.weight(n as f64))
    }

    /// For n samples, the probability of |2X_j·r| < λ for so many columns off the support, given those of the support and the noise.
    pub(crate) fn given_the_support(&self, n: usize, columns: f64, random: &mut Generator) -> f64 {
        let active = Matrix::from_fn(n, self.sparsity.nonzeros, |_, _| normal(random));
        let noise =
            Vector::from_fn(
                n,
                |_, _| {
                    if self.noise > 0.0 { self.noise * normal(random) } else { 0.0 }
                },
            );
        direction(&active, &noise, self.weight(n as f64))
            .map_or(f64::NAN, |direction| inside(direction.norm_squared(), columns))
    }

    /// E (2Φ(1/√(k/q + 4σ²w/λ²)) - 1)^columns with q of the law χ² with n - k + 1 and w with n - k degrees of freedom, where σ is
    /// `noise`.
    pub(crate) fn law(&self, n: f64, columns: f64, noise: f64) -> f64 {
        let k = self.sparsity.nonzeros as f64;
        let inside = |spread: f64| inside(spread, columns);
        let outer = chi_squared(n - k + 1.0);
        if noise == 0.0 {
            return outer.iter().map(|(q, share)| share * inside(k / q)).sum();
        }
        let (inner, scale) = (chi_squared(n - k), 4.0 * (noise / self.weight(n)).powi(2));
        let over =
            |q: f64| inner.iter().map(|(w, share)| share * inside(k / q + scale * w)).sum::<f64>();
        outer.iter().map(|(q, share)| share * over(*q)).sum()
    }

    /// The law for all columns off the support.
    pub(crate) fn probability(&self, n: f64) -> f64 {
        self.law(n, self.others(), self.noise)
    }

    /// d - k
    pub(crate) fn others(&self) -> f64 {
        (self.sparsity.dimension - self.sparsity.nonzeros) as f64
    }
}

/// The probability that so many normal numbers of this variance are below 1 in size.
fn inside(variance: f64, count: f64) -> f64 {
    powf(2.0 * Normal::standard().cdf(1.0 / variance.sqrt()) - 1.0, count)
}

/// Values and weights of Simpson's rule for a mean over this law, in the square root, where the density is smooth.
fn chi_squared(freedom: f64) -> Vec<(f64, f64)> {
    const PIECES: i32 = 400;
    let Ok(law) = ChiSquared::new(freedom) else {
        return vec![(f64::NAN, f64::NAN)];
    };
    let width = (freedom.sqrt() + 10.0) / f64::from(PIECES);
    let weight = |i: i32| if i == PIECES { 1.0 } else { 2.0 + 2.0 * f64::from(i % 2) };
    // At 0 the density may be infinite, and the integrand is 0.
    let at = |i: i32| {
        let root = f64::from(i) * width;
        (root * root, weight(i) * width / 3.0 * law.pdf(root * root) * 2.0 * root)
    };
    (1..=PIECES).map(at).collect()
}

/// 2X_j·r/λ off the support, the first k columns, where the signs there are +: X_jᵀ(X_S(X_SᵀX_S)⁻¹s + 2 P ε/λ), P the projection onto
/// what is orthogonal to X_S.
fn correlations(features: &Matrix, k: usize, noise: &Vector, weight: f64) -> Vector {
    let active = features.columns(0, k).into_owned();
    let others = features.columns(k, features.ncols() - k);
    direction(&active, noise, weight).map_or_else(
        || Vector::from_element(others.ncols(), f64::NAN),
        |direction| others.tr_mul(&direction),
    )
}

/// 2r/λ = X_S(X_SᵀX_S)⁻¹s + 2 P ε/λ
fn direction(active: &Matrix, noise: &Vector, weight: f64) -> Option<Vector> {
    let factors = active.tr_mul(active).cholesky()?;
    let mut direction = active * factors.solve(&Vector::from_element(active.ncols(), 1.0));
    if noise.amax() > 0.0 {
        let left = noise - active * factors.solve(&active.tr_mul(noise));
        direction += left * (2.0 / weight);
    }
    Some(direction)
}

/// y = X a_0 + ε with the first k coefficients 1, the others 0, and a weight.
pub(crate) struct Regression {
    features: Matrix,
    nonzeros: usize,
    noise: Vector,
    weight: f64,
}

impl Instance for Regression {
    fn description(&self) -> String {
        let (n, d) = self.features.shape();
        format!(
            "{n} samples of {d} features, {} nonzeros, |ε| = {:.4}, λ = {:.4}, largest |2X_j·r|/λ off the support {:.4}",
            self.nonzeros,
            self.noise.norm(),
            self.weight,
            self.largest()
        )
    }
}

impl Regression {
    /// Without noise; λ is this share of 2|Xᵀy|_∞.
    pub(crate) fn at_share(features: Matrix, nonzeros: usize, share: f64) -> Self {
        let noise = Vector::zeros(features.nrows());
        let mut drawn = Regression { features, nonzeros, noise, weight: 0.0 };
        drawn.weight = share * drawn.lasso().threshold();
        drawn
    }

    pub(crate) fn noisy(design: Design, n: usize, draw: &mut Draw) -> Self {
        let features = gaussian_matrix(n, design.sparsity.dimension, draw);
        let noise = gaussian(n, draw) * design.noise;
        let weight = design.weight(n as f64);
        Regression { features, nonzeros: design.sparsity.nonzeros, noise, weight }
    }

    fn lasso(&self) -> Lasso {
        let truth =
            Vector::from_fn(
                self.features.ncols(),
                |j, _| {
                    if j < self.nonzeros { 1.0 } else { 0.0 }
                },
            );
        let targets = &self.features * truth + &self.noise;
        Lasso::new(self.features.clone(), targets, self.weight)
    }

    /// The largest |2X_j·r|/λ off the support, where the signs are right on it.
    pub(crate) fn largest(&self) -> f64 {
        correlations(&self.features, self.nonzeros, &self.noise, self.weight).amax()
    }

    /// The smallest of a_S = (X_SᵀX_S)⁻¹(X_Sᵀy - λ s/2).
    pub(crate) fn smallest_on_the_support(&self) -> f64 {
        let active = self.features.columns(0, self.nonzeros).into_owned();
        let right = active.tr_mul(self.lasso().targets());
        let right = right.add_scalar(-self.weight / 2.0);
        active.tr_mul(&active).cholesky().map_or(f64::NAN, |factors| factors.solve(&right).min())
    }

    /// 4|r|²/λ² of the residual r of a_S = (X_SᵀX_S)⁻¹(X_Sᵀy - λ s/2).
    pub(crate) fn spread_of_the_residual(&self) -> f64 {
        let active = self.features.columns(0, self.nonzeros).into_owned();
        let lasso = self.lasso();
        let right = active.tr_mul(lasso.targets()).add_scalar(-self.weight / 2.0);
        active.tr_mul(&active).cholesky().map_or(f64::NAN, |factors| {
            let residual = lasso.targets() - &active * factors.solve(&right);
            4.0 * residual.norm_squared() / self.weight.powi(2)
        })
    }

    /// sᵀ(X_SᵀX_S)⁻¹s + `constant` |P ε|²/λ², with P by an orthonormal basis of the columns of X_S.
    pub(crate) fn told_spread(&self, constant: f64) -> f64 {
        let parts = self.features.columns(0, self.nonzeros).into_owned().qr();
        let ones = Vector::from_element(self.nonzeros, 1.0);
        let (basis, triangle) = (parts.q(), parts.r());
        let Some(half) = triangle.transpose().solve_lower_triangular(&ones) else {
            return f64::NAN;
        };
        let left = &self.noise - &basis * basis.tr_mul(&self.noise);
        half.norm_squared() + constant * left.norm_squared() / self.weight.powi(2)
    }

    pub(crate) fn samples(&self) -> usize {
        self.features.nrows()
    }

    /// Whether the signs of the LASSO are right.
    pub(crate) fn is_right(&self) -> bool {
        let a = self.lasso().solve().0;
        a.iter().enumerate().all(|(j, a)| if j < self.nonzeros { *a > 0.0 } else { *a == 0.0 })
    }
}
