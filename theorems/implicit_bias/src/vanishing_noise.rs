#![doc = include_str!("vanishing_noise.md")]

use std::f64::consts::TAU;

use rand::{Rng, RngExt};
use rand_distr::{Distribution, StandardNormal};
use statrs::distribution::{Discrete, Poisson};
use statrs::function::gamma::digamma;
use theoria_algorithms::{EnsembleRun, EulerMaruyama, Method, Quantity};
use theoria_instances::sequences::powers_of_two;
use theoria_models::objectives::{PeriodicValley, Quadratic, Width};
use theoria_models::oracle::Valued;
use theoria_models::stochastic::{Occupation, inverse_power_on_sphere};
use theoria_models::{Ensemble, Objective, Vector};
use theoria_verification::{
    Block, Case, Check, Claim, Constant, Content, Draw, Family, Figure, Group, Hypothesis,
    Instance, Line, Sample, Side, Theorem, TrialClaim,
};

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let critical = critical("determinant_as_the_noise_becomes_critical");
    let second_order = critical
        .restated("determinant_in_second_order", "weight − det(H)^(−1/2) ~ (k/2 − 1 − 2/θ)²")
        .predicting(|_, gap| gap.powi(2));
    let place = place("place_along_a_valley");
    let constant_size = place
        .restated("place_as_with_noise_of_constant_size", "E cos x for the density h^(−1/2)")
        .predicting(|walled, _| walled.mean_cosine(|h| h.sqrt().recip()));
    Theorem::new("implicit_bias/vanishing_noise", include_str!("vanishing_noise.md"))
        .claim(growth("mean_growth_of_the_logarithm").on(balls([1, 2, 4, 8])))
        .claim(spread("variance_of_the_logarithm").on(balls([1, 4])))
        .claim(collapse("collapse_below_the_threshold", Side::AtLeast, 0.95).on(balls([1, 2, 3])))
        .claim(collapse("no_collapse_above_the_threshold", Side::AtMost, 0.05).on(balls([7, 8])))
        .claim(sphere_integral(
            "determinant_on_the_sphere",
            |k| k / 2.0,
            |h, _| h.iter().product::<f64>().sqrt().recip(),
        ))
        .claim(sphere_integral(
            "weight_of_a_place",
            |_| 1.0,
            |h, p| inverse_power_on_sphere(h, p) / inverse_power_on_sphere(&vec![1.0; h.len()], p),
        ))
        .claim(critical)
        .claim(place)
        .control(
            collapse("threshold_with_half_the_term", Side::AtMost, 0.05)
                .violating("k on that side of 2 + 4/θ")
                .on(balls([4])),
        )
        .control(second_order)
        .control(constant_size)
        .figure(
            Figure::linear("growth", "codimension k", "growth of log |X| per unit of time")
                .caption(
                    "Few normal directions: the noise dies out and the iterates collapse onto \
                     the minimum; many: it drives them away.",
                )
                .showing(|draw, _| growth_over_codimensions(draw)),
        )
        .figure(
            Figure::linear("threshold", "θ", "codimension k")
                .caption(
                    "Runs end nearer to the minimum than they began below the curve k = 2 + 4/θ, \
                     and farther above it.",
                )
                .showing(|draw, _| threshold(draw)),
        )
}

/// dX = −X dt + (θ|X|²/2)^(1/2) dB in R^k from a unit vector.
#[derive(Debug, Clone, Copy)]
struct Ball {
    codimension: usize,
    theta: f64,
}

impl Ball {
    /// Euler's step.
    const STEP: f64 = 0.01;

    /// −1 + θ(k − 2)/4.
    fn growth(&self) -> f64 {
        self.theta * (self.codimension as f64 - 2.0) / 4.0 - 1.0
    }

    /// What Euler's method adds to the mean growth. Its step takes |X|² to s² times a noncentral chi-square variable with k
    /// degrees of freedom and λ = (1 − h)²/s², s² = θh/2, and that is a mixture of central ones: E log χ²_m =
    /// log 2 + ψ(m/2), m = k + 2j with j Poisson of mean λ/2.
    fn growth_of_the_step(&self) -> f64 {
        let square = self.theta * Self::STEP / 2.0;
        let half = (1.0 - Self::STEP).powi(2) / (2.0 * square);
        let Ok(mixture) = Poisson::new(half) else { panic!("a positive mean") };
        let most = (half + 20.0 * half.sqrt()) as u64;
        let logarithm: f64 = (0..=most)
            .map(|j| mixture.pmf(j) * digamma(self.codimension as f64 / 2.0 + j as f64))
            .sum();
        let grown = ((2.0 * square).ln() + logarithm) / 2.0;
        grown / Self::STEP - self.growth()
    }

    /// log |X_t|, one a trial.
    fn logarithms(&self, time: f64, trials: usize, random: &mut impl Rng) -> Vec<f64> {
        let f = Quadratic::diagonal(&vec![1.0; self.codimension]);
        let axis = Vector::from_fn(self.codimension, |i, _| if i == 0 { 1.0 } else { 0.0 });
        let method = EulerMaruyama::vanishing(Self::STEP, self.theta, 0.0, random);
        let steps = [(time / Self::STEP).round() as usize];
        let square = [Quantity::distance_squared(Vector::zeros(self.codimension))];
        let run = EnsembleRun::of(method, &f, Ensemble::repeat(&axis, trials), &steps, &square);
        run.at(0, 0).iter().map(|square| square.ln() / 2.0).collect()
    }
}

impl Instance for Ball {
    fn description(&self) -> String {
        format!("|x|²/2 in dimension {}", self.codimension)
    }

    fn constants(&self) -> Vec<Constant> {
        vec![Constant::exact("θ", self.theta)]
    }
}

fn balls<const N: usize>(codimensions: [usize; N]) -> Family<Ball> {
    Family::listed("balls", codimensions, |k| Ball { codimension: *k, theta: 1.5 })
}

fn growth(name: &str) -> TrialClaim<Ball> {
    const TIME: f64 = 4.0;
    Claim::expected_value(name, "E log|X_t|/t = −1 + θ(k − 2)/4", 0.08)
        .trials(65_536)
        .sampling(|ball: &Ball, block| {
            let logarithms = ball.logarithms(TIME, block.trials(), block.generator());
            let too_much = ball.growth_of_the_step();
            Sample::at(ball.codimension, logarithms).mapped(|_, log| log / TIME - too_much)
        })
        .predicting(|ball, _| ball.growth())
}

fn spread(name: &str) -> TrialClaim<Ball> {
    const TIME: f64 = 0.5;
    Claim::expected_value(name, "E (log|X_t| − growth t)²/t = θ/2", 0.1)
        .trials(65_536)
        .sampling(|ball: &Ball, block| {
            let logarithms = ball.logarithms(TIME, block.trials(), block.generator());
            let centre = ball.growth() * TIME;
            Sample::at(ball.codimension, logarithms).mapped(|_, log| (log - centre).powi(2) / TIME)
        })
        .predicting(|ball, _| ball.theta / 2.0)
}

fn on_the_side(side: Side) -> Hypothesis<Ball> {
    Hypothesis::new("k on that side of 2 + 4/θ", move |ball: &Ball, _| {
        let (k, threshold) = (ball.codimension as f64, 2.0 + 4.0 / ball.theta);
        match side {
            Side::AtMost => Check::at_least(k, threshold, "k, 2 + 4/θ"),
            _ => Check::at_most(k, threshold, "k, 2 + 4/θ"),
        }
    })
}

fn collapse(name: &str, side: Side, share: f64) -> TrialClaim<Ball> {
    const TIME: f64 = 30.0;
    let formula = match side {
        Side::AtMost => format!("P(|X_t| < |X_0|) ≤ {share}"),
        _ => format!("P(|X_t| < |X_0|) ≥ {share}"),
    };
    Claim::probability(name, &formula, side)
        .trials(1024)
        .assuming([on_the_side(side)])
        .sampling(|ball: &Ball, block| {
            let logarithms = ball.logarithms(TIME, block.trials(), block.generator());
            Sample::at(TIME, logarithms).events(|_, log| log < 0.0)
        })
        .predicting(move |_, _| share)
}

/// Normal Hessians by their eigenvalues.
fn hessians() -> Family<Case<Vec<f64>>> {
    let all = [vec![0.7, 2.0, 1.0], vec![0.6, 0.8, 1.0, 1.8]];
    Family::cases("normal Hessians", all, |eigenvalues| {
        format!("normal Hessian with the eigenvalues {eigenvalues:?}")
    })
}

fn sphere_integral(
    name: &str,
    power: fn(f64) -> f64,
    predicted: fn(&[f64], f64) -> f64,
) -> TrialClaim<Case<Vec<f64>>> {
    Claim::expected_value(name, "mean of (ω·Hω)^(−p) over the sphere, p = k/2: det(H)^(−1/2)", 0.05)
        .trials(16_384)
        .on(hessians())
        .sampling(move |hessian, block| {
            let k = hessian.len() as f64;
            block.each_value(power(k), |random| {
                let (mut form, mut square) = (0.0, 0.0);
                for h in hessian.iter() {
                    let xi: f64 = StandardNormal.sample(random);
                    form += h * xi * xi;
                    square += xi * xi;
                }
                (form / square).powf(-power(k))
            })
        })
        .predicting(move |hessian, p| predicted(hessian, p))
}

fn critical(name: &str) -> Claim<Case<Vec<f64>>> {
    Claim::exponent(name, "weight − det(H)^(−1/2) ~ k/2 − 1 − 2/θ")
        .on(hessians())
        .measuring(powers_of_two(-14..=-7), |h, gaps| {
            let half = h.len() as f64 / 2.0;
            let round = vec![1.0; h.len()];
            let limit = h.iter().product::<f64>().sqrt().recip();
            gaps.read(|gap| {
                let weight = inverse_power_on_sphere(h, half - gap)
                    / inverse_power_on_sphere(&round, half - gap);
                (weight - limit).abs()
            })
        })
        .predicting(|_, gap| gap.powi(1))
}

/// h(x)|y|²/2 in the ball |y| ≤ 1, whose wall reflects; y in R⁶, θ = 2.
struct Walled {
    width: Width,
    valley: PeriodicValley,
}

impl Walled {
    const CODIMENSION: usize = 6;
    const THETA: f64 = 2.0;
    const STEP: f64 = 0.02;

    /// E cos x for a density of the place that is `weight` of the width there.
    fn mean_cosine(&self, weight: fn(f64) -> f64) -> f64 {
        Occupation::proportional_to(|x| weight(self.width.at(x))).mean_cosine()
    }
}

impl Instance for Walled {
    fn description(&self) -> String {
        format!("{} in a ball, θ = {}", self.valley.describe(), Self::THETA)
    }
}

/// A method within |y| ≤ 1: what leaves is reflected at the wall.
struct Reflected<M>(M);

impl<M: Method<Ensemble, O>, O: Valued<Ensemble> + ?Sized> Method<Ensemble, O> for Reflected<M> {
    fn step(&mut self, oracle: &O, x: &mut Ensemble) {
        self.0.step(oracle, x);
        let mut squares = vec![0.0; x.trials()];
        for i in 1..x.dimension() {
            squares.iter_mut().zip(x.coordinate(i)).for_each(|(sum, y)| *sum += y * y);
        }
        for (trial, square) in squares.iter().enumerate().filter(|(_, square)| **square > 1.0) {
            let length = square.sqrt();
            for i in 1..x.dimension() {
                x.coordinate_mut(i)[trial] *= (2.0 - length) / length;
            }
        }
    }
}

/// The mean over time of the cosine of the place.
fn place(name: &str) -> TrialClaim<Walled> {
    let width = Width { level: 1.0, amplitude: 0.5, phase: 0.0 };
    Claim::expected_value(name, "E cos x for the density h^(−1−2/θ)", 0.2)
        .trials(2048)
        .on(Family::single("walled valley", move || Walled {
            width,
            valley: PeriodicValley::radial(width, Walled::CODIMENSION),
        }))
        .sampling(|walled, block: &mut Block| {
            let points: Vec<Vector> = (0..block.trials())
                .map(|_| {
                    let random = block.generator();
                    let mut point = Vector::from_fn(1 + Walled::CODIMENSION, |_, _| {
                        StandardNormal.sample(random)
                    });
                    point.unscale_mut(1.5 * point.norm());
                    point[0] = TAU * random.random::<f64>();
                    point
                })
                .collect();
            let method = Reflected(EulerMaruyama::vanishing(
                Walled::STEP,
                Walled::THETA,
                0.0,
                block.generator(),
            ));
            // The first tenth, in which the start is forgotten, is taken off again.
            let at = [200, 2000];
            let cosine = Quantity::new(|x: &Ensemble, into: &mut [f64]| {
                into.iter_mut().zip(x.coordinate(0)).for_each(|(cosine, x)| *cosine = x.cos());
            });
            let run = EnsembleRun::of(
                method,
                &walled.valley,
                Ensemble::from_trials(&points),
                &at,
                &[cosine.mean_so_far()],
            );
            let pairs = run.at(0, 0).iter().zip(run.at(0, 1));
            let later = pairs.map(|(early, all)| (2000.0 * all - 200.0 * early) / 1800.0);
            Sample::at(2000.0, later)
        })
        .predicting(|walled, _| walled.mean_cosine(|h| h.powi(-2)))
}

fn growth_over_codimensions(draw: &mut Draw) -> Content {
    const TIME: f64 = 4.0;
    const RUNS: usize = 1024;
    let balls = (1..=8).map(|codimension| Ball { codimension, theta: 1.5 });
    let place = |ball: &Ball, growth: f64| (ball.codimension as f64, growth);
    let measured = balls.clone().map(|ball| {
        let logarithms = ball.logarithms(TIME, RUNS, draw.generator());
        let rate = logarithms.iter().sum::<f64>() / (TIME * RUNS as f64);
        place(&ball, rate - ball.growth_of_the_step())
    });
    Content::Lines {
        lines: vec![
            Line::measured("mean of 1024 runs", measured.collect::<Vec<_>>()),
            Line::predicted("−1 + θ(k − 2)/4", balls.map(|ball| place(&ball, ball.growth()))),
        ],
    }
}

fn threshold(draw: &mut Draw) -> Content {
    let (mut nearer, mut farther) = (Vec::new(), Vec::new());
    for tenths in (8..=32).step_by(3) {
        for codimension in 1..=8usize {
            let theta = f64::from(tenths) / 10.0;
            let ball = Ball { codimension, theta };
            let logarithms = ball.logarithms(10.0, 16, draw.generator());
            let place = (theta, codimension as f64);
            if logarithms.iter().sum::<f64>() < 0.0 {
                nearer.push(place);
            } else {
                farther.push(place);
            }
        }
    }
    let curve = (8..=32).map(|tenths| {
        let theta = f64::from(tenths) / 10.0;
        (theta, 2.0 + 4.0 / theta)
    });
    Content::Points {
        groups: vec![Group::new("collapse", nearer), Group::new("no collapse", farther)],
        lines: vec![Line::predicted("k = 2 + 4/θ", curve)],
    }
}
