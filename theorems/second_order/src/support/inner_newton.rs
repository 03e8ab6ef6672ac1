//! The equation of an implicit step on a function with a Lipschitz second derivative, as Newton's method sees it.

use theoria_algorithms::{Method, Newton};
use theoria_models::numerics::{Fraction, minimum};
use theoria_models::{Equation, Vector};
use theoria_verification::{Check, Constant, Family, Hypothesis, Instance, Reading};

/// f'' is even and piecewise linear: from a height at 0 it goes to other heights, each over a width, and stays at the last one. The step leads to
/// x_+ = 0; Newton's method starts at y.
#[derive(Debug, Clone)]
pub(crate) struct InnerNewton {
    lipschitz: f64,
    pub(crate) step: f64,
    height: f64,
    pieces: Vec<(f64, f64)>,
    pub(crate) from: f64,
}

impl Instance for InnerNewton {
    fn description(&self) -> String {
        let pieces: Vec<String> = self
            .pieces
            .iter()
            .map(|(width, height)| format!(", to {height} over {width}"))
            .collect();
        format!("h = {}, f″(0) = {}{}; y = {}", self.step, self.height, pieces.concat(), self.from)
    }

    fn constants(&self) -> Vec<Constant> {
        vec![Constant::exact("M", self.lipschitz), Constant::exact("h", self.step)]
    }
}

impl InnerNewton {
    /// f'' = M max(0, t − |y|) with t = 2/(Mh), from so many times t; or with another t, from there.
    pub(crate) fn worst(lipschitz: f64, step: f64, reach: f64, share: f64) -> Self {
        let t = reach * 2.0 / (lipschitz * step);
        let pieces = vec![(t, 0.0)];
        InnerNewton { lipschitz, step, height: lipschitz * t, pieces, from: share * t }
    }

    /// f'(y) − f'(0) and f''(y) for y ≥ 0.
    fn derivatives(&self, y: f64) -> (f64, f64) {
        let (mut left, mut first, mut second) = (y, 0.0, self.height);
        for &(width, height) in &self.pieces {
            let part = width.min(left);
            let next =
                if part < width { second + (height - second) * part / width } else { height };
            first += part * (second + next) / 2.0;
            (second, left) = (next, left - part);
        }
        (first + left * second, second)
    }

    /// Where Newton's method is after so many steps.
    pub(crate) fn after(&self, steps: usize) -> f64 {
        let (one, other, h) = (self.clone(), self.clone(), self.step);
        let equation = Equation::new(
            move |y: &f64| y + h * y.signum() * one.derivatives(y.abs()).0,
            move |y| 1.0 + h * other.derivatives(y.abs()).1,
        );
        let (mut newton, mut y) = (Newton::default(), Vector::from_element(1, self.from));
        (0..steps).for_each(|_| newton.step(&equation, &mut y));
        y[0]
    }

    /// The distance after one step, with what rounding may do: a few units of the terms over the slope.
    pub(crate) fn distance(&self) -> Reading {
        let (first, second) = self.derivatives(self.from);
        let slope = (1.0 + self.step * second).abs();
        let heights =
            self.pieces.iter().fold(self.height.abs(), |m, (_, height)| m.max(height.abs()));
        let terms = self.from * (1.0 + self.step * heights) + self.step * first.abs();
        let count = 8.0 + 4.0 * self.pieces.len() as f64;
        Reading::new(
            self.after(1).abs(),
            count * f64::EPSILON * terms * (1.0 + self.step * heights) / slope.powi(2).min(slope),
        )
    }

    /// (Mh/2) e²
    pub(crate) fn bound(&self) -> f64 {
        self.lipschitz * self.step / 2.0 * self.from * self.from
    }

    /// 2/(Mh)
    pub(crate) fn radius(&self) -> f64 {
        2.0 / (self.lipschitz * self.step)
    }

    /// The least of f'' on the way to 0.
    fn lowest(&self) -> f64 {
        self.pieces.iter().map(|(_, height)| *height).fold(self.height, minimum)
    }
}

/// The equation of the step to 0 with f'' = M max(0, t − |y|), in fractions.
pub(crate) fn exact_worst(
    lipschitz: &Fraction,
    step: &Fraction,
    t: &Fraction,
) -> Equation<Fraction> {
    let [m, h, reach] = [lipschitz, step, t].map(Fraction::clone);
    let first = move |y: &Fraction| {
        let size = y.clone().abs();
        let part = if size > reach { reach.clone() } else { size };
        let twice = reach.clone() + reach.clone() - part.clone();
        let rise = m.clone() * part * twice / Fraction::from(2);
        y.clone() + h.clone() * if y.is_negative() { -rise } else { rise }
    };
    let [m, h, reach] = [lipschitz, step, t].map(Fraction::clone);
    let second = move |y: &Fraction| {
        let left = reach.clone() - y.clone().abs();
        let height = if left.is_negative() { Fraction::from(0) } else { m.clone() * left };
        Fraction::from(1) + h.clone() * height
    };
    Equation::new(first, second)
}

/// Heights of f'' down to this share of 1/h, started within so many times 2/(Mh).
pub(crate) fn inner_problems(name: &str, lowest: f64, within: f64) -> Family<InnerNewton> {
    Family::drawn(name, move |draw| {
        let (lipschitz, step) = (draw.log_uniform(0.1, 10.0), draw.log_uniform(0.1, 10.0));
        let from = within * 2.0 / (lipschitz * step) * draw.uniform(0.01, 0.999);
        // In units of 1/h the heights lie above the lowest; M times the start is the largest that matters.
        let unit = (1.0 + lipschitz * step * from) / step;
        let mut before = lowest / step + unit * draw.including_ends(0.0, 1.0);
        let height = before;
        let pieces = (0..draw.several())
            .map(|_| {
                let height = lowest / step + unit * draw.including_ends(0.0, 1.0);
                let steepest = (height - before).abs() / lipschitz;
                before = height;
                (steepest * (1.0 + draw.including_ends(0.0, 1.0)) + 1e-3 * from, height)
            })
            .collect();
        InnerNewton { lipschitz, step, height, pieces, from }
    })
}

/// f″ ≥ 0
pub(crate) fn convex() -> Hypothesis<InnerNewton> {
    Hypothesis::new("convex", |f: &InnerNewton, _| {
        Check::that(f.lowest() >= 0.0, format!("f″ ≥ {:.6e}", f.lowest()))
    })
}

/// The slopes of f″ are at most M.
pub(crate) fn lipschitz_hessian() -> Hypothesis<InnerNewton> {
    Hypothesis::new("Lipschitz Hessian", |f: &InnerNewton, _| {
        let mut before = f.height;
        let mut steepest = 0.0f64;
        for (width, height) in &f.pieces {
            steepest = steepest.max((height - before).abs() / width);
            before = *height;
        }
        Check::at_most(steepest, f.lipschitz, "slope of f″")
    })
}

/// |y₀ − x_+| < 2/(Mh)
pub(crate) fn near() -> Hypothesis<InnerNewton> {
    Hypothesis::new("|y₀ − x₊| < 2/(Mh)", |f: &InnerNewton, _| {
        let share = f.from / f.radius();
        Check::that(share < 1.0, format!("{share:.4} of 2/(Mh)"))
    })
}
