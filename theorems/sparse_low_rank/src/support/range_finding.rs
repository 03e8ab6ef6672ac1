//! What a randomised range finder leaves of a matrix, of which only the singular values count.

use theoria_models::{Matrix, RangeFinder, Svd, Vector, data};
use theoria_verification::{Check, Claim, Family, Generator, Hypothesis, Instance, TrialClaim};

use super::descent_cone::normal;

/// Wanted singular values.
const RANK: usize = 6;
/// Columns beyond them: enough for a skewness, p ≥ 6.
const MORE: usize = 8;
/// So few that the constants with p − 1 and with p + 1 are further apart than the bound is from the mean.
const FEWER: usize = 6;
/// Singular values of the tail.
const TAIL: usize = 60;

/// Singular values, the rank that is wanted, and the columns beyond it.
pub(crate) struct Sketch {
    name: String,
    /// Decreasing.
    values: Vec<f64>,
    rank: usize,
    more: usize,
    /// Whether columns of A are drawn in the place of normal combinations of them.
    by_columns: bool,
}

impl Instance for Sketch {
    fn description(&self) -> String {
        format!("{}, k = {}, p = {}", self.name, self.rank, self.more)
    }
}

impl Sketch {
    fn new(name: &str, values: Vec<f64>, rank: usize, more: usize) -> Self {
        Sketch { name: name.into(), values, rank, more, by_columns: false }
    }

    /// Σ_{j > k} s_j²
    fn tail(&self) -> f64 {
        self.values[self.rank..].iter().map(|s| s * s).sum()
    }

    /// |A − QQᵀA|_F² over the tail. A is diagonal: normal test matrices know no direction.
    fn trial(&self, random: &mut Generator) -> f64 {
        let (d, columns) = (self.values.len(), self.rank + self.more);
        let test = if self.by_columns {
            let chosen = rand::seq::index::sample(random, d, columns).into_vec();
            Matrix::from_fn(d, columns, |i, j| f64::from(u8::from(chosen[j] == i)))
        } else {
            Matrix::from_fn(d, columns, |_, _| normal(random))
        };
        let matrix = Matrix::from_diagonal(&Vector::from_vec(self.values.clone()));
        let basis = RangeFinder::new(columns).basis_from(&matrix, &test);
        let left: f64 = self
            .values
            .iter()
            .enumerate()
            .map(|(i, s)| s * s * (1.0 - basis.row(i).norm_squared()))
            .sum();
        left / self.tail()
    }
}

/// Where the bound is nearly attained, ones that decay, and those of the digits.
fn spectra() -> Family<Sketch> {
    let digits =
        Svd::of(&data::digits().features).values().iter().copied().filter(|s| *s > 1e-9).collect();
    let decaying: Vec<f64> = (0..60).map(|i| 0.9f64.powi(i)).collect();
    let all = [
        (far_above().0, far_above().1, RANK),
        ("decaying by 0.9", decaying, 4),
        ("digits", digits, 10),
    ];
    Family::listed("spectra", all, |(name, values, rank)| {
        Sketch::new(name, values.clone(), *rank, MORE)
    })
}

/// The wanted ones far above a flat tail.
fn far_above() -> (&'static str, Vec<f64>) {
    ("10⁴ above a tail of 60 ones", [vec![1e4; RANK], vec![1.0; TAIL]].concat())
}

fn flat(more: usize) -> Family<Sketch> {
    let (name, values) = far_above();
    Family::single("flat tail", move || Sketch::new(name, values.clone(), RANK, more))
}

fn by_columns() -> Family<Sketch> {
    let (name, values) = far_above();
    Family::single("columns of A", move || Sketch {
        by_columns: true,
        ..Sketch::new(name, values.clone(), RANK, MORE)
    })
}

fn normal_entries() -> Hypothesis<Sketch> {
    Hypothesis::new("independent normal entries", |at: &Sketch, _| {
        Check::that(!at.by_columns, "entries of the test matrix are drawn so")
    })
}

fn enough_columns() -> Hypothesis<Sketch> {
    Hypothesis::new("p ≥ 4", |at: &Sketch, _| Check::at_least(at.more as f64, 4.0, "p, 4"))
}

fn expected(name: &str, formula: &str) -> TrialClaim<Sketch> {
    Claim::expected_bound(name, formula)
        .assuming([normal_entries(), enough_columns()])
        .sampling(|at: &Sketch, block| block.each_value(at.rank, |random| at.trial(random)))
}

/// E |A − QQᵀA|² over its bound.
pub(crate) fn range_finder() -> TrialClaim<Sketch> {
    expected("range_finder", "E |A − QQᵀA|_F² ≤ (1 + k/(p − 1)) Σ_{j>k} s_j²")
        .on(spectra())
        .predicting(|at, k| 1.0 + k / (at.more as f64 - 1.0))
        .tight_to(0.85)
}

/// With another number in the place of p − 1.
pub(crate) fn range_finder_of_a_better_constant() -> TrialClaim<Sketch> {
    expected("range_finder_is_better", "E |A − QQᵀA|_F² ≤ (1 + k/(p + 1)) Σ_{j>k} s_j²")
        .on(flat(FEWER))
        .predicting(|at, k| 1.0 + k / (at.more as f64 + 1.0))
}

/// Where columns of A are drawn.
pub(crate) fn range_finder_by_columns() -> TrialClaim<Sketch> {
    expected("range_finder_by_columns", "E |A − QQᵀA|_F² ≤ (1 + k/(p − 1)) Σ_{j>k} s_j²")
        .on(by_columns())
        .predicting(|at, k| 1.0 + k / (at.more as f64 - 1.0))
        .violating("independent normal entries")
}

/// What the mean is where the wanted ones are far above a flat tail.
pub(crate) fn range_finder_far_above() -> TrialClaim<Sketch> {
    Claim::expected_value(
        "range_finder_far_above",
        "E |A − QQᵀA|_F² → (m − p)(1 + k/(p − 1)) for m equal s_j, j > k, and s_k → ∞",
        0.04,
    )
    .assuming([normal_entries(), enough_columns()])
    .on(flat(MORE))
    .trials(16_384)
    .sampling(|at: &Sketch, block| block.each_value(at.rank, |random| at.trial(random)))
    .predicting(|at, k| {
        let (m, p) = (TAIL as f64, at.more as f64);
        (m - p) * (1.0 + k / (p - 1.0)) / m
    })
}
