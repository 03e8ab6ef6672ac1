#![doc = include_str!("relu_second_moment.md")]

use rand::{Rng, RngExt, SeedableRng, rngs::Xoshiro256PlusPlus};
use rand_distr::{Distribution, Exp1, StandardNormal};
use theoria_instances::random_networks::{RandomNetworks, constant_width, digit};
use theoria_models::networks::relu_moments::relative_square;
use theoria_models::networks::{Activation, FullyConnected, Initialization};
use theoria_models::{Matrix, Vector};
use theoria_verification::{
    Block, Check, Claim, Content, Draw, Effort, Family, Figure, Hypothesis, Instance, Line, Sample,
    Theorem, TrialClaim,
};

use crate::support::hypotheses;

/// Neurons over which a trial of one layer is the mean.
const NEURONS: usize = 8;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let symmetric = [Entries::Normal, Entries::Uniform, Entries::Sign, Entries::Laplace];
    let half = half("half_of_the_second_moment_passes");
    let passing = half
        .clone()
        .on(Family::listed("laws of weights", symmetric, |&law| law))
        .second_moment_at_most(|law, _| {
            let of_a_neuron = law.fourth_moment() / 2.0;
            0.25 + (of_a_neuron - 0.25) / NEURONS as f64
        });
    let less = passing
        .restated("nine_twentieths_of_the_second_moment_pass", "E φ(w·x)² = 0.45 E (w·x)²")
        .predicting(|_, _| 0.45);
    let of_all =
        |claim: TrialClaim<RandomNetworks>| claim.on(relu(1.0)).on(relu(2.0)).on(relu(3.0));
    let signals = signals("signals_are_multiplied_by_half_the_variance_factor");
    let fewer_signals =
        signals.restated("signals_are_multiplied_by_less", "E |xˡ|²/n_l = (c/2.1)ˡ |x⁰|²/n_0");
    let tangents = tangents("tangents_are_multiplied_by_half_the_variance_factor");
    let fewer_tangents =
        tangents.restated("tangents_are_multiplied_by_less", "E |J_l u|²/n_l = (c/2.1)ˡ |u|²/n_0");
    let critical = |name: &str, formula: &str| {
        tangents.restated(name, formula).predicting(|n, _| 1.0 / n.widths[0] as f64)
    };
    let backwards = gradients("so_are_gradients_on_their_way_back");
    let fewer_gradients = backwards
        .restated("gradients_are_multiplied_by_less", "E |∇ₓ(v·f)|² = c (c/2.2)ᴸ⁻¹ |v|²")
        .predicting(|n, _| n.variance * grown(n, n.depth() as i32 - 1, 2.2));
    let with_half_the_last = backwards
        .restated("the_last_layer_halves_as_well", "E |∇ₓ(v·f)|² = (c/2)ᴸ |v|²")
        .predicting(|n, _| grown(n, n.depth() as i32, 2.0));
    Theorem::new("initialization/relu_second_moment", include_str!("relu_second_moment.md"))
        .claim(passing)
        .claim(of_all(signals.clone()).on(along()).second_moment_at_most(|n, layer| {
            (grown(n, layer as i32, 2.0) * mean_square(n)).powi(2) * squares(n, layer)
        }))
        .claim(of_all(tangents.clone()).second_moment_at_most(|n, layer| {
            (grown(n, layer as i32, 2.0) / n.widths[0] as f64).powi(2) * squares(n, layer)
        }))
        .claim(backwards)
        .control(half.restated("half_passes_for_weights_of_one_sign", "E φ(w·x)² = E (w·x)²/2")
            .violating("symmetric weights")
            .on(Family::single("positive weights", || Entries::Positive)))
        .control(less)
        .control(of_all(fewer_signals).predicting(|n, layer| {
            grown(n, layer as i32, 2.1) * mean_square(n)
        }))
        .control(of_all(fewer_tangents).predicting(|n, layer| {
            grown(n, layer as i32, 2.1) / n.widths[0] as f64
        }))
        .control(
            critical(
                "variance_factor_2_is_critical_for_linear",
                "linear layers, c = 2: E |J_l u|²/n_l = |u|²/n_0",
            )
            .on(networks("linear networks", Activation::Linear, 2.0)),
        )
        .control(
            critical(
                "variance_factor_2_is_critical_for_tanh",
                "tanh layers, c = 2: E |J_l u|²/n_l = |u|²/n_0",
            )
            .on(networks("tanh networks", Activation::Tanh, 2.0)),
        )
        .control(fewer_gradients)
        .control(with_half_the_last)
    .figure(
        Figure::semilog("signals", "layer l", "mean of |xˡ|²/n_l")
            .of("signals_are_multiplied_by_half_the_variance_factor")
            .caption(
                "Only with variance factor 2 do signals keep their size; every other factor is an \
                 exponential in the depth.",
            ),
    )
    .figure(
        Figure::semilog("variance_factor", "layer l", "mean of |xˡ|²/n_l")
            .of("signals_are_multiplied_by_half_the_variance_factor")
            .along("variance factor c", "variance factors along the slider", 6)
            .caption(
                "The mean square of signals, layer by layer: a straight line on this scale, which falls for \
                 c < 2, lies level at 2 and rises beyond.",
            ),
    )
    .figure(
        Figure::semilog(
            "first_layer_gradient",
            "depth",
            "squared norm of the gradient by the pixels",
        )
        .caption(
            "The gradient that reaches an image of a handwritten digit vanishes with variance \
             factor 1, explodes with 3, and survives with 2.",
        )
        .showing(gradient_by_depth),
    )
}

/// A law of weights with mean square 1.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Entries {
    Normal,
    Uniform,
    Sign,
    /// An exponential variable with a random sign.
    Laplace,
    /// Uniform on [0, √3].
    Positive,
}

impl Entries {
    /// The largest (w·x)²/|x|² by the inequality of Cauchy and Schwarz, for eight weights.
    fn most(self) -> f64 {
        match self {
            Entries::Normal | Entries::Laplace => f64::INFINITY,
            Entries::Sign => 8.0,
            Entries::Uniform | Entries::Positive => 24.0,
        }
    }

    /// At least E (w·x)⁴/|x|⁴: 3 but for the excess of the law's own fourth moment.
    fn fourth_moment(self) -> f64 {
        match self {
            Entries::Normal | Entries::Uniform | Entries::Sign => 3.0,
            Entries::Laplace => 6.0,
            // |w| is at most √3, and its fourth power at most 9; there are eight of them.
            Entries::Positive => 576.0,
        }
    }

    fn draw(self, random: &mut impl Rng) -> f64 {
        let uniform = |random: &mut _| 2.0 * RngExt::random::<f64>(random) - 1.0;
        match self {
            Entries::Normal => StandardNormal.sample(random),
            Entries::Uniform => 3f64.sqrt() * uniform(random),
            Entries::Sign => uniform(random).signum(),
            Entries::Laplace => {
                let size: f64 = Exp1.sample(random);
                size.copysign(uniform(random)) / 2f64.sqrt()
            }
            Entries::Positive => 3f64.sqrt() * random.random::<f64>(),
        }
    }
}

impl Instance for Entries {
    fn description(&self) -> String {
        format!("{self:?} weights on a row of pixels of a handwritten zero").to_lowercase()
    }
}

fn symmetric() -> Hypothesis<Entries> {
    Hypothesis::new("symmetric weights", |law: &Entries, draw| {
        const DRAWS: i32 = 1000;
        let positive = (0..DRAWS).filter(|_| law.draw(draw.generator()) > 0.0).count() as f64;
        let excess = (2.0 * positive / f64::from(DRAWS) - 1.0).abs();
        // Eight standard deviations.
        Check::at_most(
            excess,
            8.0 / f64::from(DRAWS).sqrt(),
            "excess of one sign among 1000 weights",
        )
    })
}

/// A trial is the mean over 8 neurons that see one row of pixels.
fn half(name: &str) -> TrialClaim<Entries> {
    Claim::expected_value(name, "E φ(w·x)² = E (w·x)²/2", 0.05)
        .assuming([symmetric()])
        // So many that the heaviest tail of the family is decided although the mean be off by four standard errors.
        .trials(1 << 17)
        .sampling(|law: &Entries, block: &mut Block| {
            let x = digit(0).rows(16, 8).into_owned();
            let size = x.norm_squared();
            let trials = block.trials();
            let random = &mut Xoshiro256PlusPlus::from_rng(block.generator());
            let mut neuron = || {
                let h: f64 = x.iter().map(|x| x * law.draw(random)).sum();
                Activation::Relu.value(h).powi(2) / size
            };
            let mut trial = || (0..NEURONS).map(|_| neuron()).sum::<f64>() / NEURONS as f64;
            Sample::at(1.0, (0..trials).map(|_| trial()))
        })
        .ranging(|law, _| (0.0, law.most()))
        .predicting(|_, _| 0.5)
}

/// Networks for which the sum of 5/n_l is at most a half, so that means can be seen.
fn networks(name: &str, activation: Activation, variance: f64) -> Family<RandomNetworks> {
    Family::listed(
        &format!("{name}, c = {variance}"),
        [constant_width(64, 6), vec![64, 48, 128, 64, 96]],
        move |widths| RandomNetworks::new(activation, variance, widths).shown_a_digit(),
    )
}

/// From fading to exploding, by way of the critical factor.
fn along() -> Family<RandomNetworks> {
    let factors = (2..=16).map(|quarters| 0.25 * f64::from(quarters));
    Family::along("variance factors along the slider", factors, |variance| {
        RandomNetworks::new(Activation::Relu, variance, &constant_width(64, 6)).shown_a_digit()
    })
}

fn relu(variance: f64) -> Family<RandomNetworks> {
    networks("ReLU networks", Activation::Relu, variance)
}

/// (c/2)^l, or with another number than 2.
fn grown(n: &RandomNetworks, layer: i32, two: f64) -> f64 {
    (n.variance / two).powi(layer)
}

/// E of the square of |J_l u|² over the square of its mean.
fn squares(n: &RandomNetworks, layer: f64) -> f64 {
    relative_square(&n.widths[1..=layer as usize])
}

fn mean_square(n: &RandomNetworks) -> f64 {
    n.input.norm_squared() / n.widths[0] as f64
}

fn signals(name: &str) -> TrialClaim<RandomNetworks> {
    Claim::expected_value(name, "E |xˡ|²/n_l = (c/2)ˡ |x⁰|²/n_0", 0.07)
        .assuming([hypotheses::independent_normal_weights(), hypotheses::without_biases()])
        .trials(32768)
        .sampling(|n: &RandomNetworks, block| {
            let seen = n.run(block);
            by_layer(n, block, |net, layer| seen.signal(net, layer, 0))
        })
        .ranging(|_, _| (0.0, f64::INFINITY))
        .predicting(|n, layer| grown(n, layer as i32, 2.0) * mean_square(n))
}

fn tangents(name: &str) -> TrialClaim<RandomNetworks> {
    Claim::expected_value(name, "E |J_l u|²/n_l = (c/2)ˡ |u|²/n_0", 0.07)
        .assuming([
            hypotheses::independent_normal_weights(),
            hypotheses::without_biases(),
            hypotheses::a_tangent_of_its_own(),
        ])
        .trials(32768)
        .sampling(|n: &RandomNetworks, block| {
            let seen = n.run(block);
            by_layer(n, block, |net, layer| seen.tangent(net, layer, 0))
        })
        .ranging(|_, _| (0.0, f64::INFINITY))
        .predicting(|n, layer| grown(n, layer as i32, 2.0) / n.widths[0] as f64)
}

/// What is measured at every layer, over the width.
fn by_layer(n: &RandomNetworks, block: &Block, measured: impl Fn(usize, usize) -> f64) -> Sample {
    block.read(1..=n.depth(), |net, layer| measured(net, layer) / n.widths[layer] as f64)
}

/// By backpropagation through networks whose weights are stored; the last layer is linear.
fn gradients(name: &str) -> TrialClaim<RandomNetworks> {
    Claim::expected_value(name, "E |∇ₓ(v·f)|² = c (c/2)ᴸ⁻¹ |v|²", 0.08)
        .assuming([
            hypotheses::independent_normal_weights(),
            hypotheses::without_biases(),
            hypotheses::relu(),
        ])
        .trials(16384)
        .on(Family::listed("stored ReLU networks", [2.0, 3.0], |&variance| {
            RandomNetworks::new(Activation::Relu, variance, &[64, 32, 48, 10]).shown_a_digit()
        }))
        .sampling(|n: &RandomNetworks, block| {
            let trials = block.trials();
            let random = &mut Xoshiro256PlusPlus::from_rng(block.generator());
            let gradients = (0..trials).map(|_| input_gradient(n, random));
            Sample::at(n.depth(), gradients)
        })
        .ranging(|_, _| (0.0, f64::INFINITY))
        // On the way back the linear layer makes a normal vector; the rows of the others are kept by coins.
        .second_moment_at_most(|n, _| {
            let last = n.depth() - 1;
            let mean = n.variance * grown(n, last as i32, 2.0);
            mean * mean * squares(n, last as f64) * (1.0 + 2.0 / n.widths[0] as f64)
        })
        .predicting(|n, _| n.variance * grown(n, n.depth() as i32 - 1, 2.0))
}

/// |∇ₓ(v·f)|² of one network, where v weighs all outputs alike and has length 1.
fn input_gradient(n: &RandomNetworks, random: &mut impl Rng) -> f64 {
    let network = FullyConnected::new(&n.widths, n.activation);
    let law = Initialization::Gaussian { variance: n.variance };
    let parameters = network.draw(law, random);
    let input = Matrix::from_column_slice(n.input.len(), 1, n.input.as_slice());
    let outputs = n.widths[n.depth()];
    let weights = Vector::from_element(outputs, (outputs as f64).sqrt().recip());
    let weights = Matrix::from_column_slice(outputs, 1, weights.as_slice());
    let (_, gradient) = network.pass(&parameters, &input).pull_back(&weights);
    gradient.norm_squared()
}

fn gradient_by_depth(draw: &mut Draw, effort: Effort) -> Content {
    let networks = 12 * effort.trials_factor();
    let depths = [2, 5, 10, 15, 20, 25, 30];
    let lines = [1.0, 2.0, 3.0].into_iter().flat_map(|variance| {
        let growth = |depth: usize| {
            let n = RandomNetworks::new(Activation::Relu, variance, &constant_width(64, depth));
            (n.shown_a_digit(), variance * (variance / 2f64).powi(depth as i32 - 1))
        };
        let measured = depths.map(|depth| {
            let n = growth(depth).0;
            let sum: f64 = (0..networks).map(|_| input_gradient(&n, draw.generator())).sum();
            (depth as f64, sum / networks as f64)
        });
        [
            Line::measured(&format!("c = {variance}"), measured),
            Line::predicted(
                &format!("c (c/2)ᴸ⁻¹, c = {variance}"),
                depths.map(|depth| (depth as f64, growth(depth).1)),
            ),
        ]
    });
    Content::Lines { lines: lines.collect() }
}
