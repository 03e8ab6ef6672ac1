//! Objectives and noise measured coordinate by coordinate, for methods that see signs alone.

use theoria_models::data::breast_cancer;
use theoria_models::objectives::{Huber, LogisticRegression, QuadraticPlusSine, Regularisation};
use theoria_models::stochastic::{
    MiniBatch, Perturbed, Repeated, Sampling, Shape, StochasticOracle,
};
use theoria_models::{Objective, Vector};
use theoria_verification::{Check, Constant, Draw, Family, Hypothesis, Instance, Provenance};

use theoria_instances::families::{gaussian, quadratic};

/// Number of random points that a check looks at.
const LOOKS: usize = 20;

/// The mean of this many stochastic gradients as an oracle.
type Batches = dyn Fn(usize) -> Box<dyn StochasticOracle> + Send + Sync;

/// An objective with its start and step size, and what is known of curvature and noise along each coordinate.
pub(super) struct Coordinates {
    batches: Box<Batches>,
    /// L_i with f(y) ≤ f(x) + ∇f(x)·(y - x) + Σ L_i (y_i - x_i)²/2.
    curvature: Vector,
    /// σ_i: the standard deviation of one stochastic slope is at most this.
    noise: Vector,
    pub(super) start: Vector,
    pub(super) step_size: f64,
}

impl Coordinates {
    /// Noise of an exact shape, with equal σ_i.
    fn perturbed(
        objective: impl Objective + Clone + 'static,
        (sigma, shape): (f64, Shape),
        curvature: Vector,
        start: Vector,
        step_size: f64,
    ) -> Self {
        let dimension = start.len();
        let single =
            Perturbed::additive(objective, sigma * (dimension as f64).sqrt()).shaped(shape);
        Coordinates {
            batches: Box::new(move |draws| Box::new(Repeated::new(single.clone(), draws))),
            curvature,
            noise: Vector::from_element(dimension, sigma),
            start,
            step_size,
        }
    }

    /// The mean of `size` stochastic gradients.
    pub(super) fn batch(&self, size: usize) -> Box<dyn StochasticOracle> {
        (self.batches)(size)
    }

    /// The sum of the L_i.
    pub(super) fn curvature(&self) -> f64 {
        self.curvature.sum()
    }

    /// The sum of the σ_i.
    pub(super) fn noise(&self) -> f64 {
        self.noise.sum()
    }

    /// f(x_0) minus a number that f is never below.
    pub(super) fn gap(&self) -> f64 {
        let single = self.batch(1);
        let objective = single.objective();
        let Some(below) = objective.bounded_below() else {
            panic!("{} is not known to be bounded below", objective.describe());
        };
        objective.value(&self.start) - below
    }

    fn nearby(&self, draw: &mut Draw) -> Vector {
        &self.start + gaussian(self.start.len(), draw)
    }
}

impl Instance for Coordinates {
    fn description(&self) -> String {
        self.batch(1).describe()
    }

    fn constants(&self) -> Vec<Constant> {
        let constant =
            |name: &str, value, provenance| Constant { name: name.into(), value, provenance };
        vec![
            constant("Σ L_i", self.curvature(), Provenance::Certified),
            constant("Σ σ_i", self.noise(), Provenance::Certified),
            constant("h", self.step_size, Provenance::Exact),
        ]
    }
}

/// f(y) ≤ f(x) + ∇f(x)·(y - x) + Σ L_i (y_i - x_i)²/2.
pub(super) fn smooth_in_coordinates() -> Hypothesis<Coordinates> {
    Hypothesis::new("smooth in coordinates", |i: &Coordinates, draw| {
        let single = i.batch(1);
        let f = single.objective();
        let seen = (0..LOOKS)
            .map(|_| {
                let (x, apart) = (i.nearby(draw), gaussian(i.start.len(), draw));
                let above = f.value(&(&x + &apart)) - f.value(&x) - f.gradient_at(&x).dot(&apart);
                2.0 * above / apart.component_mul(&apart).dot(&i.curvature)
            })
            .fold(f64::NEG_INFINITY, f64::max);
        Check::at_most(seen, 1.0, "largest curvature seen, in units of the L_i")
    })
}

/// The standard deviations of the slopes are at most the σ_i.
pub(super) fn noise_in_coordinates() -> Hypothesis<Coordinates> {
    Hypothesis::new("noise in coordinates", |i: &Coordinates, draw| {
        let single = i.batch(1);
        let seen = (0..LOOKS)
            .map(|_| {
                let covariance = single.covariance(&i.nearby(draw));
                let deviations = covariance.diagonal().map(f64::sqrt);
                deviations.component_div(&i.noise).max()
            })
            .fold(0.0, f64::max);
        Check::at_most(seen, 1.0, "largest standard deviation seen, in units of the σ_i")
    })
}

/// Quadratics in random rotation with normal noise, about as large as the slopes of the start, and steps that
/// reach the minimum within about ten. L_i is the sum of the absolute entries of a row of the Hessian:
/// diag(L_i) - H is then diagonally dominant.
pub(super) fn rotated_quadratics() -> Family<Coordinates> {
    Family::drawn("random quadratics, normal noise", |draw| {
        let dimension = draw.size(1..=6);
        let (minimiser, start) = (gaussian(dimension, draw), gaussian(dimension, draw));
        let objective = quadratic(dimension, 30.0, draw).centred_at(minimiser.clone());
        let curvature = objective.matrix().abs().column_sum();
        let sigma = draw.log_uniform(0.7, 3.0) * objective.gradient_at(&start).amax();
        let step_size = (&start - minimiser).amax() / 6.0;
        let noise = (sigma, Shape::Gaussian);
        Coordinates::perturbed(objective, noise, curvature, start, step_size)
    })
}

/// x² + 3 sin² x with skewed noise.
pub(super) fn skewed_sine() -> Family<Coordinates> {
    Family::listed("x² + 3 sin² x, skewed noise", [-4.0, 2.2], |&start| {
        Coordinates::perturbed(
            QuadraticPlusSine,
            (2.0, Shape::Skewed),
            Vector::from_element(1, 8.0),
            Vector::from_element(1, start),
            0.25,
        )
    })
}

/// Logistic regression on the breast cancer data with a regularisation that is not convex: slopes of one
/// standardised feature have mean square at most 1, and the Hessian is at most XᵀX/(4n) + 0.2 in every entry.
pub(super) fn cancer_in_coordinates() -> Family<Coordinates> {
    Family::single("breast cancer, batches", || {
        let data = breast_cancer();
        let samples = data.targets.len();
        let gram = data.features.tr_mul(&data.features) / (4.0 * samples as f64);
        let penalty = Regularisation::NonConvex(0.1);
        let objective = LogisticRegression::new(&data.features, &data.targets, penalty);
        let objective = objective.named("breast cancer");
        Coordinates {
            batches: Box::new(move |size| {
                let sampling = Sampling::WithReplacement;
                Box::new(MiniBatch::new(objective.clone(), size, sampling))
            }),
            curvature: gram.abs().column_sum().add_scalar(0.2),
            noise: Vector::from_element(30, 1.0),
            start: Vector::from_element(30, 0.5),
            step_size: 0.02,
        }
    })
}

/// On a slope of 1, noise of ±1.001: both signs are equally likely, and the gradient stays as it is.
pub(super) fn drowned_slope() -> Family<Coordinates> {
    Family::single("slope 1, noise ±1.001", || slope(1.0, (1.001, Shape::Signs), 0.6, 1e-3))
}

/// A slope of 1/4 whose stochastic gradient is 4 with probability 1/4 and -1 with probability 3/4.
pub(super) fn misleading_slope() -> Family<Coordinates> {
    Family::single("slope 1/4, gradient 4 or −1", misleading)
}

/// The instance of [`misleading_slope`].
pub(super) fn misleading() -> Coordinates {
    let sigma = 1.25 * 3f64.sqrt();
    slope(0.25, (sigma, Shape::Skewed), 0.5, 1e-2)
}

/// |x| with this slope, rounded off within 0.1 of 0, from a point on the slope.
fn slope(slope: f64, noise: (f64, Shape), distance: f64, step_size: f64) -> Coordinates {
    let objective = Huber::new(10.0 * slope, 0.1);
    let curvature = Vector::from_element(1, 10.0 * slope);
    let start = Vector::from_element(1, 0.1 + distance);
    Coordinates::perturbed(objective, noise, curvature, start, step_size)
}
