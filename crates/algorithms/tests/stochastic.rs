//! Methods on stochastic gradients. Statistical tests have a fixed seed and a chance of false alarm
//! below 1e-9.

use std::cell::Cell;

use proptest::prelude::*;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, StandardNormal};
use theoria_algorithms::*;
use theoria_models::objectives::{LeastSquares, Linear, Quadratic, Quartic, Valley};
use theoria_models::oracle::Oracle;
use theoria_models::point::Point;
use theoria_models::sets::{Ball, ConvexSet};
use theoria_models::stochastic::{
    MiniBatch, Noisy, Perturbed, Restricted, Sampling, Shape, Signs, StochasticOracle,
};
use theoria_models::{Ensemble, Matrix, Objective, Vector};

const TRIALS: usize = 3;
const STEPS: usize = 6;

fn generator(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

/// A gradient to which the same noise is added whether one trial is asked for or all.
struct Replayed {
    objective: Quadratic,
    noise: Vec<Ensemble>,
    step: Cell<usize>,
    trial: usize,
}

impl Replayed {
    fn next(&self) -> &Ensemble {
        let step = self.step.get();
        self.step.set(step + 1);
        &self.noise[step]
    }
}

impl Oracle<Ensemble> for Replayed {
    fn gradient(&self, at: &Ensemble, into: &mut Ensemble) {
        self.objective.gradient_block(at, into);
        into.axpy(1.0, self.next());
    }
}

impl Oracle<Vector> for Replayed {
    fn gradient(&self, at: &Vector, into: &mut Vector) {
        self.objective.gradient_into(at, into);
        *into += self.next().trial(self.trial);
    }
}

fn agree(
    name: &str,
    starts: &[Vector],
    noise: &[Ensemble],
    mut block: impl Method<Ensemble, Replayed>,
    alone: impl Fn() -> Box<dyn Method<Vector, Replayed>>,
) -> Result<(), TestCaseError> {
    let replay = |trial| Replayed {
        objective: Quadratic::diagonal(&[0.5, 1.0, 2.0]),
        noise: noise.to_vec(),
        step: Cell::new(0),
        trial,
    };
    let mut together = Ensemble::from_trials(starts);
    let oracle = replay(0);
    for _ in 0..STEPS {
        block.step(&oracle, &mut together);
    }
    for (trial, start) in starts.iter().enumerate() {
        let (mut x, mut method, oracle) = (start.clone(), alone(), replay(trial));
        for _ in 0..STEPS {
            method.step(&oracle, &mut x);
        }
        let apart = (together.trial(trial) - &x).amax();
        prop_assert!(apart <= 1e-12 * (1.0 + x.amax()), "{name}: {apart}");
    }
    Ok(())
}

macro_rules! agree_all {
    ($starts:expr, $noise:expr; $($method:expr),+ $(,)?) => {
        $(agree(stringify!($method), $starts, $noise, $method, || Box::new($method))?;)+
    };
}

proptest! {
    #[test]
    fn a_column_takes_the_steps_of_a_vector_fed_the_same_noise(
        numbers in prop::collection::vec(-2.0..2.0f64, 3 * TRIALS),
        noise in prop::collection::vec(prop::collection::vec(-1.0..1.0f64, 3 * TRIALS), STEPS),
    ) {
        let columns = |numbers: &[f64]| -> Vec<Vector> {
            numbers.chunks(3).map(Vector::from_row_slice).collect()
        };
        let noise: Vec<Ensemble> = noise.iter().map(|n| Ensemble::from_trials(&columns(n))).collect();
        agree_all! { &columns(&numbers), &noise;
            GradientDescent::new(0.4),
            GradientDescent::with_schedule(decreasing_step(1.0, 3.0)),
            GradientDescent::with_schedule(power_step(0.5, 0.7)),
            GradientDescent::with_schedule(karimi_step(0.5)),
            Averaged::new(GradientDescent::new(0.4)),
            HeavyBall::new(0.3, 0.5),
            Nesterov::new(0.5, Momentum::Sequence),
            AdaGradNorm::new(1.0, 0.1),
            SignDescent::new(0.1),
            Agnes::new(2.0, 1.5),
            AgnesEstimate::convex(2.0, 1.5),
            AgnesEstimate::strongly_convex(2.0, 0.5, 1.5),
        }
    }
}

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

/// Mean and its standard deviation.
fn mean(numbers: &[f64]) -> (f64, f64) {
    let count = numbers.len() as f64;
    let mean = numbers.iter().sum::<f64>() / count;
    let variance = numbers.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / count;
    (mean, (variance / count).sqrt())
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

#[test]
fn a_vector_is_an_ensemble_of_one_trial() {
    let f = LeastSquares::new(
        Matrix::from_fn(4, 2, |i, j| (1 + i + j) as f64),
        Vector::from_vec(vec![1.0, -1.0, 2.0, 0.0]),
    );
    let source = MiniBatch::new(f, 2, Sampling::WithoutReplacement);
    let start = Vector::from_vec(vec![0.5, 0.5]);
    let alone =
        Trajectory::of(GradientDescent::new(0.01), &Noisy::new(&source, generator(8)), &start, 50);
    let noisy = Noisy::new(&source, generator(8));
    let block = Ensemble::repeat(&start, 1);
    let together = EnsembleRun::of(GradientDescent::new(0.01), &noisy, block, &[50], &[]);
    assert_eq!(alone.last(), &together.last().trial(0));
}

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
    use theoria_models::stochastic::{LabelNoise, Labels};
    // A step multiplies x² - y² = 2 sinh 2s by 1 - η² g², and E g² = σ²/(1 - η cosh 2s) where the residual
    // has settled: s moves by -(η² σ²/2) tanh 2s/(1 - η cosh 2s) a step, in 1/(η² σ²) steps from 1 to
    // 0.5290, up to η². (ln(x/y)/2, which the residual moves too, is off by another O(η σ²).)
    let (eta, sigma) = (0.02f64, 0.25f64);
    let steps = (1.0 / (eta * sigma).powi(2)) as usize;
    let noisy = LabelNoise::new(ScalarChain::new(2), 1, sigma, Labels::Gaussian);
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
