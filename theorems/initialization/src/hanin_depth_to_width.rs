#![doc = include_str!("hanin_depth_to_width.md")]

use theoria_instances::random_networks::{RandomNetworks, constant_width};
use theoria_instances::sequences::octaves;
use theoria_models::networks::{Activation, LayerFactor, LogNorm, normal_distribution, survival};
use theoria_verification::{
    Block, Claim, Content, Draw, Effort, Family, Figure, Instance, Line, Sample, Side, Theorem,
    TrialClaim, judgement::Exponent,
};

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let exact_law = law("the_logarithm_has_the_exact_law", 0.025).on(deep());
    let leading_order = exact_law
        .restated("the_leading_order_is_the_law", "log |J_L u|² ~ N(−5β/2, 5β)")
        .distributed_as(|it, _, z| {
            let beta = it.networks.inverse_widths();
            normal_distribution((z + 2.5 * beta) / (5.0 * beta).sqrt())
        });
    let fluctuations_stay =
        at_fixed_ratio("fluctuations_stay_at_a_fixed_ratio_of_depth_to_width").on(ratio());
    let deterministic = fluctuations_stay
        .restated(
            "deep_networks_become_deterministic",
            "E |log |J_L u|² − E log |J_L u|²| ~ √(v(L)/L) for L = n",
        )
        .predicting(|_, depth| at_ratio_one(depth) / depth);
    Theorem::new(
        "initialization/hanin_depth_to_width",
        include_str!("hanin_depth_to_width.md"),
    )
    .claim(
        fourth("fourth_moments_grow_by_1_plus_5_over_the_width", 5.0).on(he(
            "for which fourth moments are seen",
            [constant_width(64, 2), vec![64, 96, 48]],
        )),
    )
    .claim(
        mean("the_mean_of_the_logarithm_is_exact")
            .on(he("deep", [constant_width(16, 20)]))
            .on(architectures()),
    )
    .claim(
        variance("the_variance_of_the_logarithm_is_exact")
            .on(he("deep", [constant_width(24, 20)]))
            .on(architectures()),
    )
    .claim(exact_law.on(with_law("bottleneck", &bottleneck(), &bottleneck())))
    .claim(
        Claim::new(
            "the_law_becomes_normal_with_depth",
            "sup |F − Φ| ~ 1/L at fixed β",
            Exponent::default().over_octaves(4).within(0.06),
        )
        .on(ratio())
        .measuring(octaves(6..=10), |_, depths| {
            let factors = |depth| vec![LayerFactor::relu(depth, depth, 2.0); depth];
            depths.read(|depth| LogNorm::of(&factors(depth)).distance_to_normal())
        })
        .predicting(|_, depth| 1.0 / depth),
    )
    .claim(dead())
    .claim(fluctuations_stay)
    .claim(
        missed("the_mean_of_many_networks_misses_the_expectation")
            .on(he("narrow and deep", [constant_width(6, 32)])),
    )
    .control(
        fourth("fourth_moments_grow_by_1_plus_3_over_the_width", 3.0)
            .on(he("for which fourth moments are seen", [constant_width(64, 2)])),
    )
    .control(deterministic)
    .control(
        law("a_bottleneck_counts_by_its_share_of_the_mean_width", 0.02).on(with_law(
            "bottleneck, with the law of its mean width",
            &bottleneck(),
            &constant_width(52, 5),
        )),
    )
    .control(leading_order)
    .control(
        missed("the_mean_of_many_networks_misses_in_wide_ones")
            .on(he("wide and shallow", [constant_width(64, 4)])),
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

/// |x^L|⁴ over the square of its exact mean square.
fn fourth(name: &str, excess: f64) -> TrialClaim<RandomNetworks> {
    Claim::expected_value(name, "E |J_L u|⁴/(E |J_L u|²)² = Π (1 + 5/n_l)", 0.025)
        .trials(1 << 17)
        .sampling(|n: &RandomNetworks, block| {
            let (depth, networks) = (n.depth(), block.trials());
            let rows = n.living_signals(&[depth], networks, block.generator());
            let ratio = n.widths[0] as f64 / n.widths[depth] as f64;
            let fourths = rows[0].iter().map(|log| (2.0 * log).exp() * ratio * ratio);
            Sample::at(depth, fourths)
        })
        .predicting(move |n, _| {
            let factors = n.widths[1..].iter().map(|n| 1.0 + excess / *n as f64);
            factors.product::<f64>()
        })
}

/// A few layers, the last one among them.
fn layers(n: &RandomNetworks) -> [usize; 2] {
    [n.depth() / 2, n.depth()]
}

/// In standard deviations.
fn mean(name: &str) -> TrialClaim<RandomNetworks> {
    let formula = "E log |J_l u|² = Σ (log(c n_l/2n_{l−1}) + m(n_l))";
    Claim::expected_value(name, formula, 0.08)
        .trials(1 << 15)
        .sampling(|n: &RandomNetworks, block| standardised(n, block, |z| z))
        .predicting(|_, _| 0.0)
}

/// Over the exact variance.
fn variance(name: &str) -> TrialClaim<RandomNetworks> {
    Claim::expected_value(name, "Var log |J_l u|² = Σ v(n_l)", 0.15)
        .trials(1 << 15)
        .sampling(|n: &RandomNetworks, block| standardised(n, block, |z| z * z))
        .predicting(|_, _| 1.0)
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

/// Networks with the law that is expected of them.
struct WithLaw {
    networks: RandomNetworks,
    law: LogNorm,
}

impl Instance for WithLaw {
    fn description(&self) -> String {
        self.networks.description()
    }
}

/// Networks of some widths, expected to have the law of others.
fn with_law(name: &str, widths: &[usize], expected: &[usize]) -> Family<WithLaw> {
    let he = |widths: &[usize]| RandomNetworks::new(Activation::Relu, 2.0, widths);
    let (networks, expected) = (he(widths), he(expected));
    Family::single(name, move || WithLaw { networks: networks.clone(), law: expected.law() })
}

fn deep() -> Family<WithLaw> {
    with_law("20 layers of width 16", &constant_width(16, 20), &constant_width(16, 20))
}

fn law(name: &str, distance: f64) -> TrialClaim<WithLaw> {
    Claim::law(name, "log |J_L u|² ~ Σ log((2/n) χ²_K)", distance)
        .trials(1 << 17)
        .sampling(|it: &WithLaw, block| {
            let (depth, networks) = (it.networks.depth(), block.trials());
            let mut rows = it.networks.living_signals(&[depth], networks, block.generator());
            Sample::at(depth, rows.swap_remove(0))
        })
        .distributed_as(|it, _, z| it.law.distribution(z))
}

fn dead() -> TrialClaim<RandomNetworks> {
    Claim::probability(
        "narrow_networks_die_as_often_as_predicted",
        "P(J_l u = 0) = 1 − Π (1 − 2^−n_l)",
        Side::Within(0.04),
    )
    .trials(1 << 14)
    .on(he("narrow", [constant_width(4, 10), vec![3, 6, 5, 4, 3, 2]]))
    .sampling(|n: &RandomNetworks, block| {
        let seen = n.run(block);
        let sizes = block.read(layers(n), |net, layer| seen.tangent(net, layer, 0));
        sizes.events(|_, size| size == 0.0)
    })
    .predicting(|n, layer| {
        let alive = n.widths[1..=layer as usize].iter().map(|n| survival(*n));
        1.0 - alive.product::<f64>()
    })
}

fn ratio() -> Family<RandomNetworks> {
    Family::single("as deep as wide", || {
        RandomNetworks::new(Activation::Relu, 2.0, &constant_width(8, 8))
    })
}

/// √(L v(L)), the exact standard deviation of log |J_L u|² for width L.
fn at_ratio_one(depth: f64) -> f64 {
    let width = depth as usize;
    (depth * LayerFactor::relu(width, width, 2.0).variance_log()).sqrt()
}

/// |log |J_L u|² - E log |J_L u|²| for networks of width L.
fn at_fixed_ratio(name: &str) -> TrialClaim<RandomNetworks> {
    const DEPTHS: [usize; 6] = [4, 8, 16, 32, 64, 128];
    Claim::expected_exponent(name, "E |log |J_L u|² − E log |J_L u|²| ~ √(L v(L)) → √5 for L = n")
        .trials(1024)
        .within(0.15)
        .sampling(|n: &RandomNetworks, block| {
            let trials = block.trials();
            let rows = DEPTHS.map(|depth| {
                let n =
                    RandomNetworks::new(n.activation, n.variance, &constant_width(depth, depth));
                let mut rows = n.living_signals(&[depth], trials, block.generator());
                let mean = n.mean_log(depth);
                let logs = rows.swap_remove(0);
                logs.into_iter().map(|log| (log - mean).abs()).collect()
            });
            Sample::new(DEPTHS, rows)
        })
        .predicting(|_, depth| at_ratio_one(depth))
}

/// A trial is a sample of 300 networks.
fn missed(name: &str) -> TrialClaim<RandomNetworks> {
    const NETWORKS: usize = 300;
    Claim::probability(
        name,
        "P(the mean of |J u|² over 300 networks < E |J u|²/2) ≥ 1/2",
        Side::AtLeast,
    )
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
        (-u * u / 2.0).exp() / deviation / std::f64::consts::TAU.sqrt()
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
        ("one of 8 among 64", bottleneck()),
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
