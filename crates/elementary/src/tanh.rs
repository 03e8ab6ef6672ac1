//! The hyperbolic tangent, many at a time.

use pulp::{Arch, Simd, WithSimd};

/// From here on tanh rounds to 1.
const SATURATED: f64 = 22.0;
/// Added to a number between 0 and 2^51 and taken off again, this rounds it to a whole one, whose last bits are those
/// of the sum.
const ROUND: f64 = 6_755_399_441_055_744.0;
/// ln 2 in two parts, the first with so few digits that its products with whole numbers up to 2^20 are exact.
const LN_2: [f64; 2] = [6.931_471_803_691_238e-1, 1.908_214_929_270_587_7e-10];
/// 1/2!, 1/3!, ..., 1/13!: beyond lies less than a tenth of the last bit.
const INVERSE_FACTORIALS: [f64; 12] = {
    let mut all = [0.0; 12];
    let (mut k, mut factorial) = (0, 1.0);
    while k < 12 {
        factorial *= (k + 2) as f64;
        all[k] = 1.0 / factorial;
        k += 1;
    }
    all
};

/// tanh x, to two units in the last place. It has no branch and uses no library, so that loops over it are vectorised, and
/// the same bits come out on every machine.
///
/// It is E/(E + 2) with E = exp(2|x|) − 1; this is 2^k − 1 + 2^k (exp r − 1) with |r| ≤ (ln 2)/2, by Taylor's series.
///
/// ```
/// use theoria_elementary::tanh;
/// assert_eq!(tanh(0.5), 0.46211715726000975);
/// assert_eq!(tanh(-f64::INFINITY), -1.0);
/// ```
#[inline(always)]
pub fn tanh(x: f64) -> f64 {
    let size = x.abs();
    // Not `min`, which would make a number of NaN.
    let size = if size > SATURATED { SATURATED } else { size };
    let twice = size + size;
    let rounded = twice * std::f64::consts::LOG2_E + ROUND;
    let k = rounded - ROUND;
    let power = f64::from_bits((rounded.to_bits() << 52).wrapping_add(1.0f64.to_bits()));
    let (most, rest) = (twice - k * LN_2[0], k * LN_2[1]);
    let r = most - rest;
    // exp r − 1 = r + beyond, with what is lost in r.
    let beyond = ((most - r) - rest) + r * r * beyond_first_order(r);
    let (whole, part) = (power - 1.0, power * r);
    let sum = whole + part;
    let e = sum + (power * beyond + (part - (sum - whole)));
    // The same number, so that the quotient is but a small part of it: for k = 0 x + (E − 2x − xE)/(E + 2), and for k > 1
    // 1 − 2/(E + 2).
    let large = if k > 1.0 { 1.0 } else { 0.0 };
    let first = if k == 0.0 { size } else { large };
    let numerator = if k > 1.0 { -2.0 } else { e };
    let numerator = if k == 0.0 { beyond - size * e } else { numerator };
    (first + numerator / (e + 2.0)).copysign(x)
}

/// (exp r − 1 − r)/r², its powers in pairs that do not wait for each other.
#[inline(always)]
fn beyond_first_order(r: f64) -> f64 {
    let c = &INVERSE_FACTORIALS;
    let square = r * r;
    let fourth = square * square;
    let four = |k: usize| (c[k] + c[k + 1] * r) + (c[k + 2] + c[k + 3] * r) * square;
    four(0) + fourth * (four(4) + fourth * four(8))
}

/// Replaces each number by its [`tanh`].
pub fn tanh_of_each(numbers: &mut [f64]) {
    Arch::new().dispatch(Each { numbers });
}

struct Each<'a> {
    numbers: &'a mut [f64],
}

impl WithSimd for Each<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for number in self.numbers {
            *number = tanh(*number);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// How many units in the last place lie between two numbers of one sign.
    fn units(a: f64, b: f64) -> u64 {
        a.to_bits().abs_diff(b.to_bits())
    }

    #[test]
    fn it_is_that_of_a_table() {
        // By series in decimal arithmetic of 40 digits.
        let table = [
            (1e-300, 1e-300),
            (1e-9, 1e-9),
            (0.01, 0.009_999_666_679_999_46),
            (0.1, 0.099_667_994_624_955_82),
            (0.173_286_795_139_986_32, 0.171_572_875_253_809_9),
            (0.25, 0.244_918_662_403_709_13),
            (0.5, 0.462_117_157_260_009_74),
            (0.54, 0.492_987_966_675_324_35),
            (1.0, 0.761_594_155_955_764_9),
            (2.0, 0.964_027_580_075_816_9),
            (5.0, 0.999_909_204_262_595_1),
            (10.0, 0.999_999_995_877_692_7),
            (18.0, 0.999_999_999_999_999_6),
            (22.0, 1.0),
            (1e300, 1.0),
        ];
        for (x, expected) in table {
            assert!(units(tanh(x), expected) <= 2, "{x}: {} {expected}", tanh(x));
        }
    }

    #[test]
    fn it_stays_what_it_is_where_nothing_is_to_be_computed() {
        for x in [0.0, f64::from_bits(1), f64::MIN_POSITIVE, 1e-9] {
            assert_eq!(tanh(x).to_bits(), x.to_bits());
            assert_eq!(tanh(-x).to_bits(), (-x).to_bits());
        }
        assert_eq!(tanh(f64::INFINITY), 1.0);
        assert_eq!(tanh(f64::NEG_INFINITY), -1.0);
        assert!(tanh(f64::NAN).is_nan());
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4096, failure_persistence: None, ..Default::default() })]

        #[test]
        fn it_is_that_of_the_standard_library(exponent in -40.0..4.5f64) {
            // Whose own error is up to two units.
            let x = exponent.exp2();
            prop_assert!(units(tanh(x), x.tanh()) <= 4, "{}: {} {}", x, tanh(x), x.tanh());
            prop_assert_eq!(tanh(-x), -tanh(x));
        }

        #[test]
        fn it_increases(x in -25.0..25.0f64, step in 1e-12..1.0f64) {
            prop_assert!(tanh(x) <= tanh(x + step));
        }

        #[test]
        fn many_at_once_are_the_same(numbers in prop::collection::vec(-30.0..30.0f64, 0..40)) {
            let mut each = numbers.clone();
            tanh_of_each(&mut each);
            prop_assert_eq!(each, numbers.into_iter().map(tanh).collect::<Vec<_>>());
        }
    }
}
