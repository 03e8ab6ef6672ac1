//! The second-order model with a cubic term, m(s) = g·s + s·H s/2 + M|s|³/6, and its minimisers.
//!
//! Where M is a Lipschitz constant of the Hessian, f(x + s) <= f(x) + m(s). Convex or not, a global minimiser is found: s is one if and only if
//! (H + M|s|/2 I) s = -g and that matrix has no negative eigenvalue (Nesterov, Polyak 2006, section 5).
//!
//! ```
//! use theoria_models::{Matrix, Vector, cubic_model};
//!
//! // At a maximum the gradient says nothing; the way is 2|λ|/M, along either side of the eigenvector.
//! let hessian = Matrix::from_diagonal(&Vector::from_vec(vec![-3.0, 1.0]));
//! let step = cubic_model::step(&Vector::zeros(2), hessian, 2.0).unwrap();
//! assert_eq!((step[0].abs(), step[1]), (3.0, 0.0));
//! ```

use nalgebra::SymmetricEigen;

use crate::point::SquareRoot;
use crate::{Matrix, Vector};

/// The minimiser in one variable with M > 0: against the slope, as far as the root r of M r²/2 + h r = |g|. Where the slope vanishes both signs
/// are as good, and it is the positive one.
pub fn step_on_a_line<S: SquareRoot>(slope: &S, curvature: &S, lipschitz: &S) -> S {
    let downwards = *slope > S::from(0.0);
    let size = if downwards { slope.clone() } else { -slope.clone() };
    let length = distance(&size, curvature, lipschitz);
    if downwards { -length } else { length }
}

/// The larger root r of M r²/2 + h r = g for g >= 0, without cancellation; 0 where there is none above.
fn distance<S: SquareRoot>(size: &S, curvature: &S, lipschitz: &S) -> S {
    let two = || S::from(2.0);
    let square = curvature.clone() * curvature.clone() + two() * lipschitz.clone() * size.clone();
    let root = square.sqrt();
    if *curvature > S::from(0.0) {
        two() * size.clone() / (root + curvature.clone())
    } else {
        (root - curvature.clone()) / lipschitz.clone()
    }
}

/// A minimiser for a gradient and a symmetric Hessian, M > 0; None where numbers are not finite.
///
/// In the eigenvectors of the Hessian it is -g_i/(λ_i + M r/2), with the r = |s| that fits, found by bisection. Where g has no part along the
/// lowest ones and no r fits, a part along one of them makes up for it; both signs are as good, and it is the positive one.
pub fn step(gradient: &Vector, hessian: Matrix, lipschitz: f64) -> Option<Vector> {
    let finite = gradient.iter().chain(hessian.iter()).all(|entry| entry.is_finite());
    if !finite {
        return None;
    }
    let eigen = SymmetricEigen::new(hessian);
    let parts = eigen.eigenvectors.tr_mul(gradient);
    let lowest = eigen.eigenvalues.imin();
    let least = eigen.eigenvalues[lowest];
    // r = nearest + beyond, and all λ_i + M nearest/2 are at least 0.
    let nearest = 2.0 * (-least).max(0.0) / lipschitz;
    let shifts = eigen.eigenvalues.map(|eigenvalue| eigenvalue - least.min(0.0));
    let along = |beyond: f64| {
        parts.zip_map(&shifts, |part, shift| {
            if part == 0.0 { 0.0 } else { -part / (shift + lipschitz * beyond / 2.0) }
        })
    };
    let is_longer = |beyond: f64| along(beyond).norm() > nearest + beyond;
    let (mut low, mut high) = (0.0, distance(&parts.norm(), &least, &lipschitz));
    loop {
        let middle = f64::midpoint(low, high);
        let between = low < middle && middle < high;
        if !between {
            break;
        }
        if is_longer(middle) { low = middle } else { high = middle }
    }
    let mut minimiser = along(high);
    if low == 0.0 {
        // Nothing is too long, however near: the lowest parts vanish.
        for (part, shift) in minimiser.iter_mut().zip(shifts.iter()) {
            if *shift == 0.0 {
                *part = 0.0;
            }
        }
        let missing = nearest * nearest - minimiser.norm_squared();
        minimiser[lowest] = missing.max(0.0).sqrt();
    }
    Some(eigen.eigenvectors * minimiser)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::numerics::LongFloat;

    fn model(g: &Vector, h: &Matrix, m: f64, s: &Vector) -> f64 {
        g.dot(s) + s.dot(&(h * s)) / 2.0 + m * s.norm().powi(3) / 6.0
    }

    fn symmetric(entries: &[f64]) -> Matrix {
        Matrix::from_fn(3, 3, |i, j| entries[i.max(j) * (i.max(j) + 1) / 2 + i.min(j)])
    }

    proptest! {
        #[test]
        fn it_satisfies_what_makes_a_global_minimiser(
            entries in proptest::collection::vec(-5.0..5.0f64, 6),
            g in proptest::collection::vec(-2.0..2.0f64, 3),
            m in 0.1..10.0f64,
            scale in -12..2i32,
        ) {
            let (h, g) = (symmetric(&entries), Vector::from_vec(g) * 10f64.powi(scale));
            let s = step(&g, h.clone(), m).unwrap();
            let shifted = &h + Matrix::identity(3, 3) * (m * s.norm() / 2.0);
            prop_assert!((&shifted * &s + &g).norm() <= 1e-12 * (h.norm() * s.norm() + g.norm()));
            prop_assert!(shifted.symmetric_eigenvalues().min() >= -1e-12 * h.norm());
        }

        #[test]
        fn where_the_lowest_part_vanishes_nothing_is_lower(
            low in -5.0..-0.1f64,
            high in 0.0..5.0f64,
            g in -2.0..2.0f64,
            m in 0.1..10.0f64,
            others in proptest::collection::vec(-3.0..3.0f64, 2),
        ) {
            let h = Matrix::from_diagonal(&Vector::from_vec(vec![low, high]));
            let g = Vector::from_vec(vec![0.0, g]);
            let s = step(&g, h.clone(), m).unwrap();
            prop_assert!((s.norm() - s.norm().max(-2.0 * low / m)).abs() <= 1e-12 * s.norm());
            let other = Vector::from_vec(others);
            let least = model(&g, &h, m, &s);
            prop_assert!(least <= model(&g, &h, m, &other) + 1e-12 * (1.0 + least.abs()));
        }

        #[test]
        fn on_a_line_it_is_that_of_one_dimension(g in -3.0..3.0f64, h in -3.0..3.0f64, m in 0.1..10.0f64) {
            let line = step_on_a_line(&g, &h, &m);
            let matrix = step(&Vector::from_vec(vec![g]), Matrix::from_element(1, 1, h), m).unwrap();
            prop_assert!((line - matrix[0]).abs() <= 1e-14 * line.abs());
            let long = LongFloat::<256>::from;
            let exact = step_on_a_line(&long(g), &long(h), &long(m)).nearest();
            prop_assert!((line - exact).abs() <= 4.0 * f64::EPSILON * exact.abs());
        }
    }

    #[test]
    fn what_is_not_finite_has_no_step() {
        let hessian = Matrix::from_element(1, 1, f64::NAN);
        assert_eq!(step(&Vector::zeros(1), hessian, 1.0), None);
    }
}
