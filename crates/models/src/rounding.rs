//! What rounding does to values of objectives that do not say so themselves.

use crate::{Objective, Vector};
use theoria_elementary::cos;

/// A bound on the rounding error of `f.value(x)` for an objective of which only values, slopes and L are
/// known: what the terms of a formula in x can be, and what is seen.
///
/// *The terms.* A formula in x computes f(x) from numbers about as large as |f(0)|, |∇f(0)||x| and L|x|², the
/// parts of the expansion about 0, or |f(x)| and |x||∇f(x)|: each is off by a few ε times its size, also
/// where they cancel, as in x² − 2x + 1 near 1.
///
/// *What is seen.* Where a formula is anchored elsewhere (pieces that each start at a corner of their own),
/// its terms are unknown. Rounding then shows as [`scatter`].
pub(crate) fn of_value<F: Objective + ?Sized>(f: &F, x: &Vector) -> f64 {
    let (norm, origin) = (x.norm(), Vector::zeros(x.len()));
    let smoothness = f.smoothness().map_or(0.0, |l| l.value);
    let expansion = [
        f.gradient_at(x).norm() * norm,
        f.value(&origin).abs(),
        f.gradient_at(&origin).norm() * norm,
        smoothness * norm * norm,
    ];
    // The domain may not hold 0.
    let terms: f64 = expansion.into_iter().filter(|term| term.is_finite()).sum();
    let operations = 8.0 + x.len() as f64;
    operations * f64::EPSILON * (f.value(x).abs() + terms) + MARGIN * scatter(f, x)
}

/// The largest error that was not seen, as a multiple of the largest that was: those are a dozen samples.
const MARGIN: f64 = 16.0;

/// Steps at which scatter is looked for in any case, as powers of two: from what is small against features of f, down
/// to what is small against terms that are themselves small.
const LARGEST_STEP: i32 = -20;
const SMALLEST_STEP: i32 = -68;
/// Longer steps are tried until the value has changed at steps that differ by this power of two.
const CHANGING: i32 = 10;
/// No step is longer than this.
const LONGEST_STEP: i32 = 10;

/// The largest deviation of a difference of values from the integral of the slope between the two points.
///
/// The integral is known from three slopes, by two rules; what they differ by, doubled, is taken off, for it
/// bounds the error of the first where the slope is smooth, or has one kink or one jump. What is left can
/// only be rounding.
///
/// Terms far larger than f, or values of few digits, leave it on a coarse lattice. There a step that is too short to
/// lead to another value shows less than a quantum, so steps are lengthened until the value has changed several times:
/// until then what is done by slopes alone is as much as is known.
fn scatter<F: Objective + ?Sized>(f: &F, x: &Vector) -> f64 {
    let size = x.norm().max(1.0);
    // A direction that no coordinate axis or lattice knows.
    let along = Vector::from_fn(x.len(), |i, _| 1.0 + cos(1.7 * i as f64) / 2.0).normalize();
    let (here, slope_here) = (f.value(x), f.gradient_at(x));
    let at = |power: i32| {
        let sign = if power % 8 == 0 { 1.37 } else { -1.37 };
        let ahead = x + &along * (sign * size * 2f64.powi(power));
        let middle = x + (&ahead - x) / 2.0;
        // As it was rounded.
        let step = &ahead - x;
        let slopes = [&slope_here, &f.gradient_at(&middle), &f.gradient_at(&ahead)]
            .map(|slope| slope.dot(&step));
        let trapezoid = (slopes[0] + slopes[2]) / 2.0;
        let simpson = (slopes[0] + 4.0 * slopes[1] + slopes[2]) / 6.0;
        let change = f.value(&ahead) - here;
        let deviation = (change - trapezoid).abs() - 2.0 * (trapezoid - simpson).abs();
        Seen { power, deviation, changed: change != 0.0, moves: slopes.iter().any(|s| *s != 0.0) }
    };
    let mut seen: Vec<Seen> = (SMALLEST_STEP..=LARGEST_STEP).step_by(4).map(at).collect();
    // One way and the other in turn.
    for power in (LARGEST_STEP + 2..=LONGEST_STEP).step_by(2) {
        let unchanged = seen.iter().rev().find(|seen| !seen.changed).map(|seen| seen.power);
        // Where there is no slope either, nothing is to be seen.
        let at_rest = seen.last().is_some_and(|last| !last.changed && !last.moves);
        if at_rest || unchanged.is_none_or(|unchanged| power > unchanged + CHANGING) {
            break;
        }
        seen.push(at(power));
    }
    let finite = seen.iter().map(|seen| seen.deviation).filter(|deviation| deviation.is_finite());
    finite.fold(0.0, f64::max)
}

/// What was seen at one step.
struct Seen {
    power: i32,
    deviation: f64,
    /// Whether the value is another.
    changed: bool,
    /// Whether there is a slope along the step.
    moves: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A function of one variable as it is computed, with its derivative and a formula that is better.
    struct Computed {
        value: fn(f64) -> f64,
        slope: fn(f64) -> f64,
        exact: fn(f64) -> f64,
    }

    impl Objective for Computed {
        fn describe(&self) -> String {
            "computed".into()
        }
        fn dimension(&self) -> usize {
            1
        }
        fn value(&self, x: &Vector) -> f64 {
            (self.value)(x[0])
        }
        fn gradient_into(&self, x: &Vector, into: &mut Vector) {
            into[0] = (self.slope)(x[0]);
        }
    }

    impl Computed {
        /// How often an error lies beyond the floor, at points that lead to the minimiser at 0.
        fn beyond_the_floor(&self) -> (usize, usize) {
            let points =
                (0..2000).map(|k| 4.0 * 0.99f64.powi(k) * if k % 2 == 0 { 1.0 } else { -1.0 });
            let beyond = points.filter(|&x| {
                let error = ((self.value)(x) - (self.exact)(x)).abs();
                error > of_value(self, &Vector::from_element(1, x))
            });
            (beyond.count(), 2000)
        }
    }

    const PARABOLA: Computed = Computed { value: |x| x * x, slope: |x| 2.0 * x, exact: |x| x * x };

    fn pseudo_huber(delta: f64, x: f64) -> f64 {
        delta * ((delta * delta + x * x).sqrt() - delta)
    }

    fn pseudo_huber_better(delta: f64, x: f64) -> f64 {
        delta * x * x / ((delta * delta + x * x).sqrt() + delta)
    }

    #[test]
    fn values_on_a_coarse_lattice_lie_within_the_floor() {
        let through_many_terms = |x: f64| {
            let terms = || (0..1000).map(|k| 1.0 + 0.1 * f64::from(k));
            let up = terms().fold(0.0, |sum, term| sum + (x * x / 1000.0 + term));
            terms().fold(up, |sum, term| sum - term)
        };
        let coarse: [(&str, Computed); 7] = [
            ("offset", Computed { value: |x| (x * x + 1e8) - 1e8, ..PARABOLA }),
            ("larger offset", Computed { value: |x| (x * x + 1e13) - 1e13, ..PARABOLA }),
            ("many terms", Computed { value: through_many_terms, ..PARABOLA }),
            (
                "single precision",
                Computed {
                    value: |x| f64::from((x as f32 + 1.0).powi(2) - 2.0 * x as f32 - 1.0),
                    ..PARABOLA
                },
            ),
            ("a table", Computed { value: |x| (x * x * 1e6).round() / 1e6, ..PARABOLA }),
            ("a coarse table", Computed { value: |x| (x * x * 1e2).round() / 1e2, ..PARABOLA }),
            (
                "a quarter of a table",
                Computed { value: |x| (x * x * 4.0).floor() / 4.0, ..PARABOLA },
            ),
        ];
        for (name, f) in coarse {
            let (beyond, all) = f.beyond_the_floor();
            assert_eq!(beyond, 0, "{name}: {beyond} of {all}");
        }
    }

    #[test]
    fn a_square_root_of_large_terms_lies_within_the_floor() {
        let with: [Computed; 4] = [
            Computed {
                value: |x| pseudo_huber(1e4, x),
                slope: |x| 1e4 * x / 1e4f64.hypot(x),
                exact: |x| pseudo_huber_better(1e4, x),
            },
            Computed {
                value: |x| pseudo_huber(1e5, x),
                slope: |x| 1e5 * x / 1e5f64.hypot(x),
                exact: |x| pseudo_huber_better(1e5, x),
            },
            Computed {
                value: |x| pseudo_huber(1e6, x),
                slope: |x| 1e6 * x / 1e6f64.hypot(x),
                exact: |x| pseudo_huber_better(1e6, x),
            },
            Computed {
                value: |x| pseudo_huber(1e7, x),
                slope: |x| 1e7 * x / 1e7f64.hypot(x),
                exact: |x| pseudo_huber_better(1e7, x),
            },
        ];
        for f in with {
            assert_eq!(f.beyond_the_floor().0, 0);
        }
    }

    #[test]
    fn where_nothing_is_coarse_the_floor_stays_small() {
        let fine: [Computed; 3] = [
            PARABOLA,
            Computed {
                value: |x| 1.0 - x.cos(),
                slope: f64::sin,
                exact: |x| 2.0 * (x / 2.0).sin().powi(2),
            },
            Computed {
                value: |x| (1.0 + x * x).sqrt() - 1.0,
                slope: |x| x / 1f64.hypot(x),
                exact: |x| pseudo_huber_better(1.0, x),
            },
        ];
        for f in fine {
            assert_eq!(f.beyond_the_floor().0, 0);
            for x in [3.0, 0.1, 1e-3, 1e-6, 1e-9, 0.0] {
                let floor = of_value(&f, &Vector::from_element(1, x));
                assert!(floor <= 1e-13, "{floor:e} at {x}");
            }
        }
        // Flat, with a kink ahead: a region in which nothing moves.
        let dead = Computed {
            value: |x| (x - 1e-2).max(0.0),
            slope: |x| if x > 1e-2 { 1.0 } else { 0.0 },
            exact: |_| 0.0,
        };
        assert_eq!(of_value(&dead, &Vector::from_element(1, 0.0)), 0.0);
        // A wrong gradient is no rounding: steps are not lengthened for it.
        let wrong = Computed { slope: |x| 4.0 * x, ..PARABOLA };
        assert!(of_value(&wrong, &Vector::from_element(1, 0.5)) < 1e-4);
    }
}
