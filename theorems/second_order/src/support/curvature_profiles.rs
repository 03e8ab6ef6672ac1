//! Functions of one variable whose curvature lies between two numbers: dense in their class.

use theoria_algorithms::{DampedNewton, Method, Newton};
use theoria_models::{OneVariable, Vector};
use theoria_verification::{Check, Constant, Draw, Family, Hypothesis, Instance, Reading};

/// A piece of f'' as seen from 0: over this width it goes on a line to this height. After the last it stays.
type Piece = (f64, f64);

/// f with f(0) = f'(0) = 0 and a continuous, piecewise linear f'' said to lie between μ and L, and a start.
#[derive(Debug, Clone)]
pub(crate) struct Profile {
    /// μ
    pub(crate) lowest: f64,
    /// L
    pub(crate) largest: f64,
    /// f''(0)
    height: f64,
    left: Vec<Piece>,
    right: Vec<Piece>,
    pub(crate) start: f64,
    /// c and b of the backtracking.
    pub(crate) backtracking: (f64, f64),
}

impl Instance for Profile {
    fn description(&self) -> String {
        let side = |pieces: &[Piece]| {
            let told: Vec<String> =
                pieces.iter().map(|(width, height)| format!("{height} over {width}")).collect();
            told.join(", ")
        };
        let (c, b) = self.backtracking;
        format!(
            "f″(0) = {}, to the left on lines to {}, to the right to {}; from {}, c = {c}, b = {b}",
            self.height,
            side(&self.left),
            side(&self.right),
            self.start
        )
    }

    fn constants(&self) -> Vec<Constant> {
        vec![Constant::exact("μ", self.lowest), Constant::exact("L", self.largest)]
    }
}

impl Profile {
    /// f'' = L up to |x| = 1, then within this width down to μ = 1; steps are backtracked with c = 1/4, b = 1/2.
    pub(crate) fn shoulder(kappa: f64, width: f64, start: f64) -> Self {
        let side = vec![(1.0, kappa), (width, 1.0)];
        Profile {
            lowest: 1.0,
            largest: kappa,
            height: kappa,
            left: side.clone(),
            right: side,
            start,
            backtracking: (0.25, 0.5),
        }
    }

    /// L/μ
    pub(crate) fn condition(&self) -> f64 {
        self.largest / self.lowest
    }

    /// f(x), f'(x), f''(x), made of positive terms alone where f'' is positive.
    fn jet(&self, x: f64) -> [f64; 3] {
        let (mut left, mut value, mut first, mut second) = (x.abs(), 0.0, 0.0, self.height);
        let pieces = if x < 0.0 { &self.left } else { &self.right };
        let constant = pieces.last().map_or(self.height, |(_, height)| *height);
        for (width, height) in pieces.iter().copied().chain([(f64::INFINITY, constant)]) {
            let part = width.min(left);
            let share = if width.is_finite() { part / width } else { 0.0 };
            let next = if share < 1.0 { second + (height - second) * share } else { height };
            value += first * part + part * part * (2.0 * second + next) / 6.0;
            first += part * (second + next) / 2.0;
            (second, left) = (next, left - part);
        }
        [value, if x < 0.0 { -first } else { first }, second]
    }

    fn function(&self) -> OneVariable<f64> {
        let [one, two, three] = [self.clone(), self.clone(), self.clone()];
        OneVariable::new(
            move |x| one.jet(*x)[0],
            move |x| two.jet(*x)[1],
            move |x| three.jet(*x)[2],
        )
    }

    /// x_n of Newton's method.
    pub(crate) fn after(&self, steps: usize) -> f64 {
        let (f, mut newton) = (self.function(), Newton::default());
        let mut x = Vector::from_element(1, self.start);
        (0..steps).for_each(|_| newton.step(&f, &mut x));
        x[0]
    }

    /// x_n of Newton's method with backtracking.
    pub(crate) fn damped_after(&self, steps: usize) -> f64 {
        let (f, mut damped) = (self.function(), self.damped());
        let mut x = Vector::from_element(1, self.start);
        (0..steps).for_each(|_| damped.step(&f, &mut x));
        x[0]
    }

    fn damped(&self) -> DampedNewton<Vector> {
        let (c, b) = self.backtracking;
        DampedNewton::new(c, b)
    }

    /// t of the first step with backtracking; NaN where none was found.
    pub(crate) fn first_share(&self) -> f64 {
        let (f, mut damped) = (self.function(), self.damped());
        damped.step(&f, &mut Vector::from_element(1, self.start));
        if damped.stalled() { f64::NAN } else { self.backtracking.1.powi(damped.cuts() as i32) }
    }

    /// |x_1|, with what rounding may do: a few units of the step and of the places it is made of.
    pub(crate) fn distance(&self) -> Reading {
        let [_, first, second] = self.jet(self.start);
        let count = 8.0 * (2 + self.left.len() + self.right.len()) as f64;
        let terms = self.start.abs() + (first / second).abs();
        Reading::new(self.after(1).abs(), count * f64::EPSILON * terms)
    }

    /// The least and the largest of f''.
    fn range(&self) -> (f64, f64) {
        let heights = self.left.iter().chain(&self.right).map(|(_, height)| *height);
        heights.fold((self.height, self.height), |(low, high), h| (low.min(h), high.max(h)))
    }
}

/// With a condition number in this range.
pub(crate) fn profiles(name: &str, least: f64, most: f64) -> Family<Profile> {
    Family::drawn(name, move |draw| {
        let (lowest, kappa) = (draw.log_uniform(0.1, 10.0), draw.log_uniform(least, most));
        let largest = kappa * lowest;
        let height = between(lowest, largest, draw);
        let (left, right) = (side(lowest, largest, draw), side(lowest, largest, draw));
        let distance = draw.log_uniform(0.01, 100.0);
        let start = if draw.coin() { distance } else { -distance };
        let backtracking = (draw.uniform(0.01, 0.49), draw.uniform(0.1, 0.9));
        Profile { lowest, largest, height, left, right, start, backtracking }
    })
}

/// The same, with curvatures up to twice the L that is said.
pub(crate) fn steeper_than_said() -> Family<Profile> {
    profiles("steeper than said", 3.0, 10.0).map(|f| Profile { largest: f.largest / 2.0, ..f })
}

fn between(lowest: f64, largest: f64, draw: &mut Draw) -> f64 {
    let share = draw.including_ends(0.0, 1.0);
    lowest * (1.0 - share) + largest * share
}

fn side(lowest: f64, largest: f64, draw: &mut Draw) -> Vec<Piece> {
    let count = draw.several();
    (0..count).map(|_| (draw.log_uniform(1e-4, 10.0), between(lowest, largest, draw))).collect()
}

/// μ ≤ f″ ≤ L with μ > 0.
pub(crate) fn curvature_between() -> Hypothesis<Profile> {
    Hypothesis::new("μ ≤ f″ ≤ L", |f: &Profile, _| {
        let (low, high) = f.range();
        let within = low >= f.lowest * (1.0 - 1e-12) && high <= f.largest * (1.0 + 1e-12);
        let (mu, l) = (f.lowest, f.largest);
        Check::that(within && mu > 0.0, format!("{low} ≤ f″ ≤ {high}, μ = {mu}, L = {l}"))
    })
}

/// L < 2μ
pub(crate) fn narrow() -> Hypothesis<Profile> {
    Hypothesis::new("κ < 2", |f: &Profile, _| {
        Check::that(f.condition() < 2.0, format!("κ = {}", f.condition()))
    })
}
