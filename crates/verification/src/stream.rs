//! Reproducible random streams.

use rand::{Rng, RngExt};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use sha2::{Digest, Sha256};

/// The random generator of all streams.
pub type Generator = ChaCha8Rng;

/// The key of a random stream: a path such as (seed, theorem, claim, family, instance), hashed.
///
/// Streams of different paths are independent for all that a test could tell, and share no state:
/// what a trial draws depends on its path alone, neither on the order nor on the number of
/// threads. One key serves many trials: they differ in the stream number of the counter-based
/// generator (`ChaCha`, 8 rounds), so a trial costs no hash.
///
/// ```
/// use rand::Rng;
/// use theoria_verification::Stream;
///
/// let claim = Stream::new(7).child("convergence/gradient_descent_pl").child("contraction");
/// let first = claim.trial(0).next_u64();
/// assert_eq!(first, claim.trial(0).next_u64());
/// assert_ne!(first, claim.trial(1).next_u64());
/// assert_ne!(first, claim.child("another").trial(0).next_u64());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stream {
    key: [u8; 32],
}

impl Stream {
    /// The root of all streams of a seed.
    pub fn new(seed: u64) -> Self {
        Stream { key: Sha256::digest(seed.to_le_bytes()).into() }
    }

    /// A stream of its own for an experiment that needs several generators: the next 32 bytes are its key.
    pub fn drawn(from: &mut impl Rng) -> Self {
        Stream { key: from.random() }
    }

    /// The stream one step further down the path.
    #[must_use]
    pub fn child(&self, label: impl std::fmt::Display) -> Self {
        let mut hash = Sha256::new();
        hash.update(self.key);
        hash.update(label.to_string());
        Stream { key: hash.finalize().into() }
    }

    /// The generator of one trial.
    pub fn trial(&self, number: u64) -> Generator {
        let mut generator = Generator::from_seed(self.key);
        generator.set_stream(number);
        generator
    }
}

impl std::fmt::Display for Stream {
    /// The key, in hexadecimal.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.key.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_never_changes_from_version_to_version() {
        let mut generator = Stream::new(1).child("theorem").child(3).trial(5);
        // Computed by hashlib's SHA-256 and a ChaCha8 block function written in Python.
        assert_eq!(generator.next_u64(), 4_212_671_333_419_983_787);
    }

    quickcheck::quickcheck! {
        fn different_paths_give_different_streams(seed: u64, a: String, b: String) -> bool {
            let root = Stream::new(seed);
            (a == b) == (root.child(&a) == root.child(&b))
        }
    }
}
