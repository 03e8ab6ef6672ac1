//! Chains of scalars, diagonal networks and two-layer networks, held against what is known of them.

use proptest::prelude::*;
use rand::RngExt;
use theoria_models::networks::*;
use theoria_models::{Matrix, Objective, Vector};

use crate::catalogue::{fit, gaussian, gaussian_matrix, generator};

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..Default::default() })]

    #[test]
    fn the_sharpness_of_a_chain_is_its_only_curvature(depth in 2usize..6, seed: u64) {
        let rng = &mut generator(seed);
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
        let rng = &mut generator(seed);
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
        let rng = &mut generator(seed);
        let f = fit(Activation::Relu, rng);
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
    fn features_and_particles_make_the_outputs(m in 1usize..5, seed: u64) {
        let rng = &mut generator(seed);
        let net = TwoLayer::new(gaussian_matrix(4, 2, rng), m, Activation::Swish).scaled(0.5);
        let parameters = gaussian(net.parameters(), rng);
        let particles = net.particles(&parameters);
        prop_assert_eq!(&net.parameters_of(&particles), &parameters);
        let outer = Vector::from_iterator(m, particles.iter().map(|particle| particle.outer));
        let outputs = net.outputs(&parameters);
        let size = net.features(&parameters).abs() * outer.abs();
        prop_assert!((net.features(&parameters) * outer * 0.5 - &outputs).norm() <= 1e-14 * size.norm());
        for (x, output) in net.inputs().row_iter().zip(&outputs) {
            let x = x.transpose();
            let sum: f64 = particles.iter().map(|particle| particle.value(Activation::Swish, &x)).sum();
            prop_assert!((sum * 0.5 - output).abs() <= 1e-14 * size.norm());
        }
    }

    #[test]
    fn linear_features_have_at_most_the_rank_of_affine_maps(seed: u64) {
        let rng = &mut generator(seed);
        let inputs = gaussian_matrix(9, 3, rng).insert_column(3, 1.0);
        let parameters = gaussian(12 * 5, rng);
        let rank = |phi| numerical_rank(&TwoLayer::new(inputs.clone(), 12, phi).features(&parameters), 1e-12);
        prop_assert_eq!(rank(Activation::Linear), 4);
        prop_assert_eq!(rank(Activation::Tanh), 9);
    }

    #[test]
    fn outputs_round_within_their_bound(seed: u64) {
        let rng = &mut generator(seed);
        let net = TwoLayer::new(gaussian_matrix(4, 3, rng), 5, Activation::Tanh);
        let (parameters, order) = (gaussian(net.parameters(), rng), [3, 1, 4, 0, 2]);
        let particles = net.particles(&parameters);
        let other: Vec<Particle> = order.iter().map(|&j| particles[j].clone()).collect();
        // In another order the same sum is rounded otherwise.
        let apart = net.outputs(&parameters) - net.outputs(&net.parameters_of(&other));
        prop_assert!(apart.norm() <= 2.0 * net.rounding(&parameters));
        prop_assert!(net.rounding(&parameters) <= 1e-12 * (1.0 + parameters.norm_squared()));
    }
}

#[test]
fn mean_field_gradients_have_a_share_of_one_over_m() {
    let rng = &mut generator(9);
    let network = |m: usize| TwoLayer::new(circle(16), m, Activation::Relu).scaled(1.0 / m as f64);
    let teacher = [Particle::at_angle(0.7, 1.0)];
    let targets = network(1).outputs(&network(1).parameters_of(&teacher));
    let particles = Particle::on_arc(3, 0.0, std::f64::consts::PI, rng);
    let slopes = |copies: usize| {
        let all = vec![particles.clone(); copies].concat();
        let f = SquaredFit::new(network(all.len()), targets.clone());
        let gradient = f.gradient_at(&f.model().parameters_of(&all)) * all.len() as f64;
        f.model().particles(&gradient)
    };
    // Copies of the same particles see the same function, so they have the same velocities.
    for (one, other) in slopes(1).iter().zip(slopes(5)) {
        assert!((one.outer - other.outer).abs() < 1e-14);
        assert!((&one.inner - &other.inner).amax() < 1e-14);
    }
}

#[test]
fn the_tangent_kernel_interpolates() {
    let rng = &mut generator(4);
    let known = gaussian_matrix(4, 9, rng);
    let targets = gaussian(4, rng);
    let found = tangent_kernel_regression(&known, &targets, &known).unwrap();
    assert!((found - targets).norm() < 1e-10);
    assert!(
        tangent_kernel_regression(&Matrix::zeros(2, 3), &Vector::zeros(2), &Matrix::zeros(1, 3))
            .is_none()
    );
}
