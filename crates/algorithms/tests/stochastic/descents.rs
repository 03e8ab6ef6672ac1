//! Stochastic gradient descent, plain and projected.

use theoria_algorithms::*;
use theoria_models::objectives::{Linear, Quadratic, Quartic};
use theoria_models::sets::{Ball, ConvexSet};
use theoria_models::stochastic::{Noisy, Perturbed, Restricted};
use theoria_models::{Ensemble, Vector};

use crate::{generator, mean};

#[test]
fn sgd_on_a_quadratic_has_the_variance_of_its_recursion() {
    // From 0, variance of a mode with curvature 2, noise 1.5, step 0.1 after k steps:
    // h² s² (1 - r^k)/(1 - r), r = (1 - hλ)².
    let source = Perturbed::additive(Quadratic::diagonal(&[2.0]), 1.5);
    let noisy = Noisy::new(&source, generator(9));
    let start = Ensemble::repeat(&Vector::zeros(1), 40_000);
    let square = [Quantity::distance_squared(Vector::zeros(1))];
    let method = GradientDescent::new(0.1);
    let run = EnsembleRun::of(method, &noisy, start, &[1, 5, 100], &square);
    for (checkpoint, steps) in [(0, 1), (1, 5), (2, 100)] {
        let exact = 0.0225 * (1.0 - 0.64f64.powi(steps)) / 0.36;
        let (seen, deviation) = mean(run.at(0, checkpoint));
        assert!((seen - exact).abs() < 7.0 * deviation, "{seen} {exact}");
    }
}

#[test]
fn projected_sgd_stays_in_the_ball() {
    let source = Perturbed::additive(Linear::new(Vector::from_vec(vec![1.0, 0.0])), 2.0);
    let ball = Restricted::new(Noisy::new(&source, generator(10)), Ball::new(0.5));
    let start = Ensemble::repeat(&Vector::zeros(2), 100);
    let method = ProjectedGradient::with_schedule(power_step(1.0, 0.5));
    let run = EnsembleRun::of(method, &ball, start, &[1000], &[Quantity::coordinate(0)]);
    for trial in 0..100 {
        assert!(Ball::new(0.5).contains(&run.last().trial(trial), 1e-15));
    }
    assert!(mean(run.at(0, 0)).0 < -0.4);
}

#[test]
fn one_trial_that_leaves_the_numbers_does_not_end_the_others() {
    let f = Quartic::new(1.0);
    let starts = [0.5, 200.0, 1.0, f64::NAN].map(|x| Vector::from_element(1, x));
    let block = Ensemble::from_trials(&starts);
    let run = EnsembleRun::of(
        GradientDescent::new(0.1),
        &f,
        block,
        &[0, 1, 2, 50],
        &[
            Quantity::coordinate(0),
            Quantity::gradient_norm_squared(&f).mean_so_far(),
            Quantity::value(&f).least_so_far(),
        ],
    );
    assert_eq!(run.diverged()[0], None);
    assert!(run.diverged()[1].is_some());
    assert_eq!(run.diverged()[2..], [None, Some(0)]);
    for quantity in 0..3 {
        assert_eq!(run.at(quantity, 3)[1], f64::INFINITY);
        assert!((0..4).all(|checkpoint| run.at(quantity, checkpoint)[3] == f64::INFINITY));
        assert!(run.at(quantity, 3)[0].is_finite() && run.at(quantity, 3)[2].is_finite());
    }
    // From 1, the first steps lead to 0.6 and 0.5136: slopes 4 and 0.864.
    let slopes = run.table(1);
    assert!((slopes[0][2] - 16.0).abs() < 1e-12 && (slopes[1][2] - 16.0).abs() < 1e-12);
    assert!((slopes[2][2] - (16.0 + 0.864f64.powi(2)) / 2.0).abs() < 1e-12);
    assert!((run.at(2, 2)[2] - 0.1296).abs() < 1e-12);
}
