#![doc = include_str!("least_squares_is_linear_algebra.md")]

use theoria_algorithms::{ConjugateGradients, GradientDescent, Newton, Trajectory};
use theoria_instances::families::{gaussian, low_rank_matrix};
use theoria_models::objectives::LeastSquares;
use theoria_models::oracle::TwiceDifferentiable;
use theoria_models::{Objective, Svd, Vector};
use theoria_verification::{
    Case, Claim, Content, Draw, Effort, Family, Figure, Hypothesis, Line, Reading, Readings,
    Theorem,
};

use crate::support::degree_ten::{
    CERTIFIED, FIRST, exact, first_coefficient, lost, polynomials, truncated,
};
use crate::support::frozen::{networks, outer_layer};
use crate::support::rounded_gram::{
    any_e, around_the_end, beyond_the_end, by_reflections, changed, halfway, moves,
    rank_of_the_rounded, rounded_equations,
};
use crate::support::samples::{Samples, diabetes, full_column_rank, gaussian_samples};
use crate::support::solvers::{Residual, Solver, median_error, power};

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let rounded = "of the rounded equations, solved exactly: |a/a* − 1| ≤ ε κ²/4";
    Theorem::new(
        "sparse_low_rank/least_squares_is_linear_algebra",
        include_str!("least_squares_is_linear_algebra.md"),
    )
    .uses(
        "implicit_bias/minimum_norm",
        "gradient descent ends at the solution nearest to its start",
    )
    .uses(
        "convergence/conjugate_gradient",
        "conjugate gradients end after as many steps as there are eigenvalues",
    )
    .claim(orthogonal().on(diabetes()).on(gaussian_samples(30, 6)))
    .claim(conjugate("conjugate_gradients_end_at_the_rank", "∇f = 0 after as many steps as the rank", 0))
    .claim(newton().on(diabetes()).on(gaussian_samples(30, 6)))
    .claim(nearest("descent_ends_at_the_nearest", "|a − a_0 − X⁺(y − X a_0)|/|a| = 0 after 10⁴ steps of 1/L", 1.0))
    .claim(outer_layer("descent_on_the_outer_layer").on(networks("networks, inner weights frozen", false)))
    .claim(
        rounded_equations("rounded_equations", rounded, 1.0)
            .attained_on(halfway())
            .on(any_e().hunted(300))
            .tight_to(0.99),
    )
    .claim(rank_of_the_rounded("rank_of_the_rounded", "rank of XᵀX as computed = 1 if e² ≤ ε/2, else 2", 0.5).on(around_the_end()))
    .claim(by_reflections().on(around_the_end()).on(halfway()).tight_to(0.1))
    .claim(moves("one_entry_changed", "a_2 moves by τ κ² (ρ − τ)/(1 + τ² κ²)", 2).on(changed()))
    .claim(powers("power_of_normal_equations", "slope of log(median error) against log κ = 2", Solver::Normal, 2.0).on(kinds([Residual::None, Residual::Large])))
    .claim(powers("power_of_qr", "of orthogonal factors, r = 0: slope = 1", Solver::Qr, 1.0).on(kinds([Residual::None])))
    .claim(powers("power_of_qr_with_a_residual", "of orthogonal factors, |r| = |Xa|: slope = 2", Solver::Qr, 2.0).on(kinds([Residual::Large])))
    .claim(exact("certified_sum_of_squares", "Σ r² = 7.95851382172941e-4", |(_, sum)| *sum, CERTIFIED))
    .claim(exact("certified_coefficient", "first coefficient = −1467.48961422980", |(a, _)| a[0], FIRST))
    .claim(first_coefficient(Claim::bound("qr_leaves_six_digits", "|a₁/a₁* − 1| ≤ 10⁻⁶ by orthogonal factors"), Solver::Qr, 1e-6).tight_to(1e-2))
    .claim(lost("normal_equations_leave_no_digit", "share of row orders with no answer or |a₁/a₁* − 1| ≥ 1/2 by the normal equations ≥ 0.95", 0.5, 0.95).tight_to(0.9))
    .claim(truncated("without_the_smallest_value", "Σ r² = 1.07106e-3 without the smallest singular value", 1.071_06e-3))
    .control(conjugate("conjugate_gradients_end_before_the_rank", "∇f = 0 after one step less than the rank", 1))
    .control(nearest("descent_ends_at_the_shortest", "|a − X⁺y|/|a| = 0 after 10⁴ steps of 1/L", 0.0))
    .control(outer_layer("descent_on_both_layers").on(networks("networks, inner weights learn", true)).violating("frozen features"))
    .control(
        rounded_equations("rounded_equations_lose_less", "of the rounded equations, solved exactly: |a/a* − 1| ≤ 0.97 ε κ²/4", 0.97)
            .on(halfway())
            .on(any_e().hunted(600)),
    )
    .control(rank_of_the_rounded("rank_is_never_lost", "rank of XᵀX as computed = 2", 0.0).on(beyond_the_end()))
    .control(moves("one_entry_changed_to_first_order", "a_2 moves by τ κ (ρ − τ)/(1 + τ² κ)", 1).on(changed()))
    .control(powers("normal_equations_lose_as_qr", "of the normal equations: slope = 1", Solver::Normal, 1.0).on(kinds([Residual::None, Residual::Large])))
    .control(powers("qr_whatever_the_residual", "of orthogonal factors, whatever the residual: slope = 1", Solver::Qr, 1.0).on(kinds([Residual::Large])))
    .control(first_coefficient(Claim::bound("normal_equations_leave_six_digits", "|a₁/a₁* − 1| ≤ 10⁻⁶ by the normal equations"), Solver::Normal, 1e-6))
    .control(lost("normal_equations_always_fail", "share of row orders with no answer by the normal equations ≥ 0.99", f64::INFINITY, 0.99))
    .control(truncated(
        "truncation_changes_nothing",
        "Σ r² = 7.9585e-4 without the smallest singular value",
        CERTIFIED,
    ))
    .figure(
        Figure::log_log("digits", "condition number κ", "median relative error")
            .caption(
                "60 samples of 8 features: the normal equations lose twice the digits of the condition number, with a residual or without; QR once, \
                 unless the residual is large.",
            )
            .showing(digits),
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

fn kinds<const N: usize>(kinds: [Residual; N]) -> Family<Case<Residual>> {
    Family::cases("60 samples of 8 features", kinds, |kind| match kind {
        Residual::None => "y in the range of X".into(),
        Residual::Large => "|r| = |Xa|".into(),
    })
}

/// A line through five medians of 90 matrices each, which are off by a seventh, has a slope that errs by 0.02.
fn powers(name: &str, formula: &str, solver: Solver, told: f64) -> Claim<Case<Residual>> {
    let known = Hypothesis::by_construction(
        "known condition number",
        "singular values are 1 to 1/κ up to rounding",
    );
    Claim::identity(name, formula, 0.15 / told)
        .assuming([known])
        .measuring_by_drawing(move |kind: &Case<Residual>, draw| {
            Readings::at(solver.conditions()[4], power(solver, **kind, draw))
        })
        .predicting(move |_, _| told)
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

/// One step from a start that is drawn.
fn newton() -> Claim<Samples> {
    Claim::identity(
        "newton_needs_one_step",
        "after one step of Newton's method: |a − a*|/|a*| = 0",
        1e-9,
    )
    .assuming([full_column_rank()])
    .measuring_by_drawing(|at: &Samples, draw| {
        let f = LeastSquares::new(at.features.clone(), at.targets.clone());
        let solution = Solver::Qr.solution(&at.features, &at.targets);
        let size = solution.as_ref().map_or(1.0, Vector::norm);
        let start = gaussian(at.dimension(), draw) * size;
        let Ok(oracle) = TwiceDifferentiable::new(&f, &start) else {
            panic!("least squares have a Hessian");
        };
        let run = Trajectory::of(Newton::default(), &oracle, &start, 1);
        let off = solution.map_or(f64::NAN, |a| (run.last().point() - a).norm() / size);
        // ε times the condition number of XᵀX.
        let values = at.features.singular_values();
        let floor = 64.0 * f64::EPSILON * (values.max() / values.min()).powi(2);
        Readings::at(1usize, Reading::new(off, floor))
    })
    .predicting(|_, _| 0.0)
}

/// Rank 4: the solutions are many, and `share` says how much of the start the one that is claimed keeps.
fn nearest(name: &str, formula: &str, share: f64) -> Claim<Samples> {
    let known = Hypothesis::new("rank 4, conditioned", |at: &Samples, _| {
        let values = Svd::of(&at.features).values().clone();
        theoria_verification::Check::at_least(
            values[3] / values[0],
            0.08,
            "fourth singular value over the first",
        )
    });
    let family = Family::drawn("rank 4, 20 samples of 9 features, conditioned", |draw| {
        loop {
            let features = low_rank_matrix(20, 4, 9, draw);
            let values = Svd::of(&features).values().clone();
            if values[3] > 0.08 * values[0] {
                return Samples::new("rank 4", features, gaussian(20, draw));
            }
        }
    });
    Claim::identity(name, formula, 1e-8)
        .assuming([known])
        .on(family)
        .measuring_by_drawing(move |at: &Samples, draw| {
            let start = gaussian(at.dimension(), draw);
            let f = LeastSquares::new(at.features.clone(), at.targets.clone());
            let svd = Svd::of(&at.features);
            // f is the mean of the halved squares.
            let smoothness = svd.values()[0].powi(2) / at.features.nrows() as f64;
            let method = GradientDescent::new(1.0 / smoothness);
            let run = Trajectory::keeping(method, &f, &start, 10_000, |k| k == 10_000);
            let least = 1e-9 * svd.values()[0];
            let inverse = svd.with_values(|s| if s > least { 1.0 / s } else { 0.0 });
            let kept = &start * share;
            let told = &kept + inverse.tr_mul(&(&at.targets - &at.features * &kept));
            let off = (run.last().point() - told).norm() / run.last().point().norm();
            Readings::at(10_000usize, Reading::new(off, 1e-11))
        })
        .predicting(|_, _| 0.0)
}

fn digits(draw: &mut Draw, _: Effort) -> Content {
    let places = [1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7];
    let line = |label: &str, solver, residual, draw: &mut Draw| {
        Line::measured(label, places.map(|c| (c, median_error(solver, c, residual, draw))))
    };
    let power = |label: &str, power: i32| {
        let at = |c: f64| (c, 0.1 * f64::EPSILON * c.powi(power));
        Line::predicted(label, [at(places[0]), at(places[6])])
    };
    Content::Lines {
        lines: vec![
            line("normal equations", Solver::Normal, Residual::None, draw),
            line("normal equations, |r| = |Xa|", Solver::Normal, Residual::Large, draw),
            line("QR", Solver::Qr, Residual::None, draw),
            line("QR, |r| = |Xa|", Solver::Qr, Residual::Large, draw),
            power("ε κ²/10", 2),
            power("ε κ/10", 1),
        ],
    }
}
