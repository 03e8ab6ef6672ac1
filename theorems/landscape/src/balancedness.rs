#![doc = include_str!("balancedness.md")]

use std::ops::ControlFlow;

use theoria_algorithms::{GradientDescent, SignDescent, VectorMethod, iterate};
use theoria_elementary::{exp, powf};
use theoria_instances::families::gaussian_matrix;
use theoria_instances::flow;
use theoria_instances::sequences::{evenly, octaves};
use theoria_models::networks::{
    Activation, DeepLinear, DeepLinearLoss, FullyConnected, Initialization, NetworkLoss,
};
use theoria_models::numerics::maximum;
use theoria_models::objectives::Ridge;
use theoria_models::{Matrix, Objective, Vector};
use theoria_verification::{
    Check, Claim, Draw, Family, Figure, Hypothesis, Instance, Reading, Readings, Theorem,
};

/// Gradient descent runs for this time, whatever its step size.
const TIME: f64 = 1.0;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let conserved = under_the_flow("conserved_by_the_flow", "D(t) = D(0)");
    let telescoping = "|D(x_N) − D(x₀) − h² Σ D(∇f(x_k))| / h² |θ|² = 0";
    let first_order = drift(
        "drift_is_of_first_order",
        "|D(x_N) − D(x₀)| ~ N^-1, h = 1/N",
        10,
        GradientDescent::new,
    );
    let higher_order = first_order
        .restated("drift_is_of_higher_order", "|D(x_N) − D(x₀)| ~ N^-1.15, h = 1/N")
        .predicting(|_, n| powf(n, -1.15));
    let forgets =
        under_the_flow("weight_decay_forgets_at_twice_its_rate", "D(t) = exp(−2λ t) D(0)")
            .on(decaying(deep_linear()));
    let keeps = forgets
        .restated("conserved_with_weight_decay", "with weight decay: D(t) = D(0)")
        .predicting(|_, _| 1.0);
    let forgets_faster = forgets
        .restated("weight_decay_forgets_a_hundredth_faster", "D(t) = exp(−2.02 λ t) D(0)")
        .predicting(|network, t| exp(-2.02 * network.decay * t));
    Theorem::new("landscape/balancedness", include_str!("balancedness.md"))
        .claim(conserved.clone().on(deep_linear()))
        .claim(
            orthogonal("gradient_is_orthogonal_to_the_imbalance")
                .on(deep_linear())
                .on(neurons(Activation::Relu))
                .on(neurons(Activation::LeakyRelu(0.3))),
        )
        .claim(drift_is_a_sum("drift_is_a_sum_of_squared_gradients", telescoping, 1.0))
        .claim(first_order)
        .claim(forgets)
        .control(keeps)
        .control(forgets_faster)
        .control(
            conserved
                .restated("conserved_without_homogeneity", "D(t) = D(0)")
                .on(neurons(Activation::Tanh))
                .violating("homogeneous"),
        )
        .control(
            orthogonal("orthogonal_without_homogeneity")
                .on(neurons(Activation::Tanh))
                .violating("homogeneous"),
        )
        .control(drift_is_a_sum(
            "drift_is_a_hundredth_more",
            "|D(x_N) − D(x₀) − 1.01 h² Σ D(∇f(x_k))| / h² |θ|² = 0",
            1.01,
        ))
        .control(higher_order)
        .control(falls_by_sign_descent("conserved_by_sign_descent"))
        .figure(
            Figure::log_log("drift", "number of steps T/h", "drift of the imbalance at T = 1")
                .of("drift_is_of_first_order")
                .of("conserved_by_sign_descent")
                .caption(
                    "Halving the step halves the drift of gradient descent; sign descent drifts \
                 however small its steps are.",
                ),
        )
        .figure(
            Figure::linear("decay", "time t", "imbalance along that of the start")
                .of("conserved_by_the_flow")
                .of("weight_decay_forgets_at_twice_its_rate")
                .of("conserved_without_homogeneity")
                .caption(
                    "The imbalance stays under gradient flow, fades at twice the rate of weight \
                 decay, and wanders where the network is not homogeneous.",
                ),
        )
}

/// What is balanced with what.
#[derive(Clone)]
enum Kind {
    /// W_{j+1}ᵀ W_{j+1} with W_j W_jᵀ, for these widths.
    Factors(Vec<usize>),
    /// a_i² with |w_i|², for this many neurons of this activation.
    Neurons(usize, Activation),
}

/// A network with its loss, weight decay and start.
struct Network {
    kind: Kind,
    loss: Box<dyn Objective>,
    decay: f64,
    start: Vector,
}

impl Instance for Network {
    fn description(&self) -> String {
        format!("{}, weight decay {:.3}", self.loss.describe(), self.decay)
    }
}

impl Network {
    /// All imbalances; a quadratic form of the parameters.
    fn imbalance(&self, parameters: &Vector) -> Vector {
        match &self.kind {
            Kind::Factors(widths) => {
                let all = DeepLinear::unflatten(widths, parameters).imbalances();
                Vector::from_vec(all.iter().flat_map(|d| d.iter().copied()).collect())
            }
            Kind::Neurons(m, _) => {
                let (inner, outer) = parameters.as_slice().split_at(parameters.len() - m);
                Vector::from_fn(*m, |i, _| {
                    let weights = inner.iter().skip(i).step_by(*m);
                    outer[i].powi(2) - weights.map(|w| w * w).sum::<f64>()
                })
            }
        }
    }
}

fn deep_linear() -> Family<Network> {
    Family::drawn("deep linear", |draw| {
        let depth = draw.size(2..=4).max(2);
        let widths: Vec<usize> = (0..=depth).map(|_| draw.size(2..=4)).collect();
        let target = gaussian_matrix(widths[depth], widths[0], draw);
        let start = DeepLinear::draw(&widths, Initialization::Glorot, draw.generator());
        Network {
            loss: Box::new(DeepLinearLoss::new(&widths, target)),
            start: start.flatten(),
            kind: Kind::Factors(widths),
            decay: 0.0,
        }
    })
}

/// Two layers, from standard normal data.
fn neurons(activation: Activation) -> Family<Network> {
    let name = format!("two layers, {}", activation.describe());
    Family::drawn(&name, move |draw| {
        let (dimension, width, samples) = (draw.size(1..=3), draw.size(2..=6), draw.size(4..=10));
        let network = FullyConnected::new(&[dimension, width, 1], activation);
        let (inputs, targets) = data(dimension, samples, draw);
        Network {
            kind: Kind::Neurons(width, activation),
            start: network.draw(Initialization::He, draw.generator()),
            loss: Box::new(NetworkLoss::new(network, inputs, targets)),
            decay: 0.0,
        }
    })
}

fn data(dimension: usize, samples: usize, draw: &mut Draw) -> (Matrix, Matrix) {
    (gaussian_matrix(dimension, samples, draw), gaussian_matrix(1, samples, draw))
}

fn decaying(family: Family<Network>) -> Family<Network> {
    family.map(|network| Network { decay: 0.5, ..network })
}

fn hypotheses() -> [Hypothesis<Network>; 2] {
    [
        Hypothesis::by_construction(
            "differentiable loss",
            "half the mean square of the errors, a polynomial of what the network computes",
        ),
        Hypothesis::new("homogeneous", |network: &Network, _| match network.kind {
            Kind::Factors(_) => Check::that(true, "linear in each factor"),
            Kind::Neurons(_, activation) => {
                let apart = |z: f64| (activation.value(3.0 * z) - 3.0 * activation.value(z)).abs();
                let most = evenly(-2.0, 2.0, 41).into_iter().map(apart).fold(0.0, maximum);
                Check::at_most(most, 1e-12, "|φ(3z) − 3φ(z)|")
            }
        }),
    ]
}

/// The imbalance along that of the start, and how far it lies off that line: their sum, so that both must be right.
fn under_the_flow(name: &str, formula: &str) -> Claim<Network> {
    Claim::identity(name, formula, 1e-8)
        .assuming(hypotheses())
        .measuring(evenly(0.1, 3.0, 30), |network: &Network, times| {
            let at_start = network.imbalance(&network.start);
            let size = at_start.norm();
            let points = flow(&Ridge::new(&*network.loss, network.decay), &network.start, &times);
            let pairs = times.iter().copied().zip(points);
            pairs
                .map(|(t, x)| {
                    let now = network.imbalance(&x);
                    let along = now.dot(&at_start) / size;
                    (t, (along + (&now - &at_start * (along / size)).norm()) / size)
                })
                .collect()
        })
        .predicting(|network, t| exp(-2.0 * network.decay * t))
}

/// d/dt D = −2 B(θ, ∇f) for the bilinear form B of D.
fn orthogonal(name: &str) -> Claim<Network> {
    Claim::identity(name, "|B(θ, ∇f(θ))| / |θ| |∇f(θ)| = 0", 1e-12)
        .assuming(hypotheses())
        .measuring_by_drawing(|network: &Network, draw| {
            Readings::over(1..=20, |_| {
                let x = &network.start + direction(network.start.len(), draw);
                let gradient = network.loss.gradient_at(&x);
                // A gradient that vanishes, where all neurons are dead, is orthogonal to everything.
                let slope = gradient.try_normalize(0.0).unwrap_or_else(|| &x * 0.0);
                let apart = network.imbalance(&(&x + &slope)) - network.imbalance(&(&x - &slope));
                Reading::new(apart.norm() / (4.0 * x.norm()), 0.0)
            })
        })
        .predicting(|_, _| 0.0)
}

fn direction(dimension: usize, draw: &mut Draw) -> Vector {
    gaussian_matrix(dimension, 1, draw).column(0).into_owned()
}

/// D(x_N) − D(x_0) = h² Σ D(∇f(x_k)), as D is a quadratic form that is orthogonal to the gradient; `times` that sum.
fn drift_is_a_sum(name: &str, formula: &str, times: f64) -> Claim<Network> {
    Claim::identity(name, formula, 1e-8)
        .assuming(hypotheses())
        .assuming([learns()])
        .on(deep_linear())
        .on(neurons(Activation::Relu))
        .measuring(1..=50, move |network: &Network, steps| {
            const STEP: f64 = 0.05;
            let mut x = network.start.clone();
            let at_start = network.imbalance(&x);
            let mut sum = &at_start * 0.0;
            steps.read(|_| {
                let gradient = network.loss.gradient_at(&x);
                sum += network.imbalance(&gradient) * (times * STEP * STEP);
                x.axpy(-STEP, &gradient, 1.0);
                let drift = network.imbalance(&x) - &at_start;
                let size = at_start.norm() + network.start.norm_squared();
                Reading::new((drift - &sum).norm() / (STEP * STEP * size), 0.0)
            })
        })
        .predicting(|_, _| 0.0)
}

/// The norm of the drift at T = 1 with so many steps.
/// Where all neurons are dead nothing moves, and any multiple of the sum is right.
fn learns() -> Hypothesis<Network> {
    Hypothesis::new("gradient at the start", |network: &Network, _| {
        let size = network.loss.gradient_at(&network.start).norm();
        Check::that(size > 0.0, format!("|∇f(x₀)| = {size:.3}"))
    })
}

fn drift_after<M: VectorMethod + 'static>(network: &Network, method: M, steps: usize) -> f64 {
    let mut x = network.start.clone();
    iterate(method, &*network.loss, &mut x, steps, |_, _| ControlFlow::Continue(()));
    (network.imbalance(&x) - network.imbalance(&network.start)).norm()
}

/// What falls like 1/N falls by 2√(n/N) from n to N.
fn falls_by_sign_descent(name: &str) -> Claim<Network> {
    const COARSEST: u32 = 11;
    let formula = "by sign descent: |D(x_N) − D(x₀)| ≤ 2√(n/N) |D(x_n) − D(x₀)|, h = 1/N, n = 2^11";
    let drift = |network: &Network, steps: usize| {
        drift_after(network, SignDescent::new(TIME / steps as f64), steps)
    };
    Claim::bound(name, formula)
        .assuming(hypotheses())
        .on(deep_linear())
        .measuring(octaves(COARSEST..=COARSEST + 5), move |network: &Network, numbers| {
            numbers.read(|steps| drift(network, steps))
        })
        .predicting_from(
            move |network| drift(network, 1 << COARSEST),
            |at_first, n| 2.0 * at_first * (f64::from(1u32 << COARSEST) / n).sqrt(),
        )
}

/// Over five octaves of numbers of steps from 2^`coarsest`.
fn drift<M: VectorMethod + 'static>(
    name: &str,
    formula: &str,
    coarsest: u32,
    method: fn(f64) -> M,
) -> Claim<Network> {
    Claim::exponent(name, formula)
        .assuming(hypotheses())
        .on(deep_linear())
        .measuring(octaves(coarsest..=coarsest + 5), move |network: &Network, numbers| {
            numbers.read(|steps| drift_after(network, method(TIME / steps as f64), steps))
        })
        .predicting(|_, n| powf(n, -1.0))
}
