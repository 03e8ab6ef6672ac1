//! Sines and cosines of many numbers at once.

use pulp::{Arch, Simd, WithSimd};

/// Beyond this the reduction below loses digits.
const FAR: f64 = 1e5;

/// Writes the sines and cosines of `angles`, to an absolute error of 2⁻⁵² or better.
///
/// Reduction by multiples of π/2 in two parts (Cody, Waite 1980) and the polynomials of fdlibm (Sun
/// Microsystems 1993), without branches, so that it vectorises.
pub(crate) fn sin_cos_block(angles: &[f64], sines: &mut [f64], cosines: &mut [f64]) {
    if !angles.iter().fold(true, |near, x| near & (x.abs() <= FAR)) {
        for ((x, sine), cosine) in angles.iter().zip(sines).zip(cosines) {
            (*sine, *cosine) = theoria_elementary::sin_cos(*x);
        }
        return;
    }
    Arch::new().dispatch(Block { angles, sines, cosines });
}

/// The sines of `angles`, as exact.
pub(crate) fn sines(angles: &[f64]) -> Vec<f64> {
    let (mut sines, mut cosines) = (vec![0.0; angles.len()], vec![0.0; angles.len()]);
    sin_cos_block(angles, &mut sines, &mut cosines);
    sines
}

struct Block<'a> {
    angles: &'a [f64],
    sines: &'a mut [f64],
    cosines: &'a mut [f64],
}

impl WithSimd for Block<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for ((x, sine), cosine) in self.angles.iter().zip(self.sines).zip(self.cosines) {
            (*sine, *cosine) = sin_cos(*x);
        }
    }
}

#[inline(always)]
fn sin_cos(x: f64) -> (f64, f64) {
    // Added to a number it leaves the nearest integer in the last bits.
    const ROUND: f64 = 6_755_399_441_055_744.0;
    // The first 33 bits of π/2, and the rest.
    const HALF_PI: f64 = 1.570_796_326_734_125_6;
    const HALF_PI_REST: f64 = 6.077_100_506_506_192e-11;
    let shifted = x * std::f64::consts::FRAC_2_PI + ROUND;
    let quadrant = shifted.to_bits();
    let turns = shifted - ROUND;
    let y = (x - turns * HALF_PI) - turns * HALF_PI_REST;
    let z = y * y;
    let sine = y + y
        * z
        * (-1.666_666_666_666_663_2e-1
            + z * (8.333_333_333_322_49e-3
                + z * (-1.984_126_982_985_795e-4
                    + z * (2.755_731_370_707_006_8e-6
                        + z * (-2.505_076_025_340_686_3e-8 + z * 1.589_690_995_211_55e-10)))));
    let cosine = 1.0 - 0.5 * z
        + z * z
            * (4.166_666_666_666_66e-2
                + z * (-1.388_888_888_887_411e-3
                    + z * (2.480_158_728_947_673e-5
                        + z * (-2.755_731_435_139_066_3e-7
                            + z * (2.087_572_321_298_175e-9 + z * -1.135_964_755_778_819_5e-11)))));
    // An odd quadrant exchanges the two; the signs follow its second bit.
    let exchange = (quadrant & 1).wrapping_neg();
    let (s, c) = (sine.to_bits(), cosine.to_bits());
    let sine_sign = (quadrant & 2) << 62;
    let cosine_sign = (quadrant.wrapping_add(1) & 2) << 62;
    (
        f64::from_bits(((s & !exchange) | (c & exchange)) ^ sine_sign),
        f64::from_bits(((c & !exchange) | (s & exchange)) ^ cosine_sign),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn agrees(angles: &[f64]) -> bool {
        let (mut sines, mut cosines) = (vec![0.0; angles.len()], vec![0.0; angles.len()]);
        sin_cos_block(angles, &mut sines, &mut cosines);
        angles.iter().zip(sines.iter().zip(&cosines)).all(|(x, (sine, cosine))| {
            let bound = 2f64.powi(-52);
            (x.sin() - sine).abs() <= bound && (x.cos() - cosine).abs() <= bound
        })
    }

    proptest! {
        #[test]
        fn it_agrees_with_the_standard_library(
            small in prop::collection::vec(-10.0..10.0f64, 20),
            large in prop::collection::vec(-1e5..1e5f64, 20),
            far in prop::collection::vec(-1e9..1e9f64, 3),
        ) {
            prop_assert!(agrees(&small) && agrees(&large) && agrees(&far));
        }
    }

    #[test]
    fn it_agrees_at_multiples_of_an_eighth_of_a_turn_and_where_there_is_no_angle() {
        let multiples: Vec<f64> =
            (-2000..2000).map(|k| f64::from(k) * std::f64::consts::FRAC_PI_4).collect();
        assert!(agrees(&multiples));
        let (mut sine, mut cosine) = ([0.0], [0.0]);
        sin_cos_block(&[f64::NAN], &mut sine, &mut cosine);
        assert!(sine[0].is_nan() && cosine[0].is_nan());
    }
}
