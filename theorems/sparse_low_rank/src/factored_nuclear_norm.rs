#![doc = include_str!("factored_nuclear_norm.md")]

use theoria_instances::families::gaussian_matrix;
use theoria_models::{Matrix, Objective, Svd, Vector};
use theoria_verification::{
    Axis, Case, Check, Claim, Content, Curve, Draw, Effort, Family, Figure, Generator, Group,
    Hypothesis, Line, Reading, Readings, Scale, Theorem, TrialClaim,
};

use crate::support::factored::{
    Factored, digits, not_zero, one_entry, partly_seen, seen_whole, spare_column, stationary,
};
use crate::support::tiles::tiles;

/// Sweeps along which gaps are looked at.
const FOLLOWED: usize = 12;
/// Of alternating least squares on digits in trials.
const FEW: usize = 10;
/// Columns of U there, the weight, and next to none.
const COLUMNS: usize = 8;
const WEIGHT: f64 = 1.25;
const LITTLE: f64 = 1.0 / 1600.0;
/// Where the errors of trials are cut, so that their mean can be proved.
const CUT: (f64, f64) = (0.3, 0.6);
/// The mean error on hidden pixels with the ridge, and the least without, or by column means.
const FILLED: f64 = 0.463;
const WITHOUT: f64 = 0.55;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let filled = filled(
        "error_on_hidden_pixels",
        "E of |Z − M|/|M| on hidden pixels, cut at 0.3 and 0.6, = 0.463",
    );
    let other_filled = filled
        .restated(
            "error_on_hidden_pixels_is_less",
            "E of |Z − M|/|M| on hidden pixels, cut at 0.3 and 0.6, = 0.44",
        )
        .predicting(|_, _| 0.95 * FILLED);
    let means = means("error_of_means", "E min{1, |Z − M|/|M|} ≥ 0.55, Z column means");
    let other_means = means
        .restated("error_of_means_is_more", "E min{1, |Z − M|/|M|} ≥ 0.65, Z column means")
        .predicting(|_, _| 0.65);
    let without = without("error_without_a_ridge", "E min{1, |Z − M|/|M|} ≥ 0.55, λ = 1/1600");
    let no_difference = without
        .restated("error_without_a_ridge_is_more", "E min{1, |Z − M|/|M|} ≥ 0.66, λ = 1/1600")
        .predicting(|_, _| 0.66);
    Theorem::new(
        "sparse_low_rank/factored_nuclear_norm",
        include_str!("factored_nuclear_norm.md"),
    )
    .uses(
        "sparse_low_rank/alternating_least_squares",
        "its ends are the stationary points that are certified",
    )
    .uses(
        "sparse_low_rank/lasso_duality_gap",
        "a residual that is shrunk is feasible for the dual problem",
    )
    .claim(
        product("norm_of_a_product", "|UV|_* ≤ (|U|² + |V|²)/2", 1.0)
            .attained_on(balanced())
            .on(factors().hunted(400))
            .tight_to(0.999),
    )
    .claim(balance("factors_are_balanced").on(few()).on(digits(4)))
    .claim(values("values_agree").on(few()).on(digits(4)))
    .claim(
        gap("gap_is_a_certificate", "F(Z) − min F ≤ F(Z) − D(S)", 1.0)
            .attained_on(one_entry())
            .on(seen_whole().hunted(200))
            .tight_to(0.999),
    )
    .claim(curvature("curvature_of_a_new_column", "(curvature + |R|₂)/λ = 1", 1.0))
    .claim(certificate("end_is_certified").on(many()).on(digits(20)))
    .claim(filled)
    .claim(means.tight_to(0.9))
    .claim(without.tight_to(0.9))
    .control(
        product("norm_of_a_product_is_less", "|UV|_* ≤ 0.98 (|U|² + |V|²)/2", 0.98)
            .on(balanced())
            .on(factors().hunted(400)),
    )
    .control(balance("balanced_after_a_sweep").on(stopped()).violating("stationary"))
    .control(values("values_agree_out_of_balance").on(tilted()).violating("stationary"))
    .control(
        gap("gap_is_less", "F(Z) − min F ≤ 0.98 (F(Z) − D(S))", 0.98)
            .on(one_entry())
            .on(seen_whole().hunted(200)),
    )
    .control(infeasible().on(one_entry()).on(seen_whole().hunted(200)))
    .control(curvature("curvature_of_a_larger_residual", "(curvature + 1.02 |R|₂)/λ = 1", 1.02))
    .control(
        certificate("certified_with_few_columns")
            .on(digits(4))
            .violating("a column to spare"),
    )
    .control(other_filled)
    .control(other_means)
    .control(no_difference)
    .figure(
        Figure::semilog("columns", "columns of U", "|R|₂/λ")
            .caption(
                "50 digits, 30% of the pixels hidden, two weights (pixels up to 1): what the ends of alternating least squares miss. From the \
                 rank on that the weight gives, |R|₂ is λ, which proves that no matrix is better; further columns stay empty.",
            )
            .showing(columns),
    )
    .figure(
        Figure::linear("pixels", "", "")
            .caption(
                "Rows from the top: digits, what is seen of them, column means, eight columns with next to no ridge, and with λ = 1.25.",
            )
            .showing(pixels),
    )
}

type Pair = Case<(Matrix, Matrix)>;

fn balanced() -> Family<Pair> {
    Family::listed("balanced", [1.0, 0.2], |&second: &f64| {
        let root = Matrix::from_diagonal(&Vector::from_vec(vec![1.0, second.sqrt()]));
        Case::new(format!("singular values 1, {second}"), (root.clone(), root))
    })
}

fn factors() -> Family<Pair> {
    Family::drawn("factors in numbers", |draw| {
        let (n, k, m) = (draw.size(1..=3), draw.size(1..=2), draw.size(1..=3));
        let (first, second) = (gaussian_matrix(n, k, draw), gaussian_matrix(k, m, draw));
        let told = |matrix: &Matrix| format!("{:.4?}", matrix.as_slice());
        let name = format!("{n} x {k} and {k} x {m}: {}, {}", told(&first), told(&second));
        Case::new(name, (first, second))
    })
}

fn product(name: &str, formula: &str, times: f64) -> Claim<Pair> {
    Claim::bound(name, formula)
        .assuming([Hypothesis::by_construction("factors", "any two that can be multiplied")])
        .measuring_each(|at: &Pair| {
            let (first, second) = &at.value;
            let norm = Svd::of(&(first * second)).values().sum();
            Readings::at(first.ncols(), Reading::new(norm, 1e-14 * first.norm() * second.norm()))
        })
        .predicting(move |at, _| {
            times * (at.value.0.norm_squared() + at.value.1.norm_squared()) / 2.0
        })
}

fn few() -> Family<Factored> {
    partly_seen("partly seen", 1..=4)
}

fn many() -> Family<Factored> {
    partly_seen("partly seen, as many columns as rows", 6..=6)
}

fn stopped() -> Family<Factored> {
    few().map(|at| at.stopping_after(1))
}

/// A value sees only the square of what is missing from balance, which a single sweep may leave beyond all digits.
fn tilted() -> Family<Factored> {
    few().map(|at| at.out_of_balance(1.1))
}

fn positive() -> Hypothesis<Factored> {
    Hypothesis::new("λ > 0", |at: &Factored, _| Check::at_least(at.weight, 1e-4, "λ"))
}

fn balance(name: &str) -> Claim<Factored> {
    Claim::identity(name, "|UᵀU − VVᵀ|/(|U||V|) = 0", 1e-8)
        .assuming([positive(), stationary(), not_zero()])
        .measuring_each(|at: &Factored| {
            let (first, second) = at.loss().factors(at.end());
            let off = first.tr_mul(&first) - &second * second.transpose();
            Readings::at(
                at.width(),
                Reading::new(off.norm() / (first.norm() * second.norm()), 1e-10),
            )
        })
        .predicting(|_, _| 0.0)
}

fn values(name: &str) -> Claim<Factored> {
    Claim::identity(name, "(f_k − F(UV))/f_k = 0", 1e-8)
        .assuming([positive(), stationary(), not_zero()])
        .measuring_each(|at: &Factored| {
            let (loss, end) = (at.loss(), at.end());
            let value = loss.value(end);
            let off = (value - at.penalised(&loss.matrix(end))) / value;
            Readings::at(at.width(), Reading::new(off, 1e-10))
        })
        .predicting(|_, _| 0.0)
}

fn gap(name: &str, formula: &str, times: f64) -> Claim<Factored> {
    gaps(name, formula, move |at, z| times * (at.penalised(z) - at.dual(z)))
}

fn infeasible() -> Claim<Factored> {
    gaps("gap_of_the_residual_itself", "F(Z) − min F ≤ F(Z) − D(R)", |at, z| {
        at.penalised(z) - at.dual_value(&at.residual(z))
    })
}

/// Along the sweeps.
fn gaps(
    name: &str,
    formula: &str,
    most: impl Fn(&Factored, &Matrix) -> f64 + Send + Sync + 'static,
) -> Claim<Factored> {
    let whole = Hypothesis::new("min F is known", |at: &Factored, _| {
        let hidden = at.hidden();
        Check::at_most(hidden as f64, 0.0, "hidden entries, 0")
    });
    Claim::bound(name, formula).assuming([positive(), whole]).experiment(move |at: &Factored| {
        let loss = at.loss();
        let points: Vec<Matrix> =
            (0..=FOLLOWED).map(|sweeps| loss.matrix(&at.after(sweeps))).collect();
        let minimum = at.minimum();
        Curve::over(
            1..=FOLLOWED,
            |n| Reading::new(at.penalised(&points[n]) - minimum, at.rounding()),
            |n| most(at, &points[n]).max(0.0),
        )
    })
}

/// |R|₂ at the end.
fn residual(at: &Factored) -> f64 {
    Svd::of(&at.residual(&at.loss().matrix(at.end()))).values()[0]
}

/// By products with the Hessian, along first singular vectors in a column that is empty.
fn curvature(name: &str, formula: &str, times: f64) -> Claim<Factored> {
    Claim::identity(name, formula, 1e-8)
        .assuming([positive(), stationary()])
        .on(partly_seen("partly seen, few columns", 1..=2))
        .on(digits(4))
        .measuring_each(move |at: &Factored| {
            let (wider, point) = at.with_spare_column(at.end());
            let svd = Svd::of(&at.residual(&wider.matrix(&point)));
            let (mut first, mut second) = wider.factors(&Vector::zeros(point.len()));
            first.set_column(at.width(), &(svd.left().column(0) / 2f64.sqrt()));
            second.set_row(at.width(), &(svd.right().column(0).transpose() / 2f64.sqrt()));
            let along = wider.flatten(&first, &second);
            let product = wider.hessian_vector(&point, &along);
            let curvature = product.map_or(f64::NAN, |product| product.dot(&along));
            let sum = curvature + times * svd.values()[0];
            Readings::at(at.width(), Reading::new(sum / at.weight, 1e-11))
        })
        .predicting(|_, _| 1.0)
}

fn certificate(name: &str) -> Claim<Factored> {
    Claim::identity(name, "|R|₂/λ = 1", 1e-6)
        .assuming([positive(), stationary(), not_zero(), spare_column()])
        .measuring_each(|at: &Factored| Readings::at(at.width(), residual(at) / at.weight))
        .predicting(|_, _| 1.0)
}

type Settings = Case<f64>;

fn weights(weight: f64) -> Family<Settings> {
    Family::cases("50 digits", [weight], |weight| format!("50 digits, λ = {weight}"))
}

fn independent() -> Hypothesis<Settings> {
    Hypothesis::by_construction("hidden at random", "sets of pixels are independent")
}

/// The error on hidden pixels after a few sweeps.
fn error(weight: f64, generator: &mut Generator) -> f64 {
    let at = Factored::digits(50, COLUMNS, weight, generator);
    at.error_on_hidden(&at.loss().matrix(&at.after(FEW)))
}

fn filled(name: &str, formula: &str) -> TrialClaim<Settings> {
    Claim::expected_value(name, formula, 0.02)
        .assuming([independent()])
        .on(weights(WEIGHT))
        .trials(512)
        .ranging(|_, _| CUT)
        .sampling(|weight, block| {
            block.each_value(COLUMNS, |random| error(**weight, random).clamp(CUT.0, CUT.1))
        })
        .predicting(|_, _| FILLED)
}

fn means(name: &str, formula: &str) -> TrialClaim<Settings> {
    at_least(name, formula, WEIGHT, |weight, random| {
        let at = Factored::digits(50, 1, weight, random);
        at.error_on_hidden(&at.means())
    })
}

fn without(name: &str, formula: &str) -> TrialClaim<Settings> {
    at_least(name, formula, LITTLE, error)
}

fn at_least(
    name: &str,
    formula: &str,
    weight: f64,
    error: fn(f64, &mut Generator) -> f64,
) -> TrialClaim<Settings> {
    Claim::expected_lower_bound(name, formula)
        .assuming([independent()])
        .on(weights(weight))
        .trials(512)
        .bounded_by(|_, _| 1.0)
        .sampling(move |weight, block| {
            block.each_value(COLUMNS, |random| error(**weight, random).min(1.0))
        })
        .predicting(|_, _| WITHOUT)
}

fn columns(draw: &mut Draw, _: Effort) -> Content {
    let mut groups = Vec::new();
    let whole = Factored::digits(50, 22, WEIGHT, draw.generator());
    for weight in [2.0 * WEIGHT, WEIGHT] {
        let ends = (1..=22).step_by(3).map(|width| {
            let at = whole.clone().narrowed(width, weight).stopping_after(100);
            (width as f64, residual(&at) / weight)
        });
        groups.push(Group::new(&format!("λ = {weight}"), ends));
    }
    let certified = Line::predicted("certified", [(1.0, 1.0), (22.0, 1.0)]);
    Content::Points { groups, lines: vec![certified] }
}

fn pixels(draw: &mut Draw, _: Effort) -> Content {
    let at = Factored::digits(50, COLUMNS, WEIGHT, draw.generator());
    let little = at.clone().narrowed(COLUMNS, LITTLE);
    let found = |at: &Factored| at.loss().matrix(&at.after(FEW));
    let images = at.matrix().clone();
    let seen =
        Matrix::from_fn(50, 64, |i, j| if at.is_seen(i, j) { images[(i, j)] } else { f64::NAN });
    let rows = [images, seen, at.means(), found(&little), found(&at)].map(|matrix| {
        let shown = |i: usize| matrix.row(i).iter().map(|x| x.clamp(0.0, 1.0)).collect();
        (10..18).map(shown).collect::<Vec<Vec<f64>>>()
    });
    tiles(&rows, Axis::new("brightness", Scale::Linear), None)
}
