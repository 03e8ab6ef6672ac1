//! Matrices without negative entries, and factors of them that have none.

use rand::RngExt;
use theoria_algorithms::{Method, MultiplicativeUpdates};
use theoria_models::objectives::NonnegativeFactorisation;
use theoria_models::{Matrix, Objective, Svd, Vector, data};
use theoria_verification::{Check, Draw, Family, Generator, Hypothesis, Instance};

/// f with a start, and how its factors are updated.
pub(crate) struct Nonnegative {
    name: String,
    pub(crate) loss: NonnegativeFactorisation,
    pub(crate) start: Vector,
    /// Columns of U.
    pub(crate) width: usize,
    /// Both factors from the same point.
    together: bool,
}

impl Instance for Nonnegative {
    fn description(&self) -> String {
        let (n, m) = self.loss.target().shape();
        let small = n * m <= 4;
        let numbers = if small {
            format!(
                ", A = {:.4?}, from {:.4?}",
                self.loss.target().as_slice(),
                self.start.as_slice()
            )
        } else {
            String::new()
        };
        format!("{}: {n} x {m}, k = {}{numbers}", self.name, self.width)
    }

    fn needs() -> String {
        "a matrix without negative entries, k, and factors to begin with".into()
    }
}

impl Nonnegative {
    pub(crate) fn new(name: &str, target: Matrix, width: usize, start: Vector) -> Self {
        let loss = NonnegativeFactorisation::new(target, width);
        Nonnegative { name: name.into(), loss, start, width, together: false }
    }

    /// Of what is factorised, and of the start.
    pub(crate) fn least_entry(&self) -> f64 {
        self.loss.target().min().min(self.start.min())
    }

    /// From random factors.
    pub(crate) fn from_random(name: &str, target: Matrix, width: usize, draw: &mut Draw) -> Self {
        let entries = width * (target.nrows() + target.ncols());
        let start = Vector::from_fn(entries, |_, _| draw.uniform(0.1, 1.0));
        Self::new(name, target, width, start)
    }

    /// With both factors at once.
    pub(crate) fn together(self) -> Self {
        Nonnegative { together: true, ..self }
    }

    /// The points after 0, 1, ... steps.
    pub(crate) fn run(&self, steps: usize) -> Vec<Vector> {
        let mut method = self.method();
        let mut x = self.start.clone();
        let mut points = vec![x.clone()];
        for _ in 0..steps {
            method.step(&self.loss, &mut x);
            points.push(x.clone());
        }
        points
    }

    /// The point after so many steps.
    pub(crate) fn after(&self, steps: usize) -> Vector {
        let mut method = self.method();
        let mut x = self.start.clone();
        for _ in 0..steps {
            method.step(&self.loss, &mut x);
        }
        x
    }

    fn method(&self) -> MultiplicativeUpdates {
        if self.together {
            MultiplicativeUpdates::together()
        } else {
            MultiplicativeUpdates::in_turn()
        }
    }

    /// |A|²
    pub(crate) fn size(&self) -> f64 {
        self.loss.target().norm_squared()
    }

    /// What the best matrix of rank k leaves, Σ_{j>k} s_j².
    pub(crate) fn tail(&self) -> f64 {
        let values = Svd::of(self.loss.target()).values().clone();
        values.iter().skip(self.width).map(|s| s * s).sum()
    }
}

/// 2f after half of these sweeps and after all, from a random start.
pub(crate) fn half_way_and_at_the_end(
    target: &Matrix,
    width: usize,
    sweeps: usize,
    random: &mut Generator,
) -> [f64; 2] {
    let entries = width * (target.nrows() + target.ncols());
    let start = Vector::from_fn(entries, |_, _| random.random_range(0.1..1.0));
    let at = Nonnegative::new("digits", target.clone(), width, start);
    let mut method = at.method();
    let mut x = at.start.clone();
    [0, 1].map(|_| {
        for _ in 0..sweeps / 2 {
            method.step(&at.loss, &mut x);
        }
        2.0 * at.loss.value(&x)
    })
}

/// Matrices and starts with some zeros.
pub(crate) fn drawn() -> Family<Nonnegative> {
    Family::drawn("random", |draw| {
        let (n, m) = (draw.size(3..=5), draw.size(3..=5));
        let width = draw.size(1..=2);
        let mut entry = || if draw.uniform(0.0, 1.0) < 0.15 { 0.0 } else { draw.uniform(0.0, 1.0) };
        let mut target = Matrix::from_fn(n, m, |_, _| entry());
        let mut start = Vector::from_fn(width * (n + m), |_, _| entry());
        // No factor is zero altogether, and the rank is larger than k.
        for i in 0..n.min(m) {
            target[(i, i)] += 0.5;
        }
        start[0] += 0.5;
        start[width * n] += 0.5;
        Nonnegative::new("random", target, width, start)
    })
    .with_draws(12)
}

/// One number as a product of two.
pub(crate) fn numbers() -> Family<Nonnegative> {
    Family::drawn("a number as a product", |draw| {
        let start = Vector::from_fn(2, |_, _| draw.uniform(0.0, 2.0));
        Nonnegative::new("number", Matrix::from_element(1, 1, draw.uniform(0.1, 2.0)), 1, start)
    })
}

/// 1 from √½ and √½.
pub(crate) fn overshooting(together: bool) -> Family<Nonnegative> {
    Family::single("1 from √½, √½", move || {
        let start = Vector::from_element(2, 0.5f64.sqrt());
        let number = Nonnegative::new("number", Matrix::from_element(1, 1, 1.0), 1, start);
        Nonnegative { together, ..number }
    })
}

/// With positive entries, and one column.
pub(crate) fn positive() -> Family<Nonnegative> {
    Family::drawn("positive, one column", |draw| {
        let (n, m) = (draw.size(2..=6), draw.size(2..=6));
        let target = Matrix::from_fn(n, m, |_, _| draw.uniform(0.1, 1.0));
        Nonnegative::from_random("positive", target, 1, draw)
    })
}

/// diag(2, 1) from ((e, 1), (e, 1)).
pub(crate) fn locked(entries: &[f64]) -> Family<Nonnegative> {
    Family::listed("diag(2, 1) from (e, 1)", entries.to_vec(), |&e| {
        let target = Matrix::from_diagonal(&Vector::from_vec(vec![2.0, 1.0]));
        Nonnegative::new("diagonal", target, 1, Vector::from_vec(vec![e, 1.0, e, 1.0]))
    })
}

/// A square of ones and zeros whose rank is 3 and that is a sum of no three products without negative entries.
pub(crate) fn four_by_four() -> Matrix {
    Matrix::from_row_slice(
        4,
        4,
        &[1.0, 1.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 1.0, 1.0],
    )
}

/// That matrix from random starts.
pub(crate) fn squares(width: usize) -> Family<Nonnegative> {
    Family::drawn(&format!("4 x 4 of rank 3, k = {width}"), move |draw| {
        Nonnegative::from_random("4 x 4", four_by_four(), width, draw)
    })
    .with_draws(12)
}

/// The largest set of entries that are not 0 such that of each two of them (i, j), (p, q) one of a_iq, a_pj is 0: each needs a term of
/// its own in any sum of products without negative entries.
pub(crate) fn fooling_set(matrix: &Matrix) -> usize {
    let all = (0..matrix.nrows()).flat_map(|i| (0..matrix.ncols()).map(move |j| (i, j)));
    let entries: Vec<_> = all.filter(|at| matrix[*at] > 0.0).collect();
    let apart = |(i, j): (usize, usize), (p, q): (usize, usize)| {
        matrix[(i, q)] == 0.0 || matrix[(p, j)] == 0.0
    };
    // All sets: there are few entries.
    let sets = 0..1usize << entries.len();
    let members = |set: usize| (0..entries.len()).filter(move |i| set >> i & 1 == 1);
    let fools = |set: &usize| {
        members(*set).all(|a| members(*set).all(|b| a == b || apart(entries[a], entries[b])))
    };
    sets.filter(fools).map(|set| set.count_ones() as usize).max().unwrap_or(0)
}

/// The first images of digits, from random starts.
pub(crate) fn digits(images: usize, width: usize) -> Family<Nonnegative> {
    Family::drawn(&format!("{images} digits, k = {width}"), move |draw| {
        let target = data::digits().features.rows(0, images).into_owned();
        Nonnegative::from_random("digits", target, width, draw)
    })
    .with_draws(3)
}

pub(crate) fn no_negative_entry() -> Hypothesis<Nonnegative> {
    Hypothesis::new("no negative entry", |at: &Nonnegative, _| {
        Check::at_least(at.least_entry(), 0.0, "least entry of A, U, V")
    })
}

pub(crate) fn in_turn() -> Hypothesis<Nonnegative> {
    Hypothesis::new("in turn", |at: &Nonnegative, _| {
        Check::that(!at.together, if at.together { "both at once" } else { "U, then V" })
    })
}

pub(crate) fn positive_start() -> Hypothesis<Nonnegative> {
    Hypothesis::new("positive start", |at: &Nonnegative, _| {
        Check::that(at.start.min() > 0.0, format!("least entry {:e}", at.start.min()))
    })
}

pub(crate) fn one_column() -> Hypothesis<Nonnegative> {
    Hypothesis::new("k = 1", |at: &Nonnegative, _| Check::at_most(at.width as f64, 1.0, "k, 1"))
}

pub(crate) fn three_columns() -> Hypothesis<Nonnegative> {
    Hypothesis::new("k = 3", |at: &Nonnegative, _| Check::at_most(at.width as f64, 3.0, "k, 3"))
}
