//! Smoothed maxima of affine functions in the plane.

mod weights;

use self::weights::{Piece, Smoothed, length, nearest, smoothed};
use crate::numerics::{DoubleDouble, written};
use crate::{Constant, Minimum, Objective, PreciseObjective, Vector};

/// f(x) = μ|x|²/2 + min_z h(z) + (L − μ)|x − z|²/2 in the plane, h(z) = max{0, max_i a_i·z − c_i} with c_i ≥ 0: L-smooth, μ-strongly
/// convex, and 0 at its minimum in 0.
///
/// The second term is the Moreau envelope of h. N values and gradients that some function of the class takes are also those of one with
/// N such pieces, so that it is no loss for a method in the plane to meet these alone (Taylor, Hendrickx, Glineur 2017, theorem 4 and
/// its proof).
///
/// ```
/// use theoria_models::{Objective, Vector, objectives::SmoothedMaximum};
/// // Of |z_1|: the Huber function of x_1.
/// let f = SmoothedMaximum::new(&[([1.0, 0.0], 0.0), ([-1.0, 0.0], 0.0)], 2.0, 0.0);
/// assert_eq!(f.value(&Vector::from_vec(vec![0.25, 7.0])), 0.0625);
/// assert_eq!(f.value(&Vector::from_vec(vec![-3.0, 7.0])), 2.75);
/// assert_eq!(f.nearest_minimiser(&Vector::from_vec(vec![-3.0, 7.0])).unwrap()[1], 7.0);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct SmoothedMaximum {
    /// The first one is 0.
    pieces: Vec<Piece<f64>>,
    /// That of the envelope, L − μ.
    curvature: f64,
    strong_convexity: f64,
}

impl SmoothedMaximum {
    /// With slopes a_i and thresholds c_i, L = `smoothness` and μ = `strong_convexity`.
    ///
    /// # Panics
    /// If there is no piece, a slope is 0, a threshold negative, a number not finite, or not 0 ≤ μ < L.
    pub fn new(pieces: &[([f64; 2], f64)], smoothness: f64, strong_convexity: f64) -> Self {
        assert!(!pieces.is_empty(), "at least one piece beside 0");
        assert!(
            0.0 <= strong_convexity && strong_convexity < smoothness && smoothness.is_finite(),
            "0 ≤ μ < L"
        );
        let given = pieces.iter().map(|&(slope, threshold)| {
            let steepness = length(slope);
            assert!(steepness > 0.0 && steepness.is_finite(), "slopes are finite and not 0");
            assert!(threshold >= 0.0 && threshold.is_finite(), "thresholds are not negative");
            Piece { slope, offset: -threshold }
        });
        let zero = Piece { slope: [0.0; 2], offset: 0.0 };
        SmoothedMaximum {
            pieces: [zero].into_iter().chain(given).collect(),
            curvature: smoothness - strong_convexity,
            strong_convexity,
        }
    }

    fn smoothed(&self, x: &Vector) -> Smoothed<f64> {
        smoothed(&self.pieces, self.curvature, [x[0], x[1]])
    }

    fn in_numbers(&self) -> String {
        let pieces = self.pieces[1..].iter().map(|Piece { slope, offset }| {
            let slope = format!("({}, {})·z", written(slope[0]), written(slope[1]));
            if *offset == 0.0 { slope } else { format!("{slope} - {}", written(-offset)) }
        });
        format!("max{{0, {}}}", pieces.collect::<Vec<_>>().join(", "))
    }
}

impl Objective for SmoothedMaximum {
    fn describe(&self) -> String {
        let bowl = match self.strong_convexity {
            0.0 => String::new(),
            mu => format!("{}|x|²/2 + ", written(mu)),
        };
        format!(
            "{bowl}min_z h(z) + {}|x - z|²/2, h(z) = {}",
            written(self.curvature),
            self.in_numbers()
        )
    }

    fn dimension(&self) -> usize {
        2
    }

    fn value(&self, x: &Vector) -> f64 {
        self.smoothed(x).value + self.strong_convexity * x.norm_squared() / 2.0
    }

    fn gradient_into(&self, x: &Vector, into: &mut Vector) {
        for (i, slope) in self.smoothed(x).slope.into_iter().enumerate() {
            into[i] = slope + self.strong_convexity * x[i];
        }
    }

    /// Of the terms of which the value is a sum.
    fn rounding(&self, x: &Vector) -> f64 {
        let terms = self.pieces.iter().map(|piece| length(piece.slope) * x.norm() - piece.offset);
        let square = length(self.smoothed(x).slope).powi(2);
        let bowl = self.strong_convexity * x.norm_squared();
        16.0 * f64::EPSILON * (terms.fold(0.0, f64::max) + square / self.curvature + bowl)
    }

    /// Of the pieces that the gradient is a mean of, and of the corner that it leads away from.
    fn gradient_rounding(&self, x: &Vector) -> f64 {
        let corner = self.smoothed(x).corner.map_or(0.0, |corner| corner.uncertainty());
        let steepest = self.pieces.iter().map(|piece| length(piece.slope)).fold(0.0, f64::max);
        let smoothness = self.curvature + self.strong_convexity;
        8.0 * f64::EPSILON * (smoothness * (x.norm() + corner) + steepest)
    }

    fn smoothness(&self) -> Option<Constant> {
        // Where the envelope bends, it does so with all of its curvature.
        Some(Constant::exact(self.curvature + self.strong_convexity))
    }

    fn strong_convexity(&self) -> Option<Constant> {
        // Far away the envelope is affine along some direction.
        Some(self.strong_convexity).filter(|mu| *mu > 0.0).map(Constant::exact)
    }

    fn minimum(&self) -> Option<Minimum> {
        Some(Minimum::exact(0.0))
    }

    fn nearest_minimiser(&self, x: &Vector) -> Option<Vector> {
        let nearest = match self.strong_convexity {
            // Once more, lest the rounding of an x that is far off remain.
            0.0 => nearest(&self.pieces, nearest(&self.pieces, [x[0], x[1]])),
            _ => [0.0; 2],
        };
        Some(Vector::from_row_slice(&nearest))
    }

    fn in_higher_precision(&self) -> Option<Box<dyn PreciseObjective + '_>> {
        let pieces = self.pieces.iter().map(|piece| Piece {
            slope: piece.slope.map(DoubleDouble::from),
            offset: piece.offset.into(),
        });
        Some(Box::new(Precise {
            pieces: pieces.collect(),
            curvature: self.curvature.into(),
            strong_convexity: self.strong_convexity.into(),
        }))
    }
}

/// The same numbers in higher precision.
struct Precise {
    pieces: Vec<Piece<DoubleDouble>>,
    curvature: DoubleDouble,
    strong_convexity: DoubleDouble,
}

impl PreciseObjective for Precise {
    fn value(&self, x: &[DoubleDouble]) -> DoubleDouble {
        let value = smoothed(&self.pieces, self.curvature, [x[0], x[1]]).value;
        let square = x[0] * x[0] + x[1] * x[1];
        value + self.strong_convexity * square / 2.0.into()
    }

    fn gradient_into(&self, x: &[DoubleDouble], into: &mut [DoubleDouble]) {
        let slope = smoothed(&self.pieces, self.curvature, [x[0], x[1]]).slope;
        for (i, slope) in slope.into_iter().enumerate() {
            into[i] = slope + self.strong_convexity * x[i];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rounding_of_a_far_point_does_not_remain_in_its_nearest_minimiser() {
        for slope in [0.1, 0.3, 0.7] {
            let f = SmoothedMaximum::new(&[([slope, 0.0], 0.0); 2], 10.0, 0.0);
            for start in [0.6, 0.9, 1.7, 2.3] {
                let minimiser = f.nearest_minimiser(&Vector::from_vec(vec![start, 0.0])).unwrap();
                let value = f.value(&minimiser);
                assert!(value <= f.rounding(&minimiser), "{slope} from {start}: {value:e}");
            }
        }
    }
}
