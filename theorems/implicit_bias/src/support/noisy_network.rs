//! Two-layer networks that fit their samples, and where noise in the labels takes them.

use rand::Rng;
use theoria_algorithms::{EnsembleRun, GradientDescent, Method, Quantity, Trajectory};
use theoria_elementary::{ln, sin};
use theoria_models::networks::{Activation, Model, SquaredFit, TwoLayer};
use theoria_models::stochastic::draws::normals;
use theoria_models::stochastic::{FreshLabels, LabelLaw, Noisy};
use theoria_models::{Ensemble, Matrix, Objective, Vector};
use theoria_verification::{Constant, Instance};

/// A tanh network at a minimiser: it fits four points of a sine.
pub(crate) struct SineFit {
    fit: SquaredFit<TwoLayer>,
    start: Vector,
}

impl SineFit {
    pub(crate) const ETA: f64 = 0.1;
    pub(crate) const SIGMA: f64 = 0.25;
    pub(crate) const STEPS: usize = 2400;
    const SAMPLES: usize = 4;
    /// Steps of gradient descent from random weights to the start.
    const TRAINING: usize = 4000;
    /// Steps of gradient descent down to the minimiser below.
    const SETTLING: usize = 200;

    /// So many networks of eight neurons with large random weights, trained until they fit.
    pub(crate) fn drawn(count: usize, random: &mut impl Rng) -> Vec<Self> {
        let places = Vector::from_fn(Self::SAMPLES, |i, _| 2.0 * i as f64 / 3.0 - 1.0);
        let network = TwoLayer::new(inputs(&places), 8, Activation::Tanh).scaled(0.5);
        let weights: Vec<Vector> = (0..count)
            .map(|_| {
                let mut weights = Vector::zeros(network.parameters());
                normals(random, weights.as_mut_slice());
                weights * 3.0
            })
            .collect();
        let fit = SquaredFit::new(network, places.map(sine));
        let trained = settle(&fit, &Ensemble::from_trials(&weights), Self::TRAINING);
        (0..count).map(|i| SineFit { fit: fit.clone(), start: trained.trial(i) }).collect()
    }

    /// The minimiser that it starts at.
    pub(crate) fn start(&self) -> &Vector {
        &self.start
    }

    /// The loss at the start.
    pub(crate) fn loss(&self) -> f64 {
        self.fit.value(&self.start)
    }

    /// The largest eigenvalue of the Hessian at the start, where the loss is 0.
    pub(crate) fn sharpness(&self) -> f64 {
        kernel(&self.fit.model().jacobian(&self.start)).symmetric_eigenvalues().max()
    }

    /// |J|²/n: the trace of the Hessian where the loss is 0.
    pub(crate) fn trace(&self, parameters: &Vector) -> f64 {
        self.fit.model().jacobian(parameters).norm_squared() / Self::SAMPLES as f64
    }

    /// That at the minimiser below each point.
    pub(crate) fn trace_below(&self, points: &Ensemble) -> Vec<f64> {
        let settled = self.settled(points);
        (0..settled.trials()).map(|trial| self.trace(&settled.trial(trial))).collect()
    }

    /// The minimisers below points.
    pub(crate) fn settled(&self, points: &Ensemble) -> Ensemble {
        settle(&self.fit, points, Self::SETTLING)
    }

    /// Runs from the start, all samples a step, with `noise` times the label noise; what is measured is the trace at the
    /// minimiser below.
    pub(crate) fn walk(
        &self,
        noise: f64,
        trials: usize,
        checkpoints: &[usize],
        random: &mut impl Rng,
    ) -> EnsembleRun {
        let labels = FreshLabels::new(self.fit.clone(), noise * Self::SIGMA, LabelLaw::Signs);
        let trace = Quantity::new(|x: &Ensemble, into: &mut [f64]| {
            into.copy_from_slice(&self.trace_below(x));
        });
        let start = Ensemble::repeat(&self.start, trials);
        let noisy = Noisy::new(&labels, random);
        EnsembleRun::of(GradientDescent::new(Self::ETA), &noisy, start, checkpoints, &[trace])
    }

    /// The traces at the minimisers below after these numbers of steps, in increasing order, of gradient descent on the
    /// effective loss; not a number once that diverged.
    pub(crate) fn effective_traces<const N: usize>(&self, steps: [usize; N]) -> [f64; N] {
        let loss = EffectiveLoss { fit: self };
        let last = steps.into_iter().max().unwrap_or(0);
        let run = Trajectory::keeping(
            GradientDescent::new(Self::ETA),
            &loss,
            &self.start,
            last,
            |step| steps.contains(&step),
        );
        let points: Vec<Vector> =
            steps.iter().filter_map(|step| run.at(*step)).map(|x| x.point().clone()).collect();
        let traces = self.trace_below(&Ensemble::from_trials(&points));
        std::array::from_fn(|i| traces.get(i).copied().unwrap_or(f64::NAN))
    }

    /// The mean square error on a grid.
    pub(crate) fn test_error(&self, parameters: &Vector) -> f64 {
        let places = Vector::from_fn(41, |i, _| i as f64 / 20.0 - 1.0);
        let outputs = self.fit.model().on(inputs(&places)).outputs(parameters);
        (outputs - places.map(sine)).norm_squared() / places.len() as f64
    }
}

impl Instance for SineFit {
    fn description(&self) -> String {
        format!("{}, η = {}, σ = {}", self.fit.describe(), Self::ETA, Self::SIGMA)
    }

    fn constants(&self) -> Vec<Constant> {
        let constants = [("tr H", self.trace(&self.start)), ("λ_max", self.sharpness())];
        constants.map(|(name, value)| Constant::exact(name, value)).into()
    }
}

/// f + (ησ²/n) R: what label noise descends in the mean.
struct EffectiveLoss<'a> {
    fit: &'a SineFit,
}

impl EffectiveLoss<'_> {
    /// ησ²/n.
    const WEIGHT: f64 = SineFit::ETA * SineFit::SIGMA * SineFit::SIGMA / SineFit::SAMPLES as f64;

    /// I − ηK/2.
    fn damping(jacobian: &Matrix) -> Matrix {
        let n = jacobian.nrows();
        Matrix::identity(n, n) - kernel(jacobian) * (SineFit::ETA / 2.0)
    }
}

impl Objective for EffectiveLoss<'_> {
    fn describe(&self) -> String {
        format!("{}, effective under label noise", self.fit.fit.describe())
    }

    fn dimension(&self) -> usize {
        self.fit.fit.dimension()
    }

    fn value(&self, parameters: &Vector) -> f64 {
        let jacobian = self.fit.fit.model().jacobian(parameters);
        let regulariser = -ln(Self::damping(&jacobian).determinant()) / (2.0 * SineFit::ETA);
        self.fit.fit.value(parameters) + Self::WEIGHT * regulariser
    }

    /// ∇R = (1/(2n)) Σ_i ∇²F_i Σ_j M_ij ∇F_j with M = (I − ηK/2)⁻¹.
    fn gradient_into(&self, parameters: &Vector, into: &mut Vector) {
        let fit = &self.fit.fit;
        fit.gradient_into(parameters, into);
        let jacobian = fit.model().jacobian(parameters);
        let Some(inverse) = Self::damping(&jacobian).try_inverse() else {
            panic!("the step is stable: ηH < 2");
        };
        let ones = Vector::from_element(SineFit::SAMPLES, 1.0);
        let weight = Self::WEIGHT / (2.0 * SineFit::SAMPLES as f64);
        let slope = fit.model().curvature_along_each(parameters, &ones, &(inverse * jacobian));
        into.axpy(weight, &slope, 1.0);
    }
}

/// K = JJᵀ/n.
fn kernel(jacobian: &Matrix) -> Matrix {
    jacobian * jacobian.transpose() / jacobian.nrows() as f64
}

/// Gradient descent without noise: to the minimisers that its flow leads to, nearly.
fn settle(fit: &SquaredFit<TwoLayer>, from: &Ensemble, steps: usize) -> Ensemble {
    let mut points = from.clone();
    let mut method = GradientDescent::new(SineFit::ETA);
    (0..steps).for_each(|_| method.step(fit, &mut points));
    points
}

fn sine(x: f64) -> f64 {
    sin(2.5 * x)
}

/// Rows (x, 1).
fn inputs(places: &Vector) -> Matrix {
    Matrix::from_fn(places.len(), 2, |i, k| if k == 0 { places[i] } else { 1.0 })
}
