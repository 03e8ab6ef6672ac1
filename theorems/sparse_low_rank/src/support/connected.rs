//! Sets of entries as graphs between rows and columns.

use theoria_models::Matrix;
use theoria_verification::{Case, Check, Claim, Draw, Family, Hypothesis, Readings};

use super::incomplete::{Incomplete, entries, whole};

/// Rows and columns fall into so many parts that no seen entry joins.
pub(crate) fn parts((n, m): (usize, usize), seen: &[(usize, usize)]) -> usize {
    let mut part: Vec<usize> = (0..n + m).collect();
    let mut count = n + m;
    for (i, j) in seen {
        let (one, other) = (part[*i], part[n + j]);
        if one != other {
            count -= 1;
            part.iter_mut().filter(|part| **part == other).for_each(|part| *part = one);
        }
    }
    count
}

/// How many sets of p entries have a derivative of rank n + m − 1, all of them tried, for each p.
pub(crate) fn determining((n, m): (usize, usize)) -> Vec<f64> {
    let first = Matrix::from_fn(n, 1, |i, _| 1.0 + i as f64);
    let second = Matrix::from_fn(1, m, |_, j| 5.0 - 2.0 * j as f64);
    let mut counts = vec![0.0; n * m + 1];
    for set in 0u32..1 << (n * m) {
        let seen = (0..n * m).filter(|at| set >> at & 1 == 1).map(|at| (at / m, at % m)).collect();
        let at = Incomplete::new("a set of entries", first.clone(), second.clone(), seen);
        if at.seen_rank() == Some(n + m - 1) {
            counts[at.seen.len()] += 1.0;
        }
    }
    counts
}

/// How many sets of p entries leave no row and no column empty.
pub(crate) fn covering_sets(n: usize, m: usize, p: usize) -> f64 {
    let empty = |(a, b): (usize, usize)| {
        let sign = if (a + b) % 2 == 0 { 1.0 } else { -1.0 };
        sign * choose(n, a) * choose(m, b) * choose((n - a) * (m - b), p)
    };
    (0..=n).flat_map(|a| (0..=m).map(move |b| (a, b))).map(empty).sum()
}

/// The probability that p entries at random join all rows and columns.
pub(crate) fn share_of_joined((n, m): (usize, usize), p: usize) -> f64 {
    connected_sets(n, m, p) / choose(n * m, p)
}

fn choose(from: usize, count: usize) -> f64 {
    if count > from {
        return 0.0;
    }
    (0..count).fold(1.0, |product, k| product * (from - k) as f64 / (k + 1) as f64)
}

/// C(n, m, p): how many sets of p entries join all rows and columns. Of all sets those are left out in which the first row is joined to a
/// smaller part, which is itself joined and from which no entry leads away.
pub(crate) fn connected_sets(n: usize, m: usize, p: usize) -> f64 {
    let mut table = vec![vec![vec![0.0; p + 1]; m + 1]; n + 1];
    for a in 1..=n {
        for b in 0..=m {
            for q in 0..=p.min(a * b) {
                let mut count = choose(a * b, q);
                let joined = |c: usize, d: usize, inside: usize| -> f64 { table[c][d][inside] };
                for (c, d) in (1..=a).flat_map(|c| (0..=b).map(move |d| (c, d))) {
                    let rest = (a - c) * (b - d);
                    // The whole is not left out.
                    let numbers = q.saturating_sub(rest)..=q.min(c * d);
                    for inside in numbers.filter(|_| (c, d) != (a, b)) {
                        count -= choose(a - 1, c - 1)
                            * choose(b, d)
                            * joined(c, d, inside)
                            * choose(rest, q - inside);
                    }
                }
                table[a][b][q] = count;
            }
        }
    }
    table[n][m][p]
}

/// Sizes (n, m) whose sets are few enough to be tried.
pub(crate) fn small_sizes(sizes: &[(usize, usize)]) -> Family<Case<(usize, usize)>> {
    let sizes = sizes.to_vec();
    Family::cases("all sets of entries", sizes, |(n, m)| format!("{n} x {m}, all sets of entries"))
}

/// Matrices of rank 1, any entries.
pub(crate) fn of_rank_one() -> Family<Incomplete> {
    Family::drawn("rank 1, any entries", |draw| {
        let (n, m) = (draw.size(1..=8), draw.size(1..=8));
        let count = draw.size(1..=n * m);
        let seen = entries((n, m), count, draw.generator());
        whole((n, 1, m), seen, draw)
    })
}

/// A matrix whose first row is zero, and which is seen whole: the row has no part in the rank of its columns.
pub(crate) fn with_a_zero_row() -> Family<Incomplete> {
    let make = |draw: &mut Draw| {
        let (n, m) = (draw.size(2..=6), draw.size(2..=6));
        let rows = Matrix::from_fn(n, 1, |i, _| i as f64);
        let columns = Matrix::from_fn(1, m, |_, j| 1.0 + j as f64);
        // The second column is joined to the rest by the first row alone.
        let seen = (0..n).flat_map(|i| (0..m).map(move |j| (i, j)));
        let seen = seen.filter(|(i, j)| *i == 0 || *j != 1).collect();
        Incomplete::new("a zero row", rows, columns, seen)
    };
    Family::drawn("a zero row", make)
}

pub(crate) fn of_rank_one_without_zeros() -> [Hypothesis<Incomplete>; 2] {
    let rank = Hypothesis::new("rank 1", |at: &Incomplete, _| {
        Check::that(at.sizes().1 == 1, format!("rank {}", at.sizes().1))
    });
    let zeros = Hypothesis::new("no entry is 0", |at: &Incomplete, _| {
        let zeros = at.truth().iter().filter(|entry| **entry == 0.0).count();
        Check::at_most(zeros as f64, 0.0, "zeros, none")
    });
    [rank, zeros]
}

/// n^{m−1} m^{n−1}
pub(crate) fn spanning_trees((n, m): (usize, usize)) -> f64 {
    (n as f64).powi(m as i32 - 1) * (m as f64).powi(n as i32 - 1)
}

/// For each number p of entries, or for the least alone that may do.
pub(crate) fn sets(name: &str, formula: &str, of_all_numbers: bool) -> Claim<Case<(usize, usize)>> {
    Claim::identity(name, formula, 1e-12)
        .assuming([Hypothesis::by_construction("no entry is 0", "u_i = i, v_j = 7 − 2j")])
        .measuring_each(move |at: &Case<(usize, usize)>| {
            let (n, m) = at.value;
            let counts = determining(at.value);
            let last = if of_all_numbers { n * m } else { n + m - 1 };
            Readings::over(n + m - 1..=last, |p: usize| counts[p])
        })
}
