//! Layers that a solution draws, and what passes through them.

use rand_distr::{Distribution, StandardNormal};
use theoria_verification::{Constant, Draw, Family, Generator, Instance, Stream};

use super::reflections::{dot, factored};
use crate::play::Student;
use crate::theoria::Fields;

/// How much of a nearly parallel column is its own.
const OWN: f64 = 1e-9;
/// What is left of a column beside the earlier ones, at least, where columns are not to be nearly parallel.
const LEAST_PIVOT: f64 = 0.1;

/// Square layers of one size.
pub(super) struct Layers {
    pub(super) dimension: usize,
    pub(super) depth: usize,
    pub(super) gain: f64,
    /// The entries of G of each layer.
    pub(super) normals: Vec<Vec<f64>>,
}

impl Instance for Layers {
    fn description(&self) -> String {
        let plural = if self.depth == 1 { "" } else { "s" };
        let size = format!("{} layer{plural} of dimension {}", self.depth, self.dimension);
        match self.normals.as_slice() {
            [only] if self.dimension <= 3 => format!("{size}, with G = {only:.4?} row by row"),
            _ => size,
        }
    }

    fn constants(&self) -> Vec<Constant> {
        vec![Constant::exact("g", self.gain)]
    }
}

impl Layers {
    /// The weights that the solution answers, each row by row; none where it fails.
    pub(super) fn drawn_by(&self, student: &Student) -> Option<Vec<Vec<f64>>> {
        drawn(student, self.dimension, self.gain, &self.normals)
    }

    /// |W_l ⋯ W_1 u|/g^l for l = 1, …, L and a unit vector u; no numbers where there are no weights.
    pub(super) fn lengths(&self, weights: Option<&Vec<Vec<f64>>>, u: Vec<f64>) -> Vec<f64> {
        let Some(weights) = weights else { return vec![f64::NAN; self.depth] };
        let mut passing = u;
        let through = |matrix: &Vec<f64>| {
            let rows = matrix.chunks(self.dimension);
            passing = rows.map(|row| dot(row, &passing) / self.gain).collect();
            dot(&passing, &passing).sqrt()
        };
        weights.iter().map(through).collect()
    }
}

/// What a solution makes of these numbers.
pub(super) fn drawn(
    student: &Student,
    dimension: usize,
    gain: f64,
    normals: &[Vec<f64>],
) -> Option<Vec<Vec<f64>>> {
    let depth = normals.len();
    let told = Fields::new()
        .with("dimension", dimension as f64)
        .with("depth", depth as f64)
        .with("gain", gain)
        .with("normals", normals.to_vec());
    let answer = student.begin(&told)?;
    student.take(answer.matrix("weights", depth, dimension * dimension))
}

/// The weights of so many layers with the gain 1, for fresh normal numbers.
pub(super) fn fresh(
    student: &Student,
    dimension: usize,
    depth: usize,
    random: &mut Generator,
) -> Option<Vec<Vec<f64>>> {
    let mut matrix =
        || (0..dimension * dimension).map(|_| StandardNormal.sample(random)).collect::<Vec<f64>>();
    let normals: Vec<Vec<f64>> = (0..depth).map(|_| matrix()).collect();
    drawn(student, dimension, 1.0, &normals)
}

/// Any dimension, up to 60 layers, gains around 1.
pub(super) fn deep() -> Family<Layers> {
    Family::drawn("deep networks", |draw| {
        let (dimension, depth) = (draw.size(2..=8), draw.size(1..=60));
        let gain = draw.uniform(1.05, 1.2);
        let mut normal = normal_numbers(draw);
        let mut matrix = || (0..dimension * dimension).map(|_| normal()).collect::<Vec<f64>>();
        // Nearly parallel columns are another check: which of them come here must not be a matter of luck.
        let matrices = std::iter::repeat_with(&mut matrix).filter(|entries| {
            factored(dimension, entries).diagonal.iter().all(|r| r.abs() > LEAST_PIVOT)
        });
        let normals = matrices.take(depth).collect();
        Layers { dimension, depth, gain, normals }
    })
}

/// Matrices whose columns, and whose rows, are parallel but for a part of 10⁻⁹.
pub(super) fn nearly_parallel() -> Family<Layers> {
    Family::drawn("nearly parallel columns", |draw| {
        let (dimension, depth, gain) = (draw.size(2..=5), 4, draw.uniform(0.5, 0.9));
        let mut normal = normal_numbers(draw);
        let mut matrix = || {
            let mut vector = || (0..dimension).map(|_| normal()).collect::<Vec<f64>>();
            let (left, right) = (vector(), vector());
            let row = |a: &f64| right.iter().map(move |b| a * b).collect::<Vec<f64>>();
            let entries = left.iter().flat_map(row).collect::<Vec<f64>>();
            entries.into_iter().map(|entry| entry + OWN * normal()).collect()
        };
        let normals = (0..depth).map(|_| matrix()).collect();
        Layers { dimension, depth, gain, normals }
    })
}

/// From a seed, which is one choice: of a counterexample fewer and smaller layers are wanted, and not simpler numbers.
fn normal_numbers(draw: &mut Draw) -> impl FnMut() -> f64 + use<> {
    let mut random = Stream::new(draw.size(0..=999_999) as u64).trial(0);
    move || StandardNormal.sample(&mut random)
}
