//! What records of trials show of a mean: that it lies below an edge, or above one.
//!
//! Where the range of a trial is known on the side that matters, it is shown by betting, with proof and at any time,
//! and by nothing weaker. Where it is not, no method can bound a mean whatever the law is; then Student's
//! interval shows it nominally, after a diagnosis of the tail and of all trials that there are to be.

use super::seen::Seen;
use super::{finite_of, finite_part, largest_of};
use crate::judgement::Side;
use crate::statistics::{
    BettingTest, LAMBDAS, Opponent, SampleMoments, StatisticalTest, Tail, UnknownTail, mixture,
    peaks_upper, student_interval,
};
use crate::trials::{Contradiction, PointRecord};
use crate::{ErrorRates, Level};
use theoria_elementary::{ln, powf};

/// Nothing is shown nominally by fewer trials, unless they are all that there are to be.
pub(super) const NOMINAL_TRIALS: u64 = 4096;

/// What is asked of a mean at a checkpoint, all in the units of the records: w = (z - shift)/scale.
#[derive(Debug, Clone)]
pub(super) struct Question {
    pub(super) shift: f64,
    pub(super) scale: f64,
    /// Between what every trial is known to lie.
    pub(super) range: (f64, f64),
    /// What the mean square of the trials, none of which is negative, is known not to exceed; in the square of the units.
    pub(super) square: Option<f64>,
    /// The claim is refuted where the mean is seen to be more than this ...
    pub(super) at_most: Option<f64>,
    /// ... or less than this.
    pub(super) at_least: Option<f64>,
    /// It is supported where the mean is shown to be below this ...
    pub(super) below: Option<f64>,
    /// ... and above this.
    pub(super) above: Option<f64>,
}

impl Question {
    /// With the other side of a bound as well, this margin away from it.
    pub(super) fn reached_as_well(self, margin: f64) -> Self {
        Question {
            above: self.at_most.map_or(self.above, |bound| Some(bound - margin * bound.abs())),
            below: self.at_least.map_or(self.below, |bound| Some(bound + margin * bound.abs())),
            ..self
        }
    }

    /// What is bet against to refute the claim, as far as what is known of a trial allows a bet.
    pub(super) fn opponents(&self) -> Vec<Opponent> {
        let at_most = self.at_most.and_then(|edge| self.that_it_is_at_most(edge));
        let at_least = self.at_least.map_or_else(Vec::new, |edge| self.that_it_is_at_least(edge));
        at_most.into_iter().chain(at_least).collect()
    }

    /// What is bet against to show that the mean is below its edge.
    fn opponents_of_below(&self) -> Vec<Opponent> {
        self.below.map_or_else(Vec::new, |edge| self.that_it_is_at_least(edge))
    }

    /// What is bet against to show that the mean is above its edge.
    fn opponent_of_above(&self) -> Option<Opponent> {
        self.above.and_then(|edge| self.that_it_is_at_most(edge))
    }

    fn that_it_is_at_most(&self, edge: f64) -> Option<Opponent> {
        let least = self.range.0;
        least.is_finite().then_some(Opponent::AtMost { edge, least })
    }

    fn that_it_is_at_least(&self, edge: f64) -> Vec<Opponent> {
        let most = self.range.1;
        let by_range = most.is_finite().then_some(Opponent::AtLeast { edge, most });
        let least = self.zero();
        let by_square = self.square.map(|square| Opponent::AtLeastBySquare { edge, least, square });
        by_range.into_iter().chain(by_square).collect()
    }

    /// Where 0 is in the units of the records.
    fn zero(&self) -> f64 {
        -self.shift / self.scale
    }

    /// What is bet against to see whether the mean square is what was said, on the squares.
    fn opponent_of_the_square(&self) -> Option<Opponent> {
        self.square.map(|edge| Opponent::AtMost { edge, least: 0.0 })
    }

    /// How many gamblers bet against the claim, against a mean above the margin, against one below it, and against the
    /// mean square.
    pub(super) fn bets(&self) -> [usize; 4] {
        let above = self.opponents_of_below().len();
        let below = usize::from(self.opponent_of_above().is_some());
        let square = usize::from(self.square.is_some());
        [self.opponents().len(), above, below, square].map(|opponents| opponents * LAMBDAS.len())
    }

    /// What is kept of a block: `kept` of the largest and of the smallest, where the range is not known.
    pub(super) fn record(&self, values: &[f64], floor: f64, kept: usize) -> PointRecord {
        let units: Vec<f64> = values.iter().map(|z| (z - self.shift) / self.scale).collect();
        let (least, most) = self.range;
        let slack = floor / self.scale
            + 1e-9
                * [least, most, 1.0]
                    .into_iter()
                    .filter(|end| end.is_finite())
                    .fold(0.0, |a, b| f64::max(a, b.abs()));
        let beyond = |w: &f64| (least - w).max(w - most);
        let farthest = units
            .iter()
            .zip(values)
            .filter(|(w, _)| beyond(w) > slack)
            .max_by(|a, b| beyond(a.0).total_cmp(&beyond(b.0)));
        // What rounding leaves beyond the range must not cost the gamblers more than their stake.
        let mut numbers = Vec::with_capacity(units.len());
        numbers.extend(units.iter().filter(|w| !w.is_nan()).map(|w| w.max(least).min(most)));
        let finite = finite_of(&numbers);
        let wealth = |opponents: Vec<Opponent>| -> Vec<f64> {
            opponents.into_iter().flat_map(|opponent| bets(opponent, &numbers)).collect()
        };
        let against_square = self.opponent_of_the_square().map(|opponent| {
            let squares: Vec<f64> = numbers.iter().map(|w| (w - self.zero()).powi(2)).collect();
            bets(opponent, &squares)
        });
        // The largest, or with the sign -1 the smallest, where this end of the range is not known.
        let unknown = |end: f64, sign: f64| {
            if end.is_finite() {
                return Vec::new();
            }
            let seen: Vec<f64> = finite.iter().map(|w| sign * w).collect();
            largest_of(&seen, kept).into_iter().map(|w| sign * w).collect()
        };
        PointRecord {
            undefined: units.iter().filter(|w| w.is_nan()).count() as u64,
            contradiction: farthest.map(|(_, z)| Contradiction::Beyond(*z)),
            wealth: wealth(self.opponents()),
            against_square: against_square.map_or_else(Vec::new, Vec::from),
            against_more: wealth(self.opponents_of_below()),
            against_less: wealth(self.opponent_of_above().into_iter().collect()),
            largest: unknown(most, 1.0),
            smallest: unknown(least, -1.0),
            ..finite_part(&units)
        }
    }
}

/// What each gambler's log-wealth becomes in a block.
fn bets(opponent: Opponent, numbers: &[f64]) -> [f64; LAMBDAS.len()] {
    let mut wealth = [0.0; LAMBDAS.len()];
    opponent.bet(numbers, &mut wealth);
    wealth
}

/// The largest log-wealth at the end of any block, of the mean of all these gamblers.
pub(super) fn largest_wealth<'a>(
    seen: &Seen<'a>,
    gamblers: impl Fn(&'a [PointRecord]) -> Vec<&'a [f64]>,
) -> f64 {
    let mut running: Vec<f64> = Vec::new();
    let mut largest = f64::NEG_INFINITY;
    for block in seen.blocks {
        let gamblers = gamblers(&block.points);
        let more = || gamblers.iter().copied().flatten();
        running.resize(more().count().max(running.len()), 0.0);
        for (sum, more) in running.iter_mut().zip(more()) {
            *sum += more;
        }
        if !running.is_empty() {
            largest = largest.max(mixture(&running));
        }
    }
    largest
}

/// That a mean lies on the right side of its edge.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Shown {
    pub(super) level: Level,
    pub(super) rests_on: &'static str,
    /// What overturns it, where it is nominal.
    pub(super) overturned: Option<Overturned>,
}

/// The probability of what may have stayed unseen, and the size from which on it would overturn a verdict.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Overturned {
    pub(super) mass: f64,
    pub(super) size: f64,
}

impl std::fmt::Display for Overturned {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "trials of probability {:.1e} may have stayed unseen; of size {:.3e} they would overturn this",
            self.mass, self.size
        )
    }
}

/// Whether the mean is shown to lie on this side of its edge; else why not.
pub(super) fn shown(
    seen: &Seen<'_>,
    j: usize,
    question: &Question,
    point: &PointRecord,
    side: Side,
) -> Result<Shown, String> {
    let (edge, end, sign) = match side {
        Side::AtMost => (question.below, question.range.1, 1.0),
        _ => (question.above, question.range.0, -1.0),
    };
    let Some(edge) = edge else {
        return Ok(Shown { level: Level::Proved, rests_on: PROVED, overturned: None });
    };
    let mean = point.moments.mean();
    if (mean - edge) * sign > 0.0 {
        return Err("the mean of the trials lies beyond the margin".into());
    }
    let by_square = sign > 0.0 && question.square.is_some();
    if end.is_finite() || by_square {
        let needed = ln(1.0 / seen.evidence.alpha);
        let wealth = largest_wealth(seen, |points| {
            let point = &points[j];
            vec![if sign > 0.0 { &point.against_more } else { &point.against_less }]
        });
        let by_range_alone = (end - edge) * sign <= 0.0;
        return if by_range_alone || wealth >= needed {
            let rests_on = if by_square { SQUARE } else { PROVED };
            Ok(Shown { level: Level::Proved, rests_on, overturned: None })
        } else {
            Err(not_yet(seen, j, question, point, (edge, sign), wealth))
        };
    }
    let nominal = nominal_limit(seen, j, question, point, sign, seen.alpha)?;
    if (nominal.limit - edge) * sign > 0.0 {
        let limit = question.shift + question.scale * nominal.limit;
        return Err(format!("the nominal limit of the mean, {limit:.4e}, lies beyond the margin"));
    }
    let mass = unseen(seen, point);
    let size = nominal.limit + (edge - nominal.limit) / mass;
    Ok(Shown {
        level: Level::Nominal,
        rests_on: nominal.assumed,
        overturned: Some(Overturned { mass, size: question.shift + question.scale * size }),
    })
}

/// Why betting does not show it, and how many trials would.
fn not_yet(
    seen: &Seen<'_>,
    j: usize,
    question: &Question,
    point: &PointRecord,
    (edge, sign): (f64, f64),
    wealth: f64,
) -> String {
    let stake = wealth / std::f64::consts::LN_10;
    let said =
        format!("betting against a mean beyond the margin multiplies the stake by 10^{stake:.1}");
    if !seen.whole {
        return said;
    }
    let opponents = if sign > 0.0 {
        question.opponents_of_below()
    } else {
        question.opponent_of_above().into_iter().collect()
    };
    let gap = (edge - point.moments.mean()).abs();
    let needed = opponents
        .into_iter()
        .map(|opponent| trials_needed(opponent, &point.moments, gap, seen.evidence.alpha));
    match needed.min() {
        Some(needed) if needed < 1 << 40 => {
            format!("{said}; about {needed} trials would be needed at {}", seen.evidence.x[j])
        }
        _ => said,
    }
}

/// What a proof by betting rests on.
pub(super) const PROVED: &str = "a trial is never negative, or lies in a range that is told";
pub(super) const TOLD: &str = "the range and the second moment of a trial";
const SQUARE: &str = "the second moment of a trial";
const THIRD_MOMENT: &str = "assumed: no unseen rare trials carry the mean (Student, light tail)";
const SAME: &str = "assumed: no unseen rare trials carry the mean (the trials hardly differ)";
const POWER: &str = "assumed: beyond the largest trials the tail goes on as the power seen there";

/// The probability of what may have stayed unseen in all these trials.
pub(super) fn unseen(seen: &Seen<'_>, point: &PointRecord) -> f64 {
    1.0 - powf(seen.evidence.alpha, 1.0 / point.trials().max(1) as f64)
}

/// A limit of the mean that no range proves.
pub(super) struct NominalLimit {
    pub(super) limit: f64,
    pub(super) assumed: &'static str,
    /// How far the farthest trial lies from the mean on this side.
    pub(super) farthest: f64,
    /// Whether all trials lie on this side of 0, so that a rare large one may always carry their mean.
    pub(super) one_sided: bool,
}

/// The upper limit (`sign` 1) or the lower one (-1).
pub(super) fn nominal_limit(
    seen: &Seen<'_>,
    j: usize,
    question: &Question,
    point: &PointRecord,
    sign: f64,
    alpha: f64,
) -> Result<NominalLimit, String> {
    let n = point.moments.n;
    if !seen.whole && n < NOMINAL_TRIALS {
        return Err("too few trials so far for a limit that is not proved".into());
    }
    let (farthest, nearest) = (seen.ends(j, sign), seen.ends(j, -sign));
    let m = mirrored(&point.moments, sign);
    let (mean, variance) = (m.mean(), m.variance());
    // Where 0 is in the units of the records, seen from this side.
    let zero = sign * question.zero();
    let known = if sign > 0.0 { question.range.0 } else { -question.range.1 };
    let nearest = nearest.first().map_or(known, |w| -w);
    let one_sided = nearest.max(known) >= zero;
    let origin = if one_sided { zero.max(known) } else { mean };
    let sizes: Vec<f64> = farthest.iter().map(|w| w - origin).collect();
    let offset = origin - mean;
    let squares = (m.n.saturating_sub(1)) as f64 * variance + n as f64 * offset * offset;
    let size = if one_sided { -offset * n as f64 } else { f64::INFINITY };
    // Small deviations show no tail; of sizes, however small against the prediction, the ratios do.
    let spread = variance.sqrt();
    let hardly_differ = if one_sided {
        spread <= 1e-9 * (mean - zero).abs()
    } else {
        spread <= 1e-3 * seen.evidence.judgement.margin()
    };
    let tail = if hardly_differ && !one_sided && n >= Tail::LEAST_SAMPLE {
        Ok(Tail::Ends)
    } else {
        Tail::light(&sizes, n, size, squares)
    };
    let limit = match tail {
        Ok(_) if hardly_differ => {
            Ok((student_interval(&m, alpha).map_or(mean, |interval| interval.high), SAME))
        }
        Ok(_) => student_interval(&m, alpha)
            .map(|interval| (interval.high, THIRD_MOMENT))
            .ok_or_else(|| "too few trials for their skewness".to_owned()),
        Err(why @ (UnknownTail::Heavy | UnknownTail::Carried)) if one_sided => {
            peaks_upper(&sizes, &shifted(&m, origin), alpha)
                .map(|limit| (limit + origin, POWER))
                .ok_or_else(|| why.to_string())
        }
        Err(why) => Err(why.to_string()),
    };
    let farthest = farthest.first().map_or(0.0, |w| w - mean);
    limit.map(|(limit, assumed)| NominalLimit {
        limit: sign * limit.max(mean),
        assumed,
        farthest,
        one_sided,
    })
}

/// The moments of -w, if the sign is negative.
fn mirrored(m: &SampleMoments, sign: f64) -> SampleMoments {
    SampleMoments { n: m.n, sums: [sign * m.sums[0], m.sums[1], sign * m.sums[2]] }
}

/// The moments of w - origin.
fn shifted(m: &SampleMoments, o: f64) -> SampleMoments {
    let n = m.n as f64;
    let [a, b, c] = m.sums;
    let sums =
        [a - n * o, b - 2.0 * o * a + n * o * o, c - 3.0 * o * b + 3.0 * o * o * a - n * o * o * o];
    SampleMoments { n: m.n, sums }
}

/// The smallest excess over the edge of an opponent, whose gamblers are some of so many, that these trials would have seen
/// with probability 0.99.
pub(super) fn resolution(
    opponent: Opponent,
    m: &SampleMoments,
    gamblers: usize,
    wrong_refutation: f64,
) -> f64 {
    let rates = ErrorRates { wrong_refutation, wrong_support: 0.01 };
    let spread = m.variance().sqrt();
    let see =
        |deviation| BettingTest { opponent, deviation }.smallest_error_of(m.n, gamblers, rates);
    match opponent {
        // A larger mean is thought of as that of larger trials, which vary more.
        Opponent::AtMost { least, .. } if spread > 0.0 && m.mean() > least => {
            let grown = |error: f64| see(spread * (1.0 + error / (m.mean() - least)));
            (0..4).fold(see(spread), |error, _| grown(error))
        }
        _ => see(spread),
    }
}

/// How many trials show, in nine of ten cases, a mean like this one to be beyond an edge.
fn trials_needed(opponent: Opponent, m: &SampleMoments, gap: f64, wrong_support: f64) -> u64 {
    let test = BettingTest { opponent, deviation: m.variance().sqrt() };
    test.trials_needed(gap, ErrorRates { wrong_refutation: wrong_support, wrong_support: 0.1 })
}
