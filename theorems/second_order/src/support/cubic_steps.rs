//! Steps of cubic regularisation on functions of one variable, in 77 decimal digits.

use nalgebra::DVector;
use theoria_algorithms::{CubicNewton, Method};
use theoria_elementary::{hypot, powf};
use theoria_models::OneVariable;
use theoria_models::numerics::LongFloat;
use theoria_verification::{
    Check, Content, Draw, Effort, Family, Group, Hypothesis, Instance, Line, Reading,
};

use super::cubic_splines::{CubicSpline, Piece, lipschitz_second_derivative};

/// So that f(x) − f(x*) has digits left after many steps.
pub(crate) type Digits = LongFloat<256>;

/// What a step s from x did.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Made {
    /// M
    pub(crate) lipschitz: f64,
    /// |s|
    pub(crate) length: f64,
    /// f(x) − f(x + s)
    pub(crate) decrease: Reading,
    /// |∇f(x + s) + (M/2)|s| s|
    pub(crate) remainder: Reading,
    /// |∇f(x + s)|
    pub(crate) slope: Reading,
    /// −λ_min at x + s
    pub(crate) bend: Reading,
    /// What is left of ∇f + H s + (M/2)|s| s, over the size of its terms.
    pub(crate) unsolved: f64,
    /// λ_min + M|s|/2 at x, over the size of the terms.
    pub(crate) shifted: f64,
}

/// Whatever a step was made on.
pub(crate) trait Regularised: Instance + Sized + 'static {
    fn made(&self) -> Made;

    fn lipschitz_hessian() -> Hypothesis<Self>;
}

impl Regularised for CubicSpline {
    fn made(&self) -> Made {
        let number = Digits::from;
        let places = self.regularised(1);
        let [before, slope, curvature] = self.derivatives(&places[0]);
        let [after, next, bend] = self.derivatives(&places[1]);
        let step = places[1].clone() - places[0].clone();
        let length = step.clone().abs();
        let half = number(self.lipschitz) * length.clone() / number(2.0);
        let pull = half.clone() * step.clone();
        let exact = |x: Digits| Reading::from(x.nearest());
        let unsolved = (slope.clone() + curvature.clone() * step + pull.clone()).nearest();
        Made {
            lipschitz: self.lipschitz,
            length: length.nearest(),
            decrease: exact(before - after),
            remainder: exact((next.clone() + pull.clone()).abs()),
            slope: exact(next.abs()),
            bend: exact(-bend),
            unsolved: unsolved.abs() / (slope.nearest().abs() + pull.nearest().abs()),
            shifted: (curvature.clone() + half.clone()).nearest()
                / (curvature.nearest().abs() + half.nearest()),
        }
    }

    fn lipschitz_hessian() -> Hypothesis<Self> {
        lipschitz_second_derivative()
    }
}

impl CubicSpline {
    /// The same function, with this share of M.
    pub(crate) fn understating(self, share: f64) -> Self {
        CubicSpline { lipschitz: share * self.lipschitz, ..self }
    }

    /// x_0 to x_N.
    pub(crate) fn regularised(&self, steps: usize) -> Vec<Digits> {
        let [zeroth, first, second] = [self.clone(), self.clone(), self.clone()];
        let function = OneVariable::new(
            move |x: &Digits| {
                let [value, ..] = zeroth.derivatives(x);
                value
            },
            move |x| {
                let [_, slope, _] = first.derivatives(x);
                slope
            },
            move |x| {
                let [.., curvature] = second.derivatives(x);
                curvature
            },
        );
        let mut method = CubicNewton::new(Digits::from(self.lipschitz));
        let mut x = DVector::from_element(1, Digits::from(self.start));
        let mut places = vec![x[0].clone()];
        for _ in 0..steps {
            method.step(&function, &mut x);
            places.push(x[0].clone());
        }
        places
    }

    /// (f(x_n) − f(0))/(M R³), which is f(x_n) − f* in its unit where 0 is the minimiser.
    pub(crate) fn share_left(&self, x: &Digits) -> f64 {
        let [value, ..] = self.derivatives(x);
        value.nearest() / (self.lipschitz * self.start.abs().powi(3))
    }

    /// The convex function of which a first step leaves the most, started at R: q = (4 − √2)/7, and f'' is piecewise linear with knots at
    /// (1 − q)R and R, seen from the start.
    pub(crate) fn slowest_to_begin(lipschitz: f64, start: f64) -> Self {
        let q = (4.0 - 2f64.sqrt()) / 7.0;
        let curvature = lipschitz * start.abs() * (2.0 - 4.0 * q + 3.0 * q * q) / (2.0 * q);
        let side = vec![(q * start.abs(), -lipschitz), (f64::INFINITY, lipschitz)];
        CubicSpline { curvature, lipschitz, left: side.clone(), right: side, start }
    }

    /// The convex function that falls with the slope −G up to R − w and then bends up with the slope M of f'', G = M w²/2, for the w of
    /// which N steps leave the most, w = 2R/(3N + 1).
    pub(crate) fn slowest_ramp(lipschitz: f64, start: f64, steps: usize) -> Self {
        let width = 2.0 * start.abs() / (3.0 * steps as f64 + 1.0);
        let side = vec![(width, -lipschitz), (f64::INFINITY, 0.0)];
        CubicSpline {
            curvature: lipschitz * width,
            lipschitz,
            left: side.clone(),
            right: side,
            start,
        }
    }

    /// A convex function of which two steps leave the most that was found, started at R: f'' falls to 0 at first, stays there, and rises
    /// again on the last part.
    pub(crate) fn slow_twice(lipschitz: f64, start: f64) -> Self {
        let (first, last) = (0.4303 * start.abs(), 0.3617 * start.abs());
        let between = start.abs() - first - last;
        let side = vec![(last, -lipschitz), (between, 0.0), (f64::INFINITY, lipschitz)];
        CubicSpline {
            curvature: lipschitz * last,
            lipschitz,
            left: side.clone(),
            right: side,
            start,
        }
    }

    /// Not convex, R = 1, M = 1: from the start a shelf of half the way, with the slope that takes twenty steps for it, and then a drop.
    pub(crate) fn shelf() -> Self {
        let (step, down) = (1.0 / 40.0, 0.15);
        let up = down + hypot(2f64.sqrt() * down, step);
        let side = vec![(up, -1.0), (down, 1.0), (f64::INFINITY, 0.0)];
        CubicSpline {
            curvature: up - down,
            lipschitz: 1.0,
            left: side.clone(),
            right: side,
            start: 1.0,
        }
    }

    /// The least f'' at all knots, with the last slope, on the left and on the right.
    fn lowest(&self) -> f64 {
        let side = |pieces: &[Piece]| {
            let (mut second, mut lowest) = (self.curvature, self.curvature);
            for &(width, slope) in pieces {
                second += if width.is_finite() { slope * width } else { slope.min(0.0) };
                lowest = lowest.min(second);
            }
            lowest
        };
        side(&self.left).min(side(&self.right))
    }
}

/// Convex, started within so many times μ/M.
pub(crate) fn convex_splines(within: f64) -> Family<CubicSpline> {
    Family::drawn("convex functions with a Lipschitz second derivative", move |draw| {
        let (curvature, lipschitz) = (draw.log_uniform(0.1, 10.0), draw.log_uniform(0.1, 10.0));
        let unit = curvature / lipschitz;
        let left = upwards(curvature, lipschitz, unit, draw);
        let right = upwards(curvature, lipschitz, unit, draw);
        let distance = draw.log_uniform(0.1, within) * unit;
        let start = if draw.coin() { distance } else { -distance };
        CubicSpline { curvature, lipschitz, left, right, start }
    })
}

/// Pieces on which f'' stays at 0 or above.
fn upwards(curvature: f64, lipschitz: f64, unit: f64, draw: &mut Draw) -> Vec<Piece> {
    let count = draw.several();
    let mut second = curvature;
    let mut pieces = Vec::new();
    for _ in 0..count {
        let slope = lipschitz * draw.including_ends(-1.0, 1.0);
        let width = unit * draw.log_uniform(0.01, 3.0);
        // Down to 0 at most, where f'' then stays.
        let down = if slope < 0.0 { (second / -slope).min(width) } else { width };
        pieces.push((down, slope));
        second = if down < width { 0.0 } else { second + slope * width };
        if down < width {
            pieces.push((width - down, 0.0));
        }
    }
    pieces.push((f64::INFINITY, lipschitz * draw.including_ends(0.0, 1.0)));
    pieces
}

/// f'' ≥ 0
pub(crate) fn convex() -> Hypothesis<CubicSpline> {
    Hypothesis::new("convex", |f: &CubicSpline, _| {
        let lowest = f.lowest();
        // What sums of products over the knots leave of 0.
        Check::that(lowest >= -1e-13 * f.curvature.abs(), format!("f″ ≥ {lowest}"))
    })
}

/// The critical point 0 is on the side to which f falls.
pub(crate) fn downhill() -> Hypothesis<CubicSpline> {
    Hypothesis::new("x* lies downhill", |f: &CubicSpline, _| {
        let [_, slope, _] = f.derivatives(&f.start);
        Check::that(slope * f.start > 0.0, format!("f′(x₀) = {slope} at x₀ = {}", f.start))
    })
}

/// s satisfies what makes a global minimiser of the model.
pub(crate) fn global_minimiser<I: Regularised>() -> Hypothesis<I> {
    Hypothesis::new("global minimiser of the model", |it: &I, _| {
        let made = it.made();
        Check::that(
            made.unsolved <= 1e-10 && made.shifted >= -1e-10,
            format!(
                "the equation of s holds to {:.1e}, the shifted Hessian is at least {:.1e}, in their units",
                made.unsolved, made.shifted
            ),
        )
    })
}

/// What is left after N steps, on functions made for each N and on one of them, with the bound.
pub(crate) fn rates(_: &mut Draw, _: Effort) -> Content {
    let numbers: Vec<usize> =
        (0..=16).map(|k| powf(2.0, f64::from(k) / 2.0).round() as usize).collect();
    let made = numbers.iter().map(|&n| {
        let f = CubicSpline::slowest_ramp(1.0, 1.0, n);
        (n as f64, f.share_left(&f.regularised(n)[n]))
    });
    let single = CubicSpline::slowest_ramp(1.0, 1.0, 30);
    let run = single.regularised(60);
    let along = (1..=60usize).map(|n| (n as f64, single.share_left(&run[n])));
    Content::Points {
        groups: vec![
            Group::new("made for each N", made),
            Group::new("made for N = 30", along.filter(|(_, y)| *y > 1e-6)),
        ],
        lines: vec![Line::predicted(
            "(4/27)/N²",
            numbers.iter().map(|&n| (n as f64, 4.0 / 27.0 / (n * n) as f64)),
        )],
    }
}
