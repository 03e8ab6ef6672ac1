#![doc = include_str!("critical_variance.md")]

use std::f64::consts::PI;

use rand::{SeedableRng, rngs::Xoshiro256PlusPlus};
use theoria_elementary::{exp, ln};
use theoria_instances::random_networks::{RandomNetworks, constant_width};
use theoria_models::Matrix;
use theoria_models::networks::{
    Activation, FullyConnected, Initialization, LayerFactor, digamma_of_half,
};
use theoria_models::numerics::maximum;
use theoria_verification::{
    Axis, Check, Claim, Content, Draw, Effort, Family, Figure, Hypothesis, Line, Reading, Sample,
    Scale, Theorem, TrialClaim,
};

use crate::support::hypotheses;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let around = [0.5, 1.0, 1.5];
    let relu_slope = "E log |J_L u|²/L = log(c/2) + m(n)";
    let of_relu = slope("log_growth_of_relu_has_the_exact_slope", relu_slope, 0.04, exact)
        .assuming([hypotheses::relu()])
        .on(relu("wide", 64, 30, &[1.0, 3.0]))
        .on(relu("narrow", 8, 24, &[1.0, 2.0, 4.0]));
    let a_tenth_less = of_relu
        .restated("relu_grows_or_fades_by_a_tenth_less", "E log |J_L u|²/L = 0.9 (log(c/2) + m(n))")
        .predicting(|n, _| 0.9 * exact(n));
    let at_any_width = slope(
        "the_slope_does_not_depend_on_the_width",
        "E log |J_L u|²/L = log(c/2)",
        0.04,
        |n| ln(n.variance / 2.0),
    )
    .assuming([hypotheses::relu()])
    .on(relu("narrow", 8, 24, &[1.0, 4.0]));
    let linear = slope(
        "log_growth_of_linear_networks_has_the_exact_slope",
        "E log |J_L u|²/L = log c + ψ(n/2) + log(2/n)",
        0.06,
        |n| small(n, 1.0),
    )
    .assuming([hypotheses::piecewise_linear()])
    .on(Family::listed("linear", [0.5, 1.0, 2.0], |&c| {
        RandomNetworks::new(Activation::Linear, c, &constant_width(10, 20))
    }));
    let linear_less = linear
        .restated(
            "linear_networks_grow_or_fade_by_less",
            "E log |J_L u|²/L = 0.85 (log c + ψ(n/2) + log(2/n))",
        )
        .predicting(|n, _| 0.85 * small(n, 1.0));
    let of_small = "E log |J_L u|²/L = log(c φ'(0)²) + ψ(n/2) + log(2/n)";
    let corrections = corrections("narrow_networks_lose_in_proportion_to_the_inverse_width");
    let other_constant = corrections
        .restated("narrow_networks_lose_two_per_cent_more", "n m(n) → −2.55")
        .predicting(|_, _| -2.55);
    let backward = backward("gradients_on_their_way_back_have_the_same_slope");
    let as_if_wide = backward
        .restated(
            "gradients_on_their_way_back_do_not_see_the_width",
            "E log |∇ₓ(v·f)|² = Σ log(c n_l/(2 n_{l−1})) + log c + log(n₀/n_{L−1})",
        )
        .predicting(|n, _| {
            let last = n.depth() - 1;
            last as f64 * ln(n.variance / 2.0) + ln(n.variance)
        });
    Theorem::new("initialization/critical_variance", include_str!("critical_variance.md"))
        .uses(
            "initialization/relu_second_moment",
            "the signs of a layer are fair coins, of which ReLU keeps one half",
        )
        .claim(of_relu)
        .claim(linear)
        .claim(
            slope("small_signals_grow_by_the_squared_slope_at_0", of_small, 0.08, |n| {
                small(n, slope_at_0(n.activation).powi(2))
            })
            .assuming([smooth_at_0(), shown_little()])
            .on_all([
                smooth(Activation::Tanh, around),
                smooth(Activation::Erf, around),
                smooth(Activation::ShiftedSigmoid, around),
                smooth(Activation::Swish, around),
            ]),
        )
        .claim(real_signals("real_signals_do_not_grow_at_the_critical_factor").on(
            shown_digits("below their slope at 0", [
                Activation::Tanh,
                Activation::Erf,
                Activation::ShiftedSigmoid,
            ]),
        )
        // Outputs of these activations lie between −1 and 1.
        .bounded_by(|n, _| n.widths[1] as f64)
        .tight_to(0.7))
        .claim(corrections)
        .claim(backward)
        .control(a_tenth_less)
        .control(at_any_width)
        .control(linear_less)
        .control(
            slope(
                "all_smooth_activations_have_critical_factor_1",
                "smooth φ: E log |J_L u|²/L = log c + ψ(n/2) + log(2/n)",
                0.08,
                |n| small(n, 1.0),
            )
            .assuming([smooth_at_0(), shown_little()])
            .on(smooth(Activation::Erf, [1.0]))
            .on(smooth(Activation::ShiftedSigmoid, [1.0])),
        )
        .control(
            real_signals("real_signals_of_swish_do_not_grow")
                .on(shown_digits("swish", [Activation::Swish]))
                .violating("|φ(z)| ≤ φ'(0) |z|"),
        )
        .control(other_constant)
        .control(as_if_wide)
    .figure(
        Figure::semilog("exploding_and_vanishing_gradients", "layers passed on the way back", "squared norm of the gradient")
        .caption(
            "Gradients of networks that see a handwritten digit, on their way back through 50 \
             layers of width 64: straight lines whose slope is set by the variance of the weights.",
        )
        .showing(gradients_by_layer),
    )
    .figure(
        Figure::linear("gradient_over_variance_and_depth", "variance factor c", "depth")
        .caption(
            "The typical gradient of ReLU networks of width 32 on a logarithmic scale: the deeper the network, \
             the narrower the wedge around c = 2 in which it can be trained.",
        )
        .showing(map),
    )
}

fn relu(name: &str, width: usize, depth: usize, variances: &[f64]) -> Family<RandomNetworks> {
    Family::listed(name, variances.to_vec(), move |&c| {
        let n = RandomNetworks::new(Activation::Relu, c, &constant_width(width, depth));
        if width == 64 { n.shown_a_digit() } else { n }
    })
}

/// At multiples of the critical variance factor, shown an input so small that signals pass linearly.
fn smooth<const N: usize>(activation: Activation, multiples: [f64; N]) -> Family<RandomNetworks> {
    let critical = activation.critical_variance().value;
    Family::listed(&activation.describe(), multiples, move |multiple| {
        RandomNetworks::new(activation, multiple * critical, &constant_width(8, 16)).shown_little()
    })
}

/// E log |J_L u|²/L
fn exact(n: &RandomNetworks) -> f64 {
    n.mean_log(n.depth()) / n.depth() as f64
}

/// log(c s) and what a linear layer of this width adds, where s is the squared slope at 0.
fn small(n: &RandomNetworks, squared_slope: f64) -> f64 {
    let width = n.widths[1];
    ln(n.variance * squared_slope) + digamma_of_half(width) + ln(2.0 / width as f64)
}

/// φ'(0), as the theorem has it.
fn slope_at_0(activation: Activation) -> f64 {
    match activation {
        Activation::Erf => 2.0 / PI.sqrt(),
        Activation::ShiftedSigmoid => 0.25,
        Activation::Swish => 0.5,
        _ => 1.0,
    }
}

fn smooth_at_0() -> Hypothesis<RandomNetworks> {
    Hypothesis::new("φ(0) = 0", |n: &RandomNetworks, _| {
        Check::at_most(n.activation.value(0.0).abs(), 0.0, "|φ(0)|")
    })
}

fn shown_little() -> Hypothesis<RandomNetworks> {
    Hypothesis::new("a small input", |n: &RandomNetworks, _| {
        Check::at_most(n.input.amax(), 1e-5, "largest entry of the input")
    })
}

fn below_the_slope() -> Hypothesis<RandomNetworks> {
    Hypothesis::new("|φ(z)| ≤ φ'(0) |z|", |n: &RandomNetworks, _| {
        let slope = slope_at_0(n.activation);
        let ratio = |z: f64| n.activation.value(z).abs() / (slope * z.abs());
        let most = (1..=400).map(|k| 0.05 * f64::from(k)).flat_map(|z| [ratio(z), ratio(-z)]);
        Check::at_most(most.fold(0.0, maximum), 1.0, "largest |φ(z)| / φ'(0) |z|, |z| ≤ 20")
    })
}

/// At the critical variance factor, shown a digit whose mean square is 1/8.
fn shown_digits<const N: usize>(
    name: &str,
    activations: [Activation; N],
) -> Family<RandomNetworks> {
    Family::listed(name, activations, |&activation| {
        let critical = slope_at_0(activation).powi(-2);
        RandomNetworks::new(activation, critical, &constant_width(64, 30))
            .shown_a_digit()
            .shown_with_mean_square(0.125)
    })
}

/// E |xˡ|² for signals of the size of data.
fn real_signals(name: &str) -> TrialClaim<RandomNetworks> {
    Claim::expected_bound(name, "E |xˡ|² ≤ |x⁰|² at c = 1/φ'(0)²")
        .assuming([hypotheses::independent_normal_weights(), smooth_at_0(), below_the_slope()])
        .trials(4096)
        .sampling(|n: &RandomNetworks, block| {
            let seen = n.run(block);
            block.read([1, 10, 30], |net, layer| seen.signal(net, layer, 0))
        })
        .predicting(|n, _| n.input.norm_squared())
}

/// The growth per layer, from the input to the last layer, of networks that let something pass.
fn slope(
    name: &str,
    formula: &str,
    margin: f64,
    predicted: fn(&RandomNetworks) -> f64,
) -> TrialClaim<RandomNetworks> {
    Claim::expected_value(name, formula, margin)
        .assuming([
            hypotheses::independent_normal_weights(),
            hypotheses::without_biases(),
            hypotheses::a_tangent_of_its_own(),
        ])
        .trials(1 << 16)
        .sampling(|n: &RandomNetworks, block| {
            let (depth, networks) = (n.depth(), block.trials());
            let rows = n.living_tangents(&[depth], networks, block.generator());
            Sample::at(n.variance, rows[0].iter().map(|log| log / depth as f64))
        })
        .predicting(move |n, _| predicted(n))
}

/// n m(n) from two widths, of which the second is twice the first, extrapolated to infinite width.
fn corrections(name: &str) -> Claim<RandomNetworks> {
    let at = |n: usize| n as f64 * LayerFactor::relu(n, n, 2.0).mean_log();
    Claim::identity(name, "n m(n) → −5/2", 1e-3)
        .assuming([hypotheses::independent_normal_weights(), hypotheses::relu()])
        .on(Family::single("He weights", || RandomNetworks::new(Activation::Relu, 2.0, &[1, 1])))
        .measuring([256usize, 512, 1024], move |_, widths| {
            widths.read(|n| Reading::new(2.0 * at(2 * n) - at(n), 1e-8))
        })
        .predicting(|_, _| -2.5)
}

/// By backpropagation through stored networks with a linear last layer: E log |∇ₓ(v·f)|² of those in which
/// something passes.
fn backward(name: &str) -> TrialClaim<RandomNetworks> {
    Claim::expected_value(
        name,
        "E log |∇ₓ(v·f)|² = Σ E log((c/n) χ²_K) + log c + ψ(n₀/2) + log(2/n)",
        0.08,
    )
    .assuming([
        hypotheses::independent_normal_weights(),
        hypotheses::without_biases(),
        hypotheses::relu(),
    ])
    .trials(8192)
    .on(Family::listed("stored ReLU networks", [1.0, 4.0], |&c| {
        RandomNetworks::new(Activation::Relu, c, &[64, 16, 24, 16, 16, 1]).shown_a_digit()
    }))
    .sampling(|n: &RandomNetworks, block| {
        let trials = block.trials();
        let random = &mut Xoshiro256PlusPlus::from_rng(block.generator());
        let gradient = |_| {
            std::iter::repeat_with(|| back(n, random).last().copied().unwrap_or(0.0))
                .find(|size| *size > 0.0)
                .map_or(f64::NEG_INFINITY, ln)
        };
        Sample::at(n.depth(), (0..trials).map(gradient))
    })
    .predicting(|n, _| {
        let last = n.depth() - 1;
        let output = ln(n.variance / n.widths[last] as f64);
        n.mean_log(last) + output + digamma_of_half(n.widths[0]) + ln(2.0)
    })
}

/// Squared norms of the gradient of the only output by x^{L-1}, ..., x^0, in one network.
fn back(n: &RandomNetworks, random: &mut Xoshiro256PlusPlus) -> Vec<f64> {
    let law = Initialization::Gaussian { variance: n.variance };
    let network = FullyConnected::new(&n.widths, n.activation);
    let parameters = network.draw(law, random);
    let input = Matrix::from_column_slice(n.input.len(), 1, n.input.as_slice());
    let pass = network.pass(&parameters, &input);
    let mut upstream = Matrix::from_element(1, 1, 1.0);
    (1..=network.depth())
        .rev()
        .map(|layer| {
            if layer < network.depth() {
                let slopes = pass.signals(layer).map(|x| f64::from(u8::from(x > 0.0)));
                upstream.component_mul_assign(&slopes);
            }
            upstream = network.weights(&parameters, layer).transpose() * &upstream;
            upstream.norm_squared()
        })
        .collect()
}

fn gradients_by_layer(draw: &mut Draw, _: Effort) -> Content {
    let depth = 50;
    let random = &mut Xoshiro256PlusPlus::from_rng(draw.generator());
    let widths: Vec<usize> = constant_width(64, depth).into_iter().chain([1]).collect();
    let lines = [1.5, 2.0, 2.5].into_iter().flat_map(|c| {
        let n = RandomNetworks::new(Activation::Relu, c, &widths).shown_a_digit();
        let measured: Vec<Line> = (1..=2)
            .map(|number| {
                let sizes = back(&n, random).into_iter().enumerate();
                Line::measured(
                    &format!("c = {c}, network {number}"),
                    sizes.map(|(layer, size)| (layer as f64, size)),
                )
            })
            .collect();
        let predicted = (0..=depth).map(|layer| (layer as f64, c * exp(n.mean_log(layer))));
        measured
            .into_iter()
            .chain([Line::predicted(&format!("exact slope, c = {c}"), predicted)])
            .collect::<Vec<Line>>()
    });
    Content::Lines { lines: lines.collect() }
}

fn map(draw: &mut Draw, effort: Effort) -> Content {
    let networks = 8 * effort.trials_factor();
    let variances: Vec<f64> = (0..=24).map(|i| 0.8 + 0.1 * f64::from(i)).collect();
    let depths: Vec<usize> = (1..=20).map(|i| 2 * i).collect();
    // Column by column, since deeper networks begin with the layers of shallower ones.
    let columns: Vec<Vec<f64>> = variances
        .iter()
        .map(|&c| {
            let n = RandomNetworks::new(Activation::Relu, c, &constant_width(32, 40));
            let rows = n.living_tangents(&depths, networks, draw.generator());
            rows.iter()
                .map(|logs| logs.iter().sum::<f64>() / networks as f64 / std::f64::consts::LN_10)
                .collect()
        })
        .collect();
    let correction = LayerFactor::relu(32, 32, 2.0).mean_log();
    let level = |tenfold: f64| {
        let c = |depth: f64| 2.0 * exp(tenfold * std::f64::consts::LN_10 / depth - correction);
        let points = (2..=40).map(|depth| (c(f64::from(depth)), f64::from(depth)));
        points.filter(|(c, _)| (0.8..=3.2).contains(c)).collect::<Vec<_>>()
    };
    Content::HeatMap {
        x: variances,
        y: depths.iter().map(|depth| *depth as f64).collect(),
        values: (0..depths.len())
            .flat_map(|row| columns.iter().map(move |column| column[row]))
            .collect(),
        colour: Axis::new("mean of log₁₀ |J u|²", Scale::Linear),
        middle: Some(0.0),
        lines: vec![
            Line::predicted("a hundredth", level(-2.0)),
            Line::predicted("kept", level(0.0)),
            Line::predicted("a hundredfold", level(2.0)),
        ],
    }
}
