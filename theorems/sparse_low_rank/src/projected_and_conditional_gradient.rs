#![doc = include_str!("projected_and_conditional_gradient.md")]

use theoria_algorithms::{FrankWolfe, FrankWolfeLineSearch, ProximalGradient, Trajectory};
use theoria_instances::ConstrainedProblem;
use theoria_instances::families::{gaussian, gaussian_matrix, norm_over_the_simplex};
use theoria_models::objectives::Lasso;
use theoria_models::{Matrix, Vector};
use theoria_verification::{
    Case, Check, Claim, Content, Curve, Draw, Effort, Family, Figure, Hypothesis, Instance, Line,
    Reading, Readings, Theorem,
};

use crate::support::ball::{Ball, in_the_plane, nearly_linear, on_diabetes, on_the_ball, one_step};
use crate::support::l1_constraint::{L1Constrained, Rule};
use crate::support::penalised::{Penalised, diabetes, diabetes_at, drawn_in_numbers, numbers};

const STEPS: usize = 100;
/// Where the two kinds of Frank–Wolfe steps are compared on the diabetes data.
const LONG: usize = 10_000;
/// By how much the fixed steps are ahead there.
const AHEAD: f64 = 1000.0;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let simplex = simplex();
    let less = simplex
        .restated("two_percent_less_on_the_simplex", "f(x_N) − f* = 0.98 (1/(N + 1) − 1/d)")
        .predicting(|p, n| 0.98 * (1.0 / (n + 1.0) - 1.0 / p.start().len() as f64));
    let sphere = sphere();
    let linear = sphere
        .restated("factor_on_the_sphere_to_first_order", "tan falls by 1 − h(l₁ − l₂) in a step")
        .predicting(|at, _| 1.0 - at.step * (at.modes[0] - at.modes[1]));
    Theorem::new(
        "sparse_low_rank/projected_and_conditional_gradient",
        include_str!("projected_and_conditional_gradient.md"),
    )
    .claim(
        proximal("proximal_gradient", "F(a_N) − F* ≤ L R²/(4N)", 4.0)
            .attained_on(slopes())
            .on(diabetes([0.3, 0.1]).map(from_zero))
            .on(starts_in_numbers().hunted(500))
            .tight_to(0.99),
    )
    .claim(
        frank_wolfe("frank_wolfe", "f(a_N) − f* ≤ 2C/(N + 2)", 1.0)
            .attained_to(0.749, one_step())
            .on(on_diabetes())
            .on(in_the_plane().hunted(500))
            .tight_to(0.7),
    )
    .claim(
        certificate("gap_is_a_certificate", "f(a) − f* ≤ t|∇f(a)|∞ + ∇f(a)·a", 1.0)
            .attained_on(nearly_linear())
            .on(on_diabetes())
            .on(in_the_plane().hunted(500))
            .tight_to(0.99),
    )
    .claim(nonzeros("sparse_iterates", "number of a_j ≠ 0 after N steps ≤ N + 1", 1.0).tight_to(0.99))
    .claim(simplex)
    .claim(fixed_steps_are_ahead())
    .claim(sphere)
    .control(
        proximal("proximal_gradient_is_faster", "F(a_N) − F* ≤ L R²/(4.08 N)", 4.08)
            .on(slopes())
            .on(starts_in_numbers().hunted(1500)),
    )
    .control(
        frank_wolfe("frank_wolfe_is_faster", "f(a_N) − f* ≤ 0.73 · 2C/(N + 2)", 0.73)
            .on(one_step()),
    )
    .control(
        certificate("less_of_the_gap_is_a_certificate", "f(a) − f* ≤ 0.98 (t|∇f(a)|∞ + ∇f(a)·a)", 0.98)
            .on(nearly_linear())
            .on(in_the_plane().hunted(1000)),
    )
    .control(nonzeros("one_coefficient_less", "number of a_j ≠ 0 after N steps ≤ N", 0.0))
    .control(
        line_search_is_ahead("line_search_is_never_slower")
            .on(on_diabetes())
            .on(in_the_plane().hunted(1500)),
    )
    .control(less)
    .control(linear)
    .figure(
        Figure::log_log("steps", "step N", "(f(a_N) − f*)/f*")
            .caption(
                "Frank–Wolfe on the diabetes data, λ three tenths of the threshold: exact line search crawls along the face, \
                 fixed steps cross it and are ahead soon.",
            )
            .showing(steps),
    )
}

/// A LASSO with a start.
struct Started {
    problem: Penalised,
    start: Vector,
    steps: usize,
}

impl Instance for Started {
    fn description(&self) -> String {
        let start = if self.start.len() <= 3 { numbers(self.start.iter()) } else { "0".into() };
        format!("{}, from {start}, {} steps", self.problem.description(), self.steps)
    }
}

fn from_zero(problem: Penalised) -> Started {
    Started { start: Vector::zeros(problem.solution.len()), problem, steps: STEPS }
}

/// X = (1 0), L = 2, y = 0, a_0 = (0, R), λ = LR/(2N): the bound is attained after N steps.
fn slopes() -> Family<Started> {
    Family::listed("slopes", [(1usize, 1.0), (5, 3.0), (20, 1.0)], |&(steps, distance)| {
        let features = Matrix::from_row_slice(1, 2, &[1.0, 0.0]);
        let lasso = Lasso::new(features, Vector::zeros(1), distance / steps as f64);
        let start = Vector::from_vec(vec![0.0, distance]);
        Started { problem: Penalised::new("X = (1 0), y = 0", lasso), start, steps }
    })
}

fn starts_in_numbers() -> Family<Started> {
    Family::drawn("few features and a start in numbers", |draw| {
        let mut problem = drawn_in_numbers(draw);
        let d = problem.solution.len();
        // Weak features leave the kink alone.
        let weak = draw.log_uniform(1e-3, 1.0);
        let features =
            Matrix::from_fn(
                d + 1,
                d,
                |i, j| {
                    if i == 0 && j == 0 { 1.0 } else { weak * draw.normal() }
                },
            );
        let targets = Vector::from_fn(d + 1, |_, _| weak * draw.normal());
        let weight = draw.log_uniform(1e-2, 10.0);
        problem = Penalised::new("drawn", Lasso::new(features, targets, weight));
        let start = Vector::from_fn(d, |_, _| draw.normal());
        Started { problem, start, steps: draw.size(1..=10) }
    })
}

fn not_zero() -> Hypothesis<Started> {
    Hypothesis::new("positive weight, features not all 0", |at: &Started, _| {
        let least = at.problem.lasso.weight().min(at.problem.smoothness());
        Check::that(
            least > 0.0,
            format!("λ = {:.6}, L = {:.6}", at.problem.lasso.weight(), at.problem.smoothness()),
        )
    })
}

fn proximal(name: &str, formula: &str, constant: f64) -> Claim<Started> {
    Claim::bound(name, formula)
        .assuming([not_zero()])
        .measuring_each(|at: &Started| {
            let method = ProximalGradient::new(1.0 / at.problem.smoothness());
            let run = Trajectory::of(method, &at.problem.composite(), &at.start, at.steps);
            Readings::over(1..=at.steps, |n| {
                let a = &run.points()[n];
                let above = at.problem.lasso.value(a) - at.problem.minimum.value;
                Reading::new(above, at.problem.floor(a))
            })
        })
        .predicting(move |at, n| {
            let distance = (&at.start - &at.problem.solution).norm_squared();
            at.problem.smoothness() * distance / (constant * n)
        })
}

fn inside() -> Hypothesis<Ball> {
    Hypothesis::new("start in the ball", |at: &Ball, _| {
        Check::at_most(at.problem.start.lp_norm(1), at.problem.radius, "|a_0|₁, t")
    })
}

fn moving() -> Hypothesis<Ball> {
    Hypothesis::new("start not at the minimiser", |at: &Ball, _| {
        let above = at.gap(&at.problem.start).value;
        Check::at_least(above, 1e3 * at.floor(), "f(a_0) − f*, a thousand roundings")
    })
}

fn frank_wolfe(name: &str, formula: &str, share: f64) -> Claim<Ball> {
    Claim::bound(name, formula)
        .assuming([inside()])
        .measuring_each(|at: &Ball| {
            let run = at.run(FrankWolfe::new(), at.steps, |_| true);
            Readings::over(1..=at.steps, |n| at.gap(&run.points()[n]))
        })
        .predicting(move |at, n| {
            let longest = at.problem.gram.diagonal().max();
            share * 16.0 * at.problem.radius.powi(2) * longest / (n + 2.0)
        })
}

/// At the start and along Frank–Wolfe steps, up to where it has arrived.
fn certificate(name: &str, formula: &str, share: f64) -> Claim<Ball> {
    Claim::bound(name, formula).assuming([inside(), moving()]).experiment(move |at: &Ball| {
        let run = at.run(FrankWolfe::new(), at.steps, |_| true);
        let gap = |a: &Vector| {
            let slope = at.problem.slope(a);
            share * (at.problem.radius * slope.amax() + slope.dot(a))
        };
        let points = run.points();
        let moving =
            points.iter().take_while(|a| at.gap(a).value > 1e3 * at.floor()).count().max(1);
        Curve::over(1..=moving, |i| at.gap(&points[i - 1]), |i| gap(&points[i - 1]))
    })
}

fn nonzeros(name: &str, formula: &str, more: f64) -> Claim<Ball> {
    let family = Family::drawn("60 features of 30 samples", |draw| {
        let (x, y) = (gaussian_matrix(30, 60, draw), gaussian(30, draw) * 30.0);
        let mut ball = Ball {
            problem: L1Constrained {
                name: "60 features of 30 samples".into(),
                gram: x.tr_mul(&x),
                products: x.tr_mul(&y),
                square: y.norm_squared(),
                radius: 2.0,
                rule: Rule::Projection,
                step: 1.0,
                start: Vector::zeros(60),
            },
            minimum: 0.0,
            steps: 40,
        };
        // A vertex that the first step does not choose.
        let idle = ball.problem.products.iamin();
        ball.problem.start[idle] = 2.0;
        ball
    });
    Claim::bound(name, formula)
        .assuming([inside()])
        .on(family)
        .measuring(1..=40usize, |at: &Ball, steps| {
            // Steps below 1 keep the start.
            let method = FrankWolfe::with_schedule(|k| 2.0 / (k as f64 + 3.0));
            let run = at.run(method, 40, |_| true);
            steps.read(|n| {
                let count = run.points()[n].iter().filter(|a| **a != 0.0).count();
                Reading::new(count as f64, 0.0)
            })
        })
        .predicting(move |_, n| n + more)
}

fn simplex() -> Claim<ConstrainedProblem> {
    let vertex = Hypothesis::new("start at a vertex", |p: &ConstrainedProblem, _| {
        let count = p.start().iter().filter(|x| **x != 0.0).count();
        Check::that(count == 1, format!("{count} coordinates are not 0"))
    });
    Claim::identity("line_search_on_the_simplex", "f(x_N) − f* = 1/(N + 1) − 1/d", 1e-9)
        .assuming([vertex])
        .on(Family::listed("|x|² over the simplex", [100usize, 400], |&d| {
            norm_over_the_simplex(d)
        }))
        .measuring(1..90usize, |p: &ConstrainedProblem, steps| {
            let run = Trajectory::of(FrankWolfeLineSearch::new(), p.objective(), p.start(), 90);
            steps.read(|n| p.gap(run.at(n)))
        })
        .predicting(|p, n| 1.0 / (n + 1.0) - 1.0 / p.start().len() as f64)
}

fn last(k: usize) -> bool {
    k == LONG
}

fn fixed_steps_are_ahead() -> Claim<Ball> {
    let formula = format!(
        "after 10⁴ steps: gap with 2/(k + 2) ≤ 1/{AHEAD} of the gap with exact line search"
    );
    Claim::bound("fixed_steps_are_ahead_on_diabetes", &formula)
        .assuming([inside()])
        .on(on_diabetes())
        .experiment(|at: &Ball| {
            let fixed = at.gap(at.run(FrankWolfe::new(), LONG, last).last().point());
            let searched = at.gap(at.run(FrankWolfeLineSearch::new(), LONG, last).last().point());
            Curve::at(LONG as f64, fixed, searched.value / AHEAD)
        })
        .tight_to(0.95)
}

fn line_search_is_ahead(name: &str) -> Claim<Ball> {
    let formula = "gap after N steps of exact line search ≤ gap after N steps of 2/(k + 2)";
    Claim::bound(name, formula).assuming([inside()]).experiment(|at: &Ball| {
        let long = at.problem.gram.nrows() > 2;
        let steps = if long { 1000 } else { at.steps };
        let fixed = at.run(FrankWolfe::new(), steps, |_| true);
        let searched = at.run(FrankWolfeLineSearch::new(), steps, |_| true);
        let seen = (1..=steps).filter(|n| !long || n % 100 == 0);
        Curve::over(
            seen.collect::<Vec<_>>(),
            |n| at.gap(&searched.points()[n]),
            |n| at.gap(&fixed.points()[n]).value,
        )
    })
}

/// Two modes and a step size.
#[derive(Debug, Clone, Copy)]
struct OnSphere {
    modes: [f64; 2],
    step: f64,
}

/// The tangent before and after each step.
fn sphere() -> Claim<Case<OnSphere>> {
    let gap = Hypothesis::new("l₁ > l₂ ≥ 0", |at: &Case<OnSphere>, _| {
        Check::that(at.modes[0] > at.modes[1] && at.modes[1] >= 0.0, format!("l = {:?}", at.modes))
    });
    let cases = [
        OnSphere { modes: [3.0, 2.0], step: 0.5 },
        OnSphere { modes: [1.0, 0.1], step: 0.2 },
        OnSphere { modes: [5.0, 0.0], step: 0.1 },
    ];
    Claim::identity("factor_on_the_sphere", "tan falls by (1 + h l₂)/(1 + h l₁) in a step", 1e-10)
        .assuming([gap])
        .on(Family::cases("two modes", cases, |at| format!("l = {:?}, h = {}", at.modes, at.step)))
        .measuring(1..=20usize, |at: &Case<OnSphere>, steps| {
            let mut x = Vector::from_vec(vec![0.6, 0.8]);
            let mut tangents = vec![x[1] / x[0]];
            for _ in 0..20 {
                let image = Vector::from_vec(vec![at.modes[0] * x[0], at.modes[1] * x[1]]);
                x.axpy(at.step, &image, 1.0);
                x.normalize_mut();
                tangents.push(x[1] / x[0]);
            }
            steps.read(|n| tangents[n] / tangents[n - 1])
        })
        .predicting(|at, _| (1.0 + at.step * at.modes[1]) / (1.0 + at.step * at.modes[0]))
}

fn steps(_: &mut Draw, _: Effort) -> Content {
    let at = on_the_ball(&diabetes_at(0.3));
    let gap = |a: &Vector| (at.gap(a).value / at.minimum).max(1e-12);
    let way = |label: &str, run: &Trajectory| {
        let seen = (1..=5000).filter(|k| k % (1 + k / 40) == 0);
        Line::measured(label, seen.map(|k| (k as f64, gap(&run.points()[k]))))
    };
    let fixed = at.run(FrankWolfe::new(), 5000, |_| true);
    let searched = at.run(FrankWolfeLineSearch::new(), 5000, |_| true);
    let longest = at.problem.gram.diagonal().max();
    let bound = [1.0, 10.0, 100.0, 1000.0, 5000.0]
        .map(|n| (n, 16.0 * at.problem.radius.powi(2) * longest / (n + 2.0) / at.minimum));
    Content::Lines {
        lines: vec![
            way("exact line search", &searched),
            way("steps 2/(k + 2)", &fixed),
            Line::predicted("2C/(N + 2)", bound),
        ],
    }
}
