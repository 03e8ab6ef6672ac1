//! Signs, and votes on them.

use theoria_algorithms::*;
use theoria_models::objectives::Linear;
use theoria_models::stochastic::{Noisy, Perturbed, Shape, Signs};
use theoria_models::{Ensemble, Vector};

use crate::{generator, mean};

#[test]
fn bits_are_counted_and_a_gaussian_vote_is_wrong_as_the_binomial_tail_says() {
    // Slope 1, noise 1: a worker is wrong with probability p = Φ(-1), a majority of 5 with
    // 10 p³ (1-p)² + 5 p⁴ (1-p) + p⁵; of 4, ties halved, 3 p² (1-p)² + 4 p³ (1-p) + p⁴.
    let p = 0.158_655_253_931_457_05f64;
    let q = 1.0 - p;
    let five = 10.0 * p.powi(3) * q * q + 5.0 * p.powi(4) * q + p.powi(5);
    let four = 3.0 * p * p * q * q + 4.0 * p.powi(3) * q + p.powi(4);
    let source = Perturbed::additive(Linear::new(Vector::from_element(1, 1.0)), 1.0);
    for (workers, exact) in [(1, p), (4, four), (5, five)] {
        let noisy = Noisy::new(&source, generator(workers as u64));
        let mut x = Ensemble::repeat(&Vector::zeros(1), 50_000);
        let mut vote = MajorityVote::new(1.0, workers);
        vote.step(&noisy, &mut x);
        let wrong = x.numbers().iter().filter(|&&x| x == 1.0).count() as f64 / 50_000.0;
        let deviation = (exact * (1.0 - exact) / 50_000.0).sqrt();
        assert!((wrong - exact).abs() < 7.0 * deviation, "{wrong} {exact}");
        assert_eq!(vote.bits_up(), workers * 50_000);
        assert_eq!(vote.bits_down(), 50_000);
    }
}

#[test]
fn skewed_noise_deceives_signs() {
    let source =
        Perturbed::additive(Linear::new(Vector::from_element(1, 0.25)), 1.25 * 3f64.sqrt())
            .shaped(Shape::Skewed);
    let noisy = Noisy::new(&source, generator(12));
    let start = Ensemble::repeat(&Vector::zeros(1), 1000);
    let method = SignDescent::new(1e-3);
    let run = EnsembleRun::of(method, &noisy, start, &[1000], &[Quantity::coordinate(0)]);
    let (seen, deviation) = mean(run.at(0, 0));
    assert!((seen - 0.5).abs() < 7.0 * deviation, "{seen}");
    let mut at = Ensemble::repeat(&Vector::zeros(1), 40_000);
    MajorityVote::new(1.0, 15).step(&noisy, &mut at);
    let climbed = Signs::of(at.numbers());
    let wrong = (0..climbed.bits()).filter(|&i| climbed.sign(i) > 0.0);
    // Three out of four for one worker, 0.983 for fifteen.
    assert!(wrong.count() > 39_000);
}
