use proptest::prelude::*;
use rand::RngExt;

use super::{Choices, Draw};
use crate::Stream;

/// All that a draw can be asked for, as bits.
fn all(draw: &mut Draw) -> Vec<u64> {
    let mut told = vec![draw.size(2..=9) as u64, draw.several() as u64, u64::from(draw.coin())];
    let numbers = [
        draw.uniform(-2.0, 3.0),
        draw.log_uniform(0.01, 10.0),
        draw.including_ends(0.5, 4.0),
        draw.normal(),
        draw.generator().random::<f64>(),
    ];
    told.extend(numbers.map(f64::to_bits));
    told.push(draw.generator().random_range(0..1000u64));
    told.push(u64::from(draw.generator().random::<u32>()));
    let mut bytes = [0u8; 11];
    draw.generator().fill(&mut bytes);
    told.extend(bytes.map(u64::from));
    told
}

fn in_range(draw: &mut Draw) {
    let range = 3..=7;
    assert!(range.contains(&draw.size(range.clone())));
    assert!((1..=54).contains(&draw.several()));
    assert!((-2.0..=3.0).contains(&draw.uniform(-2.0, 3.0)));
    assert!((0.07..=9.3).contains(&draw.log_uniform(0.07, 9.3)));
    assert!((0.123..=4.56).contains(&draw.including_ends(0.123, 4.56)));
    assert!(draw.normal().abs() < 10.0);
}

fn edited(words: Vec<u64>, digits: Option<u32>) -> Choices {
    Choices { words, digits }
}

proptest! {
    #[test]
    fn replay_gives_the_same_to_the_bit(seed: u64, other: u64, digits in prop::option::of(1u32..=4)) {
        let mut draw = Draw::replaying(&edited(Vec::new(), digits), Stream::new(seed).trial(0));
        let first = all(&mut draw);
        let choices = draw.choices();
        let mut again = Draw::replaying(&choices, Stream::new(other).trial(0));
        prop_assert_eq!(all(&mut again), first);
        prop_assert_eq!(again.choices(), choices);
    }

    #[test]
    fn whatever_the_words_no_range_is_left(
        words in prop::collection::vec(prop_oneof![Just(0), Just(u64::MAX), any::<u64>()], 0..9),
        digits in prop::option::of(1u32..=4),
        seed: u64,
    ) {
        let choices = edited(words, digits);
        in_range(&mut Draw::replaying(&choices, Stream::new(seed).trial(0)));
        in_range(&mut Draw::least_after(&choices, Stream::new(seed).trial(0)));
    }

    #[test]
    fn a_larger_word_is_a_larger_number(small: u64, more: u64, which in 0usize..6) {
        let of = |word: u64| {
            let mut draw = Draw::replaying(&Choices::new([word]), Stream::new(1).trial(0));
            match which {
                0 => draw.size(2..=9) as f64,
                1 => draw.several() as f64,
                2 => draw.uniform(-2.0, 3.0),
                3 => draw.log_uniform(0.01, 10.0),
                4 => draw.including_ends(0.5, 4.0),
                _ => draw.normal(),
            }
        };
        prop_assert!(of(small) <= of(small.saturating_add(more)));
    }

    #[test]
    fn log_uniform_stays_between_its_ends(seed: u64, low in 1e-6..1.0f64, factor in 1.0..1e6f64) {
        let value = Draw::new(Stream::new(seed).trial(0)).log_uniform(low, low * factor);
        prop_assert!(value >= low && value <= low * factor);
    }
}

#[test]
fn the_ends_are_as_likely_as_they_are_said_to_be() {
    let mut draw = Draw::new(Stream::new(3).trial(0));
    let values: Vec<f64> = (0..4000).map(|_| draw.including_ends(0.1, 0.7)).collect();
    for end in [0.1, 0.7] {
        let share = values.iter().filter(|value| **value == end).count() as f64 / 4000.0;
        assert!((share - 0.25).abs() < 0.05, "{end}: {share}");
    }
    let pieces: f64 = (0..4000).map(|_| draw.several() as f64).sum::<f64>() / 4000.0;
    assert!((pieces - 2.0).abs() < 0.1, "{pieces}");
    let normals: Vec<f64> = (0..4000).map(|_| draw.normal()).collect();
    let square = normals.iter().map(|z| z * z).sum::<f64>() / 4000.0;
    assert!((square - 1.0).abs() < 0.15, "{square}");
}

#[test]
fn what_is_not_kept_is_not_there_and_labels_are() {
    let mut draw = Draw::new(Stream::new(3).trial(0));
    draw.normal();
    assert!(draw.choices().words.is_empty());
    for label in ["degenerate", "boundary", "degenerate"] {
        draw.label(label);
    }
    assert_eq!(draw.labels().collect::<Vec<_>>(), ["boundary", "degenerate"]);
}

#[test]
fn least_words_give_way_to_fresh_ones() {
    let mut draw = Draw::least_after(&Choices::new([u64::MAX]), Stream::new(3).trial(0));
    assert!(draw.coin());
    assert_eq!((draw.coin(), draw.size(3..=9), draw.uniform(2.0, 5.0)), (false, 3, 2.0));
    // A family that draws until it sees heads is not kept waiting for ever.
    assert!((0..10_000).any(|_| draw.coin()));
}
