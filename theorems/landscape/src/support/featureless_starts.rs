//! Two-layer networks whose features lack rank, and where paths from them begin.

use theoria_instances::families::{gaussian, gaussian_matrix};
use theoria_models::networks::{Activation, Model, Particle};
use theoria_models::numerics::minimum;
use theoria_models::{Matrix, Vector};
use theoria_verification::{Check, Draw, Family, Hypothesis, Instance};

use super::paths::Network;

/// A network with its samples, and the parameters that the path begins at.
pub(crate) struct Start {
    pub(crate) network: Network,
    pub(crate) parameters: Vector,
    pub(crate) kind: String,
}

impl Start {
    /// Of these neurons, with inner weights and biases w, b, one a row, on samples with targets.
    pub(crate) fn new(samples: Samples, weights: &Matrix, outer: &[f64], kind: String) -> Self {
        let Samples { activation, inputs, targets } = samples;
        let network = Network::new(activation, &inputs, targets, weights.nrows());
        let neurons = weights.row_iter().zip(outer);
        let neurons: Vec<Particle> =
            neurons.map(|(row, &outer)| Particle { inner: row.transpose(), outer }).collect();
        Start { parameters: network.model().parameters_of(&neurons), network, kind }
    }
}

impl Instance for Start {
    fn description(&self) -> String {
        let model = self.network.model();
        let (n, d) = (model.samples(), model.inputs().ncols() - 1);
        format!(
            "{} {} neurons, {}, {n} samples in dimension {d}, rank {}",
            model.neurons(),
            model.activation().describe(),
            self.kind,
            self.network.rank(&self.parameters)
        )
    }
}

/// Samples, one a row, with targets.
pub(crate) struct Samples {
    pub(crate) activation: Activation,
    pub(crate) inputs: Matrix,
    pub(crate) targets: Vector,
}

fn samples(activation: Activation, draw: &mut Draw) -> Samples {
    let (n, d) = (draw.size(2..=6), draw.size(2..=3));
    Samples {
        activation,
        inputs: gaussian_matrix(n, d, draw),
        targets: gaussian_matrix(n, 1, draw).column(0).into_owned(),
    }
}

/// As many neurons as samples, all the same.
pub(crate) fn equal_neurons(activation: Activation) -> Family<Start> {
    let name = format!("equal {} neurons", activation.describe());
    Family::drawn(&name, move |draw| {
        let samples = samples(activation, draw);
        let (n, d) = samples.inputs.shape();
        let inner = gaussian_matrix(1, d, draw);
        // Alive on the first sample.
        let bias = 0.5 - (samples.inputs.row(0) * inner.transpose())[0];
        let weights = Matrix::from_fn(n, d + 1, |_, k| if k < d { inner[k] } else { bias });
        let outer = gaussian(n, draw);
        Start::new(samples, &weights, outer.as_slice(), "all equal".into())
    })
}

/// The samples of the narrow network with two equal units, which share the work in different ways: one of them must turn
/// around, and does nothing for the second sample until it has turned.
pub(crate) fn valley_of_two_samples() -> Family<Start> {
    Family::listed("in the valley of two samples", [0.2, 0.5, 0.8], |&share: &f64| {
        let samples = Samples {
            activation: Activation::Relu,
            inputs: Matrix::from_column_slice(2, 1, &[1.0, -1.0]),
            targets: Vector::from_column_slice(&[1.0, 2.0]),
        };
        let weights = Matrix::from_row_slice(2, 2, &[1.0, 0.0, 1.0, 0.0]);
        Start::new(samples, &weights, &[share, 1.0 - share], format!("shares of {share}"))
    })
}

/// ReLU units that no sample activates.
pub(crate) fn dead_neurons() -> Family<Start> {
    Family::drawn("dead neurons", |draw| {
        let samples = samples(Activation::Relu, draw);
        let (n, d) = samples.inputs.shape();
        let inner = gaussian_matrix(n, d, draw);
        let largest = (&samples.inputs * inner.transpose()).amax();
        let outer = gaussian(n, draw);
        let weights = inner.insert_column(d, -largest - 0.1);
        Start::new(samples, &weights, outer.as_slice(), "dead".into())
    })
}

/// Up to three neurons more than samples, and only some of them different.
fn few_different(activation: Activation) -> Family<Start> {
    let name = format!("few different {} neurons", activation.describe());
    Family::drawn(&name, move |draw| {
        let samples = samples(activation, draw);
        let (n, d) = samples.inputs.shape();
        let m = n + draw.size(0..=3);
        let different = draw.size(1..=n);
        let weights = gaussian_matrix(different, d + 1, draw) * 2.0;
        let weights = Matrix::from_fn(m, d + 1, |i, k| weights[(i % different, k)]);
        let outer = gaussian(m, draw);
        Start::new(samples, &weights, outer.as_slice(), format!("{different} different"))
    })
}

pub(crate) fn random_starts() -> [Family<Start>; 3] {
    [
        few_different(Activation::Tanh),
        few_different(Activation::Relu),
        few_different(Activation::Swish),
    ]
}

pub(crate) fn wide() -> Vec<Family<Start>> {
    let mut families = vec![
        equal_neurons(Activation::Tanh),
        equal_neurons(Activation::Relu),
        dead_neurons(),
        valley_of_two_samples(),
    ];
    families.extend(random_starts());
    families
}

pub(crate) fn hypotheses() -> [Hypothesis<Start>; 3] {
    [
        Hypothesis::new("ReLU, or analytic and no polynomial", |s: &Start, _| {
            let activation = s.network.model().activation();
            let known = [Activation::Relu, Activation::Tanh, Activation::Erf, Activation::Swish];
            Check::that(known.contains(&activation), activation.describe())
        }),
        Hypothesis::new("as many neurons as samples", |s: &Start, _| {
            let (m, n) = (s.network.model().neurons() as f64, s.network.model().samples() as f64);
            Check::at_least(m, n, "neurons, samples")
        }),
        Hypothesis::new("distinct samples", |s: &Start, _| {
            let rows: Vec<_> = s.network.model().inputs().row_iter().collect();
            let distances = (0..rows.len()).flat_map(|i| (0..i).map(move |j| (i, j)));
            let least =
                distances.map(|(i, j)| (rows[i] - rows[j]).norm()).fold(f64::INFINITY, minimum);
            Check::that(least > 0.0, format!("smallest distance of two samples: {least:.3e}"))
        }),
    ]
}
