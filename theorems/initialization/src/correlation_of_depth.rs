#![doc = include_str!("correlation_of_depth.md")]

use std::f64::consts::PI;

use theoria_instances::random_networks::{constant_width, digit};
use theoria_instances::sequences::octaves;
use theoria_models::Vector;
use theoria_models::networks::{Activation, FreshNetworks};
use theoria_verification::{
    Block, Claim, Content, Draw, Effort, Family, Figure, Instance, Line, Reading, Stream, Theorem,
    TrialClaim,
};

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let recursion = deep("wide_networks_follow_the_recursion").on(digits(10, 512));
    let limit_at_ten = recursion
        .restated("the_limit_holds_at_ten_layers", "E (1 − cos θ_l) = 9π²/(2 l²)")
        .predicting(|_, layer| 4.5 * PI * PI / layer.powi(2));
    let square =
        limit("decorrelation_fades_like_the_square_of_the_depth").on(angles([0.3, 1.0, 3.0]));
    let linear = square
        .restated("decorrelation_fades_like_the_depth", "1 − ρ_l ~ l⁻¹")
        .predicting(|_, l| 1.0 / l);
    Theorem::new(
        "initialization/correlation_of_depth",
        include_str!("correlation_of_depth.md"),
    )
    .claim(
        one_layer("one_layer_maps_inner_products_exactly", |angle| {
            (angle.sin() + (PI - angle) * angle.cos()) / PI
        })
        .on(angles([0.0, 0.7, 1.4, 2.1]))
        .on(digits(1, 24)),
    )
    .claim(recursion)
    .claim(square)
    .claim(
        Claim::identity(
            "the_constant_is_nine_halves_of_pi_squared",
            "l² (1 − ρ_l) → 9π²/2",
            2e-3,
        )
        .on(angles([0.3, 1.0, 3.0]))
        .measuring([1usize << 17, 1 << 18], |pair, layers| {
            let rest = pair.recursion(1 << 18);
            layers.read(|l| Reading::new(rest[l] * (l as f64).powi(2), 1e-9))
        })
        .predicting(|_, _| 4.5 * PI * PI),
    )
    .control(linear)
    .control(one_layer("one_layer_keeps_the_angle", f64::cos).on(angles([1.4, 2.1])))
    .control(limit_at_ten)
    .figure(
        Figure::semilog("digits", "layer l", "mean of 1 − cos of the angle")
            .of("wide_networks_follow_the_recursion")
            .caption(
                "Images of different digits become ever more alike with depth, as the recursion says.",
            ),
    )
    .figure(
        Figure::log_log("limit", "layer l", "1 − ρ_l")
            .of("decorrelation_fades_like_the_square_of_the_depth")
            .of("decorrelation_fades_like_the_depth")
            .caption("1 − ρ falls like the inverse square of the depth, not like its inverse."),
    )
    .figure(
        Figure::linear("forgotten_angles", "layer", "angle between the signals, in degrees")
        .caption(
            "Whatever the angle between two inputs, after some tens of layers ReLU networks (here of width 300) hardly tell them \
             apart.",
        )
        .showing(forgotten),
    )
}

/// 1 - ρ behind a layer from 1 - ρ before it, without cancellation.
fn next(rest: f64) -> f64 {
    let angle = 2.0 * (rest / 2.0).sqrt().min(1.0).asin();
    let lost = if angle < 0.05 {
        // sin θ - θ cos θ
        let square = angle * angle;
        angle * square * (1.0 / 3.0 - square / 30.0 + square * square / 840.0)
    } else {
        angle.sin() - angle * angle.cos()
    };
    rest - lost / PI
}

/// Two inputs of He networks.
#[derive(Debug, Clone)]
struct Pair {
    name: String,
    inputs: [Vector; 2],
    depth: usize,
    width: usize,
}

impl Pair {
    /// Two vectors at this angle in dimension 8.
    fn at(angle: f64) -> Self {
        let mut inputs = [Vector::zeros(8), Vector::zeros(8)];
        inputs[0][0] = 1.0;
        inputs[1][0] = angle.cos();
        inputs[1][1] = angle.sin();
        Pair {
            name: format!("two inputs at an angle of {:.0}°", angle.to_degrees()),
            inputs,
            depth: 1,
            width: 16,
        }
    }

    fn angle(&self) -> f64 {
        let [x, y] = &self.inputs;
        x.angle(y)
    }

    /// 1 - ρ_l for l = 0, 1, ...
    fn recursion(&self, layers: usize) -> Vec<f64> {
        let start = 1.0 - self.angle().cos();
        std::iter::successors(Some(start), |rest| Some(next(*rest))).take(layers + 1).collect()
    }

    fn networks(&self) -> FreshNetworks {
        let mut widths = constant_width(self.width, self.depth);
        widths[0] = self.inputs[0].len();
        FreshNetworks::gaussian(&widths, Activation::Relu, 2.0).in_law()
    }
}

impl Instance for Pair {
    fn description(&self) -> String {
        format!("{}, {} layers of width {}", self.name, self.depth, self.width)
    }
}

fn angles<const N: usize>(angles: [f64; N]) -> Family<Pair> {
    Family::listed("angles", angles, |&angle| Pair::at(angle))
}

fn digits(depth: usize, width: usize) -> Family<Pair> {
    let pairs = [(0, 1), (3, 8), (4, 7)];
    Family::listed("pairs of digits", pairs, move |&(first, second)| Pair {
        name: format!("images of a {first} and a {second}"),
        inputs: [digit(first), digit(second)],
        depth,
        width,
    })
}

/// ⟨x¹, y¹⟩ over |x⁰||y⁰| n_1/n_0: exact at every width.
fn one_layer(name: &str, map: fn(f64) -> f64) -> TrialClaim<Pair> {
    let formula = "E ⟨x¹, y¹⟩ = (n₁/n₀) |x⁰||y⁰| (sin θ + (π − θ) cos θ)/π";
    Claim::expected_value(name, formula, 0.05)
        .trials(1 << 15)
        .sampling(|pair: &Pair, block: &mut Block| {
            let (networks, [x, y]) = (pair.networks(), &pair.inputs);
            let scale = x.norm() * y.norm() * pair.width as f64 / x.len() as f64;
            let trials = block.trials();
            let stream = Stream::drawn(block.generator());
            let seen = networks.run(&pair.inputs, &[], trials, |net| stream.trial(net));
            block.read([1], |net, layer| seen.inner(net, layer) / scale)
        })
        .predicting(move |pair, _| map(pair.angle()))
}

fn deep(name: &str) -> TrialClaim<Pair> {
    Claim::expected_value(name, "E (1 − cos θ_l) = 1 − ρ_l + O(1/n)", 0.1)
        .trials(1024)
        .sampling(|pair: &Pair, block: &mut Block| {
            let trials = block.trials();
            let stream = Stream::drawn(block.generator());
            let seen = pair.networks().run(&pair.inputs, &[], trials, |net| stream.trial(net));
            block.read(1..=pair.depth, |net, layer| 1.0 - seen.cosine(net, layer))
        })
        .predicting(|pair, layer| {
            (0..layer as usize).fold(1.0 - pair.angle().cos(), |rest, _| next(rest))
        })
}

fn limit(name: &str) -> Claim<Pair> {
    Claim::exponent(name, "1 − ρ_l ~ l⁻²")
        .measuring(octaves(10..=16), |pair: &Pair, layers| {
            let rest = pair.recursion(1 << 16);
            layers.read(|l| Reading::new(rest[l], 1e-13 * rest[l]))
        })
        .predicting(|_, l| l.powi(-2))
}

fn forgotten(draw: &mut Draw, _: Effort) -> Content {
    const DEPTH: usize = 30;
    let lines = [20.0, 100.0, 180.0].into_iter().flat_map(|degrees: f64| {
        let pair = Pair { depth: DEPTH, width: 300, ..Pair::at(degrees.to_radians()) };
        let stream = Stream::drawn(draw.generator());
        let seen = pair.networks().run(&pair.inputs, &[], 1, |net| stream.trial(net));
        let degrees_of = |rest: f64| (1.0 - rest).clamp(-1.0, 1.0).acos().to_degrees();
        let measured = (0..=DEPTH).map(|l| (l as f64, degrees_of(1.0 - seen.cosine(0, l))));
        let recursion = pair.recursion(DEPTH).into_iter().enumerate();
        [
            Line::measured(&format!("one network, from {degrees}°"), measured),
            Line::predicted(
                &format!("recursion, from {degrees}°"),
                recursion.map(|(l, rest)| (l as f64, degrees_of(rest))),
            ),
        ]
    });
    Content::Lines { lines: lines.collect() }
}
