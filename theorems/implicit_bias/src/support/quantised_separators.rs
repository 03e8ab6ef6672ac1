//! Linear classifiers that separate their samples, and the coarsest grid that keeps them separated.

use std::f64::consts::{LN_2, PI};

use rand::{Rng, RngExt};
use rand_distr::{Distribution, StandardNormal};
use theoria_elementary::{atan2, ln};
use theoria_models::data::{DataSet, digits};
use theoria_models::numerics::minimum;
use theoria_models::{Matrix, Vector};
use theoria_references::{MarginNorm, largest_margin};
use theoria_verification::{Constant, Instance};

use super::box_code::code_length;
use super::coded_hypotheses::largest_error;

/// Rounds of the perceptron after which samples are given up.
const ROUNDS: usize = 1 << 14;

/// Where samples come from, so that errors on all of it are known.
#[derive(Debug, Clone)]
enum Population {
    /// Standard normal features, with the sign of their product with this teacher as the label.
    Teacher(Vector),
    /// Standard normal features with labels by a coin.
    Coins,
    /// These, one as likely as any other, drawn with replacement.
    Finite(DataSet),
}

/// Samples that a hyperplane through the origin separates.
#[derive(Debug, Clone)]
pub(crate) struct Separated {
    name: String,
    population: Population,
    samples: DataSet,
    /// Weights of separators that are looked at in place of all others.
    given: Vec<Vector>,
}

/// A separator on the coarsest grid that keeps it one.
#[derive(Debug, Clone)]
pub(crate) struct Quantised {
    /// m, to which each weight is one of the centres of as many intervals of equal length in [−1, 1].
    pub(crate) levels: usize,
    /// Length of its code: log₂ m(m + 1) for the number of levels, log₂ m for each weight.
    pub(crate) bits: f64,
    /// err of what the grid has made of it.
    pub(crate) error: f64,
}

impl Separated {
    fn new(name: &str, population: Population, samples: DataSet) -> Self {
        Separated { name: name.into(), population, samples, given: Vec::new() }
    }

    fn gaussian(n: usize, d: usize, random: &mut impl Rng) -> Matrix {
        Matrix::from_fn(n, d, |_, _| StandardNormal.sample(random))
    }

    /// A teacher whose coordinates are independent standard normal.
    pub(crate) fn by_dense_teacher(n: usize, d: usize, random: &mut impl Rng) -> Self {
        let teacher = Vector::from_fn(d, |_, _| StandardNormal.sample(random));
        Self::by_teacher("dense teacher", n, teacher, random)
    }

    /// A teacher that looks at the first feature alone.
    pub(crate) fn by_one_feature(n: usize, d: usize, random: &mut impl Rng) -> Self {
        let teacher = Vector::from_fn(d, |j, _| if j == 0 { 1.0 } else { 0.0 });
        Self::by_teacher("teacher of one feature", n, teacher, random)
    }

    fn by_teacher(name: &str, n: usize, teacher: Vector, random: &mut impl Rng) -> Self {
        let features = Self::gaussian(n, teacher.len(), random);
        let targets = (&features * &teacher).map(f64::signum);
        let samples = DataSet { name: name.into(), features, targets };
        Self::new(name, Population::Teacher(teacher), samples)
    }

    /// At most as many samples as features, whose labels mean nothing.
    pub(crate) fn by_coins(n: usize, d: usize, random: &mut impl Rng) -> Self {
        let features = Self::gaussian(n, d, random);
        let targets = Vector::from_fn(n, |_, _| if random.random::<bool>() { 1.0 } else { -1.0 });
        let samples = DataSet { name: "labels by a coin".into(), features, targets };
        Self::new("labels by a coin", Population::Coins, samples)
    }

    /// Images of threes and eights and a constant pixel, drawn with replacement from all that there are: which of both is it?
    pub(crate) fn threes_and_eights(n: usize, random: &mut impl Rng) -> Self {
        let all = digits();
        let of_both = |row: &usize| [3.0, 8.0].contains(&all.targets[*row]);
        let rows: Vec<usize> = (0..all.targets.len()).filter(of_both).collect();
        let population = DataSet {
            name: "threes and eights".into(),
            features: all.features.select_rows(&rows).insert_column(64, 1.0),
            targets: all.targets.select_rows(&rows).map(|d| if d == 3.0 { 1.0 } else { -1.0 }),
        };
        let chosen: Vec<usize> = (0..n).map(|_| random.random_range(0..rows.len())).collect();
        let samples = DataSet {
            name: population.name.clone(),
            features: population.features.select_rows(&chosen),
            targets: population.targets.select_rows(&chosen),
        };
        Self::new("images of threes and eights", Population::Finite(population), samples)
    }

    /// One sample, whose two features have opposite signs, and the weights (1, 1 − 2r), which differ by so little that grids of less than 1/r levels take
    /// them for equal.
    pub(crate) fn nearly_equal_weights(half_width: f64) -> Self {
        let weights = Vector::from_vec(vec![1.0, 1.0 - 2.0 * half_width]);
        let given = vec![weights];
        Separated { given, ..Self::between(0.0, 1) }
    }

    /// Two samples that are separated by positive weights of a quotient between `least` and 1: the flattest separator, and one near the lower end.
    pub(crate) fn between_two_quotients(least: f64) -> Self {
        let mut both = Self::between(least, 2);
        let sharper = Vector::from_vec(vec![1.0, least + 0.05 * (1.0 - least)]);
        both.given = vec![both.flattest(), sharper];
        both
    }

    /// The sample (1, −1), and (−c, 1).
    fn between(least: f64, count: usize) -> Self {
        let features = Matrix::from_row_slice(2, 2, &[1.0, -1.0, -least, 1.0]);
        let features = features.rows(0, count).into_owned();
        let targets = Vector::from_element(count, 1.0);
        let samples = DataSet { name: "two weights".into(), features, targets };
        Self::new("two weights", Population::Coins, samples)
    }

    pub(crate) fn size(&self) -> (usize, usize) {
        self.samples.features.shape()
    }

    /// y_i x_i·w for each sample.
    fn margins(&self, w: &Vector) -> Vector {
        (&self.samples.features * w).component_mul(&self.samples.targets)
    }

    fn separates(&self, w: &Vector) -> bool {
        self.margins(w).min() > 0.0
    }

    /// r, the least y_i x_i·w/|x_i|₁ for the largest |w_j| = 1: whatever lies within this of every weight separates as well.
    pub(crate) fn half_width(&self, w: &Vector) -> f64 {
        let sizes = self.samples.features.row_iter().map(|row| row.lp_norm(1));
        let margins = self.margins(w);
        let least = margins.iter().zip(sizes).map(|(margin, size)| margin / size);
        least.fold(f64::INFINITY, minimum) / w.amax()
    }

    /// The share of the population that is put on the wrong side.
    pub(crate) fn error(&self, w: &Vector) -> f64 {
        match &self.population {
            Population::Coins => 0.5,
            Population::Teacher(teacher) => {
                let across = w - teacher * (w.dot(teacher) / teacher.norm_squared());
                atan2(across.norm(), w.dot(teacher) / teacher.norm()) / PI
            }
            Population::Finite(all) => {
                let margins = (&all.features * w).component_mul(&all.targets);
                let wrong = margins.iter().filter(|margin| **margin <= 0.0);
                wrong.count() as f64 / margins.len() as f64
            }
        }
    }

    /// The separator in the middle of the widest box, by a linear programme.
    pub(crate) fn flattest(&self) -> Vector {
        let mut sized = self.samples.features.clone();
        for mut row in sized.row_iter_mut() {
            let size = row.lp_norm(1);
            row /= size;
        }
        Self::found(&sized, &self.samples.targets, MarginNorm::Maximum)
    }

    /// The support vector machine.
    pub(crate) fn largest_margin(&self) -> Vector {
        let DataSet { features, targets, .. } = &self.samples;
        Self::found(features, targets, MarginNorm::Euclidean)
    }

    fn found(features: &Matrix, targets: &Vector, norm: MarginNorm) -> Vector {
        let found =
            largest_margin(features, targets, norm).unwrap_or_else(|error| panic!("{error}"));
        &found.direction / found.direction.amax()
    }

    /// Where the perceptron, which adds the samples that are on the wrong side one by one, has none left.
    fn perceptron(&self) -> Vector {
        let DataSet { features, targets, .. } = &self.samples;
        let signed: Vec<Vector> =
            features.row_iter().zip(targets).map(|(x, y)| x.transpose() * *y).collect();
        let mut w = Vector::zeros(features.ncols());
        for _ in 0..ROUNDS {
            for sample in &signed {
                if sample.dot(&w) <= 0.0 {
                    w += sample;
                }
            }
            if self.separates(&w) {
                return &w / w.amax();
            }
        }
        panic!("{}: not separated after {ROUNDS} rounds", self.name)
    }

    /// Weights of separators, the largest of size 1: the flattest one first, the perceptron's last.
    pub(crate) fn separators(&self) -> Vec<Vector> {
        if !self.given.is_empty() {
            return self.given.clone();
        }
        let (flattest, perceptron) = (self.flattest(), self.perceptron());
        let between = &flattest + &perceptron;
        let between = &between / between.amax();
        vec![flattest, self.largest_margin(), between, perceptron]
    }

    /// The coarsest grid that keeps the samples separated, and the weights on it.
    ///
    /// # Panics
    /// If no grid does that is as fine as the margin allows.
    fn coarsest(&self, weights: &Vector) -> (usize, Vector) {
        let enough = levels_of_a_box(self.half_width(weights));
        let kept = (1..=enough).find_map(|levels| {
            let w = on_a_grid(weights, levels);
            self.separates(&w).then_some((levels, w))
        });
        kept.unwrap_or_else(|| panic!("{}: {enough} levels separate no more", self.name))
    }

    /// On the coarsest grid that keeps the samples separated.
    pub(crate) fn quantised(&self, weights: &Vector) -> Quantised {
        let (levels, w) = self.coarsest(weights);
        Quantised { levels, bits: code_length(levels, w.len()), error: self.error(&w) }
    }

    /// The bits that these weights take when a feature is told in other units: it is divided by c, and its weight multiplied by it.
    pub(crate) fn bits_in_units(&self, mut weights: Vector, feature: usize, c: f64) -> f64 {
        let mut scaled = self.clone();
        scaled.samples.features.column_mut(feature).scale_mut(1.0 / c);
        weights[feature] *= c;
        let (levels, w) = scaled.coarsest(&(&weights / weights.amax()));
        code_length(levels, w.len())
    }

    /// What err of a hypothesis of so many bits without an error on the samples is below, with probability 1 − δ.
    pub(crate) fn guarantee(&self, bits: f64, delta: f64) -> f64 {
        largest_error(0.0, (bits * LN_2 - ln(delta)) / self.size().0 as f64)
    }
}

impl Instance for Separated {
    fn description(&self) -> String {
        let (n, d) = self.size();
        format!("{}, {n} samples of {d} features", self.name)
    }

    fn constants(&self) -> Vec<Constant> {
        vec![Constant::certified("largest half-width", self.half_width(&self.flattest()))]
    }
}

/// ⌊1/r⌋ + 1: so many intervals of equal length in [−1, 1] are shorter than 2r.
fn levels_of_a_box(half_width: f64) -> usize {
    (1.0 / half_width) as usize + 1
}

/// Each weight, of size 1 at most, moved to the centre of its interval.
fn on_a_grid(w: &Vector, levels: usize) -> Vector {
    let m = levels as f64;
    w.map(|weight| {
        let interval = ((weight + 1.0) / 2.0 * m).floor().clamp(0.0, m - 1.0);
        (2.0 * interval + 1.0) / m - 1.0
    })
}
