//! Slopes between two groups of points that leave none of them out.

use crate::curve::Point;
use theoria_elementary::{ln, ln_1p};

/// A point of a curve in the coordinates in which its slope is sought, with the error of its height.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Height {
    pub(super) at: f64,
    pub(super) height: f64,
    pub(super) error: f64,
}

impl Height {
    /// The logarithm of what was measured over what was predicted, to the base e to the power of `unit`. Quotient and logarithm
    /// are rounded too, so that no point is known without an error.
    pub(super) fn of_logarithm(at: f64, p: &Point, unit: f64) -> Self {
        let height = ln(p.measured.value / p.predicted) / unit;
        let floor = -ln_1p(-p.measured.floor / p.measured.value) / unit;
        Height { at, height, error: floor + 4.0 * f64::EPSILON * (1.0 + height.abs()) }
    }
}

/// A slope between two groups of points, with its error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct LocalSlope {
    /// Half-way between the points that the line touches.
    pub(super) at: f64,
    pub(super) value: f64,
    pub(super) error: f64,
}

/// The slope of the line that lies on both groups from above, the common tangent of their upper envelopes: for single
/// points the line through them. Every `at` of the earlier group lies before those of the later one.
pub(super) fn from_above(earlier: &[Height], later: &[Height]) -> LocalSlope {
    let tangent = |sign: f64| common_tangent(&hull(earlier, -sign), &hull(later, sign));
    let value = tangent(0.0);
    let touched = |group: &[Height]| {
        let reach = |h: &Height| h.height - value * h.at;
        group.iter().max_by(|a, b| reach(a).total_cmp(&reach(b))).map_or(f64::NAN, |h| h.at)
    };
    LocalSlope {
        at: f64::midpoint(touched(earlier), touched(later)),
        value,
        error: (tangent(1.0) - tangent(-1.0)) / 2.0,
    }
}

/// The same from below.
pub(super) fn from_below(earlier: &[Height], later: &[Height]) -> LocalSlope {
    let turned = |group: &[Height]| -> Vec<Height> {
        group.iter().map(|h| Height { height: -h.height, ..*h }).collect()
    };
    let slope = from_above(&turned(earlier), &turned(later));
    LocalSlope { value: -slope.value, ..slope }
}

/// The corners of the upper convex hull, each point moved by so many of its errors.
fn hull(group: &[Height], errors: f64) -> Vec<(f64, f64)> {
    let mut corners: Vec<(f64, f64)> = Vec::new();
    for h in group {
        let next = (h.at, h.height + errors * h.error);
        while let [.., a, b] = corners[..] {
            // Does b lie below the line from a to the next one?
            if (b.1 - a.1) * (next.0 - a.0) <= (next.1 - a.1) * (b.0 - a.0) {
                corners.pop();
            } else {
                break;
            }
        }
        corners.push(next);
    }
    corners
}

/// The slope at which both groups reach equally far: the earlier one reaches further for larger slopes.
fn common_tangent(earlier: &[(f64, f64)], later: &[(f64, f64)]) -> f64 {
    let reach = |group: &[(f64, f64)], slope: f64| {
        group.iter().map(|(at, height)| height - slope * at).fold(f64::NEG_INFINITY, f64::max)
    };
    let later_reaches_further = |slope: f64| reach(later, slope) > reach(earlier, slope);
    let through = |a: (f64, f64), b: (f64, f64)| (b.1 - a.1) / (b.0 - a.0);
    let guess = match (earlier, later) {
        ([a], [b]) => return through(*a, *b),
        ([a, ..], [.., b]) => through(*a, *b),
        _ => return f64::NAN,
    };
    let mut width = guess.abs().max(1e-3);
    let (mut low, mut high) = (guess - width, guess + width);
    while width.is_finite() && !later_reaches_further(low) {
        width *= 2.0;
        low -= width;
    }
    while width.is_finite() && later_reaches_further(high) {
        width *= 2.0;
        high += width;
    }
    for _ in 0..200 {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            break;
        }
        if later_reaches_further(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn heights(points: &[(f64, f64)]) -> Vec<Height> {
        points.iter().map(|&(at, height)| Height { at, height, error: 0.0 }).collect()
    }

    #[test]
    fn between_single_points_it_is_the_line_through_them() {
        let slope = from_above(&heights(&[(1.0, 5.0)]), &heights(&[(3.0, 1.0)]));
        assert_eq!(slope, LocalSlope { at: 2.0, value: -2.0, error: 0.0 });
    }

    #[test]
    fn spikes_show_from_above_and_dips_from_below() {
        let [earlier, later] = [[0.0, 1.0, 2.0, 3.0], [4.0, 5.0, 6.0, 7.0]]
            .map(|xs| heights(&xs.map(|x| (x, if x % 4.0 == 1.0 { 7.0 } else { -x }))));
        assert!(from_above(&earlier, &later).value.abs() < 1e-12);
        assert!((from_below(&earlier, &later).value + 1.0).abs() < 1e-12);
    }

    #[test]
    fn errors_of_heights_become_errors_of_slopes() {
        let mut groups = [heights(&[(0.0, 0.0), (1.0, 2.0)]), heights(&[(2.0, 4.0), (3.0, 6.0)])];
        groups.iter_mut().flatten().for_each(|h| h.error = 0.1);
        let slope = from_above(&groups[0], &groups[1]);
        assert!((slope.value - 2.0).abs() < 1e-12);
        // Over the two units from one middle to the other.
        assert!((slope.error - 0.1).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn no_point_lies_above_the_tangent(
            earlier in prop::collection::vec((0.0..1.0f64, -5.0..5.0f64), 1..20),
            later in prop::collection::vec((1.5..3.0f64, -5.0..5.0f64), 1..20),
        ) {
            let [earlier, later] = [earlier, later].map(|mut points| {
                points.sort_by(|a, b| a.0.total_cmp(&b.0));
                heights(&points)
            });
            let slope = from_above(&earlier, &later).value;
            let reach = |group: &[Height]| {
                group.iter().map(|h| h.height - slope * h.at).fold(f64::NEG_INFINITY, f64::max)
            };
            prop_assert!((reach(&earlier) - reach(&later)).abs() < 1e-9);
            // Lifting the whole by a line lifts the slope.
            let lifted = |group: &[Height]| -> Vec<Height> {
                group.iter().map(|h| Height { height: h.height + 3.0 * h.at, ..*h }).collect()
            };
            prop_assert!((from_above(&lifted(&earlier), &lifted(&later)).value - slope - 3.0).abs() < 1e-9);
        }
    }
}
