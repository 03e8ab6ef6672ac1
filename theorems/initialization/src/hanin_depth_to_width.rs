#![doc = include_str!("hanin_depth_to_width.md")]

use theoria_elementary::{exp, powf};
use theoria_instances::random_networks::{RandomNetworks, constant_width};
use theoria_instances::sequences::octaves;
use theoria_models::networks::relu_moments::{relative_fourth_power, square_of_a_layer};
use theoria_models::networks::{Activation, LayerFactor, LogNorm, normal_distribution, survival};
use theoria_verification::{
    Block, Check, Claim, Content, Draw, Effort, Family, Figure, Hypothesis, Line, Reading, Sample,
    Side, Theorem, TrialClaim, judgement::Exponent,
};

use crate::support::hypotheses;
use crate::support::networks_with_laws::{WithLaw, deep, with_law};

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let exact_law = law("the_logarithm_has_the_exact_law", 0.025).on(deep());
    let leading_order = exact_law
        .restated("the_leading_order_is_the_law", "log |J_L u|² ~ N(−5β/2, 5β)")
        .distributed_as(|it, _, z| {
            let beta = it.networks.inverse_widths();
            normal_distribution((z + 2.5 * beta) / (5.0 * beta).sqrt())
        });
    let fourth = fourth("fourth_moments_grow_by_1_plus_5_over_the_width")
        .on(he("one narrow layer", [vec![64, 8], vec![64, 12]]));
    let smaller = fourth
        .restated(
            "fourth_moments_grow_by_1_plus_4_over_the_width",
            "E |J_L u|⁴/(E |J_L u|²)² = Π (1 + 4/n_l)",
        )
        .predicting(|n, _| fourth_moment(n, 4.0));
    let of_one_layer = fourth_of_a_layer("the_fourth_moment_of_a_layer_is_exact");
    let other_excess = of_one_layer
        .restated(
            "the_fourth_moment_of_a_layer_exceeds_by_two_per_cent_more",
            "E (χ²_K)²/(E χ²_K)² = 1 + 5.1/n",
        )
        .predicting(|_, n| 1.0 + 5.1 / n);
    let mean = mean("the_mean_of_the_logarithm_is_exact").on(he("deep", [constant_width(16, 20)]));
    let leading_mean = mean
        .restated("the_leading_order_is_the_mean", "E log |J_l u|² = −5/2 Σ 1/n_l")
        .predicting(|n, layer| {
            let layer = layer as usize;
            let beta: f64 = n.widths[1..=layer].iter().map(|n| 1.0 / *n as f64).sum();
            (-2.5 * beta - n.mean_log(layer)) / n.variance_log(layer).sqrt()
        });
    let variance = variance("the_variance_of_the_logarithm_is_exact")
        .on(he("deep", [constant_width(24, 20)]))
        .on(he("as deep as wide", [constant_width(8, 8), constant_width(32, 32)]))
        .on(architectures());
    let deterministic = variance
        .restated("deep_networks_become_deterministic", "Var log |J_l u|² = Σ v(n_l)/l")
        .predicting(|_, layer| 1.0 / layer);
    let smaller_variance = variance
        .restated("the_variance_of_the_logarithm_is_smaller", "Var log |J_l u|² = 0.85 Σ v(n_l)")
        .predicting(|_, _| 0.85);
    let of_a_layer = of_a_layer("the_variance_of_a_layer_is_five_over_the_width");
    let other_constant = of_a_layer
        .restated("the_variance_of_a_layer_is_two_per_cent_more", "n v(n) → 5.1")
        .predicting(|_, _| 5.1);
    let normal = Claim::new(
        "the_law_becomes_normal_with_depth",
        "sup |F − Φ| ~ 1/L at fixed β",
        Exponent::default().over_octaves(4).within(0.06),
    )
    .assuming(assumptions())
    .on(ratio())
    .measuring(octaves(6..=10), |_, depths| {
        let factors = |depth| vec![LayerFactor::relu(depth, depth, 2.0); depth];
        depths.read(|depth| LogNorm::of(&factors(depth)).distance_to_normal())
    })
    .predicting(|_, depth| 1.0 / depth);
    let sooner = normal
        .restated("the_law_becomes_normal_sooner", "sup |F − Φ| ~ L^−1.2 at fixed β")
        .predicting(|_, depth| powf(depth, -1.2));
    let dead = dead();
    let dead_more_often = dead
        .restated("narrow_networks_die_more_often", "P(J_l u = 0) = 1.15 (1 − Π (1 − 2^−n_l))")
        .predicting(|n, layer| 1.15 * death(n, layer));
    let missed = missed("the_mean_of_many_networks_misses_the_expectation");
    Theorem::new("initialization/hanin_depth_to_width", include_str!("hanin_depth_to_width.md"))
        .uses("initialization/critical_variance", "the mean logarithm that each layer adds")
        .claim(fourth.on(he(
            "for which fourth moments are seen",
            [constant_width(64, 2), vec![64, 96, 48]],
        )))
        .claim(of_one_layer)
        .claim(mean.on(architectures()))
        .claim(variance)
        .claim(of_a_layer)
        .claim(exact_law.on(with_law("bottleneck", &bottleneck(), &bottleneck())))
        .claim(normal)
        .claim(dead)
        .claim(missed.clone().on(he("narrow and deep", [constant_width(6, 32)])))
        .control(smaller)
        .control(other_excess)
        .control(leading_mean)
        .control(smaller_variance)
        .control(other_constant)
        .control(leading_order)
        .control(
            law("a_bottleneck_counts_by_its_share_of_the_mean_width", 0.02)
                .restated(
                    "a_bottleneck_counts_by_its_share_of_the_mean_width",
                    "log |J_L u|² ~ Σ log((2/n) χ²_K) with the mean width in all layers",
                )
                .on(with_law(
                    "bottleneck, with the law of its mean width",
                    &bottleneck(),
                    &constant_width(52, 5),
                )),
        )
        .control(sooner)
        .control(dead_more_often)
        .control(deterministic)
        .control(
            missed
                .restated(
                    "the_mean_of_many_networks_misses_in_wide_ones",
                    "P(the mean of |J u|² over 300 networks < E |J u|²/2) ≥ 1/2",
                )
                .on(he("wide and shallow", [constant_width(64, 4)]))
                .violating("β ≥ 5"),
        )
    .figure(
        Figure::linear("quantiles", "exact distribution function", "share of networks")
        .of("the_logarithm_has_the_exact_law")
        .of("the_leading_order_is_the_law")
        .caption(
            "Measured shares lie on the diagonal for the exact law; the leading order in 1/n is \
                 visibly off at width 16.",
        ),
    )
    .figure(
        Figure::linear("logarithm_of_the_norm", "log |J u|²", "density")
        .caption(
            "20 layers of width 16: although E |J u|² = 1 exactly, most networks lie far below, \
             and the leading order (normal) misses the exact law.",
        )
        .showing(histogram),
    )
    .figure(
        Figure::linear("architectures", "layer", "variance of log |J u|²")
        .caption(
            "About as many parameters each: the wide and shallow network hardly fluctuates, the \
             deep one does, and one narrow layer costs as much as all others together.",
        )
        .showing(fluctuations),
    )
}

fn he<const N: usize>(name: &str, shapes: [Vec<usize>; N]) -> Family<RandomNetworks> {
    Family::listed(name, shapes, |widths| {
        let n = RandomNetworks::new(Activation::Relu, 2.0, widths);
        if widths[0] == 64 { n.shown_a_digit() } else { n }
    })
}

fn bottleneck() -> Vec<usize> {
    vec![64, 64, 64, 4, 64, 64]
}

/// About 16 thousand weights each.
fn architectures() -> Family<RandomNetworks> {
    let inner = |width: usize, depth: usize| {
        let mut widths = constant_width(width, depth);
        widths[0] = 64;
        widths
    };
    he("architectures", [inner(64, 4), inner(30, 16), inner(24, 28)])
}

fn assumptions() -> [Hypothesis<RandomNetworks>; 4] {
    [
        hypotheses::independent_normal_weights(),
        hypotheses::without_biases(),
        hypotheses::relu(),
        Hypothesis::new("c = 2", |n: &RandomNetworks, _| {
            Check::at_most((n.variance - 2.0).abs(), 0.0, "|c − 2|")
        }),
    ]
}

/// Π (1 + excess/n_l).
fn fourth_moment(n: &RandomNetworks, excess: f64) -> f64 {
    n.widths[1..].iter().map(|n| 1.0 + excess / *n as f64).product()
}

/// |J_L u|⁴ over the square of its exact mean square.
fn fourth(name: &str) -> TrialClaim<RandomNetworks> {
    Claim::expected_value(name, "E |J_L u|⁴/(E |J_L u|²)² = Π (1 + 5/n_l)", 0.03)
        .assuming(assumptions())
        .assuming([hypotheses::a_tangent_of_its_own()])
        .trials(1 << 20)
        .sampling(|n: &RandomNetworks, block| {
            let (depth, networks) = (n.depth(), block.trials());
            let seen = n.draw(networks, block.generator());
            let ratio = n.widths[0] as f64 / n.widths[depth] as f64;
            Sample::at(
                depth,
                (0..networks).map(|net| (seen.tangent(net, depth, 0) * ratio).powi(2)),
            )
        })
        .ranging(|_, _| (0.0, f64::INFINITY))
        .second_moment_at_most(|n, _| relative_fourth_power(&n.widths[1..]))
        .predicting(|n, _| fourth_moment(n, 5.0))
}

/// By summing over K.
fn fourth_of_a_layer(name: &str) -> Claim<RandomNetworks> {
    Claim::identity(name, "E (χ²_K)²/(E χ²_K)² = 1 + 5/n", 1e-12)
        .assuming(assumptions())
        .on(ratio())
        .measuring([1usize, 2, 4, 8, 16, 64, 256], |_, widths| {
            widths.read(|n| Reading::new(square_of_a_layer(n), 1e-13))
        })
        .predicting(|_, n| 1.0 + 5.0 / n)
}

/// A few layers, the last one among them.
fn layers(n: &RandomNetworks) -> [usize; 2] {
    [n.depth() / 2, n.depth()]
}

/// In standard deviations.
fn mean(name: &str) -> TrialClaim<RandomNetworks> {
    let formula = "E log |J_l u|² = Σ (log(c n_l/2n_{l−1}) + m(n_l))";
    Claim::expected_value(name, formula, 0.07)
        .assuming(assumptions())
        .assuming([hypotheses::a_tangent_of_its_own()])
        .trials(1 << 15)
        .sampling(|n: &RandomNetworks, block| standardised(n, block, |z| z))
        .predicting(|_, _| 0.0)
}

/// Over the exact variance.
fn variance(name: &str) -> TrialClaim<RandomNetworks> {
    Claim::expected_value(name, "Var log |J_l u|² = Σ v(n_l)", 0.08)
        .assuming(assumptions())
        .assuming([hypotheses::a_tangent_of_its_own()])
        .trials(1 << 18)
        .sampling(|n: &RandomNetworks, block| standardised(n, block, |z| z * z))
        .ranging(|_, _| (0.0, f64::INFINITY))
        .predicting(|_, _| 1.0)
}

/// n v(n) from two widths, of which the second is twice the first, extrapolated to infinite width.
fn of_a_layer(name: &str) -> Claim<RandomNetworks> {
    let at = |n: usize| n as f64 * LayerFactor::relu(n, n, 2.0).variance_log();
    Claim::identity(name, "n v(n) → 5", 1e-3)
        .assuming(assumptions())
        .on(ratio())
        .measuring([256usize, 512, 1024], move |_, widths| {
            widths.read(|n| Reading::new(2.0 * at(2 * n) - at(n), 1e-8))
        })
        .predicting(|_, _| 5.0)
}

/// A function of log |J_l u|² less its exact mean, over its exact standard deviation.
fn standardised(n: &RandomNetworks, block: &mut Block, of: fn(f64) -> f64) -> Sample {
    let networks = block.trials();
    let mut rows = n.living_tangents(&layers(n), networks, block.generator());
    for (row, layer) in rows.iter_mut().zip(layers(n)) {
        let (mean, deviation) = (n.mean_log(layer), n.variance_log(layer).sqrt());
        row.iter_mut().for_each(|log| *log = of((*log - mean) / deviation));
    }
    Sample::new(layers(n), rows)
}

fn law(name: &str, distance: f64) -> TrialClaim<WithLaw> {
    Claim::law(name, "log |J_L u|² ~ Σ log((2/n) χ²_K)", distance)
        .assuming([
            hypotheses::independent_normal_weights(),
            Hypothesis::new("ReLU", |it: &WithLaw, _| {
                let activation = it.networks.activation;
                Check::that(activation == Activation::Relu, activation.describe())
            }),
        ])
        .trials(1 << 17)
        .sampling(|it: &WithLaw, block| {
            let (depth, networks) = (it.networks.depth(), block.trials());
            let mut rows = it.networks.living_tangents(&[depth], networks, block.generator());
            Sample::at(depth, rows.swap_remove(0))
        })
        .distributed_as(|it, _, z| it.law.distribution(z))
}

fn dead() -> TrialClaim<RandomNetworks> {
    Claim::probability(
        "narrow_networks_die_as_often_as_predicted",
        "P(J_l u = 0) = 1 − Π (1 − 2^−n_l)",
        Side::Within(0.025),
    )
    .assuming(assumptions())
    .trials(1 << 16)
    .on(he("narrow", [constant_width(4, 10), vec![3, 6, 5, 4, 3, 2]]))
    .sampling(|n: &RandomNetworks, block| {
        let seen = n.run(block);
        let sizes = block.read(layers(n), |net, layer| seen.tangent(net, layer, 0));
        sizes.events(|_, size| size == 0.0)
    })
    .predicting(death)
}

/// 1 − Π (1 − 2^−n_l) over the layers up to this one.
fn death(n: &RandomNetworks, layer: f64) -> f64 {
    let alive = n.widths[1..=layer as usize].iter().map(|n| survival(*n));
    1.0 - alive.product::<f64>()
}

fn ratio() -> Family<RandomNetworks> {
    Family::single("as deep as wide", || {
        RandomNetworks::new(Activation::Relu, 2.0, &constant_width(8, 8))
    })
}

/// A trial is a sample of 300 networks.
fn missed(name: &str) -> TrialClaim<RandomNetworks> {
    const NETWORKS: usize = 300;
    Claim::probability(
        name,
        "P(the mean of |J u|² over 300 networks < E |J u|²/2) ≥ 1/2",
        Side::AtLeast,
    )
    .assuming(assumptions())
    .assuming([Hypothesis::new("β ≥ 5", |n: &RandomNetworks, _| {
        Check::at_least(n.inverse_widths(), 5.0, "Σ 1/n_l")
    })])
    .trials(512)
    .sampling(|n: &RandomNetworks, block| {
        let depth = n.depth();
        block.each_event(depth, |random| {
            let seen = n.draw(NETWORKS, random);
            let sum: f64 = (0..NETWORKS).map(|net| seen.tangent(net, depth, 0)).sum();
            sum / NETWORKS as f64 <= 0.5
        })
    })
    .predicting(|_, _| 0.5)
}

fn histogram(draw: &mut Draw, effort: Effort) -> Content {
    let n = RandomNetworks::new(Activation::Relu, 2.0, &constant_width(16, 20));
    let networks = 20_000 * effort.trials_factor();
    let rows = n.living_tangents(&[20], networks, draw.generator());
    let law = n.law();
    let beta = n.inverse_widths();
    let leading = |z: f64| {
        let deviation = (5.0 * beta).sqrt();
        let u = (z + 2.5 * beta) / deviation;
        exp(-u * u / 2.0) / deviation / std::f64::consts::TAU.sqrt()
    };
    let seen = |(z, _): &(f64, f64)| (z - law.mean()).abs() < 4.5 * law.deviation();
    let places: Vec<(f64, f64)> = law.density().filter(seen).collect();
    let normal = places.iter().map(|(z, _)| (*z, leading(*z)));
    Content::histogram(
        &rows[0],
        60,
        vec![
            Line::predicted("leading order: N(−5β/2, 5β)", normal.collect::<Vec<_>>()),
            Line::predicted("exact law", places),
            Line::predicted("E |J u|² = 1", [(0.0, 0.0), (0.0, 0.15)]),
        ],
    )
}

fn fluctuations(draw: &mut Draw, effort: Effort) -> Content {
    let networks = 400 * effort.trials_factor();
    let shapes = [
        ("4 layers of width 64", constant_width(64, 4)),
        ("16 layers of width 32", constant_width(32, 16)),
        ("one of 4 among 64", bottleneck()),
        ("28 layers of width 24", constant_width(24, 28)),
    ];
    let lines = shapes.into_iter().flat_map(|(name, widths)| {
        let n = RandomNetworks::new(Activation::Relu, 2.0, &widths);
        let layers: Vec<usize> = (1..=n.depth()).collect();
        let rows = n.living_tangents(&layers, networks, draw.generator());
        let measured = layers.iter().zip(&rows).map(|(&layer, logs)| {
            let mean = n.mean_log(layer);
            let squares: f64 = logs.iter().map(|log| (log - mean).powi(2)).sum();
            (layer as f64, squares / networks as f64)
        });
        let exact = layers.iter().map(|&layer| (layer as f64, n.variance_log(layer)));
        [Line::measured(name, measured), Line::predicted(&format!("exact, {name}"), exact)]
    });
    Content::Lines { lines: lines.collect() }
}
