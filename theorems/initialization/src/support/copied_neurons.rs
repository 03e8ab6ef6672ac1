//! Networks of copies of a few neurons, and how they are trained.

use rand_distr::{Distribution, StandardNormal};
use theoria_algorithms::{
    AdaGrad, AdaGradNorm, GradientDescent, HeavyBall, SignDescent, Trajectory,
};
use theoria_elementary::powf;
use theoria_models::networks::{Activation, FullyConnected, NetworkLoss};
use theoria_models::numerics::maximum;
use theoria_models::objectives::Ridge;
use theoria_models::oracle::Oracle;
use theoria_models::stochastic::{Dropout, InTurn};
use theoria_models::{Matrix, Objective, Vector, data};
use theoria_verification::{Abscissae, Draw, Family, Generator, Instance, Reading, Readings};

/// Steps of every run.
pub(crate) const STEPS: usize = 200;
const STEP_SIZE: f64 = 0.1;
/// Weight decay, where there is one.
const DECAY: f64 = 0.1;
/// Weights from which differences grow, over those elsewhere.
const SMALL: f64 = 0.1;

/// Neuron i of the network is a copy of this distinct neuron at the start.
pub(crate) const COPIES: [usize; 8] = [0, 1, 2, 0, 1, 3, 2, 0];
const DISTINCT: usize = 4;

/// How the parameters are moved.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Rule {
    GradientDescent,
    Momentum,
    AdaGradNorm,
    AdaGrad,
    Sign,
    Batches,
    WeightDecay,
    /// Gradient descent with each neuron left out with probability 1/2 in each step.
    Dropout,
}

/// A two-layer network of copies of a few neurons, and patients of the diabetes study to train it on.
pub(crate) struct Training {
    pub(crate) rule: Rule,
    pub(crate) activation: Activation,
    /// The distinct neurons, one a row: inner weights, bias, outer weight.
    neurons: Matrix,
    pub(crate) inputs: Matrix,
    pub(crate) targets: Matrix,
}

impl Instance for Training {
    fn description(&self) -> String {
        format!(
            "{:?} on a {} network with neurons {COPIES:?}, {} patients of the diabetes study",
            self.rule,
            self.activation.describe(),
            self.inputs.ncols()
        )
    }
}

impl Training {
    /// With these numbers in the neurons.
    pub(crate) fn new(rule: Rule, activation: Activation, mut number: impl FnMut() -> f64) -> Self {
        const PATIENTS: usize = 64;
        let data = data::diabetes();
        let deviation = (data.targets.norm_squared() / data.targets.len() as f64).sqrt();
        let inputs = data.features.rows(0, PATIENTS).transpose();
        Training {
            rule,
            activation,
            neurons: Matrix::from_fn(DISTINCT, inputs.nrows() + 2, |_, _| number()),
            inputs,
            targets: Matrix::from_fn(1, PATIENTS, |_, i| data.targets[i] / deviation),
        }
    }

    pub(crate) fn random(rule: Rule, activation: Activation, draw: &mut Draw) -> Self {
        let mut normal = || -> f64 { StandardNormal.sample(draw.generator()) };
        Self::new(rule, activation, || normal() / 3.0)
    }

    pub(crate) fn drawn(rule: Rule, activation: Activation) -> Family<Training> {
        let name = format!("{rule:?} on {} networks", activation.describe());
        Family::drawn(&name, move |draw| Self::random(rule, activation, draw))
    }

    pub(crate) fn loss(&self, neurons: usize) -> NetworkLoss {
        let network = FullyConnected::new(&[self.inputs.nrows(), neurons, 1], self.activation);
        NetworkLoss::new(network.with_biases(), self.inputs.clone(), self.targets.clone())
    }

    /// The losses of this network on batches of eight patients, in turn.
    fn batches(&self, network: &FullyConnected) -> InTurn<NetworkLoss> {
        InTurn::new((0..self.inputs.ncols()).step_by(8).map(|begin| {
            let batch = |all: &Matrix| all.columns(begin, 8).into_owned();
            NetworkLoss::new(network.clone(), batch(&self.inputs), batch(&self.targets))
        }))
    }

    pub(crate) fn start(&self) -> Vector {
        parameters(&self.neurons.select_rows(&COPIES), 0.0)
    }

    /// The neurons of these parameters of the whole network, one a row.
    pub(crate) fn rows(&self, parameters: &Vector) -> Matrix {
        let columns = self.neurons.ncols();
        let numbers = &parameters.as_slice()[..COPIES.len() * columns];
        Matrix::from_column_slice(COPIES.len(), columns, numbers)
    }

    /// Every iterate; the coins are for what is left out.
    pub(crate) fn run(&self, coins: &mut Generator) -> Trajectory {
        let (f, start) = (self.loss(COPIES.len()), self.start());
        let descent = GradientDescent::new(STEP_SIZE);
        match self.rule {
            Rule::GradientDescent => Trajectory::of(descent, &f, &start, STEPS),
            Rule::Momentum => {
                Trajectory::of(HeavyBall::new(STEP_SIZE / 4.0, 0.8), &f, &start, STEPS)
            }
            Rule::AdaGradNorm => Trajectory::of(AdaGradNorm::new(1.0, 1.0), &f, &start, STEPS),
            Rule::AdaGrad => Trajectory::of(AdaGrad::new(STEP_SIZE / 5.0), &f, &start, STEPS),
            Rule::Sign => Trajectory::of(SignDescent::new(STEP_SIZE / 20.0), &f, &start, STEPS),
            Rule::Batches => Trajectory::of(descent, &self.batches(f.network()), &start, STEPS),
            Rule::WeightDecay => Trajectory::of(descent, &Ridge::new(&f, DECAY), &start, STEPS),
            Rule::Dropout => {
                let thinned = Dropout::new(&f, f.network().weights_of(2), coins);
                Trajectory::of(descent, &thinned, &start, STEPS)
            }
        }
    }

    /// The largest difference between two copies of a neuron.
    pub(crate) fn spread(&self, parameters: &Vector) -> f64 {
        let rows = self.rows(parameters);
        let differences = COPIES.iter().enumerate().map(|(i, copy)| {
            let first = COPIES.iter().position(|other| other == copy).unwrap_or(i);
            (rows.row(i) - rows.row(first)).amax()
        });
        differences.fold(0.0, maximum)
    }

    /// The losses of the network of the distinct neurons, where (w, b) and a of one with m copies start from these powers
    /// of m times theirs, and have these powers of m times the step size.
    pub(crate) fn losses_of_merged(&self, start: [f64; 2], steps: [f64; 2]) -> Vec<f64> {
        let outer = self.neurons.ncols() - 1;
        let scales = |powers: [f64; 2]| {
            Matrix::from_fn(DISTINCT, outer + 1, |k, column| {
                let copies = COPIES.iter().filter(|copy| **copy == k).count() as f64;
                powf(copies, powers[usize::from(column == outer)])
            })
        };
        let start = parameters(&self.neurons.component_mul(&scales(start)), 0.0);
        let (loss, scales) = (self.loss(DISTINCT), parameters(&scales(steps), 1.0));
        let path = descent(&Scaled { loss: &self.decaying(&loss), scales }, &start);
        path.iter().map(|x| loss.value(x)).collect()
    }

    /// The losses of the whole network along gradient descent, with weight decay if that is the rule.
    pub(crate) fn losses(&self) -> Vec<f64> {
        let loss = self.loss(COPIES.len());
        let path = descent(&self.decaying(&loss), &self.start());
        path.iter().map(|x| loss.value(x)).collect()
    }

    fn decaying<'a>(&self, loss: &'a NetworkLoss) -> Ridge<'a> {
        Ridge::new(loss, if self.rule == Rule::WeightDecay { DECAY } else { 0.0 })
    }

    /// How the first neuron is moved: in the direction that grows at weights near 0, w along the mean of y x, and a
    /// with it.
    pub(crate) fn nudge(&self) -> Vector {
        const MOVED: f64 = 1e-6;
        let correlation = (&self.inputs * self.targets.transpose()).normalize();
        let row = correlation.transpose() * MOVED;
        let mut table = Matrix::zeros(COPIES.len(), self.neurons.ncols());
        table.view_mut((0, 0), row.shape()).copy_from(&row);
        table[(0, row.ncols() + 1)] = MOVED;
        parameters(&table, 0.0)
    }

    /// How far neurons 0 and 3, which are copies, are apart.
    pub(crate) fn distance(&self, parameters: &Vector) -> f64 {
        let rows = self.rows(parameters);
        (rows.row(0) - rows.row(3)).norm()
    }

    /// That distance along the descent from small weights, one neuron moved a little.
    pub(crate) fn distances(&self, steps: Abscissae<'_, usize>) -> Readings {
        let start = self.start() * SMALL + self.nudge();
        let path = descent(&self.loss(COPIES.len()), &start);
        steps.read(|n| Reading::new(self.distance(&path[n]), 1e-13))
    }

    /// The same by δ ← δ − h H δ, with `times` H.
    pub(crate) fn linearised(&self, times: f64) -> Vec<f64> {
        let path = descent(&self.loss(COPIES.len()), &(self.start() * SMALL));
        let nudge = self.rows(&self.nudge()).row(0).transpose();
        let distances = path.iter().scan(nudge, |difference, x| {
            let distance = difference.norm();
            *difference -= self.curvature(x, difference)? * (times * STEP_SIZE);
            Some(distance)
        });
        distances.collect()
    }

    /// H δ for a difference δ = (δ_w, δ_a) of copies of the first neuron: what the residuals of all patients make of
    /// it.
    fn curvature(&self, parameters: &Vector, difference: &Vector) -> Option<Vector> {
        let rows = self.rows(parameters);
        let outer = rows.ncols() - 1;
        let output_bias = parameters[parameters.len() - 1];
        let mut image = Vector::zeros(outer + 1);
        for (input, target) in self.inputs.column_iter().zip(self.targets.iter()) {
            let x = input.into_owned().push(1.0);
            let z = rows.columns(0, outer) * &x;
            let sum = z.map(|z| self.activation.value(z)).dot(&rows.column(outer));
            let residual = (sum + output_bias - target) / self.targets.len() as f64;
            let slope = residual * self.activation.derivative(z[0]);
            let bend = residual * rows[(0, outer)] * self.activation.second_derivative(z[0])?;
            let along = x.dot(&difference.rows(0, outer));
            image.rows_mut(0, outer).axpy(slope * difference[outer] + bend * along, &x, 1.0);
            image[outer] += slope * along;
        }
        Some(image)
    }
}

/// The parameters of a network of these neurons, one a row.
fn parameters(neurons: &Matrix, output_bias: f64) -> Vector {
    // Columns of inner weights, biases, outer weights: the columns of the table, one after the other.
    Vector::from_column_slice(neurons.as_slice()).push(output_bias)
}

/// The iterates of gradient descent.
pub(crate) fn descent<O: Oracle<Vector>>(oracle: &O, start: &Vector) -> Vec<Vector> {
    Trajectory::of(GradientDescent::new(STEP_SIZE), oracle, start, STEPS).points().to_vec()
}

/// Gradients whose entries are scaled: each parameter has a step size of its own.
struct Scaled<'a> {
    loss: &'a Ridge<'a>,
    scales: Vector,
}

impl Oracle<Vector> for Scaled<'_> {
    fn gradient(&self, at: &Vector, into: &mut Vector) {
        self.loss.gradient_into(at, into);
        into.component_mul_assign(&self.scales);
    }
}
