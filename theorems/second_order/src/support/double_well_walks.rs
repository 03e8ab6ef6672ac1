//! Cubic regularisation and Newton's method on a double well, from everywhere.

use theoria_algorithms::{CubicNewton, Method, Newton};
use theoria_models::Vector;
use theoria_models::objectives::DoubleWells;
use theoria_models::oracle::TwiceDifferentiable;
use theoria_verification::{Content, Draw, Effort, Group, Line};

/// A bound of |f‴| = 6|x| up to the distance 2.
const LIPSCHITZ: f64 = 12.0;
/// Steps after which every start has arrived, by either method.
pub(crate) const ARRIVED: usize = 100;

/// The 401 starts in [−2, 2].
fn grid() -> impl Iterator<Item = f64> {
    (-200..=200).map(|k| f64::from(k) / 100.0)
}

/// From x on (x² − 1)²/4, after so many steps.
fn after(
    mut method: impl for<'a> Method<Vector, TwiceDifferentiable<'a>>,
    start: f64,
    steps: usize,
) -> f64 {
    let (f, mut x) = (DoubleWells::new(1), Vector::from_element(1, start));
    if let Ok(oracle) = TwiceDifferentiable::new(&f, &x.clone()) {
        (0..steps).for_each(|_| method.step(&oracle, &mut x));
    }
    x[0]
}

fn is_minimum(x: f64) -> bool {
    (x.abs() - 1.0).abs() <= 1e-10
}

/// How many of the starts end in a minimum, by cubic regularisation or by Newton's method.
pub(crate) fn minima_reached(cubic: bool) -> usize {
    let end = |x| match cubic {
        true => after(CubicNewton::new(LIPSCHITZ), x, ARRIVED),
        false => after(Newton::default(), x, ARRIVED),
    };
    grid().filter(|x| is_minimum(end(*x))).count()
}

/// The most steps of cubic regularisation that any of the starts takes.
pub(crate) fn steps_needed() -> usize {
    let needed = |x| {
        let arrived = |n: &usize| is_minimum(after(CubicNewton::new(LIPSCHITZ), x, *n));
        (0..ARRIVED).find(arrived).unwrap_or(ARRIVED)
    };
    grid().map(needed).max().unwrap_or(ARRIVED)
}

/// f with both models of it at a place, and where they lead.
pub(crate) fn models(_: &mut Draw, _: Effort) -> Content {
    const AT: f64 = 0.4;
    let value = |x: f64| (x * x - 1.0).powi(2) / 4.0;
    let (slope, curvature) = (AT * (AT * AT - 1.0), 3.0 * AT * AT - 1.0);
    let model = move |x: f64| value(AT) + slope * (x - AT) + curvature * (x - AT).powi(2) / 2.0;
    let cubic = move |x: f64| model(x) + LIPSCHITZ * (x - AT).abs().powi(3) / 6.0;
    let places = || (-70..=130).map(|k| f64::from(k) / 100.0);
    let shown = |f: &dyn Fn(f64) -> f64| -> Vec<(f64, f64)> {
        places().map(|x| (x, f(x))).filter(|(_, y)| (-0.05..=0.6).contains(y)).collect()
    };
    let newton = after(Newton::default(), AT, 1);
    let step = after(CubicNewton::new(LIPSCHITZ), AT, 1);
    Content::Points {
        groups: vec![
            Group::new("x", [(AT, value(AT))]),
            Group::new("Newton's step leads here", [(newton, model(newton))]),
            Group::new("with the cubic term", [(step, cubic(step))]),
        ],
        lines: vec![
            Line::measured("f", shown(&value)),
            Line::predicted("second-order model", shown(&model)),
            Line::predicted("model with the cubic term", shown(&cubic)),
        ],
    }
}

/// Ends over starts.
pub(crate) fn arrivals(_: &mut Draw, _: Effort) -> Content {
    let newton = grid().map(|x| (x, after(Newton::default(), x, ARRIVED)));
    let cubic = grid().map(|x| (x, after(CubicNewton::new(LIPSCHITZ), x, ARRIVED)));
    Content::Points {
        groups: vec![
            Group::new("Newton's method", newton),
            Group::new("with the cubic term", cubic),
        ],
        lines: Vec::new(),
    }
}
