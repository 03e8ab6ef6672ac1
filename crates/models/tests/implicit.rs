//! Models of implicit bias, held against differences of their own values, enumeration and formulas.

use std::f64::consts::TAU;

use proptest::prelude::*;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, StandardNormal};
use theoria_models::data::*;
use theoria_models::networks::*;
use theoria_models::objectives::{PeriodicValley, RandomCurvatures, TwoMinima, Width};
use theoria_models::stochastic::{FiniteSum, Occupation, inverse_power_on_sphere};
use theoria_models::{Ensemble, Matrix, Objective, Vector};

fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

fn gaussian(d: usize, rng: &mut ChaCha8Rng) -> Vector {
    Vector::from_fn(d, |_, _| StandardNormal.sample(rng))
}

fn gaussian_matrix(n: usize, d: usize, rng: &mut ChaCha8Rng) -> Matrix {
    Matrix::from_fn(n, d, |_, _| StandardNormal.sample(rng))
}

fn fit(neuron: Neuron, rng: &mut ChaCha8Rng) -> SquaredFit<TwoLayer> {
    let net = TwoLayer::new(gaussian_matrix(5, 2, rng), 3, neuron).scaled(0.5);
    SquaredFit::new(net, gaussian(5, rng))
}

fn widths(k: usize, rng: &mut ChaCha8Rng) -> Vec<Width> {
    let width = |_| Width {
        level: rng.random_range(0.2..3.0),
        amplitude: rng.random_range(-1.0..1.0),
        phase: rng.random_range(0.0..TAU),
    };
    (0..k).map(width).collect()
}

fn objectives(rng: &mut ChaCha8Rng) -> Vec<Box<dyn Objective>> {
    let (n, d) = (rng.random_range(1..5), rng.random_range(2..6));
    let tanh = fit(Neuron::Tanh, rng);
    let start = gaussian(tanh.dimension(), rng);
    vec![
        Box::new(TwoMinima::even_and_uneven()),
        Box::new(RandomCurvatures::new(vec![0.3, 1.0, 2.5])),
        Box::new(ScalarChain::new(2)),
        Box::new(ScalarChain::new(d)),
        Box::new(PeriodicValley::new(widths(d, rng))),
        Box::new(DiagonalLinearNetwork::new(gaussian_matrix(n, d, rng), gaussian(n, rng))),
        Box::new(tanh.clone().lazy(7.0, &start)),
        Box::new(tanh),
        Box::new(fit(Neuron::Relu, rng)),
    ]
}

/// Value and gradient of one sample.
type Sample<'a> = Box<dyn Fn(usize, &Vector) -> (f64, Vector) + 'a>;

/// The mean of the samples against f itself.
fn mean_is_whole(f: &dyn Objective, samples: usize, x: &Vector, sample: &Sample) -> bool {
    let (mut value, mut gradient) = (0.0, Vector::zeros(f.dimension()));
    for i in 0..samples {
        let (own, slope) = sample(i, x);
        value += own / samples as f64;
        gradient += slope / samples as f64;
    }
    let scale = 1.0 + f.value(x) + f.gradient_at(x).norm();
    (value - f.value(x)).abs() + (gradient - f.gradient_at(x)).norm() <= 1e-12 * scale
}

macro_rules! sampled {
    ($f:expr) => {{
        let f = $f;
        Box::new(move |i: usize, x: &Vector| {
            let mut slope = Vector::zeros(f.dimension());
            f.sample_gradient_into(i, x, &mut slope);
            (f.sample_value(i, x), slope)
        }) as Sample
    }};
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..Default::default() })]

    #[test]
    fn gradients_and_hessians_are_slopes(seed: u64) {
        let rng = &mut rng(seed);
        for f in objectives(rng) {
            let x = gaussian(f.dimension(), rng);
            let direction = gaussian(f.dimension(), rng).normalize();
            let h = 1e-5;
            let (ahead, behind) = (&x + &direction * h, &x - &direction * h);
            // A kink between the two points has no derivative to be seen.
            let gradient = f.gradient_at(&x);
            let scale = 1.0 + gradient.norm() + f.value(&x);
            let slope = (f.value(&ahead) - f.value(&behind)) / (2.0 * h);
            let bend = (f.gradient_at(&ahead) - f.gradient_at(&behind)) / (2.0 * h);
            let product = f.hessian_vector(&x, &direction).unwrap();
            let jump = (&bend - &product).norm() > 1e3 * scale;
            prop_assert!(jump || (slope - gradient.dot(&direction)).abs() <= 1e-5 * scale, "{}", f.describe());
            prop_assert!(jump || (&bend - &product).norm() <= 1e-4 * scale.powi(2), "{}: {bend} {product}", f.describe());
        }
    }

    #[test]
    fn blocks_are_their_trials(seed: u64) {
        let rng = &mut rng(seed);
        for f in objectives(rng) {
            let points: Vec<Vector> = (0..3).map(|_| gaussian(f.dimension(), rng)).collect();
            let block = Ensemble::from_trials(&points);
            let mut slopes = block.clone();
            f.gradient_block(&block, &mut slopes);
            for (trial, x) in points.iter().enumerate() {
                let alone = f.gradient_at(x);
                prop_assert!((slopes.trial(trial) - &alone).norm() <= 1e-12 * (1.0 + alone.norm()));
            }
        }
        for f in [&TwoMinima::even_and_uneven() as &dyn FiniteSum, &RandomCurvatures::new(vec![0.3, 2.0])] {
            let points: Vec<Vector> = (0..3).map(|_| gaussian(1, rng)).collect();
            let mut sum = Ensemble::repeat(&Vector::from_element(1, 1.0), 3);
            f.add_sample_gradients(&[1, 0, 1], 0.5, &Ensemble::from_trials(&points), &mut sum);
            for (trial, sample) in [1, 0, 1].into_iter().enumerate() {
                let alone = f.sample_gradient(sample, &points[trial]) * 0.5;
                prop_assert!((sum.coordinate(0)[trial] - 1.0 - alone[0]).abs() <= 1e-12 * (1.0 + alone.norm()));
            }
        }
    }

    #[test]
    fn samples_add_up(seed: u64) {
        let rng = &mut rng(seed);
        let curvatures = RandomCurvatures::new(vec![0.3, 1.0, 2.5]);
        let minima = TwoMinima::new(vec![(1.0, 0.1), (0.4, 1.9), (2.0, 0.5)]);
        let x = gaussian(1, rng);
        prop_assert!(mean_is_whole(&curvatures, 3, &x, &sampled!(&curvatures)));
        prop_assert!(mean_is_whole(&minima, 3, &x, &sampled!(&minima)));
        let network = DiagonalLinearNetwork::new(gaussian_matrix(4, 3, rng), gaussian(4, rng));
        prop_assert!(mean_is_whole(&network, 4, &gaussian(6, rng), &sampled!(&network)));
        for neuron in [Neuron::Tanh, Neuron::Relu] {
            let plain = fit(neuron, rng);
            let at = gaussian(plain.dimension(), rng);
            let lazy = plain.clone().lazy(3.0, &gaussian(plain.dimension(), rng));
            prop_assert!(mean_is_whole(&plain, 5, &at, &sampled!(&plain)));
            prop_assert!(mean_is_whole(&lazy, 5, &at, &sampled!(&lazy)));
        }
    }

    #[test]
    fn batches_without_replacement_have_the_second_moment_that_is_stated(
        curvatures in prop::collection::vec(0.01..5.0f64, 2..7), step in 0.0..2.0f64,
    ) {
        let n = curvatures.len();
        let f = RandomCurvatures::new(curvatures.clone());
        for batch in 1..=n {
            let subsets = (0..1u32 << n).filter(|bits| bits.count_ones() as usize == batch);
            let factors: Vec<f64> = subsets
                .map(|bits| (0..n).filter(|i| bits >> i & 1 == 1).map(|i| curvatures[i]).sum::<f64>())
                .map(|sum| (1.0 - step * sum / batch as f64).powi(2))
                .collect();
            let mean = factors.iter().sum::<f64>() / factors.len() as f64;
            prop_assert!((mean - f.mean_square_factor(step, batch)).abs() <= 1e-12 * mean.max(1.0));
            let threshold = f.mean_square_threshold(batch);
            prop_assert!((f.mean_square_factor(threshold, batch) - 1.0).abs() <= 1e-12);
        }
    }

    #[test]
    fn the_sharpness_of_a_chain_is_its_only_curvature(depth in 2usize..6, seed: u64) {
        let rng = &mut rng(seed);
        let mut w = Vector::from_fn(depth, |_, _| rng.random_range(0.3..3.0));
        w[0] /= w.product();
        let f = ScalarChain::new(depth);
        let hessian = f.hessian(&w).unwrap();
        let spectrum = hessian.symmetric_eigenvalues();
        let sharpness = f.sharpness(&w);
        prop_assert!((spectrum.max() - sharpness).abs() <= 1e-11 * sharpness);
        prop_assert!((hessian.trace() - sharpness).abs() <= 1e-11 * sharpness);
        prop_assert!(sharpness >= depth as f64 * (1.0 - 1e-12));
    }

    #[test]
    fn a_multiplicative_step_is_a_gradient_step_and_shrinks_the_scales(step in 0.0..0.1f64, seed: u64) {
        let rng = &mut rng(seed);
        let f = DiagonalLinearNetwork::new(gaussian_matrix(3, 4, rng), gaussian(3, rng));
        let point = gaussian(8, rng);
        let slope = f.slope(&f.predictor(&point));
        let mut multiplied = point.clone();
        f.multiply(&mut multiplied, &slope, step);
        let stepped = &point - f.gradient_at(&point) * step;
        prop_assert!((&multiplied - &stepped).norm() <= 1e-13 * (1.0 + stepped.norm()));
        let (before, after) = (f.scales(&point), f.scales(&multiplied));
        for j in 0..4 {
            let factor = (1.0 - 4.0 * (step * slope[j]).powi(2)).abs().sqrt();
            prop_assert!((after[j] - before[j] * factor).abs() <= 1e-6 * before[j]);
        }
    }

    #[test]
    fn a_rescaled_unit_says_the_same_with_another_hessian(c in 0.1..10.0f64, unit in 0usize..3, seed: u64) {
        let rng = &mut rng(seed);
        let f = fit(Neuron::Relu, rng);
        let (p, m) = (2, 3);
        let point = gaussian(f.dimension(), rng);
        let other = f.model().rescaled(&point, unit, c);
        let size = f.model().outputs(&point).amax();
        prop_assert!((f.model().outputs(&point) - f.model().outputs(&other)).amax() <= 1e-13 * (1.0 + size));
        let scale = |k: usize| match k {
            k if k < m * p && k / p == unit => c,
            k if k == m * p + unit => 1.0 / c,
            _ => 1.0,
        };
        let hessian = f.hessian(&point).unwrap();
        let scaled = Matrix::from_fn(f.dimension(), f.dimension(), |i, j| scale(i) * hessian[(i, j)] * scale(j));
        prop_assert!((f.hessian(&other).unwrap() - &scaled).amax() <= 1e-10 * (1.0 + scaled.amax()));
    }

    #[test]
    fn a_dense_hessian_has_the_products_as_columns(seed: u64) {
        let rng = &mut rng(seed);
        let f = fit(Neuron::Tanh, rng);
        let (point, direction) = (gaussian(f.dimension(), rng), gaussian(f.dimension(), rng));
        let product = f.hessian_vector(&point, &direction).unwrap();
        prop_assert!((f.hessian(&point).unwrap() * direction - &product).norm() <= 1e-11 * (1.0 + product.norm()));
    }

    #[test]
    fn separable_data_have_their_margin(n in 1usize..30, d in 1usize..6, margin in 0.01..2.0f64, seed: u64) {
        let data = separable(n, d, margin, &mut rng(seed));
        // The direction is the first that the generator draws.
        let normal = gaussian(d, &mut rng(seed)).normalize();
        let margins = (&data.features * normal).component_mul(&data.targets);
        prop_assert!(margins.min() >= margin * (1.0 - 1e-9));
    }

    #[test]
    fn inverse_powers_on_the_circle_agree_with_quadrature(a in 0.1..10.0f64, b in 0.1..10.0f64, power in 0.05..0.95f64) {
        // The mean of (a cos² + b sin²)^(−p) by the trapezoidal rule, relative to that of H = I.
        let points = 4096;
        let quadratic = |i: usize| {
            let angle = TAU * i as f64 / points as f64;
            a * angle.cos().powi(2) + b * angle.sin().powi(2)
        };
        let mean = (0..points).map(|i| quadratic(i).powf(-power)).sum::<f64>() / points as f64;
        let ratio = inverse_power_on_sphere(&[a, b], power) / inverse_power_on_sphere(&[1.0, 1.0], power);
        prop_assert!((ratio / mean - 1.0).abs() <= 1e-9, "{ratio} {mean}");
    }

    #[test]
    fn towards_the_critical_power_the_determinant_decides(k in 1usize..7, seed: u64) {
        let rng = &mut rng(seed);
        let h: Vec<f64> = (0..k).map(|_| rng.random_range(0.3..3.0)).collect();
        let near = |excess: f64| {
            let power = k as f64 / 2.0 - excess;
            inverse_power_on_sphere(&h, power) / inverse_power_on_sphere(&vec![1.0; k], power)
        };
        let determinant: f64 = h.iter().product();
        let off = |excess| (near(excess) * determinant.sqrt() - 1.0).abs();
        prop_assert!(off(1e-3) <= 1e-2 && off(1e-6) <= 1e-5);
    }
}

#[test]
fn two_minima_have_the_thresholds_of_their_source() {
    let f = TwoMinima::even_and_uneven();
    // 1 is mean square unstable where (1 − 2η)² + (1.8η)² > 1; gradient descent is stable to 1 at both.
    assert!((f.at_one().mean_square_threshold(1) - 0.552_486_187_8).abs() < 1e-9);
    assert!((f.at_one().mean_square_threshold(2) - 1.0).abs() < 1e-12);
    assert!((f.at_zero().mean_square_threshold(1) - 1.0).abs() < 1e-12);
    for x in [0.0, 1.0] {
        assert_eq!(f.value(&Vector::from_element(1, x)), 0.0);
    }
}

#[test]
fn four_points_have_the_margins_that_are_stated() {
    let data = four_points();
    let margins = |w: [f64; 2]| {
        let sides = &data.features * Vector::from_column_slice(&w);
        sides.component_mul(&data.targets)
    };
    let round = margins([5.0, 6.0]) / 61f64.sqrt();
    assert!((round.min() - 13.0 / 61f64.sqrt()).abs() < 1e-12);
    // The first two attain it and (5, 6) = a (0.2, 2) + b (2, 0.5) with a, b > 0.
    assert!((round[0] - round[1]).abs() < 1e-12 && round[2].min(round[3]) > round[0]);
    assert!((margins([1.0, 1.0]).min() - 2.2).abs() < 1e-12);
}

#[test]
fn occupation_under_additive_noise_is_von_mises() {
    let width = Width { level: 3.0, amplitude: 2.0, phase: 0.7 };
    let valley = PeriodicValley::radial(width, 1);
    let law = Occupation::additive_noise(|x| valley.normal_eigenvalues(x));
    // I_0(1) and I_1(1), Abramowitz and Stegun, table 9.8.
    let (zero, one) = (1.266_065_877_752_008, 0.565_159_103_992_485);
    for x in [0.0, 1.0, 3.0, 6.0f64] {
        let exact = (-(x - 0.7).cos()).exp() / (TAU * zero);
        assert!((law.density(x) - exact).abs() < 1e-13);
    }
    let resultant = law.mean_cosine().hypot(law.mean_sine());
    assert!((resultant - one / zero).abs() < 1e-13);
    assert!(law.distribution(0.0).abs() < 1e-14 && (law.distribution(TAU) - 1.0).abs() < 1e-14);
    let slope = (law.distribution(2.0 + 1e-5) - law.distribution(2.0 - 1e-5)) / 2e-5;
    assert!((slope - law.density(2.0)).abs() < 1e-9);
}

#[test]
fn occupation_under_vanishing_noise_is_a_power_and_has_a_threshold() {
    let width = Width { level: 1.0, amplitude: 0.5, phase: 0.0 };
    let radial = PeriodicValley::radial(width, 6);
    // θ = 2: exponent 2, so h^-2, von Mises with concentration 1 pointing to π.
    let law = Occupation::vanishing_noise(|x| radial.normal_eigenvalues(x), 2.0).unwrap();
    let power = Occupation::proportional_to(|x| width.at(x).powi(-2));
    assert!((law.density(1.0) - power.density(1.0)).abs() < 1e-12);
    assert!((law.mean_cosine() + 0.565_159_103_992_485 / 1.266_065_877_752_008).abs() < 1e-12);
    // It collapses iff k <= 2 + 4/θ.
    let at = |theta| Occupation::vanishing_noise(|x| radial.normal_eigenvalues(x), theta).is_ok();
    assert!(!at(0.99) && !at(1.0) && at(1.01));
}

#[test]
fn the_tangent_kernel_interpolates() {
    let rng = &mut rng(4);
    let known = gaussian_matrix(4, 9, rng);
    let targets = gaussian(4, rng);
    let found = tangent_kernel_regression(&known, &targets, &known).unwrap();
    assert!((found - targets).norm() < 1e-10);
    assert!(
        tangent_kernel_regression(&Matrix::zeros(2, 3), &Vector::zeros(2), &Matrix::zeros(1, 3))
            .is_none()
    );
}

#[test]
fn sparse_targets_come_from_the_planted_vector() {
    let (data, planted) = sparse_regression(20, 40, 3, &mut rng(5));
    assert_eq!(planted.lp_norm(1), 3.0);
    assert_eq!(&data.features * planted, data.targets);
    assert_eq!(underdetermined(3, 7, &mut rng(6)).features.rank(1e-9), 3);
}
