#![doc = include_str!("projected_and_conditional_gradient.md")]

use theoria_algorithms::{
    FrankWolfe, FrankWolfeLineSearch, ProjectedGradient, ProximalGradient, Trajectory,
};
use theoria_elementary::ln;
use theoria_instances::ConstrainedProblem;
use theoria_instances::families::norm_over_the_simplex;
use theoria_models::Minimum;
use theoria_models::Vector;
use theoria_models::objectives::{Constrained, SquaredNorm};
use theoria_models::sets::Simplex;
use theoria_verification::{
    Check, Claim, Content, Curve, Draw, Effort, Family, Figure, Hypothesis, Line, Reading,
    Readings, Theorem,
};

use crate::support::ball::{
    Ball, from_outside, in_the_plane, many_features, nearly_linear, on_diabetes, on_the_ball,
    one_step, slope_over_the_ball,
};
use crate::support::penalised::diabetes_at;
use crate::support::ridge_path::logarithmic;
use crate::support::sphere::factor_on_the_sphere;
use crate::support::started::{
    Started, diabetes_from_zero, features_are_not_zero, slopes, starts_in_numbers, whole_steps,
};

/// Where the two kinds of Frank–Wolfe steps are compared on the diabetes data.
const LONG: usize = 10_000;
/// Either gap wanders: ratios are read off as medians over so many steps.
const WINDOW: usize = 1000;
/// On the diabetes data, by the number of nonzeros of the minimiser: the median of the gap of exact line search over that of fixed steps at the
/// end, and the slopes of lines through the logarithms of both.
const COMPARED: [Compared; 3] = [
    Compared { share: 0.3, factor: 1999.7, fixed: -1.974, searched: -0.963 },
    Compared { share: 0.1, factor: 1427.0, fixed: -1.982, searched: -0.945 },
    Compared { share: 0.03, factor: 1010.2, fixed: -1.987, searched: -0.852 },
];

struct Compared {
    share: f64,
    factor: f64,
    fixed: f64,
    searched: f64,
}

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let simplex = simplex("line_search_on_the_simplex");
    let less = simplex
        .restated("two_percent_less_on_the_simplex", "f(x_N) − f* = 0.98 (1/(N + 1) − 1/d)")
        .on(vertices())
        .predicting(|p, n| 0.98 * (1.0 / (n + 1.0) - 1.0 / p.start().len() as f64));
    let sphere = factor_on_the_sphere();
    let linear = sphere
        .restated("factor_on_the_sphere_to_first_order", "tan falls by 1 − h(l₁ − l₂) in a step")
        .predicting(|at, _| 1.0 - at.step * (at.modes[0] - at.modes[1]));
    Theorem::new(
        "sparse_low_rank/projected_and_conditional_gradient",
        include_str!("projected_and_conditional_gradient.md"),
    )
    .uses("convergence/proximal_gradient", "the bound on proximal steps")
    .uses("convergence/projected_gradient", "the bound on projected steps")
    .uses("convergence/frank_wolfe", "the bound on steps towards vertices, and the simplex")
    .claim(
        proximal("proximal_gradient", "F(a_N) − F* ≤ L R²/(4N)", 4.0)
            .attained_on(slopes(1.0))
            .on(diabetes_from_zero())
            .on(starts_in_numbers().hunted(500))
            .tight_to(0.99),
    )
    .claim(
        projected("projected_gradient", "f(a_N) − f* ≤ L R²/(4N)", 4.0)
            .attained_on(slope_over_the_ball())
            .on(on_diabetes())
            .on(in_the_plane().hunted(500))
            .tight_to(0.99),
    )
    .claim(
        frank_wolfe("frank_wolfe", "f(a_N) − f* ≤ 2C/(N + 2)", 1.0)
            .attained_to(0.749, one_step())
            .on(on_diabetes())
            .on(in_the_plane().hunted(500))
            .tight_to(0.74),
    )
    .claim(
        certificate("gap_is_a_certificate", "f(a) − f* ≤ t|∇f(a)|_∞ + ∇f(a)·a", 1.0)
            .attained_on(nearly_linear())
            .on(on_diabetes())
            .on(in_the_plane().hunted(500))
            .tight_to(0.99),
    )
    .claim(nonzeros("sparse_iterates", "with 2/(k + 2): number of a_j ≠ 0 after N steps ≤ N", Shares::Standard, 0.0).tight_to(0.99))
    .claim(nonzeros("sparse_iterates_that_keep_the_start", "with 2/(k + 3): number of a_j ≠ 0 after N steps ≤ N + 1", Shares::Shorter, 1.0).tight_to(0.99))
    .claim(simplex.on(vertices()))
    .claim(compared("factors_on_diabetes", "median over N from 9001 to 10⁴ of gap of exact line search over that of 2/(k + 2) = 1999.7, 1427.0, 1010.2", |at| at.factor, |(fixed, searched)| median_ratio(searched, fixed)))
    .claim(compared("power_of_fixed_steps_on_diabetes", "slope of log(f(a_N) − f*) against log N, N from 10² to 10⁴: −1.974, −1.982, −1.987", |at| at.fixed, |(fixed, _)| slope(fixed)))
    .claim(compared("power_of_line_search_on_diabetes", "with line search, slope from 10² to 10⁴: −0.963, −0.945, −0.852", |at| at.searched, |(_, searched)| slope(searched)))
    .claim(sphere)
    .control(
        proximal("proximal_gradient_is_faster", "F(a_N) − F* ≤ L R²/(4.08 N)", 4.08)
            .on(slopes(1.0))
            .on(starts_in_numbers().hunted(1500)),
    )
    .control(
        proximal("proximal_gradient_by_shorter_steps", "F(a_N) − F* ≤ L R²/(4N)", 4.0)
            .on(slopes(0.95))
            .violating("steps of 1/L"),
    )
    .control(
        projected("projected_gradient_is_faster", "f(a_N) − f* ≤ L R²/(4.08 N)", 4.08)
            .on(slope_over_the_ball()),
    )
    .control(
        frank_wolfe("frank_wolfe_is_faster", "f(a_N) − f* ≤ 0.73 · 2C/(N + 2)", 0.73)
            .on(one_step())
            .on(in_the_plane().hunted(1500)),
    )
    .control(
        frank_wolfe("frank_wolfe_from_outside", "f(a_N) − f* ≤ 2C/(N + 2)", 1.0)
            .on(from_outside())
            .violating("start in the ball"),
    )
    .control(
        certificate("less_of_the_gap_is_a_certificate", "f(a) − f* ≤ 0.98 (t|∇f(a)|_∞ + ∇f(a)·a)", 0.98)
            .on(nearly_linear())
            .on(in_the_plane().hunted(1000)),
    )
    .control(nonzeros("one_coefficient_less", "with 2/(k + 3): number of a_j ≠ 0 after N steps ≤ N", Shares::Shorter, 0.0))
    .control(line_search_is_ahead("line_search_is_never_slower").on(in_the_plane().hunted(1500)))
    .control(line_search_is_ahead("line_search_is_never_slower_on_diabetes").on(on_diabetes()))
    .control(
        self::simplex("line_search_from_the_middle_of_an_edge")
            .on(Family::single("|x|² over the simplex, from an edge", || from_an_edge(100)))
            .violating("start at a vertex"),
    )
    .control(less)
    .control(linear)
    .figure(
        Figure::log_log("steps", "step N", "(f(a_N) − f*)/f*")
            .caption(
                "Frank–Wolfe on the diabetes data, λ three tenths of the threshold: exact line search crawls along the face like 1/N, \
                 fixed steps cross it, fall like 1/N² and are ahead soon.",
            )
            .showing(steps),
    )
}

fn proximal(name: &str, formula: &str, constant: f64) -> Claim<Started> {
    Claim::bound(name, formula)
        .assuming([features_are_not_zero(), whole_steps()])
        .measuring_each(|at: &Started| {
            let method = ProximalGradient::new(at.step / at.problem.smoothness());
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

fn projected(name: &str, formula: &str, constant: f64) -> Claim<Ball> {
    Claim::bound(name, formula)
        .assuming([inside(), moving()])
        .measuring_each(|at: &Ball| {
            let method = ProjectedGradient::new(1.0 / at.problem.smoothness());
            let run = at.run(method, at.steps, |_| true);
            Readings::over(1..=at.steps, |n| at.gap(&run.points()[n]))
        })
        .predicting(move |at, n| {
            let distance = (&at.problem.start - &at.minimiser).norm_squared();
            at.problem.smoothness() * distance / (constant * n)
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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shares {
    /// 2/(k + 2): the first step goes all the way.
    Standard,
    /// 2/(k + 3): all steps are below 1 and keep the start.
    Shorter,
}

fn nonzeros(name: &str, formula: &str, shares: Shares, more: f64) -> Claim<Ball> {
    Claim::bound(name, formula)
        .assuming([inside()])
        .on(many_features())
        .measuring(1..=40usize, move |at: &Ball, steps| {
            let method = match shares {
                Shares::Standard => FrankWolfe::new(),
                Shares::Shorter => FrankWolfe::with_schedule(|k| 2.0 / (k as f64 + 3.0)),
            };
            let run = at.run(method, 40, |_| true);
            steps.read(|n| {
                let count = run.points()[n].iter().filter(|a| **a != 0.0).count();
                Reading::new(count as f64, 0.0)
            })
        })
        .predicting(move |_, n| n + more)
}

fn vertices() -> Family<ConstrainedProblem> {
    Family::listed("|x|² over the simplex", [100usize, 400], |&d| norm_over_the_simplex(d))
}

fn from_an_edge(d: usize) -> ConstrainedProblem {
    let start = Vector::from_fn(d, |i, _| if i < 2 { 0.5 } else { 0.0 });
    let centre = Vector::from_element(d, 1.0 / d as f64);
    let problem = Constrained::new(SquaredNorm::new(d), Simplex::new(1.0))
        .minimal_at(centre, Minimum::exact(1.0 / d as f64));
    ConstrainedProblem::new(problem, start)
}

/// For N < d.
fn simplex(name: &str) -> Claim<ConstrainedProblem> {
    let vertex = Hypothesis::new("start at a vertex", |p: &ConstrainedProblem, _| {
        let count = p.start().iter().filter(|x| **x != 0.0).count();
        Check::that(count == 1, format!("{count} coordinates are not 0"))
    });
    Claim::identity(name, "f(x_N) − f* = 1/(N + 1) − 1/d", 1e-9)
        .assuming([vertex])
        .measuring(1..90usize, |p: &ConstrainedProblem, steps| {
            let run = Trajectory::of(FrankWolfeLineSearch::new(), p.objective(), p.start(), 90);
            steps.read(|n| p.gap(run.at(n)))
        })
        .predicting(|p, n| 1.0 / (n + 1.0) - 1.0 / p.start().len() as f64)
}

/// After each of so many steps, with fixed steps and with line search.
fn gaps(at: &Ball, steps: usize) -> (Vec<f64>, Vec<f64>) {
    let along = |run: &Trajectory| (1..=steps).map(|n| at.gap(&run.points()[n]).value).collect();
    let fixed = along(&at.run(FrankWolfe::new(), steps, |_| true));
    (fixed, along(&at.run(FrankWolfeLineSearch::new(), steps, |_| true)))
}

/// Whole numbers from `first` to the last step, their logarithms nearly evenly spaced.
fn spread(first: f64, count: usize) -> Vec<usize> {
    let mut steps: Vec<usize> =
        logarithmic(first, LONG as f64, count).iter().map(|n| n.round() as usize).collect();
    steps.dedup();
    steps
}

/// Of the line through the logarithms of 201 gaps from step 100 on.
fn slope(gaps: &[f64]) -> f64 {
    let seen = spread(100.0, 201);
    let points: Vec<(f64, f64)> = seen.iter().map(|&n| (ln(n as f64), ln(gaps[n - 1]))).collect();
    let mean =
        |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / points.len() as f64;
    let (x, y) = (mean(|p| p.0), mean(|p| p.1));
    let product: f64 = points.iter().map(|p| (p.0 - x) * (p.1 - y)).sum();
    product / points.iter().map(|p| (p.0 - x).powi(2)).sum::<f64>()
}

/// The median over the last steps.
fn median_ratio(searched: &[f64], fixed: &[f64]) -> f64 {
    let last = searched.iter().zip(fixed).skip(LONG - WINDOW);
    let mut ratios: Vec<f64> = last.map(|(searched, fixed)| searched / fixed).collect();
    ratios.sort_by(f64::total_cmp);
    f64::midpoint(ratios[WINDOW / 2 - 1], ratios[WINDOW / 2])
}

fn compared(
    name: &str,
    formula: &str,
    told: fn(&Compared) -> f64,
    seen: fn(&(Vec<f64>, Vec<f64>)) -> f64,
) -> Claim<Ball> {
    Claim::identity(name, formula, 2e-3)
        .assuming([inside()])
        .on(on_diabetes())
        .measuring_each(move |at: &Ball| {
            let nonzeros = at.minimiser.iter().filter(|a| **a != 0.0).count();
            Readings::at(nonzeros, seen(&gaps(at, LONG)))
        })
        .predicting(move |at, _| {
            let share = at.weight() / (2.0 * at.problem.products.amax());
            COMPARED.iter().find(|row| (row.share - share).abs() < 1e-6).map_or(0.0, told)
        })
}

fn line_search_is_ahead(name: &str) -> Claim<Ball> {
    let formula = "gap after N steps of exact line search ≤ gap after N steps of 2/(k + 2)";
    Claim::bound(name, formula).assuming([inside()]).experiment(|at: &Ball| {
        let long = at.problem.gram.nrows() > 2;
        let steps = if long { 1000 } else { at.steps };
        let (fixed, searched) = gaps(at, steps);
        let seen: Vec<usize> = (1..=steps).filter(|n| !long || n % 100 == 0).collect();
        Curve::over(seen, |n| Reading::new(searched[n - 1], at.floor()), |n| fixed[n - 1])
    })
}

fn steps(_: &mut Draw, _: Effort) -> Content {
    let at = on_the_ball(&diabetes_at(0.3));
    let (fixed, searched) = gaps(&at, LONG);
    let way = |label: &str, gaps: &[f64]| {
        let seen = spread(1.0, 400).into_iter();
        Line::measured(label, seen.map(|k| (k as f64, (gaps[k - 1] / at.minimum).max(1e-12))))
    };
    let longest = at.problem.gram.diagonal().max();
    let bound = [1.0, 10.0, 100.0, 1000.0, 10_000.0]
        .map(|n| (n, 16.0 * at.problem.radius.powi(2) * longest / (n + 2.0) / at.minimum));
    Content::Lines {
        lines: vec![
            way("exact line search", &searched),
            way("steps 2/(k + 2)", &fixed),
            Line::predicted("2C/(N + 2)", bound),
        ],
    }
}
