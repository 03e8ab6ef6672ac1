#![doc = include_str!("label_noise.md")]

use rand::Rng;
use theoria_algorithms::{GradientDescent, Method};
use theoria_models::networks::ScalarChain;
use theoria_models::stochastic::draws::{normals, signs};
use theoria_models::stochastic::{LabelNoise, Labels, Noisy};
use theoria_models::{Objective, Vector};
use theoria_verification::{
    Claim, Constant, Content, Curve, Family, Figure, Group, Instance, Line, Reading, Side, Theorem,
    TrialClaim,
};

/// Steps of a rung of a ladder are half as large as those of the one before.
const RUNGS: i32 = 6;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    Theorem::new("implicit_bias/label_noise", include_str!("label_noise.md"))
        .claim(shrinking("difference_of_squares_shrinks_exactly", "x² − y² is multiplied by 1 − η²g² at each step", |eta, g| 1.0 - (eta * g).powi(2)))
        .claim(position("mean_follows_the_corrected_equation", "E s_n = s(n)", Drive::Labels, height, corrected).on(valleys()))
        .claim(keeping("every_run_keeps_to_the_curve", "P(|s_n − s(n)| ≤ 0.04) ≥ 0.95, n = 1/(η²σ²)", Drive::Labels))
        .claim(speed("speed_is_quadratic_in_the_step", |rung| Valley::new(0.04 * rung, 1.0)))
        .claim(speed("speed_is_quadratic_in_the_noise", |rung| Valley::new(0.04, rung)))
        .claim(first_order("leading_equation_is_off_in_first_order"))
        .control(shrinking("difference_of_squares_is_kept", "x² − y² stays", |_, _| 1.0))
        .control(position("leading_equation_at_finite_step", "E s_n = s(n) of the leading equation", Drive::Labels, height, leading).on(coarse_valley()))
        .control(position("logarithm_of_the_ratio_as_coordinate", "E log(x/y)/2 = s(n)", Drive::Labels, ratio, corrected).on(coarse_valley()))
        .control(position("drift_without_noise", "gradient descent: s_n = s(n)", Drive::Nothing, height, corrected).on(coarse_valley()))
        .control(position("drift_to_sharper_minima", "E s_n = 2 s(0) − s(n)", Drive::Labels, height, |v, n| 2.0 * v.start - corrected(v, n)).on(coarse_valley()))
        .control(keeping("isotropic_noise_keeps_to_it", "isotropic noise: P(|s_n − s(n)| ≤ 0.04) ≥ 0.95, n = 1/(η²σ²)", Drive::Isotropic))
        .figure(
            Figure::linear("position", "step n", "mean position s along the hyperbola")
                .of("mean_follows_the_corrected_equation")
                .of("leading_equation_at_finite_step")
                .caption("Label noise carries the iterates to the flattest minimiser, s = 0; the leading equation lags behind."),
        )
        .figure(
            Figure::linear("hyperbola", "x", "y")
                .caption(
                    "One run with label noise drifts down the curve of minimisers to x = y = 1, past the places that the \
                     corrected equation foretells.",
                )
                .showing(|draw, _| hyperbola(draw.generator())),
        )
}

/// f = (xy − 1)²/2 with fresh label noise.
#[derive(Debug, Clone, Copy)]
struct Valley {
    eta: f64,
    sigma: f64,
    /// s at the start, a minimiser.
    start: f64,
    labels: Labels,
}

impl Valley {
    fn new(eta: f64, sigma: f64) -> Self {
        Valley { eta, sigma, start: 1.0, labels: Labels::Signs }
    }

    /// Steps in which e^(−time) is the share left of x² − y².
    fn steps(&self, time: f64) -> usize {
        (time / (self.eta * self.sigma).powi(2)).round() as usize
    }

    fn minimiser(&self) -> Vector {
        Vector::from_vec(vec![self.start.exp(), (-self.start).exp()])
    }

    /// Moves w by this number of steps.
    fn walk(&self, drive: Drive, w: &mut Vector, steps: usize, generator: &mut impl Rng) {
        let chain = ScalarChain::new(2);
        let mut slope = Vector::zeros(2);
        let (mut noise, mut pair) = ([0.0], [0.0; 2]);
        for _ in 0..steps {
            match (drive, self.labels) {
                (Drive::Labels, Labels::Signs) => signs(generator, &mut noise),
                (Drive::Labels, Labels::Gaussian) => normals(generator, &mut noise),
                (Drive::Isotropic, _) => normals(generator, &mut pair),
                (Drive::Nothing, _) => {}
            }
            chain.with_target(1.0 + self.sigma * noise[0]).gradient_into(w, &mut slope);
            for ((w, slope), xi) in w.iter_mut().zip(slope.iter()).zip(pair) {
                *w -= self.eta * (slope + self.sigma * xi);
            }
        }
    }
}

impl Instance for Valley {
    fn description(&self) -> String {
        let labels = match self.labels {
            Labels::Signs => "labels 1 ± σ",
            Labels::Gaussian => "normal labels",
        };
        format!("(xy − 1)²/2 from the minimiser s = {}, {labels}", self.start)
    }

    fn constants(&self) -> Vec<Constant> {
        vec![Constant::exact("η", self.eta), Constant::exact("σ", self.sigma)]
    }
}

/// What drives the iterates.
#[derive(Debug, Clone, Copy)]
enum Drive {
    /// Noise of the label.
    Labels,
    /// Independent normal noise of each coordinate of the gradient.
    Isotropic,
    /// The gradient alone.
    Nothing,
}

fn valleys() -> Family<Valley> {
    let fine = Valley::new(0.02, 0.5);
    let normal = Valley { labels: Labels::Gaussian, ..Valley::new(0.04, 0.5) };
    let all = [fine, Valley::new(0.04, 0.5), Valley::new(0.04, 1.0), normal];
    Family::listed("hyperbola", all, |valley| *valley)
}

fn coarse_valley() -> Family<Valley> {
    Family::single("hyperbola", || Valley::new(0.04, 1.0))
}

/// s = arsinh((x² − y²)/2)/2, which is s at the minimiser (e^s, e^−s).
fn height(w: &Vector) -> f64 {
    ((w[0] * w[0] - w[1] * w[1]) / 2.0).asinh() / 2.0
}

/// log(x/y)/2, which is s there as well.
fn ratio(w: &Vector) -> f64 {
    (w[0] / w[1]).ln() / 2.0
}

/// s after n steps by ds/dn = −(η²σ²/2) tanh 2s.
fn leading(valley: &Valley, n: f64) -> f64 {
    let left = (-n * (valley.eta * valley.sigma).powi(2)).exp();
    ((2.0 * valley.start).sinh() * left).asinh() / 2.0
}

/// s after n steps by ds/dn = −(η²σ²/2) tanh 2s/(1 − η cosh 2s).
fn corrected(valley: &Valley, n: f64) -> f64 {
    const PARTS: u32 = 200;
    let Valley { eta, sigma, .. } = *valley;
    let speed =
        |s: f64| -(eta * sigma).powi(2) / 2.0 * (2.0 * s).tanh() / (1.0 - eta * (2.0 * s).cosh());
    let part = n / f64::from(PARTS);
    (0..PARTS).fold(valley.start, |s, _| {
        let first = speed(s);
        let second = speed(s + part / 2.0 * first);
        let third = speed(s + part / 2.0 * second);
        let fourth = speed(s + part * third);
        s + part / 6.0 * (first + 2.0 * (second + third) + fourth)
    })
}

/// The library's stochastic gradients; g is read off the steps.
fn shrinking(name: &str, formula: &str, factor: fn(f64, f64) -> f64) -> Claim<Valley> {
    Claim::identity(name, formula, 1e-9).on(valleys()).drawing_experiment(move |valley, draw| {
        let source = LabelNoise::new(ScalarChain::new(2), 1, valley.sigma, valley.labels);
        let oracle = Noisy::new(&source, draw.generator());
        let mut method = GradientDescent::new(valley.eta);
        let mut w = valley.minimiser();
        let difference = |w: &Vector| w[0] * w[0] - w[1] * w[1];
        let mut predicted = difference(&w);
        let points: Vec<_> = (1..=400usize)
            .map(|n| {
                let before = w.clone();
                Method::<Vector, _>::step(&mut method, &oracle, &mut w);
                let g = (before[0] - w[0]) / (valley.eta * before[1]);
                predicted *= factor(valley.eta, g);
                (n, Reading::new(difference(&w), 1e-15 * n as f64 * w.norm_squared()), predicted)
            })
            .collect();
        Curve::over(0..points.len(), |i| points[i].1, |i| points[i].2)
    })
}

fn position(
    name: &str,
    formula: &str,
    drive: Drive,
    coordinate: fn(&Vector) -> f64,
    predicted: fn(&Valley, f64) -> f64,
) -> TrialClaim<Valley> {
    Claim::expected_value(name, formula, 0.005)
        .trials(8192)
        .sampling(move |valley: &Valley, block| {
            let checkpoints = [0.25, 0.5, 1.0].map(|time| valley.steps(time));
            let positions = checkpoints.map(|n| n as f64);
            block.each(&positions, |random| {
                let mut w = valley.minimiser();
                let mut done = 0;
                checkpoints
                    .iter()
                    .map(|&n| {
                        valley.walk(drive, &mut w, n - done, random);
                        done = n;
                        coordinate(&w)
                    })
                    .collect()
            })
        })
        .predicting(predicted)
}

fn keeping(name: &str, formula: &str, drive: Drive) -> TrialClaim<Valley> {
    Claim::probability(name, formula, Side::AtLeast)
        .trials(1024)
        .on(coarse_valley())
        .sampling(move |valley: &Valley, block| {
            let n = valley.steps(1.0);
            let curve = corrected(valley, n as f64);
            block.each_event(n, |random| {
                let mut w = valley.minimiser();
                valley.walk(drive, &mut w, n, random);
                (height(&w) - curve).abs() <= 0.04
            })
        })
        .predicting(|_, _| 0.95)
}

/// The rungs, and one trial of each by `rung`.
fn ladder(
    name: &str,
    formula: &str,
    valley_of: impl Fn(f64) -> Valley + Send + Sync + Copy + 'static,
    measured: fn(&Valley, f64, usize) -> f64,
) -> TrialClaim<Valley> {
    const TIME: f64 = 0.125;
    let rungs = (0..RUNGS).map(|k| 0.5f64.powi(k)).collect::<Vec<_>>();
    Claim::expected_exponent(name, formula)
        .trials(64)
        .on(Family::single("hyperbola", move || valley_of(1.0)))
        .sampling(move |_, block| {
            block.each(&rungs, |random| {
                rungs
                    .iter()
                    .map(|&rung| {
                        let valley = valley_of(rung);
                        let n = valley.steps(TIME);
                        let mut w = valley.minimiser();
                        valley.walk(Drive::Labels, &mut w, n, random);
                        measured(&valley, height(&w), n)
                    })
                    .collect()
            })
        })
        .predicting(move |_, rung| {
            let valley = valley_of(rung);
            let n = valley.steps(TIME);
            measured(&valley, corrected(&valley, n as f64), n)
        })
}

fn speed(
    name: &str,
    valley_of: impl Fn(f64) -> Valley + Send + Sync + Copy + 'static,
) -> TrialClaim<Valley> {
    ladder(name, "E (s_0 − s_n)/n ~ η²σ² (1 + O(η))", valley_of, |valley, s, n| {
        (valley.start - s) / n as f64
    })
}

fn first_order(name: &str) -> TrialClaim<Valley> {
    ladder(
        name,
        "leading s(n) − E s_n ~ η for n = 1/(8η²σ²)",
        |rung| Valley::new(0.04 * rung, 1.0),
        |valley, s, n| leading(valley, n as f64) - s,
    )
    .trials(192)
    .within(0.1)
}

fn hyperbola(generator: &mut impl Rng) -> Content {
    const MARKS: usize = 8;
    let valley = Valley { start: 1.2, ..Valley::new(0.02, 0.5) };
    let part = valley.steps(0.25);
    let mut w = valley.minimiser();
    let mut seen = Vec::new();
    for n in 0..=MARKS * part {
        if n % 100 == 0 {
            seen.push((w[0], w[1]));
        }
        valley.walk(Drive::Labels, &mut w, 1, generator);
    }
    let places = (0..=MARKS).map(|mark| {
        let s = corrected(&valley, (mark * part) as f64);
        (s.exp(), (-s).exp())
    });
    let curve = (-6..=26).map(|i| {
        let s = f64::from(i) / 20.0;
        (s.exp(), (-s).exp())
    });
    Content::Points {
        groups: vec![
            Group::new("iterates, every 100 steps", seen),
            Group::new("predicted at equal intervals", places),
        ],
        lines: vec![Line::predicted("minimisers xy = 1", curve)],
    }
}
