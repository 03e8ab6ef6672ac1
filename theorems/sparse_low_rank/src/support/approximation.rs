//! Matrices with given singular values, and matrices of low rank beside them.

use theoria_elementary::{cos, sin, sin_cos};
use theoria_models::networks::haar_orthogonal;
use theoria_models::numerics::maximum;
use theoria_models::{Matrix, Svd, Vector, exact_rank};
use theoria_verification::{Check, Draw, Family, Hypothesis, Instance};

use super::factorisation::gaussian;

/// A, a rank k, and a matrix B of that rank.
pub(crate) struct Approximation {
    name: String,
    left: Matrix,
    right: Matrix,
    /// Singular values of A, decreasing.
    pub(crate) values: Vec<f64>,
    /// k
    pub(crate) rank: usize,
    competitor: Competitor,
}

/// B, or how it is made.
enum Competitor {
    Matrix(Matrix),
    /// The best, with u_k and v_k turned by this angle towards u_{k+1} and v_{k+1}.
    Turned(f64),
    /// The best, with this times u₁v₁ᵀ added.
    Longer(f64),
}

impl Instance for Approximation {
    fn description(&self) -> String {
        let (n, m) = (self.left.nrows(), self.right.nrows());
        let what = match &self.competitor {
            Competitor::Matrix(b) if n * m <= 6 => format!("B = {:.4?}", b.as_slice()),
            Competitor::Matrix(_) => String::new(),
            Competitor::Turned(angle) => format!("turned by {angle:.4}"),
            Competitor::Longer(length) => format!("with {length:.4} u₁v₁ᵀ"),
        };
        format!(
            "{}: {n} x {m}, singular values {:.4?}, k = {} {what}",
            self.name, self.values, self.rank
        )
    }

    fn needs() -> String {
        "a matrix A, a rank k, and a matrix B of rank k".into()
    }
}

/// Σ x_i over these columns of two frames.
fn sum(left: &Matrix, values: &[f64], right: &Matrix, kept: impl Fn(usize) -> bool) -> Matrix {
    let strengths = Vector::from_fn(values.len(), |i, _| if kept(i) { values[i] } else { 0.0 });
    left * Matrix::from_diagonal(&strengths) * right.transpose()
}

impl Approximation {
    /// A
    pub(crate) fn target(&self) -> Matrix {
        sum(&self.left, &self.values, &self.right, |_| true)
    }

    /// A_k, made of what A was made of.
    pub(crate) fn best(&self) -> Matrix {
        sum(&self.left, &self.values, &self.right, |i| i < self.rank)
    }

    /// All but the first, with as many as are wanted.
    pub(crate) fn without_the_first(&self) -> Matrix {
        sum(&self.left, &self.values, &self.right, |i| (1..=self.rank).contains(&i))
    }

    /// B
    pub(crate) fn competitor(&self) -> Matrix {
        match &self.competitor {
            Competitor::Matrix(matrix) => matrix.clone(),
            Competitor::Turned(angle) => {
                let (k, (sine, cosine)) = (self.rank - 1, sin_cos(*angle));
                let turned = |frame: &Matrix| {
                    let mut turned = frame.clone();
                    turned.set_column(k, &(frame.column(k) * cosine + frame.column(k + 1) * sine));
                    turned
                };
                sum(&turned(&self.left), &self.values, &turned(&self.right), |i| i < self.rank)
            }
            Competitor::Longer(length) => {
                self.best() + self.left.column(0) * self.right.column(0).transpose() * *length
            }
        }
    }

    /// A − B
    pub(crate) fn left_over(&self) -> Matrix {
        self.target() - self.competitor()
    }

    /// √(Σ_{j > k} s_j²)
    pub(crate) fn tail(&self) -> f64 {
        self.values[self.rank..].iter().map(|s| s * s).sum::<f64>().sqrt()
    }

    /// s_j, from 1 on; 0 beyond the last.
    pub(crate) fn value(&self, j: usize) -> f64 {
        self.values.get(j - 1).copied().unwrap_or(0.0)
    }

    /// 1 − s_{k+1}/s_k
    pub(crate) fn relative_gap(&self) -> f64 {
        1.0 - self.value(self.rank + 1) / self.value(self.rank)
    }

    /// What rounding may do to a sum of squared entries.
    pub(crate) fn rounding(&self) -> f64 {
        let size = self.values[0].powi(2) + self.competitor().norm_squared();
        64.0 * f64::EPSILON * self.values.len() as f64 * size
    }

    /// With these singular values along the axes.
    fn diagonal(name: &str, values: &[f64], rank: usize, competitor: Competitor) -> Self {
        let axes = Matrix::identity(values.len(), values.len());
        Approximation {
            name: name.into(),
            left: axes.clone(),
            right: axes,
            values: values.to_vec(),
            rank,
            competitor,
        }
    }

    /// With random singular vectors.
    fn framed(name: &str, values: Vec<f64>, rank: usize, draw: &mut Draw) -> Self {
        let mut frame = || {
            let size = values.len() + draw.size(0..=3);
            let columns = haar_orthogonal(size, size, draw.generator());
            columns.columns(0, values.len()).into_owned()
        };
        let (left, right) = (frame(), frame());
        let competitor = Competitor::Turned(0.0);
        Approximation { name: name.into(), left, right, values, rank, competitor }
    }

    fn against(self, competitor: Competitor) -> Self {
        Approximation { competitor, ..self }
    }
}

/// From 1 down, each so many times the one before.
fn values(least: f64, draw: &mut Draw) -> Vec<f64> {
    let mut values = vec![1.0];
    for _ in 0..draw.size(1..=4) {
        values.push(values[values.len() - 1] * draw.uniform(least, 0.95));
    }
    values
}

/// Without a competitor of their own.
pub(crate) fn matrices() -> Family<Approximation> {
    Family::drawn("random singular vectors", |draw| {
        let values = values(0.3, draw);
        let rank = draw.size(1..=values.len() - 1);
        Approximation::framed("random", values, rank, draw)
    })
    .with_draws(12)
}

/// Two equal ones at the place where the best approximation is to be cut.
pub(crate) fn equal_values() -> Family<Approximation> {
    Family::listed("s_k = s_{k+1}", [vec![1.0, 1.0], vec![3.0, 2.0, 2.0, 1.0]], |values| {
        let rank = values.len() / 2;
        Approximation::diagonal("equal", values, rank, Competitor::Turned(0.0))
    })
}

/// What a competitor loses more than the best, at least, where s_1 = 1.
const SEEN: f64 = 1e-8;

/// Random factors, fitted to A in turn up to three times.
pub(crate) fn fitted() -> Family<Approximation> {
    Family::drawn("fitted competitors", |draw| {
        let values = values(0.3, draw);
        let rank = draw.size(1..=values.len() - 1);
        let drawn = Approximation::framed("fitted", values, rank, draw);
        let target = drawn.target();
        let (n, m) = target.shape();
        let random = |rows, columns, draw: &mut Draw| {
            Matrix::from_column_slice(rows, columns, gaussian(rows * columns, 0.5, draw).as_slice())
        };
        let mut matrix = random(n, rank, draw) * random(rank, m, draw);
        for _ in 0..draw.size(0..=3) {
            // Onto the columns, then onto the rows of what that gives.
            let columns = Svd::of(&matrix).left().columns(0, rank).into_owned();
            let rows = target.tr_mul(&columns).qr().q();
            let next = &target * &rows * rows.transpose();
            // Of the best itself, or what is it but for rounding, no distance can be seen.
            if (&target - &next).norm_squared() < drawn.tail().powi(2) + SEEN {
                break;
            }
            matrix = next;
        }
        drawn.against(Competitor::Matrix(matrix))
    })
    .with_draws(12)
}

/// c x yᵀ beside diag(1, s).
pub(crate) fn planar() -> Family<Approximation> {
    Family::drawn("rank 1 in the plane", |draw| {
        let second = draw.including_ends(0.0, 0.99);
        let (first, other) = (draw.uniform(-1.6, 1.6), draw.uniform(-1.6, 1.6));
        let size = draw.uniform(0.0, 2.0);
        let x = Vector::from_vec(vec![cos(first), sin(first)]);
        let y = Vector::from_vec(vec![cos(other), sin(other)]);
        let matrix = x * y.transpose() * size;
        Approximation::diagonal("diagonal", &[1.0, second], 1, Competitor::Matrix(matrix))
    })
}

/// The best itself.
pub(crate) fn best_ones() -> Family<Approximation> {
    turned("the best itself", &[0.0])
}

/// Turned by these angles.
pub(crate) fn turned(name: &str, angles: &[f64]) -> Family<Approximation> {
    Family::listed(name, angles.to_vec(), |angle| {
        Approximation::diagonal("turned", &[3.0, 2.0, 1.0, 0.5], 2, Competitor::Turned(*angle))
    })
}

/// With u₁v₁ᵀ added, so many times s_{k+1}.
pub(crate) fn longer(name: &str, shares: &[f64]) -> Family<Approximation> {
    Family::listed(name, shares.to_vec(), |share| {
        Approximation::diagonal("longer", &[3.0, 2.0, 1.0, 0.5], 2, Competitor::Longer(*share))
    })
}

pub(crate) fn rank_is_k() -> Hypothesis<Approximation> {
    Hypothesis::new("rank B ≤ k", |at: &Approximation, _| {
        let values = Svd::of(&at.competitor()).values().clone();
        let beyond = values.iter().skip(at.rank).copied().fold(0.0, maximum);
        let allowed = 1e-14 * at.values[0].max(values[0]);
        Check::at_most(beyond, allowed, "singular value k + 1 of B")
    })
}

pub(crate) fn gap() -> Hypothesis<Approximation> {
    Hypothesis::new("s_k > s_{k+1}", |at: &Approximation, _| {
        Check::at_least(at.relative_gap(), 1e-3, "1 − s_{k+1}/s_k")
    })
}

/// The rank of a matrix of sixteenths, in exact numbers.
pub(crate) fn rank_of_sixteenths(matrix: &Matrix) -> f64 {
    let whole = matrix * 16.0;
    let exact = whole.iter().all(|entry| entry.fract() == 0.0);
    exact.then(|| exact_rank(&whole)).flatten().map_or(f64::NAN, |rank| rank as f64)
}
