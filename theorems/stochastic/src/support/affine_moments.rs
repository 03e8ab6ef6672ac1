//! Exact second moments of stochastic gradient steps on quadratics.
//!
//! On a sum of quadratics a step is affine, x - x* ← A (x - x*) + c with random A and c. In z = (x - x*, 1) it is
//! linear, z ← B z, so that E z zᵀ goes to E B z zᵀ Bᵀ: a linear map of the matrix, E B ⊗ B.

use theoria_models::stochastic::FiniteSum;
use theoria_models::{Matrix, Vector};

/// The map of E z zᵀ in one step, or in several.
#[derive(Debug, Clone)]
pub(crate) struct Transition(Matrix);

impl Transition {
    /// The step z ← B z with B uniform among these.
    pub(crate) fn mean_of(maps: &[Matrix]) -> Self {
        let sum = maps.iter().map(|map| map.kronecker(map)).reduce(|a, b| a + b);
        Transition(sum.unwrap_or_default() / maps.len() as f64)
    }

    /// SGD with step size h and batches of b samples, drawn with replacement; `maps` are those of
    /// [`gradient_maps`].
    pub(crate) fn of_batches(maps: &[Matrix], step_size: f64, batch: usize) -> Self {
        let (count, size) = (maps.len() as f64, maps[0].nrows());
        let identity = Matrix::identity(size, size);
        let mean = mean(maps);
        let squares = maps.iter().map(|map| map.kronecker(map)).reduce(|a, b| a + b);
        let squares = squares.unwrap_or_default() / count;
        let share = 1.0 / batch as f64;
        let drift = mean.kronecker(&identity) + identity.kronecker(&mean);
        let noise = squares * share + mean.kronecker(&mean) * (1.0 - share);
        Transition(identity.kronecker(&identity) - drift * step_size + noise * step_size.powi(2))
    }

    /// This map 2^`doublings` times.
    #[must_use]
    pub(crate) fn doubled(&self, doublings: u32) -> Self {
        let mut power = self.0.clone();
        for _ in 0..doublings {
            power = &power * &power;
        }
        Transition(power)
    }

    /// This map that many times.
    #[must_use]
    pub(crate) fn times(&self, times: usize) -> Self {
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
        Transition(power)
    }

    /// The moments after this.
    pub(crate) fn after(&self, moments: &Moments) -> Moments {
        let size = moments.0.nrows();
        let next = &self.0 * Vector::from_column_slice(moments.0.as_slice());
        Moments(Matrix::from_column_slice(size, size, next.as_slice()))
    }

    /// The moments in the long run of a step that forgets where it starts.
    pub(crate) fn stationary(&self) -> Moments {
        let size = self.0.nrows().isqrt();
        self.doubled(64).after(&Moments::at(&Vector::zeros(size - 1)))
    }
}

/// E z zᵀ.
#[derive(Debug, Clone)]
pub(crate) struct Moments(Matrix);

impl Moments {
    /// Those of a point, given as x - x*.
    pub(crate) fn at(offset: &Vector) -> Self {
        let z = offset.push(1.0);
        Moments(&z * z.transpose())
    }

    /// E x - x*.
    pub(crate) fn mean(&self) -> Vector {
        let dimension = self.0.nrows() - 1;
        self.0.column(dimension).rows(0, dimension).into_owned()
    }

    /// E|x - x*|².
    pub(crate) fn distance_squared(&self) -> f64 {
        self.0.diagonal().rows(0, self.0.nrows() - 1).sum()
    }

    /// E|x - E x|².
    pub(crate) fn variance(&self) -> f64 {
        self.distance_squared() - self.mean().norm_squared()
    }
}

/// For each sample the matrix G of z ↦ (∇f_i(x), 0), where every f_i is quadratic: a gradient step is I - h G.
pub(crate) fn gradient_maps(sum: &impl FiniteSum, minimiser: &Vector) -> Vec<Matrix> {
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

/// The mean of some matrices.
pub(crate) fn mean(maps: &[Matrix]) -> Matrix {
    maps.iter().sum::<Matrix>() / maps.len() as f64
}
