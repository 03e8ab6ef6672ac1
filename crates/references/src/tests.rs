//! Every reference against its conditions of optimality and against cases by hand.

use proptest::prelude::*;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, StandardNormal};
use theoria_models::data::{four_points, sparse_regression};
use theoria_models::flatness::FlatBox;
use theoria_models::networks::DiagonalLinearNetwork;
use theoria_models::{Matrix, Objective, Vector};

use super::*;

fn gaussian(rows: usize, columns: usize, seed: u64) -> Matrix {
    let rng = &mut ChaCha8Rng::seed_from_u64(seed);
    Matrix::from_fn(rows, columns, |_, _| StandardNormal.sample(rng))
}

fn gaussian_vector(length: usize, seed: u64) -> Vector {
    gaussian(length, 1, seed).column(0).into_owned()
}

/// Labels that a drawn direction gives, so that the classes are separable.
fn separable(n: usize, d: usize, seed: u64) -> (Matrix, Vector) {
    let features = gaussian(n, d, seed);
    let labels = (&features * gaussian_vector(d, seed ^ 1)).map(f64::signum);
    (features, labels)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..Default::default() })]

    #[test]
    fn linear_programmes_are_optimal(d in 1usize..8, more in 0usize..8, seed: u64) {
        // Bounded by a box, feasible at 0.
        let g = gaussian(more, d, seed);
        let h = gaussian_vector(more, seed ^ 1).abs();
        let ones = Vector::from_element(d, 1.0);
        let solution = ConvexProgramme::linear(gaussian_vector(d, seed ^ 2))
            .at_most(&g, &h)
            .at_most(&Matrix::identity(d, d), &ones)
            .at_most(&-Matrix::identity(d, d), &ones)
            .solve()
            .unwrap();
        prop_assert!(solution.residual <= 1e-8 && solution.gap.abs() <= 1e-8, "{solution:?}");
        let slack = &h - &g * &solution.point;
        for (slack, multiplier) in slack.iter().zip(solution.inequality_multipliers.iter()) {
            prop_assert!(slack * multiplier <= 1e-8);
        }
    }

    #[test]
    fn quadratic_programmes_are_optimal(d in 2usize..8, more in 0usize..8, seed: u64) {
        let root = gaussian(d, d, seed ^ 3);
        let solution = ConvexProgramme::quadratic(root.tr_mul(&root), gaussian_vector(d, seed))
            .equal(&gaussian(1, d, seed ^ 1), &Vector::zeros(1))
            .at_most(&gaussian(more, d, seed ^ 2), &Vector::from_element(more, 0.1))
            .solve()
            .unwrap();
        let scale = 1.0 + solution.value.abs() + solution.equality_multipliers.amax();
        prop_assert!(solution.residual <= 1e-7 * scale && solution.gap.abs() <= 1e-7 * scale, "{solution:?}");
    }

    #[test]
    fn basis_pursuit_is_certified(n in 1usize..12, more in 0usize..20, seed: u64) {
        let x = gaussian(n, n + more, seed);
        let y = gaussian_vector(n, seed ^ 1);
        let found = basis_pursuit(&x, &y).unwrap();
        let norm = found.minimiser.lp_norm(1);
        prop_assert!(x.tr_mul(&found.dual).amax() <= 1.0 + 1e-12);
        prop_assert!(found.gap.abs() <= 1e-7 * norm.max(1.0), "{}", found.gap);
        prop_assert!(found.residual <= 1e-9 * norm.max(1.0), "{}", found.residual);
        prop_assert!(found.minimiser.iter().filter(|b| **b != 0.0).count() <= n);
    }

    #[test]
    fn margins_are_certified(n in 1usize..30, d in 2usize..8, seed: u64) {
        let (x, y) = separable(n, d, seed);
        for norm in [MarginNorm::Euclidean, MarginNorm::Maximum] {
            let found = largest_margin(&x, &y, norm).unwrap();
            prop_assert!(found.margin > 0.0);
            prop_assert!(found.gap >= -1e-12 && found.gap <= 1e-8 * x.norm(), "{norm:?} {found:?}");
        }
    }

    #[test]
    fn entropy_minimisers_satisfy_the_mirror_condition(
        n in 1usize..8, more in 0usize..10, scale in -4.0..2.0f64, seed: u64,
    ) {
        let d = n + more;
        let x = gaussian(n, d, seed);
        let y = gaussian_vector(n, seed ^ 1);
        let alpha = gaussian_vector(d, seed ^ 2).map(|g| 10f64.powf(scale + 0.1 * g));
        let found = least_hyperbolic_entropy(&x, &y, &alpha).unwrap();
        let size = 1.0 + found.minimiser.amax() * x.amax();
        prop_assert!(found.residual <= 1e-9 * size, "{} at alpha 1e{scale}", found.residual);
        let mirrored = found.minimiser.zip_map(&alpha, |b, a| (b / (2.0 * a * a)).asinh());
        let slopes = x.tr_mul(&found.dual);
        prop_assert!((&mirrored - &slopes).amax() <= 1e-9 * (1.0 + slopes.amax()));
        let entropy = hyperbolic_entropy(&found.minimiser, &alpha);
        prop_assert!(found.gap.abs() <= 1e-9 * (1.0 + entropy.abs() + found.dual.amax()), "{}", found.gap);
        // No other interpolator has less.
        let other = &found.minimiser + {
            let move_ = gaussian_vector(d, seed ^ 3);
            let solved = (&x * x.transpose()).cholesky().expect("full row rank").solve(&(&x * &move_));
            (move_ - x.tr_mul(&solved)) * 0.1
        };
        prop_assert!(hyperbolic_entropy(&other, &alpha) >= entropy - 1e-9 * (1.0 + entropy.abs()));
    }

    #[test]
    fn the_sign_free_box_is_never_larger_than_the_largest(d in 1usize..6, seed: u64) {
        let root = gaussian(d, 2 * d, seed);
        let hessian = &root * root.transpose();
        let exact = largest_box(&hessian, 0.1).unwrap();
        let volume = |half: &Vector| half.iter().map(|half| (2.0 * half).ln()).sum::<f64>();
        let own = FlatBox::new(&hessian, 0.1).unwrap();
        prop_assert!(own.log_volume() <= volume(&exact) + 1e-7);
        // Where no entry is negative they are the same box.
        let positive = hessian.abs() + Matrix::identity(d, d) * hessian.norm();
        let exact = largest_box(&positive, 0.1).unwrap();
        let own = FlatBox::new(&positive, 0.1).unwrap();
        prop_assert!((own.log_volume() - volume(&exact)).abs() <= 1e-7);
        prop_assert!((own.half_widths() - exact).amax() <= 1e-4 * own.half_widths().amax());
    }

    #[test]
    fn completions_are_certified(n in 2usize..9, weight in 0.05..1.0f64, seed: u64) {
        let truth = gaussian(n, 1, seed) * gaussian(1, n, seed ^ 1);
        let mask = gaussian(n, n, seed ^ 2).map(|g| if g > -0.3 { 1.0 } else { 0.0 });
        let found = complete_by_nuclear_norm(&truth, &mask, weight).unwrap();
        prop_assert!(found.gap >= -1e-9 * found.value.max(1.0));
        // Optimality: the residual on the mask is weight times a subgradient of the nuclear norm.
        let residual = (&truth - &found.matrix).component_mul(&mask);
        prop_assert!(residual.singular_values().max() <= weight * (1.0 + 1e-3));
    }
}

#[test]
fn an_infeasible_programme_has_a_farkas_certificate() {
    // x <= -1 and -x <= -1.
    let rows = Matrix::from_row_slice(2, 1, &[1.0, -1.0]);
    let right = Vector::from_vec(vec![-1.0, -1.0]);
    let programme = ConvexProgramme::linear(Vector::zeros(1)).at_most(&rows, &right);
    let Err(ReferenceError::Infeasible { certificate }) = programme.solve() else {
        panic!("x <= -1 and x >= 1 are not feasible");
    };
    assert!(certificate.min() >= 0.0 && right.dot(&certificate) < 0.0);
    assert!(rows.tr_mul(&certificate).amax() < 1e-8 * certificate.amax());
}

#[test]
fn an_unbounded_programme_has_a_ray() {
    let programme = ConvexProgramme::linear(Vector::from_vec(vec![-1.0]))
        .at_most(&Matrix::from_element(1, 1, -1.0), &Vector::zeros(1));
    let Err(ReferenceError::Unbounded { ray }) = programme.solve() else {
        panic!("x >= 0 has no largest x");
    };
    assert!(ray[0] > 0.0);
    let unfit =
        ConvexProgramme::linear(Vector::zeros(2)).equal(&Matrix::zeros(1, 1), &Vector::zeros(1));
    assert!(matches!(unfit.solve(), Err(ReferenceError::Input(_))));
}

#[test]
fn margins_of_two_points_by_hand() {
    // y x = (3, 1) and (1, 3): both norms choose the diagonal; l2 margin 4/√2, l∞ margin 4.
    let x = Matrix::from_row_slice(2, 2, &[3.0, 1.0, -1.0, -3.0]);
    let y = Vector::from_vec(vec![1.0, -1.0]);
    let round = largest_margin(&x, &y, MarginNorm::Euclidean).unwrap();
    assert!((round.margin - 8f64.sqrt()).abs() < 1e-12);
    assert!((round.multipliers - Vector::from_element(2, 0.5)).amax() < 1e-12);
    let square = largest_margin(&x, &y, MarginNorm::Maximum).unwrap();
    assert!((square.margin - 4.0).abs() < 1e-9);
    // The same point with both labels.
    let twice = Matrix::from_row_slice(2, 1, &[1.0, 1.0]);
    for norm in [MarginNorm::Euclidean, MarginNorm::Maximum] {
        assert_eq!(largest_margin(&twice, &y, norm), Err(ReferenceError::NotSeparable));
    }
}

#[test]
fn the_four_points_have_the_margins_that_their_data_state() {
    let data = four_points();
    let round = largest_margin(&data.features, &data.targets, MarginNorm::Euclidean).unwrap();
    let exact = Vector::from_vec(vec![5.0, 6.0]) / 61f64.sqrt();
    assert!((round.direction - exact).amax() < 1e-12);
    assert!((round.margin - 13.0 / 61f64.sqrt()).abs() < 1e-12 && round.gap < 1e-12);
    let square = largest_margin(&data.features, &data.targets, MarginNorm::Maximum).unwrap();
    assert!((square.direction.add_scalar(-1.0)).amax() < 1e-9);
    assert!((square.margin - 2.2).abs() < 1e-9);
}

#[test]
fn breast_cancer_is_separable_with_an_offset() {
    // Its documentation says so: "linearly separable using all 30 input features".
    let data = theoria_models::data::breast_cancer();
    let features = data.features.insert_column(30, 1.0);
    let found = largest_margin(&features, &data.targets, MarginNorm::Euclidean).unwrap();
    assert!(found.margin > 0.0 && found.gap < 1e-8, "{} {}", found.margin, found.gap);
}

#[test]
fn a_diagonal_linear_network_ends_at_the_least_entropy() {
    let rng = &mut ChaCha8Rng::seed_from_u64(3);
    let (data, _) = sparse_regression(6, 12, 2, rng);
    let alpha = Vector::from_element(12, 0.3);
    let f = DiagonalLinearNetwork::new(data.features.clone(), data.targets.clone());
    let reference = least_hyperbolic_entropy(&data.features, &data.targets, &alpha).unwrap();
    let distance = |step: f64| {
        let mut point = f.start(&alpha);
        for _ in 0..(400.0 / step) as usize {
            let slope = f.slope(&f.predictor(&point));
            f.multiply(&mut point, &slope, step);
        }
        assert!(f.value(&point) < 1e-20, "{}", f.value(&point));
        (f.predictor(&point) - &reference.minimiser).norm()
    };
    // Gradient flow ends there; gradient descent misses it by the order of its step.
    let (coarse, fine) = (distance(4e-3), distance(2e-3));
    assert!(fine < 1e-2 && (coarse / fine - 2.0).abs() < 0.1, "{coarse} {fine}");
}

#[test]
fn the_entropy_lies_between_l1_and_l2() {
    let (x, y) = (gaussian(5, 12, 1), gaussian_vector(5, 2));
    let at = |alpha: f64| {
        let alpha = Vector::from_element(12, alpha);
        least_hyperbolic_entropy(&x, &y, &alpha).unwrap().minimiser
    };
    let sparse = basis_pursuit(&x, &y).unwrap().minimiser.lp_norm(1);
    let gram = (&x * x.transpose()).cholesky().unwrap();
    let dense = x.tr_mul(&gram.solve(&y));
    assert!((at(100.0) - &dense).norm() < 1e-4 * dense.norm());
    let norms = [1e-4, 1e-2, 1.0, 100.0].map(|alpha| at(alpha).lp_norm(1));
    assert!(sparse <= norms[0] + 1e-9 && norms.is_sorted(), "{sparse} {norms:?}");
}

/// Points around 0 with labels by coins, of which at least one differs from the others.
fn points_of_two_classes(n: usize, seed: u64) -> (Matrix, Vector) {
    let labels = gaussian_vector(n, seed ^ 1).map(f64::signum);
    (
        gaussian(n, 2, seed),
        if labels.sum().abs() < n as f64 { labels } else { separable(n, 2, seed).1 },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..Default::default() })]

    #[test]
    fn variation_margins_have_certificates(n in 2usize..8, seed: u64) {
        let (points, labels) = points_of_two_classes(n, seed);
        let found = match largest_variation_margin(&points, &labels) {
            Ok(found) => found,
            Err(ReferenceError::NotSeparable) => return Ok(()),
            Err(error) => return Err(TestCaseError::fail(error.to_string())),
        };
        let relu = |u: f64, v: f64| (&points * Vector::from_vec(vec![u, v])).map(|z| z.max(0.0));
        prop_assert!((found.masses.lp_norm(1) - 1.0).abs() <= 1e-12 && found.multipliers.min() >= 0.0);
        let outputs = found.directions.row_iter().zip(&found.masses).fold(
            Vector::zeros(n),
            |sum, (u, mass)| sum + relu(u[0], u[1]) * *mass,
        );
        prop_assert!((outputs.component_mul(&labels).min() - found.margin).abs() <= 1e-12);
        prop_assert!(found.gap >= -1e-12 && found.gap <= 1e-7, "{found:?}");
        // No direction of a fine grid breaks the bound.
        let weights = found.multipliers.component_mul(&labels);
        let largest = (0..5000).map(|k| {
            let angle = f64::from(k) * std::f64::consts::TAU / 5000.0;
            relu(angle.cos(), angle.sin()).dot(&weights).abs()
        });
        let largest = largest.fold(0.0, f64::max);
        let bound = found.margin + found.gap;
        prop_assert!(largest <= bound + 1e-12 && largest >= bound - 1e-2, "{largest} {bound}");
    }
}

#[test]
fn variation_margins_refuse_what_is_none() {
    let points = Matrix::from_row_slice(2, 2, &[1.0, 0.0, 2.0, 0.0]);
    let labels = Vector::from_vec(vec![1.0, -1.0]);
    assert_eq!(largest_variation_margin(&points, &labels), Err(ReferenceError::NotSeparable));
    let space = Matrix::zeros(2, 3);
    assert!(matches!(largest_variation_margin(&space, &labels), Err(ReferenceError::Input(_))));
    let number = Matrix::from_element(2, 2, f64::NAN);
    assert!(matches!(largest_variation_margin(&number, &labels), Err(ReferenceError::Input(_))));
}
