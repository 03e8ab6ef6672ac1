//! Every objective, held against differences of its own values and against what its constants claim.

use std::path::Path;

use proptest::prelude::*;
use theoria_models::data::{breast_cancer, diabetes};
use theoria_models::objectives::{
    Lasso, LeastAbsoluteDeviations, LogisticRegression, Regularisation,
};
use theoria_models::{Constant, Ensemble, Objective, Property, Provenance, Vector};

use crate::catalogue::{gaussian, generator, networks, objectives, point};

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..Default::default() })]

    #[test]
    fn gradients_are_slopes(seed: u64) {
        let rng = &mut generator(seed ^ 1);
        for f in objectives(seed) {
            let (x, v) = (point(&*f, rng), gaussian(f.dimension(), rng).normalize());
            let h = 1e-5;
            let slope = (f.value(&(&x + &v * h)) - f.value(&(&x - &v * h))) / (2.0 * h);
            // Where a kink lies in between, the slope is that of neither side.
            let sides = [-h, 0.0, h].map(|s| f.gradient_at(&(&x + &v * s)).dot(&v));
            let jump = sides.iter().copied().fold(f64::NEG_INFINITY, f64::max)
                - sides.iter().copied().fold(f64::INFINITY, f64::min);
            let curved = f.smoothness().map_or(1e-3, |l| 10.0 * l.value * h);
            if f.smoothness().is_some() || jump < curved {
                let scale = 1.0 + slope.abs();
                prop_assert!((sides[1] - slope).abs() <= 1e-6 * scale + curved, "{}: {} {slope}", f.describe(), sides[1]);
            }
        }
    }

    #[test]
    fn value_and_gradient_are_the_same_together_as_apart(seed: u64) {
        let rng = &mut generator(seed ^ 7);
        for f in objectives(seed) {
            let x = point(&*f, rng);
            let mut gradient = x.clone();
            let value = f.value_and_gradient_into(&x, &mut gradient);
            prop_assert_eq!(value.to_bits(), f.value(&x).to_bits(), "{}", f.describe());
            prop_assert_eq!(gradient, f.gradient_at(&x), "{}", f.describe());
        }
    }

    #[test]
    fn blocks_are_trials_side_by_side(seed: u64) {
        let rng = &mut generator(seed ^ 6);
        for f in objectives(seed) {
            let points: Vec<Vector> = (0..3).map(|_| point(&*f, rng)).collect();
            let block = Ensemble::from_trials(&points);
            let (mut gradients, mut values) = (block.clone(), [0.0; 3]);
            f.gradient_block(&block, &mut gradients);
            f.value_block(&block, &mut values);
            for (t, x) in points.iter().enumerate() {
                let gradient = f.gradient_at(x);
                let scale = 1e-12 * (1.0 + f.smoothness().map_or(1.0, |l| l.value)) * (10.0 + x.norm());
                prop_assert!((gradients.trial(t) - &gradient).norm() <= scale + 1e-12 * gradient.norm(), "{}", f.describe());
                let value = f.value(x);
                prop_assert!((values[t] - value).abs() <= 2.0 * f.rounding(x) + 1e-12 * (1.0 + value.abs()), "{}", f.describe());
            }
        }
    }

    #[test]
    fn hessian_products_are_differences_of_gradients(seed: u64) {
        let rng = &mut generator(seed ^ 2);
        for f in objectives(seed) {
            let (x, v) = (point(&*f, rng), gaussian(f.dimension(), rng).normalize());
            let Some(product) = f.hessian_vector(&x, &v) else { continue };
            let h = 1e-5;
            let step = |s: f64| f.gradient_at(&(&x + &v * s));
            let difference = (step(h) - step(-h)) / (2.0 * h);
            let lipschitz = f.smoothness().map_or(1.0, |l| l.value);
            // A jump of the curvature within the interval makes the difference a mean of both.
            let near = f.hessian_vector(&(&x + &v * h), &v).unwrap() - f.hessian_vector(&(&x - &v * h), &v).unwrap();
            if near.norm() < 1e-2 * lipschitz {
                prop_assert!((product - difference).norm() < 1e-3 * (1.0 + lipschitz), "{}", f.describe());
            }
        }
    }

    #[test]
    fn hessians_are_symmetric_and_have_the_products_as_columns(seed: u64) {
        let rng = &mut generator(seed ^ 7);
        for f in objectives(seed) {
            let (x, v) = (point(&*f, rng), gaussian(f.dimension(), rng).normalize());
            let (hessian, product) = (f.hessian(&x), f.hessian_vector(&x, &v));
            prop_assert_eq!(hessian.is_some(), product.is_some(), "{}", f.describe());
            let (Some(hessian), Some(product)) = (hessian, product) else { continue };
            let size = 1e-12 * (1.0 + hessian.norm());
            prop_assert!((&hessian - hessian.transpose()).norm() <= size, "{}", f.describe());
            prop_assert!((hessian * v - product).norm() <= size, "{}", f.describe());
        }
    }

    #[test]
    fn rounding_of_gradients_of_networks_is_small(seed: u64) {
        let rng = &mut generator(seed ^ 8);
        for f in networks(seed) {
            let x = point(&*f, rng);
            let scale = 1.0 + f.value(&x) + f.gradient_at(&x).norm();
            prop_assert!(f.gradient_rounding(&x) < 1e-9 * scale.powi(2), "{}", f.describe());
        }
    }

    #[test]
    fn constants_bound_what_is_seen(seed: u64) {
        let rng = &mut generator(seed ^ 3);
        for f in objectives(seed) {
            let (x, y) = (point(&*f, rng), point(&*f, rng));
            let apart = &x - &y;
            let change = f.gradient_at(&x) - f.gradient_at(&y);
            let slack = 1e-9 * (1.0 + change.norm()) * apart.norm();
            let estimated = |constant: Constant| constant.provenance == Provenance::Estimated;
            if Property::ALL.into_iter().filter_map(|p| f.constant(p)).any(estimated) {
                continue;
            }
            if let Some(l) = f.smoothness() {
                prop_assert!(change.norm() <= l.value * apart.norm() * (1.0 + 1e-9), "{}", f.describe());
            }
            if let Some(mu) = f.strong_convexity() {
                let seen = change.dot(&apart);
                prop_assert!(seen >= mu.value * apart.norm_squared() - slack, "{}", f.describe());
            }
            if let Some(g) = f.lipschitz() {
                prop_assert!(f.gradient_at(&x).norm() <= g.value * (1.0 + 1e-9), "{}", f.describe());
            }
            if let (Some(mu), Some(minimum)) = (f.lojasiewicz(), f.minimum()) {
                let gap = f.value(&x) - minimum.value;
                let steep = f.gradient_at(&x).norm_squared();
                prop_assert!(steep >= 2.0 * mu.value * gap * (1.0 - 1e-9) - 1e-9, "{}", f.describe());
            }
        }
    }

    #[test]
    fn minima_are_minimal_and_attained(seed: u64) {
        let rng = &mut generator(seed ^ 4);
        for f in objectives(seed) {
            let x = point(&*f, rng);
            if let Some(below) = f.bounded_below() {
                prop_assert!(f.value(&x) >= below - f.rounding(&x), "{}", f.describe());
            }
            if let (Some(minimum), Some(minimiser)) = (f.minimum(), f.nearest_minimiser(&x)) {
                let attained = f.value(&minimiser) - minimum.value;
                let scale = 1.0 + f.value(&x).abs();
                prop_assert!(attained.abs() <= minimum.error + 1e-9 * scale, "{}: {attained}", f.describe());
                prop_assert!(minimum.error <= 1e-9 * scale, "{}: {}", f.describe(), minimum.error);
            }
        }
    }

    #[test]
    fn rounding_bounds_what_rounding_does(seed: u64) {
        let rng = &mut generator(seed ^ 5);
        for f in objectives(seed) {
            let Some(slope) = f.smoothness().map(|l| l.value) else { continue };
            let x = point(&*f, rng);
            // Moving by less than the last bit changes the value by rounding alone.
            let moved = x.map(|v| v * (1.0 + f64::EPSILON));
            let real = f.gradient_at(&x).norm() * (&moved - &x).norm() + slope * (&moved - &x).norm_squared();
            let seen = (f.value(&moved) - f.value(&x)).abs();
            prop_assert!(seen <= real + 2.0 * f.rounding(&x) + 1e-300, "{}: {seen} {}", f.describe(), f.rounding(&x));
        }
    }
}

#[test]
fn real_data_have_certified_minima() {
    let data = diabetes();
    let absolute = LeastAbsoluteDeviations::new(data.features.clone(), data.targets.clone());
    let minimum = absolute.minimum().unwrap();
    assert!(minimum.error < 1e-10 * minimum.value, "{minimum:?}");
    let cancer = breast_cancer();
    let ridge = Regularisation::Ridge(0.01);
    let logistic = LogisticRegression::new(&cancer.features, &cancer.targets, ridge);
    let minimum = logistic.minimum().unwrap();
    assert!(minimum.error < 1e-12 * minimum.value, "{minimum:?}");
    let sparse = Lasso::averaged(data.features, data.targets, 5.0).composite();
    let minimum = sparse.minimum().unwrap();
    assert!(minimum.error < 1e-10 * minimum.value, "{minimum:?}");
}

#[test]
fn every_objective_is_in_the_catalogue() {
    let catalogue = include_str!("catalogue.rs");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![source];
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir().unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let implementors = text.lines().filter(|line| line.starts_with("impl"));
            for name in implementors.filter_map(|line| line.split(" Objective for ").nth(1)) {
                let name = name.split(['<', ' ']).next().unwrap();
                // A composite gives its whole.
                let made = if name == "Whole" { ".whole()" } else { &format!("{name}::") };
                let unit = format!("Box::new({name})");
                assert!(catalogue.contains(made) || catalogue.contains(&unit), "{name}");
                seen += 1;
            }
        }
    }
    assert!(seen > 25, "{seen}");
}
