//! A random generator that knows what it was asked for.

use std::convert::Infallible;

use rand::{Rng, TryRng};

use crate::Generator;

/// So many least words follow the recorded ones before fresh ones do: a family that draws until it likes what it sees would
/// wait for ever.
const LEAST: usize = 1024;

/// A random generator that replays words first, and may keep all that it gave.
#[derive(Debug)]
pub struct Recorder {
    /// Words to be replayed and, if they are kept, those that came after them.
    words: Vec<u64>,
    position: usize,
    keeps: bool,
    /// How many words of 0 follow before fresh ones do.
    least: usize,
    fresh: Generator,
}

impl Recorder {
    pub(super) fn new(words: Vec<u64>, keeps: bool, then_least: bool, fresh: Generator) -> Self {
        let least = if then_least { LEAST } else { 0 };
        Recorder { words, position: 0, keeps, least, fresh }
    }

    /// The words that were asked for so far, if they are kept.
    pub(super) fn asked(&self) -> &[u64] {
        &self.words[..self.position.min(self.words.len())]
    }

    fn word(&mut self) -> u64 {
        let replayed = self.words.get(self.position).copied();
        let word = replayed.unwrap_or_else(|| {
            if self.least > 0 {
                self.least -= 1;
                return 0;
            }
            self.fresh.next_u64()
        });
        if replayed.is_some() {
            self.position += 1;
        } else if self.keeps {
            self.words.push(word);
            self.position += 1;
        }
        word
    }
}

impl TryRng for Recorder {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        // The upper half, so that a larger word is a larger number.
        Ok((self.word() >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.word())
    }

    fn try_fill_bytes(&mut self, into: &mut [u8]) -> Result<(), Infallible> {
        for chunk in into.chunks_mut(8) {
            let bytes = self.word().to_le_bytes();
            chunk.copy_from_slice(&bytes[..chunk.len()]);
        }
        Ok(())
    }
}
