//! Data that are drawn are what they claim to be.

use proptest::prelude::*;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, StandardNormal};
use theoria_models::Vector;
use theoria_models::data::{four_points, separable, sparse_regression, underdetermined};

fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..Default::default() })]

    #[test]
    fn separable_data_have_their_margin(n in 1usize..30, d in 1usize..6, margin in 0.01..2.0f64, seed: u64) {
        let data = separable(n, d, margin, &mut rng(seed));
        // The direction is the first that the generator draws.
        let normal = {
            let rng = &mut rng(seed);
            Vector::from_fn(d, |_, _| StandardNormal.sample(rng)).normalize()
        };
        let margins = (&data.features * normal).component_mul(&data.targets);
        prop_assert!(margins.min() >= margin * (1.0 - 1e-9));
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
fn sparse_targets_come_from_the_planted_vector() {
    let (data, planted) = sparse_regression(20, 40, 3, &mut rng(5));
    assert_eq!(planted.lp_norm(1), 3.0);
    assert_eq!(&data.features * planted, data.targets);
    assert_eq!(underdetermined(3, 7, &mut rng(6)).features.rank(1e-9), 3);
}
