//! Newton's method whose systems are solved up to a residual that is as large as it may be.

use nalgebra::{DMatrix, DVector};
use theoria_algorithms::{Method, Newton};
use theoria_elementary::{cos, exp, sin};
use theoria_models::elimination;
use theoria_models::numerics::minimum;
use theoria_models::oracle::{NewtonSystem, Oracle};
use theoria_models::point::{InnerProduct, SquareRoot};
use theoria_verification::{Check, Draw, Family, Hypothesis, Instance};

use super::forced_newton::norm;
use super::unknowns::Long;

/// Gradients below this have no digits left for their successors.
const LAST: f64 = -290.0;

/// Σ_i (e^{a_i·x} − a_i·x) in the plane, which is least at 0, with a system that is solved up to a residual along a fixed direction and
/// of the size factor·|g|^(1 + θ).
#[derive(Debug, Clone)]
pub(crate) struct Residual {
    rows: Vec<DVector<Long>>,
    along: DVector<Long>,
    start: DVector<Long>,
    factor: f64,
    /// θ, a number of quarters.
    quarters: usize,
    bend: Bend,
}

/// What becomes of each term e^t − t.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Bend {
    Smooth,
    /// Less t²/2, which leaves a Hessian of 0 at 0.
    Flat,
    /// And (2/5)|t|^{5/2}, whose second derivative (3/2)|t|^{1/2} has no Lipschitz constant at 0.
    Root,
}

impl Instance for Residual {
    fn description(&self) -> String {
        let shown = |v: &DVector<Long>| format!("({:.3}, {:.3})", v[0].nearest(), v[1].nearest());
        let rows: Vec<String> = self.rows.iter().map(shown).collect();
        format!(
            "a = {}{}, residual {:.3}|g|^{} along {}, from {}",
            rows.join(" "),
            match self.bend {
                Bend::Smooth => "",
                Bend::Flat => " without squares",
                Bend::Root => " with powers of 5/2",
            },
            self.factor,
            1.0 + self.exponent(),
            shown(&self.along),
            shown(&self.start)
        )
    }
}

fn plane(one: f64, other: f64) -> DVector<Long> {
    DVector::from_vec(vec![Long::from(one), Long::from(other)])
}

impl Residual {
    /// θ
    pub(crate) fn exponent(&self) -> f64 {
        self.quarters as f64 / 4.0
    }

    /// η of the constant forcing.
    pub(crate) fn factor(&self) -> f64 {
        self.factor
    }

    /// log|g| for each iterate, at most so many, while successors have digits.
    pub(crate) fn logarithms(&self, most: usize) -> Vec<f64> {
        let (mut x, mut method) = (self.start.clone(), Newton::default());
        let mut logarithms = Vec::new();
        loop {
            let mut gradient = x.clone();
            self.gradient(&x, &mut gradient);
            let logarithm = norm(&gradient).ln_of_size();
            logarithms.push(logarithm);
            let arrived = logarithm < LAST * std::f64::consts::LN_10;
            if logarithms.len() > most || arrived || method.stalled() {
                return logarithms;
            }
            method.step(self, &mut x);
        }
    }

    fn hessian(&self, at: &DVector<Long>) -> DMatrix<Long> {
        let mut hessian = DMatrix::from_element(2, 2, Long::from(0.0));
        for row in &self.rows {
            let sum = row.inner_product(at);
            let weight = match self.bend {
                Bend::Smooth => sum.exp(),
                Bend::Flat => sum.exp_m1(),
                Bend::Root => sum.clone().exp() + Long::from(1.5) * sum.abs().sqrt(),
            };
            hessian += row * row.transpose() * weight;
        }
        hessian
    }

    fn drawn(draw: &mut Draw, factor: f64, quarters: usize) -> Self {
        // The axes make the Hessian positive definite.
        let mut rows = vec![plane(1.0, 0.0), plane(0.0, 1.0)];
        rows.push(plane(draw.uniform(-1.0, 1.0), draw.uniform(-1.0, 1.0)));
        let angle = draw.uniform(0.0, std::f64::consts::TAU);
        let along = plane(cos(angle), sin(angle));
        let length = norm(&along);
        let along = along.map(|entry| entry / length.clone());
        let start = plane(draw.uniform(0.01, 0.03), draw.uniform(-0.03, 0.03));
        Residual { rows, along, start, factor, quarters, bend: Bend::Smooth }
    }
}

impl Oracle<DVector<Long>> for Residual {
    fn gradient(&self, at: &DVector<Long>, into: &mut DVector<Long>) {
        into.fill(Long::from(0.0));
        for row in &self.rows {
            let sum = row.inner_product(at);
            let more = match self.bend {
                Bend::Smooth => Long::from(0.0),
                Bend::Flat => -sum.clone(),
                Bend::Root => sum.clone() * sum.clone().abs().sqrt(),
            };
            into.axpy(sum.exp_m1() + more, row, Long::from(1.0));
        }
    }
}

impl NewtonSystem<DVector<Long>> for Residual {
    fn solve(&self, at: &DVector<Long>, right: &mut DVector<Long>) -> bool {
        let size = norm(right);
        let root = size.clone().sqrt().sqrt();
        let quarters = (0..self.quarters).fold(Long::from(1.0), |power, _| power * root.clone());
        let left = Long::from(self.factor) * size * quarters;
        let wanted = &*right + self.along.map(|entry| entry * left.clone());
        match elimination::solve(&self.hessian(at), &wanted) {
            Some(step) => {
                *right = step;
                true
            }
            None => false,
        }
    }
}

/// η|g| with a constant η.
pub(crate) fn constant_residuals() -> Family<Residual> {
    Family::drawn("residual η|g|", |draw| {
        let eta = draw.uniform(0.05, 0.5);
        Residual::drawn(draw, eta, 0)
    })
}

/// |g|^(1 + θ) with θ from a quarter to 1.
pub(crate) fn residuals() -> Family<Residual> {
    Family::drawn("θ ≤ 1", |draw| {
        let quarters = draw.size(1..=4);
        Residual::drawn(draw, 1.0, quarters)
    })
    .with_draws(8)
}

/// |g|^(1 + θ) with θ from 5/4 to 2.
pub(crate) fn small_residuals() -> Family<Residual> {
    Family::drawn("θ > 1", |draw| {
        let quarters = draw.size(5..=8);
        Residual::drawn(draw, 1.0, quarters)
    })
}

/// A Hessian that vanishes at 0, θ = 1/2 and 1.
pub(crate) fn flat_residuals() -> Family<Residual> {
    Family::listed("no curvature at 0", [2usize, 4], |&quarters| Residual {
        rows: vec![plane(1.0, 0.0), plane(0.0, 1.0)],
        along: plane(1.0, 0.0),
        start: plane(0.02, 0.01),
        factor: 1.0,
        quarters,
        bend: Bend::Flat,
    })
}

/// Without third derivatives at 0, θ = 5/4 and 2.
pub(crate) fn even_residuals() -> Family<Residual> {
    Family::listed("no third derivatives", [5usize, 8], |&quarters| Residual {
        rows: vec![plane(1.0, 0.0), plane(-1.0, 0.0), plane(0.0, 1.0), plane(0.0, -1.0)],
        along: plane(1.0, 0.0),
        start: plane(0.02, 0.01),
        factor: 1.0,
        quarters,
        bend: Bend::Smooth,
    })
}

/// A Hessian that is Hölder continuous with the exponent 1/2 and no larger one at 0, θ = 3/4, 1 and 2.
pub(crate) fn root_residuals() -> Family<Residual> {
    Family::listed("a Hessian with a root", [3usize, 4, 8], |&quarters| Residual {
        rows: vec![plane(1.0, 0.0), plane(0.0, 1.0)],
        along: plane(1.0, 0.0),
        start: plane(0.02, 0.01),
        factor: 1.0,
        quarters,
        bend: Bend::Root,
    })
}

/// η|g| with η > 1: far out each step adds η − 1 to the first coordinate, and multiplies the gradient by e^{η − 1}.
pub(crate) fn growing_residuals() -> Family<Residual> {
    Family::listed("η > 1", [1.5, 2.0], |&factor| Residual {
        rows: vec![plane(1.0, 0.0), plane(0.0, 1.0)],
        along: plane(-1.0, 0.0),
        start: plane(0.02, 0.01),
        factor,
        quarters: 0,
        bend: Bend::Smooth,
    })
}

/// |H(x) − H(x*)| ≤ 10 |x − x*| seen at 10⁻⁶⁰ from x*: the sums of e^t − t that are drawn have 2 + √2³ at most.
pub(crate) fn lipschitz() -> Hypothesis<Residual> {
    Hypothesis::new("H Lipschitz", |it: &Residual, _| {
        let near = it.start.map(|entry| entry * Long::from(1e-60));
        let change = it.hessian(&near) - it.hessian(&plane(0.0, 0.0));
        let size = change.iter().map(|c| c.clone() * c.clone()).sum::<Long>().sqrt();
        let quotient = (size / norm(&near)).nearest();
        Check::at_most(quotient, 10.0, "|H(x) − H(x*)|/|x − x*|")
    })
}

/// The Hessian at 0 is positive definite.
pub(crate) fn curved() -> Hypothesis<Residual> {
    Hypothesis::new("H(x*) invertible", |it: &Residual, _| {
        let hessian = it.hessian(&plane(0.0, 0.0));
        let determinant = elimination::determinant(&hessian).nearest();
        Check::that(determinant > 0.0, format!("det H(x*) = {determinant:.3}"))
    })
}

/// The gradient comes to 0, by the last of at most so many steps.
pub(crate) fn arrives(most: usize) -> Hypothesis<Residual> {
    Hypothesis::new("g_n → 0", move |it: &Residual, _| {
        let logarithms = it.logarithms(most);
        let digits = -logarithms[logarithms.len() - 1] / std::f64::consts::LN_10;
        Check::at_least(digits, 12.0, "digits of the last gradient")
    })
}

/// |g_{n+1}|/|g_n|² stays away from 0, by the last of at most so many steps.
pub(crate) fn no_faster_than_squares(most: usize) -> Hypothesis<Residual> {
    Hypothesis::new("|g_{n+1}|/|g_n|² ≥ c > 0", move |it: &Residual, _| {
        let ratios: Vec<f64> =
            it.logarithms(most).windows(2).map(|pair| pair[1] - 2.0 * pair[0]).collect();
        let least = exp(ratios.into_iter().fold(f64::INFINITY, minimum));
        Check::at_least(least, 1e-6, "the least ratio")
    })
}
