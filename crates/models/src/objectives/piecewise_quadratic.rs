//! Functions of one variable with pieces.

mod describe;
mod precise;

pub(super) use precise::PrecisePieces;

use crate::{Constant, Minimum, Objective, PreciseObjective, Vector};

/// A piece of a function of one variable: from a knot up to that of the next piece its slope is
/// `slope` + `curvature` (x - `from`).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Piece {
    /// The knot at which it starts. The first piece reaches to minus infinity, the last to infinity.
    pub from: f64,
    /// The slope at the knot.
    pub slope: f64,
    /// The second derivative, of either sign.
    pub curvature: f64,
}

/// f on R with a piecewise linear slope: quadratic and linear pieces, with kinks where the slope jumps, and
/// f* = 0.
///
/// All constants are exact. L is the largest absolute curvature, where no slope jumps; G the largest absolute
/// slope, where the outer pieces are linear; mu the smallest curvature, where it is positive and slopes jump
/// up alone. Along a piece |f'|²/(2(f - f*)) is monotone, for its derivative has the sign of f' times
/// 2 f'' (f - f*) - f'², which does not change there: so the Polyak–Łojasiewicz constant is the least of its
/// values at the ends of pieces.
///
/// ```
/// use theoria_models::{Objective, Vector, objectives::{Piece, PiecewiseQuadratic}};
/// // |x - 2| rounded off to the right of 3: f'' = 1 up to where the slope is 2.
/// let f = PiecewiseQuadratic::new(&[
///     Piece { from: 1.0, slope: -1.0, curvature: 0.0 },
///     Piece { from: 2.0, slope: 1.0, curvature: 0.0 },
///     Piece { from: 3.0, slope: 1.0, curvature: 1.0 },
///     Piece { from: 4.0, slope: 2.0, curvature: 0.0 },
/// ]);
/// let at = |x: f64| f.value(&Vector::from_vec(vec![x]));
/// assert_eq!([at(0.0), at(2.0), at(3.0), at(4.0), at(5.0)], [2.0, 0.0, 1.0, 2.5, 4.5]);
/// assert_eq!(f.lipschitz().unwrap().value, 2.0);
/// assert!(f.smoothness().is_none());
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct PiecewiseQuadratic {
    pieces: Vec<Anchored>,
    /// The number of the piece from which values are measured, where f = 0.
    lowest: usize,
    /// The places of least value, in increasing order.
    minimisers: Vec<(f64, f64)>,
}

/// A piece about the end of it that is nearer to the minimiser (or about the minimiser itself), so that
/// values of convex functions are sums of what is not negative.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Anchored {
    from: f64,
    to: f64,
    anchor: f64,
    value: f64,
    slope: f64,
    curvature: f64,
    /// Sum of the absolute values of all that was added to get `value`.
    terms: f64,
}

impl Anchored {
    fn value(&self, x: f64) -> f64 {
        let h = x - self.anchor;
        self.value + h * (self.slope + self.curvature * h / 2.0)
    }

    fn slope(&self, x: f64) -> f64 {
        self.slope + self.curvature * (x - self.anchor)
    }

    fn terms(&self, x: f64) -> f64 {
        let h = (x - self.anchor).abs();
        self.terms + h * (self.slope.abs() + self.curvature.abs() * h / 2.0)
    }

    /// Where the slope is 0 within the piece.
    fn critical(&self) -> Option<f64> {
        let place = self.anchor - self.slope / self.curvature;
        (self.curvature != 0.0 && self.from <= place && place <= self.to).then_some(place)
    }

    /// The least |f'|²/(2f) on the piece.
    fn least_ratio(&self) -> f64 {
        let at = |end: f64, outer: f64| {
            if end.is_infinite() {
                // f'²/(2f) tends to the curvature; a linear piece outgrows its slope.
                return if self.slope(outer) == 0.0 {
                    f64::INFINITY
                } else {
                    self.curvature.max(0.0)
                };
            }
            let (value, slope) = (self.value(end), self.slope(end));
            match slope == 0.0 {
                // A minimiser: flat beyond it, or a parabola about it.
                true if value <= 0.0 && self.curvature == 0.0 => f64::INFINITY,
                true if value <= 0.0 => self.curvature,
                true => 0.0,
                false => slope * slope / (2.0 * value.max(0.0)),
            }
        };
        let inside = match self.critical() {
            Some(place) if self.value(place) > 0.0 => 0.0,
            Some(_) => self.curvature,
            None => f64::INFINITY,
        };
        at(self.from, self.to.min(f64::MAX)).min(at(self.to, self.from.max(f64::MIN))).min(inside)
    }
}

/// Slopes that differ by less, relative to their size, are one slope.
const SAME: f64 = 1e-12;

impl PiecewiseQuadratic {
    /// With these pieces, from left to right.
    ///
    /// # Panics
    /// If there is no piece, a number is not finite, knots do not increase, or f is not bounded below.
    pub fn new(pieces: &[Piece]) -> Self {
        assert!(!pieces.is_empty(), "at least one piece");
        let numbers = pieces.iter().flat_map(|p| [p.from, p.slope, p.curvature]);
        assert!(numbers.into_iter().all(f64::is_finite), "knots, slopes and curvatures are finite");
        assert!(pieces.is_sorted_by(|a, b| a.from < b.from), "knots increase");
        Self::of_chain(&Self::chain(pieces))
    }

    fn of_chain(given: &[Anchored]) -> Self {
        assert!(Self::is_bounded_below(given), "the function is bounded below");
        // Values from the left end on show where the minimum is, and then start there.
        let mut chain = given.to_vec();
        Self::spread(&mut chain, 0);
        // A constant function has no candidate but its anchor.
        let (_, place, mut piece) = Self::least(&chain).unwrap_or((0.0, given[0].anchor, 0));
        chain = Self::anchored_at(place, piece, &chain, given);
        // Of two that seemed equal from afar one may be lower than the other.
        for _ in 1..given.len() {
            let Some((_, place, lower)) = Self::least(&chain).filter(|least| least.0 < 0.0) else {
                break;
            };
            piece = lower;
            chain = Self::anchored_at(place, piece, &chain, given);
        }
        let mut minimisers: Vec<(f64, f64)> = Vec::new();
        for (value, place, piece) in Self::candidates(&chain) {
            if value <= 4.0 * chain.len() as f64 * f64::EPSILON * chain[piece].terms(place) {
                let flat = chain[piece].slope == 0.0 && chain[piece].curvature == 0.0;
                let own = if flat { (chain[piece].from, chain[piece].to) } else { (place, place) };
                match minimisers.last_mut() {
                    Some(last) if own.0 <= last.1 => last.1 = last.1.max(own.1),
                    _ => minimisers.push(own),
                }
            }
        }
        PiecewiseQuadratic { pieces: chain, lowest: piece, minimisers }
    }

    /// With these curvatures between the knots, one more than knots, none negative, no kinks, and its minimum
    /// at `minimiser`: convex, L and mu are the extreme curvatures.
    ///
    /// # Panics
    /// If there is not one curvature more than knots, a number is not finite, knots do not increase, or a
    /// curvature is negative.
    pub fn with_curvatures(knots: &[f64], curvatures: &[f64], minimiser: f64) -> Self {
        assert!(curvatures.iter().all(|c| *c >= 0.0), "curvatures are not negative");
        Self::with_critical_point(knots, curvatures, minimiser)
    }

    /// The same with curvatures of either sign, and with the slope 0 at `critical`, which need not be where f is least.
    ///
    /// ```
    /// use theoria_models::{Objective, Vector, objectives::PiecewiseQuadratic};
    /// // A hump at 2 between minima at 0 and 4.
    /// let f = PiecewiseQuadratic::with_critical_point(&[1.0, 3.0], &[1.0, -1.0, 1.0], 0.0);
    /// let at = |x: f64| f.value(&Vector::from_vec(vec![x]));
    /// assert_eq!([at(0.0), at(1.0), at(2.0), at(4.0)], [0.0, 0.5, 1.0, 0.0]);
    /// ```
    ///
    /// # Panics
    /// If there is not one curvature more than knots, a number is not finite, knots do not increase, or f is not
    /// bounded below.
    pub fn with_critical_point(knots: &[f64], curvatures: &[f64], critical: f64) -> Self {
        assert_eq!(knots.len() + 1, curvatures.len(), "one curvature more than knots");
        assert!(knots.is_sorted_by(|a, b| a < b), "knots increase");
        let numbers = knots.iter().chain(curvatures).chain([&critical]);
        assert!(numbers.into_iter().all(|v| v.is_finite()), "knots and curvatures are finite");
        // ∫ f'' from the critical to x.
        let slope = |x: f64| -> f64 {
            let (low, high) = if x < critical { (x, critical) } else { (critical, x) };
            let cells = curvatures.iter().enumerate().map(|(i, curvature)| {
                let left = if i == 0 { f64::NEG_INFINITY } else { knots[i - 1] };
                let right = knots.get(i).copied().unwrap_or(f64::INFINITY);
                curvature * (right.min(high) - left.max(low)).max(0.0)
            });
            let area: f64 = cells.sum();
            if x < critical { -area } else { area }
        };
        let pieces = curvatures.iter().enumerate().map(|(i, &curvature)| {
            let from = if i == 0 { f64::NEG_INFINITY } else { knots[i - 1] };
            let to = knots.get(i).copied().unwrap_or(f64::INFINITY);
            let anchor = critical.clamp(from, to);
            Anchored { from, to, anchor, value: 0.0, slope: slope(anchor), curvature, terms: 0.0 }
        });
        Self::of_chain(&pieces.collect::<Vec<_>>())
    }

    /// The pieces one after the other, without values.
    fn chain(pieces: &[Piece]) -> Vec<Anchored> {
        let last = pieces.len() - 1;
        let anchored = |(i, p): (usize, &Piece)| Anchored {
            from: if i == 0 { f64::NEG_INFINITY } else { p.from },
            to: if i == last { f64::INFINITY } else { pieces[i + 1].from },
            anchor: p.from,
            value: 0.0,
            slope: p.slope,
            curvature: p.curvature,
            terms: 0.0,
        };
        pieces.iter().enumerate().map(anchored).collect()
    }

    /// Gives all pieces values that continue those of piece `known`.
    fn spread(chain: &mut [Anchored], known: usize) {
        for i in known + 1..chain.len() {
            let knot = chain[i].from;
            let (value, terms) = (chain[i - 1].value(knot), chain[i - 1].terms(knot));
            let slope = chain[i].slope(knot);
            chain[i] = Anchored { anchor: knot, value, slope, terms, ..chain[i] };
        }
        for i in (0..known).rev() {
            let knot = chain[i].to;
            let (value, terms) = (chain[i + 1].value(knot), chain[i + 1].terms(knot));
            let slope = chain[i].slope(knot);
            chain[i] = Anchored { anchor: knot, value, slope, terms, ..chain[i] };
        }
    }

    /// Values, places and pieces among which the minimum is: critical points, knots, flat pieces.
    fn candidates(chain: &[Anchored]) -> impl Iterator<Item = (f64, f64, usize)> {
        chain.iter().enumerate().flat_map(|(i, piece)| {
            let flat = (piece.curvature == 0.0 && piece.slope == 0.0).then_some(piece.anchor);
            let places = [Some(piece.from), flat, piece.critical(), Some(piece.to)];
            places
                .into_iter()
                .flatten()
                .filter(|place| place.is_finite())
                .map(move |place| (piece.value(place), place, i))
        })
    }

    fn least(chain: &[Anchored]) -> Option<(f64, f64, usize)> {
        Self::candidates(chain).min_by(|a, b| a.0.total_cmp(&b.0))
    }

    /// With the value 0 at this place of this piece, of the pieces as they were given.
    fn anchored_at(
        place: f64,
        piece: usize,
        chain: &[Anchored],
        given: &[Anchored],
    ) -> Vec<Anchored> {
        let critical = chain[piece].critical() == Some(place);
        let exact = given[piece].critical().filter(|_| critical);
        let mut anchored = given.to_vec();
        anchored[piece] = Anchored {
            anchor: exact.unwrap_or(place),
            slope: if exact.is_some() { 0.0 } else { given[piece].slope(place) },
            value: 0.0,
            terms: 0.0,
            ..given[piece]
        };
        Self::spread(&mut anchored, piece);
        anchored
    }

    fn is_bounded_below(chain: &[Anchored]) -> bool {
        let (first, last) = (&chain[0], &chain[chain.len() - 1]);
        let falls =
            |curvature: f64, outward: f64| curvature < 0.0 || (curvature == 0.0 && outward < 0.0);
        !falls(first.curvature, -first.slope) && !falls(last.curvature, last.slope)
    }

    fn piece(&self, x: f64) -> &Anchored {
        let index = self.pieces.partition_point(|piece| piece.to <= x);
        &self.pieces[index.min(self.pieces.len() - 1)]
    }

    /// The jumps of the slope at the knots, those of rounding left out.
    fn jumps(&self) -> impl Iterator<Item = f64> {
        self.pieces.windows(2).map(|pair| {
            let (left, right) = (pair[0].slope(pair[0].to), pair[1].slope(pair[1].from));
            let jump = right - left;
            let reach = self.smallest_reach(&pair[0]) + self.smallest_reach(&pair[1]);
            let size = left.abs() + right.abs() + reach;
            if jump.abs() <= SAME * size { 0.0 } else { jump }
        })
    }

    /// What rounding of a knot does to a slope, in units of rounding.
    fn smallest_reach(&self, piece: &Anchored) -> f64 {
        let ends = [piece.from, piece.to, piece.anchor].into_iter().filter(|end| end.is_finite());
        piece.curvature.abs() * ends.map(f64::abs).fold(0.0, f64::max)
    }

    fn curvatures(&self) -> impl Iterator<Item = f64> {
        self.pieces.iter().map(|piece| piece.curvature)
    }

    /// Whether it is convex: no curvature and no jump of the slope is negative.
    pub fn is_convex(&self) -> bool {
        self.curvatures().chain(self.jumps()).all(|part| part >= 0.0)
    }
}

impl Objective for PiecewiseQuadratic {
    fn describe(&self) -> String {
        self.in_numbers()
    }

    fn dimension(&self) -> usize {
        1
    }

    fn value(&self, x: &Vector) -> f64 {
        self.piece(x[0]).value(x[0])
    }

    fn gradient_into(&self, x: &Vector, into: &mut Vector) {
        into[0] = self.piece(x[0]).slope(x[0]);
    }

    fn hessian_vector(&self, x: &Vector, direction: &Vector) -> Option<Vector> {
        Some(direction * self.piece(x[0]).curvature)
    }

    fn rounding(&self, x: &Vector) -> f64 {
        let operations = 8.0 + 4.0 * self.pieces.len() as f64;
        // Where the value underflows, it is rounded absolutely.
        operations * f64::EPSILON * self.piece(x[0]).terms(x[0]) + f64::MIN_POSITIVE
    }

    fn knots(&self) -> Option<Vec<Vec<f64>>> {
        Some(vec![self.pieces[1..].iter().map(|piece| piece.from).collect()])
    }

    fn smoothness(&self) -> Option<Constant> {
        let kinks = self.jumps().any(|jump| jump != 0.0);
        let largest = self.curvatures().map(f64::abs).fold(0.0, f64::max);
        (!kinks).then(|| Constant::exact(largest))
    }

    fn strong_convexity(&self) -> Option<Constant> {
        let least = self.curvatures().fold(f64::INFINITY, f64::min);
        (least > 0.0 && self.is_convex()).then(|| Constant::exact(least))
    }

    fn lojasiewicz(&self) -> Option<Constant> {
        let least = self.pieces.iter().map(Anchored::least_ratio).fold(f64::INFINITY, f64::min);
        (least > 0.0 && least.is_finite()).then(|| Constant::exact(least))
    }

    fn lipschitz(&self) -> Option<Constant> {
        let linear = |piece: &Anchored| piece.curvature == 0.0;
        let outer = linear(&self.pieces[0]) && linear(&self.pieces[self.pieces.len() - 1]);
        let ends = self.pieces.iter().flat_map(|piece| {
            [piece.from, piece.to, piece.anchor]
                .into_iter()
                .filter(|end| end.is_finite())
                .map(|end| piece.slope(end).abs())
        });
        outer.then(|| Constant::exact(ends.fold(0.0, f64::max)))
    }

    fn minimum(&self) -> Option<Minimum> {
        Some(Minimum::exact(0.0))
    }

    fn nearest_minimiser(&self, x: &Vector) -> Option<Vector> {
        let nearest = |&(low, high): &(f64, f64)| x[0].clamp(low, high);
        let places = self.minimisers.iter().map(nearest);
        places
            .min_by(|a, b| (a - x[0]).abs().total_cmp(&(b - x[0]).abs()))
            .map(|place| Vector::from_element(1, place))
    }

    fn in_higher_precision(&self) -> Option<Box<dyn PreciseObjective + '_>> {
        Some(Box::new(PrecisePieces::of(self)))
    }
}

#[cfg(test)]
mod tests;
