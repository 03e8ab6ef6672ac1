#![doc = include_str!("active_set.md")]

use theoria_elementary::{cos, sin};
use theoria_models::numerics::Fraction;
use theoria_models::sets::{ConvexSet, Simplex};
use theoria_models::{Matrix, Vector};
use theoria_references::ConvexProgramme;
use theoria_verification::{
    Check, Claim, Content, Curve, Draw, Effort, Family, Figure, Hypothesis, Line, Reading,
    Readings, Theorem,
};

use crate::support::karush::{in_the_pentagon, on_the_edge, stationary};
use crate::support::programs::{Point, exact, numbers, proved, whole};
use crate::support::quadratic_programs::{
    Path, Started, beale, drawn, feasible_start, half_line, half_plane, larger, moved_constraints,
    nearest_on_the_simplex, no_step_of_length_0, pentagon, strictly_convex,
};
use crate::support::warm_starts::{changed, held, iterations, warm, warm_elsewhere};

/// The points of the pentagon's path.
const PATH: [[f64; 2]; 6] =
    [[2.0, 0.0], [2.0, 0.0], [1.0, 0.0], [1.0, 0.0], [1.0, 1.5], [1.4, 1.7]];

/// How often few iterations are enough: from 0, and from the old solution.
const FEW: [f64; 2] = [0.87, 0.77];

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let path = path(
        "path_in_the_pentagon",
        "x_k = (2, 0), (2, 0), (1, 0), (1, 0), (1, 3/2), (7/5, 17/10)",
    );
    let other_end = path
        .restated(
            "path_to_another_end",
            "x_k = (2, 0), (2, 0), (1, 0), (1, 0), (1, 3/2), (1.43, 1.715)",
        )
        .predicting(|_, k| if k < 10.0 { coordinate(k) } else { [1.43, 1.715][k as usize - 10] });
    let solver = interior_point("interior_point_finds_the_same")
        .on(Family::single("pentagon", pentagon))
        .on(drawn());
    let more = solver
        .restated("value_is_larger", "f(x*) is 1.02 times that of an interior-point method")
        .predicting(|at, _| 1.02 * by_interior_points(at));
    let all = |claim: Claim<Started>| {
        claim.on(Family::single("pentagon", pentagon)).on(drawn()).on(larger())
    };
    let above = above("growth", "f(x) − f(x*) = λ·(A x − b) + (x − x*)ᵀG(x − x*)/2", 1.0);
    let grows_faster =
        self::above("grows_faster", "f(x) − f(x*) = λ·(A x − b) + 1.02 (x − x*)ᵀG(x − x*)/2", 1.02)
            .on(Family::single("pentagon", pentagon));
    let warm = warm("warm_start", "iterations from the old solution: 2, or 1 if x* stays");
    let shares = |[cold, warm]: [f64; 2]| {
        format!(
            "P(at most 10 iterations from 0) ≥ {cold}, P(at most 2 from the old solution) ≥ {warm}"
        )
    };
    let counts = iterations("iterations_of_random_programmes", &shares(FEW), FEW);
    let fewer = |name: &str, least: [f64; 2]| {
        counts.restated(name, &shares(least)).predicting(move |_, which| least[which as usize - 1])
    };
    let fewer_cold = fewer("iterations_from_0_are_fewer", [0.97, FEW[1]]);
    let fewer_warm = fewer("iterations_from_the_old_solution_are_fewer", [FEW[0], 0.9]);
    Theorem::new("sparse_low_rank/active_set", include_str!("active_set.md"))
        .uses(
            "sparse_low_rank/linear_programs",
            "multipliers prove a solution; Beale's programme cycles",
        )
        .claim(path)
        .claim(multiplier("multiplier_in_the_pentagon", "λ = (4/5, 0, 0, 0, 0)", 0.8))
        .claim(all(decrease("decrease_of_a_step", "f(x) − f(x + s) ≥ sᵀG s/2", 1.0)).tight_to(0.99))
        .claim(all(full_step("decrease_of_a_full_step", "f(x) − f(x + s) = sᵀG s/2 if nothing blocks s")))
        .claim(all(repeats("no_set_twice")))
        .claim(all(certified()))
        .claim(all(above))
        .claim(on_the_face("growth_on_the_face").on(Family::single("pentagon", pentagon)).on(Family::single("half plane", || half_plane(1).with_slope(numbers(&[0, 1])))))
        .claim(stationary("stationary_point_is_the_solution").on(in_the_pentagon(1)).on(on_the_edge()))
        .claim(solver)
        .claim(projection())
        .claim(warm.clone().on(changed("every entry of c grows by less than 1/10", 1000)).on(Family::single("held to a line", || held(1, [1, 0]))))
        .claim(counts)
        .control(other_end)
        .control(multiplier("another_multiplier_in_the_pentagon", "λ = (0.82, 0, 0, 0, 0)", 0.82))
        .control(decrease("a_step_gains_more", "f(x) − f(x + s) ≥ 1.05 sᵀG s/2", 1.05).on(Family::single("pentagon", pentagon)).on(drawn().hunted(60)))
        .control(grows_faster)
        .control(on_the_face("growth_off_the_face").on(Family::single("blocked", blocked)).violating("a point on the face"))
        .control(stationary("stationary_point_without_convexity").on(in_the_pentagon(-1)).violating("G positive definite"))
        .control(
            repeats("sets_come_back")
                .on(Family::single("Beale's programme", beale))
                .violating("no step of length 0"),
        )
        .control(first_minimiser())
        .control(more)
        .control(interior_point("end_from_outside").on(moved_constraints()).violating("feasible start, independent working set"))
        .control(warm_elsewhere(&warm))
        .control(fewer_cold)
        .control(fewer_warm)
        .figure(
            Figure::linear("pentagon", "x₁", "x₂")
                .caption(
                    "The path in the pentagon: along the lower edge, up to the upper one that blocks it, and along that one to where it touches a level of f.",
                )
                .showing(picture),
        )
}

fn setting() -> [Hypothesis<Started>; 3] {
    [exact(), strictly_convex(), feasible_start()]
}

/// First coordinates at even, second ones at odd numbers.
fn coordinate(k: f64) -> f64 {
    PATH[k as usize / 2][k as usize % 2]
}

fn path(name: &str, formula: &str) -> Claim<Started> {
    Claim::identity(name, formula, 1e-12)
        .assuming(setting())
        .on(Family::single("pentagon", pentagon))
        .measuring(0..12usize, |at: &Started, places| {
            let points = at.path().points;
            places.read(|k| proved(points.get(k / 2).map(|x| x[k % 2].clone())))
        })
        .predicting(|_, k| coordinate(k))
}

fn multiplier(name: &str, formula: &str, first: f64) -> Claim<Started> {
    Claim::identity(name, formula, 1e-12)
        .assuming(setting())
        .on(Family::single("pentagon", pentagon))
        .measuring(0..5usize, |at: &Started, places| {
            let multipliers = at.path().multipliers;
            places.read(|i| proved(multipliers.as_ref().map(|l| l[i].clone())))
        })
        .predicting(move |_, i| if i == 0.0 { first } else { 0.0 })
}

/// sᵀG s/2
fn half_square(at: &Started, s: &Point) -> Fraction {
    (at.program.value(s) + at.program.value(&s.map(|x| -x))) / Fraction::from(2)
}

/// The value lost in each step that moves, and half its square in G; only full steps if asked so.
fn steps(at: &Started, full: bool) -> Vec<(usize, Fraction, Fraction)> {
    let path = at.path();
    let pairs = path.points.windows(2).zip(&path.moved).enumerate();
    pairs
        .filter(|(_, (_, moved))| moved.is_some_and(|blocked| !(full && blocked)))
        .map(|(k, (pair, _))| {
            let lost = at.program.value(&pair[0]) - at.program.value(&pair[1]);
            (k, lost, half_square(at, &(&pair[1] - &pair[0])))
        })
        .collect()
}

fn curve(points: Vec<(usize, Fraction, Fraction)>, times: f64) -> Curve {
    let row = |(k, seen, told): (usize, Fraction, Fraction)| {
        (k, proved(Some(seen)), times * told.nearest())
    };
    points.into_iter().map(row).collect()
}

fn decrease(name: &str, formula: &str, times: f64) -> Claim<Started> {
    Claim::lower_bound(name, formula)
        .assuming(setting())
        .experiment(move |at: &Started| curve(steps(at, false), times))
}

fn full_step(name: &str, formula: &str) -> Claim<Started> {
    Claim::identity(name, formula, 1e-12)
        .assuming(setting())
        .assuming([Hypothesis::new("a step that nothing blocks", |at: &Started, _| {
            let count = steps(at, true).len();
            Check::that(count > 0, format!("{count} such steps"))
        })])
        .experiment(|at: &Started| curve(steps(at, true), 1.0))
}

fn repeats(name: &str) -> Claim<Started> {
    Claim::identity(name, "working sets that are minimised over twice: 0", 1e-12)
        .assuming(setting())
        .assuming([no_step_of_length_0()])
        .measuring_each(|at: &Started| {
            let path = at.path();
            let ended = path.repeats() || path.multipliers.is_some();
            let count = ended.then(|| Fraction::from(i64::from(path.repeats())));
            Readings::at(1, proved(count))
        })
        .predicting(|_, _| 0.0)
}

/// The solution with its multipliers, if that is what they are.
fn solution(at: &Started, path: &Path) -> Option<(Point, Point)> {
    let multipliers = path.multipliers.clone()?;
    at.program.is_solution(path.last(), &multipliers).then(|| (path.last().clone(), multipliers))
}

fn certified() -> Claim<Started> {
    Claim::identity("solution_with_its_dual", "f(x*) − the value of the dual at λ ≥ 0, = 0", 1e-12)
        .assuming(setting())
        .assuming([no_step_of_length_0()])
        .measuring_each(|at: &Started| {
            let gap = solution(at, &at.path()).and_then(|(x, multipliers)| {
                Some(at.program.value(&x) - at.program.dual_value(&multipliers)?)
            });
            Readings::at(1, proved(gap))
        })
        .predicting(|_, _| 0.0)
}

/// At the points of the path before the solution: f(x) − f(x*), λ·(A x − b), (x − x*)ᵀG(x − x*)/2.
fn excess(at: &Started) -> Option<Vec<(usize, [Fraction; 3])>> {
    let path = at.path();
    let (solution, multipliers) = solution(at, &path)?;
    let least = at.program.value(&solution);
    let above = path.points.iter().enumerate().filter(|(_, x)| **x != solution);
    let parts = above.map(|(k, x)| {
        let slack = at.program.slack(x);
        let pushed = (0..slack.len()).map(|i| slack[i].clone() * multipliers[i].clone()).sum();
        let seen = at.program.value(x) - least.clone();
        (k, [seen, pushed, half_square(at, &(x - &solution))])
    });
    Some(parts.collect())
}

fn above(name: &str, formula: &str, times: f64) -> Claim<Started> {
    Claim::identity(name, formula, 1e-12)
        .assuming(setting())
        .assuming([no_step_of_length_0()])
        .experiment(move |at: &Started| {
            let Some(rows) = excess(at) else { return Curve::at(0.0, Reading::DIVERGED, 0.0) };
            let row = |(k, [seen, pushed, bent]): (usize, [Fraction; 3])| {
                (k, proved(Some(seen)), pushed.nearest() + times * bent.nearest())
            };
            rows.into_iter().map(row).collect()
        })
}

/// At the points of the path where every constraint that has a multiplier holds with equality, or at all where there is none.
fn on_the_face(name: &str) -> Claim<Started> {
    let none = Fraction::from(0);
    let face = move |at: &Started| -> Vec<(usize, [Fraction; 3])> {
        let rows = excess(at).unwrap_or_default();
        rows.into_iter().filter(|(_, parts)| parts[1] == none).collect()
    };
    let of = face.clone();
    Claim::identity(name, "on the face: f(x) = f(x*) + (x − x*)ᵀG(x − x*)/2", 1e-12)
        .assuming(setting())
        .assuming([no_step_of_length_0()])
        .assuming([Hypothesis::new("a point on the face", move |at: &Started, _| {
            let count = of(at).len();
            Check::that(count > 0, format!("{count} points of the path"))
        })])
        .experiment(move |at: &Started| {
            let mut rows = face(at);
            if rows.is_empty() {
                rows = excess(at).unwrap_or_default();
            }
            let row = |(k, [seen, _, bent]): (usize, [Fraction; 3])| (k, seen, bent);
            curve(rows.into_iter().map(row).collect(), 1.0)
        })
}

/// (x − 3)²/2 with x ≤ 1, from 0.
fn blocked() -> Started {
    half_line(-3)
}

fn rounded(v: &Point) -> Vector {
    Vector::from_iterator(v.len(), v.iter().map(Fraction::nearest))
}

fn by_interior_points(at: &Started) -> f64 {
    let nearest = |m: &nalgebra::DMatrix<Fraction>| {
        Matrix::from_fn(m.nrows(), m.ncols(), |i, j| m[(i, j)].nearest())
    };
    let program = &at.program;
    ConvexProgramme::quadratic(nearest(program.curvature()), rounded(program.slope()))
        .at_most(&-nearest(program.rows()), &-rounded(program.right()))
        .solve()
        .map_or(f64::NAN, |solution| solution.value)
}

/// Where the method says that it is solved, within what the other method is asked for.
fn interior_point(name: &str) -> Claim<Started> {
    Claim::identity(name, "f where it ends, and f(x*) of an interior-point method", 1e-6)
        .assuming(setting())
        .measuring_each(|at: &Started| {
            let path = at.path();
            let ended = path.multipliers.is_some().then(|| at.program.value(path.last()));
            Readings::at(1, proved(ended))
        })
        .predicting(|at, _| by_interior_points(at))
}

/// The coordinates, against those by sorting.
fn projection() -> Claim<Started> {
    let family = Family::drawn("nearest points of the simplex", |draw| {
        let d = draw.size(2..=6);
        let eighths = |draw: &mut Draw| whole(draw, -12, 12) / Fraction::from(8);
        nearest_on_the_simplex(&Point::from_iterator(d, (0..d).map(|_| eighths(draw))))
    });
    Claim::identity("nearest_point_of_the_simplex", "x* = projection of −c by sorting", 1e-12)
        .assuming(setting())
        .on(family)
        .experiment(|at: &Started| {
            let found = solution(at, &at.path()).map(|(x, _)| x);
            let mut sorted = -rounded(at.program.slope());
            Simplex::new(1.0).project(&mut sorted);
            Curve::over(
                0..sorted.len(),
                |i| proved(found.as_ref().map(|x| x[i].clone())),
                |i| sorted[i],
            )
        })
}

fn first_minimiser() -> Claim<Started> {
    let to = |entries: &[i64]| nearest_on_the_simplex(&numbers(entries));
    Claim::identity(
        "first_minimiser_is_the_solution",
        "f at the first minimiser of a working set = f(x*)",
        1e-12,
    )
    .assuming(setting())
    .on(Family::single("pentagon", pentagon))
    .on(Family::single("nearest point of the simplex", move || to(&[1, 2, 3])))
    .experiment(|at: &Started| {
        let path = at.path();
        let first = path.first_minimiser().map(|x| at.program.value(x));
        Curve::at(1.0, proved(first), at.program.value(path.last()).nearest())
    })
}

fn picture(_: &mut Draw, _: Effort) -> Content {
    let corners = [(0.0, 0.0), (2.0, 0.0), (4.0, 1.0), (2.0, 2.0), (0.0, 1.0), (0.0, 0.0)];
    let circle = |radius: f64| {
        let angles = (0..=120).map(|k| f64::from(k) * std::f64::consts::TAU / 120.0);
        let points = angles.map(move |t| (1.0 + radius * cos(t), 2.5 + radius * sin(t)));
        Line::predicted("levels of f", points)
    };
    let points = pentagon().path().points;
    let way = points.iter().map(|x| (x[0].nearest(), x[1].nearest()));
    Content::Lines {
        lines: vec![
            Line::predicted("constraints", corners),
            circle(0.8f64.sqrt()),
            circle(1.6),
            Line::measured("path", way),
        ],
    }
}
