//! Ranks without rounding: perturbed matrices of fractions, and the derivative of a product.

use nalgebra::DMatrix;
use theoria_models::elimination;
use theoria_models::numerics::Fraction;
use theoria_models::{Matrix, exact_rank};
use theoria_verification::{Check, Draw, Family, Hypothesis, Instance};

type Fractions = DMatrix<Fraction>;

/// A = Σ s_i u_i v_iᵀ in fractions, and B = A − t s_r x yᵀ with unit vectors x and y.
pub(crate) struct Perturbed {
    left: Fractions,
    right: Fractions,
    values: Vec<Fraction>,
    /// r
    pub(crate) rank: usize,
    /// t
    share: Fraction,
    /// x and y; u_r and v_r unless there are others.
    other: Option<(Fractions, Fractions)>,
}

impl Instance for Perturbed {
    fn description(&self) -> String {
        let direction = if self.other.is_some() { "random x, y" } else { "x, y = u_r, v_r" };
        format!(
            "{} x {} in fractions, singular values {:?}, r = {}, {direction}, t = {}",
            self.left.nrows(),
            self.right.nrows(),
            self.values,
            self.rank,
            self.share
        )
    }

    fn needs() -> String {
        "singular values and vectors in fractions, r, and a perturbation".into()
    }
}

fn identity(size: usize) -> Fractions {
    DMatrix::from_fn(size, size, |i, j| Fraction::from(i64::from(i == j)))
}

/// (I − S)(I + S)⁻¹ for a skew-symmetric S of small fractions: orthogonal, exactly (Cayley).
fn orthogonal(size: usize, draw: &mut Draw) -> Fractions {
    let mut skew = DMatrix::from_element(size, size, Fraction::from(0));
    for i in 0..size {
        for j in 0..i {
            let entry = Fraction::ratio(draw.size(0..=6) as i64 - 3, 2);
            skew[(j, i)] = -entry.clone();
            skew[(i, j)] = entry;
        }
    }
    let inverse = elimination::inverse(&(identity(size) + &skew));
    // I + S has no eigenvalue 0, for those of S are imaginary.
    inverse.map_or_else(|| identity(size), |inverse| (identity(size) - skew) * inverse)
}

impl Perturbed {
    fn draw(share: Fraction, elsewhere: bool, draw: &mut Draw) -> Self {
        let (n, m) = (draw.size(2..=4), draw.size(2..=4));
        let mut values = vec![Fraction::ratio(draw.size(1..=9) as i64, 10)];
        let count = draw.size(2..=n.min(m));
        while values.len() < count {
            let more = Fraction::ratio(draw.size(0..=9) as i64, 10);
            values.insert(0, values[0].clone() + more);
        }
        let rank = draw.size(1..=values.len());
        let (left, right) = (orthogonal(n, draw), orthogonal(m, draw));
        let other = elsewhere.then(|| {
            let column = |size, draw: &mut Draw| orthogonal(size, draw).columns(0, 1).into_owned();
            (column(n, draw), column(m, draw))
        });
        Perturbed { left, right, values, rank, share, other }
    }

    /// Without the singular values beyond the one with the number r.
    pub(crate) fn cut(mut self) -> Self {
        self.values.truncate(self.rank);
        self
    }

    /// The rank of B.
    pub(crate) fn rank_of_perturbed(&self) -> usize {
        let mut matrix =
            DMatrix::from_element(self.left.nrows(), self.right.nrows(), Fraction::from(0));
        for (i, value) in self.values.iter().enumerate() {
            let term = self.left.columns(i, 1) * self.right.columns(i, 1).transpose();
            matrix += term.map(|entry| entry * value.clone());
        }
        let own = || {
            let column = |frame: &Fractions| frame.columns(self.rank - 1, 1).into_owned();
            (column(&self.left), column(&self.right))
        };
        let (x, y) = self.other.clone().unwrap_or_else(own);
        let size = self.share.clone() * self.values[self.rank - 1].clone();
        matrix -= (x * y.transpose()).map(|entry| entry * size.clone());
        elimination::rank(&matrix)
    }
}

/// Towards the nearest matrix of smaller rank, by these shares of the way.
pub(crate) fn towards(name: &str, shares: &[(i64, i64)]) -> Family<Perturbed> {
    let shares: Vec<Fraction> = shares.iter().map(|(a, b)| Fraction::ratio(*a, *b)).collect();
    Family::drawn(name, move |draw| {
        let share = shares[draw.size(0..=shares.len() - 1)].clone();
        Perturbed::draw(share, false, draw)
    })
    .with_draws(12)
}

/// In random directions, by 999/1000 of the radius.
pub(crate) fn elsewhere() -> Family<Perturbed> {
    Family::drawn("random directions", |draw| {
        Perturbed::draw(Fraction::ratio(999, 1000), true, draw)
    })
}

pub(crate) fn rank_is_r() -> Hypothesis<Perturbed> {
    Hypothesis::new("rank A = r", |at: &Perturbed, _| {
        let count = at.values.iter().filter(|value| value.is_positive()).count();
        Check::that(count == at.rank, format!("{count} positive singular values, r = {}", at.rank))
    })
}

pub(crate) fn within_the_radius() -> Hypothesis<Perturbed> {
    Hypothesis::new("|B − A|_2 < s_r", |at: &Perturbed, _| {
        let is_orthogonal = |frame: &Fractions| frame.tr_mul(frame) == identity(frame.ncols());
        let unit = |(x, y): &(Fractions, Fractions)| is_orthogonal(x) && is_orthogonal(y);
        let exact = is_orthogonal(&at.left)
            && is_orthogonal(&at.right)
            && at.other.as_ref().is_none_or(unit);
        let text = format!("|B − A|_2 = {} s_r, exactly: {exact}", at.share);
        Check::that(exact && at.share < Fraction::from(1), text)
    })
}

/// U with n rows and V with m columns, of whole numbers.
pub(crate) struct Factors {
    first: Matrix,
    second: Matrix,
    /// Their ranks, a and b.
    ranks: (usize, usize),
}

impl Instance for Factors {
    fn description(&self) -> String {
        let (n, k, m) = self.sizes();
        let (a, b) = self.ranks;
        format!("U {n} x {k} of rank {a}, V {k} x {m} of rank {b}")
    }

    fn needs() -> String {
        "factors U and V of whole numbers and their ranks".into()
    }
}

impl Factors {
    fn draw((n, k, m): (usize, usize, usize), ranks: (usize, usize), draw: &mut Draw) -> Self {
        let mut whole = |rows, columns| {
            Matrix::from_fn(rows, columns, |_, _| draw.size(0..=2000) as f64 - 1000.0)
        };
        let (a, b) = ranks;
        let first = whole(n, a) * whole(a, k);
        let second = whole(k, b) * whole(b, m);
        Factors { first, second, ranks }
    }

    /// n, k, m
    pub(crate) fn sizes(&self) -> (usize, usize, usize) {
        (self.first.nrows(), self.first.ncols(), self.second.ncols())
    }

    pub(crate) fn ranks(&self) -> (usize, usize) {
        self.ranks
    }

    /// The rank of (dU, dV) ↦ dU V + U dV.
    pub(crate) fn rank_of_the_derivative(&self) -> Option<usize> {
        let (n, k, m) = self.sizes();
        let mut derivative = Matrix::zeros(n * m, k * (n + m));
        for unit in 0..k {
            for i in 0..n {
                for j in 0..m {
                    derivative[(i * m + j, unit * n + i)] = self.second[(unit, j)];
                    derivative[(i * m + j, k * n + unit * m + j)] = self.first[(i, unit)];
                }
            }
        }
        exact_rank(&derivative)
    }
}

/// n = 7, m = 6, k = 3: balanced ones of the ranks 1, 2, 3, and a full V beside such an U.
pub(crate) fn seven_by_six(ranks: &[(usize, usize)]) -> Family<Factors> {
    let ranks = ranks.to_vec();
    let count = ranks.len();
    Family::drawn("7 x 6, three columns", move |draw| {
        Factors::draw((7, 3, 6), ranks[draw.size(0..=count - 1)], draw)
    })
    .with_draws(12)
}

/// Of any sizes up to six.
pub(crate) fn factors() -> Family<Factors> {
    Family::drawn("factors", |draw| {
        let (n, m) = (draw.size(1..=6), draw.size(1..=6));
        let k = draw.size(1..=n.min(m));
        let ranks = (draw.size(0..=k), draw.size(0..=k));
        Factors::draw((n, k, m), ranks, draw)
    })
    .with_draws(12)
}

pub(crate) fn known_ranks() -> Hypothesis<Factors> {
    Hypothesis::new("ranks a and b", |at: &Factors, _| {
        let seen = (exact_rank(&at.first), exact_rank(&at.second));
        let expected = (Some(at.ranks.0), Some(at.ranks.1));
        Check::that(seen == expected, format!("{seen:?}"))
    })
}

pub(crate) fn full_rank() -> Hypothesis<Factors> {
    Hypothesis::new("full rank", |at: &Factors, _| {
        let least = at.ranks.0.min(at.ranks.1) as f64;
        Check::at_least(least, at.first.ncols() as f64, "least rank of a factor, k")
    })
}
