#![doc = include_str!("duplicate_neurons.md")]

use theoria_models::networks::{Activation, FullyConnected, NetworkLoss};
use theoria_models::{Objective, Vector};
use theoria_verification::{Claim, Content, Draw, Effort, Family, Figure, Line, Reading, Theorem};

use crate::support::copied_neurons::{COPIES, Rule, STEPS, Training, descent};

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    use Rule::{AdaGradNorm, Batches, Dropout, GradientDescent, Momentum, Sign, WeightDecay};
    let rules = [GradientDescent, Momentum, AdaGradNorm, Sign, Batches, WeightDecay];
    let relu = || Training::drawn(GradientDescent, Activation::Relu);
    let tanh = || Training::drawn(GradientDescent, Activation::Tanh);
    let scaled_steps =
        merged("copies_train_like_one_neuron_with_scaled_steps", [0.0, 1.0], [-1.0, 1.0])
            .on(relu())
            .on(tanh());
    let otherwise = |name, formula, steps| {
        let merged = move |it: &Training| it.losses_of_merged([0.0, 1.0], steps);
        scaled_steps.restated(name, formula).predicting_from(merged, |losses, n| losses[n as usize])
    };
    let outer_steps_alone = otherwise(
        "it_is_enough_to_scale_the_outer_steps",
        "both networks have the same loss at every step, though only outer steps are scaled",
        [0.0, 1.0],
    );
    let unscaled = otherwise(
        "copies_train_like_one_neuron",
        "both networks have the same loss at every step, though no step is scaled",
        [0.0, 0.0],
    );
    Theorem::new("initialization/duplicate_neurons", include_str!("duplicate_neurons.md"))
        .claim(
            equal("equal_neurons_stay_equal_to_the_last_bit")
                .on_all(rules.map(|rule| Training::drawn(rule, Activation::Relu))),
        )
        .claim(scaled_steps)
        .claim(
            merged("relu_copies_train_like_one_larger_neuron", [0.5, 0.5], [0.0, 0.0]).on(relu()),
        )
        .claim(
            Claim::identity("nothing_moves_from_0", "θ_N = 0 from θ_0 = 0", f64::MIN_POSITIVE)
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
        .claim(
            Claim::identity(
                "a_small_difference_grows_as_the_linearisation_says",
                "θ_i − θ_j ~ the solution of the linearised steps",
                1e-3,
            )
            .on(tanh())
            .measuring(1..=STEPS, Training::distances)
            .predicting_from(Training::linearised, |distances, n| distances[n as usize]),
        )
        .claim(
            Claim::lower_bound(
                "a_small_difference_grows",
                "|θ_i − θ_j| ≥ 2 |θ_i − θ_j| at the start",
            )
            .on(tanh())
            .measuring([STEPS], Training::distances)
            .predicting(|it, _| 2.0 * it.distance(&it.nudge())),
        )
        .control(
            Claim::bound(
                "a_small_difference_stays_small",
                "|θ_i − θ_j| ≤ |θ_i − θ_j| at the start",
            )
            .on(tanh())
            .measuring(1..=STEPS, Training::distances)
            .predicting(|it, _| it.distance(&it.nudge())),
        )
        .control(
            equal("equal_neurons_stay_equal_under_dropout")
                .on(Training::drawn(Dropout, Activation::Relu)),
        )
        .control(outer_steps_alone)
        .control(unscaled)
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

fn equal(name: &str) -> Claim<Training> {
    Claim::identity(name, "θ_i = θ_j at every step", f64::MIN_POSITIVE)
        .measuring_by_drawing(|it: &Training, draw| {
            let path = it.run(draw.generator());
            (1..=STEPS)
                .zip(&path.points()[1..])
                .map(|(n, x)| (n, Reading::new(it.spread(x), 0.0)))
                .collect()
        })
        .predicting(|_, _| 0.0)
}

fn merged(name: &str, start: [f64; 2], steps: [f64; 2]) -> Claim<Training> {
    Claim::identity(name, "both networks have the same loss at every step", 1e-9)
        .measuring(0..=STEPS, |it: &Training, steps| {
            let whole = it.loss(COPIES.len());
            let path = descent(&whole, &it.start());
            steps.read(|n| whole.value(&path[n]))
        })
        .predicting_from(
            move |it| it.losses_of_merged(start, steps),
            |losses, n| losses[n as usize],
        )
}

fn paths(draw: &mut Draw, _: Effort) -> Content {
    let it = Training::random(Rule::GradientDescent, Activation::Relu, draw);
    let path = it.run(draw.generator());
    let lines = COPIES.iter().enumerate().map(|(i, copy)| {
        let points = path.points().iter().enumerate().step_by(2);
        Line::measured(
            &format!("neuron {}, a copy of {}", i + 1, copy + 1),
            points.map(|(n, x)| (n as f64, it.rows(x)[(i, 2)])),
        )
    });
    Content::Lines { lines: lines.collect() }
}
