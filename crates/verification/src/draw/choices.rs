//! What a draw asked for: a sequence of words that can be kept, replayed and edited.

use std::fmt;
use std::str::FromStr;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The words that a draw asked its generator for, and to how many digits it rounded: enough to draw the same instance again.
/// As text they are hexadecimal numbers between spaces, after the digits and a colon if numbers are rounded.
///
/// ```
/// use theoria_verification::{Choices, Draw, Stream};
/// let mut draw = Draw::recording(Stream::new(7).trial(0));
/// let drawn = (draw.size(2..=9), draw.uniform(0.0, 1.0));
/// let choices = draw.choices();
/// let mut again = Draw::replaying(&choices, Stream::new(8).trial(0));
/// assert_eq!((again.size(2..=9), again.uniform(0.0, 1.0)), drawn);
/// assert_eq!(choices.to_string().parse(), Ok(choices));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Hash)]
pub struct Choices {
    /// The words, in the order in which they were asked for.
    pub words: Vec<u64>,
    /// The significant digits that numbers are rounded to, from 1 to 17; none if they are not.
    pub digits: Option<u32>,
}

/// Why a text is no sequence of choices.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no sequence of choices: hexadecimal numbers of at most 16 digits, between single spaces"
)]
pub struct NoChoices(String);

impl Choices {
    /// These words, nothing rounded.
    pub fn new(words: impl Into<Vec<u64>>) -> Self {
        Choices { words: words.into(), digits: None }
    }

    /// Whether it is simpler than another: numbers of fewer digits, else fewer words, else smaller ones.
    pub fn is_simpler_than(&self, other: &Choices) -> bool {
        let key = |choices: &Choices| (choices.digits.unwrap_or(u32::MAX), choices.words.len());
        (key(self), &self.words) < (key(other), &other.words)
    }
}

impl fmt::Display for Choices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(digits) = self.digits {
            write!(f, "{digits}:")?;
        }
        for (number, word) in self.words.iter().enumerate() {
            let space = if number == 0 { "" } else { " " };
            write!(f, "{space}{word:x}")?;
        }
        Ok(())
    }
}

impl FromStr for Choices {
    type Err = NoChoices;

    fn from_str(text: &str) -> Result<Self, NoChoices> {
        let wrong = || NoChoices(text.chars().take(60).collect());
        let (digits, words) = match text.split_once(':') {
            Some((digits, words)) => {
                let digits: u32 = digits.parse().map_err(|_| wrong())?;
                ((1..=17).contains(&digits).then_some(digits).ok_or_else(wrong).map(Some)?, words)
            }
            None => (None, text),
        };
        let word = |word: &str| {
            let is_plain = word.chars().all(|c| c.is_ascii_hexdigit());
            if is_plain { u64::from_str_radix(word, 16).map_err(|_| wrong()) } else { Err(wrong()) }
        };
        let words = match words {
            "" => Vec::new(),
            words => words.split(' ').map(word).collect::<Result<_, _>>()?,
        };
        Ok(Choices { words, digits })
    }
}

impl Serialize for Choices {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Choices {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    quickcheck::quickcheck! {
        fn text_and_choices_are_the_same(words: Vec<u64>, digits: Option<u32>) -> bool {
            let choices = Choices { words, digits: digits.map(|digits| 1 + digits % 17) };
            choices.to_string().parse() == Ok(choices)
        }

        fn no_text_panics(text: String) -> bool {
            text.parse::<Choices>().is_ok() || !text.is_empty()
        }
    }

    #[test]
    fn what_is_cut_or_edited_is_no_choice() {
        for text in ["0:1", "18:1", "x:1", "1  2", "g", "11112222333344445", "+1", "1 ", ":"] {
            assert!(text.parse::<Choices>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn simpler_is_rounder_then_shorter_then_smaller() {
        let of = |digits, words: &[u64]| Choices { words: words.to_vec(), digits };
        let order = [
            of(Some(1), &[9, 9, 9]),
            of(Some(2), &[1]),
            of(None, &[]),
            of(None, &[7]),
            of(None, &[0, 3]),
            of(None, &[1, 0]),
        ];
        for pair in order.windows(2) {
            assert!(pair[0].is_simpler_than(&pair[1]) && !pair[1].is_simpler_than(&pair[0]));
        }
        assert!(!order[0].is_simpler_than(&order[0]));
    }
}
