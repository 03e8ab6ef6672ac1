//! Two-layer ReLU networks in the plane, trained on points of two classes, and the largest margins of such networks.

use rand::{Rng, RngExt};
use theoria_elementary::{atan2, cos, exp, hypot, sin};
use theoria_models::networks::{Activation, Model, Particle, TwoLayer};
use theoria_models::numerics::maximum;
use theoria_models::{Matrix, Vector};
use theoria_references::{
    Margin, MarginNorm, ReferenceError, VariationMargin, largest_margin, largest_variation_margin,
};
use theoria_verification::{Constant, Instance};

/// Which weights are trained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trained {
    BothLayers,
    OutputLayer,
}

/// Points of two classes in the plane, with a network at its start.
#[derive(Debug, Clone)]
pub(crate) struct WideNetwork {
    name: String,
    inputs: Matrix,
    labels: Vector,
    /// (w_j, a_j) at the start.
    start: Vec<Particle>,
}

/// What is read off a network after some steps.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reached {
    /// How many.
    pub(crate) steps: usize,
    /// min y_i f(x_i)/mean |a_j||w_j|
    pub(crate) variation_margin: f64,
    /// min y_i f(x_i)/√(mean a_j²)
    pub(crate) kernel_margin: f64,
}

/// Points are drawn until their largest margin is at least this.
const LEAST_MARGIN: f64 = 0.1;
/// And neurons until their kernel's is at least this: the steps that it takes to come near grow with the inverse square of it.
pub(crate) const LEAST_KERNEL_MARGIN: f64 = 0.08;
/// A kernel's margin that is too small for the steps, and still no rounding.
const SMALL_KERNEL_MARGIN: [f64; 2] = [0.015, 0.035];

impl WideNetwork {
    /// Six points at distances 0.7 to 1.3 in directions that leave no point alone, with labels by coins, such that the largest margin is at least 0.1; and a
    /// network with this many neurons, of which the kernel has a margin of at least 0.08.
    pub(crate) fn drawn(neurons: usize, random: &mut impl Rng) -> Self {
        loop {
            let network = Self::with_margin(LEAST_MARGIN, neurons, random);
            if network.kernel().margin >= LEAST_KERNEL_MARGIN {
                return network;
            }
        }
    }

    /// The same, of which the kernel has a small margin.
    pub(crate) fn with_a_small_kernel_margin(neurons: usize, random: &mut impl Rng) -> Self {
        let [least, most] = SMALL_KERNEL_MARGIN;
        loop {
            let network = Self::with_margin(least, neurons, random);
            if (least..=most).contains(&network.kernel().margin) {
                return network;
            }
        }
    }

    fn with_margin(least: f64, neurons: usize, random: &mut impl Rng) -> Self {
        loop {
            let points = Self::points(6, random);
            let labels =
                Vector::from_fn(6, |_, _| if random.random::<bool>() { 1.0 } else { -1.0 });
            let both = labels.sum().abs() < 6.0;
            let wide = match largest_variation_margin(&points, &labels) {
                Ok(found) => found.margin >= least,
                Err(ReferenceError::NotSeparable) => false,
                Err(error) => panic!("the largest margin of six points: {error}"),
            };
            if both && wide {
                return Self::new("six points", points, labels).with_neurons(neurons, random);
            }
        }
    }

    fn points(count: usize, random: &mut impl Rng) -> Matrix {
        let turned: f64 = random.random();
        let mut points = Matrix::zeros(count, 2);
        for (i, mut point) in points.row_iter_mut().enumerate() {
            let place = i as f64 + random.random_range(-0.3..0.3);
            let angle = std::f64::consts::TAU * (turned + place / count as f64);
            let size: f64 = random.random_range(0.7..1.3);
            point.copy_from_slice(&[size * cos(angle), size * sin(angle)]);
        }
        points
    }

    /// Four points on the axes with labels that alternate, whose largest margin is a fourth.
    pub(crate) fn cross() -> Self {
        let points = Matrix::from_row_slice(4, 2, &[1.0, 0.0, 0.0, 1.0, -1.0, 0.0, 0.0, -1.0]);
        Self::new("the cross", points, Vector::from_vec(vec![1.0, -1.0, 1.0, -1.0]))
    }

    fn new(name: &str, inputs: Matrix, labels: Vector) -> Self {
        WideNetwork { name: name.into(), inputs, labels, start: Vec::new() }
    }

    /// As many neurons in random directions, |w_j| = 1 and a_j = ±1.
    pub(crate) fn with_neurons(self, count: usize, random: &mut impl Rng) -> Self {
        let neurons = (0..count).map(|_| {
            let turns: f64 = random.random();
            let sign = if random.random::<bool>() { 1.0 } else { -1.0 };
            (turns, sign)
        });
        let neurons: Vec<(f64, f64)> = neurons.collect();
        self.with_neurons_at(&neurons)
    }

    /// With neurons in these directions, in turns, and with these outer weights of size 1.
    pub(crate) fn with_neurons_at(mut self, neurons: &[(f64, f64)]) -> Self {
        let neuron = |&(turns, outer): &(f64, f64)| {
            let angle = std::f64::consts::TAU * turns;
            Particle { outer, inner: vec![cos(angle), sin(angle)].into() }
        };
        self.start = neurons.iter().map(neuron).collect();
        self
    }

    /// Where the neurons begin, on the unit circle.
    pub(crate) fn directions(&self) -> impl Iterator<Item = (f64, f64)> {
        self.start.iter().map(|neuron| (neuron.inner[0], neuron.inner[1]))
    }

    /// The points of the class with this label.
    pub(crate) fn class(&self, label: f64) -> Vec<(f64, f64)> {
        let labelled = self.inputs.row_iter().zip(&self.labels);
        labelled.filter(|(_, own)| **own == label).map(|(x, _)| (x[0], x[1])).collect()
    }

    /// The largest angle without a direction at the start of a neuron whose outer weight has this sign, in radians.
    pub(crate) fn widest_gap(&self, sign: f64) -> f64 {
        let of_sign = self.start.iter().filter(|neuron| neuron.outer * sign > 0.0);
        let mut angles: Vec<f64> = of_sign.map(|n| atan2(n.inner[1], n.inner[0])).collect();
        angles.sort_by(f64::total_cmp);
        let Some(first) = angles.first() else { return std::f64::consts::TAU };
        let next = angles.iter().skip(1).copied().chain([first + std::f64::consts::TAU]);
        angles.iter().zip(next).map(|(a, b)| b - a).fold(0.0, maximum)
    }

    fn network(&self) -> TwoLayer {
        let m = self.start.len();
        TwoLayer::new(self.inputs.clone(), m, Activation::Relu).scaled(1.0 / m as f64)
    }

    /// R²
    fn radius_squared(&self) -> f64 {
        self.inputs.row_iter().map(|x| x.norm_squared()).fold(0.0, maximum)
    }

    /// The largest margin of any network for mean |a_j||w_j| = 1.
    pub(crate) fn variation(&self) -> VariationMargin {
        largest_variation_margin(&self.inputs, &self.labels).unwrap_or_else(|e| panic!("{e}"))
    }

    /// The largest margin of the features of the start for mean a_j² = 1.
    pub(crate) fn kernel(&self) -> Margin {
        largest_margin(&self.features(), &self.labels, MarginNorm::Euclidean)
            .unwrap_or_else(|error| panic!("{error}"))
    }

    /// max(w_j·x_i, 0)/√m at the start, n x m.
    fn features(&self) -> Matrix {
        let network = self.network();
        let size = (self.start.len() as f64).sqrt();
        network.features(&network.parameters_of(&self.start)) / size
    }

    /// What the network of largest kernel margin has for a margin if mean |a_j||w_j| = 1.
    pub(crate) fn variation_margin_of_the_kernel(&self) -> f64 {
        let Margin { direction, margin, .. } = self.kernel();
        // f = Σ_j b_j max(w_j·x, 0)/√m, so that a_j = √m b_j.
        margin / (direction.lp_norm(1) / (self.start.len() as f64).sqrt())
    }

    /// Gradient descent on log Σ_i e^(−y_i f(x_i)) with steps of c m/(R² s), s = max(1, mean |a_j||w_j|) for both layers, and from a = 0 with s = 1 for the output
    /// layer, c = 2. It is read after powers of two.
    pub(crate) fn train(&self, trained: Trained, steps: usize) -> (Vec<Reached>, Vec<Particle>) {
        let network = self.network();
        let mut parameters = network.parameters_of(&self.start);
        let outer = network.outer();
        if trained == Trained::OutputLayer {
            parameters.rows_range_mut(outer.clone()).fill(0.0);
        }
        let mut change = Vector::zeros(network.parameters());
        // Those of the start, which the output layer alone does not change.
        let features = network.features(&parameters) / self.start.len() as f64;
        let step = 2.0 * self.start.len() as f64 / self.radius_squared();
        let mut seen = Vec::new();
        for k in 1..=steps {
            match trained {
                Trained::BothLayers => {
                    network.pull_back(&parameters, &mut |outputs| self.weigh(outputs), &mut change);
                    let size = mass(&network, &parameters).max(1.0);
                    parameters.axpy(step / size, &change, 1.0);
                }
                Trained::OutputLayer => {
                    let mut weights = parameters.rows_range_mut(outer.clone());
                    let mut outputs = &features * &weights;
                    self.weigh(outputs.as_mut_slice());
                    weights.gemv_tr(step, &features, &outputs, 1.0);
                }
            }
            if k.is_power_of_two() {
                seen.push(self.reached(k, &network, &parameters));
            }
        }
        (seen, network.particles(&parameters))
    }

    /// Puts y_i e^(−y_i f_i)/Σ_l e^(−y_l f_l) in the place of the output f_i.
    fn weigh(&self, outputs: &mut [f64]) {
        let margins = || outputs.iter().zip(&self.labels).map(|(output, label)| output * label);
        let least = margins().fold(f64::INFINITY, f64::min);
        let losses: Vec<f64> = margins().map(|margin| exp(least - margin)).collect();
        let sum: f64 = losses.iter().sum();
        for ((output, loss), label) in outputs.iter_mut().zip(&losses).zip(&self.labels) {
            *output = label * loss / sum;
        }
    }

    fn reached(&self, steps: usize, network: &TwoLayer, parameters: &Vector) -> Reached {
        let least = network.outputs(parameters).component_mul(&self.labels).min();
        let outer = parameters.rows_range(network.outer());
        let outer = (outer.norm_squared() / outer.len() as f64).sqrt();
        Reached {
            steps,
            variation_margin: least / mass(network, parameters),
            kernel_margin: least / outer,
        }
    }
}

/// mean |a_j||w_j|
fn mass(network: &TwoLayer, parameters: &Vector) -> f64 {
    let outer = parameters.rows_range(network.outer());
    let sizes = outer.iter().enumerate().map(|(j, outer)| {
        let inner = parameters.rows_range(network.inner_of(j));
        outer.abs() * hypot(inner[0], inner[1])
    });
    sizes.sum::<f64>() / outer.len() as f64
}

impl Instance for WideNetwork {
    fn description(&self) -> String {
        format!("{}, {} neurons", self.name, self.start.len())
    }

    fn constants(&self) -> Vec<Constant> {
        vec![Constant::certified("γ₁", self.variation().margin)]
    }
}
