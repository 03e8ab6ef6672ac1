#![doc = include_str!("path_dependent_regulariser.md")]

use rand::{Rng, RngExt};
use theoria_instances::SparseRegression;
use theoria_models::Vector;
use theoria_models::stochastic::draws::signs;
use theoria_verification::{
    Claim, Content, Curve, Draw, Family, Figure, Group, Line, Reading, Readings, Theorem,
    TrialClaim,
};

use crate::support::interpolators::{least_entropy, share_across_rows};

/// The scale at the start.
const ALPHA: f64 = 0.3;
/// Step sizes of SGD.
const ETA: f64 = 0.01;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    Theorem::new(
        "implicit_bias/path_dependent_regulariser",
        include_str!("path_dependent_regulariser.md"),
    )
    .claim(product("product_shrinks_exactly", "u_j v_j = α² Π (1 − 4η²g_j²)", |z| 1.0 - z * z))
    .claim(across_rows("mirror_image_leaves_the_row_space_in_third_order", "Σ |2 artanh(2ηg) − 4ηg|", 1.0))
    .claim(shrinkage("scale_shrinks_with_the_sum_of_losses", "single samples", Batch::One))
    .claim(selection("sgd_selects_by_the_shrunken_scale", "SGD: |β_∞ − b| ≤ 0.02 |b| for b of the scales α_∞", Batch::One, |run| run.scales.clone()))
    .claim(selection("gradient_descent_selects_by_the_scale_at_the_start", "gradient descent: |β_∞ − b| ≤ 0.02 |b| for b of the scale α", Batch::All, |run| Vector::from_element(run.scales.len(), ALPHA)))
    .control(product("product_is_kept", "u_j v_j = α²", |_| 1.0))
    .control(across_rows("mirror_image_leaves_it_a_fiftieth_as_much", "Σ |2 artanh(2ηg) − 4ηg|/50", 0.02))
    .control(shrinkage("full_batches_shrink_it_as_much", "full batches", Batch::All))
    .control(selection("sgd_selects_by_the_scale_at_the_start", "SGD: |β_∞ − b| ≤ 0.02 |b| for b of the scale α", Batch::One, |run| Vector::from_element(run.scales.len(), ALPHA)))
    .figure(
        Figure::linear("length", "sum of the losses that were met", "|β − planted|")
            .caption("The more loss is met along the way, the smaller the error in the end, as the shrunken scales foretell.")
            .showing(|draw, _| length(draw)),
    )
}

/// Steps without noise, until the residuals are negligible.
const SETTLING: usize = 2500;

/// What a step sees.
#[derive(Debug, Clone, Copy)]
enum Batch {
    One,
    All,
}

/// A run of multiplicative steps.
struct Run {
    predictor: Vector,
    /// (u_j v_j)^(1/2).
    scales: Vector,
    /// log(u_j/v_j), which is arsinh(β_j/(2 u_j v_j)).
    mirror: Vector,
    /// α² Π factor(2η g_j) for the factor that is claimed.
    product: Vector,
    /// Sum over the steps of the losses of the batches, noise of labels included.
    losses: f64,
    /// Sum of |2 artanh(2ηg) − 4ηg| over the steps.
    third_order: f64,
}

/// Steps with label noise of size σ, and then full batches without, in steps twice as long.
fn run(
    problem: &SparseRegression,
    batch: Batch,
    sigma: f64,
    [steps, settling]: [usize; 2],
    factor: fn(f64) -> f64,
    random: &mut impl Rng,
) -> Run {
    let network = problem.network();
    let (n, d) = problem.features().shape();
    let mut point = network.start(&problem.uniform(ALPHA));
    let mut product = problem.uniform(ALPHA * ALPHA);
    let (mut losses, mut third_order) = (0.0, 0.0);
    let mut noise = [0.0];
    let mut eta = ETA;
    for k in 0..steps + settling {
        let predictor = network.predictor(&point);
        let slope = match batch {
            Batch::One if k < steps => {
                let sample = random.random_range(0..n as u32) as usize;
                signs(random, &mut noise);
                let label = problem.targets()[sample] + sigma * noise[0];
                losses += (problem.features().row(sample).tr_dot(&predictor) - label).powi(2) / 2.0;
                network.sample_slope(sample, label, &predictor)
            }
            _ => {
                losses += (problem.features() * &predictor - problem.targets()).norm_squared()
                    / (2.0 * n as f64);
                eta = if k < steps { ETA } else { 2.0 * ETA };
                network.slope(&predictor)
            }
        };
        network.multiply(&mut point, &slope, eta);
        let mut cubes = 0.0;
        for (product, g) in product.iter_mut().zip(slope.iter()) {
            let z = 2.0 * eta * g;
            *product *= factor(z);
            cubes += (2.0 * (z.atanh() - z)).powi(2);
        }
        third_order += cubes.sqrt();
    }
    Run {
        predictor: network.predictor(&point),
        scales: network.scales(&point),
        mirror: Vector::from_fn(d, |j, _| (point[j] / point[d + j]).ln()),
        product,
        losses,
        third_order,
    }
}

fn exact(z: f64) -> f64 {
    1.0 - z * z
}

fn regressions() -> Family<SparseRegression> {
    Family::drawn("sparse regression", |draw| SparseRegression::drawn(12, 24, 2, draw))
}

fn product(name: &str, formula: &str, factor: fn(f64) -> f64) -> Claim<SparseRegression> {
    Claim::identity(name, formula, 1e-9).on(regressions()).drawing_experiment(
        move |problem, draw| {
            let run = run(problem, Batch::One, 0.5, [2000, 0], factor, draw.generator());
            Curve::over(
                0..run.scales.len(),
                |j| Reading::new(run.scales[j].powi(2), 1e-12 * run.scales[j].powi(2)),
                |j| run.product[j],
            )
        },
    )
}

fn across_rows(name: &str, most: &str, times: f64) -> Claim<SparseRegression> {
    Claim::bound(name, &format!("dist(arsinh(β/(2uv)), row space) ≤ {most}"))
        .on(regressions())
        .drawing_experiment(move |problem, draw| {
            let run = run(problem, Batch::One, 0.5, [2000, 0], exact, draw.generator());
            let across = share_across_rows(problem.features(), &run.mirror) * run.mirror.norm();
            Curve::at(2000.0, Reading::new(across, 1e-9), times * run.third_order)
        })
}

/// Over all coordinates: Σ_j log(α/scale_j) against 4η² (Σ losses) Σ_j (XᵀX/n)_jj, without label noise.
fn shrinkage(name: &str, method: &str, batch: Batch) -> TrialClaim<SparseRegression> {
    Claim::expected_value(
        name,
        &format!("{method}: mean log(α/α_∞) = 4η² Σ loss, in units of that"),
        0.15,
    )
    .trials(256)
    .on(Family::drawn("sparse regression", |draw| SparseRegression::drawn(12, 24, 2, draw)))
    .sampling(move |problem: &SparseRegression, block| {
        let (n, d) = problem.features().shape();
        let size = problem.features().norm_squared() / (n * d) as f64;
        block.each_value(1.0, |random| {
            let run = run(problem, batch, 0.5, [1000, 0], exact, random);
            let shrunk =
                run.scales.iter().map(|scale| (ALPHA / scale).ln()).sum::<f64>() / d as f64;
            shrunk / (4.0 * ETA * ETA * run.losses * size)
        })
    })
    .predicting(|_, _| 1.0)
}

fn selection(
    name: &str,
    formula: &str,
    batch: Batch,
    scales: fn(&Run) -> Vector,
) -> Claim<SparseRegression> {
    Claim::bound(name, formula)
        .on(regressions())
        .measuring_by_drawing(move |problem, draw| {
            let run = run(problem, batch, 0.5, [6000, SETTLING], exact, draw.generator());
            let selected = least_entropy(problem, &scales(&run));
            let distance = (&run.predictor - &selected).norm() / selected.norm();
            Readings::at(1.0, Reading::new(distance, 1e-9))
        })
        .predicting(|_, _| 0.02)
}

fn length(draw: &mut Draw) -> Content {
    let problem = SparseRegression::drawn(12, 24, 2, draw);
    let (mut measured, mut predicted) = (Vec::new(), Vec::new());
    for steps in [0, 1000, 2000, 4000, 8000, 16_000] {
        let run = run(&problem, Batch::One, 0.5, [steps, SETTLING], exact, draw.generator());
        let error = |b: &Vector| (b - problem.planted()).norm();
        measured.push((run.losses, error(&run.predictor)));
        predicted.push((run.losses, error(&least_entropy(&problem, &run.scales))));
    }
    Content::Points {
        groups: vec![Group::new("SGD with label noise", measured)],
        lines: vec![Line::predicted("from the scales left over", predicted)],
    }
}
