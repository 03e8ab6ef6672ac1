//! Matrices with given singular values, and the points at which their factors have chosen some of them.

use rand_distr::{Distribution, StandardNormal};
use theoria_elementary::hypot;
use theoria_models::networks::{DeepLinear, DeepLinearLoss, haar_orthogonal};
use theoria_models::numerics::{maximum, minimum};
use theoria_models::{Matrix, Objective, Vector};
use theoria_verification::{Check, Draw, Family, Hypothesis, Instance};

/// A matrix to be factorised, and which of its singular values a critical point has chosen.
pub(crate) struct Factorisation {
    left: Matrix,
    right: Matrix,
    /// Decreasing.
    pub(crate) values: Vec<f64>,
    /// Columns of the first factor.
    pub(crate) width: usize,
    pub(crate) chosen: Vec<usize>,
    /// The first factor is so many times what balance asks for.
    pub(crate) scale: f64,
}

impl Instance for Factorisation {
    fn description(&self) -> String {
        let (n, m) = (self.left.nrows(), self.right.nrows());
        format!(
            "{n} x {m}, singular values {:.4?}, k = {}, chosen {:?}, scaled by {}",
            self.values, self.width, self.chosen, self.scale
        )
    }
}

impl Factorisation {
    /// With random singular vectors.
    fn new(
        (rows, columns): (usize, usize),
        values: Vec<f64>,
        width: usize,
        draw: &mut Draw,
    ) -> Self {
        let frame = |size: usize, draw: &mut Draw| {
            haar_orthogonal(size, size, draw.generator()).columns(0, values.len()).into_owned()
        };
        let (left, right) = (frame(rows, draw), frame(columns, draw));
        Factorisation { left, right, values, width, chosen: Vec::new(), scale: 1.0 }
    }

    /// Up to five singular values that differ by a twentieth at least.
    fn draw(draw: &mut Draw) -> Self {
        let (rows, columns) = (draw.size(2..=5), draw.size(2..=5));
        let mut values = vec![draw.uniform(0.2, 1.0)];
        while values.len() < rows.min(columns) {
            values.push(values[values.len() - 1] * draw.uniform(1.05, 2.0));
        }
        values.reverse();
        let width = draw.size(1..=values.len() - 1);
        if rows == columns {
            draw.label("square");
        }
        Self::new((rows, columns), values, width, draw)
    }

    /// With the first factor so many times what balance asks for.
    pub(crate) fn scaled(self, scale: f64) -> Self {
        Factorisation { scale, ..self }
    }

    /// The target A.
    pub(crate) fn target(&self) -> Matrix {
        let strengths = Matrix::from_diagonal(&Vector::from_vec(self.values.clone()));
        &self.left * strengths * self.right.transpose()
    }

    /// |A - UV|²/2
    pub(crate) fn loss(&self) -> DeepLinearLoss {
        let widths = [self.right.nrows(), self.width, self.left.nrows()];
        DeepLinearLoss::new(&widths, self.target())
    }

    /// The factors that have chosen the set.
    fn factors(&self) -> (Matrix, Matrix) {
        let mut first = Matrix::zeros(self.left.nrows(), self.width);
        let mut second = Matrix::zeros(self.width, self.right.nrows());
        for (unit, &i) in self.chosen.iter().enumerate() {
            let root = self.values[i].sqrt();
            first.set_column(unit, &(self.left.column(i) * (root * self.scale)));
            second.set_row(unit, &(self.right.column(i) * (root / self.scale)).transpose());
        }
        (first, second)
    }

    pub(crate) fn critical_point(&self) -> Vector {
        let (first, second) = self.factors();
        DeepLinear::new(vec![second, first]).flatten()
    }

    /// The eigenvalues of the Hessian at the critical point, increasing.
    pub(crate) fn spectrum(&self) -> Vec<f64> {
        let hessian = self.loss().hessian(&self.critical_point());
        let mut values: Vec<f64> =
            hessian.map_or(Vec::new(), |h| h.symmetric_eigenvalues().iter().copied().collect());
        values.sort_by(f64::total_cmp);
        values
    }

    fn missing(&self) -> impl Iterator<Item = usize> {
        (0..self.values.len()).filter(|t| !self.chosen.contains(t))
    }

    /// What the theorem says that they are, with sums `added` times as large.
    pub(crate) fn predicted_spectrum(&self, added: f64) -> Vec<f64> {
        let (n, m) = (self.left.nrows(), self.right.nrows());
        let idle = self.width - self.chosen.len();
        let s = &self.values;
        let mut spectrum = Vec::new();
        for &i in &self.chosen {
            spectrum.extend(self.chosen.iter().map(|&j| added * (s[i] + s[j])));
            spectrum.extend(self.missing().flat_map(|t| [s[i] + s[t], s[i] - s[t]]));
            spectrum.extend((0..n.abs_diff(m)).map(|_| s[i]));
        }
        for t in self.missing() {
            spectrum.extend((0..idle).flat_map(|_| [s[t], -s[t]]));
        }
        spectrum.resize(self.width * (n + m), 0.0);
        spectrum.sort_by(f64::total_cmp);
        spectrum
    }

    /// The strongest that is missing.
    pub(crate) fn strongest_missing(&self) -> f64 {
        self.missing().map(|t| self.values[t]).fold(0.0, maximum)
    }

    /// The weakest that was chosen, or 0 where a unit is idle.
    pub(crate) fn weakest_chosen(&self) -> f64 {
        if self.chosen.len() < self.width {
            return 0.0;
        }
        self.chosen.iter().map(|&i| self.values[i]).fold(f64::INFINITY, minimum)
    }

    /// The smallest curvature of a saddle with no idle unit.
    pub(crate) fn unbalanced_curvature(&self, missing: f64) -> f64 {
        let s = self.weakest_chosen();
        let (a, b) = (s / self.scale.powi(2), s * self.scale.powi(2));
        f64::midpoint(a, b) - hypot((a - b) / 2.0, missing)
    }

    /// s_k − s_{k+1}
    pub(crate) fn distance_to_the_next(&self) -> f64 {
        self.values[self.width - 1] - self.values[self.width]
    }
}

/// Six singular values along the axes, with two columns; which of them a critical point has chosen.
pub(crate) fn worked_spectrum(chosen: &[&[usize]]) -> Family<Factorisation> {
    along_axes("singular values 5, 4, 3, 2, 1, 1/2", [5.0, 4.0, 3.0, 2.0, 1.0, 0.5], chosen)
}

/// The same with values that are equal, the second and the third among them.
pub(crate) fn equal_values(chosen: &[&[usize]]) -> Family<Factorisation> {
    along_axes("singular values 3, 3, 3, 2, 2, 1", [3.0, 3.0, 3.0, 2.0, 2.0, 1.0], chosen)
}

fn along_axes(name: &str, values: [f64; 6], chosen: &[&[usize]]) -> Family<Factorisation> {
    let sets: Vec<Vec<usize>> = chosen.iter().copied().map(<[usize]>::to_vec).collect();
    Family::listed(name, sets, move |set| Factorisation {
        left: Matrix::identity(7, 6),
        right: Matrix::identity(6, 6),
        values: values.to_vec(),
        width: 2,
        chosen: set.clone(),
        scale: 1.0,
    })
}

/// Critical points with any set, balanced.
pub(crate) fn critical_points() -> Family<Factorisation> {
    Family::drawn("critical points", |draw| {
        let mut drawn = Factorisation::draw(draw);
        let wanted = draw.size(0..=drawn.width);
        drawn.chosen = subset(drawn.values.len(), wanted, draw);
        if wanted < drawn.width {
            draw.label("idle unit");
        }
        drawn
    })
}

/// Saddles without an idle unit, balanced.
pub(crate) fn balanced_saddles() -> Family<Factorisation> {
    Family::drawn("saddles", saddle)
}

/// Out of balance.
pub(crate) fn unbalanced_saddles() -> Family<Factorisation> {
    Family::drawn("unbalanced saddles", |draw| {
        let scale = draw.log_uniform(0.25, 4.0);
        Factorisation { scale, ..saddle(draw) }
    })
}

fn saddle(draw: &mut Draw) -> Factorisation {
    {
        let mut drawn = Factorisation::draw(draw);
        drawn.chosen = subset(drawn.values.len(), drawn.width, draw);
        // The strongest are no saddle: the weakest is taken in the place of the first.
        if drawn.chosen.iter().all(|i| *i < drawn.width) {
            drawn.chosen[0] = drawn.values.len() - 1;
        }
        drawn
    }
}

/// Targets without a chosen set.
pub(crate) fn targets() -> Family<Factorisation> {
    Family::drawn("targets", |draw| {
        let drawn = Factorisation::draw(draw);
        // Rates are read off a run, so the last chosen and the first missing must be apart.
        let mut values = drawn.values.clone();
        for value in &mut values[..drawn.width] {
            *value *= 1.5;
        }
        Factorisation { values, ..drawn }
    })
    .with_draws(6)
}

fn subset(of: usize, size: usize, draw: &mut Draw) -> Vec<usize> {
    let mut left: Vec<usize> = (0..of).collect();
    (0..size).map(|_| left.remove(draw.size(0..=left.len() - 1))).collect()
}

/// All of them, also where some are equal.
pub(crate) fn positive_values() -> Hypothesis<Factorisation> {
    Hypothesis::new("singular values > 0", |f: &Factorisation, _| {
        let least = f.values.iter().copied().fold(f64::INFINITY, minimum);
        Check::that(least > 0.0, format!("smallest {least:.3}"))
    })
}

pub(crate) fn gap_of_values() -> Hypothesis<Factorisation> {
    Hypothesis::new("s_k > s_{k+1}", |f: &Factorisation, _| {
        let share = f.distance_to_the_next() / f.values[f.width - 1];
        Check::at_least(share, 1e-3, "(s_k − s_{k+1})/s_k")
    })
}

pub(crate) fn balanced_factors() -> Hypothesis<Factorisation> {
    Hypothesis::new("balanced factors", |f: &Factorisation, _| {
        let (first, second) = f.factors();
        let off = first.tr_mul(&first) - &second * second.transpose();
        Check::at_most(off.norm(), 1e-12 * f.values[0], "|UᵀU − VVᵀ|, rounding")
    })
}

/// No curvature is negative, but for rounding.
pub(crate) const FLAT: f64 = 1e-9;

impl Factorisation {
    /// All sets that can be chosen, as critical points of their own.
    pub(crate) fn all_critical_points(&self) -> Vec<Factorisation> {
        let sets = 0..1u32 << self.values.len();
        sets.map(|set| (0..self.values.len()).filter(|i| set >> i & 1 == 1).collect::<Vec<_>>())
            .filter(|chosen| chosen.len() <= self.width)
            .map(|chosen| Factorisation {
                left: self.left.clone(),
                right: self.right.clone(),
                values: self.values.clone(),
                width: self.width,
                chosen,
                scale: self.scale,
            })
            .collect()
    }

    /// The critical point that has chosen the largest.
    pub(crate) fn best(&self) -> Factorisation {
        let points = self.all_critical_points().into_iter();
        let largest: Vec<usize> = (0..self.width).collect();
        points.into_iter().find(|point| point.chosen == largest).expect("the largest are a set too")
    }

    /// UV of these entries.
    pub(crate) fn matrix(&self, entries: &Vector) -> Matrix {
        self.loss().network(entries).end_to_end()
    }

    /// (f − min f)/|A|²
    pub(crate) fn gap(&self, loss: f64) -> f64 {
        let left: f64 = self.values[self.width..].iter().map(|s| s * s).sum();
        let all: f64 = self.values.iter().map(|s| s * s).sum();
        (loss - left / 2.0) / all
    }
}

/// Independent normal entries of this deviation.
pub(crate) fn gaussian(entries: usize, deviation: f64, draw: &mut Draw) -> Vector {
    Vector::from_fn(entries, |_, _| {
        let normal: f64 = StandardNormal.sample(draw.generator());
        deviation * normal
    })
}
