#![doc = include_str!("training_deep_networks.md")]

use rand::{SeedableRng, rngs::Xoshiro256PlusPlus};
use theoria_elementary::{exp2, ln, powf};
use theoria_models::Vector;
use theoria_models::networks::Activation::{self, Relu, Tanh};
use theoria_models::networks::relu_moments::relative_square;
use theoria_models::numerics::minimum;
use theoria_verification::{
    Axis, Block, Check, Claim, Content, Draw, Effort, Family, Figure, Hypothesis, Line, Sample,
    Scale, Side, Theorem, TrialClaim,
};

use crate::support::deep_networks::{DeepNetwork, OUTPUTS, Shape};
use crate::support::deep_training::{PASSES, Training};
use crate::support::hypotheses;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let shallow = trains("depth_2_trains_in_half_of_the_time", "L = 2: P(95% in 4 passes) ≥ 1/2")
        .sampling(training_in(PASSES / 2))
        .on(shapes("depth 2", [Shape::plain(Relu, 2, 2.0), Shape::plain(Tanh, 2, 1.0)]));
    let slow = shallow
        .restated("depth_2_needs_more_than_half", "L = 2: P(95% in 4 passes) ≤ 1/2")
        .predicting(|_, _| 0.0);
    // What is measured once serves the claims and the controls.
    let all = trains("these_networks_train", "P(95% in 8 passes) ≥ 1/2");
    let [half, critical, moderate, twice] = [
        shapes("half the variance", [Shape::plain(Relu, 6, 1.0), Shape::plain(Tanh, 10, 0.5)]),
        shapes("ReLU of critical variance", [Shape::plain(Relu, 8, 2.0)]),
        shapes("tanh of critical variance", [Shape::plain(Tanh, 8, 1.0)]),
        shapes("twice the variance", [Shape::plain(Relu, 6, 4.0), Shape::plain(Tanh, 8, 2.0)]),
    ];
    let skipping = shapes("residual networks", [1.0, 4.0].map(|c| Shape::residual(Relu, 30, c)));
    let not = |name: &str, formula: &str| all.restated(name, formula).predicting(|_, _| 0.0);
    let plain = gradients(
        "all_layers_of_relu_networks_have_the_same_gradients",
        "l < L: E |∂(v·f)/∂Wˡ|² = n_{l−1}/(2 n₀) (c/2)ᴸ⁻² |x⁰|² |v|²",
        0.06,
    )
    .assuming([plain_relu()])
    .on(shapes(
        "ReLU networks",
        [(3, 1.0), (3, 4.0), (5, 3.0)].map(|(l, c)| Shape::plain(Relu, l, c)),
    ))
    .trials(32768)
    .ranging(|_, _| (0.0, f64::INFINITY))
    .second_moment_at_most(|shape, layer| {
        mean(shape, layer).powi(2) * relative_square(&vec![shape.width; shape.depth - 1])
    });
    let larger = plain
        .restated(
            "gradients_of_relu_networks_are_larger",
            "l < L: E |∂(v·f)/∂Wˡ|² = 1.15 n_{l−1}/(2 n₀) (c/2)ᴸ⁻² |x⁰|² |v|²",
        )
        .predicting(|shape, layer| 1.15 * mean(shape, layer));
    let by_layer = plain
        .restated(
            "gradients_of_weights_change_from_layer_to_layer",
            "l < L: E |∂(v·f)/∂Wˡ|² = n_{l−1}/(2 n₀) (c/2)²ᴸ⁻³⁻ˡ |x⁰|² |v|²",
        )
        .predicting(|shape, layer| {
            let passed = shape.depth as f64 - 1.0 - layer;
            mean(shape, layer) * powf(shape.variance / 2.0, passed.max(0.0))
        });
    let of_the_limit = gradients(
        "gradients_of_other_networks_are_nearly_those_of_the_limit",
        "E |∂(v·f)/∂Wˡ|² = a_l² n_{l−1} s_l χ_{l+1} ⋯ χ_L |v|² + O(1/n)",
        0.08,
    )
    .trials(8192)
    // From above a mean is limited by Student's interval alone.
    .ranging(|_, _| (0.0, f64::INFINITY));
    let tanh = |c: f64| Shape::plain(Tanh, 6, c).of_width(64);
    let alike = of_the_limit
        .restated(
            "gradients_of_tanh_networks_are_alike_in_all_layers",
            "l < L: E |∂(v·f)/∂Wˡ|²/n_{l−1} = E |∂(v·f)/∂Wᴸ⁻¹|²/n_{L−2}",
        )
        .on(shapes("tanh networks of twice the variance", [tanh(2.0)]))
        .predicting(|shape, layer| {
            let last = shape.depth - 1;
            let columns = |layer: usize| shape.columns(layer) as f64;
            let like = (layer as usize).max(last);
            mean(shape, like as f64) * columns(layer as usize) / columns(like)
        });
    let wide = of_the_limit
        .on(shapes("tanh networks", [0.5, 2.0].map(tanh)))
        .on(shapes("residual ReLU networks", [Shape::residual(Relu, 8, 3.0).of_width(64)]));
    let wide_smaller = wide
        .restated(
            "gradients_of_other_networks_are_a_sixth_smaller",
            "E |∂(v·f)/∂Wˡ|² = a_l² n_{l−1} s_l χ_{l+1} ⋯ χ_L |v|²/1.2 + O(1/n)",
        )
        .predicting(|shape, layer| mean(shape, layer) / 1.2);
    Theorem::new("initialization/training_deep_networks", include_str!("training_deep_networks.md"))
        .uses("initialization/critical_variance", "the critical factors 2 and 1")
        .uses(
            "initialization/mean_field_tanh",
            "the mean square behind each layer, and how much a gradient grows through it",
        )
        .uses("initialization/residual_networks", "how much a layer that adds lets a gradient grow")
        .uses("initialization/correlation_of_depth", "deep ReLU layers let all images look alike")
        .claim(shallow)
        .claim(all.clone().on(moderate).on(twice.clone()).on(skipping))
        .claim(
            not("these_networks_do_not_train", "P(95% in 8 passes) ≤ 1/2")
                .on(half.clone())
                .on(critical.clone()),
        )
        .claim(plain)
        .claim(wide)
        .control(slow)
        .control(
            all.restated("critical_variance_trains_in_time", "c = c*: P(95% in 8 passes) ≥ 1/2")
                .on(critical),
        )
        .control(
            all.restated("half_the_variance_trains_in_time", "c = c*/2: P(95% in 8 passes) ≥ 1/2")
                .on(half),
        )
        .control(
            not("twice_the_variance_does_not_train_in_time", "c = 2 c*: P(95% in 8 passes) ≤ 1/2")
                .on(twice),
        )
        .control(larger)
        .control(by_layer)
        .control(wide_smaller)
        .control(alike)
        .figure(
            Figure::linear("relu", "log₂ of c over 2", "depth L")
                .caption(
                    "ReLU networks, one start each, within 8 passes: where the initial gradients are within a hundredfold of those of depth 2, between the dashed and the dotted line, is not where networks train.",
                )
                .showing(|draw, _| map(Relu, draw)),
        )
        .figure(
            Figure::linear("tanh", "log₂ of c", "depth L")
                .caption(
                    "Tanh networks, one start each, within 8 passes: with small variances they fail some layers before the gradients are a hundredth of those of depth 2.",
                )
                .showing(|draw, _| map(Tanh, draw)),
        )
        .figure(
            Figure::semilog("gradients", "layer l", "squared norm of the gradient by W^l, over n_{l−1}")
                .caption(
                    "At the start, means of 512 networks: those of plain ReLU networks of depth 20 are small or large in all layers alike, not more so near the input. In residual ones of half the variance the first and the last layer have those of depth 3; the others add a²-fold, 1/(L − 2), and so do their gradients.",
                )
                .showing(gradients_by_layer),
        )
}

fn shapes<const N: usize>(name: &str, shapes: [Shape; N]) -> Family<Shape> {
    Family::listed(name, shapes, |shape| *shape)
}

fn plain_relu() -> Hypothesis<Shape> {
    Hypothesis::new("plain ReLU networks", |shape: &Shape, _| {
        Check::that(
            shape.activation == Relu && !shape.residual,
            format!(
                "{}, {}",
                shape.activation.describe(),
                if shape.residual { "residual" } else { "plain" }
            ),
        )
    })
}

/// At the number of passes, whether one of the step sizes brings 95% of the images to the right side.
fn trains(name: &str, formula: &str) -> TrialClaim<Shape> {
    Claim::probability(name, formula, Side::Within(0.5))
        .assuming([hypotheses::independent_normal_weights()])
        // A quarter of them decides where all trials agree.
        .trials(144)
        .sampling(training_in(PASSES))
        .predicting(|_, _| 1.0)
}

fn training_in(passes: usize) -> impl Fn(&Shape, &mut Block) -> Sample + Send + Sync + 'static {
    move |shape, block| {
        let it = Training::read();
        block.each_event(passes, |random| it.trains(*shape, passes, random))
    }
}

/// At every layer the squared norm of the derivative of the output by its matrix.
fn gradients(name: &str, formula: &str, margin: f64) -> TrialClaim<Shape> {
    Claim::expected_value(name, formula, margin)
        .assuming([hypotheses::independent_normal_weights()])
        .sampling(|shape: &Shape, block: &mut Block| {
            let layers: Vec<f64> = (1..=shape.depth).map(|layer| layer as f64).collect();
            let seen = image();
            let mut random = Xoshiro256PlusPlus::from_rng(block.generator());
            block.each(&layers, |_| {
                DeepNetwork::draw(*shape, &mut random).gradients(&seen, &cotangent())
            })
        })
        .predicting(mean)
}

/// The image of a zero.
fn image() -> Vector {
    Training::read().images.column(0).into_owned()
}

/// All outputs alike, of length 1.
fn cotangent() -> Vector {
    Vector::from_element(OUTPUTS, (OUTPUTS as f64).sqrt().recip())
}

fn predicted(shape: &Shape) -> Vec<f64> {
    let seen = image();
    shape.predicted(seen.norm_squared() / seen.len() as f64)
}

fn mean(shape: &Shape, layer: f64) -> f64 {
    predicted(shape)[layer as usize - 1]
}

/// Over the columns of each matrix, so that images and hidden layers, which differ in width, can be compared.
fn over_columns(shape: &Shape, gradients: &[f64]) -> Vec<f64> {
    (1..).zip(gradients).map(|(layer, size)| size / shape.columns(layer) as f64).collect()
}

/// The share of images that are told, over variance and depth, and where the smallest initial gradient of a layer is a
/// hundredth of that of depth 2, or a hundredfold.
fn map(activation: Activation, draw: &mut Draw) -> Content {
    let critical = activation.critical_variance().value;
    let at = |octave: f64, depth: usize| Shape::plain(activation, depth, critical * exp2(octave));
    let octaves: Vec<f64> = (-3..=3).map(|k| f64::from(k) / 3.0).collect();
    let depths: Vec<usize> = (1..=6).map(|k| 2 * k).collect();
    let mut block = Block::drawn(1, draw);
    let random = block.generator();
    let values = depths
        .iter()
        .flat_map(|depth| octaves.iter().map(move |octave| (*octave, *depth)))
        .map(|(octave, depth)| Training::read().told(at(octave, depth), PASSES, random))
        .collect();
    let weakest = |shape: Shape| {
        let sizes = over_columns(&shape, &predicted(&shape));
        sizes.into_iter().fold(f64::INFINITY, minimum)
    };
    // The first depth at which it is so far from that of depth 2.
    let level = |label: &str, factor: f64| {
        let places = (-60..=60).map(|k| f64::from(k) / 60.0).map(|octave| {
            let start = weakest(at(octave, 2));
            let apart = |depth: &usize| ln(weakest(at(octave, *depth)) / start) / ln(factor);
            let found = (3..=12).find(|depth| apart(depth) >= 1.0);
            let between = found.map_or(f64::NAN, |depth| {
                let [before, behind] = [depth - 1, depth].map(|depth| apart(&depth));
                (depth - 1) as f64 + (1.0 - before) / (behind - before)
            });
            (octave, between)
        });
        Line::predicted(label, places.filter(|(_, depth)| depth.is_finite()))
    };
    let lines = [level("gradients a hundredth", 0.01), level("gradients a hundredfold", 100.0)];
    Content::HeatMap {
        x: octaves,
        y: depths.iter().map(|depth| *depth as f64).collect(),
        values,
        colour: Axis::new("share of images on the right side", Scale::Linear),
        middle: None,
        lines: lines.into_iter().filter(|line| !line.x.is_empty()).collect(),
    }
}

fn gradients_by_layer(draw: &mut Draw, effort: Effort) -> Content {
    // A squared gradient of depth 20 varies four times as much as it is large.
    let networks = 512 * effort.trials_factor();
    let random = &mut Xoshiro256PlusPlus::from_rng(draw.generator());
    let seen = image();
    let mut lines = Vec::new();
    for (label, shape) in [
        ("c = 1", Shape::plain(Relu, 20, 1.0)),
        ("c = 2", Shape::plain(Relu, 20, 2.0)),
        ("c = 4", Shape::plain(Relu, 20, 4.0)),
        ("residual, c = 1", Shape::residual(Relu, 20, 1.0)),
        ("depth 3, residual", Shape::residual(Relu, 3, 1.0)),
    ] {
        let mut sums = vec![0.0; shape.depth];
        for _ in 0..networks {
            let sizes = DeepNetwork::draw(shape, random).gradients(&seen, &cotangent());
            sums.iter_mut().zip(sizes).for_each(|(sum, size)| *sum += size / networks as f64);
        }
        let places = |sizes: &[f64]| {
            (1..).map(f64::from).zip(over_columns(&shape, sizes)).collect::<Vec<_>>()
        };
        lines.push(Line::measured(label, places(&sums)));
        lines.push(Line::predicted(&format!("predicted, {label}"), places(&predicted(&shape))));
    }
    Content::Lines { lines }
}
