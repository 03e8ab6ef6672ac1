//! Gradient steps on diagonal linear networks, which multiply the weights.

use rand::{Rng, RngExt};
use theoria_elementary::{atanh, ln, ln_1p};
use theoria_instances::SparseRegression;
use theoria_models::Vector;
use theoria_models::numerics::maximum;
use theoria_models::stochastic::draws::signs;

/// The scale at the start.
pub(crate) const ALPHA: f64 = 0.3;
/// A run has settled where the residuals are this share of the targets: what is left is rounding.
const SETTLED: f64 = 1e-12;
/// Steps after which a run is given up that has not settled.
const PATIENCE: usize = 1_000_000;

/// What a step sees.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Batch {
    /// A sample drawn uniformly, with noise in its label.
    One,
    /// All of them.
    All,
}

/// How long, and on what.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Course {
    /// What the steps see.
    pub(crate) batch: Batch,
    /// Size σ of the noise in the labels of single samples.
    pub(crate) sigma: f64,
    /// Steps.
    pub(crate) steps: usize,
    /// Whether full batches without noise follow, in steps twice as long, until the residuals are rounding.
    pub(crate) settles: bool,
}

/// A run of multiplicative steps from u = v = α.
pub(crate) struct Run {
    /// β at the end, d.
    pub(crate) predictor: Vector,
    /// (|u_j v_j|)^(1/2) at the end, d.
    pub(crate) scales: Vector,
    /// log(u_j/v_j) at the end, d, which is arsinh(β_j/(2 u_j v_j)).
    pub(crate) mirror: Vector,
    /// Π (1 − (2ηg_j)²) over the steps, d.
    pub(crate) product: Vector,
    /// The same with half the squares.
    pub(crate) halved: Vector,
    /// Sum over the steps of the losses of the batches, noise of labels included, each times its η².
    pub(crate) losses: f64,
    /// Sum of 2 artanh(2ηg_j) − 4ηg_j over the steps, d: what leads out of the row space.
    pub(crate) across: Vector,
    /// Sum over the steps of the norms of that.
    pub(crate) third_order: f64,
    /// Sum of (2ηg_j)² over steps and coordinates.
    pub(crate) squares: f64,
    /// The largest 2η|g_j|.
    pub(crate) largest: f64,
    /// Whether the residuals are rounding.
    pub(crate) settled: bool,
}

impl Run {
    /// The mean of log(α/α_∞) over the coordinates.
    pub(crate) fn shrinkage(&self) -> f64 {
        self.scales.iter().map(|scale| ln(ALPHA / scale)).sum::<f64>() / self.scales.len() as f64
    }

    /// −log(1 − z²)/z² for the largest z = 2η|g_j|: how much more than by its square a coordinate shrinks at most.
    pub(crate) fn excess(&self) -> f64 {
        let square = self.largest * self.largest;
        -ln_1p(-square) / square
    }
}

/// The step size: a hundredth, or where features are large so small that no step moves the residual of its sample by
/// more than four tenths of it. At β and scales α the residual of sample i moves by the share
/// 4η Σ_j x_ij² (4α⁴ + β_j²)^(1/2).
fn step_size(problem: &SparseRegression) -> f64 {
    let slopes = problem.planted().map(|b| (4.0 * ALPHA.powi(4) + b * b).sqrt());
    let rows = problem.features().row_iter();
    let largest = rows.map(|row| row.transpose().map(|x| x * x).dot(&slopes)).fold(0.0, maximum);
    (0.1 / largest).min(0.01)
}

/// Runs it.
pub(crate) fn run(problem: &SparseRegression, course: Course, random: &mut impl Rng) -> Run {
    let network = problem.network();
    let (n, d) = problem.features().shape();
    let mut point = network.start(&problem.uniform(ALPHA));
    let (mut product, mut halved) = (problem.uniform(1.0), problem.uniform(1.0));
    let (mut across, mut third_order) = (Vector::zeros(d), 0.0);
    let (mut losses, mut squares, mut largest) = (0.0, 0.0, 0f64);
    let mut noise = [0.0];
    let mut settled = false;
    let step = step_size(problem);
    for k in 0..course.steps + if course.settles { PATIENCE } else { 0 } {
        let predictor = network.predictor(&point);
        let mut eta = step;
        let slope = match course.batch {
            Batch::One if k < course.steps => {
                let sample = random.random_range(0..n as u32) as usize;
                signs(random, &mut noise);
                let label = problem.targets()[sample] + course.sigma * noise[0];
                let residual = problem.features().row(sample).tr_dot(&predictor) - label;
                losses += eta * eta * residual * residual / 2.0;
                network.sample_slope(sample, label, &predictor)
            }
            _ => {
                let residual = (problem.features() * &predictor - problem.targets()).norm();
                settled = residual <= SETTLED * problem.targets().norm();
                if settled && k >= course.steps {
                    break;
                }
                if k >= course.steps {
                    eta = 2.0 * step;
                }
                losses += eta * eta * residual * residual / (2.0 * n as f64);
                network.slope(&predictor)
            }
        };
        network.multiply(&mut point, &slope, eta);
        let mut cubes = 0.0;
        for (j, g) in slope.iter().enumerate() {
            let z = 2.0 * eta * g;
            product[j] *= 1.0 - z * z;
            halved[j] *= 1.0 - z * z / 2.0;
            squares += z * z;
            largest = largest.max(z.abs());
            let cube = 2.0 * (atanh(z) - z);
            across[j] += cube;
            cubes += cube * cube;
        }
        third_order += cubes.sqrt();
    }
    Run {
        predictor: network.predictor(&point),
        scales: network.scales(&point),
        mirror: Vector::from_fn(d, |j, _| ln(point[j] / point[d + j])),
        product,
        halved,
        losses,
        across,
        third_order,
        squares,
        largest,
        settled,
    }
}
