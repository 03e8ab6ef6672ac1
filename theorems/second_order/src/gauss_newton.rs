#![doc = include_str!("gauss_newton.md")]

use theoria_models::Vector;
use theoria_models::numerics::maximum;
use theoria_verification::{
    Case, Check, Claim, Content, Draw, Effort, Family, Figure, Group, Hypothesis, Line, Readings,
    Theorem,
};

use crate::support::least_squares::{
    Squares, critical, curvature_of_the_fit, elsewhere, errors_of_the_fit, fitted, fletcher,
    fletcher_iterates, full_rank, levels, minima, no_residual, saddles, squares, strict_minimum,
    without_slopes,
};
use crate::support::natural_gradient::{
    Outputs, TwoCoordinates, affine, affine_coordinates, bent_coordinates, coordinates, labelled,
    linear_outputs, linearly_labelled, noisy,
};

/// Errors of 1e-40 show the linear part, and 150 digits that it is exact.
const SEEN: f64 = 1e-12;
/// Steps from 0.05 after which a run has come to 0 or to its cycle: 0.95^1000 is 1e-22.
const PATIENCE: usize = 1000;
const START: f64 = 0.05;
/// The places of the cycle as the statement prints them.
const CYCLE: [f64; 2] = [0.0893, -0.1171];
/// Steps of a fit.
const FITTED: usize = 60;
/// A constant of some units is a logarithm beside that of 10⁻⁶⁰.
const ORDER: f64 = 0.05;
/// The rate of the fit for a residual of size 1, as printed.
const RATE: f64 = 0.7143;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let linear_part = linear("linear_part", squares());
    let otherwise = linear_part
        .restated("linear_part_is_another", "e₊ = (I − α(I + 1.02 Q)) e + O(|e|²)")
        .predicting(|it, _| it.told(1.02));
    let newton = linear_part
        .restated("linear_part_is_that_of_newton", "e₊ = (1 − α) e + O(|e|²)")
        .predicting(|it, _| it.told(0.0));
    let squared = squared("order_two").on(fitted());
    let smaller = squared
        .restated("order_two_with_less", "|e₊|/|e|² → 0.98 |(JᵀJ)⁻¹Jᵀ∇²r[u, u]|/2")
        .predicting(|it, _| 0.98 * it.bend());
    let example = example("example");
    let steeper = example
        .restated("example_is_steeper", "e₊ = 1.02 l e + O(e²)")
        .predicting(|l, _| 1.02 * **l);
    let cycle = cycle("cycle_of_the_example");
    let other_cycle = cycle
        .restated("another_cycle_of_the_example", "1.02 · 0.0893, 1.02 · −0.1171")
        .predicting(|_, k| 1.02 * CYCLE[(k as usize - 1) % 2]);
    let fit = fit("rate_of_a_fit");
    let faster = fit
        .restated("rate_of_a_fit_is_lower", "e_{n+1}/e_n → 0.98 · 0.7143 s")
        .predicting(|s, _| 0.98 * RATE * **s);
    let fisher = fisher("fisher_matrix");
    let less_fisher = fisher
        .restated("fisher_matrix_is_smaller", "E[∇ℓ∇ℓᵀ] = E[∇²ℓ] = 0.98 JᵀΛJ")
        .predicting(|it, _| 0.98 * it.told());
    let bent = bent("natural_steps_in_bent_coordinates");
    let less_bent = bent
        .restated("natural_steps_differ_less", "φ(u₊) − x₊ = 0.98 (h²/2) φ″[v, v]")
        .predicting_from(TwoCoordinates::bend, |bend, k| 0.98 * bend[k as usize]);
    let stretched = stretched("gradient_steps_in_affine_coordinates");
    let less_stretched = stretched
        .restated("gradient_steps_differ_less", "gradient descent: x₊ − φ(u₊) = 0.98 h (PPᵀ − I)∇f")
        .predicting_from(TwoCoordinates::stretch, |stretch, k| 0.98 * stretch[k as usize]);
    let short = |it: &Squares| it.step * (1.0 + it.ends()[1]) < 2.0;
    Theorem::new("second_order/gauss_newton", include_str!("gauss_newton.md"))
        .uses(
            "second_order/newton_quadratic",
            "order 2, which full steps keep where all residuals vanish",
        )
        .uses(
            "sparse_low_rank/least_squares_is_linear_algebra",
            "a step solves a linear least-squares problem",
        )
        .claim(linear_part)
        .claim(
            definite("minima", "H definite exactly if q > −1 for all q", -1.0)
                .on(levels("least q above −1", 0.3, 0.95))
                .on(levels("least q below −1", 1.05, 2.0)),
        )
        .claim(
            attracts("which_steps_are_attracted", "attracted exactly if α(1 + q_max) < 2", short)
                .on(minima("α(1 + q_max) below 2", 1.0, 1.9))
                .on(minima("α(1 + q_max) above 2", 2.1, 3.0))
                ,
        )
        .claim(squared)
        .claim(order("order_of_a_perfect_fit").on(fitted()))
        .claim(example)
        .claim(
            arrival("example_arrives", "from 0.05 to 0 exactly for l > −1", -1.0)
                .on(below())
                .on(values("l above −1", &[-0.95, 0.5, 0.9], "l")),
        )
        .claim(cycle)
        .claim(curvature("curvature_of_the_example", "f″(0) = 4.1", 4.1))
        .claim(fit)
        .claim(leaves("left_by_a_bad_fit", "comes nearer exactly for s < 1.4", 1.4).on(residuals(&[0.5, 1.33, 1.47])))
        .claim(fisher)
        .claim(regression("logistic_regression").on(linearly_labelled()))
        .claim(bent)
        .claim(
            unchanged("natural_steps_in_affine_coordinates", "φ(u₊) = x₊", true)
                .on(affine_coordinates()),
        )
        .claim(stretched)
        .control(otherwise)
        .control(newton)
        .control(linear("linear_part_elsewhere", elsewhere()).violating("∇f(x*) = 0"))
        .control(
            definite("minima_are_more", "H definite exactly if q > −1.05 for all q", -1.05)
                .on(levels("least q just below −1", 1.005, 1.045)),
        )
        .control(
            attracts("every_minimum_attracts", "attracted to every strict minimum", |_| true)
                .on(minima("α(1 + q_max) above 2", 2.1, 3.0)),
        )
        .control(
            attracts("saddles_attract", "attracted exactly if α(1 + q_max) < 2", short)
                .on(saddles())
                .violating("strict minimum"),
        )
        .control(smaller)
        .control(order("order_two_with_a_residual").on(squares()).violating("r(x*) = 0"))
        .control(
            order("order_without_full_rank").on(without_slopes()).violating("J(x*) has full rank"),
        )
        .control(steeper)
        .control(arrival("example_arrives_at_every_minimum", "from 0.05 to 0 for all l < 1", -9.0).on(below()))
        .control(other_cycle)
        .control(curvature("curvature_of_the_example_is_less", "f″(0) = 0.98 · 4.1", 0.98 * 4.1))
        .control(faster)
        .control(leaves("left_by_a_worse_fit", "comes nearer exactly for s < 1.5", 1.5).on(residuals(&[1.47])))
        .control(less_fisher)
        .control(empirical("empirical_fisher_matrix"))
        .control(
            regression("hessian_of_bent_outputs").on(labelled()).violating("linear outputs"),
        )
        .control(less_bent)
        .control(
            unchanged("natural_steps_in_any_coordinates", "φ(u₊) = x₊", true)
                .on(bent_coordinates())
                .violating("affine"),
        )
        .control(less_stretched)
        .control(unchanged("gradient_steps_in_coordinates", "gradient descent: φ(u₊) = x₊", false).on(affine_coordinates()))
        .figure(
            Figure::linear("example", "l", "where full steps end")
                .caption(
                    "r = (x + 1, l x² + x − 1) has a minimum at 0 for every l < 1. Full steps from 0.05 find it only for l > −1; below they end on a cycle that doubles again and again, into chaos.",
                )
                .showing(ends),
        )
        .figure(
            Figure::semilog("fit", "step n", "|e_n|")
                .caption(
                    "a e^{bt} fitted to three points that leave a residual of size s. Dashed: 0.7143ⁿ, the rate for s = 1. Without a residual digits double; beyond s = 1.4 the minimum is left.",
                )
                .showing(fits),
        )
}

fn linear(name: &str, family: Family<Squares>) -> Claim<Squares> {
    Claim::identity(name, "e₊ = (I − α(I + Q)) e + O(|e|²)", SEEN)
        .assuming([critical(), full_rank()])
        .on(family)
        .measuring_each(|it: &Squares| Readings::at(it.dimension(), it.stepped()))
        .predicting(|it, _| it.told(1.0))
}

fn definite(name: &str, formula: &str, threshold: f64) -> Claim<Squares> {
    Claim::identity(name, formula, SEEN)
        .assuming([critical(), full_rank()])
        .measuring_each(|it: &Squares| {
            let definite = it.least_curvature() > 0.0;
            Readings::at(it.dimension(), f64::from(u8::from(definite)))
        })
        .predicting(move |it, _| f64::from(u8::from(it.ends()[0] > threshold)))
}

fn attracts(name: &str, formula: &str, told: fn(&Squares) -> bool) -> Claim<Squares> {
    Claim::identity(name, formula, SEEN)
        .assuming([critical(), full_rank(), strict_minimum()])
        .measuring_each(|it: &Squares| Readings::at(it.dimension(), it.attracts()))
        .predicting(move |it, _| f64::from(u8::from(told(it))))
}

fn squared(name: &str) -> Claim<Squares> {
    Claim::identity(name, "|e₊|/|e|² → |(JᵀJ)⁻¹Jᵀ∇²r[u, u]|/2", SEEN)
        .assuming([critical(), full_rank(), no_residual()])
        .measuring_each(|it: &Squares| Readings::at(it.dimension(), it.squared()))
        .predicting(|it, _| it.bend())
}

fn order(name: &str) -> Claim<Squares> {
    Claim::identity(name, "log|e₊|/log|e| → 2", ORDER)
        .assuming([critical(), full_rank(), no_residual()])
        .measuring_each(|it: &Squares| Readings::at(it.dimension(), it.order()))
        .predicting(|_, _| 2.0)
}

fn values(name: &str, values: &[f64], letter: &'static str) -> Family<Case<f64>> {
    Family::cases(name, values.to_vec(), move |value| format!("{letter} = {value}"))
}

fn minimum() -> Hypothesis<Case<f64>> {
    Hypothesis::new("strict minimum", |l: &Case<f64>, _| {
        let curvature = curvature_at_zero(**l);
        Check::that(curvature > 0.0, format!("f″(0) = {curvature:.3}"))
    })
}

fn curvature_at_zero(l: f64) -> f64 {
    fletcher(l).hessian(&Vector::zeros(1))[0]
}

/// Over one step from 1e-9.
fn example(name: &str) -> Claim<Case<f64>> {
    Claim::identity(name, "e₊ = l e + O(e²)", 1e-6)
        .assuming([minimum()])
        .on(values("Fletcher's residuals", &[-2.0, -1.05, -0.95, 0.5, 0.9], "l"))
        .measuring_each(|l: &Case<f64>| Readings::at(1, fletcher_iterates(**l, 1e-9, 1)[1] / 1e-9))
        .predicting(|l, _| **l)
}

fn below() -> Family<Case<f64>> {
    values("l below −1", &[-2.0, -1.05], "l")
}

fn arrival(name: &str, formula: &str, least: f64) -> Claim<Case<f64>> {
    Claim::identity(name, formula, SEEN)
        .assuming([minimum()])
        .measuring_each(|l: &Case<f64>| {
            let last = fletcher_iterates(**l, START, PATIENCE)[PATIENCE].abs();
            Readings::at(
                1,
                if last < 1e-12 {
                    1.0
                } else if last > 1e-2 {
                    0.0
                } else {
                    f64::NAN
                },
            )
        })
        .predicting(move |l, _| f64::from(u8::from(**l > least)))
}

fn cycle(name: &str) -> Claim<Case<f64>> {
    Claim::identity(name, "0.0893, −0.1171, 0.0893, …", 1e-3)
        .assuming([minimum()])
        .on(values("Fletcher's residuals", &[-1.05], "l"))
        .measuring_each(|l: &Case<f64>| {
            let iterates = fletcher_iterates(**l, START, PATIENCE + 4);
            let last = &iterates[PATIENCE..];
            let high = last.iter().copied().fold(f64::NEG_INFINITY, maximum);
            let first = last.iter().position(|x| *x == high).unwrap_or(0) % 2;
            Readings::over(1..=4, |k| last[first + k - 1])
        })
        .predicting(|_, k| CYCLE[(k as usize - 1) % 2])
}

fn curvature(name: &str, formula: &str, told: f64) -> Claim<Case<f64>> {
    Claim::identity(name, formula, SEEN)
        .assuming([minimum()])
        .on(values("Fletcher's residuals", &[-1.05], "l"))
        .measuring_each(|l: &Case<f64>| Readings::at(1, curvature_at_zero(**l)))
        .predicting(move |_, _| told)
}

fn residuals(sizes: &[f64]) -> Family<Case<f64>> {
    values("a e^{bt} through three points", sizes, "s")
}

fn best_fit() -> Hypothesis<Case<f64>> {
    Hypothesis::new("strict minimum", |s: &Case<f64>, _| {
        let curvature = curvature_of_the_fit(**s);
        Check::that(curvature > 0.0, format!("least eigenvalue of H(x*): {curvature:.3}"))
    })
}

fn fit(name: &str) -> Claim<Case<f64>> {
    Claim::identity(name, "e_{n+1}/e_n → 0.7143 s", 1e-4)
        .assuming([best_fit()])
        .on(residuals(&[0.1, 0.5, 1.0]))
        .measuring_each(|s: &Case<f64>| {
            let errors = errors_of_the_fit(**s, FITTED);
            Readings::at(FITTED, errors[FITTED] / errors[FITTED - 1])
        })
        .predicting(|s, _| RATE * **s)
}

fn leaves(name: &str, formula: &str, most: f64) -> Claim<Case<f64>> {
    Claim::identity(name, formula, SEEN)
        .assuming([best_fit()])
        .measuring_each(|s: &Case<f64>| {
            let errors = errors_of_the_fit(**s, 2 * FITTED);
            let ratio = errors[2 * FITTED] / errors[0];
            Readings::at(
                1,
                if ratio < 0.1 {
                    1.0
                } else if ratio > 10.0 {
                    0.0
                } else {
                    f64::NAN
                },
            )
        })
        .predicting(move |s, _| f64::from(u8::from(**s < most)))
}

fn fisher(name: &str) -> Claim<Outputs> {
    Claim::identity(name, "E[∇ℓ∇ℓᵀ] = E[∇²ℓ] = JᵀΛJ, along a direction", SEEN)
        .assuming([Hypothesis::by_construction("the model's law", "means over what it may show")])
        .on(noisy())
        .on(labelled())
        .measuring_each(|it: &Outputs| {
            let means = it.means();
            Readings::over(1..=2, |k| means[k - 1])
        })
        .predicting(|it, _| it.told())
}

fn regression(name: &str) -> Claim<Outputs> {
    Claim::identity(name, "∇²ℓ = JᵀΛJ for any labels, along a direction", SEEN)
        .assuming([linear_outputs()])
        .measuring_each(|it: &Outputs| {
            let curvatures = it.curvatures();
            Readings::over(1..=curvatures.len(), |k| curvatures[k - 1])
        })
        .predicting(|it, _| it.told())
}

fn empirical(name: &str) -> Claim<Outputs> {
    Claim::identity(name, "Σ_i (p_i − y_i)² J_iᵀJ_i = JᵀΛJ, along a direction", SEEN)
        .on(labelled())
        .measuring_each(|it: &Outputs| Readings::at(1, it.empirical()))
        .predicting(|it, _| it.told())
}

/// Coordinate by coordinate, in its unit.
fn apart(it: &TwoCoordinates, natural: bool) -> Readings {
    it.apart(natural).into_iter().enumerate().collect()
}

fn bent(name: &str) -> Claim<TwoCoordinates> {
    Claim::identity(name, "φ(u₊) − x₊ = (h²/2) φ″[v, v]", SEEN)
        .assuming([coordinates()])
        .on(bent_coordinates())
        .measuring_each(|it: &TwoCoordinates| apart(it, true))
        .predicting_from(TwoCoordinates::bend, |bend, k| bend[k as usize])
}

fn unchanged(name: &str, formula: &str, natural: bool) -> Claim<TwoCoordinates> {
    Claim::identity(name, formula, SEEN)
        .assuming([coordinates(), affine()])
        .measuring_each(move |it: &TwoCoordinates| apart(it, natural))
        .predicting(|_, _| 0.0)
}

fn stretched(name: &str) -> Claim<TwoCoordinates> {
    Claim::identity(name, "gradient descent: x₊ − φ(u₊) = h (PPᵀ − I)∇f", SEEN)
        .assuming([coordinates(), affine()])
        .on(affine_coordinates())
        .measuring_each(|it: &TwoCoordinates| apart(it, false))
        .predicting_from(TwoCoordinates::stretch, |stretch, k| stretch[k as usize])
}

/// The last of many iterates for each l.
fn ends(_: &mut Draw, _: Effort) -> Content {
    let last = |i: usize| {
        let l = -3.0 + 3.95 * i as f64 / 400.0;
        let iterates = fletcher_iterates(l, START, 700);
        iterates[660..].iter().map(move |x| (l, *x)).collect::<Vec<_>>()
    };
    Content::Points {
        groups: vec![Group::new("iterates 660 to 700", (0..=400).flat_map(last))],
        lines: vec![Line::predicted("l = −1", [(-1.0, -1.2), (-1.0, 1.2)])],
    }
}

fn fits(_: &mut Draw, _: Effort) -> Content {
    let sizes = [0.0, 0.1, 0.5, 1.0, 1.3, 1.47];
    let mut lines: Vec<Line> = sizes
        .iter()
        .map(|s| {
            let errors = errors_of_the_fit(*s, 40).into_iter().enumerate();
            let points = errors.map(|(n, error)| (n as f64, error));
            Line::measured(&format!("s = {s}"), points.take_while(|(_, error)| *error > 1e-16))
        })
        .collect();
    let told = (0..=40).map(|n| (f64::from(n), 1e-3 * RATE.powi(n)));
    lines.push(Line::predicted("0.7143ⁿ", told));
    Content::Lines { lines }
}
