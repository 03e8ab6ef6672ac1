//! Exact moments of epochs of SGD on least squares.

use theoria_models::numerics::maximum;
use theoria_models::objectives::LeastSquares;
use theoria_models::stochastic::{FiniteSum, MomentMap, gradient_maps, mean_matrix};
use theoria_models::{Matrix, Objective, Property, Vector};
use theoria_verification::{Constant, Instance};

/// Least squares without a common solution, small enough for all orders of its samples.
pub(crate) struct Floors {
    pub(crate) sum: LeastSquares,
    pub(crate) minimiser: Vector,
    /// See [`gradient_maps`].
    pub(crate) maps: Vec<Matrix>,
    /// Where the trials start, seen from x*.
    pub(crate) offset: Vector,
}

impl Floors {
    pub(crate) fn new(sum: LeastSquares) -> Self {
        let Some(minimiser) = sum.nearest_minimiser(&Vector::zeros(sum.dimension())) else {
            panic!("least squares have a minimiser");
        };
        let offset = Vector::from_vec(vec![0.5, -0.5]);
        Floors { maps: gradient_maps(&sum, &minimiser), minimiser, sum, offset }
    }

    /// The largest curvature of a sample.
    pub(crate) fn curvature(&self) -> f64 {
        let lengths = self.sum.features().row_iter().map(|x| x.norm_squared());
        lengths.fold(0.0, maximum)
    }

    /// A step of size h for each sample.
    pub(crate) fn steps(&self, h: f64) -> Vec<Matrix> {
        let step = |map: &Matrix| Matrix::identity(map.nrows(), map.nrows()) - map * h;
        self.maps.iter().map(step).collect()
    }

    /// One epoch, in every order of the samples.
    pub(crate) fn epochs(&self, h: f64) -> Vec<Matrix> {
        let steps = self.steps(h);
        let size = steps[0].nrows();
        let epoch = |order: &Vec<usize>| {
            let identity = Matrix::identity(size, size);
            order.iter().fold(identity, |before, &i| &steps[i] * before)
        };
        orders(steps.len()).iter().map(epoch).collect()
    }

    pub(crate) fn one_epoch(&self, h: f64) -> MomentMap {
        MomentMap::mean_of(&self.epochs(h))
    }

    /// As many independent steps as there are samples.
    pub(crate) fn one_epoch_with_replacement(&self, h: f64) -> MomentMap {
        MomentMap::mean_of(&self.steps(h)).times(self.maps.len())
    }

    pub(crate) fn reshuffled(&self, h: f64) -> f64 {
        self.one_epoch(h).stationary().distance_squared()
    }

    pub(crate) fn with_replacement(&self, h: f64) -> f64 {
        MomentMap::mean_of(&self.steps(h)).stationary().distance_squared()
    }

    /// Hessian, and its inverse times a vector or matrix.
    fn over_the_hessian(&self, of: &Matrix) -> Matrix {
        let dimension = self.minimiser.len();
        let hessian = mean_matrix(&self.maps);
        let hessian = hessian.view((0, 0), (dimension, dimension));
        let Some(factors) = hessian.into_owned().cholesky() else {
            panic!("least squares with more samples than features are strongly convex");
        };
        factors.solve(of)
    }

    /// h tr(H⁻¹ S)/2.
    pub(crate) fn noise(&self, h: f64) -> f64 {
        let covariance = self.sum.moments(&self.minimiser).covariance;
        h * self.over_the_hessian(&covariance).trace() / 2.0
    }

    /// What rounding may do to a floor of this `value`. The equations of moments are solved up to ε/(hμ), four times where maps are
    /// multiplied along an epoch; and the gradients at x* add up to zero only up to ε |∇f_i|, which moves the bias by as much over μ.
    pub(crate) fn rounding_of(&self, value: f64, h: f64) -> f64 {
        let mu = self.sum.required(Property::StrongConvexity);
        let gradients = self.sum.moments(&self.minimiser).variance.sqrt();
        4.0 * f64::EPSILON / mu * (value / h + 2.0 * gradients * self.bias(h).sqrt())
    }

    /// h² |H⁻¹ mean(H_i ∇f_i(x*))|²/4.
    pub(crate) fn bias(&self, h: f64) -> f64 {
        let dimension = self.minimiser.len();
        let products: Vec<Matrix> = self
            .maps
            .iter()
            .map(|map| {
                let curvature = map.view((0, 0), (dimension, dimension));
                curvature * map.view((0, dimension), (dimension, 1))
            })
            .collect();
        h * h * self.over_the_hessian(&mean_matrix(&products)).norm_squared() / 4.0
    }
}

impl Instance for Floors {
    fn description(&self) -> String {
        self.sum.describe()
    }

    fn constants(&self) -> Vec<Constant> {
        vec![Constant::exact("max |x_i|²", self.curvature())]
    }
}

/// All orders of 0, ..., `count` - 1.
fn orders(count: usize) -> Vec<Vec<usize>> {
    let mut orders = vec![Vec::new()];
    for next in 0..count {
        orders = orders
            .iter()
            .flat_map(|order: &Vec<usize>| {
                (0..=order.len()).map(move |place| {
                    let mut longer = order.clone();
                    longer.insert(place, next);
                    longer
                })
            })
            .collect();
    }
    orders
}
