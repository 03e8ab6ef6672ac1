//! Measured against predicted.

use crate::readings::{Abscissa, in_order};
use crate::{Finding, Reading, Readings, ThinnedCurve};

/// One point of a [`Curve`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Abscissa.
    pub x: f64,
    /// Measured there.
    pub measured: Reading,
    /// Predicted there.
    pub predicted: f64,
}

/// Measured and predicted along an abscissa (steps, time, dimension).
///
/// Points are put into the order of their abscissae, however they come. Of several at one abscissa each counts. An
/// abscissa or a prediction that is NaN leaves every claim inconclusive.
///
/// A bound that holds with equality before anything has happened should start at the first step,
/// not at step 0: its tightness would be 1 for no merit.
///
/// ```
/// use theoria_verification::Curve;
/// let halving = Curve::over(1..=3, |n: i32| 0.5f64.powi(n), |n| 1.0 / f64::from(n));
/// assert_eq!(halving.points()[2].measured.value, 0.125);
/// assert_eq!(halving.points()[2].predicted, 1.0 / 3.0);
///
/// // The rows of a table: abscissa, measured, predicted.
/// let rows = [(2.0, 0.25, 0.5), (1.0, 0.5, 1.0)];
/// let table: Curve = rows.into_iter().collect();
/// assert_eq!(table.points()[0].x, 1.0);
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Curve {
    points: Vec<Point>,
}

impl Curve {
    /// Measures and predicts at each of `xs`.
    pub fn over<X, R>(
        xs: impl IntoIterator<Item = X>,
        mut measured: impl FnMut(X) -> R,
        mut predicted: impl FnMut(X) -> f64,
    ) -> Self
    where
        X: Copy + Abscissa,
        R: Into<Reading>,
    {
        xs.into_iter()
            .map(|x| Point {
                x: x.position(),
                measured: measured(x).into(),
                predicted: predicted(x),
            })
            .collect()
    }

    /// Readings with what is predicted at each of their abscissae.
    pub(crate) fn of(readings: &Readings, predicted: &[f64]) -> Self {
        let pairs = readings.points().iter().zip(predicted);
        pairs.map(|(&(x, measured), &predicted)| Point { x, measured, predicted }).collect()
    }

    /// A single comparison.
    pub fn at(x: f64, measured: impl Into<Reading>, predicted: f64) -> Self {
        Curve { points: vec![Point { x, measured: measured.into(), predicted }] }
    }

    /// The same curve drawn over these abscissae, one for each point: for curves that were made
    /// over the numbers of unevenly spaced times.
    ///
    /// # Panics
    /// If there are not as many abscissae as points.
    #[must_use]
    pub fn with_abscissae(mut self, xs: &[f64]) -> Self {
        assert_eq!(xs.len(), self.points.len(), "one abscissa for each point");
        for (point, x) in self.points.iter_mut().zip(xs) {
            point.x = *x;
        }
        self.points.into_iter().collect()
    }

    /// Its points.
    pub fn points(&self) -> &[Point] {
        &self.points
    }

    /// Whether there is nothing to compare.
    pub fn is_empty(&self) -> bool {
        self.points.is_empty()
    }

    /// For evidence: at most [`ThinnedCurve::MOST`] points, both ends and those that the finding shows among
    /// them, spread as the curve's own abscissae are: evenly in number.
    pub(crate) fn thinned(&self, finding: &Finding) -> ThinnedCurve {
        let shown = [Some(finding.at), finding.first_violation.map(|first| first.at)];
        let last = self.points.len().saturating_sub(1);
        let stride = self.points.len().div_ceil(ThinnedCurve::MOST - 3).max(1);
        let kept: Vec<&Point> = self
            .points
            .iter()
            .enumerate()
            .filter(|(i, point)| i % stride == 0 || *i == last || shown.contains(&Some(point.x)))
            .map(|(_, point)| point)
            .collect();
        ThinnedCurve {
            x: kept.iter().map(|p| p.x).collect(),
            measured: kept.iter().map(|p| p.measured.value).collect(),
            uncertainty: kept.iter().map(|p| p.measured.floor).collect(),
            predicted: kept.iter().map(|p| p.predicted).collect(),
        }
    }
}

impl FromIterator<Point> for Curve {
    fn from_iter<T: IntoIterator<Item = Point>>(points: T) -> Self {
        Curve { points: in_order(points.into_iter().collect(), |point| point.x) }
    }
}

impl<X: Abscissa, R: Into<Reading>> FromIterator<(X, R, f64)> for Curve {
    /// Rows of a table: abscissa, measured, predicted.
    fn from_iter<T: IntoIterator<Item = (X, R, f64)>>(rows: T) -> Self {
        let point = |(x, measured, predicted): (X, R, f64)| Point {
            x: x.position(),
            measured: measured.into(),
            predicted,
        };
        rows.into_iter().map(point).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Violation;

    quickcheck::quickcheck! {
        fn thinning_keeps_the_ends_and_the_points_that_matter(length: u16, at: u16, from: u16) -> bool {
            let length = usize::from(length) % 5000 + 1;
            let [at, from] = [at, from].map(|place| (usize::from(place) % length) as f64);
            let curve = Curve::over(0..length, |n| n as f64, |n| n as f64);
            let first = Violation { at: from, measured: from, predicted: from };
            let shown =
                Finding { at, first_violation: Some(first), ..Finding::inconclusive("shown") };
            let kept = curve.thinned(&shown);
            kept.x.len() <= ThinnedCurve::MOST
                && kept.x[0] == 0.0
                && *kept.x.last().unwrap() == (length - 1) as f64
                && kept.x.contains(&at)
                && kept.x.contains(&from)
        }

        fn the_order_of_the_rows_does_not_matter(rows: Vec<(i32, f64, f64)>) -> bool {
            let curve: Curve = rows.iter().copied().collect();
            let backwards: Curve = rows.into_iter().rev().collect();
            let xs = |curve: &Curve| curve.points().iter().map(|p| p.x).collect::<Vec<_>>();
            xs(&curve).is_sorted() && xs(&curve) == xs(&backwards)
        }
    }
}
