//! The squared loss of a deep linear network.

use super::{Activation, DeepLinear, FullyConnected, NetworkLoss};
use crate::{Matrix, Minimum, Objective, Svd, Vector};

/// |W_N ⋯ W_1 - Φ|_F² / 2 for a target map Φ, or |W_N ⋯ W_1 X - Y|_F² / (2N) for samples, as a
/// function of the entries of all factors in the order of [`DeepLinear::flatten`].
///
/// The first is the loss on whitened data, XXᵀ/N = I, but for a constant, with Φ = YXᵀ/N. The
/// minimum is that over all maps of a rank at most the smallest width r: the squares of the
/// singular values of the best fit beyond r, and what no map fits (Eckart, Young 1936; Izenman
/// 1975).
///
/// ```
/// use theoria_models::{Matrix, Objective, networks::DeepLinearLoss};
///
/// // A bottleneck of width 1 loses the smaller singular value.
/// let target = Matrix::from_row_slice(2, 2, &[3.0, 0.0, 0.0, 1.0]);
/// let f = DeepLinearLoss::new(&[2, 1, 2], target);
/// assert!((f.minimum().unwrap().value - 0.5).abs() < 1e-14);
/// ```
#[derive(Debug, Clone)]
pub struct DeepLinearLoss {
    loss: NetworkLoss,
    minimum: Option<Minimum>,
}

impl DeepLinearLoss {
    /// With whitened data, for widths n_0, ..., n_N and a target map, n_N x n_0.
    ///
    /// # Panics
    /// If there are fewer than two widths, one is 0, or the target does not fit.
    pub fn new(widths: &[usize], target: Matrix) -> Self {
        let minimum = tail(&target, widths) / 2.0;
        let rounding = 16.0 * f64::EPSILON * (minimum + f64::EPSILON * target.norm_squared());
        let network = FullyConnected::new(widths, Activation::Linear);
        DeepLinearLoss {
            loss: NetworkLoss::of_map(network, target),
            minimum: Some(Minimum { value: minimum, error: rounding }),
        }
    }

    /// With samples: inputs, n_0 x N, and targets, n_N x N, one sample a column. Where the rank of the inputs is
    /// [in doubt](Svd::decided_rank), no minimum is stated.
    ///
    /// # Panics
    /// If there are fewer than two widths, one is 0, there is no sample or the sizes do not fit.
    pub fn with_samples(widths: &[usize], inputs: Matrix, targets: Matrix) -> Self {
        let samples = inputs.ncols() as f64;
        let svd = Svd::of(&inputs);
        let minimum = svd.decided_rank(&inputs).map(|rank| {
            // What linear maps can fit lies in the span of the rows of the inputs.
            let rows = svd.right().columns(0, rank).transpose();
            let coefficients = &targets * rows.transpose();
            let fitted = &coefficients * rows;
            let lost = (&targets - fitted).norm_squared() + tail(&coefficients, widths);
            let (minimum, size) = (lost / (2.0 * samples), targets.norm_squared() / samples);
            // The span is known up to an angle.
            let relative = 64.0 * f64::EPSILON + 2.0 * svd.tilt(rank);
            let error = relative * (minimum * size).sqrt() + relative.powi(2) * size;
            Minimum { value: minimum, error }
        });
        let network = FullyConnected::new(widths, Activation::Linear);
        DeepLinearLoss { loss: NetworkLoss::new(network, inputs, targets), minimum }
    }

    /// The widths n_0, ..., n_N.
    pub fn widths(&self) -> &[usize] {
        self.loss.network().widths()
    }

    /// The network with these entries.
    ///
    /// # Panics
    /// If there are not as many as the dimension.
    pub fn network(&self, parameters: &Vector) -> DeepLinear {
        DeepLinear::unflatten(self.widths(), parameters)
    }
}

/// The sum of squares of the singular values beyond the smallest width.
fn tail(map: &Matrix, widths: &[usize]) -> f64 {
    let rank = widths.iter().copied().min().unwrap_or(0);
    let svd = Svd::of(map);
    svd.values().iter().skip(rank).map(|s| s * s).sum()
}

impl Objective for DeepLinearLoss {
    fn describe(&self) -> String {
        format!("deep linear network of widths {:?}", self.widths())
    }

    fn dimension(&self) -> usize {
        self.loss.dimension()
    }

    fn value(&self, parameters: &Vector) -> f64 {
        self.loss.value(parameters)
    }

    fn gradient_into(&self, parameters: &Vector, into: &mut Vector) {
        self.loss.gradient_into(parameters, into);
    }

    fn hessian_vector(&self, parameters: &Vector, direction: &Vector) -> Option<Vector> {
        self.loss.hessian_vector(parameters, direction)
    }

    fn rounding(&self, parameters: &Vector) -> f64 {
        self.loss.rounding(parameters)
    }

    fn gradient_rounding(&self, parameters: &Vector) -> f64 {
        self.loss.gradient_rounding(parameters)
    }

    fn minimum(&self) -> Option<Minimum> {
        self.minimum
    }

    fn bounded_below(&self) -> Option<f64> {
        Some(self.minimum.map_or(0.0, |minimum| minimum.value - minimum.error))
    }
}
