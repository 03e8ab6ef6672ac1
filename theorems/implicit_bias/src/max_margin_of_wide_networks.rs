#![doc = include_str!("max_margin_of_wide_networks.md")]

use theoria_models::networks::Particle;
use theoria_models::numerics::maximum;
use theoria_verification::{
    Check, Claim, Content, Draw, Effort, Family, Figure, Group, Hypothesis, Line, Readings, Theorem,
};

use crate::support::wide_network::{LEAST_KERNEL_MARGIN, Reached, Trained, WideNetwork};

/// Neurons of a wide network.
const WIDE: usize = 128;
/// Steps of training.
const STEPS: usize = 4096;
/// Steps after which small margins are reached as well.
const MANY_STEPS: usize = 16 * STEPS;
/// What is reached of a largest margin by then.
const SHARE: f64 = 0.97;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let above = never_above("no_network_exceeds_the_variation_margin");
    let beyond = above
        .restated("networks_fall_short_by_a_twentieth", "min y_i f(x_i)/mean |a_j||w_j| ≤ 0.95 γ₁")
        .predicting_from(variation, |largest, _| 0.95 * largest)
        .on(wide())
        .on(crosses());
    Theorem::new(
        "implicit_bias/max_margin_of_wide_networks",
        include_str!("max_margin_of_wide_networks.md"),
    )
    .uses(
        "implicit_bias/max_margin",
        "the output layer alone is a linear classifier, which turns to its largest margin",
    )
    .claim(above.on(wide()).on(narrow()).attained_to(SHARE, crosses()).tight_to(SHARE))
    .claim(
        reaches("both_layers_reach_the_variation_margin", Trained::BothLayers)
            .on(wide())
            .on(crosses()),
    )
    .claim(
        nears_the_kernel("output_layer_reaches_the_kernel_margin", STEPS)
            .assuming([enough_steps()])
            .on(wide())
            .on(crosses()),
    )
    .claim(
        nears_the_kernel("output_layer_reaches_a_small_margin_with_more_steps", MANY_STEPS)
            .on(small_kernel_margins()),
    )
    .claim(
        has_the_margin_of_the_kernel("output_layer_has_the_kernel_solution", Trained::OutputLayer)
            .on(wide())
            .on(crosses()),
    )
    .control(beyond)
    .control(
        has_the_margin_of_the_kernel("both_layers_have_the_kernel_solution", Trained::BothLayers)
            .on(wide())
            .on(crosses()),
    )
    .control(
        reaches("output_layer_reaches_the_variation_margin", Trained::OutputLayer)
            .on(wide())
            .on(crosses()),
    )
    .control(
        nears_the_kernel("output_layer_reaches_a_small_kernel_margin", STEPS)
            .assuming([enough_steps()])
            .violating(ENOUGH_STEPS)
            .on(small_kernel_margins()),
    )
    .control(
        reaches("few_neurons_reach_the_variation_margin", Trained::BothLayers)
            .violating(EVERYWHERE)
            .on(narrow()),
    )
    .figure(
        Figure::semilog_x("margins", "step", "margin over the largest of all networks")
            .caption(
                "Both layers of a wide network reach the largest variation margin; the output layer alone ends at the \
                 kernel's solution, and four neurons that began badly stay where they are.",
            )
            .showing(|draw, _| margins(draw)),
    )
    .figure(
        Figure::linear("neurons", "first input", "second input")
            .caption(
                "Six points. Neurons (direction of the inner weights, distance by the root of their share) began all around, \
                 and after 4096 steps have gathered on few rays, most of them near those of a measure of largest margin",
            )
            .showing(|draw, _| neurons(draw)),
    )
    .figure(
        Figure::semilog_x("width", "neurons", "share of starts")
            .caption(
                "How many of 100 starts on the cross reach 0.97 of the largest margin within 1024 steps: about as many as have a neuron \
                 for each of the four rays, with the right sign and on the right side. Four neurons could, and most often do not.",
            )
            .showing(widths),
    )
}

/// γ₁, as its certificate bounds it.
fn variation(at: &WideNetwork) -> f64 {
    let found = at.variation();
    found.margin + found.gap
}

/// γ₂, as its certificate bounds it.
fn kernel_margin(at: &WideNetwork) -> f64 {
    let found = at.kernel();
    found.margin + found.gap
}

fn separable() -> Hypothesis<WideNetwork> {
    Hypothesis::new("γ₁ > 0, with its certificate", |at: &WideNetwork, _| {
        let found = at.variation();
        Check::at_most(found.gap / found.margin, 1e-6, "gap of the certificate, relative to γ₁")
    })
}

/// The name of the hypothesis that small margins break.
const ENOUGH_STEPS: &str = "γ₂ not too small for the steps";

fn enough_steps() -> Hypothesis<WideNetwork> {
    Hypothesis::new(ENOUGH_STEPS, |at: &WideNetwork, _| {
        Check::at_least(at.kernel().margin, LEAST_KERNEL_MARGIN, "γ₂")
    })
}

fn clear_kernel() -> Hypothesis<WideNetwork> {
    Hypothesis::new("γ₂ with its certificate", |at: &WideNetwork, _| {
        let found = at.kernel();
        Check::at_most(found.gap / found.margin, 1e-6, "gap of the certificate, relative to γ₂")
    })
}

/// The name of the hypothesis that networks of few neurons break.
const EVERYWHERE: &str = "neurons of either sign everywhere";

fn everywhere() -> Hypothesis<WideNetwork> {
    Hypothesis::new(EVERYWHERE, |at: &WideNetwork, _| {
        let widest = at.widest_gap(1.0).max(at.widest_gap(-1.0));
        Check::at_most(widest, 1.2, "largest angle without a neuron of one sign at the start")
    })
}

fn wide() -> Family<WideNetwork> {
    Family::drawn("six points", |draw| WideNetwork::drawn(WIDE, draw.generator())).with_draws(4)
}

fn small_kernel_margins() -> Family<WideNetwork> {
    Family::drawn("six points, small kernel margin", |draw| {
        WideNetwork::with_a_small_kernel_margin(WIDE, draw.generator())
    })
    .with_draws(2)
}

fn crosses() -> Family<WideNetwork> {
    Family::drawn("the cross", |draw| WideNetwork::cross().with_neurons(WIDE, draw.generator()))
        .with_draws(2)
}

/// Four neurons on the cross, which could have the largest margin. Two of them begin in the same quarter with the same sign, or with the sign that its point
/// does not have.
fn narrow() -> Family<WideNetwork> {
    let starts = [
        [(0.03, 1.0), (0.97, 1.0), (0.28, -1.0), (0.72, -1.0)],
        [(0.03, 1.0), (0.27, -1.0), (0.47, 1.0), (0.3, -1.0)],
        [(0.03, -1.0), (0.27, -1.0), (0.47, 1.0), (0.72, -1.0)],
    ];
    Family::listed("four neurons on the cross", starts, |start| {
        WideNetwork::cross().with_neurons_at(start)
    })
}

fn never_above(name: &str) -> Claim<WideNetwork> {
    Claim::bound(name, "min y_i f(x_i)/mean |a_j||w_j| ≤ γ₁")
        .assuming([separable()])
        .measuring_each(|at: &WideNetwork| {
            let (seen, _) = at.train(Trained::BothLayers, STEPS);
            seen.iter().map(|seen| (seen.steps, seen.variation_margin)).collect::<Readings>()
        })
        .predicting_from(variation, |largest, _| *largest)
}

fn trained(
    at: &WideNetwork,
    trained: Trained,
    steps: usize,
    read: fn(&Reached) -> f64,
) -> Readings {
    let (seen, _) = at.train(trained, steps);
    seen.last().map(|last| (last.steps, read(last))).into_iter().collect()
}

fn which(layers: Trained) -> &'static str {
    match layers {
        Trained::BothLayers => "both layers",
        Trained::OutputLayer => "output layer alone",
    }
}

fn reaches(name: &str, layers: Trained) -> Claim<WideNetwork> {
    let which = which(layers);
    Claim::lower_bound(
        name,
        &format!("{which}: min y_i f(x_i)/mean |a_j||w_j| ≥ 0.97 γ₁ in the end"),
    )
    .assuming([separable(), everywhere()])
    .tight_to(0.95)
    .measuring_each(move |at: &WideNetwork| {
        trained(at, layers, STEPS, |last| last.variation_margin)
    })
    .predicting_from(variation, |largest, _| SHARE * largest)
}

fn nears_the_kernel(name: &str, steps: usize) -> Claim<WideNetwork> {
    Claim::lower_bound(
        name,
        &format!("output layer alone: min y_i f(x_i)/√(mean a_j²) ≥ 0.97 γ₂ after {steps} steps"),
    )
    .assuming([separable(), everywhere(), clear_kernel()])
    .tight_to(0.95)
    .measuring_each(move |at| trained(at, Trained::OutputLayer, steps, |last| last.kernel_margin))
    .predicting_from(kernel_margin, |largest, _| SHARE * largest)
}

fn has_the_margin_of_the_kernel(name: &str, layers: Trained) -> Claim<WideNetwork> {
    let which = which(layers);
    let formula =
        format!("{which}: min y_i f(x_i)/mean |a_j||w_j| = that of the kernel's solution");
    Claim::identity(name, &formula, 0.05)
        .assuming([separable(), everywhere()])
        .measuring_each(move |at: &WideNetwork| {
            trained(at, layers, STEPS, |last| last.variation_margin)
        })
        .predicting_from(WideNetwork::variation_margin_of_the_kernel, |margin, _| *margin)
}

fn margins(draw: &mut Draw) -> Content {
    let wide = WideNetwork::cross().with_neurons(WIDE, draw.generator());
    let stuck = narrow().instance(draw, 1);
    let run = |at: &WideNetwork, layers: Trained| -> Vec<(f64, f64)> {
        let largest = at.variation().margin;
        let (seen, _) = at.train(layers, STEPS);
        seen.iter().map(|seen| (seen.steps as f64, seen.variation_margin / largest)).collect()
    };
    let kernel = wide.variation_margin_of_the_kernel() / wide.variation().margin;
    let level = |height: f64| [(1.0, height), (STEPS as f64, height)];
    Content::Lines {
        lines: vec![
            Line::measured("both layers, 128 neurons", run(&wide, Trained::BothLayers)),
            Line::measured("output layer, 128 neurons", run(&wide, Trained::OutputLayer)),
            Line::measured("both layers, 4 neurons", run(&stuck, Trained::BothLayers)),
            Line::predicted("variation margin", level(1.0)),
            Line::predicted("kernel's solution", level(kernel)),
        ],
    }
}

fn neurons(draw: &mut Draw) -> Content {
    let at = WideNetwork::drawn(WIDE, draw.generator());
    let (_, trained) = at.train(Trained::BothLayers, STEPS);
    let start: Vec<(f64, f64)> = at.directions().collect();
    let share = |neuron: &Particle| neuron.outer.abs() * neuron.inner.norm();
    let largest = trained.iter().map(share).fold(0.0, maximum);
    let of_sign = |sign: f64| {
        let own = trained.iter().filter(move |neuron| neuron.outer * sign > 0.0);
        own.map(|neuron| {
            let size = (share(neuron) / largest).sqrt() / neuron.inner.norm();
            (size * neuron.inner[0], size * neuron.inner[1])
        })
        .collect::<Vec<_>>()
    };
    let found = at.variation();
    let rays = |label: &str, sign: f64| {
        let own = found.masses.iter().enumerate().filter(|(_, mass)| **mass * sign > 1e-4);
        let ends = own.flat_map(|(k, _)| {
            let (u, v) = (found.directions[(k, 0)], found.directions[(k, 1)]);
            [(0.0, 0.0), (1.1 * u, 1.1 * v), (f64::NAN, f64::NAN)]
        });
        Line::predicted(label, ends)
    };
    Content::Points {
        groups: vec![
            Group::new("neurons, a > 0", of_sign(1.0)),
            Group::new("neurons, a < 0", of_sign(-1.0)),
            Group::new("points, y = 1", at.class(1.0)),
            Group::new("points, y = −1", at.class(-1.0)),
            Group::new("neurons at the start", start),
        ],
        lines: vec![rays("largest margin, mass > 0", 1.0), rays("largest margin, mass < 0", -1.0)],
    }
}

fn widths(draw: &mut Draw, effort: Effort) -> Content {
    let starts = 100 * effort.trials_factor();
    let largest = WideNetwork::cross().variation().margin;
    let share = |neurons: usize, draw: &mut Draw| {
        let reached = (0..starts).filter(|_| {
            let at = WideNetwork::cross().with_neurons(neurons, draw.generator());
            let (seen, _) = at.train(Trained::BothLayers, STEPS / 4);
            seen.last().is_some_and(|last| last.variation_margin >= SHARE * largest)
        });
        reached.count() as f64 / starts as f64
    };
    // That each of four rays is one neuron's, where all are equally likely: by inclusion and exclusion.
    let each = |neurons: i32| {
        let missed = [(-4.0, 0.75), (6.0, 0.5), (-4.0, 0.25f64)];
        1.0 + missed.map(|(count, share)| count * share.powi(neurons)).iter().sum::<f64>()
    };
    let numbers = [2, 4, 8, 16, 32];
    Content::Lines {
        lines: vec![
            Line::measured("both layers", numbers.map(|m| (f64::from(m), share(m as usize, draw)))),
            Line::predicted("a neuron for each ray", numbers.map(|m| (f64::from(m), each(m)))),
        ],
    }
}
