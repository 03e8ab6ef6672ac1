//! What was seen of a batch of networks.

use super::images::dot;
use super::signals::Signals;
use theoria_elementary::{exp, ln};

/// Squared norms of signals and tangents in each layer of each network, and the cosine of the angle
/// between the first two inputs. Layer 0 is the input, layer L the output.
///
/// Norms are kept as logarithms, so that no depth makes them overflow; a vector that died has the
/// logarithm -∞.
#[derive(Debug, Clone)]
pub struct Propagation {
    depth: usize,
    inputs: usize,
    tangents: usize,
    /// ln of squared norms: network, layer, then vector.
    logarithms: Vec<f64>,
    /// Network, then layer; NaN where there is no angle.
    cosines: Vec<f64>,
}

impl Propagation {
    pub(super) fn new(networks: usize, depth: usize, inputs: usize, tangents: usize) -> Self {
        let layers = networks * (depth + 1);
        Propagation {
            depth,
            inputs,
            tangents,
            logarithms: vec![f64::NAN; layers * (inputs + tangents)],
            cosines: vec![f64::NAN; layers],
        }
    }

    /// Number of networks.
    pub fn networks(&self) -> usize {
        self.cosines.len() / (self.depth + 1)
    }

    /// Number of layers L.
    pub fn depth(&self) -> usize {
        self.depth
    }

    /// ln |xˡ|² of one input.
    ///
    /// # Panics
    /// If there is no such network, layer or input.
    pub fn log_signal(&self, network: usize, layer: usize, input: usize) -> f64 {
        assert!(input < self.inputs, "input {input} of {}", self.inputs);
        self.logarithm(network, layer, input)
    }

    /// |xˡ|² of one input.
    ///
    /// # Panics
    /// If there is no such network, layer or input.
    pub fn signal(&self, network: usize, layer: usize, input: usize) -> f64 {
        exp(self.log_signal(network, layer, input))
    }

    /// ln |J_l u|² of one tangent at the first input.
    ///
    /// # Panics
    /// If there is no such network, layer or tangent.
    pub fn log_tangent(&self, network: usize, layer: usize, tangent: usize) -> f64 {
        assert!(tangent < self.tangents, "tangent {tangent} of {}", self.tangents);
        self.logarithm(network, layer, self.inputs + tangent)
    }

    /// |J_l u|² of one tangent at the first input.
    ///
    /// # Panics
    /// If there is no such network, layer or tangent.
    pub fn tangent(&self, network: usize, layer: usize, tangent: usize) -> f64 {
        exp(self.log_tangent(network, layer, tangent))
    }

    /// The cosine of the angle between the first two inputs, or NaN where one of them is 0 or there
    /// is but one.
    ///
    /// # Panics
    /// If there is no such network or layer.
    pub fn cosine(&self, network: usize, layer: usize) -> f64 {
        assert!(layer <= self.depth, "layer {layer} of {}", self.depth);
        self.cosines[network * (self.depth + 1) + layer]
    }

    /// The inner product ⟨xˡ, yˡ⟩ of the first two inputs: 0 where one of them is 0.
    ///
    /// # Panics
    /// If there is no such network or layer, or fewer than two inputs.
    pub fn inner(&self, network: usize, layer: usize) -> f64 {
        let sizes = (self.log_signal(network, layer, 0) + self.log_signal(network, layer, 1)) / 2.0;
        if sizes == f64::NEG_INFINITY {
            return 0.0;
        }
        self.cosine(network, layer) * exp(sizes)
    }

    fn logarithm(&self, network: usize, layer: usize, vector: usize) -> f64 {
        assert!(layer <= self.depth, "layer {layer} of {}", self.depth);
        let row = network * (self.depth + 1) + layer;
        self.logarithms[row * (self.inputs + self.tangents) + vector]
    }

    /// The places of each network.
    pub(super) fn records(&mut self) -> impl Iterator<Item = Record<'_>> {
        let layers = self.depth + 1;
        let vectors = self.inputs + self.tangents;
        self.logarithms
            .chunks_exact_mut(layers * vectors)
            .zip(self.cosines.chunks_exact_mut(layers))
            .map(|(logarithms, cosines)| Record { logarithms, cosines })
    }
}

/// The places of one network.
pub(super) struct Record<'a> {
    logarithms: &'a mut [f64],
    cosines: &'a mut [f64],
}

impl Record<'_> {
    pub(super) fn note(&mut self, layer: usize, signals: &Signals) {
        let vectors = signals.vectors();
        let places = &mut self.logarithms[layer * vectors..][..vectors];
        for (k, place) in places.iter_mut().enumerate() {
            let vector = signals.vector(k);
            *place = ln(dot(vector, vector)) + 2.0 * signals.log_scale[k];
        }
        if signals.inputs >= 2 {
            let (x, y) = (signals.vector(0), signals.vector(1));
            self.cosines[layer] = dot(x, y) / (dot(x, x) * dot(y, y)).sqrt();
        }
    }
}
