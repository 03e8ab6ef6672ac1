//! A single spike, of which some entries are seen, and what the nuclear norm makes of it.

use theoria_models::Matrix;
use theoria_references::complete_by_nuclear_norm;
use theoria_verification::{Case, Claim, Family, Hypothesis, Reading, Readings};

/// Weight of the nuclear norm.
const WEIGHT: f64 = 0.01;

/// The entries that are seen of a spike.
pub(crate) type Mask = Case<Matrix>;

pub(crate) fn spikes(name: &str, seen: Option<bool>) -> Family<Mask> {
    Family::drawn(name, move |draw| {
        let mut mask = Matrix::from_fn(5, 5, |_, _| f64::from(u8::from(draw.coin())));
        if let Some(seen) = seen {
            mask[(0, 0)] = f64::from(u8::from(seen));
        }
        draw.label(if mask[(0, 0)] > 0.0 { "seen" } else { "not seen" });
        Case::new(format!("{} of 25 entries seen, the spike: {}", mask.sum(), mask[(0, 0)]), mask)
    })
    .with_draws(8)
}

pub(crate) fn spike(name: &str, formula: &str, only_if_seen: bool) -> Claim<Mask> {
    Claim::identity(name, formula, 1e-4)
        .assuming([Hypothesis::by_construction("a spike", "M = e₁e₁ᵀ")])
        .measuring_each(|mask: &Mask| {
            let mut spike = Matrix::zeros(5, 5);
            spike[(0, 0)] = 1.0;
            let found = complete_by_nuclear_norm(&spike, mask, WEIGHT).map(|found| found.matrix);
            found.map_or(Readings::at(0, f64::NAN), |z| {
                let rest = (z.norm_squared() - z[(0, 0)].powi(2)).max(0.0).sqrt();
                [(0, Reading::new(z[(0, 0)], 1e-6)), (1, Reading::new(rest, 1e-6))]
                    .into_iter()
                    .collect()
            })
        })
        .predicting(move |mask, which| {
            let found = mask[(0, 0)] > 0.0 || !only_if_seen;
            if which == 0.0 && found { 1.0 - WEIGHT } else { 0.0 }
        })
}
