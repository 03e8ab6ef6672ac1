#![doc = include_str!("end_to_end_dynamics.md")]

use theoria_elementary::powf;
use theoria_instances::families::gaussian_matrix;
use theoria_instances::flow;
use theoria_instances::sequences::powers_of_two;
use theoria_models::Matrix;
use theoria_models::networks::{DeepLinear, DeepLinearLoss, Initialization};
use theoria_models::numerics::{maximum, minimum};
use theoria_verification::{
    Abscissae, Check, Claim, Content, Draw, Effort, Family, Figure, Hypothesis, Instance, Line,
    Reading, Readings, Theorem,
};

use crate::support::two_feature_regression::{
    Regression, four_times, of_the_kind, regression, regressions,
};

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let first_order = one_step("a_step_follows_to_first_order");
    let higher_order = first_order
        .restated("a_step_follows_to_higher_order", "|(W_h − W)/h − dW/dt| ~ (1/h)^-1.15")
        .predicting(|_, inverse| powf(inverse, -1.15));
    let law = "dW/dt = −Σ_j (W Wᵀ)^((j−1)/N) ∇ℓ (Wᵀ W)^((N−j)/N)";
    let preconditions =
        |name: &str| velocity(name, law, |map, n, slope| preconditioned(map, n, slope, 1.0));
    Theorem::new("landscape/end_to_end_dynamics", include_str!("end_to_end_dynamics.md"))
        .uses("landscape/balancedness", "a balanced start stays balanced")
        .claim(preconditions("depth_preconditions_the_gradient").on(balanced()))
        .claim(
            velocity(
                "one_output_has_an_explicit_form",
                "dW/dt = −|W|^(2−2/N) (∇ℓ + (N − 1) proj_W ∇ℓ)",
                |map, n, slope| one_output_form(map, 2.0 - 2.0 / n as f64, n as f64 - 1.0, slope),
            )
            .on(one_output()),
        )
        .claim(first_order)
        .claim(acceleration("depth_helps_the_fourth_power", 4).on(four_times()).tight_to(0.4))
        .claim(no_acceleration("depth_does_not_help_the_square", 2).tight_to(0.55))
        .control(
            velocity(
                "powers_a_hundredth_larger",
                "dW/dt = −Σ_j (W Wᵀ)^(1.01 (j−1)/N) ∇ℓ (Wᵀ W)^(1.01 (N−j)/N)",
                |map, n, slope| preconditioned(map, n, slope, 1.01),
            )
            .on(balanced()),
        )
        .control(
            velocity(
                "one_output_with_another_power",
                "dW/dt = −|W|^(2−1.98/N) (∇ℓ + (N − 1) proj_W ∇ℓ)",
                |map, n, slope| one_output_form(map, 2.0 - 1.98 / n as f64, n as f64 - 1.0, slope),
            )
            .on(one_output()),
        )
        .control(
            velocity(
                "one_output_with_another_projection",
                "dW/dt = −|W|^(2−2/N) (∇ℓ + 0.99 (N − 1) proj_W ∇ℓ)",
                |map, n, slope| {
                    one_output_form(map, 2.0 - 2.0 / n as f64, 0.99 * (n as f64 - 1.0), slope)
                },
            )
            .on(one_output()),
        )
        .control(preconditions("without_balance").on(unbalanced()).violating("balanced"))
        .control(higher_order)
        .control(acceleration("depth_helps_the_square_as_well", 2))
        .figure(
            Figure::log_log(
                "step",
                "1/h, 1 for a step as large as a factor",
                "deviation of a step, divided by h",
            )
            .of("a_step_follows_to_first_order")
            .caption(
                "A step of gradient descent on the factors is a step of the preconditioned \
                 flow on their product, the better the smaller it is.",
            ),
        )
        .figure(
            Figure::log_log("regression", "step", "loss / loss at the start")
                .caption(
                    "Each at its best step size: with the fourth power of the residuals two \
                 layers are faster than one, with their square they are not.",
                )
                .showing(best_runs),
        )
}

/// A network and its target.
struct Descent {
    network: DeepLinear,
    target: Matrix,
}

impl Instance for Descent {
    fn description(&self) -> String {
        format!("factors of widths {:?}", self.network.widths())
    }
}

/// Balanced factors of a random map, after some time of gradient flow towards a random target.
fn after_a_while(rows: usize, columns: usize, draw: &mut Draw) -> Descent {
    let depth = draw.size(2..=5).max(2);
    let map = gaussian_matrix(rows, columns, draw);
    let start = DeepLinear::balanced_rotated(&map, depth, draw.generator());
    let target = gaussian_matrix(rows, columns, draw);
    let loss = DeepLinearLoss::new(&start.widths(), target.clone());
    let time = draw.uniform(0.05, 0.5);
    let here = flow(&loss, &start.flatten(), &[time]);
    Descent { network: loss.network(&here[0]), target }
}

fn balanced() -> Family<Descent> {
    Family::drawn("balanced", |draw| {
        let (rows, columns) = (draw.size(2..=4).max(2), draw.size(2..=4).max(2));
        after_a_while(rows, columns, draw)
    })
}

fn one_output() -> Family<Descent> {
    Family::drawn("one output", |draw| {
        let columns = draw.size(2..=6);
        after_a_while(1, columns, draw)
    })
}

fn unbalanced() -> Family<Descent> {
    Family::drawn("independent factors", |draw| {
        let depth = draw.size(2..=5).max(2);
        let network =
            DeepLinear::draw(&vec![3; depth + 1], Initialization::Glorot, draw.generator());
        Descent { network, target: gaussian_matrix(3, 3, draw) }
    })
}

impl Descent {
    /// The derivative of the loss |W − Φ|²/2 by the end-to-end map.
    fn slope(&self) -> Matrix {
        self.network.end_to_end() - &self.target
    }
}

fn is_balanced() -> Hypothesis<Descent> {
    Hypothesis::new("balanced", |d: &Descent, _| {
        let imbalance = d.network.imbalances().iter().map(Matrix::amax).fold(0.0, maximum);
        Check::at_most(imbalance, 1e-10, "largest imbalance")
    })
}

fn differentiable() -> Hypothesis<Descent> {
    Hypothesis::by_construction("differentiable loss", "|W − Φ|²/2 is a polynomial")
}

/// −Σ_j (W Wᵀ)^((j−1)/N) ∇ (Wᵀ W)^((N−j)/N), with the powers taken `times` this number.
fn preconditioned(map: &Matrix, depth: usize, slope: &Matrix, times: f64) -> Matrix {
    let n = depth as f64;
    let terms = (1..=depth).map(|j| {
        let left = power(&(map * map.transpose()), times * (j - 1) as f64 / n);
        let right = power(&map.tr_mul(map), times * (depth - j) as f64 / n);
        left * slope * right
    });
    -terms.sum::<Matrix>()
}

/// −|W|^power (∇ + share · projection of ∇ onto W).
fn one_output_form(map: &Matrix, power: f64, share: f64, slope: &Matrix) -> Matrix {
    let along = map * (map.dot(slope) / map.norm_squared());
    (slope + along * share) * -powf(map.norm(), power)
}

/// A power of a positive semidefinite matrix; the power 0 is the identity.
fn power(matrix: &Matrix, exponent: f64) -> Matrix {
    let eigen = matrix.clone().symmetric_eigen();
    // What rounding makes of an eigenvalue 0 is not to be raised by a small power.
    let negligible = 1e-13 * eigen.eigenvalues.amax();
    let powers = eigen.eigenvalues.map(|e| powf(if e > negligible { e } else { 0.0 }, exponent));
    &eigen.eigenvectors * Matrix::from_diagonal(&powers) * eigen.eigenvectors.transpose()
}

/// dW/dt by the product rule, when each factor moves along its own negative gradient.
fn by_the_product_rule(network: &DeepLinear, slope: &Matrix) -> Matrix {
    let gradients = network.gradients(slope);
    let moved = (0..network.depth()).map(|j| {
        let mut factors = network.factors().to_vec();
        factors[j] = -gradients[j].clone();
        DeepLinear::new(factors).end_to_end()
    });
    moved.sum()
}

/// Predicts dW/dt from W, the depth and the derivative by W.
type Law = fn(&Matrix, usize, &Matrix) -> Matrix;

/// Measures |dW/dt − law|/|dW/dt|.
fn velocity(name: &str, formula: &str, law: Law) -> Claim<Descent> {
    Claim::identity(name, formula, 1e-7)
        .assuming([is_balanced(), differentiable()])
        .measuring_each(move |d: &Descent| {
            let slope = d.slope();
            let seen = by_the_product_rule(&d.network, &slope);
            let expected = law(&d.network.end_to_end(), d.network.depth(), &slope);
            let deviation = (&seen - expected).norm() / seen.norm();
            Readings::at(d.network.depth(), Reading::new(deviation, 0.0))
        })
        .predicting(|_, _| 0.0)
}

/// (W_h − W)/h of one step with step size h against the law.
fn one_step(name: &str) -> Claim<Descent> {
    Claim::exponent(name, "|(W_h − W)/h − dW/dt| ~ (1/h)^-1")
        .on(balanced())
        .assuming([is_balanced(), differentiable()])
        .measuring(powers_of_two(8..=16), |d: &Descent, inverses| {
            let (map, slope) = (d.network.end_to_end(), d.slope());
            let law = preconditioned(&map, d.network.depth(), &slope, 1.0);
            let gradients = d.network.gradients(&slope);
            // In units in which a step of size 1 changes a factor as much as it is large: the error is of the first order then.
            let sizes = d.network.factors().iter().zip(&gradients);
            let unit = sizes.map(|(w, g)| w.norm() / g.norm()).fold(f64::INFINITY, minimum);
            inverses.read(|inverse| {
                let h = unit / inverse;
                let factors = d.network.factors().iter().zip(&gradients);
                let stepped = DeepLinear::new(factors.map(|(w, g)| w - g * h).collect());
                let moved = (stepped.end_to_end() - &map) / h;
                let floor = 1e-14 * map.norm() / h + 1e-8 * law.norm();
                Reading::new((moved - &law).norm(), floor)
            })
        })
        .predicting(|_, inverse| powf(inverse, -1.0))
}

/// Steps of two layers over steps of one layer, for these powers; nothing where the search for a step size failed.
fn ratios(r: &Regression, powers: Abscissae<'_, i32>) -> Readings {
    let ratio = |&power: &i32| {
        let [shallow, deep] = [1, 2].map(|depth| r.best(power, depth));
        Some((power, deep?.len() as f64 / shallow?.len() as f64))
    };
    powers.iter().filter_map(ratio).collect()
}

fn acceleration(name: &str, power: i32) -> Claim<Regression> {
    let formula = format!("steps of two layers / steps of one ≤ 1/2, l_{power}, best step sizes");
    Claim::bound(name, &formula)
        .assuming(of_the_kind())
        .on(regressions())
        .measuring([power], ratios)
        .predicting(|_, _| 0.5)
}

fn no_acceleration(name: &str, power: i32) -> Claim<Regression> {
    let formula = format!("steps of two layers / steps of one ≥ 1, l_{power}, best step sizes");
    Claim::lower_bound(name, &formula)
        .assuming(of_the_kind())
        .on(regressions())
        .measuring([power], ratios)
        .predicting(|_, _| 1.0)
}

fn best_runs(draw: &mut Draw, _: Effort) -> Content {
    let r = regression(draw);
    let line = |power: i32, depth: usize| {
        let losses = r.best(power, depth).unwrap_or_default().into_iter().enumerate();
        let label = format!("l_{power}, depth {depth}");
        // Steps are counted from 1, for the logarithmic axis.
        Line::measured(&label, losses.map(|(step, loss)| ((step + 1) as f64, loss)))
    };
    Content::Lines { lines: vec![line(4, 1), line(4, 2), line(2, 1), line(2, 2)] }
}
