#![doc = include_str!("path_dependent_regulariser.md")]

use theoria_elementary::{hypot, ln};
use theoria_instances::SparseRegression;
use theoria_models::{Matrix, Vector};
use theoria_verification::{
    Check, Claim, Content, Curve, Draw, Family, Figure, Group, Hypothesis, Line, Reading, Theorem,
};

use crate::support::interpolators::{
    distance_from_rows, least_entropy, share_across_rows, steepest,
};
use crate::support::multiplicative_steps::{ALPHA, Batch, Course, Run, run};

/// Size of the label noise.
const SIGMA: f64 = 0.5;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    Theorem::new(
        "implicit_bias/path_dependent_regulariser",
        include_str!("path_dependent_regulariser.md"),
    )
    .uses(
        "implicit_bias/diagonal_linear_networks",
        "the least hyperbolic entropy, and how it depends on the scale",
    )
    .claim(product(
        "product_shrinks_exactly",
        "u_j v_j = α² Π (1 − 4η²g_j²)",
        |run| run.product.clone(),
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
    .claim(
        by_squares("scale_shrinks_by_the_squares_of_the_gradients_at_least", End::Least, 1.0)
            .on(regressions()),
    )
    .claim(
        by_squares("scale_shrinks_by_little_more_than_the_squares", End::Most, 1.0)
            .on(regressions()),
    )
    .claim(
        by_losses("scale_shrinks_by_the_sum_of_losses_at_least", "single samples", Batch::One, End::Least)
            .on(rows_of_equal_norm()),
    )
    .claim(
        by_losses("scale_shrinks_by_little_more_than_the_losses", "single samples", Batch::One, End::Most)
            .on(rows_of_equal_norm()),
    )
    .claim(
        selection(
            "sgd_selects_by_the_shrunken_scale",
            "SGD: |D^(−1/2) (β_∞ − b)| ≤ |D^(1/2) e| for b of the scales α_∞",
            Batch::One,
            Scale::Left,
            1.0,
        )
        .tight_to(0.99)
        .on(regressions()),
    )
    .claim(
        selection(
            "gradient_descent_selects_by_the_scale_at_the_start",
            "gradient descent: |D^(−1/2) (β_∞ − b)| ≤ |D^(1/2) e| + |D^(1/2) s| for b of the scale α",
            Batch::All,
            Scale::StartWidened,
            1.0,
        )
        .tight_to(0.15)
        .on(regressions()),
    )
    .control(product("product_is_kept", "u_j v_j = α²", |run| run.product.map(|_| 1.0)))
    .control(product(
        "product_shrinks_by_half_as_much",
        "u_j v_j = α² Π (1 − 2η²g_j²)",
        |run| run.halved.clone(),
    ))
    .control(
        across_rows(
            "mirror_image_leaves_the_row_space_less",
            "0.9 Σ |2 artanh(2ηg) − 4ηg|",
            0.9,
        )
        .on(one_sample()),
    )
    .control(
        by_squares("scale_shrinks_less_by_a_fiftieth", End::Most, 0.98).on(regressions()),
    )
    .control(
        by_squares("scale_shrinks_more_by_a_fiftieth", End::Least, 1.02).on(regressions()),
    )
    .control(
        by_losses("full_batches_shrink_it_as_much", "full batches", Batch::All, End::Least)
            .on(rows_of_equal_norm()),
    )
    .control(
        by_losses("losses_count_alike_for_samples_of_all_norms", "single samples", Batch::One, End::Least)
            .violating(EQUAL_NORMS)
            .on(short_and_long_sample()),
    )
    .control(
        selection(
            "sgd_selects_by_the_scale_at_the_start",
            "SGD: |D^(−1/2) (β_∞ − b)| ≤ |D^(1/2) e| for b of the scale α",
            Batch::One,
            Scale::Start,
            1.0,
        )
        .on(regressions()),
    )
    .control(
        selection(
            "sgd_selects_more_sharply_by_a_fiftieth",
            "SGD: |D^(−1/2) (β_∞ − b)| ≤ 0.98 |D^(1/2) e| for b of the scales α_∞",
            Batch::One,
            Scale::Left,
            0.98,
        )
        .on(one_sample()),
    )
    .control(
        selection(
            "gradient_descent_keeps_the_scale",
            "gradient descent: |D^(−1/2) (β_∞ − b)| ≤ |D^(1/2) e| for b of the scale α",
            Batch::All,
            Scale::Start,
            1.0,
        )
        .on(regressions()),
    )
    .figure(
        Figure::linear("length", "η² times the sum of the losses that were met", "|β − planted|")
            .caption("The more loss is met along the way, the smaller the error in the end, as the shrunken scales foretell.")
            .showing(|draw, _| length(draw)),
    )
}

/// Which end of a quantity is bounded.
#[derive(Debug, Clone, Copy, PartialEq)]
enum End {
    Least,
    Most,
}

impl End {
    fn claim(self, name: &str, formula: &str) -> Claim<SparseRegression> {
        match self {
            End::Least => Claim::lower_bound(name, formula),
            End::Most => Claim::bound(name, formula),
        }
    }

    fn sign(self) -> char {
        if self == End::Least { '≥' } else { '≤' }
    }
}

/// By which scales a solution is said to be selected.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Scale {
    /// Those that are left at the end.
    Left,
    /// Those at the start.
    Start,
    /// Those at the start, up to what the scales have shrunk.
    StartWidened,
}

/// Single samples with label noise, as many steps.
fn noisy(steps: usize) -> Course {
    Course { batch: Batch::One, sigma: SIGMA, steps, settles: false }
}

fn small_steps() -> Hypothesis<SparseRegression> {
    Hypothesis::new("2η|g_j| < 1", |problem: &SparseRegression, draw| {
        let run = run(problem, noisy(2000), draw.generator());
        Check::that(run.largest < 1.0, format!("largest 2η|g_j| along a run: {:.4}", run.largest))
    })
}

fn equal_scales() -> Hypothesis<SparseRegression> {
    Hypothesis::by_construction("u = v = α at the start", "every run starts there")
}

const EQUAL_NORMS: &str = "samples of equal norm";

fn equal_norms() -> Hypothesis<SparseRegression> {
    Hypothesis::new(EQUAL_NORMS, |problem: &SparseRegression, _| {
        let norms: Vec<f64> = problem.features().row_iter().map(|row| row.norm()).collect();
        let most = norms.iter().fold(0.0, |a: f64, b| a.max(*b));
        let least = norms.iter().fold(most, |a, b| a.min(*b));
        Check::at_most(most / least - 1.0, 1e-12, "largest norm over the smallest, less 1")
    })
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

/// The same with samples of norm 24^(1/2).
fn rows_of_equal_norm() -> Family<SparseRegression> {
    Family::drawn("sparse regression, samples of equal norm", |draw| {
        let drawn = SparseRegression::drawn(12, 24, 2, draw);
        let mut features = drawn.features().clone();
        for mut row in features.row_iter_mut() {
            row *= 24f64.sqrt() / row.norm();
        }
        SparseRegression::new(features, drawn.planted().clone())
    })
}

/// The long one is fitted from the first, so that all the loss is the short one's.
fn short_and_long_sample() -> Family<SparseRegression> {
    Family::single("a long sample that is fitted and a short one", || {
        let features = Matrix::from_row_slice(2, 3, &[2.0, 0.0, 0.0, 0.0, 0.5, 0.0]);
        SparseRegression::new(features, Vector::from_vec(vec![0.0, 1.0, 0.0]))
    })
}

fn product(name: &str, formula: &str, shrunk: fn(&Run) -> Vector) -> Claim<SparseRegression> {
    Claim::identity(name, formula, 1e-9)
        .assuming([small_steps(), equal_scales()])
        .on(regressions())
        .drawing_experiment(move |problem, draw| {
            let run = run(problem, noisy(2000), draw.generator());
            let shrunk = shrunk(&run);
            Curve::over(
                0..run.scales.len(),
                |j| Reading::new(run.scales[j].powi(2), 1e-12 * run.scales[j].powi(2)),
                |j| ALPHA * ALPHA * shrunk[j],
            )
        })
}

fn across_rows(name: &str, most: &str, times: f64) -> Claim<SparseRegression> {
    Claim::bound(name, &format!("dist(arsinh(β/(2uv)), row space) ≤ {most}"))
        .assuming([small_steps(), equal_scales()])
        .tight_to(0.94)
        .drawing_experiment(move |problem, draw| {
            let course = Course { sigma: noise_that_fits(problem), ..noisy(2000) };
            let run = run(problem, course, draw.generator());
            let across = share_across_rows(problem.features(), &run.mirror) * run.mirror.norm();
            Curve::at(2000.0, Reading::new(across, 1e-9), times * run.third_order)
        })
}

/// One or two samples are fitted without noise: then all steps go one way, and losses are those of the residuals.
fn noise_that_fits(problem: &SparseRegression) -> f64 {
    if problem.features().nrows() <= 2 { 0.0 } else { SIGMA }
}

/// With or without noise in the labels. A factor other than 1 improves on the other end.
fn by_squares(name: &str, end: End, factor: f64) -> Claim<SparseRegression> {
    let exceeds = (end == End::Most) == (factor == 1.0);
    let times = if factor == 1.0 { String::new() } else { format!("{factor} ") };
    let formula = format!(
        "mean log(α/α_∞) {} {times}(2η²/d) Σ |g_k|²{}",
        end.sign(),
        if exceeds { EXCESS } else { "" },
    );
    end.claim(name, &formula)
        .assuming([small_steps(), equal_scales()])
        .tight_to(0.99)
        .drawing_experiment(move |problem, draw| {
            let runs = [0.0, SIGMA].map(|sigma| {
                (sigma, run(problem, Course { sigma, ..noisy(2000) }, draw.generator()))
            });
            let points = runs.iter().map(|(sigma, run)| {
                let mean = run.squares / (2.0 * run.scales.len() as f64);
                let excess = if exceeds { run.excess() } else { 1.0 };
                (*sigma, run.shrinkage(), factor * mean * excess)
            });
            points.collect()
        })
}

const EXCESS: &str = " (−log(1 − z²)/z²) for z = max 2η|g_k,j|";

fn by_losses(name: &str, method: &str, batch: Batch, end: End) -> Claim<SparseRegression> {
    let excess = if end == End::Most { EXCESS } else { "" };
    let formula = format!("{method}: mean log(α/α_∞) {} 4η² x̄² Σ loss{excess}", end.sign());
    end.claim(name, &formula)
        .assuming([small_steps(), equal_scales(), equal_norms()])
        .tight_to(0.99)
        .drawing_experiment(move |problem, draw| {
            let sigma = noise_that_fits(problem);
            let run = run(problem, Course { batch, sigma, ..noisy(1000) }, draw.generator());
            let excess = if end == End::Most { run.excess() } else { 1.0 };
            let predicted = 4.0 * mean_square(problem.features()) * run.losses * excess;
            Curve::at(1000.0, run.shrinkage(), predicted)
        })
}

/// The mean square of the entries.
fn mean_square(features: &Matrix) -> f64 {
    features.norm_squared() / features.len() as f64
}

/// How far the limit is from the interpolator of least entropy. What has not settled within the patience of a run says
/// nothing.
fn selection(
    name: &str,
    formula: &str,
    batch: Batch,
    by: Scale,
    times: f64,
) -> Claim<SparseRegression> {
    Claim::bound(name, formula).assuming([small_steps(), equal_scales()]).drawing_experiment(
        move |problem, draw| {
            let sigma = noise_that_fits(problem);
            let course = Course { batch, sigma, steps: 6000, settles: true };
            let run = run(problem, course, draw.generator());
            let alpha = if by == Scale::Left { run.scales.clone() } else { problem.uniform(ALPHA) };
            let selected = least_entropy(problem, &alpha);
            let steepest = steepest(&alpha, &run.predictor, &selected);
            let distance = (&run.predictor - &selected).component_div(&steepest.map(f64::sqrt));
            let measured = if run.settled { distance.norm() } else { f64::NAN };
            let mut most = distance_from_rows(problem.features(), &run.across, &steepest);
            if by == Scale::StartWidened {
                let shift = shift_by_shrinking(&run);
                most += shift.component_mul(&steepest.map(f64::sqrt)).norm();
            }
            Curve::at(6000.0, Reading::new(measured, 1e-11), times * most)
        },
    )
}

/// 2 log(α/α_∞) |β|/(4α_∞⁴ + β²)^(1/2): at most by so much moves the mirror image when the scales go from α to α_∞.
fn shift_by_shrinking(run: &Run) -> Vector {
    let shares = run.predictor.zip_map(&run.scales, |b, s| b.abs() / hypot(2.0 * s * s, b));
    shares.zip_map(&run.product, |share, product| -ln(product) * share)
}

fn length(draw: &mut Draw) -> Content {
    let problem = SparseRegression::drawn(12, 24, 2, draw);
    let (mut measured, mut predicted) = (Vec::new(), Vec::new());
    for steps in [0, 1000, 2000, 4000, 8000, 16_000] {
        let run = run(&problem, Course { settles: true, ..noisy(steps) }, draw.generator());
        let error = |b: &Vector| (b - problem.planted()).norm();
        measured.push((run.losses, error(&run.predictor)));
        predicted.push((run.losses, error(&least_entropy(&problem, &run.scales))));
    }
    Content::Points {
        groups: vec![Group::new("SGD with label noise", measured)],
        lines: vec![Line::predicted("from the scales left over", predicted)],
    }
}
