//! Networks of one shape with fresh random weights, and the images that they are shown.

use std::sync::LazyLock;

use rand::{Rng, RngExt, SeedableRng};
use theoria_models::networks::{Activation, FreshNetworks, Propagation};
use theoria_models::{Matrix, Vector, data};
use theoria_verification::{Block, Constant, Generator, Instance, Provenance};

use super::layer_law::{LayerFactor, LogNorm};

static DIGITS: LazyLock<Matrix> = LazyLock::new(|| data::digits().features);

/// The image of a handwritten digit, 8 x 8 pixels; the first ten are a zero, a one, and so on.
pub(super) fn digit(number: usize) -> Vector {
    DIGITS.row(number).transpose()
}

/// The direction from the image of a zero to that of a one, of length 1.
pub(super) fn from_zero_to_one() -> Vector {
    (digit(1) - digit(0)).normalize()
}

/// A vector of ones.
pub(super) fn ones(dimension: usize) -> Vector {
    Vector::from_element(dimension, 1.0)
}

/// Widths n_0, ..., n_L, all the same.
pub(super) fn constant(width: usize, depth: usize) -> Vec<usize> {
    vec![width; depth + 1]
}

/// Random streams numbered from 0, all of them new.
pub(super) fn streams<R: Rng>(generator: &mut R) -> impl Fn(u64) -> Generator + Sync + use<R> {
    let key: [u8; 32] = generator.random();
    move |number| {
        let mut stream = Generator::from_seed(key);
        stream.set_stream(number);
        stream
    }
}

/// Networks with independent N(0, c/n_in) weights, an input, and a tangent of length 1 at it.
#[derive(Debug, Clone)]
pub(super) struct RandomNetworks {
    pub(super) activation: Activation,
    /// The variance factor c.
    pub(super) variance: f64,
    /// The variance of the biases.
    pub(super) bias_variance: f64,
    pub(super) widths: Vec<usize>,
    pub(super) input: Vector,
    pub(super) tangent: Vector,
    shown: &'static str,
}

impl RandomNetworks {
    /// Without biases, shown a vector of ones.
    pub(super) fn new(activation: Activation, variance: f64, widths: &[usize]) -> Self {
        RandomNetworks {
            activation,
            variance,
            bias_variance: 0.0,
            widths: widths.to_vec(),
            input: ones(widths[0]),
            tangent: ones(widths[0]).normalize(),
            shown: "ones",
        }
    }

    /// The same networks, whose first width is 64, shown the image of a zero; the tangent leads to a one.
    pub(super) fn shown_a_digit(self) -> Self {
        RandomNetworks {
            input: digit(0),
            tangent: from_zero_to_one(),
            shown: "a handwritten zero",
            ..self
        }
    }

    /// The same networks, shown a millionth of the input.
    pub(super) fn shown_little(self) -> Self {
        RandomNetworks { input: self.input * 1e-6, shown: "a millionth", ..self }
    }

    /// The same networks with N(0, variance) biases.
    pub(super) fn with_biases(self, variance: f64) -> Self {
        RandomNetworks { bias_variance: variance, ..self }
    }

    /// Number of layers.
    pub(super) fn depth(&self) -> usize {
        self.widths.len() - 1
    }

    /// Σ 1/n_l over the layers.
    pub(super) fn inverse_widths(&self) -> f64 {
        self.widths[1..].iter().map(|n| 1.0 / *n as f64).sum()
    }

    /// As many networks as there are trials.
    pub(super) fn run(&self, block: &mut Block) -> Propagation {
        let networks = block.trials();
        self.draw(networks, block.generator())
    }

    /// So many networks.
    pub(super) fn draw(&self, networks: usize, generator: &mut impl Rng) -> Propagation {
        self.propagate(std::slice::from_ref(&self.tangent), networks, generator)
    }

    fn propagate(
        &self,
        tangents: &[Vector],
        networks: usize,
        generator: &mut impl Rng,
    ) -> Propagation {
        FreshNetworks::gaussian(&self.widths, self.activation, self.variance)
            .with_bias_variance(self.bias_variance)
            .in_law()
            .run(std::slice::from_ref(&self.input), tangents, networks, streams(generator))
    }

    /// log |J_l u|² at these layers for so many networks that let something pass, one row a layer.
    pub(super) fn living_tangents(
        &self,
        layers: &[usize],
        networks: usize,
        generator: &mut impl Rng,
    ) -> Vec<Vec<f64>> {
        living(layers, self.depth(), networks, |missing| {
            let seen = self.draw(missing, generator);
            move |net, layer| seen.log_tangent(net, layer, 0)
        })
    }

    /// log |xˡ|²/|x⁰|² at these layers for so many networks that let something pass, one row a layer. It
    /// has the law of that of a tangent, at half the cost.
    pub(super) fn living_signals(
        &self,
        layers: &[usize],
        networks: usize,
        generator: &mut impl Rng,
    ) -> Vec<Vec<f64>> {
        let start = self.input.norm_squared().ln();
        living(layers, self.depth(), networks, |missing| {
            let seen = self.propagate(&[], missing, generator);
            move |net, layer| seen.log_signal(net, layer, 0) - start
        })
    }

    /// What the first layers do to a squared norm, one factor a layer, given that something passes.
    ///
    /// # Panics
    /// If the activation is neither linear nor ReLU.
    pub(super) fn factors(&self, layers: usize) -> Vec<LayerFactor> {
        let factor = match self.activation {
            Activation::Linear => LayerFactor::linear,
            Activation::Relu => LayerFactor::relu,
            other => panic!("{} has no exact law", other.describe()),
        };
        let pairs = self.widths.windows(2).take(layers);
        pairs.map(|n| factor(n[0], n[1], self.variance)).collect()
    }

    /// E log |J_l u|² at a layer, exactly.
    pub(super) fn mean_log(&self, layer: usize) -> f64 {
        self.factors(layer).iter().map(LayerFactor::mean_log).sum()
    }

    /// The variance of log |J_l u|² at a layer, exactly.
    pub(super) fn variance_log(&self, layer: usize) -> f64 {
        let factors = self.factors(layer);
        factors.iter().map(LayerFactor::variance_log).sum()
    }

    /// The law of log |J_L u|².
    pub(super) fn law(&self) -> LogNorm {
        LogNorm::of(&self.factors(self.depth()))
    }
}

/// Draws networks until so many are finite at the last layer, and keeps those, one row a layer.
fn living<M: Fn(usize, usize) -> f64>(
    layers: &[usize],
    depth: usize,
    networks: usize,
    mut draw: impl FnMut(usize) -> M,
) -> Vec<Vec<f64>> {
    let mut rows = vec![Vec::with_capacity(networks); layers.len()];
    while rows[0].len() < networks {
        let missing = networks - rows[0].len();
        let logarithm = draw(missing);
        for net in (0..missing).filter(|&net| logarithm(net, depth).is_finite()) {
            for (row, &layer) in rows.iter_mut().zip(layers) {
                row.push(logarithm(net, layer));
            }
        }
    }
    rows
}

impl Instance for RandomNetworks {
    fn description(&self) -> String {
        let inner = &self.widths[1..];
        let shape = if inner.iter().all(|n| *n == inner[0]) {
            format!("{} layers of width {}", self.depth(), inner[0])
        } else {
            format!("widths {:?}", self.widths)
        };
        format!("{} networks, {shape}, shown {}", self.activation.describe(), self.shown)
    }

    fn constants(&self) -> Vec<Constant> {
        let exact = |name: &str, value| Constant {
            name: name.into(),
            value,
            provenance: Provenance::Exact,
        };
        vec![
            exact("c", self.variance),
            exact("c_b", self.bias_variance),
            exact("β", self.inverse_widths()),
        ]
    }
}
