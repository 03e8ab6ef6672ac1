//! Predicted occupations, held against quadrature and tables.

use std::f64::consts::TAU;

use proptest::prelude::*;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use theoria_models::objectives::{PeriodicValley, Width};
use theoria_models::stochastic::{Occupation, inverse_power_on_sphere};

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..Default::default() })]

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
        let rng = &mut ChaCha8Rng::seed_from_u64(seed);
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
