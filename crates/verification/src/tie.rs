//! What is equal but for rounding.
//!
//! Machines differ in the last bits of a logarithm, and what is computed from it in a few more. Of what is equally
//! severe but for that, the first is shown, lest another machine show another instance.

/// How far two machines may differ in what they compute from the same numbers, relatively: as much as findings may
/// that are read from files.
const ROUNDING: f64 = 1e-6;

/// What is closer to refutation by a tenth of its tolerance, or margin, is no nearer to it, for rounding leaves other tenths on
/// other machines: two numbers that are known up to a twentieth each.
pub(crate) const NO_NEARER: f64 = 0.05;

/// A number, and by how much rounding may have moved it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Rounded {
    pub(crate) value: f64,
    pub(crate) rounding: f64,
}

impl Rounded {
    pub(crate) fn new(value: f64, rounding: f64) -> Self {
        Rounded { value, rounding }
    }

    fn negated(self) -> Self {
        Rounded { value: -self.value, ..self }
    }

    /// How far it reaches to either side.
    fn reach(self) -> f64 {
        let known = if self.rounding > 0.0 { self.rounding } else { 0.0 };
        known + ROUNDING * self.value.abs()
    }

    fn least(self) -> f64 {
        if self.value.is_infinite() { self.value } else { self.value - self.reach() }
    }

    fn most(self) -> f64 {
        if self.value.is_infinite() { self.value } else { self.value + self.reach() }
    }
}

/// Those that may be the largest for all that rounding tells, in their order: which ones does not depend on the last
/// bits, but at the edge of their reach. A number that is NaN is one only where all are.
pub(crate) fn largest<T>(items: Vec<T>, number: impl Fn(&T) -> Rounded) -> Vec<T> {
    let least = items.iter().map(|item| number(item).least());
    let bar = least.fold(f64::NEG_INFINITY, f64::max);
    let all_are_nan = items.iter().all(|item| number(item).value.is_nan());
    items.into_iter().filter(|item| all_are_nan || number(item).most() >= bar).collect()
}

/// Those that may be the smallest.
pub(crate) fn smallest<T>(items: Vec<T>, number: impl Fn(&T) -> Rounded) -> Vec<T> {
    largest(items, |item| number(item).negated())
}

/// A score to as many digits as survive: a search that compares these goes the same way on every machine, but where a
/// score lies on the edge between two roundings.
pub(crate) fn to_what_survives(score: f64) -> f64 {
    // Binary digits, so that nothing is rounded on the way: 2⁻²⁰ is about 1e-6.
    const LOST: u32 = f64::MANTISSA_DIGITS - 20;
    if !score.is_finite() {
        return score;
    }
    let half = 1u64 << (LOST - 1);
    let kept = (score.to_bits() + half) & !((1u64 << LOST) - 1);
    let rounded = f64::from_bits(kept);
    if rounded.is_finite() { rounded } else { score }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn first_of_largest(numbers: &[(f64, f64)]) -> Option<usize> {
        let numbered: Vec<usize> = (0..numbers.len()).collect();
        largest(numbered, |i| Rounded::new(numbers[*i].0, numbers[*i].1)).first().copied()
    }

    #[test]
    fn of_equals_the_first() {
        assert_eq!(first_of_largest(&[(0.5, 0.0), (1.0, 0.0), (1.0 + 1e-12, 0.0)]), Some(1));
        assert_eq!(first_of_largest(&[(0.5, 0.0), (1.0, 0.0), (1.1, 0.0)]), Some(2));
        assert_eq!(first_of_largest(&[(1e-13, 1e-12), (0.0, 0.0), (9e-13, 1e-12)]), Some(0));
        assert_eq!(first_of_largest(&[(1.0, f64::NAN), (f64::INFINITY, 0.0)]), Some(1));
        assert_eq!(first_of_largest(&[(f64::NAN, 0.0), (1.0, 0.0)]), Some(1));
        assert_eq!(first_of_largest(&[(f64::NAN, 0.0), (f64::NAN, 0.0)]), Some(0));
        assert_eq!(first_of_largest(&[]), None);
        // One that is known badly does not draw those in that are surely smaller than another.
        assert_eq!(first_of_largest(&[(0.9, 0.0), (1.0, 0.0), (1.0, 0.2)]), Some(1));
        let smallest = smallest(vec![0.3, 0.1 + 1e-12, 0.1], |x| Rounded::new(*x, 0.0));
        assert_eq!(smallest, [0.1 + 1e-12, 0.1]);
    }

    proptest! {
        #[test]
        fn last_bits_do_not_choose(
            ties in prop::collection::vec((0..6u8, 0.0..1e-9f64), 1..20),
            moved in prop::collection::vec(-1..=1i32, 20),
        ) {
            let numbers: Vec<(f64, f64)> =
                ties.iter().map(|(tie, rounding)| (0.1 * f64::from(*tie), *rounding)).collect();
            let moved: Vec<(f64, f64)> = numbers
                .iter()
                .zip(&moved)
                .map(|(&(value, rounding), ulp)| {
                    (value * (1.0 + f64::from(*ulp) * f64::EPSILON), rounding)
                })
                .collect();
            prop_assert_eq!(first_of_largest(&moved), first_of_largest(&numbers));
        }

        #[test]
        fn scores_keep_six_digits_and_their_order(score in -1e9..1e9f64, other in -1e9..1e9f64) {
            let kept = to_what_survives(score);
            prop_assert!((kept - score).abs() <= 1e-6 * score.abs());
            prop_assert_eq!(to_what_survives(kept), kept);
            prop_assert!((score <= other) == (kept <= to_what_survives(other)) || kept == to_what_survives(other));
        }
    }

    #[test]
    fn what_is_beyond_numbers_is_kept() {
        for score in [0.0, 1.0, f64::INFINITY, f64::NEG_INFINITY, f64::MAX] {
            assert_eq!(to_what_survives(score), score);
        }
        assert!(to_what_survives(f64::NAN).is_nan());
    }
}
