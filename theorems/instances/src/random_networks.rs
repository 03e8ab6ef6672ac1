//! Networks of one shape with fresh random weights, and the images that they are shown.

use std::sync::LazyLock;

use rand::Rng;
use theoria_elementary::ln;
use theoria_models::networks::{Activation, FreshNetworks, LayerFactor, LogNorm, Propagation};
use theoria_models::{Matrix, Vector, data};
use theoria_verification::{Block, Constant, Instance, Stream};

static DIGITS: LazyLock<Matrix> = LazyLock::new(|| data::digits().features);

/// The image of a handwritten digit, 8 x 8 pixels; the first ten are a zero, a one, and so on.
///
/// # Panics
/// If there is no image of this number: there are 1797.
pub fn digit(number: usize) -> Vector {
    DIGITS.row(number).transpose()
}

/// The direction from the image of a zero to that of a one, of length 1.
pub fn from_zero_to_one() -> Vector {
    (digit(1) - digit(0)).normalize()
}

/// Widths n_0, ..., n_L, all the same, of a network of depth L.
pub fn constant_width(width: usize, depth: usize) -> Vec<usize> {
    vec![width; depth + 1]
}

/// Networks with independent N(0, c/n_in) weights, an input, and a tangent of length 1 at it. A trial draws
/// one network.
///
/// ```
/// use theoria_instances::random_networks::{RandomNetworks, constant_width};
/// use theoria_models::networks::Activation;
/// // He's variance keeps the mean square of a signal, but its logarithm falls with every layer.
/// let he = RandomNetworks::new(Activation::Relu, 2.0, &constant_width(16, 20));
/// assert!((he.mean_log(20) + 3.53).abs() < 0.01);
/// ```
#[derive(Debug, Clone)]
pub struct RandomNetworks {
    /// The activation of every layer.
    pub activation: Activation,
    /// The variance factor c.
    pub variance: f64,
    /// The variance of the biases.
    pub bias_variance: f64,
    /// n_0, ..., n_L.
    pub widths: Vec<usize>,
    /// The input x⁰, of length n_0.
    pub input: Vector,
    /// A direction u of length 1 at the input.
    pub tangent: Vector,
    shown: &'static str,
}

impl RandomNetworks {
    /// Without biases, shown a vector of ones, with a tangent whose signs alternate; `widths` are n_0, ..., n_L.
    ///
    /// # Panics
    /// If there are no widths.
    pub fn new(activation: Activation, variance: f64, widths: &[usize]) -> Self {
        let ones = Vector::from_element(widths[0], 1.0);
        let alternating = |i: usize, _| if i.is_multiple_of(2) { 1.0 } else { -1.0 };
        RandomNetworks {
            activation,
            variance,
            bias_variance: 0.0,
            widths: widths.to_vec(),
            tangent: Vector::from_fn(widths[0], alternating).normalize(),
            input: ones,
            shown: "ones",
        }
    }

    /// The same networks, whose first width is 64, shown the image of a zero; the tangent leads to a one.
    pub fn shown_a_digit(self) -> Self {
        RandomNetworks {
            input: digit(0),
            tangent: from_zero_to_one(),
            shown: "a handwritten zero",
            ..self
        }
    }

    /// The same networks, shown a millionth of the input.
    pub fn shown_little(self) -> Self {
        RandomNetworks { input: self.input * 1e-6, shown: "a millionth", ..self }
    }

    /// The same networks, shown the input times the number that gives its entries this mean square.
    pub fn shown_with_mean_square(self, mean_square: f64) -> Self {
        let size = (self.input.norm_squared() / self.input.len() as f64).sqrt();
        RandomNetworks { input: self.input * (mean_square.sqrt() / size), ..self }
    }

    /// The same networks with N(0, variance) biases.
    pub fn with_biases(self, variance: f64) -> Self {
        RandomNetworks { bias_variance: variance, ..self }
    }

    /// Number of layers.
    pub fn depth(&self) -> usize {
        self.widths.len() - 1
    }

    /// Σ 1/n_l over the layers.
    pub fn inverse_widths(&self) -> f64 {
        self.widths[1..].iter().map(|n| 1.0 / *n as f64).sum()
    }

    /// As many networks as there are trials, with the signal and the tangent at every layer.
    pub fn run(&self, block: &mut Block) -> Propagation {
        let networks = block.trials();
        self.draw(networks, block.generator())
    }

    /// As many networks as there are trials, with the signal alone.
    pub fn run_without_tangent(&self, block: &mut Block) -> Propagation {
        let networks = block.trials();
        self.propagate(&[], networks, block.generator())
    }

    /// So many networks.
    pub fn draw(&self, networks: usize, generator: &mut impl Rng) -> Propagation {
        self.propagate(std::slice::from_ref(&self.tangent), networks, generator)
    }

    fn propagate(
        &self,
        tangents: &[Vector],
        networks: usize,
        generator: &mut impl Rng,
    ) -> Propagation {
        let stream = Stream::drawn(generator);
        FreshNetworks::gaussian(&self.widths, self.activation, self.variance)
            .with_bias_variance(self.bias_variance)
            .in_law()
            .run(std::slice::from_ref(&self.input), tangents, networks, |net| stream.trial(net))
    }

    /// log |J_l u|² at these layers for so many networks that let something pass, one row a layer.
    pub fn living_tangents(
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
    pub fn living_signals(
        &self,
        layers: &[usize],
        networks: usize,
        generator: &mut impl Rng,
    ) -> Vec<Vec<f64>> {
        let start = ln(self.input.norm_squared());
        living(layers, self.depth(), networks, |missing| {
            let seen = self.propagate(&[], missing, generator);
            move |net, layer| seen.log_signal(net, layer, 0) - start
        })
    }

    /// What the first layers do to a squared norm, one factor a layer, given that something passes.
    ///
    /// # Panics
    /// If the activation is neither linear nor ReLU.
    pub fn factors(&self, layers: usize) -> Vec<LayerFactor> {
        let factor = match self.activation {
            Activation::Linear => LayerFactor::linear,
            Activation::Relu => LayerFactor::relu,
            other => panic!("{} has no exact law", other.describe()),
        };
        let pairs = self.widths.windows(2).take(layers);
        pairs.map(|n| factor(n[0], n[1], self.variance)).collect()
    }

    /// E log |J_l u|² at a layer, exactly, given that something passes.
    ///
    /// # Panics
    /// If the activation is neither linear nor ReLU.
    pub fn mean_log(&self, layer: usize) -> f64 {
        self.factors(layer).iter().map(LayerFactor::mean_log).sum()
    }

    /// The variance of log |J_l u|² at a layer, exactly, given that something passes.
    ///
    /// # Panics
    /// If the activation is neither linear nor ReLU.
    pub fn variance_log(&self, layer: usize) -> f64 {
        let factors = self.factors(layer);
        factors.iter().map(LayerFactor::variance_log).sum()
    }

    /// The law of log |J_L u|², given that something passes.
    ///
    /// # Panics
    /// If the activation is neither linear nor ReLU.
    pub fn law(&self) -> LogNorm {
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
        vec![
            Constant::exact("c", self.variance),
            Constant::exact("c_b", self.bias_variance),
            Constant::exact("β", self.inverse_widths()),
        ]
    }

    fn needs() -> String {
        "an activation, the variance factors of weights and biases, the widths n_0, …, n_L, an input and a direction at it".into()
    }
}
