//! Batches of independent networks with fresh random weights.

mod images;
mod propagation;
mod signals;

use std::sync::Arc;

use rand::rngs::Xoshiro256PlusPlus;
use rand::{Rng, SeedableRng};
use rayon::prelude::*;

use images::{Drawing, Law};
pub use propagation::Propagation;
use signals::Signals;

use super::Activation;
use crate::Vector;

/// Many independent networks of one shape, with weights that are drawn as signals pass and are
/// never stored.
///
/// One or more inputs, and tangents u at the first of them, are propagated through each network:
/// x⁰ = x and J_0 u = u become xˡ and J_l u with J_l = dxˡ/dx⁰, where the activation acts in every
/// layer, the last one included. Recorded are |xˡ|², |J_l u|² and the angle of the first two inputs.
///
/// Network number i uses the i-th stream alone, so that results depend neither on the number of
/// threads nor on how many networks there are. The stream seeds a Xoshiro256++ generator (Blackman,
/// Vigna 2019), because normals come from it about twice as fast as from `ChaCha8`.
///
/// ```
/// use rand::{SeedableRng, rngs::Xoshiro256PlusPlus};
/// use theoria_models::{Vector, networks::{Activation, FreshNetworks}};
///
/// // E|J u|² = 1 for He weights and constant width; 2000 networks of 3 layers.
/// let networks = FreshNetworks::gaussian(&[50, 50, 50, 50], Activation::Relu, 2.0);
/// let x = Vector::from_element(50, 1.0);
/// let u = Vector::from_element(50, 50f64.sqrt().recip());
/// let seen = networks.in_law().run(&[x], &[u], 2000, Xoshiro256PlusPlus::seed_from_u64);
/// let mean = (0..2000).map(|net| seen.tangent(net, 3, 0)).sum::<f64>() / 2000.0;
/// assert!((mean - 1.0).abs() < 0.1);
/// ```
#[derive(Debug, Clone)]
pub struct FreshNetworks {
    widths: Vec<usize>,
    activation: Activation,
    law: Law,
    drawing: Drawing,
    bias_variance: f64,
    layers: Layers,
}

/// What one layer is.
#[derive(Debug, Clone)]
enum Layers {
    /// φ(W x + b).
    Plain,
    /// x + a_l V φ(W x + b).
    Residual(Vec<f64>),
    /// x + a_l W φ(x).
    ResidualOfActivated(Vec<f64>),
}

impl FreshNetworks {
    /// φ(W x) in each layer, with independent N(0, variance/n_{l-1}) weights.
    ///
    /// # Panics
    /// If there are fewer than two widths or one is 0, or the variance is negative.
    pub fn gaussian(widths: &[usize], activation: Activation, variance: f64) -> Self {
        assert!(variance >= 0.0, "a variance is not negative");
        Self::new(widths, activation, Law::Gaussian { variance })
    }

    /// φ(W x) in each layer, with independent entries of W of any law: `draw` over √n_{l-1}. With draws of mean 0
    /// and variance c a linear network has E|x^L|² = c^L (n_L/n_0) |x⁰|², whatever the law.
    ///
    /// ```
    /// use rand::{RngExt, SeedableRng, rngs::Xoshiro256PlusPlus};
    /// use theoria_models::{Vector, networks::{Activation, FreshNetworks}};
    ///
    /// // Fair signs: a first layer without activation keeps the length of a unit vector to the bit.
    /// let signs = FreshNetworks::independent(&[4, 4], Activation::Linear, |rng| {
    ///     if rng.random() { 1.0 } else { -1.0 }
    /// });
    /// let x = Vector::from_vec(vec![1.0, 0.0, 0.0, 0.0]);
    /// let seen = signs.run(&[x], &[], 10, Xoshiro256PlusPlus::seed_from_u64);
    /// assert!((0..10).all(|net| seen.signal(net, 1, 0) == 1.0));
    /// ```
    ///
    /// # Panics
    /// If there are fewer than two widths or one is 0.
    pub fn independent(
        widths: &[usize],
        activation: Activation,
        draw: impl Fn(&mut dyn Rng) -> f64 + Send + Sync + 'static,
    ) -> Self {
        Self::new(widths, activation, Law::Own(Arc::new(draw)))
    }

    /// φ(W x) in each layer, with Haar orthogonal weights times the gain: orthonormal columns
    /// where a layer widens, orthonormal rows where it narrows.
    ///
    /// # Panics
    /// If there are fewer than two widths or one is 0.
    pub fn orthogonal(widths: &[usize], activation: Activation, gain: f64) -> Self {
        Self::new(widths, activation, Law::Orthogonal { gain })
    }

    /// x + a_l V φ(W x) for each a_l in `scales`, with independent N(0, 1/width) entries of V
    /// and N(0, variance/width) entries of W.
    ///
    /// # Panics
    /// If the width is 0, the variance is negative or there is no block.
    pub fn residual(width: usize, activation: Activation, variance: f64, scales: &[f64]) -> Self {
        let plain = Self::gaussian(&vec![width; scales.len() + 1], activation, variance);
        FreshNetworks { layers: Layers::Residual(scales.to_vec()), ..plain }
    }

    /// x + a_l W φ(x) for each a_l in `scales`, with independent N(0, variance/width) entries: one
    /// weight matrix a block, for comparison.
    ///
    /// # Panics
    /// If the width is 0, the variance is negative or there is no block.
    pub fn residual_of_activated(
        width: usize,
        activation: Activation,
        variance: f64,
        scales: &[f64],
    ) -> Self {
        let plain = Self::gaussian(&vec![width; scales.len() + 1], activation, variance);
        FreshNetworks { layers: Layers::ResidualOfActivated(scales.to_vec()), ..plain }
    }

    fn new(widths: &[usize], activation: Activation, law: Law) -> Self {
        assert!(widths.len() >= 2, "at least an input and an output");
        assert!(widths.iter().all(|width| *width > 0), "widths are positive");
        FreshNetworks {
            widths: widths.to_vec(),
            activation,
            law,
            drawing: Drawing::Literal,
            bias_variance: 0.0,
            layers: Layers::Plain,
        }
    }

    /// The same networks with independent N(0, variance) biases.
    ///
    /// # Panics
    /// If the variance is negative.
    #[must_use]
    pub fn with_bias_variance(mut self, variance: f64) -> Self {
        assert!(variance >= 0.0, "a variance is not negative");
        self.bias_variance = variance;
        self
    }

    /// The same networks in law, at a cost of K n instead of n² normals a layer for K vectors.
    ///
    /// What is recorded depends on W through W v_1, ..., W v_K alone. With an orthonormal basis Q of
    /// the span and V = Q R, W V = (W Q) R, and the law of W Q is known since that of W is invariant
    /// under rotations: n_out x K independent normals for Gaussian W, K columns of a Haar matrix for
    /// orthogonal W. So those are drawn; nothing is approximated. [Own laws](Self::independent) are not invariant
    /// and are drawn entry by entry, as before.
    #[must_use]
    pub fn in_law(mut self) -> Self {
        self.drawing = Drawing::InLaw;
        self
    }

    /// Number of layers L.
    pub fn depth(&self) -> usize {
        self.widths.len() - 1
    }

    /// The widths n_0, ..., n_L.
    pub fn widths(&self) -> &[usize] {
        &self.widths
    }

    /// Propagates these inputs, and tangents at the first of them, through so many networks.
    ///
    /// # Panics
    /// If there is no input, or if inputs and tangents are not all of dimension n_0.
    pub fn run<R: Rng>(
        &self,
        inputs: &[Vector],
        tangents: &[Vector],
        networks: usize,
        stream: impl Fn(u64) -> R + Sync,
    ) -> Propagation {
        assert!(!inputs.is_empty(), "at least one input");
        let all = || inputs.iter().chain(tangents);
        assert!(
            all().all(|v| v.len() == self.widths[0]),
            "inputs and tangents have the first width"
        );
        let start: Vec<f64> = all().flat_map(|v| v.iter().copied()).collect();
        let mut seen = Propagation::new(networks, self.depth(), inputs.len(), tangents.len());
        let mut records: Vec<_> = seen.records().collect();
        records.par_iter_mut().enumerate().for_each_init(
            || Signals::new(inputs.len()),
            |signals, (network, record)| {
                let mut rng = Xoshiro256PlusPlus::from_rng(&mut stream(network as u64));
                signals.start(&start, self.widths[0]);
                record.note(0, signals);
                for layer in 0..self.depth() {
                    self.pass(layer, signals, &mut rng);
                    if self.activation.is_homogeneous() && self.bias_variance == 0.0 {
                        signals.rescale_inputs();
                    }
                    signals.rescale_tangents();
                    record.note(layer + 1, signals);
                }
            },
        );
        drop(records);
        seen
    }

    fn pass(&self, layer: usize, signals: &mut Signals, rng: &mut Xoshiro256PlusPlus) {
        let width = self.widths[layer + 1];
        match &self.layers {
            Layers::Plain => {
                signals.multiply(&self.law, self.drawing, width, rng);
                signals.add_bias(self.bias_variance, rng);
                signals.activate(self.activation);
            }
            Layers::Residual(scales) => {
                signals.keep_for_skip();
                signals.multiply(&self.law, self.drawing, width, rng);
                signals.add_bias(self.bias_variance, rng);
                signals.activate(self.activation);
                let unit = Law::Gaussian { variance: 1.0 };
                signals.multiply(&unit, self.drawing, width, rng);
                signals.add_skip(scales[layer]);
            }
            Layers::ResidualOfActivated(scales) => {
                signals.keep_for_skip();
                signals.activate(self.activation);
                signals.multiply(&self.law, self.drawing, width, rng);
                signals.add_skip(scales[layer]);
            }
        }
    }
}
