//! Other laws than a power that the same points may follow.

use std::f64::consts::LN_2;

use theoria_verification::statistics::student_quantile;

use super::cells::Cell;
use super::digits::short;
use super::line::{FEWEST, regression};

/// A law that fits as well as a power, or better.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Rival {
    /// Its formula with its numbers.
    pub(super) formula: String,
    /// What is added to the step, where it is a power of that.
    pub(super) shift: Option<f64>,
    /// After how many more octaves both differ by more than the noise, if after no more than twenty.
    pub(super) octaves: Option<u32>,
}

/// The logarithm of the value at a logarithm of the step.
type LogLaw = Box<dyn Fn(f64) -> f64>;

struct Law {
    formula: String,
    shift: Option<f64>,
    at: LogLaw,
}

/// How many candidates of a nonlinear parameter are tried.
const GRID: u32 = 240;
/// Both laws are told apart where they differ by so many standard deviations of a cell.
const TOLD: f64 = 4.0;
const MOST_OCTAVES: u32 = 20;
/// What a law may leave, relative to a better one with one parameter more: chance does this with the probability of a wrong verdict.
fn as_good(cells: usize, error: f64) -> f64 {
    let degrees = (cells as f64 - 3.0).max(1.0);
    1.0 + student_quantile(degrees, error / 2.0).powi(2) / degrees
}

/// The rivals that the cells (octaves of several runs, averaged) do not exclude, and whether they do not exclude a power.
pub(super) fn rivals(cells: &[Cell], error: f64) -> (Vec<Rival>, bool) {
    if cells.len() < FEWEST {
        return (Vec::new(), true);
    }
    let (level, slope) = through(cells, |cell| cell.at);
    let power = move |u: f64| level + slope * u;
    let left = rest(cells, power).max(f64::MIN_POSITIVE);
    let laws: Vec<Law> =
        [with_floor(cells), logarithm(cells), shifted(cells)].into_iter().flatten().collect();
    let best = laws.iter().map(|law| rest(cells, &law.at)).fold(left, f64::min);
    let weight = cells[cells.len() - 1].points;
    let noise = (best / (cells.len() as f64 - 3.0).max(1.0) / weight).sqrt();
    let last = cells[cells.len() - 1].at;
    let told = |law: &dyn Fn(f64) -> f64| {
        (1..=MOST_OCTAVES).find(|more| {
            let u = last + f64::from(*more) * LN_2;
            // A law that has fallen below 0 by then is told from one that has not.
            (law(u) - power(u)).abs() > TOLD * noise || law(u).is_nan()
        })
    };
    let allowed = best * as_good(cells.len(), error);
    let kept = laws.into_iter().filter(|law| rest(cells, &law.at) <= allowed);
    let rivals =
        kept.map(|Law { formula, shift, at }| Rival { formula, shift, octaves: told(&at) });
    (rivals.collect(), left <= allowed)
}

fn rest(cells: &[Cell], law: impl Fn(f64) -> f64) -> f64 {
    let squares = cells.iter().map(|cell| cell.points * (cell.mean - law(cell.at)).powi(2));
    squares.map(|square| if square.is_nan() { f64::INFINITY } else { square }).sum()
}

/// The line of y over the logarithm that a law makes of the step, with the weights of the points.
fn through(cells: &[Cell], x: impl Fn(&Cell) -> f64) -> (f64, f64) {
    let points: Vec<f64> = cells.iter().map(|cell| cell.points).collect();
    regression(cells, &points, x, |cell| cell.mean)
}

/// c + a n^p with c > 0.
fn with_floor(cells: &[Cell]) -> Option<Law> {
    let least = cells.iter().map(|cell| cell.mean.exp()).fold(f64::INFINITY, f64::min);
    let fit = |floor: f64| {
        // Weights as of relative noise of the whole value.
        let weight = |cell: &Cell| cell.points * (1.0 - floor / cell.mean.exp()).powi(2);
        let weights: Vec<f64> = cells.iter().map(weight).collect();
        regression(cells, &weights, |cell| cell.at, |cell| (cell.mean.exp() - floor).ln())
    };
    let law = move |floor: f64, (level, slope): (f64, f64), u: f64| {
        (floor + (level + slope * u).exp()).ln()
    };
    let floors = (1..GRID).map(|i| least * (1.0 - (1.0 - f64::from(i) / f64::from(GRID)).powi(2)));
    let (floor, line) = floors.map(|floor| (floor, fit(floor))).min_by(|(c, a), (d, b)| {
        rest(cells, |u| law(*c, *a, u)).total_cmp(&rest(cells, |u| law(*d, *b, u)))
    })?;
    let formula = format!("{} + {} n^{:.3}", short(floor), short(line.0.exp()), line.1);
    Some(Law { formula, shift: None, at: Box::new(move |u| law(floor, line, u)) })
}

/// a − b log n.
fn logarithm(cells: &[Cell]) -> Option<Law> {
    let weights: Vec<f64> =
        cells.iter().map(|cell| cell.points * (-2.0 * cell.mean).exp()).collect();
    let (level, slope) = regression(cells, &weights, |cell| cell.at, |cell| cell.mean.exp());
    let formula = format!("{} - {} log n", short(level), short(-slope));
    let at: LogLaw = Box::new(move |u| (level + slope * u).ln());
    (slope < 0.0).then_some(Law { formula, shift: None, at })
}

/// a (n + s)^p: a warm-up, or steps that are counted from elsewhere.
fn shifted(cells: &[Cell]) -> Option<Law> {
    let first = cells[0].at.exp();
    let last = cells[cells.len() - 1].at.exp();
    let octaves = (last / first).log2() + 8.0;
    let later = (0..=GRID).map(|i| first * (f64::from(i) * octaves / f64::from(GRID) - 4.0).exp2());
    let earlier = (1..20).map(|i| -first * f64::from(i) / 20.0);
    let (shift, line) = later
        .chain(earlier)
        .map(|s| (s, through(cells, |cell| (cell.at.exp() + s).ln())))
        .min_by(|(s, a), (t, b)| {
            let of = |s: f64, (level, slope): (f64, f64)| {
                rest(cells, |u| level + slope * (u.exp() + s).ln())
            };
            of(*s, *a).total_cmp(&of(*t, *b))
        })?;
    let formula = format!("{} (n {shift:+.3})^{:.3}", short(line.0.exp()), line.1);
    let at: LogLaw = Box::new(move |u: f64| line.0 + line.1 * (u.exp() + shift).ln());
    Some(Law { formula, shift: Some(shift), at })
}
