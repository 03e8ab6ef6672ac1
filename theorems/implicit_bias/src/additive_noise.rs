#![doc = include_str!("additive_noise.md")]

use std::f64::consts::{PI, TAU};

use rand::rngs::Xoshiro256PlusPlus;
use rand::{Rng, RngExt, SeedableRng};
use rand_distr::{Distribution, StandardNormal};
use theoria_algorithms::{EnsembleRun, EulerMaruyama, GradientDescent, Quantity};
use theoria_elementary::{cos, powf};
use theoria_models::objectives::{PeriodicValley, Quadratic, Width};
use theoria_models::stochastic::Occupation;
use theoria_models::{Ensemble, Objective, Vector};
use theoria_verification::{
    Block, Case, Check, Claim, Constant, Content, Draw, Family, Figure, Hypothesis, Instance, Line,
    Sample, Theorem, TrialClaim,
};

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let law = "the density along the valley ~ det H^(−1/2)";
    let flat = occupied("mass_goes_to_flat_places", law, Noise::Additive).on(one_valley());
    let instead = |name, formula, weight| {
        let control = flat.restated(name, formula);
        control.distributed_as(move |warm, _, x| warm.law(weight).distribution(x))
    };
    let inverse =
        instead("inverse_curvature", "the density along the valley ~ 1/det H", Weight::Inverse);
    let uniform = instead("no_preference", "the density along the valley is uniform", Weight::None);
    let weaker = instead(
        "flat_places_in_a_smaller_power",
        "the density along the valley ~ det H^(−0.3)",
        Weight::Weaker,
    );
    let stronger = instead(
        "flat_places_in_a_larger_power",
        "the density along the valley ~ det H^(−0.7)",
        Weight::Stronger,
    );
    let cosine = mean_cosine("mean_cosine_of_the_place");
    let cosine_instead = |name, formula, power: f64| {
        let control = cosine.restated(name, formula);
        control.predicting(move |warm, _| warm.mean_cosine(power))
    };
    let nearer = cosine_instead(
        "mean_cosine_for_a_smaller_power",
        "E cos x for the density det H^(−0.42)",
        -0.42,
    );
    let farther = cosine_instead(
        "mean_cosine_for_a_larger_power",
        "E cos x for the density det H^(−0.58)",
        -0.58,
    );
    let variance = variance("stationary_variance_at_finite_steps");
    let of_the_limit = variance
        .restated("stationary_variance_of_the_limit", "E y² = ε/c")
        .predicting(|at, _| at.value.0.recip());
    Theorem::new("implicit_bias/additive_noise", include_str!("additive_noise.md"))
        .uses(
            "stochastic/sgd_noise_floor",
            "the stationary variance of a mode, which is that of Euler's method",
        )
        .claim(flat.on(other_valleys()))
        .claim(cosine)
        .claim(variance)
        .control(inverse)
        .control(uniform)
        .control(weaker)
        .control(stronger)
        .control(nearer)
        .control(farther)
        .control(
            occupied(
                "gradient_descent_prefers_flat_places",
                "gradient descent: the density along the valley ~ det H^(−1/2)",
                Noise::None,
            )
            .on(one_valley()),
        )
        .control(of_the_limit)
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

/// A power of the normal determinant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Weight {
    None,
    /// −0.3.
    Weaker,
    /// −1/2.
    Flat,
    /// −0.7.
    Stronger,
    /// −1.
    Inverse,
}

impl Weight {
    const ALL: [Weight; 5] =
        [Weight::None, Weight::Weaker, Weight::Flat, Weight::Stronger, Weight::Inverse];

    fn exponent(self) -> f64 {
        match self {
            Weight::None => 0.0,
            Weight::Weaker => -0.3,
            Weight::Flat => -0.5,
            Weight::Stronger => -0.7,
            Weight::Inverse => -1.0,
        }
    }
}

/// A valley and the temperature of the noise.
struct Warm {
    valley: PeriodicValley,
    temperature: f64,
    /// Laws of the place along the valley, one a weight.
    laws: [Occupation; 5],
}

impl Warm {
    fn new(valley: PeriodicValley, temperature: f64) -> Self {
        let laws = Weight::ALL.map(|weight| occupation_of(&valley, weight.exponent()));
        Warm { laws, valley, temperature }
    }

    /// E cos x for this power of the normal determinant.
    fn mean_cosine(&self, power: f64) -> f64 {
        occupation_of(&self.valley, power).mean_cosine()
    }

    /// The law whose density is proportional to this power of the normal determinant.
    fn law(&self, weight: Weight) -> &Occupation {
        &self.laws[weight as usize]
    }

    /// Euler's step.
    const STEP: f64 = 0.0125;

    /// Steps until the place along the valley is forgotten, up to e^−6.
    fn steps(&self) -> usize {
        (6.0 / (self.temperature * Self::STEP)).ceil() as usize
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

/// The law whose density is proportional to a power of the normal determinant.
fn occupation_of(valley: &PeriodicValley, power: f64) -> Occupation {
    let determinant = |x| valley.normal_eigenvalues(x).into_iter().product::<f64>();
    Occupation::proportional_to(|x| powf(determinant(x), power))
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

fn first() -> PeriodicValley {
    PeriodicValley::radial(narrow(1.5, 0.0), 1)
}

fn one_valley() -> Family<Warm> {
    Family::single("valley", || Warm::new(first(), 0.5))
}

/// One normal direction at a higher temperature, and two that are narrow at different places.
fn other_valleys() -> Family<Warm> {
    let two = PeriodicValley::new(vec![narrow(1.0, 0.0), narrow(0.7, PI / 2.0)]);
    Family::listed("other valleys", [(first(), 2.0), (two, 1.0)], |(valley, temperature)| {
        Warm::new(valley.clone(), *temperature)
    })
}

fn periodic() -> Hypothesis<Warm> {
    Hypothesis::new("positive widths of period 2π", |warm: &Warm, _| {
        let widths = |x: f64| warm.valley.normal_eigenvalues(x);
        let places = (0..100).map(|k| TAU * f64::from(k) / 100.0);
        let (mut least, mut gap) = (f64::INFINITY, 0f64);
        for x in places {
            for (here, there) in widths(x).into_iter().zip(widths(x + TAU)) {
                least = least.min(here);
                gap = gap.max((here - there).abs());
            }
        }
        Check::that(least > 0.0 && gap < 1e-12, format!("least width {least:.3}, gap {gap:.1e}"))
    })
}

fn euler<I>() -> Hypothesis<I> {
    let why = "every step adds independent normal numbers of variance 2ετ; a test of the methods checks it";
    Hypothesis::by_construction("white noise of constant size", why)
}

/// Normals come from it about twice as fast as from the block's own generator.
fn fast(block: &mut Block) -> Xoshiro256PlusPlus {
    Xoshiro256PlusPlus::from_rng(block.generator())
}

fn occupied(name: &str, formula: &str, noise: Noise) -> TrialClaim<Warm> {
    Claim::law(name, formula, 0.025)
        .trials(131_072)
        .assuming([periodic(), euler()])
        .sampling(move |warm: &Warm, block| {
            let random = &mut fast(block);
            let start = warm.starts(block.trials(), random);
            Sample::at(warm.steps(), warm.places(noise, start, random))
        })
        .distributed_as(|warm, _, x| warm.law(Weight::Flat).distribution(x))
}

/// A mean is known better than a whole law.
fn mean_cosine(name: &str) -> TrialClaim<Warm> {
    Claim::expected_value(name, "E cos x for the density det H^(−1/2)", 0.05)
        .trials(131_072)
        .assuming([periodic(), euler()])
        .on(one_valley())
        .sampling(|warm: &Warm, block| {
            let random = &mut fast(block);
            let start = warm.starts(block.trials(), random);
            let places = warm.places(Noise::Additive, start, random);
            Sample::at(warm.steps(), places.into_iter().map(cos))
        })
        .ranging(|_, _| (-1.0, 1.0))
        .predicting(|warm, _| warm.mean_cosine(-0.5))
}

/// 2ε/(c (2 − cτ)) at ε = 1.
fn stationary(curvature: f64, step: f64) -> f64 {
    2.0 / (curvature * (2.0 - curvature * step))
}

/// f = c y²/2 at temperature 1, by c and the time step.
fn variance(name: &str) -> TrialClaim<Case<(f64, f64)>> {
    let stable = Hypothesis::new("cτ < 2", |at: &Case<(f64, f64)>, _| {
        Check::at_most(at.value.0 * at.value.1, 2.0, "cτ")
    });
    Claim::expected_value(name, "E y² = 2ε/(c (2 − cτ))", 0.05)
        .trials(131_072)
        .assuming([stable, euler()])
        .on(Family::cases("bowls", [(1.0, 0.2f64), (1.0, 0.4), (2.0, 0.5)], |(curvature, step)| {
            format!("curvature {curvature}, steps of {step}")
        }))
        .sampling(|&Case { value: (curvature, step), .. }, block| {
            let start = Ensemble::repeat(&Vector::zeros(1), block.trials());
            let steps = (8.0 / (curvature * step)).ceil() as usize;
            let method = EulerMaruyama::additive(step, 1.0, fast(block));
            let square = [Quantity::distance_squared(Vector::zeros(1))];
            let bottom = Quadratic::diagonal(&[curvature]);
            let run = EnsembleRun::of(method, &bottom, start, &[steps], &square);
            Sample::at(steps, run.at(0, 0).to_vec())
        })
        // y is normal, and its variance rises to the stationary one: E y⁴ is at most three times the square of that.
        .second_moment_at_most(|at, _| 3.0 * stationary(at.value.0, at.value.1).powi(2))
        .predicting(|at, _| stationary(at.value.0, at.value.1))
}

fn occupation(draw: &mut Draw) -> Content {
    let warm = Warm::new(first(), 0.5);
    let start = warm.starts(8000, draw.generator());
    let places = warm.places(Noise::Additive, start, draw.generator());
    let line = |label: &str, weight: Weight| {
        let places = (0..=60).map(|i| TAU * f64::from(i) / 60.0);
        Line::predicted(label, places.map(|x| (x, warm.law(weight).density(x))))
    };
    let lines = vec![
        line("h^(−1/2)", Weight::Flat),
        line("1/h", Weight::Inverse),
        line("uniform", Weight::None),
    ];
    Content::histogram(&places, 30, lines)
}
