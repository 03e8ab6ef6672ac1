//! Small changes of choices.

use rand::{Rng, RngExt};

use crate::Choices;

/// What became of the parent; another one lends a stretch of words.
pub(super) fn mutated(parent: &Choices, other: &Choices, random: &mut impl Rng) -> Choices {
    let mut words = parent.words.clone();
    if words.is_empty() {
        return Choices::default();
    }
    let somewhere = random.random_range(0..words.len());
    match random.random_range(0..10u32) {
        0 => words[somewhere] = random.random(),
        // Small changes are most of what climbs.
        1..=5 => {
            for _ in 0..random.random_range(1..=3u32) {
                let place = random.random_range(0..words.len());
                let step = random.random::<u64>() >> random.random_range(0..60u32);
                words[place] = if random.random() {
                    words[place].saturating_add(step)
                } else {
                    words[place].saturating_sub(step)
                };
            }
        }
        6 => words[somewhere] = 0,
        7 => words[somewhere] = u64::MAX,
        8 => {
            words.remove(somewhere);
        }
        _ => {
            let from = somewhere.min(other.words.len());
            let length = random.random_range(0..=other.words.len() - from);
            let lent = &other.words[from..][..length];
            for (word, lent) in words.iter_mut().skip(from).zip(lent) {
                *word = *lent;
            }
        }
    }
    Choices { words, digits: parent.digits }
}
