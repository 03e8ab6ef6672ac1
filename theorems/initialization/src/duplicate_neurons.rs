#![doc = include_str!("duplicate_neurons.md")]

use std::cell::RefCell;
use std::ops::ControlFlow;

use rand::{Rng, RngExt, SeedableRng, rngs::Xoshiro256PlusPlus};
use rand_distr::{Distribution, StandardNormal};
use theoria_algorithms::{AdaGradNorm, GradientDescent, HeavyBall, Method, SignDescent, iterate};
use theoria_models::networks::{Activation, FullyConnected, NetworkLoss};
use theoria_models::oracle::Oracle;
use theoria_models::{Matrix, Objective, Vector, data};
use theoria_verification::{
    Claim, Content, Curve, Draw, Effort, Family, Figure, Instance, Line, Reading, Theorem,
};

const STEPS: usize = 200;
const STEP_SIZE: f64 = 0.1;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    Theorem::new(
        "initialization/duplicate_neurons",
        include_str!("duplicate_neurons.md"),
    )
    .claim(equal("equal_neurons_stay_equal_to_the_last_bit").on(Training::family(
        "methods",
        [
            Rule::GradientDescent,
            Rule::Momentum,
            Rule::AdaGradNorm,
            Rule::Sign,
            Rule::Batches,
            Rule::WeightDecay,
        ],
    )))
    .claim(
        merged("copies_train_like_one_neuron_with_scaled_steps", |copies| Merged {
            outer: copies,
            inner_step: 1.0 / copies,
            outer_step: copies,
            inner: 1.0,
        })
        .on(activations([Activation::Relu, Activation::Tanh])),
    )
    .claim(
        merged("relu_copies_train_like_one_larger_neuron", |copies| Merged {
            outer: copies.sqrt(),
            inner: copies.sqrt(),
            inner_step: 1.0,
            outer_step: 1.0,
        })
        .on(activations([Activation::Relu])),
    )
    .claim(
        Claim::identity("nothing_moves_from_0", "θ_N = 0 from θ_0 = 0", f64::MIN_POSITIVE)
            .on(activations([Activation::Relu, Activation::Tanh]))
            .experiment(|it| {
                let [d, m] = [it.inputs.nrows(), it.copies.len()];
                let network = FullyConnected::new(&[d, m, 1], it.activation);
                let f = NetworkLoss::new(network, it.inputs.clone(), it.targets.clone());
                let mut end = Vector::zeros(f.dimension());
                iterate(GradientDescent::new(STEP_SIZE), &f, &mut end, STEPS, |_, _| {
                    ControlFlow::Continue(())
                });
                Curve::at(STEPS as f64, end.amax(), 0.0)
            }),
    )
    .claim(
        Claim::identity(
            "a_small_difference_grows_as_the_linearisation_says",
            "θ_i − θ_j ~ the solution of the linearised steps",
            1e-3,
        )
        .on(activations([Activation::Tanh]))
        .drawing_experiment(|it, draw| {
            let (measured, linear) = it.separation(draw.generator());
            Curve::over(1..=STEPS, |n| Reading::new(measured[n], 1e-13), |n| linear[n])
        }),
    )
    .claim(
        Claim::lower_bound(
            "a_small_difference_grows",
            "|θ_i − θ_j| ≥ 2 |θ_i − θ_j| at the start",
        )
        .on(activations([Activation::Tanh]))
        .drawing_experiment(|it, draw| {
            let (measured, _) = it.separation(draw.generator());
            Curve::at(STEPS as f64, Reading::new(measured[STEPS], 1e-13), 2.0 * measured[0])
        }),
    )
    .control(
        Claim::bound(
            "a_small_difference_stays_small",
            "|θ_i − θ_j| ≤ |θ_i − θ_j| at the start",
        )
        .on(activations([Activation::Tanh]))
        .drawing_experiment(|it, draw| {
            let (measured, _) = it.separation(draw.generator());
            Curve::over(
                1..=STEPS,
                |n| Reading::new(measured[n], 1e-13),
                |_| measured[0],
            )
        }),
    )
    .control(
        equal("equal_neurons_stay_equal_under_dropout")
            .on(Training::family("dropout", [Rule::Dropout])),
    )
    .control(
        merged("it_is_enough_to_scale_the_outer_steps", |copies| Merged {
            outer: copies,
            inner: 1.0,
            inner_step: 1.0,
            outer_step: copies,
        })
        .on(activations([Activation::Relu, Activation::Tanh])),
    )
    .control(
        merged("copies_train_like_one_neuron", |copies| Merged {
            outer: copies,
            inner: 1.0,
            inner_step: 1.0,
            outer_step: 1.0,
        })
        .on(activations([Activation::Relu, Activation::Tanh])),
    )
    .figure(
        Figure::semilog("separation", "step", "distance of two neurons")
            .of("a_small_difference_grows_as_the_linearisation_says")
            .of("a_small_difference_stays_small")
            .caption("Two neurons that differ by 10⁻⁶ drift apart exponentially, as the linearised steps say."),
    )
    .figure(
        Figure::linear("weights", "step", "one weight of each neuron")
            .caption(
                "Eight neurons, of which three, two and two are equal at the start: only four paths are ever seen.",
            )
            .showing(paths),
    )
}

/// How the parameters are moved.
#[derive(Debug, Clone, Copy, PartialEq)]
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

/// A two-layer network whose neuron i is a copy of the distinct neuron `copies[i]`, and patients of the
/// diabetes study to train it on.
struct Training {
    rule: Rule,
    activation: Activation,
    copies: Vec<usize>,
    inputs: Matrix,
    targets: Matrix,
}

impl Instance for Training {
    fn description(&self) -> String {
        format!(
            "{:?} on a {} network with neurons {:?}, {} patients of the diabetes study",
            self.rule,
            self.activation.describe(),
            self.copies,
            self.inputs.ncols()
        )
    }
}

fn activations<const N: usize>(activations: [Activation; N]) -> Family<Training> {
    Family::listed("activations", activations, |&activation| {
        Training::new(Rule::GradientDescent, activation)
    })
}

impl Training {
    fn new(rule: Rule, activation: Activation) -> Self {
        const PATIENTS: usize = 64;
        let data = data::diabetes();
        let deviation = (data.targets.norm_squared() / data.targets.len() as f64).sqrt();
        Training {
            rule,
            activation,
            copies: vec![0, 1, 2, 0, 1, 3, 2, 0],
            inputs: data.features.rows(0, PATIENTS).transpose(),
            targets: Matrix::from_fn(1, PATIENTS, |_, i| data.targets[i] / deviation),
        }
    }

    fn family<const N: usize>(name: &str, rules: [Rule; N]) -> Family<Training> {
        Family::listed(name, rules, |&rule| Training::new(rule, Activation::Relu))
    }

    fn network(&self, neurons: usize) -> FullyConnected {
        FullyConnected::new(&[self.inputs.nrows(), neurons, 1], self.activation).with_biases()
    }

    fn loss(&self, neurons: usize) -> NetworkLoss {
        NetworkLoss::new(self.network(neurons), self.inputs.clone(), self.targets.clone())
    }

    /// How many copies there are of each distinct neuron.
    fn multiplicities(&self) -> Vec<f64> {
        let distinct = self.copies.iter().max().map_or(0, |last| last + 1);
        (0..distinct)
            .map(|k| self.copies.iter().filter(|copy| **copy == k).count() as f64)
            .collect()
    }

    /// The distinct neurons: inner weights, bias, outer weight, one neuron a row.
    fn neurons(&self, random: &mut (impl Rng + ?Sized)) -> Matrix {
        let d = self.inputs.nrows();
        Matrix::from_fn(self.multiplicities().len(), d + 2, |_, _| {
            let normal: f64 = StandardNormal.sample(random);
            normal / 3.0
        })
    }

    /// The parameters of a network of these neurons, one a row, with output bias 0.
    fn parameters(neurons: &Matrix) -> Vector {
        // Columns of inner weights, biases, outer weights: the columns of the table, one after the other.
        let bias = std::iter::once(0.0);
        let numbers = neurons.as_slice().iter().copied().chain(bias);
        Vector::from_iterator(neurons.len() + 1, numbers)
    }

    /// The neurons of these parameters, one a row.
    fn rows(&self, parameters: &Vector) -> Matrix {
        let columns = self.inputs.nrows() + 2;
        let neurons = parameters.len() / columns;
        Matrix::from_column_slice(neurons, columns, &parameters.as_slice()[..neurons * columns])
    }

    fn start(&self, random: &mut (impl Rng + ?Sized)) -> Vector {
        Self::parameters(&self.neurons(random).select_rows(&self.copies))
    }

    /// Every iterate.
    fn run(&self, start: &Vector, random: &mut (impl Rng + ?Sized)) -> Vec<Vector> {
        let gradients = Gradients::of(self, random);
        match self.rule {
            Rule::Momentum => run(HeavyBall::new(STEP_SIZE / 4.0, 0.8), &gradients, start),
            Rule::AdaGradNorm => run(AdaGradNorm::new(1.0, 1.0), &gradients, start),
            Rule::Sign => run(SignDescent::new(STEP_SIZE / 20.0), &gradients, start),
            _ => run(GradientDescent::new(STEP_SIZE), &gradients, start),
        }
    }

    /// The largest difference between two copies of a neuron.
    fn spread(&self, parameters: &Vector) -> f64 {
        let rows = self.rows(parameters);
        let first = |copy: &usize| self.copies.iter().position(|other| other == copy);
        let differences = self.copies.iter().enumerate().map(|(i, copy)| {
            let first = first(copy).unwrap_or(i);
            (rows.row(i) - rows.row(first)).amax()
        });
        differences.fold(0.0, f64::max)
    }

    /// From small weights: the distance between two copies, of which one is moved by 1e-6 at the start, after each step, and the same
    /// by the linearised steps.
    fn separation(&self, random: &mut (impl Rng + ?Sized)) -> (Vec<f64>, Vec<f64>) {
        const MOVED: f64 = 1e-6;
        let f = self.loss(self.copies.len());
        let mut x = self.start(random) * 0.1;
        // The direction that grows at weights near 0: w along the mean of y x, and a with it.
        let d = self.inputs.nrows();
        let correlation = (&self.inputs * self.targets.transpose()).normalize();
        let mut table = Matrix::zeros(self.copies.len(), d + 2);
        for (j, slope) in correlation.iter().enumerate() {
            table[(0, j)] = MOVED * slope;
        }
        table[(0, d + 1)] = MOVED;
        let mut direction = Self::parameters(&table);
        let mut other = &x + &direction;
        // Neurons 0 and 3 are copies.
        let apart = |p: &Vector| {
            let rows = self.rows(p);
            (rows.row(0) - rows.row(3)).norm()
        };
        let (mut measured, mut linear) = (vec![apart(&other)], vec![apart(&direction)]);
        for _ in 0..STEPS {
            if let Some(image) = f.hessian_vector(&x, &direction) {
                direction -= image * STEP_SIZE;
            }
            x -= f.gradient_at(&x) * STEP_SIZE;
            other -= f.gradient_at(&other) * STEP_SIZE;
            measured.push(apart(&other));
            linear.push(apart(&direction));
        }
        (measured, linear)
    }
}

/// What the method is told: gradients of batches in turn, with decay, or with neurons left out.
struct Gradients {
    batches: Vec<NetworkLoss>,
    turn: RefCell<usize>,
    decay: f64,
    /// Number of neurons and coins, if neurons are left out.
    dropout: Option<(usize, RefCell<Xoshiro256PlusPlus>)>,
}

impl Gradients {
    fn of(training: &Training, random: &mut (impl Rng + ?Sized)) -> Self {
        let neurons = training.copies.len();
        let batch = if training.rule == Rule::Batches { 8 } else { training.inputs.ncols() };
        let batches = (0..training.inputs.ncols()).step_by(batch).map(|begin| {
            let inputs = training.inputs.columns(begin, batch).into_owned();
            let targets = training.targets.columns(begin, batch).into_owned();
            NetworkLoss::new(training.network(neurons), inputs, targets)
        });
        Gradients {
            batches: batches.collect(),
            turn: RefCell::new(0),
            decay: if training.rule == Rule::WeightDecay { 0.1 } else { 0.0 },
            dropout: (training.rule == Rule::Dropout).then(|| {
                let coins = Xoshiro256PlusPlus::seed_from_u64(random.random());
                (neurons, RefCell::new(coins))
            }),
        }
    }
}

impl Oracle<Vector> for Gradients {
    fn gradient(&self, at: &Vector, into: &mut Vector) {
        let turn = self.turn.replace_with(|turn| *turn + 1);
        let f = &self.batches[turn % self.batches.len()];
        match &self.dropout {
            None => f.gradient_into(at, into),
            Some((neurons, coins)) => {
                // The outer weights of those left out count as 0, and stay.
                let outer = f.network().weights_of(2);
                let coins = &mut *coins.borrow_mut();
                let kept: Vec<f64> =
                    (0..*neurons).map(|_| f64::from(u8::from(coins.random::<bool>()))).collect();
                let masked = |x: &mut Vector| {
                    let weights = &mut x.as_mut_slice()[outer.clone()];
                    weights.iter_mut().zip(&kept).for_each(|(w, k)| *w *= k);
                };
                let mut thinned = at.clone();
                masked(&mut thinned);
                f.gradient_into(&thinned, into);
                masked(into);
            }
        }
        into.axpy(self.decay, at, 1.0);
    }
}

fn run(
    method: impl Method<Vector, Gradients>,
    gradients: &Gradients,
    start: &Vector,
) -> Vec<Vector> {
    let (mut x, mut path) = (start.clone(), Vec::with_capacity(STEPS + 1));
    iterate(method, gradients, &mut x, STEPS, |_, x| {
        path.push(x.clone());
        ControlFlow::Continue(())
    });
    path
}

fn equal(name: &str) -> Claim<Training> {
    Claim::identity(name, "θ_i = θ_j at every step", f64::MIN_POSITIVE).drawing_experiment(
        |it: &Training, draw| {
            let start = it.start(draw.generator());
            let path = it.run(&start, draw.generator());
            Curve::over(1..path.len(), |n| Reading::new(it.spread(&path[n]), 0.0), |_| 0.0)
        },
    )
}

/// What one neuron in place of several copies starts from, and how its steps are scaled.
#[derive(Clone, Copy)]
struct Merged {
    inner: f64,
    outer: f64,
    inner_step: f64,
    outer_step: f64,
}

fn merged(name: &str, scales: fn(f64) -> Merged) -> Claim<Training> {
    Claim::identity(name, "both networks have the same loss at every step", 1e-9)
        .drawing_experiment(move |it: &Training, draw| {
            let neurons = it.neurons(draw.generator());
            let whole = it.loss(it.copies.len());
            let mut x = Training::parameters(&neurons.select_rows(&it.copies));
            let d = it.inputs.nrows();
            let small = it.loss(neurons.nrows());
            let (mut start, mut steps) = (neurons.clone(), neurons.clone());
            for (k, copies) in it.multiplicities().into_iter().enumerate() {
                let scales = scales(copies);
                start.row_mut(k).columns_mut(0, d + 1).scale_mut(scales.inner);
                start[(k, d + 1)] *= scales.outer;
                steps.row_mut(k).fill(scales.inner_step * STEP_SIZE);
                steps[(k, d + 1)] = scales.outer_step * STEP_SIZE;
            }
            let mut y = Training::parameters(&start);
            let mut step_sizes = Training::parameters(&steps);
            step_sizes[y.len() - 1] = STEP_SIZE;
            let pairs: Vec<(f64, f64)> = (0..=STEPS)
                .map(|_| {
                    let losses = (small.value(&y), whole.value(&x));
                    x -= whole.gradient_at(&x) * STEP_SIZE;
                    y -= small.gradient_at(&y).component_mul(&step_sizes);
                    losses
                })
                .collect();
            Curve::over(0..=STEPS, |n| pairs[n].1, |n| pairs[n].0)
        })
}

fn paths(draw: &mut Draw, _: Effort) -> Content {
    let it = Training::new(Rule::GradientDescent, Activation::Relu);
    let start = it.start(draw.generator());
    let path = it.run(&start, draw.generator());
    let lines = (0..it.copies.len()).map(|i| {
        let points = path.iter().enumerate().step_by(2);
        Line::measured(
            &format!("neuron {}, a copy of {}", i + 1, it.copies[i] + 1),
            points.map(|(n, x)| (n as f64, it.rows(x)[(i, 2)])),
        )
    });
    Content::Lines { lines: lines.collect() }
}
