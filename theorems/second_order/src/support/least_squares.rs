//! Sums of squares with a critical point at a known place, and what Gauss–Newton steps do near it.

use nalgebra::{DMatrix, DVector};
use theoria_algorithms::{Method, ScaledGradientDescent};
use theoria_models::numerics::LongFloat;
use theoria_models::oracle::Oracle;
use theoria_models::point::{InnerProduct, SquareRoot};
use theoria_models::{
    BentResiduals, ExponentialFit, Matrix, Residuals, SumOfSquares, Vector, elimination,
};
use theoria_verification::{Check, Constant, Draw, Family, Hypothesis, Instance};

/// A hundred and fifty decimal digits.
pub(crate) type Digits = LongFloat<512>;
pub(crate) type Column = DVector<Digits>;

/// How far a start is from the critical point where one step is looked at: what is of second order is as small as this.
const NEAR: f64 = 1e-40;
/// Steps after which a start has come nearer, or gone.
const STEPS: usize = 300;

pub(crate) fn long(vector: &Vector) -> Column {
    vector.map(Digits::from)
}

pub(crate) fn long_matrix(matrix: &Matrix) -> DMatrix<Digits> {
    matrix.map(Digits::from)
}

/// w·v as a double.
fn product(one: &Vector, other: &Column) -> f64 {
    long(one).inner_product(other).nearest()
}

/// r_i = s c_i + a_i·x + x·B_i x/2 with Σ_i c_i a_i = 0, so that 0 is a critical point for every s; a step length, and directions.
#[derive(Debug, Clone)]
pub(crate) struct Squares {
    slopes: Matrix,
    bends: Vec<Matrix>,
    /// c before what makes the gradient is taken off.
    raw: Vector,
    /// Whether it is taken off.
    critical: bool,
    /// s
    pub(crate) scale: f64,
    /// α
    pub(crate) step: f64,
    along: Vector,
    seen_from: Vector,
}

impl Instance for Squares {
    fn description(&self) -> String {
        let rows: Vec<String> = self.slopes.row_iter().map(|row| shown(row.iter())).collect();
        let bends: Vec<String> = self.bends.iter().map(|bend| shown(bend.iter())).collect();
        format!(
            "a = {}; B = {}; c = {}{}; s = {:.3}; α = {:.3}",
            rows.join(" "),
            bends.join(" "),
            shown(self.raw.iter()),
            if self.critical { " but for its part in the range of J" } else { "" },
            self.scale,
            self.step
        )
    }

    fn constants(&self) -> Vec<Constant> {
        let ends = self.ends();
        let names = ["least eigenvalue of Q", "largest one"];
        let known = names.into_iter().zip(ends).filter(|(_, value)| value.is_finite());
        known.map(|(name, value)| Constant::exact(name, value)).collect()
    }
}

pub(crate) fn shown<'a>(numbers: impl Iterator<Item = &'a f64>) -> String {
    let numbers: Vec<String> = numbers.map(|x| format!("{x:.3}")).collect();
    format!("({})", numbers.join(", "))
}

impl Squares {
    pub(crate) fn dimension(&self) -> usize {
        self.slopes.ncols()
    }

    pub(crate) fn function(&self) -> SumOfSquares<BentResiduals<Digits>> {
        let (slopes, raw) = (long_matrix(&self.slopes), long(&self.raw));
        let normal = slopes.transpose() * &slopes;
        let off = if self.critical { slopes.transpose() * &raw } else { self.critical() };
        let off = elimination::solve(&normal, &off);
        let scale = Digits::from(self.scale);
        // Without full rank nothing can be taken off, and c is 0.
        let constants = off.map_or(raw.map(|_| Digits::from(0.0)), |weights| {
            (&raw - &slopes * weights).map(|entry| entry * scale.clone())
        });
        let bends = self.bends.iter().map(long_matrix).collect();
        SumOfSquares(BentResiduals::new(constants, slopes, bends))
    }

    fn critical(&self) -> Column {
        Column::from_element(self.dimension(), Digits::from(0.0))
    }

    /// S = Σ_i r_i ∇²r_i at the critical point.
    fn curvature(&self) -> DMatrix<Digits> {
        let (f, at) = (self.function(), self.critical());
        f.0.curvature(&at, &f.0.values(&at))
    }

    /// Q v = (JᵀJ)⁻¹ S v
    fn times(&self, vector: &Column) -> Option<Column> {
        let slopes = long_matrix(&self.slopes);
        elimination::solve(&(slopes.transpose() * &slopes), &(self.curvature() * vector))
    }

    /// The least and the largest eigenvalue of Q, which is similar to a symmetric matrix.
    pub(crate) fn ends(&self) -> [f64; 2] {
        let curvature = self.curvature().map(|entry| entry.nearest());
        let normal = self.slopes.tr_mul(&self.slopes);
        let symmetric = normal.cholesky().and_then(|factor| {
            let lower = factor.l();
            let half = lower.solve_lower_triangular(&curvature)?;
            lower.solve_lower_triangular(&half.transpose())
        });
        symmetric.map_or([f64::NAN; 2], |matrix| {
            let eigenvalues = ((&matrix + matrix.transpose()) / 2.0).symmetric_eigenvalues();
            [eigenvalues.min(), eigenvalues.max()]
        })
    }

    /// The smallest eigenvalue of the Hessian at the critical point.
    pub(crate) fn least_curvature(&self) -> f64 {
        let hessian = self.function().hessian(&self.critical()).map(|entry| entry.nearest());
        hessian.symmetric_eigenvalues().min()
    }

    /// e after one step from e = NEAR u, over NEAR, seen from a direction.
    pub(crate) fn stepped(&self) -> f64 {
        let mut x = long(&self.along) * Digits::from(NEAR);
        let mut method = ScaledGradientDescent::<Column>::new(self.step.into());
        method.step(&self.function(), &mut x);
        if method.stalled() { f64::NAN } else { product(&self.seen_from, &x) / NEAR }
    }

    /// The same by so many times Q: (I − α(I + times Q)) u.
    pub(crate) fn told(&self, times: f64) -> f64 {
        let (u, step) = (long(&self.along), Digits::from(self.step));
        self.times(&u).map_or(f64::NAN, |image| {
            let part = product(&self.seen_from, &image);
            let whole = product(&self.seen_from, &u);
            whole - step.nearest() * (whole + times * part)
        })
    }

    /// |e₊|/|e|² after a full step from e = NEAR u.
    pub(crate) fn squared(&self) -> f64 {
        let mut x = long(&self.along) * Digits::from(NEAR);
        let before = x.inner_product(&x);
        let mut method = ScaledGradientDescent::<Column>::new(1.0.into());
        method.step(&self.function(), &mut x);
        if method.stalled() { f64::NAN } else { (x.inner_product(&x).sqrt() / before).nearest() }
    }

    /// log|e₊|/log|e| for a full step from e = 10⁻⁶⁰ u.
    pub(crate) fn order(&self) -> f64 {
        let mut x = long(&self.along) * Digits::from(1e-60);
        let before = x.inner_product(&x).ln_of_size();
        let mut method = ScaledGradientDescent::<Column>::new(1.0.into());
        method.step(&self.function(), &mut x);
        if method.stalled() { f64::NAN } else { x.inner_product(&x).ln_of_size() / before }
    }

    /// |(JᵀJ)⁻¹Jᵀ B[u, u]|/2 over |u|²
    pub(crate) fn bend(&self) -> f64 {
        let (slopes, u) = (long_matrix(&self.slopes), long(&self.along));
        let bent = Column::from_iterator(
            self.bends.len(),
            self.bends.iter().map(|bend| u.inner_product(&(long_matrix(bend) * &u))),
        );
        let step =
            elimination::solve(&(slopes.transpose() * &slopes), &(slopes.transpose() * bent));
        step.map_or(f64::NAN, |step| {
            let square = u.inner_product(&u) * Digits::from(2.0);
            (step.inner_product(&step).sqrt() / square).nearest()
        })
    }

    /// 1 if steps come nearer to the critical point, 0 if they leave it, by |J e|; no number if neither.
    pub(crate) fn attracts(&self) -> f64 {
        let slopes = long_matrix(&self.slopes);
        let size = |x: &Column| {
            let image = &slopes * x;
            image.inner_product(&image).sqrt()
        };
        let mut x = long(&self.along) * Digits::from(NEAR);
        let (f, before) = (self.function(), size(&x));
        let mut method = ScaledGradientDescent::<Column>::new(self.step.into());
        (0..STEPS).for_each(|_| method.step(&f, &mut x));
        let ratio = (size(&x) / before).nearest();
        match ratio {
            r if r < 1e-2 => 1.0,
            r if r > 10.0 => 0.0,
            _ => f64::NAN,
        }
    }

    fn drawn(draw: &mut Draw) -> Self {
        let d = draw.size(1..=3);
        let n = d + draw.size(1..=2);
        let slopes =
            Matrix::from_fn(n, d, |i, j| draw.uniform(-1.0, 1.0) + if i == j { 2.0 } else { 0.0 });
        let mut symmetric = |_| {
            let half = Matrix::from_fn(d, d, |_, _| draw.uniform(-1.0, 1.0));
            &half + half.transpose()
        };
        let bends = (0..n).map(&mut symmetric).collect();
        let raw = Vector::from_fn(n, |_, _| {
            draw.uniform(0.5, 1.5) * if draw.coin() { 1.0 } else { -1.0 }
        });
        let along = Vector::from_fn(d, |_, _| draw.uniform(0.5, 1.5));
        let seen_from = Vector::from_fn(d, |_, _| draw.uniform(0.5, 1.5));
        Squares { slopes, bends, raw, critical: true, scale: 1.0, step: 1.0, along, seen_from }
    }

    /// With s such that the largest eigenvalue of Q has this size.
    fn scaled_to(mut self, size: f64) -> Self {
        let [low, high] = self.ends();
        self.scale = size / low.abs().max(high.abs());
        self
    }
}

/// Any residual, any step.
pub(crate) fn squares() -> Family<Squares> {
    Family::drawn("bent residuals", |draw| {
        let (size, step) = (draw.uniform(0.2, 2.0), draw.uniform(0.3, 2.0));
        Squares { step, ..Squares::drawn(draw).scaled_to(size) }
    })
}

/// With s such that the least eigenvalue of Q is −level, from `low` to `high`.
pub(crate) fn levels(name: &str, low: f64, high: f64) -> Family<Squares> {
    Family::drawn(name, move |draw| {
        let level = draw.uniform(low, high);
        let it = Squares::drawn(draw);
        let [least, largest] = it.ends();
        // A negative s turns the eigenvalues round.
        let scale = if least < 0.0 { -level / least } else { -level / largest };
        Squares { scale, ..it }
    })
}

/// Strict minima, their eigenvalues of Q from −0.9 to 3, with α(1 + q) away from 2 for the largest of these.
pub(crate) fn minima(name: &str, low: f64, high: f64) -> Family<Squares> {
    Family::drawn(name, move |draw| {
        let (share, level) = (draw.uniform(0.2, 1.0), draw.uniform(low, high));
        let it = Squares::drawn(draw);
        let [least, largest] = it.ends();
        // Both bounds hold, one of them with equality before the share.
        let scale = share / (-least / 0.9).max(largest / 3.0);
        Squares { scale, step: level / (1.0 + scale * largest), ..it }
    })
}

/// At places that are not critical.
pub(crate) fn elsewhere() -> Family<Squares> {
    Family::drawn("not critical", |draw| Squares { critical: false, ..Squares::drawn(draw) })
}

/// Saddles and maxima, with steps that are short enough for the largest eigenvalue of Q.
pub(crate) fn saddles() -> Family<Squares> {
    let saddles = levels("least q below −1", 1.3, 2.0);
    saddles.map(|it| {
        let [_, largest] = it.ends();
        Squares { step: 1.0 / (1.0 + largest.max(0.0)), ..it }
    })
}

/// Residuals that are 0 at the critical point.
pub(crate) fn fitted() -> Family<Squares> {
    Family::drawn("zero residuals", |draw| Squares { scale: 0.0, ..Squares::drawn(draw) })
}

/// r = (b x²/2, c x²/2) at 0: no slopes.
pub(crate) fn without_slopes() -> Family<Squares> {
    Family::listed("no slopes", [(1.0, 2.0), (3.0, -1.0), (-0.5, 0.7)], |&(b, c)| {
        let one = |entry: f64| Matrix::from_element(1, 1, entry);
        Squares {
            slopes: Matrix::zeros(2, 1),
            bends: vec![one(b), one(c)],
            raw: Vector::from_element(2, 1.0),
            critical: true,
            scale: 0.0,
            step: 1.0,
            along: Vector::from_element(1, 1.0),
            seen_from: Vector::from_element(1, 1.0),
        }
    })
}

/// The gradient vanishes at 0 to 140 digits.
pub(crate) fn critical() -> Hypothesis<Squares> {
    Hypothesis::new("∇f(x*) = 0", |it: &Squares, _| {
        let (at, mut gradient) = (it.critical(), it.critical());
        it.function().gradient(&at, &mut gradient);
        Check::at_most(gradient.inner_product(&gradient).sqrt().nearest(), 1e-140, "|∇f(x*)|")
    })
}

/// JᵀJ is invertible.
pub(crate) fn full_rank() -> Hypothesis<Squares> {
    Hypothesis::new("J(x*) has full rank", |it: &Squares, _| {
        let least = it.slopes.tr_mul(&it.slopes).symmetric_eigenvalues().min();
        Check::that(least > 1e-6, format!("least eigenvalue of JᵀJ: {least:.3}"))
    })
}

/// r(x*) = 0
pub(crate) fn no_residual() -> Hypothesis<Squares> {
    Hypothesis::new("r(x*) = 0", |it: &Squares, _| {
        let values = it.function().0.values(&it.critical());
        let size = values.inner_product(&values).sqrt().nearest();
        Check::that(size == 0.0, format!("|r(x*)| = {size:.3}"))
    })
}

/// All eigenvalues of Q are above −1.
pub(crate) fn strict_minimum() -> Hypothesis<Squares> {
    Hypothesis::new("strict minimum", |it: &Squares, _| {
        let least = it.least_curvature();
        Check::that(least > 0.0, format!("least eigenvalue of H(x*): {least:.3}"))
    })
}

/// a e^{bt} through three points at t = 0, 1, 2, which leave a residual of size s at a = 1, b = −1/2, on one side or the other.
fn exponential(residual: f64) -> SumOfSquares<ExponentialFit<Digits>> {
    let times = Column::from_fn(3, |i, _| Digits::from(i as f64));
    let powers = times.map(|time| (time * Digits::from(-0.5)).exp());
    let slopes = times.zip_map(&powers, |time, power| time * power);
    let normal = powers.cross(&slopes);
    let size = normal.inner_product(&normal).sqrt();
    let targets = powers
        .zip_map(&normal, |power, normal| power - normal * Digits::from(residual) / size.clone());
    SumOfSquares(ExponentialFit::new(times, targets, Digits::exp))
}

/// The smallest eigenvalue of its Hessian there.
pub(crate) fn curvature_of_the_fit(residual: f64) -> f64 {
    let best = Column::from_vec(vec![Digits::from(1.0), Digits::from(-0.5)]);
    let hessian = exponential(residual).hessian(&best).map(|entry| entry.nearest());
    hessian.symmetric_eigenvalues().min()
}

/// |e_n| of full steps from a thousandth away in both parameters.
pub(crate) fn errors_of_the_fit(residual: f64, steps: usize) -> Vec<f64> {
    let f = exponential(residual);
    let best = Column::from_vec(vec![Digits::from(1.0), Digits::from(-0.5)]);
    let mut x = best.map(|entry| entry + Digits::from(1e-3));
    let mut method = ScaledGradientDescent::<Column>::new(1.0.into());
    let mut errors = Vec::new();
    for _ in 0..=steps {
        let error = &x - &best;
        errors.push(error.inner_product(&error).sqrt().nearest());
        method.step(&f, &mut x);
    }
    errors
}

/// r = (x + 1, l x² + x − 1) in doubles, whose minimum or maximum is at 0.
pub(crate) fn fletcher(l: f64) -> SumOfSquares<BentResiduals<f64>> {
    let bends = vec![Matrix::zeros(1, 1), Matrix::from_element(1, 1, 2.0 * l)];
    let constants = Vector::from_vec(vec![1.0, -1.0]);
    SumOfSquares(BentResiduals::new(constants, Matrix::from_element(2, 1, 1.0), bends))
}

/// Iterates of full steps on it.
pub(crate) fn fletcher_iterates(l: f64, start: f64, steps: usize) -> Vec<f64> {
    let (f, mut x) = (fletcher(l), Vector::from_element(1, start));
    let mut method = ScaledGradientDescent::new(1.0);
    let mut iterates = vec![start];
    for _ in 0..steps {
        method.step(&f, &mut x);
        iterates.push(x[0]);
    }
    iterates
}
