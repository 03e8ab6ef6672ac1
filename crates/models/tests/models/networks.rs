//! Derivatives of networks, held against differences and against each other.

use proptest::prelude::*;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use theoria_models::networks::*;
use theoria_models::{Objective, Vector};

use crate::catalogue::{gaussian, gaussian_matrix};

const ACTIVATIONS: [Activation; 7] = [
    Activation::Linear,
    Activation::Relu,
    Activation::LeakyRelu(0.2),
    Activation::Tanh,
    Activation::Erf,
    Activation::ShiftedSigmoid,
    Activation::Swish,
];

/// A network of any shape, with parameters.
fn network(rng: &mut ChaCha8Rng) -> (FullyConnected, Vector) {
    let depth = rng.random_range(1..5);
    let widths: Vec<usize> = (0..=depth).map(|_| rng.random_range(1..9)).collect();
    let activation = ACTIVATIONS[rng.random_range(0..ACTIVATIONS.len())];
    let mut network = FullyConnected::new(&widths, activation);
    if rng.random() {
        network = network.with_biases();
    }
    if rng.random() {
        network = network.with_activated_output();
    }
    let parameters = gaussian(network.parameters(), rng) * 0.7;
    (network, parameters)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..Default::default() })]

    #[test]
    fn forward_and_backward_products_are_adjoint(seed: u64) {
        let rng = &mut ChaCha8Rng::seed_from_u64(seed);
        let (network, parameters) = network(rng);
        let (n_in, n_out) = (network.widths()[0], network.widths()[network.depth()]);
        let inputs = gaussian_matrix(n_in, 3, rng);
        let pass = network.pass(&parameters, &inputs);
        let (direction, moved) = (gaussian(parameters.len(), rng), gaussian_matrix(n_in, 3, rng));
        let cotangent = gaussian_matrix(n_out, 3, rng);
        let forward = pass.push_forward(&direction, &moved);
        let (by_parameters, by_inputs) = pass.pull_back(&cotangent);
        let (one, other) = (cotangent.dot(&forward), by_parameters.dot(&direction) + by_inputs.dot(&moved));
        let scale = by_parameters.norm() * direction.norm() + by_inputs.norm() * moved.norm();
        prop_assert!((one - other).abs() <= 1e-13 * scale.max(1e-3), "{one} {other}");
    }

    #[test]
    fn forward_products_are_differences(seed: u64) {
        let rng = &mut ChaCha8Rng::seed_from_u64(seed);
        let (network, parameters) = network(rng);
        let inputs = gaussian_matrix(network.widths()[0], 2, rng);
        let (direction, moved) = (gaussian(parameters.len(), rng), gaussian_matrix(network.widths()[0], 2, rng));
        let h = 1e-6;
        let at = |s: f64| {
            let parameters = &parameters + &direction * s;
            network.output(&parameters, &(&inputs + &moved * s))
        };
        let product = network.pass(&parameters, &inputs).push_forward(&direction, &moved);
        let difference = (at(h) - at(-h)) / (2.0 * h);
        // A kink in between spoils the difference: then both sides differ.
        let sides = (at(h) + at(-h) - at(0.0) * 2.0).amax() / h;
        if sides < 1e-3 {
            prop_assert!((&product - &difference).amax() <= 1e-6 * (1.0 + product.amax()), "{product} {difference}");
        }
    }

    #[test]
    fn losses_have_slopes_and_curvatures(seed: u64) {
        let rng = &mut ChaCha8Rng::seed_from_u64(seed);
        let (network, parameters) = network(rng);
        let (n_in, n_out) = (network.widths()[0], network.widths()[network.depth()]);
        let f = NetworkLoss::new(network, gaussian_matrix(n_in, 4, rng), gaussian_matrix(n_out, 4, rng));
        let direction = gaussian(f.dimension(), rng).normalize();
        let h = 1e-5;
        let at = |s: f64| &parameters + &direction * s;
        let gradients = [-h, 0.0, h].map(|s| f.gradient_at(&at(s)));
        let product = f.hessian_vector(&parameters, &direction).unwrap();
        // A kink in between makes the second difference of gradients large.
        let bend = (&gradients[0] + &gradients[2] - &gradients[1] * 2.0).amax() / h;
        if bend < 1e-2 {
            let difference = (&gradients[2] - &gradients[0]) / (2.0 * h);
            prop_assert!((&product - &difference).amax() <= 1e-5 * (1.0 + product.amax()), "{product} {difference}");
            let slope = (f.value(&at(h)) - f.value(&at(-h))) / (2.0 * h);
            prop_assert!((gradients[1].dot(&direction) - slope).abs() <= 1e-6 * (1.0 + slope.abs()));
        }
    }

    #[test]
    fn hessians_are_symmetric(seed: u64) {
        let rng = &mut ChaCha8Rng::seed_from_u64(seed);
        let (network, parameters) = network(rng);
        let (n_in, n_out) = (network.widths()[0], network.widths()[network.depth()]);
        let f = NetworkLoss::new(network, gaussian_matrix(n_in, 4, rng), gaussian_matrix(n_out, 4, rng));
        let (u, v) = (gaussian(f.dimension(), rng), gaussian(f.dimension(), rng));
        let (one, other) = (f.hessian_vector(&parameters, &u).unwrap(), f.hessian_vector(&parameters, &v).unwrap());
        let scale = one.norm() * v.norm() + other.norm() * u.norm();
        prop_assert!((one.dot(&v) - other.dot(&u)).abs() <= 1e-12 * scale.max(1e-3));
    }

    #[test]
    fn rounding_is_bounded(seed: u64) {
        let rng = &mut ChaCha8Rng::seed_from_u64(seed);
        let (network, parameters) = network(rng);
        let (n_in, n_out) = (network.widths()[0], network.widths()[network.depth()]);
        let inputs = gaussian_matrix(n_in, 4, rng);
        let targets = network.output(&parameters, &inputs);
        prop_assert_eq!(targets.shape(), (n_out, 4));
        // With the samples in another order the same sum is rounded otherwise.
        let order = [2, 0, 3, 1];
        let f = NetworkLoss::new(network.clone(), inputs.clone(), targets.clone());
        let g = NetworkLoss::new(network, inputs.select_columns(&order), targets.select_columns(&order));
        let near = &parameters + gaussian(parameters.len(), rng) * 1e-9;
        prop_assert!((f.value(&near) - g.value(&near)).abs() <= f.rounding(&near) + g.rounding(&near));
        let apart = f.gradient_at(&near) - g.gradient_at(&near);
        prop_assert!(apart.norm() <= f.gradient_rounding(&near) + g.gradient_rounding(&near));
    }

    #[test]
    fn input_jacobians_of_linear_networks_are_products_of_weights(seed: u64) {
        let rng = &mut ChaCha8Rng::seed_from_u64(seed);
        let network = FullyConnected::new(&[3, 5, 2], Activation::Linear);
        let parameters = network.draw(Initialization::Glorot, rng);
        let product = network.weights(&parameters, 2) * network.weights(&parameters, 1);
        let jacobian = network.input_jacobian(&parameters, &gaussian(3, rng));
        prop_assert!((product - jacobian).amax() < 1e-14);
    }
}

#[test]
fn the_minimum_of_a_deep_linear_loss_is_reached_by_the_truncated_fit() {
    let rng = &mut ChaCha8Rng::seed_from_u64(8);
    let (inputs, targets) = (gaussian_matrix(4, 9, rng), gaussian_matrix(3, 9, rng));
    let f = DeepLinearLoss::with_samples(&[4, 2, 3], inputs.clone(), targets.clone());
    // Descend from several starts: none ends below the minimum, and the best reaches it.
    let mut best = f64::INFINITY;
    for _ in 0..5 {
        let mut x = gaussian(f.dimension(), rng) * 0.5;
        for _ in 0..20_000 {
            x -= f.gradient_at(&x) * 0.05;
        }
        best = best.min(f.value(&x));
    }
    let minimum = f.minimum().unwrap();
    assert!((best - minimum.value).abs() <= 1e-12, "{best} {minimum:?}");
    // At zero, where the Hessian of two layers is that of the bilinear form, it is symmetric about 0.
    let hessian = f.hessian(&Vector::zeros(f.dimension())).unwrap();
    let spectrum = hessian.symmetric_eigenvalues();
    assert!((spectrum.max() + spectrum.min()).abs() < 1e-12 && spectrum.max() > 0.0);
}

#[test]
fn one_factor_is_smooth_with_the_constant_it_states_and_reaches_it() {
    let rng = &mut ChaCha8Rng::seed_from_u64(10);
    let truth = gaussian_matrix(3, 4, rng);
    let entries = [(0, 0), (1, 2), (1, 2), (2, 3)];
    for f in [
        MatrixSensing::gaussian(&[4, 3], &truth, 7, rng),
        MatrixSensing::completion(&[4, 3], &truth, &entries),
    ] {
        let mut direction = gaussian(f.dimension(), rng).normalize();
        let mut largest = 0.0;
        for _ in 0..500 {
            let image = f.hessian_vector(&Vector::zeros(12), &direction).unwrap();
            largest = image.norm();
            direction = image / largest;
        }
        let stated = f.smoothness().unwrap().value;
        assert!((largest - stated).abs() < 1e-10 * stated, "{largest} {stated}");
    }
}
