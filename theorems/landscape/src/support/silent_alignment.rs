//! How a small random start aligns itself with the mode that it learns.

use theoria_elementary::{exp, powf};
use theoria_instances::families::gaussian_matrix;
use theoria_instances::flow;
use theoria_instances::sequences::{evenly, powers_of_two};
use theoria_models::networks::{DeepLinear, DeepLinearLoss, Modes};
use theoria_models::numerics::maximum;
use theoria_models::{Matrix, Vector};
use theoria_verification::{Check, Claim, Family, Hypothesis, Instance, Reading};

use super::mode_growth::{sigmoid, time_to_half};

/// A target of one mode, and factors that were drawn without regard to it.
pub(crate) struct Unaligned {
    modes: Modes,
    factors: [Matrix; 2],
}

impl Instance for Unaligned {
    fn description(&self) -> String {
        format!(
            "one mode of strength {:.3} in dimension {}, {} hidden neurons",
            self.modes.strengths()[0],
            self.modes.strengths().len(),
            self.factors[0].nrows()
        )
    }
}

impl Unaligned {
    /// W₂ᵀ u_k and W₁ v_k, one a column.
    fn seen(&self) -> [Matrix; 2] {
        let [first, second] = &self.factors;
        [second.tr_mul(self.modes.left()), first * self.modes.right()]
    }

    /// q = (W₂ᵀ u₁ − W₁ v₁)/2.
    fn vanishing(&self) -> Vector {
        let [behind, before] = self.seen();
        (behind.column(0) - before.column(0)) / 2.0
    }

    /// p = (W₂ᵀ u₁ + W₁ v₁)/2.
    fn growing(&self) -> Vector {
        let [behind, before] = self.seen();
        (behind.column(0) + before.column(0)) / 2.0
    }
}

fn unaligned() -> Family<Unaligned> {
    Family::drawn("random starts", |draw| {
        let n = draw.size(1..=4);
        let hidden = draw.size(4..=8);
        let mut strengths = vec![0.0; n];
        strengths[0] = draw.uniform(1.0, 3.0);
        Unaligned {
            modes: Modes::draw(&strengths, draw.generator()),
            factors: [gaussian_matrix(hidden, n, draw), gaussian_matrix(n, hidden, draw)],
        }
    })
}

fn hypotheses() -> [Hypothesis<Unaligned>; 4] {
    [
        Hypothesis::by_construction(
            "whitened",
            "the loss |W − Φ|²/2 of the map itself is that on whitened samples (models::networks::DeepLinearLoss)",
        ),
        Hypothesis::new("a single mode", |instance: &Unaligned, _| {
            let others = instance.modes.strengths()[1..].iter().copied().fold(0.0, maximum);
            Check::at_most(others, 0.0, "strength of the other modes")
        }),
        Hypothesis::new("a part that grows", |instance: &Unaligned, _| {
            Check::at_least(instance.growing().norm(), 0.1, "|p|")
        }),
        Hypothesis::new("a part that vanishes", |instance: &Unaligned, _| {
            Check::at_least(instance.vanishing().norm(), 0.2, "|q|")
        }),
    ]
}

/// The sigmoid from u₀ = ε² |p|² exp(-ε² κ t_half): what is orthogonal to the mode slows the growth of p down while
/// it waits.
pub(crate) fn silent_alignment(name: &str) -> Claim<Unaligned> {
    Claim::exponent(name, "max_t |u₁ᵀ W(t) v₁ − u(t)| ~ ε^2")
        .assuming(hypotheses())
        .on(unaligned())
        .measuring(powers_of_two(6..=13), |instance, inverses| {
            let modes = &instance.modes;
            let [first, second] = &instance.factors;
            let (n, s) = (modes.strengths().len(), modes.strengths()[0]);
            let loss = DeepLinearLoss::new(&[n, first.nrows(), n], modes.map());
            let ([behind, before], growing) = (instance.seen(), instance.growing());
            let along = growing.normalize();
            let others = (1..n).map(|k| {
                behind.column(k).dot(&along).powi(2) + before.column(k).dot(&along).powi(2)
            });
            let slowing = others.sum::<f64>();
            inverses.read(|inverse| {
                let grown = growing.norm_squared() / (inverse * inverse);
                let start = DeepLinear::new(vec![first / inverse, second / inverse]);
                let half = time_to_half(2.0, s, grown);
                let at_start = grown * exp(-slowing * half / (inverse * inverse));
                let times = evenly(half - 2.0 / s, half + 2.0 / s, 17);
                let points = flow(&loss, &start.flatten(), &times).into_iter().zip(&times);
                let deviations = points.map(|(x, &t)| {
                    let u = modes.strength_in(&loss.network(&x).end_to_end(), 0);
                    (u - sigmoid(2.0, s, at_start, t)).abs()
                });
                Reading::new(deviations.fold(0.0, maximum), 1e-12)
            })
        })
        .predicting(|_, inverse| powf(inverse, -2.0))
}
