//! Exact second moments of stochastic gradient steps on quadratics.
//!
//! On a sum of quadratics a step is affine, x - x* ← A (x - x*) + c with random A and c. In z = (x - x*, 1) it is
//! linear, z ← B z, so that E z zᵀ goes to E B z zᵀ Bᵀ: a linear map of the matrix, E B ⊗ B.

use super::FiniteSum;
use crate::{Matrix, Vector};

/// The map of E z zᵀ in one step, or in several.
///
/// ```
/// use theoria_models::Vector;
/// use theoria_models::objectives::{Parabola, ParabolaSum};
/// use theoria_models::stochastic::{MomentMap, gradient_maps};
///
/// // SGD on (x ∓ 1)²/2: x ← (1 − h) x ± h, whose variance in the long run is h/(2 − h).
/// let sum = ParabolaSum::new(&[-1.0, 1.0].map(|centre| Parabola { curvature: 1.0, centre }));
/// let maps = gradient_maps(&sum, &Vector::zeros(1));
/// let long_run = MomentMap::of_batches(&maps, 0.5, 1).stationary();
/// assert!((long_run.variance() - 1.0 / 3.0).abs() < 1e-14);
/// ```
#[derive(Debug, Clone)]
pub struct MomentMap(Matrix);

impl MomentMap {
    /// The step z ← B z with B uniform among these matrices, all of one size.
    pub fn mean_of(maps: &[Matrix]) -> Self {
        let sum = maps.iter().map(|map| map.kronecker(map)).reduce(|a, b| a + b);
        MomentMap(sum.unwrap_or_default() / maps.len() as f64)
    }

    /// SGD with step size h and batches of b samples, drawn with replacement; `maps` are those of
    /// [`gradient_maps`].
    ///
    /// # Panics
    /// If there are no maps, or the batch is empty.
    pub fn of_batches(maps: &[Matrix], step_size: f64, batch: usize) -> Self {
        assert!(batch > 0, "a batch has at least one sample");
        let (count, size) = (maps.len() as f64, maps[0].nrows());
        let identity = Matrix::identity(size, size);
        let mean = mean_matrix(maps);
        let squares = maps.iter().map(|map| map.kronecker(map)).reduce(|a, b| a + b);
        let squares = squares.unwrap_or_default() / count;
        let share = 1.0 / batch as f64;
        let drift = mean.kronecker(&identity) + identity.kronecker(&mean);
        let noise = squares * share + mean.kronecker(&mean) * (1.0 - share);
        MomentMap(identity.kronecker(&identity) - drift * step_size + noise * step_size.powi(2))
    }

    /// This map 2^`doublings` times.
    #[must_use]
    pub fn doubled(&self, doublings: u32) -> Self {
        let mut power = self.0.clone();
        for _ in 0..doublings {
            power = &power * &power;
        }
        MomentMap(power)
    }

    /// This map that many times.
    #[must_use]
    pub fn times(&self, times: usize) -> Self {
        let size = self.0.nrows();
        let (mut power, mut doubled) = (Matrix::identity(size, size), self.0.clone());
        let mut left = times;
        while left > 0 {
            if left % 2 == 1 {
                power = &doubled * &power;
            }
            doubled = &doubled * &doubled;
            left /= 2;
        }
        MomentMap(power)
    }

    /// The moments after this.
    pub fn after(&self, moments: &SecondMoments) -> SecondMoments {
        let size = moments.0.nrows();
        let next = &self.0 * Vector::from_column_slice(moments.0.as_slice());
        SecondMoments(Matrix::from_column_slice(size, size, next.as_slice()))
    }

    /// The moments in the long run of a step that forgets where it starts.
    pub fn stationary(&self) -> SecondMoments {
        let size = self.0.nrows().isqrt();
        self.doubled(64).after(&SecondMoments::at(&Vector::zeros(size - 1)))
    }
}

/// E z zᵀ for z = (x - x*, 1).
#[derive(Debug, Clone)]
pub struct SecondMoments(Matrix);

impl SecondMoments {
    /// Those of a point, given as x - x*.
    pub fn at(offset: &Vector) -> Self {
        let z = offset.push(1.0);
        SecondMoments(&z * z.transpose())
    }

    /// E x - x*.
    pub fn mean(&self) -> Vector {
        let dimension = self.0.nrows() - 1;
        self.0.column(dimension).rows(0, dimension).into_owned()
    }

    /// E|x - x*|².
    pub fn distance_squared(&self) -> f64 {
        self.0.diagonal().rows(0, self.0.nrows() - 1).sum()
    }

    /// E|x - E x|².
    pub fn variance(&self) -> f64 {
        self.distance_squared() - self.mean().norm_squared()
    }
}

/// For each sample the matrix G of z ↦ (∇f_i(x), 0), where every f_i is quadratic: a gradient step is I - h G.
pub fn gradient_maps(sum: &impl FiniteSum, minimiser: &Vector) -> Vec<Matrix> {
    let dimension = minimiser.len();
    (0..sum.samples())
        .map(|sample| {
            let mut map = Matrix::zeros(dimension + 1, dimension + 1);
            let slope = sum.sample_gradient(sample, minimiser);
            for axis in 0..dimension {
                let mut moved = minimiser.clone();
                moved[axis] += 1.0;
                let curvature = sum.sample_gradient(sample, &moved) - &slope;
                map.view_mut((0, axis), (dimension, 1)).copy_from(&curvature);
            }
            map.view_mut((0, dimension), (dimension, 1)).copy_from(&slope);
            map
        })
        .collect()
}

/// The mean of matrices of one size, at least one.
pub fn mean_matrix(maps: &[Matrix]) -> Matrix {
    maps.iter().sum::<Matrix>() / maps.len() as f64
}
