//! What a relative tolerance is relative to.

use crate::curve::Point;

/// What the deviation at a point is measured by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scale {
    /// A deviation within the tolerance times this supports.
    pub(super) supports: f64,
    /// One beyond the tolerance times this refutes. Not less than the other.
    pub(super) refutes: f64,
}

/// Relative to its neighbours, a prediction that is zero but for rounding.
const ROUNDING: f64 = 64.0 * f64::EPSILON;

/// Everywhere the size of the prediction, but where it passes through zero: there rounding leaves something, and what
/// is seen of the curve are the neighbours. A prediction of exactly 0 is compared absolutely if all others are 0 as well.
///
/// On a coarse grid it is not seen that the curve passes through zero. A prediction that is zero but for rounding against
/// its neighbour may be that, or a small number: what lies within the tolerance of the neighbour neither supports nor
/// refutes. Where all predictions are zero but for rounding against 1, neither does a deviation that is so too.
pub(super) fn scales(points: &[Point]) -> Vec<Scale> {
    let residues = residues(points);
    let with = |(i, residue): (usize, f64)| {
        let scale = scale(points, i);
        Scale { refutes: scale.refutes.max(residue), ..scale }
    };
    residues.into_iter().enumerate().map(with).collect()
}

/// The largest deviation that rounding leaves where all predictions are of its size.
pub(super) fn of_nothing(points: &[Point]) -> f64 {
    let largest = points.iter().map(size).fold(0.0, f64::max);
    if 0.0 < largest && largest <= ROUNDING { ROUNDING } else { 0.0 }
}

/// The size of a prediction.
fn size(p: &Point) -> f64 {
    if p.predicted.is_finite() { p.predicted.abs() } else { 0.0 }
}

/// For each point the size beside a run of predictions that are zero but for rounding against it; 0 elsewhere.
///
/// What decays step by step into rounding of its start is no such run: there the last one above it is near.
fn residues(points: &[Point]) -> Vec<f64> {
    let largest = points.iter().map(size).fold(0.0, f64::max);
    // The abscissa is rounded as well; the curve moves by its size within a step at most.
    let rounding = points
        .windows(2)
        .map(|pair| pair[1].x.abs().max(pair[0].x.abs()) / (pair[1].x - pair[0].x))
        .filter(|steps| steps.is_finite())
        .fold(1.0, f64::max)
        * ROUNDING;
    let is_small = |p: &Point| size(p) <= rounding * largest;
    let mut beside = Vec::with_capacity(points.len());
    for run in points.chunk_by(|a, b| is_small(a) == is_small(b)) {
        let from = beside.len();
        let border = [from.checked_sub(1), Some(from + run.len())]
            .into_iter()
            .flatten()
            .filter_map(|i| points.get(i))
            .map(size)
            .fold(0.0, f64::max);
        let in_run = run.iter().map(size).fold(0.0, f64::max);
        let left = is_small(&run[0]) && in_run <= rounding * border;
        beside.extend(run.iter().map(|_| if left { border } else { 0.0 }));
    }
    beside
}

fn scale(points: &[Point], i: usize) -> Scale {
    let own = size(&points[i]);
    let (before, after) = (&points[..i], &points[i + 1..]);
    let (previous, next) = (before.last(), after.first());
    let around = [previous, next].into_iter().flatten().map(size).fold(own, f64::max);
    let crosses = previous.zip(next).is_some_and(|(a, b)| {
        (a.predicted < 0.0) != (b.predicted < 0.0) && size(a).min(size(b)) > 0.0
    });
    let approached = !(before.is_empty() && after.is_empty())
        && falls_to_zero(before.iter().rev().map(size))
        && falls_to_zero(after.iter().map(size));
    let is_zero = own <= ROUNDING * around && around > 0.0 && (crosses || approached);
    if is_zero {
        Scale { supports: around, refutes: around.max(if own == 0.0 { 1.0 } else { 0.0 }) }
    } else if own == 0.0 {
        let is_seen = |size: &f64| *size > 0.0;
        let nearest =
            [before.iter().rev().map(size).find(is_seen), after.iter().map(size).find(is_seen)];
        let nearest = nearest.into_iter().flatten().reduce(f64::max).unwrap_or(1.0);
        Scale { supports: nearest.min(1.0), refutes: nearest.max(1.0) }
    } else {
        Scale { supports: own, refutes: if crosses { around } else { own } }
    }
}

/// Whether the sizes, counted away from a point, grow there like a low power: no side at all does so too.
fn falls_to_zero(mut sizes: impl Iterator<Item = f64>) -> bool {
    match (sizes.next(), sizes.next()) {
        (None, _) => true,
        (Some(near), Some(far)) => near > 0.0 && (1.5..=8.0).contains(&(far / near)),
        (Some(_), None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Curve;

    fn supporting(predicted: &[f64]) -> Vec<f64> {
        let curve = Curve::over(0..predicted.len(), |_| 0.0, |n| predicted[n]);
        scales(curve.points()).iter().map(|scale| scale.supports).collect()
    }

    #[test]
    fn a_list_is_compared_number_by_number() {
        for list in
            [vec![1e-8, -1.0], vec![1.0, 1e-17], vec![1.0, 1e-20, 1e-40], vec![2.0, 1e-8, -1.0]]
        {
            let sizes: Vec<f64> = list.iter().map(|p: &f64| p.abs()).collect();
            assert_eq!(supporting(&list), sizes);
        }
    }

    #[test]
    fn zeros_are_compared_absolutely_where_nothing_else_is_said() {
        assert_eq!(supporting(&[0.0, 0.0]), [1.0, 1.0]);
        assert_eq!(supporting(&[0.0, 1e-12, 0.0]), [1e-12, 1e-12, 1e-12]);
        assert_eq!(supporting(&[0.0, 1e6]), [1.0, 1e6]);
    }

    #[test]
    fn a_curve_that_passes_zero_is_compared_with_its_neighbours() {
        assert_eq!(supporting(&[0.2, 0.1, 6e-17, -0.1, -0.2])[2], 0.1);
        // It ends there, or touches.
        assert_eq!(supporting(&[0.2, 0.1, 1.2e-16])[2], 0.1);
        assert_eq!(supporting(&[0.04, 0.01, 3e-33, 0.01, 0.04])[2], 0.01);
    }

    #[test]
    fn what_is_zero_but_for_rounding_against_its_neighbour_may_be_a_zero() {
        let refuting = |predicted: &[f64]| -> Vec<f64> {
            let curve = Curve::over(0..predicted.len(), |_| 0.0, |n| predicted[n]);
            scales(curve.points()).iter().map(|scale| scale.refutes).collect()
        };
        assert_eq!(refuting(&[0.2, 1.0, 1e-16]), [0.2, 1.0, 1.0]);
        assert_eq!(refuting(&[1e-16, 2e-16, 1.0]), [1.0, 1.0, 1.0]);
        // A decay of any speed.
        for base in [0.5f64, 1e-3, 1e-9] {
            let decay: Vec<f64> = (0..30).map(|n| base.powi(n)).collect();
            assert_eq!(refuting(&decay), decay);
        }
        let newton = [1e-1, 1e-2, 1e-4, 1e-8, 1e-16, 1e-32 * 1e4];
        assert_eq!(refuting(&newton), newton);
        let curve = |amplitude: f64| Curve::over(0..9, |_| 0.0, |n: i32| amplitude * f64::from(n));
        assert_eq!(of_nothing(curve(1.2e-16).points()), ROUNDING);
        assert_eq!(of_nothing(curve(1.2e-12).points()), 0.0);
        assert_eq!(of_nothing(curve(0.0).points()), 0.0);
    }

    #[test]
    fn what_changes_its_sign_at_every_step_passes_nowhere() {
        let contracting: Vec<f64> = (0..9).map(|n| (-0.01f64).powi(n)).collect();
        let curve = Curve::over(0..9usize, |_| 0.0, |n| contracting[n]);
        for (scale, p) in scales(curve.points()).iter().zip(&contracting) {
            assert_eq!((scale.supports, scale.refutes), (p.abs(), p.abs()));
        }
    }
}
