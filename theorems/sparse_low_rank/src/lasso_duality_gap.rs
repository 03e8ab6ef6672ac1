#![doc = include_str!("lasso_duality_gap.md")]

use theoria_models::Vector;
use theoria_models::numerics::maximum;
use theoria_verification::{
    Check, Claim, Content, Curve, Draw, Effort, Family, Figure, Hypothesis, Line, Reading,
    Readings, Theorem,
};

use crate::support::dual_pairs::{
    Pairs, beyond_the_threshold, from_zero, one_feature, pairs_in_numbers, steps_on_diabetes,
    steps_on_wide,
};
use crate::support::lasso_runs::proximal;
use crate::support::penalised::{Penalised, diabetes, diabetes_at, in_numbers, positive_weight};

/// Radius of the balls that hold the dual solution, over the root of the gap.
const RADIUS: f64 = 2.0;
/// Steps of which the median is read off.
const STEPS: usize = 50;
/// On the diabetes data, at these shares of the threshold: the gap over F(a) − F* at zero, and its median over these steps.
const RATIOS: [(f64, [f64; 2]); 2] = [(0.3, [2.1791, 39.972]), (0.1, [2.0743, 138.20])];

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let gap = "F(a) − F* ≤ F(a) − D(t)";
    let distance = "|t − t*| ≤ 2 √(F(a) − D(t))";
    let sphere = "|X_j·t*| ≤ |X_j·t| + 2 √(F(a) − D(t)) |X_j|";
    let zero = "number of j with |X_j·t| + 2 √(F(a) − D(t)) |X_j| < λ and a*_j ≠ 0";
    let overestimates = overestimates();
    let less = overestimates
        .restated(
            "gap_on_diabetes_is_less",
            "(F(a) − D(t))/(F(a) − F*) on the diabetes data: 0.98 of 2.1791, 39.97, and of 2.0743, 138.20",
        )
        .predicting(|p, k| 0.98 * told_ratio(p, k));
    Theorem::new("sparse_low_rank/lasso_duality_gap", include_str!("lasso_duality_gap.md"))
        .uses("convergence/proximal_gradient", "the steps whose iterates are certified")
        .claim(
            everywhere(certificate("gap_is_a_certificate", gap, 1.0).attained_on(one_feature()))
                .on(pairs_in_numbers().hunted(1000))
                .tight_to(0.999),
        )
        .claim(everywhere(feasible()).on(pairs_in_numbers()).tight_to(0.999))
        .claim(
            vanishes("gap_vanishes_at_the_solution")
                .on(diabetes([0.5, 0.3, 0.1, 0.02, 0.005]))
                .on(in_numbers()),
        )
        .claim(level().on(diabetes([0.5, 0.3, 0.1, 0.02, 0.005])).on(in_numbers()))
        .claim(
            everywhere(
                near("dual_solution_is_near", distance, RADIUS).attained_on(beyond_the_threshold()),
            )
            .on(pairs_in_numbers().hunted(1000))
            .tight_to(0.999),
        )
        .claim(
            everywhere(
                sphere_bound("correlations_are_near", sphere, RADIUS)
                    .attained_on(beyond_the_threshold()),
            )
            .on(pairs_in_numbers().hunted(1000))
            .tight_to(0.999),
        )
        .claim(everywhere(screened("screened_coefficients_are_zero", zero, RADIUS)))
        .claim(zeros_on_diabetes())
        .claim(screened_on_diabetes("zeros_that_are_proved", "zeros that are proved on the diabetes data: 4 after 10 steps, 6 after 22", 4.0))
        .claim(overestimates)
        .control(
            unscaled().on(from_zero()).on(pairs_in_numbers().hunted(1000)),
        )
        .control(
            certificate("a_little_less_of_the_gap", "F(a) − F* ≤ 0.98 (F(a) − D(t))", 0.98)
                .on(one_feature())
                .on(pairs_in_numbers().hunted(1000)),
        )
        .control(
            near("smaller_ball", "|t − t*| ≤ 1.9 √(F(a) − D(t))", 1.9)
                .on(beyond_the_threshold())
                .on(pairs_in_numbers().hunted(1000)),
        )
        .control(
            sphere_bound(
                "smaller_ball_for_correlations",
                "|X_j·t*| ≤ |X_j·t| + 1.9 √(F(a) − D(t)) |X_j|",
                1.9,
            )
            .on(beyond_the_threshold())
            .on(pairs_in_numbers().hunted(1000)),
        )
        .control(
            screened(
                "screening_without_a_radius",
                "number of j with |X_j·t| < λ and a*_j ≠ 0",
                0.0,
            )
            .on(steps_on_diabetes()),
        )
        .control(screened_on_diabetes("zeros_that_are_proved_early", "zeros that are proved on the diabetes data: 5 after 10 steps, 6 after 22", 5.0))
        .control(less)
        .control(estimate().on(steps_on_diabetes()).on(pairs_in_numbers().hunted(1000)))
        .control(
            vanishes("gap_vanishes_without_a_weight")
                .on(Family::single("diabetes, λ = 0", || diabetes_at(0.0)))
                .violating("positive weight"),
        )
        .figure(
            Figure::semilog_x("closing", "step of proximal gradient descent", "value")
                .caption(
                    "Diabetes, λ a tenth of the threshold: the minimum lies between F(a) and D(t), and both come \
                     to it; the dual values are the slower ones.",
                )
                .showing(closing),
        )
        .figure(
            Figure::semilog_x("screened", "step of proximal gradient descent", "number of coefficients")
                .caption(
                    "Diabetes, λ = 0.3 and 0.1 of the threshold: how many coefficients are proved to be zero, and how many are. The proofs come \
                     before the solution, and none is wrong.",
                )
                .showing(screening),
        )
}

fn everywhere(claim: Claim<Pairs>) -> Claim<Pairs> {
    claim.on(steps_on_diabetes()).on(steps_on_wide())
}

fn positive() -> Hypothesis<Pairs> {
    let weight = positive_weight();
    Hypothesis::new("positive weight", move |pairs: &Pairs, draw| {
        weight.check(&pairs.problem, draw)
    })
}

fn feasible_points() -> Hypothesis<Pairs> {
    Hypothesis::new("feasible dual points", |at: &Pairs, _| {
        let largest = |(_, t): &(Vector, Vector)| at.problem.lasso.features().tr_mul(t).amax();
        let seen = at.pairs.iter().map(largest).fold(0.0, maximum);
        Check::at_most(seen, at.problem.lasso.weight(), "|Xᵀt|_∞, λ")
    })
}

fn certificate(name: &str, formula: &str, share: f64) -> Claim<Pairs> {
    Claim::bound(name, formula).assuming([positive()]).experiment(move |at: &Pairs| {
        Curve::over(at.indices(), |i| at.above(i - 1), |i| share * at.gap(i - 1))
    })
}

fn unscaled() -> Claim<Pairs> {
    Claim::bound("residual_without_shrinking", "F(a) − F* ≤ F(a) − D(2r)")
        .assuming([positive()])
        .experiment(|at: &Pairs| {
            let lasso = &at.problem.lasso;
            let gap = |a: &Vector| lasso.value(a) - lasso.dual_value(&(lasso.residual(a) * 2.0));
            Curve::over(at.indices(), |i| at.above(i - 1), |i| gap(&at.pairs[i - 1].0))
        })
}

fn estimate() -> Claim<Pairs> {
    Claim::bound("gap_is_an_estimate", "F(a) − D(t) ≤ 2 (F(a) − F*)")
        .assuming([positive()])
        .experiment(|at: &Pairs| {
            let reading =
                |i: usize| Reading::new(at.gap(i), 3.0 * at.problem.floor(&at.pairs[i].0));
            Curve::over(at.indices(), |i| reading(i - 1), |i| 2.0 * at.above(i - 1).value)
        })
}

fn feasible() -> Claim<Pairs> {
    Claim::bound("shrunken_residual_is_feasible", "|Xᵀt|_∞ ≤ λ for t = 2r min{1, λ/|2Xᵀr|_∞}")
        .assuming([positive()])
        .measuring_each(|at: &Pairs| {
            let features = at.problem.lasso.features();
            Readings::over(at.indices(), |i| {
                let t = at.problem.lasso.dual_point(&at.pairs[i - 1].0);
                Reading::new(features.tr_mul(&t).amax(), 1e-15 * features.norm() * t.norm())
            })
        })
        .predicting(|at, _| at.problem.lasso.weight())
}

/// Relative to F*, or to F(0) where F* is small against it.
fn vanishes(name: &str) -> Claim<Penalised> {
    Claim::identity(name, "(F(a*) − D(t))/F* = 0", 1e-10)
        .assuming([positive_weight()])
        .measuring_each(|p: &Penalised| {
            let gap = p.lasso.gap(&p.solution) / p.minimum.value;
            Readings::at(1.0, Reading::new(gap, 1e-14 * p.scale() / p.minimum.value))
        })
        .predicting(|_, _| 0.0)
}

/// The products are sums of n terms of the size |X_j| |y|.
fn level() -> Claim<Penalised> {
    let formula = "2X_j·r sign(a_j)/λ = 1 wherever a_j ≠ 0, and |2X_j·r|/λ ≤ 1 elsewhere: largest deviation = 0";
    Claim::identity("correlations_are_level_on_the_support", formula, 1e-8)
        .assuming([positive_weight()])
        .measuring_each(|p: &Penalised| {
            let products = p.lasso.features().tr_mul(&p.lasso.residual(&p.solution)) * 2.0;
            let weight = p.lasso.weight();
            let off = products.iter().zip(&p.solution).map(|(product, a)| {
                if *a == 0.0 {
                    (product.abs() / weight - 1.0).max(0.0)
                } else {
                    (product * a.signum() / weight - 1.0).abs()
                }
            });
            let longest = p.lasso.features().column_iter().map(|c| c.norm()).fold(0.0, maximum);
            let floor = 1e-13 * longest * p.lasso.targets().norm() / weight;
            Readings::at(1.0, Reading::new(off.fold(0.0, maximum), floor))
        })
        .predicting(|_, _| 0.0)
}

fn near(name: &str, formula: &str, radius: f64) -> Claim<Pairs> {
    Claim::bound(name, formula).assuming([positive(), feasible_points()]).experiment(
        move |at: &Pairs| {
            let solution = at.dual_solution();
            Curve::over(
                at.indices(),
                |i| {
                    Reading::new(
                        (&at.pairs[i - 1].1 - &solution).norm(),
                        at.floor_of_distances(i - 1),
                    )
                },
                |i| radius * at.gap(i - 1).sqrt(),
            )
        },
    )
}

/// For the column at which the two sides are nearest to each other.
fn sphere_bound(name: &str, formula: &str, radius: f64) -> Claim<Pairs> {
    Claim::bound(name, formula).assuming([positive(), feasible_points()]).experiment(
        move |at: &Pairs| {
            let features = at.problem.lasso.features();
            let own = features.tr_mul(&at.dual_solution()).abs();
            let worst = |i: usize| {
                let seen = features.tr_mul(&at.pairs[i].1).abs();
                let sides = (0..own.len()).map(|j| {
                    let column = features.column(j).norm();
                    let floor = column * at.floor_of_distances(i) + 1e-15 * own[j];
                    (Reading::new(own[j], floor), seen[j] + radius * at.gap(i).sqrt() * column)
                });
                let over =
                    |(own, most): &(Reading, f64)| if *most > 0.0 { own.value / most } else { 0.0 };
                let Some(worst) = sides.max_by(|a, b| over(a).total_cmp(&over(b))) else {
                    panic!("there are features");
                };
                worst
            };
            Curve::over(at.indices(), |i| worst(i - 1).0, |i| worst(i - 1).1)
        },
    )
}

/// Which coefficients are zero, if the dual solution lies within this multiple of the root of the gap.
fn screen(problem: &Penalised, a: &Vector, t: &Vector, radius: f64) -> Vec<usize> {
    let lasso = &problem.lasso;
    // The gap as computed may be rounding, or below zero.
    let gap = (lasso.value(a) - lasso.dual_value(t)).max(0.0) + problem.floor(a);
    let radius = radius * gap.sqrt();
    let is_screened = |j: &usize| {
        let column = lasso.features().column(*j);
        column.dot(t).abs() + radius * column.norm() < lasso.weight()
    };
    (0..a.len()).filter(is_screened).collect()
}

fn screened(name: &str, formula: &str, radius: f64) -> Claim<Pairs> {
    let some = Hypothesis::new("something is screened", move |at: &Pairs, _| {
        let counts = at.pairs.iter().map(|(a, t)| screen(&at.problem, a, t, radius).len());
        let most = counts.max().unwrap_or(0);
        Check::at_least(most as f64, 1.0, "coefficients that are screened")
    });
    Claim::identity(name, formula, 0.5)
        .assuming([positive(), some])
        .measuring_each(move |at: &Pairs| {
            Readings::over(at.indices(), |i| {
                let (a, t) = &at.pairs[i - 1];
                let wrong = screen(&at.problem, a, t, radius);
                wrong.into_iter().filter(|&j| at.problem.solution[j] != 0.0).count() as f64
            })
        })
        .predicting(|_, _| 0.0)
}

fn zeros_on_diabetes() -> Claim<Penalised> {
    Claim::identity("zeros_on_diabetes", "zeros of the solution on the diabetes data = 6", 1e-9)
        .assuming([positive_weight()])
        .on(diabetes([0.3]))
        .measuring_each(|p: &Penalised| {
            let zeros = p.solution.iter().filter(|value| **value == 0.0).count();
            Readings::at(p.solution.len(), zeros as f64)
        })
        .predicting(|_, _| 6.0)
}

/// After 10 steps so many, and all from 22 on.
fn screened_on_diabetes(name: &str, formula: &str, early: f64) -> Claim<Penalised> {
    Claim::identity(name, formula, 1e-9)
        .assuming([positive_weight()])
        .on(diabetes([0.3]))
        .measuring([10usize, 22, 50], |p: &Penalised, steps| {
            let points = proximal(p, 50);
            let proved = |a: &Vector| screen(p, a, &p.lasso.dual_point(a), RADIUS).len() as f64;
            steps.read(|k| points.get(k).map_or(f64::NAN, proved))
        })
        .predicting(move |_, k| if k < 22.0 { early } else { 6.0 })
}

fn told_ratio(p: &Penalised, k: f64) -> f64 {
    let share = p.lasso.weight() / p.lasso.threshold();
    let row = RATIOS.iter().find(|(own, _)| (own - share).abs() < 1e-9);
    row.map_or(f64::NAN, |(_, told)| told[usize::from(k > 0.0)])
}

/// At zero and in the median of proximal gradient steps, the last of which is far from rounding.
fn overestimates() -> Claim<Penalised> {
    let formula = "(F(a) − D(t))/(F(a) − F*) on the diabetes data, at 0 and in the median of 50 steps: 2.1791, 39.97 and 2.0743, 138.20";
    Claim::identity("gap_on_diabetes", formula, 2e-4)
        .assuming([positive_weight()])
        .on(diabetes(RATIOS.map(|(share, _)| share)))
        .measuring([0, STEPS], |p: &Penalised, steps| {
            let points = proximal(p, STEPS);
            let ratio = |a: &Vector| p.lasso.gap(a) / (p.lasso.value(a) - p.minimum.value);
            steps.read(|k| {
                if k == 0 {
                    return ratio(&points[0]);
                }
                let mut ratios: Vec<f64> = points[1..=k].iter().map(ratio).collect();
                ratios.sort_by(f64::total_cmp);
                f64::midpoint(ratios[k / 2 - 1], ratios[k / 2])
            })
        })
        .predicting(told_ratio)
}

fn closing(_: &mut Draw, _: Effort) -> Content {
    let p = diabetes_at(0.1);
    let points = proximal(&p, 1000);
    let seen = |value: &dyn Fn(&Vector) -> f64| {
        let steps = (1..=1000).filter(|k| k % (1 + k / 50) == 0);
        steps.map(|k| (k as f64, value(&points[k]))).collect::<Vec<_>>()
    };
    let primal = seen(&|a| p.lasso.value(a));
    let dual = seen(&|a| p.lasso.dual_value(&p.lasso.dual_point(a)));
    let minimum = [(1.0, p.minimum.value), (1000.0, p.minimum.value)];
    Content::Lines {
        lines: vec![
            Line::measured("F(a)", primal),
            Line::measured("D(t)", dual),
            Line::predicted("F*", minimum),
        ],
    }
}

fn screening(_: &mut Draw, _: Effort) -> Content {
    let mut lines = Vec::new();
    for share in [0.3, 0.1] {
        let p = diabetes_at(share);
        let points = proximal(&p, 1000);
        let steps = (1..=1000).filter(|k| k % (1 + k / 50) == 0);
        let count =
            |k: usize| screen(&p, &points[k], &p.lasso.dual_point(&points[k]), RADIUS).len();
        let proved: Vec<(f64, f64)> = steps.map(|k| (k as f64, count(k) as f64)).collect();
        let zeros = (10 - p.support().len()) as f64;
        lines.push(Line::measured(&format!("proved at {share}"), proved));
        let label = format!("zeros at {share}");
        lines.push(Line::predicted(&label, [(1.0, zeros), (1000.0, zeros)]));
    }
    Content::Lines { lines }
}
