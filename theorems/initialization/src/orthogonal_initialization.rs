#![doc = include_str!("orthogonal_initialization.md")]

use rand::Rng;
use theoria_instances::random_networks::{constant_width, digit, from_zero_to_one};
use theoria_instances::sequences::octaves;
use theoria_models::Matrix;
use theoria_models::networks::{
    Activation, DeepLinear, FreshNetworks, Initialization, digamma_of_half, haar_orthogonal,
    uncorrected_orthogonal,
};
use theoria_models::numerics::bisect;
use theoria_verification::judgement::Exponent;
use theoria_verification::{
    Block, Case, Check, Claim, Content, Draw, Effort, Family, Figure, Group, Hypothesis, Instance,
    Line, Reading, Readings, Side, Stream, Theorem, TrialClaim,
};

use crate::support::linear_starts::{PACE, Start};

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let equal = singular_values("all_singular_values_are_equal");
    let on_orthogonal = equal.clone().on(orthogonal());
    let larger = on_orthogonal
        .restated("all_singular_values_are_larger", "σ_k(W_L ⋯ W_1) = 1.001 gᴸ for all k")
        .predicting(|product, _| 1.001 * product.power_of_the_gain());
    let growth = condition("gaussian_condition_numbers_grow_by_the_gap_of_the_exponents");
    let slower = growth
        .restated(
            "gaussian_condition_numbers_grow_less",
            "E log κ per layer → 0.4 (ψ(n/2) − ψ(1/2))",
        )
        .predicting(|product, _| 0.4 * (digamma_of_half(product.width) - digamma_of_half(1)));
    let volumes = volumes("volumes_grow_by_the_sum_of_the_exponents");
    let alike = volumes
        .restated("all_directions_grow_alike", "E log vol_k = (k L/2) (log(2/n) + ψ(n/2))")
        .predicting(|product, k| k * product.depth as f64 * exponent(product.width, 1));
    let own_way = Claim::identity(
        "every_direction_is_learned_on_its_own",
        "|W − Φ|²/2 = Σ (u_i − s_i)²/2 at every step",
        1e-8,
    )
    .assuming([independent_factors(), shared_axes()])
    .on(orthogonal_starts([2, 8, 32]))
    .measuring_by_drawing(|start, draw| {
        start.losses(200, draw.generator()).into_iter().enumerate().collect()
    })
    .predicting_from(|start| start.losses_of_scalars(200, 1.0), |losses, n| losses[n as usize]);
    let slower_way = own_way
        .restated(
            "every_direction_is_learned_a_hundredth_slower",
            "|W − Φ|²/2 = Σ (u_i − s_i)²/2 with 0.99 η for η",
        )
        .predicting_from(
            |start| start.losses_of_scalars(200, 0.99),
            |losses, n| losses[n as usize],
        );
    let limit = limit_of_depth("deep_chains_follow_their_limit");
    let sooner = limit
        .restated("deep_chains_follow_their_limit_sooner", "|u_L(t) − u(t)| ~ L^−1.15 for η = 1/L")
        .predicting(|_, depth| depth.powf(-1.15));
    let any_depth = learning_time("orthogonal_networks_learn_in_a_time_without_depth")
        .on(orthogonal_starts([0]));
    let with_depth = any_depth
        .restated(
            "learning_takes_a_time_that_grows_with_depth",
            "time to 1% of the loss ~ depth^0.15 for step size ~ 1/depth",
        )
        .predicting(|_, depth| depth.powf(0.15));
    let plateaus = |name: &str| {
        share(
            name,
            "P(loss after 200 steps ≥ half of the loss at the start) ≥ 1/2",
            (Side::AtLeast, 0.5),
            |start, end| end >= start / 2.0,
        )
        .assuming([independent_factors(), deep_networks()])
    };
    let done = |start: f64, end: f64| end <= start / 100.0;
    let anywhere = share(
        "orthogonal_networks_do_not_learn_any_target_in_that_time",
        "independent target: P(loss after 200 steps ≤ 1% of the loss at the start) ≤ 3/4",
        (Side::AtMost, 0.75),
        done,
    )
    .assuming([independent_factors(), deep_networks()])
    .on(independent_targets([32]));
    let as_fast = share(
        "orthogonal_networks_learn_any_target_in_that_time",
        "independent target: P(loss after 200 steps ≤ 1% of the loss at the start) ≥ 3/4",
        (Side::AtLeast, 0.75),
        done,
    )
    .on(independent_targets([32]));
    let haar = haar_entry(
        "an_entry_has_the_law_of_haar",
        "q₁₁ is uniform on [−1, 1] for n = 3",
        haar_orthogonal,
    );
    let skewed = haar
        .restated(
            "an_entry_is_a_little_skewed",
            "q₁₁ has the density 1/2 + q/8 on [−1, 1] for n = 3",
        )
        .distributed_as(|_, _, q| (1.0 + q) / 2.0 + (q * q - 1.0) / 16.0);
    let coin = haar_sign(
        "both_signs_of_the_determinant_are_equally_likely",
        "P(det Q = 1) = 1/2",
        haar_orthogonal,
    );
    let unfair = coin
        .restated("one_sign_of_the_determinant_is_more_likely", "P(det Q = 1) = 0.6")
        .predicting(|_, _| 0.6);
    Theorem::new("initialization/orthogonal_initialization", include_str!("orthogonal_initialization.md"))
        .claim(on_orthogonal)
        .claim(lengths("lengths_of_tangents_are_kept", "|J_l u|² = g²ˡ |u|²", Activation::Linear, 1.0))
        .claim(growth)
        .claim(volumes)
        .claim(own_way)
        .claim(limit)
        .claim(any_depth)
        .claim(anywhere)
        .claim(plateaus("deep_gaussian_networks_have_learned_little_by_then").on(gaussian_starts([32])))
        .claim(haar)
        .claim(coin)
        .control(larger)
        .control(
            equal
                .restated("singular_values_of_gaussian_products_are_equal", "σ_k(W_L ⋯ W_1) = gᴸ for all k")
                .on(gaussian())
                .violating("orthogonal factors"),
        )
        .control(lengths(
            "lengths_of_tangents_are_kept_through_relu",
            "ReLU, g = √2: |J_l u|² = |u|²",
            Activation::Relu,
            2f64.sqrt(),
        ))
        .control(slower)
        .control(alike)
        .control(slower_way)
        .control(sooner)
        .control(with_depth)
        .control(as_fast.assuming([independent_factors(), deep_networks()]))
        .control(
            plateaus("shallow_gaussian_networks_have_learned_little_by_then")
                .on(gaussian_starts([2]))
                .violating("depth ≥ 32"),
        )
        .control(skewed)
        .control(unfair)
        .control(haar_entry(
            "any_qr_has_the_law_of_haar",
            "with Householder's signs q₁₁ is uniform on [−1, 1] for n = 3",
            uncorrected_orthogonal,
        ))
        .control(haar_sign(
            "any_qr_has_both_determinants",
            "with Householder's signs P(det Q = 1) = 1/2",
            uncorrected_orthogonal,
        ))
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
    /// gᴸ, 1 where there is no gain.
    fn power_of_the_gain(&self) -> f64 {
        match self.law {
            Initialization::Orthogonal { gain } => gain.powi(self.depth as i32),
            _ => 1.0,
        }
    }

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
        .assuming([Hypothesis::new("orthogonal factors", |product: &Product, draw| {
            let factors = product.draw(draw.generator());
            let off = factors.factors().iter().map(|factor| {
                let gram = factor.tr_mul(factor);
                let mean = gram.trace() / product.width as f64;
                (gram / mean - Matrix::identity(product.width, product.width)).amax()
            });
            Check::at_most(off.fold(0.0, f64::max), 1e-12, "|WᵀW/g² − I| of fresh factors")
        })])
        .measuring_by_drawing(|product: &Product, draw| {
            let values = product.draw(draw.generator()).end_to_end().singular_values();
            (1..=product.width).zip(values.iter().copied()).collect()
        })
        .predicting(|product, _| product.power_of_the_gain())
}

/// |J_l u|² of one network that sees a digit.
fn lengths(name: &str, formula: &str, activation: Activation, gain: f64) -> Claim<Product> {
    Claim::identity(name, formula, 1e-10)
        .assuming([independent_products()])
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
fn independent_products() -> Hypothesis<Product> {
    Hypothesis::by_construction(
        "independent factors",
        "each factor is drawn anew, Haar orthogonal or normal: the tests of models::networks look at their moments",
    )
}

fn independent_factors() -> Hypothesis<Start> {
    Hypothesis::by_construction(
        "independent factors",
        "each factor is drawn anew, Haar orthogonal or normal: the tests of models::networks look at their moments",
    )
}

fn shared_axes() -> Hypothesis<Start> {
    Hypothesis::by_construction(
        "Φ = A W_L(0) ⋯ W_1(0)",
        "the target is the product of the start, stretched along orthogonal axes",
    )
}

fn deep_networks() -> Hypothesis<Start> {
    Hypothesis::new("depth ≥ 32", |start: &Start, _| {
        Check::at_least(start.depth as f64, 32.0, "depth")
    })
}

/// (log(2/n) + ψ((n − k + 1)/2))/2.
fn exponent(n: usize, k: usize) -> f64 {
    ((2.0 / n as f64).ln() + digamma_of_half(n - k + 1)) / 2.0
}

/// log of the volume that J makes of the cube of the first k unit vectors: with J Q = R along the way, the sum of the
/// logarithms of the first k entries on the diagonals of R.
fn volumes(name: &str) -> TrialClaim<Product> {
    Claim::expected_value(name, "E log vol_k = (L/2) Σ_{j ≤ k} (log(2/n) + ψ((n−j+1)/2))", 0.08)
        .assuming([independent_products()])
        .trials(1 << 14)
        .on(Family::listed("Gaussian", [3, 5], |&width| Product {
            law: Initialization::Gaussian { variance: 1.0 },
            width,
            depth: 8,
        }))
        .sampling(|product: &Product, block: &mut Block| {
            let n = product.width;
            let checkpoints: Vec<f64> = (1..=n).map(|k| k as f64).collect();
            block.each(&checkpoints, |random| {
                let mut frame = Matrix::identity(n, n);
                let mut logs = vec![0.0; n];
                for factor in product.draw(random).factors() {
                    let (q, r) = (factor * frame).qr().unpack();
                    logs.iter_mut().enumerate().for_each(|(j, log)| *log += r[(j, j)].abs().ln());
                    frame = q;
                }
                logs.iter()
                    .scan(0.0, |sum, log| {
                        *sum += log;
                        Some(*sum)
                    })
                    .collect()
            })
        })
        .predicting(|product, k| {
            let sum: f64 = (1..=k as usize).map(|j| exponent(product.width, j)).sum();
            sum * product.depth as f64
        })
}

fn condition(name: &str) -> TrialClaim<Product> {
    const FROM: usize = 20;
    Claim::expected_value(name, "E log κ per layer → (ψ(n/2) − ψ(1/2))/2", 0.1)
        .assuming([independent_products()])
        .trials(4096)
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
    Family::listed("orthogonal", depths, |&depth| Start { orthogonal: true, own: true, depth })
}

/// Orthogonal networks whose targets have nothing to do with them but for the sign of the determinant.
fn independent_targets<const N: usize>(depths: [usize; N]) -> Family<Start> {
    Family::listed("orthogonal, independent target", depths, |&depth| Start {
        orthogonal: true,
        own: false,
        depth,
    })
}

fn gaussian_starts<const N: usize>(depths: [usize; N]) -> Family<Start> {
    Family::listed("Gaussian", depths, |&depth| Start { orthogonal: false, own: false, depth })
}

/// u at time t of u' = u² (s − u) from 1, for s > 1: t = log(u (s − 1)/(s − u))/s² + (1 − 1/u)/s.
fn limit_at(s: f64, t: f64) -> f64 {
    let time = |u: f64| (u * (s - 1.0) / (s - u)).ln() / (s * s) + (1.0 - 1.0 / u) / s;
    bisect(1.0, s, 0.0, |u| time(u) < t).0
}

/// Chains of more and more factors with step size 1/L², hence η = 1/L, at time 1.
fn limit_of_depth(name: &str) -> Claim<Case<f64>> {
    Claim::exponent(name, "|u_L(t) − u(t)| ~ 1/L for η = 1/L")
        .assuming([Hypothesis::new("s > 1", |s: &Case<f64>, _| {
            Check::at_least(**s, 1.1, "strength of the target")
        })])
        .on(Family::cases("strengths", [1.3f64, 1.7, 2.5], |s| format!("strength {s}")))
        .measuring(octaves(5..=12), |s, depths| {
            let (s, reached) = (**s, limit_at(**s, 1.0));
            depths.read(|depth| {
                let n = depth as f64;
                let w = (0..depth).fold(1.0f64, |w, _| {
                    let before = w.powf(n - 1.0);
                    w - before * (before * w - s) / (n * n)
                });
                Reading::new((w.powf(n) - reached).abs(), 1e-10)
            })
        })
        .predicting(|_, depth| 1.0 / depth)
}

fn learning_time(name: &str) -> Claim<Start> {
    let formula = "time to 1% of the loss ~ depth⁰ for step size ~ 1/depth";
    Claim::new(name, formula, Exponent::default().over_octaves(4))
        .assuming([independent_factors(), shared_axes()])
        .measuring_by_drawing(|start: &Start, draw| {
            Readings::over(octaves(4..=8), |depth| {
                Start { depth, ..*start }.learning_time(draw.generator())
            })
        })
        .predicting(|_, _| 1.0)
}

fn share(
    name: &str,
    formula: &str,
    (side, probability): (Side, f64),
    outcome: fn(f64, f64) -> bool,
) -> TrialClaim<Start> {
    const STEPS: usize = 200;
    Claim::probability(name, formula, side)
        .trials(256)
        .sampling(move |start: &Start, block: &mut Block| {
            block.each_event(STEPS, |random| {
                let losses = start.losses(STEPS, random);
                outcome(losses[0], losses[STEPS - 1])
            })
        })
        .predicting(move |_, _| probability)
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
fn haar_entry(name: &str, formula: &str, draw: DrawMatrix) -> TrialClaim<Product> {
    Claim::law(name, formula, 0.03)
        .assuming([independent_products()])
        .trials(1 << 15)
        .on(three())
        .sampling(move |_: &Product, block: &mut Block| {
            block.each_value(3.0, |random| draw(3, 3, random)[(0, 0)])
        })
        .distributed_as(|_, _, q| (1.0 + q) / 2.0)
}

fn haar_sign(name: &str, formula: &str, draw: DrawMatrix) -> TrialClaim<Product> {
    Claim::probability(name, formula, Side::Within(0.05))
        .assuming([independent_products()])
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
        let start = Start { orthogonal, own: orthogonal, depth };
        let losses = start.losses(300, draw.generator());
        let points = losses.iter().enumerate().step_by(3);
        Line::measured(
            &start.description(),
            points.map(|(step, loss)| (step as f64 * PACE, loss / losses[0])),
        )
    });
    Content::Lines { lines: lines.to_vec() }
}
