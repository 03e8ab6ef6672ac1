//! Exact covariances of stochastic gradient steps on quadratics, without cancellation.

use theoria_models::stochastic::mean_matrix;
use theoria_models::{Matrix, Vector};

/// The covariance P of z = (x − x*, 1), and m mᵀ of its mean m. P is not computed as a difference of second moments: for small steps
/// it is smaller than they are by the step size.
#[derive(Debug, Clone)]
pub(crate) struct CentredMoments {
    size: usize,
    /// vec P above vec m mᵀ.
    both: Vector,
}

/// What steps make of [`CentredMoments`].
#[derive(Debug, Clone)]
pub(crate) struct CentredMap(Matrix);

impl CentredMap {
    /// SGD with step size h and batches of b samples with replacement, `maps` one matrix A for each: with M = I − h mean(A) and the
    /// noise N = h²/b (mean(A ⊗ A) − mean(A) ⊗ mean(A)), P goes to (M ⊗ M + N) P + N m mᵀ, and m mᵀ to M ⊗ M m mᵀ.
    pub(crate) fn of_batches(maps: &[Matrix], step_size: f64, batch: usize) -> Self {
        let size = maps[0].nrows();
        let mean = mean_matrix(maps);
        let deviations: Vec<Matrix> =
            maps.iter().map(|map| map - &mean).map(|d| d.kronecker(&d)).collect();
        let noise = mean_matrix(&deviations) * (step_size * step_size / batch as f64);
        let step = Matrix::identity(size, size) - mean * step_size;
        let step = step.kronecker(&step);
        let squared = size * size;
        let mut both = Matrix::zeros(2 * squared, 2 * squared);
        both.view_mut((0, 0), (squared, squared)).copy_from(&(&step + &noise));
        both.view_mut((0, squared), (squared, squared)).copy_from(&noise);
        both.view_mut((squared, squared), (squared, squared)).copy_from(&step);
        CentredMap(both)
    }

    /// This map 2^`doublings` times.
    pub(crate) fn doubled(&self, doublings: u32) -> Self {
        CentredMap((0..doublings).fold(self.0.clone(), |power, _| &power * &power))
    }

    /// The moments after this.
    pub(crate) fn after(&self, moments: &CentredMoments) -> CentredMoments {
        CentredMoments { size: moments.size, both: &self.0 * &moments.both }
    }
}

impl CentredMoments {
    /// Those of a point, given as x − x*.
    pub(crate) fn at(offset: &Vector) -> Self {
        let z = offset.push(1.0);
        let size = z.len();
        let mut both = Vector::zeros(2 * size * size);
        both.rows_mut(size * size, size * size).copy_from(&z.kronecker(&z));
        CentredMoments { size, both }
    }

    /// E x − x*.
    pub(crate) fn mean(&self) -> Vector {
        let last = self.size * self.size + (self.size - 1) * self.size;
        self.both.rows(last, self.size - 1).into_owned()
    }

    /// E|x − E x|².
    pub(crate) fn variance(&self) -> f64 {
        (0..self.size - 1).map(|i| self.both[i * self.size + i]).sum()
    }
}
