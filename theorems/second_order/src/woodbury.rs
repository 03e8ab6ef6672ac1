#![doc = include_str!("woodbury.md")]

use theoria_elementary::powf;
use theoria_models::numerics::Fraction;
use theoria_models::{Vector, elimination, woodbury};
use theoria_verification::{
    Case, Check, Claim, Content, Draw, Effort, Family, Figure, Group, Hypothesis, Line, Readings,
    Theorem,
};

use crate::support::changed::{
    Changed, Exact, changed, changed_by_one_column, from_identity, invertible, invertible_core,
    invertible_sum, singular,
};
use crate::support::changed_planes::{Plane, by_elimination, by_formula, magnified, planes};
use crate::support::products_of_changes::Size;

/// a and b_1 just above and below powers of two, where all three roundings are nearly as large as they may be; found by a search.
const WORST: [(f64, f64); 4] = [
    (0.0009766383589141891, 0.0009791986184086868),
    (6.103877348087837e-5, 6.107120302383025e-5),
    (9.536751882229972e-7, 9.540184024959451e-7),
    (1.4901161360750463e-8, 1.4901746611747657e-8),
];
/// The same for the two roundings of elimination.
const WORST_OF_ELIMINATION: (f64, f64) = (0.0004909900627049213, 1.0005220325065587);
/// κ as it is printed.
const SHARE: f64 = 0.5321;
/// What is seen of an exact identity: nothing at all.
const EXACT: f64 = 1e-15;
/// Counts are whole numbers, and the formulas for them are rounded.
const WHOLE: f64 = 1e-12;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let ranks = || changed("matrices changed in a few directions", 1..=3);
    let determinant = determinant("determinant").on(ranks());
    let larger = determinant
        .restated("determinant_is_larger", "det(A + UCV)/det A = 1.02 det C det K")
        .assuming([invertible_sum()])
        .predicting(|it, _| 1.02 * factors(it));
    let exists = exists("invertible_exactly_where_k_is");
    let always = exists
        .restated("always_invertible", "A + UCV is invertible")
        .on(singular())
        .predicting(|_, _| 1.0);
    let formula = products("products_of_the_formula", "d k² + 3dk + d + k³/3 + k² − k/3");
    let more = formula
        .restated("products_of_the_formula_are_more", "1.02 of it")
        .predicting(|size, _| 1.02 * size.predicted());
    let elimination = products_of_elimination("products_of_elimination", "d³/3 + d² − d/3");
    let fewer = elimination
        .restated("products_of_elimination_are_fewer", "0.98 of it")
        .predicting(|size, _| 0.98 * size.direct());
    Theorem::new("second_order/woodbury", include_str!("woodbury.md"))
        .claim(
            inverse(
                "inverse_of_the_sum",
                "(A + UCV)(A⁻¹ − A⁻¹U K⁻¹ V A⁻¹) = I",
                |it: &Changed| woodbury::inverse(&it.inverse()?, &it.left, &it.core, &it.right),
            )
            .on(ranks()),
        )
        .claim(
            inverse(
                "one_column_and_one_row",
                "(A + uvᵀ)(A⁻¹ − A⁻¹uvᵀA⁻¹/(1 + vᵀA⁻¹u)) = I",
                |it: &Changed| rank_one(it, Fraction::from(1)),
            )
            .on(changed_by_one_column()),
        )
        .claim(determinant.on(singular()))
        .claim(exists.on(ranks()).on(singular()))
        .claim(formula)
        .claim(elimination)
        .claim(
            crossover("rank_at_which_costs_are_equal", "|k* − κd| ≤ 5/3, κ = 2 cos(2π/9) − 1", SHARE)
                .on(sizes("sizes", &[(100, 0), (144, 0), (176, 0)]))
                .tight_to(0.9),
        )
        .claim(share("share_of_the_dimension", "κ = 0.5321", 1.0))
        .claim(
            error("error_of_the_formula", "|x̂₁ − x₁|/|x₁| ≤ (3/2)(1 + 1/a) ε", by_formula, magnified)
                .attained_on(Plane::listed("near powers of two", &WORST))
                .on(planes().hunted(3000))
                .tight_to(0.9),
        )
        .claim(
            error("error_of_elimination", "|x̂₁ − x₁|/|x₁| ≤ ε", by_elimination, |_| f64::EPSILON)
                .attained_on(Plane::listed("near a power of two", &[WORST_OF_ELIMINATION]))
                .on(planes().hunted(1000))
                .tight_to(0.9),
        )
        .control(
            inverse(
                "inverse_with_c_in_the_place_of_its_inverse",
                "(A + UCV)(A⁻¹ − A⁻¹U (C + V A⁻¹U)⁻¹ V A⁻¹) = I",
                |it: &Changed| {
                    let core = elimination::inverse(&it.core)?;
                    woodbury::inverse(&it.inverse()?, &it.left, &core, &it.right)
                },
            )
            .on(ranks()),
        )
        .control(
            inverse(
                "one_column_with_another_denominator",
                "(A + uvᵀ)(A⁻¹ − A⁻¹uvᵀA⁻¹/(1.02 + vᵀA⁻¹u)) = I",
                |it: &Changed| rank_one(it, Fraction::ratio(51, 50)),
            )
            .on(changed_by_one_column()),
        )
        .control(larger)
        .control(always)
        .control(more)
        .control(fewer)
        .control(
            crossover("equal_at_a_smaller_rank", "|k* − 0.95 κd| ≤ 5/3", 0.95 * SHARE)
                .on(sizes("sizes", &[(150, 0), (176, 0)])),
        )
        .control(share("smaller_share_of_the_dimension", "κ = 0.98 · 0.5321", 0.98))
        .control(
            error(
                "error_of_the_formula_is_smaller",
                "|x̂₁ − x₁|/|x₁| ≤ 0.95 (3/2)(1 + 1/a) ε",
                by_formula,
                |it| 0.95 * magnified(it),
            )
            .on(Plane::listed("near powers of two", &WORST)),
        )
        .control(
            error("formula_as_accurate_as_elimination", "|x̂₁ − x₁|/|x₁| ≤ ε by the formula", by_formula, |_| f64::EPSILON)
                .on(planes().hunted(1000)),
        )
        .control(
            error("error_of_elimination_is_smaller", "|x̂₁ − x₁|/|x₁| ≤ 0.95 ε", by_elimination, |_| {
                0.95 * f64::EPSILON
            })
            .on(Plane::listed("near a power of two", &[WORST_OF_ELIMINATION])),
        )
        .figure(
            Figure::log_log("rounding", "1/a, the condition number of A", "relative error of x₁")
                .caption(
                    "Each mark is a system whose own condition number is at most 2. Elimination stays at ε; the formula loses what A would lose, and \
                     the bound is met.",
                )
                .showing(errors),
        )
        .figure(
            Figure::semilog("cost", "rank k of the change, d = 100", "multiplications and divisions")
                .caption("The formula is cheaper up to a rank of 0.532 d.")
                .showing(costs),
        )
}

fn inverse(
    name: &str,
    formula: &str,
    invert: impl Fn(&Changed) -> Option<Exact> + Send + Sync + 'static,
) -> Claim<Changed> {
    Claim::identity(name, formula, EXACT)
        .assuming([invertible(), invertible_core(), invertible_sum()])
        .measuring_each(move |it: &Changed| {
            let left = invert(it).map_or(f64::NAN, |found| from_identity(&(it.sum() * found)));
            Readings::at(it.left.ncols(), left)
        })
        .predicting(|_, _| 0.0)
}

/// With this in the place of 1 in the denominator.
fn rank_one(it: &Changed, one: Fraction) -> Option<Exact> {
    let inverse = it.inverse()?;
    let denominator = one + (&it.right * &inverse * &it.left)[(0, 0)].clone();
    let change = &inverse * &it.left * &it.right * &inverse;
    Some(inverse - change.map(|entry| entry / denominator.clone()))
}

/// det C det K
fn factors(it: &Changed) -> f64 {
    let small = it
        .inverse()
        .and_then(|inverse| woodbury::capacitance(&inverse, &it.left, &it.core, &it.right));
    small.map_or(f64::NAN, |small| {
        (elimination::determinant(&small) * elimination::determinant(&it.core)).nearest()
    })
}

fn determinant(name: &str) -> Claim<Changed> {
    Claim::identity(name, "det(A + UCV)/det A = det C det K", 1e-14)
        .assuming([invertible(), invertible_core()])
        .measuring_each(|it: &Changed| {
            let ratio = elimination::determinant(&it.sum()) / elimination::determinant(&it.matrix);
            Readings::at(it.left.ncols(), ratio.nearest())
        })
        .predicting(|it, _| factors(it))
}

fn exists(name: &str) -> Claim<Changed> {
    Claim::identity(name, "A + UCV is invertible exactly where K is", EXACT)
        .assuming([invertible(), invertible_core()])
        .measuring_each(|it: &Changed| {
            let exists = elimination::inverse(&it.sum()).is_some();
            Readings::at(it.left.ncols(), f64::from(u8::from(exists)))
        })
        .predicting(|it, _| f64::from(u8::from(factors(it) != 0.0)))
}

fn sizes(name: &str, pairs: &[(usize, usize)]) -> Family<Case<Size>> {
    let sizes = pairs.iter().map(|&(dimension, rank)| Size { dimension, rank });
    Family::cases(name, sizes.collect::<Vec<_>>(), |size| {
        let rank = if size.rank > 0 { format!(", k = {}", size.rank) } else { String::new() };
        format!("d = {}{rank}", size.dimension)
    })
}

fn counted() -> Hypothesis<Case<Size>> {
    Hypothesis::by_construction(
        "plain elimination",
        "full matrices without a zero, nothing is left out",
    )
}

fn products(name: &str, formula: &str) -> Claim<Case<Size>> {
    Claim::identity(name, formula, WHOLE)
        .assuming([counted()])
        .on(sizes("sizes and ranks", &[(1, 1), (5, 1), (5, 4), (20, 3), (40, 10), (60, 40)]))
        .measuring_each(|size: &Case<Size>| Readings::at(size.rank, size.by_formula()))
        .predicting(|size, _| size.predicted())
}

fn products_of_elimination(name: &str, formula: &str) -> Claim<Case<Size>> {
    Claim::identity(name, formula, WHOLE)
        .assuming([counted()])
        .on(sizes("sizes", &[(1, 0), (2, 0), (5, 0), (20, 0), (60, 0)]))
        .measuring_each(|size: &Case<Size>| Readings::at(size.dimension, size.by_elimination()))
        .predicting(|size, _| size.direct())
}

fn crossover(name: &str, formula: &str, share: f64) -> Claim<Case<Size>> {
    Claim::bound(name, formula)
        .assuming([counted()])
        .measuring_each(move |size: &Case<Size>| {
            let predicted = share * size.dimension as f64;
            Readings::at(size.dimension, (size.crossover() as f64 - predicted).abs())
        })
        .predicting(|_, _| 5.0 / 3.0)
}

/// κ as it is printed, against the root of κ² + κ³/3 = 1/3.
fn share(name: &str, formula: &str, times: f64) -> Claim<Case<f64>> {
    Claim::identity(name, formula, 1e-4)
        .assuming([Hypothesis::by_construction("leading terms", "d k² + k³/3 = d³/3")])
        .on(Family::cases("κ² + κ³/3 = 1/3", [0.0], |_| "its root between 0 and 1".into()))
        .measuring_each(|_: &Case<f64>| {
            let (low, _) = theoria_models::numerics::bisect(0.0, 1.0, 0.0, |share| {
                share * share + share.powi(3) / 3.0 < 1.0 / 3.0
            });
            Readings::at(1, low)
        })
        .predicting(move |_, _| times * SHARE)
}

fn error(
    name: &str,
    formula: &str,
    solve: impl Fn(&Plane) -> Option<Vector> + Send + Sync + 'static,
    bound: impl Fn(&Plane) -> f64 + Send + Sync + 'static,
) -> Claim<Plane> {
    Claim::bound(name, formula)
        .assuming([Hypothesis::new("0 < a ≤ 1", |it: &Plane, _| {
            Check::that(0.0 < it.entry && it.entry <= 1.0, format!("a = {:e}", it.entry))
        })])
        .measuring_each(move |it: &Plane| Readings::at(1, it.relative_error(solve(it))))
        .predicting(move |it, _| bound(it))
}

fn errors(draw: &mut Draw, _: Effort) -> Content {
    let family = planes();
    let systems: Vec<Plane> = (0..300).map(|i| family.instance(draw, i)).collect();
    let group = |label: &str, solve: fn(&Plane) -> Option<Vector>| {
        let points = systems.iter().map(|it| (1.0 / it.entry, it.relative_error(solve(it))));
        Group::new(label, points.filter(|(_, error)| *error > 1e-18))
    };
    let worst = WORST.map(|(entry, target)| Plane { entry, target });
    let attained = worst.iter().map(|it| (1.0 / it.entry, it.relative_error(by_formula(it))));
    let grid = || (0..=78).map(|i| powf(10.0, f64::from(i) / 10.0));
    Content::Points {
        groups: vec![
            group("formula", by_formula),
            group("elimination", by_elimination),
            Group::new("formula, worst", attained),
        ],
        lines: vec![
            Line::predicted(
                "(3/2)(1 + 1/a) ε",
                grid().map(|c| (c, 1.5 * (1.0 + c) * f64::EPSILON)),
            ),
            Line::predicted("ε", grid().map(|c| (c, f64::EPSILON))),
        ],
    }
}

fn costs(_: &mut Draw, _: Effort) -> Content {
    let dimension = 100;
    let of = |rank: usize| Size { dimension, rank };
    let ranks = || (1..=10).chain((15..=80).step_by(5));
    let direct = of(0).by_elimination();
    Content::Points {
        groups: vec![Group::new(
            "formula, counted",
            ranks().map(|k| (k as f64, of(k).by_formula())),
        )],
        lines: vec![
            Line::predicted(
                "dk² + 3dk + d + k³/3 + k² − k/3",
                (1..=80).map(|k| (f64::from(k), of(k as usize).predicted())),
            ),
            Line::measured("elimination, counted", [1.0, 80.0].map(|k| (k, direct))),
        ],
    }
}
