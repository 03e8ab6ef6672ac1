//! Stochastic gradients are unbiased and have the moments that they state: by enumeration where the
//! sample is finite, by a test with fixed seed and a chance of false alarm below 1e-9 where it is not.

use proptest::prelude::*;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use theoria_models::networks::ScalarChain;
use theoria_models::objectives::{LeastSquares, Linear, Quadratic};
use theoria_models::oracle::Oracle;
use theoria_models::stochastic::*;
use theoria_models::{Ensemble, Matrix, Objective, Vector};

use crate::catalogue::{gaussian, gaussian_matrix, sums};

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..Default::default() })]

    #[test]
    fn samples_average_to_the_sum(seed: u64) {
        let rng = &mut ChaCha8Rng::seed_from_u64(seed ^ 1);
        for f in sums(seed) {
            let x = gaussian(f.dimension(), rng);
            let n = f.samples();
            let value = (0..n).map(|i| f.sample_value(i, &x)).sum::<f64>() / n as f64;
            prop_assert!((value - f.value(&x)).abs() <= 1e-12 * (1.0 + value.abs()), "{}", f.describe());
            let moments = f.moments(&x);
            let gradient = f.gradient_at(&x);
            prop_assert!((&moments.mean - &gradient).norm() <= 1e-12 * (10.0 + gradient.norm()), "{}", f.describe());
            prop_assert!((moments.second_moment - moments.variance - gradient.norm_squared()).abs() <= 1e-11 * (1.0 + moments.second_moment));
            prop_assert!((moments.covariance.trace() - moments.variance).abs() <= 1e-12 * (1.0 + moments.variance));
        }
    }

    #[test]
    fn sample_gradients_are_slopes_of_sample_values(seed: u64) {
        let rng = &mut ChaCha8Rng::seed_from_u64(seed ^ 2);
        for f in sums(seed) {
            let (x, v) = (gaussian(f.dimension(), rng), gaussian(f.dimension(), rng).normalize());
            let h = 1e-6;
            for i in 0..f.samples() {
                let slope = (f.sample_value(i, &(&x + &v * h)) - f.sample_value(i, &(&x - &v * h))) / (2.0 * h);
                let sides = [-h, h].map(|s| f.sample_gradient(i, &(&x + &v * s)).dot(&v));
                // Between the sides where a kink lies.
                let slack = 1e-6 * (1.0 + slope.abs());
                prop_assert!(slope >= sides[0].min(sides[1]) - slack && slope <= sides[0].max(sides[1]) + slack, "{}", f.describe());
            }
        }
    }

    #[test]
    fn blocks_of_sample_gradients_are_trials_side_by_side(seed: u64) {
        let rng = &mut ChaCha8Rng::seed_from_u64(seed ^ 3);
        for f in sums(seed) {
            let points: Vec<Vector> = (0..4).map(|_| gaussian(f.dimension(), rng)).collect();
            let samples: Vec<u32> = (0..4).map(|_| rng.random_range(0..f.samples() as u32)).collect();
            let at = Ensemble::from_trials(&points);
            let mut into = Ensemble::from_trials(&points);
            f.add_sample_gradients(&samples, 0.5, &at, &mut into);
            for (t, x) in points.iter().enumerate() {
                let alone = x + f.sample_gradient(samples[t] as usize, x) * 0.5;
                prop_assert!((into.trial(t) - &alone).norm() <= 1e-13 * (10.0 + alone.norm()), "{}", f.describe());
            }
        }
    }

    #[test]
    fn batches_have_the_mean_and_the_variance_of_their_formula(seed: u64) {
        let rng = &mut ChaCha8Rng::seed_from_u64(seed ^ 4);
        for f in sums(seed) {
            let x = gaussian(f.dimension(), rng);
            let moments = f.moments(&x);
            for sampling in [Sampling::WithReplacement, Sampling::WithoutReplacement] {
                for batch in 1..=f.samples().min(4) {
                    let all = every_batch(f.samples(), batch, sampling);
                    let gradients: Vec<Vector> = all.iter().map(|b| f.batch_gradient(b, &x)).collect();
                    let mean = gradients.iter().sum::<Vector>() / all.len() as f64;
                    let covariance = gradients.iter().map(|g| (g - &mean) * (g - &mean).transpose()).sum::<Matrix>() / all.len() as f64;
                    let factor = sampling.variance_factor(batch, f.samples());
                    let scale = 1e-12 * (1.0 + moments.second_moment);
                    prop_assert!((mean - &moments.mean).norm() <= scale, "{}", f.describe());
                    prop_assert!((covariance - &moments.covariance * factor).norm() <= scale, "{}", f.describe());
                }
            }
        }
    }

    #[test]
    fn noise_constants_bound_the_enumerated_variance(seed: u64) {
        let rng = &mut ChaCha8Rng::seed_from_u64(seed ^ 5);
        for f in sums(seed) {
            for scale in [1e-3, 1.0, 30.0] {
                let x = gaussian(f.dimension(), rng) * scale;
                let moments = f.moments(&x);
                for model in [NoiseModel::Additive, NoiseModel::Multiplicative, NoiseModel::Vanishing] {
                    let Some(sigma_squared) = f.noise_of_one(model) else { continue };
                    let of = model.scale(&*f as &dyn Objective, &x).expect("a known minimum");
                    let bound = sigma_squared.value * of + 100.0 * f.rounding(&x);
                    prop_assert!(moments.variance <= bound * (1.0 + 1e-9), "{} {model:?}", f.describe());
                }
                if let Some(bound) = f.second_moment_within(x.norm()) {
                    prop_assert!(moments.second_moment <= bound.value * (1.0 + 1e-12), "{}", f.describe());
                }
            }
        }
    }

    #[test]
    fn noise_of_interpolating_least_squares_is_attained(seed: u64) {
        let rng = &mut ChaCha8Rng::seed_from_u64(seed);
        let f = LeastSquares::new(gaussian_matrix(2, 3, rng), gaussian(2, rng));
        let minimiser = f.nearest_minimiser(&Vector::zeros(3)).expect("a minimiser");
        for model in [NoiseModel::Multiplicative, NoiseModel::Vanishing] {
            let sigma_squared = f.noise_of_one(model).expect("an interpolated sum").value;
            // All directions of what the model divides by: the residuals or, in the row space, the
            // gradient. The ratio is a quadratic form in them.
            let inverse = f.features().clone().pseudo_inverse(1e-13).expect("a small matrix");
            let seen = (0..2000).map(|k| {
                let angle = f64::from(k) * std::f64::consts::PI / 2000.0;
                let unit = Vector::from_vec(vec![angle.cos(), angle.sin()]);
                let residuals = match model {
                    NoiseModel::Multiplicative => {
                        let basis = f.features().transpose().qr().q();
                        inverse.transpose() * basis * unit
                    }
                    _ => unit,
                };
                let x = &minimiser + &inverse * residuals;
                f.moments(&x).variance / model.scale(&f, &x).expect("a known minimum")
            }).fold(0.0, f64::max);
            prop_assert!(seen <= sigma_squared * (1.0 + 1e-8) && seen >= 0.98 * sigma_squared, "{seen} {sigma_squared}");
        }
    }
}

/// Every stochastic oracle, at a point: add a new one here.
fn oracles() -> Vec<(Box<dyn StochasticOracle>, Vector)> {
    let rng = &mut ChaCha8Rng::seed_from_u64(21);
    let x = gaussian(3, rng);
    let quadratic = Quadratic::rotated(&[0.5, 1.0, 3.0], rng);
    let features = gaussian_matrix(6, 3, rng);
    let f = LeastSquares::new(features, gaussian(6, rng));
    let factor = gaussian_matrix(3, 3, rng);
    let covariance = &factor * factor.transpose();
    let mut oracles: Vec<(Box<dyn StochasticOracle>, Vector)> = Vec::new();
    for shape in
        [Shape::Gaussian, Shape::Signs, Shape::Uniform, Shape::Skewed, Shape::Correlated(factor)]
    {
        for make in [Perturbed::additive, Perturbed::multiplicative, Perturbed::vanishing] {
            let noisy = make(quadratic.clone(), 1.5).shaped(shape.clone());
            oracles.push((Box::new(noisy), x.clone()));
        }
    }
    let repeated = Repeated::new(Perturbed::additive(quadratic.clone(), 1.0), 3);
    oracles.push((Box::new(repeated), x.clone()));
    let along = Perturbed::multiplicative(quadratic.clone(), 0.7).shaped(Shape::AlongGradient);
    oracles.push((Box::new(along), x.clone()));
    let correlated = Perturbed::with_covariance(quadratic, covariance.clone());
    let correlated = correlated.expect("positive definite");
    assert!((correlated.covariance(&x) - covariance).norm() < 1e-12);
    oracles.push((Box::new(correlated), x.clone()));
    for sampling in [Sampling::WithReplacement, Sampling::WithoutReplacement] {
        for batch in [1, 4] {
            let batches = MiniBatch::new(f.clone(), batch, sampling);
            oracles.push((Box::new(batches), x.clone()));
        }
    }
    for labels in [LabelLaw::Gaussian, LabelLaw::Signs] {
        oracles.push((Box::new(LabelNoise::new(f.clone(), 2, 0.8, labels)), x.clone()));
        let product = LabelNoise::new(ScalarChain::new(2), 1, 0.5, labels);
        oracles.push((Box::new(product), Vector::from_vec(vec![1.2, 0.3])));
    }
    let batches = MiniBatch::new(f, 2, Sampling::WithReplacement);
    oracles.push((Box::new(GaussianNoise::on(batches, 0.8)), x));
    oracles
}

/// |mean of `numbers` - expected| in standard deviations of that mean.
fn standard_score(numbers: &[f64], expected: f64) -> f64 {
    let count = numbers.len() as f64;
    let mean = numbers.iter().sum::<f64>() / count;
    let variance = numbers.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / count;
    // Numbers of no variance differ by rounding alone.
    (mean - expected).abs() / ((variance / count).sqrt() + 1e-12 * (1.0 + expected.abs()))
}

#[test]
fn drawn_gradients_have_the_stated_mean_and_covariance() {
    let trials = 1 << 16;
    for (seed, (oracle, x)) in oracles().into_iter().enumerate() {
        let noisy = Noisy::new(&*oracle, ChaCha8Rng::seed_from_u64(seed as u64));
        let at = Ensemble::repeat(&x, trials);
        let mut drawn = at.clone();
        noisy.gradient(&at, &mut drawn);
        let gradient = oracle.objective().gradient_at(&x);
        let covariance = oracle.covariance(&x);
        assert!(
            (covariance.trace() - oracle.variance(&x)).abs() <= 1e-12 * (1.0 + covariance.trace())
        );
        for i in 0..x.len() {
            let score = standard_score(drawn.coordinate(i), gradient[i]);
            assert!(score < 7.0, "{}: mean {i}: {score}", oracle.describe());
            for j in 0..=i {
                let products: Vec<f64> = (drawn.coordinate(i).iter())
                    .zip(drawn.coordinate(j))
                    .map(|(a, b)| (a - gradient[i]) * (b - gradient[j]))
                    .collect();
                let score = standard_score(&products, covariance[(i, j)]);
                assert!(score < 7.0, "{}: covariance {i} {j}: {score}", oracle.describe());
            }
        }
    }
}

#[test]
fn skewed_noise_points_the_wrong_way_three_times_out_of_four() {
    // Slope 1/4 and the noise that makes it 4 or -1.
    let slope = Linear::new(Vector::from_vec(vec![0.25]));
    let skewed = Perturbed::additive(slope, 1.25 * 3f64.sqrt()).shaped(Shape::Skewed);
    let noisy = Noisy::new(&skewed, ChaCha8Rng::seed_from_u64(2));
    let at = Ensemble::repeat(&Vector::zeros(1), 40_000);
    let mut drawn = at.clone();
    noisy.gradient(&at, &mut drawn);
    let up = drawn.numbers().iter().filter(|&&g| (g - 4.0).abs() < 1e-12);
    let down = drawn.numbers().iter().filter(|&&g| (g + 1.0).abs() < 1e-12);
    let (up, down) = (up.count(), down.count());
    assert_eq!(up + down, 40_000);
    // A standard deviation is 87.
    assert!(up.abs_diff(10_000) < 600, "{up}");
}

#[test]
fn an_epoch_visits_each_sample_once_in_an_order_of_its_own() {
    // At 0, sample i has gradient -i.
    let targets = Vector::from_fn(7, |i, _| i as f64);
    let f = LeastSquares::new(Matrix::from_element(7, 1, 1.0), targets);
    let epochs = Reshuffling::new(&f, 1, ChaCha8Rng::seed_from_u64(4));
    let at = Ensemble::repeat(&Vector::zeros(1), 5);
    let mut orders = Vec::new();
    for _ in 0..3 {
        let mut visited = vec![Vec::new(); 5];
        for _ in 0..epochs.steps_per_epoch() {
            let mut drawn = at.clone();
            epochs.gradient(&at, &mut drawn);
            for (trial, gradient) in drawn.numbers().iter().enumerate() {
                visited[trial].push(-*gradient as usize);
            }
        }
        for order in visited {
            let mut sorted = order.clone();
            sorted.sort_unstable();
            assert_eq!(sorted, [0, 1, 2, 3, 4, 5, 6]);
            orders.push(order);
        }
    }
    orders.sort_unstable();
    orders.dedup();
    assert!(orders.len() > 12, "15 orders out of 5040 are hardly ever equal");
}

#[test]
fn a_last_batch_may_be_smaller() {
    let targets = Vector::from_vec(vec![1.0, 2.0, 4.0]);
    let f = LeastSquares::new(Matrix::from_element(3, 1, 1.0), targets);
    let epochs = Reshuffling::new(&f, 2, ChaCha8Rng::seed_from_u64(4));
    assert_eq!(epochs.steps_per_epoch(), 2);
    let (at, mut gradient) = (Vector::zeros(1), Vector::zeros(1));
    epochs.gradient(&at, &mut gradient);
    let pair = gradient[0];
    epochs.gradient(&at, &mut gradient);
    assert_eq!(2.0 * pair + gradient[0], -7.0);
}
