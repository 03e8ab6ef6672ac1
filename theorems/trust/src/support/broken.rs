//! Judges that somebody might build instead, each with one care left out.

use theoria_verification::statistics::{
    SampleMoments, clopper_pearson, normal_quantile, student_interval,
};
use theoria_verification::{Generator, Verdict};

use super::law::Scaled;

/// Looks after each of 64 blocks of 16 trials at a limit that is made for one look, and refutes E Z ≤ 1 when it has once
/// seen more.
pub(crate) fn that_peeks(scaled: &Scaled, alpha: f64, random: &mut Generator) -> Verdict {
    let mut moments = SampleMoments::default();
    for _ in 0..64 {
        let block: Vec<f64> = (0..16).map(|_| scaled.draw(random)).collect();
        moments = moments.plus(SampleMoments::of(&block));
        if student_interval(&moments, alpha).is_some_and(|interval| interval.low > 1.0) {
            return Verdict::Refuted;
        }
    }
    Verdict::Inconclusive
}

/// The same with the exact interval of a probability, for trials that are 0 or `most`.
pub(crate) fn that_peeks_at_counts(
    scaled: &Scaled,
    most: f64,
    alpha: f64,
    random: &mut Generator,
) -> Verdict {
    let mut events = 0;
    for block in 1..=64 {
        events += (0..16).filter(|_| scaled.draw(random) > 0.0).count() as u64;
        if clopper_pearson(events, 16 * block, alpha).0 * most > 1.0 {
            return Verdict::Refuted;
        }
    }
    Verdict::Inconclusive
}

/// Supports E Z ≤ 1 by the normal limit, without a correction for skewness.
pub(crate) fn that_knows_no_skewness(
    scaled: &Scaled,
    trials: usize,
    alpha: f64,
    random: &mut Generator,
) -> Verdict {
    let values: Vec<f64> = (0..trials).map(|_| scaled.draw(random)).collect();
    let m = SampleMoments::of(&values);
    let limit = m.mean() + normal_quantile(alpha) * (m.variance() / m.n as f64).sqrt();
    if limit < 1.0 { Verdict::Supported } else { Verdict::Inconclusive }
}

/// Supports E Z ≤ 1 by Student's limit with the correction for skewness, whatever the tail looks like.
pub(crate) fn that_diagnoses_nothing(
    scaled: &Scaled,
    trials: usize,
    alpha: f64,
    random: &mut Generator,
) -> Verdict {
    let values: Vec<f64> = (0..trials).map(|_| scaled.draw(random)).collect();
    let m = SampleMoments::of(&values);
    let high = student_interval(&m, alpha).map_or(m.mean(), |interval| interval.high);
    if high < 1.0 { Verdict::Supported } else { Verdict::Inconclusive }
}
