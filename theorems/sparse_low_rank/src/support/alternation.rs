//! Alternating least squares on matrices with given singular values, in the coordinates of the singular vectors.

use theoria_models::networks::haar_orthogonal;
use theoria_models::objectives::Completion;
use theoria_models::oracle::BlockMinimisation;
use theoria_models::{Matrix, Objective, Vector};
use theoria_verification::{Check, Draw, Family, Hypothesis, Instance};

/// A matrix, which entries of it are seen, and a start.
#[derive(Clone)]
pub(crate) struct Alternation {
    name: String,
    /// Complete orthonormal bases of singular vectors.
    left: Matrix,
    right: Matrix,
    /// Decreasing, as many as rows or columns, whichever are fewer.
    pub(crate) values: Vec<f64>,
    /// k
    pub(crate) width: usize,
    /// V at the start, in the basis of right singular vectors.
    start: Matrix,
    /// Entries (row, column) that are not seen.
    hidden: Vec<(usize, usize)>,
}

impl Instance for Alternation {
    fn description(&self) -> String {
        format!(
            "{}: {} x {}, singular values {:.4?}, k = {}, {} entries hidden",
            self.name,
            self.left.nrows(),
            self.right.nrows(),
            self.values,
            self.width,
            self.hidden.len()
        )
    }

    fn needs() -> String {
        "a matrix with its singular vectors, which entries are seen, and the factor V of the start"
            .into()
    }
}

/// What the rows of a k x m matrix span, as a graph over the first k coordinates: C₁⁻¹ C₂ for [C₁, C₂].
fn graph(rows: &Matrix) -> Option<Matrix> {
    let k = rows.nrows();
    let (first, rest) = (rows.columns(0, k).into_owned(), rows.columns(k, rows.ncols() - k));
    first.lu().solve(&rest.into_owned())
}

impl Alternation {
    pub(crate) fn target(&self) -> Matrix {
        let (n, m) = (self.left.nrows(), self.right.nrows());
        let strengths = Matrix::from_fn(n, m, |i, j| if i == j { self.values[i] } else { 0.0 });
        &self.left * strengths * self.right.transpose()
    }

    pub(crate) fn loss(&self) -> Completion {
        let (n, m) = (self.left.nrows(), self.right.nrows());
        let all = (0..n).flat_map(|i| (0..m).map(move |j| (i, j)));
        let seen: Vec<_> = all.filter(|entry| !self.hidden.contains(entry)).collect();
        Completion::of(&self.target(), self.width, &seen)
    }

    /// The points after 0, 1, ... half steps, U first.
    pub(crate) fn half_steps(&self, count: usize) -> Vec<Vector> {
        let loss = self.loss();
        let second = &self.start * self.right.transpose();
        let mut x = loss.flatten(&Matrix::zeros(self.left.nrows(), self.width), &second);
        let mut points = vec![x.clone()];
        for step in 0..count {
            loss.minimise_block(step % 2, &mut x);
            points.push(x.clone());
        }
        points
    }

    /// What the factor that the half step with this number made spans, as a graph over the first singular vectors: entries t_{it},
    /// i ≤ k < t, row by row, of singular values that there are.
    pub(crate) fn tangents(&self, point: &Vector, step: usize) -> Vec<f64> {
        let (first, second) = self.loss().factors(point);
        let rows =
            if step % 2 == 1 { first.transpose() * &self.left } else { second * &self.right };
        let rest = self.values.len() - self.width;
        graph(&rows).map_or(Vec::new(), |graph| {
            let entries = graph.columns(0, rest).transpose();
            entries.iter().copied().collect()
        })
    }

    /// The factors s_t/s_i that belong to them.
    pub(crate) fn ratios(&self) -> Vec<f64> {
        let (kept, rest) = self.values.split_at(self.width);
        kept.iter().flat_map(|i| rest.iter().map(move |t| t / i)).collect()
    }

    /// i and t, from 1 on, of the ratio, and of the tangent, at this place.
    pub(crate) fn places(&self, place: usize) -> (usize, usize) {
        let rest = self.values.len() - self.width;
        (place / rest + 1, self.width + place % rest + 1)
    }

    /// f − f* after the half step with the number j + 1, if tangents are after j half steps (`larger` s_t/s_i)ʲ times those of the start:
    /// tr((I + TTᵀ)⁻¹ (Σ₁² TTᵀ − TΣ₂²Tᵀ))/2. Singular values beyond the last are 0.
    pub(crate) fn gap(&self, j: usize, larger: f64) -> f64 {
        let Some(start) = graph(&self.start) else { return f64::NAN };
        let (kept, rest) = self.values.split_at(self.width);
        let beyond = Vector::from_fn(start.ncols(), |t, _| rest.get(t).copied().unwrap_or(0.0));
        let tangents = Matrix::from_fn(start.nrows(), start.ncols(), |i, t| {
            start[(i, t)] * (larger * beyond[t] / kept[i]).powi(j as i32)
        });
        let gram = &tangents * tangents.transpose();
        let kept =
            Matrix::from_diagonal(&Vector::from_iterator(kept.len(), kept.iter().map(|s| s * s)));
        let beyond = Matrix::from_diagonal(&beyond.map(|s| s * s));
        let lost = kept * &gram - &tangents * beyond * tangents.transpose();
        let whole = Matrix::identity(gram.nrows(), gram.nrows()) + gram;
        whole.lu().solve(&lost).map_or(f64::NAN, |solved| solved.trace() / 2.0)
    }

    /// |Z − A_k|/|A|, where A_k is the sum of the first k terms.
    pub(crate) fn distance_from_the_best(&self, found: &Matrix) -> f64 {
        let strengths = Vector::from_column_slice(&self.values[..self.width]);
        let kept = |frame: &Matrix| frame.columns(0, self.width).into_owned();
        let best =
            kept(&self.left) * Matrix::from_diagonal(&strengths) * kept(&self.right).transpose();
        (found - best).norm() / self.size().sqrt()
    }

    /// f* = Σ_{j>k} s_j²/2
    pub(crate) fn minimum(&self) -> f64 {
        self.values[self.width..].iter().map(|s| s * s).sum::<f64>() / 2.0
    }

    /// |A|²
    pub(crate) fn size(&self) -> f64 {
        self.values.iter().map(|s| s * s).sum()
    }

    /// s_{k+1}/s_k
    pub(crate) fn ratio(&self) -> f64 {
        self.values[self.width] / self.values[self.width - 1]
    }

    /// |T|_2 at the start, and what its computation may be off by from then on.
    pub(crate) fn rounding(&self) -> f64 {
        let graph = graph(&self.start).map_or(f64::INFINITY, |graph| graph.norm());
        256.0 * f64::EPSILON * self.right.nrows() as f64 * (1.0 + graph) * self.values[0]
            / self.values[self.width - 1]
    }

    /// The gradient by the block that the half step with this number made, and by the other one, relative to what it is made of.
    pub(crate) fn gradients(&self, point: &Vector, step: usize) -> (f64, f64) {
        let loss = self.loss();
        let gradient = loss.gradient_at(point);
        let cut = self.left.nrows() * self.width;
        let parts = (gradient.rows(0, cut).norm(), gradient.rows(cut, gradient.len() - cut).norm());
        let (first, second) = loss.factors(point);
        let size = self.size().sqrt();
        let relative = (parts.0 / (size * second.norm()), parts.1 / (size * first.norm()));
        if step % 2 == 1 { relative } else { (relative.1, relative.0) }
    }

    /// Of these least sizes, with so many columns of U.
    fn draw(least: usize, widths: std::ops::RangeInclusive<usize>, draw: &mut Draw) -> Self {
        let (n, m) = (draw.size(least..=6), draw.size(least..=6));
        let mut values = vec![1.0];
        while values.len() < n.min(m) {
            values.push(values[values.len() - 1] * draw.uniform(0.4, 0.9));
        }
        let width = draw.size(*widths.start()..=(*widths.end()).min(values.len() - 1));
        let mut frame = |size| haar_orthogonal(size, size, draw.generator());
        let (left, right, mix) = (frame(n), frame(m), frame(width));
        let tangents = Matrix::from_fn(width, m - width, |_, _| {
            draw.uniform(0.3, 1.5) * if draw.coin() { 1.0 } else { -1.0 }
        });
        let mut start = Matrix::identity(width, m);
        start.columns_mut(width, m - width).copy_from(&tangents);
        let (name, hidden) = ("random".into(), Vec::new());
        Alternation { name, left, right, values, width, start: mix * start, hidden }
    }

    /// Along the axes, 6 x 5, with this V.
    fn worked(start: Matrix) -> Self {
        Self::along_axes([3.0, 2.0, 1.5, 1.0, 0.5], start)
    }

    fn along_axes(values: [f64; 5], start: Matrix) -> Self {
        Alternation {
            name: "along the axes".into(),
            left: Matrix::identity(6, 6),
            right: Matrix::identity(5, 5),
            values: values.to_vec(),
            width: 2,
            start,
            hidden: Vec::new(),
        }
    }
}

/// Random singular vectors and starts.
pub(crate) fn drawn() -> Family<Alternation> {
    Family::drawn("random singular vectors", |draw| Alternation::draw(3, 1..=5, draw)).with_draws(8)
}

/// (3, 2, 1.5, 1, .5) along the axes, k = 2.
pub(crate) fn worked() -> Family<Alternation> {
    Family::single("3, 2, 1.5, 1, .5", || Alternation::worked(worked_start()))
}

fn worked_start() -> Matrix {
    Matrix::from_fn(2, 5, |i, j| if i == j { 1.0 } else { 0.5 / (1.0 + i as f64 + j as f64) })
}

/// The same with equal singular values on both sides of k.
pub(crate) fn without_a_gap() -> Family<Alternation> {
    Family::single("3, 2, 2, 1, .5", || {
        Alternation::along_axes([3.0, 2.0, 2.0, 1.0, 0.5], worked_start())
    })
}

/// The same from a start whose tangent between the second and the third singular vector is 0.
pub(crate) fn without_the_slowest() -> Family<Alternation> {
    Family::single("T = 0 from s₂ to s₃", || {
        Alternation::worked(Matrix::from_fn(2, 5, |i, j| match (i, j) {
            (0, 0) | (1, 1) => 1.0,
            (_, 0 | 1) | (1, 2) => 0.0,
            _ => 0.5,
        }))
    })
}

/// With about a third of the entries hidden, and one column; or a quarter of 6 x 6, and two.
pub(crate) fn partly_hidden() -> Vec<Family<Alternation>> {
    // So many are seen that no product of that rank fits them all.
    let cases = [("partly hidden, k = 1", 4, 1, 3), ("partly hidden, k = 2", 6, 2, 4)];
    let family = |(name, least, width, part)| {
        Family::drawn(name, move |draw: &mut Draw| {
            let drawn = Alternation::draw(least, width..=width, draw);
            let (n, m) = (drawn.left.nrows(), drawn.right.nrows());
            let all = (0..n).flat_map(|i| (0..m).map(move |j| (i, j)));
            let hidden = all.filter(|(i, j)| (i + j) % part == 0).collect();
            Alternation { hidden, ..drawn }
        })
    };
    cases.map(family).into()
}

/// A start without a part along the first singular vector.
pub(crate) fn without_the_first() -> Family<Alternation> {
    Family::single("V along the second and the third", || {
        Alternation::worked(Matrix::from_fn(2, 5, |i, j| f64::from(u8::from(j == i + 1))))
    })
}

pub(crate) fn all_seen() -> Hypothesis<Alternation> {
    Hypothesis::new("all entries are seen", |at: &Alternation, _| {
        Check::at_most(at.hidden.len() as f64, 0.0, "hidden entries, 0")
    })
}

pub(crate) fn gap() -> Hypothesis<Alternation> {
    Hypothesis::new("s_k > s_{k+1}", |at: &Alternation, _| {
        Check::at_most(at.ratio(), 0.99, "s_{k+1}/s_k, 0.99")
    })
}

pub(crate) fn slowest() -> Hypothesis<Alternation> {
    Hypothesis::new("the slowest tangent is not 0", |at: &Alternation, _| {
        let tangent = graph(&at.start).map_or(0.0, |graph| graph[(at.width - 1, 0)].abs());
        Check::at_least(tangent, 1e-3, "|T| between the singular vectors k and k + 1")
    })
}

pub(crate) fn start_meets_the_first() -> Hypothesis<Alternation> {
    Hypothesis::new("C₁ invertible", |at: &Alternation, _| {
        let first = at.start.columns(0, at.width).into_owned();
        let values = first.singular_values();
        Check::at_least(
            values.min() / at.start.norm(),
            1e-3,
            "smallest singular value of C₁ over |C|",
        )
    })
}
