//! Which vectors depend on which, and how.

/// What is left of a vector counts as nothing below this part of its length.
const NEGLIGIBLE: f64 = 1e-9;

/// What some vectors span, by an orthonormal basis.
#[derive(Default)]
pub(super) struct Span {
    basis: Vec<Vec<f64>>,
}

impl Span {
    /// Of these vectors.
    pub(super) fn of<'v>(vectors: impl IntoIterator<Item = &'v Vec<f64>>) -> Self {
        let mut span = Span::default();
        vectors.into_iter().for_each(|vector| {
            span.add(vector);
        });
        span
    }

    /// Adds a vector, and says whether it was new.
    pub(super) fn add(&mut self, vector: &[f64]) -> bool {
        let rest = self.rest(vector);
        let length = norm(&rest);
        let is_new = length > NEGLIGIBLE * norm(vector);
        if is_new {
            self.basis.push(rest.into_iter().map(|x| x / length).collect());
        }
        is_new
    }

    /// What is left of a vector beside the span; orthogonalised twice, against what rounding leaves the first time.
    pub(super) fn rest(&self, vector: &[f64]) -> Vec<f64> {
        let mut rest = vector.to_vec();
        for direction in self.basis.iter().chain(&self.basis) {
            let along = dot(direction, &rest);
            rest.iter_mut().zip(direction).for_each(|(x, d)| *x -= along * d);
        }
        rest
    }

    pub(super) fn dimension(&self) -> usize {
        self.basis.len()
    }
}

/// Numbers of vectors that are independent and span all, the one with the most new in it first.
pub(super) fn independent(vectors: &[Vec<f64>]) -> Vec<usize> {
    let (mut span, mut chosen) = (Span::default(), Vec::new());
    loop {
        let new = |j: &usize| norm(&span.rest(&vectors[*j]));
        let best = (0..vectors.len()).max_by(|i, j| new(i).total_cmp(&new(j)));
        match best {
            Some(best) if span.add(&vectors[best]) => chosen.push(best),
            _ => return chosen,
        }
    }
}

/// The coefficients of independent vectors whose combination is nearest to the target.
pub(super) fn coefficients(vectors: &[&Vec<f64>], target: &[f64]) -> Vec<f64> {
    let span = Span::of(vectors.iter().copied());
    let mut left: Vec<f64> = span.basis.iter().map(|direction| dot(direction, target)).collect();
    for j in (0..vectors.len()).rev() {
        left[j] /= dot(&span.basis[j], vectors[j]);
        for i in 0..j {
            left[i] -= left[j] * dot(&span.basis[i], vectors[j]);
        }
    }
    left
}

pub(super) fn norm(v: &[f64]) -> f64 {
    dot(v, v).sqrt()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
