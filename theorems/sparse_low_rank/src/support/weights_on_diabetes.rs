//! The LASSO on the diabetes data at weights from nearly none to beyond the threshold.

use theoria_models::Vector;
use theoria_verification::{
    Claim, Constant, Content, Family, Group, Hypothesis, Instance, Line, Reading, Readings,
};

use super::path_pictures::ORDER;
use super::penalised::DIABETES;
use super::samples::{Samples, diabetes_samples, general_position};

/// λ over 2|Xᵀy|_∞; the one of this number is shown first.
const SHARES: [f64; 20] = [
    0.002, 0.01, 0.03, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95,
    1.0, 1.05, 1.1,
];
pub(crate) const FIRST: usize = 7;

/// The data with a weight.
pub(crate) struct Weighted {
    samples: Samples,
    /// The weight over the threshold.
    share: f64,
}

impl AsRef<Samples> for Weighted {
    fn as_ref(&self) -> &Samples {
        &self.samples
    }
}

impl Instance for Weighted {
    fn description(&self) -> String {
        format!("{}, λ = {} · 2|Xᵀy|_∞", self.samples.description(), self.share)
    }

    fn constants(&self) -> Vec<Constant> {
        vec![Constant::exact("λ", self.weight())]
    }
}

impl Weighted {
    fn at(share: f64) -> Self {
        Weighted { samples: diabetes_samples(), share }
    }

    fn weight(&self) -> f64 {
        self.share * self.samples.threshold()
    }

    /// Those of the path at `times` the weight.
    pub(crate) fn coefficients(&self, times: f64) -> Vector {
        self.samples.path().at(times * self.weight())
    }

    /// Those that coordinate descent finds, which knows no path.
    fn found(&self) -> Vector {
        self.samples.lasso(self.weight()).solve().0
    }

    fn picture(&self) -> Content {
        let path = self.samples.path();
        let threshold = self.samples.threshold();
        let first = [0.0, 1.1].map(|share| (share, path.at(share * threshold)));
        let knots =
            path.knots().iter().map(|knot| (knot.weight / threshold, knot.coefficients.clone()));
        let mut bends: Vec<(f64, Vector)> = first.into_iter().chain(knots).collect();
        bends.sort_by(|a, b| a.0.total_cmp(&b.0));
        let lines = ORDER
            .into_iter()
            .map(|j| Line::predicted(DIABETES[j], bends.iter().map(|(share, a)| (*share, a[j]))));
        let found = self.found();
        let points = found.iter().map(|a| (self.share, *a));
        Content::Points {
            groups: vec![Group::new("coordinate descent", points)],
            lines: lines.collect(),
        }
    }
}

pub(crate) fn along() -> Family<Weighted> {
    Family::along("weights along the slider", SHARES, Weighted::at).showing(|at, _| at.picture())
}

pub(crate) fn below_the_threshold() -> Family<Weighted> {
    Family::listed("weights below the threshold", [0.01, 0.1, 0.3, 0.9], |share| {
        Weighted::at(*share)
    })
}

pub(crate) fn on_the_path(name: &str, formula: &str) -> Claim<Weighted> {
    let positive = Hypothesis::by_construction("positive weight", "λ is at least 0.002 · 2|Xᵀy|_∞");
    Claim::identity(name, formula, 1e-6)
        .assuming([general_position(), positive])
        .measuring_each(|at: &Weighted| {
            let found = at.found();
            let floor = 1e-9 * found.amax();
            Readings::over(1..=found.len(), |j| Reading::new(found[j - 1], floor))
        })
        .predicting_from(|at| at.coefficients(1.0), |a, j| a[j as usize - 1])
}
