#![doc = include_str!("duplicate_neurons.md")]

use theoria_models::networks::{Activation, FullyConnected, NetworkLoss};
use theoria_models::{Objective, Vector};
use theoria_verification::{
    Check, Claim, Content, Draw, Effort, Family, Figure, Hypothesis, Line, Reading, Stream, Theorem,
};

use crate::support::copied_neurons::{COPIES, Rule, STEPS, Training, descent};

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    use Rule::{
        AdaGrad, AdaGradNorm, Batches, Dropout, GradientDescent, Momentum, Sign, WeightDecay,
    };
    let rules = [GradientDescent, Momentum, AdaGradNorm, AdaGrad, Sign, Batches, WeightDecay];
    let relu = || Training::drawn(GradientDescent, Activation::Relu);
    let tanh = || Training::drawn(GradientDescent, Activation::Tanh);
    let scaled = merged(
        "copies_train_like_one_neuron_with_scaled_steps",
        "same loss at every step, steps m h and h/m",
        [0.0, 1.0],
        [-1.0, 1.0],
    );
    let scaled_steps = scaled.clone().on(relu()).on(tanh());
    let otherwise = |name, formula, steps| {
        let merged = move |it: &Training| it.losses_of_merged([0.0, 1.0], steps);
        scaled_steps.restated(name, formula).predicting_from(merged, |losses, n| losses[n as usize])
    };
    let outer_steps_alone = otherwise(
        "it_is_enough_to_scale_the_outer_steps",
        "same loss at every step, steps m h and h",
        [0.0, 1.0],
    );
    let nearly = otherwise(
        "a_slightly_different_scale_would_do",
        "same loss at every step, steps m^1.02 h and h/m",
        [-1.0, 1.02],
    );
    let linearised = Claim::identity(
        "a_small_difference_grows_as_the_linearisation_says",
        "|θ_i − θ_j| = |δ| with δ ← δ − h H δ",
        1e-3,
    )
    .assuming([equal_at_the_start(), by_gradient_descent()])
    .on(tanh())
    .measuring(1..=STEPS, Training::distances)
    .predicting_from(|it| it.linearised(1.0), |distances, n| distances[n as usize]);
    let less = linearised
        .restated(
            "a_small_difference_grows_a_little_less",
            "|θ_i − θ_j| = |δ| with δ ← δ − 0.98 h H δ",
        )
        .predicting_from(|it| it.linearised(0.98), |distances, n| distances[n as usize]);
    let stays = linearised
        .restated("a_small_difference_stays_small", "|θ_i − θ_j| = |θ_i − θ_j| at the start")
        .predicting(|it, _| it.distance(&it.nudge()));
    Theorem::new("initialization/duplicate_neurons", include_str!("duplicate_neurons.md"))
        .claim(
            equal("equal_neurons_stay_equal_to_the_last_bit")
                .on_all(rules.map(|rule| Training::drawn(rule, Activation::Relu)))
                .on(tanh()),
        )
        .claim(scaled_steps)
        .claim(
            merged(
                "relu_copies_train_like_one_larger_neuron",
                "same loss at every step as one neuron √m (a, w, b)",
                [0.5, 0.5],
                [0.0, 0.0],
            )
            .assuming([homogeneous()])
            .on(relu()),
        )
        .claim(
            Claim::identity("nothing_moves_from_0", "θ_N = 0 from θ_0 = 0", f64::MIN_POSITIVE)
                .assuming([
                    by_gradient_descent(),
                    Hypothesis::new("φ(0) = 0", |it: &Training, _| {
                        Check::at_most(it.activation.value(0.0).abs(), 0.0, "|φ(0)|")
                    }),
                ])
                .on(Family::listed(
                    "activations",
                    [Activation::Relu, Activation::Tanh],
                    |&activation| Training::new(GradientDescent, activation, || 0.0),
                ))
                .measuring([STEPS], |it, steps| {
                    let widths = [it.inputs.nrows(), COPIES.len(), 1];
                    let network = FullyConnected::new(&widths, it.activation);
                    let f = NetworkLoss::new(network, it.inputs.clone(), it.targets.clone());
                    let path = descent(&f, &Vector::zeros(f.dimension()));
                    steps.read(|n| path[n].amax())
                })
                .predicting(|_, _| 0.0),
        )
        .claim(linearised)
        .control(
            equal("equal_neurons_stay_equal_under_dropout")
                .on(Training::drawn(Dropout, Activation::Relu))
                .violating("equal steps"),
        )
        .control(
            scaled
                .restated(
                    "copies_train_like_one_neuron_with_decay",
                    "same loss at every step, steps m h and h/m",
                )
                .on(Training::drawn(WeightDecay, Activation::Relu))
                .violating("gradient descent"),
        )
        .control(outer_steps_alone)
        .control(nearly)
        .control(
            merged(
                "tanh_copies_train_like_one_larger_neuron",
                "same loss at every step as one neuron √m (a, w, b)",
                [0.5, 0.5],
                [0.0, 0.0],
            )
            .assuming([homogeneous()])
            .on(tanh())
            .violating("homogeneous"),
        )
        .control(stays)
        .control(less)
        .figure(
            Figure::semilog("separation", "step", "distance of two neurons")
                .of("a_small_difference_grows_as_the_linearisation_says")
                .of("a_small_difference_stays_small")
                .caption(
                    "Two neurons 10⁻⁶ apart separate exponentially, as the linearised steps say.",
                ),
        )
        .figure(
            Figure::linear("weights", "step", "one weight of each neuron")
                .caption("Of eight neurons three, two and two are equal: only four paths are seen.")
                .showing(paths),
        )
}

fn equal_at_the_start() -> Hypothesis<Training> {
    Hypothesis::new("equal neurons at the start", |it: &Training, _| {
        Check::at_most(it.spread(&it.start()), 0.0, "largest difference of copies")
    })
}

/// Dropout alone has random numbers of its own for each neuron.
fn equal_steps() -> Hypothesis<Training> {
    Hypothesis::new("equal steps", |it: &Training, _| {
        Check::that(it.rule != Rule::Dropout, format!("{:?}", it.rule))
    })
}

fn by_gradient_descent() -> Hypothesis<Training> {
    Hypothesis::new("gradient descent", |it: &Training, _| {
        Check::that(it.rule == Rule::GradientDescent, format!("{:?}", it.rule))
    })
}

fn homogeneous() -> Hypothesis<Training> {
    Hypothesis::new("homogeneous", |it: &Training, _| {
        Check::that(it.activation.is_homogeneous(), it.activation.describe())
    })
}

fn equal(name: &str) -> Claim<Training> {
    Claim::identity(name, "θ_i = θ_j at every step", f64::MIN_POSITIVE)
        .assuming([equal_at_the_start(), equal_steps()])
        .measuring_by_drawing(|it: &Training, draw| {
            let path = it.run(&mut Stream::drawn(draw.generator()).trial(0));
            (1..=STEPS)
                .zip(&path.points()[1..])
                .map(|(n, x)| (n, Reading::new(it.spread(x), 0.0)))
                .collect()
        })
        .predicting(|_, _| 0.0)
}

fn merged(name: &str, formula: &str, start: [f64; 2], steps: [f64; 2]) -> Claim<Training> {
    Claim::identity(name, formula, 1e-9)
        .assuming([equal_at_the_start(), by_gradient_descent()])
        .measuring(1..=STEPS, |it: &Training, steps| {
            let losses = it.losses();
            steps.read(|n| losses[n])
        })
        .predicting_from(
            move |it| it.losses_of_merged(start, steps),
            |losses, n| losses[n as usize],
        )
}

fn paths(draw: &mut Draw, _: Effort) -> Content {
    let it = Training::random(Rule::GradientDescent, Activation::Relu, draw);
    let path = it.run(&mut Stream::drawn(draw.generator()).trial(0));
    let lines = COPIES.iter().enumerate().map(|(i, copy)| {
        let points = path.points().iter().enumerate().step_by(2);
        Line::measured(
            &format!("neuron {}, a copy of {}", i + 1, copy + 1),
            points.map(|(n, x)| (n as f64, it.rows(x)[(i, 2)])),
        )
    });
    Content::Lines { lines: lines.collect() }
}
