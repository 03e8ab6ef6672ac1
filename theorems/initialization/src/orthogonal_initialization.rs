#![doc = include_str!("orthogonal_initialization.md")]

use theoria_elementary::{exp, powf};
use theoria_instances::random_networks::{constant_width, digit, from_zero_to_one};
use theoria_instances::sequences::octaves;
use theoria_models::Matrix;
use theoria_models::networks::{
    Activation, FreshNetworks, Initialization, digamma_of_half, haar_orthogonal,
    uncorrected_orthogonal,
};
use theoria_verification::judgement::Exponent;
use theoria_verification::{
    Block, Case, Claim, Content, Draw, Effort, Figure, Group, Instance, Line, Reading, Readings,
    Side, Stream, Theorem, TrialClaim,
};

use crate::support::deep_chains::{beyond_the_start, limit_at, product_at_one, strengths};
use crate::support::hypotheses::independent_factors;
use crate::support::linear_starts::{
    PACE, Start, deep_networks, gaussian_starts, independent_targets, orthogonal_starts,
    shared_axes,
};
use crate::support::matrix_products::{
    Product, exponent, gaussian, orthogonal, orthogonal_factors, shallow_gaussian, three, wide,
};

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
            "E log κ per layer → 0.43 (ψ(n/2) − ψ(1/2))",
        )
        .predicting(|product, _| 0.43 * (digamma_of_half(product.width) - digamma_of_half(1)));
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
        .predicting(|_, depth| powf(depth, -1.15));
    let any_depth = learning_time("orthogonal_networks_learn_in_a_time_without_depth")
        .on(orthogonal_starts([0]));
    let with_depth = any_depth
        .restated(
            "learning_takes_a_time_that_grows_with_depth",
            "time to 1% of the loss ~ depth^0.15 for step size ~ 1/depth",
        )
        .predicting(|_, depth| powf(depth, 0.15));
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
    .assuming([independent_factors(), deep_networks()]);
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
        .restated("one_sign_of_the_determinant_is_more_likely", "P(det Q = 1) = 0.55")
        .predicting(|_, _| 0.55);
    Theorem::new("initialization/orthogonal_initialization", include_str!("orthogonal_initialization.md"))
        .uses(
            "initialization/critical_variance",
            "what Gaussian layers do to the length of a vector, on a logarithmic scale",
        )
        .uses(
            "landscape/saxe_dynamics",
            "from an aligned and balanced start each mode is learned by itself",
        )
        .claim(on_orthogonal)
        .claim(lengths("lengths_of_tangents_are_kept", "|J_l u|² = g²ˡ |u|²", Activation::Linear, 1.0))
        .claim(growth)
        .claim(volumes)
        .claim(own_way)
        .claim(limit)
        .claim(any_depth)
        .claim(anywhere.clone().on(independent_targets([32])))
        .claim(plateaus("deep_gaussian_networks_have_learned_little_by_then").on(gaussian_starts([32])))
        .claim(haar)
        .claim(coin)
        .control(larger)
        .control(
            equal
                .restated("singular_values_of_gaussian_products_are_equal", "σ_k(W_L ⋯ W_1) = gᴸ for all k")
                .on(shallow_gaussian())
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
            anywhere
                .restated(
                    "shallow_networks_do_not_learn_any_target_in_that_time",
                    "independent target: P(loss after 200 steps ≤ 1% of the loss at the start) ≤ 3/4",
                )
                .on(independent_targets([2]))
                .violating("depth ≥ 32"),
        )
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

fn singular_values(name: &str) -> Claim<Product> {
    Claim::identity(name, "σ_k(W_L ⋯ W_1) = gᴸ for all k", 1e-10)
        .assuming([orthogonal_factors()])
        .measuring_by_drawing(|product: &Product, draw| {
            (1..=product.width).zip(product.draw_singular_values(draw.generator())).collect()
        })
        .predicting(|product, _| product.power_of_the_gain())
}

/// |J_l u|² of one network that sees a digit.
fn lengths(name: &str, formula: &str, activation: Activation, gain: f64) -> Claim<Product> {
    Claim::identity(name, formula, 1e-10)
        .assuming([independent_factors()])
        .on(wide(gain))
        .measuring_by_drawing(move |product, draw| {
            let widths = constant_width(product.width, product.depth);
            let networks = FreshNetworks::orthogonal(&widths, activation, gain).in_law();
            let stream = Stream::drawn(draw.generator());
            let seen = networks.run(&[digit(0)], &[from_zero_to_one()], 1, |net| stream.trial(net));
            Readings::over(1..=product.depth, |l| seen.tangent(0, l, 0))
        })
        .predicting(|_, _| 1.0)
}

/// vol_k is the volume that the product makes of the cube of the first k unit vectors.
fn volumes(name: &str) -> TrialClaim<Product> {
    Claim::expected_value(name, "E log vol_k = (L/2) Σ_{j ≤ k} (log(2/n) + ψ((n−j+1)/2))", 0.08)
        .assuming([independent_factors()])
        .trials(1 << 16)
        .on(gaussian([3, 5], 8))
        .sampling(|product: &Product, block: &mut Block| {
            let checkpoints: Vec<f64> = (1..=product.width).map(|k| k as f64).collect();
            block.each(&checkpoints, |random| product.draw_log_volumes(random))
        })
        .predicting(|product, k| {
            let sum: f64 = (1..=k as usize).map(|j| exponent(product.width, j)).sum();
            sum * product.depth as f64
        })
}

/// Growth of log κ per layer between two depths, far enough from 0 for the singular values to be apart.
fn condition(name: &str) -> TrialClaim<Product> {
    const FROM: usize = 20;
    Claim::expected_value(name, "E log κ per layer → (ψ(n/2) − ψ(1/2))/2", 0.07)
        .assuming([independent_factors()])
        .trials(8192)
        .on(gaussian([2, 3, 4], 40))
        .sampling(|product: &Product, block: &mut Block| {
            block.each_value(product.width, |random| product.draw_condition_growth(FROM, random))
        })
        .predicting(|product, _| (digamma_of_half(product.width) - digamma_of_half(1)) / 2.0)
}

/// Of chains of more and more factors at time 1.
fn limit_of_depth(name: &str) -> Claim<Case<f64>> {
    Claim::exponent(name, "|u_L(t) − u(t)| ~ 1/L for η = 1/L")
        .assuming([beyond_the_start()])
        .on(strengths())
        .measuring(octaves(5..=12), |s, depths| {
            let (s, limit) = (**s, limit_at(**s, 1.0));
            depths.read(|depth| Reading::new((product_at_one(s, depth) - limit).abs(), 1e-10))
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
        .trials(1024)
        .sampling(move |start: &Start, block: &mut Block| {
            block.each_event(STEPS, |random| {
                let losses = start.losses(STEPS, random);
                outcome(losses[0], losses[STEPS - 1])
            })
        })
        .predicting(move |_, _| probability)
}

type DrawMatrix = fn(usize, usize, &mut theoria_verification::Generator) -> Matrix;

/// In three dimensions a coordinate of a uniform unit vector is uniform (Archimedes).
fn haar_entry(name: &str, formula: &str, draw: DrawMatrix) -> TrialClaim<Product> {
    Claim::law(name, formula, 0.03)
        .assuming([independent_factors()])
        // So many that the band leaves room for the distance of all but one in 10^11 samples of the law itself.
        .trials(1 << 16)
        .on(three())
        .sampling(move |_: &Product, block: &mut Block| {
            block.each_value(3.0, |random| draw(3, 3, random)[(0, 0)])
        })
        .distributed_as(|_, _, q| (1.0 + q) / 2.0)
}

fn haar_sign(name: &str, formula: &str, draw: DrawMatrix) -> TrialClaim<Product> {
    Claim::probability(name, formula, Side::Within(0.025))
        .assuming([independent_factors()])
        .trials(1 << 16)
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
        let product = Product { law, width: WIDTH, depth };
        let values = product.draw_singular_values(draw.generator());
        let points = (1..).zip(values).map(|(k, value)| (f64::from(k), value));
        Group::new(&format!("{name}, depth {depth}"), points)
    });
    let lines = [4, 12].map(|depth| {
        let values = (1..=WIDTH).map(|k| (k as f64, exp(f64::from(depth) * exponent(WIDTH, k))));
        Line::predicted(&format!("exponents, depth {depth}"), values)
    });
    Content::Points { groups: groups.to_vec(), lines: lines.to_vec() }
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
