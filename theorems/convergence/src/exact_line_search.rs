#![doc = include_str!("exact_line_search.md")]

use theoria_algorithms::ExactLineSearch;
use theoria_elementary::{cos, powf, sin};
use theoria_instances::Problem;
use theoria_instances::families::{
    cycling_quadratic, diagonal_quadratics, misstated, smooth_strongly_convex,
    strongly_convex_functions, strongly_convex_in_the_plane,
};
use theoria_instances::hypotheses::{quadratic, smooth, strongly_convex};
use theoria_models::objectives::Quadratic;
use theoria_models::{Property, Vector};
use theoria_verification::{Claim, Content, Curve, Family, Figure, Line, Theorem};

const STEPS: usize = 30;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let zigzag_loses = exact();
    let zigzag_faster = zigzag_loses
        .restated(
            "zigzag_two_percent_faster",
            "f(x_N) − f* = ((κ − 1)/(κ + 1))^(2.04 N) (f(x₀) − f*)",
        )
        .predicting(|p, n| powf(factor(p), 2.04 * n) * p.gap_at_start());
    Theorem::new("convergence/exact_line_search", include_str!("exact_line_search.md"))
        .uses(
            "convergence/gradient_descent_strongly_convex",
            "the best fixed step contracts the gap, and the line search does no worse",
        )
        .claim(
            every_step(
                "every_step_contracts",
                "f(x_{k+1}) − f* ≤ ((κ − 1)/(κ + 1))² (f(x_k) − f*)",
                2.0,
            )
            .on_all(smooth_strongly_convex())
            .on(cycling_quadratic())
            .on(strongly_convex_functions(2.0..=100.0).hunted(300))
            .on(strongly_convex_in_the_plane(2.0..=100.0).hunted(300))
            .on(diagonal_quadratics(2.0..=1000.0).hunted(1000))
            .attained_on(zigzag())
            .tight_to(0.999),
        )
        .claim(zigzag_loses)
        .control(
            every_step(
                "two_percent_faster",
                "f(x_{k+1}) − f* ≤ ((κ − 1)/(κ + 1))^2.04 (f(x_k) − f*)",
                2.04,
            )
            .on(zigzag()),
        )
        .control(zigzag_faster)
        .control(
            every_step(
                "contraction_with_too_small_a_constant",
                "f(x_{k+1}) − f* ≤ ((κ − 1)/(κ + 1))² (f(x_k) − f*)",
                2.0,
            )
            .on(misstated(diagonal_quadratics(2.0..=100.0), Property::Smoothness, 0.6..=0.9)
                .hunted(1000))
            .violating("smooth"),
        )
        .control(
            every_step(
                "contraction_without_strong_convexity",
                "f(x_{k+1}) − f* ≤ ((κ − 1)/(κ + 1))² (f(x_k) − f*)",
                2.0,
            )
            .on(misstated(diagonal_quadratics(2.0..=1000.0), Property::StrongConvexity, 0.1..=0.9)
                .hunted(1000))
            .violating("strongly convex"),
        )
        .figure(
            Figure::semilog("gap", "step N", "f(x_N) − f*")
                .of("zigzag_attains_it_exactly")
                .caption("From (1/μ, 1/L) every step loses exactly what the bound allows."),
        )
        .figure(
            Figure::linear("path", "x", "y")
                .caption(
                    "From (1/μ, 1/L) every step ends where it touches a level line, and the path goes to and fro between two \
                     straight lines through the minimum.",
                )
                .showing(|_, _| path()),
        )
}

/// `power` is 2 in the theorem.
fn every_step(name: &str, formula: &str, power: f64) -> Claim<Problem> {
    Claim::bound(name, formula).assuming([smooth(), strongly_convex()]).experiment(
        move |p: &Problem| {
            let run = p.run(ExactLineSearch::default(), STEPS);
            let bound = |n| match n {
                // Without it rounding has nothing to be small against where κ = 1.
                0 => p.gap_at_start(),
                _ => powf(factor(p), power) * p.gap(run.at(n - 1)).value,
            };
            Curve::over(0..=STEPS, |n| p.gap(run.at(n)), bound)
        },
    )
}

fn exact() -> Claim<Problem> {
    let formula = "f(x_N) − f* = ((κ − 1)/(κ + 1))²ᴺ (f(x₀) − f*)";
    Claim::identity("zigzag_attains_it_exactly", formula, 1e-9)
        .assuming([smooth(), strongly_convex(), quadratic()])
        .on(zigzag())
        .measuring(1..=STEPS, |p, steps| {
            let run = p.run(ExactLineSearch::default(), STEPS);
            steps.read(|n| p.gap(run.at(n)))
        })
        .predicting(|p, n| factor(p).powi(2 * n as i32) * p.gap_at_start())
}

/// f = (mu x² + L y²)/2 from (1/mu, 1/L), for several mu and L.
fn zigzag() -> Family<Problem> {
    Family::listed("the zigzag", [(1.0, 10.0), (0.5, 100.0), (2.0, 3.0)], |&(mu, l)| {
        let start = Vector::from_vec(vec![1.0 / mu, 1.0 / l]);
        Problem::new(Quadratic::diagonal(&[mu, l]), start)
    })
}

/// The path for κ = 10, and the level lines that its steps end on.
fn path() -> Content {
    const SHOWN: usize = 12;
    let (mu, l) = (0.1, 1.0);
    let start = Vector::from_vec(vec![1.0 / mu, 1.0 / l]);
    let p = Problem::new(Quadratic::diagonal(&[mu, l]), start);
    let run = p.run(ExactLineSearch::default(), SHOWN);
    let level = |n: usize| {
        let size = (2.0 * p.gap(run.at(n)).value).sqrt();
        let angles = (0..=120).map(|i| f64::from(i) * std::f64::consts::TAU / 120.0);
        let points =
            angles.map(|angle| (size / mu.sqrt() * cos(angle), size / l.sqrt() * sin(angle)));
        Line::predicted(&format!("level of x_{n}"), points)
    };
    let mut lines = vec![Line::measured("path", run.points().iter().map(|x| (x[0], x[1])))];
    lines.extend([0, 1, 2, 3].map(level));
    Content::Lines { lines }
}

fn factor(p: &Problem) -> f64 {
    (p.condition_number() - 1.0) / (p.condition_number() + 1.0)
}
