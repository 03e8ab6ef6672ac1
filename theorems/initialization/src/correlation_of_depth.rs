#![doc = include_str!("correlation_of_depth.md")]

use std::f64::consts::PI;

use theoria_elementary::{acos, asin, cos, powf, sin, sin_cos};
use theoria_instances::random_networks::{constant_width, digit};
use theoria_instances::sequences::octaves;
use theoria_models::Vector;
use theoria_models::networks::{Activation, FreshNetworks};
use theoria_verification::{
    Block, Check, Claim, Content, Draw, Effort, Family, Figure, Hypothesis, Instance, Line,
    Reading, Stream, Theorem, TrialClaim,
};

use crate::support::hypotheses;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let one_layer = one_layer("one_layer_maps_inner_products_exactly")
        .on(angles([0.0, 0.7, 1.4, 2.1]))
        .on(digits(1, 24));
    let less = one_layer
        .restated(
            "one_layer_maps_inner_products_to_less",
            "E ⟨x¹, y¹⟩ = 0.93 (n₁/n₀) |x⁰||y⁰| (sin θ + (π − θ) cos θ)/π",
        )
        .predicting(|pair, _| 0.93 * overlap(pair.angle()));
    let keeps = self::one_layer("one_layer_keeps_the_angle")
        .restated("one_layer_keeps_the_angle", "E ⟨x¹, y¹⟩ = (n₁/n₀) |x⁰||y⁰| cos θ")
        .on(angles([1.4, 2.1]))
        .predicting(|pair, _| cos(pair.angle()));
    let recursion = deep("wide_networks_follow_the_recursion", 1).on(digits(10, 512));
    // At fewer layers it exceeds 2, what no cosine could.
    let limit_at_ten = deep("the_limit_holds_at_ten_layers", 10)
        .restated("the_limit_holds_at_ten_layers", "E (1 − cos θ_l) = 9π²/(2 l²) at l = 10")
        .on(digits(10, 512))
        .predicting(|_, layer| 4.5 * PI * PI / layer.powi(2));
    let faster = recursion
        .restated(
            "angles_close_faster_by_a_seventh",
            "E (1 − cos θ_l) = 1 − ρ_l + O(1/n) with ρ_{l+1} − ρ_l a seventh larger",
        )
        .predicting(|pair, layer| {
            let further = |rest: f64| rest - 8.0 / 7.0 * (rest - next(rest));
            (0..layer as usize).fold(1.0 - cos(pair.angle()), |rest, _| further(rest))
        });
    let square =
        limit("decorrelation_fades_like_the_square_of_the_depth").on(angles([0.3, 1.0, 3.0]));
    let steeper = square
        .restated("decorrelation_fades_like_a_larger_power", "1 − ρ_l ~ l^−2.15")
        .predicting(|_, l| powf(l, -2.15));
    let constant =
        Claim::identity("the_constant_is_nine_halves_of_pi_squared", "l² (1 − ρ_l) → 9π²/2", 2e-3)
            .assuming([two_angles()])
            .on(angles([0.3, 1.0, 3.0]))
            .measuring([1usize << 17, 1 << 18], |pair, layers| {
                let rest = pair.recursion(1 << 18);
                layers.read(|l| Reading::new(rest[l] * (l as f64).powi(2), 1e-9))
            })
            .predicting(|_, _| 4.5 * PI * PI);
    let other_constant = constant
        .restated("the_constant_is_a_hundredth_larger", "l² (1 − ρ_l) → 4.545 π²")
        .predicting(|_, _| 4.545 * PI * PI);
    let slowly = table("the_constant_is_approached_slowly");
    let other_table = slowly
        .restated("the_constant_is_approached_otherwise", "l² (1 − ρ_l) as stated, times 1.01")
        .predicting(|_, l| 1.01 * stated(l));
    Theorem::new("initialization/correlation_of_depth", include_str!("correlation_of_depth.md"))
        .uses(
            "initialization/relu_second_moment",
            "lengths stay what they are in the mean, so that the angle is all that changes",
        )
        .claim(one_layer)
        .claim(recursion)
        .claim(square)
        .claim(constant)
        .claim(slowly)
        .control(less)
        .control(keeps)
        .control(limit_at_ten)
        .control(faster)
        .control(steeper)
        .control(other_constant)
        .control(other_table)
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
            .caption("1 − ρ falls like the inverse square of the depth."),
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
    let angle = 2.0 * asin((rest / 2.0).sqrt().min(1.0));
    let lost = if angle < 0.05 {
        // sin θ - θ cos θ
        let square = angle * angle;
        angle * square * (1.0 / 3.0 - square / 30.0 + square * square / 840.0)
    } else {
        sin(angle) - angle * cos(angle)
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
        inputs[1][0] = cos(angle);
        inputs[1][1] = sin(angle);
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
        let start = 1.0 - cos(self.angle());
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

/// (sin θ + (π − θ) cos θ)/π.
fn overlap(angle: f64) -> f64 {
    (sin(angle) + (PI - angle) * cos(angle)) / PI
}

/// 4 E φ(a)² φ(b)² for normal a and b of variance 1 at this angle: 2 (3 sin θ cos θ + (π − θ)(1 + 2 cos² θ))/π.
fn overlap_of_squares(angle: f64) -> f64 {
    let (sin, cos) = sin_cos(angle);
    2.0 * (3.0 * sin * cos + (PI - angle) * (1.0 + 2.0 * cos * cos)) / PI
}

fn two_angles() -> Hypothesis<Pair> {
    Hypothesis::new("ρ_0 < 1", |pair: &Pair, _| {
        Check::at_least(pair.angle(), 0.1, "angle between the inputs")
    })
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
fn one_layer(name: &str) -> TrialClaim<Pair> {
    let formula = "E ⟨x¹, y¹⟩ = (n₁/n₀) |x⁰||y⁰| (sin θ + (π − θ) cos θ)/π";
    Claim::expected_value(name, formula, 0.03)
        .assuming([hypotheses::independent_normal_weights()])
        .trials(1 << 17)
        .sampling(|pair: &Pair, block: &mut Block| {
            let (networks, [x, y]) = (pair.networks(), &pair.inputs);
            let scale = x.norm() * y.norm() * pair.width as f64 / x.len() as f64;
            let trials = block.trials();
            let stream = Stream::drawn(block.generator());
            let seen = networks.run(&pair.inputs, &[], trials, |net| stream.trial(net));
            block.read([1], |net, layer| seen.inner(net, layer) / scale)
        })
        .ranging(|_, _| (0.0, f64::INFINITY))
        .second_moment_at_most(|pair, _| {
            let (angle, n) = (pair.angle(), pair.width as f64);
            let mean = overlap(angle);
            mean * mean + (overlap_of_squares(angle) - mean * mean) / n
        })
        .predicting(|pair, _| overlap(pair.angle()))
}

/// Behind this layer and the further ones.
fn deep(name: &str, from: usize) -> TrialClaim<Pair> {
    Claim::expected_value(name, "E (1 − cos θ_l) = 1 − ρ_l + O(1/n)", 0.1)
        .assuming([hypotheses::independent_normal_weights(), two_angles()])
        .trials(8192)
        .sampling(move |pair: &Pair, block: &mut Block| {
            let trials = block.trials();
            let stream = Stream::drawn(block.generator());
            let seen = pair.networks().run(&pair.inputs, &[], trials, |net| stream.trial(net));
            block.read(from..=pair.depth, |net, layer| 1.0 - seen.cosine(net, layer))
        })
        // Outputs of ReLU are not negative, so that neither is the cosine.
        .ranging(|_, _| (0.0, 1.0))
        .predicting(|pair, layer| {
            (0..layer as usize).fold(1.0 - cos(pair.angle()), |rest, _| next(rest))
        })
}

fn limit(name: &str) -> Claim<Pair> {
    Claim::exponent(name, "1 − ρ_l ~ l⁻²")
        .assuming([two_angles()])
        .measuring(octaves(10..=16), |pair: &Pair, layers| {
            let rest = pair.recursion(1 << 16);
            layers.read(|l| Reading::new(rest[l], 1e-13 * rest[l]))
        })
        .predicting(|_, l| l.powi(-2))
}

/// From orthogonal inputs, to the digits of the statement.
fn table(name: &str) -> Claim<Pair> {
    Claim::identity(name, "l² (1 − ρ_l) as stated", 5e-4)
        .assuming([two_angles()])
        .on(angles([PI / 2.0]))
        .measuring([10usize, 100, 1000, 10_000], |pair, layers| {
            let rest = pair.recursion(10_000);
            layers.read(|l| Reading::new(rest[l] * (l as f64).powi(2), 1e-9))
        })
        .predicting(|_, l| stated(l))
}

fn stated(layer: f64) -> f64 {
    match layer as usize {
        10 => 12.85,
        100 => 35.77,
        1000 => 43.13,
        _ => 44.25,
    }
}

fn forgotten(draw: &mut Draw, _: Effort) -> Content {
    const DEPTH: usize = 30;
    let lines = [20.0, 100.0, 180.0].into_iter().flat_map(|degrees: f64| {
        let pair = Pair { depth: DEPTH, width: 300, ..Pair::at(degrees.to_radians()) };
        let stream = Stream::drawn(draw.generator());
        let seen = pair.networks().run(&pair.inputs, &[], 1, |net| stream.trial(net));
        let degrees_of = |rest: f64| acos((1.0 - rest).clamp(-1.0, 1.0)).to_degrees();
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
