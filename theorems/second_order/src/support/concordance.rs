//! Self-concordant functions with a start: of one variable by pieces, and barriers of half-spaces.

use std::sync::Arc;

use theoria_algorithms::{DecrementNewton, Method, Newton};
use theoria_elementary::{ln, ln_1p};
use theoria_models::oracle::{NewtonSystem, Oracle};
use theoria_models::{LogBarrier, Matrix, OneVariable, Vector};
use theoria_verification::{Check, Constant, Draw, Family, Hypothesis, Instance};

/// What is seen from a start.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Facts {
    /// λ
    pub(crate) decrement: f64,
    /// f − f*
    pub(crate) gap: f64,
    /// What a damped step takes off.
    pub(crate) gained: f64,
    /// λ after a full step.
    pub(crate) after: f64,
}

/// w = f''^{-1/2} of a function of one variable, from a start at 0 with w = 1 and f' = −λ, where f is 0; along each piece w is linear.
#[derive(Debug, Clone)]
pub(crate) struct Profile {
    decrement: f64,
    /// Lengths with slopes of w.
    pieces: Vec<(f64, f64)>,
    /// The slope beyond them.
    last: f64,
    /// Where the domain ends, if not where w comes to 0.
    end: f64,
}

/// w, f', f
type Place = [f64; 3];

/// (x − log(1 + x))/x²
fn curved(x: f64) -> f64 {
    if x.abs() < 0.05 {
        (2..18).rev().fold(0.0, |sum, j| 1.0 / f64::from(j) - x * sum)
    } else {
        (x - ln_1p(x)) / (x * x)
    }
}

/// So much further on a piece with this slope.
fn along([w, first, value]: Place, length: f64, slope: f64) -> Place {
    let (ratio, reach) = (1.0 + slope * length / w, length / w);
    let first_there = first + reach / (w * ratio);
    [w * ratio, first_there, value + first * length + reach * reach * curved(slope * reach)]
}

impl Profile {
    fn at(&self, place: f64) -> Place {
        let (mut here, mut left) = ([1.0, -self.decrement, 0.0], place);
        for (length, slope) in &self.pieces {
            if left <= *length {
                return along(here, left, *slope);
            }
            here = along(here, *length, *slope);
            left -= length;
        }
        along(here, left, self.last)
    }

    /// f* where f' vanishes.
    fn least(&self) -> f64 {
        let mut here = [1.0, -self.decrement, 0.0];
        let endless = std::iter::once((f64::INFINITY, self.last));
        for (length, slope) in self.pieces.iter().copied().chain(endless) {
            let [w, first, _] = here;
            let to = -first * w * w / (1.0 + first * w * slope);
            // False where w comes to 0 first, which a self-concordant function does not allow.
            if to >= 0.0 && to <= length {
                return along(here, to, slope)[2];
            }
            here = along(here, length, slope);
        }
        f64::NAN
    }

    fn oracle(&self) -> OneVariable<f64> {
        let it = Arc::new(self.clone());
        let (first, second) = (Arc::clone(&it), Arc::clone(&it));
        OneVariable::new(
            move |x: &f64| it.at(*x)[2],
            move |x| first.at(*x)[1],
            move |x| second.at(*x)[0].powi(-2),
        )
    }

    /// One slope throughout.
    fn straight(decrement: f64, slope: f64) -> Self {
        Profile { decrement, pieces: Vec::new(), last: slope, end: f64::INFINITY }
    }

    fn drawn(draw: &mut Draw) -> Self {
        let decrement = draw.uniform(0.05, 0.95);
        let count = draw.size(0..=3);
        let pieces = (0..count).map(|_| (draw.uniform(0.0, 0.6), draw.including_ends(-1.0, 1.0)));
        let pieces = pieces.collect();
        Profile { decrement, pieces, last: draw.including_ends(-1.0, 1.0), end: f64::INFINITY }
    }
}

/// One of both, with a start.
#[derive(Debug, Clone)]
pub(crate) enum Concordant {
    Pieces(Profile),
    Barrier(LogBarrier, Vector),
}

impl Instance for Concordant {
    fn description(&self) -> String {
        match self {
            Concordant::Pieces(it) => {
                let pieces: Vec<String> = it
                    .pieces
                    .iter()
                    .map(|(length, slope)| format!("slope {slope:.3} for {length:.3}, "))
                    .collect();
                let (decrement, last) = (it.decrement, it.last);
                let end = if it.end.is_finite() {
                    format!(" up to {:.3}", it.end)
                } else {
                    String::new()
                };
                format!("f″^(−1/2): {}slope {last:.3}{end}; λ = {decrement:.3}", pieces.concat())
            }
            Concordant::Barrier(f, at) => {
                let rows = f.rows().row_iter().map(|row| super::least_squares::shown(row.iter()));
                let rows: Vec<String> = rows.collect();
                let at = super::least_squares::shown(at.iter());
                format!("half-spaces {}, from {at}", rows.join(" "))
            }
        }
    }

    fn constants(&self) -> Vec<Constant> {
        vec![Constant::exact("λ", self.facts().decrement)]
    }
}

fn facts_of<O: NewtonSystem<Vector> + Oracle<Vector>>(
    oracle: &O,
    start: &Vector,
    least: f64,
    value: impl Fn(&Vector) -> f64,
) -> Facts {
    let (mut damped, mut full) = (start.clone(), start.clone());
    let mut method = DecrementNewton::default();
    method.step(oracle, &mut damped);
    Newton::default().step(oracle, &mut full);
    let mut next = DecrementNewton::default();
    let mut after = full.clone();
    next.step(oracle, &mut after);
    let checked = |number: f64| if method.stalled() { f64::NAN } else { number };
    // Outside of the domain there is no value.
    let inside = value(&full).is_finite() && !next.stalled();
    Facts {
        decrement: checked(method.decrement()),
        gap: value(start) - least,
        gained: checked(value(start) - value(&damped)),
        after: if inside { next.decrement() } else { f64::INFINITY },
    }
}

impl Concordant {
    pub(crate) fn facts(&self) -> Facts {
        match self {
            Concordant::Pieces(it) => {
                let inside =
                    |x: &Vector| if x[0] < it.end { it.at(x[0])[2] } else { f64::INFINITY };
                facts_of(&it.oracle(), &Vector::zeros(1), it.least(), inside)
            }
            Concordant::Barrier(f, at) => facts_of(f, at, 0.0, |x| f.value(x)),
        }
    }

    /// |f'''|/(2 f''^{3/2}), the largest along the pieces, or along Newton's step.
    fn bend(&self) -> f64 {
        match self {
            Concordant::Pieces(it) => {
                let slopes = it.pieces.iter().map(|(_, slope)| *slope).chain([it.last]);
                slopes.fold(0.0, |largest, slope| slope.abs().max(largest))
            }
            Concordant::Barrier(f, at) => {
                let mut step = at.clone();
                f.gradient(at, &mut step);
                if !f.solve(at, &mut step) {
                    return f64::NAN;
                }
                let (products, images) = (f.rows() * at, f.rows() * step);
                let shares = images.zip_map(&products, |image, product| image / (1.0 + product));
                let cubes: f64 = shares.iter().map(|share| share.powi(3)).sum();
                cubes.abs() / shares.norm().powi(3)
            }
        }
    }
}

/// Functions of one variable by up to four pieces; with more, they would come as near as one likes to every self-concordant one.
pub(crate) fn profiles() -> Family<Concordant> {
    Family::drawn("by pieces", |draw| Concordant::Pieces(Profile::drawn(draw)))
}

fn half_spaces(draw: &mut Draw) -> (LogBarrier, Vector) {
    let d = draw.size(1..=4);
    let m = d + draw.size(0..=4);
    // Dominated by their diagonal, the first d rows are independent.
    let rows = Matrix::from_fn(m, d, |i, j| {
        let entry = draw.uniform(-1.0, 1.0);
        let share = if i < d { entry / d as f64 } else { entry };
        if i == j { 2.0 + share } else { share }
    });
    let mut direction = Vector::from_fn(d, |_, _| draw.uniform(-1.0, 1.0));
    if direction.norm() < 1e-3 {
        direction[0] = 1.0;
    }
    (LogBarrier::new(rows), direction)
}

/// Barriers in one to four dimensions, with starts in the ellipsoid of half the radius about the centre, where λ < 1.
pub(crate) fn barriers() -> Family<Concordant> {
    Family::drawn("barriers", |draw| {
        let (f, direction) = half_spaces(draw);
        let start = &direction * (draw.uniform(0.05, 0.48) / (f.rows() * &direction).norm());
        Concordant::Barrier(f, start)
    })
}

/// With starts anywhere on the way to the boundary, or ten times as far as the nearest half-space where there is none.
pub(crate) fn barriers_from_afar() -> Family<Concordant> {
    Family::drawn("barriers from afar", |draw| {
        let (f, direction) = half_spaces(draw);
        let products = f.rows() * &direction;
        let steepest = products.min().min(-0.1 * products.amax());
        let start = direction * (draw.uniform(0.05, 0.99) / -steepest);
        Concordant::Barrier(f, start)
    })
}

/// One slope throughout.
pub(crate) fn sloped(name: &str, slope: f64, decrements: &[f64]) -> Family<Concordant> {
    Family::listed(name, decrements.to_vec(), move |&decrement| {
        Concordant::Pieces(Profile::straight(decrement, slope))
    })
}

/// w = 1 up to the end of the domain, half a damped step away: f is finite there.
pub(crate) fn cut_off() -> Family<Concordant> {
    Family::listed("the domain ends early", [0.1, 0.5, 0.9], |&decrement| {
        let end = 0.5 * decrement / (1.0 + decrement);
        Concordant::Pieces(Profile { end, ..Profile::straight(decrement, 0.0) })
    })
}

/// Down and up again with such slopes: where λ after a full step is largest.
pub(crate) fn turning(name: &str, slope: f64, decrements: &[f64]) -> Family<Concordant> {
    Family::listed(name, decrements.to_vec(), move |&decrement| turned(decrement, slope))
}

/// It turns where w = ((1 − λ)/(1 + λ))^½.
pub(crate) fn turned(decrement: f64, slope: f64) -> Concordant {
    let lowest = ((1.0 - decrement) / (1.0 + decrement)).sqrt();
    let pieces = vec![(1.0 - lowest, -slope)];
    Concordant::Pieces(Profile { pieces, ..Profile::straight(decrement, slope) })
}

/// |f'''| ≤ 2 f''^{3/2}
pub(crate) fn self_concordant() -> Hypothesis<Concordant> {
    Hypothesis::new("self-concordant", |it: &Concordant, _| {
        Check::at_most(it.bend(), 1.0, "|f‴|/(2 f″^{3/2})")
    })
}

/// f has no bound towards the boundary: the domain ends only where w comes to 0, or where a half-space does.
pub(crate) fn closed() -> Hypothesis<Concordant> {
    Hypothesis::new("closed", |it: &Concordant, _| {
        let end = if let Concordant::Pieces(it) = it { it.end } else { f64::INFINITY };
        Check::that(end.is_infinite(), format!("the domain ends at {end:.3}, with f finite"))
    })
}

/// λ < 1
pub(crate) fn near() -> Hypothesis<Concordant> {
    Hypothesis::new("λ < 1", |it: &Concordant, _| {
        let decrement = it.facts().decrement;
        Check::that(decrement < 1.0, format!("λ = {decrement:.3}"))
    })
}

/// x − log x
pub(crate) fn logarithm() -> OneVariable<f64> {
    OneVariable::new(|x: &f64| x - ln(*x), |x| 1.0 - 1.0 / x, |x| x.powi(-2))
}

/// Where a full step on it leads from 1 + offset.
pub(crate) fn full_step(offset: f64) -> f64 {
    let mut x = Vector::from_element(1, 1.0 + offset);
    Newton::default().step(&logarithm(), &mut x);
    x[0]
}
