//! Images of a few vectors under a random matrix.

use std::fmt;
use std::sync::Arc;

use rand::Rng;
use rand::rngs::Xoshiro256PlusPlus;
use rand_distr::{Distribution, StandardNormal};

use crate::networks::haar_orthogonal;

/// Draws an entry.
type Draw = dyn Fn(&mut dyn Rng) -> f64 + Send + Sync;

/// The law of a weight matrix.
#[derive(Clone)]
pub(super) enum Law {
    /// Independent N(0, variance/n_in) entries.
    Gaussian { variance: f64 },
    /// Independent entries that are drawn so, over √n_in.
    Own(Arc<Draw>),
    /// The gain times a Haar matrix.
    Orthogonal { gain: f64 },
}

impl fmt::Debug for Law {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Law::Gaussian { variance } => write!(formatter, "Gaussian {{ variance: {variance} }}"),
            Law::Own(_) => formatter.write_str("Own"),
            Law::Orthogonal { gain } => write!(formatter, "Orthogonal {{ gain: {gain} }}"),
        }
    }
}

/// What is drawn.
#[derive(Debug, Clone, Copy)]
pub(super) enum Drawing {
    /// The matrix.
    Literal,
    /// The images of an orthonormal basis of the span of the vectors.
    InLaw,
}

/// Places for what is drawn.
#[derive(Default)]
pub(super) struct Images {
    images: Vec<f64>,
    column: Vec<f64>,
    basis: Vec<f64>,
    basis_images: Vec<f64>,
    rest: Vec<f64>,
}

pub(super) fn normal(rng: &mut Xoshiro256PlusPlus) -> f64 {
    StandardNormal.sample(rng)
}

impl Images {
    /// The images of vectors, laid one after the other, under a matrix of the shape
    /// `[n_out, n_in]`.
    pub(super) fn draw(
        &mut self,
        law: &Law,
        drawing: Drawing,
        vectors: &[f64],
        shape: [usize; 2],
        rng: &mut Xoshiro256PlusPlus,
    ) -> &mut Vec<f64> {
        let [n_out, n_in] = shape;
        self.images.clear();
        self.images.resize(vectors.len() / n_in * n_out, 0.0);
        match (drawing, law) {
            (Drawing::Literal, _) | (_, Law::Own(_)) => self.multiply(law, vectors, shape, rng),
            (Drawing::InLaw, _) => self.combine(law, vectors, shape, rng),
        }
        let variance = match law {
            Law::Gaussian { variance } => Some(*variance),
            Law::Own(_) => Some(1.0),
            Law::Orthogonal { .. } => None,
        };
        if let Some(variance) = variance {
            let deviation = (variance / n_in as f64).sqrt();
            for image in &mut self.images {
                *image *= deviation;
            }
        }
        &mut self.images
    }

    /// Draws the matrix column by column, and adds what each does to the images.
    fn multiply(
        &mut self,
        law: &Law,
        vectors: &[f64],
        [n_out, n_in]: [usize; 2],
        rng: &mut Xoshiro256PlusPlus,
    ) {
        match law {
            Law::Gaussian { .. } => {
                self.column.resize(n_out, 0.0);
                for j in 0..n_in {
                    for entry in &mut self.column {
                        *entry = normal(rng);
                    }
                    add_column(&mut self.images, &self.column, &vectors[j..], n_in);
                }
            }
            Law::Own(draw) => {
                self.column.resize(n_out, 0.0);
                for j in 0..n_in {
                    for entry in &mut self.column {
                        *entry = draw(rng);
                    }
                    add_column(&mut self.images, &self.column, &vectors[j..], n_in);
                }
            }
            Law::Orthogonal { gain } => {
                let matrix = haar_orthogonal(n_out, n_in, rng) * *gain;
                for (j, column) in matrix.as_slice().chunks_exact(n_out).enumerate() {
                    add_column(&mut self.images, column, &vectors[j..], n_in);
                }
            }
        }
    }

    /// Gram–Schmidt: each vector is a combination of an orthonormal basis, whose images are drawn.
    fn combine(
        &mut self,
        law: &Law,
        vectors: &[f64],
        [n_out, n_in]: [usize; 2],
        rng: &mut Xoshiro256PlusPlus,
    ) {
        let count = vectors.len() / n_in;
        self.basis.clear();
        self.basis_images.clear();
        // The images of the basis. For an orthogonal matrix no more than n_in can be asked for.
        let drawn = match law {
            // Own laws are drawn entry by entry.
            Law::Gaussian { .. } | Law::Own(_) => None,
            Law::Orthogonal { gain } => {
                Some(haar_orthogonal(n_in.max(n_out), count.min(n_in), rng) * *gain)
            }
        };
        for (vector, image) in vectors.chunks_exact(n_in).zip(self.images.chunks_exact_mut(n_out)) {
            self.rest.clear();
            self.rest.extend_from_slice(vector);
            let rest = &mut self.rest;
            for (e, its_image) in
                self.basis.chunks_exact(n_in).zip(self.basis_images.chunks_exact(n_out))
            {
                let along = dot(rest, e);
                add(rest, -along, e);
                add(image, along, its_image);
            }
            let norm = dot(rest, rest).sqrt();
            // What is left of a vector in the span of the others is rounding.
            if norm <= 1e-14 * dot(vector, vector).sqrt() {
                continue;
            }
            let index = self.basis.len() / n_in;
            self.basis.extend(rest.iter().map(|v| v / norm));
            match &drawn {
                None => self.basis_images.extend((0..n_out).map(|_| normal(rng))),
                Some(frame) => {
                    let column = frame.column(index);
                    self.basis_images.extend(column.iter().take(n_out));
                }
            }
            add(image, norm, &self.basis_images[index * n_out..]);
        }
    }
}

/// Adds to each image the column times the coordinate of its vector; coordinates lie `n_in` apart.
#[inline]
fn add_column(images: &mut [f64], column: &[f64], coordinates: &[f64], n_in: usize) {
    let coordinates = coordinates.iter().step_by(n_in);
    for (image, coordinate) in images.chunks_exact_mut(column.len()).zip(coordinates) {
        add(image, *coordinate, column);
    }
}

#[inline]
fn add(to: &mut [f64], factor: f64, other: &[f64]) {
    for (to, other) in to.iter_mut().zip(other) {
        *to += factor * other;
    }
}

/// In eight partial sums, since one would wait for each addition.
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let (blocks, others) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest = blocks.remainder().iter().zip(others.remainder());
    let rest: f64 = rest.map(|(a, b)| a * b).sum();
    let mut sums = [0.0; 8];
    for (a, b) in blocks.zip(others) {
        for (sum, (a, b)) in sums.iter_mut().zip(a.iter().zip(b)) {
            *sum += a * b;
        }
    }
    sums.iter().sum::<f64>() + rest
}
