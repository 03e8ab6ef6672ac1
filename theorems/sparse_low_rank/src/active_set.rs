#![doc = include_str!("active_set.md")]

use nalgebra::DVector;
use theoria_models::numerics::Fraction;
use theoria_models::sets::{ConvexSet, Simplex};
use theoria_models::{Matrix, Vector};
use theoria_references::ConvexProgramme;
use theoria_verification::{
    Check, Claim, Content, Curve, Draw, Effort, Family, Figure, Hypothesis, Instance, Line,
    Reading, Readings, Theorem,
};

use crate::support::programs::{Point, exact, numbers, whole};
use crate::support::quadratic_programs::{
    Path, Started, beale, drawn, feasible_start, half_plane, larger, nearest_on_the_simplex,
    no_step_of_length_0, pentagon, strictly_convex,
};

/// The points of the pentagon's path.
const PATH: [[f64; 2]; 6] =
    [[2.0, 0.0], [2.0, 0.0], [1.0, 0.0], [1.0, 0.0], [1.0, 1.5], [1.4, 1.7]];

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
    let solver = interior_point();
    let more = solver
        .restated("value_is_larger", "f(x*) is 1.02 times that of an interior-point method")
        .predicting(|at, _| 1.02 * by_interior_points(at));
    let all = |claim: Claim<Started>| {
        claim.on(Family::single("pentagon", pentagon)).on(drawn()).on(larger())
    };
    let warm = warm("warm_start", "iterations from the old solution: 2, or 1 if x* stays");
    Theorem::new("sparse_low_rank/active_set", include_str!("active_set.md"))
        .claim(path)
        .claim(multiplier("multiplier_in_the_pentagon", "λ = (4/5, 0, 0, 0, 0)", 0.8))
        .claim(all(decrease("decrease_of_a_step", "f(x) − f(x + s) ≥ sᵀG s/2", 1.0)).tight_to(0.99))
        .claim(all(full_step("decrease_of_a_full_step", "f(x) − f(x + s) = sᵀG s/2 if nothing blocks s")))
        .claim(all(repeats("no_set_twice")))
        .claim(all(certified()))
        .claim(all(growth("growth", "f(x) ≥ f(x*) + (x − x*)ᵀG(x − x*)/2", 1.0)).tight_to(0.99))
        .claim(solver)
        .claim(projection())
        .claim(warm.clone().on(changed("every entry of c grows by less than 1/10", 1000)).on(Family::single("held to a line", || held(1, [1, 0]))))
        .control(other_end)
        .control(multiplier("another_multiplier_in_the_pentagon", "λ = (0.82, 0, 0, 0, 0)", 0.82))
        .control(decrease("a_step_gains_more", "f(x) − f(x + s) ≥ 1.05 sᵀG s/2", 1.05).on(Family::single("pentagon", pentagon)).on(drawn().hunted(60)))
        .control(growth("grows_faster", "f(x) ≥ f(x*) + 1.05 (x − x*)ᵀG(x − x*)/2", 1.05).on(Family::single("pentagon", pentagon)))
        .control(
            repeats("sets_come_back")
                .on(Family::single("Beale's programme", beale))
                .violating("no step of length 0"),
        )
        .control(first_minimiser())
        .control(more)
        .control(warm_elsewhere(&warm))
        .figure(
            Figure::linear("pentagon", "x₁", "x₂")
                .caption(
                    "The path in the pentagon: along the lower edge, up to the upper one that blocks it, and along that one to where it touches a level of f.",
                )
                .showing(picture),
        )
}

/// Exact, or no number where something failed.
fn proved(value: Option<Fraction>) -> Reading {
    value.map_or(Reading::DIVERGED, |value| Reading::new(value.nearest(), 0.0))
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

/// At each point of the path.
fn growth(name: &str, formula: &str, times: f64) -> Claim<Started> {
    Claim::lower_bound(name, formula)
        .assuming(setting())
        .assuming([no_step_of_length_0()])
        .experiment(move |at: &Started| {
            let path = at.path();
            let Some((solution, _)) = solution(at, &path) else {
                return Curve::at(0.0, Reading::DIVERGED, 0.0);
            };
            let least = at.program.value(&solution);
            let above = path.points.iter().enumerate().filter(|(_, x)| **x != solution);
            let rows = above.map(|(k, x)| {
                (k, at.program.value(x) - least.clone(), half_square(at, &(x - &solution)))
            });
            curve(rows.collect(), times)
        })
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

/// Within what the other method is asked for.
fn interior_point() -> Claim<Started> {
    Claim::identity(
        "interior_point_finds_the_same",
        "f(x*), and that of an interior-point method",
        1e-6,
    )
    .assuming(setting())
    .on(Family::single("pentagon", pentagon))
    .on(drawn())
    .measuring_each(|at: &Started| {
        let found = solution(at, &at.path()).map(|(x, _)| at.program.value(&x));
        Readings::at(1, proved(found))
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

/// A programme whose slope changes.
struct Changed {
    before: Started,
    slope: Point,
}

impl Instance for Changed {
    fn description(&self) -> String {
        format!("{}, c changed", self.before.description())
    }
}

impl Changed {
    /// From the same start as before.
    fn cold(&self) -> Started {
        self.before.with_slope(self.slope.clone())
    }
}

fn equalities(path: &Path) -> Vec<usize> {
    let mut set = path.sets.last().cloned().unwrap_or_default();
    set.sort_unstable();
    set
}

/// The constraints with equality at both solutions are the same.
fn same_set() -> Hypothesis<Changed> {
    Hypothesis::new("the same working set at the solution", |at: &Changed, _| {
        let sets = [at.before.path(), at.cold().path()].map(|path| equalities(&path));
        Check::that(sets[0] == sets[1], format!("{:?} and {:?}", sets[0], sets[1]))
    })
}

fn warm(name: &str, formula: &str) -> Claim<Changed> {
    Claim::identity(name, formula, 1e-12)
        .assuming([exact(), same_set()])
        .measuring_each(|at: &Changed| {
            let path = at.before.continued(at.slope.clone()).path();
            let count = path.multipliers.is_some().then(|| Fraction::from(path.moved.len() as i64));
            Readings::at(1, proved(count))
        })
        .predicting(|at, _| {
            let (before, after) = (at.before.path(), at.cold().path());
            if before.last() == after.last() { 1.0 } else { 2.0 }
        })
}

/// Every entry of c, which is at most 30, by 1 to 99 of these parts of 1.
fn changed(name: &str, part: i64) -> Family<Changed> {
    Family::drawn(name, move |draw| {
        let before = drawn().instance(draw, 0);
        let d = before.start.len();
        let change = |draw: &mut Draw| whole(draw, 1, 99) / Fraction::from(part);
        let slope = DVector::from_fn(d, |i, _| before.program.slope()[i].clone() + change(draw));
        Changed { before, slope }
    })
}

/// |x|²/2 with x₁ ≥ b, to which half of this is added along x.
fn held(bound: i64, twice: [i64; 2]) -> Changed {
    let before = half_plane(bound);
    let slope = numbers(&twice).map(|entry| entry / Fraction::from(2));
    Changed { before, slope }
}

/// The minimum without constraints moves to the other side of the pentagon.
fn warm_elsewhere(warm: &Claim<Changed>) -> Claim<Changed> {
    let family = Family::single("pentagon, other side", || Changed {
        before: pentagon(),
        slope: numbers(&[-10, 1]),
    });
    warm.restated("warm_start_elsewhere", "iterations from the old solution: 2, or 1 if x* stays")
        .on(family)
        .on(Family::single("equality at both solutions", || held(0, [2, -2])))
        .violating("the same working set at the solution")
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
        let points = angles.map(move |t| (1.0 + radius * t.cos(), 2.5 + radius * t.sin()));
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
