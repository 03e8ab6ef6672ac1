#![doc = include_str!("non_increasing_path.md")]

use theoria_instances::families::{gaussian, gaussian_matrix};
use theoria_models::networks::{Activation, Model, Particle};
use theoria_models::{Matrix, Vector};
use theoria_verification::{
    Axis, Check, Claim, Content, Curve, Draw, Effort, Family, Figure, Hypothesis, Instance, Line,
    Reading, Readings, Scale, Theorem,
};

use crate::support::one_unit::OneUnit;
use crate::support::paths::Network;

/// Places on each segment at which the loss is measured.
const PLACES: usize = 16;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let count = segments("at_most_so_many_segments")
        .attained_on(equal_neurons(Activation::Tanh))
        .attained_on(equal_neurons(Activation::Relu))
        .attained_on(dead_neurons())
        .attained_on(valley_of_two_samples());
    let fewer = count
        .restated("one_segment_fewer", "segments ≤ 2 (n − rank at the start)")
        .predicting(|_, missing| 2.0 * missing);
    let pass = pass("a_narrow_network_has_a_valley");
    let lower_pass = pass
        .restated("the_pass_is_two_per_cent_lower", "lowest pass between the valleys = 2.45")
        .predicting(|_, _| 2.45);
    let way_out = pass
        .restated(
            "a_narrow_network_has_a_way_out",
            "lowest pass between the valleys = loss at the start",
        )
        .predicting(|_, _| OneUnit::loss(1.0, 1.0));
    Theorem::new("landscape/non_increasing_path", include_str!("non_increasing_path.md"))
        .claim(
            never_increases(
                "loss_never_increases",
                "loss ≤ every loss before it on the path",
                constructed,
            )
            .on_all(wide())
            // It stays on the bound while the loss stays, and falls with it from there on.
            .tight_to(0.5),
        )
        .claim(end("the_path_ends_at_loss_zero").on_all(wide()))
        .claim(count.on_all(random_starts()).tight_to(0.99))
        .claim(pass)
        .control(
            never_increases(
                "the_straight_line_would_do",
                "loss ≤ every loss before it on the straight line to the same end",
                straight,
            )
            .on(valley_of_two_samples()),
        )
        .control(
            end_without_moving_inner_weights("outer_weights_alone_suffice")
                .on(equal_neurons(Activation::Tanh)),
        )
        .control(fewer)
        .control(lower_pass)
        .control(way_out)
        .figure(
            Figure::linear("path", "segment of the path", "loss")
                .caption(
                    "Along the constructed path the loss is constant until the features are \
                 diverse and then falls to 0; along the straight line to the same end it \
                 climbs.",
                )
                .showing(along_the_path),
        )
        .figure(
            Figure::linear("valley", "inner weight w", "outer weight a")
                .caption(
                    "One ReLU unit on two samples: from the valley of loss 2 on the right every \
                 way to the valley of loss 1/2 on the left crosses w = 0, where the loss is \
                 5/2.",
                )
                .showing(valley),
        )
}

/// A network with its samples, and the parameters that the path begins at.
struct Start {
    network: Network,
    parameters: Vector,
    kind: String,
}

impl Start {
    /// Of these neurons, with inner weights and biases w, b, one a row, on samples with targets.
    fn new(samples: Samples, weights: &Matrix, outer: &[f64], kind: String) -> Self {
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
struct Samples {
    activation: Activation,
    inputs: Matrix,
    targets: Vector,
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
fn equal_neurons(activation: Activation) -> Family<Start> {
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
fn valley_of_two_samples() -> Family<Start> {
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
fn dead_neurons() -> Family<Start> {
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

fn random_starts() -> [Family<Start>; 3] {
    [
        few_different(Activation::Tanh),
        few_different(Activation::Relu),
        few_different(Activation::Swish),
    ]
}

fn wide() -> Vec<Family<Start>> {
    let mut families = vec![
        equal_neurons(Activation::Tanh),
        equal_neurons(Activation::Relu),
        dead_neurons(),
        valley_of_two_samples(),
    ];
    families.extend(random_starts());
    families
}

fn hypotheses() -> [Hypothesis<Start>; 3] {
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
                distances.map(|(i, j)| (rows[i] - rows[j]).norm()).fold(f64::INFINITY, f64::min);
            Check::that(least > 0.0, format!("smallest distance of two samples: {least:.3e}"))
        }),
    ]
}

/// The constructed path.
fn constructed(start: &Start, draw: &mut Draw) -> Vec<Vector> {
    start.network.path(&start.parameters, draw)
}

/// From the start straight to where the constructed path ends.
fn straight(start: &Start, draw: &mut Draw) -> Vec<Vector> {
    let mut path = constructed(start, draw);
    vec![start.parameters.clone(), path.swap_remove(path.len() - 1)]
}

/// Positions in segments, and the losses there.
fn losses(network: &Network, path: &[Vector]) -> Vec<(f64, Reading)> {
    let on_segments = path.windows(2).enumerate().flat_map(|(segment, ends)| {
        (1..=PLACES).map(move |k| {
            let share = k as f64 / PLACES as f64;
            let loss = network.loss(&ends[0].lerp(&ends[1], share));
            (segment as f64 + share, loss)
        })
    });
    let start = path.iter().take(1).map(|start| (0.0, network.loss(start)));
    start.chain(on_segments).collect()
}

fn never_increases(
    name: &str,
    formula: &str,
    path: fn(&Start, &mut Draw) -> Vec<Vector>,
) -> Claim<Start> {
    Claim::bound(name, formula).assuming(hypotheses()).drawing_experiment(
        move |start: &Start, draw| {
            let losses = losses(&start.network, &path(start, draw));
            let xs: Vec<f64> = losses[1..].iter().map(|(x, _)| *x).collect();
            let mut least = losses[0].1;
            Curve::over(
                1..losses.len(),
                |i| {
                    let here = losses[i].1;
                    Reading::new(here.value, here.floor + losses[i - 1].1.floor)
                },
                |i| {
                    if losses[i - 1].1.value < least.value {
                        least = losses[i - 1].1;
                    }
                    least.value + least.floor
                },
            )
            .with_abscissae(&xs)
        },
    )
}

/// What is left of the loss of the zero network.
fn left(start: &Start, parameters: &Vector) -> Readings {
    let loss = start.network.loss(parameters).value;
    Readings::at(0.0, Reading::new(2.0 * loss / start.network.targets().norm_squared(), 0.0))
}

fn end(name: &str) -> Claim<Start> {
    Claim::identity(name, "loss at the end / Σ y²/2 = 0", 1e-16)
        .assuming(hypotheses())
        .measuring_by_drawing(|start: &Start, draw| {
            let path = constructed(start, draw);
            left(start, &path[path.len() - 1])
        })
        .predicting(|_, _| 0.0)
}

/// The last segment alone, at the features of the start.
fn end_without_moving_inner_weights(name: &str) -> Claim<Start> {
    Claim::identity(name, "least loss over the outer weights / Σ y²/2 = 0", 1e-16)
        .assuming(hypotheses())
        .measuring_each(|start: &Start| {
            left(start, &start.network.with_best_outer(&start.parameters))
        })
        .predicting(|_, _| 0.0)
}

/// Against what the rank at the start lacks.
fn segments(name: &str) -> Claim<Start> {
    Claim::bound(name, "segments ≤ 2 (n − rank at the start) + 1")
        .assuming(hypotheses())
        .measuring_by_drawing(|start: &Start, draw| {
            let count = constructed(start, draw).len() - 1;
            let network = &start.network;
            let missing = network.model().samples() - network.rank(&start.parameters);
            Readings::at(missing, count as f64)
        })
        .predicting(|_, missing| 2.0 * missing + 1.0)
}

fn one_unit() -> Family<OneUnit> {
    Family::single("one unit", || OneUnit)
}

fn pass(name: &str) -> Claim<OneUnit> {
    Claim::identity(name, "lowest pass between the valleys = 5/2", 1e-12)
        .assuming([Hypothesis::by_construction(
            "the two samples",
            "OneUnit::loss is written for the samples (1, 1) and (−1, 2)",
        )])
        .on(one_unit())
        .measuring_each(|_| Readings::at(1.0, OneUnit::lowest_pass()))
        .predicting(|_, _| 2.5)
}

fn along_the_path(draw: &mut Draw, _: Effort) -> Content {
    let samples = Samples {
        activation: Activation::Tanh,
        inputs: gaussian_matrix(6, 2, draw),
        targets: gaussian_matrix(6, 1, draw).column(0).into_owned(),
    };
    let start = Start::new(samples, &Matrix::from_element(6, 3, 0.5), &[0.5; 6], "equal".into());
    let path = constructed(&start, draw);
    let segments = (path.len() - 1) as f64;
    let ends = [path[0].clone(), path[path.len() - 1].clone()];
    let shown = |path: &[Vector], stretch: f64| -> Vec<(f64, f64)> {
        let losses = losses(&start.network, path);
        losses.into_iter().map(|(x, loss)| (stretch * x, loss.value)).collect()
    };
    Content::Lines {
        lines: vec![
            Line::measured("constructed path", shown(&path, 1.0)),
            Line::measured("straight line to its end", shown(&ends, segments)),
        ],
    }
}

fn valley(_: &mut Draw, _: Effort) -> Content {
    let axis = OneUnit::axis();
    let places = axis.iter().flat_map(|&a| axis.iter().map(move |&w| OneUnit::loss(w, a)));
    Content::HeatMap {
        values: places.map(|loss| loss.min(6.0)).collect(),
        x: axis.clone(),
        y: axis,
        colour: Axis::new("loss, at most 6", Scale::Linear),
        middle: Some(2.5),
        lines: vec![Line::predicted("loss 5/2", [(0.0, -OneUnit::EDGE), (0.0, OneUnit::EDGE)])],
    }
}
