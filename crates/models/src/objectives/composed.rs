//! A strongly convex function of a linear map.

use crate::{Constant, Matrix, Minimum, Objective, Svd, Vector};
use theoria_elementary::powf;

/// f(x) = g(A(x - x̂)) with g(z) = |z|²/2 + Σ (√(1 + z_i²) - 1), which is 1-strongly convex and 2-smooth.
///
/// Where A has a kernel f is not strongly convex, but it satisfies PL with the square of the smallest
/// non-zero singular value of A (Karimi, Nutini, Schmidt 2016, section 2.3). L is twice the square of
/// the largest.
#[derive(Debug, Clone)]
pub struct StronglyConvexOfLinear {
    map: Matrix,
    centre: Vector,
    largest: f64,
    /// The row space of A, and its smallest singular value that is not 0, where they are beyond doubt.
    range: Option<(Matrix, f64)>,
}

impl StronglyConvexOfLinear {
    /// With the matrix A, m x d and not 0, and the minimiser x̂.
    pub fn new(map: Matrix, centre: Vector) -> Self {
        let svd = Svd::of(&map);
        let range = svd.decided_rank(&map).filter(|rank| *rank > 0).map(|rank| {
            let least = svd.values()[rank - 1] * (1.0 - svd.tilt(rank));
            (svd.right().columns(0, rank).into_owned(), least)
        });
        StronglyConvexOfLinear { largest: svd.values().max(), range, map, centre }
    }
}

impl Objective for StronglyConvexOfLinear {
    fn describe(&self) -> String {
        let (rows, columns) = self.map.shape();
        format!("strongly convex function of a {rows} × {columns} map")
    }

    fn dimension(&self) -> usize {
        self.map.ncols()
    }

    fn value(&self, x: &Vector) -> f64 {
        let z = &self.map * (x - &self.centre);
        // √(1 + z²) - 1 without cancellation.
        z.iter().map(|z| z * z / 2.0 + z * z / (1.0 + (1.0 + z * z).sqrt())).sum()
    }

    fn gradient_into(&self, x: &Vector, into: &mut Vector) {
        let mut z = &self.map * (x - &self.centre);
        z.apply(|z| *z += *z / (1.0 + *z * *z).sqrt());
        into.gemv_tr(1.0, &self.map, &z, 0.0);
    }

    fn hessian_vector(&self, x: &Vector, direction: &Vector) -> Option<Vector> {
        let z = &self.map * (x - &self.centre);
        let image = &self.map * direction;
        let bent = image.zip_map(&z, |image, z| image * (1.0 + powf(1.0 + z * z, -1.5)));
        Some(self.map.tr_mul(&bent))
    }

    fn rounding(&self, x: &Vector) -> f64 {
        let offset = (x - &self.centre).norm();
        let lost = 8.0 * f64::EPSILON * (x.norm() + self.centre.norm());
        2.0 * self.largest.powi(2) * lost * (offset + lost) + 16.0 * f64::EPSILON * self.value(x)
    }

    fn smoothness(&self) -> Option<Constant> {
        Some(Constant::certified(2.0 * self.largest.powi(2)))
    }

    fn lojasiewicz(&self) -> Option<Constant> {
        self.range.as_ref().map(|(_, least)| Constant::certified(least.powi(2)))
    }

    fn minimum(&self) -> Option<Minimum> {
        Some(Minimum::exact(0.0))
    }

    fn nearest_minimiser(&self, x: &Vector) -> Option<Vector> {
        let (row_space, _) = self.range.as_ref()?;
        let offset = x - &self.centre;
        Some(x - row_space * row_space.tr_mul(&offset))
    }
}
