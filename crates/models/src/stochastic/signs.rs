//! Messages of one bit a number.

/// The signs of some numbers, packed into one bit each: what a worker sends, and what is sent back to
/// it. A bit has no third value, so that 0 counts as positive.
///
/// ```
/// use theoria_models::stochastic::Signs;
/// let message = Signs::of(&[0.5, -2.0, 0.0]);
/// assert_eq!(message.bits(), 3);
/// assert_eq!([0, 1, 2].map(|i| message.sign(i)), [1.0, -1.0, 1.0]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signs {
    /// A bit is set where the number is negative.
    words: Vec<u64>,
    bits: usize,
}

impl Signs {
    /// The signs of these numbers.
    pub fn of(numbers: &[f64]) -> Self {
        let pack = |part: &[f64]| {
            let bits = part.iter().enumerate();
            bits.fold(0, |word, (bit, number)| word | (u64::from(*number < 0.0) << bit))
        };
        Signs { words: numbers.chunks(64).map(pack).collect(), bits: numbers.len() }
    }

    /// The length of the message in bits.
    pub fn bits(&self) -> usize {
        self.bits
    }

    /// The sign at a place, 1 or -1.
    ///
    /// # Panics
    /// If the place is beyond the message.
    pub fn sign(&self, place: usize) -> f64 {
        assert!(place < self.bits, "a place within the message");
        1.0 - 2.0 * ((self.words[place / 64] >> (place % 64)) & 1) as f64
    }

    /// Adds `weight` times the signs to these numbers.
    pub fn add_to(&self, weight: f64, numbers: &mut [f64]) {
        for (part, word) in numbers.chunks_mut(64).zip(&self.words) {
            for (bit, number) in part.iter_mut().enumerate() {
                *number += weight * (1.0 - 2.0 * ((word >> bit) & 1) as f64);
            }
        }
    }

    /// The sign that most of the messages carry, place by place. A tie goes to the first message: among
    /// workers that are alike that is a fair coin.
    ///
    /// # Panics
    /// If there is no message, or their lengths differ.
    pub fn majority(messages: &[Signs]) -> Self {
        let first = &messages[0];
        let vote = |place: usize| {
            let mut counts = [0; 64];
            for message in messages {
                assert_eq!(message.bits, first.bits, "messages of one length");
                for (bit, count) in counts.iter_mut().enumerate() {
                    *count += ((message.words[place] >> bit) & 1) as usize;
                }
            }
            let bits = counts.iter().enumerate();
            bits.fold(0, |word, (bit, negative)| {
                let decided = match (2 * negative).cmp(&messages.len()) {
                    std::cmp::Ordering::Less => 0,
                    std::cmp::Ordering::Equal => (first.words[place] >> bit) & 1,
                    std::cmp::Ordering::Greater => 1,
                };
                word | (decided << bit)
            })
        };
        Signs { words: (0..first.words.len()).map(vote).collect(), bits: first.bits }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_majority_is_that_of_the_numbers(
            workers in prop::collection::vec(prop::collection::vec(-1.0..1.0f64, 70), 1..6),
        ) {
            let messages: Vec<Signs> = workers.iter().map(|numbers| Signs::of(numbers)).collect();
            let vote = Signs::majority(&messages);
            prop_assert_eq!(vote.bits(), 70);
            let mut sum = vec![0.0; 70];
            messages.iter().for_each(|message| message.add_to(1.0, &mut sum));
            for (place, sum) in sum.iter().enumerate() {
                let expected = if *sum == 0.0 { messages[0].sign(place) } else { sum.signum() };
                prop_assert_eq!(vote.sign(place), expected);
            }
        }
    }
}
