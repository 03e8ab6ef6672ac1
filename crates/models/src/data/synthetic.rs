//! Data with more parameters than samples, and data that a hyperplane separates.

use rand::{Rng, RngExt};
use rand_distr::{Distribution, StandardNormal};

use crate::data::DataSet;
use crate::{Matrix, Vector};

/// Four points of the plane in two classes; the signed points y_i x_i are (0.2, 2), (2, 0.5), (3, 1),
/// (1, 3). The direction of largest Euclidean margin is (5, 6)/√61, supported by the first two, with
/// margin 13/√61; that for |w|_∞ = 1 is (1, 1), with margin 2.2.
pub fn four_points() -> DataSet {
    let rows = [0.2, 2.0, -2.0, -0.5, 3.0, 1.0, -1.0, -3.0];
    DataSet {
        name: "four points".into(),
        features: Matrix::from_row_slice(4, 2, &rows),
        targets: Vector::from_vec(vec![1.0, -1.0, 1.0, -1.0]),
    }
}

/// n standard normal points in R^d with random labels ±1, moved apart along a random direction until
/// every one has at least the margin `margin` to the hyperplane across it, through the origin.
///
/// # Panics
/// If the margin is not positive or there is no feature.
///
/// ```
/// use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
/// let data = theoria_models::data::separable(20, 5, 0.5, &mut ChaCha8Rng::seed_from_u64(1));
/// assert_eq!(data.features.shape(), (20, 5));
/// ```
pub fn separable(n: usize, d: usize, margin: f64, rng: &mut impl Rng) -> DataSet {
    assert!(margin > 0.0 && d > 0, "a positive margin and a feature");
    let normal = gaussian(d, 1, rng).column(0).normalize();
    let targets = Vector::from_fn(n, |_, _| if rng.random::<bool>() { 1.0 } else { -1.0 });
    let mut features = gaussian(n, d, rng);
    for (mut row, label) in features.row_iter_mut().zip(targets.iter()) {
        let height = row.tr_dot(&normal);
        row += normal.transpose() * (label * (margin + height.abs()) - height);
    }
    DataSet { name: "separable".into(), features, targets }
}

/// Standard normal features, n x d with n < d, and standard normal targets: almost surely of full
/// row rank, so that interpolators form an affine space of dimension d − n.
///
/// # Panics
/// Unless 0 < n < d.
pub fn underdetermined(n: usize, d: usize, rng: &mut impl Rng) -> DataSet {
    assert!(0 < n && n < d, "fewer samples than features");
    DataSet {
        name: "under-determined".into(),
        features: gaussian(n, d, rng),
        targets: gaussian(n, 1, rng).column(0).into_owned(),
    }
}

/// Standard normal features, n x d, and targets X b without noise, where b is 1 on the first
/// `nonzeros` coordinates and 0 elsewhere; with b.
///
/// # Panics
/// If there are more nonzeros than features.
pub fn sparse_regression(
    n: usize,
    d: usize,
    nonzeros: usize,
    rng: &mut impl Rng,
) -> (DataSet, Vector) {
    assert!(nonzeros <= d, "no more nonzeros than features");
    let planted = Vector::from_fn(d, |j, _| if j < nonzeros { 1.0 } else { 0.0 });
    let features = gaussian(n, d, rng);
    let data =
        DataSet { name: "sparse regression".into(), targets: &features * &planted, features };
    (data, planted)
}

fn gaussian(n: usize, d: usize, rng: &mut impl Rng) -> Matrix {
    Matrix::from_fn(n, d, |_, _| StandardNormal.sample(rng))
}
