#![doc = include_str!("penalised_equals_constrained.md")]

use theoria_instances::families::gaussian;
use theoria_models::{Matrix, Vector};
use theoria_verification::{
    Check, Claim, Content, Draw, Effort, Family, Figure, Group, Hypothesis, Line, Reading,
    Readings, Theorem,
};

use crate::support::l1_constraint::{L1Constrained, Rule};
use crate::support::l1_pair::{L1Pair, STARTS, STEPS, counterexample};
use crate::support::l1_pictures::{ball, level_set, pair, ridge_curve};
use crate::support::penalised::{Penalised, diabetes_at};
use crate::support::ridge_path::logarithmic;

/// Shares of the threshold on the diabetes data, with what the radial rule finds there: l, distance from the LASSO over its
/// norm, by how much f is larger, and the nonzeros of the LASSO.
const FOUND: [(f64, f64, f64, f64, f64); 3] = [
    (0.5, 4.928, 0.713, 0.091, 2.0),
    (0.1, 0.7643, 0.399, 0.049, 5.0),
    (0.02, 0.14765, 0.217, 0.0065, 8.0),
];

/// Relative: distances are conditioned by 470.
const REACHED: f64 = 1e-9;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let multiplier = multiplier();
    let larger = multiplier
        .restated("multiplier_is_larger", "λ = 1.02 |2Xᵀr|_∞ at the constrained solution")
        .predicting(|p, _| p.penalised.lasso.weight() / 1.02);
    let ridge = radial_limit("radial_limit_is_ridge", "|a − (XᵀX + l)⁻¹Xᵀy|/|a| = 0, l = μ/2", 1.0);
    let other_ridge = radial_limit(
        "radial_limit_is_ridge_of_less_weight",
        "|a − (XᵀX + l)⁻¹Xᵀy|/|a| = 0, l = 0.98 μ/2",
        0.98,
    );
    Theorem::new(
        "sparse_low_rank/penalised_equals_constrained",
        include_str!("penalised_equals_constrained.md"),
    )
    .uses(
        "sparse_low_rank/lasso_sparse_ridge_dense",
        "the conditions of a LASSO solution, and the ridge solutions",
    )
    .uses("convergence/projected_gradient", "minimisers are the fixed points of projected steps")
    .claim(everywhere(limit("same_solution", "|a − a_λ|/|a_λ| = 0 for projected gradient descent", Rule::Projection)))
    .claim(multiplier)
    .claim(inactive())
    .claim(norm_of_least_squares())
    .claim(everywhere(ridge))
    .claim(
        falls(
            "norm_of_ridge_falls_on_diabetes",
            "on the diabetes data: number of l, of 1000, at which |(XᵀX + l)⁻¹Xᵀy|₁ does not fall = 0",
        )
        .on(diabetes_alone()),
    )
    .claim(table("weights_of_ridge_on_diabetes", "l = 4.928, 0.7643, 0.14765", 3e-4, |p, a| p.multiplier(a) / 2.0, |row| row.1))
    .claim(table("distances_on_diabetes", "|a − a_λ|/|a_λ| = 0.713, 0.399, 0.217", 2e-3, L1Pair::off, |row| row.2))
    .claim(table("values_on_diabetes", "f(a)/f(a_λ) − 1 = 9.1%, 4.9%, 0.65%", 1e-2, L1Pair::excess, |row| row.3))
    .claim(table("nonzeros_on_diabetes", "nonzeros of a_λ: 2, 5, 8, where the radial rule has 10", 1e-9, L1Pair::nonzeros, |row| row.4 + 10.0))
    .claim(two_ridge_points())
    .claim(ends_at_the_second())
    .claim(stays())
    .control(larger)
    .control(everywhere(limit("radial_rule_finds_the_lasso", "|a − a_λ|/|a_λ| = 0 for the radial rule", Rule::Radial)))
    .control(
        limit("same_solution_with_equal_columns", "|a − a_λ|/|a_λ| = 0 for projected gradient descent", Rule::Projection)
            .on(Family::single("two equal columns", equal_columns))
            .violating("independent columns"),
    )
    .control(finds_least_squares())
    .control(everywhere(other_ridge))
    .control(equal_euclidean_norm())
    .control(
        falls(
            "norm_of_ridge_always_falls",
            "for any X: number of l, of 1000, at which |(XᵀX + l)⁻¹Xᵀy|₁ does not fall = 0",
        )
        .on(Family::single("the counterexample", || counterexample([0.0, 0.0]))),
    )
    .figure(
        Figure::linear("two_limits", "first coefficient", "second coefficient")
            .caption(
                "Level sets of f, the l1 ball, and the curve of ridge solutions from least squares to 0. The true projection \
                 ends at a vertex, the solution of the LASSO; the radial rule where the curve meets the ball.",
            )
            .showing(two_limits),
    )
    .figure(
        Figure::linear("two_ridge_solutions", "first coefficient", "second coefficient")
            .caption(
                "The counterexample: the curve of ridge solutions leaves the ball and comes back. Least squares lies inside, \
                 but from three starts the radial rule ends at the second crossing.",
            )
            .showing(two_ridge_solutions),
    )
}

fn on_diabetes() -> Family<L1Pair> {
    Family::listed("diabetes", FOUND, |&(share, ..)| L1Pair::new(diabetes_at(share), 1.0))
}

fn diabetes_alone() -> Family<L1Constrained> {
    Family::single("diabetes", || L1Pair::new(diabetes_at(0.1), 1.0).constrained)
}

fn half_steps() -> Family<L1Pair> {
    Family::drawn("diabetes, half steps from random points", |draw| {
        let mut pair = L1Pair::new(diabetes_at(draw.uniform(0.1, 0.5)), 0.5);
        pair.constrained.start = gaussian(10, draw) * 200.0;
        pair
    })
    .with_draws(3)
}

fn well_conditioned() -> Family<L1Pair> {
    Family::drawn("Gaussian, 30 samples of 5 features", |draw| {
        let features = theoria_instances::families::gaussian_matrix(30, 5, draw);
        let targets = gaussian(30, draw) + features.column_sum();
        L1Pair::new(Penalised::at_share("Gaussian", features, targets, draw.uniform(0.1, 0.8)), 1.0)
    })
}

/// The first column twice: whatever the two coefficients share, their sum is the same.
fn equal_columns() -> L1Pair {
    let features = Matrix::from_row_slice(3, 3, &[1.0, 1.0, 0.0, 1.0, 1.0, 1.0, 0.0, 0.0, 2.0]);
    let targets = Vector::from_vec(vec![3.0, 1.0, 2.0]);
    L1Pair::new(Penalised::at_share("two equal columns", features, targets, 0.2), 1.0)
}

fn everywhere(claim: Claim<L1Pair>) -> Claim<L1Pair> {
    claim.on(on_diabetes()).on(half_steps()).on(well_conditioned())
}

fn independent() -> Hypothesis<L1Pair> {
    Hypothesis::new("independent columns", |p: &L1Pair, _| {
        let values = p.constrained.gram.symmetric_eigenvalues();
        Check::at_least(
            values.min() / values.max(),
            1e-4,
            "smallest over largest eigenvalue of XᵀX",
        )
    })
}

fn limit(name: &str, formula: &str, rule: Rule) -> Claim<L1Pair> {
    Claim::identity(name, formula, REACHED)
        .assuming([independent()])
        .measuring_each(move |p: &L1Pair| {
            Readings::at(STEPS, Reading::new(p.off(&p.limit(rule)), 1e-11))
        })
        .predicting(|_, _| 0.0)
}

fn multiplier() -> Claim<L1Pair> {
    everywhere(
        Claim::identity("multiplier", "λ = |2Xᵀr|_∞ at the constrained solution", 1e-8)
            .assuming([independent()])
            .measuring_each(|p: &L1Pair| {
                let slope = p.constrained.slope(&p.limit(Rule::Projection)).amax();
                Readings::at(STEPS, Reading::new(slope, 1e-10 * p.constrained.products.amax()))
            })
            .predicting(|p, _| p.penalised.lasso.weight()),
    )
}

/// With 1, 1.1 and 2 times the norm of least squares.
fn inactive() -> Claim<L1Pair> {
    Claim::identity(
        "inactive_for_large_balls",
        "|a − a₀|/|a₀| = 0 for t = |a₀|₁, 1.1 |a₀|₁, 2 |a₀|₁",
        1e-8,
    )
    .assuming([independent()])
    .on(on_diabetes())
    .on(well_conditioned())
    .measuring([1.0, 1.1, 2.0], |p: &L1Pair, shares| {
        let solution = p.constrained.least_squares();
        shares.read(|share| {
            let radius = share * solution.lp_norm(1);
            let wider = L1Constrained { radius, ..p.constrained.clone() };
            let off = (wider.limit(STEPS) - &solution).norm() / solution.norm();
            Reading::new(off, 1e-10)
        })
    })
    .predicting(|_, _| 0.0)
}

fn norm_of_least_squares() -> Claim<L1Pair> {
    Claim::identity("norm_of_least_squares_on_diabetes", "|a₀|₁ = 3459.978", 1e-6)
        .assuming([independent()])
        .on(on_diabetes())
        .measuring([1.0], |p: &L1Pair, once| {
            once.read(|_| Reading::new(p.constrained.least_squares().lp_norm(1), 1e-7))
        })
        .predicting(|_, _| 3459.978)
}

fn radial_limit(name: &str, formula: &str, share: f64) -> Claim<L1Pair> {
    Claim::identity(name, formula, 1e-8)
        .assuming([independent()])
        .measuring_each(move |p: &L1Pair| {
            let a = p.limit(Rule::Radial);
            let ridge = p.constrained.ridge().at(share * p.multiplier(&a) / 2.0);
            Readings::at(STEPS, Reading::new((&a - &ridge).norm() / a.norm(), 1e-10))
        })
        .predicting(|_, _| 0.0)
}

fn falls(name: &str, formula: &str) -> Claim<L1Constrained> {
    let independent = Hypothesis::new("independent columns", |p: &L1Constrained, _| {
        let values = p.gram.symmetric_eigenvalues();
        Check::at_least(
            values.min() / values.max(),
            1e-4,
            "smallest over largest eigenvalue of XᵀX",
        )
    });
    Claim::identity(name, formula, 1e-9)
        .assuming([independent])
        .measuring_each(|p: &L1Constrained| {
            let ridge = p.ridge();
            let rising = |l: &f64| ridge.slope_of_the_norm(*l) >= 0.0;
            let weights = logarithmic(1e-6, 1e4, 1000);
            Readings::at(1000usize, weights.into_iter().filter(rising).count() as f64)
        })
        .predicting(|_, _| 0.0)
}

fn table(
    name: &str,
    formula: &str,
    tolerance: f64,
    seen: fn(&L1Pair, &Vector) -> f64,
    told: fn(&(f64, f64, f64, f64, f64)) -> f64,
) -> Claim<L1Pair> {
    Claim::identity(name, formula, tolerance)
        .assuming([independent()])
        .on(on_diabetes())
        .measuring_each(move |p: &L1Pair| {
            let share = p.penalised.lasso.weight() / p.penalised.lasso.threshold();
            Readings::at(share, seen(p, &p.limit(Rule::Radial)))
        })
        .predicting(move |_, share| {
            FOUND.iter().find(|row| (row.0 - share).abs() < 1e-9).map_or(0.0, told)
        })
}

/// The ridge solution with the Euclidean norm of the LASSO's.
fn equal_euclidean_norm() -> Claim<L1Pair> {
    let formula = "|a − (XᵀX + l)⁻¹Xᵀy|/|a| = 0 with the l at which |(XᵀX + l)⁻¹Xᵀy| = |a_λ|";
    Claim::identity("ridge_of_equal_euclidean_norm", formula, 1e-3)
        .assuming([independent()])
        .on(on_diabetes())
        .measuring_each(|p: &L1Pair| {
            let ridge = p.constrained.ridge();
            let norm = p.penalised.solution.norm();
            let above = |l: f64| ridge.at(l).norm() - norm;
            let other = ridge.at(crate::support::ridge_path::root(above, 1e-9, 1e9));
            let a = p.limit(Rule::Radial);
            Readings::at(STEPS, (&a - other).norm() / a.norm())
        })
        .predicting(|_, _| 0.0)
}

fn from_elsewhere() -> Family<L1Constrained> {
    Family::listed("the counterexample", STARTS, |&start| counterexample(start))
}

fn feasible() -> Hypothesis<L1Constrained> {
    Hypothesis::new("least squares is feasible", |p: &L1Constrained, _| {
        Check::at_most(p.least_squares().lp_norm(1), p.radius, "|a₀|₁, t")
    })
}

fn two_ridge_points() -> Claim<L1Constrained> {
    Claim::identity(
        "two_ridge_solutions_of_one_norm",
        "l with |(G + l)⁻¹Xᵀy|₁ = 1.12: 0.03715, 0.48071",
        1e-4,
    )
    .assuming([feasible()])
    .on(Family::single("the counterexample", || counterexample([0.0, 0.0])))
    .measuring_each(|p: &L1Constrained| {
        let found = p.ridge().of_norm(p.radius, 1e-6, 1e3);
        // There are two, no more and no less.
        let two = found.len() == 2;
        Readings::over(1..=2usize, |i| if two { found[i - 1] } else { f64::NAN })
    })
    .predicting(|_, i| if i < 2.0 { 0.03715 } else { 0.48071 })
}

fn ends_at_the_second() -> Claim<L1Constrained> {
    Claim::identity("radial_rule_ends_at_the_second", "a = (0.85040, 0.26960)", 2e-5)
        .assuming([feasible()])
        .on(from_elsewhere())
        .measuring([1usize, 2], |p: &L1Constrained, coordinates| {
            let limit = p.limit(STEPS);
            coordinates.read(|i| limit[i - 1])
        })
        .predicting(|_, i| if i < 2.0 { 0.85040 } else { 0.26960 })
}

fn at_least_squares(name: &str, formula: &str) -> Claim<L1Constrained> {
    Claim::identity(name, formula, 1e-9)
        .assuming([feasible()])
        .measuring_each(|p: &L1Constrained| {
            let off = (p.limit(STEPS) - p.least_squares()).norm();
            Readings::at(STEPS, Reading::new(off, 1e-12))
        })
        .predicting(|_, _| 0.0)
}

fn stays() -> Claim<L1Constrained> {
    at_least_squares(
        "radial_rule_stays_at_least_squares",
        "of the radial rule from a₀: |a − a₀| = 0",
    )
    .on(Family::single("from least squares", || counterexample([1.0, 0.1])))
}

fn finds_least_squares() -> Claim<L1Constrained> {
    at_least_squares(
        "radial_rule_finds_a_feasible_solution",
        "of the radial rule from any start: |a − a₀| = 0",
    )
    .on(from_elsewhere())
}

/// In the plane: XᵀX = [[2, 0.6], [0.6, 1]], least squares at (1.6, 1), t = 1.
fn example(rule: Rule) -> L1Constrained {
    let gram = Matrix::from_row_slice(2, 2, &[2.0, 0.6, 0.6, 1.0]);
    let solution = Vector::from_vec(vec![1.6, 1.0]);
    let products = &gram * &solution;
    L1Constrained {
        name: "an example".into(),
        square: products.dot(&solution),
        gram,
        products,
        radius: 1.0,
        rule,
        step: 0.3,
        start: Vector::from_vec(vec![-0.2, 0.7]),
    }
}

fn two_limits(_: &mut Draw, _: Effort) -> Content {
    let runs = [Rule::Projection, Rule::Radial].map(|rule| example(rule).run(400));
    let [projected, radial] = &runs;
    let problem = example(Rule::Projection);
    let way = |label, run: &theoria_algorithms::Trajectory| {
        Line::measured(label, run.points().iter().take(100).map(pair))
    };
    Content::Points {
        groups: vec![
            Group::new("limit with the projection: LASSO", [pair(projected.last().point())]),
            Group::new("limit of the radial rule: ridge", [pair(radial.last().point())]),
            Group::new("least squares", [pair(&problem.least_squares())]),
        ],
        lines: vec![
            ball(problem.radius),
            level_set("level set of the LASSO", &problem, projected.last().point()),
            level_set("level set of ridge", &problem, radial.last().point()),
            ridge_curve(&problem),
            way("projected steps", projected),
            way("radial steps", radial),
        ],
    }
}

fn two_ridge_solutions(_: &mut Draw, _: Effort) -> Content {
    let problem = counterexample(STARTS[0]);
    let t = problem.radius;
    let ridge = problem.ridge();
    let crossings: Vec<Vector> =
        ridge.of_norm(t, 1e-6, 1e3).into_iter().map(|l| ridge.at(l)).collect();
    let ways = STARTS.map(|start| {
        let run = counterexample(start).run(400);
        let label = format!("from ({}, {})", start[0], start[1]);
        Line::measured(&label, run.points().iter().take(100).map(pair))
    });
    let mut lines = vec![Line::predicted("edge of the l1 ball", [(t, 0.0), (0.4 * t, 0.6 * t)]), {
        let weights = logarithmic(1e-4, 3.0, 200);
        Line::predicted("ridge solutions", weights.into_iter().map(|l| pair(&ridge.at(l))))
    }];
    lines.extend(ways);
    Content::Points {
        groups: vec![
            Group::new("ridge solutions of norm t", crossings.iter().map(pair)),
            Group::new("limit of the radial rule", [pair(&problem.limit(STEPS))]),
            Group::new("least squares", [pair(&problem.least_squares())]),
        ],
        lines,
    }
}
