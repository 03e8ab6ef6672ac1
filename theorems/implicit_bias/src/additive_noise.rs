#![doc = include_str!("additive_noise.md")]

use std::f64::consts::{PI, TAU};

use rand::{Rng, RngExt};
use rand_distr::{Distribution, StandardNormal};
use theoria_algorithms::{EnsembleRun, EulerMaruyama, GradientDescent, Quantity};
use theoria_models::objectives::{PeriodicValley, Quadratic, Width};
use theoria_models::stochastic::Occupation;
use theoria_models::{Ensemble, Objective, Vector};
use theoria_verification::{
    Case, Claim, Constant, Content, Draw, Family, Figure, Instance, Line, Sample, Theorem,
    TrialClaim,
};

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    Theorem::new("implicit_bias/additive_noise", include_str!("additive_noise.md"))
        .claim(occupied("mass_goes_to_flat_places", "the density along the valley ~ det H^(−1/2)", Noise::Additive).on(valleys()))
        .claim(variance("stationary_variance_at_finite_steps", "E y² = 2ε/(c (2 − cτ))", |c, tau| 2.0 / (c * (2.0 - c * tau))))
        .control(occupied("inverse_curvature", "the density along the valley ~ 1/det H", Noise::Additive).on(one_valley(f64::recip)))
        .control(occupied("no_preference", "the density along the valley is uniform", Noise::Additive).on(one_valley(|_| 1.0)))
        .control(occupied("gradient_descent_prefers_flat_places", "gradient descent: the density along the valley ~ det H^(−1/2)", Noise::None).on(one_valley(flat)))
        .control(variance("stationary_variance_of_the_limit", "E y² = ε/c", |c, _| 1.0 / c))
        .figure(
            Figure::linear("law", "quantile of the predicted law", "share of the trials below")
                .of("mass_goes_to_flat_places")
                .of("inverse_curvature")
                .caption("The predicted law is on the diagonal; the density 1/h is not."),
        )
        .figure(
            Figure::linear("occupation", "place x along the valley", "density")
                .caption("Noise of constant size spends its time where the valley is wide, as h^(−1/2) says; h is largest at 0 and 2π.")
                .showing(|draw, _| occupation(draw)),
        )
}

/// A valley and the temperature of the noise.
#[derive(Clone)]
struct Warm {
    valley: PeriodicValley,
    temperature: f64,
    /// What is claimed of the place along the valley.
    law: Occupation,
}

impl Warm {
    /// The claimed density is the product of this weight over the normal eigenvalues.
    fn new(valley: PeriodicValley, temperature: f64, weight: fn(f64) -> f64) -> Self {
        let density = |x| valley.normal_eigenvalues(x).into_iter().map(weight).product();
        Warm { law: Occupation::proportional_to(density), valley, temperature }
    }

    /// Euler's step.
    const STEP: f64 = 0.05;

    /// Steps until the place along the valley is forgotten, up to e^−4.
    fn steps(&self) -> usize {
        (4.0 / (self.temperature * Self::STEP)).ceil() as usize
    }

    /// Places uniform on the circle, and y as if they stayed there.
    fn starts(&self, trials: usize, random: &mut impl Rng) -> Ensemble {
        let points: Vec<Vector> = (0..trials)
            .map(|_| {
                let x = TAU * random.random::<f64>();
                let across = self.valley.normal_eigenvalues(x).into_iter().map(|h| {
                    let xi: f64 = StandardNormal.sample(random);
                    xi * (self.temperature / h).sqrt()
                });
                Vector::from_iterator(
                    1 + self.valley.codimension(),
                    std::iter::once(x).chain(across),
                )
            })
            .collect();
        Ensemble::from_trials(&points)
    }

    /// The places along the valley after this many steps, in [0, 2π).
    fn places(&self, noise: Noise, start: Ensemble, random: &mut impl Rng) -> Vec<f64> {
        let (at, what) = ([self.steps()], [Quantity::coordinate(0)]);
        let run = match noise {
            Noise::Additive => {
                let method = EulerMaruyama::additive(Self::STEP, self.temperature, random);
                EnsembleRun::of(method, &self.valley, start, &at, &what)
            }
            Noise::None => {
                EnsembleRun::of(GradientDescent::new(Self::STEP), &self.valley, start, &at, &what)
            }
        };
        run.at(0, 0).iter().map(|x| x.rem_euclid(TAU)).collect()
    }
}

impl Instance for Warm {
    fn description(&self) -> String {
        self.valley.describe()
    }

    fn constants(&self) -> Vec<Constant> {
        vec![Constant::exact("ε", self.temperature)]
    }
}

#[derive(Debug, Clone, Copy)]
enum Noise {
    Additive,
    None,
}

fn narrow(amplitude: f64, phase: f64) -> Width {
    Width { level: 1.0, amplitude, phase }
}

/// The weight h^(−1/2).
fn flat(h: f64) -> f64 {
    h.sqrt().recip()
}

fn first() -> PeriodicValley {
    PeriodicValley::radial(narrow(1.5, 0.0), 1)
}

fn one_valley(weight: fn(f64) -> f64) -> Family<Warm> {
    Family::single("valley", move || Warm::new(first(), 0.5, weight))
}

/// One normal direction at two temperatures, and two that are narrow at different places.
fn valleys() -> Family<Warm> {
    let two = PeriodicValley::new(vec![narrow(1.0, 0.0), narrow(0.7, PI / 2.0)]);
    let all = [(first(), 0.5), (first(), 2.0), (two, 1.0)];
    Family::listed("valley", all, |(valley, temperature)| {
        Warm::new(valley.clone(), *temperature, flat)
    })
}

fn occupied(name: &str, formula: &str, noise: Noise) -> TrialClaim<Warm> {
    Claim::law(name, formula, 0.04)
        .trials(65_536)
        .sampling(move |warm: &Warm, block| {
            let start = warm.starts(block.trials(), block.generator());
            Sample::at(warm.steps(), warm.places(noise, start, block.generator()))
        })
        .distributed_as(|warm, _, x| warm.law.distribution(x))
}

/// f = c y²/2 at temperature 1, by c and the time step.
fn variance(
    name: &str,
    formula: &str,
    predicted: fn(f64, f64) -> f64,
) -> TrialClaim<Case<(f64, f64)>> {
    Claim::expected_value(name, formula, 0.05)
        .trials(131_072)
        .on(Family::cases("bowls", [(1.0, 0.2f64), (1.0, 0.4), (2.0, 0.5)], |(curvature, step)| {
            format!("curvature {curvature}, steps of {step}")
        }))
        .sampling(|&Case { value: (curvature, step), .. }, block| {
            let start = Ensemble::repeat(&Vector::zeros(1), block.trials());
            let steps = (8.0 / (curvature * step)).ceil() as usize;
            let method = EulerMaruyama::additive(step, 1.0, block.generator());
            let square = [Quantity::distance_squared(Vector::zeros(1))];
            let bottom = Quadratic::diagonal(&[curvature]);
            let run = EnsembleRun::of(method, &bottom, start, &[steps], &square);
            Sample::at(steps, run.at(0, 0).to_vec())
        })
        .predicting(move |&Case { value: (curvature, step), .. }, _| predicted(curvature, step))
}

fn occupation(draw: &mut Draw) -> Content {
    let warm = Warm::new(first(), 0.5, flat);
    let start = warm.starts(8000, draw.generator());
    let places = warm.places(Noise::Additive, start, draw.generator());
    let line = |label: &str, weight: fn(f64) -> f64| {
        let law = Warm::new(first(), 0.5, weight).law;
        Line::predicted(
            label,
            (0..=60).map(|i| {
                let x = TAU * f64::from(i) / 60.0;
                (x, law.density(x))
            }),
        )
    };
    let lines = vec![line("h^(−1/2)", flat), line("1/h", f64::recip), line("uniform", |_| 1.0)];
    Content::histogram(&places, 30, lines)
}
