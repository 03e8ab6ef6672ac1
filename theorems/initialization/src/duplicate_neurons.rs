#![doc = include_str!("duplicate_neurons.md")]

use rand_distr::{Distribution, StandardNormal};
use theoria_algorithms::{AdaGradNorm, GradientDescent, HeavyBall, SignDescent, Trajectory};
use theoria_models::networks::{Activation, FullyConnected, NetworkLoss};
use theoria_models::objectives::Ridge;
use theoria_models::oracle::Oracle;
use theoria_models::stochastic::{Dropout, InTurn};
use theoria_models::{Matrix, Objective, Vector, data};
use theoria_verification::{
    Abscissae, Claim, Content, Draw, Effort, Family, Figure, Generator, Instance, Line, Reading,
    Readings, Theorem,
};

const STEPS: usize = 200;
const STEP_SIZE: f64 = 0.1;
/// Weights from which differences grow, over those elsewhere.
const SMALL: f64 = 0.1;

/// Neuron i of the network is a copy of this distinct neuron at the start.
const COPIES: [usize; 8] = [0, 1, 2, 0, 1, 3, 2, 0];
const DISTINCT: usize = 4;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    use Rule::{AdaGradNorm, Batches, Dropout, GradientDescent, Momentum, Sign, WeightDecay};
    let rules = [GradientDescent, Momentum, AdaGradNorm, Sign, Batches, WeightDecay];
    let relu = || Training::drawn(GradientDescent, Activation::Relu);
    let tanh = || Training::drawn(GradientDescent, Activation::Tanh);
    let scaled_steps =
        merged("copies_train_like_one_neuron_with_scaled_steps", [0.0, 1.0], [-1.0, 1.0])
            .on(relu())
            .on(tanh());
    let otherwise = |name, formula, steps| {
        let merged = move |it: &Training| it.losses_of_merged([0.0, 1.0], steps);
        scaled_steps.restated(name, formula).predicting_from(merged, |losses, n| losses[n as usize])
    };
    let outer_steps_alone = otherwise(
        "it_is_enough_to_scale_the_outer_steps",
        "both networks have the same loss at every step, though only outer steps are scaled",
        [0.0, 1.0],
    );
    let unscaled = otherwise(
        "copies_train_like_one_neuron",
        "both networks have the same loss at every step, though no step is scaled",
        [0.0, 0.0],
    );
    Theorem::new("initialization/duplicate_neurons", include_str!("duplicate_neurons.md"))
        .claim(
            equal("equal_neurons_stay_equal_to_the_last_bit")
                .on_all(rules.map(|rule| Training::drawn(rule, Activation::Relu))),
        )
        .claim(scaled_steps)
        .claim(
            merged("relu_copies_train_like_one_larger_neuron", [0.5, 0.5], [0.0, 0.0]).on(relu()),
        )
        .claim(
            Claim::identity("nothing_moves_from_0", "θ_N = 0 from θ_0 = 0", f64::MIN_POSITIVE)
                .on(Family::listed(
                    "activations",
                    [Activation::Relu, Activation::Tanh],
                    |&activation| Training::new(GradientDescent, activation, || 0.0),
                ))
                .measuring([STEPS], |it, steps| {
                    let widths = [it.inputs.nrows(), COPIES.len(), 1];
                    let network = FullyConnected::new(&widths, it.activation);
                    let f = NetworkLoss::new(network, it.inputs.clone(), it.targets.clone());
                    let path = descent(&f, &Vector::zeros(f.dimension()));
                    steps.read(|n| path[n].amax())
                })
                .predicting(|_, _| 0.0),
        )
        .claim(
            Claim::identity(
                "a_small_difference_grows_as_the_linearisation_says",
                "θ_i − θ_j ~ the solution of the linearised steps",
                1e-3,
            )
            .on(tanh())
            .measuring(1..=STEPS, Training::distances)
            .predicting_from(Training::linearised, |distances, n| distances[n as usize]),
        )
        .claim(
            Claim::lower_bound(
                "a_small_difference_grows",
                "|θ_i − θ_j| ≥ 2 |θ_i − θ_j| at the start",
            )
            .on(tanh())
            .measuring([STEPS], Training::distances)
            .predicting(|it, _| 2.0 * it.distance(&it.nudge())),
        )
        .control(
            Claim::bound(
                "a_small_difference_stays_small",
                "|θ_i − θ_j| ≤ |θ_i − θ_j| at the start",
            )
            .on(tanh())
            .measuring(1..=STEPS, Training::distances)
            .predicting(|it, _| it.distance(&it.nudge())),
        )
        .control(
            equal("equal_neurons_stay_equal_under_dropout")
                .on(Training::drawn(Dropout, Activation::Relu)),
        )
        .control(outer_steps_alone)
        .control(unscaled)
        .figure(
            Figure::semilog("separation", "step", "distance of two neurons")
                .of("a_small_difference_grows_as_the_linearisation_says")
                .of("a_small_difference_stays_small")
                .caption(
                    "Two neurons 10⁻⁶ apart separate exponentially, as the linearised steps say.",
                ),
        )
        .figure(
            Figure::linear("weights", "step", "one weight of each neuron")
                .caption("Of eight neurons three, two and two are equal: only four paths are seen.")
                .showing(paths),
        )
}

/// How the parameters are moved.
#[derive(Debug, Clone, Copy)]
enum Rule {
    GradientDescent,
    Momentum,
    AdaGradNorm,
    Sign,
    Batches,
    WeightDecay,
    /// Gradient descent with each neuron left out with probability 1/2 in each step.
    Dropout,
}

/// A two-layer network of copies of a few neurons, and patients of the diabetes study to train it on.
struct Training {
    rule: Rule,
    activation: Activation,
    /// The distinct neurons, one a row: inner weights, bias, outer weight.
    neurons: Matrix,
    inputs: Matrix,
    targets: Matrix,
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
    fn new(rule: Rule, activation: Activation, mut number: impl FnMut() -> f64) -> Self {
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

    fn random(rule: Rule, activation: Activation, draw: &mut Draw) -> Self {
        let mut normal = || -> f64 { StandardNormal.sample(draw.generator()) };
        Self::new(rule, activation, || normal() / 3.0)
    }

    fn drawn(rule: Rule, activation: Activation) -> Family<Training> {
        let name = format!("{rule:?} on {} networks", activation.describe());
        Family::drawn(&name, move |draw| Self::random(rule, activation, draw))
    }

    fn loss(&self, neurons: usize) -> NetworkLoss {
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

    fn start(&self) -> Vector {
        parameters(&self.neurons.select_rows(&COPIES), 0.0)
    }

    /// The neurons of these parameters of the whole network, one a row.
    fn rows(&self, parameters: &Vector) -> Matrix {
        let columns = self.neurons.ncols();
        let numbers = &parameters.as_slice()[..COPIES.len() * columns];
        Matrix::from_column_slice(COPIES.len(), columns, numbers)
    }

    /// Every iterate; the coins are for what is left out.
    fn run(&self, coins: &mut Generator) -> Trajectory {
        let (f, start) = (self.loss(COPIES.len()), self.start());
        let descent = GradientDescent::new(STEP_SIZE);
        match self.rule {
            Rule::GradientDescent => Trajectory::of(descent, &f, &start, STEPS),
            Rule::Momentum => {
                Trajectory::of(HeavyBall::new(STEP_SIZE / 4.0, 0.8), &f, &start, STEPS)
            }
            Rule::AdaGradNorm => Trajectory::of(AdaGradNorm::new(1.0, 1.0), &f, &start, STEPS),
            Rule::Sign => Trajectory::of(SignDescent::new(STEP_SIZE / 20.0), &f, &start, STEPS),
            Rule::Batches => Trajectory::of(descent, &self.batches(f.network()), &start, STEPS),
            Rule::WeightDecay => Trajectory::of(descent, &Ridge::new(&f, 0.1), &start, STEPS),
            Rule::Dropout => {
                let thinned = Dropout::new(&f, f.network().weights_of(2), coins);
                Trajectory::of(descent, &thinned, &start, STEPS)
            }
        }
    }

    /// The largest difference between two copies of a neuron.
    fn spread(&self, parameters: &Vector) -> f64 {
        let rows = self.rows(parameters);
        let differences = COPIES.iter().enumerate().map(|(i, copy)| {
            let first = COPIES.iter().position(|other| other == copy).unwrap_or(i);
            (rows.row(i) - rows.row(first)).amax()
        });
        differences.fold(0.0, f64::max)
    }

    /// The losses of the network of the distinct neurons, where (w, b) and a of one with m copies start from these powers
    /// of m times theirs, and have these powers of m times the step size.
    fn losses_of_merged(&self, start: [f64; 2], steps: [f64; 2]) -> Vec<f64> {
        let outer = self.neurons.ncols() - 1;
        let scales = |powers: [f64; 2]| {
            Matrix::from_fn(DISTINCT, outer + 1, |k, column| {
                let copies = COPIES.iter().filter(|copy| **copy == k).count() as f64;
                copies.powf(powers[usize::from(column == outer)])
            })
        };
        let start = parameters(&self.neurons.component_mul(&scales(start)), 0.0);
        let (loss, scales) = (self.loss(DISTINCT), parameters(&scales(steps), 1.0));
        let path = descent(&Scaled { loss: &loss, scales }, &start);
        path.iter().map(|x| loss.value(x)).collect()
    }

    /// How the first neuron is moved: in the direction that grows at weights near 0, w along the mean of y x, and a
    /// with it.
    fn nudge(&self) -> Vector {
        const MOVED: f64 = 1e-6;
        let correlation = (&self.inputs * self.targets.transpose()).normalize();
        let row = correlation.transpose() * MOVED;
        let mut table = Matrix::zeros(COPIES.len(), self.neurons.ncols());
        table.view_mut((0, 0), row.shape()).copy_from(&row);
        table[(0, row.ncols() + 1)] = MOVED;
        parameters(&table, 0.0)
    }

    /// How far neurons 0 and 3, which are copies, are apart.
    fn distance(&self, parameters: &Vector) -> f64 {
        let rows = self.rows(parameters);
        (rows.row(0) - rows.row(3)).norm()
    }

    /// That distance along the descent from small weights, one neuron moved a little.
    fn distances(&self, steps: Abscissae<'_, usize>) -> Readings {
        let start = self.start() * SMALL + self.nudge();
        let path = descent(&self.loss(COPIES.len()), &start);
        steps.read(|n| Reading::new(self.distance(&path[n]), 1e-13))
    }

    /// The same by the linearised steps.
    fn linearised(&self) -> Vec<f64> {
        let f = self.loss(COPIES.len());
        let path = descent(&f, &(self.start() * SMALL));
        let distances = path.iter().scan(self.nudge(), |direction, x| {
            let distance = self.distance(direction);
            *direction -= f.hessian_vector(x, direction)? * STEP_SIZE;
            Some(distance)
        });
        distances.collect()
    }
}

/// The parameters of a network of these neurons, one a row.
fn parameters(neurons: &Matrix, output_bias: f64) -> Vector {
    // Columns of inner weights, biases, outer weights: the columns of the table, one after the other.
    Vector::from_column_slice(neurons.as_slice()).push(output_bias)
}

/// The iterates of gradient descent.
fn descent<O: Oracle<Vector>>(oracle: &O, start: &Vector) -> Vec<Vector> {
    Trajectory::of(GradientDescent::new(STEP_SIZE), oracle, start, STEPS).points().to_vec()
}

/// Gradients whose entries are scaled: each parameter has a step size of its own.
struct Scaled<'a> {
    loss: &'a NetworkLoss,
    scales: Vector,
}

impl Oracle<Vector> for Scaled<'_> {
    fn gradient(&self, at: &Vector, into: &mut Vector) {
        self.loss.gradient_into(at, into);
        into.component_mul_assign(&self.scales);
    }
}

fn equal(name: &str) -> Claim<Training> {
    Claim::identity(name, "θ_i = θ_j at every step", f64::MIN_POSITIVE)
        .measuring_by_drawing(|it: &Training, draw| {
            let path = it.run(draw.generator());
            (1..=STEPS)
                .zip(&path.points()[1..])
                .map(|(n, x)| (n, Reading::new(it.spread(x), 0.0)))
                .collect()
        })
        .predicting(|_, _| 0.0)
}

fn merged(name: &str, start: [f64; 2], steps: [f64; 2]) -> Claim<Training> {
    Claim::identity(name, "both networks have the same loss at every step", 1e-9)
        .measuring(0..=STEPS, |it: &Training, steps| {
            let whole = it.loss(COPIES.len());
            let path = descent(&whole, &it.start());
            steps.read(|n| whole.value(&path[n]))
        })
        .predicting_from(
            move |it| it.losses_of_merged(start, steps),
            |losses, n| losses[n as usize],
        )
}

fn paths(draw: &mut Draw, _: Effort) -> Content {
    let it = Training::random(Rule::GradientDescent, Activation::Relu, draw);
    let path = it.run(draw.generator());
    let lines = COPIES.iter().enumerate().map(|(i, copy)| {
        let points = path.points().iter().enumerate().step_by(2);
        Line::measured(
            &format!("neuron {}, a copy of {}", i + 1, copy + 1),
            points.map(|(n, x)| (n as f64, it.rows(x)[(i, 2)])),
        )
    });
    Content::Lines { lines: lines.collect() }
}
