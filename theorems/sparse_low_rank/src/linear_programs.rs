#![doc = include_str!("linear_programs.md")]

use nalgebra::DVector;
use theoria_algorithms::PivotRule;
use theoria_elementary::powf;
use theoria_models::elimination::rank;
use theoria_models::numerics::Fraction;
use theoria_models::{Matrix, Vector};
use theoria_references::ConvexProgramme;
use theoria_verification::{
    Claim, Content, Draw, Effort, Family, Figure, Line, Reading, Readings, Theorem,
};

use crate::support::alternatives::{points_and_kernels, points_and_proofs, prices_and_rays};
use crate::support::priced::{Diet, Priced, diets, drawn, nondegenerate, of_two_goods};
use crate::support::programs::{
    Extreme, Known, Point, Program, any, both_are_feasible, counted, exact, infeasible, infimum,
    least, neither, one_is_feasible, proved, several, solution, solutions, solvable,
    supremum_of_the_dual, twice, two_goods, unbounded,
};
use crate::support::signed_columns::{self, SignedColumns, general_position, special};
use crate::support::walking::{
    cube, cycling, fibonacci, optimum_of_beale, period, pivots, pivots_on_the_cube, returns,
};
use crate::support::walks::{beale, degenerate};

const BLAND: PivotRule = PivotRule::Bland;
const LARGEST: PivotRule = PivotRule::LargestCoefficient;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let solver = interior_point();
    let more = solver
        .restated("least_value_is_larger", "min c·x is 1.02 times that of an interior-point method")
        .predicting(|at, _| 1.02 * by_interior_points(at));
    let largest = pivots("klee_minty_largest_coefficient", "2ⁿ − 1 pivots", LARGEST, 8)
        .predicting(|_, n| powf(2.0, n) - 1.0);
    let every_vertex_twice =
        largest.restated("one_pivot_more", "2ⁿ pivots").predicting(|_, n| powf(2.0, n));
    let bland = pivots("klee_minty_bland", "2F_{n+1} − 1 pivots", BLAND, 10)
        .predicting(|_, n| 2.0 * fibonacci(n as usize + 1) - 1.0);
    let shifted = bland
        .restated("klee_minty_bland_shifted", "2F_{n+1} pivots")
        .predicting(|_, n| 2.0 * fibonacci(n as usize + 1));
    let wendel =
        wendel("wendel", "Σ_{i<m} C(n, i) of 2ⁿ choices of signs").on_all(signed_columns::drawn());
    let without_right = wendel
        .restated("wendel_without_the_right_side", "2 Σ_{i<m} C(n − 1, i) of 2ⁿ choices of signs")
        .predicting(|at, _| 2.0 * SignedColumns::binomials(at.columns() - 1, at.dimension()));
    let one_more = wendel
        .restated("wendel_with_two_more", "2 + Σ_{i<m} C(n, i) of 2ⁿ choices of signs")
        .predicting(|at, _| 2.0 + SignedColumns::binomials(at.columns(), at.dimension()));
    Theorem::new("sparse_low_rank/linear_programs", include_str!("linear_programs.md"))
        .claim(
            alternative("point_or_proof", "number of x ≥ 0 with A x = b and of y with Aᵀy ≥ 0, b·y < 0: 1", points_and_proofs)
                .on(examples())
                .on(any()),
        )
        .claim(
            alternative("prices_or_ray", "number of y with Aᵀy ≤ c and of d ≥ 0 with A d = 0, c·d < 0: 1", prices_and_rays)
                .on(examples())
                .on(any()),
        )
        .claim(duality("strong_duality").on(examples()).on(solvable()))
        .claim(
            pair("complementary_slackness", "Σ_j |x_j (c − Aᵀy)_j| = 0 for solutions x, y", solved_apart)
                .on(Family::single("two goods", two_goods))
                .on(Family::single("one equation twice", twice))
                .on(Family::single("a face of solutions", several))
                .on(solvable()),
        )
        .claim(several_solutions("solutions_that_differ", "more than one solution x is found, and more than one y: 1"))
        .claim(nonzeros("a_vertex_is_sparse", "number of x_j ≠ 0 ≤ m", 0.0).on(solvable()).tight_to(0.99))
        .claim(
            dependent_columns("columns_of_a_vertex", "columns of A with x_j ≠ 0 that depend on others: 0", |at| Some(solution(&at.program, BLAND)?.0))
                .on(solvable())
                .on(Family::single("one equation twice", twice)),
        )
        .claim(solver)
        .claim(
            returns("bland_meets_no_basis_twice", "bases that are met twice: 0")
                .on(Family::listed("Beale's programme", [0, 1], |n| beale(*n, BLAND)))
                .on(degenerate(BLAND)),
        )
        .claim(optimum_of_beale("bland_solves_beale", "least value −5/4", -1.25))
        .claim(period("largest_coefficient_cycles", "the basis is the first again after 6 pivots").on(cycling(0)))
        .claim(largest)
        .claim(bland)
        .claim(wendel)
        .claim(
            price("price", "min c·x at b + t e_i = min c·x + t y_i while B⁻¹(b + t e_i) ≥ 0", &[-1.0, -0.5, 0.5, 1.0])
                .on(of_two_goods())
                .on(drawn()),
        )
        .claim(price_of_two_goods("price_of_two_goods", "min c·x at 4 + t: −34/5 − 7t/5 for t = 8", 8.0))
        .claim(
            at_least("prices_are_lower_bounds", "min c·x at b′ ≥ min c·x + y·(b′ − b)", 1.0)
                .on(diets().hunted(200))
                .tight_to(0.99),
        )
        .control(
            alternative("alternative_without_signs", "number of x ≥ 0 with A x = b and of y with Aᵀy = 0, b·y < 0: 1", points_and_kernels)
                .on(Family::single("infeasible", infeasible)),
        )
        .control(
            duality("duality_of_neither")
                .on(Family::single("neither is feasible", neither))
                .violating("a feasible point or feasible prices"),
        )
        .control(
            pair("slackness_of_feasible_pairs", "Σ_j |x_j (c − Aᵀy)_j| = 0 for feasible x, y", known_pair)
                .on(Family::single("two goods", two_goods))
                .on(solvable()),
        )
        .control(nonzeros("a_vertex_is_sparser", "number of x_j ≠ 0 ≤ m − 1", 1.0).on(Family::single("two goods", two_goods)))
        .control(
            dependent_columns("columns_of_a_feasible_point", "of any feasible point: columns that depend on others: 0", between)
                .on(Family::single("two goods", two_goods)),
        )
        .control(more)
        .control(
            returns("largest_coefficient_meets_no_basis_twice", "bases that are met twice: 0")
                .on(cycling(0))
                .violating("Bland's rule"),
        )
        .control(optimum_of_beale("another_optimum_of_beale", "least value −1.27", -1.27))
        .control(
            period("cycle_without_degeneracy", "the basis is the first again after 6 pivots")
                .on(cycling(1))
                .violating("degenerate start"),
        )
        .control(every_vertex_twice)
        .control(shifted)
        .control(without_right)
        .control(one_more)
        .control(
            self::wendel("wendel_in_special_position", "Σ_{i<m} C(n, i) of 2ⁿ choices of signs")
                .on(special())
                .violating("general position"),
        )
        .control(
            price("price_beyond_its_range", "min c·x + t y_i also for 1.05 of the last t", &[1.05])
                .on(of_two_goods()),
        )
        .control(price_of_two_goods("price_of_two_goods_at_20", "min c·x at 4 + t: −34/5 − 7t/5 for t = 20", 20.0))
        .control(at_least("prices_tell_more", "min c·x at b′ ≥ min c·x + 1.05 y·(b′ − b)", 1.05).on(diets().hunted(500)))
        .figure(
            Figure::linear("cube", "x₁/5 + 0.35 x₂/25", "x₃/125 + 0.25 x₂/25")
                .caption(
                    "Klee and Minty's cube in three dimensions, seen from the side: the largest coefficient leads through all eight vertices, \
                     from below on the left to above on the left.",
                )
                .showing(cube),
        )
        .figure(
            Figure::semilog("pivots", "number of variables n", "pivots")
                .caption("Pivots on Klee and Minty's cube: both rules take exponentially many, with the factors 2 and 1.618.")
                .showing(pivots_on_the_cube),
        )
        .figure(
            Figure::linear("price", "first material b₁", "largest profit −c·x")
                .caption(
                    "The profit of two goods against the amount of the first material: the price 7/5 is its slope, exactly up to 12 and no further.",
                )
                .showing(profit),
        )
}

/// Feasible and infeasible, with and without an end.
fn examples() -> Family<Known> {
    let makers: [fn() -> Known; 3] = [two_goods, infeasible, unbounded];
    Family::listed("worked examples", makers, |make| make())
}

fn alternative(name: &str, formula: &str, count: fn(&Program) -> Option<usize>) -> Claim<Known> {
    Claim::identity(name, formula, 1e-12)
        .assuming([exact()])
        .measuring_each(move |at: &Known| Readings::at(1, counted(count(&at.program))))
        .predicting(|_, _| 1.0)
}

/// Solved apart, with one rule and the other; infinite values of one sign agree.
fn duality(name: &str) -> Claim<Known> {
    Claim::identity(name, "min c·x − max b·y = 0, or both are infinite of one sign", 1e-12)
        .assuming([exact(), one_is_feasible()])
        .measuring_each(|at: &Known| {
            let of_dual = supremum_of_the_dual(&at.program, BLAND);
            let reading = match (infimum(&at.program, LARGEST), of_dual) {
                (Some(Extreme::Finite(least)), Some(Extreme::Finite(most))) => {
                    proved(Some(least - most))
                }
                (Some(least), Some(most)) if least == most => Reading::new(0.0, 0.0),
                (Some(_), Some(_)) => Reading::NEVER,
                _ => Reading::DIVERGED,
            };
            Readings::at(1, reading)
        })
        .predicting(|_, _| 0.0)
}

type Pair = (Point, Point);

/// Each of several solutions x with each of several y, those of the programme and of its dual.
fn solved_apart(at: &Known) -> Option<Vec<Pair>> {
    let points = solutions(&at.program)?;
    let prices: Vec<Point> =
        solutions(&at.program.dual())?.iter().map(|y| at.program.prices_of(y)).collect();
    Some(points.iter().flat_map(|x| prices.iter().map(|y| (x.clone(), y.clone()))).collect())
}

fn known_pair(at: &Known) -> Option<Vec<Pair>> {
    Some(vec![at.point.clone().zip(at.prices.clone())?])
}

fn pair(name: &str, formula: &str, of: fn(&Known) -> Option<Vec<Pair>>) -> Claim<Known> {
    Claim::identity(name, formula, 1e-12)
        .assuming([exact(), both_are_feasible()])
        .measuring_each(move |at: &Known| {
            let products = |(x, y): &Pair| {
                let reduced = at.program.reduced_costs(y);
                x.iter().zip(reduced.iter()).map(|(x, s)| (x.clone() * s.clone()).abs()).sum()
            };
            let Some(pairs) = of(at) else { return Readings::at(0, Reading::DIVERGED) };
            pairs.iter().enumerate().map(|(k, pair)| (k, proved(Some(products(pair))))).collect()
        })
        .predicting(|_, _| 0.0)
}

/// So that pairs are no repetition of one.
fn several_solutions(name: &str, formula: &str) -> Claim<Known> {
    Claim::identity(name, formula, 1e-12)
        .assuming([exact(), both_are_feasible()])
        .on(Family::single("a face of solutions", several))
        .measuring([0usize, 1], |at: &Known, sides| {
            sides.read(|side| {
                let program = if side == 0 { at.program.clone() } else { at.program.dual() };
                let found = solutions(&program).map(|all| {
                    let of =
                        |x: &Point| if side == 0 { x.clone() } else { at.program.prices_of(x) };
                    let first = of(&all[0]);
                    usize::from(all.iter().any(|x| of(x) != first))
                });
                counted(found)
            })
        })
        .predicting(|_, _| 1.0)
}

fn nonzeros(name: &str, formula: &str, fewer: f64) -> Claim<Known> {
    Claim::bound(name, formula)
        .assuming([exact(), both_are_feasible()])
        .measuring_each(|at: &Known| {
            let count = solution(&at.program, BLAND)
                .map(|(x, _)| x.iter().filter(|x| **x != Fraction::from(0)).count());
            Readings::at(at.program.shape().0, counted(count))
        })
        .predicting(move |_, m| m - fewer)
}

/// Of the columns that the solution uses, those that depend on others.
fn dependent_columns(name: &str, formula: &str, of: fn(&Known) -> Option<Point>) -> Claim<Known> {
    Claim::identity(name, formula, 1e-12)
        .assuming([exact(), both_are_feasible()])
        .measuring_each(move |at: &Known| {
            let dependent = of(at).map(|x| {
                let used: Vec<usize> =
                    (0..x.len()).filter(|&j| x[j] != Fraction::from(0)).collect();
                used.len() - rank(&at.program.matrix().select_columns(&used))
            });
            Readings::at(at.program.shape().0, counted(dependent))
        })
        .predicting(|_, _| 0.0)
}

/// Half way from the best point to the worst one.
fn between(at: &Known) -> Option<Point> {
    let program = &at.program;
    let opposite = Program::new(program.matrix().clone(), program.right().clone(), -program.cost());
    let (best, worst) = (solution(program, BLAND)?.0, solution(&opposite, BLAND)?.0);
    Some((best + worst).map(|x| x / Fraction::from(2)))
}

fn by_interior_points(at: &Known) -> f64 {
    let rounded =
        |v: &DVector<Fraction>| Vector::from_iterator(v.len(), v.iter().map(Fraction::nearest));
    let (m, n) = at.program.shape();
    let matrix = Matrix::from_fn(m, n, |i, j| at.program.matrix()[(i, j)].nearest());
    ConvexProgramme::linear(rounded(at.program.cost()))
        .equal(&matrix, &rounded(at.program.right()))
        .at_most(&-Matrix::identity(n, n), &Vector::zeros(n))
        .solve()
        .map_or(f64::NAN, |solution| solution.value)
}

/// Within what the other method is asked for.
fn interior_point() -> Claim<Known> {
    Claim::identity(
        "interior_point_finds_the_same",
        "min c·x, and that of an interior-point method",
        1e-6,
    )
    .assuming([both_are_feasible()])
    .on(Family::single("two goods", two_goods))
    .on(solvable())
    .measuring_each(|at: &Known| Readings::at(1, proved(least(&at.program))))
    .predicting(|at, _| by_interior_points(at))
}

fn wendel(name: &str, formula: &str) -> Claim<SignedColumns> {
    Claim::identity(name, &format!("without a solution: {formula}"), 1e-12)
        .assuming([general_position()])
        .measuring_each(|at: &SignedColumns| Readings::at(at.columns(), counted(at.infeasible())))
        .predicting(|at, _| SignedColumns::binomials(at.columns(), at.dimension()))
}

/// At these shares of the range.
fn price(name: &str, formula: &str, shares: &'static [f64]) -> Claim<Priced> {
    Claim::identity(name, formula, 1e-12)
        .assuming([exact(), nondegenerate()])
        .measuring(shares.iter().copied(), |at: &Priced, shares| {
            shares.read(|share| proved(at.value_after(&at.change(share))))
        })
        .predicting(|at, share| at.told(&at.change(share)).nearest())
}

fn price_of_two_goods(name: &str, formula: &str, change: f64) -> Claim<Known> {
    Claim::identity(name, formula, 1e-12)
        .assuming([exact()])
        .on(Family::single("two goods", two_goods))
        .measuring([0.0, change], |at: &Known, changes| {
            changes.read(|t| {
                let mut right = at.program.right().clone();
                right[0] += Fraction::from(t);
                proved(least(&at.program.with_right(right)))
            })
        })
        .predicting(|_, t| (-34.0 - 7.0 * t) / 5.0)
}

fn at_least(name: &str, formula: &str, times: f64) -> Claim<Diet> {
    Claim::lower_bound(name, formula)
        .assuming([exact()])
        .measuring_each(|at: &Diet| Readings::at(1, proved(at.cost())))
        .predicting(move |at, _| {
            at.told().map_or(f64::NAN, |(before, more)| before.nearest() + times * more.nearest())
        })
}

fn profit(_: &mut Draw, _: Effort) -> Content {
    let known = two_goods();
    let most = |b: f64| {
        let mut right = known.program.right().clone();
        right[0] = Fraction::from(b);
        least(&known.program.with_right(right)).map_or(f64::NAN, |value| -value.nearest())
    };
    let seen = (0..=40).map(|k| f64::from(k) / 2.0).map(|b| (b, most(b)));
    let told = [0.0, 20.0].map(|b| (b, 6.8 + 1.4 * (b - 4.0)));
    Content::Lines {
        lines: vec![
            Line::measured("largest profit", seen),
            Line::predicted("price at b₁ = 4", told),
        ],
    }
}
