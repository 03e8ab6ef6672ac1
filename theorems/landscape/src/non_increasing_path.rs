#![doc = include_str!("non_increasing_path.md")]

use theoria_instances::families::gaussian_matrix;
use theoria_models::networks::{Activation, Model};
use theoria_models::numerics::maximum;
use theoria_models::{Matrix, Vector};
use theoria_verification::{
    Axis, Claim, Content, Curve, Draw, Effort, Family, Figure, Hypothesis, Line, Reading, Readings,
    Scale, Theorem,
};

use crate::support::featureless_starts::{
    Samples, Start, dead_neurons, equal_neurons, hypotheses, random_starts, valley_of_two_samples,
    wide,
};
use crate::support::one_unit::OneUnit;
use crate::support::paths::Network;

/// Places on each segment at which the loss is measured.
/// Ends of paths that straight lines lead to.
const ENDS: usize = 8;
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
        .uses(
            "landscape/features_rank",
            "weights of one more neuron can be found that raise the rank of the features",
        )
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
                "loss ≤ every loss before it on a straight line to where such a path ends",
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
                 diverse and then falls to 0. From this start the straight line to the same end \
                 happens to fall as well; nothing promises that.",
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

/// The constructed path.
fn constructed(start: &Start, draw: &mut Draw) -> Vec<Vector> {
    start.network.path(&start.parameters, draw)
}

/// From the start straight to where one of several constructed paths ends: that on which the loss becomes largest.
fn straight(start: &Start, draw: &mut Draw) -> Vec<Vector> {
    let line = |_| {
        let mut path = constructed(start, draw);
        vec![start.parameters.clone(), path.swap_remove(path.len() - 1)]
    };
    let largest = |line: &Vec<Vector>| {
        losses(&start.network, line).iter().map(|(_, loss)| loss.value).fold(0.0, maximum)
    };
    let lines: Vec<Vec<Vector>> = (0..ENDS).map(line).collect();
    let worst = lines.into_iter().max_by(|a, b| largest(a).total_cmp(&largest(b)));
    worst.unwrap_or_default()
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
