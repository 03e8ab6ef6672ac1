//! Euler–Maruyama, and noise in valleys.

use rand_distr::{Distribution, StandardNormal};
use theoria_algorithms::*;
use theoria_models::objectives::{Quadratic, Valley};
use theoria_models::stochastic::{Noisy, StochasticOracle};
use theoria_models::{Ensemble, Vector};

use crate::{generator, mean};

#[test]
fn euler_maruyama_has_its_exact_stationary_variance() {
    let (temperature, curvature, tau) = (0.3, 2.0, 0.2);
    let f = Quadratic::diagonal(&[curvature]);
    let start = Ensemble::repeat(&Vector::zeros(1), 40_000);
    let square = [Quantity::distance_squared(Vector::zeros(1))];
    let exact = 2.0 * temperature / (curvature * (2.0 - curvature * tau));
    let additive = EulerMaruyama::additive(tau, temperature, generator(13));
    let diagonal = EulerMaruyama::diagonal(
        tau,
        move |_, rates| rates.numbers_mut().fill(2.0 * temperature),
        generator(14),
    );
    for method in [additive, diagonal] {
        let run = EnsembleRun::of(method, &f, start.clone(), &[100], &square);
        let (seen, deviation) = mean(run.at(0, 0));
        assert!((seen - exact).abs() < 7.0 * deviation, "{seen} {exact}");
    }
}

#[test]
fn vanishing_noise_moves_the_logarithm_as_its_steps_say() {
    // Each step multiplies |X| by an independent |(1 - τ) e + √(θτ/2) ξ|, drawn here directly.
    let (theta, tau, steps) = (1.5f64, 0.01, 100);
    for dimension in [1, 4] {
        let f = Quadratic::diagonal(&vec![1.0; dimension]);
        let start = Vector::from_fn(dimension, |i, _| if i == 0 { 1.0 } else { 0.0 });
        let block = Ensemble::repeat(&start, 4000);
        let method = EulerMaruyama::vanishing(tau, theta, 0.0, generator(15));
        let square = [Quantity::distance_squared(Vector::zeros(dimension))];
        let run = EnsembleRun::of(method, &f, block, &[steps], &square);
        let logs: Vec<f64> = run.at(0, 0).iter().map(|square| square.ln() / 2.0).collect();
        let mut source = generator(16);
        let factors: Vec<f64> = (0..400_000)
            .map(|_| {
                let size = (theta * tau / 2.0).sqrt();
                let mut moved = &start * (1.0 - tau);
                moved.apply(|x| {
                    let xi: f64 = StandardNormal.sample(&mut source);
                    *x += size * xi;
                });
                moved.norm().ln()
            })
            .collect();
        let (seen, deviation) = mean(&logs);
        let (factor, uncertainty) = mean(&factors);
        let slack = 7.0 * (deviation + steps as f64 * uncertainty);
        assert!((seen - steps as f64 * factor).abs() < slack, "{seen}");
        // The continuous drift, up to the bias of the step size.
        let drift = -1.0 + theta * (dimension as f64 - 2.0) / 4.0;
        assert!((seen - drift).abs() < slack + 5.0 * tau, "{seen} {drift}");
    }
}

#[test]
fn additive_noise_prefers_the_flat_part_of_a_valley() {
    // The marginal of x is proportional to h(x)^(-1/2): the mean of cos x is below 0.
    let f = Valley::new(0.8, 1);
    let start: Vec<Vector> = (0..2000)
        .map(|i| Vector::from_vec(vec![f64::from(i) * std::f64::consts::TAU / 2000.0, 0.0]))
        .collect();
    let method = EulerMaruyama::additive(0.02, 0.5, generator(17));
    let block = Ensemble::from_trials(&start);
    let cosine = [Quantity::new(|x: &Ensemble, into: &mut [f64]| {
        for (into, x) in into.iter_mut().zip(x.coordinate(0)) {
            *into = x.cos();
        }
    })];
    let run = EnsembleRun::of(method, &f, block, &[1000], &cosine);
    let (mut weighted, mut mass) = (0.0, 0.0);
    for i in 0..1000 {
        let x = f64::from(i) * std::f64::consts::TAU / 1000.0;
        let weight = f.curvature(x).powf(-0.5);
        (weighted, mass) = (weighted + weight * x.cos(), mass + weight);
    }
    let (seen, deviation) = mean(run.at(0, 0));
    let bias = 0.02;
    assert!((seen - weighted / mass).abs() < 7.0 * deviation + bias, "{seen} {}", weighted / mass);
}

#[test]
fn label_noise_is_a_stochastic_oracle_of_the_product() {
    use theoria_models::networks::ScalarChain;
    use theoria_models::stochastic::{LabelLaw, LabelNoise};
    // A step multiplies x² - y² = 2 sinh 2s by 1 - η² g², and E g² = σ²/(1 - η cosh 2s) where the residual
    // has settled: s moves by -(η² σ²/2) tanh 2s/(1 - η cosh 2s) a step, in 1/(η² σ²) steps from 1 to
    // 0.5290, up to η². (ln(x/y)/2, which the residual moves too, is off by another O(η σ²).)
    let (eta, sigma) = (0.02f64, 0.25f64);
    let steps = (1.0 / (eta * sigma).powi(2)) as usize;
    let noisy = LabelNoise::new(ScalarChain::new(2), 1, sigma, LabelLaw::Gaussian);
    assert!(noisy.variance(&Vector::from_element(2, 1.0)) > 0.0);
    let start = Vector::from_vec(vec![1f64.exp(), (-1f64).exp()]);
    let asymmetry = [Quantity::new(|x: &Ensemble, into: &mut [f64]| {
        let pairs = x.coordinate(0).iter().zip(x.coordinate(1));
        for (into, (x, y)) in into.iter_mut().zip(pairs) {
            *into = ((x * x - y * y) / 2.0).asinh() / 2.0;
        }
    })];
    let run = EnsembleRun::of(
        GradientDescent::new(eta),
        &Noisy::new(&noisy, generator(18)),
        Ensemble::repeat(&start, 500),
        &[steps],
        &asymmetry,
    );
    let (mut s, dt) = (1f64, 1e-4);
    for _ in 0..10_000 {
        s -= dt / 2.0 * (2.0 * s).tanh() / (1.0 - eta * (2.0 * s).cosh());
    }
    let (seen, deviation) = mean(run.at(0, 0));
    assert!((seen - s).abs() < 7.0 * deviation + eta * eta, "{seen} {s}");
}
