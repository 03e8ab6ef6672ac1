//! AGNES against Nesterov's method.

use theoria_algorithms::*;
use theoria_models::objectives::Quadratic;
use theoria_models::stochastic::{Noisy, Perturbed, Shape};
use theoria_models::{Ensemble, Objective, Vector};

use crate::{generator, mean};

fn ill_conditioned() -> (Quadratic, Vector) {
    let f = Quadratic::diagonal(&[0.01, 0.3, 2.0]);
    (f, Vector::from_vec(vec![1.0, -2.0, 1.0]))
}

#[test]
fn agnes_without_noise_is_nesterovs_method() {
    let (f, start) = ill_conditioned();
    let same = |a: Trajectory, b: Trajectory| {
        for (x, y) in a.points().iter().zip(b.points()) {
            assert!((x - y).amax() < 1e-12, "{x} {y}");
        }
    };
    let textbook = |momentum| Trajectory::of(Nesterov::new(0.5, momentum), &f, &start, 60);
    same(Trajectory::of(Agnes::new(2.0, 0.0), &f, &start, 60), textbook(Momentum::Simplified));
    same(
        Trajectory::of(AgnesEstimate::convex(2.0, 0.0), &f, &start, 60),
        textbook(Momentum::Sequence),
    );
    same(
        Trajectory::of(AgnesEstimate::strongly_convex(2.0, 0.01, 0.0), &f, &start, 60),
        Trajectory::of(Nesterov::strongly_convex(2.0, 0.01), &f, &start, 60),
    );
}

#[test]
fn agnes_stays_below_its_bounds_where_nesterovs_method_diverges() {
    let spectrum: Vec<f64> = (0..20).map(|i| 10f64.powf(-2.0 * f64::from(i) / 19.0)).collect();
    let f = Quadratic::diagonal(&spectrum);
    let (sigma, start) = (2.0f64, Vector::from_element(20, 1.0));
    let source = Perturbed::multiplicative(f.clone(), sigma).shaped(Shape::AlongGradient);
    let noise = 1.0 + sigma * sigma;
    let steps = [1, 10, 100, 400];
    let block = Ensemble::repeat(&start, 256);
    let gap = [Quantity::value(&f)];
    let within = |run: EnsembleRun, bound: &dyn Fn(f64) -> f64| {
        for (checkpoint, &step) in steps.iter().enumerate() {
            let (mean, deviation) = mean(run.at(0, checkpoint));
            let bound = bound(step as f64);
            assert!(mean - 7.0 * deviation <= bound, "{step}: {mean} {bound}");
        }
    };
    let noisy = |seed| Noisy::new(&source, generator(seed));
    let convex = |n: f64| 2.0 * noise * noise * 20.0 / (n + 1.0).powi(2);
    let method = AgnesEstimate::convex(1.0, sigma);
    within(EnsembleRun::of(method, &noisy(1), block.clone(), &steps, &gap), &convex);
    let method = Agnes::new(1.0, sigma);
    within(EnsembleRun::of(method, &noisy(2), block.clone(), &steps, &gap), &convex);
    let least = spectrum[19];
    let begun = f.value(&start) + least * 20.0 / 2.0;
    let method = AgnesEstimate::strongly_convex(1.0, least, sigma);
    within(EnsembleRun::of(method, &noisy(3), block.clone(), &steps, &gap), &|n| {
        (1.0 - least.sqrt() / noise).powf(n) * begun
    });
    let nesterov = Nesterov::new(1.0, Momentum::Sequence);
    let run = EnsembleRun::of(nesterov, &noisy(4), block, &steps, &gap);
    let typical = run.at(0, 3).iter().filter(|gap| **gap > 100.0).count();
    assert!(typical > 250, "{typical} of 256 trials grew");
}
