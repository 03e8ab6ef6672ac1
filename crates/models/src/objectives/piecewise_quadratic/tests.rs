//! Tests of functions with pieces.

use super::*;
use proptest::prelude::*;

fn at(x: f64) -> Vector {
    Vector::from_element(1, x)
}

proptest! {
    #[test]
    fn values_are_integrals_of_slopes_and_nowhere_negative(
        first in -50.0..50.0f64,
        parts in prop::collection::vec((0.1..3.0f64, -2.0..2.0f64, -1.0..1.0f64), 1..8),
        continuous: bool, x in -60.0..60.0f64,
    ) {
        let (mut from, mut slope) = (first, -1.0);
        let mut pieces = vec![Piece { from, slope, curvature: 0.7 }];
        for (length, curvature, jump) in parts {
            slope += pieces[pieces.len() - 1].curvature * length + if continuous { 0.0 } else { jump };
            from += length;
            pieces.push(Piece { from, slope, curvature });
        }
        let last = pieces.len() - 1;
        pieces[last].curvature = pieces[last].curvature.abs() + 0.1;
        let f = PiecewiseQuadratic::new(&pieces);
        prop_assert!(f.value(&at(x)) >= 0.0);
        let minimiser = f.nearest_minimiser(&at(x)).unwrap();
        prop_assert!(f.value(&minimiser) <= f.rounding(&minimiser));
        // Simpson's rule is exact within a piece, and its cells are small.
        let integral = crate::numerics::simpson(minimiser[0], x, 4000, |x| f.gradient_at(&at(x))[0]);
        prop_assert!((f.value(&at(x)) - integral).abs() < 1e-2 * (1.0 + integral.abs()), "{integral}");
        prop_assert_eq!(f.smoothness().is_some(), continuous);
        if let Some(mu) = f.lojasiewicz() {
            let steep = f.gradient_at(&at(x))[0].powi(2);
            prop_assert!(steep >= 2.0 * mu.value * f.value(&at(x)) * (1.0 - 1e-9) - 1e-9);
        }
    }
}

#[test]
fn constants_of_functions_that_are_known() {
    // The function on which heavy ball cycles.
    let cycling = PiecewiseQuadratic::with_curvatures(&[1.0, 2.0], &[25.0, 1.0, 25.0], 0.0);
    let known = crate::objectives::CyclingQuadratic;
    for x in [-3.0, 0.0, 0.3, 1.0, 1.5, 2.0, 7.0] {
        let size = 1.0 + known.value(&at(x));
        assert!((cycling.value(&at(x)) - known.value(&at(x))).abs() < 1e-14 * size);
        assert!((cycling.gradient_at(&at(x)) - known.gradient_at(&at(x))).amax() < 1e-13 * size);
    }
    assert_eq!(cycling.smoothness().unwrap().value, 25.0);
    assert_eq!(cycling.strong_convexity().unwrap().value, 1.0);
    // At the end of the flat piece: slope 26, value 37.5 + 0.5.
    let ratio = 26.0f64.powi(2) / (2.0 * 38.0);
    assert!((cycling.lojasiewicz().unwrap().value - ratio).abs() < 1e-12);
}

#[test]
fn flat_minima_are_intervals() {
    let f = PiecewiseQuadratic::with_curvatures(&[1.0, 2.0], &[1.0, 0.0, 3.0], 1.5);
    for (x, nearest) in [(0.0, 1.0), (1.25, 1.25), (5.0, 2.0)] {
        assert_eq!(f.nearest_minimiser(&at(x)).unwrap(), at(nearest));
    }
    assert!(f.strong_convexity().is_none());
    assert_eq!(f.lojasiewicz().unwrap().value, 1.0);
}

#[test]
fn of_minima_that_seem_equal_from_afar_none_is_below_0() {
    for far in 1..200 {
        // Minima at -0.04 and 0, and values that are added up from a knot far off.
        let knots = [-f64::from(far), -0.37 * f64::from(far), -0.04, -0.03, -0.02, -0.01, 0.0];
        let curvatures = [0.1, -0.07, 0.0805686, 0.1, -0.1, 0.1, -0.1, 0.1];
        let f = PiecewiseQuadratic::with_critical_point(&knots, &curvatures, 0.0);
        for knot in knots {
            for x in [knot.next_down(), knot, knot.next_up()] {
                let below = f.value(&at(x)) + f.rounding(&at(x));
                assert!(below >= 0.0, "{x}: {below:e}");
            }
        }
    }
}

#[test]
#[should_panic(expected = "bounded below")]
fn a_slope_without_end_is_refused() {
    _ = PiecewiseQuadratic::new(&[Piece { from: 0.0, slope: 1.0, curvature: 0.0 }]);
}
