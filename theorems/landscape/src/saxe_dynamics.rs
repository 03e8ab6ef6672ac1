#![doc = include_str!("saxe_dynamics.md")]

use theoria_instances::flow;
use theoria_instances::sequences::{evenly, octaves, powers_of_two};
use theoria_models::Matrix;
use theoria_models::networks::{
    DeepLinear, DeepLinearDescent, DeepLinearLoss, Modes, haar_orthogonal,
};
use theoria_models::numerics::simpson;
use theoria_verification::{
    Check, Claim, Content, Curve, Draw, Effort, Family, Figure, Hypothesis, Instance, Line,
    Reading, Theorem,
};

use crate::support::silent_alignment::{sigmoid, silent_alignment};

/// Samples of each instance.
const SAMPLES: usize = 12;
const TIMES: usize = 25;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    Theorem::new("landscape/saxe_dynamics", include_str!("saxe_dynamics.md"))
        .claim(closed_form("exact_learning_curves", 2.0).on(aligned(2..=2)))
        .claim(separable("every_depth_has_its_equation", None).on(aligned(2..=5)))
        .claim(half_time("stronger_modes_are_learned_first", 2.0))
        .claim(stages("stages_become_sharp"))
        .claim(euler("gradient_descent_is_first_order", -1.0))
        .claim(silent_alignment("small_random_starts_align", 2.0))
        .control(
            closed_form("independent_modes_without_whitening", 2.0)
                .on(correlated())
                .violating("whitened"),
        )
        .control(closed_form("half_the_speed", 1.0).on(aligned(2..=2)))
        .control(separable("three_layers_learn_like_two", Some(2)).on(aligned(3..=3)))
        .control(half_time("all_modes_at_the_pace_of_one_half", 1.0))
        .control(euler("gradient_descent_is_second_order", -2.0))
        .control(silent_alignment("alignment_of_third_order", 3.0))
        .figure(
            Figure::linear("learning_curves", "time t", "strength of the mode")
                .caption(
                    "Gradient descent learns one mode after the other, each along its exact \
                 sigmoid.",
                )
                .showing(learning_curves),
        )
        .figure(
            Figure::linear("half_time", "strength s", "time until s/2 is learned")
                .of("stronger_modes_are_learned_first")
                .caption("The time to learn half of a mode falls like log(s/u₀)/(2s)."),
        )
        .figure(
            Figure::log_log("stages", "1/u₀", "odds u/(s − u) of the weaker mode")
                .of("stages_become_sharp")
                .caption(
                    "The smaller the start, the less of the weaker mode is there when the \
                 stronger is half learned.",
                ),
        )
        .figure(
            Figure::log_log("alignment", "1/ε", "largest deviation from the sigmoid")
                .of("small_random_starts_align")
                .caption(
                    "From a random start of size ε the strongest mode follows its sigmoid the \
                 better, the smaller ε is.",
                ),
        )
}

/// A network on samples of a linear target.
struct Learner {
    modes: Modes,
    inputs: Matrix,
    at_start: f64,
    start: DeepLinear,
}

impl Instance for Learner {
    fn description(&self) -> String {
        format!(
            "{} layers, strengths {:.3?}, u₀ = {:.2e}",
            self.start.depth(),
            self.modes.strengths(),
            self.at_start
        )
    }
}

impl Learner {
    fn draw(depth: usize, inputs: Matrix, draw: &mut Draw) -> Self {
        let strengths: Vec<f64> = (0..inputs.nrows()).map(|_| draw.uniform(0.5, 3.0)).collect();
        let modes = Modes::draw(&strengths, draw.generator());
        // Deep networks hardly leave a small start: their factors, not the modes, begin equally small.
        let at_start = draw.uniform(0.03, 0.1).powi(2).powf(if depth == 2 { 1.0 } else { 0.5 });
        let map = modes.with(&vec![at_start; strengths.len()]);
        Learner {
            start: DeepLinear::balanced_rotated(&map, depth, draw.generator()),
            modes,
            inputs,
            at_start,
        }
    }

    fn loss(&self) -> DeepLinearLoss {
        let targets = self.modes.map() * &self.inputs;
        DeepLinearLoss::with_samples(&self.start.widths(), self.inputs.clone(), targets)
    }

    /// By when the weakest mode has been learned.
    fn end(&self) -> f64 {
        let weakest = self.modes.strengths().iter().copied().fold(f64::INFINITY, f64::min);
        time_to(weakest / 2.0, weakest, self.at_start, self.start.depth()) + 2.0 / weakest
    }

    /// W(t) along gradient flow.
    fn maps(&self, times: &[f64]) -> Vec<Matrix> {
        let loss = self.loss();
        flow(&loss, &self.start.flatten(), times)
            .iter()
            .map(|x| loss.network(x).end_to_end())
            .collect()
    }
}

/// n x N inputs with X Xᵀ/N = I.
fn whitened(n: usize, draw: &mut Draw) -> Matrix {
    haar_orthogonal(n, SAMPLES, draw.generator()) * (SAMPLES as f64).sqrt()
}

fn aligned(depths: std::ops::RangeInclusive<usize>) -> Family<Learner> {
    let name = format!("aligned, {} to {} layers", depths.start(), depths.end());
    Family::drawn(&name, move |draw| {
        let n = draw.size(1..=4);
        let inputs = whitened(n, draw);
        let depth = draw.size(depths.clone()).max(*depths.start());
        Learner::draw(depth, inputs, draw)
    })
}

/// Inputs whose covariance has eigenvalues between 1/4 and 4.
fn correlated() -> Family<Learner> {
    Family::drawn("aligned, correlated inputs", |draw| {
        let n = draw.size(2..=4).max(2);
        let scales = evenly(0.5, 2.0, n);
        let inputs = Modes::draw(&scales, draw.generator()).map() * whitened(n, draw);
        Learner::draw(2, inputs, draw)
    })
}

fn hypotheses() -> [Hypothesis<Learner>; 3] {
    [
        Hypothesis::new("whitened", |l: &Learner, _| {
            let n = l.inputs.nrows();
            let covariance = &l.inputs * l.inputs.transpose() / l.inputs.ncols() as f64;
            Check::at_most((covariance - Matrix::identity(n, n)).amax(), 1e-12, "|XXᵀ/N − I|")
        }),
        Hypothesis::new("balanced", |l: &Learner, _| {
            let imbalance = l.start.imbalances().iter().map(Matrix::amax).fold(0.0, f64::max);
            Check::at_most(imbalance, 1e-14, "largest imbalance")
        }),
        Hypothesis::new("aligned", |l: &Learner, _| {
            let expected = l.modes.with(&vec![l.at_start; l.modes.strengths().len()]);
            let deviation = (l.start.end_to_end() - expected).amax();
            Check::at_most(deviation, 1e-14, "|W(0) − u₀ Σ u_i v_iᵀ|")
        }),
    ]
}

/// The time in which u' = N u^(2 - 2/N) (s - u) leads from `at_start` to `u`: with u = exp(N x), the integral of
/// exp((2 - N) x)/(s - u).
fn time_to(u: f64, s: f64, at_start: f64, depth: usize) -> f64 {
    let n = depth as f64;
    let speed = |x: f64| ((2.0 - n) * x).exp() / (s - (n * x).exp());
    simpson(at_start.ln() / n, u.ln() / n, 500, speed)
}

fn closed_form(name: &str, speed: f64) -> Claim<Learner> {
    Claim::identity(name, "|W(t) − Σ u_i(t) u_i v_iᵀ| / |Φ| = 0", 1e-8)
        .assuming(hypotheses())
        .experiment(move |l: &Learner| {
            let times = evenly(l.end() / TIMES as f64, l.end(), TIMES);
            let maps = l.maps(&times);
            Curve::over(
                0..TIMES,
                |i| {
                    let u = l
                        .modes
                        .strengths()
                        .iter()
                        .map(|&s| sigmoid(speed, s, l.at_start, times[i]));
                    let expected = l.modes.with(&u.collect::<Vec<_>>());
                    Reading::new((&maps[i] - expected).norm() / l.modes.map().norm(), 0.0)
                },
                |_| 0.0,
            )
            .with_abscissae(&times)
        })
}

/// The time that the equation needs for what the flow has learned, against the time that it took: for the mode
/// that agrees least, among those that still move.
fn separable(name: &str, depth: Option<usize>) -> Claim<Learner> {
    Claim::identity(name, "∫ du / (N u^(2−2/N) (s − u)) = t", 1e-6)
        .assuming(hypotheses())
        .experiment(move |l: &Learner| {
            let times = evenly(l.end() / TIMES as f64, l.end(), TIMES);
            let maps = l.maps(&times);
            let depth = depth.unwrap_or(l.start.depth());
            let needed = |i: usize| {
                let each = l.modes.strengths().iter().enumerate();
                each.map(|(k, &s)| (l.modes.strength_in(&maps[i], k), s))
                    .filter(|(u, s)| *u < 0.9 * s)
                    .map(|(u, s)| time_to(u, s, l.at_start, depth))
                    .max_by(|a, b| (a - times[i]).abs().total_cmp(&(b - times[i]).abs()))
            };
            let moving: Vec<usize> = (0..TIMES).filter(|i| needed(*i).is_some()).collect();
            let abscissae: Vec<f64> = moving.iter().map(|i| times[*i]).collect();
            Curve::over(moving, |i| needed(i).unwrap_or(f64::NAN), |i| times[i])
                .with_abscissae(&abscissae)
        })
}

/// Strengths 1, 2, 3, 4 from the same start, learned by gradient descent.
fn half_time(name: &str, speed: f64) -> Claim<Learner> {
    Claim::identity(name, "u(t) = s/2 at t = log((s − u₀)/u₀) / (2s)", 0.01)
        .on(Family::drawn("strengths from 1 to 4", |draw| {
            let modes = Modes::draw(&evenly(1.0, 4.0, 4), draw.generator());
            let at_start = draw.log_uniform(1e-4, 1e-2);
            let map = modes.with(&[at_start; 4]);
            Learner {
                start: DeepLinear::balanced_rotated(&map, 2, draw.generator()),
                inputs: whitened(4, draw),
                modes,
                at_start,
            }
        }))
        .assuming(hypotheses())
        .experiment(move |l: &Learner| {
            let strengths = &l.modes.strengths();
            let step = 1e-3;
            let mut network = l.start.clone();
            let mut descent = DeepLinearDescent::new(&network, l.modes.map(), step);
            let mut reached = vec![None; strengths.len()];
            let mut before = vec![l.at_start; strengths.len()];
            let mut k = 0u32;
            while reached.contains(&None) && k < 100_000 {
                descent.step(&mut network);
                let map = network.end_to_end();
                for (i, &s) in strengths.iter().enumerate() {
                    let u = l.modes.strength_in(&map, i);
                    if reached[i].is_none() && u >= s / 2.0 {
                        let part = (s / 2.0 - before[i]) / (u - before[i]);
                        reached[i] = Some(step * (f64::from(k) + part));
                    }
                    before[i] = u;
                }
                k += 1;
            }
            Curve::over(
                0..strengths.len(),
                |i| reached[i].unwrap_or(f64::INFINITY),
                |i| (strengths[i] / l.at_start - 1.0).ln() / (speed * strengths[i]),
            )
            .with_abscissae(strengths)
        })
}

/// Two modes.
struct Pair {
    strong: f64,
    weak: f64,
    modes: Modes,
}

impl Instance for Pair {
    fn description(&self) -> String {
        format!("strengths {:.3} and {:.3}", self.strong, self.weak)
    }
}

fn pairs() -> Family<Pair> {
    Family::drawn("two modes", |draw| {
        let strong = draw.uniform(1.0, 3.0);
        let weak = strong * draw.uniform(0.3, 0.7);
        Pair { modes: Modes::draw(&[strong, weak], draw.generator()), strong, weak }
    })
}

/// What of the weaker mode is there when the stronger one is half learned, for smaller and smaller starts.
fn stages(name: &str) -> Claim<Pair> {
    Claim::exponent(
        name,
        "u_weak/(s_weak − u_weak) ~ u₀^(1 − s_weak/s_strong) at t_half of the strong",
    )
    .on(pairs())
    .experiment(|pair| {
        let loss = DeepLinearLoss::new(&[2, 2, 2], pair.modes.map());
        Curve::over(
            powers_of_two(8..=14),
            |inverse| {
                let start = DeepLinear::balanced(&pair.modes.with(&[1.0 / inverse; 2]), 2);
                let half = (pair.strong * inverse - 1.0).ln() / (2.0 * pair.strong);
                let map = loss.network(&flow(&loss, &start.flatten(), &[half])[0]).end_to_end();
                let weak = pair.modes.strength_in(&map, 1);
                Reading::new(weak / (pair.weak - weak), 1e-10)
            },
            |inverse| inverse.powf(pair.weak / pair.strong - 1.0),
        )
    })
}

fn euler(name: &str, exponent: f64) -> Claim<Learner> {
    Claim::exponent(name, &format!("|W_N − W(T)| ~ N^{exponent}, h = T/N"))
        .on(aligned(2..=2))
        .assuming(hypotheses())
        .experiment(move |l: &Learner| {
            let s = l.modes.strengths().iter().copied().fold(0.0, f64::max);
            let time = (s / l.at_start - 1.0).ln() / (2.0 * s);
            let u = l.modes.strengths().iter().map(|&s| sigmoid(2.0, s, l.at_start, time));
            let exact = l.modes.with(&u.collect::<Vec<_>>());
            Curve::over(
                octaves(6..=11),
                |steps| {
                    let mut network = l.start.clone();
                    let h = time / steps as f64;
                    let mut descent = DeepLinearDescent::new(&network, l.modes.map(), h);
                    for _ in 0..steps {
                        descent.step(&mut network);
                    }
                    (network.end_to_end() - &exact).norm()
                },
                |steps| (steps as f64).powf(exponent),
            )
        })
}

fn learning_curves(draw: &mut Draw, _: Effort) -> Content {
    const STEP: f64 = 0.01;
    let strengths = [3.0, 2.0, 1.0];
    let modes = Modes::draw(&strengths, draw.generator());
    let at_start = 1e-3;
    let mut network =
        DeepLinear::balanced_rotated(&modes.with(&[at_start; 3]), 2, draw.generator());
    let mut descent = DeepLinearDescent::new(&network, modes.map(), STEP);
    let mut measured = vec![Vec::new(); 3];
    for k in 0..600 {
        if k % 5 == 0 {
            let map = network.end_to_end();
            for (i, points) in measured.iter_mut().enumerate() {
                points.push((STEP * f64::from(k), modes.strength_in(&map, i)));
            }
        }
        descent.step(&mut network);
    }
    let exact = strengths.map(|s| {
        let times = evenly(0.0, 6.0, 150);
        Line::predicted(
            &format!("exact, s = {s}"),
            times.into_iter().map(|t| (t, sigmoid(2.0, s, at_start, t))),
        )
    });
    let seen = strengths.iter().zip(measured);
    let seen =
        seen.map(|(s, points)| Line::measured(&format!("gradient descent, s = {s}"), points));
    Content::Lines { lines: seen.chain(exact).collect() }
}
