//! The exponential.

/// So many powers of two are kept between 1 and 2.
const COUNT: u64 = 128;
/// 2^(1/128) and what its rounding leaves.
const ROOT: [f64; 2] = [1.005_429_901_112_802_7, 9.499_186_535_455_032e-17];
/// (ln 2)/128 in two parts, the first with so few digits that its products with whole numbers up to 2^20 are exact.
const LN_ROOT: [f64; 2] = [5.415_212_346_633_78e-3, 1.490_792_913_492_646_6e-12];
/// Added to a number of at most 2^50 and taken off again, this rounds it to a whole one, whose last bits are those of the sum.
const ROUND: f64 = 6_755_399_441_055_744.0;
/// Beyond this a power of two may be too large or too small for a double.
const FAR: f64 = 708.0;

/// 2^(j/128): the bits without what j/128 of an octave adds to them, and the relative error of the rounding.
const POWERS: [(u64, f64); COUNT as usize] = {
    let mut all = [(0, 0.0); COUNT as usize];
    let (mut j, mut high, mut low) = (0, 1.0, 0.0);
    while j < COUNT {
        all[j as usize] = (f64::to_bits(high) - (j << 45), low / high);
        let (product, rest) = exact_product(high, ROOT[0]);
        let rest = rest + (high * ROOT[1] + low * ROOT[0]);
        high = product + rest;
        low = (product - high) + rest;
        j += 1;
    }
    all
};

/// e^x, to 0.52 units in the last place.
///
/// It is 2^(k/128) exp r with |r| ≤ (ln 2)/256: the first from a table, the second by Taylor's series (Tang 1989, *Table-driven
/// implementation of the exponential function in IEEE floating-point arithmetic*).
///
/// ```
/// use theoria_elementary::exp;
/// assert_eq!([exp(0.0), exp(-1.0), exp(1000.0)], [1.0, 0.36787944117144233, f64::INFINITY]);
/// ```
#[inline]
pub fn exp(x: f64) -> f64 {
    // NaN is not near.
    let near = x.abs() < FAR;
    if !near {
        return far(x);
    }
    let (k, bits) = nearest_root(x);
    let (power, rest) = POWERS[(bits % COUNT) as usize];
    let power = f64::from_bits(power.wrapping_add(bits << 45));
    power + power * beyond_one(x, k, rest)
}

/// The same where the result or 2^(k/128) may be no normal number: the whole octaves come last, in two factors, so that one rounding is left.
#[cold]
fn far(x: f64) -> f64 {
    if x.is_nan() {
        return x;
    }
    let x = x.clamp(-760.0, 720.0);
    let (k, bits) = nearest_root(x);
    let j = bits % COUNT;
    let (power, rest) = POWERS[j as usize];
    let power = f64::from_bits(power + (j << 45));
    let octaves = (k as i32).div_euclid(COUNT as i32);
    let half = octaves / 2;
    let power_of_two = |k: i32| f64::from_bits(((k + 1023) as u64) << 52);
    let mantissa = power + power * beyond_one(x, k, rest);
    mantissa * power_of_two(half) * power_of_two(octaves - half)
}

/// The whole number k nearest to 128 log₂ e^x, and bits that end in it.
#[inline]
fn nearest_root(x: f64) -> (f64, u64) {
    let rounded = x * (COUNT as f64 * std::f64::consts::LOG2_E) + ROUND;
    (rounded - ROUND, rounded.to_bits())
}

/// exp x/2^(k/128) − 1, where 2^(k/128) is its double times 1 + `rest`.
#[inline]
fn beyond_one(x: f64, k: f64, rest: f64) -> f64 {
    let r = (x - k * LN_ROOT[0]) - k * LN_ROOT[1];
    let square = r * r;
    let (second, fourth) = (0.5 + r * (1.0 / 6.0), 1.0 / 24.0 + r * (1.0 / 120.0));
    (rest + r) + square * second + square * square * fourth
}

/// The product of two numbers between 1 and 2 and what its rounding leaves (Dekker 1971).
const fn exact_product(a: f64, b: f64) -> (f64, f64) {
    const fn halves(a: f64) -> (f64, f64) {
        let shifted = 134_217_729.0 * a;
        let high = shifted - (shifted - a);
        (high, a - high)
    }
    let (product, a, b) = (a * b, halves(a), halves(b));
    (product, ((a.0 * b.0 - product) + a.0 * b.1 + a.1 * b.0) + a.1 * b.1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn it_is_that_of_a_table() {
        // By mpmath with 200 bits, rounded once.
        let table = [
            (1e-300, 1.0),
            (-1e-9, 0.999999999),
            (0.01, 1.010050167084168),
            (0.5, 1.6487212707001282),
            (-1.0, 0.36787944117144233),
            (1.0, std::f64::consts::E),
            (2.5, 12.182493960703473),
            (-7.25, 0.000710174388842549),
            (42.0, 1.739274941520501e18),
            (-100.0, 3.720075976020836e-44),
            (300.0, 1.9424263952412558e130),
            (700.5, 1.6721859620674984e304),
            (709.75, 1.7398368732641605e308),
            (-708.5, 2.006132305331306e-308),
            (-740.0, 4.2e-322),
            (-745.1, 5e-324),
        ];
        for (x, expected) in table {
            assert_eq!(exp(x), expected, "{x}");
        }
    }

    #[test]
    fn it_ends_where_doubles_do() {
        assert_eq!([exp(0.0), exp(-0.0)], [1.0, 1.0]);
        assert_eq!([exp(709.79), exp(f64::MAX), exp(f64::INFINITY)], [f64::INFINITY; 3]);
        assert_eq!([exp(-746.0), exp(f64::MIN), exp(f64::NEG_INFINITY)], [0.0; 3]);
        assert!(exp(f64::NAN).is_nan());
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4096, failure_persistence: None, ..Default::default() })]

        #[test]
        fn it_is_that_of_the_standard_library(x in -750.0..710.0f64, small in -1.0..1.0f64) {
            for x in [x, small, small * 1e-3] {
                // Whose own error is up to a unit.
                prop_assert!(exp(x).to_bits().abs_diff(x.exp().to_bits()) <= 1, "{}: {} {}", x, exp(x), x.exp());
            }
        }

        #[test]
        fn it_increases(x in -750.0..710.0f64, step in 1e-12..1.0f64) {
            prop_assert!(exp(x) <= exp(x + step));
        }
    }
}
