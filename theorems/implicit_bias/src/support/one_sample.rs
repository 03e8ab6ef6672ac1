//! Diagonal linear networks on one sample.

use theoria_elementary::{ln, sinh};
use theoria_models::Vector;
use theoria_models::numerics::{bisect, maximum, minimum, written};
use theoria_references::hyperbolic_entropy;
use theoria_verification::{Check, Family, Hypothesis, Instance};

/// q_α with one scale.
pub(crate) fn entropy(b: &Vector, alpha: f64) -> f64 {
    hyperbolic_entropy(b, &Vector::from_element(b.len(), alpha))
}

/// One sample with the label 1, of which everything is known: b_j = 2α_j² sinh(μ x_j) with the one μ for which x·b = 1.
pub(crate) struct OneSample {
    sample: Vec<f64>,
    /// α_j, the largest of which is the theorem's α.
    scales: Vec<f64>,
}

impl OneSample {
    fn alpha(&self) -> f64 {
        self.scales.iter().copied().fold(0.0, maximum)
    }

    /// |b_α|₁
    pub(crate) fn l1_norm(&self) -> f64 {
        let coefficients = |mu: f64| {
            let all = self.sample.iter().zip(&self.scales);
            all.map(move |(x, alpha)| (2.0 * alpha * alpha * sinh(mu * x), *x))
        };
        let too_small = |mu: f64| coefficients(mu).map(|(b, x)| b * x).sum::<f64>() < 1.0;
        let (_, mu) = bisect(0.0, 1e4, 0.0, too_small);
        coefficients(mu).map(|(b, _)| b).sum()
    }

    /// The least l1 norm, of one coefficient at the largest feature.
    fn least(&self) -> f64 {
        self.sample.iter().map(|x| 1.0 / x).fold(f64::INFINITY, minimum)
    }

    /// (q_α(b) + d)/log(1/α²)
    pub(crate) fn bound(&self) -> f64 {
        let alpha = self.alpha();
        let sparse = Vector::from_element(1, self.least());
        (entropy(&sparse, alpha) + self.sample.len() as f64) / ln(1.0 / (alpha * alpha))
    }
}

impl Instance for OneSample {
    fn description(&self) -> String {
        let list = |all: &[f64]| all.iter().map(|x| written(*x)).collect::<Vec<_>>().join(", ");
        let scales = if self.scales.iter().all(|alpha| *alpha == self.scales[0]) {
            written(self.scales[0])
        } else {
            list(&self.scales)
        };
        format!("the sample ({}) with the label 1, α = {scales}", list(&self.sample))
    }
}

/// Whether all scales are one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Scales {
    Equal,
    Unequal,
}

/// Two to eight positive features, the first of them 1, and α between 10⁻¹⁰ and 1/10.
pub(crate) fn one_sample(scales: Scales) -> Family<OneSample> {
    let name = match scales {
        Scales::Equal => "one sample",
        Scales::Unequal => "one sample, unequal scales",
    };
    Family::drawn(name, move |draw| {
        let d = draw.size(2..=8);
        let sample = (0..d).map(|j| if j == 0 { 1.0 } else { draw.including_ends(0.01, 1.0) });
        let sample: Vec<f64> = sample.collect();
        let alpha = draw.log_uniform(1e-10, 0.1);
        let scales = (0..d).map(|_| match scales {
            Scales::Equal => alpha,
            Scales::Unequal => draw.log_uniform(1e-20, alpha),
        });
        OneSample { scales: scales.collect(), sample }
    })
}

/// The name of that hypothesis.
pub(crate) const EQUAL_SCALES: &str = "one scale α < 1";

pub(crate) fn one_scale() -> Hypothesis<OneSample> {
    Hypothesis::new(EQUAL_SCALES, |at: &OneSample, _| {
        let alpha = at.alpha();
        let equal = at.scales.iter().all(|scale| *scale == alpha);
        Check::that(equal && alpha < 1.0, format!("largest α = {alpha}, all equal: {equal}"))
    })
}
