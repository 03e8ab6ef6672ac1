//! What a randomised range finder leaves of a matrix, of which only the singular values count.

use theoria_models::{Matrix, RangeFinder, Svd, Vector, data};
use theoria_verification::{Check, Claim, Family, Generator, Hypothesis, Instance, TrialClaim};

use super::descent_cone::normal;

/// Wanted singular values.
const RANK: usize = 6;
/// Columns beyond them. For p ≤ 3 the variance grows without bound as the wanted ones do, for p < 6 the skewness.
const MORE: usize = 8;
/// Equal singular values of a tail: so many that the mean is within 3% of the bound.
const TAIL: usize = 400;
/// So few that it is not.
const FEW: usize = 40;

/// Singular values, the rank that is wanted, and the columns beyond it.
pub(crate) struct Sketch {
    name: String,
    /// Decreasing.
    values: Vec<f64>,
    /// So many ones follow them.
    ones: usize,
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
        Sketch { name: name.into(), values, ones: 0, rank, more, by_columns: false }
    }

    /// Σ_{j > k} s_j²
    fn tail(&self) -> f64 {
        self.values[self.rank..].iter().map(|s| s * s).sum::<f64>() + self.ones as f64
    }

    /// |A − QQᵀA|_F² over the tail. A is diagonal: normal test matrices know no direction. Of many ones they see what their columns span there
    /// alone, so that a triangular factor stands for it.
    fn trial(&self, random: &mut Generator) -> f64 {
        let (d, columns) = (self.values.len(), self.rank + self.more);
        let spanned = columns.min(self.ones);
        let test = if self.by_columns {
            let chosen = rand::seq::index::sample(random, d + self.ones, columns).into_vec();
            // One that is drawn among the ones spans a direction of its own.
            Matrix::from_fn(d + spanned, columns, |i, j| {
                f64::from(u8::from(chosen[j] == i || (chosen[j] >= d && i == d + j)))
            })
        } else {
            let triangular = triangular_factor(self.ones, columns, random);
            Matrix::from_fn(d + spanned, columns, |i, j| match i.checked_sub(d) {
                None => normal(random),
                Some(i) => triangular[(i, j)],
            })
        };
        let seen = [self.values.clone(), vec![1.0; spanned]].concat();
        let matrix = Matrix::from_diagonal(&Vector::from_vec(seen.clone()));
        let basis = RangeFinder::new(columns).basis_from(&matrix, &test);
        let missed = (self.ones - spanned) as f64;
        let left = seen.iter().enumerate();
        let left = left.map(|(i, s)| s * s * (1.0 - basis.row(i).norm_squared())).sum::<f64>();
        (missed + left) / self.tail()
    }
}

impl Sketch {
    /// 1 + k/(p − 1)
    fn bound(&self, k: f64) -> f64 {
        1.0 + k / (self.more as f64 - 1.0)
    }

    /// At least the second moment of a trial. What is lost is at most m + |Ω₂ Ω₁⁺|_F², whose moments are those of t = |Ω₁⁺|_F², the trace of an inverse
    /// Wishart matrix (von Rosen 1988): of variances 2/((p − 1)²(p − 3)) of its entries, and covariances 1/p of that.
    fn second_moment_above_a_flat_tail(&self) -> f64 {
        let (m, k, p) = (self.ones as f64, self.rank as f64, self.more as f64);
        let mean = k / (p - 1.0);
        let variance = 2.0 / ((p - 1.0).powi(2) * (p - 3.0));
        let square = mean * mean + k * variance * (1.0 + (k - 1.0) / p);
        1.0 + 2.0 * mean + (1.0 + 2.0 / m) * square
    }
}

/// The R of a normal matrix QR with so many rows: independent entries, the roots of χ² on the diagonal (Bartlett 1933).
fn triangular_factor(rows: usize, columns: usize, random: &mut Generator) -> Matrix {
    let mut factor = Matrix::zeros(rows.min(columns), columns);
    for i in 0..rows.min(columns) {
        factor[(i, i)] = (i..rows).map(|_| normal(random).powi(2)).sum::<f64>().sqrt();
        for j in i + 1..columns {
            factor[(i, j)] = normal(random);
        }
    }
    factor
}

/// Singular values that decay, and those of the digits.
fn spectra() -> Family<Sketch> {
    let digits =
        Svd::of(&data::digits().features).values().iter().copied().filter(|s| *s > 1e-9).collect();
    let decaying: Vec<f64> = (0..60).map(|i| 0.9f64.powi(i)).collect();
    let all = [("decaying by 0.9", decaying, 4), ("digits", digits, 10)];
    Family::listed("spectra", all, |(name, values, rank)| {
        Sketch::new(name, values.clone(), *rank, MORE)
    })
}

/// The wanted ones far above a flat tail.
fn far_above(ones: usize, more: usize) -> Sketch {
    let name = format!("10⁴ above a tail of {ones} ones");
    Sketch { ones, ..Sketch::new(&name, vec![1e4; RANK], RANK, more) }
}

fn flat() -> Family<Sketch> {
    Family::listed("flat tail", [MORE, MORE + 4], |more| far_above(TAIL, *more))
}

fn short() -> Family<Sketch> {
    Family::listed("short flat tail", [MORE, MORE + 4], |more| far_above(FEW, *more))
}

fn by_columns() -> Family<Sketch> {
    Family::single("columns of A", || Sketch { by_columns: true, ..far_above(TAIL, MORE) })
}

fn normal_entries() -> Hypothesis<Sketch> {
    Hypothesis::new("independent normal entries", |at: &Sketch, _| {
        Check::that(!at.by_columns, "entries of the test matrix are drawn so")
    })
}

fn enough_columns() -> Hypothesis<Sketch> {
    Hypothesis::new("p ≥ 2", |at: &Sketch, _| Check::at_least(at.more as f64, 2.0, "p, 2"))
}

fn expected(name: &str, formula: &str) -> TrialClaim<Sketch> {
    Claim::expected_bound(name, formula)
        .assuming([normal_entries(), enough_columns()])
        // Fewer are too few for the skewness with eight more columns, at one of thirty seeds.
        .trials(16_384)
        .sampling(|at: &Sketch, block| block.each_value(at.rank, |random| at.trial(random)))
}

/// E |A − QQᵀA|² over its bound, and with a number that is 5% smaller.
pub(crate) fn range_finder() -> [TrialClaim<Sketch>; 2] {
    let claim = expected("range_finder", "E |A − QQᵀA|_F² ≤ (1 + k/(p − 1)) Σ_{j>k} s_j²")
        .on(flat())
        .predicting(Sketch::bound);
    let formula = "E |A − QQᵀA|_F² ≤ 0.95 (1 + k/(p − 1)) Σ_{j>k} s_j²";
    let better =
        claim.restated("range_finder_is_better", formula).predicting(|at, k| 0.95 * at.bound(k));
    [claim.on(spectra()).tight_to(0.96), better]
}

/// Where columns of A are drawn.
pub(crate) fn range_finder_by_columns() -> TrialClaim<Sketch> {
    expected("range_finder_by_columns", "E |A − QQᵀA|_F² ≤ (1 + k/(p − 1)) Σ_{j>k} s_j²")
        .on(by_columns())
        .predicting(Sketch::bound)
        .violating("independent normal entries")
}

/// What the mean is where the wanted ones are far above a flat tail, and as if the columns beyond took nothing out of it.
pub(crate) fn range_finder_far_above() -> [TrialClaim<Sketch>; 2] {
    let claim = Claim::expected_value(
        "range_finder_far_above",
        "E |A − QQᵀA|_F² → (m − p)(1 + k/(p − 1)) for m equal s_j, j > k, and s_k → ∞",
        0.04,
    )
    .assuming([normal_entries(), enough_columns()])
    .on(short())
    .trials(65_536)
    .second_moment_at_most(|at, _| at.second_moment_above_a_flat_tail())
    .sampling(|at: &Sketch, block| block.each_value(at.rank, |random| at.trial(random)))
    .predicting(|at, k| (1.0 - at.more as f64 / at.ones as f64) * at.bound(k));
    let takes_nothing = claim
        .restated(
            "range_finder_far_above_takes_nothing",
            "E |A − QQᵀA|_F² → m(1 + k/(p − 1)) for m equal s_j, j > k, and s_k → ∞",
        )
        .predicting(Sketch::bound);
    [claim.on(flat()), takes_nothing]
}
