//! Small changes of choices.

use rand::{Rng, RngExt};

use crate::Choices;

/// Small changes are by 1 to 2^-16 of the range of a word: finer ones are of no use before coarser ones are.
const FINEST: u32 = 16;

/// What became of the parent. Two others lend what they differ by, or a stretch of words.
pub(super) fn mutated(
    parent: &Choices,
    [one, other]: [&Choices; 2],
    random: &mut impl Rng,
) -> Choices {
    let mut words = parent.words.clone();
    if words.is_empty() {
        return Choices::default();
    }
    let somewhere = random.random_range(0..words.len());
    match random.random_range(0..12u32) {
        0 => words[somewhere] = random.random(),
        1..=5 => {
            for _ in 0..random.random_range(1..=2u32) {
                let place = random.random_range(0..words.len());
                let step = random.random::<u64>() >> random.random_range(0..FINEST);
                words[place] = moved(words[place], step, random.random());
            }
        }
        // As differential evolution does (Storn, Price 1997): where those that are kept differ, steps are as large as
        // they do.
        6..=7 => {
            let factor = random.random_range(0..3u32);
            let pairs = words.iter_mut().zip(one.words.iter().zip(&other.words));
            for (word, (a, b)) in pairs {
                if random.random() {
                    let step = a.abs_diff(*b) >> 1;
                    *word = moved(*word, step.saturating_mul(1 << factor), a > b);
                }
            }
        }
        8 => words[somewhere] = 0,
        9 => words[somewhere] = u64::MAX,
        10 => {
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

/// Larger or smaller by a step, but within its range.
fn moved(word: u64, step: u64, up: bool) -> u64 {
    if up { word.saturating_add(step) } else { word.saturating_sub(step) }
}
