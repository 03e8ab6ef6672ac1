//! Random numbers in bulk: one call fills a slice, one place a trial.

use rand::Rng;
use rand_distr::{Distribution, StandardNormal};

/// Bytes drawn from the generator at a time.
const CHUNK: usize = 1024;

/// Fills with independent uniform indices 0, 1, ..., `count` - 1, without bias. Powers of two take as many bits as they
/// need, 64 at a time; other counts 32 bits each (Lemire 2019: the high half of a product, redrawn where its low half
/// falls below 2³² mod `count`).
///
/// # Panics
/// If `count` is 0 while there is something to fill.
pub fn indices(count: u32, generator: &mut dyn Rng, into: &mut [u32]) {
    if count.is_power_of_two() {
        return bits(count.trailing_zeros(), generator, into);
    }
    let mut bytes = [0; CHUNK];
    let biased = biased_below(count);
    for part in into.chunks_mut(CHUNK / 4) {
        let drawn = &mut bytes[..4 * part.len()];
        generator.fill_bytes(drawn);
        for (index, word) in part.iter_mut().zip(drawn.as_chunks().0) {
            let mut product = u64::from(u32::from_le_bytes(*word)) * u64::from(count);
            while (product as u32) < biased {
                product = u64::from(generator.next_u32()) * u64::from(count);
            }
            *index = (product >> 32) as u32;
        }
    }
}

/// Fills with independent numbers of so many bits, less than 32.
fn bits(width: u32, generator: &mut dyn Rng, into: &mut [u32]) {
    if width == 0 {
        return into.fill(0);
    }
    for part in into.chunks_mut(64 / width as usize) {
        let mut word = generator.next_u64();
        for index in part {
            *index = word as u32 & ((1 << width) - 1);
            word >>= width;
        }
    }
}

fn biased_below(count: u32) -> u32 {
    assert!(count > 0, "an index is drawn from at least one");
    count.wrapping_neg() % count
}

/// Draws the first `chosen` places of a uniformly random order of `order`, by exchanges (Fisher,
/// Yates). Whatever order it starts from, each arrangement is equally likely.
///
/// # Panics
/// If `chosen` exceeds the length of `order`.
pub fn shuffle_front(chosen: usize, generator: &mut dyn Rng, order: &mut [u32]) {
    for place in 0..chosen {
        let mut offset = [0];
        indices((order.len() - place) as u32, generator, &mut offset);
        order.swap(place, place + offset[0] as usize);
    }
}

/// Fills with independent standard normal numbers.
pub fn normals<R: Rng + ?Sized>(generator: &mut R, into: &mut [f64]) {
    for number in into {
        *number = StandardNormal.sample(generator);
    }
}

/// Fills with independent fair signs, 1 or -1.
pub fn signs(generator: &mut dyn Rng, into: &mut [f64]) {
    for part in into.chunks_mut(64) {
        let word = generator.next_u64();
        for (bit, number) in part.iter_mut().enumerate() {
            *number = 1.0 - 2.0 * ((word >> bit) & 1) as f64;
        }
    }
}

/// Fills with independent numbers, `rare` with probability 1/4 and `common` with probability 3/4.
pub fn quarters(rare: f64, common: f64, generator: &mut dyn Rng, into: &mut [f64]) {
    for part in into.chunks_mut(32) {
        let word = generator.next_u64();
        for (pair, number) in part.iter_mut().enumerate() {
            *number = if (word >> (2 * pair)) & 3 == 0 { rare } else { common };
        }
    }
}

/// Fills with independent numbers uniform on the 2⁵³ multiples of 2⁻⁵² in [-1, 1).
pub fn uniforms(generator: &mut dyn Rng, into: &mut [f64]) {
    for number in into {
        *number = (generator.next_u64() >> 11) as f64 * 2f64.powi(-52) - 1.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    /// Mean and mean square of `count` numbers lie within 7 standard deviations of 0 and 1, fourth
    /// moments being at most 3 (chance of a false alarm, by the normal law, below 1e-11).
    fn standardised(fill: impl Fn(&mut dyn Rng, &mut [f64])) {
        let mut generator = ChaCha8Rng::seed_from_u64(11);
        let mut numbers = vec![0.0; 1 << 18];
        fill(&mut generator, &mut numbers);
        let count = numbers.len() as f64;
        let mean = numbers.iter().sum::<f64>() / count;
        let square = numbers.iter().map(|x| x * x).sum::<f64>() / count;
        assert!(mean.abs() < 7.0 / count.sqrt(), "{mean}");
        assert!((square - 1.0).abs() < 7.0 * (2.0 / count).sqrt(), "{square}");
    }

    #[test]
    fn numbers_have_mean_0_and_variance_1() {
        standardised(|generator, into| normals(generator, into));
        standardised(signs);
        standardised(|generator, into| quarters(3f64.sqrt(), -1.0 / 3f64.sqrt(), generator, into));
        standardised(|generator, into| {
            uniforms(generator, into);
            into.iter_mut().for_each(|x| *x *= 3f64.sqrt());
        });
    }

    #[test]
    fn indices_and_orders_are_uniform() {
        let mut generator = ChaCha8Rng::seed_from_u64(12);
        for count in [1, 2, 8, 32] {
            let mut drawn = vec![0; 10_000 * count as usize + 3];
            indices(count, &mut generator, &mut drawn);
            for index in 0..count {
                let seen = drawn.iter().filter(|&&i| i == index).count();
                assert!(seen.abs_diff(10_000) < 700, "{index} of {count}: {seen}");
            }
        }
        let mut drawn = vec![0; 70_001];
        indices(7, &mut generator, &mut drawn);
        let mut orders = [0; 6];
        for _ in 0..60_000 {
            let mut order = [0, 1, 2];
            shuffle_front(3, &mut generator, &mut order);
            orders[(order[0] * 2 + u32::from(order[1] > order[2])) as usize] += 1;
        }
        // Each count has a standard deviation below 100: 7 of them.
        for index in 0..7 {
            let count = drawn.iter().filter(|&&i| i == index).count();
            assert!(count.abs_diff(10_000) < 700, "{index}: {count}");
        }
        assert!(orders.iter().all(|&count| 10_000u32.abs_diff(count) < 700));
    }

    #[test]
    fn a_word_in_the_biased_zone_is_drawn_again() {
        // For 2^31 + 1 indices almost half of all words are refused, and none leads out of range.
        let mut generator = ChaCha8Rng::seed_from_u64(13);
        let count = (1 << 31) + 1;
        let mut drawn = vec![0; 20_000];
        indices(count, &mut generator, &mut drawn);
        assert!(drawn.iter().all(|&index| index < count));
        let low = drawn.iter().filter(|&&index| index < count / 2).count();
        // A standard deviation is 71.
        assert!(low.abs_diff(10_000) < 500, "{low}");
    }
}
