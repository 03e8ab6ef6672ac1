//! What an instance is drawn from.

mod choices;
mod normal;
mod recorder;
mod rounded;

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use rand::Rng;

use crate::Generator;
use normal::quantile;
use rounded::rounded;

pub use choices::{Choices, NoChoices};
pub use recorder::Recorder;

/// Numbers of a size, of a range, of a law, made of the words of a random generator.
///
/// A draw can be recorded, and its [`Choices`] replayed and edited: every number is a monotone function of one word, so that a small
/// edit is a small change, and stays in its range whatever the word. What an instance is drawn from should therefore be asked for
/// here; [the generator itself](Draw::generator) serves matrices of data, which are replayed to the bit as well.
///
/// The same choices are the same numbers on every machine: exponential and logarithm are not the system's, which differ
/// in the last bit.
///
/// ```
/// use theoria_verification::{Draw, Stream};
/// let mut draw = Draw::new(Stream::new(7).trial(0));
/// assert!((2..=5).contains(&draw.size(2..=5)));
/// assert!((0.1..=10.0).contains(&draw.log_uniform(0.1, 10.0)));
/// ```
#[derive(Debug)]
pub struct Draw {
    source: Recorder,
    digits: Option<u32>,
    labels: BTreeSet<String>,
}

impl Draw {
    /// A draw from this generator.
    pub fn new(generator: Generator) -> Self {
        Self::from(Recorder::new(Vec::new(), false, false, generator), None)
    }

    /// A draw from this generator that keeps its choices.
    pub fn recording(generator: Generator) -> Self {
        Self::replaying(&Choices::default(), generator)
    }

    /// The draw that made these choices; what it asks for beyond them comes from the generator. Its own choices are
    /// kept.
    pub fn replaying(choices: &Choices, generator: Generator) -> Self {
        Self::from(Recorder::new(choices.words.clone(), true, false, generator), choices.digits)
    }

    /// The draw that made these choices; what it asks for beyond them is the least that there is. Its own choices are
    /// kept.
    pub fn least_after(choices: &Choices, generator: Generator) -> Self {
        Self::from(Recorder::new(choices.words.clone(), true, true, generator), choices.digits)
    }

    fn from(source: Recorder, digits: Option<u32>) -> Self {
        Draw { source, digits, labels: BTreeSet::new() }
    }

    /// What was asked for so far; nothing unless the draw [keeps it](Draw::recording).
    pub fn choices(&self) -> Choices {
        Choices { words: self.source.asked().to_vec(), digits: self.digits }
    }

    /// Says of the instance what kind it is ("on the boundary", "ill-conditioned"), so that it shows how many there are of each.
    pub fn label(&mut self, label: &str) {
        self.labels.insert(label.into());
    }

    /// What was said of the instance, in alphabetical order.
    pub fn labels(&self) -> impl Iterator<Item = &str> {
        self.labels.iter().map(String::as_str)
    }

    /// A number in [0, 1) of 53 bits, from one word.
    fn unit(&mut self) -> f64 {
        (self.source.next_u64() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
    }

    /// Rounded if numbers are, but within its range.
    fn within(&self, value: f64, low: f64, high: f64) -> f64 {
        let value = self.digits.map_or(value, |digits| rounded(value, digits));
        if low <= high { value.clamp(low, high) } else { value.clamp(high, low) }
    }

    /// A size (dimension, number of samples, of modes), uniform in `range`.
    ///
    /// # Panics
    /// If the range is empty.
    pub fn size(&mut self, range: RangeInclusive<usize>) -> usize {
        let (least, most) = range.into_inner();
        assert!(least <= most, "no size lies between {least} and {most}");
        let count = (most - least) as f64 + 1.0;
        (least + (self.unit() * count) as usize).min(most)
    }

    /// A number of things, at least 1, two on average and without an upper limit but that of the word: one more with
    /// probability 1/2 each.
    pub fn several(&mut self) -> usize {
        // The halves that the number from one word lies in, each time the upper one.
        1 + self.source.next_u64().leading_ones().min(f64::MANTISSA_DIGITS) as usize
    }

    /// Heads or tails.
    pub fn coin(&mut self) -> bool {
        self.unit() >= 0.5
    }

    /// A number uniform between `low` and `high`.
    pub fn uniform(&mut self, low: f64, high: f64) -> f64 {
        let value = low + (high - low) * self.unit();
        self.within(value, low, high)
    }

    /// A number whose logarithm is uniform between those of `low` and `high`, both positive.
    pub fn log_uniform(&mut self, low: f64, high: f64) -> f64 {
        // Not those of `theoria_elementary`, lest what is drawn, and remembered, changes with them.
        let (least, most) = (libm::log(low), libm::log(high));
        let value = libm::exp(least + (most - least) * self.unit());
        self.within(value, low, high)
    }

    /// A number between `low` and `high` that is either end with probability 1/4, else uniform: where the worst lies at the
    /// ends of a range, they must be likely.
    pub fn including_ends(&mut self, low: f64, high: f64) -> f64 {
        let place = ((self.unit() - 0.25) * 2.0).clamp(0.0, 1.0);
        // So that the upper end is met exactly.
        let value = low * (1.0 - place) + high * place;
        self.within(value, low, high)
    }

    /// A standard normal number, by the inverse of its distribution function.
    pub fn normal(&mut self) -> f64 {
        let unit = self.unit().max(0.5 / (1u64 << 53) as f64);
        let value = quantile(unit - 0.5);
        self.within(value, f64::MIN, f64::MAX)
    }

    /// The generator itself.
    pub fn generator(&mut self) -> &mut Recorder {
        &mut self.source
    }
}

#[cfg(test)]
mod tests;
