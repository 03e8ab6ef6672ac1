//! Matrices in part, and two factors of them that a ridge keeps small.

use std::sync::{LazyLock, OnceLock};

use rand_distr::{Distribution, StandardNormal};
use theoria_algorithms::{AlternatingLeastSquares, Method};
use theoria_instances::families::gaussian_matrix;
use theoria_models::objectives::Completion;
use theoria_models::{Matrix, Objective, Svd, Vector, data};
use theoria_verification::{Check, Draw, Family, Hypothesis, Instance};

use super::incomplete::entries;

/// Read once, since every trial hides other pixels of the same images.
static IMAGES: LazyLock<Matrix> = LazyLock::new(|| data::digits().features);

/// Sweeps that have arrived, also where a column dies out slowly.
const SWEEPS: usize = 2000;

/// A matrix of which some entries are seen, the number of columns of U, the weight of the ridge, and V at the start.
#[derive(Clone)]
pub(crate) struct Factored {
    name: String,
    matrix: Matrix,
    seen: Vec<(usize, usize)>,
    pub(crate) weight: f64,
    start: Matrix,
    /// Most sweeps.
    sweeps: usize,
    end: OnceLock<Vector>,
}

impl Instance for Factored {
    fn description(&self) -> String {
        let ((n, m), p, k) = (self.matrix.shape(), self.seen.len(), self.start.nrows());
        format!("{}: {n} x {m}, {p} entries seen, k = {k}, λ = {:.4}", self.name, self.weight)
    }

    fn needs() -> String {
        "a matrix, which entries of it are seen, a weight, and the factor V of the start".into()
    }
}

impl Factored {
    pub(crate) fn loss(&self) -> Completion {
        let width = self.start.nrows();
        Completion::of(&self.matrix, width, &self.seen).with_ridge(self.weight)
    }

    pub(crate) fn width(&self) -> usize {
        self.start.nrows()
    }

    pub(crate) fn start(&self) -> Vector {
        let first = Matrix::zeros(self.matrix.nrows(), self.width());
        self.loss().flatten(&first, &self.start)
    }

    /// After so many sweeps of alternating least squares.
    pub(crate) fn after(&self, sweeps: usize) -> Vector {
        let (loss, mut x) = (self.loss(), self.start());
        for _ in 0..sweeps {
            AlternatingLeastSquares.step(&loss, &mut x);
        }
        x
    }

    /// The same, with an end after so many sweeps.
    pub(crate) fn stopping_after(self, sweeps: usize) -> Self {
        Factored { sweeps, end: OnceLock::new(), ..self }
    }

    /// The same, with U at the end so many times as large, and V as many times smaller.
    pub(crate) fn out_of_balance(self, times: f64) -> Self {
        let (first, second) = self.loss().factors(self.end());
        let end = self.loss().flatten(&(first * times), &(second / times));
        Factored { end: OnceLock::from(end), ..self }
    }

    /// Where the sweeps end.
    pub(crate) fn end(&self) -> &Vector {
        self.end.get_or_init(|| {
            let (loss, mut x) = (self.loss(), self.start());
            for _ in 0..self.sweeps {
                AlternatingLeastSquares.step(&loss, &mut x);
                if self.slope(&x) < 1e-11 {
                    break;
                }
            }
            x
        })
    }

    /// The gradient, relative to the sizes that it is made of.
    pub(crate) fn slope(&self, x: &Vector) -> f64 {
        self.loss().gradient_at(x).norm() / (self.known().norm() * x.norm())
    }

    /// M where it is seen, 0 elsewhere.
    fn known(&self) -> Matrix {
        self.where_seen(&self.matrix)
    }

    fn where_seen(&self, of: &Matrix) -> Matrix {
        let mut seen = Matrix::zeros(of.nrows(), of.ncols());
        self.seen.iter().for_each(|&entry| seen[entry] = of[entry]);
        seen
    }

    /// R: what Z misses of the entries that are seen.
    pub(crate) fn residual(&self, z: &Matrix) -> Matrix {
        self.where_seen(&(&self.matrix - z))
    }

    /// F(Z)
    pub(crate) fn penalised(&self, z: &Matrix) -> f64 {
        self.residual(z).norm_squared() / 2.0 + self.weight * Svd::of(z).values().sum()
    }

    /// D(S) of R, made as small as the weight.
    pub(crate) fn dual(&self, z: &Matrix) -> f64 {
        let residual = self.residual(z);
        let largest = Svd::of(&residual).values()[0];
        self.dual_value(&(residual * (self.weight / largest).min(1.0)))
    }

    /// |M|²/2 − |M − S|²/2 over what is seen.
    pub(crate) fn dual_value(&self, s: &Matrix) -> f64 {
        s.dot(&self.known()) - s.norm_squared() / 2.0
    }

    /// min F of a matrix that is seen whole: singular values s become max{s − λ, 0}.
    pub(crate) fn minimum(&self) -> f64 {
        let terms = Svd::of(&self.matrix).values().map(|s| {
            let kept = (s - self.weight).max(0.0);
            (s - kept).powi(2) / 2.0 + self.weight * kept
        });
        terms.sum()
    }

    /// What F and D are off by, relative to nothing.
    pub(crate) fn rounding(&self) -> f64 {
        256.0 * f64::EPSILON * self.known().norm_squared()
    }

    /// The number of singular values of UV that are not negligible beside the weight.
    pub(crate) fn rank(&self, x: &Vector) -> usize {
        let svd = Svd::of(&self.loss().matrix(x));
        svd.values().iter().filter(|s| **s > 1e-4 * self.weight).count()
    }

    /// With one more column of U, and row of V, of zeros.
    pub(crate) fn with_spare_column(&self, x: &Vector) -> (Completion, Vector) {
        let (first, second) = self.loss().factors(x);
        let k = self.width();
        let wider = Completion::of(&self.matrix, k + 1, &self.seen).with_ridge(self.weight);
        let first = first.insert_column(k, 0.0);
        let point = wider.flatten(&first, &second.insert_row(k, 0.0));
        (wider, point)
    }

    /// The error on the entries that are not seen, relative to their size.
    pub(crate) fn error_on_hidden(&self, z: &Matrix) -> f64 {
        let off = &self.matrix - z;
        let hidden = |of: &Matrix| of.norm_squared() - self.where_seen(of).norm_squared();
        (hidden(&off) / hidden(&self.matrix)).sqrt()
    }

    /// In each column the mean of what is seen.
    pub(crate) fn means(&self) -> Matrix {
        let (known, mut count) = (self.known(), vec![0.0f64; self.matrix.ncols()]);
        self.seen.iter().for_each(|(_, j)| count[*j] += 1.0);
        Matrix::from_fn(known.nrows(), known.ncols(), |_, j| {
            known.column(j).sum() / count[j].max(1.0)
        })
    }

    /// The number of entries that are not seen.
    pub(crate) fn hidden(&self) -> usize {
        self.matrix.len() - self.seen.len()
    }

    pub(crate) fn matrix(&self) -> &Matrix {
        &self.matrix
    }

    /// The same with the first columns of U alone, and another weight.
    pub(crate) fn narrowed(mut self, width: usize, weight: f64) -> Self {
        self.start = self.start.rows(0, width).into_owned();
        Factored { weight, end: OnceLock::new(), ..self }
    }

    pub(crate) fn is_seen(&self, i: usize, j: usize) -> bool {
        self.seen.contains(&(i, j))
    }

    /// The first images of the digits with about 30% of the pixels hidden.
    pub(crate) fn digits<R: rand::Rng + ?Sized>(
        images: usize,
        width: usize,
        weight: f64,
        generator: &mut R,
    ) -> Self {
        let matrix = IMAGES.rows(0, images).into_owned();
        let seen = entries((images, 64), images * 64 * 7 / 10, generator);
        let start = Matrix::from_fn(width, 64, |_, _| StandardNormal.sample(generator));
        Factored {
            name: "digits".into(),
            matrix,
            seen,
            weight,
            start,
            sweeps: SWEEPS,
            end: OnceLock::new(),
        }
    }
}

/// Small matrices of which so large a share is seen at least, with so many columns of U.
fn draw(draw: &mut Draw, whole: bool, widths: std::ops::RangeInclusive<usize>) -> Factored {
    let (n, m) = (draw.size(3..=6), draw.size(3..=6));
    let matrix = gaussian_matrix(n, m, draw);
    let all = (0..n).flat_map(|i| (0..m).map(move |j| (i, j)));
    let seen: Vec<_> = all.filter(|(i, j)| whole || (2 * i + j) % 4 != 0).collect();
    let width = draw.size(widths).min(n.min(m));
    let start = gaussian_matrix(width, m, draw);
    let weight = draw.uniform(0.1, 0.5) * Svd::of(&matrix).values()[0];
    Factored {
        name: "Gaussian".into(),
        matrix,
        seen,
        weight,
        start,
        sweeps: SWEEPS,
        end: OnceLock::new(),
    }
}

/// Of which a part is hidden.
pub(crate) fn partly_seen(name: &str, widths: std::ops::RangeInclusive<usize>) -> Family<Factored> {
    Family::drawn(name, move |from| draw(from, false, widths.clone()))
}

/// Of which all is seen.
pub(crate) fn seen_whole() -> Family<Factored> {
    Family::drawn("seen whole", |from| draw(from, true, 1..=6))
}

/// One entry, 3, from below what the penalty leaves of it.
pub(crate) fn one_entry() -> Family<Factored> {
    Family::listed("one entry", [1.0, 0.3], |&weight| Factored {
        name: "one entry".into(),
        matrix: Matrix::from_element(1, 1, 3.0),
        seen: vec![(0, 0)],
        weight,
        start: Matrix::from_element(1, 1, 0.01),
        sweeps: SWEEPS,
        end: OnceLock::new(),
    })
}

/// A few digits, with so many columns of U.
pub(crate) fn digits(width: usize) -> Family<Factored> {
    Family::drawn("digits", move |draw| Factored::digits(24, width, 1.25, draw.generator()))
        .with_draws(2)
}

pub(crate) fn stationary() -> Hypothesis<Factored> {
    Hypothesis::new("stationary", |at: &Factored, _| {
        Check::at_most(at.slope(at.end()), 1e-10, "gradient where the sweeps end, relative")
    })
}

pub(crate) fn spare_column() -> Hypothesis<Factored> {
    Hypothesis::new("a column to spare", |at: &Factored, _| {
        let rank = at.rank(at.end());
        Check::at_most(rank as f64, at.width() as f64 - 1.0, "rank of UV, k − 1")
    })
}

pub(crate) fn not_zero() -> Hypothesis<Factored> {
    Hypothesis::new("UV is not 0", |at: &Factored, _| {
        Check::at_least(at.rank(at.end()) as f64, 1.0, "rank of UV")
    })
}
