//! Two by two matrices of which one entry is not observed: a determinant that keeps its sign drives that entry to infinity.

use theoria_elementary::powf;
use theoria_models::networks::{DeepLinear, MatrixSensing, haar_orthogonal};
use theoria_models::{Matrix, Objective};
use theoria_verification::{Check, Claim, Curve, Family, Hypothesis, Instance};

/// Factors.
const DEPTH: usize = 3;
/// Steps of gradient descent at which it is looked at.
const STEPS: [usize; 3] = [5000, 10_000, 20_000];
/// On the sum of squares, so short that the sign of the determinant is kept as by the flow.
const STEP: f64 = 0.01;

/// A start whose product has singular values that are equal.
pub(crate) struct Corner {
    start: DeepLinear,
}

impl Corner {
    /// The product of the factors after so many steps each.
    fn run(&self) -> Vec<Matrix> {
        let truth = Matrix::from_row_slice(2, 2, &[0.0, 1.0, 1.0, 0.0]);
        let observed = [(0, 1), (1, 0), (1, 1)];
        let loss = MatrixSensing::completion(&[2; DEPTH + 1], &truth, &observed);
        let mut x = self.start.flatten();
        let mut gradient = x.clone();
        let mut seen = Vec::new();
        for step in 1..=STEPS[STEPS.len() - 1] {
            loss.gradient_into(&x, &mut gradient);
            // The loss is half the mean of three squares.
            x.axpy(-3.0 * STEP, &gradient, 1.0);
            if STEPS.contains(&step) {
                seen.push(loss.matrix(&x));
            }
        }
        seen
    }
}

impl Instance for Corner {
    fn description(&self) -> String {
        let map = self.start.end_to_end();
        format!(
            "{DEPTH} factors, W(0) = {:.4?}, det W(0) = {:.5}",
            map.as_slice(),
            map.determinant()
        )
    }
}

/// Random rotations times a number, and where it is so wished a mirror among them.
pub(crate) fn corners(name: &str, sign: f64) -> Family<Corner> {
    Family::drawn(name, move |draw| {
        let each = powf(draw.uniform(0.05, 0.3), 1.0 / DEPTH as f64);
        let mut factors: Vec<Matrix> =
            (0..DEPTH).map(|_| haar_orthogonal(2, 2, draw.generator()) * each).collect();
        let determinant: f64 = factors.iter().map(Matrix::determinant).product();
        if determinant * sign < 0.0 {
            factors[0].row_mut(0).neg_mut();
        }
        Corner { start: DeepLinear::new(factors) }
    })
}

/// The name of that hypothesis.
pub(crate) const POSITIVE: &str = "det W > 0 at the start";

/// After 5000, 10 000 and 20 000 steps: |W₁₁| against what the determinant leaves it, δ being the root of the sum of squares at the other entries. `share` is 1 in the theorem.
pub(crate) fn unseen_entry(name: &str, share: f64) -> Claim<Corner> {
    let times = if share == 1.0 { "1".to_owned() } else { format!("{share}") };
    Claim::lower_bound(name, &format!("|W₁₁| ≥ {times}/δ − δ where W₁₂ = W₂₁ = 1, W₂₂ = 0 up to δ"))
        .assuming([Hypothesis::new(POSITIVE, |corner: &Corner, _| {
            let determinant = corner.start.end_to_end().determinant();
            Check::that(determinant > 0.0, format!("det W(0) = {determinant:.4}"))
        })])
        .experiment(move |corner: &Corner| {
            let maps = corner.run();
            let delta = |map: &Matrix| {
                let errors = [map[(0, 1)] - 1.0, map[(1, 0)] - 1.0, map[(1, 1)]];
                errors.iter().map(|error| error * error).sum::<f64>().sqrt()
            };
            let bound = |map: &Matrix| share / delta(map) - delta(map);
            Curve::over(0..STEPS.len(), |i| maps[i][(0, 0)].abs(), |i| bound(&maps[i]))
        })
}
