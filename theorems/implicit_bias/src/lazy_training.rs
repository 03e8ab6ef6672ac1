#![doc = include_str!("lazy_training.md")]

use theoria_algorithms::{EnsembleRun, GradientDescent, HeavyBall, Method};
use theoria_elementary::powf;
use theoria_instances::sequences::powers_of_two;
use theoria_models::networks::{
    Activation, Model, SquaredFit, TwoLayer, tangent_kernel_regression,
};
use theoria_models::stochastic::draws::normals;
use theoria_models::{Ensemble, Matrix, Svd, Vector};
use theoria_verification::{
    Check, Claim, Content, Draw, Family, Figure, Hypothesis, Instance, Line, Reading, Theorem,
};

/// The scales are 2^7 … 2^14.
const LEAST: i32 = 7;
const LARGEST: i32 = 14;

/// Of heavy ball, which adds up 1/(1 − this) times as much rounding as gradient descent.
const MOMENTUM: f64 = 0.9;

/// The theorem with its claims and controls.
#[expect(
    clippy::redundant_closure_for_method_calls,
    reason = "a method is not general in the lifetime of what it borrows"
)]
pub fn theorem() -> Theorem {
    let moved = "|θ − θ₀|/|θ₀| ~ α⁻¹";
    let moved =
        inverse_to_the_scale("move_is_inverse_to_the_scale", moved, 1.0, |t| t.relative_move());
    let faster = moved
        .restated("move_is_inverse_to_a_larger_power", "|θ − θ₀|/|θ₀| ~ α^-1.15")
        .predicting(|_, scale| powf(scale, -1.15));
    let constant = move_constant("move_has_the_constant_of_the_linear_model");
    let smaller = constant
        .restated("move_is_smaller_by_a_fiftieth", "α |θ − θ₀| = 0.98 |J⁺y|")
        .predicting(|_, _| 0.98);
    let kernel = inverse_to_the_scale(
        "prediction_tends_to_the_kernel",
        "|F − kernel| ~ α⁻¹",
        1.0,
        |t| t.distance_to_the_kernel(),
    );
    let kernel_faster = kernel
        .restated("prediction_tends_faster_to_the_kernel", "|F − kernel| ~ α^-1.15")
        .predicting(|_, scale| powf(scale, -1.15));
    let agree = inverse_to_the_scale(
        "methods_agree_when_lazy",
        "|F − F of heavy ball| ~ α⁻¹",
        1.0 / (1.0 - MOMENTUM),
        |t| t.distance_to_heavy_ball(),
    );
    let agree_faster = agree
        .restated("methods_agree_in_a_larger_order", "|F − F of heavy ball| ~ α^-1.15")
        .predicting(|_, scale| powf(scale, -1.15));
    Theorem::new("implicit_bias/lazy_training", include_str!("lazy_training.md"))
        .uses(
            "implicit_bias/minimum_norm",
            "the linearised problem ends at the nearest solution, whatever method adds up \
             gradients",
        )
        .claim(moved)
        .claim(constant)
        .claim(kernel)
        .claim(agree)
        .control(smaller)
        .control(kernel_faster)
        .control(agree_faster)
        .control(faster)
        .control(small_scale(
            "small_scale_is_lazy",
            "α = 1/4: |θ − θ₀|/|θ₀| ≤ 0.05",
            0.05,
            |t| t.relative_move(),
        ))
        .control(small_scale(
            "small_scale_predicts_as_the_kernel",
            "α = 1/4: |F − kernel| ≤ 0.01",
            0.01,
            |t| t.distance_to_the_kernel(),
        ))
        .figure(
            Figure::log_log(
                "distance_to_the_kernel",
                "scale α",
                "|prediction − kernel regression|, relative",
            )
            .of("prediction_tends_to_the_kernel")
            .caption(
                "The larger the scale, the nearer the network's predictions come to those of \
                     its tangent kernel.",
            ),
        )
        .figure(
            Figure::log_log("relative_move", "scale α", "|θ − θ₀|/|θ₀|")
                .caption(
                    "Large scales hardly move the weights: the move falls like 1/α; small scales \
                     move them by as much as they are.",
                )
                .showing(|draw, _| moves(draw)),
        )
}

/// A network at its start, with samples and new inputs.
struct Start {
    network: TwoLayer,
    /// Orthogonal to each other.
    targets: [Vector; 3],
    new_inputs: Matrix,
    start: Vector,
}

/// What training has made of it.
struct Trained<'a> {
    problem: &'a Start,
    targets: &'a Vector,
    fit: SquaredFit<TwoLayer>,
    scale: f64,
    parameters: Vector,
}

impl Start {
    /// Enough to fit, and no more: once the residuals are rounding, every step drifts by it.
    const STEPS: usize = 500;

    /// Three orthogonal samples in dimension 3, which keep the tangent kernel well conditioned; sixteen tanh neurons. The targets
    /// have mean square 1, since a scale is large or small against them alone.
    fn drawn(draw: &mut Draw) -> Self {
        let mut gaussian = |rows: usize, columns: usize| {
            let mut numbers = Matrix::zeros(rows, columns);
            normals(draw.generator(), numbers.as_mut_slice());
            numbers
        };
        let inputs = gaussian(3, 3).qr().q() * 3f64.sqrt();
        let directions = gaussian(3, 3).qr().q();
        let targets = [0, 1, 2].map(|k| directions.column(k) * 3f64.sqrt());
        let network = TwoLayer::new(inputs, 16, Activation::Tanh).scaled(0.25);
        Start {
            start: gaussian(network.parameters(), 1).column(0).into_owned(),
            targets,
            new_inputs: gaussian(5, 3),
            network,
        }
    }

    /// On each of the targets.
    fn trained(&self, scale: f64) -> [Trained<'_>; 3] {
        let method = || GradientDescent::new(self.step());
        self.targets.each_ref().map(|targets| self.trained_by(scale, targets, method()))
    }

    /// The root of the mean square over the targets: what falls off may have a small constant on some of them.
    fn mean(&self, scale: f64, measured: impl Fn(&Trained<'_>) -> f64) -> f64 {
        let squares = self.trained(scale).map(|trained| measured(&trained).powi(2));
        (squares.iter().sum::<f64>() / squares.len() as f64).sqrt()
    }

    fn trained_by<'a>(
        &'a self,
        scale: f64,
        targets: &'a Vector,
        method: impl Method<Ensemble, SquaredFit<TwoLayer>>,
    ) -> Trained<'a> {
        let fit = SquaredFit::new(self.network.clone(), targets.clone()).lazy(scale, &self.start);
        let start = Ensemble::repeat(&self.start, 1);
        let run = EnsembleRun::of(method, &fit, start, &[Self::STEPS], &[]);
        Trained { problem: self, targets, parameters: run.last().trial(0), fit, scale }
    }

    /// 1/L of the linearised loss.
    fn step(&self) -> f64 {
        let largest = self.network.jacobian(&self.start).singular_values().max();
        self.targets.len() as f64 / (largest * largest)
    }
}

impl Trained<'_> {
    /// |θ − θ_0|/|θ_0|.
    fn relative_move(&self) -> f64 {
        (&self.parameters - &self.problem.start).norm() / self.problem.start.norm()
    }

    /// |residuals|/|targets|.
    fn unfitted(&self) -> f64 {
        self.fit.residuals(&self.parameters).norm() / self.targets.norm()
    }

    /// α(F(θ) − F(θ_0)) at the new inputs.
    fn predictions(&self) -> Vector {
        let network = self.problem.network.on(self.problem.new_inputs.clone());
        (network.outputs(&self.parameters) - network.outputs(&self.problem.start)) * self.scale
    }

    /// To the predictions of heavy ball, relative to its own.
    fn distance_to_heavy_ball(&self) -> f64 {
        let method = HeavyBall::new(self.problem.step(), MOMENTUM);
        let other = self.problem.trained_by(self.scale, self.targets, method).predictions();
        let own = self.predictions();
        (&own - other).norm() / own.norm()
    }

    /// To the predictions of regression with the tangent kernel, relative to them.
    fn distance_to_the_kernel(&self) -> f64 {
        let Start { network, new_inputs, start, .. } = self.problem;
        let new = network.on(new_inputs.clone()).jacobian(start);
        match tangent_kernel_regression(&network.jacobian(start), self.targets, &new) {
            Some(kernel) => (self.predictions() - &kernel).norm() / kernel.norm(),
            None => panic!("the tangent kernel is positive definite"),
        }
    }
}

impl Instance for Start {
    fn description(&self) -> String {
        self.network.describe()
    }
}

fn networks() -> Family<Start> {
    Family::drawn("two-layer networks", Start::drawn)
}

fn full_rank() -> Hypothesis<Start> {
    Hypothesis::new("J of full row rank", |problem: &Start, _| {
        let values = problem.network.jacobian(&problem.start).singular_values();
        Check::at_least(values.min() / values.max(), 1e-3, "least singular value of J, relative")
    })
}

fn smooth_in_its_weights() -> Hypothesis<Start> {
    let why = "tanh neurons are analytic";
    Hypothesis::by_construction("a network that is smooth in its weights", why)
}

/// At both ends of the scales.
#[expect(
    clippy::redundant_closure_for_method_calls,
    reason = "a method is not general in the lifetime of what it borrows"
)]
fn converged() -> Hypothesis<Start> {
    Hypothesis::new("gradient descent converges", |problem: &Start, _| {
        let [least, largest] =
            [LEAST, LARGEST].map(|k| problem.mean(2f64.powi(k), |t| t.unfitted()));
        Check::at_most(least.max(largest), 1e-9, "|residuals|/|targets| at the end")
    })
}

/// What the rounding of α(F(θ) − F(θ₀)) in each step adds up to, relative.
fn drift(scale: f64) -> f64 {
    f64::EPSILON * scale * Start::STEPS as f64
}

fn inverse_to_the_scale(
    name: &str,
    formula: &str,
    rounding: f64,
    measured: fn(&Trained<'_>) -> f64,
) -> Claim<Start> {
    Claim::exponent(name, formula)
        .assuming([smooth_in_its_weights(), full_rank(), converged()])
        .on(networks())
        .measuring(powers_of_two(LEAST..=LARGEST), move |problem, scales| {
            scales
                .read(|scale| Reading::new(problem.mean(scale, measured), rounding * drift(scale)))
        })
        .predicting(|_, scale| scale.powi(-1))
}

/// At the two largest scales.
fn move_constant(name: &str) -> Claim<Start> {
    Claim::identity(name, "α |θ − θ₀| = |J⁺y|, α → ∞", 0.005)
        .assuming([smooth_in_its_weights(), full_rank(), converged()])
        .on(networks())
        .measuring(powers_of_two(LARGEST - 1..=LARGEST), |problem, scales| {
            let jacobian = problem.network.jacobian(&problem.start);
            let inverse = Svd::of(&jacobian).with_values(f64::recip);
            scales.read(|scale| {
                let ratio = problem.mean(scale, |trained| {
                    let linear = inverse.tr_mul(trained.targets).norm();
                    scale * (&trained.parameters - &problem.start).norm() / linear
                });
                Reading::new(ratio, 1e-6)
            })
        })
        .predicting(|_, _| 1.0)
}

/// At α = 1/4.
fn small_scale(
    name: &str,
    formula: &str,
    most: f64,
    measured: fn(&Trained<'_>) -> f64,
) -> Claim<Start> {
    Claim::bound(name, formula)
        .on(networks())
        .measuring([0.25], move |problem, scales| {
            scales.read(|scale| problem.mean(scale, measured))
        })
        .predicting(move |_, _| most)
}

#[expect(
    clippy::redundant_closure_for_method_calls,
    reason = "a method is not general in the lifetime of what it borrows"
)]
fn moves(draw: &mut Draw) -> Content {
    let problem = Start::drawn(draw);
    let scales = powers_of_two(-4..=10);
    let moved: Vec<(f64, f64)> =
        scales.iter().map(|&scale| (scale, problem.mean(scale, |t| t.relative_move()))).collect();
    let (largest, least) = moved[moved.len() - 1];
    Content::Lines {
        lines: vec![
            Line::measured("move", moved),
            Line::predicted("1/α", scales.iter().map(|&scale| (scale, least * largest / scale))),
        ],
    }
}
