//! Regression of two samples, each of one feature, by one layer and by two.

use theoria_elementary::exp2;
use theoria_verification::{Check, Draw, Family, Hypothesis, Instance};

/// The weaker feature belongs to the smaller target.
const FEATURES: [f64; 2] = [1.0, 0.3];
/// By how much the loss is to fall.
const FALL: f64 = 1e-5;
/// Steps after which a run is given up.
const MOST: usize = 3000;

/// Regression Σ_i (x_i w_i − y_i)^p / p for one output, from a small start: two samples, each of one feature.
pub(crate) struct Regression {
    features: [f64; 2],
    targets: [f64; 2],
}

impl Instance for Regression {
    fn description(&self) -> String {
        format!("features {:?}, targets {:.3?}", self.features, self.targets)
    }
}

impl Regression {
    fn residuals(&self, w: [f64; 2]) -> [f64; 2] {
        [0, 1].map(|i| self.features[i] * w[i] - self.targets[i])
    }

    /// Losses relative to that of the start, until they have fallen, along gradient descent on w, or on balanced factors
    /// of it: a row and a number.
    fn run(&self, power: i32, depth: usize, step: f64) -> Vec<f64> {
        const START: f64 = 0.1;
        let mut outer = if depth == 1 { 1.0 } else { (START * 2f64.sqrt()).sqrt() };
        let mut inner = [START / outer; 2];
        let mut losses = Vec::new();
        let mut at_start = None;
        while losses.len() <= MOST {
            let residuals = self.residuals(inner.map(|a| outer * a));
            let loss: f64 = residuals.iter().map(|r| r.powi(power)).sum();
            let share = loss / *at_start.get_or_insert(loss);
            losses.push(share);
            if share <= FALL || share.is_nan() || share >= 1e6 {
                break;
            }
            let slope = [0, 1].map(|i| self.features[i] * residuals[i].powi(power - 1));
            let along = slope[0] * inner[0] + slope[1] * inner[1];
            inner = [0, 1].map(|i| inner[i] - step * outer * slope[i]);
            if depth == 2 {
                outer -= step * along;
            }
        }
        losses
    }

    /// The run that falls in the fewest steps, over step sizes a quarter of an octave apart and then, around the
    /// best of them, a hundredth: one layer is fast in a narrow range only.
    /// None if no step size brings the loss down.
    pub(crate) fn best(&self, power: i32, depth: usize) -> Option<Vec<f64>> {
        let fastest = |octaves: &mut dyn Iterator<Item = f64>| {
            octaves
                .map(|octave| (octave, self.run(power, depth, exp2(octave))))
                .filter(|(_, run)| run.last().is_some_and(|loss| *loss <= FALL))
                .min_by_key(|(_, run)| run.len())
        };
        let coarse = fastest(&mut (-32..=12).map(|k| f64::from(k) / 4.0));
        let fine = coarse.and_then(|(octave, _)| {
            fastest(&mut (-25..=25).map(|k| octave + f64::from(k) / 100.0))
        });
        fine.map(|(_, run)| run)
    }
}

pub(crate) fn regressions() -> Family<Regression> {
    Family::drawn("ill-conditioned regression", regression)
}

/// The second target as large as it may be: a quarter of the first.
pub(crate) fn four_times() -> Family<Regression> {
    Family::listed("four times", [3.0, 4.0, 6.0, 8.0], |&large: &f64| Regression {
        features: FEATURES,
        targets: [large, large / 4.0],
    })
}

pub(crate) fn regression(draw: &mut Draw) -> Regression {
    let large = draw.uniform(3.0, 8.0);
    Regression { features: FEATURES, targets: [large, large * draw.uniform(0.1, 0.25)] }
}

pub(crate) fn of_the_kind() -> [Hypothesis<Regression>; 2] {
    [
        Hypothesis::new("targets", |r: &Regression, _| {
            let quotient = r.targets[0] / r.targets[1];
            Check::that(
                (4.0 - 1e-9..=10.0 + 1e-9).contains(&quotient),
                format!("quotient of the targets: {quotient:.3}"),
            )
        }),
        Hypothesis::by_construction(
            "balanced",
            "the start is a row of norm √|w| times the number √|w|, which the step keeps up to its order",
        ),
    ]
}
