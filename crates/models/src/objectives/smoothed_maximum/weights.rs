//! Weights of affine functions in the plane.
//!
//! The envelope of a maximum and the nearest point of a polygon are both the largest value of a concave function of weights that are not
//! negative. In the plane weights on three pieces suffice (two for a polygon), so all candidates are tried, and the one is taken at
//! whose point the pieces exceed their weighted mean (or 0) by least: what is lost to rounding then is as small in the slope as it is
//! in the value.

use crate::point::Scalar;
use theoria_elementary::hypot;

/// z ↦ slope·z + offset.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Piece<S> {
    pub(super) slope: [S; 2],
    pub(super) offset: S,
}

impl<S: Scalar + Copy> Piece<S> {
    fn at(&self, x: [S; 2]) -> S {
        dot(self.slope, x) + self.offset
    }

    fn less(&self, other: &Self) -> Self {
        Piece { slope: less(self.slope, other.slope), offset: self.offset - other.offset }
    }

    /// It and so much of another one.
    fn plus(&self, share: S, other: &Self) -> Self {
        Piece {
            slope: plus(self.slope, share, other.slope),
            offset: self.offset + share * other.offset,
        }
    }
}

fn dot<S: Scalar + Copy>(a: [S; 2], b: [S; 2]) -> S {
    a[0] * b[0] + a[1] * b[1]
}

fn cross<S: Scalar + Copy>(a: [S; 2], b: [S; 2]) -> S {
    a[0] * b[1] - a[1] * b[0]
}

fn less<S: Scalar + Copy>(a: [S; 2], b: [S; 2]) -> [S; 2] {
    [a[0] - b[0], a[1] - b[1]]
}

/// a + s b
fn plus<S: Scalar + Copy>(a: [S; 2], s: S, b: [S; 2]) -> [S; 2] {
    [a[0] + s * b[0], a[1] + s * b[1]]
}

/// The smoothed maximum at a point, its gradient, and the corner of three pieces that the point is drawn to, if it is.
pub(super) struct Smoothed<S> {
    pub(super) value: S,
    pub(super) slope: [S; 2],
    pub(super) corner: Option<Corner<S>>,
}

/// Where three pieces are equal, with the slopes of two differences.
#[derive(Clone, Copy)]
pub(super) struct Corner<S> {
    pub(super) place: [S; 2],
    pub(super) sides: [[S; 2]; 2],
}

impl Corner<f64> {
    /// How far from 0 it is, divided by the sine of the angle of its sides: so many roundings it is off.
    pub(super) fn uncertainty(&self) -> f64 {
        let [d, e] = self.sides;
        length(self.place) * length(d) * length(e) / cross(d, e).abs()
    }
}

pub(super) fn length([a, b]: [f64; 2]) -> f64 {
    hypot(a, b)
}

/// Where both are 0, if they are at one point.
fn crossing<S: Scalar + Copy>(d: &Piece<S>, e: &Piece<S>) -> Option<[S; 2]> {
    let area = cross(d.slope, e.slope);
    (area != S::from(0.0)).then(|| {
        [
            (e.offset * d.slope[1] - d.offset * e.slope[1]) / area,
            (d.offset * e.slope[0] - e.offset * d.slope[0]) / area,
        ]
    })
}

/// The weights s, t with s d + t e = v.
fn made_of<S: Scalar + Copy>(v: [S; 2], d: [S; 2], e: [S; 2]) -> (S, S) {
    let area = cross(d, e);
    (cross(v, e) / area, cross(d, v) / area)
}

/// The best candidate so far, and how much is missing there.
struct Best<S, T> {
    missing: S,
    candidate: T,
}

impl<S: Scalar + Copy, T> Best<S, T> {
    fn offer(&mut self, missing: S, candidate: T) {
        if missing < self.missing {
            *self = Best { missing, candidate };
        }
    }
}

/// min_z max_i p_i(z) + curvature |x − z|²/2, and its gradient in x: the largest value of Σ λ_i p_i(x) − |Σ λ_i a_i|²/(2 curvature) over
/// weights of sum 1, and Σ λ_i a_i there.
pub(super) fn smoothed<S: Scalar + Copy>(
    pieces: &[Piece<S>],
    curvature: S,
    x: [S; 2],
) -> Smoothed<S> {
    let (zero, one) = (S::from(0.0), S::from(1.0));
    let missing = |mean: &Piece<S>| {
        let z = plus(x, -one / curvature, mean.slope);
        let above = pieces.iter().map(|piece| piece.less(mean).at(z));
        above.fold(zero, |most, above| if above > most { above } else { most })
    };
    let mut best = Best { missing: missing(&pieces[0]), candidate: (pieces[0], None) };
    for (i, a) in pieces.iter().enumerate() {
        best.offer(missing(a), (*a, None));
        for (j, b) in pieces.iter().enumerate().skip(i + 1) {
            let d = b.less(a);
            let square = dot(d.slope, d.slope);
            if square == zero {
                continue;
            }
            let share = (curvature * d.at(x) - dot(a.slope, d.slope)) / square;
            if zero < share && share < one {
                let mean = a.plus(share, &d);
                best.offer(missing(&mean), (mean, None));
            }
            for c in &pieces[j + 1..] {
                let e = c.less(a);
                let Some(place) = crossing(&d, &e) else { continue };
                let way = less(x, place);
                let beyond = plus([-a.slope[0], -a.slope[1]], curvature, way);
                let (s, t) = made_of(beyond, d.slope, e.slope);
                if zero < s && zero < t && s + t < one {
                    // Its slope is known better than by the weights.
                    let slope = [curvature * way[0], curvature * way[1]];
                    let mean = Piece { slope, ..a.plus(s, &d).plus(t, &e) };
                    let corner = Corner { place, sides: [d.slope, e.slope] };
                    best.offer(missing(&mean), (mean, Some(corner)));
                }
            }
        }
    }
    let (mean, corner) = best.candidate;
    let slope = mean.slope;
    let value = mean.at(x) - dot(slope, slope) / (S::from(2.0) * curvature);
    Smoothed { value, slope, corner }
}

/// The point nearest to `x` where no piece is positive, if there is one.
pub(super) fn nearest(pieces: &[Piece<f64>], x: [f64; 2]) -> [f64; 2] {
    let missing = |z: [f64; 2]| pieces.iter().map(|piece| piece.at(z)).fold(0.0, f64::max);
    let mut best = Best { missing: missing(x), candidate: x };
    for (i, a) in pieces.iter().enumerate() {
        let (square, above) = (dot(a.slope, a.slope), a.at(x));
        if square == 0.0 {
            continue;
        }
        if above > 0.0 {
            let z = plus(x, -above / square, a.slope);
            best.offer(missing(z), z);
        }
        for b in &pieces[i + 1..] {
            let Some(corner) = crossing(a, b) else { continue };
            let (s, t) = made_of(less(x, corner), a.slope, b.slope);
            if s > 0.0 && t > 0.0 {
                best.offer(missing(corner), corner);
            }
        }
    }
    best.candidate
}
