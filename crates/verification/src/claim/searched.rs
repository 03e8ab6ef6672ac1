//! The worst instance of a family, and the simplest counterexample.

use std::time::{Duration, Instant};

use super::caught;
use super::examine::{AnyInstance, Examine};
use super::experiment::Occasion;
use crate::evidence::{Again, Reached, Searched};
use crate::search::{Found, Search, simplest};
use crate::tie::to_what_survives;
use crate::{Choices, Draw, Role, Settings, Stream};

/// A counterexample that breaks its bound by so much needs no more search: it is clear on paper.
const CLEAR: f64 = 1.01;
/// A bound that is seen nearer than this is expected to be seen so by any search ...
pub(crate) const SEEN: f64 = 0.95;
/// ... which may take so many times as long.
const LONGER: usize = 4;
/// What is seen nearer to its bound than this is computed again in higher precision.
pub(crate) const NEAR: f64 = 1.0 - 1e-3;
/// A bound that is seen so near is attained for all that a search can tell ...
const ATTAINED: f64 = 1.0 - 1e-4;
/// ... and only this share of the instances is looked at beyond, in case it is broken elsewhere.
const BEYOND: usize = 8;
/// A search may be caught where nothing is wrong near by: what must be refuted is searched again from elsewhere, up to so many times.
const ATTEMPTS: usize = 12;
/// The least by which a bound is broken to a search.
const BROKEN: f64 = 1e-6;
/// What refutes a claim.
const REFUTED: f64 = 1.0 + f64::EPSILON;
/// How long a verdict may wait for a simpler counterexample.
const PATIENCE: Duration = Duration::from_secs(60);
/// So many tightnesses of drawn instances, and so many records, are kept.
const KEPT: usize = 64;

/// Searches one family for the worst instance of one claim.
pub(crate) struct Hunt<'a> {
    pub(crate) claim: &'a dyn Examine,
    pub(crate) role: Role,
    /// The number of the family.
    pub(crate) family: usize,
    pub(crate) alpha: f64,
    pub(crate) settings: &'a Settings,
}

impl Hunt<'_> {
    /// Searches among so many instances; none if none counts. A control is searched until it is clearly refuted, and several times
    /// as long if it is not refuted at all.
    pub(crate) fn worst(
        &self,
        stream: &Stream,
        evaluations: usize,
        known: &[Choices],
    ) -> Option<Searched> {
        let found = match self.role {
            Role::Control => self.counterexample(&stream.child("search"), evaluations, known)?,
            Role::Claim => {
                self.search(&stream.child("search"), evaluations, f64::INFINITY, known)?
            }
        };
        let choices = match self.role {
            Role::Control => self.simplest(&found.choices, found.score.min(CLEAR), stream),
            Role::Claim => found.choices.clone(),
        };
        let again = (self.role == Role::Claim && found.score >= SEEN).then(|| {
            let (longest, enough) = (LONGER * evaluations, SEEN * found.score.min(1.0));
            let again = self.search(&stream.child("search again"), longest, enough, &[]);
            Again {
                evaluations: again.as_ref().map_or(longest, |again| again.evaluations),
                tightness: again.map_or(0.0, |again| again.score),
            }
        });
        Some(Searched {
            evaluations: found.evaluations,
            choices,
            again,
            drawn: thinned(found.drawn),
            course: last(found.course),
        })
    }

    /// What breaks the bound, or comes nearest to it in all attempts.
    fn counterexample(
        &self,
        stream: &Stream,
        evaluations: usize,
        known: &[Choices],
    ) -> Option<Found> {
        let mut best = self.search(stream, evaluations, CLEAR, known);
        for attempt in 1..ATTEMPTS {
            if best.as_ref().is_some_and(|best| best.score > 1.0) {
                break;
            }
            let stream = stream.child("attempt").child(attempt);
            best = match (best, self.search(&stream, evaluations, CLEAR, &[])) {
                (Some(best), Some(next)) => Some(best.or(next)),
                (best, next) => best.or(next),
            };
        }
        best
    }

    fn search(
        &self,
        stream: &Stream,
        evaluations: usize,
        enough: f64,
        known: &[Choices],
    ) -> Option<Found> {
        let judged = self.judged(stream);
        // A control is to be broken: where its bound is attained the search has not ended.
        let settled = match self.role {
            Role::Claim => (ATTAINED, evaluations / BEYOND),
            Role::Control => (f64::INFINITY, 0),
        };
        let search = Search { stream: stream.clone(), evaluations, enough, settled, known };
        search.run(|draw, bar| self.nearness(draw, &judged, bar).map(score))
    }

    /// The simplest choices that break the bound by so much.
    fn simplest(&self, choices: &Choices, by: f64, stream: &Stream) -> Choices {
        if by <= 1.0 {
            return choices.clone();
        }
        self.simplest_while(choices, by, stream, || true)
    }

    /// The same of a claim that is refuted, found within a minute: its verdict waits for it. Nothing that has to come out
    /// alike everywhere depends on it.
    pub(super) fn simplest_counterexample(&self, choices: &Choices, stream: &Stream) -> Choices {
        let since = Instant::now();
        self.simplest_while(choices, REFUTED, stream, || since.elapsed() < PATIENCE)
    }

    fn simplest_while(
        &self,
        choices: &Choices,
        by: f64,
        stream: &Stream,
        patient: impl Fn() -> bool,
    ) -> Choices {
        let judged = self.judged(&stream.child("search"));
        simplest(choices, &stream.child("shrink"), self.settings.attempts, |draw| {
            let refutes = |nearness| score(nearness) >= by;
            patient() && self.nearness(draw, &judged, by).is_some_and(refutes)
        })
    }

    fn judged(&self, stream: &Stream) -> Judged<'_> {
        let on = Occasion {
            stream: stream.child("experiment"),
            attained: None,
            alpha: self.alpha,
            settings: self.settings,
        };
        Judged { on, stream: stream.clone() }
    }

    /// How near the measurement comes to the bound; none on an instance that does not count, which is asked only of those
    /// above the bar.
    fn nearness(&self, draw: &mut Draw, judged: &Judged<'_>, bar: f64) -> Option<f64> {
        let mut instance = self.claim.draw(self.family, draw, 0);
        let measured = caught(|| self.claim.nearness(&*instance, &judged.on));
        let mut nearness = measured.unwrap_or_else(|reason| {
            // An instance that does not count need not have what the experiment asks for.
            assert!(!self.counts(&instance, &judged.stream), "{reason}");
            None
        })?;
        if nearness > 1.0
            && let Some(precise) = self.claim.in_higher_precision(&*instance)
        {
            nearness = self.claim.nearness(&*precise, &judged.on)?;
            instance = precise;
        }
        (nearness < bar || self.counts(&instance, &judged.stream)).then_some(nearness)
    }

    /// Whether the instance satisfies the hypotheses, but for the one that a control violates.
    fn counts(&self, instance: &AnyInstance, stream: &Stream) -> bool {
        let violates = self.claim.header().violates;
        (0..self.claim.hypotheses().len()).all(|number| {
            let check = self.claim.check(number, &**instance, stream);
            check.satisfied != (violates == Some(&*check.name))
        })
    }
}

/// What a search compares: last bits do not lead it elsewhere. What breaks the bound remains beyond it.
fn score(nearness: f64) -> f64 {
    let score = to_what_survives(nearness);
    if nearness > 1.0 && score <= 1.0 { to_what_survives(1.0 + BROKEN) } else { score }
}

/// The streams that everything is judged with.
struct Judged<'a> {
    on: Occasion<'a>,
    stream: Stream,
}

/// The last of the records.
fn last(course: Vec<(usize, f64)>) -> Vec<Reached> {
    let more = course.len().saturating_sub(KEPT);
    let records = course.into_iter().skip(more);
    records.map(|(evaluations, tightness)| Reached { evaluations, tightness }).collect()
}

/// In increasing order, every so many of them.
fn thinned(mut values: Vec<f64>) -> Vec<f64> {
    values.sort_by(f64::total_cmp);
    let count = values.len();
    if count <= KEPT {
        return values;
    }
    (0..KEPT).map(|i| values[i * (count - 1) / (KEPT - 1)]).collect()
}
