//! Random Hessians, the boxes on which their loss stays small, and the probes of their traces.

use rand_distr::{Distribution, StandardNormal};
use theoria_models::flatness::{FlatBox, Probe};
use theoria_models::numerics::written;
use theoria_models::{Matrix, Vector};
use theoria_references::largest_box;
use theoria_verification::{Check, Draw, Family, Hypothesis, Instance};

/// Loss by which a box may exceed the minimum.
pub(crate) const TOLERANCE: f64 = 1e-2;

/// A positive definite matrix.
pub(crate) struct Hessian {
    pub(crate) matrix: Matrix,
    pub(crate) law: Probe,
}

impl Hessian {
    /// G Gᵀ/d with entries `entry(z)` of G for standard normal z.
    fn drawn(d: usize, entry: fn(f64) -> f64, law: Probe, draw: &mut Draw) -> Self {
        let random = draw.generator();
        let g = Matrix::from_fn(d, d + 4, |_, _| entry(StandardNormal.sample(random)));
        Hessian { matrix: &g * g.transpose() / d as f64, law }
    }

    /// zᵀHz for each of the 2^d vectors z of signs.
    pub(crate) fn forms_of_all_signs(&self) -> Vector {
        let d = self.matrix.nrows();
        let sign = |bits: u32, i: usize| if bits >> i & 1 == 1 { 1.0 } else { -1.0 };
        let forms = (0..1u32 << d).map(|bits| {
            let z = Vector::from_fn(d, |i, _| sign(bits, i));
            (&self.matrix * &z).dot(&z)
        });
        Vector::from_vec(forms.collect())
    }
}

impl Instance for Hessian {
    fn description(&self) -> String {
        let d = self.matrix.nrows();
        if d <= 3 {
            let row = |i: usize| {
                let row = self.matrix.row(i);
                row.iter().map(|x| written(*x)).collect::<Vec<_>>().join(", ")
            };
            return format!("H = ({})", (0..d).map(row).collect::<Vec<_>>().join("; "));
        }
        format!("random Hessian of dimension {d}, {:?}", self.law)
    }
}

pub(crate) fn hessians(name: &str, entry: fn(f64) -> f64) -> Family<Hessian> {
    Family::drawn(name, move |draw| {
        let d = draw.size(2..=6);
        Hessian::drawn(d, entry, Probe::Signs, draw)
    })
}

/// In two or three dimensions, with correlations so small that they are positive definite.
pub(crate) fn small_hessians() -> Family<Hessian> {
    Family::drawn("two or three dimensions", |draw| {
        let d = draw.size(2..=3);
        let roots: Vec<f64> = (0..d).map(|_| draw.log_uniform(0.1, 10.0)).collect();
        let largest = if d == 2 { 0.99 } else { 0.49 };
        let mut matrix =
            Matrix::from_fn(d, d, |i, j| if i == j { roots[i] * roots[i] } else { 0.0 });
        for i in 0..d {
            for j in 0..i {
                let entry = draw.including_ends(-largest, largest) * roots[i] * roots[j];
                matrix[(i, j)] = entry;
                matrix[(j, i)] = entry;
            }
        }
        Hessian { matrix, law: Probe::Signs }
    })
}

pub(crate) fn diagonal_hessians() -> Family<Hessian> {
    Family::drawn("diagonal", |draw| {
        let d = draw.size(1..=12);
        let diagonal = Vector::from_fn(d, |_, _| draw.log_uniform(1e-3, 1e3));
        Hessian { matrix: Matrix::from_diagonal(&diagonal), law: Probe::Signs }
    })
}

/// How many different eigenvalues they have.
pub(crate) const DIFFERENT: usize = 5;

/// They need not be positive definite. All eigenvalues are −2, −1, 0, 1 and 2 times one number, so that the outermost are no better
/// isolated than the others.
pub(crate) fn symmetric_matrices() -> Family<Hessian> {
    Family::drawn("five different eigenvalues", |draw| {
        let (d, size) = (draw.size(10..=40), draw.log_uniform(0.1, 10.0));
        let g = Matrix::from_fn(d, d, |_, _| StandardNormal.sample(draw.generator()));
        let axes = g.qr().q();
        let spectrum = Vector::from_fn(d, |i, _| size * ((i % DIFFERENT) as f64 - 2.0));
        let matrix = &axes * Matrix::from_diagonal(&spectrum) * axes.transpose();
        Hessian { matrix: (&matrix + matrix.transpose()) / 2.0, law: Probe::Signs }
    })
}

/// Eight-dimensional Hessians, to be probed by this law.
pub(crate) fn probed(name: &str, law: Probe) -> Family<Hessian> {
    Family::drawn(name, move |draw| Hessian::drawn(8, |g| g, law, draw))
}

pub(crate) fn positive_definite() -> Hypothesis<Hessian> {
    Hypothesis::new("positive definite", |at: &Hessian, _| {
        let spectrum = at.matrix.symmetric_eigenvalues();
        Check::that(spectrum.min() > 0.0, format!("least eigenvalue {:.3e}", spectrum.min()))
    })
}

pub(crate) fn symmetric() -> Hypothesis<Hessian> {
    Hypothesis::new("symmetric", |at: &Hessian, _| {
        Check::at_most((&at.matrix - at.matrix.transpose()).amax(), 0.0, "largest |H_ij − H_ji|")
    })
}

pub(crate) fn diagonal() -> Hypothesis<Hessian> {
    Hypothesis::new("diagonal", |at: &Hessian, _| {
        let off = &at.matrix - Matrix::from_diagonal(&at.matrix.diagonal());
        Check::at_most(off.amax(), 0.0, "largest |H_ij|, i ≠ j")
    })
}

pub(crate) fn flat_box(hessian: &Matrix) -> FlatBox {
    FlatBox::new(hessian, TOLERANCE).unwrap_or_else(|error| panic!("{error}"))
}

/// √(2ε/(d H_ii)).
pub(crate) fn half_width(at: &Hessian, i: f64) -> f64 {
    let i = i as usize;
    (2.0 * TOLERANCE / (at.matrix.nrows() as f64 * at.matrix[(i, i)])).sqrt()
}

pub(crate) fn largest_volume(at: &Hessian) -> f64 {
    let largest = largest_box(&at.matrix, TOLERANCE).unwrap_or_else(|error| panic!("{error}"));
    largest.iter().map(|half| 2.0 * half).product()
}
