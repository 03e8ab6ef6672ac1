//! Newton's method whose systems are solved with a residual: what conjugate gradients leave, and a residual that is as large as it may be.

use nalgebra::{DMatrix, DVector};
use theoria_algorithms::{ConstantStep, Forcing, Method, Newton, NewtonCg};
use theoria_models::elimination;
use theoria_models::numerics::LongFloat;
use theoria_models::oracle::{NewtonSystem, Oracle};
use theoria_models::point::{InnerProduct, SquareRoot};
use theoria_verification::{Check, Draw, Family, Hypothesis, Instance};

use super::quadratic_forms::Linear;
use super::unknowns::Long;

/// A hundred and fifty decimal digits.
type Digits = LongFloat<512>;

/// Gradients below this have no digits left for their successors.
const LAST: f64 = -290.0;

/// A quadratic with a diagonal Hessian (conjugate gradients know no axes), the gradient at the start, and the forcing.
#[derive(Debug, Clone)]
pub(crate) struct Forced {
    curvatures: Vec<f64>,
    gradient: Vec<f64>,
    forcing: Forcing,
}

impl Instance for Forced {
    fn description(&self) -> String {
        format!(
            "curvatures {:?}, gradient {:?}, {:?}",
            self.curvatures, self.gradient, self.forcing
        )
    }
}

impl Forced {
    /// η
    pub(crate) fn eta(&self) -> f64 {
        let size = self.gradient.iter().map(|g| g * g).sum::<f64>().sqrt();
        match self.forcing {
            Forcing::Constant(eta) => eta,
            Forcing::SquareRoot => size.sqrt().min(0.5),
            Forcing::Linear => size.min(0.5),
        }
    }

    /// η|g|
    pub(crate) fn allowed(&self) -> f64 {
        self.eta() * self.gradient.iter().map(|g| g * g).sum::<f64>().sqrt()
    }

    /// κ
    pub(crate) fn condition_number(&self) -> f64 {
        let ends = self
            .curvatures
            .iter()
            .fold((f64::INFINITY, 0f64), |(low, high), c| (low.min(*c), high.max(*c)));
        ends.1 / ends.0
    }

    /// How many curvatures differ from each other, of those along which the gradient has a part.
    pub(crate) fn curvatures_seen(&self) -> usize {
        let pairs = self.curvatures.iter().zip(&self.gradient).filter(|(_, g)| **g != 0.0);
        let mut seen: Vec<f64> = pairs.map(|(c, _)| *c).collect();
        seen.sort_by(f64::total_cmp);
        seen.dedup();
        seen.len()
    }

    fn dimension(&self) -> usize {
        self.curvatures.len()
    }

    /// One step of Newton-CG: |g + Hp|, |p − p*|/|p*| with the full step p*, and the number of products.
    pub(crate) fn step(&self) -> Option<(f64, f64, usize)> {
        let curvatures = DVector::from_iterator(
            self.dimension(),
            self.curvatures.iter().map(|c| Digits::from(*c)),
        );
        let gradient = DVector::from_iterator(
            self.dimension(),
            self.gradient.iter().map(|g| Digits::from(*g)),
        );
        let zero = gradient.map(|_| Digits::from(0.0));
        let matrix = DMatrix::from_fn(self.dimension(), self.dimension(), |i, j| {
            if i == j { curvatures[i].clone() } else { Digits::from(0.0) }
        });
        let full = elimination::solve(&matrix, &gradient.map(|g| -g))?;
        let oracle = Linear { matrix, right: gradient.map(|g| -g) };
        let mut x = zero;
        let mut method = NewtonCg::new(self.forcing, ConstantStep::unit());
        method.step(&oracle, &mut x);
        let mut residual = x.clone();
        oracle.gradient(&x, &mut residual);
        let away = norm(&(&x - &full)) / norm(&full);
        Some((norm(&residual).nearest(), away.nearest(), method.products()))
    }

    fn drawn(draw: &mut Draw) -> Self {
        let size = draw.size(2..=4);
        let curvatures = (0..size).map(|_| draw.log_uniform(1.0, 100.0)).collect();
        // Parts of the gradient of very different sizes leave most.
        let part = |draw: &mut Draw| draw.log_uniform(1e-6, 1.0);
        let gradient = (0..size).map(|_| part(draw)).collect();
        let forcing = match draw.size(0..=2) {
            0 => Forcing::Constant(draw.log_uniform(1e-6, 0.9)),
            1 => Forcing::SquareRoot,
            _ => Forcing::Linear,
        };
        Forced { curvatures, gradient, forcing }
    }
}

fn norm<const BITS: usize>(vector: &DVector<LongFloat<BITS>>) -> LongFloat<BITS> {
    vector.iter().map(|entry| entry.clone() * entry.clone()).sum::<LongFloat<BITS>>().sqrt()
}

/// Quadratics in two to four dimensions, and all three forcings.
pub(crate) fn forced() -> Family<Forced> {
    Family::drawn("quadratics", Forced::drawn)
}

/// Curvatures 1 and κ, a gradient nearly along the second; the first product leaves just what is allowed, all of it along the first.
pub(crate) fn worst_forced() -> Family<Forced> {
    Family::listed("nearly along the steepest axis", [4.0, 10.0, 50.0], |&steep: &f64| {
        let tilt = 1e-4;
        // The residual after one product over the gradient.
        let left = tilt * (steep - 1.0) / (steep + tilt * tilt);
        Forced {
            curvatures: vec![1.0, steep],
            gradient: vec![tilt, 1.0],
            forcing: Forcing::Constant(left * (1.0 + 1e-6)),
        }
    })
}

/// So many axes with so many different curvatures, of which the gradient sees these; solved to fifty digits.
pub(crate) fn solved_to_the_end() -> Family<Forced> {
    let sizes = [
        (1usize, 1usize, 1usize),
        (2, 2, 2),
        (4, 3, 3),
        (7, 3, 3),
        (7, 7, 7),
        (7, 7, 4),
        (6, 3, 2),
    ];
    Family::listed("to fifty digits", sizes, |&(size, different, seen)| Forced {
        curvatures: (0..size).map(|i| 1.0 + (i % different) as f64).collect(),
        gradient: (0..size)
            .map(|i| if i % different < seen { 1.0 / (1.0 + i as f64) } else { 0.0 })
            .collect(),
        forcing: Forcing::Constant(1e-50),
    })
}

/// The last curvature is negative, and the gradient has a part along it.
pub(crate) fn indefinite() -> Family<Forced> {
    Family::listed("one negative curvature", [-0.5, -1.0, -4.0], |&down| Forced {
        curvatures: vec![2.0, 1.0, down],
        gradient: vec![0.3, 0.5, 1.0],
        forcing: Forcing::Constant(0.1),
    })
}

/// Positive curvatures.
pub(crate) fn definite() -> Hypothesis<Forced> {
    Hypothesis::new("positive definite Hessian", |it: &Forced, _| {
        let least = it.curvatures.iter().fold(f64::INFINITY, |least, c| least.min(*c));
        Check::that(least > 0.0, format!("the smallest curvature is {least}"))
    })
}

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
    /// Take (a_i·x)²/2 off as well, which leaves a Hessian of 0 at 0.
    flat: bool,
}

impl Instance for Residual {
    fn description(&self) -> String {
        let shown = |v: &DVector<Long>| format!("({:.3}, {:.3})", v[0].nearest(), v[1].nearest());
        let rows: Vec<String> = self.rows.iter().map(shown).collect();
        format!(
            "a = {}{}, residual {:.3}|g|^{} along {}, from {}",
            rows.join(" "),
            if self.flat { " without squares" } else { "" },
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
            let weight = if self.flat { sum.exp_m1() } else { sum.exp() };
            hessian += row * row.transpose() * weight;
        }
        hessian
    }

    fn drawn(draw: &mut Draw, factor: f64, quarters: usize) -> Self {
        // The axes make the Hessian positive definite.
        let mut rows = vec![plane(1.0, 0.0), plane(0.0, 1.0)];
        rows.push(plane(draw.uniform(-1.0, 1.0), draw.uniform(-1.0, 1.0)));
        let angle = draw.uniform(0.0, std::f64::consts::TAU);
        let along = plane(angle.cos(), angle.sin());
        let length = norm(&along);
        let along = along.map(|entry| entry / length.clone());
        let start = plane(draw.uniform(0.01, 0.03), draw.uniform(-0.03, 0.03));
        Residual { rows, along, start, factor, quarters, flat: false }
    }
}

impl Oracle<DVector<Long>> for Residual {
    fn gradient(&self, at: &DVector<Long>, into: &mut DVector<Long>) {
        into.fill(Long::from(0.0));
        for row in &self.rows {
            let sum = row.inner_product(at);
            let off = if self.flat { sum.clone() } else { Long::from(0.0) };
            into.axpy(sum.exp_m1() - off, row, Long::from(1.0));
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
        flat: true,
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
        flat: false,
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
        let least = ratios.into_iter().fold(f64::INFINITY, f64::min).exp();
        Check::at_least(least, 1e-6, "the least ratio")
    })
}
