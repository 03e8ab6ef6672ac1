#![doc = include_str!("non_increasing_path.md")]

use theoria_instances::families::gaussian_matrix;
use theoria_instances::sequences::evenly;
use theoria_models::networks::Activation;
use theoria_models::{Matrix, Vector};
use theoria_verification::{
    Axis, Check, Claim, Content, Curve, Draw, Effort, Family, Figure, Hypothesis, Instance, Line,
    Reading, Scale, Theorem,
};

use crate::support::paths::{Neurons, Samples};

/// Places on each segment at which the loss is measured.
const PLACES: usize = 16;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    Theorem::new("landscape/non_increasing_path", include_str!("non_increasing_path.md"))
        .claim(never_increases("loss_never_increases", constructed).on_all(wide()))
        .claim(end("the_path_ends_at_loss_zero").on_all(wide()))
        .claim(
            segments("at_most_so_many_segments", 0)
                .on_all(random_starts())
                .attained_on(equal_neurons(Activation::Tanh))
                .attained_on(equal_neurons(Activation::Relu))
                .attained_on(dead_neurons()),
        )
        .claim(pass("a_narrow_network_has_a_valley", 2.5))
        .control(
            never_increases("the_straight_line_would_do", straight)
                .on(equal_neurons(Activation::Tanh))
                .on(equal_neurons(Activation::Relu)),
        )
        .control(
            end_without_moving_inner_weights("outer_weights_alone_suffice")
                .on(equal_neurons(Activation::Tanh)),
        )
        .control(segments("two_segments_fewer", 2).on(equal_neurons(Activation::Tanh)))
        .control(way_out("a_narrow_network_has_a_way_out"))
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

/// Samples and the parameters that the path begins at.
struct Start {
    samples: Samples,
    neurons: Neurons,
    kind: String,
}

impl Instance for Start {
    fn description(&self) -> String {
        let (n, d) = self.samples.inputs.shape();
        format!(
            "{} {} neurons, {}, {n} samples in dimension {d}, rank {}",
            self.neurons.outer.len(),
            self.samples.activation.describe(),
            self.kind,
            self.samples.rank(&self.neurons)
        )
    }
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
        Start {
            neurons: Neurons {
                inner: Matrix::from_fn(n, d, |_, k| inner[k]),
                biases: Vector::from_element(n, bias),
                outer: gaussian_matrix(n, 1, draw).column(0).into_owned(),
            },
            samples,
            kind: "all equal".into(),
        }
    })
}

/// ReLU units that no sample activates.
fn dead_neurons() -> Family<Start> {
    Family::drawn("dead neurons", |draw| {
        let samples = samples(Activation::Relu, draw);
        let (n, d) = samples.inputs.shape();
        let inner = gaussian_matrix(n, d, draw);
        let largest = (&samples.inputs * inner.transpose()).amax();
        Start {
            neurons: Neurons {
                inner,
                biases: Vector::from_element(n, -largest - 0.1),
                outer: gaussian_matrix(n, 1, draw).column(0).into_owned(),
            },
            samples,
            kind: "dead".into(),
        }
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
        Start {
            neurons: Neurons {
                inner: Matrix::from_fn(m, d, |i, k| weights[(i % different, k)]),
                biases: Vector::from_fn(m, |i, _| weights[(i % different, d)]),
                outer: gaussian_matrix(m, 1, draw).column(0).into_owned(),
            },
            samples,
            kind: format!("{different} different"),
        }
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
    let mut families =
        vec![equal_neurons(Activation::Tanh), equal_neurons(Activation::Relu), dead_neurons()];
    families.extend(random_starts());
    families
}

fn hypotheses() -> [Hypothesis<Start>; 2] {
    [
        Hypothesis::new("as many neurons as samples", |s: &Start, _| {
            let (m, n) = (s.neurons.outer.len() as f64, s.samples.inputs.nrows() as f64);
            Check::at_least(m, n, "neurons, samples")
        }),
        Hypothesis::new("distinct samples", |s: &Start, _| {
            let rows: Vec<_> = s.samples.inputs.row_iter().collect();
            let distances = (0..rows.len()).flat_map(|i| (0..i).map(move |j| (i, j)));
            let least =
                distances.map(|(i, j)| (rows[i] - rows[j]).norm()).fold(f64::INFINITY, f64::min);
            Check::that(least > 0.0, format!("smallest distance of two samples: {least:.3e}"))
        }),
    ]
}

/// The constructed path.
fn constructed(start: &Start, draw: &mut Draw) -> Vec<Neurons> {
    start.samples.path(&start.neurons, draw)
}

/// From the start straight to where the constructed path ends.
fn straight(start: &Start, draw: &mut Draw) -> Vec<Neurons> {
    let mut path = constructed(start, draw);
    vec![start.neurons.clone(), path.swap_remove(path.len() - 1)]
}

/// Positions in segments, and the losses there.
fn losses(samples: &Samples, path: &[Neurons]) -> Vec<(f64, Reading)> {
    let on_segments = path.windows(2).enumerate().flat_map(|(segment, ends)| {
        (1..=PLACES).map(move |k| {
            let share = k as f64 / PLACES as f64;
            let loss = samples.loss(&ends[0].towards(&ends[1], share));
            (segment as f64 + share, loss)
        })
    });
    let start = path.iter().take(1).map(|start| (0.0, samples.loss(start)));
    start.chain(on_segments).collect()
}

fn never_increases(name: &str, path: fn(&Start, &mut Draw) -> Vec<Neurons>) -> Claim<Start> {
    Claim::bound(name, "loss ≤ every loss before it on the path")
        .assuming(hypotheses())
        .drawing_experiment(move |start: &Start, draw| {
            let losses = losses(&start.samples, &path(start, draw));
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
        })
}

fn end(name: &str) -> Claim<Start> {
    Claim::identity(name, "loss at the end / Σ y²/2 = 0", 1e-16)
        .assuming(hypotheses())
        .drawing_experiment(|start: &Start, draw| {
            let path = constructed(start, draw);
            let loss = start.samples.loss(&path[path.len() - 1]).value;
            Curve::at(
                0.0,
                Reading::new(2.0 * loss / start.samples.targets.norm_squared(), 0.0),
                0.0,
            )
        })
}

/// The last segment alone, at the features of the start.
fn end_without_moving_inner_weights(name: &str) -> Claim<Start> {
    Claim::identity(name, "least loss over the outer weights / Σ y²/2 = 0", 1e-16)
        .assuming(hypotheses())
        .experiment(|start: &Start| {
            let neurons = start.samples.with_best_outer(&start.neurons);
            let loss = start.samples.loss(&neurons).value;
            Curve::at(
                0.0,
                Reading::new(2.0 * loss / start.samples.targets.norm_squared(), 0.0),
                0.0,
            )
        })
}

fn segments(name: &str, fewer: usize) -> Claim<Start> {
    Claim::bound(name, "segments ≤ 2 (n − rank at the start) + 1")
        .assuming(hypotheses())
        .drawing_experiment(move |start: &Start, draw| {
            let count = constructed(start, draw).len() - 1;
            let missing = start.samples.inputs.nrows() - start.samples.rank(&start.neurons);
            Curve::at(
                missing as f64,
                count as f64,
                (2 * missing + 1 - fewer.min(2 * missing)) as f64,
            )
        })
}

/// a relu(w x) on the samples (1, 1) and (−1, 2), on a grid of pairs (w, a).
struct OneUnit;

impl Instance for OneUnit {
    fn description(&self) -> String {
        "one ReLU unit, samples (1, 1) and (−1, 2)".into()
    }
}

impl OneUnit {
    /// Of an odd number of places along each axis, so that 0 is among them.
    const GRID: usize = 61;
    const EDGE: f64 = 3.0;

    fn axis() -> Vec<f64> {
        evenly(-Self::EDGE, Self::EDGE, Self::GRID)
    }

    fn loss(w: f64, a: f64) -> f64 {
        let output = |x: f64| a * (w * x).max(0.0);
        ((output(1.0) - 1.0).powi(2) + (output(-1.0) - 2.0).powi(2)) / 2.0
    }

    /// The least height over which a path on the grid leads from (1, 1) to a loss below that of the start: places
    /// are flooded in the order of their losses.
    fn lowest_pass() -> f64 {
        let axis = Self::axis();
        let loss = |place: usize| Self::loss(axis[place % Self::GRID], axis[place / Self::GRID]);
        let nearest = |value: f64| ((value + Self::EDGE) / (axis[1] - axis[0])).round() as usize;
        let start = nearest(1.0) * Self::GRID + nearest(1.0);
        let mut height = vec![f64::INFINITY; Self::GRID * Self::GRID];
        height[start] = loss(start);
        let mut front = vec![start];
        while let Some(next) =
            (0..front.len()).min_by(|i, j| height[front[*i]].total_cmp(&height[front[*j]]))
        {
            let place = front.swap_remove(next);
            if loss(place) < loss(start) - 0.5 {
                return height[place];
            }
            let (column, row) = (place % Self::GRID, place / Self::GRID);
            for (dx, dy) in [(0, 1), (1, 0), (1, 2), (2, 1)] {
                let (x, y) = (column + dx, row + dy);
                if !(1..=Self::GRID).contains(&x) || !(1..=Self::GRID).contains(&y) {
                    continue;
                }
                let neighbour = (y - 1) * Self::GRID + x - 1;
                if height[neighbour].is_infinite() {
                    height[neighbour] = loss(neighbour).max(height[place]);
                    front.push(neighbour);
                }
            }
        }
        f64::INFINITY
    }
}

fn one_unit() -> Family<OneUnit> {
    Family::single("one unit", || OneUnit)
}

fn pass(name: &str, height: f64) -> Claim<OneUnit> {
    Claim::identity(name, "lowest pass between the valleys = 5/2", 1e-12)
        .on(one_unit())
        .experiment(move |_| Curve::at(1.0, OneUnit::lowest_pass(), height))
}

fn way_out(name: &str) -> Claim<OneUnit> {
    Claim::bound(name, "lowest pass ≤ loss at the start")
        .on(one_unit())
        .experiment(|_| Curve::at(1.0, OneUnit::lowest_pass(), OneUnit::loss(1.0, 1.0)))
}

fn along_the_path(draw: &mut Draw, _: Effort) -> Content {
    let samples = Samples {
        activation: Activation::Tanh,
        inputs: gaussian_matrix(6, 2, draw),
        targets: gaussian_matrix(6, 1, draw).column(0).into_owned(),
    };
    let neurons = Neurons {
        inner: Matrix::from_element(6, 2, 0.5),
        biases: Vector::from_element(6, 0.5),
        outer: Vector::from_element(6, 0.5),
    };
    let path = samples.path(&neurons, draw);
    let segments = (path.len() - 1) as f64;
    let ends = [path[0].clone(), path[path.len() - 1].clone()];
    let shown = |path: &[Neurons], stretch: f64| -> Vec<(f64, f64)> {
        let losses = losses(&samples, path);
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
