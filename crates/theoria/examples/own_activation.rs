//! An activation of one's own, and the variance of the weights that is claimed to be critical for it.
//!
//! `cargo run --example own_activation -- check` checks it.

use std::process::ExitCode;

use theoria::instances::random_networks::{RandomNetworks, constant_width};
use theoria::models::networks::Activation;
use theoria::verification::{Claim, Family, Figure, Hypothesis, Theorem};

const STATEMENT: &str = "# The critical variance of the bent identity

Signals of a deep network explode if its weights vary more than a critical value, and vanish if less. For ReLU it is $2/n$; for
another activation it is another.

## Hypotheses

- The weights of a layer are independent and Gaussian with variance $c/n$, $n$ the width before it.
- The activation is $\\varphi(x) = 3x/2$ for $x > 0$ and $x/2$ else.

## Statement

$\\mathbb{E} \\lvert x^l \\rvert^2 = (5c/4)^l \\lvert x^0 \\rvert^2$, so that $c = 4/5$ is critical.

## Source

K. He, X. Zhang, S. Ren, J. Sun, *Delving deep into rectifiers*, 2015, with another activation.";

const DEPTH: usize = 6;

/// The theorem with its claims and controls.
pub(crate) fn theorem() -> Theorem {
    let slope = |x: f64| if x > 0.0 { 1.5 } else { 0.5 };
    let bent = Activation::own("bent identity", move |x| slope(x) * x, slope);
    let networks = Family::listed("around the critical variance", [0.7, 0.8, 0.9], move |&c| {
        RandomNetworks::new(bent, c, &constant_width(64, DEPTH))
    });
    // A trial is one network, measured at every layer.
    let stated = Claim::expected_value("growth", "E |x^l|² = (5c/4)^l |x⁰|²", 0.05)
        .assuming([Hypothesis::by_construction(
            "independent Gaussian weights",
            "every trial draws a network of its own",
        )])
        .on(networks)
        .trials(1 << 15)
        .sampling(|n: &RandomNetworks, block| {
            let seen = n.run(block);
            block.read(1..=DEPTH, |trial, layer| seen.signal(trial, layer, 0))
        })
        .predicting(|n, layer| (1.25 * n.variance).powf(layer) * n.input.norm_squared())
        // E |x^l|⁴ follows in the same way from the fourth moment of a normal. Theory knows it, so the verdict is proved.
        .second_moment_at_most(|n, layer| {
            let factor = n.variance.powi(2) * (1.25f64.powi(2) + 6.125 / n.widths[0] as f64);
            factor.powf(layer) * n.input.norm_squared().powi(2)
        });
    // The factor of ReLU, which knows only the half of the line, is refuted on the same networks.
    let like_relu = stated
        .restated("as_for_relu", "E |x^l|² = (c/2)^l |x⁰|²")
        .predicting(|n, layer| (0.5 * n.variance).powf(layer) * n.input.norm_squared());
    // And so is a factor that is 2% off, where six layers have made 13% of it.
    let nearly = stated
        .restated("two_percent_more", "E |x^l|² = (1.275 c)^l |x⁰|²")
        .predicting(|n, layer| (1.275 * n.variance).powf(layer) * n.input.norm_squared());
    Theorem::new("mine/bent_identity", STATEMENT)
        .claim(stated)
        .control(like_relu)
        .control(nearly)
        .figure(
            Figure::semilog("signals", "layer l", "E |x^l|²")
                .of("growth")
                .caption("Above the critical variance signals grow by the same factor in every layer, below it they fall."),
        )
}

fn main() -> ExitCode {
    theoria::command::run(vec![theorem()])
}
