#![doc = include_str!("lasso_sparse_ridge_dense.md")]

use theoria_algorithms::{CoordinateDescent, Trajectory};
use theoria_instances::families::{gaussian, gaussian_matrix};
use theoria_models::numerics::maximum;
use theoria_models::objectives::{Change, Lasso};
use theoria_models::{Matrix, Vector};
use theoria_verification::{Check, Claim, Family, Figure, Hypothesis, Reading, Readings, Theorem};

use crate::support::path_pictures::{lasso_path, ridge_path};
use crate::support::penalised::{Penalised, independent_columns};
use crate::support::planted::{LESS_ERROR, MORE_ERROR, lasso_error_of, planted, ridge_error_of};
use crate::support::ridge_zeros::{never_zero, sign_changes, zeros_of_ridge};
use crate::support::samples::{Samples, diabetes, gaussian_samples, general_position, orthonormal};
use crate::support::weights_on_diabetes::{FIRST, along, below_the_threshold, on_the_path};

/// Where the path of the diabetes data bends, and the coefficients that change there, counted from 1; one that leaves is negative.
const KNOTS: [(f64, f64); 12] = [
    (1898.871, 3.0),
    (1778.628, 9.0),
    (905.7914, 4.0),
    (632.1468, 7.0),
    (260.2591, 2.0),
    (177.5686, 10.0),
    (137.9296, 5.0),
    (39.96233, 8.0),
    (10.95507, 6.0),
    (10.17647, 1.0),
    (4.364534, -7.0),
    (2.620883, 7.0),
];

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let followed = on_the_path(
        "coordinate_descent_is_on_the_path",
        "a_j by coordinate descent = a_j of the path",
    );
    let beside = followed
        .restated(
            "coordinate_descent_is_on_the_path_of_more",
            "a_j by coordinate descent = a_j of the path at 1.01 λ",
        )
        .on(below_the_threshold())
        .predicting_from(|at| at.coefficients(1.01), |a, j| a[j as usize - 1]);
    let soft = soft_threshold("soft_threshold", "a_j = sign(X_j·y) max{|X_j·y| − λ/2, 0}", 0.5);
    let unsquared = unsquared(
        "same_path_without_the_square",
        "at λ = 2q|Xa − y|: gap of |Xa − y| + q|a|₁ = 0",
        2.0,
    );
    let lasso_error = lasso_error_of("error_of_the_lasso").on(planted(5));
    let less_error = lasso_error
        .restated(
            "error_of_the_lasso_is_less",
            &format!("E min{{1, min over λ |a − a*|²}} ≤ {LESS_ERROR}"),
        )
        .predicting(|_, _| LESS_ERROR);
    let ridge_error = ridge_error_of().on(planted(5));
    let more_error = ridge_error
        .restated("error_of_ridge_is_more", &format!("E min over l |a − a*|² ≥ {MORE_ERROR}"))
        .predicting(|_, _| MORE_ERROR);
    Theorem::new(
        "sparse_low_rank/lasso_sparse_ridge_dense",
        include_str!("lasso_sparse_ridge_dense.md"),
    )
    .uses(
        "sparse_low_rank/lasso_duality_gap",
        "the conditions that a minimiser of the LASSO satisfies",
    )
    .uses(
        "sparse_low_rank/least_squares_is_linear_algebra",
        "on a fixed support, and with a ridge, the minimiser solves a linear system",
    )
    .claim(everywhere(threshold("zero_from_the_threshold_on", 1.0)))
    .claim(path_solves().on(diabetes()).on(gaussian_samples(12, 6)).on(gaussian_samples(20, 50)))
    .claim(followed.on(along()))
    .claim(knots())
    .claim(changes())
    .claim(
        unique("minimiser_is_unique").on(Family::drawn("Gaussian", |draw| {
            let (x, y) = (gaussian_matrix(20, 5, draw), gaussian(20, draw));
            Penalised::at_share("Gaussian", x, y, draw.uniform(0.05, 0.9))
        })),
    )
    .claim(
        nonzeros("at_most_min_n_d_nonzeros", "number of a_j ≠ 0 ≤ min{n, d}", lasso_solution)
            .attained_on(gaussian_samples(20, 50))
            .on(diabetes())
            .tight_to(0.99),
    )
    .claim(soft.on(orthonormal()))
    .claim(unsquared.on(diabetes()).on(gaussian_samples(12, 6)))
    .claim(two_formulas().on(diabetes()).on(gaussian_samples(12, 6)).on(gaussian_samples(10, 30)))
    .claim(zeros_of_ridge("zeros_of_ridge_coefficients", "number of zeros of a_j(l) ≤ d − 1", 1.0))
    .claim(sign_changes())
    .claim(lasso_error.tight_to(0.6))
    .claim(ridge_error.tight_to(0.85))
    .control(beside)
    .control(everywhere(threshold("zero_from_a_lower_threshold_on", 0.97)))
    .control(
        soft_threshold("soft_threshold_at_lambda", "a_j = sign(X_j·y) max{|X_j·y| − λ, 0}", 1.0)
            .on(orthonormal()),
    )
    .control(
        self::unsquared("same_path_at_half_the_weight", "at λ = q|Xa − y|: gap of |Xa − y| + q|a|₁ = 0", 1.0)
            .on(diabetes())
            .on(gaussian_samples(12, 6)),
    )
    .control(
        nonzeros(
            "elastic_net_has_at_most_n",
            "of F(a) + |a|²: number of a_j ≠ 0 ≤ min{n, d}",
            elastic_net,
        )
        .on(gaussian_samples(20, 50)),
    )
    .control(
        nonzeros("ridge_is_sparse", "of ridge, l = 1: number of a_j ≠ 0 ≤ min{n, d}", |at| at.ridge().at(1.0))
            .on(gaussian_samples(20, 50)),
    )
    .control(
        unique("unique_with_equal_columns")
            .on(Family::drawn("two equal columns", |draw| {
                let mut x = gaussian_matrix(20, 5, draw);
                // A column that is needed, twice.
                let twin = x.column(0).into_owned();
                x.set_column(1, &twin);
                let y = gaussian(20, draw) * 0.3 + &twin * 2.0;
                Penalised::at_share("Gaussian, two equal columns", x, y, draw.uniform(0.3, 0.9))
            }))
            .violating("independent columns"),
    )
    .control(
        zeros_of_ridge("ridge_has_fewer_zeros", "number of zeros of a_j(l) ≤ d − 2", 2.0),
    )
    .control(never_zero())
    .control(less_error)
    .control(more_error)
    .control(
        lasso_error_of("dense_truth").on(planted(200)).violating("few coefficients matter"),
    )
    .figure(
        Figure::linear("lasso_path", "|a|₁", "coefficient")
            .caption(
                "LASSO on the diabetes data: lines with knots, where a coefficient enters or leaves; all are zero from \
                 2|Xᵀy|_∞ on.",
            )
            .showing(lasso_path),
    )
    .figure(
        Figure::linear("lambda", "λ over its threshold 2|Xᵀy|_∞", "coefficient")
            .of("coordinate_descent_is_on_the_path")
            .along("λ over 2|Xᵀy|_∞", "weights along the slider", FIRST)
            .caption(
                "LASSO on the diabetes data: the coefficients that coordinate descent finds lie on the path, lines with \
                 knots, and from the threshold on all are zero.",
            ),
    )
    .figure(
        Figure::linear("ridge_path", "|a|₁", "coefficient")
            .caption(
                "Ridge on the same data: all coefficients shrink, none is zero but where it changes its sign, which \
                 happens six times.",
            )
            .showing(ridge_path),
    )
}

fn everywhere(claim: Claim<Samples>) -> Claim<Samples> {
    claim.on(diabetes()).on(gaussian_samples(12, 6)).on(gaussian_samples(20, 50))
}

fn count(a: &Vector) -> f64 {
    a.iter().filter(|number| **number != 0.0).count() as f64
}

/// Nonzeros at 1.0001 and 0.9999 times `share` of 2|Xᵀy|_∞, found by coordinate descent, which knows no threshold.
fn threshold(name: &str, share: f64) -> Claim<Samples> {
    let formula = format!(
        "number of a_j ≠ 0 is 0 for λ = 1.0001 · {share} · 2|Xᵀy|_∞, and 1 for λ = 0.9999 · {share} · 2|Xᵀy|_∞"
    );
    let leader = Hypothesis::new("one column leads", |at: &Samples, _| {
        let products = at.features.tr_mul(&at.targets).abs();
        let first = products.imax();
        let others = products.iter().enumerate().filter(|(j, _)| *j != first).map(|(_, p)| *p);
        Check::at_most(others.fold(0.0, maximum), 0.9995 * products[first], "next largest |X_j·y|")
    });
    Claim::identity(name, &formula, 1e-9)
        .assuming([leader])
        .measuring([0.9999, 1.0001], move |at: &Samples, shares| {
            let weight = share * at.threshold();
            shares.read(|factor| Reading::new(count(&at.lasso(factor * weight).solve().0), 0.0))
        })
        .predicting(|_, factor| if factor < 1.0 { 1.0 } else { 0.0 })
}

/// At the middle of each stretch between two knots, where a is the mean of both ends.
fn path_solves() -> Claim<Samples> {
    let formula = "between two knots, a linear in λ: relative duality gap = 0";
    Claim::identity("path_is_piecewise_linear", formula, 1e-10)
        .assuming([general_position()])
        .measuring_each(|at: &Samples| {
            let path = at.path();
            let ends: Vec<f64> = path.knots().iter().map(|knot| knot.weight).collect();
            let middles = ends.windows(2).map(|pair| f64::midpoint(pair[0], pair[1]));
            let size = at.targets.norm_squared();
            middles
                .map(|weight| {
                    let gap = at.lasso(weight).gap(&path.at(weight));
                    (weight, Reading::new(gap / size, 1e-14))
                })
                .collect()
        })
        .predicting(|_, _| 0.0)
}

fn knots() -> Claim<Samples> {
    Claim::identity("knots_on_diabetes", "λ at knot k: 1898.871, 1778.628, ..., 2.620883", 5e-7)
        .assuming([general_position()])
        .on(diabetes())
        .measuring_each(|at: &Samples| {
            let path = at.path();
            Readings::over(1..=path.knots().len(), |k| path.knots()[k - 1].weight)
        })
        .predicting(|_, k| KNOTS.get(k as usize - 1).map_or(0.0, |(weight, _)| *weight))
}

fn changes() -> Claim<Samples> {
    let formula =
        "coefficient that enters (+) or leaves (−) at knot k: 3, 9, 4, 7, 2, 10, 5, 8, 6, 1, −7, 7";
    Claim::identity("order_of_the_coefficients_on_diabetes", formula, 1e-9)
        .assuming([general_position()])
        .on(diabetes())
        .measuring_each(|at: &Samples| {
            let path = at.path();
            let signed = |change: Change| match change {
                Change::Enters(j) => j as f64 + 1.0,
                Change::Leaves(j) => -(j as f64 + 1.0),
            };
            Readings::over(1..=path.knots().len(), |k| signed(path.knots()[k - 1].change))
        })
        .predicting(|_, k| KNOTS.get(k as usize - 1).map_or(0.0, |(_, change)| *change))
}

/// A start that puts half of a coefficient where a twin of its column is leaves it there.
fn unique(name: &str) -> Claim<Penalised> {
    let formula =
        "of coordinate descent from 0 and from ±½|a|_∞ in one coordinate: |a − a'|/|a| = 0";
    Claim::identity(name, formula, 1e-6)
        .assuming([independent_columns()])
        .measuring_each(|p: &Penalised| {
            let d = p.solution.len();
            // Conditioning of the columns: below 100 for those that are drawn.
            Readings::over(1..=2 * d, |i| {
                let mut start = Vector::zeros(d);
                start[(i - 1) / 2] = if i % 2 == 0 { 0.5 } else { -0.5 } * p.solution.amax();
                let run =
                    Trajectory::keeping(CoordinateDescent, &p.lasso, &start, 500, |k| k == 500);
                let off = (run.last().point() - &p.solution).norm() / p.solution.norm();
                Reading::new(off, 1e-9)
            })
        })
        .predicting(|_, _| 0.0)
}

/// At the end of the path, below its last knot.
fn lasso_solution(at: &Samples) -> Vector {
    let path = at.path();
    let last = path.knots().last().map_or(0.0, |knot| knot.weight);
    path.at(0.5 * last)
}

/// |X a - y|² + |a|² is |X' a - y'|² with d more samples, rows of the identity with targets 0.
fn elastic_net(at: &Samples) -> Vector {
    let (n, d) = at.features.shape();
    let mut features = at.features.clone().resize_vertically(n + d, 0.0);
    features.rows_mut(n, d).fill_with_identity();
    let targets = at.targets.clone().resize_vertically(n + d, 0.0);
    Lasso::new(features, targets, 0.01 * at.threshold()).solve().0
}

fn nonzeros(name: &str, formula: &str, solution: fn(&Samples) -> Vector) -> Claim<Samples> {
    Claim::bound(name, formula)
        .assuming([general_position()])
        .measuring([1.0], move |at: &Samples, once| {
            once.read(|_| Reading::new(count(&solution(at)), 0.0))
        })
        .predicting(|at, _| at.features.nrows().min(at.dimension()) as f64)
}

fn soft_threshold(name: &str, formula: &str, share: f64) -> Claim<Samples> {
    let formula = format!("Xᵀ X = I: {formula}, largest deviation over |Xᵀy|_∞ = 0");
    let orthonormal = Hypothesis::new("orthonormal columns", |at: &Samples, _| {
        let gram = at.features.tr_mul(&at.features);
        let off = gram - Matrix::identity(at.dimension(), at.dimension());
        Check::at_most(off.amax(), 1e-13, "largest entry of XᵀX − I, rounding")
    });
    Claim::identity(name, &formula, 1e-10)
        .assuming([orthonormal])
        .measuring([0.1, 0.3, 0.6], move |at: &Samples, shares| {
            let products = at.features.tr_mul(&at.targets);
            shares.read(|part| {
                let weight = part * at.threshold();
                let own = at.lasso(weight).solve().0;
                let soft = products.map(|p| p.signum() * (p.abs() - share * weight).max(0.0));
                Reading::new((own - soft).amax() / products.amax(), 1e-13)
            })
        })
        .predicting(|_, _| 0.0)
}

/// The dual problem is to maximise u·y over |u| <= 1, |Xᵀu|_∞ <= q; u = r/|r|, shrunken where it must be.
fn unsquared(name: &str, formula: &str, factor: f64) -> Claim<Samples> {
    Claim::identity(name, &format!("{formula}, relative to its value"), 1e-9)
        .assuming([general_position()])
        .measuring([0.02, 0.1, 0.3, 0.6], move |at: &Samples, shares| {
            shares.read(|share| {
                let weight = share * at.threshold();
                let lasso = at.lasso(weight);
                let a = lasso.solve().0;
                let residual = lasso.residual(&a);
                let q = weight / (factor * residual.norm());
                let value = residual.norm() + q * a.lp_norm(1);
                let u = &residual / residual.norm();
                let u = &u * (q / at.features.tr_mul(&u).amax()).min(1.0);
                Reading::new((value - u.dot(&at.targets)) / value, 1e-11)
            })
        })
        .predicting(|_, _| 0.0)
}

/// Rounding of either is eps times the condition of the matrix that is solved with.
fn two_formulas() -> Claim<Samples> {
    let formula = "|(XᵀX + l)⁻¹Xᵀy − Xᵀ(XXᵀ + l)⁻¹y| / |a| = 0";
    Claim::identity("two_formulas_of_ridge", formula, 1e-8)
        .assuming([Hypothesis::by_construction("positive weight", "l is 10⁻³, 0.1 and 10")])
        .measuring([1e-3, 0.1, 10.0], |at: &Samples, weights| {
            let (n, d) = at.features.shape();
            let largest = at.features.singular_values().max().powi(2);
            weights.read(|weight| {
                let by_features =
                    at.features.tr_mul(&at.features) + Matrix::identity(d, d) * weight;
                let by_samples =
                    &at.features * at.features.transpose() + Matrix::identity(n, n) * weight;
                let right = at.features.tr_mul(&at.targets);
                let pair = by_features.cholesky().zip(by_samples.cholesky());
                let off = pair.map_or(f64::INFINITY, |(features, samples)| {
                    let own = features.solve(&right);
                    (&own - at.features.tr_mul(&samples.solve(&at.targets))).norm() / own.norm()
                });
                Reading::new(off, 16.0 * f64::EPSILON * (largest + weight) / weight)
            })
        })
        .predicting(|_, _| 0.0)
}
