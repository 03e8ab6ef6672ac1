//! Every objective, held against differences of its own values and against what its constants claim.

use proptest::prelude::*;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, StandardNormal};
use theoria_models::data::{breast_cancer, diabetes};
use theoria_models::objectives::*;
use theoria_models::{Ensemble, Matrix, Objective, Vector};

fn gaussian(d: usize, rng: &mut ChaCha8Rng) -> Vector {
    Vector::from_fn(d, |_, _| StandardNormal.sample(rng))
}

fn gaussian_matrix(n: usize, d: usize, rng: &mut ChaCha8Rng) -> Matrix {
    Matrix::from_fn(n, d, |_, _| StandardNormal.sample(rng))
}

fn labels(n: usize, rng: &mut ChaCha8Rng) -> Vector {
    Vector::from_fn(n, |_, _| if rng.random::<bool>() { 1.0 } else { -1.0 })
}

/// One of each kind, drawn: add a new objective here.
fn objectives(seed: u64) -> Vec<Box<dyn Objective>> {
    let rng = &mut ChaCha8Rng::seed_from_u64(seed);
    let d = rng.random_range(2..6);
    let n = d + rng.random_range(1..6);
    let spectrum: Vec<f64> = (0..d).map(|_| rng.random_range(0.1..5.0)).collect();
    let singular: Vec<f64> = [vec![0.0], spectrum.clone()].concat();
    let centre = gaussian(d, rng);
    let dependent = gaussian_matrix(n, 2, rng) * gaussian_matrix(2, d, rng);
    let features = gaussian_matrix(n, d, rng);
    let targets = gaussian(n, rng);
    let signs = labels(n, rng);
    let logistic = |r| LogisticRegression::new(&features, &signs, r);
    let planted = gaussian(d, rng);
    let sides = (&features * &planted).map(f64::signum);
    let margin = (&features * &planted).map(f64::abs).min();
    let waves = (0..3).fold(Trigonometric::new(0.3, d), |sum, _| {
        sum.with_wave(rng.random_range(-1.0..1.0), gaussian(d, rng), rng.random())
    });
    vec![
        Box::new(Quadratic::rotated(&spectrum, rng).centred_at(centre.clone())),
        Box::new(Quadratic::rotated(&singular, rng)),
        Box::new(Tilted::new(Quadratic::rotated(&spectrum, rng), centre.clone(), gaussian(d, rng))),
        Box::new(LeastSquares::new(features.clone(), targets.clone())),
        Box::new(LeastSquares::new(dependent, targets.clone())),
        Box::new(LeastSquares::new(gaussian_matrix(2, d + 1, rng), gaussian(2, rng))),
        Box::new(LeastSquares::with_ridge(features.clone(), targets.clone(), 0.3)),
        Box::new(logistic(Regularisation::None)),
        Box::new(logistic(Regularisation::Ridge(0.1))),
        Box::new(logistic(Regularisation::NonConvex(0.5))),
        Box::new(Huber::new(rng.random_range(0.5..5.0), rng.random_range(0.1..2.0))),
        Box::new(Zigzag::new(rng.random_range(0.5..5.0), rng.random_range(0.5..2.0), 3)),
        Box::new(CyclingQuadratic),
        Box::new(QuadraticPlusSine),
        Box::new(Quartic::new(10.0)),
        Box::new(RippledParabola),
        Box::new(SquaredNorm::new(d)),
        Box::new(NesterovWorst::new(2.0, d)),
        Box::new(StronglyConvexOfLinear::new(gaussian_matrix(2, d, rng), centre)),
        Box::new(waves),
        Box::new(LeastAbsoluteDeviations::new(features.clone(), targets)),
        Box::new(Hinge::new(&features, &sides).separated_by(planted * (1.0001 / margin))),
        Box::new(ResistingMaximum::new(2.0, 1.5, d)),
        Box::new(MaximumOfAffine::new(&gaussian_matrix(n, d, rng), gaussian(d, rng))),
        Box::new(MaximumOfAffine::new(&gaussian_matrix(1, d, rng), gaussian(d, rng))),
        Box::new(TwoLayerNetwork::new(features, gaussian(n, rng), 3)),
        Box::new(Valley::new(rng.random_range(-0.9..0.9), d)),
        Box::new(Linear::new(gaussian(d, rng))),
        Box::new(ParabolaSum::centred(&spectrum)),
        Box::new(ParabolaSum::two_minima(0.1, 1.9)),
        Box::new(ProductFit::new(rng.random_range(-1.0..1.0))),
    ]
}

fn point(f: &dyn Objective, rng: &mut ChaCha8Rng) -> Vector {
    gaussian(f.dimension(), rng) * rng.random_range(0.1..2.0)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..Default::default() })]

    #[test]
    fn gradients_are_slopes(seed: u64) {
        let rng = &mut ChaCha8Rng::seed_from_u64(seed ^ 1);
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
    fn blocks_are_trials_side_by_side(seed: u64) {
        let rng = &mut ChaCha8Rng::seed_from_u64(seed ^ 6);
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
        let rng = &mut ChaCha8Rng::seed_from_u64(seed ^ 2);
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
    fn constants_bound_what_is_seen(seed: u64) {
        let rng = &mut ChaCha8Rng::seed_from_u64(seed ^ 3);
        for f in objectives(seed) {
            let (x, y) = (point(&*f, rng), point(&*f, rng));
            let apart = &x - &y;
            let change = f.gradient_at(&x) - f.gradient_at(&y);
            let slack = 1e-9 * (1.0 + change.norm()) * apart.norm();
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
        let rng = &mut ChaCha8Rng::seed_from_u64(seed ^ 4);
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
        let rng = &mut ChaCha8Rng::seed_from_u64(seed ^ 5);
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
    let sparse = lasso(data.features, data.targets, 5.0);
    let minimum = sparse.minimum().unwrap();
    assert!(minimum.error < 1e-10 * minimum.value, "{minimum:?}");
}
