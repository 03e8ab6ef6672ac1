//! Unit steps of BFGS and DFP on quadratics in the plane, in a thousand digits.

use nalgebra::{DMatrix, DVector};
use theoria_algorithms::{ConstantStep, Method, QuasiNewton, Update};
use theoria_elementary::{cos, sin, sin_cos};
use theoria_models::numerics::LongFloat;
use theoria_models::oracle::Curvature;
use theoria_models::point::InnerProduct;
use theoria_verification::{Check, Family, Hypothesis, Instance};

use super::quadratic_forms::Linear;

pub(crate) type Long = LongFloat<4096>;

/// Ratios of consecutive errors below this leave too few digits.
const LAST: f64 = -700.0;

/// A symmetric matrix of two rows: both entries of the diagonal, and the other one.
type Symmetric = [f64; 3];

/// x·A x/2 from a start, with H₀.
#[derive(Debug, Clone)]
pub(crate) struct PlaneRun {
    pub(crate) update: Update,
    matrix: Symmetric,
    inverse: Symmetric,
    start: [f64; 2],
}

/// After a step: λ = det H A, t = tan² of the angle between x and the step, and E = x·A x; angles are measured with A.
#[derive(Debug, Clone)]
pub(crate) struct State {
    pub(crate) lambda: Long,
    pub(crate) tangent: Long,
    pub(crate) energy: Long,
}

impl Instance for PlaneRun {
    fn description(&self) -> String {
        let shown = |m: &Symmetric| format!("({} {}; {} {})", m[0], m[2], m[2], m[1]);
        format!(
            "{:?}, A = {}, H₀ = {}, x₀ = {:?}",
            self.update,
            shown(&self.matrix),
            shown(&self.inverse),
            self.start
        )
    }
}

fn one() -> Long {
    Long::from(1.0)
}

fn wide(m: &Symmetric) -> DMatrix<Long> {
    DMatrix::from_fn(2, 2, |i, j| Long::from(if i == j { m[i] } else { m[2] }))
}

fn determinant(m: &DMatrix<Long>) -> Long {
    m[(0, 0)].clone() * m[(1, 1)].clone() - m[(0, 1)].clone() * m[(1, 0)].clone()
}

impl State {
    /// T = λ² t
    fn weight(&self) -> Long {
        self.lambda.clone() * self.lambda.clone() * self.tangent.clone()
    }

    /// What the recursion makes of it.
    pub(crate) fn next(&self, update: Update) -> State {
        let weight = self.weight();
        let towards_one = |value: Long| (value + weight.clone()) / (one() + weight.clone());
        let lambda = match update {
            Update::Dfp => one() / towards_one(one() / self.lambda.clone()),
            _ => towards_one(self.lambda.clone()),
        };
        let short = self.lambda.clone() - one();
        let share = self.tangent.clone() / (one() + self.tangent.clone());
        State {
            lambda,
            tangent: one() / weight.clone(),
            energy: self.energy.clone() * short.clone() * short * share,
        }
    }

    /// λ − 1, or 1/λ − 1 for DFP.
    pub(crate) fn missing(&self, update: Update) -> Long {
        match update {
            Update::Dfp => one() / self.lambda.clone() - one(),
            _ => self.lambda.clone() - one(),
        }
    }

    /// log ρ for ρ² = t/(1 + t)²
    pub(crate) fn log_rate(&self) -> f64 {
        let sum = one() + self.tangent.clone();
        self.tangent.ln_of_size() / 2.0 - sum.ln_of_size()
    }
}

impl PlaneRun {
    /// A = I, H₀ = diag(1, λ), and tan² t of x₀: already what a first step leaves.
    pub(crate) fn standard(update: Update, lambda: f64, tangent: f64) -> Self {
        let start = [1.0 / (1.0 + tangent).sqrt(), (tangent / (1.0 + tangent)).sqrt()];
        PlaneRun { update, matrix: [1.0, 1.0, 0.0], inverse: [1.0, lambda, 0.0], start }
    }

    /// The states after the first step, the second, … up to so many, or as far as digits reach.
    pub(crate) fn states(&self, steps: usize) -> Vec<State> {
        let oracle =
            Linear { matrix: wide(&self.matrix), right: DVector::from_element(2, Long::from(0.0)) };
        let mut x = DVector::from_fn(2, |i, _| Long::from(self.start[i]));
        let mut method =
            QuasiNewton::new(self.update, wide(&self.inverse), ConstantStep::<Long>::unit());
        let mut states: Vec<State> = Vec::new();
        let (mut image, mut along) = (x.clone(), x.clone());
        for _ in 0..steps {
            method.step(&oracle, &mut x);
            let Some((step, _)) = method.pair() else { break };
            oracle.hessian_times(&x, &x, &mut image);
            oracle.hessian_times(&x, step, &mut along);
            let energy = x.inner_product(&image);
            let (length, mixed) = (step.inner_product(&along), x.inner_product(&along));
            if mixed == Long::from(0.0) {
                break;
            }
            let state = State {
                lambda: determinant(method.inverse()) * determinant(&oracle.matrix),
                tangent: energy.clone() * length / (mixed.clone() * mixed) - one(),
                energy,
            };
            let last = states.last().map_or(0.0, |last| {
                (state.energy.log10_of_size() - last.energy.log10_of_size()) / 2.0
            });
            states.push(state);
            if last < LAST {
                break;
            }
        }
        states
    }
}

/// R diag(p, q) Rᵀ with R of this angle.
fn turned(p: f64, q: f64, angle: f64) -> Symmetric {
    let (sine, cosine) = sin_cos(angle);
    [
        p * cosine * cosine + q * sine * sine,
        p * sine * sine + q * cosine * cosine,
        (p - q) * sine * cosine,
    ]
}

/// Any A, H₀ and start; λ is drawn on both sides of 1, or at least 1.
pub(crate) fn plane_runs(name: &str, least: f64) -> Family<PlaneRun> {
    Family::drawn(name, move |draw| {
        let update = if draw.coin() { Update::Bfgs } else { Update::Dfp };
        let (first, ratio) = (draw.log_uniform(0.1, 10.0), draw.log_uniform(1.0, 100.0));
        let angle = draw.uniform(0.0, 3.0);
        let matrix = turned(first, first * ratio, angle);
        // H₀ = A⁻¹ times factors along two other directions.
        let (one, other) = (draw.log_uniform(least, 10.0), draw.log_uniform(least, 10.0));
        let relative = draw.uniform(-0.5, 0.5) * f64::from(u8::from(draw.coin()));
        let inverse = turned(one / first, other / (first * ratio), angle + relative);
        let place = draw.uniform(0.0, 3.0);
        let start = [cos(place), sin(place)];
        PlaneRun { update, matrix, inverse, start }
    })
}

/// det A > 0 and det H₀ > 0, with positive diagonals.
pub(crate) fn definite() -> Hypothesis<PlaneRun> {
    Hypothesis::new("positive definite", |run: &PlaneRun, _| {
        let good = |m: &Symmetric| m[0] > 0.0 && m[0] * m[1] - m[2] * m[2] > 0.0;
        Check::that(good(&run.matrix) && good(&run.inverse), "A and H₀")
    })
}

/// λ ≥ 1 after the first step.
pub(crate) fn overestimates() -> Hypothesis<PlaneRun> {
    Hypothesis::new("λ ≥ 1", |run: &PlaneRun, _| {
        let first = run.states(1).first().map_or(f64::NAN, |state| state.lambda.nearest());
        Check::at_least(first, 1.0, "λ after the first step")
    })
}
