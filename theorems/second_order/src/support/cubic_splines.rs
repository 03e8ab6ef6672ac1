//! Functions of one variable with a Lipschitz second derivative: dense in their class.

use theoria_algorithms::{Method, Newton};
use theoria_models::numerics::maximum;
use theoria_models::point::Scalar;
use theoria_models::{Equation, Vector};
use theoria_verification::{Check, Constant, Draw, Family, Hypothesis, Instance};

/// A piece of f'' as seen from 0: so wide, with this slope outwards. The last one has no end.
pub(super) type Piece = (f64, f64);

/// f with f'(0) = 0 and a second derivative that is piecewise linear, with slopes of at most M.
#[derive(Debug, Clone)]
pub(crate) struct CubicSpline {
    /// μ = f''(0)
    pub(crate) curvature: f64,
    /// M
    pub(crate) lipschitz: f64,
    pub(super) left: Vec<Piece>,
    pub(super) right: Vec<Piece>,
    pub(crate) start: f64,
}

impl Instance for CubicSpline {
    fn description(&self) -> String {
        let side = |pieces: &[Piece]| {
            let told: Vec<String> = pieces
                .iter()
                .map(|(width, slope)| match width.is_finite() {
                    true => format!("{slope} for {width}"),
                    false => format!("{slope}"),
                })
                .collect();
            told.join(", ")
        };
        format!(
            "f′(0) = 0, f″(0) = {}, slopes of f″ outwards: {} to the left, {} to the right; from {}",
            self.curvature,
            side(&self.left),
            side(&self.right),
            self.start
        )
    }

    fn constants(&self) -> Vec<Constant> {
        vec![Constant::exact("μ", self.curvature), Constant::exact("M", self.lipschitz)]
    }
}

impl CubicSpline {
    /// μx²/2 - M|x|³/6, started at this share of the radius 2μ/(3M).
    pub(crate) fn worst(curvature: f64, lipschitz: f64, share: f64) -> Self {
        let side = vec![(f64::INFINITY, -lipschitz)];
        let start = share * 2.0 * curvature / (3.0 * lipschitz);
        CubicSpline { curvature, lipschitz, left: side.clone(), right: side, start }
    }

    /// 2μ/(3M)
    pub(crate) fn radius(&self) -> f64 {
        2.0 * self.curvature / (3.0 * self.lipschitz)
    }

    /// f(x) − f(0), f'(x) and f''(x)
    pub(super) fn derivatives<S: Scalar>(&self, x: &S) -> [S; 3] {
        let backwards = *x < S::from(0.0);
        let mut left = if backwards { -x.clone() } else { x.clone() };
        let [mut value, mut first, mut second] = [0.0, 0.0, self.curvature].map(S::from);
        for &(width, slope) in if backwards { &self.left } else { &self.right } {
            let ends = width.is_finite() && S::from(width) < left;
            let part = if ends { S::from(width) } else { left.clone() };
            let rise = S::from(slope) * part.clone();
            let (half, sixth) = (part.clone() / S::from(2.0), part.clone() / S::from(6.0));
            value = value
                + (first.clone() + second.clone() * half + rise.clone() * sixth) * part.clone();
            first = first
                + (second.clone() * part.clone() + rise.clone() * part.clone() / S::from(2.0));
            second = second + rise;
            left = left - part;
        }
        [value, if backwards { -first } else { first }, second]
    }

    /// x_n
    pub(crate) fn after(&self, steps: usize) -> f64 {
        let (one, other) = (self.clone(), self.clone());
        let equation =
            Equation::new(move |x: &f64| one.derivatives(x)[1], move |x| other.derivatives(x)[2]);
        let (mut newton, mut x) = (Newton::default(), Vector::from_element(1, self.start));
        for _ in 0..steps {
            newton.step(&equation, &mut x);
        }
        x[0]
    }

    /// M e²/(2(μ - M e)), which is the distance after one step at most.
    pub(crate) fn bound(&self) -> f64 {
        let e = self.start.abs();
        self.lipschitz * e * e / (2.0 * (self.curvature - self.lipschitz * e))
    }

    /// What a step may be off by.
    pub(crate) fn rounding(&self) -> f64 {
        let [_, first, second] = self.derivatives(&self.start);
        let pieces = (self.left.len() + self.right.len()) as f64;
        let curvatures = self.curvature + self.lipschitz * self.start.abs();
        8.0 * pieces * f64::EPSILON * (self.start.abs() + (first / second).abs()) * curvatures
            / second.abs()
    }
}

/// With M = 1 or another size, started within so much of the distance μ/M at which f'' may vanish.
pub(crate) fn cubic_splines(within: f64) -> Family<CubicSpline> {
    Family::drawn("functions with a Lipschitz second derivative", move |draw| {
        let (curvature, lipschitz) = (draw.log_uniform(0.1, 10.0), draw.log_uniform(0.1, 10.0));
        let unit = curvature / lipschitz;
        let (left, right) = (side(lipschitz, unit, draw), side(lipschitz, unit, draw));
        let distance = draw.uniform(0.01, within) * unit;
        let start = if draw.coin() { distance } else { -distance };
        CubicSpline { curvature, lipschitz, left, right, start }
    })
}

fn side(lipschitz: f64, unit: f64, draw: &mut Draw) -> Vec<Piece> {
    let count = draw.several();
    let pieces: Vec<Piece> = (0..count)
        .map(|i| {
            let last = i + 1 == count;
            let width = if last { f64::INFINITY } else { unit * draw.log_uniform(0.01, 1.0) };
            (width, lipschitz * draw.including_ends(-1.0, 1.0))
        })
        .collect();
    if pieces.iter().all(|(_, slope)| *slope == -lipschitz) {
        draw.label("steepest");
    }
    pieces
}

/// Slopes of f'' are at most M.
pub(crate) fn lipschitz_second_derivative() -> Hypothesis<CubicSpline> {
    Hypothesis::new("Lipschitz Hessian", |f: &CubicSpline, _| {
        let slopes = f.left.iter().chain(&f.right).map(|(_, slope)| slope.abs());
        let steepest = slopes.fold(0.0, maximum);
        Check::that(
            steepest <= f.lipschitz * (1.0 + f64::EPSILON),
            format!("slopes of f″ up to {steepest}, M = {}", f.lipschitz),
        )
    })
}

/// |x_0| < μ/M, so that f'' is positive on the way.
pub(crate) fn near() -> Hypothesis<CubicSpline> {
    Hypothesis::new("e < μ/M", |f: &CubicSpline, _| {
        let share = f.start.abs() * f.lipschitz / f.curvature;
        Check::that(share < 1.0, format!("e = {share:.4} μ/M"))
    })
}

/// |x_0| < 2μ/(3M)
pub(crate) fn within_the_radius() -> Hypothesis<CubicSpline> {
    Hypothesis::new("e < 2μ/(3M)", |f: &CubicSpline, _| {
        let share = f.start.abs() / f.radius();
        Check::that(share < 1.0, format!("e = {share:.4} of 2μ/(3M)"))
    })
}
