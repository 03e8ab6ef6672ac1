//! Matrices of low rank of which some entries are seen.

use rand::seq::index::sample;
use theoria_algorithms::{LBfgs, Method, StrongWolfe};
use theoria_elementary::cos;
use theoria_models::networks::haar_orthogonal;
use theoria_models::objectives::Completion;
use theoria_models::{Matrix, Objective, Svd, Vector, exact_rank};
use theoria_verification::{Check, Draw, Family, Generator, Hypothesis, Instance};

use super::descent_cone::normal;
use super::factorisation::gaussian;

/// M = UV, and the entries that are seen.
#[derive(Clone)]
pub(crate) struct Incomplete {
    name: String,
    first: Matrix,
    second: Matrix,
    pub(crate) seen: Vec<(usize, usize)>,
}

impl Instance for Incomplete {
    fn description(&self) -> String {
        let (n, r, m) = self.sizes();
        let p = self.seen.len();
        format!("{}: {n} x {m} of rank {r}, {p} entries seen", self.name)
    }

    fn needs() -> String {
        "a matrix as a product of two factors, and the entries that are seen".into()
    }
}

impl Incomplete {
    pub(crate) fn new(
        name: &str,
        first: Matrix,
        second: Matrix,
        seen: Vec<(usize, usize)>,
    ) -> Self {
        Incomplete { name: name.into(), first, second, seen }
    }

    /// n, r, m
    pub(crate) fn sizes(&self) -> (usize, usize, usize) {
        (self.first.nrows(), self.first.ncols(), self.second.ncols())
    }

    pub(crate) fn truth(&self) -> Matrix {
        &self.first * &self.second
    }

    pub(crate) fn loss(&self) -> Completion {
        Completion::of(&self.truth(), self.first.ncols(), &self.seen)
    }

    /// The factors of the truth.
    pub(crate) fn solution(&self) -> Vector {
        self.loss().flatten(&self.first, &self.second)
    }

    /// r(n + m − r)
    pub(crate) fn degrees_of_freedom(&self) -> usize {
        let (n, r, m) = self.sizes();
        r * (n + m - r)
    }

    /// The rank of the derivative of the entries that are seen, in exact numbers.
    pub(crate) fn seen_rank(&self) -> Option<usize> {
        exact_rank(&self.loss().jacobian(&self.solution()))
    }

    /// |Z − M|/|M|
    pub(crate) fn error(&self, found: &Matrix) -> f64 {
        let truth = self.truth();
        (found - &truth).norm() / truth.norm()
    }

    /// Where L-BFGS ends from this point, if it fits what is seen.
    pub(crate) fn fitted_from(&self, mut x: Vector) -> Option<Matrix> {
        let (loss, size) = (self.loss(), self.truth().norm_squared());
        let mut method = LBfgs::new(20, StrongWolfe::default());
        for _ in 0..STEPS {
            method.step(&loss, &mut x);
            if loss.value(&x) < FITTED * size {
                return Some(loss.matrix(&x));
            }
            if method.stalled() {
                break;
            }
        }
        None
    }

    /// Of rank 1: what follows entry by entry from those that are seen, if all does. With u_i known an entry that is seen gives v_j, and the
    /// other way round.
    pub(crate) fn filled_in(&self) -> Option<Matrix> {
        let (n, _, m) = self.sizes();
        let truth = self.truth();
        let mut known = vec![None; n + m];
        known[0] = Some(1.0);
        // Each time something is learnt, or nothing is left to learn.
        for _ in 1..n + m {
            for &(i, j) in &self.seen {
                match (known[i], known[n + j]) {
                    (Some(u), None) => known[n + j] = Some(truth[(i, j)] / u),
                    (None, Some(v)) => known[i] = Some(truth[(i, j)] / v),
                    _ => {}
                }
            }
        }
        let values: Vec<f64> = known.into_iter().collect::<Option<_>>()?;
        Some(Matrix::from_fn(n, m, |i, j| values[i] * values[n + j]))
    }

    /// What fits, from a start that is so far from the truth, relative to its largest number.
    pub(crate) fn fitted_nearby(&self, apart: f64, draw: &mut Draw) -> Option<Matrix> {
        let x = self.solution();
        let start = &x + gaussian(x.len(), apart * x.amax(), draw);
        self.fitted_from(start)
    }

    /// What fits, from a start that is moved at random along the directions in which no entry that is seen changes to first order: so far that
    /// M changes by this share of |M|. None if these directions leave all of M as it is.
    pub(crate) fn fitted_along(&self, share: f64, draw: &mut Draw) -> Option<Matrix> {
        let (loss, x) = (self.loss(), self.solution());
        let seen = Svd::of(&loss.jacobian(&x)).row_space();
        let drawn = gaussian(x.len(), 1.0, draw);
        let along = &drawn - &seen * seen.tr_mul(&drawn);
        let (first, second) = loss.factors(&along);
        let moved = (first * &self.second + &self.first * second).norm() / self.truth().norm();
        (moved > 1e-6).then(|| self.corrected_from(&x + along * (share / moved)))?
    }

    /// Where the shortest steps that fit to first order lead: however ill conditioned, where descent takes a step for each digit of the condition.
    fn corrected_from(&self, mut x: Vector) -> Option<Matrix> {
        let (loss, size) = (self.loss(), self.truth().norm_squared());
        for _ in 0..CORRECTIONS {
            let z = loss.matrix(&x);
            let missed = loss.seen().iter().map(|&(i, j, value)| z[(i, j)] - value);
            let missed = Vector::from_iterator(loss.seen().len(), missed);
            if missed.norm_squared() / 2.0 < FITTED * size {
                return Some(z);
            }
            let svd = Svd::of(&loss.jacobian(&x));
            let least = svd.rounding();
            let inverse = svd.with_values(|s| if s > least { 1.0 / s } else { 0.0 });
            x -= inverse.transpose() * missed;
        }
        None
    }
}

/// Steps before a correction is given up.
const CORRECTIONS: usize = 30;
/// Steps before a fit is given up, ...
const STEPS: usize = 3000;
/// ... which is one if half the squared residual is below this share of |M|².
const FITTED: f64 = 1e-24;
/// A product of whole numbers, so that ranks are exact, with so many entries at random.
pub(crate) fn whole(
    (n, r, m): (usize, usize, usize),
    seen: Vec<(usize, usize)>,
    draw: &mut Draw,
) -> Incomplete {
    let mut entry = || {
        let size = 16.0 * draw.uniform(1.0, 5.0);
        size.round() / 16.0 * if draw.coin() { 1.0 } else { -1.0 }
    };
    let first = Matrix::from_fn(n, r, |_, _| entry());
    let second = Matrix::from_fn(r, m, |_, _| entry());
    Incomplete::new("whole sixteenths", first, second, seen)
}

/// Rows and columns along the same few directions: 24 entries, of which the derivative has rank 19 of 20, and yet no
/// other matrix near by has them. The last four rows and columns are free to first order in one number, x, and then
/// the last entry is off by x²/4.
pub(crate) fn isolated() -> Family<Incomplete> {
    Family::single("alone though the rank is less", || {
        let rows = [[1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [2.0, 1.0], [0.0, 1.0], [0.0, 1.0]];
        let first = Matrix::from_fn(6, 2, |i, a| rows[i][a]);
        let second = first.transpose();
        let block = (0..4).flat_map(|i| (0..4).map(move |j| (i, j)));
        let rest = [(4, 2), (5, 3), (2, 4), (3, 5), (4, 4), (4, 5), (5, 4), (5, 5)];
        Incomplete::new("few directions", first, second, block.chain(rest).collect())
    })
}

/// So many different entries.
pub(crate) fn entries<R: rand::Rng + ?Sized>(
    (n, m): (usize, usize),
    count: usize,
    random: &mut R,
) -> Vec<(usize, usize)> {
    sample(random, n * m, count).into_iter().map(|at| (at % n, at / n)).collect()
}

/// A share of the entries of a 9 x 8 matrix of rank 2, whose derivative has full rank.
pub(crate) fn determined() -> Family<Incomplete> {
    Family::drawn("determined", |draw| {
        let seen = entries((9, 8), 55, draw.generator());
        let mut drawn = whole((9, 2, 8), seen, draw);
        // Of few draws a row or column has too few entries; all of it is seen then.
        if drawn.seen_rank() != Some(drawn.degrees_of_freedom()) {
            drawn.seen = entries((9, 8), 72, draw.generator());
        }
        drawn
    })
}

/// Fewer entries than degrees of freedom; or a row with a single one.
pub(crate) fn undetermined() -> Vec<Family<Incomplete>> {
    let few = Family::drawn("fewer entries than degrees of freedom", |draw| {
        let count = draw.size(20..=29);
        let seen = entries((9, 8), count, draw.generator());
        whole((9, 2, 8), seen, draw)
    });
    vec![few, thin_rows(&[(2, 1)])]
}

/// All seen but of the first row, of which there are so many fewer than the rank: (r, entries).
pub(crate) fn thin_rows(cases: &[(usize, usize)]) -> Family<Incomplete> {
    let cases = cases.to_vec();
    Family::drawn("a row with too few entries", move |draw| {
        let (r, count) = cases[draw.size(0..=cases.len() - 1)];
        let all = (0..9).flat_map(|i| (0..8).map(move |j| (i, j)));
        let seen = all.filter(|(i, j)| *i > 0 || *j < count).collect();
        whole((9, r, 8), seen, draw)
    })
}

/// A thin row beside a single other one, 2 x 3 of rank 2; or one that is seen where two columns are along one line, 5 x 4 of rank 3.
pub(crate) fn thin_rows_in_need(alike: bool) -> Incomplete {
    let (n, r, m, count) = if alike { (5, 3, 4, 2) } else { (2, 2, 3, 1) };
    let first = Matrix::from_fn(n, r, |i, a| f64::from(u8::from(i % r == a)) + (i * a) as f64);
    let mut second = Matrix::from_fn(r, m, |a, j| f64::from(u8::from(a == j)) + (a * j + 1) as f64);
    if alike {
        let twice = second.column(0) * 2.0;
        second.set_column(1, &twice);
    }
    let all = (0..n).flat_map(|i| (0..m).map(move |j| (i, j)));
    let seen = all.filter(|(i, j)| *i > 0 || *j < count).collect();
    Incomplete::new("small whole numbers", first, second, seen)
}

pub(crate) fn other_rows() -> Hypothesis<Incomplete> {
    Hypothesis::new("other rows of rank r", |at: &Incomplete, _| {
        let (n, r, _) = at.sizes();
        let rank = exact_rank(&at.first.rows(1, n - 1).into_owned());
        Check::that(rank == Some(r), format!("rank {rank:?}, r = {r}"))
    })
}

pub(crate) fn seen_columns() -> Hypothesis<Incomplete> {
    Hypothesis::new("independent columns where it is seen", |at: &Incomplete, _| {
        let seen: Vec<usize> = at.seen.iter().filter(|(i, _)| *i == 0).map(|(_, j)| *j).collect();
        let rank = match seen.len() {
            0 => Some(0),
            _ => exact_rank(&at.second.select_columns(&seen)),
        };
        Check::that(rank == Some(seen.len()), format!("rank {rank:?} of {} columns", seen.len()))
    })
}

/// Every entry of an 8 x 6 matrix of rank 2 with this ratio of its singular values.
pub(crate) fn conditioned(ratios: &[f64]) -> Family<Incomplete> {
    let ratios = ratios.to_vec();
    Family::listed("all seen", ratios, |ratio| balanced(*ratio))
}

/// The same of 2 x 2, which leave the two singular vectors no room beside them.
pub(crate) fn conditioned_two_by_two(ratios: &[f64]) -> Family<Incomplete> {
    Family::listed("all of two rows and columns", ratios.to_vec(), |ratio| {
        let root = Matrix::from_diagonal(&Vector::from_vec(vec![ratio.sqrt(), 1.0]));
        let all = vec![(0, 0), (0, 1), (1, 0), (1, 1)];
        Incomplete::new(&format!("singular values {ratio} and 1"), root.clone(), root, all)
    })
}

pub(crate) fn more_than_rank() -> Hypothesis<Incomplete> {
    Hypothesis::new("more rows or columns than r", |at: &Incomplete, _| {
        let (n, r, m) = at.sizes();
        Check::at_least(n.max(m) as f64, (r + 1) as f64, "the larger of n and m, r + 1")
    })
}

/// The same from 1.2 times the first factor and the second over 1.2.
pub(crate) fn conditioned_out_of_balance(ratios: &[f64]) -> Family<Incomplete> {
    conditioned(ratios).map(|at| Incomplete {
        name: format!("{}, out of balance", at.name),
        first: at.first * 1.2,
        second: at.second / 1.2,
        seen: at.seen,
    })
}

pub(crate) fn balanced_factors() -> Hypothesis<Incomplete> {
    Hypothesis::new("balanced factors", |at: &Incomplete, _| {
        let off = at.first.tr_mul(&at.first) - &at.second * at.second.transpose();
        Check::at_most(off.norm() / at.truth().norm(), 1e-12, "|UᵀU − VVᵀ|/|M|, rounding")
    })
}

fn balanced(ratio: f64) -> Incomplete {
    // Two pairs of orthonormal vectors of tables of signs.
    let sign = |i: usize, j: usize, size: usize| {
        let angle = std::f64::consts::PI * (i as f64 + 0.5) * (j as f64 + 1.0) / size as f64;
        (2.0 / size as f64).sqrt() * cos(angle)
    };
    let root = |j: usize| if j == 0 { ratio.sqrt() } else { 1.0 };
    let first = Matrix::from_fn(8, 2, |i, j| sign(i, j, 8) * root(j));
    let second = Matrix::from_fn(2, 6, |j, i| sign(i, j, 6) * root(j));
    let all = (0..8).flat_map(|i| (0..6).map(move |j| (i, j))).collect();
    Incomplete::new(&format!("singular values {ratio} and 1"), first, second, all)
}

/// A share of the entries of such a matrix, with random frames.
pub(crate) fn partly_seen() -> Family<Incomplete> {
    Family::drawn("partly seen, any singular values", |draw| {
        let ratio = draw.log_uniform(1.0, 10.0);
        let frame = |size, draw: &mut Draw| {
            haar_orthogonal(size, size, draw.generator()).columns(0, 2).into_owned()
        };
        let roots = Matrix::from_diagonal(&Vector::from_vec(vec![ratio.sqrt(), 1.0]));
        let first = frame(9, draw) * &roots;
        let second = roots * frame(8, draw).transpose();
        let seen = entries((9, 8), 58, draw.generator());
        Incomplete::new(&format!("singular values {ratio:.3} and 1"), first, second, seen)
    })
}

pub(crate) fn full_rank() -> Hypothesis<Incomplete> {
    Hypothesis::new("rank J = dof", |at: &Incomplete, _| {
        let (rank, wanted) = (at.seen_rank(), at.degrees_of_freedom());
        Check::that(rank == Some(wanted), format!("rank {rank:?}, r(n + m − r) = {wanted}"))
    })
}

pub(crate) fn deficient() -> Hypothesis<Incomplete> {
    Hypothesis::new("rank J < dof", |at: &Incomplete, _| {
        let (rank, wanted) = (at.seen_rank(), at.degrees_of_freedom());
        let fewer = rank.is_some_and(|rank| rank < wanted);
        Check::that(fewer, format!("rank {rank:?}, r(n + m − r) = {wanted}"))
    })
}

/// Almost every point near by has the largest rank that there is.
pub(crate) fn maximal() -> Hypothesis<Incomplete> {
    Hypothesis::new("no larger rank near by", |at: &Incomplete, draw| {
        let near = at.solution() + gaussian(at.solution().len(), 1e-3, draw);
        let near = exact_rank(&at.loss().jacobian(&near));
        let rank = at.seen_rank();
        Check::that(rank.is_some() && rank == near, format!("rank {rank:?}, near by {near:?}"))
    })
}

/// 8 x 8 of rank 1, two in five of its entries and those of a corner.
pub(crate) fn graded() -> Family<Incomplete> {
    Family::single("8 x 8 of rank 1", || {
        let first = Matrix::from_fn(8, 1, |i, _| 0.5 + i as f64 / 4.0);
        let second = Matrix::from_fn(1, 8, |_, j| 2.0 - j as f64 / 5.0);
        let all = (0..8).flat_map(|i| (0..8).map(move |j| (i, j)));
        let seen = all.filter(|(i, j)| (i + 2 * j) % 5 < 2 || i + j < 5).collect();
        Incomplete::new("graded", first, second, seen)
    })
}

/// A Gaussian matrix of rank r and so many entries.
pub(crate) fn random_problem(
    size: usize,
    rank: usize,
    count: usize,
    random: &mut Generator,
) -> Incomplete {
    let first = Matrix::from_fn(size, rank, |_, _| normal(random));
    let second = Matrix::from_fn(rank, size, |_, _| normal(random));
    let seen = entries((size, size), count, random);
    Incomplete::new("Gaussian factors", first, second, seen)
}

/// The best approximation of what is seen, with zeros elsewhere, scaled to all entries: as a point.
pub(crate) fn spectral_start(at: &Incomplete) -> Vector {
    let (n, r, m) = at.sizes();
    let truth = at.truth();
    let mut filled = Matrix::zeros(n, m);
    let scale = (n * m) as f64 / at.seen.len() as f64;
    for entry in &at.seen {
        filled[*entry] = scale * truth[*entry];
    }
    let svd = Svd::of(&filled);
    let roots = Matrix::from_diagonal(&svd.values().rows(0, r).map(f64::sqrt));
    let first = svd.left().columns(0, r).into_owned() * &roots;
    let second = roots * svd.right().columns(0, r).into_owned().transpose();
    at.loss().flatten(&first, &second)
}
