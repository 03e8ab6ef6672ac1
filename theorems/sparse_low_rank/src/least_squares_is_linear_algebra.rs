#![doc = include_str!("least_squares_is_linear_algebra.md")]

use nalgebra::{DMatrix, DVector};
use theoria_algorithms::{ConjugateGradients, Trajectory};
use theoria_instances::families::{gaussian, gaussian_matrix, low_rank_matrix};
use theoria_models::elimination::solve;
use theoria_models::numerics::{Fraction, LongFloat};
use theoria_models::objectives::LeastSquares;
use theoria_models::oracle::TwiceDifferentiable;
use theoria_models::point::Scalar;
use theoria_models::{Matrix, Objective, Svd, Vector, data};
use theoria_verification::{
    Case, Check, Claim, Content, Draw, Effort, Family, Figure, Hypothesis, Line, Reading, Readings,
    Theorem,
};

use crate::support::samples::{Samples, diabetes, full_column_rank, gaussian_samples};

/// Condition numbers.
const CONDITIONS: [f64; 7] = [1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7];
/// Matrices that a median is taken of.
const MATRICES: usize = 15;
/// The first of the certified coefficients, and the certified sum of squares.
const FIRST: f64 = -1_467.489_614_229_8;
const CERTIFIED: f64 = 7.958_513_821_729_41e-4;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let squared = |at: f64| move |_: &Case<Residual>, c: f64| at * f64::EPSILON * c * c;
    let single = |at: f64| move |_: &Case<Residual>, c: f64| at * f64::EPSILON * c;
    let both = || residuals([Residual::None, Residual::Large]);
    Theorem::new(
        "sparse_low_rank/least_squares_is_linear_algebra",
        include_str!("least_squares_is_linear_algebra.md"),
    )
    .claim(orthogonal().on(diabetes()).on(gaussian_samples(30, 6)))
    .claim(conjugate("conjugate_gradients_end_at_the_rank", "∇f = 0 after as many steps as the rank", 0))
    .claim(
        digits(Claim::bound("normal_equations_at_most", "median error ≤ 0.25 ε κ²"), Solver::Normal)
            .on(both())
            .predicting(squared(0.25))
            .tight_to(0.1),
    )
    .claim(
        digits(Claim::lower_bound("normal_equations_at_least", "median error ≥ 0.005 ε κ²"), Solver::Normal)
            .on(both())
            .predicting(squared(0.005))
            .tight_to(0.03),
    )
    .claim(
        digits(Claim::bound("qr_at_most", "median error ≤ 0.3 ε κ"), Solver::Qr)
            .on(residuals([Residual::None]))
            .predicting(single(0.3))
            .tight_to(0.1),
    )
    .claim(
        digits(Claim::lower_bound("qr_at_least", "median error ≥ 0.003 ε κ"), Solver::Qr)
            .on(residuals([Residual::None]))
            .predicting(single(0.003))
            .tight_to(0.03),
    )
    .claim(
        digits(
            Claim::lower_bound("qr_with_a_residual", "median error ≥ 0.0001 ε κ² where |r| = |Xa|"),
            Solver::Qr,
        )
        .on(residuals([Residual::Large]))
        .predicting(squared(0.0001))
        .tight_to(0.03),
    )
    .claim(exact("certified_sum_of_squares", "Σ r² = 7.95851382172941e-4", |(_, sum)| *sum, CERTIFIED))
    .claim(exact("certified_coefficient", "first coefficient = −1467.48961422980", |(a, _)| a[0], FIRST))
    .claim(first_coefficient("qr_leaves_six_digits", "|a₁/a₁* − 1| ≤ 10⁻⁶ by orthogonal factors", Solver::Qr).tight_to(1e-2))
    .claim(truncated("without_the_smallest_value", "Σ r² = 1.07106e-3 without the smallest singular value", 1.071_06e-3))
    .control(conjugate("conjugate_gradients_end_before_the_rank", "∇f = 0 after one step less than the rank", 1))
    .control(
        digits(
            Claim::bound("normal_equations_lose_as_qr", "of the normal equations: median error ≤ 30 ε κ"),
            Solver::Normal,
        )
        .on(both())
        .predicting(single(30.0)),
    )
    .control(
        digits(
            Claim::bound("qr_whatever_the_residual", "of orthogonal factors, whatever the residual: median error ≤ 30 ε κ"),
            Solver::Qr,
        )
        .on(residuals([Residual::Large]))
        .predicting(single(30.0)),
    )
    .control(truncated(
        "truncation_changes_nothing",
        "Σ r² = 7.9585e-4 without the smallest singular value",
        CERTIFIED,
    ))
    .control(first_coefficient(
        "normal_equations_leave_six_digits",
        "|a₁/a₁* − 1| ≤ 10⁻⁶ by the normal equations",
        Solver::Normal,
    ))
    .figure(
        Figure::log_log("digits", "condition number κ", "median relative error")
            .of("normal_equations_at_most")
            .of("qr_at_most")
            .caption(
                "The normal equations lose twice the digits of the condition number; QR once, unless the residual is large.",
            ),
    )
    .figure(
        Figure::linear("degree_ten", "x", "y")
            .caption(
                "82 points with the certified polynomial of degree 10, and what is left of it without the smallest \
                 singular value.",
            )
            .showing(polynomials),
    )
}

/// What is left of y beside the range of X.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Residual {
    None,
    /// As large as X a.
    Large,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Solver {
    Normal,
    Qr,
}

impl Solver {
    /// None where the matrix is not positive definite as computed.
    fn solution(self, features: &Matrix, targets: &Vector) -> Option<Vector> {
        match self {
            Solver::Normal => {
                let factors = features.tr_mul(features).cholesky()?;
                Some(factors.solve(&features.tr_mul(targets)))
            }
            Solver::Qr => {
                let (basis, triangle) = features.clone().qr().unpack();
                triangle.solve_upper_triangular(&basis.tr_mul(targets))
            }
        }
    }
}

fn residuals<const N: usize>(kinds: [Residual; N]) -> Family<Case<Residual>> {
    Family::cases("60 samples of 8 features", kinds, |kind| match kind {
        Residual::None => "y in the range of X".into(),
        Residual::Large => "|r| = |Xa|".into(),
    })
}

/// Singular values from 1 to 1/κ, geometrically.
fn drawn(condition: f64, residual: Residual, draw: &mut Draw) -> (Matrix, Vector) {
    let left = gaussian_matrix(60, 8, draw).qr().q();
    let right = gaussian_matrix(8, 8, draw).qr().q();
    let values = Vector::from_fn(8, |i, _| condition.powf(-(i as f64) / 7.0));
    let features = &left * Matrix::from_diagonal(&values) * right.transpose();
    let mut targets = &features * gaussian(8, draw);
    if residual == Residual::Large {
        let other = gaussian(60, draw);
        let across = &other - &left * left.tr_mul(&other);
        targets += across.normalize() * targets.norm();
    }
    (features, targets)
}

/// The solution of the normal equations in numbers of this kind.
fn precise<S: Scalar>(features: &DMatrix<S>, targets: &DVector<S>) -> Option<DVector<S>> {
    let zero = || S::from(0.0);
    let product = |u: &mut dyn Iterator<Item = (S, S)>| u.fold(zero(), |sum, (a, b)| sum + a * b);
    let d = features.ncols();
    let column = |j: usize| features.column(j).iter().cloned().collect::<Vec<S>>();
    let columns: Vec<Vec<S>> = (0..d).map(column).collect();
    let pair = |a: &[S], b: &[S]| product(&mut a.iter().cloned().zip(b.iter().cloned()));
    let targets: Vec<S> = targets.iter().cloned().collect();
    let gram = DMatrix::from_fn(d, d, |i, j| pair(&columns[i], &columns[j]));
    let right = DVector::from_fn(d, |j, _| pair(&columns[j], &targets));
    solve(&gram, &right)
}

fn in_long_floats(features: &Matrix, targets: &Vector) -> Option<Vector> {
    let solution =
        precise(&features.map(LongFloat::<128>::from), &targets.map(LongFloat::<128>::from))?;
    Some(Vector::from_iterator(solution.len(), solution.iter().map(LongFloat::nearest)))
}

fn digits(claim: Claim<Case<Residual>>, solver: Solver) -> Claim<Case<Residual>> {
    let known = Hypothesis::by_construction(
        "known condition number",
        "singular values are 1 to 1/κ up to rounding",
    );
    claim.assuming([known]).measuring_by_drawing(move |kind: &Case<Residual>, draw| {
        Readings::over(CONDITIONS, |condition| {
            let mut errors: Vec<f64> = (0..MATRICES)
                .map(|_| {
                    let (features, targets) = drawn(condition, **kind, draw);
                    let own = solver.solution(&features, &targets);
                    let pair = own.zip(in_long_floats(&features, &targets));
                    pair.map_or(1.0, |(own, exact)| (own - &exact).norm() / exact.norm())
                })
                .collect();
            errors.sort_by(f64::total_cmp);
            Reading::new(errors[MATRICES / 2], 0.0)
        })
    })
}

fn orthogonal() -> Claim<Samples> {
    Claim::identity(
        "residual_is_orthogonal",
        "|Xᵀ(y − Xa)|/(|X||y|) = 0 for a by orthogonal factors",
        1e-11,
    )
    .assuming([full_column_rank()])
    .measuring_each(|at: &Samples| {
        let a = Solver::Qr.solution(&at.features, &at.targets);
        let off = a.map_or(f64::INFINITY, |a| {
            let slope = at.features.tr_mul(&(&at.targets - &at.features * a));
            slope.norm() / (at.features.norm() * at.targets.norm())
        });
        Readings::at(at.dimension(), Reading::new(off, 1e-14))
    })
    .predicting(|_, _| 0.0)
}

/// The gradient over that at the start, after the rank of steps less so many.
fn conjugate(name: &str, formula: &str, less: usize) -> Claim<Samples> {
    let known = Hypothesis::by_construction(
        "rank 4",
        "products of two Gaussian factors on a grid, without rounding",
    );
    let family = Family::drawn("rank 4, 20 samples of 9 features", |draw| {
        Samples::new("rank 4", low_rank_matrix(20, 4, 9, draw), gaussian(20, draw))
    });
    Claim::identity(name, formula, 1e-6)
        .assuming([known])
        .on(family)
        .measuring_each(move |at: &Samples| {
            let f = LeastSquares::new(at.features.clone(), at.targets.clone());
            let start = Vector::zeros(at.dimension());
            let Ok(oracle) = TwiceDifferentiable::new(&f, &start) else {
                panic!("least squares have a Hessian");
            };
            let run = Trajectory::of(ConjugateGradients::default(), &oracle, &start, 4 - less);
            let slope = f.gradient_at(run.last().point()).norm() / f.gradient_at(&start).norm();
            Readings::at(4 - less, Reading::new(slope, 1e-11))
        })
        .predicting(|_, _| 0.0)
}

/// The decimals of the table are fractions.
fn points() -> Family<Case<(Matrix, Vector)>> {
    Family::single("82 points, degree 10", || {
        let data = data::degree_ten();
        Case::new("82 points, powers up to 10, not centred", (data.features, data.targets))
    })
}

fn columns() -> Hypothesis<Case<(Matrix, Vector)>> {
    Hypothesis::new("independent columns", |at: &Case<(Matrix, Vector)>, _| {
        let distinct = at.0.column(1).into_iter().map(|x| (x * 1e9).round() as i64);
        let count = distinct.collect::<std::collections::BTreeSet<i64>>().len();
        Check::at_least(count as f64, 11.0, "distinct points, more than the degree")
    })
}

/// Coefficients and sum of squares, without rounding.
fn in_fractions(at: &(Matrix, Vector)) -> Option<(Vec<f64>, f64)> {
    let scale = 1_000_000_000i64;
    let decimal = |number: f64| Fraction::ratio((number * scale as f64).round() as i64, scale);
    let x: Vec<Fraction> = at.0.column(1).iter().map(|x| decimal(*x)).collect();
    let y = DVector::from_iterator(x.len(), at.1.iter().map(|y| decimal(*y)));
    let power = |x: &Fraction, j: usize| (0..j).fold(Fraction::from(1.0), |p, _| p * x.clone());
    let features = DMatrix::from_fn(x.len(), 11, |i, j| power(&x[i], j));
    let a = precise(&features, &y)?;
    let mut sum = Fraction::from(0.0);
    for i in 0..x.len() {
        let fitted =
            (0..11).fold(Fraction::from(0.0), |s, j| s + features[(i, j)].clone() * a[j].clone());
        let residual = y[i].clone() - fitted;
        sum += residual.clone() * residual;
    }
    Some((a.iter().map(Fraction::nearest).collect(), sum.nearest()))
}

fn exact(
    name: &str,
    formula: &str,
    seen: fn(&(Vec<f64>, f64)) -> f64,
    certified: f64,
) -> Claim<Case<(Matrix, Vector)>> {
    Claim::identity(name, formula, 1e-14)
        .assuming([columns()])
        .on(points())
        .measuring_each(move |at: &Case<(Matrix, Vector)>| {
            let solved = in_fractions(&at.value);
            let value = solved.as_ref().map_or(f64::INFINITY, seen);
            Readings::at(10usize, Reading::new(value, f64::EPSILON * value.abs()))
        })
        .predicting(move |_, _| certified)
}

fn first_coefficient(name: &str, formula: &str, solver: Solver) -> Claim<Case<(Matrix, Vector)>> {
    Claim::bound(name, formula)
        .assuming([columns()])
        .on(points())
        .measuring_each(move |at: &Case<(Matrix, Vector)>| {
            let own = solver.solution(&at.0, &at.1);
            let off = own.map_or(Reading::NEVER, |a| Reading::new((a[0] / FIRST - 1.0).abs(), 0.0));
            Readings::at(10usize, off)
        })
        .predicting(|_, _| 1e-6)
}

/// The solution among the combinations of all right singular vectors but the last.
fn without_the_last(at: &(Matrix, Vector)) -> Vector {
    let svd = Svd::of(&at.0);
    let least = svd.values()[10];
    svd.with_values(|s| if s > least { 1.0 / s } else { 0.0 }).tr_mul(&at.1)
}

fn truncated(name: &str, formula: &str, sum: f64) -> Claim<Case<(Matrix, Vector)>> {
    Claim::identity(name, formula, 1e-4)
        .assuming([columns()])
        .on(points())
        .measuring_each(|at: &Case<(Matrix, Vector)>| {
            let a = without_the_last(&at.value);
            let value = (&at.1 - &at.0 * a).norm_squared();
            Readings::at(10usize, Reading::new(value, 1e-5 * value))
        })
        .predicting(move |_, _| sum)
}

fn polynomials(_: &mut Draw, _: Effort) -> Content {
    let data = data::degree_ten();
    let at = (data.features, data.targets);
    let exact = in_fractions(&at).map_or(vec![], |(a, _)| a);
    let truncated = without_the_last(&at);
    let value = |a: &[f64], x: f64| a.iter().rev().fold(0.0, |sum, a| sum * x + a);
    let places: Vec<f64> = (0..=120).map(|i| -8.8 + 5.7 * f64::from(i) / 120.0).collect();
    let line = |a: &[f64]| places.iter().map(|&x| (x, value(a, x))).collect::<Vec<_>>();
    let seen = at.0.column(1).into_iter().copied().zip(at.1.iter().copied());
    Content::Points {
        groups: vec![theoria_verification::Group::new("certified data", seen)],
        lines: vec![
            Line::predicted("exact solution", line(&exact)),
            Line::measured("without the smallest value", line(truncated.as_slice())),
        ],
    }
}
