#![doc = include_str!("vanishing_noise.md")]

use std::f64::consts::TAU;

use rand::RngExt;
use rand_distr::{Distribution, StandardNormal};
use theoria_algorithms::{EnsembleRun, EulerMaruyama, Method, Quantity};
use theoria_elementary::{cos, powf};
use theoria_instances::sequences::powers_of_two;
use theoria_models::numerics::{maximum, minimum};
use theoria_models::objectives::{PeriodicValley, Width};
use theoria_models::oracle::Valued;
use theoria_models::stochastic::{Occupation, inverse_power_on_sphere};
use theoria_models::{Ensemble, Objective, Vector};
use theoria_verification::judgement::Exponent;
use theoria_verification::{
    Block, Case, Check, Claim, Content, Draw, Family, Figure, Group, Hypothesis, Instance, Line,
    Readings, Sample, Side, Theorem, TrialClaim,
};

use crate::support::balls_in_noise::{Ball, balls};

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let law = law("logarithm_is_a_brownian_motion").on(balls([
        (1, 1.5),
        (2, 1.0),
        (4, 1.5),
        (4, 3.0),
        (8, 1.5),
    ]));
    let other_drift = law
        .restated("drift_of_fewer_directions", "log|X_t| ~ N((−1 + θ(k − 2.3)/4) t, θt/2)")
        .distributed_as(|ball, t, log| {
            ball.distribution(ball.growth() - 0.3 * ball.theta / 4.0, ball.theta / 2.0, t, log)
        });
    let other_variance = law
        .restated("variance_twice_as_large", "log|X_t| ~ N((−1 + θ(k − 2)/4) t, θt)")
        .distributed_as(|ball, t, log| ball.distribution(ball.growth(), ball.theta, t, log));
    let determinant = determinant("determinant_on_the_sphere");
    let other_power = determinant
        .restated(
            "determinant_in_a_smaller_power",
            "mean of (ω·Hω)^(−p) over the sphere → det(H)^(−0.49)",
        )
        .predicting(|h, _| powf(h.iter().product::<f64>(), -0.49));
    let weight = weight("weight_of_a_place");
    let heavier = weight
        .restated(
            "weight_of_a_place_is_smaller",
            "mean of (ω·Hω)^(−1) = 0.93 of what quadrature says",
        )
        .predicting(|h, p| 0.93 * weight_of(h, p));
    let critical = critical("determinant_as_the_noise_becomes_critical");
    let larger_order = critical
        .restated(
            "determinant_in_a_larger_order",
            "weight − det(H)^(−1/2) ~ (k/2 − 1 − 2/θ)^1.2, k/2 − 1 − 2/θ → 0",
        )
        .predicting(|_, gap| powf(gap, 1.2));
    let place = place("place_along_a_valley");
    let instead = |name, formula, power: f64| {
        let control = place.restated(name, formula);
        control.predicting(move |walled, _| walled.mean_cosine(power))
    };
    let constant_size =
        instead("place_as_with_noise_of_constant_size", "E cos x for the density h^(−k/2)", -3.0);
    let smaller = instead("place_in_a_smaller_power", "E cos x for the density h^(−1/2−2/θ)", -1.5);
    let larger = instead("place_in_a_larger_power", "E cos x for the density h^(−3/2−2/θ)", -2.5);
    Theorem::new("implicit_bias/vanishing_noise", include_str!("vanishing_noise.md"))
        .uses(
            "implicit_bias/sgd_noise_is_degenerate",
            "the noise of SGD vanishes where the loss does",
        )
        .uses(
            "implicit_bias/additive_noise",
            "the weight of a place in a valley, which is the critical limit",
        )
        .claim(law)
        .claim(collapse("collapse_below_the_threshold", Side::AtLeast, 0.95).on(balls([
            (1, 1.5),
            (2, 1.5),
            (3, 1.5),
            (5, 0.8),
        ])))
        .claim(collapse("no_collapse_above_the_threshold", Side::AtMost, 0.05).on(balls([
            (4, 4.0),
            (7, 1.5),
            (8, 1.5),
        ])))
        .claim(determinant)
        .claim(weight)
        .claim(critical)
        .claim(place)
        .control(other_drift)
        .control(other_variance)
        .control(
            collapse("threshold_with_half_the_term", Side::AtMost, 0.05)
                .violating(ON_THE_SIDE)
                .on(balls([(4, 1.5)])),
        )
        .control(other_power)
        .control(heavier)
        .control(larger_order)
        .control(constant_size)
        .control(smaller)
        .control(larger)
        .figure(
            Figure::linear("growth", "codimension k", "growth of log |X| per unit of time")
                .caption(
                    "Few normal directions: the noise dies out and the iterates collapse onto \
                     the minimum; many: it drives them away.",
                )
                .showing(|draw, _| growth_over_codimensions(draw)),
        )
        .figure(
            Figure::linear("places", "place x along the valley", "density")
                .caption(
                    "Six normal directions of curvature h = exp(cos(x)/2): noise that vanishes with the loss \
                     goes to flat places less than noise of constant size, and as much where it becomes critical.",
                )
                .showing(|_, _| places()),
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

/// Up to what Euler's method adds to the mean growth, which is known.
fn law(name: &str) -> TrialClaim<Ball> {
    const TIME: f64 = 2.0;
    Claim::law(name, "log|X_t| ~ N((−1 + θ(k − 2)/4) t, θt/2)", 0.03)
        .trials(65_536)
        .assuming([noise_of_the_loss()])
        .sampling(|ball: &Ball, block| {
            let logarithms = ball.logarithms(TIME, block.trials(), block.generator());
            let too_much = ball.growth_of_the_step() * TIME;
            Sample::at(TIME, logarithms).mapped(|_, log| log - too_much)
        })
        .distributed_as(|ball, t, log| ball.distribution(ball.growth(), ball.theta / 2.0, t, log))
}

fn noise_of_the_loss<I>() -> Hypothesis<I> {
    let why = "every step adds independent normal numbers of variance θfτ; a test of the methods checks it";
    Hypothesis::by_construction("isotropic noise of variance θf", why)
}

/// The name of that hypothesis.
const ON_THE_SIDE: &str = "k on that side of 2 + 4/θ";

fn on_the_side(side: Side) -> Hypothesis<Ball> {
    Hypothesis::new(ON_THE_SIDE, move |ball: &Ball, _| {
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
        .assuming([noise_of_the_loss(), on_the_side(side)])
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

fn positive_definite() -> Hypothesis<Case<Vec<f64>>> {
    Hypothesis::new("positive definite", |h: &Case<Vec<f64>>, _| {
        let least = h.iter().copied().fold(f64::INFINITY, minimum);
        Check::that(least > 0.0, format!("least eigenvalue {least}"))
    })
}

/// The mean of (ω·Hω)^(−p) over the sphere, by quadrature.
fn weight_of(h: &[f64], power: f64) -> f64 {
    inverse_power_on_sphere(h, power) / inverse_power_on_sphere(&vec![1.0; h.len()], power)
}

fn determinant(name: &str) -> Claim<Case<Vec<f64>>> {
    let formula = "mean of (ω·Hω)^(−p) over the sphere → det(H)^(−1/2) as p → k/2";
    Claim::identity(name, formula, 1e-5)
        .assuming([positive_definite()])
        .on(hessians())
        .measuring_each(|h| {
            let power = h.len() as f64 / 2.0 - 1e-7;
            Readings::at(power, weight_of(h, power))
        })
        .predicting(|h, _| h.iter().product::<f64>().sqrt().recip())
}

/// Without quadrature.
fn weight(name: &str) -> TrialClaim<Case<Vec<f64>>> {
    Claim::expected_value(name, "mean of (ω·Hω)^(−1) over the sphere = what quadrature says", 0.05)
        .trials(16_384)
        .assuming([positive_definite()])
        .on(hessians())
        .sampling(|h, block| {
            block.each_value(1.0, |random| {
                let (mut form, mut square) = (0.0, 0.0);
                for h in h.iter() {
                    let xi: f64 = StandardNormal.sample(random);
                    form += h * xi * xi;
                    square += xi * xi;
                }
                square / form
            })
        })
        .ranging(|h, _| {
            let least = h.iter().copied().fold(f64::INFINITY, minimum);
            (h.iter().copied().fold(0.0, maximum).recip(), least.recip())
        })
        .predicting(|h, p| weight_of(h, p))
}

fn critical(name: &str) -> Claim<Case<Vec<f64>>> {
    let formula = "weight − det(H)^(−1/2) ~ k/2 − 1 − 2/θ → 0";
    Claim::new(name, formula, Exponent::default().towards_zero())
        .assuming([positive_definite()])
        .on(hessians())
        .measuring(powers_of_two(-14..=-7), |h, gaps| {
            let half = h.len() as f64 / 2.0;
            let limit = h.iter().product::<f64>().sqrt().recip();
            gaps.read(|gap| (weight_of(h, half - gap) - limit).abs())
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

    /// E cos x for a density of the place that is this power of the width there.
    fn mean_cosine(&self, power: f64) -> f64 {
        Occupation::proportional_to(|x| powf(self.width.at(x), power)).mean_cosine()
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

fn integrable() -> Hypothesis<Walled> {
    Hypothesis::new("k > 2 + 4/θ, a bounded space", |_: &Walled, _| {
        let (k, threshold) = (Walled::CODIMENSION as f64, 2.0 + 4.0 / Walled::THETA);
        Check::at_least(k, threshold + 1.0, "k, 3 + 4/θ")
    })
}

/// The mean over time of the cosine of the place.
fn place(name: &str) -> TrialClaim<Walled> {
    let width = Width { level: 1.0, amplitude: 0.5, phase: 0.0 };
    Claim::expected_value(name, "E cos x for the density h^(−1−2/θ)", 0.12)
        .assuming([noise_of_the_loss(), integrable()])
        .trials(8192)
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
                into.iter_mut().zip(x.coordinate(0)).for_each(|(cosine, x)| *cosine = cos(*x));
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
        .ranging(|_, _| (-1.0, 1.0))
        .predicting(|walled, _| walled.mean_cosine(-2.0))
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

/// Critical for six normal directions is θ = 1.
fn places() -> Content {
    const DIRECTIONS: f64 = 6.0;
    let width = Width { level: 1.0, amplitude: 0.5, phase: 0.0 };
    let density = |label: &str, power: f64| {
        let law = Occupation::proportional_to(|x| powf(width.at(x), power));
        let places = (0..=60).map(|i| TAU * f64::from(i) / 60.0);
        Line::predicted(label, places.map(|x| (x, law.density(x))))
    };
    let vanishing = |theta: f64| density(&format!("vanishing, θ = {theta}"), -1.0 - 2.0 / theta);
    let lines = [4.0, 2.0, 1.1].map(vanishing).into_iter();
    let constant = density("of constant size", -DIRECTIONS / 2.0);
    Content::Lines { lines: lines.chain([constant]).collect() }
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
