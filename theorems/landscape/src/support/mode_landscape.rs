//! Targets that are sums of modes, and the points at which a deep linear network has learned some of them.

use rand::seq::SliceRandom;
use theoria_elementary::{powf, sin_cos};
use theoria_models::networks::{DeepLinear, DeepLinearLoss, Modes};
use theoria_models::numerics::{maximum, minimum};
use theoria_models::{Matrix, Objective, Vector};
use theoria_verification::{Check, Draw, Family, Hypothesis, Instance};

/// A target of distinct strengths, to be approached through inner layers of one width.
pub(crate) struct Landscape {
    pub(crate) modes: Modes,
    pub(crate) depth: usize,
    pub(crate) width: usize,
    /// The modes that the constructed critical point has learned.
    pub(crate) learned: Vec<usize>,
    /// The angle by which the right vectors of its modes are turned, in the plane of the first and the last one.
    pub(crate) turned: f64,
}

impl Instance for Landscape {
    fn description(&self) -> String {
        format!(
            "{} layers of width {}, strengths {:.3?}, learned {:?}",
            self.depth,
            self.width,
            self.modes.strengths(),
            self.learned
        )
    }
}

impl Landscape {
    /// Up to three modes, whose strengths differ by at least 0.4.
    pub(crate) fn draw(depth: usize, draw: &mut Draw) -> Self {
        let n = draw.size(2..=3).max(2);
        let strengths: Vec<f64> =
            (0..n).map(|i| 0.5 + 0.7 * i as f64 + draw.uniform(0.0, 0.3)).collect();
        Landscape {
            modes: Modes::draw(&strengths, draw.generator()),
            depth,
            width: draw.size(1..=n),
            learned: Vec::new(),
            turned: 0.0,
        }
    }

    pub(crate) fn widths(&self) -> Vec<usize> {
        let ends = self.modes.strengths().len();
        let mut widths = vec![self.width; self.depth + 1];
        (widths[0], widths[self.depth]) = (ends, ends);
        widths
    }

    pub(crate) fn loss(&self) -> DeepLinearLoss {
        DeepLinearLoss::new(&self.widths(), self.modes.map())
    }

    /// The balanced factors of Σ u_i s_i v_iᵀ over the learned modes.
    pub(crate) fn saddle(&self) -> DeepLinear {
        let (n, last) = (self.modes.strengths().len(), self.depth - 1);
        let root = |i: usize| powf(self.modes.strengths()[i], 1.0 / self.depth as f64);
        let mut right = self.modes.right().clone();
        let (sin, cos) = sin_cos(self.turned);
        let (one, other) = (
            right.column(0) * cos + right.column(n - 1) * sin,
            right.column(n - 1) * cos - right.column(0) * sin,
        );
        right.set_column(0, &one);
        right.set_column(n - 1, &other);
        let factors = (0..self.depth).map(|j| {
            let mut factor = Matrix::zeros(
                if j == last { n } else { self.width },
                if j == 0 { n } else { self.width },
            );
            for (unit, &i) in self.learned.iter().enumerate() {
                if j == 0 {
                    factor.set_row(unit, &(right.column(i) * root(i)).transpose());
                } else if j == last {
                    factor.set_column(unit, &(self.modes.left().column(i) * root(i)));
                } else {
                    factor[(unit, unit)] = root(i);
                }
            }
            factor
        });
        DeepLinear::new(factors.collect())
    }

    /// The smallest curvature at the saddle: a learned mode i can be exchanged for a missing one k, which bends by
    /// s_i^((N−2)/N) (s_i − s_k), the 2 being `two`; an idle unit of two layers can learn it, which bends by −s_k.
    pub(crate) fn curvature_at_the_saddle(&self, two: f64) -> f64 {
        let s = self.modes.strengths();
        let missing = (0..s.len()).filter(|k| !self.learned.contains(k));
        let strongest = missing.map(|k| s[k]).fold(0.0, maximum);
        let power = 1.0 - two / self.depth as f64;
        let exchanged = self.learned.iter().map(|&i| powf(s[i], power) * (s[i] - strongest));
        let idle = (self.learned.len() < self.width).then_some(-strongest);
        exchanged.chain(idle).fold(0.0, minimum)
    }

    /// (loss − minimum)/|Φ|².
    pub(crate) fn gap(&self, loss: f64) -> f64 {
        let minimum = self.loss().minimum().map_or(f64::NAN, |minimum| minimum.value);
        (loss - minimum) / self.modes.map().norm_squared()
    }

    /// Whether the product of the inner factors W_{N-1} ⋯ W_2 has the rank of the narrowest place; true for two
    /// layers, between which there is nothing.
    pub(crate) fn inner_rank_is_full(&self, x: &Vector) -> bool {
        let network = self.loss().network(x);
        let inner = &network.factors()[1..self.depth - 1];
        inner.is_empty() || {
            let product = DeepLinear::new(inner.to_vec()).end_to_end();
            product.singular_values().iter().all(|s| *s > 1e-3)
        }
    }
}

pub(crate) fn networks(depth: usize) -> Family<Landscape> {
    Family::drawn(&format!("{depth} layers"), move |draw| Landscape::draw(depth, draw))
}

/// Critical points that have learned some set of modes other than the strongest: as many as the layers are wide, or
/// fewer.
pub(crate) fn saddles(depth: usize, fewer: bool) -> Family<Landscape> {
    let name = format!("saddles of {depth} layers");
    Family::drawn(&name, move |draw| {
        let mut landscape = Landscape::draw(depth, draw);
        let n = landscape.modes.strengths().len();
        landscape.width = landscape.width.min(n - 1);
        let learned = if fewer { draw.size(0..=landscape.width) } else { landscape.width };
        let mut modes: Vec<usize> = (0..n).collect();
        modes.shuffle(draw.generator());
        landscape.learned = modes[..learned].to_vec();
        // Strengths increase. The strongest of that number alone would be no saddle: the weakest is taken instead of one.
        if landscape.learned.iter().all(|i| *i >= n - learned) && learned > 0 {
            landscape.learned[0] = 0;
        }
        landscape
    })
}

/// Points that have learned combinations of two modes that the target does not have.
pub(crate) fn rotated_saddles() -> Family<Landscape> {
    saddles(2, false).map(|landscape| Landscape { turned: 0.5, ..landscape })
}

/// Two modes of the same strength, of which one can be learned.
pub(crate) fn equal_strengths() -> Family<Landscape> {
    Family::drawn("equal strengths", |draw| {
        let strength = draw.uniform(0.5, 2.0);
        Landscape {
            modes: Modes::draw(&[strength; 2], draw.generator()),
            depth: 2,
            width: 1,
            learned: Vec::new(),
            turned: 0.0,
        }
    })
}

/// All factors 0.
pub(crate) fn zero(depth: usize) -> Family<Landscape> {
    Family::drawn("zero", move |draw| Landscape::draw(depth, draw))
}

pub(crate) fn distinct_strengths() -> [Hypothesis<Landscape>; 1] {
    [Hypothesis::new("distinct strengths", |l: &Landscape, _| {
        let mut strengths = l.modes.strengths().to_vec();
        strengths.sort_by(f64::total_cmp);
        let least = strengths.windows(2).map(|pair| pair[1] - pair[0]).fold(strengths[0], minimum);
        Check::at_least(least, 0.1, "least strength and difference of strengths")
    })]
}

/// Of the constructed point.
pub(crate) fn of_full_rank() -> Hypothesis<Landscape> {
    Hypothesis::new("inner layers of full rank", |l: &Landscape, _| {
        Check::that(
            l.inner_rank_is_full(&l.saddle().flatten()),
            format!("rank of the product of the inner layers against {}", l.width),
        )
    })
}

/// The constructed point has learned modes of the target: that product and target share them.
pub(crate) fn of_the_target() -> Hypothesis<Landscape> {
    Hypothesis::new("modes of the target", |l: &Landscape, _| {
        let learned: Vec<f64> = (0..l.modes.strengths().len())
            .map(|i| if l.learned.contains(&i) { l.modes.strengths()[i] } else { 0.0 })
            .collect();
        let apart = (l.saddle().end_to_end() - l.modes.with(&learned)).norm();
        Check::at_most(apart, 1e-12, "|W − Σ s_i u_i v_iᵀ| over the learned modes")
    })
}
