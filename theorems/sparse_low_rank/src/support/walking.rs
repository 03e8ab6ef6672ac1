//! What is claimed of walks of the simplex method: whether they come back, where they end, and how long they are.

use nalgebra::DVector;
use theoria_algorithms::PivotRule;
use theoria_models::numerics::Fraction;
use theoria_verification::{
    Case, Claim, Content, Draw, Effort, Family, Hypothesis, Line, Reading, Readings,
};

use super::programs::{counted, exact, proved};
use super::walks::{Walk, beale, degenerate_start, klee_minty, klee_minty_vertex, rule_of_bland};

pub(crate) fn cycling(thousandths: i64) -> Family<Walk> {
    Family::single("Beale's programme", move || beale(thousandths, PivotRule::LargestCoefficient))
}

pub(crate) fn returns(name: &str, formula: &str) -> Claim<Walk> {
    Claim::identity(name, formula, 1e-12)
        .assuming([exact(), rule_of_bland()])
        .measuring_each(|at: &Walk| {
            let walked = at.walk();
            // Of a walk that neither ended nor came back nothing is known.
            let came_back = walked.back_after.is_some();
            let known = walked.ended || came_back;
            Readings::at(1, counted(known.then_some(usize::from(came_back))))
        })
        .predicting(|_, _| 0.0)
}

pub(crate) fn optimum_of_beale(name: &str, formula: &str, value: f64) -> Claim<Walk> {
    Claim::identity(name, formula, 1e-12)
        .assuming([exact(), rule_of_bland(), degenerate_start()])
        .on(Family::single("Beale's programme", || beale(0, PivotRule::Bland)))
        .measuring_each(|at: &Walk| Readings::at(1, proved(at.least())))
        .predicting(move |_, _| value)
}

pub(crate) fn period(name: &str, formula: &str) -> Claim<Walk> {
    Claim::identity(name, formula, 1e-12)
        .assuming([exact(), degenerate_start()])
        .measuring_each(|at: &Walk| {
            let walked = at.walk();
            // From the first basis to itself, on the way of which nothing moved.
            let stays = walked.vertices.iter().all(|x| *x == walked.vertices[0]);
            let whole = walked.back_after.filter(|k| stays && k + 1 == walked.vertices.len());
            Readings::at(1, whole.map_or(Reading::NEVER, |k| counted(Some(k))))
        })
        .predicting(|_, _| 6.0)
}

pub(crate) fn pivots(
    name: &str,
    formula: &str,
    rule: PivotRule,
    most: usize,
) -> Claim<Case<PivotRule>> {
    Claim::identity(name, formula, 1e-12)
        .assuming([
            exact(),
            Hypothesis::by_construction("start at 0", "the slacks are the first basis"),
        ])
        .on(Family::cases("Klee and Minty's cube", [rule], |_| "from 0".into()))
        .measuring(2..=most, |rule: &Case<PivotRule>, sizes| {
            sizes.read(|n| {
                let walked = klee_minty(n, rule.value).walk();
                counted(walked.optimal.then(|| walked.vertices.len() - 1))
            })
        })
}

/// Klee and Minty's cube in three dimensions, with the way of the largest coefficient.
pub(crate) fn cube(_: &mut Draw, _: Effort) -> Content {
    let seen = |x: &DVector<Fraction>| {
        let [x, y, z] = [0, 1, 2].map(|i| x[i].nearest() / 5f64.powi(i as i32 + 1));
        (x + 0.35 * y, z + 0.25 * y)
    };
    let corner = |c: usize| seen(&klee_minty_vertex([0, 1, 2].map(|i| c >> i & 1 == 1)));
    let edges = (0..8usize).flat_map(|c| (0..3).map(move |axis| (c, c | 1 << axis)));
    let edges = edges.filter(|(from, to)| from != to);
    // One line with a gap after each edge.
    let gap = (f64::NAN, f64::NAN);
    let edges = edges.flat_map(|(from, to)| [corner(from), corner(to), gap]);
    let way = klee_minty(3, PivotRule::LargestCoefficient).walk().vertices;
    Content::Lines {
        lines: vec![
            Line::measured("largest coefficient", way.iter().map(seen)),
            Line::predicted("edges", edges),
        ],
    }
}

pub(crate) fn fibonacci(n: usize) -> f64 {
    (0..n).fold((0.0, 1.0), |(a, b), _| (b, a + b)).0
}

/// How many pivots either rule takes on Klee and Minty's cube.
pub(crate) fn pivots_on_the_cube(_: &mut Draw, _: Effort) -> Content {
    let line = |label: &str, rule: PivotRule, most: usize| {
        let counts = (2..=most)
            .map(move |n| (n as f64, klee_minty(n, rule).walk().vertices.len() as f64 - 1.0));
        Line::measured(label, counts)
    };
    let told = |label: &str, most: usize, count: fn(usize) -> f64| {
        Line::predicted(label, (2..=most).map(move |n| (n as f64, count(n))))
    };
    Content::Lines {
        lines: vec![
            line("largest coefficient", PivotRule::LargestCoefficient, 8),
            line("Bland's rule", PivotRule::Bland, 10),
            told("2ⁿ − 1", 10, |n| 2f64.powi(n as i32) - 1.0),
            told("2F_{n+1} − 1", 12, |n| 2.0 * fibonacci(n + 1) - 1.0),
        ],
    }
}
