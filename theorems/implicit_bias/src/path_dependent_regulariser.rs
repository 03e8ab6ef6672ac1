#![doc = include_str!("path_dependent_regulariser.md")]

use rand::{Rng, RngExt};
use theoria_instances::SparseRegression;
use theoria_models::stochastic::draws::signs;
use theoria_models::{Matrix, Vector};
use theoria_verification::{
    Check, Claim, Content, Curve, Draw, Family, Figure, Group, Hypothesis, Line, Reading, Readings,
    Theorem, TrialClaim,
};

use crate::support::interpolators::{least_entropy, share_across_rows};

/// The scale at the start.
const ALPHA: f64 = 0.3;
/// Step sizes of SGD.
const ETA: f64 = 0.01;
/// Size of the label noise.
const SIGMA: f64 = 0.5;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let squares = squares("scale_shrinks_with_the_squares_of_the_gradients");
    let fewer_squares = squares
        .restated("scale_shrinks_less_by_a_tenth", "mean log(α/α_∞) = 0.9 (2η²/d) Σ |g_k|²")
        .predicting(|_, _| 0.9);
    Theorem::new(
        "implicit_bias/path_dependent_regulariser",
        include_str!("path_dependent_regulariser.md"),
    )
    .claim(product(
        "product_shrinks_exactly",
        "u_j v_j = α² Π (1 − 4η²g_j²)",
        |z| 1.0 - z * z,
    ))
    .claim(
        across_rows(
            "mirror_image_leaves_the_row_space_in_third_order",
            "Σ |2 artanh(2ηg) − 4ηg|",
            1.0,
        )
        .on(regressions())
        .attained_to(0.94, one_sample()),
    )
    .claim(shrinkage("scale_shrinks_with_the_sum_of_losses", "single samples", Batch::One))
    .claim(squares)
    .claim(selection(
        "sgd_selects_by_the_shrunken_scale",
        "SGD: |β_∞ − b|/|b| = 0 for b of the scales α_∞",
        Batch::One,
        |run| run.scales.clone(),
    ))
    .claim(selection(
        "gradient_descent_selects_by_the_scale_at_the_start",
        "gradient descent: |β_∞ − b|/|b| = 0 for b of the scale α",
        Batch::All,
        |run| Vector::from_element(run.scales.len(), ALPHA),
    ))
    .control(product("product_is_kept", "u_j v_j = α²", |_| 1.0))
    .control(product(
        "product_shrinks_by_half_as_much",
        "u_j v_j = α² Π (1 − 2η²g_j²)",
        |z| 1.0 - z * z / 2.0,
    ))
    .control(
        across_rows(
            "mirror_image_leaves_the_row_space_less",
            "0.9 Σ |2 artanh(2ηg) − 4ηg|",
            0.9,
        )
        .on(one_sample()),
    )
    .control(fewer_squares)
    .control(shrinkage("full_batches_shrink_it_as_much", "full batches", Batch::All))
    .control(selection(
        "sgd_selects_by_the_scale_at_the_start",
        "SGD: |β_∞ − b|/|b| = 0 for b of the scale α",
        Batch::One,
        |run| Vector::from_element(run.scales.len(), ALPHA),
    ))
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
    /// Sum of (2ηg_j)² over steps and coordinates.
    squares: f64,
    /// The largest 2η|g_j|.
    largest: f64,
}

impl Run {
    /// The mean of log(α/α_∞) over the coordinates.
    fn shrinkage(&self) -> f64 {
        self.scales.iter().map(|scale| (ALPHA / scale).ln()).sum::<f64>() / self.scales.len() as f64
    }
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
    let (mut squares, mut largest) = (0.0, 0f64);
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
            squares += z * z;
            largest = largest.max(z.abs());
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
        squares,
        largest,
    }
}

fn exact(z: f64) -> f64 {
    1.0 - z * z
}

fn small_steps() -> Hypothesis<SparseRegression> {
    Hypothesis::new("2η|g_j| < 1", |problem: &SparseRegression, draw| {
        let run = run(problem, Batch::One, SIGMA, [2000, 0], exact, draw.generator());
        Check::that(run.largest < 1.0, format!("largest 2η|g_j| along a run: {:.4}", run.largest))
    })
}

fn equal_scales() -> Hypothesis<SparseRegression> {
    Hypothesis::by_construction("u = v = α at the start", "every run starts there")
}

/// One sample with one large feature and 1600 small ones: all steps leave the row space in the same direction, nearly across it.
fn one_sample() -> Family<SparseRegression> {
    Family::single("one sample, one large feature", || {
        let features = Matrix::from_fn(1, 1601, |_, j| if j == 0 { 1.0 } else { 0.1 });
        let planted = Vector::from_fn(1601, |j, _| if j == 0 { 1.0 } else { 0.0 });
        SparseRegression::new(features, planted)
    })
}

fn regressions() -> Family<SparseRegression> {
    Family::drawn("sparse regression", |draw| SparseRegression::drawn(12, 24, 2, draw))
}

fn product(name: &str, formula: &str, factor: fn(f64) -> f64) -> Claim<SparseRegression> {
    Claim::identity(name, formula, 1e-9)
        .assuming([small_steps(), equal_scales()])
        .on(regressions())
        .drawing_experiment(move |problem, draw| {
            let run = run(problem, Batch::One, SIGMA, [2000, 0], factor, draw.generator());
            Curve::over(
                0..run.scales.len(),
                |j| Reading::new(run.scales[j].powi(2), 1e-12 * run.scales[j].powi(2)),
                |j| run.product[j],
            )
        })
}

fn across_rows(name: &str, most: &str, times: f64) -> Claim<SparseRegression> {
    Claim::bound(name, &format!("dist(arsinh(β/(2uv)), row space) ≤ {most}"))
        .assuming([small_steps(), equal_scales()])
        .tight_to(0.94)
        .drawing_experiment(move |problem, draw| {
            // A single sample is fitted without noise: then all steps go one way.
            let sigma = if problem.features().nrows() == 1 { 0.0 } else { SIGMA };
            let run = run(problem, Batch::One, sigma, [2000, 0], exact, draw.generator());
            let across = share_across_rows(problem.features(), &run.mirror) * run.mirror.norm();
            Curve::at(2000.0, Reading::new(across, 1e-9), times * run.third_order)
        })
}

/// With or without noise in the labels.
fn squares(name: &str) -> Claim<SparseRegression> {
    Claim::identity(name, "mean log(α/α_∞) = (2η²/d) Σ |g_k|², in units of that", 0.03)
        .assuming([small_steps(), equal_scales()])
        .on(regressions())
        .measuring_by_drawing(|problem, draw| {
            Readings::over([0.0, SIGMA], |sigma| {
                let run = run(problem, Batch::One, sigma, [2000, 0], exact, draw.generator());
                run.shrinkage() / (run.squares / (2.0 * run.scales.len() as f64))
            })
        })
        .predicting(|_, _| 1.0)
}

/// Over all coordinates: Σ_j log(α/scale_j) against 4η² (Σ losses) Σ_j (XᵀX/n)_jj.
fn shrinkage(name: &str, method: &str, batch: Batch) -> TrialClaim<SparseRegression> {
    let formula = format!("{method}: mean log(α/α_∞) = 4η² Σ loss, in units of that");
    Claim::expected_value(name, &formula, 0.15)
        .trials(512)
        .assuming([small_steps(), equal_scales()])
        .on(regressions())
        .sampling(move |problem: &SparseRegression, block| {
            block.each_value(1.0, |random| {
                let run = run(problem, batch, SIGMA, [1000, 0], exact, random);
                run.shrinkage() / (4.0 * ETA * ETA * run.losses * mean_square(problem.features()))
            })
        })
        // −log(1 − z²)/2 ≤ z²/(2(1 − z²)) with z² ≤ 1/4, and |g|² ≤ 2 max |x_i|² times the loss.
        .bounded_by(|problem, _| {
            let features = problem.features();
            let rows = features.row_iter().map(|row| row.norm_squared());
            let largest = rows.fold(0.0, f64::max) / features.ncols() as f64;
            largest / mean_square(features) / (1.0 - 0.25)
        })
        .predicting(|_, _| 1.0)
}

/// The mean square of the entries.
fn mean_square(features: &Matrix) -> f64 {
    features.norm_squared() / features.len() as f64
}

fn selection(
    name: &str,
    formula: &str,
    batch: Batch,
    scales: fn(&Run) -> Vector,
) -> Claim<SparseRegression> {
    Claim::identity(name, formula, 0.02)
        .assuming([small_steps(), equal_scales()])
        .on(regressions())
        .measuring_by_drawing(move |problem, draw| {
            let run = run(problem, batch, SIGMA, [6000, SETTLING], exact, draw.generator());
            let selected = least_entropy(problem, &scales(&run));
            let distance = (&run.predictor - &selected).norm() / selected.norm();
            Readings::at(1.0, Reading::new(distance, 1e-9))
        })
        .predicting(|_, _| 0.0)
}

fn length(draw: &mut Draw) -> Content {
    let problem = SparseRegression::drawn(12, 24, 2, draw);
    let (mut measured, mut predicted) = (Vec::new(), Vec::new());
    for steps in [0, 1000, 2000, 4000, 8000, 16_000] {
        let run = run(&problem, Batch::One, SIGMA, [steps, SETTLING], exact, draw.generator());
        let error = |b: &Vector| (b - problem.planted()).norm();
        measured.push((run.losses, error(&run.predictor)));
        predicted.push((run.losses, error(&least_entropy(&problem, &run.scales))));
    }
    Content::Points {
        groups: vec![Group::new("SGD with label noise", measured)],
        lines: vec![Line::predicted("from the scales left over", predicted)],
    }
}
