//! Newton's method on √(1 + x²) from starts on both sides of 1: claims and their pictures over the start.

use theoria_verification::{Check, Claim, Content, Curve, Family, Hypothesis, Line, Reading};

use super::softened_root::Softened;
use super::unknowns::Long;

/// Steps that are looked at: from 0.3 the last iterate is 10⁻¹²⁷.
const STEPS: usize = 5;
/// The pictures end there.
const EDGE: f64 = 1.7;

/// The names of the hypotheses.
pub(crate) const WITHIN: &str = "|x₀| < 1";
pub(crate) const BEYOND: &str = "|x₀| > 1";

const STARTS: [f64; 17] =
    [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0, 1.01, 1.05, 1.1, 1.2, 1.3, 1.4, 1.5];
/// The number of the start that is shown first, from 0.
pub(crate) const FIRST: usize = 6;

pub(crate) fn listed(name: &str, starts: &[f64]) -> Family<Softened> {
    Family::listed(name, starts.to_vec(), |x| Softened::new(0.0, *x))
}

/// Starts along the slider.
pub(crate) fn along() -> Family<Softened> {
    Family::along("starts along the slider", STARTS, |x| Softened::new(0.0, x))
}

/// The same, with the way of the method between its map and the diagonal.
pub(crate) fn along_with_pictures() -> Family<Softened> {
    along().showing(|f, _| {
        let lines = [cobweb("Newton's method", f, 6)].into_iter().chain(map_and_diagonal());
        Content::Lines { lines: lines.collect() }
    })
}

pub(crate) fn within(name: &str, formula: &str, factor: f64) -> Claim<Softened> {
    steps(Claim::bound(name, formula), factor).assuming([Hypothesis::new(
        WITHIN,
        |f: &Softened, _| {
            let x = f.start.nearest();
            Check::that(x.abs() < 1.0, format!("x₀ = {x}"))
        },
    )])
}

pub(crate) fn beyond(name: &str, formula: &str, factor: f64) -> Claim<Softened> {
    steps(Claim::lower_bound(name, formula), factor).assuming([Hypothesis::new(
        BEYOND,
        |f: &Softened, _| {
            let x = f.start.nearest();
            Check::that(x.abs() > 1.0, format!("x₀ = {x}"))
        },
    )])
}

/// |x_n|/|x_{n−1}| against `factor` x₀².
fn steps(claim: Claim<Softened>, factor: f64) -> Claim<Softened> {
    claim.experiment(move |f: &Softened| {
        let sizes: Vec<f64> = f.iterates(STEPS).iter().map(|x| x.clone().abs().nearest()).collect();
        let ratio = |n: usize| sizes[n] / sizes[n - 1];
        let square = sizes[0] * sizes[0];
        Curve::over(1..=STEPS, |n| Reading::new(ratio(n), 1e-14 * ratio(n)), |_| factor * square)
    })
}

/// Of so many steps, until they leave the picture.
pub(crate) fn cobweb(label: &str, f: &Softened, steps: usize) -> Line {
    let iterates: Vec<f64> = f.iterates(steps).iter().map(Long::nearest).collect();
    let mut points = vec![(iterates[0], 0.0)];
    for pair in iterates.windows(2) {
        points.push((pair[0], pair[1].clamp(-EDGE, EDGE)));
        if pair[1].abs() > EDGE {
            break;
        }
        points.push((pair[1], pair[1]));
    }
    Line::measured(label, points)
}

/// Newton's map on √(1 + x²), and the diagonal.
pub(crate) fn map_and_diagonal() -> [Line; 2] {
    let grid = || (-34..=34).map(|i| f64::from(i) / 20.0);
    let map = grid().map(|x| (x, -x.powi(3))).filter(|(_, y)| y.abs() <= EDGE);
    [Line::predicted("−x³", map), Line::predicted("xₙ₊₁ = xₙ", grid().map(|x| (x, x)))]
}
