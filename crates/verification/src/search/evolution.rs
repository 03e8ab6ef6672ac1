//! (24 + 48) evolution on the choices of a draw.

use rand::RngExt;

use super::mutation::mutated;
use crate::{Choices, Draw, Stream};

/// Choices that are kept from round to round,
const KEPT: usize = 24;
/// children of a round,
const CHILDREN: usize = 48;
/// the best of those that are kept, which have children,
const PARENTS: usize = 12;
/// children of a round that are drawn and not bred,
const DRAWN: usize = 5;
/// draws that a search starts with.
const START: usize = 96;
/// Rounds without a gain after which it starts anew,
const PATIENCE: usize = 15;
/// and what counts as a gain, relatively.
const GAIN: f64 = 1e-3;

/// A search for the draw with the largest score.
///
/// Two studies of drawn test cases show what it rests on: instances can be edited as the words that they are drawn from
/// (MacIver, Donaldson 2020), and a search may follow a number that is to become large (Löscher, Sagonas 2017).
pub(crate) struct Search<'a> {
    /// What it draws from: the same stream makes the same search.
    pub(crate) stream: Stream,
    /// How many draws it may look at.
    pub(crate) evaluations: usize,
    /// It ends once it has found this score.
    pub(crate) enough: f64,
    /// Once it has come to this score, which is as good as the best that theory allows, it looks at so many more.
    pub(crate) settled: (f64, usize),
    /// Choices to begin with.
    pub(crate) known: &'a [Choices],
}

/// The best that a search has found.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Found {
    pub(crate) choices: Choices,
    pub(crate) score: f64,
    /// How many draws it looked at in all.
    pub(crate) evaluations: usize,
    /// The best score after each round that gained, with the number of draws that it had looked at.
    pub(crate) course: Vec<(usize, f64)>,
    /// The scores of what was drawn and not bred.
    pub(crate) drawn: Vec<f64>,
}

impl Found {
    /// The better of two searches, the second of which began where the first had ended.
    pub(crate) fn or(self, next: Found) -> Found {
        let (before, evaluations) = (self.evaluations, self.evaluations + next.evaluations);
        if next.score <= self.score {
            return Found { evaluations, ..self };
        }
        let course =
            next.course.into_iter().map(|(looked, score)| (before + looked, score)).collect();
        Found { evaluations, course, ..next }
    }
}

/// Choices with their score.
struct Scored {
    score: f64,
    choices: Choices,
}

impl Search<'_> {
    /// Runs it. `score` examines what a draw gives; none where that does not count. It may spare itself the question
    /// whether it counts where the score is not above the number that it is handed. None if no draw counts.
    pub(crate) fn run(
        &self,
        mut score: impl FnMut(&mut Draw, f64) -> Option<f64>,
    ) -> Option<Found> {
        let mut random = self.stream.child("moves").trial(0);
        let fresh = self.stream.child("draws");
        let mut best: Option<Scored> = None;
        let (mut course, mut drawn) = (Vec::new(), Vec::new());
        let mut evaluations = 0;
        let mut population: Vec<Scored> = Vec::new();
        let mut reached = (f64::NEG_INFINITY, 0);
        let mut last = self.evaluations;
        while evaluations < last {
            let born: Vec<Choices> = if population.is_empty() {
                let known = if evaluations == 0 { self.known } else { &[] };
                let drawn = START.saturating_sub(known.len());
                known.iter().cloned().chain((0..drawn).map(|_| Choices::default())).collect()
            } else {
                let parents = &population[..PARENTS.min(population.len())];
                (0..CHILDREN)
                    .map(|child| {
                        let parent = &parents[random.random_range(0..parents.len())].choices;
                        if child < DRAWN {
                            Choices::default()
                        } else {
                            let any = [(); 2].map(|()| random.random_range(0..population.len()));
                            mutated(parent, any.map(|i| &population[i].choices), &mut random)
                        }
                    })
                    .collect()
            };
            let full = population.len() >= KEPT;
            let bar =
                population.last().filter(|_| full).map_or(f64::NEG_INFINITY, |last| last.score);
            for choices in born.into_iter().take(last - evaluations) {
                let mut draw = Draw::replaying(&choices, fresh.trial(evaluations as u64));
                evaluations += 1;
                let is_drawn = choices.words.is_empty();
                let bar = if is_drawn { f64::NEG_INFINITY } else { bar };
                let Some(score) = score(&mut draw, bar).filter(|score| !score.is_nan()) else {
                    continue;
                };
                if is_drawn {
                    drawn.push(score);
                }
                let choices = draw.choices();
                if population.iter().all(|other| other.choices != choices) {
                    population.push(Scored { score, choices });
                }
            }
            population.sort_by(|a, b| b.score.total_cmp(&a.score));
            population.truncate(KEPT);
            let Some(first) = population.first() else {
                continue;
            };
            let before = best.as_ref().map_or(f64::NEG_INFINITY, |best| best.score);
            let (settled, more) = self.settled;
            if before < settled && first.score >= settled {
                last = last.min(evaluations.saturating_add(more));
            }
            if first.score > before {
                best = Some(Scored { score: first.score, choices: first.choices.clone() });
                course.push((evaluations, first.score));
            }
            if first.score >= self.enough {
                break;
            }
            let gain = first.score - reached.0;
            if gain.is_nan() || gain > GAIN * reached.0.abs() {
                reached = (first.score, 0);
            } else {
                reached.1 += 1;
            }
            if reached.1 >= PATIENCE {
                population.clear();
                reached = (f64::NEG_INFINITY, 0);
            }
        }
        best.map(|Scored { score, choices }| Found { choices, score, evaluations, course, drawn })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn search(seed: u64, evaluations: usize, enough: f64) -> Search<'static> {
        let settled = (f64::INFINITY, 0);
        Search { stream: Stream::new(seed), evaluations, enough, settled, known: &[] }
    }

    /// A narrow hill at (0.3, …) whose dimension is drawn too.
    fn hill(draw: &mut Draw, _: f64) -> Option<f64> {
        let dimension = draw.several().min(3);
        let distance: f64 =
            (0..dimension).map(|_| (draw.uniform(0.0, 1.0) - 0.3).powi(2)).sum::<f64>().sqrt();
        (dimension > 1).then(|| dimension as f64 - distance.sqrt())
    }

    #[test]
    fn it_climbs_and_the_same_stream_climbs_the_same_way() {
        for seed in 0..8 {
            let found = search(seed, 4000, f64::INFINITY).run(hill).unwrap();
            assert!(found.score > 2.9, "{}", found.score);
            assert_eq!(found.evaluations, 4000);
            assert_eq!(search(seed, 4000, f64::INFINITY).run(hill).unwrap(), found);
            let mut again = Draw::replaying(&found.choices, Stream::new(0).trial(0));
            assert_eq!(hill(&mut again, 0.0), Some(found.score));
            assert!(found.course.is_sorted_by(|a, b| a.0 < b.0 && a.1 < b.1));
        }
    }

    #[test]
    fn it_ends_when_it_has_found_enough_and_begins_with_what_is_known() {
        let found = search(1, 4000, 2.5).run(hill).unwrap();
        assert!(found.score >= 2.5 && found.evaluations < 4000);
        let known = [found.choices.clone()];
        let again = Search { known: &known, ..search(2, 1, f64::INFINITY) }.run(hill).unwrap();
        assert_eq!((again.score, again.evaluations), (found.score, 1));
    }

    #[test]
    fn where_nothing_counts_nothing_is_found() {
        assert_eq!(search(1, 500, 1.0).run(|_, _| None), None);
        assert_eq!(search(1, 500, 1.0).run(|_, _| Some(f64::NAN)), None);
        assert_eq!(search(1, 0, 1.0).run(|_, _| Some(1.0)), None);
    }
}
