//! How a small random start aligns itself with the mode that it learns.

use theoria_instances::families::gaussian_matrix;
use theoria_instances::flow;
use theoria_instances::sequences::{evenly, powers_of_two};
use theoria_models::Matrix;
use theoria_models::networks::{DeepLinear, DeepLinearLoss, Modes};
use theoria_verification::{Claim, Family, Instance, Reading};

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

/// The sigmoid from u₀ = ε² |p|² exp(-ε² κ t_half): what is orthogonal to the mode slows the growth of p down while
/// it waits.
pub(crate) fn silent_alignment(name: &str) -> Claim<Unaligned> {
    Claim::exponent(name, "max_t |u₁ᵀ W(t) v₁ − u(t)| ~ ε^2")
        .on(unaligned())
        .measuring(powers_of_two(8..=13), |instance, inverses| {
            let modes = &instance.modes;
            let [first, second] = &instance.factors;
            let (n, s) = (modes.strengths().len(), modes.strengths()[0]);
            let loss = DeepLinearLoss::new(&[n, first.nrows(), n], modes.map());
            let (behind, before) = (second.tr_mul(modes.left()), first * modes.right());
            let growing = (behind.column(0) + before.column(0)) / 2.0;
            let along = growing.normalize();
            let others = (1..n).map(|k| {
                behind.column(k).dot(&along).powi(2) + before.column(k).dot(&along).powi(2)
            });
            let slowing = others.sum::<f64>();
            inverses.read(|inverse| {
                let grown = growing.norm_squared() / (inverse * inverse);
                let start = DeepLinear::new(vec![first / inverse, second / inverse]);
                let half = time_to_half(2.0, s, grown);
                let at_start = grown * (-slowing * half / (inverse * inverse)).exp();
                let times = evenly(half - 2.0 / s, half + 2.0 / s, 17);
                let points = flow(&loss, &start.flatten(), &times).into_iter().zip(&times);
                let deviations = points.map(|(x, &t)| {
                    let u = modes.strength_in(&loss.network(&x).end_to_end(), 0);
                    (u - sigmoid(2.0, s, at_start, t)).abs()
                });
                Reading::new(deviations.fold(0.0, f64::max), 1e-12)
            })
        })
        .predicting(|_, inverse| inverse.powf(-2.0))
}
