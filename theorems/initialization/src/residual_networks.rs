#![doc = include_str!("residual_networks.md")]

use theoria_elementary::{exp, sinh};
use theoria_instances::random_networks::{digit, from_zero_to_one};
use theoria_instances::sequences::dyadic;
use theoria_models::Vector;
use theoria_models::networks::{Activation, FreshNetworks, Propagation};
use theoria_models::numerics::maximum;
use theoria_verification::{
    Block, Check, Claim, Content, Draw, Effort, Family, Figure, Hypothesis, Instance, Line,
    Reading, Readings, Sample, Stream, Theorem, TrialClaim,
};

use crate::support::hypotheses;

/// Width of all networks: that of an image.
const WIDTH: usize = 64;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let product = "E |xˡ|² = |x⁰|² Π (1 + a_k² c/2)";
    let signals = signals("signals_grow_by_an_exact_product", product)
        .on(Residual::family(Scaling::Depth, &[16]))
        .on(Residual::family(Scaling::Summable, &[16]))
        .on(Residual::family(Scaling::One, &[4]));
    let smaller = signals
        .restated("signals_grow_by_a_smaller_product", "E |xˡ|² = |x⁰|² Π (1 + a_k² c/2.2)")
        .predicting(|n, layer| n.product(layer as usize, 2.2));
    let without_factor = signals
        .restated("signals_grow_by_the_number_of_blocks", "E |xˡ|² = |x⁰|² (1 + c Σ a_k²/2)")
        .predicting(|n, layer| 1.0 + n.squares(layer as usize) * n.variance / 2.0);
    let tangents = tangents("tangents_grow_by_the_same_product")
        .on(Residual::family(Scaling::Depth, &[16]))
        .on(Residual::family(Scaling::Summable, &[16]));
    let smaller_tangents = tangents
        .restated("tangents_grow_by_a_smaller_product", "E |J_l u|² = |u|² Π (1 + a_k² c/2.2)")
        .predicting(|n, layer| n.product(layer as usize, 2.2));
    let bounded = |name: &str| limited(name, "E |xᴸ|² ≤ |x⁰|² e^(c/2) for a_l = 1/√L");
    let at_any_depth = bounded("the_inverse_root_of_the_depth_bounds_signals_at_any_depth");
    let summable = Claim::expected_bound(
        "summable_squares_bound_signals",
        "E |xᴸ|² ≤ |x⁰|² sinh π/π for a_l = 1/l, c = 2",
    )
    .assuming([weights(), scales_of(Scaling::Summable), variance_factor_2()])
    .within(0.1)
    .trials(1 << 16)
    .on(Residual::family_of(Scaling::Summable, &[16], &[2.0]))
    .sampling(output)
    .second_moment_at_most(squared)
    .predicting(|_, _| {
        let pi = std::f64::consts::PI;
        sinh(pi) / pi
    });
    let less = at_any_depth
        .restated("signals_are_bounded_by_less", "E |xᴸ|² ≤ 0.9 |x⁰|² e^(c/2) for a_l = 1/√L")
        .on(Residual::family(Scaling::Depth, &[36]))
        .predicting(|n, _| 0.9 * exp(n.variance / 2.0));
    let less_summable = summable
        .restated(
            "summable_squares_bound_signals_by_less",
            "E |xᴸ|² ≤ 0.85 |x⁰|² sinh π/π for a_l = 1/l, c = 2",
        )
        .predicting(|_, _| {
            let pi = std::f64::consts::PI;
            0.85 * sinh(pi) / pi
        });
    Theorem::new("initialization/residual_networks", include_str!("residual_networks.md"))
        .uses(
            "initialization/relu_second_moment",
            "a symmetric law of the weights halves the second moment",
        )
        .claim(signals.second_moment_at_most(squared))
        .claim(tangents.second_moment_at_most(squared))
        .claim(
            at_any_depth
                .on(Residual::family(Scaling::Depth, &[4]))
                .attained_on(Residual::family(Scaling::Depth, &[12, 36]))
                .tight_to(0.95),
        )
        .claim(summable.on(Residual::family_of(Scaling::Summable, &[4, 64], &[2.0])).tight_to(0.93))
        .claim(
            exactly_limited("exact_means_are_bounded_at_any_depth", 1.0)
                .on(any_depth(Scaling::Depth))
                .tight_to(0.95),
        )
        .control(smaller)
        .control(without_factor)
        .control(smaller_tangents)
        .control(less)
        .control(less_summable)
        .control(
            exactly_limited("exact_means_are_bounded_by_less", 0.95).on(any_depth(Scaling::Depth)),
        )
        .control(
            exactly_limited("exact_means_of_other_scales_are_bounded", 1.0)
                .on(any_depth(Scaling::Root))
                .violating("a_l = 1/√L"),
        )
        .control(
            bounded("branches_of_scale_1_are_bounded")
                .on(Residual::family(Scaling::One, &[4]))
                .violating("a_l = 1/√L"),
        )
        .control(
            bounded("squares_that_cannot_be_summed_are_bounded")
                .on(Residual::family(Scaling::Root, &[16]))
                .violating("a_l = 1/√L"),
        )
        .control(
            self::signals("one_matrix_behind_the_activation_follows_the_same_product", product)
                .on(Family::single("x + a W relu(x)", || Residual {
                    single: true,
                    ..Residual::new(Scaling::Depth, 16, 2.0)
                }))
                .violating("two matrices in a branch"),
        )
    .figure(
        Figure::semilog("signals", "block l", "mean of |xˡ|² / |x⁰|²")
            .of("signals_grow_by_an_exact_product")
            .caption(
                "With scales 1/√L the growth is the same whatever the depth; with scale 1 every block doubles.",
            ),
    )
    .figure(
        Figure::semilog("scales", "block", "|xˡ|² / |x⁰|²")
        .caption(
            "A handwritten digit on its way through 32 blocks: scale 1 explodes, 1/√l grows like a power, 1/√L and 1/l stay \
             bounded; a plain ReLU network of variance factor 1 dies out beside them.",
        )
        .showing(pictured),
    )
}

/// How the scale of a branch depends on the depth and on its place.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Scaling {
    /// a_l = 1/√L.
    Depth,
    /// a_l = 1/l.
    Summable,
    /// a_l = 1/√l.
    Root,
    /// a_l = 1.
    One,
}

impl Scaling {
    fn scales(self, depth: usize) -> Vec<f64> {
        let scale = |l: usize| match self {
            Scaling::Depth => (depth as f64).sqrt().recip(),
            Scaling::Summable => 1.0 / l as f64,
            Scaling::Root => (l as f64).sqrt().recip(),
            Scaling::One => 1.0,
        };
        (1..=depth).map(scale).collect()
    }

    fn describe(self) -> &'static str {
        match self {
            Scaling::Depth => "1/√L",
            Scaling::Summable => "1/l",
            Scaling::Root => "1/√l",
            Scaling::One => "1",
        }
    }
}

/// Residual ReLU networks of width 64 that see a handwritten zero.
#[derive(Debug, Clone)]
struct Residual {
    scaling: Scaling,
    scales: Vec<f64>,
    variance: f64,
    /// x + a W relu(x) instead of x + a V relu(W x).
    single: bool,
}

impl Residual {
    fn new(scaling: Scaling, depth: usize, variance: f64) -> Self {
        Residual { scaling, scales: scaling.scales(depth), variance, single: false }
    }

    /// With the variance factors 1, 2 and 3, for which c/2, c²/4 and c - 1 differ.
    fn family(scaling: Scaling, depths: &[usize]) -> Family<Residual> {
        Self::family_of(scaling, depths, &[1.0, 2.0, 3.0])
    }

    fn family_of(scaling: Scaling, depths: &[usize], variances: &[f64]) -> Family<Residual> {
        let each = |&depth: &usize| variances.iter().map(move |&c| (depth, c));
        let all: Vec<(usize, f64)> = depths.iter().flat_map(each).collect();
        let depths: Vec<String> = depths.iter().map(ToString::to_string).collect();
        let name = format!("scales {}, depth {}", scaling.describe(), depths.join(", "));
        Family::listed(&name, all, move |&(depth, c)| Residual::new(scaling, depth, c))
    }

    fn depth(&self) -> usize {
        self.scales.len()
    }

    /// Π (1 + a_k² c/2) over the first blocks, or with another number than 2.
    fn product(&self, blocks: usize, two: f64) -> f64 {
        let factors = self.scales[..blocks].iter();
        factors.map(|a| 1.0 + a * a * self.variance / two).product()
    }

    /// E |xˡ|⁴/|x⁰|⁴: the branch has a normal part along x, and a norm of its own.
    fn product_of_squares(&self, blocks: usize) -> f64 {
        let (n, half) = (WIDTH as f64, self.variance / 2.0);
        let own = (1.0 + 2.0 / n) * (1.0 + 5.0 / n) * half * half;
        let factors = self.scales[..blocks].iter().map(|a| a * a);
        factors
            .map(|square| 1.0 + 2.0 * square * half * (1.0 + 2.0 / n) + square * square * own)
            .product()
    }

    /// Σ a_k² over the first blocks.
    fn squares(&self, blocks: usize) -> f64 {
        self.scales[..blocks].iter().map(|a| a * a).sum()
    }

    /// With the derivatives along the tangents, if any are asked for: each costs as much as a signal.
    fn run(&self, block: &mut Block, tangents: &[Vector]) -> Propagation {
        let (relu, c) = (Activation::Relu, self.variance);
        let networks = if self.single {
            FreshNetworks::residual_of_activated(WIDTH, relu, c, &self.scales)
        } else {
            FreshNetworks::residual(WIDTH, relu, c, &self.scales)
        };
        let trials = block.trials();
        let stream = Stream::drawn(block.generator());
        networks.in_law().run(&[digit(0)], tangents, trials, |net| stream.trial(net))
    }

    /// What is measured at the blocks 1, 2, 4, ...
    fn sample(
        &self,
        block: &mut Block,
        tangents: &[Vector],
        measured: impl Fn(&Propagation, usize, usize) -> f64,
    ) -> Sample {
        let seen = self.run(block, tangents);
        block.read(dyadic(self.depth()), |net, layer| measured(&seen, net, layer))
    }
}

impl Instance for Residual {
    fn description(&self) -> String {
        let block = if self.single { "x + a W relu(x)" } else { "x + a V relu(W x)" };
        format!(
            "{} blocks {block}, a = {}, c = {}",
            self.depth(),
            self.scaling.describe(),
            self.variance
        )
    }
}

fn weights() -> Hypothesis<Residual> {
    hypotheses::independent_normal_weights()
}

fn two_matrices() -> Hypothesis<Residual> {
    Hypothesis::new("two matrices in a branch", |n: &Residual, _| {
        Check::that(!n.single, n.description())
    })
}

fn scales_of(scaling: Scaling) -> Hypothesis<Residual> {
    Hypothesis::new(&format!("a_l = {}", scaling.describe()), move |n: &Residual, _| {
        let expected = scaling.scales(n.depth());
        let off = expected.iter().zip(&n.scales).map(|(a, b)| (a - b).abs()).fold(0.0, maximum);
        Check::at_most(off, 1e-12, "largest deviation of a scale")
    })
}

fn variance_factor_2() -> Hypothesis<Residual> {
    Hypothesis::new("c = 2", |n: &Residual, _| {
        Check::at_most((n.variance - 2.0).abs(), 0.0, "|c − 2|")
    })
}

fn signals(name: &str, formula: &str) -> TrialClaim<Residual> {
    Claim::expected_value(name, formula, 0.03)
        .assuming([weights(), two_matrices()])
        .trials(1 << 16)
        .sampling(|n: &Residual, block: &mut Block| {
            let start = digit(0).norm_squared();
            n.sample(block, &[], |seen, net, layer| seen.signal(net, layer, 0) / start)
        })
        .ranging(|_, _| (0.0, f64::INFINITY))
        .predicting(|n, layer| n.product(layer as usize, 2.0))
}

fn tangents(name: &str) -> TrialClaim<Residual> {
    Claim::expected_value(name, "E |J_l u|² = |u|² Π (1 + a_k² c/2)", 0.03)
        .assuming([weights(), two_matrices()])
        .trials(1 << 16)
        .sampling(|n: &Residual, block: &mut Block| {
            n.sample(block, &[from_zero_to_one()], |seen, net, layer| seen.tangent(net, layer, 0))
        })
        .ranging(|_, _| (0.0, f64::INFINITY))
        .predicting(|n, layer| n.product(layer as usize, 2.0))
}

fn squared(n: &Residual, layer: f64) -> f64 {
    n.product_of_squares(layer as usize)
}

/// |x^L|²/|x⁰|².
fn output(n: &Residual, block: &mut Block) -> Sample {
    let (start, seen) = (digit(0).norm_squared(), n.run(block, &[]));
    block.read([n.depth()], |net, depth| seen.signal(net, depth, 0) / start)
}

fn limited(name: &str, formula: &str) -> TrialClaim<Residual> {
    Claim::expected_bound(name, formula)
        .assuming([weights(), two_matrices(), scales_of(Scaling::Depth)])
        .within(0.1)
        .trials(1 << 16)
        .sampling(output)
        .second_moment_at_most(squared)
        .predicting(|n, _| exp(n.variance / 2.0))
}

/// By the exact product. `share` is 1 in the theorem.
fn exactly_limited(name: &str, share: f64) -> Claim<Residual> {
    let times = if share == 1.0 { String::new() } else { format!("{share} ") };
    Claim::bound(name, &format!("Π (1 + a_k² c/2) ≤ {times}e^(c/2) for a_l = 1/√L"))
        .assuming([weights(), two_matrices(), scales_of(Scaling::Depth)])
        .measuring_each(|n: &Residual| {
            let product = n.product(n.depth(), 2.0);
            let rounding = 2.0 * f64::EPSILON * n.depth() as f64;
            Readings::at(n.depth(), Reading::new(product, rounding * product))
        })
        .predicting(move |n, _| share * exp(n.variance / 2.0))
}

/// One to 256 blocks, with a variance factor between a hundredth and 4.
fn any_depth(scaling: Scaling) -> Family<Residual> {
    Family::drawn(&format!("scales {}, any depth", scaling.describe()), move |draw| {
        Residual::new(scaling, draw.size(1..=256), draw.log_uniform(0.01, 4.0))
    })
    .hunted(300)
}

fn pictured(draw: &mut Draw, _: Effort) -> Content {
    const DEPTH: usize = 32;
    let start = digit(0).norm_squared();
    let scalings = [Scaling::One, Scaling::Root, Scaling::Depth, Scaling::Summable];
    let mut lines = Vec::new();
    for scaling in scalings {
        let n = Residual::new(scaling, DEPTH, 2.0);
        let networks = FreshNetworks::residual(WIDTH, Activation::Relu, n.variance, &n.scales);
        let stream = Stream::drawn(draw.generator());
        let seen = networks.in_law().run(&[digit(0)], &[], 1, |net| stream.trial(net));
        let name = scaling.describe();
        lines.push(Line::measured(
            &format!("one network, a = {name}"),
            (0..=DEPTH).map(|l| (l as f64, seen.signal(0, l, 0) / start)),
        ));
        lines.push(Line::predicted(
            &format!("mean, a = {name}"),
            (0..=DEPTH).map(|l| (l as f64, n.product(l, 2.0))),
        ));
    }
    let plain = FreshNetworks::gaussian(&[WIDTH; DEPTH + 1], Activation::Relu, 1.0).in_law();
    let stream = Stream::drawn(draw.generator());
    let seen = plain.run(&[digit(0)], &[], 1, |net| stream.trial(net));
    lines.push(Line::measured(
        "one plain network, c = 1",
        (0..=DEPTH).map(|l| (l as f64, seen.signal(0, l, 0) / start)),
    ));
    Content::Lines { lines }
}
