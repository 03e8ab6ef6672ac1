//! What can be seen of the curvature of an objective.

use std::rc::Rc;

use theoria_models::flatness::Krylov;
use theoria_models::{Objective, Vector};
use theoria_verification::Draw;

use super::objective::{ball, direction, nearby};
use crate::Problem;

/// The extreme curvatures that were seen: at most the true ones, and at least, but for rounding, which is taken
/// off.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Curvatures {
    pub(super) largest: f64,
    pub(super) smallest: f64,
}

/// Points at which the Hessian is asked for.
const POINTS: usize = 4;
/// Up to this dimension all eigenvalues of the Hessian are computed, beyond it those of a Krylov space.
const DENSE: usize = 128;
const PRODUCTS: usize = 40;
/// Random lines through the ball, and cells on a line: one line is enough where there is but one.
const LINES: usize = 12;
const CELLS: usize = 64;
const CELLS_OF_ONE_LINE: usize = 2048;
/// How far the one line is looked along, in units of the ball's radius.
const FAR: f64 = 16.0;
/// Cells that are halved, the steepest and the flattest, and how often.
const REFINED: usize = 4;
const HALVINGS: usize = 12;

/// How far beyond the outermost knots of pieces is looked, and how near to both sides of a knot, relative to its size and to pieces.
const OUTSIDE: f64 = 10.0;
const ACROSS: f64 = 1e-6;

impl Curvatures {
    const NONE: Curvatures = Curvatures { largest: 0.0, smallest: f64::INFINITY };

    /// Looks at the eigenvalues of the Hessian, where there is one, at start, minimiser and random points, and at
    /// the slope of the gradient along lines: from start to minimiser and beyond, and random ones. Cells of a
    /// line on which it is extreme are halved, so that a piece is found that is shorter than a cell, or a kink.
    pub(crate) fn seen(problem: &Problem, draw: &mut Draw) -> Self {
        let f = problem.objective();
        let mut seen = Curvatures::NONE;
        if let Some(knots) = f.knots() {
            let centre = problem.known_minimiser().unwrap_or(problem.start());
            for (axis, knots) in knots.iter().enumerate() {
                seen.look_at_pieces(f, centre, axis, knots);
            }
            return seen;
        }
        let (centre, reach) = ball(problem);
        let known = [Some(problem.start()), problem.known_minimiser(), Some(&centre)];
        let mut points: Vec<Vector> = known.into_iter().flatten().cloned().collect();
        points.extend((0..POINTS).map(|_| nearby(problem, draw)));
        for point in &points {
            seen.look_at_hessian(f, point, draw);
        }
        let towards = (problem.start() - &centre).try_normalize(0.0);
        let first = towards.unwrap_or_else(|| direction(centre.len(), draw));
        let one = centre.len() == 1;
        seen.look_along(f, &centre, &(&first * reach), if one { CELLS_OF_ONE_LINE } else { CELLS });
        if one {
            // There is but one line, which can be looked along far beyond the ball.
            let far = f.stated_within().map_or(FAR * reach, |(middle, radius)| {
                (radius - (&centre - middle).norm()).min(FAR * reach)
            });
            seen.look_along(f, &centre, &(&first * far.max(reach)), CELLS_OF_ONE_LINE);
        } else {
            for _ in 0..LINES {
                let middle = nearby(problem, draw);
                let room = reach - (&middle - &centre).norm();
                seen.look_along(f, &middle, &(direction(centre.len(), draw) * room), CELLS);
            }
        }
        seen
    }

    fn note(&mut self, low: f64, high: f64) {
        self.largest = self.largest.max(high);
        self.smallest = self.smallest.min(low);
    }

    fn look_at_hessian(&mut self, f: &dyn Objective, x: &Vector, draw: &mut Draw) {
        let Some(image) = f.hessian_vector(x, &direction(x.len(), draw)) else { return };
        if !image.norm().is_finite() {
            return;
        }
        let (least, largest) = if x.len() <= DENSE {
            let Some(hessian) = f.hessian(x) else { return };
            let spectrum = hessian.symmetric_eigenvalues();
            (spectrum.min(), spectrum.max())
        } else {
            let operator = |v: &Vector| f.hessian_vector(x, v).unwrap_or_else(|| v * f64::NAN);
            let krylov = Krylov::new(operator, &direction(x.len(), draw), PRODUCTS);
            (krylov.smallest().value, krylov.largest().value)
        };
        let rounding = f64::EPSILON * (4 * x.len()) as f64 * largest.abs().max(least.abs());
        self.note(least + rounding, largest.max(-least) - rounding);
    }

    /// At each piece between these knots along a coordinate, and across each knot, where there may be a kink.
    fn look_at_pieces(&mut self, f: &dyn Objective, centre: &Vector, axis: usize, knots: &[f64]) {
        let mut half = Vector::zeros(centre.len());
        half[axis] = 1.0;
        let place = |t: f64| {
            let mut x = centre.clone();
            x[axis] = t;
            x
        };
        let at = |t: f64| Rc::new(Place::at(f, place(t), t));
        let mut between = |from: f64, to: f64| {
            let cell = Cell::between(&half, &at(from), &at(to));
            self.note(cell.low, cell.high);
        };
        let (Some(first), Some(last)) = (knots.first(), knots.last()) else {
            between(-1.0, 1.0);
            return;
        };
        between(first - OUTSIDE * (1.0 + first.abs()), *first);
        between(*last, last + OUTSIDE * (1.0 + last.abs()));
        for pair in knots.windows(2) {
            // Up to the knot: at it slopes are those of the piece to its right.
            between(pair[0], pair[0] + (1.0 - ACROSS) * (pair[1] - pair[0]));
        }
        for &knot in knots {
            let apart = ACROSS * (1.0 + knot.abs());
            between(knot - apart, knot + apart);
        }
    }

    /// On the segment from `middle` - `half` to `middle` + `half`.
    fn look_along(&mut self, f: &dyn Objective, middle: &Vector, half: &Vector, cells: usize) {
        let at = |t: f64| Rc::new(Place::at(f, middle + half * t, t));
        let places: Vec<Rc<Place>> =
            (0..=cells).map(|i| at(2.0 * i as f64 / cells as f64 - 1.0)).collect();
        let seen: Vec<Cell> =
            places.windows(2).map(|ends| Cell::between(half, &ends[0], &ends[1])).collect();
        seen.iter().for_each(|cell| self.note(cell.low, cell.high));
        for steep in [true, false] {
            let mut extreme: Vec<&Cell> = seen.iter().filter(|cell| cell.low.is_finite()).collect();
            extreme.sort_by(|a, b| {
                if steep { b.high.total_cmp(&a.high) } else { a.low.total_cmp(&b.low) }
            });
            for cell in extreme.into_iter().take(REFINED) {
                let mut cell = cell.clone();
                for _ in 0..HALVINGS {
                    let centre = at(f64::midpoint(cell.ends[0].t, cell.ends[1].t));
                    let [left, right] = [(&cell.ends[0], &centre), (&centre, &cell.ends[1])]
                        .map(|(a, b)| Cell::between(half, a, b));
                    self.note(left.low.min(right.low), left.high.max(right.high));
                    let better = if steep { left.high > right.high } else { left.low < right.low };
                    cell = if better { left } else { right };
                }
            }
        }
    }
}

/// A point of a line.
#[derive(Debug)]
struct Place {
    t: f64,
    x: Vector,
    gradient: Vector,
    /// Of the gradient.
    rounding: f64,
}

impl Place {
    fn at(f: &dyn Objective, x: Vector, t: f64) -> Self {
        Place { t, gradient: f.gradient_at(&x), rounding: f.gradient_rounding(&x), x }
    }
}

/// A piece of a line, with what the mean curvature along it is at least and at most, and across it at most.
#[derive(Debug, Clone)]
struct Cell {
    ends: [Rc<Place>; 2],
    /// The mean of v·Hv, which is at least the smallest eigenvalue; and that of |Hv|, at most the largest.
    low: f64,
    high: f64,
}

impl Cell {
    fn between(half: &Vector, left: &Rc<Place>, right: &Rc<Place>) -> Self {
        let apart = &right.x - &left.x;
        let length = apart.norm();
        let change = &right.gradient - &left.gradient;
        // Gradients are rounded, and so are the places.
        let slope = change.norm() / length;
        let rounding = left.rounding
            + right.rounding
            + 4.0 * f64::EPSILON * slope * (left.x.norm() + half.norm());
        Cell {
            low: (change.dot(&apart) / length + rounding) / length,
            high: (change.norm() - rounding) / length,
            ends: [Rc::clone(left), Rc::clone(right)],
        }
    }
}
