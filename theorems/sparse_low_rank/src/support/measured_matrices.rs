//! Matrices of low rank, linear measurements of them, and whether the least nuclear norm finds them.

use nalgebra::Dyn;
use nalgebra::linalg::QR;
use rand::seq::SliceRandom;
use theoria_models::numerics::threshold;
use theoria_models::{Matrix, Svd, Vector};
use theoria_references::{AffineMatrices, Meeting};
use theoria_verification::{Constant, Generator, Instance};

use super::descent_cone::normal;
use super::nuclear_cone::LowRank;

/// By how much a certificate must be seen to be strict.
const STRICT: f64 = 1e-12;
/// What is 0 but for rounding, of numbers of the size 1.
const ZERO: f64 = 1e-9;

/// How it is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Independent standard normal numbers.
    Normal,
    /// One entry each, in a random order.
    Entries,
}

/// X, by its singular values and orthogonal bases of which the first vectors are its singular vectors.
#[derive(Clone)]
pub(crate) struct Measured {
    pub(crate) shape: LowRank,
    pub(crate) kind: Kind,
    values: Vec<f64>,
    left: Matrix,
    right: Matrix,
    name: String,
}

impl Instance for Measured {
    fn description(&self) -> String {
        self.name.clone()
    }

    fn constants(&self) -> Vec<Constant> {
        self.shape.constants()
    }
}

/// What proves whether X is found. Matrices in coordinates in which X is diagonal, as vectors: first what lies in its rows and columns.
enum Certificate {
    /// A subgradient S at X that is a combination of measurements, strictly inside where it may be.
    Subgradient(Vector),
    /// H, unseen by the measurements, along which the nuclear norm falls.
    Descent(Vector),
}

impl Measured {
    /// With singular vectors from these columns: u_i = 1, 2, ... and their like.
    pub(crate) fn new(shape: LowRank, values: &[f64], name: &str) -> Self {
        // The first singular vector has no equal entries, and no entry is 0.
        let basis = |n: usize| {
            let columns = Matrix::from_fn(n, n, |i, j| {
                if j == 0 { 1.0 + i as f64 } else { f64::from(u8::from(i + 1 == j)) }
            });
            columns.qr().q()
        };
        Measured {
            shape,
            kind: Kind::Normal,
            values: values.to_vec(),
            left: basis(shape.rows),
            right: basis(shape.columns),
            name: format!("{}, {name}", shape.description()),
        }
    }

    pub(crate) fn by_entries(self) -> Self {
        Measured { kind: Kind::Entries, name: format!("{}, entries", self.name), ..self }
    }

    /// As many measurements as entries, one a row, in coordinates in which X is diagonal: first those in its rows and columns.
    pub(crate) fn measurements(&self, count: usize, random: &mut Generator) -> Matrix {
        let (n, m) = (self.shape.rows, self.shape.columns);
        let mut order: Vec<usize> = (0..n * m).collect();
        if self.kind == Kind::Entries {
            order.shuffle(random);
        }
        let places = self.places();
        let mut rows = Matrix::zeros(count, n * m);
        for (row, entry) in order.iter().take(count).enumerate() {
            let measurement = match self.kind {
                Kind::Normal => Matrix::from_fn(n, m, |_, _| normal(random)),
                Kind::Entries => {
                    Matrix::from_fn(n, m, |i, j| f64::from(u8::from(i * m + j == *entry)))
                }
            };
            let turned = self.left.tr_mul(&measurement) * &self.right;
            for (column, at) in places.iter().enumerate() {
                rows[(row, column)] = turned[*at];
            }
        }
        rows
    }

    /// Where the coordinates stand in a matrix.
    fn places(&self) -> Vec<(usize, usize)> {
        let (n, m, r) = (self.shape.rows, self.shape.columns, self.shape.rank);
        let all = || (0..m).flat_map(move |j| (0..n).map(move |i| (i, j)));
        let tangent = all().filter(|(i, j)| *i < r || *j < r);
        tangent.chain(all().filter(|(i, j)| *i >= r && *j >= r)).collect()
    }

    /// As a matrix, in coordinates in which X is diagonal.
    pub(crate) fn matrix(&self, coordinates: &Vector) -> Matrix {
        let mut matrix = Matrix::zeros(self.shape.rows, self.shape.columns);
        for (at, entry) in self.places().into_iter().zip(coordinates.iter()) {
            matrix[at] = *entry;
        }
        matrix
    }

    /// The coordinates of a diagonal matrix with these entries.
    fn diagonal(&self, values: &[f64]) -> Vector {
        let entry =
            |(i, j): (usize, usize)| values.get(i).filter(|_| i == j).copied().unwrap_or(0.0);
        Vector::from_iterator(self.shape.entries(), self.places().into_iter().map(entry))
    }

    /// The coordinates of X.
    pub(crate) fn coordinates(&self) -> Vector {
        self.diagonal(&self.values)
    }

    /// Those of U Vᵀ.
    pub(crate) fn ones(&self) -> Vector {
        self.diagonal(&vec![1.0; self.shape.rank])
    }

    /// The nuclear norm of X.
    pub(crate) fn norm(&self) -> f64 {
        self.values.iter().sum()
    }

    /// The coordinates of a matrix.
    pub(crate) fn entries(&self, matrix: &Matrix) -> Vector {
        let places = self.places();
        Vector::from_iterator(places.len(), places.into_iter().map(|at| matrix[at]))
    }

    /// Whether so many measurements find X; not a number where neither is proved.
    pub(crate) fn trial(&self, count: usize, random: &mut Generator) -> f64 {
        let found = self.found(&self.measurements(count, random));
        found.map_or(f64::NAN, |found| f64::from(u8::from(found)))
    }

    /// How many measurements, one after the other, it takes to find X. More measurements never lose what was found, and all that there are leave
    /// nothing open.
    pub(crate) fn needed(&self, random: &mut Generator) -> f64 {
        let entries = self.shape.entries();
        let all = self.measurements(entries, random);
        let found = |count: usize| self.found(&all.rows(0, count).into_owned());
        threshold(entries, self.shape.freedom(), found).map_or(f64::NAN, |count| count as f64)
    }

    /// Whether X is the only point of least nuclear norm with these measurements, if it is proved.
    fn found(&self, seen: &Matrix) -> Option<bool> {
        self.proved(seen).map(|(found, _)| found)
    }

    /// Whether X is found, and by how much: how far below 1 the spectral norm of the subgradient is beside the rows and columns of X, or how
    /// fast the nuclear norm falls.
    pub(crate) fn proved(&self, seen: &Matrix) -> Option<(bool, f64)> {
        match self.certificate(seen)? {
            Certificate::Subgradient(s) if self.is_subgradient(seen, &s) => {
                Some((true, 1.0 - self.beside(&s).max()))
            }
            Certificate::Descent(h) if self.descends(seen, &h) => {
                Some((false, -self.slope(&h) / h.norm()))
            }
            _ => None,
        }
    }

    /// The singular values of what lies beside the rows and columns of X.
    fn beside(&self, all: &Vector) -> Vector {
        Svd::of(&self.shape.block(&self.matrix(all))).values().clone()
    }

    /// Of the nuclear norm at X along H.
    fn slope(&self, h: &Vector) -> f64 {
        self.ones().dot(h) + self.beside(h).sum()
    }

    fn certificate(&self, seen: &Matrix) -> Option<Certificate> {
        let tangent = self.shape.freedom();
        let beside = self.shape.entries() - tangent;
        let ones = self.ones().rows(0, tangent).into_owned();
        let along = seen.columns(0, tangent).into_owned();
        let Some(split) = Split::of(&along, seen.columns(tangent, beside).into_owned(), &ones)
        else {
            // Some direction within the rows and columns of X is unseen.
            let rows = Svd::of(&along).row_space();
            let unseen = &rows * rows.tr_mul(&ones) - ones;
            // Where it is short, what rounding left in it is not small beside it.
            let unseen = &unseen - &rows * rows.tr_mul(&unseen);
            return (unseen.norm() > ZERO)
                .then(|| Certificate::Descent(unseen.resize_vertically(tangent + beside, 0.0)));
        };
        let space = AffineMatrices {
            rows: self.shape.rows - self.shape.rank,
            columns: self.shape.columns - self.shape.rank,
            nearest: &split.nearest,
            directions: &split.directions,
        };
        match space.meets_the_unit_ball()? {
            Meeting::Inside(inside) => Some(Certificate::Subgradient(joined(&ones, &inside))),
            Meeting::Apart(unseen) => {
                Some(Certificate::Descent(joined(&split.completed(&unseen)?, &unseen)))
            }
        }
    }

    /// Whether S is a combination of measurements and a subgradient that leaves X alone: U Vᵀ within the rows and columns of X, all of which
    /// are seen since it could be solved for, and beside them of a spectral norm less than 1.
    fn is_subgradient(&self, seen: &Matrix, s: &Vector) -> bool {
        let tangent = self.shape.freedom();
        let basis = seen.transpose().qr().q();
        let combined = (&basis * basis.tr_mul(s) - s).norm() <= ZERO * s.norm();
        let ones = self.ones();
        let within = (s.rows(0, tangent) - ones.rows(0, tangent)).amax() <= ZERO;
        combined && within && self.beside(s).iter().all(|value| *value < 1.0 - STRICT)
    }

    /// Whether no measurement sees H, along which the nuclear norm falls from X.
    fn descends(&self, seen: &Matrix, h: &Vector) -> bool {
        (seen * h).amax() <= ZERO * h.norm() && self.slope(h) < -STRICT * h.norm()
    }
}

/// What combinations of the measurements that are U Vᵀ within the rows and columns of X are beside them: an affine space, its point nearest
/// to 0 and a basis of its directions.
struct Split {
    nearest: Vector,
    directions: Matrix,
    /// Of the measurements within the rows and columns of X.
    factors: QR<f64, Dyn, Dyn>,
    /// Qᵀ times the measurements beside.
    turned: Matrix,
}

impl Split {
    /// None where a direction within the rows and columns is unseen.
    fn of(along: &Matrix, beside: Matrix, ones: &Vector) -> Option<Self> {
        let (count, tangent) = along.shape();
        if count < tangent {
            return None;
        }
        let factors = along.clone().qr();
        let triangle = factors.r();
        let sizes = triangle.diagonal().abs();
        if sizes.min() <= ZERO * sizes.max() {
            return None;
        }
        let mut turned = beside;
        factors.q_tr_mul(&mut turned);
        let weights = triangle.tr_solve_upper_triangular(ones)?;
        let others = turned.rows(tangent, count - tangent).transpose();
        let directions = if others.ncols() < others.nrows() {
            others.qr().q()
        } else {
            Matrix::identity(others.nrows(), others.nrows())
        };
        let told = turned.rows(0, tangent).tr_mul(&weights);
        let nearest = &told - &directions * directions.tr_mul(&told);
        Some(Split { nearest, directions, factors, turned })
    }

    /// What joins an unseen matrix beside the rows and columns of X within them, so that both together are unseen.
    fn completed(&self, unseen: &Vector) -> Option<Vector> {
        let triangle = self.factors.r();
        let seen = self.turned.rows(0, triangle.ncols()) * unseen;
        triangle.solve_upper_triangular(&-seen)
    }
}

fn joined(first: &Vector, second: &Vector) -> Vector {
    Vector::from_iterator(first.len() + second.len(), first.iter().chain(second.iter()).copied())
}
