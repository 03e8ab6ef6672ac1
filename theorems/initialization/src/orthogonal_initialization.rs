#![doc = include_str!("orthogonal_initialization.md")]

use rand::Rng;
use theoria_instances::random_networks::{constant_width, digit, from_zero_to_one};
use theoria_instances::sequences::octaves;
use theoria_models::Matrix;
use theoria_models::networks::{
    Activation, DeepLinear, FreshNetworks, Initialization, digamma_of_half, haar_orthogonal,
    uncorrected_orthogonal,
};
use theoria_verification::judgement::Exponent;
use theoria_verification::{
    Block, Claim, Content, Draw, Effort, Family, Figure, Group, Instance, Line, Readings, Side,
    Stream, Theorem, TrialClaim,
};

use crate::support::linear_starts::{PACE, Start};

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let growth = condition("gaussian_condition_numbers_grow_by_the_gap_of_the_exponents");
    let stays = growth
        .restated("gaussian_condition_numbers_stay", "E log κ per layer → 0.1")
        .predicting(|_, _| 0.1);
    let any_depth = learning_time("orthogonal_networks_learn_in_a_time_without_depth")
        .on(orthogonal_starts([0]));
    let in_proportion = any_depth
        .restated(
            "learning_takes_a_time_in_proportion_to_depth",
            "time to 1% of the loss ~ depth for step size ~ 1/depth",
        )
        .predicting(|_, depth| depth);
    Theorem::new(
        "initialization/orthogonal_initialization",
        include_str!("orthogonal_initialization.md"),
    )
    .claim(singular_values("all_singular_values_are_equal").on(orthogonal()))
    .claim(lengths("lengths_of_tangents_are_kept", Activation::Linear, 1.0))
    .claim(growth)
    .claim(
        Claim::identity(
            "every_direction_is_learned_on_its_own",
            "|W − Φ|²/2 = Σ (u_i − s_i)²/2 at every step",
            1e-8,
        )
        .on(orthogonal_starts([2, 8, 32]))
        .measuring_by_drawing(|start, draw| {
            start.losses(200, draw.generator()).into_iter().enumerate().collect()
        })
        .predicting_from(|start| start.losses_of_scalars(200), |losses, n| losses[n as usize]),
    )
    .claim(any_depth)
    .claim(
        share(
            "deep_gaussian_networks_have_learned_little_by_then",
            "P(loss after 200 steps ≥ half of the loss at the start) ≥ 1/2",
            |start, end| end >= start / 2.0,
        )
        .on(gaussian_starts([32])),
    )
    .claim(haar_entry("an_entry_has_the_law_of_haar", haar_orthogonal))
    .claim(haar_sign("both_signs_of_the_determinant_are_equally_likely", haar_orthogonal))
    .control(singular_values("singular_values_of_gaussian_products_are_equal").on(gaussian()))
    .control(lengths(
        "lengths_of_tangents_are_kept_through_relu",
        Activation::Relu,
        2f64.sqrt(),
    ))
    .control(stays)
    .control(in_proportion)
    .control(
        share(
            "deep_gaussian_networks_learn_in_the_same_time",
            "P(loss after 200 steps ≤ 1% of the loss at the start) ≥ 1/2",
            |start, end| end <= start / 100.0,
        )
        .on(gaussian_starts([32])),
    )
    .control(haar_entry("any_qr_has_the_law_of_haar", uncorrected_orthogonal))
    .control(haar_sign("any_qr_has_both_determinants", uncorrected_orthogonal))
    .figure(
        Figure::semilog("losses", "step", "loss")
            .of("every_direction_is_learned_on_its_own")
            .caption("The loss of an orthogonal network is that of four scalar ones, at any depth."),
    )
    .figure(
        Figure::semilog("singular_values", "number of the singular value", "singular value")
        .caption(
            "Products of Gaussian matrices of width 8 spread their singular values exponentially with depth, as their \
             exponents say; products of orthogonal ones keep them all at 1.",
        )
        .showing(spectra),
    )
    .figure(
        Figure::semilog("learning_curves", "step size × depth × steps", "loss / loss at the start")
        .caption(
            "Orthogonal networks of any depth learn at the same pace; Gaussian ones of width 4 rest on a plateau, the longer \
             the deeper they are.",
        )
        .showing(learning_curves),
    )
}

/// Products of random matrices.
#[derive(Debug, Clone, Copy)]
struct Product {
    law: Initialization,
    width: usize,
    depth: usize,
}

impl Product {
    fn draw(&self, random: &mut (impl Rng + ?Sized)) -> DeepLinear {
        DeepLinear::draw(&constant_width(self.width, self.depth), self.law, random)
    }
}

impl Instance for Product {
    fn description(&self) -> String {
        format!("product of {} {:?} matrices of width {}", self.depth, self.law, self.width)
    }
}

fn orthogonal() -> Family<Product> {
    Family::listed("orthogonal", [0.9, 1.0, 1.1], |&gain| Product {
        law: Initialization::Orthogonal { gain },
        width: 12,
        depth: 40,
    })
}

fn gaussian() -> Family<Product> {
    Family::single("Gaussian", || Product {
        law: Initialization::Gaussian { variance: 1.0 },
        width: 12,
        depth: 5,
    })
}

fn singular_values(name: &str) -> Claim<Product> {
    Claim::identity(name, "σ_k(W_L ⋯ W_1) = gᴸ for all k", 1e-10)
        .measuring_by_drawing(|product: &Product, draw| {
            let values = product.draw(draw.generator()).end_to_end().singular_values();
            (1..=product.width).zip(values.iter().copied()).collect()
        })
        .predicting(|product, _| match product.law {
            Initialization::Orthogonal { gain } => gain.powi(product.depth as i32),
            _ => 1.0,
        })
}

/// |J_l u|² of one network that sees a digit.
fn lengths(name: &str, activation: Activation, gain: f64) -> Claim<Product> {
    Claim::identity(name, "|J_l u|² = g²ˡ |u|²", 1e-10)
        .on(Family::single("width 64", move || Product {
            law: Initialization::Orthogonal { gain },
            width: 64,
            depth: 20,
        }))
        .measuring_by_drawing(move |product, draw| {
            let widths = constant_width(product.width, product.depth);
            let networks = FreshNetworks::orthogonal(&widths, activation, gain).in_law();
            let stream = Stream::drawn(draw.generator());
            let seen = networks.run(&[digit(0)], &[from_zero_to_one()], 1, |net| stream.trial(net));
            Readings::over(1..=product.depth, |l| seen.tangent(0, l, 0))
        })
        .predicting(|_, _| 1.0)
}

/// Growth of log κ per layer between two depths, far enough from 0 for the singular values to be apart.
fn condition(name: &str) -> TrialClaim<Product> {
    const FROM: usize = 20;
    Claim::expected_value(name, "E log κ per layer → (ψ(n/2) − ψ(1/2))/2", 0.1)
        .trials(2048)
        .on(Family::listed("Gaussian", [2, 3, 4], |&width| Product {
            law: Initialization::Gaussian { variance: 1.0 },
            width,
            depth: 40,
        }))
        .sampling(|product: &Product, block: &mut Block| {
            block.each_value(product.width, |random| {
                let factors = product.draw(random);
                let [begin, end] =
                    [FROM, product.depth].map(|depth| log_condition(&factors.factors()[..depth]));
                (end - begin) / (product.depth - FROM) as f64
            })
        })
        .predicting(|product, _| (digamma_of_half(product.width) - digamma_of_half(1)) / 2.0)
}

/// log κ of W_L ⋯ W_1: products of the factors and of their inverses, each scaled to norm 1 on the way, show the
/// largest and the smallest singular value whatever lies between them. NaN if a factor is singular.
fn log_condition(factors: &[Matrix]) -> f64 {
    let n = factors[0].nrows();
    let (mut map, mut inverse, mut log) = (Matrix::identity(n, n), Matrix::identity(n, n), 0.0);
    for factor in factors {
        let Some(inverted) = factor.clone().try_inverse() else {
            return f64::NAN;
        };
        map = factor * map;
        inverse *= inverted;
        for product in [&mut map, &mut inverse] {
            let size = product.norm();
            *product /= size;
            log += size.ln();
        }
    }
    log + (map.singular_values().max() * inverse.singular_values().max()).ln()
}

fn orthogonal_starts<const N: usize>(depths: [usize; N]) -> Family<Start> {
    Family::listed("orthogonal", depths, |&depth| Start { orthogonal: true, depth })
}

fn gaussian_starts<const N: usize>(depths: [usize; N]) -> Family<Start> {
    Family::listed("Gaussian", depths, |&depth| Start { orthogonal: false, depth })
}

fn learning_time(name: &str) -> Claim<Start> {
    let formula = "time to 1% of the loss ~ depth⁰ for step size ~ 1/depth";
    Claim::new(name, formula, Exponent::default().over_octaves(4))
        .measuring_by_drawing(|start: &Start, draw| {
            Readings::over(octaves(4..=8), |depth| {
                Start { depth, ..*start }.learning_time(draw.generator())
            })
        })
        .predicting(|_, _| 1.0)
}

fn share(name: &str, formula: &str, outcome: fn(f64, f64) -> bool) -> TrialClaim<Start> {
    const STEPS: usize = 200;
    Claim::probability(name, formula, Side::AtLeast)
        .trials(128)
        .sampling(move |start: &Start, block: &mut Block| {
            block.each_event(STEPS, |random| {
                let losses = start.losses(STEPS, random);
                outcome(losses[0], losses[STEPS - 1])
            })
        })
        .predicting(|_, _| 0.5)
}

type DrawMatrix = fn(usize, usize, &mut theoria_verification::Generator) -> Matrix;

fn three() -> Family<Product> {
    Family::single("3 x 3", || Product {
        law: Initialization::Orthogonal { gain: 1.0 },
        width: 3,
        depth: 1,
    })
}

/// In three dimensions a coordinate of a uniform unit vector is uniform (Archimedes).
fn haar_entry(name: &str, draw: DrawMatrix) -> TrialClaim<Product> {
    Claim::law(name, "q₁₁ is uniform on [−1, 1] for n = 3", 0.03)
        .trials(1 << 15)
        .on(three())
        .sampling(move |_: &Product, block: &mut Block| {
            block.each_value(3.0, |random| draw(3, 3, random)[(0, 0)])
        })
        .distributed_as(|_, _, q| (1.0 + q) / 2.0)
}

fn haar_sign(name: &str, draw: DrawMatrix) -> TrialClaim<Product> {
    Claim::probability(name, "P(det Q = 1) = 1/2", Side::Within(0.05))
        .trials(1 << 14)
        .on(three())
        .sampling(move |_: &Product, block: &mut Block| {
            block.each_event(3.0, |random| draw(3, 3, random).determinant() > 0.0)
        })
        .predicting(|_, _| 0.5)
}

fn spectra(draw: &mut Draw, _: Effort) -> Content {
    const WIDTH: usize = 8;
    let gaussian = Initialization::Gaussian { variance: 1.0 };
    let orthogonal = Initialization::Orthogonal { gain: 1.0 };
    let products = [
        ("Gaussian", gaussian, 1),
        ("Gaussian", gaussian, 4),
        ("Gaussian", gaussian, 12),
        ("orthogonal", orthogonal, 12),
    ];
    let groups = products.map(|(name, law, depth)| {
        let map = Product { law, width: WIDTH, depth }.draw(draw.generator()).end_to_end();
        let mut values: Vec<f64> = map.singular_values().iter().copied().collect();
        values.sort_by(|a, b| b.total_cmp(a));
        let points = (1..).zip(values).map(|(k, value)| (f64::from(k), value));
        Group::new(&format!("{name}, depth {depth}"), points)
    });
    let exponents = |depth: usize| {
        (1..=WIDTH).map(move |k| {
            let exponent = (digamma_of_half(WIDTH - k + 1) + (2.0 / WIDTH as f64).ln()) / 2.0;
            (k as f64, (depth as f64 * exponent).exp())
        })
    };
    Content::Points {
        groups: groups.to_vec(),
        lines: [4, 12]
            .map(|depth| Line::predicted(&format!("exponents, depth {depth}"), exponents(depth)))
            .to_vec(),
    }
}

fn learning_curves(draw: &mut Draw, _: Effort) -> Content {
    let starts = [(true, 4), (true, 32), (false, 2), (false, 8), (false, 32)];
    let lines = starts.map(|(orthogonal, depth)| {
        let start = Start { orthogonal, depth };
        let losses = start.losses(300, draw.generator());
        let points = losses.iter().enumerate().step_by(3);
        Line::measured(
            &start.description(),
            points.map(|(step, loss)| (step as f64 * PACE, loss / losses[0])),
        )
    });
    Content::Lines { lines: lines.to_vec() }
}
