#![doc = include_str!("diagonal_linear_networks.md")]

use theoria_elementary::{ln, powf};
use theoria_instances::SparseRegression;
use theoria_instances::sequences::{geometric, powers_of_two};
use theoria_models::{Matrix, Vector};
use theoria_references::least_hyperbolic_entropy;
use theoria_verification::judgement::Exponent;
use theoria_verification::{
    Case, Check, Claim, Content, Draw, Family, Figure, Group, Hypothesis, Line, Reading, Theorem,
};

use crate::support::interpolators::{least_entropy_at, least_sum, mirrored, share_across_rows};
use crate::support::one_sample::{EQUAL_SCALES, OneSample, Scales, entropy, one_sample, one_scale};
use crate::support::trained_scales::{
    FIRST, along, at_scale, flow, full_row_rank_of, limit_of_the_flow, scales,
};

/// Scales of the flows.
const SCALES: [f64; 3] = [0.1, 0.3, 1.0];

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let small = small_scales("least_l1_norm_as_the_scale_vanishes");
    let without_dimension = small
        .restated(
            "least_l1_norm_without_the_dimension",
            "|b_α|₁ ≤ q_α(b)/log(1/α²), b of least l1 norm",
        )
        .predicting_from(least_sum, |sparse, alpha| {
            entropy(sparse, alpha) / ln(1.0 / (alpha * alpha))
        });
    let excess = excess("excess_is_a_power_of_the_scale");
    let logarithm = excess
        .restated("excess_falls_like_a_logarithm", "|b_α|₁ − 1 ~ 1/log(1/α), α → 0")
        .predicting(|_, alpha| 1.0 / ln(1.0 / alpha));
    let steeper = excess
        .restated("excess_is_a_larger_power", "|b_α|₁ − 1 ~ α^(2.2 − 2c), α → 0")
        .predicting(|c, alpha| powf(alpha, 2.2 - 2.0 * c.value));
    let constant = excess_constant("excess_has_the_constant_that_is_stated");
    let other_constant = constant
        .restated("excess_is_smaller_by_a_twentieth", "|b_α|₁ − 1 = 0.95 (1 − c) α^(2 − 2c)")
        .predicting(|_, _| 0.95);
    let large = large_scales("least_l2_norm_as_the_scale_grows");
    let other_order = large
        .restated("least_l2_norm_in_a_larger_order", "|b_α − X⁺y| ~ α^-4.2")
        .predicting(|_, alpha| powf(alpha, -4.2));
    Theorem::new(
        "implicit_bias/diagonal_linear_networks",
        include_str!("diagonal_linear_networks.md"),
    )
    .uses(
        "implicit_bias/minimum_norm",
        "sums of gradients stay in the row space, here those of a mirror image",
    )
    .claim(mirror_in_the_row_space(
        "mirror_image_stays_in_the_row_space",
        "row space of X",
        Clone::clone,
    ))
    .claim(distance(
        "flow_selects_the_least_hyperbolic_entropy",
        "the interpolator of least hyperbolic entropy",
        &SCALES,
        least_entropy_at,
    ))
    .claim(at_scale("flow_at_every_scale", "|β_∞ − b|/|b| = 0 for b of least hyperbolic entropy", 1.0).on(along()))
    .claim(small)
    .claim(
        small_scales_of_one_sample("least_l1_norm_of_one_sample", 1.0)
            .on(one_sample(Scales::Equal).hunted(1000))
            .tight_to(0.95),
    )
    .claim(excess)
    .claim(constant)
    .claim(large)
    .control(mirror_in_the_row_space(
        "mirror_image_in_the_space_of_shuffled_rows",
        "space of its shuffled rows",
        shuffled,
    ))
    .control(distance(
        "flow_selects_the_least_l1_norm",
        "the interpolator of least l1 norm, α = 1",
        &[1.0],
        |p, _| least_sum(p),
    ))
    .control(distance(
        "flow_selects_the_least_l2_norm",
        "X⁺y, α ≤ 0.3",
        &[0.1, 0.3],
        |p, _| p.least_norm(),
    ))
    .control(
        at_scale(
            "flow_at_a_larger_scale",
            "|β_∞ − b|/|b| = 0 for b of least hyperbolic entropy at 1.05 α",
            1.05,
        )
        .on(scales()),
    )
    .control(sparse_at_one("scale_one_is_sparse"))
    .control(without_dimension)
    .control(
        small_scales_of_one_sample("least_l1_norm_of_one_sample_within_less", 0.93)
            .on(one_sample(Scales::Equal).hunted(1000)),
    )
    .control(
        small_scales_of_one_sample("least_l1_norm_from_unequal_scales", 1.0)
            .violating(EQUAL_SCALES)
            .on(one_sample(Scales::Unequal).hunted(1000)),
    )
    .control(logarithm)
    .control(steeper)
    .control(other_constant)
    .control(other_order)
    .figure(
        Figure::log_log("two_features", "scale α", "|β|₁ above the least l1 norm")
            .of("excess_is_a_power_of_the_scale")
            .caption(
                "The nearer a feature is to being as good as the best, the slower the way to \
                 sparsity.",
            ),
    )
    .figure(
        Figure::linear("scale", "coefficient j", "β_j")
            .of("flow_at_every_scale")
            .along("scale α of the start", "scales along the slider", FIRST)
            .caption(
                "Where gradient flow ends on 6 samples of 12 features, two of which matter: from a small start towards \
                 few coefficients (those of least l1 norm are the limit of ever smaller scales), from a large one at a little of each.",
            ),
    )
    .figure(
        Figure::semilog_x("kernel_to_sparse", "scale α", "|β|₁")
            .caption(
                "From the solution of least Euclidean norm (large α) to that of least l1 norm \
                 (small α): 20 samples of 40 features, 3 of which matter.",
            )
            .showing(|draw, _| kernel_to_sparse(draw)),
    )
}

fn full_row_rank() -> Hypothesis<SparseRegression> {
    full_row_rank_of(|problem| problem)
}

fn equal_scales() -> Hypothesis<SparseRegression> {
    Hypothesis::by_construction("u = v = α at the start", "every flow starts there")
}

/// c in (0, 1): the first feature alone is the least l1 norm, with a strict certificate.
fn strict_certificate() -> Hypothesis<Case<f64>> {
    Hypothesis::new("0 < c < 1", |c: &Case<f64>, _| {
        Check::that(c.value > 0.0 && c.value < 1.0, format!("c = {}", c.value))
    })
}

fn regressions() -> Family<SparseRegression> {
    Family::drawn("sparse regression", |draw| SparseRegression::drawn(6, 12, 2, draw))
}

fn mirror_in_the_row_space(
    name: &str,
    space: &str,
    rows: fn(&Matrix) -> Matrix,
) -> Claim<SparseRegression> {
    Claim::identity(name, &format!("arsinh(β/(2α²)) in the {space}, at every time"), 1e-6)
        .assuming([full_row_rank(), equal_scales()])
        .on(regressions())
        .measuring([0.1, 0.3, 1.0, 3.0, 10.0, 30.0], move |problem, times| {
            const ALPHA: f64 = 0.1;
            let (rows, alpha) = (rows(problem.features()), problem.uniform(ALPHA));
            let points = flow(problem, ALPHA, &times);
            let across = points.iter().map(|b| share_across_rows(&rows, &mirrored(b, &alpha)));
            times.iter().copied().zip(across.map(|share| Reading::new(share, 1e-8))).collect()
        })
        .predicting(|_, _| 0.0)
}

/// The columns of X in another order: each row becomes another vector.
fn shuffled(features: &Matrix) -> Matrix {
    let d = features.ncols();
    Matrix::from_fn(features.nrows(), d, |i, j| features[(i, (j + 1) % d)])
}

/// Between the end of the flow and a candidate.
fn distance(
    name: &str,
    of: &str,
    scales: &'static [f64],
    candidate: fn(&SparseRegression, f64) -> Vector,
) -> Claim<SparseRegression> {
    let formula = format!("|β_∞ − b|/|b| = 0 for b {of}");
    Claim::identity(name, &formula, 1e-5)
        .assuming([full_row_rank(), equal_scales()])
        .on(regressions())
        .measuring(scales.iter().copied(), move |problem, scales| {
            scales.read(|alpha| {
                let limit = limit_of_the_flow(problem, alpha);
                let b = candidate(problem, alpha);
                Reading::new((limit - &b).norm() / b.norm(), 1e-9)
            })
        })
        .predicting(|_, _| 0.0)
}

/// With q_α the entropy, t log t − t ≥ −1 and arsinh z ≥ log 2z: |b_α|₁ log(1/α²) ≤ q_α(b_α) + d ≤ q_α(b) + d for any
/// interpolator b.
fn small_scales(name: &str) -> Claim<SparseRegression> {
    Claim::bound(name, "|b_α|₁ ≤ (q_α(b) + d)/log(1/α²) → |b|₁, b of least l1 norm")
        .assuming([full_row_rank()])
        .tight_to(0.9)
        .on(regressions())
        .measuring([1e-20, 1e-10, 1e-5, 1e-3, 1e-1], |problem, scales| {
            scales.read(|alpha| Reading::new(least_entropy_at(problem, alpha).lp_norm(1), 1e-9))
        })
        .predicting_from(least_sum, |sparse, alpha| {
            (entropy(sparse, alpha) + sparse.len() as f64) / ln(1.0 / (alpha * alpha))
        })
}

/// `share` is 1 in the theorem.
fn small_scales_of_one_sample(name: &str, share: f64) -> Claim<OneSample> {
    let times = if share == 1.0 { String::new() } else { format!("{share} ") };
    Claim::bound(name, &format!("|b_α|₁ ≤ {times}(q_α(b) + d)/log(1/α²), one sample"))
        .assuming([one_scale()])
        .measuring([1usize], |at: &OneSample, samples| {
            samples.read(|_| {
                let norm = at.l1_norm();
                // μ, of which the coefficients are exponentials, is known to rounding.
                Reading::new(norm, 1e-12 * norm)
            })
        })
        .predicting(move |at, _| share * at.bound())
}

/// One sample (1, c) with the label 1.
fn two_features() -> Family<Case<f64>> {
    Family::cases("two features", [0.25, 0.5, 0.75], |c| {
        format!("the sample (1, {c}) with the label 1")
    })
}

/// |b_α|₁ − 1.
fn excess_at(c: f64, alpha: f64) -> f64 {
    let features = Matrix::from_row_slice(1, 2, &[1.0, c]);
    let (target, scales) = (Vector::from_element(1, 1.0), Vector::from_element(2, alpha));
    match least_hyperbolic_entropy(&features, &target, &scales) {
        Ok(found) => found.minimiser.lp_norm(1) - 1.0,
        Err(error) => panic!("no reference solution: {error}"),
    }
}

fn excess(name: &str) -> Claim<Case<f64>> {
    let scales = powers_of_two(-6..=0).into_iter().map(|share| 1e-4 * share);
    Claim::new(name, "|b_α|₁ − 1 ~ α^(2 − 2c), α → 0", Exponent::default().towards_zero())
        .assuming([strict_certificate()])
        .on(two_features())
        .measuring(scales, |c, scales| {
            scales.read(|alpha| Reading::new(excess_at(c.value, alpha), 1e-13))
        })
        .predicting(|c, alpha| powf(alpha, 2.0 - 2.0 * c.value))
}

fn excess_constant(name: &str) -> Claim<Case<f64>> {
    Claim::identity(name, "|b_α|₁ − 1 = (1 − c) α^(2 − 2c), α → 0", 0.01)
        .assuming([strict_certificate()])
        .on(two_features())
        .measuring([1e-6, 1e-5], |c, scales| {
            scales.read(|alpha| {
                let unit = (1.0 - c.value) * powf(alpha, 2.0 - 2.0 * c.value);
                Reading::new(excess_at(c.value, alpha) / unit, 1e-13 / unit)
            })
        })
        .predicting(|_, _| 1.0)
}

fn large_scales(name: &str) -> Claim<SparseRegression> {
    // Four octaves of a fourth power reach from one to the rounding of the conic solver.
    Claim::new(name, "|b_α − X⁺y| ~ α⁻⁴", Exponent::default().over_octaves(4))
        .assuming([full_row_rank()])
        .on(regressions())
        .measuring_each(|problem| {
            let least = problem.least_norm();
            // A scale is large against the root of what it is to reach.
            let unit = 1.5 * least.amax().sqrt();
            let distance = |alpha: f64| (least_entropy_at(problem, alpha) - &least).norm();
            let scales = powers_of_two(0..=5).into_iter().map(|scale| unit * scale);
            scales.map(|alpha| (alpha, Reading::new(distance(alpha), 2e-13))).collect()
        })
        .predicting(|_, alpha| alpha.powi(-4))
}

fn sparse_at_one(name: &str) -> Claim<SparseRegression> {
    Claim::bound(name, "|β_∞|₁ ≤ 1.01 times the least l1 norm, α = 1")
        .assuming([full_row_rank(), equal_scales()])
        .on(regressions())
        .measuring([1.0], |problem, scales| {
            scales.read(|alpha| limit_of_the_flow(problem, alpha).lp_norm(1))
        })
        .predicting(|problem, _| 1.01 * least_sum(problem).lp_norm(1))
}

fn kernel_to_sparse(draw: &mut Draw) -> Content {
    let problem = SparseRegression::drawn(20, 40, 3, draw);
    let scales = geometric(1e-3, 1e2, 31);
    let curve = scales.iter().map(|&alpha| (alpha, least_entropy_at(&problem, alpha).lp_norm(1)));
    let ends = [scales[0], scales[scales.len() - 1]];
    let level = |value: f64| ends.map(|alpha| (alpha, value));
    let flows = [0.2, 0.3, 0.6, 1.0, 3.0, 10.0]
        .map(|alpha| (alpha, limit_of_the_flow(&problem, alpha).lp_norm(1)));
    Content::Points {
        groups: vec![Group::new("gradient flow", flows)],
        lines: vec![
            Line::predicted("least hyperbolic entropy", curve),
            Line::predicted("least l1 norm", level(least_sum(&problem).lp_norm(1))),
            Line::predicted("least Euclidean norm", level(problem.least_norm().lp_norm(1))),
        ],
    }
}
