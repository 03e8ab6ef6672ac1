//! How little of a weaker mode is learned when a stronger one is half learned.

use theoria_elementary::{ln, powf};
use theoria_instances::flow;
use theoria_instances::sequences::powers_of_two;
use theoria_models::Matrix;
use theoria_models::networks::{DeepLinear, DeepLinearLoss, Modes};
use theoria_models::numerics::maximum;
use theoria_verification::{Case, Check, Claim, Family, Hypothesis, Reading};

/// The stronger one first.
fn two_modes() -> Family<Case<Modes>> {
    Family::drawn("two modes", |draw| {
        let strong = draw.uniform(1.0, 3.0);
        let weak = strong * draw.uniform(0.3, 0.7);
        let modes = Modes::draw(&[strong, weak], draw.generator());
        Case::new(format!("strengths {strong:.3} and {weak:.3}"), modes)
    })
}

fn strengths(modes: &Modes) -> [f64; 2] {
    [0, 1].map(|k| modes.strengths()[k])
}

/// Odds of the weaker mode when the stronger one is half learned, for u₀ = 1/`inverse`: they grow by exp(2 s t). The
/// power s_weak/s is taken `times` this number.
pub(crate) fn odds_of_the_weaker(modes: &Modes, inverse: f64, times: f64) -> f64 {
    let [strong, weak] = strengths(modes);
    powf(strong * inverse - 1.0, times * weak / strong) / (weak * inverse - 1.0)
}

/// What of the weaker mode is there when the stronger one is half learned, for smaller and smaller starts.
pub(crate) fn stages(name: &str) -> Claim<Case<Modes>> {
    let formula = "u_weak/(s_weak − u_weak) = (u₀/(s_weak − u₀)) ((s − u₀)/u₀)^(s_weak/s)";
    let start =
        |modes: &Modes, inverse: f64| DeepLinear::balanced(&modes.with(&[1.0 / inverse; 2]), 2);
    Claim::identity(name, formula, 1e-6)
        .assuming([
            Hypothesis::by_construction(
                "whitened",
                "the loss |W − Φ|²/2 of the map itself is that on whitened samples (models::networks::DeepLinearLoss)",
            ),
            Hypothesis::new("balanced", move |modes: &Case<Modes>, _| {
                let imbalances = start(modes, 256.0).imbalances();
                let largest = imbalances.iter().map(Matrix::amax).fold(0.0, maximum);
                Check::at_most(largest, 1e-14, "largest imbalance, u₀ = 1/256")
            }),
            Hypothesis::new("aligned", move |modes: &Case<Modes>, _| {
                let deviation = start(modes, 256.0).end_to_end() - modes.value.with(&[1.0 / 256.0; 2]);
                Check::at_most(deviation.amax(), 1e-14, "|W(0) − u₀ Σ u_i v_iᵀ|, u₀ = 1/256")
            }),
        ])
        .on(two_modes())
        .measuring(powers_of_two(8..=14), move |modes, inverses| {
            let [strong, weak] = strengths(modes);
            let loss = DeepLinearLoss::new(&[2, 2, 2], modes.map());
            inverses.read(|inverse| {
                let half = ln(strong * inverse - 1.0) / (2.0 * strong);
                let start = start(modes, inverse).flatten();
                let map = loss.network(&flow(&loss, &start, &[half])[0]).end_to_end();
                let learned = modes.strength_in(&map, 1);
                Reading::new(learned / (weak - learned), 1e-10)
            })
        })
        .predicting(|modes, inverse| odds_of_the_weaker(modes, inverse, 1.0))
}
