#![doc = include_str!("heavy_ball.md")]

use theoria_algorithms::{HeavyBall, Trajectory};
use theoria_elementary::{exp, ln, powf};
use theoria_instances::Problem;
use theoria_instances::families::{
    cycling_quadratic, diagonal_quadratics, misstated, parabolas, quadratics,
    smooth_convex_functions, smooth_strongly_convex, stiff_modes, strongly_convex_functions,
    two_modes,
};
use theoria_instances::hypotheses::{quadratic, smooth, strongly_convex};
use theoria_instances::sequences::geometric;
use theoria_models::numerics::maximum;
use theoria_models::objectives::{CyclingQuadratic, PiecewiseQuadratic};
use theoria_models::{Matrix, Property, Vector};
use theoria_verification::{
    Claim, Content, Curve, Family, Figure, Group, Line, Reading, Readings, Theorem,
};

use crate::support::{
    FIRST, OSCILLATES, longest_steps, momenta, too_little_momentum, with_any_momentum,
};

const STEPS: usize = 200;
/// Steps after which the start of a run between two slopes is forgotten.
const SETTLED: usize = 500;
/// When a run that converges has come close.
const LATE: usize = 300;

const CONVERGES: &str = "|x₃₀₀ − x*| ≤ |x₀ − x*| for every such f";
/// Between two slopes: from when to when a run is followed. By then it repeats itself on another scale.
const FOLLOWED: [usize; 2] = [LATE, 900];
/// Sizes are taken over so many steps, for iterates change sign.
const PHASES: usize = 12;
/// Condition numbers with a slope to the left, over L, with which the run diverges.
const DIVERGING: [(f64, f64); 5] =
    [(74.0, 0.31425), (80.0, 0.3135), (100.0, 0.31175), (300.0, 0.307), (1000.0, 0.3055)];
/// What the page says of a condition number of 100.
const A_STEP: f64 = 1.032;
/// Long enough for the cycle to be reached to rounding.
const LONG: usize = 3000;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let radius = spectral_radius();
    let beta = radius
        .restated("spectral_radius_two_percent_smaller", "max |eigenvalue| = 0.98 √β")
        .predicting(|p, _| 0.98 * root_of_momentum(p));
    let optimal = distance("optimal_on_quadratics").attained_on(stiff_modes());
    let without = optimal
        .restated("without_the_factor_n", "|x_N − x*| ≤ 2 √βᴺ |x₀ − x*|")
        .predicting(|p, n| 2.0 * root_of_momentum(p).powi(n as i32) * p.distance_at_start());
    let smaller = optimal
        .restated(
            "factor_n_two_percent_smaller",
            "|x_N − x*| ≤ (1 + 0.98 (1 + √β) N) √βᴺ |x₀ − x*|",
        )
        .predicting(|p, n| largest_distance(p, n, 0.98));
    let safe = safe("safe_parameters").attained_on(parabolas());
    let faster = safe
        .restated(
            "safe_parameters_two_percent_faster",
            "f(x_N) − f* ≤ (1 − μh)^(1.02 N) (f(x₀) − f*)",
        )
        .predicting_from(safe_rate, |(factor, at_start), n| powf(*factor, 1.02 * n) * at_start);
    let grows = size(
        "distance_grows_by_three_percent",
        "|x₉₀₀| ≥ 1.032⁶⁰⁰ |x₃₀₀| for κ = 100",
        Claim::lower_bound,
    )
    .on(Family::listed("0.31 L to the left", [100.0], |&condition| {
        between(condition, 0.31 * condition)
    }))
    .predicting_from(settled_size, |settled, _| settled * A_STEP.powi(600));
    let grows_more = grows
        .restated("distance_grows_by_more", "|x₉₀₀| ≥ 1.034⁶⁰⁰ |x₃₀₀| for κ = 100")
        .predicting_from(settled_size, |settled, _| settled * (A_STEP + 0.002).powi(600));
    Theorem::new("convergence/heavy_ball", include_str!("heavy_ball.md"))
        .uses(
            "convergence/gradient_descent_strongly_convex",
            "modes of a quadratic have factors of their own, here roots of a quadratic equation",
        )
        .claim(radius)
        .claim(
            optimal
                .on(quadratics())
                .on(two_modes())
                .on(diagonal_quadratics(2.0..=1000.0).hunted(1000))
                .tight_to(0.999),
        )
        .claim(
            with_any_momentum("distance_with_any_momentum", "|x_N − x*| ≤ (1 + (1 + √β) N) √βᴺ |x₀ − x*| for any such h, β", 1.0)
                .attained_on(longest_steps())
                .on(momenta())
                .tight_to(0.999),
        )
        .claim(cycle())
        .claim(
            safe.on_all(smooth_strongly_convex())
                .on(cycling_quadratic())
                .on(strongly_convex_functions(1.0..=100.0).hunted(1000))
                .tight_to(0.999),
        )
        .claim(grows.tight_to(0.5))
        .claim(
            size("two_slopes_diverge", "|x₉₀₀| ≥ |x₃₀₀| for κ ≥ 74", Claim::lower_bound)
                .on(Family::listed("74 to 1000", DIVERGING, |&(condition, left)| between(condition, left * condition)))
                .tight_to(0.3),
        )
        .claim(
            size("two_slopes_converge_at_73", "|x₉₀₀| ≤ |x₃₀₀| for κ = 73", Claim::bound)
                .on(Family::listed("κ = 73, slopes to the left", (0..=200).map(|i| 0.25 + 0.0005 * f64::from(i) + 0.00025), |left| {
                    between(73.0, 73.0 * left)
                }))
                .tight_to(0.8),
        )
        .control(beta)
        .control(grows_more)
        .control(without)
        .control(smaller)
        .control(
            distance("converges_beyond_quadratics").on(cycling_quadratic()).violating("quadratic"),
        )
        .control(
            with_any_momentum(
                "any_momentum_two_percent_faster",
                "|x_N − x*| ≤ (1 + 0.98 (1 + √β) N) √βᴺ |x₀ − x*| for any such h, β",
                0.98,
            )
            .on(longest_steps()),
        )
        .control(
            with_any_momentum(
                "any_momentum_however_little",
                "|x_N − x*| ≤ (1 + (1 + √β) N) √βᴺ |x₀ − x*| for any such h, β",
                1.0,
            )
            .on(too_little_momentum())
            .violating(OSCILLATES),
        )
        .control(faster)
        .control(stays("optimal_parameters_converge", CONVERGES).on(strongly_convex_functions(20.0..=72.0).hunted(4000)))
        .control(size("two_slopes_converge", "|x₉₀₀| ≤ |x₃₀₀| for every such f", Claim::bound).on(two_slopes().hunted(1000)))
    .control(self::safe("safe_parameters_with_too_small_a_constant").on(misstated(strongly_convex_functions(10.0..=100.0), Property::Smoothness, 0.11..=0.9).hunted(1000)).violating("smooth"))
    .control(self::safe("safe_parameters_without_strong_convexity").on(misstated(smooth_convex_functions(), Property::StrongConvexity, 0.01..=0.9).hunted(1000)).violating("strongly convex"))
        .figure(
            Figure::semilog("distance", "step N", "|x_N − x*|")
                .of("optimal_on_quadratics")
                .of("converges_beyond_quadratics")
                .caption(
                    "On quadratics the distance stays below its bound; on the piecewise quadratic \
                     the run cycles.",
                ),
        )
        .figure(
            Figure::semilog("momentum", "step N", "|x_N − x*|")
                .of("distance_with_any_momentum")
                .along("momentum β", "momenta along the slider", FIRST)
                .caption(
                    "A quadratic with κ = 100 and h = 1/L: with little momentum the flat mode creeps, and the bound does not hold; at \
                     0.81 = (1 − 1/√κ)² the rate is best, and more momentum makes it worse again.",
                ),
        )
        .figure(
            Figure::semilog_x("growth", "condition number κ", "factor a step")
                .showing(|_, _| growth())
                .caption(
                    "Between a slope of L to the right and the worst one to the left the distance grows by a constant factor a step, from about κ = 73 on.",
                ),
        )
        .figure(
            Figure::linear("cycle", "step N", "x_N")
                .of("cycle_of_three_points")
                .caption("Once settled, the run visits the same three points for ever."),
        )
        .figure(
            Figure::linear("basins", "start x₀", "largest of the last three |x|")
                .showing(|_, _| basins())
                .caption(
                    "Which starts lead to the minimum and which into the cycle changes from interval to interval.",
                ),
        )
}

/// That the run is no farther from the minimum in the end than it was at the start.
fn stays(name: &str, formula: &str) -> Claim<Problem> {
    Claim::bound(name, formula)
        .assuming([smooth(), strongly_convex()])
        .measuring([LATE], |p: &Problem, steps| {
            let run = p.run(HeavyBall::optimal(p.smoothness(), p.strong_convexity()), LATE);
            steps.read(|n: usize| p.distance(run.at(n)))
        })
        .predicting(|p, _| p.distance_at_start())
}

/// The largest of the last few distances after 900 steps; after 300 is what is predicted.
fn size(name: &str, formula: &str, kind: fn(&str, &str) -> Claim<Problem>) -> Claim<Problem> {
    kind(name, formula)
        .assuming([smooth(), strongly_convex()])
        .measuring([FOLLOWED[1]], |p: &Problem, steps| {
            let run = p.run(HeavyBall::optimal(p.smoothness(), p.strong_convexity()), FOLLOWED[1]);
            steps.read(|n| largest_of_the_last(&run, n))
        })
        .predicting_from(settled_size, |settled, _| *settled)
}

fn settled_size(p: &Problem) -> f64 {
    let run = p.run(HeavyBall::optimal(p.smoothness(), p.strong_convexity()), FOLLOWED[0]);
    largest_of_the_last(&run, FOLLOWED[0])
}

fn largest_of_the_last(run: &Trajectory, n: usize) -> f64 {
    let last = n + 1 - PHASES..=n;
    last.map(|k| run.points().get(k).map_or(f64::NAN, |x| x[0].abs())).fold(0.0, maximum)
}

/// f'(x) = L x to the right of 0 and s x to the left, s between μ and L, and μ beyond where the run comes.
fn two_slopes() -> Family<Problem> {
    Family::drawn("two slopes", |draw| {
        let condition = draw.log_uniform(73.2, 1000.0);
        between(condition, draw.log_uniform(1.0, condition))
    })
}

fn between(condition: f64, left: f64) -> Problem {
    let far = 1e100;
    let f = PiecewiseQuadratic::with_curvatures(&[-far, 0.0], &[1.0, left, condition], 0.0);
    Problem::new(f, Vector::from_element(1, 1.0))
}

/// Where the runs from many starts are after [`LATE`] steps, on the function with the cycle.
fn basins() -> Content {
    let ends = (0..=1200).map(|i| 0.005 * f64::from(i)).map(|start| {
        let p = Problem::new(CyclingQuadratic, Vector::from_element(1, start));
        let run = p.run(HeavyBall::optimal(25.0, 1.0), LATE);
        let last = run.points().iter().rev().take(3);
        (start, last.map(|x| x[0].abs()).fold(0.0, maximum))
    });
    Content::Points { groups: vec![Group::new("a start", ends)], lines: Vec::new() }
}

/// By which factor the distance grows a step between two slopes, for the slope to the left for which it grows fastest: the function is
/// homogeneous, so in the end the run repeats itself on another scale.
fn growth() -> Content {
    let worst = |condition: f64| {
        // The worst slope is near 0.31 L, and is a narrow one.
        let slopes = geometric(1.0, condition, 100).into_iter().chain(geometric(
            0.29 * condition,
            0.33 * condition,
            200,
        ));
        slopes.map(|left| factor(condition, left)).fold(0.0, maximum)
    };
    let conditions = geometric(20.0, 2000.0, 60);
    let factors = conditions.iter().map(|&condition| (condition, worst(condition)));
    Content::Lines {
        lines: vec![
            Line::measured("two slopes", factors),
            Line::predicted(
                "quadratics",
                conditions.iter().map(|&condition| {
                    (condition, (condition.sqrt() - 1.0) / (condition.sqrt() + 1.0))
                }),
            ),
        ],
    }
}

/// Of the run for L = κ and μ = 1 between the slopes κ and `left`, brought back to the same size after every step.
fn factor(condition: f64, left: f64) -> f64 {
    let root = condition.sqrt();
    let (h, momentum) = (4.0 / (1.0 + root).powi(2), ((root - 1.0) / (root + 1.0)).powi(2));
    let (mut before, mut here, mut grown) = (1.0f64, 1.0f64, 0.0);
    for step in 0..2 * SETTLED {
        let slope = if here > 0.0 { condition * here } else { left * here };
        let next = here - h * slope + momentum * (here - before);
        let scale = here.abs().max(next.abs());
        (before, here) = (here / scale, next / scale);
        grown += if step >= SETTLED { ln(scale) } else { 0.0 };
    }
    exp(grown / SETTLED as f64)
}

/// Of the matrix that moves (x_k, x_{k-1}), by its eigenvalues.
fn spectral_radius() -> Claim<Problem> {
    Claim::identity("spectral_radius", "max |eigenvalue| = √β", 1e-6)
        .assuming([smooth(), strongly_convex(), quadratic()])
        .on(quadratics())
        .on(two_modes())
        .measuring_each(|p| {
            let d = p.start().len();
            let momentum = momentum(p);
            let roots = p.smoothness().sqrt() + p.strong_convexity().sqrt();
            let h = 4.0 / roots.powi(2);
            let Some(hessian) = p.objective().hessian(p.start()) else {
                panic!("the instances are quadratics");
            };
            let mut matrix = Matrix::zeros(2 * d, 2 * d);
            matrix.view_mut((0, 0), (d, d)).copy_from(&(hessian * -h));
            for i in 0..d {
                matrix[(i, i)] += 1.0 + momentum;
                matrix[(i, d + i)] = -momentum;
                matrix[(d + i, i)] = 1.0;
            }
            let radius = matrix.complex_eigenvalues().iter().map(|z| z.norm()).fold(0.0, maximum);
            // A double eigenvalue is known only to the root of rounding.
            let floor = (d as f64 * f64::EPSILON).sqrt() * radius;
            Readings::at(d, Reading::new(radius, floor))
        })
        .predicting(|p, _| momentum(p).sqrt())
}

fn distance(name: &str) -> Claim<Problem> {
    Claim::bound(name, "|x_N − x*| ≤ (1 + (1 + √β) N) √βᴺ |x₀ − x*|")
        .assuming([smooth(), strongly_convex(), quadratic()])
        .measuring(1..=STEPS, |p: &Problem, steps| {
            let method = HeavyBall::optimal(p.smoothness(), p.strong_convexity());
            let run = p.run(method, STEPS);
            steps.read(|n| p.distance(run.at(n)))
        })
        .predicting(|p, n| largest_distance(p, n, 1.0))
}

/// (1 + `times` (1 + √β) N) √βᴺ |x_0 - x*|
fn largest_distance(p: &Problem, n: f64, times: f64) -> f64 {
    let root = root_of_momentum(p);
    (1.0 + times * (1.0 + root) * n) * root.powi(n as i32) * p.distance_at_start()
}

/// The cycle (a, b, c) with a, c below 1 and b above 2, from the three linear equations of the method.
fn cycle() -> Claim<Problem> {
    Claim::identity("cycle_of_three_points", "x_N runs through −1.802…, 2.115…, 0.646…", 1e-9)
        .assuming([smooth(), strongly_convex()])
        .on(cycling_quadratic())
        .experiment(|p| {
            let (h, momentum) = (1.0 / 9.0, 4.0 / 9.0);
            // next = (1 + β - 25h) here - β before, plus 24h where the slope is 25x - 24.
            let own = 1.0 + momentum - 25.0 * h;
            let equations = Matrix::from_row_slice(
                3,
                3,
                &[-own, 1.0, momentum, momentum, -own, 1.0, 1.0, momentum, -own],
            );
            let right = Vector::from_vec(vec![0.0, 24.0 * h, 0.0]);
            let Some(points) = equations.lu().solve(&right) else {
                panic!("the equations of the cycle have one solution");
            };
            let run = p.run(HeavyBall::new(h, momentum), LONG);
            // Which point of the cycle the run is at is a matter of the number of steps.
            let last = run.last()[0];
            let phase = (0..3)
                .min_by(|&i, &j| (points[i] - last).abs().total_cmp(&(points[j] - last).abs()))
                .unwrap_or(0);
            Curve::over(
                LONG - 30..=LONG,
                |n| run.points()[n][0],
                |n| points[(phase + 3 * LONG - (LONG - n)) % 3],
            )
        })
}

fn safe(name: &str) -> Claim<Problem> {
    Claim::bound(name, "f(x_N) − f* ≤ (1 − μh)ᴺ (f(x₀) − f*)")
        .assuming([smooth(), strongly_convex()])
        .measuring(1..=STEPS, |p: &Problem, steps| {
            let (l, mu, h) = (p.smoothness(), p.strong_convexity(), safe_step(p));
            let momentum = ((1.0 - mu * h) * (1.0 - l * h)).sqrt();
            let run = p.run(HeavyBall::new(h, momentum), STEPS);
            steps.read(|n| p.gap(run.at(n)))
        })
        .predicting_from(safe_rate, |(factor, at_start), n| factor.powi(n as i32) * at_start)
}

/// 1 - μh and f(x_0) - f*.
fn safe_rate(p: &Problem) -> (f64, f64) {
    (1.0 - p.strong_convexity() * safe_step(p), p.gap_at_start())
}

/// √β of the optimal parameters.
fn root_of_momentum(p: &Problem) -> f64 {
    let root = p.condition_number().sqrt();
    (root - 1.0) / (root + 1.0)
}

/// β
fn momentum(p: &Problem) -> f64 {
    root_of_momentum(p).powi(2)
}

/// h = 1/(2L)
fn safe_step(p: &Problem) -> f64 {
    1.0 / (2.0 * p.smoothness())
}
