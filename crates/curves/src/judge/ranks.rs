//! The order of two groups, which no law of their values is assumed for.

use statrs::distribution::{ContinuousCDF, Normal};

/// Beyond so many operations the normal law stands for the exact one.
const MOST_OPERATIONS: usize = 4_000_000;

/// The probability with which runs of one law, dealt into groups of `n` and `m`, have at least `pairs` pairs in which that of the first
/// group is lower: Mann and Whitney (1947), exactly. Ties count in no pair, which makes it larger than it is.
pub(super) fn probability(n: usize, m: usize, pairs: usize) -> f64 {
    let (few, many, all) = (n.min(m), n.max(m), n * m);
    if pairs == 0 {
        return 1.0;
    }
    let left = all.saturating_sub(pairs);
    if few.saturating_mul(all) > MOST_OPERATIONS {
        let (n, m, all) = (n as f64, m as f64, all as f64);
        let spread = (all * (n + m + 1.0) / 12.0).sqrt();
        let beyond = (pairs as f64 - 0.5 - all / 2.0) / spread;
        return Normal::new(0.0, 1.0).map_or(1.0, |law| law.sf(beyond));
    }
    // The number of ways to so few pairs of the other order is a coefficient of a Gaussian binomial, the product of
    // (1 − q^(many + i)) / (1 − q^i) over i up to `few`.
    let mut ways = vec![0.0; left + 1];
    ways[0] = 1.0;
    for i in 1..=few {
        for at in (many + i..=left).rev() {
            ways[at] -= ways[at - many - i];
        }
        for at in i..=left {
            ways[at] += ways[at - i];
        }
    }
    (ways.iter().sum::<f64>() * apart(n, m)).min(1.0)
}

/// The probability with which every run of the first group is lower than every one of the second, if all are of one law: no order says more.
pub(super) fn apart(n: usize, m: usize) -> f64 {
    let few = n.min(m);
    let of = |i: usize| i as f64 / (n.max(m) + i) as f64;
    (1..=few).map(of).product()
}

/// The smallest equal groups whose order can say something with this probability of an error.
pub(super) fn enough(error: f64) -> usize {
    (1..64).find(|n| apart(*n, *n) <= error).unwrap_or(64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By all ways to deal the ranks.
    fn counted(n: usize, m: usize, pairs: usize) -> f64 {
        let (mut ways, mut all) = (0, 0);
        for dealt in 0u32..1 << (n + m) {
            if dealt.count_ones() as usize != n {
                continue;
            }
            let is_first = |rank: usize| dealt >> rank & 1 == 1;
            let lower: usize = (0..n + m)
                .filter(|rank| is_first(*rank))
                .map(|rank| (rank..n + m).filter(|higher| !is_first(*higher)).count())
                .sum();
            all += 1;
            ways += u32::from(lower >= pairs);
        }
        f64::from(ways) / f64::from(all)
    }

    #[test]
    fn probabilities_are_those_of_all_ways_to_deal() {
        for (n, m) in [(1, 1), (2, 3), (3, 3), (5, 4), (2, 8), (5, 5)] {
            for pairs in 0..=n * m {
                let (own, all) = (probability(n, m, pairs), counted(n, m, pairs));
                assert!((own - all).abs() < 1e-12, "{n} {m} {pairs}: {own} {all}");
            }
            assert!((apart(n, m) - counted(n, m, n * m)).abs() < 1e-12);
        }
        assert_eq!((enough(0.01), enough(0.05), enough(1e-3)), (5, 3, 7));
    }

    #[test]
    fn large_groups_are_normal() {
        let exact = probability(100, 100, 6000);
        assert!((exact / 0.007_188_5 - 1.0).abs() < 1e-4, "{exact}");
        let normal = probability(400, 400, 86_500);
        assert!((normal / 0.023_36 - 1.0).abs() < 1e-3, "{normal}");
    }
}
