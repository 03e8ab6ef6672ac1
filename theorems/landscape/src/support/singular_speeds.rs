//! How fast the singular values of a product move.

use theoria_elementary::powf;
use theoria_instances::families::gaussian_matrix;
use theoria_models::networks::{DeepLinear, MatrixSensing};
use theoria_models::numerics::{maximum, minimum};
use theoria_models::{Matrix, Objective, Svd, Vector};
use theoria_verification::{Check, Claim, Family, Hypothesis, Instance, Reading, Readings};

/// Rows and columns.
const SIZE: usize = 6;

/// Balanced factors, and a truth of which each entry was observed or not.
pub(crate) struct OnTheWay {
    truth: Matrix,
    entries: Vec<(usize, usize)>,
    network: DeepLinear,
}

impl Instance for OnTheWay {
    fn description(&self) -> String {
        let (factors, observed) = (self.network.depth(), self.entries.len());
        format!("{factors} factors, {SIZE} x {SIZE}, {observed} entries observed")
    }
}

fn on_the_way() -> Family<OnTheWay> {
    Family::drawn("balanced factors", |draw| {
        let depth = draw.size(2..=4).max(2);
        let [truth, map] = [(); 2].map(|()| gaussian_matrix(SIZE, SIZE, draw));
        let all = (0..SIZE * SIZE).map(|k| (k / SIZE, k % SIZE));
        OnTheWay {
            truth,
            entries: all.filter(|_| draw.uniform(0.0, 1.0) < 0.7).collect(),
            network: DeepLinear::balanced_rotated(&map, depth, draw.generator()),
        }
    })
}

/// How the singular values of the map of a network move under gradient flow.
struct Motion {
    values: Vector,
    /// u_kᵀ ∇ℓ v_k
    slopes: Vec<f64>,
    /// u_kᵀ W' v_k, W' the velocity of the map.
    speeds: Vec<f64>,
    /// |W'|
    size: f64,
}

impl OnTheWay {
    fn motion(&self) -> Motion {
        let map = self.network.end_to_end();
        let mut slope = Matrix::zeros(SIZE, SIZE);
        for at in &self.entries {
            slope[*at] = (map[*at] - self.truth[*at]) / self.entries.len() as f64;
        }
        let widths = self.network.widths();
        let loss = MatrixSensing::completion(&widths, &self.truth, &self.entries);
        let gradients = DeepLinear::unflatten(&widths, &loss.gradient_at(&self.network.flatten()));
        let moved: Matrix = (0..self.network.depth())
            .map(|j| {
                let mut factors = self.network.factors().to_vec();
                factors[j] = -gradients.factors()[j].clone();
                DeepLinear::new(factors).end_to_end()
            })
            .sum();
        let svd = Svd::of(&map);
        let along = |m: &Matrix| {
            let entry = |k| (svd.left().column(k).transpose() * m * svd.right().column(k))[0];
            (0..SIZE).map(entry).collect()
        };
        Motion {
            values: svd.values().clone(),
            slopes: along(&slope),
            speeds: along(&moved),
            size: moved.norm(),
        }
    }
}

/// The velocity of each singular value along the flow of the factors, over N σ^(2−`two`/N) times that of the
/// flow of the map alone.
pub(crate) fn speeds(name: &str, formula: &str, two: f64) -> Claim<OnTheWay> {
    Claim::identity(name, formula, 1e-6)
        .assuming([
            Hypothesis::new("balanced", |o: &OnTheWay, _| {
                let largest = o.network.imbalances().iter().map(Matrix::amax).fold(0.0, maximum);
                Check::at_most(largest, 1e-12, "largest imbalance")
            }),
            Hypothesis::new("distinct singular values", |o: &OnTheWay, _| {
                let mut values = o.network.end_to_end().singular_values().as_slice().to_vec();
                values.sort_by(f64::total_cmp);
                let least = values.windows(2).map(|pair| pair[1] - pair[0]);
                let least = least.fold(f64::INFINITY, minimum);
                Check::at_least(least, 1e-6, "least distance of singular values")
            }),
            Hypothesis::new("every singular value moves", |o: &OnTheWay, _| {
                let motion = o.motion();
                let least = motion.speeds.iter().fold(f64::INFINITY, |m, speed| m.min(speed.abs()));
                Check::at_least(least / motion.size, 1e-6, "least speed over that of the map")
            }),
        ])
        .on(on_the_way())
        .measuring_each(move |o: &OnTheWay| {
            let n = o.network.depth() as f64;
            let motion = o.motion();
            Readings::over(0..SIZE, |k| {
                let alone = -n * powf(motion.values[k], 2.0 - two / n) * motion.slopes[k];
                Reading::new(motion.speeds[k] / alone, 1e-13 * motion.size / alone.abs())
            })
        })
        .predicting(|_, _| 1.0)
}
