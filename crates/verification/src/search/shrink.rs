//! From a counterexample to one that a person can check on paper.

use crate::{Choices, Draw, Stream};

/// Simpler choices that are `refuting` too: numbers of one, two or three digits, fewer words, smaller words. What comes back is never
/// less simple than what went in. `stream` gives what is drawn beyond the choices where the least of everything does not do; at most
/// `most` draws are looked at.
pub(crate) fn simplest(
    choices: &Choices,
    stream: &Stream,
    most: usize,
    mut refuting: impl FnMut(&mut Draw) -> bool,
) -> Choices {
    let mut best = choices.clone();
    let mut attempts = 0;
    let mut tries = |change: &dyn Fn(&mut Choices), best: &mut Choices| -> bool {
        // Before the copy is made: of long choices there are more changes than there is time for.
        if attempts >= most {
            return false;
        }
        attempts += 1;
        let mut candidate = best.clone();
        change(&mut candidate);
        let mut draw = Draw::least_after(&candidate, stream.trial(0));
        if !refuting(&mut draw) {
            return false;
        }
        // What was asked for may be fewer words than there are, or more.
        let asked = draw.choices();
        let simpler = asked.is_simpler_than(best);
        if simpler {
            *best = asked;
        }
        simpler
    };
    loop {
        let before = best.clone();
        for digits in 1..=3 {
            let rounder = Choices { digits: Some(digits), ..best.clone() };
            let round = |choices: &mut Choices| choices.digits = Some(digits);
            if rounder.is_simpler_than(&best) && tries(&round, &mut best) {
                break;
            }
        }
        shorten(&mut best, &mut tries);
        lower(&mut best, &mut tries);
        if best == before {
            shorten_and_lower(&mut best, &mut tries);
        }
        if best == before {
            return best;
        }
    }
}

/// Changes the best choices, and keeps the change where it makes them simpler and they refute still.
type Tries<'a> = dyn FnMut(&dyn Fn(&mut Choices), &mut Choices) -> bool + 'a;

/// Leaves out stretches of words.
fn shorten(best: &mut Choices, tries: &mut Tries<'_>) {
    for length in [8, 4, 2, 1] {
        let mut at = best.words.len();
        while at > 0 {
            at -= 1;
            let end = (at + length).min(best.words.len());
            if at >= best.words.len() {
                continue;
            }
            let leave_out = |choices: &mut Choices| {
                choices.words.drain(at..end);
            };
            tries(&leave_out, best);
        }
    }
}

/// Leaves out a stretch, and makes a word before it the least: what a number of pieces needs to become smaller.
fn shorten_and_lower(best: &mut Choices, tries: &mut Tries<'_>) {
    for length in (1..=6).rev() {
        for at in (1..best.words.len()).rev() {
            for lowered in 0..at {
                let words = &best.words;
                if at + length > words.len() || words[lowered] == 0 {
                    continue;
                }
                let change = |choices: &mut Choices| {
                    choices.words.drain(at..at + length);
                    choices.words[lowered] = 0;
                };
                if tries(&change, best) {
                    return;
                }
            }
        }
    }
}

/// Makes words smaller, the first ones first: 0 if that does, else by bisection.
fn lower(best: &mut Choices, tries: &mut Tries<'_>) {
    let mut place = 0;
    while place < best.words.len() {
        let mut with = |word: u64, best: &mut Choices| {
            tries(&|choices: &mut Choices| choices.words[place] = word, best)
        };
        if best.words[place] > 0 && !with(0, best) {
            // The least word that does, to a few bits.
            let mut too_small = 0;
            for _ in 0..12 {
                let Some(&word) = best.words.get(place) else {
                    break;
                };
                let middle = too_small + (word - too_small) / 2;
                if middle == word || !with(middle, best) {
                    too_small = middle;
                }
            }
        }
        place += 1;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The numbers of a draw, the first of which says how many there are.
    fn numbers(draw: &mut Draw) -> Vec<f64> {
        (0..draw.several()).map(|_| draw.uniform(0.0, 10.0)).collect()
    }

    fn large(draw: &mut Draw) -> bool {
        numbers(draw).iter().any(|number| *number > 7.3)
    }

    proptest! {
        #[test]
        fn it_never_grows_and_refutes_still(seed: u64) {
            let stream = Stream::new(seed);
            let mut draw = Draw::recording(stream.trial(0));
            let refutes = large(&mut draw);
            let choices = draw.choices();
            let small = simplest(&choices, &stream, 2000, large);
            prop_assert!(!choices.is_simpler_than(&small));
            prop_assert_eq!(large(&mut Draw::replaying(&small, stream.trial(1))), refutes);
            if refutes {
                // One number, of one digit or, where it is too far from one, of two.
                let told = numbers(&mut Draw::replaying(&small, stream.trial(1)));
                prop_assert!(told.len() == 1 && told[0] <= 8.0, "{:?}", told);
            } else {
                prop_assert_eq!(small, choices);
            }
        }
    }
}
