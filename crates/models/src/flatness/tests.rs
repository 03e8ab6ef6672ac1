//! Each measure against dense eigenvalues, formulas and its stated invariances.

use proptest::prelude::*;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, StandardNormal};

use super::*;
use crate::{Matrix, Vector};

fn vector(numbers: &[f64]) -> Vector {
    Vector::from_column_slice(numbers)
}

fn two_by_two(rows: &[f64]) -> Matrix {
    Matrix::from_row_slice(2, 2, rows)
}

fn gaussian(rows: usize, columns: usize, seed: u64) -> Matrix {
    let rng = &mut ChaCha8Rng::seed_from_u64(seed);
    Matrix::from_fn(rows, columns, |_, _| StandardNormal.sample(rng))
}

/// Symmetric, indefinite.
fn symmetric(d: usize, seed: u64) -> Matrix {
    let g = gaussian(d, d, seed);
    &g + g.transpose()
}

/// Positive semidefinite of this rank at most.
fn semidefinite(d: usize, rank: usize, seed: u64) -> Matrix {
    let g = gaussian(d, rank, seed);
    &g * g.transpose()
}

fn rotation(d: usize, seed: u64) -> Matrix {
    gaussian(d, d, seed).qr().q()
}

fn times(h: &Matrix) -> impl Fn(&Vector) -> Vector {
    move |v| h * v
}

fn start(d: usize) -> Vector {
    gaussian(d, 1, 77).column(0).into_owned()
}

fn hilbert(d: usize) -> Matrix {
    Matrix::from_fn(d, d, |i, j| 1.0 / (i + j + 1) as f64)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..Default::default() })]

    #[test]
    fn a_full_krylov_space_knows_both_ends(d in 1usize..30, seed: u64) {
        let h = symmetric(d, seed);
        let spectrum = h.symmetric_eigenvalues();
        let krylov = Krylov::new(times(&h), &start(d), d);
        let (largest, smallest) = (krylov.largest(), krylov.smallest());
        let scale = h.norm();
        prop_assert!((largest.value - spectrum.max()).abs() <= 1e-12 * scale);
        prop_assert!((smallest.value - spectrum.min()).abs() <= 1e-12 * scale);
        prop_assert!(largest.residual.max(smallest.residual) <= 1e-11 * scale);
    }

    #[test]
    fn the_interval_holds_an_eigenvalue_from_the_first_product(
        d in 2usize..40, products in 1usize..12, seed: u64,
    ) {
        let h = symmetric(d, seed);
        let spectrum = h.symmetric_eigenvalues();
        let rounding = 1e-13 * h.norm();
        let krylov = Krylov::new(times(&h), &start(d), products);
        for end in [krylov.largest(), krylov.smallest(), power_iteration(times(&h), &start(d), products)] {
            let nearest = spectrum.iter().map(|l| (l - end.value).abs()).fold(f64::INFINITY, f64::min);
            prop_assert!(nearest <= end.residual + rounding);
            // A Rayleigh quotient lies within the spectrum.
            prop_assert!(end.value <= spectrum.max() + rounding && end.value >= spectrum.min() - rounding);
        }
    }

    #[test]
    fn lanczos_sees_no_less_than_power_iteration(d in 3usize..40, products in 1usize..12, seed: u64) {
        let h = semidefinite(d, d, seed);
        // Both have made `products` products before their last, which measures.
        let lanczos = Krylov::new(times(&h), &start(d), products + 1).largest();
        let power = power_iteration(times(&h), &start(d), products);
        prop_assert!(lanczos.value >= power.value - 1e-12 * h.norm());
    }

    #[test]
    fn a_space_that_is_exhausted_ends(d in 2usize..20, rank in 1usize..4, seed: u64) {
        let h = semidefinite(d, rank, seed);
        let krylov = Krylov::new(times(&h), &start(d), d);
        prop_assert!(krylov.dimension() <= rank + 2);
        prop_assert!((krylov.largest().value - h.symmetric_eigenvalues().max()).abs() <= 1e-11 * h.norm());
    }

    #[test]
    fn probes_have_the_mean_and_the_variance_that_is_stated(d in 1usize..7, seed: u64) {
        let h = symmetric(d, seed);
        // All 2^d vectors of signs: the law itself.
        let forms: Vec<f64> = (0..1u32 << d)
            .map(|bits| {
                let z = Vector::from_fn(d, |i, _| if bits >> i & 1 == 0 { 1.0 } else { -1.0 });
                z.dot(&(&h * &z))
            })
            .collect();
        let count = forms.len() as f64;
        let mean = forms.iter().sum::<f64>() / count;
        let variance = forms.iter().map(|form| (form - mean).powi(2)).sum::<f64>() / count;
        let scale = h.norm_squared();
        prop_assert!((mean - h.trace()).abs() <= 1e-12 * scale.max(1.0));
        prop_assert!((variance - Probe::Signs.variance(&h)).abs() <= 1e-11 * scale.max(1.0));
        prop_assert!(Probe::Signs.variance(&h) <= Probe::Gaussians.variance(&h));
    }

    #[test]
    fn the_log_determinant_is_that_of_the_positive_eigenvalues(
        d in 1usize..8, lost in 0usize..3, seed: u64,
    ) {
        let rank = d.saturating_sub(lost).max(1);
        let factor = gaussian(d, rank, seed);
        let h = &factor * factor.transpose();
        // The non-zero eigenvalues of G Gᵀ are those of the smaller Gᵀ G.
        let reference = factor.tr_mul(&factor).determinant().ln();
        let found = log_determinant(&h, NormalSpace::Codimension(rank)).unwrap();
        prop_assume!(found.overlap < 1e-9);
        prop_assert!((found.value - reference).abs() <= 1e-6);
        prop_assert_eq!(log_determinant(&h, NormalSpace::AboveShare(1e-11)).unwrap().codimension, rank);
    }

    #[test]
    fn rotations_leave_the_spectral_measures(d in 2usize..8, seed: u64) {
        let h = semidefinite(d, d + 3, seed);
        let q = rotation(d, seed ^ 1);
        let turned = &q * &h * q.transpose();
        let turned = (&turned + turned.transpose()) / 2.0;
        let ends = |h: &Matrix| Krylov::new(times(h), &start(d), d).largest().value;
        let full = |h: &Matrix| log_determinant(h, NormalSpace::Codimension(d)).unwrap().value;
        prop_assert!((ends(&h) - ends(&turned)).abs() <= 1e-11 * h.norm());
        prop_assert!((h.trace() - turned.trace()).abs() <= 1e-11 * h.norm());
        prop_assert!((full(&h) - full(&turned)).abs() <= 1e-6);
    }

    #[test]
    fn a_rescaling_shifts_the_log_volume_and_the_log_determinant(d in 1usize..8, seed: u64) {
        let h = semidefinite(d, d + 3, seed);
        let logs = gaussian(d, 1, seed ^ 2);
        let scale = logs.map(f64::exp);
        let scaled = Matrix::from_fn(d, d, |i, j| scale[i] * h[(i, j)] * scale[j]);
        let volume = |h: &Matrix| FlatBox::new(h, 0.01).unwrap().log_volume();
        prop_assert!((volume(&scaled) - (volume(&h) - logs.sum())).abs() <= 1e-9);
        let full = |h: &Matrix| log_determinant(h, NormalSpace::Codimension(d)).unwrap().value;
        prop_assert!((full(&scaled) - (full(&h) + 2.0 * logs.sum())).abs() <= 1e-6);
        // Trace and sharpness take any value: the last axis alone can be blown up.
        let mut blown = h.clone();
        blown.row_mut(d - 1).scale_mut(1e3);
        blown.column_mut(d - 1).scale_mut(1e3);
        let sharpness = Krylov::new(times(&blown), &start(d), d).largest().value;
        prop_assert!(blown.trace() >= 1e5 * h[(d - 1, d - 1)]);
        prop_assert!(sharpness >= 1e5 * h[(d - 1, d - 1)]);
    }

    #[test]
    fn a_loss_and_its_tolerance_scale_together(d in 1usize..8, factor in 0.01..100.0f64, seed: u64) {
        let h = symmetric(d, seed);
        let own = FlatBox::new(&h, 0.1).unwrap();
        let scaled = FlatBox::new(&(&h * factor), 0.1 * factor).unwrap();
        prop_assert!((own.half_widths() - scaled.half_widths()).norm() <= 1e-10 * own.half_widths().norm());
    }

    #[test]
    fn a_diagonal_box_has_its_formula(
        diagonal in prop::collection::vec(1e-3..1e3f64, 1..12), tolerance in 1e-6..10.0f64,
    ) {
        let d = diagonal.len() as f64;
        let found = FlatBox::new(&Matrix::from_diagonal(&Vector::from_vec(diagonal.clone())), tolerance).unwrap();
        for (half, curvature) in found.half_widths().iter().zip(&diagonal) {
            let exact = (2.0 * tolerance / (d * curvature)).sqrt();
            prop_assert!((half / exact - 1.0).abs() <= 1e-12);
        }
    }

    #[test]
    fn no_corner_exceeds_the_tolerance(d in 1usize..11, tolerance in 1e-3..10.0f64, seed: u64) {
        let h = semidefinite(d, d, seed);
        let found = FlatBox::new(&h, tolerance).unwrap();
        prop_assert!(found.residual() <= 1e-12, "{}", found.residual());
        let corner = found.largest_corner(&h);
        prop_assert!(corner <= tolerance * (1.0 + 1e-10), "{corner} {tolerance}");
        // With entries that are nowhere negative one corner attains it.
        let positive = found.largest_corner(&h.abs());
        prop_assert!((positive / tolerance - 1.0).abs() <= 1e-10);
    }

    #[test]
    fn no_box_within_the_tolerance_is_larger(d in 1usize..11, seed: u64) {
        let h = symmetric(d, seed);
        let found = FlatBox::new(&h, 1.0).unwrap();
        let sizes = h.abs();
        for trial in 0..20 {
            let near = gaussian(d, 1, seed ^ (100 + trial)) * 0.5f64.powi(trial as i32);
            let shape = Vector::from_fn(d, |i, _| found.half_widths()[i] * near[i].exp());
            let scale = (2.0 / shape.dot(&(&sizes * &shape))).sqrt();
            let volume: f64 = shape.iter().map(|half| (2.0 * half * scale).ln()).sum();
            prop_assert!(volume <= found.log_volume() + 1e-10);
        }
    }

    #[test]
    fn a_rescaled_unit_has_the_box_that_is_stated(p in 1usize..6, c in 0.1..10.0f64, seed: u64) {
        // The Hessian of one unit a relu(w·x) in its parameters (w, a), sampled.
        let h = semidefinite(p + 1, 2 * p + 2, seed);
        let scale = |i: usize| if i < p { c } else { 1.0 / c };
        let rescaled = Matrix::from_fn(p + 1, p + 1, |i, j| scale(i) * h[(i, j)] * scale(j));
        let volume = |h: &Matrix| FlatBox::new(h, 0.1).unwrap().log_volume();
        let gain = volume(&rescaled) - volume(&h);
        prop_assert!((gain - (1.0 - p as f64) * c.ln()).abs() <= 1e-9);
    }

    #[test]
    fn the_tail_index_is_the_root(
        small in prop::collection::vec(0.0..0.9f64, 1..6), large in 1.01..3.0f64,
    ) {
        let law = FactorLaw::uniform(small.iter().copied().chain([large])).unwrap();
        match law.tail_index() {
            Ok(alpha) => {
                prop_assert!(law.lyapunov_exponent() < 0.0);
                prop_assert!((law.moment(alpha) - 1.0).abs() <= 1e-10);
                prop_assert!(law.moment(alpha / 2.0) < 1.0 && law.moment(alpha * 2.0) > 1.0);
            }
            Err(error) => {
                prop_assert_eq!(error, TailIndexError::NotContracting);
                prop_assert!(law.lyapunov_exponent() >= 0.0);
            }
        }
    }
}

#[test]
fn the_hilbert_matrix_has_its_tabulated_spectrum() {
    // λ_max of the 5 x 5 Hilbert matrix and its determinant 1/266716800000 (Fettis, Caslin 1967).
    let h = hilbert(5);
    let largest = Krylov::new(times(&h), &start(5), 5).largest();
    assert!((largest.value - 1.567_050_691_098_231).abs() < 1e-13);
    let found = log_determinant(&h, NormalSpace::Codimension(5)).unwrap();
    assert!((found.value + 266_716_800_000.0f64.ln()).abs() < 1e-9);
}

#[test]
fn gaussian_probes_have_their_variance() {
    let h = two_by_two(&[2.0, 1.0, 1.0, -1.0]);
    assert_eq!(Probe::Gaussians.variance(&h), 14.0);
    let probes = 200_000;
    let rng = &mut ChaCha8Rng::seed_from_u64(3);
    let found = hutchinson(times(&h), 2, probes, Probe::Gaussians, rng);
    // The sample variance of a form 14 ± has a relative standard error below sqrt(12/n).
    assert!((found.variance / 14.0 - 1.0).abs() < 5.0 * (12.0 / probes as f64).sqrt());
    assert!((found.value - 1.0).abs() < 5.0 * found.standard_error());
}

#[test]
fn the_sign_free_box_of_two_axes_is_found_by_hand() {
    // H = (1, b; b, 1): by symmetry δ² (2 + 2|b|)/2 = ε.
    for b in [-0.9f64, -0.3, 0.0, 0.5, 1.0] {
        let found = FlatBox::new(&two_by_two(&[1.0, b, b, 1.0]), 0.5).unwrap();
        let exact = (0.5 / (1.0 + b.abs())).sqrt();
        assert!((found.half_widths() - vector(&[exact, exact])).amax() < 1e-12);
    }
}

#[test]
fn boxes_refuse_what_they_cannot_bound() {
    let flat = two_by_two(&[1.0, 0.5, 0.5, 0.0]);
    assert_eq!(FlatBox::new(&flat, 1.0), Err(BoxError::FlatAxis { axis: 1 }));
    let identity = Matrix::identity(2, 2);
    assert_eq!(FlatBox::new(&identity, 0.0), Err(BoxError::Tolerance(0.0)));
    assert_eq!(FlatBox::new(&Matrix::zeros(2, 3), 1.0), Err(BoxError::NotAHessian));
    assert!(FlatBox::new(&(identity * f64::NAN), 1.0).is_err());
}

#[test]
fn badly_scaled_boxes_are_found() {
    // A strongly coupled matrix whose axes differ by ten orders of magnitude.
    let d = 40;
    let sizes = Vector::from_fn(d, |i, _| 10f64.powf(10.0 * i as f64 / d as f64 - 5.0));
    let h = semidefinite(d, 2, 5);
    let h = Matrix::from_fn(d, d, |i, j| sizes[i] * h[(i, j)] * sizes[j]);
    let found = FlatBox::new(&h, 1.0).unwrap();
    assert!(found.residual() < 1e-12, "{}", found.residual());
}

#[test]
fn a_log_determinant_needs_positive_normal_directions() {
    let h = Matrix::from_diagonal(&vector(&[1.0, -1.0]));
    assert!(log_determinant(&h, NormalSpace::Codimension(1)).is_ok());
    assert_eq!(
        log_determinant(&h, NormalSpace::Codimension(2)),
        Err(NotNormal::NotPositive { eigenvalue: -1.0 })
    );
    assert!(log_determinant(&h, NormalSpace::Codimension(3)).is_err());
    let none = log_determinant(&Matrix::zeros(2, 2), NormalSpace::AboveShare(0.1)).unwrap();
    assert_eq!((none.value, none.codimension), (0.0, 0));
}

#[test]
fn factors_of_two_points_have_thresholds_in_closed_form() {
    // (1 − 2η)² + (1.8η)² = 1 at η = 4/7.24; E log = 0 where (1 − 0.2η)(3.8η − 1) = 1.
    let law = |eta: f64| FactorLaw::uniform([1.0 - 0.2 * eta, 1.0 - 3.8 * eta]).unwrap();
    assert!((law(4.0 / 7.24).moment(2.0) - 1.0).abs() < 1e-12);
    assert!((law(4.0 / 7.24).tail_index().unwrap() - 2.0).abs() < 1e-10);
    let root = (4.0 - (16.0 - 4.0 * 0.76 * 2.0f64).sqrt()) / (2.0 * 0.76);
    assert!(law(root).lyapunov_exponent().abs() < 1e-12);
    assert_eq!(law(root + 1e-6).tail_index(), Err(TailIndexError::NotContracting));
    assert_eq!(law(0.4).tail_index(), Err(TailIndexError::NeverExpanding));
    assert_eq!(FactorLaw::uniform([0.0, 1.5]).unwrap().lyapunov_exponent(), f64::NEG_INFINITY);
    assert!(FactorLaw::new([(0.5, 1.0)]).is_err() && FactorLaw::uniform([]).is_err());
}

#[test]
fn estimates_from_samples_agree_with_the_law() {
    let law = FactorLaw::uniform([0.5, 1.5, -0.8]).unwrap();
    let rng = &mut ChaCha8Rng::seed_from_u64(5);
    let met = (0..40_000).map(|_| [0.5, 1.5, -0.8][rng.random_range(0..3)]);
    let found = LyapunovExponent::of(met).unwrap();
    assert!((found.value - law.lyapunov_exponent()).abs() < 5.0 * found.standard_error);
    let spread = (law.log_variance() / 40_000.0).sqrt();
    assert!((found.standard_error / spread - 1.0).abs() < 0.05);
    assert!(LyapunovExponent::of([1.0]).is_none());
}
