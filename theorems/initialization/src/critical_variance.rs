#![doc = include_str!("critical_variance.md")]

use rand::{SeedableRng, rngs::Xoshiro256PlusPlus};
use theoria_instances::random_networks::{RandomNetworks, constant_width};
use theoria_instances::sequences::octaves;
use theoria_models::Matrix;
use theoria_models::networks::{
    Activation, FullyConnected, Initialization, LayerFactor, digamma_of_half,
};
use theoria_verification::{
    Axis, Claim, Content, Draw, Effort, Family, Figure, Line, Sample, Scale, Theorem, TrialClaim,
};

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let around = [0.5, 1.0, 1.5];
    Theorem::new(
        "initialization/critical_variance",
        include_str!("critical_variance.md"),
    )
    .claim(
        slope("log_growth_of_relu_has_the_exact_slope", 0.04, exact)
            .on(relu("wide", 64, 30, &[1.0, 3.0]))
            .on(relu("narrow", 8, 24, &[1.0, 2.0, 4.0])),
    )
    .claim(slope("log_growth_of_linear_networks_has_the_exact_slope", 0.06, exact).on(
        Family::listed("linear", [0.5, 1.0, 2.0], |&c| {
            RandomNetworks::new(Activation::Linear, c, &constant_width(10, 20))
        }),
    ))
    .claim(
        slope("small_signals_grow_by_the_squared_slope_at_0", 0.08, |n| {
            small(n, n.activation.derivative(0.0).powi(2))
        })
        .on_all([
            smooth(Activation::Tanh, around),
            smooth(Activation::Erf, around),
            smooth(Activation::ShiftedSigmoid, around),
            smooth(Activation::Swish, around),
        ]),
    )
    .claim(
        Claim::exponent(
            "narrow_networks_lose_in_proportion_to_the_inverse_width",
            "−m(n) ~ 5/(2n)",
        )
        .on(Family::single("He weights", || {
            RandomNetworks::new(Activation::Relu, 2.0, &[1, 1])
        }))
        .measuring(octaves(3..=11), |_, widths| {
            widths.read(|n| -LayerFactor::relu(n, n, 2.0).mean_log())
        })
        .predicting(|_, n| 2.5 / n),
    )
    .claim(backward("gradients_on_their_way_back_have_the_same_slope"))
    .control(
        slope("relu_grows_by_the_variance_factor", 0.05, |n| n.variance.ln())
            .on(relu("wide", 64, 30, &[2.0])),
    )
    .control(
        slope("the_slope_does_not_depend_on_the_width", 0.05, |n| {
            (n.variance / 2.0).ln()
        })
        .on(relu("narrow", 8, 24, &[1.0])),
    )
    .control(
        slope("all_smooth_activations_have_critical_factor_1", 0.05, |n| {
            small(n, 1.0)
        })
        .on(smooth(Activation::Erf, [1.0]))
        .on(smooth(Activation::ShiftedSigmoid, [1.0])),
    )
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
    (n.variance * squared_slope).ln() + digamma_of_half(width) + (2.0 / width as f64).ln()
}

/// The growth per layer, from the input to the last layer, of networks that let something pass.
fn slope(
    name: &str,
    margin: f64,
    predicted: fn(&RandomNetworks) -> f64,
) -> TrialClaim<RandomNetworks> {
    Claim::expected_value(name, "E log |J_L u|²/L = log(c/2) + m(n)", margin)
        .trials(1 << 15)
        .sampling(|n: &RandomNetworks, block| {
            let (depth, networks) = (n.depth(), block.trials());
            let rows = n.living_tangents(&[depth], networks, block.generator());
            Sample::at(n.variance, rows[0].iter().map(|log| log / depth as f64))
        })
        .predicting(move |n, _| predicted(n))
}

/// By backpropagation through stored networks with a linear last layer: E log |∇ₓ(v·f)|² of those in which
/// something passes.
fn backward(name: &str) -> TrialClaim<RandomNetworks> {
    Claim::expected_value(
        name,
        "E log |∇ₓ(v·f)|² = Σ E log((c/n) χ²_K) + log c + ψ(n₀/2) + log(2/n)",
        0.08,
    )
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
                .map_or(f64::NEG_INFINITY, f64::ln)
        };
        Sample::at(n.depth(), (0..trials).map(gradient))
    })
    .predicting(|n, _| {
        let last = n.depth() - 1;
        let output = (n.variance / n.widths[last] as f64).ln();
        n.mean_log(last) + output + digamma_of_half(n.widths[0]) + 2f64.ln()
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
        let predicted = (0..=depth).map(|layer| (layer as f64, c * n.mean_log(layer).exp()));
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
        let c = |depth: f64| 2.0 * (tenfold * std::f64::consts::LN_10 / depth - correction).exp();
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
