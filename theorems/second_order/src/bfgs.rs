#![doc = include_str!("bfgs.md")]

use nalgebra::{DMatrix, DVector};
use theoria_algorithms::{ConstantStep, QuadraticStep, QuasiNewton, Update};
use theoria_models::numerics::LongFloat;
use theoria_verification::{
    Claim, Content, Draw, Effort, Family, Figure, Line, Reading, Readings, Theorem,
};

use crate::support::changed::from_identity;
use crate::support::quadratic_forms::{
    Length, Linear, System, always_updated, exact_line_search, quadratics, run, solvable, systems,
    takes_all_steps, worked_quadratics, worked_systems,
};
use crate::support::updates::{
    EXACT, definite, determinant, inverse, nearest, pairs, product_form, ratio, secant, sum,
    worked_pairs,
};
use crate::support::waves::{Rule, Run, runs, strong_wolfe};

/// Dimensions of quadratics in fractions.
const MOST: usize = 5;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let either = || pairs("pairs with y·s of either sign", &[-1, 1]).with_draws(12);
    let upwards = || pairs("pairs with y·s > 0", &[1]);
    let determinant = determinant("determinant").on(either());
    let larger = determinant
        .restated("determinant_is_larger", "det H₊/det H = 1.02 (s·B s)/(y·s)")
        .predicting(|pair, _| 1.02 * ratio(pair));
    let definite = definite("definite_exactly_if_y_s_is_positive");
    let always = definite
        .restated("always_definite", "H₊ is positive definite")
        .on(pairs("pairs with y·s < 0", &[-1]))
        .predicting(|_, _| 1.0);
    Theorem::new("second_order/bfgs", include_str!("bfgs.md"))
        .uses("second_order/woodbury", "the inverse and the determinant of a change of low rank")
        .uses(
            "convergence/conjugate_gradient",
            "with exact line search the iterates are those of conjugate gradients",
        )
        .claim(secant("secant_equation", "H₊ y = s, for each of four updates", (1, 1)).on(either()))
        .claim(
            product_form("product_of_three", "H₊ = (I − s yᵀ/(y·s)) H (I − y sᵀ/(y·s)) + s sᵀ/(y·s)", (1, 1))
                .on(either()),
        )
        .claim(
            inverse("inverse_of_the_update", "H₊ (B − B s sᵀB/(s·B s) + y yᵀ/(y·s)) = I", (1, 1))
                .on(either()),
        )
        .claim(determinant)
        .claim(definite.on(either()))
        .claim(nearest("nearest_matrix", "⟨H′ − H₊, H₊ − H⟩ = 0 for BFGS", Update::Bfgs).on(upwards()))
        .claim(
            krylov("iterates_of_bfgs", "x_n is least on x₀ + n vectors, for BFGS", Update::Bfgs)
                .on(quadratics(MOST, Length::Exact)),
        )
        .claim(
            krylov("iterates_of_dfp", "x_n is least on x₀ + n vectors, for DFP", Update::Dfp)
                .on(quadratics(MOST, Length::Exact)),
        )
        .claim(
            learned("matrix_is_learned", "H_d A = I, BFGS, exact line search", Update::Bfgs)
                .assuming([exact_line_search(Update::Bfgs)])
                .on(quadratics(MOST, Length::Exact)),
        )
        .claim(
            learned("matrix_is_learned_by_dfp", "H_d A = I, DFP, exact line search", Update::Dfp)
                .assuming([exact_line_search(Update::Dfp)])
                .on(quadratics(MOST, Length::Exact)),
        )
        .claim(
            learned("rank_one_learns", "H_d A = I, rank one, unit steps", Update::SymmetricRankOne)
                .assuming([always_updated(Update::SymmetricRankOne, |d| d)])
                .on(quadratics(MOST, Length::Unit)),
        )
        .claim(
            ends("ends_after_d_steps", "x_d = A⁻¹b, BFGS, exact line search", Update::Bfgs, |d| d)
                .on(quadratics(MOST, Length::Exact)),
        )
        .claim(
            ends(
                "rank_one_ends",
                "x_{d+1} = A⁻¹b, rank one, unit steps",
                Update::SymmetricRankOne,
                |d| d + 1,
            )
            .assuming([always_updated(Update::SymmetricRankOne, |d| d)])
            .on(quadratics(MOST, Length::Unit)),
        )
        .claim(
            ends("broyden_ends", "x_{2d} = A⁻¹b, Broyden, unit steps", Update::Broyden, |d| 2 * d)
                .assuming([always_updated(Update::Broyden, |d| 2 * d)])
                .on(systems()),
        )
        .claim(goes_on("bfgs_goes_on", "x_n ≠ A⁻¹b for n ≤ d + 1, BFGS, unit steps"))
        .claim(
            share("slope_that_is_left", "y·s ≥ (1 − c₂)|g·s|", 1.0)
                .attained_on(parabolas())
                .on(runs("runs with Wolfe's search", wolfe).hunted(300))
                .tight_to(0.99),
        )
        .claim(
            Claim::identity("stays_definite", "H has no eigenvalue ≤ 0", EXACT)
                .assuming([strong_wolfe()])
                .on(runs("runs with Wolfe's search", wolfe).with_draws(24))
                .measuring_each(lost)
                .predicting(|_, _| 0.0),
        )
        .control(secant("another_secant_equation", "H₊ y = 1.02 s", (51, 50)).on(either()))
        .control(
            product_form(
                "another_product_of_three",
                "H₊ = (I − s yᵀ/(y·s)) H (I − y sᵀ/(y·s)) + 1.02 s sᵀ/(y·s)",
                (51, 50),
            )
            .on(either()),
        )
        .control(
            inverse("another_inverse", "H₊ (B − 1.02 B s sᵀB/(s·B s) + y yᵀ/(y·s)) = I", (51, 50))
                .on(either()),
        )
        .control(larger)
        .control(always)
        .control(nearest("dfp_is_the_nearest", "⟨H′ − H₊, H₊ − H⟩ = 0 for DFP", Update::Dfp).on(worked_pairs()))
        .control(
            krylov(
                "iterates_of_bfgs_with_unit_steps",
                "x_n is least on x₀ + n vectors, for BFGS",
                Update::Bfgs,
            )
            .on(worked_quadratics(Length::Unit))
            .violating("exact line search"),
        )
        .control(
            learned("matrix_is_learned_by_unit_steps", "H_d A = I, BFGS, unit steps", Update::Bfgs)
                .on(worked_quadratics(Length::Unit)),
        )
        .control(
            ends("ends_a_step_earlier", "x_{d−1} = A⁻¹b, BFGS, exact line search", Update::Bfgs, |d| {
                d - 1
            })
            .on(worked_quadratics(Length::Exact)),
        )
        .control(
            ends(
                "rank_one_ends_a_step_earlier",
                "x_d = A⁻¹b, rank one, unit steps",
                Update::SymmetricRankOne,
                |d| d,
            )
            .on(worked_quadratics(Length::Unit)),
        )
        .control(
            ends(
                "broyden_ends_a_step_earlier",
                "x_{2d−1} = A⁻¹b, Broyden, unit steps",
                Update::Broyden,
                |d| 2 * d - 1,
            )
            .on(worked_systems()),
        )
        .control(
            ends("bfgs_ends_with_unit_steps", "x_{d+1} = A⁻¹b, BFGS, unit steps", Update::Bfgs, |d| {
                d + 1
            })
            .on(worked_quadratics(Length::Unit)),
        )
        .control(share("slope_that_is_left_is_larger", "y·s ≥ 1.02 (1 − c₂)|g·s|", 1.02).on(parabolas()))
        .control(
            share("slope_that_is_left_by_armijo", "y·s ≥ (1 − c₂)|g·s|", 1.0)
                .on(runs("runs with Armijo's search", armijo).hunted(300))
                .violating("strong Wolfe"),
        )
        .control(
            Claim::bound("stays_definite_with_armijo_alone", "H has no eigenvalue ≤ 0 after Armijo's steps")
                .on(runs("runs with Armijo's search", armijo).hunted(300))
                .measuring_each(lost)
                .predicting(|_, _| 0.0),
        )
        .figure(
            Figure::semilog("ends", "step n", "f(x_n) − f*, over that of the start")
                .caption(
                    "A quadratic in eight dimensions, in three hundred digits. With exact line search BFGS is at the minimiser after the eighth step, where \
                     nothing is left to be drawn; with unit steps the rank-one update is there after the ninth, Broyden's method after the sixteenth. BFGS goes on.",
                )
                .showing(descents),
        )
}

/// The iterates against minimisers on spaces of growing dimension.
fn krylov(name: &str, formula: &str, update: Update) -> Claim<System> {
    Claim::identity(name, formula, EXACT)
        .assuming([takes_all_steps(), exact_line_search(update)])
        .measuring_each(move |it: &System| {
            let ran = it.run(update, it.dimension());
            Readings::over(1..=it.dimension(), |n| {
                it.least(n)
                    .map_or(f64::NAN, |least| sum((&ran.iterates[n] - least).iter().cloned()))
            })
        })
        .predicting(|_, _| 0.0)
}

fn learned(name: &str, formula: &str, update: Update) -> Claim<System> {
    Claim::identity(name, formula, EXACT)
        .assuming([takes_all_steps()])
        .measuring_each(move |it: &System| {
            let ran = it.run(update, it.dimension());
            Readings::at(it.dimension(), from_identity(&(ran.inverse * &it.oracle.matrix)))
        })
        .predicting(|_, _| 0.0)
}

/// How far the iterate after so many steps is from the solution.
fn missing(it: &System, update: Update, steps: usize) -> f64 {
    let last = it.run(update, steps).iterates.pop();
    let missing = last.zip(it.solution()).map(|(last, solution)| last - solution);
    missing.map_or(f64::NAN, |missing| sum(missing.iter().cloned()))
}

fn ends(name: &str, formula: &str, update: Update, steps: fn(usize) -> usize) -> Claim<System> {
    Claim::identity(name, formula, EXACT)
        .assuming([takes_all_steps(), solvable()])
        .measuring_each(move |it: &System| {
            let steps = steps(it.dimension());
            Readings::at(steps, missing(it, update, steps))
        })
        .predicting(|_, _| 0.0)
}

fn goes_on(name: &str, formula: &str) -> Claim<System> {
    Claim::identity(name, formula, EXACT)
        .assuming([takes_all_steps(), solvable()])
        .on(worked_quadratics(Length::Unit))
        .measuring_each(|it: &System| {
            Readings::over(1..=it.dimension() + 1, |n| {
                f64::from(u8::from(missing(it, Update::Bfgs, n) > 0.0))
            })
        })
        .predicting(|_, _| 1.0)
}

fn wolfe(curvature: f64) -> Rule {
    Rule::Wolfe(1e-4, curvature)
}

fn armijo(_: f64) -> Rule {
    Rule::Armijo
}

/// One step leaves exactly c₂ of the slope.
fn parabolas() -> Family<Run> {
    Family::listed("parabolas", [0.25, 0.5, 0.875], |curvature| Run::on_a_parabola(*curvature))
}

fn share(name: &str, formula: &str, times: f64) -> Claim<Run> {
    Claim::lower_bound(name, formula)
        .assuming([strong_wolfe()])
        .measuring_each(|run: &Run| {
            let steps = run.steps().into_iter().enumerate();
            steps.map(|(n, made)| (n + 1, Reading::new(made.share, made.rounding))).collect()
        })
        .predicting(move |run, _| times * run.least_share())
}

/// After how many steps H was not positive definite.
fn lost(run: &Run) -> Readings {
    let steps = run.steps();
    let lost = steps.iter().filter(|made| made.eigenvalue <= 0.0 || made.eigenvalue.is_nan());
    Readings::at(steps.len(), lost.count() as f64)
}

type Long = LongFloat<1024>;

fn descents(_: &mut Draw, _: Effort) -> Content {
    let size = 8;
    let matrix =
        DMatrix::from_fn(size, size, |i, j| Long::from(if i == j { 1.0 + i as f64 } else { 0.0 }));
    let oracle = Linear { matrix, right: DVector::from_element(size, Long::from(0.0)) };
    let start = DVector::from_element(size, Long::from(1.0));
    let inverse = || DMatrix::<Long>::identity(size, size) * Long::from(0.0625);
    let gap = |x: &DVector<Long>| {
        let terms = x
            .iter()
            .enumerate()
            .map(|(i, entry)| Long::from(1.0 + i as f64) * entry.clone() * entry.clone());
        terms.sum::<Long>().nearest() / 36.0
    };
    let line = |label: &str, iterates: Vec<DVector<Long>>| {
        let points = iterates.iter().enumerate().map(|(n, x)| (n as f64, gap(x)));
        Line::measured(label, points.filter(|(_, gap)| *gap > 1e-100))
    };
    let unit = |update: Update| {
        let method = QuasiNewton::new(update, inverse(), ConstantStep::unit());
        run(&oracle, method, &start, 2 * size + 4).iterates
    };
    let exact = QuasiNewton::new(Update::Bfgs, inverse(), QuadraticStep::default());
    let lines = vec![
        line("BFGS, exact line search", run(&oracle, exact, &start, size + 1).iterates),
        line("rank one, unit steps", unit(Update::SymmetricRankOne)),
        line("Broyden, unit steps", unit(Update::Broyden)),
        line("BFGS, unit steps", unit(Update::Bfgs)),
    ];
    Content::Lines { lines }
}
